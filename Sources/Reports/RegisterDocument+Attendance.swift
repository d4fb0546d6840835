// SPDX-License-Identifier: GPL-3.0-or-later
public import University
public import Validation

extension RegisterDocument {
  /// The most findings of one rule that a page lists; the whole list is a table by itself.
  static let findingsOfRule = 1000

  /// The registrar's list: absences by student, plan and fact by teacher, findings, of which the
  /// first thousand of each rule.
  ///
  /// - Parameters:
  ///   - dated: The plan on its dates.
  ///   - audit: The journal against the plan.
  ///   - findings: What is to be told.
  ///   - language: The language.
  /// - Returns: The document.
  public static func attendance(
    _ dated: DatedPlan, _ audit: AttendanceAudit, _ findings: [RegisterFinding],
    _ language: Language
  ) -> RegisterDocument {
    func t(_ phrase: RegisterPhrase) -> String { phrase.text(in: language) }
    let policy = dated.institution.policy
    var document = RegisterDocument(
      language, title: t(.attendance),
      facts: [
        (t(.instance), dated.institution.name), (t(.upTo), audit.date.description),
        (t(.entries), "\(audit.counted)"),
        ("≥ \(policy.unexcusedHoursWarning)", "\(audit.students.count { $0.warned != nil })"),
        ("≥ \(policy.unexcusedHoursLimit)", "\(audit.students.count { $0.crossed != nil })"),
      ])
    var counts: [RegisterRule: Int] = [:]
    let listed = findings.filter {
      counts[$0.rule, default: 0] += 1
      return counts[$0.rule, default: 0] <= findingsOfRule
    }
    if listed.count < findings.count {
      document.facts.append(
        (t(.moreFindings), "\(findings.count - listed.count) (findings.csv)"))
    }
    document.tables = [
      absences(dated, audit, language), planAndFact(dated, audit, language),
      findingsTable(listed, language),
    ]
    return document
  }

  /// Those above the limit first, then by unexcused hours.
  private static func absences(
    _ dated: DatedPlan, _ audit: AttendanceAudit, _ language: Language
  ) -> Table {
    func t(_ phrase: RegisterPhrase) -> String { phrase.text(in: language) }
    let limit = dated.institution.policy.unexcusedHoursLimit
    var table = Table(
      t(.absences),
      [
        t(.student), t(.name), t(.group), "\(t(.unexcused)) (\(limit))", t(.journal), t(.log),
        t(.noVideo), t(.etiquette), t(.excused), t(.held), t(.warnedOn), t(.crossedOn),
        t(.forecast), t(.forecastDate),
      ])
    let order = audit.students.indices.sorted {
      (-audit.students[$0].unexcused, $0) < (-audit.students[$1].unexcused, $1)
    }
    for at in order {
      let row = audit.students[at]
      let student = dated.institution.students[row.student]
      let reasons = AttendanceEntry.Reason.allCases.map { Cell.whole(row.reasons[$0] ?? 0) }
      table.append(
        [
          .text(row.student.text), .text(student?.name ?? ""), .text(student?.group.text ?? ""),
          .whole(row.unexcused),
        ] + reasons + [
          .whole(row.excused), .whole(row.held), row.warned.map { .date($0) } ?? .empty,
          row.crossed.map { .date($0) } ?? .empty,
          .decimal((row.forecast * 10).rounded() / 10),
          row.forecastDate.map { .date($0) } ?? .empty,
        ], row.crossed != nil ? .alarm : row.warned != nil ? .warning : .none)
    }
    return table
  }

  private static func planAndFact(
    _ dated: DatedPlan, _ audit: AttendanceAudit, _ language: Language
  ) -> Table {
    func t(_ phrase: RegisterPhrase) -> String { phrase.text(in: language) }
    var table = Table(
      t(.planFact),
      [
        t(.teacher), t(.department), t(.load), t(.due), t(.heldHours), t(.substituting),
        t(.givenAway), t(.fallenOut), t(.noJournal), t(.toCome), t(.deviation),
      ])
    for row in audit.teachers where row.load > .zero || row.held > 0 || row.toCome > 0 {
      let teacher = row.teacher.flatMap { dated.institution.teachers[$0] }
      let department = teacher.flatMap { dated.institution.departments[$0.department] }
      table.append(
        [
          .text(teacher?.name ?? t(.vacant)), .text(department?.name ?? ""),
          .decimal(row.load.value), .whole(row.due), .whole(row.held), .whole(row.substituting),
          .whole(row.givenAway), .whole(row.fallenOut), .whole(row.withoutJournal),
          .whole(row.toCome), .decimal(row.deviation.value),
        ], row.held < row.due ? .warning : .none)
    }
    return table
  }
}

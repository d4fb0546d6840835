// SPDX-License-Identifier: GPL-3.0-or-later

/// One fact of the input on which the load of a department rests: a row of `approved_input.csv`.
public struct ApprovedFact: Hashable, Sendable {
  /// What a fact is about.
  public enum Kind: String, CaseIterable, Sendable, Hashable {
    /// A teacher who holds lines of the department, or is employed there: position, rate, norm,
    /// least and most hours, hours of a day, survey, department, closed and discouraged times.
    case teacher
    /// A row of `competences.csv` for a discipline of the department.
    case competence
    /// A discipline: department, hours, credits, control, delivery, caps, blocks, rooms, and who is
    /// enrolled how.
    case discipline
    /// A section of such a discipline: hours, language, stream, students.
    case section
    /// Students who chose a teacher for a discipline and kind: how many, and which.
    case choice
    /// A row of `pins.csv` for a discipline of the department.
    case pin
    /// Rows of `norms.csv` that apply to a discipline of the department.
    case norm
    /// Values of the policy, and weights of the load and of the sections.
    case policy

    /// Whether the names of the parts of a value are those of rows, which come and go.
    var isOpen: Bool { self == .norm || self == .pin }

    /// The word for people.
    func name(in language: Language) -> String {
      switch self {
      case .teacher: language.says("оқытушы", "преподаватель", rawValue)
      case .competence: language.says("құзырет", "компетенция", rawValue)
      case .discipline: language.says("пән", "дисциплина", rawValue)
      case .section: language.says("секция", "секция", rawValue)
      case .choice: language.says("таңдау", "выбор", rawValue)
      case .pin: language.says("бекіту", "закрепление", rawValue)
      case .norm: language.says("норма", "норма", rawValue)
      case .policy: language.says("саясат", "политика", rawValue)
      }
    }
  }

  /// The department.
  public var department: DepartmentID
  /// What it is about.
  public var kind: Kind
  /// Which row: identifiers, joined by `/`.
  public var subject: String
  /// What it says, as `name=value` joined by `; `.
  public var value: String

  /// A row of `approved_input.csv`.
  public init(department: DepartmentID, kind: Kind, subject: String, value: String) {
    self.department = department
    self.kind = kind
    self.subject = subject
    self.value = value
  }
}

/// The input on which approved loads rest, written down when they are approved, so that every later
/// change of it is seen.
public enum ApprovedInput {
  /// What differs between a fact then and now.
  public struct Difference: Hashable, Sendable {
    /// The department whose load rests on it.
    public var department: DepartmentID
    /// What it is about.
    public var kind: ApprovedFact.Kind
    /// Which row.
    public var subject: String
    /// What it said; nil for what is new.
    public var before: String?
    /// What it says; nil for what is gone.
    public var after: String?

    /// The parts of the value that differ, for people; their names are those of the file.
    public var wording: Wording {
      Wording { language in
        let what = "\(kind.name(in: language)) \(subject)"
        guard let before else {
          return language.says(
            "жаңа: \(what) (\(after ?? ""))", "новое: \(what) (\(after ?? ""))",
            "\(what) is new (\(after ?? ""))")
        }
        guard let after else {
          return language.says(
            "енді жоқ: \(what) (болған: \(before))", "больше нет: \(what) (было: \(before))",
            "\(what) is gone (was \(before))")
        }
        return "\(what): " + Self.changes(kind, before, after, language).joined(separator: ", ")
      }
    }

    /// What each part was and is.
    private static func changes(
      _ kind: ApprovedFact.Kind, _ before: String, _ after: String, _ language: Language
    ) -> [String] {
      let (old, new) = (parts(before), parts(after))
      var told: [String] = []
      for part in old {
        let now = new.first { $0.name == part.name }?.value
        if now == part.value { continue }
        told.append(
          part.name == "list"
            ? language.says(
              "студенттер тізімі басқа", "список студентов другой",
              "the list of students is another")
            : language.says(
              "\(part.name) \(part.value) болған, енді \(now ?? "–")",
              "\(part.name) было \(part.value), стало \(now ?? "–")",
              "\(part.name) was \(part.value) and is \(now ?? "–")"))
      }
      guard kind.isOpen else { return told }
      return told
        + new.filter { part in !old.contains { $0.name == part.name } }.map {
          language.says(
            "\($0.name) жаңа (\($0.value))", "\($0.name) новое (\($0.value))",
            "\($0.name) is new (\($0.value))")
        }
    }

    /// Whether a value says another thing: what an earlier version of the program did not yet write
    /// down is no difference.
    static func differs(_ kind: ApprovedFact.Kind, _ before: String, _ after: String) -> Bool {
      if before == after { return false }
      if kind.isOpen { return true }
      let new = parts(after)
      return parts(before).contains { part in
        new.first { $0.name == part.name }?.value != part.value
      }
    }

    private static func parts(_ value: String) -> [(name: String, value: String)] {
      var result: [(String, String)] = []
      var rest = value[...]
      while !rest.isEmpty {
        let end = rest.firstRange(of: "; ")
        let part = rest[..<(end?.lowerBound ?? rest.endIndex)]
        rest = end.map { rest[$0.upperBound...] } ?? ""
        let at = part.firstIndex(of: "=") ?? part.endIndex
        result.append(
          (String(part[..<at]), at < part.endIndex ? String(part[part.index(after: at)...]) : ""))
      }
      return result
    }
  }

  /// The facts on which the load of some departments rests.
  ///
  /// - Parameters:
  ///   - institution: The input.
  ///   - sections: The sections of the load.
  ///   - holders: Who holds lines of the departments' disciplines, by discipline.
  ///   - departments: The departments.
  ///   - remembered: Facts written down earlier: a discipline that a department had then is still
  ///     reckoned as its own, wherever it is now.
  /// - Returns: By department in the order of the file; at most one fact a kind and subject.
  public static func facts(
    _ institution: Institution, sections: Table<Section>,
    holders: [DisciplineID: Set<TeacherID>], departments: Set<DepartmentID>,
    remembered: [ApprovedFact] = []
  ) -> [ApprovedFact] {
    var formerly: [DepartmentID: Set<DisciplineID>] = [:]
    for fact in remembered where fact.kind == .discipline {
      formerly[fact.department, default: []].insert(DisciplineID(fact.subject))
    }
    var times: [TeacherID: [Availability]] = [:]
    for row in institution.availability {
      if case .teacher(let teacher) = row.subject { times[teacher, default: []].append(row) }
    }
    var bySection: [DisciplineID: [Section]] = [:]
    for section in sections { bySection[section.discipline, default: []].append(section) }
    var byCompetence: [DisciplineID: [Competence]] = [:]
    for row in institution.competences { byCompetence[row.discipline, default: []].append(row) }
    var byEnrolment: [DisciplineID: [Enrolment]] = [:]
    for row in institution.enrolments { byEnrolment[row.discipline, default: []].append(row) }
    var result: [ApprovedFact] = []
    for department in institution.departments where departments.contains(department.id) {
      var facts = Facts(department: department.id)
      let own = institution.disciplines.filter {
        ($0.department == department.id || formerly[department.id]?.contains($0.id) == true)
          && bySection[$0.id] != nil
      }
      facts.addPolicy(institution)
      let holding = own.reduce(into: Set<TeacherID>()) { $0.formUnion(holders[$1.id] ?? []) }
      for teacher in institution.teachers
      where teacher.department == department.id || holding.contains(teacher.id) {
        facts.add(teacher, institution, times[teacher.id] ?? [])
      }
      for discipline in own {
        facts.add(discipline, institution, byEnrolment[discipline.id] ?? [])
        for row in byCompetence[discipline.id] ?? [] { facts.add(row) }
        for section in bySection[discipline.id] ?? [] { facts.add(section) }
        facts.addChoices(byEnrolment[discipline.id] ?? [], discipline)
        facts.addPins(institution.pins.filter { $0.discipline == discipline.id })
      }
      result += facts.rows
    }
    return result
  }

  /// What differs, by department and kind in the order of the facts then, what is new last.
  ///
  /// - Parameters:
  ///   - before: The facts written down.
  ///   - after: The facts of the present input, of the same departments.
  /// - Returns: The differences; none where the input is the same.
  public static func differences(
    _ before: [ApprovedFact], _ after: [ApprovedFact]
  ) -> [Difference] {
    struct Key: Hashable {
      var department: DepartmentID
      var kind: ApprovedFact.Kind
      var subject: String
    }
    // A discipline was written down for the department that had it; an earlier version did not say
    // so in words.
    let before = before.map { fact in
      guard fact.kind == .discipline, !fact.value.contains("; department=") else { return fact }
      var fact = fact
      fact.value += "; department=\(fact.department)"
      return fact
    }
    func key(_ fact: ApprovedFact) -> Key {
      Key(department: fact.department, kind: fact.kind, subject: fact.subject)
    }
    let old = Dictionary(before.map { (key($0), $0.value) }) { first, _ in first }
    let new = Dictionary(after.map { (key($0), $0.value) }) { first, _ in first }
    func difference(_ fact: ApprovedFact) -> Difference {
      Difference(
        department: fact.department, kind: fact.kind, subject: fact.subject,
        before: old[key(fact)], after: new[key(fact)])
    }
    return before.filter { fact in
      new[key(fact)].map { Difference.differs(fact.kind, fact.value, $0) } ?? true
    }.map(difference)
      + after.filter { old[key($0)] == nil }.map(difference)
  }

  private struct Facts {
    let department: DepartmentID
    var rows: [ApprovedFact] = []

    init(department: DepartmentID) { self.department = department }

    private mutating func add(
      _ kind: ApprovedFact.Kind, _ subject: String, _ values: [(String, String)]
    ) {
      let value = values.map { "\($0.0)=\($0.1)" }.joined(separator: "; ")
      rows.append(
        ApprovedFact(department: department, kind: kind, subject: subject, value: value))
    }

    private func number(_ value: Double) -> String { Hours(rounding: min(value, 1e6)).description }

    mutating func addPolicy(_ institution: Institution) {
      let policy = institution.policy
      add(
        .policy, "load",
        [
          ("overload_factor", number(policy.overloadFactor)),
          ("min_lecture_survey", number(policy.minLectureSurvey)),
          ("examiner_differs_from_teacher", "\(policy.examinerDiffersFromTeacher)"),
        ] + LoadCriterion.allCases.map { ($0.rawValue, number(institution.weights.load[$0])) } + [
          ("group_cap", "\(policy.groupCap)"), ("subgroup_cap", "\(policy.subgroupCap)"),
          ("group_tolerance", "\(policy.groupTolerance)"),
          ("subgroup_tolerance", "\(policy.subgroupTolerance)"),
          ("min_section_size", "\(policy.minSectionSize)"),
          ("lecture_needs_room", "\(policy.lectureNeedsRoom)"),
          ("income_per_credit", number(policy.incomePerCredit)),
          ("cost_per_hour", number(policy.costPerHour)),
          ("refuse_below_break_even", "\(policy.refuseBelowBreakEven)"),
          ("hours_tolerance", "\(policy.hoursTolerance)"),
          ("student_max_hours_per_day", "\(policy.studentMaxHoursPerDay)"),
          ("retake_conflicts", policy.retakeConflicts.rawValue),
          ("weeks", "\(institution.term.weeks)"),
        ]
          + SectionCriterion.allCases.map {
            ($0.rawValue, number(institution.weights.sections[$0]))
          })
    }

    mutating func add(_ teacher: Teacher, _ institution: Institution, _ times: [Availability]) {
      let closed = times.map { row in
        "\(row.day?.code ?? "all") \(row.from)-\(row.to) \(row.level.rawValue)"
          + (row.weeks.count == row.weeks.weeks ? "" : " in \(row.weeks)")
      }.sorted().joined(separator: ", ")
      add(
        .teacher, teacher.id.text,
        [
          ("position", teacher.position), ("rate", number(teacher.rate)),
          ("norm", number(institution.norm(of: teacher))),
          ("least", number(institution.floor(of: teacher))),
          ("most", number(institution.ceiling(of: teacher))),
          ("survey", teacher.survey.map(number) ?? "–"), ("department", teacher.department.text),
          ("hours_per_day", "\(institution.dayLimit(of: teacher))"),
          ("times", closed.isEmpty ? "–" : closed),
        ])
    }

    mutating func add(
      _ discipline: Discipline, _ institution: Institution, _ enrolments: [Enrolment]
    ) {
      let kinds = discipline.kinds
      add(
        .discipline, discipline.id.text,
        TeachingKind.allCases.map { ($0.rawValue, "\(discipline.hours($0))") } + [
          ("credits", number(discipline.credits)),
          ("control", discipline.control?.rawValue ?? "–"),
          ("department", discipline.department.text), ("delivery", discipline.delivery.rawValue),
          ("group_cap", discipline.groupCap.map(String.init) ?? "–"),
          ("subgroup_cap", discipline.subgroupCap.map(String.init) ?? "–"),
          (
            "most_of_a_stream",
            kinds.contains(.lecture)
              ? institution.cap(of: discipline, .lecture).map(String.init) ?? "–" : "–"
          ),
        ]
          + kinds.map { ("block of \($0.rawValue)", "\(institution.block(of: discipline, $0))") }
          + kinds.map { kind in
            (
              "rooms of \(kind.rawValue)",
              (institution.roomKinds(of: discipline, kind)
                + (discipline.features[kind] ?? []).sorted()).joined(separator: "+")
            )
          } + [
            ("enrolled", "\(enrolments.count)"),
            ("retakes", "\(enrolments.count { $0.status == .retake })"),
            (
              "list",
              Self.hash(
                enrolments.map { "\($0.student) \($0.language.rawValue) \($0.status.rawValue)" })
            ),
          ])
      let rows = institution.norms.filter { norm in
        (norm.discipline ?? discipline.id) == discipline.id
          && (norm.control == nil || norm.control == discipline.control)
      }
      guard !rows.isEmpty else { return }
      add(
        .norm, discipline.id.text,
        rows.map { ("\($0.work) by \($0.unit.rawValue)", number($0.hours)) })
    }

    mutating func add(_ row: Competence) {
      add(
        .competence, "\(row.teacher)/\(row.discipline)",
        [
          ("kinds", row.kinds.map(\.rawValue).sorted().joined(separator: "+")),
          ("preference", "\(row.preference)"), ("taught_before", row.taughtBefore ? "1" : "0"),
          ("survey", row.survey.map(number) ?? "–"),
        ])
    }

    /// FNV-1a of a list in order, so that an exchange of two is seen too.
    private static func hash(_ rows: [String]) -> String {
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325
      for row in rows.sorted() {
        for byte in (row + "|").utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      }
      return String(hash, radix: 16)
    }

    mutating func add(_ section: Section) {
      add(
        .section, section.id.text,
        [
          ("hours", "\(section.hours)"), ("language", section.language.rawValue),
          ("stream", section.parent?.text ?? "–"), ("students", "\(section.students.count)"),
          ("list", Self.hash(section.students.map(\.text))),
        ])
    }

    mutating func addChoices(_ enrolments: [Enrolment], _ discipline: Discipline) {
      for kind in discipline.kinds {
        var students: [TeacherID: [String]] = [:]
        for row in enrolments {
          if let teacher = row.chosenTeacher(kind) {
            students[teacher, default: []].append(row.student.text)
          }
        }
        for (teacher, list) in students.sorted(by: { $0.key < $1.key }) {
          add(
            .choice, "\(discipline.id)/\(kind.rawValue)/\(teacher)",
            [("students", "\(list.count)"), ("list", Self.hash(list))])
        }
      }
    }

    mutating func addPins(_ pins: [Pin]) {
      // Rows of one group tell the same section: they are one fact, in the order of the file.
      var order: [String] = []
      var values: [String: [(String, String)]] = [:]
      for pin in pins {
        let subject = "\(pin.discipline)/\(pin.kind.rawValue)/\(pin.group?.text ?? "*")"
        if values[subject] == nil { order.append(subject) }
        let number = values[subject].map { "\($0.count / 5 + 1) " } ?? ""
        values[subject, default: []] += [
          ("\(number)teacher", pin.teacher?.text ?? "–"),
          ("\(number)weeks", pin.weeks.map { "\($0)" } ?? "–"),
          ("\(number)day", pin.day.map { "\($0)" } ?? "–"),
          ("\(number)slot", pin.slot.map(String.init) ?? "–"),
          ("\(number)room", pin.room?.text ?? "–"),
        ]
      }
      for subject in order { add(.pin, subject, values[subject] ?? []) }
    }
  }
}

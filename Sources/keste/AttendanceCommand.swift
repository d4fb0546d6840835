// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Formats
import Foundation
import Reports
import University
import Validation

/// The attendance journal against the plan.
struct AttendanceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attendance",
    abstract: "Hold the attendance journal and what was held against the plan.",
    discussion: """
      Reads attendance.csv and held.csv of the instance: entries that fit no class, missing \
      journals, unexcused hours by student with warning, limit and forecast, substitutions and \
      moved classes that break a rule, and hours held by each teacher against the load. An entry \
      without hours covers its meeting from its slot (or its start) to its end.

        keste attendance instances/aues-demo plan --date 2025-11-01 -o register

      With -o: students.csv, teachers.csv, findings.csv and the registrar's list as pages and \
      spreadsheets in Kazakh, Russian and English.

      Exit status: 0 done; 1 done, but rules are broken or a student has reached the limit; 2 input \
      rejected, nothing written; 64 wrong usage.
      """)

  @Argument(help: "The instance folder.")
  var instance: String

  @Argument(help: "The plan folder.")
  var plan: String

  @Option(
    help: ArgumentHelp(
      "The date up to which hours are counted (default: the last date of the journal).",
      valueName: "yyyy-mm-dd"))
  var date: String?

  @Option(name: [.customShort("o"), .customLong("output")], help: "The folder to write into.")
  var directory: String?

  @OptionGroup var speech: LanguageOption
  @OptionGroup var printing: PrintingOptions

  func run() throws {
    let console = printing.console
    try console.run(speech.language) {
      if let directory { try ChangeOutput.checkNotInput(directory) }
      let asked = try RegisterInput.date(date)
      let input = try RegisterInput(instance: instance, plan: plan, console: console)
      let dated = DatedPlan(input.institution, input.plan)
      let audit = AttendanceAudit(dated, date: asked)
      let findings = dated.findings + audit.findings
      say(dated, audit, console)
      RegisterFiles.print(findings, atMost: 10, console, in: speech.language)
      var files: [String] = []
      if let directory {
        files = try write(directory, dated, audit, findings)
        console.say(speech.language.says("жазылды: ", "записано: ", "written: ") + directory)
      }
      let code = RegisterFiles.exitStatus(findings)
      try console.emit(AttendanceJSON(code, dated, audit, findings, files: files))
      return ExitCode(code)
    }
  }

  private func say(_ dated: DatedPlan, _ audit: AttendanceAudit, _ console: Console) {
    let policy = dated.institution.policy
    let language = speech.language
    let entries = dated.institution.attendance.count
    let (all, counted) = (shown(Double(entries)), shown(Double(audit.counted)))
    let held = dated.institution.held.count
    console.say(
      "\(dated.institution.name): "
        + language.says(
          "жазба \(all), есепке алынғаны \(counted); held.csv жолдары: \(held)",
          "записей \(all), учтено \(counted); строк в held.csv: \(held)",
          "\(all) entries, \(counted) count; held.csv has \(held) rows"))
    if entries == 0 {
      console.note(
        "\(Diagnostic.Severity.warning.word(in: language)): "
          + language.says(
            "attendance.csv жоқ немесе бос", "attendance.csv нет или в нём нет строк",
            "attendance.csv is missing or has no rows"))
    }
    let absent = audit.students.count
    let (warned, crossed) = (
      audit.students.count { $0.warned != nil }, audit.students.count { $0.crossed != nil }
    )
    let coming = audit.students.count { $0.forecastDate != nil }
    let (warning, limit) = (policy.unexcusedHoursWarning, policy.unexcusedHoursLimit)
    console.say(
      language.says(
        "\(audit.date) күніне: сабақ босатқан \(absent) студент, ескертуге (\(warning) сағ) жеткені "
          + "\(warned), шекке (\(limit) сағ) жеткені \(crossed), осы қарқынмен жететіні \(coming)",
        "на \(audit.date): студентов с пропусками \(absent), достигли предупреждения (\(warning) ч) "
          + "\(warned), предела (\(limit) ч) \(crossed), достигнут при нынешнем темпе \(coming)",
        "by \(audit.date): \(absent) students with absences, \(warned) at the warning "
          + "(\(warning) h), \(crossed) at the limit (\(limit) h), \(coming) will reach it at the "
          + "present rate"))
    func sum(_ value: (TeacherHours) -> Int) -> String {
      shown(Double(audit.teachers.map(value).reduce(0, +)))
    }
    let (due, done, instead) = (sum(\.due), sum(\.held), sum(\.substituting))
    let (out, bare) = (sum(\.fallenOut), sum(\.withoutJournal))
    console.say(
      language.says(
        "оқытушылар: жоспар \(due) сағат, өткізілді \(done), оның ішінде басқаның орнына \(instead), "
          + "түскені \(out), журналсыз \(bare)",
        "преподаватели: по плану часов \(due), проведено \(done), из них за других \(instead), "
          + "выпало \(out), без журнала \(bare)",
        "teachers: planned \(due) hours, held \(done), of these \(instead) in place of others, "
          + "fallen out \(out), without journal \(bare)"))
  }

  private func write(
    _ folder: String, _ dated: DatedPlan, _ audit: AttendanceAudit, _ findings: [RegisterFinding]
  ) throws -> [String] {
    try RegisterFiles.makeFolder(folder)
    let reasons = AttendanceEntry.Reason.allCases
    let tables = [
      try RegisterFiles.writeCSV(
        "students", in: folder,
        header: ["student", "name", "group", "unexcused"] + reasons.map(\.rawValue) + [
          "excused", "held", "to_come", "warned", "crossed", "forecast", "forecast_date",
        ],
        rows: audit.students.lazy.map { row in
          let student = dated.institution.students[row.student]
          return [
            .text(row.student.text), .text(student?.name), .text(student?.group.text),
            .integer(row.unexcused),
          ] + reasons.map { .integer(row.reasons[$0] ?? 0) } + [
            .integer(row.excused), .integer(row.held), .integer(row.toCome),
            .text(row.warned?.description), .text(row.crossed?.description),
            .number(Hours(rounding: row.forecast).description),
            .text(row.forecastDate?.description),
          ]
        }),
      try RegisterFiles.writeCSV(
        "teachers", in: folder,
        header: [
          "teacher", "name", "department", "load", "due", "held", "substituting", "given_away",
          "fallen_out", "without_journal", "to_come", "deviation",
        ],
        rows: audit.teachers.lazy.map { row in
          let teacher = row.teacher.flatMap { dated.institution.teachers[$0] }
          return [
            .text(row.teacher?.text), .text(teacher?.name), .text(teacher?.department.text),
            .number(row.load.description), .integer(row.due), .integer(row.held),
            .integer(row.substituting), .integer(row.givenAway), .integer(row.fallenOut),
            .integer(row.withoutJournal), .integer(row.toCome),
            .number(row.deviation.description),
          ]
        }),
      try RegisterFiles.writeFindings(findings, in: folder, language: speech.language),
    ]
    let lists = try RegisterFiles.write("attendance", in: folder) { language in
      .attendance(dated, audit, findings, language)
    }
    return tables + lists
  }

  private struct AttendanceJSON: Encodable {
    struct Student: Encodable {
      var student, group: String
      var unexcused, excused, held, to_come: Int
      var warned, crossed: String?
      var forecast: Double
      var forecast_date: String?
    }
    struct Teacher: Encodable {
      var teacher: String?
      var load: Double
      var due, held, substituting, given_away, fallen_out, without_journal, to_come: Int
      var deviation: Double
    }
    var exit_status: Int32
    var date: String
    var entries: Int
    var counted: Int
    var students: [Student]
    var teachers: [Teacher]
    var counts: [String: Int]
    var findings: [RegisterFindingJSON]
    var files: [String]

    init(
      _ code: Int32, _ dated: DatedPlan, _ audit: AttendanceAudit, _ findings: [RegisterFinding],
      files: [String]
    ) {
      exit_status = code
      date = audit.date.description
      entries = dated.institution.attendance.count
      counted = audit.counted
      students = audit.students.map {
        Student(
          student: $0.student.text,
          group: dated.institution.students[$0.student]?.group.text ?? "",
          unexcused: $0.unexcused, excused: $0.excused, held: $0.held, to_come: $0.toCome,
          warned: $0.warned?.description, crossed: $0.crossed?.description,
          forecast: ($0.forecast * 100).rounded() / 100,
          forecast_date: $0.forecastDate?.description)
      }
      teachers = audit.teachers.map {
        Teacher(
          teacher: $0.teacher?.text, load: $0.load.value, due: $0.due, held: $0.held,
          substituting: $0.substituting, given_away: $0.givenAway, fallen_out: $0.fallenOut,
          without_journal: $0.withoutJournal, to_come: $0.toCome,
          deviation: $0.deviation.value)
      }
      counts = findings.reduce(into: [:]) { $0[$1.rule.rawValue, default: 0] += $1.count }
      // The whole list is findings.csv; half a million rows may be wrong.
      let limited = Dictionary(grouping: findings, by: \.rule)
      self.findings = RegisterRule.allCases.flatMap { (limited[$0] ?? []).prefix(200) }
        .map(RegisterFindingJSON.init)
      self.files = files
    }
  }
}

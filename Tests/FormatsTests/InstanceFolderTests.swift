// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Formats
import Testing
import University

/// The repository's example instances.
enum Examples {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("instances").path
  static var tiny: String { root + "/tiny" }
}

/// The benchmark data, where it is at hand.
enum BenchmarkData {
  static let path = ProcessInfo.processInfo.environment["KESTE_BENCHMARK_DATA"]
  static var university: String { (path ?? "") + "/university" }
}

@Suite("Instance folder")
struct InstanceFolderTests {
  @Test("the tiny instance reads without a warning")
  func tiny() throws {
    let reading = try InstanceFolder.read(Examples.tiny)
    #expect(reading.warnings == [])
    let it = reading.institution
    #expect(it.students.count == 6)
    #expect(it.term.weeks == 4)
    #expect(it.regime.slotStarts.first == 480)
    #expect(it.policy.groupCap == 4)
    #expect(it.policy.position("docent")?.termNormHours == 300)
    #expect(it.disciplines["ЭТ1"]?.prerequisites == ["МАТ1"])
    #expect(it.enrolments[Enrolment.Key("S4", "ФИЛ")]?.language == .kk)
    #expect(it.enrolments[Enrolment.Key("S4", "МАТ1")]?.language == .ru)
    #expect(it.pins.first?.room == "Б-101")
    #expect(reading.sha256.count == 64)
  }

  @Test(
    "every university instance of the benchmark data reads",
    .enabled(if: BenchmarkData.path != nil),
    arguments: ["micro", "u300", "u1500", "u6000"])
  func university(name: String) throws {
    let reading = try InstanceFolder.read("\(BenchmarkData.university)/\(name)")
    #expect(reading.warnings == [])
    #expect(!reading.institution.enrolments.isEmpty)
    let plan = "\(BenchmarkData.university)/\(name)-\(name == "micro" ? "plan" : "start")"
    let read = try PlanFolder.read(plan, institution: reading.institution)
    #expect(!read.sections.isEmpty)
    #expect(read.record.instance == reading.institution.name)
    #expect(read.hasTimetable == (name == "micro"))
  }
}

@Suite("Settings that mean nothing")
struct IdleSettingsTests {
  @Test(
    "a holiday outside the term, caps of 0 and limits in the wrong order are told with their line",
    arguments: [
      ("holidays: [2023-09-13]", "holidays: [2022-09-13]", "holiday.outsideTerm", "2022-09-13"),
      ("holidays: [2023-09-13]", "holidays: [2023-12-16]", "holiday.outsideTerm", "2023-12-16"),
      ("group_cap: 4", "group_cap: 0", "policy.zero", "0"),
      ("subgroup_cap: 3", "subgroup_cap: 0", "policy.zero", "0"),
      ("student_max_hours_per_day: 5", "student_max_hours_per_day: 0", "policy.zero", "0"),
      ("credit_hours: 30", "unexcused_hours_warning: 90", "policy.order", "90"),
    ])
  func idle(old: String, new: String, code: String, value: String) throws {
    let folder = try Scratch()
    try folder.copyTiny()
    try folder.replace("instance.yaml", old, new)
    let warnings = try InstanceFolder.read(folder.path).warnings
    #expect(warnings.map(\.code) == [code])
    let found = try #require(warnings.first)
    #expect(found.file == "instance.yaml" && found.line != nil && found.value == value)
    #expect(found.suggestion?.isEmpty == false)
  }

  @Test("a holiday in the final control after the classes is one of the term")
  func finalControl() throws {
    let folder = try Scratch()
    try folder.copyTiny()
    try folder.replace("instance.yaml", "holidays: [2023-09-13]", "holidays: [2023-10-10]")
    #expect(try InstanceFolder.read(folder.path).warnings == [])
  }
}

@Suite("Fingerprint of an instance")
struct FingerprintTests {
  @Test("the digest is SHA-256 over path, NUL, length, NUL, bytes in the order of the paths' bytes")
  func digest() throws {
    let folder = try Scratch()
    try folder.write("published/ә", "12")
    try folder.write("published/m.csv", "")
    try folder.write("a.csv", "x\n")
    try folder.write("B", "q")
    try folder.write("published-x", "z")
    // Computed with Python's hashlib from FORMATS.md, exact reading 14.
    #expect(
      try InstanceFolder.sha256(of: folder.path)
        == "c8af70f931000f13972a13892307be62530179f63be024030e2a206b7ce50d82")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/published/up", withDestinationPath: folder.path)
    #expect(try InstanceFolder.sha256(of: folder.path + "/").hasPrefix("c8af70f9"))
  }

  @Test("any change of a file changes the digest, an unknown file too")
  func change() throws {
    let folder = try Scratch()
    try folder.copyTiny()
    let before = try InstanceFolder.read(folder.path)
    try folder.write("NOTES", "not read")
    let after = try InstanceFolder.read(folder.path)
    #expect(before.sha256 != after.sha256)
    #expect(after.warnings == [])
  }
}

@Suite("Settings of an instance")
struct SettingsTests {
  private func read(
    _ edit: (Scratch) throws -> Void, regime: String? = nil
  ) throws -> InstanceReading {
    let folder = try Scratch()
    try folder.copyTiny()
    try edit(folder)
    return try InstanceFolder.read(folder.path, regime: regime)
  }

  /// The codes of the errors and warnings that an edit of instance.yaml brings.
  private func codes(_ old: String, _ new: String) throws -> [String] {
    do {
      return try read { try $0.replace("instance.yaml", old, new) }.warnings.map(\.code)
    } catch let rejected as InputRejected {
      return rejected.diagnostics.map(\.code)
    }
  }

  private static let short = """
    format: 1
    term: {start: 2023-09-04, weeks: 4}
    regimes: {a: {academic_hour_minutes: 45, slots: ["8:00", "08:45", 10:00, 660]}}

    """

  @Test("a short instance.yaml takes every default")
  func defaults() throws {
    let it = try read { folder in
      try folder.write("instance.yaml", Self.short)
      try folder.replace("availability.csv", "1,6", "1,4")
    }.institution
    #expect(it.policy == Policy())
    #expect(it.weights == Weights())
    #expect(it.preferences == Preferences())
    #expect(it.language == .kk)
    #expect(it.days == Array(Weekday.allCases.prefix(6)))
    #expect(it.regime.slotStarts == [480, 525, 600, 660])
  }

  @Test("maps merge with the defaults key by key")
  func merging() throws {
    let text =
      Self.short + """
        policy:
          positions: {docent: {term_norm_hours: 111}, assistant: {term_norm_hours: 9.5}}
          term_credits: {max: 40}
          room_kinds: {lab: [lab, garage]}
          promotion_gpa: {master/full_time: [2.5]}
          year_credits: 48
          cycle_credits: {bachelor: {basic: 100}, master: {major: 20}}
          examiner_differs_from_teacher: no
          retake_conflicts: hard
        weights: {timetable: {student_gap: 0}, load: {vacant: 2.5}}
        preferences: {lunch: {to: 6}, discouraged: []}
        """
    let it = try read { folder in
      try folder.write("instance.yaml", text)
      try folder.replace("availability.csv", "1,6", "1,4")
    }.institution
    #expect(
      it.policy.position("docent")
        == Position(name: "docent", termNormHours: 111, mayLecture: true))
    #expect(
      it.policy.positions.last
        == Position(name: "assistant", termNormHours: 9.5, mayLecture: false))
    #expect(it.policy.positions.count == 5)
    #expect(it.policy.termCreditsMin == 20 && it.policy.termCreditsMax == 40)
    #expect(it.policy.roomKinds[.lab] == ["lab", "garage"])
    #expect(it.policy.roomKinds[.lecture] == ["lecture"])
    #expect(it.policy.promotionGPA["master/full_time"] == [2.5])
    #expect(it.policy.promotionGPA["bachelor/full_time"] == [1.67, 2.00, 2.10])
    #expect(it.policy.yearCredits == 48)
    #expect(it.policy.cycleCredits["bachelor"] == [.general: 56, .basic: 100, .major: 60])
    #expect(it.policy.cycleCredits["master"] == [.major: 20])
    #expect(!it.policy.examinerDiffersFromTeacher)
    #expect(it.policy.retakeConflicts == .hard)
    #expect(it.weights.timetable[.studentGap] == 0)
    #expect(it.weights.timetable[.teacherGap] == 10)
    #expect(it.weights.load[.vacant] == 2.5)
    #expect(it.preferences.lunchFrom == 5 && it.preferences.lunchTo == 6)
    #expect(it.preferences.discouraged == [])
  }

  @Test("an additional semester and credits of cycles are written as they are read")
  func additional() throws {
    var it = try InstanceFolder.read(Examples.tiny).institution
    it.term.isAdditional = true
    it.policy.yearCredits = 50
    it.policy.cycleCredits["bachelor"]?[.basic] = 90
    let folder = try Scratch()
    try InstanceFolder.write(it, to: folder.path + "/copy")
    let again = try InstanceFolder.read(folder.path + "/copy").institution
    #expect(again.term == it.term)
    #expect(again.policy == it.policy)
  }

  @Test("the regime asked for is in use, and slots of any regime are legal")
  func regimes() throws {
    #expect(try read({ _ in }, regime: "distance").institution.regime.slots == 7)
    #expect(try read({ try $0.replace("availability.csv", "1,6", "1,7") }).warnings == [])
    let rejected = #expect(throws: InputRejected.self) { try read({ _ in }, regime: "distant") }
    #expect(rejected?.diagnostics.map(\.suggestion) == ["did you mean \"distance\"?"])
  }

  @Test(
    "settings of another type, range or name are told",
    arguments: [
      ("group_cap: 4", "group_cap: 4.5", ["yaml.type"]),
      ("group_cap: 4", "group_cap: 4.0", []),
      ("group_cap: 4", "group_cap: yes", ["yaml.type"]),
      ("group_cap: 4", "group_cap: '4'", ["yaml.type"]),
      ("group_cap: 4", "group_cap: 99999999999999999999999", ["yaml.range"]),
      ("group_cap: 4", "group_cap: .inf", ["yaml.range"]),
      ("group_cap: 4", "group_cap:", ["yaml.type"]),
      ("group_cap: 4", "overload_factor: 1e3", ["yaml.type"]),
      ("group_cap: 4", "lecture_needs_room: 1", ["yaml.type"]),
      ("group_cap: 4", "retake_conflicts: never", ["yaml.unknownWord"]),
      ("group_cap: 4", "positions: [docent]", ["yaml.type"]),
      ("group_cap: 4", "positions: {dean: {may_lecture: true}}", ["yaml.missing"]),
      ("group_cap: 4", "group_cap: 4\n  group_cap: 5", ["yaml.duplicateKey"]),
      ("group_cap: 4", "term_credits: {least: 3}", ["yaml.unknownKey"]),
      ("format: 1", "format: one", ["format.unknown"]),
      ("format: 1", "form: 1", ["yaml.missing", "yaml.unknownKey"]),
      ("days: [mon, tue, wed]", "days: [wed, mon, tue, mon]", ["identifier.duplicate"]),
      ("days: [mon, tue, wed]", "days: [wed, tue, mon]", []),
      ("days: [mon, tue, wed]", "days: []", ["yaml.missing"]),
      ("holidays: [2023-09-13]", "holidays:", []),
      ("holidays: [2023-09-13]", "holidays: 2023-09-13", ["yaml.type"]),
      ("to: 6}]", "to: 0}]", ["order.reversed"]),
      ("day: all", "day: any", ["yaml.unknownWord"]),
      ("name: tiny", "title: tiny", ["yaml.unknownKey"]),
      ("weeks: 4", "weeks: four", ["yaml.type"]),
      ("weeks: 4", "weeks: 4, kind: additional", []),
      ("weeks: 4", "weeks: 4, kind: summer", ["yaml.unknownWord"]),
      ("group_cap: 4", "cycle_credits: {bachelor: 5}", ["yaml.type"]),
      ("group_cap: 4", "cycle_credits: {bachelor: {minor: 5}}", ["yaml.unknownKey"]),
    ] as [(String, String, [String])])
  func faults(old: String, new: String, expected: [String]) throws {
    #expect(try codes(old, new) == expected)
  }

  @Test(
    "weights of the timetable that the search cannot count in are told",
    arguments: [
      ("10000000", "yaml.range", "from 0 to 100000"), ("100000.5", "yaml.range", "to 100000"),
      ("-1", "yaml.range", "from 0 to 100000"), (".inf", "yaml.range", "from 0 to 100000"),
      (".nan", "yaml.type", "a number is needed"),
      ("0.123456", "weights.digits", "at most 3 digits after the point"),
      ("0.00000001", "weights.digits", "at most 3 digits after the point"),
      ("1001.125", "weights.digits", "at most 2 digits after the point"),
    ])
  func badWeights(value: String, code: String, words: String) throws {
    let rejected = #expect(throws: InputRejected.self) {
      try read {
        try $0.replace(
          "instance.yaml", "regime: full",
          "regime: full\nweights: {timetable: {student_gap: \(value)}}")
      }
    }
    let diagnostics = try #require(rejected?.diagnostics)
    #expect(diagnostics.map(\.code) == [code])
    let found = try #require(diagnostics.first)
    #expect(found.file == "instance.yaml" && found.line == 11)
    #expect(found.column == "weights.timetable.student_gap" && found.value == value)
    #expect(found.problem.contains(words))
  }

  @Test(
    "weights that the search can count in are read, and so are large ones of other stages",
    arguments: [
      "timetable: {student_gap: 0.123, same_day: 2.5}", "timetable: {moved_time: 100000}",
      "timetable: {moved_time: 100000, student_gap: 0.5}", "load: {vacant: 1000000.125}",
      "timetable: {moved_time: 1, extra_meetings: 1, moved_room: 100, student_gap: 0.1234}",
    ])
  func goodWeights(given: String) throws {
    #expect(try codes("regime: full", "regime: full\nweights: {\(given)}") == [])
  }

  @Test("digits beyond those that the largest weight leaves are told with a weight that would do")
  func digitsBesideTheLargest() throws {
    let rejected = #expect(throws: InputRejected.self) {
      try read {
        try $0.replace(
          "instance.yaml", "regime: full",
          "regime: full\nweights: {timetable: {moved_time: 100000, student_gap: 0.35}}")
      }
    }
    #expect(
      rejected?.diagnostics.map(\.description) == [
        "error: instance.yaml:11: column weights.timetable.student_gap: \"0.35\": must have at "
          + "most 1 digit after the point where the largest weight, moved_time, is 100000: the "
          + "search counts in whole numbers up to 1000000 (such as 0.4)"
      ])
  }

  @Test("instances without rows of places are legal when everything is online")
  func online() throws {
    let reading = try read { folder in
      try folder.write("buildings.csv", "building,name\n")
      try folder.write("rooms.csv", "room,building,capacity,kind\n")
      try FileManager.default.removeItem(atPath: folder.path + "/travel.csv")
      try folder.replace("pins.csv", "Б-101", "")
      try folder.replace("disciplines.csv", ",room,", ",online,")
    }
    #expect(reading.institution.rooms.isEmpty)
    let rejected = #expect(throws: InputRejected.self) {
      try read { try $0.write("rooms.csv", "room,building,capacity,kind\n") }
    }
    #expect(rejected?.diagnostics.map { "\($0.code) \($0.file)" } == ["table.empty rooms.csv"])
  }

  @Test("tables as Excel writes them read to the same institution", arguments: CSVDialect.allCases)
  func dialects(dialect: CSVDialect) throws {
    let it = try InstanceFolder.read(Examples.tiny).institution
    let folder = try Scratch()
    let path = folder.path + "/copy"
    try InstanceFolder.write(it, to: path, dialect: dialect)
    let reading = try InstanceFolder.read(path)
    #expect(reading.warnings == [])
    let again = reading.institution
    #expect(again.policy == it.policy)
    #expect(again.preferences == it.preferences)
    #expect(again.regimes == it.regimes)
    #expect(again.norms == it.norms)
    #expect(again.travel == it.travel)
    #expect(again.rooms.rows == it.rooms.rows)
    #expect(again.disciplines.rows == it.disciplines.rows)
    #expect(again.teachers.rows == it.teachers.rows)
    #expect(again.enrolments.rows == it.enrolments.rows)
    #expect(again.pins == it.pins)
    #expect(again.availability == it.availability)
  }

  @Test("decided stages, the timetable in force, attendance and grades are read")
  func decided() throws {
    let it = try read { folder in
      for (name, bytes) in PlanFolder.files(of: PlanFolderTests.plan()) where name != "plan.json" {
        try folder.write(name == "meetings.csv" ? "published/meetings.csv" : name, bytes)
      }
      try folder.write(
        "attendance.csv",
        "date,section,student,status,slot,hours,reason\n"
          + "2023-09-04,gone,S1,unexcused,1,2,no_video\n")
      try folder.write("grades.csv", "student,discipline,term,points,credits\nS1,МАТ1,1,99.5,\n")
    }.institution
    #expect(it.decidedSections?.count == 3)
    #expect(it.decidedTasks?.count == 2)
    #expect(it.decidedAssignments?.count == 2)
    #expect(it.publishedMeetings.map(\.id) == ["m1", "m2"])
    #expect(it.attendance.first?.reason == .noVideo)
    #expect(it.grades.first?.points == 99.5)
  }

  @Test("assignments may be decided alone: their tasks are computed later")
  func assignmentsAlone() throws {
    let it = try read { try $0.write("assignments.csv", "task,teacher,hours\nany,О1,4\n") }
    #expect(it.institution.decidedAssignments?.map(\.task) == ["any"])
    #expect(it.institution.decidedTasks == nil)
  }

  @Test("a hostile instance.yaml is a fault and never a crash")
  func hostile() throws {
    for text in [
      String(repeating: "[", count: 200_000), String(repeating: "- ", count: 100_000),
      "a: &a [*a]", "\0", "format: !!binary x", "? {a: b}\n: c", "%YAML 9.9\n---\n",
      "--- 1\n--- 2\n",
      "a: &x [1,1]\nb: &y [*x,*x]\nc: [*y,*y]\nregimes: *y\npolicy: *x\n",
    ] {
      let rejected = #expect(throws: InputRejected.self) {
        try read { try $0.write("instance.yaml", text) }
      }
      #expect(rejected?.diagnostics.allSatisfy { $0.file == "instance.yaml" } == true)
    }
  }
}

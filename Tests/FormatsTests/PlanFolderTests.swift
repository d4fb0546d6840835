// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing
import University

@testable import Formats

@Suite("Plan folder")
struct PlanFolderTests {
  /// A plan of the tiny instance; it need not be a good one.
  static func plan(seed: UInt64 = 7) -> Plan {
    var record = PlanRecord(
      keste: "1.0", instance: "tiny, \"autumn\"\n2023", instanceSHA256: "ab", seed: seed,
      regime: "full")
    record.sections = StageRecord(
      status: .optimal, objective: 12, bound: 12, criteria: ["section_hour": 1.2], seconds: 1.23456)
    record.load = StageRecord(
      status: .stopped, objective: nil, bound: nil, criteria: [:], seconds: 0)
    record.timetable = StageRecord(
      status: .feasible, objective: 0.1 + 0.2, bound: nil,
      criteria: ["student_gap": 3, "imbalance": 0.31], seconds: 60)
    var plan = Plan(record: record)
    plan.sections = Table([
      Section(
        id: "L1", discipline: "МАТ1", kind: .lecture, language: .kk, hours: 4,
        students: ["S1", "S2"]),
      Section(
        id: "P1", discipline: "МАТ1", kind: .practice, language: .kk, parent: "L1", hours: 4,
        students: ["S2", "S2"], size: 9),
      Section(id: "E1", discipline: "ФИЛ", kind: .lecture, language: .kk, hours: 4, students: []),
    ])
    plan.tasks = Table([
      LoadTask(
        id: "t1", department: "МАТ", discipline: "МАТ1", work: .teaching(.lecture), section: "L1",
        hours: Hours(4)),
      LoadTask(
        id: "t2", department: "МАТ", discipline: "МАТ1", work: .norm("exam"), section: "L1",
        hours: Hours(hundredths: 75)),
    ])
    plan.assignments = [
      Assignment(task: "t1", teacher: "О1", hours: Hours(4)),
      Assignment(task: "t2", teacher: nil, hours: Hours(hundredths: 75)),
    ]
    plan.meetings = [
      Meeting(
        id: "m1", section: "L1", weeks: .odd(4), day: .monday, slot: 1, length: 2, room: "Б-101",
        mode: .room),
      Meeting(
        id: "m2", section: "P1", weeks: .all(4), day: .sunday, slot: -3, length: 99, room: nil,
        mode: .online),
    ]
    plan.hasLoad = true
    plan.hasTimetable = true
    return plan
  }

  private func institution() throws -> Institution {
    try InstanceFolder.read(Examples.tiny).institution
  }

  @Test("a plan that is written reads back the same, and writes the same bytes")
  func roundTrip() throws {
    let folder = try Scratch()
    let path = folder.path + "/a/b/plan"
    let plan = Self.plan(seed: .max)
    try PlanFolder.write(plan, to: path)
    let read = try PlanFolder.read(path, institution: try institution())
    #expect(read.sections.rows == plan.sections.rows)
    #expect(read.tasks.rows == plan.tasks.rows)
    #expect(read.assignments == plan.assignments)
    #expect(read.meetings == plan.meetings)
    #expect(read.hasLoad && read.hasTimetable)
    #expect(read.record.seed == .max)
    #expect(read.record.instance == plan.record.instance)
    #expect(read.record.timetable?.objective == 0.3)
    #expect(read.record.sections?.seconds == 1.23)
    #expect(read.record.load?.objective == nil)
    for (one, two) in zip(PlanFolder.files(of: plan), PlanFolder.files(of: read)) {
      #expect(one == two)
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/a/b")
    #expect(names == ["plan"])
  }

  @Test("plan.json has sorted keys and whole numbers without a fraction")
  func json() throws {
    let file = try #require(PlanFolder.files(of: Self.plan()).first { $0.name == "plan.json" })
    let text = String(decoding: file.bytes, as: UTF8.self)
    #expect(
      text.hasPrefix(
        """
        {
         "format": 1,
         "instance": "tiny, \\"autumn\\"\\n2023",
         "instance_sha256": "ab",
         "keste": "1.0",
         "load": {
          "bound": null,
          "criteria": {},
        """))
    #expect(text.contains("\"objective\": 12,\n"))
    #expect(text.contains("\"objective\": 0.3,\n"))
    let foreign = try JSONSerialization.jsonObject(with: Data(file.bytes)) as? [String: Any]
    #expect(foreign?["instance"] as? String == "tiny, \"autumn\"\n2023")
  }

  @Test("writing again removes tables of stages that are gone and keeps other people's files")
  func foreignFiles() throws {
    let folder = try Scratch()
    let path = folder.path + "/plan"
    try PlanFolder.write(Self.plan(), to: path)
    try folder.write("plan/approvals.csv", "who\nme\n")
    try folder.write("plan/notes/deep/one.txt", "note")
    var plan = Self.plan()
    plan.hasLoad = false
    plan.hasTimetable = false
    try PlanFolder.write(plan, to: path + "/")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: path).sorted() == [
        "approvals.csv", "notes", "plan.json", "section_students.csv", "sections.csv",
      ])
    #expect(try folder.text("plan/approvals.csv") == "who\nme\n")
    #expect(try folder.text("plan/notes/deep/one.txt") == "note")
    let read = try PlanFolder.read(path, institution: try institution())
    #expect(!read.hasLoad && !read.hasTimetable)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["plan"])
  }

  @Test("a link to a plan folder stays a link")
  func link() throws {
    let folder = try Scratch()
    try PlanFolder.write(Self.plan(), to: folder.path + "/real")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/link", withDestinationPath: folder.path + "/real")
    try PlanFolder.write(Self.plan(seed: 8), to: folder.path + "/link")
    #expect(try PlanFolder.record(folder.path + "/real").seed == 8)
    let type = try FileManager.default.attributesOfItem(atPath: folder.path + "/link")[.type]
    #expect(type as? FileAttributeType == .typeSymbolicLink)
  }

  /// A process number that no process has: they end at 2²² on Linux.
  private static let dead = 999_999_999

  @Test("leftovers of a killed program are cleared, and what it had moved aside comes back")
  func leftovers() throws {
    let folder = try Scratch()
    let path = folder.path + "/plan"
    try PlanFolder.write(Self.plan(seed: 1), to: path)
    try folder.write(".plan.keste-new-\(Self.dead)-1/sections.csv", "half")
    try PlanFolder.write(Self.plan(seed: 2), to: path)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["plan"])

    let aside = "\(folder.path)/.plan.keste-old-\(Self.dead)-1"
    try FileManager.default.moveItem(atPath: path, toPath: aside)
    try folder.write(".plan.keste-new-\(Self.dead)-2/sections.csv", "half")
    #expect(try PlanFolder.record(path).seed == 2)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["plan"])
  }

  @Test("what cannot be written leaves the old plan and nothing beside it")
  func refused() throws {
    let folder = try Scratch()
    try folder.write("plan", "a file of the plan's name")
    #expect(throws: FileProblem.self) {
      try PlanFolder.write(Self.plan(), to: folder.path + "/plan")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["plan"])
  }

  @Test("a reader never meets half a plan while another is written")
  func neverHalf() async throws {
    let folder = try Scratch()
    let path = folder.path + "/plan"
    try PlanFolder.write(Self.plan(seed: 0), to: path)
    let writer = Task {
      for seed in 1...60 { try PlanFolder.write(Self.plan(seed: UInt64(seed)), to: path) }
    }
    var last: UInt64 = 0
    while last < 60 {
      let seed = try PlanFolder.record(path).seed
      #expect(seed >= last)
      last = seed
      if seed < 60 { await Task.yield() }
    }
    try await writer.value
  }

  @Test("what breaks a rule but can be read is left to the validation")
  func lenient() throws {
    let folder = try Scratch()
    let path = folder.path + "/plan"
    try PlanFolder.write(Self.plan(), to: path)
    let long = String(repeating: "10", count: 40)
    try folder.write(
      "plan/meetings.csv",
      "meeting;section;weeks;day;slot;length;room;mode\r\nm1;L1;101;sun;999;-1;;room\r\n"
        + "m2;L1;\(long);mon;1;1;;online\r\nm3;L1;odd;mon;1;1;;online\r\n")
    try folder.write("plan/plan.json", "{\"format\": 2, \"seed\": -1, \"load\": {\"status\": 5}}")
    let plan = try PlanFolder.read(path, institution: try institution())
    #expect(plan.meetings.map(\.weeks.weeks) == [3, 80, 4])
    #expect(plan.meetings[0].slot == 999)
    #expect(plan.sections["P1"]?.students == ["S2", "S2"])
    #expect(plan.record.format == 2)
    #expect(plan.record.load == nil)
  }

  @Test(
    "all the faults of a plan folder are told at once, with the folder before the file's name")
  func faults() throws {
    let folder = try Scratch()
    let path = folder.path + "/plan"
    try PlanFolder.write(Self.plan(), to: path)
    try folder.replace("plan/sections.csv", "practice,kk,L1", "practice,kk,L9")
    try folder.replace("plan/section_students.csv", "L1,S2", "L1,S9")
    try folder.replace("plan/load.csv", "t2,МАТ,", "t2,МА,")
    try folder.replace("plan/assignments.csv", "t2,,0.75", "t2,О9,0.75x")
    try folder.replace("plan/meetings.csv", "1010,mon", "10x0,mon")
    try folder.write("plan/plan.json", "{\n\"format\": 1,\n}")
    let rejected = #expect(throws: InputRejected.self) {
      try PlanFolder.read(path, institution: try institution())
    }
    #expect(
      rejected?.diagnostics.map {
        "\($0.code) \($0.file):\($0.line ?? 0)".replacing(folder.path + "/", with: "")
      } == [
        "json.syntax plan/plan.json:3", "reference.unknown plan/section_students.csv:3",
        "reference.unknown plan/sections.csv:3", "reference.unknown plan/load.csv:3",
        "reference.unknown plan/assignments.csv:3", "value.notDecimal plan/assignments.csv:3",
        "weeks.malformed plan/meetings.csv:2",
      ])
    try FileManager.default.removeItem(atPath: path + "/load.csv")
    let again = #expect(throws: InputRejected.self) {
      try PlanFolder.read(path, institution: try institution())
    }
    #expect(again?.diagnostics.contains { $0.file == path + "/load.csv" } == true)
  }

  @Test("a missing folder is said to be missing")
  func missing() throws {
    let institution = try institution()
    let rejected = #expect(throws: InputRejected.self) {
      try PlanFolder.read("/nowhere/at/all", institution: institution)
    }
    #expect(rejected?.diagnostics.map(\.code) == ["folder.missing"])
  }
}

@Suite("JSON value")
struct JSONValueTests {
  private func parse(_ text: String) throws -> JSONValue { try JSONValue(Array(text.utf8)) }

  @Test("values of all kinds read and write")
  func values() throws {
    let text =
      #" {"a": [1, -2.5, 1e3, true, false, null], "б": "\"\\\/\n\u0416\ud83d\ude00", "c": {}} "#
    let value = try parse(text)
    #expect(
      value
        == .object([
          "a": .list([
            .whole(1), .number(-2.5), .number(1000), .flag(true), .flag(false), .null,
          ]),
          "б": .text("\"\\/\nЖ😀"), "c": .object([:]),
        ]))
    #expect(try parse(parse(value.written()).written())["б"] == value["б"])
    #expect(try parse("18446744073709551615").unsigned == .max)
  }

  @Test(
    "what is not JSON is a fault and never a crash",
    arguments: [
      "", "{", "[1,]", "{\"a\" 1}", "01", "-", "1 2", "\"\\u12\"", "\"a", "nul", "[\n\n1 2]",
      "\"\n\"", "+1", ".5", "{\"a\":1,}",
    ])
  func faults(text: String) {
    #expect(throws: JSONFault.self) { try parse(text) }
  }

  @Test("deep nesting is a fault and never exhausts the stack")
  func nesting() {
    #expect(throws: JSONFault.self) { try parse(String(repeating: "[", count: 1_000_000)) }
  }
}

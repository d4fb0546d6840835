// SPDX-License-Identifier: GPL-3.0-or-later
import Formats
import Foundation
import Testing
import University
import Validation

@Suite("Broken instances")
struct BrokenInstancesTests {
  static let folder = Examples.root + "/broken"
  static let names = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? []

  /// Faults that FORMATS.md names beyond the referee, and faults in tables that it does not read.
  static let notRefereed: Set<String> = [
    "credits-sum", "prerequisite-cycle", "empty-enrolments", "lunch-reversed", "language-unknown",
    "level-unknown", "attendance-of-unknown-student", "grade-above-hundred", "published-bad-mode",
    "published-without-meetings", "decided-sections-without-students",
    "decided-task-of-unknown-section", "term-no-such-date",
  ]

  @Test("there are examples of all sorts of faults")
  func examples() {
    #expect(Self.names.count > 60)
  }

  @Test("a broken instance is rejected for its one fault and for nothing else", arguments: names)
  func oneFault(name: String) throws {
    let folder = "\(Self.folder)/\(name)"
    let expected = try String(contentsOfFile: folder + "/EXPECTED", encoding: .utf8)
      .split(whereSeparator: \.isWhitespace).map(String.init)
    let rejected = #expect(throws: InputRejected.self) { try InstanceFolder.read(folder) }
    let errors = rejected?.diagnostics.filter { $0.severity == .error } ?? []
    #expect(errors.map { [$0.code, $0.file] } == [expected])
    let error = try #require(errors.first)
    #expect(!error.problem.isEmpty)
    let isWholeFile = ["file.missing"].contains(error.code)
    #expect(isWholeFile || error.line != nil, "\(error)")
    if error.line != nil, !["csv.", "text", "tabl", "yaml"].contains(error.code.prefix(4)) {
      #expect(error.column != nil, "\(error)")
      #expect(error.value != nil, "\(error)")
    }
  }

  @Test(
    "the referee rejects what it judges too", .enabled(if: BenchmarkData.path != nil),
    arguments: names.filter { !notRefereed.contains($0) })
  func referee(name: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", (BenchmarkData.path ?? "") + "/../tools/check_plan.py", "\(Self.folder)/\(name)",
      BenchmarkData.university + "/micro-plan", "--stage", "sections",
    ]
    let pipe = Pipe()
    process.standardError = pipe
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 2)
    // The plan belongs to another instance, so its own references are always wrong.
    let first = said.split(separator: "\n").first ?? ""
    #expect(!first.isEmpty && !first.hasPrefix("plan/"), "\(first)")
  }

  @Test("all the faults of a folder are told at once")
  func severalFaults() throws {
    let folder = try Scratch()
    try folder.copyTiny()
    try folder.replace("instance.yaml", "2023-09-04", "2023-09-05")
    try folder.replace("instance.yaml", "group_cap: 4", "grupp_cap: 4")
    try folder.replace("rooms.csv", "Б-102,Бас,6", "Б-102,Бас,many")
    try folder.replace("teachers.csv", "docent", "dotsent")
    try folder.replace("groups.csv", ",ru,", ",rus,")
    try folder.replace("pins.csv", "Б-101", "Б-110")
    try folder.replace("enrolments.csv", "S6,ФИЛ", "S66,ФИЛ")
    try folder.replace("disciplines.csv", "0,6,20,", "0,6,21,")
    try folder.replace("norms.csv", "consultation", "lab")
    try FileManager.default.removeItem(atPath: folder.path + "/travel.csv")
    try folder.replace("availability.csv", "subject_kind", "subject_knd")
    let rejected = #expect(throws: InputRejected.self) { try InstanceFolder.read(folder.path) }
    let found = (rejected?.diagnostics ?? []).map {
      "\($0.severity.rawValue) \($0.code) \($0.file)"
    }
    #expect(
      Set(found) == [
        "error term.notMonday instance.yaml", "warning yaml.unknownKey instance.yaml",
        "error value.notWhole rooms.csv", "error position.unknown teachers.csv",
        "error value.unknownWord groups.csv", "error reference.unknown pins.csv",
        "error reference.unknown enrolments.csv", "error credits.sum disciplines.csv",
        "error norm.class norms.csv", "error csv.missingColumn availability.csv",
        "warning csv.unknownColumn availability.csv",
      ])
    #expect(found.count == 11)
  }

  @Test("a table that is broken as a whole does not make every reference into it an error")
  func oneReport() throws {
    let folder = try Scratch()
    try folder.copyTiny()
    for name in ["buildings.csv", "teachers.csv", "disciplines.csv"] {
      try FileManager.default.removeItem(atPath: "\(folder.path)/\(name)")
    }
    let rejected = #expect(throws: InputRejected.self) { try InstanceFolder.read(folder.path) }
    #expect(rejected?.diagnostics.map(\.code) == Array(repeating: "file.missing", count: 3))
  }

  @Test("without a readable instance.yaml the tables are judged all the same")
  func withoutSettings() throws {
    let folder = try Scratch()
    try folder.copyTiny()
    try folder.write("instance.yaml", "format: 1\nterm: [\n")
    try folder.replace("rooms.csv", "Бас,10", "Бас,ten")
    let rejected = #expect(throws: InputRejected.self) { try InstanceFolder.read(folder.path) }
    #expect(rejected?.diagnostics.map(\.code) == ["yaml.syntax", "value.notWhole"])
  }

  @Test("an error says where it stands and what was probably meant")
  func wording() throws {
    let folder = try Scratch()
    try folder.copyTiny()
    try folder.replace("pins.csv", "ЭЛк-23-1", "Элк-23-1")
    let rejected = #expect(throws: InputRejected.self) { try InstanceFolder.read(folder.path) }
    #expect(
      rejected?.diagnostics.map(\.description) == [
        "error: pins.csv:2: column group: \"Элк-23-1\": no such group in groups.csv "
          + "(did you mean \"ЭЛк-23-1\"?)"
      ])
  }

  @Test("a cycle among prerequisites is named")
  func cycle() throws {
    let folder = try Scratch()
    try folder.copyTiny()
    try folder.replace("disciplines.csv", "mandatory,,exam", "mandatory,ФИЛ,exam")
    try folder.replace("disciplines.csv", "mandatory,,test", "mandatory,ЭТ1,test")
    let rejected = #expect(throws: InputRejected.self) { try InstanceFolder.read(folder.path) }
    #expect(
      rejected?.diagnostics.map(\.problem) == [
        "a cycle among prerequisites: МАТ1 → ФИЛ → ЭТ1 → МАТ1"
      ])
    let found = try #require(rejected?.diagnostics.first)
    #expect(found.policy == "1.2.27" && found.found == "МАТ1 → ФИЛ → ЭТ1 → МАТ1")
    #expect(found.description(in: .ru).contains("цикл среди пререквизитов: МАТ1 → ФИЛ"))
    let required = try #require(found.required)
    for language in [Language.kk, .ru] {
      #expect(!language.measure(required).contains { $0.isASCII && $0.isLetter })
    }
  }

  @Test("hours that are not those of the credits are told with both sums, whose, and the policy")
  func credits() throws {
    let folder = try Scratch()
    try folder.copyTiny()
    try folder.replace("instance.yaml", "credit_hours: 30", "credit_hours: 31")
    let rejected = #expect(throws: InputRejected.self) { try InstanceFolder.read(folder.path) }
    let sums = (rejected?.diagnostics ?? []).filter { $0.code == "credits.sum" }
    let names = [2: "МАТ1", 3: "ЭТ1", 4: "ФИЛ"]
    #expect(sums.map(\.line) == [2, 3, 4])
    for found in sums {
      let name = try #require(found.line.flatMap { names[$0] })
      let required = try #require(found.required.flatMap { Int($0) })
      #expect(found.policy == "2.2" && required % 31 == 0)
      #expect(found.found.flatMap { Int($0) } == required / 31 * 30)
      for language in Language.allCases {
        #expect(found.description(in: language).contains(name))
        #expect(found.description(in: language).contains("= \(required / 31 * 30)"))
      }
    }
  }
}

/// A folder of a test's own, gone with the value.
final class Scratch {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("keste-tests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  func copyTiny() throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: Examples.tiny) {
      try FileManager.default.copyItem(
        atPath: "\(Examples.tiny)/\(name)", toPath: "\(path)/\(name)")
    }
  }

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
  }

  func write(_ name: String, _ text: String) throws {
    try write(name, Array(text.utf8))
  }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    let url = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  func replace(_ name: String, _ old: String, _ new: String) throws {
    let before = try text(name)
    let after = before.replacingOccurrences(of: old, with: new)
    #expect(before != after, "\(name) holds no \(old)")
    try write(name, after)
  }
}

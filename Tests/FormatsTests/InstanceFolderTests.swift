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

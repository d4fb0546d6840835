// SPDX-License-Identifier: GPL-3.0-or-later
import Curricula
import Formats
import Foundation
import GLPKSolver
import Testing
import University
import Validation

private let data = ProcessInfo.processInfo.environment["KESTE_BENCHMARK_DATA"]

@Suite("Formation for whole universities", .enabled(if: data != nil))
struct BenchmarkDataTests {
  @Test(
    "sections are valid by the referee and no dearer than the plans at hand",
    arguments: ["micro", "u300", "u1500", "u6000"])
  func university(name: String) throws {
    let folder = try #require(data) + "/university/"
    let reading = try InstanceFolder.read(folder + name)
    let institution = reading.institution
    let formed = try Curricula.formSections(institution, solver: GLPKSolver(), timeLimit: 120)
    let proved = formed.explanations.count { $0.isOptimal }
    #expect(proved * 100 >= formed.explanations.count * 99)
    expectValid(institution, formed)
    let known = name == "micro" ? name + "-plan" : name + "-start"
    let objective = try #require(PlanFolder.record(folder + known).sections?.objective)
    #expect(formed.objective <= objective + 0.01)
    #expect(try refereeFinds(institution, reading.sha256, formed, folder + name) == "")
  }

  /// What the referee says against a plan of these sections alone; empty where it is valid.
  private func refereeFinds(
    _ institution: Institution, _ sha256: String, _ formed: SectionPlan, _ folder: String
  ) throws -> String {
    let files = FileManager.default
    let target = files.temporaryDirectory.appendingPathComponent("keste-\(UUID().uuidString)")
    defer { try? files.removeItem(at: target) }
    var record = PlanRecord(
      keste: "test", instance: institution.name, instanceSHA256: sha256, seed: 0,
      regime: institution.regime.name)
    record.sections = StageRecord(
      status: formed.status, objective: formed.objective, bound: formed.bound,
      criteria: Dictionary(
        uniqueKeysWithValues: formed.criteria.map { ($0.key.rawValue, $0.value) }), seconds: 0)
    var plan = Plan(record: record)
    plan.sections = formed.sections
    try PlanFolder.write(plan, to: target.path)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", (data ?? "") + "/../tools/check_plan.py", folder, target.path, "--stage",
      "sections",
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? "" : String(decoding: output, as: UTF8.self)
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import Formats
import Foundation
import GLPKSolver
import LinearModels
import LoadDistribution
import Testing
import University
import Validation

private let benchmarkData = ProcessInfo.processInfo.environment["KESTE_BENCHMARK_DATA"]

@Suite(.enabled(if: benchmarkData != nil))
struct BenchmarkLoadTests {
  /// Runs the referee on a plan; its words, and whether it found the plan valid.
  private func referee(_ instance: String, _ plan: String) throws -> (Bool, String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let script = (benchmarkData ?? "") + "/../tools/check_plan.py"
    process.arguments = ["python3", script, instance, plan, "--stage", "load"]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let words = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus == 0, String(decoding: words, as: UTF8.self))
  }

  @Test(
    "the load of a benchmark is valid by the referee and better than its first plan",
    arguments: ["u300", "u1500", "u6000"])
  func benchmark(name: String) throws {
    let folder = (benchmarkData ?? "") + "/university/"
    let reading = try InstanceFolder.read(folder + name)
    let start = try PlanFolder.read(folder + name + "-start", institution: reading.institution)
    let load = try LoadDistribution.solve(
      reading.institution, sections: start.sections, tasks: start.tasks, solver: GLPKSolver(),
      options: LoadOptions(timeLimit: 60, threads: 2))
    var plan = start
    plan.assignments = load.assignments
    plan.record.load = StageRecord(
      status: load.status, objective: load.objective, bound: load.bound,
      criteria: Dictionary(
        uniqueKeysWithValues: load.criteria.map { ($0.key.rawValue, $0.value) }), seconds: 1)
    let report = PlanValidator.validate(reading.institution, plan, stages: [.load])
    #expect(report.violations == [])
    #expect(report.load == load.criteria)
    let first = try #require(start.record.load?.objective)
    #expect(load.objective < first)
    let bound = try #require(load.bound)
    #expect(bound > 0.9 * load.objective && bound <= load.objective)

    let out = FileManager.default.temporaryDirectory.path + "/load-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: out) }
    try PlanFolder.write(plan, to: out)
    let (isValid, words) = try referee(folder + name, out)
    #expect(isValid, "\(words)")
  }
}

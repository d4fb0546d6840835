// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing

/// The referee of the benchmark data, where that is there.
private enum Referee {
  static let program: String? = ProcessInfo.processInfo
    .environment["KESTE_BENCHMARK_DATA"].map { "\($0)/../tools/check_plan.py" }

  static let isThere = program.map { FileManager.default.fileExists(atPath: $0) } ?? false
}

/// Plans of generated instances before the independent referee, which shares no code with us.
@Suite(.enabled(if: Referee.isThere)) struct RefereeTests {
  /// Runs the referee; its status and the JSON that it prints.
  private func referee(_ instance: String, _ plan: String) throws -> (Int32, [String: Any]) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-B", Referee.program ?? "", instance, plan, "--json"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let value = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    return (process.terminationStatus, try #require(value))
  }

  @Test(arguments: ["comma", "semicolon", "tab"], ["full", "distance"])
  func `the referee accepts the plan with our criteria and objective`(
    dialect: String, regime: String
  ) throws {
    let folder = try ScratchFolder()
    let instance = folder("instance")
    _ = try Program.run(
      "keste", "generate", "-o", instance, "--students", "120", "--seed", "3", "--dialect", dialect)
    let run = try Program.run(
      "keste", "plan", instance, "-o", folder("plan"), "--regime", regime, "--iterations", "20000",
      "--json")
    #expect(run.status == 0)
    let stages = try #require(try run.json()["stages"] as? [String: [String: Any]])
    let (status, verdict) = try referee(instance, folder("plan"))
    #expect(status == 0)
    let objectives = try #require(verdict["objective"] as? [String: Double])
    let criteria = try #require(verdict["criteria"] as? [String: [String: Double]])
    for (name, stage) in stages {
      let ours = try #require(stage["objective"] as? Double)
      let theirs = try #require(objectives[name])
      // Sums of hundredths may be rounded to either side.
      #expect(abs(ours - theirs) <= (name == "timetable" ? 1e-6 : 3))
      let values = try #require(stage["criteria"] as? [String: Double])
      for (criterion, value) in try #require(criteria[name]) {
        #expect(abs((values[criterion] ?? .nan) - value) <= (name == "load" ? 0.0101 : 1e-9))
      }
    }
  }
}

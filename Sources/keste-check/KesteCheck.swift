// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Formats
import Foundation
import University
import Validation

/// The validator alone: it links no solver, so that it can be trusted to judge one.
@main
struct KesteCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keste-check",
    abstract: "Judge a plan: every hard rule, every criterion, every claim of plan.json.",
    discussion: """
      INSTANCE and PLAN are folders of tables. The rules are read from the files alone; no part of \
      the planner takes part.

      Exit status: 0 valid, 1 broken rules or wrong claims, 2 input rejected, 64 wrong usage.
      """)

  @Argument(help: "The instance folder.")
  var instance: String

  @Argument(help: "The plan folder.")
  var plan: String

  @Option(help: "The rules and criteria to apply: sections, load, timetable or all.")
  var stage = StageChoice.all

  @Flag(help: "Print one JSON object on standard output.")
  var json = false

  /// A stage, or all of them.
  enum StageChoice: String, CaseIterable, ExpressibleByArgument {
    case sections, load, timetable, all

    var stages: Set<Stage> {
      Stage(rawValue: rawValue).map { [$0] } ?? Set(Stage.allCases)
    }
  }

  func run() throws {
    let report: ScoreReport
    do {
      report = try judge()
    } catch let rejected as InputRejected {
      for diagnostic in rejected.diagnostics { complain(diagnostic.description) }
      throw ExitCode(2)
    } catch let problem as FileProblem {
      complain(problem.description)
      throw ExitCode(2)
    }
    print(json ? report.json() : report.text(), terminator: "")
    if !report.isValid { throw ExitCode(1) }
  }

  private func judge() throws -> ScoreReport {
    // The plan's regime decides the grid, so it is looked up before the instance is read.
    let regime = try PlanFolder.record(plan).regime
    let reading = try InstanceFolder.read(instance, regime: regime.isEmpty ? nil : regime)
    let plan = try PlanFolder.read(plan, institution: reading.institution)
    try requireTables(of: plan)
    var report = PlanValidator.validate(reading.institution, plan, stages: stage.stages)
    var warnings = reading.warnings.map(\.description)
    let claimed = plan.record.instanceSHA256
    if !claimed.isEmpty, claimed != reading.sha256 {
      warnings.append(
        "plan.json: instance_sha256: \(claimed) is claimed, the instance has \(reading.sha256); "
          + "it was changed after the plan was made")
    }
    report.warnings = warnings + report.warnings
    report.findings =
      CreditConsistency.check(reading.institution)
      + CreditConsistency.check(reading.institution, plan, stages: stage.stages)
    return report
  }

  /// Refuses to judge a stage whose tables are not there.
  private func requireTables(of plan: Plan) throws {
    func missing(_ file: String) -> Diagnostic {
      Diagnostic(
        .error, code: "plan.missingTable", file: file, problem: "the file is missing",
        suggestion: "judge an earlier stage with --stage")
    }
    var found: [Diagnostic] = []
    let stages = stage.stages
    if !plan.hasLoad, stages.contains(.load) || stages.contains(.timetable) {
      found.append(missing("load.csv and assignments.csv"))
    }
    if !plan.hasTimetable, stages.contains(.timetable) { found.append(missing("meetings.csv")) }
    if !found.isEmpty { throw InputRejected(found) }
  }

  private func complain(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }
}

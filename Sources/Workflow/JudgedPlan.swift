// SPDX-License-Identifier: GPL-3.0-or-later
internal import Formats
public import University
public import Validation

/// A plan folder that was read and judged.
public struct JudgedPlan: Sendable {
  /// The institution, in the regime that the plan names.
  public var institution: Institution
  /// The plan.
  public var plan: Plan
  /// What it comes to; the reader's warnings are among its warnings.
  public var report: ScoreReport

  /// Reads a plan folder with its instance and judges it.
  ///
  /// - Parameters:
  ///   - instance: The instance folder.
  ///   - path: The plan folder.
  ///   - stages: The stages to judge; nil for all that the plan holds.
  /// - Throws: ``InputRejected`` where something cannot be read, or the tables of a stage are
  ///   missing.
  public init(instance: String, plan path: String, stages: Set<Stage>?) throws {
    // The plan's regime decides the grid, so it is looked up before the instance is read.
    let regime = try PlanFolder.record(path).regime
    let reading = try InstanceFolder.read(instance, regime: regime.isEmpty ? nil : regime)
    institution = reading.institution
    plan = try PlanFolder.read(path, institution: institution)
    var held: Set<Stage> = [.sections]
    if plan.hasLoad { held.insert(.load) }
    if plan.hasTimetable { held.insert(.timetable) }
    let wanted = stages ?? held
    try Self.requireTables(of: plan, wanted)
    report = PlanValidator.validate(institution, plan, stages: wanted)
    var warnings = reading.warnings.map(\.description)
    let claimed = plan.record.instanceSHA256
    if !claimed.isEmpty, claimed != reading.sha256 {
      warnings.append(
        "plan.json: instance_sha256: \(claimed) is claimed, the instance has \(reading.sha256); "
          + "it was changed after the plan was made")
    }
    report.warnings = warnings + report.warnings
    report.findings =
      CreditConsistency.check(institution)
      + CreditConsistency.check(institution, plan, stages: wanted)
  }

  /// Refuses to judge a stage whose tables are not there.
  private static func requireTables(of plan: Plan, _ stages: Set<Stage>) throws {
    func missing(_ file: String) -> Diagnostic {
      Diagnostic(
        .error, code: "plan.missingTable", file: file, problem: "the file is missing",
        suggestion: "judge an earlier stage with --stage")
    }
    var found: [Diagnostic] = []
    if !plan.hasLoad, stages.contains(.load) || stages.contains(.timetable) {
      found.append(missing("load.csv and assignments.csv"))
    }
    if !plan.hasTimetable, stages.contains(.timetable) { found.append(missing("meetings.csv")) }
    if !found.isEmpty { throw InputRejected(found) }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// Rule P1 of `plan.json`: what it claims is what the files come to.
///
/// **Source**: FORMATS.md section 3, exact reading 14.
enum ClaimRules {
  static func judge(_ index: PlanIndex, _ stages: Set<Stage>, into report: inout ScoreReport) {
    let record = index.plan.record
    if record.format != 1 {
      report.add(.p1, "plan.json: format: \(record.format): must be 1")
    }
    if record.instance != index.institution.name {
      report.add(
        .p1,
        "plan.json: instance: \"\(record.instance)\" is claimed, the instance is "
          + "\"\(index.institution.name)\"")
    }
    let weights = index.institution.weights
    if let found = report.sections {
      judge(.sections, record.sections, found, weights.sections, into: &report)
    }
    if let found = report.load {
      judge(.load, record.load, found, weights.load, into: &report)
    }
    if let found = report.timetable {
      judge(.timetable, record.timetable, found, weights.timetable, into: &report)
    }
  }

  /// Criteria that are rounded to 0.01 and agree to that.
  private static func isDecimal<C: Criterion>(_ criterion: C) -> Bool {
    switch criterion {
    case let load as LoadCriterion: load != .preparation
    case let sections as SectionCriterion: sections == .sectionHour
    default: false
    }
  }

  private static func judge<C: Criterion>(
    _ stage: Stage, _ record: StageRecord?, _ found: [C: Double], _ weights: CriterionWeights<C>,
    into report: inout ScoreReport
  ) {
    let place = "plan.json: \(stage.rawValue)"
    guard let record else {
      report.add(.p1, "\(place): the stage is missing")
      return
    }
    // A stage without a result claims nothing.
    if record.status == .infeasible || record.status == .stopped, record.objective == nil { return }
    for criterion in C.allCases {
      let name = criterion.rawValue
      let value = found[criterion] ?? 0
      guard let claimed = record.criteria[name] else {
        report.add(
          .p1, "\(place).criteria.\(name): nothing is claimed, \(shortest(value)) is found")
        continue
      }
      if !(abs(claimed - value) <= (isDecimal(criterion) ? 0.0101 : 1e-9)) {
        report.add(
          .p1,
          "\(place).criteria.\(name): \(shortest(claimed)) is claimed, \(shortest(value)) is found")
      }
    }
    for name in record.criteria.keys.sorted() where C(rawValue: name) == nil {
      report.warnings.append("\(place).criteria.\(name) is unknown")
    }
    let decimalWeights = C.allCases.filter(isDecimal).reduce(0) { $0 + weights[$1] }
    judgeObjective(
      place, record, report.objectives[stage] ?? 0,
      tolerance: 1e-6 + 0.0051 * decimalWeights, into: &report)
  }

  /// The objective claimed is the one found, the bound is not above it, and `optimal` is proved.
  private static func judgeObjective(
    _ place: String, _ record: StageRecord, _ found: Double, tolerance: Double,
    into report: inout ScoreReport
  ) {
    if let claimed = record.objective, abs(claimed - found) <= tolerance {
      // It agrees.
    } else {
      let claim = record.objective.map(shortest) ?? "nothing"
      report.add(.p1, "\(place).objective: \(claim) is claimed, \(shortest(found)) is found")
    }
    let slack = tolerance + 1e-6 * abs(found)
    if let bound = record.bound, !(bound <= found + slack) {
      report.add(
        .p1, "\(place).bound: \(shortest(bound)) is above the objective \(shortest(found))")
    } else if record.status == .optimal, !((record.bound ?? -.infinity) >= found - slack) {
      report.add(
        .p1,
        "\(place): optimal is claimed, but the bound "
          + "\(record.bound.map(shortest) ?? "(none)") does not prove the objective "
          + shortest(found))
    }
  }
}

/// A number as short as it goes: `644`, `1.2`.
func shortest(_ value: Double) -> String {
  value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
}

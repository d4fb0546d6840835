// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// Rule P1 of `plan.json`: what it claims is what the files come to.
///
/// **Source**: FORMATS.md section 3, exact reading 14.
enum ClaimRules {
  static func judge(_ index: PlanIndex, _ stages: Set<Stage>, into report: inout ScoreReport) {
    let record = index.plan.record
    if record.format != 1 {
      report.add(.p1) {
        $0.says(
          "plan.json: format: \(record.format), 1 болуы керек",
          "plan.json: format: \(record.format), должно быть 1",
          "plan.json: format: \(record.format): must be 1")
      }
    }
    if record.instance != index.institution.name {
      report.add(.p1) {
        let (claimed, name) = (record.instance, index.institution.name)
        return $0.says(
          "plan.json: instance: \"\(claimed)\" делінген, нақтысы \"\(name)\"",
          "plan.json: instance: заявлено \"\(claimed)\", на деле \"\(name)\"",
          "plan.json: instance: \"\(claimed)\" is claimed, the instance is \"\(name)\"")
      }
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
      report.add(.p1) { "\(place): " + $0.says("кезең жоқ", "этапа нет", "the stage is missing") }
      return
    }
    // A stage without a result claims nothing.
    if record.status == .infeasible || record.status == .stopped, record.objective == nil { return }
    for criterion in C.allCases {
      let name = criterion.rawValue
      let value = found[criterion] ?? 0
      guard let claimed = record.criteria[name] else {
        report.add(.p1) {
          "\(place).criteria.\(name): "
            + $0.says(
              "ештеңе делінбеген, табылғаны \(shortest(value))",
              "ничего не заявлено, найдено \(shortest(value))",
              "nothing is claimed, \(shortest(value)) is found")
        }
        continue
      }
      if !(abs(claimed - value) <= (isDecimal(criterion) ? 0.0101 : 1e-9)) {
        report.add(.p1) {
          "\(place).criteria.\(name): "
            + $0.says(
              "\(shortest(claimed)) делінген, табылғаны \(shortest(value))",
              "заявлено \(shortest(claimed)), найдено \(shortest(value))",
              "\(shortest(claimed)) is claimed, \(shortest(value)) is found")
        }
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
      report.add(.p1) {
        let claim = record.objective.map(shortest) ?? $0.says("ештеңе", "ничего", "nothing")
        return "\(place).objective: "
          + $0.says(
            "\(claim) делінген, табылғаны \(shortest(found))",
            "заявлено \(claim), найдено \(shortest(found))",
            "\(claim) is claimed, \(shortest(found)) is found")
      }
    }
    let slack = tolerance + 1e-6 * abs(found)
    if let bound = record.bound, !(bound <= found + slack) {
      report.add(.p1) {
        "\(place).bound: "
          + $0.says(
            "\(shortest(bound)) мақсаттан \(shortest(found)) жоғары",
            "\(shortest(bound)) выше цели \(shortest(found))",
            "\(shortest(bound)) is above the objective \(shortest(found))")
      }
    } else if record.status == .optimal, !((record.bound ?? -.infinity) >= found - slack) {
      report.add(.p1) {
        let bound = record.bound.map(shortest) ?? $0.says("(жоқ)", "(нет)", "(none)")
        return "\(place): "
          + $0.says(
            "optimal делінген, бірақ \(bound) шегі \(shortest(found)) мақсатын дәлелдемейді",
            "заявлено optimal, но граница \(bound) не доказывает цель \(shortest(found))",
            "optimal is claimed, but the bound \(bound) does not prove the objective "
              + shortest(found))
      }
    }
  }
}

/// A number as short as it goes: `644`, `1.2`.
func shortest(_ value: Double) -> String {
  value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
}

// SPDX-License-Identifier: GPL-3.0-or-later
internal import Dispatch
internal import Synchronization
public import University

/// Judges a plan by the contract alone: every hard rule, every criterion, what holidays take away.
///
/// It shares no code with a solver, so that agreement of the two means something. Complexity is
/// linear in the files but for pairs of meetings of one person or room on one day.
///
/// **Source**: FORMATS.md sections 4 and 5 with their exact readings.
public enum PlanValidator {
  /// What a plan comes to in some stages.
  ///
  /// The grid is that of `institution.regime`: the caller reads the institution with the regime
  /// that `plan.json` names. `S6` belongs to the sections and to the load, pinned teachers to the
  /// load and to the timetable; the timetable needs the plan's load to know who teaches.
  public static func validate(
    _ institution: Institution, _ plan: Plan, stages: Set<Stage> = Set(Stage.allCases)
  ) -> ScoreReport {
    var plan = plan
    return validate(institution, &plan, stages: stages) { _, _ in }
  }

  /// Judges a plan whose claims are renewed from what was found: the claims are judged as renewed,
  /// and the rest is gone through once.
  ///
  /// - Parameters:
  ///   - institution: What it is a plan of.
  ///   - plan: The plan.
  ///   - stages: The stages to judge.
  ///   - renew: Changes the record, given what was found but for the claims; other changes of the
  ///     plan are not seen.
  /// - Returns: What was found.
  public static func validate(
    _ institution: Institution, _ plan: inout Plan, stages: Set<Stage>,
    renewing renew: (ScoreReport, inout PlanRecord) -> Void
  ) -> ScoreReport {
    var report = ScoreReport()
    var index = PlanIndex(institution, plan)
    for stray in index.strays where stages.contains(stray.stage) {
      report.violations.append(Violation(stray.rule, stray.wording))
    }
    let parts: [@Sendable (inout ScoreReport) -> Void] = [
      { [index, hasLoad = plan.hasLoad] report in
        judgeTeaching(index, stages, hasLoad: hasLoad, into: &report)
      },
      { [index] report in
        if stages.contains(.timetable) { judgeTimetable(index, into: &report) }
      },
      { [index] report in
        if stages.contains(.timetable) { report.lostHours = HolidayLosses.find(index) }
      },
    ]
    for part in judged(parts, atOnce: stages.contains(.timetable)) { report.merge(part) }
    if stages.contains(.load) || stages.contains(.timetable) {
      PinRules.judge(index, withTimes: stages.contains(.timetable), into: &report)
    }
    report.sum(with: institution.weights)
    renew(report, &plan.record)
    index.plan.record = plan.record
    ClaimRules.judge(index, stages, into: &report)
    report.sortByRule()
    return report
  }

  private static func judgeTeaching(
    _ index: PlanIndex, _ stages: Set<Stage>, hasLoad: Bool, into report: inout ScoreReport
  ) {
    if stages.contains(.sections) {
      SectionRules.judge(index, into: &report)
      report.sections = SectionCriteria.measure(index)
    }
    if hasLoad && (stages.contains(.sections) || stages.contains(.load)) {
      SectionRules.judgeChoices(index, into: &report)
    }
    if stages.contains(.load) {
      LoadRules.judge(index, into: &report)
      report.load = LoadCriteria.measure(index)
    }
  }

  private static func judgeTimetable(_ index: PlanIndex, into report: inout ScoreReport) {
    let days = PersonDays(index)
    MeetingRules.judge(index, days, into: &report)
    RoomRules.judge(index, into: &report)
    TimeRules.judge(index, days, into: &report)
    report.timetable = TimetableCriteria.measure(index, days)
  }

  /// What parts that do not depend on each other find, in their order.
  private static func judged(
    _ parts: [@Sendable (inout ScoreReport) -> Void], atOnce: Bool
  ) -> [ScoreReport] {
    let found = Mutex([ScoreReport](repeating: ScoreReport(), count: parts.count))
    @Sendable func judge(_ number: Int) {
      var report = ScoreReport()
      parts[number](&report)
      found.withLock { [report] in $0[number] = report }
    }
    if atOnce {
      DispatchQueue.concurrentPerform(iterations: parts.count, execute: judge)
    } else {
      for number in parts.indices { judge(number) }
    }
    return found.withLock { $0 }
  }
}

extension ScoreReport {
  /// Adds a broken rule with what is said of it in each language.
  mutating func add(_ rule: RuleCode, times: Int = 1, _ say: (Language) -> String) {
    violations.append(Violation(rule, Wording(say), times: times))
  }

  /// Adds what a part of the validator found that this one has not looked at.
  mutating func merge(_ part: ScoreReport) {
    violations += part.violations
    warnings += part.warnings
    lostHours += part.lostHours
    sections = sections ?? part.sections
    load = load ?? part.load
    timetable = timetable ?? part.timetable
  }

  /// The weighted sums of the stages judged.
  mutating func sum(with weights: Weights) {
    func rounded(_ objective: Double) -> Double { (objective * 1e6).rounded() / 1e6 }
    if let sections { objectives[.sections] = rounded(weights.sections.objective(sections)) }
    if let load { objectives[.load] = rounded(weights.load.objective(load)) }
    if let timetable { objectives[.timetable] = rounded(weights.timetable.objective(timetable)) }
  }

  /// Brings the findings into the order of the rules, those of one rule as they were found.
  mutating func sortByRule() {
    let byRule = Dictionary(grouping: violations, by: \.rule)
    violations = RuleCode.allCases.flatMap { byRule[$0] ?? [] }
  }
}

/// Some names for a message: the first five, and how many more there are.
func listed(_ names: [String], in language: Language = .en) -> String {
  language.listed(names, most: 5)
}

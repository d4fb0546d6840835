// SPDX-License-Identifier: GPL-3.0-or-later
import Testing
import University

@testable import Validation

/// P1: a plan claims what its files come to, and nothing better.
@Suite struct ClaimTests {
  static let cases = [
    RuleCase("another instance", [.p1: 1]) { _, plan in plan.record.instance = "macro" },
    RuleCase("another format", [.p1: 1]) { _, plan in plan.record.format = 2 },
    RuleCase("a size that is not the students'", [.p1: 1]) { _, plan in
      plan.sections = plan.sections.with("P1") { $0.size = 4 }
    },
    RuleCase("hours that are not the discipline's", [.p1: 1]) { _, plan in
      plan.sections = plan.sections.with("P1") { $0.hours = 3 }
    },
    RuleCase("a criterion off by one", [.p1: 1]) { _, plan in
      plan.record.timetable?.criteria["student_gap"] = 5
    },
    RuleCase("a criterion that is left out", [.p1: 1]) { _, plan in
      plan.record.timetable?.criteria["student_gap"] = nil
    },
    RuleCase("a decimal criterion off by 0.01") { _, plan in
      plan.record.load?.criteria["survey"] = 1.41
    },
    RuleCase("a decimal criterion off by 0.02", [.p1: 1]) { _, plan in
      plan.record.load?.criteria["survey"] = 1.42
    },
    RuleCase("an objective that is not the sum", [.p1: 1]) { _, plan in
      plan.record.timetable?.objective = 729
    },
    RuleCase("no objective of a feasible stage", [.p1: 1]) { _, plan in
      plan.record.timetable?.objective = nil
    },
    RuleCase("a bound above the objective", [.p1: 1]) { _, plan in
      plan.record.timetable?.bound = 731
    },
    RuleCase("a bound at the objective") { _, plan in plan.record.timetable?.bound = 730 },
    RuleCase("optimal without a bound", [.p1: 1]) { _, plan in
      plan.record.timetable?.status = .optimal
      plan.record.timetable?.bound = nil
    },
    RuleCase("optimal with a lower bound", [.p1: 1]) { _, plan in
      plan.record.timetable?.status = .optimal
      plan.record.timetable?.bound = 700
    },
    RuleCase("optimal and proved") { _, plan in
      plan.record.timetable?.status = .optimal
      plan.record.timetable?.bound = 730
    },
    RuleCase("a number that is none", [.p1: 2]) { _, plan in
      plan.record.timetable?.objective = .nan
      plan.record.timetable?.criteria["teacher_gap"] = .nan
    },
    RuleCase("a stage that is not there", [.p1: 1]) { _, plan in plan.record.load = nil },
    RuleCase("a stopped stage without a result claims nothing") { _, plan in
      plan.record.timetable = StageRecord(
        status: .stopped, objective: nil, bound: nil, criteria: [:], seconds: 1)
    },
  ]

  @Test(arguments: cases)
  func `a claim is compared with what is found`(_ example: RuleCase) {
    var institution = Micro.institution()
    var plan = Micro.plan()
    example.change(&institution, &plan)
    let report = PlanValidator.validate(institution, plan)
    #expect(report.counts == example.expected, "\(report.violations)")
  }

  @Test func `an unknown criterion is only a warning`() {
    var plan = Micro.plan()
    plan.record.load?.criteria["happiness"] = 1
    let report = PlanValidator.validate(Micro.institution(), plan)
    #expect(report.isValid)
    #expect(report.warnings == ["plan.json: load.criteria.happiness is unknown"])
  }

  @Test func `a choice of someone who may not teach it is a warning`() {
    var institution = Micro.institution()
    institution.change("a1", in: "D1") { $0.lectureTeacher = "T2" }
    let report = PlanValidator.validate(institution, Micro.plan())
    #expect(report.warnings == ["student a1 chose T2 for D1 lecture, who is not competent"])
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import Formats
import Foundation
import Testing
import University

@testable import Validation

/// Agreement with the independent referee, to the unit: counts of each rule, criteria, objectives.
@Suite(.enabled(if: Referee.isThere), .serialized) struct RefereeTests {
  private func read(_ instance: String, _ plan: String) throws -> (Institution, Plan) {
    let regime = try PlanFolder.record(plan).regime
    let institution = try InstanceFolder.read(instance, regime: regime).institution
    return (institution, try PlanFolder.read(plan, institution: institution))
  }

  @Test func `the micro plan is judged alike from its folder`() throws {
    let (instance, folder) = (Referee.university("micro"), Referee.university("micro-plan"))
    let (institution, plan) = try read(instance, folder)
    let report = PlanValidator.validate(institution, plan)
    #expect(report.isValid)
    #expect(report.objectives == [.sections: 12, .load: 644, .timetable: 730])
    let verdicts = try Referee.judge([Referee.Case(instance, folder)])
    expectAgreement(report, verdicts[0], "micro")
  }

  @Test(arguments: ["u300", "u1500", "u6000"])
  func `sections and load of a start are judged alike`(_ name: String) throws {
    let (instance, folder) = (Referee.university(name), Referee.university("\(name)-start"))
    let (institution, plan) = try read(instance, folder)
    let verdicts = try Referee.judge([
      Referee.Case(instance, folder, stages: [.sections]),
      Referee.Case(instance, folder, stages: [.load]),
    ])
    for (stage, verdict) in zip([Stage.sections, .load], verdicts) {
      expectAgreement(
        PlanValidator.validate(institution, plan, stages: [stage]), verdict, "\(name) \(stage)")
    }
  }

  @Test func `four hundred mutated plans are judged alike`() throws {
    let folder = try TemporaryFolder()
    var cases: [Referee.Case] = []
    var reports: [ScoreReport] = []
    let stages: [[Stage]] = [Stage.allCases, Stage.allCases, [.sections], [.load], [.timetable]]
    for seed in 1...400 {
      var mutations = RandomMutations(seed: UInt64(seed))
      let (institution, plan) = mutations.run()
      let (instance, place) = ("\(folder.path)/i\(seed)", "\(folder.path)/p\(seed)")
      try InstanceFolder.write(institution, to: instance)
      try PlanFolder.write(plan, to: place)
      let judged = stages[seed % stages.count]
      cases.append(Referee.Case(instance, place, stages: judged))
      reports.append(PlanValidator.validate(institution, plan, stages: Set(judged)))
    }
    let verdicts = try Referee.judge(cases)
    #expect(verdicts.count == 400)
    for (seed, (report, verdict)) in zip(reports, verdicts).enumerated() {
      expectAgreement(report, verdict, "seed \(seed + 1)")
    }
    // Mutations that break nothing would prove little.
    let broken = Set(reports.flatMap { $0.counts.keys })
    #expect(broken == Set(RuleCode.allCases))
  }

  @Test(arguments: [("u300", 1), ("u300", 2), ("u300", 3), ("u1500", 4)])
  func `random timetables are judged alike`(_ name: String, _ seed: UInt64) throws {
    let (instance, start) = (Referee.university(name), Referee.university("\(name)-start"))
    var (institution, plan) = try read(instance, start)
    plan.meetings = randomMeetings(for: plan, of: institution, seed: seed)
    plan.hasTimetable = true
    let folder = try TemporaryFolder()
    var judged = instance
    if seed > 1 {
      // The same university with a published timetable and retakes that are hard.
      institution.publishedMeetings = randomMeetings(for: plan, of: institution, seed: seed + 100)
      institution.policy.retakeConflicts = .hard
      judged = "\(folder.path)/instance"
      try InstanceFolder.write(institution, to: judged)
    }
    try PlanFolder.write(plan, to: "\(folder.path)/plan")
    let verdicts = try Referee.judge([Referee.Case(judged, "\(folder.path)/plan")])
    let report = PlanValidator.validate(institution, plan)
    expectAgreement(report, verdicts[0], "\(name) \(seed)")
    #expect(report.counts[.m5, default: 0] > 1000)
  }
}

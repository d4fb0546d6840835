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

  /// How many mutated plans are judged: `KESTE_REFEREE_PLANS`, else a number that is quick.
  static let plans =
    ProcessInfo.processInfo.environment["KESTE_REFEREE_PLANS"].flatMap { Int($0) } ?? 500

  /// Writes mutated plans, has all of a batch judged by one process of the referee, and gives the
  /// rules that were broken.
  private func judge(
    _ seeds: ClosedRange<Int>, _ mutate: (Int) throws -> (Institution, Plan)
  ) throws -> Set<RuleCode> {
    var broken: Set<RuleCode> = []
    let stages: [[Stage]] = [Stage.allCases, Stage.allCases, [.sections], [.load], [.timetable]]
    // A batch's folders are removed before the next is written.
    for first in stride(from: seeds.lowerBound, through: seeds.upperBound, by: 250) {
      let folder = try TemporaryFolder()
      var cases: [Referee.Case] = []
      var reports: [ScoreReport] = []
      for seed in first...min(first + 249, seeds.upperBound) {
        let (institution, plan) = try mutate(seed)
        let (instance, place) = ("\(folder.path)/i\(seed)", "\(folder.path)/p\(seed)")
        try Referee.write(institution, plan, to: instance, place)
        let judged = stages[seed % stages.count]
        cases.append(Referee.Case(instance, place, stages: judged))
        let report = PlanValidator.validate(institution, plan, stages: Set(judged))
        broken.formUnion(report.counts.keys)
        reports.append(report)
      }
      let verdicts = try Referee.judge(cases)
      #expect(verdicts.count == cases.count)
      for (at, (report, verdict)) in zip(reports, verdicts).enumerated() {
        expectAgreement(report, verdict, "seed \(first + at)")
      }
    }
    return broken
  }

  @Test func `mutated plans of the micro university are judged alike`() throws {
    let broken = try judge(1...max(300, Self.plans)) { seed in
      var mutations = RandomMutations(seed: UInt64(seed))
      return mutations.run()
    }
    // Mutations that break nothing would prove little.
    #expect(Set(RuleCode.allCases).subtracting(broken).isEmpty)
  }

  @Test func `mutations of a planned university are judged alike`() throws {
    let sound = try SoundPlan.made.get()
    let broken = try judge(1...max(40, Self.plans / 8)) { seed in
      var mutant = Mutant(sound, seed: UInt64(seed))
      for _ in 0..<mutant.numbers.whole(1...4) {
        _ = mutant.numbers.one(of: Mutation.all).change(&mutant)
      }
      // Half of the plans claim what is true, so that the rest can be told from it.
      if seed.isMultiple(of: 2) {
        mutant.plan.claim(PlanValidator.validate(mutant.it, mutant.plan))
      }
      return (mutant.it, mutant.plan)
    }
    #expect(broken.count > 10)
  }

  /// What makes a random timetable more than the plain one.
  enum Variant: String, CaseIterable, Sendable {
    case plain, distance, published, large
  }

  @Test(arguments: Variant.allCases)
  func `random timetables of three hundred students are judged alike`(_ variant: Variant) throws {
    let counts = try compare("u300", seed: UInt64(variant.rawValue.count), variant)
    #expect(counts[.m5, default: 0] > 300)
  }

  @Test func `a random timetable of fifteen hundred students is judged alike`() throws {
    let counts = try compare("u1500", seed: 9, .published)
    #expect(counts[.m5, default: 0] > 5000)
  }

  /// Judges random meetings for the start of a university, and gives the counts.
  private func compare(
    _ name: String, seed: UInt64, _ variant: Variant
  ) throws -> [RuleCode: Int] {
    let folder = try TemporaryFolder()
    let instance = "\(folder.path)/instance"
    let start = Referee.university("\(name)-start")
    var plan = try read(Referee.university(name), start).1
    let regime = variant == .distance ? "distance" : nil
    var institution = try InstanceFolder.read(Referee.university(name), regime: regime).institution
    if variant == .published {
      institution.publishedMeetings = randomMeetings(for: plan, of: institution, seed: seed + 100)
      institution.policy.retakeConflicts = .hard
    }
    if variant == .large { institution.enlargeGrid() }
    plan.record.regime = institution.regime.name
    plan.meetings = randomMeetings(for: plan, of: institution, seed: seed)
    plan.hasTimetable = true
    try InstanceFolder.write(institution, to: instance)
    try PlanFolder.write(plan, to: "\(folder.path)/plan")
    let verdicts = try Referee.judge([Referee.Case(instance, "\(folder.path)/plan")])
    let report = PlanValidator.validate(institution, plan)
    expectAgreement(report, verdicts[0], "\(name) \(variant)")
    return report.counts
  }
}

extension Institution {
  /// The largest grid that the format allows in slots: 19 weeks of 7 days of 48 slots.
  fileprivate mutating func enlargeGrid() {
    term.weeks = 19
    days = Weekday.allCases
    regimes = [
      Regime(name: "long", academicHourMinutes: 25, slotStarts: (0..<48).map { $0 * 30 })
    ]
    regime = regimes[0]
    preferences.lunchFrom = 20
    preferences.lunchTo = 22
    preferences.discouraged = [DiscouragedSlots(day: nil, from: 1, to: 16)]
    for at in availability.indices {
      availability[at].weeks = at.isMultiple(of: 2) ? .odd(19) : .all(19)
      availability[at].to += 20
      if at.isMultiple(of: 3) { availability[at].level = .forbidden }
    }
  }
}

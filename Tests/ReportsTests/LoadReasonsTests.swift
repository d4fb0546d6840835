// SPDX-License-Identifier: GPL-3.0-or-later
import Testing
import University

@testable import LoadDistribution
@testable import Reports

@Suite struct LoadReasonsTests {
  private func explanation(gain: Double) throws -> TaskExplanation {
    let plan = PlanFixture.plan()
    let task = try #require(plan.tasks.first)
    let forced = ForcedLoad(
      cost: 1.5, bound: 1.5, gain: gain, isGainProved: true, moves: [], assignments: [])
    return TaskExplanation(
      task: task, holders: [], named: nil,
      candidates: [
        LoadCandidate(
          teacher: "T1", held: 0, direct: 2, criteria: [:], obstacles: [], exchange: nil,
          forced: forced)
      ], vacant: nil)
  }

  @Test(arguments: Language.allCases)
  func aGainBelowWhatRoundingHidesIsToldAsSuchAndWithoutASign(_ language: Language) throws {
    let words = LoadReasons(PlanFixture.institution(), PlanFixture.plan(), language)
    let told = try words.gain(explanation(gain: -0.34))
    #expect(told.count == 1)
    let amount = language.number(0.34)
    #expect(told[0].contains(amount) && !told[0].contains("+"))
    let before = ["kk": "дөңгелектелмей", "ru": "до округления", "en": "before rounding"]
    #expect(told[0].contains(before[language.rawValue] ?? "?"))
    if language == .en { #expect(told[0].contains("costs 0.34 less before rounding")) }
    #expect(try words.gain(explanation(gain: 0)).isEmpty)
    #expect(try words.sentences(explanation(gain: -0.34)).contains(told[0]))
    let rows = try words.forcedRows(explanation(gain: -0.34))
    #expect(rows.count == 2 && rows[1][1].contains(language.number(1.84)))
  }

  private func teacher(held: Bool) -> TeacherExplanation {
    TeacherExplanation(
      teacher: "T1", lines: [], hours: 40, norm: 100, rate: 1, ceiling: 125, floor: 0,
      departmentRatio: 0.4, reachable: 60, gains: [], reliefs: [], gainsAreHeld: held,
      reliefsAreHeld: false)
  }

  @Test(arguments: Language.allCases)
  func approvedWorkIsNamedWhereNothingElseCouldBeAdded(_ language: Language) {
    let words = LoadReasons(PlanFixture.institution(), PlanFixture.plan(), language)
    let approved = ["kk": "бекітілген кафедралар", "ru": "утверждённых кафедр", "en": "approved"]
    let word = approved[language.rawValue] ?? "?"
    let held = words.sentences(teacher(held: true)).last ?? ""
    let free = words.sentences(teacher(held: false)).last ?? ""
    #expect(held.contains(word) && !free.contains(word))
    #expect(held.contains(language.number(60)) && held.hasSuffix("."))
  }

  @Test func imbalanceHasTheDecimalsThatItsWeightNeeds() throws {
    var explained = try explanation(gain: 0)
    explained.candidates[0].criteria = [.imbalance: 0.0287, .underload: -1.5, .preparation: 1]
    let words = LoadReasons(PlanFixture.institution(), PlanFixture.plan(), .en)
    let made = words.rows(explained)[0][2]
    #expect(made.contains("+0.0287 × 200") && made.contains("-1.5 × 4"))
    let russian = LoadReasons(PlanFixture.institution(), PlanFixture.plan(), .ru)
    #expect(russian.rows(explained)[0][2].contains("+0,0287 × 200"))
    explained.candidates[0].criteria = [.imbalance: -1.05]
    #expect(words.rows(explained)[0][2].contains("-1.05 × 200"))
    explained.candidates[0].criteria = [.imbalance: 0.005]
    #expect(words.rows(explained)[0][2].contains("+0.005 × 200"))
  }
}

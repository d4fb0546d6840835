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
}

// SPDX-License-Identifier: GPL-3.0-or-later
import GLPKSolver
import Testing
import University

@testable import LoadDistribution

@Suite("Prices before the programme over loads")
struct PriceAscentTests {
  private let stop = Stop(deadline: nil, isCancelled: { false })

  private func generation(_ seed: UInt64) throws -> (ColumnGeneration, FairnessPrices) {
    let made = SmallUniversity.random(seed, teachers: 8, disciplines: 8)
    let input = LoadInput(made.institution, sections: made.sections, tasks: made.tasks)
    let parts = input.problem.untimed.parts()
    let problem = try #require(
      parts.max { $0.problem.teachers.count < $1.problem.teachers.count }
    ).problem
    let prices = try FairnessPrices(problem, solver: GLPKSolver(), stop: stop)
    let block = try #require(
      LoadBlock.blocks(of: problem).max { $0.teachers.count < $1.teachers.count })
    return (
      try #require(
        ColumnGeneration(problem, block, fairness: prices.difference, hasExtremes: true)),
      prices
    )
  }

  @Test(
    "the ascent never falls, and stays below the programme over all loads", arguments: [1, 2, 3])
  func bound(seed: UInt64) throws {
    let (generation, prices) = try generation(seed)
    let start = generation.duals(prices)
    let first = generation.ascend(from: start, upper: 1e6, steps: 0, stop: stop)
    let later = generation.ascend(from: start, upper: 1e6, steps: 60, stop: stop)
    #expect(later.bound >= first.bound)
    let whole = try generation.solve(from: [], solver: GLPKSolver(), stop: stop)
    #expect(whole.isConverged)
    #expect(later.bound <= whole.bound * (1 + 1e-4) + 1e-3)
    // What it hands on leads to the same value.
    let guided = try generation.solve(
      from: later.columns, after: later, solver: GLPKSolver(), stop: stop)
    #expect(guided.isConverged)
    #expect(abs(guided.bound - whole.bound) <= 3e-4 * max(1, abs(whole.bound)))
  }

  @Test("a point comes to the nearest one of no more than a sum")
  func capped() {
    #expect(ColumnGeneration.capped([0.2, -1, 0.3], 1) == [0.2, 0, 0.3])
    #expect(ColumnGeneration.capped([2, 0, 0], 1) == [1, 0, 0])
    let even = ColumnGeneration.capped([1, 1, -5], 1)
    #expect(abs(even[0] - 0.5) < 1e-12 && abs(even[1] - 0.5) < 1e-12 && even[2] == 0)
  }
}

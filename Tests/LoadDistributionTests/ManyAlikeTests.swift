// SPDX-License-Identifier: GPL-3.0-or-later
import GLPKSolver
import Testing
import University

@testable import LoadDistribution

/// Many tasks that look the same.
@Suite struct ManyAlikeTests {
  private func problem(
    teachers: Int, sections: Int, disciplines: Int
  ) -> LoadProblem {
    var it = SmallUniversity()
    for t in 0..<teachers { it.teacher("T\(t)", norm: 300, max: 600) }
    for d in 0..<disciplines {
      it.discipline("D\(d)", practice: 30)
      for t in 0..<teachers { it.competence("T\(t)", "D\(d)", survey: 4) }
    }
    it.institution.norms = [Norm(work: "rating", unit: .group, hours: 3)]
    for k in 0..<sections { it.section("S\(k)", "D\(k % disciplines)", .practice, count: 1) }
    return LoadInput(it.institution, sections: it.sections, tasks: it.tasks).problem
  }

  @Test("the start deals tasks that look the same in blocks: a preparation a teacher, and few more")
  func dealt() {
    let problem = problem(teachers: 20, sections: 200, disciplines: 3)
    var search = LoadSearch(problem, seed: 1)
    search.construct()
    #expect(search.isDealt)
    #expect(search.state.holder.allSatisfy { $0 >= 0 })
    let preparations = search.state.count.count { $0 > 0 }
    #expect(preparations <= 20 + 3)
    let hours = search.state.hours
    // 200 of 33 hours among 20: 330 each, in steps of 30 and of 3.
    #expect((hours.max() ?? 0) - (hours.min() ?? 0) <= 30)
  }

  @Test(
    "the bound of a part knows that hours beyond all norms are overload, and is met to a few units")
  func totals() throws {
    let problem = problem(teachers: 20, sections: 240, disciplines: 3)
    let work = problem.tasks.reduce(0) { $0 + $1.hours }
    let norms = problem.teachers.reduce(0) { $0 + $1.norm }
    let prices = try FairnessPrices(
      problem, solver: GLPKSolver(), stop: Stop(deadline: nil, isCancelled: { false }))
    let bound = try #require(prices.bound)
    let overload = (Double(work) - norms) * problem.costs.overload
    let survey = problem.pairCost[0] * Double(240 * 3000)
    #expect(overload > 0)
    #expect(bound >= overload + survey - 1e-3)
    // Dealt evenly there is little else: preparations, and what does not divide.
    var search = LoadSearch(problem, seed: 1)
    search.construct()
    let shares = try #require(
      try NormShares(problem: problem).best(
        holder: search.state.holder, shares: NormShares.whole(search.state),
        teachers: Array(problem.teachers.indices), solver: GLPKSolver(),
        stop: Stop(deadline: nil, isCancelled: { false })))
    let cost = NormShares(problem: problem).cost(shares)
    #expect(bound <= cost)
    #expect(cost - bound <= 0.02 * cost)
    #expect(shares.reduce(0) { $0 + $1.hours } == work)
  }
}

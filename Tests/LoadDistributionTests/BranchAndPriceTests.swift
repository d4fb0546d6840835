// SPDX-License-Identifier: GPL-3.0-or-later
import GLPKSolver
import Testing
import University

@testable import LoadDistribution

@Suite("Branch and price against enumeration")
struct BranchAndPriceTests {
  /// One department of three teachers and six or seven tasks, of which hours may go short.
  private func problem(_ seed: UInt64) throws -> LoadProblem {
    var numbers = TestNumbers(seed &+ 4001)
    var made = SmallUniversity()
    for t in 0..<3 {
      made.teacher(
        "T\(t)", norm: Double(Int.random(in: 20...70, using: &numbers)),
        min: t == 0 && seed % 3 == 0 ? 25 : nil,
        max: Bool.random(using: &numbers) ? Double(Int.random(in: 30...70, using: &numbers)) : nil,
        position: t == 1 ? "lecturer" : "docent")
    }
    for d in 0..<2 {
      made.discipline(
        "D\(d)", lecture: 15, practice: [10, 15, 20].randomElement(using: &numbers) ?? 10)
      for t in 0..<3 where d == 0 || Int.random(in: 0..<4, using: &numbers) > 0 {
        made.competence(
          "T\(t)", "D\(d)", preference: Int.random(in: -2...2, using: &numbers),
          taught: Bool.random(using: &numbers),
          survey: [nil, 3.5, 4.6].randomElement(using: &numbers) ?? nil)
      }
      made.section("L\(d)", "D\(d)", .lecture)
      for k in 0..<(d == 0 ? 3 : Int.random(in: 1...2, using: &numbers)) {
        made.section("P\(d)\(k)", "D\(d)", .practice, parent: "L\(d)")
      }
    }
    let input = LoadInput(made.institution, sections: made.sections, tasks: made.tasks)
    return try #require(input.problem.untimed.parts().first).problem
  }

  /// The least cost over all holders within the ceilings.
  private func least(_ problem: LoadProblem, isRounded: Bool = false) -> Double {
    let judge = NormShares(problem: problem)
    var shares = problem.tasks.enumerated().map {
      Share(task: $0.offset, teacher: -1, hours: $0.element.hours)
    }
    var hours = problem.teachers.map { _ in 0 }
    var best = Double.infinity
    func extend(_ task: Int) {
      guard task < shares.count else {
        best = min(best, isRounded ? judge.roundedCost(shares) : judge.cost(shares))
        return
      }
      shares[task].teacher = -1
      extend(task + 1)
      let size = problem.tasks[task].hours
      for t in problem.candidates(task)
      where hours[t] + size <= problem.teachers[t].ceiling {
        shares[task].teacher = t
        hours[t] += size
        extend(task + 1)
        hours[t] -= size
      }
      shares[task].teacher = -1
    }
    extend(0)
    return best
  }

  /// What loads cost as holders of single tasks.
  private func cost(
    _ loads: [LoadColumn], _ block: LoadBlock, _ problem: LoadProblem, isRounded: Bool = false
  ) -> Double {
    var open: [LoadBlock.Key: [Int]] = [:]
    for (i, task) in problem.tasks.enumerated() {
      open[LoadBlock.Key(work: task.work, hours: task.hours), default: []].append(i)
    }
    var holder = [Int](repeating: -1, count: problem.tasks.count)
    for load in loads {
      for item in load.groups {
        let group = block.groups[item.group]
        let key = LoadBlock.Key(work: group.work, hours: group.hours)
        let left = open[key] ?? []
        for task in left.prefix(item.count) { holder[task] = block.teachers[load.teacher] }
        open[key] = Array(left.dropFirst(item.count))
      }
    }
    let shares = problem.tasks.enumerated().map {
      Share(task: $0.offset, teacher: holder[$0.offset], hours: $0.element.hours)
    }
    let judge = NormShares(problem: problem)
    return isRounded ? judge.roundedCost(shares) : judge.cost(shares)
  }

  @Test(
    "with imbalance rounded the bound is the least rounded cost, and loads of it are found",
    arguments: 1...20)
  func rounded(seed: Int) throws {
    let problem = try problem(UInt64(seed))
    let block = LoadBlock.joined(problem)
    let none = [Double](repeating: 0, count: problem.teachers.count)
    let generation = try #require(
      ColumnGeneration(problem, block, fairness: none, hasExtremes: true, roundsImbalance: true))
    #expect(generation.roundsImbalance)
    let start = generation.columns(of: LoadState(problem))
    let least = least(problem, isRounded: true)
    var best = generation.value(of: start)
    for nodes in [2, 5000] {
      let tree = BranchAndPrice(
        generation: generation, solver: GLPKSolver(),
        stop: Stop(deadline: nil, isCancelled: { false }), rest: 0, nodes: nodes)
      let bound = try tree.run(from: start, upper: best, lower: 0) { loads in
        let value = cost(loads, block, problem, isRounded: true)
        #expect(abs(value - generation.value(of: loads)) < 1e-6)
        best = min(best, value)
        return best
      }
      #expect(bound <= least + 1e-6)
      #expect(nodes == 2 || abs(bound - least) < 5e-3, "\(bound) of \(least), found \(best)")
    }
    #expect(abs(best - least) < 5e-3)
  }

  @Test("the bound is the least cost, and loads of that cost are found", arguments: 1...40)
  func exact(seed: Int) throws {
    let problem = try problem(UInt64(seed))
    let blocks = LoadBlock.blocks(of: problem)
    try #require(blocks.count == 1)
    let none = [Double](repeating: 0, count: problem.teachers.count)
    let generation = try #require(
      ColumnGeneration(problem, blocks[0], fairness: none, hasExtremes: true))
    let vacant = LoadState(problem)
    let start = generation.columns(of: vacant)
    let least = least(problem)
    #expect(blocks[0].plainBound(problem, fairness: none) <= least + 1e-6)
    var best = Double.infinity
    let tree = BranchAndPrice(
      generation: generation, solver: GLPKSolver(),
      stop: Stop(deadline: nil, isCancelled: { false }), rest: 0, nodes: 5000)
    let bound = try tree.run(
      from: start, upper: generation.value(of: start), lower: 0
    ) { loads in
      let value = cost(loads, blocks[0], problem)
      #expect(abs(value - generation.value(of: loads)) < 1e-6)
      best = min(best, value)
      return best
    }
    #expect(abs(bound - least) < 2e-3)
    #expect(abs(min(best, generation.value(of: start)) - least) < 2e-3)
  }

  @Test("hours above all ceilings together are in the bound that needs no search")
  func aboveCeilings() throws {
    var made = SmallUniversity()
    made.teacher("T", norm: 20, max: 20)
    made.discipline("D", practice: 15)
    made.competence("T", "D")
    for k in 0..<4 { made.section("S\(k)", "D", .practice) }
    let problem = LoadInput(made.institution, sections: made.sections, tasks: made.tasks).problem
    let block = try #require(LoadBlock.blocks(of: problem).first)
    let bound = block.plainBound(problem, fairness: [0])
    // 40 of 60 hours at 1000 each, less what holding them would cost.
    #expect(bound > 39_000)
    #expect(bound <= least(problem) + 1e-6)
  }

  @Test("a search that ends early proves no more than the least cost", arguments: 1...20)
  func early(seed: Int) throws {
    let problem = try problem(UInt64(seed))
    let block = try #require(LoadBlock.blocks(of: problem).first)
    let none = [Double](repeating: 0, count: problem.teachers.count)
    let generation = try #require(
      ColumnGeneration(problem, block, fairness: none, hasExtremes: true))
    let start = generation.columns(of: LoadState(problem))
    for nodes in [1, 3] {
      let tree = BranchAndPrice(
        generation: generation, solver: GLPKSolver(),
        stop: Stop(deadline: nil, isCancelled: { false }), rest: 0, nodes: nodes)
      var best = generation.value(of: start)
      let bound = try tree.run(from: start, upper: best, lower: 0) { loads in
        best = min(best, generation.value(of: loads))
        return best
      }
      #expect(bound <= least(problem) + 1e-6)
      #expect(bound > 0)
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
internal import Dispatch
internal import LinearModels
internal import Synchronization

/// What one part of the problem came to.
struct PartResult: Sendable {
  var shares: [Share]
  var cost: Double
  var bound: Double
  /// Whether a teacher stays below the floor.
  var isShort: Bool
}

/// Solves the parts of a problem, several at a time.
struct LoadSolver: Sendable {
  let solver: any LinearSolver
  let options: LoadOptions
  let stop: Stop

  /// Results in the order of the parts.
  ///
  /// Each part has its own generator of random numbers, so the threads do not change the result.
  func solve(_ parts: [LoadProblem.Part]) throws -> [PartResult] {
    let results = Mutex<[Int: Result<PartResult, any Error>]>([:])
    let next = Atomic<Int>(0)
    let sizes = parts.map { Double($0.tasks.count + 1) }
    let total = sizes.reduce(0, +)
    let threads = max(1, min(options.threads, parts.count))
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      while true {
        let k = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard k < parts.count else { return }
        // A part's share of the time left is its share of the work left on its thread.
        let later = sizes[k...].reduce(0, +)
        let share = min(1, max(sizes[k] * Double(threads) / later, 1 / Double(parts.count)))
        let until = stop.secondsLeft.map { ContinuousClock.now + .seconds($0 * share) }
        let result = Result { try solve(parts[k].problem, index: k, stop: stop.until(until)) }
        let done = results.withLock { all in
          all[k] = result
          return all.keys.reduce(0) { $0 + sizes[$1] }
        }
        options.progress("load", done / total)
      }
    }
    let all = results.withLock { $0 }
    return try parts.indices.compactMap { try all[$0]?.get() }
  }

  private func solve(_ problem: LoadProblem, index: Int, stop: Stop) throws -> PartResult {
    let seed = options.seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(index)
    var search = LoadSearch(problem, seed: seed)
    search.construct()
    let free = problem.tasks.count
    let steps =
      options.iterationLimit.map { max(1, $0 * free / max(1, free)) } ?? (200_000 + 4000 * free)
    let searchEnd = stop.secondsLeft.map { ContinuousClock.now + .seconds($0 * 0.5) }
    search.anneal(steps: steps, from: 25, to: 0.3, stop: stop.until(searchEnd))
    print("anneal", search.bestCost)
    search.restart(from: search.best)
    search.state.fillVacancies(stop: stop)

    let fairness = try FairnessPrices.find(problem, solver: solver, stop: stop)
    var bound = 0.0
    for block in LoadBlock.blocks(of: problem) {
      guard let generation = ColumnGeneration(problem, block, fairness: fairness) else { continue }
      let t0 = ContinuousClock.now
      let found = try generation.solve(
        from: generation.columns(of: search.state), solver: solver, stop: stop)
      bound += found.bound
      print(block.teachers.count, block.groups.count, found.bound, found.isConverged, found.columns.count, t0.duration(to: .now))
    }
    let judge = NormShares(problem: problem)
    var shares = NormShares.whole(search.state)
    var cost = judge.cost(shares)
    if let spread = try judge.best(of: search.state, solver: solver, stop: stop) {
      let spreadCost = judge.cost(spread)
      if spreadCost < cost - 1e-6 {
        shares = spread
        cost = spreadCost
      }
    }
    var hours = [Int](repeating: 0, count: problem.teachers.count)
    for share in shares where share.teacher >= 0 { hours[share.teacher] += share.hours }
    let isShort = problem.teachers.indices.contains { hours[$0] < problem.teachers[$0].floor }
    return PartResult(shares: shares, cost: cost, bound: bound, isShort: isShort)
  }
}

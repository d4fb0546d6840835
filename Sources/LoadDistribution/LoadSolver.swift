// SPDX-License-Identifier: GPL-3.0-or-later
internal import Dispatch
internal import LinearModels
internal import Synchronization

/// What one part of the problem came to.
struct PartResult: Sendable {
  var shares: [Share]
  /// Exact, before criteria are rounded; shortfall included, what the timetable prefers not.
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
        let result = Result {
          try solve(
            parts[k].problem, index: k, share: sizes[k] / total, stop: stop.until(until))
        }
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

  private func solve(
    _ problem: LoadProblem, index: Int, share: Double, stop: Stop
  ) throws -> PartResult {
    let seed = options.seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(index)
    var search = LoadSearch(problem, seed: seed)
    search.construct()
    let free = problem.tasks.count
    let steps =
      options.iterationLimit.map { max(1, Int(Double($0) * share)) } ?? (10_000 + 2000 * free)
    let searchEnd = stop.secondsLeft.map { ContinuousClock.now + .seconds($0 * 0.3) }
    search.anneal(steps: steps, from: 25, to: 0.3, stop: stop.until(searchEnd))
    search.restart(from: search.best)
    search.state.fillVacancies(stop: stop)

    let all = Array(problem.teachers.indices)
    var refinement = LoadRefinement(
      problem, start: NormShares.whole(search.state), solver: solver, stop: stop)
    if !stop.isDue { try refinement.spread(over: all) }
    // The objective does not know the timetable: bounds are proved without its say.
    let isTimed = problem.isTimed
    let untimed = isTimed ? problem.untimed : problem
    var bound = try relaxedBound(untimed, search.state, stop)
    func isOpen() -> Bool { refinement.incumbent.cost - bound > 1e-3 && !stop.isDue }
    if isOpen(), problem.teachers.count > LoadRefinement.smallSize {
      var random = RandomSource(seed: seed &+ 1)
      try refinement.polish(
        size: 10, effort: 1500, rounds: 20 + 3 * problem.teachers.count, random: &random)
    }
    if isOpen(), problem.teachers.count <= wholeSize {
      let proved = try refinement.improve(all, effort: wholeEffort)
      if !isTimed {
        bound = max(bound, proved ?? bound)
      } else if isOpen() {
        var free = LoadRefinement(
          untimed, start: refinement.incumbent.shares, solver: solver, stop: stop)
        bound = max(bound, try free.improve(all, effort: wholeEffort) ?? bound)
      }
    }
    var hours = [Int](repeating: 0, count: problem.teachers.count)
    for share in refinement.incumbent.shares where share.teacher >= 0 {
      hours[share.teacher] += share.hours
    }
    let isShort = problem.teachers.indices.contains { hours[$0] < problem.teachers[$0].floor }
    return PartResult(
      shares: refinement.incumbent.shares,
      cost: NormShares(problem: untimed).cost(refinement.incumbent.shares), bound: bound,
      isShort: isShort)
  }

  /// Up to this many teachers a part is tried as one mixed-integer model.
  private var wholeSize: Int { 16 }
  private var wholeEffort: Int { 10_000 }

  /// A lower bound of the part's objective by column generation in each block, with prices in place
  /// of `imbalance`.
  ///
  /// Where there is no time, or a block is too large, what no distribution can avoid counts.
  private func relaxedBound(
    _ problem: LoadProblem, _ state: LoadState, _ stop: Stop
  ) throws -> Double {
    let half = stop.secondsLeft.map { ContinuousClock.now + .seconds($0 * 0.5) }
    let stop = stop.until(half)
    let isDue = stop.isDue
    let fairness =
      isDue
      ? [Double](repeating: 0, count: problem.teachers.count)
      : try FairnessPrices.find(problem, solver: solver, stop: stop)
    var bound = 0.0
    for block in LoadBlock.blocks(of: problem) {
      let plain = block.plainBound(problem, fairness: fairness)
      guard !isDue, let generation = ColumnGeneration(problem, block, fairness: fairness) else {
        bound += plain
        continue
      }
      let found = try generation.solve(
        from: generation.columns(of: state), solver: solver, stop: stop)
      bound += max(plain, found.bound)
    }
    return bound
  }
}

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
  /// A proved lower bound with `imbalance` rounded to 0.01 as the contract has it; nil where that was
  /// not looked for, because there are other parts or too many teachers.
  var roundedBound: Double?
  /// What is paid for hours of teachers below their floors.
  var shortfall: Double
  /// Whether it is proved that nothing costs less among the distributions against which the timetable
  /// says nothing.
  var isTimedProved = false
  /// Whether a teacher stays below the floor.
  var isShort: Bool { shortfall > 0 }
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
            parts[k].problem, index: k, isAlone: parts.count == 1, share: sizes[k] / total,
            threads: max(1, options.threads / threads), stop: stop.until(until))
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
    _ problem: LoadProblem, index: Int, isAlone: Bool, share: Double, threads: Int, stop: Stop
  ) throws -> PartResult {
    let seed = options.seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(index)
    let isThorough =
      options.isThorough && options.iterationLimit == nil && stop.deadline != nil
    var search = LoadSearch(problem, seed: seed)
    search.construct()
    let free = problem.tasks.count
    let steps =
      options.iterationLimit.map { max(1, Int(Double($0) * share)) } ?? (10_000 + 2000 * free)
    let searchEnd = stop.secondsLeft.map { ContinuousClock.now + .seconds($0 * 0.3) }
    // What was dealt in blocks a hot start would only scatter.
    search.anneal(
      steps: steps, from: search.isDealt ? 3 : 25, to: 0.3, stop: stop.until(searchEnd))
    search.restart(from: search.best)
    search.state.fillVacancies(stop: stop)

    let all = Array(problem.teachers.indices)
    var refinement = LoadRefinement(
      problem, start: NormShares.whole(search.state), solver: solver, stop: stop)
    if !stop.isDue { try refinement.spread(over: all) }
    // The objective does not know the timetable: bounds are proved without its say.
    let isTimed = problem.isTimed
    let untimed = isTimed ? problem.untimed : problem
    var early: Rounding?
    if isAlone, problem.teachers.count <= wholeSize, !stop.isDue {
      func until(_ share: Double) -> Stop {
        stop.until(stop.secondsLeft.map { ContinuousClock.now + .seconds($0 * share) })
      }
      let found = try proveAtOnce(
        problem, untimed, refinement.incumbent.shares, effort: isThorough ? 100_000 : 20_000,
        until(0.25), timed: until(0.6))
      if let found {
        refinement.accept(found.shares)
        if found.isProved || found.isSettled { return result(found, problem, untimed) }
      }
      early = found
    }
    let relaxation = try relax(untimed, search.state, threads: threads, stop)
    var bound = relaxation.bound
    func isOpen() -> Bool { refinement.incumbent.cost - bound > 1e-3 && !stop.isDue }
    if isOpen(), !relaxation.loads.isEmpty {
      // The dive's loads, which know neither L5 nor the timetable, repaired and cooled from warm.
      search.restart(from: holders(relaxation.loads, problem))
      search.state.fillVacancies(stop: stop)
      search.begin()
      search.anneal(steps: 2000 * free, from: 3, to: 0.3, stop: stop.until(searchEnd))
      search.restart(from: search.best)
      try refinement.accept(search.state, spreadOver: all)
    }
    refinement.learn(relaxation)
    if isOpen(), problem.teachers.count > LoadRefinement.smallSize {
      var random = RandomSource(seed: seed &+ 1)
      let n = problem.teachers.count
      let isWholeLater = n <= provedSize
      // Branching proves, and finds more than neighbourhoods do, where a part is small.
      let polishEnd = stop.secondsLeft.map {
        ContinuousClock.now
          + .seconds(isThorough && isWholeLater ? $0 * (n <= wholeSize ? 0.1 : 0.5) : $0)
      }
      refinement.stop = stop.until(polishEnd)
      defer { refinement.stop = stop }
      let isEndless = isThorough && !isWholeLater
      // What a solve that counts steps does comes first where there is time too: it is short.
      if isThorough && isWholeLater {
        try refinement.polish(
          sizes: [10], effort: 1500, nodes: 0, rounds: 20 + 3 * n, patience: 4 + n / 5,
          threads: threads, random: &random)
      }
      // Small neighbourhoods until they bring nothing more, then larger ones.
      let stages: [(sizes: [Int], nodes: Int)] =
        isThorough ? [([6, 8, 10, 12], 120), ([12, 16, 20, 24], 400)] : [([10], 0)]
      for stage in stages {
        try refinement.polish(
          sizes: stage.sizes, effort: isThorough ? 4000 : 1500, nodes: stage.nodes,
          rounds: isThorough ? .max : 20 + 3 * n,
          patience: isEndless ? 60 + 2 * n : isThorough ? 12 + n : 4 + n / 5, threads: threads,
          random: &random)
      }
    }
    /// Asks one programme over the whole part, for the bound without what the timetable prefers;
    /// tells whether it is proved, but for hundredths of hours that it takes for divisible.
    func askWhole(effort: Int) throws -> Bool {
      let limit = refinement.incumbent.cost
      let proved = try refinement.improve(all, effort: effort)
      if !isTimed {
        // Whatever the model leaves out is no better than what was known.
        bound = max(bound, min(limit, proved ?? bound))
      } else if isOpen() {
        var free = LoadRefinement(
          untimed, start: refinement.incumbent.shares, solver: solver, stop: refinement.stop)
        bound = max(bound, try free.improve(all, effort: effort) ?? bound)
        return free.incumbent.cost - bound <= wholeSlack
      }
      return refinement.incumbent.cost - bound <= wholeSlack
    }
    var isEasy = refinement.incumbent.cost - bound <= wholeSlack
    if isThorough, isOpen(), problem.teachers.count <= wholeSize {
      // A mixed-integer programme finds in a short time what branching over loads may not.
      refinement.stop = stop.until(
        stop.secondsLeft.map { ContinuousClock.now + .seconds($0 * 0.3) })
      isEasy = try askWhole(effort: wholeEffort)
      refinement.stop = stop
    }
    var rounding: Rounding?
    if isAlone, problem.teachers.count <= (isThorough ? provedSize : wholeSize) {
      rounding = try proveRounded(
        problem, untimed, refinement.incumbent.shares, relaxation, bound: bound,
        isEasy: isEasy, nodes: isThorough ? 20_000 : problem.teachers.count <= 12 ? 60 : 12,
        known: early, stop)
      if let rounding { refinement.accept(rounding.shares) }
    }
    if rounding == nil, isOpen(), let (generation, start) = relaxation.whole,
      problem.teachers.count <= (isThorough ? provedSize : wholeSize)
    {
      let tree = BranchAndPrice(
        generation: generation, solver: solver, stop: stop, rest: 0,
        nodes: isThorough ? 20_000 : 12)
      bound = max(
        bound,
        try tree.run(from: start, upper: refinement.incumbent.cost, lower: bound) { loads in
          let state = LoadState(
            problem, holders: holders(loads.map { (generation.block, $0) }, problem))
          try refinement.accept(state, spreadOver: all)
          return refinement.incumbent.cost
        })
    }
    refinement.learn(relaxation)
    if isOpen(), !(rounding?.isProved ?? false), problem.teachers.count <= wholeSize {
      _ = try askWhole(effort: isThorough ? 20 * wholeEffort : wholeEffort)
    }
    // Where rounding counts, what costs least by it.
    var chosen = refinement.incumbent.shares
    let judge = NormShares(problem: problem)
    if let rounding, judge.roundedCost(rounding.shares) < judge.roundedCost(chosen) - 1e-9 {
      chosen = rounding.shares
    }
    var isTimedProved = false
    if let early {
      var last = Rounding(chosen, judge, NormShares(problem: untimed), bound: bound)
      last.timedBound = early.timedBound
      isTimedProved = last.isTimedProved
    }
    return PartResult(
      shares: chosen, cost: NormShares(problem: untimed).cost(chosen), bound: bound,
      roundedBound: rounding?.bound, shortfall: shortfall(chosen, problem),
      isTimedProved: isTimedProved)
  }

  /// What shares pay for hours of teachers below their floors.
  private func shortfall(_ shares: [Share], _ problem: LoadProblem) -> Double {
    var hours = [Int](repeating: 0, count: problem.teachers.count)
    for share in shares where share.teacher >= 0 { hours[share.teacher] += share.hours }
    return problem.teachers.indices.reduce(0) {
      $0 + Double(max(0, problem.teachers[$1].floor - hours[$1])) * problem.costs.shortfall
    }
  }

  /// A distribution and a bound by the contract's objective.
  private struct Rounding {
    var shares: [Share]
    var cost: Double
    /// The cost without what the timetable prefers: the contract's own.
    var untimedCost: Double
    var bound: Double
    /// A bound of ``cost``; nil where none was looked for.
    var timedBound: Double?
    /// Whether the programme without the timetable's say was solved to its end: no bound is higher,
    /// but for hundredths of hours.
    var isBoundFinal = false

    var isProved: Bool { untimedCost - bound <= 5e-3 }
    /// Whether nothing costs less of what the timetable says nothing against, this being such a one.
    var isTimedProved: Bool {
      timedBound.map { cost - $0 <= 5e-3 && cost - untimedCost < 1e-6 } ?? false
    }
    /// Whether neither a lower cost nor a higher bound is to be had.
    var isSettled: Bool { isBoundFinal && isTimedProved }

    init(_ shares: [Share], _ judge: NormShares, _ untimed: NormShares, bound: Double) {
      self.shares = shares
      cost = judge.roundedCost(shares)
      untimedCost = untimed.roundedCost(shares)
      self.bound = bound
    }

    mutating func take(_ other: [Share], _ judge: NormShares, _ untimed: NormShares) {
      let price = judge.roundedCost(other)
      if price < cost - 1e-9 {
        (shares, cost, untimedCost) = (other, price, untimed.roundedCost(other))
      }
    }
  }

  /// The bound of the contract's objective by one mixed-integer model in which `imbalance` is whole
  /// points, and only what costs less than the best known is feasible.
  ///
  /// Hours are divisible at first: where even so nothing costs less, all is proved. Else the hours of
  /// each teacher become whole hundredths. Class tasks go only to pairs of which the relaxation does
  /// not say that they cost too much: what costs less than the known by rounded points costs less
  /// than the known and half a point by exact ones.
  private func proveInOne(
    _ found: inout Rounding, _ problem: LoadProblem, _ untimed: LoadProblem,
    _ relaxation: Relaxation, effort: Int, _ stop: Stop
  ) throws {
    let all = Array(problem.teachers.indices)
    let (judge, plain) = (NormShares(problem: problem), NormShares(problem: untimed))
    let empty = NormShares.whole(LoadState(untimed))
    let isCancelled = stop.isCancelled
    let asked = Counter()
    var inHundredths = false
    while !found.isProved, !stop.isDue, asked.value < effort {
      let limit = found.untimedCost - 4e-3
      let compact = CompactModel(
        untimed, teachers: all, shares: empty, apart: problem.examinedDisciplines,
        known: relaxation.known(below: limit + problem.imbalance / 200), isRounded: true,
        inHundredths: inHundredths, mostCost: limit)
      var options = SolveOptions()
      options.timeLimit = stop.secondsLeft
      options.mirCuts = true
      options.isCancelled = { asked.next() > effort || isCancelled() }
      let solution = try solver.solve(compact.model, options)
      if solution.status == .infeasible {
        found.bound = max(found.bound, limit)
        return
      }
      if let proved = solution.bound { found.bound = max(found.bound, min(limit, proved)) }
      let before = found.untimedCost
      // The model does not know the timetable, which may speak against its distribution.
      if !solution.values.isEmpty, !problem.isTimed {
        try take(
          compact.shares(solution.values, now: empty), totals: compact.totals(solution.values),
          into: &found, judge, plain, stop)
      }
      guard solution.status == .optimal, !problem.isTimed else { return }
      if found.untimedCost > before - 1e-9 {
        // Nobody has less than a hundredth of an hour.
        if inHundredths { return }
        inHundredths = true
      }
    }
  }

  /// By how much rounded `imbalance` may cost less than the exact one: half a point, and nothing
  /// where nobody is compared with another.
  private func mostRounding(_ problem: LoadProblem) -> Double {
    problem.departmentTeachers.contains { $0.count > 1 } ? problem.imbalance / 200 : 0
  }

  /// A part of which the contract's objective is proved, or all that can be.
  private func result(
    _ proved: Rounding, _ problem: LoadProblem, _ untimed: LoadProblem
  ) -> PartResult {
    PartResult(
      shares: proved.shares, cost: NormShares(problem: untimed).cost(proved.shares),
      bound: proved.bound - mostRounding(problem), roundedBound: proved.bound,
      shortfall: shortfall(proved.shares, problem), isTimedProved: proved.isTimedProved)
  }

  /// The programme of ``proveInOne(_:_:_:_:effort:_:)`` before anything else is proved, from the
  /// distribution known: where most works are single tasks its relaxation is so near that it ends
  /// within seconds. Where the timetable has a say, it is asked once more with that, until `timed`: the
  /// bound is of the first, the distribution of the second.
  ///
  /// Nil where the relaxation is far from the distribution, as it is where many tasks look the same.
  private func proveAtOnce(
    _ problem: LoadProblem, _ untimed: LoadProblem, _ start: [Share], effort: Int, _ stop: Stop,
    timed: Stop
  ) throws -> Rounding? {
    let (judge, plain) = (NormShares(problem: problem), NormShares(problem: untimed))
    let all = Array(problem.teachers.indices)
    let empty = NormShares.whole(LoadState(untimed))
    let isCancelled = stop.isCancelled
    var options = SolveOptions()
    func model(_ problem: LoadProblem, inHundredths: Bool = false) -> CompactModel {
      CompactModel(
        problem, teachers: all, shares: empty, apart: problem.examinedDisciplines, isRounded: true,
        inHundredths: inHundredths)
    }
    let first = model(untimed)
    options.relaxed = true
    options.timeLimit = stop.secondsLeft
    options.isCancelled = isCancelled
    // The objective of a relaxation that ran out of time is no bound.
    guard let bound = try solver.solve(first.model, options).bound else { return nil }
    var found = Rounding(start, judge, plain, bound: bound)
    guard found.untimedCost - bound <= 0.02 * max(1, abs(bound)) else { return nil }
    options.relaxed = false
    options.mirCuts = true
    let asked = Counter()
    options.isCancelled = { asked.next() > effort || isCancelled() }
    func ask(_ compact: CompactModel, _ stop: Stop) throws -> LinearSolution {
      var options = options
      options.timeLimit = stop.secondsLeft
      if let held = compact.holding(found.shares) {
        options.start = try solver.solve(held, options).values
      }
      return try solver.solve(compact.model, options)
    }
    func take(_ compact: CompactModel, _ solution: LinearSolution, _ stop: Stop) throws {
      guard !solution.values.isEmpty else { return }
      try self.take(
        compact.shares(solution.values, now: empty), totals: compact.totals(solution.values),
        into: &found, judge, plain, stop)
    }
    for compact in [false, true].lazy.map({ $0 ? model(untimed, inHundredths: true) : first }) {
      let solution = try ask(compact, stop)
      // The model does not know the timetable, which may speak against its distribution.
      if !problem.isTimed { try take(compact, solution, stop) }
      // Rounding may put a bound of numbers a little above the cost of whole hundredths; one that is
      // far above would be of another model.
      if let proved = solution.bound, proved < found.untimedCost + 0.02 {
        found.bound = max(found.bound, min(proved, found.untimedCost))
      }
      found.isBoundFinal = solution.status == .optimal
      if found.isProved || stop.isDue || !found.isBoundFinal || problem.isTimed { break }
    }
    guard problem.isTimed else { return found }
    // What is left of the time is best spent here where the bound is final.
    let stop = found.isBoundFinal ? timed : stop
    for inHundredths in [false, true] {
      if found.isProved || found.isTimedProved || stop.isDue { break }
      let compact = model(problem, inHundredths: inHundredths)
      let solution = try ask(compact, stop)
      try take(compact, solution, stop)
      guard solution.status == .optimal, let proved = solution.bound, proved < found.cost + 0.02
      else { break }
      found.timedBound = max(found.timedBound ?? -.infinity, min(proved, found.cost))
    }
    return found
  }

  /// Takes shares of which hundredths may be anywhere, and the same class tasks with the work of
  /// norms.csv spread anew: by the hundredths that each teacher has, and within as many points.
  private func take(
    _ shares: [Share], totals: [Double], into found: inout Rounding, _ judge: NormShares,
    _ plain: NormShares, _ stop: Stop
  ) throws {
    let problem = judge.problem
    found.take(shares, judge, plain)
    var holder = [Int](repeating: -1, count: problem.tasks.count)
    for share in shares where problem.tasks[share.task].isClass {
      holder[share.task] = share.teacher
    }
    let all = Array(problem.teachers.indices)
    let whole = try judge.best(
      holder: holder, shares: shares, teachers: all, solver: solver, stop: stop,
      totals: totals.map { Int($0.rounded()) })
    if let whole { found.take(whole, judge, plain) }
    let points = max(0, (100 * judge.spread(totals) - 0.5 - 1e-5).rounded(.up))
    for most in [0.499, 0.45, 0.3] {
      let even = try judge.best(
        holder: holder, shares: shares, teachers: all, solver: solver, stop: stop,
        mostSpread: points + most)
      if let even { found.take(even, judge, plain) }
    }
  }

  /// Branching with `imbalance` rounded as the contract has it: ratios that no hundredths of an hour
  /// make equal then cost nothing, and a spread within a point costs the same throughout.
  ///
  /// Nil where the part is too large for the pricing, nothing else was tried, and nothing was known.
  private func proveRounded(
    _ problem: LoadProblem, _ untimed: LoadProblem, _ start: [Share], _ relaxation: Relaxation,
    bound: Double, isEasy: Bool, nodes: Int, known: Rounding?, _ stop: Stop
  ) throws -> Rounding? {
    let judge = NormShares(problem: problem)
    let plain = NormShares(problem: untimed)
    var found = Rounding(
      start, judge, plain,
      bound: max(bound - mostRounding(problem), known?.bound ?? -.infinity))
    if let known { found.take(known.shares, judge, plain) }
    if found.isProved { return found }
    if isEasy, problem.teachers.count <= wholeSize {
      try proveInOne(
        &found, problem, untimed, relaxation, effort: nodes > 100 ? 20 * wholeEffort : wholeEffort,
        stop.until(stop.secondsLeft.map { ContinuousClock.now + .seconds($0 * 0.5) }))
      if found.isProved { return found }
    }
    let block = LoadBlock.joined(untimed)
    let none = [Double](repeating: 0, count: problem.teachers.count)
    guard
      let generation = ColumnGeneration(
        untimed, block, fairness: none, hasExtremes: true, roundsImbalance: true)
    else { return isEasy || known != nil ? found : nil }
    let all = Array(problem.teachers.indices)
    let tree = BranchAndPrice(
      generation: generation, solver: solver, stop: stop, rest: 0, nodes: nodes)
    found.bound = max(
      found.bound,
      try tree.run(
        from: generation.columns(of: start) + (relaxation.whole?.columns ?? []),
        upper: found.cost, lower: found.bound
      ) { loads in
        let state = LoadState(problem, holders: holders(loads.map { (block, $0) }, problem))
        let whole = NormShares.whole(state)
        // The work of norms.csv as even as may be, then as is best within the same rounded spread,
        // hundredths of an hour allowed for.
        let point = generation.spread(of: loads).rounded()
        for most in [nil, point + 0.499, point + 0.45, point + 0.3] {
          let shares = try judge.best(
            holder: state.holder, shares: whole, teachers: all, solver: solver, stop: stop,
            mostSpread: most)
          if let shares { found.take(shares, judge, plain) }
        }
        found.take(whole, judge, plain)
        return found.cost
      })
    if !found.isProved, !isEasy, !stop.isDue, all.count <= LoadRefinement.smallSize {
      try proveInOne(&found, problem, untimed, relaxation, effort: wholeEffort, stop)
    }
    return found
  }

  /// Up to this many teachers a part is tried as one mixed-integer model, and all parts are one, so
  /// that `imbalance` is rounded as a whole.
  private var wholeSize: Int { Self.joinedSize }
  static let joinedSize = 16
  /// Up to this many teachers a part is proved by branching, as long as there is time.
  private var provedSize: Int { 30 }
  private var wholeEffort: Int { 10_000 }
  private var wholeSlack: Double { 0.25 }

  /// Who holds each task by loads that count the tasks that look the same.
  private func holders(_ loads: [(block: LoadBlock, load: LoadColumn)], _ problem: LoadProblem)
    -> [Int]
  {
    struct Key: Hashable {
      var work: Int
      var hours: Int
    }
    var open: [Key: [Int]] = [:]
    var pools: [Int: [Int]] = [:]
    var state = LoadState(problem)
    for (i, task) in problem.tasks.enumerated().reversed() where task.fixed < 0 {
      if task.isClass {
        open[Key(work: task.work, hours: task.hours), default: []].append(i)
      } else {
        pools[task.work, default: []].append(i)
      }
    }
    for (block, load) in loads {
      let t = block.teachers[load.teacher]
      for item in load.groups {
        let group = block.groups[item.group]
        let key = Key(work: group.work, hours: group.hours)
        var rest = open[key] ?? []
        var left = item.count
        for position in rest.indices.reversed() where left > 0 {
          let task = rest[position]
          guard state.allows(task, t) else { continue }
          state.assign(task, t)
          rest.remove(at: position)
          left -= 1
        }
        open[key] = rest
      }
    }
    // The work of norms.csv, which loads hold in parts, whole as far as it goes.
    for (block, load) in loads {
      let t = block.teachers[load.teacher]
      for item in load.pools {
        let work = block.pools[item.pool].work
        var rest = pools[work] ?? []
        var left = item.hours
        for position in rest.indices.reversed() {
          let hours = Double(problem.tasks[rest[position]].hours)
          guard hours <= left + 1, state.allows(rest[position], t) else { continue }
          state.assign(rest[position], t)
          rest.remove(at: position)
          left -= hours
        }
        pools[work] = rest
      }
    }
    return state.holder
  }

  /// Column generation in each block: a lower bound of the part's objective, what it proves of
  /// single pairs, and loads from a dive.
  ///
  /// All blocks have prices before any has its programme over loads, so that a large one does not
  /// take the others' time. Where there is no time, or a block is too large, what no distribution can
  /// avoid counts.
  private func relax(
    _ problem: LoadProblem, _ state: LoadState, threads: Int, _ stop: Stop
  ) throws -> Relaxation {
    let half = stop.secondsLeft.map { ContinuousClock.now + .seconds($0 * 0.5) }
    let stop = stop.until(half)
    let isDue = stop.isDue
    let fairness =
      isDue
      ? FairnessPrices(none: problem) : try FairnessPrices(problem, solver: solver, stop: stop)
    let blocks = LoadBlock.blocks(of: problem)
    /// Until when to work on a block, the time left shared out by teachers.
    func until(_ k: Int, _ part: Double) -> Stop {
      let later = blocks[k...].reduce(0) { $0 + $1.teachers.count }
      let share = part * Double(blocks[k].teachers.count) / Double(max(1, later))
      return stop.until(stop.secondsLeft.map { ContinuousClock.now + .seconds($0 * share) })
    }
    var result = Relaxation()
    var priced: [(generation: ColumnGeneration, loads: [LoadColumn], ascent: PriceAscent)?] = []
    for (k, block) in blocks.enumerated() {
      guard !isDue,
        var generation = ColumnGeneration(
          problem, block, fairness: fairness.difference, hasExtremes: true)
      else {
        priced.append(nil)
        continue
      }
      generation.threads = threads
      let loads = generation.columns(of: state)
      let ascent = generation.ascend(
        from: generation.duals(fairness), upper: generation.value(of: loads),
        steps: min(1000, 4 * block.teachers.count), stop: until(k, 0.5))
      priced.append((generation, loads, ascent))
    }
    for (k, block) in blocks.enumerated() {
      let plain = block.plainBound(problem, fairness: fairness.difference)
      guard let (generation, loads, ascent) = priced[k] else {
        result.bound += plain
        result.pricedBound += plain
        continue
      }
      let found = try generation.solve(
        from: loads, after: ascent, solver: solver, stop: until(k, 1), isDiving: true)
      result.loads += found.loads.map { (block, $0) }
      if blocks.count == 1, found.isConverged {
        result.whole = (generation, found.columns.map(\.column))
      }
      result.bound += max(plain, found.bound)
      result.pricedBound += max(plain, found.bound)
      if found.bound >= plain, let prices = found.prices {
        result.pairs += generation.reducedCosts(prices).map {
          (problem.pair($0.work, $0.teacher), $0.held, $0.dropped)
        }
      }
    }
    result.bound = max(result.bound, fairness.bound ?? -.infinity)
    return result
  }
}

/// What column generation says of a part.
struct Relaxation: Sendable {
  /// A proved lower bound of the objective.
  var bound = 0.0
  /// The bound of the prices at which pairs were judged: no higher than the other.
  var pricedBound = 0.0
  /// By how much that bound rises where a pair is held, or not.
  var pairs: [(pair: Int, held: Double, dropped: Double)] = []
  /// Where the part is one block with all its departments: its column generation and loads.
  var whole: (generation: ColumnGeneration, columns: [LoadColumn])?
  /// Loads of a dive with their blocks.
  var loads: [(block: LoadBlock, load: LoadColumn)] = []

  /// What is known of the pairs of any distribution that costs less than so much.
  func known(below cost: Double) -> KnownPairs {
    var known = KnownPairs()
    let slack = cost - pricedBound + 1e-3
    for item in pairs {
      if item.held > slack { known.absent.insert(item.pair) }
      if item.dropped > slack { known.present.insert(item.pair) }
    }
    return known
  }
}

extension LoadRefinement {
  /// Notes which pairs no better distribution has, and which all of them have.
  ///
  /// The bound knows nothing of what the timetable prefers, whose costs are never negative.
  mutating func learn(_ relaxation: Relaxation) {
    let more = relaxation.known(below: incumbent.cost)
    known.absent.formUnion(more.absent)
    known.present.formUnion(more.present)
  }

  /// Takes a state, the work of norms.csv spread anew, where it costs less.
  mutating func accept(_ state: LoadState, spreadOver teachers: [Int]) throws {
    var other = LoadRefinement(
      problem, start: NormShares.whole(state), solver: solver, stop: stop)
    if !stop.isDue { try other.spread(over: teachers) }
    accept(other.incumbent.shares)
  }
}

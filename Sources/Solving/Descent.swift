// SPDX-License-Identifier: GPL-3.0-or-later
internal import Glibc
internal import LocalSearch
internal import Problem
internal import Timetabling

/// One annealing, from hot to cold, by the clock or by a number of moves.
///
/// Where there is time for many moves an event, runs of small instances freeze into structures (who
/// comes on which day, which group in which building) whose costs differ by several percent and that
/// no later move changes. So the chains of several threads are first cooled apart, as a population of which the
/// good ones are taken up in place of the bad; when what they have is frozen the best of them is
/// cooled on by all as a team. Where there is not, all are a team from the start.
struct Descent {
  /// Whether it ends when everything has a place.
  var endsComplete = false
  /// Moves by kind, of all chains.
  private(set) var moves = Array(repeating: MoveCount(), count: MoveKind.allCases.count)

  private let state: SearchState
  private let options: SearchOptions
  private let clock: Clock
  private let bounding: LowerBoundTask
  private let stop: @Sendable () -> Bool
  private let report: (String, Score, Double?) -> Void

  private let chains: [Annealing]
  /// The mean size of a random change.
  private let scale: Double
  private let started: Double
  private let budget: Double
  /// The share of the way at which it begins.
  private let from: Double
  /// Moves of each chain so far.
  private(set) var done = 0
  private var perRound: Int
  private var lastReport: Double
  private var lastCheckpoint: Double

  /// Seconds between two looks at the clock; long against what it takes to set the threads going.
  private static let roundSeconds = 0.01

  /// An annealing of a state until `limit`; a warm one begins as hot as leaves it as good as it is.
  init(
    _ state: SearchState, isWarm: Bool, options: SearchOptions, clock: Clock, limit: Double,
    bounding: LowerBoundTask, stop: @escaping @Sendable () -> Bool,
    report: @escaping (String, Score, Double?) -> Void
  ) {
    self.state = state
    self.options = options
    self.clock = clock
    self.bounding = bounding
    self.stop = stop
    self.report = report
    chains = (0..<max(1, options.threads)).map { number in
      let copy = number == 0 ? state : SearchState(state.problem)
      if number > 0 { copy.copy(from: state) }
      return Annealing(
        copy, random: RandomSource(seed: options.seed, stream: UInt64(number)))
    }
    scale = chains[0].sampleScale()
    started = clock.seconds
    budget = limit - started
    from =
      options.resumedAt
      ?? (isWarm
        ? Descent.entry(chains[0], scale: scale, cooling: options.cooling, stop: stop) : 0)
    perRound = options.iterations.map { max(1, min(4000, $0 / 50)) } ?? 4000
    lastReport = clock.seconds
    lastCheckpoint = clock.seconds
  }

  /// Leaves the best found in the state.
  mutating func run() {
    coolApart()
    coolTogether()
    settle()
    for chain in chains { chain.noteBest() }
    if let best = chains.min(by: { $0.bestScore < $1.bestScore }) {
      best.restoreBest()
      if best !== chains[0] { state.copy(from: best.state) }
    }
    for chain in chains {
      for kind in moves.indices { moves[kind].add(chain.counts[kind]) }
    }
    report("annealing", state.score, nil)
  }

  // MARK: - The way

  /// The share of the way that is done.
  private var way: Double {
    let share =
      options.iterations.map { Double(done) / Double($0) }
      ?? (clock.seconds - started) / max(1e-9, budget)
    return from + (1 - from) * min(1, share)
  }

  private var isOver: Bool {
    if let most = options.iterations, done >= most { return true }
    if endsComplete, chains.contains(where: { $0.score.hard == 0 }) { return true }
    return stop()
  }

  /// Moves of each chain in the next round.
  private var nextRound: Int {
    options.iterations.map { min(perRound, $0 - done) } ?? perRound
  }

  /// The best score that any chain remembers.
  private var best: Score { chains.map(\.bestScore).min() ?? state.score }

  /// After a round of so many moves of each chain that began at a time and a share of the way.
  private mutating func note(_ count: Int, from before: Double, at way: Double) {
    done += count
    let now = clock.seconds
    if let checkpoint = options.checkpoint, now - lastCheckpoint >= options.checkpointInterval {
      lastCheckpoint = now
      // Apart, the one that is the furthest down.
      let chain =
        options.checkpointsBest
        ? chains.min { $0.bestScore < $1.bestScore } ?? chains[0]
        : chains.min { $0.state.score < $1.state.score } ?? chains[0]
      let isLate =
        (options.checkpointsBest || way > options.cooling.bend)
        && chain.bestScore < chain.state.score
      if (isLate ? chain.bestScore : chain.state.score).hard == 0 {
        checkpoint(isLate ? chain.bestTimetable : chain.state.timetable, way)
      }
    }
    if options.iterations == nil {
      let ratio = Descent.roundSeconds / max(1e-5, now - before)
      perRound = max(200, Int(Double(perRound) * min(2, max(0.5, ratio))))
    }
    if now - lastReport > 1 {
      lastReport = now
      report("annealing", best, scale * options.cooling.temperature(at: way))
    }
  }

  // MARK: - Apart and together

  /// The share of the way after which the structure of a timetable hardly changes: about the
  /// temperature at which nine meetings of ten are on the day on which they end.
  private static let frozenAt = 0.7
  /// Steps of the whole way after which chains are taken up or given up.
  private static let steps = 300.0
  /// How much sharper than their Boltzmann factors the choice between chains is: the lowest cost is
  /// looked for and no mean over all timetables.
  private static let sharpness = 3.0

  /// Cools the chains apart until they are frozen, and goes on from the best.
  private mutating func coolApart() {
    let population = AnnealingPopulation(
      chains, threads: chains.count, random: RandomSource(seed: options.seed, stream: 2000))
    population.fillsWaiting = options.iterations == nil
    var step = 0
    var last = 0.0
    while !isOver {
      let way = way
      if way >= Descent.frozenAt { break }
      if isBetterTogether(at: way) { break }
      let temperature = scale * options.cooling.temperature(at: way)
      let next = Int(way * Descent.steps)
      if last == 0 {
        last = temperature
      } else if next > step {
        population.resample(from: last, to: temperature, sharpness: Descent.sharpness)
        last = temperature
      }
      step = next
      let before = clock.seconds
      let count = nextRound
      population.run(moves: count, temperature: temperature)
      note(count, from: before, at: way)
      if bounding.isReached(by: best) { return }
    }
    let lowest = population.lowest
    for (number, chain) in chains.enumerated() where number != lowest {
      chain.state.copy(from: chains[lowest].state)
    }
  }

  /// Whether there are too many events or too few moves for chains apart; the moves that there will be
  /// are not known at the very start.
  private func isBetterTogether(at way: Double) -> Bool {
    if state.problem.events > options.cooling.apartUpTo { return true }
    let events = Double(max(1, state.problem.events))
    if let most = options.iterations { return Double(most) < options.cooling.apartFrom * events }
    let share = (way - from) / max(1e-9, 1 - from)
    return share > 0.01 && Double(done) / share < options.cooling.apartFrom * events
  }

  /// Cools all chains as one.
  private mutating func coolTogether() {
    let team = AnnealingTeam(chains)
    team.fillsWaiting = options.iterations == nil
    var pace = Pace()
    /// Whether the other chains have fallen behind the first.
    var areBehind = false
    while !isOver, !bounding.isReached(by: best) {
      let way = way
      let temperature = scale * options.cooling.temperature(at: way)
      let before = clock.seconds
      let count = nextRound
      if chains.count > 1, options.iterations == nil, pace.isNextAlone() {
        chains[0].run(moves: count, temperature: temperature)
        pace.note(alone: true, moves: count, seconds: clock.seconds - before)
        areBehind = true
      } else {
        if areBehind {
          for chain in chains.dropFirst() { chain.state.copy(from: chains[0].state) }
          areBehind = false
        }
        team.run(moves: count, temperature: temperature)
        pace.note(
          alone: false, moves: count * chains.count, seconds: clock.seconds - before)
      }
      chains[0].noteBest()
      note(count, from: before, at: way)
    }
    if areBehind {
      for chain in chains.dropFirst() { chain.state.copy(from: chains[0].state) }
    }
  }

  /// Cools the best of what was broken off while it was hot, in the seconds that there are for it.
  private mutating func settle() {
    let stopped = clock.seconds
    let left = min(options.settling, started + budget - stopped)
    let way = way
    guard left > 0, options.isCancelled(), let chain = chains.min(by: { $0.score < $1.score })
    else { return }
    while clock.seconds < stopped + left {
      let share = (clock.seconds - stopped) / left
      chain.run(
        moves: Descent.movesPerSettling,
        temperature: scale * options.cooling.temperature(at: way + (1 - way) * share))
      chain.noteBest()
    }
  }

  /// Moves between two looks at the clock by a search that settles.
  private static let movesPerSettling = 200

  // MARK: - Where it begins

  /// The share of the way at which a given timetable comes in: the hottest temperature at which a
  /// few moves an event leave its score about where it is. A poor one is heated to the full, a good
  /// one hardly. The chain is left as it was.
  private static func entry(
    _ chain: Annealing, scale: Double, cooling: Cooling, stop: () -> Bool
  ) -> Double {
    let problem = chain.state.problem
    let start = SearchState(problem)
    start.copy(from: chain.state)
    defer { chain.state.copy(from: start) }
    let most = Double(start.soft) * (1 + entryRise)
    var entry = entryShares[0]
    for share in entryShares {
      chain.state.copy(from: start)
      runRound(
        chain, entryMoves * problem.events, scale * cooling.temperature(at: share), stop)
      if stop() || Double(chain.state.soft) > most || chain.state.score.hard > start.score.hard {
        break
      }
      entry = share
    }
    return entry
  }

  /// Shares of the way that are tried as the entry of a given timetable, the coldest first.
  private static let entryShares = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0]
  /// Moves an event for each of them.
  private static let entryMoves = 60
  /// By so much the score may rise.
  private static let entryRise = 0.1

  /// One chain's share of a round; looks at the clock every few thousand moves.
  private static func runRound(
    _ chain: Annealing, _ count: Int, _ temperature: Double, _ stop: () -> Bool
  ) {
    var left = count
    while left > 0 {
      let step = min(left, 2000)
      chain.run(moves: step, temperature: temperature)
      left -= step
      if left > 0, stop() { return }
    }
  }
}

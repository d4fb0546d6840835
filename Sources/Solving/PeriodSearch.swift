// SPDX-License-Identifier: GPL-3.0-or-later
internal import Dispatch
internal import LocalSearch
internal import Problem
internal import Timetabling

/// Annealing by Kempe chains of problems of single periods (``PeriodProblem``), on several threads.
///
/// Each thread first anneals a timetable of its own from hot to cold; then, round after round, the
/// elites (the best timetables that differ) are shared out, and each thread heats one of them a
/// little and cools it again. With an iteration limit the result hangs on the input, the seed and
/// the threads alone: rounds are counted in moves, and elites are chosen by (cost, thread).
enum PeriodSearch {
  /// The schedule, as shares of the run; temperatures follow the prices of the problem.
  struct Schedule {
    /// Temperature at the start, as a multiple of the dearest price of a single fault.
    var hot = 1.2
    /// Temperature at the end, as a multiple of the cheapest price.
    var cold = 0.12
    /// Share of the run that the first anneal takes.
    var first = 0.4
    /// Temperature to which an elite is heated, as a multiple of ``hot``'s temperature.
    var heat = 0.25
    /// Rounds after the first anneal.
    var rounds = 12
  }

  /// Moves between two looks at the clock.
  private static let movesPerLook = 20_000
  /// Seconds between two reports of the chains, which stop for them.
  private static let secondsPerReport = 1.0

  /// Anneals a complete state; leaves the best found in it.
  static func anneal(
    _ state: SearchState, _ start: PeriodState, warm: Bool, options: SearchOptions, clock: Clock,
    limit: Double, bounding: LowerBoundTask, stop: @escaping @Sendable () -> Bool,
    report: (String, Score, Double?) -> Void, moves: inout [MoveCount],
    schedule: Schedule = Schedule()
  ) {
    var schedule = schedule
    // A timetable that is given is an elite already.
    if warm { schedule.first = 0 }
    let threads = max(1, options.threads)
    let chains = (0..<threads).map { number in
      PeriodAnnealing(
        number == 0 ? start : PeriodState(start),
        random: RandomSource(seed: options.seed, stream: UInt64(number)))
    }
    let prices = start.problem.faultPrices
    let hot = schedule.hot * Double(prices.upperBound)
    let cold = schedule.cold * Double(prices.lowerBound)
    let began = clock.seconds
    let span = limit - began
    var elites: [Elite] = []
    // A timetable is stored from a state of its own: the chains go on from theirs.
    let keeper = options.checkpoint == nil ? nil : PeriodState(start)
    var lastCheckpoint = began
    /// Tells the best found so far, and offers it as a checkpoint now and then.
    func tell(_ temperature: Double) {
      guard let running = chains.min(by: { $0.bestSoft < $1.bestSoft }) else { return }
      let elite = elites.first.flatMap { $0.soft <= running.bestSoft ? $0 : nil }
      let soft = elite?.soft ?? running.bestSoft
      report("annealing", Score(hard: 0, soft: soft), temperature)
      let now = clock.seconds
      guard let checkpoint = options.checkpoint, let keeper,
        now - lastCheckpoint >= options.checkpointInterval, soft < state.soft
      else { return }
      lastCheckpoint = now
      keeper.load(elite?.placements ?? running.best)
      keeper.store(into: state)
      checkpoint(state.timetable, (now - began) / max(1e-9, span))
    }
    for round in 0...schedule.rounds {
      if stop() { break }
      let later = (1 - schedule.first) / Double(max(1, schedule.rounds))
      let end = round == 0 ? schedule.first : schedule.first + later * Double(round)
      let begin = round == 0 ? 0 : end - later
      if round > 0 {
        for (number, chain) in chains.enumerated() {
          chain.load(elites[number % elites.count].placements)
        }
      }
      let top = round == 0 ? hot : hot * schedule.heat
      let shares = Shares(
        moves: options.iterations.map {
          Int(Double($0) * end) - Int(Double($0) * begin)
        },
        from: began + span * begin, to: began + span * end)
      for chain in chains { chain.restart() }
      let work = Unshared(chains)
      while true {
        // Where moves are counted a round is one piece; by the clock it may stop in between.
        let pause = min(shares.to, clock.seconds + secondsPerReport)
        DispatchQueue.concurrentPerform(iterations: threads) { number in
          run(
            work.value[number], shares, pause: pause, hot: top, cold: cold, bounding: bounding,
            clock: clock, stop: stop)
        }
        if shares.moves != nil || pause >= shares.to || stop()
          || chains.contains(where: {
            bounding.isReached(by: Score(hard: 0, soft: $0.bestSoft))
          })
        {
          break
        }
        tell(temperature(hot: top, cold: cold, at: shares.share(of: clock.seconds)))
      }
      for (number, chain) in chains.enumerated() {
        elites.append(Elite(soft: chain.bestSoft, thread: number, placements: chain.best))
      }
      elites = best(of: elites, most: max(1, threads))
      tell(cold)
    }
    if let best = elites.first, best.soft < state.soft {
      start.load(best.placements)
      start.store(into: state)
    }
    for chain in chains {
      for kind in moves.indices { moves[kind].add(chain.counts[kind]) }
    }
    report("annealing", state.score, nil)
  }

  /// A timetable worth coming back to.
  private struct Elite {
    var soft: Int
    var thread: Int
    var placements: [Int32]
  }

  /// The best that differ, the cheapest first.
  private static func best(of elites: [Elite], most: Int) -> [Elite] {
    var kept: [Elite] = []
    // Of equal cost the later: it is farther from where the search has been.
    for elite in elites.enumerated().sorted(by: {
      ($0.element.soft, -$0.offset) < ($1.element.soft, -$1.offset)
    }).map(\.element)
    where kept.count < most && !kept.contains(where: { $0.placements == elite.placements }) {
      kept.append(elite)
    }
    return kept
  }

  /// What a round is given: moves, or seconds of the clock.
  private struct Shares {
    var moves: Int?
    var from: Double
    var to: Double

    /// The share of the round that is over by the clock.
    func share(of seconds: Double) -> Double { (seconds - from) / max(1e-9, to - from) }
  }

  /// Geometric from hot to cold.
  private static func temperature(hot: Double, cold: Double, at share: Double) -> Double {
    hot * power(cold / hot, share)
  }

  private static func run(
    _ chain: PeriodAnnealing, _ shares: Shares, pause: Double, hot: Double, cold: Double,
    bounding: LowerBoundTask, clock: Clock, stop: () -> Bool
  ) {
    var done = 0
    while !stop(), !bounding.isReached(by: Score(hard: 0, soft: chain.bestSoft)) {
      let share: Double
      var count = movesPerLook
      if let moves = shares.moves {
        if done >= moves { return }
        count = min(count, moves - done)
        share = Double(done) / Double(moves)
      } else {
        let now = clock.seconds
        if now >= pause { return }
        share = shares.share(of: now)
      }
      chain.run(moves: count, temperature: temperature(hot: hot, cold: cold, at: share))
      done += count
    }
  }
}

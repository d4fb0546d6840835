// SPDX-License-Identifier: GPL-3.0-or-later
internal import Glibc
internal import LocalSearch
internal import Problem
internal import Timetabling

/// Population annealing of problems of single periods (``PeriodProblem``) by Kempe chains, on several
/// threads.
///
/// One long annealing freezes while it is hot into days and periods that no later move changes, so that
/// five times the time gains next to nothing. Here the moves are shared out to many timetables
/// (``AnnealingPopulation``), cooled together from hot to cold; every few moments the cheap are taken up
/// more than once and the dear given up. With more time there are more of them, and each cools more
/// slowly. With an iteration limit the result hangs on the input, the seed and the threads alone.
enum PeriodSearch {
  /// Temperature at the start, as a multiple of the dearest price of a single fault.
  private static let hot = 1.2
  /// Temperature at which a good given timetable comes in, as a share of the one at the start.
  private static let warm = 0.25
  /// Temperature at the end, as a multiple of the cheapest price.
  private static let cold = 0.12
  /// Choices between the members on the way.
  private static let steps = 300.0
  /// Seconds between two looks at the clock.
  private static let secondsPerLook = 0.01
  /// Seconds between two reports.
  private static let secondsPerReport = 1.0
  /// Moves from which the speed is told.
  private static let sample = 20_000
  /// Where moves are counted there are so many between two looks at most.
  private static let mostPerLook = 100_000.0
  private static let mostMembers = 256
  /// Moves between two looks at the clock by a search that settles.
  private static let movesPerSettling = 200

  /// Anneals a complete state; leaves the best found in it.
  static func anneal(
    _ state: SearchState, _ start: PeriodState, warm isWarm: Bool, options: SearchOptions,
    clock: Clock, limit: Double, bounding: LowerBoundTask, stop: @escaping @Sendable () -> Bool,
    report: (String, Score, Double?) -> Void, moves: inout [MoveCount]
  ) {
    let began = clock.seconds
    let span = max(1e-9, limit - began)
    let prices = start.problem.faultPrices
    let cold = cold * Double(prices.lowerBound)
    let threads = max(1, options.threads)
    let first = PeriodAnnealing(start, random: RandomSource(seed: options.seed, stream: 0))
    var hot = hot * Double(prices.upperBound)
    if isWarm {
      hot = entry(first, hottest: hot, moves: options.iterations.map { $0 / 20 }, stop: stop)
    }
    /// Moves of all threads together, and of each between two looks.
    let all: Double
    let perLook: Double
    if let most = options.iterations {
      all = Double(max(0, most * threads - first.counts.reduce(0) { $0 + $1.proposed }))
      perLook = min(all / Double(threads) / steps, mostPerLook)
    } else {
      let before = clock.seconds
      first.run(moves: sample, temperature: hot)
      let rate = Double(sample) / max(1e-6, clock.seconds - before)
      all = rate * span * Double(threads)
      perLook = rate * secondsPerLook
    }
    let wanted =
      (all / Double(max(1, start.lectures)) / options.cooling.movesPerSquare).squareRoot()
    // A multiple of the threads, so that all have as much to do.
    let size = threads * max(1, Int(min(wanted, Double(mostMembers))) / threads)
    let population = AnnealingPopulation(
      [first]
        + (1..<size).map {
          PeriodAnnealing(
            PeriodState(start), random: RandomSource(seed: options.seed, stream: UInt64($0)))
        }, threads: threads, random: RandomSource(seed: options.seed, stream: 2000))
    population.fillsWaiting = options.iterations == nil
    var best: PeriodAnnealing {
      population.members.min { $0.bestSoft < $1.bestSoft } ?? first
    }

    // A timetable is stored from a state of its own: the members go on from theirs.
    let keeper = options.checkpoint == nil ? nil : PeriodState(start)
    var lastCheckpoint = began
    func offerCheckpoint(at share: Double) {
      let now = clock.seconds
      let best = best
      guard let checkpoint = options.checkpoint, let keeper,
        now - lastCheckpoint >= options.checkpointInterval, best.bestSoft < state.soft
      else { return }
      lastCheckpoint = now
      keeper.load(best.best)
      keeper.store(into: state)
      checkpoint(state.timetable, share)
    }

    /// Moves of each member, where they are counted.
    let each = options.iterations.map { _ in Int(all) / size }
    let most = max(1, Int(perLook) * threads / size)
    var done = 0
    var step = 0
    var last = hot
    var lastReport = began
    while !stop(), !bounding.isReached(by: Score(hard: 0, soft: best.bestSoft)) {
      var count = most
      let now = clock.seconds
      var share = (now - began) / span
      if let each {
        count = min(count, each - done)
        share = Double(done) / Double(max(1, each))
      }
      if share >= 1 || count == 0 { break }
      let temperature = hot * power(cold / hot, share)
      let next = Int(share * steps)
      if next > step {
        population.resample(from: last, to: temperature, sharpness: 1)
        last = temperature
        step = next
      }
      population.run(moves: count, temperature: temperature)
      done += count
      if now - lastReport >= secondsPerReport {
        lastReport = now
        report("annealing", Score(hard: 0, soft: best.bestSoft), temperature)
        offerCheckpoint(at: share)
      }
    }
    if options.isCancelled(), let coldest = population.members.min(by: { $0.score < $1.score }) {
      let stopped = clock.seconds
      let left = min(options.settling, limit - stopped)
      while left > 0, clock.seconds < stopped + left {
        let share = (clock.seconds - stopped) / left
        coldest.run(moves: movesPerSettling, temperature: last * power(cold / last, share))
      }
    }
    if best.bestSoft < state.soft {
      start.load(best.best)
      start.store(into: state)
    }
    for member in population.members {
      for kind in moves.indices { moves[kind].add(member.counts[kind]) }
    }
    report("annealing", state.score, nil)
  }

  /// Moves a lecture at each temperature that is tried as the entry of a given timetable.
  private static let entryMoves = 200

  /// The temperature at which a given timetable comes in: the coldest that is tried at which its cost
  /// does not fall by itself, so that what a broken off run left is cooled on from where it was. The
  /// annealing is left with the timetable, and remembers what was better on the way; no temperature
  /// takes more than `most` moves.
  private static func entry(
    _ annealing: PeriodAnnealing, hottest: Double, moves most: Int?, stop: () -> Bool
  ) -> Double {
    let moves = min(entryMoves * annealing.state.lectures, most ?? .max)
    let placements = annealing.state.placements
    let soft = annealing.state.soft
    var temperature = warm * hottest
    while temperature < hottest, !stop() {
      annealing.run(moves: moves, temperature: temperature)
      let after = annealing.state.soft
      annealing.load(placements)
      if after >= soft { break }
      temperature *= 1.4
    }
    return min(temperature, hottest)
  }
}

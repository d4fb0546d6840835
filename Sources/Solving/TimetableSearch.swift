// SPDX-License-Identifier: GPL-3.0-or-later
internal import Dispatch
internal import Glibc
internal import Formulation
public import LinearModels
public import LocalSearch
public import Problem
public import Timetabling

/// Temperatures as shares of the mean size of a random change, so that they follow the scale of the
/// instance.
public struct Cooling: Sendable {
  /// At the start.
  public var hot = 0.16
  /// At the bend.
  public var warm = 0.024
  /// At the end.
  public var cold = 0.0018
  /// Share of the run after which the fall is steeper.
  public var bend = 0.85

  /// The measured temperatures.
  public init() {}

  /// The temperature at a share of the run, for a scale of 1: geometric from hot to warm, and from
  /// warm to cold.
  func temperature(at share: Double) -> Double {
    share < bend
      ? hot * power(warm / hot, share / bend)
      : warm * power(cold / warm, (share - bend) / (1 - bend))
  }
}

/// Whether a team or its first chain alone draws more moves a second, tried again now and then: where
/// other programs hold the cores, chains that wait for each other come to less than one.
struct Pace {
  /// Rounds between two looks at the first chain alone, and at the team: to miss the other cores that
  /// have come free costs more than to look for them.
  private static let roundsPerLook = (alone: 200, team: 50)
  /// Rounds of a look; together they are what is known of the way from then on.
  private static let roundsOfLook = 3
  private var sinceLook = 0
  private var looked = 0
  private var look = (moves: 0, seconds: 0.0)
  private var rates = (team: 0.0, alone: 0.0)

  private var isAloneFaster: Bool { rates.alone > rates.team }
  private var isLooking: Bool {
    sinceLook >= (isAloneFaster ? Pace.roundsPerLook.team : Pace.roundsPerLook.alone)
  }

  /// How the next round is to be made.
  func isNextAlone() -> Bool { isLooking ? !isAloneFaster : isAloneFaster }

  /// What a round came to.
  mutating func note(alone: Bool, moves: Int, seconds: Double) {
    guard isLooking else {
      sinceLook += 1
      let rate = Double(moves) / max(1e-6, seconds)
      if alone {
        rates.alone = rates.alone == 0 ? rate : 0.9 * rates.alone + 0.1 * rate
      } else {
        rates.team = rates.team == 0 ? rate : 0.9 * rates.team + 0.1 * rate
      }
      return
    }
    looked += 1
    look.moves += moves
    look.seconds += seconds
    if looked < Pace.roundsOfLook { return }
    let rate = Double(look.moves) / max(1e-6, look.seconds)
    if alone { rates.alone = rate } else { rates.team = rate }
    sinceLook = 0
    looked = 0
    look = (0, 0)
  }
}

/// What a search is given.
public struct SearchOptions: Sendable {
  /// Seconds of wall time for all of it.
  public var timeLimit: Double?
  /// Moves of each chain in place of the clock: the result then depends on nothing but the input,
  /// the seed and the threads.
  public var iterations: Int?
  /// Seed of all random numbers.
  public var seed: UInt64 = 1
  /// Chains that work at the same time.
  public var threads = 1
  /// Temperatures.
  public var cooling = Cooling()
  /// Share of the time for fix-and-optimise at the end; needs a solver and a limit on time.
  public var polishShare = 0.0
  /// The share of the way at which a search was broken off whose timetable it starts from.
  public var resumedAt: Double?
  /// Seconds between two calls of ``checkpoint``.
  public var checkpointInterval = 6.0
  /// Given a complete timetable now and then, with the share of the way that is done.
  public var checkpoint: (@Sendable (Timetable, Double) -> Void)?
  /// Asked often; true ends the search with the best found.
  public var isCancelled: @Sendable () -> Bool = { false }
  /// Told now and then how far the search is.
  public var progress: @Sendable (SearchProgress) -> Void = { _ in }

  /// One thread, seed 1, no limit.
  public init() {}
}

/// How far a search is.
public struct SearchProgress: Sendable {
  /// `construction`, `repair`, `annealing` …
  public var phase: String
  /// Seconds since the start.
  public var seconds: Double
  /// The best score so far.
  public var incumbent: Score
  /// The temperature, where there is one.
  public var temperature: Double?
}

/// What a search came to.
public struct SearchResult: Sendable {
  /// The best timetable found.
  public var timetable: Timetable
  /// Its score.
  public var score: Score
  /// A proved lower bound of the soft score of any complete timetable.
  public var bound: LowerBound
  /// Why the events that are not placed found no place.
  public var unplaced: [PlacementDiagnosis]
  /// What the mixed-integer models of the rooms took off the soft score at the end.
  public var roomGain: Int
  /// Neighbourhoods that fix-and-optimise tried, those that it improved, and what they took off the
  /// soft score.
  public var polished: (tried: Int, improved: Int, gain: Int)
  /// Moves by kind, of all chains.
  public var moves: [MoveKind: MoveCount]
  /// Seconds from the start to the first timetable with everything placed; nil without one.
  public var firstComplete: Double?
  /// Seconds of wall time.
  public var seconds: Double
  /// Whether it was asked to stop before its limit.
  public var wasInterrupted: Bool
}

/// Construction, repair and annealing of one problem.
///
/// With several threads the chains work on copies of one timetable and put their moves together every
/// few dozen microseconds (``AnnealingTeam``); with an iteration limit that is as deterministic as
/// one chain.
public enum TimetableSearch {
  /// Searches from nothing, or from a timetable.
  ///
  /// With a solver the rooms of each day are looked at once more as a mixed-integer model at the
  /// end, and events that only lack a room get one where others can make way.
  public static func run(
    _ problem: Problem, from start: Timetable? = nil, solver: (any LinearSolver)? = nil,
    _ options: SearchOptions
  ) throws -> SearchResult {
    let clock = Clock()
    let state = SearchState(problem)
    let whole = options.iterations == nil ? options.timeLimit ?? 60 : .infinity
    let periods = PeriodProblem(problem)
    // With a limit on moves nothing may hang on the clock: the bound is known before the search.
    let bounding = LowerBoundTask(problem, now: options.iterations != nil)
    // With a limit on moves nothing may hang on the clock, and a programme has no other limit.
    let isSolvedWhole =
      solver != nil && options.iterations == nil && WholeTimetable.isSmall(problem)
    let polishTime =
      solver == nil || options.iterations != nil || isSolvedWhole || periods != nil
      ? 0 : options.polishShare * whole
    // The last of the time is for the rooms, or for the whole as one programme.
    let limit =
      solver == nil || (periods != nil && !isSolvedWhole)
      ? whole
      : isSolvedWhole
        ? whole * 0.25 : whole - min(0.05 * whole, roomSeconds(problem)) - polishTime
    let stop: @Sendable () -> Bool = {
      options.isCancelled() || clock.seconds >= min(limit, options.timeLimit ?? .infinity)
    }
    let stopAtEnd: @Sendable () -> Bool = {
      options.isCancelled() || clock.seconds >= min(whole, options.timeLimit ?? .infinity)
    }
    var firstComplete: Double?
    func report(_ phase: String, _ score: Score, _ temperature: Double? = nil) {
      if score.hard == 0, firstComplete == nil { firstComplete = clock.seconds }
      options.progress(
        SearchProgress(
          phase: phase, seconds: clock.seconds, incumbent: score, temperature: temperature))
    }

    // A timetable in which nothing has a place is none.
    var wasGiven = false
    if let start {
      WarmStart.load(start, into: state)
      wasGiven = state.unplaced < problem.events
    }
    // What every search begins with is not given up for a late start.
    Construction.run(state) {
      options.isCancelled() || clock.seconds >= min(limit, options.timeLimit ?? .infinity) + 0.5
    }
    report("construction", state.score)
    if state.unplaced > 0 {
      var repair = Ejection(state, random: RandomSource(seed: options.seed, stream: 1000))
      let half = limit / 2
      repair.run(steps: 200 * problem.events) {
        stop() || clock.seconds > half
      }
      report("repair", state.score)
    }

    var moves = Array(repeating: MoveCount(), count: MoveKind.allCases.count)
    if problem.events > 0, !stop(), !bounding.isReached(by: state.score) {
      if let periods, let begin = PeriodState(periods, from: state) {
        PeriodSearch.anneal(
          state, begin, warm: wasGiven, options: options, clock: clock, limit: limit,
          bounding: bounding, stop: stop, report: report, moves: &moves)
      } else {
        anneal(
          state, warm: wasGiven, options: options, clock: clock, limit: limit,
          bounding: bounding, stop: stop, report: report, moves: &moves)
      }
    }
    var proof: LowerBound?
    if isSolvedWhole, let solver, state.unplaced == 0, !bounding.isReached(by: state.score),
      !stopAtEnd()
    {
      let proved = try WholeTimetable.solve(
        state, solver, timeLimit: max(0.1, 0.9 * whole - clock.seconds),
        isCancelled: options.isCancelled)
      proof = proved.map { LowerBound(whole: min($0, state.soft)) }
      report("whole", state.score)
    }
    var polished = Polishing.Outcome()
    if polishTime > 0, let solver, state.unplaced == 0, !bounding.isReached(by: state.score) {
      var polishing = Polishing(
        state: state, solver: solver, random: RandomSource(seed: options.seed, stream: 3000))
      polished = try polishing.run(
        seconds: { clock.seconds }, end: limit + polishTime, isCancelled: options.isCancelled)
      report("fix and optimise", state.score)
    }
    var roomGain = 0
    // The kernel of periods chooses rooms with every move.
    if let solver, problem.events > 0, periods == nil || state.unplaced > 0,
      !bounding.isReached(by: state.score), proof?.total != state.soft
    {
      roomGain = try assignRooms(state, solver, clock: clock, end: whole, stop: stopAtEnd)
      report("rooms", state.score)
    }
    var bound = bounding.value()
    if let proof, proof.total > bound.total { bound = proof }
    return SearchResult(
      timetable: state.timetable, score: state.score, bound: bound,
      unplaced: (0..<problem.events).filter { !state.isPlaced($0) }
        .map { PlacementDiagnosis($0, in: state) },
      roomGain: roomGain,
      polished: (polished.tried, polished.improved, polished.gain),
      moves: Dictionary(
        uniqueKeysWithValues: MoveKind.allCases.map { ($0, moves[$0.rawValue]) }),
      firstComplete: firstComplete, seconds: clock.seconds,
      wasInterrupted: options.isCancelled())
  }

  /// Seconds kept for the programmes over rooms at the end: several times what they take, 0.1 s on
  /// 300 students and 0.2 s on 6,000.
  private static func roomSeconds(_ problem: Problem) -> Double {
    min(3, 0.25 + Double(problem.events) / 4000)
  }

  /// The most events whose rooms are chosen together.
  private static let eventsPerRoomModel = 120
  /// Between two looks at the clock; long against what it takes to set the threads going.
  private static let roundSeconds = 0.01

  /// Anneals in rounds; leaves the best found in the state.
  private static func anneal(
    _ state: SearchState, warm: Bool, options: SearchOptions, clock: Clock, limit: Double,
    bounding: LowerBoundTask, stop: @escaping @Sendable () -> Bool,
    report: (String, Score, Double?) -> Void, moves: inout [MoveCount]
  ) {
    let problem = state.problem
    let threads = max(1, options.threads)
    let chains = (0..<threads).map { number in
      let copy = number == 0 ? state : SearchState(problem)
      if number > 0 { copy.copy(from: state) }
      return Annealing(
        copy, random: RandomSource(seed: options.seed, stream: UInt64(number)))
    }
    let team = AnnealingTeam(chains)
    team.fillsWaiting = options.iterations == nil
    let scale = chains[0].sampleScale()
    let started = clock.seconds
    let budget = limit - started
    // A timetable that is already good is not heated to the full.
    let from =
      options.resumedAt
      ?? (warm ? entry(chains[0], scale: scale, cooling: options.cooling, stop: stop) : 0)
    var lastCheckpoint = clock.seconds
    var perRound = options.iterations.map { max(1, min(4000, $0 / 50)) } ?? 4000
    var done = 0
    var lastReport = clock.seconds
    var pace = Pace()
    /// Whether the other chains have fallen behind the first.
    var areBehind = false
    while !stop() {
      if let most = options.iterations, done >= most { break }
      let share =
        options.iterations.map { Double(done) / Double($0) }
        ?? (clock.seconds - started) / max(1e-9, budget)
      let way = from + (1 - from) * min(1, share)
      let temperature = scale * options.cooling.temperature(at: way)
      let count = perRound
      let before = clock.seconds
      if threads > 1, options.iterations == nil, pace.isNextAlone() {
        chains[0].run(moves: count, temperature: temperature)
        pace.note(alone: true, moves: count, seconds: clock.seconds - before)
        areBehind = true
      } else {
        if areBehind {
          for chain in chains.dropFirst() { chain.state.copy(from: chains[0].state) }
          areBehind = false
        }
        team.run(moves: count, temperature: temperature)
        pace.note(alone: false, moves: count * threads, seconds: clock.seconds - before)
      }
      done += count
      chains[0].noteBest()
      if bounding.isReached(by: chains[0].bestScore) { break }
      let now = clock.seconds
      if let checkpoint = options.checkpoint, now - lastCheckpoint >= options.checkpointInterval {
        lastCheckpoint = now
        let isLate = way > options.cooling.bend && chains[0].bestScore < state.score
        let timetable = isLate ? chains[0].bestTimetable : state.timetable
        if (isLate ? chains[0].bestScore : state.score).hard == 0 { checkpoint(timetable, way) }
      }
      if options.iterations == nil {
        let ratio = roundSeconds / max(1e-5, now - before)
        perRound = max(200, Int(Double(perRound) * min(2, max(0.5, ratio))))
      }
      if now - lastReport > 1 {
        lastReport = now
        report("annealing", chains[0].bestScore, temperature)
      }
    }
    chains[0].noteBest()
    chains[0].restoreBest()
    for chain in chains {
      for kind in moves.indices {
        moves[kind].proposed += chain.counts[kind].proposed
        moves[kind].evaluated += chain.counts[kind].evaluated
        moves[kind].accepted += chain.counts[kind].accepted
        moves[kind].gain += chain.counts[kind].gain
      }
    }
    report("annealing", state.score, nil)
  }

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

  /// Rooms for fixed times by mixed-integer models: first for events that only lack a room, then for
  /// all events of each day. Returns what the soft score fell by.
  private static func assignRooms(
    _ state: SearchState, _ solver: any LinearSolver, clock: Clock, end: Double,
    stop: () -> Bool
  ) throws -> Int {
    let problem = state.problem
    for event in 0..<problem.events where !state.isPlaced(event) {
      if stop() { return 0 }
      _ = try RoomAssignment.insert(
        state, event: event, solver: solver,
        timeLimit: end.isFinite ? min(2, max(0.1, end - clock.seconds)) : nil, candidates: 8)
    }
    // Events of a day in parts of a bounded size, those of like rooms together, so that a model is
    // solved in a moment and what comes out does not hang on the clock.
    let parts = (0..<problem.days).flatMap { day -> [[Int32]] in
      let events = (0..<Int32(problem.events)).filter {
        state.isPlaced(Int($0)) && state.eventRoom[Int($0)] >= 0
          && Int(problem.timeDay[Int(state.eventTime[Int($0)])]) == day
      }.sorted { a, b in
        let x = problem.eventRooms.items[Int(problem.eventRooms.start[Int(a)])]
        let y = problem.eventRooms.items[Int(problem.eventRooms.start[Int(b)])]
        return (x, a) < (y, b)
      }
      return stride(from: 0, to: events.count, by: eventsPerRoomModel).map {
        Array(events[$0..<min($0 + eventsPerRoomModel, events.count)])
      }
    }
    var gain = 0
    for (number, events) in parts.enumerated() {
      if stop() { break }
      // What is left of the time, shared by the parts that are left.
      let share = (end - clock.seconds) / Double(parts.count - number)
      gain += try RoomAssignment.improve(
        state, events: events, solver: solver,
        timeLimit: end.isFinite ? min(20, max(0.05, share)) : nil, candidates: 4)
    }
    return gain
  }

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

/// Hands values to threads that are known not to share what they change.
struct Unshared<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}

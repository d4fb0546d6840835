// SPDX-License-Identifier: GPL-3.0-or-later
internal import Dispatch
internal import Glibc
internal import Formulation
public import LinearModels
public import LocalSearch
public import Problem
public import Timetabling

/// What a search is given.
public struct SearchOptions: Sendable {
  /// Seconds of wall time for all of it.
  public var timeLimit: Double?
  /// Moves of each thread in place of the clock; where several timetables are cooled together they
  /// share them. The result then depends on nothing but the input, the seed and the threads.
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
  /// Whether ``checkpoint`` is always given the best so far, and not, while it is hot, the one that a
  /// broken off search goes on from.
  public var checkpointsBest = false
  /// Asked often; true ends the search with the best found.
  public var isCancelled: @Sendable () -> Bool = { false }
  /// Seconds for which a search that is cancelled while it is hot cools its best before it ends; no
  /// longer than its time.
  public var settling = 0.0
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
/// With several threads the chains first work apart, the good ones taken up in place of the bad
/// (``AnnealingPopulation``), where the problem is small and there is time for many moves, and then on
/// copies of one timetable whose moves are put together every few dozen microseconds (``AnnealingTeam``); problems of single
/// periods have a way of their own (``PeriodSearch``). With an iteration limit it is all as
/// deterministic as one chain.
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
    let bounding = LowerBoundTask(
      problem, now: options.iterations != nil, isCancelled: options.isCancelled)
    // With a limit on moves nothing may hang on the clock, and a programme has no other limit.
    let isSolvedWhole =
      solver != nil && options.iterations == nil && WholeTimetable.isSmall(problem)
    let polishTime =
      solver == nil || options.iterations != nil || isSolvedWhole
      ? 0 : options.polishShare * whole
    // The last of the time is for the rooms, or for the whole as one programme.
    let limit =
      solver == nil || (periods != nil && !isSolvedWhole)
      ? whole - polishTime
      : isSolvedWhole
        ? whole * 0.25 : whole - min(0.05 * whole, roomSeconds(problem)) - polishTime
    func stop(at end: Double) -> @Sendable () -> Bool {
      let end = min(end, options.timeLimit ?? .infinity)
      return { options.isCancelled() || clock.seconds >= end }
    }
    let stopAtEnd = stop(at: whole)
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
    var moves = Array(repeating: MoveCount(), count: MoveKind.allCases.count)
    search(until: limit)
    // What a quarter of the time did not complete has the rest of it, but for universities: their
    // small plans are completed exactly by who asked for them.
    if isSolvedWhole, periods != nil, state.unplaced > 0, !stopAtEnd() { search(until: whole) }
    if polishTime > 0 || isSolvedWhole, state.unplaced == 0 {
      options.checkpoint?(state.timetable, 1)
    }

    /// Repair of what has no place, and annealing.
    func search(until end: Double) {
      let stop = stop(at: end)
      if state.unplaced > 0 {
        var repair = Ejection(state, random: RandomSource(seed: options.seed, stream: 1000))
        let half = (clock.seconds + end) / 2
        repair.run(steps: 200 * problem.events) {
          stop() || clock.seconds > half
        }
        report("repair", state.score)
      }
      var left = options
      if periods == nil || state.unplaced > 0, !isDone(stop) {
        var descent = Descent(
          state, isWarm: wasGiven, options: options, clock: clock, limit: end,
          bounding: bounding, stop: stop, report: report)
        // What is complete goes on by the kernel of periods.
        descent.endsComplete = periods != nil
        descent.run()
        for kind in moves.indices { moves[kind].add(descent.moves[kind]) }
        left.iterations = options.iterations.map { max(1, $0 - descent.done) }
      }
      if let periods, !isDone(stop), let begin = PeriodState(periods, from: state) {
        PeriodSearch.anneal(
          state, begin, warm: wasGiven, options: left, clock: clock, limit: end,
          bounding: bounding, stop: stop, report: report, moves: &moves)
      }
    }
    func isDone(_ stop: () -> Bool) -> Bool {
      problem.events == 0 || stop() || bounding.isReached(by: state.score)
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
        seconds: { clock.seconds }, end: limit + polishTime, checkpoint: options.checkpoint,
        checkpointInterval: options.checkpointInterval, isCancelled: options.isCancelled)
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
    var bound = bounding.value {
      options.isCancelled() || clock.seconds >= whole + boundGrace
    }
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

  /// Seconds after the end for which the bound is waited for.
  private static let boundGrace = 0.5

  /// Seconds kept for the programmes over rooms at the end: several times what they take, 0.1 s on
  /// 300 students and 0.2 s on 6,000.
  private static func roomSeconds(_ problem: Problem) -> Double {
    min(3, 0.25 + Double(problem.events) / 4000)
  }

  /// The most events whose rooms are chosen together.
  private static let eventsPerRoomModel = 120
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
}

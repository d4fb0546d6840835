// SPDX-License-Identifier: GPL-3.0-or-later
internal import Formulation
public import LinearModels
public import Problem
public import Timetabling

/// How much better a timetable in force becomes with each meeting that moves.
///
/// First greedily: the event whose best move saves most goes first, again and again; one that moved
/// already may move on without counting once more. Then, for each number of moves n from the
/// smallest on, by simulated annealing with that limit (``ChangeRefinement``), from the best found
/// with n − 1 or what the greedy way found with n, whichever is better; with few events it begins
/// hot and begins again. A small problem is then solved as one mixed-integer programme for each n,
/// from what was found.
///
/// The best found with n moves is never worse than with n − 1. What is done for n depends on
/// nothing but what was done for fewer, so that with a limit on steps a run up to n + 1 begins with
/// the run up to n: its plan is never worse. Without the programmes nothing is proved.
public enum ChangeCurve {
  /// Up to so many events annealing begins hot, and begins again.
  private static let fewEvents = 400

  /// A point of the curve.
  public struct Point: Sendable {
    /// Events elsewhere than in force.
    public var moved: Int
    /// The soft score.
    public var soft: Int
    /// The timetable.
    public var timetable: Timetable
  }

  /// Improves a state move by move until `most` events are elsewhere than in force.
  ///
  /// - Parameters:
  ///   - state: A complete timetable; it is left at the last point.
  ///   - inForce: The timetable in force, against which moves count.
  ///   - most: The most events that may be elsewhere.
  ///   - seed: Seed of the annealing.
  ///   - steps: The most steps of annealing for each number of moves.
  ///   - solver: Solves small problems whole; nil to leave that out.
  ///   - share: The share of the time that is gone; 1 ends it.
  ///   - seconds: Seconds that are left, for the programmes; nil for no limit.
  /// - Returns: The points, the first with the moves that the state has already; each is better than
  ///   those before.
  /// - Throws: What the solver throws when it cannot run.
  public static func run(
    _ state: SearchState, inForce: Timetable, most: Int, seed: UInt64 = 1,
    steps: Int = 2_000_000, solver: (any LinearSolver)? = nil, share: () -> Double,
    seconds: () -> Double? = { nil }
  ) throws -> [Point] {
    let start = SearchState(state.problem)
    start.copy(from: state)
    let isExact = solver != nil && WholeTimetable.isSmall(state.problem)
    // Two fifths of the time at most for the greedy way; half of what is left for the programmes.
    let greedy = self.greedy(state, inForce: inForce, most: most) { share() >= 0.4 }
    let began = share()
    var found = refined(
      greedy, start, state, inForce: inForce, most: most, seed: seed, steps: steps,
      end: isExact && share() < 1 ? began + (1 - began) / 2 : 1, share: share)
    if isExact, let solver {
      found += try solved(
        found, state, inForce: inForce, most: most, solver: solver, share: share,
        seconds: seconds)
    }
    var points: [Point] = []
    for point in found.sorted(by: { ($0.moved, $0.soft) < ($1.moved, $1.soft) })
    where points.last.map({ point.soft < $0.soft }) ?? true {
      points.append(point)
    }
    if let last = points.last { load(last.timetable, into: state) }
    return points
  }

  private static func load(_ timetable: Timetable, into state: SearchState) {
    let fresh = SearchState(state.problem)
    WarmStart.load(timetable, into: fresh)
    state.copy(from: fresh)
  }

  /// The best point with at most so many moves.
  private static func best(_ points: [Point], atMost moved: Int) -> Point? {
    points.filter { $0.moved <= moved }.min { ($0.soft, $0.moved) < ($1.soft, $1.moved) }
  }

  /// What annealing finds for each number of moves, beside the points of the greedy way.
  private static func refined(
    _ greedy: [Point], _ start: SearchState, _ state: SearchState, inForce: Timetable, most: Int,
    seed: UInt64, steps: Int, end: Double, share: () -> Double
  ) -> [Point] {
    guard let first = greedy.first, most > first.moved, share() < end else { return greedy }
    let problem = state.problem
    let old = spots(of: inForce, problem)
    state.copy(from: start)
    var search = ChangeRefinement(state, old: old, seed: seed)
    let isSmall = problem.events <= fewEvents
    let rise = isSmall ? search.typicalRise() : 0
    let initial = search.snapshot
    var best = initial
    var found = greedy
    let began = share()
    for level in (first.moved + 1)...most {
      search.restart(seed: seed, level: level)
      // The greedy point where it is better than what was found with fewer.
      let point = self.best(greedy, atMost: level)
      if let point, point.soft < best.soft { best = snapshot(of: point, old, problem) }
      // What a move of the greedy way saves on average.
      let saved = Double(first.soft - (point?.soft ?? first.soft))
      let gentle = max(2, saved / Double(max(1, (point?.moved ?? 0) - first.moved)))
      // Few events can be shaken up whole, and more than once.
      let hot = max(gentle, rise)
      let passes = isSmall ? [hot, hot, gentle] : [gentle]
      let width = (end - began) / Double((most - first.moved) * passes.count)
      for (pass, hottest) in passes.enumerated() {
        let from = began + width * Double((level - first.moved - 1) * passes.count + pass)
        // What is best with more moves may have none in common with what is best with fewer.
        search.restore(pass == 1 ? initial : best)
        let reached = search.anneal(
          most: level, hottest: hottest, steps: max(1, steps / passes.count),
          share: { share() >= end ? 1 : max(0, (share() - from) / width) })
        if reached.soft < best.soft { best = reached }
      }
      search.restore(best)
      found.append(Point(moved: search.moved, soft: state.soft, timetable: state.timetable))
      if share() >= end { break }
    }
    return found
  }

  private static func spots(
    of inForce: Timetable, _ problem: Problem
  ) -> [ChangeRefinement.Spot?] {
    inForce.placements.map { placement -> ChangeRefinement.Spot? in
      placement.map {
        ChangeRefinement.Spot(time: problem.time(of: $0.time) ?? -1, room: Int($0.room ?? -1))
      }
    }
  }

  private static func snapshot(
    of point: Point, _ old: [ChangeRefinement.Spot?], _ problem: Problem
  ) -> ChangeRefinement.Snapshot {
    var result = ChangeRefinement.Snapshot(soft: point.soft, spots: [])
    for event in 0..<problem.events {
      guard let placement = point.timetable.placements[event],
        let time = problem.time(of: placement.time)
      else { continue }
      let spot = ChangeRefinement.Spot(time: time, room: Int(placement.room ?? -1))
      if let home = old[event], home != spot { result.spots.append((event, spot)) }
    }
    return result
  }

  /// The best for each number of moves by the programme of the whole problem.
  private static func solved(
    _ points: [Point], _ state: SearchState, inForce: Timetable, most: Int,
    solver: any LinearSolver, share: () -> Double, seconds: () -> Double?
  ) throws -> [Point] {
    let problem = state.problem
    let old = spots(of: inForce, problem)
    let whole = TimetableModel(problem)
    var model = whole.model
    var staying: [LinearModel.Term] = []
    for event in 0..<problem.events {
      if let missing = whole.missingColumn(event: event) {
        model.setBounds(missing, lower: 0, upper: 0)
      }
      if let home = old[event],
        let column = whole.column(event: event, time: home.time, room: home.room)
      {
        staying.append(LinearModel.Term(1, column))
      }
    }
    let counted = old.count { $0 != nil }
    let least = points.map(\.moved).min() ?? 0
    var found: [Point] = []
    for level in stride(from: least, through: most, by: 1) {
      guard share() < 1, let known = best(points + found, atMost: level) else { continue }
      var limited = model
      limited.addRow(lower: Double(counted - level), staying)
      load(known.timetable, into: state)
      guard state.unplaced == 0, state.soft == known.soft else { continue }
      var options = SolveOptions()
      options.timeLimit = seconds().map { max(0.05, $0 / Double(most - level + 1)) }
      options.start = whole.values(of: state)
      let solution = try solver.solve(limited, options)
      guard !solution.values.isEmpty, whole.apply(solution.values, to: state),
        state.unplaced == 0, state.soft < known.soft
      else { continue }
      let moved = (0..<problem.events).count { event in
        guard let home = old[event] else { return false }
        return home.time != Int(state.eventTime[event])
          || home.room != Int(state.eventRoom[event])
      }
      if moved <= level {
        found.append(Point(moved: moved, soft: state.soft, timetable: state.timetable))
      }
    }
    return found
  }

  private static func greedy(
    _ state: SearchState, inForce: Timetable, most: Int, stop: () -> Bool
  ) -> [Point] {
    let problem = state.problem
    let old = inForce.placements.map { placement -> (time: Int, room: Int)? in
      placement.map { (problem.time(of: $0.time) ?? -1, Int($0.room ?? -1)) }
    }
    func isMoved(_ event: Int) -> Bool {
      guard let spot = old[event] else { return false }
      return spot.time != Int(state.eventTime[event]) || spot.room != Int(state.eventRoom[event])
    }
    var moved = (0..<problem.events).count { isMoved($0) }
    var reached = moved
    var points = [Point(moved: moved, soft: state.soft, timetable: state.timetable)]
    var best = [(time: Int, room: Int, delta: Int)?](repeating: nil, count: problem.events)
    for event in 0..<problem.events where state.isPlaced(event) {
      if stop() { return points }
      best[event] = improvement(event, state)
    }
    while !stop() {
      // The most saved. The way ends where a move would count too many: what is found with fewer is
      // then the same whatever the limit is.
      var chosen: Int?
      for event in 0..<problem.events {
        guard let move = best[event] else { continue }
        if let other = chosen, (best[other]?.delta ?? 0) <= move.delta { continue }
        chosen = event
      }
      guard let event = chosen, let move = best[event] else { break }
      // What was found before others moved may hold no more.
      let now = state.delta(event, move.time, move.room, limit: -1)
      if now != move.delta {
        best[event] = improvement(event, state)
        continue
      }
      let counted = isMoved(event)
      if !counted, moved >= most { break }
      state.remove(event)
      state.place(event, move.time, move.room)
      moved += (isMoved(event) ? 1 : 0) - (counted ? 1 : 0)
      var near: Set<Int> = [event]
      for index in problem.eventPeople[event] {
        let person = Int(problem.eventPeople.items[index])
        for at in problem.personEvents[person] {
          near.insert(Int(problem.personEvents.items[at]))
        }
      }
      let group = Int(problem.eventGroup[event])
      if group >= 0 {
        for index in problem.groupEvents[group] {
          near.insert(Int(problem.groupEvents.items[index]))
        }
      }
      for other in near.sorted() where state.isPlaced(other) {
        best[other] = improvement(other, state)
      }
      // Once more were moved, what comes later with as few is not known to a run with that limit.
      reached = max(reached, moved)
      if moved == reached {
        points.removeAll { $0.moved == moved }
        points.append(Point(moved: moved, soft: state.soft, timetable: state.timetable))
      }
    }
    return points
  }

  /// The move of one event that saves most; nil where none saves.
  private static func improvement(
    _ event: Int, _ state: SearchState
  ) -> (time: Int, room: Int, delta: Int)? {
    let problem = state.problem
    let row = state.rowShape(of: event)
    var best: (time: Int, room: Int, delta: Int)?
    func tryRoom(_ room: Int, _ time: Int) {
      let delta = state.delta(event, time, room, limit: (best?.delta ?? 0) - 1)
      if delta != SearchState.refused { best = (time, room, delta) }
    }
    // Of each site the first free room at every time; then, at the best time, all rooms.
    for index in problem.options[event] {
      let time = Int(problem.options.items[index])
      if row >= 0, problem.timeShape[time] != row { continue }
      if !problem.needsRoom[event] {
        tryRoom(-1, time)
        continue
      }
      var sites: UInt64 = 0
      for position in problem.eventRooms[event] {
        let room = Int(problem.eventRooms.items[position])
        let site = UInt64(problem.roomSite[room] & 63)
        if sites >> site & 1 == 1 { continue }
        if !state.isRoomFree(room, time, besides: event) { continue }
        sites |= 1 << site
        tryRoom(room, time)
      }
    }
    if let time = best?.time, problem.needsRoom[event] {
      for position in problem.eventRooms[event] {
        let room = Int(problem.eventRooms.items[position])
        if state.isRoomFree(room, time, besides: event) { tryRoom(room, time) }
      }
    }
    return best
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
public import Problem
public import Timetabling

/// How much better a timetable in force becomes with each meeting that moves.
///
/// First greedily: the event whose best move saves most goes first, again and again; one that moved
/// already may move on without counting once more. Then, at eight numbers of moves, by simulated
/// annealing with that limit, from the best found with no more (``ChangeRefinement``); with few
/// events it begins hot and begins again. What is found
/// is a plan for each number of moves, without a proof that none is better.
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
  ///   - steps: The most steps of all annealing.
  ///   - share: The share of the time that is gone; 1 ends it.
  /// - Returns: The points, the first with the moves that the state has already; each is better than
  ///   those before.
  public static func run(
    _ state: SearchState, inForce: Timetable, most: Int, seed: UInt64 = 1,
    steps: Int = 40_000_000, share: () -> Double
  ) -> [Point] {
    let start = SearchState(state.problem)
    start.copy(from: state)
    // Two fifths of the time at most for the greedy way.
    let greedy = self.greedy(state, inForce: inForce, most: most) { share() >= 0.4 }
    return refined(
      greedy, start, state, inForce: inForce, most: most, seed: seed, steps: steps, share: share)
  }

  /// The points, and at some numbers of moves better ones.
  private static func refined(
    _ greedy: [Point], _ start: SearchState, _ state: SearchState, inForce: Timetable, most: Int,
    seed: UInt64, steps: Int, share: () -> Double
  ) -> [Point] {
    guard let first = greedy.first, most > first.moved, share() < 1 else { return greedy }
    let problem = state.problem
    let old = inForce.placements.map { placement -> ChangeRefinement.Spot? in
      placement.map {
        ChangeRefinement.Spot(time: problem.time(of: $0.time) ?? -1, room: Int($0.room ?? -1))
      }
    }
    state.copy(from: start)
    var search = ChangeRefinement(state, old: old, seed: seed)
    let span = most - first.moved
    let levels = Set((1...8).map { first.moved + max(1, span * $0 / 8) }).sorted()
    // What a move of the greedy way saves on average.
    let saved = Double(first.soft - (greedy.last?.soft ?? first.soft))
    let moves = Double(max(1, (greedy.last?.moved ?? first.moved) - first.moved))
    let gentle = max(2, saved / moves)
    // Few events can be shaken up whole, and more than once.
    let hot = problem.events <= fewEvents ? max(gentle, search.typicalRise()) : gentle
    let passes = problem.events <= fewEvents ? [hot, hot, gentle] : [gentle]
    let initial = search.snapshot
    var best = initial
    var found: [Point] = []
    let began = share()
    for (number, level) in levels.enumerated() {
      // The greedy point where it is better than what was found with fewer.
      if let point = greedy.last(where: { $0.moved <= level }), point.soft < best.soft {
        best = ChangeRefinement.Snapshot(soft: point.soft, spots: [])
        for event in 0..<problem.events {
          guard let placement = point.timetable.placements[event],
            let time = problem.time(of: placement.time)
          else { continue }
          let spot = ChangeRefinement.Spot(time: time, room: Int(placement.room ?? -1))
          if let home = old[event], home != spot { best.spots.append((event, spot)) }
        }
      }
      let width = (1 - began) / Double(levels.count * passes.count)
      for (pass, hottest) in passes.enumerated() {
        let from = began + width * Double(number * passes.count + pass)
        // What is best with more moves may have none in common with what is best with fewer.
        search.restore(pass == 1 ? initial : best)
        let reached = search.anneal(
          most: level, hottest: hottest, steps: max(1, steps / levels.count / passes.count),
          share: { share() >= 1 ? 1 : max(0, (share() - from) / width) })
        if reached.soft < best.soft { best = reached }
      }
      search.restore(best)
      found.append(Point(moved: search.moved, soft: state.soft, timetable: state.timetable))
      if share() >= 1 { break }
    }
    var points: [Point] = []
    for point in (greedy + found).sorted(by: { ($0.moved, $0.soft) < ($1.moved, $1.soft) })
    where points.last.map({ point.soft < $0.soft }) ?? true {
      points.append(point)
    }
    return points
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
    var points = [Point(moved: moved, soft: state.soft, timetable: state.timetable)]
    var best = [(time: Int, room: Int, delta: Int)?](repeating: nil, count: problem.events)
    for event in 0..<problem.events where state.isPlaced(event) {
      if stop() { return points }
      best[event] = improvement(event, state)
    }
    while !stop() {
      // The most saved; of moves that count, only while some are left.
      var chosen: Int?
      for event in 0..<problem.events {
        guard let move = best[event], isMoved(event) || moved < most else { continue }
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
      let point = Point(moved: moved, soft: state.soft, timetable: state.timetable)
      if let last = points.last, last.moved >= moved {
        points.removeAll { $0.moved >= moved }
      }
      points.append(point)
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

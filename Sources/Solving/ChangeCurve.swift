// SPDX-License-Identifier: GPL-3.0-or-later
public import Problem
public import Timetabling

/// How much better a timetable in force becomes with each meeting that moves.
///
/// The event whose best move saves most goes first, again and again; one that moved already may
/// move on without counting once more. What is found is a plan for each number of moves, without a
/// proof that none is better.
public enum ChangeCurve {
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
  ///   - stop: Asked now and then; true ends it.
  /// - Returns: The points, the first with the moves that the state has already.
  public static func run(
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
    for index in problem.options[event] {
      let time = Int(problem.options.items[index])
      if row >= 0, problem.timeShape[time] != row { continue }
      if !problem.needsRoom[event] {
        let delta = state.delta(event, time, -1, limit: (best?.delta ?? 0) - 1)
        if delta != SearchState.refused { best = (time, -1, delta) }
        continue
      }
      var sites: UInt64 = 0
      for position in problem.eventRooms[event] {
        let room = Int(problem.eventRooms.items[position])
        let site = UInt64(problem.roomSite[room] & 63)
        if sites >> site & 1 == 1 { continue }
        if !state.isRoomFree(room, time, besides: event) { continue }
        sites |= 1 << site
        let delta = state.delta(event, time, room, limit: (best?.delta ?? 0) - 1)
        if delta != SearchState.refused { best = (time, room, delta) }
      }
    }
    return best
  }
}

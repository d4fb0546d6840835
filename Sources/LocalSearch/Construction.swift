// SPDX-License-Identifier: GPL-3.0-or-later
public import Problem

/// Places events one after another, each where it costs least now.
public enum Construction {
  /// Places every event that is not placed and finds a place: those that may only have one time
  /// first, then those with the fewest places for their audience. Stops early when asked to.
  ///
  /// Of the rooms free at a time the smallest of each site is priced.
  public static func run(_ state: SearchState, isCancelled: () -> Bool = { false }) {
    let problem = state.problem
    var order = (0..<problem.events).filter { !state.isPlaced($0) }
    let freedom = (0..<problem.events).map { event -> Double in
      let places = problem.options.count(event) * max(1, problem.eventRooms.count(event))
      let audience = problem.eventPeople[event].reduce(1) { sum, index in
        sum + Int(problem.personEvents.count(Int(problem.eventPeople.items[index])))
      }
      return Double(places) / Double(audience)
    }
    let isPinned = (0..<problem.events).map { problem.options.count($0) == 1 }
    order.sort {
      (isPinned[$0] ? 0 : 1, freedom[$0], $0) < (isPinned[$1] ? 0 : 1, freedom[$1], $1)
    }
    for event in order {
      if isCancelled() { return }
      if let best = cheapest(state, event) { state.place(event, best.time, best.room) }
    }
  }

  /// The cheapest time and room of an event that breaks nothing; nil where there is none.
  public static func cheapest(
    _ state: SearchState, _ event: Int
  ) -> (time: Int, room: Int, delta: Int)? {
    let problem = state.problem
    let row = state.rowShape(of: event)
    var best: (time: Int, room: Int, delta: Int)?
    for index in problem.options[event] {
      let time = Int(problem.options.items[index])
      if row >= 0, problem.timeShape[time] != row { continue }
      let limit = best.map { $0.delta - 1 } ?? .max - 1
      if !problem.needsRoom[event] {
        let delta = state.delta(event, time, -1, limit: limit)
        if delta != SearchState.refused { best = (time, -1, delta) }
        continue
      }
      var sitesSeen: UInt64 = 0
      for position in problem.eventRooms[event] {
        let room = Int(problem.eventRooms.items[position])
        let site = UInt64(problem.roomSite[room] & 63)
        if sitesSeen >> site & 1 == 1 { continue }
        if !state.isRoomFree(room, time, besides: event) { continue }
        sitesSeen |= 1 << site
        let delta = state.delta(
          event, time, room, limit: best.map { $0.delta - 1 } ?? .max - 1)
        if delta != SearchState.refused { best = (time, room, delta) }
      }
    }
    return best
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
public import LinearModels
public import Problem
import Timetabling

/// Places some events of a timetable anew, all others fixed, by a mixed-integer model.
///
/// The model is exact in what it costs (``TimetableModel``), and small in what it offers: each event
/// has its present place and the places that are cheapest for it once all the others of the
/// neighbourhood are taken out. What is found is taken over only where the score falls.
public enum FixAndOptimize {
  /// How much of a neighbourhood is offered to the solver.
  public struct Breadth: Sendable {
    /// Times an event.
    public var times = 14
    /// Rooms a time.
    public var rooms = 2

    /// 14 times with 2 rooms each: models of 20–50 events that close in about a second.
    public init() {}
  }

  /// Improves the neighbourhood of some events; returns by how much the soft score fell (0, and the
  /// state as before, where nothing better was found).
  ///
  /// Events that are not placed are left aside.
  public static func improve(
    _ state: SearchState, events: [Int32], solver: any LinearSolver, timeLimit: Double?,
    breadth: Breadth = Breadth(), isCancelled: (@Sendable () -> Bool)? = nil
  ) throws -> Int {
    let problem = state.problem
    let free = Set(events).sorted().filter { state.isPlaced(Int($0)) }
    guard !free.isEmpty else { return 0 }
    let before = state.score
    let offered = offers(state, free, breadth)
    let model = TimetableModel(state, free: free, offering: offered)
    var options = SolveOptions()
    options.timeLimit = timeLimit
    options.isCancelled = isCancelled
    let start = model.values(of: state)
    options.start = start
    let solution = try solver.solve(model.model, options)
    guard let objective = solution.objective,
      objective < model.model.objective(of: start) - 0.5
    else { return 0 }
    let kept = SearchState(problem)
    kept.copy(from: state)
    guard model.apply(solution.values, to: state), state.score < before else {
      state.copy(from: kept)
      return 0
    }
    return before.soft - state.soft
  }

  /// Present places, and the cheapest ones in the timetable without the free events.
  private static func offers(
    _ state: SearchState, _ free: [Int32], _ breadth: Breadth
  ) -> [Int32: Set<TimetableModel.Place>] {
    let problem = state.problem
    let bare = SearchState(problem)
    bare.copy(from: state)
    for event in free { bare.remove(Int(event)) }
    var offered: [Int32: Set<TimetableModel.Place>] = [:]
    for number in free {
      let event = Int(number)
      var times: [(price: Int, time: Int, rooms: [Int])] = []
      for index in problem.options[event] {
        let time = Int(problem.options.items[index])
        var rooms: [(price: Int, room: Int)] = []
        if problem.needsRoom[event] {
          for at in problem.eventRooms[event] {
            let room = Int(problem.eventRooms.items[at])
            let price = bare.delta(event, time, room, limit: .max - 1)
            if price != SearchState.refused { rooms.append((price, room)) }
          }
        } else {
          let price = bare.delta(event, time, -1, limit: .max - 1)
          if price != SearchState.refused { rooms.append((price, -1)) }
        }
        rooms.sort { ($0.price, $0.room) < ($1.price, $1.room) }
        if let first = rooms.first {
          times.append((first.price, time, rooms.prefix(breadth.rooms).map(\.room)))
        }
      }
      times.sort { ($0.price, $0.time) < ($1.price, $1.time) }
      var places: Set<TimetableModel.Place> = [
        .init(time: Int(state.eventTime[event]), room: Int(state.eventRoom[event]))
      ]
      for offer in times.prefix(breadth.times) {
        for room in offer.rooms { places.insert(.init(time: offer.time, room: room)) }
      }
      offered[number] = places
    }
    return offered
  }
}

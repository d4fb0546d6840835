// SPDX-License-Identifier: GPL-3.0-or-later
public import LinearModels
public import Problem
import Timetabling

/// Rooms for events whose times are fixed, as a mixed-integer model: the part of a timetable that
/// a programme solves better than moves of one event at a time.
///
/// Minimise Σ price(e, r) · x(e, r) + Σ stability · y(g, r), where x says that event e is in room r
/// and y that group g uses room r, under Σ_r x(e, r) = 1 for each event, Σ x ≤ 1 for each room, cell
/// and slot, and x(e, r) ≤ y(g, r). A price is what the score grows by when e alone goes to r. What
/// people pay for changing site between two events that both move is priced only so, and the way
/// between them not checked at all: what the programme finds is applied exactly, and undone where
/// it is refused or gains nothing.
public enum RoomAssignment {
  /// Gives placed events other rooms at the times that they have; returns by how much the soft
  /// score fell, 0 where nothing better was found (the state is then as before).
  ///
  /// Each event has the choice of its present room and of the `candidates` rooms that are cheapest
  /// for it alone. Events without a room, and those not placed, are left aside.
  public static func improve(
    _ state: SearchState, events: [Int32], solver: any LinearSolver, timeLimit: Double?,
    candidates: Int
  ) throws -> Int {
    let before = state.score
    let seats = Set(events).sorted().compactMap { number -> Seating? in
      let event = Int(number)
      guard state.isPlaced(event), state.eventRoom[event] >= 0 else { return nil }
      return Seating(event: event, time: Int(state.eventTime[event]))
    }
    guard !seats.isEmpty else { return 0 }
    let model = RoomModel(state, seats, candidates: candidates)
    guard let rooms = try model.solve(solver, timeLimit: timeLimit) else { return 0 }
    return apply(rooms, to: state, seats) { $0 < before } ? before.soft - state.soft : 0
  }

  /// Places an event that finds no free room, by giving the events that are held at one of its
  /// times other rooms; false where that helps at none of the first `mostTimes` times, the
  /// cheapest first (the state is then as before).
  public static func insert(
    _ state: SearchState, event: Int, solver: any LinearSolver, timeLimit: Double?,
    candidates: Int, mostTimes: Int = 40
  ) throws -> Bool {
    let problem = state.problem
    guard !state.isPlaced(event), problem.needsRoom[event] else { return false }
    let row = state.rowShape(of: event)
    var times: [(price: Int, time: Int)] = []
    for index in problem.options[event] {
      let time = Int(problem.options.items[index])
      if row >= 0, problem.timeShape[time] != row { continue }
      var best = SearchState.refused
      for at in problem.eventRooms[event] {
        let room = Int(problem.eventRooms.items[at])
        if !isOpen(room, time, problem) { continue }
        best = min(best, state.deltaInAnyRoom(event, time, room))
      }
      if best != SearchState.refused { times.append((best, time)) }
    }
    times.sort { ($0.price, $0.time) < ($1.price, $1.time) }
    for (_, time) in times.prefix(mostTimes) {
      var seats = held(at: time, state).map {
        Seating(event: $0, time: Int(state.eventTime[$0]))
      }
      seats.append(Seating(event: event, time: time))
      let model = RoomModel(state, seats, candidates: candidates)
      guard let rooms = try model.solve(solver, timeLimit: timeLimit) else { continue }
      if apply(rooms, to: state, seats, keepIf: { _ in true }) { return true }
    }
    return false
  }

  /// An event with the time at which it needs a room.
  struct Seating {
    var event: Int
    var time: Int
  }

  /// Events in a room at some slot of some class of a time, by number.
  private static func held(at time: Int, _ state: SearchState) -> [Int] {
    let problem = state.problem
    let mask = problem.timeMask[time], classes = problem.timeClasses[time]
    return (0..<problem.events).filter { event in
      let other = Int(state.eventTime[event])
      return other >= 0 && state.eventRoom[event] >= 0
        && problem.timeDay[other] == problem.timeDay[time]
        && problem.timeMask[other] & mask != 0 && problem.timeClasses[other] & classes != 0
    }
  }

  /// Whether a room is not closed at a time, whoever is in it.
  static func isOpen(_ room: Int, _ time: Int, _ problem: Problem) -> Bool {
    var classes = problem.timeClasses[time]
    while classes != 0 {
      let weekClass = classes.trailingZeroBitCount
      classes &= classes - 1
      let cell = problem.cell(weekClass, Int(problem.timeDay[time]))
      if problem.roomClosed[room * problem.cells + cell] & problem.timeMask[time] != 0 {
        return false
      }
    }
    return true
  }

  /// Puts events into rooms at once; undoes all of it where one is refused or the score is not
  /// worth keeping.
  private static func apply(
    _ rooms: [Int], to state: SearchState, _ seats: [Seating], keepIf: (Score) -> Bool
  ) -> Bool {
    let old = seats.map { seat in
      (time: Int(state.eventTime[seat.event]), room: Int(state.eventRoom[seat.event]))
    }
    let changed = seats.indices.filter { old[$0].room != rooms[$0] || old[$0].time < 0 }
    guard !changed.isEmpty else { return false }
    for index in changed where old[index].time >= 0 { state.remove(seats[index].event) }
    var made = 0
    for index in changed {
      let seat = seats[index]
      if state.delta(seat.event, seat.time, rooms[index], limit: .max - 1) == SearchState.refused {
        break
      }
      state.place(seat.event, seat.time, rooms[index])
      made += 1
    }
    if made == changed.count, keepIf(state.score) { return true }
    for index in changed.prefix(made) { state.remove(seats[index].event) }
    for index in changed where old[index].time >= 0 {
      state.place(seats[index].event, old[index].time, old[index].room)
    }
    return false
  }
}

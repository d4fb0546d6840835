// SPDX-License-Identifier: GPL-3.0-or-later
import LinearModels
import Problem

/// The model of ``RoomAssignment`` for some events, with what its columns stand for.
struct RoomModel {
  private(set) var model = LinearModel(name: "rooms")
  /// Rooms that each event may choose, and their columns.
  private var choices: [[(room: Int, variable: LinearModel.Variable)]] = []
  /// The present rooms; nil where somebody has none yet.
  private var start: [Double]?
  private var isHopeless = false

  /// The choice of each event among its present room and its cheapest ones.
  ///
  /// Rooms taken by events that are not among these are closed to them.
  init(_ state: SearchState, _ seats: [RoomAssignment.Seating], candidates: Int) {
    let problem = state.problem
    var isFree = Array(repeating: false, count: problem.events)
    for seat in seats { isFree[seat.event] = true }
    let stable = Stability(state, seats, isFree)
    for (number, seat) in seats.enumerated() {
      let rooms = Self.cheapest(
        state, seat, isFree, stable: stable, most: candidates, rotation: number)
      if rooms.isEmpty { isHopeless = true }
      let own = rooms.map { (room: $0.room, variable: model.addBinary(cost: Double($0.price))) }
      choices.append(own)
      model.addRow(lower: 1, upper: 1, own.map { .init(1, $0.variable) })
    }
    addRoomRows(problem, seats)
    addStability(stable, seats, problem)
    start = present(state, seats, stable)
  }

  /// The rooms found, in the order of the events; nil for none.
  func solve(_ solver: any LinearSolver, timeLimit: Double?) throws -> [Int]? {
    if isHopeless { return nil }
    var options = SolveOptions()
    options.timeLimit = timeLimit
    options.start = start
    let solution = try solver.solve(model, options)
    guard !solution.values.isEmpty else { return nil }
    return choices.map { own in
      own.first { solution.values[$0.variable.index] > 0.5 }?.room ?? -1
    }
  }

  /// The price of each room that an event may have, cheapest first; of equal ones those that nobody
  /// is in, and then in another order for each event, so that events do not all name the same.
  private static func cheapest(
    _ state: SearchState, _ seat: RoomAssignment.Seating, _ isFree: [Bool], stable: Stability,
    most: Int, rotation: Int
  ) -> [(room: Int, price: Int)] {
    let problem = state.problem
    let rooms = problem.eventRooms[seat.event]
    var found: [(room: Int, price: Int, taken: Bool, order: Int)] = []
    for (position, at) in rooms.enumerated() {
      let room = Int(problem.eventRooms.items[at])
      guard let isTaken = use(of: room, seat, state, isFree) else { continue }
      let price = state.deltaInAnyRoom(seat.event, seat.time, room)
      if price == SearchState.refused { continue }
      found.append(
        (
          room, price - stable.delta(seat.event, room), isTaken,
          (position + rotation * 7) % rooms.count
        ))
    }
    found.sort { a, b in
      a.price != b.price
        ? a.price < b.price : a.taken != b.taken ? !a.taken : a.order < b.order
    }
    var chosen = Array(found.prefix(max(1, most)))
    let wanted = stable.rooms(of: seat.event)
    for more in found.dropFirst(max(1, most))
    where more.room == Int(state.eventRoom[seat.event]) || wanted.contains(more.room) {
      chosen.append(more)
    }
    return chosen.map { ($0.room, $0.price) }
  }

  /// Nil where a room is closed or taken by an event that does not move; else whether another event
  /// that moves is in it.
  private static func use(
    of room: Int, _ seat: RoomAssignment.Seating, _ state: SearchState, _ isFree: [Bool]
  ) -> Bool? {
    let problem = state.problem
    guard RoomAssignment.isOpen(room, seat.time, problem) else { return nil }
    var isTaken = false
    var classes = problem.timeClasses[seat.time]
    let start = Int(problem.timeStart[seat.time]), length = Int(problem.timeLength[seat.time])
    while classes != 0 {
      let weekClass = classes.trailingZeroBitCount
      classes &= classes - 1
      let at =
        room * problem.cells + problem.cell(weekClass, Int(problem.timeDay[seat.time]))
      for slot in start..<(start + length) {
        let other = Int(state.roomEvent[at * problem.slots + slot])
        if other < 0 || other == seat.event { continue }
        if !isFree[other] { return nil }
        isTaken = true
      }
    }
    return isTaken
  }

  /// At most one event for each room, cell and slot; a row that says the same as another is left
  /// out.
  private mutating func addRoomRows(_ problem: Problem, _ seats: [RoomAssignment.Seating]) {
    let places = problem.cells * problem.slots
    var users: [Int: [Int]] = [:]
    for (number, seat) in seats.enumerated() {
      let time = seat.time
      var classes = problem.timeClasses[time]
      while classes != 0 {
        let weekClass = classes.trailingZeroBitCount
        classes &= classes - 1
        let cell = problem.cell(weekClass, Int(problem.timeDay[time]))
        let start = Int(problem.timeStart[time])
        for slot in start..<(start + Int(problem.timeLength[time])) {
          for choice in choices[number] {
            users[choice.room * places + cell * problem.slots + slot, default: []]
              .append(choice.variable.index)
          }
        }
      }
    }
    var known: Set<[Int]> = []
    for place in users.keys.sorted() {
      guard let columns = users[place], columns.count > 1, known.insert(columns).inserted else {
        continue
      }
      model.addRow(upper: 1, columns.map { .init(1, .init(index: $0)) })
    }
  }

  /// Stability of the groups of which several events move.
  private mutating func addStability(
    _ stable: Stability, _ seats: [RoomAssignment.Seating], _ problem: Problem
  ) {
    let position = Dictionary(uniqueKeysWithValues: seats.enumerated().map { ($1.event, $0) })
    for group in stable.groups {
      var users: [Int: [LinearModel.Variable]] = [:]
      for event in group.moving {
        guard let number = position[event] else { continue }
        for choice in choices[number] { users[choice.room, default: []].append(choice.variable) }
      }
      for room in users.keys.sorted() where !group.held.contains(room) {
        let used = model.addVariable(upper: 1, cost: Double(group.weight))
        stabilityColumns.append((room, group.moving, used))
        for variable in users[room] ?? [] {
          model.addRow(upper: 0, [.init(1, variable), .init(-1, used)])
        }
      }
    }
  }

  private var stabilityColumns: [(room: Int, moving: [Int], variable: LinearModel.Variable)] = []

  /// The point of the present rooms, from which the programme starts.
  private func present(
    _ state: SearchState, _ seats: [RoomAssignment.Seating], _ stable: Stability
  ) -> [Double]? {
    var values = Array(repeating: 0.0, count: model.columns.count)
    for (number, seat) in seats.enumerated() {
      let room = Int(state.eventRoom[seat.event])
      guard let choice = choices[number].first(where: { $0.room == room }) else { return nil }
      values[choice.variable.index] = 1
    }
    for column in stabilityColumns
    where column.moving.contains(where: { Int(state.eventRoom[$0]) == column.room }) {
      values[column.variable.index] = 1
    }
    return values
  }
}

/// Groups that pay for each different room, and of which several events move at once.
struct Stability {
  struct Group {
    var weight: Int
    /// Events that move.
    var moving: [Int]
    /// Rooms of those that stay.
    var held: Set<Int>
    /// Present rooms of all.
    var rooms: [Int]
  }

  let groups: [Group]
  private let groupOf: [Int: Int]
  private let state: SearchState

  init(_ state: SearchState, _ seats: [RoomAssignment.Seating], _ isFree: [Bool]) {
    let problem = state.problem
    var groups: [Group] = []
    var groupOf: [Int: Int] = [:]
    let numbers = Set(seats.map { Int(problem.eventGroup[$0.event]) }).sorted()
    for group in numbers where group >= 0 && problem.groupStability[group] != 0 {
      let members = problem.groupEvents[group].map { Int(problem.groupEvents.items[$0]) }
      let moving = members.filter { isFree[$0] }
      guard moving.count > 1 else { continue }
      let rooms = members.map { Int(state.eventRoom[$0]) }.filter { $0 >= 0 }
      for event in moving { groupOf[event] = groups.count }
      groups.append(
        Group(
          weight: Int(problem.groupStability[group]), moving: moving,
          held: Set(
            members.filter { !isFree[$0] }.map { Int(state.eventRoom[$0]) }.filter { $0 >= 0 }),
          rooms: rooms))
    }
    self.groups = groups
    self.groupOf = groupOf
    self.state = state
  }

  /// Rooms that would serve the stability of an event's group.
  func rooms(of event: Int) -> [Int] { groupOf[event].map { groups[$0].rooms } ?? [] }

  /// The part of a price that the model says by columns of its own: what the group's rooms cost
  /// more when the event alone goes to a room.
  func delta(_ event: Int, _ room: Int) -> Int {
    guard let number = groupOf[event] else { return 0 }
    let group = groups[number]
    var others = group.held
    for other in group.moving where other != event && state.eventRoom[other] >= 0 {
      others.insert(Int(state.eventRoom[other]))
    }
    func cost(_ own: Int) -> Int {
      max(0, others.union(own < 0 ? [] : [own]).count - 1) * group.weight
    }
    return cost(room) - cost(Int(state.eventRoom[event]))
  }
}

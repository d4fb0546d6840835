// SPDX-License-Identifier: GPL-3.0-or-later
internal import LocalSearch
public import Problem

/// Two or three moves after which every rule still holds: an event goes where others stand, and
/// these find another place.
public struct MoveChain: Sendable, Hashable {
  /// A move of one event.
  public struct Move: Sendable, Hashable {
    /// The event.
    public var event: Int
    /// Its new time.
    public var time: Int
    /// Its new room; −1 without one.
    public var room: Int
  }

  /// The moves; the first is that of the event asked for.
  public var moves: [Move]
  /// What the soft score grows by.
  public var cost: Int
  /// ``cost`` by source of the declarations; zeros are left out.
  public var costs: [String: Int]

  /// The chains for an event, the cheapest first: at most `most`, at most one for each time and
  /// set of events that make way.
  ///
  /// Of the placements given, those that one or two events stand in the way of are tried, the
  /// cheapest `tried` first. An event that makes way goes to its cheapest place; one that has none
  /// goes where one other event stands, which makes way in its turn. The state is as before
  /// afterwards.
  public static func find(
    _ event: Int, _ placements: [PlacementFindings.Placement], in state: SearchState,
    most: Int = 5, tried: Int = 150
  ) -> [MoveChain] {
    let problem = state.problem
    guard state.isPlaced(event) else { return [] }
    let isSole =
      problem.eventGroup[event] < 0
      || problem.groupEvents.count(Int(problem.eventGroup[event])) == 1
    let shape = problem.timeShape[Int(state.eventTime[event])]
    let targets = placements.filter { placement in
      guard isSole || problem.timeShape[placement.time] == shape else { return false }
      let others = Set(placement.obstacles.map(\.event))
      return !others.contains(nil) && (1...2).contains(others.count)
    }.sorted { ($0.cost, $0.time, $0.room) < ($1.cost, $1.time, $1.room) }

    var found: [MoveChain] = []
    for target in targets.prefix(tried) {
      let others = Set(target.obstacles.compactMap(\.event)).sorted()
      var trial = Trial(state)
      for other in others { trial.remove(other) }
      guard trial.move(event, target.time, target.room) else {
        trial.undo()
        continue
      }
      var best: (moves: [Move], cost: Int)?
      for order in others.count == 2 ? [others, others.reversed()] : [others] {
        var attempt = Trial(state)
        var complete = true
        for other in order {
          if let place = Construction.cheapest(state, other) {
            attempt.place(other, place.time, place.room)
          } else if order.count == 1, attempt.displace(other, besides: event) {
            continue
          } else {
            complete = false
            break
          }
        }
        let cost = trial.cost
        if complete, best.map({ cost < $0.cost }) ?? true {
          best = (trial.moves + attempt.moves, cost)
        }
        attempt.undo()
      }
      trial.undo()
      if let best {
        found.append(MoveChain(moves: best.moves, cost: best.cost, costs: [:]))
      }
    }
    found.sort { ($0.cost, $0.moves.count) < ($1.cost, $1.moves.count) }
    var seen: Set<[Int]> = []
    found = found.filter { chain in
      seen.insert([chain.moves[0].time] + chain.moves.map(\.event).sorted()).inserted
    }
    return found.prefix(most).map { $0.priced(in: state) }
  }

  /// The chain with its cost by source.
  private func priced(in state: SearchState) -> MoveChain {
    var result = self
    var costs: [String: Int] = [:]
    var trial = Trial(state)
    for move in moves.dropFirst() {
      let time = Int(state.eventTime[move.event]), room = Int(state.eventRoom[move.event])
      trial.remove(move.event)
      let back = PlacementFindings(move.event, in: state).finding(time, room)
      for (source, cost) in back.costs { costs[source, default: 0] -= cost }
    }
    for move in moves {
      let there = PlacementFindings(move.event, in: state).finding(move.time, move.room)
      for (source, cost) in there.costs { costs[source, default: 0] += cost }
      if !trial.move(move.event, move.time, move.room) { break }
    }
    trial.undo()
    result.costs = costs.filter { $0.value != 0 }
    return result
  }
}

/// Changes of a state that can be taken back.
private struct Trial {
  let state: SearchState
  private let before: Int
  private var old: [(event: Int, time: Int, room: Int)] = []
  private(set) var moves: [MoveChain.Move] = []

  init(_ state: SearchState) {
    self.state = state
    before = state.soft
  }

  /// What the soft score grew by, with what was taken out counted as it is.
  var cost: Int { state.soft - before }

  private mutating func remember(_ event: Int) {
    if old.contains(where: { $0.event == event }) { return }
    old.append((event, Int(state.eventTime[event]), Int(state.eventRoom[event])))
  }

  mutating func remove(_ event: Int) {
    remember(event)
    if state.isPlaced(event) { state.remove(event) }
  }

  mutating func place(_ event: Int, _ time: Int, _ room: Int) {
    remember(event)
    state.place(event, time, room)
    moves.append(MoveChain.Move(event: event, time: time, room: room))
  }

  /// Puts an event elsewhere; false, with nothing of it done but its removal, where a rule forbids.
  mutating func move(_ event: Int, _ time: Int, _ room: Int) -> Bool {
    if state.isPlaced(event) { remove(event) }
    guard state.delta(event, time, room, limit: .max - 1) != SearchState.refused else {
      return false
    }
    place(event, time, room)
    return true
  }

  /// Puts an event where exactly one other stands that finds another place; false where there is no
  /// such place among the first.
  mutating func displace(_ event: Int, besides fixed: Int, tried: Int = 60) -> Bool {
    let problem = state.problem
    let row = state.rowShape(of: event)
    var count = 0
    for index in problem.options[event] {
      let time = Int(problem.options.items[index])
      if row >= 0, problem.timeShape[time] != row { continue }
      let rooms =
        problem.needsRoom[event]
        ? problem.eventRooms[event].map { Int(problem.eventRooms.items[$0]) } : [-1]
      for room in rooms {
        guard let others = state.obstacles(event, time, room, most: 1), let other = others.first,
          other != fixed
        else { continue }
        count += 1
        if count > tried { return false }
        let oldTime = Int(state.eventTime[other]), oldRoom = Int(state.eventRoom[other])
        state.remove(other)
        if state.delta(event, time, room, limit: .max - 1) != SearchState.refused {
          state.place(event, time, room)
          if let place = Construction.cheapest(state, other) {
            if !old.contains(where: { $0.event == other }) {
              old.append((other, oldTime, oldRoom))
            }
            if !old.contains(where: { $0.event == event }) { old.append((event, -1, -1)) }
            state.place(other, place.time, place.room)
            moves.append(MoveChain.Move(event: event, time: time, room: room))
            moves.append(MoveChain.Move(event: other, time: place.time, room: place.room))
            return true
          }
          state.remove(event)
        }
        state.place(other, oldTime, oldRoom)
      }
    }
    return false
  }

  /// Puts everything back.
  func undo() {
    for entry in old where state.isPlaced(entry.event) { state.remove(entry.event) }
    for entry in old where entry.time >= 0 { state.place(entry.event, entry.time, entry.room) }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import LocalSearch
internal import Problem
internal import Timetabling

/// Simulated annealing of a timetable under a limit on how many events may be elsewhere than in
/// force.
///
/// A step sends an event to a random time and room; up to two events in its way go to where it came
/// from, or elsewhere, and may send another away in turn (chains of up to seven). One step in ten has
/// a group of events held by another row of patterns. Where then too many are elsewhere, others go back to
/// where they were in force. Steps that break a hard constraint or end above the limit are undone.
///
/// Of a repair (``bind(_:)``) those events that cannot stay are elsewhere whatever is done: the steps
/// are theirs and of as many others as the limit leaves.
struct ChangeRefinement {
  /// Where an event is.
  struct Spot: Equatable {
    var time: Int
    var room: Int
  }

  /// Events that are elsewhere than in force, and the soft score with these.
  struct Snapshot {
    var soft: Int
    var spots: [(event: Int, spot: Spot)]
    /// Groups whose row of patterns is not that in force.
    var rows: [(group: Int, row: Int32)] = []
  }

  private let state: SearchState
  private let problem: Problem
  private let old: [Spot?]
  private let movable: [Int]
  private var random: RandomSource
  /// Events elsewhere, and the position of each among them.
  private var elsewhere: [Int] = []
  private var position: [Int]
  private var undo: [(event: Int, spot: Spot)] = []
  /// The row that a group had before the step, where the step changed one.
  private var undoRow: (group: Int, row: Int32)?
  /// By group, as the state came.
  private let oldRows: [Int32]
  /// Groups that can be held by other rows of patterns, all of whose events may move.
  private let flexible: [Int]
  /// How many events cannot be where they were in force; nil where all may be.
  private var boundCount: Int?
  private let isFlexible: [Bool]

  init(_ state: SearchState, old: [Spot?], seed: UInt64) {
    self.state = state
    self.old = old
    problem = state.problem
    random = RandomSource(seed: seed, stream: 4000)
    let problem = state.problem
    movable = (0..<problem.events).filter {
      state.isPlaced($0) && old[$0] != nil && !problem.options[$0].isEmpty
    }
    position = Array(repeating: -1, count: problem.events)
    oldRows = (0..<problem.groups).map { state.groupRow[$0] }
    let movable = Set(movable)
    flexible = (0..<problem.groups).filter { group in
      problem.groupEvents.count(group) > 1 && problem.groupRows[group].count > 1
        && problem.groupEvents[group].allSatisfy {
          movable.contains(Int(problem.groupEvents.items[$0]))
        }
    }
    var isFlexible = [Bool](repeating: false, count: problem.groups)
    for group in flexible { isFlexible[group] = true }
    self.isFlexible = isFlexible
    for event in self.movable { note(event) }
  }

  /// Has events be elsewhere than in force for good, so that steps are not spent on others beyond the
  /// limit.
  mutating func bind(_ events: [Int]) {
    boundCount = Set(events.filter { position[$0] >= 0 }).count
  }

  var moved: Int { elsewhere.count }

  /// Random numbers of their own for a number of moves, whatever was done before.
  mutating func restart(seed: UInt64, level: Int) {
    random = RandomSource(seed: seed, stream: 4000 + UInt64(level))
  }

  var snapshot: Snapshot {
    Snapshot(
      soft: state.soft, spots: elsewhere.sorted().map { ($0, spot($0)) },
      rows: flexible.filter { state.groupRow[$0] != oldRows[$0] }.map { ($0, state.groupRow[$0]) })
  }

  /// Goes to a snapshot.
  mutating func restore(_ snapshot: Snapshot) {
    let wanted = Dictionary(
      uniqueKeysWithValues: snapshot.spots.map { ($0.event, $0.spot) })
    let rows = Dictionary(uniqueKeysWithValues: snapshot.rows.map { ($0.group, $0.row) })
    let changed = flexible.filter { state.groupRow[$0] != rows[$0] ?? oldRows[$0] }
    // Before a group takes another row all of its events leave.
    let leaving = Set(changed.flatMap { members(of: $0) })
    let touched = Set(elsewhere).union(wanted.keys).union(leaving).sorted().filter { event in
      leaving.contains(event) || (wanted[event] ?? old[event]) != spot(event)
    }
    for event in touched { state.remove(event) }
    for group in changed { state.setRow(rows[group] ?? oldRows[group], of: group) }
    for event in touched {
      if let target = wanted[event] ?? old[event] {
        state.place(event, target.time, target.room)
      }
      note(event)
    }
  }

  private func members(of group: Int) -> [Int] {
    problem.groupEvents[group].map { Int(problem.groupEvents.items[$0]) }
  }

  private func spot(_ event: Int) -> Spot {
    Spot(time: Int(state.eventTime[event]), room: Int(state.eventRoom[event]))
  }

  private mutating func note(_ event: Int) {
    let isElsewhere = old[event].map { $0 != spot(event) } ?? false
    if isElsewhere, position[event] < 0 {
      position[event] = elsewhere.count
      elsewhere.append(event)
    } else if !isElsewhere, position[event] >= 0 {
      let at = position[event]
      let last = elsewhere[elsewhere.count - 1]
      elsewhere[at] = last
      position[last] = at
      elsewhere.removeLast()
      position[event] = -1
    }
  }

  private mutating func move(_ event: Int, _ target: Spot) {
    undo.append((event, spot(event)))
    state.remove(event)
    state.place(event, target.time, target.room)
    note(event)
  }

  private mutating func rollBack() {
    // All leave before any comes back: they may stand in each other's way.
    let events = Set(undo.map(\.event)).sorted()
    var first: [Int: Spot] = [:]
    for entry in undo where first[entry.event] == nil { first[entry.event] = entry.spot }
    for event in events where state.isPlaced(event) { state.remove(event) }
    if let undoRow { state.setRow(undoRow.row, of: undoRow.group) }
    undoRow = nil
    for event in events {
      if let target = first[event] { state.place(event, target.time, target.room) }
      note(event)
    }
    undo.removeAll(keepingCapacity: true)
  }

  private func isFree(_ event: Int, _ target: Spot) -> Bool {
    guard target.time >= 0, problem.allows(event: event, time: target.time),
      problem.needsRoom[event] == (target.room >= 0),
      target.room < 0 || problem.allows(event: event, room: target.room)
    else { return false }
    let row = state.rowShape(of: event)
    if row >= 0, problem.timeShape[target.time] != row { return false }
    return state.delta(event, target.time, target.room, limit: .max - 1) != SearchState.refused
  }

  private mutating func randomSpot(_ event: Int) -> Spot? {
    let options = problem.options[event]
    if options.isEmpty { return nil }
    let time = Int(problem.options.items[options.lowerBound + random.below(options.count)])
    let row = state.rowShape(of: event)
    if row >= 0, problem.timeShape[time] != row { return nil }
    guard problem.needsRoom[event] else { return Spot(time: time, room: -1) }
    let rooms = problem.eventRooms[event]
    if rooms.isEmpty { return nil }
    return Spot(
      time: time, room: Int(problem.eventRooms.items[rooms.lowerBound + random.below(rooms.count)]))
  }

  /// What random moves that cost something cost on average; 1 where none is found. Of a repair, moves
  /// of what is elsewhere.
  mutating func typicalRise() -> Double {
    var sum = 0.0, count = 0.0
    let events = boundCount == nil ? movable : elsewhere
    for _ in 0..<400 where !events.isEmpty {
      let event = events[random.below(events.count)]
      guard let target = randomSpot(event), target != spot(event) else { continue }
      let delta = state.delta(event, target.time, target.room, limit: .max - 1)
      if delta == SearchState.refused || delta <= 0 { continue }
      sum += Double(delta)
      count += 1
    }
    return count == 0 ? 1 : sum / count
  }

  /// Anneals with at most `most` events elsewhere.
  ///
  /// - Parameters:
  ///   - most: The limit; the state must keep it.
  ///   - hottest: The first temperature, in units of the soft score; the last is 1/200 of it.
  ///   - steps: The most steps.
  ///   - share: The share of the time that is gone; 1 ends it.
  /// - Returns: The best found, the state where it began included.
  mutating func anneal(
    most: Int, hottest: Double, steps: Int, share: () -> Double
  ) -> Snapshot {
    var best = snapshot
    var most = most
    if movable.isEmpty { return best }
    var temperature = hottest
    for number in 0..<steps {
      if number & 255 == 0 {
        let gone = max(share(), Double(number) / Double(steps))
        if gone >= 1 { break }
        temperature = hottest * pow(0.005, gone)
      }
      let allowed = Int(min(1e12, -temperature * log(max(1e-12, random.unit()))))
      let before = state.soft
      undo.removeAll(keepingCapacity: true)
      undoRow = nil
      guard step(most: most, allowed: allowed), elsewhere.count <= most,
        state.soft - before <= allowed
      else {
        if !undo.isEmpty { rollBack() }
        continue
      }
      if boundCount != nil, elsewhere.count < most {
        // Fewer moves go before what they cost.
        most = elsewhere.count
        best = snapshot
      } else if state.soft < best.soft {
        best = snapshot
      }
    }
    undo.removeAll(keepingCapacity: true)
    return best
  }

  /// Moves what is elsewhere to the place where it costs least, one after the other, until no such
  /// move saves anything.
  mutating func descend(share: () -> Double) {
    var isBetter = true
    while isBetter {
      isBetter = false
      for event in elsewhere.sorted() where position[event] >= 0 {
        if share() >= 1 { return }
        undo.removeAll(keepingCapacity: true)
        var best: (delta: Int, spot: Spot)?
        let row = state.rowShape(of: event)
        let needsRoom = problem.needsRoom[event]
        for index in problem.options[event] {
          let time = Int(problem.options.items[index])
          if row >= 0, problem.timeShape[time] != row { continue }
          func offer(_ room: Int) {
            let delta = state.delta(event, time, room, limit: (best?.delta ?? 0) - 1)
            if delta != SearchState.refused { best = (delta, Spot(time: time, room: room)) }
          }
          if !needsRoom { offer(-1) }
          for at in needsRoom ? problem.eventRooms[event] : 0..<0 {
            offer(Int(problem.eventRooms.items[at]))
          }
        }
        if let best {
          move(event, best.spot)
          isBetter = true
        }
      }
    }
    undo.removeAll(keepingCapacity: true)
  }

  /// A random change; false where it could not be made, with what was begun still to be undone.
  private mutating func step(most: Int, allowed: Int) -> Bool {
    // How many more than those that cannot stay may be elsewhere.
    let spare = boundCount.map { most - $0 } ?? .max
    if !flexible.isEmpty, random.below(10) == 0 {
      var group = flexible[random.below(flexible.count)]
      if boundCount != nil, !elsewhere.isEmpty {
        let event = elsewhere[random.below(elsewhere.count)]
        group = Int(problem.eventGroup[event])
        if group < 0 || !isFlexible[group] { return false }
      }
      guard reshape(group) else { return false }
      sendBack(most: most)
      return true
    }
    let isKnown =
      !elsewhere.isEmpty
      && (boundCount == nil ? random.below(2) == 0 : spare == 0 || random.below(8) > 0)
    let event =
      isKnown ? elsewhere[random.below(elsewhere.count)] : movable[random.below(movable.count)]
    if isKnown, spare > 0, random.below(8) == 0, let home = old[event] {
      guard isFree(event, home) else { return false }
      move(event, home)
      return true
    }
    guard let target = randomSpot(event), target != spot(event) else { return false }
    let from = spot(event)
    // Where nobody has to go back, what costs too much is seen without writing.
    let limit = isKnown || elsewhere.count < most ? allowed : .max - 1
    let delta = state.delta(event, target.time, target.room, limit: limit)
    if delta != SearchState.refused {
      move(event, target)
    } else {
      guard
        let others = state.obstacles(event, target.time, target.room, most: 2),
        !others.isEmpty, others.allSatisfy({ old[$0] != nil }),
        spare > 0 || others.allSatisfy({ position[$0] >= 0 })
      else { return false }
      for other in others {
        undo.append((other, spot(other)))
        state.remove(other)
      }
      guard isFree(event, target) else { return false }
      move(event, target)
      for other in others where !settle(other, near: from) { return false }
    }
    sendBack(most: most)
    return true
  }

  /// Others go back for those that left.
  private mutating func sendBack(most: Int) {
    var tries = 8
    while elsewhere.count > most, tries > 0 {
      tries -= 1
      let other = elsewhere[random.below(elsewhere.count)]
      if undo.contains(where: { $0.event == other }) { continue }
      if let home = old[other], isFree(other, home) { move(other, home) }
    }
  }

  /// Has a group held by another row of patterns: each of its events where it was in force, where
  /// that can be, else at a random place.
  private mutating func reshape(_ group: Int) -> Bool {
    let rows = problem.groupRows[group]
    let row = problem.groupRows.items[rows.lowerBound + random.below(rows.count)]
    if row == state.groupRow[group] { return false }
    let events = members(of: group)
    for event in events {
      undo.append((event, spot(event)))
      state.remove(event)
    }
    undoRow = (group, state.groupRow[group])
    state.setRow(row, of: group)
    for event in events {
      var target = old[event].flatMap { isFree(event, $0) ? $0 : nil }
      for _ in 0..<12 where target == nil {
        target = randomSpot(event).flatMap { isFree(event, $0) ? $0 : nil }
      }
      guard let target else { return false }
      state.place(event, target.time, target.room)
      note(event)
    }
    return true
  }

  /// Places an event that was in the way: where it was in force, where the first of the chain came
  /// from, at a random place, or, `depth` times, at one from which another has to go.
  private mutating func settle(_ event: Int, near from: Spot, depth: Int = 2) -> Bool {
    // Sometimes another is sent away though there is a free place.
    if depth == 0 || random.below(3) > 0 {
      var target = [old[event], from].compactMap { $0 }.first { isFree(event, $0) }
      for _ in 0..<12 where target == nil {
        target = randomSpot(event).flatMap { isFree(event, $0) ? $0 : nil }
      }
      if let target {
        state.place(event, target.time, target.room)
        note(event)
        return true
      }
    }
    if depth == 0 { return false }
    for _ in 0..<6 {
      guard let target = randomSpot(event),
        let others = state.obstacles(event, target.time, target.room, most: 1),
        let other = others.first, others.count == 1, old[other] != nil,
        !undo.contains(where: { $0.event == other })
      else { continue }
      undo.append((other, spot(other)))
      state.remove(other)
      guard isFree(event, target) else { return false }
      state.place(event, target.time, target.room)
      note(event)
      return settle(other, near: from, depth: depth - 1)
    }
    return false
  }
}

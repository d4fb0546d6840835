// SPDX-License-Identifier: GPL-3.0-or-later
internal import LocalSearch
internal import Problem

/// Puts together what chains did to copies of one state, each to the events of its own part.
///
/// Chains have no people in common, so only a room can be taken twice: then the later chain's event
/// goes back to where it was. Nobody else can have taken that place but an event of the same chain,
/// which goes back too.
enum Merge {
  private struct Change {
    var event: Int
    var oldTime: Int
    var oldRoom: Int
  }

  /// Takes the changes that the other chains made to their events into the first state, one chain
  /// after another; afterwards all states are the same.
  static func join(_ states: [SearchState], _ partition: Partition) {
    let target = states[0]
    for (number, source) in states.enumerated().dropFirst() {
      carry(partition.events[number], from: source, to: target)
    }
    for state in states.dropFirst() { state.copy(from: target) }
  }

  private static func carry(_ events: [Int32], from source: SearchState, to target: SearchState) {
    let problem = source.problem
    var changed: [Change] = []
    var oldRow: [Int: Int32] = [:]
    for number in events {
      let event = Int(number)
      let group = Int(problem.eventGroup[event])
      let otherRow = group >= 0 && source.groupRow[group] != target.groupRow[group]
      if otherRow { oldRow[group] = target.groupRow[group] }
      if otherRow || source.eventTime[event] != target.eventTime[event]
        || source.eventRoom[event] != target.eventRoom[event]
      {
        changed.append(
          Change(
            event: event, oldTime: Int(target.eventTime[event]),
            oldRoom: Int(target.eventRoom[event])))
      }
    }
    for change in changed where target.isPlaced(change.event) { target.remove(change.event) }
    for group in oldRow.keys.sorted() { target.setRow(source.groupRow[group], of: group) }

    let position = Dictionary(uniqueKeysWithValues: changed.enumerated().map { ($1.event, $0) })
    var goesBack = Array(repeating: false, count: changed.count)
    var queue: [Int] = []
    func sendBack(_ index: Int) {
      guard !goesBack[index] else { return }
      goesBack[index] = true
      queue.append(index)
      let event = changed[index].event
      if target.isPlaced(event) { target.remove(event) }
      // A group goes back as a whole: its row is one.
      let group = Int(problem.eventGroup[event])
      guard group >= 0, let row = oldRow[group] else { return }
      for member in problem.groupEvents[group] {
        if let other = position[Int(problem.groupEvents.items[member])] { sendBack(other) }
      }
      if target.groupRow[group] != row { target.setRow(row, of: group) }
    }
    for (index, change) in changed.enumerated()
    where !goesBack[index] && source.isPlaced(change.event) {
      let time = Int(source.eventTime[change.event])
      let room = Int(source.eventRoom[change.event])
      if target.delta(change.event, time, room, limit: .max - 1) == SearchState.refused {
        sendBack(index)
      } else {
        target.place(change.event, time, room)
      }
    }
    var head = 0
    while head < queue.count {
      let change = changed[queue[head]]
      head += 1
      guard change.oldTime >= 0, !target.isPlaced(change.event) else { continue }
      let blocking = target.obstacles(change.event, change.oldTime, change.oldRoom, most: .max)
      for other in blocking ?? [] {
        if let index = position[other] { sendBack(index) }
      }
    }
    for index in queue {
      let change = changed[index]
      guard change.oldTime >= 0 else { continue }
      if target.delta(change.event, change.oldTime, change.oldRoom, limit: .max - 1)
        != SearchState.refused
      {
        target.place(change.event, change.oldTime, change.oldRoom)
      } else if let place = Construction.cheapest(target, change.event) {
        // Only limits of hours, which are no obstacle of one event, can bring it here.
        target.place(change.event, place.time, place.room)
      }
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
internal import Problem

/// The moves that a chain made to its copy of a timetable, in their order, so that they can be taken
/// back and that other chains can make them too.
final class MoveLog {
  /// An event that moved; times and rooms are −1 where it was not placed.
  struct Step: BitwiseCopyable {
    var event: Int32
    var oldTime: Int32
    var oldRoom: Int32
    var time: Int32
    var room: Int32
  }

  /// A move: some steps at once, perhaps with another row of a group's pattern sets (group −1 for
  /// none). It was taken because it cost at most the threshold.
  struct Entry {
    var steps: Range<Int32>
    var group: Int32
    var oldRow: Int32
    var row: Int32
    var threshold: Int
  }

  private(set) var entries: [Entry] = []
  private(set) var steps: [Step] = []

  /// Moves that it holds.
  var count: Int { entries.count }

  func clear() {
    entries.removeAll(keepingCapacity: true)
    steps.removeAll(keepingCapacity: true)
  }

  /// Notes a move of one event; to be called before it is made.
  func note(_ state: SearchState, _ event: Int, _ time: Int, _ room: Int, threshold: Int) {
    let first = Int32(steps.count)
    steps.append(
      Step(
        event: Int32(event), oldTime: state.eventTime[event], oldRoom: state.eventRoom[event],
        time: Int32(time), room: Int32(room)))
    entries.append(
      Entry(steps: first..<first + 1, group: -1, oldRow: 0, row: 0, threshold: threshold))
  }

  /// Notes the move that is planned and priced in a state.
  func notePlan(_ state: SearchState, threshold: Int) {
    let first = Int32(steps.count)
    for index in 0..<state.plannedEvents {
      let (event, time, room) = state.planned(index)
      let (oldTime, oldRoom) = state.plannedFrom(index)
      steps.append(
        Step(
          event: Int32(event), oldTime: Int32(oldTime), oldRoom: Int32(oldRoom),
          time: Int32(time), room: Int32(room)))
    }
    let change = state.plannedRowChange
    entries.append(
      Entry(
        steps: first..<Int32(steps.count), group: Int32(change?.group ?? -1),
        oldRow: change?.old ?? 0, row: change?.new ?? 0, threshold: threshold))
  }
}

extension SearchState {
  /// Makes the moves of a log after those of other chains: those that meet what is in the footprint
  /// only where they still break nothing hard and cost at most what they were allowed to cost. What
  /// is left out joins the footprint.
  func make(_ log: MoveLog, after footprint: inout Footprint) {
    for entry in log.entries {
      if !footprint.meets(entry, of: log) {
        makeFreely(entry, of: log)
      } else if !make(entry, log, limit: entry.threshold) {
        footprint.add(entry, of: log)
      }
    }
  }

  /// Makes the moves of a log that nothing stands in the way of: they are not priced again.
  func makeFreely(_ log: MoveLog) {
    for entry in log.entries { makeFreely(entry, of: log) }
  }

  private func makeFreely(_ entry: MoveLog.Entry, of log: MoveLog) {
    guard entry.steps.count == 1, entry.group < 0 else {
      let isMade = make(entry, log, limit: .max - 1)
      assert(isMade)
      return
    }
    let step = log.steps[Int(entry.steps.lowerBound)]
    let event = Int(step.event), time = Int(step.time), room = Int(step.room)
    assert(eventTime[event] == step.oldTime && eventRoom[event] == step.oldRoom)
    assert(delta(event, time, room, limit: entry.threshold) != SearchState.refused)
    if step.oldTime < 0 { place(event, time, room) } else { move(event, time, room) }
  }

  /// Takes the moves of a log back; the state is the one that they led to.
  func takeBack(_ log: MoveLog) {
    for entry in log.entries.reversed() {
      if entry.steps.count == 1, entry.group < 0 {
        let step = log.steps[Int(entry.steps.lowerBound)]
        if step.oldTime < 0 {
          remove(Int(step.event))
        } else {
          move(Int(step.event), Int(step.oldTime), Int(step.oldRoom))
        }
        continue
      }
      beginPlan()
      for index in entry.steps {
        let step = log.steps[Int(index)]
        plan(Int(step.event), to: Int(step.oldTime), Int(step.oldRoom))
      }
      if entry.group >= 0 { planRow(entry.oldRow, of: Int(entry.group)) }
      let delta = priceOfPlan(limit: .max - 1)
      assert(delta != SearchState.refused)
      commitPlan()
    }
  }

  /// Makes a move where it breaks nothing hard and costs at most a limit, and tells whether it did.
  private func make(_ entry: MoveLog.Entry, _ log: MoveLog, limit: Int) -> Bool {
    if entry.steps.count == 1, entry.group < 0 {
      let step = log.steps[Int(entry.steps.lowerBound)]
      let event = Int(step.event), time = Int(step.time), room = Int(step.room)
      let now = eventTime[event]
      if now == step.time, eventRoom[event] == step.room { return true }
      // Its group may have another row by now.
      let row = rowShape(of: event)
      if row >= 0, problem.timeShape[time] != row { return false }
      if delta(event, time, room, limit: limit) == SearchState.refused { return false }
      if now < 0 { place(event, time, room) } else { move(event, time, room) }
      return true
    }
    beginPlan()
    for index in entry.steps {
      let step = log.steps[Int(index)]
      let event = Int(step.event)
      if eventTime[event] < 0 { return false }
      if entry.group < 0 {
        let row = rowShape(of: event)
        if row >= 0, problem.timeShape[Int(step.time)] != row { return false }
      }
      plan(event, to: Int(step.time), Int(step.room))
    }
    if entry.group >= 0, groupRow[Int(entry.group)] != entry.row {
      planRow(entry.row, of: Int(entry.group))
    }
    if priceOfPlan(limit: limit) == SearchState.refused { return false }
    commitPlan()
    return true
  }
}

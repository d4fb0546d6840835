// SPDX-License-Identifier: GPL-3.0-or-later
internal import Problem

/// The days of people and rooms, the groups and the events that moves of other chains have touched
/// in a round.
///
/// A move that meets none of them costs after those moves what it cost before them, and breaks as
/// little: the price of a person hangs on the person's day alone, a room is taken by the day, and
/// what remains is between the events of a group, the group before it and those after it.
struct Footprint {
  private let problem: Problem
  private var people: [UInt32]
  private var rooms: [UInt32]
  private var groups: [UInt32]
  private var events: [UInt32]
  private var round: UInt32 = 0

  init(_ problem: Problem) {
    self.problem = problem
    people = Array(repeating: 0, count: problem.people * problem.days)
    rooms = Array(repeating: 0, count: problem.rooms * problem.days)
    groups = Array(repeating: 0, count: problem.groups)
    events = Array(repeating: 0, count: problem.events)
  }

  /// Forgets everything.
  mutating func clear() {
    round &+= 1
    if round == 0 {
      self = Footprint(problem)
      round = 1
    }
  }

  /// Adds what the moves of a log touch.
  mutating func add(_ log: MoveLog) {
    for entry in log.entries { add(entry, of: log) }
  }

  /// Adds what a move touches, whether it was made in the end or not.
  mutating func add(_ entry: MoveLog.Entry, of log: MoveLog) {
    if entry.group >= 0 { groups[Int(entry.group)] = round }
    for index in entry.steps {
      let step = log.steps[Int(index)]
      let event = Int(step.event)
      events[event] = round
      let group = Int(problem.eventGroup[event])
      if group >= 0 { groups[group] = round }
      let old = step.oldTime < 0 ? -1 : Int(problem.timeDay[Int(step.oldTime)])
      let new = step.time < 0 ? -1 : Int(problem.timeDay[Int(step.time)])
      for position in problem.eventPeople[event] {
        let person = Int(problem.eventPeople.items[position])
        let base = person * problem.days
        if problem.personMinimumDays[person] > 0 {
          for day in 0..<problem.days { people[base + day] = round }
          continue
        }
        if old >= 0 { people[base + old] = round }
        if new >= 0 { people[base + new] = round }
      }
      if old >= 0, step.oldRoom >= 0 { rooms[Int(step.oldRoom) * problem.days + old] = round }
      if new >= 0, step.room >= 0 { rooms[Int(step.room) * problem.days + new] = round }
    }
  }

  /// Whether a move meets anything that was added.
  func meets(_ entry: MoveLog.Entry, of log: MoveLog) -> Bool {
    if entry.group >= 0, meets(group: Int(entry.group)) { return true }
    for index in entry.steps {
      let step = log.steps[Int(index)]
      let event = Int(step.event)
      if events[event] == round { return true }
      let group = Int(problem.eventGroup[event])
      if group >= 0, meets(group: group) { return true }
      let old = step.oldTime < 0 ? -1 : Int(problem.timeDay[Int(step.oldTime)])
      let new = step.time < 0 ? -1 : Int(problem.timeDay[Int(step.time)])
      if old >= 0, step.oldRoom >= 0, rooms[Int(step.oldRoom) * problem.days + old] == round {
        return true
      }
      if new >= 0, step.room >= 0, rooms[Int(step.room) * problem.days + new] == round {
        return true
      }
      for position in problem.eventPeople[event] {
        let base = Int(problem.eventPeople.items[position]) * problem.days
        if old >= 0, people[base + old] == round { return true }
        if new >= 0, people[base + new] == round { return true }
      }
    }
    return false
  }

  private func meets(group: Int) -> Bool {
    if groups[group] == round { return true }
    let parent = Int(problem.groupParent[group])
    if parent >= 0, groups[parent] == round { return true }
    for index in problem.groupChildren[group]
    where groups[Int(problem.groupChildren.items[index])] == round {
      return true
    }
    return false
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
internal import LocalSearch
internal import Problem

/// Puts together what chains did to copies of one state, each to the events of its own part.
enum Merge {
  /// Afterwards all states are the same.
  static func join(_ states: [SearchState], _ partition: Partition) {
    for (number, events) in partition.events.enumerated() {
      let source = states[number]
      for (other, target) in states.enumerated() where other != number {
        carry(events, from: source, to: target)
      }
    }
  }

  private static func carry(_ events: [Int32], from source: SearchState, to target: SearchState) {
    let problem = source.problem
    func hasOtherRow(_ event: Int) -> Bool {
      let group = Int(problem.eventGroup[event])
      return group >= 0 && source.groupRow[group] != target.groupRow[group]
    }
    var changed: [Int] = []
    for number in events {
      let event = Int(number)
      if source.eventTime[event] != target.eventTime[event]
        || source.eventRoom[event] != target.eventRoom[event] || hasOtherRow(event)
      {
        changed.append(event)
      }
    }
    for event in changed where target.isPlaced(event) { target.remove(event) }
    for event in changed {
      // Only a group whose events are all of the part can have another row.
      if hasOtherRow(event) {
        let group = Int(problem.eventGroup[event])
        target.setRow(source.groupRow[group], of: group)
      }
    }
    for event in changed where source.isPlaced(event) {
      target.place(event, Int(source.eventTime[event]), Int(source.eventRoom[event]))
    }
  }
}

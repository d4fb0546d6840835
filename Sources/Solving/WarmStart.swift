// SPDX-License-Identifier: GPL-3.0-or-later
package import Problem
package import Timetabling

/// Takes a given timetable into a state.
package enum WarmStart {
  /// Places what can be placed as given; what breaks a hard constraint stays out.
  package static func load(_ timetable: Timetable, into state: SearchState) {
    let problem = state.problem
    for group in 0..<problem.groups where state.groupRow[group] >= 0 {
      let shapes = problem.groupEvents[group].map { index -> Int32? in
        let event = Int(problem.groupEvents.items[index])
        return timetable.placements[event].flatMap { problem.time(of: $0.time) }
          .map { problem.timeShape[$0] }
      }
      let row = problem.groupRows[group].map { problem.groupRows.items[$0] }.first { row in
        problem.shapes(ofRow: Int(row)).elementsEqual(shapes) { $0 == $1 }
      }
      if let row { state.setRow(row, of: group) }
    }
    for event in 0..<problem.events {
      guard let placement = timetable.placements[event],
        let time = problem.time(of: placement.time)
      else { continue }
      let row = state.rowShape(of: event)
      if row >= 0, problem.timeShape[time] != row { continue }
      let room = Int(placement.room ?? -1)
      if problem.needsRoom[event] != (room >= 0) { continue }
      if room >= 0, !problem.allows(event: event, room: room) { continue }
      if state.delta(event, time, room, limit: .max - 1) != SearchState.refused {
        state.place(event, time, room)
      }
    }
  }
}

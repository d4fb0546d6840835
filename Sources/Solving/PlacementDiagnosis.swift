// SPDX-License-Identifier: GPL-3.0-or-later
public import Problem

/// Why an event found no place: each time that it may have, by what stands in its way first.
public struct PlacementDiagnosis: Sendable, Hashable {
  /// The event.
  public var event: Int
  /// Times that the event may have by itself.
  public var times = 0
  /// Rooms that the event may have; −1 where it needs none.
  public var rooms = 0
  /// Times at which all its rooms are taken or closed.
  public var withoutRoom = 0
  /// Times at which a person has something else, by person, most often first.
  public var people: [Busy] = []
  /// Times at which everybody and a room are free, and only the way between buildings or the
  /// hours of a day forbid it.
  public var tooFarOrTooLong = 0

  /// How often a person is busy.
  public struct Busy: Sendable, Hashable {
    /// Position in the instance's people.
    public var person: Int
    /// At how many times.
    public var times: Int
  }

  /// Looks at an event that is not placed.
  public init(_ event: Int, in state: SearchState) {
    let problem = state.problem
    self.event = event
    rooms = problem.needsRoom[event] ? problem.eventRooms.count(event) : -1
    let row = state.rowShape(of: event)
    var busy: [Int: Int] = [:]
    for index in problem.options[event] {
      let time = Int(problem.options.items[index])
      if row >= 0, problem.timeShape[time] != row { continue }
      times += 1
      let refusing = problem.eventPeople[event].map { Int(problem.eventPeople.items[$0]) }
        .filter { state.isBusy($0, at: time, besides: event) }
      if !refusing.isEmpty {
        for person in refusing { busy[person, default: 0] += 1 }
      } else if problem.needsRoom[event],
        !problem.eventRooms[event].contains(where: {
          state.isRoomFree(Int(problem.eventRooms.items[$0]), time, besides: event)
        })
      {
        withoutRoom += 1
      } else {
        tooFarOrTooLong += 1
      }
    }
    people = busy.map { Busy(person: $0.key, times: $0.value) }
      .sorted { ($1.times, $0.person) < ($0.times, $1.person) }
  }
}

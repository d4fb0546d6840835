// SPDX-License-Identifier: GPL-3.0-or-later
import Formulation
import GLPKSolver
import LocalSearch
import Problem
import TestSupport
import Testing
import Timetabling
import Validation

@Suite("Rooms for fixed times")
struct RoomAssignmentTests {
  /// The least soft cost over all rooms of some events at their times, by trying all of them.
  private func exhaustive(_ state: SearchState, _ events: [Int]) -> Int {
    let problem = state.problem
    let copy = SearchState(problem)
    copy.copy(from: state)
    let times = events.map { Int(copy.eventTime[$0]) }
    for event in events { copy.remove(event) }
    var best = Int.max
    func descend(_ depth: Int) {
      if depth == events.count {
        best = min(best, copy.soft)
        return
      }
      for index in problem.eventRooms[events[depth]] {
        let room = Int(problem.eventRooms.items[index])
        if copy.delta(events[depth], times[depth], room, limit: .max - 1) == SearchState.refused {
          continue
        }
        copy.place(events[depth], times[depth], room)
        descend(depth + 1)
        copy.remove(events[depth])
      }
    }
    descend(0)
    return best
  }

  private func roomed(_ state: SearchState) -> [Int] {
    (0..<state.problem.events).filter { state.eventRoom[$0] >= 0 }
  }

  /// Costs that are a sum over events, or of a group's rooms: the model says them exactly.
  @Test(arguments: 0..<40)
  func findsTheBestRoomsWhereCostsAddUp(seed: Int) throws {
    var shape = RandomShape()
    shape.events = 5...8
    shape.rooms = 3...4
    shape.online = 5
    let instance = TimetableInstance.random(
      seed: UInt64(seed),
      asking: [
        .overlap, .gaps, .roomPenalties, .softCapacity, .softRoomTimes, .hardRoomTimes,
        .roomStability, .softKeepRoom,
      ], shape)
    let state = SearchState(try Problem(instance))
    Construction.run(state)
    let events = roomed(state)
    let best = exhaustive(state, events)
    let before = state.soft
    let gain = try RoomAssignment.improve(
      state, events: events.map(Int32.init), solver: GLPKSolver(), timeLimit: nil, candidates: 10)
    #expect(before - gain == best)
    #expect(state.soft == best)
    let score = DeclaredScore(instance, state.timetable)
    #expect(score.hard.isEmpty)
  }

  /// Site changes and ways couple the rooms: there the model is a guess, and the result must never
  /// be worse than what it started from, nor break anything.
  @Test(arguments: 0..<40)
  func neverMakesATimetableWorse(seed: Int) throws {
    var shape = RandomShape()
    shape.events = 5...9
    shape.rooms = 3...5
    let instance = TimetableInstance.random(
      seed: UInt64(1000 + seed),
      asking: Set(AskedKind.allCases).subtracting([.isolated, .hardKeepTime, .hardKeepRoom]),
      shape)
    let problem = try Problem(instance)
    let state = SearchState(problem)
    Construction.run(state)
    let before = state.score
    let old = state.timetable
    for day in 0..<problem.days {
      let events = roomed(state).filter { Int(problem.timeDay[Int(state.eventTime[$0])]) == day }
      let least = exhaustive(state, events)
      let now = state.soft
      let gain = try RoomAssignment.improve(
        state, events: events.map(Int32.init), solver: GLPKSolver(), timeLimit: nil, candidates: 2)
      #expect(state.soft == now - gain)
      #expect(state.soft >= least)
    }
    #expect(state.score <= before)
    #expect(state.unplaced == before.hard)
    if state.score == before { #expect(state.timetable == old) }
    #expect(DeclaredScore(instance, state.timetable).hard.isEmpty)
  }

  /// Two rooms, one of them only for the second event, which sits in the other.
  private func crowded() -> TimetableInstance {
    var instance = TimetableInstance(
      name: "crowded", grid: TimeGrid(weeks: 1, days: 1, slotStarts: [480], slotMinutes: 50))
    instance.sites = ["A"]
    instance.travelMinutes = [[0]]
    instance.rooms = [
      RoomDeclaration(name: "hall", site: 0, capacity: 50),
      RoomDeclaration(name: "cabin", site: 0, capacity: 10),
    ]
    instance.timeDomains = [[TimeOption(TimePattern(weeks: 1, day: 0, start: 0, length: 1))]]
    instance.events = [
      Event(
        name: "lecture", timeDomain: 0, rooms: [RoomOption(0)], needsRoom: true, size: 40),
      Event(
        name: "seminar", timeDomain: 0, rooms: [RoomOption(0), RoomOption(1)], needsRoom: true,
        size: 5),
    ]
    return instance
  }

  @Test func freesARoomForAnEventThatFoundNone() throws {
    let problem = try Problem(crowded())
    let state = SearchState(problem)
    state.place(1, 0, 0)
    #expect(state.delta(0, 0, 0, limit: .max - 1) == SearchState.refused)
    let isPlaced = try RoomAssignment.insert(
      state, event: 0, solver: GLPKSolver(), timeLimit: nil, candidates: 5)
    #expect(isPlaced)
    #expect(state.unplaced == 0)
    #expect(state.eventRoom[0] == 0 && state.eventRoom[1] == 1)
  }

  @Test func leavesEverythingWhereNoRoomCanBeFreed() throws {
    var instance = crowded()
    instance.events[1].rooms = [RoomOption(0)]
    let state = SearchState(try Problem(instance))
    state.place(1, 0, 0)
    let isPlaced = try RoomAssignment.insert(
      state, event: 0, solver: GLPKSolver(), timeLimit: nil, candidates: 5)
    #expect(!isPlaced)
    #expect(!state.isPlaced(0) && state.eventRoom[1] == 0)
  }

  /// Insertion succeeds exactly where some choice of rooms lets the event in at one of its times.
  @Test(arguments: 0..<60)
  func insertsExactlyWhereRoomsCanBeFreed(seed: Int) throws {
    var shape = RandomShape()
    shape.weeks = 1...2
    shape.days = 1...1
    shape.slots = 3...4
    shape.events = 5...8
    shape.rooms = 2...3
    shape.online = 0
    let instance = TimetableInstance.random(
      seed: UInt64(2000 + seed), asking: [.overlap, .roomPenalties], shape)
    let problem = try Problem(instance)
    let state = SearchState(problem)
    Construction.run(state)
    let waiting = (0..<problem.events).filter { !state.isPlaced($0) }
    for event in waiting {
      let copy = SearchState(problem)
      copy.copy(from: state)
      var isPossible = false
      for index in problem.options[event] {
        let time = Int(problem.options.items[index])
        // Only events held at the time may move.
        let others = roomed(copy).filter { other in
          let held = Int(copy.eventTime[other])
          return problem.timeDay[held] == problem.timeDay[time]
            && problem.timeMask[held] & problem.timeMask[time] != 0
            && problem.timeClasses[held] & problem.timeClasses[time] != 0
        }
        for at in problem.eventRooms[event] where !isPossible {
          let room = Int(problem.eventRooms.items[at])
          let times = others.map { Int(copy.eventTime[$0]) }
          let rooms = others.map { Int(copy.eventRoom[$0]) }
          for other in others { copy.remove(other) }
          if copy.delta(event, time, room, limit: .max - 1) != SearchState.refused {
            copy.place(event, time, room)
            isPossible = canSeat(copy, others, times)
            copy.remove(event)
          }
          for (number, other) in others.enumerated() {
            copy.place(other, times[number], rooms[number])
          }
        }
      }
      let isPlaced = try RoomAssignment.insert(
        state, event: event, solver: GLPKSolver(), timeLimit: nil, candidates: 10)
      #expect(isPlaced == isPossible)
      #expect(DeclaredScore(instance, state.timetable).hard.isEmpty)
    }
  }

  private func canSeat(_ state: SearchState, _ events: [Int], _ times: [Int]) -> Bool {
    guard let event = events.first else { return true }
    let problem = state.problem
    for index in problem.eventRooms[event] {
      let room = Int(problem.eventRooms.items[index])
      if state.delta(event, times[0], room, limit: .max - 1) == SearchState.refused { continue }
      state.place(event, times[0], room)
      let isDone = canSeat(state, Array(events.dropFirst()), Array(times.dropFirst()))
      state.remove(event)
      if isDone { return true }
    }
    return false
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import Problem
import TestSupport
import Testing
import Timetabling
import Validation

/// What the state has of a timetable against the plain reading of the declarations.
struct Reference {
  let instance: TimetableInstance

  /// The soft cost that a state must have with a timetable, and whether the timetable breaks no hard
  /// constraint, what is not placed aside.
  ///
  /// A group of several events has chosen its row before all of them are placed, and pays for it;
  /// the declarations speak of rows only once everything is placed.
  func read(_ state: SearchState, _ timetable: Timetable) -> (soft: Int, isAllowed: Bool) {
    let score = DeclaredScore(instance, timetable)
    var sum = score.softTotal
    for (group, members) in instance.eventGroups.enumerated() where members.events.count > 1 {
      let row = state.groupRow[group]
      if row >= 0, members.events.contains(where: { timetable.placements[Int($0)] == nil }) {
        sum += state.problem.penalty(ofRow: Int(row))
      }
    }
    return (sum, score.hard.isEmpty)
  }
}

@Suite("The search's score is that of the declarations")
struct SearchAgreementTests {
  /// Makes random moves, and compares each with the declarations: what is refused and what it
  /// costs.
  private func walk(_ instance: TimetableInstance, seed: UInt64, steps: Int) throws -> (
    accepted: Int, refused: Int
  ) {
    let problem = try Problem(instance)
    let state = SearchState(problem)
    let reference = Reference(instance: instance)
    var random = TestRandom(seed: seed)
    var counts = (accepted: 0, refused: 0)
    #expect(state.soft == reference.read(state, state.timetable).soft)
    for _ in 0..<steps {
      let event = random.below(problem.events)
      if random.chance(15) {
        if state.isPlaced(event) { state.remove(event) }
        #expect(state.soft == reference.read(state, state.timetable).soft)
        continue
      }
      if random.chance(20) { changeRow(state, &random) }
      let domain = instance.timeDomains[instance.events[event].timeDomain]
      let rooms = instance.events[event].rooms
      if domain.isEmpty || (instance.events[event].needsRoom && rooms.isEmpty) { continue }
      let pattern = random.pick(domain).pattern
      let room =
        instance.events[event].needsRoom ? Int32(random.pick(rooms).room) : nil
      let time = try #require(problem.time(of: pattern))
      let row = state.rowShape(of: event)
      if row >= 0, problem.timeShape[time] != row { continue }
      var candidate = state.timetable
      candidate.placements[event] = Placement(time: pattern, room: room)
      let (expected, isAllowed) = reference.read(state, candidate)
      var delta = SearchState.refused
      if room.map({ problem.allows(event: event, room: Int($0)) }) ?? true {
        delta = state.delta(event, time, Int(room ?? -1), limit: .max - 1)
      }
      #expect((delta != SearchState.refused) == isAllowed, "event \(event), \(candidate)")
      guard delta != SearchState.refused, isAllowed else {
        counts.refused += 1
        continue
      }
      #expect(state.soft + delta == expected, "event \(event), \(candidate)")
      let early = state.delta(event, time, Int(room ?? -1), limit: delta - 1)
      #expect(early == SearchState.refused)
      #expect(state.delta(event, time, Int(room ?? -1), limit: delta) == delta)
      if state.isPlaced(event) { state.remove(event) }
      state.place(event, time, Int(room ?? -1))
      counts.accepted += 1
      #expect(state.soft == expected)
      #expect(state.unplaced == candidate.placements.count { $0 == nil })
    }
    return counts
  }

  private func changeRow(_ state: SearchState, _ random: inout TestRandom) {
    let problem = state.problem
    guard problem.groups > 0 else { return }
    let group = random.below(problem.groups)
    let rows = problem.groupRows[group]
    guard state.groupRow[group] >= 0, !rows.isEmpty else { return }
    for index in problem.groupEvents[group] {
      let event = Int(problem.groupEvents.items[index])
      if state.isPlaced(event) { state.remove(event) }
    }
    state.setRow(
      problem.groupRows.items[rows.lowerBound + random.below(rows.count)], of: group)
  }

  @Test(arguments: AskedKind.allCases)
  func onEachKindAlone(kind: AskedKind) throws {
    for seed in 0..<25 {
      let instance = TimetableInstance.random(seed: UInt64(seed), asking: [kind])
      let counts = try walk(instance, seed: UInt64(seed), steps: 40)
      #expect(counts.accepted + counts.refused > 0)
    }
  }

  @Test(arguments: AskedKind.allCases)
  func onEachKindWhereEventsMayNotOverlap(kind: AskedKind) throws {
    for seed in 100..<125 {
      let instance = TimetableInstance.random(
        seed: UInt64(seed), asking: [kind, .overlap, .travel])
      _ = try walk(instance, seed: UInt64(seed), steps: 40)
    }
  }

  @Test(arguments: 0..<60)
  func onAllKindsTogether(seed: Int) throws {
    let all = Set(AskedKind.allCases)
    for (number, kinds) in [
      all, all.subtracting([.isolated]), all.subtracting([.lenientOverlap]),
      all.subtracting([.isolated, .lenientOverlap, .hardKeepTime, .hardKeepRoom]),
    ].enumerated() {
      let instance = TimetableInstance.random(
        seed: UInt64(1000 * number + seed), asking: kinds)
      _ = try walk(instance, seed: UInt64(seed), steps: 50)
    }
  }

  /// More slots than fit the words in which people are kept.
  @Test(arguments: [17...20, 30...40, 60...64])
  func onLongDays(slots: ClosedRange<Int>) throws {
    var shape = RandomShape()
    shape.slots = slots
    shape.days = 1...2
    shape.weeks = 1...2
    for seed in 0..<10 {
      let instance = TimetableInstance.random(
        seed: UInt64(seed), asking: Set(AskedKind.allCases).subtracting([.isolated]), shape)
      _ = try walk(instance, seed: UInt64(seed), steps: 40)
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import Problem
import TestSupport
import Testing
import Timetabling

@Suite("What a day costs and what cannot be lowered")
struct MeasureTests {
  /// One person with one event a slot of a day of six; each may be only there.
  private func instance(_ kinds: [Constraint]) -> TimetableInstance {
    var instance = TimetableInstance(
      name: "day",
      grid: TimeGrid(
        weeks: 2, days: 1, slotStarts: (0..<6).map { 480 + 60 * $0 }, slotMinutes: 50))
    for slot in 0..<6 {
      instance.timeDomains.append([
        TimeOption(TimePattern(weeks: 3, day: 0, start: slot, length: 1))
      ])
      instance.events.append(
        Event(name: "\(slot)", timeDomain: slot, rooms: [], needsRoom: false, size: 1))
    }
    instance.roles = ["student"]
    instance.people = [Person(name: "a", role: 0, count: 3, events: [0, 1, 2, 3, 4, 5])]
    instance.constraints = [Constraint(.noOverlap(role: 0), .hard, source: "M5")] + kinds
    return instance
  }

  /// The cost of a day with the slots given; nil where it is refused. People × weeks is 6.
  private func cost(_ kind: Constraint.Kind, _ level: Constraint.Level, _ slots: [Int]) throws
    -> Int?
  {
    let state = SearchState(
      try Problem(instance([Constraint(kind, level, source: "it")])))
    for slot in slots {
      if state.delta(slot, slot, -1, limit: .max - 1) == SearchState.refused { return nil }
      state.place(slot, slot, -1)
    }
    return state.soft
  }

  @Test func gapsAreTheFreeSlotsBetweenTheFirstAndTheLast() throws {
    #expect(try cost(.gaps(role: 0), .soft(2), [1, 4, 5]) == 2 * 2 * 6)
    #expect(try cost(.gaps(role: 0), .soft(2), [2, 3]) == 0)
  }

  @Test func longDaysCountAboveTheLimit() throws {
    #expect(try cost(.dayLoad(role: 0, limit: 2), .soft(5), [0, 1, 2, 5]) == 2 * 5 * 6)
  }

  @Test func aHardLimitOfTheDayIsNotExceeded() throws {
    #expect(try cost(.dayLoad(role: 0, limit: 2), .hard, [0, 1]) == 0)
    #expect(try cost(.dayLoad(role: 0, limit: 2), .hard, [0, 1, 5]) == nil)
  }

  @Test func aWindowIsBrokenWhereAllOfItIsTaken() throws {
    #expect(try cost(.fullWindow(role: 0, from: 2, to: 3), .soft(7), [2, 3]) == 7 * 6)
    #expect(try cost(.fullWindow(role: 0, from: 2, to: 3), .soft(7), [2, 4]) == 0)
  }

  @Test func singlesAndDaysCountOnceADay() throws {
    #expect(try cost(.singleEventDays(role: 0), .soft(1), [4]) == 6)
    #expect(try cost(.singleEventDays(role: 0), .soft(1), [4, 5]) == 0)
    #expect(try cost(.daysUsed(role: 0), .soft(1), [4, 5]) == 6)
    #expect(try cost(.daysUsed(role: 0), .soft(1), []) == 0)
  }

  @Test func isolatedEventsHaveNobodyBesideThem() throws {
    #expect(try cost(.isolated(role: 0), .soft(3), [0, 2, 3, 5]) == 2 * 3 * 6)
  }

  @Test func whatHasNoTermIsRefusedByName() throws {
    for kind in [
      Constraint.Kind.pairs(events: [0, 1], relation: .sameStart), .maxDays(events: [0], limit: 1),
      .maxDayLoad(events: [0], limit: 1), .maxBreaks(events: [0], breaks: 0, gap: 0),
      .maxBlock(events: [0], limit: 1, gap: 0),
    ] {
      #expect(throws: ProblemError.self) {
        try Problem(instance([Constraint(kind, .soft(1), source: "it")]))
      }
    }
    #expect(throws: ProblemError.self) {
      try Problem(instance([Constraint(.gaps(role: 0), .hard, source: "it")]))
    }
    #expect(throws: ProblemError.self) {
      try Problem(instance([Constraint(.noOverlap(role: 0), .soft(1), source: "it")]))
    }
  }

  @Test func weightsAndTheirSumsAreWholeNumbersThatCanBeCounted() throws {
    let most = (1 << 24) - 1
    #expect(try cost(.gaps(role: 0), .soft(most), [0, 5]) == 4 * 6 * most)
    for weight in [-1, most + 1, Int.max] {
      #expect(throws: ProblemError.self) {
        try Problem(instance([Constraint(.gaps(role: 0), .soft(weight), source: "it")]))
      }
    }
    let often = Array(
      repeating: Constraint(.gaps(role: 0), .soft(most), source: "it"), count: 65)
    #expect(throws: ProblemError.self) { try Problem(instance(often)) }
  }

  @Test func peopleTimesWeeksTimesTheDearestDayCanBeCounted() throws {
    var many = instance([Constraint(.gaps(role: 0), .soft(1_000_000), source: "it")])
    // A day costs up to 4,000,000; the one class has 2 weeks.
    many.people[0].count = 134
    let state = SearchState(try Problem(many))
    for slot in [0, 5] { state.place(slot, slot, -1) }
    #expect(state.soft == 4_000_000 * 2 * 134)
    many.people[0].count = 135
    let tooMany = many
    let refused = #expect(throws: ProblemError.self) { try Problem(tooMany) }
    guard case .malformed(let sentence)? = refused else {
      Issue.record("refused for another reason")
      return
    }
    #expect(sentence.contains("student a and 134 with the same events"))
    #expect(sentence.contains("135 × 2 × 4000000"))
  }

  @Test func daysThatAreWantedCanBeCounted() throws {
    var wanting = instance([Constraint(.minimumDays(role: 0), .soft(1_000_000), source: "it")])
    wanting.people[0].minimumDays = 300
    #expect(try SearchState(Problem(wanting)).soft == 300 * 1_000_000 * 3)
    for (count, days) in [(3, 400), (3, -1), (-1, 2), (1, Int.max), (Int.max, 1)] {
      wanting.people[0].count = count
      wanting.people[0].minimumDays = days
      let wrong = wanting
      #expect(throws: ProblemError.self) { try Problem(wrong) }
    }
  }

  @Test func pricesThatCannotBeCountedAreRefused() throws {
    let shape = Constraint.PatternSet.Shape(weeks: 3, length: 1)
    for price in [Int.min, -1 << 31, 1 << 30, Int.max] {
      var time = instance([])
      time.timeDomains[0][0].penalty = price
      var room = instance([])
      room.sites = ["site"]
      room.travelMinutes = [[0]]
      room.rooms = [RoomDeclaration(name: "room", site: 0, capacity: 9)]
      room.events[0].rooms = [RoomOption(0, penalty: price)]
      var row = instance([
        Constraint(
          .patternSets(group: 0, rows: [.init(shapes: [shape, shape], penalties: ["a": price])]),
          .hard, source: "M1")
      ])
      row.eventGroups = [EventGroup(name: "two", events: [0, 1])]
      for wrong in [time, room, row] {
        #expect(throws: ProblemError.self) { try Problem(wrong) }
      }
    }
    // Each part can be counted, but not what it comes to.
    var crowded = instance([Constraint(.capacityExcess(events: [0]), .soft(1000), source: "it")])
    crowded.sites = ["site"]
    crowded.travelMinutes = [[0]]
    crowded.rooms = [RoomDeclaration(name: "room", site: 0, capacity: 9)]
    crowded.events[0].rooms = [RoomOption(0)]
    crowded.events[0].size = 1_000_009
    #expect(try Problem(crowded).cheapestPlacement(of: 0) == 1_000_000_000)
    crowded.events[0].size = 2_000_009
    let wrong = crowded
    #expect(throws: ProblemError.self) { try Problem(wrong) }
  }

  @Test func moreRoomsThanSixteenBitsNumberAreNotForTheKernelOfPeriods() throws {
    for (count, isFitting) in [(3, true), (40_000, false)] {
      var courses = CourseTimetabling(name: "rooms", days: 1, periods: 2)
      courses.courses = [
        CourseTimetabling.Course(
          name: "c", teacher: "t", lectures: 1, minimumDays: 1, students: 1)
      ]
      courses.rooms = (0..<count).map { CourseTimetabling.Room(name: "\($0)", capacity: 1) }
      courses.unavailable = [[]]
      let periods = PeriodProblem(try Problem(courses.declaration))
      #expect((periods != nil) == isFitting)
    }
  }

  @Test func weeksThatNoPatternTellsApartAreOneClass() throws {
    var twice = instance([])
    twice.grid.weeks = 6
    twice.timeDomains[0] = [TimeOption(TimePattern(weeks: 0b010101, day: 0, start: 0, length: 1))]
    for slot in 1..<6 {
      twice.timeDomains[slot] = [
        TimeOption(TimePattern(weeks: 0b001111, day: 0, start: slot, length: 1))
      ]
    }
    let problem = try Problem(twice)
    // Weeks 0 and 2; 1 and 3; 4; week 5 holds nothing.
    #expect(problem.classes == 3)
    #expect(problem.classWeeks.array.sorted() == [1, 2, 2])
  }

  @Test func aGroupWithoutAUsableRowHasNoPlace() throws {
    var odd = instance([
      Constraint(
        .patternSets(
          group: 0,
          rows: [
            .init(
              shapes: [.init(weeks: 1, length: 1), .init(weeks: 1, length: 1)], penalties: [:])
          ]), .hard, source: "M1")
    ])
    odd.eventGroups = [EventGroup(name: "two", events: [0, 1])]
    let problem = try Problem(odd)
    #expect(problem.options[0].isEmpty && problem.options[1].isEmpty)
    #expect(!problem.options[2].isEmpty)
  }

  @Test func ofEqualRowsTheCheapestCounts() throws {
    let shape = Constraint.PatternSet.Shape(weeks: 3, length: 1)
    var odd = instance([
      Constraint(
        .patternSets(
          group: 0,
          rows: [
            .init(shapes: [shape, shape], penalties: ["a": 9]),
            .init(shapes: [shape, shape], penalties: ["a": 4]),
          ]), .hard, source: "M1")
    ])
    odd.eventGroups = [EventGroup(name: "two", events: [0, 1])]
    #expect(SearchState(try Problem(odd)).soft == 4)
  }

  /// Twelve hours in a day of six: two days, unless they may overlap.
  @Test func theFewestDaysCountHoursThatCannotOverlap() throws {
    var full = instance([Constraint(.daysUsed(role: 0), .soft(1), source: "days")])
    for number in 6..<12 {
      full.events.append(
        Event(name: "\(number)", timeDomain: 0, rooms: [], needsRoom: false, size: 1))
    }
    full.people[0].events = (0..<12).map(Int32.init)
    // People × weeks is 6.
    #expect(try Problem(full).fewestDaysCost(of: 0) == 2 * 6)
    full.constraints.removeFirst()
    let problem = try Problem(full)
    let state = SearchState(problem)
    for event in 0..<12 { state.place(event, event % 6 == event ? event : 0, -1) }
    #expect(state.soft == 6)
    #expect(problem.fewestDaysCost(of: 0) <= 6)
  }
}

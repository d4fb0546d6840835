// SPDX-License-Identifier: GPL-3.0-or-later
import Formulation
import GLPKSolver
import LinearModels
import LocalSearch
import Problem
import Solving
import TestSupport
import Testing
import Timetabling
import Validation

@Suite("Lower bounds")
struct BoundTests {
  private let solver = GLPKSolver()

  /// The cheapest complete timetable's cost by the exact model; nil where there is none.
  private func optimum(_ problem: Problem) throws -> Int? {
    let solution = try solver.solve(TimetableModel(problem).model, SolveOptions())
    let objective = try #require(solution.objective)
    try #require(solution.status == .optimal)
    return objective < 999_999 ? Int(objective.rounded()) : nil
  }

  private static let ofWeeks: [Set<AskedKind>] = [
    [.overlap, .daysUsed, .hardDayLoad, .siteChanges, .travel, .gaps],
    [.overlap, .daysUsed, .personalLimit, .hardDayLoad, .singles, .softTimes, .timePenalties],
    [.overlap, .gaps, .window, .softDayLoad, .singles, .patternSets],
    [.overlap, .lenientOverlap, .singles, .gaps, .siteChanges, .travel, .daysUsed, .window],
    [.overlap, .travel, .gaps, .siteChanges, .singles, .patternSets, .sameDay, .firstInWeek],
    [.overlap, .daysUsed, .softKeepTime, .patternSets, .softDayLoad, .hardTimes],
  ]

  @Test("no bound of weeks is above the optimum, and many are above nothing", arguments: 0..<6)
  func weeks(kinds: Int) throws {
    var shape = RandomShape()
    shape.weeks = 1...2
    shape.days = 2...3
    shape.slots = 3...4
    shape.events = 3...5
    var positive = 0
    var compared = 0
    for seed in 0..<12 {
      let instance = TimetableInstance.random(
        seed: UInt64(4000 + 100 * kinds + seed), asking: Self.ofWeeks[kinds], shape)
      let problem = try Problem(instance)
      guard let best = try optimum(problem) else { continue }
      compared += 1
      let bound = LowerBound(problem)
      #expect(bound.total <= best, "seed \(seed): \(bound.parts) against \(best)")
      #expect(bound.parts.allSatisfy { $0.amount > 0 })
      if bound.total > 0 { positive += 1 }
    }
    #expect(compared > 3)
    #expect(positive > 0)
  }

  @Test("no bound of cliques is above the optimum", arguments: 0..<20)
  func cliques(seed: Int) throws {
    let instance = courses(seed: UInt64(seed))
    let problem = try Problem(instance)
    guard let best = try optimum(problem) else { return }
    let bound = LowerBound(problem)
    #expect(bound.total <= best, "\(bound.parts) against \(best)")
  }

  @Test("the cliques' bounds are at times the whole cost")
  func cliquesAreTight() throws {
    var tight = 0
    for seed in 100..<112 {
      let problem = try Problem(courses(seed: UInt64(seed)))
      guard let best = try optimum(problem), best > 0 else { continue }
      if LowerBound(problem).total == best { tight += 1 }
    }
    #expect(tight > 0)
  }

  /// Courses with days that are wanted, in curricula in which lectures should not be alone.
  private func courses(seed: UInt64) -> TimetableInstance {
    var random = TestRandom(seed: seed)
    var instance = TimetableInstance(
      name: "courses",
      grid: TimeGrid(weeks: 1, days: 3, slotStarts: [480, 540, 600], slotMinutes: 60))
    instance.sites = ["here"]
    instance.travelMinutes = [[0]]
    instance.rooms = [
      RoomDeclaration(name: "small", site: 0, capacity: 10),
      RoomDeclaration(name: "large", site: 0, capacity: 20),
    ]
    instance.roles = ["curriculum", "course"]
    var eventsOf: [[Int32]] = []
    for course in 0..<3 {
      let open = (0..<9).filter { _ in random.chance(75) }
      instance.timeDomains.append(
        open.map { TimeOption(TimePattern(weeks: 1, day: $0 / 3, start: $0 % 3, length: 1)) })
      let first = Int32(instance.events.count)
      let count = Int32(1 + random.below(2))
      let size = 5 + 10 * random.below(3)
      for _ in 0..<count {
        instance.events.append(
          Event(
            name: "e\(instance.events.count)", timeDomain: course,
            rooms: [RoomOption(0), RoomOption(1)], needsRoom: true, size: size))
      }
      let events = (first..<(first + count)).map { $0 }
      eventsOf.append(events)
      instance.eventGroups.append(EventGroup(name: "c\(course)", events: events))
      instance.people.append(
        Person(name: "c\(course)", role: 1, events: events, minimumDays: 1 + random.below(3)))
    }
    for (number, members) in [[0, 1], [1, 2], [0, 2]].enumerated() where random.chance(80) {
      instance.people.append(
        Person(name: "q\(number)", role: 0, events: members.flatMap { eventsOf[$0] }))
    }
    instance.constraints = [
      Constraint(.noOverlap(role: 0), .hard, source: "conflicts"),
      Constraint(.noOverlap(role: 1), .hard, source: "conflicts"),
      Constraint(.isolated(role: 0), .soft(2), source: "isolated"),
      Constraint(.minimumDays(role: 1), .soft(5), source: "days"),
      Constraint(
        .capacityExcess(events: instance.events.indices.map { Int32($0) }), .soft(1),
        source: "seats"),
    ]
    return instance
  }

  @Test(
    "a teacher with nine hours needs two days, and a way on one day costs the change and its slot")
  func knownWeek() throws {
    var instance = TimetableInstance(
      name: "week",
      grid: TimeGrid(
        weeks: 1, days: 3, slotStarts: (0..<8).map { 480 + 60 * $0 }, slotMinutes: 50))
    instance.sites = ["A", "B"]
    instance.travelMinutes = [[0, 30], [30, 0]]
    instance.rooms = [
      RoomDeclaration(name: "a", site: 0, capacity: 10),
      RoomDeclaration(name: "b", site: 1, capacity: 10),
    ]
    instance.timeDomains = [
      (0..<3).flatMap { day in
        (0..<6).map { TimeOption(TimePattern(weeks: 1, day: day, start: $0, length: 3)) }
      }
    ]
    for room in [0, 1, 0] {
      instance.events.append(
        Event(
          name: "e\(instance.events.count)", timeDomain: 0, rooms: [RoomOption(Int32(room))],
          needsRoom: true, size: 1))
    }
    instance.roles = ["teacher"]
    instance.people = [Person(name: "t", role: 0, events: [0, 1, 2])]
    instance.constraints = [
      Constraint(.noOverlap(role: 0), .hard, source: "M3"),
      Constraint(.travel(role: 0), .hard, source: "T2"),
      Constraint(.dayLoad(role: 0, limit: 8), .hard, source: "T3"),
      Constraint(.daysUsed(role: 0), .soft(6), source: "days"),
      Constraint(.siteChanges(role: 0), .soft(4), source: "changes"),
      Constraint(.gaps(role: 0), .soft(10), source: "gaps"),
    ]
    // Two of A on one day, B on another: two days, and no way between.
    let free = LowerBound(try Problem(instance))
    #expect(free.total == 12)
    #expect(free.amount(of: .weeks) == 12)
    // With one day there is no room for all; with B forced to A's day it costs the way and a slot.
    instance.timeDomains.append([
      TimeOption(TimePattern(weeks: 1, day: 0, start: 0, length: 3)),
      TimeOption(TimePattern(weeks: 1, day: 0, start: 4, length: 3)),
    ])
    instance.events[0].timeDomain = 1
    instance.events[1].timeDomain = 1
    instance.events[2].timeDomain = 1
    instance.people = [Person(name: "t", role: 0, events: [0, 1])]
    let tied = LowerBound(try Problem(instance))
    #expect(tied.total == 6 + 4 + 10)
  }

  @Test("rooms with few slots cost seats")
  func rooms() throws {
    var instance = courses(seed: 3)
    instance.rooms[1].capacity = 15
    let problem = try Problem(instance)
    guard let best = try optimum(problem) else { return }
    #expect(forcedRoomPrice(problem) <= best)
    // Ten lectures of 20 want nine slots of the large room: one of them misses 10 seats.
    var crowded = TimetableInstance(name: "rooms", grid: instance.grid)
    crowded.sites = ["here"]
    crowded.travelMinutes = [[0]]
    crowded.rooms = [
      RoomDeclaration(name: "small", site: 0, capacity: 10),
      RoomDeclaration(name: "large", site: 0, capacity: 20),
    ]
    crowded.timeDomains = [
      (0..<9).map { TimeOption(TimePattern(weeks: 1, day: $0 / 3, start: $0 % 3, length: 1)) }
    ]
    crowded.events = (0..<10).map {
      Event(
        name: "e\($0)", timeDomain: 0, rooms: [RoomOption(0), RoomOption(1)], needsRoom: true,
        size: 20)
    }
    crowded.constraints = [
      Constraint(.capacityExcess(events: (0..<10).map { $0 }), .soft(1), source: "seats")
    ]
    let bound = LowerBound(try Problem(crowded))
    #expect(bound.total == 10 && bound.amount(of: .rooms) == 10)
  }

  @Test("a small timetable is solved whole, and what is proved is its cost", arguments: 0..<4)
  func whole(seed: Int) throws {
    let problem = try Problem(courses(seed: UInt64(200 + seed)))
    guard let best = try optimum(problem) else { return }
    var options = SearchOptions()
    options.timeLimit = 2
    let result = try TimetableSearch.run(problem, solver: solver, options)
    #expect(result.score == Score(hard: 0, soft: best))
    #expect(result.bound.total == best)
  }

  @Test("fixing and optimising some events never harms, and the score stays the declarations'")
  func fixAndOptimize() throws {
    var shape = RandomShape()
    shape.weeks = 2...2
    shape.days = 3...3
    shape.slots = 5...5
    shape.events = 14...14
    shape.rooms = 3...3
    shape.people = 5...5
    var gained = 0
    for seed in 0..<6 {
      var instance = TimetableInstance.random(
        seed: UInt64(60 + seed),
        asking: [
          .overlap, .travel, .gaps, .singles, .daysUsed, .softTimes, .siteChanges, .sameDay,
        ],
        shape)
      for number in instance.people.indices {
        instance.people[number].events = instance.people[number].events.filter {
          Int($0) % 3 == number % 3
        }
      }
      let state = SearchState(try Problem(instance))
      Construction.run(state)
      let before = state.score
      let gain = try FixAndOptimize.improve(
        state, events: (0..<8).map { $0 }, solver: solver, timeLimit: 5)
      #expect(before.soft - gain == state.soft && gain >= 0)
      #expect(state.score.hard == before.hard)
      let score = DeclaredScore(instance, state.timetable)
      #expect(score.hard.isEmpty)
      if state.unplaced == 0 { #expect(score.softTotal == state.soft) }
      gained += gain
    }
    #expect(gained > 0)
  }
}

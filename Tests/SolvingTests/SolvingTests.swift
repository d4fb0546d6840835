// SPDX-License-Identifier: GPL-3.0-or-later
import Formulation
import GLPKSolver
import LinearModels
import LocalSearch
import Problem
import Synchronization
import TestSupport
import Testing
import Timetabling

@testable import Solving

/// One day of a few slots, one room, one teacher.
private func smallInstance(slots: Int, events: Int) -> TimetableInstance {
  let grid = TimeGrid(
    weeks: 1, days: 1, slotStarts: (0..<slots).map { 480 + 60 * $0 }, slotMinutes: 50)
  var instance = TimetableInstance(name: "small", grid: grid)
  instance.sites = ["A"]
  instance.travelMinutes = [[0]]
  instance.rooms = [RoomDeclaration(name: "R", site: 0, capacity: 10)]
  instance.timeDomains = [
    (0..<slots).map { TimeOption(TimePattern(weeks: 1, day: 0, start: $0, length: 1)) }
  ]
  instance.events = (0..<events).map {
    Event(name: "e\($0)", timeDomain: 0, rooms: [RoomOption(0)], needsRoom: true, size: 1)
  }
  instance.roles = ["teacher"]
  instance.people = [
    Person(name: "T", role: 0, events: (0..<Int32(events)).map { $0 })
  ]
  instance.constraints = [
    Constraint(.noOverlap(role: 0), .hard, source: "M3"),
    Constraint(.daysUsed(role: 0), .soft(6), source: "teacher_days"),
    Constraint(.gaps(role: 0), .soft(10), source: "teacher_gap"),
  ]
  return instance
}

@Suite struct SolvingTests {
  @Test("what has no place is left out, and it is said who and what stands in its way")
  func diagnosis() throws {
    let problem = try Problem(smallInstance(slots: 2, events: 3))
    var options = SearchOptions()
    options.iterations = 1000
    let result = try TimetableSearch.run(problem, solver: GLPKSolver(), options)
    #expect(result.score.hard == 1)
    let missing = try #require(result.unplaced.first)
    #expect(missing.times == 2 && missing.rooms == 1)
    #expect(missing.people.map(\.person) == [0] && missing.people.map(\.times) == [2])
    #expect(missing.withoutRoom == 0)
  }

  @Test(
    "the order of lectures that are alike leaves a best timetable",
    arguments: UInt64(1)...4)
  func alike(seed: UInt64) throws {
    var instance = CourseTimetabling.random(seed: seed, courses: 3)
    instance.days = 3
    instance.rooms.removeLast()
    instance.unavailable = instance.unavailable.map { $0.filter { $0 < 12 } }
    for course in instance.courses.indices {
      instance.courses[course].lectures = min(2, instance.courses[course].lectures)
    }
    let problem = try Problem(instance.declaration)
    var options = SearchOptions()
    options.iterations = 20
    let state = SearchState(problem)
    let start = try TimetableSearch.run(problem, options)
    WarmStart.load(start.timetable, into: state)
    try #require(state.unplaced == 0)
    let found = try WholeTimetable.solve(
      state, GLPKSolver(), timeLimit: 20, isCancelled: { false })

    let model = TimetableModel(problem)
    var complete = model.model
    for event in 0..<problem.events {
      let missing = try #require(model.missingColumn(event: event))
      complete.setBounds(missing, lower: 0, upper: 0)
    }
    let free = try GLPKSolver().solve(complete, SolveOptions())
    let least = try #require(free.objective)
    #expect(Double(state.soft) == least.rounded())
    #expect(found == state.soft)
  }

  @Test("chains work alone while others hold the cores, and together soon after")
  func pace() {
    var pace = Pace()
    /// Rounds made together, where the team and one chain alone come to so many moves a second.
    func together(of rounds: Int, team: Int, alone: Int) -> Int {
      (0..<rounds).count { _ in
        let isAlone = pace.isNextAlone()
        pace.note(alone: isAlone, moves: isAlone ? alone : team, seconds: 1)
        return !isAlone
      }
    }
    #expect(together(of: 1000, team: 9, alone: 5) > 950)
    _ = together(of: 300, team: 2, alone: 5)
    #expect(together(of: 1000, team: 2, alone: 5) < 100)
    _ = together(of: 60, team: 9, alone: 5)
    #expect(together(of: 1000, team: 9, alone: 5) > 950)
  }

  @Test("an event without a room is said to have none")
  func noRoom() throws {
    var instance = smallInstance(slots: 2, events: 1)
    instance.events[0].rooms = []
    var options = SearchOptions()
    options.iterations = 100
    let result = try TimetableSearch.run(Problem(instance), options)
    #expect(result.score.hard == 1 && result.unplaced.first?.rooms == 0)
  }

  @Test("the bound counts the days that a teacher cannot do without, and the search reaches it")
  func bound() throws {
    let problem = try Problem(smallInstance(slots: 6, events: 3))
    var options = SearchOptions()
    options.iterations = 20_000
    let result = try TimetableSearch.run(problem, options)
    #expect(result.bound.total == 6 && result.bound.amount(of: .weeks) == 6)
    #expect(result.score == Score(hard: 0, soft: 6))
  }

  @Test("a bound that is broken off is what was proved till then")
  func brokenOffBound() throws {
    for problem in [try roomy(), try Problem(CourseTimetabling.random(seed: 4).declaration)] {
      let whole = LowerBound(problem)
      for looks in 1...4 {
        var told: [Int] = []
        let part = LowerBound(problem) {
          told.append($0.total)
          return told.count == looks
        }
        #expect(part.total == told.last && part.total <= whole.total)
        #expect(told == told.sorted())
      }
    }
  }

  @Test("checkpoints of the best are never worse than the start, and those to go on from are hot")
  func bestCheckpoints() throws {
    let problem = try roomy()
    var options = SearchOptions()
    options.iterations = 20_000
    let good = try TimetableSearch.run(problem, options)
    options.resumedAt = 0
    options.checkpointInterval = 0
    for asksBest in [true, false] {
      let kept = Mutex<[Timetable]>([])
      options.checkpointsBest = asksBest
      options.checkpoint = { timetable, _ in kept.withLock { $0.append(timetable) } }
      _ = try TimetableSearch.run(problem, from: good.timetable, options)
      let scores = kept.withLock { $0 }.map { timetable in
        let state = SearchState(problem)
        WarmStart.load(timetable, into: state)
        return state.score
      }
      #expect(!scores.isEmpty)
      #expect(scores.allSatisfy { $0 <= good.score } == asksBest)
    }
  }

  @Test("a given timetable is where the search begins, and it ends no worse")
  func warmStart() throws {
    let problem = try Problem(smallInstance(slots: 6, events: 3))
    let start = Timetable(
      placements: [1, 2, 3].map {
        Placement(time: TimePattern(weeks: 1, day: 0, start: $0, length: 1), room: 0)
      })
    var options = SearchOptions()
    options.iterations = 2
    let result = try TimetableSearch.run(problem, from: start, options)
    #expect(result.score == Score(hard: 0, soft: 6))
  }

  /// A problem of which construction places everything, with room to move.
  private func roomy(isLarge: Bool = false) throws -> Problem {
    var shape = RandomShape()
    shape.events = isLarge ? 50...60 : 20...30
    shape.people = isLarge ? 30...40 : 10...20
    if isLarge {
      shape.days = 4...5
      shape.slots = 6...8
      shape.rooms = 4...5
    }
    for seed in 1..<100 {
      var instance = TimetableInstance.random(
        seed: UInt64(seed), asking: [.overlap, .gaps, .daysUsed, .siteChanges, .sameDay], shape)
      for number in instance.people.indices {
        instance.people[number].events = Array(instance.people[number].events.prefix(3))
      }
      let problem = try Problem(instance)
      let state = SearchState(problem)
      Construction.run(state)
      if state.unplaced == 0, state.soft > 100 { return problem }
    }
    throw TestFailure.noInstance
  }

  private enum TestFailure: Error { case noInstance }

  @Test("chains that are cooled apart come to the same timetable again", arguments: [2, 3])
  func apart(threads: Int) throws {
    let problem = try roomy()
    var options = SearchOptions()
    options.threads = threads
    options.iterations = 5000
    options.cooling.apartFrom = 0
    let results = try (0..<2).map { _ in try TimetableSearch.run(problem, options) }
    #expect(results[0].timetable == results[1].timetable)
    #expect(results[0].score.hard == 0)
    let state = SearchState(problem)
    WarmStart.load(results[0].timetable, into: state)
    #expect(state.score == results[0].score)
    options.cooling.apartFrom = .infinity
    let together = try TimetableSearch.run(problem, options)
    #expect(together.moves != results[0].moves)
    #expect(
      Double(results[0].score.soft) <= 1.2 * Double(together.score.soft) + 20,
      "\(results[0].score) against \(together.score)")
    // So they are when there are many events, with whatever moves.
    options.cooling.apartFrom = 0
    options.cooling.apartUpTo = problem.events - 1
    #expect(try TimetableSearch.run(problem, options).timetable == together.timetable)
  }

  @Test("a population of courses comes to the same timetable again", arguments: [1, 2, 3])
  func courses(threads: Int) throws {
    let instance = CourseTimetabling.random(seed: 4)
    let problem = try Problem(instance.declaration)
    // Six members for each thread.
    let moves = 60_000 / instance.courses.reduce(0) { $0 + $1.lectures }
    var options = SearchOptions()
    options.threads = threads
    options.iterations = 60_000
    options.cooling.movesPerSquare = Double(moves) / Double(36 * threads)
    let results = try (0..<2).map { _ in try TimetableSearch.run(problem, options) }
    #expect(results[0].timetable == results[1].timetable)
    #expect(results[0].moves == results[1].moves)
    let state = SearchState(problem)
    WarmStart.load(results[0].timetable, into: state)
    #expect(state.score == results[0].score)
    let drawn = results[0].moves.values.reduce(0) { $0 + $1.proposed }
    #expect(drawn > 15_000 * threads || state.soft == results[0].bound.total)
    // Not cooled it is far dearer.
    options.iterations = 20
    let hot = try TimetableSearch.run(problem, options)
    #expect(state.soft < hot.score.soft)
    // A few moves more from there make nothing worse.
    options.iterations = 500
    let again = try TimetableSearch.run(problem, from: results[0].timetable, options)
    #expect(again.score <= results[0].score)
  }

  @Test("chains apart that are broken off give the best that any of them had")
  func apartCancelled() throws {
    let problem = try roomy()
    let start = SearchState(problem)
    Construction.run(start)
    for asked in [35, 45, 55] {
      let count = Mutex(0)
      var options = SearchOptions()
      options.threads = 2
      options.iterations = 5000
      options.cooling.apartFrom = 0
      options.isCancelled = {
        count.withLock {
          $0 += 1
          return $0 > asked
        }
      }
      let result = try TimetableSearch.run(problem, options)
      let (wasInterrupted, score) = (result.wasInterrupted, result.score)
      #expect(wasInterrupted)
      #expect(score <= start.score)
    }
  }

  @Test("a search that is broken off while it is hot settles", arguments: [1, 2])
  func settles(threads: Int) throws {
    for problem in [
      try roomy(isLarge: true), try Problem(CourseTimetabling.random(seed: 4).declaration),
    ] {
      let scores = try [0, 0.3].map { settling in
        // Asked three times since everything has a place.
        let asked = Mutex<Int?>(nil)
        var options = SearchOptions()
        options.threads = threads
        options.iterations = 1_000_000
        options.settling = settling
        options.progress = { found in
          if found.incumbent.hard == 0 { asked.withLock { $0 = $0 ?? 0 } }
        }
        options.isCancelled = {
          asked.withLock {
            $0 = $0.map { $0 + 1 }
            return $0 ?? 0 > 3
          }
        }
        let result = try TimetableSearch.run(problem, options)
        let state = SearchState(problem)
        WarmStart.load(result.timetable, into: state)
        #expect(state.score == result.score)
        return result.score
      }
      #expect(scores[0].hard == 0 && scores[1] < scores[0])
    }
  }

  @Test("a cancelled search still gives what construction placed", arguments: [1, 2])
  func cancelled(threads: Int) throws {
    let problem = try Problem(smallInstance(slots: 6, events: 3))
    var options = SearchOptions()
    options.threads = threads
    options.isCancelled = { true }
    let result = try TimetableSearch.run(problem, options)
    #expect(result.wasInterrupted)
    #expect(result.timetable.placements.count == 3)
  }
}

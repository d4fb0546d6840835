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

@Suite("The best timetables with few changes")
struct ChangeCurveTests {
  /// The least cost of a complete timetable with at most so many events elsewhere than in force, by
  /// the whole programme.
  private func least(
    _ problem: Problem, inForce: SearchState, most: Int
  ) throws -> Int {
    let whole = TimetableModel(problem)
    var model = whole.model
    var staying: [LinearModel.Term] = []
    for event in 0..<problem.events {
      let missing = try #require(whole.missingColumn(event: event))
      model.setBounds(missing, lower: 0, upper: 0)
      let column = whole.column(
        event: event, time: Int(inForce.eventTime[event]), room: Int(inForce.eventRoom[event]))
      staying.append(LinearModel.Term(1, try #require(column)))
    }
    model.addRow(lower: Double(problem.events - most), staying)
    let solution = try GLPKSolver().solve(model, SolveOptions())
    #expect(solution.status == .optimal)
    return Int((solution.objective ?? 0).rounded())
  }

  /// A complete timetable that is not good: constructed, then moved about; nil where none is.
  private func poor(_ problem: Problem, seed: UInt64) -> SearchState? {
    let state = SearchState(problem)
    Construction.run(state)
    if state.unplaced > 0 { return nil }
    var random = TestRandom(seed: seed)
    for _ in 0..<200 {
      let event = random.below(problem.events)
      let options = problem.options[event]
      let time = Int(problem.options.items[options.lowerBound + random.below(options.count)])
      let row = state.rowShape(of: event)
      if row >= 0, problem.timeShape[time] != row { continue }
      let rooms = problem.eventRooms[event]
      let room =
        problem.needsRoom[event]
        ? Int(problem.eventRooms.items[rooms.lowerBound + random.below(rooms.count)]) : -1
      if state.delta(event, time, room, limit: .max - 1) == SearchState.refused { continue }
      state.remove(event)
      state.place(event, time, room)
    }
    return state
  }

  private func problem(_ number: UInt64) throws -> Problem {
    var shape = RandomShape()
    shape.weeks = 1...3
    shape.days = 2...3
    shape.slots = 3...4
    shape.events = 5...7
    shape.rooms = 2...3
    shape.people = 2...4
    let kinds = Set(AskedKind.allCases).subtracting([.hardKeepTime, .hardKeepRoom])
    return try Problem(TimetableInstance.random(seed: number, asking: kinds, shape))
  }

  /// Among these what is best needs chains, several events of one group at once, and other rows of
  /// patterns. The search alone proves nothing: of the last case it misses the optimum, which the
  /// programme of the whole finds.
  @Test(arguments: [(6, 2), (8, 2), (402, 3), (201, 3)])
  func `on small timetables the best with few changes is found`(number: UInt64, most: Int) throws {
    let problem = try problem(number)
    let start = try #require(poor(problem, seed: number))
    let state = SearchState(problem)
    state.copy(from: start)
    let points = try ChangeCurve.run(
      state, inForce: start.timetable, most: most, steps: 3000, solver: GLPKSolver(),
      share: { 0 })
    let best = try #require(points.last)
    #expect(best.moved <= most)
    #expect(best.soft < start.soft)
    let least = try least(problem, inForce: start, most: most)
    #expect(best.soft == least)
    // What is told of a point is so of its timetable.
    for point in points {
      let score = DeclaredScore(problem.instance, point.timetable)
      #expect(score.hard.isEmpty && score.unplaced == 0 && score.softTotal == point.soft)
    }
  }

  @Test(arguments: [402, 201] as [UInt64])
  func `one more change never gives a worse plan, and the same seed and steps give the same`(
    number: UInt64
  ) throws {
    let problem = try problem(number)
    let start = try #require(poor(problem, seed: number))
    func run(_ most: Int, seed: UInt64 = 1) throws -> [ChangeCurve.Point] {
      let state = SearchState(problem)
      state.copy(from: start)
      return try ChangeCurve.run(
        state, inForce: start.timetable, most: most, seed: seed, steps: 500, share: { 0 })
    }
    var last = start.soft
    for most in 0...problem.events {
      let points = try run(most)
      let best = try #require(points.last)
      #expect(best.soft <= last)
      #expect(best.moved <= most)
      last = best.soft
      let again = try run(most)
      #expect(again.map(\.soft) == points.map(\.soft))
      #expect(again.map(\.timetable) == points.map(\.timetable))
    }
    #expect(last < start.soft)
  }
}

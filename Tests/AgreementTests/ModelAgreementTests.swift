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

@Suite("The programme's score is that of the declarations")
struct ModelAgreementTests {
  private let solver = GLPKSolver()

  private var tiny: RandomShape {
    var shape = RandomShape()
    shape.weeks = 1...3
    shape.days = 1...2
    shape.slots = 3...4
    shape.events = 2...4
    shape.rooms = 1...2
    shape.people = 1...3
    return shape
  }

  /// The least objective with the decisions as in a point; nil where there is no such point.
  private func least(_ model: TimetableModel, decisions point: [Double]) throws -> Double? {
    var fixed = model.model
    for variable in model.decisions {
      fixed.setBounds(variable, lower: point[variable.index], upper: point[variable.index])
    }
    let solution = try solver.solve(fixed, SolveOptions())
    switch solution.status {
    case .optimal: return solution.objective
    case .infeasible: return nil
    default:
      Issue.record("\(solution.status)")
      return nil
    }
  }

  private func score(_ state: SearchState, _ model: TimetableModel) -> Double {
    Double(state.soft) + model.unplacedCost * Double(state.unplaced)
  }

  private func isSame(_ a: Double?, _ b: Double) -> Bool {
    guard let a else { return false }
    return abs(a - b) < 1e-4
  }

  /// Random timetables, and random changes of them, good and bad: the model with its decisions
  /// fixed costs what the declarations say, and has no point where they say no.
  private func compare(_ instance: TimetableInstance, seed: UInt64, steps: Int) throws {
    let problem = try Problem(instance)
    let state = SearchState(problem)
    let reference = Reference(instance: instance)
    let model = TimetableModel(problem)
    var random = TestRandom(seed: seed)
    for step in 0..<steps {
      let event = random.below(problem.events)
      let domain = instance.timeDomains[instance.events[event].timeDomain]
      let rooms = instance.events[event].rooms
      if domain.isEmpty || (instance.events[event].needsRoom && rooms.isEmpty) { continue }
      let pattern = random.pick(domain).pattern
      let room = instance.events[event].needsRoom ? Int(random.pick(rooms).room) : -1
      let time = try #require(problem.time(of: pattern))
      let row = state.rowShape(of: event)
      if row >= 0, problem.timeShape[time] != row { continue }
      var candidate = state.timetable
      candidate.placements[event] = Placement(
        time: pattern, room: room < 0 ? nil : Int32(room))
      guard reference.read(state, candidate).isAllowed else {
        if let column = model.column(event: event, time: time, room: room) {
          if state.isPlaced(event) { state.remove(event) }
          var point = model.values(of: state)
          point[try #require(model.missingColumn(event: event)).index] = 0
          point[column.index] = 1
          #expect(try least(model, decisions: point) == nil, "\(candidate)")
        }
        continue
      }
      if state.isPlaced(event) { state.remove(event) }
      state.place(event, time, room)
      let point = model.values(of: state)
      #expect(model.model.largestViolation(of: point) < 1e-9)
      #expect(isSame(model.model.objective(of: point), score(state, model)))
      #expect(state.soft == reference.read(state, candidate).soft)
      #expect(model.timetable(of: point) == candidate)
      if step % 4 == 0 {
        #expect(isSame(try least(model, decisions: point), score(state, model)), "\(candidate)")
      }
    }
  }

  @Test(arguments: AskedKind.allCases)
  func onEachKindAlone(kind: AskedKind) throws {
    for seed in 0..<6 {
      let instance = TimetableInstance.random(seed: UInt64(seed), asking: [kind], tiny)
      try compare(instance, seed: UInt64(seed), steps: 16)
    }
  }

  @Test(arguments: AskedKind.allCases)
  func onEachKindWhereEventsMayNotOverlap(kind: AskedKind) throws {
    for seed in 50..<56 {
      let instance = TimetableInstance.random(
        seed: UInt64(seed), asking: [kind, .overlap, .travel], tiny)
      try compare(instance, seed: UInt64(seed), steps: 16)
    }
  }

  @Test(arguments: 0..<12)
  func onAllKindsTogether(seed: Int) throws {
    let all = Set(AskedKind.allCases)
    for kinds in [
      all, all.subtracting([.isolated]), all.subtracting([.lenientOverlap, .isolated]),
      all.subtracting([.isolated, .hardKeepTime, .hardKeepRoom, .hardTimes, .hardRoomTimes]),
    ] {
      let instance = TimetableInstance.random(seed: UInt64(300 + seed), asking: kinds)
      try compare(instance, seed: UInt64(seed), steps: 16)
    }
  }

  /// The best score of all timetables: fewest unplaced, and then least soft cost where all are
  /// placed.
  private func exhaustive(_ instance: TimetableInstance) -> (unplaced: Int, soft: Int) {
    var timetable = Timetable(placements: instance.events.map { _ in nil })
    var best = (unplaced: Int.max, soft: Int.max)
    func descend(_ event: Int) {
      if event == instance.events.count {
        let score = DeclaredScore(instance, timetable)
        guard score.hard.isEmpty else { return }
        let found = (
          unplaced: score.unplaced, soft: score.unplaced == 0 ? score.softTotal : Int.max
        )
        if found < best { best = found }
        return
      }
      for option in instance.timeDomains[instance.events[event].timeDomain] {
        let rooms: [Int32?] =
          instance.events[event].needsRoom
          ? instance.events[event].rooms.map { $0.room } : [nil]
        for room in rooms {
          timetable.placements[event] = Placement(time: option.pattern, room: room)
          descend(event + 1)
        }
      }
      timetable.placements[event] = nil
      descend(event + 1)
    }
    descend(0)
    return best
  }

  private func size(_ instance: TimetableInstance) -> Int {
    instance.events.reduce(1) { size, event in
      size
        * (1 + instance.timeDomains[event.timeDomain].count
          * (event.needsRoom ? event.rooms.count : 1))
    }
  }

  private func checkOptimum(_ instance: TimetableInstance) throws {
    let best = exhaustive(instance)
    let problem = try Problem(instance)
    let model = TimetableModel(problem)
    let solution = try solver.solve(model.model, SolveOptions())
    #expect(solution.status == .optimal)
    let found = DeclaredScore(instance, model.timetable(of: solution.values))
    #expect(found.hard.isEmpty)
    #expect(found.unplaced == best.unplaced)
    if best.unplaced == 0 {
      #expect(found.softTotal == best.soft)
      #expect(isSame(solution.objective, Double(best.soft)))
      #expect(LowerBound(problem).total <= best.soft)
    }
  }

  @Test(arguments: AskedKind.allCases)
  func theOptimumOfEachKindIsTheBestOfAllTimetables(kind: AskedKind) throws {
    var tried = 0
    var seed: UInt64 = 700
    while tried < 3 {
      seed += 1
      let instance = TimetableInstance.random(
        seed: seed, asking: seed % 2 == 0 ? [kind] : [kind, .overlap], tiny)
      guard (20...1000).contains(size(instance)) else { continue }
      tried += 1
      try checkOptimum(instance)
    }
  }

  @Test(arguments: 0..<8)
  func theOptimumOfAllKindsIsTheBestOfAllTimetables(seed: Int) throws {
    let kinds = Set(AskedKind.allCases).subtracting([.hardKeepTime, .hardKeepRoom])
    var number = UInt64(900 + 50 * seed)
    while true {
      number += 1
      let instance = TimetableInstance.random(
        seed: number, asking: seed % 2 == 0 ? kinds : kinds.subtracting([.isolated]), tiny)
      guard (100...2500).contains(size(instance)) else { continue }
      try checkOptimum(instance)
      return
    }
  }

  /// Some events free, the rest fixed: the model's cost is the score of the whole state, and its
  /// solution can be taken over.
  @Test(arguments: 0..<24)
  func aNeighbourhoodCostsWhatTheWholeStateCosts(seed: Int) throws {
    var shape = RandomShape()
    shape.events = 6...10
    shape.days = 2...2
    shape.slots = 3...4
    let kinds = Set(AskedKind.allCases).subtracting([.hardKeepTime, .hardKeepRoom, .isolated])
    let instance = TimetableInstance.random(seed: UInt64(5000 + seed), asking: kinds, shape)
    let problem = try Problem(instance)
    let state = SearchState(problem)
    Construction.run(state)
    var random = TestRandom(seed: UInt64(seed))
    let free = (0..<Int32(problem.events)).filter { _ in random.chance(35) }
    let model = TimetableModel(state, free: free)
    let copy = SearchState(problem)
    copy.copy(from: state)
    for _ in 0..<40 where !free.isEmpty {
      let event = Int(random.pick(free))
      let options = problem.options[event]
      let row = copy.rowShape(of: event)
      if copy.isPlaced(event) { copy.remove(event) }
      if !options.isEmpty {
        let time = Int(
          problem.options.items[options.lowerBound + random.below(options.count)])
        let rooms = problem.eventRooms[event]
        if problem.needsRoom[event] && rooms.isEmpty { continue }
        let room =
          problem.needsRoom[event]
          ? Int(problem.eventRooms.items[rooms.lowerBound + random.below(rooms.count)]) : -1
        if row < 0 || problem.timeShape[time] == row,
          copy.delta(event, time, room, limit: .max - 1) != SearchState.refused
        {
          copy.place(event, time, room)
        }
      }
      let point = model.values(of: copy)
      #expect(model.model.largestViolation(of: point) < 1e-9)
      #expect(isSame(model.model.objective(of: point), score(copy, model)))
    }
    var options = SolveOptions()
    options.start = model.values(of: state)
    options.timeLimit = 20
    let solution = try solver.solve(model.model, options)
    let before = state.score
    #expect(model.apply(solution.values, to: state))
    #expect(state.score <= before)
    #expect(isSame(solution.objective, score(state, model)))
    #expect(state.soft == Reference(instance: instance).read(state, state.timetable).soft)
  }

  @Test func whatIsLeftOutOnlyLowersTheOptimum() throws {
    let kinds: Set<AskedKind> = [.overlap, .gaps, .siteChanges, .sameDay, .softTimes]
    for seed in 0..<6 {
      let problem = try Problem(
        TimetableInstance.random(seed: UInt64(seed), asking: kinds, tiny))
      let whole = try #require(
        try solver.solve(TimetableModel(problem).model, SolveOptions()).objective)
      for term in [TimetableTerm.gaps, .siteChanges, .sameDay, .overlap, .rooms] {
        let model = TimetableModel(problem, omitting: [term])
        #expect(model.exactness(of: term) == .omitted)
        let part = try #require(try solver.solve(model.model, SolveOptions()).objective)
        #expect(part <= whole + 1e-4)
      }
    }
  }
}

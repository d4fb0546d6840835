// SPDX-License-Identifier: GPL-3.0-or-later
import Curricula
import Formats
import Formulation
import GLPKSolver
import LinearModels
import LoadDistribution
import LocalSearch
import Problem
import Solving
import Synthesis
import TestSupport
import Testing
import Timetabling
import University
import Validation

/// Institutions with sections and load, ready for the timetable.
private enum Ready {
  static func plan(_ institution: Institution) throws -> Plan {
    let solver = GLPKSolver()
    var plan = Plan(
      record: PlanRecord(
        keste: "test", instance: institution.name, instanceSHA256: "", seed: 1,
        regime: institution.regime.name))
    plan.sections = try Curricula.formSections(
      institution, solver: solver, timeLimit: 20
    ).sections
    plan.tasks = Curricula.teachingLoad(institution, plan.sections)
    plan.assignments = try LoadDistribution.solve(
      institution, sections: plan.sections, tasks: plan.tasks, solver: solver,
      options: LoadOptions(timeLimit: 20, iterationLimit: 100)
    ).assignments
    plan.hasLoad = true
    plan.hasTimetable = true
    return plan
  }

  static func declaration(_ institution: Institution, _ plan: Plan) -> TimetableDeclaration {
    Curricula.declareTimetable(
      institution, sections: plan.sections, teachers: plan.teachersBySection)
  }
}

@Suite("Walks of the search agree with the declarations")
struct WalkAgreementTests {
  /// Anneals hot and cold, and reads the declarations anew after each part of the walk.
  ///
  /// Returns how many moves were taken.
  @discardableResult
  private func walk(
    _ instance: TimetableInstance, moves: Int, parts: Int, seed: UInt64
  ) throws -> Int {
    let problem = try Problem(instance)
    let state = SearchState(problem)
    Construction.run(state)
    let reference = Reference(instance: instance)
    let annealing = Annealing(state, random: RandomSource(seed: seed))
    let scale = annealing.sampleScale(200)
    for part in 0..<parts {
      let heat = [2.0, 0.3, 0.05, 0.001][part % 4]
      annealing.run(moves: moves / parts, temperature: scale * heat)
      annealing.noteBest()
      let timetable = state.timetable
      let (soft, isAllowed) = reference.read(state, timetable)
      #expect(state.soft == soft)
      #expect(isAllowed)
      #expect(state.unplaced == timetable.placements.count { $0 == nil })
    }
    annealing.restoreBest()
    #expect(state.score == annealing.bestScore)
    let (soft, isAllowed) = reference.read(state, state.timetable)
    #expect(state.soft == soft)
    #expect(isAllowed)
    return annealing.counts.reduce(0) { $0 + $1.accepted }
  }

  @Test(arguments: 0..<12)
  func onRandomInstancesOfAllKinds(seed: Int) throws {
    var shape = RandomShape()
    shape.events = 8...16
    shape.days = 2...4
    shape.slots = seed % 4 == 3 ? 17...30 : 4...10
    shape.rooms = 2...5
    shape.people = 4...8
    let kinds = Set(AskedKind.allCases).subtracting(
      seed % 2 == 0 ? [.isolated] : [.isolated, .lenientOverlap])
    let instance = TimetableInstance.random(
      seed: UInt64(8000 + seed), asking: kinds, shape)
    try walk(instance, moves: 20_000, parts: 40, seed: UInt64(seed))
  }

  @Test func onTheTinyUniversity() throws {
    let institution = try InstanceFolder.read(Shipped.instance("tiny")).institution
    let declaration = Ready.declaration(institution, try Ready.plan(institution))
    let accepted = try walk(declaration.instance, moves: 200_000, parts: 40, seed: 3)
    #expect(accepted > 1000)
  }

  @Test func onAUniversityOf120Students() throws {
    let institution = Synthesis.generate(GeneratorOptions(students: 120, seed: 7))
    let declaration = Ready.declaration(institution, try Ready.plan(institution))
    let accepted = try walk(declaration.instance, moves: 80_000, parts: 5, seed: 3)
    #expect(accepted > 1000)
  }
}

@Suite("The search's soft score is the validator's objective")
struct UniversityAgreementTests {
  private func run(
    _ institution: Institution, _ plan: Plan, from start: Timetable? = nil, threads: Int
  ) throws -> (plan: Plan, isComplete: Bool) {
    let declaration = Ready.declaration(institution, plan)
    let problem = try Problem(declaration.instance)
    var options = SearchOptions()
    options.iterations = 6000
    options.threads = threads
    let result = try TimetableSearch.run(problem, from: start, solver: GLPKSolver(), options)
    let score = DeclaredScore(declaration.instance, result.timetable)
    #expect(score.hard.isEmpty)
    #expect(score.unplaced == result.score.hard)
    var made = plan
    made.meetings = declaration.meetings(of: result.timetable)
    guard result.score.hard == 0 else { return (made, false) }
    #expect(score.softTotal == result.score.soft)
    #expect(result.bound.total <= result.score.soft)
    let report = PlanValidator.validate(institution, made, stages: [.timetable])
    // What plan.json says of the stage is not in question here.
    #expect(report.violations.filter { $0.rule != .p1 } == [])
    let objective = try #require(report.objectives[.timetable])
    #expect(
      abs(objective * Double(declaration.scale) - Double(result.score.soft)) < 1e-3,
      "\(score.soft) against \(report.criteria(of: .timetable) ?? [:])")
    // There and back again.
    #expect(declaration.timetable(of: made.meetings) == result.timetable)
    return (made, true)
  }

  @Test(arguments: [1, 2, 3, 4, 5])
  func onGeneratedUniversities(seed: Int) throws {
    var institution = Synthesis.generate(
      GeneratorOptions(students: 40 + 8 * seed, seed: UInt64(seed)))
    if seed % 2 == 1 {
      institution.weights.timetable[.studentGap] = 0.35
      institution.weights.timetable[.roomStability] = 12.5
      institution.policy.retakeConflicts = .hard
    }
    let plan = try Ready.plan(institution)
    let first = try run(institution, plan, threads: 1)
    #expect(first.isComplete)

    // The same again against a timetable in force, some meetings of which were at other times and
    // in other rooms.
    var published = first.plan.meetings
    for index in published.indices where index % 3 == 0 {
      published[index].slot = 1 + (published[index].slot + 1) % 3
      published[index].room = institution.rooms.first?.id
    }
    institution.publishedMeetings = published
    let again = try run(institution, plan, threads: 2)
    #expect(again.isComplete)
  }
}

@Suite("Searches of whole problems")
struct SearchTests {
  private var instance: TimetableInstance {
    var shape = RandomShape()
    shape.weeks = 4...4
    shape.days = 5...5
    shape.slots = 8...8
    shape.events = 30...30
    shape.rooms = 5...5
    shape.people = 12...12
    var instance = TimetableInstance.random(
      seed: 77,
      asking: [
        .overlap, .travel, .gaps, .singles, .softTimes, .siteChanges, .sameDay, .firstInWeek,
        .patternSets, .roomStability,
      ], shape)
    // Fewer events a person, so that there are parts.
    for number in instance.people.indices {
      instance.people[number].events = instance.people[number].events.filter {
        Int($0) % 4 == number % 4 || $0 < 2
      }
    }
    return instance
  }

  @Test(arguments: [1, 2, 3])
  func resultsAreAsDeclaredAndRepeat(threads: Int) throws {
    let instance = instance
    let problem = try Problem(instance)
    var options = SearchOptions()
    options.iterations = 12_000
    options.threads = threads
    options.seed = 5
    let first = try TimetableSearch.run(problem, options)
    let second = try TimetableSearch.run(try Problem(instance), options)
    #expect(first.timetable == second.timetable)
    #expect(first.score == second.score)
    let score = DeclaredScore(instance, first.timetable)
    #expect(score.hard.isEmpty)
    #expect(score.unplaced == first.score.hard)
    if first.score.hard == 0 { #expect(score.softTotal == first.score.soft) }
    #expect(first.bound.total <= first.score.soft)
  }

  @Test func anotherSeedGoesAnotherWay() throws {
    let problem = try Problem(instance)
    var options = SearchOptions()
    options.iterations = 300
    let first = try TimetableSearch.run(problem, options)
    options.seed = 2
    let second = try TimetableSearch.run(problem, options)
    #expect(first.timetable != second.timetable)
  }

  /// Where a complete timetable exists, as the programme proves, repair finds one; with limits of
  /// the hours of a day and choices of patterns too.
  @Test(arguments: [
    [AskedKind.overlap, .timePenalties], [.overlap, .hardDayLoad, .patternSets],
  ])
  func repairCompletesCrowdedInstances(kinds: [AskedKind]) throws {
    var shape = RandomShape()
    shape.weeks = 1...2
    shape.days = 1...2
    shape.slots = 3...4
    shape.events = 5...6
    shape.rooms = 1...2
    shape.people = 2...3
    shape.online = 0
    var crowded = 0
    for seed in 0..<400 where crowded < 8 {
      let instance = TimetableInstance.random(
        seed: UInt64(seed), asking: Set(kinds), shape)
      let problem = try Problem(instance)
      let state = SearchState(problem)
      Construction.run(state)
      if state.unplaced == 0 { continue }
      let best = try fewestUnplaced(problem)
      if best >= state.unplaced { continue }
      crowded += 1
      var repair = Ejection(state, random: RandomSource(seed: 1))
      repair.run(steps: 5000)
      #expect(state.unplaced == best, "seed \(seed)")
      #expect(DeclaredScore(instance, state.timetable).hard.isEmpty)
    }
    #expect(crowded >= 4)
  }

  /// The fewest events without a place, proved by the programme.
  private func fewestUnplaced(_ problem: Problem) throws -> Int {
    let model = TimetableModel(problem)
    let solution = try GLPKSolver().solve(model.model, SolveOptions())
    #expect(solution.status == .optimal)
    return model.timetable(of: solution.values).placements.count { $0 == nil }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import GLPKSolver
import LocalSearch
import Problem
import Solving
import TestSupport
import Testing
import Timetabling
import Validation

/// The kernel of Kempe chains against the general kernel, the declarations and the plain reading of
/// the competition's rules.
@Suite struct PeriodAgreementTests {
  /// A complete state of an instance, by the general kernel.
  private func complete(_ instance: CourseTimetabling, seed: UInt64) throws -> SearchState? {
    let state = SearchState(try Problem(instance.declaration))
    Construction.run(state)
    var repair = Ejection(state, random: RandomSource(seed: seed))
    repair.run(steps: 5000)
    return state.unplaced == 0 ? state : nil
  }

  private func expectAgreement(
    _ instance: CourseTimetabling, _ state: SearchState, _ periods: PeriodState
  ) {
    periods.store(into: state)
    let timetable = state.timetable
    let declared = DeclaredScore(instance.declaration, timetable)
    let plain = CourseTimetableScore(instance, instance.lectures(of: timetable))
    #expect(declared.isFeasible)
    #expect(plain.violations == 0)
    #expect(periods.soft == state.soft)
    #expect(declared.softTotal == state.soft)
    #expect(plain.cost == state.soft)
    #expect(declared.soft["IsolatedLectures"] ?? 0 == plain.isolatedLectures)
    #expect(declared.soft["MinWorkingDays"] ?? 0 == plain.minWorkingDays)
    #expect(declared.soft["RoomCapacity"] ?? 0 == plain.roomCapacity)
    #expect(declared.soft["RoomStability"] ?? 0 == plain.roomStability)
  }

  /// More moves where `KESTE_WALK_MOVES` says so; debug builds count the score anew after each.
  private static let moves =
    ProcessInfo.processInfo.environment["KESTE_WALK_MOVES"].flatMap(Int.init) ?? 4000

  @Test(arguments: 1..<25 as Range<UInt64>)
  func `chains and changes of rooms keep every rule and the exact score`(seed: UInt64) throws {
    let instance = CourseTimetabling.random(seed: seed)
    guard let state = try complete(instance, seed: seed) else { return }
    let problem = try #require(PeriodProblem(state.problem))
    let periods = try #require(PeriodState(problem, from: state))
    let annealing = PeriodAnnealing(periods, random: RandomSource(seed: seed))
    for temperature in [20.0, 2, 0.2] {
      for _ in 0..<5 {
        annealing.run(moves: Self.moves / 15, temperature: temperature)
        expectAgreement(instance, state, periods)
      }
    }
    #expect(annealing.counts.reduce(0) { $0 + $1.accepted } > 0)
    periods.load(annealing.best)
    #expect(periods.soft == annealing.bestSoft)
    expectAgreement(instance, state, periods)
  }

  @Test func `the price of a move is the change that it makes`() throws {
    let instance = CourseTimetabling.random(seed: 5, courses: 10)
    let state = try #require(try complete(instance, seed: 5))
    let problem = try #require(PeriodProblem(state.problem))
    let periods = try #require(PeriodState(problem, from: state))
    var random = RandomSource(seed: 3)
    var made = 0
    while made < 300 {
      let lecture = random.below(periods.lectures)
      let room = random.below(periods.rooms)
      let price =
        random.below(4) == 0
        ? periods.price(roomOf: lecture, room: room)
        : periods.price(chainOf: lecture, to: random.below(problem.periods), room: room)
      if price == PeriodState.refused { continue }
      let before = periods.soft
      periods.commit()
      made += 1
      periods.store(into: state)
      #expect(state.soft == before + price)
      #expect(
        CourseTimetableScore(instance, instance.lectures(of: state.timetable)).violations == 0)
    }
  }

  @Test func `problems of longer events are left to the general kernel`() throws {
    let instance = TimetableInstance.random(seed: 3, asking: [.overlap], RandomShape())
    #expect(PeriodProblem(try Problem(instance)) == nil)
  }

  @Test(arguments: [1, 2])
  func `a limit on moves gives the same timetable again`(threads: Int) throws {
    let instance = CourseTimetabling.random(seed: 8, courses: 12)
    let problem = try Problem(instance.declaration)
    var options = SearchOptions()
    options.iterations = 20_000
    options.threads = threads
    options.seed = 4
    let first = try TimetableSearch.run(problem, solver: GLPKSolver(), options)
    let second = try TimetableSearch.run(problem, solver: GLPKSolver(), options)
    #expect(first.timetable == second.timetable)
    #expect(first.score == second.score)
    #expect(first.bound.total <= first.score.soft)
  }

  @Test func `a search from a timetable is never worse than it`() throws {
    let instance = CourseTimetabling.random(seed: 8, courses: 12)
    let problem = try Problem(instance.declaration)
    var options = SearchOptions()
    options.iterations = 30_000
    let first = try TimetableSearch.run(problem, options)
    options.iterations = 50
    options.seed = 9
    let second = try TimetableSearch.run(problem, from: first.timetable, options)
    #expect(second.score <= first.score)
  }
}

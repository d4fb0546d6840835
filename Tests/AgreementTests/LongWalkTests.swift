// SPDX-License-Identifier: GPL-3.0-or-later
import Curricula
import Formats
import Foundation
import LocalSearch
import Problem
import Solving
import TestSupport
import Testing
import Timetabling
import University
import Validation

/// Millions of moves on the benchmark data, with all the assertions of a debug build. They are made
/// only where `KESTE_WALK_MOVES` says how many moves each set is to see. Ten million take five minutes
/// where the code is optimised and the assertions stay, and the better part of an hour in a plain
/// debug build:
///
///     make walk DATA=FOLDER MOVES=10000000
@Suite struct LongWalkTests {
  private static let data = ProcessInfo.processInfo.environment["KESTE_BENCHMARK_DATA"]
  private static let moves = ProcessInfo.processInfo.environment["KESTE_WALK_MOVES"]
    .flatMap(Int.init)
  private static let isAsked = data != nil && moves != nil

  private static func names(_ set: String, _ belongs: (String) -> Bool) -> [String] {
    guard isAsked, let data else { return [] }
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "\(data)/\(set)")) ?? []
    return all.filter(belongs).sorted()
  }

  private static let files = names("ctt") { $0.hasSuffix(".ctt") }
  private static let universities = names("university") { name in
    data.map { FileManager.default.fileExists(atPath: "\($0)/university/\(name)-start") } ?? false
  }

  /// Shares of the scale of the instance, hot to cold.
  private static let heats = [2.0, 0.3, 0.05, 0.001]

  @Test(.enabled(if: isAsked), arguments: files)
  func `chains of lectures keep every rule and the exact cost`(file: String) throws {
    let data = try #require(Self.data)
    let moves = try #require(Self.moves) / Self.files.count
    let instance = try CourseTimetablingFile.read("\(data)/ctt/\(file)")
    let state = SearchState(try Problem(instance.declaration))
    Construction.run(state)
    var repair = Ejection(state, random: RandomSource(seed: 1))
    repair.run(steps: 200 * state.problem.events)
    try #require(state.unplaced == 0)
    let problem = try #require(PeriodProblem(state.problem))
    let periods = try #require(PeriodState(problem, from: state))
    let annealing = PeriodAnnealing(periods, random: RandomSource(seed: 1))
    for temperature in [20.0, 6, 2, 0.5, 0.15] {
      annealing.run(moves: moves / 5, temperature: temperature)
      periods.store(into: state)
      let score = CourseTimetableScore(instance, instance.lectures(of: state.timetable))
      #expect(score.violations == 0)
      #expect(score.cost == periods.soft)
      #expect(score.cost == state.soft)
    }
    #expect(annealing.counts.reduce(0) { $0 + $1.proposed } >= moves / 5 * 5)
  }

  @Test(.enabled(if: isAsked), arguments: universities)
  func `two chains on one timetable keep every rule and the exact cost`(name: String) throws {
    let data = try #require(Self.data)
    let moves = try #require(Self.moves) / Self.universities.count
    let institution = try InstanceFolder.read("\(data)/university/\(name)").institution
    let plan = try PlanFolder.read(
      "\(data)/university/\(name)-start", institution: institution)
    let declaration = Curricula.declareTimetable(
      institution, sections: plan.sections, teachers: plan.teachersBySection)
    let state = SearchState(try Problem(declaration.instance))
    Construction.run(state)
    let copy = SearchState(state.problem)
    copy.copy(from: state)
    let team = AnnealingTeam([
      Annealing(state, random: RandomSource(seed: 1, stream: 0)),
      Annealing(copy, random: RandomSource(seed: 1, stream: 1)),
    ])
    let scale = team.chains[0].sampleScale(200)
    for heat in Self.heats {
      team.run(moves: moves / (2 * Self.heats.count), temperature: scale * heat)
      let timetable = state.timetable
      #expect(copy.timetable == timetable)
      let score = DeclaredScore(declaration.instance, timetable)
      #expect(score.hard.isEmpty)
      #expect(score.unplaced == state.score.hard)
      #expect(score.softTotal == state.soft)
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
internal import Formats
public import LinearModels
internal import LocalSearch
internal import Problem
public import Solving
public import Timetabling
public import Validation

/// A public benchmark file solved by the engine of the timetable stage, and judged.
public struct BenchmarkRun: Sendable {
  /// The instance.
  public let instance: CourseTimetabling
  /// The lectures found; those that have no place are missing.
  public let lectures: [CourseTimetabling.Lecture]
  /// What the reference reading of the rules says of them.
  public let score: CourseTimetableScore
  /// What the search says.
  public let result: SearchResult

  /// Whether every lecture is placed and no hard constraint is broken.
  public var isFeasible: Bool { score.violations == 0 }
  /// A proved lower bound of the cost of any feasible timetable.
  public var bound: Int { result.bound.total }
  /// (cost − bound) ÷ max(1, cost); nil where something is broken.
  public var gap: Double? {
    isFeasible ? Double(score.cost - bound) / Double(max(1, score.cost)) : nil
  }

  /// Lectures that found no place, by course: how many, and what stood in the way of the first.
  public var unplaced: [(course: Int, lectures: Int, reason: String)] {
    let declaration = instance.declaration
    let courses = instance.courses.indices.flatMap { course in
      Array(repeating: course, count: instance.courses[course].lectures)
    }
    return Dictionary(grouping: result.unplaced) { courses[$0.event] }.sorted { $0.key < $1.key }
      .map { course, found in
        let first = found[0]
        var parts: [String] = []
        if first.times == 0 { parts.append("it may be held in no period") }
        if first.rooms == 0 { parts.append("there is no room") }
        if first.times > 0, first.rooms > 0 {
          parts.append("of \(first.times) periods that it may have")
          if first.withoutRoom > 0 { parts.append("\(first.withoutRoom) have no free room") }
          parts += first.people.prefix(3).map { busy in
            let person = declaration.people[busy.person]
            return "in \(busy.times) the \(declaration.roles[person.role]) \(person.name) has "
              + "another lecture"
          }
        }
        return (course, found.count, parts.joined(separator: ", "))
      }
  }

  /// Solves an instance.
  ///
  /// - Parameters:
  ///   - instance: What ``CourseTimetablingFile`` read.
  ///   - start: A timetable to begin from.
  ///   - solver: Solves the mixed-integer models.
  ///   - options: Limits, seed, threads.
  /// - Throws: ``BenchmarkMismatch``, ``InputRejected`` where the instance cannot be lowered, and
  ///   what the solver throws.
  public init(
    _ instance: CourseTimetabling, from start: [CourseTimetabling.Lecture]? = nil,
    solver: any LinearSolver, _ options: SearchOptions
  ) throws {
    self.instance = instance
    let problem = try instance.declaration.lowered(file: instance.name)
    result = try TimetableSearch.run(
      problem, from: start.map { instance.timetable(of: $0) }, solver: solver, options)
    lectures = instance.lectures(of: result.timetable)
    score = CourseTimetableScore(instance, lectures)
    // Lectures without a place cost nothing to the search, and a missing day by the rules.
    guard
      result.score.hard > 0
        || (score.violations == 0 && score.cost == result.score.soft
          && result.bound.total <= score.cost)
    else {
      throw BenchmarkMismatch(
        search: result.score.soft, bound: result.bound.total, validator: score)
    }
  }
}

/// The search and the reference reading of the rules disagree: an error of keste.
public struct BenchmarkMismatch: Error, Sendable, CustomStringConvertible {
  /// The search's cost.
  public var search: Int
  /// The search's lower bound.
  public var bound: Int
  /// The reference reading.
  public var validator: CourseTimetableScore

  /// Both.
  public var description: String {
    "internal error: the search's cost is \(search) and its bound \(bound), the rules say "
      + "\(validator.cost) with \(validator.violations) broken; nothing is written"
  }
}

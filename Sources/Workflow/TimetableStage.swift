// SPDX-License-Identifier: GPL-3.0-or-later
public import Curricula
public import LinearModels
internal import LocalSearch
public import Problem
public import Solving
public import Timetabling
public import University
public import Validation

/// A meeting that could not be placed, and why.
public struct UnplacedMeeting: Sendable, Hashable {
  /// The section.
  public var section: SectionID
  /// The id that the meeting would have.
  public var meeting: MeetingID
  /// What stands in its way, in words.
  public var reason: String
}

/// The timetable stage: declaration, search, and the way back to meetings that validation judges.
public struct TimetableStage: Sendable {
  /// The declarations, and what they stand for.
  public let declaration: TimetableDeclaration
  /// The lowered problem.
  public let problem: Problem

  /// Declares and lowers the timetable of a plan that has sections and, where it has one, a load.
  public init(_ institution: Institution, _ plan: Plan) throws {
    declaration = Curricula.declareTimetable(
      institution, sections: plan.sections, teachers: plan.teachersBySection)
    problem = try Problem(declaration.instance)
  }

  /// Searches, from the meetings of the plan where `warm` says so.
  public func run(
    _ plan: Plan, warm: Bool, solver: (any LinearSolver)?, _ options: SearchOptions
  ) -> SearchResult {
    TimetableSearch.run(
      problem, from: warm ? declaration.timetable(of: plan.meetings) : nil, options)
  }
}

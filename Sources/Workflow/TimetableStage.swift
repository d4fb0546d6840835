// SPDX-License-Identifier: GPL-3.0-or-later
public import Curricula
public import LinearModels
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
  ) throws -> SearchResult {
    try TimetableSearch.run(
      problem, from: warm ? declaration.timetable(of: plan.meetings) : nil, solver: solver,
      options)
  }

  /// The meetings that found no place, each with what stands in its way.
  func unplaced(_ result: SearchResult) -> [UnplacedMeeting] {
    result.unplaced.map { diagnosis in
      UnplacedMeeting(
        section: declaration.sectionOfEvent[diagnosis.event],
        meeting: declaration.meetingOfEvent[diagnosis.event], reason: reason(diagnosis))
    }
  }

  private func reason(_ diagnosis: PlacementDiagnosis) -> String {
    if diagnosis.rooms == 0 {
      let size = declaration.instance.events[diagnosis.event].size
      return "no room that suits it (kind, features, pin) holds \(size)"
    }
    if diagnosis.times == 0 {
      return "its teacher, its groups and its pins leave no time at all"
    }
    var parts = ["\(diagnosis.times) times are open to it"]
    for busy in diagnosis.people.prefix(3) {
      let person = declaration.instance.people[busy.person]
      let role = declaration.instance.roles[person.role]
      let others = person.count > 1 ? " and \(person.count - 1) with the same classes" : ""
      parts.append("at \(busy.times) \(role) \(person.name)\(others) is busy")
    }
    if diagnosis.withoutRoom > 0 {
      parts.append(
        "at \(diagnosis.withoutRoom) all \(diagnosis.rooms) suitable rooms are taken or closed")
    }
    if diagnosis.tooFarOrTooLong > 0 {
      parts.append(
        "at \(diagnosis.tooFarOrTooLong) the way between buildings or the hours of a day forbid it")
    }
    return parts.joined(separator: "; ")
  }
}

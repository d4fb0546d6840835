// SPDX-License-Identifier: GPL-3.0-or-later
public import Curricula
public import LinearModels
public import Problem
public import Solving
internal import Timetabling
public import University
internal import Validation

/// A meeting that could not be placed, and why.
public struct UnplacedMeeting: Sendable, Hashable {
  /// The section.
  public var section: SectionID
  /// The id that the meeting would have.
  public var meeting: MeetingID
  /// What stands in its way, in the three languages.
  public var wording: Wording

  /// ``wording`` in English.
  public var reason: String { wording[.en] }
}

/// The timetable stage: declaration, search, and the way back to meetings that validation judges.
public struct TimetableStage: Sendable {
  /// The declarations, and what they stand for.
  public let declaration: TimetableDeclaration
  /// The lowered problem.
  public let problem: Problem

  /// Declares and lowers the timetable of a plan that has sections and, where it has one, a load;
  /// with meetings that there are already, where some are given. Throws ``InputRejected`` where the
  /// declarations contradict themselves or their numbers are too large.
  public init(_ institution: Institution, _ plan: Plan, held: HeldTimetable? = nil) throws {
    declaration = Curricula.declareTimetable(
      institution, sections: plan.sections, teachers: plan.teachersBySection, held: held)
    problem = try declaration.instance.lowered(file: "instance.yaml")
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
        meeting: declaration.meetingOfEvent[diagnosis.event],
        wording: Wording { reason(diagnosis, $0) })
    }
  }

  private func reason(_ diagnosis: PlacementDiagnosis, _ language: Language) -> String {
    func says(_ kk: String, _ ru: String, _ en: String) -> String { language.says(kk, ru, en) }
    if diagnosis.rooms == 0 {
      let size = declaration.instance.events[diagnosis.event].size
      return says(
        "жарамды аудиториялардың (түрі, жабдығы, бекітуі) ешқайсысына \(size) адам сыймайды",
        "ни одна подходящая аудитория (вид, оборудование, закрепление) не вмещает \(size)",
        "no room that suits it (kind, features, pin) holds \(size)")
    }
    if diagnosis.times == 0 {
      return says(
        "оқытушысы, топтары мен бекітулері ешбір уақыт қалдырмайды",
        "преподаватель, группы и закрепления не оставляют никакого времени",
        "its teacher, its groups and its pins leave no time at all")
    }
    var parts = [
      says(
        "оған ашық уақыт саны \(diagnosis.times)", "открытых ему времён: \(diagnosis.times)",
        "\(diagnosis.times) times are open to it")
    ]
    for busy in diagnosis.people.prefix(3) {
      let person = declaration.instance.people[busy.person]
      let role = declaration.instance.roles[person.role]
      let isTeacher = role == "teacher"
      let others =
        person.count > 1
        ? says(
          " және сабағы бірдей тағы \(person.count - 1)",
          " и ещё \(person.count - 1) с теми же занятиями",
          " and \(person.count - 1) with the same classes") : ""
      parts.append(
        says(
          "\(busy.times) уақытта \(isTeacher ? "оқытушы" : "студент") \(person.name)\(others) бос емес",
          "в \(busy.times) занят \(isTeacher ? "преподаватель" : "студент") \(person.name)\(others)",
          "at \(busy.times) \(role) \(person.name)\(others) is busy"))
    }
    if diagnosis.withoutRoom > 0 {
      let (times, rooms) = (diagnosis.withoutRoom, diagnosis.rooms)
      parts.append(
        says(
          "\(times) уақытта жарамды \(rooms) аудиторияның бәрі бос емес немесе жабық",
          "в \(times) все подходящие аудитории (\(rooms)) заняты или закрыты",
          "at \(times) all \(rooms) suitable rooms are taken or closed"))
    }
    if diagnosis.tooFarOrTooLong > 0 {
      let times = diagnosis.tooFarOrTooLong
      parts.append(
        says(
          "\(times) уақытта корпустар арасындағы жол немесе күндік сағаттар кедергі",
          "в \(times) мешают дорога между корпусами или часы дня",
          "at \(times) the way between buildings or the hours of a day forbid it"))
    }
    return parts.joined(separator: "; ")
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import Curricula
import GLPKSolver
import LoadDistribution
import Problem
import Solving
import Testing
import Timetabling
import University
import Validation

/// A section whose own closed times, limits and pins leave few ways to deliver its hours still gets
/// its meetings.
@Suite struct SectionTimesTests {
  /// What narrows the section's time.
  enum Narrowing: String, CaseIterable {
    case nothing, oneHourADay, everySecondSlotClosed, oddWeeksPinned, twoPins, lastSlotPinned
    case firstWeeksClosed, oneHourBlocksOddPinned
  }

  private func institution(_ narrowing: Narrowing) throws -> Institution {
    let start = try #require(CalendarDate("2023-09-04"))
    let regime = Regime(
      name: "full", academicHourMinutes: 50, slotStarts: (0..<6).map { 480 + 60 * $0 })
    var result = Institution(
      name: "narrow", term: Term(id: "t", start: start, weeks: 15), regimes: [regime],
      regime: regime)
    result.buildings = Table([Building(id: "A", name: "A")])
    result.rooms = Table([Room(id: "A1", building: "A", capacity: 30, kind: "classroom")])
    result.departments = Table([Department(id: "K", name: "K")])
    result.teachers = Table([
      Teacher(id: "T", name: "T", department: "K", position: "docent", rate: 1)
    ])
    result.competences = Table([
      Competence(teacher: "T", discipline: "D", kinds: [.practice])
    ])
    result.programmes = Table([Programme(id: "P", name: "P", level: .bachelor, form: .fullTime)])
    let isSingle = narrowing == .oneHourBlocksOddPinned
    result.disciplines = Table([
      Discipline(
        id: "D", name: "D", department: "K", credits: 5, hours: [.practice: isSingle ? 15 : 30])
    ])
    result.groups = Table([
      Group(id: "G", programme: "P", entryYear: 2023, term: 1, language: .kk)
    ])
    result.students = Table((1...5).map { Student(id: StudentID("s\($0)"), group: "G") })
    result.enrolments = Table(
      (1...5).map { Enrolment(student: StudentID("s\($0)"), discipline: "D", language: .kk) })

    func close(_ slot: Int, weeks: UInt64) {
      result.availability.append(
        Availability(
          subject: .group("G"), day: nil, from: slot, to: slot, level: .forbidden,
          weeks: WeekPattern(bits: weeks, weeks: 15)))
    }
    func pin(_ day: Weekday, _ slot: Int, weeks: WeekPattern? = nil) {
      result.pins.append(
        Pin(discipline: "D", kind: .practice, group: "G", weeks: weeks, day: day, slot: slot))
    }
    switch narrowing {
    case .nothing: break
    case .oneHourADay: result.policy.studentMaxHoursPerDay = 1
    case .everySecondSlotClosed: for slot in [2, 4, 6] { close(slot, weeks: .max) }
    case .oddWeeksPinned, .oneHourBlocksOddPinned: pin(.monday, 2, weeks: .odd(15))
    case .twoPins:
      pin(.monday, 1)
      pin(.wednesday, 1)
    case .lastSlotPinned: pin(.friday, 6)
    case .firstWeeksClosed: for slot in 1...6 { close(slot, weeks: 0b111) }
    }
    return result
  }

  @Test(
    "the hours of a section come out however its time is narrowed", arguments: Narrowing.allCases)
  func delivered(narrowing: Narrowing) throws {
    let institution = try institution(narrowing)
    let section = Section(
      id: "S", discipline: "D", kind: .practice, language: .kk,
      hours: institution.disciplines["D"]?.hours(.practice) ?? 0,
      students: institution.students.map(\.id))
    let declaration = Curricula.declareTimetable(
      institution, sections: Table([section]), teachers: ["S": ["T"]])
    var options = SearchOptions()
    options.iterations = 2000
    let found = try TimetableSearch.run(Problem(declaration.instance), options)
    #expect(found.score.hard == 0)

    var plan = Plan(
      record: PlanRecord(
        keste: "test", instance: institution.name, instanceSHA256: "", seed: 1, regime: "full"))
    plan.sections = Table([section])
    plan.tasks = Table([
      LoadTask(
        id: "S:practice", department: "K", discipline: "D", work: .teaching(.practice),
        section: "S", hours: Hours(section.hours))
    ])
    plan.assignments = [Assignment(task: "S:practice", teacher: "T", hours: Hours(section.hours))]
    plan.meetings = declaration.meetings(of: found.timetable)
    plan.hasLoad = true
    plan.hasTimetable = true
    let report = PlanValidator.validate(institution, plan, stages: [.timetable])
    // The test writes no claims, which is P1's business.
    #expect(report.violations.filter { $0.rule != .p1 } == [])
    let objective = institution.weights.timetable.objective(report.timetable ?? [:])
    #expect(objective * Double(declaration.scale) == Double(found.score.soft))
  }

  @Test("a teacher of one hour a day still gets a section of double hours when nobody else can")
  func narrowTeacher() throws {
    var institution = try institution(.nothing)
    institution.teachers = Table([
      Teacher(
        id: "T", name: "T", department: "K", position: "docent", rate: 1, maxHoursPerDay: 1)
    ])
    let section = Section(
      id: "S", discipline: "D", kind: .practice, language: .kk, hours: 30,
      students: institution.students.map(\.id))
    let sections = Table([section])
    let load = try LoadDistribution.solve(
      institution, sections: sections, tasks: Curricula.teachingLoad(institution, sections),
      solver: GLPKSolver())
    #expect(load.assignments.map(\.teacher) == ["T"])

    let declaration = Curricula.declareTimetable(
      institution, sections: sections, teachers: ["S": ["T"]])
    var options = SearchOptions()
    options.iterations = 2000
    let found = try TimetableSearch.run(Problem(declaration.instance), options)
    #expect(found.score.hard == 0)
    #expect(found.timetable.placements.compactMap { $0?.time.length } == [1, 1])
  }
}

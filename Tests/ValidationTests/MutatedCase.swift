// SPDX-License-Identifier: GPL-3.0-or-later
import Testing
import University

@testable import Validation

/// A change of the micro university and its plan.
typealias Change = @Sendable (inout Institution, inout Plan) -> Void

/// A change, and how often each rule is broken after it.
struct RuleCase: Sendable, CustomTestStringConvertible {
  let name: String
  let expected: [RuleCode: Int]
  var stages = Set(Stage.allCases)
  let change: Change

  init(
    _ name: String, _ expected: [RuleCode: Int] = [:], stages: Set<Stage> = Set(Stage.allCases),
    _ change: @escaping Change
  ) {
    self.name = name
    self.expected = expected
    self.stages = stages
    self.change = change
  }

  var testDescription: String { name }

  /// The micro university and plan after the change, with claims that are true again, so that only
  /// the rule in question can break.
  var changed: (Institution, Plan) {
    var institution = Micro.institution()
    var plan = Micro.plan()
    change(&institution, &plan)
    plan.claim(PlanValidator.validate(institution, plan))
    return (institution, plan)
  }
}

extension Plan {
  /// Makes the claims of all stages those of a report.
  mutating func claim(_ report: ScoreReport) {
    func claimed(_ stage: Stage) -> StageRecord {
      StageRecord(
        status: .feasible, objective: report.objectives[stage], bound: nil,
        criteria: report.criteria(of: stage) ?? [:], seconds: 1)
    }
    record.sections = claimed(.sections)
    record.load = claimed(.load)
    record.timetable = claimed(.timetable)
  }

  mutating func changeMeeting(_ id: MeetingID, _ change: (inout Meeting) -> Void) {
    for at in meetings.indices where meetings[at].id == id { change(&meetings[at]) }
  }

  mutating func move(_ id: MeetingID, to slot: Int, on day: Weekday? = nil, in room: RoomID? = nil)
  {
    changeMeeting(id) { meeting in
      meeting.slot = slot
      if let day { meeting.day = day }
      if let room { meeting.room = room }
    }
  }

  mutating func changeSection(_ id: SectionID, _ change: (inout Section) -> Void) {
    sections = sections.with(id) {
      change(&$0)
      $0.size = Set($0.students).count
    }
  }

  /// Gives all rows of a task to a teacher, or to nobody.
  mutating func give(_ task: TaskID, to teacher: TeacherID?) {
    for at in assignments.indices where assignments[at].task == task {
      assignments[at].teacher = teacher
    }
  }
}

extension Institution {
  mutating func change(_ discipline: DisciplineID, _ change: (inout Discipline) -> Void) {
    disciplines = disciplines.with(discipline, change)
  }

  mutating func change(_ teacher: TeacherID, _ change: (inout Teacher) -> Void) {
    teachers = teachers.with(teacher, change)
  }

  mutating func change(_ room: RoomID, _ change: (inout Room) -> Void) {
    rooms = rooms.with(room, change)
  }

  mutating func change(
    _ student: StudentID, in discipline: DisciplineID, _ change: (inout Enrolment) -> Void
  ) {
    enrolments = enrolments.with(Enrolment.Key(student, discipline), change)
  }

  /// A second lecture room in the main building.
  mutating func addRoom() {
    rooms.append(Room(id: "R3", building: "A", capacity: 5, kind: "lecture"))
  }

  mutating func forbid(
    _ subject: AvailabilitySubject, _ day: Weekday?, _ from: Int, _ to: Int,
    weeks: WeekPattern = .all(2)
  ) {
    availability.append(
      Availability(
        subject: subject, day: day, from: from, to: to, level: .forbidden, weeks: weeks))
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// The smallest university that has everything: two groups, three disciplines, two teachers, two
/// rooms, two weeks of two days of four slots.
enum Micro {
  static func institution() -> Institution {
    let regime = Regime(name: "full", academicHourMinutes: 50, slotStarts: [540, 600, 660, 720])
    var it = Institution(
      name: "micro", term: Term(id: "t", start: date("2023-09-04"), weeks: 2),
      holidays: [date("2023-09-11")], days: [.monday, .tuesday], regimes: [regime],
      regime: regime)
    it.policy.minSectionSize = 2
    it.policy.hoursTolerance = 0
    it.policy.studentMaxHoursPerDay = 3
    it.policy.teacherMaxHoursPerDay = 4
    it.preferences.longDayFrom = 3
    it.preferences.lunchFrom = 2
    it.preferences.lunchTo = 3
    it.preferences.discouraged = [DiscouragedSlots(day: nil, from: 4, to: 4)]
    it.buildings = Table([Building(id: "A", name: "Main"), Building(id: "B", name: "Labs")])
    it.travel = [Travel(from: "A", to: "B", minutes: 10)]
    it.rooms = Table([
      Room(id: "R1", building: "A", capacity: 5, kind: "lecture"),
      Room(id: "R2", building: "B", capacity: 3, kind: "lab", features: ["pc"]),
    ])
    it.departments = Table([Department(id: "X", name: "Everything")])
    it.teachers = Table([
      Teacher(
        id: "T1", name: "One", department: "X", position: "docent", rate: 1, normHours: 10,
        survey: 4.0),
      Teacher(
        id: "T2", name: "Two", department: "X", position: "lecturer", rate: 1, normHours: 12.5),
    ])
    it.competences = Table([
      Competence(
        teacher: "T1", discipline: "D1", kinds: [.lecture, .practice, .other], preference: 1,
        taughtBefore: true, survey: 4.5),
      Competence(teacher: "T1", discipline: "D3", kinds: [.lecture], preference: -1),
      Competence(
        teacher: "T2", discipline: "D1", kinds: [.practice, .other], taughtBefore: true),
      Competence(
        teacher: "T2", discipline: "D2", kinds: [.lab], preference: 2, taughtBefore: true),
    ])
    it.programmes = Table([
      Programme(id: "P", name: "Programme", level: .bachelor, form: .fullTime)
    ])
    it.disciplines = disciplines()
    it.groups = Table(
      ["G1", "G2"].map {
        Group(id: GroupID($0), programme: "P", entryYear: 2023, term: 1, language: .kk)
      })
    it.students = Table(
      ["a1", "a2", "a3"].map { Student(id: StudentID($0), group: "G1") }
        + ["b1", "b2"].map { Student(id: StudentID($0), group: "G2") })
    it.enrolments = enrolments()
    it.availability = [
      Availability(
        subject: .teacher("T2"), day: .tuesday, from: 3, to: 3, level: .discouraged,
        weeks: .all(2)),
      Availability(
        subject: .room("R1"), day: .monday, from: 1, to: 1, level: .discouraged, weeks: .all(2)),
      Availability(
        subject: .group("G2"), day: .monday, from: 4, to: 4, level: .discouraged, weeks: .odd(2)),
    ]
    it.norms = [
      Norm(work: "exam", unit: .student, hours: 0.5, control: .exam),
      Norm(work: "consultation", unit: .group, hours: 1, control: .exam),
    ]
    it.pins = [
      Pin(
        discipline: "D1", kind: .lecture, group: "G1", teacher: "T1", weeks: .all(2),
        day: .monday, slot: 1, room: "R1")
    ]
    it.publishedMeetings = [
      meeting("x1", "L1", .monday, 1, 2, "R1"), meeting("x2", "P1", .monday, 4, 1, "R2"),
    ]
    return it
  }

  private static func disciplines() -> Table<Discipline> {
    var first = Discipline(
      id: "D1", name: "First", department: "X", credits: 1, hours: [.lecture: 4, .practice: 2])
    first.control = .exam
    var second = Discipline(
      id: "D2", name: "Second", department: "X", credits: 1, hours: [.lab: 4])
    second.control = .test
    second.subgroupCap = 2
    second.features = [.lab: ["pc"]]
    var third = Discipline(
      id: "D3", name: "Third", department: "X", credits: 1, hours: [.lecture: 2])
    third.control = .test
    third.delivery = .online
    return Table([first, second, third])
  }

  private static func enrolments() -> Table<Enrolment> {
    func enrol(_ students: [String], _ discipline: DisciplineID) -> [Enrolment] {
      students.map {
        Enrolment(student: StudentID($0), discipline: discipline, language: .kk)
      }
    }
    let retake = Enrolment(student: "a1", discipline: "D3", language: .kk, status: .retake)
    return Table(
      enrol(["a1", "a2", "a3", "b1", "b2"], "D1") + enrol(["a1", "a2", "a3", "b1"], "D2")
        + enrol(["b1", "b2"], "D3") + [retake])
  }

  /// The plan whose objectives are published as 12, 644 and 730.
  static func plan() -> Plan {
    var plan = Plan(record: record())
    plan.sections = Table([
      section("L1", "D1", .lecture, nil, 4, ["a1", "a2", "a3", "b1", "b2"]),
      section("P1", "D1", .practice, "L1", 2, ["a1", "a2", "a3"]),
      section("P2", "D1", .practice, "L1", 2, ["b1", "b2"]),
      section("B1", "D2", .lab, nil, 4, ["a1", "a2"]),
      section("B2", "D2", .lab, nil, 4, ["a3", "b1"]),
      section("O1", "D3", .lecture, nil, 2, ["b1", "b2", "a1"]),
    ])
    plan.tasks = Table([
      task("t1", "D1", "lecture", "L1", 4), task("t2", "D1", "practice", "P1", 2),
      task("t3", "D1", "practice", "P2", 2), task("t4", "D2", "lab", "B1", 4),
      task("t5", "D2", "lab", "B2", 4), task("t6", "D3", "lecture", "O1", 2),
      task("t7", "D1", "exam", "L1", 2.5), task("t8", "D1", "consultation", "P1", 1),
      task("t9", "D1", "consultation", "P2", 1),
    ])
    plan.assignments = [
      share("t1", "T1", 4), share("t2", "T1", 2), share("t3", "T1", 2), share("t4", "T2", 4),
      share("t5", "T2", 4), share("t6", "T1", 2), share("t7", "T2", 2.5), share("t8", "T1", 1),
      share("t9", "T1", 0.5), share("t9", nil, 0.5),
    ]
    plan.meetings = [
      meeting("m1", "L1", .monday, 1, 2, "R1"), meeting("m2", "P1", .monday, 3, 1, "R1"),
      meeting("m3", "P2", .monday, 4, 1, "R1"), meeting("m4", "B1", .tuesday, 1, 2, "R2"),
      meeting("m5", "B2", .tuesday, 3, 2, "R2"), meeting("m6", "O1", .tuesday, 1, 1, nil),
    ]
    plan.hasLoad = true
    plan.hasTimetable = true
    return plan
  }

  private static func record() -> PlanRecord {
    var record = PlanRecord(
      keste: "0", instance: "micro", instanceSHA256: "", seed: 1, regime: "full")
    record.sections = StageRecord(
      status: .feasible, objective: 12, bound: 0,
      criteria: ["section_hour": 1.2, "split_group": 0, "undersized": 0, "over_norm": 0],
      seconds: 1)
    record.load = StageRecord(
      status: .feasible, objective: 644, bound: nil,
      criteria: [
        "vacant": 0.5, "overload": 1.5, "underload": 2, "imbalance": 0.31, "survey": 1.4,
        "preference": -2.2, "preparation": 4, "continuity": 0.2,
      ], seconds: 1)
    record.timetable = StageRecord(
      status: .feasible, objective: 730, bound: 0,
      criteria: [
        "student_gap": 6, "teacher_gap": 0, "student_single": 6, "student_long_day": 12,
        "student_no_lunch": 6, "teacher_days": 6, "discouraged_time": 4,
        "personal_discouraged": 5, "student_building_change": 0, "teacher_building_change": 0,
        "same_day": 0, "lecture_first": 0, "room_stability": 0, "extra_meetings": 0,
        "short_meetings": 0, "hours_off": 0, "student_conflict": 2, "moved_time": 1,
        "moved_room": 1,
      ], seconds: 1)
    return record
  }

  // MARK: - Short forms

  static func date(_ text: String) -> CalendarDate {
    guard let date = CalendarDate(text) else { preconditionFailure("no date: \(text)") }
    return date
  }

  static func section(
    _ id: SectionID, _ discipline: DisciplineID, _ kind: TeachingKind, _ parent: SectionID?,
    _ hours: Int, _ students: [StudentID]
  ) -> Section {
    Section(
      id: id, discipline: discipline, kind: kind, language: .kk, parent: parent, hours: hours,
      students: students)
  }

  static func task(
    _ id: TaskID, _ discipline: DisciplineID, _ work: String, _ section: SectionID,
    _ hours: Double
  ) -> LoadTask {
    LoadTask(
      id: id, department: "X", discipline: discipline, work: Work(work), section: section,
      hours: Hours(rounding: hours))
  }

  static func share(_ task: TaskID, _ teacher: TeacherID?, _ hours: Double) -> Assignment {
    Assignment(task: task, teacher: teacher, hours: Hours(rounding: hours))
  }

  /// A meeting in both weeks, online where no room is given.
  static func meeting(
    _ id: MeetingID, _ section: SectionID, _ day: Weekday, _ slot: Int, _ length: Int,
    _ room: RoomID?, weeks: WeekPattern = .all(2)
  ) -> Meeting {
    Meeting(
      id: id, section: section, weeks: weeks, day: day, slot: slot, length: length, room: room,
      mode: room == nil ? .online : .room)
  }
}

extension Table {
  /// The table with one row changed.
  func with(_ id: Row.ID, _ change: (inout Row) -> Void) -> Table {
    Table(
      rows.map { row in
        guard row.id == id else { return row }
        var changed = row
        change(&changed)
        return changed
      })
  }

  /// The table without one row.
  func without(_ id: Row.ID) -> Table {
    Table(rows.filter { $0.id != id })
  }
}

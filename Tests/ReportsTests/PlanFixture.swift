// SPDX-License-Identifier: GPL-3.0-or-later
import University
import Validation

/// A small university with everything that the pages must show: two groups, subgroups, a stream,
/// odd and even and irregular weeks, an online class, a vacancy, a section without a time, names
/// that look like markup.
enum PlanFixture {
  static let term = Term(id: "2023-2", start: date(2024, 1, 22), weeks: 15)
  static let hostile = "<script>alert(\"x\")</script> & 'Co'"

  static func date(_ year: Int, _ month: Int, _ day: Int) -> CalendarDate {
    CalendarDate(year: year, month: month, day: day) ?? CalendarDate(dayNumber: 0)
  }

  /// Fridays 2024-03-08 and 2024-03-22 are days off, and Monday of week 1.
  static let holidays = [date(2024, 1, 22), date(2024, 3, 8), date(2024, 3, 22)]

  static func institution() -> Institution {
    let full = Regime(
      name: "full", academicHourMinutes: 50, slotStarts: (0..<12).map { 480 + 60 * $0 })
    let distance = Regime(
      name: "distance", academicHourMinutes: 40, slotStarts: (0..<14).map { 480 + 45 * $0 })
    var institution = Institution(
      name: "Сынақ & Co", language: .ru, term: term, holidays: holidays,
      regimes: [full, distance], regime: full)
    institution.buildings = Table([
      Building(id: "A", name: "Бас ғимарат"), Building(id: "B", name: hostile),
    ])
    institution.rooms = Table([
      Room(id: "A101", building: "A", capacity: 80, kind: "lecture", features: ["projector"]),
      Room(id: "Б-202", building: "B", capacity: 25, kind: "classroom"),
      Room(id: "B 203", building: "B", capacity: 12, kind: "studio"),
    ])
    institution.departments = Table([
      Department(id: "КТ", name: "Компьютерлік технологиялар"),
      Department(id: "M", name: "Mathematics"),
    ])
    institution.teachers = Table([
      Teacher(id: "T1", name: "Әлия Қасым", department: "КТ", position: "docent", rate: 1),
      Teacher(id: "T2", name: hostile, department: "M", position: "lecturer", rate: 0.5),
      Teacher(id: "T3", name: "Free Person", department: "M", position: "visitor", rate: 0.25),
    ])
    institution.programmes = Table([
      Programme(id: "6B061", name: "Есептеу", level: .bachelor, form: .fullTime)
    ])
    var mathematics = Discipline(
      id: "МАТ1", name: "Mathematics 1", department: "M", credits: 5,
      hours: [.lecture: 30, .practice: 15])
    mathematics.names = [.kk: "Математика 1 (қаз)", .ru: "Математика 1 (рус)", .en: "Maths 1"]
    var programming = Discipline(
      id: "PRG", name: "Programming <C & C++>", department: "КТ", credits: 4.5, hours: [.lab: 15])
    programming.control = .exam
    let unplaced = Discipline(
      id: "HIS", name: "History", department: "M", credits: 3, hours: [.practice: 15])
    institution.disciplines = Table([mathematics, programming, unplaced])
    institution.groups = Table([
      Group(
        id: "ТКТ-21-1", programme: "6B061", entryYear: 2021, term: 6, language: .kk, advisor: "T1"),
      Group(id: "TKT-21-1", programme: "6B061", entryYear: 2021, term: 6, language: .kk),
    ])
    institution.students = Table(
      (1...6).map { Student(id: StudentID("a\($0)"), group: "ТКТ-21-1") }
        + (1...3).map { Student(id: StudentID("b\($0)"), group: "TKT-21-1") })
    institution.enrolments = Table(
      institution.students.flatMap { student in
        ["МАТ1", "PRG", "HIS"].map {
          Enrolment(student: student.id, discipline: DisciplineID($0), language: .kk)
        }
      })
    return institution
  }

  static func students(_ letter: String, _ numbers: ClosedRange<Int>) -> [StudentID] {
    numbers.map { StudentID("\(letter)\($0)") }
  }

  static let odd = WeekPattern.odd(15)
  static let even = WeekPattern.even(15)

  static func plan() -> Plan {
    var plan = Plan(
      record: PlanRecord(
        keste: "1.0", instance: "Сынақ & Co", instanceSHA256: "abc", seed: 7, regime: "full"))
    plan.record.timetable = StageRecord(
      status: .feasible, objective: 120, bound: 90, criteria: [:], seconds: 1.5)
    let all = students("a", 1...6) + students("b", 1...3)
    plan.sections = Table([
      Section(
        id: "L1", discipline: "МАТ1", kind: .lecture, language: .kk, hours: 30, students: all),
      Section(
        id: "P1", discipline: "МАТ1", kind: .practice, language: .kk, parent: "L1", hours: 15,
        students: students("a", 1...6)),
      Section(
        id: "P2", discipline: "МАТ1", kind: .practice, language: .kk, parent: "L1", hours: 15,
        students: students("b", 1...3)),
      Section(
        id: "Z1", discipline: "PRG", kind: .lab, language: .kk, hours: 15,
        students: students("a", 1...3)),
      Section(
        id: "Z2", discipline: "PRG", kind: .lab, language: .kk, hours: 15,
        students: students("a", 4...6)),
      Section(
        id: "Z3", discipline: "PRG", kind: .lab, language: .kk, hours: 15,
        students: students("b", 1...3)),
      Section(
        id: "H1", discipline: "HIS", kind: .practice, language: .kk, hours: 15, students: all),
    ])
    let tasks: [(String, DisciplineID, Work, String, Int, DepartmentID, TeacherID?)] = [
      ("t1", "МАТ1", .teaching(.lecture), "L1", 30, "M", "T2"),
      ("t2", "МАТ1", .teaching(.practice), "P1", 15, "M", "T2"),
      ("t3", "МАТ1", .teaching(.practice), "P2", 15, "M", "T1"),
      ("t4", "PRG", .teaching(.lab), "Z1", 15, "КТ", "T1"),
      ("t5", "PRG", .teaching(.lab), "Z2", 15, "КТ", "T1"),
      ("t6", "PRG", .teaching(.lab), "Z3", 15, "КТ", nil),
      ("t7", "HIS", .teaching(.practice), "H1", 15, "M", "T2"),
      ("t8", "PRG", .norm("exam"), "Z1", 2, "КТ", "T1"),
    ]
    plan.tasks = Table(
      tasks.map {
        LoadTask(
          id: TaskID($0.0), department: $0.5, discipline: $0.1, work: $0.2,
          section: SectionID($0.3), hours: Hours($0.4))
      })
    plan.assignments = tasks.map {
      Assignment(task: TaskID($0.0), teacher: $0.6, hours: Hours($0.4))
    }
    plan.hasLoad = true
    plan.meetings = [
      meeting("m1", "L1", .all(15), .monday, 1, 2, "A101"),
      meeting("m2", "P1", .all(15), .friday, 3, 1, "Б-202"),
      meeting("m3", "P2", .all(15), .friday, 3, 1, nil),
      meeting("m4", "Z1", odd, .tuesday, 2, 2, "B 203"),
      meeting("m5", "Z2", even, .tuesday, 2, 2, "B 203"),
      meeting(
        "m6", "Z3", WeekPattern(digits: "110100111000001") ?? odd, .tuesday, 3, 2, "A101"),
    ]
    plan.hasTimetable = true
    return plan
  }

  static func meeting(
    _ id: String, _ section: String, _ weeks: WeekPattern, _ day: Weekday, _ slot: Int,
    _ length: Int, _ room: String?
  ) -> Meeting {
    Meeting(
      id: MeetingID(id), section: SectionID(section), weeks: weeks, day: day, slot: slot,
      length: length, room: room.map { RoomID($0) }, mode: room == nil ? .online : .room)
  }

  static func score() -> ScoreReport {
    var score = ScoreReport()
    score.violations = [Violation(.m1, "section H1 delivers 0 of 15 hours <b>", times: 1)]
    score.timetable = [.studentGap: 4, .hoursOff: 15]
    score.objectives = [.timetable: 754]
    score.lostHours = [
      LostHours(
        section: "P1", hours: 2, dates: [date(2024, 3, 8), date(2024, 3, 22)],
        makeUp: [.init(date: date(2024, 3, 9), slot: 1, room: "Б-202")])
    ]
    return score
  }
}

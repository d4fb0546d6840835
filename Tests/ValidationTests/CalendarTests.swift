// SPDX-License-Identifier: GPL-3.0-or-later
import Testing
import University

@testable import Validation

/// The micro university with room for changes: 8 hours a day and rooms to move to.
private func roomy(_ change: (inout Institution) -> Void = { _ in }) -> Institution {
  var it = Micro.institution()
  it.policy.studentMaxHoursPerDay = 8
  it.policy.teacherMaxHoursPerDay = 8
  it.rooms.append(Room(id: "R3", building: "A", capacity: 4, kind: "lecture"))
  it.rooms.append(Room(id: "R4", building: "A", capacity: 9, kind: "gym"))
  change(&it)
  return it
}

private func row(
  _ date: String, _ section: SectionID, _ status: HeldRecord.Status, slot: Int? = nil,
  to: String? = nil, at: Int? = nil, room: RoomID? = nil, by teacher: TeacherID? = nil
) -> HeldRecord {
  HeldRecord(
    date: Micro.date(date), section: section, status: status, slot: slot,
    newDate: to.map(Micro.date), newSlot: at, room: room, teacher: teacher)
}

@Suite struct CalendarTests {
  @Test
  func `every meeting has a date in each week of its pattern, odd weeks beginning with week 1`() {
    var plan = Micro.plan()
    plan.meetings[5] = Micro.meeting("m6", "O1", .tuesday, 1, 1, nil, weeks: .odd(2))
    let dated = DatedPlan(Micro.institution(), plan)
    #expect(dated.occurrences(of: "O1").map(\.date) == [Micro.date("2023-09-05")])
    let lecture = dated.occurrences(of: "L1")
    #expect(lecture.map(\.date.description) == ["2023-09-04", "2023-09-11"])
    #expect(lecture.map(\.fate) == [.planned, .holiday])
    #expect(lecture.map(\.teachers) == [["T1"], ["T1"]])
  }

  @Test
  func `a moved day holds its classes on the other date, and the classes of that date fall out`() {
    var institution = Micro.institution()
    institution.holidays = []
    institution.movedDays = [
      MovedDay(from: Micro.date("2023-09-11"), to: Micro.date("2023-09-12"))
    ]
    let dated = DatedPlan(institution, Micro.plan())
    let lecture = dated.occurrences(of: "L1")
    #expect(lecture.map(\.date.description) == ["2023-09-04", "2023-09-12"])
    #expect(lecture.map(\.fate) == [.planned, .moved])
    #expect(dated.occurrences(of: "B1").map(\.fate) == [.planned, .displaced])
    let lost = PlanValidator.validate(institution, Micro.plan()).lostHours
    #expect(lost.map(\.section) == ["B1", "B2", "O1"])
  }

  @Test func `a day moved to a Saturday loses nothing`() {
    var institution = Micro.institution()
    institution.holidays = []
    institution.movedDays = [
      MovedDay(from: Micro.date("2023-09-11"), to: Micro.date("2023-09-16"))
    ]
    let dated = DatedPlan(institution, Micro.plan())
    #expect(dated.occurrences.allSatisfy { $0.isHeld })
    #expect(dated.occurrences(of: "P1").last?.date == Micro.date("2023-09-16"))
    #expect(PlanValidator.validate(institution, Micro.plan()).lostHours.isEmpty)
  }

  @Test func `hours are planned by the weeks and held without days off, cancelled and moved away`()
  {
    let institution = roomy { it in
      it.held = [
        row("2023-09-05", "B1", .cancelled),
        row("2023-09-11", "P2", .moved, to: "2023-09-12", at: 2),
      ]
    }
    let dated = DatedPlan(institution, Micro.plan())
    #expect(dated.findings == [])
    func hours(_ date: String, _ section: SectionID) -> [Int] {
      dated.hours(by: Micro.date(date)).filter { $0.section == section }
        .flatMap { [$0.due, $0.held, $0.lost, $0.cancelled, $0.toCome, $0.delivered] }
    }
    #expect(hours("2023-09-03", "L1") == [0, 0, 0, 0, 2, 2])
    #expect(hours("2023-09-11", "L1") == [4, 2, 2, 0, 0, 2])
    #expect(hours("2023-09-11", "P2") == [2, 1, 0, 0, 1, 2])
    #expect(hours("2023-09-12", "P2") == [2, 2, 0, 0, 0, 2])
    #expect(hours("2023-09-12", "B1") == [4, 2, 0, 2, 0, 2])
  }

  @Test func `hours short of the plan are those that no date delivers, in the timetable or not`()
    throws
  {
    // L1 loses a Monday; P1 is in the timetable for one week of two.
    var plan = Micro.plan()
    plan.meetings = plan.meetings.map { meeting in
      var meeting = meeting
      if meeting.section == "P1" { meeting.weeks = .odd(meeting.weeks.weeks) }
      return meeting
    }
    let hours = DatedPlan(Micro.institution(), plan).hours(by: Micro.date("2023-09-17"))
    func row(_ section: SectionID) throws -> [Int] {
      let own = try #require(hours.first { $0.section == section })
      return [own.plan, own.scheduled, own.delivered, own.fallenOut, own.short]
    }
    #expect(try row("L1") == [4, 4, 2, 2, 2])
    #expect(try row("P1") == [2, 1, 1, 0, 1])
  }

  @Test func `another regime changes clock times and not hours`() {
    var distance = Micro.institution()
    distance.regime = Regime(
      name: "distance", academicHourMinutes: 40, slotStarts: [480, 525, 570, 615])
    let full = DatedPlan(Micro.institution(), Micro.plan())
    let other = DatedPlan(distance, Micro.plan())
    let end = Micro.date("2023-09-17")
    #expect(full.hours(by: end) == other.hours(by: end))
    #expect(other.institution.regime.end(ofSlot: 1) == 520)
    #expect(other.occurrences(of: "O1").allSatisfy { $0.room == nil })
  }

  @Test func `hours of teachers count substitutions for who held the class`() {
    let institution = roomy { it in it.held = [row("2023-09-04", "P1", .held, by: "T2")] }
    let dated = DatedPlan(institution, Micro.plan())
    #expect(dated.findings == [])
    let hours = dated.teacherHours(by: Micro.date("2023-09-17"))
    // T1: L1 2 × 2, P1 and P2 1 × 2 each, O1 1 × 2; the second Monday is off.
    #expect(hours[0].load == Hours(10))
    #expect(
      [hours[0].due, hours[0].held, hours[0].givenAway, hours[0].fallenOut] == [10, 5, 1, 4])
    #expect([hours[1].due, hours[1].held, hours[1].substituting] == [8, 9, 1])
  }

  // MARK: - Periods and platform

  @Test func `periods of control have defaults by the term's weeks`() {
    var institution = Micro.institution()
    institution.term.weeks = 15
    func text(_ period: ControlPeriod) -> String {
      let dates = institution.dates(of: period)
      return "\(dates.lowerBound) \(dates.upperBound)"
    }
    // Weeks 7 and 15, then three weeks.
    #expect(text(.firstMidterm) == "2023-10-16 2023-10-21")
    #expect(text(.secondMidterm) == "2023-12-11 2023-12-16")
    #expect(text(.finalControl) == "2023-12-18 2024-01-06")
    institution.periods.firstMidterm = Micro.date("2023-10-09")...Micro.date("2023-10-10")
    #expect(text(.firstMidterm) == "2023-10-09 2023-10-10")
  }

  struct PeriodCase: Sendable, CustomTestStringConvertible {
    let rule: RegisterRule
    let breaks: Bool
    let change: @Sendable (inout Institution) -> Void
    var testDescription: String { "\(rule.rawValue) \(breaks ? "broken" : "kept")" }
  }

  static let periodCases = [
    PeriodCase(rule: .periodOrder, breaks: true) {
      $0.periods.firstMidterm = Micro.date("2023-09-04")...Micro.date("2023-09-11")
    },
    PeriodCase(rule: .periodOrder, breaks: false) {
      $0.periods.firstMidterm = Micro.date("2023-09-04")...Micro.date("2023-09-10")
    },
    PeriodCase(rule: .midtermOutside, breaks: true) {
      $0.periods.firstMidterm = Micro.date("2023-09-03")...Micro.date("2023-09-09")
    },
    PeriodCase(rule: .midtermOutside, breaks: false) {
      $0.periods.firstMidterm = Micro.date("2023-09-04")...Micro.date("2023-09-09")
    },
    PeriodCase(rule: .classInFinalControl, breaks: true) {
      $0.periods.secondMidterm = Micro.date("2023-09-11")...Micro.date("2023-09-11")
      $0.periods.finalControl = Micro.date("2023-09-12")...Micro.date("2023-09-30")
    },
    PeriodCase(rule: .classInFinalControl, breaks: false) {
      $0.periods.secondMidterm = Micro.date("2023-09-11")...Micro.date("2023-09-12")
      $0.periods.finalControl = Micro.date("2023-09-13")...Micro.date("2023-09-30")
    },
    PeriodCase(rule: .platformCapacity, breaks: true) { $0.policy.platformCapacity = 2 },
    PeriodCase(rule: .platformCapacity, breaks: false) { $0.policy.platformCapacity = 3 },
  ]

  @Test(arguments: periodCases)
  func `a calendar breaks the rule and only it`(_ test: PeriodCase) {
    var institution = Micro.institution()
    test.change(&institution)
    let findings = DatedPlan(institution, Micro.plan()).calendarFindings()
    #expect(Set(findings.map(\.rule)) == (test.breaks ? [test.rule] : []))
    for finding in findings {
      #expect(!finding.found.isEmpty && !finding.required.isEmpty && finding.remedy != nil)
      expectOwnWords(finding)
      // Periods have their names, not the keys of the file.
      let keys = ControlPeriod.allCases.map(\.rawValue).filter { $0.contains("_") }
      for language in Language.allCases {
        #expect(!keys.contains { finding.problem[language].contains($0) })
      }
    }
  }

  // MARK: - held.csv

  struct HeldCase: Sendable, CustomTestStringConvertible {
    let name: String
    let rules: Set<RegisterRule>
    let rows: [HeldRecord]
    var change: @Sendable (inout Institution) -> Void = { _ in }
    var testDescription: String { name }
  }

  static let heldCases = [
    HeldCase(
      name: "a class off is moved to a free hour", rules: [],
      rows: [row("2023-09-11", "P2", .moved, to: "2023-09-12", at: 2)]),
    HeldCase(
      name: "teacher and students are busy", rules: [.heldTeacher, .heldStudents],
      rows: [row("2023-09-11", "P2", .moved, to: "2023-09-12", at: 1)]),
    HeldCase(
      name: "only the teacher is busy", rules: [.heldTeacher],
      rows: [row("2023-09-05", "B1", .held, by: "T1")],
      change: { it in
        it.competences.append(Competence(teacher: "T1", discipline: "D2", kinds: [.lab]))
        it.policy.retakeConflicts = .soft
      }),
    HeldCase(
      name: "only the students are busy", rules: [.heldStudents],
      rows: [row("2023-09-11", "P2", .moved, to: "2023-09-12", at: 3, room: "R1")]),
    HeldCase(
      name: "the room is taken", rules: [.heldRoom],
      rows: [
        row("2023-09-11", "P2", .moved, to: "2023-09-12", at: 2),
        row("2023-09-11", "P1", .moved, to: "2023-09-12", at: 2, by: "T2"),
      ],
      change: { it in
        // P1's students and T2 have a laboratory class then.
        it.held.append(row("2023-09-12", "B1", .cancelled))
      }),
    HeldCase(
      name: "another room is free", rules: [],
      rows: [
        row("2023-09-11", "P2", .moved, to: "2023-09-12", at: 2),
        row("2023-09-11", "P1", .moved, to: "2023-09-12", at: 2, room: "R3", by: "T2"),
        row("2023-09-12", "B1", .cancelled),
      ]),
    HeldCase(
      name: "the substitute is not competent", rules: [.heldCompetence],
      rows: [row("2023-09-05", "B2", .held, by: "T1")]),
    HeldCase(
      name: "the substitute is competent", rules: [],
      rows: [row("2023-09-04", "P1", .held, by: "T2")]),
    HeldCase(
      name: "the room is too small", rules: [.heldCapacity],
      rows: [row("2023-09-04", "L1", .held, room: "R3")]),
    HeldCase(
      name: "the room is large enough", rules: [],
      rows: [row("2023-09-04", "P1", .held, room: "R3")]),
    HeldCase(
      name: "the room is of another kind", rules: [.heldUnsuitable],
      rows: [row("2023-09-04", "P1", .held, room: "R4")]),
    HeldCase(
      name: "a class online is given a room", rules: [.heldMode],
      rows: [row("2023-09-05", "O1", .held, room: "R1")]),
    HeldCase(
      name: "the time is closed for the teacher", rules: [.heldClosed],
      rows: [row("2023-09-11", "P2", .moved, to: "2023-09-12", at: 2)],
      change: { $0.forbid(.teacher("T1"), .tuesday, 2, 2, weeks: .even(2)) }),
    HeldCase(
      name: "the time is closed in another week", rules: [],
      rows: [row("2023-09-11", "P2", .moved, to: "2023-09-12", at: 2)],
      change: { $0.forbid(.teacher("T1"), .tuesday, 2, 2, weeks: .odd(2)) }),
    HeldCase(
      name: "the room is closed", rules: [.heldClosed],
      rows: [row("2023-09-11", "P2", .moved, to: "2023-09-12", at: 2)],
      change: { $0.forbid(.room("R1"), .tuesday, 2, 2, weeks: .all(2)) }),
    HeldCase(
      name: "the group is closed", rules: [.heldClosed],
      rows: [row("2023-09-11", "P2", .moved, to: "2023-09-12", at: 2)],
      change: { $0.forbid(.group("G2"), .tuesday, 2, 2, weeks: .all(2)) }),
    HeldCase(
      name: "there is no time to walk", rules: [.heldTravel],
      rows: [row("2023-09-11", "P2", .moved, to: "2023-09-12", at: 2)],
      change: { $0.travel = [Travel(from: "A", to: "B", minutes: 11)] }),
    HeldCase(
      name: "the students' day is too long", rules: [.heldDayHours],
      rows: [row("2023-09-11", "P2", .moved, to: "2023-09-12", at: 2)],
      change: { $0.policy.studentMaxHoursPerDay = 3 }),
    HeldCase(
      name: "the teacher's day is too long", rules: [.heldDayHours],
      rows: [row("2023-09-11", "P2", .moved, to: "2023-09-12", at: 2)],
      change: { $0.policy.teacherMaxHoursPerDay = 1 }),
    HeldCase(
      name: "moved to a day without classes", rules: [.heldNewDate],
      rows: [row("2023-09-11", "P2", .moved, to: "2023-09-13")]),
    HeldCase(
      name: "moved to a holiday", rules: [.heldNewDate],
      rows: [row("2023-09-04", "P2", .moved, to: "2023-09-11")]),
    HeldCase(
      name: "moved out of the term", rules: [.heldNewDate],
      rows: [row("2023-09-11", "P2", .moved, to: "2023-09-18")]),
    HeldCase(
      name: "moved beyond the last slot", rules: [.heldGrid],
      rows: [row("2023-09-11", "L1", .moved, to: "2023-09-12", at: 4)]),
    HeldCase(
      name: "the section does not meet on the date", rules: [.heldNoMeeting],
      rows: [row("2023-09-05", "P2", .cancelled)]),
    HeldCase(
      name: "there is no such section", rules: [.heldSection],
      rows: [row("2023-09-05", "ZZ", .cancelled)]),
    HeldCase(
      name: "two rows of one class", rules: [.heldRepeated],
      rows: [row("2023-09-04", "P2", .cancelled), row("2023-09-04", "P2", .held)]),
    HeldCase(
      name: "held on a holiday", rules: [.heldFallenOut],
      rows: [row("2023-09-11", "P2", .held)]),
  ]

  @Test(arguments: heldCases)
  func `a row of held breaks the rule and only it`(_ test: HeldCase) {
    let institution = roomy { it in
      it.held = test.rows
      test.change(&it)
    }
    let findings = DatedPlan(institution, Micro.plan()).findings
    let broken = findings.filter { $0.severity == .violation }
    #expect(Set(broken.map(\.rule)) == test.rules)
    #expect(broken.allSatisfy { $0.file == "held.csv" && !$0.rule.policy.isEmpty })
    for finding in findings {
      #expect(finding.remedy != nil)
      expectOwnWords(finding)
      #expect(!finding.problem[.kk].contains(" сағаттар"))
      if finding.rule == .heldTravel {
        #expect(
          finding.problem[.ru].contains(finding.teacher == nil ? " не успевают " : " не успевает "))
      }
    }
  }

  @Test func `a section that meets twice on a date needs the slot`() {
    var plan = Micro.plan()
    plan.meetings.append(Micro.meeting("m7", "P2", .monday, 3, 1, "R2"))
    func rules(_ slot: Int?) -> [RegisterRule] {
      let institution = roomy { it in
        it.held = [row("2023-09-04", "P2", .cancelled, slot: slot)]
      }
      return DatedPlan(institution, plan).findings.map(\.rule)
    }
    #expect(rules(nil) == [.heldAmbiguous])
    #expect(rules(4) == [])
    #expect(rules(2) == [.heldNoMeeting])
  }

  @Test func `an overlap of a student who retakes is a warning where the policy says soft`() {
    // a1 retakes D3 online in slot 1 of Tuesday.
    let held = [row("2023-09-11", "P1", .moved, to: "2023-09-12", at: 1, by: "T2")]
    func severities(_ policy: RetakeConflicts) -> Set<RegisterFinding.Severity> {
      let institution = roomy { it in
        it.held = held + [row("2023-09-12", "B1", .cancelled)]
        it.policy.retakeConflicts = policy
      }
      return Set(
        DatedPlan(institution, Micro.plan()).findings.filter { $0.rule == .heldStudents }
          .map(\.severity))
    }
    #expect(severities(.soft) == [.warning])
    #expect(severities(.hard) == [.violation])
  }
}

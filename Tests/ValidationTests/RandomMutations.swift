// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// Random changes of the micro university and its plan that a reader still accepts.
struct RandomMutations {
  private var numbers: SeededNumbers
  private var institution = Micro.institution()
  private var plan = Micro.plan()

  init(seed: UInt64) {
    numbers = SeededNumbers(seed: seed)
    // A way that is too long between two slots, so that a change of room can break T2.
    if seed.isMultiple(of: 2) {
      institution.travel = [Travel(from: "A", to: "B", minutes: 15)]
    }
  }

  /// One to six changes.
  mutating func run() -> (Institution, Plan) {
    for _ in 0..<numbers.whole(1...6) {
      switch numbers.whole(1...12) {
      case 1...4: changeMeetings()
      case 5...6: changeSections()
      case 7...8: changeLoad()
      case 9...10: changeRows()
      case 11: changePolicy()
      default: changeClaims()
      }
    }
    return (institution, plan)
  }

  private mutating func weeks() -> WeekPattern {
    if numbers.chance(12) { return WeekPattern(bits: 0b101, weeks: 3) }
    return WeekPattern(bits: UInt64(numbers.whole(0...3)), weeks: 2)
  }

  private mutating func sectionID() -> SectionID {
    numbers.one(of: plan.sections.map(\.id))
  }

  private mutating func studentID() -> StudentID {
    numbers.one(of: institution.students.map(\.id))
  }

  private mutating func teacherID() -> TeacherID { numbers.one(of: ["T1", "T2"]) }
  private mutating func disciplineID() -> DisciplineID { numbers.one(of: ["D1", "D2", "D3"]) }
  private mutating func kind() -> TeachingKind { numbers.one(of: TeachingKind.allCases) }
  private mutating func day() -> Weekday { numbers.one(of: [.monday, .tuesday, .wednesday]) }

  private mutating func changeMeetings() {
    if plan.meetings.isEmpty || numbers.chance(6) {
      let id = MeetingID(
        "\(numbers.one(of: ["a", "x", "ж", "ә"]))\(plan.meetings.count)-\(numbers.whole(0...9999))")
      plan.meetings.append(
        Meeting(
          id: id, section: sectionID(), weeks: weeks(), day: day(), slot: numbers.whole(1...4),
          length: numbers.whole(1...2), room: numbers.one(of: ["R1", "R2", nil]),
          mode: numbers.one(of: [.room, .room, .online])))
      return
    }
    let at = numbers.whole(0...(plan.meetings.count - 1))
    switch numbers.whole(1...9) {
    case 1: plan.meetings.remove(at: at)
    case 2...3: plan.meetings[at].slot = numbers.whole(-1...6)
    case 4: plan.meetings[at].length = numbers.whole(0...4)
    case 5: plan.meetings[at].day = day()
    case 6: plan.meetings[at].room = numbers.one(of: ["R1", "R2", nil])
    case 7: plan.meetings[at].mode = numbers.one(of: [.room, .online])
    case 8: plan.meetings[at].section = sectionID()
    default: plan.meetings[at].weeks = weeks()
    }
  }

  private mutating func changeSections() {
    let id = sectionID()
    let student = studentID()
    let other = sectionID()
    let what = disciplineID()
    let how = kind()
    let number = numbers.whole(0...6)
    switch numbers.whole(1...9) {
    case 1...2: plan.sections = plan.sections.with(id) { $0.students.append(student) }
    case 3: plan.sections = plan.sections.with(id) { $0.students.removeAll { $0 == student } }
    case 4: plan.sections = plan.sections.with(id) { $0.parent = other }
    case 5: plan.sections = plan.sections.with(id) { $0.parent = nil }
    case 6: plan.sections = plan.sections.with(id) { $0.language = .ru }
    case 7: plan.sections = plan.sections.with(id) { $0.hours = number }
    case 8: plan.sections = plan.sections.with(id) { $0.discipline = what }
    default: plan.sections = plan.sections.with(id) { $0.kind = how }
    }
  }

  private mutating func changeLoad() {
    let task = numbers.one(of: plan.tasks.map(\.id))
    let hours = Hours(hundredths: numbers.one(of: [0, 1, 50, 100, 200, 250, 400, 1000]))
    let section = sectionID()
    let what = disciplineID()
    let work = Work(numbers.one(of: ["lecture", "practice", "lab", "exam", "consultation", "x"]))
    switch numbers.whole(1...9) {
    case 1: plan.tasks = plan.tasks.with(task) { $0.hours = hours }
    case 2: plan.tasks = plan.tasks.with(task) { $0.work = work }
    case 3: plan.tasks = plan.tasks.with(task) { $0.section = section }
    case 4: plan.tasks = plan.tasks.with(task) { $0.discipline = what }
    case 5:
      plan.assignments.append(Assignment(task: task, teacher: teacherID(), hours: hours))
    case 6:
      if plan.tasks.count > 1 {
        plan.tasks = plan.tasks.without(task)
        plan.assignments.removeAll { $0.task == task }
      }
    case 7: plan.give(task, to: nil)
    default: plan.give(task, to: teacherID())
    }
  }

  private mutating func changeRows() {
    let what = disciplineID()
    let how = kind()
    let number = numbers.whole(1...6)
    switch numbers.whole(1...18) {
    case 1: institution.change(what) { $0.hours[how] = number - 1 }
    case 2: institution.change(what) { $0.blocks[how] = number }
    case 3: institution.change(what) { $0.delivery = .lectureOnline }
    case 4: institution.change(what) { $0.groupCap = number }
    case 5: institution.change(what) { $0.features[how] = ["pc"] }
    case 6: institution.change(what) { $0.roomKinds[how] = ["lab"] }
    case 7:
      let at = numbers.whole(0...(institution.enrolments.count - 1))
      let id = institution.enrolments[at].id
      let status = numbers.one(of: EnrolmentStatus.allCases)
      let language = numbers.one(of: Language.allCases)
      let (first, second) = (teacherID(), teacherID())
      let wants = numbers.whole(0...3)
      institution.enrolments = institution.enrolments.with(id) {
        $0.status = status
        if wants == 0 { $0.language = language }
        if wants == 1 { $0.lectureTeacher = first }
        if wants == 2 { $0.practiceTeacher = second }
      }
    case 8:
      let capacity = numbers.whole(0...5)
      institution.change(numbers.one(of: ["R1", "R2"] as [RoomID])) { $0.capacity = capacity }
    case 9:
      let position = numbers.one(of: ["professor", "docent", "lecturer"])
      institution.change(teacherID()) { $0.position = position }
    case 10:
      institution.change(teacherID()) {
        $0.normHours = number == 6 ? nil : Double(number) * 2.5 - 2.5
        $0.minHours = number.isMultiple(of: 2) ? Double(number) * 2 : nil
        $0.maxHours = number.isMultiple(of: 3) ? Double(number) * 3 : nil
        $0.maxHoursPerDay = number.isMultiple(of: 2) ? number : nil
        $0.survey = number == 5 ? nil : Double(number) / 2 + 1.5
      }
    case 11...12: addAvailability()
    case 13: addPin()
    case 14: institution.travel = [Travel(from: "B", to: "A", minutes: number * 5)]
    case 15:
      institution.norms.append(
        Norm(
          work: numbers.one(of: ["exam", "consultation", "visit"]),
          unit: numbers.one(of: NormUnit.allCases), hours: Double(number) / 3,
          control: numbers.one(of: [.exam, .test, .project, nil]),
          discipline: numbers.one(of: ["D1", "D2", nil])))
    case 16:
      institution.holidays = [Micro.date("2023-09-0\(number + 2)"), Micro.date("2023-09-11")]
    default:
      // Choices that bind somebody: each student of a practice, the other teacher.
      let (student, teacher) = (studentID(), teacherID())
      institution.enrolments = institution.enrolments.with(Enrolment.Key(student, "D1")) {
        $0.practiceTeacher = teacher
      }
    }
  }

  private mutating func addAvailability() {
    let subject = numbers.one(
      of: [.teacher("T1"), .teacher("T2"), .room("R1"), .room("R2"), .group("G1"), .group("G2")]
        as [AvailabilitySubject])
    let from = numbers.whole(1...4)
    institution.availability.append(
      Availability(
        subject: subject, day: numbers.one(of: [.monday, .tuesday, .friday, nil]), from: from,
        to: numbers.whole(from...4), level: numbers.one(of: AvailabilityLevel.allCases),
        weeks: WeekPattern(bits: UInt64(numbers.whole(1...3)), weeks: 2)))
  }

  private mutating func addPin() {
    institution.pins.append(
      Pin(
        discipline: disciplineID(), kind: kind(), group: numbers.one(of: ["G1", "G2", nil]),
        teacher: numbers.one(of: ["T1", "T2", nil, nil]),
        weeks: numbers.one(of: [.all(2), .odd(2), nil, nil]),
        day: numbers.one(of: [.monday, .tuesday, nil]),
        slot: numbers.one(of: [1, 2, 3, nil, nil]), room: numbers.one(of: ["R1", "R2", nil])))
  }

  private mutating func changePolicy() {
    let number = numbers.whole(0...4)
    switch numbers.whole(1...12) {
    case 1: institution.policy.retakeConflicts = .hard
    case 2: institution.policy.hoursTolerance = number
    case 3: institution.policy.studentMaxHoursPerDay = number
    case 4: institution.policy.teacherMaxHoursPerDay = number
    case 5: institution.policy.lectureNeedsRoom = false
    case 6: institution.policy.groupTolerance = number
    case 7: institution.policy.examinerDiffersFromTeacher = false
    case 8: institution.policy.minLectureSurvey = Double(number) + 0.5
    case 9: institution.policy.overloadFactor = Double(number) / 4 + 0.5
    case 10: institution.preferences.longDayFrom = number
    case 11:
      institution.preferences.lunchFrom = number
      institution.preferences.lunchTo = numbers.whole(number...6)
    default:
      institution.preferences.discouraged = [
        DiscouragedSlots(day: .monday, from: number, to: numbers.whole(number...6))
      ]
    }
  }

  private mutating func changeClaims() {
    let name = numbers.one(of: TimetableCriterion.allCases).rawValue
    switch numbers.whole(1...7) {
    case 1: plan.record.instance = "other"
    case 2: plan.record.load = nil
    case 3: plan.record.timetable?.criteria[name] = 1000
    case 4: plan.record.sections?.status = .optimal
    case 5: plan.record.timetable?.bound = 2000
    case 6: plan.record.load?.objective = 1
    default:
      plan.record.timetable?.status = .stopped
      plan.record.timetable?.objective = nil
    }
  }
}

/// Random meetings for the sections of a plan, with plenty of violations.
func randomMeetings(for plan: Plan, of institution: Institution, seed: UInt64) -> [Meeting] {
  var numbers = SeededNumbers(seed: seed)
  var result: [Meeting] = []
  let rooms = institution.rooms.map(\.id)
  let weeks = institution.term.weeks
  for section in plan.sections {
    guard let discipline = institution.disciplines[section.discipline] else { continue }
    let suitable = institution.rooms.filter {
      institution.suits($0, discipline, section.kind)
    }.map(\.id)
    for part in 1...numbers.whole(1...3) {
      if numbers.chance(30) { continue }
      let pattern: WeekPattern =
        switch numbers.whole(1...6) {
        case 1: .odd(weeks)
        case 2: .even(weeks)
        case 3: WeekPattern(bits: numbers.next(), weeks: weeks)
        default: .all(weeks)
        }
      let isOnline = discipline.delivery.isOnline(section.kind) != numbers.chance(40)
      let room = numbers.one(of: numbers.chance(4) || suitable.isEmpty ? rooms : suitable)
      result.append(
        Meeting(
          id: MeetingID("\(section.id)/\(part)"), section: section.id, weeks: pattern,
          day: numbers.chance(100) ? .sunday : numbers.one(of: institution.days),
          slot: numbers.whole(1...institution.regime.slots), length: numbers.whole(1...2),
          room: isOnline && !numbers.chance(20) ? nil : room, mode: isOnline ? .online : .room))
    }
  }
  return result
}

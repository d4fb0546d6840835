// SPDX-License-Identifier: GPL-3.0-or-later

/// The term that is planned.
public struct Term: Hashable, Sendable {
  /// The word of the files, such as `2023-1`.
  public var id: String
  /// The Monday of week 1.
  public var start: CalendarDate
  /// Weeks of classes, 1 to 60.
  public var weeks: Int
  /// Whether it is the additional (summer) semester of policy 2.2, which comes after the term that
  /// the groups are in, is not for the final year and replaces nothing of the curriculum.
  public var isAdditional = false

  /// A term of so many weeks from a Monday.
  public init(id: String, start: CalendarDate, weeks: Int) {
    self.id = id
    self.start = start
    self.weeks = weeks
  }

  /// The date of a day of a week, counted from 0.
  public func date(week: Int, day: Weekday) -> CalendarDate {
    start.adding(days: 7 * week + day.rawValue)
  }
}

/// Clock times of the slots.
public struct Regime: Hashable, Sendable {
  /// The word of the files: `full`, `distance` …
  public var name: String
  /// Minutes of an academic hour.
  public var academicHourMinutes: Int
  /// Minutes since midnight at which each slot starts, in order.
  public var slotStarts: [Int]

  /// A regime with the minutes since midnight at which its slots start.
  public init(name: String, academicHourMinutes: Int, slotStarts: [Int]) {
    self.name = name
    self.academicHourMinutes = academicHourMinutes
    self.slotStarts = slotStarts
  }

  /// How many slots a day has.
  public var slots: Int { slotStarts.count }
  /// Minutes since midnight at which a slot, from 1, starts.
  public func start(ofSlot slot: Int) -> Int { slotStarts[slot - 1] }
  /// Minutes since midnight at which a slot, from 1, ends.
  public func end(ofSlot slot: Int) -> Int { slotStarts[slot - 1] + academicHourMinutes }
}

/// A university with everything that one term's plan is made from: the instance folder as a value.
///
/// The references of one row to another are known to hold: the reader has checked them.
public struct Institution: Sendable {
  /// The instance's name.
  public var name: String
  /// The language of what is printed.
  public var language: Language
  /// The term that is planned.
  public var term: Term
  /// Dates on which no classes are held.
  public var holidays: [CalendarDate]
  /// Working days that are moved: on one date the classes of another are held.
  public var movedDays: [MovedDay] = []
  /// Periods of control, where given; see ``dates(of:)``.
  public var periods = ControlPeriods()
  /// The days of the grid, in the order of the week.
  public var days: [Weekday]
  /// All regimes, in the order of the file.
  public var regimes: [Regime]
  /// The regime in use.
  public var regime: Regime
  /// The rules' numbers.
  public var policy = Policy()
  /// The weights of the criteria.
  public var weights = Weights()
  /// Parameters of some criteria.
  public var preferences = Preferences()

  /// `buildings.csv`.
  public var buildings = Table<Building>()
  /// `travel.csv`.
  public var travel: [Travel] = []
  /// `rooms.csv`.
  public var rooms = Table<Room>()
  /// `departments.csv`.
  public var departments = Table<Department>()
  /// `teachers.csv`.
  public var teachers = Table<Teacher>()
  /// `competences.csv`, by teacher and discipline.
  public var competences = Table<Competence>()
  /// `programmes.csv`.
  public var programmes = Table<Programme>()
  /// `disciplines.csv`.
  public var disciplines = Table<Discipline>()
  /// `curriculum.csv`.
  public var curriculum: [CurriculumRow] = []
  /// `groups.csv`.
  public var groups = Table<Group>()
  /// `students.csv`.
  public var students = Table<Student>()
  /// `enrolments.csv`, by student and discipline.
  public var enrolments = Table<Enrolment>()
  /// `availability.csv`.
  public var availability: [Availability] = []
  /// `norms.csv`.
  public var norms: [Norm] = []
  /// `pins.csv`.
  public var pins: [Pin] = []

  /// `sections.csv` with `section_students.csv`, where the instance gives them: taken as decided.
  public var decidedSections: Table<Section>?
  /// `load.csv`, where the instance gives it beside `assignments.csv`.
  public var decidedTasks: Table<LoadTask>?
  /// `assignments.csv`, where the instance gives it: taken as decided.
  public var decidedAssignments: [Assignment]?
  /// `published/meetings.csv`: the timetable in force.
  public var publishedMeetings: [Meeting] = []
  /// `revision` of `published/plan.json`: ``PlanRecord/revision``.
  public var publishedRevision = 0
  /// `attendance.csv`.
  public var attendance: [AttendanceEntry] = []
  /// `held.csv`.
  public var held: [HeldRecord] = []
  /// `grades.csv`.
  public var grades: [Grade] = []

  /// An institution without rows.
  public init(
    name: String, language: Language = .kk, term: Term, holidays: [CalendarDate] = [],
    days: [Weekday] = Array(Weekday.allCases.prefix(6)), regimes: [Regime], regime: Regime
  ) {
    self.name = name
    self.language = language
    self.term = term
    self.holidays = holidays
    self.days = days
    self.regimes = regimes
    self.regime = regime
  }
}

// MARK: - Rows of the tables

/// A building: `buildings.csv`.
public struct Building: Identifiable, Hashable, Sendable {
  /// Names the building.
  public var id: BuildingID
  /// What people call it.
  public var name: String

  /// A row of `buildings.csv`.
  public init(id: BuildingID, name: String) {
    self.id = id
    self.name = name
  }
}

/// Minutes from one building to another: `travel.csv`.
public struct Travel: Hashable, Sendable {
  /// Where one leaves.
  public var from: BuildingID
  /// Where one arrives.
  public var to: BuildingID
  /// Minutes on the way.
  public var minutes: Int
  /// The line of the file, 0 where there is none.
  public var line = 0

  /// A row of `travel.csv`.
  public init(from: BuildingID, to: BuildingID, minutes: Int) {
    self.from = from
    self.to = to
    self.minutes = minutes
  }
}

/// A room: `rooms.csv`.
public struct Room: Identifiable, Hashable, Sendable {
  /// Names the room.
  public var id: RoomID
  /// Where it is.
  public var building: BuildingID
  /// Seats.
  public var capacity: Int
  /// `lecture`, `classroom`, `computer`, `lab`, `gym` or any other word.
  public var kind: String
  /// Equipment that classes may need, such as `projector`.
  public var features: Set<String>
  /// The line of the file, 0 where there is none.
  public var line = 0

  /// A row of `rooms.csv`.
  public init(
    id: RoomID, building: BuildingID, capacity: Int, kind: String, features: Set<String> = []
  ) {
    self.id = id
    self.building = building
    self.capacity = capacity
    self.kind = kind
    self.features = features
  }
}

/// A department: `departments.csv`.
public struct Department: Identifiable, Hashable, Sendable {
  /// Names the department.
  public var id: DepartmentID
  /// What people call it.
  public var name: String
  /// The institute that it belongs to; empty where not given.
  public var institute: String

  /// A row of `departments.csv`.
  public init(id: DepartmentID, name: String, institute: String = "") {
    self.id = id
    self.name = name
    self.institute = institute
  }
}

/// A teacher: `teachers.csv`.
public struct Teacher: Identifiable, Hashable, Sendable {
  /// Names the teacher.
  public var id: TeacherID
  /// The name in full.
  public var name: String
  /// Where the teacher is employed.
  public var department: DepartmentID
  /// A key of `policy.positions`.
  public var position: String
  /// Share of a post.
  public var rate: Double
  /// Norm of this term, rate included; in place of position × rate.
  public var normHours: Double?
  /// The fewest hours of the term.
  public var minHours: Double?
  /// The most hours of the term, in place of norm × `overload_factor`.
  public var maxHours: Double?
  /// The most academic hours in a day, in place of the policy's.
  public var maxHoursPerDay: Int?
  /// 0–5.
  public var survey: Double?
  /// Complaints received.
  public var complaints: Int
  /// The line of the file, 0 where there is none.
  public var line = 0

  /// A row of `teachers.csv`.
  public init(
    id: TeacherID, name: String, department: DepartmentID, position: String, rate: Double,
    normHours: Double? = nil, minHours: Double? = nil, maxHours: Double? = nil,
    maxHoursPerDay: Int? = nil, survey: Double? = nil, complaints: Int = 0
  ) {
    self.id = id
    self.name = name
    self.department = department
    self.position = position
    self.rate = rate
    self.normHours = normHours
    self.minHours = minHours
    self.maxHours = maxHours
    self.maxHoursPerDay = maxHoursPerDay
    self.survey = survey
    self.complaints = complaints
  }
}

/// What a teacher can do in a discipline: `competences.csv`.
public struct Competence: Identifiable, Hashable, Sendable {
  /// Teacher and discipline.
  public struct Key: Hashable, Sendable {
    /// The teacher.
    public var teacher: TeacherID
    /// The discipline.
    public var discipline: DisciplineID

    /// The pair.
    public init(_ teacher: TeacherID, _ discipline: DisciplineID) {
      self.teacher = teacher
      self.discipline = discipline
    }
  }

  /// Who is competent.
  public var teacher: TeacherID
  /// For which discipline.
  public var discipline: DisciplineID
  /// For which kinds of class, and whether for work of `norms.csv`.
  public var kinds: Set<CompetenceKind>
  /// −2 … 2.
  public var preference: Int
  /// Whether the teacher has taught it before.
  public var taughtBefore: Bool
  /// 0–5, of this discipline.
  public var survey: Double?
  /// The line of the file, 0 where there is none.
  public var line = 0

  /// A row of `competences.csv`.
  public init(
    teacher: TeacherID, discipline: DisciplineID, kinds: Set<CompetenceKind>, preference: Int = 0,
    taughtBefore: Bool = false, survey: Double? = nil
  ) {
    self.teacher = teacher
    self.discipline = discipline
    self.kinds = kinds
    self.preference = preference
    self.taughtBefore = taughtBefore
    self.survey = survey
  }

  /// Teacher and discipline.
  public var id: Key { Key(teacher, discipline) }
}

/// A programme: `programmes.csv`.
public struct Programme: Identifiable, Hashable, Sendable {
  /// Names the programme.
  public var id: ProgrammeID
  /// What people call it.
  public var name: String
  /// The level of education.
  public var level: Level
  /// The form of study.
  public var form: StudyForm
  /// Credits of the whole programme.
  public var totalCredits: Int?

  /// A row of `programmes.csv`.
  public init(
    id: ProgrammeID, name: String, level: Level, form: StudyForm, totalCredits: Int? = nil
  ) {
    self.id = id
    self.name = name
    self.level = level
    self.form = form
    self.totalCredits = totalCredits
  }
}

/// A discipline: `disciplines.csv`.
public struct Discipline: Identifiable, Hashable, Sendable {
  /// Names the discipline.
  public var id: DisciplineID
  /// What people call it where no language is asked for.
  public var name: String
  /// The department that teaches it.
  public var department: DepartmentID
  /// Academic credits.
  public var credits: Double
  /// Hours in the term by kind of class; 0 where there are none.
  public var hours: [TeachingKind: Int]
  /// Hours of independent work with the teacher (SROP), where given.
  public var srop: Int?
  /// Hours of independent work (SRO), where given.
  public var sro: Int?
  /// The cycle it belongs to, where given.
  public var cycle: Cycle?
  /// The component it belongs to, where given.
  public var component: Component?
  /// Disciplines that must be passed before.
  public var prerequisites: [DisciplineID] = []
  /// The final control, where given.
  public var control: Control?
  /// The most hours in one meeting, where given; see ``Institution/block(of:_:)``.
  public var blocks: [TeachingKind: Int] = [:]
  /// Kinds of room, where given in place of the policy's.
  public var roomKinds: [TeachingKind: [String]] = [:]
  /// Features that a room must all have.
  public var features: [TeachingKind: Set<String>] = [:]
  /// Cap of a practice group in place of the policy's.
  public var groupCap: Int?
  /// Cap of a laboratory subgroup in place of the policy's.
  public var subgroupCap: Int?
  /// Where its classes are held.
  public var delivery = Delivery.room
  /// Names in the languages, where given.
  public var names: [Language: String] = [:]
  /// The line of the file, 0 where there is none.
  public var line = 0

  /// A row of `disciplines.csv` with its required columns; the rest are set afterwards.
  public init(
    id: DisciplineID, name: String, department: DepartmentID, credits: Double,
    hours: [TeachingKind: Int]
  ) {
    self.id = id
    self.name = name
    self.department = department
    self.credits = credits
    self.hours = hours
  }

  /// The name in a language, else the name.
  public func name(in language: Language) -> String { names[language] ?? name }
  /// Hours in the term of a kind of class.
  public func hours(_ kind: TeachingKind) -> Int { hours[kind] ?? 0 }
  /// The kinds that have hours, in the order lecture, practice, lab.
  public var kinds: [TeachingKind] { TeachingKind.allCases.filter { hours($0) > 0 } }
}

/// A row of the working curriculum: `curriculum.csv`.
public struct CurriculumRow: Hashable, Sendable {
  /// The programme.
  public var programme: ProgrammeID
  /// The year in which its students entered.
  public var entryYear: Int
  /// Term number, from 1.
  public var term: Int
  /// What is studied in that term.
  public var discipline: DisciplineID
  /// Rows of one programme, entry year and term with the same label are alternatives.
  public var choice: String?
  /// The line of the file, 0 where there is none.
  public var line = 0

  /// A row of `curriculum.csv`.
  public init(
    programme: ProgrammeID, entryYear: Int, term: Int, discipline: DisciplineID,
    choice: String? = nil
  ) {
    self.programme = programme
    self.entryYear = entryYear
    self.term = term
    self.discipline = discipline
    self.choice = choice
  }
}

/// An academic group: `groups.csv`.
public struct Group: Identifiable, Hashable, Sendable {
  /// Names the group.
  public var id: GroupID
  /// What its students study.
  public var programme: ProgrammeID
  /// The year in which they entered.
  public var entryYear: Int
  /// The term number that the group is in now, from 1.
  public var term: Int
  /// The language in which they study.
  public var language: Language
  /// Their advisor, where there is one.
  public var advisor: TeacherID?

  /// A row of `groups.csv`.
  public init(
    id: GroupID, programme: ProgrammeID, entryYear: Int, term: Int, language: Language,
    advisor: TeacherID? = nil
  ) {
    self.id = id
    self.programme = programme
    self.entryYear = entryYear
    self.term = term
    self.language = language
    self.advisor = advisor
  }
}

/// A student: `students.csv`.
public struct Student: Identifiable, Hashable, Sendable {
  /// Names the student.
  public var id: StudentID
  /// The academic group.
  public var group: GroupID
  /// The name in full; empty where not given.
  public var name: String

  /// A row of `students.csv`.
  public init(id: StudentID, group: GroupID, name: String = "") {
    self.id = id
    self.group = group
    self.name = name
  }
}

/// A student in a discipline: `enrolments.csv`.
public struct Enrolment: Identifiable, Hashable, Sendable {
  /// Student and discipline.
  public struct Key: Hashable, Sendable {
    /// The student.
    public var student: StudentID
    /// The discipline.
    public var discipline: DisciplineID

    /// The pair.
    public init(_ student: StudentID, _ discipline: DisciplineID) {
      self.student = student
      self.discipline = discipline
    }
  }

  /// Who is enrolled.
  public var student: StudentID
  /// What the student takes.
  public var discipline: DisciplineID
  /// The language; the reader fills in the group's where the cell is empty.
  public var language: Language
  /// The lecturer that the student chose.
  public var lectureTeacher: TeacherID?
  /// The teacher of practice that the student chose.
  public var practiceTeacher: TeacherID?
  /// For the first time, again, or on academic mobility.
  public var status: EnrolmentStatus
  /// The line of the file, 0 where there is none.
  public var line = 0

  /// A row of `enrolments.csv`.
  public init(
    student: StudentID, discipline: DisciplineID, language: Language,
    lectureTeacher: TeacherID? = nil, practiceTeacher: TeacherID? = nil,
    status: EnrolmentStatus = .first
  ) {
    self.student = student
    self.discipline = discipline
    self.language = language
    self.lectureTeacher = lectureTeacher
    self.practiceTeacher = practiceTeacher
    self.status = status
  }

  /// Student and discipline.
  public var id: Key { Key(student, discipline) }

  /// The teacher that the student chose for a kind of class.
  public func chosenTeacher(_ kind: TeachingKind) -> TeacherID? {
    switch kind {
    case .lecture: lectureTeacher
    case .practice: practiceTeacher
    case .lab: nil
    }
  }
}

/// Whose time `availability.csv` speaks of.
public enum AvailabilitySubject: Hashable, Sendable {
  case teacher(TeacherID)
  case room(RoomID)
  case group(GroupID)
}

/// A forbidden or discouraged time: `availability.csv`.
public struct Availability: Hashable, Sendable {
  /// Whose time it is.
  public var subject: AvailabilitySubject
  /// The day; nil for each day of the grid.
  public var day: Weekday?
  /// The first slot, from 1; may lie beyond the slots of the regime in use.
  public var from: Int
  /// The last slot.
  public var to: Int
  /// Forbidden or discouraged.
  public var level: AvailabilityLevel
  /// The weeks that it holds for.
  public var weeks: WeekPattern
  /// The line of the file, 0 where there is none.
  public var line = 0

  /// A row of `availability.csv`.
  public init(
    subject: AvailabilitySubject, day: Weekday?, from: Int, to: Int, level: AvailabilityLevel,
    weeks: WeekPattern
  ) {
    self.subject = subject
    self.day = day
    self.from = from
    self.to = to
    self.level = level
    self.weeks = weeks
  }
}

/// Teaching work besides classes: `norms.csv`.
public struct Norm: Hashable, Sendable {
  /// The word for the work, such as `exam`.
  public var work: String
  /// What the hours are counted by.
  public var unit: NormUnit
  /// Hours a unit.
  public var hours: Double
  /// Only disciplines with this control.
  public var control: Control?
  /// Only this discipline.
  public var discipline: DisciplineID?

  /// A row of `norms.csv`.
  public init(
    work: String, unit: NormUnit, hours: Double, control: Control? = nil,
    discipline: DisciplineID? = nil
  ) {
    self.work = work
    self.unit = unit
    self.hours = hours
    self.control = control
    self.discipline = discipline
  }
}

/// A decided teacher, time or room: `pins.csv`.
public struct Pin: Hashable, Sendable {
  /// The discipline of the section.
  public var discipline: DisciplineID
  /// The kind of class of the section.
  public var kind: TeachingKind
  /// The group that the section holds most students of; nil for every section.
  public var group: GroupID?
  /// Who must hold it.
  public var teacher: TeacherID?
  /// The weeks that it must be held in.
  public var weeks: WeekPattern?
  /// The day that it must be held on.
  public var day: Weekday?
  /// Start slot, from 1.
  public var slot: Int?
  /// Where it must be held.
  public var room: RoomID?
  /// The line of the file, 0 where there is none.
  public var line = 0

  /// A row of `pins.csv`.
  public init(
    discipline: DisciplineID, kind: TeachingKind, group: GroupID? = nil, teacher: TeacherID? = nil,
    weeks: WeekPattern? = nil, day: Weekday? = nil, slot: Int? = nil, room: RoomID? = nil
  ) {
    self.discipline = discipline
    self.kind = kind
    self.group = group
    self.teacher = teacher
    self.weeks = weeks
    self.day = day
    self.slot = slot
    self.room = room
  }
}

/// An entry of the attendance journal: `attendance.csv`.
public struct AttendanceEntry: Hashable, Sendable {
  /// Presence as the journal has it.
  public enum Status: String, CaseIterable, Sendable {
    case present, excused, unexcused
  }

  /// Where an absence was seen.
  public enum Reason: String, CaseIterable, Sendable {
    case journal, log
    case noVideo = "no_video"
    case etiquette
  }

  /// The day of the class.
  public var date: CalendarDate
  /// A section of the plan; not checked by the reader.
  public var section: SectionID
  /// Whose presence it is.
  public var student: StudentID
  /// Present, or absent with or without excuse.
  public var status: Status
  /// The slot, from 1, where given.
  public var slot: Int?
  /// Academic hours, where given.
  public var hours: Int?
  /// Where the absence was seen.
  public var reason: Reason?
  /// The line of the file.
  public var line = 0

  /// A row of `attendance.csv`.
  public init(
    date: CalendarDate, section: SectionID, student: StudentID, status: Status, slot: Int? = nil,
    hours: Int? = nil, reason: Reason? = nil
  ) {
    self.date = date
    self.section = section
    self.student = student
    self.status = status
    self.slot = slot
    self.hours = hours
    self.reason = reason
  }
}

/// What became of a class on a date, other than the plan says: `held.csv`.
public struct HeldRecord: Hashable, Sendable {
  /// What became of it.
  public enum Status: String, CaseIterable, Sendable {
    /// It was held, perhaps in another room or by somebody else.
    case held
    /// It was not held.
    case cancelled
    /// It was held, or is to be held, at another time.
    case moved
  }

  /// The date by the plan.
  public var date: CalendarDate
  /// A section of the plan; not checked by the reader.
  public var section: SectionID
  /// What became of it.
  public var status: Status
  /// The start slot by the plan, where the section meets more than once on the date.
  public var slot: Int?
  /// The date of a moved class.
  public var newDate: CalendarDate?
  /// The start slot of a moved class; nil for that of the plan.
  public var newSlot: Int?
  /// Another room than that of the plan.
  public var room: RoomID?
  /// Somebody else than the load says.
  public var teacher: TeacherID?
  /// The line of the file, 0 where there is none.
  public var line = 0

  /// A row of `held.csv`.
  public init(
    date: CalendarDate, section: SectionID, status: Status, slot: Int? = nil,
    newDate: CalendarDate? = nil, newSlot: Int? = nil, room: RoomID? = nil,
    teacher: TeacherID? = nil
  ) {
    self.date = date
    self.section = section
    self.status = status
    self.slot = slot
    self.newDate = newDate
    self.newSlot = newSlot
    self.room = room
    self.teacher = teacher
  }
}

/// A final mark: `grades.csv`.
public struct Grade: Hashable, Sendable {
  /// Whose mark it is.
  public var student: StudentID
  /// What it is for.
  public var discipline: DisciplineID
  /// The term number in which it was given.
  public var term: Int
  /// 0–100.
  public var points: Double
  /// Credits of the discipline then, where given.
  public var credits: Double?
  /// The line of the file.
  public var line = 0

  /// A row of `grades.csv`.
  public init(
    student: StudentID, discipline: DisciplineID, term: Int, points: Double, credits: Double? = nil
  ) {
    self.student = student
    self.discipline = discipline
    self.term = term
    self.points = points
    self.credits = credits
  }
}

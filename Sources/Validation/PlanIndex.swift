// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// A discipline's kind of class with what the institution says of it.
struct KindFacts {
  let hours: Int
  /// The most hours in one meeting.
  let block: Int
  /// The most students of a section; nil without a limit.
  let cap: Int?
  /// The most students that a section should have; nil for lectures.
  let normSize: Int?
  let roomKinds: [String]
  let features: Set<String>
  let isOnline: Bool
}

/// A section of the plan with its references as positions.
struct SectionFacts {
  let row: Section
  let discipline: Int
  let kind: TeachingKind
  /// The students, each once.
  let students: [Int]
  /// The position of the parent; nil where none is named or where there is none of that name.
  var parent: Int?
  /// The groups of the students, students enrolled as retake aside, in order.
  let groups: [Int]
  /// Who holds it.
  var teachers: [Int] = []
  /// All meetings.
  var meetings: [Int] = []
  /// The meetings that lie inside the grid.
  var timed: [Int] = []
}

/// A task of the plan with its references as positions.
struct TaskFacts {
  let row: LoadTask
  let section: Int
  /// The discipline that the row names.
  let discipline: Int
}

/// A row of the assignments with its references as positions.
struct ShareFacts {
  let task: Int
  /// Nil where vacant.
  let teacher: Int?
  let hours: Hours
}

/// A meeting of the plan with its references as positions and its time as bits.
struct MeetingFacts {
  let row: Meeting
  let section: Int
  /// Position in the grid's days; nil for a day without classes.
  let day: Int?
  /// The slots as bits; 0 outside the grid.
  let slots: UInt64
  /// What is wrong with its time (M2); empty when it lies inside the grid.
  let misfits: [Wording]
  /// The room, where it is held in one.
  let room: Int?
  /// The building of that room.
  let building: Int?
  /// Minutes since midnight at which it starts and ends; 0 outside the grid.
  let start: Int
  let end: Int
  /// The place of its id among all ids of meetings.
  var rank = 0

  var isInGrid: Bool { misfits.isEmpty }
  var weeks: UInt64 { row.weeks.bits }
  var isOnline: Bool { row.mode == .online }
  func holds(week: Int) -> Bool { row.weeks.holds(week: week) }
  /// Hours in the whole term.
  var termHours: Int { row.length * row.weeks.count }

  /// Whether two meetings share a week, a day and a slot.
  func overlaps(_ other: MeetingFacts) -> Bool {
    day == other.day && weeks & other.weeks != 0 && slots & other.slots != 0
  }
}

/// When and where a meeting is, in plain numbers for the loops over all weeks of all people.
struct MeetingTiming {
  /// Position in the grid's days; −1 for a day without classes.
  let day: Int
  let weeks: UInt64
  /// The slots as bits; 0 outside the grid.
  let slots: UInt64
  /// Start slot, then the place of its id: the order within a day.
  let order: Int
  /// Start slot as the row has it.
  let slot: Int
  /// −1 without a room.
  let building: Int
  /// Minutes since midnight; 0 outside the grid.
  let start: Int
  let end: Int

  init(_ meeting: MeetingFacts) {
    day = meeting.day ?? -1
    weeks = meeting.weeks
    slots = meeting.slots
    slot = meeting.row.slot
    // Only meetings inside the grid are put in order, whose slots are small.
    order = meeting.isInGrid ? meeting.row.slot << 32 | meeting.rank : 0
    building = meeting.building ?? -1
    start = meeting.start
    end = meeting.end
  }

  func holds(week: Int) -> Bool { weeks >> UInt64(week) & 1 == 1 }
}

/// A reference of the plan that leads nowhere.
struct Stray {
  let stage: Stage
  let rule: RuleCode
  let wording: Wording
}

/// The plan and its institution with every identifier turned into a position, once.
///
/// Positions are those of the institution's tables and of the plan's rows. Rows that refer to
/// nothing are left out and kept as ``strays``; a reader refuses them, a program may still make
/// them.
struct PlanIndex {
  let institution: Institution
  var plan: Plan
  let grid: TimeGrid
  /// By position of the discipline; lecture, practice, lab.
  let kinds: [[TeachingKind: KindFacts]]
  /// By student: discipline and position of each enrolment, in the order of the file.
  private let enrolments: [[(discipline: Int, at: Int)]]
  /// By enrolment.
  private let retakes: [Bool]
  /// The language of each enrolment.
  let languages: [Language]
  /// The group of each student.
  let groupOfStudent: [Int]
  private(set) var sections: [SectionFacts] = []
  private(set) var sectionAt: [SectionID: Int] = [:]
  private(set) var repeated: [(section: SectionID, student: StudentID)] = []
  private(set) var tasks: [TaskFacts] = []
  private(set) var shares: [ShareFacts] = []
  private(set) var meetings: [MeetingFacts] = []
  /// Of each meeting.
  private(set) var timing: [MeetingTiming] = []
  private(set) var strays: [Stray] = []

  init(_ institution: Institution, _ plan: Plan) {
    self.institution = institution
    self.plan = plan
    grid = TimeGrid(institution)
    kinds = institution.disciplines.map { Self.kinds(of: $0, institution) }
    var enrolments = Array(
      repeating: [(discipline: Int, at: Int)](), count: institution.students.count)
    for (at, row) in institution.enrolments.enumerated() {
      if let student = institution.students.position(of: row.student),
        let discipline = institution.disciplines.position(of: row.discipline)
      {
        enrolments[student].append((discipline, at))
      }
    }
    self.enrolments = enrolments
    retakes = institution.enrolments.map { $0.status == .retake }
    languages = institution.enrolments.map(\.language)
    groupOfStudent = institution.students.map { institution.groups.position(of: $0.group) ?? -1 }
    indexSections()
    indexLoad()
    indexMeetings()
  }

  private static func kinds(
    of discipline: Discipline, _ institution: Institution
  ) -> [TeachingKind: KindFacts] {
    Dictionary(
      uniqueKeysWithValues: TeachingKind.allCases.map { kind in
        let facts = KindFacts(
          hours: discipline.hours(kind),
          block: institution.block(of: discipline, kind),
          cap: institution.cap(of: discipline, kind),
          normSize: institution.normSize(of: discipline, kind),
          roomKinds: institution.roomKinds(of: discipline, kind),
          features: discipline.features[kind] ?? [],
          isOnline: discipline.delivery.isOnline(kind))
        return (kind, facts)
      })
  }

  // MARK: - Sections

  private mutating func indexSections() {
    for row in plan.sections {
      guard let discipline = institution.disciplines.position(of: row.discipline) else {
        lose(.sections, .s1) {
          $0.says(
            "\(row.id) секциясы: \(row.discipline) пәні жоқ",
            "секция \(row.id): нет дисциплины \(row.discipline)",
            "section \(row.id): there is no discipline \(row.discipline)")
        }
        continue
      }
      var students: [Int] = []
      var seen: Set<Int> = []
      for id in row.students {
        guard let student = institution.students.position(of: id) else {
          lose(.sections, .s1) {
            $0.says(
              "\(row.id) секциясы: \(id) студенті жоқ",
              "секция \(row.id): нет студента \(id)",
              "section \(row.id): there is no student \(id)")
          }
          continue
        }
        if seen.insert(student).inserted {
          students.append(student)
        } else {
          repeated.append((row.id, id))
        }
      }
      sectionAt[row.id] = sections.count
      sections.append(
        SectionFacts(
          row: row, discipline: discipline, kind: row.kind, students: students,
          groups: groups(of: students, discipline)))
    }
    for at in sections.indices {
      sections[at].parent = sections[at].row.parent.flatMap { sectionAt[$0] }
    }
  }

  // MARK: - Load

  private mutating func indexLoad() {
    var taskAt: [TaskID: Int] = [:]
    for row in plan.tasks {
      guard let section = sectionAt[row.section],
        let discipline = institution.disciplines.position(of: row.discipline)
      else {
        lose(.load, .l1) {
          $0.says(
            "\(row.id) жұмысы: \(row.discipline) пәнінің \(row.section) секциясы жоқ",
            "работа \(row.id): нет секции \(row.section) дисциплины \(row.discipline)",
            "task \(row.id): no section \(row.section) of \(row.discipline)")
        }
        continue
      }
      taskAt[row.id] = tasks.count
      tasks.append(TaskFacts(row: row, section: section, discipline: discipline))
    }
    for row in plan.assignments {
      guard let task = taskAt[row.task] else {
        lose(.load, .l2) {
          $0.says(
            "жоқ \(row.task) жұмысының сағаттары бөлінген",
            "распределены часы работы \(row.task), которой нет",
            "hours are assigned of a task \(row.task) that there is not")
        }
        continue
      }
      let teacher = row.teacher.flatMap { institution.teachers.position(of: $0) }
      if let id = row.teacher, teacher == nil {
        lose(.load, .l3) {
          $0.says(
            "\(row.task) жұмысы: \(id) оқытушысы жоқ",
            "работа \(row.task): нет преподавателя \(id)",
            "task \(row.task): there is no teacher \(id)")
        }
        continue
      }
      shares.append(ShareFacts(task: task, teacher: teacher, hours: row.hours))
      let section = tasks[task].section
      if let teacher, tasks[task].row.work.teachingKind != nil,
        !sections[section].teachers.contains(teacher)
      {
        sections[section].teachers.append(teacher)
      }
    }
  }

  // MARK: - Meetings

  private mutating func indexMeetings() {
    let buildings = institution.rooms.map { institution.buildings.position(of: $0.building) }
    for row in plan.meetings {
      guard let section = sectionAt[row.section] else {
        lose(.timetable, .m1) {
          $0.says(
            "\(row.id) сабағы: \(row.section) секциясы жоқ",
            "занятие \(row.id): нет секции \(row.section)",
            "meeting \(row.id): there is no section \(row.section)")
        }
        continue
      }
      let misfits = self.misfits(of: row)
      let room =
        row.mode == .online ? nil : row.room.flatMap { institution.rooms.position(of: $0) }
      let last = row.slot + row.length - 1
      let number = meetings.count
      meetings.append(
        MeetingFacts(
          row: row, section: section, day: grid.position(of: row.day),
          slots: misfits.isEmpty ? grid.mask(from: row.slot, to: last) : 0, misfits: misfits,
          room: room, building: room.flatMap { buildings[$0] },
          start: misfits.isEmpty ? grid.regime.start(ofSlot: row.slot) : 0,
          end: misfits.isEmpty ? grid.regime.end(ofSlot: last) : 0))
      sections[section].meetings.append(number)
      if misfits.isEmpty { sections[section].timed.append(number) }
    }
    let byID = meetings.indices.sorted { meetings[$0].row.id < meetings[$1].row.id }
    for (rank, number) in byID.enumerated() { meetings[number].rank = rank }
    timing = meetings.map(MeetingTiming.init)
  }

  /// Why a meeting does not lie inside the grid; empty when it does (M2, exact reading 12).
  private func misfits(of row: Meeting) -> [Wording] {
    var result: [Wording] = []
    if row.weeks.weeks != grid.weeks {
      result.append(
        Wording(
          "апталарында \(row.weeks.weeks) таңба, семестрде \(grid.weeks) апта",
          "в неделях \(row.weeks.weeks) знаков, в семестре недель \(grid.weeks)",
          "its weeks have \(row.weeks.weeks) characters, the term has \(grid.weeks)"))
    } else if row.weeks.count == 0 {
      result.append(
        Wording(
          "бірде-бір аптада өтпейді",
          "не проводится ни в одну неделю",
          "it is held in no week"))
    }
    if grid.position(of: row.day) == nil {
      result.append(
        Wording {
          let day = row.day.word(in: $0)
          return $0.says(
            "\(day) оқу күні емес", "\(day) – не учебный день", "\(day) is no day of the grid")
        })
    }
    let (last, overflow) = row.slot.addingReportingOverflow(row.length)
    if row.length < 1 || row.slot < 1 || overflow || last - 1 > grid.slots {
      result.append(
        Wording(
          "\(row.slot)-сағат, ұзақтығы \(row.length), 1–\(grid.slots) сағаттарынан шығады",
          "час \(row.slot), длина \(row.length): выходит за часы 1–\(grid.slots)",
          "slot \(row.slot) length \(row.length) leaves slots 1 to \(grid.slots)"))
    }
    return result
  }

  // MARK: - Lookups

  private mutating func lose(_ stage: Stage, _ rule: RuleCode, _ say: (Language) -> String) {
    strays.append(Stray(stage: stage, rule: rule, wording: Wording(say)))
  }

  /// The facts of a section's kind of class.
  func facts(of section: SectionFacts) -> KindFacts {
    facts(section.discipline, section.kind)
  }

  /// The facts of a discipline's kind of class.
  func facts(_ discipline: Int, _ kind: TeachingKind) -> KindFacts {
    guard let facts = kinds[discipline][kind] else {
      preconditionFailure("every kind of class has its facts")
    }
    return facts
  }

  /// The position of a student's enrolment in a discipline; of several the last.
  func enrolment(_ student: Int, _ discipline: Int) -> Int? {
    let own = enrolments[student]
    var number = own.count
    while number > 0 {
      number -= 1
      if own[number].discipline == discipline { return own[number].at }
    }
    return nil
  }

  /// Whether a student retakes a discipline.
  func isRetake(_ student: Int, _ discipline: Int) -> Bool {
    enrolment(student, discipline).map { retakes[$0] } ?? false
  }

  /// The groups of some students of a discipline, students enrolled as retake aside.
  private func groups(of students: [Int], _ discipline: Int) -> [Int] {
    var result: [Int] = []
    for student in students where !isRetake(student, discipline) {
      let group = groupOfStudent[student]
      // Those of one group mostly stand together.
      if result.last != group { result.append(group) }
    }
    return result.count > 1 ? Set(result).sorted() : result
  }

  func disciplineID(of section: SectionFacts) -> DisciplineID {
    institution.disciplines[section.discipline].id
  }
}

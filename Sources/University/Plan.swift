// SPDX-License-Identifier: GPL-3.0-or-later

/// A set of students taught together: a stream (lecture), group (practice) or subgroup (lab).
public struct Section: Identifiable, Hashable, Sendable {
  /// Names the section; stable between runs.
  public var id: SectionID
  /// What is taught.
  public var discipline: DisciplineID
  /// Lecture, practice or lab.
  public var kind: TeachingKind
  /// The language of teaching.
  public var language: Language
  /// The stream of a practice or lab section, where the discipline has lectures.
  public var parent: SectionID?
  /// Hours of the term, as the file says; the true ones are the discipline's.
  public var hours: Int
  /// Students, as the file says; the true number is that of ``students``.
  public var size: Int
  /// The students in the order of the file; a row that is repeated stands here twice.
  public var students: [StudentID]

  /// A section of the given students.
  public init(
    id: SectionID, discipline: DisciplineID, kind: TeachingKind, language: Language,
    parent: SectionID? = nil, hours: Int, students: [StudentID], size: Int? = nil
  ) {
    self.id = id
    self.discipline = discipline
    self.kind = kind
    self.language = language
    self.parent = parent
    self.hours = hours
    self.students = students
    self.size = size ?? students.count
  }
}

/// A piece of work that somebody is to do: `load.csv`.
public struct LoadTask: Identifiable, Hashable, Sendable {
  /// Names the task; stable between runs.
  public var id: TaskID
  /// The discipline's department.
  public var department: DepartmentID
  /// The discipline that the work belongs to.
  public var discipline: DisciplineID
  /// A class, or a work of `norms.csv`.
  public var work: Work
  /// The section that the work is done for.
  public var section: SectionID
  /// Hours of the whole term.
  public var hours: Hours

  /// A row of `load.csv`.
  public init(
    id: TaskID, department: DepartmentID, discipline: DisciplineID, work: Work, section: SectionID,
    hours: Hours
  ) {
    self.id = id
    self.department = department
    self.discipline = discipline
    self.work = work
    self.section = section
    self.hours = hours
  }
}

/// Who does a task, or a part of it: `assignments.csv`.
public struct Assignment: Hashable, Sendable {
  /// The task.
  public var task: TaskID
  /// Nil where the task is vacant.
  public var teacher: TeacherID?
  /// Hours of the term that this row covers.
  public var hours: Hours
  /// Whether somebody decided this row: `keste load --keep` holds it.
  public var isLocked: Bool

  /// A row of `assignments.csv`.
  public init(task: TaskID, teacher: TeacherID?, hours: Hours, isLocked: Bool = false) {
    self.isLocked = isLocked
    self.task = task
    self.teacher = teacher
    self.hours = hours
  }
}

/// What names a line: a task and who does it.
private struct AssignmentLine: Hashable {
  var task: TaskID
  var teacher: TeacherID?
}

extension [Assignment] {
  /// One row a task and teacher, with the hours of all of theirs: a mark may part a line in two.
  ///
  /// - Returns: The rows in their order, without marks.
  public var joined: [Assignment] {
    var at: [AssignmentLine: Int] = [:]
    var result: [Assignment] = []
    for row in self {
      let line = AssignmentLine(task: row.task, teacher: row.teacher)
      if let known = at[line] {
        result[known].hours += row.hours
      } else {
        at[line] = result.count
        result.append(Assignment(task: row.task, teacher: row.teacher, hours: row.hours))
      }
    }
    return result
  }
}

/// A time and place in the week: `meetings.csv`.
public struct Meeting: Identifiable, Hashable, Sendable {
  /// Names the meeting; stable between runs.
  public var id: MeetingID
  /// The section that meets.
  public var section: SectionID
  /// The weeks in which it is held.
  public var weeks: WeekPattern
  /// The day of the week.
  public var day: Weekday
  /// Start slot, from 1.
  public var slot: Int
  /// Academic hours.
  public var length: Int
  /// Nil when online, or when none was found.
  public var room: RoomID?
  /// In a room or online.
  public var mode: MeetingMode

  /// A row of `meetings.csv`.
  public init(
    id: MeetingID, section: SectionID, weeks: WeekPattern, day: Weekday, slot: Int, length: Int,
    room: RoomID?, mode: MeetingMode
  ) {
    self.id = id
    self.section = section
    self.weeks = weeks
    self.day = day
    self.slot = slot
    self.length = length
    self.room = room
    self.mode = mode
  }
}

/// How a stage ended.
public enum StageStatus: String, CaseIterable, Sendable {
  /// The objective equals its proved bound.
  case optimal
  /// A result, without proof that it is the best.
  case feasible
  /// It is proved that nothing keeps all rules.
  case infeasible
  /// It ended before anything was found that keeps all rules, and nothing is proved.
  case stopped
}

/// What `plan.json` says of one stage.
public struct StageRecord: Hashable, Sendable {
  /// How the stage ended.
  public var status: StageStatus
  /// Nil where the stage has no result.
  public var objective: Double?
  /// Nil where none was proved.
  public var bound: Double?
  /// Value before its weight, by name.
  public var criteria: [String: Double]
  /// Wall-clock seconds that it took.
  public var seconds: Double
  /// What the bound is made of, by `relaxation/criterion`; the amounts add up to the bound. Empty
  /// where it has no parts.
  public var boundParts: [String: Double] = [:]

  /// What a stage came to.
  public init(
    status: StageStatus, objective: Double?, bound: Double?, criteria: [String: Double],
    seconds: Double
  ) {
    self.status = status
    self.objective = objective
    self.bound = bound
    self.criteria = criteria
    self.seconds = seconds
  }

  /// (objective − bound) ÷ max(1, |objective|), of the objective; nil where no bound was proved.
  public var gap: Double? {
    guard let objective, let bound else { return nil }
    return max(0, objective - bound) / max(1, abs(objective))
  }
}

/// `plan.json`.
public struct PlanRecord: Hashable, Sendable {
  /// Version of the file format: 1.
  public var format = 1
  /// Version of the program that made it.
  public var keste: String
  /// The instance's name.
  public var instance: String
  /// SHA-256 of the instance's files; see FORMATS.md, exact reading 14.
  public var instanceSHA256: String
  /// Seed of the random numbers.
  public var seed: UInt64
  /// Name of the regime.
  public var regime: String
  /// How often the timetable was changed since it was first given out: `SEQUENCE` of the events of its
  /// calendars.
  public var revision = 0
  /// The formation of sections; nil where it was not run.
  public var sections: StageRecord?
  /// The load distribution; nil where it was not run.
  public var load: StageRecord?
  /// The timetable; nil where it was not run.
  public var timetable: StageRecord?

  /// A record without stages.
  public init(
    keste: String, instance: String, instanceSHA256: String, seed: UInt64, regime: String
  ) {
    self.keste = keste
    self.instance = instance
    self.instanceSHA256 = instanceSHA256
    self.seed = seed
    self.regime = regime
  }
}

/// The plan folder as a value: each stage's table, empty where the stage was not run.
public struct Plan: Sendable {
  /// What `plan.json` says.
  public var record: PlanRecord
  /// `sections.csv` with `section_students.csv`.
  public var sections = Table<Section>()
  /// `load.csv`.
  public var tasks = Table<LoadTask>()
  /// `assignments.csv`.
  public var assignments: [Assignment] = []
  /// `meetings.csv`.
  public var meetings: [Meeting] = []
  /// Whether `load.csv` and `assignments.csv` are there.
  public var hasLoad = false
  /// Whether `meetings.csv` is there.
  public var hasTimetable = false

  /// A plan without stages.
  public init(record: PlanRecord) {
    self.record = record
  }

  /// Who holds each section: the teachers of its class tasks, each once, in the order of the rows.
  public var teachersBySection: [SectionID: [TeacherID]] {
    var result: [SectionID: [TeacherID]] = [:]
    for row in assignments {
      guard let teacher = row.teacher, let task = tasks[row.task], task.work.teachingKind != nil
      else { continue }
      if result[task.section]?.contains(teacher) != true {
        result[task.section, default: []].append(teacher)
      }
    }
    return result
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// An earlier distribution that a new one has to respect.
public struct EarlierLoad: Sendable {
  /// Its lines.
  public var lines: [EarlierLine]
  /// Departments whose lines nobody may touch: those that had the department when they were
  /// approved, whatever department their discipline has now.
  public var approved: Set<DepartmentID>
  /// Whether locked lines are held and the others changed as little as possible; else only the
  /// approved departments count.
  public var isKept: Bool
  /// The input on which the approved loads rested when they were approved.
  public var input: [ApprovedFact]
  /// The file of the lines, as messages name it.
  public var file: String

  /// Lines, with what is to be held of them.
  public init(
    lines: [EarlierLine], approved: Set<DepartmentID>, isKept: Bool, input: [ApprovedFact] = [],
    file: String = "assignments.csv"
  ) {
    self.file = file
    self.lines = lines
    self.approved = approved
    self.isKept = isKept
    self.input = input
  }

  /// Whether a line is one of an approved load.
  func isApproved(_ line: EarlierLine) -> Bool {
    line.known.map { approved.contains($0.department) } ?? false
  }

  /// Every change of the input on which an approved load rests, whether or not a line breaks a rule
  /// by it.
  public func changedInput(
    _ institution: Institution, sections: University.Table<Section>
  ) -> [LoadConflict] {
    let before = input.filter { approved.contains($0.department) }
    if before.isEmpty { return [] }
    var holders: [DisciplineID: Set<TeacherID>] = [:]
    for line in lines {
      if let discipline = line.known?.discipline, let teacher = line.teacher {
        holders[discipline, default: []].insert(teacher)
      }
    }
    let after = ApprovedInput.facts(
      institution, sections: sections, holders: holders,
      departments: Set(before.map(\.department)), remembered: before)
    return ApprovedInput.differences(before, after).map { difference in
      LoadConflict(
        kind: .inputChanged, department: difference.department, isApproved: true, task: nil,
        teacher: nil,
        description:
          "department \(difference.department) is approved, but \(difference.words): what of "
          + "its lines can stay stays until the approval is withdrawn")
    }
  }

  /// Teachers of approved departments who have other hours now, by work of other departments.
  func changedTotals(_ institution: Institution, _ rows: [Assignment]) -> [String] {
    var before: [TeacherID: Hours] = [:]
    for line in lines {
      if let teacher = line.teacher { before[teacher, default: .zero] += line.hours }
    }
    var after: [TeacherID: Hours] = [:]
    for row in rows {
      if let teacher = row.teacher { after[teacher, default: .zero] += row.hours }
    }
    return institution.teachers.compactMap { teacher in
      let (old, new) = (before[teacher.id] ?? .zero, after[teacher.id] ?? .zero)
      guard approved.contains(teacher.department), old != new else { return nil }
      return "teacher \(teacher.id) of the approved department \(teacher.department) had \(old) "
        + "hours and has \(new) by work of other departments"
    }
  }
}

/// Input that no longer agrees with a decided line.
public struct LoadConflict: Sendable, Hashable, CustomStringConvertible {
  /// What changed.
  public enum Kind: String, Sendable, CaseIterable {
    case taskGone = "task_gone"
    case taskNew = "task_new"
    case hoursChanged = "hours_changed"
    case teacherGone = "teacher_gone"
    case notFit = "not_fit"
    case aboveCeiling = "above_ceiling"
    case boundElsewhere = "bound_elsewhere"
    /// Two locked lines that cannot both hold.
    case locksContradict = "locks_contradict"
    /// Locked lines that give an exam to who teaches its students (L5).
    case examinerLocked = "examiner_locked"
    case inputChanged = "input_changed"
    case sectionsBroken = "sections_broken"
  }

  /// What changed.
  public var kind: Kind
  /// The department of the task.
  public var department: DepartmentID?
  /// Whether the department's load is approved, so that the line stays as it is.
  public var isApproved: Bool
  /// The task; nil where the conflict is about more than one.
  public var task: TaskID?
  /// The teacher of the line; nil where the line is vacant or new.
  public var teacher: TeacherID?
  /// What was decided, what is there now, and what becomes of it.
  public var description: String
  /// The line of `assignments.csv` with the lock; nil where no single line is meant.
  public var fileLine: Int?

  /// A conflict with all its parts.
  public init(
    kind: Kind, department: DepartmentID?, isApproved: Bool, task: TaskID?, teacher: TeacherID?,
    description: String, fileLine: Int? = nil
  ) {
    self.fileLine = fileLine
    self.kind = kind
    self.department = department
    self.isApproved = isApproved
    self.task = task
    self.teacher = teacher
    self.description = description
  }
}

/// What an earlier load decides of the tasks of a new one.
struct DecidedLines: Sendable {
  /// Lines held: teacher and hundredths of an hour, in the order of the earlier load.
  var held: [TaskID: [(teacher: TeacherID, hours: Int)]] = [:]
  /// Lines held although a rule forbids them: they are no part of the problem.
  var outside: [Assignment] = []
  /// Tasks of which nothing more is given to anybody.
  var closed: Set<TaskID> = []
  /// Who held a class task before.
  var previous: [TaskID: TeacherID] = [:]
  /// Hundredths of an hour that a lock keeps vacant.
  var vacant: [TaskID: Int] = [:]
  /// The locks that are held.
  var locks: [TaskID: [Lock]] = [:]
  var conflicts: [LoadConflict] = []
  private var file = ""
  private var meetings: ExaminerMeetings?
  /// Whom a pin or a choice names for a section.
  private var named: [SectionID: TeacherID] = [:]

  /// A locked line that is held.
  struct Lock: Sendable {
    /// Nil where it keeps hours vacant.
    var teacher: TeacherID?
    /// Hundredths of an hour.
    var hours: Int
    /// The file with the mark.
    var file: String
    /// The line with the mark.
    var line: Int?

    /// Both of them.
    var place: String { line.map { "\(file):\($0)" } ?? file }
  }

  init() {}

  /// Reads the lines against the present input.
  ///
  /// With `holdsAll` lines that are neither locked nor approved are held too, where they can be.
  init(
    _ institution: Institution, sections: University.Table<Section>, tasks: Table<LoadTask>,
    earlier: EarlierLoad, holdsAll: Bool
  ) {
    file = earlier.file
    meetings = ExaminerMeetings(institution, sections: sections, tasks: tasks)
    for binding in Bindings(institution, sections: sections).bindings {
      named[binding.section] = binding.teacher
    }
    var lines: [TaskID: [EarlierLine]] = [:]
    var order: [TaskID] = []
    for line in earlier.lines {
      if lines[line.task] == nil { order.append(line.task) }
      lines[line.task, default: []].append(line)
    }
    var used: [TeacherID: Int] = [:]
    for id in order where tasks[id] == nil {
      for line in lines[id] ?? [] {
        let isApproved = earlier.isApproved(line)
        guard isApproved || (earlier.isKept && line.isLocked) else { continue }
        note(
          .taskGone, line, line.known?.department, isApproved,
          "is no longer there: \(line.hours) hours of \(name(line)) fall away")
      }
    }
    // Approved lines first, then locked ones: where a ceiling cannot hold all, the weakest yield.
    for rank in 0..<3 {
      for task in tasks {
        let own = lines[task.id] ?? []
        if rank == 0 {
          let isHeld = own.contains(where: earlier.isApproved)
          let isNew = !isHeld && earlier.approved.contains(task.department) && task.hours > .zero
          if isHeld || isNew { closed.insert(task.id) }
          if isNew {
            let former = own.lazy.compactMap(\.known).first {
              $0.department != task.department
            }?.department
            conflicts.append(
              LoadConflict(
                kind: .taskNew, department: task.department, isApproved: true, task: task.id,
                teacher: nil,
                description: "department \(task.department) is approved, but task \(task.id) "
                  + "(\(task.hours) hours) is new\(former.map { ", of department \($0) before" } ?? "")"
                  + ": it stays vacant until the approval is withdrawn"))
          }
        }
        for line in own {
          let isApproved = earlier.isApproved(line)
          let isLocked = earlier.isKept && line.isLocked
          let mine = isApproved ? 0 : isLocked ? 1 : 2
          guard mine == rank, isApproved || !closed.contains(task.id) else { continue }
          if rank == 2 && !earlier.isKept { continue }
          hold(institution, task, line, rank: rank, holdsAll: holdsAll, &used)
        }
      }
    }
  }

  private func name(_ line: EarlierLine) -> String { line.teacher?.text ?? "nobody" }

  /// Notes a conflict; one about a lock says where the mark is, what stands there and what would be
  /// right.
  private mutating func note(
    _ kind: LoadConflict.Kind, _ line: EarlierLine, _ department: DepartmentID?,
    _ isApproved: Bool, _ text: String, column: String = "teacher", value: String? = nil,
    remedy: String? = nil
  ) {
    let problem = "task \(line.task), \(isApproved ? "approved" : "locked"): \(text)"
    let description =
      isApproved
      ? problem
      : Diagnostic(
        kind == .examinerLocked ? .impossible : .warning, code: "load.lock", file: file,
        line: line.fileLine, column: column,
        value: value ?? line.teacher?.text ?? "", problem: problem, suggestion: remedy
      ).description
    conflicts.append(
      LoadConflict(
        kind: kind, department: department, isApproved: isApproved, task: line.task,
        teacher: line.teacher, description: description,
        fileLine: isApproved ? nil : line.fileLine))
  }

  /// Words for a mark to be taken off.
  static func takeOff(_ line: Int?, or other: Int? = nil) -> String {
    guard let line else { return "take the mark off" }
    return "take the mark off line \(line)" + (other.map { ", or off line \($0)" } ?? "")
  }

  /// A lock that meets another of its class task, or finds nothing of the task's hours left.
  private mutating func contradict(_ task: LoadTask, _ line: EarlierLine) {
    let other = locks[task.id]?.first
    let place = other?.line.map { "line \($0)" } ?? "another line"
    let text: String
    if other?.teacher == line.teacher, task.work.teachingKind != nil {
      text = "\(place) says the same of the task already; one line is enough"
    } else if task.work.teachingKind != nil {
      text =
        "\(place) is locked for \(other?.teacher?.text ?? "nobody"), which holds; a class task "
        + "goes to one teacher"
    } else {
      text =
        "the locked lines before it hold all \(task.hours) hours of the task already; nothing is "
        + "left for \(name(line))"
    }
    note(
      .locksContradict, line, task.department, false, text,
      remedy: Self.takeOff(line.fileLine, or: other?.line))
  }

  /// Whether somebody holds an exam and a class that meet (L5); a lock is told of.
  private mutating func meetsExaminer(
    _ task: LoadTask, _ line: EarlierLine, _ teacher: TeacherID, isLocked: Bool
  ) -> Bool {
    guard let meetings else { return false }
    let isExam = task.work.teachingKind == nil
    for other in meetings.others(of: task.id)
    where (held[other] ?? []).contains(where: { $0.teacher == teacher }) {
      guard isLocked else { return true }
      let lock = locks[other]?.first { $0.teacher == teacher }
      let place = lock.map { "in \($0.place) " } ?? ""
      // The exam is the easier to give away.
      let remedy =
        isExam
        ? Self.takeOff(line.fileLine, or: lock?.line)
        : Self.takeOff(lock?.line, or: line.fileLine)
      note(
        .examinerLocked, line, task.department, false,
        isExam
          ? "\(teacher) would examine students whom \(teacher) teaches in task \(other), locked "
            + "\(place)too (L5); as long as both locks stand the plan is not valid"
          : "\(teacher) would teach students whom \(teacher) examines in task \(other), locked "
            + "\(place)too (L5); as long as both locks stand the plan is not valid",
        remedy: remedy)
      return true
    }
    return false
  }

  private mutating func hold(
    _ institution: Institution, _ task: LoadTask, _ line: EarlierLine, rank: Int, holdsAll: Bool,
    _ used: inout [TeacherID: Int]
  ) {
    let isApproved = rank == 0
    func report(_ kind: LoadConflict.Kind, _ text: String, remedy: String? = nil) {
      let department = isApproved ? line.known?.department : nil
      if rank < 2 {
        note(kind, line, department ?? task.department, isApproved, text, remedy: remedy)
      }
    }
    let isClass = task.work.teachingKind != nil
    var hours = line.hours.hundredths
    let isChanged = line.known.map { $0.hours != task.hours } ?? false
    let taken =
      (held[task.id] ?? []).reduce(0) { $0 + $1.hours } + (vacant[task.id] ?? 0)
      + outside.reduce(0) { $0 + ($1.task == task.id ? $1.hours.hundredths : 0) }
    let left = max(0, task.hours.hundredths - taken)
    if let known = line.known, isChanged {
      var text = "had \(known.hours) hours and now has \(task.hours)"
      if line.teacher.map({ institution.teachers[$0] != nil }) ?? false {
        let own = isClass ? task.hours.hundredths : min(hours, left)
        text += "; \(name(line)) has \(Hours(hundredths: own)) of them"
        if !isClass, known.hours < task.hours {
          text += ", and what is more " + (isApproved ? "stays vacant" : "is given to anybody")
        }
      }
      report(.hoursChanged, text)
    }
    if rank == 1, task.hours > .zero, isClass ? taken > 0 : left <= 0 {
      contradict(task, line)
      return
    }
    let wanted = hours
    hours = isClass ? task.hours.hundredths : min(hours, left)
    // Hours that differ are told once the line is known to hold.
    func tellHours() {
      guard rank == 1, hours != wanted, !isChanged else { return }
      let all = Hours(hundredths: hours)
      note(
        .hoursChanged, line, task.department, false,
        isClass
          ? "a class task is held whole: \(name(line)) has all \(all) hours"
          : "only \(all) hours of the task's \(task.hours) are left for \(name(line)) besides the "
            + "locked lines before it",
        column: "hours", value: line.hours.description, remedy: "write \(all)")
    }
    func lock(_ teacher: TeacherID?) {
      guard rank == 1 else { return }
      locks[task.id, default: []].append(
        Lock(teacher: teacher, hours: hours, file: file, line: line.fileLine))
    }
    guard let id = line.teacher else {
      // A locked vacancy is a post to be filled: nobody gets it.
      guard rank == 1, hours > 0 else { return }
      tellHours()
      lock(nil)
      vacant[task.id, default: 0] += hours
      return
    }
    guard hours > 0, !isClass || taken == 0 else { return }
    guard let teacher = institution.teachers[id] else {
      report(
        .teacherGone,
        "\(id) is no longer there; "
          + (isApproved ? "nobody else may have it" : "it is given anew"),
        remedy: isApproved ? nil : "name somebody of teachers.csv, or nobody")
      return
    }
    if let unfit = institution.unfitness(of: teacher, for: task.work, in: task.discipline) {
      let why =
        switch unfit {
        case .notCompetent:
          "is \(isApproved ? "no longer" : "not") competent for \(task.discipline) \(task.work.text)"
        case .mayNotLecture: isApproved ? "may no longer lecture" : "may not lecture"
        case .surveyTooLow: "is rated below min_lecture_survey"
        }
      report(
        .notFit, "\(id) \(why); " + (isApproved ? "the line stays as it is" : "it is given anew"),
        remedy: isApproved ? nil : "name somebody who is, or bring back what made \(id) fit")
      if isApproved {
        outside.append(
          Assignment(task: task.id, teacher: id, hours: Hours(hundredths: hours)))
        used[id, default: 0] += hours
      }
      return
    }
    let ceiling = Int((min(institution.ceiling(of: teacher), 1e6) * 100 + 1e-6).rounded(.down))
    let sum = (used[id] ?? 0) + hours
    if sum > ceiling {
      report(
        .aboveCeiling,
        "with it \(id) has \(Hours(hundredths: sum)) hours, above the most "
          + "\(Hours(hundredths: ceiling)); "
          + (isApproved ? "the line stays as it is" : "it is given anew"),
        remedy: isApproved ? nil : "take the mark off one of the lines of \(id)")
      if isApproved {
        outside.append(
          Assignment(task: task.id, teacher: id, hours: Hours(hundredths: hours)))
        used[id] = sum
        return
      }
      if isClass && rank == 2 { previous[task.id] = id }
      return
    }
    // Nothing of a class task is both held and to be given.
    if rank == 2 && isClass { previous[task.id] = id }
    guard rank < 2 || holdsAll || !isClass else { return }
    // Against a rule only approved lines and locks are held.
    if meetsExaminer(task, line, id, isLocked: rank == 1), rank == 2 { return }
    if rank == 2, isClass, let wanted = named[task.section], wanted != id { return }
    tellHours()
    lock(id)
    used[id] = sum
    held[task.id, default: []].append((id, hours))
  }
}

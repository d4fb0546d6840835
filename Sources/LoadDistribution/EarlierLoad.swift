// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// An earlier distribution that a new one has to respect.
public struct EarlierLoad: Sendable {
  /// Its lines.
  public var lines: [EarlierLine]
  /// Departments whose lines nobody may touch.
  public var approved: Set<DepartmentID>
  /// Whether locked lines are held and the others changed as little as possible; else only the
  /// approved departments count.
  public var isKept: Bool
  /// The input on which the approved loads rested when they were approved.
  public var input: [ApprovedFact]

  /// Lines, with what is to be held of them.
  public init(
    lines: [EarlierLine], approved: Set<DepartmentID>, isKept: Bool, input: [ApprovedFact] = []
  ) {
    self.lines = lines
    self.approved = approved
    self.isKept = isKept
    self.input = input
  }

  /// Every change of the input on which an approved load rests, whether or not a line breaks a rule
  /// by it.
  func changedInput(
    _ institution: Institution, sections: University.Table<Section>
  ) -> [LoadConflict] {
    let before = input.filter { approved.contains($0.department) }
    guard !before.isEmpty else { return [] }
    var holders: [DisciplineID: Set<TeacherID>] = [:]
    for line in lines {
      if let discipline = line.known?.discipline, let teacher = line.teacher {
        holders[discipline, default: []].insert(teacher)
      }
    }
    let after = ApprovedInput.facts(
      institution, sections: sections, holders: holders,
      departments: Set(before.map(\.department)))
    return ApprovedInput.differences(before, after).map { difference in
      LoadConflict(
        kind: .inputChanged, department: difference.department, isApproved: true, task: nil,
        teacher: nil,
        description:
          "department \(difference.department) is approved, but \(difference.words): its "
          + "lines stay as they are until the approval is withdrawn")
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

  /// A conflict with all its parts.
  public init(
    kind: Kind, department: DepartmentID?, isApproved: Bool, task: TaskID?, teacher: TeacherID?,
    description: String
  ) {
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
  var conflicts: [LoadConflict] = []

  init() {}

  /// Reads the lines against the present input.
  ///
  /// With `holdsAll` lines that are neither locked nor approved are held too, where they can be.
  init(
    _ institution: Institution, tasks: Table<LoadTask>, earlier: EarlierLoad, holdsAll: Bool
  ) {
    var lines: [TaskID: [EarlierLine]] = [:]
    var order: [TaskID] = []
    for line in earlier.lines {
      if lines[line.task] == nil { order.append(line.task) }
      lines[line.task, default: []].append(line)
    }
    var used: [TeacherID: Int] = [:]
    for id in order where tasks[id] == nil {
      for line in lines[id] ?? [] {
        let isApproved = line.known.map { earlier.approved.contains($0.department) } ?? false
        guard isApproved || (earlier.isKept && line.isLocked) else { continue }
        note(
          .taskGone, line, line.known?.department, isApproved,
          "is no longer there: \(line.hours) hours of \(name(line)) fall away")
      }
    }
    // Approved lines first, then locked ones: where a ceiling cannot hold all, the weakest yield.
    for rank in 0..<3 {
      for task in tasks {
        let isApproved = earlier.approved.contains(task.department)
        guard let own = lines[task.id] else {
          if isApproved && rank == 0 && task.hours > .zero {
            closed.insert(task.id)
            conflicts.append(
              LoadConflict(
                kind: .taskNew, department: task.department, isApproved: true, task: task.id,
                teacher: nil,
                description: "department \(task.department) is approved, but task \(task.id) "
                  + "(\(task.hours) hours) is new: it stays vacant until the approval is withdrawn")
            )
          }
          continue
        }
        if isApproved && rank == 0 { closed.insert(task.id) }
        for line in own {
          let isLocked = earlier.isKept && line.isLocked
          let mine = isApproved ? 0 : isLocked ? 1 : 2
          guard mine == rank else { continue }
          if rank == 2 && !earlier.isKept { continue }
          hold(institution, task, line, rank: rank, holdsAll: holdsAll, &used)
        }
      }
    }
  }

  private func name(_ line: EarlierLine) -> String { line.teacher?.text ?? "nobody" }

  private mutating func note(
    _ kind: LoadConflict.Kind, _ line: EarlierLine, _ department: DepartmentID?,
    _ isApproved: Bool, _ text: String
  ) {
    let state = isApproved ? "approved" : "locked"
    conflicts.append(
      LoadConflict(
        kind: kind, department: department, isApproved: isApproved, task: line.task,
        teacher: line.teacher, description: "task \(line.task), \(state): \(text)"))
  }

  private mutating func hold(
    _ institution: Institution, _ task: LoadTask, _ line: EarlierLine, rank: Int, holdsAll: Bool,
    _ used: inout [TeacherID: Int]
  ) {
    let isApproved = rank == 0
    func report(_ kind: LoadConflict.Kind, _ text: String) {
      if rank < 2 { note(kind, line, task.department, isApproved, text) }
    }
    let isClass = task.work.teachingKind != nil
    var hours = line.hours.hundredths
    if let known = line.known, known.hours != task.hours {
      report(
        .hoursChanged,
        "had \(known.hours) hours and now has \(task.hours); \(name(line)) keeps it")
    }
    let taken = (held[task.id] ?? []).reduce(0) { $0 + $1.hours }
    hours = isClass ? task.hours.hundredths : min(hours, task.hours.hundredths - taken)
    guard let id = line.teacher else { return }
    guard hours > 0, !isClass || taken == 0 else { return }
    guard let teacher = institution.teachers[id] else {
      report(
        .teacherGone,
        "\(id) is no longer there; " + (isApproved ? "nobody else may have it" : "it is given anew")
      )
      return
    }
    if let unfit = institution.unfitness(of: teacher, for: task.work, in: task.discipline) {
      let why =
        switch unfit {
        case .notCompetent: "is no longer competent for \(task.discipline) \(task.work.text)"
        case .mayNotLecture: "may no longer lecture"
        case .surveyTooLow: "is rated below min_lecture_survey"
        }
      report(
        .notFit, "\(id) \(why); " + (isApproved ? "the line stays as it is" : "it is given anew"))
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
          + (isApproved ? "the line stays as it is" : "it is given anew"))
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
    used[id] = sum
    held[task.id, default: []].append((id, hours))
  }
}

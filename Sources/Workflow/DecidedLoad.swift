// SPDX-License-Identifier: GPL-3.0-or-later
public import Formats
internal import Foundation
internal import LoadDistribution
public import University

/// What is decided of the load before a run: by department from the plan folder, else from the plan
/// in force.
struct DecidedLoad {
  /// States, inputs and lines of both folders together.
  var decisions = PlanDecisions()
  /// What the solve has to respect; nil for nothing.
  var earlier: EarlierLoad?
  /// The sections that approved loads rest on; nil where nothing is approved.
  var sections: University.Table<Section>?
  /// What in the load of the plan folder is not as it was approved.
  private(set) var notices: [Wording] = []
  /// The lines of approved departments.
  private var approvedLines: [EarlierLine] = []
  /// The load and the sections of proposed departments, to see whether the run changes them.
  private var proposed: [DepartmentID: DepartmentLoad] = [:]

  /// One of the two folders.
  private struct Source {
    var decisions = PlanDecisions()
    var lines: [EarlierLine] = []
    var path: String

    /// The lines of an approved department as they were approved; those of the load where they were
    /// not written down.
    func lines(of department: DepartmentID) -> [EarlierLine] {
      let approved = decisions.lines.filter { $0.known?.department == department }
      return approved.isEmpty ? lines.filter { $0.known?.department == department } : approved
    }
  }

  /// Nothing is decided.
  init() {}

  /// Reads what is decided.
  ///
  /// - Parameters:
  ///   - goal: What is to be made.
  ///   - plan: The plan folder.
  ///   - instance: The instance folder, whose `published/` is the plan in force.
  ///   - keepsLoad: Whether lines that are not approved are held too.
  ///   - institution: The institution.
  /// - Throws: ``InputRejected`` where a file cannot be read.
  init(
    _ goal: Pipeline.Goal, plan: String, instance: String, keepsLoad: Bool,
    _ institution: Institution
  ) throws {
    var own = Source(
      decisions: try PlanDecisions.read(plan, institution: institution), path: plan)
    var inForce = Source(path: "\(instance)/published")
    var isPlan = false
    switch goal {
    case .plan, .sections, .load:
      if case .plan = goal { isPlan = true }
      if institution.decidedAssignments == nil {
        inForce.decisions = try PlanDecisions.read(inForce.path, institution: institution)
      }
    case .timetable: break
    }
    decisions = own.decisions
    let adopted = decisions.adopt(inForce.decisions)
    let approved = decisions.approvals.approved

    // A load that nothing hangs on need not be readable.
    let isNeeded = keepsLoad || !approved.subtracting(adopted).isEmpty
    own.lines =
      isNeeded
      ? try PlanFolder.earlierLoad(plan) : (try? PlanFolder.earlierLoad(plan)) ?? []
    // A plan folder without a load has none to keep: that in force is.
    let keepsInForce = isPlan || (keepsLoad && own.lines.isEmpty)
    if institution.decidedAssignments == nil, keepsInForce || !adopted.isEmpty {
      inForce.lines = try PlanFolder.earlierLoad(inForce.path)
    }
    if case .load = goal, keepsInForce, !inForce.lines.isEmpty {
      notices.append(Self.kept(inForce.path))
    }
    let taken = adopted.filter { decisions.approvals.state(of: $0) != .draft }.sorted()
    if case .load = goal, !taken.isEmpty { notices.append(Self.taken(taken, from: inForce.path)) }
    func source(_ department: DepartmentID) -> Source {
      adopted.contains(department) ? inForce : own
    }
    let approvedLines = institution.departments.filter { approved.contains($0.id) }.flatMap {
      source($0.id).lines(of: $0.id)
    }
    self.approvedLines = approvedLines
    for department in institution.departments.map(\.id)
    where approved.contains(department) && !adopted.contains(department) && !own.lines.isEmpty {
      let tasks = DepartmentLoad(department, approvedLines, Table()).tasksThatDiffer(
        from: DepartmentLoad(department, own.lines, Table(), isAny: true))
      if tasks > 0 { notices.append(Self.strayed(department, tasks)) }
    }
    let isKept = keepsLoad || (isPlan && !inForce.lines.isEmpty)
    let approvedTasks = Set(approvedLines.map(\.task))
    let others = (keepsInForce ? inForce.lines : own.lines).filter { line in
      !approvedTasks.contains(line.task)
        && !(line.known.map { approved.contains($0.department) } ?? false)
    }
    let isRespected: Bool
    switch goal {
    case .plan: isRespected = !approved.isEmpty || isKept
    // Marks of locked lines stay on the lines that come out as they were.
    case .load: isRespected = !approved.isEmpty || isKept || others.contains(where: \.isLocked)
    case .sections, .timetable: isRespected = !approved.isEmpty
    }
    if isRespected {
      earlier = EarlierLoad(
        lines: Self.marked(approvedLines, own.lines) + others, approved: approved, isKept: isKept,
        input: decisions.input,
        file: PlanFolder.shown(keepsInForce ? inForce.path : plan) + "assignments.csv")
    }
    if !approved.isEmpty {
      sections = try Self.sections(
        from: [own, inForce].map { folder in
          let disciplines = approved.filter { source($0).path == folder.path }.flatMap {
            folder.lines(of: $0).compactMap { $0.known?.discipline }
          }
          return (folder.path, Set(disciplines))
        }, institution)
    }
    for (department, row) in decisions.approvals.current where row.state == .proposed {
      let from = source(department)
      proposed[department] = DepartmentLoad(
        department, from.lines, (try? PlanFolder.earlierSections(from.path)) ?? Table())
    }
  }

  private static func kept(_ path: String) -> Wording {
    Wording(
      "жоспар бумасында жүктеме жоқ: күшіндегісі (\(path)) сақталады",
      "в папке плана нет нагрузки: сохраняется действующая (\(path))",
      "the plan folder has no load: the one in force (\(path)) is kept")
  }

  private static func taken(_ departments: [DepartmentID], from path: String) -> Wording {
    let names = departments.map(\.text).joined(separator: ", ")
    return Wording(
      "\(path) бумасындағы кафедралардың күйі мен бекітілген жолдары алынды: \(names)",
      "из \(path) взяты состояния и утверждённые строки кафедр: \(names)",
      "states and approved lines of departments taken over from \(path): \(names)")
  }

  private static func strayed(_ department: DepartmentID, _ tasks: Int) -> Wording {
    Wording(
      "\(department) кафедрасы бекітілген, бірақ assignments.csv файлында \(tasks) жұмыс "
        + "бекітілгендей емес: keste load бекітілген жолдарды (approved_lines.csv) мүмкін жерде "
        + "сақтайды",
      "кафедра \(department) утверждена, но в assignments.csv работ не так, как утверждено: "
        + "\(tasks); keste load держит утверждённые строки (approved_lines.csv), где может",
      "department \(department) is approved, but in assignments.csv \(tasks) of its tasks are not as "
        + "approved: keste load holds the approved lines (approved_lines.csv) where it can")
  }

  /// Approved lines with the marks that the same lines have in `assignments.csv`.
  private static func marked(_ approved: [EarlierLine], _ lines: [EarlierLine]) -> [EarlierLine] {
    struct Key: Hashable {
      var task: TaskID
      var teacher: TeacherID?

      init(_ line: EarlierLine) { (task, teacher) = (line.task, line.teacher) }
    }
    let marks = Dictionary(grouping: lines.filter(\.isLocked), by: Key.init)
    let parts = Dictionary(grouping: approved, by: Key.init).mapValues(\.count)
    return approved.map { line in
      let own = marks[Key(line)] ?? []
      // Of a line in two parts the mark is on one.
      guard
        let mark = own.first(where: { $0.hours == line.hours })
          ?? (parts[Key(line)] == 1 ? own.first : nil)
      else { return line }
      var line = line
      line.isLocked = true
      line.fileLine = mark.fileLine
      return line
    }
  }

  /// Sections of some disciplines, without disciplines and students that are gone.
  private static func sections(
    from folders: [(path: String, disciplines: Set<DisciplineID>)], _ institution: Institution
  ) throws -> University.Table<Section> {
    var found: [Section] = []
    for folder in folders where !folder.disciplines.isEmpty {
      for section in try PlanFolder.earlierSections(folder.path)
      where folder.disciplines.contains(section.discipline)
        && institution.disciplines[section.discipline] != nil
      {
        var held = section
        held.students.removeAll { institution.students[$0] == nil }
        if held.students.count != section.students.count { held.size = held.students.count }
        if !held.students.isEmpty || section.students.isEmpty { found.append(held) }
      }
    }
    return Table(found)
  }

  /// Sets proposed departments whose load the run has changed back to draft.
  ///
  /// - Parameters:
  ///   - plan: What the run has made.
  ///   - current: The decisions of the plan folder as they are now.
  ///   - command: What made the plan, such as `keste load`.
  ///   - date: The day.
  ///   - institution: The institution.
  /// - Returns: The decisions of the new plan, with what is to be said of them.
  func settled(
    _ plan: Plan, current: PlanDecisions, by command: String, on date: CalendarDate,
    _ institution: Institution
  ) -> (decisions: PlanDecisions, notices: [Wording]) {
    var result = current
    result.adopt(decisions)
    result.complete(with: approvedLines)
    var notices = notices
    let fresh = PlanLines(plan)
    for department in institution.departments {
      guard result.approvals.state(of: department.id) == .proposed,
        let before = proposed[department.id]
      else { continue }
      let change = before.change(
        to: DepartmentLoad(department.id, fresh.lines, plan.sections))
      guard let what = change else { continue }
      let told = what.wording(command)
      result.withdraw(
        department.id, by: command, date: date, reason: told[institution.language])
      notices.append(what.notice(department.id, command, wasApproved: false))
    }
    return (result, notices)
  }
}

/// The lines of a plan as lines of an earlier load.
struct PlanLines {
  let lines: [EarlierLine]

  init(_ plan: Plan) {
    lines = plan.assignments.map {
      EarlierLine(
        task: $0.task, known: plan.tasks[$0.task], teacher: $0.teacher, hours: $0.hours,
        isLocked: $0.isLocked)
    }
  }
}

/// What somebody decides about in a department's load: who does what, and for which students.
struct DepartmentLoad {
  /// Hours of each task by teacher; nil is nobody.
  private var lines: [TaskID: [TeacherID?: Hours]] = [:]
  private var sections: [SectionID: Set<StudentID>] = [:]

  /// With `isAny` the lines of all departments: a discipline may have gone to another one.
  init(
    _ department: DepartmentID, _ all: [EarlierLine], _ sections: University.Table<Section>,
    isAny: Bool = false
  ) {
    var disciplines = Set<DisciplineID>()
    for line in all where isAny || line.known?.department == department {
      lines[line.task, default: [:]][line.teacher, default: .zero] += line.hours
      if let discipline = line.known?.discipline { disciplines.insert(discipline) }
    }
    for section in sections where disciplines.contains(section.discipline) {
      self.sections[section.id] = Set(section.students)
    }
  }

  /// How many of the tasks are not as in another load.
  func tasksThatDiffer(from other: DepartmentLoad) -> Int {
    lines.count { other.lines[$0.key] != $0.value }
  }

  /// How many tasks and sections differ; nil where none does.
  func change(to new: DepartmentLoad) -> DepartmentChange? {
    func count<Key, Value: Equatable>(_ old: [Key: Value], _ new: [Key: Value]) -> Int {
      Set(old.keys).union(new.keys).count { old[$0] != new[$0] }
    }
    let change = DepartmentChange(
      tasks: count(lines, new.lines), sections: count(sections, new.sections))
    return change.tasks + change.sections > 0 ? change : nil
  }
}

/// How many tasks of a department are done by others or with other hours, and how many of its
/// sections have other students.
struct DepartmentChange {
  var tasks: Int
  var sections: Int

  /// What a command did.
  func wording(_ command: String) -> Wording {
    Wording(
      "\(command): өзгерген жұмыстар: \(tasks), секциялар: \(sections)",
      "\(command): изменено работ: \(tasks), секций: \(sections)",
      "\(command) changed tasks: \(tasks), sections: \(sections)")
  }

  /// What is to be said of it.
  func notice(_ department: DepartmentID, _ command: String, wasApproved: Bool) -> Wording {
    Wording { language in
      let was = language.says(
        wasApproved ? "бекітілген еді" : "бекітуге ұсынылған еді",
        wasApproved ? "была утверждена" : "была предложена к утверждению",
        wasApproved ? "was approved" : "was proposed")
      let done = wording(command)[language]
      return language.says(
        "\(department) кафедрасының жүктемесі \(was), бірақ \(done); енді ол қайтадан жоба (draft)",
        "нагрузка кафедры \(department) \(was), но \(done); теперь она снова черновик (draft)",
        "the load of department \(department) \(was), but \(done); it is a draft again")
    }
  }
}

extension PlanDecisions {
  /// The decisions of a plan that was made from another: departments whose load is no longer what
  /// was proposed or approved are set back to draft.
  ///
  /// - Parameters:
  ///   - old: The plan that they are of.
  ///   - new: The plan made from it.
  ///   - command: What made it, such as `keste repair`.
  ///   - date: The day.
  ///   - institution: The institution of the new plan.
  /// - Returns: The decisions of the new plan, with what is to be said of them.
  public func carried(
    from old: Plan, to new: Plan, by command: String, on date: CalendarDate = .today,
    _ institution: Institution
  ) -> (decisions: PlanDecisions, notices: [Wording]) {
    var result = within(institution)
    var notices: [Wording] = []
    let (before, after) = (PlanLines(old), PlanLines(new))
    for department in institution.departments {
      let state = result.approvals.state(of: department.id)
      guard state != .draft else { continue }
      let change = DepartmentLoad(department.id, before.lines, old.sections).change(
        to: DepartmentLoad(department.id, after.lines, new.sections))
      guard let what = change else { continue }
      result.withdraw(
        department.id, by: command, date: date, reason: what.wording(command)[institution.language])
      notices.append(what.notice(department.id, command, wasApproved: state == .approved))
    }
    return (result, notices)
  }
}

extension CalendarDate {
  /// The day by the clock, in Coordinated Universal Time.
  public static var today: CalendarDate {
    CalendarDate(dayNumber: Int((Date().timeIntervalSince1970 / 86_400).rounded(.down)))
  }
}

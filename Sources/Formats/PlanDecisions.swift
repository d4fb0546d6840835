// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// What is decided of the load of a plan folder, beside its tables: the states of the departments,
/// and of each approved one the lines as approved and the input on which they rest.
///
/// The approved lines have a table of their own, so that what a change of the input takes from a
/// plan is not forgotten: when the input is brought back, so are the lines.
public struct PlanDecisions: Sendable, Hashable {
  /// `approvals.csv`.
  public private(set) var approvals: PlanApprovals
  /// `approved_input.csv`.
  public private(set) var input: [ApprovedFact]
  /// `approved_lines.csv`; the department of what is known of a line is the one that approved it.
  public private(set) var lines: [EarlierLine]

  /// Nothing is decided, or what is given.
  public init(
    approvals: PlanApprovals = PlanApprovals(), input: [ApprovedFact] = [],
    lines: [EarlierLine] = []
  ) {
    self.approvals = approvals
    self.input = input
    self.lines = lines
  }

  static let names = ["approvals.csv", "approved_input.csv", "approved_lines.csv"]

  /// Departments of which a row says anything.
  public var departments: Set<DepartmentID> { Set(approvals.rows.map(\.department)) }

  /// Records a change of a department's state.
  ///
  /// - Parameters:
  ///   - row: The change.
  ///   - input: The input on which the load rests, where it is approved.
  ///   - lines: The department's lines, where they are approved.
  /// - Returns: Nil, or why the change may not be made.
  public mutating func record(
    _ row: Approval, input: [ApprovedFact] = [], lines: [EarlierLine] = []
  ) -> Wording? {
    if let refusal = approvals.append(row) { return refusal }
    self.input.removeAll { $0.department == row.department }
    self.lines.removeAll { $0.known?.department == row.department }
    if row.state == .approved {
      self.input += input
      self.lines += lines
    }
    return nil
  }

  /// Sets a department back to draft where it is proposed or approved; never dated before its last
  /// change.
  public mutating func withdraw(
    _ department: DepartmentID, by: String, date: CalendarDate, reason: String
  ) {
    let date = max(date, approvals.current[department]?.date ?? date)
    _ = record(
      Approval(department: department, state: .draft, by: by, date: date, reason: reason))
  }

  /// Writes down the lines of approved departments of which an earlier version of the program wrote
  /// down none.
  public mutating func complete(with lines: [EarlierLine]) {
    let known = Set(self.lines.compactMap(\.known?.department))
    let open = approvals.approved.subtracting(known)
    self.lines += lines.filter { $0.known.map { open.contains($0.department) } ?? false }.map {
      var line = $0
      line.isLocked = false
      line.fileLine = nil
      return line
    }
  }

  /// Takes over what another folder says of departments of which this one says nothing.
  ///
  /// - Returns: These departments.
  @discardableResult
  public mutating func adopt(_ other: PlanDecisions) -> Set<DepartmentID> {
    let taken = other.departments.subtracting(departments)
    if taken.isEmpty { return [] }
    approvals = PlanApprovals(
      approvals.rows + other.approvals.rows.filter { taken.contains($0.department) })
    input += other.input.filter { taken.contains($0.department) }
    lines += other.lines.filter { $0.known.map { taken.contains($0.department) } ?? false }
    return taken
  }

  /// Without departments that an institution does not have.
  public func within(_ institution: Institution) -> PlanDecisions {
    func has(_ department: DepartmentID) -> Bool { institution.departments[department] != nil }
    return PlanDecisions(
      approvals: PlanApprovals(approvals.rows.filter { has($0.department) }),
      input: input.filter { has($0.department) },
      lines: lines.filter { $0.known.map { has($0.department) } ?? false })
  }

  /// Reads what a plan folder holds; nothing where it holds none of the files.
  ///
  /// `approved_lines.csv` has the columns `department`, `task`, `discipline`, `work`, `section`,
  /// `task_hours`, `teacher`, `hours`; what it names may be gone from the instance.
  /// - Throws: ``InputRejected`` with everything found.
  public static func read(_ path: String, institution: Institution) throws -> PlanDecisions {
    let approvals = try PlanApprovals.read(path, institution: institution)
    return PlanDecisions(
      approvals: approvals,
      input: try PlanFolder.approvedInput(path, institution: institution),
      lines: try readLines(path, institution))
  }

  private static func readLines(
    _ path: String, _ institution: Institution
  ) throws -> [EarlierLine] {
    let findings = Findings()
    let reader = TableReader(
      TableLayout(
        "approved_lines", "department task discipline work section task_hours teacher hours", ""),
      folder: path, shown: PlanFolder.shown(path), isRequired: false, findings: findings)
    var departments = Known("department", file: "departments.csv")
    for row in institution.departments { _ = departments.insert(row.id.text, line: 0) }
    let (department, task) = (reader.column("department"), reader.column("task"))
    let (discipline, work) = (reader.column("discipline"), reader.column("work"))
    let (section, whole) = (reader.column("section"), reader.column("task_hours"))
    let (teacher, hours) = (reader.column("teacher"), reader.column("hours"))
    var lines: [EarlierLine] = []
    reader.forEachRow { row in
      let home = row.reference(department, departments, as: Department.self)
      let (id, what) = (row.identifier(task), row.identifier(discipline))
      let (how, place) = (row.identifier(work), row.identifier(section))
      let (all, part) = (row.decimal(whole, isRequired: true), row.decimal(hours, isRequired: true))
      guard let home, let id, let what, let how, let place, let all, let part else { return }
      let who = row.text(teacher)
      lines.append(
        EarlierLine(
          task: TaskID(id),
          known: LoadTask(
            id: TaskID(id), department: home, discipline: DisciplineID(what), work: Work(how),
            section: SectionID(place), hours: Hours(rounding: all)),
          teacher: who.isEmpty ? nil : TeacherID(who), hours: Hours(rounding: part),
          isLocked: false))
    }
    try findings.throwErrors()
    return lines
  }

  /// The files with their bytes; none for what is empty.
  var files: [(name: String, bytes: [UInt8])] {
    var result: [(name: String, bytes: [UInt8])] = []
    if !lines.isEmpty { result.append((Self.names[2], lineBytes)) }
    if !input.isEmpty { result.append((Self.names[1], PlanFolder.bytes(ofApprovedInput: input))) }
    if !approvals.rows.isEmpty { result.append((Self.names[0], approvals.bytes)) }
    return result
  }

  private var lineBytes: [UInt8] {
    CSVWriter.table(
      header: [
        "department", "task", "discipline", "work", "section", "task_hours", "teacher", "hours",
      ],
      rows: lines.lazy.map { line in
        [
          .text(line.known?.department.text), .text(line.task.text),
          .text(line.known?.discipline.text), .text(line.known?.work.text),
          .text(line.known?.section.text), .number(line.known?.hours.description ?? ""),
          .text(line.teacher?.text), .number(line.hours.description),
        ]
      })
  }

  /// Writes the files into a plan folder, each at one moment, the states last.
  ///
  /// - Throws: ``FileProblem``.
  public func write(to path: String) throws {
    let files = files
    for (name, bytes) in files { try AtomicFile.write(bytes, to: "\(path)/\(name)") }
    for name in Self.names where !files.contains(where: { $0.name == name }) {
      FolderSwap.remove("\(path)/\(name)")
    }
  }
}

extension PlanFolder {
  /// The sections that a plan folder holds, without looking anything up: students and disciplines
  /// that are gone since may stand in them.
  ///
  /// - Throws: ``InputRejected``.
  public static func earlierSections(_ path: String) throws -> Table<Section> {
    guard FolderFiles.kind(of: "\(path)/sections.csv") != .missing else { return Table() }
    let findings = Findings()
    func any(_ what: String) -> Known { Known(what, file: "", isBroken: true) }
    var tables = PlanTables(
      findings: findings, shown: PlanFolder.shown(path), weeks: nil,
      departments: any("department"), teachers: any("teacher"), rooms: any("room"),
      disciplines: any("discipline"), students: any("student"))
    let sections = tables.sections(in: path)
    try findings.throwErrors()
    return sections
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// How far a department's load is decided.
public enum ApprovalState: String, CaseIterable, Sendable, Hashable {
  /// Being worked on.
  case draft
  /// Put before those who approve.
  case proposed
  /// Approved: no later solve touches it.
  case approved

  /// The word for people.
  public func word(in language: Language) -> String {
    switch self {
    case .draft: language.says("жоба", "черновик", rawValue)
    case .proposed: language.says("ұсынылған", "предложена", rawValue)
    case .approved: language.says("бекітілген", "утверждена", rawValue)
    }
  }
}

/// A change of a department's state: a row of `approvals.csv`.
public struct Approval: Sendable, Hashable {
  /// The department.
  public var department: DepartmentID
  /// The state from then on.
  public var state: ApprovalState
  /// Who decided.
  public var by: String
  /// When.
  public var date: CalendarDate
  /// Number of the minutes; empty where not given.
  public var minutes: String
  /// Why, for a withdrawal.
  public var reason: String

  /// A row of `approvals.csv`.
  public init(
    department: DepartmentID, state: ApprovalState, by: String, date: CalendarDate,
    minutes: String = "", reason: String = ""
  ) {
    self.department = department
    self.state = state
    self.by = trimmed(by)
    self.date = date
    self.minutes = trimmed(minutes)
    self.reason = trimmed(reason)
  }
}

/// `approvals.csv` of a plan folder: every change of a department's state, the last one counts.
///
/// Columns: `department`, `state` (`draft` `proposed` `approved`), `by`, `date` (`YYYY-MM-DD`);
/// `minutes`, `reason`. Rows are only ever added.
public struct PlanApprovals: Sendable, Hashable {
  /// All rows in the order of the file.
  public private(set) var rows: [Approval]

  /// A list of rows.
  public init(_ rows: [Approval] = []) { self.rows = rows }

  /// The last row of each department.
  public var current: [DepartmentID: Approval] {
    Dictionary(rows.map { ($0.department, $0) }) { $1 }
  }

  /// The state of a department; draft where nothing was decided.
  public func state(of department: DepartmentID) -> ApprovalState {
    current[department]?.state ?? .draft
  }

  /// Departments whose load is approved.
  public var approved: Set<DepartmentID> {
    Set(current.values.filter { $0.state == .approved }.map(\.department))
  }

  /// Adds a row where the change is one that may be made: draft → proposed → approved, and back to
  /// draft with a reason.
  ///
  /// - Returns: Nil, or why the change may not be made.
  public mutating func append(_ row: Approval) -> Wording? {
    let now = state(of: row.department)
    if row.by.isEmpty {
      return Wording(
        "кім шешкені көрсетілуі керек", "надо назвать, кто решил", "who decided must be given")
    }
    switch (now, row.state) {
    case (.draft, .proposed): break
    case (.proposed, .approved):
      if row.minutes.isEmpty {
        return Wording(
          "бекіту үшін хаттама нөмірі керек", "для утверждения нужен номер протокола",
          "an approval needs the number of its minutes")
      }
    case (.proposed, .draft), (.approved, .draft):
      if row.reason.isEmpty {
        return Wording(
          "қайтару үшін себебі керек", "для отзыва нужна причина", "a withdrawal needs a reason")
      }
    default:
      return Wording { language in
        let next =
          switch now {
          case .draft: language.says("ұсынуға болады", "её можно предложить", "it can be proposed")
          case .proposed:
            language.says(
              "бекітуге не қайтаруға болады", "её можно утвердить или отозвать",
              "it can be approved or withdrawn")
          case .approved:
            language.says("қайтаруға болады", "утверждение можно отозвать", "it can be withdrawn")
          }
        let state = now.word(in: language)
        return language.says(
          "\(row.department) кафедрасы: \(state); \(next)",
          "кафедра \(row.department): \(state); \(next)",
          "department \(row.department) is \(state): \(next)")
      }
    }
    if let last = current[row.department]?.date, row.date < last {
      return Wording(
        "\(row.date) күні соңғы өзгерістен (\(last)) бұрын",
        "дата \(row.date) раньше последнего изменения, \(last)",
        "the date \(row.date) lies before that of the last change, \(last)")
    }
    rows.append(row)
    return nil
  }

  /// Reads `approvals.csv` of a plan folder; no rows where the file is missing.
  ///
  /// - Throws: ``InputRejected`` with everything found.
  public static func read(_ path: String, institution: Institution) throws -> PlanApprovals {
    let findings = Findings()
    let reader = TableReader(
      TableLayout("approvals", "department state by date", "minutes reason"), folder: path,
      shown: PlanFolder.shown(path), isRequired: false, findings: findings)
    var departments = Known("department", file: "departments.csv")
    for row in institution.departments { _ = departments.insert(row.id.text, line: 0) }
    let (department, state) = (reader.column("department"), reader.column("state"))
    let (by, date) = (reader.column("by"), reader.column("date"))
    let (minutes, reason) = (reader.column("minutes"), reader.column("reason"))
    var result = PlanApprovals()
    reader.forEachRow { row in
      let what = row.reference(department, departments, as: Department.self)
      let how = row.word(state, ApprovalState.self)
      let who = trimmed(row.text(by))
      if who.isEmpty { row.error("value.missing", by, "who decided must be given") }
      let day = CalendarDate(row.text(date))
      if day == nil {
        row.error(
          "date.malformed", date, "a date is needed", suggestion: "written as 2023-09-04")
      }
      guard let what, let how, let day, !who.isEmpty else { return }
      // A file that somebody has edited holds to what the command holds to.
      let refusal = result.append(
        Approval(
          department: what, state: how, by: who, date: day, minutes: row.text(minutes),
          reason: row.text(reason)))
      guard let refusal else { return }
      let column =
        how == .approved && trimmed(row.text(minutes)).isEmpty
        ? minutes : how == .draft && trimmed(row.text(reason)).isEmpty ? reason : state
      row.error("approval.change", column, refusal[.en])
    }
    try findings.throwErrors()
    return result
  }

  /// The bytes of `approvals.csv`.
  public var bytes: [UInt8] {
    CSVWriter.table(
      header: ["department", "state", "by", "date", "minutes", "reason"],
      rows: rows.lazy.map { row in
        [
          .text(row.department.text), .text(row.state.rawValue), .text(row.by),
          .text(row.date.description), .text(row.minutes), .text(row.reason),
        ]
      })
  }

  /// Writes `approvals.csv` into a plan folder at one moment.
  ///
  /// - Throws: ``FileProblem``.
  public func write(to path: String) throws {
    try AtomicFile.write(bytes, to: "\(path)/approvals.csv")
  }
}

extension PlanFolder {
  /// The load that a plan folder holds, without looking anything up: teachers, tasks and sections
  /// that are gone since may stand in it.
  ///
  /// - Returns: No lines where the folder has no load.
  /// - Throws: ``InputRejected``.
  public static func earlierLoad(_ path: String) throws -> [EarlierLine] {
    let findings = Findings()
    func missing(_ what: String) -> Known {
      var known = Known(what, file: "")
      known.isBroken = true
      return known
    }
    guard FolderFiles.kind(of: "\(path)/assignments.csv") != .missing,
      FolderFiles.kind(of: "\(path)/load.csv") != .missing
    else { return [] }
    // A broken list of names takes every name.
    var tables = PlanTables(
      findings: findings, shown: PlanFolder.shown(path), weeks: nil,
      departments: missing("department"),
      teachers: missing("teacher"), rooms: missing("room"), disciplines: missing("discipline"),
      students: missing("student"))
    tables.sections.isBroken = true
    let tasks = tables.tasks(in: path)
    tables.tasks.isBroken = true
    let rows = tables.assignmentLines(in: path)
    try findings.throwErrors()
    return rows.map { row, line in
      EarlierLine(
        task: row.task, known: tasks[row.task], teacher: row.teacher, hours: row.hours,
        isLocked: row.isLocked, fileLine: line)
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// The plan folder: `plan.json` with the tables of the stages, as FORMATS.md section 3 describes it.
public enum PlanFolder {
  /// Reads a plan folder; throws ``InputRejected`` with everything found when there is an error.
  ///
  /// Tables of later stages may be missing, each pair (`load.csv` with `assignments.csv`) as a
  /// whole. What breaks a rule but can be read is left to the validation.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - institution: What the plan's references are looked up in.
  ///   - hasLater: Whether the load and the timetable are read too.
  /// - Returns: The plan, empty where a stage was not run.
  /// - Throws: ``InputRejected``.
  public static func read(
    _ path: String, institution: Institution, hasLater: Bool = true
  ) throws -> Plan {
    try recover(path)
    guard FolderFiles.kind(of: path) == .folder else {
      throw InputRejected([
        Diagnostic(
          .error, code: "folder.missing", file: path, problem: "there is no such plan folder")
      ])
    }
    let findings = Findings()
    let record = record(in: path, findings)
    var tables = PlanTables(
      findings: findings, shown: shown(path), weeks: institution.term.weeks,
      departments: known("department", "departments.csv", institution.departments.map(\.id.text)),
      teachers: known("teacher", "teachers.csv", institution.teachers.map(\.id.text)),
      rooms: known("room", "rooms.csv", institution.rooms.map(\.id.text)),
      disciplines: known("discipline", "disciplines.csv", institution.disciplines.map(\.id.text)),
      students: known("student", "students.csv", institution.students.map(\.id.text)))
    var plan = Plan(
      record: record
        ?? PlanRecord(keste: "", instance: "", instanceSHA256: "", seed: 0, regime: ""))
    func isPresent(_ name: String) -> Bool {
      FolderFiles.kind(of: "\(path)/\(name).csv") != .missing
    }
    plan.sections = tables.sections(in: path)
    guard hasLater else {
      try findings.throwErrors()
      return plan
    }
    if isPresent("load") || isPresent("assignments") {
      plan.tasks = tables.tasks(in: path)
      plan.assignments = tables.assignments(in: path)
      plan.hasLoad = true
    }
    if isPresent("meetings") {
      plan.meetings = tables.meetings(in: path)
      plan.hasTimetable = true
    }
    try findings.throwErrors()
    return plan
  }

  /// What `plan.json` alone says, for a reader that needs the regime before the tables.
  ///
  /// - Parameter path: The folder.
  /// - Returns: The record; claims of another type than they must be are empty in it.
  /// - Throws: ``InputRejected``.
  public static func record(_ path: String) throws -> PlanRecord {
    try recover(path)
    let findings = Findings()
    let record = record(in: path, findings)
    try findings.throwErrors()
    guard let record else { throw FileProblem(path, "read", reason: "no plan.json") }
    return record
  }

  static func record(in path: String, _ findings: Findings) -> PlanRecord? {
    let file = shown(path) + "plan.json"
    let full = "\(path)/plan.json"
    guard FolderFiles.kind(of: full) != .missing else {
      findings.error("file.missing", file: file, "the file is missing")
      return nil
    }
    do {
      let bytes = try FolderFiles.read(full)
      try CSVTable.checkText(bytes)
      let json = try JSONValue(bytes)
      guard case .object = json else {
        findings.error("json.type", file: file, line: 1, "a JSON object is needed")
        return nil
      }
      return PlanRecord(json: json)
    } catch let fault as CSVFault {
      TableReader.note(fault, file: file, findings)
    } catch let fault as JSONFault {
      findings.error("json.syntax", file: file, line: fault.line, "not JSON: \(fault.problem)")
    } catch let problem as FileProblem {
      findings.error("file.unreadable", file: file, "cannot be read: \(problem.reason)")
    } catch {
      findings.error("file.unreadable", file: file, "cannot be read: \(error)")
    }
    return nil
  }

  /// What is put before the names of a plan folder's files that are shown: the folder as it was
  /// named.
  public static func shown(_ path: String) -> String {
    path.hasSuffix("/") ? path : path + "/"
  }

  private static func known(_ what: String, _ file: String, _ names: [String]) -> Known {
    var result = Known(what, file: file)
    for name in names { _ = result.insert(name, line: 0) }
    return result
  }
}

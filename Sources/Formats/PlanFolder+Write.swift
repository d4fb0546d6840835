// SPDX-License-Identifier: GPL-3.0-or-later
public import University

extension PlanFolder {
  private static let tables = [
    "sections.csv", "section_students.csv", "load.csv", "assignments.csv", "meetings.csv",
  ]

  /// Writes a plan folder at one moment: a kill at any time leaves the old plan or the new one.
  ///
  /// Other people's files in the folder, such as `approvals.csv`, stay. Tables of stages that the
  /// plan does not have are removed.
  ///
  /// - Parameters:
  ///   - plan: The plan.
  ///   - path: The folder; it is made with those above it where it is missing.
  ///   - decisions: What is decided of the load, in place of what the folder says of it; nil to
  ///     leave that as it is.
  /// - Throws: ``FileProblem``; then the old plan still stands.
  public static func write(
    _ plan: Plan, to path: String, decisions: PlanDecisions? = nil
  ) throws {
    try FolderSwap.replace(
      path, files: files(of: plan) + (decisions?.files ?? []),
      own: Set(tables + ["plan.json"] + (decisions == nil ? [] : PlanDecisions.names)))
  }

  /// Puts back a plan that a killed program had moved aside, and clears its leftovers.
  static func recover(_ path: String) throws {
    try FolderSwap.recover(path)
  }

  /// The files of a plan folder with their bytes.
  ///
  /// - Parameter plan: The plan.
  /// - Returns: Names within the folder with contents; only those of the stages that were run.
  public static func files(of plan: Plan) -> [(name: String, bytes: [UInt8])] {
    var result = [
      (
        "sections.csv",
        CSVWriter.table(
          header: ["section", "discipline", "kind", "language", "parent", "hours", "size"],
          rows: plan.sections.lazy.map { row in
            [
              .text(row.id.text), .text(row.discipline.text), .text(row.kind.rawValue),
              .text(row.language.rawValue), .text(row.parent?.text), .integer(row.hours),
              .integer(row.size),
            ]
          })
      ),
      (
        "section_students.csv",
        CSVWriter.table(
          header: ["section", "student"],
          rows: plan.sections.lazy.flatMap { section in
            section.students.lazy.map { [.text(section.id.text), .text($0.text)] }
          })
      ),
    ]
    if plan.hasLoad { result += load(of: plan) }
    if plan.hasTimetable { result.append(("meetings.csv", meetings(of: plan))) }
    result.append(("plan.json", Array((plan.record.json.written() + "\n").utf8)))
    return result
  }

  private static func load(of plan: Plan) -> [(String, [UInt8])] {
    // The column stands where somebody has decided a line.
    let hasLocks = plan.assignments.contains(where: \.isLocked)
    return [
      (
        "load.csv",
        CSVWriter.table(
          header: ["task", "department", "discipline", "work", "section", "hours"],
          rows: plan.tasks.lazy.map { row in
            [
              .text(row.id.text), .text(row.department.text), .text(row.discipline.text),
              .text(row.work.text), .text(row.section.text), .number(row.hours.description),
            ]
          })
      ),
      (
        "assignments.csv",
        CSVWriter.table(
          header: ["task", "teacher", "hours"] + (hasLocks ? ["locked"] : []),
          rows: plan.assignments.lazy.map { row in
            [.text(row.task.text), .text(row.teacher?.text), .number(row.hours.description)]
              + (hasLocks ? [row.isLocked ? .integer(1) : .empty] : [])
          })
      ),
    ]
  }

  private static func meetings(of plan: Plan) -> [UInt8] {
    CSVWriter.table(
      header: ["meeting", "section", "weeks", "day", "slot", "length", "room", "mode"],
      rows: plan.meetings.lazy.map { row in
        [
          .text(row.id.text), .text(row.section.text), .text(row.weeks.digits),
          .text(row.day.code), .integer(row.slot), .integer(row.length), .text(row.room?.text),
          .text(row.mode.rawValue),
        ]
      })
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later

/// A decided line of an earlier load, as it stands in the files: what it names may be gone.
public struct EarlierLine: Sendable, Hashable {
  /// The task.
  public var task: TaskID
  /// The department, the work and the hours that the task had; nil where load.csv lacks it.
  public var known: LoadTask?
  /// Nil where the line is vacant.
  public var teacher: TeacherID?
  /// Hours of the line.
  public var hours: Hours
  /// Whether somebody marked the line as decided.
  public var isLocked: Bool
  /// The line of the file, from 1; nil where it comes from no file.
  public var fileLine: Int?

  /// A line with all its parts.
  public init(
    task: TaskID, known: LoadTask?, teacher: TeacherID?, hours: Hours, isLocked: Bool,
    fileLine: Int? = nil
  ) {
    self.fileLine = fileLine
    self.task = task
    self.known = known
    self.teacher = teacher
    self.hours = hours
    self.isLocked = isLocked
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later

/// An identifier as it stands in the files, typed by what it names.
///
/// The text is compared and ordered by Unicode scalars, so that the order of results does not
/// depend on the machine's locale.
public struct Identifier<Subject>: Hashable, Sendable {
  /// The identifier as written in the files: not empty, without `|` or outer spaces.
  public let text: String

  /// Wraps a text that a reader has checked.
  public init(_ text: String) {
    self.text = text
  }
}

extension Identifier: Comparable {
  /// Order by Unicode scalars.
  public static func < (a: Self, b: Self) -> Bool {
    a.text.unicodeScalars.lexicographicallyPrecedes(b.text.unicodeScalars)
  }
}

extension Identifier: CustomStringConvertible {
  /// The identifier itself.
  public var description: String { text }
}

extension Identifier: ExpressibleByStringLiteral {
  /// Wraps a literal, for tests and examples.
  public init(stringLiteral value: String) {
    self.init(value)
  }
}

/// Names a ``Building``.
public typealias BuildingID = Identifier<Building>
/// Names a ``Room``.
public typealias RoomID = Identifier<Room>
/// Names a ``Department``.
public typealias DepartmentID = Identifier<Department>
/// Names a ``Teacher``.
public typealias TeacherID = Identifier<Teacher>
/// Names a ``Programme``.
public typealias ProgrammeID = Identifier<Programme>
/// Names a ``Discipline``.
public typealias DisciplineID = Identifier<Discipline>
/// Names a ``Group``.
public typealias GroupID = Identifier<Group>
/// Names a ``Student``.
public typealias StudentID = Identifier<Student>
/// Names a ``Section``.
public typealias SectionID = Identifier<Section>
/// Names a ``LoadTask``.
public typealias TaskID = Identifier<LoadTask>
/// Names a ``Meeting``.
public typealias MeetingID = Identifier<Meeting>

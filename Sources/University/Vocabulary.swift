// SPDX-License-Identifier: GPL-3.0-or-later

/// A kind of class.
public enum TeachingKind: String, CaseIterable, Sendable, Comparable {
  /// Taught to a stream.
  case lecture
  /// Taught to a group.
  case practice
  /// Taught to a subgroup.
  case lab

  /// Lecture, practice, lab.
  public static func < (a: Self, b: Self) -> Bool { a.order < b.order }
  private var order: Int { self == .lecture ? 0 : self == .practice ? 1 : 2 }
}

/// A language of teaching, and of what is printed.
public enum Language: String, CaseIterable, Sendable {
  /// Kazakh.
  case kk
  /// Russian.
  case ru
  /// English.
  case en
}

/// A level of education.
public enum Level: String, CaseIterable, Sendable {
  case bachelor, master, doctorate
}

/// A form of study.
public enum StudyForm: String, CaseIterable, Sendable {
  case fullTime = "full_time"
  case extramural
}

/// The cycle to which a discipline belongs (ЖБП, БП, КП).
public enum Cycle: String, CaseIterable, Sendable {
  case general, basic, major
}

/// The component to which a discipline belongs (МК, ЖК, ТК).
public enum Component: String, CaseIterable, Sendable {
  case mandatory, university, elective
}

/// The final control of a discipline.
public enum Control: String, CaseIterable, Sendable {
  case exam, test, project
}

/// Where the classes of a discipline are held.
public enum Delivery: String, CaseIterable, Sendable {
  /// All in rooms.
  case room
  /// All online.
  case online
  /// Lectures online, the rest in rooms.
  case lectureOnline = "lecture_online"
  /// Practices online, the rest in rooms.
  case practiceOnline = "practice_online"
  /// Labs online, the rest in rooms.
  case labOnline = "lab_online"
  /// Lectures and practices online, labs in rooms.
  case lecturePracticeOnline = "lecture_practice_online"
  /// Lectures and labs online, practices in rooms.
  case lectureLabOnline = "lecture_lab_online"
  /// Practices and labs online, lectures in rooms.
  case practiceLabOnline = "practice_lab_online"

  /// The kinds that are held online.
  public var onlineKinds: Set<TeachingKind> {
    switch self {
    case .room: []
    case .online: [.lecture, .practice, .lab]
    case .lectureOnline: [.lecture]
    case .practiceOnline: [.practice]
    case .labOnline: [.lab]
    case .lecturePracticeOnline: [.lecture, .practice]
    case .lectureLabOnline: [.lecture, .lab]
    case .practiceLabOnline: [.practice, .lab]
    }
  }

  /// The delivery with these kinds online.
  public init(online kinds: Set<TeachingKind>) {
    self = Self.allCases.first { $0.onlineKinds == kinds } ?? .online
  }

  /// The delivery with these kinds online of a discipline that has hours of some kinds: `room`,
  /// `online` or `lecture_online` where one of them comes to the same, which every program that reads
  /// instances knows; another word else.
  public init(online kinds: Set<TeachingKind>, of held: [TeachingKind]) {
    let common: [Delivery] = [.room, .online, .lectureOnline]
    let wanted = kinds.intersection(held)
    self =
      common.first { $0.onlineKinds.intersection(held) == wanted } ?? Delivery(online: kinds)
  }

  /// Whether classes of a kind are held online.
  public func isOnline(_ kind: TeachingKind) -> Bool { onlineKinds.contains(kind) }
}

/// The standing of an enrolment.
public enum EnrolmentStatus: String, CaseIterable, Sendable {
  case first, retake, mobility
}

/// What `availability.csv` says of a time.
public enum AvailabilityLevel: String, CaseIterable, Sendable {
  case forbidden, discouraged
}

/// How a meeting is held.
public enum MeetingMode: String, CaseIterable, Sendable {
  case room, online
}

/// What a norm of `norms.csv` is counted by.
public enum NormUnit: String, CaseIterable, Sendable {
  case student, group, subgroup, stream
}

/// The work of a task: a class, or a work that `norms.csv` names.
public enum Work: Hashable, Sendable, Comparable {
  /// A lecture, practice or laboratory class.
  case teaching(TeachingKind)
  /// A work of `norms.csv`, such as `exam`.
  case norm(String)

  /// Reads the word of the files.
  public init(_ text: String) {
    self = TeachingKind(rawValue: text).map(Work.teaching) ?? .norm(text)
  }

  /// The word of the files.
  public var text: String {
    switch self {
    case .teaching(let kind): kind.rawValue
    case .norm(let name): name
    }
  }

  /// The kind of class, where it is one.
  public var teachingKind: TeachingKind? {
    if case .teaching(let kind) = self { kind } else { nil }
  }

  /// Classes first, then works by name.
  public static func < (a: Self, b: Self) -> Bool {
    switch (a, b) {
    case (.teaching(let x), .teaching(let y)): x < y
    case (.teaching, .norm): true
    case (.norm, .teaching): false
    case (.norm(let x), .norm(let y)): x < y
    }
  }
}

/// A work of a competence: a kind of class, or `other` for the works of `norms.csv`.
public enum CompetenceKind: String, CaseIterable, Sendable {
  case lecture, practice, lab, other
}

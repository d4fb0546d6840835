// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// What binds students to a section: the teacher they chose, or the pin of their group.
///
/// A section is held by one teacher and meets where its pin says, so that students of
/// different bonds cannot share it. −1 is no bond.
struct Bond: Hashable, Sendable {
  var teacher = -1
  var pin = -1

  static let none = Bond()

  /// The bond of a section that holds both; nil where they exclude each other.
  func merged(with other: Bond) -> Bond? {
    guard teacher < 0 || other.teacher < 0 || teacher == other.teacher,
      pin < 0 || other.pin < 0 || pin == other.pin
    else { return nil }
    return Bond(teacher: max(teacher, other.teacher), pin: max(pin, other.pin))
  }
}

/// The numbers by which sections of one kind of a discipline are formed.
struct KindRules: Sendable {
  var kind: TeachingKind
  /// Hours of a section.
  var hours: Int
  /// Students of a section at most: the cap of the contract and the largest suitable room.
  var cap: Int
  /// The cap by which the contract counts the sections that a group needs; nil for none,
  /// 0 where no room suits.
  var contractCap: Int?
  /// The norm above which students are counted; nil for lectures.
  var norm: Int?
  /// Weighted cost of a section's hours.
  var sectionCost: Double
  /// Weighted cost of a group in one more section.
  var splitCost: Double
  /// Weighted cost of a section below ``leastSize``.
  var undersizedCost: Double
  /// Weighted cost of a student above the norm.
  var overCost: Double
  /// The size below which a section is undersized.
  var leastSize: Int
  /// Seats of the pinned room, by pin.
  var pinCaps: [Int] = []
  /// Teachers with more sections than hours, whose students are brought together at any price.
  var gathered: Set<Int> = []

  /// Students of a section of this bond at most.
  func cap(_ bond: Bond) -> Int {
    bond.pin >= 0 ? min(cap, pinCaps[bond.pin]) : cap
  }

  /// What a section of so many students costs, its groups aside.
  func cost(size: Int) -> Double {
    guard size > 0 else { return 0 }
    return sectionCost + (size < leastSize ? undersizedCost : 0)
      + overCost * Double(norm.map { max(0, size - $0) } ?? 0)
  }

  /// What a section of this bond costs besides; above any sum of splits of one discipline.
  func cost(_ bond: Bond) -> Double {
    gathered.contains(bond.teacher) ? 1e5 : 0
  }

  /// The fewest sections that so many students of one group need.
  func fewest(_ students: Int) -> Int {
    students == 0 ? 0 : (students - 1) / max(1, cap) + 1
  }

  /// The number of a group's sections that the contract does not count as a split.
  func allowed(_ students: Int) -> Int {
    guard let contractCap, contractCap > 0 else { return 1 }
    return max(1, (students + contractCap - 1) / contractCap)
  }
}

/// A student of one discipline and language, with what binds the student in each kind.
struct Member: Hashable, Sendable {
  var student: StudentID
  /// Position of the student in the institution's table.
  var order: Int
  /// Position of the academic group among those of the problem.
  var group: Int
  var lecture = Bond.none
  var practice = Bond.none
  var lab = Bond.none

  func bond(_ kind: TeachingKind) -> Bond {
    switch kind {
    case .lecture: lecture
    case .practice: practice
    case .lab: lab
    }
  }

  mutating func bind(_ kind: TeachingKind, _ bond: Bond) {
    switch kind {
    case .lecture: lecture = bond
    case .practice: practice = bond
    case .lab: lab = bond
    }
  }
}

/// The students of one discipline and language, who are to be put into sections.
struct FormationProblem: Sendable {
  var discipline: DisciplineID
  var language: Language
  /// The members, those of one group together, groups in the order of the file.
  var members: [Member]
  /// The academic groups, in the order of the file.
  var groups: [GroupID]
  /// Rules of each kind that has hours.
  var rules: [TeachingKind: KindRules]
  /// Teachers that bind, by position in ``Bond/teacher``.
  var teachers: [TeacherID]
  /// Kinds in which a pin binds students. Which students of a group it binds is chosen beforehand,
  /// so that a programme of such a kind proves no bound.
  var pinned: Set<TeachingKind> = []
}

/// Sections of one problem, as members.
struct FormedSections: Sendable {
  /// A section of members; ``parent`` is a position among the streams.
  struct Part: Sendable {
    var members: [Int]
    var parent: Int?
  }

  var parts: [TeachingKind: [Part]] = [:]
  /// Weighted cost with each group's sections counted all (no section is free).
  var cost: Double
  /// A lower bound of ``cost``.
  var bound: Double
  /// Whether students were brought together at a cost: those of some teacher, or those of sections
  /// that did not cover theirs.
  var isGathered = false
}

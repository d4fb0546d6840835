// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// The marks of a discipline in a term: how many of each letter, and the ECTS curve over those who
/// passed.
///
/// **Source**: policy 2.2 (distribution of the passing results in percent) and 3.1 (curve). Students
/// are first split into those who passed and those who did not; only the former are ranked.
public struct GradeDistribution: Sendable {
  /// The fewest passing students that a curve is drawn for: below ten a tenth is nobody.
  public static let fewest = 10

  /// A band of the curve.
  public struct Band: Sendable {
    /// Its grade.
    public var grade: ECTSGrade
    /// How many students it has, by largest remainder.
    public var students: Int
    /// The points of the last student in it; nil for an empty band.
    public var lowest: Double?
    /// Whether the next band has a student with the same points: the curve alone cannot tell them
    /// apart.
    public var isTied: Bool
  }

  /// What was marked.
  public var discipline: DisciplineID
  /// The term of the mark.
  public var term: Int
  /// The year of entry of the students.
  public var entryYear: Int
  /// Marks by letter, in the order of the letters.
  public var letters: [Int]
  /// The curve; empty for fewer than ``fewest`` passing students.
  public var curve: [Band]

  /// Marks that are passes.
  public var passed: Int { letters.prefix(10).reduce(0, +) }
  /// All marks.
  public var total: Int { letters.reduce(0, +) }

  /// The distributions of all disciplines, terms and years of entry, in the order of disciplines.
  public static func all(_ institution: Institution) -> [GradeDistribution] {
    struct Key: Hashable {
      var discipline: Int
      var term: Int
      var entryYear: Int
    }
    struct Mark: Hashable {
      var key: Key
      var student: StudentID
    }
    // Of several marks in one term the last stands.
    var last: [Mark: Double] = [:]
    for grade in institution.grades {
      guard let discipline = institution.disciplines.position(of: grade.discipline),
        let student = institution.students[grade.student],
        let group = institution.groups[student.group]
      else { continue }
      let key = Key(discipline: discipline, term: grade.term, entryYear: group.entryYear)
      last[Mark(key: key, student: grade.student)] = grade.points
    }
    var points: [Key: [Double]] = [:]
    for (mark, value) in last { points[mark.key, default: []].append(value) }
    return points.keys.sorted {
      ($0.discipline, $0.term, $0.entryYear) < ($1.discipline, $1.term, $1.entryYear)
    }.map { key in
      GradeDistribution(
        discipline: institution.disciplines[key.discipline].id, term: key.term,
        entryYear: key.entryYear, points: points[key] ?? [])
    }
  }

  init(discipline: DisciplineID, term: Int, entryYear: Int, points: [Double]) {
    self.discipline = discipline
    self.term = term
    self.entryYear = entryYear
    let marks = points.map { LetterGrade(points: $0) }
    letters = LetterGrade.allCases.map { letter in marks.count { $0 == letter } }
    let ranked = zip(points, marks).filter { $1.isPassed }.map(\.0).sorted(by: >)
    guard ranked.count >= Self.fewest else {
      curve = []
      return
    }
    var taken = 0
    curve = zip(ECTSGrade.allCases, ECTSGrade.shares(of: ranked.count)).map { grade, count in
      taken += count
      let lowest = count > 0 ? ranked[taken - 1] : nil
      return Band(
        grade: grade, students: count, lowest: lowest,
        isTied: lowest != nil && taken < ranked.count && ranked[taken] == lowest)
    }
  }
}

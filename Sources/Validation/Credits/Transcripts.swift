// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// All marks of a student, in the order of terms and of the file within a term.
///
/// **Source**: policy 1.2.36, 7.4: a transcript has every final mark, resits included.
public struct Transcript: Sendable {
  /// The marks.
  public let grades: [Grade]
  /// Credits of each mark: the row's, else the discipline's.
  public let credits: [Double]

  init(_ grades: [Grade], _ institution: Institution) {
    self.grades = grades
    credits = grades.map { $0.credits ?? institution.disciplines[$0.discipline]?.credits ?? 0 }
  }

  /// The position of the last mark of each discipline among the marks of some terms, in the order
  /// of the marks.
  public func results(in terms: ClosedRange<Int>) -> [Int] {
    var last: [DisciplineID: Int] = [:]
    for (at, grade) in grades.enumerated() where terms.contains(grade.term) {
      last[grade.discipline] = at
    }
    return last.values.sorted()
  }

  /// The last mark of a discipline in terms up to one.
  public func result(_ discipline: DisciplineID, upTo term: Int) -> Grade? {
    grades.last { $0.discipline == discipline && $0.term <= term }
  }

  /// GPA of some terms: the last mark of each discipline counts once; nil without marks.
  public func gpa(in terms: ClosedRange<Int>) -> GPA? {
    GPA(results(in: terms).map { (grades[$0].letter, credits[$0]) })
  }

  /// Credits of the disciplines whose last mark in some terms is a pass.
  public func earned(in terms: ClosedRange<Int>) -> Double {
    results(in: terms).reduce(0) { $0 + (grades[$1].letter.isPassed ? credits[$1] : 0) }
  }

  /// The disciplines whose last mark up to a term is this letter.
  public func disciplines(with letter: LetterGrade, upTo term: Int) -> [DisciplineID] {
    guard term >= 1 else { return [] }
    return results(in: 1...term).filter { grades[$0].letter == letter }
      .map { grades[$0].discipline }
  }
}

/// The transcripts of an institution's students.
public struct Transcripts: Sendable {
  private let byStudent: [Transcript]
  private let institution: Institution

  /// Sorts the rows of `grades.csv` by student and term.
  public init(_ institution: Institution) {
    self.institution = institution
    var rows = [[Grade]](repeating: [], count: institution.students.count)
    for grade in institution.grades {
      if let at = institution.students.position(of: grade.student) { rows[at].append(grade) }
    }
    byStudent = rows.map { row in
      Transcript(
        row.enumerated().sorted { ($0.element.term, $0.offset) < ($1.element.term, $1.offset) }
          .map(\.element), institution)
    }
  }

  /// The transcript of the student at a position of the table.
  public subscript(student: Int) -> Transcript { byStudent[student] }

  /// What the year that a student has finished last comes to; nil in the first year.
  ///
  /// A student in term t has finished ⌊(t − 1) ÷ 2⌋ years; in an additional semester, which follows
  /// term t, ⌊t ÷ 2⌋.
  public func promotion(of student: Int) -> Promotion? {
    let person = institution.students[student]
    guard let group = institution.groups[person.group],
      let programme = institution.programmes[group.programme]
    else { return nil }
    let year = institution.finishedTerms(of: group) / 2
    guard year >= 1 else { return nil }
    let transcript = self[student]
    let required = institution.policy.leastGPA(programme.level, programme.form, year: year)
      .map { GPA(hundredths: Int(($0 * 100).rounded())) }
    return Promotion(
      student: person.id, year: year, required: required,
      gpa: transcript.gpa(in: 2 * year - 1...2 * year),
      cumulative: transcript.gpa(in: 1...2 * year),
      earned: transcript.earned(in: 1...institution.finishedTerms(of: group)),
      failed: transcript.disciplines(with: .f, upTo: institution.finishedTerms(of: group)),
      resits: transcript.disciplines(with: .fx, upTo: institution.finishedTerms(of: group)))
  }
}

/// A student's finished year of study against the GPA that moving up needs.
///
/// **Source**: policy 3.2: GPA of the year's examination sessions, thresholds by level, form and
/// year (`promotion_gpa`).
public struct Promotion: Hashable, Sendable {
  /// Whether the student moves up.
  public enum Decision: String, CaseIterable, Sendable {
    /// GPA is the least or more.
    case promoted
    /// GPA is below the least.
    case held
    /// There is no mark of the year.
    case noGrades = "no_grades"
    /// The policy has no threshold for that year.
    case noThreshold = "no_threshold"
  }

  /// Who.
  public var student: StudentID
  /// The year of study that is finished, from 1.
  public var year: Int
  /// The least GPA, where the policy has one.
  public var required: GPA?
  /// GPA of the year; nil without marks.
  public var gpa: GPA?
  /// GPA of all years up to it.
  public var cumulative: GPA?
  /// Credits passed in all finished terms.
  public var earned: Double
  /// Disciplines that stand at F: to be taken again with classes.
  public var failed: [DisciplineID]
  /// Disciplines that stand at FX: the final control may be sat again.
  public var resits: [DisciplineID]

  /// What follows from the numbers.
  public var decision: Decision {
    guard let gpa else { return .noGrades }
    guard let required else { return .noThreshold }
    return gpa < required ? .held : .promoted
  }
}

extension Institution {
  /// How many terms a group has finished: those before its term; in an additional semester that
  /// term too.
  func finishedTerms(of group: Group) -> Int {
    term.isAdditional ? group.term : group.term - 1
  }
}

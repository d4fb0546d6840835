// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// What a registrar signs: credits, cycles, prerequisites, enrolments, marks and promotion against
/// the academic policy, and a plan against all of them.
///
/// Every finding is a warning: it has the rule's code, the policy's section, who and what, the
/// numbers of both sides and what would mend it. Cases of one kind are told once, with their number
/// and an example. What the reader rejects is not repeated. The table of all rules is in Rules.md.
///
/// **Source**: POLICY.md 1B, 1E, 1F; FORMATS.md section 6.
public enum CreditConsistency {
  /// The findings about an instance.
  ///
  /// Complexity: linear in its rows.
  public static func check(_ institution: Institution) -> [Diagnostic] {
    var check = CreditCheck(institution)
    check.disciplines()
    check.curricula()
    check.enrolments()
    check.prerequisitesPassed()
    check.marks()
    check.promotions()
    check.attestation()
    return check.findings
  }

  /// The findings about a plan: its hours and credits against the curriculum's and the students'.
  ///
  /// - Parameters:
  ///   - institution: The institution.
  ///   - plan: Its plan.
  ///   - stages: The stages that are judged.
  /// - Returns: The findings, by rule and in the order of the tables.
  public static func check(
    _ institution: Institution, _ plan: Plan, stages: Set<Stage> = Set(Stage.allCases)
  ) -> [Diagnostic] {
    var check = CreditCheck(institution)
    if stages.contains(.sections) {
      check.sectionHours(plan)
      check.planCredits(plan)
    }
    if stages.contains(.load), plan.hasLoad { check.loadHours(plan) }
    if stages.contains(.timetable), plan.hasTimetable { check.deliveredHours(plan) }
    return check.findings
  }
}

/// The findings and the indexes that several of them need.
struct CreditCheck {
  let institution: Institution
  let transcripts: Transcripts
  /// Enrolments of each student, by the student's position in the table.
  let enrolmentsOfStudent: [[Enrolment]]
  /// Positions of each group's students.
  let members: [GroupID: [Int]]
  /// The rows of each term of each curriculum, in the order of the file.
  let rows: [CurriculumKey: [CurriculumRow]]
  /// The terms in which each whole curriculum has each discipline.
  let termsOf: [WholeCurriculum: [DisciplineID: [Int]]]
  var findings: [Diagnostic] = []

  init(_ institution: Institution) {
    self.institution = institution
    transcripts = Transcripts(institution)
    var byStudent = [[Enrolment]](repeating: [], count: institution.students.count)
    for enrolment in institution.enrolments {
      if let at = institution.students.position(of: enrolment.student) {
        byStudent[at].append(enrolment)
      }
    }
    enrolmentsOfStudent = byStudent
    var members: [GroupID: [Int]] = [:]
    for (at, student) in institution.students.enumerated() {
      members[student.group, default: []].append(at)
    }
    self.members = members
    rows = Dictionary(grouping: institution.curriculum, by: CurriculumKey.init)
    var termsOf: [WholeCurriculum: [DisciplineID: [Int]]] = [:]
    for row in institution.curriculum {
      termsOf[WholeCurriculum(row), default: [:]][row.discipline, default: []].append(row.term)
    }
    self.termsOf = termsOf
  }

  var policy: Policy { institution.policy }

  /// Notes a finding, with whom it is about, the number that there is, the number that there must
  /// be, and how many cases it stands for.
  mutating func note(
    _ rule: CreditRule, _ who: [CreditSubject], file: String, line: Int = 0, column: String? = nil,
    value: String? = nil,
    found: String, required: String, count: Int = 1, _ problem: String, mend suggestion: String
  ) {
    var finding = Diagnostic(
      .warning, code: rule.rawValue, file: file, line: line > 0 ? line : nil, column: column,
      value: value, problem: problem, suggestion: suggestion)
    finding.wording = Wording { language in
      language == .en
        ? problem
        : "\(rule.title[language]): "
          + who.map { $0.words(in: language, isExample: count > 1) }.joined(separator: ", ")
          + language.says(
            "; бары: \(language.measure(found)), керегі: \(language.measure(required))",
            "; есть: \(language.measure(found)), требуется: \(language.measure(required))", "")
    }
    finding.remedy = Wording { $0 == .en ? suggestion : rule.remedy(in: $0) }
    finding.policy = rule.policy
    finding.found = found
    finding.required = required
    finding.count = count
    findings.append(finding)
  }

  /// A number without a needless fraction.
  func shown(_ number: Double) -> String { Hours(rounding: number).description }

  /// A number, or the two ends of what there may be.
  func range(_ least: Double, _ most: Double) -> String {
    least == most ? shown(least) : "\(shown(least))–\(shown(most))"
  }

  /// Credits of a discipline.
  func credits(_ discipline: DisciplineID) -> Double {
    institution.disciplines[discipline]?.credits ?? 0
  }

  /// Some names, and how many more there are.
  func some(_ names: [String]) -> String { listed(names) }
}

/// A working curriculum's term: programme, entry year, term.
struct CurriculumKey: Hashable {
  var programme: ProgrammeID
  var entryYear: Int
  var term: Int

  init(_ whole: WholeCurriculum, term: Int) {
    programme = whole.programme
    entryYear = whole.entryYear
    self.term = term
  }

  init(_ group: Group) {
    self.init(WholeCurriculum(group), term: group.term)
  }

  init(_ row: CurriculumRow) {
    self.init(WholeCurriculum(row), term: row.term)
  }
}

/// A working curriculum with all its terms.
struct WholeCurriculum: Hashable {
  var programme: ProgrammeID
  var entryYear: Int

  init(_ group: Group) {
    programme = group.programme
    entryYear = group.entryYear
  }

  init(_ row: CurriculumRow) {
    programme = row.programme
    entryYear = row.entryYear
  }

  var name: String { "\(programme) \(entryYear)" }
}

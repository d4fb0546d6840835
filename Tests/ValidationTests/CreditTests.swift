// SPDX-License-Identifier: GPL-3.0-or-later
import Testing
import University

@testable import Validation

/// A rule with the section of the policy that it comes from, the smallest change that breaks it and
/// nothing else, and the nearest one that keeps it.
struct CreditCase: Sendable, CustomTestStringConvertible {
  typealias Change = @Sendable (inout CreditUniversity) -> Void

  let rule: CreditRule
  let policy: String
  let name: String
  /// Rules that the change cannot but break too.
  let also: Set<CreditRule>
  let breaks: Change
  let keeps: Change

  var testDescription: String { "\(rule.rawValue): \(name)" }

  init(
    _ rule: CreditRule, _ policy: String, _ name: String, also: Set<CreditRule> = [],
    breaks: @escaping Change, keeps: @escaping Change
  ) {
    self.rule = rule
    self.policy = policy
    self.name = name
    self.also = also
    self.breaks = breaks
    self.keeps = keeps
  }
}

@Suite struct CreditTests {
  private static let all = curricula + enrolments + marks + plans

  @Test func `a university in order has no findings`() {
    #expect(CreditUniversity().findings == [])
  }

  @Test func `an empty institution has no findings`() {
    let regime = Regime(name: "full", academicHourMinutes: 50, slotStarts: [480])
    let it = Institution(
      name: "empty", term: Term(id: "t", start: Micro.date("2023-09-04"), weeks: 15),
      regimes: [regime], regime: regime)
    #expect(CreditConsistency.check(it) == [])
  }

  @Test(arguments: all)
  func `the breaking change is found alone, the keeping change not at all`(_ example: CreditCase) {
    var broken = CreditUniversity()
    example.breaks(&broken)
    let found = broken.findings
    #expect(
      Set(found.map(\.code)) == Set(example.also.union([example.rule]).map(\.rawValue)),
      "\(found.map(\.description))")
    for finding in found where finding.code == example.rule.rawValue {
      #expect(finding.policy == example.policy)
      #expect(finding.severity == .warning)
      #expect(finding.file.hasSuffix(".csv"))
      #expect(finding.count >= 1)
      for part in [finding.suggestion, finding.found, finding.required] {
        #expect(part?.isEmpty == false)
      }
      for language in [Language.kk, .ru] {
        #expect(finding.remedy?[language].isEmpty == false)
        // What there is and what there must be are in the language too.
        let english = (finding.wording?[language] ?? "").split { !$0.isLetter }
          .filter { word in word.count > 2 && word.allSatisfy { $0.isASCII && $0.isLowercase } }
        #expect(english.isEmpty, "\(finding.wording?[language] ?? "")")
        // Whoever is named is named in each language.
        for name in broken.names where finding.problem.contains(name) {
          #expect(
            finding.description(in: language).contains(name),
            "\(name): \(finding.description(in: language))")
        }
      }
    }
    var kept = CreditUniversity()
    example.keeps(&kept)
    #expect(kept.findings.map(\.description) == [])
  }

  @Test func `every rule has a case`() {
    #expect(Set(Self.all.map(\.rule)) == Set(CreditRule.allCases))
  }

  @Test func `a finding tells both numbers, how many cases there are and an example`() throws {
    var it = CreditUniversity()
    it.mark("a", "T2A", 20)
    it.mark("b", "T2A", 20)
    it.mark("a", "T2B", 20)
    it.mark("b", "T2B", 20)
    let finding = try #require(it.findings.first { $0.code == "promotion.gpa" })
    // 30 credits of 2.33 and 30 of 0.
    #expect(finding.found == "1.17")
    #expect(finding.required == "at least 1.67")
    #expect(finding.count == 2)
    #expect(finding.value == "a")
    #expect(finding.description.hasSuffix("[promotion.gpa, policy 3.2]"))
  }

  @Test func `of curricula with one fault each language names the first and how many more`() throws
  {
    var it = CreditUniversity()
    it.institution.policy.yearCredits = 61
    it.curriculum { rows in
      rows += rows.map { row in
        var row = row
        row.entryYear = 2021
        return row
      }
    }
    let finding = try #require(it.findings.first { $0.code == "credits.year" })
    #expect(finding.count == 2)
    #expect(finding.problem.hasSuffix("; 1 more curricula are off too"))
    #expect(finding.wording?[.ru].contains("(и ещё таких планов: 1)") ?? false)
    #expect(finding.wording?[.kk].contains("(осындай тағы 1 жоспар)") ?? false)
  }

  @Test func `the findings of a plan are those of the stages judged`() {
    var it = CreditUniversity()
    it.plan.sections = it.plan.sections.with("T3B-L") { $0.hours = 29 }
    func codes(_ stages: Set<Stage>) -> Set<String> {
      Set(CreditConsistency.check(it.institution, it.plan, stages: stages).map(\.code))
    }
    #expect(codes([.sections]) == ["plan.sectionHours", "plan.credits"])
    #expect(codes([.load]) == ["plan.loadHours"])
    #expect(codes([.timetable]) == [])
    it.plan.hasLoad = false
    #expect(codes([.load]) == [])
  }

  // MARK: - Curricula

  static let curricula: [CreditCase] = [
    CreditCase(.hours, "2.2", "more hours than credits have") {
      $0.discipline("T1A") {
        $0.sro = nil; $0.srop = 406
      }
    } keeps: {
      $0.discipline("T1A") {
        $0.sro = nil; $0.srop = 405
      }
    },
    CreditCase(.curriculumTerm, "2.2", "a term above the most credits") {
      $0.institution.policy.termCreditsMax = 30
      $0.credits("T5A", 16)
      $0.credits("T6A", 14)
    } keeps: {
      $0.institution.policy.termCreditsMax = 31
      $0.credits("T5A", 16)
      $0.credits("T6A", 14)
    },
    CreditCase(.year, "2.2", "61 credits in a year and 59 in another") {
      $0.credits("T5A", 16)
      $0.credits("T7A", 14)
      $0.institution.policy.cycleCredits = [:]
    } keeps: {
      $0.credits("T5A", 16)
      $0.credits("T6A", 14)
    },
    CreditCase(.year, "2.2", "part-time study has no year of 60") {
      $0.institution.policy.yearCredits = 61
    } keeps: {
      $0.institution.policy.yearCredits = 61
      $0.programme { $0.form = .extramural }
    },
    CreditCase(.programme, "7.1–7.3", "a credit more than the programme has") {
      $0.programme { $0.totalCredits = 239 }
    } keeps: {
      $0.programme { $0.totalCredits = nil }
    },
    CreditCase(.programme, "7.1–7.3", "a year more than the curriculum has, which is whole") {
      $0.programme { $0.totalCredits = 300 }
    } keeps: {
      $0.programme { $0.totalCredits = 240 }
    },
    CreditCase(.programme, "7.1–7.3", "alternatives are counted once") {
      $0.programme { $0.totalCredits = 255 }
    } keeps: {
      $0.programme { $0.totalCredits = 240 }
    },
    CreditCase(.duration, "7.2–7.3", "a doctorate of two years") {
      $0.programme {
        $0.level = .doctorate
        $0.totalCredits = 120
      }
      $0.curriculum { $0.removeAll { $0.term > 4 } }
      $0.institution.policy.promotionGPA = [:]
    } keeps: {
      $0.programme {
        $0.level = .doctorate
        $0.totalCredits = 180
      }
      $0.curriculum { $0.removeAll { $0.term > 6 } }
      $0.institution.policy.promotionGPA = [:]
    },
    CreditCase(.cycle, "2.1", "a cycle below its least credits") {
      $0.institution.policy.cycleCredits = ["bachelor": [.general: 61]]
    } keeps: {
      $0.institution.policy.cycleCredits = ["bachelor": [.general: 60, .basic: 120, .major: 60]]
    },
    CreditCase(.cycle, "2.1", "an alternative of another cycle may be the one taken") {
      $0.discipline("T3B") { $0.cycle = .major }
      $0.discipline("T3C") { $0.cycle = .major }
      $0.institution.policy.cycleCredits = ["bachelor": [.basic: 120]]
    } keeps: {
      $0.discipline("T3B") { $0.cycle = .major }
      $0.institution.policy.cycleCredits = ["bachelor": [.basic: 120]]
    },
    CreditCase(.onlyOption, "2.1", "a label with one discipline") {
      $0.curriculum { rows in
        for at in rows.indices where rows[at].discipline == "T5A" { rows[at].choice = "x" }
      }
      $0.discipline("T5A") { $0.component = .university }
    } keeps: {
      $0.curriculum { rows in
        for at in rows.indices where rows[at].discipline == "T5A" { rows[at].choice = nil }
      }
      $0.discipline("T5A") { $0.component = .university }
    },
    CreditCase(.alternatives, "2.1", "alternatives of 15 and 16 credits") {
      $0.credits("T3C", 16)
    } keeps: {
      $0.credits("T3C", 15)
    },
    CreditCase(.component, "2.1", "an elective discipline without alternatives") {
      $0.discipline("T5B") { $0.component = .elective }
    } keeps: {
      $0.discipline("T5B") { $0.component = .university }
    },
    CreditCase(.component, "2.1", "a mandatory discipline among alternatives") {
      $0.discipline("T3C") { $0.component = .mandatory }
    } keeps: {
      $0.discipline("T3C") { $0.component = .university }
    },
    CreditCase(.unclassified, "2.1", "a discipline without a cycle") {
      $0.discipline("T1A") { $0.cycle = nil }
      $0.institution.policy.cycleCredits = [:]
    } keeps: {
      // Final attestation is in no cycle and has no classes.
      $0.discipline("T8A") {
        $0.cycle = nil; $0.hours = [:]
      }
      $0.institution.policy.cycleCredits = [:]
    },
    CreditCase(.unclassified, "2.1", "a discipline without a component") {
      $0.discipline("T1A") { $0.component = nil }
    } keeps: {
      for id in $0.institution.disciplines.map(\.id) {
        $0.discipline(id) { $0.component = nil }
      }
    },
    CreditCase(.repeated, "1.2.31", "a discipline in two terms") {
      $0.curriculum { rows in
        for at in rows.indices where rows[at].discipline == "T6B" { rows[at].discipline = "T5B" }
      }
    } keeps: {
      $0.curriculum { rows in
        for at in rows.indices where rows[at].term == 6 { rows[at].entryYear = 2022 }
      }
    },
    CreditCase(.noCurriculum, "1.2.31", "a group whose term the curriculum has not") {
      $0.curriculum { $0.removeAll { $0.term == 3 } }
      $0.programme { $0.totalCredits = 210 }
      $0.institution.policy.cycleCredits = [:]
    } keeps: {
      $0.curriculum { $0.removeAll { $0.term == 4 } }
      $0.programme { $0.totalCredits = 210 }
      $0.institution.policy.cycleCredits = [:]
    },
    CreditCase(.order, "1.2.27", "a prerequisite of the same term") {
      $0.discipline("T5B") { $0.prerequisites = ["T5A"] }
    } keeps: {
      $0.discipline("T5B") { $0.prerequisites = ["T4A"] }
    },
    CreditCase(.order, "1.2.27", "a prerequisite that no term has") {
      $0.institution.disciplines.append(
        Discipline(id: "X", name: "X", department: "X", credits: 5, hours: [:]))
      $0.discipline("T5B") { $0.prerequisites = ["X"] }
    } keeps: {
      // Term 1 is not given: the prerequisite may have been there.
      $0.institution.disciplines.append(
        Discipline(id: "X", name: "X", department: "X", credits: 5, hours: [:]))
      $0.discipline("T5B") { $0.prerequisites = ["X"] }
      $0.curriculum { $0.removeAll { $0.term == 1 } }
      $0.programme { $0.totalCredits = 210 }
      $0.institution.policy.cycleCredits = [:]
    },
  ]

  // MARK: - Enrolments

  static let enrolments: [CreditCase] = [
    CreditCase(.term, "2.2", "a student with 45 credits, at most 36") {
      $0.enrol("a", "T3C", .mobility)
      $0.institution.policy.termCreditsMax = 36
      $0.leave("a", "T3C")
      $0.enrol("a", "T5B", .mobility)
    } keeps: {
      $0.institution.policy.termCreditsMax = 45
      $0.enrol("a", "T5B", .mobility)
    },
    CreditCase(.prerequisite, "1.2.27", "a prerequisite that stands at F") {
      $0.mark("a", "T1A", 24)
    } keeps: {
      $0.mark("a", "T1A", 50)
    },
    CreditCase(.prerequisite, "1.2.27", "a prerequisite that stands at FX") {
      $0.mark("a", "T1A", 49)
    } keeps: {
      // The resit is passed.
      $0.mark("a", "T1A", 49)
      $0.addMark("a", "T1A", 1, 50)
    },
    CreditCase(.prerequisite, "1.2.27", "a prerequisite without a mark in a marked term") {
      $0.institution.grades.removeAll { $0.student == "a" && $0.discipline == "T1A" }
    } keeps: {
      // Nothing is known of the whole term: the curriculum had it.
      $0.institution.grades.removeAll { $0.student == "a" && $0.term == 1 }
    },
    CreditCase(.prerequisite, "1.2.27", "a prerequisite that is being retaken") {
      $0.institution.grades = []
      $0.institution.policy.termCreditsMax = 45
      $0.enrol("a", "T1A", .retake)
    } keeps: {
      $0.institution.grades = []
      $0.institution.policy.termCreditsMax = 45
      $0.enrol("a", "T1B", .retake)
    },
    CreditCase(.prerequisite, "1.2.27", "a catalogue discipline whose prerequisite nobody had") {
      $0.institution.policy.termCreditsMax = 45
      $0.institution.disciplines.append(
        Discipline(id: "Y", name: "Y", department: "X", credits: 5, hours: [:]))
      var other = Discipline(
        id: "X", name: "X", department: "X", credits: 5, hours: [.lecture: 30, .practice: 15])
      other.component = .elective
      other.prerequisites = ["Y"]
      $0.institution.disciplines.append(other)
      $0.enrol("a", "X")
    } keeps: {
      $0.institution.policy.termCreditsMax = 45
      var other = Discipline(
        id: "X", name: "X", department: "X", credits: 5, hours: [.lecture: 30, .practice: 15])
      other.component = .elective
      other.prerequisites = ["T2B"]
      $0.institution.disciplines.append(other)
      $0.enrol("a", "X")
    },
    CreditCase(.outside, "1.2.16", "a mandatory discipline that the programme has not") {
      $0.institution.policy.termCreditsMax = 45
      var other = Discipline(
        id: "X", name: "X", department: "X", credits: 15, hours: [.lecture: 30, .practice: 15])
      other.component = .mandatory
      $0.institution.disciplines.append(other)
      $0.enrol("a", "X")
    } keeps: {
      // The catalogue has what is elective, whatever the programme.
      $0.institution.policy.termCreditsMax = 45
      var other = Discipline(
        id: "X", name: "X", department: "X", credits: 15, hours: [.lecture: 30, .practice: 15])
      other.component = .elective
      $0.institution.disciplines.append(other)
      $0.enrol("a", "X")
    },
    CreditCase(.outside, "1.2.16", "a discipline of another term") {
      $0.institution.policy.termCreditsMax = 45
      $0.enrol("a", "T5B")
    } keeps: {
      $0.institution.policy.termCreditsMax = 45
      $0.enrol("a", "T5B", .mobility)
    },
    CreditCase(.missing, "1.2.31", "a student without a discipline of the curriculum") {
      $0.leave("a", "T3A")
      $0.institution.policy.termCreditsMin = 15
    } keeps: {
      // Recounted from another university: passed already.
      $0.leave("a", "T3A")
      $0.institution.policy.termCreditsMin = 15
      $0.addMark("a", "T3A", 2, 80)
    },
    CreditCase(.choice, "1.2.16", "both alternatives") {
      $0.institution.policy.termCreditsMax = 45
      $0.enrol("a", "T3C")
    } keeps: {
      $0.institution.policy.termCreditsMax = 45
      $0.enrol("a", "T3C", .retake)
      $0.addMark("a", "T3C", 1, 20)
      $0.mark("a", "T1A", 100)
    },
    CreditCase(.choice, "1.2.16", "none of the alternatives") {
      $0.institution.policy.termCreditsMin = 15
      $0.leave("a", "T3B")
    } keeps: {
      $0.leave("a", "T3B")
      $0.enrol("a", "T5B", .mobility)
    },
    CreditCase(.notEnrolled, "6.2", "a student without any enrolment") {
      $0.leave("a", "T3A")
      $0.leave("a", "T3B")
    } keeps: {
      $0.institution.students = $0.institution.students.without("a")
      $0.institution.enrolments = Table($0.institution.enrolments.filter { $0.student != "a" })
      $0.institution.grades.removeAll { $0.student == "a" }
    },
    CreditCase(.finalYear, "2.2", "a final-year student in the additional semester") {
      $0.institution.term.isAdditional = true
      $0.group { $0.term = 8 }
    } keeps: {
      $0.institution.term.isAdditional = true
      $0.group { $0.term = 6 }
    },
  ]

  // MARK: - Marks

  static let marks: [CreditCase] = [
    CreditCase(.retake, "2.2", "a retake of what is passed") {
      $0.institution.policy.termCreditsMax = 45
      $0.enrol("a", "T1B", .retake)
    } keeps: {
      $0.institution.policy.termCreditsMax = 45
      $0.mark("a", "T1B", 24)
      $0.enrol("a", "T1B", .retake)
    },
    CreditCase(.retake, "2.2", "a retake without a mark") {
      $0.institution.policy.termCreditsMax = 45
      $0.institution.grades.removeAll { $0.student == "a" && $0.discipline == "T1B" }
      $0.enrol("a", "T1B", .retake)
    } keeps: {
      $0.institution.policy.termCreditsMax = 45
      $0.institution.grades.removeAll { $0.student == "a" }
      $0.enrol("a", "T1B", .retake)
    },
    CreditCase(.resit, "2.2", "classes after FX") {
      $0.institution.policy.termCreditsMax = 45
      $0.mark("a", "T1B", 25)
      $0.enrol("a", "T1B", .retake)
    } keeps: {
      $0.mark("a", "T1B", 25)
    },
    CreditCase(.failedBefore, "2.2", "a first enrolment after F") {
      $0.addMark("a", "T3A", 1, 24.9)
      $0.mark("a", "T1B", 100)
    } keeps: {
      $0.addMark("a", "T3A", 1, 24.9)
      $0.mark("a", "T1B", 100)
      $0.leave("a", "T3A")
      $0.enrol("a", "T3A", .retake)
    },
    CreditCase(.notRepeated, "2.2", "F in a discipline that is held, without an enrolment") {
      $0.institution.policy.termCreditsMax = 45
      $0.mark("a", "T1B", 0)
      $0.mark("b", "T1B", 0)
      $0.enrol("b", "T1B", .retake)
    } keeps: {
      $0.institution.policy.termCreditsMax = 45
      $0.mark("a", "T1B", 0)
    },
    CreditCase(.gradeCredits, "1.2.36", "a mark of other credits than its discipline") {
      $0.institution.grades[0].credits = 14
    } keeps: {
      $0.institution.grades[0].credits = 15
    },
    CreditCase(.gradeRepeated, "1.2.36", "two marks of a term") {
      $0.addMark("a", "T1B", 1, 80)
    } keeps: {
      $0.addMark("a", "T1B", 2, 80)
    },
    CreditCase(.gradeTerm, "1.2.36", "a mark of a term to come") {
      $0.addMark("a", "T4A", 4, 80)
    } keeps: {
      $0.addMark("a", "T3B", 3, 80)
    },
    CreditCase(.attestation, "1.2.18", "a debt in the last term") {
      $0.programme { $0.totalCredits = 90 }
      $0.institution.policy.cycleCredits = [:]
      $0.curriculum { $0.removeAll { $0.term > 3 } }
      $0.mark("a", "T1B", 30)
    } keeps: {
      $0.programme { $0.totalCredits = 90 }
      $0.institution.policy.cycleCredits = [:]
      $0.curriculum { $0.removeAll { $0.term > 3 } }
      $0.mark("a", "T1B", 30)
      $0.addMark("a", "T1B", 1, 60)
    },
    // 15 credits of 0 and of 2.00, 30 of 2.33: 1.665, to two decimals 1.67.
    CreditCase(.promotion, "3.2", "a GPA of 1.66 in the first year") {
      $0.mark("a", "T1B", 0)
      $0.mark("a", "T2A", 65)
      $0.mark("a", "T2B", 69)
      $0.mark("a", "T1A", 74)
    } keeps: {
      $0.mark("a", "T1B", 0)
      $0.mark("a", "T2A", 65)
    },
    CreditCase(.promotion, "3.2", "part-time students need less") {
      for id in ["T1A", "T1B", "T2A", "T2B"] { $0.mark("a", DisciplineID(id), 55) }
    } keeps: {
      for id in ["T1A", "T1B", "T2A", "T2B"] { $0.mark("a", DisciplineID(id), 55) }
      $0.programme { $0.form = .extramural }
    },
  ]

  // MARK: - Plans

  static let plans: [CreditCase] = [
    CreditCase(
      .sectionHours, "2.3", "a section of fewer hours", also: [.planCredits, .loadHours]
    ) {
      $0.plan.sections = $0.plan.sections.with("T3B-L") { $0.hours = 29 }
    } keeps: {
      $0.plan.sections = $0.plan.sections.with("T3B-L") { $0.hours = 30 }
    },
    CreditCase(.loadHours, "2.2", "a class task too few") {
      $0.plan.tasks = $0.plan.tasks.without("T3B-L-T")
    } keeps: {
      $0.plan.tasks.append(Micro.task("x", "T3B", "exam", "T3B-L", 2))
    },
    CreditCase(.deliveredHours, "2.3", "two hours too few") {
      $0.plan.changeMeeting("T3B-P-M") { $0.weeks = WeekPattern(bits: 0x1FFF, weeks: 15) }
    } keeps: {
      $0.plan.changeMeeting("T3B-P-M") { $0.weeks = WeekPattern(bits: 0x3FFF, weeks: 15) }
    },
    CreditCase(.planCredits, "1.2.38", "a student in no practice of a discipline") {
      $0.plan.sections = $0.plan.sections.with("T3C-P") { $0.students = ["b"] }
    } keeps: {
      $0.plan.sections = $0.plan.sections.with("T3C-P") { $0.students = ["c", "b"] }
    },
  ]
}

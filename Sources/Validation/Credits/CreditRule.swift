// SPDX-License-Identifier: GPL-3.0-or-later

/// A rule of credits, curricula, enrolment, marks or promotion that ``CreditConsistency`` checks.
///
/// None of them rejects an instance or a plan: FORMATS.md section 6 has the only two that do
/// (`credits.sum`, `prerequisites.cycle`), which the reader judges. The raw value is the finding's
/// code.
public enum CreditRule: String, CaseIterable, Sendable {
  /// Hours that are given exceed credits × `credit_hours`, where not all five parts are given.
  case hours = "credits.hours"
  /// A term of a curriculum within `term_credits`.
  case curriculumTerm = "credits.curriculumTerm"
  /// The two terms of a full-time year have `year_credits`.
  case year = "credits.year"
  /// The terms of a curriculum have the credits of the programme.
  case programme = "credits.programme"
  /// A whole curriculum of a doctorate lasts three years at least, a master's one.
  case duration = "programme.duration"
  /// Each cycle of a whole curriculum has its least credits.
  case cycle = "credits.cycle"
  /// A student's credits of the term within `term_credits`.
  case term = "credits.term"
  /// A label of alternatives has two at least.
  case onlyOption = "curriculum.onlyOption"
  /// Alternatives have the same credits, so that each student's total is the same.
  case alternatives = "curriculum.alternatives"
  /// Elective disciplines stand among alternatives, mandatory ones do not.
  case component = "curriculum.component"
  /// Each discipline of a curriculum has its cycle and component, where others have.
  case unclassified = "curriculum.unclassified"
  /// A discipline stands in a curriculum once.
  case repeated = "curriculum.repeated"
  /// There is a curriculum for the term that a group is in.
  case noCurriculum = "curriculum.none"
  /// A prerequisite stands in an earlier term of the curriculum.
  case order = "prerequisites.order"
  /// A student has passed the prerequisites of what he or she takes.
  case prerequisite = "prerequisites.passed"
  /// A student takes what is in the working curriculum or the catalogue, unless on mobility.
  case outside = "enrolment.outsideCurriculum"
  /// A student takes all that the curriculum has in the term.
  case missing = "enrolment.missing"
  /// A student takes one of the alternatives of a label.
  case choice = "enrolment.choice"
  /// A student is enrolled in something.
  case notEnrolled = "enrolment.none"
  /// A retake repeats what was failed with F.
  case retake = "enrolment.retake"
  /// After FX there is a resit without classes.
  case resit = "enrolment.resit"
  /// Who failed with F and takes it again is enrolled as retake.
  case failedBefore = "enrolment.failedBefore"
  /// Who failed with F is enrolled again when the discipline is held.
  case notRepeated = "enrolment.notRepeated"
  /// The additional semester is not for the final year.
  case finalYear = "additional.finalYear"
  /// Credits of a mark are those of its discipline.
  case gradeCredits = "grades.credits"
  /// A discipline has one mark of a term.
  case gradeRepeated = "grades.repeated"
  /// A mark is not of a term that is still to come.
  case gradeTerm = "grades.term"
  /// Nobody is in a year without the GPA of the year before.
  case promotion = "promotion.gpa"
  /// Who is in the last term owes nothing of earlier ones.
  case attestation = "attestation.debts"
  /// The sections of a plan have the hours of the curriculum.
  case sectionHours = "plan.sectionHours"
  /// The class tasks of the load have the hours of the sections.
  case loadHours = "plan.loadHours"
  /// The meetings deliver the hours of the sections.
  case deliveredHours = "plan.deliveredHours"
  /// The plan holds the classes of all credits that a student is enrolled for.
  case planCredits = "plan.credits"

  /// The section of the academic policy that it comes from, as POLICY.md part 1 cites it.
  public var policy: String {
    switch self {
    case .hours, .curriculumTerm, .year, .term, .finalYear: "2.2"
    case .programme: "7.1–7.3"
    case .duration: "7.2–7.3"
    case .attestation: "1.2.18"
    case .cycle, .component, .unclassified, .onlyOption, .alternatives: "2.1"
    case .repeated, .noCurriculum, .missing: "1.2.31"
    case .order, .prerequisite: "1.2.27"
    case .outside, .choice: "1.2.16"
    case .notEnrolled: "6.2"
    case .retake, .failedBefore, .notRepeated, .resit: "2.2"
    case .gradeCredits, .gradeRepeated, .gradeTerm: "1.2.36"
    case .promotion: "3.2"
    case .sectionHours, .deliveredHours: "2.3"
    case .loadHours: "2.2"
    case .planCredits: "1.2.38"
    }
  }
}

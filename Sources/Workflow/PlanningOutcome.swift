// SPDX-License-Identifier: GPL-3.0-or-later
public import Curricula
public import Explanation
public import LoadDistribution
public import University
public import Validation

/// A number on which a solver and the validator do not agree: a fault of this program.
public struct ScoreMismatch: Sendable, Hashable, CustomStringConvertible {
  /// The stage.
  public var stage: Stage
  /// A criterion, or `objective`.
  public var name: String
  /// What the solver says.
  public var solver: Double
  /// What the validator finds.
  public var validator: Double

  /// Stage, name and both numbers.
  public var description: String {
    "internal error: \(stage.rawValue) \(name): the solver says \(solver), the validator finds "
      + "\(validator)"
  }
}

/// A plan with everything that is to be said of it.
public struct PlanningOutcome: Sendable {
  /// What was planned, in the regime of the plan.
  public let institution: Institution
  /// The plan, whose claims are those of the validator.
  public var plan: Plan
  /// What is unusual, or makes a valid plan impossible.
  public var findings: [Diagnostic]
  /// Why the sections are as they are; empty where they were not formed in this run.
  public var explanations: [SectionExplanation] = []
  /// What cannot hold in the load, and what is vacant and why.
  public var loadMessages: [Wording] = []
  /// Work with vacant hours, and why; among the messages too.
  public var vacancies: [VacantWork] = []
  /// How many lines of an earlier load change; nil where none was kept.
  public var keptLoad: KeptLoad?
  /// Where the input no longer agrees with decided lines of the load.
  public var loadConflicts: [LoadConflict] = []
  /// What became of the states of departments that were proposed.
  public var notices: [Wording] = []
  /// Posts that would fill what is vacant.
  public var staffing: [StaffingPost] = []
  /// Meetings that have no place, and why.
  public var unplaced: [UnplacedMeeting] = []
  /// Why they have none, as far as it could be told in the time; nil where every meeting has a
  /// place.
  public var explanation: PlanExplanation?
  /// Whether no timetable of the plan's sections and load keeps all rules.
  public var isProvedImpossible = false
  /// What of them cannot hold together, where that was found.
  public var contradiction: Contradiction?
  /// Where solver and validator differ: empty but for faults of this program.
  public var mismatches: [ScoreMismatch] = []
  /// What the plan comes to by the rules alone.
  public var report = ScoreReport()
  /// Whether the work was stopped before it was known whether everything finds a place: then
  /// nothing is written.
  public var isStopped = false
  /// Seconds from the start to the first timetable with every meeting in its place.
  public var firstComplete: Double?

  /// What the timetable's search did, by kind of move.
  public var moves: [String: MoveStatistics] = [:]
  /// Seconds that the timetable's search took.
  public var searchSeconds = 0.0

  init(_ institution: Institution, _ plan: Plan, findings: [Diagnostic]) {
    self.institution = institution
    self.plan = plan
    self.findings = findings
  }

  /// Whether the validator passed the stages that the plan holds.
  ///
  /// A meeting may be without a place in a valid plan: where the section's hours are within the
  /// tolerance without it.
  public var isValid: Bool { !isStopped && report.isValid && mismatches.isEmpty }

  /// Whether the check found something that makes a valid plan impossible.
  public var isImpossible: Bool { findings.contains { $0.severity == .impossible } }
}

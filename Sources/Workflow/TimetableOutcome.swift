// SPDX-License-Identifier: GPL-3.0-or-later
internal import Curricula
internal import Synchronization
internal import Timetabling
public import University
internal import Validation

/// How often a kind of move was drawn, priced and made by all threads, and what it gained.
public struct MoveStatistics: Sendable, Hashable, Codable {
  /// Drawn, those that came to nothing included.
  public var proposed: Int
  /// Passed the cheap checks and was priced.
  public var evaluated: Int
  /// Made.
  public var accepted: Int
  /// Sum of the gains, in units of the objective, of those made that gained; others lost.
  public var gain: Double
}

/// What the timetable stage came to.
public struct TimetableOutcome: Sendable {
  let stage: TimetableStage
  let timetable: Timetable
  /// The meetings that have a place.
  public var meetings: [Meeting]
  /// Meetings that have none, and why.
  public var unplaced: [UnplacedMeeting]
  /// The solver's objective.
  public var objective: Double
  /// A proved lower bound of the objective of any complete timetable.
  public var bound: Double
  /// What the bound is made of, by `relaxation/criterion`.
  public var boundParts: [String: Double]
  /// Seconds from the start of planning to the first timetable with everything in its place.
  public var firstComplete: Double?
  /// What the search did, by kind of move.
  public var moves: [String: MoveStatistics]
  /// Seconds that the search took.
  public var searchSeconds: Double
  /// Whether it was stopped before it was known whether everything finds a place.
  public var isStopped: Bool

  /// Where the solver's objective is not that of the validator, with the criteria that differ when
  /// the declarations are read one by one.
  ///
  /// With meetings that have no place the two count different things and are not compared.
  func mismatches(
    _ found: [TimetableCriterion: Double], _ weights: CriterionWeights<TimetableCriterion>
  ) -> [ScoreMismatch] {
    guard unplaced.isEmpty else { return [] }
    let scale = Double(stage.declaration.scale)
    // Weights with more decimals than the scale holds are rounded by half a unit at most.
    let slack = TimetableCriterion.allCases.reduce(1e-6) { sum, criterion in
      let exact = weights[criterion] * scale
      return sum + abs(exact - exact.rounded()) / scale * (found[criterion] ?? 0)
    }
    let expected = weights.objective(found)
    let rounding = slack + 1e-9 * abs(expected)
    if bound > expected + rounding {
      return [
        ScoreMismatch(stage: .timetable, name: "bound", solver: bound, validator: expected)
      ]
    }
    if abs(expected - objective) <= rounding { return [] }
    var result = [
      ScoreMismatch(
        stage: .timetable, name: "objective", solver: objective, validator: expected)
    ]
    let declared = DeclaredScore(stage.declaration.instance, timetable)
    for criterion in TimetableCriterion.allCases {
      let ours = Double(declared.soft[criterion.rawValue] ?? 0) / scale
      let theirs = weights[criterion] * (found[criterion] ?? 0)
      if abs(ours - theirs) > slack {
        result.append(
          ScoreMismatch(
            stage: .timetable, name: "weighted \(criterion.rawValue) by the declarations",
            solver: ours, validator: theirs))
      }
    }
    return result
  }
}

/// The phases that a search went through.
final class PhaseLog: Sendable {
  private let seen = Mutex<Set<String>>([])

  func note(_ phase: String) { _ = seen.withLock { $0.insert(phase) } }
  func contains(_ phase: String) -> Bool { seen.withLock { $0.contains(phase) } }
}

// SPDX-License-Identifier: GPL-3.0-or-later
internal import Formulation
internal import LinearModels
internal import Problem
internal import Timetabling

/// Solves a small problem whole, from what the search found.
enum WholeTimetable {
  /// Placements beyond which a problem is not small.
  static let mostPlacements = 4000

  /// Whether a problem is small enough: Σ over events of times × rooms.
  static func isSmall(_ problem: Problem) -> Bool {
    guard problem.events > 0 else { return false }
    var placements = 0
    for event in 0..<problem.events {
      placements +=
        problem.options.count(event)
        * (problem.needsRoom[event] ? problem.eventRooms.count(event) : 1)
      if placements > mostPlacements { return false }
    }
    return true
  }

  /// Improves a complete timetable as far as the time goes; returns what is proved of the soft score
  /// of any complete one, nil where nothing is.
  static func solve(
    _ state: SearchState, _ solver: any LinearSolver, timeLimit: Double,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws -> Int? {
    guard state.unplaced == 0 else { return nil }
    let problem = state.problem
    let model = TimetableModel(problem)
    // Only complete timetables are looked for.
    var complete = model.model
    for event in 0..<problem.events {
      if let missing = model.missingColumn(event: event) {
        complete.setBounds(missing, lower: 0, upper: 0)
      }
    }
    var options = SolveOptions()
    options.timeLimit = timeLimit
    options.isCancelled = isCancelled
    options.start = model.values(of: state)
    let solution = try solver.solve(complete, options)
    if !solution.values.isEmpty {
      let before = SearchState(problem)
      before.copy(from: state)
      if !model.apply(solution.values, to: state) || state.score > before.score {
        state.copy(from: before)
      }
    }
    guard let bound = solution.bound, bound.isFinite else { return nil }
    // Costs are whole: what is proved may be rounded up, less what the arithmetic may be off by.
    return Int((bound - 1e-6 * max(1, abs(bound))).rounded(.up))
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import CGLPK
import LinearModels

/// How exactly a point must fulfil a model, relative to the size of the numbers: GLPK's own
/// tolerance is 1e-7 of scaled numbers.
let feasibilityTolerance = 1e-6

/// One solve of a linear programme.
struct Continuous {
  let form: ColumnForm

  func solve(_ clock: Clock) throws -> LinearSolution {
    let problem = try GLPKProblem(form)
    if !clock.canBeCancelled {
      let state = try problem.simplex(
        CGLPK_PRIMAL, presolve: true, milliseconds: clock.milliseconds, iterations: .max)
      if state == CGLPK_INFEASIBLE { return LinearSolution(status: .infeasible) }
      if state == CGLPK_OPTIMAL, let solution = try Self.solution(of: problem, form, state) {
        return solution
      }
    }
    // The presolver cannot be interrupted, hands back no feasible point at a limit, and does not
    // tell an unbounded programme from an infeasible one.
    try problem.scale()
    try problem.resetBasis(advanced: true)
    return try Self.solve(problem, form, from: CGLPK_PRIMAL, clock)
  }

  /// Runs the simplex from the present basis until it has an answer that stands.
  ///
  /// When a method ends without one, the other has its turn, then the primal from the basis of the
  /// slacks.
  static func solve(
    _ problem: borrowing GLPKProblem, _ form: ColumnForm, from method: cglpk_method, _ clock: Clock
  ) throws -> LinearSolution {
    let state = try run(problem, method, clock)
    if let solution = try solution(of: problem, form, state) { return solution }
    for attempt in 0..<2 {
      if clock.isOver { break }
      if attempt == 1 || state == CGLPK_FAILED { try problem.resetBasis(advanced: false) }
      let state = try run(problem, CGLPK_PRIMAL, clock)
      if let solution = try solution(of: problem, form, state) { return solution }
    }
    return LinearSolution(status: .stopped)
  }

  /// Iterations between two questions whether to stop: a count, not a time, so that the path of the
  /// simplex does not depend on the speed of the machine.
  private static let slice: Int32 = 500

  private static func run(
    _ problem: borrowing GLPKProblem, _ method: cglpk_method, _ clock: Clock
  ) throws -> cglpk_state {
    while true {
      let state = try problem.simplex(
        method, presolve: false, milliseconds: clock.milliseconds,
        iterations: clock.canBeCancelled ? slice : .max)
      let isLimit = state == CGLPK_LIMIT || state == CGLPK_LIMIT_FEASIBLE
      if !isLimit || clock.isOver { return state }
    }
  }

  /// What a state means; nil when it means nothing, or when the point does not bear it out.
  private static func solution(
    of problem: borrowing GLPKProblem, _ form: ColumnForm, _ state: cglpk_state
  ) throws -> LinearSolution? {
    switch state {
    case CGLPK_INFEASIBLE: return LinearSolution(status: .infeasible)
    case CGLPK_UNBOUNDED: return LinearSolution(status: .unbounded)
    case CGLPK_LIMIT: return LinearSolution(status: .stopped)
    case CGLPK_OPTIMAL, CGLPK_LIMIT_FEASIBLE:
      let values = form.rounded(try problem.values(form.columns, integer: false))
      guard form.relativeViolation(of: values) <= feasibilityTolerance else { return nil }
      let objective = form.objective(of: values)
      if state == CGLPK_LIMIT_FEASIBLE {
        return LinearSolution(status: .feasible, values: values, objective: objective)
      }
      return LinearSolution(
        status: .optimal, values: values, objective: objective, bound: objective,
        duals: try problem.duals(form.rows))
    default: return nil
    }
  }
}

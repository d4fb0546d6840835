// SPDX-License-Identifier: GPL-3.0-or-later
import CGLPK
public import LinearModels

/// Solves linear models with GLPK: simplex, and branch and cut.
///
/// Each solve has a thread and an environment of its own, so that solves may run at once. Results
/// are checked against the model: integer values are rounded, the objective is computed from them,
/// and a point that violates the model is never reported.
public struct GLPKSolver: LinearSolver {
  /// A solver without settings.
  public init() {}

  /// "GLPK" and the version of the library.
  public var name: String { "GLPK " + String(cString: cglpk_version()) }

  /// Solves a model once.
  public func solve(_ model: LinearModel, _ options: SolveOptions) throws -> LinearSolution {
    let form = try ColumnForm(model, relaxed: options.relaxed)
    if form.isPlainlyInfeasible { return LinearSolution(status: .infeasible) }
    // Without rows there is nothing to search, and GLPK refuses such models here and there.
    if form.row.isEmpty { return form.solvedByColumn() }
    let clock = Clock(options)
    do {
      return try GLPKThread.run {
        try form.isMixedInteger
          ? MixedInteger(form: form, options: options, clock: clock).solve()
          : Continuous(form: form).solve(clock)
      }
    } catch GLPKError.aborted(let message) where message.contains("Assertion failed") {
      // GLPK's own doubts of itself, which no model is at fault for: a solve without an answer.
      return LinearSolution(status: .stopped)
    }
  }

  /// Loads the continuous relaxation of a model and runs the body on the thread that owns it.
  public func withProgramme<Result: Sendable>(
    _ model: LinearModel,
    _ body: @escaping @Sendable (any LinearProgramme) throws -> Result
  ) throws -> Result {
    let form = try ColumnForm(model, relaxed: true)
    return try GLPKThread.run {
      let programme = try GLPKProgramme(form)
      let result = try body(programme)
      try programme.close()
      return result
    }
  }

  /// Reads a model from a file in free MPS format.
  ///
  /// It serves to check that what was exported is what was meant.
  public func model(mpsFile path: String) throws -> LinearModel {
    try model(path: path, isMPS: true)
  }

  /// Reads a model from a file in CPLEX LP format.
  public func model(lpFile path: String) throws -> LinearModel {
    try model(path: path, isMPS: false)
  }

  private func model(path: String, isMPS: Bool) throws -> LinearModel {
    try GLPKThread.run {
      do {
        return try GLPKProblem(path: path, isMPS: isMPS).model()
      } catch GLPKError.aborted(let message) {
        throw GLPKError.unreadable(path: path, message)
      }
    }
  }
}

extension ColumnForm {
  /// The solution of a model whose rows are all empty: each column at its cheaper bound.
  func solvedByColumn() -> LinearSolution {
    var values: [Double] = []
    for column in 0..<columns {
      let cost = cost[column]
      let lower = columnLower[column]
      let upper = columnUpper[column]
      let wanted = cost > 0 ? lower : cost < 0 ? upper : min(max(0, lower), upper)
      guard wanted.isFinite else { return LinearSolution(status: .unbounded) }
      values.append(wanted)
    }
    let objective = objective(of: values)
    return LinearSolution(
      status: .optimal, values: values, objective: objective, bound: objective,
      duals: isMixedInteger ? [] : [Double](repeating: 0, count: rows))
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import CGLPK
import LinearModels

/// A linear programme that stays in GLPK between changes.
///
/// When GLPK gives up, as its dual simplex now and then does over an assertion of its own, the
/// solve loads the programme anew and starts from the beginning. The methods of the protocol do not
/// throw: a solve for which that fails too is answered with `.stopped`, and the next one loads the
/// programme again. The error of the last solve, where it was not mended, is thrown by `close`, that
/// is, by ``GLPKSolver/withProgramme(_:_:)``.
final class GLPKProgramme: LinearProgramme {
  private var form: ColumnForm
  private var problem: GLPKProblem?
  private var failure: (any Error)?
  private var isSolved = false
  private var boundsChanged = false
  private var columnsChanged = false
  /// How many times the programme was loaded anew because GLPK gave up.
  private(set) var reloads = 0
  /// Beyond so many GLPK cannot carry it.
  private static let mostReloads = 100

  init(_ form: ColumnForm) throws {
    self.form = form
    problem = try GLPKProblem(form)
  }

  /// Frees the problem on the thread that owns it, and tells what went wrong.
  func close() throws {
    problem = nil
    if let failure { throw failure }
  }

  /// Calls GLPK unless it has given up.
  func attempt<Value>(
    _ body: (borrowing GLPKProblem, ColumnForm) throws -> Value
  ) -> Value? {
    guard failure == nil else { return nil }
    do {
      switch problem {
      case .some(let problem): return try body(problem, form)
      case .none: preconditionFailure("a linear programme is used only inside its body")
      }
    } catch {
      failure = error
      return nil
    }
  }

  func addColumn(
    lower: Double, upper: Double, cost: Double,
    entries: [(row: LinearModel.Row, coefficient: Double)]
  ) -> LinearModel.Variable {
    precondition(lower <= upper && lower < .infinity && upper > -.infinity, "bounds of a column")
    precondition(cost.isFinite, "cost of a column")
    let (rows, values) = merged(entries)
    form.append(lower: lower, upper: upper, cost: cost, rows: rows, values: values)
    _ = attempt { problem, _ in
      try problem.addColumn(lower: lower, upper: upper, cost: cost, rows: rows, values: values)
    }
    columnsChanged = true
    return LinearModel.Variable(index: form.columns - 1)
  }

  /// One entry a row, in the order of rows: GLPK refuses duplicates.
  private func merged(
    _ entries: [(row: LinearModel.Row, coefficient: Double)]
  ) -> (rows: [Int32], values: [Double]) {
    var rows: [Int32] = []
    var values: [Double] = []
    for entry in entries.sorted(by: { $0.row.index < $1.row.index }) {
      precondition((0..<form.rows).contains(entry.row.index), "a row of another programme")
      precondition(entry.coefficient.isFinite, "coefficient of a column")
      if let last = rows.last, Int(last) == entry.row.index {
        values[values.count - 1] += entry.coefficient
      } else {
        rows.append(Int32(entry.row.index))
        values.append(entry.coefficient)
      }
    }
    let kept = values.indices.filter { values[$0] != 0 }
    return (kept.map { rows[$0] }, kept.map { values[$0] })
  }

  func setBounds(_ variable: LinearModel.Variable, lower: Double, upper: Double) {
    precondition((0..<form.columns).contains(variable.index), "a variable of another programme")
    precondition(lower <= upper && lower < .infinity && upper > -.infinity, "bounds of a column")
    form.columnLower[variable.index] = lower
    form.columnUpper[variable.index] = upper
    _ = attempt { problem, _ in
      try problem.setColumnBounds(variable.index, lower: lower, upper: upper)
    }
    boundsChanged = true
  }

  func setRowBounds(_ row: LinearModel.Row, lower: Double, upper: Double) {
    precondition((0..<form.rows).contains(row.index), "a row of another programme")
    precondition(lower <= upper && lower < .infinity && upper > -.infinity, "bounds of a row")
    form.rowLower[row.index] = lower
    form.rowUpper[row.index] = upper
    _ = attempt { problem, _ in
      try problem.setRowBounds(row.index, lower: lower, upper: upper)
    }
    boundsChanged = true
  }

  func setCost(_ variable: LinearModel.Variable, _ cost: Double) {
    precondition((0..<form.columns).contains(variable.index), "a variable of another programme")
    precondition(cost.isFinite, "cost of a column")
    form.cost[variable.index] = cost
    _ = attempt { problem, _ in try problem.setCost(variable.index, cost) }
    columnsChanged = true
  }

  func solve(timeLimit: Double?) -> LinearSolution {
    let clock = Clock(timeLimit: timeLimit)
    // Bounds set since loading may have mended what was plain then; GLPK finds the rest itself.
    if zip(form.columnLower, form.columnUpper).contains(where: { $0 > $1 }) {
      return LinearSolution(status: .infeasible)
    }
    let method = isSolved && boundsChanged && !columnsChanged ? CGLPK_DUAL : CGLPK_PRIMAL
    var solution = solve(from: method, clock)
    if solution == nil, reload() { solution = solve(from: CGLPK_PRIMAL, clock) }
    // A solve cut short leaves its basis for the next one to go on from.
    isSolved = true
    if let solution, solution.status != .stopped, solution.status != .feasible {
      boundsChanged = false
      columnsChanged = false
    }
    return solution ?? LinearSolution(status: .stopped)
  }

  private func solve(from method: cglpk_method, _ clock: Clock) -> LinearSolution? {
    attempt { problem, form in
      if !isSolved {
        try problem.scale()
        try problem.resetBasis(advanced: true)
      }
      return try Continuous.solve(problem, form, from: method, clock)
    }
  }

  /// Loads the programme as it is now where GLPK gave up on it; says whether it could.
  private func reload() -> Bool {
    guard failure is GLPKError, reloads < Self.mostReloads else { return false }
    reloads += 1
    // What was given up on is freed first: an environment has its thread.
    problem = nil
    do {
      problem = try GLPKProblem(form)
      failure = nil
      isSolved = false
      return true
    } catch {
      failure = error
      return false
    }
  }
}

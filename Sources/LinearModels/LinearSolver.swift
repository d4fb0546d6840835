// SPDX-License-Identifier: GPL-3.0-or-later

/// How a solve ended.
public enum SolveStatus: String, Sendable {
  /// Proved optimal (within the gap asked for).
  case optimal
  /// A feasible point without that proof: a limit was reached or it was interrupted.
  case feasible
  /// Proved that there is no feasible point.
  case infeasible
  /// The objective has no lower bound.
  case unbounded
  /// Stopped before a feasible point was found.
  case stopped
}

/// What a solve came to.
public struct LinearSolution: Sendable {
  /// How it ended.
  public var status: SolveStatus
  /// Value of each variable, integers rounded; empty without a feasible point.
  public var values: [Double]
  /// c·x + constant, recomputed from the values; nil without a feasible point.
  public var objective: Double?
  /// A proved lower bound of the objective; nil where there is none.
  public var bound: Double?
  /// Dual value of each row, for a continuous model solved to optimality; else empty.
  public var duals: [Double]

  /// A result with all its parts.
  public init(
    status: SolveStatus, values: [Double] = [], objective: Double? = nil, bound: Double? = nil,
    duals: [Double] = []
  ) {
    self.status = status
    self.values = values
    self.objective = objective
    self.bound = bound
    self.duals = duals
  }
}

/// What to do with a model.
public struct SolveOptions: Sendable {
  /// Seconds of wall time; nil for no limit.
  public var timeLimit: Double?
  /// Stop when (objective − bound) ÷ max(1, |objective|) is at most this.
  public var relativeGap = 0.0
  /// A feasible point to start from; ignored when it violates the model.
  public var start: [Double]?
  /// Whether to add mixed-integer rounding cuts: good for load models, bad for timetables.
  public var mirCuts = false
  /// Solve as a linear programme, forgetting integrality.
  public var relaxed = false
  /// Asked now and then; true ends the solve with the best found.
  public var isCancelled: (@Sendable () -> Bool)?

  /// No limits.
  public init() {}
}

/// A linear programme that stays in the solver between changes, for column generation and bounding.
///
/// It lives on one thread; see ``LinearSolver/withProgramme(_:_:)``.
public protocol LinearProgramme: AnyObject {
  /// Adds a continuous column with its coefficients in existing rows; returns its position.
  func addColumn(
    lower: Double, upper: Double, cost: Double,
    entries: [(row: LinearModel.Row, coefficient: Double)]
  ) -> LinearModel.Variable
  /// Changes the bounds of a column.
  func setBounds(_ variable: LinearModel.Variable, lower: Double, upper: Double)
  /// Changes the bounds of a row.
  func setRowBounds(_ row: LinearModel.Row, lower: Double, upper: Double)
  /// Changes the cost of a column.
  func setCost(_ variable: LinearModel.Variable, _ cost: Double)
  /// Solves from the last basis: primal simplex after new columns or costs, dual simplex after
  /// changed bounds.
  func solve(timeLimit: Double?) -> LinearSolution
}

/// Something that solves linear and mixed-integer models.
public protocol LinearSolver: Sendable {
  /// Name and version, for reports.
  var name: String { get }
  /// Solves a model once. Throws only when the solver could not run; limits and infeasibility are
  /// a status.
  func solve(_ model: LinearModel, _ options: SolveOptions) throws -> LinearSolution
  /// Loads the continuous relaxation of a model, runs the body on the thread that owns it, and
  /// frees it.
  func withProgramme<Result: Sendable>(
    _ model: LinearModel,
    _ body: @escaping @Sendable (any LinearProgramme) throws -> Result
  ) throws -> Result
}

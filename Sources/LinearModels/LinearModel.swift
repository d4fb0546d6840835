// SPDX-License-Identifier: GPL-3.0-or-later

/// A mixed-integer linear model as a value: minimise c·x + constant subject to
/// lower ≤ A·x ≤ upper and bounds on x.
///
/// It knows nothing of any solver; see ``LinearSolver``.
public struct LinearModel: Sendable {
  /// What values a variable may take.
  public enum Domain: Sendable {
    case continuous, integer, binary
  }

  /// A variable: its position among the columns.
  public struct Variable: Hashable, Sendable {
    /// Position, from 0.
    public let index: Int
    /// The variable at a position.
    public init(index: Int) { self.index = index }
  }

  /// A row: its position among the rows.
  public struct Row: Hashable, Sendable {
    /// Position, from 0.
    public let index: Int
    /// The row at a position.
    public init(index: Int) { self.index = index }
  }

  /// coefficient × variable.
  public struct Term: Sendable {
    /// What is multiplied.
    public var variable: Variable
    /// The factor; finite.
    public var coefficient: Double
    /// coefficient × variable.
    public init(_ coefficient: Double, _ variable: Variable) {
      self.coefficient = coefficient
      self.variable = variable
    }
  }

  /// What is stored of a column.
  public struct Column: Sendable {
    /// The name in exported files; may be empty.
    public var name: String
    /// The lower bound, −infinity for none.
    public var lower: Double
    /// The upper bound, infinity for none.
    public var upper: Double
    /// What values it may take.
    public var domain: Domain
    /// Its coefficient in the objective.
    public var cost: Double
  }

  /// What is stored of a row.
  public struct RowData: Sendable {
    /// The name in exported files; may be empty.
    public var name: String
    /// The lower bound of the sum, −infinity for none.
    public var lower: Double
    /// The upper bound of the sum, infinity for none.
    public var upper: Double
    /// One term a variable, none with coefficient 0.
    public var terms: [Term]
  }

  /// The model's name in exported files.
  public var name: String
  /// Added to the objective.
  public var constant = 0.0
  /// The columns, in the order added.
  public private(set) var columns: [Column] = []
  /// The rows, in the order added.
  public private(set) var rows: [RowData] = []

  /// An empty model.
  public init(name: String = "model") {
    self.name = name
  }

  /// Adds a variable with bounds (±infinity for none) and a cost in the objective.
  ///
  /// Precondition: no NaN, lower ≤ upper, a finite cost.
  @discardableResult
  public mutating func addVariable(
    _ name: String = "", lower: Double = 0, upper: Double = .infinity,
    domain: Domain = .continuous, cost: Double = 0
  ) -> Variable {
    precondition(lower <= upper && cost.isFinite, "bounds or cost of variable \(name)")
    columns.append(
      Column(name: name, lower: lower, upper: upper, domain: domain, cost: cost))
    return Variable(index: columns.count - 1)
  }

  /// Adds a variable that is 0 or 1.
  @discardableResult
  public mutating func addBinary(_ name: String = "", cost: Double = 0) -> Variable {
    addVariable(name, lower: 0, upper: 1, domain: .binary, cost: cost)
  }

  /// Adds lower ≤ Σ terms ≤ upper; terms of one variable are added up.
  @discardableResult
  public mutating func addRow(
    _ name: String = "", lower: Double = -.infinity, upper: Double = .infinity, _ terms: [Term]
  ) -> Row {
    precondition(lower <= upper, "bounds of row \(name)")
    rows.append(RowData(name: name, lower: lower, upper: upper, terms: merged(terms)))
    return Row(index: rows.count - 1)
  }

  /// Changes the bounds of a variable.
  public mutating func setBounds(_ variable: Variable, lower: Double, upper: Double) {
    precondition(lower <= upper, "bounds of variable \(variable.index)")
    columns[variable.index].lower = lower
    columns[variable.index].upper = upper
  }

  /// Changes the cost of a variable.
  public mutating func setCost(_ variable: Variable, _ cost: Double) {
    precondition(cost.isFinite, "cost of variable \(variable.index)")
    columns[variable.index].cost = cost
  }

  /// Columns that an exported file has: those of the model, and one fixed at 1 whose cost is the
  /// objective's constant, where that is not 0.
  public var writtenColumns: Int { columns.count + (constant == 0 ? 0 : 1) }

  /// Whether any variable is integer or binary.
  public var isMixedInteger: Bool { columns.contains { $0.domain != .continuous } }

  /// constant + Σ cost × value.
  public func objective(of values: [Double]) -> Double {
    zip(columns, values).reduce(constant) { $0 + $1.0.cost * $1.1 }
  }

  /// The largest violation of a bound, a row or an integrality by the values; 0 when feasible.
  public func largestViolation(of values: [Double]) -> Double {
    var worst = 0.0
    for (column, value) in zip(columns, values) {
      worst = max(worst, column.lower - value, value - column.upper)
      if column.domain != .continuous { worst = max(worst, abs(value - value.rounded())) }
    }
    for row in rows {
      let activity = row.terms.reduce(0) { $0 + $1.coefficient * values[$1.variable.index] }
      worst = max(worst, row.lower - activity, activity - row.upper)
    }
    return worst
  }

  private func merged(_ terms: [Term]) -> [Term] {
    var position: [Int: Int] = [:]
    var result: [Term] = []
    result.reserveCapacity(terms.count)
    for term in terms {
      precondition(term.coefficient.isFinite, "coefficient of variable \(term.variable.index)")
      precondition(columns.indices.contains(term.variable.index), "variable of another model")
      if let at = position[term.variable.index] {
        result[at].coefficient += term.coefficient
      } else {
        position[term.variable.index] = result.count
        result.append(term)
      }
    }
    return result.filter { $0.coefficient != 0 }
  }
}

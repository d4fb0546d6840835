// SPDX-License-Identifier: GPL-3.0-or-later
import CGLPK
import LinearModels

/// A model by columns, checked, with the bounds of integer columns rounded inwards.
struct ColumnForm {
  var rowLower: [Double] = []
  var rowUpper: [Double] = []
  var columnLower: [Double] = []
  var columnUpper: [Double] = []
  var cost: [Double] = []
  var isInteger: [Bool] = []
  /// Entries of column j: `start[j] ..< start[j + 1]`.
  var start: [Int32] = [0]
  var row: [Int32] = []
  var value: [Double] = []
  var constant = 0.0
  /// Whether an integer column has no integer between its bounds, or an empty row excludes 0.
  var isPlainlyInfeasible = false

  /// How far a bound may miss an integer and still be meant as it.
  private static let integrality = 1e-9

  /// Checks and rearranges a model; GLPK itself would not notice a number that is not one.
  init(_ model: LinearModel, relaxed: Bool) throws {
    guard model.constant.isFinite else {
      throw GLPKError.invalidModel("the constant of its objective is \(model.constant)")
    }
    constant = model.constant
    for column in model.columns {
      try add(column, relaxed: relaxed)
    }
    var count = [Int32](repeating: 0, count: model.columns.count + 1)
    for row in model.rows {
      try Self.check(lower: row.lower, upper: row.upper, "row \(row.name)")
      rowLower.append(row.lower)
      rowUpper.append(row.upper)
      if row.terms.isEmpty && (row.lower > 0 || row.upper < 0) { isPlainlyInfeasible = true }
      for term in row.terms {
        guard term.coefficient.isFinite else {
          throw GLPKError.invalidModel("a coefficient of row \(row.name) is \(term.coefficient)")
        }
        count[term.variable.index + 1] += 1
      }
    }
    for column in model.columns.indices { count[column + 1] += count[column] }
    start = count
    row = [Int32](repeating: 0, count: Int(count[model.columns.count]))
    value = [Double](repeating: 0, count: row.count)
    for (index, data) in model.rows.enumerated() {
      for term in data.terms {
        let at = Int(count[term.variable.index])
        row[at] = Int32(index)
        value[at] = term.coefficient
        count[term.variable.index] += 1
      }
    }
  }

  private mutating func add(_ column: LinearModel.Column, relaxed: Bool) throws {
    try Self.check(lower: column.lower, upper: column.upper, "variable \(column.name)")
    guard column.cost.isFinite else {
      throw GLPKError.invalidModel("the cost of variable \(column.name) is \(column.cost)")
    }
    var lower = column.lower
    var upper = column.upper
    if column.domain == .binary {
      lower = max(lower, 0)
      upper = min(upper, 1)
    }
    let integer = column.domain != .continuous && !relaxed
    if integer {
      lower = (lower - Self.integrality).rounded(.up)
      upper = (upper + Self.integrality).rounded(.down)
    }
    if lower > upper { isPlainlyInfeasible = true }
    columnLower.append(lower)
    columnUpper.append(upper)
    cost.append(column.cost)
    isInteger.append(integer)
  }

  /// Refuses bounds that are not numbers, that cross, or that leave only infinity.
  static func check(lower: Double, upper: Double, _ owner: String) throws {
    guard lower <= upper, lower < .infinity, upper > -.infinity else {
      throw GLPKError.invalidModel("\(owner) is to lie between \(lower) and \(upper)")
    }
  }

  var columns: Int { cost.count }
  var rows: Int { rowLower.count }
  var isMixedInteger: Bool { isInteger.contains(true) }

  /// constant + Σ cost × value.
  func objective(of values: [Double]) -> Double {
    zip(cost, values).reduce(constant) { $0 + $1.0 * $1.1 }
  }

  /// Σ coefficient × value of each row, and the largest |coefficient × value| in it.
  private func activities(of values: [Double]) -> (sum: [Double], scale: [Double]) {
    var sum = [Double](repeating: 0, count: rows)
    var scale = [Double](repeating: 1, count: rows)
    for column in 0..<columns {
      for entry in Int(start[column])..<Int(start[column + 1]) {
        let term = value[entry] * values[column]
        sum[Int(row[entry])] += term
        scale[Int(row[entry])] = max(scale[Int(row[entry])], abs(term))
      }
    }
    return (sum, scale)
  }

  /// The largest violation of a bound, row or integrality relative to the size of what it bounds;
  /// infinite for values that are not finite numbers.
  func relativeViolation(of values: [Double]) -> Double {
    guard values.count == columns, values.allSatisfy(\.isFinite) else { return .infinity }
    var worst = 0.0
    for column in 0..<columns {
      let value = values[column]
      let scale = max(1, abs(value))
      worst = max(worst, (columnLower[column] - value) / scale)
      worst = max(worst, (value - columnUpper[column]) / scale)
      if isInteger[column] { worst = max(worst, abs(value - value.rounded())) }
    }
    let (sum, scale) = activities(of: values)
    for row in 0..<rows {
      worst = max(worst, (rowLower[row] - sum[row]) / scale[row])
      worst = max(worst, (sum[row] - rowUpper[row]) / scale[row])
    }
    return worst
  }

  /// Integer columns rounded, all columns brought within their bounds.
  func rounded(_ values: [Double]) -> [Double] {
    values.indices.map { column in
      let value = isInteger[column] ? values[column].rounded() : values[column]
      return min(max(value, columnLower[column]), columnUpper[column])
    }
  }

  /// Appends a column.
  mutating func append(
    lower: Double, upper: Double, cost: Double, rows: [Int32], values: [Double]
  ) {
    columnLower.append(lower)
    columnUpper.append(upper)
    self.cost.append(cost)
    isInteger.append(false)
    row += rows
    value += values
    start.append(Int32(row.count))
  }

  /// Lends the arrays to C.
  func withModel<Result>(_ body: (UnsafePointer<cglpk_model>) throws -> Result) rethrows -> Result {
    try rowLower.withUnsafeBufferPointer { rowLower in
      try rowUpper.withUnsafeBufferPointer { rowUpper in
        try columnLower.withUnsafeBufferPointer { columnLower in
          try columnUpper.withUnsafeBufferPointer { columnUpper in
            try cost.withUnsafeBufferPointer { cost in
              try isInteger.withUnsafeBufferPointer { isInteger in
                try start.withUnsafeBufferPointer { start in
                  try row.withUnsafeBufferPointer { row in
                    try value.withUnsafeBufferPointer { value in
                      var model = cglpk_model(
                        rows: Int32(rowLower.count), columns: Int32(cost.count),
                        row_lower: rowLower.baseAddress, row_upper: rowUpper.baseAddress,
                        column_lower: columnLower.baseAddress,
                        column_upper: columnUpper.baseAddress, cost: cost.baseAddress,
                        is_integer: isInteger.baseAddress, start: start.baseAddress,
                        row: row.baseAddress, value: value.baseAddress, constant: constant)
                      return try body(&model)
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}

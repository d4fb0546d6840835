// SPDX-License-Identifier: GPL-3.0-or-later
import CGLPK
import LinearModels

/// Owner of a problem in GLPK: opened, used and freed on one thread.
///
/// It checks nothing but that GLPK has not given up; callers pass what they have checked.
struct GLPKProblem: ~Copyable {
  private let handle: OpaquePointer

  /// Loads a model with the bounds of its columns replaced by those given.
  init(_ form: ColumnForm) throws {
    let opened = form.withModel { cglpk_open($0) }
    try self.init(opened: opened)
  }

  /// Reads a file.
  init(path: String, isMPS: Bool) throws {
    try self.init(opened: cglpk_open_file(path, isMPS))
  }

  private init(opened: OpaquePointer?) throws {
    guard let opened else { throw GLPKError.aborted("no memory") }
    guard !cglpk_is_broken(opened) else {
      let message = String(cString: cglpk_message(opened))
      cglpk_close(opened)
      throw GLPKError.aborted(message)
    }
    handle = opened
  }

  deinit { cglpk_close(handle) }

  private func check(_ code: Int32) throws {
    if code == CGLPK_BROKEN {
      throw GLPKError.aborted(String(cString: cglpk_message(handle)))
    }
  }

  func addColumn(lower: Double, upper: Double, cost: Double, rows: [Int32], values: [Double])
    throws
  {
    try check(
      cglpk_add_column(handle, lower, upper, cost, Int32(rows.count), rows, values))
  }

  func setColumnBounds(_ column: Int, lower: Double, upper: Double) throws {
    try check(cglpk_set_column_bounds(handle, Int32(column), lower, upper))
  }

  func setRowBounds(_ row: Int, lower: Double, upper: Double) throws {
    try check(cglpk_set_row_bounds(handle, Int32(row), lower, upper))
  }

  func setCost(_ column: Int, _ cost: Double) throws {
    try check(cglpk_set_cost(handle, Int32(column), cost))
  }

  func resetBasis(advanced: Bool) throws {
    try check(cglpk_reset_basis(handle, advanced))
  }

  func scale() throws {
    try check(cglpk_scale(handle))
  }

  func simplex(
    _ method: cglpk_method, presolve: Bool, milliseconds: Int32, iterations: Int32
  ) throws -> cglpk_state {
    var state = CGLPK_UNDEFINED
    try check(cglpk_simplex(handle, method, presolve, milliseconds, iterations, &state))
    return state
  }

  func branchAndCut(_ search: cglpk_search) throws -> cglpk_search_result {
    var search = search
    var result = cglpk_search_result()
    try check(cglpk_branch_and_cut(handle, &search, &result))
    return result
  }

  func values(_ count: Int, integer: Bool) throws -> [Double] {
    var values = [Double](repeating: 0, count: count)
    try check(cglpk_values(handle, integer, &values))
    return values
  }

  func duals(_ count: Int) throws -> [Double] {
    var duals = [Double](repeating: 0, count: count)
    try check(cglpk_duals(handle, &duals))
    return duals
  }

  /// The problem as a value, names included.
  func model() throws -> LinearModel {
    var rows: Int32 = 0
    var columns: Int32 = 0
    var entries: Int32 = 0
    var maximised = false
    try check(cglpk_size(handle, &rows, &columns, &entries, &maximised))
    var rowLower = [Double](repeating: 0, count: Int(rows))
    var rowUpper = rowLower
    var columnLower = [Double](repeating: 0, count: Int(columns))
    var columnUpper = columnLower
    var cost = columnLower
    var isInteger = [Bool](repeating: false, count: Int(columns))
    var start = [Int32](repeating: 0, count: Int(columns) + 1)
    var row = [Int32](repeating: 0, count: Int(entries))
    var value = [Double](repeating: 0, count: Int(entries))
    var constant = 0.0
    try check(
      cglpk_read(
        handle, &rowLower, &rowUpper, &columnLower, &columnUpper, &cost, &isInteger, &start, &row,
        &value, &constant))
    if maximised {
      throw GLPKError.invalidModel("it is to be maximised")
    }
    var model = LinearModel()
    model.constant = constant
    var terms = [[LinearModel.Term]](repeating: [], count: Int(rows))
    for column in cost.indices {
      let name = cglpk_column_name(handle, Int32(column)).map { String(cString: $0) } ?? ""
      let variable = model.addVariable(
        name, lower: columnLower[column], upper: columnUpper[column],
        domain: isInteger[column] ? .integer : .continuous, cost: cost[column])
      for entry in Int(start[column])..<Int(start[column + 1]) {
        terms[Int(row[entry])].append(LinearModel.Term(value[entry], variable))
      }
    }
    for index in terms.indices {
      let name = cglpk_row_name(handle, Int32(index)).map { String(cString: $0) } ?? ""
      model.addRow(name, lower: rowLower[index], upper: rowUpper[index], terms[index])
    }
    return model
  }
}

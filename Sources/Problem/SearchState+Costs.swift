// SPDX-License-Identifier: GPL-3.0-or-later

extension SearchState {
  /// What the days of a person cost now, missing days aside.
  public func daysCost(of person: Int) -> Int {
    (0..<problem.cells).reduce(0) { $0 + Int(cellOf[person * problem.cells + $1].cost) }
  }
}

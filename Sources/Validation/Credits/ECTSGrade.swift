// SPDX-License-Identifier: GPL-3.0-or-later

/// A grade of the ECTS curve, given to the passing students by rank: the best 10 % A, then 25 % B,
/// 30 % C, 25 % D, 10 % E.
///
/// **Source**: policy 3.1. A report; no mark is ever changed or rejected for it.
public enum ECTSGrade: String, CaseIterable, Sendable {
  case a = "A"
  case b = "B"
  case c = "C"
  case d = "D"
  case e = "E"

  /// Its share of the passing students in percent.
  public var percent: Int {
    switch self {
    case .a, .e: 10
    case .b, .d: 25
    case .c: 30
    }
  }

  /// How many of so many passing students get each grade, by largest remainder (the better grade on
  /// a tie).
  public static func shares(of passing: Int) -> [Int] {
    var shares = allCases.map { $0.percent * passing / 100 }
    let order = allCases.indices.sorted {
      let (x, y) = (allCases[$0].percent * passing % 100, allCases[$1].percent * passing % 100)
      return x != y ? x > y : $0 < $1
    }
    for at in order.prefix(passing - shares.reduce(0, +)) { shares[at] += 1 }
    return shares
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import LinearModels

/// Σ coefficient × variable + constant: what a placement that is fixed adds is the constant.
struct Affine {
  private(set) var terms: [LinearModel.Term] = []
  private(set) var constant = 0.0

  init(_ constant: Double = 0) { self.constant = constant }

  init(_ variable: LinearModel.Variable) { terms = [.init(1, variable)] }

  /// Whether it is the number 0.
  var isZero: Bool { terms.isEmpty && constant == 0 }

  mutating func add(_ other: Affine, times factor: Double = 1) {
    for term in other.terms { terms.append(.init(factor * term.coefficient, term.variable)) }
    constant += factor * other.constant
  }

  func plus(_ other: Affine, times factor: Double = 1) -> Affine {
    var sum = self
    sum.add(other, times: factor)
    return sum
  }

  func value(_ values: [Double]) -> Double {
    terms.reduce(constant) { $0 + $1.coefficient * values[$1.variable.index] }
  }

  static func sum(_ parts: some Sequence<Affine>) -> Affine {
    parts.reduce(into: Affine()) { $0.add($1) }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
internal import Glibc

/// Seconds of wall time since it was made.
struct Clock: Sendable {
  private let start = ContinuousClock.now

  var seconds: Double {
    let (whole, atto) = (ContinuousClock.now - start).components
    return Double(whole) + Double(atto) * 1e-18
  }
}

/// base to the exponent.
func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

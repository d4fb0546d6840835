// SPDX-License-Identifier: GPL-3.0-or-later

/// A letter of the rating system with its digital equivalent.
///
/// **Source**: policy 2.2; POLICY.md 3.6.
public enum LetterGrade: String, CaseIterable, Sendable {
  case a = "A"
  case aMinus = "A-"
  case bPlus = "B+"
  case b = "B"
  case bMinus = "B-"
  case cPlus = "C+"
  case c = "C"
  case cMinus = "C-"
  case dPlus = "D+"
  case d = "D"
  /// Failed; the final control alone may be sat again.
  case fx = "FX"
  /// Failed; the discipline is taken again with all its classes.
  case f = "F"

  /// The letter of a mark from 0 to 100: `A` from 95, then a letter each five points down to `D`
  /// from 50, `FX` from 25.
  public init(points: Double) {
    let passing = Self.allCases.prefix(10)
    self =
      passing.first { points >= $0.leastPoints }
      ?? (points >= Self.fx.leastPoints ? .fx : .f)
  }

  /// The fewest points of the letter.
  public var leastPoints: Double {
    switch self {
    case .a: 95
    case .aMinus: 90
    case .bPlus: 85
    case .b: 80
    case .bMinus: 75
    case .cPlus: 70
    case .c: 65
    case .cMinus: 60
    case .dPlus: 55
    case .d: 50
    case .fx: 25
    case .f: 0
    }
  }

  /// The digital equivalent in hundredths, which GPA is the weighted mean of.
  public var hundredths: Int {
    switch self {
    case .a: 400
    case .aMinus: 367
    case .bPlus: 333
    case .b: 300
    case .bMinus: 267
    case .cPlus: 233
    case .c: 200
    case .cMinus: 167
    case .dPlus: 133
    case .d: 100
    case .fx: 50
    case .f: 0
    }
  }

  /// Whether credits are given for it (policy 2.2).
  public var isPassed: Bool { self != .fx && self != .f }
}

extension Grade {
  /// The letter of the mark.
  public var letter: LetterGrade { LetterGrade(points: points) }
}

/// Grade point average: Σ(equivalent × credits) ÷ Σ credits, to two decimals (half up).
///
/// Kept as an exact fraction of whole numbers, so that a threshold is not missed by rounding.
/// **Source**: policy 1.2.35, 3.2.
public struct GPA: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Hundredths of a point.
  public let hundredths: Int

  /// A GPA of so many hundredths.
  public init(hundredths: Int) {
    self.hundredths = hundredths
  }

  /// The mean of equivalents in hundredths, weighted by credits; nil without credits.
  public init?(_ results: some Sequence<(letter: LetterGrade, credits: Double)>) {
    // Credits are decimal at most to 0.01.
    var credits = 0
    var sum = 0
    for result in results {
      let weight = Int((result.credits * 100).rounded())
      credits += weight
      sum += weight * result.letter.hundredths
    }
    guard credits > 0 else { return nil }
    hundredths = (2 * sum + credits) / (2 * credits)
  }

  /// The number of points.
  public var value: Double { Double(hundredths) / 100 }

  /// Two decimals, such as `2.00`.
  public var description: String {
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }

  /// By points.
  public static func < (a: Self, b: Self) -> Bool { a.hundredths < b.hundredths }
}

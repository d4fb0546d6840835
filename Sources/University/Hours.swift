// SPDX-License-Identifier: GPL-3.0-or-later

/// Academic hours to the hundredth, so that sums are exact.
public struct Hours: Hashable, Comparable, Sendable {
  /// Hundredths of an academic hour.
  public let hundredths: Int

  /// So many hundredths of an hour.
  public init(hundredths: Int) {
    self.hundredths = hundredths
  }

  /// Whole hours.
  public init(_ hours: Int) {
    self.hundredths = hours * 100
  }

  /// The nearest hundredth, halves away from zero.
  public init(rounding hours: Double) {
    self.hundredths = Int((hours * 100).rounded(.toNearestOrAwayFromZero))
  }

  /// No hours.
  public static let zero = Hours(hundredths: 0)

  /// The hours as a floating-point number.
  public var value: Double { Double(hundredths) / 100 }

  /// Sum.
  public static func + (a: Self, b: Self) -> Self { Hours(hundredths: a.hundredths + b.hundredths) }
  /// Difference.
  public static func - (a: Self, b: Self) -> Self { Hours(hundredths: a.hundredths - b.hundredths) }
  /// Adds in place.
  public static func += (a: inout Self, b: Self) { a = a + b }
  /// Subtracts in place.
  public static func -= (a: inout Self, b: Self) { a = a - b }
  /// Order of size.
  public static func < (a: Self, b: Self) -> Bool { a.hundredths < b.hundredths }
}

extension Hours {
  /// The same with a decimal comma, as Kazakh and Russian write it: `4,6`.
  public var decimalComma: String {
    String(description.map { $0 == "." ? "," : $0 })
  }
}

extension Double {
  /// The number as it prints, with a decimal comma, as Kazakh and Russian write it: `3,25`, `3,0`.
  public var decimalComma: String {
    String(description.map { $0 == "." ? "," : $0 })
  }
}

extension Hours: CustomStringConvertible {
  /// As short as it goes: `30`, `4.6`, `0.25`.
  public var description: String {
    let sign = hundredths < 0 ? "-" : ""
    let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
    if rest == 0 { return "\(sign)\(whole)" }
    if rest % 10 == 0 { return "\(sign)\(whole).\(rest / 10)" }
    return "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }
}

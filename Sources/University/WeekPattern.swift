// SPDX-License-Identifier: GPL-3.0-or-later

/// The weeks of a term in which something is held.
public struct WeekPattern: Hashable, Sendable {
  /// Bit w is set when it is held in week w + 1.
  public let bits: UInt64
  /// How many weeks the pattern speaks of; for a valid pattern the weeks of the term (at most 60).
  public let weeks: Int

  /// A pattern of the given weeks; bits beyond them are dropped.
  public init(bits: UInt64, weeks: Int) {
    self.bits = weeks >= 64 ? bits : bits & ((1 << UInt64(weeks)) - 1)
    self.weeks = weeks
  }

  /// Reads a string of `0` and `1`, first week first; nil for other characters, for an empty
  /// string, or beyond 64 weeks.
  public init?(digits: String) {
    guard (1...64).contains(digits.utf8.count) else { return nil }
    var bits: UInt64 = 0
    for (week, byte) in digits.utf8.enumerated() {
      switch byte {
      case UInt8(ascii: "0"): break
      case UInt8(ascii: "1"): bits |= 1 << UInt64(week)
      default: return nil
      }
    }
    self.bits = bits
    self.weeks = digits.utf8.count
  }

  /// Reads `all`, `odd`, `even` or exactly `weeks` digits; nil for anything else.
  public init?(_ text: String, weeks: Int) {
    switch text {
    case "all": self = .all(weeks)
    case "odd": self = .odd(weeks)
    case "even": self = .even(weeks)
    default:
      guard let pattern = WeekPattern(digits: text), pattern.weeks == weeks else { return nil }
      self = pattern
    }
  }

  /// Reads what people type of the weeks of a term: `3`, `3-5`, or a pattern; nil for anything else
  /// and where no week is left.
  public init?(span text: String, weeks: Int) {
    let range = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    if (1...2).contains(range.count), let low = range[0], let high = range[range.count - 1],
      low >= 1, low <= high, high <= weeks
    {
      self.init(
        bits: (low...high).reduce(UInt64(0)) { $0 | 1 << UInt64($1 - 1) }, weeks: weeks)
    } else {
      guard let pattern = WeekPattern(text, weeks: weeks), pattern.count > 0 else { return nil }
      self = pattern
    }
  }

  /// Every week.
  public static func all(_ weeks: Int) -> WeekPattern { WeekPattern(bits: .max, weeks: weeks) }
  /// Weeks 1, 3, 5 …
  public static func odd(_ weeks: Int) -> WeekPattern {
    WeekPattern(bits: 0x5555_5555_5555_5555, weeks: weeks)
  }
  /// Weeks 2, 4, 6 …
  public static func even(_ weeks: Int) -> WeekPattern {
    WeekPattern(bits: 0xAAAA_AAAA_AAAA_AAAA, weeks: weeks)
  }

  /// How many weeks it is held in.
  public var count: Int { bits.nonzeroBitCount }

  /// Whether it is held in a week, counted from 0.
  public func holds(week: Int) -> Bool { bits >> UInt64(week) & 1 == 1 }

  /// The digits, first week first.
  public var digits: String {
    String((0..<weeks).map { holds(week: $0) ? "1" : "0" })
  }
}

extension WeekPattern: CustomStringConvertible {
  /// `all`, `odd`, `even` or the digits.
  public var description: String {
    if self == .all(weeks) { return "all" }
    if self == .odd(weeks) { return "odd" }
    if self == .even(weeks) { return "even" }
    return digits
  }
}

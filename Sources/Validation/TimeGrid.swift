// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// Weeks × days × slots of the term in the regime in use.
///
/// Slots of a day are the bits of a word: bit 0 is slot 1 (a regime has at most 48 slots), as weeks
/// are the bits of a ``WeekPattern``.
struct TimeGrid {
  let weeks: Int
  let days: [Weekday]
  let regime: Regime

  init(_ institution: Institution) {
    weeks = institution.term.weeks
    days = institution.days.sorted()
    regime = institution.regime
  }

  var slots: Int { regime.slots }
  var allWeeks: UInt64 { WeekPattern.all(weeks).bits }

  /// The bits of slots `from` … `to`, clipped to the grid.
  func mask(from: Int, to: Int) -> UInt64 {
    let first = max(from, 1)
    let last = min(to, slots)
    guard first <= last else { return 0 }
    return ((1 << UInt64(last - first + 1)) - 1) << UInt64(first - 1)
  }

  /// The position of a day in the grid; nil for a day without classes.
  func position(of day: Weekday) -> Int? { days.firstIndex(of: day) }
}

/// A set of (week, day, slot).
struct SlotSet {
  private var words: [UInt64]
  private let days: Int

  init(_ grid: TimeGrid) {
    days = grid.days.count
    words = Array(repeating: 0, count: grid.weeks * days)
  }

  /// The slots of a day of a week, as bits.
  subscript(week: Int, day: Int) -> UInt64 {
    get { words[week * days + day] }
    set { words[week * days + day] = newValue }
  }

  /// Adds the slots of a day in the weeks of a pattern's bits.
  mutating func insert(weeks: UInt64, day: Int, slots: UInt64) {
    for week in 0..<(words.count / days) where weeks >> UInt64(week) & 1 == 1 {
      self[week, day] |= slots
    }
  }

  /// How many hours of a meeting lie in the set; 0 for a meeting outside the grid.
  func hours(of meeting: MeetingFacts) -> Int {
    guard let day = meeting.day, meeting.isInGrid else { return 0 }
    return (0..<(words.count / days)).reduce(0) { sum, week in
      meeting.holds(week: week) ? sum + (self[week, day] & meeting.slots).nonzeroBitCount : sum
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later

/// Weeks × days × slots, with the clock time of each slot.
public struct TimeGrid: Hashable, Sendable {
  /// Weeks of the term, 1 to 64.
  public var weeks: Int
  /// Days of a week that are used, 1 to 7, counted from 0.
  public var days: Int
  /// Slots of a day, 1 to 288, counted from 0. The search's kernels take up to 64.
  public var slots: Int
  /// Minute of the day at which each slot starts; for travel only.
  public var slotStarts: [Int]
  /// Minutes that a slot lasts.
  public var slotMinutes: Int

  /// A grid with its clock times.
  public init(weeks: Int, days: Int, slotStarts: [Int], slotMinutes: Int) {
    self.weeks = weeks
    self.days = days
    self.slots = slotStarts.count
    self.slotStarts = slotStarts
    self.slotMinutes = slotMinutes
  }

  /// Minutes from the end of slot `a` to the start of slot `b`.
  public func minutes(fromEndOf a: Int, toStartOf b: Int) -> Int {
    slotStarts[b] - slotStarts[a] - slotMinutes
  }
}

/// Weeks, days, start and length: when an event is held.
///
/// It is held in each of its weeks on each of its days, at slots `start ..< start + length`.
public struct TimePattern: Hashable, Sendable {
  /// Bit w is set for week w, counted from 0.
  public var weeks: UInt64
  /// Bit d is set for day d, counted from 0.
  public var days: UInt8
  /// First slot, from 0.
  public var start: Int
  /// Slots.
  public var length: Int

  /// A pattern on the days of a mask.
  public init(weeks: UInt64, days: UInt8, start: Int, length: Int) {
    self.weeks = weeks
    self.days = days
    self.start = start
    self.length = length
  }

  /// A pattern on one day.
  public init(weeks: UInt64, day: Int, start: Int, length: Int) {
    self.init(weeks: weeks, days: 1 << UInt8(day), start: start, length: length)
  }

  /// The first of its days, from 0.
  public var day: Int { days.trailingZeroBitCount }
}

/// A set of (week, day, slot), such as the times at which a room is closed.
public struct TimeSet: Hashable, Sendable {
  /// Bit s of `masks[week * days + day]` is set when slot s is in the set.
  public private(set) var masks: [UInt64]
  private let days: Int

  /// The empty set of a grid of at most 64 slots a day.
  public init(grid: TimeGrid) {
    self.masks = Array(repeating: 0, count: grid.weeks * grid.days)
    self.days = grid.days
  }

  /// Adds slots `from ... to` (from 0) of a day in the weeks of a mask.
  public mutating func insert(weeks: UInt64, day: Int, from: Int, to: Int) {
    guard from <= to, from >= 0, to < 64 else { return }
    let row = (UInt64.max >> UInt64(63 - (to - from))) << UInt64(from)
    for week in 0..<(masks.count / days) where weeks >> UInt64(week) & 1 == 1 {
      masks[week * days + day] |= row
    }
  }

  /// Adds all of another set of the same grid.
  public mutating func formUnion(_ other: TimeSet) {
    for index in masks.indices { masks[index] |= other.masks[index] }
  }

  /// Keeps what another set of the same grid has too.
  public mutating func formIntersection(_ other: TimeSet) {
    for index in masks.indices { masks[index] &= other.masks[index] }
  }

  /// The slots of a day of a week.
  public func slots(week: Int, day: Int) -> UInt64 { masks[week * days + day] }

  /// Whether nothing is in it.
  public var isEmpty: Bool { masks.allSatisfy { $0 == 0 } }
}

// SPDX-License-Identifier: GPL-3.0-or-later

/// What a day of a person costs, as a function of the slots taken, the number of events and the
/// sites: the `GroupTerm` of people.
///
/// cost(day) = gap · (span − taken) + long · max(0, taken − longLimit) + window · [window ⊆ taken]
///   + days · [taken ≠ ∅] + isolated · (slots without a neighbour) + single · [one event]
///   + change · (consecutive events at different sites) + lenient · (slots of lenient overlaps).
public struct Measure: Hashable, Sendable {
  /// Marks a day that breaks a hard limit.
  public static let forbidden = Int32.max

  package internal(set) var gap: Int32 = 0
  package internal(set) var long: Int32 = 0
  package internal(set) var longLimit = 64
  package internal(set) var hardLimit = 64
  package internal(set) var window: Int32 = 0
  package internal(set) var windowMask: UInt64 = 0
  package internal(set) var days: Int32 = 0
  package internal(set) var isolated: Int32 = 0
  package internal(set) var single: Int32 = 0
  package internal(set) var change: Int32 = 0
  package internal(set) var lenient: Int32 = 0
  package internal(set) var minimumDays: Int32 = 0
  package internal(set) var forbidsOverlap = false
  package internal(set) var needsTravel = false

  /// The part that depends on the slots taken alone; ``forbidden`` above the hard limit.
  func cost(taken: UInt64) -> Int32 {
    let count = taken.nonzeroBitCount
    if count == 0 { return 0 }
    if count > hardLimit { return Measure.forbidden }
    let span = 64 - taken.leadingZeroBitCount - taken.trailingZeroBitCount
    var cost = days + gap * Int32(span - count)
    if count > longLimit { cost += long * Int32(count - longLimit) }
    if windowMask != 0, taken & windowMask == windowMask { cost += window }
    if isolated != 0 {
      cost += isolated * Int32((taken & ~(taken << 1) & ~(taken >> 1)).nonzeroBitCount)
    }
    return cost
  }

  /// What a day costs at most: each part at its largest, so that no sum on the way to a cost is
  /// more.
  ///
  /// - Parameters:
  ///   - slots: Slots of a day.
  ///   - events: Events that may be held on it.
  ///   - overlaps: Whether some of them may overlap.
  /// - Returns: At least the cost of any day that is not forbidden.
  func dearestDay(slots: Int, events: Int, overlaps: Bool) -> Int {
    let taken = max(0, min(slots, hardLimit))
    let alone = (slots + 1) / 2
    var cost = Int(days) + Int(window) + Int(single)
    cost += Int(gap) * max(0, slots - 2)
    cost += Int(long) * max(0, taken - longLimit)
    cost += Int(isolated) * (overlaps ? max(alone, events) : alone)
    cost += Int(change) * max(0, events - 1)
    if overlaps { cost += Int(lenient) * taken }
    return cost
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import TestSupport
import Testing
import Timetabling

@Suite("Sets of times")
struct TimeSetTests {
  private let grid = TimeGrid(
    weeks: 3, days: 2, slotStarts: (0..<64).map { $0 * 10 }, slotMinutes: 10)

  @Test func holdsExactlyWhatWasPutIn() {
    var random = TestRandom(seed: 4)
    for _ in 0..<50 {
      var set = TimeSet(grid: grid)
      var plain: Set<[Int]> = []
      for _ in 0..<3 {
        let weeks = random.next() & 7
        let day = random.below(2), from = random.below(64)
        let to = from + random.below(64 - from)
        set.insert(weeks: weeks, day: day, from: from, to: to)
        for week in 0..<3 where weeks >> UInt64(week) & 1 == 1 {
          for slot in from...to { plain.insert([week, day, slot]) }
        }
      }
      for week in 0..<3 {
        for day in 0..<2 {
          let slots = set.slots(week: week, day: day)
          for slot in 0..<64 {
            #expect((slots >> UInt64(slot) & 1 == 1) == plain.contains([week, day, slot]))
          }
        }
      }
      #expect(set.isEmpty == plain.isEmpty)
    }
  }

  @Test func takesNothingFromAnEmptyRange() {
    var set = TimeSet(grid: grid)
    set.insert(weeks: 7, day: 0, from: 5, to: 4)
    #expect(set.isEmpty)
  }

  @Test func unionHoldsBoth() {
    var a = TimeSet(grid: grid), b = TimeSet(grid: grid)
    a.insert(weeks: 1, day: 0, from: 0, to: 1)
    b.insert(weeks: 2, day: 1, from: 63, to: 63)
    a.formUnion(b)
    #expect(a.slots(week: 0, day: 0) == 3)
    #expect(a.slots(week: 1, day: 1) == 1 << 63)
    #expect(a.slots(week: 0, day: 1) == 0)
  }

  @Test func minutesBetweenSlotsCountFromTheEndToTheStart() {
    let grid = TimeGrid(weeks: 1, days: 1, slotStarts: [480, 540, 610], slotMinutes: 50)
    #expect(grid.minutes(fromEndOf: 0, toStartOf: 1) == 10)
    #expect(grid.minutes(fromEndOf: 0, toStartOf: 2) == 80)
  }
}

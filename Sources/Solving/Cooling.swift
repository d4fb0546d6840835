// SPDX-License-Identifier: GPL-3.0-or-later
/// How a search cools: temperatures as shares of the mean size of a random change, so that they
/// follow the scale of the instance.
public struct Cooling: Sendable {
  /// At the start.
  public var hot = 0.1
  /// At the bend.
  public var warm = 0.024
  /// At the end.
  public var cold = 0.0018
  /// Share of the run after which the fall is steeper.
  public var bend = 0.75
  /// Moves of each chain an event, in all of the run, from which the chains of several threads are
  /// cooled apart at first: with fewer, more moves of one timetable are worth more.
  public var apartFrom = 200_000.0
  /// Events up to which they are: what the better of two runs gains over the mean of them falls with the
  /// root of the size, and what twice the moves gain does not.
  public var apartUpTo = 800

  /// Where courses are moved by Kempe chains: moves a lecture, of all threads, for the square of the
  /// number of timetables that are cooled together. A quarter of that many timetables and four
  /// times that many came to 4 and 5 % more (five instances, one seed).
  public var movesPerSquare = 6600.0

  /// The measured temperatures.
  public init() {}

  /// The temperature at a share of the run, for a scale of 1: geometric from hot to warm, and from
  /// warm to cold.
  func temperature(at share: Double) -> Double {
    share < bend
      ? hot * power(warm / hot, share / bend)
      : warm * power(cold / warm, (share - bend) / (1 - bend))
  }
}

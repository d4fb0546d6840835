// SPDX-License-Identifier: GPL-3.0-or-later
public import Problem

/// A proved lower bound of the soft score, by what makes it up.
///
/// It adds up amounts that no timetable avoids, each relaxing everything else: the cheapest
/// placement of each event by itself, the cheapest row of each group's pattern sets, and the days
/// that a person needs for their hours. What is left out can only add cost.
public struct LowerBound: Sendable, Hashable {
  /// Σ over events of the cheapest time (and room) alone.
  public var placements = 0
  /// Σ over groups of several events of the cheapest row.
  public var rows = 0
  /// Σ over people whose days cost of the fewest days.
  public var days = 0

  /// The bound.
  public var total: Int { placements + rows + days }

  /// The bound of a problem, linear in the options of its events.
  public init(_ problem: Problem) {
    for event in 0..<problem.events {
      placements += problem.cheapestPlacement(of: event)
    }
    for group in 0..<problem.groups where problem.groupEvents.count(group) > 1 {
      rows += problem.cheapestRow(of: group)
    }
    for person in 0..<problem.people {
      days += problem.fewestDaysCost(of: person)
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// The meetings that sections have already, which a declaration takes as they are.
///
/// Week patterns are free (FORMATS.md, exact reading 12): a section whose meetings deliver its hours
/// by other weeks and lengths than keste would choose is declared with these.
public struct HeldTimetable: Sendable {
  /// The meetings.
  public var meetings: [Meeting]
  /// Meetings that stay at their time and in their room.
  public var fixed: Set<MeetingID> = []
  /// Other weeks, as many, in which a meeting may be held.
  public var otherWeeks: [MeetingID: [WeekPattern]] = [:]
  /// What is not fixed is held on or after this week, from 0, and day.
  public var start: (week: Int, day: Weekday)?
  /// Whether every section keeps the weeks and lengths of its meetings; else those that the
  /// catalogue of patterns would give may change.
  public var isBinding = false

  /// Meetings as they are held now.
  public init(_ meetings: [Meeting]) { self.meetings = meetings }

  /// The meetings by section, in their order.
  var bySection: [SectionID: [Meeting]] {
    Dictionary(grouping: meetings, by: \.section)
  }
}

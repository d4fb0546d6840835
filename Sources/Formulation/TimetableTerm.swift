// SPDX-License-Identifier: GPL-3.0-or-later

/// A part of a problem that ``TimetableModel`` says in rows and columns.
public enum TimetableTerm: String, CaseIterable, Sendable {
  /// One placement an event, or none at a price.
  case placement
  /// Rooms hold one event at a time.
  case rooms
  /// Weeks and lengths of a group's events are one of its rows.
  case patternRows
  /// Events of a person do not overlap.
  case overlap
  /// There is time for the way.
  case travel
  /// Hours of a day have a limit.
  case dayLimit
  /// Soft costs of a person's days.
  case gaps, longDays, window, daysUsed, singles, isolated, siteChanges, lenientOverlap
  /// Days used below a person's minimum.
  case minimumDays
  /// Soft costs of a group.
  case sameDay, order, roomStability
}

/// How well the rows say a term.
public enum Exactness: String, Sendable {
  /// At whole values of the placements, and the rest as cheap as the rows allow, the rows allow
  /// and cost what the term does.
  case exact
  /// The term is left out: what the rows allow is more, and what they cost less.
  case omitted
}

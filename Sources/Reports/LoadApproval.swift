// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// What a department's documents say of its approval: `approvals.csv`.
public struct LoadApproval: Sendable, Hashable {
  /// Whether it is approved; else it is proposed.
  public var isApproved: Bool
  /// Who decided.
  public var by: String
  /// When.
  public var date: CalendarDate
  /// Number of the minutes; empty where not given.
  public var minutes: String

  /// An approval, or a proposal.
  public init(isApproved: Bool, by: String, date: CalendarDate, minutes: String) {
    self.isApproved = isApproved
    self.by = by
    self.date = date
    self.minutes = minutes
  }
}

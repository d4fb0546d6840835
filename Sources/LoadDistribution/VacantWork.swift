// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// Work of a discipline of which hours are vacant.
public struct VacantWork: Sendable, Hashable, CustomStringConvertible {
  /// Why nobody has them.
  public enum Reason: String, Sendable, CaseIterable {
    /// A locked line keeps them vacant.
    case locked
    /// The department is approved, and nothing more is given of its work.
    case approved
    /// Nobody is competent, or of those who are nobody may.
    case nobodyFit = "nobody_fit"
    /// Competent teachers have no time that the section may have, the others no room.
    case noTime = "no_time"
    /// The competent cannot take more (L4, L5, pinned times).
    case noRoom = "no_room"
    /// Somebody could take some, and the objective speaks against it or did not get there.
    case dearer
  }

  /// The discipline.
  public var discipline: DisciplineID
  /// The kind of class, or the work of `norms.csv`.
  public var work: Work
  /// Vacant hours of the term.
  public var hours: Hours
  /// Why.
  public var reason: Reason
  /// All of it as a sentence.
  public var wording: Wording

  /// Vacant work with all its parts.
  public init(
    discipline: DisciplineID, work: Work, hours: Hours, reason: Reason, wording: Wording
  ) {
    self.discipline = discipline
    self.work = work
    self.hours = hours
    self.reason = reason
    self.wording = wording
  }

  /// The same in English.
  public var description: String { wording[.en] }
}

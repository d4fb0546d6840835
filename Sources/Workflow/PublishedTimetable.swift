// SPDX-License-Identifier: GPL-3.0-or-later
internal import Formats
public import University
public import Validation

/// The timetable in force of an instance, beside a new one.
public struct PublishedTimetable: Sendable {
  /// The plan in force: as its folder has it, or, where it cannot be read with the institution as it
  /// is now, its meetings with the sections and the load of the new plan.
  public let plan: Plan
  /// What the validator says of it.
  public let report: ScoreReport

  /// Reads what `published/` of an instance holds.
  ///
  /// - Parameters:
  ///   - instance: The instance folder.
  ///   - institution: The institution.
  ///   - new: The new plan.
  public init?(instance: String, _ institution: Institution, new: Plan) {
    if institution.publishedMeetings.isEmpty { return nil }
    let held = try? PlanFolder.read("\(instance)/published", institution: institution)
    if let held, held.hasTimetable, held.hasLoad {
      plan = held
    } else {
      var plan = new
      plan.meetings = institution.publishedMeetings
      plan.hasTimetable = true
      self.plan = plan
    }
    report = PlanValidator.validate(institution, plan)
  }

  /// Meetings with the ids of those in force: of a section's meetings of the same weeks and length,
  /// one at the same time in the same room has the id that it had, then one at the same time, then
  /// one in the same room. Only ids of these meetings change places.
  static func renamed(
    _ meetings: [Meeting], as published: [Meeting], besides unplaced: Set<SectionID>
  ) -> [Meeting] {
    struct Shape: Hashable {
      var section: SectionID
      var weeks: WeekPattern
      var length: Int
    }
    let old = Dictionary(published.map { ($0.id, $0) }) { first, _ in first }
    var positions: [Shape: [Int]] = [:]
    for (position, row) in meetings.enumerated() where !unplaced.contains(row.section) {
      positions[Shape(section: row.section, weeks: row.weeks, length: row.length), default: []]
        .append(position)
    }
    let fits: [(Meeting, Meeting) -> Bool] = [
      { $0.day == $1.day && $0.slot == $1.slot && $0.room == $1.room && $0.mode == $1.mode },
      { $0.day == $1.day && $0.slot == $1.slot },
      { $0.room == $1.room && $0.mode == $1.mode },
      { _, _ in true },
    ]
    var result = meetings
    for (shape, members) in positions where members.count > 1 {
      var ids = members.map { meetings[$0].id }.sorted()
      var open = members
      for fit in fits {
        for id in ids {
          guard let was = old[id], was.section == shape.section, was.weeks == shape.weeks,
            was.length == shape.length, let at = open.firstIndex(where: { fit(meetings[$0], was) })
          else { continue }
          result[open[at]].id = id
          open.remove(at: at)
          ids.removeAll { $0 == id }
        }
      }
      for (position, id) in zip(open, ids) { result[position].id = id }
    }
    return result
  }
}

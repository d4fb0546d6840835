// SPDX-License-Identifier: GPL-3.0-or-later
public import University

extension PlanDifference {
  /// Two meetings at one time that share students and did not before, or for fewer hours.
  public struct Conflict: Sendable {
    /// The meeting that changed.
    public var meeting: Meeting
    /// The other.
    public var other: Meeting
    /// Who belongs to both; one of the two is of a discipline that they retake, where the plan keeps
    /// the rules.
    public var students: [StudentID]
    /// Hours of the term at one time, over all of these students, more than before.
    public var hours: Int
  }

  /// What students have at one time since the change, by meeting.
  static func conflicts(
    _ before: PlanView, _ after: PlanView, _ meetings: [MeetingChange]
  ) -> [Conflict] {
    var known = Dictionary(before.plan.meetings.map { ($0.id, $0) }) { first, _ in first }
    // What some weeks of a meeting became has an id of its own.
    for change in meetings {
      if let old = change.before, let new = change.after { known[new.id] = old }
    }
    let byDay = Dictionary(grouping: after.plan.meetings, by: \.day)
    var students: [SectionID: Set<StudentID>] = [:]
    func members(_ section: SectionID) -> Set<StudentID> {
      if let found = students[section] { return found }
      let found = Set(after.plan.sections[section]?.students ?? [])
      students[section] = found
      return found
    }
    let changed = meetings.filter { [.movedTime, .movedBoth, .added].contains($0.kind) }
    let ids = Set(changed.compactMap { $0.after?.id })
    var result: [Conflict] = []
    for change in changed {
      guard let meeting = change.after else { continue }
      for other in byDay[meeting.day] ?? [] where other.id != meeting.id {
        // Of two that changed the pair is told once.
        if ids.contains(other.id), other.id < meeting.id { continue }
        let now = overlap(meeting, other)
        if now == 0 { continue }
        let both = members(meeting.section).intersection(members(other.section))
        if both.isEmpty { continue }
        let was =
          change.before.flatMap { old in known[other.id].map { overlap(old, $0) } } ?? 0
        if now <= was { continue }
        result.append(
          Conflict(
            meeting: meeting, other: other, students: both.sorted(),
            hours: (now - was) * both.count))
      }
    }
    return result.sorted {
      ($1.hours, $0.meeting.id, $0.other.id) < ($0.hours, $1.meeting.id, $1.other.id)
    }
  }

  /// Slots of the term that two meetings have in common.
  private static func overlap(_ a: Meeting, _ b: Meeting) -> Int {
    guard a.day == b.day else { return 0 }
    let slots = min(a.slot + a.length, b.slot + b.length) - max(a.slot, b.slot)
    return slots <= 0 ? 0 : slots * (a.weeks.bits & b.weeks.bits).nonzeroBitCount
  }

  /// ``conflicts`` as a table.
  public var conflictsCSV: String {
    var rows = [["meeting", "section", "with_meeting", "with_section", "hours", "students"]]
    for row in conflicts {
      rows.append([
        row.meeting.id.text, row.meeting.section.text, row.other.id.text, row.other.section.text,
        "\(row.hours)", row.students.map(\.text).joined(separator: " "),
      ])
    }
    return rows.map { $0.map(Self.quoted).joined(separator: ",") }.joined(separator: "\n") + "\n"
  }
}

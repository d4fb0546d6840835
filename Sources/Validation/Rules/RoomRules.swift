// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// Rules R1–R4.
///
/// **Source**: FORMATS.md 4.4, exact reading 12.
enum RoomRules {
  static func judge(_ index: PlanIndex, into report: inout ScoreReport) {
    for meeting in index.meetings {
      judgeDelivery(meeting, index, into: &report)
      if !meeting.isOnline { judgeRoom(meeting, index, into: &report) }
    }
  }

  /// R4: online exactly where the delivery says so, and then without a room.
  private static func judgeDelivery(
    _ meeting: MeetingFacts, _ index: PlanIndex, into report: inout ScoreReport
  ) {
    let section = index.sections[meeting.section]
    if meeting.isOnline != index.facts(of: section).isOnline {
      let discipline = index.institution.disciplines[section.discipline]
      report.add(
        .r4,
        "meeting \(meeting.row.id) is \(meeting.isOnline ? "online" : "in a room"), but delivery "
          + "of \(discipline.id) is \(discipline.delivery.rawValue)")
    }
    if meeting.isOnline, let room = meeting.row.room {
      report.add(.r4, "meeting \(meeting.row.id) is online but names the room \(room)")
    }
  }

  /// R1: a room that holds the section; R2: of a suitable kind; R3: with all the features.
  private static func judgeRoom(
    _ meeting: MeetingFacts, _ index: PlanIndex, into report: inout ScoreReport
  ) {
    guard let at = meeting.room else {
      let named = meeting.row.room.map { ": there is no room \($0)" } ?? " has no room"
      report.add(.r1, "meeting \(meeting.row.id)\(named)")
      return
    }
    let room = index.institution.rooms[at]
    let section = index.sections[meeting.section]
    let facts = index.facts(of: section)
    if room.capacity < section.students.count {
      report.add(
        .r1,
        "meeting \(meeting.row.id): room \(room.id) holds \(room.capacity), section "
          + "\(section.row.id) has \(section.students.count)")
    }
    if !facts.roomKinds.contains(room.kind) {
      report.add(
        .r2,
        "meeting \(meeting.row.id): room \(room.id) is of kind \(room.kind), must be "
          + facts.roomKinds.joined(separator: " or "))
    }
    let lacking = facts.features.subtracting(room.features)
    if !lacking.isEmpty {
      report.add(
        .r3, "meeting \(meeting.row.id): room \(room.id) lacks \(listed(lacking.sorted()))")
    }
  }
}

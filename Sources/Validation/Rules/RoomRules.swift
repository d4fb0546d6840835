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
      report.add(.r4) {
        let (id, delivery) = (meeting.row.id, discipline.delivery.rawValue)
        let isOnline = meeting.isOnline
        return $0.says(
          "\(id) сабағы \(isOnline ? "онлайн" : "аудиторияда"), ал \(discipline.id) үшін delivery: "
            + delivery,
          "занятие \(id) \(isOnline ? "онлайн" : "в аудитории"), а у \(discipline.id) delivery: "
            + delivery,
          "meeting \(id) is \(isOnline ? "online" : "in a room"), but delivery "
            + "of \(discipline.id) is \(delivery)")
      }
    }
    if meeting.isOnline, let room = meeting.row.room {
      report.add(.r4) {
        $0.says(
          "\(meeting.row.id) сабағы онлайн, бірақ \(room) аудиториясы көрсетілген",
          "занятие \(meeting.row.id) онлайн, но указана аудитория \(room)",
          "meeting \(meeting.row.id) is online but names the room \(room)")
      }
    }
  }

  /// R1: a room that holds the section; R2: of a suitable kind; R3: with all the features.
  private static func judgeRoom(
    _ meeting: MeetingFacts, _ index: PlanIndex, into report: inout ScoreReport
  ) {
    guard let at = meeting.room else {
      report.add(.r1) { language in
        let id = meeting.row.id
        if let room = meeting.row.room {
          return language.says(
            "\(id) сабағы: \(room) аудиториясы жоқ", "занятие \(id): нет аудитории \(room)",
            "meeting \(id): there is no room \(room)")
        }
        return language.says(
          "\(id) сабағының аудиториясы жоқ", "у занятия \(id) нет аудитории",
          "meeting \(id) has no room")
      }
      return
    }
    let room = index.institution.rooms[at]
    let section = index.sections[meeting.section]
    let facts = index.facts(of: section)
    if room.capacity < section.students.count {
      report.add(.r1) {
        $0.says(
          "\(meeting.row.id) сабағы: \(room.id) аудиториясында \(room.capacity) орын, \(section.row.id) "
            + "секциясында \(section.students.count) студент",
          "занятие \(meeting.row.id): в аудитории \(room.id) мест \(room.capacity), в секции "
            + "\(section.row.id) студентов \(section.students.count)",
          "meeting \(meeting.row.id): room \(room.id) holds \(room.capacity), section "
            + "\(section.row.id) has \(section.students.count)")
      }
    }
    if !facts.roomKinds.contains(room.kind) {
      report.add(.r2) {
        let (id, kinds) = (meeting.row.id, facts.roomKinds)
        return $0.says(
          "\(id) сабағы: \(room.id) аудиториясының түрі \(room.kind), керегі "
            + kinds.joined(separator: " немесе "),
          "занятие \(id): аудитория \(room.id) вида \(room.kind), нужна "
            + kinds.joined(separator: " или "),
          "meeting \(id): room \(room.id) is of kind \(room.kind), must be "
            + kinds.joined(separator: " or "))
      }
    }
    let lacking = facts.features.subtracting(room.features)
    if !lacking.isEmpty {
      report.add(.r3) {
        let (id, names) = (meeting.row.id, listed(lacking.sorted(), in: $0))
        return $0.says(
          "\(id) сабағы: \(room.id) аудиториясында жоқ: \(names)",
          "занятие \(id): в аудитории \(room.id) нет: \(names)",
          "meeting \(id): room \(room.id) lacks \(names)")
      }
    }
  }
}

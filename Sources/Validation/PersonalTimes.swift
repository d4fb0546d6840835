// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// Forbidden or discouraged time of teachers, rooms and groups.
struct PersonalTimes {
  private var times: [AvailabilitySubject: SlotSet] = [:]

  /// The rows of one level; slots beyond the regime in use are clipped (exact reading 6).
  init(_ index: PlanIndex, _ level: AvailabilityLevel) {
    for row in index.institution.availability where row.level == level {
      let slots = index.grid.mask(from: row.from, to: row.to)
      for (day, name) in index.grid.days.enumerated() where row.day == nil || row.day == name {
        times[row.subject, default: SlotSet(index.grid)]
          .insert(weeks: row.weeks.bits, day: day, slots: slots)
      }
    }
  }

  /// The time of a subject; nil where nothing is said of it.
  subscript(subject: AvailabilitySubject) -> SlotSet? { times[subject] }
}

extension PlanIndex {
  /// Whose availability concerns the meetings of a section, rooms aside: its teachers and the
  /// groups of its students, students enrolled as retake aside.
  func subjects(of section: SectionFacts) -> [AvailabilitySubject] {
    section.teachers.map { .teacher(institution.teachers[$0].id) }
      + section.groups.map { .group(institution.groups[$0].id) }
  }

  /// Each meeting with each subject whose availability concerns it.
  func forEachSubject(_ body: (MeetingFacts, AvailabilitySubject) -> Void) {
    for section in sections {
      let common = subjects(of: section)
      for number in section.timed {
        let meeting = meetings[number]
        for subject in common { body(meeting, subject) }
        if let room = meeting.room { body(meeting, .room(institution.rooms[room].id)) }
      }
    }
  }
}

extension AvailabilitySubject {
  /// The subject, for a message.
  func named(in language: Language) -> String {
    switch self {
    case .teacher(let id):
      language.says("\(id) оқытушысының", "преподавателя \(id)", "teacher \(id)")
    case .room(let id): language.says("\(id) аудиториясының", "аудитории \(id)", "room \(id)")
    case .group(let id): language.says("\(id) тобының", "группы \(id)", "group \(id)")
    }
  }
}

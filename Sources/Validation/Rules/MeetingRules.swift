// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// Rules M1–M5.
///
/// **Source**: FORMATS.md 4.3, exact readings 9 and 12.
enum MeetingRules {
  static func judge(_ index: PlanIndex, _ days: PersonDays, into report: inout ScoreReport) {
    judgeHours(index, into: &report)
    judgeGrid(index, into: &report)
    judgeTeachers(index, into: &report)
    judgeRooms(index, into: &report)
    judgeStudents(index, days, into: &report)
  }

  /// M1: the meetings of a section deliver its hours.
  private static func judgeHours(_ index: PlanIndex, into report: inout ScoreReport) {
    let tolerance = index.institution.policy.hoursTolerance
    for section in index.sections {
      let planned = index.facts(of: section).hours
      let held = index.heldHours(of: section)
      if abs(held - planned) > tolerance {
        report.add(.m1) {
          $0.says(
            "\(section.row.id) секциясы: \(held) сағат қойылған, жоспарда \(planned)",
            "секция \(section.row.id): поставлено часов \(held), по плану \(planned)",
            "section \(section.row.id): \(held) hours are held, \(planned) are planned")
        }
      }
    }
  }

  /// M2: inside the grid, and no longer than the block.
  private static func judgeGrid(_ index: PlanIndex, into report: inout ScoreReport) {
    for meeting in index.meetings {
      if !meeting.isInGrid {
        report.add(.m2) { language in
          let faults = meeting.misfits.map { $0[language] }.joined(separator: "; ")
          return language.says(
            "\(meeting.row.id) сабағы: \(faults)", "занятие \(meeting.row.id): \(faults)",
            "meeting \(meeting.row.id): \(faults)")
        }
      }
      let section = index.sections[meeting.section]
      let block = index.facts(of: section).block
      if meeting.row.length > block {
        report.add(.m2) {
          let (kind, discipline) = (section.kind.word(in: $0), index.disciplineID(of: section))
          return $0.says(
            "\(meeting.row.id) сабағы: \(meeting.row.length) сағат, \(discipline) (\(kind)) үшін "
              + "ең көбі \(block)",
            "занятие \(meeting.row.id): часов \(meeting.row.length), не больше \(block): "
              + "\(kind) \(discipline)",
            "meeting \(meeting.row.id): \(meeting.row.length) hours, at most \(block) for a "
              + "\(kind) of \(discipline)")
        }
      }
    }
  }

  /// M3.
  private static func judgeTeachers(_ index: PlanIndex, into report: inout ScoreReport) {
    var held = Array(repeating: [Int](), count: index.institution.teachers.count)
    for section in index.sections {
      for teacher in section.teachers { held[teacher] += section.timed }
    }
    for (teacher, meetings) in held.enumerated() {
      for pair in overlaps(meetings, index) {
        report.add(.m3) {
          let (id, what) = (index.institution.teachers[teacher].id, index.named(pair, $0))
          return $0.says(
            "\(id) оқытушысы: \(what) қабаттасады", "преподаватель \(id): накладка, \(what)",
            "teacher \(id): \(what) overlap")
        }
      }
    }
  }

  /// M4.
  private static func judgeRooms(_ index: PlanIndex, into report: inout ScoreReport) {
    var held = Array(repeating: [Int](), count: index.institution.rooms.count)
    for (number, meeting) in index.meetings.enumerated() where meeting.isInGrid {
      if let room = meeting.room { held[room].append(number) }
    }
    for (room, meetings) in held.enumerated() {
      for pair in overlaps(meetings, index) {
        report.add(.m4) {
          let (id, what) = (index.institution.rooms[room].id, index.named(pair, $0))
          return $0.says(
            "\(id) аудиториясы: \(what) қабаттасады", "аудитория \(id): накладка, \(what)",
            "room \(id): \(what) overlap")
        }
      }
    }
  }

  /// The pairs among some meetings that share a week, a day and a slot.
  private static func overlaps(_ meetings: [Int], _ index: PlanIndex) -> [MeetingPair] {
    var result: [MeetingPair] = []
    var byDay = Array(repeating: [Int](), count: index.grid.days.count)
    for number in meetings {
      guard let day = index.meetings[number].day else { continue }
      for earlier in byDay[day] where index.meetings[earlier].overlaps(index.meetings[number]) {
        result.append(MeetingPair(first: earlier, second: number))
      }
      byDay[day].append(number)
    }
    return result
  }

  /// M5, once a student and pair; overlaps with a retaken discipline only where they are hard.
  private static func judgeStudents(
    _ index: PlanIndex, _ days: PersonDays, into report: inout ScoreReport
  ) {
    let retakesAreHard = index.institution.policy.retakeConflicts == .hard
    for cohort in days.cohorts {
      var pairs: Set<MeetingPair> = []
      for day in cohort.days {
        for pair in days.statistics[day.statistics].overlaps {
          let isSoft = cohort.retaken.contains(pair.first) || cohort.retaken.contains(pair.second)
          if retakesAreHard || !isSoft { pairs.insert(pair) }
        }
      }
      for pair in pairs.sorted() {
        report.add(.m5, times: cohort.students.count) {
          let (who, what) = (index.named(cohort, $0), index.named(pair, $0))
          return $0.says(
            "\(who): \(what) қабаттасады", "\(who): накладка, \(what)",
            "\(who): \(what) overlap")
        }
      }
    }
  }
}

extension PlanIndex {
  /// The hours that a section's meetings deliver over the term.
  func heldHours(of section: SectionFacts) -> Int {
    section.meetings.reduce(0) { $0 + meetings[$1].termHours }
  }

  /// Two meetings, for a message.
  func named(_ pair: MeetingPair, _ language: Language) -> String {
    let (first, second) = (meetings[pair.first].row.id, meetings[pair.second].row.id)
    return language.says(
      "\(first) және \(second) сабақтары", "занятия \(first) и \(second)",
      "meetings \(first) and \(second)")
  }

  /// The students of a cohort, for a message.
  func named(_ cohort: Cohort, _ language: Language) -> String {
    let names = listed(cohort.students.map { institution.students[$0].id.text }, in: language)
    let isOne = cohort.students.count == 1
    return language.says(
      isOne ? "студент " : "студенттер ", isOne ? "студент " : "студенты ",
      isOne ? "student " : "students ") + names
  }
}

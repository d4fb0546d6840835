// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// Rules T1–T3.
///
/// **Source**: FORMATS.md 4.5, exact reading 9.
enum TimeRules {
  static func judge(_ index: PlanIndex, _ days: PersonDays, into report: inout ScoreReport) {
    judgeAvailability(index, into: &report)
    judgeStudents(index, days, into: &report)
    judgeTeachers(index, days, into: &report)
  }

  /// T1, once a meeting and subject.
  private static func judgeAvailability(_ index: PlanIndex, into report: inout ScoreReport) {
    let forbidden = PersonalTimes(index, .forbidden)
    var broken: [(MeetingFacts, AvailabilitySubject)] = []
    index.forEachSubject { meeting, subject in
      if let time = forbidden[subject], time.hours(of: meeting) > 0 {
        broken.append((meeting, subject))
      }
    }
    for (meeting, subject) in broken {
      report.add(
        .t1, "meeting \(meeting.row.id) lies in a forbidden time of \(subject.named)")
    }
  }

  /// T2, once a student and pair; T3, once a student, week and day.
  private static func judgeStudents(
    _ index: PlanIndex, _ days: PersonDays, into report: inout ScoreReport
  ) {
    let limit = index.institution.policy.studentMaxHoursPerDay
    for cohort in days.cohorts {
      for pair in tightPairs(cohort.days, days) {
        report.add(
          .t2, "\(index.named(cohort)): \(index.named(pair)) leave no time to travel",
          times: cohort.students.count)
      }
      for day in cohort.days {
        let hours = days.statistics[day.statistics].hours
        if hours > limit {
          report.add(
            .t3, "\(index.named(cohort)): \(hours) hours on \(index.named(day)), at most \(limit)",
            times: day.weeks * cohort.students.count)
        }
      }
    }
  }

  /// T2, once a teacher and pair; T3, once a teacher, week and day.
  private static func judgeTeachers(
    _ index: PlanIndex, _ days: PersonDays, into report: inout ScoreReport
  ) {
    for held in days.teachers {
      let teacher = index.institution.teachers[held.teacher]
      let limit = index.institution.dayLimit(of: teacher)
      for pair in tightPairs(held.days, days) {
        report.add(.t2, "teacher \(teacher.id): \(index.named(pair)) leave no time to travel")
      }
      for day in held.days {
        let hours = days.statistics[day.statistics].hours
        if hours > limit {
          report.add(
            .t3, "teacher \(teacher.id): \(hours) hours on \(index.named(day)), at most \(limit)",
            times: day.weeks)
        }
      }
    }
  }

  private static func tightPairs(_ held: [DayOccurrence], _ days: PersonDays) -> [MeetingPair] {
    Set(held.flatMap { days.statistics[$0.statistics].tight }).sorted()
  }
}

extension PlanIndex {
  /// A day of some weeks, for a message.
  func named(_ day: DayOccurrence) -> String {
    let more = day.weeks > 1 ? " and \(day.weeks - 1) more" : ""
    return "\(grid.days[day.day].code) of week \(day.firstWeek + 1)\(more)"
  }
}

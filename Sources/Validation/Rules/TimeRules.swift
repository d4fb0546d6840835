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
      report.add(.t1) {
        let whose = subject.named(in: $0)
        return $0.says(
          "\(meeting.row.id) сабағы \(whose) тыйым салынған уақытында",
          "занятие \(meeting.row.id) в запрещённое время: \(whose)",
          "meeting \(meeting.row.id) lies in a forbidden time of \(whose)")
      }
    }
  }

  /// T2, once a student and pair; T3, once a student, week and day.
  private static func judgeStudents(
    _ index: PlanIndex, _ days: PersonDays, into report: inout ScoreReport
  ) {
    let limit = index.institution.policy.studentMaxHoursPerDay
    for cohort in days.cohorts {
      for pair in tightPairs(cohort.days, days) {
        report.add(.t2, times: cohort.students.count) {
          let (who, what) = (index.named(cohort, $0), index.named(pair, $0))
          return $0.says(
            "\(who): \(what) арасында жолға уақыт жоқ",
            "\(who): между занятиями нет времени на дорогу (\(what))",
            "\(who): \(what) leave no time to travel")
        }
      }
      for day in cohort.days {
        let hours = days.statistics[day.statistics].hours
        if hours > limit {
          report.add(.t3, times: day.weeks * cohort.students.count) {
            let (who, when) = (index.named(cohort, $0), index.named(day, $0))
            return $0.says(
              "\(who): \(when) – \(hours) сағат, ең көбі \(limit)",
              "\(who): \(when) – часов \(hours), не больше \(limit)",
              "\(who): \(hours) hours on \(when), at most \(limit)")
          }
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
        report.add(.t2) {
          let what = index.named(pair, $0)
          return $0.says(
            "\(teacher.id) оқытушысы: \(what) арасында жолға уақыт жоқ",
            "преподаватель \(teacher.id): между занятиями нет времени на дорогу (\(what))",
            "teacher \(teacher.id): \(what) leave no time to travel")
        }
      }
      for day in held.days {
        let hours = days.statistics[day.statistics].hours
        if hours > limit {
          report.add(.t3, times: day.weeks) {
            let when = index.named(day, $0)
            return $0.says(
              "\(teacher.id) оқытушысы: \(when) – \(hours) сағат, ең көбі \(limit)",
              "преподаватель \(teacher.id): \(when) – часов \(hours), не больше \(limit)",
              "teacher \(teacher.id): \(hours) hours on \(when), at most \(limit)")
          }
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
  func named(_ day: DayOccurrence, _ language: Language) -> String {
    let (name, week, others) = (
      grid.days[day.day].word(in: language), day.firstWeek + 1, day.weeks - 1
    )
    let more =
      others > 0
      ? language.says(
        " және тағы \(others) апта", " и ещё недель: \(others)", " and \(others) more") : ""
    return language.says(
      "\(week)-аптаның \(name) күні\(more)", "\(name) недели \(week)\(more)",
      "\(name) of week \(week)\(more)")
  }
}

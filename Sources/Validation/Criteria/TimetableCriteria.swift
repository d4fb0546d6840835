// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// Criteria of the timetable, sums over all weeks of the term.
///
/// **Source**: FORMATS.md section 5, exact readings 9–12.
enum TimetableCriteria {
  static func measure(_ index: PlanIndex, _ days: PersonDays) -> [TimetableCriterion: Double] {
    var counts: [TimetableCriterion: Int] = [:]
    for criterion in TimetableCriterion.allCases { counts[criterion] = 0 }
    addStudents(index, days, to: &counts)
    addTeachers(days, to: &counts)
    addTimes(index, to: &counts)
    for section in index.sections {
      addHours(section, index, to: &counts)
      addDays(section, index, to: &counts)
    }
    addMoves(index, to: &counts)
    return counts.mapValues(Double.init)
  }

  /// student_gap, student_single, student_long_day, student_no_lunch, student_building_change,
  /// student_conflict.
  private static func addStudents(
    _ index: PlanIndex, _ days: PersonDays, to counts: inout [TimetableCriterion: Int]
  ) {
    let longDayFrom = index.institution.preferences.longDayFrom
    for cohort in days.cohorts {
      for day in cohort.days {
        let stats = days.statistics[day.statistics]
        let times = day.weeks * cohort.students.count
        counts[.studentGap, default: 0] += stats.gap * times
        counts[.studentSingle, default: 0] += stats.meetings.count == 1 ? times : 0
        counts[.studentLongDay, default: 0] += max(0, stats.hours - (longDayFrom - 1)) * times
        counts[.studentNoLunch, default: 0] += stats.hasNoLunch ? times : 0
        counts[.studentBuildingChange, default: 0] += stats.buildingChanges * times
        if !stats.overlaps.isEmpty {
          counts[.studentConflict, default: 0] += conflictHours(stats, cohort, index) * times
        }
      }
    }
  }

  /// Slots of a day in which meetings overlap, one of them of a retaken discipline.
  private static func conflictHours(
    _ stats: DayStatistics, _ cohort: Cohort, _ index: PlanIndex
  ) -> Int {
    (0..<index.grid.slots).count { slot in
      let held = stats.meetings.filter { index.meetings[$0].slots >> UInt64(slot) & 1 == 1 }
      return held.count > 1 && held.contains(where: cohort.retaken.contains)
    }
  }

  /// teacher_gap, teacher_days, teacher_building_change.
  private static func addTeachers(
    _ days: PersonDays, to counts: inout [TimetableCriterion: Int]
  ) {
    for teacher in days.teachers {
      for day in teacher.days {
        let stats = days.statistics[day.statistics]
        counts[.teacherGap, default: 0] += stats.gap * day.weeks
        counts[.teacherDays, default: 0] += day.weeks
        counts[.teacherBuildingChange, default: 0] += stats.buildingChanges * day.weeks
      }
    }
  }

  /// discouraged_time, personal_discouraged.
  private static func addTimes(_ index: PlanIndex, to counts: inout [TimetableCriterion: Int]) {
    var discouraged = SlotSet(index.grid)
    for row in index.institution.preferences.discouraged {
      let slots = index.grid.mask(from: row.from, to: row.to)
      for (day, name) in index.grid.days.enumerated() where row.day == nil || row.day == name {
        discouraged.insert(weeks: index.grid.allWeeks, day: day, slots: slots)
      }
    }
    for meeting in index.meetings {
      counts[.discouragedTime, default: 0] += discouraged.hours(of: meeting)
    }
    let personal = PersonalTimes(index, .discouraged)
    var hours = 0
    index.forEachSubject { meeting, subject in
      if let time = personal[subject] { hours += time.hours(of: meeting) }
    }
    counts[.personalDiscouraged] = hours
  }

  /// extra_meetings, short_meetings, hours_off, room_stability.
  private static func addHours(
    _ section: SectionFacts, _ index: PlanIndex, to counts: inout [TimetableCriterion: Int]
  ) {
    let facts = index.facts(of: section)
    let meetings = section.meetings.map { index.meetings[$0] }
    let hoursOfOne = index.grid.weeks * facts.block
    let needed = (facts.hours + hoursOfOne - 1) / hoursOfOne
    counts[.extraMeetings, default: 0] += max(0, meetings.count - needed)
    counts[.shortMeetings, default: 0] += meetings.count { $0.row.length < facts.block }
    counts[.hoursOff, default: 0] += abs(index.heldHours(of: section) - facts.hours)
    counts[.roomStability, default: 0] += max(0, Set(meetings.compactMap(\.room)).count - 1)
  }

  /// same_day, lecture_first.
  private static func addDays(
    _ section: SectionFacts, _ index: PlanIndex, to counts: inout [TimetableCriterion: Int]
  ) {
    let own = section.timed.map { index.timing[$0] }
    let lectures = section.parent.map { index.sections[$0].timed.map { index.timing[$0] } }
    for week in 0..<index.grid.weeks {
      var days: UInt64 = 0
      var held = 0
      for meeting in own where meeting.holds(week: week) {
        days |= 1 << UInt64(max(0, meeting.day))
        held += 1
      }
      counts[.sameDay, default: 0] += held - days.nonzeroBitCount
      if let lectures, let first = start(of: own, inWeek: week),
        let lecture = start(of: lectures, inWeek: week), first < lecture
      {
        counts[.lectureFirst, default: 0] += 1
      }
    }
  }

  /// Day and slot of the first meeting in a week, in the order of the week; nil without one.
  private static func start(of meetings: [MeetingTiming], inWeek week: Int) -> (Int, Int)? {
    var first: (Int, Int)?
    for meeting in meetings where meeting.holds(week: week) {
      let start = (meeting.day, meeting.slot)
      if first.map({ start < $0 }) ?? true { first = start }
    }
    return first
  }

  /// moved_time, moved_room: against the timetable in force.
  private static func addMoves(_ index: PlanIndex, to counts: inout [TimetableCriterion: Int]) {
    struct Time: Hashable {
      let weeks: UInt64
      let day: Weekday
      let slot: Int
      let length: Int

      init(_ meeting: Meeting) {
        (weeks, day) = (meeting.weeks.bits, meeting.day)
        (slot, length) = (meeting.slot, meeting.length)
      }
    }
    let published = Dictionary(grouping: index.institution.publishedMeetings, by: \.section)
    if published.isEmpty { return }
    for meeting in index.meetings {
      guard let before = published[meeting.row.section] else { continue }
      if !before.contains(where: { Time($0) == Time(meeting.row) }) {
        counts[.movedTime, default: 0] += 1
      }
      if !before.contains(where: { $0.room == meeting.row.room }) {
        counts[.movedRoom, default: 0] += 1
      }
    }
  }
}

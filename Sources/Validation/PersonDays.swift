// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// Two meetings of one person, the earlier one first.
struct MeetingPair: Hashable, Comparable {
  let first: Int
  let second: Int

  static func < (a: Self, b: Self) -> Bool { (a.first, a.second) < (b.first, b.second) }
}

/// What the meetings of one day of one week amount to for a person who has them all.
struct DayStatistics {
  /// In the order of start slot, then id.
  let meetings: [Int]
  /// Different slots with a meeting.
  let hours: Int
  /// Free slots between the first and the last meeting.
  let gap: Int
  /// Whether there is a meeting in every slot of lunch.
  let hasNoLunch: Bool
  /// Pairs of consecutive room meetings in different buildings.
  let buildingChanges: Int
  /// Pairs that share a slot.
  let overlaps: [MeetingPair]
  /// Pairs that do not overlap and leave less time than the way between their buildings takes.
  let tight: [MeetingPair]
}

/// A day that is the same in some weeks of the term.
struct DayOccurrence {
  let day: Int
  let firstWeek: Int
  /// In how many weeks the day is like this.
  let weeks: Int
  /// Position in ``PersonDays/statistics``.
  let statistics: Int
}

/// Students who have the same sections, and retake the same of them: judged once, counted all.
struct Cohort {
  let students: [Int]
  /// Meetings of a discipline that they retake.
  let retaken: Set<Int>
  let days: [DayOccurrence]
}

/// A teacher's days.
struct TeacherDays {
  let teacher: Int
  let days: [DayOccurrence]
}

/// Days of students and teachers; statistics of one set of meetings are computed once.
struct PersonDays {
  private(set) var cohorts: [Cohort] = []
  private(set) var teachers: [TeacherDays] = []
  private(set) var statistics: [DayStatistics] = []
  private var known: [[Int]: Int] = [:]
  private let lunch: UInt64
  private let timing: [MeetingTiming]
  private let weeks: Int
  private let allWeeks: UInt64
  private let days: Int

  init(_ index: borrowing PlanIndex) {
    let preferences = index.institution.preferences
    let slots = index.grid.mask(from: preferences.lunchFrom, to: preferences.lunchTo)
    // Lunch counts only when at least two of its slots exist in the regime (exact reading 12).
    lunch = slots.nonzeroBitCount >= 2 ? slots : 0
    let travel = index.institution.travelTable()
    let buildings = index.institution.buildings.map(\.id)
    let minutes = buildings.map { from in buildings.map { to in travel(from, to) } }
    timing = index.timing
    weeks = index.grid.weeks
    allWeeks = index.grid.allWeeks
    days = index.grid.days.count
    addCohorts(index, minutes)
    addTeachers(index, minutes)
  }

  private mutating func addCohorts(_ index: borrowing PlanIndex, _ minutes: [[Int]]) {
    struct Likeness: Hashable {
      var sections: [Int] = []
      var retaken: [Int] = []
    }
    var likeness = Array(repeating: Likeness(), count: index.institution.students.count)
    for (at, section) in index.sections.enumerated() {
      for student in section.students {
        likeness[student].sections.append(at)
        if index.isRetake(student, section.discipline) { likeness[student].retaken.append(at) }
      }
    }
    var order: [Likeness] = []
    var alike: [Likeness: [Int]] = [:]
    for (student, key) in likeness.enumerated() where !key.sections.isEmpty {
      if alike[key] == nil { order.append(key) }
      alike[key, default: []].append(student)
    }
    for key in order {
      let meetings = key.sections.flatMap { index.sections[$0].timed }
      cohorts.append(
        Cohort(
          students: alike[key] ?? [],
          retaken: Set(key.retaken.flatMap { index.sections[$0].timed }),
          days: days(of: meetings, minutes)))
    }
  }

  private mutating func addTeachers(_ index: borrowing PlanIndex, _ minutes: [[Int]]) {
    var held = Array(repeating: [Int](), count: index.institution.teachers.count)
    for section in index.sections {
      for teacher in section.teachers { held[teacher] += section.timed }
    }
    for (teacher, meetings) in held.enumerated() where !meetings.isEmpty {
      teachers.append(TeacherDays(teacher: teacher, days: days(of: meetings, minutes)))
    }
  }

  /// The different days that some meetings make, over all weeks.
  private mutating func days(
    of meetings: [Int], _ minutes: [[Int]]
  ) -> [DayOccurrence] {
    var result: [DayOccurrence] = []
    var byDay = Array(repeating: [Int](), count: days)
    for number in meetings where timing[number].day >= 0 {
      byDay[timing[number].day].append(number)
    }
    for (day, unordered) in byDay.enumerated() where !unordered.isEmpty {
      let held = unordered.sorted { timing[$0].order < timing[$1].order }
      var sets: [(present: [Int], firstWeek: Int, weeks: Int)] = []
      if held.allSatisfy({ timing[$0].weeks == allWeeks }) {
        sets = [(held, 0, weeks)]
      } else {
        for week in 0..<weeks {
          let present = held.filter { timing[$0].holds(week: week) }
          if present.isEmpty { continue }
          if let at = sets.firstIndex(where: { $0.present == present }) {
            sets[at].weeks += 1
          } else {
            sets.append((present, week, 1))
          }
        }
      }
      for set in sets {
        let at = position(of: set.present, minutes)
        result.append(
          DayOccurrence(day: day, firstWeek: set.firstWeek, weeks: set.weeks, statistics: at))
      }
    }
    return result
  }

  private mutating func position(
    of present: [Int], _ minutes: [[Int]]
  ) -> Int {
    if let at = known[present] { return at }
    known[present] = statistics.count
    statistics.append(compute(present, minutes))
    return statistics.count - 1
  }

  private func compute(
    _ present: [Int], _ minutes: [[Int]]
  ) -> DayStatistics {
    var busy: UInt64 = 0
    var changes = 0
    var previous: Int?
    var overlaps: [MeetingPair] = []
    var tight: [MeetingPair] = []
    for (at, number) in present.enumerated() {
      let meeting = timing[number]
      busy |= meeting.slots
      if meeting.building >= 0 {
        if let previous, previous != meeting.building { changes += 1 }
        previous = meeting.building
      }
      for earlier in present[..<at] {
        let other = timing[earlier]
        if other.slots & meeting.slots != 0 {
          overlaps.append(MeetingPair(first: earlier, second: number))
        } else if other.building >= 0, meeting.building >= 0,
          meeting.start - other.end < minutes[other.building][meeting.building]
        {
          tight.append(MeetingPair(first: earlier, second: number))
        }
      }
    }
    let hours = busy.nonzeroBitCount
    let span = busy == 0 ? 0 : 64 - busy.leadingZeroBitCount - busy.trailingZeroBitCount
    return DayStatistics(
      meetings: present, hours: hours, gap: span - hours,
      hasNoLunch: lunch != 0 && busy & lunch == lunch, buildingChanges: changes,
      overlaps: overlaps, tight: tight)
  }
}

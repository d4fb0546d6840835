// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// Hours that fall on holidays, and dates on which they can be made up.
///
/// A proposal keeps the hard rules for everybody of the section on that date: nobody has another
/// meeting, a forbidden time, too many hours in the day or too short a way, and the room is
/// suitable, large enough and free. Each proposal stands for itself; two sections may be offered
/// the same hour.
///
/// **Source**: FORMATS.md 4.6, exact reading 13.
final class HolidayLosses {
  /// Proposals for one section.
  private static let proposals = 3

  private let index: PlanIndex
  private let forbidden: PersonalTimes
  private let sectionsOfStudent: [[Int]]
  private let sectionsOfTeacher: [[Int]]
  /// By section.
  private let meetingsOfSection: [[Int]]
  private let timing: [MeetingTiming]
  private let roomBusy: [SlotSet]
  private let minutes: (BuildingID, BuildingID) -> Int
  /// Dates on which classes are held, in order.
  private let dates: [HeldDate]

  private struct HeldDate {
    let date: CalendarDate
    let week: Int
    let day: Int
  }

  private struct Lost {
    let held: HeldDate
    let meeting: Int
  }

  /// What falls out of each section, in the order of the sections.
  static func find(_ index: PlanIndex) -> [LostHours] {
    let grid = index.grid
    let calendar = TermCalendar(index.institution)
    var lostDates: [HeldDate] = []
    for week in 0..<grid.weeks {
      for (day, name) in grid.days.enumerated() where calendar.date(week: week, day: name) == nil {
        lostDates.append(
          HeldDate(date: index.institution.term.date(week: week, day: name), week: week, day: day))
      }
    }
    if lostDates.isEmpty || index.meetings.isEmpty { return [] }
    let held = calendar.days.compactMap { classDay in
      grid.position(of: classDay.day).map {
        HeldDate(date: classDay.date, week: classDay.week, day: $0)
      }
    }
    let losses = HolidayLosses(index, held)
    return index.sections.compactMap { section in
      let lost = lostDates.flatMap { held in
        section.timed
          .filter {
            index.timing[$0].day == held.day && index.timing[$0].holds(week: held.week)
          }
          .map { Lost(held: held, meeting: $0) }
      }
      return lost.isEmpty ? nil : losses.report(section, lost)
    }
  }

  private init(_ index: PlanIndex, _ dates: [HeldDate]) {
    self.index = index
    self.dates = dates
    forbidden = PersonalTimes(index, .forbidden)
    minutes = index.institution.travelTable()
    var students = Array(repeating: [Int](), count: index.institution.students.count)
    var teachers = Array(repeating: [Int](), count: index.institution.teachers.count)
    for (at, section) in index.sections.enumerated() {
      for student in section.students { students[student].append(at) }
      for teacher in section.teachers { teachers[teacher].append(at) }
    }
    meetingsOfSection = index.sections.map(\.timed)
    timing = index.timing
    sectionsOfStudent = students
    sectionsOfTeacher = teachers
    var rooms = Array(repeating: SlotSet(index.grid), count: index.institution.rooms.count)
    for meeting in index.meetings {
      if let room = meeting.room, let day = meeting.day {
        rooms[room].insert(weeks: meeting.weeks, day: day, slots: meeting.slots)
      }
    }
    roomBusy = rooms
  }

  private func report(_ section: SectionFacts, _ lost: [Lost]) -> LostHours {
    var dates = lost.map(\.held.date)
    dates = dates.indices.filter { $0 == 0 || dates[$0] != dates[$0 - 1] }.map { dates[$0] }
    return LostHours(
      section: section.row.id,
      hours: lost.reduce(0) { $0 + index.meetings[$1.meeting].slots.nonzeroBitCount },
      dates: dates,
      makeUp: makeUp(section, lost))
  }

  /// The nearest dates, later ones first, one slot and room each, for the longest lost meeting.
  private func makeUp(_ section: SectionFacts, _ lost: [Lost]) -> [LostHours.MakeUp] {
    guard let first = lost.first,
      let longest = lost.max(by: {
        index.meetings[$0.meeting].row.length < index.meetings[$1.meeting].row.length
      })
    else { return [] }
    let meeting = index.meetings[longest.meeting]
    let rooms = candidates(section, meeting)
    if !meeting.isOnline && rooms.isEmpty { return [] }
    let people = people(of: section)
    let later = dates.filter { $0.date > first.held.date }
    let earlier = dates.filter { $0.date < first.held.date }.reversed()
    var result: [LostHours.MakeUp] = []
    for held in later + earlier {
      if let found = place(meeting.row.length, on: held, section, people, rooms) {
        result.append(found)
        if result.count == Self.proposals { break }
      }
    }
    return result
  }

  /// The lost meeting's own room first, then suitable ones from the smallest; empty when online.
  private func candidates(_ section: SectionFacts, _ meeting: MeetingFacts) -> [Int] {
    if meeting.isOnline { return [] }
    let discipline = index.institution.disciplines[section.discipline]
    let suitable = index.institution.rooms.indices.filter {
      let room = index.institution.rooms[$0]
      return room.capacity >= section.students.count
        && index.institution.suits(room, discipline, section.kind)
    }
    return suitable.sorted { a, b in
      let (left, right) = (index.institution.rooms[a], index.institution.rooms[b])
      return (a == meeting.room ? 0 : 1, left.capacity, a)
        < (b == meeting.room ? 0 : 1, right.capacity, b)
    }
  }

  /// Everybody whom a make-up concerns.
  private struct People {
    /// Sections of the students and teachers.
    let sections: [Int]
    let subjects: [SlotSet]
  }

  private func people(of section: SectionFacts) -> People {
    let sections = Set(
      section.students.flatMap { sectionsOfStudent[$0] }
        + section.teachers.flatMap { sectionsOfTeacher[$0] })
    return People(
      sections: sections.sorted(),
      subjects: index.subjects(of: section).compactMap { forbidden[$0] })
  }

  /// The first slot of a date at which all are free, with the first room that is.
  private func place(
    _ length: Int, on held: HeldDate, _ section: SectionFacts, _ people: People, _ rooms: [Int]
  ) -> LostHours.MakeUp? {
    let grid = index.grid
    let meetings = people.sections.flatMap { self.meetings(of: $0, on: held) }
    var busy = meetings.reduce(UInt64(0)) { $0 | timing[$1].slots }
    for subject in people.subjects { busy |= subject[held.week, held.day] }
    guard length <= grid.slots, allHaveHours(length, on: held, section) else { return nil }
    for slot in 1...(grid.slots - length + 1) {
      let wanted = grid.mask(from: slot, to: slot + length - 1)
      if busy & wanted != 0 { continue }
      if rooms.isEmpty { return LostHours.MakeUp(date: held.date, slot: slot, room: nil) }
      for at in rooms where isFree(at, wanted, held) {
        let room = index.institution.rooms[at]
        if leavesTime(slot, length, room.building, meetings) {
          return LostHours.MakeUp(date: held.date, slot: slot, room: room.id)
        }
      }
    }
    return nil
  }

  private func isFree(_ room: Int, _ wanted: UInt64, _ held: HeldDate) -> Bool {
    let closed = forbidden[.room(index.institution.rooms[room].id)]?[held.week, held.day] ?? 0
    return (roomBusy[room][held.week, held.day] | closed) & wanted == 0
  }

  private func meetings(of section: Int, on held: HeldDate) -> [Int] {
    meetingsOfSection[section].filter {
      timing[$0].day == held.day && timing[$0].holds(week: held.week)
    }
  }

  /// Whether so many hours more keep everybody's day within the policy (T3).
  private func allHaveHours(_ length: Int, on held: HeldDate, _ section: SectionFacts) -> Bool {
    func fits(_ sections: [Int], _ limit: Int) -> Bool {
      var busy: UInt64 = 0
      for section in sections {
        for number in meetingsOfSection[section] {
          let meeting = timing[number]
          if meeting.day == held.day, meeting.holds(week: held.week) { busy |= meeting.slots }
        }
      }
      return busy.nonzeroBitCount + length <= limit
    }
    let institution = index.institution
    let limit = institution.policy.studentMaxHoursPerDay
    return section.teachers.allSatisfy {
      fits(sectionsOfTeacher[$0], institution.dayLimit(of: institution.teachers[$0]))
    } && section.students.allSatisfy { fits(sectionsOfStudent[$0], limit) }
  }

  /// Whether there is time to walk from and to the other meetings of the date (T2).
  private func leavesTime(
    _ slot: Int, _ length: Int, _ building: BuildingID, _ meetings: [Int]
  ) -> Bool {
    let start = index.grid.regime.start(ofSlot: slot)
    let end = index.grid.regime.end(ofSlot: slot + length - 1)
    return meetings.allSatisfy { number in
      let other = index.meetings[number]
      guard let at = other.building else { return true }
      let there = index.institution.buildings[at].id
      return other.end <= start
        ? start - other.end >= minutes(there, building)
        : other.start - end >= minutes(building, there)
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// A date, slot and room at which a class can be held.
public struct FreeTime: Hashable, Sendable {
  /// The date.
  public var date: CalendarDate
  /// Start slot, from 1.
  public var slot: Int
  /// The room; nil for a class online.
  public var room: RoomID?
  /// The most hours that anybody of the class has on the date already.
  public var busiest: Int
  /// Whether it lies in discouraged slots of the grid.
  public var isDiscouraged: Bool
}

/// When a class can be held beside everything that is held: teacher, students and room free and not
/// closed, the hours of the day kept, time to travel (M3–M5, R1–R3, T1–T3).
public struct FreeTimes: Sendable {
  private let dated: DatedPlan
  private let days: [TermCalendar.ClassDay]
  /// By day of ``days``, then student, teacher, room: busy slots.
  private let students: [[UInt64]]
  private let teachers: [[UInt64]]
  private let rooms: [[UInt64]]
  private let discouraged: [Weekday: UInt64]

  /// Reckons who is busy when.
  public init(_ dated: DatedPlan) {
    self.dated = dated
    let institution = dated.institution
    days = dated.calendar.days
    var students: [[UInt64]] = []
    var teachers: [[UInt64]] = []
    var rooms: [[UInt64]] = []
    for day in days {
      var learners = [UInt64](repeating: 0, count: institution.students.count)
      var staff = [UInt64](repeating: 0, count: institution.teachers.count)
      var places = [UInt64](repeating: 0, count: institution.rooms.count)
      for place in dated.heldByDate[day.date.dayNumber] ?? [] {
        let slots = dated.slots(place)
        for student in dated.index.sections[dated.sectionAt[place]].students {
          learners[student] |= slots
        }
        for teacher in dated.occurrences[place].teachers {
          if let at = institution.teachers.position(of: teacher) { staff[at] |= slots }
        }
        if let room = dated.occurrences[place].room.flatMap(institution.rooms.position(of:)) {
          places[room] |= slots
        }
      }
      students.append(learners)
      teachers.append(staff)
      rooms.append(places)
    }
    self.students = students
    self.teachers = teachers
    self.rooms = rooms
    var discouraged: [Weekday: UInt64] = [:]
    for row in institution.preferences.discouraged {
      for day in Weekday.allCases where row.day == nil || row.day == day {
        discouraged[day, default: 0] |= dated.index.grid.mask(from: row.from, to: row.to)
      }
    }
    self.discouraged = discouraged
  }

  /// The nearest times for a class in place of one that falls out, later dates first.
  ///
  /// - Parameters:
  ///   - occurrence: The class.
  ///   - after: Only dates after this one; nil for all of the term.
  ///   - dates: How many dates at most.
  ///   - slots: How many start slots of a date at most.
  ///   - rooms: How many rooms of a slot at most: the class's own first, then from the smallest.
  /// - Returns: The times, none of which breaks a rule beside what is held.
  public func options(
    for occurrence: Occurrence, after: CalendarDate? = nil, dates: Int = 12, slots: Int = 3,
    rooms: Int = 2
  ) -> [FreeTime] {
    guard let at = dated.index.sectionAt[occurrence.section] else { return [] }
    let section = dated.index.sections[at]
    let candidates = occurrence.mode == .online ? [] : rooms_(occurrence, section)
    if occurrence.mode == .room && candidates.isEmpty { return [] }
    let later = days.indices.filter { days[$0].date > occurrence.natural }
    let earlier = days.indices.filter { days[$0].date < occurrence.natural }.reversed()
    var result: [FreeTime] = []
    var used = 0
    for day in later + earlier {
      if let after, days[day].date <= after { continue }
      let found = options(
        occurrence, section, day, candidates, slots: slots, rooms: rooms)
      if found.isEmpty { continue }
      result += found
      used += 1
      if used == dates { break }
    }
    return result
  }

  /// Hours that are left in the day of each of some students or of a teacher, by date of the term:
  /// the least of them.
  public func spareHours(of people: [StudentID], _ staff: [TeacherID]) -> [CalendarDate: Int] {
    let institution = dated.institution
    let learners = people.compactMap { institution.students.position(of: $0) }
    let teaching = staff.compactMap { institution.teachers.position(of: $0) }
    var result: [CalendarDate: Int] = [:]
    for (day, classDay) in days.enumerated() {
      var spare = Int.max
      for student in learners {
        let busy = students[day][student].nonzeroBitCount
        spare = min(spare, institution.policy.studentMaxHoursPerDay - busy)
      }
      for teacher in teaching {
        let busy = teachers[day][teacher].nonzeroBitCount
        spare = min(spare, institution.dayLimit(of: institution.teachers[teacher]) - busy)
      }
      result[classDay.date] = spare
    }
    return result
  }

  /// Suitable rooms: the class's own first, then from the smallest.
  private func rooms_(_ occurrence: Occurrence, _ section: SectionFacts) -> [Int] {
    let institution = dated.institution
    let discipline = institution.disciplines[section.discipline]
    return institution.rooms.indices.filter {
      institution.rooms[$0].capacity >= section.students.count
        && institution.suits(institution.rooms[$0], discipline, section.kind)
    }.sorted { a, b in
      let (x, y) = (institution.rooms[a], institution.rooms[b])
      return (x.id == occurrence.room ? 0 : 1, x.capacity, a)
        < (y.id == occurrence.room ? 0 : 1, y.capacity, b)
    }
  }

  private func options(
    _ occurrence: Occurrence, _ section: SectionFacts, _ day: Int, _ candidates: [Int],
    slots: Int, rooms: Int
  ) -> [FreeTime] {
    let institution = dated.institution
    let grid = dated.index.grid
    let classDay = days[day]
    let length = occurrence.length
    guard length <= grid.slots, let position = grid.position(of: classDay.day) else { return [] }
    var busy: UInt64 = 0
    var busiest = 0
    for student in section.students {
      busy |= students[day][student]
      busiest = max(busiest, students[day][student].nonzeroBitCount)
    }
    if busiest + length > institution.policy.studentMaxHoursPerDay { return [] }
    for id in occurrence.teachers {
      guard let at = institution.teachers.position(of: id) else { continue }
      let hours = teachers[day][at].nonzeroBitCount
      if hours + length > institution.dayLimit(of: institution.teachers[at]) { return [] }
      busy |= teachers[day][at]
      busiest = max(busiest, hours)
      busy |= dated.forbidden[.teacher(id)]?[classDay.week, position] ?? 0
    }
    for group in section.groups {
      busy |= dated.forbidden[.group(institution.groups[group].id)]?[classDay.week, position] ?? 0
    }
    let around = neighbours(occurrence, section, day)
    var result: [FreeTime] = []
    var used = 0
    for slot in 1...(grid.slots - length + 1) where used < slots {
      let wanted = grid.mask(from: slot, to: slot + length - 1)
      if busy & wanted != 0 { continue }
      let bad = (discouraged[classDay.day] ?? 0) & wanted != 0
      func free(_ room: RoomID?) -> FreeTime {
        FreeTime(
          date: classDay.date, slot: slot, room: room, busiest: busiest, isDiscouraged: bad)
      }
      if occurrence.mode == .online {
        result.append(free(nil))
        used += 1
        continue
      }
      var found = 0
      for room in candidates where found < rooms {
        let closed =
          dated.forbidden[.room(institution.rooms[room].id)]?[classDay.week, position] ?? 0
        if (self.rooms[day][room] | closed) & wanted != 0 { continue }
        guard leavesTime(slot, length, institution.rooms[room].id, around) else { continue }
        result.append(free(institution.rooms[room].id))
        found += 1
      }
      if found > 0 { used += 1 }
    }
    return result
  }

  /// What the people of a class have on a date.
  private func neighbours(
    _ occurrence: Occurrence, _ section: SectionFacts, _ day: Int
  ) -> [Int] {
    let sections = Set(section.students.flatMap { dated.sectionsOfStudent[$0] })
    return (dated.heldByDate[days[day].date.dayNumber] ?? []).filter {
      sections.contains(dated.sectionAt[$0])
        || !occurrence.teachers.allSatisfy { [held = dated.occurrences[$0]] teacher in
          !held.teachers.contains(teacher)
        }
    }
  }

  private func leavesTime(_ slot: Int, _ length: Int, _ room: RoomID, _ around: [Int]) -> Bool {
    guard let here = dated.building(of: room) else { return true }
    return around.allSatisfy { place in
      let other = dated.occurrences[place]
      guard let there = dated.building(of: other.room) else { return true }
      return other.slot < slot
        ? !dated.isTight(
          end: other.slot + other.length - 1, building: there, start: slot, building: here)
        : !dated.isTight(
          end: slot + length - 1, building: here, start: other.slot, building: there)
    }
  }
}

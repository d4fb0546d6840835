// SPDX-License-Identifier: GPL-3.0-or-later
internal import University

extension InstitutionBuilder {
  /// Some lectures have their time and hall, some practices their teacher.
  mutating func pinSomeClasses() {
    var random = random("pins")
    let halls = institution.rooms.filter { $0.kind == "lecture" && $0.capacity == largestHall }
    let main = halls.first.map { hall in halls.filter { $0.building == hall.building } } ?? []
    // Whoever holds a pinned lecture, all the pinned times differ, and lie where nothing is
    // forbidden: not on the military Thursday, not on Saturday, not late.
    var times: [(Weekday, Int)] = []
    for slot in [2, 4, 3, 5] {
      for day in [Weekday.monday, .tuesday, .wednesday, .friday] { times.append((day, slot)) }
    }
    let lectures = random.shuffled(
      sections.indices.filter {
        let row = disciplines[sections[$0].discipline]
        return sections[$0].kind == .lecture && row.hours(.lecture) == institution.term.weeks
          && !row.delivery.isOnline(.lecture) && sections[$0].size >= min(15, size / 10)
      })
    var pinned: Set<Int> = []
    let wanted = min(max(size / 400, 2), times.count)
    for index in lectures where institution.pins.count < wanted && !main.isEmpty {
      let section = sections[index]
      let cells = cohorts[section.discipline][section.language] ?? []
      guard !pinned.contains(section.discipline),
        let largest = cells.max(by: { $0.count < $1.count })
      else { continue }
      let (day, slot) = times[institution.pins.count]
      let room = main[institution.pins.count % main.count]
      pinned.insert(section.discipline)
      institution.pins.append(
        Pin(
          discipline: disciplines[section.discipline].id, kind: .lecture,
          group: groups[largest.group].id, day: day, slot: slot, room: room.id))
    }
    let practices = random.shuffled(
      sections.indices.filter { sections[$0].kind == .practice && sections[$0].group != nil })
    for index in practices where institution.pins.count < wanted + min(max(size / 600, 1), 20) {
      let section = sections[index]
      guard !pinned.contains(section.discipline), let group = section.group,
        let teacher = section.teacher
      else { continue }
      pinned.insert(section.discipline)
      institution.pins.append(
        Pin(
          discipline: disciplines[section.discipline].id, kind: .practice,
          group: groups[group].id, teacher: teachers[teacher].id))
    }
  }

  /// One enrolment of forty names a teacher. All who choose in one discipline and language are of
  /// one group and choose the same, one who holds that group in the load that keeps all norms.
  mutating func letStudentsChooseTeachers() {
    var random = random("choices")
    let pinned = Set(institution.pins.map(\.discipline))
    var chosen: [String: (lecture: Bool, teacher: Int, group: Int)] = [:]
    func key(_ discipline: Int, _ language: Language) -> String {
      "\(disciplines[discipline].id) \(language)"
    }
    let wanted = enrolments.count / 40
    var named = 0
    for index in random.shuffled(Array(sections.indices)) where named < wanted {
      let section = sections[index]
      let row = disciplines[section.discipline]
      let cells = cohorts[section.discipline][section.language] ?? []
      guard section.kind != .lab, !pinned.contains(row.id), let teacher = section.teacher,
        chosen[key(section.discipline, section.language)] == nil
      else { continue }
      let group: Int?
      if section.kind == .lecture {
        // With several streams nobody can say which of them the group comes into.
        group =
          section.size == count(section.discipline, section.language) ? cells.first?.group : nil
      } else {
        group = section.group
      }
      guard let group else { continue }
      chosen[key(section.discipline, section.language)] = (
        section.kind == .lecture, teacher, group
      )
      named += (cells.first { $0.group == group }?.count ?? 0) * 7 / 10
    }
    for index in enrolments.indices where enrolments[index].status == .first {
      let row = enrolments[index]
      let group = groupOf[row.student]
      let language = groups[group].language
      guard let choice = chosen[key(row.discipline, language)], choice.group == group,
        random.chance(perMille: 700)
      else { continue }
      if choice.lecture {
        enrolments[index].lectureTeacher = choice.teacher
      } else {
        enrolments[index].practiceTeacher = choice.teacher
      }
    }
    institution.enrolments = Table(
      enrolments.map { row in
        Enrolment(
          student: studentIDs[row.student], discipline: disciplines[row.discipline].id,
          language: groups[groupOf[row.student]].language,
          lectureTeacher: row.lectureTeacher.map { teachers[$0].id },
          practiceTeacher: row.practiceTeacher.map { teachers[$0].id }, status: row.status)
      })
  }

  /// Forbidden and discouraged times: POLICY.md 3.8 and 4.4.
  ///
  /// Days are closed up to slot 14, which only the distance regime has.
  mutating func limitAvailability() {
    var random = random("availability")
    let lastSlot = institution.regimes.map(\.slots).max() ?? 12
    limitTeachers(&random, lastSlot: lastSlot)

    // The military department takes Thursdays of some groups of the second and third year.
    for group in groups
    where [3, 5].contains(group.term) && group.language != .en
      && programmes[group.programme].level == .bachelor && random.chance(perMille: 110)
    {
      forbid(.group(group.id), .thursday, 1, lastSlot)
    }
    // Masters work in the morning.
    for group in groups where programmes[group.programme].level == .master {
      forbid(.group(group.id), nil, 1, 2, .discouraged)
    }
    for (index, room) in institution.rooms.enumerated() {
      switch room.kind {
      case "lecture" where index == 0:
        // The Academic Council.
        forbid(.room(room.id), .thursday, 8, 10)
      case "computer" where random.chance(perMille: 150):
        forbid(.room(room.id), .saturday, 1, lastSlot)
      case "gym" where random.chance(perMille: 300):
        forbid(.room(room.id), .friday, 9, lastSlot)
      case "classroom" where random.chance(perMille: 60):
        // Repairs in the first three weeks of one afternoon.
        forbid(
          .room(room.id), .tuesday, 7, 8,
          weeks: WeekPattern(bits: 0b111, weeks: institution.term.weeks))
      default: break
      }
    }
  }

  private mutating func limitTeachers(_ random: inout SplitMix64, lastSlot: Int) {
    // Who holds a pinned class keeps every hour of the day.
    var needed: Set<TeacherID> = []
    for pin in institution.pins {
      if let teacher = pin.teacher { needed.insert(teacher) }
      for section in sections where disciplines[section.discipline].id == pin.discipline {
        if let teacher = section.teacher { needed.insert(teachers[teacher].id) }
      }
    }
    let weeks = institution.term.weeks
    let weekdays = Array(Weekday.allCases.prefix(5))
    for teacher in teachers {
      let subject = AvailabilitySubject.teacher(teacher.id)
      let draw = random.below(1000)
      let days = random.shuffled(weekdays)
      let isFree = !needed.contains(teacher.id)
      if teacher.rate <= 0.5 {
        guard isFree else { continue }
        if teacher.rate <= 0.25 {
          // Comes on two weekdays and on Saturday.
          for day in days.prefix(3).sorted() { forbid(subject, day, 1, lastSlot) }
        } else if draw < 400 {
          // Has another post until noon.
          for day in days.prefix(3).sorted() { forbid(subject, day, 1, 4) }
        } else {
          for day in days.prefix(2).sorted() { forbid(subject, day, 1, lastSlot) }
        }
      } else if draw < 100 {
        forbid(subject, days[0], 1, lastSlot, isFree ? .forbidden : .discouraged)
      } else if draw < 150 {
        for day in weekdays { forbid(subject, day, 8, lastSlot, .discouraged) }
      } else if draw < 180 {
        for day in days.prefix(2).sorted() { forbid(subject, day, 1, 2, .discouraged) }
      } else if draw < 210, isFree {
        // The dissertation council sits every second week.
        let pattern = random.chance(perMille: 500) ? WeekPattern.odd(weeks) : .even(weeks)
        forbid(subject, days[0], 5, 8, weeks: pattern)
      } else if draw < 230, isFree {
        // Abroad for a week.
        forbid(
          subject, days[0], 1, 4,
          weeks: WeekPattern(bits: 1 << UInt64(random.below(weeks)), weeks: weeks))
      } else if draw < 260 {
        forbid(subject, .saturday, 1, lastSlot, .discouraged)
      }
    }
  }

  private mutating func forbid(
    _ subject: AvailabilitySubject, _ day: Weekday?, _ from: Int, _ to: Int,
    _ level: AvailabilityLevel = .forbidden, weeks: WeekPattern? = nil
  ) {
    institution.availability.append(
      Availability(
        subject: subject, day: day, from: from, to: to, level: level,
        weeks: weeks ?? .all(institution.term.weeks)))
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// What a page or a calendar says of a meeting, in one language.
struct Labels {
  let view: PlanView
  let language: Language

  func callAsFunction(_ phrase: Phrase) -> String { phrase.text(in: language) }

  /// The discipline's name in the language.
  func disciplineName(of meeting: Meeting) -> String {
    view.plan.sections[meeting.section].map { name(of: $0.discipline) } ?? meeting.section.text
  }

  /// The discipline's name in the language.
  func name(of discipline: DisciplineID) -> String {
    view.institution.disciplines[discipline]?.name(in: language) ?? discipline.text
  }

  /// A teacher's name.
  func name(of teacher: TeacherID) -> String {
    view.institution.teachers[teacher]?.name ?? teacher.text
  }

  /// The name of the building of a room.
  func building(of room: RoomID) -> String {
    guard let building = view.institution.rooms[room]?.building else { return "" }
    return view.institution.buildings[building]?.name ?? building.text
  }

  /// The room and its building; online; or that there is none yet.
  func place(of meeting: Meeting) -> String {
    if meeting.mode == .online { return self(.online) }
    guard let room = meeting.room else { return self(.noRoom) }
    let building = building(of: room)
    return building.isEmpty ? room.text : "\(room.text), \(building)"
  }

  /// `ТКТ-21-1`; `ТКТ-21-1/2 (12)` for twelve students in the second of several subgroups.
  func label(of share: PlanView.GroupShare) -> String {
    if share.isWhole { return share.group.text }
    let part = share.parts > 1 && !share.isRetakeOnly ? "/\(share.part)" : ""
    return "\(share.group.text)\(part) (\(share.count))"
  }

  /// The groups of a section, at most so many of them by name.
  func groups(of section: SectionID, atMost limit: Int = .max) -> String {
    let shares = view.groups(in: section)
    let named = shares.prefix(shares.count > limit ? max(1, limit - 1) : limit).map(label)
    let rest = shares.count - named.count
    return named.joined(separator: ", ") + (rest > 0 ? " +\(rest)" : "")
  }

  /// Nothing for every week; odd or even by its name; else the weeks' numbers.
  func weeks(_ weeks: WeekPattern) -> String {
    if weeks == .all(weeks.weeks) { return "" }
    if weeks == .odd(weeks.weeks) { return self(.odd) }
    if weeks == .even(weeks.weeks) { return self(.even) }
    return "\(self(.weeks)) \(Self.numbers(weeks))"
  }

  /// `1–3, 5, 9`: numbers from 1, three or more in a row as a range.
  static func numbers(_ weeks: WeekPattern) -> String {
    var parts: [String] = []
    var week = 0
    while week < weeks.weeks {
      guard weeks.holds(week: week) else {
        week += 1
        continue
      }
      var last = week
      while last + 1 < weeks.weeks, weeks.holds(week: last + 1) { last += 1 }
      switch last - week {
      case 0: parts.append("\(week + 1)")
      case 1: parts.append("\(week + 1), \(last + 1)")
      default: parts.append("\(week + 1)–\(last + 1)")
      }
      week = last + 1
    }
    return parts.joined(separator: ", ")
  }

  /// `08:00–09:50`; the slots' numbers where the regime has no such slots.
  func time(of meeting: Meeting) -> String {
    guard let clock = view.clock(of: meeting) else {
      return "\(self(.slot)) \(meeting.slot)–\(meeting.slot &+ meeting.length &- 1)"
    }
    return "\(Self.clock(clock.start))–\(Self.clock(clock.end))"
  }

  /// `08:00`
  static func clock(_ minutes: Int) -> String {
    let (hour, minute) = (minutes % 1440).quotientAndRemainder(dividingBy: 60)
    return (hour < 10 ? "0" : "") + "\(hour):" + (minute < 10 ? "0" : "") + "\(minute)"
  }

  /// Kind, groups, teachers and weeks, a line each.
  func description(of meeting: Meeting) -> String {
    var lines: [String] = []
    if let section = view.plan.sections[meeting.section] {
      lines.append("\(self(.kind)): \(language.name(of: section.kind))")
      let groups = groups(of: section.id, atMost: 12)
      if !groups.isEmpty { lines.append("\(self(.groups)): \(groups)") }
      let teachers = view.teachers(of: section.id).map { name(of: $0) }
      let holders = teachers.isEmpty ? self(.noTeacher) : teachers.joined(separator: ", ")
      lines.append("\(self(.teacher)): \(holders)")
    }
    let weeks = weeks(meeting.weeks)
    lines.append("\(self(.week)): \(weeks.isEmpty ? self(.everyWeek) : weeks)")
    return lines.joined(separator: "\n")
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
public import Timetabling
public import University

/// A university's timetable stage as declarations, and the way back to meetings.
public struct TimetableDeclaration: Sendable {
  /// The declarations.
  public let instance: TimetableInstance
  /// The section of each event.
  public let sectionOfEvent: [SectionID]
  /// The id that the meeting of each event has.
  public let meetingOfEvent: [MeetingID]
  /// Weights are multiplied by this, so that they are whole.
  public let scale: Int
  /// The days of the grid.
  let days: [Weekday]
  let roomIDs: [RoomID]
  let weeks: Int

  /// The meetings of a timetable; events that are not placed have none.
  public func meetings(of timetable: Timetable) -> [Meeting] {
    timetable.placements.enumerated().compactMap { event, placement in
      guard let placement else { return nil }
      return Meeting(
        id: meetingOfEvent[event], section: sectionOfEvent[event],
        weeks: WeekPattern(bits: placement.time.weeks, weeks: weeks),
        day: days[placement.time.day], slot: placement.time.start + 1,
        length: placement.time.length, room: placement.room.map { roomIDs[Int($0)] },
        mode: placement.room == nil ? .online : .room)
    }
  }

  /// The timetable of given meetings: those of a section take its events in order; an event is not
  /// placed where the meetings are fewer.
  public func timetable(of meetings: [Meeting]) -> Timetable {
    let roomNumber = Dictionary(uniqueKeysWithValues: roomIDs.enumerated().map { ($1, Int32($0)) })
    return Timetable(
      placements: positions(in: meetings).map { position in
        guard let position, let day = days.firstIndex(of: meetings[position].day) else {
          return nil
        }
        let meeting = meetings[position]
        return Placement(
          time: TimePattern(
            weeks: meeting.weeks.bits, day: day, start: meeting.slot - 1, length: meeting.length),
          room: meeting.room.flatMap { roomNumber[$0] })
      })
  }

  /// The position of each event's meeting in a list: the one of its id, else those of its section
  /// in order; nil where the meetings are fewer.
  public func positions(in meetings: [Meeting]) -> [Int?] {
    var bySection: [SectionID: [Int]] = [:]
    var byID: [MeetingID: Int] = [:]
    for (position, meeting) in meetings.enumerated() {
      bySection[meeting.section, default: []].append(position)
      byID[meeting.id] = position
    }
    var next: [SectionID: Int] = [:]
    return sectionOfEvent.indices.map { event in
      let section = sectionOfEvent[event]
      let own = bySection[section] ?? []
      let rank = next[section, default: 0]
      next[section] = rank + 1
      return byID[meetingOfEvent[event]].flatMap { meetings[$0].section == section ? $0 : nil }
        ?? (rank < own.count ? own[rank] : nil)
    }
  }

  /// The number of a room in the declarations.
  public func number(of room: RoomID) -> Int? { roomIDs.firstIndex(of: room) }

  /// The room of a number in the declarations.
  public func room(_ number: Int) -> RoomID { roomIDs[number] }
}

extension Curricula {
  /// Declares the timetable stage of an institution for decided sections and teachers.
  ///
  /// Students with the same sections and the same retakes are one person with a count. Source:
  /// FORMATS.md sections 4 and 5.
  ///
  /// - Parameters:
  ///   - institution: The institution.
  ///   - sections: The sections.
  ///   - teachers: Who holds each.
  ///   - held: Meetings that there are already; nil to choose weeks and lengths anew.
  /// - Returns: The declarations, and what they stand for.
  public static func declareTimetable(
    _ institution: Institution, sections: Table<Section>, teachers: [SectionID: [TeacherID]],
    held: HeldTimetable? = nil
  ) -> TimetableDeclaration {
    var builder = DeclarationBuilder(institution, sections, teachers, held)
    return builder.build()
  }
}

private struct DeclarationBuilder {
  let institution: Institution
  let sections: Table<Section>
  let teachers: [SectionID: [TeacherID]]
  let weeks: Int
  let grid: TimeGrid
  let scale: Int
  let held: HeldTimetable?
  var instance: TimetableInstance

  /// A meeting that a section needs.
  struct Need {
    var section: Int
    var rank: Int
    var id: MeetingID
    /// The meeting that it is already, where its weeks and length are not chosen.
    var held: Meeting?
  }

  init(
    _ institution: Institution, _ sections: Table<Section>, _ teachers: [SectionID: [TeacherID]],
    _ held: HeldTimetable?
  ) {
    self.institution = institution
    self.sections = sections
    self.teachers = teachers
    self.held = held
    weeks = institution.term.weeks
    grid = TimeGrid(
      weeks: institution.term.weeks, days: institution.days.count,
      slotStarts: institution.regime.slotStarts,
      slotMinutes: institution.regime.academicHourMinutes)
    instance = TimetableInstance(name: institution.name, grid: grid)
    scale = institution.weights.timetable.scale
  }

  mutating func build() -> TimetableDeclaration {
    let pins = pinsBySection()
    let closed = closedTimes()
    var patterns = PatternCatalogue(institution, scale: scale)
    let heldBySection = held?.bySection ?? [:]
    var kept: [Int: [Meeting]] = [:]
    let choices = sections.enumerated().map { number, section in
      let own = pins[section.id] ?? []
      let times = closed[section.id]
      let meetings = heldBySection[section.id] ?? []
      let ranked = ranked(meetings, by: own)
      let shapes = ranked.map {
        Constraint.PatternSet.Shape(weeks: $0.weeks.bits, length: $0.length)
      }
      let row = meetings.isEmpty ? nil : patterns.row(of: shapes, for: section)
      if let row, held?.isBinding ?? false {
        kept[number] = ranked
        return [row]
      }
      let rows = patterns.choices(
        for: section, pinnedWeeks: own.compactMap(\.weeks),
        openWeeks: times.map(openWeeks) ?? WeekPattern.all(weeks).bits
      ) { row in
        isPossible(row, for: section, pins: own, closed: times)
      }
      if let row, !rows.contains(where: { isHeld(meetings, by: $0, of: section) }) {
        kept[number] = ranked
        return [row]
      }
      return rows
    }

    // Events in the order of their meetings' ids: consecutive meetings of a day are told apart by
    // them, and the search by the number of the event.
    var needs: [Need] = []
    for (number, section) in sections.enumerated() {
      for rank in 0..<(choices[number].first?.shapes.count ?? 0) {
        let meeting = kept[number]?[rank]
        needs.append(
          Need(
            section: number, rank: rank,
            id: meeting?.id ?? MeetingID("\(section.id.text)#\(rank + 1)"), held: meeting))
      }
    }
    needs.sort { $0.id < $1.id }
    var eventsOfSection: [[Int32]] = Array(repeating: [], count: sections.count)
    for (event, need) in needs.enumerated() {
      eventsOfSection[need.section].append(Int32(event))
    }
    for number in eventsOfSection.indices {
      eventsOfSection[number].sort { needs[Int($0)].rank < needs[Int($1)].rank }
    }

    declareRooms()
    declareEvents(needs, choices: choices, pins: pins)
    declareGroups(eventsOfSection, choices: choices)
    declarePeople(eventsOfSection)
    declareMeasures()
    declareTimes(eventsOfSection)
    declarePublished(eventsOfSection)
    return TimetableDeclaration(
      instance: instance, sectionOfEvent: needs.map { sections[$0.section].id },
      meetingOfEvent: needs.map(\.id), scale: scale, days: institution.days,
      roomIDs: institution.rooms.map(\.id), weeks: weeks)
  }

  private func weight(of criterion: TimetableCriterion) -> Int {
    Int((institution.weights.timetable[criterion] * Double(scale)).rounded())
  }

  private mutating func ask(
    _ kind: Constraint.Kind, _ criterion: TimetableCriterion
  ) {
    let weight = weight(of: criterion)
    if weight != 0 {
      instance.constraints.append(
        Constraint(kind, .soft(weight), source: criterion.rawValue))
    }
  }

  private mutating func demand(_ kind: Constraint.Kind, _ rule: String) {
    instance.constraints.append(Constraint(kind, .hard, source: rule))
  }

  // MARK: - Meetings that there are

  /// The meetings of a section, those first that the pins of a time are about, each of another one.
  private func ranked(_ meetings: [Meeting], by pins: [Pin]) -> [Meeting] {
    var rest = meetings.sorted { $0.id < $1.id }
    var first: [Meeting] = []
    for pin in pins where pin.day != nil || pin.slot != nil {
      guard
        let position = rest.firstIndex(where: {
          (pin.day == nil || pin.day == $0.day) && (pin.slot == nil || pin.slot == $0.slot)
            && (pin.weeks == nil || pin.weeks == $0.weeks)
            && (pin.room == nil || pin.room == $0.room)
        })
      else { break }
      first.append(rest.remove(at: position))
    }
    return first + rest
  }

  /// Whether a row of the catalogue is that of a section's meetings, as
  /// ``TimetableDeclaration/positions(in:)`` tells which is which.
  private func isHeld(
    _ meetings: [Meeting], by row: Constraint.PatternSet, of section: Section
  ) -> Bool {
    guard meetings.count == row.shapes.count else { return false }
    return row.shapes.enumerated().allSatisfy { rank, shape in
      let id = MeetingID("\(section.id.text)#\(rank + 1)")
      let meeting = meetings.first { $0.id == id } ?? meetings[rank]
      return meeting.weeks.bits == shape.weeks && meeting.length == shape.length
    }
  }

  // MARK: - Pins

  /// Pins that fix a time, weeks or a room, by the section that each is about: the one with most
  /// of its group (the first on a tie), or every section without a group.
  private func pinsBySection() -> [SectionID: [Pin]] {
    var result: [SectionID: [Pin]] = [:]
    var candidates: [DisciplineID: [Int]] = [:]
    for (number, section) in sections.enumerated() {
      candidates[section.discipline, default: []].append(number)
    }
    for pin in institution.pins
    where pin.day != nil || pin.slot != nil || pin.weeks != nil || pin.room != nil {
      let own = (candidates[pin.discipline] ?? []).filter { sections[$0].kind == pin.kind }
      guard let group = pin.group else {
        for number in own { result[sections[number].id, default: []].append(pin) }
        continue
      }
      var best: (number: Int, count: Int)?
      for number in own {
        let count = sections[number].students.count { institution.students[$0]?.group == group }
        if count > (best?.count ?? 0) { best = (number, count) }
      }
      if let best { result[sections[best.number].id, default: []].append(pin) }
    }
    return result
  }

  // MARK: - Times of a section alone

  /// Times forbidden to a section by its teachers and groups (students who retake aside), and those at
  /// which every room that suits it is closed; sections without any are absent.
  private func closedTimes() -> [SectionID: TimeSet] {
    var bySubject: [AvailabilitySubject: TimeSet] = [:]
    for row in institution.availability where row.level == .forbidden {
      insert(
        day: row.day, from: row.from, to: row.to, weeks: row.weeks.bits,
        into: &bySubject[row.subject, default: TimeSet(grid: grid)])
    }
    if bySubject.isEmpty { return [:] }
    var result: [SectionID: TimeSet] = [:]
    for section in sections {
      var subjects = Set((teachers[section.id] ?? []).map(AvailabilitySubject.teacher))
      for student in section.students where !institution.isRetake(student, section.discipline) {
        if let group = institution.students[student]?.group { subjects.insert(.group(group)) }
      }
      for subject in subjects {
        if let times = bySubject[subject] {
          result[section.id, default: TimeSet(grid: grid)].formUnion(times)
        }
      }
      if let times = roomless(section, bySubject) {
        result[section.id, default: TimeSet(grid: grid)].formUnion(times)
      }
    }
    return result
  }

  /// Times at which every room that suits a section is closed; nil where there are none.
  private func roomless(
    _ section: Section, _ bySubject: [AvailabilitySubject: TimeSet]
  ) -> TimeSet? {
    guard let discipline = institution.disciplines[section.discipline],
      !discipline.delivery.isOnline(section.kind)
    else { return nil }
    var common: TimeSet?
    for room in institution.rooms
    where room.capacity >= section.students.count
      && institution.suits(room, discipline, section.kind)
    {
      guard let closed = bySubject[.room(room.id)] else { return nil }
      if common == nil { common = closed } else { common?.formIntersection(closed) }
    }
    return common.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Weeks in which some slot is open.
  private func openWeeks(_ closed: TimeSet) -> UInt64 {
    let full = grid.slots >= 64 ? UInt64.max : (1 << UInt64(grid.slots)) - 1
    return (0..<weeks).reduce(UInt64(0)) { mask, week in
      let isOpen = (0..<grid.days).contains { closed.slots(week: week, day: $0) & full != full }
      return isOpen ? mask | 1 << UInt64(week) : mask
    }
  }

  /// Whether each meeting of a row has a time as far as the section alone is concerned.
  private func isPossible(
    _ row: Constraint.PatternSet, for section: Section, pins: [Pin], closed: TimeSet?
  ) -> Bool {
    var limit = institution.policy.studentMaxHoursPerDay
    for teacher in teachers[section.id] ?? [] {
      if let teacher = institution.teachers[teacher] {
        limit = min(limit, institution.dayLimit(of: teacher))
      }
    }
    return row.shapes.indices.allSatisfy { rank in
      let shape = row.shapes[rank]
      guard shape.length <= min(limit, grid.slots) else { return false }
      let wish = PinnedTime(pins, rank: rank, of: row.shapes.count)
      guard !wish.isContradictory, wish.weeks.allSatisfy({ $0 == shape.weeks }) else {
        return false
      }
      return times(of: [shape], day: wish.day, slot: wish.slot).contains { option in
        guard let closed else { return true }
        let mask = (UInt64.max >> UInt64(64 - shape.length)) << UInt64(option.pattern.start)
        return (0..<weeks).allSatisfy { week in
          shape.weeks >> UInt64(week) & 1 == 0
            || closed.slots(week: week, day: option.pattern.day) & mask == 0
        }
      }
    }
  }

  /// What pins ask of one meeting of a section: each pin of a time takes a meeting of its own, as
  /// long as there are enough; pins of weeks or a room alone hold for every meeting.
  private struct PinnedTime {
    /// The pins of this meeting.
    var pins: [Pin]
    var day: Weekday?
    var slot: Int?
    var isContradictory = false

    /// The weeks asked for.
    var weeks: [UInt64] { pins.compactMap(\.weeks?.bits) }

    init(_ all: [Pin], rank: Int, of count: Int) {
      let timed = all.filter { $0.day != nil || $0.slot != nil }
      let mine = timed.enumerated().filter { min($0.offset, count - 1) == rank }.map(\.element)
      pins = mine + all.filter { $0.day == nil && $0.slot == nil }
      for pin in mine {
        if let day, let other = pin.day { isContradictory = isContradictory || day != other }
        if let slot, let other = pin.slot { isContradictory = isContradictory || slot != other }
        day = day ?? pin.day
        slot = slot ?? pin.slot
      }
    }
  }

  // MARK: - Rooms and events

  private mutating func declareRooms() {
    instance.sites = institution.buildings.map(\.id.text)
    let minutes = institution.travelTable()
    instance.travelMinutes = institution.buildings.map { from in
      institution.buildings.map { minutes(from.id, $0.id) }
    }
    instance.rooms = institution.rooms.map { room in
      RoomDeclaration(
        name: room.id.text, site: institution.buildings.position(of: room.building) ?? 0,
        capacity: room.capacity)
    }
  }

  private mutating func declareEvents(
    _ needs: [Need], choices: [[Constraint.PatternSet]], pins: [SectionID: [Pin]]
  ) {
    struct DomainKey: Hashable {
      var shapes: [Constraint.PatternSet.Shape]
      var day: Weekday?
      var slot: Int?
      var isFree: Bool
    }
    struct RoomKey: Hashable {
      var discipline: DisciplineID
      var kind: TeachingKind
    }
    var domains: [DomainKey: Int] = [:]
    var suitable: [RoomKey: [Int32]] = [:]
    for need in needs {
      let section = sections[need.section]
      guard let discipline = institution.disciplines[section.discipline] else { continue }
      // What is fixed is where it is, whatever is pinned.
      let fixed = need.held.flatMap { held?.fixed.contains($0.id) ?? false ? $0 : nil }
      let wish = PinnedTime(
        fixed == nil ? pins[section.id] ?? [] : [], rank: need.rank,
        of: choices[need.section].first?.shapes.count ?? 1)
      var shapes: Set<Constraint.PatternSet.Shape> = []
      for row in choices[need.section] { shapes.insert(row.shapes[need.rank]) }
      for weeks in held?.otherWeeks[need.id] ?? [] {
        shapes.insert(.init(weeks: weeks.bits, length: need.held?.length ?? 1))
      }
      shapes = shapes.filter { shape in wish.weeks.allSatisfy { $0 == shape.weeks } }
      let sorted = shapes.sorted { ($0.weeks, $0.length) < ($1.weeks, $1.length) }
      let key = DomainKey(
        shapes: wish.isContradictory ? [] : sorted, day: fixed?.day ?? wish.day,
        slot: fixed?.slot ?? wish.slot, isFree: fixed == nil)
      let domain: Int
      if let known = domains[key] {
        domain = known
      } else {
        domain = instance.timeDomains.count
        domains[key] = domain
        instance.timeDomains.append(
          times(of: key.shapes, day: key.day, slot: key.slot).filter {
            !key.isFree || isAfterStart($0.pattern)
          })
      }
      let online = discipline.delivery.isOnline(section.kind)
      var rooms: [Int32] = []
      if !online {
        let roomKey = RoomKey(discipline: discipline.id, kind: section.kind)
        if suitable[roomKey] == nil {
          suitable[roomKey] = institution.rooms.indices.filter {
            institution.suits(institution.rooms[$0], discipline, section.kind)
          }.map(Int32.init)
        }
        rooms = (suitable[roomKey] ?? []).filter {
          institution.rooms[Int($0)].capacity >= section.students.count
        }
        for pin in wish.pins {
          if let room = pin.room {
            rooms = rooms.filter { institution.rooms[Int($0)].id == room }
          }
        }
        if let fixed {
          rooms = rooms.filter { institution.rooms[Int($0)].id == fixed.room }
        }
      }
      instance.events.append(
        Event(
          name: need.id.text, timeDomain: domain, rooms: rooms.map { RoomOption($0) },
          needsRoom: !online, size: section.students.count))
    }
  }

  /// Whether nothing of a time lies before the day from which on things may change.
  private func isAfterStart(_ time: TimePattern) -> Bool {
    guard let start = held?.start else { return true }
    let past = start.week <= 0 ? 0 : (UInt64(1) << UInt64(start.week)) - 1
    if time.weeks & past != 0 { return false }
    return time.weeks >> UInt64(start.week) & 1 == 0 || institution.days[time.day] >= start.day
  }

  private func times(
    of shapes: [Constraint.PatternSet.Shape], day: Weekday?, slot: Int?
  ) -> [TimeOption] {
    var result: [TimeOption] = []
    for shape in shapes where shape.length <= grid.slots {
      for (number, name) in institution.days.enumerated() where day == nil || day == name {
        for start in 0...(grid.slots - shape.length) where slot == nil || slot == start + 1 {
          result.append(
            TimeOption(
              TimePattern(
                weeks: shape.weeks, day: number, start: start, length: shape.length)))
        }
      }
    }
    return result
  }

  private mutating func declareGroups(
    _ eventsOfSection: [[Int32]], choices: [[Constraint.PatternSet]]
  ) {
    for (number, section) in sections.enumerated() {
      instance.eventGroups.append(
        EventGroup(name: section.id.text, events: eventsOfSection[number]))
      guard !eventsOfSection[number].isEmpty else { continue }
      // Meetings that may be in one of several weeks each deliver the same hours in all of them.
      let isChosenAlone = eventsOfSection[number].contains {
        held?.otherWeeks[MeetingID(instance.events[Int($0)].name)]?.isEmpty == false
      }
      if !isChosenAlone {
        demand(.patternSets(group: number, rows: choices[number]), "M1")
      }
      if eventsOfSection[number].count > 1 {
        ask(.sameDay(group: number), .sameDay)
        ask(.roomStability(group: number), .roomStability)
      }
      if let parent = section.parent, let position = sections.position(of: parent) {
        ask(.firstInWeek(earlier: position, later: number), .lectureFirst)
      }
    }
  }

  // MARK: - People

  private mutating func declarePeople(_ eventsOfSection: [[Int32]]) {
    instance.roles = ["student", "teacher"]
    var sectionsOf: [StudentID: [Int]] = [:]
    for (number, section) in sections.enumerated() {
      for student in section.students { sectionsOf[student, default: []].append(number) }
    }
    struct Profile: Hashable {
      var sections: [Int]
      var retaken: [Int]
    }
    var profiles: [Profile: Int] = [:]
    for student in institution.students {
      guard let own = sectionsOf[student.id] else { continue }
      let retaken =
        institution.policy.retakeConflicts == .soft
        ? own.filter { institution.isRetake(student.id, sections[$0].discipline) } : []
      let profile = Profile(sections: own, retaken: retaken)
      if let known = profiles[profile] {
        instance.people[known].count += 1
        continue
      }
      profiles[profile] = instance.people.count
      instance.people.append(
        Person(
          name: student.id.text, role: 0, events: own.flatMap { eventsOfSection[$0] },
          lenientEvents: retaken.flatMap { eventsOfSection[$0] }))
    }
    var taught: [TeacherID: [Int32]] = [:]
    for (number, section) in sections.enumerated() {
      for teacher in teachers[section.id] ?? [] {
        taught[teacher, default: []].append(contentsOf: eventsOfSection[number])
      }
    }
    for teacher in institution.teachers {
      guard let events = taught[teacher.id], !events.isEmpty else { continue }
      instance.people.append(
        Person(
          name: teacher.id.text, role: 1, events: events,
          dayLimit: teacher.maxHoursPerDay))
    }
  }

  private mutating func declareMeasures() {
    for role in 0...1 {
      demand(.noOverlap(role: role), role == 0 ? "M5" : "M3")
      demand(.travel(role: role), "T2")
    }
    let policy = institution.policy
    demand(.dayLoad(role: 0, limit: policy.studentMaxHoursPerDay), "T3")
    demand(.dayLoad(role: 1, limit: policy.teacherMaxHoursPerDay), "T3")
    ask(.gaps(role: 0), .studentGap)
    ask(.gaps(role: 1), .teacherGap)
    ask(.singleEventDays(role: 0), .studentSingle)
    ask(
      .dayLoad(role: 0, limit: institution.preferences.longDayFrom - 1), .studentLongDay)
    let from = max(1, institution.preferences.lunchFrom)
    let to = min(institution.preferences.lunchTo, grid.slots)
    if to > from {
      ask(.fullWindow(role: 0, from: from - 1, to: to - 1), .studentNoLunch)
    }
    ask(.daysUsed(role: 1), .teacherDays)
    ask(.siteChanges(role: 0), .studentBuildingChange)
    ask(.siteChanges(role: 1), .teacherBuildingChange)
    ask(.lenientOverlap(role: 0), .studentConflict)
  }

  // MARK: - Times

  private mutating func declareTimes(_ eventsOfSection: [[Int32]]) {
    var everyone = TimeSet(grid: grid)
    let all = WeekPattern.all(weeks).bits
    for entry in institution.preferences.discouraged {
      insert(day: entry.day, from: entry.from, to: entry.to, weeks: all, into: &everyone)
    }
    if !everyone.isEmpty {
      ask(
        .avoidTimes(events: (0..<Int32(instance.events.count)).map { $0 }, times: everyone),
        .discouragedTime)
    }

    // Events of each subject: the sections of a teacher; of a group those that hold a student of it
    // who does not retake.
    var eventsOf: [AvailabilitySubject: [Int32]] = [:]
    for (number, section) in sections.enumerated() {
      for teacher in teachers[section.id] ?? [] {
        eventsOf[.teacher(teacher), default: []].append(contentsOf: eventsOfSection[number])
      }
      var groups: Set<GroupID> = []
      for student in section.students
      where !institution.isRetake(student, section.discipline) {
        if let group = institution.students[student]?.group { groups.insert(group) }
      }
      for group in groups {
        eventsOf[.group(group), default: []].append(contentsOf: eventsOfSection[number])
      }
    }
    var order: [AvailabilitySubject] = []
    var forbidden: [AvailabilitySubject: TimeSet] = [:]
    var discouraged: [AvailabilitySubject: TimeSet] = [:]
    for row in institution.availability {
      if forbidden[row.subject] == nil {
        order.append(row.subject)
        forbidden[row.subject] = TimeSet(grid: grid)
        discouraged[row.subject] = TimeSet(grid: grid)
      }
      if row.level == .forbidden {
        insert(
          day: row.day, from: row.from, to: row.to, weeks: row.weeks.bits,
          into: &forbidden[row.subject, default: TimeSet(grid: grid)])
      } else {
        insert(
          day: row.day, from: row.from, to: row.to, weeks: row.weeks.bits,
          into: &discouraged[row.subject, default: TimeSet(grid: grid)])
      }
    }
    for subject in order {
      let closed = forbidden[subject] ?? TimeSet(grid: grid)
      let unwanted = discouraged[subject] ?? TimeSet(grid: grid)
      if case .room(let id) = subject {
        guard let position = institution.rooms.position(of: id) else { continue }
        if !closed.isEmpty {
          demand(.roomAvoidsTimes(room: Int32(position), times: closed), "T1")
        }
        if !unwanted.isEmpty {
          ask(
            .roomAvoidsTimes(room: Int32(position), times: unwanted), .personalDiscouraged)
        }
      } else if let events = eventsOf[subject] {
        if !closed.isEmpty { demand(.avoidTimes(events: events, times: closed), "T1") }
        if !unwanted.isEmpty {
          ask(.avoidTimes(events: events, times: unwanted), .personalDiscouraged)
        }
      }
    }
  }

  private func insert(
    day: Weekday?, from: Int, to: Int, weeks: UInt64, into set: inout TimeSet
  ) {
    for (number, name) in institution.days.enumerated() where day == nil || day == name {
      set.insert(
        weeks: weeks, day: number, from: max(1, from) - 1, to: min(to, grid.slots) - 1)
    }
  }

  // MARK: - The timetable in force

  private mutating func declarePublished(_ eventsOfSection: [[Int32]]) {
    var published: [SectionID: [Meeting]] = [:]
    for meeting in institution.publishedMeetings {
      published[meeting.section, default: []].append(meeting)
    }
    for (number, section) in sections.enumerated() {
      guard let own = published[section.id], !eventsOfSection[number].isEmpty else { continue }
      let patterns = own.compactMap { meeting -> TimePattern? in
        guard let day = institution.days.firstIndex(of: meeting.day) else { return nil }
        return TimePattern(
          weeks: meeting.weeks.bits, day: day, start: meeting.slot - 1, length: meeting.length)
      }
      ask(.keepTime(events: eventsOfSection[number], among: patterns), .movedTime)
      let rooms = own.map { meeting in
        meeting.room.flatMap { institution.rooms.position(of: $0) }.map(Int32.init)
      }
      ask(.keepRoom(events: eventsOfSection[number], among: rooms), .movedRoom)
    }
  }
}

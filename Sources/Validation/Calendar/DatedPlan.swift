// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// A plan on the dates of its term: every meeting on every date, with holidays, moved working days
/// and what `held.csv` says of single classes.
///
/// What `held.csv` changes is judged as the timetable is, on its date: competence, clashes of the
/// teacher, the students and the room, capacity, closed times, travel, hours of the day.
/// A row that cannot be understood changes nothing and is a finding.
public struct DatedPlan: Sendable {
  let index: PlanIndex
  let forbidden: PersonalTimes
  let minutes: [[Int]]
  /// The dates of the term.
  public let calendar: TermCalendar
  /// Every meeting on every date, by date, slot and section; those that fall out and those moved
  /// away as well.
  public private(set) var occurrences: [Occurrence] = []
  /// What is wrong with `held.csv`.
  public private(set) var findings: [RegisterFinding] = []
  /// The section of each occurrence, as a position.
  private(set) var sectionAt: [Int] = []
  /// Occurrences of each section, in order of date.
  private(set) var bySection: [[Int]] = []
  /// Occurrences that take place, by day number.
  private(set) var heldByDate: [Int: [Int]] = [:]
  let sectionsOfStudent: [[Int]]
  /// Which row of `held.csv` an occurrence is by.
  private var rowOf: [Int: Int] = [:]

  /// The institution.
  public var institution: Institution { index.institution }
  /// The plan.
  public var plan: Plan { index.plan }

  /// Dates a plan.
  ///
  /// Complexity: linear in the occurrences, and for each change in the occurrences of its date.
  public init(_ institution: Institution, _ plan: Plan) {
    let index = PlanIndex(institution, plan)
    self.index = index
    forbidden = PersonalTimes(index, .forbidden)
    calendar = TermCalendar(institution)
    let travel = institution.travelTable()
    let buildings = institution.buildings.map(\.id)
    minutes = buildings.map { from in buildings.map { to in travel(from, to) } }
    var sections = Array(repeating: [Int](), count: institution.students.count)
    for (at, section) in index.sections.enumerated() {
      for student in section.students { sections[student].append(at) }
    }
    sectionsOfStudent = sections
    var draft = Draft(index, calendar)
    draft.apply(institution.held)
    findings = draft.findings
    let order = draft.entries.indices.sorted { a, b in
      let (x, y) = (draft.entries[a], draft.entries[b])
      return (x.occurrence.date.dayNumber, x.occurrence.slot, x.section, a)
        < (y.occurrence.date.dayNumber, y.occurrence.slot, y.section, b)
    }
    bySection = Array(repeating: [], count: index.sections.count)
    for (place, at) in order.enumerated() {
      let entry = draft.entries[at]
      occurrences.append(entry.occurrence)
      sectionAt.append(entry.section)
      bySection[entry.section].append(place)
      if entry.occurrence.isHeld {
        heldByDate[entry.occurrence.date.dayNumber, default: []].append(place)
      }
      if let row = entry.row { rowOf[place] = row }
    }
    judgeChanges()
  }

  /// The occurrences of a section, in order of date.
  public func occurrences(of section: SectionID) -> [Occurrence] {
    (index.sectionAt[section].map { bySection[$0] } ?? []).map { occurrences[$0] }
  }

  // MARK: - Judging changes

  private mutating func judgeChanges() {
    let changed = rowOf.keys.filter { occurrences[$0].isHeld }
      .sorted { (rowOf[$0] ?? 0, $0) < (rowOf[$1] ?? 0, $1) }
    var seen: Set<Int> = []
    for place in changed {
      guard let row = rowOf[place] else { continue }
      let record = institution.held[row]
      if record.status == .held && record.room == nil && record.teacher == nil { continue }
      var found = faults(of: place, record, judged: seen)
      for at in found.indices {
        found[at].file = "held.csv"
        found[at].line = record.line > 0 ? record.line : nil
        found[at].date = occurrences[place].date
        found[at].section = record.section
      }
      findings += found
      seen.insert(place)
    }
  }

  /// What a changed class breaks on its date; clashes with those already judged are told there.
  private func faults(
    of place: Int, _ record: HeldRecord, judged: Set<Int>
  ) -> [RegisterFinding] {
    var result: [RegisterFinding] = []
    let occurrence = occurrences[place]
    let section = index.sections[sectionAt[place]]
    let slots = index.grid.mask(
      from: occurrence.slot, to: occurrence.slot + occurrence.length - 1)
    judgeTeachers(occurrence, section, record, &result)
    judgeRoom(occurrence, section, &result)
    judgeClosedTimes(occurrence, section, slots, &result)
    let others = (heldByDate[occurrence.date.dayNumber] ?? []).filter { $0 != place }
    judgeClashes(occurrence, section, slots, others.filter { !judged.contains($0) }, &result)
    judgeDay(place, section, others, &result)
    return result
  }

  /// Slots of an occurrence as bits.
  func slots(_ place: Int) -> UInt64 {
    let occurrence = occurrences[place]
    return index.grid.mask(from: occurrence.slot, to: occurrence.slot + occurrence.length - 1)
  }

  private func judgeTeachers(
    _ occurrence: Occurrence, _ section: SectionFacts, _ record: HeldRecord,
    _ result: inout [RegisterFinding]
  ) {
    guard let id = record.teacher, let teacher = institution.teachers[id],
      let reason = institution.unfitness(
        of: teacher, for: .teaching(section.kind), in: index.disciplineID(of: section))
    else { return }
    var finding = RegisterFinding(
      .heldCompetence,
      "teacher \(id) \(reason.clause(in: .en)): \(index.disciplineID(of: section)) \(section.kind.rawValue)"
    )
    finding.teacher = id
    let able = institution.teachers.filter {
      institution.unfitness(
        of: $0, for: .teaching(section.kind), in: index.disciplineID(of: section)) == nil
    }.prefix(3).map(\.id.text)
    finding.remedy =
      able.isEmpty ? "nobody is competent" : "competent are \(able.joined(separator: ", "))"
    result.append(finding)
  }

  private func judgeRoom(
    _ occurrence: Occurrence, _ section: SectionFacts, _ result: inout [RegisterFinding]
  ) {
    guard occurrence.mode == .room else {
      if let room = occurrence.room {
        result.append(RegisterFinding(.heldMode, "an online class is given the room \(room)"))
      }
      return
    }
    guard let id = occurrence.room, let room = institution.rooms[id] else {
      var finding = RegisterFinding(.heldMode, "the class has no room")
      finding.remedy = "name a room"
      result.append(finding)
      return
    }
    if room.capacity < section.students.count {
      var finding = RegisterFinding(.heldCapacity, "room \(id) is too small for the section")
      finding.found = "\(room.capacity) seats"
      finding.required = "\(section.students.count) students"
      finding.problem += ": \(finding.found), \(finding.required)"
      finding.remedy = "take a room of at least \(section.students.count) seats"
      result.append(finding)
    }
    let discipline = institution.disciplines[section.discipline]
    if !institution.suits(room, discipline, section.kind) {
      let kinds = institution.roomKinds(of: discipline, section.kind).joined(separator: " or ")
      let features = (discipline.features[section.kind] ?? []).sorted()
      var finding = RegisterFinding(
        .heldUnsuitable, "room \(id) of kind \(room.kind) does not suit the class")
      finding.found = room.kind
      finding.required = ([kinds] + features).joined(separator: " with ")
      finding.remedy = "take a room of kind \(finding.required)"
      result.append(finding)
    }
  }

  private func judgeClosedTimes(
    _ occurrence: Occurrence, _ section: SectionFacts, _ slots: UInt64,
    _ result: inout [RegisterFinding]
  ) {
    guard let classDay = calendar.classDay(on: occurrence.date),
      let day = index.grid.position(of: classDay.day)
    else { return }
    var subjects: [AvailabilitySubject] = occurrence.teachers.map { .teacher($0) }
    subjects += section.groups.map { .group(institution.groups[$0].id) }
    if let room = occurrence.room { subjects.append(.room(room)) }
    for subject in subjects {
      guard let times = forbidden[subject], times[classDay.week, day] & slots != 0 else { continue }
      var finding = RegisterFinding(
        .heldClosed,
        "slots \(occurrence.slot)–\(occurrence.slot + occurrence.length - 1) of "
          + "\(occurrence.date) are closed for \(subject.named(in: .en))")
      if case .teacher(let id) = subject { finding.teacher = id }
      finding.remedy = "take another time"
      result.append(finding)
    }
  }

  private func judgeClashes(
    _ occurrence: Occurrence, _ section: SectionFacts, _ slots: UInt64, _ others: [Int],
    _ result: inout [RegisterFinding]
  ) {
    let students = Set(section.students)
    for place in others where self.slots(place) & slots != 0 {
      let other = occurrences[place]
      let named = "section \(other.section) in slots \(other.slot)–\(other.slot + other.length - 1)"
      for teacher in occurrence.teachers where other.teachers.contains(teacher) {
        var finding = RegisterFinding(
          .heldTeacher, "teacher \(teacher) also holds \(named) on \(occurrence.date)")
        finding.teacher = teacher
        finding.remedy = "take another time or teacher"
        result.append(finding)
      }
      if let room = occurrence.room, room == other.room {
        var finding = RegisterFinding(
          .heldRoom, "room \(room) is also taken by \(named) on \(occurrence.date)")
        finding.remedy = "take another time or room"
        result.append(finding)
      }
      let facts = index.sections[sectionAt[place]]
      let shared = facts.students.filter(students.contains)
      guard let first = shared.first else { continue }
      let hard = shared.filter {
        institution.policy.retakeConflicts == .hard
          || !(index.isRetake($0, section.discipline) || index.isRetake($0, facts.discipline))
      }
      var finding = RegisterFinding(
        .heldStudents, "\(shared.count) students also have \(named) on \(occurrence.date)",
        hard.isEmpty ? .warning : .violation)
      finding.student = institution.students[hard.first ?? first].id
      finding.count = shared.count
      finding.remedy = "take another time"
      result.append(finding)
    }
  }

  /// Travel and the hours of the day, of teachers and students.
  private func judgeDay(
    _ place: Int, _ section: SectionFacts, _ others: [Int], _ result: inout [RegisterFinding]
  ) {
    let occurrence = occurrences[place]
    for id in occurrence.teachers {
      guard let teacher = institution.teachers[id] else { continue }
      let held = others.filter { occurrences[$0].teachers.contains(id) }
      let limit = institution.dayLimit(of: teacher)
      let hours = self.hours(of: held + [place])
      if hours > limit {
        var finding = RegisterFinding(
          .heldDayHours,
          "teacher \(id) has \(hours) hours on \(occurrence.date), at most \(limit)")
        (finding.teacher, finding.found, finding.required) = (id, "\(hours)", "\(limit)")
        finding.remedy = "take another date or teacher"
        result.append(finding)
      }
      if let other = held.first(where: { isTight(place, $0) }) {
        var finding = RegisterFinding(
          .heldTravel,
          "teacher \(id) has no time to travel from or to section "
            + "\(occurrences[other].section) on \(occurrence.date)")
        finding.teacher = id
        finding.remedy = "take a room nearer by or another time"
        result.append(finding)
      }
    }
    judgeStudentsDay(place, section, others, &result)
  }

  private func judgeStudentsDay(
    _ place: Int, _ section: SectionFacts, _ others: [Int], _ result: inout [RegisterFinding]
  ) {
    let occurrence = occurrences[place]
    let limit = institution.policy.studentMaxHoursPerDay
    var bySection: [Int: [Int]] = [:]
    for other in others { bySection[sectionAt[other], default: []].append(other) }
    var long: [(student: Int, hours: Int)] = []
    var tight: [(student: Int, other: Int)] = []
    for student in section.students {
      let held = sectionsOfStudent[student].flatMap { bySection[$0] ?? [] }
      let hours = self.hours(of: held + [place])
      if hours > limit { long.append((student, hours)) }
      if let other = held.first(where: { isTight(place, $0) }) { tight.append((student, other)) }
    }
    if let first = long.first {
      var finding = RegisterFinding(
        .heldDayHours,
        "\(long.count) students have up to \(long.map(\.hours).max() ?? 0) hours on "
          + "\(occurrence.date), at most \(limit)")
      (finding.student, finding.count) = (institution.students[first.student].id, long.count)
      (finding.found, finding.required) = ("\(first.hours)", "\(limit)")
      finding.remedy = "take another date"
      result.append(finding)
    }
    if let first = tight.first {
      var finding = RegisterFinding(
        .heldTravel,
        "\(tight.count) students have no time to travel from or to section "
          + "\(occurrences[first.other].section) on \(occurrence.date)")
      (finding.student, finding.count) = (institution.students[first.student].id, tight.count)
      finding.remedy = "take a room nearer by or another time"
      result.append(finding)
    }
  }

  /// Different slots of some occurrences of one date.
  func hours(of places: [Int]) -> Int {
    places.reduce(UInt64(0)) { $0 | slots($1) }.nonzeroBitCount
  }

  func building(of room: RoomID?) -> Int? {
    room.flatMap { institution.rooms[$0] }
      .flatMap { institution.buildings.position(of: $0.building) }
  }

  /// Whether two occurrences of a date that do not overlap leave less time than the way takes.
  func isTight(_ a: Int, _ b: Int) -> Bool {
    let (first, second) = occurrences[a].slot <= occurrences[b].slot ? (a, b) : (b, a)
    guard slots(first) & slots(second) == 0, let from = building(of: occurrences[first].room),
      let to = building(of: occurrences[second].room)
    else { return false }
    let x = occurrences[first]
    return isTight(
      end: x.slot + x.length - 1, building: from, start: occurrences[second].slot, building: to)
  }

  /// Whether less time lies between the end of a slot and the start of another than the way takes.
  func isTight(end: Int, building from: Int, start: Int, building to: Int) -> Bool {
    let regime = index.grid.regime
    guard from != to, end >= 1, end <= regime.slots, start >= 1, start <= regime.slots else {
      return false
    }
    return regime.start(ofSlot: start) - regime.end(ofSlot: end) < minutes[from][to]
  }
}

/// The occurrences while `held.csv` is applied to them.
private struct Draft {
  struct Entry {
    var occurrence: Occurrence
    let section: Int
    var row: Int?
  }

  private let index: PlanIndex
  private let calendar: TermCalendar
  private(set) var entries: [Entry] = []
  private(set) var findings: [RegisterFinding] = []
  private var ofSection: [[Int]]

  init(_ index: PlanIndex, _ calendar: TermCalendar) {
    self.index = index
    self.calendar = calendar
    ofSection = Array(repeating: [], count: index.sections.count)
    for (at, section) in index.sections.enumerated() {
      let teachers = section.teachers.map { index.institution.teachers[$0].id }
      for number in section.timed {
        for occurrence in calendar.occurrences(of: index.meetings[number].row, teachers: teachers) {
          ofSection[at].append(entries.count)
          entries.append(Entry(occurrence: occurrence, section: at, row: nil))
        }
      }
    }
  }

  mutating func apply(_ rows: [HeldRecord]) {
    for (number, row) in rows.enumerated() {
      guard let at = index.sectionAt[row.section] else {
        note(.heldSection, row, "there is no section \(row.section) in the plan")
        continue
      }
      guard let place = find(row, at) else { continue }
      if let former = entries[place].row {
        note(
          .heldRepeated, row,
          "the class of \(row.date) is already given on line \(rows[former].line)",
          "keep one row a class")
        continue
      }
      change(place, row, number)
    }
  }

  /// The class that a row speaks of.
  private mutating func find(_ row: HeldRecord, _ section: Int) -> Int? {
    let onDate = ofSection[section].filter {
      entries[$0].occurrence.date == row.date && !entries[$0].occurrence.isReplacement
    }
    let meant = row.slot.map { slot in
      onDate.filter { entries[$0].occurrence.slot == slot }
    }
    let found = meant ?? onDate
    if found.count > 1 {
      let slots = found.map { "\(entries[$0].occurrence.slot)" }.joined(separator: ", ")
      note(
        .heldAmbiguous, row, "section \(row.section) meets \(found.count) times on \(row.date)",
        "say in slot which one is meant: \(slots)")
      return nil
    }
    guard let place = found.first else {
      let dates = ofSection[section].map { entries[$0].occurrence.date }
        .sorted { row.date.isNearer($0, $1) }
      note(
        .heldNoMeeting, row,
        "section \(row.section) does not meet on \(row.date)"
          + (row.slot.map { " in slot \($0)" } ?? ""),
        dates.isEmpty ? "it has no meetings" : "the nearest date is \(dates[0])")
      return nil
    }
    return place
  }

  private mutating func change(_ place: Int, _ row: HeldRecord, _ number: Int) {
    var occurrence = entries[place].occurrence
    switch row.status {
    case .cancelled:
      // Who is named is who makes it up.
      if let teacher = row.teacher {
        occurrence.isSubstituted = occurrence.teachers != [teacher]
        occurrence.teachers = [teacher]
      }
      occurrence.fate = .cancelled
      entries[place].occurrence = occurrence
      entries[place].row = number
      return
    case .held:
      guard occurrence.isHeld else {
        note(
          .heldFallenOut, row,
          "\(row.date) is a day off for the section (\(occurrence.fate.rawValue)), but the class "
            + "is said to be held",
          "write moved with the date on which it was held")
        return
      }
    case .moved:
      guard let date = row.newDate else { return }
      let slot = row.newSlot ?? occurrence.slot
      guard calendar.classDay(on: date) != nil else {
        note(
          .heldNewDate, row,
          calendar.contains(date)
            ? "no classes are held on \(date)"
            : "\(date) is outside the term, \(calendar.start) to \(calendar.end)",
          "move it to a date of the term on which classes are held")
        return
      }
      guard slot + occurrence.length - 1 <= index.grid.slots else {
        note(
          .heldGrid, row,
          "\(occurrence.length) hours from slot \(slot) leave slots 1 to \(index.grid.slots)",
          "begin in slot \(index.grid.slots - occurrence.length + 1) at the latest")
        return
      }
      entries[place].occurrence.fate = .movedAway
      entries[place].row = number
      occurrence.date = date
      occurrence.slot = slot
      occurrence.fate = .moved
      occurrence.isReplacement = true
    }
    if let room = row.room { occurrence.room = room }
    if let teacher = row.teacher {
      occurrence.isSubstituted = occurrence.teachers != [teacher]
      occurrence.teachers = [teacher]
    }
    if occurrence.isReplacement {
      ofSection[entries[place].section].append(entries.count)
      entries.append(Entry(occurrence: occurrence, section: entries[place].section, row: number))
    } else {
      entries[place].occurrence = occurrence
      entries[place].row = number
    }
  }

  private mutating func note(
    _ rule: RegisterRule, _ row: HeldRecord, _ problem: String, _ remedy: String = ""
  ) {
    var finding = RegisterFinding(rule, problem)
    finding.file = "held.csv"
    finding.line = row.line > 0 ? row.line : nil
    (finding.date, finding.section, finding.remedy) = (row.date, row.section, remedy)
    findings.append(finding)
  }
}

extension CalendarDate {
  /// Whether one date is nearer than another; the earlier one of two as near.
  func isNearer(_ a: CalendarDate, _ b: CalendarDate) -> Bool {
    (abs(a.dayNumber - dayNumber), a.dayNumber) < (abs(b.dayNumber - dayNumber), b.dayNumber)
  }
}

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
      Wording {
        let who = $0.says("\(id) оқытушысы", "преподаватель \(id)", "teacher \(id)")
        let kind = $0 == .en ? section.kind.rawValue : section.kind.word(in: $0)
        return "\(who) \(reason.clause(in: $0)): \(index.disciplineID(of: section)) \(kind)"
      })
    finding.teacher = id
    let able = institution.teachers.filter {
      institution.unfitness(
        of: $0, for: .teaching(section.kind), in: index.disciplineID(of: section)) == nil
    }.prefix(3).map(\.id.text)
    finding.remedy =
      able.isEmpty
      ? Wording("құзыреті бар ешкім жоқ", "компетентных нет", "nobody is competent")
      : Wording {
        let names = able.joined(separator: ", ")
        return $0.says(
          "құзыреті барлар: \(names)", "компетентны: \(names)", "competent are \(names)")
      }
    result.append(finding)
  }

  private func judgeRoom(
    _ occurrence: Occurrence, _ section: SectionFacts, _ result: inout [RegisterFinding]
  ) {
    guard occurrence.mode == .room else {
      if let room = occurrence.room {
        var finding = RegisterFinding(
          .heldMode,
          Wording(
            "онлайн сабаққа \(room) аудиториясы берілген",
            "онлайн-занятию дана аудитория \(room)", "an online class is given the room \(room)"))
        finding.remedy = Wording(
          "аудиторияны алып тастаңыз", "снимите аудиторию", "take the room out")
        result.append(finding)
      }
      return
    }
    guard let id = occurrence.room, let room = institution.rooms[id] else {
      var finding = RegisterFinding(
        .heldMode,
        Wording("сабақтың аудиториясы жоқ", "у занятия нет аудитории", "the class has no room"))
      finding.remedy = Wording("аудиторияны көрсетіңіз", "укажите аудиторию", "name a room")
      result.append(finding)
      return
    }
    if room.capacity < section.students.count {
      let (seats, students) = (room.capacity, section.students.count)
      var finding = RegisterFinding(
        .heldCapacity,
        Wording(
          "\(id) аудиториясы секцияға тар: \(seats) орын, \(students) студент",
          "аудитория \(id) мала для секции: мест \(seats), студентов \(students)",
          "room \(id) is too small for the section: \(seats) seats, \(students) students"))
      finding.found = "\(seats) seats"
      finding.required = "\(students) students"
      finding.remedy = Wording(
        "кемінде \(students) орынды аудитория алыңыз",
        "возьмите аудиторию побольше (мест: \(students) или больше)",
        "take a room of at least \(students) seats")
      result.append(finding)
    }
    let discipline = institution.disciplines[section.discipline]
    if !institution.suits(room, discipline, section.kind) {
      let kinds = institution.roomKinds(of: discipline, section.kind).joined(separator: " or ")
      let features = (discipline.features[section.kind] ?? []).sorted()
      var finding = RegisterFinding(
        .heldUnsuitable,
        Wording(
          "түрі \(room.kind) болатын \(id) аудиториясы сабаққа жарамайды",
          "аудитория \(id) вида \(room.kind) не подходит занятию",
          "room \(id) of kind \(room.kind) does not suit the class"))
      finding.found = room.kind
      let required = ([kinds] + features).joined(separator: " with ")
      finding.required = required
      finding.remedy = Wording {
        $0.says(
          "мына түрдегі аудитория алыңыз: \($0.measure(required))",
          "возьмите аудиторию вида: \($0.measure(required))", "take a room of kind \(required)")
      }
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
        Wording {
          let slots = "\(occurrence.slot)–\(occurrence.slot + occurrence.length - 1)"
          return $0.says(
            "\(occurrence.date) күнгі \(slots)-сағаттар жабық: \(subject.named(in: $0))",
            "\(occurrence.date), часы \(slots): закрыты, \(subject.named(in: $0))",
            "slots \(slots) of \(occurrence.date) are closed for \(subject.named(in: $0))")
        })
      if case .teacher(let id) = subject { finding.teacher = id }
      finding.remedy = Self.anotherTime
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
      let named = Wording {
        let slots = "\(other.slot)–\(other.slot + other.length - 1)"
        return $0.says(
          "\(other.section) секциясы, \(slots)-сағаттар", "секция \(other.section), часы \(slots)",
          "section \(other.section) in slots \(slots)")
      }
      let date = occurrence.date
      for teacher in occurrence.teachers where other.teachers.contains(teacher) {
        var finding = RegisterFinding(
          .heldTeacher,
          Wording {
            $0.says(
              "\(teacher) оқытушысының \(date) күні тағы сабағы бар: \(named[$0])",
              "преподаватель \(teacher) \(date) ведёт и другое: \(named[$0])",
              "teacher \(teacher) also holds \(named[$0]) on \(date)")
          })
        finding.teacher = teacher
        finding.remedy = Wording(
          "басқа уақыт немесе оқытушы алыңыз", "возьмите другое время или преподавателя",
          "take another time or teacher")
        result.append(finding)
      }
      if let room = occurrence.room, room == other.room {
        var finding = RegisterFinding(
          .heldRoom,
          Wording {
            $0.says(
              "\(room) аудиториясы \(date) күні бос емес: \(named[$0])",
              "аудитория \(room) \(date) занята: \(named[$0])",
              "room \(room) is also taken by \(named[$0]) on \(date)")
          })
        finding.remedy = Wording(
          "басқа уақыт немесе аудитория алыңыз", "возьмите другое время или аудиторию",
          "take another time or room")
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
        .heldStudents,
        Wording {
          $0.says(
            "\(shared.count) студенттің \(date) күні тағы сабағы бар: \(named[$0])",
            "у студентов (\(shared.count)) \(date) есть и другое: \(named[$0])",
            "\(shared.count) students also have \(named[$0]) on \(date)")
        },
        hard.isEmpty ? .warning : .violation)
      finding.student = institution.students[hard.first ?? first].id
      finding.count = shared.count
      finding.remedy = Self.anotherTime
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
          Wording(
            "\(id) оқытушысының \(occurrence.date) күні \(hours) сағаты бар, ең көбі \(limit)",
            "у преподавателя \(id) \(occurrence.date) часов: \(hours), не больше \(limit)",
            "teacher \(id) has \(hours) hours on \(occurrence.date), at most \(limit)"))
        (finding.teacher, finding.found, finding.required) = (id, "\(hours)", "\(limit)")
        finding.remedy = Wording(
          "басқа күн немесе оқытушы алыңыз", "возьмите другую дату или преподавателя",
          "take another date or teacher")
        result.append(finding)
      }
      if let other = held.first(where: { isTight(place, $0) }) {
        var finding = RegisterFinding(
          .heldTravel,
          travel(
            Wording(
              "\(id) оқытушысы", "преподаватель \(id) \(occurrence.date) не успевает",
              "teacher \(id) has"),
            occurrences[other].section, occurrence.date))
        finding.teacher = id
        finding.remedy = Self.nearer
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
        Wording {
          let most = long.map(\.hours).max() ?? 0
          return $0.says(
            "\(long.count) студенттің \(occurrence.date) күні \(most) сағатқа дейін сабағы бар, ең "
              + "көбі \(limit)",
            "у студентов (\(long.count)) \(occurrence.date) до \(most) ч, не больше \(limit)",
            "\(long.count) students have up to \(most) hours on \(occurrence.date), at most "
              + "\(limit)")
        })
      (finding.student, finding.count) = (institution.students[first.student].id, long.count)
      (finding.found, finding.required) = ("\(first.hours)", "\(limit)")
      finding.remedy = Wording("басқа күн алыңыз", "возьмите другой день", "take another date")
      result.append(finding)
    }
    if let first = tight.first {
      var finding = RegisterFinding(
        .heldTravel,
        travel(
          Wording(
            "\(tight.count) студент", "студенты (\(tight.count)) \(occurrence.date) не успевают",
            "\(tight.count) students have"),
          occurrences[first.other].section, occurrence.date))
      (finding.student, finding.count) = (institution.students[first.student].id, tight.count)
      finding.remedy = Self.nearer
      result.append(finding)
    }
  }

  private static let anotherTime = Wording(
    "басқа уақыт алыңыз", "возьмите другое время", "take another time")
  private static let nearer = Wording(
    "жақынырақ аудитория немесе басқа уақыт алыңыз",
    "возьмите аудиторию ближе или другое время", "take a room nearer by or another time")

  /// That somebody has no time for the way; in English with the verb, in Russian with the date too.
  private func travel(_ who: Wording, _ section: SectionID, _ date: CalendarDate) -> Wording {
    Wording {
      $0.says(
        "\(who[$0]) \(date) күні \(section) секциясына (немесе одан) жетуге үлгермейді",
        "\(who[$0]) на дорогу от секции \(section) или к ней",
        "\(who[$0]) no time to travel from or to section \(section) on \(date)")
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
        note(
          .heldSection, row,
          Wording(
            "жоспарда \(row.section) секциясы жоқ", "в плане нет секции \(row.section)",
            "there is no section \(row.section) in the plan"),
          Wording(
            "секцияның белгісін sections.csv файлындағыдай жазыңыз",
            "напишите обозначение секции как в sections.csv",
            "write the section's identifier as sections.csv has it"))
        continue
      }
      guard let place = find(row, at) else { continue }
      if let former = entries[place].row {
        note(
          .heldRepeated, row,
          Wording(
            "\(row.date) күнгі сабақ \(rows[former].line)-жолда берілген",
            "занятие \(row.date) уже дано в строке \(rows[former].line)",
            "the class of \(row.date) is already given on line \(rows[former].line)"),
          Wording(
            "әр сабаққа бір жол қалдырыңыз", "оставьте одну строку на занятие",
            "keep one row a class"))
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
        .heldAmbiguous, row,
        Wording(
          "\(row.section) секциясының \(row.date) күні \(found.count) сабағы бар",
          "у секции \(row.section) \(row.date) занятий: \(found.count)",
          "section \(row.section) meets \(found.count) times on \(row.date)"),
        Wording(
          "slot бағанында қайсысы екенін көрсетіңіз: \(slots)",
          "укажите в slot, какое имеется в виду: \(slots)",
          "say in slot which one is meant: \(slots)"))
      return nil
    }
    guard let place = found.first else {
      let dates = ofSection[section].map { entries[$0].occurrence.date }
        .sorted { row.date.isNearer($0, $1) }
      note(
        .heldNoMeeting, row,
        Wording(
          "\(row.section) секциясының \(row.date) күні "
            + (row.slot.map { "\($0)-сағатта " } ?? "") + "сабағы жоқ",
          "у секции \(row.section) нет занятия \(row.date)"
            + (row.slot.map { " в час \($0)" } ?? ""),
          "section \(row.section) does not meet on \(row.date)"
            + (row.slot.map { " in slot \($0)" } ?? "")),
        dates.isEmpty
          ? Wording("оның сабағы жоқ", "у неё нет занятий", "it has no meetings")
          : Wording(
            "ең жақын күні \(dates[0])", "ближайшая дата \(dates[0])",
            "the nearest date is \(dates[0])"))
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
          Wording(
            "\(row.date) секция үшін сабақ жоқ күн, бірақ сабақ өтті делінген",
            "\(row.date) у секции выходной, но занятие названо проведённым",
            "\(row.date) is a day off for the section (\(occurrence.fate.rawValue)), but the class "
              + "is said to be held"),
          Wording(
            "moved деп, өткен күнін жазыңыз", "напишите moved и дату, когда оно прошло",
            "write moved with the date on which it was held"))
        return
      }
    case .moved:
      guard let date = row.newDate else { return }
      let slot = row.newSlot ?? occurrence.slot
      guard calendar.classDay(on: date) != nil else {
        note(
          .heldNewDate, row,
          calendar.contains(date)
            ? Wording(
              "\(date) күні сабақ өтпейді", "\(date) занятий нет",
              "no classes are held on \(date)")
            : Wording(
              "\(date) семестрден (\(calendar.start)–\(calendar.end)) тыс",
              "\(date) вне семестра (\(calendar.start)–\(calendar.end))",
              "\(date) is outside the term, \(calendar.start) to \(calendar.end)"),
          Wording(
            "семестрдің сабақ өтетін күніне ауыстырыңыз",
            "перенесите на учебный день семестра",
            "move it to a date of the term on which classes are held"))
        return
      }
      guard slot + occurrence.length - 1 <= index.grid.slots else {
        note(
          .heldGrid, row,
          Wording(
            "\(slot)-сағаттан басталған \(occurrence.length) сағат "
              + "1–\(index.grid.slots)-сағаттардан шығып кетеді",
            "часы с \(slot) (\(occurrence.length)) выходят за часы дня 1–\(index.grid.slots)",
            "\(occurrence.length) hours from slot \(slot) leave slots 1 to \(index.grid.slots)"),
          Wording {
            let last = index.grid.slots - occurrence.length + 1
            return $0.says(
              "ең кеші \(last)-сағатта бастаңыз", "начните не позже часа \(last)",
              "begin in slot \(last) at the latest")
          })
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
    _ rule: RegisterRule, _ row: HeldRecord, _ problem: Wording, _ remedy: Wording
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

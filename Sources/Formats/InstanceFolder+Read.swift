// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// What an instance folder holds, with what is odd but no error, and the fingerprint of its files.
public struct InstanceReading: Sendable {
  /// The folder as a value.
  public var institution: Institution
  /// What is ignored or unusual.
  public var warnings: [Diagnostic]
  /// SHA-256 over the files; see ``InstanceFolder/sha256(of:)``.
  public var sha256: String
}

extension InstanceFolder {
  /// Reads an instance folder; throws ``InputRejected`` with everything found when there is an
  /// error in it.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - regime: The regime in use, in place of the one that `instance.yaml` names.
  /// - Returns: The institution, whose references are known to hold, with the warnings.
  /// - Throws: ``InputRejected``; ``FileProblem`` where the system refuses a file.
  public static func read(_ path: String, regime: String? = nil) throws -> InstanceReading {
    guard FolderFiles.kind(of: path) == .folder else {
      throw InputRejected([
        Diagnostic(
          .error, code: "folder.missing", file: path, problem: "there is no such instance folder")
      ])
    }
    let findings = Findings()
    let settings = InstanceSettings.read(folder: path, regime: regime, findings: findings)
    let reader = InstanceReader(folder: path, settings: settings, findings: findings)
    let institution = reader.read()
    try findings.throwErrors()
    guard let institution else {
      // Without an error every part was read; see InstanceReader.read().
      throw FileProblem(path, "read", reason: "instance.yaml is incomplete")
    }
    return InstanceReading(
      institution: institution, warnings: findings.diagnostics, sha256: try sha256(of: path))
  }
}

/// Reads the tables of an instance folder in the order of their references.
final class InstanceReader {
  let folder: String
  let settings: ReadSettings
  let findings: Findings
  var it: Institution

  var buildings = Known("building", file: "buildings.csv")
  var rooms = Known("room", file: "rooms.csv")
  var departments = Known("department", file: "departments.csv")
  var teachers = Known("teacher", file: "teachers.csv")
  var programmes = Known("programme", file: "programmes.csv")
  var disciplines = Known("discipline", file: "disciplines.csv")
  var groups = Known("group", file: "groups.csv")
  var students = Known("student", file: "students.csv")
  /// The kinds of room in the order of the file, also of rooms that are wrong otherwise.
  private var roomKinds: [String] = []
  /// Tables of places without a row: a fault only where something is held in a room.
  private var emptyPlaces: [TableReader] = []

  init(folder: String, settings: ReadSettings, findings: Findings) {
    self.folder = folder
    self.settings = settings
    self.findings = findings
    let spare = Regime(name: "", academicHourMinutes: 50, slotStarts: [480])
    it = Institution(
      name: settings.name, language: settings.language,
      term: Term(
        id: settings.termID, start: settings.start ?? CalendarDate(dayNumber: 4),
        weeks: settings.weeks ?? 1),
      holidays: settings.holidays, days: settings.days ?? Weekday.allCases,
      regimes: settings.regimes, regime: settings.regime ?? spare)
    it.term.isAdditional = settings.isAdditional
    it.movedDays = settings.movedDays
    it.periods = settings.periods
    it.policy = settings.policy
    it.weights = settings.weights
    it.preferences = settings.preferences
  }

  /// The institution; nil where `instance.yaml` did not say what is needed, which is noted.
  func read() -> Institution? {
    readBuildings()
    readRooms()
    readDepartments()
    readTeachers()
    readProgrammes()
    readDisciplines()
    readCompetences()
    readCurriculum()
    readGroups()
    readStudents()
    readEnrolments()
    readAvailability()
    readNorms()
    readPins()
    readDecided()
    readPublished()
    readAttendance()
    readHeld()
    readGrades()
    let isComplete =
      settings.start != nil && settings.weeks != nil && settings.days != nil
      && settings.regime != nil
    return isComplete ? it : nil
  }

  func open(
    _ name: String, _ required: String, _ optional: String = "", isRequired: Bool = true
  ) -> TableReader {
    TableReader(
      TableLayout(name, required, optional), folder: folder, isRequired: isRequired,
      findings: findings)
  }

  /// Notes a table that has a header and no row where planning needs rows; references into it are
  /// then not reported one by one.
  func needRows(_ reader: TableReader, _ known: inout Known) {
    guard reader.isEmpty else { return }
    known.isBroken = true
    noteEmpty(reader, known.what)
  }

  private func noteEmpty(_ reader: TableReader, _ what: String) {
    findings.error(
      "table.empty", file: reader.file, line: reader.table?.headerLine,
      "the table has a header and no rows", suggestion: "at least one \(what) is needed")
  }

  // MARK: - Places

  private func readBuildings() {
    let reader = open("buildings", "building name")
    let (building, name) = (reader.column("building"), reader.column("name"))
    reader.forEachRow(key: "building", known: &buildings) { row in
      it.buildings.append(Building(id: BuildingID(row.text(building)), name: row.text(name)))
    }
    if reader.isEmpty { emptyPlaces.append(reader) }
    buildings.isBroken = buildings.isBroken || reader.isEmpty
    readTravel()
  }

  private func readTravel() {
    let reader = open("travel", "from to minutes", isRequired: false)
    let (from, to) = (reader.column("from"), reader.column("to"))
    let minutes = reader.column("minutes")
    var lines: [Travel: Int] = [:]
    reader.forEachRow { row in
      let a = row.reference(from, buildings, as: Building.self)
      let b = row.reference(to, buildings, as: Building.self)
      let time = row.whole(minutes, isRequired: true)
      guard let a, let b else { return }
      let pair = Travel(from: a, to: b, minutes: 0)
      if let first = lines[pair] {
        return row.error("row.duplicate", to, "this pair is already given on line \(first)")
      }
      lines[pair] = row.line
      if let time {
        var value = Travel(from: a, to: b, minutes: time)
        value.line = row.line
        it.travel.append(value)
      }
    }
  }

  private func readRooms() {
    let reader = open("rooms", "room building capacity kind", "features")
    let (room, building) = (reader.column("room"), reader.column("building"))
    let (capacity, kind) = (reader.column("capacity"), reader.column("kind"))
    let features = reader.column("features")
    reader.forEachRow(key: "room", known: &rooms) { row in
      let home = row.reference(building, buildings, as: Building.self)
      let seats = row.whole(capacity, isRequired: true)
      let word = row.identifier(kind)
      let list = Set(row.list(features))
      if let word, !roomKinds.contains(word) { roomKinds.append(word) }
      guard let home, let seats, let word else { return }
      var value = Room(
        id: RoomID(row.text(room)), building: home, capacity: seats, kind: word, features: list)
      value.line = row.line
      it.rooms.append(value)
    }
    if reader.isEmpty { emptyPlaces.append(reader) }
    rooms.isBroken = rooms.isBroken || reader.isEmpty
    if !reader.isEmpty, let empty = emptyPlaces.first { noteEmpty(empty, "building") }
  }

  /// Says once the disciplines are known whether places without a row are a fault.
  private func judgeEmptyPlaces(isAllOnline: Bool) {
    guard let last = emptyPlaces.last, last.file == rooms.file else { return }
    if isAllOnline {
      rooms.isBroken = false
      return
    }
    for reader in emptyPlaces {
      noteEmpty(reader, reader.file == rooms.file ? "room" : "building")
    }
  }

  // MARK: - People of the departments

  private func readDepartments() {
    let reader = open("departments", "department name", "institute")
    let (department, name) = (reader.column("department"), reader.column("name"))
    let institute = reader.column("institute")
    reader.forEachRow(key: "department", known: &departments) { row in
      it.departments.append(
        Department(
          id: DepartmentID(row.text(department)), name: row.text(name),
          institute: row.text(institute)))
    }
    needRows(reader, &departments)
  }

  private func readTeachers() {
    let reader = open(
      "teachers", "teacher name department position rate",
      "norm_hours min_hours max_hours max_hours_per_day survey complaints")
    let (teacher, name) = (reader.column("teacher"), reader.column("name"))
    let (department, position) = (reader.column("department"), reader.column("position"))
    let (rate, norm) = (reader.column("rate"), reader.column("norm_hours"))
    let (least, most) = (reader.column("min_hours"), reader.column("max_hours"))
    let (daily, survey) = (reader.column("max_hours_per_day"), reader.column("survey"))
    let complaints = reader.column("complaints")
    let positions = settings.policy.positions.map(\.name)
    reader.forEachRow(key: "teacher", known: &teachers) { row in
      let home = row.reference(department, departments, as: Department.self)
      let post = row.text(position)
      if settings.hasPositions && !positions.contains(post) {
        row.error(
          post.isEmpty ? "reference.missing" : "position.unknown", position,
          "must be a position of policy.positions: \(positions.joined(separator: ", "))",
          suggestion: findings.suggestion(for: post, among: positions))
      }
      let share = row.decimal(rate, isRequired: true)
      var value = Teacher(
        id: TeacherID(row.text(teacher)), name: row.text(name),
        department: home ?? DepartmentID(""), position: post, rate: share ?? 0,
        normHours: row.decimal(norm), minHours: row.decimal(least), maxHours: row.decimal(most),
        maxHoursPerDay: row.whole(daily), survey: row.decimal(survey, to: 5),
        complaints: row.whole(complaints) ?? 0)
      value.line = row.line
      it.teachers.append(value)
    }
    needRows(reader, &teachers)
  }

  private func readCompetences() {
    let reader = open("competences", "teacher discipline kinds", "preference taught_before survey")
    let (teacher, discipline) = (reader.column("teacher"), reader.column("discipline"))
    let (kinds, preference) = (reader.column("kinds"), reader.column("preference"))
    let (taught, survey) = (reader.column("taught_before"), reader.column("survey"))
    it.competences.reserveCapacity(reader.table?.rowCount ?? 0)
    reader.forEachRow { row in
      let who = row.reference(teacher, teachers, as: Teacher.self)
      let what = row.reference(discipline, disciplines, as: Discipline.self)
      let words = row.list(kinds)
      let known = words.compactMap(CompetenceKind.init(rawValue:))
      if words.isEmpty && row.isEmpty(kinds) {
        row.error("value.missing", kinds, "a list of lecture, practice, lab, other is needed")
      }
      for word in words where CompetenceKind(rawValue: word) == nil {
        let all = CompetenceKind.allCases.map(\.rawValue)
        row.error(
          "value.unknownWord", kinds, value: word, "must be one of \(all.joined(separator: ", "))",
          suggestion: findings.suggestion(for: word, among: all))
      }
      let wish = row.decimal(preference, from: -2, to: 2) ?? 0
      let before = row.text(taught)
      if !["", "0", "1"].contains(before) {
        row.error("value.unknownWord", taught, "must be 0 or 1")
      }
      let rating = row.decimal(survey, to: 5)
      guard let who, let what else { return }
      var value = Competence(
        teacher: who, discipline: what, kinds: Set(known), preference: Int(wish),
        taughtBefore: before == "1", survey: rating)
      value.line = row.line
      if !it.competences.append(value), let first = it.competences[value.id] {
        row.error(
          "row.duplicate", discipline,
          "this teacher and discipline are already given on line \(first.line)")
      }
    }
    warnOfNoRows(reader, "nobody is competent for anything, all work stays vacant")
  }

  func warnOfNoRows(_ reader: TableReader, _ meaning: String) {
    guard reader.isEmpty, reader.isPresent else { return }
    findings.warning(
      "table.noRows", file: reader.file, line: reader.table?.headerLine,
      "the table has a header and no rows: \(meaning)")
  }

  // MARK: - Studies

  private func readProgrammes() {
    let reader = open("programmes", "programme name level form", "total_credits")
    let (programme, name) = (reader.column("programme"), reader.column("name"))
    let (level, form) = (reader.column("level"), reader.column("form"))
    let credits = reader.column("total_credits")
    reader.forEachRow(key: "programme", known: &programmes) { row in
      let degree = row.word(level, Level.self)
      let way = row.word(form, StudyForm.self)
      let total = row.whole(credits)
      guard let degree, let way else { return }
      it.programmes.append(
        Programme(
          id: ProgrammeID(row.text(programme)), name: row.text(name), level: degree, form: way,
          totalCredits: total))
    }
    needRows(reader, &programmes)
  }

  private func readDisciplines() {
    let reader = open(
      "disciplines", "discipline name department credits lecture practice lab",
      "srop sro cycle component prerequisites control lecture_block practice_block lab_block "
        + "lecture_rooms practice_rooms lab_rooms lecture_features practice_features lab_features "
        + "group_cap subgroup_cap delivery name_kk name_ru name_en")
    let columns = DisciplineColumns(reader)
    var rows: [Row] = []
    reader.forEachRow(key: "discipline", known: &disciplines) { row in
      it.disciplines.append(discipline(row, columns))
      rows.append(row)
    }
    needRows(reader, &disciplines)
    judgeEmptyPlaces(
      isAllOnline: !it.disciplines.isEmpty
        && it.disciplines.allSatisfy { row in row.kinds.allSatisfy(row.delivery.isOnline) })
    for row in rows {
      for name in row.list(columns.prerequisites) {
        _ = row.refer(name, columns.prerequisites, disciplines)
      }
    }
    noteCycles(among: rows, columns)
  }

  private func discipline(_ row: Row, _ columns: DisciplineColumns) -> Discipline {
    let home = row.reference(columns.department, departments, as: Department.self)
    let credits = row.decimal(columns.credits, isRequired: true)
    var hours: [TeachingKind: Int] = [:]
    for kind in TeachingKind.allCases {
      if let column = columns.hours[kind] { hours[kind] = row.whole(column, isRequired: true) }
    }
    var value = Discipline(
      id: DisciplineID(row.text(columns.discipline)), name: row.text(columns.name),
      department: home ?? DepartmentID(""), credits: credits ?? 0, hours: hours)
    value.line = row.line
    value.srop = row.whole(columns.srop)
    value.sro = row.whole(columns.sro)
    if let credits { judgeCredits(row, columns, value, credits: credits) }
    value.cycle = row.word(columns.cycle, isRequired: false)
    value.component = row.word(columns.component, isRequired: false)
    value.prerequisites = row.list(columns.prerequisites).map { DisciplineID($0) }
    value.control = row.word(columns.control, isRequired: false)
    value.delivery = row.word(columns.delivery, isRequired: false) ?? .room
    for kind in TeachingKind.allCases {
      if let column = columns.blocks[kind], let block = row.whole(column, from: 1) {
        value.blocks[kind] = block
      }
      if let column = columns.rooms[kind] {
        let words = row.list(column)
        if !words.isEmpty { value.roomKinds[kind] = words }
        for word in words where !rooms.isBroken && !roomKinds.contains(word) {
          row.error(
            "roomKind.unknown", column, value: word, "no room of rooms.csv is of this kind",
            suggestion: findings.suggestion(for: word, among: roomKinds))
        }
      }
      if let column = columns.features[kind] {
        let words = row.list(column)
        if !words.isEmpty { value.features[kind] = Set(words) }
      }
    }
    value.groupCap = row.whole(columns.groupCap, from: 1)
    value.subgroupCap = row.whole(columns.subgroupCap, from: 1)
    for language in Language.allCases {
      if let column = columns.names[language], !row.isEmpty(column) {
        value.names[language] = row.text(column)
      }
    }
    return value
  }

  private func readCurriculum() {
    let reader = open("curriculum", "programme entry_year term discipline", "choice")
    let (programme, year) = (reader.column("programme"), reader.column("entry_year"))
    let (term, discipline) = (reader.column("term"), reader.column("discipline"))
    let choice = reader.column("choice")
    reader.forEachRow { row in
      let course = row.reference(programme, programmes, as: Programme.self)
      let what = row.reference(discipline, disciplines, as: Discipline.self)
      let entry = row.whole(year, isRequired: true)
      let number = row.whole(term, from: 1, isRequired: true)
      guard let course, let what, let entry, let number else { return }
      var value = CurriculumRow(
        programme: course, entryYear: entry, term: number, discipline: what,
        choice: row.isEmpty(choice) ? nil : row.text(choice))
      value.line = row.line
      it.curriculum.append(value)
    }
    warnOfNoRows(reader, "no curriculum can be checked")
  }

  private func readGroups() {
    let reader = open("groups", "group programme entry_year term language", "advisor")
    let (group, programme) = (reader.column("group"), reader.column("programme"))
    let (year, term) = (reader.column("entry_year"), reader.column("term"))
    let (language, advisor) = (reader.column("language"), reader.column("advisor"))
    reader.forEachRow(key: "group", known: &groups) { row in
      let course = row.reference(programme, programmes, as: Programme.self)
      let entry = row.whole(year, isRequired: true)
      let number = row.whole(term, from: 1, isRequired: true)
      let tongue = row.word(language, Language.self)
      let adviser = row.reference(advisor, teachers, isRequired: false, as: Teacher.self)
      it.groups.append(
        Group(
          id: GroupID(row.text(group)), programme: course ?? ProgrammeID(""), entryYear: entry ?? 0,
          term: number ?? 1, language: tongue ?? .kk, advisor: adviser))
    }
    needRows(reader, &groups)
  }

  private func readStudents() {
    let reader = open("students", "student group", "name")
    let (student, group) = (reader.column("student"), reader.column("group"))
    let name = reader.column("name")
    it.students.reserveCapacity(reader.table?.rowCount ?? 0)
    reader.forEachRow(key: "student", known: &students) { row in
      let home = row.reference(group, groups, as: Group.self)
      it.students.append(
        Student(
          id: StudentID(row.text(student)), group: home ?? GroupID(""), name: row.text(name)))
    }
    needRows(reader, &students)
  }

  private func readEnrolments() {
    let reader = open(
      "enrolments", "student discipline", "language lecture_teacher practice_teacher status")
    let (student, discipline) = (reader.column("student"), reader.column("discipline"))
    let (language, status) = (reader.column("language"), reader.column("status"))
    let lecture = reader.column("lecture_teacher")
    let practice = reader.column("practice_teacher")
    it.enrolments.reserveCapacity(reader.table?.rowCount ?? 0)
    reader.forEachRow { row in
      let who = row.reference(student, students, as: Student.self)
      let what = row.reference(discipline, disciplines, as: Discipline.self)
      let tongue: Language? = row.word(language, isRequired: false)
      let first = row.reference(lecture, teachers, isRequired: false, as: Teacher.self)
      let second = row.reference(practice, teachers, isRequired: false, as: Teacher.self)
      let standing: EnrolmentStatus? = row.word(status, isRequired: false)
      guard let who, let what else { return }
      let own = it.students[who].flatMap { it.groups[$0.group] }?.language
      var value = Enrolment(
        student: who, discipline: what, language: tongue ?? own ?? .kk, lectureTeacher: first,
        practiceTeacher: second, status: standing ?? .first)
      value.line = row.line
      if !it.enrolments.append(value), let first = it.enrolments[value.id] {
        row.error(
          "row.duplicate", discipline,
          "this student and discipline are already given on line \(first.line)")
      }
    }
    var nothing = Known("enrolment", file: reader.file)
    needRows(reader, &nothing)
  }

  // MARK: - Wishes and decisions

  private func readAvailability() {
    let reader = open(
      "availability", "subject_kind subject day from to level", "weeks", isRequired: false)
    let (kind, subject) = (reader.column("subject_kind"), reader.column("subject"))
    let (day, level) = (reader.column("day"), reader.column("level"))
    let (from, to) = (reader.column("from"), reader.column("to"))
    let weeks = reader.column("weeks")
    reader.forEachRow { row in
      let whose = availabilitySubject(row, kind: kind, subject: subject)
      let isEachDay = row.text(day) == "all"
      let date = isEachDay ? nil : row.day(day)
      let first = row.slot(from, slots: settings.slots)
      let last = row.slot(to, slots: settings.slots)
      if let first, let last, first > last {
        row.error("order.reversed", to, "must not be before from, which is \(first)")
      }
      let how = row.word(level, AvailabilityLevel.self)
      let pattern: WeekPattern? =
        row.isEmpty(weeks)
        ? .all(settings.weeks ?? 1) : row.weeks(weeks, weeks: settings.weeks)
      guard let whose, isEachDay || date != nil, let first, let last, let how, let pattern else {
        return
      }
      var value = Availability(
        subject: whose, day: date, from: first, to: last, level: how, weeks: pattern)
      value.line = row.line
      it.availability.append(value)
    }
  }

  private func availabilitySubject(
    _ row: Row, kind: Column, subject: Column
  ) -> AvailabilitySubject? {
    switch row.text(kind) {
    case "teacher": row.reference(subject, teachers, as: Teacher.self).map { .teacher($0) }
    case "room": row.reference(subject, rooms, as: Room.self).map { .room($0) }
    case "group": row.reference(subject, groups, as: Group.self).map { .group($0) }
    case let other:
      {
        row.notOneOf(["teacher", "room", "group"], kind, other)
        return nil
      }()
    }
  }

  private func readNorms() {
    let reader = open("norms", "work unit hours", "control discipline", isRequired: false)
    let (work, unit) = (reader.column("work"), reader.column("unit"))
    let (hours, control) = (reader.column("hours"), reader.column("control"))
    let discipline = reader.column("discipline")
    reader.forEachRow { row in
      let name = row.identifier(work)
      if let name, TeachingKind(rawValue: name) != nil {
        row.error(
          "norm.class", work, "lecture, practice and lab are classes, not works of norms.csv",
          suggestion: "their hours stand in disciplines.csv")
      }
      let by = row.word(unit, NormUnit.self)
      let amount = row.decimal(hours, isRequired: true)
      let exam: Control? = row.word(control, isRequired: false)
      let only = row.reference(discipline, disciplines, isRequired: false, as: Discipline.self)
      guard let name, let by, let amount else { return }
      it.norms.append(Norm(work: name, unit: by, hours: amount, control: exam, discipline: only))
    }
  }

  private func readPins() {
    let reader = open(
      "pins", "discipline kind", "group teacher weeks day slot room", isRequired: false)
    let (discipline, kind) = (reader.column("discipline"), reader.column("kind"))
    let (group, teacher) = (reader.column("group"), reader.column("teacher"))
    let (weeks, day) = (reader.column("weeks"), reader.column("day"))
    let (slot, room) = (reader.column("slot"), reader.column("room"))
    reader.forEachRow { row in
      let what = row.reference(discipline, disciplines, as: Discipline.self)
      let how = row.word(kind, TeachingKind.self)
      var date: Weekday?
      if !row.isEmpty(day) {
        date = row.day(day)
        if let given = date, let days = settings.days, !days.contains(given) {
          row.error(
            "day.outsideGrid", day,
            "the grid has the days \(days.map(\.code).joined(separator: ", "))")
        }
      }
      let whose = row.reference(group, groups, isRequired: false, as: Group.self)
      let who = row.reference(teacher, teachers, isRequired: false, as: Teacher.self)
      let pattern = row.isEmpty(weeks) ? nil : row.weeks(weeks, weeks: settings.weeks)
      let start = row.slot(slot, slots: settings.slots, isRequired: false)
      let place = row.reference(room, rooms, isRequired: false, as: Room.self)
      guard let what, let how else { return }
      var value = Pin(
        discipline: what, kind: how, group: whose, teacher: who, weeks: pattern, day: date,
        slot: start, room: place)
      value.line = row.line
      it.pins.append(value)
    }
  }

  // MARK: - Decided stages, the timetable in force, records

  private func planTables(shown: String = "") -> PlanTables {
    PlanTables(
      findings: findings, shown: shown, weeks: settings.weeks, departments: departments,
      teachers: teachers, rooms: rooms, disciplines: disciplines, students: students)
  }

  private func isPresent(_ name: String) -> Bool {
    FolderFiles.kind(of: "\(folder)/\(name).csv") != .missing
  }

  private func readDecided() {
    var tables = planTables()
    if isPresent("sections") || isPresent("section_students") {
      it.decidedSections = tables.sections(in: folder)
    } else {
      // The sections are formed later, so a task's section cannot be looked up yet.
      tables.sections.isBroken = true
    }
    if isPresent("load") {
      it.decidedTasks = tables.tasks(in: folder)
    } else {
      tables.tasks.isBroken = true
    }
    if isPresent("assignments") {
      it.decidedAssignments = tables.assignments(in: folder)
    }
  }

  private func readPublished() {
    let published = "\(folder)/published"
    guard FolderFiles.kind(of: published) == .folder else { return }
    var tables = planTables(shown: "published/")
    // Sections and rooms may have gone since: they are compared, not looked up.
    tables.sections.isBroken = true
    tables.rooms.isBroken = true
    it.publishedMeetings = tables.meetings(in: published)
    // Where it has a plan.json; what is wrong with one is told where the plan in force is used.
    it.publishedRevision = PlanFolder.record(in: published, Findings())?.revision ?? 0
  }

  private func readAttendance() {
    let reader = open(
      "attendance", "date section student status", "slot hours reason", isRequired: false)
    let (date, section) = (reader.column("date"), reader.column("section"))
    let (student, status) = (reader.column("student"), reader.column("status"))
    let (slot, hours) = (reader.column("slot"), reader.column("hours"))
    let reason = reader.column("reason")
    reader.forEachRow { row in
      let day = row.date(date)
      let where_ = row.identifier(section)
      let who = row.reference(student, students, as: Student.self)
      let how = row.word(status, AttendanceEntry.Status.self)
      let start = row.slot(slot, slots: settings.slots, isRequired: false)
      let amount = row.whole(hours)
      let why: AttendanceEntry.Reason? = row.word(reason, isRequired: false)
      guard let day, let where_, let who, let how else { return }
      var value = AttendanceEntry(
        date: day, section: SectionID(where_), student: who, status: how, slot: start,
        hours: amount, reason: why)
      value.line = row.line
      it.attendance.append(value)
    }
  }

  private func readHeld() {
    let reader = open(
      "held", "date section status", "slot new_date new_slot room teacher", isRequired: false)
    let (date, section) = (reader.column("date"), reader.column("section"))
    let (status, slot) = (reader.column("status"), reader.column("slot"))
    let (newDate, newSlot) = (reader.column("new_date"), reader.column("new_slot"))
    let (room, teacher) = (reader.column("room"), reader.column("teacher"))
    reader.forEachRow { row in
      let day = row.date(date)
      let what = row.identifier(section)
      let how = row.word(status, HeldRecord.Status.self)
      let start = row.slot(slot, slots: settings.slots, isRequired: false)
      let other = row.isEmpty(newDate) ? nil : row.date(newDate)
      let begin = row.slot(newSlot, slots: settings.slots, isRequired: false)
      let place = row.reference(room, rooms, isRequired: false, as: Room.self)
      let who = row.reference(teacher, teachers, isRequired: false, as: Teacher.self)
      if how == .moved && row.isEmpty(newDate) {
        row.error("value.missing", newDate, "a moved class needs the date that it is moved to")
      }
      if let how, how != .moved {
        for column in [newDate, newSlot] where !row.isEmpty(column) {
          row.error(
            "held.notMoved", column, "only a moved class has a new date and slot",
            suggestion: "write moved as its status")
        }
      }
      if how == .cancelled {
        for column in [room, teacher] where !row.isEmpty(column) {
          row.error("held.cancelled", column, "a class that is not held has no room and teacher")
        }
      }
      guard let day, let what, let how else { return }
      var value = HeldRecord(
        date: day, section: SectionID(what), status: how, slot: start, newDate: other,
        newSlot: begin, room: place, teacher: who)
      value.line = row.line
      it.held.append(value)
    }
  }

  private func readGrades() {
    let reader = open("grades", "student discipline term points", "credits", isRequired: false)
    let (student, discipline) = (reader.column("student"), reader.column("discipline"))
    let (term, points) = (reader.column("term"), reader.column("points"))
    let credits = reader.column("credits")
    reader.forEachRow { row in
      let who = row.reference(student, students, as: Student.self)
      let what = row.reference(discipline, disciplines, as: Discipline.self)
      let number = row.whole(term, from: 1, isRequired: true)
      let mark = row.decimal(points, to: 100, isRequired: true)
      let worth = row.decimal(credits)
      guard let who, let what, let number, let mark else { return }
      var value = Grade(
        student: who, discipline: what, term: number, points: mark, credits: worth)
      value.line = row.line
      it.grades.append(value)
    }
  }
}

/// The columns of `disciplines.csv`.
struct DisciplineColumns {
  let discipline, name, department, credits, srop, sro, cycle, component, prerequisites: Column
  let control, groupCap, subgroupCap, delivery: Column
  var hours: [TeachingKind: Column] = [:]
  var blocks: [TeachingKind: Column] = [:]
  var rooms: [TeachingKind: Column] = [:]
  var features: [TeachingKind: Column] = [:]
  var names: [Language: Column] = [:]

  init(_ reader: TableReader) {
    discipline = reader.column("discipline")
    name = reader.column("name")
    department = reader.column("department")
    credits = reader.column("credits")
    srop = reader.column("srop")
    sro = reader.column("sro")
    cycle = reader.column("cycle")
    component = reader.column("component")
    prerequisites = reader.column("prerequisites")
    control = reader.column("control")
    groupCap = reader.column("group_cap")
    subgroupCap = reader.column("subgroup_cap")
    delivery = reader.column("delivery")
    for kind in TeachingKind.allCases {
      hours[kind] = reader.column(kind.rawValue)
      blocks[kind] = reader.column("\(kind.rawValue)_block")
      rooms[kind] = reader.column("\(kind.rawValue)_rooms")
      features[kind] = reader.column("\(kind.rawValue)_features")
    }
    for language in Language.allCases {
      names[language] = reader.column("name_\(language.rawValue)")
    }
  }
}

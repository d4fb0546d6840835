// SPDX-License-Identifier: GPL-3.0-or-later
internal import University

/// Reads the tables that plan folders, decided stages and published timetables share.
///
/// What breaks a rule but can be read is left to the validation: weeks of the wrong length, slots
/// outside the grid, repeated students of a section.
struct PlanTables {
  let findings: Findings
  /// What is put before the names of files that are shown.
  let shown: String
  let weeks: Int?
  let departments: Known
  let teachers: Known
  var rooms: Known
  let disciplines: Known
  let students: Known
  var sections: Known
  var tasks: Known

  init(
    findings: Findings, shown: String, weeks: Int?, departments: Known, teachers: Known,
    rooms: Known, disciplines: Known, students: Known
  ) {
    self.findings = findings
    self.shown = shown
    self.weeks = weeks
    self.departments = departments
    self.teachers = teachers
    self.rooms = rooms
    self.disciplines = disciplines
    self.students = students
    sections = Known("section", file: "\(shown)sections.csv")
    tasks = Known("task", file: "\(shown)load.csv")
  }

  private func open(
    _ folder: String, _ name: String, _ required: String, _ optional: String = ""
  ) -> TableReader {
    TableReader(
      TableLayout(name, required, optional), folder: folder, shown: shown, isRequired: true,
      findings: findings)
  }

  /// `sections.csv` with `section_students.csv`.
  mutating func sections(in folder: String) -> Table<Section> {
    let reader = open(folder, "sections", "section discipline kind language parent hours size")
    let (section, discipline) = (reader.column("section"), reader.column("discipline"))
    let (kind, language) = (reader.column("kind"), reader.column("language"))
    let (parent, hours) = (reader.column("parent"), reader.column("hours"))
    let size = reader.column("size")
    var rows: [Row] = []
    reader.forEachRow(key: "section", known: &sections) { rows.append($0) }
    let members = members(in: folder)
    var result: [Section] = []
    result.reserveCapacity(rows.count)
    for row in rows {
      let name = row.text(section)
      let what = row.reference(discipline, disciplines, as: Discipline.self)
      let how = row.word(kind, TeachingKind.self)
      let tongue = row.word(language, Language.self)
      let stream = row.reference(parent, sections, isRequired: false, as: Section.self)
      let time = row.whole(hours, isRequired: true)
      let number = row.whole(size, isRequired: true)
      guard let what, let how, let tongue, let time, let number else { continue }
      result.append(
        Section(
          id: SectionID(name), discipline: what, kind: how, language: tongue, parent: stream,
          hours: time, students: members[name] ?? [], size: number))
    }
    return Table(result)
  }

  private func members(in folder: String) -> [String: [StudentID]] {
    let reader = open(folder, "section_students", "section student")
    let (section, student) = (reader.column("section"), reader.column("student"))
    var result: [String: [StudentID]] = [:]
    reader.forEachRow { row in
      let where_ = row.reference(section, sections, as: Section.self)
      let who = row.reference(student, students, as: Student.self)
      if let where_, let who { result[where_.text, default: []].append(who) }
    }
    return result
  }

  /// `load.csv`.
  mutating func tasks(in folder: String) -> Table<LoadTask> {
    let reader = open(folder, "load", "task department discipline work section hours")
    let (task, department) = (reader.column("task"), reader.column("department"))
    let (discipline, work) = (reader.column("discipline"), reader.column("work"))
    let (section, hours) = (reader.column("section"), reader.column("hours"))
    var result: [LoadTask] = []
    reader.forEachRow(key: "task", known: &tasks) { row in
      let home = row.reference(department, departments, as: Department.self)
      let what = row.reference(discipline, disciplines, as: Discipline.self)
      let how = row.identifier(work)
      let where_ = row.reference(section, sections, as: Section.self)
      let amount = row.decimal(hours, isRequired: true)
      guard let home, let what, let how, let where_, let amount else { return }
      result.append(
        LoadTask(
          id: TaskID(row.text(task)), department: home, discipline: what, work: Work(how),
          section: where_, hours: Hours(rounding: amount)))
    }
    return Table(result)
  }

  /// `assignments.csv`.
  func assignments(in folder: String) -> [Assignment] {
    assignmentLines(in: folder).map(\.row)
  }

  /// The rows of `assignments.csv`, each with its line in the file.
  func assignmentLines(in folder: String) -> [(row: Assignment, line: Int)] {
    let reader = open(folder, "assignments", "task teacher hours", "locked")
    let (task, teacher) = (reader.column("task"), reader.column("teacher"))
    let (hours, locked) = (reader.column("hours"), reader.column("locked"))
    var result: [(row: Assignment, line: Int)] = []
    reader.forEachRow { row in
      let what = row.reference(task, tasks, as: LoadTask.self)
      let who = row.reference(teacher, teachers, isRequired: false, as: Teacher.self)
      let amount = row.decimal(hours, isRequired: true)
      let mark = row.text(locked)
      if !["", "0", "1"].contains(mark) { row.notOneOf(["0", "1"], locked, mark) }
      guard let what, let amount else { return }
      result.append(
        (
          Assignment(
            task: what, teacher: who, hours: Hours(rounding: amount), isLocked: mark == "1"),
          row.line
        ))
    }
    return result
  }

  /// `meetings.csv`.
  func meetings(in folder: String) -> [Meeting] {
    let reader = open(folder, "meetings", "meeting section weeks day slot length room mode")
    let (meeting, section) = (reader.column("meeting"), reader.column("section"))
    let (held, day) = (reader.column("weeks"), reader.column("day"))
    let (slot, length) = (reader.column("slot"), reader.column("length"))
    let (room, mode) = (reader.column("room"), reader.column("mode"))
    var known = Known("meeting", file: reader.file)
    var result: [Meeting] = []
    reader.forEachRow(key: "meeting", known: &known) { row in
      let what = row.reference(
        section, sections, isRequired: !sections.isBroken, as: Section.self)
      let pattern = pattern(row, held)
      let date = row.day(day)
      let low = -TableReader.largest
      let start = row.whole(slot, from: low, isRequired: true)
      let hours = row.whole(length, from: low, isRequired: true)
      let place = row.reference(room, rooms, isRequired: false, as: Room.self)
      let way = row.word(mode, MeetingMode.self)
      guard let pattern, let date, let start, let hours, let way else { return }
      result.append(
        Meeting(
          id: MeetingID(row.text(meeting)), section: what ?? SectionID(""), weeks: pattern,
          day: date, slot: start, length: hours, room: place, mode: way))
    }
    return result
  }

  /// Weeks of any length, for the validation to judge; beyond 64 only their number is kept.
  private func pattern(_ row: Row, _ column: Column) -> WeekPattern? {
    let text = row.text(column)
    if let pattern = WeekPattern(text, weeks: weeks ?? 1) { return pattern }
    guard !text.isEmpty, text.utf8.allSatisfy({ $0 == 48 || $0 == 49 }) else {
      row.error(
        text.isEmpty ? "value.missing" : "weeks.malformed", column,
        "a string of 0 and 1 is needed, one character a week")
      return nil
    }
    let count = text.utf8.count
    let first = WeekPattern(digits: String(text.prefix(64)))?.bits ?? 0
    return WeekPattern(bits: first, weeks: count)
  }
}

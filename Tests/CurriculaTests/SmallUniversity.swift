// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// A university of one programme, built a group and a discipline at a time.
struct SmallUniversity {
  var institution: Institution

  init() {
    let regime = Regime(
      name: "full", academicHourMinutes: 50, slotStarts: (0..<12).map { 480 + 60 * $0 })
    institution = Institution(
      name: "small", term: Term(id: "t", start: CalendarDate(dayNumber: 19_604), weeks: 15),
      regimes: [regime], regime: regime)
    institution.buildings = Table([Building(id: "A", name: "A")])
    institution.rooms = Table([
      Room(id: "A1", building: "A", capacity: 100, kind: "lecture"),
      Room(id: "A2", building: "A", capacity: 30, kind: "classroom"),
      Room(id: "A3", building: "A", capacity: 30, kind: "lab"),
    ])
    institution.departments = Table([Department(id: "X", name: "X")])
    institution.programmes = Table([
      Programme(id: "P", name: "P", level: .bachelor, form: .fullTime)
    ])
  }

  mutating func addGroup(_ id: GroupID, _ students: Int, _ language: Language = .kk) {
    institution.groups.append(
      Group(id: id, programme: "P", entryYear: 2023, term: 1, language: language))
    for number in 1...students {
      institution.students.append(Student(id: StudentID("\(id)/\(number)"), group: id))
    }
  }

  mutating func addDiscipline(
    _ id: DisciplineID, lecture: Int = 0, practice: Int = 0, lab: Int = 0,
    _ change: (inout Discipline) -> Void = { _ in }
  ) {
    var discipline = Discipline(
      id: id, name: id.text, department: "X", credits: 5,
      hours: [.lecture: lecture, .practice: practice, .lab: lab])
    change(&discipline)
    institution.disciplines.append(discipline)
  }

  mutating func addTeacher(
    _ id: TeacherID, _ discipline: DisciplineID,
    _ kinds: Set<CompetenceKind> = [.lecture, .practice, .lab, .other], position: String = "docent"
  ) {
    institution.teachers.append(
      Teacher(id: id, name: id.text, department: "X", position: position, rate: 1))
    institution.competences.append(
      Competence(teacher: id, discipline: discipline, kinds: kinds))
  }

  /// Enrols the students of a group that are not enrolled yet, as the change says.
  mutating func enrol(
    _ group: GroupID, in discipline: DisciplineID,
    _ change: (Int, inout Enrolment) -> Void = { _, _ in }
  ) {
    guard let row = institution.groups[group] else { return }
    let students = institution.students.filter { $0.group == group }
    for (number, student) in students.enumerated() {
      var enrolment = Enrolment(
        student: student.id, discipline: discipline, language: row.language)
      change(number, &enrolment)
      institution.enrolments.append(enrolment)
    }
  }
}

/// A small generator with a seed, so that a failing case can be named.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

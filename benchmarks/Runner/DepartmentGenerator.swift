// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// A department, or a university of departments, whose load is to be distributed: about ten class
/// tasks a teacher, sections given.
///
/// Positions, rates and norms are those of the default policy; tasks have 15, 30 or 45 hours, in
/// streams of one lecture, some practices and some laboratories. A teacher is competent in four to
/// seven disciplines; of twelve competences of a university's teacher about one is in another
/// department, so that its departments cannot be solved apart.
struct DepartmentGenerator {
  var teachers: Int
  var seed: UInt64
  /// The most teachers of a department.
  var departmentSize = 150

  private struct Numbers {
    var state: UInt64
    mutating func below(_ n: Int) -> Int {
      // SplitMix64: G. L. Steele, D. Lea, C. H. Flood (2014), DOI 10.1145/2660193.2660195.
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int((z ^ (z >> 31)) % UInt64(n))
    }
    mutating func pick<T>(_ items: [T]) -> T { items[below(items.count)] }
  }

  /// The institution; its sections are decided.
  func institution() -> Institution {
    var numbers = Numbers(state: seed &* 1_000_003 &+ UInt64(teachers))
    let regime = Regime(
      name: "full", academicHourMinutes: 50, slotStarts: (8..<20).map { $0 * 60 })
    var it = Institution(
      name: "load-\(teachers)-\(seed)",
      term: Term(id: "2023-1", start: CalendarDate(dayNumber: 19_604), weeks: 15),
      regimes: [regime], regime: regime)
    let departments = teachers <= departmentSize ? 1 : teachers / 20
    it.departments = Table(
      (0..<departments).map { Department(id: .init("K\($0 + 1)"), name: "Department \($0 + 1)") })
    it.buildings = Table([Building(id: "A", name: "A")])
    it.rooms = Table([
      Room(id: "A1", building: "A", capacity: 200, kind: "lecture"),
      Room(id: "A2", building: "A", capacity: 30, kind: "classroom"),
      Room(id: "A3", building: "A", capacity: 30, kind: "lab"),
    ])
    it.programmes = Table([
      Programme(id: "P", name: "Programme", level: .bachelor, form: .fullTime)
    ])
    it.groups = Table([Group(id: "G", programme: "P", entryYear: 2023, term: 1, language: .kk)])
    addTeachers(&it, departments, &numbers)
    let disciplines = addDisciplines(&it, departments, &numbers)
    addCompetences(&it, disciplines, &numbers)
    return it
  }

  private func addTeachers(_ it: inout Institution, _ departments: Int, _ numbers: inout Numbers) {
    for t in 0..<teachers {
      // One in two may lecture in any draw: a professor or a docent stands at every other place.
      let position =
        t % 2 == 0
        ? numbers.pick(["professor", "docent", "docent", "senior_lecturer"])
        : numbers.pick(["senior_lecturer", "senior_lecturer", "lecturer"])
      var teacher = Teacher(
        id: .init("T\(t + 1)"), name: "Teacher \(t + 1)",
        department: .init("K\(t * departments / teachers + 1)"), position: position,
        rate: numbers.pick([0.5, 0.75, 1, 1, 1, 1, 1, 1.25]))
      if numbers.below(2) == 0 { teacher.survey = 3.2 + Double(numbers.below(19)) / 10 }
      it.teachers.append(teacher)
    }
  }

  /// Disciplines with their sections; for each department the disciplines that it teaches.
  private func addDisciplines(
    _ it: inout Institution, _ departments: Int, _ numbers: inout Numbers
  ) -> [[Discipline]] {
    var sections = University.Table<Section>()
    var result = [[Discipline]](repeating: [], count: departments)
    for k in 0..<departments {
      let staff = it.teachers.filter { $0.department == it.departments[k].id }.count
      let wanted = 10 * staff
      var tasks = 0
      while tasks < wanted {
        let name = "K\(k + 1)D\(result[k].count + 1)"
        let discipline = Discipline(
          id: .init(name), name: name, department: it.departments[k].id, credits: 5,
          hours: [
            .lecture: numbers.pick([15, 30, 30, 45]), .practice: numbers.pick([15, 30, 30, 45]),
            .lab: numbers.pick([0, 15, 30]),
          ])
        result[k].append(discipline)
        it.disciplines.append(discipline)
        it.curriculum.append(
          CurriculumRow(programme: "P", entryYear: 2023, term: 1, discipline: discipline.id))
        for stream in 0..<(1 + numbers.below(2)) where tasks < wanted {
          tasks += addStream(
            "\(name)-\(stream + 1)", discipline, most: wanted - tasks, &it, &sections, &numbers)
        }
      }
    }
    it.decidedSections = sections
    return result
  }

  /// A lecture with practices and laboratories of four students each; the number of its tasks.
  private func addStream(
    _ name: String, _ discipline: Discipline, most: Int, _ it: inout Institution,
    _ sections: inout University.Table<Section>, _ numbers: inout Numbers
  ) -> Int {
    let kinds: [TeachingKind] = discipline.hours(.lab) > 0 ? [.practice, .lab] : [.practice]
    let groups = max(1, min(2 + numbers.below(3), (most - 1) / kinds.count))
    let students = (0..<(4 * groups)).map { StudentID("\(name)-s\($0 + 1)") }
    for student in students {
      it.students.append(Student(id: student, group: "G"))
      it.enrolments.append(
        Enrolment(student: student, discipline: discipline.id, language: .kk))
    }
    func add(_ id: String, _ kind: TeachingKind, _ members: [StudentID], _ parent: SectionID?) {
      sections.append(
        Section(
          id: .init(id), discipline: discipline.id, kind: kind, language: .kk, parent: parent,
          hours: discipline.hours(kind), students: members))
    }
    add("\(name)-L", .lecture, students, nil)
    for kind in kinds {
      for g in 0..<groups {
        add(
          "\(name)-\(kind.rawValue)\(g + 1)", kind, Array(students[(4 * g)..<(4 * g + 4)]),
          SectionID("\(name)-L"))
      }
    }
    return 1 + kinds.count * groups
  }

  private func addCompetences(
    _ it: inout Institution, _ disciplines: [[Discipline]], _ numbers: inout Numbers
  ) {
    func add(_ teacher: Teacher, _ discipline: Discipline, _ numbers: inout Numbers) {
      let mayLecture = it.policy.position(teacher.position)?.mayLecture == true
      var kinds: Set<CompetenceKind> = [.practice, .lab]
      if mayLecture { kinds.insert(.lecture) }
      it.competences.append(
        Competence(
          teacher: teacher.id, discipline: discipline.id, kinds: kinds,
          preference: numbers.below(5) - 2, taughtBefore: numbers.below(3) > 0,
          survey: numbers.below(3) == 0 ? 3.2 + Double(numbers.below(19)) / 10 : nil))
    }
    for (t, teacher) in it.teachers.enumerated() {
      let k = it.departments.position(of: teacher.department) ?? 0
      for n in 0..<(4 + numbers.below(4)) {
        let isAbroad = disciplines.count > 1 && numbers.below(12) == 0
        let home = isAbroad ? disciplines[numbers.below(disciplines.count)] : disciplines[k]
        // The first are spread evenly, so that every discipline finds somebody.
        add(
          teacher,
          n < 2 && !isAbroad
            ? home[(t + n * home.count / 2) % home.count]
            : numbers.pick(home), &numbers)
      }
    }
    // No discipline without two who may lecture and four in all.
    for (k, list) in disciplines.enumerated() {
      let staff = it.teachers.filter { $0.department == it.departments[k].id }
      let lecturers = staff.filter { it.policy.position($0.position)?.mayLecture == true }
      for discipline in list {
        func able() -> [Teacher] {
          it.teachers.filter {
            it.competences.contains(id: Competence.Key($0.id, discipline.id))
          }
        }
        for _ in 0..<20 {
          let now = able()
          let needsLecturer =
            now.count { it.policy.position($0.position)?.mayLecture == true } < 2
          guard needsLecturer || now.count < min(4, staff.count) else { break }
          add(numbers.pick(needsLecturer ? lecturers : staff), discipline, &numbers)
        }
      }
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import LoadDistribution
import University
import Validation

/// A university of a few rows, with its sections and the tasks that L1 calls for.
struct SmallUniversity {
  var institution: Institution
  var sections = University.Table<University.Section>()

  init(departments: [String] = ["X"]) {
    let regime = Regime(
      name: "full", academicHourMinutes: 50, slotStarts: (8..<20).map { $0 * 60 })
    institution = Institution(
      name: "small",
      term: Term(id: "2023-1", start: CalendarDate(dayNumber: 19_604), weeks: 15),
      regimes: [regime], regime: regime)
    institution.departments = Table(departments.map { Department(id: .init($0), name: $0) })
    institution.programmes.append(
      Programme(id: "P", name: "P", level: .bachelor, form: .fullTime))
    institution.groups.append(
      Group(id: "G", programme: "P", entryYear: 2023, term: 1, language: .ru))
  }

  mutating func teacher(
    _ id: String, _ department: String = "X", norm: Double, min: Double? = nil,
    max: Double? = nil, position: String = "docent", survey: Double? = nil
  ) {
    institution.teachers.append(
      Teacher(
        id: .init(id), name: id, department: .init(department), position: position, rate: 1,
        normHours: norm, minHours: min, maxHours: max, survey: survey))
  }

  mutating func discipline(
    _ id: String, _ department: String = "X", lecture: Int = 0, practice: Int = 0, lab: Int = 0,
    control: Control? = nil
  ) {
    var discipline = Discipline(
      id: .init(id), name: id, department: .init(department), credits: 5,
      hours: [.lecture: lecture, .practice: practice, .lab: lab])
    discipline.control = control
    institution.disciplines.append(discipline)
  }

  mutating func competence(
    _ teacher: String, _ discipline: String,
    _ kinds: Set<CompetenceKind> = [.lecture, .practice, .lab, .other], preference: Int = 0,
    taught: Bool = true, survey: Double? = nil
  ) {
    institution.competences.append(
      Competence(
        teacher: .init(teacher), discipline: .init(discipline), kinds: kinds,
        preference: preference, taughtBefore: taught, survey: survey))
  }

  /// Adds a section of new students, or of given ones.
  @discardableResult
  mutating func section(
    _ id: String, _ discipline: String, _ kind: TeachingKind, students: [StudentID]? = nil,
    count: Int = 4, parent: String? = nil, group: String = "G"
  ) -> [StudentID] {
    let members = students ?? (0..<count).map { StudentID("\(id)-\($0)") }
    for member in members {
      institution.students.append(Student(id: member, group: .init(group)))
      institution.enrolments.append(
        Enrolment(student: member, discipline: .init(discipline), language: .ru))
    }
    let hours = institution.disciplines[DisciplineID(discipline)]?.hours(kind) ?? 0
    sections.append(
      University.Section(
        id: .init(id), discipline: .init(discipline), kind: kind, language: .ru,
        parent: parent.map { SectionID($0) }, hours: hours, students: members))
    return members
  }

  /// The tasks of the sections and of norms.csv, as L1 says.
  var tasks: Table<LoadTask> {
    var result = Table<LoadTask>()
    for section in sections {
      guard let discipline = institution.disciplines[section.discipline] else { continue }
      func add(_ work: Work, _ hours: Hours, _ suffix: String) {
        result.append(
          LoadTask(
            id: .init("\(section.id)/\(suffix)"), department: discipline.department,
            discipline: discipline.id, work: work, section: section.id, hours: hours))
      }
      add(.teaching(section.kind), Hours(discipline.hours(section.kind)), "class")
      for (n, norm) in institution.norms.enumerated() {
        if let only = norm.discipline, only != discipline.id { continue }
        if let control = norm.control, control != discipline.control { continue }
        let hours: Double
        switch norm.unit {
        case .student:
          guard section.kind == discipline.kinds.first else { continue }
          hours = norm.hours * Double(section.students.count)
        case .stream:
          guard section.kind == .lecture else { continue }
          hours = norm.hours
        case .group:
          guard section.kind == .practice else { continue }
          hours = norm.hours
        case .subgroup:
          guard section.kind == .lab else { continue }
          hours = norm.hours
        }
        add(.norm(norm.work), Hours(rounding: hours), "\(norm.work)\(n)")
      }
    }
    return result
  }

  /// What the reference says of a distribution.
  func judge(_ load: LoadAssignment) -> ScoreReport {
    var record = PlanRecord(
      keste: "test", instance: institution.name, instanceSHA256: "", seed: 1, regime: "full")
    record.load = StageRecord(
      status: load.status, objective: load.objective, bound: load.bound,
      criteria: Dictionary(
        uniqueKeysWithValues: load.criteria.map { ($0.key.rawValue, $0.value) }), seconds: 0)
    var plan = Plan(record: record)
    plan.sections = sections
    plan.tasks = tasks
    plan.assignments = load.assignments
    plan.hasLoad = true
    return PlanValidator.validate(institution, plan, stages: [.load])
  }
}

/// A generator for tests: the same numbers everywhere.
struct TestNumbers: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}

extension SmallUniversity {
  /// A university drawn at random: streams with groups and subgroups, exams and consultations,
  /// some choices of teachers and some pins.
  static func random(
    _ seed: UInt64, teachers: Int, disciplines: Int, tightness: Double = 0.85
  ) -> SmallUniversity {
    var numbers = TestNumbers(seed)
    let departments = ["A", "Ә", "В"]
    var made = SmallUniversity(departments: departments)
    made.institution.norms = [
      Norm(work: "exam", unit: .student, hours: 0.35, control: .exam),
      Norm(work: "consultation", unit: .stream, hours: 2),
      Norm(work: "defence", unit: .subgroup, hours: 0.75),
    ]
    var total = 0.0
    for d in 0..<disciplines {
      let id = "D\(d)"
      made.discipline(
        id, departments[d % 3],
        lecture: d % 5 == 4 ? 0 : 15 * Int.random(in: 1...2, using: &numbers),
        practice: 15 * Int.random(in: 0...2, using: &numbers),
        lab: d % 5 == 4 ? 30 : 15 * Int.random(in: 0...1, using: &numbers),
        control: d % 3 == 0 ? .test : .exam)
      for stream in 0..<Int.random(in: 1...3, using: &numbers) {
        let name = "\(id)s\(stream)"
        let size = Int.random(in: 6...40, using: &numbers)
        let students = (0..<size).map { StudentID("\(name)-\($0)") }
        let hasLecture = d % 5 != 4
        if hasLecture { made.section(name, id, .lecture, students: students) }
        let discipline = made.institution.disciplines[DisciplineID(id)]
        for (kind, cap) in [(TeachingKind.practice, 20), (.lab, 10)]
        where (discipline?.hours(kind) ?? 0) > 0 {
          for (n, start) in stride(from: 0, to: size, by: cap).enumerated() {
            made.section(
              "\(name)\(kind.rawValue)\(n)", id, kind,
              students: Array(students[start..<min(size, start + cap)]),
              parent: hasLecture ? name : nil)
          }
        }
      }
    }
    for task in made.tasks { total += task.hours.value }
    for t in 0..<teachers {
      let position = ["professor", "docent", "senior_lecturer", "lecturer"][t % 4]
      made.teacher(
        "Т\(t)", departments[t % 3], norm: (total / Double(teachers) / tightness * 4).rounded() / 4,
        min: t % 7 == 3 ? 20 : nil, position: position,
        survey: t % 4 == 0 ? Double.random(in: 2...5, using: &numbers) : nil)
    }
    for d in 0..<disciplines {
      for t in 0..<teachers where (t + d) % 3 == 0 || Int.random(in: 0..<4, using: &numbers) == 0 {
        made.competence(
          "Т\(t)", "D\(d)", preference: Int.random(in: -2...2, using: &numbers),
          taught: Bool.random(using: &numbers),
          survey: Bool.random(using: &numbers) ? 4.1 : nil)
      }
    }
    return made
  }
}

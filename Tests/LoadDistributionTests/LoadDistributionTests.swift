// SPDX-License-Identifier: GPL-3.0-or-later
import GLPKSolver
import LinearModels
import LoadDistribution
import Testing
import University
import Validation

@Suite struct LoadDistributionTests {
  func solve(_ made: SmallUniversity, _ options: LoadOptions = LoadOptions()) throws
    -> LoadAssignment
  {
    // Few steps: what is tested here must not hang on a long search.
    var options = options
    options.iterationLimit = 20_000
    return try LoadDistribution.solve(
      made.institution, sections: made.sections, tasks: made.tasks, solver: GLPKSolver(),
      options: options)
  }

  func holder(_ load: LoadAssignment, _ task: String) -> [String?] {
    load.assignments.filter { $0.task.text == task }.map { $0.teacher?.text }
  }

  // MARK: - Optimality

  /// The least objective over all ways to give whole tasks to teachers or to nobody.
  func bruteForce(_ made: SmallUniversity) -> Double {
    let tasks = Array(made.tasks)
    let choices: [TeacherID?] = made.institution.teachers.map { $0.id } + [nil]
    var pick = [Int](repeating: 0, count: tasks.count)
    var least = Double.infinity
    while true {
      let rows = zip(tasks, pick).map {
        Assignment(task: $0.id, teacher: choices[$1], hours: $0.hours)
      }
      let criteria = LoadDistribution.criteria(
        made.institution, tasks: made.tasks, assignments: rows)
      let objective = made.institution.weights.load.objective(criteria)
      if objective < least {
        let load = LoadAssignment(
          assignments: rows, status: .feasible, criteria: criteria, objective: objective,
          bound: nil, messages: [])
        if made.judge(load).isValid { least = objective }
      }
      var at = 0
      while at < pick.count, pick[at] == choices.count - 1 {
        pick[at] = 0
        at += 1
      }
      if at == pick.count { return least }
      pick[at] += 1
    }
  }

  func tiny(_ seed: UInt64, exams: Bool) -> SmallUniversity {
    var numbers = TestNumbers(seed &+ 77)
    var made = SmallUniversity(departments: ["X", "Y"])
    if exams { made.institution.norms = [Norm(work: "exam", unit: .student, hours: 1)] }
    for t in 0..<3 {
      made.teacher(
        "T\(t)", t == 2 ? "Y" : "X", norm: Double(Int.random(in: 20...60, using: &numbers)),
        position: t == 1 ? "lecturer" : "docent")
    }
    for d in 0..<2 {
      made.discipline("D\(d)", lecture: 15, practice: 10 * (d + 1))
      for t in 0..<3 where Int.random(in: 0..<4, using: &numbers) > 0 {
        made.competence(
          "T\(t)", "D\(d)", preference: Int.random(in: -2...2, using: &numbers),
          taught: Bool.random(using: &numbers))
      }
      let students = made.section("L\(d)", "D\(d)", .lecture)
      made.section("P\(d)", "D\(d)", .practice, students: students, parent: "L\(d)")
      if !exams {
        made.section("Q\(d)", "D\(d)", .practice, parent: "L\(d)")
      }
    }
    return made
  }

  @Test("a tiny load costs what enumeration finds, and is proved optimal", arguments: 0..<6)
  func tinyOptimum(seed: Int) throws {
    let made = tiny(UInt64(seed), exams: false)
    let load = try solve(made)
    #expect(made.judge(load).isValid)
    #expect(abs(load.objective - bruteForce(made)) <= 0.011)
    #expect(load.status == .optimal)
  }

  @Test("with exams that may be split a tiny load costs no more than whole tasks", arguments: 0..<5)
  func tinyWithExams(seed: Int) throws {
    let made = tiny(UInt64(seed), exams: true)
    let load = try solve(made)
    #expect(made.judge(load).violations == [])
    let whole = bruteForce(made)
    #expect(load.objective <= whole + 0.011)
    let bound = try #require(load.bound)
    #expect(bound <= load.objective)
    // Splitting buys balance and hours, of which there are few here; a bound of nothing would pass
    // everything else.
    #expect(bound >= whole - 250)
  }

  // MARK: - Validity

  @Test(
    "a random university's load keeps every rule, and its claims are the reference's",
    arguments: [(1, 6, 4), (2, 12, 9), (3, 20, 14), (4, 33, 30), (5, 3, 8)])
  func randomIsValid(seed: Int, teachers: Int, disciplines: Int) throws {
    let made = SmallUniversity.random(UInt64(seed), teachers: teachers, disciplines: disciplines)
    let load = try solve(made, LoadOptions(threads: 2))
    let report = made.judge(load)
    let isShort = load.status == .infeasible
    #expect(report.violations.filter { !isShort || $0.rule != .l4 } == [])
    #expect(report.load == load.criteria)
    let bound = try #require(load.bound)
    #expect(bound <= load.objective)
    #expect(Set(load.assignments.map(\.task)) == Set(made.tasks.map(\.id)))
  }

  @Test("a load without hours enough is valid, and what is vacant fits nobody", arguments: 1...3)
  func scarce(seed: Int) throws {
    let made = SmallUniversity.random(
      UInt64(seed), teachers: 10, disciplines: 8, tightness: 1.6)
    let load = try solve(made)
    #expect(made.judge(load).violations.filter { $0.rule != .l4 } == [])
    var hours: [TeacherID: Hours] = [:]
    for row in load.assignments {
      if let teacher = row.teacher { hours[teacher, default: .zero] += row.hours }
    }
    let vacant = load.assignments.filter { $0.teacher == nil && $0.hours > .zero }
    #expect(!vacant.isEmpty)
    for row in vacant {
      let task = try #require(made.tasks[row.task])
      guard task.work.teachingKind != nil else { continue }
      for teacher in made.institution.teachers
      where made.institution.unfitness(of: teacher, for: task.work, in: task.discipline) == nil {
        let sum = (hours[teacher.id] ?? .zero) + row.hours
        #expect(sum.value > made.institution.ceiling(of: teacher))
      }
    }
  }

  // MARK: - What cannot be

  @Test("a task for which nobody is competent is vacant, and the bound counts it")
  func nobodyCompetent() throws {
    var made = SmallUniversity()
    made.teacher("T", norm: 15)
    made.discipline("D", lecture: 15)
    made.discipline("E", lecture: 15)
    made.competence("T", "D")
    made.section("SD", "D", .lecture)
    made.section("SE", "E", .lecture)
    let load = try solve(made)
    #expect(holder(load, "SE/class") == [nil])
    #expect(holder(load, "SD/class") == ["T"])
    #expect(load.status == .optimal)
    #expect((load.bound ?? 0) >= 15_000)
    #expect(load.messages.contains { $0[.en].contains("nobody is competent") })
  }

  @Test("the only teacher of a stream does not examine it")
  func examinerDiffers() throws {
    var made = SmallUniversity()
    made.institution.norms = [Norm(work: "exam", unit: .student, hours: 1)]
    made.teacher("T", norm: 30)
    made.discipline("D", lecture: 15)
    made.competence("T", "D")
    made.section("S", "D", .lecture)
    let load = try solve(made)
    #expect(holder(load, "S/class") == ["T"])
    #expect(holder(load, "S/exam0") == [nil])
    #expect(load.status == .optimal)
    made.institution.policy.examinerDiffersFromTeacher = false
    #expect(holder(try solve(made), "S/exam0") == ["T"])
  }

  @Test("least hours above the most hours are reported, and the rest is distributed")
  func minimumAboveMaximum() throws {
    var made = SmallUniversity()
    made.teacher("T", norm: 40, min: 60, max: 20)
    made.discipline("D", lecture: 15)
    made.competence("T", "D")
    made.section("S", "D", .lecture)
    let load = try solve(made)
    #expect(load.status == .infeasible)
    #expect(holder(load, "S/class") == ["T"])
    #expect(load.messages.contains { $0[.en].contains("min_hours") })
  }

  @Test("least hours are kept where they can be, whatever they cost")
  func minimumHours() throws {
    var made = SmallUniversity()
    made.teacher("T", norm: 60)
    made.teacher("U", norm: 60, min: 30)
    made.discipline("D", lecture: 15)
    made.competence("T", "D", preference: 2)
    made.competence("U", "D", preference: -2, taught: false, survey: 3.1)
    for n in 0..<3 { made.section("S\(n)", "D", .lecture) }
    let load = try solve(made)
    #expect(made.judge(load).isValid)
    #expect(load.assignments.filter { $0.teacher == "U" }.count == 2)
  }

  @Test("a teacher without a norm takes hours only up to max_hours")
  func zeroNorm() throws {
    var made = SmallUniversity()
    made.teacher("N", norm: 0)
    made.teacher("M", norm: 0, max: 15)
    made.discipline("D", lecture: 15)
    for t in ["N", "M"] { made.competence(t, "D") }
    for n in 0..<2 { made.section("S\(n)", "D", .lecture) }
    let load = try solve(made)
    #expect(made.judge(load).isValid)
    #expect(load.assignments.filter { $0.teacher == "M" }.count == 1)
    #expect(load.criteria[.vacant] == 15)
  }

  @Test("a ceiling beyond all measure is no limit, and the bound is still proved")
  func hugeCeiling() throws {
    var made = SmallUniversity()
    made.teacher("T", norm: 15, max: 1e15)
    made.discipline("D", lecture: 15)
    made.competence("T", "D")
    for n in 0..<9 { made.section("S\(n)", "D", .lecture) }
    let load = try solve(made)
    #expect(load.criteria[.vacant] == 0)
    #expect(load.status == .optimal)
  }

  @Test("nothing to do, and nobody to do it")
  func empty() throws {
    let made = SmallUniversity()
    let load = try solve(made)
    #expect(load.assignments == [] && load.objective == 0 && load.status == .optimal)
    var without = SmallUniversity()
    without.discipline("D", lecture: 15)
    without.section("S", "D", .lecture)
    #expect(holder(try solve(without), "S/class") == [nil])
  }

  // MARK: - Bindings

  @Test("a pinned teacher holds the section with most of the group, or all without a group")
  func pins() throws {
    var made = SmallUniversity()
    made.institution.groups.append(
      Group(id: "H", programme: "P", entryYear: 2023, term: 1, language: .ru))
    made.teacher("T", norm: 60)
    made.teacher("U", norm: 60)
    made.discipline("D", practice: 15)
    made.discipline("E", practice: 15)
    for t in ["T", "U"] {
      for d in ["D", "E"] { made.competence(t, d, preference: t == "T" ? 2 : -2) }
    }
    made.section("S0", "D", .practice)
    made.section("S1", "D", .practice, group: "H")
    for n in 0..<2 { made.section("R\(n)", "E", .practice) }
    made.institution.pins = [
      Pin(discipline: "D", kind: .practice, group: "H", teacher: "U"),
      Pin(discipline: "E", kind: .practice, teacher: "U"),
    ]
    let load = try solve(made)
    #expect(made.judge(load).isValid)
    #expect(holder(load, "S1/class") == ["U"])
    #expect(holder(load, "R0/class") == ["U"] && holder(load, "R1/class") == ["U"])
    #expect(holder(load, "S0/class") == ["T"])
  }

  @Test("two pins of a group that is in two equal sections get one section each")
  func tiedPins() throws {
    var made = SmallUniversity()
    for t in ["T", "U"] { made.teacher(t, norm: 60) }
    made.discipline("D", lab: 15)
    for t in ["T", "U"] { made.competence(t, "D") }
    for n in 0..<2 { made.section("S\(n)", "D", .lab) }
    made.institution.pins = ["T", "U"].map {
      Pin(discipline: "D", kind: .lab, group: "G", teacher: TeacherID($0))
    }
    let load = try solve(made)
    #expect(made.judge(load).isValid)
  }

  @Test("a pin that names an unfit teacher is reported, and somebody fit takes the section")
  func pinAgainstCompetence() throws {
    var made = SmallUniversity()
    made.teacher("T", norm: 60)
    made.teacher("L", norm: 60, position: "lecturer")
    made.discipline("D", lecture: 15)
    for t in ["T", "L"] { made.competence(t, "D") }
    made.section("S", "D", .lecture)
    made.institution.pins = [Pin(discipline: "D", kind: .lecture, teacher: "L")]
    let load = try solve(made)
    #expect(holder(load, "S/class") == ["T"])
    #expect(load.status == .infeasible)
    #expect(load.messages.contains { $0[.en].contains("not fit") })
  }

  @Test("pins beyond a teacher's ceiling yield, and are reported")
  func pinsBeyondCeiling() throws {
    var made = SmallUniversity()
    made.teacher("T", norm: 16)
    made.teacher("U", norm: 60)
    made.discipline("D", lecture: 15)
    for t in ["T", "U"] { made.competence(t, "D") }
    for n in 0..<3 { made.section("S\(n)", "D", .lecture) }
    made.institution.pins = [Pin(discipline: "D", kind: .lecture, teacher: "T")]
    let load = try solve(made)
    #expect(made.judge(load).violations.allSatisfy { $0.rule == .t4 })
    #expect(load.criteria[.vacant] == 0)
    #expect(load.messages.contains { $0[.en].contains("no hours left") })
  }

  @Test("the teacher whom a student chose holds the section; an unfit choice binds nobody")
  func choices() throws {
    var made = SmallUniversity()
    made.teacher("T", norm: 60)
    made.teacher("U", norm: 60, position: "lecturer")
    made.discipline("D", lecture: 15, practice: 15)
    made.competence("T", "D", preference: -2, taught: false)
    made.competence("U", "D", preference: 2)
    let students = (0..<4).map { StudentID("s\($0)") }
    made.institution.enrolments = Table([
      Enrolment(
        student: students[0], discipline: "D", language: .ru, lectureTeacher: "U",
        practiceTeacher: "T")
    ])
    made.section("S", "D", .lecture, students: students)
    made.section("P", "D", .practice, students: students, parent: "S")
    let load = try solve(made)
    #expect(made.judge(load).isValid)
    #expect(holder(load, "P/class") == ["T"])
    #expect(holder(load, "S/class") == ["T"])
    #expect(load.status == .optimal)
  }

  // MARK: - Vacancies

  @Test("work of norms.csv is split where nobody has hours for the whole")
  func splitting() throws {
    var made = SmallUniversity()
    made.institution.norms = [Norm(work: "thesis", unit: .stream, hours: 10)]
    made.discipline("D", lecture: 15)
    for t in ["T", "U", "V"] {
      made.teacher(t, norm: 10, max: t == "V" ? 15 : 5)
      made.competence(t, "D", t == "V" ? [.lecture] : [.other])
    }
    made.section("S", "D", .lecture)
    let load = try solve(made)
    #expect(made.judge(load).isValid)
    #expect(load.criteria[.vacant] == 0)
    #expect(Set(holder(load, "S/thesis0")) == ["T", "U"])
  }

  @Test("a chain of moves makes room for a task")
  func chain() throws {
    var made = SmallUniversity()
    // Each may hold one class; only the chain A → D0, B → D1, C → D2 leaves nothing vacant.
    for t in ["A", "B", "C"] { made.teacher(t, norm: 15, max: 15) }
    for d in 0..<3 {
      made.discipline("D\(d)", lecture: 15)
      made.section("S\(d)", "D\(d)", .lecture)
    }
    made.competence("A", "D0", preference: -2)
    made.competence("A", "D1", preference: 2)
    made.competence("B", "D1", preference: -2)
    made.competence("B", "D2", preference: 2)
    made.competence("C", "D2", preference: -2)
    let load = try solve(made, LoadOptions(timeLimit: 0))
    #expect(load.criteria[.vacant] ?? 99 <= 15)
    let whole = try solve(made)
    #expect(whole.criteria[.vacant] == 0)
    #expect(whole.status == .optimal)
  }

  // MARK: - Limits

  @Test("the same seed gives the same rows, whatever the threads")
  func deterministic() throws {
    let made = SmallUniversity.random(11, teachers: 16, disciplines: 13)
    let first = try solve(made, LoadOptions(seed: 5))
    let second = try solve(made, LoadOptions(seed: 5, threads: 2))
    #expect(first.assignments == second.assignments)
    #expect(first.bound == second.bound)
  }

  @Test("a solve that is stopped at once is valid", arguments: [true, false])
  func stopped(cancelled: Bool) throws {
    let made = SmallUniversity.random(12, teachers: 24, disciplines: 20)
    let options =
      cancelled ? LoadOptions(isCancelled: { true }) : LoadOptions(timeLimit: 0)
    let load = try solve(made, options)
    #expect(made.judge(load).violations.filter { $0.rule != .l4 } == [])
    let bound = try #require(load.bound)
    #expect(bound <= load.objective)
  }

  @Test("assignments that the instance gives are the result")
  func decided() throws {
    var made = SmallUniversity()
    made.teacher("T", norm: 15)
    made.discipline("D", lecture: 15)
    made.competence("T", "D")
    made.section("S", "D", .lecture)
    let rows = [Assignment(task: "S/class", teacher: nil, hours: Hours(15))]
    made.institution.decidedAssignments = rows
    let load = try solve(made)
    #expect(load.assignments == rows)
    #expect(load.criteria[.vacant] == 15)
  }
}

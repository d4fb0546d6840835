// SPDX-License-Identifier: GPL-3.0-or-later
import GLPKSolver
import LoadDistribution
import Testing
import University
import Validation

@Suite struct EarlierLoadTests {
  private func solve(_ it: SmallUniversity, _ earlier: EarlierLoad? = nil) throws -> LoadAssignment
  {
    try LoadDistribution.solve(
      it.institution, sections: it.sections, tasks: it.tasks, solver: GLPKSolver(),
      options: LoadOptions(earlier: earlier))
  }

  private func lines(
    _ it: SmallUniversity, _ rows: [Assignment], locked: Set<TaskID> = []
  ) -> [EarlierLine] {
    let tasks = it.tasks
    return rows.map {
      EarlierLine(
        task: $0.task, known: tasks[$0.task], teacher: $0.teacher, hours: $0.hours,
        isLocked: locked.contains($0.task))
    }
  }

  private func plan(_ it: SmallUniversity, _ rows: [Assignment]) -> Plan {
    var plan = Plan(
      record: PlanRecord(keste: "", instance: "", instanceSHA256: "", seed: 1, regime: "full"))
    plan.tasks = it.tasks
    plan.assignments = rows
    plan.hasLoad = true
    return plan
  }

  @Test("a load that is kept without a change of the input stays as it is", arguments: 1...2)
  func unchanged(seed: UInt64) throws {
    let it = SmallUniversity.random(seed, teachers: 6, disciplines: 5)
    let first = try solve(it)
    let second = try solve(
      it, EarlierLoad(lines: lines(it, first.assignments), approved: [], isKept: true))
    #expect(
      LoadChanges(from: plan(it, first.assignments), to: plan(it, second.assignments)).isEmpty)
    #expect(second.conflicts.isEmpty)
  }

  @Test("a locked line is held against what would be cheaper, the others are kept with it")
  func locked() throws {
    var it = SmallUniversity()
    it.teacher("A", norm: 60)
    it.teacher("B", norm: 60)
    it.discipline("D", practice: 30)
    it.competence("A", "D", preference: 2)
    it.competence("B", "D", preference: -2, taught: false)
    it.section("S", "D", .practice)
    try #expect(solve(it).assignments.map(\.teacher) == ["A"])
    let given = [Assignment(task: "S/class", teacher: "B", hours: Hours(30))]
    let held = try solve(
      it, EarlierLoad(lines: lines(it, given, locked: ["S/class"]), approved: [], isKept: true))
    #expect(held.assignments.map(\.teacher) == ["B"])
    #expect(held.assignments.map(\.isLocked) == [true])
    // Without --keep a lock does not count.
    let free = try solve(
      it, EarlierLoad(lines: lines(it, given, locked: ["S/class"]), approved: [], isKept: false))
    #expect(free.assignments.map(\.teacher) == ["A"])
  }

  @Test("a task of a teacher who has gone is given anew, and no other moves without need")
  func fewest() throws {
    var it = SmallUniversity()
    for t in ["A", "B", "C"] { it.teacher(t, norm: 60, max: 90) }
    it.discipline("D", practice: 30)
    for t in ["A", "B", "C"] { it.competence(t, "D") }
    for k in 0..<5 { it.section("S\(k)", "D", .practice) }
    let given = zip(0..<5, ["A", "A", "B", "C", "C"]).map {
      Assignment(task: .init("S\($0)/class"), teacher: .init($1), hours: Hours(30))
    }
    var later = it
    later.institution.competences = Table(it.institution.competences.filter { $0.teacher != "B" })
    let held = try solve(
      later, EarlierLoad(lines: lines(it, given), approved: [], isKept: true))
    let changes = LoadChanges(from: plan(it, given), to: plan(later, held.assignments))
    #expect(changes.tasks.map(\.task.id) == ["S2/class"])
    #expect(held.criteria[.vacant] == 0)
  }

  @Test("where a vacancy can only be filled by moving somebody, one line moves")
  func moves() throws {
    var it = SmallUniversity()
    it.teacher("A", norm: 30, max: 30)
    it.teacher("B", norm: 60, max: 60)
    it.discipline("D", practice: 30)
    it.discipline("E", practice: 30)
    it.competence("A", "D")
    it.competence("B", "D")
    it.competence("A", "E")
    it.section("S1", "D", .practice)
    it.section("S2", "D", .practice)
    let given = [
      Assignment(task: "S1/class", teacher: "A", hours: Hours(30)),
      Assignment(task: "S2/class", teacher: "B", hours: Hours(30)),
    ]
    var later = it
    later.section("S3", "E", .practice)
    let held = try solve(later, EarlierLoad(lines: lines(it, given), approved: [], isKept: true))
    #expect(held.criteria[.vacant] == 0)
    let changes = LoadChanges(from: plan(it, given), to: plan(later, held.assignments))
    #expect(changes.tasks.map(\.kind) == [.teacher, .added])
    #expect(later.judge(held).violations == [])
  }

  @Test("an approved department is not touched, and each change of its input is a conflict")
  func approved() throws {
    var it = SmallUniversity(departments: ["X", "Y"])
    it.teacher("A", norm: 90)
    it.teacher("B", norm: 90)
    it.discipline("D", "X", practice: 30)
    it.discipline("E", "Y", practice: 30)
    for t in ["A", "B"] {
      it.competence(t, "D", preference: t == "A" ? 2 : -2)
      it.competence(t, "E", preference: t == "A" ? 2 : -2)
    }
    for k in 0..<2 { it.section("S\(k)", "D", .practice) }
    it.section("U", "E", .practice)
    let given = ["S0", "S1", "U"].map {
      Assignment(task: .init("\($0)/class"), teacher: "B", hours: Hours(30))
    }
    let earlier = EarlierLoad(lines: lines(it, given), approved: ["X"], isKept: false)
    let same = try solve(it, earlier)
    #expect(same.conflicts.isEmpty)
    #expect(same.assignments.map(\.teacher) == ["B", "B", "A"])

    var later = it
    later.institution.competences = Table(
      it.institution.competences.filter { $0.teacher != "B" || $0.discipline != "D" })
    later.section("S2", "D", .practice)
    let found = try solve(later, earlier)
    #expect(Set(found.conflicts.map(\.kind)) == [.notFit, .taskNew])
    #expect(!found.conflicts.contains { !$0.isApproved })
    #expect(found.status == .infeasible)
    let teachers = Dictionary(
      uniqueKeysWithValues: found.assignments.map { ($0.task.text, $0.teacher?.text) })
    #expect(teachers == ["S0/class": "B", "S1/class": "B", "U/class": "A", "S2/class": nil])

    var gone = it
    gone.institution.teachers = Table(it.institution.teachers.filter { $0.id != "B" })
    gone.institution.competences = Table(it.institution.competences.filter { $0.teacher != "B" })
    try #expect(solve(gone, earlier).conflicts.map(\.kind) == [.teacherGone, .teacherGone])
  }

  @Test("hours of an approved line that a rule forbids count in the teacher's ratio")
  func outside() throws {
    var it = SmallUniversity(departments: ["X", "Y"])
    it.teacher("A", "Y", norm: 60)
    it.teacher("B", "Y", norm: 60)
    it.discipline("D", "X", practice: 30)
    it.section("S", "D", .practice)
    it.discipline("E", "Y", practice: 15)
    it.section("U", "E", .practice)
    it.competence("A", "E", [.other])
    it.competence("B", "E")
    it.institution.norms = [Norm(work: "consultation", unit: .group, hours: 30, discipline: "E")]
    let given = [Assignment(task: "S/class", teacher: "A", hours: Hours(30))]
    let load = try solve(
      it, EarlierLoad(lines: lines(it, given), approved: ["X"], isKept: false))
    #expect(load.conflicts.map(\.kind) == [.notFit])
    let hours = load.assignments.reduce(into: [TeacherID: Double]()) {
      if let teacher = $1.teacher { $0[teacher, default: 0] += $1.hours.value }
    }
    // 30 + x of 60 is 15 + 30 − x of 60 at x = 7.5.
    #expect(hours == ["A": 37.5, "B": 37.5])
    #expect(load.criteria[.imbalance] == 0)
    #expect(load.criteria[.vacant] == 0)
  }

  @Test("a mark of a locked line stays without --keep, or its loss is told")
  func marks() throws {
    var it = SmallUniversity()
    it.teacher("A", norm: 60)
    it.teacher("B", norm: 60)
    it.discipline("D", practice: 30)
    it.competence("A", "D", preference: 2)
    it.competence("B", "D", preference: -2, taught: false)
    it.section("S", "D", .practice)
    for (teacher, stays) in [("A", true), ("B", false)] {
      let given = [
        Assignment(task: "S/class", teacher: TeacherID(teacher), hours: Hours(30))
      ]
      let load = try solve(
        it, EarlierLoad(lines: lines(it, given, locked: ["S/class"]), approved: [], isKept: false))
      #expect(load.assignments.map(\.isLocked) == [stays])
      #expect(load.messages.contains { $0.contains("was locked for B") } == !stays)
      #expect(load.bound != nil)
    }
  }

  @Test("posts for the vacant hours fill them all when they are staffed", arguments: 1...3)
  func staffing(seed: UInt64) throws {
    var it = SmallUniversity.random(seed, teachers: 5, disciplines: 5, tightness: 2.2)
    let load = try solve(it)
    let vacant = load.criteria[.vacant] ?? 0
    #expect(vacant > 0)
    let posts = LoadDistribution.staffing(
      it.institution, tasks: it.tasks, assignments: load.assignments)
    #expect(abs(posts.reduce(0) { $0 + $1.hours.value } - vacant) < 1e-9)
    for (k, post) in posts.enumerated() {
      #expect(post.hours.value <= post.norm + 1e-9)
      let id = "post\(k)"
      it.institution.teachers.append(
        Teacher(
          id: .init(id), name: id, department: post.department, position: post.position,
          rate: post.rate))
      for discipline in post.disciplines { it.competence(id, discipline.text) }
    }
    try #expect(solve(it).criteria[.vacant] == 0)
  }
}

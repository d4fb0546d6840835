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
    #expect(held.kept == KeptLoad(changed: 1, least: 1))
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
    // A could have S2: the approval is why nobody has.
    #expect(found.vacancies.map(\.reason) == [.approved])
    #expect(
      found.vacancies.first?.description.contains("30 hours are vacant, the department is") == true)

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
      #expect(load.messages.contains { $0[.en].contains("was locked for B") } == !stays)
      #expect(load.bound != nil)
    }
  }

  /// A discipline of one practice section for two teachers, with an exam.
  private static func oneClass() -> SmallUniversity {
    var it = SmallUniversity()
    it.teacher("A", norm: 60)
    it.teacher("B", norm: 60)
    it.discipline("D", practice: 30)
    it.competence("A", "D", preference: 2)
    it.competence("B", "D", preference: -2, taught: false)
    it.section("S", "D", .practice)
    return it
  }

  /// Locked lines, as from the second line of a file on.
  private func locked(
    _ it: SmallUniversity, _ rows: [(TaskID, TeacherID?, Double)]
  ) -> EarlierLoad {
    let tasks = it.tasks
    return EarlierLoad(
      lines: rows.enumerated().map { at, row in
        EarlierLine(
          task: row.0, known: tasks[row.0], teacher: row.1, hours: Hours(rounding: row.2),
          isLocked: true, fileLine: at + 2)
      }, approved: [], isKept: true, file: "plan/assignments.csv")
  }

  @Test("a locked vacant line stays vacant, whole or in part, and is told as such")
  func lockedVacancy() throws {
    var it = Self.oneClass()
    it.institution.norms = [Norm(work: "consultation", unit: .group, hours: 10, discipline: "D")]
    it.competence("A", "D", [.practice, .other])
    let consultation = try #require(it.tasks.first { $0.work == .norm("consultation") })
    let load = try solve(
      it, locked(it, [("S/class", nil, 30), (consultation.id, nil, 4)]))
    let vacant = load.assignments.filter { $0.teacher == nil }
    #expect(vacant.map(\.task) == ["S/class", consultation.id])
    #expect(vacant.map(\.hours) == [Hours(30), Hours(4)])
    #expect(vacant.map(\.isLocked) == [true, true])
    #expect(load.criteria[.vacant] == 34)
    #expect(load.vacancies.map(\.reason) == [.locked, .locked])
    #expect(load.conflicts.isEmpty)
    #expect(it.judge(load).violations == [])
    let posts = LoadDistribution.staffing(
      it.institution, tasks: it.tasks, assignments: load.assignments)
    #expect(abs(posts.reduce(0) { $0 + $1.hours.value } - 34) < 1e-9)
  }

  @Test("two locks of one class task for two teachers are told with file, line and remedy")
  func contradictoryLocks() throws {
    let it = Self.oneClass()
    for second: TeacherID? in ["A", nil] {
      let load = try solve(it, locked(it, [("S/class", "B", 30), ("S/class", second, 30)]))
      #expect(load.assignments.map(\.teacher) == ["B"])
      #expect(load.conflicts.map(\.kind) == [.locksContradict])
      #expect(load.conflicts.map(\.fileLine) == [3])
      let told = try #require(load.conflicts.first?.description)
      for part in [
        "plan/assignments.csv:3", "column teacher", "\"\(second?.text ?? "")\"", "line 2",
        "locked for B", "take the mark off",
      ] {
        #expect(told.contains(part))
      }
    }
  }

  @Test("a lock with other hours than its task, or more than are left, is told")
  func lockedHours() throws {
    var it = Self.oneClass()
    it.institution.norms = [Norm(work: "consultation", unit: .group, hours: 10, discipline: "D")]
    for teacher in ["A", "B"] {
      it.competence(teacher, "D", [.practice, .other], taught: teacher == "A")
    }
    let consultation = try #require(it.tasks.first { $0.work == .norm("consultation") }).id
    let whole = try solve(it, locked(it, [("S/class", "A", 7)]))
    #expect(whole.assignments.first?.hours == Hours(30))
    #expect(whole.conflicts.map(\.kind) == [.hoursChanged])
    #expect(
      whole.conflicts.allSatisfy {
        $0.description.contains("column hours: \"7\"") && $0.description.contains("write 30")
      })

    let over = try solve(
      it, locked(it, [(consultation, "A", 6), (consultation, "B", 6), (consultation, "B", 1)]))
    #expect(over.conflicts.map(\.kind) == [.hoursChanged, .locksContradict])
    let hours = over.assignments.filter { $0.task == consultation }.map(\.hours.value)
    #expect(hours == [6, 4])

    // A mark holds its own hours: what the teacher has beyond them is a line without it.
    var alone = it
    alone.institution.competences = Table(
      it.institution.competences.filter { $0.teacher == "A" })
    let grown = try solve(alone, locked(alone, [(consultation, "A", 1)]))
    let parts = grown.assignments.filter { $0.task == consultation }
    #expect(parts.map(\.teacher) == ["A", "A"])
    #expect(parts.map(\.hours) == [Hours(1), Hours(9)])
    #expect(parts.map(\.isLocked) == [true, false])
    #expect(alone.judge(grown).violations == [])

    // The next run holds the hour and may give the rest away.
    let next = EarlierLoad(
      lines: parts.map {
        EarlierLine(
          task: $0.task, known: it.tasks[$0.task], teacher: $0.teacher, hours: $0.hours,
          isLocked: $0.isLocked)
      }, approved: [], isKept: true)
    it.institution.teachers = Table(
      it.institution.teachers.map { row in
        var row = row
        if row.id == "A" { row.maxHours = 1 }
        return row
      })
    let given = try solve(it, next).assignments.filter { $0.task == consultation }
    #expect(given.map(\.teacher) == ["A", "B"])
    #expect(given.map(\.hours) == [Hours(1), Hours(9)])
    #expect(given.map(\.isLocked) == [true, false])
  }

  @Test("an exam and a class locked for one teacher are named; an open line makes way")
  func lockedExaminer() throws {
    var it = Self.oneClass()
    it.institution.norms = [Norm(work: "exam", unit: .group, hours: 10, discipline: "D")]
    it.institution.policy.examinerDiffersFromTeacher = true
    for teacher in ["A", "B"] { it.competence(teacher, "D", [.practice, .other]) }
    let exam = try #require(it.tasks.first { $0.work == .norm("exam") }).id
    let both = try solve(it, locked(it, [("S/class", "A", 30), (exam, "A", 10)]))
    #expect(both.conflicts.map(\.kind) == [.examinerLocked])
    let told = try #require(both.conflicts.first?.description)
    #expect(told.contains("plan/assignments.csv:3") && told.contains("(L5)"))
    #expect(told.contains("take the mark off line 3, or off line 2"))
    #expect(both.status == .infeasible)

    var earlier = locked(it, [("S/class", "A", 30), (exam, "A", 10)])
    earlier.lines[0].isLocked = false
    let one = try solve(it, earlier)
    #expect(one.conflicts.isEmpty)
    #expect(one.assignments.first { $0.task == exam }?.teacher == "A")
    #expect(one.assignments.first { $0.task == "S/class" }?.teacher == "B")
    #expect(it.judge(one).violations == [])
  }

  @Test("a lock against a student's choice is named; an open line makes way")
  func lockedAgainstChoice() throws {
    var it = Self.oneClass()
    let chooser = try #require(it.institution.students.first?.id)
    it.institution.enrolments = Table(
      it.institution.enrolments.map { row in
        var row = row
        if row.student == chooser { row.practiceTeacher = "A" }
        return row
      })
    let lock = locked(it, [("S/class", "B", 30)])
    let held = try solve(it, lock)
    #expect(held.assignments.map(\.teacher) == ["B"])
    #expect(held.status == .infeasible)
    #expect(
      held.messages.map { $0[.en] }.contains {
        $0.contains("plan/assignments.csv:2") && $0.contains("\"B\"")
          && $0.contains("A is named by a student's choice")
          && $0.contains("take the mark off line 2")
      })
    let vacant = try solve(it, locked(it, [("S/class", nil, 30)]))
    #expect(vacant.assignments.map(\.teacher) == [nil])
    #expect(vacant.messages.contains { $0[.en].contains("locked for nobody") })

    var earlier = lock
    earlier.lines[0].isLocked = false
    let free = try solve(it, earlier)
    #expect(free.assignments.map(\.teacher) == ["A"])
    #expect(it.judge(free).violations == [])

    // Locked as the examiner of those who chose: the lock is the cause too.
    it.institution.norms = [Norm(work: "exam", unit: .group, hours: 10, discipline: "D")]
    it.institution.policy.examinerDiffersFromTeacher = true
    for teacher in ["A", "B"] { it.competence(teacher, "D", [.practice, .other]) }
    let exam = try #require(it.tasks.first { $0.work == .norm("exam") }).id
    let examiner = try solve(it, locked(it, [(exam, "A", 10)]))
    #expect(examiner.status == .infeasible)
    #expect(
      examiner.messages.map { $0[.en] }.contains {
        $0.contains("plan/assignments.csv:2") && $0.contains("(L5)")
          && $0.contains("take the mark off line 2")
      })
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

  @Test("vacant work that no position may do stands in the staffing table, which adds up")
  func staffingWithoutPosition() throws {
    var it = SmallUniversity()
    it.teacher("A", norm: 100, max: 0)
    it.discipline("D", lecture: 15, practice: 30)
    it.competence("A", "D")
    it.section("L", "D", .lecture)
    it.section("S", "D", .practice)
    it.institution.policy.positions = [
      Position(name: "docent", termNormHours: 60, mayLecture: false),
      Position(name: "professor", termNormHours: 0, mayLecture: true),
    ]
    let load = try solve(it)
    #expect(load.criteria[.vacant] == 45)
    let posts = LoadDistribution.staffing(
      it.institution, tasks: it.tasks, assignments: load.assignments)
    #expect(posts.map(\.position) == ["docent", ""])
    #expect(posts.map(\.hours.value) == [30, 15])
    #expect(posts.map(\.rate) == [0.5, 0])
    #expect(posts[1].works.map(\.work) == [.teaching(.lecture)])
  }
}

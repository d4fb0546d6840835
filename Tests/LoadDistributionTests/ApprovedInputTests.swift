// SPDX-License-Identifier: GPL-3.0-or-later
import GLPKSolver
import LoadDistribution
import Testing
import University

@Suite("An approved department and what changes below it")
struct ApprovedInputTests {
  private typealias Change = @Sendable (inout SmallUniversity) -> Void

  /// Two departments, of which X is approved; B teaches D of X although A would be cheaper.
  private static func university() -> SmallUniversity {
    var it = SmallUniversity(departments: ["X", "Y"])
    it.institution.norms = [Norm(work: "test", unit: .group, hours: 2)]
    it.teacher("A", norm: 90)
    it.teacher("B", norm: 90, survey: 4)
    it.teacher("C", "Y", norm: 90)
    it.discipline("D", "X", practice: 30, control: .exam)
    it.discipline("E", "Y", practice: 30)
    for t in ["A", "B"] { it.competence(t, "D", preference: t == "A" ? 2 : -2) }
    for t in ["A", "C"] { it.competence(t, "E") }
    for k in 0..<2 { it.section("S\(k)", "D", .practice) }
    it.section("U", "E", .practice)
    return it
  }

  private static func update<Row>(
    _ table: inout University.Table<Row>, _ id: Row.ID, _ change: (inout Row) -> Void
  ) {
    table = Table(
      table.map { row in
        guard row.id == id else { return row }
        var changed = row
        change(&changed)
        return changed
      })
  }

  private static func earlier(_ it: SmallUniversity) -> EarlierLoad {
    let tasks = it.tasks
    let lines = tasks.map {
      EarlierLine(
        task: $0.id, known: $0, teacher: $0.department == "X" ? "B" : "C", hours: $0.hours,
        isLocked: false)
    }
    return EarlierLoad(
      lines: lines, approved: ["X"], isKept: false,
      input: ApprovedInput.facts(
        it.institution, sections: it.sections, holders: ["D": ["B"]], departments: ["X"]))
  }

  private static func solve(_ it: SmallUniversity, _ earlier: EarlierLoad) throws -> LoadAssignment
  {
    try LoadDistribution.solve(
      it.institution, sections: it.sections, tasks: it.tasks, solver: GLPKSolver(),
      options: LoadOptions(iterationLimit: 5000, earlier: earlier))
  }

  /// Each change of the input, with what the conflict has to say.
  private static let changes: [(name: String, told: String, change: Change)] = [
    (
      "a norm", "norm was 90 and is 60",
      { update(&$0.institution.teachers, "B") { $0.normHours = 60 } }
    ),
    (
      "a rate", "rate was 1 and is 0.5", { update(&$0.institution.teachers, "B") { $0.rate = 0.5 } }
    ),
    (
      "a position", "position was docent and is professor",
      { update(&$0.institution.teachers, "A") { $0.position = "professor" } }
    ),
    (
      "a least number of hours", "least was 0 and is 80",
      { update(&$0.institution.teachers, "B") { $0.minHours = 80 } }
    ),
    (
      "a largest number of hours", "above the most",
      { update(&$0.institution.teachers, "B") { $0.maxHours = 40 } }
    ),
    (
      "a survey of a teacher", "survey was 4 and is 2",
      { update(&$0.institution.teachers, "B") { $0.survey = 2 } }
    ),
    (
      "the department of a teacher", "department was X and is Y",
      { update(&$0.institution.teachers, "B") { $0.department = "Y" } }
    ),
    (
      "a teacher who is gone", "no longer there",
      { it in
        it.institution.teachers = Table(it.institution.teachers.filter { $0.id != "B" })
        it.institution.competences = Table(it.institution.competences.filter { $0.teacher != "B" })
      }
    ),
    ("a new teacher", "teacher N is new", { $0.teacher("N", norm: 90) }),
    (
      "a competence that is gone", "no longer competent",
      { it in
        it.institution.competences = Table(it.institution.competences.filter { $0.teacher != "B" })
      }
    ),
    (
      "a kind of a competence", "kinds was lab+lecture+other+practice and is lecture+other",
      {
        update(&$0.institution.competences, .init("B", "D")) { $0.kinds = [.lecture, .other] }
      }
    ),
    ("a new competence", "competence C/D is new", { $0.competence("C", "D") }),
    (
      "a preference", "preference was -2 and is 1",
      { update(&$0.institution.competences, .init("B", "D")) { $0.preference = 1 } }
    ),
    (
      "what was taught before", "taught_before was 1 and is 0",
      { update(&$0.institution.competences, .init("B", "D")) { $0.taughtBefore = false } }
    ),
    (
      "a survey of a discipline", "survey was – and is 2.5",
      { update(&$0.institution.competences, .init("B", "D")) { $0.survey = 2.5 } }
    ),
    (
      "the hours of a discipline", "practice was 30 and is 45",
      { it in
        update(&it.institution.disciplines, "D") { $0.hours[.practice] = 45 }
        for id: SectionID in ["S0", "S1"] { update(&it.sections, id) { $0.hours = 45 } }
      }
    ),
    (
      "the control of a discipline", "control was exam and is project",
      { update(&$0.institution.disciplines, "D") { $0.control = .project } }
    ),
    (
      "a section that is gone", "no longer there",
      { it in
        it.sections = Table(it.sections.filter { $0.id != "S1" })
      }
    ),
    ("a new section", "is new", { $0.section("S2", "D", .practice) }),
    (
      "a student of a section", "the list of students is another",
      { it in update(&it.sections, "S1") { $0.students[0] = "S0-0" } }
    ),
    (
      "a pin", "pin D/practice/G is new",
      {
        $0.institution.pins = [Pin(discipline: "D", kind: .practice, group: "G", teacher: "A")]
      }
    ),
    (
      "a choice", "choice D/practice/A is new",
      { it in
        update(&it.institution.enrolments, .init("S0-0", "D")) { $0.practiceTeacher = "A" }
      }
    ),
    (
      "a norm of norms.csv", "test by group was 2 and is 3",
      { $0.institution.norms = [Norm(work: "test", unit: .group, hours: 3)] }
    ),
    (
      "a new norm of norms.csv", "is new",
      { $0.institution.norms.append(Norm(work: "talk", unit: .group, hours: 1)) }
    ),
    (
      "the policy", "overload_factor was 1.25 and is 1.5",
      { $0.institution.policy.overloadFactor = 1.5 }
    ),
    (
      "a section weight", "undersized was 60 and is 1",
      { $0.institution.weights.sections[.undersized] = 1 }
    ),
    ("a cap of the policy", "group_cap was 25 and is 30", { $0.institution.policy.groupCap = 30 }),
    (
      "the least size of a section", "min_section_size was 5 and is 15",
      { $0.institution.policy.minSectionSize = 15 }
    ),
    (
      "a cap of a discipline", "group_cap was – and is 60",
      { update(&$0.institution.disciplines, "D") { $0.groupCap = 60 } }
    ),
    (
      "the delivery of a discipline", "delivery was room and is online",
      { update(&$0.institution.disciplines, "D") { $0.delivery = .online } }
    ),
    (
      "the block of a discipline", "block of practice was 2 and is 3",
      { update(&$0.institution.disciplines, "D") { $0.blocks[.practice] = 3 } }
    ),
    (
      "the status of an enrolment", "retakes was 0 and is 1, the list of students is another",
      { update(&$0.institution.enrolments, .init("S0-0", "D")) { $0.status = .retake } }
    ),
    (
      "the hours of a teacher's day", "hours_per_day was 8 and is 1",
      { update(&$0.institution.teachers, "B") { $0.maxHoursPerDay = 1 } }
    ),
    (
      "the times of a teacher", "times was – and is mon 1-4 forbidden",
      {
        $0.institution.availability.append(
          Availability(
            subject: .teacher("B"), day: .monday, from: 1, to: 4, level: .forbidden,
            weeks: .all($0.institution.term.weeks)))
      }
    ),
    (
      "the department of a discipline", "department was X and is Y",
      { update(&$0.institution.disciplines, "D") { $0.department = "Y" } }
    ),
    (
      "a discipline of another department",
      "task U/class (30 hours) is new, of department Y before",
      { update(&$0.institution.disciplines, "E") { $0.department = "X" } }
    ),
    (
      "a weight", "preference was 2 and is 9",
      { $0.institution.weights.load[.preference] = 9 }
    ),
  ]

  @Test("without a change nothing is told")
  func unchanged() throws {
    let it = Self.university()
    let load = try Self.solve(it, Self.earlier(it))
    #expect(load.conflicts == [])
    #expect(load.status != .infeasible)
  }

  @Test("every change is a conflict, and no line moves", arguments: changes.indices)
  func changed(index: Int) throws {
    let it = Self.university()
    let earlier = Self.earlier(it)
    let row = Self.changes[index]
    var later = it
    row.change(&later)
    let load = try Self.solve(later, earlier)
    #expect(
      load.conflicts.contains { $0.isApproved && $0.description.contains(row.told) },
      "\(row.name): \(load.conflicts.map(\.description))")
    #expect(Set(load.conflicts.map(\.department)) == ["X"])
    // Nobody but B ever gets a line of what X approved; what is new to X or has lost its teacher is
    // vacant.
    let tasks = later.tasks
    let own = load.assignments.filter {
      tasks[$0.task]?.department == "X" || tasks[$0.task]?.discipline == "D"
    }
    #expect(own.allSatisfy { $0.teacher == "B" || $0.teacher == nil })
    let isThere = later.institution.teachers["B"] != nil
    let held = Set(own.filter { $0.teacher == "B" }.map(\.task))
    let known = Set(earlier.lines.filter { $0.known?.department == "X" }.map(\.task)).filter {
      tasks[$0] != nil
    }
    #expect(held == (isThere ? known : []), "\(row.name)")
  }

  @Test("students who exchange their choices are a change, though the numbers stay")
  func exchange() throws {
    var it = Self.university()
    Self.update(&it.institution.enrolments, .init("S0-0", "D")) { $0.practiceTeacher = "A" }
    Self.update(&it.institution.enrolments, .init("S1-0", "D")) { $0.practiceTeacher = "B" }
    var later = it
    Self.update(&later.institution.enrolments, .init("S0-0", "D")) { $0.practiceTeacher = "B" }
    Self.update(&later.institution.enrolments, .init("S1-0", "D")) { $0.practiceTeacher = "A" }
    let found = Self.earlier(it).changedInput(later.institution, sections: later.sections)
    #expect(
      found.map(\.description).filter { $0.contains("choice D/practice") }.map {
        $0.contains("the list of students is another")
      } == [true, true])
    #expect(Self.earlier(it).changedInput(it.institution, sections: it.sections) == [])
  }

  @Test("what an earlier version did not write down is no change; a moved discipline is one")
  func earlierVersion() throws {
    let it = Self.university()
    var earlier = Self.earlier(it)
    for k in earlier.input.indices {
      let fact = earlier.input[k]
      let first = fact.kind == .discipline ? "; department=" : "; hours_per_day="
      guard let end = fact.value.firstRange(of: first) else { continue }
      earlier.input[k].value = String(fact.value[..<end.lowerBound])
    }
    #expect(earlier.changedInput(it.institution, sections: it.sections) == [])
    var later = it
    Self.update(&later.institution.disciplines, "D") { $0.department = "Y" }
    let found = earlier.changedInput(later.institution, sections: later.sections)
    #expect(found.map(\.department) == ["X"])
    #expect(found.first?.description.contains("department was X and is Y") == true)
  }

  @Test("a norm that changes leaves every line its hours, and says what stays vacant")
  func changedHours() throws {
    let it = Self.university()
    let earlier = Self.earlier(it)
    var later = it
    for (hours, held, told) in [
      (3.0, 2.0, "had 2 hours and now has 3; B has 2 of them, and what is more stays vacant"),
      (1.0, 1.0, "had 2 hours and now has 1; B has 1 of them"),
    ] {
      later.institution.norms = [Norm(work: "test", unit: .group, hours: hours)]
      let load = try Self.solve(later, earlier)
      let rows = load.assignments.filter { $0.task == "S0/test0" }
      #expect(rows.filter { $0.teacher == "B" }.map(\.hours.value) == [held])
      #expect(rows.reduce(0) { $0 + $1.hours.value } == hours)
      #expect(load.conflicts.contains { $0.task == "S0/test0" && $0.description.hasSuffix(told) })
    }
  }
}

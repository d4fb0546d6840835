// SPDX-License-Identifier: GPL-3.0-or-later
import Curricula
import GLPKSolver
import Testing
import University
import Validation

@Suite("Formation of sections")
struct FormationTests {
  private func form(_ small: SmallUniversity) throws -> SectionPlan {
    let plan = try Curricula.formSections(
      small.institution, solver: GLPKSolver(), timeLimit: 30)
    expectValid(small.institution, plan)
    return plan
  }

  private func sizes(_ plan: SectionPlan, _ kind: TeachingKind) -> [Int] {
    plan.sections.filter { $0.kind == kind }.map(\.students.count)
  }

  private func home(_ plan: SectionPlan, _ kind: TeachingKind, _ student: StudentID) -> SectionID? {
    plan.sections.first { $0.kind == kind && $0.students.contains(student) }?.id
  }

  @Test("a group above the cap is halved, not cut at the cap")
  func balanced() throws {
    var small = SmallUniversity()
    small.addGroup("G1", 31)
    small.addDiscipline("D", lecture: 15, practice: 30)
    small.enrol("G1", in: "D")
    let plan = try form(small)
    #expect(sizes(plan, .lecture) == [31])
    #expect(sizes(plan, .practice).sorted() == [15, 16])
    #expect(plan.criteria[.splitGroup] == 0)
    #expect(plan.objective == 10 * (1 + 2 * 2))
    #expect(plan.status == .optimal)
  }

  @Test("small groups share a section where the cap allows it")
  func merged() throws {
    var small = SmallUniversity()
    for (id, size) in [("G1", 10), ("G2", 9), ("G3", 6)] {
      small.addGroup(GroupID(id), size)
      small.enrol(GroupID(id), in: "D")
    }
    small.addDiscipline("D", practice: 30)
    let plan = try form(small)
    #expect(sizes(plan, .practice) == [25])
    #expect(plan.objective == 20)
  }

  @Test("a further section is cheaper than a split group, unless splits are cheap")
  func splitPrice() throws {
    var small = SmallUniversity()
    for id in ["G1", "G2", "G3"] {
      small.addGroup(GroupID(id), 16)
      small.enrol(GroupID(id), in: "D")
    }
    small.addDiscipline("D", practice: 30)
    let whole = try form(small)
    #expect(sizes(whole, .practice).count == 3)
    #expect(whole.criteria[.splitGroup] == 0)
    small.institution.weights.sections[.splitGroup] = 1
    let split = try form(small)
    #expect(sizes(split, .practice).count == 2)
    #expect(split.criteria[.splitGroup] == 1)
    #expect(split.objective == 41)
    #expect(split.status == .optimal)
  }

  @Test("a few students are given company where that is cheaper than an undersized section")
  func undersized() throws {
    var small = SmallUniversity()
    small.addGroup("G1", 25)
    small.addGroup("G2", 2)
    small.enrol("G1", in: "D")
    small.enrol("G2", in: "D")
    small.addDiscipline("D", practice: 30)
    let plan = try form(small)
    #expect(plan.criteria[.undersized] == 0)
    #expect(plan.criteria[.splitGroup] == 1)
    #expect(plan.objective == 80)
    small.institution.weights.sections[.undersized] = 30
    let cheaper = try form(small)
    #expect(cheaper.criteria[.undersized] == 1)
    #expect(cheaper.criteria[.splitGroup] == 0)
  }

  @Test("languages are never mixed, and a section of one student is undersized")
  func languages() throws {
    var small = SmallUniversity()
    small.addGroup("G1", 12)
    small.addGroup("G2", 1, .en)
    small.enrol("G1", in: "D")
    small.enrol("G2", in: "D")
    small.addDiscipline("D", practice: 15)
    let plan = try form(small)
    #expect(plan.sections.map(\.language) == [.kk, .en])
    #expect(plan.criteria[.undersized] == 1)
    #expect(plan.status == .optimal)
  }

  @Test("with a tolerance of one, 25 are subgroups of 13 and 12 for the price of a student")
  func tolerance() throws {
    var small = SmallUniversity()
    small.addGroup("G1", 25)
    small.enrol("G1", in: "D")
    small.addDiscipline("D", lab: 15)
    #expect(try sizes(form(small), .lab).count == 3)
    small.institution.policy.subgroupTolerance = 1
    let plan = try form(small)
    #expect(sizes(plan, .lab).sorted() == [12, 13])
    #expect(plan.criteria[.overNorm] == 1)
    #expect(plan.objective == 25)
  }

  @Test("streams keep to the largest suitable room, unless they are online")
  func rooms() throws {
    var small = SmallUniversity()
    small.institution.rooms = Table([
      Room(id: "A1", building: "A", capacity: 45, kind: "lecture"),
      Room(id: "A2", building: "A", capacity: 500, kind: "lecture", features: ["closed"]),
      Room(id: "A3", building: "A", capacity: 20, kind: "classroom"),
    ])
    small.institution.rooms = Table(small.institution.rooms.filter { $0.id != "A2" })
    for id in ["G1", "G2", "G3", "G4"] {
      small.addGroup(GroupID(id), 20)
      small.enrol(GroupID(id), in: "D")
    }
    small.addDiscipline("D", lecture: 15, practice: 15)
    let plan = try form(small)
    #expect(sizes(plan, .lecture) == [40, 40])
    for section in plan.sections where section.kind == .practice {
      #expect(section.parent != nil)
    }
    var online = small
    online.institution.disciplines = Table()
    online.addDiscipline("D", lecture: 15, practice: 15) { $0.delivery = .lectureOnline }
    #expect(try sizes(form(online), .lecture) == [80])
  }

  @Test("practice and lab sections fit the largest suitable room, though the cap allows more")
  func seats() throws {
    var small = SmallUniversity()
    small.institution.rooms = Table([
      Room(id: "A2", building: "A", capacity: 16, kind: "classroom")
    ])
    small.addGroup("G1", 24)
    small.enrol("G1", in: "D")
    small.addDiscipline("D", practice: 15)
    let plan = try form(small)
    #expect(sizes(plan, .practice) == [12, 12])
  }

  @Test("without a suitable room the rest is planned and the plan is called infeasible")
  func noRoom() throws {
    var small = SmallUniversity()
    small.institution.rooms = Table([
      Room(id: "A2", building: "A", capacity: 30, kind: "classroom")
    ])
    small.addGroup("G1", 24)
    small.enrol("G1", in: "D")
    small.addDiscipline("D", lecture: 15, practice: 15)
    let plan = try Curricula.formSections(
      small.institution, solver: GLPKSolver(), timeLimit: 30)
    #expect(plan.status == .infeasible)
    #expect(plan.warnings.map(\.code) == ["sections.noSuitableRoom"])
    #expect(plan.warnings.allSatisfy { $0.description(in: .kk).contains("аудитория қосыңыз") })
    #expect(sizes(plan, .lecture) == [24])
    #expect(sizes(plan, .practice) == [24])
  }

  @Test("students who chose different teachers are never together; those of one teacher may be")
  func choices() throws {
    var small = SmallUniversity()
    small.addDiscipline("D", lecture: 15, practice: 15)
    small.addTeacher("T1", "D")
    small.addTeacher("T2", "D")
    small.addGroup("G1", 12)
    small.addGroup("G2", 12)
    small.enrol("G1", in: "D") { number, enrolment in
      if number == 0 { enrolment.practiceTeacher = "T1" }
    }
    small.enrol("G2", in: "D") { number, enrolment in
      if number == 0 { enrolment.practiceTeacher = "T2" }
    }
    let apart = try form(small)
    #expect(sizes(apart, .lecture) == [24])
    #expect(sizes(apart, .practice) == [12, 12])
    small.institution.enrolments = Table()
    for group in ["G1", "G2"] {
      small.enrol(GroupID(group), in: "D") { number, enrolment in
        if number == 0 { enrolment.practiceTeacher = "T1" }
      }
    }
    #expect(try sizes(form(small), .practice) == [24])
  }

  @Test("a choice of lecturer parts the practice sections too")
  func lecturers() throws {
    var small = SmallUniversity()
    small.addDiscipline("D", lecture: 15, practice: 15)
    small.addTeacher("T1", "D")
    small.addTeacher("T2", "D")
    small.addGroup("G1", 12)
    small.enrol("G1", in: "D") { number, enrolment in
      enrolment.lectureTeacher = number < 6 ? "T1" : "T2"
    }
    let plan = try form(small)
    #expect(sizes(plan, .lecture) == [6, 6])
    #expect(sizes(plan, .practice) == [6, 6])
    #expect(plan.criteria[.splitGroup] == 2)
    #expect(plan.status == .optimal)
  }

  @Test("the choice of somebody who may not lecture is told and left aside")
  func incompetent() throws {
    var small = SmallUniversity()
    small.addDiscipline("D", lecture: 15)
    small.addTeacher("T1", "D")
    small.addTeacher("T2", "D", position: "lecturer")
    small.addGroup("G1", 12)
    small.enrol("G1", in: "D") { number, enrolment in
      enrolment.lectureTeacher = number < 6 ? "T1" : "T2"
    }
    let plan = try form(small)
    #expect(sizes(plan, .lecture) == [12])
    #expect(plan.warnings.count == 6)
    #expect(plan.warnings.allSatisfy { $0.code == "sections.choiceNotHonoured" })
    let first = try #require(plan.warnings.first)
    #expect(first.description(in: .en).contains("G1/7 for the lecture of D is not kept"))
    #expect(first.description(in: .ru).contains("должность преподавателя"))
    #expect(first.description(in: .kk).contains("лауазымы"))
  }

  @Test("choosers of a teacher without enough hours are brought together")
  func gathered() throws {
    var small = SmallUniversity()
    small.addDiscipline("D", practice: 60)
    small.addTeacher("T1", "D")
    small.addTeacher("T2", "D")
    for id in ["G1", "G2", "G3", "G4", "G5", "G6", "G7"] {
      small.addGroup(GroupID(id), 24)
      small.enrol(GroupID(id), in: "D") { number, enrolment in
        if number == 3 { enrolment.practiceTeacher = "T1" }
      }
    }
    let plan = try form(small)
    let held = Set(
      small.institution.enrolments.filter { $0.practiceTeacher == "T1" }
        .compactMap { home(plan, .practice, $0.student) })
    // 7 × 60 hours are above 300 × 1.25.
    #expect(held.count * 60 <= 375)
    #expect(!plan.warnings.contains { $0.code == "sections.choicesAboveCeiling" })
    // No section of 60 hours is within 59: what is left is told.
    small.institution.teachers = Table(
      small.institution.teachers.map {
        var row = $0
        if row.id == "T1" { row.maxHours = 59 }
        return row
      })
    let above = try form(small).warnings.filter { $0.code == "sections.choicesAboveCeiling" }
    #expect(above.map(\.value) == ["T1"])
    #expect(above.allSatisfy { $0.description(in: .ru).contains("не больше 59 ч") })
  }

  @Test("a pinned teacher's group does not share its section with choosers of another teacher")
  func pins() throws {
    var small = SmallUniversity()
    small.addDiscipline("D", practice: 15)
    small.addTeacher("T1", "D")
    small.addTeacher("T2", "D")
    small.addGroup("G1", 10)
    small.addGroup("G2", 10)
    small.enrol("G1", in: "D")
    small.enrol("G2", in: "D") { number, enrolment in
      if number == 0 { enrolment.practiceTeacher = "T2" }
    }
    #expect(try sizes(form(small), .practice) == [20])
    small.institution.pins = [Pin(discipline: "D", kind: .practice, group: "G1", teacher: "T1")]
    #expect(try sizes(form(small), .practice) == [10, 10])
  }

  @Test("groups that are pinned to different times or rooms are in different streams")
  func pinnedTimes() throws {
    var small = SmallUniversity()
    small.addDiscipline("D", lecture: 15)
    small.addGroup("G1", 10)
    small.addGroup("G2", 10)
    small.addGroup("G3", 10)
    for id in ["G1", "G2", "G3"] { small.enrol(GroupID(id), in: "D") }
    small.institution.rooms.append(
      Room(id: "A9", building: "A", capacity: 12, kind: "lecture"))
    small.institution.pins = [
      Pin(discipline: "D", kind: .lecture, group: "G1", day: .monday, slot: 1, room: "A1"),
      Pin(discipline: "D", kind: .lecture, group: "G2", day: .monday, slot: 3, room: "A9"),
    ]
    let plan = try form(small)
    #expect(sizes(plan, .lecture).sorted() == [10, 20])
    let pinned = try #require(home(plan, .lecture, "G2/1"))
    #expect(plan.sections[pinned]?.students.count == 10)
  }

  @Test("subgroups come from one practice group each where the numbers allow it")
  func nested() throws {
    var small = SmallUniversity()
    small.addDiscipline("D", lecture: 15, practice: 15, lab: 15)
    small.addGroup("G1", 48)
    small.enrol("G1", in: "D")
    let plan = try form(small)
    let practice = plan.sections.filter { $0.kind == .practice }.map { Set($0.students) }
    for lab in plan.sections where lab.kind == .lab {
      #expect(practice.contains { $0.isSuperset(of: lab.students) })
    }
  }

  @Test("a decided sectioning is judged and left as it is")
  func decided() throws {
    var small = SmallUniversity()
    small.addDiscipline("D", practice: 30)
    small.addGroup("G1", 6)
    small.enrol("G1", in: "D")
    let students = small.institution.students.map(\.id)
    let decided = Table([
      Section(
        id: "b", discipline: "D", kind: .practice, language: .kk, hours: 30,
        students: Array(students.prefix(5))),
      Section(
        id: "a", discipline: "D", kind: .practice, language: .kk, hours: 30,
        students: Array(students.suffix(1))),
    ])
    small.institution.decidedSections = decided
    let plan = try form(small)
    #expect(plan.sections.rows == decided.rows)
    #expect(plan.criteria == [.sectionHour: 4, .splitGroup: 1, .undersized: 1, .overNorm: 0])
    #expect(plan.objective == 140)
    #expect(plan.bound == nil)
  }

  @Test("identifiers of disciplines with look-alike names do not meet")
  func identifiers() throws {
    var small = SmallUniversity()
    small.addGroup("G1", 30)
    for id in ["D", "D-P-kk", "D-P-kk-1", "Д"] {
      small.addDiscipline(DisciplineID(id), practice: 15)
      small.enrol("G1", in: DisciplineID(id))
    }
    let plan = try form(small)
    #expect(plan.sections.count == 8)
    #expect(plan.sections.contains { $0.id == "D-P-kk-1" })
    #expect(plan.sections.contains { $0.id == "D-P-kk-1-P-kk-2" })
    #expect(plan.sections.contains { $0.id == "Д-P-kk-2" })
  }

  @Test("an explanation says how many, the cap, the room and the sizes, in three languages")
  func explanations() throws {
    var small = SmallUniversity()
    small.addGroup("G1", 31)
    small.addDiscipline("D", lecture: 15, practice: 30)
    small.enrol("G1", in: "D")
    let explanation = try #require(form(small).explanations.first)
    #expect(explanation.isOptimal)
    #expect(explanation.enrolled == 31)
    #expect(explanation.parts.map(\.sizes) == [[31], [16, 15]])
    let lines = explanation.lines(in: .en)
    #expect(
      lines == [
        "31 enrolled in Kazakh, at most 100 (room A1): stream × 1 = 31",
        "31 enrolled in Kazakh, at most 25: group × 2 = 16 + 15",
      ])
    #expect(explanation.lines(in: .kk)[1].contains("топ × 2 = 16 + 15"))
    #expect(explanation.lines(in: .ru)[1].contains("группа × 2 = 16 + 15"))
  }

  @Test("nobody enrolled means no sections and an objective of 0")
  func empty() throws {
    var small = SmallUniversity()
    small.addDiscipline("D", lecture: 15)
    let plan = try form(small)
    #expect(plan.sections.isEmpty)
    #expect(plan.objective == 0)
    #expect(plan.status == .optimal)
  }

  @Test("with no time at all the sections are still formed")
  func noTime() throws {
    let institution = RandomUniversity.institution(3)
    let plan = try Curricula.formSections(institution, solver: GLPKSolver(), timeLimit: 0)
    expectValid(institution, plan)
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import Curricula
import GLPKSolver
import Testing
import University
import Validation

/// Universities of some hundred students with everything that the contract allows.
enum RandomUniversity {
  static func institution(_ seed: UInt64) -> Institution {
    var random = SplitMix(seed)
    var small = SmallUniversity()
    small.institution.rooms = Table([
      Room(
        id: "Ү1", building: "A", capacity: Int.random(in: 30...120, using: &random),
        kind: "lecture"),
      Room(
        id: "Ү2", building: "A", capacity: Int.random(in: 12...40, using: &random),
        kind: "classroom"),
      Room(id: "Ү3", building: "A", capacity: Int.random(in: 8...20, using: &random), kind: "lab"),
    ])
    small.institution.policy.groupTolerance = Int.random(in: 0...3, using: &random)
    small.institution.policy.subgroupTolerance = Int.random(in: 0...2, using: &random)
    small.institution.policy.lectureNeedsRoom = Bool.random(using: &random)
    let hours = [(15, 30, 0), (15, 15, 15), (30, 0, 15), (0, 45, 0), (0, 15, 30), (15, 0, 0)]
    for number in 1...4 {
      let (lecture, practice, lab) = hours.randomElement(using: &random) ?? (15, 15, 15)
      let id = DisciplineID("ПӘН\(number)")
      small.addDiscipline(id, lecture: lecture, practice: practice, lab: lab) {
        if Bool.random(using: &random) { $0.groupCap = Int.random(in: 10...30, using: &random) }
        $0.delivery = Delivery.allCases.randomElement(using: &random) ?? .room
      }
      for teacher in 1...3 { small.addTeacher(TeacherID("О\(number)\(teacher)"), id) }
    }
    for number in 1...Int.random(in: 2...14, using: &random) {
      let language = Language.allCases[number % 3 == 0 ? Int.random(in: 0...2, using: &random) : 0]
      let group = GroupID("ТОП-\(number)")
      small.addGroup(group, Int.random(in: 1...32, using: &random), language)
      for discipline in 1...4 where Int.random(in: 0..<4, using: &random) > 0 {
        small.enrol(group, in: DisciplineID("ПӘН\(discipline)")) { _, enrolment in
          let teacher = TeacherID("О\(discipline)\(Int.random(in: 1...3, using: &random))")
          switch Int.random(in: 0..<60, using: &random) {
          case 0: enrolment.lectureTeacher = teacher
          case 1: enrolment.practiceTeacher = teacher
          case 2: enrolment.status = .retake
          case 3: enrolment.language = .ru
          default: break
          }
        }
      }
    }
    for number in 1...2 {
      small.institution.pins.append(
        Pin(
          discipline: DisciplineID("ПӘН\(number)"), kind: .practice,
          group: GroupID("ТОП-\(number)"), teacher: TeacherID("О\(number)1")))
    }
    return small.institution
  }
}

@Suite("Formation for random universities")
struct RandomUniversityTests {
  @Test("the sections keep S1 to S5, S6 can be kept, and the bound holds", arguments: 1...30)
  func valid(seed: Int) throws {
    let institution = RandomUniversity.institution(UInt64(seed))
    let plan = try Curricula.formSections(institution, solver: GLPKSolver(), timeLimit: 60)
    expectValid(institution, plan)
    let bound = try #require(plan.bound)
    #expect(bound <= plan.objective)
    for section in plan.sections {
      let chosen = section.students.compactMap {
        institution.enrolments[Enrolment.Key($0, section.discipline)]?.chosenTeacher(section.kind)
      }
      #expect(Set(chosen).count <= 1)
    }
  }

  @Test("the same university gives the same sections", arguments: [1, 2])
  func repeatable(seed: Int) throws {
    let institution = RandomUniversity.institution(UInt64(seed))
    let first = try Curricula.formSections(institution, solver: GLPKSolver(), timeLimit: 60)
    let second = try Curricula.formSections(institution, solver: GLPKSolver(), timeLimit: 60)
    #expect(first.sections.rows == second.sections.rows)
    #expect(first.explanations == second.explanations)
  }

  @Test("the tasks of any formed sections are those that the validator wants", arguments: 1...5)
  func load(seed: Int) throws {
    var institution = RandomUniversity.institution(UInt64(seed))
    institution.norms = [
      Norm(work: "exam", unit: .student, hours: 0.333), Norm(work: "exam", unit: .group, hours: 1),
      Norm(work: "кеңес", unit: .stream, hours: 2), Norm(work: "a|b", unit: .subgroup, hours: 0.5),
    ]
    let formed = try Curricula.formSections(institution, solver: GLPKSolver(), timeLimit: 60)
    var plan = Plan(
      record: PlanRecord(
        keste: "test", instance: "small", instanceSHA256: "", seed: 0, regime: "full"))
    plan.sections = formed.sections
    plan.tasks = Curricula.teachingLoad(institution, formed.sections)
    plan.hasLoad = true
    let report = PlanValidator.validate(institution, plan, stages: [.load])
    #expect(report.counts[.l1] == nil)
    #expect(!plan.tasks.isEmpty)
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import Curricula
import GLPKSolver
import Testing
import University
import Validation

@Suite("Formation against every possibility")
struct ExhaustiveTests {
  /// Up to nine students in up to four groups with odd caps, weights and choices of teacher.
  static func university(_ seed: UInt64) -> Institution {
    var random = SplitMix(seed)
    var small = SmallUniversity()
    let kinds = [(1, 1, 0), (1, 1, 1), (0, 1, 1), (1, 0, 1), (0, 1, 0), (1, 0, 0), (2, 1, 1)]
    let hours = kinds[Int.random(in: 0..<kinds.count, using: &random)]
    let unit = Bool.random(using: &random) ? 15 : 30
    small.addDiscipline(
      "Д1", lecture: hours.0 * 15, practice: hours.1 * unit, lab: hours.2 * 15
    ) {
      $0.groupCap = Int.random(in: 2...5, using: &random)
      $0.subgroupCap = Int.random(in: 1...4, using: &random)
      if Int.random(in: 0..<5, using: &random) == 0 { $0.delivery = .online }
    }
    small.institution.rooms = Table([
      Room(
        id: "A1", building: "A", capacity: Int.random(in: 3...9, using: &random), kind: "lecture"),
      Room(
        id: "A2", building: "A", capacity: Int.random(in: 2...5, using: &random), kind: "classroom"),
      Room(id: "A3", building: "A", capacity: Int.random(in: 2...5, using: &random), kind: "lab"),
    ])
    small.institution.policy.groupTolerance = Int.random(in: 0...1, using: &random)
    small.institution.policy.subgroupTolerance = Int.random(in: 0...1, using: &random)
    small.institution.policy.minSectionSize = Int.random(in: 1...3, using: &random)
    if Int.random(in: 0..<3, using: &random) == 0 {
      for criterion in SectionCriterion.allCases {
        small.institution.weights.sections[criterion] =
          [0, 1, 7, 50].randomElement(using: &random) ?? 0
      }
    }
    small.addTeacher("T1", "Д1")
    small.addTeacher("T2", "Д1", position: "lecturer")
    var left = Int.random(in: 1...9, using: &random)
    var number = 0
    while left > 0 {
      let size = min(left, Int.random(in: 1...5, using: &random))
      left -= size
      number += 1
      let group = GroupID("Г\(number)")
      small.addGroup(group, size)
      small.enrol(group, in: "Д1") { _, enrolment in
        if Int.random(in: 0..<8, using: &random) == 0 { enrolment.language = .ru }
        if Int.random(in: 0..<6, using: &random) == 0 {
          enrolment.practiceTeacher = Bool.random(using: &random) ? "T1" : "T2"
        }
        if Int.random(in: 0..<8, using: &random) == 0 {
          enrolment.lectureTeacher = Bool.random(using: &random) ? "T1" : "T2"
        }
      }
    }
    return small.institution
  }

  @Test("the objective is the least there is, and so is the bound", arguments: 1...250)
  func tiny(seed: Int) throws {
    let institution = Self.university(UInt64(seed))
    let plan = try Curricula.formSections(institution, solver: GLPKSolver(), timeLimit: 60)
    let discipline = try #require(institution.disciplines.first)
    let least = ExhaustiveFormation(institution: institution, discipline: discipline)
      .leastObjective
    #expect(plan.objective >= least - 0.01)
    let bound = try #require(plan.bound)
    #expect(bound <= least + 0.01)
    #expect(abs(plan.objective - least) < 0.01)
    #expect(plan.status == .optimal)
  }

  @Test("tiny plans keep the rules of sections", arguments: 1...250)
  func valid(seed: Int) throws {
    let institution = Self.university(UInt64(seed))
    let plan = try Curricula.formSections(institution, solver: GLPKSolver(), timeLimit: 60)
    expectValid(institution, plan)
  }
}

/// Expects that the validator finds nothing against the sections and agrees on every number.
func expectValid(_ institution: Institution, _ formed: SectionPlan) {
  var record = PlanRecord(
    keste: "test", instance: institution.name, instanceSHA256: "", seed: 0,
    regime: institution.regime.name)
  record.sections = StageRecord(
    status: formed.status, objective: formed.objective, bound: formed.bound,
    criteria: Dictionary(
      uniqueKeysWithValues: formed.criteria.map { ($0.key.rawValue, $0.value) }), seconds: 0)
  var plan = Plan(record: record)
  plan.sections = formed.sections
  let report = PlanValidator.validate(institution, plan, stages: [.sections])
  #expect(report.violations.isEmpty)
  #expect(report.sections == formed.criteria)
}

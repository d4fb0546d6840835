// SPDX-License-Identifier: GPL-3.0-or-later
import Curricula
import LinearModels
import Testing
import University

@Suite("Groups without choices are partitioned exactly")
struct PartitionTests {
  /// Proves and finds nothing, so that all that is proved is proved by counting and partition.
  private struct Idle: LinearSolver {
    struct HasNoProgramme: Error {}

    let name = "idle"

    func solve(_ model: LinearModel, _ options: SolveOptions) throws -> LinearSolution {
      LinearSolution(status: .stopped)
    }

    func withProgramme<Result: Sendable>(
      _ model: LinearModel, _ body: @escaping @Sendable (any LinearProgramme) throws -> Result
    ) throws -> Result {
      throw HasNoProgramme()
    }
  }

  /// Groups of a discipline in one stream, with odd caps, norms and weights; nobody chooses.
  private func university(_ seed: UInt64) -> Institution {
    var random = SplitMix(seed &+ 900)
    var small = SmallUniversity()
    small.addDiscipline("Д", lecture: seed % 2 == 0 ? 15 : 0, practice: 15, lab: 30) {
      $0.groupCap = Int.random(in: 3...5, using: &random)
      $0.subgroupCap = Int.random(in: 2...4, using: &random)
    }
    small.institution.policy.groupTolerance = Int.random(in: 0...1, using: &random)
    small.institution.policy.subgroupTolerance = Int.random(in: 0...1, using: &random)
    small.institution.policy.minSectionSize = Int.random(in: 1...4, using: &random)
    for criterion in SectionCriterion.allCases {
      small.institution.weights.sections[criterion] =
        [1, 10, 40, 60].randomElement(using: &random) ?? 0
    }
    var left = Int.random(in: 4...9, using: &random)
    var sizes: [Int] = []
    while left > 0 {
      let size = min(left, Int.random(in: 1...4, using: &random))
      left -= size
      sizes.append(size)
    }
    for (number, size) in sizes.enumerated() {
      let group = GroupID("Г\(number)")
      small.addGroup(group, size)
      small.enrol(group, in: "Д")
    }
    return small.institution
  }

  @Test("the least of all possibilities is found and proved without the solver", arguments: 1...120)
  func exact(seed: Int) throws {
    let institution = university(UInt64(seed))
    let plan = try Curricula.formSections(institution, solver: Idle(), timeLimit: 60)
    let discipline = try #require(institution.disciplines.first)
    let least = ExhaustiveFormation(institution: institution, discipline: discipline)
      .leastObjective
    #expect(abs(plan.objective - least) < 0.01)
    #expect(plan.status == .optimal)
    expectValid(institution, plan)
  }

  @Test(
    "a full group with a few students of other years is proved without the solver",
    arguments: [[24, 2], [24, 24, 3, 1], [24, 24, 24, 2, 1, 1], [13, 1], [23, 4]])
  func remainders(sizes: [Int]) throws {
    var small = SmallUniversity()
    small.addDiscipline("Д", lecture: 15, practice: 15, lab: 15)
    small.institution.policy.subgroupTolerance = 1
    for (number, size) in sizes.enumerated() {
      small.addGroup(GroupID("Г\(number)"), size)
      small.enrol(GroupID("Г\(number)"), in: "Д")
    }
    let plan = try Curricula.formSections(small.institution, solver: Idle(), timeLimit: 60)
    #expect(plan.status == .optimal)
    expectValid(small.institution, plan)
  }
}

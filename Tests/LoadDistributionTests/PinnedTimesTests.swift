// SPDX-License-Identifier: GPL-3.0-or-later
import GLPKSolver
import LoadDistribution
import Testing
import University
import Validation

/// Sections with a pinned time go to teachers who can be there, where there are any.
@Suite struct PinnedTimesTests {
  /// Two teachers, the first of whom wants the discipline more, and two groups.
  private func university() -> SmallUniversity {
    var made = SmallUniversity()
    made.teacher("A", norm: 100)
    made.teacher("B", norm: 100)
    made.discipline("D", practice: 30)
    made.competence("A", "D", preference: 2)
    made.competence("B", "D", preference: -2)
    made.institution.groups.append(
      Group(id: "H", programme: "P", entryYear: 2023, term: 1, language: .ru))
    // One preparation is much cheaper than two, so that both groups tend to one teacher.
    made.institution.weights.load[.preparation] = 1000
    made.section("g", "D", .practice, group: "G")
    made.section("h", "D", .practice, group: "H")
    return made
  }

  private func teachers(_ made: SmallUniversity) throws -> [String?] {
    let load = try LoadDistribution.solve(
      made.institution, sections: made.sections, tasks: made.tasks, solver: GLPKSolver(),
      options: LoadOptions(iterationLimit: 5_000))
    let report = made.judge(load)
    #expect(report.violations.isEmpty)
    #expect((load.bound ?? .infinity) <= load.objective)
    return load.assignments.map { $0.teacher?.text }
  }

  private func away(_ teacher: String, weeks: WeekPattern = .all(15)) -> Availability {
    Availability(
      subject: .teacher(.init(teacher)), day: .tuesday, from: 1, to: 12, level: .forbidden,
      weeks: weeks)
  }

  @Test func `without a pinned time the cheapest teacher holds both`() throws {
    var made = university()
    made.institution.availability = [away("A")]
    #expect(try teachers(made) == ["A", "A"])
  }

  @Test func `a section goes to a teacher who can be there at its pinned time`() throws {
    var made = university()
    made.institution.availability = [away("A")]
    made.institution.pins = [
      Pin(discipline: "D", kind: .practice, group: "G", day: .tuesday, slot: 3)
    ]
    #expect(try teachers(made)[0] == "B")
  }

  @Test func `two sections pinned to one time go to two teachers`() throws {
    var made = university()
    made.institution.pins = [
      Pin(discipline: "D", kind: .practice, group: "G", day: .tuesday, slot: 3),
      Pin(discipline: "D", kind: .practice, group: "H", day: .tuesday, slot: 3),
    ]
    #expect(try Set(teachers(made)) == ["A", "B"])
  }

  @Test func `an absence in other weeks than the pinned ones does not count`() throws {
    var made = university()
    made.institution.availability = [away("A", weeks: .even(15))]
    made.institution.pins = [
      Pin(
        discipline: "D", kind: .practice, group: "G", weeks: .odd(15), day: .tuesday, slot: 3)
    ]
    #expect(try teachers(made) == ["A", "A"])
  }

  @Test func `a pinned teacher stays, and so does one whom nobody can stand in for`() throws {
    var made = university()
    made.institution.availability = [away("A"), away("B")]
    made.institution.pins = [
      Pin(discipline: "D", kind: .practice, group: "G", day: .tuesday, slot: 3)
    ]
    #expect(try teachers(made) == ["A", "A"])
    made.institution.availability = [away("A")]
    made.institution.pins[0].teacher = "A"
    #expect(try teachers(made)[0] == "A")
  }
}

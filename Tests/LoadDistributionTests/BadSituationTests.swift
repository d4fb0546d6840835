// SPDX-License-Identifier: GPL-3.0-or-later
import GLPKSolver
import LinearModels
import LoadDistribution
import Testing
import University
import Validation

@Suite struct BadSituationTests {
  /// A situation with what must be said of it; the rest must be distributed all the same.
  struct Situation: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var message: String
    var isPossible: Bool
    var vacant: Double
    var make: @Sendable (inout SmallUniversity) -> Void
  }

  /// Two teachers and two disciplines, of which the second has no trouble.
  private static func base() -> SmallUniversity {
    var it = SmallUniversity()
    it.teacher("A", norm: 60)
    it.teacher("B", norm: 60)
    it.discipline("M", lecture: 15, practice: 30)
    it.discipline("F", practice: 30)
    it.competence("A", "F")
    it.competence("B", "F")
    let students = it.section("M1", "M", .lecture)
    it.section("M2", "M", .practice, students: students, parent: "M1")
    it.section("F1", "F", .practice)
    return it
  }

  static let situations: [Situation] = [
    Situation(
      testDescription: "nobody is competent for a task",
      message: "M lecture: 15 hours are vacant, nobody is competent", isPossible: true, vacant: 45
    ) { _ in },
    Situation(
      testDescription: "the survey rule leaves nobody",
      message: "M lecture: 15 hours are vacant, of the 1 competent 1 is rated below "
        + "min_lecture_survey 3.0", isPossible: true, vacant: 15
    ) { $0.competence("A", "M", survey: 2.5) },
    Situation(
      testDescription: "only a position without the right to lecture is competent",
      message: "M lecture: 15 hours are vacant, of the 1 competent 1 may not lecture by position",
      isPossible: true, vacant: 15
    ) {
      $0.teacher("C", norm: 60, position: "lecturer")
      $0.competence("C", "M")
    },
    Situation(
      testDescription: "the least hours are above what there is",
      message: "teacher C: min_hours 40 is above all the work that the teacher may have (0)",
      isPossible: false, vacant: 0
    ) {
      $0.competence("A", "M")
      $0.teacher("C", norm: 60, min: 40)
    },
    Situation(
      testDescription: "the least hours are above the most",
      message: "teacher C: min_hours 40 is above the most hours (20)", isPossible: false, vacant: 0
    ) {
      $0.competence("A", "M")
      $0.teacher("C", norm: 60, min: 40, max: 20)
    },
    Situation(
      testDescription: "a vacancy is the cheaper choice",
      message: "M lecture: 15 hours are vacant, C could take task M1/class, but the objective "
        + "would be", isPossible: true, vacant: 45
    ) {
      $0.teacher("C", norm: 0, max: 100)
      $0.competence("C", "M")
      $0.institution.weights.load[.vacant] = 1
    },
    Situation(
      testDescription: "a teacher has a norm of zero", message: "", isPossible: true, vacant: 0
    ) {
      $0.competence("A", "M")
      $0.teacher("C", norm: 0)
      $0.competence("C", "M")
    },
    Situation(
      testDescription: "two pins name two teachers for one section",
      message: "names B, but it is already bound to A", isPossible: false, vacant: 0
    ) {
      $0.competence("A", "M")
      $0.competence("B", "M")
      for teacher in ["A", "B"] {
        var pin = Pin(discipline: "M", kind: .lecture)
        pin.teacher = .init(teacher)
        $0.institution.pins.append(pin)
      }
    },
    Situation(
      testDescription: "a pin names who is not competent",
      message: "B is named by the pin M lecture but is not fit for it", isPossible: false, vacant: 0
    ) {
      $0.competence("A", "M")
      var pin = Pin(discipline: "M", kind: .lecture)
      pin.teacher = "B"
      $0.institution.pins.append(pin)
    },
  ]

  @Test("a bad situation is told, and the rest is distributed", arguments: situations)
  func told(situation: Situation) throws {
    var it = Self.base()
    situation.make(&it)
    let load = try LoadDistribution.solve(
      it.institution, sections: it.sections, tasks: it.tasks, solver: GLPKSolver())
    let said = load.messages.map { $0[.en] }.joined(separator: "\n")
    #expect(situation.message.isEmpty || said.contains(situation.message), "\(said)")
    #expect((load.status != .infeasible) == situation.isPossible)
    #expect(load.criteria[.vacant] == situation.vacant)
    #expect(load.assignments.contains { $0.task == "F1/class" && $0.teacher != nil })
    if situation.isPossible { #expect(it.judge(load).violations == []) }
  }

  @Test("a minimum above all the work that there is draws no work, and the rest has a bound")
  func unreachable() throws {
    var it = Self.base()
    it.competence("A", "M")
    it.teacher("C", norm: 60, min: 80, max: 200)
    for discipline in ["M", "F"] { it.competence("C", discipline) }
    let load = try LoadDistribution.solve(
      it.institution, sections: it.sections, tasks: it.tasks, solver: GLPKSolver())
    #expect(load.status == .infeasible)
    let hours = load.assignments.reduce(0) { $0 + ($1.teacher == "C" ? $1.hours.value : 0) }
    #expect(hours <= 60)
    let bound = try #require(load.bound)
    #expect(load.objective - bound <= 0.01)
    it.institution.teachers = Table(
      it.institution.teachers.map {
        var row = $0
        row.minHours = nil
        return row
      })
    let free = try LoadDistribution.solve(
      it.institution, sections: it.sections, tasks: it.tasks, solver: GLPKSolver())
    #expect(free.status == .optimal)
    #expect(abs(free.objective - load.objective) <= 0.01)
    #expect(load.messages.contains { $0[.ru].contains("min_hours 80") })
  }

  /// Every distribution of whole tasks: hours below the minima in all, and objective.
  private static func all(_ it: SmallUniversity) -> [(short: Int, objective: Double)] {
    let tasks = it.tasks
    let holders: [TeacherID?] = it.institution.teachers.map(\.id) + [nil]
    let count = tasks.reduce(1) { product, _ in product * holders.count }
    return (0..<count).map { number in
      var rest = number
      let rows = tasks.map { task in
        let holder = holders[rest % holders.count]
        rest /= holders.count
        return Assignment(task: task.id, teacher: holder, hours: task.hours)
      }
      return (
        short(it, rows),
        it.institution.weights.load.objective(
          LoadDistribution.criteria(it.institution, tasks: tasks, assignments: rows))
      )
    }
  }

  /// Hundredths of an hour that teachers have below their minima.
  private static func short(_ it: SmallUniversity, _ rows: [Assignment]) -> Int {
    it.institution.teachers.reduce(0) { sum, teacher in
      let hours = rows.reduce(0) { $0 + ($1.teacher == teacher.id ? $1.hours.hundredths : 0) }
      return sum + max(0, Int(100 * it.institution.floor(of: teacher)) - hours)
    }
  }

  @Test(
    "two minima that cannot both be had are told with a bound of what is no further below",
    arguments: [false, true])
  func shared(isCancelled: Bool) throws {
    var it = SmallUniversity()
    it.teacher("A", norm: 70, min: 50, max: 100)
    it.teacher("B", norm: 60, min: 50, max: 100)
    for (n, hours) in [15, 30, 15, 20].enumerated() {
      it.discipline("D\(n)", practice: hours)
      it.competence("A", "D\(n)", preference: [2, -2, 1, -2][n], taught: n % 2 == 0)
      it.competence("B", "D\(n)", preference: [-2, 2, -1, 2][n], taught: n % 2 == 1)
      it.section("S\(n)", "D\(n)", .practice)
    }
    let load = try LoadDistribution.solve(
      it.institution, sections: it.sections, tasks: it.tasks, solver: GLPKSolver(),
      options: LoadOptions(isCancelled: { isCancelled }))
    let said = load.messages.map { $0[.en] }
    #expect(said.contains { $0.contains("below min_hours 50") })
    #expect(said.contains { $0.hasSuffix("together no further below min_hours") })
    #expect(!said.contains { $0.contains("said to be impossible") })
    // Who broke it off has no proof.
    #expect(load.status == (isCancelled ? .stopped : .infeasible))
    #expect(
      said.contains {
        $0.contains(isCancelled ? "that there is none is not proved" : "it is proved that")
      })
    let own = Self.short(it, load.assignments)
    let least = try #require(
      Self.all(it).filter { $0.short <= own }.map(\.objective).min())
    let bound = try #require(load.bound)
    #expect(bound <= least + 1e-6)
    if !isCancelled { #expect(bound >= least - 2) }
  }

  /// Solves linear programmes that stay in it, and nothing else: what is found is poor, and bounded.
  private struct OnlyProgrammes: LinearSolver {
    let name = "only programmes"

    func solve(_ model: LinearModel, _ options: SolveOptions) throws -> LinearSolution {
      LinearSolution(status: .stopped)
    }

    func withProgramme<Result: Sendable>(
      _ model: LinearModel, _ body: @escaping @Sendable (any LinearProgramme) throws -> Result
    ) throws -> Result {
      try GLPKSolver().withProgramme(model, body)
    }
  }

  @Test("hours below the minima have no price in the bound of a poor load")
  func poor() throws {
    var it = SmallUniversity.random(1, teachers: 8, disciplines: 7)
    it.institution.teachers = Table(
      it.institution.teachers.map {
        var row = $0
        row.minHours = 1.4 * it.institution.norm(of: row)
        row.maxHours = 2 * it.institution.norm(of: row)
        return row
      })
    func solve(_ solver: any LinearSolver, _ iterations: Int?) throws -> LoadAssignment {
      try LoadDistribution.solve(
        it.institution, sections: it.sections, tasks: it.tasks, solver: solver,
        options: LoadOptions(iterationLimit: iterations))
    }
    let poor = try solve(OnlyProgrammes(), 1)
    let good = try solve(GLPKSolver(), nil)
    #expect(poor.status == .stopped)
    #expect(good.status == .infeasible)
    // A bound with that price would be cut down to the objective, above the better load.
    #expect(poor.objective > good.objective + 1)
    #expect(Self.short(it, good.assignments) <= Self.short(it, poor.assignments))
    #expect(try #require(poor.bound) <= good.objective + 0.01)
  }

  @Test("minima that only a divided class would reach are impossible only where that is proved")
  func divided() throws {
    func solve(_ least: Double, _ limit: Double?) throws -> LoadAssignment {
      var it = SmallUniversity()
      for name in ["A", "B"] { it.teacher(name, norm: 60, min: least, max: 90) }
      it.discipline("D", practice: 30)
      for name in ["A", "B"] { it.competence(name, "D") }
      for n in 0..<3 { it.section("S\(n)", "D", .practice) }
      return try LoadDistribution.solve(
        it.institution, sections: it.sections, tasks: it.tasks, solver: GLPKSolver(),
        options: LoadOptions(timeLimit: limit))
    }
    #expect(try solve(45, nil).status == .infeasible)
    // Divisible hours would do, and there is no time to branch.
    #expect(try solve(45, 0).status == .stopped)
    #expect(try solve(46, 0).status == .infeasible)
    #expect(try solve(30, nil).status == .optimal)
  }

  @Test("hours have a decimal comma in Kazakh and Russian and a point in English")
  func commas() throws {
    var it = Self.base()
    it.institution.norms = [Norm(work: "rating", unit: .group, hours: 2.5, discipline: "M")]
    let load = try LoadDistribution.solve(
      it.institution, sections: it.sections, tasks: it.tasks, solver: GLPKSolver())
    let said = try #require(load.messages.first { $0[.en].contains("2.5 hours are vacant") })
    #expect(said[.ru].contains("2,5 ч"))
    #expect(said[.kk].contains("2,5 сағат"))

    it.competence("A", "M", survey: 2.5)
    it.teacher("C", norm: 60, min: 10.5)
    let other = try LoadDistribution.solve(
      it.institution, sections: it.sections, tasks: it.tasks, solver: GLPKSolver())
    let rated = try #require(
      other.messages.first { $0[.en].contains("rated below min_lecture_survey 3.0") })
    #expect(rated[.ru].contains("min_lecture_survey 3,0"))
    let broken = try #require(it.judge(other).violations.first { $0.rule == .l4 })
    #expect(broken.wording[.en].contains("at least 10.5"))
    #expect(broken.wording[.ru].contains("не меньше 10,5"))
    #expect(broken.wording[.kk].contains("ең азы 10,5"))
  }

  @Test("tasks that are all alike are distributed evenly and proved")
  func alike() throws {
    var it = SmallUniversity()
    for t in 0..<4 { it.teacher("T\(t)", norm: 90) }
    it.discipline("D", practice: 30)
    for t in 0..<4 { it.competence("T\(t)", "D") }
    for k in 0..<12 { it.section("S\(k)", "D", .practice) }
    let load = try LoadDistribution.solve(
      it.institution, sections: it.sections, tasks: it.tasks, solver: GLPKSolver())
    #expect(load.status == .optimal)
    #expect(load.criteria[.imbalance] == 0)
    #expect(load.criteria[.overload] == 0)
  }

  @Test("one teacher takes what fits, and the rest is vacant")
  func alone() throws {
    var it = SmallUniversity()
    it.teacher("T", norm: 60, max: 60)
    it.discipline("D", practice: 30)
    it.competence("T", "D")
    for k in 0..<3 { it.section("S\(k)", "D", .practice) }
    let load = try LoadDistribution.solve(
      it.institution, sections: it.sections, tasks: it.tasks, solver: GLPKSolver())
    #expect(load.criteria[.vacant] == 30)
    #expect(load.status == .optimal)
    let posts = LoadDistribution.staffing(
      it.institution, tasks: it.tasks, assignments: load.assignments)
    #expect(posts.map(\.hours) == [Hours(30)])
    #expect(posts.first?.disciplines == ["D"])
  }

  @Test("ten thousand tasks are distributed within the time, and validly")
  func many() throws {
    var it = SmallUniversity()
    for t in 0..<200 { it.teacher("T\(t)", norm: 1500) }
    for d in 0..<100 {
      it.discipline("D\(d)", practice: 30)
      for k in 0..<4 { it.competence("T\((2 * d + 7 * k) % 200)", "D\(d)") }
      for k in 0..<4 { it.competence("T\((2 * d + 1 + 7 * k) % 200)", "D\(d)") }
      for k in 0..<100 { it.section("S\(d)-\(k)", "D\(d)", .practice, count: 1) }
    }
    let load = try LoadDistribution.solve(
      it.institution, sections: it.sections, tasks: it.tasks, solver: GLPKSolver(),
      options: LoadOptions(timeLimit: 2))
    #expect(load.assignments.count == 10_000)
    #expect(it.judge(load).violations == [])
  }
}

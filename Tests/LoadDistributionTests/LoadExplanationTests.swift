// SPDX-License-Identifier: GPL-3.0-or-later
import GLPKSolver
import LoadDistribution
import Testing
import University
import Validation

/// Every explanation is reckoned anew: costs by the formulas of the criteria, rules by the
/// validator, the cheapest exchange by trying all.
@Suite struct LoadExplanationTests {
  /// Σ weight × criterion without rounding, straight from the definitions.
  static func objective(_ made: SmallUniversity, _ rows: [Assignment]) -> Double {
    let institution = made.institution
    let weights = institution.weights.load
    var hours: [TeacherID: Double] = [:]
    var prepared: Set<String> = []
    var sum = 0.0
    for row in rows {
      guard let id = row.teacher, let teacher = institution.teachers[id] else {
        sum += weights[.vacant] * row.hours.value
        continue
      }
      hours[id, default: 0] += row.hours.value
      guard let task = made.tasks[row.task], let kind = task.work.teachingKind else { continue }
      let competence = institution.competences[Competence.Key(id, task.discipline)]
      let survey = competence?.survey ?? teacher.survey ?? 4
      sum += weights[.survey] * (5 - survey) * row.hours.value / 10
      sum -= weights[.preference] * Double(competence?.preference ?? 0) * row.hours.value / 10
      if competence?.taughtBefore != true { sum += weights[.continuity] * row.hours.value / 10 }
      if prepared.insert("\(id)/\(task.discipline)/\(kind)").inserted {
        sum += weights[.preparation]
      }
    }
    for department in institution.departments {
      var ratios: [Double] = []
      for teacher in institution.teachers where teacher.department == department.id {
        let norm = institution.norm(of: teacher)
        let own = hours[teacher.id] ?? 0
        sum += weights[.overload] * max(0, own - norm) + weights[.underload] * max(0, norm - own)
        if norm > 0 { ratios.append(own / norm) }
      }
      sum += weights[.imbalance] * ((ratios.max() ?? 0) - (ratios.min() ?? 0))
    }
    return sum
  }

  private static func isValid(_ made: SmallUniversity, _ rows: [Assignment]) -> Bool {
    made.judge(
      LoadAssignment(
        assignments: rows, status: .feasible, criteria: [:], objective: 0, bound: nil,
        messages: [])
    ).counts.keys.allSatisfy { $0 == .p1 }  // the claims, which are not made here
  }

  @Test func whatACandidateWouldCostIsTheObjectiveWithTheChangeInIt() throws {
    var counts = (forbidden: 0, direct: 0, exchanged: 0)
    for seed: UInt64 in 1...5 { try compare(seed, &counts) }
    // All that is compared occurs.
    #expect(counts.forbidden > 0 && counts.direct > 0 && counts.exchanged > 0, "\(counts)")
  }

  private func compare(
    _ seed: UInt64, _ counts: inout (forbidden: Int, direct: Int, exchanged: Int)
  ) throws {
    let made = LoadDistributionTests().tiny(seed, exams: true)
    let load = try LoadDistributionTests().solve(made)
    let rows = load.assignments
    try #require(Self.isValid(made, rows))
    let explainer = LoadExplainer(
      made.institution, sections: made.sections, tasks: made.tasks, assignments: rows)
    let now = Self.objective(made, rows)
    for task in made.tasks where task.hours > .zero {
      let explanation = try #require(explainer.task(task.id))
      #expect(
        explanation.candidates.count
          == made.institution.competences.count { $0.discipline == task.discipline })
      for candidate in explanation.candidates where Hours(rounding: candidate.held) < task.hours {
        let changedRows = rows.map { row in
          row.task == task.id
            ? Assignment(task: row.task, teacher: candidate.teacher, hours: row.hours) : row
        }
        let isAllowed = Self.isValid(made, changedRows)
        #expect((candidate.direct != nil) == isAllowed, "\(task.id) to \(candidate.teacher)")
        #expect(candidate.obstacles.isEmpty == isAllowed)
        if candidate.direct == nil { counts.forbidden += 1 }
        if let cost = candidate.direct {
          counts.direct += 1
          #expect(abs(cost - (Self.objective(made, changedRows) - now)) < 1e-5)
          let parts = candidate.criteria.reduce(0) {
            $0 + $1.value * made.institution.weights.load[$1.key]
          }
          #expect(abs(cost - parts) < 1e-5)
        }
        // The least over every further task, from the candidate or to who gave this one up.
        let donors = rows.filter { $0.task == task.id }.compactMap(\.teacher)
          .filter { $0 != candidate.teacher }
        var least: Double?
        for index in changedRows.indices where changedRows[index].task != task.id {
          for teacher in made.institution.teachers where teacher.id != changedRows[index].teacher {
            guard
              changedRows[index].teacher == candidate.teacher
                || donors.contains(teacher.id)
            else { continue }
            var changed = changedRows
            changed[index].teacher = teacher.id
            guard Self.isValid(made, changed) else { continue }
            least = min(least ?? .infinity, Self.objective(made, changed) - now)
          }
        }
        #expect(
          (candidate.exchange == nil) == (least == nil), "\(task.id) to \(candidate.teacher)")
        if let least, let exchange = candidate.exchange {
          counts.exchanged += 1
          #expect(abs(exchange.cost - least) < 1e-5, "\(task.id) to \(candidate.teacher)")
          let changed = explainer.applied(exchange.moves)
          #expect(abs(Self.objective(made, changed) - now - exchange.cost) < 1e-5)
          #expect(Self.isValid(made, changed))
        }
      }
      let costs = explanation.candidates.filter { $0.held == 0 }.compactMap(\.cost)
      #expect(costs == costs.sorted(), "the cheapest comes first")
    }
  }

  @Test(
    "a load solved anew with a task held by somebody costs the least that enumeration finds",
    arguments: [1])
  func forcedIsTheLeast(seed: Int) throws {
    let made = LoadDistributionTests().tiny(UInt64(seed), exams: false)
    let load = try LoadDistributionTests().solve(made)
    let now = Self.objective(made, load.assignments)
    let explainer = LoadExplainer(
      made.institution, sections: made.sections, tasks: made.tasks, assignments: load.assignments)
    let least = self.least(made)
    let lowest = try #require(least.values.flatMap(\.values).min())
    for task in made.tasks {
      let explanation = try #require(
        try explainer.task(task.id, solver: GLPKSolver(), seconds: 60))
      for candidate in explanation.candidates where candidate.held == 0 {
        let best = least[task.id]?[candidate.teacher]
        #expect((candidate.forced == nil) == (best == nil), "\(task.id) \(candidate.teacher)")
        guard let forced = candidate.forced, let best else { continue }
        #expect(forced.isProved && forced.isGainProved)
        #expect(abs(forced.cost - (best - now)) < 1e-4, "\(task.id) \(candidate.teacher)")
        #expect(abs(forced.gain - (lowest - now)) < 1e-4)
        #expect(abs(forced.regret - (best - lowest)) < 1e-4)
        #expect(abs(Self.objective(made, forced.assignments) - now - forced.cost) < 1e-4)
        #expect(Self.isValid(made, forced.assignments))
        #expect(forced.moves.first?.task == task.id && forced.moves.first?.to == candidate.teacher)
        let before = Dictionary(grouping: load.assignments, by: \.task)
        let after = Dictionary(grouping: forced.assignments, by: \.task)
        let changed = made.tasks.map(\.id).filter { before[$0] != after[$0] }
        #expect(Set(changed) == Set(forced.moves.map(\.task)))
      }
      let costs = explanation.candidates.filter { $0.held == 0 }.compactMap(\.cost)
      #expect(costs == costs.sorted())
    }
  }

  @Test("a load that is not the best tells what solving it anew gains, and no regret is negative")
  func regretOfABadLoad() throws {
    var made = SmallUniversity()
    for t in ["A", "B", "C"] { made.teacher(t, norm: 60) }
    made.discipline("D", practice: 30)
    made.discipline("E", practice: 30)
    for t in ["A", "B", "C"] {
      made.competence(t, "D", preference: t == "A" ? 2 : 0)
      made.competence(t, "E", preference: t == "B" ? 2 : 0)
    }
    made.section("S", "D", .practice)
    made.section("U", "E", .practice)
    // Everything lies with C, who prefers neither.
    let rows = made.tasks.map { Assignment(task: $0.id, teacher: "C", hours: $0.hours) }
    let explainer = LoadExplainer(
      made.institution, sections: made.sections, tasks: made.tasks, assignments: rows)
    let found = try #require(
      try explainer.task("S/class", solver: GLPKSolver(), seconds: 60))
    let forced = found.candidates.compactMap(\.forced)
    #expect(forced.count == 2)
    #expect(forced.allSatisfy { $0.gain < -1 && $0.regret >= 0 })
    #expect(forced.contains { $0.cost < 0 })
    #expect(found.candidates.first { $0.teacher == "A" }?.cost == 0)

    let now = Self.objective(made, rows)
    let vacant = try #require(found.vacant)
    let without = rows.map { row in
      var row = row
      if row.task == "S/class" { row.teacher = nil }
      return row
    }
    let cost = try #require(vacant.cost)
    #expect(abs(cost - (Self.objective(made, without) - now)) < 1e-6)
    #expect(vacant.criteria[.vacant] == 30)
  }

  @Test("lines of an approved department are no part of any change")
  func approvedLines() throws {
    var made = SmallUniversity(departments: ["X", "Y"])
    for t in ["A", "B"] { made.teacher(t, "Y", norm: 60) }
    made.discipline("D", "X", practice: 30)
    made.discipline("E", "Y", practice: 30)
    for t in ["A", "B"] {
      made.competence(t, "D")
      made.competence(t, "E")
    }
    made.section("S", "D", .practice)
    made.section("U", "E", .practice)
    let rows = made.tasks.map {
      Assignment(task: $0.id, teacher: $0.discipline == "D" ? "A" : "B", hours: $0.hours)
    }
    func explain(_ approved: Set<DepartmentID>, _ task: TaskID) throws -> TaskExplanation {
      let explainer = LoadExplainer(
        made.institution, sections: made.sections, tasks: made.tasks, assignments: rows,
        approved: approved)
      return try #require(try explainer.task(task, solver: GLPKSolver(), seconds: 60))
    }
    // Free, the two change places at no cost; with X approved U alone can move.
    let free = try explain([], "U/class").candidates.first { $0.teacher == "A" }
    #expect(free?.forced?.moves.count == 2)
    let bound = try explain(["X"], "U/class").candidates.first { $0.teacher == "A" }
    #expect(bound?.forced?.moves.map(\.task) == ["U/class"])
    #expect(bound?.exchange == nil)
    let held = try explain(["X"], "S/class")
    let other = held.candidates.first { $0.teacher == "B" }
    #expect(other?.obstacles.contains(.approved("X")) == true)
    #expect(other?.cost == nil)
    #expect(held.vacant?.obstacles == [.approved("X")])
    // B could have S alone, A could give S alone away: that X is approved is the reason.
    for (approved, isHeld) in [(Set<DepartmentID>(), false), (["X"], true)] {
      let explainer = LoadExplainer(
        made.institution, sections: made.sections, tasks: made.tasks, assignments: rows,
        approved: approved)
      let (a, b) = (explainer.teacher("A"), explainer.teacher("B"))
      #expect(a?.reliefsAreHeld == isHeld && a?.reliefs.isEmpty == isHeld)
      #expect(b?.gainsAreHeld == isHeld && b?.gains.isEmpty == isHeld)
      #expect(a?.gainsAreHeld == false && b?.reliefsAreHeld == false)
    }
  }

  /// The least objective with each task held by each teacher, over all valid ways to give whole
  /// tasks to teachers or to nobody.
  private func least(_ made: SmallUniversity) -> [TaskID: [TeacherID: Double]] {
    let tasks = Array(made.tasks)
    let choices: [TeacherID?] = made.institution.teachers.map { $0.id } + [nil]
    var result: [TaskID: [TeacherID: Double]] = [:]
    var pick = [Int](repeating: 0, count: tasks.count)
    while true {
      let rows = zip(tasks, pick).map {
        Assignment(task: $0.id, teacher: choices[$1], hours: $0.hours)
      }
      let cost = Self.objective(made, rows)
      let isBetter = rows.contains { row in
        row.teacher.map { cost < result[row.task]?[$0] ?? .infinity } ?? false
      }
      if isBetter, Self.isValid(made, rows) {
        for row in rows {
          if let teacher = row.teacher {
            result[row.task, default: [:]][teacher] = min(
              cost, result[row.task]?[teacher] ?? .infinity)
          }
        }
      }
      var at = 0
      while at < pick.count, pick[at] == choices.count - 1 {
        pick[at] = 0
        at += 1
      }
      if at == pick.count { return result }
      pick[at] += 1
    }
  }

  @Test(
    "in a larger part a load solved anew is valid, and its cost is that of its lines",
    arguments: [2] as [UInt64])
  func forcedIsValid(seed: UInt64) throws {
    let made = SmallUniversity.random(seed, teachers: 18, disciplines: 12)
    let load = try LoadDistributionTests().solve(made)
    let now = Self.objective(made, load.assignments)
    let explainer = LoadExplainer(
      made.institution, sections: made.sections, tasks: made.tasks, assignments: load.assignments)
    let wasValid = Self.isValid(made, load.assignments)
    var count = 0
    for task in made.tasks.enumerated().filter({ $0.offset % 40 == 5 }).map(\.element) {
      let found = try #require(try explainer.task(task.id, solver: GLPKSolver(), seconds: 2))
      for candidate in found.candidates {
        guard let forced = candidate.forced else { continue }
        count += 1
        #expect(abs(Self.objective(made, forced.assignments) - now - forced.cost) < 1e-4)
        #expect(Self.isValid(made, forced.assignments) == wasValid)
        if let direct = candidate.direct { #expect(forced.cost <= direct + 1e-4) }
        let hours = forced.assignments.filter { $0.task == task.id }
        #expect(hours.map(\.teacher) == [candidate.teacher])
      }
    }
    #expect(count > 0)
  }

  @Test func aTaskInSeveralSharesIsExplainedAsTheSameTaskInOne() throws {
    let made = LoadDistributionTests().tiny(2, exams: true)
    let rows = try LoadDistributionTests().solve(made).assignments
    // Every work that may be split comes in two shares of its holder: more shares than tasks.
    let split = rows.flatMap { row -> [Assignment] in
      let half = row.hours.hundredths / 2
      guard row.teacher != nil, half > 0, made.tasks[row.task]?.work.teachingKind == nil else {
        return [row]
      }
      return [half, row.hours.hundredths - half].map {
        Assignment(task: row.task, teacher: row.teacher, hours: Hours(hundredths: $0))
      }
    }
    try #require(split.count > made.tasks.count)
    func explainer(_ rows: [Assignment]) -> LoadExplainer {
      LoadExplainer(
        made.institution, sections: made.sections, tasks: made.tasks, assignments: rows)
    }
    let whole = explainer(rows), parts = explainer(split)
    for task in made.tasks where task.work.teachingKind != nil {
      let one = try #require(whole.task(task.id)), other = try #require(parts.task(task.id))
      let costs = [one, other].map { explanation in
        Dictionary(uniqueKeysWithValues: explanation.candidates.map { ($0.teacher, $0.direct) })
      }
      #expect(costs[0].keys == costs[1].keys)
      for (teacher, cost) in costs[0] {
        #expect(abs((cost ?? -1) - ((costs[1][teacher] ?? nil) ?? -1)) < 1e-6)
      }
    }
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func aTeachersHoursAndTheCheapestChangesAreThoseOfTheLoad(_ seed: UInt64) throws {
    let made = LoadDistributionTests().tiny(seed, exams: true)
    let rows = try LoadDistributionTests().solve(made).assignments
    try #require(Self.isValid(made, rows))
    let explainer = LoadExplainer(
      made.institution, sections: made.sections, tasks: made.tasks, assignments: rows)
    let now = Self.objective(made, rows)
    for teacher in made.institution.teachers {
      let explanation = try #require(explainer.teacher(teacher.id))
      let own = rows.filter { $0.teacher == teacher.id }
      #expect(abs(explanation.hours - own.reduce(0) { $0 + $1.hours.value }) < 0.005)
      #expect(explanation.lines.reduce(0) { $0 + $1.tasks } == own.count)
      #expect(explanation.norm == made.institution.norm(of: teacher))
      func cheapest(_ include: (Assignment, TeacherID) -> Bool) -> Double? {
        var least: Double?
        for index in rows.indices {
          for other in made.institution.teachers
          where other.id != rows[index].teacher && include(rows[index], other.id) {
            var changed = rows
            changed[index].teacher = other.id
            guard Self.isValid(made, changed) else { continue }
            least = min(least ?? .infinity, Self.objective(made, changed) - now)
          }
        }
        return least
      }
      let gain = cheapest { _, to in to == teacher.id }
      let relief = cheapest { row, _ in row.teacher == teacher.id }
      #expect((gain == nil) == explanation.gains.isEmpty)
      #expect((relief == nil) == explanation.reliefs.isEmpty)
      if let gain { #expect(abs(gain - (explanation.gains.first?.cost ?? .infinity)) < 1e-5) }
      if let relief {
        #expect(abs(relief - (explanation.reliefs.first?.cost ?? .infinity)) < 1e-5)
      }
    }
  }

  @Test func aDepartmentsHoursAndCriteriaAddUpToTheWhole() throws {
    let made = LoadDistributionTests().tiny(3, exams: true)
    let load = try LoadDistributionTests().solve(made)
    let explainer = LoadExplainer(
      made.institution, sections: made.sections, tasks: made.tasks, assignments: load.assignments)
    let departments = made.institution.departments.compactMap { explainer.department($0.id) }
    #expect(departments.count == made.institution.departments.count)
    var sums: [LoadCriterion: Double] = [:]
    for department in departments {
      for (criterion, value) in department.criteria { sums[criterion, default: 0] += value }
    }
    for (criterion, value) in load.criteria {
      #expect(abs((sums[criterion] ?? 0) - value) < 0.006, "\(criterion)")
    }
    let hours = made.tasks.reduce(0) { $0 + $1.hours.value }
    #expect(abs(departments.reduce(0) { $0 + $1.hours } - hours) < 0.005)
    #expect(explainer.department("none") == nil)
    #expect(explainer.teacher("none") == nil)
    #expect(explainer.task("none") == nil)
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import GLPKSolver
import LinearModels
import LoadDistribution
import Testing
import University
import Validation

@Suite("The load by the contract's rounded objective")
struct RoundedObjectiveTests {
  /// Two classes and hours of norms.csv that can go to anybody, by norms that no hundredths of an
  /// hour make even.
  private func university(_ norms: [Double], consultation: Double) -> SmallUniversity {
    var made = SmallUniversity()
    for (t, norm) in norms.enumerated() { made.teacher("T\(t)", norm: norm, max: norm + 20) }
    made.discipline("D", lecture: 15, practice: 15)
    for t in norms.indices { made.competence("T\(t)", "D", preference: t) }
    made.section("L", "D", .lecture)
    made.section("P", "D", .practice, parent: "L")
    made.institution.norms = [Norm(work: "consultation", unit: .stream, hours: consultation)]
    return made
  }

  /// The least rounded objective over all holders of the classes and all hundredths of the rest.
  private func least(_ made: SmallUniversity) -> Double {
    let tasks = made.tasks
    let teachers = made.institution.teachers
    let total = tasks.first { $0.work.teachingKind == nil }?.hours.hundredths ?? 0
    let classes = tasks.filter { $0.work.teachingKind != nil }
    guard let other = tasks.first(where: { $0.work.teachingKind == nil }) else { return 0 }
    var best = Double.infinity
    for a in teachers.indices {
      for b in teachers.indices {
        for first in 0...total {
          let rows = [
            Assignment(task: classes[0].id, teacher: teachers[a].id, hours: classes[0].hours),
            Assignment(task: classes[1].id, teacher: teachers[b].id, hours: classes[1].hours),
            Assignment(task: other.id, teacher: teachers[0].id, hours: Hours(hundredths: first)),
            Assignment(
              task: other.id, teacher: teachers[1].id, hours: Hours(hundredths: total - first)),
          ]
          let hours = rows.reduce(into: [TeacherID: Double]()) {
            $0[$1.teacher ?? "", default: 0] += $1.hours.value
          }
          let fits = teachers.allSatisfy {
            (hours[$0.id] ?? 0) <= made.institution.ceiling(of: $0) + 1e-9
          }
          guard fits else { continue }
          best = min(
            best,
            made.institution.weights.load.objective(
              LoadDistribution.criteria(made.institution, tasks: tasks, assignments: rows)))
        }
      }
    }
    return best
  }

  @Test(
    "what is called optimal has the least objective of all hundredths of an hour",
    arguments: [[28, 17], [33.3, 21], [20, 28], [40, 7.77], [25, 31]])
  func optimal(norms: [Double]) throws {
    for consultation in [4.0, 7.37] {
      let made = university(norms, consultation: consultation)
      let load = try LoadDistribution.solve(
        made.institution, sections: made.sections, tasks: made.tasks, solver: GLPKSolver())
      let least = least(made)
      let bound = try #require(load.bound)
      #expect(bound <= least + 1e-6)
      #expect(load.objective >= least - 1e-6)
      #expect(load.status == .optimal)
      #expect(load.objective - least <= 0.01)
    }
  }

  /// Nine disciplines of a stream and a group each, with exams that another must hold (L5).
  @Test("a department of single tasks is proved, as the whole programme has it")
  func singleTasks() throws {
    var made = SmallUniversity()
    for t in 0..<4 { made.teacher("T\(t)", norm: Double(110 + 7 * t)) }
    for d in 0..<9 {
      let id = "D\(d)"
      made.discipline(id, lecture: 15, practice: 30, control: .exam)
      for t in 0..<4 where (d + t) % 4 != 0 {
        made.competence(
          "T\(t)", id, preference: (3 * d + 5 * t) % 5 - 2, taught: (d + 2 * t) % 3 > 0)
      }
      made.section("L\(d)", id, .lecture)
      let students = made.sections.first { $0.id.text == "L\(d)" }?.students
      made.sections.append(
        University.Section(
          id: .init("P\(d)"), discipline: .init(id), kind: .practice, language: .ru,
          parent: .init("L\(d)"), hours: 30, students: students ?? []))
    }
    made.institution.norms = [
      Norm(work: "exam", unit: .student, hours: 0.7, control: .exam),
      Norm(work: "rating", unit: .group, hours: 2.3),
    ]
    let load = try LoadDistribution.solve(
      made.institution, sections: made.sections, tasks: made.tasks, solver: GLPKSolver())
    #expect(load.status == .optimal)
    #expect(made.judge(load).violations == [])
    var options = SolveOptions()
    options.mirCuts = true
    let model = LoadDistribution.compactModel(
      made.institution, sections: made.sections, tasks: made.tasks)
    #expect(!model.columns.contains { $0.name.hasPrefix("p_") })
    let whole = try GLPKSolver().solve(model, options)
    #expect(whole.status == .optimal)
    // The programme does not round imbalance to 0.01 at a weight of 200.
    let least = try #require(whole.objective)
    #expect(abs(load.objective - least) <= 1 + 1e-6)
  }

  @Test("a spread of exactly half a point counts as rounded up: a hundredth less is found, proved")
  func halfAPoint() throws {
    var made = SmallUniversity(departments: ["X", "Y"])
    made.teacher("A", norm: 28)
    made.teacher("B", norm: 20)
    made.teacher("C", "Y", norm: 30, max: 40)
    for (discipline, teacher, hours) in [("D", "A", 18), ("E", "C", 30)] {
      made.discipline(discipline, practice: hours)
      made.competence(teacher, discipline, [.practice])
      made.section("S\(discipline)", discipline, .practice)
    }
    made.discipline("F", lecture: 10)
    made.section("SF", "F", .lecture)
    made.institution.norms = [
      Norm(work: "consultation", unit: .stream, hours: 1.5, discipline: "F")
    ]
    made.competence("B", "F", [.lecture])
    for teacher in ["A", "C"] { made.competence(teacher, "F", [.other]) }
    let tasks = made.tasks
    let other = try #require(tasks.first { $0.work.teachingKind == nil })
    let holders: [DisciplineID: TeacherID] = ["D": "A", "E": "C", "F": "B"]
    let classes = tasks.filter { $0.id != other.id }.map {
      Assignment(task: $0.id, teacher: holders[$0.discipline], hours: $0.hours)
    }
    let objectives = (0...150).map { hundredths in
      made.institution.weights.load.objective(
        LoadDistribution.criteria(
          made.institution, tasks: tasks,
          assignments: classes + [
            Assignment(task: other.id, teacher: "A", hours: Hours(hundredths: hundredths)),
            Assignment(task: other.id, teacher: "C", hours: Hours(hundredths: 150 - hundredths)),
          ]))
    }
    // 19.46 ÷ 28 − 10 ÷ 20 is 19.5 points.
    #expect(objectives[146] > objectives[145] + 1)
    let least = try #require(objectives.min())
    let load = try LoadDistribution.solve(
      made.institution, sections: made.sections, tasks: tasks, solver: GLPKSolver())
    #expect(abs(load.objective - least) <= 0.01)
    #expect(load.status == .optimal)
    #expect(try #require(load.bound) <= least + 1e-6)
  }

  @Test(
    "with work of norms.csv in two disciplines what is proved is the least of all hundredths",
    arguments: [[31, 17, 23], [28.5, 20, 19], [40, 13, 22.7]])
  func twoPools(norms: [Double]) throws {
    var made = SmallUniversity()
    for (t, norm) in norms.enumerated() { made.teacher("T\(t)", norm: norm, max: norm + 20) }
    for (d, hours) in [0.4, 0.3].enumerated() {
      made.discipline("D\(d)", lecture: 15, practice: 10)
      for t in d...d + 1 { made.competence("T\(t)", "D\(d)", preference: t - d) }
      made.section("L\(d)", "D\(d)", .lecture)
      made.section("P\(d)", "D\(d)", .practice, parent: "L\(d)")
      made.institution.norms.append(
        Norm(work: "consultation", unit: .stream, hours: hours, discipline: DisciplineID("D\(d)")))
    }
    let tasks = made.tasks
    let classes = tasks.filter { $0.work.teachingKind != nil }
    let pools = tasks.filter { $0.work.teachingKind == nil }
    #expect(pools.count == 2)
    func position(_ task: LoadTask) -> Int { task.discipline == "D0" ? 0 : 1 }
    var least = Double.infinity
    for choice in 0..<(1 << classes.count) {
      let held = classes.enumerated().map { k, task in
        Assignment(
          task: task.id, teacher: TeacherID("T\(position(task) + (choice >> k) % 2)"),
          hours: task.hours)
      }
      for a in 0...pools[0].hours.hundredths {
        for b in 0...pools[1].hours.hundredths {
          let spread = zip(pools, [a, b]).flatMap { task, part in
            [(0, part), (1, task.hours.hundredths - part)].map { t, hours in
              Assignment(
                task: task.id, teacher: TeacherID("T\(position(task) + t)"),
                hours: Hours(hundredths: hours))
            }
          }
          let rows = held + spread
          var hours: [TeacherID: Double] = [:]
          for row in rows { hours[row.teacher ?? "", default: 0] += row.hours.value }
          let fits = made.institution.teachers.allSatisfy {
            (hours[$0.id] ?? 0) <= made.institution.ceiling(of: $0) + 1e-9
          }
          guard fits else { continue }
          let criteria = LoadDistribution.criteria(
            made.institution, tasks: tasks, assignments: rows)
          least = min(least, made.institution.weights.load.objective(criteria))
        }
      }
    }
    let load = try LoadDistribution.solve(
      made.institution, sections: made.sections, tasks: tasks, solver: GLPKSolver())
    #expect(made.judge(load).isValid)
    #expect(load.status == .optimal)
    #expect(abs(load.objective - least) <= 0.01)
    #expect(try #require(load.bound) <= least + 1e-6)
  }
}

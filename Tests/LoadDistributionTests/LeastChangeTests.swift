// SPDX-License-Identifier: GPL-3.0-or-later
import GLPKSolver
import LoadDistribution
import Testing
import University
import Validation

/// The fewest changed lines of a load that is kept.
@Suite struct LeastChangeTests {
  private func keep(_ it: SmallUniversity, _ rows: [Assignment]) throws -> LoadAssignment {
    let tasks = it.tasks
    let lines = rows.map {
      EarlierLine(
        task: $0.task, known: tasks[$0.task], teacher: $0.teacher, hours: $0.hours,
        isLocked: false)
    }
    return try LoadDistribution.solve(
      it.institution, sections: it.sections, tasks: tasks, solver: GLPKSolver(),
      options: LoadOptions(earlier: EarlierLoad(lines: lines, approved: [], isKept: true)))
  }

  private func holders(_ load: LoadAssignment) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: load.assignments.map { ($0.task.text, $0.teacher?.text ?? "") })
  }

  @Test("of a teacher above the limit one large line changes, not the small ones that stand last")
  func largest() throws {
    var it = SmallUniversity()
    it.teacher("A", norm: 60, max: 45)
    it.teacher("B", norm: 60)
    it.discipline("D", practice: 30)
    it.discipline("E", practice: 10)
    for t in ["A", "B"] {
      it.competence(t, "D")
      it.competence(t, "E")
    }
    it.section("S0", "D", .practice)
    for k in 1...3 { it.section("S\(k)", "E", .practice) }
    let load = try keep(
      it,
      it.tasks.map { Assignment(task: $0.id, teacher: "A", hours: $0.hours) })
    #expect(load.kept == KeptLoad(changed: 1, least: 1))
    #expect(
      holders(load) == ["S0/class": "B", "S1/class": "A", "S2/class": "A", "S3/class": "A"])
    #expect(it.judge(load).violations == [])
  }

  @Test("of as many lines those change by which the objective is lowest")
  func cheapest() throws {
    var it = SmallUniversity()
    it.teacher("A", norm: 60, max: 30)
    it.teacher("B", norm: 60)
    it.discipline("D", practice: 30)
    it.discipline("E", practice: 30)
    it.competence("A", "D", preference: -2)
    it.competence("A", "E", preference: 2)
    it.competence("B", "D")
    it.competence("B", "E")
    it.section("S0", "D", .practice)
    it.section("S1", "E", .practice)
    let load = try keep(
      it,
      it.tasks.map { Assignment(task: $0.id, teacher: "A", hours: $0.hours) })
    #expect(load.kept == KeptLoad(changed: 1, least: 1))
    #expect(holders(load) == ["S0/class": "B", "S1/class": "A"])
  }

  @Test("a line of norms.csv changes where that is one line in place of two")
  func norms() throws {
    var it = SmallUniversity()
    it.teacher("A", norm: 60, max: 40)
    it.teacher("B", norm: 60)
    it.discipline("D", practice: 10)
    it.discipline("E")
    for t in ["A", "B"] {
      it.competence(t, "D")
      it.competence(t, "E")
    }
    it.institution.norms = [Norm(work: "thesis", unit: .group, hours: 20, discipline: "D")]
    it.section("S0", "D", .practice)
    it.section("S1", "D", .practice)
    let rows = it.tasks.map { Assignment(task: $0.id, teacher: "A", hours: $0.hours) }
    #expect(rows.reduce(0) { $0 + $1.hours.value } == 60)
    let load = try keep(it, rows)
    #expect(load.kept == KeptLoad(changed: 1, least: 1))
    #expect(load.criteria[.vacant] == 0)
    #expect(it.judge(load).violations == [])
  }

  @Test("no assignment of all there are changes fewer lines", arguments: [1, 2, 3, 4] as [UInt64])
  func exhaustive(seed: UInt64) throws {
    var state = seed &* 0x9E37_79B9_7F4A_7C15
    func draw(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(count))
    }
    var it = SmallUniversity()
    let names = ["A", "B", "C"]
    for d in 0..<3 { it.discipline("D\(d)", practice: 10 * (1 + draw(3))) }
    for k in 0..<6 { it.section("S\(k)", "D\(draw(3))", .practice) }
    let tasks = Array(it.tasks)
    let before = tasks.map { _ in draw(3) }
    var sums = [0.0, 0, 0]
    for (task, t) in zip(tasks, before) { sums[t] += task.hours.value }
    // One loses some of the room, the others have a little.
    let limits = sums.enumerated().map { t, sum in
      t == draw(3) || t == 0 ? max(10, sum - 20) : sum + 10 * Double(draw(4))
    }
    var fit: Set<[Int]> = []
    for t in 0..<3 {
      it.teacher(names[t], norm: 60, max: limits[t])
      for d in 0..<3
      where draw(4) > 0
        || zip(tasks, before).contains(where: {
          $1 == t && $0.discipline == DisciplineID("D\(d)")
        })
      {
        it.competence(names[t], "D\(d)")
        fit.insert([t, d])
      }
    }
    let rows = zip(tasks, before).map {
      Assignment(task: $0.id, teacher: TeacherID(names[$1]), hours: $0.hours)
    }
    let load = try keep(it, rows)
    let kept = try #require(load.kept)

    var best = (vacant: Double.infinity, changed: Int.max)
    for code in 0..<4096 {
      var code = code
      var held = [0.0, 0, 0]
      var (vacant, changed) = (0.0, 0)
      var isFit = true
      for (task, old) in zip(tasks, before) {
        let t = code % 4
        code /= 4
        if t != old { changed += 1 }
        if t == 3 {
          vacant += task.hours.value
        } else {
          let d = Int(task.discipline.text.dropFirst()) ?? 0
          isFit = isFit && fit.contains([t, d])
          held[t] += task.hours.value
        }
      }
      guard isFit, zip(held, limits).allSatisfy({ $0 <= $1 }) else { continue }
      if (vacant, changed) < best { best = (vacant, changed) }
    }
    #expect(load.criteria[.vacant] == best.vacant)
    #expect(kept.changed == best.changed)
    #expect(kept.isProved)
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
internal import Dispatch
internal import LinearModels
internal import Synchronization

/// A distribution with its exact cost.
struct Incumbent: Sendable {
  var shares: [Share]
  var cost: Double
}

/// Fix and optimize: the compact model over a few teachers at a time, the others held.
///
/// The model relaxes L5 where tasks look the same; what it proposes counts only at its exact cost,
/// after the work of norms.csv is spread anew. Where L5 then leaves hours vacant, the disciplines
/// concerned are modelled again task by task.
struct LoadRefinement {
  let problem: LoadProblem
  let solver: any LinearSolver
  var stop: Stop
  private let judge: NormShares
  /// Disciplines to which L5 applies.
  private let examined: Set<Int>
  /// Up to this many teachers a model is solved task by task as a matter of course.
  static let smallSize = 8
  private(set) var incumbent: Incumbent
  /// What is proved of better distributions.
  var known = KnownPairs()

  init(_ problem: LoadProblem, start: [Share], solver: any LinearSolver, stop: Stop) {
    self.problem = problem
    self.solver = solver
    self.stop = stop
    judge = NormShares(problem: problem)
    examined = problem.examinedDisciplines
    incumbent = Incumbent(shares: start, cost: judge.cost(start))
    neighbours = Self.neighbours(problem)
  }

  /// Takes shares where they cost less; says whether they do.
  @discardableResult
  mutating func accept(_ shares: [Share]) -> Bool {
    let cost = judge.cost(shares)
    guard cost < incumbent.cost - 1e-6 else { return false }
    incumbent = Incumbent(shares: shares, cost: cost)
    return true
  }

  /// Takes holders of the class tasks, the work of norms.csv spread anew over some teachers, where
  /// they improve.
  mutating func takeClasses(_ holder: [Int], among teachers: [Int]) throws {
    var holder = holder
    untangle(&holder, among: teachers)
    let shares = try judge.best(
      holder: holder, shares: incumbent.shares, teachers: teachers, solver: solver, stop: stop)
    if let shares { accept(shares) }
  }

  /// Who holds each class task.
  var classHolders: [Int] { holder }

  private var holder: [Int] {
    var result = [Int](repeating: -1, count: problem.tasks.count)
    for share in incumbent.shares where problem.tasks[share.task].isClass {
      result[share.task] = share.teacher
    }
    return result
  }

  /// Spreads the work of norms.csv anew over some teachers.
  mutating func spread(over teachers: [Int]) throws {
    let shares = try judge.best(
      holder: holder, shares: incumbent.shares, teachers: teachers, solver: solver, stop: stop)
    if let shares { accept(shares) }
  }

  /// Solves the compact model over some teachers and takes what improves.
  ///
  /// The effort is a number of the solver's questions whether to stop, after which it must: not a
  /// time, so that the result does not depend on the speed of the machine. Returned is the proved
  /// bound of the model's objective: of the whole part when the teachers are all of it.
  mutating func improve(
    _ teachers: [Int], effort: Int, seconds: Double? = nil
  ) throws -> Double? {
    var apart: Set<Int> = []
    var bound: Double?
    // Among some of the teachers what they hold now stays possible.
    var known = known
    if teachers.count < problem.teachers.count {
      for share in incumbent.shares where share.teacher >= 0 {
        let pair = problem.pair(problem.tasks[share.task].work, share.teacher)
        known.absent.remove(pair)
      }
    }
    while true {
      if stop.isDue { break }
      let compact = CompactModel(
        problem, teachers: teachers, shares: incumbent.shares, apart: apart, known: known)
      let asked = Counter()
      var options = SolveOptions()
      options.timeLimit = stop.secondsLeft.map { min($0, seconds ?? $0) } ?? seconds
      options.mirCuts = true
      let isCancelled = stop.isCancelled
      options.isCancelled = { asked.next() > effort || isCancelled() }
      let solution = try solver.solve(compact.model, options)
      if let proved = solution.bound { bound = max(bound ?? proved, proved) }
      guard !solution.values.isEmpty else { break }
      var holder = holder
      for (task, teacher) in compact.classHolders(solution.values, now: holder) {
        holder[task] = teacher
      }
      untangle(&holder, among: teachers)
      guard
        let shares = try judge.best(
          holder: holder, shares: incumbent.shares, teachers: teachers, solver: solver, stop: stop)
      else { break }
      accept(shares)
      // What the model promised and L5 then took away is worth another look task by task: always
      // where the model is small, else only where hours stay vacant.
      let isKept = judge.cost(shares) <= (solution.objective ?? -.infinity) + 1e-3
      let vacant = shares.reduce(0) {
        $0 + ($1.teacher < 0 ? Double($1.hours) * problem.costs.vacant : 0)
      }
      let isLost = vacant > compact.vacancy(solution.values) + 1e-6
      if isKept || !apart.isEmpty || !(isLost || teachers.count <= Self.smallSize) { break }
      apart = examined
    }
    return bound
  }

  /// Lets teachers exchange tasks that look the same, so that fewer of them teach those whom an exam
  /// examines: then more may examine (L5).
  private func untangle(_ holder: inout [Int], among teachers: [Int]) {
    var isIn = [Bool](repeating: false, count: problem.teachers.count)
    for t in teachers { isIn[t] = true }
    struct Key: Hashable {
      var work: Int
      var hours: Int
    }
    var groupAt: [Key: Int] = [:]
    var groups: [[Int]] = []
    for (i, task) in problem.tasks.enumerated()
    where task.isClass && task.fixed < 0 && !problem.examsOfClass[i].isEmpty
      && !problem.isTimed(i)
    {
      guard holder[i] >= 0, isIn[holder[i]] else { continue }
      let key = Key(work: task.work, hours: task.hours)
      if let g = groupAt[key] {
        groups[g].append(i)
      } else {
        groupAt[key] = groups.count
        groups.append([i])
      }
    }
    // Classes of each exam by teacher.
    var taught: [Int: [Int: Int]] = [:]
    for (e, classes) in problem.classesOfExam.enumerated() {
      for c in classes where holder[c] >= 0 { taught[e, default: [:]][holder[c], default: 0] += 1 }
    }
    func change(_ task: Int, from a: Int, to b: Int) -> Int {
      var change = 0
      for e in problem.examsOfClass[task] {
        let old = (taught[e]?[a] ?? 0) - 1
        taught[e, default: [:]][a] = old
        if old == 0 { change -= 1 }
        let new = (taught[e]?[b] ?? 0) + 1
        taught[e, default: [:]][b] = new
        if new == 1 { change += 1 }
      }
      return change
    }
    for _ in 0..<4 {
      var isBetter = false
      for group in groups where group.count > 1 {
        for (k, x) in group.enumerated() {
          for y in group[(k + 1)...] where holder[x] != holder[y] {
            let a = holder[x]
            let b = holder[y]
            if change(x, from: a, to: b) + change(y, from: b, to: a) < 0 {
              holder[x] = b
              holder[y] = a
              isBetter = true
              break
            }
            _ = change(x, from: b, to: a)
            _ = change(y, from: a, to: b)
          }
        }
      }
      if !isBetter { break }
    }
  }

  /// Improves neighbourhoods of teachers who share works until none of many improves.
  ///
  /// Two neighbourhoods without a common teacher are solved at a time, whatever the threads, so that
  /// the result does not depend on them.
  mutating func polish(
    sizes: [Int], effort: Int, nodes: Int, rounds: Int, patience: Int, threads: Int,
    random: inout RandomSource
  ) throws {
    let able = problem.teachers.indices.filter { !neighbours[$0].isEmpty }
    guard !able.isEmpty else { return }
    var idle = 0
    var round = 0
    while round < rounds, idle < patience {
      if stop.isDue { return }
      let before = incumbent.cost
      let first = neighbourhood(sizes[round % sizes.count], round: round, able, &random)
      let rest = able.filter { !first.contains($0) }
      var sets = [first]
      if rest.count >= 2 {
        sets.append(
          neighbourhood(sizes[(round + 1) % sizes.count], round: round + 1, rest, &random))
      }
      // Whole loads by turns with the compact model, which knows L5 and the timetable.
      let byLoads = nodes > 0 && (round / 2) % 4 != 3
      try improve(sets, effort: effort, loadNodes: byLoads ? nodes : 0, threads: threads)
      round += sets.count
      idle = incumbent.cost < before - 1e-6 ? 0 : idle + sets.count
    }
  }

  /// Improves disjoint sets of teachers, each from the present incumbent; what both come to is put
  /// together where that is better than either.
  private mutating func improve(
    _ sets: [[Int]], effort: Int, loadNodes: Int, threads: Int
  ) throws {
    let start = self
    let results = Mutex<[Int: Result<Incumbent, any Error>]>([:])
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: max(1, min(threads, sets.count))) { _ in
      while true {
        let k = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard k < sets.count else { return }
        let result = Result<Incumbent, any Error> {
          var copy = start
          if loadNodes > 0 {
            try copy.improveByLoads(sets[k], nodes: loadNodes)
          } else {
            _ = try copy.improve(sets[k], effort: effort)
          }
          return copy.incumbent
        }
        results.withLock { $0[k] = result }
      }
    }
    let all = results.withLock { $0 }
    let found = try sets.indices.compactMap { try all[$0]?.get() }
    if found.count == 2, let both = merged(start.incumbent, found[0], found[1]) { accept(both) }
    for one in found { accept(one.shares) }
  }

  /// Both changes of one distribution; nil where they concern one task.
  private func merged(_ base: Incumbent, _ a: Incumbent, _ b: Incumbent) -> [Share]? {
    func byTask(_ incumbent: Incumbent) -> [[Share]] {
      var result = [[Share]](repeating: [], count: problem.tasks.count)
      for share in incumbent.shares { result[share.task].append(share) }
      return result.map { $0.sorted { ($0.teacher, $0.hours) < ($1.teacher, $1.hours) } }
    }
    let (old, first, second) = (byTask(base), byTask(a), byTask(b))
    var result: [Share] = []
    for i in old.indices {
      let isFirst = first[i] != old[i]
      if isFirst && second[i] != old[i] { return nil }
      result += isFirst ? first[i] : second[i]
    }
    // Each side spread the work of norms.csv knowing only its own exams' classes.
    var hours = [Int](repeating: 0, count: problem.teachers.count)
    var holder = [Int](repeating: -1, count: problem.tasks.count)
    for share in result where share.teacher >= 0 {
      hours[share.teacher] += share.hours
      if problem.tasks[share.task].isClass { holder[share.task] = share.teacher }
    }
    for t in hours.indices where hours[t] > problem.teachers[t].ceiling { return nil }
    for share in result where share.teacher >= 0 {
      let others =
        problem.tasks[share.task].isClass
        ? problem.clashes[share.task] : problem.classesOfExam[share.task]
      if others.contains(where: { holder[$0] == share.teacher }) { return nil }
    }
    return result
  }

  /// For each teacher, who could take over some of the works, with the number of common ones.
  private let neighbours: [[(teacher: Int, common: Int)]]

  private static func neighbours(
    _ problem: LoadProblem
  ) -> [[(teacher: Int, common: Int)]] {
    var common = [[Int: Int]](repeating: [:], count: problem.teachers.count)
    for work in problem.works where work.isClass {
      for a in work.candidates {
        for b in work.candidates where a != b { common[a][b, default: 0] += 1 }
      }
    }
    return common.map { row in
      row.map { (teacher: $0.key, common: $0.value) }.sorted { $0.teacher < $1.teacher }
    }
  }

  /// A teacher, every other time one at an end of a department's range of ratios, and others drawn
  /// by the works that they share with those already in.
  private func neighbourhood(
    _ size: Int, round: Int, _ able: [Int], _ random: inout RandomSource
  ) -> [Int] {
    var first = able[random.below(able.count)]
    if round % 2 == 0 {
      var hours = [Int](repeating: 0, count: problem.teachers.count)
      for share in incumbent.shares where share.teacher >= 0 { hours[share.teacher] += share.hours }
      let group = problem.departmentTeachers[problem.teachers[first].department]
      func ratio(_ t: Int) -> Double { Double(hours[t]) / problem.teachers[t].norm }
      let ends = [
        group.min { (ratio($0), $0) < (ratio($1), $1) },
        group.max { (ratio($0), $0) < (ratio($1), $1) },
      ]
      if let end = ends[(round / 2) % 2], able.contains(end) { first = end }
    }
    var chosen = [first]
    var weight = [Int](repeating: 0, count: problem.teachers.count)
    var isIn = [Bool](repeating: false, count: problem.teachers.count)
    isIn[first] = true
    var last = first
    while chosen.count < size {
      for neighbour in neighbours[last] { weight[neighbour.teacher] += neighbour.common }
      var total = 0
      for t in able where !isIn[t] { total += weight[t] }
      guard total > 0 else { break }
      var draw = random.below(total)
      guard
        let next = able.first(where: { t in
          guard !isIn[t] else { return false }
          draw -= weight[t]
          return draw < 0
        })
      else { break }
      chosen.append(next)
      isIn[next] = true
      last = next
    }
    return chosen.sorted()
  }
}

/// Counts questions, from whatever thread they come.
final class Counter: Sendable {
  private let count = Atomic<Int>(0)

  var value: Int { count.load(ordering: .relaxed) }

  func next() -> Int { count.wrappingAdd(1, ordering: .relaxed).newValue }
}

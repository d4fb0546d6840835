// SPDX-License-Identifier: GPL-3.0-or-later
internal import LinearModels

extension LoadRefinement {
  /// Branches over whole loads of some teachers, the others held, and takes what improves.
  ///
  /// Loads know neither L5 nor the timetable: what they come to counts only at its exact cost, after
  /// the work of norms.csv is spread anew. The work ends after a number of nodes, not after a time.
  mutating func improveByLoads(_ teachers: [Int], nodes: Int) throws {
    var hours = [Int](repeating: 0, count: problem.teachers.count)
    for share in incumbent.shares where share.teacher >= 0 { hours[share.teacher] += share.hours }
    let block = LoadBlock(problem, teachers: teachers, shares: incumbent.shares)
    let none = [Double](repeating: 0, count: problem.teachers.count)
    guard !block.groups.isEmpty,
      let generation = ColumnGeneration(
        problem, block, fairness: none, hasExtremes: true, hours: hours)
    else { return }
    let now = generation.columns(of: incumbent.shares)
    var limits = LoadLimits(generation)
    for (position, t) in teachers.enumerated() {
      let held = Set(now[position].groups.map { block.groups[$0.group].work })
      for (g, group) in block.groups.enumerated() {
        let pair = problem.pair(group.work, t)
        if pair >= 0, known.absent.contains(pair), !held.contains(group.work) {
          limits.most[position][g] = 0
        }
      }
    }
    let start = incumbent.cost
    let value = generation.value(of: now)
    let tree = BranchAndPrice(
      generation: generation, solver: solver, stop: stop, rest: 0, nodes: nodes)
    _ = try tree.run(from: now, upper: value - 1e-4, lower: -.infinity, limits: limits) { loads in
      try take(loads, of: block)
      return value - 1e-4 - max(0, start - incumbent.cost)
    }
  }

  /// Takes loads, one a teacher of a block, where they improve.
  private mutating func take(_ loads: [LoadColumn], of block: LoadBlock) throws {
    var left: [LoadBlock.Key: [Int: Int]] = [:]
    for load in loads {
      for item in load.groups {
        let group = block.groups[item.group]
        let key = LoadBlock.Key(work: group.work, hours: group.hours)
        left[key, default: [:]][block.teachers[load.teacher]] = item.count
      }
    }
    let isIn = Set(block.teachers)
    var holder = classHolders
    var open: [Int] = []
    for (i, task) in problem.tasks.enumerated()
    where task.isClass && task.fixed < 0 && (holder[i] < 0 || isIn.contains(holder[i])) {
      let key = LoadBlock.Key(work: task.work, hours: task.hours)
      if holder[i] >= 0, let n = left[key]?[holder[i]], n > 0 {
        left[key]?[holder[i]] = n - 1
      } else {
        open.append(i)
      }
    }
    for i in open {
      let task = problem.tasks[i]
      let key = LoadBlock.Key(work: task.work, hours: task.hours)
      // Those for whom the timetable leaves a time first.
      let wanted = (left[key] ?? [:]).filter { $0.value > 0 }.keys.sorted {
        (problem.bars(i, $0) ? 1 : 0, $0) < (problem.bars(i, $1) ? 1 : 0, $1)
      }
      holder[i] = -1
      if let t = wanted.first, !problem.bars(i, t) {
        holder[i] = t
        left[key]?[t, default: 1] -= 1
      }
    }
    for (i, others) in problem.clashes.enumerated() where holder[i] >= 0 {
      // Of two sections pinned to times that meet, the later one finds somebody else, or nobody.
      if problem.tasks[i].fixed < 0, isIn.contains(holder[i]),
        others.contains(where: { holder[$0] == holder[i] })
      {
        holder[i] = -1
      }
    }
    try takeClasses(holder, among: block.teachers)
  }
}

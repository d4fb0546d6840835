// SPDX-License-Identifier: GPL-3.0-or-later

/// Teachers connected by works, with what is free for them: the unit of column generation.
///
/// L5 is relaxed but for the vacancies that it forces; identical tasks are one row with a number.
struct LoadBlock: Sendable {
  /// Free tasks of one work with the same hours.
  struct Group: Sendable {
    var work: Int
    var hours: Int
    var count: Int
  }

  /// Free work of norms.csv of one discipline: it may be split, so only its hours count.
  struct Pool: Sendable {
    var work: Int
    var hours: Int
  }

  /// Hours that L5 leaves vacant, of a pool or of groups: Σ vacant hours ≥ `hours`.
  struct ForcedVacancy: Sendable {
    var pool: Int
    var groups: [Int]
    var hours: Int
  }

  /// What makes tasks look the same.
  struct Key: Hashable {
    var work: Int
    var hours: Int
  }

  var teachers: [Int]
  var groups: [Group]
  var pools: [Pool]
  var forced: [ForcedVacancy]

  /// The blocks of a part; together they hold all its teachers and free tasks.
  static func blocks(of problem: LoadProblem) -> [LoadBlock] {
    var sets = DisjointSets(problem.teachers.count)
    var workAnchor: [Int?] = []
    var anchorOfDiscipline: [Int: Int] = [:]
    for work in problem.works {
      workAnchor.append(work.candidates.first)
      guard let first = work.candidates.first else { continue }
      for t in work.candidates.dropFirst() { sets.join(first, t) }
      if let other = anchorOfDiscipline[work.discipline] {
        sets.join(first, other)
      } else {
        anchorOfDiscipline[work.discipline] = first
      }
    }
    var blockOf: [Int: Int] = [:]
    var blocks: [LoadBlock] = []
    for t in problem.teachers.indices {
      let root = sets.root(t)
      if blockOf[root] == nil {
        blockOf[root] = blocks.count
        blocks.append(LoadBlock(teachers: [], groups: [], pools: [], forced: []))
      }
      blocks[blockOf[root] ?? 0].teachers.append(t)
    }
    var groupAt: [Key: Int] = [:]
    var poolAt: [Int: Int] = [:]
    for task in problem.tasks where task.fixed < 0 {
      guard let anchor = workAnchor[task.work], let b = blockOf[sets.root(anchor)] else { continue }
      if task.isClass {
        let key = Key(work: task.work, hours: task.hours)
        if let g = groupAt[key] {
          blocks[b].groups[g].count += 1
        } else {
          groupAt[key] = blocks[b].groups.count
          blocks[b].groups.append(Group(work: task.work, hours: task.hours, count: 1))
        }
      } else if let p = poolAt[task.work] {
        blocks[b].pools[p].hours += task.hours
      } else {
        poolAt[task.work] = blocks[b].pools.count
        blocks[b].pools.append(Pool(work: task.work, hours: task.hours))
      }
    }

    // L5: where each who may examine is the only one who may (or must) hold some class of the
    // examined, either the exam or one of these sets of classes is vacant.
    struct Demand {
      var pool: Int
      var used: Set<Int>
      var groups: Set<Int>
      var hours: Int
    }
    var demands: [Int: [Int: Demand]] = [:]
    for (e, task) in problem.tasks.enumerated()
    where !problem.classesOfExam[e].isEmpty && task.fixed < 0 {
      let examiners = problem.works[task.work].candidates
      guard let anchor = examiners.first, let b = blockOf[sets.root(anchor)],
        let pool = poolAt[task.work]
      else { continue }
      var only: [Int: (hours: Int, free: [Int])] = [:]
      var isFixed: Set<Int> = []
      for c in problem.classesOfExam[e] {
        let candidates = problem.candidates(c)
        guard candidates.count == 1 else { continue }
        if problem.tasks[c].fixed >= 0 {
          isFixed.insert(candidates[0])
        } else {
          only[candidates[0], default: (0, [])].hours += problem.tasks[c].hours
          only[candidates[0], default: (0, [])].free.append(c)
        }
      }
      guard examiners.allSatisfy({ isFixed.contains($0) || only[$0] != nil }) else { continue }
      var least = task.hours
      var classes: [Int] = []
      for t in examiners where !isFixed.contains(t) {
        least = min(least, only[t]?.hours ?? 0)
        classes += only[t]?.free ?? []
      }
      var demand =
        demands[b]?[pool] ?? Demand(pool: pool, used: [], groups: [], hours: 0)
      // Two exams may lean on the same vacancy: only the first counts it.
      guard demand.used.isDisjoint(with: classes) else { continue }
      demand.used.formUnion(classes)
      demand.hours += least
      for c in classes {
        let task = problem.tasks[c]
        if let g = groupAt[Key(work: task.work, hours: task.hours)] { demand.groups.insert(g) }
      }
      demands[b, default: [:]][pool] = demand
    }
    for b in blocks.indices {
      blocks[b].forced = (demands[b] ?? [:]).values.sorted { $0.pool < $1.pool }.map {
        ForcedVacancy(pool: $0.pool, groups: $0.groups.sorted(), hours: $0.hours)
      }
    }
    return blocks
  }

  /// What no distribution can avoid: each teacher at the best hours, each task at the cheapest
  /// candidate, without regard to one another; and what is above all ceilings together is vacant, at
  /// the least that a vacant hour costs more than a held one.
  func plainBound(_ problem: LoadProblem, fairness: [Double]) -> Double {
    var bound = 0.0
    for t in teachers {
      let limits = problem.teachers[t]
      let slope = limits.norm > 0 ? fairness[t] / limits.norm : 0
      // Convex and linear between these.
      let kinks = [0, limits.floor, limits.ceiling, Int(limits.norm), Int(limits.norm) + 1]
      bound +=
        kinks.filter { $0 <= limits.ceiling }
        .map { problem.hourCost(t, $0) + slope * Double($0) }.min() ?? 0
    }
    for task in problem.tasks where task.isClass && task.fixed >= 0 {
      guard teachers.contains(task.fixed) else { continue }
      bound += problem.pairCost[problem.pair(task.work, task.fixed)] * Double(task.hours)
    }
    var dearer = problem.costs.vacant
    for group in groups {
      let least =
        problem.works[group.work].candidates
        .map { problem.pairCost[problem.pair(group.work, $0)] }.min() ?? .infinity
      bound += min(least, problem.costs.vacant) * Double(group.hours * group.count)
      dearer = min(dearer, max(0, problem.costs.vacant - least))
    }
    var room = teachers.reduce(0) { $0 + problem.teachers[$1].ceiling }
    let own = Set(teachers)
    for task in problem.tasks where task.fixed >= 0 && own.contains(task.fixed) {
      room -= task.hours
    }
    let work =
      groups.reduce(0) { $0 + $1.hours * $1.count } + pools.reduce(0) { $0 + $1.hours }
    return bound + Double(max(0, work - max(0, room))) * dearer
  }
}

extension LoadBlock {
  /// All blocks of a problem as one.
  static func joined(_ problem: LoadProblem) -> LoadBlock {
    var result = LoadBlock(teachers: [], groups: [], pools: [], forced: [])
    for block in blocks(of: problem) {
      let (firstGroup, firstPool) = (result.groups.count, result.pools.count)
      result.teachers += block.teachers
      result.groups += block.groups
      result.pools += block.pools
      result.forced += block.forced.map { forced in
        ForcedVacancy(
          pool: firstPool + forced.pool, groups: forced.groups.map { firstGroup + $0 },
          hours: forced.hours)
      }
    }
    return result
  }

  /// Some teachers with what they hold by given shares, or nobody does and they may.
  ///
  /// L5 is relaxed altogether.
  init(_ problem: LoadProblem, teachers: [Int], shares: [Share]) {
    self.init(teachers: teachers, groups: [], pools: [], forced: [])
    let isIn = Set(teachers)
    var groupAt: [Key: Int] = [:]
    var poolAt: [Int: Int] = [:]
    for share in shares {
      let task = problem.tasks[share.task]
      guard task.fixed < 0, share.teacher < 0 || isIn.contains(share.teacher),
        problem.works[task.work].candidates.contains(where: { isIn.contains($0) })
      else { continue }
      if task.isClass {
        let key = Key(work: task.work, hours: task.hours)
        if let g = groupAt[key] {
          groups[g].count += 1
        } else {
          groupAt[key] = groups.count
          groups.append(Group(work: task.work, hours: task.hours, count: 1))
        }
      } else if let p = poolAt[task.work] {
        pools[p].hours += share.hours
      } else {
        poolAt[task.work] = pools.count
        pools.append(Pool(work: task.work, hours: share.hours))
      }
    }
  }
}

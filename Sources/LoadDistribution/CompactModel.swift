// SPDX-License-Identifier: GPL-3.0-or-later
internal import LinearModels

/// What is proved of who holds something of a work in any distribution that is better than the best
/// known; pairs by their position in the tables by pair.
struct KnownPairs: Sendable {
  var absent: Set<Int> = []
  var present: Set<Int> = []
}

/// The whole objective as one mixed-integer model over some teachers: numbers of identical tasks,
/// a binary a preparation, hours of norms.csv, the ratios of the departments.
/// The binary of a work that is a single task is its number.
///
/// Disciplines named as `apart` have a binary a class task and the exams by themselves, so that L5
/// is exact; in the others L5 is relaxed, and tasks that look the same are counted.
struct CompactModel {
  /// Class tasks that the model does not tell apart.
  private struct Group {
    var work: Int
    var tasks: [Int]
    var hours: Int
    var counts: [(teacher: Int, variable: LinearModel.Variable)]
  }

  /// Work of norms.csv that the model does not tell apart.
  private struct Pool {
    var work: Int
    var tasks: [Int]
    var hours: [(teacher: Int, variable: LinearModel.Variable)]
  }

  let problem: LoadProblem
  private(set) var model = LinearModel(name: "load")
  private var groups: [Group] = []
  private var pools: [Pool] = []
  private var vacancies: [LinearModel.Variable] = []
  /// Hundredths of an hour that each teacher has besides.
  private var others: [Int] = []

  /// A model of the teachers given, over the free class tasks and the work of norms.csv that they
  /// hold, or nobody; the rest stays. In the disciplines `apart` tasks are told apart.
  ///
  /// Pairs that `known` says no better distribution has are left out, those that all better ones
  /// have are prepared. With `isRounded` `imbalance` is rounded, as the contract has it.
  /// With `inHundredths` the hours of each teacher are whole hundredths: then the shares can be, as
  /// for given class tasks they are a transport problem. With `mostCost` only what costs no more is
  /// feasible.
  init(
    _ problem: LoadProblem, teachers: [Int], shares: [Share], apart: Set<Int>,
    known: KnownPairs = KnownPairs(), isRounded: Bool = false,
    inHundredths: Bool = false, mostCost: Double? = nil
  ) {
    self.problem = problem
    var isIn = [Bool](repeating: false, count: problem.teachers.count)
    for t in teachers { isIn[t] = true }
    let isWhole = teachers.count == problem.teachers.count
    var others = [Int](repeating: 0, count: problem.teachers.count)
    var otherClasses = others
    var paid: Set<Int> = []
    var holder = [Int](repeating: -1, count: problem.tasks.count)
    var open = [Int](repeating: 0, count: problem.tasks.count)
    for share in shares {
      let task = problem.tasks[share.task]
      let t = share.teacher
      if task.fixed < 0 && (t < 0 || isIn[t]) {
        open[share.task] += share.hours
        continue
      }
      guard t >= 0 else {
        model.constant += Double(share.hours) * problem.costs.vacant
        model.constant += problem.changeCost(share.task, -1)
        continue
      }
      others[t] += share.hours
      if task.isClass {
        holder[share.task] = t
        otherClasses[t] += share.hours
      }
      guard task.isClass, isIn[t] else { continue }
      let pair = problem.pair(task.work, t)
      model.constant += problem.pairCost[pair] * Double(share.hours)
      model.constant += problem.changeCost(share.task, t)
      if paid.insert(pair).inserted { model.constant += problem.preparation }
    }
    struct Key: Hashable {
      var work: Int
      var hours: Int
      var task: Int
      var barred: [Int]
      var previous: Int
    }
    var groupAt: [Key: Int] = [:]
    var poolAt: [Key: Int] = [:]
    for i in problem.tasks.indices where open[i] > 0 {
      let task = problem.tasks[i]
      let isApart = apart.contains(problem.works[task.work].discipline)
      if task.isClass {
        let isAlone = isApart || !problem.clashes[i].isEmpty
        let key = Key(
          work: task.work, hours: task.hours, task: isAlone ? i : -1, barred: problem.barred[i],
          previous: problem.previous[i])
        if let g = groupAt[key] {
          groups[g].tasks.append(i)
        } else {
          groupAt[key] = groups.count
          groups.append(Group(work: task.work, tasks: [i], hours: task.hours, counts: []))
        }
      } else {
        let alone = isApart && !problem.classesOfExam[i].isEmpty
        let key = Key(work: task.work, hours: 0, task: alone ? i : -1, barred: [], previous: -1)
        if let p = poolAt[key] {
          pools[p].tasks.append(i)
        } else {
          poolAt[key] = pools.count
          pools.append(Pool(work: task.work, tasks: [i], hours: []))
        }
      }
    }

    // Where a work is a single task, who takes it prepares it: the number bears both costs.
    var openTasks = [Int](repeating: 0, count: problem.works.count)
    for group in groups { openTasks[group.work] += group.tasks.count }

    var hours = [[LinearModel.Term]](repeating: [], count: problem.teachers.count)
    var classHours = hours
    var prepared: [Int: LinearModel.Variable] = [:]
    var classVariable: [Int: [Int: LinearModel.Variable]] = [:]
    var clashVariable = classVariable
    let vacant = problem.costs.vacant * 100
    for g in groups.indices {
      let group = groups[g]
      let size = Double(group.hours) / 100
      var row: [LinearModel.Term] = []
      for t in problem.works[group.work].candidates where isIn[t] {
        let room = (problem.teachers[t].ceiling - others[t]) / max(1, group.hours)
        let most = min(group.tasks.count, room)
        // The tasks of a group are barred from the same teachers, and one that clashes is alone.
        let first = group.tasks[0]
        guard most > 0, !problem.bars(first, t),
          !problem.clashes[first].contains(where: { holder[$0] == t })
        else { continue }
        let pair = problem.pair(group.work, t)
        if known.absent.contains(pair) && !paid.contains(pair) { continue }
        let isSingle = openTasks[group.work] == 1
        let isPresent = isWhole && known.present.contains(pair)
        let preparation = isSingle && !paid.contains(pair) ? problem.preparation : 0
        let number = model.addVariable(
          "n_\(t)_\(g)", lower: isSingle && isPresent ? 1 : 0, upper: Double(most),
          domain: .integer,
          cost: problem.pairCost[pair] * Double(group.hours) + problem.changeCost(first, t)
            + preparation)
        groups[g].counts.append((t, number))
        row.append(LinearModel.Term(1, number))
        hours[t].append(LinearModel.Term(size, number))
        classHours[t].append(LinearModel.Term(size, number))
        if apart.contains(problem.works[group.work].discipline) {
          classVariable[first, default: [:]][t] = number
        }
        for other in problem.clashes[first] {
          guard let theirs = clashVariable[other]?[t] else { continue }
          model.addRow(upper: 1, [LinearModel.Term(1, number), LinearModel.Term(1, theirs)])
        }
        if !problem.clashes[first].isEmpty { clashVariable[first, default: [:]][t] = number }
        guard problem.preparation > 0, !isSingle, !paid.contains(pair) else { continue }
        let binary: LinearModel.Variable
        if let known = prepared[pair] {
          binary = known
        } else {
          binary = model.addBinary("p_\(t)_\(group.work)", cost: problem.preparation)
          if isPresent {
            model.setBounds(binary, lower: 1, upper: 1)
          }
          prepared[pair] = binary
        }
        model.addRow(
          upper: 0, [LinearModel.Term(1, number), LinearModel.Term(-Double(most), binary)])
      }
      let count = Double(group.tasks.count)
      let nobody = model.addVariable(
        "v_\(g)", upper: count, cost: vacant * size + problem.changeCost(group.tasks[0], -1))
      vacancies.append(nobody)
      row.append(LinearModel.Term(1, nobody))
      model.addRow(lower: count, upper: count, row)
    }
    for p in pools.indices {
      let pool = pools[p]
      let total = Double(pool.tasks.reduce(0) { $0 + open[$1] }) / 100
      let isAlone =
        pool.tasks.count == 1 && apart.contains(problem.works[pool.work].discipline)
      var row: [LinearModel.Term] = []
      for t in problem.works[pool.work].candidates where isIn[t] {
        let variable = model.addVariable("h_\(t)_\(p)", upper: total)
        if isAlone {
          var isBarred = false
          for c in problem.classesOfExam[pool.tasks[0]] {
            if let number = classVariable[c]?[t] {
              model.addRow(
                upper: total, [LinearModel.Term(1, variable), LinearModel.Term(total, number)])
            } else if holder[c] == t {
              isBarred = true
            }
          }
          if isBarred {
            model.setBounds(variable, lower: 0, upper: 0)
          }
        }
        pools[p].hours.append((t, variable))
        row.append(LinearModel.Term(1, variable))
        hours[t].append(LinearModel.Term(1, variable))
      }
      let nobody = model.addVariable("w_\(p)", upper: total, cost: vacant)
      vacancies.append(nobody)
      row.append(LinearModel.Term(1, nobody))
      model.addRow(lower: total, upper: total, row)
    }
    for t in teachers where problem.classRoom[t] < .max && !classHours[t].isEmpty {
      let excess = model.addVariable("crowd_\(t)", cost: problem.costs.crowding * 100)
      model.addRow(
        upper: Double(problem.classRoom[t] - otherClasses[t]) / 100,
        classHours[t] + [LinearModel.Term(-1, excess)])
    }
    self.others = others
    // Where a teacher's hours come in steps, the least deviation of the two steps around the norm.
    var steps = [Int](repeating: 0, count: problem.teachers.count)
    for group in groups {
      for (t, _) in group.counts {
        var (a, b) = (steps[t], group.hours)
        while b != 0 { (a, b) = (b, a % b) }
        steps[t] = a
      }
    }
    for pool in pools { for (t, _) in pool.hours { steps[t] = 0 } }
    LoadRows.add(
      to: &model, problem, base: others, hours: hours, teachers: teachers, steps: steps,
      imbalance: isRounded ? .rounded : .exact,
      inHundredths: inHundredths)
    if let mostCost {
      model.addRow(
        upper: mostCost - model.constant,
        model.columns.enumerated().filter { $0.element.cost != 0 }.map {
          LinearModel.Term($0.element.cost, LinearModel.Variable(index: $0.offset))
        })
    }
  }

  /// The shares of a solution, in the order of the tasks; what the model has not is as it was.
  func shares(_ values: [Double], now: [Share]) -> [Share] {
    let own = Set(groups.flatMap(\.tasks) + pools.flatMap(\.tasks))
    var result = now.filter { !own.contains($0.task) }
    let holder = now.reduce(into: [Int](repeating: -1, count: problem.tasks.count)) {
      if problem.tasks[$1.task].isClass { $0[$1.task] = $1.teacher }
    }
    for (task, teacher) in classHolders(values, now: holder) {
      result.append(Share(task: task, teacher: teacher, hours: problem.tasks[task].hours))
    }
    for pool in pools {
      var rest = pool.hours.map { ($0.teacher, Int((values[$0.variable.index] * 100).rounded())) }
      for task in pool.tasks {
        var left = problem.tasks[task].hours
        while left > 0, let (t, hours) = rest.first {
          let part = min(left, hours)
          if part > 0 { result.append(Share(task: task, teacher: t, hours: part)) }
          left -= part
          rest[0].1 -= part
          if rest[0].1 == 0 { rest.removeFirst() }
        }
        if left > 0 { result.append(Share(task: task, teacher: -1, hours: left)) }
      }
    }
    return result.sorted { ($0.task, $0.teacher) < ($1.task, $1.teacher) }
  }

  /// The model with its class tasks as shares hold them: what is left to solve are the hours of
  /// norms.csv. Nil where the model cannot hold them so.
  func holding(_ shares: [Share]) -> LinearModel? {
    var holder = [Int](repeating: -1, count: problem.tasks.count)
    for share in shares where problem.tasks[share.task].isClass {
      holder[share.task] = share.teacher
    }
    var result = model
    for group in groups {
      var left = group.tasks.filter { holder[$0] >= 0 }.count
      for (t, number) in group.counts {
        let count = group.tasks.count { holder[$0] == t }
        let column = model.columns[number.index]
        guard column.lower...column.upper ~= Double(count) else { return nil }
        result.setBounds(number, lower: Double(count), upper: Double(count))
        left -= count
      }
      guard left == 0 else { return nil }
    }
    return result
  }

  /// Hundredths of an hour of each teacher in a solution, not rounded.
  func totals(_ values: [Double]) -> [Double] {
    var result = others.map(Double.init)
    for group in groups {
      for (t, count) in group.counts {
        result[t] += Double(group.hours) * values[count.index].rounded()
      }
    }
    for pool in pools {
      for (t, hours) in pool.hours { result[t] += 100 * values[hours.index] }
    }
    return result
  }

  /// Cost of the hours that a solution leaves vacant.
  func vacancy(_ values: [Double]) -> Double {
    vacancies.reduce(0) { $0 + model.columns[$1.index].cost * values[$1.index] }
  }

  /// Holders of the class tasks by the numbers of a solution: who holds a task keeps it where the
  /// numbers allow.
  func classHolders(_ values: [Double], now holder: [Int]) -> [(task: Int, teacher: Int)] {
    var result: [(task: Int, teacher: Int)] = []
    for group in groups {
      var left: [Int: Int] = [:]
      for (t, variable) in group.counts { left[t] = Int(values[variable.index].rounded()) }
      var open: [Int] = []
      for i in group.tasks {
        if let n = left[holder[i]], n > 0 {
          left[holder[i]] = n - 1
          result.append((i, holder[i]))
        } else {
          open.append(i)
        }
      }
      var next = 0
      for (t, _) in group.counts {
        for _ in 0..<(left[t] ?? 0) where next < open.count {
          result.append((open[next], t))
          next += 1
        }
      }
      while next < open.count {
        result.append((open[next], -1))
        next += 1
      }
    }
    return result
  }
}

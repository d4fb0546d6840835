// SPDX-License-Identifier: GPL-3.0-or-later
internal import LinearModels

/// Which lines of an earlier load change, as a mixed-integer model: every loose line is kept or not,
/// and the hours that are not kept go to others under L3, L4 and L5 or stay vacant.
///
/// A class task is kept whole or changes; a line of norms.csv changes where its teacher has any less
/// of it. Tasks that look the same and have one holder are counted.
struct ChangeModel {
  /// What the model minimises.
  enum Goal {
    /// Hours below a floor, then vacant hours, then changed lines, at the prices given here; L5
    /// counts between lines that are there, and is relaxed for what they come to: a relaxation.
    case bound
    /// The same with L5 and the clashes of pinned times.
    case changes
    /// The objective, with at most so many changed lines.
    case objective(most: Int)
  }

  /// Price of a vacant hour in changed lines.
  static var vacancyPrice: Double { 1000 }
  /// Price of an hour below a floor in changed lines.
  static var shortfallPrice: Double { 10_000 }

  /// Loose lines that the model does not tell apart, with how many of them are kept.
  private struct Kept {
    var pieces: [Int]
    var count: LinearModel.Variable
  }

  /// Class tasks, or work of norms.csv, that others may take over.
  private struct Pool {
    var first: Int
    var hours: Int
    var count = 0
    var total = 0
    var isAlone: Bool
    var row: [LinearModel.Term] = []
  }

  private struct Key: Hashable {
    var work: Int
    var hours: Int
    var piece: Int
    var barred: [Int]
  }

  private struct Seat: Hashable {
    var piece: Int
    var teacher: Int
  }

  private(set) var model = LinearModel(name: "changes")
  private var kept: [Kept] = []
  /// Who may take over something of a piece: the variables of receivers.
  private var takes: [(teacher: Int, variable: LinearModel.Variable)] = []

  /// A model over the loose lines of the chosen teachers and the free tasks; all else stays.
  init(_ whole: LoadProblem, isLoose: [Bool], chosen: [Int], goal: Goal) {
    var problem = whole
    var isPriced = false
    var isExact = true
    switch goal {
    case .objective: isPriced = true
    case .bound, .changes:
      if case .bound = goal { isExact = false }
      problem.costs.vacant = Self.vacancyPrice / 100
      problem.costs.shortfall = Self.shortfallPrice / 100
      problem.costs.overload = 0
      problem.costs.underload = 0
      problem.imbalance = 0
    }
    var isIn = [Bool](repeating: false, count: problem.teachers.count)
    for t in chosen { isIn[t] = true }
    func isMovable(_ i: Int) -> Bool {
      let holder = problem.tasks[i].fixed
      return isLoose[i] && holder >= 0 && isIn[holder]
    }
    /// Whether a line meets another of its holder against L5, so that one of them must change.
    func isInConflict(_ i: Int) -> Bool {
      let holder = problem.tasks[i].fixed
      guard holder >= 0 else { return false }
      return (problem.classesOfExam[i] + problem.examsOfClass[i]).contains {
        problem.tasks[$0].fixed == holder && (isMovable($0) || isMovable(i))
      }
    }

    var base = [Int](repeating: 0, count: problem.teachers.count)
    var paid: Set<Int> = []
    var pools: [Pool] = []
    var poolAt: [Key: Int] = [:]
    var keptAt: [Seat: Int] = [:]
    /// The pool of each piece that somebody may take; nil of what stays.
    var poolOf = [Int?](repeating: nil, count: problem.tasks.count)
    for (i, task) in problem.tasks.enumerated() {
      if task.fixed >= 0 && !isMovable(i) {
        base[task.fixed] += task.hours
        if task.isClass { paid.insert(problem.pair(task.work, task.fixed)) }
        continue
      }
      guard !problem.works[task.work].candidates.isEmpty else { continue }
      let meets =
        task.isClass
        ? !problem.clashes[i].isEmpty || !problem.examsOfClass[i].isEmpty
        : !problem.classesOfExam[i].isEmpty
      let isAlone = (isExact && meets) || isInConflict(i)
      let key = Key(
        work: task.work, hours: task.isClass ? task.hours : 0, piece: isAlone ? i : -1,
        barred: problem.barred[i])
      let p = poolAt[key] ?? pools.count
      if p == pools.count {
        poolAt[key] = p
        pools.append(Pool(first: i, hours: task.hours, isAlone: isAlone))
      }
      poolOf[i] = p
      pools[p].count += 1
      pools[p].total += task.hours
    }

    var hours = [[LinearModel.Term]](repeating: [], count: problem.teachers.count)
    var prepared: [Int: LinearModel.Variable] = [:]
    var keptOf: [Int: LinearModel.Variable] = [:]
    var takerOf: [Seat: LinearModel.Variable] = [:]
    /// A preparation where somebody holds any of so many tasks.
    func prepare(
      _ pair: Int, _ number: LinearModel.Variable, _ most: Int, _ model: inout LinearModel
    ) {
      guard isPriced, problem.preparation > 0, !paid.contains(pair) else { return }
      let binary = prepared[pair] ?? model.addBinary(cost: problem.preparation)
      prepared[pair] = binary
      model.addRow(
        upper: 0, [LinearModel.Term(1, number), LinearModel.Term(-Double(most), binary)])
    }

    // What is kept.
    for (i, task) in problem.tasks.enumerated() where isMovable(i) {
      guard let p = poolOf[i] else { continue }
      let t = task.fixed
      let size = Double(task.hours) / 100
      if task.isClass {
        let seat = Seat(piece: p, teacher: t)
        if let k = keptAt[seat] {
          kept[k].pieces.append(i)
          continue
        }
        let pair = problem.pair(task.work, t)
        let count = model.addVariable(
          domain: .integer,
          cost: isPriced ? problem.pairCost[pair] * Double(task.hours) : 0)
        keptAt[seat] = kept.count
        kept.append(Kept(pieces: [i], count: count))
        keptOf[i] = count
        hours[t].append(LinearModel.Term(size, count))
        pools[p].row.append(LinearModel.Term(1, count))
      } else {
        let isWhole = model.addBinary()
        let part = model.addVariable(upper: size)
        kept.append(Kept(pieces: [i], count: isWhole))
        keptOf[i] = part
        model.addRow(lower: 0, [LinearModel.Term(1, part), LinearModel.Term(-size, isWhole)])
        hours[t].append(LinearModel.Term(1, part))
        pools[p].row.append(LinearModel.Term(1, part))
      }
    }
    for item in kept where problem.tasks[item.pieces[0]].isClass {
      let task = problem.tasks[item.pieces[0]]
      model.setBounds(item.count, lower: 0, upper: Double(item.pieces.count))
      prepare(problem.pair(task.work, task.fixed), item.count, item.pieces.count, &model)
    }
    let movable = kept.reduce(0) { $0 + $1.pieces.count }
    if case .objective(let most) = goal {
      model.addRow(
        lower: Double(movable - most), kept.map { LinearModel.Term(1, $0.count) })
    } else {
      model.constant = Double(movable)
      for item in kept { model.setCost(item.count, -1) }
    }

    // Who takes the rest.
    for p in pools.indices {
      let pool = pools[p]
      let first = pool.first
      let task = problem.tasks[first]
      let count = Double(pool.count)
      let total = Double(pool.total) / 100
      for t in problem.works[task.work].candidates where isIn[t] && !problem.bars(first, t) {
        let room = problem.teachers[t].ceiling - base[t]
        let variable: LinearModel.Variable
        if task.isClass {
          if pool.isAlone && t == task.fixed { continue }
          let most = min(pool.count, max(0, room) / max(1, pool.hours))
          guard most > 0 else { continue }
          let pair = problem.pair(task.work, t)
          variable = model.addVariable(
            upper: Double(most), domain: .integer,
            cost: isPriced ? problem.pairCost[pair] * Double(pool.hours) : 0)
          hours[t].append(LinearModel.Term(Double(pool.hours) / 100, variable))
          prepare(pair, variable, most, &model)
        } else {
          guard room > 0 else { continue }
          variable = model.addVariable(upper: min(total, Double(room) / 100))
          hours[t].append(LinearModel.Term(1, variable))
        }
        takes.append((t, variable))
        if pool.isAlone { takerOf[Seat(piece: first, teacher: t)] = variable }
        pools[p].row.append(LinearModel.Term(1, variable))
      }
      let nobody = model.addVariable(
        upper: task.isClass ? count : total,
        cost: problem.costs.vacant * (task.isClass ? Double(pool.hours) : 100))
      let sum = task.isClass ? count : total
      model.addRow(lower: sum, upper: sum, pools[p].row + [LinearModel.Term(1, nobody)])
    }

    // L5: of an exam and a class that meet nobody has both.
    for (e, classes) in problem.classesOfExam.enumerated() where !classes.isEmpty {
      let exam = problem.tasks[e]
      let size = Double(exam.hours) / 100
      for c in classes {
        let holder = problem.tasks[c].fixed
        /// Keeps a part of the exam and a part of the class from one teacher.
        func part(_ share: LinearModel.Variable, _ other: LinearModel.Variable?, isHeld: Bool) {
          if let other {
            model.addRow(
              upper: size, [LinearModel.Term(1, share), LinearModel.Term(size, other)])
          } else if isHeld {
            model.setBounds(share, lower: 0, upper: 0)
          }
        }
        if isMovable(e), let share = keptOf[e] {
          if holder == exam.fixed {
            if isMovable(c) {
              if let p = poolOf[c], pools[p].isAlone { part(share, keptOf[c], isHeld: false) }
            } else {
              part(share, nil, isHeld: true)
            }
          }
          part(share, takerOf[Seat(piece: c, teacher: exam.fixed)], isHeld: false)
        } else if exam.fixed >= 0 {
          // The exam stays where it is.
          if let variable = takerOf[Seat(piece: c, teacher: exam.fixed)] {
            model.setBounds(variable, lower: 0, upper: 0)
          }
          if holder == exam.fixed, isMovable(c), let p = poolOf[c], pools[p].isAlone,
            let count = keptOf[c]
          {
            model.setBounds(count, lower: 0, upper: 0)
          }
        }
        guard isExact, poolOf[e] != nil else { continue }
        for t in problem.works[exam.work].candidates {
          guard let share = takerOf[Seat(piece: e, teacher: t)] else { continue }
          if holder == t {
            part(share, isMovable(c) ? keptOf[c] : nil, isHeld: !isMovable(c))
          }
          part(share, takerOf[Seat(piece: c, teacher: t)], isHeld: false)
        }
      }
    }
    // Classes that the pins put at times that meet.
    for (c, others) in problem.clashes.enumerated() where isExact && poolOf[c] != nil {
      for t in problem.works[problem.tasks[c].work].candidates {
        guard let variable = takerOf[Seat(piece: c, teacher: t)] else { continue }
        for other in others {
          if let theirs = takerOf[Seat(piece: other, teacher: t)], other < c {
            model.addRow(upper: 1, [LinearModel.Term(1, variable), LinearModel.Term(1, theirs)])
          }
          guard problem.tasks[other].fixed == t else { continue }
          if isMovable(other), let theirs = keptOf[other] {
            model.addRow(upper: 1, [LinearModel.Term(1, variable), LinearModel.Term(1, theirs)])
          } else {
            model.setBounds(variable, lower: 0, upper: 0)
          }
        }
      }
    }
    LoadRows.add(to: &model, problem, base: base, hours: hours, teachers: chosen)
  }

  /// The pieces that a solution does not keep.
  func changed(_ values: [Double]) -> [Int] {
    kept.flatMap { item in
      item.pieces.suffix(item.pieces.count - Int(values[item.count.index].rounded()))
    }
  }

  /// Who takes something over in a solution.
  func receivers(_ values: [Double]) -> Set<Int> {
    Set(takes.filter { values[$0.variable.index] > 1e-6 }.map(\.teacher))
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
internal import LinearModels

/// Part of a task that one teacher does.
struct Share: Sendable, Equatable {
  var task: Int
  /// −1 for the vacant part.
  var teacher: Int
  /// Hundredths of an hour; positive.
  var hours: Int
}

/// The work of norms.csv spread anew over the teachers, with splitting, for given class tasks.
struct NormShares {
  let problem: LoadProblem

  /// Shares of all tasks as a state holds them: whole.
  static func whole(_ state: LoadState) -> [Share] {
    state.holder.indices.map {
      Share(task: $0, teacher: state.holder[$0], hours: state.problem.tasks[$0].hours)
    }
  }

  /// The objective of shares, shortfall and crowding included.
  func cost(_ shares: [Share]) -> Double {
    var hours = [Int](repeating: 0, count: problem.teachers.count)
    var classHours = hours
    var seen = [Bool](repeating: false, count: problem.pairCost.count)
    var cost = 0.0
    for share in shares {
      cost += problem.changeCost(share.task, share.teacher)
      guard share.teacher >= 0 else {
        cost += Double(share.hours) * problem.costs.vacant
        continue
      }
      hours[share.teacher] += share.hours
      let task = problem.tasks[share.task]
      guard task.isClass else { continue }
      classHours[share.teacher] += share.hours
      let pair = problem.pair(task.work, share.teacher)
      cost += problem.pairCost[pair] * Double(share.hours)
      if !seen[pair] {
        seen[pair] = true
        cost += problem.preparation
      }
    }
    for t in hours.indices {
      cost += problem.hourCost(t, hours[t]) + problem.crowdingCost(t, classHours[t])
    }
    return cost + problem.imbalance * spread(hours)
  }

  /// ``cost(_:)`` with `imbalance` rounded to 0.01, as the contract has it.
  func roundedCost(_ shares: [Share]) -> Double {
    var hours = [Int](repeating: 0, count: problem.teachers.count)
    for share in shares where share.teacher >= 0 { hours[share.teacher] += share.hours }
    let exact = spread(hours)
    // Half a point counts as rounded up, as the bounds have it, whatever its last digits are here.
    return cost(shares) + problem.imbalance * ((exact * 100 + 1e-7).rounded() / 100 - exact)
  }

  /// Σ over departments of the largest less the smallest ratio.
  private func spread(_ hours: [Int]) -> Double { spread(hours.map(Double.init)) }

  func spread(_ hours: [Double]) -> Double {
    problem.departmentTeachers.reduce(0) { sum, group in
      let ratios = group.map { hours[$0] / problem.teachers[$0].norm }
      return sum + (ratios.max() ?? 0) - (ratios.min() ?? 0)
    }
  }

  /// The cheapest shares of the work of norms.csv when the class tasks are held as given: a
  /// transport problem with convex costs, solved as a linear programme and rounded to hundredths.
  ///
  /// Only what the chosen teachers hold, or nobody, is spread anew, over them. With `mostSpread`
  /// imbalance has no price, but Σ over departments of the spread of ratios is held to so many
  /// percent points. With `totals` each teacher's hundredths of an hour are as given. Nil where the
  /// solver found nothing.
  func best(
    holder: [Int], shares: [Share], teachers chosen: [Int], solver: any LinearSolver, stop: Stop,
    mostSpread: Double? = nil, totals: [Int]? = nil
  ) throws -> [Share]? {
    var isIn = [Bool](repeating: false, count: problem.teachers.count)
    for t in chosen { isIn[t] = true }
    var result: [Share] = []
    var base = [Int](repeating: 0, count: problem.teachers.count)
    for (i, task) in problem.tasks.enumerated() where task.isClass {
      result.append(Share(task: i, teacher: holder[i], hours: task.hours))
      if holder[i] >= 0 { base[holder[i]] += task.hours }
    }
    var open = [Int](repeating: 0, count: problem.tasks.count)
    for share in shares where !problem.tasks[share.task].isClass {
      if problem.tasks[share.task].fixed < 0 && (share.teacher < 0 || isIn[share.teacher]) {
        open[share.task] += share.hours
      } else {
        result.append(share)
        base[share.teacher] += share.hours
      }
    }
    // Work that no exam tells apart is one amount.
    var pools: [[Int]] = []
    var poolOfWork: [Int: Int] = [:]
    for i in problem.tasks.indices where open[i] > 0 {
      let work = problem.tasks[i].work
      if problem.classesOfExam[i].isEmpty, let p = poolOfWork[work] {
        pools[p].append(i)
      } else {
        if problem.classesOfExam[i].isEmpty { poolOfWork[work] = pools.count }
        pools.append([i])
      }
    }
    guard !pools.isEmpty else { return result }
    let amounts = pools.map { $0.reduce(0) { $0 + open[$1] } }

    var model = LinearModel(name: "norms")
    var parts: [[(teacher: Int, variable: LinearModel.Variable)]] = []
    var ofTeacher = [[LinearModel.Term]](repeating: [], count: problem.teachers.count)
    for (pool, amount) in zip(pools, amounts) {
      let i = pool[0]
      let hours = Double(amount) / 100
      let taught = Set(problem.classesOfExam[i].map { holder[$0] })
      var row: [(teacher: Int, variable: LinearModel.Variable)] = []
      for t in problem.works[problem.tasks[i].work].candidates
      where isIn[t] && !taught.contains(t) {
        let variable = model.addVariable(upper: hours)
        ofTeacher[t].append(LinearModel.Term(1, variable))
        row.append((t, variable))
      }
      row.append((-1, model.addVariable(upper: hours, cost: problem.costs.vacant * 100)))
      model.addRow(lower: hours, upper: hours, row.map { LinearModel.Term(1, $0.variable) })
      parts.append(row)
    }
    LoadRows.add(
      to: &model, problem, base: base, hours: ofTeacher, teachers: chosen,
      imbalance: mostSpread.map { .limited($0) } ?? .exact)
    if let totals {
      // A transport problem with whole supplies and demands: its vertices are whole.
      for t in chosen where !ofTeacher[t].isEmpty {
        let rest = Double(totals[t] - base[t]) / 100
        model.addRow(lower: rest, upper: rest, ofTeacher[t])
      }
    }
    var options = SolveOptions()
    options.timeLimit = stop.secondsLeft
    options.relaxed = true
    let solution = try solver.solve(model, options)
    guard solution.status == .optimal else { return nil }

    var room = problem.teachers.indices.map { problem.teachers[$0].ceiling - base[$0] }
    var rounded: [[Int]] = []
    for row in parts {
      var values: [Int] = []
      for part in row {
        let hundredths = solution.values[part.variable.index] * 100
        var value = max(0, Int((hundredths + 1e-4).rounded(.down)))
        if part.teacher >= 0 {
          value = min(value, max(0, room[part.teacher]))
          room[part.teacher] -= value
        }
        values.append(value)
      }
      rounded.append(values)
    }
    // Who has a task keeps it as far as the amounts go, so that few are split.
    var holders = [[Share]](repeating: [], count: problem.tasks.count)
    for share in shares where share.teacher >= 0 && isIn[share.teacher] && open[share.task] > 0 {
      holders[share.task].append(share)
    }
    for (k, pool) in pools.enumerated() {
      let row = parts[k]
      var values = rounded[k]
      var left = amounts[k] - values.reduce(0, +)
      // What rounding down left over goes where the shares are already, then anywhere.
      let order = row.indices.filter { row[$0].teacher >= 0 }
        .sorted { (-values[$0], $0) < (-values[$1], $1) }
      for p in order where left > 0 {
        let more = min(left, max(0, room[row[p].teacher]))
        values[p] += more
        room[row[p].teacher] -= more
        left -= more
      }
      values[row.count - 1] += left
      guard values.allSatisfy({ $0 >= 0 }) else { return nil }
      var rest = open
      var given: [Int: [Int: Int]] = [:]
      func give(_ task: Int, _ p: Int, _ hours: Int) {
        guard hours > 0 else { return }
        given[task, default: [:]][row[p].teacher, default: 0] += hours
        values[p] -= hours
        rest[task] -= hours
      }
      if pool.count > 1 {
        var at: [Int: Int] = [:]
        for (p, part) in row.enumerated() { at[part.teacher] = p }
        for i in pool {
          for share in holders[i] {
            guard let p = at[share.teacher], share.hours <= values[p] else { continue }
            give(i, p, min(share.hours, rest[i]))
          }
        }
      }
      var p = 0
      for i in pool {
        while rest[i] > 0, p < row.count {
          give(i, p, min(rest[i], values[p]))
          if values[p] == 0 { p += 1 }
        }
      }
      for i in pool {
        for (teacher, hours) in given[i] ?? [:] {
          result.append(Share(task: i, teacher: teacher, hours: hours))
        }
      }
    }
    return result.sorted { ($0.task, $0.teacher) < ($1.task, $1.teacher) }
  }
}

/// Rows that every linear model of the load has: a teacher's hours with their limits and costs,
/// and the ratios of a department.
enum LoadRows {
  /// How the spread of ratios counts.
  enum Imbalance: Sendable {
    /// At its weight.
    case exact
    /// At its weight, rounded to whole percent points.
    case rounded
    /// Without a price, up to so many percent points.
    case limited(Double)
  }

  /// The rows of a teacher's ratio.
  struct RatioRows: Sendable {
    var teacher: Int
    var high: LinearModel.Row
    var low: LinearModel.Row
  }

  /// Adds, for each of the teachers (all when nil), base + Σ hours within the ceiling, overload,
  /// underload, shortfall; and for each department the largest and the smallest ratio. The model
  /// counts in hours and in percent, so that its coefficients are of one size.
  ///
  /// The ratios of the other teachers of a department come in as bounds of the extremes. Where a
  /// teacher's hours are base + a multiple of a step, overload and underload cost at least what lies
  /// on the line through the two such numbers around the norm: the cost is convex, so the line is
  /// below it at every other multiple. With `inHundredths` each sum is a whole number of hundredths.
  @discardableResult
  static func add(
    to model: inout LinearModel, _ problem: LoadProblem, base: [Int],
    hours: [[LinearModel.Term]], teachers chosen: [Int]? = nil, steps: [Int]? = nil,
    imbalance: Imbalance = .exact, inHundredths: Bool = false
  ) -> [RatioRows] {
    let chosen = chosen ?? Array(problem.teachers.indices)
    var isChosen = [Bool](repeating: false, count: problem.teachers.count)
    for t in chosen { isChosen[t] = true }
    var total = [LinearModel.Variable?](repeating: nil, count: problem.teachers.count)
    for t in chosen {
      let limits = problem.teachers[t]
      let known = Double(base[t]) / 100
      let sum = model.addVariable(
        "hours_\(t)", lower: known, upper: max(known, Double(limits.ceiling) / 100))
      total[t] = sum
      if inHundredths {
        let count = model.addVariable(
          "hundredths_\(t)", lower: 0, upper: Double(max(base[t], limits.ceiling)),
          domain: .integer)
        model.addRow(
          lower: 0, upper: 0, [LinearModel.Term(100, sum), LinearModel.Term(-1, count)])
      }
      model.addRow(
        lower: -known, upper: -known, hours[t] + [LinearModel.Term(-1, sum)])
      let over = model.addVariable("over_\(t)", cost: problem.costs.overload * 100)
      let under = model.addVariable("under_\(t)", cost: problem.costs.underload * 100)
      model.addRow(
        lower: limits.norm / 100, upper: limits.norm / 100,
        [LinearModel.Term(1, sum), LinearModel.Term(-1, over), LinearModel.Term(1, under)])
      if let step = steps?[t], step > 0 {
        let below =
          base[t] + Int(((limits.norm - Double(base[t])) / Double(step)).rounded(.down)) * step
        let low = (limits.norm - Double(below)) * problem.costs.underload
        let high = (Double(below + step) - limits.norm) * problem.costs.overload
        let slope = (high - low) / Double(step)
        if below >= base[t], low > 1e-9 {
          model.addRow(
            lower: low - slope * Double(below),
            [
              LinearModel.Term(problem.costs.overload * 100, over),
              LinearModel.Term(problem.costs.underload * 100, under),
              LinearModel.Term(-slope * 100, sum),
            ])
        }
      }
      if limits.floor > 0 {
        let short = model.addVariable("short_\(t)", cost: problem.costs.shortfall * 100)
        model.addRow(
          lower: Double(limits.floor) / 100, [LinearModel.Term(1, sum), LinearModel.Term(1, short)])
      }
    }
    var rows: [RatioRows] = []
    guard problem.imbalance > 0 else { return rows }
    let weight = problem.imbalance / 100
    let price = if case .exact = imbalance { weight } else { 0.0 }
    var spread: [LinearModel.Term] = []
    for group in problem.departmentTeachers {
      let inside = group.filter { isChosen[$0] }
      guard group.count > 1, !inside.isEmpty else { continue }
      let outside = group.filter { !isChosen[$0] }.map {
        100 * Double(base[$0]) / problem.teachers[$0].norm
      }
      let high = model.addVariable(lower: outside.max() ?? 0, cost: price)
      let low = model.addVariable(lower: -1, upper: outside.min() ?? .infinity, cost: -price)
      spread += [LinearModel.Term(1, high), LinearModel.Term(-1, low)]
      // high ≥ low keeps the difference from running below 0 where nothing else ties them.
      model.addRow(lower: 0, [LinearModel.Term(1, high), LinearModel.Term(-1, low)])
      for t in inside {
        guard let sum = total[t] else { continue }
        let share = 10_000 / problem.teachers[t].norm
        let above = model.addRow(
          upper: 0, [LinearModel.Term(share, sum), LinearModel.Term(-1, high)])
        let below = model.addRow(
          lower: 0, [LinearModel.Term(share, sum), LinearModel.Term(-1, low)])
        rows.append(RatioRows(teacher: t, high: above, low: below))
      }
    }
    guard !spread.isEmpty else { return rows }
    switch imbalance {
    case .exact: break
    case .rounded:
      let points = model.addVariable("points", upper: 1e6, domain: .integer, cost: weight)
      model.addRow(upper: 0.5 - problem.roundingMargin, spread + [LinearModel.Term(-1, points)])
    case .limited(let most): model.addRow(upper: most, spread)
    }
    return rows
  }
}

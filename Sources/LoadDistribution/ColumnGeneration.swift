// SPDX-License-Identifier: GPL-3.0-or-later
internal import LinearModels

/// What column generation came to in one block.
struct ColumnResult: Sendable {
  /// A proved lower bound of the block's share of the objective.
  var bound: Double
  /// All columns, with the share of each in the last linear programme.
  var columns: [(column: LoadColumn, share: Double)]
  /// Whether the bound is the value of the linear programme itself.
  var isConverged: Bool
  /// The prices of the bound; nil where none was found.
  var prices: BlockPrices?
  /// A load for each teacher of the block, from a dive; empty where none was made.
  var loads: [LoadColumn] = []
}

/// The linear programme over whole loads of teachers: cover each group of tasks, vacancy at its
/// cost, one load a teacher.
///
/// Its bound is Lagrange's, exact for any prices, so that neither rounding nor an early end spoils
/// the proof: Σ prices × demand + Σ over teachers of the cheapest load at these prices.
/// Source: G. B. Dantzig, P. Wolfe (1960), DOI 10.1287/opre.8.1.101; smoothing of the prices:
/// P. Wentges (1997), DOI 10.1016/S0969-6016(97)00001-4.
struct ColumnGeneration: Sendable {
  let problem: LoadProblem
  let block: LoadBlock
  let pricings: [ColumnPricing]
  /// What a ratio of 1 costs in place of `imbalance`, by position, where no row stands for it.
  private let fairness: [Double]
  /// Positions of the teachers of each department whose extremes have rows.
  private let departments: [[Int]]
  /// Relative difference of value and bound at which to stop.
  var gap = 1e-4
  var rounds = 150

  /// Nil where a teacher's dynamic programme would be too large.
  ///
  /// `imbalance` is in the programme by fixed prices, or, with `hasExtremes`, by rows for the largest
  /// and the smallest ratio of each department that lies in the block as a whole.
  init?(_ problem: LoadProblem, _ block: LoadBlock, fairness: [Double], hasExtremes: Bool = false) {
    var positionOf: [Int: Int] = [:]
    for (position, t) in block.teachers.enumerated() { positionOf[t] = position }
    var fixed = block.teachers.map { fairness[$0] }
    var departments: [[Int]] = []
    for group in problem.departmentTeachers where hasExtremes && group.count > 1 {
      let inside = group.compactMap { positionOf[$0] }
      guard inside.count == group.count, problem.imbalance > 0 else { continue }
      departments.append(inside)
      for position in inside { fixed[position] = 0 }
    }
    self.departments = departments
    self.fairness = fixed
    self.problem = problem
    self.block = block
    var pricings: [ColumnPricing] = []
    for position in block.teachers.indices {
      guard
        let pricing = ColumnPricing(problem, block, position: position)
      else { return nil }
      pricings.append(pricing)
    }
    self.pricings = pricings
  }

  /// The load that each teacher has in a state.
  func columns(of state: LoadState) -> [LoadColumn] {
    struct Key: Hashable {
      var work: Int
      var hours: Int
    }
    var groupAt: [Key: Int] = [:]
    for (g, group) in block.groups.enumerated() {
      groupAt[Key(work: group.work, hours: group.hours)] = g
    }
    var poolAt: [Int: Int] = [:]
    for (p, pool) in block.pools.enumerated() { poolAt[pool.work] = p }
    return block.teachers.enumerated().map { position, t in
      var counts = [Int](repeating: 0, count: block.groups.count)
      var hours = [Double](repeating: 0, count: block.pools.count)
      for held in state.held[t] {
        let task = problem.tasks[Int(held)]
        guard task.fixed < 0 else { continue }
        if task.isClass {
          if let g = groupAt[Key(work: task.work, hours: task.hours)] { counts[g] += 1 }
        } else if let p = poolAt[task.work] {
          hours[p] += Double(task.hours)
        }
      }
      return column(position, counts, hours)
    }
  }

  private func column(_ position: Int, _ counts: [Int], _ hours: [Double]) -> LoadColumn {
    let groups = counts.indices.filter { counts[$0] > 0 }.map { (group: $0, count: counts[$0]) }
    let pools = hours.indices.filter { hours[$0] > 0 }.map { (pool: $0, hours: hours[$0]) }
    return pricings[position].load(groups: groups, pools: pools)
  }

  /// Solves the linear programme from given columns.
  ///
  /// With `isDiving` loads are then fixed a few at a time, those nearest to 1 first, and the others
  /// priced anew against what is left, until every teacher has one. With limits, loads keep them,
  /// and the work ends once the bound reaches the cutoff.
  func solve(
    from start: [LoadColumn], solver: any LinearSolver, stop: Stop, isDiving: Bool = false,
    limits: CountLimits? = nil, cutoff: Double = .infinity
  ) throws -> ColumnResult {
    let model = master()
    return try solver.withProgramme(model) { programme in
      var columns: [LoadColumn] = []
      var variables: [LinearModel.Variable] = []
      func add(_ column: LoadColumn) {
        variables.append(
          programme.addColumn(
            lower: 0, upper: .infinity, cost: cost(column), entries: entries(column)))
        columns.append(column)
      }
      for position in block.teachers.indices {
        if limits == nil {
          add(pricings[position].load(groups: [], pools: []))
        } else {
          // Dear, and no load at all: the bound does not know it.
          var nothing = LoadColumn(teacher: position, groups: [], pools: [], hours: 0, cost: 0)
          nothing.cost = 100 * problem.costs.shortfall * 100
          add(nothing)
        }
      }
      for column in start { add(column) }

      var bound = -Double.infinity
      var anchor: [Double] = []
      var values: [Double] = []
      var isConverged = false
      for round in 0..<rounds {
        if stop.isDue && round > 0 { break }
        let solution = programme.solve(timeLimit: stop.secondsLeft.map { max(0.05, $0) })
        guard solution.status == .optimal, solution.duals.count == model.rows.count,
          let value = solution.objective
        else { break }
        values = solution.values
        // Prices between the present ones and the best so far swing less.
        let weight = anchor.isEmpty ? 0 : 0.4
        var isNew = false
        for smoothed in weight > 0 ? [true, false] : [false] {
          let duals =
            smoothed
            ? zip(solution.duals, anchor).map { (1 - weight) * $0 + weight * $1 } : solution.duals
          let (found, lagrange) = price(
            duals, against: solution.duals, in: model, limits: limits)
          if lagrange > bound {
            bound = lagrange
            anchor = duals
          }
          for column in found { add(column) }
          isNew = !found.isEmpty
          if isNew { break }
        }
        if bound >= cutoff - 1e-6 { break }
        if !isNew || value - bound <= gap * max(1, abs(value)) {
          isConverged = true
          break
        }
      }
      let shares = zip(columns, variables).map { column, variable in
        (
          column: column,
          share: variable.index < values.count ? values[variable.index] : 0
        )
      }
      var result = ColumnResult(bound: bound, columns: shares, isConverged: isConverged)
      if !anchor.isEmpty { result.prices = prices(anchor) }
      if isDiving && isConverged {
        result.loads = dive(programme, model, shares, variables, stop)
      }
      return result
    }
  }

  /// Fixes loads until every teacher has one; empty where the time or the programme ran out.
  private func dive(
    _ programme: any LinearProgramme, _ model: LinearModel,
    _ start: [(column: LoadColumn, share: Double)], _ known: [LinearModel.Variable], _ stop: Stop
  ) -> [LoadColumn] {
    var columns = start.map(\.column)
    var shares = start.map(\.share)
    var variables = known
    var chosen = [Int?](repeating: nil, count: block.teachers.count)
    var groupsLeft = block.groups.map(\.count)
    var poolsLeft = block.pools.map { Double($0.hours) }
    let batch = max(1, block.teachers.count / 12)

    /// Whether a load takes no more than what is left.
    func fits(_ column: LoadColumn) -> Bool {
      column.groups.allSatisfy { $0.count <= groupsLeft[$0.group] }
        && column.pools.allSatisfy { $0.hours <= poolsLeft[$0.pool] + 1e-6 }
    }
    func fix(_ k: Int) {
      chosen[columns[k].teacher] = k
      programme.setBounds(variables[k], lower: 1, upper: 1)
      for item in columns[k].groups { groupsLeft[item.group] -= item.count }
      for item in columns[k].pools { poolsLeft[item.pool] -= item.hours }
    }

    while chosen.contains(nil) {
      if stop.isDue { return [] }
      let order = columns.indices.filter { chosen[columns[$0].teacher] == nil && shares[$0] > 1e-6 }
        .sorted { (-shares[$0], $0) < (-shares[$1], $1) }
      var fixed = 0
      for k in order where chosen[columns[k].teacher] == nil && fits(columns[k]) {
        guard fixed == 0 || (shares[k] > 0.98 && fixed < batch) else { break }
        fix(k)
        fixed += 1
      }
      if fixed == 0 {
        // Nothing of the last solution fits: the cheapest load of what is left for the first one.
        guard let position = chosen.firstIndex(where: { $0 == nil }) else { break }
        let none = BlockPrices(
          groups: block.groups.map { problem.costs.vacant * Double($0.hours) },
          pools: block.pools.map { _ in problem.costs.vacant }, fairness: fairness)
        let (column, _) = pricings[position].best(
          none, left: (groupsLeft, poolsLeft.map { Int($0) }))
        variables.append(
          programme.addColumn(
            lower: 0, upper: .infinity, cost: cost(column), entries: entries(column)))
        columns.append(column)
        fix(columns.count - 1)
      }
      // Loads that no longer fit are out.
      for k in columns.indices where chosen[columns[k].teacher] != k {
        if chosen[columns[k].teacher] != nil || !fits(columns[k]) {
          programme.setBounds(variables[k], lower: 0, upper: 0)
        }
      }
      guard chosen.contains(nil) else { break }
      for _ in 0..<12 {
        if stop.isDue { return [] }
        let solution = programme.solve(timeLimit: stop.secondsLeft.map { max(0.05, $0) })
        guard solution.status == .optimal, solution.duals.count == model.rows.count else { break }
        shares = variables.map { solution.values[$0.index] }
        let now = prices(solution.duals)
        var isNew = false
        for position in block.teachers.indices where chosen[position] == nil {
          let (column, _) = pricings[position].best(
            now, left: (groupsLeft, poolsLeft.map { Int($0) }))
          let reduced = entries(column).reduce(cost(column)) {
            $0 - solution.duals[$1.row.index] * $1.coefficient
          }
          guard reduced < -1e-6 else { continue }
          variables.append(
            programme.addColumn(
              lower: 0, upper: .infinity, cost: cost(column), entries: entries(column)))
          columns.append(column)
          shares.append(0)
          isNew = true
        }
        if !isNew { break }
      }
      if shares.count < columns.count {
        shares += [Double](repeating: 0, count: columns.count - shares.count)
      }
    }
    return chosen.compactMap { $0.map { columns[$0] } }
  }

  /// What the duals of the rows say of one task of a group and one hundredth of an hour of a pool.
  private func prices(_ duals: [Double]) -> BlockPrices {
    let firstPool = block.groups.count
    let firstForced = firstPool + block.pools.count
    return BlockPrices(
      groups: Array(duals[..<firstPool]), pools: duals[firstPool..<firstForced].map { $0 / 100 },
      fairness: fairness(duals))
  }

  /// What the bound must rise by where a teacher holds something of a work (`held`), or nothing of
  /// it (`dropped`): pairs that no better distribution can have, or can do without.
  func reducedCosts(
    _ prices: BlockPrices
  ) -> [(work: Int, teacher: Int, held: Double, dropped: Double)] {
    var result: [(work: Int, teacher: Int, held: Double, dropped: Double)] = []
    for (position, pricing) in pricings.enumerated() {
      let least = pricing.best(prices).value
      for work in pricing.openWorks {
        result.append(
          (
            work, block.teachers[position],
            pricing.leastValue(prices, work: work, isHeld: true) - least,
            pricing.leastValue(prices, work: work, isHeld: false) - least
          ))
      }
    }
    return result
  }

  // MARK: - Rows: groups, pools, forced vacancies, teachers

  private func master() -> LinearModel {
    var model = LinearModel(name: "loads")
    let vacant = problem.costs.vacant * 100
    let groups = block.groups.map {
      model.addVariable(upper: Double($0.count), cost: vacant * Double($0.hours) / 100)
    }
    let pools = block.pools.map { model.addVariable(upper: Double($0.hours) / 100, cost: vacant) }
    for (group, variable) in zip(block.groups, groups) {
      let count = Double(group.count)
      model.addRow(lower: count, upper: count, [LinearModel.Term(1, variable)])
    }
    for (pool, variable) in zip(block.pools, pools) {
      let hours = Double(pool.hours) / 100
      model.addRow(lower: hours, upper: hours, [LinearModel.Term(1, variable)])
    }
    for forced in block.forced {
      model.addRow(
        lower: Double(forced.hours) / 100,
        [LinearModel.Term(1, pools[forced.pool])]
          + forced.groups.map {
            LinearModel.Term(Double(block.groups[$0].hours) / 100, groups[$0])
          })
    }
    for _ in block.teachers { model.addRow(lower: 1, upper: 1, []) }
    // Extremes in percent: high ≥ 100 × ratio ≥ low.
    for department in departments {
      let high = model.addVariable(cost: problem.imbalance / 100)
      let low = model.addVariable(lower: -1, cost: -problem.imbalance / 100)
      model.addRow(lower: 0, [LinearModel.Term(1, high), LinearModel.Term(-1, low)])
      for _ in department {
        model.addRow(upper: 0, [LinearModel.Term(-1, high)])
        model.addRow(lower: 0, [LinearModel.Term(-1, low)])
      }
    }
    return model
  }

  /// The first row of each department with rows, after those of the teachers.
  private var firstExtreme: Int {
    block.groups.count + block.pools.count + block.forced.count + block.teachers.count
  }

  /// Cost of a load in the programme: with fixed prices for `imbalance`.
  private func cost(_ column: LoadColumn) -> Double {
    let norm = problem.teachers[block.teachers[column.teacher]].norm
    return column.cost + (norm > 0 ? fairness[column.teacher] * column.hours / norm : 0)
  }

  /// What a ratio costs at given duals.
  ///
  /// max r − min r ≥ Σ (αₜ − βₜ) rₜ for any α, β ≥ 0 that each sum to 1: duals are made such.
  private func fairness(_ duals: [Double]) -> [Double] {
    var result = fairness
    var row = firstExtreme
    for department in departments {
      let high = department.indices.map { max(0, -duals[row + 1 + 2 * $0]) }
      let low = department.indices.map { max(0, duals[row + 2 + 2 * $0]) }
      let above = high.reduce(0, +)
      let below = low.reduce(0, +)
      if above > 1e-9 && below > 1e-9 {
        for (k, position) in department.enumerated() {
          result[position] = problem.imbalance * (high[k] / above - low[k] / below)
        }
      }
      row += 1 + 2 * department.count
    }
    return result
  }

  private func entries(
    _ column: LoadColumn
  ) -> [(row: LinearModel.Row, coefficient: Double)] {
    var result: [(row: LinearModel.Row, coefficient: Double)] = column.groups.map {
      (LinearModel.Row(index: $0.group), Double($0.count))
    }
    let firstPool = block.groups.count
    result += column.pools.map {
      (LinearModel.Row(index: firstPool + $0.pool), $0.hours / 100)
    }
    let firstTeacher = firstPool + block.pools.count + block.forced.count
    result.append((LinearModel.Row(index: firstTeacher + column.teacher), 1))
    var row = firstExtreme
    for department in departments {
      if let k = department.firstIndex(of: column.teacher) {
        let ratio = 100 * column.hours / problem.teachers[block.teachers[column.teacher]].norm
        result.append((LinearModel.Row(index: row + 1 + 2 * k), ratio))
        result.append((LinearModel.Row(index: row + 2 + 2 * k), ratio))
      }
      row += 1 + 2 * department.count
    }
    return result
  }

  /// The cheapest load of each teacher at given prices, those that improve the programme at its own
  /// duals, and Lagrange's bound of the prices.
  private func price(
    _ duals: [Double], against own: [Double], in model: LinearModel, limits: CountLimits?
  ) -> (columns: [LoadColumn], bound: Double) {
    let firstPool = block.groups.count
    let firstForced = firstPool + block.pools.count
    let firstTeacher = firstForced + block.forced.count
    let prices = prices(duals)
    var bound = 0.0
    var used = duals
    // A price of the wrong sign proves nothing: it counts as none.
    for f in firstForced..<firstTeacher { used[f] = max(0, duals[f]) }
    for row in 0..<firstTeacher { bound += used[row] * model.rows[row].lower }
    var reduced = model.columns.map(\.cost)
    for row in 0..<firstTeacher {
      for term in model.rows[row].terms {
        reduced[term.variable.index] -= used[row] * term.coefficient
      }
    }
    // The extremes are priced by their duals, made such that their own costs cancel.
    for (column, cost) in zip(model.columns, reduced) where column.upper.isFinite {
      bound += min(0, cost) * column.upper
    }

    var columns: [LoadColumn] = []
    for pricing in pricings {
      let (column, value) = pricing.best(prices, limits: limits)
      bound += value
      guard value < .infinity else { continue }
      let cost = entries(column).reduce(cost(column)) { $0 - own[$1.row.index] * $1.coefficient }
      if cost < -1e-6 { columns.append(column) }
    }
    return (columns, bound)
  }
}

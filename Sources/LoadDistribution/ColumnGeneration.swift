// SPDX-License-Identifier: GPL-3.0-or-later
internal import Dispatch
internal import LinearModels
internal import Synchronization

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
  let fairness: [Double]
  /// Positions of the teachers of each department whose extremes have rows.
  let departments: [[Int]]
  /// For each of these, the ratios of its teachers outside the block, in percent.
  let outside: [[Double]]
  /// Whether `imbalance` costs what the contract's rounding makes of it: the sum over the
  /// departments, rounded to a whole number of percent points.
  ///
  /// A whole variable κ ≥ Σ (high − low) − ½ then bears the weight in place of the extremes.
  let roundsImbalance: Bool
  /// By how many points a spread may lie above the number that it is rounded to.
  let roundingRoom: Double
  /// Relative difference of value and bound at which to stop.
  var gap = 1e-4
  var rounds = 150
  /// Of the pricing in a large block.
  var threads = 1

  /// Nil where a teacher's dynamic programme would be too large.
  ///
  /// `imbalance` is in the programme by fixed prices, or, with `hasExtremes`, by rows for the largest
  /// and the smallest ratio of each department that lies in the block as a whole; with the hours of
  /// all teachers given, of each department of which the block has a teacher. With
  /// `roundsImbalance`, for a block of all teachers with rows, it is rounded as the contract says.
  init?(
    _ problem: LoadProblem, _ block: LoadBlock, fairness: [Double], hasExtremes: Bool = false,
    roundsImbalance: Bool = false, hours: [Int]? = nil
  ) {
    var positionOf: [Int: Int] = [:]
    for (position, t) in block.teachers.enumerated() { positionOf[t] = position }
    var fixed = block.teachers.map { fairness[$0] }
    var departments: [[Int]] = []
    var outside: [[Double]] = []
    for group in problem.departmentTeachers where hasExtremes && group.count > 1 {
      let inside = group.compactMap { positionOf[$0] }
      guard !inside.isEmpty, inside.count == group.count || hours != nil, problem.imbalance > 0
      else { continue }
      departments.append(inside)
      outside.append(
        group.filter { positionOf[$0] == nil }.map {
          100 * Double(hours?[$0] ?? 0) / problem.teachers[$0].norm
        })
      for position in inside { fixed[position] = 0 }
    }
    self.outside = outside
    self.departments = departments
    self.roundsImbalance = roundsImbalance && hours == nil && !departments.isEmpty
    roundingRoom = roundsImbalance ? 0.5 - problem.roundingMargin : 0
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
  func columns(of state: LoadState) -> [LoadColumn] { columns(of: NormShares.whole(state)) }

  /// The load that each teacher has by given shares.
  func columns(of shares: [Share]) -> [LoadColumn] {
    var groupAt: [LoadBlock.Key: Int] = [:]
    for (g, group) in block.groups.enumerated() {
      groupAt[LoadBlock.Key(work: group.work, hours: group.hours)] = g
    }
    var poolAt: [Int: Int] = [:]
    for (p, pool) in block.pools.enumerated() { poolAt[pool.work] = p }
    var positionOf: [Int: Int] = [:]
    for (position, t) in block.teachers.enumerated() { positionOf[t] = position }
    var counts = block.teachers.map { _ in [Int](repeating: 0, count: block.groups.count) }
    var hours = block.teachers.map { _ in [Double](repeating: 0, count: block.pools.count) }
    for share in shares {
      let task = problem.tasks[share.task]
      guard task.fixed < 0, let position = positionOf[share.teacher] else { continue }
      if task.isClass {
        if let g = groupAt[LoadBlock.Key(work: task.work, hours: task.hours)] {
          counts[position][g] += 1
        }
      } else if let p = poolAt[task.work] {
        hours[position][p] += Double(share.hours)
      }
    }
    return block.teachers.indices.map { column($0, counts[$0], hours[$0]) }
  }

  /// What loads, one a teacher, cost with what they leave vacant and the spread of each department
  /// that has rows.
  func value(of loads: [LoadColumn]) -> Double {
    var value = loads.reduce(0) { $0 + cost($1) }
    var left = block.groups.map(\.count)
    var hoursLeft = block.pools.map { Double($0.hours) }
    for load in loads {
      for item in load.groups { left[item.group] -= item.count }
      for item in load.pools { hoursLeft[item.pool] -= item.hours }
    }
    for (group, count) in zip(block.groups, left) {
      value += problem.costs.vacant * Double(group.hours * count)
    }
    value += hoursLeft.reduce(0, +) * problem.costs.vacant
    let spread = spread(of: loads)
    return value + problem.imbalance / 100 * (roundsImbalance ? spread.rounded() : spread)
  }

  /// Σ over departments with rows of the spread of the ratios, in percent points.
  func spread(of loads: [LoadColumn]) -> Double {
    var spread = 0.0
    for (d, department) in departments.enumerated() {
      let ratios =
        outside[d]
        + department.map { 100 * loads[$0].hours / problem.teachers[block.teachers[$0]].norm }
      spread += (ratios.max() ?? 0) - (ratios.min() ?? 0)
    }
    return spread
  }

  private func column(_ position: Int, _ counts: [Int], _ hours: [Double]) -> LoadColumn {
    let groups = counts.indices.filter { counts[$0] > 0 }.map { (group: $0, count: counts[$0]) }
    let pools = hours.indices.filter { hours[$0] > 0 }.map { (pool: $0, hours: hours[$0]) }
    return pricings[position].load(groups: groups, pools: pools)
  }

  /// Solves the linear programme from given columns.
  ///
  /// With `isDiving` loads are then fixed a few at a time, those nearest to 1 first, and the others
  /// priced anew against what is left, until every teacher has one.
  ///
  /// Prices known before hold back those of the first rounds, which swing widely.
  func solve(
    from start: [LoadColumn], after ascent: PriceAscent? = nil, solver: any LinearSolver,
    stop: Stop, isDiving: Bool = false
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
        add(pricings[position].load(groups: [], pools: []))
      }
      for column in start + (ascent?.columns ?? []) { add(column) }

      var bound = ascent?.bound ?? -Double.infinity
      var anchor = ascent?.duals ?? []
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
        let weights = anchor.isEmpty ? [0] : ascent == nil ? [0.4, 0] : [0.85, 0.4, 0]
        var isNew = false
        for weight in weights {
          let duals =
            weight > 0
            ? zip(solution.duals, anchor).map { (1 - weight) * $0 + weight * $1 } : solution.duals
          let (found, lagrange) = price(duals, against: solution.duals, in: model)
          if lagrange > bound {
            bound = lagrange
            anchor = duals
          }
          for column in found { add(column) }
          isNew = !found.isEmpty
          if isNew { break }
        }
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
  func prices(_ duals: [Double]) -> BlockPrices {
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

  func master() -> LinearModel {
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
    let weight = problem.imbalance / 100
    var spread: [LinearModel.Term] = []
    for (d, department) in departments.enumerated() {
      let range = ratios(d)
      let high = model.addVariable(
        lower: range.high.lowerBound, upper: range.high.upperBound,
        cost: roundsImbalance ? 0 : weight)
      let low = model.addVariable(
        lower: range.low.lowerBound, upper: range.low.upperBound,
        cost: roundsImbalance ? 0 : -weight)
      for _ in department {
        model.addRow(upper: 0, [LinearModel.Term(-1, high)])
        model.addRow(lower: 0, [LinearModel.Term(-1, low)])
      }
      spread += [LinearModel.Term(1, high), LinearModel.Term(-1, low)]
    }
    if roundsImbalance {
      let range = roundedRange
      let points = model.addVariable(
        lower: range.lowerBound, upper: range.upperBound, cost: weight)
      model.addRow(upper: roundingRoom, spread + [LinearModel.Term(-1, points)])
    }
    return model
  }

  /// The first row of each department with rows, after those of the teachers.
  var firstExtreme: Int {
    block.groups.count + block.pools.count + block.forced.count + block.teachers.count
  }

  /// Cost of a load in the programme: with fixed prices for `imbalance`.
  func cost(_ column: LoadColumn) -> Double {
    let norm = problem.teachers[block.teachers[column.teacher]].norm
    return column.cost + (norm > 0 ? fairness[column.teacher] * column.hours / norm : 0)
  }

  /// Where the largest and the smallest ratio of a department can be, in percent.
  func ratios(_ department: Int) -> (high: ClosedRange<Double>, low: ClosedRange<Double>) {
    let inside = departments[department].map {
      let limits = problem.teachers[block.teachers[$0]]
      return 100 * Double(max(limits.ceiling, pricings[$0].fixedHours)) / limits.norm
    }
    let most = max(1, inside.max() ?? 1, outside[department].max() ?? 1)
    return (
      (outside[department].max() ?? 0)...most, 0...(outside[department].min() ?? most)
    )
  }

  /// The variables of the largest and the smallest ratio of a department.
  func extremes(_ department: Int) -> (high: LinearModel.Variable, low: LinearModel.Variable) {
    let first = block.groups.count + block.pools.count + 2 * department
    return (LinearModel.Variable(index: first), LinearModel.Variable(index: first + 1))
  }

  /// Whole percent points that `imbalance` can be rounded to.
  var roundedRange: ClosedRange<Double> {
    0...departments.indices.reduce(1) { $0 + ratios($1).high.upperBound.rounded(.up) }
  }

  /// The variable of the rounded `imbalance`.
  var points: LinearModel.Variable {
    LinearModel.Variable(index: block.groups.count + block.pools.count + 2 * departments.count)
  }

  /// What a percent point between the extremes costs at given duals.
  private func spreadPrice(_ duals: [Double]) -> Double {
    guard roundsImbalance else { return problem.imbalance / 100 }
    return max(0, -duals[firstExtreme + 2 * departments.reduce(0) { $0 + $1.count }])
  }

  /// What the duals of a department's rows say, made such that each side adds up to no more than the
  /// price w of the spread: Σ αₜ ≤ w, Σ βₜ ≤ w with max r ≥ rₜ at αₜ and rₜ ≥ min r at βₜ.
  private func sides(_ duals: [Double], _ department: Int) -> (high: [Double], low: [Double]) {
    var row = firstExtreme
    for k in 0..<department { row += 2 * departments[k].count }
    let count = departments[department].count
    let weight = spreadPrice(duals)
    func scaled(_ side: [Double]) -> [Double] {
      let sum = side.reduce(0, +)
      return sum > weight ? side.map { $0 * weight / sum } : side
    }
    return (
      scaled((0..<count).map { max(0, -duals[row + 2 * $0]) }),
      scaled((0..<count).map { max(0, duals[row + 2 * $0 + 1]) })
    )
  }

  /// What a ratio costs at given duals.
  private func fairness(_ duals: [Double]) -> [Double] {
    var result = fairness
    for (d, department) in departments.enumerated() {
      let (high, low) = sides(duals, d)
      for (k, position) in department.enumerated() { result[position] = 100 * (high[k] - low[k]) }
    }
    return result
  }

  func entries(
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
        result.append((LinearModel.Row(index: row + 2 * k), ratio))
        result.append((LinearModel.Row(index: row + 2 * k + 1), ratio))
      }
      row += 2 * department.count
    }
    return result
  }

  /// Entries of no load at all in place of a teacher's, which keeps every limit of the extremes.
  func entriesOfNothing(
    _ position: Int
  ) -> [(row: LinearModel.Row, coefficient: Double)] {
    let firstTeacher = block.groups.count + block.pools.count + block.forced.count
    var result = [(row: LinearModel.Row(index: firstTeacher + position), coefficient: 1.0)]
    var row = firstExtreme
    for (d, department) in departments.enumerated() {
      if let k = department.firstIndex(of: position) {
        result.append((LinearModel.Row(index: row + 2 * k + 1), ratios(d).high.upperBound))
      }
      row += 2 * department.count
    }
    return result
  }

  /// The cheapest load of each teacher at given prices, those that improve the programme at its own
  /// duals, and Lagrange's bound of the prices; with limits, of loads that keep them.
  func price(
    _ duals: [Double], against own: [Double], in model: LinearModel, limits: LoadLimits? = nil
  ) -> (columns: [LoadColumn], bound: Double) {
    let prices = prices(duals)
    var bound = constant(duals, in: model, limits: limits)
    var columns: [LoadColumn] = []
    for (column, value) in cheapest(prices, limits: limits) {
      bound += value
      guard value < .infinity else { continue }
      let cost = entries(column).reduce(cost(column)) { $0 - own[$1.row.index] * $1.coefficient }
      if cost < -1e-6 { columns.append(column) }
    }
    return (columns, bound)
  }

  /// The cheapest load of each teacher at given prices with its value.
  func cheapest(
    _ prices: BlockPrices, limits: LoadLimits? = nil
  ) -> [(column: LoadColumn, value: Double)] {
    // A block of this many teachers is worth waking the other threads for.
    guard threads > 1, pricings.count >= 40 else {
      return pricings.map { $0.best(prices, limits: limits) }
    }
    let parts = Mutex<[Int: [(column: LoadColumn, value: Double)]]>([:])
    DispatchQueue.concurrentPerform(iterations: threads) { k in
      let range = (pricings.count * k / threads)..<(pricings.count * (k + 1) / threads)
      let found = pricings[range].map { $0.best(prices, limits: limits) }
      parts.withLock { $0[k] = found }
    }
    return parts.withLock { all in (0..<threads).flatMap { all[$0] ?? [] } }
  }

  /// Lagrange's bound without the loads: what the duals say of demand, vacancies and extremes.
  func constant(_ duals: [Double], in model: LinearModel, limits: LoadLimits? = nil) -> Double {
    let firstForced = block.groups.count + block.pools.count
    let firstTeacher = firstForced + block.forced.count
    var bound = 0.0
    for row in 0..<firstTeacher {
      // A price of the wrong sign proves nothing: it counts as none.
      bound += (row < firstForced ? duals[row] : max(0, duals[row])) * model.rows[row].lower
    }
    let reduced = vacancies(duals, in: model)
    for index in 0..<firstForced { bound += min(0, reduced[index]) * model.columns[index].upper }
    let weight = spreadPrice(duals)
    if roundsImbalance {
      // w (Σ (high − low) − κ − ½ + margin) is no more than 0.
      let range = limits?.rounded ?? roundedRange
      let slope = problem.imbalance / 100 - weight
      bound += slope * (slope >= 0 ? range.lowerBound : range.upperBound)
      bound -= weight * roundingRoom
    }
    // An extreme that no teacher's ratio pays for in full rests at its bound.
    for d in departments.indices {
      let (high, low) = sides(duals, d)
      let (top, bottom) = extremes(d)
      let least = limits?.high[d].lowerBound ?? model.columns[top.index].lower
      let most = limits?.low[d].upperBound ?? model.columns[bottom.index].upper
      bound += (weight - high.reduce(0, +)) * least
      bound -= (weight - low.reduce(0, +)) * most
    }
    return bound
  }

  /// What leaving one task of a group, or an hour of a pool, vacant costs at given duals.
  func vacancies(_ duals: [Double], in model: LinearModel) -> [Double] {
    let firstForced = block.groups.count + block.pools.count
    var reduced = model.columns.map(\.cost)
    for row in 0..<(firstForced + block.forced.count) {
      let price = row < firstForced ? duals[row] : max(0, duals[row])
      for term in model.rows[row].terms {
        reduced[term.variable.index] -= price * term.coefficient
      }
    }
    return reduced
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
internal import LinearModels

/// What an ascent over prices came to.
struct PriceAscent: Sendable {
  /// Duals by row of the programme, those of the teachers' rows 0.
  var duals: [Double]
  /// Lagrange's bound at these duals.
  var bound: Double
  /// Loads that were cheapest at some prices near the end, the cheapest at the last ones first.
  var columns: [LoadColumn]
}

extension ColumnGeneration {
  /// Raises Lagrange's bound step by step along averaged subgradients, without a linear programme.
  ///
  /// Pricing hundreds of teachers takes milliseconds, while the programme over their loads, hardly
  /// any of them good at first, is degenerate and takes seconds: good prices come first, then the
  /// programme starts from the loads that they found. The step is Polyak's towards `upper`, which
  /// is a cost that some distribution has. Source: F. Barahona, R. Anbil, "The volume algorithm",
  /// Mathematical Programming 87 (2000), DOI 10.1007/s101070050002.
  func ascend(
    from start: [Double], upper: Double, steps: Int, stop: Stop
  ) -> PriceAscent {
    let model = master()
    let scales = scales()
    var best = evaluate(start, in: model)
    var centre = start
    var average = slopes(best.loads, start, in: model)
    var theta = 0.5
    var failures = 0
    /// Cheapest loads of the last rounds, by teacher.
    var kept: [[LoadColumn]] = best.loads.map { [$0] }
    for _ in 0..<steps {
      if stop.isDue || best.bound >= upper - 1e-6 * max(1, abs(upper)) || theta < 1e-5 { break }
      let norm = zip(average, scales).reduce(0) { $0 + $1.0 * $1.0 * $1.1 * $1.1 }
      guard norm > 1e-12 else { break }
      let step = theta * (upper - best.bound) / norm
      var point = centre
      for row in point.indices { point[row] += step * scales[row] * scales[row] * average[row] }
      project(&point)
      let found = evaluate(point, in: model)
      let slope = slopes(found.loads, point, in: model)
      for (position, load) in found.loads.enumerated()
      where !kept[position].suffix(12).contains(where: { isSame($0, load) }) {
        kept[position].append(load)
        if kept[position].count > 24 { kept[position].removeFirst() }
      }
      let agreement = zip(slope, average).reduce(0) { $0 + $1.0 * $1.1 }
      for row in average.indices { average[row] += 0.1 * (slope[row] - average[row]) }
      if found.bound > best.bound {
        best = found
        centre = point
        failures = 0
        if agreement > 0 { theta = min(1.5, theta * 1.1) }
      } else {
        failures += 1
        if failures == 12 {
          theta *= 0.66
          failures = 0
        }
      }
    }
    let prices = prices(centre)
    let columns = kept.enumerated().flatMap { position, loads in
      loads.map { (load: $0, reduced: reduced($0, prices)) }
        .sorted { $0.reduced < $1.reduced }.prefix(8).map(\.load)
    }
    return PriceAscent(duals: centre, bound: best.bound, columns: columns)
  }

  /// The duals that prices of works and of ratios come to.
  func duals(_ prices: FairnessPrices) -> [Double] {
    func hour(_ work: Int) -> Double { min(problem.costs.vacant, prices.works[work]) }
    var duals = block.groups.map { hour($0.work) * Double($0.hours) }
    duals += block.pools.map { hour($0.work) * 100 }
    duals += [Double](repeating: 0, count: block.forced.count + block.teachers.count)
    for department in departments {
      for position in department {
        let t = block.teachers[position]
        duals.append(-prices.high[t] / 100)
        duals.append(prices.low[t] / 100)
      }
    }
    return duals
  }

  private func isSame(_ a: LoadColumn, _ b: LoadColumn) -> Bool {
    a.hours == b.hours && a.groups.elementsEqual(b.groups) { $0 == $1 }
      && a.pools.elementsEqual(b.pools) { $0 == $1 }
  }

  /// How far a dual moves for the same slope: prices by the hours that they pay, extremes by weight.
  private func scales() -> [Double] {
    let hour = max(problem.costs.underload, problem.costs.overload, 1e-6)
    var scales = block.groups.map { hour * Double($0.hours) }
    scales += block.pools.map { _ in hour * 100 }
    scales += block.forced.map { _ in hour * 100 }
    scales += block.teachers.map { _ in 0 }
    for department in departments {
      let scale = problem.imbalance / 100 / Double(department.count).squareRoot()
      scales += [Double](repeating: scale, count: 2 * department.count)
    }
    return scales
  }

  /// Prices no vacancy would undercut, and extremes within their weight.
  private func project(_ duals: inout [Double]) {
    for (g, group) in block.groups.enumerated() {
      duals[g] = min(duals[g], problem.costs.vacant * Double(group.hours))
    }
    let firstForced = block.groups.count + block.pools.count
    for p in block.groups.count..<firstForced {
      duals[p] = min(duals[p], problem.costs.vacant * 100)
    }
    for f in 0..<block.forced.count { duals[firstForced + f] = max(0, duals[firstForced + f]) }
    var row = firstExtreme
    let weight = problem.imbalance / 100
    for department in departments {
      let count = department.count
      let high = Self.capped((0..<count).map { -duals[row + 2 * $0] }, weight)
      let low = Self.capped((0..<count).map { duals[row + 2 * $0 + 1] }, weight)
      for k in 0..<count {
        duals[row + 2 * k] = -high[k]
        duals[row + 2 * k + 1] = low[k]
      }
      row += 2 * count
    }
  }

  /// The nearest point with no negative coordinate and a sum of at most the given one.
  static func capped(_ point: [Double], _ sum: Double) -> [Double] {
    let positive = point.map { max(0, $0) }
    guard positive.reduce(0, +) > sum else { return positive }
    var total = 0.0
    var shift = 0.0
    for (k, value) in point.sorted(by: >).enumerated() {
      total += value
      let next = (total - sum) / Double(k + 1)
      if value <= next { break }
      shift = next
    }
    return point.map { max(0, $0 - shift) }
  }

  /// What a load costs at given prices.
  private func reduced(_ load: LoadColumn, _ prices: BlockPrices) -> Double {
    let norm = problem.teachers[block.teachers[load.teacher]].norm
    var value = load.cost + (norm > 0 ? prices.fairness[load.teacher] * load.hours / norm : 0)
    for item in load.groups { value -= prices.groups[item.group] * Double(item.count) }
    for item in load.pools { value -= prices.pools[item.pool] * item.hours }
    return value
  }

  /// By how much the bound rises with each dual: what the cheapest loads leave uncovered.
  private func slopes(_ loads: [LoadColumn], _ duals: [Double], in model: LinearModel) -> [Double] {
    var slopes = model.rows.map { $0.lower > -.infinity ? $0.lower : 0 }
    let firstTeacher = firstExtreme - block.teachers.count
    let firstForced = firstTeacher - block.forced.count
    let reduced = vacancies(duals, in: model)
    for index in 0..<firstForced where reduced[index] < 0 {
      // The variable of a row's vacancies has the row's own number.
      let upper = model.columns[index].upper
      slopes[index] -= upper
      for f in 0..<block.forced.count {
        for term in model.rows[firstForced + f].terms where term.variable.index == index {
          slopes[firstForced + f] -= term.coefficient * upper
        }
      }
    }
    for load in loads {
      for item in load.groups { slopes[item.group] -= Double(item.count) }
      for item in load.pools { slopes[block.groups.count + item.pool] -= item.hours / 100 }
    }
    for row in firstTeacher..<firstExtreme { slopes[row] = 0 }
    var row = firstExtreme
    for (d, department) in departments.enumerated() {
      let (top, bottom) = extremes(d)
      for position in department {
        let ratio = 100 * loads[position].hours / problem.teachers[block.teachers[position]].norm
        // The dual of the row of the largest ratio is never positive.
        slopes[row] = model.columns[top.index].lower - ratio
        slopes[row + 1] = model.columns[bottom.index].upper - ratio
        row += 2
      }
    }
    return slopes
  }

  /// The cheapest load of each teacher at given duals, and Lagrange's bound.
  private func evaluate(
    _ duals: [Double], in model: LinearModel
  ) -> (loads: [LoadColumn], bound: Double) {
    let prices = prices(duals)
    let found = cheapest(prices)
    return (found.map(\.column), constant(duals, in: model) + found.reduce(0) { $0 + $1.value })
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later

/// Prices of what a block's teachers may take.
struct BlockPrices: Sendable {
  /// Of one task of each group.
  var groups: [Double]
  /// Of one hundredth of an hour of each pool.
  var pools: [Double]
  /// What a ratio of 1 of hours to norm costs in place of `imbalance`, by position in the block.
  var fairness: [Double]
}

/// A teacher's whole load.
struct LoadColumn: Sendable {
  /// Position of the teacher in the block.
  var teacher: Int
  /// Tasks of each group, none left out.
  var groups: [(group: Int, count: Int)]
  /// Hundredths of an hour of each pool.
  var pools: [(pool: Int, hours: Double)]
  /// Hundredths of an hour in all, with the fixed tasks.
  var hours: Double
  /// Without `imbalance`.
  var cost: Double
}

/// Finds the load of one teacher that is cheapest at given prices: an exact dynamic programme over
/// class hours in units of their greatest common divisor, with the preparation charged at the first
/// task of a work; and for each sum of class hours the best hours of norms.csv, which is a convex
/// problem of one variable.
struct ColumnPricing: Sendable {
  private let problem: LoadProblem
  private let block: LoadBlock
  /// Position in the block.
  private let position: Int
  let teacher: Int
  let fixedHours: Int
  /// What the fixed tasks cost whatever else the teacher takes.
  private let fixedCost: Double
  /// Works of the fixed tasks: their preparation is paid.
  private let isPrepared: Set<Int>
  private let unit: Int
  private let states: Int
  /// Groups that the teacher may take, those of one work together: cost of one task.
  private let choices: [(group: Int, cost: Double, units: Int, count: Int)]
  /// Ranges of ``choices`` by work, with the cost of the preparation.
  private let works: [(range: Range<Int>, preparation: Double)]
  private let pools: [Int]

  /// Nil where the table of the dynamic programme would have more than the given number of states.
  init?(
    _ problem: LoadProblem, _ block: LoadBlock, position: Int, mostStates: Int = 6000
  ) {
    self.problem = problem
    self.block = block
    self.position = position
    let teacher = block.teachers[position]
    self.teacher = teacher

    var fixedHours = 0
    var fixedCost = 0.0
    var prepared: Set<Int> = []
    for task in problem.tasks where task.fixed == teacher {
      fixedHours += task.hours
      guard task.isClass else { continue }
      fixedCost += problem.pairCost[problem.pair(task.work, teacher)] * Double(task.hours)
      if prepared.insert(task.work).inserted { fixedCost += problem.preparation }
    }
    self.fixedHours = fixedHours
    self.fixedCost = fixedCost
    isPrepared = prepared

    let room = problem.teachers[teacher].ceiling - fixedHours
    var choices: [(group: Int, cost: Double, units: Int, count: Int)] = []
    var works: [(range: Range<Int>, preparation: Double)] = []
    let able = block.groups.indices.filter {
      problem.pair(block.groups[$0].work, teacher) >= 0 && block.groups[$0].hours <= room
    }.sorted { (block.groups[$0].work, $0) < (block.groups[$1].work, $1) }
    let unit = able.reduce(0) { Self.divisor($0, block.groups[$1].hours) }
    self.unit = max(1, unit)
    // More than all there is to take nobody can have, whatever the ceiling.
    let most = able.reduce(0) { $0 + block.groups[$1].hours * block.groups[$1].count }
    states = unit > 0 ? min(room, most) / unit + 1 : 1
    guard states <= mostStates else { return nil }
    var start = 0
    for (k, g) in able.enumerated() {
      let group = block.groups[g]
      choices.append(
        (
          g, problem.pairCost[problem.pair(group.work, teacher)] * Double(group.hours),
          group.hours / self.unit, group.count
        ))
      let isLast = k + 1 == able.count || block.groups[able[k + 1]].work != group.work
      if isLast {
        works.append(
          (start..<(k + 1), prepared.contains(group.work) ? 0 : problem.preparation))
        start = k + 1
      }
    }
    self.choices = choices
    self.works = works
    pools = block.pools.indices.filter { problem.pair(block.pools[$0].work, teacher) >= 0 }
  }

  private static func divisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }

  /// Cost of so many hundredths of an hour, with what each of them costs in place of `imbalance`.
  private func hourCost(_ hours: Double, _ fairness: Double = 0) -> Double {
    let limits = problem.teachers[teacher]
    let over = hours - limits.norm
    var cost = over > 0 ? over * problem.costs.overload : -over * problem.costs.underload
    let short = Double(limits.floor) - hours
    if short > 0 { cost += short * problem.costs.shortfall }
    return cost + fairness * hours
  }

  /// What stands for `imbalance` in a hundredth of an hour.
  private func fairness(_ prices: BlockPrices) -> Double {
    let norm = problem.teachers[teacher].norm
    return norm > 0 ? prices.fairness[position] / norm : 0
  }

  /// A load with its cost.
  func load(
    groups: [(group: Int, count: Int)], pools: [(pool: Int, hours: Double)]
  ) -> LoadColumn {
    var cost = fixedCost
    var hours = Double(fixedHours)
    var prepared: Set<Int> = []
    for (group, count) in groups where count > 0 {
      let data = block.groups[group]
      hours += Double(data.hours * count)
      cost +=
        problem.pairCost[problem.pair(data.work, teacher)] * Double(data.hours * count)
      if !isPrepared.contains(data.work), prepared.insert(data.work).inserted {
        cost += problem.preparation
      }
    }
    for pool in pools { hours += pool.hours }
    return LoadColumn(
      teacher: position, groups: groups, pools: pools, hours: hours, cost: cost + hourCost(hours))
  }

  /// The least cost minus prices of a load that holds nothing of a work, or something of it.
  ///
  /// With the bound of these prices it says by how much the objective must rise when the teacher
  /// gives up the work, or takes it.
  func leastValue(_ prices: BlockPrices, work: Int, isHeld: Bool) -> Double {
    var value = [Double](repeating: .infinity, count: states)
    value[0] = 0
    for item in works {
      let isTheOne = block.groups[choices[item.range.lowerBound].group].work == work
      if isTheOne && !isHeld { continue }
      // Without and with a task of this work so far.
      let none = value.map { $0 + item.preparation }
      var some = [Double](repeating: .infinity, count: states)
      for c in item.range {
        let choice = choices[c]
        let price = choice.cost - prices.groups[choice.group]
        let most = min(choice.count, (states - 1) / max(1, choice.units))
        var next = some
        for s in 0..<states {
          let base = min(none[s], some[s])
          guard base < .infinity else { continue }
          var k = 1
          var at = s + choice.units
          var candidate = base + price
          while k <= most && at < states {
            if candidate < next[at] { next[at] = candidate }
            k += 1
            at += choice.units
            candidate += price
          }
        }
        some = next
      }
      if isTheOne {
        value = some
      } else {
        for s in 0..<states where some[s] < value[s] { value[s] = some[s] }
      }
    }
    let ordered = pools.sorted { (prices.pools[$1], $0) < (prices.pools[$0], $1) }
    var least = Double.infinity
    for s in 0..<states where value[s] < .infinity {
      least = min(
        least,
        value[s] + tail(fixedHours + s * unit, ordered, prices, block.pools.map(\.hours)).value)
    }
    return least + fixedCost
  }

  /// Groups of which the teacher may take something.
  var groups: [Int] { choices.map(\.group) }

  /// Free works of which the teacher may hold something, apart from those prepared anyway.
  var openWorks: [Int] {
    works.compactMap { item in
      let work = block.groups[choices[item.range.lowerBound].group].work
      return isPrepared.contains(work) ? nil : work
    }
  }

  /// The tables of the dynamic programme: the least value by sum of class hours, and the way there.
  private struct Tables {
    var value: [Double]
    /// By position in ``choices``, then by state: how many tasks were taken.
    var counts: [[Int16]]
    /// By work, then by state: whether anything of it was taken.
    var isUsed: [[Bool]]
  }

  private func tables(
    _ prices: BlockPrices, groupsLeft: [Int]? = nil, limits: LoadLimits? = nil
  ) -> Tables {
    let least = limits?.least[position]
    let mostByGroup = limits?.most[position] ?? groupsLeft
    var value = [Double](repeating: .infinity, count: states)
    value[0] = 0
    var counts = [[Int16]](repeating: [], count: choices.count)
    var isUsed: [[Bool]] = []
    for work in works {
      var used = value.map { $0 + work.preparation }
      for c in work.range {
        let choice = choices[c]
        let price = choice.cost - prices.groups[choice.group]
        let fewest = least?[choice.group] ?? 0
        var next = fewest > 0 ? [Double](repeating: .infinity, count: states) : used
        var taken = [Int16](repeating: 0, count: states)
        let most = min(
          mostByGroup?[choice.group] ?? choice.count, (states - 1) / max(1, choice.units))
        if price < 0 || work.range.count > 1 || most > 0 {
          for s in 0..<states where used[s] < .infinity {
            var k = 1
            var at = s + choice.units
            var candidate = used[s] + price
            while k <= most && at < states {
              if k >= fewest && candidate < next[at] {
                next[at] = candidate
                taken[at] = Int16(k)
              }
              k += 1
              at += choice.units
              candidate += price
            }
          }
        }
        used = next
        counts[c] = taken
      }
      var flags = [Bool](repeating: false, count: states)
      let isRequired = least.map { least in
        work.range.contains { least[choices[$0].group] > 0 }
      }
      if isRequired == true {
        // Hours without a task of it do not count.
        value = [Double](repeating: .infinity, count: states)
      }
      for s in 0..<states where used[s] < value[s] {
        value[s] = used[s]
        flags[s] = true
      }
      isUsed.append(flags)
    }
    return Tables(value: value, counts: counts, isUsed: isUsed)
  }

  /// The load with the least cost minus prices, and that least value; of what is left where that is
  /// given: tasks by group and hundredths of hours by pool. Infinite where no load keeps the limits.
  func best(
    _ prices: BlockPrices, left: (groups: [Int], pools: [Int])? = nil, limits: LoadLimits? = nil
  ) -> (column: LoadColumn, value: Double) {
    let poolsLeft = left?.pools ?? block.pools.map(\.hours)
    let range = limits.map { $0.fewestHours[position]...$0.mostHours[position] }
    let tables = tables(prices, groupsLeft: left?.groups, limits: limits)
    let ordered = pools.sorted { (prices.pools[$1], $0) < (prices.pools[$0], $1) }
    var lowest = Double.infinity
    var bestState = 0
    for s in 0..<states where tables.value[s] < .infinity {
      let total =
        tables.value[s] + tail(fixedHours + s * unit, ordered, prices, poolsLeft, range).value
      if total < lowest {
        lowest = total
        bestState = s
      }
    }
    guard lowest < .infinity else { return (load(groups: [], pools: []), .infinity) }
    // Way back through the tables.
    var groups: [(group: Int, count: Int)] = []
    var s = bestState
    for (w, work) in works.enumerated().reversed() where tables.isUsed[w][s] {
      for c in work.range.reversed() {
        let k = Int(tables.counts[c][s])
        if k > 0 {
          groups.append((choices[c].group, k))
          s -= k * choices[c].units
        }
      }
    }
    groups.reverse()
    let poolHours = tail(fixedHours + bestState * unit, ordered, prices, poolsLeft, range).pools
    return (load(groups: groups, pools: poolHours), lowest + fixedCost)
  }

  /// The fewest and the most hundredths of an hour of loads whose value is at most the given one;
  /// nil where there is none. Only for teachers whose hours come in steps.
  func hours(
    _ prices: BlockPrices, upTo value: Double, limits: LoadLimits
  ) -> ClosedRange<Int>? {
    guard pools.isEmpty else {
      return limits.fewestHours[position]...limits.mostHours[position]
    }
    let range = limits.fewestHours[position]...limits.mostHours[position]
    let tables = tables(prices, limits: limits)
    let able = tables.value.indices.filter { s in
      tables.value[s] < .infinity
        && fixedCost + tables.value[s]
          + tail(fixedHours + s * unit, [], prices, [], range).value <= value
    }
    guard let first = able.first, let last = able.last else { return nil }
    return (fixedHours + first * unit)...(fixedHours + last * unit)
  }

  /// The step in which the teacher's hours come, with the hours of the fixed tasks; nil where work
  /// of norms.csv makes any number possible.
  var step: (start: Int, unit: Int)? { pools.isEmpty ? (fixedHours, unit) : nil }

  /// The best hours of pools on top of given hours: the prices fall from pool to pool and the cost
  /// of an hour rises, so that one goes on while the price is above the cost, or until the range
  /// is reached; infinite where it cannot be.
  private func tail(
    _ start: Int, _ ordered: [Int], _ prices: BlockPrices, _ poolsLeft: [Int],
    _ range: ClosedRange<Int>? = nil
  ) -> (value: Double, pools: [(pool: Int, hours: Double)]) {
    let limits = problem.teachers[teacher]
    let ceiling = Double(min(limits.ceiling, range?.upperBound ?? .max))
    let least = Double(range?.lowerBound ?? 0)
    let kinks = [Double(limits.floor), limits.norm, least, ceiling].sorted()
    let fairness = fairness(prices)
    var hours = Double(start)
    guard range == nil || hours <= ceiling else { return (.infinity, []) }
    var gained = 0.0
    var result: [(pool: Int, hours: Double)] = []
    outer: for p in ordered {
      var left = Double(poolsLeft[p])
      var taken = 0.0
      while left > 0 {
        guard let kink = kinks.first(where: { $0 > hours + 1e-9 }), hours < ceiling else { break }
        let step = min(left, kink - hours)
        let rise = hourCost(hours + step, fairness) - hourCost(hours, fairness)
        if rise >= prices.pools[p] * step && hours >= least - 1e-9 { break }
        hours += step
        left -= step
        taken += step
        gained += prices.pools[p] * step
      }
      if taken > 0 { result.append((p, taken)) }
      if left > 0 { break outer }
    }
    guard hours >= least - 1e-6 else { return (.infinity, []) }
    return (hourCost(hours, fairness) - gained, result)
  }
}

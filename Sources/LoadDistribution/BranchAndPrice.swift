// SPDX-License-Identifier: GPL-3.0-or-later
internal import LinearModels

/// Branching with column generation at each node: a proof for small parts.
///
/// A mixture of loads has a milder spread of hours than any load: so the nodes split the range of a
/// department's largest or smallest ratio, a teacher's hours, whether a teacher holds a work, and
/// how many tasks of a group. The split is chosen by solving both sides over the loads at hand
/// (strong branching). The dynamic programme of the pricing takes all these limits as they are, so
/// that the bound stays exact; what a limit's opposite would cost at the node's prices (reduced
/// costs) tightens the limits of the whole subtree.
///
/// Where all numbers are whole, the mean of a teacher's loads is one load that costs no more:
/// nothing is left to branch on.
/// Source: C. Barnhart et al. (1998), DOI 10.1287/opre.46.3.316; strong branching: T. Achterberg,
/// T. Koch, A. Martin (2005), DOI 10.1016/j.orl.2004.04.002.
struct BranchAndPrice {
  let generation: ColumnGeneration
  let solver: any LinearSolver
  let stop: Stop
  /// What the part costs besides the block.
  let rest: Double
  /// The most nodes.
  let nodes: Int

  /// Searches for loads below a cost.
  ///
  /// - Parameters:
  ///   - columns: Loads to start from.
  ///   - upper: Cost of the best distribution known.
  ///   - lower: A proved bound.
  ///   - limits: What the loads must keep; nil for no more than the block's own limits.
  ///   - accept: Takes loads, one a teacher, and says what the best distribution then costs.
  /// - Returns: A proved lower bound of the part's objective.
  /// - Throws: What the solver or `accept` throws.
  func run(
    from columns: [LoadColumn], upper: Double, lower: Double, limits: LoadLimits? = nil,
    accept: ([LoadColumn]) throws -> Double
  ) throws -> Double {
    var tree = LoadTree(
      generation: generation, stop: stop, rest: rest, nodesLeft: nodes, columns: columns,
      upper: upper,
      open: [
        LoadTree.Node(limits: limits ?? LoadLimits(generation), bound: lower, depth: 0)
      ])
    let model = generation.master()
    while true {
      let start = tree
      tree = try solver.withProgramme(model) { programme in
        var tree = start
        tree.search(programme, model)
        return tree
      }
      if let (loads, bound) = tree.found {
        tree.found = nil
        tree.upper = min(tree.upper, try accept(loads))
        // What L5 or the timetable made of these loads may cost more than the node.
        if tree.upper > bound + 1e-3 { tree.closed = min(tree.closed, bound) }
      } else if !tree.isFull {
        break
      }
    }
    return max(lower, tree.bound)
  }
}

/// The state of a search by ``BranchAndPrice``, which leaves the linear programme whenever it has
/// found loads or the programme has grown too large.
struct LoadTree: Sendable {
  struct Node: Sendable {
    var limits: LoadLimits
    var bound: Double
    var depth: Int
  }

  /// Two parts of a node that together hold all its distributions.
  private struct Split {
    var key: Key
    /// How far the mean loads are from each part.
    var distance: (below: Double, above: Double)
    var below: LoadLimits
    var above: LoadLimits
  }

  /// What a split is about: the points that `imbalance` is rounded to, an extreme of a department, a
  /// teacher's hours, whether a teacher holds a group, how many of it.
  private enum Key: Hashable {
    case rounded, high(Int), low(Int), hours(Int), held(Int, Int), count(Int, Int)
  }

  /// What splits brought so far, for each unit of distance.
  private struct Gain {
    var below = 0.0
    var above = 0.0
    var count = 0

    func expected(_ distance: (below: Double, above: Double)) -> (Double, Double) {
      let n = Double(max(1, count))
      return (below / n * distance.below, above / n * distance.above)
    }
  }

  let generation: ColumnGeneration
  let stop: Stop
  let rest: Double
  var nodesLeft: Int
  var columns: [LoadColumn]
  var upper: Double
  var open: [Node]
  /// The least bound of nodes whose loads cost more as a distribution than as loads.
  var closed = Double.infinity
  /// Loads below the best distribution known, with the bound of their node.
  var found: (loads: [LoadColumn], bound: Double)?
  /// Whether the search paused only to drop columns.
  var isFull = false
  private var isPlunging = false
  private var gains: [Key: Gain] = [:]

  init(
    generation: ColumnGeneration, stop: Stop, rest: Double, nodesLeft: Int, columns: [LoadColumn],
    upper: Double, open: [Node]
  ) {
    self.generation = generation
    self.stop = stop
    self.rest = rest
    self.nodesLeft = nodesLeft
    self.columns = columns
    self.upper = upper
    self.open = open
  }

  /// What is proved so far.
  var bound: Double { min(upper, closed, open.reduce(.infinity) { min($0, $1.bound) }) }

  /// The most columns of a programme, and how many are kept when it is full.
  private static let (mostColumns, keptColumns) = (2000, 800)
  /// Tries after which a split's gain is taken from what it brought before.
  private static let reliable = 4

  /// Solves nodes until loads are found, or nothing is open, or time or nodes run out.
  mutating func search(_ programme: any LinearProgramme, _ model: LinearModel) {
    isFull = false
    var master = TreeMaster(generation, programme, model, columns)
    defer { columns = master.columns }
    while !open.isEmpty, nodesLeft > 0, !stop.isDue {
      open.removeAll { $0.bound >= upper - 1e-6 }
      guard !open.isEmpty else { return }
      if master.columns.count > Self.mostColumns {
        master.keepUsed(Self.keptColumns)
        isFull = true
        return
      }
      // Down from the last node, then from the one with the least bound.
      var at = open.count - 1
      if !isPlunging {
        for k in open.indices where open[k].bound < open[at].bound - 1e-9 { at = k }
      }
      var node = open.remove(at: at)
      nodesLeft -= 1
      guard node.limits.tighten(generation) else {
        isPlunging = false
        continue
      }
      let result = master.solve(node.limits, cutoff: upper - rest, stop)
      node.bound = max(node.bound, rest + result.bound)
      if node.bound >= upper - 1e-6 {
        isPlunging = false
        continue
      }
      guard result.isConverged else {
        open.append(node)
        return
      }
      let slack = upper - rest - result.bound + 1e-6
      guard tighten(&node.limits, result.prices, slack), node.limits.tighten(generation) else {
        isPlunging = false
        continue
      }
      let point = MeanLoads(generation, master.columns, result.shares)
      let splits = splits(
        node.limits, point, high: result.high, low: result.low, rounded: result.rounded)
      if splits.isEmpty, abs(result.rounded - result.rounded.rounded()) > 1e-6 {
        // The limits have become tighter than those that gave a part of a point: once more.
        open.append(node)
        isPlunging = true
        continue
      }
      guard !splits.isEmpty else {
        isPlunging = false
        found = (point.loads(generation), node.bound)
        return
      }
      let value = result.value
      let room = upper - rest - value
      func score(_ gain: (below: Double, above: Double)) -> Double {
        max(min(gain.below, room), 1e-4 * room) * max(min(gain.above, room), 1e-4 * room)
      }
      // Splits known well enough count by what they brought; of the others the first are tried.
      var chosen: (split: Split, belowFirst: Bool)?
      var best = -1.0
      for split in splits {
        guard let gain = gains[split.key], gain.count >= Self.reliable else { continue }
        let expected = gain.expected(split.distance)
        if score(expected) > best {
          best = score(expected)
          chosen = (split, expected.0 < expected.1)
        }
      }
      var left = node.depth < 8 ? 12 : 8
      for split in splits where (gains[split.key]?.count ?? 0) < Self.reliable {
        if stop.isDue || left == 0 { break }
        left -= 1
        let below = max(0, min(room, master.value(split.below, stop) - value))
        let above = max(0, min(room, master.value(split.above, stop) - value))
        var gain = gains[split.key] ?? Gain()
        gain.below += below / split.distance.below
        gain.above += above / split.distance.above
        gain.count += 1
        gains[split.key] = gain
        if score((below, above)) > best {
          best = score((below, above))
          chosen = (split, below < above)
        }
        if below >= room && above >= room { break }
      }
      let split = chosen?.split ?? splits[0]
      let order =
        chosen?.belowFirst ?? true ? [split.above, split.below] : [split.below, split.above]
      for limits in order {
        open.append(Node(limits: limits, bound: node.bound, depth: node.depth + 1))
      }
      isPlunging = true
    }
  }

  /// Tightens limits by what their opposites cost at the prices of a bound: what costs more than
  /// the slack is in no better distribution. False where nothing is left.
  private func tighten(_ limits: inout LoadLimits, _ prices: BlockPrices?, _ slack: Double) -> Bool
  {
    guard let prices else { return true }
    for (position, pricing) in generation.pricings.enumerated() {
      let least = pricing.best(prices, limits: limits).value
      guard least < .infinity else { return false }
      guard let hours = pricing.hours(prices, upTo: least + slack, limits: limits) else {
        return false
      }
      limits.fewestHours[position] = max(limits.fewestHours[position], hours.lowerBound)
      limits.mostHours[position] = min(limits.mostHours[position], hours.upperBound)
      for group in pricing.groups {
        while limits.most[position][group] > limits.least[position][group] {
          var other = limits
          other.least[position][group] = limits.most[position][group]
          guard pricing.best(prices, limits: other).value > least + slack else { break }
          limits.most[position][group] -= 1
        }
        while limits.least[position][group] < limits.most[position][group] {
          var other = limits
          other.most[position][group] = limits.least[position][group]
          guard pricing.best(prices, limits: other).value > least + slack else { break }
          limits.least[position][group] += 1
        }
      }
    }
    return true
  }

  /// Ways to split a node, the more promising first; none where all numbers are whole.
  private func splits(
    _ limits: LoadLimits, _ point: MeanLoads, high: [Double], low: [Double], rounded: Double
  ) -> [Split] {
    let block = generation.block
    var result: [Split] = []
    let over = rounded - rounded.rounded(.down)
    let points = limits.rounded
    if generation.roundsImbalance, over > 1e-6, over < 1 - 1e-6,
      points.lowerBound < points.upperBound
    {
      // The limits may be tighter by now than those of the linear programme.
      let floor = min(max(rounded.rounded(.down), points.lowerBound), points.upperBound - 1)
      var (below, above) = (limits, limits)
      below.rounded = points.lowerBound...floor
      above.rounded = (floor + 1)...points.upperBound
      result.append(
        Split(key: .rounded, distance: (over, 1 - over), below: below, above: above))
    }
    let roundings = result
    for (d, department) in generation.departments.enumerated() {
      result += extremeSplits(limits, point, d, department, high: high[d], low: low[d])
    }
    var ranked: [(Double, Split)] = []
    for t in block.teachers.indices {
      for g in block.groups.indices where point.counts[t][g] > 1e-7 {
        let y = point.held[t][g]
        let x = point.counts[t][g]
        let distance = min(y, 1 - y)
        var (below, above) = (limits, limits)
        if distance > 1e-5, limits.least[t][g] == 0 {
          below.most[t][g] = 0
          above.least[t][g] = 1
          ranked.append(
            (
              1 + distance,
              Split(key: .held(t, g), distance: (y, 1 - y), below: below, above: above)
            ))
        } else {
          let over = x - x.rounded(.down)
          let part = min(over, 1 - over)
          guard part > 1e-5 else { continue }
          below.most[t][g] = Int(x.rounded(.down))
          above.least[t][g] = Int(x.rounded(.down)) + 1
          ranked.append(
            (
              part,
              Split(key: .count(t, g), distance: (over, 1 - over), below: below, above: above)
            ))
        }
      }
    }
    // Whole numbers make whole hours: hours and extremes are split only to get there sooner.
    guard !ranked.isEmpty else { return roundings }
    var hours: [(Double, Split)] = []
    for t in block.teachers.indices {
      let (least, most) = point.range[t]
      guard most > least + 1, let step = generation.pricings[t].step, step.unit > 0 else {
        continue
      }
      let steps = (point.hours[t] - Double(step.start)) / Double(step.unit)
      var floor = step.start + Int((steps + 1e-6).rounded(.down)) * step.unit
      if Double(floor) >= most - 1 { floor -= step.unit }
      var (below, above) = (limits, limits)
      below.mostHours[t] = min(below.mostHours[t], floor)
      above.fewestHours[t] = max(above.fewestHours[t], floor + step.unit)
      guard below.mostHours[t] >= below.fewestHours[t],
        above.fewestHours[t] <= above.mostHours[t]
      else { continue }
      hours.append(
        (
          most - least, Split(key: .hours(t), distance: (1, 1), below: below, above: above)
        ))
    }
    func ordered(_ list: [(Double, Split)]) -> [Split] {
      list.enumerated().sorted { ($1.element.0, $0.offset) < ($0.element.0, $1.offset) }
        .map(\.element.1)
    }
    // By turns, so that each kind is tried.
    let (a, b) = (ordered(hours), ordered(ranked))
    for k in 0..<max(a.count, b.count) {
      if k < b.count { result.append(b[k]) }
      if k < a.count { result.append(a[k]) }
    }
    return result
  }

  /// Splits at a ratio between the extreme of the mean hours and that of the loads themselves.
  private func extremeSplits(
    _ limits: LoadLimits, _ point: MeanLoads, _ d: Int, _ department: [Int], high: Double,
    low: Double
  ) -> [Split] {
    func norm(_ t: Int) -> Double { generation.problem.teachers[generation.block.teachers[t]].norm }
    func ratio(_ t: Int, _ hours: Double) -> Double { 100 * hours / norm(t) }
    var result: [Split] = []
    let top = department.map { ratio($0, point.range[$0].most) }.max() ?? high
    if top > high + 0.05 {
      for threshold in Set([high + 0.01, (high + top) / 2]).sorted() {
        // The least ratio above the threshold that somebody can have.
        let next =
          department.map { t -> Double in
            guard let step = generation.pricings[t].step, step.unit > 0 else { return threshold }
            let steps =
              ((threshold * norm(t) / 100 - Double(step.start)) / Double(step.unit) + 1e-6)
              .rounded(.down) + 1
            return ratio(t, Double(step.start) + max(0, steps) * Double(step.unit))
          }.min() ?? threshold
        var (below, above) = (limits, limits)
        guard threshold >= limits.high[d].lowerBound, next <= limits.high[d].upperBound else {
          continue
        }
        below.high[d] = limits.high[d].lowerBound...threshold
        above.high[d] = max(next, limits.high[d].lowerBound)...limits.high[d].upperBound
        result.append(
          Split(key: .high(d), distance: (1, 1), below: below, above: above))
      }
    }
    let bottom = department.map { ratio($0, point.range[$0].least) }.min() ?? low
    if bottom < low - 0.05 {
      for threshold in Set([low - 0.01, (low + bottom) / 2]).sorted() {
        let next =
          department.map { t -> Double in
            guard let step = generation.pricings[t].step, step.unit > 0 else { return threshold }
            let steps =
              ((threshold * norm(t) / 100 - Double(step.start)) / Double(step.unit) - 1e-6)
              .rounded(.up) - 1
            return steps < 0 ? 0 : ratio(t, Double(step.start) + steps * Double(step.unit))
          }.max() ?? threshold
        var (below, above) = (limits, limits)
        guard threshold <= limits.low[d].upperBound, next >= limits.low[d].lowerBound else {
          continue
        }
        below.low[d] = limits.low[d].lowerBound...min(next, limits.low[d].upperBound)
        above.low[d] = threshold...limits.low[d].upperBound
        result.append(
          Split(key: .low(d), distance: (1, 1), below: below, above: above))
      }
    }
    return result
  }
}

/// The means of each teacher's loads by their shares in the linear programme.
struct MeanLoads {
  /// Tasks by position, then by group.
  private(set) var counts: [[Double]]
  /// Share of the loads that hold something of a group.
  private(set) var held: [[Double]]
  private(set) var pools: [[Double]]
  private(set) var hours: [Double]
  /// The fewest and the most hours of loads with a share.
  private(set) var range: [(least: Double, most: Double)]

  init(_ generation: ColumnGeneration, _ columns: [LoadColumn], _ shares: [Double]) {
    let block = generation.block
    let none = [Double](repeating: 0, count: block.groups.count)
    counts = Array(repeating: none, count: block.teachers.count)
    held = counts
    pools = Array(
      repeating: [Double](repeating: 0, count: block.pools.count), count: block.teachers.count)
    hours = [Double](repeating: 0, count: block.teachers.count)
    range = Array(repeating: (.infinity, 0), count: block.teachers.count)
    for (column, share) in zip(columns, shares) where share > 1e-7 {
      let t = column.teacher
      for item in column.groups {
        counts[t][item.group] += share * Double(item.count)
        held[t][item.group] += share
      }
      for item in column.pools { pools[t][item.pool] += share * item.hours }
      hours[t] += share * column.hours
      range[t] = (min(range[t].least, column.hours), max(range[t].most, column.hours))
    }
  }

  /// The loads that the means are where all numbers are whole.
  func loads(_ generation: ColumnGeneration) -> [LoadColumn] {
    generation.pricings.enumerated().map { t, pricing in
      pricing.load(
        groups: counts[t].indices.compactMap { g in
          let count = Int(counts[t][g].rounded())
          return count > 0 ? (g, count) : nil
        },
        pools: pools[t].indices.compactMap { p in
          pools[t][p] > 1e-6 ? (p, pools[t][p]) : nil
        })
    }
  }
}

/// The linear programme of a tree with its columns, from node to node.
struct TreeMaster {
  /// What a node came to.
  struct Outcome {
    var bound: Double
    var value: Double
    var isConverged: Bool
    /// By column.
    var shares: [Double]
    /// The extremes of the departments, in percent.
    var high: [Double]
    var low: [Double]
    /// Percent points that bear the weight of `imbalance`, where it is rounded.
    var rounded = 0.0
    var prices: BlockPrices?
  }

  private let generation: ColumnGeneration
  private let programme: any LinearProgramme
  private let model: LinearModel
  private(set) var columns: [LoadColumn] = []
  private var variables: [LinearModel.Variable] = []
  private var isAllowed: [Bool] = []
  /// By column, the node where it last had a share.
  private var lastUse: [Int] = []
  private var nodes = 0
  /// One a teacher that is no load at all, dear: it keeps the programme feasible. Bounds do not
  /// know it.
  private var dear: [LinearModel.Variable] = []
  private var isKnown: Set<[Int]> = []

  init(
    _ generation: ColumnGeneration, _ programme: any LinearProgramme, _ model: LinearModel,
    _ columns: [LoadColumn]
  ) {
    self.generation = generation
    self.programme = programme
    self.model = model
    for position in generation.block.teachers.indices {
      dear.append(
        programme.addColumn(
          lower: 0, upper: .infinity, cost: 1e4 * generation.problem.costs.shortfall,
          entries: generation.entriesOfNothing(position)))
    }
    for column in columns where isNew(column) { add(column) }
  }

  private mutating func isNew(_ column: LoadColumn) -> Bool {
    var key = [column.teacher]
    for item in column.groups.sorted(by: { $0.group < $1.group }) {
      key += [item.group, item.count]
    }
    for item in column.pools { key += [-1 - item.pool, Int((item.hours * 1000).rounded())] }
    return isKnown.insert(key).inserted
  }

  private mutating func add(_ column: LoadColumn) {
    variables.append(
      programme.addColumn(
        lower: 0, upper: .infinity, cost: generation.cost(column),
        entries: generation.entries(column)))
    columns.append(column)
    isAllowed.append(true)
    lastUse.append(nodes)
  }

  /// Only the columns last used, for a programme built anew.
  mutating func keepUsed(_ count: Int) {
    let kept = columns.indices.sorted { (lastUse[$1], $1) < (lastUse[$0], $0) }.prefix(count)
    columns = kept.sorted().map { columns[$0] }
  }

  /// Allows the columns that keep the limits, and no others.
  private mutating func apply(_ limits: LoadLimits) {
    for k in columns.indices {
      let allowed = limits.allow(columns[k])
      guard allowed != isAllowed[k] else { continue }
      isAllowed[k] = allowed
      programme.setBounds(variables[k], lower: 0, upper: allowed ? .infinity : 0)
    }
    for d in generation.departments.indices {
      let (high, low) = generation.extremes(d)
      programme.setBounds(
        high, lower: limits.high[d].lowerBound, upper: limits.high[d].upperBound)
      programme.setBounds(low, lower: limits.low[d].lowerBound, upper: limits.low[d].upperBound)
    }
    if generation.roundsImbalance {
      programme.setBounds(
        generation.points, lower: limits.rounded.lowerBound, upper: limits.rounded.upperBound)
    }
  }

  /// The value over the columns at hand: an estimate, no bound.
  mutating func value(_ limits: LoadLimits, _ stop: Stop) -> Double {
    var limits = limits
    guard limits.tighten(generation) else { return .infinity }
    apply(limits)
    let solution = programme.solve(timeLimit: stop.secondsLeft.map { max(0.05, $0) })
    return solution.status == .optimal ? solution.objective ?? .infinity : .infinity
  }

  /// Column generation under the limits of a node; it ends once the bound reaches the cutoff.
  mutating func solve(_ limits: LoadLimits, cutoff: Double, _ stop: Stop) -> Outcome {
    apply(limits)
    var outcome = Outcome(
      bound: -.infinity, value: .infinity, isConverged: false, shares: [], high: [], low: [])
    var anchor: [Double] = []
    for round in 0..<300 {
      if stop.isDue && round > 0 { break }
      let solution = programme.solve(timeLimit: stop.secondsLeft.map { max(0.05, $0) })
      guard solution.status == .optimal, solution.duals.count == model.rows.count,
        let value = solution.objective
      else { break }
      outcome.value = value
      outcome.shares = variables.map { solution.values[$0.index] }
      outcome.high = generation.departments.indices.map {
        solution.values[generation.extremes($0).high.index]
      }
      outcome.low = generation.departments.indices.map {
        solution.values[generation.extremes($0).low.index]
      }
      if generation.roundsImbalance { outcome.rounded = solution.values[generation.points.index] }
      let weight = anchor.isEmpty ? 0 : 0.4
      var hasNew = false
      for smoothed in weight > 0 ? [true, false] : [false] {
        let duals =
          smoothed
          ? zip(solution.duals, anchor).map { (1 - weight) * $0 + weight * $1 } : solution.duals
        let (found, lagrange) = generation.price(
          duals, against: solution.duals, in: model, limits: limits)
        if lagrange > outcome.bound {
          outcome.bound = lagrange
          anchor = duals
        }
        for column in found where isNew(column) {
          add(column)
          hasNew = true
        }
        if hasNew { break }
      }
      if outcome.bound >= cutoff - 1e-6 { break }
      if !hasNew || value - outcome.bound <= min(4e-3, 1e-5 * max(1, abs(value))) {
        // New columns have no share yet.
        outcome.isConverged = true
        break
      }
    }
    if !anchor.isEmpty { outcome.prices = generation.prices(anchor) }
    nodes += 1
    for (k, share) in outcome.shares.enumerated() where share > 1e-7 { lastUse[k] = nodes }
    if outcome.shares.count < columns.count {
      outcome.shares += [Double](repeating: 0, count: columns.count - outcome.shares.count)
    }
    return outcome
  }
}

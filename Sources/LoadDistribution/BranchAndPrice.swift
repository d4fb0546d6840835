// SPDX-License-Identifier: GPL-3.0-or-later
internal import LinearModels

/// How many tasks of each group each teacher of a block may, and must, take.
struct CountLimits: Sendable {
  /// By position of the teacher, then by group.
  var most: [[Int]]
  var least: [[Int]]

  init(_ block: LoadBlock) {
    most = block.teachers.map { _ in block.groups.map(\.count) }
    least = block.teachers.map { _ in block.groups.map { _ in 0 } }
  }

  /// Whether a load keeps the limits.
  func allow(_ load: LoadColumn) -> Bool {
    var counts = [Int](repeating: 0, count: most[load.teacher].count)
    for item in load.groups { counts[item.group] += item.count }
    return counts.indices.allSatisfy {
      counts[$0] >= least[load.teacher][$0] && counts[$0] <= most[load.teacher][$0]
    }
  }
}

/// Branching on the numbers of tasks that a teacher takes of a group, with column generation at each
/// node: a proof for small parts.
///
/// The dynamic programme of the pricing takes the limits of a node as they are, so that its bound
/// stays exact. Where all numbers are whole, the loads of a teacher are one load: nothing else is
/// left to branch on. Source: C. Barnhart et al. (1998), DOI 10.1287/opre.46.3.316.
struct BranchAndPrice {
  private struct Node {
    var limits: CountLimits
    var bound: Double
    var columns: [LoadColumn]
  }

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
  ///   - accept: Takes loads, one a teacher, and says what the best distribution then costs.
  /// - Returns: A proved lower bound of the part's objective.
  /// - Throws: What the solver or `accept` throws.
  func run(
    from columns: [LoadColumn], upper: Double, lower: Double,
    accept: ([LoadColumn]) throws -> Double
  ) throws -> Double {
    let block = generation.block
    var upper = upper
    var closed = Double.infinity
    var open = [Node(limits: CountLimits(block), bound: lower, columns: columns)]
    var plunging = false
    var solved = 0
    func proved() -> Double {
      min(upper, closed, open.reduce(.infinity) { min($0, $1.bound) })
    }
    while !open.isEmpty, solved < nodes, !stop.isDue {
      open.removeAll { $0.bound >= upper - 1e-6 }
      guard !open.isEmpty else { break }
      // Down from the last node, then from the one with the least bound.
      var at = open.count - 1
      if !plunging {
        for k in open.indices where open[k].bound < open[at].bound - 1e-9 { at = k }
      }
      let node = open.remove(at: at)
      solved += 1
      let found = try generation.solve(
        from: node.columns.filter { node.limits.allow($0) }, solver: solver, stop: stop,
        limits: node.limits, cutoff: upper - rest)
      let bound = max(node.bound, rest + found.bound)
      if bound >= upper - 1e-6 {
        plunging = false
        continue
      }
      guard found.isConverged else {
        open.append(
          Node(limits: node.limits, bound: bound, columns: node.columns))
        break
      }
      if let (zero, one) = branch(node.limits, found) {
        let kept = trimmed(found)
        open.append(Node(limits: zero, bound: bound, columns: kept))
        open.append(Node(limits: one, bound: bound, columns: kept))
        plunging = true
        continue
      }
      plunging = false
      var loads: [LoadColumn] = []
      for position in block.teachers.indices {
        let own = found.columns.filter { $0.column.teacher == position }
        if let most = own.max(by: { $0.share < $1.share }) { loads.append(most.column) }
      }
      upper = min(upper, try accept(loads))
      // What L5 or the timetable made of these loads may cost more than the node.
      if upper > bound + 1e-3 { closed = min(closed, bound) }
    }
    return max(lower, proved())
  }

  /// Loads of the last programme and the newest others, up to forty a teacher.
  private func trimmed(_ found: ColumnResult) -> [LoadColumn] {
    var count = [Int](repeating: 0, count: generation.block.teachers.count)
    var result: [LoadColumn] = []
    for item in found.columns.reversed() {
      if item.share > 1e-6 || count[item.column.teacher] < 40 {
        count[item.column.teacher] += 1
        result.append(item.column)
      }
    }
    return result.reversed()
  }

  /// The limits of two children, by whether a teacher holds a work at all, else by a number; nil
  /// where all numbers are whole.
  private func branch(
    _ limits: CountLimits, _ found: ColumnResult
  ) -> (CountLimits, CountLimits)? {
    let block = generation.block
    var counts = [[Double]](
      repeating: [Double](repeating: 0, count: block.groups.count), count: block.teachers.count)
    var held = counts
    for (column, share) in found.columns where share > 1e-9 {
      for item in column.groups {
        counts[column.teacher][item.group] += share * Double(item.count)
        held[column.teacher][item.group] += share
      }
    }
    var choice: (position: Int, group: Int, limit: Int)?
    var best = 1e-5
    for position in counts.indices {
      for g in block.groups.indices where counts[position][g] > 1e-9 {
        let y = held[position][g]
        let distance = min(y, 1 - y)
        if limits.least[position][g] == 0, distance > best {
          best = distance
          choice = (position, g, 0)
        }
      }
    }
    if choice == nil {
      for position in counts.indices {
        for g in block.groups.indices {
          let x = counts[position][g]
          let distance = min(x - x.rounded(.down), x.rounded(.up) - x)
          if distance > best {
            best = distance
            choice = (position, g, Int(x.rounded(.down)))
          }
        }
      }
    }
    guard let choice else { return nil }
    var (below, above) = (limits, limits)
    below.most[choice.position][choice.group] = choice.limit
    above.least[choice.position][choice.group] = choice.limit + 1
    return (below, above)
  }
}

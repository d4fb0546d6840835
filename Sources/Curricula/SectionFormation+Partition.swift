// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// The cheapest sections of one kind for groups whose students nothing binds, exactly.
///
/// Join a section and a group where the section holds students of the group. A connected part of
/// this graph with G groups and k sections has at least G + k − 1 joins, and groups poured one after
/// another into k sections of any sizes have no more. A part of n students costs therefore
/// split·(G − 1) + h(n), with
///
///     h(0) = 0,  h(n) = min over 1 ≤ s ≤ cap of h(n − s) + section + split + size(s)
///
/// where size(s) is what a section of s students costs for being undersized or above the norm. What
/// is left is the partition of the groups into parts that minimises
/// split·G + Σ (h(n) − split). It depends on the sizes of the groups alone, of which there
/// are few different ones, and is found by dynamic programming over the multisets of groups that
/// are left, each time choosing the part of the largest group.
///
/// Chosen teachers and pins only forbid, so that the cost is a lower bound where they bind.
///
/// Source: keste. The joins are those of a spanning tree, as in the transportation problem, whose
/// basic solutions are forests: G. B. Dantzig, "Linear Programming and Extensions" (1963), ch. 14.
struct GroupPartition {
  /// Weighted cost with every group's sections counted.
  private(set) var cost: Double
  private let rules: KindRules
  /// The parts, as positions in the sizes given.
  private var parts: [[Int]] = []
  private let sizes: [Int]
  /// The last section's size of the cheapest sections of so many students.
  private let last: [Int]

  /// The cheapest sections of the groups; nil where that would need more steps than the limit.
  ///
  /// - Parameters:
  ///   - rules: of the kind.
  ///   - sizes: students of each group, all positive.
  ///   - limit: steps of the dynamic programme at most.
  init?(_ rules: KindRules, _ sizes: [Int], limit: Int) {
    let types = Set(sizes).sorted(by: >)
    guard let largest = types.first, types.last ?? 0 > 0, rules.cap > 0 else { return nil }
    let counts = types.map { type in sizes.count { $0 == type } }
    var steps = 1
    for count in counts {
      steps *= (count + 1) * (count + 2) / 2
      if steps > limit { return nil }
    }
    let total = sizes.reduce(0, +)
    let most = min(rules.cap, total)
    guard total * most <= max(limit, 100_000), largest <= total else { return nil }
    self.rules = rules
    self.sizes = sizes
    let (price, last) = Self.prices(rules, total, most)
    self.last = last
    let chosen = Self.partition(types, counts) { price[$0] - rules.splitCost }
    cost = rules.splitCost * Double(sizes.count) + chosen.cost
    var waiting = types.map { type in sizes.indices.filter { sizes[$0] == type } }
    parts = chosen.parts.map { part in
      var members: [Int] = []
      for (type, count) in part.enumerated() {
        members += waiting[type].prefix(count)
        waiting[type].removeFirst(count)
      }
      return members.sorted()
    }
  }

  /// h and the last section's size, up to a number of students.
  private static func prices(
    _ rules: KindRules, _ total: Int, _ most: Int
  ) -> (price: [Double], last: [Int]) {
    let single = (0...most).map { rules.cost(size: $0) + rules.splitCost }
    var price = [0.0]
    var last = [0]
    for students in 1...total {
      var best = Double.infinity
      var size = 0
      for candidate in stride(from: min(most, students), through: 1, by: -1) {
        let value = price[students - candidate] + single[candidate]
        if value < best - 1e-9 { (best, size) = (value, candidate) }
      }
      price.append(best)
      last.append(size)
    }
    return (price, last)
  }

  /// The cheapest partition of a multiset; the parts by counts of the types.
  private static func partition(
    _ types: [Int], _ counts: [Int], _ price: (Int) -> Double
  ) -> (cost: Double, parts: [[Int]]) {
    // A multiset is a number with one digit a type, the first type's digit the least.
    var weights: [Int] = []
    var states = 1
    for count in counts {
      weights.append(states)
      states *= count + 1
    }
    var left = [Int](repeating: 0, count: types.count)
    var best = [Double](repeating: 0, count: states)
    var choice = [Int](repeating: 0, count: states)
    var part = left
    for state in 1..<states {
      // The next multiset.
      var digit = 0
      while left[digit] == counts[digit] {
        left[digit] = 0
        digit += 1
      }
      left[digit] += 1
      let first = left.firstIndex { $0 > 0 } ?? 0
      var value = Double.infinity
      for type in part.indices { part[type] = 0 }
      part[first] = 1
      var taken = weights[first]
      var sum = types[first]
      while true {
        let candidate = price(sum) + best[state - taken]
        if candidate < value - 1e-9 { (value, choice[state]) = (candidate, taken) }
        // The next part that holds the first type.
        var type = first
        while type < types.count, part[type] == left[type] {
          let down = part[type] - (type == first ? 1 : 0)
          part[type] -= down
          taken -= down * weights[type]
          sum -= down * types[type]
          type += 1
        }
        guard type < types.count else { break }
        part[type] += 1
        taken += weights[type]
        sum += types[type]
      }
      best[state] = value
    }
    var parts: [[Int]] = []
    var state = states - 1
    while state > 0 {
      let taken = choice[state]
      parts.append(types.indices.map { taken / weights[$0] % (counts[$0] + 1) })
      state -= taken
    }
    return (best[states - 1], parts)
  }

  /// The sections, of one portion for each group.
  func bins(_ portions: [Portion]) -> [Bin] {
    var result: [Bin] = []
    for part in parts {
      var waiting = part.map { portions[$0] }
      var students = part.reduce(0) { $0 + sizes[$1] }
      while students > 0 {
        let size = last[students]
        var bin = Bin()
        while bin.size < size, var portion = waiting.first {
          portion.count = min(portion.count, size - bin.size)
          bin.add(portion)
          waiting[0].count -= portion.count
          if waiting[0].count == 0 { waiting.removeFirst() }
        }
        result.append(bin)
        students -= size
      }
    }
    return result
  }
}

extension Formation {
  /// Steps of a partition of all groups, and of those of one of many streams that are tried.
  private static let mostSteps = 60_000_000
  private static let mostStepsOfStream = 100_000

  /// What the members of each group cost at least in one kind, exactly where nothing binds them;
  /// nil where there are too many different groups.
  func partitionBound(_ kind: TeachingKind) -> Double? {
    guard let rules = problem.rules[kind] else { return nil }
    let sizes = demands(Array(problem.members.indices), kind).map(\.students)
    return GroupPartition(rules, sizes, limit: Formation.mostSteps)?.cost
  }

  /// Sections that cost less than the given ones, where nothing binds the students.
  func cheaper(than bins: [Bin], _ portions: [Portion], _ rules: KindRules) -> [Bin]? {
    guard portions.allSatisfy({ $0.bond == .none }),
      let partition = GroupPartition(
        rules, portions.map(\.count), limit: Formation.mostStepsOfStream),
      partition.cost < Packing(rules: rules).cost(bins) - 1e-9
    else { return nil }
    return partition.bins(portions)
  }
}

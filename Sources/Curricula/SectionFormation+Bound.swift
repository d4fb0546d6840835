// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// What one academic group brings into one kind of class, for the bound.
struct GroupDemand: Sendable {
  var students: Int
  /// Sections that different chosen teachers force.
  var choices: Int
}

extension KindRules {
  /// A lower bound of the cost of one kind by counting, with every group's sections counted.
  ///
  /// With S sections and e splits beyond those that the caps force, S ≥ ⌈n ÷ cap⌉, and S + e is at
  /// least the number of sections without such splits (see ``Packing``), itself at least
  /// Σ ⌊n_g ÷ cap⌋ + L2 of the remainders. The minimum of
  /// section·S + split·(Σ forced + e) + undersized + over is taken over S.
  ///
  /// Source: S. Martello, P. Toth, "Lower bounds and reduction procedures for the bin packing
  /// problem", Discrete Applied Mathematics 28 (1990), doi:10.1016/0166-218X(90)90094-S, for L2.
  func lowerBound(_ demands: [GroupDemand], atLeast sections: Int) -> Double {
    counting(demands, atLeast: sections).map(\.cost).min() ?? 0
  }

  /// The most sections with which a cost below the given one is possible; 0 where there is none.
  func mostSections(_ demands: [GroupDemand], atLeast sections: Int, below cost: Double) -> Int {
    counting(demands, atLeast: sections, upTo: demands.reduce(0) { $0 + $1.students })
      .last { $0.cost < cost - 1e-9 }?.sections ?? 0
  }

  /// The bound for each number of sections that may be best, or for all up to a number.
  private func counting(
    _ demands: [GroupDemand], atLeast sections: Int, upTo limit: Int? = nil
  ) -> [(sections: Int, cost: Double)] {
    let n = demands.reduce(0) { $0 + $1.students }
    guard n > 0 else { return [] }
    var forced = 0
    var chosen = 0
    var uncut = 0
    var remainders: [Int] = []
    for demand in demands where demand.students > 0 {
      let fewest = fewest(demand.students)
      forced += fewest
      chosen += max(0, demand.choices - fewest)
      uncut += demand.students / cap
      if demand.students % cap > 0 { remainders.append(demand.students % cap) }
    }
    uncut += l2(remainders)
    let least = max(sections, fewest(n), 1)
    let most = max(least, limit ?? max(uncut, norm.map { (n - 1) / max(1, $0) + 1 } ?? 1))
    return (least...most).map { count in
      let splits = max(chosen, uncut - count)
      let lacking = max(0, count * leastSize - n)
      let undersized =
        lacking == 0 ? 0 : leastSize > 1 ? (lacking + leastSize - 2) / (leastSize - 1) : 0
      let over = norm.map { max(0, n - count * $0) } ?? 0
      return (
        count,
        sectionCost * Double(count) + splitCost * Double(forced + splits)
          + undersizedCost * Double(min(undersized, count)) + overCost * Double(over)
      )
    }
  }

  /// Martello and Toth's bound of the bins of the sizes.
  private func l2(_ sizes: [Int]) -> Int {
    guard let largest = sizes.max() else { return 0 }
    var best = (sizes.reduce(0, +) + cap - 1) / cap
    guard largest * 2 > cap else { return best }
    for threshold in Set(sizes.filter { $0 * 2 <= cap } + [0]) {
      let large = sizes.filter { $0 > cap - threshold }
      let middle = sizes.filter { $0 * 2 > cap && $0 <= cap - threshold }
      let small = sizes.filter { $0 * 2 <= cap && $0 >= threshold }
      let free = middle.count * cap - middle.reduce(0, +)
      let rest = max(0, small.reduce(0, +) - free)
      best = max(best, large.count + middle.count + (rest + cap - 1) / cap)
    }
    return best
  }
}

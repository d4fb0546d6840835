// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// Students of one academic group and one bond in a section.
struct Portion: Hashable, Sendable {
  var group: Int
  var bond: Bond
  var count: Int
}

/// A section in the making, as numbers of students.
struct Bin: Sendable {
  var portions: [Portion] = []
  var size = 0
  var bond = Bond.none

  init() {}

  init(_ portions: [Portion]) {
    for portion in portions { add(portion) }
  }

  /// Students of a group.
  func count(of group: Int) -> Int {
    portions.reduce(0) { $1.group == group ? $0 + $1.count : $0 }
  }

  /// The groups, each once, in the order of arrival.
  var groups: [Int] {
    var result: [Int] = []
    for portion in portions where !result.contains(portion.group) { result.append(portion.group) }
    return result
  }

  mutating func add(_ portion: Portion) {
    guard portion.count > 0 else { return }
    if let at = portions.firstIndex(where: {
      $0.group == portion.group && $0.bond == portion.bond
    }) {
      portions[at].count += portion.count
    } else {
      portions.append(portion)
    }
    size += portion.count
    bond = bond.merged(with: portion.bond) ?? bond
  }

  mutating func remove(_ portion: Portion) {
    guard
      let at = portions.firstIndex(where: {
        $0.group == portion.group && $0.bond == portion.bond
      })
    else { return }
    portions[at].count -= portion.count
    if portions[at].count == 0 { portions.remove(at: at) }
    size -= portion.count
    bond = portions.reduce(Bond.none) { $0.merged(with: $1.bond) ?? $0 }
  }
}

/// Packing of groups into sections of one kind.
///
/// Where a section costs no more than a split, an optimum cuts no group beyond what the cap
/// forces: of a set of groups that share k sections at most k − 1 are cut, and giving each of them
/// a section of its own costs (k − 1) × (section − split) ≤ 0 more. What is left is bin packing of
/// the remainders n mod cap, for which first-fit-decreasing is nearly always optimal.
struct Packing: Sendable {
  var rules: KindRules

  /// Weighted cost with every group's sections counted.
  func cost(_ bin: Bin) -> Double {
    rules.cost(size: bin.size) + rules.splitCost * Double(bin.groups.count) + rules.cost(bin.bond)
  }

  func cost(_ bins: [Bin]) -> Double { bins.reduce(0) { $0 + cost($1) } }

  /// Sections of the portions; stops at once when the bound is met.
  func pack(_ portions: [Portion], bound: Double = 0) -> [Bin] {
    let (full, rest) = pieces(portions)
    var best: [Bin] = []
    var bestCost = Double.infinity
    func consider(_ bins: [Bin]) -> Bool {
      let improved = improve(bins)
      let value = cost(improved)
      if value < bestCost - 1e-9 { (best, bestCost) = (improved, value) }
      return bestCost <= bound + 1e-9
    }
    // Neighbours of the file first: programmes of one faculty then share sections in all
    // disciplines alike, and the timetable has fewer conflicts.
    if consider(full + place(rest, bestFit: false)) { return best }
    let decreasing = rest.enumerated().sorted {
      ($1.element.size, $0.offset) < ($0.element.size, $1.offset)
    }.map(\.element)
    if consider(full + place(decreasing, bestFit: false)) { return best }
    if consider(full + place(decreasing, bestFit: true)) { return best }
    let bondedFirst =
      decreasing.filter { $0.bond != .none } + decreasing.filter { $0.bond == .none }
    if consider(full + place(bondedFirst, bestFit: true)) { return best }
    if rules.splitCost < rules.sectionCost + rules.undersizedCost {
      _ = consider(pour(portions))
    }
    return best
  }

  /// Full sections of the groups above the cap, and what is left of each group; students of a
  /// group whose bonds exclude each other are apart.
  func pieces(_ portions: [Portion]) -> (full: [Bin], rest: [Bin]) {
    var full: [Bin] = []
    var rest: [Bin] = []
    for cluster in clusters(portions) {
      var pending = cluster.sorted { ($0.bond != .none ? 0 : 1) < ($1.bond != .none ? 0 : 1) }
      while !pending.isEmpty {
        let bin = take(&pending)
        if pending.isEmpty { rest.append(bin) } else { full.append(bin) }
      }
    }
    return (full, rest)
  }

  /// As many students from the front as a section holds.
  private func take(_ pending: inout [Portion]) -> Bin {
    var bin = Bin()
    while let next = pending.first {
      guard let bond = bin.bond.merged(with: next.bond) else { break }
      let room = max(bin.size == 0 ? 1 : 0, rules.cap(bond) - bin.size)
      let count = min(next.count, room)
      guard count > 0 else { break }
      bin.add(Portion(group: next.group, bond: next.bond, count: count))
      if count == next.count {
        pending.removeFirst()
      } else {
        pending[0].count -= count
        break
      }
    }
    return bin
  }

  /// Portions of each group that can sit together; free students go with the larger part.
  private func clusters(_ portions: [Portion]) -> [[Portion]] {
    var order: [Int] = []
    var byGroup: [Int: [Portion]] = [:]
    for portion in portions {
      if byGroup[portion.group] == nil { order.append(portion.group) }
      byGroup[portion.group, default: []].append(portion)
    }
    var result: [[Portion]] = []
    for teacher in rules.gathered.sorted() {
      let together = portions.filter { $0.bond.teacher == teacher }
      if !together.isEmpty { result.append(together) }
    }
    for group in order {
      var open: [(bond: Bond, portions: [Portion])] = []
      let bonded = (byGroup[group] ?? []).filter {
        $0.bond != .none && !rules.gathered.contains($0.bond.teacher)
      }.sorted {
        ($1.count, $0.bond.teacher, $0.bond.pin) < ($0.count, $1.bond.teacher, $1.bond.pin)
      }
      for portion in bonded {
        if let at = open.firstIndex(where: { $0.bond.merged(with: portion.bond) != nil }) {
          open[at].bond = open[at].bond.merged(with: portion.bond) ?? open[at].bond
          open[at].portions.append(portion)
        } else {
          open.append((portion.bond, [portion]))
        }
      }
      let free = (byGroup[group] ?? []).filter { $0.bond == .none }
      if open.isEmpty {
        if !free.isEmpty { result.append(free) }
      } else {
        open[0].portions += free
        result += open.map(\.portions)
      }
    }
    return result
  }

  /// First or best fit of what is left, each where it is cheapest or in a section of its own.
  private func place(_ rest: [Bin], bestFit: Bool) -> [Bin] {
    var bins: [Bin] = []
    for item in rest {
      var chosen: Int?
      var chosenKey = Double.infinity
      let alone = cost(item)
      for (at, bin) in bins.enumerated() {
        guard let bond = bin.bond.merged(with: item.bond), bin.size + item.size <= rules.cap(bond)
        else { continue }
        let shared = item.groups.reduce(0) { bin.count(of: $1) > 0 ? $0 + 1 : $0 }
        let added =
          rules.cost(size: bin.size + item.size) - rules.cost(size: bin.size)
          + rules.splitCost * Double(item.groups.count - shared)
          + rules.cost(bond) - rules.cost(bin.bond)
        guard added <= alone + 1e-9 else { continue }
        let key = bestFit ? added * 1000 + Double(rules.cap(bond) - bin.size) : Double(at)
        if key < chosenKey { (chosen, chosenKey) = (at, key) }
      }
      if let chosen {
        for portion in item.portions { bins[chosen].add(portion) }
      } else {
        bins.append(item)
      }
    }
    return bins
  }

  /// Sections filled to the cap one after another: the fewest, where splits are cheap.
  func pour(_ portions: [Portion]) -> [Bin] {
    var pending = portions.enumerated().sorted {
      ($0.element.bond.teacher, $0.element.bond.pin, $0.offset)
        > ($1.element.bond.teacher, $1.element.bond.pin, $1.offset)
    }.map(\.element)
    var bins: [Bin] = []
    while !pending.isEmpty { bins.append(take(&pending)) }
    return bins
  }

  /// Descends by moving students between pairs of sections until no move saves anything.
  func improve(_ given: [Bin]) -> [Bin] {
    var bins = given
    var steps = 0
    while steps < 200, let move = bestMove(bins) {
      apply(move, &bins)
      bins.removeAll { $0.size == 0 }
      steps += 1
    }
    return bins
  }

  private struct Move {
    var from: Int
    var to: Int
    /// Nil for all.
    var portion: Portion?
    var gain: Double
  }

  private func apply(_ move: Move, _ bins: inout [Bin]) {
    for portion in move.portion.map({ [$0] }) ?? bins[move.from].portions {
      bins[move.from].remove(portion)
      bins[move.to].add(portion)
    }
  }

  private func bestMove(_ bins: [Bin]) -> Move? {
    var best: Move?
    for from in bins.indices {
      let source = bins[from]
      let over = rules.norm.map { max(0, source.size - $0) } ?? 0
      for to in bins.indices where to != from {
        let target = bins[to]
        if source.bond.merged(with: target.bond).map({ rules.cap($0) }) ?? 0
          >= source.size + target.size
        {
          consider(Move(from: from, to: to, portion: nil, gain: 0), bins, &best)
        }
        let lack = target.size < rules.leastSize ? rules.leastSize - target.size : 0
        guard lack > 0 || over > 0 || sharesGroup(source, target) else { continue }
        for portion in source.portions {
          var counts = [portion.count]
          if lack > 0, lack < portion.count { counts.append(lack) }
          if over > 0, over < portion.count { counts.append(over) }
          if let norm = rules.norm, over > 0, norm > target.size {
            counts.append(min(over, norm - target.size, portion.count))
          }
          for count in counts {
            var moved = portion
            moved.count = count
            consider(Move(from: from, to: to, portion: moved, gain: 0), bins, &best)
          }
        }
      }
    }
    return best
  }

  private func sharesGroup(_ a: Bin, _ b: Bin) -> Bool {
    a.portions.contains { portion in b.portions.contains { $0.group == portion.group } }
  }

  private func consider(_ move: Move, _ bins: [Bin], _ best: inout Move?) {
    var source = bins[move.from]
    var target = bins[move.to]
    let before = cost(source) + cost(target)
    for portion in move.portion.map({ [$0] }) ?? source.portions {
      guard let bond = target.bond.merged(with: portion.bond),
        target.size + portion.count <= rules.cap(bond)
      else { return }
      source.remove(portion)
      target.add(portion)
    }
    let gain = before - cost(source) - cost(target)
    if gain > max(1e-9, (best?.gain ?? 0) + 1e-9) {
      best = move
      best?.gain = gain
    }
  }

  /// Evens out sections that share a group, at no cost: 31 students are 16 + 15, not 25 + 6.
  func balanced(_ given: [Bin]) -> [Bin] {
    var bins = given
    for _ in 0..<20 {
      var changed = false
      for a in bins.indices {
        for b in bins.indices where bins[a].size > bins[b].size + 1 {
          for portion in bins[a].portions where bins[b].count(of: portion.group) > 0 {
            guard let bond = bins[b].bond.merged(with: portion.bond) else { continue }
            let excess = (bins[a].size - bins[b].size) / 2
            let left = bins[a].count(of: portion.group)
            let count = min(
              excess, portion.count, left - 1, rules.cap(bond) - bins[b].size)
            guard count > 0, bond == bins[b].bond else { continue }
            var moved = portion
            moved.count = count
            var source = bins[a]
            var target = bins[b]
            source.remove(moved)
            target.add(moved)
            guard cost(source) + cost(target) <= cost(bins[a]) + cost(bins[b]) + 1e-9
            else { continue }
            (bins[a], bins[b]) = (source, target)
            changed = true
          }
        }
      }
      if !changed { break }
    }
    return bins
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later

/// A small generator of pseudo-random numbers that is the same on every machine.
///
/// Source: G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators",
/// OOPSLA 2014, doi:10.1145/2660193.2660195.
struct SplitMix64: Sendable {
  private var state: UInt64

  /// A stream of its own for each purpose, so that a change of one leaves the others as they are.
  init(seed: UInt64, students: Int, purpose: String) {
    // FNV-1a over the purpose.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in purpose.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    state = seed
    state = next() ^ hash
    state = next() ^ UInt64(students)
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number in 0 ..< bound.
  mutating func below(_ bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// True in so many of a thousand cases.
  mutating func chance(perMille: Int) -> Bool { below(1000) < perMille }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[below(elements.count)]
  }

  mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var result = elements
    for last in stride(from: result.count - 1, to: 0, by: -1) {
      result.swapAt(last, below(last + 1))
    }
    return result
  }

  /// About normal, in thousandths of the standard deviation: the sum of twelve uniform numbers,
  /// in whole numbers so that no machine rounds differently.
  mutating func normalThousandths() -> Int {
    (0..<12).reduce(-6000) { sum, _ in sum + below(1001) }
  }
}

/// Shares a total out in proportion to weights, by largest remainders; of equal remainders the
/// earlier wins.
func apportion(_ total: Int, by weights: [Int]) -> [Int] {
  let sum = weights.reduce(0, +)
  guard sum > 0 else { return weights.map { _ in 0 } }
  var shares = weights.map { total * $0 / sum }
  let rest = total - shares.reduce(0, +)
  let order = weights.indices.sorted {
    let (a, b) = (total * weights[$0] % sum, total * weights[$1] % sum)
    return a == b ? $0 < $1 : a > b
  }
  for index in order.prefix(rest) { shares[index] += 1 }
  return shares
}

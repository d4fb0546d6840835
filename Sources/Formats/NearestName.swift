// SPDX-License-Identifier: GPL-3.0-or-later

/// Finds the name that was probably meant, within a budget of work for the whole reading: a file
/// with a million bad references must not cost a million searches.
struct NearestName {
  private var budget = 30_000_000

  /// The nearest of the names to a word, the earliest of equals; nil where none is near.
  ///
  /// Distance: restricted Damerau–Levenshtein over Unicode scalars, at most a third of the word's
  /// length; another case of letters alone counts nothing.
  mutating func find(_ word: String, among names: some Sequence<String>) -> String? {
    let wanted = Array(word.unicodeScalars.prefix(81))
    guard !wanted.isEmpty, wanted.count <= 80 else { return nil }
    let folded = word.lowercased()
    var limit = Swift.max(1, wanted.count / 3)
    var best: String?
    for name in names {
      guard budget > 0 else { return best }
      budget -= 8
      let length = name.unicodeScalars.count
      guard abs(length - wanted.count) <= limit else { continue }
      let isSameButCase = length == wanted.count && name.lowercased() == folded
      budget -= length * wanted.count
      let distance = isSameButCase ? 0 : Self.distance(wanted, Array(name.unicodeScalars))
      if distance < limit || (best == nil && distance <= limit) {
        best = name
        limit = distance
        if distance == 0 { break }
      }
    }
    return best
  }

  /// Insertions, deletions, substitutions and swaps of neighbours from one word to another.
  static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    if a.isEmpty || b.isEmpty { return Swift.max(a.count, b.count) }
    var twoBack = [Int](repeating: 0, count: b.count + 1)
    var back = Array(0...b.count)
    var row = back
    for i in 1...a.count {
      row[0] = i
      for j in 1...b.count {
        var cost = back[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
        cost = Swift.min(cost, back[j] + 1, row[j - 1] + 1)
        if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
          cost = Swift.min(cost, twoBack[j - 2] + 1)
        }
        row[j] = cost
      }
      (twoBack, back, row) = (back, row, twoBack)
    }
    return back[b.count]
  }
}

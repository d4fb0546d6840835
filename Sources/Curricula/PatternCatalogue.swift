// SPDX-License-Identifier: GPL-3.0-or-later
internal import Timetabling
internal import University

/// The sets of (weeks, length) by which a section's hours can be delivered within the tolerance.
///
/// A section of H hours in W weeks with blocks of B hours gets whole weekly blocks as long as they
/// fit and one or more meetings for what remains. A meeting held in k weeks is held in every week,
/// in odd or even weeks, or in the first or last k (free patterns), so that the weeks fall into few
/// classes. Criteria: `extra_meetings`, `short_meetings`, `hours_off` (FORMATS.md section 5).
struct PatternCatalogue {
  private typealias Shape = Constraint.PatternSet.Shape

  private struct Key: Hashable {
    var hours: Int
    /// The discipline's block.
    var block: Int
    /// The longest meeting that is tried, at most the block.
    var longest: Int
    /// The weeks that are used.
    var open: UInt64
    var pinned: [UInt64]
  }

  private let institution: Institution
  private let weeks: Int
  private let scale: Int
  private var known: [Key: [Constraint.PatternSet]] = [:]

  /// How many rows a section may choose from.
  private static let most = 6

  /// `scale` multiplies the weights, so that prices are whole.
  init(_ institution: Institution, scale: Int) {
    self.institution = institution
    self.scale = scale
    weeks = institution.term.weeks
  }

  /// The rows for a section, cheapest first, all of one number of meetings; empty when it has no
  /// hours. Penalties are weight × scale × amount, by criterion.
  ///
  /// Whole blocks in all weeks come first. Where `isPossible` refuses every such row, because the
  /// section's own closed times, limits or pins leave no place for one of its meetings, shorter
  /// meetings are tried, and then only the weeks in which it has any open time.
  mutating func choices(
    for section: Section, pinnedWeeks: [WeekPattern], openWeeks: UInt64,
    isPossible: (Constraint.PatternSet) -> Bool
  ) -> [Constraint.PatternSet] {
    guard let discipline = institution.disciplines[section.discipline] else { return [] }
    let hours = discipline.hours(section.kind)
    guard hours > 0 else { return [] }
    let block = institution.block(of: discipline, section.kind)
    let all = WeekPattern.all(weeks).bits
    for open in openWeeks == all || openWeeks == 0 ? [all] : [all, openWeeks] {
      for longest in stride(from: block, through: 1, by: -1) {
        let rows = rows(
          Key(
            hours: hours, block: block, longest: longest, open: open,
            pinned: pinnedWeeks.map(\.bits).sorted())
        ).filter(isPossible)
        if !rows.isEmpty { return rows }
      }
    }
    return rows(
      Key(
        hours: hours, block: block, longest: block, open: all,
        pinned: pinnedWeeks.map(\.bits).sorted()))
  }

  /// The row of meetings that a section has; nil where they do not deliver its hours (M1) or one
  /// cannot be (M2).
  func row(of shapes: [Constraint.PatternSet.Shape], for section: Section) -> Constraint.PatternSet?
  {
    guard let discipline = institution.disciplines[section.discipline] else { return nil }
    let hours = discipline.hours(section.kind)
    let block = institution.block(of: discipline, section.kind)
    let held = shapes.reduce(0) { $0 + $1.length * $1.weeks.nonzeroBitCount }
    guard hours > 0, abs(held - hours) <= institution.policy.hoursTolerance,
      shapes.allSatisfy({ $0.weeks != 0 && (1...block).contains($0.length) })
    else { return nil }
    let all = WeekPattern.all(weeks).bits
    return priced(
      shapes, Key(hours: hours, block: block, longest: block, open: all, pinned: []),
      (hours + weeks * block - 1) / (weeks * block))
  }

  private mutating func rows(_ key: Key) -> [Constraint.PatternSet] {
    if let rows = known[key] { return rows }
    let rows = enumerate(key)
    known[key] = rows
    return rows
  }

  /// Week masks, of the open weeks, in which a meeting of k weeks may be held.
  private func masks(_ k: Int, open: UInt64) -> [UInt64] {
    if k == open.nonzeroBitCount { return [open] }
    let odd = WeekPattern.odd(weeks).bits & open, even = WeekPattern.even(weeks).bits & open
    var result: [UInt64] = []
    if odd.nonzeroBitCount == k { result.append(odd) }
    if even.nonzeroBitCount == k { result.append(even) }
    if !result.isEmpty { return result }
    let held = (0..<weeks).filter { open >> UInt64($0) & 1 == 1 }
    func mask(_ weeks: some Sequence<Int>) -> UInt64 {
      weeks.reduce(0) { $0 | 1 << UInt64($1) }
    }
    return [mask(held.prefix(k)), mask(held.suffix(k))]
  }

  private func enumerate(_ key: Key) -> [Constraint.PatternSet] {
    let tolerance = institution.policy.hoursTolerance
    let open = key.open.nonzeroBitCount
    let weekly = open * key.longest
    let forced = (key.hours + weeks * key.block - 1) / (weeks * key.block)
    var rows: [Constraint.PatternSet] = []
    // One block less than fits leaves room for two unequal meetings where one does not come out.
    for full in stride(from: key.hours / weekly, through: max(0, key.hours / weekly - 1), by: -1) {
      let rest = key.hours - full * weekly
      let base = Array(
        repeating: Shape(weeks: key.open, length: key.longest), count: full)
      if full > 0, abs(rest) <= tolerance {
        rows.append(priced(base, key, forced))
      }
      for one in remainders(rest, key, tolerance) {
        rows.append(priced(base + [one], key, forced))
      }
      // Two meetings for the rest: a longer one, and a shorter for what is then left.
      for k in stride(from: open, through: 1, by: -1) {
        for length in stride(from: key.longest, through: 1, by: -1) {
          let left = rest - k * length
          guard left > 0 else { continue }
          for mask in masksOrPinned(k, key) {
            for second in remainders(left, key, tolerance) {
              rows.append(priced(base + [Shape(weeks: mask, length: length), second], key, forced))
            }
          }
        }
      }
      if !rows.isEmpty, full == 0 || key.pinned.isEmpty { break }
    }
    if !key.pinned.isEmpty {
      // A pinned event may be any of the meetings, and must have exactly the pinned weeks.
      rows = rows.filter { row in
        key.pinned.allSatisfy { pin in row.shapes.contains { $0.weeks == pin } }
      }.flatMap(rotations)
      if rows.isEmpty {
        var free = key
        free.pinned = []
        return enumerate(free)
      }
    }
    rows.sort { a, b in
      if a.penalty != b.penalty { return a.penalty < b.penalty }
      // Regular patterns first: they keep the classes of weeks few.
      let irregularA = irregular(a, key), irregularB = irregular(b, key)
      return irregularA != irregularB ? irregularA < irregularB : order(a) < order(b)
    }
    // Irregular patterns only where the hours cannot be delivered otherwise: fourteen of fifteen
    // weeks would be cheap, and is not what an office means by a weekly class.
    if key.pinned.isEmpty, rows.contains(where: { irregular($0, key) == 0 }) {
      rows.removeAll { irregular($0, key) > 0 }
    }
    guard let best = rows.first else { return [] }
    var seen: Set<[Shape]> = []
    let same = rows.filter {
      $0.shapes.count == best.shapes.count && seen.insert($0.shapes).inserted
    }
    return Array(same.prefix(key.pinned.isEmpty ? Self.most : 4 * Self.most))
  }

  /// Single meetings that deliver a rest within the tolerance.
  private func remainders(_ rest: Int, _ key: Key, _ tolerance: Int) -> [Shape] {
    guard rest > 0 else { return [] }
    var result: [Shape] = []
    for length in stride(from: key.longest, through: 1, by: -1) {
      for k in stride(from: key.open.nonzeroBitCount, through: 1, by: -1)
      where abs(k * length - rest) <= tolerance {
        for mask in masksOrPinned(k, key) { result.append(Shape(weeks: mask, length: length)) }
      }
    }
    return result
  }

  private func masksOrPinned(_ k: Int, _ key: Key) -> [UInt64] {
    let pinned = key.pinned.filter { $0.nonzeroBitCount == k }
    let masks = masks(k, open: key.open)
    return masks + pinned.filter { !masks.contains($0) }
  }

  private func priced(_ shapes: [Shape], _ key: Key, _ forced: Int) -> Constraint.PatternSet {
    let weights = institution.weights.timetable
    let held = shapes.reduce(0) { $0 + $1.length * $1.weeks.nonzeroBitCount }
    func price(_ criterion: TimetableCriterion, _ amount: Int) -> (String, Double) {
      (criterion.rawValue, weights[criterion] * Double(scale) * Double(amount))
    }
    let parts = [
      price(.extraMeetings, max(0, shapes.count - forced)),
      price(.shortMeetings, shapes.count { $0.length < key.block }),
      price(.hoursOff, abs(held - key.hours)),
    ]
    return Constraint.PatternSet(
      shapes: shapes,
      penalties: Dictionary(uniqueKeysWithValues: parts.map { ($0.0, Int($0.1.rounded())) }))
  }

  private func rotations(_ row: Constraint.PatternSet) -> [Constraint.PatternSet] {
    row.shapes.indices.map { shift in
      Constraint.PatternSet(
        shapes: Array(row.shapes[shift...] + row.shapes[..<shift]), penalties: row.penalties)
    }
  }

  private func irregular(_ row: Constraint.PatternSet, _ key: Key) -> Int {
    let regular = [
      key.open, WeekPattern.odd(weeks).bits & key.open, WeekPattern.even(weeks).bits & key.open,
    ]
    return row.shapes.count { !regular.contains($0.weeks) }
  }

  private func order(_ row: Constraint.PatternSet) -> String {
    row.shapes.map { "\($0.length):\($0.weeks)" }.joined(separator: ",")
  }
}

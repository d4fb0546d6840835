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
    var block: Int
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
  /// hours. Penalties are weight × amount, by criterion, before scaling.
  mutating func choices(for section: Section, pinnedWeeks: [WeekPattern]) -> [Constraint.PatternSet]
  {
    guard let discipline = institution.disciplines[section.discipline] else { return [] }
    let hours = discipline.hours(section.kind)
    guard hours > 0 else { return [] }
    let key = Key(
      hours: hours, block: institution.block(of: discipline, section.kind),
      pinned: pinnedWeeks.map(\.bits).sorted())
    if let rows = known[key] { return rows }
    let rows = enumerate(key)
    known[key] = rows
    return rows
  }

  /// Week masks in which a meeting of k weeks may be held.
  private func masks(_ k: Int) -> [UInt64] {
    let all = WeekPattern.all(weeks).bits
    if k == weeks { return [all] }
    let odd = WeekPattern.odd(weeks).bits, even = WeekPattern.even(weeks).bits
    var result: [UInt64] = []
    if odd.nonzeroBitCount == k { result.append(odd) }
    if even.nonzeroBitCount == k { result.append(even) }
    if !result.isEmpty { return result }
    let first = (UInt64(1) << UInt64(k)) - 1
    return [first, first << UInt64(weeks - k)]
  }

  private func enumerate(_ key: Key) -> [Constraint.PatternSet] {
    let tolerance = institution.policy.hoursTolerance
    let weekly = weeks * key.block
    let forced = (key.hours + weekly - 1) / weekly
    var rows: [Constraint.PatternSet] = []
    // One block less than fits leaves room for two unequal meetings where one does not come out.
    for full in stride(from: key.hours / weekly, through: max(0, key.hours / weekly - 1), by: -1) {
      let rest = key.hours - full * weekly
      let base = Array(
        repeating: Shape(weeks: WeekPattern.all(weeks).bits, length: key.block), count: full)
      if full > 0, abs(rest) <= tolerance {
        rows.append(priced(base, key, forced))
      }
      for one in remainders(rest, key, tolerance) {
        rows.append(priced(base + [one], key, forced))
      }
      // Two meetings for the rest: a longer one, and a shorter for what is then left.
      for k in stride(from: weeks, through: 1, by: -1) {
        for length in stride(from: key.block, through: 1, by: -1) {
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
        return enumerate(Key(hours: key.hours, block: key.block, pinned: []))
      }
    }
    rows.sort { a, b in
      if a.penalty != b.penalty { return a.penalty < b.penalty }
      // Regular patterns first: they keep the classes of weeks few.
      let irregularA = irregular(a), irregularB = irregular(b)
      return irregularA != irregularB ? irregularA < irregularB : order(a) < order(b)
    }
    // Irregular patterns only where the hours cannot be delivered otherwise: fourteen of fifteen
    // weeks would be cheap, and is not what an office means by a weekly class.
    if key.pinned.isEmpty, rows.contains(where: { irregular($0) == 0 }) {
      rows.removeAll { irregular($0) > 0 }
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
    for length in stride(from: key.block, through: 1, by: -1) {
      for k in stride(from: weeks, through: 1, by: -1) where abs(k * length - rest) <= tolerance {
        for mask in masksOrPinned(k, key) { result.append(Shape(weeks: mask, length: length)) }
      }
    }
    return result
  }

  private func masksOrPinned(_ k: Int, _ key: Key) -> [UInt64] {
    let pinned = key.pinned.filter { $0.nonzeroBitCount == k }
    return masks(k) + pinned.filter { !masks(k).contains($0) }
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

  private func irregular(_ row: Constraint.PatternSet) -> Int {
    let regular = [
      WeekPattern.all(weeks).bits, WeekPattern.odd(weeks).bits, WeekPattern.even(weeks).bits,
    ]
    return row.shapes.count { !regular.contains($0.weeks) }
  }

  private func order(_ row: Constraint.PatternSet) -> String {
    row.shapes.map { "\($0.length):\($0.weeks)" }.joined(separator: ",")
  }
}

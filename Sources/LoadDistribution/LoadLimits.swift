// SPDX-License-Identifier: GPL-3.0-or-later

/// What loads of a block's teachers must keep at a node of ``BranchAndPrice``.
struct LoadLimits: Sendable {
  /// The most tasks, by position of the teacher, then by group.
  var most: [[Int]]
  /// The fewest tasks, by position of the teacher, then by group.
  var least: [[Int]]
  /// The fewest hundredths of an hour by position, fixed tasks included.
  var fewestHours: [Int]
  /// The most hundredths of an hour by position, fixed tasks included.
  var mostHours: [Int]
  /// Where the largest ratio of each department with rows lies, in percent.
  var high: [ClosedRange<Double>]
  /// Where the smallest ratio of each department with rows lies, in percent.
  var low: [ClosedRange<Double>]

  /// Whole percent points that `imbalance` is rounded to; only where it is.
  var rounded: ClosedRange<Double>

  /// No more than the block's own limits.
  init(_ generation: ColumnGeneration) {
    let block = generation.block
    most = block.teachers.map { _ in block.groups.map(\.count) }
    least = block.teachers.map { _ in block.groups.map { _ in 0 } }
    fewestHours = block.teachers.map { _ in 0 }
    mostHours = generation.pricings.map {
      max($0.fixedHours, generation.problem.teachers[$0.teacher].ceiling)
    }
    high = generation.departments.indices.map { generation.ratios($0).high }
    low = generation.departments.indices.map { generation.ratios($0).low }
    rounded = generation.roundedRange
  }

  /// Whether a load keeps the limits.
  func allow(_ load: LoadColumn) -> Bool {
    let t = load.teacher
    guard
      load.hours >= Double(fewestHours[t]) - 1e-6, load.hours <= Double(mostHours[t]) + 1e-6
    else { return false }
    for item in load.groups where item.count > most[t][item.group] { return false }
    for (group, fewest) in least[t].enumerated() where fewest > 0 {
      guard load.groups.contains(where: { $0.group == group && $0.count >= fewest }) else {
        return false
      }
    }
    return true
  }

  /// Takes over what the extremes of the departments say of the hours of their teachers, and the
  /// other way round. False where nothing keeps the limits.
  mutating func tighten(_ generation: ColumnGeneration) -> Bool {
    guard tightenSpreads(generation) else { return false }
    for (d, department) in generation.departments.enumerated() {
      var top = high[d]
      var bottom = low[d]
      guard top.lowerBound <= top.upperBound else { return false }
      for t in department {
        let norm = generation.problem.teachers[generation.block.teachers[t]].norm
        let most = Int((top.upperBound * norm / 100 + 1e-4).rounded(.down))
        let fewest = Int((bottom.lowerBound * norm / 100 - 1e-4).rounded(.up))
        mostHours[t] = min(mostHours[t], most)
        fewestHours[t] = max(fewestHours[t], fewest)
        guard fewestHours[t] <= mostHours[t] else { return false }
        let least = 100 * Double(fewestHours[t]) / norm
        let greatest = 100 * Double(mostHours[t]) / norm
        if least > top.upperBound + 1e-6 || greatest < bottom.lowerBound - 1e-6 { return false }
        top = min(max(top.lowerBound, least), top.upperBound)...top.upperBound
        bottom = bottom.lowerBound...max(bottom.lowerBound, min(bottom.upperBound, greatest))
      }
      high[d] = top
      low[d] = bottom
    }
    return true
  }
  /// Takes over what the rounded imbalance says of the extremes, and the other way round.
  private mutating func tightenSpreads(_ generation: ColumnGeneration) -> Bool {
    guard generation.roundsImbalance else { return true }
    let least = generation.departments.indices.map {
      max(0, high[$0].lowerBound - low[$0].upperBound)
    }
    let sum = least.reduce(0, +)
    let fewest = max(rounded.lowerBound, (sum - generation.roundingRoom - 1e-6).rounded(.up))
    guard fewest <= rounded.upperBound else { return false }
    rounded = fewest...rounded.upperBound
    for d in generation.departments.indices {
      let room = rounded.upperBound + generation.roundingRoom + 1e-6 - (sum - least[d])
      let top = min(high[d].upperBound, low[d].upperBound + room)
      let bottom = max(low[d].lowerBound, high[d].lowerBound - room)
      guard high[d].lowerBound <= top, bottom <= low[d].upperBound else { return false }
      high[d] = high[d].lowerBound...top
      low[d] = bottom...low[d].upperBound
    }
    return true
  }
}

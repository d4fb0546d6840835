// SPDX-License-Identifier: GPL-3.0-or-later
import University

extension ScoreReport {
  /// The stages judged, in their order.
  public var stages: [Stage] {
    Stage.allCases.filter { objectives[$0] != nil }
  }

  /// The criteria of a stage judged by name, in the order of the contract.
  public func orderedCriteria(of stage: Stage) -> [(name: String, value: Double)] {
    func ordered<C: Criterion>(_ values: [C: Double]?) -> [(name: String, value: Double)] {
      guard let values else { return [] }
      return C.allCases.map { ($0.rawValue, values[$0] ?? 0) }
    }
    return switch stage {
    case .sections: ordered(sections)
    case .load: ordered(load)
    case .timetable: ordered(timetable)
    }
  }

  /// The report for people: criteria and objective of each stage, hours lost to holidays,
  /// warnings, findings of credits, broken rules with the first messages of each, and the verdict.
  ///
  /// - Parameter shown: the most messages of one rule, and the most warnings.
  /// - Returns: lines, each with its line feed.
  public func text(shown: Int = 20) -> String {
    var lines: [String] = []
    for stage in stages {
      lines.append("\(stage.rawValue): objective \(shortest(objectives[stage] ?? 0))")
      for (name, value) in orderedCriteria(of: stage) {
        let padding = String(repeating: " ", count: max(1, 25 - name.count))
        lines.append("  \(name)\(padding)\(shortest(value))")
      }
    }
    lines += holidayLines(shown)
    lines += warnings.prefix(shown).map { "warning: \($0)" }
    if warnings.count > shown { lines.append("warning: \(warnings.count - shown) more") }
    if !findings.isEmpty { lines.append("credits and curricula: \(findings.count) findings") }
    lines += findings.prefix(shown).map { "  \($0)" }
    if findings.count > shown { lines.append("  … \(findings.count - shown) more") }
    let counts = counts
    for rule in RuleCode.allCases {
      guard let count = counts[rule] else { continue }
      lines.append("\(rule.rawValue): \(count)")
      let found = violations.filter { $0.rule == rule }
      lines += found.prefix(shown).map { violation in
        "  \(violation.message)" + (violation.times > 1 ? " (\(violation.times) times)" : "")
      }
      if found.count > shown { lines.append("  … \(found.count - shown) more") }
    }
    lines.append(isValid ? "valid" : "NOT VALID")
    return lines.joined(separator: "\n") + "\n"
  }

  private func holidayLines(_ shown: Int) -> [String] {
    if lostHours.isEmpty { return [] }
    let total = lostHours.reduce(0) { $0 + $1.hours }
    var lines = ["hours that fall out on holidays: \(total) in \(lostHours.count) sections"]
    for lost in lostHours.prefix(shown) {
      let dates = lost.dates.map(\.description).joined(separator: ", ")
      let proposals = lost.makeUp.map { proposal in
        "\(proposal.date) slot \(proposal.slot)" + (proposal.room.map { " in \($0)" } ?? " online")
      }
      let remedy =
        proposals.isEmpty
        ? "no date is free for all" : "can be made up on " + proposals.joined(separator: ", ")
      lines.append("  section \(lost.section): \(lost.hours) on \(dates); \(remedy)")
    }
    if lostHours.count > shown { lines.append("  … \(lostHours.count - shown) more") }
    return lines
  }
}

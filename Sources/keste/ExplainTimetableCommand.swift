// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Explanation
import Foundation
import GLPKSolver
import University
import Validation
import Workflow

/// Why there is no valid plan, or why a plan's timetable cannot be completed.
struct ExplainTimetableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "timetable",
    abstract: "Say why something is impossible, and what would make it possible.",
    discussion: """
      Without a plan: which rules and rows of the data cannot hold together, whatever is planned. \
      With a plan: why meetings have no place or rules are broken; a smallest set of rules and \
      rows, and the cheapest changes that help, each tried.

        keste explain instances/aues-demo
        keste explain instances/aues-demo plan --time-limit 10

      Exit status: 0 nothing stands in the way, 1 explained or not valid, 2 input rejected, 64 \
      wrong usage.
      """)

  @Argument(help: "The instance folder.")
  var instance: String

  @Argument(help: "The plan folder; without it the instance alone is looked at.")
  var plan: String?

  @Option(help: ArgumentHelp("Seconds of wall time.", valueName: "s"))
  var timeLimit = 10.0

  @OptionGroup var printing: PrintingOptions

  func validate() throws {
    guard timeLimit > 0, timeLimit <= 1e7 else {
      throw ValidationError("--time-limit must be more than 0 seconds and at most 10000000.")
    }
  }

  func run() throws {
    let console = printing.console
    try console.run {
      let explainer = Explainer(
        solver: GLPKSolver(), seconds: timeLimit,
        threads: ProcessInfo.processInfo.activeProcessorCount)
      let found =
        try plan.map { try explainer.explain(instance, plan: $0) }
        ?? explainer.explain(instance)
      for line in ExplanationText.lines(of: found) { console.say(line) }
      let isClean = !found.isImpossible && found.violations.isEmpty
      let code = isClean ? ExitCode.success : ExitCode(1)
      try console.emit(ExplanationJSON(found, status: code.rawValue))
      return code
    }
  }
}

/// An explanation in words.
enum ExplanationText {
  static func lines(of found: PlanExplanation) -> [String] {
    var lines: [String] = []
    for (number, explained) in found.findings.enumerated() {
      let finding = explained.finding
      lines.append("\(number + 1). Before any planning, \(finding.code): \(finding.problem).")
      var place = finding.line.map { "\(finding.file):\($0)" } ?? finding.file
      if let column = finding.column { place += " \(column)" }
      if !place.isEmpty { lines.append("   where: \(place)") }
      lines += help(explained.relaxations) + together(explained.together)
      if explained.relaxations.isEmpty, explained.together.isEmpty,
        let suggestion = finding.suggestion
      {
        lines.append("   perhaps (not tried): \(suggestion)")
      }
    }
    for (number, explained) in found.contradictions.enumerated() {
      let contradiction = explained.contradiction
      var head = "\(found.findings.count + number + 1). These cannot all hold"
      if case .sections = explained.origin {
        head += ", with the plan's sections and teachers"
      } else {
        head += " in any plan"
      }
      lines.append(
        head + " (proved"
          + (contradiction.isMinimal
            ? "; without any one of them the rest can hold):"
            : "; not proved to be the fewest):"))
      for reason in brief(contradiction.reasons) {
        lines.append("   \(reason.rule)  \(reason.text)")
        for row in reason.rows.prefix(4) { lines.append("       \(row)") }
        if reason.rows.count > 4 { lines.append("       … \(reason.rows.count - 4) more rows") }
      }
      lines += help(explained.relaxations) + together(explained.together)
      if explained.relaxations.isEmpty && explained.together.isEmpty {
        lines.append(
          "   no single change helps (\(explained.useless) tried), and no set of them was found")
      }
    }
    if found.isRepairable {
      lines.append(
        "The data contradict nothing: a timetable that keeps all rules was found from this one; "
          + "it moves \(found.moved) meetings. Make it with keste timetable.")
    }
    if !found.violations.isEmpty {
      lines.append("Rules that the plan breaks: \(found.violations.count)")
      for violation in found.violations.prefix(12) {
        lines.append("   \(violation.rule.rawValue)  \(violation.message)")
      }
      if found.violations.count > 12 { lines.append("   … \(found.violations.count - 12) more") }
    }
    if !found.unexplained.isEmpty && !found.isRepairable {
      let names = found.unexplained.prefix(8).map(\.text).joined(separator: ", ")
      let more = found.unexplained.count > 8 ? " and \(found.unexplained.count - 8) more" : ""
      lines.append(
        "No contradiction was found for \(names)\(more): that is no proof that they can be placed. "
          + "Plan again with more time, or explain with a larger --time-limit.")
    }
    if lines.isEmpty {
      lines.append(
        found.hasPlan
          ? "The plan keeps every rule."
          : "Nothing was found that makes a valid plan impossible; that is no proof that there is "
            + "one. After keste plan, explain INSTANCE PLAN looks at what has no place.")
    }
    if found.isCut { lines.append("The time was over before everything was looked at.") }
    return lines
  }

  /// The hours of many sections of one discipline in a line.
  private static func brief(_ reasons: [Reason]) -> [Reason] {
    var result: [Reason] = []
    var byRows: [[DataRow]: [Int]] = [:]
    for (at, reason) in reasons.enumerated() where reason.rule == "M1" {
      byRows[reason.rows, default: []].append(at)
    }
    for (at, reason) in reasons.enumerated() {
      let same = byRows[reason.rows] ?? []
      guard reason.rule == "M1", same.count > 2 else {
        result.append(reason)
        continue
      }
      if same.first != at { continue }
      var one = reason
      one.text += "; so do \(same.count - 1) more sections of it"
      result.append(one)
    }
    return result
  }

  private static func together(_ relaxations: [Relaxation]) -> [String] {
    guard !relaxations.isEmpty else { return [] }
    return ["   no single change helps; what helps together, tried, each of them needed:"]
      + relaxations.map { "     - \($0.text)" }
  }

  private static func help(_ tried: [TriedRelaxation]) -> [String] {
    guard !tried.isEmpty else { return [] }
    return ["   what helps, cheapest first, each tried:"]
      + tried.map { tried in
        let proof =
          switch tried.proof {
          case .timetable: "a valid timetable was found with it"
          case .consistent: "the contradiction is gone with it"
          }
        return "     - \(tried.relaxation.text) (\(proof))"
      }
  }
}

/// An explanation as JSON.
private struct ExplanationJSON: Encodable {
  struct Row: Encodable {
    var file: String
    var line: Int?
    var column: String?
    var key: String?
  }
  struct ReasonJSON: Encodable {
    var rule: String
    var text: String
    var rows: [Row]
  }
  struct Help: Encodable {
    var text: String
    var cost: Double
    var verified: String
  }
  struct Finding: Encodable {
    var finding: FindingJSON
    var relaxations: [Help]
    var together: [String]
  }
  struct Conflict: Encodable {
    var scope: String
    var proved = true
    var minimal: Bool
    var reasons: [ReasonJSON]
    var relaxations: [Help]
    var together: [String]
    var tried_in_vain: Int
  }
  struct Broken: Encodable {
    var rule: String
    var message: String
    var times: Int
  }

  var exit_status: Int32
  var impossible: Bool
  var findings: [Finding]
  var contradictions: [Conflict]
  var violations: [Broken]
  var unexplained_sections: [String]
  var repairable: Bool
  var moved_meetings: Int?
  var time_was_over: Bool
  var seconds: Double

  init(_ found: PlanExplanation, status: Int32) {
    func help(_ tried: [TriedRelaxation]) -> [Help] {
      tried.map {
        Help(text: $0.relaxation.text, cost: $0.relaxation.cost, verified: $0.proof.rawValue)
      }
    }
    exit_status = status
    impossible = found.isImpossible
    findings = found.findings.map {
      Finding(
        finding: FindingJSON($0.finding), relaxations: help($0.relaxations),
        together: $0.together.map(\.text))
    }
    contradictions = found.contradictions.map { explained in
      var scope = "any plan"
      if case .sections = explained.origin { scope = "sections and load of this plan" }
      return Conflict(
        scope: scope, minimal: explained.contradiction.isMinimal,
        reasons: explained.contradiction.reasons.map { reason in
          ReasonJSON(
            rule: reason.rule, text: reason.text,
            rows: reason.rows.map {
              Row(file: $0.file, line: $0.line, column: $0.column, key: $0.key)
            })
        }, relaxations: help(explained.relaxations), together: explained.together.map(\.text),
        tried_in_vain: explained.useless)
    }
    violations = found.violations.map {
      Broken(rule: $0.rule.rawValue, message: $0.message, times: $0.times)
    }
    unexplained_sections = found.unexplained.map(\.text)
    repairable = found.isRepairable
    moved_meetings = found.isRepairable ? found.moved : nil
    time_was_over = found.isCut
    seconds = found.seconds
  }
}

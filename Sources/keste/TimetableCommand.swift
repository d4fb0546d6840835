// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import LoadDistribution
import University
import Validation
import Workflow

/// The third stage alone.
struct TimetableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "timetable",
    abstract: "Make the timetable of a plan's sections and load.",
    discussion: """
      Takes the sections and the load that the plan folder holds, writes meetings.csv, and prints \
      the criteria and the meetings that have no place with the reason. What of the input has \
      changed since a department was approved is told as a conflict (exit status 1).

        keste timetable instances/aues-demo -o plan --time-limit 300 --threads 2
        keste timetable instances/aues-demo -o plan --from plan --time-limit 60

      \(Keste.exitStatusText)
      """)

  @Argument(help: "The instance folder.")
  var instance: String

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: "The plan folder that holds the sections and the load, and that is written.")
  var plan: String

  @Option(
    help: ArgumentHelp(
      "Start from the timetable of this plan folder instead of from nothing.", valueName: "plan"))
  var from: String?

  @Option(
    help: ArgumentHelp(
      "The revision (SEQUENCE) of the calendars' events, higher than in those given out (default: "
        + "one more than in published/, and than in PLAN where its timetable changes).",
      valueName: "n"))
  var revision: Int?

  @OptionGroup var planning: PlanningArguments
  @OptionGroup var printing: PrintingOptions

  func validate() throws {
    guard revision ?? 1 >= 1 else { throw ValidationError("--revision must be at least 1.") }
  }

  func run() throws {
    let console = printing.console
    try console.run(planning.speech.language) {
      let outcome = try planning.run(
        .timetable(from: from), instance: instance, plan: plan, startedAt: processStart,
        console: console, revision: revision)
      let report = PlanningReport(
        outcome: outcome, path: plan, console: console, language: planning.speech.language)
      let conflicts = outcome.loadConflicts.map {
        "  " + $0.wording[planning.speech.language]
      }
      try report.tell(details: Self.criteria(outcome) + Self.bound(outcome) + conflicts)
      try ChangeOutput.writeChanges(
        outcome, instance: instance, plan: plan, console,
        planning.speech.language)
      return conflicts.isEmpty || outcome.isStopped ? report.exitCode : ExitCode(1)
    }
  }

  /// What the lower bound is made of.
  static func bound(_ outcome: PlanningOutcome) -> [String] {
    guard let parts = outcome.plan.record.timetable?.boundParts, !parts.isEmpty else { return [] }
    var rows = [["proved at least", "cost"]]
    for (name, amount) in parts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      rows.append([name, shown(amount)])
    }
    return tabulated(rows)
  }

  /// Each criterion with its weight and what it adds to the objective.
  static func criteria(_ outcome: PlanningOutcome) -> [String] {
    let values = outcome.report.orderedCriteria(of: .timetable)
    if values.isEmpty { return [] }
    var rows = [["criterion", "amount", "weight", "cost"]]
    for (name, value) in values {
      let weights = outcome.institution.weights.timetable
      let weight = TimetableCriterion(rawValue: name).map { weights[$0] } ?? 0
      rows.append([name, shown(value), shown(weight), shown(value * weight)])
    }
    return tabulated(rows)
  }
}

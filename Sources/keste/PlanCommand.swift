// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import LoadDistribution
import University
import Workflow

/// All stages.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Make a whole plan: sections, load and timetable.",
    discussion: """
      Reads and checks the instance, forms sections, distributes the load, makes the timetable, has \
      the validator judge everything, and writes the plan folder at the end. Stages that the \
      instance gives (sections.csv, assignments.csv) are taken as decided. Where the instance has a \
      plan in force (published/), its load stays but where the input no longer allows it, and moved \
      meetings count: changes/ in the plan folder then has the change list by teacher, group and room \
      as pages, CSV and calendars. Sections and lines of a department whose load in the plan folder, \
      or else in the plan in force, is approved stay as they are, and it stays approved. Ctrl-C keeps the best plan found so far, a second one leaves at \
      once.

        keste plan instances/aues-demo -o plan --time-limit 120
        keste plan instances/aues-demo -o plan --regime distance --seed 7
        keste plan instances/aues-demo -o plan --iterations 1000000 --threads 2

      \(Keste.exitStatusText)
      """)

  @Argument(help: "The instance folder.")
  var instance: String

  @Option(name: [.customShort("o"), .customLong("output")], help: "The plan folder to write.")
  var plan: String

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
        .plan, instance: instance, plan: plan, startedAt: processStart, console: console,
        revision: revision)
      let report = PlanningReport(
        outcome: outcome, path: plan, console: console, language: planning.speech.language)
      let conflicts = outcome.loadConflicts.filter { $0.isApproved }.map {
        "  " + $0.wording[planning.speech.language]
      }
      try report.tell(details: conflicts)
      try ChangeOutput.writeChanges(
        outcome, instance: instance, plan: plan, console,
        planning.speech.language)
      return conflicts.isEmpty ? report.exitCode : ExitCode(1)
    }
  }
}

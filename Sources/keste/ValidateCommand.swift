// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Formats
import Foundation
import Reports
import University
import Validation
import Workflow

/// The validator.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Judge a plan: every hard rule, every criterion, every claim of plan.json.",
    discussion: """
      The rules are read from the files alone; no part of the planner takes part. keste-check does \
      the same in a program without any solver.

        keste validate instances/aues-demo plan
        keste validate instances/aues-demo plan --stage load --json

      Exit status: 0 valid, 1 broken rules or wrong claims, 2 input rejected, 64 wrong usage.
      """)

  @Argument(help: "The instance folder.")
  var instance: String

  @Argument(help: "The plan folder.")
  var plan: String

  @Option(help: "The rules and criteria to apply: sections, load, timetable or all.")
  var stage = StageChoice.all

  @OptionGroup var speech: LanguageOption

  @OptionGroup var printing: PrintingOptions

  /// A stage, or all of them.
  enum StageChoice: String, CaseIterable, ExpressibleByArgument {
    case sections, load, timetable, all

    var stages: Set<Stage> {
      Stage(rawValue: rawValue).map { [$0] } ?? Set(Stage.allCases)
    }
  }

  func run() throws {
    try printing.console.run(speech.language) {
      let judged = try JudgedPlan(instance: instance, plan: plan, stages: stage.stages)
      print(
        printing.json
          ? judged.report.json()
          : judged.report.text(
            in: speech.language,
            meaning: { speech.language == .en ? nil : speech.language.meaning(of: $0, $1) }),
        terminator: "")
      return judged.report.isValid ? .success : ExitCode(1)
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Curricula
import Foundation
import LoadDistribution
import University
import Workflow

/// The first stage alone.
struct SectionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sections",
    abstract: "Form streams, practice groups and laboratory subgroups.",
    discussion: """
      Writes a plan folder with sections alone and prints for each discipline how the number of \
      its sections came about. A load and a timetable in the folder belong to the sections before \
      and are dropped. Where keste approve has approved a department, its sections and lines stay \
      as they are, the load of the others is distributed anew, and what of the input no longer \
      agrees with the approved is told as a conflict (exit status 1).

        keste sections instances/aues-demo -o plan

      \(Keste.exitStatusText)
      """)

  @Argument(help: "The instance folder.")
  var instance: String

  @Option(name: [.customShort("o"), .customLong("output")], help: "The plan folder to write.")
  var plan: String

  @OptionGroup var planning: PlanningArguments
  @OptionGroup var printing: PrintingOptions

  func run() throws {
    let console = printing.console
    let language = planning.speech.language
    try console.run(language) {
      let outcome = try planning.run(
        .sections, instance: instance, plan: plan, startedAt: processStart, console: console)
      let report = PlanningReport(
        outcome: outcome, path: plan, console: console, language: language)
      try report.tell(
        details: outcome.explanations.flatMap { explanation in
          explanation.lines(in: language).map { "  \(explanation.discipline): \($0)" }
        } + Self.proofs(outcome.explanations, language)
          + LoadCommand.messages(outcome, language).map { "  \($0)" })
      return outcome.loadConflicts.contains(where: \.isApproved)
        ? ExitCode(1) : report.exitCode
    }
  }

  /// For how many disciplines and languages nothing cheaper exists, and how far the others may be
  /// from it.
  static func proofs(_ explanations: [SectionExplanation], _ language: Language) -> [String] {
    let judged = explanations.filter { $0.cost != nil }
    if judged.isEmpty { return [] }
    let open = judged.filter { !$0.isOptimal }
    return [
      language.says(
        "  ең арзаны деп дәлелденді: пән мен тіл бойынша \(judged.count) ішінен "
          + "\(judged.count - open.count)",
        "  доказано самое дешёвое: \(judged.count - open.count) из \(judged.count) дисциплин по языкам",
        "  proved the cheapest: \(judged.count - open.count) of \(judged.count) disciplines by language"
      )
    ]
      + open.map { explanation in
        "    \(explanation.discipline) \(explanation.language.rawValue): "
          + "\(shown(explanation.cost ?? 0)), " + language.says("кемінде", "не меньше", "at least")
          + " \(shown(explanation.bound ?? 0))"
      }
  }
}

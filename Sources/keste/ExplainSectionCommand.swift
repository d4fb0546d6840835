// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Curricula
import University
import Validation
import Workflow

/// How a section came about.
struct ExplainSectionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "section",
    abstract: "Say how a section came about.",
    discussion: """
      Its groups, what binds its students (teachers that they chose, pins), the sections of its \
      discipline and language, and for each other section what the objective would be with both \
      as one, or the rule that forbids it. For a section below min_section_size the students and \
      what they could take instead.

        keste explain section instances/aues-demo plan --section MAT101-P-kk-3

      Exit status: 0 explained; 2 input rejected; 64 wrong usage.
      """)

  @OptionGroup var folders: ExplainedFolders

  @Option(help: "The section of sections.csv to explain.")
  var section: String

  @Option(
    name: [.customLong("language"), .customLong("lang")],
    help: "The language of the text: kk, ru or en (default: the instance's).")
  var language: String?

  @OptionGroup var printing: PrintingOptions

  func validate() throws {
    if let language, Language(rawValue: language) == nil {
      throw ValidationError("--language must be kk, ru or en.")
    }
  }

  func run() throws {
    let console = printing.console
    try console.run(language.flatMap(Language.init)) {
      let judged = try JudgedPlan(
        instance: folders.instanceFolder, plan: folders.planFolder, stages: [.sections])
      for warning in judged.report.warnings { console.note("warning: \(warning)") }
      guard
        let origin = SectionOrigin(
          SectionID(section), judged.institution, judged.plan.sections)
      else {
        let known = judged.plan.sections.map(\.id.text)
        throw InputRejected([
          Diagnostic(
            .error, code: "explain.unknown", file: "sections.csv", column: "section",
            value: section,
            wording: Wording(
              "мұндай секция жоқ", "такой секции нет", "there is no such section"),
            remedy: Wording {
              $0.says("мыналардың бірі: ", "одна из: ", "one of ") + $0.listed(known, most: 8)
            })
        ])
      }
      let printed = language.flatMap(Language.init) ?? judged.institution.language
      console.say(origin.section.id.text)
      for line in origin.lines(in: printed) { console.say("  " + line) }
      try console.emit(OriginJSON(origin))
      return .success
    }
  }

  private struct OriginJSON: Encodable {
    struct Share: Encodable {
      var group: String
      var here: Int
      var elsewhere: Int
    }
    struct Merge: Encodable {
      var section: String
      var size: Int
      var cost: Double?
      var obstacle: String?
    }
    var section: String
    var size: Int
    var groups: [Share]
    var choices: [String: Int]
    var pins: Int
    var break_even: Int?
    var undersized: Bool
    var merges: [Merge]
    var alternatives: [String: [String]]

    init(_ origin: SectionOrigin) {
      section = origin.section.id.text
      size = origin.section.students.count
      groups = origin.groups.map {
        Share(group: $0.group.text, here: $0.here, elsewhere: $0.elsewhere)
      }
      choices = Dictionary(
        origin.choices.map { ($0.teacher.text, $0.students) }, uniquingKeysWith: { a, _ in a })
      pins = origin.pins
      break_even = origin.breakEven
      undersized = origin.isUndersized
      merges = origin.merges.map { merge in
        let rule: String? =
          switch merge.obstacle {
          case .cap?: "S2/S3"
          case .parents?: "S5"
          case .teachers?: "S6"
          case nil: nil
          }
        return Merge(section: merge.other.text, size: merge.size, cost: merge.cost, obstacle: rule)
      }
      alternatives = Dictionary(
        origin.alternatives.map { ($0.student.text, $0.disciplines.map(\.text)) },
        uniquingKeysWith: { a, _ in a })
    }
  }
}

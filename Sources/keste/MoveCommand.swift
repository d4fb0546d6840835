// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Formats
import Foundation
import University
import Validation
import Workflow

/// One meeting to another place, by hand.
struct MoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "move",
    abstract: "Move one meeting of a plan, where every rule still holds.",
    discussion: """
      A meeting that has no place yet gets one. Checks the move, makes it, has the validator judge \
      the whole plan, and replaces the plan folder at one moment. Where a rule forbids it, nothing is written and the reasons are told.

        keste move instances/aues-demo plan --meeting MAT101-P-kk-1#1 --to "tue 3 B-204"
        keste move instances/aues-demo plan --section PHY101-L-1 --to "mon 5"
        keste move instances/aues-demo plan --meeting PHY101-B-1#1 --to "fri 7" --weeks all --length 1

      Exit status: 0 moved and valid; 1 refused, or the plan still breaks rules that it broke \
      before; 2 input rejected, nothing written; 64 wrong usage.
      """)

  @Argument(help: "The instance folder.")
  var instance: String

  @Argument(help: "The plan folder.")
  var plan: String

  @OptionGroup var selection: MeetingSelection

  @Option(
    help: ArgumentHelp("Day, start slot and, for another room, the room.", valueName: "place"))
  var to: String

  @Option(help: ArgumentHelp("Other weeks: all, odd, even or digits.", valueName: "weeks"))
  var weeks: String?

  @Option(help: ArgumentHelp("Another length in slots.", valueName: "n"))
  var length: Int?

  @OptionGroup var speech: LanguageOption
  @OptionGroup var printing: PrintingOptions

  private func says(_ kk: String, _ ru: String, _ en: String) -> String {
    speech.language.says(kk, ru, en)
  }

  func validate() throws {
    guard length ?? 1 >= 1 else { throw ValidationError("--length must be at least 1.") }
    guard MeetingTarget(to) != nil else {
      throw ValidationError("--to takes a day, a slot and a room, such as \"tue 3 B-204\".")
    }
  }

  func run() throws {
    let console = printing.console
    try console.run(speech.language) {
      let language = speech.language
      guard let target = MeetingTarget(to) else { return ExitCode(64) }
      let hand = try PlanInHand(instance: instance, plan: plan)
      for warning in hand.warnings { console.note("warning: \(warning)") }
      let events = try selection.events(in: hand)
      guard events.count == 1 else {
        throw InputRejected([
          Diagnostic(
            .error, code: "move.severalMeetings", value: selection.section,
            problem: "the section has \(events.count) meetings",
            suggestion: "give --meeting: "
              + events.map { hand.id(of: $0).text }.joined(separator: ", "))
        ])
      }
      let pattern = try weeks.map { text in
        guard let pattern = WeekPattern(span: text, weeks: hand.institution.term.weeks) else {
          throw InputRejected([
            Diagnostic(
              .error, code: "move.weeks", value: text, problem: "no weeks of the term",
              suggestion: "all, odd, even, 3-5 or \(hand.institution.term.weeks) digits, not all "
                + "of them 0")
          ])
        }
        return pattern
      }
      let outcome = try hand.move(
        events[0], to: target, weeks: pattern, length: length)
      let code: ExitCode
      if let report = outcome.report {
        try PlanFolder.write(hand.plan, to: plan)
        code = report.isValid ? .success : ExitCode(1)
        let place = described(outcome.after, language)
        console.say(
          outcome.before.map { was in
            let was = described(was, language)
            return says(
              "\(outcome.after.id) ауыстырылды: \(was) → \(place)",
              "\(outcome.after.id) перенесено: \(was) → \(place)",
              "moved \(outcome.after.id) from \(was) to \(place)")
          }
            ?? says(
              "\(outcome.after.id) орны табылды: \(place)",
              "\(outcome.after.id) поставлено: \(place)", "placed \(outcome.after.id) at \(place)"))
        let cost = outcome.costs.values.reduce(0, +)
        console.say(
          "\(ObjectiveText.label(.timetable, language)) \(signed(cost))  "
            + listed(outcome.costs, language))
        for line in ObjectiveText.lines(report, language) { console.say(line) }
        console.say(
          report.isValid
            ? says("жарамды", "план действителен", "valid")
            : says(
              "ЖАРАМСЫЗ, ауыстыруға дейінгідей", "ПЛАН НЕДЕЙСТВИТЕЛЕН, как и до переноса",
              "NOT VALID, as before the move"))
        console.say(says("жазылды: ", "записано: ", "written: ") + plan)
      } else {
        code = ExitCode(1)
        let was =
          outcome.before.map { described($0, language) }
          ?? says("орны жоқ", "без места", "without a place")
        let place = described(outcome.after, language)
        console.say(
          says(
            "қабылданбады: \(outcome.after.id): \(was) → \(place)",
            "отклонено: \(outcome.after.id): \(was) → \(place)",
            "refused: \(outcome.after.id): \(was) → \(place)"))
        for reason in outcome.reasons {
          console.say("  \(reason.rule): \(reason.wording[language])")
        }
        console.say(
          says("ештеңе жазылмады", "ничего не записано", "nothing was written"))
      }
      try console.emit(
        MoveJSON(
          exit_status: code.rawValue, moved: outcome.report != nil,
          valid: outcome.report?.isValid, before: outcome.before.map(PlaceJSON.init),
          after: PlaceJSON(outcome.after), costs: outcome.costs,
          reasons: outcome.reasons.map { BrokenJSON($0, language) }))
      return code
    }
  }

  private struct MoveJSON: Encodable {
    var exit_status: Int32
    var moved: Bool
    var valid: Bool?
    var before: PlaceJSON?
    var after: PlaceJSON
    var costs: [String: Double]
    var reasons: [BrokenJSON]
  }
}

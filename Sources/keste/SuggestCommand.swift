// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import Reports
import University
import Validation
import Workflow

/// Which meeting a command speaks of.
struct MeetingSelection: ParsableArguments {
  @Option(help: ArgumentHelp("The section.", valueName: "section"))
  var section: String?

  @Option(help: ArgumentHelp("The meeting.", valueName: "meeting"))
  var meeting: String?

  func validate() throws {
    guard (section == nil) != (meeting == nil) else {
      throw ValidationError("Give --section or --meeting.")
    }
  }

  /// The events of what is named.
  func events(in hand: PlanInHand) throws -> [Int] {
    if let meeting {
      guard let event = hand.event(of: MeetingID(meeting)) else {
        throw InputRejected([
          Diagnostic(
            .error, code: "plan.unknownMeeting", value: meeting,
            problem: "there is no such meeting in the plan",
            suggestion: "meetings.csv names them")
        ])
      }
      return [event]
    }
    let events = hand.events(of: SectionID(section ?? ""))
    if events.isEmpty {
      throw InputRejected([
        Diagnostic(
          .error, code: "plan.unknownSection", value: section,
          problem: "there is no such section with meetings in the plan",
          suggestion: "sections.csv names them")
      ])
    }
    return events
  }
}

/// Advice for one class.
struct SuggestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "suggest",
    abstract: "Where else a class could be held, and what each place breaks and costs.",
    discussion: """
      Every time in every room that suits (with --all-rooms in every room), ranked: those that keep all rules first, the cheapest \
      first; then those that break the least, with who and what is in the way. Chains are two or \
      three moves that keep all rules together. Costs are what the objective grows by, with the \
      criteria that make it up.

        keste suggest instances/aues-demo plan --section MAT101-P-kk-1
        keste suggest instances/aues-demo plan --meeting MAT101-P-kk-1#1 --top 50 --json

      Exit status: 0 there is a place that keeps all rules, or a chain; 1 there is none; 2 input \
      rejected; 64 wrong usage.
      """)

  @Argument(help: "The instance folder.")
  var instance: String

  @Argument(help: "The plan folder.")
  var plan: String

  @OptionGroup var selection: MeetingSelection

  @Option(help: ArgumentHelp("How many places to print (0 for all).", valueName: "n"))
  var top = 10

  @Option(help: ArgumentHelp("How many chains to print.", valueName: "n"))
  var chains = 5

  @Flag(help: "Rooms that do not suit too, with what forbids them.")
  var allRooms = false

  @OptionGroup var speech: LanguageOption
  @OptionGroup var printing: PrintingOptions

  private func says(_ kk: String, _ ru: String, _ en: String) -> String {
    speech.language.says(kk, ru, en)
  }

  func run() throws {
    let console = printing.console
    try console.run(speech.language) {
      let hand = try PlanInHand(instance: instance, plan: plan)
      for warning in hand.warnings { console.note("warning: \(warning)") }
      let refused = hand.refused
      if !refused.isEmpty {
        console.note(
          says(
            "ескерту: \(refused.count) сабақ орнында ереже бұзады, есепке алынбады: ",
            "предупреждение: занятий, нарушающих правила на своём месте: \(refused.count), "
              + "они не учтены: ",
            "warning: \(refused.count) meetings break rules where they are, and are left out: ")
            + refused.prefix(5).map(\.text).joined(separator: ", "))
      }
      var results: [MeetingJSON] = []
      var anyPlace = false
      for event in try selection.events(in: hand) {
        let advice = hand.advice(on: event, chains: chains, inEveryRoom: allRooms)
        anyPlace =
          anyPlace || !advice.chains.isEmpty
          || advice.options.contains { $0.broken.isEmpty && !$0.isPresent }
        say(advice, console)
        results.append(MeetingJSON(advice, top: top, speech.language))
      }
      let code = anyPlace ? ExitCode.success : ExitCode(1)
      try console.emit(SuggestJSON(exit_status: code.rawValue, meetings: results))
      return code
    }
  }

  private func say(_ advice: MeetingAdvice, _ console: Console) {
    let language = speech.language
    console.say(
      "\(advice.id): " + says("қазір ", "сейчас ", "now ")
        + (advice.meeting.map { described($0, language) }
          ?? says("орны жоқ", "без места", "without a place")))
    let free = advice.options.filter { $0.broken.isEmpty && !$0.isPresent }
    let broken = advice.options.filter { !$0.broken.isEmpty }
    console.say(
      "  "
        + says(
          "барлық ережені сақтайтын орын: \(free.count), бұзатын: \(broken.count)",
          "мест, соблюдающих все правила: \(free.count), нарушающих: \(broken.count)",
          "\(free.count) places keep all rules, \(broken.count) break some"))
    let most = top == 0 ? Int.max : top
    var rows: [[String]] = []
    for option in free.prefix(most) {
      rows.append([
        "  " + described(option.meeting, language), signed(option.cost),
        listed(option.costs, language),
      ])
    }
    for line in aligned(rows) { console.say(line) }
    if !advice.chains.isEmpty {
      console.say(
        says(
          "  барлық ережені сақтайтын ауыстыру тізбектері:",
          "  цепочки переносов, соблюдающие все правила:",
          "  chains of moves that keep all rules:"))
    }
    for chain in advice.chains {
      console.say("  \(signed(chain.cost))  \(listed(chain.costs, language))")
      for meeting in chain.meetings {
        console.say("      \(meeting.id) → \(described(meeting, language))")
      }
    }
    if free.count < most, !broken.isEmpty {
      console.say(
        says(
          "  ереже бұзатын орындар, азырақ бұзатыны алдымен:",
          "  места, нарушающие правила, сначала нарушающие меньше:",
          "  places that break rules, those that break least first:"))
      for option in broken.prefix(max(3, most - free.count)) {
        console.say(
          "  \(described(option.meeting, language))  \(signed(option.cost))  "
            + option.broken.prefix(4).map { "\($0.rule): \($0.wording[language])" }
            .joined(separator: "; ")
            + (option.broken.count > 4 ? "; … +\(option.broken.count - 4)" : ""))
      }
    }
  }

  private struct SuggestJSON: Encodable {
    var exit_status: Int32
    var meetings: [MeetingJSON]
  }

  private struct MeetingJSON: Encodable {
    var meeting: String
    var now: PlaceJSON?
    var places: [OptionJSON]
    var chains: [ChainJSON]

    init(_ advice: MeetingAdvice, top: Int, _ language: Language) {
      meeting = advice.id.text
      now = advice.meeting.map(PlaceJSON.init)
      let all = advice.options.filter { !$0.isPresent }
      places = all.prefix(top == 0 ? .max : top).map { OptionJSON($0, language) }
      chains = advice.chains.map {
        ChainJSON(cost: $0.cost, costs: $0.costs, moves: $0.meetings.map(PlaceJSON.init))
      }
    }
  }

  private struct OptionJSON: Encodable {
    var place: PlaceJSON
    var cost: Double
    var costs: [String: Double]
    var breaks: [BrokenJSON]

    init(_ option: MeetingAdvice.Option, _ language: Language) {
      place = PlaceJSON(option.meeting)
      cost = option.cost
      costs = option.costs
      breaks = option.broken.map { BrokenJSON($0, language) }
    }
  }

  private struct ChainJSON: Encodable {
    var cost: Double
    var costs: [String: Double]
    var moves: [PlaceJSON]
  }
}

/// A meeting's time and place as JSON, with the names of `meetings.csv`.
struct PlaceJSON: Encodable {
  var meeting: String
  var section: String
  var weeks: String
  var day: String
  var slot: Int
  var length: Int
  var room: String?
  var mode: String

  init(_ row: Meeting) {
    meeting = row.id.text
    section = row.section.text
    weeks = row.weeks.digits
    day = row.day.code
    slot = row.slot
    length = row.length
    room = row.room?.text
    mode = row.mode.rawValue
  }
}

/// A rule that something breaks, as JSON.
struct BrokenJSON: Encodable {
  var rule: String
  var meeting: String?
  var people: Int
  var reason: String

  init(_ broken: MeetingAdvice.Broken, _ language: Language) {
    rule = broken.rule
    meeting = broken.meeting?.text
    people = broken.people
    reason = broken.wording[language]
  }
}

/// `tue 3 B-204`, with the weeks where they are not all.
func described(_ meeting: Meeting, _ language: Language = .en) -> String {
  let weeks =
    switch meeting.weeks.description {
    case "all": ""
    case "odd": language.says(" (тақ апталар)", " (нечётные недели)", " (odd)")
    case "even": language.says(" (жұп апталар)", " (чётные недели)", " (even)")
    default: " (\(meeting.weeks))"
    }
  return "\(meeting.day.word(in: language)) \(meeting.slot)"
    + (meeting.length > 1 ? "–\(meeting.slot + meeting.length - 1)" : "")
    + " \(meeting.room?.text ?? language.says("онлайн", "онлайн", "online"))\(weeks)"
}

/// A number with its sign.
func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + shown(value) }

/// Criteria with what they add, the largest first.
func listed(_ costs: [String: Double], _ language: Language = .en) -> String {
  costs.sorted { (abs($1.value), $0.key) < (abs($0.value), $1.key) }
    .map { "\(language.word(ofCriterion: $0.key)) \(signed($0.value))" }.joined(separator: ", ")
}

/// Rows whose second column stands to the right and the others to the left.
func aligned(_ rows: [[String]]) -> [String] {
  let first = rows.map { $0[0].count }.max() ?? 0
  let second = rows.map { $0[1].count }.max() ?? 0
  return rows.map { row in
    row[0] + String(repeating: " ", count: first - row[0].count) + "  "
      + String(repeating: " ", count: second - row[1].count) + row[1] + "  " + row[2]
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Formats
import Foundation
import GLPKSolver
import Reports
import University
import Workflow

/// How many rooms are needed.
struct RoomsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rooms",
    abstract: "How many rooms are needed, by kind and size, and which could be closed.",
    discussion: """
      By kind and size the fewest rooms by the hours of the term, a bound of any timetable of the \
      sections, and at the times of the plan, a bound of timetables with these times; both for all \
      rooms together too. Then the smallest set of rooms for which a timetable that keeps all rules \
      was found; what one room fewer and one more change; and on which days rooms and buildings \
      could be closed. Without PLAN one is made first, in two fifths of the time, from the \
      timetable in force where there is one.

        keste rooms instances/aues-demo -o rooms --time-limit 300
        keste rooms instances/aues-demo plan --time-limit 120

      The bounds are proved. The smallest set is what a search found within the time (rooms chosen \
      by a programme, a timetable sought by annealing), so that fewer may do; "none found" is no \
      proof either. One room fewer is tried with the room of the kind and size that is used least; \
      into one room more meetings go one by one, the most saving first.

      DIR gets pages in three languages, rooms.csv, closings.csv, rooms.json, and the plan with the \
      smallest set of rooms in smallest/.

      Exit status: 0 done; 2 input rejected; 3 stopped before a plan was made; 64 wrong usage.
      """)

  @Argument(help: "The instance folder.")
  var instance: String

  @Argument(help: "The plan folder; without it a plan is made.")
  var plan: String?

  @Option(name: [.customShort("o"), .customLong("output")], help: "The folder of the pages.")
  var directory: String?

  @Option(help: ArgumentHelp("Seconds of wall time.", valueName: "s"))
  var timeLimit = 120.0

  @Option(help: ArgumentHelp("Threads (default: the number of cores).", valueName: "n"))
  var threads: Int?

  @Option(help: ArgumentHelp("Seed of a plan that is made.", valueName: "n"))
  var seed: UInt64 = 1

  @OptionGroup var speech: LanguageOption
  @OptionGroup var printing: PrintingOptions

  private func says(_ kk: String, _ ru: String, _ en: String) -> String {
    speech.language.says(kk, ru, en)
  }

  func validate() throws {
    guard timeLimit > 0, timeLimit <= 1e6 else {
      throw ValidationError("--time-limit must be more than 0 seconds.")
    }
    if let threads, !(1...256).contains(threads) {
      throw ValidationError("--threads must be from 1 to 256.")
    }
  }

  func run() throws {
    let console = printing.console
    try console.run(speech.language) {
      if let directory { try ChangeOutput.check(directory) }
      let interruption = Interruption {
        console.note("stopping with what there is; interrupt again to leave at once")
      }
      let flag = interruption.flag
      guard let hand = try hand(flag, console) else { return ExitCode(3) }
      for warning in hand.warnings { console.note("warning: \(warning)") }
      let parts = processStart.duration(to: .now).components
      let gone = Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
      let study = try RoomStudy(
        hand, solver: GLPKSolver(), timeLimit: max(1, timeLimit - gone), threads: cores,
        isCancelled: { flag.isSet },
        progress: { if !console.isQuiet { console.note($0) } })
      let page = page(study, hand.institution)
      say(page, console)
      let json = RoomsJSON(page)
      if let directory {
        try ChangeOutput.write([(".keste-rooms", "keste\n")], to: directory)
        try ChangeOutput.write(page.files(hand.institution.language), to: directory)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try AtomicFile.write(
          Array(try encoder.encode(json)) + [10], to: "\(directory)/rooms.json")
        if study.smallest.count < hand.institution.rooms.count {
          let (institution, plan) = study.smallestPlan(hand)
          let decided = try PlanDecisions.read(
            self.plan ?? "\(directory)/plan", institution: hand.institution)
          try ChangeOutput.write(
            institution, plan, decisions: decided, to: "\(directory)/smallest")
        }
        console.say(says("жазылды: ", "записано: ", "written: ") + "\(directory)/index.html")
      }
      try console.emit(json)
      return .success
    }
  }

  private var cores: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  /// The plan given, or one that is made; nil where it was stopped before.
  private func hand(_ flag: Interruption.Flag, _ console: Console) throws -> PlanInHand? {
    if let plan { return try PlanInHand(instance: instance, plan: plan) }
    let own = directory.map { "\($0)/plan" }
    let folder =
      own ?? NSTemporaryDirectory() + "keste-rooms-\(ProcessInfo.processInfo.processIdentifier)"
    defer { if own == nil { try? FileManager.default.removeItem(atPath: folder) } }
    if let directory { try ChangeOutput.write([(".keste-rooms", "keste\n")], to: directory) }
    if !console.isQuiet { console.note("making a plan") }
    let outcome = try Pipeline(
      instance: instance, plan: folder, solver: GLPKSolver(),
      options: PlanningOptions(
        timeLimit: 0.4 * timeLimit, seed: seed,
        threads: cores, isCancelled: { flag.isSet })
    ).run(.plan)
    if outcome.isStopped { return nil }
    return try PlanInHand(outcome.institution, outcome.plan)
  }

  private func page(_ study: RoomStudy, _ it: Institution) -> RoomsPage {
    let kept = Set(study.smallest)
    func names(_ rooms: [Int]) -> [String] { rooms.map { it.rooms[$0].id.text } }
    return RoomsPage(
      name: it.name, rooms: it.rooms.count, isPlanValid: study.isPlanValid,
      byHours: study.byHours.bound, byPeak: study.byPeak.bound,
      smallest: study.smallest.map(\.text),
      closed: it.rooms.filter { !kept.contains($0.id) }.map(\.id.text),
      tried: study.tried.map { ($0.rooms, $0.isValid) },
      bands: zip(study.needs.bands, study.marginals).map { band, value in
        RoomsPage.Band(
          kind: band.kind, seats: band.seats, upTo: band.upTo, rooms: band.rooms,
          byHours: band.byHours, byPeak: band.byPeak,
          found: band.all.count { kept.contains(it.rooms[$0].id) }, use: band.use,
          fewer: value.room.text, isPossible: value.isPossible, moved: value.moved,
          cost: value.cost, gain: value.gain, gainMeetings: value.gainMeetings,
          gainHours: value.gainHours)
      },
      bottlenecks: study.needs.demands.filter { $0.slack <= 0 && !$0.rooms.isEmpty }
        .sorted { ($1.hours, $0.rooms.count) < ($0.hours, $1.rooms.count) }.prefix(20)
        .map { (names($0.rooms), $0.hours) },
      closings: study.closings.map {
        RoomsPage.Closing(
          day: $0.day, building: $0.building?.text, rooms: $0.rooms.map(\.text),
          isPossible: $0.isPossible, moved: $0.moved)
      },
      freeDays: it.rooms.indices.filter { !study.needs.freeDays[$0].isEmpty }
        .map { (it.rooms[$0].id.text, study.needs.freeDays[$0]) },
      areFreeDaysValid: study.areFreeDaysValid)
  }

  private func say(_ page: RoomsPage, _ console: Console) {
    let untried = says("тексерілмеді", "не проверялось", "not tried")
    let none = says("табылмады", "не найдено", "none found")
    var rows = [
      [
        says("түрі, орын", "вид, мест", "kind, seats"), says("бар", "есть", "there are"),
        says("сағат бойынша", "по часам", "by hours"), says("шыңда", "по пику", "by peak"),
        says("табылды", "найдено", "found"), says("пайдалану", "загрузка", "use"),
        says("біреу кем", "на одну меньше", "one fewer"),
        says("біреу артық", "на одну больше", "one more"),
      ]
    ]
    for band in page.bands {
      let seats = band.upTo.map { "\(band.seats)–\($0)" } ?? "\(band.seats)+"
      rows.append([
        "\(band.kind), \(seats)", "\(band.rooms)", "\(band.byHours)", "\(band.byPeak)",
        "\(band.found)", String(format: "%.0f %%", 100 * band.use),
        band.isPossible.map {
          $0
            ? "\(signed(band.cost)), "
              + says(
                "ауысады \(band.moved)", "переносится \(band.moved)", "\(band.moved) move") : none
        } ?? untried,
        band.gain.map {
          "\(signed(-$0)), "
            + says(
              "онда \(band.gainMeetings)", "в ней \(band.gainMeetings)",
              "\(band.gainMeetings) in it")
        } ?? untried,
      ])
    }
    for line in tabulated(rows) { console.say(line) }
    let (all, hours, peak, found) = (page.rooms, page.byHours, page.byPeak, page.smallest.count)
    console.say(
      says(
        "\(all) аудиторияның кемінде \(hours) осы секциялардың кез келген кестесіне, кемінде \(peak) "
          + "жоспардың уақыттарына керек",
        "из \(all) аудиторий любому расписанию этих секций нужно не менее \(hours), со временами плана "
          + "не менее \(peak)",
        "of \(all) rooms any timetable of these sections needs at least \(hours), "
          + "one with the plan's times at least \(peak)"))
    if !page.isPlanValid {
      console.say(
        says(
          "жоспар ереже бұзады: азырақ аудиториялы кесте ізделмеді",
          "план нарушает правила: расписание с меньшим числом аудиторий не искалось",
          "the plan breaks rules: no timetable with fewer rooms was looked for"))
    }
    let tried = page.tried.map {
      "\($0.rooms) \($0.isValid ? says("жарамды", "действительно", "valid") : none)"
    }.joined(separator: ", ")
    console.say(
      says(
        "жарамды кесте табылған ең кіші жиын: \(found) аудитория (бұдан азы да жетуі мүмкін; "
          + "тексерілді: \(tried))",
        "наименьший набор, для которого найдено действительное расписание: \(found) аудиторий (может "
          + "хватить и меньше; проверено: \(tried))",
        "smallest set for which the search found a valid timetable: \(found) rooms "
          + "(fewer may do; tried: \(tried))"))
    if !page.closed.isEmpty {
      console.say(
        says("  мыналарсыз: ", "  без ", "  without ") + page.closed.joined(separator: ", "))
    }
    if !page.bottlenecks.isEmpty {
      console.say(
        says("шыңда бәрі бос емес:", "в пик заняты все:", "all taken at the peak:"))
    }
    for row in page.bottlenecks.prefix(8) {
      let (rooms, hours) = (row.rooms.count, row.hours)
      console.say(
        "  "
          + says(
            "\(rooms) аудитория, семестрде \(hours) сағат: ",
            "\(rooms) ауд., \(hours) ч за семестр: ",
            "\(rooms) rooms, \(hours) hours of the term: ")
          + row.rooms.prefix(6).joined(separator: ", ") + (rooms > 6 ? " …" : ""))
    }
    console.say(
      says(
        "аптаның бір күні жабық:", "закрыты в один день недели:", "closed on one day of each week:")
    )
    for closing in page.closings {
      let (count, moved) = (closing.rooms.count, closing.moved)
      let what =
        closing.building.map { says("\($0) корпусы", "корпус \($0)", "building \($0)") }
        ?? says("\(count) аудитория", "\(count) ауд.", "\(count) rooms")
      console.say(
        "  \(closing.day.word(in: speech.language)), \(what): "
          + (closing.isPossible.map {
            $0
              ? says(
                "жарамды кесте табылды, \(moved) сабақ басқа жерде",
                "найдено действительное расписание, занятий в другом месте: \(moved)",
                "valid timetable found, \(moved) meetings elsewhere") : none
          } ?? untried))
    }
    console.say(
      says(
        "жоспарда қайсыбір күні бос тұрған аудитория: ",
        "аудиторий, пустых в какой-то день плана: ",
        "rooms that stand empty on some day of the plan: ") + "\(page.freeDays.count)"
        + (page.areFreeDaysValid
          ? says(
            "; бәрі жабылса да жоспар жарамды", "; план действителен, если все их закрыть",
            "; the plan is valid with all of these closed") : ""))
    for row in page.freeDays.prefix(20) {
      console.say(
        "  \(row.room): " + row.days.map { $0.word(in: speech.language) }.joined(separator: ", "))
    }
    if page.freeDays.count > 20 {
      console.say(
        "  … " + says("тағы ", "ещё ", "") + "\(page.freeDays.count - 20)" + says("", "", " more"))
    }
  }

  private struct RoomsJSON: Encodable {
    struct Band: Encodable {
      var kind: String
      var seats_from: Int
      var seats_to: Int?
      var rooms: Int
      var bound_by_hours: Int
      var bound_by_peak: Int
      var in_smallest_set: Int
      var use: Double
      var one_fewer: String
      var fewer_is_possible: Bool?
      var fewer_moves: Int
      var fewer_costs: Double
      var more_saves: Double?
      var more_meetings: Int
      var more_hours: Int
    }
    struct Attempt: Encodable {
      var rooms: Int
      var valid: Bool
    }
    struct Bottleneck: Encodable {
      var rooms: [String]
      var hours: Int
    }
    struct Closing: Encodable {
      var day: String
      var building: String?
      var rooms: [String]
      var possible: Bool?
      var moved: Int
    }
    var exit_status = 0
    var rooms: Int
    var plan_is_valid: Bool
    var bound_by_hours: Int
    var bound_by_peak: Int
    var smallest: [String]
    var tried: [Attempt]
    var bands: [Band]
    var bottlenecks: [Bottleneck]
    var closings: [Closing]
    var free_days: [String: [String]]
    var free_days_are_valid: Bool

    init(_ page: RoomsPage) {
      rooms = page.rooms
      plan_is_valid = page.isPlanValid
      bound_by_hours = page.byHours
      bound_by_peak = page.byPeak
      smallest = page.smallest
      tried = page.tried.map { Attempt(rooms: $0.rooms, valid: $0.isValid) }
      bands = page.bands.map {
        Band(
          kind: $0.kind, seats_from: $0.seats, seats_to: $0.upTo, rooms: $0.rooms,
          bound_by_hours: $0.byHours, bound_by_peak: $0.byPeak, in_smallest_set: $0.found,
          use: $0.use, one_fewer: $0.fewer, fewer_is_possible: $0.isPossible,
          fewer_moves: $0.moved, fewer_costs: $0.cost, more_saves: $0.gain,
          more_meetings: $0.gainMeetings, more_hours: $0.gainHours)
      }
      bottlenecks = page.bottlenecks.map { Bottleneck(rooms: $0.rooms, hours: $0.hours) }
      closings = page.closings.map {
        Closing(
          day: $0.day.code, building: $0.building, rooms: $0.rooms, possible: $0.isPossible,
          moved: $0.moved)
      }
      free_days = Dictionary(
        page.freeDays.map { ($0.room, $0.days.map(\.code)) }
      ) { first, _ in first }
      free_days_are_valid = page.areFreeDaysValid
    }
  }
}

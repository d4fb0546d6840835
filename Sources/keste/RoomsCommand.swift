// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import GLPKSolver
import University
import Workflow

/// How many rooms are needed.
struct RoomsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rooms",
    abstract: "How many rooms are needed, by kind and size, and which could be closed.",
    discussion: """
      For the meetings of PLAN: by kind and size the fewest rooms by the hours of a week, and at the \
      times of the plan; both for all rooms together by a mixed-integer programme, the first a bound \
      of any timetable of these meetings, the second of those with these times. Then the smallest \
      set of rooms for which a valid timetable was found, what one room fewer changes, and the days \
      on which a room stands empty.

        keste rooms instances/aues-demo plan --time-limit 120

      Exit status: 0 done; 2 input rejected; 64 wrong usage.
      """)

  @Argument(help: "The instance folder.")
  var instance: String

  @Argument(help: "The plan folder.")
  var plan: String

  @Option(help: ArgumentHelp("Seconds of wall time.", valueName: "s"))
  var timeLimit = 120.0

  @OptionGroup var printing: PrintingOptions

  func validate() throws {
    guard timeLimit > 0, timeLimit <= 1e6 else {
      throw ValidationError("--time-limit must be more than 0 seconds.")
    }
  }

  func run() throws {
    let console = printing.console
    try console.run {
      let hand = try PlanInHand(instance: instance, plan: plan)
      for warning in hand.warnings { console.note("warning: \(warning)") }
      let interruption = Interruption {
        console.note("stopping with what there is; interrupt again to leave at once")
      }
      let study = try RoomStudy(
        hand, solver: GLPKSolver(), timeLimit: timeLimit,
        isCancelled: { [flag = interruption.flag] in flag.isSet })
      say(study, hand.institution, console)
      try console.emit(RoomsJSON(study, hand.institution))
      return .success
    }
  }

  private func say(_ study: RoomStudy, _ institution: Institution, _ console: Console) {
    var rows = [["rooms", "there are", "by hours", "by peak", "use"]]
    for band in study.needs.bands {
      rows.append([
        "\(band.kind), \(band.seats) seats or more", "\(band.rooms)", "\(band.byHours)",
        "\(band.byPeak)", String(format: "%.0f %%", 100 * band.use),
      ])
    }
    for line in tabulated(rows) { console.say(line) }
    console.say(
      "of \(institution.rooms.count) rooms any timetable of these meetings needs at least "
        + "\(study.byHours.bound), one with these times at least \(study.byPeak.bound)")
    console.say(
      "smallest set found with a valid timetable: \(study.smallest.count) rooms (tried: "
        + study.tried.map { "\($0.rooms) \($0.isValid ? "valid" : "none found")" }
        .joined(separator: ", ") + ")")
    let kept = Set(study.smallest)
    let closed = institution.rooms.filter { !kept.contains($0.id) }.map(\.id.text)
    if !closed.isEmpty { console.say("  without " + closed.joined(separator: ", ")) }
    if !study.marginals.isEmpty { console.say("one room fewer:") }
    for value in study.marginals {
      console.say(
        "  \(value.room) (\(value.kind), \(value.seats) seats or more): "
          + (value.isPossible
            ? "\(value.moved) meetings move, objective \(signed(value.cost))"
            : "no valid timetable found"))
    }
    let tight = study.needs.demands.filter { $0.slack == 0 }.sorted { $1.hours < $0.hours }
    if !tight.isEmpty { console.say("all taken at the peak:") }
    for demand in tight.prefix(8) {
      let names = demand.rooms.map { institution.rooms[$0].id.text }
      console.say(
        "  \(demand.rooms.count) rooms, \(demand.hours) hours a week: "
          + names.prefix(6).joined(separator: ", ") + (names.count > 6 ? " …" : ""))
    }
    let free = institution.rooms.indices.filter { !study.needs.freeDays[$0].isEmpty }
    if !free.isEmpty { console.say("stand empty in the plan:") }
    for room in free.prefix(30) {
      console.say(
        "  \(institution.rooms[room].id): "
          + study.needs.freeDays[room].map(\.code).joined(separator: ", "))
    }
    if free.count > 30 { console.say("  … \(free.count - 30) more") }
  }

  private struct RoomsJSON: Encodable {
    struct Band: Encodable {
      var kind: String
      var seats: Int
      var rooms: Int
      var by_hours: Int
      var by_peak: Int
      var use: Double
    }
    struct Marginal: Encodable {
      var room: String
      var kind: String
      var seats: Int
      var possible: Bool
      var moved: Int
      var cost: Double
    }
    struct Try: Encodable {
      var rooms: Int
      var valid: Bool
    }
    var exit_status = 0
    var rooms: Int
    var bound_by_hours: Int
    var bound_by_peak: Int
    var smallest: [String]
    var tried: [Try]
    var bands: [Band]
    var marginals: [Marginal]
    var free_days: [String: [String]]

    init(_ study: RoomStudy, _ institution: Institution) {
      rooms = institution.rooms.count
      bound_by_hours = study.byHours.bound
      bound_by_peak = study.byPeak.bound
      smallest = study.smallest.map(\.text)
      tried = study.tried.map { Try(rooms: $0.rooms, valid: $0.isValid) }
      bands = study.needs.bands.map {
        Band(
          kind: $0.kind, seats: $0.seats, rooms: $0.rooms, by_hours: $0.byHours,
          by_peak: $0.byPeak, use: $0.use)
      }
      marginals = study.marginals.map {
        Marginal(
          room: $0.room.text, kind: $0.kind, seats: $0.seats, possible: $0.isPossible,
          moved: $0.moved, cost: $0.cost)
      }
      free_days = Dictionary(
        uniqueKeysWithValues: institution.rooms.indices.map {
          (institution.rooms[$0].id.text, study.needs.freeDays[$0].map(\.code))
        })
    }
  }
}

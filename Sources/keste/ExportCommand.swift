// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Formats
import Foundation
import LinearModels
import University
import Workflow

/// The model of a stage for other solvers.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the mixed-integer model of a plan's timetable, or load, for any other solver.",
    discussion: """
      The model of the timetable stage for the sections and the load that the plan folder holds: \
      all of it, or only the meetings of some sections or days, the others staying where \
      meetings.csv has them. It minimises the objective of the timetable (times the scale that is \
      printed, where weights are not whole). Names of columns begin with the letter x and a number \
      and say meeting, day, slot and room.

        keste export instances/tiny plan --mps tiny.mps
        keste export instances/aues-small plan --lp monday.lp --days mon
        keste export instances/aues-small plan --mps now.mps --fixed
        keste export instances/aues-small plan --mps load.mps --stage load
        keste export comp01.ctt --mps comp01.mps
        keste export comp01.ctt comp01.sol --lp monday.lp --days 0

      With --stage load it is the distribution of the load over all teachers instead: its optimum is \
      the least objective of the load.

      In place of INSTANCE a benchmark file (.ctt, .ectt) may be named, and a solution file, or \
      nothing, in place of PLAN; --sections are its courses then, and --days its days from 0.

      With --fixed every decision is fixed to the plan's timetable: the optimum is then its cost.

      \(Keste.exitStatusText)
      """)

  @Argument(help: "The instance folder, or a benchmark file.")
  var instance: String

  @Argument(help: "The plan folder, or a solution of the benchmark file.")
  var plan: String?

  @Option(help: ArgumentHelp("Write free MPS.", valueName: "file"))
  var mps: String?

  @Option(help: ArgumentHelp("Write CPLEX LP.", valueName: "file"))
  var lp: String?

  @Option(help: ArgumentHelp("The stage: timetable or load.", valueName: "stage"))
  var stage = ExportedStage.timetable

  @Option(
    help: ArgumentHelp(
      "Only the meetings of these sections, separated by commas; the others stay.",
      valueName: "ids"))
  var sections: String?

  @Option(
    help: ArgumentHelp(
      "Only the meetings of these days (mon … sun), separated by commas; the others stay.",
      valueName: "days"))
  var days: String?

  @Flag(help: "Fix every decision to the plan's timetable.")
  var fixed = false

  @Option(help: ArgumentHelp("The regime in place of the plan's.", valueName: "name"))
  var regime: String?

  @OptionGroup var printing: PrintingOptions

  func validate() throws {
    guard mps != nil || lp != nil else {
      throw ValidationError("Name a file to write with --mps or --lp.")
    }
    if stage == .load, sections != nil || days != nil || fixed {
      throw ValidationError("--sections, --days and --fixed are of the timetable.")
    }
    if isBenchmark {
      if stage == .load || regime != nil {
        throw ValidationError("A benchmark file has no load and no regimes.")
      }
      for day in listed(days) where Int(day) == nil {
        throw ValidationError("--days: \"\(day)\" is no number; days of a benchmark are from 0.")
      }
      return
    }
    if plan == nil { throw ValidationError("Name the plan folder.") }
    for day in listed(days) where Self.weekday(day) == nil {
      throw ValidationError(
        "--days: \"\(day)\" is no day; days are mon, tue, wed, thu, fri, sat, sun.")
    }
  }

  func run() throws {
    let console = printing.console
    try console.run {
      if stage == .load { return try writeLoad(console) }
      var part = TimetableExport.Part()
      part.sections = listed(sections).map { SectionID($0) }
      part.days = listed(days).compactMap(Self.weekday)
      let export =
        isBenchmark
        ? try TimetableExport(
          benchmark: instance, solution: plan, courses: listed(sections),
          days: listed(days).compactMap { Int($0) }, isFixed: fixed)
        : try TimetableExport(
          instance: instance, plan: plan ?? "", regime: regime, part: part, isFixed: fixed)
      if let mps { try AtomicFile.write(export.mps, to: mps) }
      if let lp { try AtomicFile.write(export.lp, to: lp) }
      console.say(
        "\(export.columns) columns (\(export.wholeColumns) whole), \(export.rows) rows; "
          + "\(export.freeMeetings) meetings placed anew")
      if export.scale != 1 { console.say("the objective is that of the plan × \(export.scale)") }
      if let cost = export.cost { console.say("the plan's timetable costs \(shown(cost))") }
      if let first = export.leftOut.first {
        console.note(
          "\(export.leftOut.count) meetings cannot be held as the plan says, \(first) first")
      }
      for file in [mps, lp].compactMap({ $0 }) { console.say("written: \(file)") }
      try console.emit(
        Summary(
          columns: export.columns, integer_columns: export.wholeColumns, rows: export.rows,
          free_meetings: export.freeMeetings, scale: export.scale, cost: export.cost,
          files: [mps, lp].compactMap { $0 }))
      return .success
    }
  }

  private func writeLoad(_ console: Console) throws -> ExitCode {
    let export = try LoadExport(instance: instance, plan: plan ?? "", regime: regime)
    if let mps { try AtomicFile.write(export.mps, to: mps) }
    if let lp { try AtomicFile.write(export.lp, to: lp) }
    let whole = export.model.columns.count { $0.domain != .continuous }
    let (columns, rows) = (export.model.writtenColumns, export.model.rows.count)
    console.say("\(columns) columns (\(whole) whole), \(rows) rows")
    let files = [mps, lp].compactMap { $0 }
    for file in files { console.say("written: \(file)") }
    try console.emit(
      Summary(
        columns: columns, integer_columns: whole, rows: rows, free_meetings: 0, scale: 1, cost: nil,
        files: files))
    return .success
  }

  private var isBenchmark: Bool { instance.hasSuffix(".ctt") || instance.hasSuffix(".ectt") }

  private static func weekday(_ code: String) -> Weekday? {
    Weekday.allCases.first { $0.code == code }
  }

  private func listed(_ text: String?) -> [String] {
    (text ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }
  }

  private struct Summary: Encodable {
    var columns: Int
    var integer_columns: Int
    var rows: Int
    var free_meetings: Int
    var scale: Int
    var cost: Double?
    var files: [String]
  }
}

/// What can be exported.
enum ExportedStage: String, ExpressibleByArgument, CaseIterable {
  case timetable, load
}

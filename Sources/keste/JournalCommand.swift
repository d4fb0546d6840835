// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Formats
import Foundation
import Synthesis
import University

/// A synthetic attendance journal.
struct JournalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "journal",
    abstract: "Write a synthetic attendance journal for a plan.",
    discussion: """
      Something to try keste attendance on. Faults are planted in turn: a wrong date, a student of \
      another section, an entry twice, a date outside the term, a class without entries.

        keste journal instances/aues-small plan -o instances/aues-small/attendance.csv --faults 10

      Exit status: 0 written; 2 input rejected, nothing written; 64 wrong usage.
      """)

  @Argument(help: "The instance folder.")
  var instance: String

  @Argument(help: "The plan folder.")
  var plan: String

  @Option(name: [.customShort("o"), .customLong("output")], help: "The file to write.")
  var file: String

  @Option(help: ArgumentHelp("The last date (default: the end of the term).", valueName: "date"))
  var until: String?

  @Option(help: ArgumentHelp("The most entries (default: all).", valueName: "n"))
  var rows: Int?

  @Option(help: ArgumentHelp("Faults to plant.", valueName: "n"))
  var faults = 0

  @Option(help: ArgumentHelp("Chooses everything that is left to chance.", valueName: "n"))
  var seed: UInt64 = 1

  @OptionGroup var printing: PrintingOptions

  func validate() throws {
    guard faults >= 0, rows ?? 1 > 0 else {
      throw ValidationError("--faults must be at least 0 and --rows at least 1.")
    }
  }

  func run() throws {
    let console = printing.console
    try console.run {
      let target = URL(fileURLWithPath: file)
      if target.lastPathComponent != "attendance.csv" {
        try ChangeOutput.checkNotInput(target.deletingLastPathComponent().path)
      }
      let last = try RegisterInput.date(until)
      let input = try RegisterInput(instance: instance, plan: plan, console: console)
      let journal = Journal.entries(
        of: input.institution, input.plan, until: last, rows: rows, faults: faults, seed: seed)
      var institution = input.institution
      institution.attendance = journal.entries
      let files = InstanceFolder.files(of: institution)
      let bytes = files.first { $0.name == "attendance.csv" }?.bytes ?? []
      try AtomicFile.write(bytes, to: file)
      let planted = journal.planted.map { "\($0.key.rawValue) \($0.value)" }.sorted()
      console.say(
        "\(shown(Double(journal.entries.count))) entries"
          + (planted.isEmpty ? "" : "; faults: " + planted.joined(separator: ", ")))
      console.say("written: \(file)")
      try console.emit(
        JournalJSON(
          file: file, entries: journal.entries.count,
          faults: Dictionary(
            uniqueKeysWithValues: journal.planted.map { ($0.key.rawValue, $0.value) })))
      return .success
    }
  }

  private struct JournalJSON: Encodable {
    var exit_status = 0
    var file: String
    var entries: Int
    var faults: [String: Int]
  }
}

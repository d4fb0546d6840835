// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Formats
import Foundation
import Synthesis
import University
import Workflow

/// A synthetic university.
struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Write a synthetic instance.",
    discussion: """
      The same number of students and seed give the same instance on any machine. An instance that \
      stands in the folder is replaced as a whole; a folder that holds something else is not \
      touched.

        keste generate -o instances/mine --students 300 --seed 7
        keste generate -o instances/mine --students 300 --seed 7 --dialect semicolon

      Exit status: 0 written; 2 the folder holds something else, nothing written; 64 wrong usage.
      """)

  @Option(name: [.customShort("o"), .customLong("output")], help: "The instance folder to write.")
  var instance: String

  @Option(
    help: ArgumentHelp("Students, at least \(Synthesis.fewestStudents).", valueName: "n"))
  var students: Int

  @Option(help: ArgumentHelp("Chooses everything that is left to chance.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(
    help: "Separator and number format of the tables: comma, semicolon or tab (as Excel writes).")
  var dialect = Dialect.comma

  @Option(help: "The instance's name (default: one that says size and seed).")
  var name: String?

  @OptionGroup var printing: PrintingOptions

  /// A dialect of CSV.
  enum Dialect: String, CaseIterable, ExpressibleByArgument {
    case comma, semicolon, tab

    var csv: CSVDialect {
      switch self {
      case .comma: .comma
      case .semicolon: .semicolon
      case .tab: .tab
      }
    }
  }

  func validate() throws {
    guard (Synthesis.fewestStudents...200_000).contains(students) else {
      throw ValidationError(
        "--students must be from \(Synthesis.fewestStudents) to 200000.")
    }
  }

  func run() throws {
    let console = printing.console
    try console.run {
      let institution = Synthesis.generate(
        GeneratorOptions(students: students, seed: seed, name: name))
      do {
        try InstanceFolder.write(institution, to: instance, dialect: dialect.csv)
      } catch let problem as FolderWriteError {
        throw InputRejected([
          Diagnostic(
            .error, code: "instance.occupied", file: instance, problem: problem.description)
        ])
      }
      console.say(
        "\(institution.name): \(institution.students.count) students, "
          + "\(institution.groups.count) groups, \(institution.disciplines.count) disciplines, "
          + "\(institution.teachers.count) teachers, \(institution.rooms.count) rooms")
      console.say("written: \(instance)")
      try console.emit(
        GenerateJSON(
          directory: instance, instance: institution.name, students: institution.students.count,
          enrolments: institution.enrolments.count, seed: seed))
      return .success
    }
  }

  private struct GenerateJSON: Encodable {
    var exit_status = 0
    var directory: String
    var instance: String
    var students: Int
    var enrolments: Int
    var seed: UInt64
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import GLPKSolver
import University
import Workflow

/// Reading and checking alone.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Read an instance and check curricula, credits, enrolments and necessary conditions.",
    discussion: """
      Everything found is told at once, each with file, line, column, value and what would be \
      right.

        keste check instances/aues-demo

      \(Keste.exitStatusText)
      """)

  @Argument(help: "The instance folder.")
  var instance: String

  @Option(help: ArgumentHelp("The regime of instance.yaml to check for.", valueName: "name"))
  var regime: String?

  @Option(help: "The language of the findings: kk, ru or en (default: en).")
  var language: String?

  @OptionGroup var printing: PrintingOptions

  func validate() throws {
    if let language, Language(rawValue: language) == nil {
      throw ValidationError("--language must be kk, ru or en.")
    }
  }

  func run() throws {
    let console = printing.console
    try console.run {
      let (institution, findings) = try Pipeline.check(
        instance, regime: regime, solver: GLPKSolver())
      let tongue = language.flatMap(Language.init) ?? .en
      for finding in findings { console.note(finding.description(in: tongue)) }
      let impossible = findings.count { $0.severity == .impossible }
      let code = impossible == 0 ? ExitCode.success : ExitCode(1)
      console.say(
        "\(institution.name): \(institution.students.count) students, "
          + "\(institution.groups.count) groups, \(institution.enrolments.count) enrolments, "
          + "\(institution.disciplines.count) disciplines, \(institution.teachers.count) teachers, "
          + "\(institution.rooms.count) rooms, \(institution.term.weeks) weeks")
      console.say(
        "\(impossible) findings make a valid plan impossible, \(findings.count - impossible) "
          + "warnings")
      try console.emit(
        CheckJSON(
          exit_status: code.rawValue, instance: institution.name,
          students: institution.students.count, groups: institution.groups.count,
          enrolments: institution.enrolments.count, disciplines: institution.disciplines.count,
          teachers: institution.teachers.count, rooms: institution.rooms.count,
          findings: findings.map(FindingJSON.init)))
      return code
    }
  }

  private struct CheckJSON: Encodable {
    var exit_status: Int32
    var instance: String
    var students: Int
    var groups: Int
    var enrolments: Int
    var disciplines: Int
    var teachers: Int
    var rooms: Int
    var findings: [FindingJSON]
  }
}

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

  @OptionGroup var speech: LanguageOption
  @OptionGroup var printing: PrintingOptions

  func run() throws {
    let console = printing.console
    try console.run(speech.language) {
      let (institution, findings) = try Pipeline.check(
        instance, regime: regime, solver: GLPKSolver())
      let language = speech.language
      for finding in findings { console.note(finding.description(in: language)) }
      let impossible = findings.count { $0.severity == .impossible }
      let code = impossible == 0 ? ExitCode.success : ExitCode(1)
      let warnings = findings.count - impossible
      let (students, groups) = (institution.students.count, institution.groups.count)
      let (enrolments, disciplines) = (institution.enrolments.count, institution.disciplines.count)
      let (teachers, rooms) = (institution.teachers.count, institution.rooms.count)
      let weeks = institution.term.weeks
      console.say(
        "\(institution.name): "
          + language.says(
            "\(students) студент, \(groups) топ, \(enrolments) жазылу, \(disciplines) пән, "
              + "\(teachers) оқытушы, \(rooms) аудитория, \(weeks) апта",
            "студентов \(students), групп \(groups), записей \(enrolments), дисциплин "
              + "\(disciplines), преподавателей \(teachers), аудиторий \(rooms), недель \(weeks)",
            "\(students) students, \(groups) groups, \(enrolments) enrolments, \(disciplines) "
              + "disciplines, \(teachers) teachers, \(rooms) rooms, \(weeks) weeks"))
      console.say(
        language.says(
          "жарамды жоспарды мүмкін етпейтіні: \(impossible), ескерту: \(warnings)",
          "делают годный план невозможным: \(impossible), предупреждений: \(warnings)",
          "\(impossible) findings make a valid plan impossible, \(warnings) warnings"))
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

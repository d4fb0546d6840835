// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Formats
import Foundation
import Reports
import University
import Validation
import Workflow

/// Pages and calendars.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a plan's pages and calendars.",
    discussion: """
      Static pages in Kazakh, Russian and English by group, teacher, room and department with an \
      index and a search, and an .ics calendar for each group, teacher and room. Nothing needs a \
      server: open index.html. The folder is replaced as a whole; one that holds other files is not \
      touched.

        keste report instances/aues-demo plan -o site

      Exit status: 0 written; 1 written, but the plan breaks rules; 2 input rejected, nothing \
      written; 64 wrong usage.
      """)

  @Argument(help: "The instance folder.")
  var instance: String

  @Argument(help: "The plan folder.")
  var plan: String

  @Option(name: [.customShort("o"), .customLong("output")], help: "The folder of the pages.")
  var directory: String

  @Option(
    help: ArgumentHelp(
      "The revision (SEQUENCE) of the calendars' events: higher than in the calendars that were "
        + "given out before.", valueName: "n"))
  var revision = 0

  @OptionGroup var printing: PrintingOptions

  func validate() throws {
    guard revision >= 0 else { throw ValidationError("--revision must be at least 0.") }
  }

  func run() throws {
    let console = printing.console
    try console.run {
      let judged = try JudgedPlan(instance: instance, plan: plan, stages: nil)
      for warning in judged.report.warnings { console.note("warning: \(warning)") }
      let decided = try PlanApprovals.read(plan, institution: judged.institution).current
      let approvals = decided.compactMapValues { row in
        row.state == .draft
          ? nil
          : LoadApproval(
            isApproved: row.state == .approved, by: row.by, date: row.date, minutes: row.minutes)
      }
      do {
        try ReportSite.write(
          judged.institution, judged.plan, judged.report, to: directory, revision: revision,
          approvals: approvals)
      } catch let failure as ReportSite.Failure {
        throw InputRejected([
          Diagnostic(
            .error, code: "report.foreignFolder", file: directory, problem: failure.description)
        ])
      }
      let code = judged.report.isValid ? ExitCode.success : ExitCode(1)
      if !judged.report.isValid {
        let counts = judged.report.counts.sorted { $0.key < $1.key }
          .map { "\($0.key.rawValue) \($0.value)" }
        console.note("the plan breaks rules: " + counts.joined(separator: ", "))
      }
      console.say("written: \(directory)/index.html")
      try console.emit(
        ReportJSON(
          exit_status: code.rawValue, valid: judged.report.isValid, directory: directory))
      return code
    }
  }

  private struct ReportJSON: Encodable {
    var exit_status: Int32
    var valid: Bool
    var directory: String
  }
}

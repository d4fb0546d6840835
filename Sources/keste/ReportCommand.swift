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
        keste report autumn plan -o site --other-instance spring --other-plan spring-plan

      With the plan of the academic year's other semester the teachers' cards have both semesters \
      and the year; it needs no timetable. The documents of a department that keste approve has \
      approved have its stamp, unless lines or input are not as they were approved any more.

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
        + "given out before (default: that of the plan, which every move and repair raises).",
      valueName: "n"))
  var revision: Int?

  @Option(
    help: ArgumentHelp(
      "The instance of the academic year's other semester, for the teachers' cards.",
      valueName: "folder"))
  var otherInstance: String?

  @Option(help: ArgumentHelp("The plan of that semester.", valueName: "folder"))
  var otherPlan: String?

  @OptionGroup var printing: PrintingOptions

  func validate() throws {
    guard (otherInstance == nil) == (otherPlan == nil) else {
      throw ValidationError("give both --other-instance and --other-plan, or neither.")
    }
    guard revision ?? 0 >= 0 else { throw ValidationError("--revision must be at least 0.") }
  }

  func run() throws {
    let console = printing.console
    try console.run {
      let judged = try JudgedPlan(instance: instance, plan: plan, stages: nil)
      for warning in judged.report.warnings { console.note("warning: \(warning)") }
      let decisions = try PlanDecisions.read(plan, institution: judged.institution)
      let strayed = decisions.strayed(judged.plan, judged.institution)
      for item in strayed { console.note("warning: \(item.notice[.en])") }
      let withheld = Set(strayed.map(\.department))
      let approvals = decisions.approvals.current.compactMapValues { row in
        row.state == .draft || withheld.contains(row.department)
          ? nil
          : LoadApproval(
            isApproved: row.state == .approved, by: row.by, date: row.date, minutes: row.minutes)
      }
      let other = try otherSemester(judged, console)
      do {
        try ReportSite.write(
          judged.institution, judged.plan, judged.report, to: directory,
          revision: revision ?? judged.plan.record.revision,
          approvals: approvals, otherSemester: other)
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
          exit_status: code.rawValue, valid: judged.report.isValid, directory: directory,
          stamps_withheld: strayed.map {
            ReportJSON.Withheld(department: $0.department.text, problem: $0.wording[.en])
          }))
      return code
    }
  }

  /// The plan of the other semester; nil where none is given.
  private func otherSemester(_ judged: JudgedPlan, _ console: Console) throws -> PlanView? {
    guard let otherInstance, let otherPlan else { return nil }
    let found = try JudgedPlan(
      instance: otherInstance, plan: otherPlan, stages: [.sections, .load])
    let (mine, other) = (
      PlanView(judged.institution, judged.plan), PlanView(found.institution, found.plan)
    )
    guard let semester = mine.semester, let second = other.semester, semester != second else {
      func name(_ semester: Int?) -> String {
        semester.map { "semester \($0)" } ?? "the additional semester"
      }
      throw InputRejected([
        Diagnostic(
          .error, code: "report.semester", file: "\(otherInstance)/groups.csv", column: "term",
          problem: "most groups are in \(name(other.semester)), and those of \(instance) in "
            + name(mine.semester),
          suggestion: "a card has semesters 1 and 2 of one academic year")
      ])
    }
    if !found.report.isValid {
      console.note("warning: \(otherPlan) breaks rules; the cards show it as it is")
    }
    let without = found.institution.teachers.filter { teacher in
      judged.institution.teachers[teacher.id] == nil && !other.tasks(of: teacher.id).isEmpty
    }.map(\.id.text)
    if !without.isEmpty {
      console.note(
        "warning: without a card, since \(instance) has no such teachers: "
          + without.joined(separator: ", "))
    }
    return other
  }

  private struct ReportJSON: Encodable {
    var exit_status: Int32
    var valid: Bool
    var directory: String
    struct Withheld: Encodable {
      var department: String
      var problem: String
    }
    var stamps_withheld: [Withheld]
  }
}

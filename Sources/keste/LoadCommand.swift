// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import University
import Workflow

/// The second stage alone.
struct LoadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load",
    abstract: "Calculate the teaching load of a plan's sections and distribute it.",
    discussion: """
      Takes the sections that the plan folder holds, writes load.csv and assignments.csv, and \
      prints a summary by department. A timetable in the folder belongs to the load before and is \
      dropped.

        keste load instances/aues-demo -o plan --time-limit 60

      \(Keste.exitStatusText)
      """)

  @Argument(help: "The instance folder.")
  var instance: String

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: "The plan folder that holds the sections, and that is written.")
  var plan: String

  @OptionGroup var planning: PlanningArguments
  @OptionGroup var printing: PrintingOptions

  func run() throws {
    let console = printing.console
    try console.run {
      let outcome = try planning.run(
        .load, instance: instance, plan: plan, startedAt: processStart, console: console)
      let report = PlanningReport(outcome: outcome, path: plan, console: console)
      try report.tell(
        details: Self.summary(outcome.institution, outcome.plan)
          + outcome.loadMessages.map { "  \($0)" })
      return report.exitCode
    }
  }

  /// Tasks, hours, vacant hours and the range of load ÷ norm, by department.
  static func summary(_ institution: Institution, _ plan: Plan) -> [String] {
    var hours: [TeacherID: Hours] = [:]
    var tasks: [DepartmentID: (count: Int, hours: Hours, vacant: Hours)] = [:]
    for task in plan.tasks {
      tasks[task.department, default: (0, .zero, .zero)].count += 1
      tasks[task.department, default: (0, .zero, .zero)].hours += task.hours
    }
    for row in plan.assignments {
      if let teacher = row.teacher {
        hours[teacher, default: .zero] += row.hours
      } else if let task = plan.tasks[row.task] {
        tasks[task.department, default: (0, .zero, .zero)].vacant += row.hours
      }
    }
    var rows = [["department", "tasks", "hours", "vacant", "teachers", "load ÷ norm"]]
    for department in institution.departments {
      let own = tasks[department.id] ?? (0, .zero, .zero)
      let ratios = institution.teachers.filter { $0.department == department.id }.compactMap {
        teacher -> Double? in
        let norm = institution.norm(of: teacher)
        return norm > 0 ? (hours[teacher.id] ?? .zero).value / norm : nil
      }
      let range =
        if let low = ratios.min(), let high = ratios.max() {
          String(format: "%.2f … %.2f", low, high)
        } else {
          "–"
        }
      rows.append([
        department.id.text, String(own.count), own.hours.description, own.vacant.description,
        String(institution.teachers.count { $0.department == department.id }), range,
      ])
    }
    return tabulated(rows)
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Formats
import Foundation
import LoadDistribution
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
        keste load instances/aues-demo -o plan --keep --changes-from old-plan

      "optimal" means that no distribution has an objective lower by more than 0.01, of criteria \
      rounded to 0.01; up to 16 teachers the rounding of imbalance is in the bound, beyond 30 the \
      bound is lowered by what rounding can give.

      With --keep the lines that are marked in the column "locked" of assignments.csv are held, \
      vacant ones vacant, and of the others as few change as possible; nothing is proved of the \
      objective then. A lock that a rule forbids (L3, L4) is given anew; one against a student's \
      choice, a pin or L5 is held and named with its line, and the plan is not valid until it is \
      taken off. Departments \
      that keste approve has approved are never touched; where the input no longer agrees with \
      them, that is told as a conflict and the exit status is 1; lines that cannot stay come back \
      with the input. A proposed department whose load changes is set back to draft.

      \(Keste.exitStatusText)
      """)

  @Argument(help: "The instance folder.")
  var instance: String

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: "The plan folder that holds the sections, and that is written.")
  var plan: String

  @Flag(help: "Hold decided lines, and change as few others as possible.")
  var keep = false

  @Option(help: "A plan folder; prints what changes against its load.")
  var changesFrom: String?

  @Option(
    help: "Writes the posts that would fill what is vacant: FILE.csv, FILE.json or FILE.html.")
  var staffing: String?

  @OptionGroup var planning: PlanningArguments
  @OptionGroup var printing: PrintingOptions

  func run() throws {
    let console = printing.console
    try console.run {
      // Read first: it may be the folder that is written.
      let before = try changesFrom.map { try Self.earlier($0) }
      if let staffing { try Self.checkWritable(staffing) }
      let outcome = try planning.run(
        .load, instance: instance, plan: plan, startedAt: processStart, console: console,
        keepsLoad: keep)
      let report = PlanningReport(
        outcome: outcome, path: plan, console: console, language: planning.speech.language)
      try report.tell(
        details: Self.summary(outcome.institution, outcome.plan)
          + Self.messages(outcome).map { "  \($0)" } + StaffingTable.lines(outcome.staffing)
          + (before.map { Self.changes(from: $0, to: outcome.plan) } ?? []))
      if let staffing, !outcome.isStopped {
        try StaffingTable.write(outcome.staffing, outcome.institution, to: staffing)
        console.say("written: \(staffing)")
      }
      if outcome.loadConflicts.contains(where: \.isApproved) { return ExitCode(1) }
      return report.exitCode
    }
  }

  /// Refuses a file that could not be written, before anything else is.
  private static func checkWritable(_ path: String) throws {
    let files = FileManager.default
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    var isFolder: ObjCBool = false
    let problem: String
    if files.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      problem = "it is a folder"
    } else if !files.fileExists(atPath: folder) {
      problem = "there is no folder \(folder)"
    } else if !files.isWritableFile(atPath: folder) {
      problem = "nothing can be written in \(folder)"
    } else {
      return
    }
    throw InputRejected([
      Diagnostic(
        .error, code: "load.staffing", file: path, column: "--staffing", problem: problem,
        suggestion: "name a file in a folder that exists")
    ])
  }

  /// What is said of the load; vacant work of one reason in one line where there is much of it.
  static func messages(_ outcome: PlanningOutcome) -> [String] {
    let fewest = 6
    let shown = 3
    let groups = Dictionary(grouping: outcome.vacancies, by: \.reason)
    let many = groups.filter { $0.value.count >= fewest }
    let grouped = Set(many.values.joined().map(\.description))
    var result = outcome.loadMessages.filter { !grouped.contains($0) }
    for reason in VacantWork.Reason.allCases {
      guard let works = many[reason] else { continue }
      let hours = works.reduce(Hours.zero) { $0 + $1.hours }
      let why =
        switch reason {
        case .locked: "locked so"
        case .nobodyFit: "nobody is competent, or none of the competent may have it"
        case .noTime:
          "the competent have no time that it may have, or cannot take more (L4, L5, pinned times)"
        case .noRoom: "the competent cannot take more (L4, L5, pinned times)"
        case .dearer: "somebody could take some of it, but the objective would not be lower with it"
        }
      let most = works.sorted { $1.hours < $0.hours }.prefix(shown)
      result.append(
        "\(hours) hours of \(works.count) works are vacant, \(why): "
          + most.map { "\($0.discipline) \($0.work.text) \($0.hours)" }.joined(separator: ", ")
          + " and \(works.count - shown) more (each is in --json and as a post in --staffing)")
    }
    return result
  }

  /// The load of a plan folder; its teachers and tasks may be gone from the instance.
  private static func earlier(_ path: String) throws -> Plan {
    var plan = Plan(record: try PlanFolder.record(path))
    let lines = try PlanFolder.earlierLoad(path)
    plan.tasks = Table(lines.compactMap(\.known))
    plan.assignments = lines.map {
      Assignment(task: $0.task, teacher: $0.teacher, hours: $0.hours, isLocked: $0.isLocked)
    }
    plan.hasLoad = true
    return plan
  }

  /// What differs between two loads, by task and by teacher.
  static func changes(from old: Plan, to new: Plan) -> [String] {
    let changes = LoadChanges(from: old, to: new)
    func who(_ parts: [LoadChanges.Part]) -> String {
      parts.isEmpty
        ? "–"
        : parts.map { "\($0.teacher?.text ?? "vacant") \($0.hours)" }.joined(separator: " + ")
    }
    var rows = [["task", "change", "before", "after"]]
    for change in changes.tasks {
      rows.append([
        change.task.id.text, change.kind.rawValue, who(change.before), who(change.after),
      ])
    }
    var people = [["teacher", "tasks taken", "tasks given", "hours before", "hours after"]]
    for change in changes.teachers {
      people.append([
        change.teacher.text, "\(change.gained.count)", "\(change.lost.count)",
        change.before.description, change.after.description,
      ])
    }
    return ["changes of the load: \(changes.tasks.count) tasks, \(changes.teachers.count) teachers"]
      + (changes.tasks.isEmpty ? [] : tabulated(rows, leading: 4))
      + (changes.teachers.isEmpty ? [] : tabulated(people))
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

// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Formats
import Foundation
import GLPKSolver
import LoadDistribution
import Reports
import University
import Validation
import Workflow

/// Why the load is distributed as it is.
struct ExplainLoadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load",
    abstract: "Say why a teacher, a task or a department has the load that it has.",
    discussion: """
      For a teacher: hours by work against norm and rate, and what the cheapest change towards the \
      norm would cost. For a task: everybody who could do it, in the order of what it would cost. \
      For a department: hours, vacancies and fairness. Every cost is the objective of the plan \
      with the change in it less that of the plan as it is, over all criteria (imbalance \
      included, before rounding: of a plan that is optimal by criteria rounded to 0.01 a change \
      may still gain what rounding hides); "directly" changes nothing else, "with one compensating change" \
      is the least with one further task that goes from the candidate to somebody else or from \
      somebody to the former holder; "solved anew" solves the load with the task held by the \
      candidate: "proved" where nothing cheaper exists (parts of up to 12 teachers), else "at \
      most", by the work of the ten teachers around. Rules L3, L4, L5, T4 and S6 hold after every \
      change.

        keste explain load instances/aues-demo plan --teacher T012
        keste explain load plan --instance instances/aues-demo --task MAT101-L-kk-1/lecture

      Exit status: 0 explained; 2 input rejected; 64 wrong usage.
      """)

  @OptionGroup var folders: ExplainedFolders

  @Option(help: "The teacher to explain.")
  var teacher: String?

  @Option(help: "The task of load.csv to explain.")
  var task: String?

  @Option(help: "The department to explain.")
  var department: String?

  @Option(
    name: .customLong("time-limit"),
    help: ArgumentHelp(
      "Seconds in which the load is solved anew with the task held by each candidate; 0 for none.",
      valueName: "s"))
  var seconds = 20.0

  @Option(
    name: [.customLong("language"), .customLong("lang")],
    help: "The language of the text: kk, ru or en (default: the instance's).")
  var language: String?

  @OptionGroup var printing: PrintingOptions

  func validate() throws {
    guard [teacher, task, department].compactMap({ $0 }).count == 1 else {
      throw ValidationError("give one of --teacher, --task, --department.")
    }
    if let language, Language(rawValue: language) == nil {
      throw ValidationError("--language must be kk, ru or en.")
    }
  }

  func run() throws {
    let console = printing.console
    try console.run(language.flatMap(Language.init)) {
      let judged = try JudgedPlan(
        instance: folders.instanceFolder, plan: folders.planFolder, stages: [.sections, .load])
      for warning in judged.report.warnings { console.note("warning: \(warning)") }
      let (institution, plan) = (judged.institution, judged.plan)
      let explainer = LoadExplainer(
        institution, sections: plan.sections, tasks: plan.tasks, assignments: plan.assignments,
        approved: try PlanApprovals.read(folders.planFolder, institution: institution).approved)
      let words = LoadReasons(
        institution, plan, language.flatMap(Language.init) ?? institution.language)
      if let teacher {
        guard let found = explainer.teacher(TeacherID(teacher)) else {
          throw unknown(
            teacher, "teacher", Wording("оқытушы", "такого преподавателя", "teacher"),
            "teachers.csv",
            institution.teachers.map(\.id.text))
        }
        tell(found, institution, words, console)
        try console.emit(TeacherJSON(found))
      } else if let task {
        // What needs no solving is told at once.
        guard let direct = explainer.task(TaskID(task)) else {
          throw unknown(
            task, "task", Wording("жұмыс", "такой работы", "task"), "load.csv",
            plan.tasks.map(\.id.text))
        }
        for line in words.sentences(direct) { console.say(line) }
        for line in tabulated([words.candidateHeads(direct)] + words.rows(direct)) {
          console.say(line)
        }
        fflush(nil)
        let found = try explainer.solvedAnew(
          direct, solver: GLPKSolver(), seconds: max(0, seconds))
        if seconds > 0, !direct.candidates.isEmpty {
          for line in words.gain(found) { console.say(line) }
          for line in tabulated(words.forcedRows(found)) { console.say(line) }
          for line in words.forcedChanges(found, most: 3) { console.say(line) }
        }
        try console.emit(TaskJSON(found))
      } else if let department {
        guard let found = explainer.department(DepartmentID(department)) else {
          throw unknown(
            department, "department", Wording("кафедра", "такой кафедры", "department"),
            "departments.csv", institution.departments.map(\.id.text))
        }
        console.say(institution.departments[found.department]?.name ?? department)
        for line in words.sentences(found) { console.say("  " + line) }
        for line in tabulated(words.rows(found)) { console.say("  " + line) }
        for teacher in found.teachers { tell(teacher, institution, words, console) }
        try console.emit(DepartmentJSON(found))
      }
      return .success
    }
  }

  private func tell(
    _ explanation: TeacherExplanation, _ institution: Institution, _ words: LoadReasons,
    _ console: Console
  ) {
    let name = institution.teachers[explanation.teacher]?.name ?? ""
    console.say("\(explanation.teacher) \(name)")
    for line in words.sentences(explanation) { console.say("  " + line) }
    for line in tabulated(words.rows(explanation), leading: 2) { console.say("    " + line) }
  }

  private func unknown(
    _ value: String, _ column: String, _ what: Wording, _ file: String, _ known: [String]
  ) -> InputRejected {
    let told = Diagnostic(
      .error, code: "explain.unknown", file: file, column: column, value: value,
      wording: Wording {
        $0.says("мұндай \(what[$0]) жоқ", "\(what[$0]) нет", "there is no such \(what[$0])")
      },
      remedy: Wording {
        $0.says("мыналардың бірі: ", "один из: ", "one of ") + $0.listed(known, most: 8)
      })
    return InputRejected([told])
  }
}

// MARK: - JSON

private struct MoveJSON: Encodable {
  struct Step: Encodable {
    var task: String
    var from: String?
    var to: String?
    var hours: Double

    init(_ move: LoadMove) {
      task = move.task.text
      from = move.from?.text
      to = move.to?.text
      hours = move.hours
    }
  }
  var cost: Double
  var moves: [Step]

  init(_ priced: PricedMove) {
    cost = priced.cost
    moves = priced.moves.map(Step.init)
  }
}

private struct TeacherJSON: Encodable {
  struct Line: Encodable {
    var discipline: String
    var work: String
    var tasks: Int
    var hours: Double
  }
  var teacher: String
  var hours: Double
  var norm: Double
  var rate: Double
  var ceiling: Double
  var floor: Double
  var department_ratio: Double?
  var reachable: Double
  var works: [Line]
  var gains: [MoveJSON]
  var reliefs: [MoveJSON]

  init(_ explanation: TeacherExplanation) {
    teacher = explanation.teacher.text
    hours = explanation.hours
    norm = explanation.norm
    rate = explanation.rate
    ceiling = explanation.ceiling
    floor = explanation.floor
    department_ratio = explanation.departmentRatio
    reachable = explanation.reachable
    works = explanation.lines.map {
      Line(
        discipline: $0.discipline.text, work: $0.work.text, tasks: $0.tasks, hours: $0.hours)
    }
    gains = explanation.gains.map(MoveJSON.init)
    reliefs = explanation.reliefs.map(MoveJSON.init)
  }
}

private struct TaskJSON: Encodable {
  struct Candidate: Encodable {
    var teacher: String
    var held: Double
    var cost: Double?
    var direct: Double?
    var criteria: [String: Double]
    var obstacles: [String]
    var exchange: MoveJSON?
    var solved_anew: ForcedJSON?
  }
  struct ForcedJSON: Encodable {
    var cost: Double
    var at_least: Double?
    var proved: Bool
    var solved_freely: Double
    var regret: Double
    var moves: [MoveJSON.Step]
  }
  var task: String
  var hours: Double
  var named: String?
  var candidates: [Candidate]
  var vacant: Vacant?

  struct Vacant: Encodable {
    var cost: Double?
    var criteria: [String: Double]
    var obstacles: [String]
  }

  init(_ explanation: TaskExplanation) {
    task = explanation.task.id.text
    hours = explanation.task.hours.value
    named = explanation.named?.text
    vacant = explanation.vacant.map { vacant in
      Vacant(
        cost: vacant.cost,
        criteria: Dictionary(
          vacant.criteria.map { ($0.key.rawValue, $0.value) }, uniquingKeysWith: { a, _ in a }),
        obstacles: vacant.obstacles.map { "\($0)" })
    }
    candidates = explanation.candidates.map { candidate in
      Candidate(
        teacher: candidate.teacher.text, held: candidate.held, cost: candidate.cost,
        direct: candidate.direct,
        criteria: Dictionary(
          candidate.criteria.map { ($0.key.rawValue, $0.value) }, uniquingKeysWith: { a, _ in a }),
        obstacles: candidate.obstacles.map { "\($0)" },
        exchange: candidate.exchange.map(MoveJSON.init),
        solved_anew: candidate.forced.map { forced in
          ForcedJSON(
            cost: forced.cost, at_least: forced.bound, proved: forced.isProved,
            solved_freely: forced.gain, regret: forced.regret,
            moves: forced.moves.map(MoveJSON.Step.init))
        })
    }
  }
}

private struct DepartmentJSON: Encodable {
  var department: String
  var hours: Double
  var vacant: Double
  var outside: Double
  var inside: Double
  var norm: Double
  var criteria: [String: Double]
  var teachers: [TeacherJSON]

  init(_ explanation: DepartmentExplanation) {
    department = explanation.department.text
    hours = explanation.hours
    vacant = explanation.vacant
    outside = explanation.outside
    inside = explanation.inside
    norm = explanation.norm
    criteria = Dictionary(
      explanation.criteria.map { ($0.key.rawValue, $0.value) }, uniquingKeysWith: { a, _ in a })
    teachers = explanation.teachers.map(TeacherJSON.init)
  }
}

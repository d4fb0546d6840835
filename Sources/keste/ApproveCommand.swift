// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Formats
import Foundation
import University
import Validation
import Workflow

/// The state of a department's load.
struct ApproveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve",
    abstract: "Propose, approve or withdraw a department's load.",
    discussion: """
      Without --department it lists the states. A department goes from draft to proposed to \
      approved; an approved one is not touched by keste load until the approval is withdrawn. Every \
      change is a row of approvals.csv in the plan folder, with who, when and the minutes. The \
      lines are written down in approved_lines.csv and the input on which they rest in \
      approved_input.csv; every later change of it is told: teachers and their times, competences, \
      disciplines and who is enrolled, sections with their students, choices, pins, norms, policy \
      and weights. A run that changes the load of a proposed department sets it back to draft. \
      Plans made from this one (keste plan with published/, repair, scenario, rooms) have the \
      same states. An approved department whose lines or input are not as they were approved is \
      named with what differs, and keste report puts no stamp on its documents. Rules that only other departments break do not stand in the way.

        keste approve demo plan
        keste approve demo plan --department IT --state proposed --by "A. Bekova"
        keste approve demo plan --department IT --state approved --by "A. Bekova" --minutes 3
        keste approve demo plan --department IT --withdraw --by "A. Bekova" --reason "new group"

      Exit status: 0 done; 1 the change may not be made, or the load breaks rules; 2 input rejected; \
      64 wrong usage.
      """)

  @Argument(help: "The instance folder.")
  var instance: String

  @Argument(help: "The plan folder.")
  var plan: String

  @Option(help: "The department.")
  var department: String?

  @Option(help: "The state from now on: proposed or approved.")
  var state: State?

  @Flag(help: "Back to draft; needs --reason.")
  var withdraw = false

  @Option(help: ArgumentHelp("Who decided.", valueName: "name"))
  var by: String?

  @Option(help: ArgumentHelp("Number of the minutes; an approval needs it.", valueName: "number"))
  var minutes: String?

  @Option(help: ArgumentHelp("When, as 2023-09-04 (default: today).", valueName: "date"))
  var date: String?

  @Option(help: "Why it is withdrawn.")
  var reason: String?

  @OptionGroup var speech: LanguageOption
  @OptionGroup var printing: PrintingOptions

  /// What a department may be put to.
  enum State: String, CaseIterable, ExpressibleByArgument {
    case proposed, approved
  }

  func validate() throws {
    guard department != nil else {
      if state != nil || withdraw { throw ValidationError("--department is needed.") }
      return
    }
    if (state != nil) == withdraw {
      throw ValidationError("Give either --state proposed, --state approved or --withdraw.")
    }
    if by?.isEmpty ?? true { throw ValidationError("--by is needed: who decided.") }
    if withdraw, reason?.isEmpty ?? true {
      throw ValidationError("--withdraw needs a --reason.")
    }
    if state == .approved, minutes?.isEmpty ?? true {
      throw ValidationError("An approval needs --minutes, the number of the minutes.")
    }
    if let date, CalendarDate(date) == nil {
      throw ValidationError("--date must be a date such as 2023-09-04.")
    }
  }

  func run() throws {
    let console = printing.console
    let language = speech.language
    try console.run(language) {
      let judged = try JudgedPlan(instance: instance, plan: plan, stages: [.sections, .load])
      var decisions = try PlanDecisions.read(plan, institution: judged.institution)
      func list() throws {
        let strayed = decisions.strayed(judged.plan, judged.institution)
        for item in strayed { console.note(item.notice[language]) }
        try self.list(
          judged.institution, decisions.approvals, strayed, console, language)
      }
      guard let department else {
        try list()
        return .success
      }
      let id = DepartmentID(department)
      guard judged.institution.departments[id] != nil else {
        throw InputRejected([
          Diagnostic(
            .error, code: "reference.unknown", column: "--department", value: department,
            wording: Wording(
              "departments.csv файлында мұндай кафедра жоқ", "в departments.csv такой кафедры нет",
              "no such department in departments.csv"),
            remedy: Wording {
              $0.says("мыналардың бірі: ", "одна из: ", "one of ")
                + $0.listed(judged.institution.departments.map(\.id.text), most: 8)
            })
        ])
      }
      let next: ApprovalState =
        switch state {
        case .proposed: .proposed
        case .approved: .approved
        case nil: .draft
        }
      let broken =
        next == .draft
        ? [] : PlanValidator.violations(judged.institution, judged.plan, of: id)
      if !broken.isEmpty {
        let word = next.word(in: language)
        console.say(
          language.says(
            "\(id) жүктемесі ережелерді бұзады, «\(word)» күйіне қойылмайды:",
            "нагрузка \(id) нарушает правила и не получает состояние «\(word)»:",
            "the load of \(id) breaks rules and is not \(word):"))
        for item in broken.prefix(5) {
          console.say("  \(item.rule.rawValue): \(item.wording[language])")
        }
        let more = broken.count - 5
        if more > 0 {
          console.say("  " + language.says("тағы \(more)", "и ещё \(more)", "and \(more) more"))
        }
        return ExitCode(1)
      }
      let row = Approval(
        department: id, state: next, by: by ?? "",
        date: date.flatMap { CalendarDate($0) } ?? .today,
        minutes: minutes ?? "", reason: reason ?? "")
      let rests = next == .approved ? Self.approved(id, judged) : ([], [])
      if let refusal = decisions.record(row, input: rests.0, lines: rests.1) {
        console.say(refusal[language])
        return ExitCode(1)
      }
      try decisions.write(to: plan)
      try list()
      return .success
    }
  }

  /// The input on which a department's load rests, and its lines.
  private static func approved(
    _ department: DepartmentID, _ judged: JudgedPlan
  ) -> ([ApprovedFact], [EarlierLine]) {
    let found = judged.plan
    var holders: [DisciplineID: Set<TeacherID>] = [:]
    var lines: [EarlierLine] = []
    for row in found.assignments {
      guard let task = found.tasks[row.task] else { continue }
      if let teacher = row.teacher { holders[task.discipline, default: []].insert(teacher) }
      guard task.department == department else { continue }
      lines.append(
        EarlierLine(
          task: row.task, known: task, teacher: row.teacher, hours: row.hours, isLocked: false))
    }
    let input = ApprovedInput.facts(
      judged.institution, sections: found.sections, holders: holders, departments: [department])
    return (input, lines)
  }

  private func list(
    _ institution: Institution, _ approvals: PlanApprovals, _ strayed: [StrayedLoad],
    _ console: Console, _ language: Language
  ) throws {
    let reasons = Dictionary(grouping: strayed, by: \.department)
    var rows = [
      [
        language.says("кафедра", "кафедра", "department"),
        language.says("күйі", "состояние", "state"), language.says("қашаннан", "с", "since"),
        language.says("кім", "кто", "by"), language.says("хаттама", "протокол", "minutes"),
        language.says("себебі", "причина", "reason"),
      ]
    ]
    var values: [ApprovalsJSON.Department] = []
    let current = approvals.current
    for department in institution.departments {
      let row = current[department.id]
      let state = approvals.state(of: department.id)
      rows.append([
        department.id.text,
        state.word(in: language)
          + (reasons[department.id] == nil
            ? "" : language.says(", бірақ өзгерген", ", но изменена", ", but changed since")),
        row?.date.description ?? "–", row?.by ?? "–",
        row.flatMap { $0.minutes.isEmpty ? nil : $0.minutes } ?? "–",
        row.flatMap { $0.reason.isEmpty ? nil : $0.reason(in: language) } ?? "–",
      ])
      values.append(
        ApprovalsJSON.Department(
          department: department.id.text, state: state.rawValue, date: row?.date.description,
          by: row?.by,
          minutes: row?.minutes, reason: row?.reason(in: language),
          not_as_approved: reasons[department.id]?.map { $0.wording[language] }))
    }
    for line in tabulated(rows, leading: 6) { console.say(line) }
    try console.emit(ApprovalsJSON(departments: values))
  }

  private struct ApprovalsJSON: Encodable {
    struct Department: Encodable {
      var department: String
      var state: String
      var date: String?
      var by: String?
      var minutes: String?
      var reason: String?
      var not_as_approved: [String]?
    }
    var exit_status = 0
    var departments: [Department]
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import LoadDistribution
import University
import Validation
import Workflow

/// What the commands that plan say of their result.
struct PlanningReport {
  let outcome: PlanningOutcome
  let path: String
  let console: Console
  /// The language of what is said.
  var language = Language.en

  /// 0 valid; 1 not valid or impossible; 3 stopped before anything could be said.
  var exitCode: ExitCode {
    if outcome.isStopped { return ExitCode(3) }
    return outcome.isValid && !outcome.isImpossible ? .success : ExitCode(1)
  }

  /// Findings on standard error; of many of one kind the first, and how many more there are.
  func tellFindings() {
    func most(_ finding: Diagnostic) -> Int { finding.severity == .warning ? 5 : 20 }
    var told: [Kind: Int] = [:]
    for finding in outcome.findings {
      told[Kind(finding), default: 0] += 1
      if told[Kind(finding)] ?? 0 <= most(finding) {
        console.note(finding.description(in: language))
      }
    }
    var counted: Set<Kind> = []
    for finding in outcome.findings where counted.insert(Kind(finding)).inserted {
      let more = (told[Kind(finding)] ?? 0) - most(finding)
      guard more > 0 else { continue }
      console.note(
        "… "
          + says(
            "\(finding.file) туралы осындай тағы \(more) ескерту (барлығы: --json)",
            "ещё \(more) таких замечаний о \(finding.file) (все: --json)",
            "\(more) more of this kind about \(finding.file) (all of them: --json)"))
    }
  }

  /// What findings have in common.
  private struct Kind: Hashable {
    var severity: Diagnostic.Severity
    var code: String
    var file: String

    init(_ finding: Diagnostic) {
      severity = finding.severity
      code = finding.code
      file = finding.file
    }
  }

  /// A line a stage, broken rules, what has no place, and the verdict.
  func tell(details: [String] = []) throws {
    tellFindings()
    if outcome.isStopped {
      console.note(
        says(
          "кесте толық болмай тоқтатылды; ештеңе жазылмады, \(path) бұрынғыдай",
          "остановлено до полного расписания; ничего не записано, \(path) прежний",
          "stopped before a timetable was complete; nothing was written, \(path) is as it was"))
      try console.emit(json)
      return
    }
    for line in tabulated(stageRows, leading: 2) { console.say(line) }
    for line in details { console.say(line) }
    for notice in outcome.notices { console.say(notice[language]) }
    tellUnplaced()
    tellViolations()
    for mismatch in outcome.mismatches { console.note(mismatch.description) }
    console.say(
      outcome.isValid
        ? says("жарамды", "план действителен", "valid")
        : says("ЖАРАМСЫЗ", "ПЛАН НЕДЕЙСТВИТЕЛЕН", "NOT VALID"))
    console.say(says("жазылды: ", "записано: ", "written: ") + path)
    if !outcome.isValid, outcome.plan.hasTimetable {
      console.say(
        says(
          "не кедергі және не көмектеседі: ", "что мешает и что поможет: ",
          "what stands in the way, and what would help: ") + "keste explain INSTANCE \(path)")
    }
    try console.emit(json)
  }

  private func says(_ kk: String, _ ru: String, _ en: String) -> String {
    language.says(kk, ru, en)
  }

  private func word(_ stage: Stage) -> String {
    switch stage {
    case .sections: says("секциялар", "секции", stage.rawValue)
    case .load: says("жүктеме", "нагрузка", stage.rawValue)
    case .timetable: says("кесте", "расписание", stage.rawValue)
    }
  }

  private func word(_ status: StageStatus) -> String {
    switch status {
    case .optimal: says("оңтайлы", "оптимально", status.rawValue)
    case .feasible: says("жарамды", "допустимо", status.rawValue)
    case .infeasible: says("мүмкін емес", "невозможно", status.rawValue)
    case .stopped: says("табылмады", "не найдено", status.rawValue)
    }
  }

  private var stageRows: [[String]] {
    var rows = [
      [
        says("кезең", "этап", "stage"), says("күйі", "состояние", "status"),
        says("мақсат", "цель", "objective"), says("шек", "граница", "bound"),
        says("алшақтық", "разрыв", "gap"), says("секунд", "секунд", "seconds"),
        says("саны", "число", "holds"),
      ]
    ]
    for (stage, record) in stages {
      let bound = record.bound.map { min($0, record.objective ?? $0) }
      let gap = bound.map { bound in
        let objective = record.objective ?? bound
        return decimal(100 * (objective - bound) / max(1, abs(objective))) + " %"
      }
      rows.append([
        word(stage), word(record.status), record.objective.map { shown($0, language) } ?? "–",
        bound.map { shown($0, language) } ?? "–", gap ?? "–", decimal(record.seconds),
        holds(stage),
      ])
    }
    return rows
  }

  /// One decimal place.
  private func decimal(_ value: Double) -> String {
    String(format: "%.1f", value)
      .replacingOccurrences(of: ".", with: says(",", ",", "."))
  }

  private func holds(_ stage: Stage) -> String {
    let plan = outcome.plan
    return switch stage {
    case .sections:
      "\(plan.sections.count) " + says("секция", "секций", "sections")
    case .load: "\(plan.tasks.count) " + says("жұмыс", "работ", "tasks")
    case .timetable: "\(plan.meetings.count) " + says("сабақ", "занятий", "meetings")
    }
  }

  private var stages: [(Stage, StageRecord)] {
    let record = outcome.plan.record
    return [(.sections, record.sections), (.load, record.load), (.timetable, record.timetable)]
      .compactMap { stage, value in value.map { (stage, $0) } }
  }

  private func tellUnplaced() {
    if outcome.unplaced.isEmpty { return }
    console.say(
      says("орны жоқ сабақтар: ", "занятия без места: ", "meetings without a place: ")
        + "\(outcome.unplaced.count)")
    for meeting in outcome.unplaced {
      let (id, section) = (meeting.meeting, meeting.section)
      console.say(
        says(
          "  \(id) (секция \(section)): ", "  \(id) (секция \(section)): ",
          "  \(id) of section \(section): ") + meeting.wording[language])
    }
    guard let explanation = outcome.explanation else { return }
    for line in ExplanationText(found: explanation, language: language).lines {
      console.say("  \(line)")
    }
  }

  private func tellViolations() {
    let shownOfEach = 5
    let counts = outcome.report.counts
    for rule in counts.keys.sorted() {
      let found = outcome.report.violations.filter { $0.rule == rule }
      console.say("\(rule.rawValue): \(counts[rule] ?? 0)")
      for violation in found.prefix(shownOfEach) {
        console.say("  \(violation.wording[language])")
      }
      if found.count > shownOfEach {
        let more = found.count - shownOfEach
        console.say("  … " + says("тағы \(more)", "ещё \(more)", "\(more) more"))
      }
    }
  }

  /// The outcome as JSON.
  private var json: OutcomeJSON {
    var value = OutcomeJSON(
      exit_status: exitCode.rawValue, valid: outcome.isValid, stopped: outcome.isStopped,
      plan: path, instance: outcome.plan.record.instance, regime: outcome.plan.record.regime,
      seed: outcome.plan.record.seed, first_complete: outcome.firstComplete)
    value.findings = outcome.findings.map(FindingJSON.init)
    value.load_messages = outcome.loadMessages.map { $0[language] }
    value.load_conflicts = outcome.loadConflicts.map {
      OutcomeJSON.Conflict(
        kind: $0.kind.rawValue, department: $0.department?.text, approved: $0.isApproved,
        task: $0.task?.text, teacher: $0.teacher?.text, line: $0.fileLine,
        problem: $0.wording[language])
    }
    value.kept_load = outcome.keptLoad.map {
      OutcomeJSON.Kept(changed: $0.changed, least: $0.least, proved: $0.isProved)
    }
    value.notices = outcome.notices.map { $0[language] }
    value.staffing = outcome.staffing.map(StaffingTable.Row.init)
    value.internal_errors = outcome.mismatches.map(\.description)
    value.unplaced = outcome.unplaced.map {
      OutcomeJSON.Unplaced(section: $0.section.text, meeting: $0.meeting.text, reason: $0.reason)
    }
    value.explanation = outcome.explanation.map { ExplanationJSON($0, status: exitCode.rawValue) }
    if !outcome.moves.isEmpty {
      value.moves = outcome.moves
      let proposed = outcome.moves.values.reduce(0) { $0 + $1.proposed }
      value.search_seconds = outcome.searchSeconds
      value.proposals_per_second = Double(proposed) / max(1e-9, outcome.searchSeconds)
    }
    if outcome.isStopped { return value }
    for (stage, record) in stages {
      value.stages[stage.rawValue] = OutcomeJSON.StageValue(
        status: record.status.rawValue, objective: record.objective, bound: record.bound,
        criteria: record.criteria, seconds: record.seconds)
      value.stages[stage.rawValue]?.gap = record.gap
      if !record.boundParts.isEmpty {
        value.stages[stage.rawValue]?.bound_parts = record.boundParts
      }
    }
    for (rule, count) in outcome.report.counts {
      let messages = outcome.report.violations.lazy.filter { $0.rule == rule }.map(\.message)
      value.violations[rule.rawValue] = OutcomeJSON.Rule(
        count: count, first: Array(messages.prefix(20)))
    }
    return value
  }
}

/// The JSON object of the commands that plan; its keys are those of the files.
private struct OutcomeJSON: Encodable {
  struct StageValue: Encodable {
    var status: String
    var objective: Double?
    var bound: Double?
    var gap: Double?
    var bound_parts: [String: Double]?
    var criteria: [String: Double]
    var seconds: Double
  }
  struct Rule: Encodable {
    var count: Int
    var first: [String]
  }
  struct Conflict: Encodable {
    var kind: String
    var department: String?
    var approved: Bool
    var task: String?
    var teacher: String?
    var line: Int?
    var problem: String
  }
  struct Kept: Encodable {
    var changed: Int
    var least: Int
    var proved: Bool
  }
  struct Unplaced: Encodable {
    var section: String
    var meeting: String
    var reason: String
  }

  var exit_status: Int32
  var valid: Bool
  var stopped: Bool
  var plan: String
  var instance: String
  var regime: String
  var seed: UInt64
  var first_complete: Double?
  var stages: [String: StageValue] = [:]
  var violations: [String: Rule] = [:]
  var unplaced: [Unplaced] = []
  var explanation: ExplanationJSON?
  var moves: [String: MoveStatistics] = [:]
  var search_seconds: Double?
  var proposals_per_second: Double?
  var load_messages: [String] = []
  var load_conflicts: [Conflict] = []
  var kept_load: Kept?
  var notices: [String] = []
  var staffing: [StaffingTable.Row] = []
  var findings: [FindingJSON] = []
  var internal_errors: [String] = []
}

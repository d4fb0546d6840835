// SPDX-License-Identifier: GPL-3.0-or-later
import Formats
import Foundation
import Reports
import University
import Validation
import Workflow

/// The objectives of a plan, stage by stage: a change of the timetable leaves the load's where it
/// is, and neither stands for the whole.
enum ObjectiveText {
  /// A line a stage, with what it was before where that is given and another.
  static func lines(
    _ report: ScoreReport, before: ScoreReport? = nil, _ language: Language = .en
  ) -> [String] {
    let rows = report.stages.map { stage -> [String] in
      let value = report.objectives[stage] ?? 0
      var text = ""
      if let old = before?.objectives[stage], abs(old - value) >= 0.005 {
        text = language.says("бұрын: ", "было: ", "before: ") + shown(old)
      }
      if stage == .load, let vacant = report.load?[.vacant], vacant > 0 {
        let hours = shown(vacant)
        text +=
          (text.isEmpty ? "" : "; ")
          + language.says("бос \(hours) сағ.", "вакантно \(hours) ч", "\(hours) hours vacant")
      }
      return [label(stage, language), shown(value), text]
    }
    return aligned(rows).map { line in
      var line = line
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  static func label(_ stage: Stage, _ language: Language) -> String {
    switch stage {
    case .sections:
      language.says("секциялардың мақсаты", "цель секций", "objective of the sections")
    case .load: language.says("жүктеменің мақсаты", "цель нагрузки", "objective of the load")
    case .timetable:
      language.says("кестенің мақсаты", "цель расписания", "objective of the timetable")
    }
  }
}

/// Writing a changed plan with its instance and its change list.
enum ChangeOutput {
  /// Refuses, before any work, a folder that holds something else.
  static func check(_ directory: String) throws {
    let files = FileManager.default
    guard let held = try? files.contentsOfDirectory(atPath: directory) else {
      if files.fileExists(atPath: directory) { throw occupied(directory) }
      return
    }
    if !held.isEmpty, !held.contains("instance"), !held.contains("changes"),
      !held.contains(".keste-scenarios"), !held.contains(".keste-rooms")
    {
      throw occupied(directory)
    }
  }

  /// Refuses, before any work, a folder whose tables are input: an instance or a plan.
  static func checkNotInput(_ directory: String) throws {
    let files = FileManager.default
    for (name, kind) in [("instance.yaml", "an instance folder"), ("plan.json", "a plan folder")]
    where files.fileExists(atPath: "\(directory)/\(name)") {
      throw InputRejected([
        Diagnostic(
          .error, code: "output.input", file: directory,
          problem: "it is \(kind): its tables would be overwritten", suggestion: "give another one")
      ])
    }
  }

  private static func occupied(_ directory: String) -> InputRejected {
    InputRejected([
      Diagnostic(
        .error, code: "output.occupied", file: directory, problem: "it holds other files",
        suggestion: "give a new folder, an empty one, or one that this command wrote")
    ])
  }

  /// Writes, into `changes` of a plan folder, what is different from the timetable in force: pages, a
  /// table, and calendars with changed and cancelled events. Nothing where none is in force.
  static func writeChanges(
    _ outcome: PlanningOutcome, instance: String, plan: String, _ console: Console,
    _ language: Language
  ) throws {
    guard !outcome.isStopped, outcome.plan.hasTimetable,
      let published = PublishedTimetable(
        instance: instance, outcome.institution, new: outcome.plan)
    else { return }
    let difference = PlanDifference(
      PlanView(outcome.institution, published.plan), published.report,
      PlanView(outcome.institution, outcome.plan), outcome.report)
    let folder = "\(plan)/changes"
    // Calendars of those who are no longer concerned.
    if FileManager.default.fileExists(atPath: "\(folder)/changes.csv") {
      try? FileManager.default.removeItem(atPath: folder)
    }
    try write(
      ChangePage.files(difference, revision: outcome.plan.record.revision), to: folder)
    let count = difference.meetings.count
    console.say(
      language.says(
        "қолданыстағы кестемен салыстырғанда өзгерген сабақ: \(count); ",
        "против действующего расписания изменено занятий: \(count); ",
        "against the timetable in force: \(count) meetings changed; ") + "\(folder)/index.html")
  }

  /// Writes an instance and its plan with what is decided of its load, the plan's claim of the
  /// instance renewed.
  ///
  /// With the plan in force the instance's `published/` is that plan whole, so that its load stays
  /// in force too.
  static func write(
    _ institution: Institution, _ plan: Plan, decisions: PlanDecisions, inForce: Plan? = nil,
    to directory: String
  ) throws {
    let instance = "\(directory)/instance"
    do {
      try InstanceFolder.write(institution, to: instance)
    } catch let error as FolderWriteError {
      throw InputRejected([
        Diagnostic(
          .error, code: "output.occupied", file: instance, problem: error.description)
      ])
    }
    if let inForce {
      try PlanFolder.write(inForce, to: "\(instance)/published", decisions: decisions)
    }
    var plan = plan
    plan.record.instanceSHA256 = try InstanceFolder.sha256(of: instance)
    try PlanFolder.write(plan, to: "\(directory)/plan", decisions: decisions)
  }

  /// Writes texts into a folder, each by a new file that is renamed.
  static func write(_ files: [(path: String, text: String)], to directory: String) throws {
    let full = files.map { (path: "\(directory)/\($0.path)", text: $0.text) }
    for folder in Set(full.map { ($0.path as NSString).deletingLastPathComponent }).sorted() {
      do {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
      } catch {
        throw InputRejected([
          Diagnostic(
            .error, code: "file.write", file: folder, problem: error.localizedDescription)
        ])
      }
    }
    try AtomicFile.write(full)
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Formats
import Foundation
import Reports
import University
import Validation
import Workflow

/// What is different between two plans.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare two plans: sections, load, meetings, criteria.",
    discussion: """
      Both plans are read with INSTANCE, and judged by the validator; --after-instance gives \
      another one for the second. With -o the change list is written as pages, changes.csv and \
      calendars by teacher, group and room.

        keste diff instances/aues-demo plan other-plan
        keste diff instances/aues-demo plan other-plan -o changes

      Exit status: 0 compared; 2 input rejected; 64 wrong usage.
      """)

  @Argument(help: "The instance folder.")
  var instance: String

  @Argument(help: "The plan before.")
  var before: String

  @Argument(help: "The plan after.")
  var after: String

  @Option(help: ArgumentHelp("The instance of the second plan.", valueName: "instance"))
  var afterInstance: String?

  @Option(name: [.customShort("o"), .customLong("output")], help: "The folder of the change list.")
  var directory: String?

  @Option(
    help: ArgumentHelp(
      "The revision (SEQUENCE) of the changed events (default: that of the second plan, and at least "
        + "one more than that of the first).", valueName: "n"))
  var revision: Int?

  @Option(help: ArgumentHelp("How many differences of each kind to print.", valueName: "n"))
  var top = 20

  @OptionGroup var speech: LanguageOption
  @OptionGroup var printing: PrintingOptions

  private func says(_ kk: String, _ ru: String, _ en: String) -> String {
    speech.language.says(kk, ru, en)
  }

  func validate() throws {
    guard revision ?? 1 >= 1 else { throw ValidationError("--revision must be at least 1.") }
  }

  func run() throws {
    let console = printing.console
    try console.run(speech.language) {
      if let directory { try ChangeOutput.checkNotInput(directory) }
      let first = try JudgedPlan(instance: instance, plan: before, stages: nil)
      let second = try JudgedPlan(
        instance: afterInstance ?? instance, plan: after, stages: nil)
      let difference = PlanDifference(
        PlanView(first.institution, first.plan), first.report,
        PlanView(second.institution, second.plan), second.report)
      say(difference, first, second, console)
      if let directory {
        try ChangeOutput.write(
          ChangePage.files(
            difference,
            revision: revision
              ?? max(second.plan.record.revision, first.plan.record.revision + 1)),
          to: directory)
        console.say(says("жазылды: ", "записано: ", "written: ") + "\(directory)/index.html")
      }
      try console.emit(
        DiffJSON(difference, first: first.report.isValid, second: second.report.isValid))
      return .success
    }
  }

  /// Valid or not; a plan that only claims other numbers than this instance gives, such as one of
  /// a repair against its own published timetable, breaks no rule of teaching.
  private func verdict(_ report: ScoreReport) -> String {
    if report.isValid { return says("иә", "да", "yes") }
    return report.violations.allSatisfy { $0.rule == .p1 }
      ? says(
        "иә, бірақ plan.json сандары басқа деректердікі (P1)",
        "да, но числа в plan.json относятся к другому экземпляру (P1)",
        "yes, but for numbers in its plan.json that belong to another instance (P1)")
      : says("жоқ", "нет", "no")
  }

  private func name(_ kind: PlanDifference.Kind) -> String {
    switch kind {
    case .movedTime: says("басқа уақыт", "другое время", kind.rawValue)
    case .movedRoom: says("басқа аудитория", "другая аудитория", kind.rawValue)
    case .movedBoth:
      says("басқа уақыт пен аудитория", "другие время и аудитория", kind.rawValue)
    case .teacher: says("басқа оқытушы", "другой преподаватель", kind.rawValue)
    case .groups: says("басқа топтар", "другие группы", kind.rawValue)
    case .added: says("қосылды", "добавлено", kind.rawValue)
    case .cancelled: says("жойылды", "отменено", kind.rawValue)
    }
  }

  private func say(
    _ difference: PlanDifference, _ first: JudgedPlan, _ second: JudgedPlan, _ console: Console
  ) {
    let language = speech.language
    console.say(
      says("жарамды: ", "действителен: ", "valid: ")
        + "\(verdict(first.report)) → \(verdict(second.report))")
    if let (old, new) = difference.regimes {
      console.say(says("режим: ", "режим: ", "regime: ") + "\(old) → \(new)")
    }
    console.say(
      says("өзгеше секция: ", "секций с отличиями: ", "sections that differ: ")
        + "\(difference.sections.count)")
    for change in difference.sections.prefix(top) {
      let (joined, left) = (change.joined.count, change.left.count)
      let what =
        change.isAdded
        ? says("жаңа", "новая", "new")
        : change.isRemoved
          ? says("жойылды", "исчезла", "gone")
          : says(
            "студент +\(joined) −\(left)", "студентов +\(joined) −\(left)",
            "+\(joined) −\(left) students")
      let fields = change.fields.map { "; " + $0.text(in: language) }
      console.say("  \(change.section): \(what)\(fields.joined())")
    }
    console.say(
      says(
        "басқалар жүргізетін немесе сағаты өзгерген жұмыс: ",
        "работ у других или с другими часами: ", "tasks that others do, or of other hours: ")
        + "\(difference.load.count)")
    for change in difference.load.prefix(top) {
      // Whose part is another is told with the hours.
      let isSame = change.before == change.after
      func who(_ shares: [TeacherID: Double], _ hours: Double?) -> String {
        guard let hours else { return "–" }
        if shares.isEmpty {
          return says("бос", "вакантно", "vacant") + (isSame ? " \(shown(hours))" : "")
        }
        return shares.sorted { $0.key < $1.key }
          .map { $0.key.text + (isSame ? " \(shown($0.value))" : "") }.joined(separator: ", ")
      }
      console.say(
        "  \(language.word(of: change.work)) \(change.section): "
          + "\(who(change.sharesBefore, change.hoursBefore)) → "
          + who(change.sharesAfter, change.hoursAfter))
    }
    console.say(
      says("өзгеше сабақ: ", "занятий с отличиями: ", "meetings that differ: ")
        + "\(difference.meetings.count)")
    for kind in PlanDifference.Kind.allCases {
      let count = difference.meetings.count { $0.kind == kind }
      if count > 0 { console.say("  \(name(kind)): \(count)") }
    }
    for change in difference.meetings.prefix(top) {
      console.say(
        "  \(change.id): \(change.before.map { described($0, language) } ?? "–") → "
          + "\(change.after.map { described($0, language) } ?? "–")")
    }
    if !difference.criteria.isEmpty {
      var rows = [
        [
          says("критерий", "критерий", "criterion"), says("бұрын", "было", "before"),
          says("енді", "стало", "after"), says("құны", "стоимость", "cost"),
        ]
      ]
      for change in difference.criteria {
        rows.append([
          language.word(ofCriterion: change.name), shown(change.before), shown(change.after),
          signed((change.after - change.before) * change.weight),
        ])
      }
      for line in tabulated(rows) { console.say(line) }
    }
    for (stage, old, new) in difference.objectives {
      console.say(
        "\(ObjectiveText.label(stage, language)): \(shown(old)) → \(shown(new)) "
          + "(\(signed(new - old)))")
    }
  }

  private struct DiffJSON: Encodable {
    struct SectionJSON: Encodable {
      var section: String
      var added: Bool
      var removed: Bool
      var joined: [String]
      var left: [String]
      var fields: [String: [String]]
    }
    struct LoadJSON: Encodable {
      var task: String
      var section: String
      var work: String
      var before: [String]
      var after: [String]
      var hours_before: Double?
      var hours_after: Double?
      var shares_before: [String: Double]
      var shares_after: [String: Double]
    }
    struct MeetingJSON: Encodable {
      var change: String
      var before: PlaceJSON?
      var after: PlaceJSON?
      var teachers_before: [String]
      var teachers: [String]
    }
    struct CriterionJSON: Encodable {
      var stage: String
      var before: Double
      var after: Double
      var weight: Double
    }
    var exit_status = 0
    var valid_before: Bool
    var valid: Bool
    var regime_before: String
    var regime: String
    var sections: [SectionJSON]
    var load: [LoadJSON]
    var meetings: [MeetingJSON]
    var criteria: [String: CriterionJSON]
    var objectives: [String: [Double]]

    init(_ difference: PlanDifference, first: Bool, second: Bool) {
      valid_before = first
      valid = second
      regime_before = difference.before.regime.name
      regime = difference.after.regime.name
      sections = difference.sections.map {
        SectionJSON(
          section: $0.section.text, added: $0.isAdded, removed: $0.isRemoved,
          joined: $0.joined.map(\.text), left: $0.left.map(\.text),
          fields: Dictionary($0.fields.map { ($0.name, [$0.before, $0.after]) }) { first, _ in first
          })
      }
      load = difference.load.map {
        LoadJSON(
          task: $0.task.text, section: $0.section.text, work: $0.work.text,
          before: $0.before.map(\.text), after: $0.after.map(\.text),
          hours_before: $0.hoursBefore, hours_after: $0.hoursAfter,
          shares_before: Dictionary(
            uniqueKeysWithValues: $0.sharesBefore.map { ($0.key.text, $0.value) }),
          shares_after: Dictionary(
            uniqueKeysWithValues: $0.sharesAfter.map { ($0.key.text, $0.value) }))
      }
      meetings = difference.meetings.map {
        MeetingJSON(
          change: $0.kind.rawValue, before: $0.before.map(PlaceJSON.init),
          after: $0.after.map(PlaceJSON.init), teachers_before: $0.teachersBefore.map(\.text),
          teachers: $0.teachersAfter.map(\.text))
      }
      criteria = Dictionary(
        uniqueKeysWithValues: difference.criteria.map {
          (
            $0.name,
            CriterionJSON(
              stage: $0.stage.rawValue, before: $0.before, after: $0.after, weight: $0.weight)
          )
        })
      objectives = Dictionary(
        uniqueKeysWithValues: difference.objectives.map {
          ($0.stage.rawValue, [$0.before, $0.after])
        })
    }
  }
}

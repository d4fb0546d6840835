// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Formats
import Foundation
import LoadDistribution
import Reports
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
      vacant ones vacant, and of the others as few lines (task, teacher) change as keep the fewest \
      hours vacant, by those that cost least; the number is printed with its proved bound, and \
      nothing is proved of the objective then. A lock that a rule forbids (L3, L4) is given anew; one against a student's \
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
    let language = planning.speech.language
    try console.run(language) {
      // Read first: it may be the folder that is written.
      let before = try changesFrom.map { try Self.earlier($0) }
      if let staffing { try Self.checkWritable(staffing) }
      let outcome = try planning.run(
        .load, instance: instance, plan: plan, startedAt: processStart, console: console,
        keepsLoad: keep)
      let report = PlanningReport(
        outcome: outcome, path: plan, console: console, language: language)
      try report.tell(
        details: Self.summary(outcome.institution, outcome.plan, language)
          + Self.messages(outcome, language).map { "  \($0)" }
          + Self.kept(outcome, language)
          + StaffingTable.lines(outcome.staffing, language)
          + (before.map { Self.changes(from: $0, to: outcome.plan, language) } ?? []))
      if let staffing, !outcome.isStopped {
        try StaffingTable.write(
          outcome.staffing, outcome.institution, to: staffing,
          planning.speech.word == nil ? outcome.institution.language : language)
        console.say(language.says("жазылды: ", "записано: ", "written: ") + staffing)
      }
      if outcome.loadConflicts.contains(where: \.isApproved) { return ExitCode(1) }
      return report.exitCode
    }
  }

  /// How many lines of the earlier load change, and what is proved of that.
  static func kept(_ outcome: PlanningOutcome, _ language: Language) -> [String] {
    guard let kept = outcome.keptLoad else { return [] }
    let (changed, least) = (kept.changed, kept.least)
    return [
      kept.isProved
        ? language.says(
          "бұрынғы жүктемеден өзгерген жолдар: \(changed), бұдан аз болмайтыны дәлелденген",
          "изменено строк прежней нагрузки: \(changed), доказано, что меньше нельзя",
          "changed lines of the earlier load: \(changed), proved the fewest")
        : language.says(
          "бұрынғы жүктемеден өзгерген жолдар: \(changed), кемінде \(least) өзгеруі тиіс екені дәлелденген",
          "изменено строк прежней нагрузки: \(changed), доказано, что не меньше \(least)",
          "changed lines of the earlier load: \(changed); at least \(least) must, as is proved")
    ]
  }

  /// Refuses a file that could not be written, before anything else is.
  private static func checkWritable(_ path: String) throws {
    let files = FileManager.default
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    var isFolder: ObjCBool = false
    let problem: Wording
    if files.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      problem = Wording("бұл – бума", "это папка", "it is a folder")
    } else if !files.fileExists(atPath: folder) {
      problem = Wording(
        "\(folder) бумасы жоқ", "папки \(folder) нет", "there is no folder \(folder)")
    } else if !files.isWritableFile(atPath: folder) {
      problem = Wording(
        "\(folder) бумасына жазуға болмайды", "в \(folder) нельзя ничего записать",
        "nothing can be written in \(folder)")
    } else {
      return
    }
    throw InputRejected([
      Diagnostic(
        .error, code: "load.staffing", file: path, column: "--staffing", wording: problem,
        remedy: Wording(
          "бар бумадағы файлды атаңыз", "назовите файл в существующей папке",
          "name a file in a folder that exists"))
    ])
  }

  /// What is said of the load; vacant work of one reason in one line where there is much of it.
  static func messages(_ outcome: PlanningOutcome, _ language: Language) -> [String] {
    let fewest = 6
    let shown = 3
    let groups = Dictionary(grouping: outcome.vacancies, by: \.reason)
    let many = groups.filter { $0.value.count >= fewest }
    let grouped = Set(many.values.joined().map(\.wording))
    var result = outcome.loadMessages.filter { !grouped.contains($0) }.map { $0[language] }
    for reason in VacantWork.Reason.allCases {
      guard let works = many[reason] else { continue }
      let hours = language.number(works.reduce(Hours.zero) { $0 + $1.hours })
      let why =
        switch reason {
        case .locked: language.says("солай бекемделген", "так зафиксировано", "locked so")
        case .approved:
          language.says(
            "кафедра бекітілген", "кафедра утверждена", "the department is approved")
        case .nobodyFit:
          language.says(
            "құзыретті ешкім жоқ не құзыреттілердің ешқайсысына болмайды",
            "никто не имеет компетенции или никому из компетентных нельзя",
            "nobody is competent, or none of the competent may have it")
        case .noTime:
          language.says(
            "құзыреттілерде оған болатын уақыт жоқ не артық ала алмайды (L4, L5, бекітілген уақыт)",
            "у компетентных нет подходящего времени, или они не могут взять больше (L4, L5, "
              + "закреплённое время)",
            "the competent have no time that it may have, or cannot take more (L4, L5, pinned times)"
          )
        case .noRoom:
          language.says(
            "құзыреттілер артық ала алмайды (L4, L5, бекітілген уақыт)",
            "компетентные не могут взять больше (L4, L5, закреплённое время)",
            "the competent cannot take more (L4, L5, pinned times)")
        case .dearer:
          language.says(
            "біреу бір бөлігін ала алар еді, бірақ мақсат онымен төмендемейді",
            "кто-то мог бы взять часть, но цель от этого не стала бы ниже",
            "somebody could take some of it, but the objective would not be lower with it")
        }
      let most = works.sorted { $1.hours < $0.hours }.prefix(shown)
      let list = most.map {
        let work = language == .en ? $0.work.text : StaffingTable.word($0.work, language)
        return "\($0.discipline) \(work) \(language.number($0.hours))"
      }.joined(separator: ", ")
      let more = works.count - shown
      result.append(
        language.says(
          "\(works.count) жұмыстың \(hours) сағаты бос, \(why): \(list) және тағы \(more) (барлығы: "
            + "--json, штат бірлігі ретінде: --staffing)",
          "\(hours) ч из работ (\(works.count)) вакантны, \(why): \(list) и ещё \(more) (все: --json, "
            + "как ставки: --staffing)",
          "\(hours) hours of \(works.count) works are vacant, \(why): \(list) and \(more) more (each "
            + "is in --json and as a post in --staffing)"))
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
  static func changes(from old: Plan, to new: Plan, _ language: Language) -> [String] {
    let changes = LoadChanges(from: old, to: new)
    func says(_ kk: String, _ ru: String, _ en: String) -> String { language.says(kk, ru, en) }
    let vacant = says("бос", "вакансия", "vacant")
    func who(_ parts: [LoadChanges.Part]) -> String {
      parts.isEmpty
        ? "–"
        : parts.map { "\($0.teacher?.text ?? vacant) \(language.number($0.hours))" }
          .joined(separator: " + ")
    }
    func word(_ kind: LoadChanges.TaskChange.Kind) -> String {
      switch kind {
      case .added: says("жаңа", "новая", kind.rawValue)
      case .removed: says("алынды", "снята", kind.rawValue)
      case .hours: says("сағаты", "часы", kind.rawValue)
      case .teacher: says("оқытушысы", "преподаватель", kind.rawValue)
      }
    }
    var rows = [
      [
        says("жұмыс", "работа", "task"), says("өзгеріс", "изменение", "change"),
        says("бұрын", "было", "before"), says("енді", "стало", "after"),
      ]
    ]
    for change in changes.tasks {
      rows.append([
        change.task.id.text, word(change.kind), who(change.before), who(change.after),
      ])
    }
    var people = [
      [
        says("оқытушы", "преподаватель", "teacher"),
        says("алған жұмыс", "взято работ", "tasks taken"),
        says("берген жұмыс", "отдано работ", "tasks given"),
        says("бұрынғы сағат", "часов было", "hours before"),
        says("қазіргі сағат", "часов стало", "hours after"),
      ]
    ]
    for change in changes.teachers {
      people.append([
        change.teacher.text, "\(change.gained.count)", "\(change.lost.count)",
        language.number(change.before), language.number(change.after),
      ])
    }
    let (tasks, teachers) = (changes.tasks.count, changes.teachers.count)
    return [
      says(
        "жүктеме өзгерістері: жұмыстар \(tasks), оқытушылар \(teachers)",
        "изменения нагрузки: работ \(tasks), преподавателей \(teachers)",
        "changes of the load: \(tasks) tasks, \(teachers) teachers")
    ]
      + (changes.tasks.isEmpty ? [] : tabulated(rows, leading: 4))
      + (changes.teachers.isEmpty ? [] : tabulated(people))
  }

  /// Tasks, hours, vacant hours and the range of load ÷ norm, by department.
  static func summary(
    _ institution: Institution, _ plan: Plan, _ language: Language
  ) -> [String] {
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
    var rows = [
      [
        language.says("кафедра", "кафедра", "department"),
        language.says("жұмыс", "работ", "tasks"), language.says("сағат", "часы", "hours"),
        language.says("бос", "вакантно", "vacant"),
        language.says("оқытушы", "преподавателей", "teachers"),
        language.says("жүктеме ÷ норма", "нагрузка ÷ норма", "load ÷ norm"),
      ]
    ]
    for department in institution.departments {
      let own = tasks[department.id] ?? (0, .zero, .zero)
      let ratios = institution.teachers.filter { $0.department == department.id }.compactMap {
        teacher -> Double? in
        let norm = institution.norm(of: teacher)
        return norm > 0 ? (hours[teacher.id] ?? .zero).value / norm : nil
      }
      let range =
        if let low = ratios.min(), let high = ratios.max() {
          [low, high].map {
            String(format: "%.2f", $0)
              .replacingOccurrences(of: ".", with: language.says(",", ",", "."))
          }.joined(separator: " … ")
        } else {
          "–"
        }
      rows.append([
        department.id.text, String(own.count), language.number(own.hours),
        language.number(own.vacant),
        String(institution.teachers.count { $0.department == department.id }), range,
      ])
    }
    return tabulated(rows)
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Formats
import Foundation
import GLPKSolver
import Reports
import University
import Validation
import Workflow

/// A plan in force, mended.
struct RepairCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair",
    abstract: "Mend a plan in force after a room is closed or a teacher is away.",
    discussion: """
      PLAN is the timetable in force: what need not move stays. As few meetings as possible move; \
      the number is proved to be the smallest where it is, else a bound is given; among the plans \
      that move as few the cheapest found is taken. Somebody absent \
      without --days, --weeks, --slots or --from is away for good: others take the classes. With \
      --weeks or --from only these weeks change: a meeting that has to move is held elsewhere in \
      them and stays where it is in the others, and what somebody absent cannot hold then is held \
      in later weeks; --from leaves what is before the day as it was taught. changes/held.csv has \
      the same as single dates, for the register of the timetable in force. Somebody absent with \
      --from and no later weeks has left in mid-term: the plan keeps its one holder of a section, \
      and held.csv names who takes each class from the day on, one person a section where one can, \
      at another time where nobody is free at its own; the exams after the classes go to others \
      in the load, or stay vacant in it where nobody can take them. With --changes \
      up to so many meetings move to make the plan better, with the curve of the objective against \
      the number of moves. Without a closed room or an absent teacher the plan is mended as the \
      instance has it.

      DIR gets instance (with the disruption, and the plan in force as published), plan, and \
      changes: pages, changes.csv, and calendars of all concerned with changed and cancelled events.

        keste repair instances/aues-demo plan -o mended --close-room B-204
        keste repair instances/aues-demo plan -o mended --close-room B-204 --weeks 3-5
        keste repair instances/aues-demo plan -o mended --absent EES-03 --days tue,wed --from 8
        keste repair instances/aues-demo plan -o mended --absent MPH-03 --from 2025-10-22
        keste repair instances/aues-demo plan -o better --changes 20

      Exit status: 0 mended and valid; 1 rules stay broken, or classes are left to nobody; 2 input rejected, nothing written; 64 \
      wrong usage.
      """)

  @Argument(help: "The instance folder.")
  var instance: String

  @Argument(help: "The plan folder: the timetable in force.")
  var plan: String

  @Option(name: [.customShort("o"), .customLong("output")], help: "The folder of the result.")
  var directory: String

  @Option(help: ArgumentHelp("A room that is closed; may be repeated.", valueName: "room"))
  var closeRoom: [String] = []

  @Option(help: ArgumentHelp("A teacher who is away; may be repeated.", valueName: "teacher"))
  var absent: [String] = []

  @Option(help: ArgumentHelp("Only on these days, such as tue,wed.", valueName: "days"))
  var days: String?

  @Option(
    help: ArgumentHelp("Only in these weeks, such as 3-5, odd or digits.", valueName: "weeks"))
  var weeks: String?

  @Option(
    help: ArgumentHelp(
      "From this week or date on, such as 8 or 2025-10-20; what is before stays.",
      valueName: "week or date"))
  var from: String?

  @Option(help: ArgumentHelp("Only in these slots, such as 1-4.", valueName: "slots"))
  var slots: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many meetings may move to improve the plan.", valueName: "n"))
  var changes: Int?

  @Option(
    help: ArgumentHelp(
      "The revision (SEQUENCE) of the changed calendar events: higher than in those given out "
        + "(default: one more than PLAN's).",
      valueName: "n"))
  var revision: Int?

  @Option(help: ArgumentHelp("Seconds of wall time.", valueName: "s"))
  var timeLimit = 30.0

  @Option(help: ArgumentHelp("Seed of the search for better plans.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "Steps of the search for better plans, for each number of moves with --changes: the same input "
        + "and seed then give the same plan, unless --time-limit ends it.", valueName: "n"))
  var iterations: Int?

  @OptionGroup var speech: LanguageOption
  @OptionGroup var printing: PrintingOptions

  private func says(_ kk: String, _ ru: String, _ en: String) -> String {
    speech.language.says(kk, ru, en)
  }

  func validate() throws {
    if let iterations, !(1...1_000_000_000_000).contains(iterations) {
      throw ValidationError("--iterations must be at least 1.")
    }
    if let changes, changes < 0 { throw ValidationError("--changes must be at least 0.") }
    guard timeLimit > 0, timeLimit <= 1e6 else {
      throw ValidationError("--time-limit must be more than 0 seconds.")
    }
    if let vain = when, closeRoom.isEmpty, absent.isEmpty, changes == nil {
      throw ValidationError(
        "\(vain) says when, but nothing says what: name a room with --close-room, a teacher with "
          + "--absent, or how many meetings may move with --changes.")
    }
    guard revision ?? 1 >= 1 else { throw ValidationError("--revision must be at least 1.") }
  }

  /// The first of the options that say when something is closed or away.
  private var when: String? {
    [("--days", days), ("--weeks", weeks), ("--from", from), ("--slots", slots)]
      .first { $0.1 != nil }?.0
  }

  func run() throws {
    let console = printing.console
    try console.run(speech.language) {
      try ChangeOutput.check(directory)
      let hand = try PlanInHand(instance: instance, plan: plan)
      for warning in hand.warnings { console.note("warning: \(warning)") }
      let decided = try PlanDecisions.read(plan, institution: hand.institution)
      let disruption = try disruption(hand.institution)
      let interruption = Interruption {
        console.note("stopping with the best found; interrupt again to leave at once")
      }
      // Writing takes about as long as reading on the same machine in the same state.
      let spent = processStart.duration(to: .now) / .seconds(1)
      let left = max(1, timeLimit - spent - max(2, 1.5 * spent))
      var outcome = try hand.repair(
        disruption, changes: changes, seed: seed, iterations: iterations, solver: GLPKSolver(),
        timeLimit: left,
        isCancelled: { [flag = interruption.flag] in flag.isSet })
      if let revision { outcome.plan.record.revision = revision }
      let (decisions, notices) = decided.carried(
        from: outcome.before, to: outcome.plan, by: "keste repair", outcome.institution)
      try ChangeOutput.write(
        outcome.institution, outcome.plan, decisions: decisions, inForce: outcome.before,
        to: directory)
      let difference = PlanDifference(
        PlanView(hand.institution, outcome.before), outcome.reportBefore,
        PlanView(outcome.institution, outcome.plan), outcome.report)
      try ChangeOutput.write(
        ChangePage.files(
          difference, remarks: remarks(disruption, outcome),
          curve: outcome.curve.map { .init(moved: $0.moved, objective: $0.objective) },
          revision: outcome.plan.record.revision),
        to: "\(directory)/changes")
      let reason = try writeDated(difference, outcome, hand.institution.held)
      let isDated = disruption.isDated(in: hand.institution.term)
      return try tell(
        outcome, difference, notices + (isDated ? [reason].compactMap { $0 } : []), console)
    }
  }

  /// Writes the changes of single dates beside the change list, where they keep all rules as such.
  ///
  /// - Returns: Why not, where they are not written.
  private func writeDated(
    _ difference: PlanDifference, _ outcome: RepairOutcome, _ before: [HeldRecord]
  ) throws -> Wording? {
    let path = "\(directory)/changes/held.csv"
    try? FileManager.default.removeItem(atPath: path)
    guard let changes = difference.dated else {
      return Wording(
        "held.csv жазылмады: өзгерістер жеке күндер ғана емес",
        "held.csv не записан: изменились не только отдельные даты",
        "no held.csv: more than single dates has changed")
    }
    let rows = Self.joined(changes, outcome.takeover?.rows ?? [])
    if rows.isEmpty { return nil }
    var institution = outcome.institution
    // A row takes the place of that of the same class.
    institution.held =
      before.filter { old in
        !rows.contains {
          $0.section == old.section && $0.date == old.date
            && (old.slot == nil || $0.slot == old.slot)
        }
      } + rows
    let findings = DatedPlan(institution, outcome.before).findings.filter {
      $0.severity == .violation
    }
    if let first = findings.first {
      return Wording {
        $0.says(
          "held.csv жазылмады, күндер бойынша ереже бұзылады: ",
          "held.csv не записан, по датам нарушаются правила: ",
          "no held.csv, by dates rules would be broken: ") + first.problem[$0]
      }
    }
    let header = ["date", "section", "status", "slot", "new_date", "new_slot", "room", "teacher"]
    _ = try RegisterFiles.writeCSV(
      "held", in: "\(directory)/changes", header: header,
      rows: rows.lazy.map { row in
        [
          .text(row.date.description), .text(row.section.text), .text(row.status.rawValue),
          .integer(row.slot), .text(row.newDate?.description), .integer(row.newSlot),
          .text(row.room?.text), .text(row.teacher?.text),
        ]
      })
    return nil
  }

  /// Dates that change, with who takes the class at its new time.
  private static func joined(
    _ changes: [HeldRecord], _ substitutes: [HeldRecord]
  ) -> [HeldRecord] {
    func key(_ section: SectionID, _ date: CalendarDate, _ slot: Int?) -> [String] {
      [section.text, date.description, "\(slot ?? 0)"]
    }
    var rest = Dictionary(substitutes.map { (key($0.section, $0.date, $0.slot), $0) }) { $1 }
    var rows = changes.map { change in
      let time = key(
        change.section, change.newDate ?? change.date, change.newSlot ?? change.slot)
      guard change.status != .cancelled, let taken = rest.removeValue(forKey: time) else {
        return change
      }
      var row = change
      row.teacher = taken.teacher
      if taken.status != .held {
        row.status = taken.status
        (row.newDate, row.newSlot) = (taken.newDate, taken.newSlot)
        row.room = taken.status == .moved ? taken.room ?? change.room : nil
      }
      return row
    }
    rows += rest.values
    return rows.sorted { ($0.date, $0.section, $0.slot ?? 0) < ($1.date, $1.section, $1.slot ?? 0) }
  }

  private func disruption(_ institution: Institution) throws -> Disruption {
    var result = Disruption()
    var found: [Diagnostic] = []
    func fault(_ option: String, _ value: String, _ problem: String, _ right: String) {
      found.append(
        Diagnostic(
          .error, code: "repair.\(option)", value: value, problem: "--\(option): \(problem)",
          suggestion: right))
    }
    for name in closeRoom {
      if institution.rooms.contains(id: RoomID(name)) {
        result.rooms.append(RoomID(name))
      } else {
        fault("close-room", name, "there is no such room", "rooms.csv names them")
      }
    }
    for name in absent {
      if institution.teachers.contains(id: TeacherID(name)) {
        result.teachers.append(TeacherID(name))
      } else {
        fault("absent", name, "there is no such teacher", "teachers.csv names them")
      }
    }
    if let days {
      let read = days.split(separator: ",").map { Weekday(code: String($0)) }
      if read.isEmpty || !read.allSatisfy({ $0.map(institution.days.contains) ?? false }) {
        fault(
          "days", days, "not teaching days",
          "some of " + institution.days.map(\.code).joined(separator: ","))
      }
      result.days = read.compactMap { $0 }
    }
    let count = institution.term.weeks
    if let weeks {
      result.weeks = WeekPattern(span: weeks, weeks: count)
      if result.weeks == nil {
        fault(
          "weeks", weeks, "no weeks of the term",
          "such as 3-5, odd or \(count) digits, not all of them 0")
      }
    }
    if let from {
      let term = institution.term
      if let week = Int(from), (1...count).contains(week) {
        result.from = .init(week: week - 1, day: institution.days.min() ?? .monday)
      } else if let date = CalendarDate(from), date >= term.start,
        date < term.start.adding(days: 7 * count)
      {
        let days = date.dayNumber - term.start.dayNumber
        result.from = Weekday(rawValue: days % 7).map { .init(week: days / 7, day: $0) }
      } else {
        fault(
          "from", from, "no week or date of the term",
          "1 to \(count), or \(term.start) to \(term.start.adding(days: 7 * count - 1))")
      }
      if result.from != nil, result.weeks.map({ result.leaves(of: $0, count) == 0 }) ?? false {
        fault("from", from, "none of the weeks of --weeks is after it", "an earlier one")
      }
    }
    if let slots {
      result.slots = Self.range(slots, within: 1...institution.regime.slots)
      if result.slots == nil {
        fault("slots", slots, "no slots of the day", "such as 1-\(institution.regime.slots)")
      }
    }
    if !found.isEmpty { throw InputRejected(found) }
    return result
  }

  /// `3` or `3-5`, inside some limits.
  static func range(_ text: String, within limits: ClosedRange<Int>) -> ClosedRange<Int>? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(parts.count), let low = parts[0], let high = parts[parts.count - 1],
      low <= high, limits.contains(low), limits.contains(high)
    else { return nil }
    return low...high
  }

  private func remarks(
    _ disruption: Disruption, _ outcome: RepairOutcome
  ) -> [ChangePage.Remark] {
    var result: [ChangePage.Remark] = []
    if !disruption.rooms.isEmpty {
      let names = disruption.rooms.map(\.text).joined(separator: ", ")
      result.append(
        .init(
          kk: "Жабық аудиториялар: \(names)", ru: "Закрытые аудитории: \(names)",
          en: "Closed rooms: \(names)"))
    }
    if !disruption.teachers.isEmpty {
      let names = disruption.teachers.map { outcome.institution.teachers[$0]?.name ?? $0.text }
        .joined(separator: ", ")
      result.append(
        .init(
          kk: "Жоқ оқытушылар: \(names)", ru: "Отсутствуют: \(names)",
          en: "Absent teachers: \(names)"))
    }
    if changes == nil, outcome.unplaced.isEmpty {
      let (moved, bound) = (outcome.moved.count, outcome.bound)
      result.append(
        outcome.isProved
          ? .init(
            kk: "Ауыстырылған сабақтар: \(moved). Бұдан аз болмайтыны дәлелденген.",
            ru: "Перенесено занятий: \(moved). Доказано, что меньше нельзя.",
            en: "Moved meetings: \(moved), proved to be the fewest.")
          : .init(
            kk: "Ауыстырылған сабақтар: \(moved); кемінде \(bound) қажет.",
            ru: "Перенесено занятий: \(moved); необходимо не менее \(bound).",
            en: "Moved meetings: \(moved); at least \(bound) must move."))
    }
    if let line = conflicts(outcome) {
      result.append(TakeoverText.remark { line[$0] })
    }
    if let takeover = outcome.takeover {
      result += TakeoverText(takeover: takeover, outcome: outcome).remarks
    }
    if let vacancy = outcome.vacancy {
      let (hours, bound) = (shown(vacancy.hours), shown(vacancy.bound))
      result.append(
        vacancy.isProved
          ? .init(
            kk: "Бос сағаттар: \(hours). Бұдан аз болмайтыны дәлелденген.",
            ru: "Вакантных часов: \(hours). Доказано, что меньше нельзя.",
            en: "Hours vacant: \(hours), proved to be the fewest.")
          : .init(
            kk: "Бос сағаттар: \(hours); кемінде \(bound).",
            ru: "Вакантных часов: \(hours); не менее \(bound).",
            en: "Hours vacant: \(hours); at least \(bound)."))
    }
    return result
  }

  private func tell(
    _ outcome: RepairOutcome, _ difference: PlanDifference, _ notices: [Wording],
    _ console: Console
  ) throws -> ExitCode {
    let valid = outcome.report.isValid
    let uncovered = outcome.takeover?.gaps.reduce(0) { $0 + $1.hours } ?? 0
    let code = valid && uncovered == 0 ? ExitCode.success : ExitCode(1)
    let language = speech.language
    let (moved, forced, bound) = (outcome.moved.count, outcome.forced.count, outcome.bound)
    let proof =
      outcome.isProved && moved <= bound
      ? says(
        "бұдан аз болмайтыны дәлелденген", "доказано, что меньше нельзя", "proved to be the fewest")
      : says(
        "кемінде \(bound) ауысуы қажет", "необходимо не менее \(bound)",
        "at least \(bound) must move")
    console.say(
      says(
        "ауысқан сабақ: \(moved), оның \(forced) орнында қала алмады; ",
        "перенесено занятий: \(moved), из них не могли остаться \(forced); ",
        "moved meetings: \(moved), of which \(forced) could not stay; ") + proof)
    tellLoad(outcome, console)
    if let takeover = outcome.takeover {
      for line in TakeoverText(takeover: takeover, outcome: outcome).lines(
        language, takers: { takers($0, outcome.institution) })
      {
        console.say(line)
      }
    }
    if !outcome.unplaced.isEmpty {
      console.say(
        says("орны жоқ сабақ: ", "занятий без места: ", "meetings without a place: ")
          + "\(outcome.unplaced.count)")
      for id in outcome.unplaced.prefix(20) {
        console.say("  \(id)" + takers(outcome.takers[id] ?? [], outcome.institution))
      }
    }
    if let changes, moved > changes {
      console.say(
        says(
          "\(moved) сабақ ауысуы керек болды, рұқсат етілген \(changes) санынан көп: бұдан артығы "
            + "ауыстырылмады",
          "пришлось перенести \(moved), больше разрешённых \(changes): сверх необходимого ничего не "
            + "перенесено",
          "\(moved) meetings had to move, more than the \(changes) allowed: nothing beyond what the "
            + "disruption asks for was moved"))
    }
    if outcome.curve.count > 1 {
      console.say(
        says(
          "кестенің мақсаты ауысқан сабақ санына қарай (moved_time мен moved_room қоспағанда; төмендегі "
            + "мақсатта олар бар):",
          "цель расписания по числу перенесённых занятий (без moved_time и moved_room, которые входят "
            + "в цель ниже):",
          "objective of the timetable against moved meetings (without moved_time and moved_room, "
            + "which the objective further below has in it):"))
      for line in tabulated(
        outcome.curve.map { ["  \($0.moved)", shown($0.objective)] }, leading: 0)
      {
        console.say(line)
      }
    }
    for line in ObjectiveText.lines(outcome.report, before: outcome.reportBefore, language) {
      console.say(line)
    }
    let price = priceOfChange(outcome)
    if price > 0 {
      console.say(
        says(
          "  оның \(shown(price)) – ауысу мен бөлудің өз бағасы (moved_time, moved_room, extra_meetings)",
          "  из них \(shown(price)) – цена самих переносов и деления (moved_time, moved_room, "
            + "extra_meetings)",
          "  of it \(shown(price)) for moving and cutting itself (moved_time, moved_room, "
            + "extra_meetings)"))
    }
    if outcome.saved >= 0.5 {
      let saved = shown(outcome.saved.rounded())
      console.say(
        says(
          "  осынша ғана ауыстыратын жоспарлардың арасынан таңдау мақсатты \(saved) төмендетті",
          "  выбор среди планов, переносящих столько же, снизил цель на \(saved)",
          "  choosing among plans that move as few lowered it by \(saved)"))
    }
    if let line = conflicts(outcome) {
      console.say("  " + line[language])
      for row in difference.conflicts.prefix(5) {
        let (a, b, count) = (row.meeting.id, row.other.id, row.students.count)
        console.say(
          "    \(a) – \(b): "
            + says(
              "студент \(count), сағат \(row.hours)", "студентов \(count), часов \(row.hours)",
              "\(count) \(count == 1 ? "student" : "students"), \(row.hours) "
                + (row.hours == 1 ? "hour" : "hours")))
      }
    }
    for violation in outcome.report.violations.prefix(20) {
      console.say("\(violation.rule.rawValue): \(violation.wording[language])")
    }
    for notice in notices { console.say(notice[language]) }
    let vacant = vacantHours(outcome).map(shown)
    console.say(
      valid
        ? says("жарамды", "план действителен", "valid")
          + (vacant.map {
            says(
              ", бірақ бос сағат: \($0)", ", но вакантных часов: \($0)", ", with \($0) hours vacant"
            )
          } ?? "")
          + (uncovered == 0
            ? ""
            : says(
              ", бірақ ешкім жүргізбейтін сағат: \(uncovered)",
              ", но некому провести часов: \(uncovered)",
              ", but nobody holds \(uncovered) hours"))
        : says("ЖАРАМСЫЗ", "ПЛАН НЕДЕЙСТВИТЕЛЕН", "NOT VALID"))
    console.say(
      says("жазылды: ", "записано: ", "written: ")
        + "\(directory)/plan, \(directory)/changes/index.html"
        + (FileManager.default.fileExists(atPath: "\(directory)/changes/held.csv")
          ? ", \(directory)/changes/held.csv" : ""))
    try console.emit(
      RepairJSON(
        exit_status: code.rawValue, valid: valid, moved: outcome.moved.map(\.text),
        forced: outcome.forced.map(\.text), unplaced: outcome.unplaced.map(\.text),
        bound: outcome.bound, proved: outcome.isProved,
        objective: .init(
          before: outcome.reportBefore.objectives[.timetable] ?? 0,
          after: outcome.report.objectives[.timetable] ?? 0, saved: outcome.saved),
        student_conflict: .init(
          before: conflictHours(outcome).before, after: conflictHours(outcome).after,
          new: difference.conflicts.map {
            .init(
              meeting: $0.meeting.id.text, with: $0.other.id.text, hours: $0.hours,
              students: $0.students.map(\.text))
          }),
        reassigned: outcome.reassigned.map {
          .init(task: $0.task.text, section: $0.section.text, from: $0.from.text, to: $0.to?.text)
        },
        curve: outcome.curve.map { .init(moved: $0.moved, objective: $0.objective) },
        vacancy: outcome.vacancy.map { vacancy in
          .init(
            hours: vacancy.hours, before: vacancy.before, bound: vacancy.bound,
            proved: vacancy.isProved,
            tasks: vacancy.items.map { item in
              .init(
                task: item.task.text, section: item.section.text, work: item.work.text,
                hours: item.hours, can: item.people.filter(\.isPossible).map(\.teacher.text))
            })
        },
        takeover: outcome.takeover.map { takeover in
          .init(
            from: takeover.from.description,
            taken: takeover.shares.map {
              .init(
                section: $0.section.text, teacher: $0.teacher.text, classes: $0.classes,
                hours: $0.hours, moved: $0.moved)
            },
            uncovered: takeover.gaps.map {
              .init(section: $0.section.text, hours: $0.hours, dates: $0.dates.map(\.description))
            },
            exams: takeover.exams.map {
              .init(
                task: $0.task.text, section: $0.section.text, from: $0.from.text, to: $0.to?.text)
            }, untimed: takeover.untimed.map(\.id.text))
        }, notices: notices.map { $0[language] }, seconds: outcome.seconds))
    return code
  }

  /// Classes at one time that students have more of than before.
  private func conflicts(_ outcome: RepairOutcome) -> Wording? {
    let (before, after) = conflictHours(outcome)
    guard after > before + 0.005 else { return nil }
    let (a, b) = (shown(before), shown(after))
    return Wording(
      "қайта оқитын студенттердің қатар келген сағаттары көбейді (student_conflict): \(a) → \(b)",
      "у повторно изучающих больше часов в одно время (student_conflict): \(a) → \(b)",
      "more hours at one time for students who retake (student_conflict): \(a) → \(b)")
  }

  private func conflictHours(_ outcome: RepairOutcome) -> (before: Double, after: Double) {
    func amount(_ report: ScoreReport) -> Double { report.timetable?[.studentConflict] ?? 0 }
    return (amount(outcome.reportBefore), amount(outcome.report))
  }

  /// What moved meetings cost by themselves, and meetings that were cut.
  private func priceOfChange(_ outcome: RepairOutcome) -> Double {
    let weights = outcome.institution.weights.timetable
    func amount(_ report: ScoreReport, _ criterion: TimetableCriterion) -> Double {
      report.timetable?[criterion] ?? 0
    }
    return weights[.movedTime] * amount(outcome.report, .movedTime)
      + weights[.movedRoom] * amount(outcome.report, .movedRoom)
      + weights[.extraMeetings]
      * max(
        0, amount(outcome.report, .extraMeetings) - amount(outcome.reportBefore, .extraMeetings))
  }

  /// Hours of the load that nobody takes of those who left; nil where there are none to tell of.
  private func vacantHours(_ outcome: RepairOutcome) -> Double? {
    if let vacancy = outcome.vacancy { return vacancy.hours }
    let exams = Set(outcome.takeover?.vacantExams.map(\.task.id) ?? [])
    if exams.isEmpty { return nil }
    return outcome.plan.assignments.reduce(0) {
      $1.teacher == nil && exams.contains($1.task) ? $0 + $1.hours.value : $0
    }
  }

  /// Who takes the work of somebody who left, and what stays vacant.
  private func tellLoad(_ outcome: RepairOutcome, _ console: Console) {
    if outcome.reassigned.isEmpty { return }
    let vacant = outcome.reassigned.count { $0.to == nil }
    let taken = outcome.reassigned.count - vacant
    let absent = Set(absent.map { TeacherID($0) })
    let others = outcome.reassigned.count { !absent.contains($0.from) }
    console.say(
      says(
        "басқалар алатын жұмыс: \(taken), бос қалғаны: \(vacant)",
        "работ переходит к другим: \(taken), вакантно: \(vacant)",
        "tasks that others take: \(taken), vacant: \(vacant)")
        + (others == 0
          ? ""
          : says(
            " (оның \(others) – орын босату үшін басқалардан)",
            " (из них \(others) – от других, чтобы освободить часы)",
            " (\(others) of them from others, to make room)")))
    let nobody = says("бос", "вакантно", "vacant")
    for change in outcome.reassigned.prefix(20) where change.to != nil {
      let work = outcome.plan.tasks[change.task].map { speech.language.word(of: $0.work) } ?? ""
      console.say("  \(change.section) (\(work)): \(change.from) → \(change.to?.text ?? nobody)")
    }
    guard let vacancy = outcome.vacancy else { return }
    let (hours, before) = (shown(vacancy.hours), shown(vacancy.before))
    let bound = shown(vacancy.bound)
    console.say(
      says(
        "бос сағат: \(hours) (бұрын \(before)); ", "вакантных часов: \(hours) (было \(before)); ",
        "hours vacant: \(hours) (before: \(before)); ")
        + (vacancy.isProved
          ? says(
            "бұдан аз болмайтыны дәлелденген", "доказано, что меньше нельзя",
            "proved to be the fewest")
          : says(
            "жүктемені қалай бөлсе де кемінде \(bound)",
            "при любом распределении не менее \(bound)",
            "at least \(bound) whoever holds the rest")))
    for item in vacancy.items.prefix(20) {
      console.say(
        "  \(item.section) (\(speech.language.word(of: item.work)), \(shown(item.hours)) "
          + says("сағ.)", "ч)", "h)") + takers(item.people, outcome.institution))
    }
  }

  /// The three who fit best, and what stands against them.
  private func takers(_ people: [Substitute], _ institution: Institution) -> String {
    let text = SubstituteText(language: speech.language)
    let able = people.filter { person in
      !person.obstacles.contains { if case .unfit = $0 { true } else { false } }
    }
    if able.isEmpty {
      return says(
        ": құзыретті ешкім жоқ", ": компетентных нет", ": nobody else is competent for it")
    }
    return ": "
      + able.prefix(3).map { "\(text.name($0, institution)) – \(text.verdict($0))" }
      .joined(separator: "; ")
  }

  private struct RepairJSON: Encodable {
    struct Task: Encodable {
      var task: String
      var section: String
      var from: String
      var to: String?
    }
    struct Vacant: Encodable {
      var task: String
      var section: String
      var work: String
      var hours: Double
      var can: [String]
    }
    struct Vacancy: Encodable {
      var hours: Double
      var before: Double
      var bound: Double
      var proved: Bool
      var tasks: [Vacant]
    }
    struct Share: Encodable {
      var section: String
      var teacher: String
      var classes: Int
      var hours: Int
      var moved: Int
    }
    struct Gap: Encodable {
      var section: String
      var hours: Int
      var dates: [String]
    }
    struct Takeover: Encodable {
      var from: String
      var taken: [Share]
      var uncovered: [Gap]
      var exams: [Task]
      var untimed: [String]
    }
    struct Point: Encodable {
      var moved: Int
      var objective: Double
    }
    struct Objective: Encodable {
      var before: Double
      var after: Double
      var saved: Double
    }
    struct Pair: Encodable {
      var meeting: String
      var with: String
      var hours: Int
      var students: [String]
    }
    struct Conflict: Encodable {
      var before: Double
      var after: Double
      var new: [Pair]
    }
    var exit_status: Int32
    var valid: Bool
    var moved: [String]
    var forced: [String]
    var unplaced: [String]
    var bound: Int
    var proved: Bool
    var objective: Objective
    var student_conflict: Conflict
    var reassigned: [Task]
    var curve: [Point]
    var vacancy: Vacancy?
    var takeover: Takeover?
    var notices: [String]
    var seconds: Double
  }
}

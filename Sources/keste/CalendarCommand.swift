// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Formats
import Foundation
import GLPKSolver
import Reports
import University
import Validation
import Workflow

/// The plan on the dates of its term.
struct CalendarCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calendar",
    abstract: "Date every meeting, and say which hours fall out and when they can be made up.",
    discussion: """
      Holidays, moved working days (moved_days) and what held.csv says of single classes are taken \
      into account. With --date, hours planned and held up to that date are compared and make-ups \
      lie after it. Make-ups are times at which teacher, students and room are free, chosen \
      together; makeup.csv has the columns of held.csv, so that what is approved can be added to it.

        keste calendar instances/aues-demo plan --date 2025-11-01 -o calendar

      Of the whole term: hours planned (by the curriculum), timetabled, delivered (on dates, as \
      things stand), fallen out (timetabled − delivered), and short of the plan (planned − \
      delivered, at least 0). hours.csv has them as plan, scheduled, delivered, fallen_out and \
      short_of_plan, by section.

      With -o: occurrences.csv, hours.csv, makeup.csv, findings.csv and the report as pages and \
      spreadsheets in Kazakh, Russian and English.

      Exit status: 0 done; 1 rules of the calendar or of held.csv are broken; 2 input rejected, \
      nothing written; 64 wrong usage.
      """)

  @Argument(help: "The instance folder.")
  var instance: String

  @Argument(help: "The plan folder.")
  var plan: String

  @Option(help: ArgumentHelp("The date up to which hours are counted.", valueName: "yyyy-mm-dd"))
  var date: String?

  @Option(name: [.customShort("o"), .customLong("output")], help: "The folder to write into.")
  var directory: String?

  @Option(help: ArgumentHelp("Seconds for choosing the make-ups.", valueName: "s"))
  var timeLimit = 30.0

  @OptionGroup var speech: LanguageOption
  @OptionGroup var printing: PrintingOptions

  func validate() throws {
    guard timeLimit > 0, timeLimit <= 1e7 else {
      throw ValidationError("--time-limit must be more than 0 seconds and at most 10000000.")
    }
  }

  func run() throws {
    let console = printing.console
    try console.run(speech.language) {
      if let directory { try ChangeOutput.checkNotInput(directory) }
      let asked = try RegisterInput.date(date)
      let input = try RegisterInput(instance: instance, plan: plan, console: console)
      let dated = DatedPlan(input.institution, input.plan)
      let day = asked ?? dated.calendar.end
      let interruption = Interruption { console.note("stopping with the make-ups found") }
      let schedule = try MakeUpSchedule(
        input.institution, input.plan, after: asked, solver: GLPKSolver(), timeLimit: timeLimit,
        isCancelled: { [flag = interruption.flag] in flag.isSet })
      let findings =
        dated.calendarFindings() + dated.findings + Self.notMadeUp(schedule, after: asked)
      let hours = dated.hours(by: day)
      say(dated, hours, schedule, by: day, console)
      RegisterFiles.print(findings, atMost: 10, console, in: speech.language)
      var files: [String] = []
      if let directory {
        files = try write(directory, dated, hours, schedule, findings, by: day)
        console.say(speech.language.says("жазылды: ", "записано: ", "written: ") + directory)
      }
      let code = RegisterFiles.exitStatus(findings)
      try console.emit(
        CalendarJSON(code, dated, hours, schedule, findings, by: day, files: files))
      return ExitCode(code)
    }
  }

  /// What finds no place, by section.
  private static func notMadeUp(
    _ schedule: MakeUpSchedule, after: CalendarDate?
  ) -> [RegisterFinding] {
    var order: [SectionID] = []
    var lost: [SectionID: [Occurrence]] = [:]
    for makeUp in schedule.makeUps where makeUp.time == nil {
      if lost[makeUp.lost.section] == nil { order.append(makeUp.lost.section) }
      lost[makeUp.lost.section, default: []].append(makeUp.lost)
    }
    return order.map { RegisterFinding.notMadeUp($0, lost[$0] ?? [], after: after) }
  }

  private func say(
    _ dated: DatedPlan, _ hours: [SectionHours], _ schedule: MakeUpSchedule,
    by day: CalendarDate, _ console: Console
  ) {
    let language = speech.language
    let held = dated.occurrences.count(where: \.isHeld)
    let (start, end) = (dated.calendar.start, dated.calendar.end)
    let (days, regime) = (dated.calendar.days.count, dated.institution.regime.name)
    console.say(
      "\(dated.institution.name): "
        + language.says(
          "\(start) – \(end), сабақ күні \(days), күнтізбедегі сабақ \(held), режим \(regime)",
          "\(start) – \(end), учебных дней \(days), занятий по датам \(held), режим \(regime)",
          "\(start) to \(end), \(days) days of classes, \(held) classes on dates, regime \(regime)")
    )
    for period in ControlPeriod.allCases {
      let dates = dated.institution.dates(of: period)
      console.say(
        "\(Self.name(of: period, in: language)): \(dates.lowerBound)"
          + language.says(" – ", " – ", " to ") + "\(dates.upperBound)")
    }
    func sum(_ value: (SectionHours) -> Int) -> String {
      shown(Double(hours.map(value).reduce(0, +)))
    }
    let (due, done, lost) = (sum(\.due), sum(\.held), sum(\.lost))
    let (cancelled, toCome) = (sum(\.cancelled), sum(\.toCome))
    console.say(
      language.says(
        "\(day) күніне: кесте бойынша \(due) сағат, өткізілді \(done), мерекеге түсті \(lost), "
          + "болмай қалды \(cancelled), алда \(toCome)",
        "на \(day): по расписанию часов \(due), проведено \(done), выпало \(lost), отменено "
          + "\(cancelled), предстоит \(toCome)",
        "by \(day): timetabled \(due) hours, held \(done), fallen out \(lost), cancelled "
          + "\(cancelled), to come \(toCome)"))
    let (plan, scheduled, delivered) = (sum(\.plan), sum(\.scheduled), sum(\.delivered))
    let (fallen, lacking) = (sum(\.fallenOut), sum(\.short))
    let behind = hours.count { $0.short > 0 }
    console.say(
      language.says(
        "бүкіл семестрде: оқу жоспары \(plan) сағат, кесте бойынша \(scheduled), болады "
          + "\(delivered), түсіп қалады \(fallen); жоспарға жетпейді \(lacking) (секция: \(behind))",
        "за весь семестр: по учебному плану часов \(plan), по расписанию \(scheduled), будет "
          + "\(delivered), выпадает \(fallen); до плана недостаёт \(lacking) (секций: \(behind))",
        "whole term: planned \(plan) hours, timetabled \(scheduled), delivered \(delivered), fallen "
          + "out \(fallen); short of the plan \(lacking) (in \(behind) sections)"))
    let short = hours.filter { $0.held != $0.due || $0.short > 0 }
    let rows = short.prefix(15).map { row in
      [
        row.section.text,
        language.says(
          "кесте бойынша \(row.due)", "по расписанию \(row.due)", "timetabled \(row.due)"),
        language.says("өткізілді \(row.held)", "проведено \(row.held)", "held \(row.held)"),
        language.says("түсті \(row.lost)", "выпало \(row.lost)", "fallen out \(row.lost)"),
        language.says(
          "семестрде жоспардағы \(row.plan) сағаттың \(row.delivered)",
          "за семестр \(row.delivered) из \(row.plan) по плану",
          "of the term \(row.delivered) of \(row.plan) planned"),
        row.short == 0
          ? ""
          : language.says("жетпейді \(row.short)", "недостаёт \(row.short)", "short \(row.short)"),
      ]
    }
    for line in tabulated(rows) { console.say("  " + line) }
    if short.count > 15 {
      let rest = short.count - 15
      console.say(
        language.says(
          "  тағы \(rest) секция", "  ещё секций: \(rest)", "  \(rest) sections more"))
    }
    sayMakeUps(schedule, console)
  }

  private func sayMakeUps(_ schedule: MakeUpSchedule, _ console: Console) {
    let lost = schedule.makeUps
    let placed = lost.filter { $0.time != nil }
    func total(_ rows: [MakeUp]) -> Int { rows.reduce(0) { $0 + $1.lost.length } }
    let (found, all) = (total(placed), total(lost))
    let language = speech.language
    let programmes = schedule.programmes
    let proof =
      lost.isEmpty
      ? ""
      : schedule.isOptimal
        ? language.says(
          "; ұсынылған уақыттардың арзанырақ таңдауы жоқ",
          "; более дешёвого выбора из возможных времён нет",
          "; no cheaper choice of the candidate times exists")
        : language.says(
          "; \(programmes) программада таңдалды", "; выбрано в программах: \(programmes)",
          "; chosen in \(programmes) programmes")
    console.say(
      language.says(
        "өтеу: \(lost.count) сабақтың \(placed.count) күні табылды (\(all) сағаттың \(found))",
        "отработки: дата найдена для \(placed.count) занятий из \(lost.count) (часов \(found) из "
          + "\(all))",
        "make-ups: \(placed.count) of \(lost.count) classes (\(found) of \(all) hours) find a date")
        + proof)
  }

  private static func name(of period: ControlPeriod, in language: Language) -> String {
    switch period {
    case .firstMidterm:
      language.says("1-аралық бақылау", "рубежный контроль 1", period.rawValue)
    case .secondMidterm:
      language.says("2-аралық бақылау", "рубежный контроль 2", period.rawValue)
    case .finalControl: language.says("қорытынды бақылау", "итоговый контроль", period.rawValue)
    }
  }

  // MARK: - Files

  private func write(
    _ folder: String, _ dated: DatedPlan, _ hours: [SectionHours], _ schedule: MakeUpSchedule,
    _ findings: [RegisterFinding], by day: CalendarDate
  ) throws -> [String] {
    try RegisterFiles.makeFolder(folder)
    let regime = dated.institution.regime
    func clock(_ minutes: Int) -> String {
      String(format: "%02d:%02d", minutes / 60 % 24, minutes % 60)
    }
    var files = [
      try RegisterFiles.writeCSV(
        "occurrences", in: folder,
        header: [
          "date", "day", "week", "slot", "length", "start", "end", "section", "meeting", "room",
          "mode", "teachers", "state", "planned_date", "substituted",
        ],
        rows: dated.occurrences.lazy.map { row in
          let isInGrid = row.slot >= 1 && row.slot + row.length - 1 <= regime.slots
          return [
            .text(row.date.description), .text(row.date.weekday.code), .integer(row.week + 1),
            .integer(row.slot), .integer(row.length),
            isInGrid ? .text(clock(regime.start(ofSlot: row.slot))) : .empty,
            isInGrid ? .text(clock(regime.end(ofSlot: row.slot + row.length - 1))) : .empty,
            .text(row.section.text), .text(row.meeting.text), .text(row.room?.text),
            .text(row.mode.rawValue), .list(row.teachers.map(\.text)), .text(row.fate.rawValue),
            .text(row.natural.description), row.isSubstituted ? .integer(1) : .empty,
          ]
        }),
      try RegisterFiles.writeCSV(
        "hours", in: folder,
        header: [
          "section", "plan", "scheduled", "due", "held", "lost", "cancelled", "to_come",
          "delivered", "fallen_out", "short_of_plan",
        ],
        rows: hours.lazy.map { row in
          [
            .text(row.section.text), .integer(row.plan), .integer(row.scheduled),
            .integer(row.due), .integer(row.held), .integer(row.lost), .integer(row.cancelled),
            .integer(row.toCome), .integer(row.delivered),
            .integer(row.fallenOut), .integer(row.short),
          ]
        }),
      try RegisterFiles.writeCSV(
        "makeup", in: folder,
        header: [
          "date", "section", "status", "slot", "new_date", "new_slot", "room", "teacher",
        ],
        rows: schedule.makeUps.lazy.compactMap(\.record).map { row in
          [
            .text(row.date.description), .text(row.section.text), .text(row.status.rawValue),
            .integer(row.slot), .text(row.newDate?.description), .integer(row.newSlot),
            .text(row.room?.text), .text(row.teacher?.text),
          ]
        }),
      try RegisterFiles.writeFindings(findings, in: folder, language: speech.language),
    ]
    let rows = schedule.makeUps.map {
      RegisterDocument.MakeUpRow(lost: $0.lost, time: $0.time)
    }
    files += try RegisterFiles.write("calendar", in: folder) { language in
      .calendar(dated, by: day, rows, findings, language)
    }
    return files
  }

  // MARK: - JSON

  private struct CalendarJSON: Encodable {
    struct Section: Encodable {
      var section: String
      var plan, scheduled, due, held, lost, cancelled, to_come, delivered: Int
      var fallen_out, short_of_plan: Int
    }
    struct Lost: Encodable {
      var section: String
      var date: String
      var slot, length: Int
      var reason: String
      var new_date: String?
      var new_slot: Int?
      var room: String?
    }
    struct Period: Encodable {
      var period, from, to: String
    }
    var exit_status: Int32
    var date: String
    var class_days: Int
    var classes: Int
    var due, held, lost, cancelled, to_come: Int
    var plan, scheduled, delivered, fallen_out, short_of_plan: Int
    var periods: [Period]
    var sections: [Section]
    var make_up: [Lost]
    var make_up_cost: Double
    var make_up_optimal: Bool
    var findings: [RegisterFindingJSON]
    var files: [String]

    init(
      _ code: Int32, _ dated: DatedPlan, _ hours: [SectionHours], _ schedule: MakeUpSchedule,
      _ findings: [RegisterFinding], by day: CalendarDate, files: [String]
    ) {
      exit_status = code
      date = day.description
      class_days = dated.calendar.days.count
      classes = dated.occurrences.count(where: \.isHeld)
      due = hours.reduce(0) { $0 + $1.due }
      held = hours.reduce(0) { $0 + $1.held }
      lost = hours.reduce(0) { $0 + $1.lost }
      cancelled = hours.reduce(0) { $0 + $1.cancelled }
      to_come = hours.reduce(0) { $0 + $1.toCome }
      plan = hours.reduce(0) { $0 + $1.plan }
      scheduled = hours.reduce(0) { $0 + $1.scheduled }
      delivered = hours.reduce(0) { $0 + $1.delivered }
      fallen_out = hours.reduce(0) { $0 + $1.fallenOut }
      short_of_plan = hours.reduce(0) { $0 + $1.short }
      periods = ControlPeriod.allCases.map {
        let dates = dated.institution.dates(of: $0)
        return Period(
          period: $0.rawValue, from: dates.lowerBound.description,
          to: dates.upperBound.description)
      }
      sections = hours.map {
        Section(
          section: $0.section.text, plan: $0.plan, scheduled: $0.scheduled, due: $0.due,
          held: $0.held, lost: $0.lost, cancelled: $0.cancelled, to_come: $0.toCome,
          delivered: $0.delivered, fallen_out: $0.fallenOut, short_of_plan: $0.short)
      }
      make_up = schedule.makeUps.map {
        Lost(
          section: $0.lost.section.text, date: $0.lost.date.description, slot: $0.lost.slot,
          length: $0.lost.length, reason: $0.lost.fate.rawValue,
          new_date: $0.time?.date.description, new_slot: $0.time?.slot, room: $0.time?.room?.text)
      }
      make_up_cost = schedule.cost
      make_up_optimal = schedule.isOptimal
      self.findings = findings.map(RegisterFindingJSON.init)
      self.files = files
    }
  }
}

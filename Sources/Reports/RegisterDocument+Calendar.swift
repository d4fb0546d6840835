// SPDX-License-Identifier: GPL-3.0-or-later
public import University
public import Validation

extension RegisterDocument {
  /// A class that falls out with the time at which it can be made up.
  public struct MakeUpRow: Sendable {
    /// The class.
    public var lost: Occurrence
    /// The time; nil where there is none.
    public var time: FreeTime?

    /// A class that falls out.
    public init(lost: Occurrence, time: FreeTime?) {
      self.lost = lost
      self.time = time
    }
  }

  /// Hours delivered by section, make-ups, periods of control and findings of the calendar.
  ///
  /// - Parameters:
  ///   - dated: The plan on its dates.
  ///   - date: The date up to which hours are counted.
  ///   - makeUps: What falls out, with the proposals.
  ///   - findings: What is to be told.
  ///   - language: The language.
  /// - Returns: The document.
  public static func calendar(
    _ dated: DatedPlan, by date: CalendarDate, _ makeUps: [MakeUpRow],
    _ findings: [RegisterFinding], _ language: Language
  ) -> RegisterDocument {
    let words = Words(dated, language)
    func t(_ phrase: RegisterPhrase) -> String { phrase.text(in: language) }
    let hours = dated.hours(by: date)
    var document = RegisterDocument(
      language, title: t(.calendar),
      facts: [
        (t(.instance), dated.institution.name), (t(.upTo), date.description),
        (t(.plan), "\(hours.reduce(0) { $0 + $1.plan })"),
        (t(.scheduled), "\(hours.reduce(0) { $0 + $1.scheduled })"),
        (t(.delivered), "\(hours.reduce(0) { $0 + $1.delivered })"),
        (t(.fallenOutInTerm), "\(hours.reduce(0) { $0 + $1.fallenOut })"),
        (t(.short), "\(hours.reduce(0) { $0 + $1.short })"),
        (t(.dueByDate), "\(hours.reduce(0) { $0 + $1.due })"),
        (t(.heldHours), "\(hours.reduce(0) { $0 + $1.held })"),
        (t(.regime), dated.institution.regime.name),
      ])
    document.tables = [
      periods(dated, language), makeUpTable(makeUps, words), hoursTable(hours, words),
      findingsTable(findings, language),
    ]
    return document
  }

  private static func periods(_ dated: DatedPlan, _ language: Language) -> Table {
    func t(_ phrase: RegisterPhrase) -> String { phrase.text(in: language) }
    var table = Table(t(.periods), [t(.period), t(.from), t(.to)])
    for period in ControlPeriod.allCases {
      let dates = dated.institution.dates(of: period)
      let name: RegisterPhrase =
        switch period {
        case .firstMidterm: .firstMidterm
        case .secondMidterm: .secondMidterm
        case .finalControl: .finalControl
        }
      table.append([.text(t(name)), .date(dates.lowerBound), .date(dates.upperBound)])
    }
    return table
  }

  private static func makeUpTable(_ makeUps: [MakeUpRow], _ words: Words) -> Table {
    let t = words.text
    var table = Table(
      t(.makeUps),
      [
        t(.section), t(.discipline), t(.kind), t(.group), t(.teacher), t(.why), t(.lostDate),
        Phrase.hours.text(in: words.language), t(.newDate), t(.time), t(.room),
      ])
    for row in makeUps {
      let lost = row.lost
      let reason: RegisterPhrase =
        switch lost.fate {
        case .displaced: .displaced
        case .cancelled: .cancelledClass
        default: .holiday
        }
      let place: [Cell] =
        row.time.map { time in
          [
            .date(time.date), .text(words.clock(time.slot, lost.length)),
            .text(time.room?.text ?? t(.online)),
          ]
        } ?? [.text(t(.noPlace)), .empty, .empty]
      table.append(
        words.section(lost.section)
          + [
            .text(words.teachers(lost.teachers)), .text(t(reason)), .date(lost.date),
            .whole(lost.length),
          ] + place, row.time == nil ? .alarm : .none)
    }
    return table
  }

  private static func hoursTable(_ hours: [SectionHours], _ words: Words) -> Table {
    let t = words.text
    var table = Table(
      t(.hoursBySection),
      [
        t(.section), t(.discipline), t(.kind), t(.group), t(.plan), t(.scheduled), t(.dueByDate),
        t(.heldHours), t(.fallenOut), t(.cancelled), t(.toCome), t(.delivered),
        t(.fallenOutInTerm), t(.short),
      ])
    for row in hours {
      table.append(
        words.section(row.section) + [
          .whole(row.plan), .whole(row.scheduled), .whole(row.due), .whole(row.held),
          .whole(row.lost), .whole(row.cancelled), .whole(row.toCome), .whole(row.delivered),
          .whole(row.fallenOut), .whole(row.short),
        ], row.short > 0 || row.fallenOut > 0 ? .warning : .none)
    }
    func sum(_ value: (SectionHours) -> Int) -> Cell { .whole(hours.reduce(0) { $0 + value($1) }) }
    table.append(
      [
        .text(t(.total)), .empty, .empty, .empty, sum(\.plan), sum(\.scheduled), sum(\.due),
        sum(\.held), sum(\.lost), sum(\.cancelled), sum(\.toCome), sum(\.delivered),
        sum(\.fallenOut), sum(\.short),
      ], .total)
    return table
  }

  static func findingsTable(_ findings: [RegisterFinding], _ language: Language) -> Table {
    func t(_ phrase: RegisterPhrase) -> String { phrase.text(in: language) }
    var table = Table(
      t(.findings),
      [
        t(.severity), t(.rule), t(.policy), t(.place), t(.section), t(.student), t(.teacher),
        t(.what), t(.foundValue), t(.required), t(.remedy), t(.count),
      ])
    for row in findings {
      let place = row.file.isEmpty ? "" : row.line.map { "\(row.file):\($0)" } ?? row.file
      table.append(
        [
          .text(t(row.severity == .violation ? .violation : .warning)), .text(row.rule.rawValue),
          .text(row.rule.policy), .text(place), .text(row.section?.text ?? ""),
          .text(row.student?.text ?? ""), .text(row.teacher?.text ?? ""),
          .text(row.problem[language]), .text(language.measure(row.found)),
          .text(language.measure(row.required)), .text(row.remedy?[language] ?? ""),
          .whole(row.count),
        ], row.severity == .violation ? .alarm : .warning)
    }
    return table
  }

  /// Names for the cells.
  struct Words {
    let dated: DatedPlan
    let labels: Labels
    let language: Language

    init(_ dated: DatedPlan, _ language: Language) {
      self.dated = dated
      self.language = language
      labels = Labels(view: PlanView(dated.institution, dated.plan), language: language)
    }

    func text(_ phrase: RegisterPhrase) -> String { phrase.text(in: language) }

    func clock(_ slot: Int, _ length: Int) -> String {
      let regime = dated.institution.regime
      guard slot >= 1, slot + length - 1 <= regime.slots else { return "\(slot)" }
      return Labels.clock(regime.start(ofSlot: slot)) + "–"
        + Labels.clock(regime.end(ofSlot: slot + length - 1))
    }

    func teachers(_ ids: [TeacherID]) -> String {
      ids.isEmpty ? text(.vacant) : ids.map { labels.name(of: $0) }.joined(separator: ", ")
    }

    /// Section, discipline, kind and groups.
    func section(_ id: SectionID) -> [Cell] {
      guard let section = dated.plan.sections[id] else {
        return [.text(id.text), .empty, .empty, .empty]
      }
      return [
        .text(id.text), .text(labels.name(of: section.discipline)),
        .text(language.name(of: section.kind)), .text(labels.groups(of: id, atMost: 6)),
      ]
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// A document of tables for the registrar, the same as a page, a spreadsheet or CSV.
public struct RegisterDocument: Sendable {
  /// What a cell holds.
  public enum Cell: Hashable, Sendable {
    /// A text.
    case text(String)
    /// A whole number.
    case whole(Int)
    /// A number with decimals.
    case decimal(Double)
    /// A date.
    case date(CalendarDate)
    /// Not given.
    case empty

    /// The cell for people.
    public var text: String {
      switch self {
      case .text(let text): text
      case .whole(let number): String(number)
      case .decimal(let number): Hours(rounding: number).description
      case .date(let date): date.description
      case .empty: ""
      }
    }
  }

  /// How a row stands out.
  public enum Emphasis: String, Sendable {
    case none, warning, alarm, total
  }

  /// A table with its head.
  public struct Table: Sendable {
    /// The heading above the table.
    public var title: String
    /// The names of the columns.
    public var header: [String]
    /// The rows, each of as many cells as the header.
    public var rows: [[Cell]]
    /// How each row stands out.
    public var emphasis: [Emphasis]

    /// A table without rows.
    public init(_ title: String, _ header: [String]) {
      self.title = title
      self.header = header
      rows = []
      emphasis = []
    }

    /// Adds a row.
    public mutating func append(_ row: [Cell], _ emphasis: Emphasis = .none) {
      precondition(row.count == header.count, "\(row.count) cells under \(header.count) columns")
      rows.append(row)
      self.emphasis.append(emphasis)
    }
  }

  /// The language of the document.
  public var language: Language
  /// The head line.
  public var title: String
  /// Facts under the head line: label and value.
  public var facts: [(label: String, value: String)]
  /// The tables.
  public var tables: [Table]

  /// A document without tables.
  public init(
    _ language: Language, title: String, facts: [(label: String, value: String)] = []
  ) {
    self.language = language
    self.title = title
    self.facts = facts
    tables = []
  }

  /// The page: self-contained, for screen and paper.
  public func html() -> String {
    var html = HTML()
    html.element("html", ["lang": language.rawValue]) { html in
      html.newline()
      html.element("head") { head in
        head.empty("meta", ["charset": "utf-8"])
        head.empty(
          "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        head.element("title", [:], title)
        head.element("style", [:], Self.style)
      }
      html.newline()
      html.element("body") { body in
        body.element("div", ["class": "stamp"]) { stamp in
          stamp.element("b", [:], RegisterPhrase.approved.text(in: language))
          stamp.element("span", [:], " ______________________ ")
          stamp.element("span", [:], RegisterPhrase.minutes.text(in: language) + " ____")
        }
        body.element("h1", [:], title)
        body.element("p", ["class": "facts"]) { line in
          for fact in facts {
            line.element("span") { span in
              span.element("i", [:], fact.label + ": ")
              span.text(fact.value)
            }
            line.text(" ")
          }
        }
        for table in tables { Self.add(table, language, to: &body) }
        body.element("p", ["class": "sign"], RegisterPhrase.agreed.text(in: language) + " ________")
      }
    }
    return "<!DOCTYPE html>\n" + html.markup + "\n"
  }

  private static func add(_ table: Table, _ language: Language, to body: inout HTML) {
    body.newline()
    body.element("h2", [:], table.title)
    guard !table.rows.isEmpty else {
      body.element("p", [:], RegisterPhrase.nothing.text(in: language))
      return
    }
    body.element("div", ["class": "scroll"]) { holder in
      holder.element("table") { html in
        html.element("thead") { head in
          head.element("tr") { row in
            for name in table.header { row.element("th", [:], name) }
          }
        }
        html.element("tbody") { rows in
          for (cells, emphasis) in zip(table.rows, table.emphasis) {
            rows.newline()
            rows.element("tr", ["class": emphasis.rawValue]) { row in
              for cell in cells { add(cell, to: &row) }
            }
          }
        }
      }
    }
  }

  private static func add(_ cell: Cell, to row: inout HTML) {
    switch cell {
    case .whole, .decimal: row.element("td", ["class": "number"], cell.text)
    case .date: row.element("td", ["class": "date"], cell.text)
    case .text, .empty: row.element("td", [:], cell.text)
    }
  }

  /// No character in it needs escaping.
  private static let style = """
    body { margin: 24px; background: #fff; color: #1b2330;
      font: 14px/1.4 system-ui, Roboto, Noto Sans, DejaVu Sans, Arial, sans-serif; }
    h1 { font-size: 22px; margin: 8px 0 6px; } h2 { font-size: 16px; margin: 26px 0 8px; }
    .stamp { text-align: right; color: #5a6474; font-size: 13px; }
    .facts span { margin-right: 22px; } .facts i { color: #5a6474; font-style: normal; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; font-size: 13px; }
    th, td { border: 1px solid #c9d0d9; padding: 4px 8px; text-align: left; vertical-align: top; }
    th { background: #e7ecf2; font-weight: 600; }
    .number { text-align: right; } .date { white-space: nowrap; }
    tr.warning td { background: #fff6df; } tr.alarm td { background: #fdecea; }
    tr.total td { background: #f3f5f8; font-weight: 600; }
    .sign { margin-top: 30px; color: #5a6474; }
    @media print { body { margin: 0; font-size: 11px; } table { font-size: 10px; }
      .scroll { overflow: visible; } th, td { padding: 2px 4px; }
      thead { display: table-header-group; } tr { break-inside: avoid; } }
    @page { size: A4 landscape; margin: 12mm; }
    """
}

/// What the registrar's documents say, in all three languages (POLICY.md part 5).
enum RegisterPhrase: CaseIterable {
  case approved, minutes, agreed, nothing
  case attendance, calendar, instance, upTo, entries, regime
  case absences, name, group, student, unexcused, excused, journal, log, noVideo, etiquette
  case warnedOn, crossedOn, forecast, forecastDate, held, toCome, percent
  case planFact, teacher, department, load, due, heldHours, substituting, givenAway, fallenOut
  case noJournal, deviation, vacant
  case findings, moreFindings, severity, rule, policy, place, what, foundValue, required, remedy
  case count
  case violation, warning
  case hoursBySection, section, discipline, kind, plan, scheduled, delivered, cancelled
  case dueByDate, fallenOutInTerm, short
  case makeUps, lostDate, newDate, time, room, why, noPlace, periods, period, from, to
  case firstMidterm, secondMidterm, finalControl, holiday, displaced, cancelledClass, total, online

  private var texts: (kk: String, ru: String, en: String) {
    switch self {
    case .approved: ("БЕКІТЕМІН", "УТВЕРЖДАЮ", "APPROVED")
    case .minutes: ("хаттама №", "протокол №", "minutes no.")
    case .agreed: ("Келісілді", "Согласовано", "Agreed")
    case .nothing: ("Жоқ.", "Нет.", "None.")
    case .attendance:
      (
        "Қатысу журналы: тіркеу офисіне арналған жиынтық",
        "Журнал посещаемости: сводка для офиса регистратора",
        "Attendance journal: the registrar's summary"
      )
    case .calendar:
      (
        "Академиялық күнтізбе: сағаттардың орындалуы", "Академический календарь: выполнение часов",
        "Academic calendar: hours delivered"
      )
    case .instance: ("Деректер", "Данные", "Data")
    case .upTo: ("Күні бойынша", "По состоянию на", "As of")
    case .entries: ("Есепке алынған жазбалар", "Учтено записей", "Entries counted")
    case .regime: ("Режим", "Режим", "Regime")
    case .absences: ("Сабақ босату", "Пропуски", "Absences")
    case .name: ("Аты-жөні", "ФИО", "Name")
    case .group: ("Топ", "Группа", "Group")
    case .student: ("Білім алушы", "Обучающийся", "Learner")
    case .unexcused: ("Дәлелсіз сағат жиыны", "Итого неуваж. часов", "Total unexcused hours")
    case .excused: ("Дәлелді, сағ.", "Уваж., ч", "Excused h")
    case .journal: ("Журнал", "Журнал", "Journal")
    case .log: ("Логтар", "Логи", "Logs")
    case .noVideo: ("Видео жоқ", "Нет видео", "No video")
    case .etiquette: ("Этикет", "Этикет", "Etiquette")
    case .warnedOn: ("Ескерту күні", "Дата предупреждения", "Warning reached")
    case .crossedOn: ("Шекке жеткен күні", "Дата достижения предела", "Limit reached")
    case .forecast: ("Семестр соңына болжам", "Прогноз на конец семестра", "Forecast at term's end")
    case .forecastDate: ("Шекке жету болжамы", "Прогноз достижения предела", "Limit forecast")
    case .held: ("Өткізілген сағат", "Проведено часов", "Hours held")
    case .toCome: ("Қалған сағат", "Предстоит, ч", "Hours to come")
    case .percent: ("%", "%", "%")
    case .planFact:
      (
        "Оқытушылар жүктемесінің орындалуы (жоспар/факт)",
        "Выполнение нагрузки преподавателей (план/факт)",
        "Teachers' load, plan and fact"
      )
    case .teacher: ("Оқытушы", "Преподаватель", "Teacher")
    case .department: ("Кафедра", "Кафедра", "Department")
    case .load: ("Аудиториялық жүктеме", "Аудиторная нагрузка", "Class load")
    case .due: ("Жоспар бойынша", "По плану", "Planned")
    case .heldHours: ("Өткізілді", "Проведено", "Held")
    case .substituting: ("Оның ішінде алмастыру", "В т. ч. замены", "Of these, substitution")
    case .givenAway: ("Басқа өткізді", "Провёл другой", "Held by others")
    case .fallenOut: ("Түсіп қалды", "Выпало", "Fallen out")
    case .noJournal: ("Журналсыз", "Без журнала", "Without journal")
    case .deviation: ("Ауытқу", "Отклонение", "Deviation")
    case .vacant: ("Бос", "Вакансия", "Vacant")
    case .findings: ("Ережелер бұзылуы", "Нарушения правил", "Findings")
    case .moreFindings: ("Қалған бұзылулар", "Остальные нарушения", "More findings")
    case .severity: ("Деңгейі", "Степень", "Severity")
    case .rule: ("Ереже", "Правило", "Rule")
    case .policy: ("Саясат §", "Политика §", "Policy §")
    case .place: ("Файл, жол", "Файл, строка", "File, line")
    case .what: ("Не бұзылды", "Что нарушено", "What is wrong")
    case .foundValue: ("Бар", "Есть", "Found")
    case .required: ("Керек", "Нужно", "Required")
    case .remedy: ("Түзету", "Как исправить", "What would mend it")
    case .count: ("Саны", "Кол-во", "Count")
    case .violation: ("бұзушылық", "нарушение", "violation")
    case .warning: ("ескерту", "предупреждение", "warning")
    case .hoursBySection:
      ("Секциялар бойынша сағаттар", "Часы по секциям", "Hours by section")
    case .section: ("Секция", "Секция", "Section")
    case .discipline: ("Пән", "Дисциплина", "Discipline")
    case .kind: ("Түрі", "Вид", "Kind")
    case .plan: ("Оқу жоспары", "Учебный план", "Curriculum")
    case .scheduled: ("Кесте бойынша", "По расписанию", "Timetabled")
    case .delivered: ("Семестрде болады", "Будет за семестр", "Whole term")
    case .dueByDate: ("Кесте бойынша, күніне", "По расписанию на дату", "Timetabled to date")
    case .fallenOutInTerm: ("Семестрде түсіп қалады", "Выпадает за семестр", "Fallen out, term")
    case .short: ("Жоспарға жетпейді", "Недостаёт до плана", "Short of the plan")
    case .cancelled: ("Өткізілмеді", "Не проведено", "Cancelled")
    case .makeUps: ("Қайта өткізу ұсыныстары", "Предложения отработок", "Proposed make-ups")
    case .lostDate: ("Түскен күні", "Выпавшая дата", "Date lost")
    case .newDate: ("Жаңа күні", "Новая дата", "New date")
    case .time: ("Уақыты", "Время", "Time")
    case .room: ("Аудитория", "Аудитория", "Room")
    case .why: ("Себебі", "Причина", "Reason")
    case .noPlace: ("бос уақыт табылмады", "свободного времени нет", "no free time found")
    case .periods: ("Бақылау кезеңдері", "Периоды контроля", "Periods of control")
    case .period: ("Кезең", "Период", "Period")
    case .from: ("Басталуы", "Начало", "Start")
    case .to: ("Аяқталуы", "Окончание", "End")
    case .firstMidterm: ("Аралық бақылау 1 (АБ1)", "Рубежный контроль 1 (РК1)", "Midterm control 1")
    case .secondMidterm:
      ("Аралық бақылау 2 (АБ2)", "Рубежный контроль 2 (РК2)", "Midterm control 2")
    case .finalControl:
      ("Қорытынды бақылау (емтихандар)", "Итоговый контроль (экзамены)", "Final control (exams)")
    case .holiday: ("мереке", "праздник", "holiday")
    case .displaced: ("ауыстырылған күн", "перенесённый день", "displaced by a moved day")
    case .cancelledClass: ("өткізілмеді", "отменено", "cancelled")
    case .total: ("Барлығы", "Всего", "Total")
    case .online: ("онлайн", "онлайн", "online")
    }
  }

  func text(in language: Language) -> String {
    switch language {
    case .kk: texts.kk
    case .ru: texts.ru
    case .en: texts.en
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// What was found of the rooms that a university needs, as pages in three languages and a table.
public struct RoomsPage: Sendable {
  /// A kind and size.
  public struct Band: Sendable {
    /// The kind of room.
    public var kind: String
    /// The least seats.
    public var seats: Int
    /// The most seats; nil for no limit.
    public var upTo: Int?
    /// Rooms of the kind with at least so many seats.
    public var rooms: Int
    /// The fewest of them by the hours of the term.
    public var byHours: Int
    /// The fewest of them at the times of the plan.
    public var byPeak: Int
    /// How many of them are in the smallest set found.
    public var found: Int
    /// Share of the open hours that the band's own rooms are used.
    public var use: Double
    /// The room whose loss was tried.
    public var fewer: String
    /// Whether a valid timetable was found without it; nil where it was not tried.
    public var isPossible: Bool?
    /// Meetings that move then.
    public var moved: Int
    /// What the objective grows by then.
    public var cost: Double
    /// What the objective falls by with one room more; nil where it was not tried.
    public var gain: Double?
    /// Meetings that go into it.
    public var gainMeetings: Int
    /// Hours without a place that find one in it.
    public var gainHours: Int

    /// A kind and size with what was found.
    public init(
      kind: String, seats: Int, upTo: Int?, rooms: Int, byHours: Int, byPeak: Int, found: Int,
      use: Double, fewer: String, isPossible: Bool?, moved: Int, cost: Double, gain: Double?,
      gainMeetings: Int, gainHours: Int
    ) {
      self.kind = kind
      self.seats = seats
      self.upTo = upTo
      self.rooms = rooms
      self.byHours = byHours
      self.byPeak = byPeak
      self.found = found
      self.use = use
      self.fewer = fewer
      self.isPossible = isPossible
      self.moved = moved
      self.cost = cost
      self.gain = gain
      self.gainMeetings = gainMeetings
      self.gainHours = gainHours
    }
  }

  /// Rooms closed on a day of every week.
  public struct Closing: Sendable {
    /// The day.
    public var day: Weekday
    /// The building; nil for the most rooms that could be closed.
    public var building: String?
    /// The rooms.
    public var rooms: [String]
    /// Whether a valid timetable was found; nil where it was not tried.
    public var isPossible: Bool?
    /// Meetings that it has elsewhere.
    public var moved: Int

    /// A closing with what was found.
    public init(
      day: Weekday, building: String?, rooms: [String], isPossible: Bool?, moved: Int
    ) {
      self.day = day
      self.building = building
      self.rooms = rooms
      self.isPossible = isPossible
      self.moved = moved
    }
  }

  /// The institution's name.
  public var name: String
  /// How many rooms there are.
  public var rooms: Int
  /// Whether the plan that was studied keeps all rules.
  public var isPlanValid: Bool
  /// A bound of any timetable of the sections.
  public var byHours: Int
  /// A bound of timetables with the plan's times.
  public var byPeak: Int
  /// The smallest set of rooms for which a valid timetable was found.
  public var smallest: [String]
  /// The rooms that are not in it.
  public var closed: [String]
  /// Sets that were tried: how many rooms, and whether a valid timetable was found.
  public var tried: [(rooms: Int, isValid: Bool)]
  /// By kind and size.
  public var bands: [Band]
  /// Sets of rooms that are all taken at the plan's peak: how many, their names, hours of the term.
  public var bottlenecks: [(rooms: [String], hours: Int)]
  /// Days on which rooms could be closed.
  public var closings: [Closing]
  /// By room the days on which nothing is held in it.
  public var freeDays: [(room: String, days: [Weekday])]
  /// Whether the plan keeps all rules with these closed together.
  public var areFreeDaysValid: Bool

  /// What was found.
  public init(
    name: String, rooms: Int, isPlanValid: Bool, byHours: Int, byPeak: Int, smallest: [String],
    closed: [String], tried: [(rooms: Int, isValid: Bool)], bands: [Band],
    bottlenecks: [(rooms: [String], hours: Int)], closings: [Closing],
    freeDays: [(room: String, days: [Weekday])], areFreeDaysValid: Bool
  ) {
    self.name = name
    self.rooms = rooms
    self.isPlanValid = isPlanValid
    self.byHours = byHours
    self.byPeak = byPeak
    self.smallest = smallest
    self.closed = closed
    self.tried = tried
    self.bands = bands
    self.bottlenecks = bottlenecks
    self.closings = closings
    self.freeDays = freeDays
    self.areFreeDaysValid = areFreeDaysValid
  }

  /// `rooms.csv`, `closings.csv`, a page for each language, and `index.html` in the language given.
  public func files(_ language: Language) -> [(path: String, text: String)] {
    [("rooms.csv", csv), ("closings.csv", closingsCSV)]
      + Language.allCases.map { ("\($0.rawValue).html", page($0)) }
      + [("index.html", page(language))]
  }

  private var csv: String {
    var lines = [
      "kind,seats_from,seats_to,rooms,bound_by_hours,bound_by_peak,in_smallest_set,use,"
        + "one_fewer,fewer_is_possible,fewer_moves,fewer_costs,more_saves,more_meetings,more_hours"
    ]
    for band in bands {
      lines.append(
        [
          band.kind, "\(band.seats)", band.upTo.map(String.init) ?? "", "\(band.rooms)",
          "\(band.byHours)", "\(band.byPeak)", "\(band.found)", ScenarioPage.number(band.use),
          band.fewer, band.isPossible.map { $0 ? "yes" : "not_found" } ?? "",
          band.isPossible == nil ? "" : "\(band.moved)",
          band.isPossible == true ? ScenarioPage.number(band.cost) : "",
          band.gain.map(ScenarioPage.number) ?? "",
          band.gain == nil ? "" : "\(band.gainMeetings)",
          band.gain == nil ? "" : "\(band.gainHours)",
        ].map(PlanDifference.quoted).joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var closingsCSV: String {
    var lines = ["day,building,rooms,possible,moves"]
    for row in closings {
      lines.append(
        [
          row.day.code, row.building ?? "", row.rooms.joined(separator: " "),
          row.isPossible.map { $0 ? "yes" : "not_found" } ?? "",
          row.isPossible == true ? "\(row.moved)" : "",
        ].map(PlanDifference.quoted).joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func page(_ language: Language) -> String {
    let heading = language.pick(
      "Қанша аудитория керек", "Сколько аудиторий нужно", "How many rooms are needed")
    return StandalonePage.text(heading, language, style: Self.style) { body in
      body.element("p", [:], name)
      verdict(language, &body)
      body.element(
        "h2", [:],
        language.pick(
          "Түрі мен сыйымдылығы бойынша", "По видам и вместимости", "By kind and size"))
      bars(language, &body)
      marginals(language, &body)
      scarce(language, &body)
      days(language, &body)
    }
  }

  private func verdict(_ language: Language, _ html: inout HTML) {
    if !isPlanValid {
      html.element(
        "p", ["class": "bad"],
        language.pick(
          "Жоспар ережелерді бұзады: аз аудиториямен кесте ізделген жоқ.",
          "План нарушает правила: расписание с меньшим числом аудиторий не искалось.",
          "The plan breaks rules: no timetable with fewer rooms was looked for."))
    }
    html.element("table", ["class": "few"]) { table in
      func row(_ text: String, _ value: String) {
        table.element("tr") { row in
          row.element("td", [:], text)
          row.element("td", ["class": "number"], value)
        }
      }
      row(language.pick("Бар", "Имеется", "There are"), "\(rooms)")
      row(
        language.pick(
          "Бұл секциялардың кез келген кестесіне кемінде (семестр сағаттары бойынша)",
          "Любому расписанию этих секций – не менее (по часам семестра)",
          "Any timetable of these sections needs at least (by hours of the term)"), "\(byHours)")
      row(
        language.pick(
          "Жоспардағы уақыттармен – кемінде", "С временами плана – не менее",
          "With the times of the plan at least"), "\(byPeak)")
      row(
        language.pick(
          "Барлық ереже сақталған кесте табылған ең аз саны",
          "Наименьшее число, для которого найдено расписание без нарушений",
          "The fewest for which a timetable that keeps all rules was found"), "\(smallest.count)")
    }
    html.element(
      "p", ["class": "was"],
      language.pick(
        "Төменгі шектер дәлелденген. Ең аз жиын – берілген уақытта іздеу тапқаны (эвристика): одан да азы болуы мүмкін, ал «табылмады» мүмкін еместіктің дәлелі емес.",
        "Нижние границы доказаны. Наименьший набор – то, что нашёл поиск за данное время (эвристика): возможен и меньший, а «не найдено» не доказывает невозможности.",
        "The bounds are proved. The smallest set is what the search found in the time given (a heuristic): fewer may do, and “none found” proves nothing."
      ))
    if !closed.isEmpty {
      html.element(
        "p", [:],
        language.pick(
          "Онда керек емес аудиториялар: ", "В нём не нужны: ", "Rooms it does without: ")
          + closed.joined(separator: ", "))
    }
    if !tried.isEmpty {
      html.element(
        "p", ["class": "was"],
        language.pick("Тексерілгені: ", "Проверено: ", "Tried: ")
          + tried.map { "\($0.rooms) \($0.isValid ? "✓" : "–")" }.joined(separator: ", "))
    }
  }

  private func label(_ band: Band, _ language: Language) -> String {
    let seats =
      band.upTo.map { $0 == band.seats ? "\($0)" : "\(band.seats)–\($0)" } ?? "\(band.seats)+"
    return "\(Self.kind(band.kind, language)), \(seats)"
  }

  /// The name of a kind of room; one that is not known is its own name.
  static func kind(_ kind: String, _ language: Language) -> String {
    switch kind {
    case "lecture": language.pick("дәріс залы", "лекционная", "lecture hall")
    case "classroom": language.pick("сынып", "учебная", "classroom")
    case "computer": language.pick("компьютерлік", "компьютерная", "computer room")
    case "language": language.pick("тіл кабинеті", "языковая", "language room")
    case "lab": language.pick("зертхана", "лаборатория", "laboratory")
    case "gym": language.pick("спортзал", "спортзал", "gym")
    default: kind
    }
  }

  /// For each kind and least size: rooms there are, the smallest set found, and the bounds.
  private func bars(_ language: Language, _ html: inout HTML) {
    html.element("p", ["class": "keys"]) { line in
      for (style, text) in [
        ("have", language.pick("бар", "имеется", "there are")),
        (
          "found",
          language.pick(
            "табылған ең аз жиында", "в наименьшем найденном", "in the smallest set found")
        ),
        (
          "peak",
          language.pick(
            "жоспар уақытымен кемінде", "не менее с временами плана",
            "at least, with the plan's times")
        ),
        (
          "hours", language.pick("сағат бойынша кемінде", "не менее по часам", "at least, by hours")
        ),
      ] {
        line.element("span", ["class": "key \(style)"], "")
        line.text(" \(text)  ")
      }
    }
    html.element(
      "p", ["class": "was"],
      language.pick(
        "Әр жол – осы түрдегі, орны көрсетілгеннен кем емес барлық аудиториялар.",
        "Каждая строка – все аудитории этого вида, в которых мест не меньше указанного.",
        "Each row counts the rooms of the kind with at least the seats shown."))
    let left = 230.0, width = 520.0, step = 34.0
    let most = Double(max(1, bands.map(\.rooms).max() ?? 1))
    html.element(
      "svg",
      ["viewBox": "0 0 900 \(Int(step) * bands.count + 6)", "class": "chart", "role": "img"]
    ) { svg in
      for (number, band) in bands.enumerated() {
        let y = step * Double(number) + 4
        func bar(_ count: Int, _ style: String, _ top: Double, _ height: String) {
          svg.element(
            "rect",
            [
              "x": ScenarioPage.number(left), "y": ScenarioPage.number(y + top),
              "width": ScenarioPage.number(max(1, Double(count) / most * width)),
              "height": height, "class": style,
            ], "")
        }
        svg.element(
          "text", ["x": "0", "y": ScenarioPage.number(y + 17)],
          "\(Self.kind(band.kind, language)), \(band.seats)+")
        bar(band.rooms, "have", 0, "26")
        bar(band.found, "found", 2, "7")
        bar(band.byPeak, "peak", 10, "7")
        bar(band.byHours, "hours", 18, "6")
        svg.element(
          "text",
          [
            "x": ScenarioPage.number(left + Double(band.rooms) / most * width + 6),
            "y": ScenarioPage.number(y + 17),
          ], "\(band.rooms) / \(band.found) / \(band.byPeak) / \(band.byHours)")
      }
    }
  }

  private func marginals(_ language: Language, _ html: inout HTML) {
    html.element(
      "h2", [:],
      language.pick(
        "Бір аудитория кем, бір аудитория артық", "На одну аудиторию меньше и больше",
        "One room fewer, one room more"))
    html.element(
      "p", ["class": "was"],
      language.pick(
        "Бірі кем: осы түр мен сыйымдылықтағы ең аз пайдаланылатын аудитория жабылады. Бірі артық: сабақтар оған бір-бірден ауысады, алдымен ең пайдалысы (ашкөз әдіс), сондықтан ұтыс – төменгі баға.",
        "На одну меньше: закрыта наименее занятая аудитория этого вида и размера. На одну больше: занятия переходят в неё по одному, сначала самые выгодные (жадный способ), так что выигрыш – оценка снизу.",
        "One fewer: the least used room of the kind and size is closed. One more: meetings go into it one by one, the most saving first (greedily), so that the gain is a lower estimate."
      ))
    html.element("table") { table in
      table.headings(
        [
          language.pick("Түрі, орын", "Вид, места", "Kind, seats"),
          language.pick("Пайдалану", "Загрузка", "Use"),
          language.pick("Жабылғаны", "Закрыта", "Closed"),
          language.pick("Кесте", "Расписание", "Timetable"),
          language.pick("Ауысады", "Переносов", "Moves"),
          language.pick("Мақсат", "Цель", "Objective"),
          language.pick("Біреуі артық: мақсат", "Ещё одна: цель", "One more: objective"),
          language.pick("ішіндегі сабақтар", "занятий в ней", "meetings in it"),
          language.pick("орын тапқан сағат", "размещено часов", "hours placed"),
        ], numbers: [1, 4, 5, 6, 7, 8])
      for band in bands {
        table.element("tr") { row in
          row.element("td", [:], label(band, language))
          row.element("td", ["class": "number"], "\(Int((100 * band.use).rounded())) %")
          row.element("td", [:], band.fewer)
          switch band.isPossible {
          case true?:
            row.element(
              "td", ["class": "good"],
              language.pick("ереже бұзылмайды", "без нарушений", "keeps all rules"))
            row.element("td", ["class": "number"], "\(band.moved)")
            row.element("td", ["class": "number"], signed(band.cost, language))
          case false?:
            row.element(
              "td", ["class": "bad"],
              language.pick("табылмады", "не найдено", "none found"))
            row.element("td", [:], "")
            row.element("td", [:], "")
          case nil:
            row.element(
              "td", [:], language.pick("тексерілмеді", "не проверено", "not tried"))
            row.element("td", [:], "")
            row.element("td", [:], "")
          }
          if let gain = band.gain {
            row.element("td", ["class": "number"], signed(-gain, language))
            row.element("td", ["class": "number"], "\(band.gainMeetings)")
            row.element("td", ["class": "number"], "\(band.gainHours)")
          } else {
            row.element(
              "td", [:], language.pick("тексерілмеді", "не проверено", "not tried"))
            row.element("td", [:], "")
            row.element("td", [:], "")
          }
        }
      }
    }
  }

  private func signed(_ value: Double, _ language: Language) -> String {
    let rounded = (value * 10).rounded() / 10
    if rounded == 0 { return "0" }
    return (rounded > 0 ? "+" : "−") + language.number(abs(rounded))
  }

  private func scarce(_ language: Language, _ html: inout HTML) {
    if bottlenecks.isEmpty { return }
    html.element(
      "h2", [:],
      language.pick(
        "Тар жерлер: ең тығыз сағатта бәрі бос емес", "Узкие места: в пик заняты все",
        "Bottlenecks: all taken at the peak"))
    html.element("table") { table in
      table.headings(
        [
          language.pick("Саны", "Число", "How many"),
          language.pick("Аудиториялар", "Аудитории", "Rooms"),
          language.pick("Сағат, семестр", "Часов в семестре", "Hours of the term"),
        ], numbers: [0, 2])
      for row in bottlenecks {
        table.element("tr") { line in
          line.element("td", ["class": "number"], "\(row.rooms.count)")
          line.element(
            "td", [:],
            row.rooms.prefix(12).joined(separator: ", ") + (row.rooms.count > 12 ? " …" : ""))
          line.element("td", ["class": "number"], "\(row.hours)")
        }
      }
    }
  }

  private func days(_ language: Language, _ html: inout HTML) {
    html.element(
      "h2", [:],
      language.pick(
        "Қай күні нені жабуға болады", "Что и в какие дни можно закрыть",
        "What could be closed on which days"))
    html.element("table") { table in
      table.headings(
        [
          language.pick("Күн", "День", "Day"),
          language.pick("Не жабылады", "Что закрыто", "Closed"),
          language.pick("Кесте", "Расписание", "Timetable"),
          language.pick("Басқа орында", "Занятий в другом месте", "Meetings elsewhere"),
        ], numbers: [3])
      for closing in closings {
        table.element("tr") { row in
          row.element("td", [:], language.name(of: closing.day))
          if let building = closing.building {
            row.element(
              "td", [:],
              language.pick("Ғимарат", "Здание", "Building")
                + " \(building) (\(closing.rooms.count))")
          } else {
            row.element(
              "td", [:],
              language.pick("Аудиториялар: ", "Аудиторий: ", "Rooms: ") + "\(closing.rooms.count)"
                + (closing.rooms.isEmpty ? "" : " – " + closing.rooms.joined(separator: ", ")))
          }
          switch closing.isPossible {
          case true?:
            row.element(
              "td", ["class": "good"],
              language.pick("ереже бұзылмайды", "без нарушений", "keeps all rules"))
            row.element("td", ["class": "number"], "\(closing.moved)")
          case false?:
            row.element(
              "td", ["class": "bad"], language.pick("табылмады", "не найдено", "none found"))
            row.element("td", [:], "")
          case nil:
            row.element(
              "td", [:], language.pick("тексерілмеді", "не проверено", "not tried"))
            row.element("td", [:], "")
          }
        }
      }
    }
    if freeDays.isEmpty { return }
    html.element(
      "h3", [:],
      language.pick(
        "Жоспарда бос тұрады", "В плане пустуют", "Stand empty in the plan"))
    html.element(
      "p", ["class": areFreeDaysValid ? "good" : "bad"],
      areFreeDaysValid
        ? language.pick(
          "Бәрін бірге жапқанда жоспар барлық ережені сақтайды.",
          "Если закрыть всё это вместе, план соблюдает все правила.",
          "With all of these closed together the plan keeps all rules.")
        : language.pick(
          "Бәрін бірге жапқанда жоспар ережені бұзады.",
          "Если закрыть всё это вместе, план нарушает правила.",
          "With all of these closed together the plan breaks rules."))
    html.element("table") { table in
      for row in freeDays {
        table.element("tr") { line in
          line.element("td", [:], row.room)
          line.element(
            "td", [:], row.days.map { language.shortName(of: $0) }.joined(separator: ", "))
        }
      }
    }
  }

  private static let style = """
    .have{fill:#e3e7ed;background:#e3e7ed}.found{fill:#1f5fa8;background:#1f5fa8}\
    .peak{fill:#c98a1b;background:#c98a1b}.hours{fill:#12694a;background:#12694a}\
    .key{display:inline-block;width:.9rem;height:.9rem;margin-left:1rem;vertical-align:-2px}\
    .few{width:auto}
    """
}

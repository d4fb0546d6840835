// SPDX-License-Identifier: GPL-3.0-or-later
public import University
public import Validation

/// One plan of a scenario, measured for the comparison.
public struct ScenarioMeasures: Sendable {
  /// The scenario's name; `base` for the instance as it is.
  public var name: String
  /// What people read.
  public var title: String
  /// The same by language, where it is given so.
  public var titles: [Language: String] = [:]
  /// The seed.
  public var seed: UInt64
  /// Whether every rule holds.
  public var isValid: Bool
  /// How often each rule is broken.
  public var broken: [(rule: String, count: Int)]
  /// The first messages of broken rules.
  public var messages: [Wording]
  /// Numbers by name: `objective.timetable`, `criterion.student_gap`, `unplaced.lab.1-15`,
  /// `use.kind.lecture`, `moved`, `cost` …
  public var values: [(name: String, value: Double)]
  /// Share of the open rooms in use by day and slot, by building; rooms not weighted by seats.
  public var heat: [(building: String, shares: [[Double]])]
  /// Rooms that were chosen to be closed.
  public var closed: [String]
  /// Why it is not valid, line by line, indented by what belongs to what; empty where it is, or
  /// where nobody asked.
  public var why: [Language: [String]] = [:]
  /// What has to be known to read the numbers.
  public var notes: [Wording] = []
  /// What the scenario changes, as its file says it.
  public var overlay = ""
  /// Why there is no plan of the scenario at all; empty where there is one.
  public var obstacles: [Wording] = []

  /// A scenario of which there is no plan.
  public init(
    name: String, title: String, titles: [Language: String], obstacles: [Wording]
  ) {
    self.name = name
    self.title = title
    self.titles = titles
    self.obstacles = obstacles
    seed = 0
    isValid = false
    broken = []
    messages = obstacles
    values = []
    heat = []
    closed = []
  }

  /// Measures a plan of a scenario against the base.
  ///
  /// Use of rooms is hours held ÷ hours of the grid at which they are open, over the weeks of the
  /// term; rooms that stand in for others are not counted among the rooms.
  public init(
    name: String, title: String, seed: UInt64, _ institution: Institution, _ plan: Plan,
    _ report: ScoreReport, base: Plan, costs: [RoomID: Double], closed: [RoomID],
    standIns: Set<RoomID> = []
  ) {
    self.name = name
    self.title = title
    self.seed = seed
    self.closed = closed.map(\.text)
    isValid = report.isValid
    broken = report.counts.sorted { $0.key < $1.key }.map { ($0.key.rawValue, $0.value) }
    messages = report.violations.prefix(8).map { violation in
      Wording { "\(violation.rule.rawValue): \(violation.wording[$0])" }
    }
    var values: [(name: String, value: Double)] = [("valid", report.isValid ? 1 : 0)]
    for stage in report.stages {
      values.append(("objective.\(stage.rawValue)", report.objectives[stage] ?? 0))
    }
    for stage in report.stages {
      for (criterion, value) in report.orderedCriteria(of: stage) {
        values.append(("criterion.\(criterion)", value))
      }
    }
    values.append(("sections", Double(plan.sections.count)))
    values.append(("meetings", Double(plan.meetings.count)))
    values += Self.unplaced(institution, plan)
    let use = Self.use(institution, plan, standIns)
    values += use.values
    heat = use.heat
    let old = Dictionary(base.meetings.map { ($0.id, $0) }) { first, _ in first }
    values.append(
      (
        "moved",
        Double(
          plan.meetings.count { meeting in
            guard let was = old[meeting.id] else { return true }
            return was.day != meeting.day || was.slot != meeting.slot
              || was.weeks != meeting.weeks || was.length != meeting.length
              || was.room != meeting.room || was.mode != meeting.mode
          })
      ))
    if !costs.isEmpty {
      values.append(
        ("cost", institution.rooms.reduce(0) { $0 + (costs[$1.id] ?? 0) }))
    }
    self.values = values
  }

  /// The size band of a number of seats or students.
  static func band(_ size: Int) -> String {
    switch size {
    case ...15: "1-15"
    case ...30: "16-30"
    case ...60: "31-60"
    case ...100: "61-100"
    default: "101+"
    }
  }

  private static func unplaced(
    _ it: Institution, _ plan: Plan
  ) -> [(name: String, value: Double)] {
    var placed: [SectionID: Int] = [:]
    for meeting in plan.meetings {
      placed[meeting.section, default: 0] += meeting.length * meeting.weeks.count
    }
    var missing: [String: Double] = [:]
    var total = 0.0
    for section in plan.sections {
      let short = section.hours - (placed[section.id] ?? 0)
      if short <= it.policy.hoursTolerance { continue }
      missing["unplaced.\(section.kind.rawValue).\(band(section.students.count))", default: 0] +=
        Double(short)
      total += Double(short)
    }
    var result: [(name: String, value: Double)] = [("unplaced", total)]
    for (name, hours) in missing.sorted(by: { $0.key < $1.key }) { result.append((name, hours)) }
    return result
  }

  private static func use(
    _ it: Institution, _ plan: Plan, _ standIns: Set<RoomID>
  ) -> (
    values: [(name: String, value: Double)], heat: [(building: String, shares: [[Double]])]
  ) {
    let slots = it.regime.slots
    let open = Dictionary(uniqueKeysWithValues: it.rooms.map { ($0.id, it.openWeeks(of: $0.id)) })
    var held: [RoomID: Int] = [:]
    var at: [BuildingID: [[Int]]] = [:]
    for meeting in plan.meetings {
      guard let id = meeting.room, let room = it.rooms[id],
        let day = it.days.firstIndex(of: meeting.day)
      else { continue }
      held[id, default: 0] += meeting.length * meeting.weeks.count
      var table =
        at[room.building]
        ?? Array(repeating: Array(repeating: 0, count: slots), count: it.days.count)
      for slot in meeting.slot..<(meeting.slot + meeting.length) where slot <= slots {
        table[day][slot - 1] += meeting.weeks.count
      }
      at[room.building] = table
    }
    func share(_ rooms: [Room]) -> Double {
      let hours = rooms.reduce(0) { $0 + (open[$1.id]?.joined().reduce(0, +) ?? 0) }
      return hours == 0 ? 0 : Double(rooms.reduce(0) { $0 + (held[$1.id] ?? 0) }) / Double(hours)
    }
    var values: [(name: String, value: Double)] = [
      ("rooms", Double(it.rooms.count { !standIns.contains($0.id) })),
      ("use.all", share(it.rooms.rows)),
    ]
    for kind in Set(it.rooms.map(\.kind)).sorted() {
      values.append(("use.kind.\(kind)", share(it.rooms.filter { $0.kind == kind })))
    }
    for name in ["1-15", "16-30", "31-60", "61-100", "101+"] {
      let rooms = it.rooms.filter { band($0.capacity) == name }
      if !rooms.isEmpty { values.append(("use.seats.\(name)", share(rooms))) }
    }
    var heat: [(building: String, shares: [[Double]])] = []
    for building in it.buildings {
      let rooms = it.rooms.filter { $0.building == building.id }
      if rooms.isEmpty { continue }
      values.append(("use.building.\(building.id)", share(rooms)))
      let table =
        at[building.id]
        ?? Array(repeating: Array(repeating: 0, count: slots), count: it.days.count)
      heat.append(
        (
          building.id.text,
          table.enumerated().map { day, row in
            row.enumerated().map { slot, held in
              let weeks = rooms.reduce(0) { $0 + (open[$1.id]?[day][slot] ?? 0) }
              return weeks == 0 ? 0 : Double(held) / Double(weeks)
            }
          }
        ))
    }
    return (values, heat)
  }
}

/// Scenarios beside each other: a page in three languages, and a table.
public struct ScenarioPage: Sendable {
  private let runs: [ScenarioMeasures]
  private let names: [String]
  private let days: [Weekday]
  private let work: Wording?

  /// A comparison; the first runs are those of the base.
  ///
  /// - Parameters:
  ///   - runs: The runs, measured.
  ///   - days: The teaching days.
  ///   - work: How much work each run had.
  public init(_ runs: [ScenarioMeasures], days: [Weekday], work: Wording? = nil) {
    self.runs = runs
    self.days = days
    self.work = work
    var names: [String] = []
    for run in runs where !names.contains(run.name) { names.append(run.name) }
    self.names = names
  }

  /// A scenario's values of a measure over the seeds, beside those of the base.
  public struct Comparison: Sendable {
    /// The scenario.
    public var scenario: String
    /// The measure.
    public var measure: String
    /// The least value.
    public var low: Double
    /// The mean.
    public var mean: Double
    /// The greatest value.
    public var high: Double
    /// How many runs have it.
    public var seeds: Int
    /// Mean less the mean of the base; nil of the base itself.
    public var againstBase: Double?
    /// Whether that is more than the spread of both; nil where there is none to judge by.
    public var differs: Bool?
  }

  /// All scenarios and measures, in the order of the page.
  public var comparisons: [Comparison] {
    let all = measures
    return names.flatMap { name in
      all.compactMap { measure -> Comparison? in
        guard let value = spread(name, measure) else { return nil }
        let base = name == names.first ? nil : names.first.flatMap { spread($0, measure) }
        return Comparison(
          scenario: name, measure: measure, low: value.low, mean: value.mean, high: value.high,
          seeds: value.seeds, againstBase: base.map { value.mean - $0.mean },
          differs: base == nil ? nil : differs(name, measure))
      }
    }
  }

  /// Lowest, mean and highest value over the seeds; nil where no run has it.
  struct Spread {
    var low: Double
    var mean: Double
    var high: Double
    var seeds: Int
  }

  func spread(_ scenario: String, _ measure: String) -> Spread? {
    let found = runs.filter { $0.name == scenario && $0.obstacles.isEmpty }.compactMap { run in
      run.values.first { $0.name == measure }?.value
        ?? (measure.hasPrefix("unplaced") ? 0 : nil)
    }
    guard let low = found.min(), let high = found.max() else { return nil }
    return Spread(
      low: low, mean: found.reduce(0, +) / Double(found.count), high: high, seeds: found.count)
  }

  /// Whether a scenario differs from the base in a measure, beyond the spread over the seeds.
  ///
  /// With [a, b] and [c, d] the ranges of their values, a < c: from four seeds on each, where b < c;
  /// with two or three, where c − b > max(b − a, d − c). Of equal normal distributions chance alone
  /// makes that a difference in 9, 1, 3 and 1 of 100 cases with 2, 3, 4 and 5 seeds (simulated);
  /// that the ranges of two seeds do not overlap happens in 33. Nil where either has a single
  /// seed, and there is no spread to judge by; what no seed has a part in needs none.
  func differs(_ scenario: String, _ measure: String) -> Bool? {
    let isGiven = measure == "rooms" || measure == "cost"
    guard let first = names.first, let base = spread(first, measure),
      let other = spread(scenario, measure), isGiven || (base.seeds > 1 && other.seeds > 1)
    else { return nil }
    let gap = max(other.low - base.high, base.low - other.high)
    if min(base.seeds, other.seeds) >= 4 { return gap > 0 }
    return gap > max(base.high - base.low, other.high - other.low)
  }

  var measures: [String] {
    var result: [String] = []
    for run in runs {
      for (name, _) in run.values where !result.contains(name) { result.append(name) }
    }
    return result
  }

  /// A row for each scenario, seed and measure; the last column says whether the plan keeps all rules:
  /// what has no place is not in the objective of one that does not.
  public var csv: String {
    var lines = ["scenario,seed,measure,value,keeps_rules"]
    for run in runs {
      for (name, value) in run.values {
        lines.append(
          [run.name, "\(run.seed)", name, Self.number(value), run.isValid ? "yes" : "no"].map(
            PlanDifference.quoted
          )
          .joined(separator: ","))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A row for each scenario and measure.
  private var summary: String {
    var lines = ["scenario,measure,low,mean,high,seeds,against_base,beyond_spread,keeps_rules"]
    for row in comparisons {
      lines.append(
        [
          row.scenario, row.measure, Self.number(row.low), Self.number(row.mean),
          Self.number(row.high), "\(row.seeds)", row.againstBase.map(Self.number) ?? "",
          row.againstBase == nil ? "" : row.differs.map { $0 ? "yes" : "no" } ?? "one_seed",
          isBroken(row.scenario) ? "no" : "yes",
        ].map(PlanDifference.quoted).joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A row for each broken rule with how often it is, each message, and each line of the reasons.
  private func reasons(_ language: Language) -> String {
    var lines = ["scenario,seed,about,times,text"]
    func add(_ run: ScenarioMeasures, _ about: String, _ times: String, _ text: String) {
      lines.append(
        [run.name, "\(run.seed)", about, times, text].map(PlanDifference.quoted)
          .joined(separator: ","))
    }
    for run in runs where !run.isValid {
      for (rule, count) in run.broken { add(run, "rule", "\(count)", rule) }
      for message in run.obstacles { add(run, "impossible", "", message[language]) }
      if run.obstacles.isEmpty {
        for message in run.messages { add(run, "message", "", message[language]) }
      }
      for line in run.why[language] ?? [] { add(run, "reason", "", line) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A row for each scenario, seed, building, day and slot: the share of the open rooms in use.
  private var hours: String {
    var lines = ["scenario,seed,building,day,slot,use"]
    for run in runs {
      for (building, shares) in run.heat {
        for (day, row) in shares.enumerated() where day < days.count {
          for (slot, share) in row.enumerated() {
            lines.append(
              [
                run.name, "\(run.seed)", building, days[day].code, "\(slot + 1)",
                Self.number(share),
              ].map(PlanDifference.quoted).joined(separator: ","))
          }
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// `comparison.csv`, `summary.csv`, `hours.csv`, `reasons.csv`, a page for each language,
  /// and `index.html` in
  /// the language given, `reasons.csv` in that or another.
  public func files(
    _ language: Language, reasonsIn other: Language? = nil
  ) -> [(path: String, text: String)] {
    [
      ("comparison.csv", csv), ("summary.csv", summary), ("hours.csv", hours),
      ("reasons.csv", reasons(other ?? language)),
    ]
      + Language.allCases.map { ("\($0.rawValue).html", page($0)) }
      + [("index.html", page(language))]
  }

  static func number(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return "\(Int(value))" }
    return "\((value * 10_000).rounded() / 10_000)"
  }

  private func shown(_ measure: String, _ value: Double, _ language: Language) -> String {
    if measure.hasPrefix("use.") { return language.oneDecimal(100 * value) + " %" }
    return language.number(value)
  }

  private func page(_ language: Language) -> String {
    func say(_ kk: String, _ ru: String, _ en: String) -> String {
      switch language {
      case .kk: kk
      case .ru: ru
      case .en: en
      }
    }
    let heading = say("Сценарийлерді салыстыру", "Сравнение сценариев", "Scenarios compared")
    return StandalonePage.text(heading, language, style: Self.style) { body in
      if let base = runs.first(where: { $0.name == "base" }) { body.element("p", [:], base.title) }
      if let work { body.element("p", ["class": "was"], work[language]) }
      verdicts(language, &body)
      body.element("h2", [:], say("Басты көрсеткіштер", "Главные показатели", "Main measures"))
      for measure in [
        "objective.timetable", "objective.load", "unplaced", "criterion.student_gap",
        "criterion.teacher_gap",
        "criterion.vacant", "use.all", "moved", "cost",
      ] where measures.contains(measure) {
        bars(measure, language, &body)
      }
      if names.contains(where: isBroken) {
        body.element(
          "p", ["class": "was"],
          say(
            "† – ережелер бұзылған: орны жоқ сабақтар мақсатқа кірмейді, базамен салыстыруға болмайды.",
            "† – правила нарушены: занятия без места в цель не входят, с базой это не сравнимо.",
            "† marks a plan that breaks rules: what has no place is not in its objective, which does not compare with the base."
          ))
      }
      body.element("h2", [:], say("Барлық көрсеткіштер", "Все показатели", "All measures"))
      body.element(
        "p", [:],
        say(
          "Тұқымдар бойынша орташа мән, жақшада ең азы мен ең көбі. * – базадан айырмашылық тұқымдар шашырауынан асады: екі-үш тұқымда мәндердің арасы шашыраудан кең, төрттен бастап мәндер қабаттаспайды. Бір тұқымда айырмашылық белгіленбейді.",
          "Среднее по начальным числам, в скобках наименьшее и наибольшее. * – отличие от базы больше разброса: при двух-трёх начальных числах значения отстоят дальше, чем они разбросаны, от четырёх – не пересекаются. При одном отличие не отмечается.",
          "Mean over the seeds, in brackets the least and the most. * marks a difference from the base beyond the spread: with two or three seeds the values are further apart than they are spread, from four on they do not overlap; with one seed no difference is called one."
        ))
      table(language, &body)
      body.element(
        "h2", [:],
        say("Аудиторияларды пайдалану", "Загрузка аудиторий", "Use of rooms by day and slot"))
      body.element(
        "p", ["class": "was"],
        say(
          "Түс пен сан – ғимараттың осы сағатта бос емес аудиторияларының үлесі, пайызбен: қоюлау – көбірек. Бірінші тұқым бойынша.",
          "Цвет и число – доля занятых в этот час аудиторий здания в процентах: чем темнее, тем больше. По первому начальному числу.",
          "Colour and number are the share of the building's rooms in use in that hour, in percent, the darker the more; of the first seed."
        ))
      for name in names {
        guard let run = runs.first(where: { $0.name == name }), run.obstacles.isEmpty else {
          continue
        }
        body.element("h3", [:], caption(name, language))
        body.element("div", ["class": "maps"]) { maps in
          for (building, shares) in run.heat { heat(building, shares, language, &maps) }
        }
      }
    }
  }

  private func title(_ measure: String, _ language: Language) -> String {
    func say(_ kk: String, _ ru: String, _ en: String) -> String {
      switch language {
      case .kk: kk
      case .ru: ru
      case .en: en
      }
    }
    let parts = measure.split(separator: ".").map(String.init)
    let rest = parts.dropFirst().joined(separator: ".")
    switch parts[0] {
    case "criterion":
      return TimetableCriterion(rawValue: rest).map { language.name(of: $0) }
        ?? LoadCriterion(rawValue: rest).map { language.name(of: $0) }
        ?? SectionCriterion(rawValue: rest).map { language.name(of: $0) } ?? rest
    case "objective":
      let stage = Stage(rawValue: rest).map { language.name(of: $0) } ?? rest
      return say("Мақсат", "Цель", "Objective") + ": " + stage
    case "unplaced":
      return say("Орны жоқ сағаттар", "Неразмещённые часы", "Hours without a place")
        + (parts.count < 3
          ? ""
          : ": "
            + (TeachingKind(rawValue: parts[1]).map { language.name(of: $0).lowercased() }
              ?? parts[1]) + ", " + parts[2])
    case "use":
      let heading = say("Пайдалану", "Загрузка", "Use of rooms")
      if parts.count < 3 { return heading }
      let name = parts.dropFirst(2).joined(separator: ".")
      switch parts[1] {
      case "kind": return heading + ": " + RoomsPage.kind(name, language)
      case "seats": return heading + say(": орын ", ": мест ", ": seats ") + name
      default: return heading + say(": ғимарат ", ": здание ", ": building ") + name
      }
    case "moved":
      return say("Базадан ауысқан сабақтар", "Отличается от базы", "Meetings unlike the base")
    case "cost": return say("Аудиториялар құны", "Стоимость аудиторий", "Cost of the rooms")
    case "rooms": return say("Аудиториялар", "Аудитории", "Rooms")
    case "sections": return say("Секциялар", "Секции", "Sections")
    case "meetings": return say("Сабақтар", "Занятия", "Meetings")
    case "valid": return say("Ережелер сақталған", "Правила соблюдены", "Valid")
    default: return measure
    }
  }

  private func verdicts(_ language: Language, _ html: inout HTML) {
    func say(_ kk: String, _ ru: String, _ en: String) -> String { language.pick(kk, ru, en) }
    html.element("table") { table in
      for name in names {
        let own = runs.filter { $0.name == name }
        guard let first = own.first else { continue }
        table.element("tr") { row in
          row.element("td") { cell in
            cell.element("div", ["class": "name"], caption(name, language))
            if !first.overlay.isEmpty {
              lines(first.overlay.split(separator: "\n").map(String.init), &cell)
            }
          }
          let valid = own.count { $0.isValid }
          if !first.obstacles.isEmpty {
            row.element("td", ["class": "bad"], say("мүмкін емес", "невозможно", "not possible"))
            row.element("td") { cell in
              for reason in first.obstacles { cell.element("p", [:], reason[language]) }
            }
            return
          }
          row.element("td", ["class": valid == own.count ? "good" : "bad"]) { cell in
            cell.text(
              valid == own.count
                ? say("барлық ереже сақталған", "все правила соблюдены", "all rules hold")
                : say("ережелер бұзылған", "правила нарушены", "rules are broken"))
            if own.count > 1 { cell.text(" (\(valid)/\(own.count))") }
          }
          row.element("td") { cell in
            if !first.closed.isEmpty {
              cell.element(
                "p", [:],
                say("Жабылды", "Закрыты", "Closed") + ": "
                  + first.closed.joined(separator: ", "))
            }
            for note in first.notes { cell.element("p", ["class": "was"], note[language]) }
            for run in own where !run.isValid {
              cell.element(
                "p", [:], run.broken.map { "\($0.rule): \($0.count)" }.joined(separator: ", "))
              let why = run.why[language] ?? []
              if why.isEmpty {
                for message in run.messages {
                  cell.element("p", ["class": "was"], message[language])
                }
              } else {
                cell.element("details", ["open": "open"]) { details in
                  details.element("summary", [:], say("Неге", "Почему", "Why"))
                  lines(why, &details)
                }
              }
              break
            }
          }
        }
      }
    }
  }

  /// Text line by line, as it is indented.
  private func lines(_ texts: [String], _ html: inout HTML) {
    html.element("pre", [:]) { pre in
      for text in texts {
        pre.text(text)
        pre.newline()
      }
    }
  }

  private func bars(_ measure: String, _ language: Language, _ html: inout HTML) {
    let found = names.compactMap { name in spread(name, measure).map { (name, $0) } }
    let most = max(1e-9, found.map(\.1.high).max() ?? 1)
    let left = 220.0, width = 720.0, step = 24.0
    html.element("h3", [:], title(measure, language))
    html.element(
      "svg",
      ["viewBox": "0 0 900 \(Int(step) * found.count + 6)", "class": "chart", "role": "img"]
    ) { svg in
      for (number, (name, value)) in found.enumerated() {
        let y = step * Double(number) + 4
        func x(_ amount: Double) -> Double { left + max(0, amount) / most * (width - left) }
        svg.element("text", ["x": "0", "y": Self.number(y + 14)], label(name, language))
        svg.element(
          "rect",
          [
            "x": Self.number(left), "y": Self.number(y),
            "width": Self.number(max(1, x(value.mean) - left)), "height": "18",
            "class": number == 0 ? "bar base" : "bar",
          ], "")
        if value.high > value.low {
          svg.element(
            "line",
            [
              "x1": Self.number(x(value.low)), "x2": Self.number(x(value.high)),
              "y1": Self.number(y + 9), "y2": Self.number(y + 9), "class": "spread",
            ], "")
        }
        svg.element(
          "text", ["x": Self.number(x(value.high) + 6), "y": Self.number(y + 14)],
          shown(measure, value.mean, language) + (differs(name, measure) == true ? " *" : "")
            + (isBroken(name) ? " †" : ""))
      }
    }
  }

  private func isBroken(_ name: String) -> Bool {
    runs.contains { $0.name == name && !$0.isValid && $0.obstacles.isEmpty }
  }

  /// The title of a scenario; the base is the institution as it is.
  private func caption(_ name: String, _ language: Language) -> String {
    if name == "base" {
      return language.pick("Қазіргідей (база)", "Как есть (база)", "As it is (base)")
    }
    guard let run = runs.first(where: { $0.name == name }) else { return name }
    return run.titles[language] ?? run.title
  }

  private func label(_ name: String, _ language: Language) -> String {
    let title = caption(name, language)
    return title.count > 30 ? String(title.prefix(29)) + "…" : title
  }

  /// How many scenarios stand beside the base in one table, so that it fits on a page.
  private static let mostColumns = 5

  private func table(_ language: Language, _ html: inout HTML) {
    let others = Array(names.dropFirst())
    var first = 0
    repeat {
      let part = others[first..<min(first + Self.mostColumns, others.count)]
      table(names.prefix(1) + part, language, &html)
      first += Self.mostColumns
    } while first < others.count
  }

  private func table(_ names: ArraySlice<String>, _ language: Language, _ html: inout HTML) {
    html.element("table") { table in
      table.headings(
        [""] + names.map { caption($0, language) + (isBroken($0) ? " †" : "") },
        numbers: Set(1...max(1, names.count)))
      for measure in measures where measure != "valid" {
        table.element("tr") { row in
          row.element("td", [:], title(measure, language))
          for name in names {
            row.element("td", ["class": "number"]) { cell in
              guard let value = spread(name, measure) else { return }
              cell.text(shown(measure, value.mean, language))
              if value.high > value.low {
                let (low, high) = (value.low, value.high)
                cell.text(" (\(shown(measure, low, language))–\(shown(measure, high, language)))")
              }
              if differs(name, measure) == true { cell.text(" *") }
            }
          }
        }
      }
    }
  }

  private func heat(
    _ building: String, _ shares: [[Double]], _ language: Language, _ html: inout HTML
  ) {
    let slots = shares.first?.count ?? 0
    let side = 22
    html.element(
      "svg",
      [
        "viewBox": "0 0 \(side * slots + 40) \(side * shares.count + 40)", "class": "map",
        "role": "img",
      ]
    ) { svg in
      svg.element("text", ["x": "0", "y": "12"], building)
      for (day, row) in shares.enumerated() {
        if day < days.count {
          svg.element(
            "text", ["x": "0", "y": "\(side * day + 34)"], language.shortName(of: days[day]))
        }
        for (slot, share) in row.enumerated() {
          svg.element(
            "rect",
            [
              "x": "\(side * slot + 30)", "y": "\(side * day + 18)", "width": "\(side - 2)",
              "height": "\(side - 2)", "fill": "#1f5fa8",
              "fill-opacity": Self.number(min(1, max(0.03, share))),
            ]
          ) { $0.element("title", [:], "\(Int((share * 100).rounded())) %") }
          if share > 0 {
            svg.element(
              "text",
              [
                "x": "\(side * slot + 30 + (side - 2) / 2)", "y": "\(side * day + 31)",
                "class": share > 0.5 ? "share light" : "share",
              ], "\(Int((share * 100).rounded()))")
          }
        }
      }
      for slot in 0..<slots {
        svg.element(
          "text", ["x": "\(side * slot + 34)", "y": "\(side * shares.count + 32)"], "\(slot + 1)")
      }
    }
  }

  private static let style = """
    .bar{fill:#1f5fa8}.base{fill:#8a94a3}.spread{stroke:#111;stroke-width:3}.maps{display:flex;\
    flex-wrap:wrap;gap:1rem}.map{width:20rem}.map text{font-size:11px;fill:#444}\
    .map .share{font-size:9px;text-anchor:middle}.map .light{fill:#fff}\
    pre{white-space:pre-wrap;font-size:12px}td pre{margin:.2rem 0}h3{margin:.6rem 0 .2rem}
    """
}

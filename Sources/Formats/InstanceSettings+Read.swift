// SPDX-License-Identifier: GPL-3.0-or-later
internal import University
internal import Yams

/// The words of `term.kind`.
private enum TermKind: String, CaseIterable {
  case regular, additional
}

/// What `instance.yaml` says; what it says badly is absent here and noted.
struct ReadSettings {
  var name = ""
  var language = Language.kk
  var termID = ""
  var start: CalendarDate?
  var weeks: Int?
  var isAdditional = false
  var holidays: [CalendarDate] = []
  var movedDays: [MovedDay] = []
  var periods = ControlPeriods()
  var days: [Weekday]?
  var regimes: [Regime] = []
  var regime: Regime?
  /// The slots of the longest regime; nil where not every regime could be read.
  var slots: Int?
  var policy = Policy()
  var weights = Weights()
  var preferences = Preferences()
  /// Whether `policy.positions` could be read, so that references to it can be judged.
  var hasPositions = false
}

extension InstanceSettings {
  /// Reads `instance.yaml`; nothing but the noted fault where it is missing or not YAML.
  static func read(folder: String, regime wanted: String?, findings: Findings) -> ReadSettings {
    var result = ReadSettings()
    guard let root = root(of: folder, findings) else { return result }
    format(root)
    result.name = root.text("name") ?? ""
    if root.text("language") != nil { root.word("language", &result.language) }
    term(root, into: &result)
    holidays(root, into: &result)
    days(root, into: &result)
    movedDays(root, into: &result)
    periods(root, into: &result)
    judgeHolidays(root, result)
    regimes(root, wanted: wanted, into: &result)
    policy(root, into: &result)
    if let weights = root.map("weights", nullIsAbsent: true) {
      let timetable = criteria(
        weights, "timetable", &result.weights.timetable,
        to: CriterionWeights<TimetableCriterion>.most)
      if let timetable { judgeDigits(timetable, result.weights.timetable) }
      criteria(weights, "load", &result.weights.load)
      criteria(weights, "sections", &result.weights.sections)
      weights.warnOfUnknownKeys()
    }
    preferences(root, into: &result)
    root.warnOfUnknownKeys()
    return result
  }

  private static func root(of folder: String, _ findings: Findings) -> SettingsMap? {
    let file = SettingsMap.file
    let path = "\(folder)/\(file)"
    guard FolderFiles.kind(of: path) != .missing else {
      findings.error(
        "file.missing", file: file, "the file is missing",
        suggestion: "is this the path of an instance folder?")
      return nil
    }
    do {
      let bytes = try FolderFiles.read(path)
      guard bytes.count <= 16 << 20 else {
        findings.error("file.unreadable", file: file, "the file is larger than 16 MB")
        return nil
      }
      // The table reader's checks of encoding hold for this text too.
      try CSVTable.checkText(bytes)
      let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
      let node = try Yams.compose(yaml: String(decoding: bytes[start...], as: UTF8.self))
      guard let mapping = node?.mapping else {
        findings.error(
          "yaml.type", file: file, line: 1, "a mapping of keys to values is needed",
          suggestion: "it begins with \"format: 1\"")
        return nil
      }
      return SettingsMap(mapping, path: "", findings: findings)
    } catch let fault as CSVFault {
      TableReader.note(fault, file: file, findings)
    } catch let problem as FileProblem {
      findings.error("file.unreadable", file: file, "cannot be read: \(problem.reason)")
    } catch let error as YamlError {
      note(error, findings)
    } catch {
      findings.error("yaml.syntax", file: file, "not YAML: \(error)")
    }
    return nil
  }

  private static func note(_ error: YamlError, _ findings: Findings) {
    let file = SettingsMap.file
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      findings.error("yaml.syntax", file: file, line: mark.line, "not YAML: \(problem)")
    case .duplicatedKeysInMapping(let duplicates, let context):
      findings.error(
        "yaml.duplicateKey", file: file, line: context.mark.line,
        column: duplicates.joined(separator: ", "), "the key is given more than once")
    case .reader(let problem, _, _, _):
      findings.error("yaml.syntax", file: file, "not YAML: \(problem)")
    default:
      findings.error("yaml.syntax", file: file, "not YAML")
    }
  }

  private static func format(_ root: SettingsMap) {
    guard let node = root.node("format") else {
      return root.error("yaml.missing", "format", "the key is missing", suggestion: "format: 1")
    }
    if case .number(1) = SettingsValue(node) { return }
    root.error("format.unknown", "format", "must be 1: this program reads no other format")
  }

  static func date(_ node: Node) -> CalendarDate? {
    node.scalar.flatMap { CalendarDate($0.string) }
  }

  private static func term(_ root: SettingsMap, into result: inout ReadSettings) {
    guard root.node("term") != nil else {
      return root.error(
        "yaml.missing", "term", "the key is missing",
        suggestion: "term: {id: 2023-1, start: 2023-09-04, weeks: 15}")
    }
    guard let term = root.map("term") else { return }
    result.termID = term.text("id") ?? ""
    if let node = term.node("start") {
      if let start = date(node) {
        result.start = start
        if start.weekday != .monday {
          let monday = start.adding(days: -start.weekday.rawValue)
          term.error(
            "term.notMonday", "start", "the term starts on a Monday, this is a \(start.weekday)",
            suggestion: "the Monday of that week is \(monday)")
        }
      } else {
        term.error("date.malformed", "start", "the date of a Monday is needed, like 2023-09-04")
      }
    } else {
      term.error("yaml.missing", "start", "the date of the Monday of week 1 is needed")
    }
    if term.node("weeks") != nil {
      var weeks = 0
      term.whole("weeks", &weeks, from: 1, to: 60)
      if weeks > 0 { result.weeks = weeks }
    } else {
      term.error("yaml.missing", "weeks", "the number of weeks, from 1 to 60, is needed")
    }
    var kind = TermKind.regular
    if term.node("kind") != nil { term.word("kind", &kind) }
    result.isAdditional = kind == .additional
    term.warnOfUnknownKeys()
  }

  private static func holidays(_ root: SettingsMap, into result: inout ReadSettings) {
    if let node = root.node("holidays"), case .null = SettingsValue(node) { return }
    for node in root.list("holidays", of: "dates") ?? [] {
      if let day = date(node) {
        result.holidays.append(day)
      } else {
        root.findings.error(
          "date.malformed", file: SettingsMap.file, line: node.mark?.line, column: "holidays",
          value: node.scalar?.string, "a date like 2023-10-25 is needed")
      }
    }
  }

  /// Warns of holidays before the term and after all that is held of it: they change nothing.
  private static func judgeHolidays(_ root: SettingsMap, _ settings: ReadSettings) {
    guard let start = settings.start, let weeks = settings.weeks, !settings.holidays.isEmpty
    else { return }
    // The final control is, where nothing is said of it, within three weeks after the classes.
    let last = max(
      start.adding(days: 7 * weeks - 1),
      settings.periods.finalControl?.upperBound ?? start.adding(days: 7 * (weeks + 3) - 1))
    for node in root.list("holidays", of: "dates") ?? [] {
      guard let day = date(node), day < start || day > last else { continue }
      root.findings.warning(
        "holiday.outsideTerm", file: SettingsMap.file, line: node.mark?.line, column: "holidays",
        value: node.scalar?.string,
        "the holiday lies outside the term and its periods of control, \(start) to \(last)",
        suggestion: "is it of another year?")
    }
  }

  private static func days(_ root: SettingsMap, into result: inout ReadSettings) {
    guard root.node("days") != nil else {
      result.days = Array(Weekday.allCases.prefix(6))
      return
    }
    guard let nodes = root.list("days", of: "days") else { return }
    let codes = Weekday.allCases.map(\.code)
    var days: [Weekday] = []
    var isSound = true
    for node in nodes {
      let text = node.scalar?.string ?? ""
      let day = Weekday(code: text)
      if let day, !days.contains(day) {
        days.append(day)
        continue
      }
      isSound = false
      root.findings.error(
        day == nil ? "yaml.unknownWord" : "identifier.duplicate", file: SettingsMap.file,
        line: node.mark?.line, column: "days", value: text,
        day == nil
          ? "must be one of \(codes.joined(separator: ", "))" : "the day is given twice",
        suggestion: day == nil ? root.findings.suggestion(for: text, among: codes) : nil)
    }
    if nodes.isEmpty { root.error("yaml.missing", "days", "at least one day is needed") }
    if isSound && !days.isEmpty { result.days = days.sorted() }
  }

  // MARK: - Regimes

  private static func regimes(
    _ root: SettingsMap, wanted: String?, into result: inout ReadSettings
  ) {
    guard root.node("regimes") != nil else {
      _ = root.node("regime")
      return root.error(
        "yaml.missing", "regimes", "at least one regime is needed",
        suggestion: "regimes: {full: {academic_hour_minutes: 50, slots: [\"08:00\", \"09:00\"]}}")
    }
    guard let map = root.map("regimes") else {
      _ = root.node("regime")
      return
    }
    if map.keys.isEmpty { root.error("yaml.missing", "regimes", "at least one regime is needed") }
    result.regimes = map.keys.compactMap { regime($0, in: map) }
    if result.regimes.count == map.keys.count {
      result.slots = result.regimes.map(\.slots).max()
    }
    let given = root.text("regime").flatMap { $0.isEmpty ? nil : $0 }
    if let given, !map.keys.contains(given), !map.keys.isEmpty {
      root.error(
        "regime.unknown", "regime", "must be one of \(map.keys.joined(separator: ", "))",
        suggestion: root.findings.suggestion(for: given, among: map.keys))
    }
    if let wanted, !map.keys.contains(wanted), !map.keys.isEmpty {
      root.findings.error(
        "regime.unknown", file: SettingsMap.file, line: map.line, column: "regimes",
        value: wanted,
        "the regime asked for is none of \(map.keys.joined(separator: ", "))",
        suggestion: root.findings.suggestion(for: wanted, among: map.keys))
    }
    let name = wanted ?? given ?? map.keys.first
    result.regime = result.regimes.first { $0.name == name }
  }

  private static func regime(_ name: String, in regimes: SettingsMap) -> Regime? {
    guard let map = regimes.map(name) else { return nil }
    var minutes = 0
    if map.node("academic_hour_minutes") == nil {
      map.error(
        "yaml.missing", "academic_hour_minutes", "minutes from 1 to 240 are needed")
    }
    map.whole("academic_hour_minutes", &minutes, from: 1, to: 240)
    if map.node("slots") == nil {
      map.error("yaml.missing", "slots", "1 to 48 clock times like \"08:00\" are needed")
    }
    let nodes = map.list("slots", of: "clock times") ?? []
    let starts = nodes.compactMap { clock($0, in: map) }
    map.warnOfUnknownKeys()
    guard starts.count == nodes.count, map.node("slots")?.sequence != nil else { return nil }
    guard (1...48).contains(starts.count) else {
      map.findings.error(
        "regime.slots", file: SettingsMap.file, line: map.node("slots")?.mark?.line,
        column: map.path(of: "slots"), value: String(starts.count),
        "1 to 48 clock times are needed")
      return nil
    }
    guard minutes > 0 else { return nil }
    for (slot, pair) in zip(starts, starts.dropFirst()).enumerated()
    where pair.1 < pair.0 + minutes {
      map.findings.error(
        "regime.slots", file: SettingsMap.file, line: nodes[slot + 1].mark?.line,
        column: map.path(of: "slots"), value: nodes[slot + 1].scalar?.string,
        "slot \(slot + 2) starts less than \(minutes) minutes after slot \(slot + 1)",
        suggestion: "clock times stand in order, at least an academic hour apart")
      return nil
    }
    return Regime(name: name, academicHourMinutes: minutes, slotStarts: starts)
  }

  /// Minutes since midnight of `"HH:MM"`; YAML itself reads an unquoted 10:00 as 600.
  private static func clock(_ node: Node, in map: SettingsMap) -> Int? {
    let text = node.scalar?.string ?? ""
    if case .number(let value) = SettingsValue(node), value == value.rounded(),
      (0..<1440).contains(value), !text.contains(".")
    {
      return Int(value)
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let isClock =
      parts.count == 2 && (1...2).contains(parts[0].utf8.count) && parts[1].utf8.count == 2
      && parts.allSatisfy { $0.utf8.allSatisfy { (48...57).contains($0) } }
    if isClock, let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24, minute < 60 {
      return hour * 60 + minute
    }
    map.findings.error(
      "regime.clock", file: SettingsMap.file, line: node.mark?.line, column: map.path(of: "slots"),
      value: text, "a clock time like \"08:00\" is needed")
    return nil
  }

  // MARK: - Policy, weights, preferences

  private static func policy(_ root: SettingsMap, into result: inout ReadSettings) {
    guard let map = root.map("policy", nullIsAbsent: true) else {
      // The defaults hold, unless something was given that is no mapping.
      if let node = root.node("policy") {
        if case .null = SettingsValue(node) { result.hasPositions = true }
      } else {
        result.hasPositions = true
      }
      return
    }
    var policy = Policy()
    map.whole("credit_hours", &policy.creditHours)
    map.whole("group_cap", &policy.groupCap)
    map.whole("subgroup_cap", &policy.subgroupCap)
    // A section of nobody is no section: the least cap is one student.
    for key in ["group_cap", "subgroup_cap"] where isZero(map, key) {
      map.warning("policy.zero", key, "a section of nobody is none: 1 is taken", "at least 1")
    }
    policy.groupCap = max(1, policy.groupCap)
    policy.subgroupCap = max(1, policy.subgroupCap)
    map.whole("group_tolerance", &policy.groupTolerance)
    map.whole("subgroup_tolerance", &policy.subgroupTolerance)
    map.whole("min_section_size", &policy.minSectionSize)
    map.decimal("income_per_credit", &policy.incomePerCredit)
    map.decimal("cost_per_hour", &policy.costPerHour)
    map.flag("refuse_below_break_even", &policy.refuseBelowBreakEven)
    let missing = [
      ("income_per_credit", policy.incomePerCredit), ("cost_per_hour", policy.costPerHour),
    ].filter { $0.1 <= 0 }.map(\.0)
    if policy.refuseBelowBreakEven, !missing.isEmpty {
      map.warning(
        "policy.incomplete", "refuse_below_break_even",
        "nothing is refused: no section has a break-even size without "
          + missing.joined(separator: " and "), "give " + missing.joined(separator: " and "))
    }
    map.flag("lecture_needs_room", &policy.lectureNeedsRoom)
    map.whole("student_max_hours_per_day", &policy.studentMaxHoursPerDay)
    map.whole("teacher_max_hours_per_day", &policy.teacherMaxHoursPerDay)
    map.whole("default_travel_minutes", &policy.defaultTravelMinutes)
    map.word("retake_conflicts", &policy.retakeConflicts)
    map.whole("hours_tolerance", &policy.hoursTolerance)
    map.whole("unexcused_hours_limit", &policy.unexcusedHoursLimit)
    map.whole("unexcused_hours_warning", &policy.unexcusedHoursWarning)
    if map.node("platform_capacity") != nil {
      var seats = 0
      map.whole("platform_capacity", &seats, from: 1)
      if seats > 0 { policy.platformCapacity = seats }
    }
    if let credits = map.map("term_credits") {
      credits.whole("min", &policy.termCreditsMin)
      credits.whole("max", &policy.termCreditsMax)
      credits.warnOfUnknownKeys()
    }
    map.flag("examiner_differs_from_teacher", &policy.examinerDiffersFromTeacher)
    map.decimal("min_lecture_survey", &policy.minLectureSurvey)
    for key in ["student_max_hours_per_day", "teacher_max_hours_per_day"] where isZero(map, key) {
      map.warning("policy.zero", key, "with 0 no class can be held", "at least 1")
    }
    for key in ["credit_hours", "overload_factor"] where isZero(map, key) {
      map.warning(
        "policy.zero", key, "with 0 nobody may work, and a credit has no hours",
        key == "credit_hours" ? "30" : "1.5")
    }
    if policy.termCreditsMin > policy.termCreditsMax {
      map.warning(
        "policy.order", "term_credits",
        "min \(policy.termCreditsMin) is above max \(policy.termCreditsMax): nobody can keep both",
        "{min: 20, max: 30}")
    }
    if policy.unexcusedHoursWarning > policy.unexcusedHoursLimit {
      map.warning(
        "policy.order",
        map.keys.contains("unexcused_hours_warning")
          ? "unexcused_hours_warning" : "unexcused_hours_limit",
        "the warning at \(policy.unexcusedHoursWarning) hours comes after the limit of "
          + "\(policy.unexcusedHoursLimit)", "a warning below the limit")
    }
    result.hasPositions = positions(map, into: &policy)
    map.decimal("overload_factor", &policy.overloadFactor)
    roomKinds(map, into: &policy)
    if let gpa = map.map("promotion_gpa") {
      for key in gpa.keys {
        if let values = numbers(gpa, key) { policy.promotionGPA[key] = values }
      }
    }
    if let credits = map.map("programme_credits") {
      for key in credits.keys {
        var value = policy.programmeCredits[key] ?? 0
        credits.whole(key, &value)
        policy.programmeCredits[key] = value
      }
    }
    map.whole("year_credits", &policy.yearCredits)
    if let levels = map.map("cycle_credits") {
      for level in levels.keys {
        guard let cycles = levels.map(level) else { continue }
        for cycle in Cycle.allCases where cycles.node(cycle.rawValue) != nil {
          var value = 0
          cycles.whole(cycle.rawValue, &value)
          policy.cycleCredits[level, default: [:]][cycle] = value
        }
        cycles.warnOfUnknownKeys()
      }
    }
    map.warnOfUnknownKeys()
    result.policy = policy
  }

  /// Whether a number is given, and is 0.
  private static func isZero(_ map: SettingsMap, _ key: String) -> Bool {
    guard let node = map.node(key), case .number(0) = SettingsValue(node) else { return false }
    return true
  }

  /// Lays the positions given over the defaults; says whether all could be read.
  private static func positions(_ map: SettingsMap, into policy: inout Policy) -> Bool {
    guard map.node("positions") != nil else { return true }
    guard let positions = map.map("positions") else { return false }
    for name in positions.keys {
      let index = policy.positions.firstIndex { $0.name == name }
      var position =
        index.map { policy.positions[$0] }
        ?? Position(name: name, termNormHours: 0, mayLecture: false)
      if let given = positions.map(name) {
        if index == nil && given.node("term_norm_hours") == nil {
          given.error(
            "yaml.missing", "term_norm_hours", "the norm of the term for rate 1.0 is needed")
        }
        given.decimal("term_norm_hours", &position.termNormHours)
        given.flag("may_lecture", &position.mayLecture)
        given.warnOfUnknownKeys()
      }
      if let index {
        policy.positions[index] = position
      } else {
        policy.positions.append(position)
      }
    }
    return true
  }

  private static func roomKinds(_ map: SettingsMap, into policy: inout Policy) {
    guard let kinds = map.map("room_kinds") else { return }
    for kind in TeachingKind.allCases {
      guard let nodes = kinds.list(kind.rawValue, of: "kinds of room") else { continue }
      let words = nodes.compactMap { $0.scalar?.string }
      if words.count == nodes.count {
        policy.roomKinds[kind] = words
      } else {
        kinds.error("yaml.type", kind.rawValue, "a list of words is needed")
      }
    }
    kinds.warnOfUnknownKeys()
  }

  private static func numbers(_ map: SettingsMap, _ key: String) -> [Double]? {
    guard let nodes = map.list(key, of: "numbers") else { return nil }
    let values = nodes.compactMap { node -> Double? in
      if case .number(let value) = SettingsValue(node), value >= 0, value <= 1e9 {
        value
      } else {
        nil
      }
    }
    guard values.count == nodes.count else {
      map.error("yaml.type", key, "a list of numbers is needed")
      return nil
    }
    return values
  }

  /// Reads the weights of a stage, each at most `high`; gives the mapping that they stand in.
  @discardableResult
  private static func criteria<C: Criterion>(
    _ weights: SettingsMap, _ stage: String, _ result: inout CriterionWeights<C>,
    to high: Int? = nil
  ) -> SettingsMap? {
    guard let map = weights.map(stage) else { return nil }
    for criterion in C.allCases {
      var weight = criterion.defaultWeight
      map.decimal(criterion.rawValue, &weight, to: high)
      if map.keys.contains(criterion.rawValue) { result[criterion] = weight }
    }
    map.warnOfUnknownKeys()
    return map
  }

  /// Notes weights with more digits after the point than the search's whole numbers leave beside
  /// the largest weight.
  private static func judgeDigits(
    _ map: SettingsMap, _ weights: CriterionWeights<TimetableCriterion>
  ) {
    typealias Weights = CriterionWeights<TimetableCriterion>
    let all = TimetableCriterion.allCases
    guard let largest = all.max(by: { weights[$0] < weights[$1] }) else { return }
    let most = weights.mostDigits
    let power = (0..<most).reduce(1.0) { power, _ in 10 * power }
    for criterion in all where map.keys.contains(criterion.rawValue) {
      let weight = weights[criterion]
      if let digits = Weights.digits(of: weight), digits <= most { continue }
      let near = max(1, (weight * power).rounded()) / power
      map.error(
        "weights.digits", criterion.rawValue,
        "must have at most \(most) \(most == 1 ? "digit" : "digits") after the point where the "
          + "largest weight, \(largest.rawValue), is \(CSVWriter.shortest(weights[largest])): "
          + "the search counts in whole numbers up to \(Weights.mostScaled)",
        suggestion: "such as \(CSVWriter.shortest(near))")
    }
  }

  private static func preferences(_ root: SettingsMap, into result: inout ReadSettings) {
    guard let map = root.map("preferences", nullIsAbsent: true) else { return }
    var preferences = Preferences()
    map.whole("long_day_from", &preferences.longDayFrom)
    if let lunch = map.map("lunch") {
      lunch.whole("from", &preferences.lunchFrom)
      lunch.whole("to", &preferences.lunchTo)
      if preferences.lunchFrom > preferences.lunchTo {
        lunch.error(
          "lunch.reversed", lunch.keys.contains("from") ? "from" : "to",
          "lunch is from slot \(preferences.lunchFrom) to slot \(preferences.lunchTo)",
          suggestion: "from must not be after to")
      }
      // Slots count from 1; a lunch clipped to one slot does not count.
      preferences.lunchFrom = max(1, preferences.lunchFrom)
      preferences.lunchTo = max(preferences.lunchFrom, preferences.lunchTo)
      lunch.warnOfUnknownKeys()
    }
    if let nodes = map.list("discouraged", of: "mappings with day, from and to") {
      preferences.discouraged = nodes.compactMap { discouraged($0, in: map) }
    }
    map.warnOfUnknownKeys()
    result.preferences = preferences
  }

  private static func discouraged(_ node: Node, in map: SettingsMap) -> DiscouragedSlots? {
    let path = map.path(of: "discouraged")
    guard let mapping = node.mapping else {
      map.findings.error(
        "yaml.type", file: SettingsMap.file, line: node.mark?.line, column: path,
        value: node.scalar?.string, "a mapping with day, from and to is needed")
      return nil
    }
    let entry = SettingsMap(mapping, path: path, findings: map.findings)
    let missing = ["day", "from", "to"].filter { entry.node($0) == nil }
    for key in missing { entry.error("yaml.missing", key, "day, from and to are needed") }
    let text = entry.node("day")?.scalar?.string ?? ""
    let day = Weekday(code: text)
    if day == nil && text != "all" && !missing.contains("day") {
      entry.error(
        "yaml.unknownWord", "day", "must be mon, tue, wed, thu, fri, sat, sun or all")
    }
    var from = 1
    var to = 1
    entry.whole("from", &from, from: -TableReader.largest)
    entry.whole("to", &to, from: -TableReader.largest)
    entry.warnOfUnknownKeys()
    // Slots are clipped to the grid; nothing may be left of them.
    guard max(1, from) <= to else {
      if missing.isEmpty {
        map.findings.warning(
          "order.reversed", file: SettingsMap.file, line: node.mark?.line, column: path,
          value: "\(from) to \(to)", "names no slot, ignored")
      }
      return nil
    }
    return DiscouragedSlots(day: day, from: max(1, from), to: to)
  }
}

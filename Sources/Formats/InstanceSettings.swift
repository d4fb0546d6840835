// SPDX-License-Identifier: GPL-3.0-or-later
internal import University

/// `instance.yaml` as text: what must be said, and what differs from the defaults.
enum InstanceSettings {
  static func text(of institution: Institution) -> String {
    var lines = ["format: 1", "name: \(scalar(institution.name))"]
    lines.append("language: \(institution.language.rawValue)")
    let term = institution.term
    lines.append(
      "term: {id: \(scalar(term.id)), start: \(term.start), weeks: \(term.weeks)"
        + (term.isAdditional ? ", kind: additional}" : "}"))
    lines.append("holidays: \(flow(institution.holidays.map(\.description)))")
    if !institution.movedDays.isEmpty {
      let moved = institution.movedDays.map { "{from: \($0.from), to: \($0.to)}" }
      lines.append("moved_days: \(flow(moved))")
    }
    block("periods", periods(institution.periods), into: &lines)
    lines.append("days: \(flow(institution.days.map(\.code)))")
    lines.append("regimes:")
    for regime in institution.regimes {
      let starts = regime.slotStarts.map { "\"\(clock($0))\"" }
      lines.append(
        "  \(scalar(regime.name)): {academic_hour_minutes: \(regime.academicHourMinutes), "
          + "slots: \(flow(starts))}")
    }
    lines.append("regime: \(scalar(institution.regime.name))")
    block("policy", policy(institution.policy), into: &lines)
    block("weights", weights(institution.weights), into: &lines)
    block("preferences", preferences(institution.preferences), into: &lines)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func block(_ key: String, _ inner: [String], into lines: inout [String]) {
    guard !inner.isEmpty else { return }
    lines.append("\(key):")
    lines += inner.map { "  \($0)" }
  }

  private static func periods(_ given: ControlPeriods) -> [String] {
    func line(_ period: ControlPeriod, _ dates: ClosedRange<CalendarDate>?) -> [String] {
      guard let dates else { return [] }
      return ["\(period.rawValue): {from: \(dates.lowerBound), to: \(dates.upperBound)}"]
    }
    return line(.firstMidterm, given.firstMidterm) + line(.secondMidterm, given.secondMidterm)
      + line(.finalControl, given.finalControl)
  }

  private static func policy(_ given: Policy) -> [String] {
    let usual = Policy()
    var lines: [String] = []
    func say<Value: Equatable>(
      _ key: String, _ value: KeyPath<Policy, Value>, _ shown: (Value) -> String
    ) {
      if given[keyPath: value] != usual[keyPath: value] {
        lines.append("\(key): \(shown(given[keyPath: value]))")
      }
    }
    say("credit_hours", \.creditHours) { String($0) }
    say("group_cap", \.groupCap) { String($0) }
    say("subgroup_cap", \.subgroupCap) { String($0) }
    say("group_tolerance", \.groupTolerance) { String($0) }
    say("subgroup_tolerance", \.subgroupTolerance) { String($0) }
    say("min_section_size", \.minSectionSize) { String($0) }
    say("income_per_credit", \.incomePerCredit) { "\($0)" }
    say("cost_per_hour", \.costPerHour) { "\($0)" }
    say("refuse_below_break_even", \.refuseBelowBreakEven) { String($0) }
    say("lecture_needs_room", \.lectureNeedsRoom) { String($0) }
    say("student_max_hours_per_day", \.studentMaxHoursPerDay) { String($0) }
    say("teacher_max_hours_per_day", \.teacherMaxHoursPerDay) { String($0) }
    say("default_travel_minutes", \.defaultTravelMinutes) { String($0) }
    say("retake_conflicts", \.retakeConflicts) { $0.rawValue }
    say("hours_tolerance", \.hoursTolerance) { String($0) }
    say("unexcused_hours_limit", \.unexcusedHoursLimit) { String($0) }
    say("unexcused_hours_warning", \.unexcusedHoursWarning) { String($0) }
    if let seats = given.platformCapacity { lines.append("platform_capacity: \(seats)") }
    var credits: [String] = []
    if given.termCreditsMin != usual.termCreditsMin {
      credits.append("min: \(given.termCreditsMin)")
    }
    if given.termCreditsMax != usual.termCreditsMax {
      credits.append("max: \(given.termCreditsMax)")
    }
    if !credits.isEmpty { lines.append("term_credits: \(map(credits))") }
    say("examiner_differs_from_teacher", \.examinerDiffersFromTeacher) { String($0) }
    say("min_lecture_survey", \.minLectureSurvey) { CSVWriter.shortest($0) }
    let positions = given.positions.filter { !usual.positions.contains($0) }
    if !positions.isEmpty {
      lines.append("positions:")
      lines += positions.map {
        "  \(scalar($0.name)): {term_norm_hours: \(CSVWriter.shortest($0.termNormHours)), "
          + "may_lecture: \($0.mayLecture)}"
      }
    }
    say("overload_factor", \.overloadFactor) { CSVWriter.shortest($0) }
    let kinds = TeachingKind.allCases.filter { given.roomKinds[$0] != usual.roomKinds[$0] }
    if !kinds.isEmpty {
      lines.append(
        "room_kinds: "
          + map(
            kinds.map { kind in
              "\(kind.rawValue): \(flow((given.roomKinds[kind] ?? []).map(scalar)))"
            }))
    }
    let levels = given.promotionGPA.keys.sorted(by: scalarOrder)
      .filter { given.promotionGPA[$0] != usual.promotionGPA[$0] }
    if !levels.isEmpty {
      lines.append(
        "promotion_gpa: "
          + map(
            levels.map { level in
              "\(scalar(level)): \(flow((given.promotionGPA[level] ?? []).map(CSVWriter.shortest)))"
            }))
    }
    let totals = given.programmeCredits.keys.sorted(by: scalarOrder)
      .filter { given.programmeCredits[$0] != usual.programmeCredits[$0] }
    if !totals.isEmpty {
      lines.append(
        "programme_credits: "
          + map(totals.map { "\(scalar($0)): \(given.programmeCredits[$0] ?? 0)" }))
    }
    say("year_credits", \.yearCredits) { String($0) }
    let cycled = given.cycleCredits.keys.sorted(by: scalarOrder)
      .filter { given.cycleCredits[$0] != usual.cycleCredits[$0] }
    if !cycled.isEmpty {
      lines.append("cycle_credits:")
      lines += cycled.map { level in
        let cycles = Cycle.allCases.compactMap { cycle in
          given.cycleCredits[level]?[cycle].map { "\(cycle.rawValue): \($0)" }
        }
        return "  \(scalar(level)): \(map(cycles))"
      }
    }
    return lines
  }

  private static func weights(_ given: Weights) -> [String] {
    func stage<C: Criterion>(_ name: String, _ weights: CriterionWeights<C>) -> [String] {
      let changed = C.allCases.filter { weights[$0] != $0.defaultWeight }
      guard !changed.isEmpty else { return [] }
      return [
        "\(name): " + map(changed.map { "\($0.rawValue): \(CSVWriter.shortest(weights[$0]))" })
      ]
    }
    return stage("timetable", given.timetable) + stage("load", given.load)
      + stage("sections", given.sections)
  }

  private static func preferences(_ given: Preferences) -> [String] {
    let usual = Preferences()
    var lines: [String] = []
    if given.longDayFrom != usual.longDayFrom {
      lines.append("long_day_from: \(given.longDayFrom)")
    }
    if given.lunchFrom != usual.lunchFrom || given.lunchTo != usual.lunchTo {
      lines.append("lunch: {from: \(given.lunchFrom), to: \(given.lunchTo)}")
    }
    if given.discouraged != usual.discouraged {
      let slots = given.discouraged.map {
        "{day: \($0.day?.code ?? "all"), from: \($0.from), to: \($0.to)}"
      }
      lines.append("discouraged: \(flow(slots))")
    }
    return lines
  }

  private static func flow(_ items: [String]) -> String { "[\(items.joined(separator: ", "))]" }
  private static func map(_ items: [String]) -> String { "{\(items.joined(separator: ", "))}" }

  private static func scalarOrder(_ a: String, _ b: String) -> Bool {
    a.unicodeScalars.lexicographicallyPrecedes(b.unicodeScalars)
  }

  private static func clock(_ minutes: Int) -> String {
    let (hour, minute) = minutes.quotientAndRemainder(dividingBy: 60)
    return "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
  }

  /// Words that YAML 1.1 reads as something else than text.
  private static let reserved: Set<String> = [
    "y", "yes", "n", "no", "true", "false", "on", "off", "null",
  ]

  /// A YAML scalar that is read as this text: plain where that is safe, else in double quotes.
  static func scalar(_ text: String) -> String {
    let isPlain =
      text.first?.isLetter == true && text.last != " "
      && text.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || (0x30...0x39).contains($0.value)
          || " _-./".unicodeScalars.contains($0)
      }
      && !reserved.contains(text.lowercased())
    if isPlain { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      default:
        if scalar.properties.generalCategory == .control || scalar.value == 0xFEFF
          || scalar.value == 0x2028 || scalar.value == 0x2029
        {
          let digits = String(scalar.value, radix: 16)
          quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          quoted.unicodeScalars.append(scalar)
        }
      }
    }
    return quoted + "\""
  }
}

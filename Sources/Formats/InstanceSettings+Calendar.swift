// SPDX-License-Identifier: GPL-3.0-or-later
internal import University
internal import Yams

extension InstanceSettings {
  /// `moved_days`: pairs of dates of the term, each date in one pair only.
  static func movedDays(_ root: SettingsMap, into result: inout ReadSettings) {
    if let node = root.node("moved_days"), case .null = SettingsValue(node) { return }
    let nodes = root.list("moved_days", of: "mappings with from and to") ?? []
    var used: [CalendarDate: String] = [:]
    for node in nodes {
      guard let mapping = node.mapping else {
        root.findings.error(
          "yaml.type", file: SettingsMap.file, line: node.mark?.line, column: "moved_days",
          value: node.scalar?.string, "a mapping with from and to is needed",
          suggestion: "{from: 2026-01-02, to: 2026-01-10}")
        continue
      }
      let entry = SettingsMap(mapping, path: "moved_days", findings: root.findings)
      let from = date("from", of: entry)
      let to = date("to", of: entry)
      entry.warnOfUnknownKeys()
      guard let from, let to else { continue }
      let move = MovedDay(from: from, to: to)
      if judge(move, in: entry, result, &used) { result.movedDays.append(move) }
    }
  }

  /// Notes what is wrong with a moved day; whether it can be kept.
  private static func judge(
    _ move: MovedDay, in entry: SettingsMap, _ settings: ReadSettings,
    _ used: inout [CalendarDate: String]
  ) -> Bool {
    var isSound = true
    if move.from == move.to {
      entry.error("moved.same", "to", "a day is moved to another date")
      return false
    }
    for (key, day) in [("from", move.from), ("to", move.to)] {
      if let other = used[day] {
        entry.error("moved.repeated", key, "the date already stands as \(other) of a moved day")
        isSound = false
      }
      used[day] = key
    }
    if settings.holidays.contains(move.to) {
      entry.error(
        "moved.holiday", "to", "the date is among the holidays, on which no classes are held",
        suggestion: "take it out of holidays, or move the day to another date")
      isSound = false
    }
    if let start = settings.start, let weeks = settings.weeks {
      let span = start...start.adding(days: 7 * weeks - 1)
      let inside = (span.contains(move.from), span.contains(move.to))
      if inside == (false, false) {
        entry.findings.warning(
          "moved.outside", file: SettingsMap.file, line: entry.line, column: entry.path,
          value: "\(move.from) to \(move.to)", "lies outside the term's weeks, ignored")
        return false
      }
      for (key, isInside) in [("from", inside.0), ("to", inside.1)] where !isInside {
        entry.error(
          "moved.outside", key, "must lie in the term, \(span.lowerBound) to \(span.upperBound)",
          suggestion: "a day that is off without another in its place is a holiday")
        isSound = false
      }
    }
    if let days = settings.days, !days.contains(move.from.weekday) {
      entry.error(
        "moved.noClasses", "from", "is a \(move.from.weekday), on which no classes are held",
        suggestion: "the grid has the days \(days.map(\.code).joined(separator: ", "))")
      isSound = false
    }
    return isSound
  }

  /// `periods`: dates of midterm and final control.
  static func periods(_ root: SettingsMap, into result: inout ReadSettings) {
    guard let map = root.map("periods", nullIsAbsent: true) else { return }
    var given: [ControlPeriod: ClosedRange<CalendarDate>] = [:]
    for period in ControlPeriod.allCases {
      guard let entry = map.map(period.rawValue) else { continue }
      let from = date("from", of: entry)
      let to = date("to", of: entry)
      entry.warnOfUnknownKeys()
      guard let from, let to else { continue }
      guard from <= to else {
        entry.error("order.reversed", "to", "must not be before from, which is \(from)")
        continue
      }
      given[period] = from...to
    }
    map.warnOfUnknownKeys()
    result.periods.firstMidterm = given[.firstMidterm]
    result.periods.secondMidterm = given[.secondMidterm]
    result.periods.finalControl = given[.finalControl]
  }

  private static func date(_ key: String, of entry: SettingsMap) -> CalendarDate? {
    guard let node = entry.node(key) else {
      entry.error("yaml.missing", key, "a date like 2023-10-25 is needed")
      return nil
    }
    if let day = date(node) { return day }
    entry.error("date.malformed", key, "a date like 2023-10-25 is needed")
    return nil
  }
}

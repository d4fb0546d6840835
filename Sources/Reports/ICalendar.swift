// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// Calendars of groups, teachers and rooms for the calendar programs of phones and computers.
///
/// One `VEVENT` a meeting: a weekly or fortnightly rule where the weeks are regular, else a list of
/// dates. Days off are left out. The same input gives the same bytes: `DTSTAMP` derives from the
/// term and `UID` from instance, section and meeting, so that a calendar published again replaces
/// the events of the old one.
///
/// Source: RFC 5545.
public enum ICalendar {
  /// The time zone of the clock times. Kazakhstan moved Almaty from +06 to +05 on 2024-03-01.
  public static let timeZone = "Asia/Almaty"

  /// The calendar of a group, teacher or room.
  ///
  /// - Parameters:
  ///   - subject: Whose calendar it is.
  ///   - view: The plan.
  ///   - language: The language of the summaries.
  ///   - revision: `SEQUENCE`: raise it when a changed plan is published, so that calendar programs
  ///     take the new times.
  /// - Returns: The text of the file, with CRLF line ends.
  public static func calendar(
    of subject: PlanView.Subject, in view: PlanView, language: Language, revision: Int = 0
  ) -> String {
    var lines = Lines()
    lines.add("BEGIN", "VCALENDAR")
    lines.add("VERSION", "2.0")
    lines.add("PRODID", "-//keste//timetable//\(language.rawValue.uppercased())")
    lines.add("CALSCALE", "GREGORIAN")
    lines.add("METHOD", "PUBLISH")
    lines.add("X-WR-CALNAME", escape(title(of: subject, in: view)))
    lines.add("X-WR-TIMEZONE", timeZone)
    addTimeZone(to: &lines)
    for meeting in view.meetings(of: subject) {
      addEvent(meeting, view, language, revision, to: &lines)
    }
    lines.add("END", "VCALENDAR")
    return lines.text
  }

  /// What changed for a teacher, group or room: changed events with a higher `SEQUENCE`, and events
  /// that are gone as `CANCELLED`, to be taken over into a calendar that holds the old ones.
  static func changes(
    _ changes: [PlanDifference.MeetingChange], of subject: PlanView.Subject,
    in difference: PlanDifference, language: Language, revision: Int
  ) -> String {
    var lines = Lines()
    lines.add("BEGIN", "VCALENDAR")
    lines.add("VERSION", "2.0")
    lines.add("PRODID", "-//keste//timetable//\(language.rawValue.uppercased())")
    lines.add("CALSCALE", "GREGORIAN")
    lines.add("METHOD", "PUBLISH")
    lines.add("X-WR-CALNAME", escape(title(of: subject, in: difference.after)))
    lines.add("X-WR-TIMEZONE", timeZone)
    addTimeZone(to: &lines)
    for change in changes {
      if let after = change.after, isOf(after, subject, difference.after),
        !difference.after.dates(of: after).isEmpty
      {
        addEvent(after, difference.after, language, revision, to: &lines)
      } else if !change.isPart, let before = change.before, isOf(before, subject, difference.before)
      {
        addEvent(before, difference.before, language, revision, isCancelled: true, to: &lines)
      }
    }
    lines.add("END", "VCALENDAR")
    return lines.text
  }

  /// Whether a meeting stands in somebody's calendar.
  private static func isOf(
    _ meeting: Meeting, _ subject: PlanView.Subject, _ view: PlanView
  ) -> Bool {
    switch subject {
    case .group(let id): view.groups(in: meeting.section).contains { $0.group == id }
    case .teacher(let id): view.teachers(of: meeting.section).contains(id)
    case .room(let id): meeting.room == id
    }
  }

  private static func title(of subject: PlanView.Subject, in view: PlanView) -> String {
    let name =
      switch subject {
      case .group(let id): id.text
      case .teacher(let id): view.institution.teachers[id]?.name ?? id.text
      case .room(let id): id.text
      }
    return "\(name) · \(view.institution.term.id)"
  }

  private static func addTimeZone(to lines: inout Lines) {
    lines.add("BEGIN", "VTIMEZONE")
    lines.add("TZID", timeZone)
    // tz database, zone Asia/Almaty: summer time ended for good on 2004-10-31.
    for (start, from, to) in [
      ("20041031T030000", "+0700", "+0600"), ("20240301T000000", "+0600", "+0500"),
    ] {
      lines.add("BEGIN", "STANDARD")
      lines.add("DTSTART", start)
      lines.add("TZOFFSETFROM", from)
      lines.add("TZOFFSETTO", to)
      lines.add("TZNAME", String(to.prefix(3)))
      lines.add("END", "STANDARD")
    }
    lines.add("END", "VTIMEZONE")
  }

  private static func addEvent(
    _ meeting: Meeting, _ view: PlanView, _ language: Language, _ revision: Int,
    isCancelled: Bool = false, to lines: inout Lines
  ) {
    let dates = view.dates(of: meeting)
    guard let first = dates.first, let clock = view.clock(of: meeting) else { return }
    let institution = view.institution
    let labels = Labels(view: view, language: language)
    lines.add("BEGIN", "VEVENT")
    lines.add("UID", uid(of: meeting, in: view))
    lines.add("DTSTAMP", dateText(institution.term.start) + "T000000Z")
    lines.add("SEQUENCE", "\(revision)")
    lines.add("DTSTART;TZID=\(timeZone)", local(first, clock.start))
    lines.add("DTEND;TZID=\(timeZone)", local(first, clock.end))
    if dates.count > 1 { addRecurrence(meeting, view, dates, clock.start, to: &lines) }
    let section = view.plan.sections[meeting.section]
    let discipline = labels.disciplineName(of: meeting)
    let kind = section.map { language.name(of: $0.kind) } ?? ""
    lines.add("SUMMARY", escape(kind.isEmpty ? discipline : "\(discipline) (\(kind))"))
    lines.add("LOCATION", escape(labels.place(of: meeting)))
    lines.add("DESCRIPTION", escape(labels.description(of: meeting)))
    if !kind.isEmpty { lines.add("CATEGORIES", escape(kind)) }
    lines.add("STATUS", isCancelled ? "CANCELLED" : "CONFIRMED")
    lines.add("END", "VEVENT")
  }

  /// A rule with exceptions where the weeks follow each other by one or two, else the dates.
  ///
  /// The rule starts at the first date that is held: an excluded start would still count.
  private static func addRecurrence(
    _ meeting: Meeting, _ view: PlanView, _ dates: [CalendarDate], _ start: Int,
    to lines: inout Lines
  ) {
    let term = view.institution.term
    let weeks = (0..<term.weeks).filter {
      meeting.weeks.holds(week: $0) && term.date(week: $0, day: meeting.day) >= dates[0]
    }
    // Moved working days are no part of a rule.
    let natural = Set(weeks.map { term.date(week: $0, day: meeting.day) })
    guard weeks.count > 1, dates.allSatisfy(natural.contains) else {
      return addDates(dates, start, to: &lines)
    }
    let step = weeks[1] - weeks[0]
    let regular = zip(weeks, weeks.dropFirst()).allSatisfy { $1 - $0 == step }
    if regular && step <= 2 {
      let interval = step == 1 ? "" : ";INTERVAL=\(step)"
      lines.add("RRULE", "FREQ=WEEKLY\(interval);COUNT=\(weeks.count)")
      let held = Set(dates)
      let off = weeks.map { term.date(week: $0, day: meeting.day) }.filter { !held.contains($0) }
      if !off.isEmpty {
        lines.add(
          "EXDATE;TZID=\(timeZone)", off.map { local($0, start) }.joined(separator: ","))
      }
    } else {
      addDates(dates, start, to: &lines)
    }
  }

  private static func addDates(_ dates: [CalendarDate], _ start: Int, to lines: inout Lines) {
    lines.add(
      "RDATE;TZID=\(timeZone)",
      dates.dropFirst().map { local($0, start) }.joined(separator: ","))
  }

  /// The same for the same instance, section and meeting, in every calendar that shows it.
  static func uid(of meeting: Meeting, in view: PlanView) -> String {
    let key = [
      view.institution.name, view.institution.term.id, meeting.section.text, meeting.id.text,
    ].joined(separator: "\0")
    return FileNames.hex(fnv1a(key)) + FileNames.hex(fnv1a(key, salt: 1)) + "@keste"
  }

  private static func dateText(_ date: CalendarDate) -> String {
    String(date.description.filter { $0 != "-" })
  }

  /// `YYYYMMDDTHHMMSS` of minutes after midnight, which may reach into the next day.
  private static func local(_ date: CalendarDate, _ minutes: Int) -> String {
    let day = date.adding(days: minutes / 1440)
    let (hour, minute) = (minutes % 1440).quotientAndRemainder(dividingBy: 60)
    return "\(dateText(day))T\(two(hour))\(two(minute))00"
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// Escapes a TEXT value (RFC 5545, 3.3.11); control characters are dropped.
  static func escape(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case ";": result += "\\;"
      case ",": result += "\\,"
      case "\n": result += "\\n"
      default:
        if scalar.value < 0x20 || scalar.value == 0x7F { continue }
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Content lines, folded at 75 octets without cutting a character (RFC 5545, 3.1).
  private struct Lines {
    var text = ""

    mutating func add(_ name: String, _ value: String) {
      let line = "\(name):\(value)"
      if line.utf8.count <= 75 {
        text += line
        text += "\r\n"
        return
      }
      var octets = 0
      for scalar in line.unicodeScalars {
        let length = Unicode.UTF8.width(scalar)
        if octets + length > 75 {
          text += "\r\n "
          octets = 1
        }
        text.unicodeScalars.append(scalar)
        octets += length
      }
      text += "\r\n"
    }
  }
}

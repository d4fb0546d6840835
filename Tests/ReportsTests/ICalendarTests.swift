// SPDX-License-Identifier: GPL-3.0-or-later
import Testing
import University
import Validation

@testable import Reports

/// A reader of RFC 5545 that knows as much as these calendars use, written apart from the writer.
private struct CalendarReader {
  struct Event {
    var properties: [String: String] = [:]
    var parameters: [String: String] = [:]

    /// Local dates and times of all occurrences, in order.
    var occurrences: [String] {
      guard let start = properties["DTSTART"] else { return [] }
      var dates = [start]
      if let rule = properties["RRULE"] {
        var parts: [String: String] = [:]
        for part in rule.split(separator: ";") {
          let pair = part.split(separator: "=").map(String.init)
          parts[pair[0]] = pair[1]
        }
        let interval = Int(parts["INTERVAL"] ?? "1") ?? 0
        dates = (0..<(Int(parts["COUNT"] ?? "") ?? 0)).map {
          Self.adding(days: 7 * interval * $0, to: start)
        }
      }
      dates += (properties["RDATE"] ?? "").split(separator: ",").map(String.init)
      let excluded = Set((properties["EXDATE"] ?? "").split(separator: ",").map(String.init))
      return dates.filter { !excluded.contains($0) }.sorted()
    }

    static func adding(days: Int, to moment: String) -> String {
      let digits = moment.prefix(8)
      let date = CalendarDate(
        "\(digits.prefix(4))-\(digits.dropFirst(4).prefix(2))-\(digits.suffix(2))")
      return "\(date?.adding(days: days).description ?? "")".filter { $0 != "-" }
        + moment.dropFirst(8)
    }
  }

  var lines: [String] = []
  var events: [Event] = []

  init(_ text: String) {
    var unfolded: [UInt8] = []
    let bytes = Array(text.utf8)
    var index = 0
    while index < bytes.count {
      if bytes[index...].starts(with: [13, 10, 32]) {
        index += 3
      } else {
        unfolded.append(bytes[index])
        index += 1
      }
    }
    lines = String(decoding: unfolded, as: UTF8.self).components(separatedBy: "\r\n")
    var event: Event?
    for line in lines {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let head = line[..<colon].split(separator: ";", maxSplits: 1).map(String.init)
      let value = String(line[line.index(after: colon)...])
      switch (head[0], value) {
      case ("BEGIN", "VEVENT"): event = Event()
      case ("END", "VEVENT"):
        if let event { events.append(event) }
        event = nil
      default:
        event?.properties[head[0]] = value
        if head.count > 1 { event?.parameters[head[0]] = head[1] }
      }
    }
  }
}

extension String {
  fileprivate func components(separatedBy separator: String) -> [String] {
    var parts: [String] = []
    var part = ""
    var rest = Substring(self)
    // "\r\n" is one character, so that a plain walk over characters finds it.
    while let character = rest.popFirst() {
      if String(character) == separator {
        parts.append(part)
        part = ""
      } else {
        part.append(character)
      }
    }
    return parts + [part]
  }
}

@Suite struct ICalendarTests {
  static let view = PlanView(PlanFixture.institution(), PlanFixture.plan())

  static func calendar(_ subject: PlanView.Subject, _ language: Language = .ru) -> String {
    ICalendar.calendar(of: subject, in: view, language: language)
  }

  static var subjects: [PlanView.Subject] { SitePages(view, ScoreReport()).subjects }

  @Test("occurrences are the weeks held without the holidays")
  func occurrencesAreTheWeeksHeldWithoutTheHolidays() throws {
    for subject in Self.subjects {
      let events = CalendarReader(Self.calendar(subject)).events
      let meetings = Self.view.meetings(of: subject)
      #expect(events.count == meetings.count)
      for (event, meeting) in zip(events, meetings) {
        var expected: [String] = []
        let start = try #require(Self.view.clock(of: meeting)).start
        for week in 0..<15 where meeting.weeks.holds(week: week) {
          let date = PlanFixture.term.date(week: week, day: meeting.day)
          if PlanFixture.holidays.contains(date) { continue }
          let hour = start / 60
          expected.append(
            date.description.filter { $0 != "-" } + "T" + (hour < 10 ? "0" : "") + "\(hour)0000")
        }
        #expect(event.occurrences == expected, "\(meeting.id)")
        #expect(!expected.isEmpty)
      }
    }
  }

  @Test("regular weeks are a rule with exceptions, others a list of dates")
  func regularWeeksAreARuleWithExceptionsOthersAListOfDates() throws {
    let first = CalendarReader(Self.calendar(.group("ТКТ-21-1"))).events.map(\.properties)
    let second = CalendarReader(Self.calendar(.group("TKT-21-1"))).events.map(\.properties)
    // m1: Monday of week 1 is a day off, so that the rule starts in week 2.
    #expect(first[0]["DTSTART"] == "20240129T080000" && first[0]["DTEND"] == "20240129T095000")
    #expect(first[0]["RRULE"] == "FREQ=WEEKLY;COUNT=14" && first[0]["EXDATE"] == nil)
    #expect(first[1]["RRULE"] == "FREQ=WEEKLY;INTERVAL=2;COUNT=8")
    #expect(first[2]["RRULE"] == "FREQ=WEEKLY;INTERVAL=2;COUNT=7")
    #expect(first[3]["RRULE"] == "FREQ=WEEKLY;COUNT=15")
    #expect(first[3]["EXDATE"] == "20240308T100000,20240322T100000")
    let irregular = try #require(second.first { $0["RDATE"] != nil })
    #expect(irregular["RRULE"] == nil && irregular["DTSTART"] == "20240123T100000")
    #expect(second.count { $0["RDATE"] != nil } == 1)
  }

  @Test("the time zone moves from +06 to +05 on 1 March 2024")
  func theTimeZoneMovesFrom06To05On1March2024() {
    let lines = CalendarReader(Self.calendar(.room("A101"))).lines
    #expect(lines.contains("TZID:Asia/Almaty"))
    #expect(
      lines.contains("DTSTART:20240301T000000") && lines.contains("TZOFFSETFROM:+0600")
        && lines.contains("TZOFFSETTO:+0500"))
    let events = CalendarReader(Self.calendar(.room("A101"))).events
    #expect(events.allSatisfy { $0.parameters["DTSTART"] == "TZID=Asia/Almaty" })
    #expect(events.allSatisfy { $0.parameters["DTEND"] == "TZID=Asia/Almaty" })
  }

  @Test("lines are folded at 75 octets and end in CRLF")
  func linesAreFoldedAt75OctetsAndEndInCrlf() {
    let hostile = Self.calendar(.teacher("T2"), .kk)
    let bytes = Array(hostile.utf8)
    var lengths: [Int] = []
    var length = 0
    for (index, byte) in bytes.enumerated() {
      if byte == 10 {
        #expect(index > 0 && bytes[index - 1] == 13)
        lengths.append(length - 1)
        length = 0
      } else {
        #expect(byte != 13 || (index + 1 < bytes.count && bytes[index + 1] == 10))
        length += 1
      }
    }
    #expect(length == 0)
    #expect(lengths.allSatisfy { $0 <= 75 } && lengths.contains { $0 > 70 })
    // Each physical line is good UTF-8 by itself.
    for line in hostile.utf8.split(separator: 10) {
      #expect(!String(decoding: line, as: UTF8.self).contains("\u{FFFD}"))
    }
  }

  @Test("text is escaped")
  func textIsEscaped() {
    #expect(ICalendar.escape("a,b;c\\d\ne\r\u{7}f") == "a\\,b\\;c\\\\d\\nef")
    let event = CalendarReader(Self.calendar(.room("A101"), .en)).events[0]
    #expect(event.properties["SUMMARY"] == "Maths 1 (Lecture)")
    #expect(event.properties["LOCATION"] == "A101\\, Бас ғимарат")
    #expect(event.properties["CATEGORIES"] == "Lecture")
    #expect(event.properties["DESCRIPTION"]?.contains("\\nGroups: ТКТ-21-1\\, TKT-21-1") == true)
    #expect(event.properties["DESCRIPTION"]?.contains(PlanFixture.hostile) == true)
  }

  @Test("identifiers are unique in a calendar, stable, and the same in all calendars")
  func identifiersAreUniqueInACalendarStableAndTheSameInAllCalendars() {
    var seen: [String: String] = [:]
    for subject in Self.subjects {
      let events = CalendarReader(Self.calendar(subject)).events
      let identifiers = events.compactMap { $0.properties["UID"] }
      #expect(Set(identifiers).count == events.count)
      for (identifier, meeting) in zip(identifiers, Self.view.meetings(of: subject)) {
        #expect(seen[meeting.id.text] == nil || seen[meeting.id.text] == identifier)
        seen[meeting.id.text] = identifier
      }
    }
    #expect(Set(seen.values).count == PlanFixture.plan().meetings.count)
    // A meeting that moves keeps its identifier, so that the published event moves too.
    var moved = PlanFixture.plan()
    moved.meetings[0].slot = 5
    moved.meetings[0].room = "Б-202"
    let view = PlanView(PlanFixture.institution(), moved)
    #expect(ICalendar.uid(of: moved.meetings[0], in: view) == seen["m1"])
  }

  @Test("the stamp comes from the term and the sequence from the revision")
  func theStampComesFromTheTermAndTheSequenceFromTheRevision() {
    let text = ICalendar.calendar(
      of: .room("A101"), in: Self.view, language: .en, revision: 3)
    let events = CalendarReader(text).events
    #expect(events.allSatisfy { $0.properties["DTSTAMP"] == "20240122T000000Z" })
    #expect(events.allSatisfy { $0.properties["SEQUENCE"] == "3" })
    #expect(
      text == ICalendar.calendar(of: .room("A101"), in: Self.view, language: .en, revision: 3))
  }

  /// What a calendar program holds: by UID, what is told of an event with the highest SEQUENCE;
  /// cancelled events are struck out.
  private static func held(_ texts: [String]) -> [String: [String]] {
    var found: [String: (sequence: Int, event: CalendarReader.Event)] = [:]
    for event in texts.flatMap({ CalendarReader($0).events }) {
      let uid = event.properties["UID"] ?? ""
      let sequence = Int(event.properties["SEQUENCE"] ?? "") ?? -1
      if let known = found[uid], known.sequence >= sequence { continue }
      found[uid] = (sequence, event)
    }
    return found.values.filter { $0.event.properties["STATUS"] != "CANCELLED" }
      .reduce(into: [:]) { all, entry in
        let event = entry.event
        all[event.properties["UID"] ?? ""] =
          event.occurrences + [
            event.properties["DTEND"] ?? "", event.properties["SUMMARY"] ?? "",
            event.properties["LOCATION"] ?? "", event.properties["DESCRIPTION"] ?? "",
          ]
      }
  }

  /// A published timetable, then a change.
  enum Change: CaseIterable {
    case time, room, gone, new, teacher, weeks, someWeeks, onlyHoliday, groups, regime

    func make(_ plan: inout Plan) {
      switch self {
      case .time: plan.meetings[0].slot += 1
      case .room: plan.meetings[0].room = "Б-202"
      case .gone: plan.meetings.remove(at: 1)
      case .new:
        plan.meetings.append(PlanFixture.meeting("m9", "H1", .all(15), .monday, 5, 1, "A101"))
      case .teacher: plan.assignments[0].teacher = "T1"
      case .weeks: plan.meetings[1].weeks = PlanFixture.odd
      case .someWeeks:
        plan.meetings[0].weeks = WeekPattern(bits: 0b111_1111_1110_0011, weeks: 15)
        plan.meetings.append(
          PlanFixture.meeting(
            "m9", "L1", WeekPattern(bits: 0b11100, weeks: 15), .monday, 1, 2, "Б-202"))
      case .groups:
        plan.sections = Table(
          plan.sections.map { row in
            var row = row
            if row.id == "L1" { row.students = PlanFixture.students("a", 1...6) }
            return row
          })
      case .regime: plan.record.regime = "distance"
      case .onlyHoliday: plan.meetings[0].weeks = WeekPattern(bits: 1, weeks: 15)
      }
    }
  }

  @Test(
    "who takes a change list into the calendar given out has the calendar of the new timetable",
    arguments: Change.allCases)
  func whoTakesAChangeListIntoTheCalendarHasThatOfTheNewTimetable(_ change: Change) {
    let institution = PlanFixture.institution()
    let old = PlanFixture.plan()
    var new = old
    change.make(&new)
    let views = (PlanView(institution, old), PlanView(institution, new))
    let difference = PlanDifference(
      views.0, PlanValidator.validate(institution, old), views.1,
      PlanValidator.validate(institution, new))
    let concerned = difference.bySubject.map(\.subject)
    #expect(!concerned.isEmpty)
    let files = ChangePage.files(difference, revision: 4)
    let calendars = files.filter { $0.path.hasSuffix(".ics") }.map(\.text)
    #expect(calendars.count == concerned.count)
    var differing = 0
    for (subject, text) in zip(concerned, calendars) {
      let before = ICalendar.calendar(of: subject, in: views.0, language: .ru)
      let after = ICalendar.calendar(of: subject, in: views.1, language: .ru, revision: 4)
      #expect(Self.held([before, text]) == Self.held([after]))
      if Self.held([before]) != Self.held([after]) { differing += 1 }
      let told = CalendarReader(text).events
      #expect(told.allSatisfy { $0.properties["SEQUENCE"] == "4" })
      #expect(text.contains("METHOD:PUBLISH\r\n"))
    }
    #expect(differing > 0)
    // Who is not named has nothing to take over.
    for subject in Self.subjects where !concerned.contains(subject) {
      #expect(
        Self.held([ICalendar.calendar(of: subject, in: views.0, language: .ru)])
          == Self.held([ICalendar.calendar(of: subject, in: views.1, language: .ru)]))
    }
  }

  @Test("a meeting of a single date has no rule, one of holidays only no event")
  func aMeetingOfASingleDateHasNoRuleOneOfHolidaysOnlyNoEvent() {
    var plan = PlanFixture.plan()
    plan.meetings = [
      PlanFixture.meeting("x", "L1", WeekPattern(bits: 2, weeks: 15), .monday, 1, 2, "A101"),
      PlanFixture.meeting("y", "L1", WeekPattern(bits: 1, weeks: 15), .monday, 1, 2, "A101"),
    ]
    let view = PlanView(PlanFixture.institution(), plan)
    let events = CalendarReader(
      ICalendar.calendar(of: .room("A101"), in: view, language: .en)
    ).events
    #expect(events.count == 1)
    #expect(events[0].occurrences == ["20240129T080000"])
    #expect(events[0].properties["RRULE"] == nil && events[0].properties["RDATE"] == nil)
  }

  @Test("an evening that passes midnight ends on the next day")
  func anEveningThatPassesMidnightEndsOnTheNextDay() {
    var institution = PlanFixture.institution()
    institution.regimes = [
      Regime(name: "full", academicHourMinutes: 50, slotStarts: [1380, 1430])
    ]
    let event = CalendarReader(
      ICalendar.calendar(
        of: .room("A101"), in: PlanView(institution, PlanFixture.plan()), language: .en)
    ).events[0]
    #expect(event.properties["DTSTART"] == "20240129T230000")
    #expect(event.properties["DTEND"] == "20240130T004000")
  }

  @Test("an online class has no room")
  func anOnlineClassHasNoRoom() throws {
    let events = CalendarReader(Self.calendar(.group("TKT-21-1"), .kk)).events
    #expect(events.contains { $0.properties["LOCATION"] == "онлайн" })
  }
}

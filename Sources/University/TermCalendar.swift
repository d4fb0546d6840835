// SPDX-License-Identifier: GPL-3.0-or-later

/// A moved working day: no classes are held on one date, and its classes are held on another.
public struct MovedDay: Hashable, Sendable {
  /// The date that is off.
  public var from: CalendarDate
  /// The date on which the classes of ``from`` are held in place of its own.
  public var to: CalendarDate

  /// A day that is moved.
  public init(from: CalendarDate, to: CalendarDate) {
    self.from = from
    self.to = to
  }
}

/// The periods of control of a term: the keys of `periods` in `instance.yaml`; nil where not given.
public struct ControlPeriods: Hashable, Sendable {
  /// The first midterm control (АБ1, РК1).
  public var firstMidterm: ClosedRange<CalendarDate>?
  /// The second midterm control (АБ2, РК2).
  public var secondMidterm: ClosedRange<CalendarDate>?
  /// The final control: the exam session.
  public var finalControl: ClosedRange<CalendarDate>?

  /// Nothing given.
  public init() {}
}

/// A period of the academic calendar in which work is controlled.
public enum ControlPeriod: String, CaseIterable, Sendable {
  case firstMidterm = "midterm_1"
  case secondMidterm = "midterm_2"
  case finalControl = "final"
}

extension Institution {
  /// The dates of a period of control: as given, else by the term's weeks.
  ///
  /// The first midterm control is week ⌈7 × weeks ÷ 15⌉, the second the last week, the final
  /// control the three weeks after it, Mondays to Saturdays.
  ///
  /// Source: POLICY.md 3.5 and 4.6 (weeks 7 and 15 of 15, then three weeks of exams).
  public func dates(of period: ControlPeriod) -> ClosedRange<CalendarDate> {
    func week(_ number: Int) -> ClosedRange<CalendarDate> {
      term.date(week: number, day: .monday)...term.date(week: number, day: .saturday)
    }
    switch period {
    case .firstMidterm: return periods.firstMidterm ?? week((7 * term.weeks + 14) / 15 - 1)
    case .secondMidterm: return periods.secondMidterm ?? week(term.weeks - 1)
    case .finalControl:
      return periods.finalControl
        ?? term.date(
          week: term.weeks, day: .monday)...term.date(
          week: term.weeks + 2, day: .saturday)
    }
  }
}

/// Which date of the term holds the classes of which week and day.
///
/// Week 1 begins with `term.start` and is odd. A holiday holds nothing; on the `to` of a moved
/// working day the classes of its `from` are held and its own fall out.
public struct TermCalendar: Sendable {
  /// A date on which classes are held.
  public struct ClassDay: Hashable, Sendable {
    /// The date.
    public let date: CalendarDate
    /// The week, from 0, whose classes are held.
    public let week: Int
    /// The day whose classes are held.
    public let day: Weekday
    /// Whether they are the classes of another date.
    public let isMoved: Bool
  }

  /// Why no classes are held, or not those of the day.
  public enum Loss: String, Sendable {
    /// The date is a holiday.
    case holiday
    /// The classes of another date are held on it.
    case displaced
  }

  /// The dates on which classes are held, in order.
  public let days: [ClassDay]
  /// The first date of the term.
  public let start: CalendarDate
  /// The last date of the last week, a Sunday.
  public let end: CalendarDate
  private let weeks: Int
  private let holidays: Set<CalendarDate>
  private let dateByDay: [CalendarDate?]
  private let dayByDate: [Int: Int]

  /// The calendar of an institution's term. Moved days of which one lies outside the term's weeks
  /// are left out; the reader refuses them.
  public init(_ institution: Institution) {
    let term = institution.term
    start = term.start
    weeks = term.weeks
    end = term.start.adding(days: 7 * term.weeks - 1)
    holidays = Set(institution.holidays)
    let span = start...end
    let moved = institution.movedDays.filter { span.contains($0.from) && span.contains($0.to) }
    var target: [CalendarDate: CalendarDate] = [:]
    for move in moved { target[move.from] = move.to }
    let taken = Set(moved.map(\.to))
    var dates = [CalendarDate?](repeating: nil, count: 7 * term.weeks)
    var days: [ClassDay] = []
    for week in 0..<term.weeks {
      for day in institution.days {
        let natural = term.date(week: week, day: day)
        let date: CalendarDate
        if let to = target[natural] {
          date = to
        } else if taken.contains(natural) || holidays.contains(natural) {
          continue
        } else {
          date = natural
        }
        if holidays.contains(date) { continue }
        dates[7 * week + day.rawValue] = date
        days.append(ClassDay(date: date, week: week, day: day, isMoved: date != natural))
      }
    }
    dateByDay = dates
    days.sort { $0.date < $1.date }
    self.days = days
    dayByDate = Dictionary(
      days.enumerated().map { ($1.date.dayNumber, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The date on which the classes of a week, from 0, and a day are held; nil when they fall out.
  public func date(week: Int, day: Weekday) -> CalendarDate? {
    guard week >= 0, week < weeks else { return nil }
    return dateByDay[7 * week + day.rawValue]
  }

  /// The week and day whose classes are held on a date; nil where none are.
  public func classDay(on date: CalendarDate) -> ClassDay? {
    dayByDate[date.dayNumber].map { days[$0] }
  }

  /// Whether a date lies in the weeks of the term.
  public func contains(_ date: CalendarDate) -> Bool { start <= date && date <= end }

  /// Whether a date is a holiday.
  public func isHoliday(_ date: CalendarDate) -> Bool { holidays.contains(date) }

  /// Why the classes of a date of the grid are not held on it or anywhere else.
  public func loss(on natural: CalendarDate) -> Loss {
    holidays.contains(natural) ? .holiday : .displaced
  }
}

/// A meeting on a date.
public struct Occurrence: Hashable, Sendable {
  /// What became of it.
  public enum Fate: String, CaseIterable, Sendable {
    /// It takes place as planned.
    case planned
    /// It takes place here in place of another date: by a moved working day, or by `held.csv`.
    case moved
    /// It falls out: the date is a holiday.
    case holiday
    /// It falls out: the classes of another date are held on its date.
    case displaced
    /// It was not held, as `held.csv` says.
    case cancelled
    /// It is held at another time, as `held.csv` says: another occurrence stands for it.
    case movedAway = "moved_away"
  }

  /// The date on which it takes place, or would have.
  public var date: CalendarDate
  /// The date by the week pattern.
  public var natural: CalendarDate
  /// The meeting of the plan.
  public var meeting: MeetingID
  /// The section that meets.
  public var section: SectionID
  /// The week, from 0, by the pattern.
  public var week: Int
  /// Start slot, from 1.
  public var slot: Int
  /// Academic hours.
  public var length: Int
  /// The room; nil when online or where none is given.
  public var room: RoomID?
  /// In a room or online.
  public var mode: MeetingMode
  /// Who holds it.
  public var teachers: [TeacherID]
  /// What became of it.
  public var fate: Fate
  /// Whether somebody else than the load says holds it.
  public var isSubstituted = false
  /// Whether it stands for one that `held.csv` moved here.
  public var isReplacement = false

  /// A meeting on a date, as planned.
  public init(
    date: CalendarDate, natural: CalendarDate, meeting: Meeting, week: Int,
    teachers: [TeacherID], fate: Fate
  ) {
    self.date = date
    self.natural = natural
    self.meeting = meeting.id
    self.section = meeting.section
    self.week = week
    self.slot = meeting.slot
    self.length = meeting.length
    self.room = meeting.mode == .online ? nil : meeting.room
    self.mode = meeting.mode
    self.teachers = teachers
    self.fate = fate
  }

  /// Whether it takes place.
  public var isHeld: Bool { fate == .planned || fate == .moved }
}

extension TermCalendar {
  /// The dates of a meeting by its weeks, each with what becomes of it; in the order of the weeks.
  public func occurrences(of meeting: Meeting, teachers: [TeacherID] = []) -> [Occurrence] {
    (0..<min(weeks, meeting.weeks.weeks)).filter { meeting.weeks.holds(week: $0) }.map { week in
      let natural = start.adding(days: 7 * week + meeting.day.rawValue)
      let held = date(week: week, day: meeting.day)
      let fate: Occurrence.Fate =
        switch held {
        case nil: loss(on: natural) == .holiday ? .holiday : .displaced
        case natural: .planned
        default: .moved
        }
      return Occurrence(
        date: held ?? natural, natural: natural, meeting: meeting, week: week,
        teachers: teachers, fate: fate)
    }
  }
}

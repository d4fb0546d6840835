// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// A hard rule of FORMATS.md section 4.
public enum RuleCode: String, CaseIterable, Sendable, Comparable {
  case s1 = "S1"
  case s2 = "S2"
  case s3 = "S3"
  case s4 = "S4"
  case s5 = "S5"
  case s6 = "S6"
  case l1 = "L1"
  case l2 = "L2"
  case l3 = "L3"
  case l4 = "L4"
  case l5 = "L5"
  case m1 = "M1"
  case m2 = "M2"
  case m3 = "M3"
  case m4 = "M4"
  case m5 = "M5"
  case r1 = "R1"
  case r2 = "R2"
  case r3 = "R3"
  case r4 = "R4"
  case t1 = "T1"
  case t2 = "T2"
  case t3 = "T3"
  case t4 = "T4"
  /// A claim of `plan.json`, or a size or hours of `sections.csv`, that the files do not bear out.
  case p1 = "P1"

  /// Sections, load, meetings, rooms, time, claims.
  public static func < (a: Self, b: Self) -> Bool {
    guard let x = allCases.firstIndex(of: a), let y = allCases.firstIndex(of: b) else {
      return false
    }
    return x < y
  }
}

/// A stage of a plan.
public enum Stage: String, CaseIterable, Sendable {
  case sections, load, timetable
}

/// A hard rule that a plan breaks.
public struct Violation: Hashable, Sendable {
  /// The rule.
  public var rule: RuleCode
  /// Who and what, with the numbers on both sides, in the three languages.
  public var wording: Wording
  /// How many times the rule is broken by this; at least 1.
  public var times: Int

  /// ``wording`` in English.
  public var message: String { wording[.en] }

  /// A broken rule, in the same words whatever the language.
  public init(_ rule: RuleCode, _ message: String, times: Int = 1) {
    self.init(rule, Wording(name: message), times: times)
  }

  /// A broken rule.
  public init(_ rule: RuleCode, _ wording: Wording, times: Int = 1) {
    self.rule = rule
    self.wording = wording
    self.times = times
  }
}

/// Hours of a section that fall on holidays, and when they can be made up.
public struct LostHours: Hashable, Sendable {
  /// The section.
  public var section: SectionID
  /// Academic hours that are not held.
  public var hours: Int
  /// The dates on which they fall out.
  public var dates: [CalendarDate]
  /// Dates and start slots at which the teachers, the students and a suitable room are free.
  public var makeUp: [MakeUp]

  /// A date, start slot and room for a lost meeting.
  public struct MakeUp: Hashable, Sendable {
    /// A date of the term that is no holiday.
    public var date: CalendarDate
    /// Start slot, from 1.
    public var slot: Int
    /// A free room; nil for a section that is online.
    public var room: RoomID?

    /// A date, start slot and room.
    public init(date: CalendarDate, slot: Int, room: RoomID?) {
      self.date = date
      self.slot = slot
      self.room = room
    }
  }

  /// What falls out of one section.
  public init(section: SectionID, hours: Int, dates: [CalendarDate], makeUp: [MakeUp]) {
    self.section = section
    self.hours = hours
    self.dates = dates
    self.makeUp = makeUp
  }
}

/// What a plan comes to by the rules alone.
public struct ScoreReport: Sendable {
  /// Broken rules, in the order of the rules.
  public var violations: [Violation] = []
  /// Values before their weights, of the stages judged; nil for a stage not judged.
  public var sections: [SectionCriterion: Double]?
  /// Values before their weights.
  public var load: [LoadCriterion: Double]?
  /// Values before their weights.
  public var timetable: [TimetableCriterion: Double]?
  /// Weighted sums of the stages judged, by stage, rounded to 0.000001.
  public var objectives: [Stage: Double] = [:]
  /// What is unusual but allowed.
  public var warnings: [String] = []
  /// Credits, curricula, marks and the plan's hours against the policy; see ``CreditConsistency``.
  /// None of them makes a plan invalid.
  public var findings: [Diagnostic] = []
  /// Hours that fall on holidays.
  public var lostHours: [LostHours] = []

  /// A report without findings.
  public init() {}

  /// Whether no hard rule is broken.
  public var isValid: Bool { violations.isEmpty }

  /// How often each rule is broken.
  public var counts: [RuleCode: Int] {
    violations.reduce(into: [:]) { $0[$1.rule, default: 0] += $1.times }
  }

  /// The criteria of a stage by name.
  public func criteria(of stage: Stage) -> [String: Double]? {
    func named<C: Criterion>(_ values: [C: Double]?) -> [String: Double]? {
      values.map { Dictionary(uniqueKeysWithValues: $0.map { ($0.key.rawValue, $0.value) }) }
    }
    return switch stage {
    case .sections: named(sections)
    case .load: named(load)
    case .timetable: named(timetable)
    }
  }
}

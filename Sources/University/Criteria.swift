// SPDX-License-Identifier: GPL-3.0-or-later

/// A criterion of a stage's objective: a name in the files and a weight by default.
public protocol Criterion: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
  /// The weight where `instance.yaml` gives none.
  var defaultWeight: Double { get }
}

/// Criteria of the timetable: sums over all weeks of the term.
///
/// Source: FORMATS.md section 5.
public enum TimetableCriterion: String, Criterion {
  case studentGap = "student_gap"
  case teacherGap = "teacher_gap"
  case studentSingle = "student_single"
  case studentLongDay = "student_long_day"
  case studentNoLunch = "student_no_lunch"
  case teacherDays = "teacher_days"
  case discouragedTime = "discouraged_time"
  case personalDiscouraged = "personal_discouraged"
  case studentBuildingChange = "student_building_change"
  case teacherBuildingChange = "teacher_building_change"
  case sameDay = "same_day"
  case lectureFirst = "lecture_first"
  case roomStability = "room_stability"
  case extraMeetings = "extra_meetings"
  case shortMeetings = "short_meetings"
  case hoursOff = "hours_off"
  case studentConflict = "student_conflict"
  case movedTime = "moved_time"
  case movedRoom = "moved_room"

  /// The weight where `instance.yaml` gives none.
  public var defaultWeight: Double {
    switch self {
    case .studentGap, .studentBuildingChange: 1
    case .studentSingle, .studentLongDay, .studentNoLunch: 2
    case .teacherBuildingChange: 4
    case .teacherDays: 6
    case .personalDiscouraged: 8
    case .teacherGap, .discouragedTime, .lectureFirst: 10
    case .sameDay: 20
    case .studentConflict: 30
    case .hoursOff: 50
    case .roomStability, .shortMeetings, .movedRoom: 100
    case .extraMeetings: 300
    case .movedTime: 400
    }
  }
}

/// Criteria of the load distribution; hours may be decimal.
///
/// Source: FORMATS.md section 5.
public enum LoadCriterion: String, Criterion {
  case vacant, overload, underload, imbalance, survey, preference, preparation, continuity

  /// The weight where `instance.yaml` gives none.
  public var defaultWeight: Double {
    switch self {
    case .vacant: 1000
    case .overload: 10
    case .underload: 4
    case .imbalance: 200
    case .survey, .preference: 2
    case .preparation: 15
    case .continuity: 3
    }
  }
}

/// Criteria of the formation of sections.
///
/// Source: FORMATS.md section 5.
public enum SectionCriterion: String, Criterion {
  case sectionHour = "section_hour"
  case splitGroup = "split_group"
  case undersized
  case overNorm = "over_norm"

  /// The weight where `instance.yaml` gives none.
  public var defaultWeight: Double {
    switch self {
    case .sectionHour: 10
    case .splitGroup: 40
    case .undersized: 60
    case .overNorm: 5
    }
  }
}

/// The weights of one stage's criteria.
public struct CriterionWeights<C: Criterion>: Sendable, Hashable {
  private var given: [C: Double]

  /// The default weights, with those given in their place.
  public init(_ given: [C: Double] = [:]) {
    self.given = given
  }

  /// The weight of a criterion.
  public subscript(criterion: C) -> Double {
    get { given[criterion] ?? criterion.defaultWeight }
    set { given[criterion] = newValue }
  }

  /// The objective: the sum of weight × criterion, over the criteria given.
  public func objective(_ criteria: [C: Double]) -> Double {
    C.allCases.reduce(0) { $0 + self[$1] * (criteria[$1] ?? 0) }
  }
}

extension CriterionWeights where C == TimetableCriterion {
  /// The most that a weight may be in the files: 250 times the largest default.
  public static var most: Int { 100_000 }

  /// The most that the largest weight × ``scale`` may be.
  ///
  /// The search keeps the cost of a person's day in 32 bits. A day of 48 slots, the most of a
  /// regime, counts each weight at most so often: 46 gaps, 48 hours of a long day, 48 overlaps, 47
  /// changes of building, and a day, a single meeting and a lunch once, together 192 times. So at
  /// this bound no day of one person in one week costs more than 192,000,000, which is less than
  /// 2³⁰. The cell of the search is people × weeks × day: for 30,000 like students and 15 weeks
  /// 2³⁰ ÷ (30,000 × 15 × 192) would leave 12 for the largest weight, less than the defaults. That
  /// product, and the sums of prices of a time and a room, are therefore judged with the numbers of
  /// the instance, when its timetable is lowered for the search.
  public static var mostScaled: Int { 1_000_000 }

  /// Digits after the point of a weight; nil for more than six.
  public static func digits(of weight: Double) -> Int? {
    var power = 1.0
    for digits in 0...6 {
      let scaled = weight * power
      let whole = scaled.rounded()
      if abs(whole - scaled) <= 1e-9, whole != 0 || weight == 0 { return digits }
      power *= 10
    }
    return nil
  }

  /// The digits after the point that a weight may have beside the largest one: times ten for each
  /// of them, that one must not exceed ``mostScaled``.
  public var mostDigits: Int {
    var scaled = 10 * (TimetableCriterion.allCases.map { self[$0] }.max() ?? 0)
    var digits = 0
    while digits < 6, scaled <= Double(Self.mostScaled) {
      digits += 1
      scaled *= 10
    }
    return digits
  }

  /// The smallest power of ten that makes all weights whole, at most 1,000,000.
  public var scale: Int {
    let digits = TimetableCriterion.allCases.map { Self.digits(of: self[$0]) ?? 6 }.max() ?? 0
    return (0..<digits).reduce(1) { power, _ in 10 * power }
  }
}

/// The weights of all stages.
public struct Weights: Sendable, Hashable {
  /// Weights of the timetable.
  public var timetable = CriterionWeights<TimetableCriterion>()
  /// Weights of the load distribution.
  public var load = CriterionWeights<LoadCriterion>()
  /// Weights of the formation of sections.
  public var sections = CriterionWeights<SectionCriterion>()

  /// The default weights.
  public init() {}
}

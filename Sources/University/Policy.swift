// SPDX-License-Identifier: GPL-3.0-or-later

/// Norm and right of a position.
public struct Position: Hashable, Sendable {
  /// The word of the files.
  public var name: String
  /// Hours of the term for rate 1.0.
  public var termNormHours: Double
  /// Whether lectures may be given.
  public var mayLecture: Bool

  /// A position with its norm of the term for rate 1.0.
  public init(name: String, termNormHours: Double, mayLecture: Bool) {
    self.name = name
    self.termNormHours = termNormHours
    self.mayLecture = mayLecture
  }
}

/// How overlaps that involve a retake enrolment are judged.
public enum RetakeConflicts: String, CaseIterable, Sendable {
  case soft, hard
}

/// The rules' numbers: every key of `policy` in `instance.yaml`, with its default.
///
/// Source: FORMATS.md section 2; the sections of the academic policy are in POLICY.md part 1.
public struct Policy: Hashable, Sendable {
  /// Academic hours in one credit (policy 2.2).
  public var creditHours = 30
  /// Students in a practice group: the norm (policy 2.2).
  public var groupCap = 25
  /// Students in a laboratory subgroup: the norm (policy 2.2).
  public var subgroupCap = 12
  /// Students above the norm of a group that are still allowed, at a cost.
  public var groupTolerance = 0
  /// Students above the norm of a subgroup that are still allowed, at a cost.
  public var subgroupTolerance = 0
  /// A smaller section is reported as undersized.
  public var minSectionSize = 5
  /// What a student brings in for a credit, in any currency; 0 where it is not reckoned.
  public var incomePerCredit = 0.0
  /// What an hour of a section costs, in the same currency; 0 where it is not reckoned.
  public var costPerHour = 0.0
  /// Whether a section below its break-even size makes a valid plan impossible (policy 2.2).
  public var refuseBelowBreakEven = false
  /// Whether a stream is at most as large as the largest suitable room (policy 2.2).
  public var lectureNeedsRoom = true
  /// Hours of a student in a day; hard.
  public var studentMaxHoursPerDay = 8
  /// Hours of a teacher in a day; hard, unless the teacher has another limit.
  public var teacherMaxHoursPerDay = 8
  /// Minutes between two buildings that `travel.csv` does not name.
  public var defaultTravelMinutes = 15
  /// How overlaps that involve a retake enrolment are judged.
  public var retakeConflicts = RetakeConflicts.soft
  /// Allowed difference between delivered and planned hours of a section in the term.
  public var hoursTolerance = 1
  /// Unexcused hours in the term after which a student may be expelled (policy 2.3).
  public var unexcusedHoursLimit = 36
  /// Unexcused hours in the term at which a student is warned.
  public var unexcusedHoursWarning = 18
  /// The most students of an online class, where the platform has a limit.
  public var platformCapacity: Int?
  /// The fewest credits of a term.
  public var termCreditsMin = 20
  /// The most credits of a term.
  public var termCreditsMax = 36
  /// Whether teaching and final control are done by different people (policy 2.2).
  public var examinerDiffersFromTeacher = true
  /// A teacher rated lower gets no lectures of that discipline (policy 2.2).
  public var minLectureSurvey = 3.0
  /// The positions in the order of the file, those of the defaults first.
  public var positions: [Position] = [
    Position(name: "professor", termNormHours: 250, mayLecture: true),
    Position(name: "docent", termNormHours: 300, mayLecture: true),
    Position(name: "senior_lecturer", termNormHours: 350, mayLecture: true),
    Position(name: "lecturer", termNormHours: 375, mayLecture: false),
  ]
  /// The hard ceiling of a teacher's hours is norm × rate × this.
  public var overloadFactor = 1.25
  /// Kinds of room that suit a kind of class unless the discipline says otherwise.
  public var roomKinds: [TeachingKind: [String]] = [
    .lecture: ["lecture"], .practice: ["classroom", "lecture"], .lab: ["lab", "computer"],
  ]
  /// GPA needed to move up, by `level/form`, for years 1, 2, … (policy 3.2).
  public var promotionGPA: [String: [Double]] = [
    "bachelor/full_time": [1.67, 2.00, 2.10],
    "bachelor/extramural": [1.33, 1.33, 2.00, 2.00],
    "master/full_time": [2.34],
    "doctorate/full_time": [2.34],
  ]
  /// Credits of a whole programme by level (policy 7.1).
  public var programmeCredits: [String: Int] = ["bachelor": 240, "master": 120, "doctorate": 180]

  /// Credits of a full-time year of study: two terms (policy 2.2).
  public var yearCredits = 60
  /// The fewest credits of each cycle in a whole programme, by level (state standard, POLICY.md
  /// 3.2). What is left of the programme's credits is final attestation.
  public var cycleCredits: [String: [Cycle: Int]] = [
    "bachelor": [.general: 56, .basic: 112, .major: 60]
  ]

  /// The default policy.
  public init() {}

  /// The GPA that moving up from a year, counted from 1, needs; nil where the policy has none.
  ///
  /// A single value of `promotion_gpa` holds for every year, as the policy has it for masters and
  /// doctorands.
  public func leastGPA(_ level: Level, _ form: StudyForm, year: Int) -> Double? {
    guard let values = promotionGPA["\(level.rawValue)/\(form.rawValue)"] else { return nil }
    if values.count == 1 { return values[0] }
    return values.indices.contains(year - 1) ? values[year - 1] : nil
  }

  /// The position of a name.
  public func position(_ name: String) -> Position? {
    positions.first { $0.name == name }
  }
}

/// Slots of a day that are discouraged for everybody.
public struct DiscouragedSlots: Hashable, Sendable {
  /// The day; nil for each day of the grid.
  public var day: Weekday?
  /// The first slot, from 1.
  public var from: Int
  /// The last slot.
  public var to: Int

  /// Slots `from` … `to` of a day, or of each day.
  public init(day: Weekday?, from: Int, to: Int) {
    self.day = day
    self.from = from
    self.to = to
  }
}

/// The keys of `preferences` in `instance.yaml`.
public struct Preferences: Hashable, Sendable {
  /// Hours in a day from which `student_long_day` counts.
  public var longDayFrom = 7
  /// The first slot of lunch.
  public var lunchFrom = 5
  /// The last slot of lunch.
  public var lunchTo = 7
  /// Discouraged slots of the grid.
  public var discouraged = [
    DiscouragedSlots(day: .saturday, from: 5, to: 12), DiscouragedSlots(day: nil, from: 11, to: 12),
  ]

  /// The default preferences.
  public init() {}
}

// SPDX-License-Identifier: GPL-3.0-or-later
public import University

extension Curricula {
  /// What stands in the way of a valid plan, or looks like a slip, before anything is planned.
  ///
  /// A finding of severity `.impossible` names a rule that no plan can keep, with the numbers of
  /// both sides (pins of a group that nothing divides are taken as being about one section, see
  /// ``Institution/body(of:takers:)``); a `.warning` names what is allowed and unusual. What the reader rejects (references,
  /// ranges, credits against hours, cycles among prerequisites) is not repeated. Codes start with
  /// the rule of FORMATS.md section 4 where there is one. The conditions are necessary, not
  /// sufficient: an instance without findings may still have no valid plan. Credits, curricula and
  /// marks are `CreditConsistency`'s of Validation.
  ///
  /// Complexity: linear in the rows of the instance, but for a maximal flow between the distinct
  /// demands for rooms and the rooms.
  public static func check(_ institution: Institution) -> [Diagnostic] {
    var check = CurriculumCheck(institution)
    check.teachers()
    check.students()
    check.rooms()
    check.pins()
    check.enrolments()
    return check.findings
  }
}

/// The findings and the indexes that several of them need.
struct CurriculumCheck {
  let institution: Institution
  let calendar: FreeTime
  /// Enrolments of each discipline, by its position in the table.
  let enrolled: [[Enrolment]]
  /// Enrolments of each student, by the student's position in the table.
  let enrolmentsOfStudent: [[Enrolment]]
  /// Positions of each group's students.
  let members: [GroupID: [Int]]
  var findings: [Diagnostic] = []

  init(_ institution: Institution) {
    self.institution = institution
    calendar = FreeTime(institution)
    var enrolled = [[Enrolment]](repeating: [], count: institution.disciplines.count)
    var byStudent = [[Enrolment]](repeating: [], count: institution.students.count)
    for enrolment in institution.enrolments {
      if let at = institution.disciplines.position(of: enrolment.discipline) {
        enrolled[at].append(enrolment)
      }
      if let at = institution.students.position(of: enrolment.student) {
        byStudent[at].append(enrolment)
      }
    }
    self.enrolled = enrolled
    enrolmentsOfStudent = byStudent
    var members: [GroupID: [Int]] = [:]
    for (at, student) in institution.students.enumerated() {
      members[student.group, default: []].append(at)
    }
    self.members = members
  }

  var policy: Policy { institution.policy }

  /// Slots of the grid in the term: days × slots × weeks.
  var slotsOfTerm: Int {
    institution.days.count * institution.regime.slots * institution.term.weeks
  }

  /// The fewest hours that deliver a section's hours within the tolerance (M1).
  func least(_ hours: Int) -> Int { max(0, hours - policy.hoursTolerance) }

  mutating func impossible(
    _ code: String, file: String = "", line: Int = 0, column: String? = nil, value: String? = nil,
    _ problem: Wording, mend suggestion: Wording
  ) {
    tell(
      .impossible, code, file: file, line: line, column: column, value: value, problem, suggestion)
  }

  mutating func warning(
    _ code: String, file: String = "", line: Int = 0, column: String? = nil, value: String? = nil,
    _ problem: Wording, mend suggestion: Wording
  ) {
    tell(.warning, code, file: file, line: line, column: column, value: value, problem, suggestion)
  }

  private mutating func tell(
    _ severity: Diagnostic.Severity, _ code: String, file: String, line: Int, column: String?,
    value: String?, _ problem: Wording, _ suggestion: Wording
  ) {
    findings.append(
      Diagnostic(
        severity, code: code, file: file, line: line > 0 ? line : nil, column: column,
        value: value, wording: problem, remedy: suggestion))
  }

  /// A number without a needless fraction.
  func shown(_ number: Double) -> String { Hours(rounding: number).description }

  /// The most hours in classes that one person can have in the term: in each week and day the
  /// free slots, but no more than the day's limit.
  func hoursOfTerm(_ subject: AvailabilitySubject?, dayLimit: Int) -> Int {
    hoursOfTerm(subject.map { [$0] } ?? [], dayLimit: dayLimit)
  }

  /// Hours of the term in which all of some are free, at most so many of a day.
  func hoursOfTerm(_ subjects: [AvailabilitySubject], dayLimit: Int) -> Int {
    var sum = 0
    for day in institution.days.indices {
      for week in 0..<institution.term.weeks {
        let free = subjects.reduce(calendar.free(nil, day: day, week: week)) {
          $0 & calendar.free($1, day: day, week: week)
        }
        sum += min(dayLimit, free.nonzeroBitCount)
      }
    }
    return sum
  }
}

/// The slots that `availability.csv` leaves to each teacher, room and group.
struct FreeTime {
  private let weeks: Int
  private let all: UInt64
  /// Forbidden slots by day × weeks + week, bit 0 for slot 1.
  private var forbidden: [AvailabilitySubject: [UInt64]] = [:]

  init(_ institution: Institution) {
    weeks = institution.term.weeks
    let slots = institution.regime.slots
    all = slots >= 64 ? .max : (1 << UInt64(slots)) - 1
    for row in institution.availability where row.level == .forbidden {
      var mask: UInt64 = 0
      for slot in 0..<min(slots, 64) where row.from <= slot + 1 && slot + 1 <= row.to {
        mask |= 1 << UInt64(slot)
      }
      for (day, name) in institution.days.enumerated() where row.day == nil || row.day == name {
        for week in 0..<weeks where row.weeks.holds(week: week) {
          forbidden[
            row.subject, default: [UInt64](repeating: 0, count: institution.days.count * weeks)
          ][day * weeks + week] |= mask
        }
      }
    }
  }

  /// Free slots of a day and week; nil is somebody without a forbidden time.
  func free(_ subject: AvailabilitySubject?, day: Int, week: Int) -> UInt64 {
    guard let subject, let mask = forbidden[subject] else { return all }
    return all & ~mask[day * weeks + week]
  }
}

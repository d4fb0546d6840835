// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// A rule of the calendar, of `held.csv` or of the attendance journal. The raw value is the
/// finding's code.
public enum RegisterRule: String, CaseIterable, Sendable {
  /// Hours that fall out of a section find a date on which they are made up.
  case notMadeUp = "calendar.notMadeUp"
  /// The periods of control are in the order midterm 1, midterm 2, final control.
  case periodOrder = "calendar.periodOrder"
  /// Midterm control lies in the weeks of the term.
  case midtermOutside = "calendar.midtermOutside"
  /// No classes are held in the final control.
  case classInFinalControl = "calendar.classInFinalControl"
  /// An online class has no more students than the platform takes.
  case platformCapacity = "calendar.platformCapacity"

  /// A row of `held.csv` names a section of the plan.
  case heldSection = "held.unknownSection"
  /// The section meets on the date of the row.
  case heldNoMeeting = "held.noMeeting"
  /// Where a section meets more than once on a date, the row says which.
  case heldAmbiguous = "held.ambiguous"
  /// A class has one row.
  case heldRepeated = "held.repeated"
  /// A class that falls out was not held on that date.
  case heldFallenOut = "held.fallenOut"
  /// A class is moved to a date of the term on which classes are held.
  case heldNewDate = "held.newDate"
  /// It lies in the slots of the day.
  case heldGrid = "held.outsideGrid"
  /// The substitute may teach it (L3).
  case heldCompetence = "held.competence"
  /// The teacher holds nothing else then (M3).
  case heldTeacher = "held.teacherClash"
  /// The room is free (M4).
  case heldRoom = "held.roomClash"
  /// The students have nothing else then (M5).
  case heldStudents = "held.studentClash"
  /// The room holds the section (R1).
  case heldCapacity = "held.capacity"
  /// The room suits it by kind and features (R2, R3).
  case heldUnsuitable = "held.unsuitableRoom"
  /// A class in a room has one, a class online has none (R1, R4).
  case heldMode = "held.mode"
  /// Nothing in a closed time of teacher, room or group (T1).
  case heldClosed = "held.closedTime"
  /// There is time to travel from and to the other classes of the date (T2).
  case heldTravel = "held.travel"
  /// The hours of the day stay within the policy (T3).
  case heldDayHours = "held.dayHours"

  /// An entry names a section of the plan.
  case section = "attendance.unknownSection"
  /// An entry's date lies in the term.
  case outsideTerm = "attendance.outsideTerm"
  /// No entry on a day off.
  case dayOff = "attendance.dayOff"
  /// The section meets on the date.
  case noMeeting = "attendance.noMeeting"
  /// The class took place.
  case notHeld = "attendance.notHeld"
  /// The student is in the section.
  case notMember = "attendance.notMember"
  /// Slot and hours lie within the meeting.
  case hours = "attendance.hours"
  /// An hour of a student is entered once.
  case repeated = "attendance.repeated"
  /// There is a journal of every class that was held.
  case missingJournal = "attendance.missingJournal"
  /// The journal has entries of presence, so that a missing journal can be told.
  case onlyAbsences = "attendance.onlyAbsences"
  /// Unexcused hours reach the warning.
  case warning = "attendance.warning"
  /// Unexcused hours reach the limit.
  case limit = "attendance.limit"
  /// A teacher's classes are held as the load has them.
  case teacherHours = "attendance.teacherHours"

  /// The section of the academic policy that it comes from, as POLICY.md part 1 cites it.
  public var policy: String {
    switch self {
    case .notMadeUp, .heldNoMeeting, .heldAmbiguous, .heldRepeated, .heldSection, .noMeeting,
      .notHeld, .section, .hours, .repeated, .teacherHours:
      "2.3"
    case .periodOrder, .midtermOutside, .classInFinalControl, .heldFallenOut, .heldNewDate,
      .dayOff, .outsideTerm:
      "1.2.4"
    case .platformCapacity: "8.1"
    case .heldCompetence: "2.2"
    case .heldGrid, .heldTeacher, .heldRoom, .heldStudents, .heldCapacity, .heldUnsuitable,
      .heldMode, .heldClosed, .heldTravel, .heldDayHours:
      "2.3"
    case .notMember: "1.2.15"
    case .missingJournal, .onlyAbsences: "2.3"
    case .warning, .limit: "2.3, 6.2"
    }
  }
}

/// Something that the calendar, `held.csv` or the journal does not keep: rule, who and what, the
/// numbers on both sides, and what would mend it.
public struct RegisterFinding: Hashable, Sendable {
  /// How grave it is.
  public enum Severity: String, Sendable {
    /// A rule is broken.
    case violation
    /// Something to look at.
    case warning
  }

  /// The rule.
  public var rule: RegisterRule
  /// How grave it is.
  public var severity: Severity
  /// The file, where a row is at fault.
  public var file = ""
  /// The line of the file.
  public var line: Int?
  /// The date.
  public var date: CalendarDate?
  /// The section.
  public var section: SectionID?
  /// The student; the first of ``count``.
  public var student: StudentID?
  /// The teacher.
  public var teacher: TeacherID?
  /// What is wrong.
  public var problem: Wording
  /// The number of the one side.
  public var found = ""
  /// The number of the other side.
  public var required = ""
  /// What would mend it; nil where the problem says it.
  public var remedy: Wording?
  /// How many cases it stands for.
  public var count = 1

  init(_ rule: RegisterRule, _ problem: Wording, _ severity: Severity = .violation) {
    self.rule = rule
    self.severity = severity
    self.problem = problem
  }

  /// Classes of a section that find no place for a make-up.
  public static func notMadeUp(
    _ section: SectionID, _ lost: [Occurrence], after: CalendarDate?
  ) -> RegisterFinding {
    let hours = lost.reduce(0) { $0 + $1.length }
    var finding = RegisterFinding(
      .notMadeUp,
      Wording { language in
        let dates = listed(lost.map(\.date.description), in: language)
        return language.says(
          "\(hours) сағат түседі (\(dates)), "
            + (after.map { "\($0) күнінен кейін " } ?? "")
            + "оқытушы, студенттер және аудитория бос уақыт табылмады",
          "выпадает часов: \(hours) (\(dates)), и "
            + (after.map { "после \($0) " } ?? "")
            + "нет времени, когда свободны преподаватель, студенты и аудитория",
          "\(hours) hours fall out (\(dates)) and find no time "
            + (after.map { "after \($0) " } ?? "")
            + "at which teacher, students and a room are free")
      }, .warning)
    (finding.section, finding.date) = (section, lost.first?.date)
    finding.teacher = lost.first?.teachers.first
    (finding.found, finding.required, finding.count) = ("0", "\(hours)", lost.count)
    finding.remedy = Wording(
      "уақыт босатыңыз, онлайн өткізіңіз немесе басқа оқытушыға беріңіз",
      "освободите время, проведите онлайн или с другим преподавателем",
      "free a time, hold them online, or with another teacher")
    return finding
  }
}

extension RegisterFinding {
  /// `violation: held.csv:3: problem (remedy) [held.roomClash, policy 2.3]`, in a language.
  public func description(in language: Language) -> String {
    let grave =
      severity == .violation
      ? language.says("бұзушылық", "нарушение", "violation")
      : Diagnostic.Severity.warning.word(in: language)
    var place = file.isEmpty ? "" : line.map { "\(file):\($0): " } ?? "\(file): "
    if place.isEmpty, let section {
      place = language.says("секция ", "секция ", "section ") + "\(section): "
    }
    let mend = remedy.map { " (\($0[language]))" } ?? ""
    let source = language.says("саясат", "политика", "policy")
    return "\(grave): \(place)\(problem[language])\(mend) [\(rule.rawValue), \(source) "
      + "\(rule.policy)]"
  }
}

extension RegisterFinding: CustomStringConvertible {
  /// The finding in English.
  public var description: String { description(in: .en) }
}

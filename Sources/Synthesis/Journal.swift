// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// A synthetic attendance journal for a plan, with faults where wanted.
public enum Journal {
  /// Kinds of planted faults, in the order in which they are planted.
  public enum Fault: String, CaseIterable, Sendable {
    /// A date on which the section does not meet, or that is a day off.
    case wrongDate
    /// A student who is not in the section.
    case foreignStudent
    /// An entry twice.
    case repeated
    /// A date after the term.
    case outsideTerm
    /// A class without entries.
    case missingJournal
  }

  /// An entry for every student of every class that is held up to a date, in the order of dates.
  ///
  /// Of 100 students about 84 miss 2 of 100 classes, 12 miss 6 and 4 miss 20; every fourth absence is
  /// excused.
  ///
  /// - Parameters:
  ///   - institution: The institution.
  ///   - plan: A plan with a timetable.
  ///   - until: The last date; nil for the term's end.
  ///   - rows: The most entries; nil for all.
  ///   - faults: How many faults are planted, kind by kind.
  ///   - seed: Chooses everything that is left to chance.
  /// - Returns: The entries, and how many faults of each kind were planted.
  public static func entries(
    of institution: Institution, _ plan: Plan, until: CalendarDate? = nil, rows: Int? = nil,
    faults: Int = 0, seed: UInt64
  ) -> (entries: [AttendanceEntry], planted: [Fault: Int]) {
    var random = SplitMix64(seed: seed, students: institution.students.count, purpose: "journal")
    let calendar = TermCalendar(institution)
    let last = until ?? calendar.end
    var classes = plan.meetings.flatMap { calendar.occurrences(of: $0) }
      .filter { $0.isHeld && $0.date <= last }
      .sorted {
        ($0.date, $0.slot, $0.section, $0.meeting) < ($1.date, $1.slot, $1.section, $1.meeting)
      }
    var planted: [Fault: Int] = [:]
    let kinds = Fault.allCases
    for number in 0..<faults where kinds[number % kinds.count] == .missingJournal {
      guard classes.count > 1 else { break }
      classes.remove(at: random.below(classes.count))
      planted[.missingJournal, default: 0] += 1
    }
    var rates: [StudentID: Int] = [:]
    for student in institution.students {
      let lot = random.below(100)
      rates[student.id] = lot < 84 ? 2 : lot < 96 ? 6 : 20
    }
    var entries: [AttendanceEntry] = []
    let wanted = rows ?? Int.max
    fill: for occurrence in classes {
      for student in plan.sections[occurrence.section]?.students ?? [] {
        if entries.count == wanted { break fill }
        var entry = AttendanceEntry(
          date: occurrence.date, section: occurrence.section, student: student, status: .present,
          slot: occurrence.slot)
        if random.below(100) < rates[student] ?? 0 {
          entry.status = random.below(4) == 0 ? .excused : .unexcused
          if entry.status == .unexcused {
            let reasons = AttendanceEntry.Reason.allCases
            entry.reason = reasons[random.below(reasons.count)]
          }
        }
        entries.append(entry)
      }
    }
    plant(faults, into: &entries, institution, plan, calendar, &planted, &random)
    return (entries, planted)
  }

  private static func plant(
    _ faults: Int, into entries: inout [AttendanceEntry], _ institution: Institution, _ plan: Plan,
    _ calendar: TermCalendar, _ planted: inout [Fault: Int], _ random: inout SplitMix64
  ) {
    guard !entries.isEmpty else { return }
    let kinds = Fault.allCases
    let sound = entries.count
    for number in 0..<faults {
      var entry = entries[random.below(sound)]
      switch kinds[number % kinds.count] {
      case .missingJournal: continue
      case .wrongDate:
        // Sundays are no days of the grid unless one is moved there.
        entry.date = entry.date.adding(days: 6 - entry.date.weekday.rawValue)
        if calendar.classDay(on: entry.date) != nil { continue }
        planted[.wrongDate, default: 0] += 1
      case .foreignStudent:
        let members = Set(plan.sections[entry.section]?.students ?? [])
        guard let other = institution.students.first(where: { !members.contains($0.id) }) else {
          continue
        }
        entry.student = other.id
        planted[.foreignStudent, default: 0] += 1
      case .repeated: planted[.repeated, default: 0] += 1
      case .outsideTerm:
        entry.date = calendar.end.adding(days: 1 + random.below(20))
        planted[.outsideTerm, default: 0] += 1
      }
      entries.append(entry)
    }
  }
}

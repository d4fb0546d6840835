// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// Academic hours of a section up to a date, and of the whole term.
public struct SectionHours: Hashable, Sendable {
  /// The section.
  public var section: SectionID
  /// Hours of the curriculum.
  public var plan: Int
  /// Hours of the meetings by their weeks in the whole term.
  public var scheduled = 0
  /// Hours of the meetings by their weeks up to the date: what should have been held.
  public var due = 0
  /// Hours held up to the date, those made up included.
  public var held = 0
  /// Hours up to the date that fell on days off and are not moved.
  public var lost = 0
  /// Hours up to the date that were not held, as `held.csv` says.
  public var cancelled = 0
  /// Hours that will be held after the date.
  public var toCome = 0
  /// Hours after the date that fall on days off and are not moved.
  public var willFallOut = 0

  /// Hours of the whole term as things stand.
  public var delivered: Int { held + toCome }
  /// Hours of the whole term's timetable that are not held on any date.
  public var fallenOut: Int { scheduled - delivered }
  /// Hours of the curriculum that the whole term does not deliver: max(0, plan − delivered), whether
  /// they fall out or were never in the timetable.
  public var short: Int { max(0, plan - delivered) }
}

/// Hours of the classes of a teacher up to a date: plan and fact.
public struct TeacherHours: Hashable, Sendable {
  /// The teacher; nil for the classes that nobody is assigned to.
  public var teacher: TeacherID?
  /// Class hours of the load in the term.
  public var load = Hours.zero
  /// Hours of the own classes by their weeks up to the date.
  public var due = 0
  /// Hours held by the teacher up to the date.
  public var held = 0
  /// Of these, hours held in place of somebody else.
  public var substituting = 0
  /// Hours of the own classes up to the date that somebody else held.
  public var givenAway = 0
  /// Hours of the own classes up to the date that fell out and are not moved.
  public var fallenOut = 0
  /// Hours held up to the date of which there is no journal.
  public var withoutJournal = 0
  /// Hours that the teacher will hold after the date.
  public var toCome = 0

  /// Hours of the term as things stand less those of the load.
  public var deviation: Hours { Hours(held + toCome) - load }
}

extension DatedPlan {
  /// Hours of each section up to a date, included.
  public func hours(by date: CalendarDate) -> [SectionHours] {
    index.sections.enumerated().map { at, section in
      var result = SectionHours(section: section.row.id, plan: index.facts(of: section).hours)
      for place in bySection[at] {
        let occurrence = occurrences[place]
        let length = occurrence.length
        if !occurrence.isReplacement {
          result.scheduled += length
          if occurrence.natural <= date { result.due += length }
        }
        let isPast = occurrence.date <= date
        switch occurrence.fate {
        case .planned, .moved:
          if isPast { result.held += length } else { result.toCome += length }
        case .holiday, .displaced:
          if isPast { result.lost += length } else { result.willFallOut += length }
        case .cancelled:
          if isPast { result.cancelled += length } else { result.willFallOut += length }
        case .movedAway: break
        }
      }
      return result
    }
  }

  /// Hours of each teacher's classes up to a date, included, in the order of the teachers; last the
  /// classes that nobody is assigned to.
  ///
  /// - Parameters:
  ///   - date: The date.
  ///   - hasJournal: Whether there is a journal of an occurrence, by its place in ``occurrences``.
  /// - Returns: Each teacher, and the vacant classes where there are some.
  public func teacherHours(
    by date: CalendarDate, hasJournal: (Int) -> Bool = { _ in true }
  ) -> [TeacherHours] {
    var result = institution.teachers.map { TeacherHours(teacher: $0.id) }
    result.append(TeacherHours(teacher: nil))
    let vacant = result.count - 1
    for share in index.shares where index.tasks[share.task].row.work.teachingKind != nil {
      result[share.teacher ?? vacant].load += share.hours
    }
    for (place, occurrence) in occurrences.enumerated() {
      let own = index.sections[sectionAt[place]].teachers
      let owners = own.isEmpty ? [vacant] : own
      let length = occurrence.length
      let isPast = occurrence.date <= date
      if !occurrence.isReplacement, occurrence.natural <= date {
        for teacher in owners { result[teacher].due += length }
      }
      if occurrence.isHeld {
        let holders = occurrence.teachers.compactMap { institution.teachers.position(of: $0) }
        for teacher in holders.isEmpty ? [vacant] : holders {
          guard isPast else {
            result[teacher].toCome += length
            continue
          }
          result[teacher].held += length
          if occurrence.isSubstituted { result[teacher].substituting += length }
          if !hasJournal(place) { result[teacher].withoutJournal += length }
        }
        if isPast && occurrence.isSubstituted {
          for teacher in owners where !holders.contains(teacher) {
            result[teacher].givenAway += length
          }
        }
      } else if isPast && occurrence.fate != .movedAway {
        for teacher in owners { result[teacher].fallenOut += length }
      }
    }
    return result.filter { $0.teacher != nil || $0.due > 0 || $0.load > .zero }
  }

  /// What the calendar does not keep: periods of control, classes in the final control, online
  /// classes beyond the platform's capacity.
  public func calendarFindings() -> [RegisterFinding] {
    var result: [RegisterFinding] = []
    let dates = Dictionary(
      uniqueKeysWithValues: ControlPeriod.allCases.map { ($0, institution.dates(of: $0)) })
    for (earlier, later) in zip(ControlPeriod.allCases, ControlPeriod.allCases.dropFirst()) {
      guard let first = dates[earlier], let second = dates[later],
        first.upperBound >= second.lowerBound
      else { continue }
      var finding = RegisterFinding(
        .periodOrder,
        Wording {
          let (earlier, later) = (earlier.name(in: $0), later.name(in: $0))
          return $0.says(
            "\(earlier) \(first.upperBound) күні аяқталады, ал \(later) \(second.lowerBound) күні "
              + "басталады",
            "\(earlier) кончается \(first.upperBound), а \(later) начинается уже "
              + "\(second.lowerBound)",
            "\(earlier) ends on \(first.upperBound), not before \(later) begins on "
              + "\(second.lowerBound)")
        })
      finding.file = "instance.yaml"
      (finding.found, finding.required) = (
        first.upperBound.description, "< \(second.lowerBound)"
      )
      finding.remedy = Wording(
        "periods.\(earlier.rawValue) немесе periods.\(later.rawValue) мәнін түзетіңіз",
        "исправьте periods.\(earlier.rawValue) или periods.\(later.rawValue)",
        "mend periods.\(earlier.rawValue) or periods.\(later.rawValue)")
      result.append(finding)
    }
    for period in [ControlPeriod.firstMidterm, .secondMidterm] {
      guard let range = dates[period],
        range.lowerBound < calendar.start || range.upperBound > calendar.end
      else { continue }
      var finding = RegisterFinding(
        .midtermOutside,
        Wording {
          let period = period.name(in: $0)
          return $0.says(
            "\(period) (\(range.lowerBound)–\(range.upperBound)) семестр апталарынан "
              + "(\(calendar.start)–\(calendar.end)) шығып тұр",
            "\(period) (\(range.lowerBound)–\(range.upperBound)) выходит за недели семестра "
              + "(\(calendar.start)–\(calendar.end))",
            "\(period), \(range.lowerBound) to \(range.upperBound), leaves the weeks of the term, "
              + "\(calendar.start) to \(calendar.end)")
        })
      (finding.found, finding.required) = (
        "\(range.lowerBound)–\(range.upperBound)", "\(calendar.start)–\(calendar.end)"
      )
      finding.file = "instance.yaml"
      finding.remedy = Wording(
        "periods.\(period.rawValue) мәнін түзетіңіз", "исправьте periods.\(period.rawValue)",
        "mend periods.\(period.rawValue)")
      result.append(finding)
    }
    if let exams = dates[.finalControl] { result += classes(in: exams) }
    return result + overCapacity()
  }

  private func classes(in exams: ClosedRange<CalendarDate>) -> [RegisterFinding] {
    bySection.enumerated().compactMap { at, places in
      let inside = places.map { occurrences[$0] }.filter { $0.isHeld && exams.contains($0.date) }
      guard let first = inside.first else { return nil }
      var finding = RegisterFinding(
        .classInFinalControl,
        Wording(
          "\(inside.count) сабақ қорытынды бақылау кезінде "
            + "(\(exams.lowerBound)–\(exams.upperBound)), біріншісі \(first.date)",
          "занятий во время итогового контроля (\(exams.lowerBound)–\(exams.upperBound)): "
            + "\(inside.count), первое \(first.date)",
          "\(inside.count) classes lie in the final control, \(exams.lowerBound) to "
            + "\(exams.upperBound), the first on \(first.date)"))
      (finding.section, finding.date) = (index.sections[at].row.id, first.date)
      finding.count = inside.count
      (finding.found, finding.required) = ("\(inside.count)", "0")
      finding.remedy = Wording(
        "сабақтарды ауыстырыңыз немесе periods.final мәнін түзетіңіз",
        "перенесите занятия или исправьте periods.final",
        "move the classes, or mend periods.final")
      return finding
    }
  }

  private func overCapacity() -> [RegisterFinding] {
    guard let capacity = institution.policy.platformCapacity else { return [] }
    return index.sections.compactMap { section in
      let isOnline = section.meetings.contains { index.meetings[$0].isOnline }
      guard isOnline, section.students.count > capacity else { return nil }
      let parts = (section.students.count + capacity - 1) / capacity
      var finding = RegisterFinding(
        .platformCapacity,
        Wording(
          "онлайн \(section.students.count) студент, платформаға \(capacity) сыяды",
          "онлайн студентов: \(section.students.count), платформа вмещает \(capacity)",
          "\(section.students.count) students online, the platform takes \(capacity)"))
      finding.section = section.row.id
      (finding.found, finding.required) = ("\(section.students.count)", "\(capacity)")
      finding.remedy = Wording(
        "ағынды \(parts) бөлікке бөліңіз немесе policy.platform_capacity мәнін көтеріңіз",
        "разделите поток на части: \(parts), или поднимите policy.platform_capacity",
        "divide the stream into \(parts), or raise policy.platform_capacity")
      return finding
    }
  }
}

extension ControlPeriod {
  /// Its name within a sentence.
  fileprivate func name(in language: Language) -> String {
    switch self {
    case .firstMidterm:
      language.says("аралық бақылау 1", "рубежный контроль 1", "midterm control 1")
    case .secondMidterm:
      language.says("аралық бақылау 2", "рубежный контроль 2", "midterm control 2")
    case .finalControl:
      language.says("қорытынды бақылау", "итоговый контроль", "the final control")
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// The attendance of a student up to a date.
public struct StudentAttendance: Hashable, Sendable {
  /// The student.
  public var student: StudentID
  /// Unexcused academic hours, whatever the reason.
  public var unexcused = 0
  /// Of these, hours by reason; those without a reason count as `journal`.
  public var reasons: [AttendanceEntry.Reason: Int] = [:]
  /// Excused academic hours.
  public var excused = 0
  /// Hours of the student's classes that were held.
  public var held = 0
  /// Hours of the student's classes that are still to come.
  public var toCome = 0
  /// The date on which the unexcused hours reached the warning.
  public var warned: CalendarDate?
  /// The date on which they reached the limit.
  public var crossed: CalendarDate?
  /// Unexcused hours at the term's end at the present rate: unexcused × (1 + to come ÷ held).
  public var forecast = 0.0
  /// The date on which the limit will be reached at that rate; nil where it was, or will not be.
  public var forecastDate: CalendarDate?
}

/// The attendance journal against the plan.
///
/// An entry without `hours` covers its meeting from `slot`, or from its start, to its end. An entry
/// that breaks a rule counts for nothing.
///
/// Source: POLICY.md 1D (policy 2.3, 6.2, 8.3).
public struct AttendanceAudit: Sendable {
  /// The date up to which hours are counted, included.
  public let date: CalendarDate
  /// What is wrong; `held.csv` and the calendar aside.
  public private(set) var findings: [RegisterFinding] = []
  /// Students with absences, in the order of the students.
  public private(set) var students: [StudentAttendance] = []
  /// Plan and fact of each teacher.
  public private(set) var teachers: [TeacherHours] = []
  /// Entries that count.
  public private(set) var counted = 0

  private let dated: DatedPlan
  private var grouped: [Grouped: Int] = [:]
  private var hasJournal: [Bool]

  private struct Grouped: Hashable {
    let rule: RegisterRule
    let section: SectionID
    let date: CalendarDate
  }

  /// Audits the journal of the institution.
  ///
  /// - Parameters:
  ///   - dated: The plan on its dates.
  ///   - date: The date up to which hours are counted; nil for the last date of which a tenth of the
  ///     classes have entries, so that one wrong date does not count, and for the end of the term
  ///     where there is none.
  ///
  /// Complexity: linear in the entries and the occurrences.
  public init(_ dated: DatedPlan, date: CalendarDate? = nil) {
    self.dated = dated
    let journal = dated.institution.attendance
    self.date = date ?? Self.lastDate(of: journal, dated) ?? dated.calendar.end
    hasJournal = Array(repeating: false, count: dated.occurrences.count)
    let absences = readJournal(journal)
    judgeStudents(absences)
    judgeMissingJournals(journal)
    let marks = hasJournal
    teachers = dated.teacherHours(by: self.date) { marks[$0] }
  }

  /// The last date of which a tenth of the classes held have entries.
  private static func lastDate(
    of journal: [AttendanceEntry], _ dated: DatedPlan
  ) -> CalendarDate? {
    var sections: [CalendarDate: Set<SectionID>] = [:]
    var last: AttendanceEntry?
    for entry in journal {
      if let last, last.date == entry.date, last.section == entry.section { continue }
      last = entry
      sections[entry.date, default: []].insert(entry.section)
    }
    return sections.filter { date, entered in
      let held = Set((dated.heldByDate[date.dayNumber] ?? []).map { dated.occurrences[$0].section })
      return !held.isEmpty && 10 * entered.intersection(held).count >= held.count
    }.keys.max()
  }

  // MARK: - Entries

  /// An absence that counts.
  private struct Absence {
    let date: CalendarDate
    let hours: Int
    let isExcused: Bool
    let reason: AttendanceEntry.Reason
  }

  /// Places of one section on one date.
  private struct Visit {
    var held: [Int] = []
    var others: [Int] = []
  }

  private mutating func readJournal(_ journal: [AttendanceEntry]) -> [[Absence]] {
    let institution = dated.institution
    let sections = dated.index.sections
    let students = institution.students.count
    var rank: [Int: Int] = [:]
    for (at, section) in sections.enumerated() {
      for (number, student) in section.students.enumerated() {
        rank[at * students + student] = number
      }
    }
    var base: [Int] = []
    var total = 0
    for at in dated.sectionAt {
      base.append(total)
      total += sections[at].students.count
    }
    var covered = [UInt64](repeating: 0, count: total)
    var absences = Array(repeating: [Absence](), count: students)
    var visits: [Int: Visit] = [:]
    let start = dated.calendar.start.dayNumber
    for (place, at) in dated.sectionAt.enumerated() {
      let occurrence = dated.occurrences[place]
      let key = at * 1000 + occurrence.date.dayNumber - start
      if occurrence.isHeld {
        visits[key, default: Visit()].held.append(place)
      } else {
        visits[key, default: Visit()].others.append(place)
      }
    }
    var lastSection: (id: SectionID, at: Int)?
    for entry in journal {
      let at: Int
      if let last = lastSection, last.id == entry.section {
        at = last.at
      } else if let found = dated.index.sectionAt[entry.section] {
        at = found
        lastSection = (entry.section, found)
      } else {
        group(
          .section, entry,
          Wording(
            "жоспарда \(entry.section) секциясы жоқ", "в плане нет секции \(entry.section)",
            "there is no section \(entry.section) in the plan"),
          Wording(
            "секцияның белгісін sections.csv файлындағыдай жазыңыз",
            "напишите обозначение секции как в sections.csv",
            "write the section's identifier as sections.csv has it"))
        continue
      }
      guard dated.calendar.contains(entry.date) else {
        group(
          .outsideTerm, entry,
          Wording(
            "\(entry.date) семестрден (\(dated.calendar.start)–\(dated.calendar.end)) тыс",
            "\(entry.date) вне семестра (\(dated.calendar.start)–\(dated.calendar.end))",
            "\(entry.date) is outside the term, \(dated.calendar.start) to "
              + "\(dated.calendar.end)"),
          Wording("күнін түзетіңіз", "исправьте дату", "mend the date"))
        continue
      }
      let visit = visits[at * 1000 + entry.date.dayNumber - start]
      guard let visit, !visit.held.isEmpty else {
        noteNoClass(entry, at, visit)
        continue
      }
      guard let student = institution.students.position(of: entry.student),
        let number = rank[at * students + student]
      else {
        noteNotMember(entry)
        continue
      }
      for place in visit.held { markJournal(place, entry) }
      guard let place = choose(entry, visit.held, { covered[base[$0] + number] }),
        let slots = slots(of: entry, at: place)
      else { continue }
      let cell = base[place] + number
      if covered[cell] & slots != 0 {
        let finding = finding(
          .repeated, entry,
          Wording(
            "\(entry.student) студенті \(entry.date) күні \(entry.section) секциясы бойынша енгізілген",
            "студент \(entry.student) уже внесён по секции \(entry.section) за \(entry.date)",
            "student \(entry.student) is already entered for section \(entry.section) on "
              + "\(entry.date)"),
          Wording("бір жазбаны қалдырыңыз", "оставьте одну запись", "keep one entry"))
        findings.append(finding)
        continue
      }
      covered[cell] |= slots
      counted += 1
      if entry.status != .present && entry.date <= date {
        absences[student].append(
          Absence(
            date: entry.date, hours: slots.nonzeroBitCount, isExcused: entry.status == .excused,
            reason: entry.reason ?? .journal))
      }
    }
    return absences
  }

  /// An entry speaks for the meeting of its slot, or for all of the section on the date.
  private mutating func markJournal(_ place: Int, _ entry: AttendanceEntry) {
    let occurrence = dated.occurrences[place]
    if let slot = entry.slot,
      !(occurrence.slot..<occurrence.slot + occurrence.length).contains(slot)
    {
      return
    }
    hasJournal[place] = true
  }

  /// The meeting that an entry is of: the one with its slot, else the first that the student has
  /// no entry of yet.
  private mutating func choose(
    _ entry: AttendanceEntry, _ held: [Int], _ covered: (Int) -> UInt64
  ) -> Int? {
    guard let slot = entry.slot else {
      return held.first { covered($0) == 0 } ?? held.first
    }
    if let place = held.first(where: {
      let occurrence = dated.occurrences[$0]
      return (occurrence.slot..<occurrence.slot + occurrence.length).contains(slot)
    }) {
      return place
    }
    let times = held.map { place in
      let occurrence = dated.occurrences[place]
      return "\(occurrence.slot)–\(occurrence.slot + occurrence.length - 1)"
    }
    var finding = finding(
      .hours, entry,
      Wording(
        "\(entry.section) секциясының \(entry.date) күні \(slot)-сағатта сабағы жоқ",
        "у секции \(entry.section) \(entry.date) нет занятия в час \(slot)",
        "section \(entry.section) does not meet in slot \(slot) on \(entry.date)"),
      Wording { language in
        let listed = times.joined(separator: ", ")
        return language.says(
          "сабағы мына сағаттарда: \(listed)", "занятие в часы: \(listed)",
          "it meets in slots \(listed)")
      })
    (finding.found, finding.required) = ("\(slot)", times.joined(separator: ", "))
    findings.append(finding)
    return nil
  }

  /// The slots that an entry covers.
  private mutating func slots(of entry: AttendanceEntry, at place: Int) -> UInt64? {
    let occurrence = dated.occurrences[place]
    let first = entry.slot ?? occurrence.slot
    let left = occurrence.slot + occurrence.length - first
    let hours = entry.hours ?? left
    guard hours <= left, hours > 0 else {
      var finding = finding(
        .hours, entry,
        Wording(
          "\(left) сағаттық сабаққа \(hours) сағат енгізілген",
          "внесено часов: \(hours), а занятие длится \(left)",
          "\(hours) hours are entered of a class of \(left)"),
        Wording(
          "1–\(left) сағат енгізіңіз", "внесите от 1 до \(left) ч",
          "enter at least 1 and at most \(left) hours"))
      (finding.found, finding.required) = ("\(hours)", "1–\(left)")
      findings.append(finding)
      return nil
    }
    return dated.index.grid.mask(from: first, to: first + hours - 1)
  }

  private mutating func noteNoClass(_ entry: AttendanceEntry, _ at: Int, _ visit: Visit?) {
    let other = visit?.others.first.map { dated.occurrences[$0] }
    switch other?.fate {
    case .cancelled:
      group(
        .notHeld, entry,
        Wording(
          "\(entry.date) күнгі сабақ held.csv бойынша өтпеген",
          "занятие \(entry.date) отменено в held.csv",
          "the class of \(entry.date) was cancelled by held.csv"),
        Wording(
          "held.csv файлын түзетіңіз немесе жазбаларды алып тастаңыз",
          "исправьте held.csv или уберите записи", "mend held.csv, or take the entries out"))
    case .movedAway:
      let to = dated.bySection[at].map { dated.occurrences[$0] }
        .first { $0.isReplacement && $0.natural == other?.natural }?.date
      group(
        .notHeld, entry,
        Wording(
          "\(entry.date) күнгі сабақ held.csv бойынша "
            + (to.map { "\($0) күніне " } ?? "") + "ауыстырылған",
          "занятие \(entry.date) перенесено в held.csv" + (to.map { " на \($0)" } ?? ""),
          "the class of \(entry.date) was moved" + (to.map { " to \($0)" } ?? "")
            + " by held.csv"),
        Wording(
          "сабақ өткен күнді жазыңыз", "напишите дату, когда оно прошло",
          "write the date on which it was held"))
    default:
      if dated.calendar.classDay(on: entry.date) == nil {
        let isHoliday = dated.calendar.isHoliday(entry.date)
        group(
          .dayOff, entry,
          Wording(
            "\(entry.date) – " + (isHoliday ? "мереке" : "сабақ жоқ күн"),
            "\(entry.date) – " + (isHoliday ? "праздник" : "день без занятий"),
            "\(entry.date) is " + (isHoliday ? "a holiday" : "a day without classes")),
          Wording(
            "сабақ өткен күнді, ал ауыстырылған сабақты held.csv файлына жазыңыз",
            "напишите дату, когда занятие прошло, а перенос – в held.csv",
            "write the date on which the class was held, and the moved class in held.csv"))
      } else {
        let dates = dated.bySection[at].map { dated.occurrences[$0] }.filter(\.isHeld).map(\.date)
        let nearest = dates.min { entry.date.isNearer($0, $1) }
        group(
          .noMeeting, entry,
          Wording {
            let day = entry.date.weekday.word(in: $0)
            return $0.says(
              "\(entry.section) секциясының \(entry.date) (\(day)) күні сабағы жоқ",
              "у секции \(entry.section) нет занятия \(entry.date) (\(day))",
              "section \(entry.section) does not meet on \(entry.date), a \(entry.date.weekday)")
          },
          nearest.map {
            Wording(
              "ең жақын күні \($0)", "ближайшая дата \($0)", "the nearest date is \($0)")
          }
            ?? Wording(
              "секцияның сабағы жоқ", "у секции нет занятий", "the section has no meetings"))
      }
    }
  }

  private mutating func noteNotMember(_ entry: AttendanceEntry) {
    let institution = dated.institution
    let discipline = dated.plan.sections[entry.section]
    let own = institution.students.position(of: entry.student).flatMap { student in
      dated.sectionsOfStudent[student].map { dated.index.sections[$0].row }.first {
        $0.discipline == discipline?.discipline && $0.kind == discipline?.kind
      }
    }
    let finding = finding(
      .notMember, entry,
      Wording(
        "\(entry.student) студенті \(entry.section) секциясында жоқ",
        "студента \(entry.student) нет в секции \(entry.section)",
        "student \(entry.student) is not in section \(entry.section)"),
      own.map {
        Wording(
          "студент \($0.id) секциясында", "студент в секции \($0.id)",
          "the student is in section \($0.id)")
      }
        ?? Wording {
          let name = discipline?.discipline.text ?? ""
          return $0.says(
            "студент \(name) пәніне жазылмаған", "студент не записан на \(name)",
            "the student is not enrolled in \(name)")
        })
    findings.append(finding)
  }

  private func finding(
    _ rule: RegisterRule, _ entry: AttendanceEntry, _ problem: Wording, _ remedy: Wording
  ) -> RegisterFinding {
    var finding = RegisterFinding(rule, problem)
    finding.student = entry.student
    finding.file = "attendance.csv"
    finding.line = entry.line > 0 ? entry.line : nil
    (finding.date, finding.section, finding.remedy) = (entry.date, entry.section, remedy)
    return finding
  }

  /// One finding for all entries of a section and date.
  private mutating func group(
    _ rule: RegisterRule, _ entry: AttendanceEntry, _ problem: Wording, _ remedy: Wording
  ) {
    let key = Grouped(rule: rule, section: entry.section, date: entry.date)
    if let at = grouped[key] {
      findings[at].count += 1
      return
    }
    grouped[key] = findings.count
    findings.append(finding(rule, entry, problem, remedy))
  }

  // MARK: - Students

  private mutating func judgeStudents(_ absences: [[Absence]]) {
    let institution = dated.institution
    let policy = institution.policy
    var held = [Int](repeating: 0, count: dated.index.sections.count)
    var toCome = held
    for (place, occurrence) in dated.occurrences.enumerated() where occurrence.isHeld {
      if occurrence.date <= date {
        held[dated.sectionAt[place]] += occurrence.length
      } else {
        toCome[dated.sectionAt[place]] += occurrence.length
      }
    }
    for (at, missed) in absences.enumerated() where !missed.isEmpty {
      let student = institution.students[at].id
      var result = StudentAttendance(student: student)
      for absence in missed.sorted(by: { $0.date < $1.date }) {
        if absence.isExcused {
          result.excused += absence.hours
          continue
        }
        result.unexcused += absence.hours
        result.reasons[absence.reason, default: 0] += absence.hours
        if result.warned == nil, result.unexcused >= policy.unexcusedHoursWarning {
          result.warned = absence.date
        }
        if result.crossed == nil, result.unexcused >= policy.unexcusedHoursLimit {
          result.crossed = absence.date
        }
      }
      let sections = dated.sectionsOfStudent[at]
      result.held = sections.reduce(0) { $0 + held[$1] }
      result.toCome = sections.reduce(0) { $0 + toCome[$1] }
      let rate = result.held > 0 ? Double(result.unexcused) / Double(result.held) : 0
      result.forecast = Double(result.unexcused) + rate * Double(result.toCome)
      if result.crossed == nil, result.forecast >= Double(policy.unexcusedHoursLimit) {
        result.forecastDate = dateOfLimit(sections, Double(result.unexcused), rate)
      }
      note(result)
      students.append(result)
    }
  }

  /// The date on which the unexcused hours reach the limit at a rate by hour held.
  private func dateOfLimit(_ sections: [Int], _ unexcused: Double, _ rate: Double) -> CalendarDate?
  {
    let future = sections.flatMap { dated.bySection[$0] }.map { dated.occurrences[$0] }
      .filter { $0.isHeld && $0.date > date }
      .sorted { ($0.date, $0.slot) < ($1.date, $1.slot) }
    var hours = unexcused
    for occurrence in future {
      hours += rate * Double(occurrence.length)
      if hours + 1e-9 >= Double(dated.institution.policy.unexcusedHoursLimit) {
        return occurrence.date
      }
    }
    return nil
  }

  private mutating func note(_ result: StudentAttendance) {
    let policy = dated.institution.policy
    if let date = result.crossed {
      var finding = RegisterFinding(
        .limit,
        Wording(
          "\(result.student) студентінің себепсіз \(result.unexcused) сағаты бар, шек "
            + "\(policy.unexcusedHoursLimit), оған \(date) күні жетті",
          "у студента \(result.student) часов без причины: \(result.unexcused), предел "
            + "\(policy.unexcusedHoursLimit) достигнут \(date)",
          "student \(result.student) has \(result.unexcused) unexcused hours, the limit is "
            + "\(policy.unexcusedHoursLimit), reached on \(date)"))
      (finding.student, finding.date) = (result.student, date)
      (finding.found, finding.required) = (
        "\(result.unexcused)", "< \(policy.unexcusedHoursLimit)"
      )
      finding.remedy = Wording(
        "сағаттарды құжатпен себепті етіңіз немесе шығару туралы шешіңіз (саясат 6.2)",
        "зачтите часы по документам как уважительные или решите об отчислении (политика 6.2)",
        "excuse hours with documents, or decide on expulsion (policy 6.2)")
      findings.append(finding)
    } else if let date = result.warned {
      var finding = RegisterFinding(
        .warning,
        Wording(
          "\(result.student) студентінің себепсіз сағаттары \(result.unexcused) / "
            + "\(policy.unexcusedHoursLimit); \(policy.unexcusedHoursWarning) сағаттық ескертуге "
            + "\(date) күні жетті",
          "у студента \(result.student) часов без причины: \(result.unexcused) из "
            + "\(policy.unexcusedHoursLimit); предупреждение (\(policy.unexcusedHoursWarning) ч) "
            + "достигнуто \(date)",
          "student \(result.student) has \(result.unexcused) unexcused hours of "
            + "\(policy.unexcusedHoursLimit); the warning at \(policy.unexcusedHoursWarning) was "
            + "reached on \(date)"), .warning)
      (finding.student, finding.date) = (result.student, date)
      (finding.found, finding.required) = (
        "\(result.unexcused)", "< \(policy.unexcusedHoursWarning)"
      )
      finding.remedy =
        result.forecastDate.map {
          Wording(
            "осы қарқынмен шекке \($0) күні жетеді", "при нынешнем темпе предел наступит \($0)",
            "at the present rate the limit comes on \($0)")
        } ?? Wording("студентке ескертіңіз", "предупредите студента", "warn the student")
      findings.append(finding)
    }
  }

  // MARK: - Journals

  private mutating func judgeMissingJournals(_ journal: [AttendanceEntry]) {
    guard journal.contains(where: { $0.status == .present }) else {
      if journal.isEmpty { return }
      var finding = RegisterFinding(
        .onlyAbsences,
        Wording(
          "қатысу туралы жазба жоқ, сондықтан журналдың жоқтығын толық қатысудан айыру мүмкін емес",
          "нет записей о присутствии, поэтому пропавший журнал не отличить от полной явки",
          "no entry is of presence, so a missing journal cannot be told from full attendance"),
        .warning)
      finding.file = "attendance.csv"
      finding.remedy = Wording(
        "қатысқандарды да енгізіңіз", "вносите и присутствующих", "enter those present as well")
      findings.append(finding)
      hasJournal = Array(repeating: true, count: hasJournal.count)
      return
    }
    for (at, places) in dated.bySection.enumerated() {
      let section = dated.index.sections[at]
      let missing = places.filter {
        dated.occurrences[$0].isHeld && dated.occurrences[$0].date <= date && !hasJournal[$0]
      }
      guard let first = missing.first, !section.students.isEmpty else { continue }
      let due = places.count { dated.occurrences[$0].isHeld && dated.occurrences[$0].date <= date }
      let dates = missing.map { dated.occurrences[$0].date.description }
      var finding = RegisterFinding(
        .missingJournal,
        Wording {
          $0.says(
            "\(due) сабақтың \(missing.count) журналы жоқ: \(listed(dates, in: $0))",
            "нет журнала занятий: \(missing.count) из \(due): \(listed(dates, in: $0))",
            "no journal of \(missing.count) of \(due) classes: \(listed(dates, in: $0))")
        })
      (finding.section, finding.date) = (section.row.id, dated.occurrences[first].date)
      finding.teacher = dated.occurrences[first].teachers.first
      finding.count = missing.count
      (finding.found, finding.required) = ("\(due - missing.count)", "\(due)")
      finding.remedy = Wording(
        "журналды немесе held.csv файлына өтпеген сабақтарды енгізіңіз",
        "внесите журнал или отменённые занятия в held.csv",
        "enter the journal, or cancelled classes in held.csv")
      findings.append(finding)
    }
  }
}

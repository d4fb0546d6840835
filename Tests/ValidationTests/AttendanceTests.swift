// SPDX-License-Identifier: GPL-3.0-or-later
import Testing
import University

@testable import Validation

/// What is wrong and what mends it are told in the three languages, each in its own words.
func expectOwnWords(_ finding: RegisterFinding) {
  for text in [finding.problem, finding.remedy].compactMap({ $0 }) {
    #expect(Set(Language.allCases.map { text[$0] }).count == Language.allCases.count)
    for language in [Language.kk, .ru] {
      let isCyrillic = text[language].unicodeScalars.contains { (0x400...0x4FF).contains($0.value) }
      #expect(isCyrillic, "\(text[language])")
    }
  }
}

private func entry(
  _ date: String, _ section: SectionID, _ student: StudentID,
  _ status: AttendanceEntry.Status = .present, slot: Int? = nil, hours: Int? = nil,
  reason: AttendanceEntry.Reason? = nil
) -> AttendanceEntry {
  AttendanceEntry(
    date: Micro.date(date), section: section, student: student, status: status, slot: slot,
    hours: hours, reason: reason)
}

/// A journal with one entry of every class up to 2023-09-05.
private let journal = [
  entry("2023-09-04", "L1", "a1"), entry("2023-09-04", "P1", "a1"),
  entry("2023-09-04", "P2", "b1"), entry("2023-09-05", "B1", "a1"),
  entry("2023-09-05", "B2", "a3"), entry("2023-09-05", "O1", "b1"),
]

private func audit(
  _ entries: [AttendanceEntry], _ date: String = "2023-09-05",
  _ change: (inout Institution) -> Void = { _ in }
) -> AttendanceAudit {
  var institution = Micro.institution()
  institution.policy.studentMaxHoursPerDay = 8
  institution.attendance = entries
  change(&institution)
  return AttendanceAudit(DatedPlan(institution, Micro.plan()), date: Micro.date(date))
}

@Suite struct AttendanceTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let rules: Set<RegisterRule>
    let entries: [AttendanceEntry]
    var held: [HeldRecord] = []
    var testDescription: String { name }
  }

  static let cases = [
    Case(name: "a sound entry", rules: [], entries: [entry("2023-09-04", "L1", "a2")]),
    Case(
      name: "an unknown section", rules: [.section], entries: [entry("2023-09-04", "ZZ", "a2")]),
    Case(
      name: "a date outside the term", rules: [.outsideTerm],
      entries: [entry("2023-09-18", "L1", "a2")]),
    Case(
      name: "the last date of the term, a Sunday", rules: [.dayOff],
      entries: [entry("2023-09-17", "L1", "a2")]),
    Case(name: "a holiday", rules: [.dayOff], entries: [entry("2023-09-11", "L1", "a2")]),
    Case(
      name: "a date when the section does not meet", rules: [.noMeeting],
      entries: [entry("2023-09-05", "L1", "a2")]),
    Case(
      name: "a student who is not in the section", rules: [.notMember],
      entries: [entry("2023-09-04", "P1", "b1")]),
    Case(
      name: "an entry twice", rules: [.repeated],
      entries: [entry("2023-09-04", "L1", "a2"), entry("2023-09-04", "L1", "a2", .unexcused)]),
    Case(
      name: "each hour once", rules: [],
      entries: [
        entry("2023-09-04", "L1", "a2", slot: 1, hours: 1),
        entry("2023-09-04", "L1", "a2", .unexcused, slot: 2, hours: 1),
      ]),
    Case(
      name: "an hour twice", rules: [.repeated],
      entries: [
        entry("2023-09-04", "L1", "a2", slot: 2), entry("2023-09-04", "L1", "a2", slot: 1),
      ]),
    Case(
      name: "more hours than the class has", rules: [.hours],
      entries: [entry("2023-09-04", "L1", "a2", hours: 3)]),
    Case(
      name: "a slot in which the section does not meet", rules: [.hours],
      entries: [entry("2023-09-04", "L1", "a2", slot: 3)]),
    Case(
      name: "a class that was cancelled", rules: [.notHeld],
      entries: [entry("2023-09-12", "B1", "a1")],
      held: [
        HeldRecord(date: Micro.date("2023-09-12"), section: "B1", status: .cancelled)
      ]),
    Case(
      name: "a class that was moved, on its old date", rules: [.notHeld],
      entries: [entry("2023-09-05", "O1", "b2")],
      held: [
        HeldRecord(
          date: Micro.date("2023-09-05"), section: "O1", status: .moved,
          newDate: Micro.date("2023-09-12"), newSlot: 2)
      ]),
    Case(
      name: "a class that was moved, on its new date", rules: [],
      entries: [entry("2023-09-12", "P2", "b2")],
      held: [
        HeldRecord(
          date: Micro.date("2023-09-11"), section: "P2", status: .moved,
          newDate: Micro.date("2023-09-12"), newSlot: 2)
      ]),
  ]

  @Test(arguments: cases)
  func `an entry breaks the rule and only it`(_ test: Case) {
    // Entries of a class that was moved away stay out of the sound part.
    let moved = Set(test.held.map(\.section))
    let sound = journal.filter { !(moved.contains($0.section) && test.rules == [.notHeld]) }
    let result = audit(sound + test.entries) { $0.held = test.held }
    let found = result.findings.filter {
      !($0.rule == .missingJournal && moved.contains($0.section ?? ""))
    }
    #expect(Set(found.map(\.rule)) == test.rules)
    #expect(found.allSatisfy { $0.remedy != nil && !$0.rule.policy.isEmpty })
    for finding in found { expectOwnWords(finding) }
  }

  @Test func `a class without an entry has no journal`() {
    #expect(audit(journal).findings == [])
    let found = audit(journal.filter { $0.section != "B2" }).findings
    #expect(found.map(\.rule) == [.missingJournal])
    #expect(found.first?.section == "B2")
    #expect(found.first?.teacher == "T2")
    // Before the class there is nothing to miss.
    #expect(audit(journal.filter { $0.section != "B2" }, "2023-09-04").findings == [])
  }

  @Test func `where nobody is entered as present no journal is missed`() {
    let found = audit([entry("2023-09-04", "L1", "a1", .unexcused)]).findings
    #expect(found.map(\.rule) == [.onlyAbsences])
  }

  @Test func `unexcused hours of all reasons count, with the dates of warning and limit`() {
    let absences = [
      entry("2023-09-05", "B1", "a2", .unexcused, reason: .noVideo),
      entry("2023-09-04", "L1", "a2", .unexcused, reason: .log),
      entry("2023-09-04", "P1", "a2", .unexcused, reason: .etiquette),
    ]
    func result(_ warning: Int, _ limit: Int) -> AttendanceAudit {
      audit(journal + absences) {
        $0.policy.unexcusedHoursWarning = warning
        $0.policy.unexcusedHoursLimit = limit
      }
    }
    let student = result(3, 5).students.first
    #expect(student?.unexcused == 5)
    #expect(student?.reasons == [.noVideo: 2, .log: 2, .etiquette: 1])
    #expect(student?.warned == Micro.date("2023-09-04"))
    #expect(student?.crossed == Micro.date("2023-09-05"))
    #expect(result(3, 5).findings.map(\.rule) == [.limit])
    #expect(result(3, 6).findings.map(\.rule) == [.warning])
    #expect(result(6, 6).findings == [])
  }

  @Test func `excused hours and hours after the date do not count`() {
    let result = audit(
      journal + [
        entry("2023-09-04", "L1", "a2", .excused),
        entry("2023-09-12", "B1", "a2", .unexcused),
      ])
    #expect(result.students.map(\.excused) == [2])
    #expect(result.students.map(\.unexcused) == [0])
  }

  @Test func `the forecast goes on at the present rate to the date of the limit`() {
    // a1 missed 2 of 6 hours; 3 more come, all on 2023-09-12: 2 + 3 × 2 ÷ 6 = 3.
    let entries =
      journal.filter { $0.section != "L1" } + [
        entry("2023-09-04", "L1", "a1", .unexcused)
      ]
    func student(_ limit: Int) -> StudentAttendance? {
      audit(entries) { $0.policy.unexcusedHoursLimit = limit }.students.first
    }
    #expect(student(3)?.forecast == 3)
    #expect([student(3)?.held, student(3)?.toCome] == [6, 3])
    #expect(student(3)?.forecastDate == Micro.date("2023-09-12"))
    #expect(student(4)?.forecastDate == nil)
    #expect(student(2)?.forecastDate == nil)
    #expect(student(2)?.crossed == Micro.date("2023-09-04"))
  }

  @Test func `hours held without a journal are told by teacher`() {
    let hours = audit(journal.filter { $0.section != "B2" }).teachers
    #expect(hours.map(\.withoutJournal) == [0, 2])
    #expect(hours.map(\.held) == [5, 4])
  }

  @Test func `without a date hours are counted to the last date of the journal`() {
    var institution = Micro.institution()
    institution.attendance = journal
    #expect(
      AttendanceAudit(DatedPlan(institution, Micro.plan())).date == Micro.date("2023-09-05"))
    // A wrong date later in the term is of a class that is not held then.
    institution.attendance.append(entry("2023-09-12", "L1", "a1"))
    #expect(
      AttendanceAudit(DatedPlan(institution, Micro.plan())).date == Micro.date("2023-09-05"))
  }
}

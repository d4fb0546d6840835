// SPDX-License-Identifier: GPL-3.0-or-later
import Testing
import University

@Suite struct CalendarDateTests {
  @Test(
    "a date is the day of the week that the calendar says",
    arguments: [
      ("2023-09-04", Weekday.monday), ("2024-02-29", .thursday), ("2000-01-01", .saturday),
      ("1970-01-01", .thursday), ("2026-12-31", .thursday), ("0001-01-01", .monday),
    ])
  func weekday(text: String, day: Weekday) throws {
    let date = try #require(CalendarDate(text))
    #expect(date.weekday == day)
    #expect(date.description == text)
  }

  @Test(
    "what is no date is not read",
    arguments: [
      "2023-02-29", "2023-13-01", "2023-00-10", "2023-1-01", "23-01-01", "", "2023-09-31",
    ])
  func refused(text: String) {
    #expect(CalendarDate(text) == nil)
  }

  @Test("days follow each other through four centuries")
  func successive() throws {
    var date = try #require(CalendarDate(year: 1900, month: 1, day: 1))
    for _ in 0..<146_097 {
      let next = date.adding(days: 1)
      let (year, month, day) = next.components
      if CalendarDate(year: year, month: month, day: day) != next
        || next.weekday == date.weekday
      {
        Issue.record("after \(date)")
      }
      date = next
    }
    #expect(date.description == "2300-01-01")
  }
}

@Suite struct WeekPatternTests {
  @Test("odd weeks start with the first, and odd and even make all")
  func oddEven() {
    let odd = WeekPattern.odd(15), even = WeekPattern.even(15)
    #expect(odd.count == 8 && even.count == 7)
    #expect(odd.digits == "101010101010101")
    #expect(odd.bits | even.bits == WeekPattern.all(15).bits)
    #expect(odd.bits & even.bits == 0)
  }

  @Test("words and digits are read, and other lengths are not")
  func reading() {
    #expect(WeekPattern("all", weeks: 60) == .all(60))
    #expect(WeekPattern("011", weeks: 3)?.digits == "011")
    #expect(WeekPattern("011", weeks: 4) == nil)
    #expect(WeekPattern("01x", weeks: 3) == nil)
    #expect(WeekPattern("", weeks: 3) == nil)
    #expect(WeekPattern(digits: String(repeating: "1", count: 65)) == nil)
  }
}

@Suite struct HoursTests {
  @Test(
    "hours are kept to the hundredth, halves away from zero",
    arguments: [(4.6, 460, "4.6"), (0.005, 1, "0.01"), (30.0, 3000, "30"), (2.25, 225, "2.25")])
  func rounding(value: Double, hundredths: Int, text: String) {
    #expect(Hours(rounding: value).hundredths == hundredths)
    #expect(Hours(rounding: value).description == text)
  }

  @Test("a sum of tenths is exact")
  func sum() {
    let total = (0..<10).reduce(Hours.zero) { sum, _ in sum + Hours(rounding: 0.1) }
    #expect(total == Hours(1))
  }
}

@Suite struct DerivedTests {
  private func institution(weeks: Int) throws -> Institution {
    let start = try #require(CalendarDate("2023-09-04"))
    let regime = Regime(name: "full", academicHourMinutes: 50, slotStarts: [480, 540])
    return Institution(
      name: "x", term: Term(id: "t", start: start, weeks: weeks), regimes: [regime], regime: regime)
  }

  @Test(
    "the default block is two for labs, else the smaller of two and the hours of a week",
    arguments: [
      (TeachingKind.lab, 15, 2), (.lecture, 15, 1), (.lecture, 16, 2), (.practice, 45, 2),
      (.practice, 5, 1),
    ])
  func block(kind: TeachingKind, hours: Int, expected: Int) throws {
    let discipline = Discipline(
      id: "D", name: "D", department: "X", credits: 5, hours: [kind: hours])
    #expect(try institution(weeks: 15).block(of: discipline, kind) == expected)
  }

  @Test("travel holds both ways unless both are given, and has a default")
  func travel() throws {
    var institution = try institution(weeks: 1)
    institution.travel = [
      Travel(from: "A", to: "B", minutes: 10), Travel(from: "B", to: "C", minutes: 4),
      Travel(from: "C", to: "B", minutes: 6),
    ]
    let minutes = institution.travelTable()
    #expect(minutes("A", "B") == 10 && minutes("B", "A") == 10)
    #expect(minutes("B", "C") == 4 && minutes("C", "B") == 6)
    #expect(minutes("A", "C") == 15 && minutes("A", "A") == 0)
  }

  @Test("a low survey of the discipline takes the lectures and nothing else")
  func fitness() throws {
    var institution = try institution(weeks: 15)
    let teacher = Teacher(
      id: "T", name: "T", department: "X", position: "docent", rate: 1, survey: 4.5)
    institution.teachers = Table([teacher])
    institution.competences = Table([
      Competence(teacher: "T", discipline: "D", kinds: [.lecture, .practice], survey: 2.9)
    ])
    #expect(institution.unfitness(of: teacher, for: .teaching(.lecture), in: "D") == .surveyTooLow)
    #expect(institution.unfitness(of: teacher, for: .teaching(.practice), in: "D") == nil)
    #expect(institution.unfitness(of: teacher, for: .teaching(.lab), in: "D") == .notCompetent)
    #expect(institution.unfitness(of: teacher, for: .norm("exam"), in: "D") == .notCompetent)
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import Testing
import University

@testable import Validation

/// Arithmetic of marks: POLICY.md 3.6, policy 3.1 and 3.2.
@Suite struct TranscriptTests {
  @Test(arguments: [
    (100, "A", 400), (95, "A", 400), (94.99, "A-", 367), (90, "A-", 367), (85, "B+", 333),
    (80, "B", 300), (75, "B-", 267), (70, "C+", 233), (65, "C", 200), (60, "C-", 167),
    (55, "D+", 133), (50, "D", 100), (49.99, "FX", 50), (25, "FX", 50), (24.99, "F", 0),
    (0, "F", 0),
  ])
  func `points give a letter and its equivalent`(points: Double, letter: String, hundredths: Int) {
    let grade = LetterGrade(points: points)
    #expect(grade.rawValue == letter)
    #expect(grade.hundredths == hundredths)
    #expect(grade.isPassed == (points >= 50))
  }

  @Test(arguments: [
    ([(LetterGrade.a, 5.0), (.c, 5.0)], "3.00"), ([(.a, 1), (.c, 3)], "2.50"),
    // 1.665 is rounded up.
    ([(.f, 15), (.c, 15), (.cPlus, 30)], "1.67"), ([(.d, 2.5), (.f, 0.5)], "0.83"),
  ])
  func `GPA is weighted by credits and has two decimals`(
    results: [(LetterGrade, Double)], text: String
  ) throws {
    let gpa = try #require(GPA(results.map { (letter: $0.0, credits: $0.1) }))
    #expect(gpa.description == text)
  }

  @Test func `there is no GPA without credits`() {
    #expect(GPA([(letter: LetterGrade, credits: Double)]()) == nil)
    #expect(GPA([(letter: .a, credits: 0)]) == nil)
  }

  @Test func `the last mark of a discipline counts, and a later term changes no earlier year`() {
    var it = CreditUniversity()
    it.mark("a", "T1B", 20)
    it.mark("a", "T2B", 30)
    it.addMark("a", "T2B", 2, 95)
    it.addMark("a", "T1B", 3, 95)
    let transcript = Transcripts(it.institution)[0]
    // T1A and T2A 2.33, T1B 0, T2B 4.00 after the resit.
    #expect(transcript.gpa(in: 1...2)?.description == "2.17")
    #expect(transcript.gpa(in: 1...3)?.description == "3.17")
    #expect(transcript.earned(in: 1...2) == 45)
    #expect(transcript.earned(in: 1...3) == 60)
    #expect(transcript.disciplines(with: .f, upTo: 2) == ["T1B"])
    #expect(transcript.disciplines(with: .f, upTo: 3) == [])
  }

  @Test(arguments: [
    (Level.bachelor, StudyForm.fullTime, 3, "1.67"), (.bachelor, .fullTime, 5, "2.00"),
    (.bachelor, .fullTime, 7, "2.10"), (.bachelor, .extramural, 3, "1.33"),
    (.bachelor, .extramural, 6, "1.33"), (.bachelor, .extramural, 7, "2.00"),
    (.bachelor, .extramural, 9, "2.00"), (.master, .fullTime, 3, "2.34"),
    (.doctorate, .fullTime, 3, "2.34"), (.doctorate, .fullTime, 5, "2.34"),
  ])
  func `the least GPA follows level, form and year`(
    level: Level, form: StudyForm, term: Int, least: String
  ) throws {
    var it = CreditUniversity()
    it.programme {
      $0.level = level
      $0.form = form
    }
    it.group { $0.term = term }
    let promotion = try #require(Transcripts(it.institution).promotion(of: 0))
    #expect(promotion.required?.description == least)
  }

  @Test func `a student of the first year is not judged, one without marks is told apart`() {
    var it = CreditUniversity()
    it.group { $0.term = 2 }
    #expect(Transcripts(it.institution).promotion(of: 0) == nil)
    it.group { $0.term = 5 }
    #expect(Transcripts(it.institution).promotion(of: 0)?.decision == .noGrades)
    it.group { $0.term = 3 }
    #expect(Transcripts(it.institution).promotion(of: 0)?.decision == .promoted)
    it.institution.policy.promotionGPA = [:]
    #expect(Transcripts(it.institution).promotion(of: 0)?.decision == .noThreshold)
  }

  @Test(arguments: [
    (10, [1, 3, 3, 2, 1]), (20, [2, 5, 6, 5, 2]), (11, [1, 3, 3, 3, 1]),
    (100, [10, 25, 30, 25, 10]),
    (13, [2, 3, 4, 3, 1]),
  ])
  func `the curve's shares add up by largest remainder`(passing: Int, shares: [Int]) {
    #expect(ECTSGrade.shares(of: passing) == shares)
    #expect(shares.reduce(0, +) == passing)
  }

  @Test(arguments: 0...200)
  func `the curve's shares always add up and miss no quota by one or more`(passing: Int) {
    let shares = ECTSGrade.shares(of: passing)
    #expect(shares.reduce(0, +) == passing)
    for (grade, share) in zip(ECTSGrade.allCases, shares) {
      #expect(abs(Double(share) - Double(grade.percent * passing) / 100) < 1)
    }
  }

  @Test func `only those who passed are ranked, and a small group has no curve`() {
    let passing = (0..<10).map { 50 + 5 * Double($0) }
    let some = GradeDistribution(
      discipline: "D", term: 1, entryYear: 2022, points: passing + [30, 10, 0])
    #expect(some.passed == 10)
    #expect(some.total == 13)
    #expect(some.curve.map(\.students) == [1, 3, 3, 2, 1])
    #expect(some.curve.map(\.lowest) == [95, 80, 65, 55, 50])
    #expect(some.curve.allSatisfy { !$0.isTied })
    let few = GradeDistribution(
      discipline: "D", term: 1, entryYear: 2022, points: Array(passing.dropFirst()) + [30])
    #expect(few.passed == 9)
    #expect(few.curve.isEmpty)
  }

  @Test func `equal points across a boundary are told`() {
    let all = GradeDistribution(
      discipline: "D", term: 1, entryYear: 2022, points: Array(repeating: 70, count: 10))
    #expect(all.curve.map(\.isTied) == [true, true, true, true, false])
  }

  @Test func `a distribution is of one discipline, term and year of entry, the last mark standing`()
  {
    var it = CreditUniversity()
    it.mark("a", "T1A", 40)
    it.addMark("a", "T1A", 1, 95)
    let all = GradeDistribution.all(it.institution)
    #expect(all.map(\.discipline) == ["T1A", "T1B", "T2A", "T2B"])
    #expect(all[0].total == 3)
    #expect(all[0].letters[0] == 1)
    #expect(all[0].letters[5] == 2)
  }
}

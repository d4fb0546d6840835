// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing
import University

@testable import Validation

@Suite struct RenderingTests {
  private static func broken() -> ScoreReport {
    var plan = Micro.plan()
    plan.move("m6", to: 3)
    plan.record.instance = "a \"b\"\n\u{1}"
    return PlanValidator.validate(Micro.institution(), plan)
  }

  @Test func `the text of a valid plan has stages, criteria, holidays and the verdict`() {
    let text = PlanValidator.validate(Micro.institution(), Micro.plan(), stages: [.sections]).text()
    #expect(
      text == """
        sections: objective 12
          section_hour             1.2
          split_group              0
          undersized               0
          over_norm                0
        valid

        """)
  }

  @Test func `the text names holidays with the dates on which they are made up`() {
    var institution = Micro.institution()
    institution.policy.studentMaxHoursPerDay = 8
    let text = PlanValidator.validate(institution, Micro.plan()).text()
    #expect(text.contains("hours that fall out on holidays: 4 in 3 sections\n"))
    #expect(
      text.contains(
        "  section P2: 1 on 2023-09-11; can be made up on 2023-09-12 slot 2 in R1, "
          + "2023-09-05 slot 2 in R1\n"))
    #expect(text.contains("  section L1: 2 on 2023-09-11; no date is free for all\n"))
  }

  @Test func `the text of a broken plan counts each rule and says what is wrong`() {
    let text = Self.broken().text()
    #expect(text.contains("M5: 1\n  student b1: meetings m5 and m6 overlap\n"))
    #expect(text.hasSuffix("NOT VALID\n"))
  }

  @Test func `the text is in the language asked for, names and numbers as they are`() {
    let russian = Self.broken().text(in: .ru)
    #expect(russian.contains("M5: 1\n  студент b1: накладка, занятия m5 и m6\n"))
    #expect(russian.hasSuffix("ПЛАН НЕДЕЙСТВИТЕЛЕН\n"))
    let kazakh = Self.broken().text(in: .kk)
    #expect(kazakh.contains("M5: 1\n  студент b1: m5 және m6 сабақтары қабаттасады\n"))
    // No message is left in one language.
    for violation in Self.broken().violations {
      #expect(violation.wording[.ru] != violation.message)
      #expect(violation.wording[.kk] != violation.message)
    }
  }

  @Test func `the text shows the first messages of a rule and how many more there are`() {
    var report = ScoreReport()
    for number in 1...25 { report.violations.append(Violation(.m4, "room \(number)", times: 2)) }
    let lines = report.text().split(separator: "\n")
    #expect(lines[0] == "M4: 50")
    #expect(lines[1] == "  room 1 (2 times)")
    #expect(lines[21] == "  … 5 more")
  }

  @Test func `the JSON is an object of the referee's shape`() throws {
    let data = Data(Self.broken().json().utf8)
    let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(object["valid"] as? Bool == false)
    let violations = try #require(object["violations"] as? [String: [String: Any]])
    #expect(violations["M5"]?["count"] as? Int == 1)
    #expect(violations["M5"]?["first"] as? [String] == ["student b1: meetings m5 and m6 overlap"])
    let claims = try #require(violations["P1"]?["first"] as? [String])
    #expect(claims[0].contains("\"a \"b\"\n\u{1}\""))
    let criteria = try #require(object["criteria"] as? [String: [String: Double]])
    #expect(criteria["sections"] == Micro.plan().record.sections?.criteria)
    #expect((object["objective"] as? [String: Double])?["load"] == 644)
    #expect(object["holiday_hours"] as? [String: Int] == ["L1": 2, "P1": 1, "P2": 1])
    #expect(object["warnings"] as? [String] == [])
  }

  @Test func `the JSON of an unjudged report has all its keys, sorted`() {
    #expect(
      ScoreReport().json() == """
        {
         "criteria": {},
         "findings": [],
         "holiday_hours": {},
         "holidays": {},
         "objective": {},
         "valid": true,
         "violations": {},
         "warnings": []
        }

        """)
  }

  @Test func `the same plan always gives the same bytes`() {
    let first = Self.broken()
    #expect(Set((0..<5).map { _ in Self.broken().json() }) == [first.json()])
    #expect(Set((0..<5).map { _ in Self.broken().text() }) == [first.text()])
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import Testing
import University

@testable import Validation

@Suite struct HolidayTests {
  @Test func `hours that fall on a holiday are reported by section`() {
    let report = PlanValidator.validate(Micro.institution(), Micro.plan())
    #expect(report.lostHours.map(\.section) == ["L1", "P1", "P2"])
    #expect(report.lostHours.map(\.hours) == [2, 1, 1])
    #expect(report.lostHours.allSatisfy { $0.dates == [Micro.date("2023-09-11")] })
  }

  @Test func `a holiday changes no rule and no criterion`() {
    var institution = Micro.institution()
    institution.holidays = []
    let without = PlanValidator.validate(institution, Micro.plan())
    #expect(without.lostHours.isEmpty)
    #expect(
      without.timetable == PlanValidator.validate(Micro.institution(), Micro.plan()).timetable)
  }

  @Test func `a holiday outside the term or on a day without classes takes nothing`() {
    var institution = Micro.institution()
    institution.holidays = [
      Micro.date("2023-09-03"), Micro.date("2023-09-06"), Micro.date("2023-09-18"),
    ]
    #expect(PlanValidator.validate(institution, Micro.plan()).lostHours.isEmpty)
  }

  @Test func `a make-up is offered where everybody and a room are free`() {
    // Tuesdays: T1 is busy in slot 1, b1 in slots 1, 3 and 4, b2 in slot 1.
    var institution = Micro.institution()
    institution.policy.studentMaxHoursPerDay = 8
    let lost = PlanValidator.validate(institution, Micro.plan()).lostHours
    #expect(
      lost.first { $0.section == "P2" }?.makeUp == [
        LostHours.MakeUp(date: Micro.date("2023-09-12"), slot: 2, room: "R1"),
        LostHours.MakeUp(date: Micro.date("2023-09-05"), slot: 2, room: "R1"),
      ])
    #expect(lost.first { $0.section == "L1" }?.makeUp == [])
  }

  @Test func `a make-up keeps the hours of a day`() {
    // With at most three hours a day b1 has no room for one more on Tuesday.
    let lost = PlanValidator.validate(Micro.institution(), Micro.plan()).lostHours
    #expect(lost.first { $0.section == "P2" }?.makeUp == [])
  }

  @Test func `a make-up avoids a forbidden time`() {
    var institution = Micro.institution()
    institution.policy.studentMaxHoursPerDay = 8
    institution.forbid(.teacher("T1"), .tuesday, 2, 2, weeks: .odd(2))
    let lost = PlanValidator.validate(institution, Micro.plan()).lostHours
    #expect(
      lost.first { $0.section == "P2" }?.makeUp == [
        LostHours.MakeUp(date: Micro.date("2023-09-12"), slot: 2, room: "R1")
      ])
  }

  @Test func `a make-up leaves time to travel`() {
    // From R1 to the lab at slot 3 there are ten minutes.
    var institution = Micro.institution()
    institution.policy.studentMaxHoursPerDay = 8
    institution.travel = [Travel(from: "A", to: "B", minutes: 11)]
    let lost = PlanValidator.validate(institution, Micro.plan()).lostHours
    #expect(lost.first { $0.section == "P2" }?.makeUp == [])
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import Testing
import University
import Validation

@Suite struct MicroTests {
  @Test func `the micro plan is valid and has the objectives published for it`() {
    let report = PlanValidator.validate(Micro.institution(), Micro.plan())
    #expect(report.violations == [])
    #expect(report.objectives == [.sections: 12, .load: 644, .timetable: 730])
    #expect(report.warnings == [])
  }

  @Test func `the micro plan has every criterion published for it`() {
    let report = PlanValidator.validate(Micro.institution(), Micro.plan())
    let record = Micro.plan().record
    #expect(report.criteria(of: .sections) == record.sections?.criteria)
    #expect(report.criteria(of: .load) == record.load?.criteria)
    #expect(report.criteria(of: .timetable) == record.timetable?.criteria)
  }

  @Test func `a stage that is not asked for is not judged`() {
    let report = PlanValidator.validate(Micro.institution(), Micro.plan(), stages: [.load])
    #expect(report.sections == nil)
    #expect(report.timetable == nil)
    #expect(report.objectives == [.load: 644])
    #expect(report.lostHours.isEmpty)
  }
}

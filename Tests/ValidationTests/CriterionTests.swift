// SPDX-License-Identifier: GPL-3.0-or-later
import Testing
import University

@testable import Validation

/// A change of the micro university, and what a criterion comes to after it.
struct CriterionCase: Sendable, CustomTestStringConvertible {
  let criterion: String
  let name: String
  let expected: Double
  let change: Change

  init(_ criterion: String, _ name: String, _ expected: Double, _ change: @escaping Change) {
    self.criterion = criterion
    self.name = name
    self.expected = expected
    self.change = change
  }

  var testDescription: String { "\(criterion): \(name)" }
}

/// Each criterion computed by hand on changes of the micro university.
@Suite struct CriterionTests {
  @Test(arguments: sections + load + students + others)
  func `a criterion has the value computed by hand`(_ example: CriterionCase) throws {
    var institution = Micro.institution()
    var plan = Micro.plan()
    example.change(&institution, &plan)
    let report = PlanValidator.validate(institution, plan)
    let found = Stage.allCases.compactMap { report.criteria(of: $0)?[example.criterion] }.first
    #expect(try abs(#require(found) - example.expected) < 1e-9, "\(String(describing: found))")
  }

  @Test func `every criterion is computed by hand`() {
    let covered = Set((Self.sections + Self.load + Self.students + Self.others).map(\.criterion))
    let all =
      SectionCriterion.allCases.map(\.rawValue) + LoadCriterion.allCases.map(\.rawValue)
      + TimetableCriterion.allCases.map(\.rawValue)
    #expect(Set(all) == covered)
  }

  @Test func `the objective is the sum of weight × criterion`() {
    var institution = Micro.institution()
    institution.weights.timetable[.movedTime] = 0
    institution.weights.load[.vacant] = 1
    let report = PlanValidator.validate(institution, Micro.plan())
    #expect(report.objectives[.timetable] == 330.0)
    #expect(report.objectives[.load] == 144.5)
  }

  static let sections = [
    CriterionCase("section_hour", "18 hours ÷ 15", 1.2) { _, _ in },
    CriterionCase("section_hour", "19 hours ÷ 15, to 0.01", 1.27) { it, _ in
      it.change("D3") { $0.hours = [.lecture: 3] }
    },
    CriterionCase("split_group", "three students, two by two, need two subgroups", 0) { _, _ in },
    CriterionCase("split_group", "three students fit one subgroup of three", 1) { it, _ in
      it.change("D2") { $0.subgroupCap = 3 }
    },
    CriterionCase("split_group", "the tolerance counts for what is forced", 1) { it, _ in
      it.policy.subgroupTolerance = 1
    },
    CriterionCase("undersized", "sections of two where three are the least", 3) { it, _ in
      it.policy.minSectionSize = 3
    },
    CriterionCase("over_norm", "one student above the norm, whatever the tolerance", 1) { it, _ in
      it.change("D1") { $0.groupCap = 2 }
      it.policy.groupTolerance = 5
    },
  ]

  static let load = [
    CriterionCase("vacant", "the vacant half of a split task", 0.5) { _, _ in },
    CriterionCase("vacant", "and a whole practice", 2.5) { _, plan in plan.give("t2", to: nil) },
    CriterionCase("overload", "11.5 hours of a norm of 10", 1.5) { _, _ in },
    CriterionCase("overload", "norm from position × rate: 11.5 of 3.75", 7.75) { it, _ in
      it.change("T1") {
        $0.normHours = nil
        $0.rate = 0.0125
        $0.position = "docent"
      }
      it.policy.positions[1].termNormHours = 300
    },
    CriterionCase("underload", "10.5 hours of a norm of 12.5", 2) { _, _ in },
    CriterionCase("imbalance", "1.15 − 0.84", 0.31) { _, _ in },
    CriterionCase("imbalance", "a teacher without a norm does not count", 0) { it, _ in
      it.change("T2") { $0.normHours = 0 }
    },
    CriterionCase("survey", "4.5 of D1, 4.0 of the teacher, else 4", 1.4) { _, _ in },
    CriterionCase("survey", "the second teacher rated 3: (5 − 3) × 8 ÷ 10 in place of 0.8", 2.2) {
      it, _ in
      it.change("T2") { $0.survey = 3 }
    },
    CriterionCase("preference", "−1 × 8 ÷ 10 + 1 × 2 ÷ 10 − 2 × 8 ÷ 10", -2.2) { _, _ in },
    CriterionCase("preparation", "two of D1, one of D2, one of D3; exams do not count", 4) {
      _, _ in
    },
    CriterionCase("preparation", "a practice by the other teacher", 5) { _, plan in
      plan.give("t3", to: "T2")
    },
    CriterionCase("continuity", "two hours of D3 for the first time", 0.2) { _, _ in },
  ]

  static let students = [
    CriterionCase("student_gap", "b1 and b2 on Mondays, b1 on Tuesdays", 6) { _, _ in },
    CriterionCase("student_gap", "a gap of two slots costs two", 8) { _, plan in
      // b1 waits in slots 2 and 3 on Tuesdays instead of slot 2.
      plan.changeMeeting("m5") {
        $0.slot = 4
        $0.length = 1
      }
    },
    CriterionCase("student_single", "a2, a3 and b2 on Tuesdays", 6) { _, _ in },
    CriterionCase("student_single", "without the online lecture a1 and b1, but not b2", 8) {
      _, plan in
      plan.meetings.removeAll { $0.id == "m6" }
    },
    CriterionCase("student_long_day", "an hour beyond two: five Mondays and b1's Tuesday", 12) {
      _, _ in
    },
    CriterionCase("student_long_day", "from 2: Mondays 5 × 2, Tuesdays a1 1, a2 1, a3 1, b1 2", 30)
    {
      it, _ in
      it.preferences.longDayFrom = 2
    },
    CriterionCase("student_no_lunch", "slots 2 and 3: group G1 on Mondays", 6) { _, _ in },
    CriterionCase("student_no_lunch", "slots 3 and 4: a3 and b1 on Tuesdays", 4) { it, _ in
      it.preferences.lunchFrom = 3
      it.preferences.lunchTo = 4
    },
    CriterionCase("student_no_lunch", "slots beyond the regime are clipped", 4) { it, _ in
      it.preferences.lunchFrom = 3
      it.preferences.lunchTo = 9
    },
    CriterionCase("student_no_lunch", "a lunch of one slot does not count", 0) { it, _ in
      it.preferences.lunchFrom = 4
      it.preferences.lunchTo = 9
    },
    CriterionCase("student_building_change", "b1 and b2 on Mondays", 4) { _, plan in
      plan.move("m3", to: 4, in: "R2")
    },
    CriterionCase("student_building_change", "online between two rooms is no place", 2) {
      _, plan in
      // b1 on Tuesdays: a room in A, online, a room in B.
      plan.meetings.append(Micro.meeting("m0", "P2", .tuesday, 1, 1, "R1"))
      plan.move("m6", to: 2)
    },
    CriterionCase("student_conflict", "a1 retakes D3 in slot 1 of two Tuesdays", 2) { _, _ in },
    CriterionCase("student_conflict", "hard retakes count all the same", 2) { it, _ in
      it.policy.retakeConflicts = .hard
    },
    CriterionCase("student_conflict", "two slots of overlap", 4) { _, plan in
      plan.changeMeeting("m6") { $0.length = 2 }
    },
    CriterionCase("student_conflict", "no retake, no conflict", 0) { it, _ in
      it.change("a1", in: "D3") { $0.status = .first }
    },
  ]

  static let others = [
    CriterionCase("teacher_gap", "none on a full Monday", 0) { _, _ in },
    CriterionCase("teacher_gap", "slot 3 of two Mondays", 2) { _, plan in
      plan.meetings.removeAll { $0.id == "m2" }
    },
    CriterionCase("teacher_days", "Mondays of T1, Tuesdays of both", 6) { _, _ in },
    CriterionCase("teacher_days", "an online lecture makes a day", 4) { _, plan in
      plan.meetings.removeAll { $0.id == "m6" }
    },
    CriterionCase("discouraged_time", "slot 4: a practice and a lab", 4) { _, _ in },
    CriterionCase("discouraged_time", "overlapping rows count once", 8) { it, _ in
      it.preferences.discouraged = [
        DiscouragedSlots(day: .tuesday, from: 3, to: 9),
        DiscouragedSlots(day: nil, from: 3, to: 3), DiscouragedSlots(day: .monday, from: 4, to: 4),
      ]
    },
    CriterionCase("personal_discouraged", "T2 twice, R1 twice, G2 in one week", 5) { _, _ in },
    CriterionCase("personal_discouraged", "teacher, room and group add up", 7) { it, _ in
      it.availability[1].subject = .room("R2")
      it.availability[1].day = .tuesday
      it.availability.append(
        Availability(
          subject: .group("G2"), day: .tuesday, from: 4, to: 4, level: .discouraged,
          weeks: .all(2)))
    },
    CriterionCase("teacher_building_change", "to the labs and no further", 2) { _, plan in
      plan.move("m3", to: 4, in: "R2")
    },
    CriterionCase("same_day", "a double torn in two", 2) { _, plan in tear(&plan) },
    CriterionCase("extra_meetings", "one meeting beyond ⌈4 ÷ (2 × 2)⌉", 1) { _, plan in
      tear(&plan)
    },
    CriterionCase("short_meetings", "two singles where the block is two", 2) { _, plan in
      tear(&plan)
    },
    CriterionCase("room_stability", "a second room", 1) { it, plan in
      it.addRoom()
      tear(&plan)
      plan.changeMeeting("m7") { $0.room = "R3" }
    },
    CriterionCase("room_stability", "a meeting online needs no room", 0) { _, plan in
      tear(&plan)
      plan.changeMeeting("m7") {
        $0.room = nil
        $0.mode = .online
      }
    },
    CriterionCase("lecture_first", "two practices before the lecture in two weeks", 4) {
      _, plan in
      plan.move("m1", to: 1, on: .tuesday)
    },
    CriterionCase("lecture_first", "at the same slot is not before", 0) { _, plan in
      plan.move("m1", to: 3)
    },
    CriterionCase("lecture_first", "only weeks in which both are held", 2) { _, plan in
      plan.move("m1", to: 1, on: .tuesday)
      plan.changeMeeting("m1") { $0.weeks = .even(2) }
    },
    CriterionCase("hours_off", "an hour of O1 missing", 1) { _, plan in
      plan.changeMeeting("m6") { $0.weeks = .odd(2) }
    },
    CriterionCase("hours_off", "an hour too many in each week", 2) { _, plan in
      plan.changeMeeting("m6") { $0.length = 2 }
    },
    CriterionCase("moved_time", "P1 from slot 4 to slot 3; P2 was not published", 1) { _, _ in },
    CriterionCase("moved_time", "back at its time", 0) { _, plan in plan.move("m2", to: 4) },
    CriterionCase("moved_time", "other weeks are another time", 2) { _, plan in
      plan.changeMeeting("m1") { $0.weeks = .odd(2) }
    },
    CriterionCase("moved_room", "P1 from R2 to R1", 1) { _, _ in },
    CriterionCase("moved_room", "back in its room", 0) { _, plan in
      plan.move("m2", to: 3, in: "R2")
    },
  ]

  /// The Monday double of L1 as two singles.
  private static func tear(_ plan: inout Plan) {
    plan.changeMeeting("m1") { $0.length = 1 }
    plan.meetings.append(Micro.meeting("m7", "L1", .monday, 2, 1, "R1"))
  }
}

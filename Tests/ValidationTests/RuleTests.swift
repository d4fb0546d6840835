// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing
import University

@testable import Validation

/// For each rule the smallest changes of the micro university that break it, and the nearest ones
/// that keep it. Each breaks what is named and nothing else.
@Suite struct RuleTests {
  @Test(arguments: sections + load + meetings + rooms + time)
  func `a change breaks exactly the rules that it should`(_ example: RuleCase) {
    let (institution, plan) = example.changed
    let report = PlanValidator.validate(institution, plan, stages: example.stages)
    #expect(report.counts == example.expected, "\(report.violations)")
  }

  @Test func `every rule has a change that breaks it`() {
    let broken = Set(
      (Self.sections + Self.load + Self.meetings + Self.rooms + Self.time)
        .flatMap { $0.expected.keys })
    #expect(Set(RuleCode.allCases).subtracting(broken) == [.p1])
  }

  @Test func `every rule has a change beside it that keeps it`() {
    let kept = (Self.sections + Self.load + Self.meetings + Self.rooms + Self.time)
      .filter(\.expected.isEmpty).compactMap { example in
        RuleCode.allCases.first { example.name.hasPrefix("\($0.rawValue): ") }
      }
    #expect(Set(RuleCode.allCases).subtracting(kept) == [.p1])
  }

  @Test func `every rule is in the table of the policy's rules`() throws {
    let table = try String(
      contentsOf: Shipped.root.appendingPathComponent("Sources/Validation/Rules.md"),
      encoding: .utf8)
    let rows = table.split(separator: "\n").filter { $0.hasPrefix("| ") }
    for rule in RuleCode.allCases where rule != .p1 {
      let isNamed = rows.contains { row in
        row.split { !$0.isLetter && !$0.isNumber }.contains(Substring(rule.rawValue))
      }
      #expect(isNamed, "\(rule)")
    }
  }

  static let sections = [
    RuleCase("nothing is changed") { _, _ in },
    RuleCase("S1: a student is left out", [.s1: 1]) { _, plan in
      plan.changeSection("P2") { $0.students = ["b1"] }
    },
    RuleCase("S1: a student is listed twice", [.s1: 1]) { _, plan in
      plan.changeSection("P2") { $0.students.append("b1") }
    },
    RuleCase("S1: a student is in a section without being enrolled", [.s1: 1]) { it, plan in
      it.change("D2") { $0.subgroupCap = 3 }
      plan.changeSection("B2") { $0.students.append("b2") }
    },
    RuleCase("S1: a student is in two sections of one kind", [.s1: 1]) { it, plan in
      it.change("D2") { $0.subgroupCap = 3 }
      it.policy.studentMaxHoursPerDay = 4
      plan.changeSection("B1") { $0.students.append("a3") }
    },
    RuleCase("S1: a student in the other section of the kind") { _, plan in
      plan.changeSection("P1") { $0.students.append("b1") }
      plan.changeSection("P2") { $0.students = ["b2"] }
    },
    RuleCase("S1: a section of a kind without hours", [.s1: 1]) { _, plan in
      plan.sections.append(Micro.section("X1", "D2", .practice, nil, 0, []))
    },
    RuleCase("S1: a section of an unknown discipline", [.s1: 1]) { _, plan in
      plan.sections.append(Micro.section("X1", "D9", .practice, nil, 0, []))
    },
    RuleCase("S1: an unknown student", [.s1: 1]) { _, plan in
      plan.sections = plan.sections.with("P2") { $0.students.append("c1") }
    },
    RuleCase("S2: a practice group above its cap", [.s2: 1]) { it, _ in
      it.change("D1") { $0.groupCap = 2 }
    },
    RuleCase("S2: a practice group within the tolerance") { it, _ in
      it.change("D1") { $0.groupCap = 2 }
      it.policy.groupTolerance = 1
    },
    RuleCase("S2: two subgroups above the cap of the policy", [.s2: 2]) { it, _ in
      it.change("D2") { $0.subgroupCap = nil }
      it.policy.subgroupCap = 1
    },
    RuleCase("S3: a stream larger than the largest suitable room", [.s3: 1, .r1: 1]) { it, _ in
      it.change("R1") { $0.capacity = 4 }
    },
    RuleCase("S3: a stream that needs no room", [.r1: 1]) { it, _ in
      it.change("R1") { $0.capacity = 4 }
      it.policy.lectureNeedsRoom = false
    },
    RuleCase("S3: an online stream may be of any size") { it, _ in
      it.change("D3") { $0.roomKinds = [.lecture: ["stadium"]] }
    },
    RuleCase("S4: a student of another language, in two sections", [.s4: 2]) { it, _ in
      it.change("a2", in: "D1") { $0.language = .ru }
    },
    RuleCase("S4: a discipline that all take in another language") { it, plan in
      it.enrolments = Table(
        it.enrolments.map {
          var row = $0
          if row.discipline == "D1" { row.language = .ru }
          return row
        })
      for id: SectionID in ["L1", "P1", "P2"] { plan.changeSection(id) { $0.language = .ru } }
    },
    RuleCase("S5: a practice without its stream", [.s5: 1]) { _, plan in
      plan.changeSection("P1") { $0.parent = nil }
    },
    RuleCase("S5: a stream that is listed after its practices") { _, plan in
      plan.sections = Table(plan.sections.reversed())
    },
    RuleCase("S5: a parent of another discipline", [.s5: 1]) { _, plan in
      plan.changeSection("P1") { $0.parent = "O1" }
    },
    RuleCase("S5: a parent that is no lecture", [.s5: 1]) { _, plan in
      plan.changeSection("P1") { $0.parent = "P2" }
    },
    RuleCase("S5: a lecture with a parent", [.s5: 1]) { _, plan in
      plan.changeSection("O1") { $0.parent = "L1" }
    },
    RuleCase("S5: a lab with a parent where there are no lectures", [.s5: 1]) { _, plan in
      plan.changeSection("B1") { $0.parent = "L1" }
    },
    RuleCase("S5: students who are not in the parent", [.s1: 2, .s5: 2], stages: [.sections]) {
      _, plan in
      plan.changeSection("L1") { $0.students = ["a1", "a2", "b1"] }
    },
    RuleCase("S6: the chosen teacher holds another section", [.s6: 1]) { it, _ in
      it.change("a1", in: "D1") { $0.practiceTeacher = "T2" }
    },
    RuleCase("S6: a section of the chosen teacher") { it, _ in
      it.change("a1", in: "D1") { $0.practiceTeacher = "T1" }
    },
    RuleCase("S6: the section is vacant", [.s6: 1]) { it, plan in
      it.change("a1", in: "D1") { $0.practiceTeacher = "T1" }
      plan.give("t2", to: nil)
    },
    RuleCase("S6: a chosen teacher who may not teach it binds nobody") { it, _ in
      it.change("a1", in: "D1") { $0.lectureTeacher = "T2" }
    },
    RuleCase("S6: a choice needs assignments", stages: [.sections]) { it, plan in
      it.change("a1", in: "D1") { $0.practiceTeacher = "T2" }
      plan.hasLoad = false
    },
  ]

  static let load = [
    RuleCase("L1: a task of the norms is missing", [.l1: 1]) { _, plan in
      plan.tasks = plan.tasks.without("t8")
      plan.assignments.removeAll { $0.task == "t8" }
    },
    RuleCase("L1: a class task is there twice", [.l1: 1]) { it, plan in
      it.change("T1") { $0.maxHours = 20 }
      plan.tasks.append(Micro.task("t10", "D1", "lecture", "L1", 4))
      plan.assignments.append(Micro.share("t10", "T1", 4))
    },
    RuleCase("L1: a task of other hours", [.l1: 1]) { _, plan in
      plan.tasks = plan.tasks.with("t1") { $0.hours = Hours(3) }
      plan.assignments[0].hours = Hours(3)
    },
    RuleCase("L1: a task that nothing calls for", [.l1: 1]) { _, plan in
      plan.tasks.append(Micro.task("t10", "D1", "cinema", "L1", 1))
      plan.assignments.append(Micro.share("t10", "T1", 1))
    },
    RuleCase("L1: a task of another department", [.l1: 1]) { it, plan in
      it.departments.append(Department(id: "Y", name: "Nothing"))
      plan.tasks = plan.tasks.with("t1") { $0.department = "Y" }
    },
    RuleCase("L1: a task of an unknown section", [.l1: 1]) { _, plan in
      plan.tasks.append(Micro.task("t10", "D1", "cinema", "L9", 1))
    },
    RuleCase("L1: a norm of no hours calls for no task") { it, _ in
      it.norms.append(Norm(work: "visit", unit: .stream, hours: 0))
    },
    RuleCase("L1: a norm for another control calls for no task") { it, _ in
      it.norms.append(Norm(work: "visit", unit: .stream, hours: 1, control: .project))
    },
    RuleCase("L1: a norm of a subgroup calls for a task of each lab", [.l1: 2]) { it, _ in
      it.norms.append(Norm(work: "visit", unit: .subgroup, hours: 1, discipline: "D2"))
    },
    RuleCase("L1: norms of one work add up", [.l1: 2]) { it, _ in
      it.norms.append(Norm(work: "consultation", unit: .group, hours: 1))
    },
    RuleCase("L1: an hour to 0.01 is exact enough") { it, plan in
      // 5 × 0.333 = 1.665, which a table of two decimals can hold as 1.66 or 1.67.
      it.norms[0].hours = 0.333
      plan.tasks = plan.tasks.with("t7") { $0.hours = Hours(hundredths: 167) }
      plan.assignments[6].hours = Hours(hundredths: 167)
    },
    RuleCase("L2: hours of a task are not assigned", [.l2: 1]) { _, plan in
      plan.assignments[6].hours = Hours(2)
    },
    RuleCase("L2: a task of the norms in two parts") { _, plan in
      plan.assignments[6].hours = Hours(hundredths: 125)
      plan.assignments.append(Micro.share("t7", "T2", 1.25))
    },
    RuleCase("L2: a task without a row", [.l2: 1]) { _, plan in
      plan.assignments.remove(at: 6)
    },
    RuleCase("L2: a class task is split", [.l2: 1]) { _, plan in
      plan.assignments[0].hours = Hours(2)
      plan.assignments.append(Micro.share("t1", "T1", 2))
    },
    RuleCase("L2: hours of an unknown task", [.l2: 1]) { _, plan in
      plan.assignments.append(Micro.share("t10", "T1", 1))
    },
    RuleCase("L3: a lab by someone who is not competent", [.l3: 1]) { it, plan in
      it.change("T1") { $0.maxHours = 20 }
      plan.give("t5", to: "T1")
    },
    RuleCase("L3: an unknown teacher, so that the hours are missing too", [.l2: 1, .l3: 1]) {
      _, plan in
      plan.give("t7", to: "T9")
    },
    RuleCase("L3: two lectures without the right to lecture", [.l3: 2]) { it, _ in
      it.change("T1") { $0.position = "lecturer" }
    },
    RuleCase("L3: a survey of the discipline below the least", [.l3: 1]) { it, _ in
      it.competences = it.competences.with(Competence.Key("T1", "D1")) { $0.survey = 2.9 }
    },
    RuleCase("L3: a survey at the least") { it, _ in
      it.competences = it.competences.with(Competence.Key("T1", "D1")) { $0.survey = 3.0 }
    },
    RuleCase("L3: the teacher's survey where the discipline has none", [.l3: 1]) { it, _ in
      it.change("T1") { $0.survey = 2.9 }
    },
    RuleCase("L3: work of norms.csv needs competence for other", [.l3: 1]) { it, _ in
      it.competences = it.competences.with(Competence.Key("T2", "D1")) { $0.kinds = [.practice] }
    },
    RuleCase("L4: above max_hours", [.l4: 1]) { it, _ in
      it.change("T1") { $0.maxHours = 11.4 }
    },
    RuleCase("L4: at max_hours") { it, _ in
      it.change("T1") { $0.maxHours = 11.5 }
    },
    RuleCase("L4: above norm × overload_factor", [.l4: 1]) { it, _ in
      it.policy.overloadFactor = 1.1
    },
    RuleCase("L4: below min_hours", [.l4: 1]) { it, _ in
      it.change("T1") { $0.minHours = 11.6 }
    },
    RuleCase("L4: at min_hours") { it, _ in
      it.change("T1") { $0.minHours = 11.5 }
    },
    RuleCase("L5: the teacher of a stream examines it", [.l5: 1]) { it, plan in
      it.change("T1") { $0.maxHours = 20 }
      plan.give("t7", to: "T1")
    },
    RuleCase("L5: an exam without an examiner") { _, plan in
      plan.give("t7", to: nil)
    },
    RuleCase("L5: switched off") { it, plan in
      it.policy.examinerDiffersFromTeacher = false
      it.change("T1") { $0.maxHours = 20 }
      plan.give("t7", to: "T1")
    },
  ]

  static let meetings = [
    RuleCase("M1: an hour is missing", [.m1: 1]) { _, plan in
      plan.changeMeeting("m6") { $0.weeks = .odd(2) }
    },
    RuleCase("M1: an hour is missing within the tolerance") { it, plan in
      it.policy.hoursTolerance = 1
      plan.changeMeeting("m6") { $0.weeks = .odd(2) }
    },
    RuleCase("M1: a meeting of an unknown section", [.m1: 1]) { _, plan in
      plan.meetings.append(Micro.meeting("m7", "O9", .monday, 4, 1, nil))
    },
    RuleCase("M2: a day without classes", [.m2: 1]) { _, plan in
      plan.changeMeeting("m6") { $0.day = .sunday }
    },
    RuleCase("M2: another slot of the grid") { _, plan in
      plan.move("m6", to: 2)
    },
    RuleCase("M2: weeks of the wrong length", [.m2: 1]) { _, plan in
      plan.changeMeeting("m6") { $0.weeks = WeekPattern(bits: 3, weeks: 3) }
    },
    RuleCase("M2: held in no week", [.m1: 1, .m2: 1]) { _, plan in
      plan.changeMeeting("m6") { $0.weeks = WeekPattern(bits: 0, weeks: 2) }
    },
    RuleCase("M2: after the last slot", [.m2: 1]) { _, plan in
      plan.move("m6", to: 5)
    },
    RuleCase("M2: before the first slot", [.m2: 1]) { _, plan in
      plan.move("m6", to: 0)
    },
    RuleCase("M2: a double that begins in the last slot", [.m2: 1]) { _, plan in
      plan.move("m5", to: 4)
    },
    RuleCase("M2: longer than its block", [.m2: 1]) { it, _ in
      it.change("D1") { $0.blocks = [.lecture: 1] }
    },
    RuleCase("M3: two practices of a teacher at once", [.m3: 1]) { it, plan in
      it.addRoom()
      plan.move("m3", to: 3, in: "R3")
    },
    RuleCase("M3: at once in different weeks") { it, plan in
      it.policy.hoursTolerance = 1
      plan.changeMeeting("m2") { $0.weeks = .odd(2) }
      plan.changeMeeting("m3") { $0.weeks = .even(2) }
      plan.move("m3", to: 3)
    },
    RuleCase("M4: two practices in a room at once", [.m4: 1]) { _, plan in
      plan.give("t3", to: nil)
      plan.move("m3", to: 3)
    },
    RuleCase("M4: two practices at once in two rooms") { it, plan in
      it.addRoom()
      plan.give("t3", to: nil)
      plan.move("m3", to: 3, in: "R3")
    },
    RuleCase("M5: two classes of a student at once", [.m5: 1]) { _, plan in
      plan.move("m6", to: 3)
    },
    RuleCase("M5: a retake is soft") { it, plan in
      plan.move("m6", to: 3)
      it.change("b1", in: "D3") { $0.status = .retake }
    },
    RuleCase("M5: a retake is hard where the policy says so", [.m5: 1]) { it, _ in
      it.policy.retakeConflicts = .hard
    },
    RuleCase("M5: mobility is no retake", [.m5: 1]) { it, _ in
      it.change("a1", in: "D3") { $0.status = .mobility }
    },
  ]

  static let rooms = [
    RuleCase("R1: no room", [.r1: 1]) { _, plan in
      plan.changeMeeting("m2") { $0.room = nil }
    },
    RuleCase("R1: an unknown room", [.r1: 1]) { _, plan in
      plan.changeMeeting("m2") { $0.room = "R9" }
    },
    RuleCase("R1: a room too small for two labs", [.r1: 2]) { it, _ in
      it.change("R2") { $0.capacity = 1 }
    },
    RuleCase("R1: a room that just holds its labs") { it, _ in
      it.change("R2") { $0.capacity = 2 }
    },
    RuleCase("R2: a practice in a laboratory", [.r2: 1]) { _, plan in
      plan.move("m2", to: 3, in: "R2")
    },
    RuleCase("R2: a practice where the discipline has its laboratory") { it, plan in
      it.change("D1") { $0.roomKinds = [.practice: ["lab", "lecture"]] }
      plan.move("m2", to: 3, in: "R2")
    },
    RuleCase("R3: two labs without their computers", [.r3: 2]) { it, _ in
      it.change("R2") { $0.features = ["projector"] }
    },
    RuleCase("R3: more than the labs need") { it, _ in
      it.change("R2") { $0.features = ["pc", "projector"] }
    },
    RuleCase("R4: an online lecture in a room", [.r4: 1]) { _, plan in
      plan.changeMeeting("m6") {
        $0.mode = .room
        $0.room = "R1"
      }
    },
    RuleCase("R4: an online meeting that names a room", [.r4: 1]) { _, plan in
      plan.changeMeeting("m6") { $0.room = "R1" }
    },
    RuleCase("R4: online where delivery does not allow it", [.r4: 1]) { _, plan in
      plan.changeMeeting("m2") {
        $0.mode = .online
        $0.room = nil
      }
    },
    RuleCase("R4: lecture_online and a lecture online") { it, _ in
      it.change("D3") { $0.delivery = .lectureOnline }
    },
    RuleCase("R4: lecture_online concerns lectures only", [.r4: 1]) { it, _ in
      it.change("D1") { $0.delivery = .lectureOnline }
    },
  ]

  static let time = [
    RuleCase("T1: a forbidden time of the teacher", [.t1: 1]) { it, _ in
      it.forbid(.teacher("T2"), .tuesday, 4, 4)
    },
    RuleCase("T1: a forbidden time of the room", [.t1: 1]) { it, _ in
      it.forbid(.room("R1"), .monday, 2, 2, weeks: .even(2))
    },
    RuleCase("T1: each day for a group, once for each of its meetings", [.t1: 3]) { it, _ in
      it.forbid(.group("G2"), nil, 4, 4)
      it.forbid(.group("G2"), nil, 1, 1)
      it.change("b1", in: "D3") { $0.status = .retake }
      it.change("b2", in: "D3") { $0.status = .retake }
    },
    RuleCase("T1: a student who retakes brings no group", [.t1: 1]) { it, _ in
      it.forbid(.group("G1"), .tuesday, 1, 1)
    },
    RuleCase("T1: slots beyond the regime are clipped") { it, _ in
      it.forbid(.teacher("T2"), nil, 5, 9)
    },
    RuleCase("T1: another day") { it, _ in
      it.forbid(.teacher("T2"), .monday, 1, 4)
    },
    RuleCase("T2: enough time to travel") { it, plan in
      it.change("D1") { $0.roomKinds = [.practice: ["lab", "lecture"]] }
      plan.move("m2", to: 3, in: "R2")
    },
    RuleCase("T2: a minute too little for three students once, a teacher twice", [.t2: 5]) {
      it, plan in
      it.change("D1") { $0.roomKinds = [.practice: ["lab", "lecture"]] }
      it.travel = [Travel(from: "B", to: "A", minutes: 11)]
      plan.move("m2", to: 3, in: "R2")
    },
    RuleCase("T2: a direction of its own", [.t2: 4]) { it, plan in
      it.change("D1") { $0.roomKinds = [.practice: ["lab", "lecture"]] }
      it.travel = [
        Travel(from: "A", to: "B", minutes: 11), Travel(from: "B", to: "A", minutes: 10),
      ]
      plan.move("m2", to: 3, in: "R2")
    },
    RuleCase("T2: the default between buildings that travel.csv does not name", [.t2: 5]) {
      it, plan in
      it.change("D1") { $0.roomKinds = [.practice: ["lab", "lecture"]] }
      it.travel = []
      plan.move("m2", to: 3, in: "R2")
    },
    RuleCase("T3: six days of students over a limit of two hours", [.t3: 12]) { it, _ in
      it.policy.studentMaxHoursPerDay = 2
    },
    RuleCase("T3: overlapping meetings count their slots once") { it, _ in
      // Student a1 has a double and a retake inside it on Tuesdays.
      it.policy.studentMaxHoursPerDay = 3
    },
    RuleCase("T3: a teacher's own limit, in two weeks", [.t3: 2]) { it, _ in
      it.change("T1") { $0.maxHoursPerDay = 3 }
    },
    RuleCase("T3: the policy's limit of teachers", [.t3: 4]) { it, _ in
      it.policy.teacherMaxHoursPerDay = 3
    },
    RuleCase("T4: another slot", [.t4: 1]) { it, _ in it.pins[0].slot = 2 },
    RuleCase("T4: another day", [.t4: 1]) { it, _ in it.pins[0].day = .tuesday },
    RuleCase("T4: another room", [.t4: 1]) { it, _ in it.pins[0].room = "R2" },
    RuleCase("T4: other weeks", [.t4: 1]) { it, _ in it.pins[0].weeks = .odd(2) },
    RuleCase("T4: another teacher, judged in the load stage too", [.t4: 1], stages: [.load]) {
      it, _ in
      it.pins[0].teacher = "T2"
    },
    RuleCase("T4: the load stage judges no times", stages: [.load]) { it, _ in
      it.pins[0].slot = 2
    },
    RuleCase("T4: no section", [.t4: 1]) { it, _ in
      it.pins.append(Pin(discipline: "D3", kind: .lab, group: "G1", slot: 1))
    },
    RuleCase("T4: without a group every section is meant", [.t4: 2]) { it, _ in
      it.pins.append(Pin(discipline: "D1", kind: .practice, room: "R2"))
    },
    RuleCase("T4: only weeks, and every meeting has them") { it, _ in
      it.pins.append(Pin(discipline: "D1", kind: .practice, weeks: .all(2)))
    },
    RuleCase("T4: the section with most of the group", [.t4: 1]) { it, _ in
      it.pins.append(Pin(discipline: "D2", kind: .lab, group: "G1", slot: 3))
    },
    RuleCase("T4: on a tie any section may hold it") { it, _ in
      // With a2 in the other group each subgroup has one student of G1.
      it.students = it.students.with("a2") { $0.group = "G2" }
      it.pins.append(Pin(discipline: "D2", kind: .lab, group: "G1", slot: 3))
    },
    RuleCase("T4: on a tie some section must hold it", [.t4: 1]) { it, _ in
      it.students = it.students.with("a2") { $0.group = "G2" }
      it.pins.append(Pin(discipline: "D2", kind: .lab, group: "G1", slot: 2))
    },
  ]
}

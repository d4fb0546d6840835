// SPDX-License-Identifier: GPL-3.0-or-later
import Testing
import University
import Validation

@testable import Reports

@Suite struct PlanDifferenceTests {
  private func difference(_ change: (inout Plan) -> Void) -> PlanDifference {
    let institution = PlanFixture.institution()
    let plan = PlanFixture.plan()
    var other = plan
    change(&other)
    return PlanDifference(
      PlanView(institution, plan), PlanValidator.validate(institution, plan),
      PlanView(institution, other), PlanValidator.validate(institution, other))
  }

  @Test func `a plan does not differ from itself`() {
    let found = difference { _ in }
    #expect(found.isEmpty && found.criteria.isEmpty && found.bySubject.isEmpty)
  }

  @Test func `every column of a section and each share of a task is accounted for`() throws {
    let found = difference { plan in
      plan.sections = Table(
        plan.sections.map { row in
          var row = row
          if row.id == "P1" { (row.hours, row.parent, row.language) = (30, nil, .ru) }
          if row.id == "Z1" { row.kind = .practice }
          return row
        })
      // T2 gives two hours of 30 to T1, then of another task nothing but the hours differ.
      plan.assignments[0].hours = Hours(28)
      plan.assignments.append(Assignment(task: "t1", teacher: "T1", hours: Hours(2)))
      plan.tasks = Table(
        plan.tasks.map { row in
          var row = row
          if row.id == "t8" { row.hours = Hours(3) }
          return row
        })
    }
    let section = try #require(found.sections.first)
    #expect(found.sections.map(\.section) == ["P1", "Z1"])
    #expect(section.joined.isEmpty && section.left.isEmpty)
    #expect(
      section.fields.map { [$0.name, $0.before, $0.after] }
        == [["language", "kk", "ru"], ["parent", "L1", ""], ["hours", "15", "30"]])
    #expect(found.load.map(\.task) == ["t1", "t8"])
    #expect(
      found.load[0].sharesBefore == ["T2": 30] && found.load[0].sharesAfter == ["T1": 2, "T2": 28])
    #expect(found.load[1].hoursBefore == 2 && found.load[1].hoursAfter == 3)
    // The same people with other parts.
    let parts = PlanDifference(
      found.after, ScoreReport(),
      PlanView(
        found.after.institution,
        {
          var plan = found.after.plan
          plan.assignments[0].hours = Hours(20)
          plan.assignments[plan.assignments.count - 1].hours = Hours(10)
          return plan
        }()), ScoreReport())
    #expect(parts.load.map(\.sharesAfter) == [["T1": 10, "T2": 20]])
    let page = ChangePage.files(found, revision: 1).first { $0.path == "ru.html" }?.text ?? ""
    #expect(page.contains("часы: 15 → 30") && page.contains("поток: L1 → –"))
    #expect(page.contains("язык: казахский → русский"))
    #expect(page.contains("вид: лабораторное занятие → практическое занятие"))
    #expect(section.fields[0].text(in: .kk) == "тілі: қазақ → орыс")
    #expect(found.sections[1].fields[0].text(in: .en) == "kind: lab → practice")
  }

  @Test func `of a vacant task with other hours both are told, and a new one was nobody's`() throws
  {
    let found = difference { plan in
      plan.tasks = Table(
        plan.tasks.flatMap { row in
          if row.id != "t6" { return [row] }
          var (other, new) = (row, row)
          other.hours = Hours(30)
          new.id = "t9"
          return [other, new]
        })
      plan.assignments.append(Assignment(task: "t9", teacher: nil, hours: Hours(15)))
    }
    #expect(found.load.map(\.task) == ["t6", "t9"])
    #expect(found.load.allSatisfy { $0.before.isEmpty && $0.after.isEmpty })
    let page = ChangePage.files(found, revision: 1).first { $0.path == "en.html" }?.text ?? ""
    let lines = [
      "<td>Z3</td><td class=\"number\">15 → 30</td><td>Vacant</td><td>Vacant</td>",
      "<td>Z3</td><td class=\"number\">15</td><td>–</td><td>Vacant</td>",
    ]
    for line in lines { #expect(page.contains(line)) }
  }

  @Test func `of another regime each meeting is at another time, though its slot is the same`() {
    let found = difference { $0.record.regime = "distance" }
    #expect(found.regimes?.before == "full" && found.regimes?.after == "distance")
    // The first slot begins at one time in both, but ends at another.
    #expect(found.meetings.count == PlanFixture.plan().meetings.count)
    #expect(found.meetings.allSatisfy { $0.kind == .movedTime })
    #expect(found.shortened.isEmpty && found.dated == nil)
    // A plan that names none is of the instance's.
    #expect(difference { $0.record.regime = "" }.regimes == nil)
  }

  @Test func `a moved meeting stands under its teacher, its groups and both rooms`() throws {
    let found = difference { plan in
      plan.meetings[0].slot += 1
      plan.meetings[0].room = RoomID("elsewhere")
    }
    let change = try #require(found.meetings.first)
    #expect(found.meetings.count == 1 && change.kind == .movedBoth)
    let subjects = found.bySubject.map(\.subject)
    #expect(subjects.contains(.room(RoomID("elsewhere"))))
    if let room = change.before?.room { #expect(subjects.contains(.room(room))) }
    #expect(subjects.contains { if case .group = $0 { true } else { false } })
    #expect(found.csv.contains("moved_time_and_room"))
  }

  @Test func `a calendar has the changed with the new revision and the gone as cancelled`() throws {
    let found = difference { plan in
      plan.meetings[0].slot += 1
      plan.meetings.removeLast()
    }
    #expect(found.meetings.contains { $0.kind == .cancelled })
    let files = ChangePage.files(found, revision: 7)
    let calendars = files.filter { $0.path.hasSuffix(".ics") }.map(\.text)
    #expect(calendars.contains { $0.contains("STATUS:CANCELLED") })
    #expect(calendars.contains { $0.contains("STATUS:CONFIRMED") })
    #expect(calendars.allSatisfy { $0.contains("SEQUENCE:7") && !$0.contains("SEQUENCE:0") })
    #expect(Set(files.map(\.path)).isSuperset(of: ["index.html", "kk.html", "ru.html", "en.html"]))
  }

  @Test func `classes that come to one time for the same students are listed once, by both`() throws
  {
    let plan = PlanFixture.plan()
    // The meeting that shares students with another goes to its time.
    var pair: (Meeting, Meeting)?
    for a in plan.meetings {
      for b in plan.meetings where pair == nil && a.section != b.section {
        let one = Set(plan.sections[a.section]?.students ?? [])
        let other = Set(plan.sections[b.section]?.students ?? [])
        if !one.isDisjoint(with: other), (a.day, a.slot) != (b.day, b.slot) { pair = (a, b) }
      }
    }
    let (moved, other) = try #require(pair)
    let found = difference { plan in
      for number in plan.meetings.indices where plan.meetings[number].id == moved.id {
        plan.meetings[number].day = other.day
        plan.meetings[number].slot = other.slot
      }
    }
    let conflict = try #require(
      found.conflicts.first {
        Set([$0.meeting.id, $0.other.id]) == Set([moved.id, other.id])
      })
    let shared = Set(plan.sections[moved.section]?.students ?? [])
      .intersection(plan.sections[other.section]?.students ?? [])
    #expect(Set(conflict.students) == shared)
    let weeks = (moved.weeks.bits & other.weeks.bits).nonzeroBitCount
    #expect(conflict.hours == min(moved.length, other.length) * weeks * shared.count)
    let ids = found.conflicts.map { Set([$0.meeting.id, $0.other.id]) }
    #expect(Set(ids).count == ids.count)
    let files = ChangePage.files(found, revision: 1)
    let table = try #require(files.first { $0.path == "conflicts.csv" })
    #expect(table.text.contains(shared.sorted().map(\.text).joined(separator: " ")))
    #expect(files.first { $0.path == "ru.html" }?.text.contains("Занятия, попавшие") ?? false)
    #expect(difference { _ in }.conflicts.isEmpty)
  }

  @Test func `what was at one time before is not told as new where a meeting is cut by weeks`()
    throws
  {
    let institution = PlanFixture.institution()
    var before = PlanFixture.plan()
    // All of L1 are in H1, whose hour is the second of L1's two.
    before.meetings.append(PlanFixture.meeting("m7", "H1", .all(15), .monday, 2, 1, "Б-202"))
    func conflicts(_ change: (inout Plan) -> Void) -> [PlanDifference.Conflict] {
      var after = before
      change(&after)
      return PlanDifference(
        PlanView(institution, before), ScoreReport(), PlanView(institution, after), ScoreReport()
      ).conflicts
    }
    func cut(_ plan: inout Plan) {
      plan.meetings[0].slot = 2
      let weeks = before.meetings[6].weeks.bits
      plan.meetings[6].weeks = WeekPattern(bits: weeks & ~0b11100, weeks: 15)
      plan.meetings.append(PlanFixture.meeting("m8", "H1", .all(15), .monday, 2, 1, "B 203"))
      plan.meetings[7].weeks = WeekPattern(bits: 0b11100, weeks: 15)
    }
    #expect(conflicts(cut).isEmpty)
    // With the two practices on Friday they come to one time in these weeks only now.
    let elsewhere = conflicts { plan in
      cut(&plan)
      (plan.meetings[7].day, plan.meetings[7].slot) = (.friday, 3)
    }
    let told = elsewhere.map { Set([$0.meeting.id, $0.other.id]) }
    #expect(Set(told) == [["m2", "m8"], ["m3", "m8"]])
    #expect(elsewhere.map(\.hours) == [18, 9])
  }
}

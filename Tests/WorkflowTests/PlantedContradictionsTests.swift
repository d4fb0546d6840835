// SPDX-License-Identifier: GPL-3.0-or-later
import Curricula
import Explanation
import Formats
import Foundation
import GLPKSolver
import LoadDistribution
import TestSupport
import Testing
import University
import Validation

@testable import Workflow

/// Contradictions planted in the tiny instance, each beside the nearest change that keeps it legal.
@Suite("Planted contradictions")
struct PlantedContradictionsTests {
  private func tiny() throws -> Institution {
    var it = try InstanceFolder.read(Shipped.instance("tiny")).institution
    it.pins = []
    it.availability = []
    return it
  }

  private func explain(_ it: Institution) throws -> PlanExplanation {
    try Explainer(solver: GLPKSolver(), seconds: 200).explain(it)
  }

  private func rules(_ found: PlanExplanation) -> [Set<String>] {
    found.contradictions.map { Set($0.contradiction.reasons.map(\.rule)) }
  }

  /// The lecture and the practice of calculus and the lecture of circuits, of one group, by three
  /// teachers who are all at work in the same slots of one day.
  private func chain(slots: Int) throws -> Institution {
    var it = try tiny()
    let classes: [(DisciplineID, TeachingKind, TeacherID)] = [
      ("МАТ1", .lecture, "О1"), ("МАТ1", .practice, "О3"), ("ЭТ1", .lecture, "О2"),
    ]
    for (discipline, kind, teacher) in classes {
      it.pins.append(
        Pin(discipline: discipline, kind: kind, group: "ЭЛк-23-1", teacher: teacher))
      for day in [Weekday.tuesday, .wednesday] {
        it.availability.append(
          Availability(
            subject: .teacher(teacher), day: day, from: 1, to: 7, level: .forbidden,
            weeks: .all(4)))
      }
      it.availability.append(
        Availability(
          subject: .teacher(teacher), day: .monday, from: slots + 1, to: 7, level: .forbidden,
          weeks: .all(4)))
    }
    return it
  }

  @Test("three teachers of one group have two slots together; three slots are enough")
  func chainOfTeachers() throws {
    let found = try explain(chain(slots: 2))
    #expect(rules(found).contains { $0.isSuperset(of: ["M1", "M5", "T1"]) }, "\(rules(found))")
    let files = Set(
      found.contradictions.flatMap(\.contradiction.reasons).flatMap(\.rows).map(\.file))
    #expect(files.isSuperset(of: ["pins.csv", "availability.csv", "enrolments.csv"]))
    #expect(found.contradictions.allSatisfy { $0.contradiction.isMinimal })
    #expect(found.contradictions.contains { !$0.relaxations.isEmpty })
    #expect(try !explain(chain(slots: 3)).isImpossible)
  }

  @Test("two classes of a group pinned one after the other with no time for the way")
  func pinnedTravel() throws {
    var it = try tiny()
    func pin(_ discipline: DisciplineID, _ kind: TeachingKind, _ slot: Int, _ room: RoomID) -> Pin {
      Pin(
        discipline: discipline, kind: kind, group: "ЭЛк-23-1", weeks: .all(4), day: .monday,
        slot: slot, room: room)
    }
    it.pins = [pin("МАТ1", .practice, 2, "Б-102"), pin("ЭТ1", .lab, 3, "З-1")]
    #expect(rules(try explain(it)).contains { $0.contains("T2") && $0.contains("T4") })
    it.pins[1].slot = 4
    #expect(try !explain(it).isImpossible)
  }

  @Test("more classes of a group are pinned to a day than its limit lets")
  func pinnedDay() throws {
    var it = try tiny()
    it.policy.studentMaxHoursPerDay = 2
    let classes: [(DisciplineID, TeachingKind)] = [
      ("МАТ1", .lecture), ("МАТ1", .practice), ("ЭТ1", .lecture),
    ]
    for (slot, (discipline, kind)) in classes.enumerated() {
      it.pins.append(
        Pin(
          discipline: discipline, kind: kind, group: "ЭЛк-23-1", weeks: .all(4), day: .monday,
          slot: slot + 1))
    }
    #expect(rules(try explain(it)).contains { $0.contains("T3") && $0.contains("T4") })
    it.policy.studentMaxHoursPerDay = 5
    #expect(try !explain(it).isImpossible)
  }

  @Test("who chose a teacher asks for more hours than the teacher may have")
  func chosenTeacher() throws {
    var it = try tiny()
    it.enrolments = Table(
      it.enrolments.map {
        var row = $0
        if row.discipline == "МАТ1" { row.practiceTeacher = "О1" }
        return row
      })
    func limit(_ hours: Double) -> [Diagnostic] {
      it.teachers = Table(
        it.teachers.map {
          var row = $0
          if row.id == "О1" { row.maxHours = hours }
          return row
        })
      return Curricula.check(it).filter { $0.severity == .impossible }
    }
    // One practice of four hours in each language.
    #expect(limit(7.9).map(\.code) == ["L4.chosenHours"])
    #expect(limit(8).isEmpty)
    it.teachers = Table(
      it.teachers.map {
        var row = $0
        if row.id == "О1" { row.maxHours = 7.9 }
        return row
      })
    let told = try #require(try explain(it).findings.first { $0.finding.code == "L4.chosenHours" })
    #expect(told.relaxations.contains { $0.relaxation.change == .dropChoices("О1") })
  }

  @Test("a chosen teacher is free only while the rooms of the class are closed: the choice is told")
  func choiceBinds() throws {
    var it = try tiny()
    it.enrolments = Table(
      it.enrolments.map {
        var row = $0
        if row.discipline == "МАТ1", it.students[row.student]?.group == "ЭЛк-23-1" {
          row.practiceTeacher = "О1"
        }
        return row
      })
    func close(_ subject: AvailabilitySubject, _ day: Weekday, _ from: Int, _ to: Int) {
      it.availability.append(
        Availability(
          subject: subject, day: day, from: from, to: to, level: .forbidden, weeks: .all(4)))
    }
    for day in it.days { close(.teacher("О1"), day, day == .monday ? 2 : 1, 7) }
    #expect(try !rules(explain(it)).contains { $0.contains("S6") })
    for room in it.rooms.map(\.id) { close(.room(room), .monday, 1, 1) }
    let found = try explain(it)
    let told = try #require(
      found.contradictions.first { told in
        told.contradiction.reasons.contains { $0.rule == "S6" }
      }, "\(rules(found))")
    #expect(told.contradiction.isMinimal)
    #expect(told.contradiction.reasons.contains { $0.rule == "T1" })
    #expect(told.relaxations.contains { $0.relaxation.change == .dropChoices("О1") })
    // Without the choice another may teach them.
    it.enrolments = Table(
      it.enrolments.map {
        var row = $0
        row.practiceTeacher = nil
        return row
      })
    #expect(try !explain(it).isImpossible)
  }

  @Test("closed times of two rooms, of which opening one helps, and of two that both have to open")
  func closedRooms() throws {
    var it = try tiny()
    func close(_ room: RoomID, _ day: Weekday) {
      it.availability.append(
        Availability(
          subject: .room(room), day: day, from: 1, to: 7, level: .forbidden, weeks: .all(4)))
    }
    for day in it.days { close("З-1", day) }
    let one = try explain(it)
    let changes = one.contradictions.flatMap(\.relaxations).map(\.relaxation.change)
    #expect(changes.contains(.openSubject(.room("З-1"))))
    // The laboratory is open when neither group may come.
    it.availability.removeAll { $0.day == .monday }
    for group in it.groups {
      it.availability.append(
        Availability(
          subject: .group(group.id), day: .monday, from: 1, to: 7, level: .forbidden,
          weeks: .all(4)))
    }
    let both = try explain(it)
    let told = try #require(both.contradictions.first)
    #expect(told.contradiction.reasons.contains { $0.rule == "R3" || $0.rule == "M5" })
    #expect(!told.relaxations.isEmpty)
    for tried in told.relaxations {
      var changed = it
      var plan = Plan(
        record: PlanRecord(keste: "", instance: "", instanceSHA256: "", seed: 0, regime: ""))
      tried.relaxation.change.apply(to: &changed, &plan)
      let search = ConflictSearch(
        changed, solver: GLPKSolver(), deadline: .now.advanced(by: .seconds(100)))
      #expect(try search.isConsistent(told.origin.component(changed, plan)) == true)
    }
  }

  @Test("a pin names another teacher than the plan")
  func pinAgainstAssignment() throws {
    var it = try tiny()
    let reading = try InstanceFolder.read(Shipped.instance("tiny"))
    let planner = try Planner(
      reading, solver: GLPKSolver(), options: PlanningOptions(timeLimit: nil, iterations: 5000))
    var plan = planner.emptyPlan()
    plan.sections = try planner.formSections().sections
    let (tasks, load) = try planner.distributeLoad(plan.sections)
    (plan.tasks, plan.assignments, plan.hasLoad) = (tasks, load.assignments, true)
    plan.meetings = try planner.makeTimetable(plan).meetings
    plan.hasTimetable = true
    let section = try #require(
      plan.sections.first { $0.discipline == "ЭТ1" && $0.kind == .lab })
    let holder = try #require(plan.teachersBySection[section.id]?.first)
    let group = try #require(it.students[section.students[0]]?.group)
    let other: TeacherID = holder == "О2" ? "О3" : "О2"
    it.pins = [Pin(discipline: "ЭТ1", kind: .lab, group: group, teacher: other)]
    let found = try Explainer(solver: GLPKSolver(), seconds: 200)
      .explain(it, plan, PlanValidator.validate(it, plan))
    let told = try #require(found.contradictions.first)
    #expect(told.contradiction.reasons.map(\.rule).sorted() == ["L2", "T4"])
    #expect(told.relaxations.contains { $0.relaxation.change == .dropPin(0) })
    it.pins[0].teacher = holder
    #expect(
      PlanValidator.validate(it, plan).violations.allSatisfy { $0.rule == .p1 })
  }

  @Test("a pin looks for its section among all sections, not only those that are looked at")
  func pinsLookAtAllSections() throws {
    var it = try tiny()
    it.pins = [
      Pin(discipline: "МАТ1", kind: .practice, group: "ЭЛк-23-1", day: .monday, slot: 2)
    ]
    func section(_ id: SectionID, _ students: [StudentID]) -> Section {
      Section(
        id: id, discipline: "МАТ1", kind: .practice, language: .kk, hours: 4,
        students: students)
    }
    let all = Table([section("A", ["S1", "S2"]), section("B", ["S3"])])
    let part = Component(it, sections: [all[1]], of: all, teachers: [:])
    #expect(part.activities[0].pins.isEmpty)
    let other = Component(it, sections: [all[0]], of: all, teachers: [:])
    #expect(other.activities[0].pins == [0])
  }

  @Test("reasons and changes are told in three languages")
  func languages() throws {
    let found = try explain(chain(slots: 2))
    let told = try #require(found.contradictions.first)
    let wordings =
      told.contradiction.reasons.map(\.wording) + told.relaxations.map(\.relaxation.wording)
    #expect(wordings.count > 6)
    for wording in wordings {
      let texts = Set(Language.allCases.map { wording[$0] })
      #expect(texts.count == 3, "\(wording)")
      #expect(!wording[.kk].contains(" the ") && !wording[.ru].contains(" the "))
    }
    let it = try InstanceFolder.read(Shipped.instance("impossible/pins-one-teacher")).institution
    let findings = Curricula.check(it).filter { $0.severity == .impossible }
    #expect(!findings.isEmpty)
    for finding in findings {
      #expect(finding.description(in: .en) == finding.description)
      #expect(finding.description(in: .kk).hasPrefix("мүмкін емес: "))
      #expect(finding.description(in: .ru).hasPrefix("невозможно: "))
    }
  }

  @Test("a partial plan tells why, and with a limit on moves the same each time")
  func partialPlan() throws {
    let scratch = try ScratchFolder()
    try FileManager.default.copyItem(atPath: Shipped.instance("tiny"), toPath: scratch("tiny"))
    try """
    subject_kind,subject,day,from,to,level,weeks
    room,З-1,all,1,6,forbidden,

    """.write(toFile: scratch("tiny/availability.csv"), atomically: true, encoding: .utf8)
    var texts: [[String]] = []
    for name in ["a", "b"] {
      let outcome = try Pipeline(
        instance: scratch("tiny"), plan: scratch(name), solver: GLPKSolver(),
        options: PlanningOptions(timeLimit: nil, iterations: 2000)
      ).run(.plan)
      #expect(!outcome.unplaced.isEmpty && !outcome.isValid)
      let told = try #require(outcome.explanation?.contradictions.first)
      #expect(told.contradiction.reasons.contains { $0.rule == "T1" })
      #expect(told.relaxations.contains { $0.relaxation.text.hasPrefix("open room З-1") })
      texts.append(told.contradiction.reasons.map(\.text))
    }
    #expect(texts[0] == texts[1])
  }
}

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

@Suite("Impossible instances")
struct ImpossibleInstancesTests {
  static let folder = Shipped.instance("impossible")
  static let names = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? []

  @Test("there are at least twelve")
  func count() {
    #expect(Self.names.count >= 12)
  }

  @Test("the check names the reason, and the explanation a change that helps", arguments: names)
  func reason(name: String) throws {
    let path = "\(Self.folder)/\(name)"
    let expected = try String(contentsOfFile: path + "/EXPECTED", encoding: .utf8)
      .split(whereSeparator: \.isWhitespace).map(String.init)
    let (_, findings) = try Pipeline.check(path, solver: GLPKSolver(), seconds: 300)
    let found = findings.filter { $0.severity == .impossible }
    #expect(found.contains { [$0.code, $0.file] == expected }, "\(found)")

    let explanation = try Explainer(solver: GLPKSolver(), seconds: 300).explain(path)
    #expect(explanation.isImpossible && explanation.gaps.isEmpty)
    for explained in explanation.contradictions {
      #expect(explained.contradiction.isMinimal)
      #expect(!explained.contradiction.reasons.isEmpty)
      #expect(explained.contradiction.reasons.allSatisfy { !$0.rows.isEmpty })
    }
    let helped =
      explanation.contradictions.flatMap(\.relaxations)
      + explanation.findings.flatMap(\.relaxations)
    #expect(!helped.isEmpty)

    // Each finding and contradiction is of one cause, and each cause has a change with which a plan
    // was made that the validator accepts.
    let causes = explanation.causes
    #expect(causes.flatMap(\.findings).sorted() == Array(explanation.findings.indices))
    #expect(causes.flatMap(\.contradictions).sorted() == Array(explanation.contradictions.indices))
    // Of a change by more or by less only the least that is enough is told.
    for cause in causes {
      let told = cause.relaxations.filter { $0.proof == .plan }.map(\.relaxation.change)
      #expect(told.allSatisfy { own in !told.contains { own.isMore(than: $0) } })
    }
    for cause in causes {
      let isSolved = cause.proof == .plan || cause.relaxations.contains { $0.proof == .plan }
      #expect(isSolved, "\(cause)")
    }
  }

  @Test("a contradiction that is found late has changes that help too")
  func late() throws {
    var explainer = Explainer(solver: GLPKSolver(), seconds: 3000)
    explainer.started = .now.advanced(by: .seconds(-0.7 * 3000))
    let found = try explainer.explain(Self.folder + "/group-and-laboratory-closed")
    #expect(!found.contradictions.isEmpty)
    #expect(found.contradictions.allSatisfy { !$0.relaxations.isEmpty })
    #expect(found.causes.contains { !$0.relaxations.isEmpty })
  }

  @Test("a contradiction is irreducible: without any of its rows the data contradict nothing")
  func irreducible() throws {
    let path = Self.folder + "/group-and-laboratory-closed"
    let it = try InstanceFolder.read(path).institution
    let explainer = Explainer(solver: GLPKSolver(), seconds: 300)
    let found = try #require(try explainer.explain(it).contradictions.first)
    let lines = found.contradiction.reasons.filter { $0.rule == "T1" }.flatMap(\.rows)
      .compactMap(\.line)
    #expect(lines.count == 3)
    for line in lines {
      var changed = it
      changed.availability.removeAll { $0.line == line }
      #expect(try explainer.explain(changed).contradictions.isEmpty)
    }
  }

  @Test("instances that have plans are not called impossible", arguments: ["tiny", "aues-small"])
  func possible(name: String) throws {
    let explanation = try Explainer(solver: GLPKSolver(), seconds: 300)
      .explain(Shipped.instance(name))
    #expect(!explanation.isImpossible)
  }

  @Test("what was planned is never called impossible", arguments: 0..<7)
  func planned(seed: Int) throws {
    var reading = try InstanceFolder.read(Shipped.instance("tiny"))
    var random = Numbers(state: UInt64(seed) &* 7919 &+ 17)
    var it = reading.institution
    for _ in 0..<(2 + random.below(6)) {
      let subjects: [AvailabilitySubject] =
        it.teachers.map { .teacher($0.id) } + it.rooms.map { .room($0.id) }
        + it.groups.map { .group($0.id) }
      let from = 1 + random.below(6)
      it.availability.append(
        Availability(
          subject: subjects[random.below(subjects.count)],
          day: random.below(4) == 0 ? nil : it.days[random.below(3)], from: from,
          to: from + random.below(7 - from), level: .forbidden,
          weeks: [.all(4), .odd(4), .even(4)][random.below(3)]))
    }
    if random.below(2) == 0 {
      it.pins.append(
        Pin(
          discipline: "ЭТ1", kind: .lab, group: it.groups[random.below(2)].id, teacher: "О2",
          weeks: random.below(2) == 0 ? .odd(4) : nil, day: it.days[random.below(3)],
          slot: 1 + random.below(5)))
    }
    it.policy.studentMaxHoursPerDay = 2 + random.below(4)
    reading.institution = it
    var options = PlanningOptions(iterations: 3000, seed: 1)
    options.timeLimit = nil
    let planner = try Planner(reading, solver: GLPKSolver(), options: options)
    // Without a clock nothing is planned again to try changes, of which nothing is asked here.
    let explanation = try Explainer(solver: GLPKSolver(), seconds: nil).explain(it)
    var plan = planner.emptyPlan()
    plan.sections = try planner.formSections().sections
    let (tasks, load) = try planner.distributeLoad(plan.sections)
    plan.tasks = tasks
    plan.assignments = load.assignments
    plan.hasLoad = true
    plan.meetings = try planner.makeTimetable(plan).meetings
    plan.hasTimetable = true
    let report = PlanValidator.validate(it, plan)
    let isValid = report.violations.allSatisfy { $0.rule == .p1 }
    if isValid {
      #expect(!explanation.isImpossible, "\(explanation)")
      #expect(!planner.findings.contains { $0.severity == .impossible })
    }
    // With the plan: no contradiction is told where a valid timetable was found while explaining.
    if !isValid {
      let why = try Explainer(solver: GLPKSolver(), seconds: 20).explain(it, plan, report)
      #expect(!(why.isImpossible && why.isRepairable))
    }
  }
}

@Suite("Instances with a plan that is known")
struct LegalInstancesTests {
  /// The tiny instance with groups of four, so that subgroups of two or three are alike or not.
  private func reading(_ random: inout Numbers) throws -> InstanceReading {
    var reading = try InstanceFolder.read(Shipped.instance("tiny"))
    var it = reading.institution
    it.pins = []
    for group in it.groups {
      let id = StudentID("+\(group.id)")
      it.students.append(Student(id: id, group: group.id))
      for discipline in it.disciplines {
        it.enrolments.append(
          Enrolment(student: id, discipline: discipline.id, language: group.language))
      }
    }
    it.policy.subgroupCap = 2 + random.below(2)
    it.policy.groupCap = 2 + random.below(3)
    it.policy.hoursTolerance = random.below(4)
    it.policy.retakeConflicts = random.below(2) == 0 ? .soft : .hard
    it.enrolments = Table(
      it.enrolments.map {
        var row = $0
        if random.below(8) == 0 { row.status = .retake }
        if random.below(12) == 0 { row.language = .ru }
        if row.discipline == "МАТ1", random.below(6) == 0 {
          row.practiceTeacher = random.below(2) == 0 ? "О1" : "О3"
        }
        return row
      })
    reading.institution = it
    return reading
  }

  private func plan(_ reading: InstanceReading) throws -> Plan {
    let planner = try Planner(
      reading, solver: GLPKSolver(), options: PlanningOptions(timeLimit: nil, iterations: 1000))
    var plan = planner.emptyPlan()
    plan.sections = try planner.formSections().sections
    let (tasks, load) = try planner.distributeLoad(plan.sections)
    plan.tasks = tasks
    plan.assignments = load.assignments
    plan.hasLoad = true
    plan.meetings = try planner.makeTimetable(plan).meetings
    plan.hasTimetable = true
    return plan
  }

  private func isValid(_ it: Institution, _ plan: Plan) -> Bool {
    PlanValidator.validate(it, plan).violations.allSatisfy { $0.rule == .p1 }
  }

  /// A pin that the plan keeps; nil where the draw pins nothing.
  private func pin(_ it: Institution, _ plan: Plan, _ random: inout Numbers) -> Pin? {
    // Subgroups of one group are often alike, so that either may hold a pin.
    let likely = plan.sections.filter { $0.kind == .lab || random.below(2) == 0 }
    guard !likely.isEmpty else { return nil }
    let section = likely[random.below(likely.count)]
    let meetings = plan.meetings.filter { $0.section == section.id }
    guard !meetings.isEmpty else { return nil }
    let meeting = meetings[random.below(meetings.count)]
    func count(_ other: Section, _ group: GroupID) -> Int {
      other.students.count { it.students[$0]?.group == group }
    }
    let groups = it.groups.map(\.id).filter { group in
      let own = count(section, group)
      return own > 0
        && plan.sections.allSatisfy {
          $0.discipline != section.discipline || $0.kind != section.kind || count($0, group) <= own
        }
    }
    guard !groups.isEmpty else { return nil }
    var pin = Pin(
      discipline: section.discipline, kind: section.kind, group: groups[random.below(groups.count)])
    if random.below(4) > 0 { pin.teacher = plan.teachersBySection[section.id]?.first }
    if random.below(2) == 0 { pin.day = meeting.day }
    if random.below(2) == 0 { pin.slot = meeting.slot }
    let isTimed = pin.day != nil || pin.slot != nil
    if random.below(2) == 0, isTimed || meetings.allSatisfy({ $0.weeks == meeting.weeks }) {
      pin.weeks = meeting.weeks
    }
    if random.below(2) == 0, isTimed || meetings.allSatisfy({ $0.room == meeting.room }) {
      pin.room = meeting.room
    }
    return pin
  }

  /// Closes most of the time that the plan leaves free.
  private func close(_ it: inout Institution, _ plan: Plan, _ random: inout Numbers) {
    let holders = plan.teachersBySection
    var meetings: [AvailabilitySubject: [Meeting]] = [:]
    for meeting in plan.meetings {
      if let room = meeting.room { meetings[.room(room), default: []].append(meeting) }
      for teacher in holders[meeting.section] ?? [] {
        meetings[.teacher(teacher), default: []].append(meeting)
      }
      let students = plan.sections[meeting.section]?.students ?? []
      for group in Set(students.compactMap { it.students[$0]?.group }) {
        meetings[.group(group), default: []].append(meeting)
      }
    }
    let weeks = it.term.weeks
    let subjects: [AvailabilitySubject] =
      it.teachers.map { .teacher($0.id) } + it.rooms.map { .room($0.id) }
      + it.groups.map { .group($0.id) }
    for subject in subjects where random.below(2) == 0 {
      for day in it.days {
        for slot in 1...it.regime.slots where random.below(8) > 0 {
          for closed in [WeekPattern.all(weeks), .odd(weeks), .even(weeks)] {
            let isFree = (meetings[subject] ?? []).allSatisfy {
              $0.day != day || $0.weeks.bits & closed.bits == 0
                || !($0.slot..<$0.slot + $0.length).contains(slot)
            }
            guard isFree else { continue }
            it.availability.append(
              Availability(
                subject: subject, day: day, from: slot, to: slot, level: .forbidden, weeks: closed))
            break
          }
        }
      }
    }
  }

  /// Limits that the plan just keeps.
  private func tighten(_ it: inout Institution, _ plan: Plan) {
    var hours: [TeacherID: Double] = [:]
    for row in plan.assignments {
      if let teacher = row.teacher { hours[teacher, default: 0] += row.hours.value }
    }
    it.teachers = Table(
      it.teachers.map {
        var row = $0
        row.minHours = hours[row.id] ?? 0
        row.maxHours = hours[row.id] ?? 0
        return row
      })
    var largest: [RoomID: Int] = [:]
    for meeting in plan.meetings {
      guard let room = meeting.room else { continue }
      let size = plan.sections[meeting.section]?.students.count ?? 0
      largest[room] = max(largest[room] ?? 0, size)
    }
    // The rooms of streams also set the limit of S3.
    it.rooms = Table(
      it.rooms.map {
        var row = $0
        if row.kind != "lecture" { row.capacity = largest[row.id] ?? 0 }
        return row
      })
  }

  @Test("what a valid plan keeps, however tight, is never called impossible")
  func tight() throws {
    var planned = 0
    var pins = 0
    for seed in 0..<16 {
      var random = Numbers(state: UInt64(seed) &* 6947 &+ 5)
      let reading = try self.reading(&random)
      let plan = try self.plan(reading)
      guard isValid(reading.institution, plan) else { continue }
      planned += 1
      var it = reading.institution
      for _ in 0..<(4 + random.below(10)) {
        if let pin = self.pin(it, plan, &random) { it.pins.append(pin) }
      }
      close(&it, plan, &random)
      if random.below(2) == 0 { tighten(&it, plan) }
      if random.below(3) == 0 { it.decidedSections = plan.sections }
      pins += it.pins.count
      try #require(isValid(it, plan), "the plan of seed \(seed) keeps all that was added")
      let explanation = try Explainer(solver: GLPKSolver(), seconds: 300).explain(it)
      #expect(!explanation.isImpossible, "seed \(seed): \(explanation) \(it.pins)")
    }
    #expect(planned >= 12 && pins >= 40)
  }
}

@Suite("Explaining a plan")
struct ExplainPlanTests {
  /// A valid plan of the tiny instance.
  private func planOfTiny() throws -> (Institution, Plan) {
    let reading = try InstanceFolder.read(Shipped.instance("tiny"))
    let planner = try Planner(
      reading, solver: GLPKSolver(), options: PlanningOptions(timeLimit: nil, iterations: 20_000))
    var plan = planner.emptyPlan()
    plan.sections = try planner.formSections().sections
    let (tasks, load) = try planner.distributeLoad(plan.sections)
    plan.tasks = tasks
    plan.assignments = load.assignments
    plan.hasLoad = true
    plan.meetings = try planner.makeTimetable(plan).meetings
    plan.hasTimetable = true
    return (reading.institution, plan)
  }

  private func explain(_ it: Institution, _ plan: Plan) throws -> PlanExplanation {
    try Explainer(solver: GLPKSolver(), seconds: 8)
      .explain(it, plan, PlanValidator.validate(it, plan))
  }

  @Test("a room closed under a finished timetable is told, and a timetable without it is found")
  func closedRoom() throws {
    var (it, plan) = try planOfTiny()
    let meeting = try #require(plan.meetings.first { $0.room == "З-1" })
    it.availability.append(
      Availability(
        subject: .room("З-1"), day: meeting.day, from: meeting.slot, to: meeting.slot,
        level: .forbidden, weeks: .all(4)))
    let found = try explain(it, plan)
    #expect(found.violations.contains { $0.rule == .t1 })
    #expect(!found.isImpossible)
    #expect(found.isRepairable && found.moved > 0)
  }

  @Test("a room closed for good contradicts what needs it")
  func roomClosedForGood() throws {
    var (it, plan) = try planOfTiny()
    var row = Availability(
      subject: .room("З-1"), day: nil, from: 1, to: 7, level: .forbidden, weeks: .all(4))
    row.line = 3
    it.availability.append(row)
    let found = try explain(it, plan)
    let contradiction = try #require(found.contradictions.first?.contradiction)
    #expect(
      contradiction.reasons.contains {
        $0.rows.contains { $0.file == "availability.csv" && $0.line == 3 }
      })
    #expect(
      found.contradictions[0].relaxations.contains {
        $0.relaxation.text.hasPrefix("open room З-1")
      })
  }

  @Test("a teacher with more sections than time is told, with who else may take one")
  func teacher() throws {
    var (it, plan) = try planOfTiny()
    // All practice and lectures of mathematics by one who has two hours a week.
    for at in plan.assignments.indices {
      let task = try #require(plan.tasks[plan.assignments[at].task])
      if task.discipline == "МАТ1", task.work.teachingKind != nil {
        plan.assignments[at].teacher = "О1"
      }
    }
    it.availability += [
      Availability(
        subject: .teacher("О1"), day: .tuesday, from: 1, to: 7, level: .forbidden, weeks: .all(4)),
      Availability(
        subject: .teacher("О1"), day: .wednesday, from: 1, to: 7, level: .forbidden,
        weeks: .all(4)),
      Availability(
        subject: .teacher("О1"), day: .monday, from: 3, to: 7, level: .forbidden, weeks: .all(4)),
    ]
    let found = try explain(it, plan)
    let told = try #require(
      found.contradictions.first { explained in
        explained.contradiction.reasons.contains { $0.rule == "M3" }
      })
    #expect(told.contradiction.isMinimal)
    #expect(told.contradiction.reasons.count { $0.rule == "T1" } == 3)
  }

  @Test("three sections in one slot of a week find disjoint weeks")
  func disjointWeeks() throws {
    var it = try InstanceFolder.read(Shipped.instance("tiny")).institution
    it.pins = []
    it.availability = []
    var component = Component()
    for name in ["A", "B", "C"] {
      component.activities.append(
        Activity(Wording(name: name), discipline: "ФИЛ", kind: .lecture, hours: 1...2, size: 1))
    }
    component.attendees = [Attendee(.teacher("О1"), [0, 1, 2])]
    for at in 0..<3 { component.activities[at].teachers = ["О1"] }
    let closed = [(nil, 2, 7), (.tuesday, 1, 1), (Weekday?.some(.wednesday), 1, 1)]
    for (day, from, to) in closed {
      it.availability.append(
        Availability(
          subject: .teacher("О1"), day: day, from: from, to: to, level: .forbidden,
          weeks: .all(4)))
    }
    let search = ConflictSearch(
      it, solver: GLPKSolver(), deadline: .now.advanced(by: .seconds(200)))
    guard case .consistent = try search.find(in: component) else {
      Issue.record("four weeks hold three hours")
      return
    }
    component.activities[0].hours = 3...4
    guard case .contradiction(let found) = try search.find(in: component) else {
      Issue.record("four weeks do not hold five hours")
      return
    }
    #expect(found.isMinimal && found.activities.count == 3)
  }
}

/// A small generator with a seed.
private struct Numbers {
  var state: UInt64

  mutating func below(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import Formats
import Foundation
import GLPKSolver
import Problem
import Solving
import TestSupport
import Testing
import University
import Validation

@testable import Workflow

/// Plans made once for the tests of changes: making one takes seconds in debug builds.
enum SmallPlan {
  static let instance = Shipped.instance("aues-small")

  static let made: Result<(Institution, Plan), any Error> = Result {
    let folder = try ScratchFolder()
    let outcome = try Pipeline(
      instance: instance, plan: folder("plan"), solver: GLPKSolver(),
      options: PlanningOptions(timeLimit: nil, iterations: 6_000)
    ).run(.plan)
    return (outcome.institution, outcome.plan)
  }

  /// The plan of aues-small, in hand.
  static func hand() throws -> PlanInHand {
    let (institution, plan) = try made.get()
    return try PlanInHand(institution, plan)
  }
}

@Suite struct AdviceTests {
  @Test func `what an option breaks and costs agrees with the search at every place`() throws {
    let hand = try SmallPlan.hand()
    let problem = hand.stage.problem
    var compared = 0, refused = 0
    for event in stride(from: 0, to: problem.events, by: 83) {
      let findings = PlacementFindings(event, in: hand.state)
      let rooms =
        problem.needsRoom[event]
        ? problem.eventRooms[event].map { Int(problem.eventRooms.items[$0]) } : [-1]
      let row = hand.state.rowShape(of: event)
      for time in findings.possibleTimes where row < 0 || problem.timeShape[time] == row {
        for room in rooms {
          let found = findings.finding(time, room)
          let delta = hand.state.delta(event, time, room, limit: .max - 1)
          if delta == SearchState.refused {
            refused += 1
            #expect(!found.obstacles.isEmpty)
          } else {
            compared += 1
            #expect(found.obstacles.isEmpty && found.cost == delta)
          }
        }
      }
    }
    #expect(compared > 100 && refused > 100)
  }

  @Test func `a chain keeps every rule and costs what the validator finds`() throws {
    let hand = try SmallPlan.hand()
    let before = hand.plan
    let old = PlanValidator.validate(hand.institution, before)
    #expect(old.isValid)
    var seen: Set<Int> = []
    for event in stride(from: 0, to: hand.stage.problem.events, by: 83) {
      for chain in hand.advice(on: event, chains: 2).chains {
        var plan = before
        for meeting in chain.meetings {
          let position = try #require(plan.meetings.firstIndex { $0.id == meeting.id })
          plan.meetings[position] = meeting
        }
        let report = PlanValidator.validate(hand.institution, plan, stages: [.timetable])
        // The claims of the plan file are those of the plan before.
        #expect(!report.violations.contains { $0.rule != .p1 })
        let grown = (report.objectives[.timetable] ?? 0) - (old.objectives[.timetable] ?? 0)
        #expect(abs(grown - chain.cost) < 1e-6)
        #expect(abs(chain.costs.values.reduce(0, +) - chain.cost) < 1e-6)
        for (criterion, value) in chain.costs {
          let name = try #require(TimetableCriterion(rawValue: criterion))
          let amount = (report.timetable?[name] ?? 0) - (old.timetable?[name] ?? 0)
          #expect(abs(amount * hand.institution.weights.timetable[name] - value) < 1e-6)
        }
        seen.insert(chain.meetings.count)
      }
    }
    #expect(seen.contains(2))
  }

  @Test func `a move that breaks nothing is made and judged`() throws {
    let hand = try SmallPlan.hand()
    let events = 0..<hand.stage.problem.events
    var done = false
    for event in events {
      let advice = hand.advice(on: event, chains: 0)
      guard let option = advice.options.first(where: { $0.broken.isEmpty && !$0.isPresent }),
        option.meeting.weeks == advice.meeting?.weeks
      else { continue }
      let place = option.meeting
      let target = try #require(
        MeetingTarget("\(place.day.code) \(place.slot) \(place.room?.text ?? "online")"))
      let before = PlanValidator.validate(hand.institution, hand.plan).objectives[.timetable] ?? 0
      let outcome = try hand.move(event, to: target)
      let report = try #require(outcome.report)
      #expect(report.isValid)
      #expect(abs((report.objectives[.timetable] ?? 0) - before - option.cost) < 1e-6)
      #expect(hand.plan.record.timetable?.objective == report.objectives[.timetable])
      done = true
      break
    }
    #expect(done)
  }

  @Test
  func `a place of another length is taken with that length, and every move raises the revision`()
    throws
  {
    let hand = try SmallPlan.hand()
    #expect(hand.plan.record.revision == 0)
    var done = 0
    for event in 0..<hand.stage.problem.events where done < 2 {
      let advice = hand.advice(on: event, chains: 0)
      guard
        let option = advice.options.first(where: {
          $0.broken.isEmpty && $0.meeting.length != advice.meeting?.length
            && $0.meeting.weeks != advice.meeting?.weeks
        })
      else { continue }
      let place = option.meeting
      let target = try #require(
        MeetingTarget("\(place.day.code) \(place.slot) \(place.room?.text ?? "online")"))
      let before = hand.plan.record.timetable?.objective ?? 0
      // The hours need the length that belongs to the weeks.
      let refused = try? hand.move(event, to: target, weeks: place.weeks)
      #expect(refused?.report == nil)
      let outcome = try hand.move(event, to: target, weeks: place.weeks, length: place.length)
      let report = try #require(outcome.report)
      #expect(report.isValid)
      #expect(outcome.after == place)
      #expect(abs((report.objectives[.timetable] ?? 0) - before - option.cost) < 1e-6)
      done += 1
      #expect(hand.plan.record.revision == done)
    }
    #expect(done == 2)
  }

  @Test(
    arguments: [
      ("mon 1", Int.max), ("mon \(Int.max)", nil), ("mon \(Int.max)", Int.max), ("mon 0", 1),
      ("mon 2", 1_000), ("sun 1", 1),
    ] as [(String, Int?)])
  func `a place or a length outside the grid is refused, however large`(
    place: String, length: Int?
  ) throws {
    let hand = try SmallPlan.hand()
    let before = hand.plan.meetings
    let target = try #require(MeetingTarget(place))
    do {
      _ = try hand.move(0, to: target, length: length)
      Issue.record("it was moved")
    } catch let rejected as InputRejected {
      #expect(rejected.diagnostics.map(\.code) == ["move.outsideGrid"])
    }
    #expect(hand.plan.meetings == before)
  }

  @Test func `rooms that do not suit are among the places where all are asked for`() throws {
    let hand = try SmallPlan.hand()
    let event = try #require(
      (0..<hand.stage.problem.events).first { hand.stage.problem.needsRoom[$0] })
    let suited = hand.advice(on: event, chains: 0)
    let all = hand.advice(on: event, chains: 0, inEveryRoom: true)
    let rooms = Set(all.options.map(\.meeting.room))
    #expect(rooms == Set(hand.institution.rooms.map { Optional($0.id) }))
    let others = rooms.subtracting(suited.options.map(\.meeting.room))
    #expect(!others.isEmpty)
    for option in all.options where others.contains(option.meeting.room) {
      #expect(option.broken.contains { $0.rule == "R1–R3" })
    }
    // What suits is told as before, and in the same order.
    let same = all.options.filter { !others.contains($0.meeting.room) }
    #expect(same.map(\.meeting) == suited.options.map(\.meeting))
  }

  @Test func `a move onto another meeting of the teacher is refused with the reason`() throws {
    let hand = try SmallPlan.hand()
    let before = hand.plan.meetings
    var done = false
    for event in 0..<hand.stage.problem.events {
      let advice = hand.advice(on: event, chains: 0)
      // In other weeks the section's hours would not be delivered: another reason.
      guard
        let option = advice.options.first(where: {
          $0.broken.contains { $0.rule == "M3" } && $0.meeting.weeks == advice.meeting?.weeks
        })
      else { continue }
      let place = option.meeting
      let target = try #require(
        MeetingTarget("\(place.day.code) \(place.slot) \(place.room?.text ?? "online")"))
      let outcome = try hand.move(event, to: target, weeks: place.weeks)
      #expect(outcome.report == nil)
      #expect(outcome.reasons.contains { $0.rule == "M3" && $0.meeting != nil })
      #expect(hand.plan.meetings == before)
      done = true
      break
    }
    #expect(done)
  }

  @Test func `a meeting without a place gets the one asked for, in the weeks that cost least`()
    throws
  {
    let (institution, plan) = try SmallPlan.made.get()
    var done = 0
    for gone in plan.meetings.enumerated().filter({ $0.offset % 37 == 0 }).map(\.element) {
      var less = plan
      less.meetings.removeAll { $0.id == gone.id }
      let hand = try PlanInHand(institution, less)
      guard let event = hand.event(of: gone.id), hand.meeting(of: event) == nil else { continue }
      let room = gone.room?.text ?? "online"
      let target = try #require(MeetingTarget("\(gone.day.code) \(gone.slot) \(room)"))
      let outcome = try hand.move(event, to: target)
      #expect(outcome.before == nil)
      #expect(outcome.report?.isValid == true)
      #expect(hand.plan.meetings.count == plan.meetings.count)
      let placed = try #require(hand.plan.meetings.first { $0.id == gone.id })
      #expect(placed.day == gone.day && placed.slot == gone.slot && placed.room == gone.room)
      // Where the teacher holds something, it is refused, and the plan stays as it is.
      let teachers = Set(plan.teachersBySection[gone.section] ?? [])
      let other = plan.meetings.first {
        $0.section != gone.section && $0.weeks == .all(institution.term.weeks)
          && !teachers.isDisjoint(with: plan.teachersBySection[$0.section] ?? [])
      }
      if let other {
        let again = try PlanInHand(institution, less)
        let busy = try #require(MeetingTarget("\(other.day.code) \(other.slot) \(room)"))
        let refused = try again.move(event, to: busy)
        #expect(refused.report == nil && !refused.reasons.isEmpty)
        #expect(again.plan.meetings == less.meetings)
      }
      done += 1
      if done == 3 { break }
    }
    #expect(done == 3)
  }

  @Test(arguments: ["0000", "9-12", "5-2", "", "someday", "3-", "-3"])
  func `what names no week of the term is none`(text: String) {
    #expect(WeekPattern(span: text, weeks: 4) == nil)
    #expect(WeekPattern(span: "2-3", weeks: 4)?.digits == "0110")
    #expect(WeekPattern(span: "1010", weeks: 4)?.digits == "1010")
  }

  @Test(arguments: ["", "tue", "tue x", "someday 3 A1"])
  func `what is no place is not read as one`(text: String) {
    #expect(MeetingTarget(text) == nil)
  }

  @Test func `a room's name may hold spaces`() {
    #expect(MeetingTarget("tue 3 B 204")?.room == "B 204")
    #expect(MeetingTarget("mon 1")?.room == nil)
  }
}

@Suite struct RepairTests {
  private func used(_ plan: Plan) -> RoomID? {
    let counts = plan.meetings.reduce(into: [RoomID: Int]()) { counts, meeting in
      if let room = meeting.room { counts[room, default: 0] += 1 }
    }
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }

  @Test func `a closed room is emptied, the rest stays, and the number of moves is bounded`() throws
  {
    let hand = try SmallPlan.hand()
    var disruption = Disruption()
    let room = try #require(used(hand.plan))
    disruption.rooms = [room]
    disruption.days = [.tuesday, .thursday]
    let inside = hand.plan.meetings.filter {
      $0.room == room && ($0.day == .tuesday || $0.day == .thursday)
    }.map(\.id)
    #expect(!inside.isEmpty)
    let outcome = try hand.repair(
      disruption, changes: nil, solver: GLPKSolver(), timeLimit: 20)
    #expect(outcome.report.isValid)
    #expect(Set(outcome.forced) == Set(inside))
    #expect(outcome.bound >= inside.count && outcome.bound <= outcome.moved.count)
    #expect(outcome.isProved == (outcome.bound == outcome.moved.count))
    #expect(
      !outcome.plan.meetings.contains {
        $0.room == room && ($0.day == .tuesday || $0.day == .thursday)
      })
    let moved = PlanInHand.moved(outcome.plan.meetings, against: hand.plan.meetings)
    #expect(Set(moved) == Set(outcome.moved))
    let criteria = try #require(outcome.report.timetable)
    #expect((criteria[.movedTime] ?? 0) + (criteria[.movedRoom] ?? 0) >= Double(moved.count))
  }

  @Test
  func `among the plans that move as few a cheaper one is found, the same with the same steps`()
    throws
  {
    let hand = try SmallPlan.hand()
    let rooms = Set(hand.plan.meetings.compactMap(\.room)).sorted()
    func objective(_ outcome: RepairOutcome) -> Double {
      outcome.report.objectives[.timetable] ?? 0
    }
    var better = 0
    for room in rooms.prefix(4) {
      var disruption = Disruption()
      disruption.rooms = [room]
      func repaired(_ seconds: Double) throws -> RepairOutcome {
        try SmallPlan.hand().repair(
          disruption, changes: nil, iterations: 24_000, searchSeconds: seconds,
          solver: GLPKSolver(), timeLimit: 200)
      }
      let first = try repaired(0)
      let found = try repaired(.infinity)
      #expect(found.report.isValid == first.report.isValid)
      #expect(found.moved.count <= first.moved.count && found.bound == first.bound)
      #expect(first.saved == 0)
      if found.moved.count == first.moved.count {
        #expect(objective(found) <= objective(first) + 1e-6)
        #expect(abs(objective(first) - objective(found) - found.saved) < 0.01)
      }
      if found.saved > 0 { better += 1 }
      let again = try repaired(.infinity)
      #expect(again.plan.meetings == found.plan.meetings)
    }
    #expect(better > 0)
  }

  @Test func `more steps than there is time for end with the time`() throws {
    let hand = try SmallPlan.hand()
    var disruption = Disruption()
    disruption.rooms = [try #require(used(hand.plan))]
    disruption.days = [.tuesday]
    let outcome = try hand.repair(
      disruption, changes: 2, iterations: 1_000_000_000_000, solver: GLPKSolver(), timeLimit: 6)
    #expect(outcome.report.isValid || !outcome.unplaced.isEmpty)
    #expect(outcome.moved.count >= outcome.bound)
  }

  @Test func `somebody absent on a day teaches nothing on it and keeps the classes`() throws {
    let hand = try SmallPlan.hand()
    let teacher = try #require(
      hand.plan.assignments.first { row in
        guard let teacher = row.teacher else { return false }
        return hand.meetings(of: teacher).count > 3
      }?.teacher)
    let day = try #require(hand.meetings(of: teacher).first?.day)
    var disruption = Disruption()
    disruption.teachers = [teacher]
    disruption.days = [day]
    let outcome = try hand.repair(
      disruption, changes: nil, solver: GLPKSolver(), timeLimit: 20)
    #expect(outcome.report.isValid)
    #expect(outcome.reassigned.isEmpty)
    let after = try PlanInHand(outcome.institution, outcome.plan)
    #expect(!after.meetings(of: teacher).contains { $0.day == day })
    #expect(outcome.bound <= outcome.moved.count)
  }

  @Test func `the classes of somebody absent for good go to the competent`() throws {
    let hand = try SmallPlan.hand()
    let teacher = try #require(
      hand.plan.assignments.first { row in
        guard let teacher = row.teacher else { return false }
        return hand.meetings(of: teacher).count > 1
      }?.teacher)
    var disruption = Disruption()
    disruption.teachers = [teacher]
    let outcome = try hand.repair(
      disruption, changes: nil, solver: GLPKSolver(), timeLimit: 20)
    #expect(outcome.report.isValid)
    #expect(!outcome.plan.assignments.contains { $0.teacher == teacher })
    let held = hand.plan.assignments.filter { $0.teacher == teacher }.map(\.task)
    #expect(Set(outcome.reassigned.map(\.task)) == Set(held))
  }

  @Test func `a class goes to somebody else so that its teacher can take the exam of others`()
    throws
  {
    var (institution, plan) = try SmallPlan.made.get()
    let discipline: DisciplineID = "P-ECO", left: TeacherID = "ENE-01"
    let others: [TeacherID] = ["HUM-01", "HUM-08"]
    // Hours are not what stands against it: each of the two teaches all who are examined.
    institution.teachers = Table(
      institution.teachers.map { row in
        var row = row
        if others.contains(row.id) { row.maxHours = 1000 }
        return row
      })
    plan.assignments = plan.assignments.map { row in
      var row = row
      guard let task = plan.tasks[row.task], task.discipline == discipline else { return row }
      switch task.work {
      case .teaching(.lecture): row.teacher = others[1]
      case .teaching: row.teacher = others[0]
      case .norm("exam"): row.teacher = left
      default: break
      }
      return row
    }
    let hand = try PlanInHand(institution, plan)
    let exams = plan.tasks.filter { $0.discipline == discipline && $0.work == .norm("exam") }
    for task in exams {
      let people = hand.takers(of: task, absent: [left])
      #expect(Set(people.map(\.teacher)) == Set(others))
      #expect(
        people.allSatisfy {
          $0.obstacles.contains { if case .teaches = $0 { true } else { false } }
        })
    }
    let found = try #require(
      try hand.reassign([left], solver: GLPKSolver(), timeLimit: 30).first)
    let ids = Set(exams.map(\.id))
    let holders = found.assignments.filter { ids.contains($0.task) }.compactMap(\.teacher)
    #expect(!exams.isEmpty && holders.count == exams.count && !holders.contains(left))
    var next = plan
    next.assignments = found.assignments
    let report = PlanValidator.validate(institution, next, stages: [.load])
    let broken = report.violations.filter { $0.rule == .l5 }
    #expect(broken.isEmpty)
  }

  @Test(arguments: ["MPH-02", "ENE-04"])
  func `what nobody can take is vacant, told, and bounded from below`(name: String) throws {
    let hand = try SmallPlan.hand()
    let teacher = TeacherID(name)
    var disruption = Disruption()
    disruption.teachers = [teacher]
    let outcome = try hand.repair(
      disruption, changes: nil, solver: GLPKSolver(), timeLimit: 20)
    #expect(outcome.report.isValid)
    let vacancy = try #require(outcome.vacancy)
    let hours = outcome.report.load?[.vacant] ?? 0
    #expect(abs(vacancy.hours - hours) < 1e-6 && vacancy.bound <= vacancy.hours + 1e-6)
    #expect(abs(vacancy.items.reduce(0) { $0 + $1.hours } - (hours - vacancy.before)) < 1e-6)
    #expect(
      vacancy.before
        == hand.plan.assignments.reduce(0) {
          $0 + ($1.teacher == nil ? $1.hours.value : 0)
        })
    // What others give away somebody takes; nobody who can take a vacant class was left out.
    let held = hand.plan.assignments.filter { $0.teacher == teacher }
    #expect(hours <= held.reduce(0) { $0 + $1.hours.value } + 1e-6)
    #expect(
      outcome.reassigned.contains { $0.from != teacher } == (name == "MPH-02")
        || vacancy.isProved)
    // The bound holds for what the load stage itself finds, from nothing.
    let folder = try ScratchFolder()
    let instance = folder("instance"), plan = folder("plan")
    var alone = outcome.institution
    alone.publishedMeetings = []
    try InstanceFolder.write(alone, to: instance)
    try PlanFolder.write(outcome.plan, to: plan)
    let load = try Pipeline(
      instance: instance, plan: plan, solver: GLPKSolver(),
      options: PlanningOptions(timeLimit: nil, iterations: 100)
    ).run(.load)
    let found = load.report.load?[.vacant] ?? 0
    #expect(vacancy.bound <= found + 1e-6)
  }

  @Test func `with more moves the objective falls, and never more move than allowed`() throws {
    let hand = try SmallPlan.hand()
    let outcome = try hand.repair(
      Disruption(), changes: 4, iterations: 3000, solver: GLPKSolver(), timeLimit: 600)
    #expect(outcome.report.isValid)
    #expect(outcome.curve.count > 1)
    #expect(outcome.moved.count <= 4)
    for (a, b) in zip(outcome.curve, outcome.curve.dropFirst()) {
      #expect(a.moved < b.moved && a.objective > b.objective)
    }
    let before = hand.plan
    let weights = hand.institution.weights.timetable
    for point in outcome.curve {
      var plan = before
      plan.meetings = point.meetings
      let report = PlanValidator.validate(hand.institution, plan, stages: [.timetable])
      #expect(!report.violations.contains { $0.rule != .p1 })
      #expect(abs(weights.objective(report.timetable ?? [:]) - point.objective) < 1e-6)
      #expect(PlanInHand.moved(plan.meetings, against: before.meetings).count == point.moved)
    }
  }

  @Test func `whoever the students did not choose cannot take their class for the term`() throws {
    let hand = try SmallPlan.hand()
    let found = hand.plan.sections.lazy.compactMap { section -> (Section, TeacherID)? in
      guard section.kind == .practice, !hand.events(of: section.id).isEmpty,
        let holder = hand.plan.teachersBySection[section.id]?.first,
        hand.substitutes(for: hand.events(of: section.id)).contains(where: \.isPossible)
      else { return nil }
      return (section, holder)
    }.first
    let (section, holder) = try #require(found)
    let student = try #require(section.students.first)
    var institution = hand.institution
    let key = Enrolment.Key(student, section.discipline)
    var enrolments = Array(institution.enrolments)
    let row = try #require(enrolments.firstIndex { $0.id == key })
    enrolments[row].practiceTeacher = holder
    institution.enrolments = Table(enrolments)
    let chosen = try PlanInHand(institution, hand.plan)
    for person in chosen.substitutes(for: chosen.events(of: section.id)) {
      #expect(person.obstacles.contains(.chosen(students: 1, teacher: holder)))
    }
    let date = institution.term.date(week: 0, day: .monday)
    let then = chosen.substitutes(for: chosen.events(of: section.id), scope: .date(date))
    for person in then {
      #expect(!person.obstacles.contains(.chosen(students: 1, teacher: holder)))
    }
  }

  @Test func `who can take a class breaks no rule with it`() throws {
    let hand = try SmallPlan.hand()
    var checked = 0
    for section in hand.plan.sections where checked < 4 {
      let events = hand.events(of: section.id)
      guard !events.isEmpty, let person = hand.substitutes(for: events).first, person.isPossible,
        let position = hand.plan.assignments.firstIndex(where: { row in
          hand.plan.tasks[row.task].map {
            $0.section == section.id && $0.work.teachingKind != nil
          } ?? false
        })
      else { continue }
      // Pins of the present teacher aside, nothing is broken.
      var plan = hand.plan
      plan.assignments[position].teacher = person.teacher
      let report = PlanValidator.validate(hand.institution, plan)
      let others = report.violations.filter { ![.p1, .t4, .l4].contains($0.rule) }
      #expect(others.isEmpty)
      checked += 1
    }
    #expect(checked > 0)
  }
}

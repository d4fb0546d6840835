// SPDX-License-Identifier: GPL-3.0-or-later
import GLPKSolver
import LinearModels
import Problem
import Reports
import TestSupport
import Testing
import University
import Validation

@testable import Workflow

/// Repairs of some weeks: the others stay as they were.
@Suite struct WeekRepairTests {
  /// A meeting in one week.
  private struct Held: Hashable {
    var week: Int
    var day: Weekday
    var section: SectionID
    var slot: Int
    var length: Int
    var room: RoomID?
  }

  private func held(_ meetings: [Meeting]) -> Set<Held> {
    Set(
      meetings.flatMap { row in
        (0..<row.weeks.weeks).filter { row.weeks.holds(week: $0) }.map {
          Held(
            week: $0, day: row.day, section: row.section, slot: row.slot, length: row.length,
            room: row.room)
        }
      })
  }

  private func hours(_ meetings: [Meeting]) -> [SectionID: Int] {
    meetings.reduce(into: [:]) { $0[$1.section, default: 0] += $1.length * $1.weeks.count }
  }

  private func busiest(_ plan: Plan) -> RoomID? {
    let counts = plan.meetings.reduce(into: [RoomID: Int]()) { counts, meeting in
      if let room = meeting.room { counts[room, default: 0] += 1 }
    }
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }

  private func somebody(_ hand: PlanInHand) -> TeacherID? {
    hand.plan.assignments.compactMap(\.teacher).first { hand.meetings(of: $0).count > 3 }
  }

  @Test func `a room closed in three weeks changes these weeks and leaves the others`() throws {
    let hand = try SmallPlan.hand()
    let room = try #require(busiest(hand.plan))
    var disruption = Disruption()
    disruption.rooms = [room]
    disruption.weeks = WeekPattern(span: "3-5", weeks: hand.institution.term.weeks)
    let outcome = try hand.repair(disruption, changes: nil, solver: GLPKSolver(), timeLimit: 20)
    #expect(outcome.report.isValid)
    let (before, after) = (held(hand.plan.meetings), held(outcome.plan.meetings))
    let changed = before.symmetricDifference(after)
    #expect(!changed.isEmpty)
    #expect(changed.allSatisfy { (2...4).contains($0.week) })
    #expect(!after.contains { (2...4).contains($0.week) && $0.room == room })
    #expect(hours(hand.plan.meetings) == hours(outcome.plan.meetings))
    let inside = hand.plan.meetings.filter { $0.room == room && $0.weeks.bits & 0b11100 != 0 }
    #expect(outcome.forced.count == inside.count)
    #expect(outcome.bound >= inside.count && outcome.bound <= outcome.moved.count)
    let ids = Set(outcome.plan.meetings.map(\.id))
    #expect(ids.count == outcome.plan.meetings.count && ids.isSuperset(of: outcome.moved))

    // The same as single dates beside the timetable in force.
    let difference = PlanDifference(
      PlanView(hand.institution, outcome.before), outcome.reportBefore,
      PlanView(outcome.institution, outcome.plan), outcome.report)
    #expect(difference.meetings.count == outcome.moved.count)
    #expect(difference.meetings.allSatisfy { $0.isPart })
    let dated = try #require(difference.dated)
    var institution = outcome.institution
    institution.held = dated
    let plan = DatedPlan(institution, outcome.before)
    let broken = plan.findings.filter { $0.severity == .violation }
    #expect(broken.isEmpty)
    let then = plan.occurrences.filter { (2...4).contains($0.week) && $0.isHeld }
    #expect(!dated.isEmpty && !then.contains { $0.room == room })

    // The mended plan is taken up whole, and priced as the validator does.
    let again = try PlanInHand(outcome.institution, outcome.plan)
    #expect(again.refused.isEmpty && again.state.unplaced == 0)
    let objective = try #require(outcome.report.objectives[.timetable])
    #expect(abs(again.scaled(again.state.soft) - objective) < 1e-6)

    // Nothing more has to move.
    let back = try again.repair(Disruption(), changes: nil, solver: GLPKSolver(), timeLimit: 20)
    #expect(back.report.isValid && back.moved.isEmpty)
  }

  @Test func `who is away in two weeks makes the hours up in later ones`() throws {
    let hand = try SmallPlan.hand()
    let teacher = try #require(somebody(hand))
    var disruption = Disruption()
    disruption.teachers = [teacher]
    disruption.weeks = WeekPattern(span: "4-5", weeks: hand.institution.term.weeks)
    let outcome = try hand.repair(disruption, changes: nil, solver: GLPKSolver(), timeLimit: 20)
    #expect(outcome.report.isValid && outcome.reassigned.isEmpty)
    let (before, after) = (held(hand.plan.meetings), held(outcome.plan.meetings))
    #expect(before.subtracting(after).allSatisfy { $0.week == 3 || $0.week == 4 })
    let own = Set(hand.meetings(of: teacher).map(\.section))
    let new = after.subtracting(before)
    #expect(new.contains { $0.week > 4 })
    #expect(new.allSatisfy { $0.week > 4 || !own.contains($0.section) })
    #expect(!after.contains { own.contains($0.section) && (3...4).contains($0.week) })
    #expect(hours(hand.plan.meetings) == hours(outcome.plan.meetings))

    let difference = PlanDifference(
      PlanView(hand.institution, outcome.before), outcome.reportBefore,
      PlanView(outcome.institution, outcome.plan), outcome.report)
    let dated = try #require(difference.dated)
    #expect(!dated.isEmpty)
    var institution = outcome.institution
    institution.held = dated
    let then = DatedPlan(institution, outcome.before).occurrences.filter {
      own.contains($0.section) && (3...4).contains($0.week) && $0.isHeld && !$0.isReplacement
    }
    #expect(then.isEmpty)
  }

  @Test func `what was taught before the day stays`() throws {
    let hand = try SmallPlan.hand()
    let room = try #require(busiest(hand.plan))
    var disruption = Disruption()
    disruption.rooms = [room]
    disruption.from = .init(week: 7, day: .wednesday)
    let outcome = try hand.repair(disruption, changes: nil, solver: GLPKSolver(), timeLimit: 20)
    #expect(outcome.report.isValid)
    func isPast(_ row: Held) -> Bool {
      row.week < 7 || (row.week == 7 && row.day < .wednesday)
    }
    let (before, after) = (held(hand.plan.meetings), held(outcome.plan.meetings))
    #expect(before.filter(isPast) == after.filter(isPast))
    #expect(!after.contains { !isPast($0) && $0.room == room })
    #expect(after.contains { isPast($0) && $0.room == room })
  }

  @Test func `who leaves in mid-term is replaced in the register, and exams change hands`() throws {
    let hand = try SmallPlan.hand()
    let teacher = try #require(somebody(hand))
    var disruption = Disruption()
    disruption.teachers = [teacher]
    disruption.from = .init(week: 7, day: .wednesday)
    let outcome = try hand.repair(disruption, changes: nil, solver: GLPKSolver(), timeLimit: 20)
    #expect(outcome.report.isValid && outcome.moved.isEmpty && outcome.unplaced.isEmpty)
    #expect(held(outcome.plan.meetings) == held(hand.plan.meetings))
    let takeover = try #require(outcome.takeover)
    // The load stays but for what comes after the classes, of which nothing is left to who left.
    let given = Set(takeover.exams.map(\.task))
    for (was, now) in zip(hand.plan.assignments, outcome.plan.assignments) {
      let task = try #require(hand.plan.tasks[was.task])
      #expect(was == now || (given.contains(task.id) && hand.institution.isFinalControl(task)))
      #expect(now.teacher != teacher || !hand.institution.isFinalControl(task))
    }
    // Nobody examines whom they teach, by the plan (the report says so) or since the day.
    for row in outcome.plan.assignments {
      guard let examiner = row.teacher, let task = outcome.plan.tasks[row.task],
        task.work == .norm("exam")
      else { continue }
      let examined = Set(outcome.plan.sections[task.section]?.students ?? [])
      let taught = takeover.shares.filter {
        $0.teacher == examiner
          && outcome.plan.sections[$0.section]?.discipline == task.discipline
      }.flatMap { outcome.plan.sections[$0.section]?.students ?? [] }
      #expect(examined.isDisjoint(with: taught))
    }
    let dated = DatedPlan(outcome.institution, outcome.plan)
    let broken = dated.findings.filter { $0.severity == .violation }
    #expect(broken.isEmpty)
    #expect(outcome.institution.held == takeover.held && !takeover.rows.isEmpty)

    // Whoever left holds what was before, and nothing from the day on.
    let start = takeover.from
    let before = DatedPlan(hand.institution, hand.plan).occurrences.filter {
      $0.isHeld && $0.teachers.contains(teacher)
    }
    let now = dated.occurrences.filter { $0.isHeld && $0.teachers.contains(teacher) }
    #expect(now == before.filter { $0.date < start } && !now.isEmpty)
    // Every hour is taken, or told.
    let hours = before.filter { $0.date >= start }.reduce(0) { $0 + $1.length }
    let taken = takeover.shares.reduce(0) { $0 + $1.hours }
    let told = takeover.gaps.reduce(0) { $0 + $1.hours }
    #expect(taken > 0 && taken + told == hours)
    let substituted = dated.occurrences.filter { $0.isHeld && $0.isSubstituted }
    #expect(substituted.reduce(0) { $0 + $1.length } == taken)
    #expect(substituted.allSatisfy { $0.date >= start })
    // Nobody holds more than the term allows.
    for person in hand.institution.teachers {
      let load = hand.plan.assignments.filter { $0.teacher == person.id }
        .reduce(0) { $0 + $1.hours.value }
      let more = takeover.shares.filter { $0.teacher == person.id }.reduce(0) { $0 + $1.hours }
      #expect(more == 0 || load + Double(more) <= hand.institution.ceiling(of: person) + 1e-6)
    }
  }

  @Test func `the exams of who leaves in mid-term go to people who teach nobody of the examined`()
    throws
  {
    let hand = try SmallPlan.hand()
    let examiner = try #require(
      hand.plan.assignments.first { row in
        row.teacher != nil && hand.plan.tasks[row.task]?.work == .norm("exam")
      }?.teacher)
    var disruption = Disruption()
    disruption.teachers = [examiner]
    disruption.from = .init(week: 10, day: .monday)
    let outcome = try hand.repair(disruption, changes: nil, solver: GLPKSolver(), timeLimit: 20)
    #expect(outcome.report.isValid)
    let takeover = try #require(outcome.takeover)
    let own = hand.plan.assignments.filter {
      $0.teacher == examiner
        && hand.plan.tasks[$0.task].map(hand.institution.isFinalControl) ?? false
    }
    #expect(!own.isEmpty)
    #expect(Set(own.map(\.task)).isSubset(of: Set(takeover.exams.map(\.task))))
    #expect(takeover.exams.contains { $0.to != nil })
    // What is vacant is told, with who is competent.
    let vacant = Set(takeover.exams.filter { $0.to == nil }.map(\.task))
    #expect(vacant == Set(takeover.vacantExams.map(\.task.id)))
    for change in takeover.exams {
      guard let to = change.to, let person = hand.institution.teachers[to] else { continue }
      let load = outcome.plan.assignments.filter { $0.teacher == to }
        .reduce(0) { $0 + $1.hours.value }
      let more = takeover.shares.filter { $0.teacher == to }.reduce(0) { $0 + $1.hours }
      #expect(load + Double(more) <= hand.institution.ceiling(of: person) + 1e-6)
    }
  }

  /// Every teacher has as many hours as are asked for and allowed, but one, who may have more.
  private func tight(_ whole: Institution, _ plan: Plan, but free: TeacherID) -> Institution {
    let hours = plan.assignments.reduce(into: [TeacherID: Double]()) { hours, row in
      if let teacher = row.teacher { hours[teacher, default: 0] += row.hours.value }
    }
    var institution = whole
    institution.teachers = Table(
      whole.teachers.map { row in
        var row = row
        row.minHours = hours[row.id] ?? 0
        row.maxHours = (hours[row.id] ?? 0) + (row.id == free ? 1000 : 0)
        return row
      })
    return institution
  }

  @Test
  func `who gives exams on may fall below the least hours, is told, and nobody else is let off`()
    throws
  {
    let (whole, plan) = try SmallPlan.made.get()
    // Teachers of students whom another examines in the same discipline.
    var pairs: [(leaving: TeacherID, examiner: TeacherID)] = []
    for exam in plan.assignments {
      guard let examiner = exam.teacher, let task = plan.tasks[exam.task],
        task.work == .norm("exam"), let examined = plan.sections[task.section]?.students
      else { continue }
      for row in plan.assignments {
        guard let teacher = row.teacher, teacher != examiner, let own = plan.tasks[row.task],
          own.work.teachingKind != nil, own.discipline == task.discipline,
          !Set(examined).isDisjoint(with: plan.sections[own.section]?.students ?? [])
        else { continue }
        if !pairs.contains(where: { $0 == (teacher, examiner) }) {
          pairs.append((teacher, examiner))
        }
      }
    }
    var found: (outcome: RepairOutcome, takeover: Takeover, examiner: TeacherID)?
    for (leaving, examiner) in pairs.prefix(12) where found == nil {
      // Nobody but the examiner has hours left for the classes, so that others have to examine.
      let hand = try PlanInHand(tight(whole, plan, but: examiner), plan)
      var disruption = Disruption()
      disruption.teachers = [leaving]
      disruption.from = .init(week: 12, day: .monday)
      let outcome = try hand.repair(disruption, changes: nil, solver: GLPKSolver(), timeLimit: 20)
      let takeover = try #require(outcome.takeover)
      if takeover.exams.contains(where: { $0.from == examiner }) {
        found = (outcome, takeover, examiner)
      }
    }
    let (outcome, takeover, examiner) = try #require(found)
    #expect(outcome.report.isValid, "\(outcome.report.violations.prefix(3))")
    let short = Set(takeover.shortfalls.map(\.teacher))
    #expect(short.contains(examiner))
    #expect(short.isSubset(of: Set(takeover.exams.map(\.from))))
    for person in tight(whole, plan, but: examiner).teachers {
      let now = outcome.institution.teachers[person.id]
      #expect(now?.minHours == (short.contains(person.id) ? nil : person.minHours))
    }
    for row in takeover.shortfalls {
      let left = outcome.plan.assignments.filter { $0.teacher == row.teacher }
        .reduce(0) { $0 + $1.hours.value }
      #expect(abs(row.hours - left) < 1e-6 && row.hours < row.least)
    }
  }

  /// Has no time for the programme of the exams.
  private struct Hurried: LinearSolver {
    let solver = GLPKSolver()
    var name: String { solver.name }

    func solve(_ model: LinearModel, _ options: SolveOptions) throws -> LinearSolution {
      model.name == "exams" ? LinearSolution(status: .stopped) : try solver.solve(model, options)
    }

    func withProgramme<Result: Sendable>(
      _ model: LinearModel, _ body: @escaping @Sendable (any LinearProgramme) throws -> Result
    ) throws -> Result {
      try solver.withProgramme(model, body)
    }
  }

  @Test func `where the time is over for the exams they stay where they were, and that is told`()
    throws
  {
    let hand = try SmallPlan.hand()
    let examiner = try #require(
      hand.plan.assignments.first { row in
        row.teacher != nil && hand.plan.tasks[row.task]?.work == .norm("exam")
      }?.teacher)
    var disruption = Disruption()
    disruption.teachers = [examiner]
    disruption.from = .init(week: 12, day: .monday)
    let outcome = try hand.repair(disruption, changes: nil, solver: Hurried(), timeLimit: 20)
    let takeover = try #require(outcome.takeover)
    #expect(takeover.isControlUnsettled && takeover.exams.isEmpty && takeover.vacantExams.isEmpty)
    #expect(outcome.plan.assignments == hand.plan.assignments)
    #expect(takeover.untimed.contains { $0.work == .norm("exam") })
    #expect(outcome.report.isValid)
  }

  @Test func `where nobody is competent the classes are cancelled and told`() throws {
    let (whole, plan) = try SmallPlan.made.get()
    let teacher = try #require(try somebody(SmallPlan.hand()))
    var institution = whole
    institution.competences = Table(whole.competences.filter { $0.teacher == teacher })
    let hand = try PlanInHand(institution, plan)
    var disruption = Disruption()
    disruption.teachers = [teacher]
    disruption.from = .init(week: 12, day: .monday)
    let outcome = try hand.repair(disruption, changes: nil, solver: GLPKSolver(), timeLimit: 20)
    let takeover = try #require(outcome.takeover)
    #expect(takeover.shares.isEmpty && !takeover.gaps.isEmpty)
    #expect(takeover.rows.allSatisfy { $0.status == .cancelled && $0.teacher == nil })
    let dated = DatedPlan(outcome.institution, outcome.plan)
    #expect(
      !dated.occurrences.contains {
        $0.isHeld && $0.date >= takeover.from && $0.teachers.contains(teacher)
      })
    disruption.weeks = WeekPattern(span: "13-14", weeks: institution.term.weeks)
    #expect(!disruption.isDeparture(in: institution.term))
  }
}

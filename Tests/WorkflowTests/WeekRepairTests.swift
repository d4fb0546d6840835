// SPDX-License-Identifier: GPL-3.0-or-later
import GLPKSolver
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

  @Test func `who leaves in mid-term is replaced in the register, and the plan stays`() throws {
    let hand = try SmallPlan.hand()
    let teacher = try #require(somebody(hand))
    var disruption = Disruption()
    disruption.teachers = [teacher]
    disruption.from = .init(week: 7, day: .wednesday)
    let outcome = try hand.repair(disruption, changes: nil, solver: GLPKSolver(), timeLimit: 20)
    #expect(outcome.report.isValid && outcome.moved.isEmpty && outcome.unplaced.isEmpty)
    #expect(outcome.plan.assignments == hand.plan.assignments)
    #expect(held(outcome.plan.meetings) == held(hand.plan.meetings))
    let takeover = try #require(outcome.takeover)
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

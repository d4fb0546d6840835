// SPDX-License-Identifier: GPL-3.0-or-later
import Formats
import GLPKSolver
import TestSupport
import Testing
import University
import Validation

@testable import Workflow

@Suite struct RoomTests {
  private func tiny() throws -> PlanInHand {
    let folder = try ScratchFolder()
    let outcome = try Pipeline(
      instance: Shipped.instance("tiny"), plan: folder("plan"), solver: GLPKSolver(),
      options: PlanningOptions(timeLimit: nil, iterations: 2000)
    ).run(.plan)
    return try PlanInHand(outcome.institution, outcome.plan)
  }

  private func isValid(_ institution: Institution, _ plan: Plan) -> Bool {
    PlanValidator.validate(institution, plan).violations.allSatisfy { $0.rule == .p1 }
  }

  @Test func `the smallest set of rooms has a valid timetable and is not below the bounds`() throws
  {
    let hand = try tiny()
    let study = try RoomStudy(hand, solver: GLPKSolver(), timeLimit: 3)
    let all = hand.institution.rooms.count
    #expect(study.byHours.bound >= 1 && study.byHours.bound <= study.byPeak.bound)
    #expect(study.byPeak.bound <= all)
    #expect(study.smallest.count >= study.byHours.bound)
    #expect(study.smallest.count < all)
    let (institution, plan) = study.smallestPlan(hand)
    #expect(Set(institution.rooms.map(\.id)) == Set(study.smallest))
    #expect(isValid(institution, plan))
    // Each way to leave out more rooms than the bound allows leaves some class without hours.
    let needed = hand.plan.sections.filter { section in
      hand.plan.meetings.contains { $0.section == section.id && $0.room != nil }
    }
    for room in hand.institution.rooms where study.byHours.bound > 1 {
      let open = study.needs.openTerm[hand.institution.rooms.position(of: room.id) ?? 0]
      let hours = needed.reduce(0) { $0 + $1.hours - hand.institution.policy.hoursTolerance }
      let isAlone = needed.allSatisfy { section in
        guard let discipline = hand.institution.disciplines[section.discipline] else {
          return false
        }
        return room.capacity >= section.students.count
          && hand.institution.suits(room, discipline, section.kind)
      }
      #expect(hours > open || !isAlone)
    }
  }

  @Test func `a band that its bound fills loses no room, and what could go was tried`() throws {
    let hand = try tiny()
    let study = try RoomStudy(hand, solver: GLPKSolver(), timeLimit: 8)
    #expect(study.marginals.count == study.needs.bands.count)
    for (band, marginal) in zip(study.needs.bands, study.marginals) {
      #expect(band.byHours <= band.byPeak && band.byPeak <= band.rooms)
      if band.byHours == band.rooms { #expect(marginal.isPossible == false) }
      #expect((marginal.gain ?? 0) >= 0)
    }
    let isPossible = study.marginals.contains { $0.isPossible == true }
    #expect(isPossible)
  }

  @Test func `rooms are closed on a day only where a valid timetable was found`() throws {
    let hand = try tiny()
    let study = try RoomStudy(hand, solver: GLPKSolver(), timeLimit: 3)
    #expect(study.areFreeDaysValid)
    // A building in which nothing is held on a day can be closed on it; the plan shows it.
    for closing in study.closings {
      let closed = Set(closing.rooms)
      let isEmpty = hand.plan.meetings.allSatisfy { meeting in
        meeting.day != closing.day || meeting.room.map { !closed.contains($0) } ?? true
      }
      if isEmpty { #expect(closing.isPossible == true && closing.moved == 0) }
    }
    let isRefused = study.closings.contains { $0.isPossible == false }
    #expect(isRefused)
  }

  @Test func `one more room of a kind without which hours have no place is worth those hours`()
    throws
  {
    let hand = try tiny()
    let laboratory = try #require(hand.institution.rooms.first { $0.kind == "lab" })
    // The laboratory can be used in one slot of one day only.
    var institution = hand.institution
    for day in institution.days {
      institution.availability.append(
        Availability(
          subject: .room(laboratory.id), day: day, from: day == institution.days[0] ? 2 : 1,
          to: institution.regime.slots, level: .forbidden, weeks: .all(institution.term.weeks)))
    }
    let short = try PlanInHand(institution, hand.plan)
    let study = try RoomStudy(short, solver: GLPKSolver(), timeLimit: 3)
    #expect(!study.isPlanValid)
    #expect(study.tried.isEmpty)
    let marginal = try #require(study.marginals.first { $0.kind == "lab" })
    // The room that is added is open at all times.
    #expect(marginal.gainHours > 0)
  }
}

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
    for event in stride(from: 0, to: problem.events, by: 41) {
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

  @Test func `a move onto another meeting of the teacher is refused with the reason`() throws {
    let hand = try SmallPlan.hand()
    let before = hand.plan.meetings
    var done = false
    for event in 0..<hand.stage.problem.events {
      let advice = hand.advice(on: event, chains: 0)
      guard let option = advice.options.first(where: { $0.broken.contains { $0.rule == "M3" } })
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

  @Test(arguments: ["", "tue", "tue x", "someday 3 A1"])
  func `what is no place is not read as one`(text: String) {
    #expect(MeetingTarget(text) == nil)
  }

  @Test func `a room's name may hold spaces`() {
    #expect(MeetingTarget("tue 3 B 204")?.room == "B 204")
    #expect(MeetingTarget("mon 1")?.room == nil)
  }
}

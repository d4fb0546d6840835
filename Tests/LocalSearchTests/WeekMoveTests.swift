// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import LocalSearch
import Problem
import Testing
import Timetabling

@Suite("Moves of an event to one of the open times of a week")
struct WeekMoveTests {
  /// One event that nobody attends, at time 0 for nothing and at the others for what they cost. Its
  /// room costs something too, so that what is known of a time is less than its price.
  private func lonely(_ costs: [Int]) -> TimetableInstance {
    var instance = TimetableInstance(
      name: "lonely",
      grid: TimeGrid(
        weeks: 1, days: 2, slotStarts: (0..<8).map { 480 + 60 * $0 }, slotMinutes: 50))
    instance.timeDomains = [
      ([0] + costs).enumerated().map { number, cost in
        TimeOption(
          TimePattern(weeks: 1, day: number % 2, start: number / 2, length: 1), penalty: cost)
      }
    ]
    instance.sites = ["A"]
    instance.rooms = [RoomDeclaration(name: "A1", site: 0, capacity: 1)]
    instance.travelMinutes = [[0]]
    instance.events = [
      Event(
        name: "a", timeDomain: 0, rooms: [RoomOption(0, penalty: 600)], needsRoom: true,
        size: 1)
    ]
    return instance
  }

  /// How likely each of some costs is taken where they come in random order, each taken with the
  /// probability exp(−cost/T).
  private func shares(_ costs: [Int], temperature: Double) -> [Double] {
    var shares = Array(repeating: 0.0, count: costs.count)
    func go(_ left: [Int], _ probability: Double) {
      for (position, number) in left.enumerated() {
        let drawn = probability / Double(left.count)
        let taken = exp(-Double(costs[number]) / temperature)
        shares[number] += drawn * taken
        var rest = left
        rest.remove(at: position)
        go(rest, drawn * (1 - taken))
      }
    }
    go(Array(costs.indices), 1)
    return shares
  }

  /// The largest threshold is drawn before the others: that must not show.
  @Test(
    arguments: [
      [700], [7300], [300, 1500], [400, 400, 3000, 1000], [2500, 2500, 2500, 100, 900],
    ])
  func eachTimeHasAThresholdOfItsOwn(costs: [Int]) throws {
    let temperature = 1000.0
    let problem = try Problem(lonely(costs))
    let state = SearchState(problem)
    let home = Int(problem.options.items[problem.options[0].lowerBound])
    let times = try costs.indices.map { number in
      try #require(
        problem.time(
          of: TimePattern(
            weeks: 1, day: (number + 1) % 2, start: (number + 1) / 2, length: 1)))
    }
    state.place(0, home, 0)
    let annealing = Annealing(state, random: RandomSource(seed: 5))
    var taken = Array(repeating: 0, count: costs.count)
    var looked = 0
    while looked < 40_000 {
      let before = annealing.counts[MoveKind.time.rawValue]
      annealing.run(moves: 1, temperature: temperature)
      let after = annealing.counts[MoveKind.time.rawValue]
      if after.proposed > before.proposed {
        #expect(after.proposed - before.proposed == costs.count)
        looked += 1
        if let number = times.firstIndex(of: Int(state.eventTime[0])) { taken[number] += 1 }
      }
      if Int(state.eventTime[0]) != home { state.move(0, home, 0) }
    }
    for (number, share) in shares(costs, temperature: temperature).enumerated() {
      let found = Double(taken[number]) / Double(looked)
      // Four standard errors, and what the table of logarithms is out by.
      let most = 4 * (share / Double(looked)).squareRoot() + 0.003 * share
      #expect(abs(found - share) < most, "\(costs[number]): \(found) in place of \(share)")
    }
  }
}

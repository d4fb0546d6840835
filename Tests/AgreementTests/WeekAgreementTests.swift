// SPDX-License-Identifier: GPL-3.0-or-later
import LocalSearch
import Problem
import TestSupport
import Testing
import Timetabling

@Suite("The times of a week priced together cost what each costs by itself")
struct WeekAgreementTests {
  private struct Place: Hashable {
    var time: Int
    var room: Int
  }

  /// What an event costs at each time of a shape and in each room where it may go, its place of now
  /// aside.
  private func prices(_ state: SearchState, _ event: Int, shape: Int) -> [Place: Int] {
    let problem = state.problem
    let rooms =
      problem.needsRoom[event]
      ? problem.eventRooms[event].map { Int(problem.eventRooms.items[$0]) } : [-1]
    var prices: [Place: Int] = [:]
    for index in problem.options[event] {
      let time = Int(problem.options.items[index])
      if Int(problem.timeShape[time]) != shape || time == Int(state.eventTime[event]) { continue }
      for room in rooms {
        let price = state.delta(event, time, room, limit: .max - 1)
        if price != SearchState.refused { prices[Place(time: time, room: room)] = price }
      }
    }
    return prices
  }

  private func candidates(
    _ state: SearchState, _ event: Int, shape: Int, limit: Int
  ) -> [Int: Int] {
    let open = state.findOpenTimes(event, shape: shape)
    let priced = state.priceOpenTimes(event, shape: shape, limit: limit)
    #expect(state.candidates <= priced && priced <= open)
    var found: [Int: Int] = [:]
    while state.candidates > 0 {
      let candidate = state.takeCandidate(state.candidates - 1)
      #expect(candidate.cost <= limit)
      #expect(found.updateValue(candidate.cost, forKey: Int(candidate.time)) == nil)
    }
    return found
  }

  /// Looks through weeks of a timetable under change; returns how many places were compared.
  private func walk(
    _ instance: TimetableInstance, seed: UInt64,
    compare: (Int, Int) -> Void
  ) throws -> Int {
    let problem = try Problem(instance)
    let state = SearchState(problem)
    Construction.run(state)
    let annealing = Annealing(state, random: RandomSource(seed: seed))
    var compared = 0
    for _ in 0..<12 {
      annealing.run(moves: 40, temperature: 100)
      for event in 0..<problem.events where state.isPlaced(event) {
        let row = state.rowShape(of: event)
        for index in problem.eventShapes[event] {
          let shape = Int(problem.eventShapes.items[index])
          if row >= 0, shape != Int(row) { continue }
          let prices = prices(state, event, shape: shape)
          let open = candidates(state, event, shape: shape, limit: 1 << 40)
          for (place, price) in prices {
            let least = open[place.time]
            #expect(least != nil, "event \(event) at \(place)")
            guard let least else { continue }
            compare(least, price)
            compared += 1
          }
          // Who costs no more than the limit never drops out, whatever the others cost.
          let sorted = prices.values.sorted()
          for limit in [sorted.first, sorted.isEmpty ? nil : sorted[sorted.count / 2]] {
            guard let limit else { continue }
            let within = candidates(state, event, shape: shape, limit: limit)
            for (place, price) in prices where price <= limit {
              #expect(within[place.time] == open[place.time])
            }
          }
        }
      }
    }
    return compared
  }

  /// Larger than most, so that there is room to move.
  private var shape: RandomShape {
    var shape = RandomShape()
    shape.slots = 4...9
    shape.days = 2...4
    shape.rooms = 2...4
    return shape
  }

  /// Where isolated events are asked for all are of one slot, so half of the time they are not.
  @Test func noneCostsLessThanIsKnownOfIt() throws {
    var compared = [0, 0]
    for seed in 0..<40 {
      let instance = TimetableInstance.random(
        seed: UInt64(seed),
        asking: seed % 2 == 0
          ? Set(AskedKind.allCases)
          : Set(AskedKind.allCases).subtracting([
            .isolated, .hardTimes, .hardRoomTimes, .hardDayLoad,
          ]), shape)
      compared[seed % 2] += try walk(instance, seed: UInt64(seed)) { least, price in
        #expect(least <= price)
      }
    }
    #expect(compared.allSatisfy { $0 > 1000 }, "\(compared)")
  }

  /// Where rooms, sites and groups cost nothing, what is known is what it costs.
  @Test func itIsThePriceWhereRoomsCostNothing() throws {
    let kinds: Set<AskedKind> = [
      .overlap, .hardDayLoad, .softDayLoad, .gaps, .singles, .window, .daysUsed, .softTimes,
      .timePenalties,
    ]
    var compared = 0
    for seed in 0..<20 {
      let instance = TimetableInstance.random(seed: UInt64(seed), asking: kinds, shape)
      compared += try walk(instance, seed: UInt64(seed)) { least, price in
        #expect(least == price)
      }
    }
    #expect(compared > 1000)
  }
}

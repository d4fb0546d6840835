// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import LocalSearch
import Problem
import TestSupport
import Testing
import Timetabling
import Validation

@Suite("Random numbers of the search")
struct RandomSourceTests {
  @Test func staysBelowTheBoundAndReachesAll() {
    var random = RandomSource(seed: 9)
    for bound in [1, 2, 3, 7, 1000] {
      var seen: Set<Int> = []
      for _ in 0..<(bound * 20) {
        let value = random.below(bound)
        #expect((0..<bound).contains(value))
        seen.insert(value)
      }
      #expect(seen.count == bound || bound == 1000 && seen.count > 950)
    }
  }

  @Test func unitNumbersFillTheUnitInterval() {
    var random = RandomSource(seed: 1)
    let values = (0..<10_000).map { _ in random.unit() }
    #expect(values.allSatisfy { (0..<1).contains($0) })
    #expect(abs(values.reduce(0, +) / 10_000 - 0.5) < 0.02)
  }

  @Test func aSeedAndAStreamGiveTheSameNumbersAndOthersOthers() {
    func first(_ seed: UInt64, _ stream: UInt64) -> [UInt64] {
      var random = RandomSource(seed: seed, stream: stream)
      return (0..<5).map { _ in random.next() }
    }
    #expect(first(3, 1) == first(3, 1))
    #expect(first(3, 1) != first(3, 2))
    #expect(first(3, 1) != first(4, 1))
  }
}

@Suite("Chains that anneal one timetable together")
struct AnnealingTeamTests {
  private func team(_ problem: Problem, of size: Int, seed: UInt64) -> AnnealingTeam {
    let state = SearchState(problem)
    Construction.run(state)
    return AnnealingTeam(
      (0..<size).map { number in
        let copy = SearchState(problem)
        copy.copy(from: state)
        return Annealing(copy, random: RandomSource(seed: seed, stream: UInt64(number)))
      })
  }

  private let soft: Set<AskedKind> = [
    .overlap, .gaps, .singles, .window, .daysUsed, .siteChanges, .softTimes, .softRoomTimes,
    .patternSets, .sameDay, .firstInWeek, .roomStability, .roomPenalties,
  ]

  private func taken(_ team: AnnealingTeam) -> Int {
    team.chains.reduce(0) { $0 + $1.counts.reduce(0) { $0 + $1.accepted } }
  }

  /// Everybody has three events, so that there is room to move.
  private func problem(_ seed: Int, asking kinds: Set<AskedKind>) throws -> Problem {
    var shape = RandomShape()
    shape.events = 20...30
    shape.people = 10...20
    var instance = TimetableInstance.random(seed: UInt64(seed), asking: kinds, shape)
    for number in instance.people.indices {
      instance.people[number].events = Array(instance.people[number].events.prefix(3))
    }
    return try Problem(instance)
  }

  /// Debug builds count the score anew; here it is compared with a state built from nothing.
  @Test(arguments: 0..<12)
  func allCopiesComeToOneTimetableWithItsScore(seed: Int) throws {
    let problem = try problem(seed, asking: seed % 2 == 0 ? Set(AskedKind.allCases) : soft)
    let team = team(problem, of: 2 + seed % 3, seed: UInt64(seed))
    team.fillsWaiting = seed % 4 > 1
    for temperature in [500.0, 20, 1] {
      team.run(moves: 3000, temperature: temperature)
      let first = team.chains[0].state
      for chain in team.chains.dropFirst() {
        #expect(chain.state.timetable == first.timetable)
        #expect(chain.state.score == first.score)
        #expect(chain.state.groupRow.array == first.groupRow.array)
      }
      #expect(rebuilt(first).score == first.score)
    }
    // Where one chain finds moves, all do.
    let alone = self.team(problem, of: 1, seed: UInt64(seed))
    for temperature in [500.0, 20, 1] { alone.run(moves: 3000, temperature: temperature) }
    #expect(taken(team) >= taken(alone) / 2)
    if seed == 3 { #expect(taken(alone) > 50) }
  }

  @Test func theSameSeedGivesTheSameTimetableWhateverTheThreadsDo() throws {
    let problem = try problem(5, asking: [.overlap, .gaps, .daysUsed, .patternSets, .sameDay])
    let results = (0..<4).map { _ in
      let team = team(problem, of: 3, seed: 9)
      for _ in 0..<5 { team.run(moves: 1500, temperature: 30) }
      #expect(taken(team) > 50)
      return team.chains[0].state.timetable
    }
    for result in results { #expect(result == results[0]) }
  }

  @Test func theWalkDoesNotHangOnHowItsMovesAreParcelledOut() throws {
    let problem = try problem(5, asking: [.overlap, .gaps, .daysUsed])
    func walk(_ parcel: Int) -> (Timetable, [MoveCount]) {
      let state = SearchState(problem)
      Construction.run(state)
      let annealing = Annealing(state, random: RandomSource(seed: 1))
      for _ in 0..<(3000 / parcel) { annealing.run(moves: parcel, temperature: 20) }
      // The last one may count as several.
      #expect((3000..<3100).contains(annealing.moves))
      for count in annealing.counts {
        #expect(count.proposed >= count.evaluated && count.evaluated >= count.accepted)
      }
      return (state.timetable, annealing.counts)
    }
    let whole = walk(3000)
    #expect(whole.1.reduce(0) { $0 + $1.accepted } > 50)
    for parcel in [1, 2, 30] { #expect(walk(parcel) == whole) }
  }

  @Test func aTeamCoolsToAboutWhatAChainComesTo() throws {
    let problem = try problem(8, asking: [.overlap, .gaps, .daysUsed, .patternSets, .sameDay])
    func cooled(_ size: Int) -> Int {
      let team = team(problem, of: size, seed: 4)
      for step in 0..<40 {
        team.run(moves: 4000 / size, temperature: 300 * pow(0.8, Double(step)))
        for chain in team.chains { chain.noteBest() }
      }
      return team.chains[0].bestScore.soft
    }
    let (one, two) = (cooled(1), cooled(2))
    #expect(Double(two) <= 1.15 * Double(one) + 20, "\(two) against \(one)")
  }
}

/// The timetable of a state, put together from nothing.
private func rebuilt(_ state: SearchState) -> SearchState {
  let problem = state.problem
  let fresh = SearchState(problem)
  for group in 0..<problem.groups where state.groupRow[group] != fresh.groupRow[group] {
    fresh.setRow(state.groupRow[group], of: group)
  }
  for event in 0..<problem.events where state.isPlaced(event) {
    fresh.place(event, Int(state.eventTime[event]), Int(state.eventRoom[event]))
  }
  return fresh
}

@Suite("Chains that are cooled apart")
struct AnnealingPopulationTests {
  private func problem() throws -> Problem {
    var shape = RandomShape()
    shape.events = 20...30
    shape.people = 10...20
    var instance = TimetableInstance.random(
      seed: 5, asking: [.overlap, .gaps, .daysUsed, .patternSets, .sameDay], shape)
    for number in instance.people.indices {
      instance.people[number].events = Array(instance.people[number].events.prefix(3))
    }
    return try Problem(instance)
  }

  private func population(
    _ problem: Problem, of size: Int, threads: Int = 2
  ) -> AnnealingPopulation<Annealing> {
    AnnealingPopulation(
      (0..<size).map { number in
        let state = SearchState(problem)
        Construction.run(state)
        return Annealing(state, random: RandomSource(seed: 3, stream: UInt64(number)))
      }, threads: threads, random: RandomSource(seed: 3, stream: 2000))
  }

  @Test func whatIsCheapIsTakenUpInPlaceOfWhatIsDear() throws {
    let population = population(try problem(), of: 4)
    population.run(moves: 4000, temperature: 200)
    // One has cooled, the others have not.
    for _ in 0..<20 { population.members[2].run(moves: 1000, temperature: 0.5) }
    population.resample(from: 200, to: 200, sharpness: 1)
    let before = population.members.map(\.state.timetable)
    #expect(Set(before.map(\.placements)).count > 1)
    population.run(moves: 0, temperature: 200)
    #expect(population.lowest == 2)
    population.resample(from: 200, to: 1, sharpness: 1000)
    for member in population.members {
      #expect(member.state.timetable == before[2])
      #expect(member.state.score == population.members[2].state.score)
    }
  }

  @Test func nobodyIsGivenUpWhereTheTemperatureStays() throws {
    let population = population(try problem(), of: 3)
    population.run(moves: 4000, temperature: 100)
    let before = population.members.map(\.state.timetable)
    population.resample(from: 100, to: 100, sharpness: 3)
    #expect(population.members.map(\.state.timetable) == before)
  }

  @Test func aMemberWithoutAPlaceForAnEventIsGivenUp() throws {
    let population = population(try problem(), of: 2)
    let state = population.members[0].state
    let event = try #require((0..<state.problem.events).first { state.isPlaced($0) })
    state.remove(event)
    population.run(moves: 0, temperature: 10)
    #expect(population.lowest == 1)
    population.resample(from: 10, to: 9.99, sharpness: 1)
    #expect(population.members[0].state.isPlaced(event))
  }

  @Test func theSameSeedGivesTheSameTimetablesOnAnyThreads() throws {
    let problem = try problem()
    let results = [1, 2, 2, 5].map { threads in
      let population = population(problem, of: 3, threads: threads)
      var hot = 60.0
      for _ in 0..<10 {
        population.run(moves: 700, temperature: hot)
        population.resample(from: hot, to: hot * 0.8, sharpness: 3)
        hot *= 0.8
      }
      return population.members.map(\.state.timetable)
    }
    for result in results { #expect(result == results[0]) }
  }

  @Test func whoWaitsGoesOnAndBreaksNothing() throws {
    let population = population(try problem(), of: 3, threads: 2)
    population.fillsWaiting = true
    // Some time a thread must wait, however few cores there are.
    var drawn: [Int] = []
    var rounds = 0
    while rounds < 20 || (rounds < 5000 && !drawn.contains { $0 > rounds * 500 }) {
      population.run(moves: 500, temperature: 10)
      rounds += 1
      drawn = population.members.map(\.moves)
      try #require(drawn.allSatisfy { $0 >= rounds * 500 })
    }
    #expect(drawn.contains { $0 > rounds * 500 })
    for member in population.members {
      #expect(member.bestScore <= member.score)
      #expect(rebuilt(member.state).score == member.score)
    }
  }
}

@Suite("Construction and repair")
struct ConstructionTests {
  /// Without prices of rooms the cheapest place is the best of all options.
  @Test(arguments: 0..<40)
  func theCheapestPlaceIsTheBestOfAllOptions(seed: Int) throws {
    let kinds: Set<AskedKind> = [
      .overlap, .travel, .gaps, .singles, .daysUsed, .siteChanges, .softTimes, .sameDay,
      .timePenalties, .hardRoomTimes, .patternSets, .firstInWeek,
    ]
    let problem = try Problem(
      TimetableInstance.random(
        seed: UInt64(seed), asking: seed % 2 == 0 ? kinds : kinds.union([.lenientOverlap])))
    let state = SearchState(problem)
    for event in 0..<problem.events {
      var best = SearchState.refused
      let row = state.rowShape(of: event)
      for index in problem.options[event] {
        let time = Int(problem.options.items[index])
        if row >= 0, problem.timeShape[time] != row { continue }
        let rooms =
          problem.needsRoom[event]
          ? problem.eventRooms[event].map { Int(problem.eventRooms.items[$0]) } : [-1]
        for room in rooms {
          best = min(best, state.delta(event, time, room, limit: .max - 1))
        }
      }
      let found = Construction.cheapest(state, event)
      #expect((found?.delta ?? SearchState.refused) == best)
      if let found { state.place(event, found.time, found.room) }
    }
  }

  /// Two lectures of two hours in a day of four, each cheapest in the middle: the second finds no
  /// place until the first makes way.
  @Test func repairMakesWay() throws {
    var instance = TimetableInstance(
      name: "crowded",
      grid: TimeGrid(
        weeks: 1, days: 1, slotStarts: (0..<4).map { 480 + 60 * $0 }, slotMinutes: 50))
    instance.timeDomains = [
      (0..<3).map {
        TimeOption(
          TimePattern(weeks: 1, day: 0, start: $0, length: 2), penalty: $0 == 1 ? 0 : 5)
      }
    ]
    for number in 0..<2 {
      instance.events.append(
        Event(name: "\(number)", timeDomain: 0, rooms: [], needsRoom: false, size: 1))
    }
    instance.roles = ["student"]
    instance.people = [Person(name: "a", role: 0, events: [0, 1])]
    instance.constraints = [Constraint(.noOverlap(role: 0), .hard, source: "M5")]
    let state = SearchState(try Problem(instance))
    Construction.run(state)
    #expect(state.unplaced == 1)
    var repair = Ejection(state, random: RandomSource(seed: 1))
    repair.run(steps: 1000)
    #expect(state.unplaced == 0)
    #expect(state.soft == 10)
    #expect(DeclaredScore(instance, state.timetable).isFeasible)
  }

  @Test func repairLeavesNoLessThanItFound() throws {
    for seed in 0..<20 {
      var shape = RandomShape()
      shape.days = 1...1
      shape.slots = 3...3
      shape.events = 6...8
      let instance = TimetableInstance.random(
        seed: UInt64(seed), asking: [.overlap, .gaps, .hardDayLoad, .patternSets], shape)
      let state = SearchState(try Problem(instance))
      Construction.run(state)
      let before = state.score
      var repair = Ejection(state, random: RandomSource(seed: 2))
      repair.run(steps: 300)
      #expect(state.score <= before)
      #expect(DeclaredScore(instance, state.timetable).hard.isEmpty)
    }
  }
}

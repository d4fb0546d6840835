// SPDX-License-Identifier: GPL-3.0-or-later
internal import Dispatch
internal import Formulation
internal import LinearModels
internal import LocalSearch
internal import Problem
internal import Timetabling

/// The last phase with fix-and-optimise: neighbourhoods of 15–30 events, aimed at people whose days
/// are dear, each placed anew by a mixed-integer model while the rest stays.
struct Polishing {
  /// What it came to.
  struct Outcome {
    var tried = 0
    var improved = 0
    var gain = 0
  }

  private static let mostEvents = 24
  private static let secondsOfOne = 1.5
  /// Of people drawn, the one whose days cost most is taken.
  private static let drawn = 4

  let state: SearchState
  let solver: any LinearSolver
  var random: RandomSource

  /// Tries neighbourhoods until the time is up; what they gain is offered as a checkpoint.
  mutating func run(
    seconds: () -> Double, end: Double, checkpoint: ((Timetable, Double) -> Void)?,
    checkpointInterval: Double, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> Outcome {
    var outcome = Outcome()
    var lastCheckpoint = seconds()
    var offered = 0
    let problem = state.problem
    guard problem.people > 0 else { return outcome }
    while !isCancelled() {
      let left = end - seconds()
      if left < 0.1 { break }
      let events = neighbourhood(outcome.tried)
      let gain = try FixAndOptimize.improve(
        state, events: events, solver: solver, timeLimit: min(Self.secondsOfOne, left),
        isCancelled: isCancelled)
      outcome.tried += 1
      if gain > 0 { outcome.improved += 1 }
      outcome.gain += gain
      if outcome.gain > offered, seconds() - lastCheckpoint >= checkpointInterval {
        checkpoint?(state.timetable, 1)
        lastCheckpoint = seconds()
        offered = outcome.gain
      }
    }
    return outcome
  }

  /// The events of a dear person, then of those who share them; every third time those of one day
  /// only, of more people.
  private mutating func neighbourhood(_ number: Int) -> [Int32] {
    let problem = state.problem
    var first = Int(random.below(problem.people))
    for _ in 1..<Self.drawn {
      let other = Int(random.below(problem.people))
      if state.daysCost(of: other) > state.daysCost(of: first) { first = other }
    }
    let onlyDay = number % 3 == 2 ? Int32(random.below(problem.days)) : -1
    var chosen: Set<Int32> = []
    var queue = [first]
    var seen: Set<Int> = [first]
    var head = 0
    while head < queue.count, chosen.count < Self.mostEvents {
      let person = queue[head]
      head += 1
      for index in problem.personEvents[person] where chosen.count < Self.mostEvents {
        let event = problem.personEvents.items[index]
        guard state.isPlaced(Int(event)) else { continue }
        if onlyDay >= 0, problem.timeDay[Int(state.eventTime[Int(event)])] != onlyDay { continue }
        chosen.insert(event)
        for at in problem.eventPeople[Int(event)] {
          let other = Int(problem.eventPeople.items[at])
          if seen.insert(other).inserted { queue.append(other) }
        }
      }
    }
    return chosen.sorted()
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
public import Problem

/// Places what construction could not, by putting others elsewhere.
///
/// An event that finds no place takes one from which at most a few others must leave; these look
/// for a new place in their turn. An event that was put out often is not put out again soon.
/// Source: the iterative forward search of T. Müller, "Constraint-based timetabling" (2005), in
/// the form of ejection chains.
public struct Ejection {
  private let state: SearchState
  private var random: RandomSource
  private var removals: [Int]

  /// A repair of a state.
  public init(_ state: SearchState, random: RandomSource) {
    self.state = state
    self.random = random
    self.removals = Array(repeating: 0, count: state.problem.events)
  }

  /// Works until everything is placed, `steps` are used up, or it is asked to stop; the state is
  /// then at the fewest unplaced events seen.
  public mutating func run(steps: Int, isCancelled: () -> Bool = { false }) {
    let problem = state.problem
    guard state.unplaced > 0 else { return }
    let best = SearchState(problem)
    best.copy(from: state)
    var queue = (0..<problem.events).filter { !state.isPlaced($0) && hasPlaces($0) }
    var step = 0
    while step < steps, !queue.isEmpty, !isCancelled() {
      step += 1
      let event = queue.remove(at: random.below(queue.count))
      if let place = Construction.cheapest(state, event) {
        state.place(event, place.time, place.room)
      } else if random.below(8) == 0, changeRow(of: event, &queue) {
        queue.append(event)
      } else if let target = cheapestDisturbance(event) {
        for other in target.others {
          removals[other] += 1
          state.remove(other)
          queue.append(other)
        }
        // With others gone somebody's day may still be too full.
        if state.delta(event, target.time, target.room, limit: .max - 1) != SearchState.refused {
          state.place(event, target.time, target.room)
        } else {
          queue.append(event)
        }
      } else {
        removals[event] += 1
        queue.append(event)
      }
      if state.score < best.score { best.copy(from: state) }
      if state.unplaced == 0 { break }
    }
    if best.score < state.score { state.copy(from: best) }
  }

  private func hasPlaces(_ event: Int) -> Bool {
    let problem = state.problem
    return !problem.options[event].isEmpty
      && (!problem.needsRoom[event] || !problem.eventRooms[event].isEmpty)
  }

  /// Gives the group of an event, where it has a choice, another row of pattern sets: its events
  /// leave and join the queue. Tells whether it did.
  private mutating func changeRow(of event: Int, _ queue: inout [Int]) -> Bool {
    let problem = state.problem
    let group = Int(problem.eventGroup[event])
    guard group >= 0, state.groupRow[group] >= 0 else { return false }
    let rows = problem.groupRows[group]
    let row = problem.groupRows.items[rows.lowerBound + random.below(rows.count)]
    if row == state.groupRow[group] { return false }
    for index in problem.groupEvents[group] {
      let other = Int(problem.groupEvents.items[index])
      guard other != event, state.isPlaced(other) else { continue }
      state.remove(other)
      queue.append(other)
    }
    state.setRow(row, of: group)
    return true
  }

  /// Of a sample of times and rooms, the one whose obstacles are fewest and were put out least.
  private mutating func cheapestDisturbance(
    _ event: Int
  ) -> (time: Int, room: Int, others: [Int])? {
    let problem = state.problem
    let row = state.rowShape(of: event)
    let options = problem.options[event]
    let rooms = problem.eventRooms[event]
    var best: (time: Int, room: Int, others: [Int])?
    var bestPrice = Int.max
    for _ in 0..<60 {
      let time = Int(problem.options.items[options.lowerBound + random.below(options.count)])
      if row >= 0, problem.timeShape[time] != row { continue }
      let room =
        problem.needsRoom[event]
        ? Int(problem.eventRooms.items[rooms.lowerBound + random.below(rooms.count)]) : -1
      guard var others = state.obstacles(event, time, room, most: 6) else { continue }
      if others.isEmpty {
        // Nobody is in the way; somebody's day is full.
        let crowd = state.crowd(event, time)
        let offset = random.below(max(1, crowd.count))
        guard
          let one = crowd.indices.map({ crowd[($0 + offset) % crowd.count] })
            .min(by: { removals[$0] < removals[$1] })
        else { continue }
        others = [one]
      }
      let price = others.reduce(0) { $0 + 2 + 3 * removals[$1] } + random.below(2)
      if price < bestPrice {
        bestPrice = price
        best = (time, room, others)
      }
    }
    return best
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
public import LinearModels
internal import LocalSearch
public import Problem
public import Timetabling

/// Puts events that lost their place somewhere else while as few others as possible move.
///
/// An event whose place in force is no longer allowed by itself has to move, whatever else happens:
/// the number of these, and of disjoint pairs that stand in each other's way, is a lower bound, and
/// a repair that moves no more is proved smallest. Where more move, a mixed-integer model bounds the
/// number from below:
///
/// minimise T subject to Σ_p x(a, p) = 1 for each event a that must move, x(a, p) ≤ y(o) for each
/// event o that stands in the way of a at p, T ≥ Σ y(o), at most one of the a in a room or with a
/// person at a slot. It relaxes where the o go, so that |a| + ⌈T⌉ never exceeds the optimum.
public enum MinimalRepair {
  /// What a repair came to.
  public struct Result: Sendable {
    /// Events whose place in force is not allowed any more.
    public var forced: [Int]
    /// Events that are elsewhere than in force, those in ``forced`` among them.
    public var moved: [Int]
    /// Events that found no place.
    public var unplaced: [Int]
    /// A proved lower bound of the number of events that must move.
    public var bound: Int
    /// Whether no repair moves fewer.
    public var isProved: Bool { unplaced.isEmpty && bound >= moved.count }
  }

  /// Repairs a state; it is left with the repair.
  ///
  /// - Parameters:
  ///   - state: Holds the timetable in force as far as the problem allows it.
  ///   - inForce: The timetable in force.
  ///   - solver: For the models.
  ///   - timeLimit: Seconds for all of it.
  ///   - isCancelled: Asked now and then; true ends the work with what there is.
  /// - Returns: What moved, and the bound.
  /// - Throws: What the solver throws when it cannot run.
  public static func run(
    _ state: SearchState, inForce: Timetable, solver: any LinearSolver, timeLimit: Double,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> Result {
    let problem = state.problem
    let old = (0..<problem.events).map { event -> Spot? in
      guard let placement = inForce.placements[event] else { return nil }
      return Spot(
        time: problem.time(of: placement.time) ?? -1, room: Int(placement.room ?? -1))
    }
    let lost = (0..<problem.events).filter { !state.isPlaced($0) && old[$0] != nil }
    // Events that had no place before: they are given one, and count as moved nowhere.
    let missing = (0..<problem.events).filter { !state.isPlaced($0) && old[$0] == nil }
    let forced = lost.filter { event in
      guard let spot = old[event] else { return false }
      return !isPossible(event, spot, problem)
    }
    let base = SearchState(problem)
    base.copy(from: state)

    // First those that must move alone, at free places; what is left displaces others, as few as
    // possible. Where that moves others, once more with more places to choose from.
    let clock = Clock()
    func isMoved(_ event: Int) -> Bool {
      guard let spot = old[event] else { return false }
      return spot.time != Int(state.eventTime[event]) || spot.room != Int(state.eventRoom[event])
    }
    var best: (unplaced: Int, moved: Int, state: SearchState)?
    for width in [40, 250] {
      let share = width == 40 ? timeLimit / 4 : timeLimit / 3
      if width > 40, isCancelled() || clock.seconds > timeLimit / 3 { break }
      state.copy(from: base)
      try placeFreely(lost + missing, state, solver, width: width, timeLimit: share)
      for event in (0..<problem.events) where !state.isPlaced(event) {
        if isCancelled() || clock.seconds > 0.75 * timeLimit { break }
        displace(event, state, old)
      }
      settle(state, old)
      let moved = (0..<problem.events).count { isMoved($0) }
      if best.map({ (state.unplaced, moved) < ($0.unplaced, $0.moved) }) ?? true {
        let copy = SearchState(problem)
        copy.copy(from: state)
        best = (state.unplaced, moved, copy)
      }
      if state.unplaced == 0, moved == lost.count { break }
    }
    if let best { state.copy(from: best.state) }
    if state.unplaced > 0 {
      var ejection = Ejection(state, random: RandomSource(seed: 1, stream: 3000))
      ejection.run(steps: 20_000) { isCancelled() || clock.seconds > 0.75 * timeLimit }
    }
    settle(state, old)

    let moved = (0..<problem.events).filter { isMoved($0) }
    var result = Result(
      forced: forced, moved: moved,
      unplaced: (0..<problem.events).filter { !state.isPlaced($0) },
      bound: forced.count + conflicts(lost.filter { !forced.contains($0) }, old, base))
    // Places in force that cannot all stand together: at least one has to change.
    if !lost.isEmpty { result.bound = max(result.bound, 1) }
    if result.bound < moved.count, !lost.isEmpty, !isCancelled(), clock.seconds < timeLimit {
      let least = try fewest(
        lost, old, base, solver, timeLimit: min(timeLimit / 3, timeLimit - clock.seconds))
      result.bound = min(max(result.bound, least), moved.count)
    }
    return result
  }

  /// Puts events back where they were in force as far as they can go, and counts what moved.
  ///
  /// - Parameters:
  ///   - state: A timetable that was found otherwise; it is left with what went back.
  ///   - inForce: The timetable in force.
  ///   - result: A repair, whose bound and forced events stay.
  /// - Returns: The repair with what moved and what has no place.
  public static func settled(
    _ state: SearchState, inForce: Timetable, _ result: Result
  ) -> Result {
    let problem = state.problem
    let old = (0..<problem.events).map { event -> Spot? in
      inForce.placements[event].map {
        Spot(time: problem.time(of: $0.time) ?? -1, room: Int($0.room ?? -1))
      }
    }
    // What goes back may make room for others.
    for _ in 0..<3 { settle(state, old) }
    var result = result
    result.moved = (0..<problem.events).filter { event in
      old[event].map {
        $0.time != Int(state.eventTime[event]) || $0.room != Int(state.eventRoom[event])
      } ?? false
    }
    result.unplaced = (0..<problem.events).filter { !state.isPlaced($0) }
    return result
  }

  struct Spot: Equatable {
    var time: Int
    var room: Int
  }

  /// Whether an event may be somewhere as far as it and the room alone are concerned.
  private static func isPossible(_ event: Int, _ spot: Spot, _ problem: Problem) -> Bool {
    guard spot.time >= 0, problem.allows(event: event, time: spot.time) else { return false }
    guard problem.needsRoom[event] == (spot.room >= 0) else { return false }
    guard spot.room >= 0 else { return true }
    return problem.allows(event: event, room: spot.room) && isOpen(spot.room, spot.time, problem)
  }

  private static func isOpen(_ room: Int, _ time: Int, _ problem: Problem) -> Bool {
    var classes = problem.timeClasses[time]
    while classes != 0 {
      let weekClass = classes.trailingZeroBitCount
      classes &= classes - 1
      let cell = problem.cell(weekClass, Int(problem.timeDay[time]))
      if problem.roomClosed[room * problem.cells + cell] & problem.timeMask[time] != 0 {
        return false
      }
    }
    return true
  }

  private static func spots(_ event: Int, _ state: SearchState) -> [Spot] {
    let problem = state.problem
    let row = state.rowShape(of: event)
    let rooms =
      problem.needsRoom[event]
      ? problem.eventRooms[event].map { Int(problem.eventRooms.items[$0]) } : [-1]
    return problem.options[event].flatMap { index -> [Spot] in
      let time = Int(problem.options.items[index])
      if row >= 0, problem.timeShape[time] != row { return [] }
      return rooms.map { Spot(time: time, room: $0) }
    }
  }

  // MARK: - Free places

  /// Places events at places that are free, at the least cost: by a programme, for events that
  /// share rooms and people with each other; exactly, undoing what is refused.
  private static func placeFreely(
    _ events: [Int], _ state: SearchState, _ solver: any LinearSolver, width: Int,
    timeLimit: Double
  ) throws {
    let problem = state.problem
    var columns: [(event: Int, spot: Spot)] = []
    var model = LinearModel(name: "repair")
    var users: [Int: Int] = [:]
    for event in events {
      for index in problem.eventPeople[event] {
        users[Int(problem.eventPeople.items[index]), default: 0] += 1
      }
    }
    struct Key: Hashable {
      var who: Int
      var cell: Int
      var slot: Int
    }
    var takers: [Key: [LinearModel.Variable]] = [:]
    for event in events {
      let options = spots(event, state).compactMap { spot -> (cost: Int, spot: Spot)? in
        let delta = state.delta(event, spot.time, spot.room, limit: .max - 1)
        return delta == SearchState.refused ? nil : (delta, spot)
      }.sorted { ($0.cost, $0.spot.time, $0.spot.room) < ($1.cost, $1.spot.time, $1.spot.room) }
      let least = options.first?.cost ?? 0
      var terms = [LinearModel.Term(1, model.addBinary(cost: 1e7))]
      columns.append((event, Spot(time: -1, room: -1)))
      for option in options.prefix(width) {
        let variable = model.addBinary(cost: Double(option.cost - least))
        columns.append((event, option.spot))
        terms.append(LinearModel.Term(1, variable))
        let people = problem.eventPeople[event].map { Int(problem.eventPeople.items[$0]) }
          .filter { (users[$0] ?? 0) > 1 }
        eachSlot(option.spot.time, problem) { cell, slot in
          if option.spot.room >= 0 {
            takers[Key(who: -1 - option.spot.room, cell: cell, slot: slot), default: []]
              .append(variable)
          }
          for person in people {
            takers[Key(who: person, cell: cell, slot: slot), default: []].append(variable)
          }
        }
      }
      model.addRow(lower: 1, upper: 1, terms)
    }
    var seen: Set<[Int]> = []
    for key in takers.keys.sorted(by: { ($0.who, $0.cell, $0.slot) < ($1.who, $1.cell, $1.slot) }) {
      guard let variables = takers[key], variables.count > 1,
        seen.insert(variables.map(\.index)).inserted
      else { continue }
      model.addRow(upper: 1, variables.map { LinearModel.Term(1, $0) })
    }
    var options = SolveOptions()
    options.timeLimit = timeLimit
    let solution = try solver.solve(model, options)
    for (number, value) in solution.values.enumerated() where value > 0.5 {
      let (event, spot) = columns[number]
      if spot.time >= 0,
        state.delta(event, spot.time, spot.room, limit: .max - 1) != SearchState.refused
      {
        state.place(event, spot.time, spot.room)
      }
    }
    for event in events where !state.isPlaced(event) {
      if let place = Construction.cheapest(state, event) {
        state.place(event, place.time, place.room)
      }
    }
  }

  private static func eachSlot(
    _ time: Int, _ problem: Problem, _ body: (_ cell: Int, _ slot: Int) -> Void
  ) {
    var classes = problem.timeClasses[time]
    while classes != 0 {
      let cell = problem.cell(classes.trailingZeroBitCount, Int(problem.timeDay[time]))
      classes &= classes - 1
      var mask = problem.timeMask[time]
      while mask != 0 {
        body(cell, mask.trailingZeroBitCount)
        mask &= mask - 1
      }
    }
  }

  // MARK: - Places that others make free

  /// Places an event where one or two others stand that find a free place themselves; at the fewest
  /// moves of events that did not move yet, then the least cost.
  private static func displace(
    _ event: Int, _ state: SearchState, _ old: [Spot?]
  ) {
    var best: (moves: Int, cost: Int, steps: [(event: Int, spot: Spot)])?
    func isNew(_ other: Int) -> Bool {
      guard let spot = old[other] else { return false }
      return spot.time == Int(state.eventTime[other]) && spot.room == Int(state.eventRoom[other])
    }
    let before = state.soft
    for spot in spots(event, state) {
      guard let others = state.obstacles(event, spot.time, spot.room, most: 2), !others.isEmpty
      else { continue }
      let moves = others.count { isNew($0) }
      if let best, moves > best.moves { continue }
      let were = others.map {
        Spot(time: Int(state.eventTime[$0]), room: Int(state.eventRoom[$0]))
      }
      for other in others { state.remove(other) }
      var steps: [(event: Int, spot: Spot)] = []
      if state.delta(event, spot.time, spot.room, limit: .max - 1) != SearchState.refused {
        state.place(event, spot.time, spot.room)
        steps.append((event, spot))
        for other in others {
          guard let place = Construction.cheapest(state, other) else { break }
          state.place(other, place.time, place.room)
          steps.append((other, Spot(time: place.time, room: place.room)))
        }
        if steps.count == others.count + 1 {
          let cost = state.soft - before
          if best.map({ (moves, cost) < ($0.moves, $0.cost) }) ?? true {
            best = (moves, cost, steps)
          }
        }
      }
      for step in steps { state.remove(step.event) }
      for (other, was) in zip(others, were) { state.place(other, was.time, was.room) }
    }
    guard let best else { return }
    for step in best.steps.dropFirst() { state.remove(step.event) }
    for step in best.steps { state.place(step.event, step.spot.time, step.spot.room) }
  }

  /// Puts back what can go back where it was.
  private static func settle(_ state: SearchState, _ old: [Spot?]) {
    for event in 0..<state.problem.events {
      guard let spot = old[event], spot.time >= 0, state.isPlaced(event),
        spot.time != Int(state.eventTime[event]) || spot.room != Int(state.eventRoom[event]),
        isPossible(event, spot, state.problem)
      else { continue }
      let row = state.rowShape(of: event)
      if row >= 0, state.problem.timeShape[spot.time] != row { continue }
      if state.delta(event, spot.time, spot.room, limit: .max - 1) != SearchState.refused {
        state.remove(event)
        state.place(event, spot.time, spot.room)
      }
    }
  }

  // MARK: - The bound

  /// Pairs without a common event, each of an event that lost its place and one that stands in its
  /// way where both were in force: one of the two must move.
  private static func conflicts(_ lost: [Int], _ old: [Spot?], _ base: SearchState) -> Int {
    var used: Set<Int> = []
    for event in lost {
      guard let spot = old[event], spot.time >= 0,
        let others = base.obstacles(event, spot.time, spot.room, most: .max)
      else { continue }
      // Events of the state stand where they were in force.
      if let other = others.first(where: { !used.contains($0) }) { used.insert(other) }
    }
    return used.count
  }

  /// A proved lower bound of how many events move, those that lost their place among them; one of
  /// these that could stay as far as it and its room are concerned may stay.
  private static func fewest(
    _ lost: [Int], _ old: [Spot?], _ base: SearchState, _ solver: any LinearSolver,
    timeLimit: Double
  ) throws -> Int {
    let problem = base.problem
    let clock = Clock()
    var model = LinearModel(name: "fewest moves")
    let total = model.addVariable("T", cost: 1)
    let any = model.addBinary("any")
    model.addRow(lower: 0, [LinearModel.Term(1, total), LinearModel.Term(-1, any)])
    var others: [Int: LinearModel.Variable] = [:]
    struct Key: Hashable {
      var who: Int
      var cell: Int
      var slot: Int
    }
    var users: [Int: Int] = [:]
    for event in lost {
      for index in problem.eventPeople[event] {
        users[Int(problem.eventPeople.items[index]), default: 0] += 1
      }
    }
    let mostColumns = 12_000
    let shares = max(1, lost.count)
    var takers: [Key: [LinearModel.Variable]] = [:]
    // Places by what stands in their way, and, where they are few enough, by time and room too.
    for event in lost {
      // A part of the events bounds nothing.
      if clock.seconds > timeLimit / 2 { return 0 }
      let options = allSpots(event, base)
      let isSmall = options.count <= mostColumns / shares
      var terms: [LinearModel.Term] = []
      var seen: Set<[Int]> = []
      let people = problem.eventPeople[event].map { Int(problem.eventPeople.items[$0]) }
        .filter { (users[$0] ?? 0) > 1 }
      for spot in options {
        let isOld = old[event] == spot
        let found = base.obstacles(event, spot.time, spot.room, most: isOld ? .max : 3)
        var ways: [Int]
        var needsAny = false
        if let found {
          ways = found.sorted()
          needsAny =
            found.isEmpty
            && base.delta(event, spot.time, spot.room, limit: .max - 1) == SearchState.refused
        } else {
          // Closed or forbidden, or more than three in the way.
          guard isPossible(event, spot, problem) else { continue }
          ways = []
          needsAny = true
        }
        if !isSmall, !isOld, !seen.insert(ways + (needsAny ? [-1] : [])).inserted { continue }
        let variable = model.addBinary(cost: isOld ? 0 : 1)
        terms.append(LinearModel.Term(1, variable))
        for other in ways {
          let moves = others[other] ?? model.addBinary()
          others[other] = moves
          model.addRow(upper: 0, [LinearModel.Term(1, variable), LinearModel.Term(-1, moves)])
        }
        if needsAny {
          model.addRow(upper: 0, [LinearModel.Term(1, variable), LinearModel.Term(-1, any)])
        }
        if isSmall {
          eachSlot(spot.time, problem) { cell, slot in
            if spot.room >= 0 {
              takers[Key(who: -1 - spot.room, cell: cell, slot: slot), default: []]
                .append(variable)
            }
            for person in people where !lenient(event, person, problem) {
              takers[Key(who: person, cell: cell, slot: slot), default: []].append(variable)
            }
          }
        }
      }
      // Nothing at all is possible: no number of moves helps.
      if terms.isEmpty { return 0 }
      model.addRow(lower: 1, upper: 1, terms)
    }
    var rows: Set<[Int]> = []
    for key in takers.keys.sorted(by: { ($0.who, $0.cell, $0.slot) < ($1.who, $1.cell, $1.slot) }) {
      guard let variables = takers[key], variables.count > 1,
        rows.insert(variables.map(\.index)).inserted
      else { continue }
      model.addRow(upper: 1, variables.map { LinearModel.Term(1, $0) })
    }
    var sum = others.keys.sorted().compactMap { others[$0] }.map { LinearModel.Term(-1, $0) }
    sum.append(LinearModel.Term(1, total))
    model.addRow(lower: 0, sum)
    var options = SolveOptions()
    options.timeLimit = timeLimit - clock.seconds
    let solution = try solver.solve(model, options)
    guard let bound = solution.bound, bound.isFinite else { return 0 }
    return max(0, Int((bound - 1e-6).rounded(.up)))
  }

  /// As ``spots(_:_:)``, of any shape.
  private static func allSpots(_ event: Int, _ state: SearchState) -> [Spot] {
    let problem = state.problem
    let rooms =
      problem.needsRoom[event]
      ? problem.eventRooms[event].map { Int(problem.eventRooms.items[$0]) } : [-1]
    return problem.options[event].flatMap { index in
      rooms.map { Spot(time: Int(problem.options.items[index]), room: $0) }
    }
  }

  /// Whether a person's event may overlap with others.
  private static func lenient(_ event: Int, _ person: Int, _ problem: Problem) -> Bool {
    problem.personEvents[person].contains {
      problem.personEvents.items[$0] == Int32(event) && problem.personLenient[$0]
    }
  }
}

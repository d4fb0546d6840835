// SPDX-License-Identifier: GPL-3.0-or-later
public import LinearModels
public import University
internal import Validation

/// How many rooms a university needs, from below and from above.
public struct RoomStudy: Sendable {
  /// What a band loses with one room fewer.
  public struct Marginal: Sendable {
    /// The room that is used least of its kind and size.
    public var room: RoomID
    /// Its kind.
    public var kind: String
    /// The size band.
    public var seats: Int
    /// Whether a valid timetable was found without it.
    public var isPossible: Bool
    /// Meetings that move then.
    public var moved: Int
    /// What the objective of the timetable grows by, what moving costs left out.
    public var cost: Double
  }

  /// The needs by kind and size.
  public var needs: RoomNeeds
  /// The fewest rooms by hours: a bound of any timetable of these meetings.
  public var byHours: RoomNeeds.Choice
  /// The fewest rooms at the times of the plan: a bound of timetables with these times.
  public var byPeak: RoomNeeds.Choice
  /// The smallest set of rooms for which a valid timetable was found; all where none was smaller.
  public var smallest: [RoomID]
  /// Sets that were tried: how many rooms, and whether a valid timetable was found.
  public var tried: [(rooms: Int, isValid: Bool)]
  /// One room fewer, by kind and size.
  public var marginals: [Marginal]

  /// Studies a plan.
  ///
  /// - Parameters:
  ///   - hand: The plan.
  ///   - solver: For the models.
  ///   - timeLimit: Seconds for all of it.
  ///   - isCancelled: Asked now and then; true ends it with what there is.
  /// - Throws: What the solver throws when it cannot run.
  public init(
    _ hand: PlanInHand, solver: any LinearSolver, timeLimit: Double,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws {
    let clock = ContinuousClock.now
    func left() -> Double { timeLimit - TimeBudget.seconds(since: clock) }
    needs = RoomNeeds(hand)
    byHours = try needs.fewestRooms(
      atTimesOfPlan: false, solver: solver, timeLimit: max(1, timeLimit / 10))
    byPeak = try needs.fewestRooms(
      atTimesOfPlan: true, solver: solver, timeLimit: max(1, timeLimit / 10))
    // Rooms in the order in which they are kept: those of the choice, then those used most.
    let chosen = Set(byPeak.open)
    let rooms = hand.institution.rooms
    let usedHours = needs.usedHours
    let order = rooms.indices.sorted { a, b in
      let (x, y) = (chosen.contains(rooms[a].id), chosen.contains(rooms[b].id))
      if x != y { return x }
      return (usedHours[b], a) < (usedHours[a], b)
    }.map { rooms[$0].id }
    smallest = order
    tried = []
    marginals = []
    var low = byPeak.open.count
    var high = order.count
    var number = low
    while low < high, left() > timeLimit / 3, !isCancelled() {
      var closing = Disruption()
      closing.rooms = Array(order.dropFirst(number))
      let outcome = try hand.repair(
        closing, changes: nil, solver: solver, timeLimit: max(2, left() / 4),
        isCancelled: isCancelled)
      tried.append((number, outcome.report.isValid))
      if outcome.report.isValid {
        smallest = Array(order.prefix(number))
        high = number
      } else {
        low = number + 1
      }
      number = (low + high) / 2
    }
    try findMarginals(hand, solver, until: { left() < 3 || isCancelled() })
  }

  private mutating func findMarginals(
    _ hand: PlanInHand, _ solver: any LinearSolver, until stop: () -> Bool
  ) throws {
    let rooms = hand.institution.rooms
    let usedHours = needs.usedHours
    let weights = hand.institution.weights.timetable
    for band in needs.bands {
      if stop() { return }
      let own = rooms.indices.filter {
        rooms[$0].kind == band.kind && rooms[$0].capacity >= band.seats
          && rooms[$0].capacity <= band.upTo ?? .max
      }
      guard let least = own.min(by: { (usedHours[$0], $0) < (usedHours[$1], $1) }) else { continue }
      var closing = Disruption()
      closing.rooms = [rooms[least].id]
      let outcome = try hand.repair(closing, changes: nil, solver: solver, timeLimit: 15)
      var after = outcome.report.timetable ?? [:]
      after[.movedTime] = 0
      after[.movedRoom] = 0
      let before = weights.objective(outcome.reportBefore.timetable ?? [:])
      marginals.append(
        Marginal(
          room: rooms[least].id, kind: band.kind, seats: band.seats,
          isPossible: outcome.report.isValid, moved: outcome.moved.count,
          cost: weights.objective(after) - before))
    }
  }
}

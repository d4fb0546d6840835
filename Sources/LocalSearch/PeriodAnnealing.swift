// SPDX-License-Identifier: GPL-3.0-or-later
internal import Glibc
public import Problem
public import Timetabling

/// Simulated annealing of a ``PeriodState`` by Kempe chains and changes of rooms; every timetable on
/// the way is valid.
public final class PeriodAnnealing: PopulationMember {
  /// The state that is worked on.
  public let state: PeriodState
  /// Counts by ``MoveKind``: `exchange` are chains, `room` changes of rooms.
  public private(set) var counts = Array(repeating: MoveCount(), count: MoveKind.allCases.count)
  /// The placements with the least cost seen when it was looked at.
  public private(set) var best: [Int32]
  /// Their cost.
  public private(set) var bestSoft: Int

  private let problem: PeriodProblem
  private var random: RandomSource
  /// −ln of evenly spaced shares, from which thresholds are drawn; few enough to stay at hand.
  private let logarithms: [Float]

  /// Anneals a state with its own stream of random numbers.
  public init(_ state: PeriodState, random: RandomSource) {
    self.state = state
    self.problem = state.problem
    self.random = random
    best = state.placements
    bestSoft = state.soft
    logarithms = (0..<Self.shares).map { Float(-log((Double($0) + 0.5) / Double(Self.shares))) }
  }

  private static let shares = 2048

  /// Takes the present state for the best, whatever was better before.
  private func restart() {
    best = state.placements
    bestSoft = state.soft
  }

  /// Goes to placements.
  public func load(_ placements: [Int32]) {
    state.load(placements)
    if state.soft < bestSoft { restart() }
  }

  /// The present cost; everything is placed.
  public var score: Score { Score(hard: 0, soft: state.soft) }

  /// Nothing: the best is remembered with every move.
  public func noteBest() {}

  /// Goes on from the present timetable of another.
  public func take(from other: PeriodAnnealing) { load(other.state.placements) }

  /// Runs so many moves at a temperature.
  public func run(moves: Int, temperature: Double) {
    for _ in 0..<moves {
      step(temperature)
      if state.soft < bestSoft { restart() }
    }
  }

  @inline(__always)
  private func step(_ temperature: Double) {
    let bits = random.next()
    // One draw serves the lecture, the kind of move and the threshold.
    let lecture = Int((bits >> 32 &* UInt64(state.lectures)) >> 32)
    let kind = bits & 0xFF
    let share = Int(bits >> 8 & UInt64(Self.shares - 1))
    if kind < 26 {
      moveRoom(lecture, temperature, share)
    } else {
      moveChain(lecture, temperature, share)
    }
  }

  /// Whether a price is at most −T ln u.
  @inline(__always)
  private func isTaken(_ delta: Int, _ temperature: Double, _ share: Int) -> Bool {
    delta <= 0 || Double(delta) <= temperature * Double(logarithms[share])
  }

  @inline(__always)
  private func count(_ kind: MoveKind, _ delta: Int, _ isTaken: Bool) {
    counts[kind.rawValue].evaluated += 1
    guard isTaken else { return }
    counts[kind.rawValue].accepted += 1
    if delta < 0 { counts[kind.rawValue].gain -= delta }
  }

  private func moveRoom(_ lecture: Int, _ temperature: Double, _ share: Int) {
    counts[MoveKind.room.rawValue].proposed += 1
    let rooms = problem.courseRooms[Int(state.lectureCourse[lecture])]
    let room = Int(problem.courseRooms.items[rooms.lowerBound + random.below(rooms.count)])
    let delta = state.price(roomOf: lecture, room: room)
    if delta == PeriodState.refused { return }
    let isTaken = isTaken(delta, temperature, share)
    count(.room, delta, isTaken)
    if isTaken { state.commit() }
  }

  private func moveChain(_ lecture: Int, _ temperature: Double, _ share: Int) {
    counts[MoveKind.exchange.rawValue].proposed += 1
    let course = Int(state.lectureCourse[lecture])
    let bits = random.next()
    let period = drawPeriod(course, bits)
    if period < 0 || state.isHeld(course, at: period) { return }
    let room = drawRoom(course, period, Int(state.room(of: lecture)), bits >> 16)
    let delta = state.price(chainOf: lecture, to: period, room: room)
    if delta == PeriodState.refused { return }
    let isTaken = isTaken(delta, temperature, share)
    count(.exchange, delta, isTaken)
    if isTaken { state.commit() }
  }

  /// A period of a course; one in five next to a lecture of one of its cohorts.
  @inline(__always)
  private func drawPeriod(_ course: Int, _ bits: UInt64) -> Int {
    let kind = bits & 0xFF
    if kind < 51 {
      // A cohort of the course, then a slot beside what it has on a day.
      let cohorts = problem.courseCohorts[course]
      if !cohorts.isEmpty {
        let number = Int((bits >> 40 &* UInt64(cohorts.count)) >> 24)
        let cohort = Int(problem.courseCohorts.items[cohorts.lowerBound + number])
        let day = random.below(state.days)
        let taken = UInt32(state.taken[cohort * state.days + day])
        let slots = problem.problem.slots
        let beside = (taken << 1 | taken >> 1) & ~taken & ((1 << UInt32(slots)) - 1)
        if beside == 0 { return -1 }
        var rest = beside
        var skip = random.below(beside.nonzeroBitCount)
        while skip > 0 {
          rest &= rest - 1
          skip -= 1
        }
        let period = day * slots + rest.trailingZeroBitCount
        return problem.timeCost[course * problem.periods + period] == Problem.forbidden
          ? -1 : period
      }
    }
    let own = problem.coursePeriods[course]
    return Int(problem.coursePeriods.items[own.lowerBound + random.below(own.count)])
  }

  /// A room: mostly the same, else a free one, else any.
  @inline(__always)
  private func drawRoom(_ course: Int, _ period: Int, _ now: Int, _ bits: UInt64) -> Int {
    let kind = bits & 0xFF
    if kind < 141 { return now }
    let rooms = problem.courseRooms[course]
    let offset = random.below(rooms.count)
    if kind < 205 {
      for step in 0..<rooms.count {
        var position = offset + step
        if position >= rooms.count { position -= rooms.count }
        let room = Int(problem.courseRooms.items[rooms.lowerBound + position])
        if state.courseAt[period * state.rooms + room] < 0 { return room }
      }
    }
    return Int(problem.courseRooms.items[rooms.lowerBound + offset])
  }
}

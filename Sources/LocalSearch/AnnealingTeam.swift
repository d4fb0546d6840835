// SPDX-License-Identifier: GPL-3.0-or-later
internal import Glibc
internal import Problem
internal import Synchronization

/// Chains that anneal one timetable together, each on a thread and a copy of its own.
///
/// In rounds of a few dozen microseconds every chain makes moves on its copy and notes them. Then the
/// moves of all are put together, the same on every copy: those of one chain (another one each round)
/// stand, and those of the others are made again after them, each where it still breaks nothing and
/// costs at most the threshold that it was drawn with. So there is one walk, as if one chain had made
/// the moves one after another, but for those that another move of the same round forbids.
///
/// What comes out hangs on the copies, their random numbers and the counts of moves alone, never on
/// the clock or on which thread is faster; but where ``fillsWaiting`` is set a chain that is done makes
/// more moves until the others are done too.
public final class AnnealingTeam {
  /// The chains; between runs their states are the same.
  public let chains: [Annealing]

  /// Whether a chain goes on while it waits for the others: more moves in the same time, and a walk
  /// that hangs on which thread is faster.
  public var fillsWaiting = false

  private let members: [Member]
  private var workers: [Worker] = []
  /// Moves taken by each chain that a round should come to.
  private let wanted: Double

  /// What a thread keeps for itself, and its mark for the others.
  private final class Member {
    /// Notes of even and of odd rounds: a fast chain writes the next while a slow one reads.
    let logs = [MoveLog(), MoveLog()]
    /// The round for which the chain has made its moves.
    let isThrough = Atomic<Int>(0)
    /// The round whose notes are complete.
    let arrived = Atomic<Int>(0)
    /// Rounds so far; the same for all.
    var round = 0
    /// Share of the moves drawn that were taken, smoothed; the same for all.
    var rate = 0.1
    /// What the moves of others touch, while moves are put together.
    var footprint: Footprint

    init(_ problem: Problem) { footprint = Footprint(problem) }
  }

  /// A team of chains whose states are the same.
  public init(_ chains: [Annealing]) {
    self.chains = chains
    members = chains.map { Member($0.state.problem) }
    wanted = max(
      AnnealingTeam.fewestTaken,
      AnnealingTeam.shareTaken * Double(chains.first?.state.problem.events ?? 0))
  }

  deinit { for worker in workers { worker.stop() } }

  /// Moves taken by each chain in a round, as a share of the events: with more of them fewer stand
  /// when they are put together, and with fewer the chains wait for each other more often.
  private static let shareTaken = 0.005
  private static let fewestTaken = 4.0
  private static let movesPerRound = 64.0...4096.0
  /// Moves between two looks at the others by a chain that goes on for them.
  private static let movesPerLook = 8
  /// Looks at the others' marks before a thread offers its core.
  private static let patience = 20_000

  /// Runs so many moves on each chain at a temperature.
  public func run(moves: Int, temperature: Double) {
    if chains.count == 1 {
      chains[0].run(moves: moves, temperature: temperature)
      return
    }
    while workers.count < chains.count - 1 { workers.append(Worker()) }
    for (index, worker) in workers.enumerated() {
      worker.start { self.work(index + 1, moves, temperature) }
    }
    work(0, moves, temperature)
    for worker in workers { worker.wait() }
    assert(chains.allSatisfy { $0.state.score == chains[0].state.score })
  }

  private func work(_ number: Int, _ moves: Int, _ temperature: Double) {
    let own = members[number]
    let chain = chains[number]
    var left = moves
    while left > 0 {
      let bounds = AnnealingTeam.movesPerRound
      let count = min(
        left, Int(min(bounds.upperBound, max(bounds.lowerBound, wanted / max(own.rate, 1e-6)))))
      left -= count
      let round = own.round
      let log = own.logs[round & 1]
      log.clear()
      chain.notes = log
      chain.run(moves: count, temperature: temperature)
      if fillsWaiting {
        own.isThrough.store(round + 1, ordering: .releasing)
        // No more than as much again: of a longer round too little would stand.
        var more = count
        while more > 0,
          members.contains(where: { $0.isThrough.load(ordering: .acquiring) < round + 1 })
        {
          chain.run(moves: AnnealingTeam.movesPerLook, temperature: temperature)
          more -= AnnealingTeam.movesPerLook
        }
      }
      chain.notes = nil
      own.arrived.store(round + 1, ordering: .releasing)
      wait(for: round + 1)
      join(number, round)
      let taken = members.reduce(0) { $0 + $1.logs[round & 1].count }
      own.rate += 0.05 * (Double(taken) / Double(count * members.count) - own.rate)
      own.round = round + 1
    }
  }

  private func wait(for round: Int) {
    for member in members {
      var looks = 0
      while member.arrived.load(ordering: .acquiring) < round {
        looks += 1
        if looks == AnnealingTeam.patience {
          looks = 0
          sched_yield()
        }
      }
    }
  }

  /// Brings a chain's state to where the moves of all lead.
  private func join(_ number: Int, _ round: Int) {
    let own = members[number]
    let state = chains[number].state
    let first = round % members.count
    func log(_ step: Int) -> MoveLog {
      members[(first + step) % members.count].logs[round & 1]
    }
    own.footprint.clear()
    own.footprint.add(log(0))
    if areApart(own, log) {
      for step in members.indices where (first + step) % members.count != number {
        state.makeFreely(log(step))
      }
      return
    }
    if number != first {
      state.takeBack(own.logs[round & 1])
      state.makeFreely(log(0))
    }
    if members.count > 2 {
      own.footprint.clear()
      own.footprint.add(log(0))
    }
    for step in 1..<members.count {
      state.make(log(step), after: &own.footprint)
      if step < members.count - 1 { own.footprint.add(log(step)) }
    }
  }

  /// Whether no move of a chain meets one of another, so that their order does not matter; the
  /// footprint is of the first one's moves, and those of others join it.
  private func areApart(_ own: Member, _ log: (Int) -> MoveLog) -> Bool {
    for step in 1..<members.count {
      let log = log(step)
      if log.entries.contains(where: { own.footprint.meets($0, of: log) }) { return false }
      if step < members.count - 1 { own.footprint.add(log) }
    }
    return true
  }
}

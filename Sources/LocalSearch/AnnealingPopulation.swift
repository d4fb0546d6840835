// SPDX-License-Identifier: GPL-3.0-or-later
internal import Glibc
public import Problem
internal import Timetabling

/// Several annealings of one problem, each on a thread of its own, of which the good ones are taken
/// up more than once and the bad ones given up while it cools: population annealing.
///
/// When the temperature falls from T to T′ each goes on in as many copies as its weight says,
/// wᵢ ∝ exp(−s·(1/T′ − 1/T)·Eᵢ), Eᵢ the mean soft score since the last choice; s is 1 for the mean
/// over all timetables at T′ and more where low ones are wanted.
///
/// What comes out hangs on the members, their random numbers and the counts of moves alone.
///
/// Source: K. Hukushima, Y. Iba, "Population annealing and its application to a spin glass",
/// AIP Conf. Proc. 690 (2003), doi:10.1063/1.1632130; W. Wang, J. Machta, H. G. Katzgraber,
/// "Comparing Monte Carlo methods for finding ground states of Ising spin glasses", Phys. Rev. E 92
/// (2015), doi:10.1103/PhysRevE.92.013303.
public final class AnnealingPopulation {
  /// The members.
  public let members: [Annealing]

  private let workers: [Worker]
  private var random: RandomSource
  /// Mean soft score of each member since the last choice.
  private var means: [Double]
  /// Rounds since the last choice.
  private var rounds = 0

  /// A population of annealings.
  public init(_ members: [Annealing], random: RandomSource) {
    self.members = members
    self.random = random
    workers = members.dropFirst().map { _ in Worker() }
    means = members.map { Double($0.state.score.soft) }
  }

  deinit { for worker in workers { worker.stop() } }

  /// Runs so many moves of each member at a temperature.
  public func run(moves: Int, temperature: Double) {
    let work = { (member: Annealing) in
      member.run(moves: moves, temperature: temperature)
      member.noteBest()
    }
    for (member, worker) in zip(members.dropFirst(), workers) { worker.start { work(member) } }
    members.first.map(work)
    for worker in workers { worker.wait() }
    rounds += 1
    for (index, member) in members.enumerated() {
      means[index] += (Double(member.state.score.soft) - means[index]) / Double(rounds)
    }
  }

  /// Takes up each member as often as its weight says for a fall of the temperature. Those with more
  /// events without a place than others are given up.
  public func resample(from hot: Double, to cold: Double, sharpness: Double) {
    let count = members.count
    let hard = fewestUnplaced
    let isIn = members.map { $0.state.score.hard == hard }
    let lowest = means[self.lowest]
    let fall = sharpness * max(0, 1 / cold - 1 / hot)
    let weights = zip(means, isIn).map { $1 ? exp(-fall * ($0 - lowest)) : 0 }
    let sum = weights.reduce(0, +)
    // Systematic: each is taken up ⌊n·w⌋ or ⌈n·w⌉ times.
    let offset = random.unit()
    var reached = 0.0
    var taken = 0
    var spare: [Int] = []
    var givenUp: [Int] = []
    for index in 0..<count {
      reached += weights[index] / sum * Double(count)
      let until = index == count - 1 ? count : min(count, Int(reached + offset))
      if until == taken { givenUp.append(index) }
      for _ in 0..<max(0, until - taken - 1) { spare.append(index) }
      taken = until
    }
    for (index, source) in zip(givenUp, spare) {
      members[index].state.copy(from: members[source].state)
      means[index] = means[source]
    }
    rounds = 0
  }

  /// The number of the member whose mean soft score since the last choice is the lowest, of those
  /// with the fewest events without a place.
  public var lowest: Int {
    let hard = fewestUnplaced
    return members.indices.filter { members[$0].state.score.hard == hard }
      .min { (means[$0], $0) < (means[$1], $1) } ?? 0
  }

  private var fewestUnplaced: Int { members.reduce(Int.max) { min($0, $1.state.score.hard) } }
}

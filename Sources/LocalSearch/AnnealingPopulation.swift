// SPDX-License-Identifier: GPL-3.0-or-later
internal import Glibc
internal import Synchronization
public import Timetabling

/// An annealing that a population can run, judge and replace.
public protocol PopulationMember: AnyObject {
  /// What the present timetable costs.
  var score: Score { get }
  /// Runs so many moves at a temperature.
  func run(moves: Int, temperature: Double)
  /// Remembers the present timetable when it is the best so far.
  func noteBest()
  /// Goes on from the present timetable of another; what it remembers stays.
  func take(from other: Self)
}

/// Several annealings of one problem, shared out to threads, of which the good ones are taken up more
/// than once and the bad ones given up while it cools: population annealing.
///
/// When the temperature falls from T to T′ each goes on in as many copies as its weight says,
/// wᵢ ∝ exp(−s·(1/T′ − 1/T)·Eᵢ), Eᵢ the mean soft score since the last choice; s is 1 for the mean
/// over all timetables at T′ and more where low ones are wanted.
///
/// What comes out hangs on the members, their random numbers and the counts of moves alone, never on
/// the threads or the clock; but where ``fillsWaiting`` is set members go on while others are not done.
///
/// Source: K. Hukushima, Y. Iba, "Population annealing and its application to a spin glass",
/// AIP Conf. Proc. 690 (2003), doi:10.1063/1.1632130; W. Wang, J. Machta, H. G. Katzgraber,
/// "Comparing Monte Carlo methods for finding ground states of Ising spin glasses", Phys. Rev. E 92
/// (2015), doi:10.1103/PhysRevE.92.013303.
public final class AnnealingPopulation<Member: PopulationMember> {
  /// The members.
  public let members: [Member]

  /// Whether a thread that has nothing left to do goes on with its last member until the others are
  /// done: more moves in the same time, and results that hang on which thread is faster.
  public var fillsWaiting = false

  private let workers: [Worker]
  private var random: RandomSource
  /// Mean soft score of each member since the last choice.
  private var means: [Double]
  /// Rounds since the last choice.
  private var rounds = 0

  /// Moves between two looks at the others by a thread that goes on for them.
  private static var movesPerLook: Int { 100 }

  /// A population of annealings on so many threads, of which there are no more than members.
  public init(_ members: [Member], threads: Int, random: RandomSource) {
    self.members = members
    self.random = random
    workers = (1..<max(1, min(threads, members.count))).map { _ in Worker() }
    means = members.map { Double($0.score.soft) }
  }

  deinit { for worker in workers { worker.stop() } }

  /// Runs so many moves of each member at a temperature.
  public func run(moves: Int, temperature: Double) {
    let begun = Atomic<Int>(0)
    let done = Atomic<Int>(0)
    let work = { [members, fillsWaiting] in
      var last: Member?
      while true {
        let number = begun.wrappingAdd(1, ordering: .relaxed).oldValue
        if number >= members.count { break }
        members[number].run(moves: moves, temperature: temperature)
        members[number].noteBest()
        done.wrappingAdd(1, ordering: .relaxed)
        last = members[number]
      }
      guard fillsWaiting, let last else { return }
      while done.load(ordering: .relaxed) < members.count {
        last.run(moves: Self.movesPerLook, temperature: temperature)
      }
      last.noteBest()
    }
    for worker in workers { worker.start(work) }
    work()
    for worker in workers { worker.wait() }
    rounds += 1
    for (index, member) in members.enumerated() {
      means[index] += (Double(member.score.soft) - means[index]) / Double(rounds)
    }
  }

  /// Takes up each member as often as its weight says for a fall of the temperature. Those with more
  /// events without a place than others are given up.
  public func resample(from hot: Double, to cold: Double, sharpness: Double) {
    let count = members.count
    let hard = fewestUnplaced
    let isIn = members.map { $0.score.hard == hard }
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
      members[index].take(from: members[source])
      means[index] = means[source]
    }
    rounds = 0
  }

  /// The number of the member whose mean soft score since the last choice is the lowest, of those
  /// with the fewest events without a place.
  public var lowest: Int {
    let hard = fewestUnplaced
    return members.indices.filter { members[$0].score.hard == hard }
      .min { (means[$0], $0) < (means[$1], $1) } ?? 0
  }

  private var fewestUnplaced: Int { members.reduce(Int.max) { min($0, $1.score.hard) } }
}

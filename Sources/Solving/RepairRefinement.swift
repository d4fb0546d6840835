// SPDX-License-Identifier: GPL-3.0-or-later
public import Problem
public import Timetabling

extension MinimalRepair {
  /// The most passes of annealing, and how many in a row may find nothing better.
  private static let passes = (most: 12, vain: 3)
  /// Steps of a pass for each event that is elsewhere, and the most of a pass.
  private static let steps = (each: 12_000, least: 60_000, most: 1_500_000)

  /// The cheapest repair found among those that move as few: by simulated annealing of the events
  /// that are elsewhere (``ChangeRefinement``), several times, hot from where it began and gently from
  /// the best in turn, and by the best move of single events after each. Where one with fewer moves is
  /// met it is taken. It ends early where three passes in a row find nothing better.
  ///
  /// With one moved event all of its places are compared where time and its row of patterns allow, so
  /// that none of these is cheaper.
  ///
  /// - Parameters:
  ///   - state: A complete repair; it is left with the best found.
  ///   - inForce: The timetable in force.
  ///   - result: What the repair came to.
  ///   - seed: Seed of the annealing.
  ///   - iterations: Steps of all passes together; nil for as many as the events ask for.
  ///   - share: The share of the time that is gone; 1 ends it.
  /// - Returns: What moved; never more than before, and with as many at no higher cost.
  public static func cheaper(
    _ state: SearchState, inForce: Timetable, _ result: Result, seed: UInt64, iterations: Int?,
    share: () -> Double
  ) -> Result {
    let problem = state.problem
    if result.moved.isEmpty || !result.unplaced.isEmpty { return result }
    let old = inForce.placements.map { placement -> ChangeRefinement.Spot? in
      placement.map {
        ChangeRefinement.Spot(time: problem.time(of: $0.time) ?? -1, room: Int($0.room ?? -1))
      }
    }
    var search = ChangeRefinement(state, old: old, seed: seed)
    search.bind(result.forced)
    // Others than the search knows of may stay away from where they were: they are let be.
    guard search.moved == result.moved.count else { return result }
    var best = search.snapshot
    func isBetter(_ a: ChangeRefinement.Snapshot, than b: ChangeRefinement.Snapshot) -> Bool {
      (a.spots.count, a.soft) < (b.spots.count, b.soft)
    }
    func descend() -> Bool {
      search.descend(share: share)
      let reached = search.snapshot
      guard isBetter(reached, than: best) else { return false }
      best = reached
      return true
    }
    _ = descend()
    let hot = search.typicalRise() / 4
    var vain = 0
    let steps =
      iterations.map { max(1, $0 / passes.most) }
      ?? min(self.steps.most, max(self.steps.least, self.steps.each * best.spots.count))
    for pass in 0..<passes.most where share() < 1 && vain < passes.vain {
      search.restart(seed: seed, level: pass)
      search.restore(best)
      let found = search.anneal(
        most: best.spots.count, hottest: pass.isMultiple(of: 2) ? hot : hot / 20, steps: steps,
        share: share)
      vain += 1
      if isBetter(found, than: best) {
        best = found
        vain = 0
      }
      search.restore(best)
      if descend() { vain = 0 }
    }
    search.restore(best)
    var result = result
    result.moved = best.spots.map(\.event).sorted()
    return result
  }
}

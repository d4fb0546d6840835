// SPDX-License-Identifier: GPL-3.0-or-later
internal import LinearModels
import University

extension LoadInput {
  /// Whether it is proved that no distribution gives all teachers their least hours (L4).
  ///
  /// The programme of the whole load without any price, and with the hours below the least as a row,
  /// is asked for one that lacks less than a hundredth; where its relaxation has none, or branching of
  /// so many nodes, there is none. Lines of an earlier load that may change are free, and the timetable
  /// has no say. Only parts with a teacher of those given, who are short, are asked. At least a second
  /// is taken, where a relaxation needs it, also at the end of the time.
  func lacksLeastHours(_ short: [Int], solver: any LinearSolver, stop: Stop) throws -> Bool {
    var whole = problem.untimed
    for i in whole.tasks.indices where i < isLoose.count && isLoose[i] { whole.tasks[i].fixed = -1 }
    whole.costs = LoadProblem.HourCosts(
      vacant: 0, overload: 0, underload: 0, shortfall: 0.01, crowding: 0)
    whole.pairCost = whole.pairCost.map { _ in 0 }
    whole.preparation = 0
    // Without imbalance departments join nobody.
    whole.imbalance = 0
    whole.departmentTeachers = whole.departmentTeachers.map { _ in [] }
    let latest = stop.deadline.map { max($0, .now + .seconds(1)) }
    let isCancelled = stop.isCancelled
    for part in whole.parts() where !Set(part.teachers).isDisjoint(with: short) {
      if isCancelled() { return false }
      let compact = CompactModel(
        part.problem, teachers: Array(part.problem.teachers.indices),
        shares: NormShares.whole(LoadState(part.problem)),
        apart: part.problem.examinedDisciplines, mostCost: Self.leastShortfall)
      var options = SolveOptions()
      options.timeLimit = latest.map { max(0, ContinuousClock.now.duration(to: $0) / .seconds(1)) }
      options.isCancelled = isCancelled
      options.relaxed = true
      if try solver.solve(compact.model, options).status == .infeasible { return true }
      if stop.isDue { continue }
      let asked = Counter()
      options.relaxed = false
      options.mirCuts = true
      options.timeLimit = stop.secondsLeft
      options.isCancelled = { asked.next() > Self.leastHoursEffort || isCancelled() }
      if try solver.solve(compact.model, options).status == .infeasible { return true }
    }
    return false
  }

  /// Hours that are fewer than anybody can lack, as hours are whole hundredths, and more than a
  /// solver's tolerance.
  private static var leastShortfall: Double { 0.004 }
  /// Questions of the solver, about one a node, for one part.
  private static var leastHoursEffort: Int { 10_000 }
}

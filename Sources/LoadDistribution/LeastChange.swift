// SPDX-License-Identifier: GPL-3.0-or-later
internal import LinearModels

/// How many lines of an earlier load a new one changes.
public struct KeptLoad: Sendable, Hashable {
  /// Lines (task, teacher) that were neither locked nor approved, of tasks that are still there, and
  /// that their teacher does not have any more or has less of.
  public var changed: Int
  /// A proved lower bound of it, of loads with no more vacant hours and no teacher further below the
  /// least hours.
  public var least: Int

  /// Whether no such load changes fewer.
  public var isProved: Bool { changed <= least }

  /// A count with its bound.
  public init(changed: Int, least: Int) {
    self.changed = changed
    self.least = least
  }
}

/// Looks for the fewest lines of an earlier load that must change, and among as many for those by
/// which the objective is lowest.
///
/// Part by part: a relaxation over all teachers bounds the number; then the lines of the teachers who
/// are above or below their limits, of who would take something over, and of others who could,
/// exchange their places with L5 and the whole objective.
struct LeastChange {
  /// Laid out with all earlier lines that can be held one by one, whatever they come to together.
  let input: LoadInput
  let solver: any LinearSolver
  let stop: Stop

  /// What was found.
  struct Finding: Sendable {
    /// Lines to be given anew.
    var released: Set<HeldLine> = []
    /// A lower bound of changed lines + vacant hours and hours below a floor at their prices.
    var bound = 0.0
  }

  /// How often the solver may ask whether to stop.
  private var effort: Int { 4000 }
  /// Up to so many teachers exchange lines by the whole objective.
  private var exchangeSize: Int { 16 }

  /// What must change in all parts.
  func find() throws -> Finding {
    var result = Finding()
    let parts = input.problem.parts()
    for (k, part) in parts.enumerated() where !stop.isDue {
      let until = stop.secondsLeft.map {
        ContinuousClock.now + .seconds($0 / Double(parts.count - k).squareRoot())
      }
      let isLoose = part.tasks.map { input.isLoose[$0] }
      let found = try find(part.problem, isLoose, stop.until(until))
      result.bound += found.bound
      for piece in found.changed {
        result.released.insert(
          HeldLine(
            task: input.tasks[part.tasks[piece]],
            teacher: input.teachers[part.teachers[part.problem.tasks[piece].fixed]]))
      }
    }
    return result
  }

  private func find(
    _ problem: LoadProblem, _ isLoose: [Bool], _ stop: Stop
  ) throws -> (changed: [Int], bound: Double) {
    var hours = [Int](repeating: 0, count: problem.teachers.count)
    var core: Set<Int> = []
    for task in problem.tasks where task.fixed >= 0 { hours[task.fixed] += task.hours }
    for (t, limits) in problem.teachers.enumerated()
    where hours[t] > limits.ceiling || hours[t] < limits.floor {
      core.insert(t)
    }
    for (e, classes) in problem.classesOfExam.enumerated() {
      let holder = problem.tasks[e].fixed
      if holder >= 0, classes.contains(where: { problem.tasks[$0].fixed == holder }) {
        core.insert(holder)
      }
    }
    let isOpen = problem.tasks.contains {
      $0.fixed < 0 && !problem.works[$0.work].candidates.isEmpty
    }
    if core.isEmpty && !isOpen { return ([], 0) }

    let all = Array(problem.teachers.indices)
    func ask(_ chosen: [Int], _ goal: ChangeModel.Goal, share: Double) throws -> (
      model: ChangeModel, solution: LinearSolution
    ) {
      let model = ChangeModel(problem, isLoose: isLoose, chosen: chosen, goal: goal)
      let asked = Counter()
      let isCancelled = stop.isCancelled
      let most = effort
      var options = SolveOptions()
      options.timeLimit = stop.secondsLeft.map { $0 * share }
      options.mirCuts = true
      options.isCancelled = { asked.next() > most || isCancelled() }
      return (model, try solver.solve(model.model, options))
    }
    let (first, relaxed) = try ask(all, .bound, share: 0.4)
    let bound = max(0, relaxed.bound ?? 0)
    if relaxed.values.isEmpty { return ([], bound) }
    var changed = first.changed(relaxed.values)
    if changed.isEmpty && core.isEmpty { return ([], bound) }

    // Who loses something, who takes it over, and others who could.
    for piece in changed { core.insert(problem.tasks[piece].fixed) }
    core.formUnion(first.receivers(relaxed.values))
    var common = [Int](repeating: 0, count: problem.teachers.count)
    for (i, task) in problem.tasks.enumerated()
    where task.fixed < 0 || (isLoose[i] && core.contains(task.fixed)) {
      for t in problem.works[task.work].candidates { common[t] += 1 }
    }
    let others = all.filter { common[$0] > 0 && !core.contains($0) }
      .sorted { (-common[$0], $0) < (-common[$1], $1) }
    let chosen =
      (core.sorted() + others.prefix(max(0, max(exchangeSize, core.count) - core.count))).sorted()
    let (second, exact) = try ask(chosen, .changes, share: 0.4)
    if exact.values.isEmpty { return (changed, bound) }
    changed = second.changed(exact.values)
    let (third, cheapest) = try ask(
      chosen, .objective(most: changed.count), share: 1)
    if !cheapest.values.isEmpty { changed = third.changed(cheapest.values) }
    return (changed, bound)
  }
}

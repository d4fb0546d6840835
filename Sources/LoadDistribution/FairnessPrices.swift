// SPDX-License-Identifier: GPL-3.0-or-later
internal import LinearModels

/// Prices that turn `imbalance` into costs of single teachers' hours.
///
/// max r − min r ≥ Σ (αₜ − βₜ) rₜ for any α, β ≥ 0 that each sum to 1 over a department, so that
/// γₜ = weight × (αₜ − βₜ) gives a lower bound that adds up over teachers. Good α and β are the duals
/// of the rows of the extremes in a linear programme of the whole part.
enum FairnessPrices {
  /// γ by teacher, in cost of a ratio of 1; zeros where the programme was not solved.
  static func find(
    _ problem: LoadProblem, solver: any LinearSolver, stop: Stop
  ) throws -> [Double] {
    let zeros = [Double](repeating: 0, count: problem.teachers.count)
    guard problem.imbalance > 0, problem.departmentTeachers.contains(where: { $0.count > 1 }) else {
      return zeros
    }
    var model = LinearModel(name: "fairness")
    var base = [Int](repeating: 0, count: problem.teachers.count)
    var hours = [[LinearModel.Term]](repeating: [], count: problem.teachers.count)
    for task in problem.tasks where task.fixed >= 0 { base[task.fixed] += task.hours }
    for (w, work) in problem.works.enumerated() {
      let free = problem.tasks.filter { $0.work == w && $0.fixed < 0 }
      guard !free.isEmpty else { continue }
      let total = free.reduce(0) { $0 + $1.hours }
      var row: [LinearModel.Term] = []
      for t in work.candidates {
        let reach = min(total, problem.teachers[t].ceiling)
        guard reach > 0 else { continue }
        var cost = problem.pairCost[problem.pair(w, t)] * 100
        if work.isClass { cost += 100 * problem.preparation / Double(reach) }
        let variable = model.addVariable(upper: Double(reach) / 100, cost: cost)
        row.append(LinearModel.Term(1, variable))
        hours[t].append(LinearModel.Term(1, variable))
      }
      row.append(
        LinearModel.Term(1, model.addVariable(cost: problem.costs.vacant * 100)))
      model.addRow(lower: Double(total) / 100, upper: Double(total) / 100, row)
    }
    let rows = LoadRows.add(to: &model, problem, base: base, hours: hours)
    guard !rows.isEmpty else { return zeros }
    let fixed = model
    let limit = stop.secondsLeft.map { $0 / 2 }
    let duals = try solver.withProgramme(fixed) { programme in
      programme.solve(timeLimit: limit).duals
    }
    guard duals.count == fixed.rows.count else { return zeros }

    // Rounding must not spoil the proof: negative parts go, and each side is scaled to its sum.
    var high = zeros
    var low = zeros
    for row in rows {
      high[row.teacher] = max(0, -duals[row.high.index])
      low[row.teacher] = max(0, duals[row.low.index])
    }
    var prices = zeros
    for group in problem.departmentTeachers {
      let above = group.reduce(0) { $0 + high[$1] }
      let below = group.reduce(0) { $0 + low[$1] }
      guard above > 1e-9, below > 1e-9 else { continue }
      for t in group {
        prices[t] = problem.imbalance * (high[t] / above - low[t] / below)
      }
    }
    return prices
  }
}

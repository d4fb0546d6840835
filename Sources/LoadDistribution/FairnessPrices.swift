// SPDX-License-Identifier: GPL-3.0-or-later
internal import LinearModels

/// Prices that turn `imbalance` into costs of single teachers' hours.
///
/// max r − min r ≥ Σ (αₜ − βₜ) rₜ for any α, β ≥ 0 that each sum to 1 over a department, so that
/// γₜ = weight × (αₜ − βₜ) gives a lower bound that adds up over teachers. Good α and β are the duals
/// of the rows of the extremes in a linear programme of the whole part.
struct FairnessPrices: Sendable {
  /// α times the weight by teacher, in cost of a ratio of 1; zeros where there is nothing to price.
  private(set) var high: [Double]
  /// β times the weight by teacher, in cost of a ratio of 1.
  private(set) var low: [Double]
  /// What a hundredth of an hour of each work is worth: the duals of its hours.
  private(set) var works: [Double]
  /// The value of the programme: a lower bound of the part's objective, since it takes hours of all
  /// teachers and works together, in any fractions, L5 aside; nil where it was not solved.
  private(set) var bound: Double?

  /// γ by teacher, in cost of a ratio of 1.
  var difference: [Double] { zip(high, low).map { $0 - $1 } }

  /// Nothing priced.
  init(none problem: LoadProblem) {
    high = [Double](repeating: 0, count: problem.teachers.count)
    low = high
    works = [Double](repeating: 0, count: problem.works.count)
  }

  /// The duals of the programme; all zeros where it was not solved.
  init(_ problem: LoadProblem, solver: any LinearSolver, stop: Stop) throws {
    self.init(none: problem)
    var model = LinearModel(name: "fairness")
    var base = [Int](repeating: 0, count: problem.teachers.count)
    var hours = [[LinearModel.Term]](repeating: [], count: problem.teachers.count)
    // What is fixed has its cost and its preparations whatever else is done.
    var paid: Set<Int> = []
    var constant = 0.0
    for task in problem.tasks where task.fixed >= 0 {
      base[task.fixed] += task.hours
      guard task.isClass else { continue }
      let pair = problem.pair(task.work, task.fixed)
      constant += problem.pairCost[pair] * Double(task.hours)
      if paid.insert(pair).inserted { constant += problem.preparation }
    }
    var free = [Int](repeating: 0, count: problem.works.count)
    for task in problem.tasks where task.fixed < 0 { free[task.work] += task.hours }
    var rowOfWork: [Int?] = [Int?](repeating: nil, count: problem.works.count)
    for (w, work) in problem.works.enumerated() {
      let total = free[w]
      guard total > 0 else { continue }
      var row: [LinearModel.Term] = []
      for t in work.candidates {
        let reach = min(total, problem.teachers[t].ceiling)
        guard reach > 0 else { continue }
        let pair = problem.pair(w, t)
        var cost = problem.pairCost[pair] * 100
        if work.isClass, !paid.contains(pair) { cost += 100 * problem.preparation / Double(reach) }
        let variable = model.addVariable(upper: Double(reach) / 100, cost: cost)
        row.append(LinearModel.Term(1, variable))
        hours[t].append(LinearModel.Term(1, variable))
      }
      row.append(
        LinearModel.Term(1, model.addVariable(cost: problem.costs.vacant * 100)))
      rowOfWork[w] = model.rows.count
      model.addRow(lower: Double(total) / 100, upper: Double(total) / 100, row)
    }
    let rows = LoadRows.add(to: &model, problem, base: base, hours: hours)
    let fixed = model
    let limit = stop.secondsLeft.map { $0 / 2 }
    let solution = try solver.withProgramme(fixed) { $0.solve(timeLimit: limit) }
    let duals = solution.duals
    if solution.status == .optimal, let value = solution.objective {
      // The solver's tolerances are far below this.
      bound = value + constant - 1e-7 * max(1, abs(value))
    }
    guard duals.count == fixed.rows.count else { return }
    for (w, row) in rowOfWork.enumerated() { works[w] = row.map { duals[$0] / 100 } ?? 0 }

    // Rounding must not spoil the proof: negative parts go, and each side is scaled to its sum.
    var above = high
    var below = low
    for row in rows {
      above[row.teacher] = max(0, -duals[row.high.index])
      below[row.teacher] = max(0, duals[row.low.index])
    }
    for group in problem.departmentTeachers {
      let sums = (
        above: group.reduce(0) { $0 + above[$1] }, below: group.reduce(0) { $0 + below[$1] }
      )
      guard sums.above > 1e-9, sums.below > 1e-9 else { continue }
      for t in group {
        high[t] = problem.imbalance * above[t] / sums.above
        low[t] = problem.imbalance * below[t] / sums.below
      }
    }
  }
}

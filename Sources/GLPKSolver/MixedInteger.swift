// SPDX-License-Identifier: GPL-3.0-or-later
import CGLPK
import LinearModels

/// One solve of a mixed-integer model.
struct MixedInteger {
  let form: ColumnForm
  let options: SolveOptions
  let clock: Clock

  /// A closure that C can ask.
  private final class Question {
    let ask: @Sendable () -> Bool
    init(_ ask: @escaping @Sendable () -> Bool) { self.ask = ask }
  }

  func solve() throws -> LinearSolution {
    let start = options.start.flatMap(checked)
    if let start {
      return better(of: try searchedFromRoot(start), start)
    }
    if clock.isOver { return LinearSolution(status: .stopped) }
    let (result, values) = try presolved()
    switch result.state {
    case CGLPK_INFEASIBLE: return LinearSolution(status: .infeasible)
    case CGLPK_NO_DUAL: return try unboundedOrNot()
    case CGLPK_LIMIT: return LinearSolution(status: .stopped, bound: bound(of: result))
    default:
      if let values, let solution = solution(result, values) { return solution }
      // The presolver made a point that the model itself does not bear out, or none at all.
      return clock.isOver
        ? LinearSolution(status: .stopped, bound: bound(of: result)) : try searchedFromRoot(nil)
    }
  }

  /// The model without integrality: its points are checked but not rounded.
  private var relaxation: ColumnForm {
    var relaxed = form
    relaxed.isInteger = [Bool](repeating: false, count: form.columns)
    return relaxed
  }

  /// The start with its integers rounded, if it fulfils the model.
  private func checked(_ start: [Double]) -> [Double]? {
    guard start.count == form.columns, start.allSatisfy(\.isFinite) else { return nil }
    guard form.relativeViolation(of: start) <= feasibilityTolerance else { return nil }
    let rounded = form.rounded(start)
    return form.relativeViolation(of: rounded) <= feasibilityTolerance ? rounded : nil
  }

  /// Branch and cut with the presolver, which takes no start: its columns are not the model's.
  private func presolved() throws -> (cglpk_search_result, [Double]?) {
    let problem = try GLPKProblem(form)
    let result = try search(problem, presolve: true, start: nil, knownBound: -.infinity)
    return (result, try values(of: problem, result))
  }

  /// Simplex, then branch and cut from its basis.
  private func searchedFromRoot(_ start: [Double]?) throws -> LinearSolution {
    let problem = try GLPKProblem(form)
    try problem.resetBasis(advanced: true)
    let root = try Continuous.solve(problem, relaxation, from: CGLPK_PRIMAL, clock)
    switch root.status {
    case .infeasible: return LinearSolution(status: .infeasible)
    case .unbounded: return try unboundedOrNot()
    case .stopped, .feasible: return LinearSolution(status: .stopped)
    case .optimal: break
    }
    let rootBound = root.bound ?? -.infinity
    if clock.isOver { return LinearSolution(status: .stopped, bound: root.bound) }
    let result = try search(problem, presolve: false, start: start, knownBound: rootBound)
    if result.state == CGLPK_INFEASIBLE { return LinearSolution(status: .infeasible) }
    if let values = try values(of: problem, result), let solution = solution(result, values) {
      return solution
    }
    return LinearSolution(status: .stopped, bound: bound(of: result))
  }

  private func search(
    _ problem: borrowing GLPKProblem, presolve: Bool, start: [Double]?, knownBound: Double
  ) throws -> cglpk_search_result {
    let question = options.isCancelled.map(Question.init)
    return try withExtendedLifetime(question) {
      try (start ?? []).withUnsafeBufferPointer { point in
        try problem.branchAndCut(
          cglpk_search(
            time_limit: clock.milliseconds,
            gap: options.relativeGap > 0 ? options.relativeGap : -1,
            presolve: presolve, mir_cuts: options.mirCuts,
            start: start == nil ? nil : point.baseAddress,
            is_cancelled: question == nil
              ? nil
              : { context in
                guard let context else { return false }
                return Unmanaged<Question>.fromOpaque(context).takeUnretainedValue().ask()
              },
            context: question.map { UnsafeRawPointer(Unmanaged.passUnretained($0).toOpaque()) },
            known_bound: knownBound))
      }
    }
  }

  /// The point found, integers rounded and continuous columns fitted to them; nil for none.
  private func values(
    of problem: borrowing GLPKProblem, _ result: cglpk_search_result
  ) throws -> [Double]? {
    switch result.state {
    case CGLPK_OPTIMAL, CGLPK_FEASIBLE, CGLPK_LIMIT_FEASIBLE: break
    default: return nil
    }
    let found = try problem.values(form.columns, integer: true)
    guard found.allSatisfy(\.isFinite) else { return nil }
    let rounded = form.rounded(found)
    return form.relativeViolation(of: rounded) <= feasibilityTolerance ? rounded : nil
  }

  private func solution(_ result: cglpk_search_result, _ values: [Double]) -> LinearSolution? {
    let objective = form.objective(of: values)
    if result.state == CGLPK_OPTIMAL {
      return LinearSolution(
        status: .optimal, values: values, objective: objective, bound: objective)
    }
    let bound = bound(of: result).map { min($0, objective) }
    return LinearSolution(
      status: isClosed(objective, bound) ? .optimal : .feasible, values: values,
      objective: objective, bound: bound)
  }

  /// Whether the gap asked for is reached.
  private func isClosed(_ objective: Double, _ bound: Double?) -> Bool {
    guard let bound else { return false }
    return objective - bound <= options.relativeGap * max(1, abs(objective))
  }

  private func bound(of result: cglpk_search_result) -> Double? {
    result.bound.isFinite ? result.bound : nil
  }

  /// The start, where the search found nothing better.
  private func better(of solution: LinearSolution, _ start: [Double]) -> LinearSolution {
    let objective = form.objective(of: start)
    if solution.status == .unbounded { return solution }
    if let found = solution.objective, found <= objective { return solution }
    // A start that was checked is feasible, whatever the search says.
    let claimed = solution.status == .infeasible ? nil : solution.bound
    let bound = claimed.map { min($0, objective) }
    return LinearSolution(
      status: isClosed(objective, bound) ? .optimal : .feasible, values: start,
      objective: objective, bound: bound)
  }

  /// The relaxation has no lower bound: the model has none either, if it has a feasible point.
  private func unboundedOrNot() throws -> LinearSolution {
    guard form.cost.contains(where: { $0 != 0 }) else { return LinearSolution(status: .stopped) }
    var costless = form
    costless.cost = [Double](repeating: 0, count: form.columns)
    var options = options
    options.start = nil
    let answer = try MixedInteger(form: costless, options: options, clock: clock).solve()
    guard answer.status == .optimal || answer.status == .feasible else {
      return LinearSolution(status: answer.status)
    }
    let relaxation = try Continuous(form: relaxation).solve(clock)
    // "No dual" of the presolver may mean infeasible, but that has just been ruled out.
    return relaxation.status == .unbounded
      ? LinearSolution(status: .unbounded)
      : LinearSolution(
        status: .feasible, values: answer.values, objective: form.objective(of: answer.values),
        bound: relaxation.bound)
  }
}

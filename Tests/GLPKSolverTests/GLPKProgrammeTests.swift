// SPDX-License-Identifier: GPL-3.0-or-later
import LinearModels
import Testing

@testable import GLPKSolver

@Suite struct GLPKProgrammeTests {
  let solver = GLPKSolver()

  /// Cutting stock: rolls of 100 cut into the widths; columns are priced by a knapsack.
  private func cuttingStock(width: Int, widths: [Int], demand: [Double]) throws -> Double {
    var model = LinearModel()
    var rows: [LinearModel.Row] = []
    var first: [LinearModel.Variable] = []
    for piece in widths.indices {
      first.append(model.addVariable(cost: 1))
      rows.append(
        model.addRow(lower: demand[piece], [.init(Double(width / widths[piece]), first[piece])]))
    }
    let cover = rows
    return try solver.withProgramme(model) { programme in
      while true {
        let solution = programme.solve(timeLimit: nil)
        #expect(solution.status == .optimal)
        // best[w]: the most that a piece of roll of width w is worth at these duals.
        var best = [Double](repeating: 0, count: width + 1)
        var choice = [Int?](repeating: nil, count: width + 1)
        for w in 1...width {
          best[w] = best[w - 1]
          for piece in widths.indices where widths[piece] <= w {
            let value = best[w - widths[piece]] + solution.duals[piece]
            if value > best[w] + 1e-12 {
              best[w] = value
              choice[w] = piece
            }
          }
        }
        if best[width] <= 1 + 1e-7 { return solution.objective ?? .nan }
        var w = width
        var entries: [(row: LinearModel.Row, coefficient: Double)] = []
        while w > 0 {
          if let piece = choice[w] {
            entries.append((cover[piece], 1))
            w -= widths[piece]
          } else {
            w -= 1
          }
        }
        _ = programme.addColumn(lower: 0, upper: .infinity, cost: 1, entries: entries)
      }
    }
  }

  @Test func `column generation reaches the known value of a cutting stock`() throws {
    // Chvátal, Linear Programming, chapter 13: rolls of 100, 452.25 by linear programming.
    let value = try cuttingStock(
      width: 100, widths: [45, 36, 31, 14], demand: [97, 610, 395, 211])
    #expect(abs(value - 452.25) < 1e-6)
  }

  @Test func `changed bounds, costs and rows are solved from the last basis`() throws {
    var model = LinearModel()
    let x = model.addVariable(upper: 4, cost: -3)
    let y = model.addVariable(upper: 4, domain: .integer, cost: -2)
    let row = model.addRow(upper: 5, [.init(1, x), .init(1, y)])
    model.constant = 100
    let objectives = try solver.withProgramme(model) { programme in
      var objectives: [Double?] = []
      objectives.append(programme.solve(timeLimit: nil).objective)
      programme.setBounds(x, lower: 0, upper: 1)
      objectives.append(programme.solve(timeLimit: nil).objective)
      programme.setRowBounds(row, lower: 2, upper: 2.5)
      objectives.append(programme.solve(timeLimit: nil).objective)
      programme.setCost(y, 2)
      objectives.append(programme.solve(timeLimit: nil).objective)
      let z = programme.addColumn(
        lower: 0, upper: 1, cost: -10, entries: [(row, 0.5), (row, 0.5)])
      let last = programme.solve(timeLimit: nil)
      objectives.append(last.objective)
      #expect(last.values[z.index] == 1)
      return objectives
    }
    #expect(objectives.map { ($0 ?? .nan).rounded(toPlaces: 6) } == [86, 89, 94, 99, 87])
  }

  @Test func `a programme can become infeasible and feasible again`() throws {
    var model = LinearModel()
    let x = model.addVariable(upper: 4, cost: 1)
    let y = model.addVariable(upper: 4, cost: 1)
    model.addRow(lower: 3, [.init(1, x), .init(1, y)])
    let statuses = try solver.withProgramme(model) { programme in
      var statuses = [programme.solve(timeLimit: nil).status]
      programme.setBounds(x, lower: 0, upper: 1)
      programme.setBounds(y, lower: 0, upper: 1)
      statuses.append(programme.solve(timeLimit: nil).status)
      programme.setBounds(y, lower: 0, upper: 3)
      statuses.append(programme.solve(timeLimit: nil).status)
      programme.setBounds(x, lower: 0, upper: .infinity)
      programme.setCost(x, -1)
      statuses.append(programme.solve(timeLimit: nil).status)
      return statuses
    }
    #expect(statuses == [.optimal, .infeasible, .optimal, .unbounded])
  }

  @Test func `a programme starts from rows alone or from nothing`() throws {
    var model = LinearModel()
    let row = model.addRow(lower: 2, [])
    let statuses = try solver.withProgramme(model) { programme in
      var statuses = [programme.solve(timeLimit: nil).status]
      _ = programme.addColumn(lower: 0, upper: .infinity, cost: 3, entries: [(row, 2)])
      let solution = programme.solve(timeLimit: nil)
      statuses.append(solution.status)
      #expect(solution.objective == 3)
      #expect(abs(solution.duals[0] - 1.5) < 1e-9)
      return statuses
    }
    #expect(statuses == [.infeasible, .optimal])
    let empty = try solver.withProgramme(LinearModel()) { $0.solve(timeLimit: nil).status }
    #expect(empty == .optimal)
  }

  @Test func `an error of the body comes out of it`() throws {
    struct Refusal: Error {}
    #expect(throws: Refusal.self) {
      try solver.withProgramme(LinearModel()) { _ in throw Refusal() }
    }
    #expect(try solver.withProgramme(LinearModel()) { _ in 7 } == 7)
  }

  @Test func `a programme on which GLPK gave up is loaded anew, as it is by then`() throws {
    var model = LinearModel()
    let x = model.addVariable(upper: 4, cost: -1)
    let y = model.addVariable(upper: 4, cost: -2)
    let row = model.addRow(upper: 6, [.init(1, x), .init(1, y)])
    let found = try solver.withProgramme(model) { programme -> [Double?] in
      let own = try #require(programme as? GLPKProgramme)
      var found = [own.solve(timeLimit: nil).objective]
      own.setBounds(y, lower: 0, upper: 3)
      let z = own.addColumn(lower: 0, upper: 1, cost: -5, entries: [(row, 2)])
      // A column that there is not: GLPK aborts.
      _ = own.attempt { problem, _ in try problem.setColumnBounds(99, lower: 0, upper: 1) }
      found.append(own.solve(timeLimit: nil).objective)
      own.setBounds(z, lower: 0, upper: 0)
      found.append(own.solve(timeLimit: nil).objective)
      #expect(own.reloads == 1)
      return found
    }
    #expect(found == [-10, -12, -9])
  }

  @Test func `solves nest: a body may ask the solver itself`() throws {
    let solver = solver
    let inner = try solver.withProgramme(
      knapsack(values: [1, 2], weights: [1, 1], capacity: 1)
    ) { programme in
      let first = programme.solve(timeLimit: nil).objective
      let model = knapsack(values: [5], weights: [1], capacity: 1)
      let other = try solver.solve(model, SolveOptions()).objective
      return [first, other, programme.solve(timeLimit: nil).objective]
    }
    #expect(inner == [-2, -5, -2])
  }
}

extension Double {
  fileprivate func rounded(toPlaces places: Int) -> Double {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    return (self * scale).rounded() / scale
  }
}

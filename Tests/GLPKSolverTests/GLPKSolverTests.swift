// SPDX-License-Identifier: GPL-3.0-or-later
import LinearModels
import Synchronization
import Testing

@testable import GLPKSolver

/// Σ weight × x ≤ capacity, as much value as possible.
func knapsack(values: [Double], weights: [Double], capacity: Double) -> LinearModel {
  var model = LinearModel(name: "knapsack")
  let items = values.map { model.addBinary(cost: -$0) }
  model.addRow("capacity", upper: capacity, zip(weights, items).map { .init($0, $1) })
  return model
}

/// A model whose proof takes far longer than any test: a market split of Cornuéjols and Dawande.
func marketSplit(rows: Int, columns: Int, seed: UInt64) -> LinearModel {
  var state = seed
  func draw() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double((state >> 33) % 100)
  }
  var model = LinearModel(name: "market-split")
  let items = (0..<columns).map { _ in model.addBinary() }
  for _ in 0..<rows {
    let over = model.addVariable(cost: 1)
    let under = model.addVariable(cost: 1)
    let shares = items.map { _ in draw() }
    let half = (shares.reduce(0, +) / 2).rounded(.down)
    model.addRow(
      lower: half, upper: half,
      zip(shares, items).map { .init($0, $1) } + [.init(-1, over), .init(1, under)])
  }
  return model
}

@Suite struct GLPKSolverTests {
  let solver = GLPKSolver()

  @Test func `a knapsack of four items takes the best pair`() throws {
    let model = knapsack(values: [10, 13, 7, 8], weights: [3, 4, 2, 3], capacity: 7)
    let solution = try solver.solve(model, SolveOptions())
    #expect(solution.status == .optimal)
    #expect(solution.values == [1, 1, 0, 0])
    #expect(solution.objective == -23)
    #expect(solution.bound == -23)
    #expect(solution.duals.isEmpty)
  }

  @Test func `every knapsack agrees with trying all subsets`() throws {
    var state: UInt64 = 7
    func draw(_ bound: UInt64) -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double((state >> 33) % bound + 1)
    }
    for _ in 0..<20 {
      let count = 8
      let values = (0..<count).map { _ in draw(30) }
      let weights = (0..<count).map { _ in draw(20) }
      let capacity = draw(60)
      var best = 0.0
      for subset in 0..<(1 << count) {
        let chosen = (0..<count).filter { subset >> $0 & 1 == 1 }
        if chosen.reduce(0, { $0 + weights[$1] }) <= capacity {
          best = max(best, chosen.reduce(0, { $0 + values[$1] }))
        }
      }
      for start in [nil, [Double](repeating: 0, count: count)] {
        var options = SolveOptions()
        options.start = start
        options.mirCuts = start != nil
        let model = knapsack(values: values, weights: weights, capacity: capacity)
        let solution = try solver.solve(model, options)
        #expect(solution.status == .optimal)
        #expect(solution.objective == -best)
      }
    }
  }

  @Test func `the relaxation of a knapsack splits an item and has a dual`() throws {
    var options = SolveOptions()
    options.relaxed = true
    let model = knapsack(values: [10, 12], weights: [2, 3], capacity: 4)
    let solution = try solver.solve(model, options)
    #expect(solution.status == .optimal)
    #expect(abs((solution.objective ?? 0) + 18) < 1e-9)
    #expect(solution.duals.count == 1)
    #expect(abs(solution.duals[0] + 4) < 1e-9)
  }

  @Test func `an assignment of three to three is integral and cheapest`() throws {
    let costs: [[Double]] = [[4, 1, 3], [2, 0, 5], [3, 2, 2]]
    var model = LinearModel()
    let x = costs.map { row in row.map { model.addVariable(cost: $0) } }
    for i in 0..<3 {
      model.addRow(lower: 1, upper: 1, x[i].map { .init(1, $0) })
      model.addRow(lower: 1, upper: 1, x.map { .init(1, $0[i]) })
    }
    let solution = try solver.solve(model, SolveOptions())
    #expect(solution.status == .optimal)
    #expect(solution.objective == 5)
    // Strong duality: every row is an equation with right-hand side 1.
    #expect(abs(solution.duals.reduce(0, +) - 5) < 1e-9)
  }

  @Test(arguments: [false, true]) func `rows that exclude each other are infeasible`(
    integer: Bool
  ) throws {
    var model = LinearModel()
    let x = model.addVariable(domain: integer ? .integer : .continuous, cost: 1)
    let y = model.addVariable(domain: integer ? .integer : .continuous, cost: 1)
    model.addRow(lower: 3, [.init(1, x), .init(1, y)])
    model.addRow(upper: 2, [.init(1, x), .init(1, y)])
    for cancellable in [false, true] {
      var options = SolveOptions()
      if cancellable { options.isCancelled = { false } }
      let solution = try solver.solve(model, options)
      #expect(solution.status == .infeasible)
      #expect(solution.values.isEmpty)
      #expect(solution.objective == nil)
    }
  }

  @Test(arguments: [false, true]) func `a cost that falls for ever is unbounded`(
    integer: Bool
  ) throws {
    var model = LinearModel()
    let x = model.addVariable(domain: integer ? .integer : .continuous, cost: -1)
    let y = model.addVariable(domain: integer ? .integer : .continuous, cost: 1)
    model.addRow(upper: 2, [.init(1, x), .init(-2, y)])
    model.addRow(lower: 1, [.init(1, x), .init(1, y)])
    for cancellable in [false, true] {
      var options = SolveOptions()
      if cancellable { options.isCancelled = { false } }
      #expect(try solver.solve(model, options).status == .unbounded)
    }
  }

  @Test func `an unbounded relaxation without an integer point is infeasible`() throws {
    var model = LinearModel()
    let x = model.addVariable(domain: .integer, cost: -1)
    let y = model.addVariable(upper: 1, domain: .integer)
    let z = model.addVariable(upper: 5, domain: .integer)
    model.addRow(lower: 1, upper: 1, [.init(2, y), .init(2, z)])
    model.addRow(lower: 0, [.init(1, x), .init(-1, y)])
    #expect(try solver.solve(model, SolveOptions()).status == .infeasible)
  }

  @Test func `a model without rows takes each variable at its cheaper bound`() throws {
    var model = LinearModel()
    model.addVariable(lower: 2, upper: 5, cost: 3)
    model.addVariable(lower: 0.5, upper: 5.5, domain: .integer, cost: -1)
    model.addVariable(lower: -.infinity)
    model.constant = 10
    let solution = try solver.solve(model, SolveOptions())
    #expect(solution.status == .optimal)
    #expect(solution.values == [2, 5, 0])
    #expect(solution.objective == 11)
    model.addVariable(cost: -1)
    #expect(try solver.solve(model, SolveOptions()).status == .unbounded)
  }

  @Test func `a model without variables is its constant`() throws {
    var model = LinearModel()
    model.constant = 4
    model.addRow(lower: -1, upper: 1, [])
    let solution = try solver.solve(model, SolveOptions())
    #expect(solution.status == .optimal)
    #expect(solution.objective == 4)
    #expect(solution.duals == [0])
    model.addRow(lower: 1, [])
    #expect(try solver.solve(model, SolveOptions()).status == .infeasible)
    #expect(try solver.solve(LinearModel(), SolveOptions()).status == .optimal)
  }

  @Test func `free rows, empty rows, equal bounds and repeated terms are understood`() throws {
    var model = LinearModel()
    let x = model.addVariable(lower: 1, upper: 1, cost: 1)
    let y = model.addVariable(lower: -.infinity, upper: 8, domain: .integer, cost: -1)
    model.addRow("free", [.init(1, x), .init(1, y)])
    model.addRow(lower: -1, upper: 1, [])
    model.addRow(lower: 2, upper: 7.5, [.init(0.5, y), .init(0.5, y)])
    let solution = try solver.solve(model, SolveOptions())
    #expect(solution.status == .optimal)
    #expect(solution.values == [1, 7])
  }

  @Test func `bounds without an integer between them are infeasible`() throws {
    var model = LinearModel()
    let x = model.addVariable(lower: 0.2, upper: 0.8, domain: .integer)
    model.addRow(lower: 0, [.init(1, x)])
    #expect(try solver.solve(model, SolveOptions()).status == .infeasible)
  }

  @Test func `a bound that only infinity satisfies is refused`() throws {
    var model = LinearModel()
    let x = model.addVariable(lower: .infinity)
    model.addRow(lower: 0, [.init(1, x)])
    #expect(throws: GLPKError.self) { try solver.solve(model, SolveOptions()) }
    var constant = LinearModel()
    constant.constant = .nan
    #expect(throws: GLPKError.self) { try solver.solve(constant, SolveOptions()) }
  }

  @Test func `a time limit ends a hard search soon, with a point and a bound below it`() throws {
    var options = SolveOptions()
    options.timeLimit = 0.5
    let model = marketSplit(rows: 5, columns: 40, seed: 3)
    let began = ContinuousClock.now
    let solution = try solver.solve(model, options)
    #expect(began.duration(to: .now) < .seconds(5))
    #expect(solution.status == .feasible)
    #expect(model.largestViolation(of: solution.values) < 1e-6)
    let objective = try #require(solution.objective)
    let bound = try #require(solution.bound)
    #expect(bound <= objective)
    #expect(bound > -1e-6)
  }

  @Test(arguments: [false, true]) func `cancelling ends a hard search`(started: Bool) throws {
    let model = marketSplit(rows: 5, columns: 40, seed: 4)
    let asked = Mutex(0)
    var options = SolveOptions()
    options.isCancelled = {
      asked.withLock {
        $0 += 1
        return $0 > 200
      }
    }
    if started { options.start = feasiblePoint(of: model) }
    let solution = try solver.solve(model, options)
    #expect(solution.status == .feasible || solution.status == .stopped)
    #expect(solution.status == .feasible || !started)
    #expect(asked.withLock { $0 } > 200)
  }

  /// No item taken, every row short by its half.
  private func feasiblePoint(of model: LinearModel) -> [Double] {
    var values = [Double](repeating: 0, count: model.columns.count)
    for row in model.rows {
      if let under = row.terms.last { values[under.variable.index] = row.lower }
    }
    return values
  }

  @Test func `a start is kept when the time is up at once`() throws {
    let model = marketSplit(rows: 5, columns: 40, seed: 5)
    let start = feasiblePoint(of: model)
    var options = SolveOptions()
    options.start = start
    options.timeLimit = 0
    let solution = try solver.solve(model, options)
    #expect(solution.status == .feasible)
    #expect(try #require(solution.objective) <= model.objective(of: start))
  }

  @Test func `the best start is not made worse and a wrong one is ignored`() throws {
    let model = knapsack(values: [10, 13, 7, 8], weights: [3, 4, 2, 3], capacity: 7)
    for start in [[1, 1, 0, 0], [1, 1, 1, 1], [0.5, 0, 0, 0], [1], [.nan, 0, 0, 0]] {
      var options = SolveOptions()
      options.start = start
      let solution = try solver.solve(model, options)
      #expect(solution.status == .optimal)
      #expect(solution.objective == -23)
    }
  }

  @Test func `a gap asked for ends the search within it`() throws {
    var options = SolveOptions()
    options.relativeGap = 0.2
    options.timeLimit = 20
    let model = knapsack(
      values: (1...30).map { Double($0 * 7 % 31 + 20) },
      weights: (1...30).map { Double($0 * 11 % 29 + 15) }, capacity: 300)
    let solution = try solver.solve(model, options)
    #expect(solution.status == .optimal)
    let objective = try #require(solution.objective)
    let bound = try #require(solution.bound)
    #expect(objective - bound <= 0.2 * abs(objective))
  }

  @Test func `four threads solve at once and agree`() async throws {
    let solver = solver
    let objectives = try await withThrowingTaskGroup(of: Double?.self) { group in
      for _ in 0..<4 {
        group.addTask {
          var last: Double?
          for _ in 0..<10 {
            let model = knapsack(
              values: (1...25).map { Double($0 * 7 % 31 + 1) },
              weights: (1...25).map { Double($0 * 11 % 29 + 3) }, capacity: 100)
            let solution = try solver.solve(model, SolveOptions())
            if let last, last != solution.objective { return nil }
            last = solution.objective
          }
          return last
        }
      }
      var all: [Double?] = []
      for try await objective in group { all.append(objective) }
      return all
    }
    let first = try #require(objectives.first ?? nil)
    #expect(objectives.count == 4)
    #expect(objectives.allSatisfy { $0 == first })
  }

  @Test func `what GLPK would abort over is an error, and later solves are fine`() throws {
    let model = knapsack(values: [1, 2], weights: [1, 1], capacity: 1)
    for index in [5, -7, Int(Int32.max) - 1] {
      #expect(throws: GLPKError.self) {
        try GLPKThread.run {
          let problem = try GLPKProblem(ColumnForm(model, relaxed: true))
          try problem.setColumnBounds(index, lower: 0, upper: 1)
        }
      }
    }
    #expect(throws: GLPKError.self) {
      try GLPKThread.run {
        let problem = try GLPKProblem(ColumnForm(model, relaxed: true))
        try problem.addColumn(lower: 0, upper: 1, cost: 1, rows: [0, 0], values: [1, 1])
      }
    }
    #expect(try solver.solve(model, SolveOptions()).objective == -2)
  }

  @Test func `a problem that broke in one call refuses the next`() throws {
    let model = knapsack(values: [1, 2], weights: [1, 1], capacity: 1)
    let refused = try GLPKThread.run {
      let problem = try GLPKProblem(ColumnForm(model, relaxed: true))
      var refused = 0
      do { try problem.setCost(99, 1) } catch { refused += 1 }
      do { try problem.setCost(0, 1) } catch { refused += 1 }
      return refused
    }
    #expect(refused == 2)
  }
}

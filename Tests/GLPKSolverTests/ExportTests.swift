// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import LinearModels
import Testing

@testable import GLPKSolver

@Suite struct ExportTests {
  let solver = GLPKSolver()

  /// A little of everything: kinds of columns, kinds of rows, odd names, a constant.
  private func motley() -> LinearModel {
    var model = LinearModel(name: "motley: ә")
    model.constant = -12.5
    let a = model.addVariable("free", lower: -.infinity, cost: 1)
    let b = model.addVariable("end", lower: -3, upper: 7.25, cost: -2)
    let c = model.addVariable("e12", upper: 9, domain: .integer, cost: -1.5)
    let d = model.addBinary("сабақ 1", cost: 1e-5)
    let e = model.addVariable("", lower: 2, upper: 2, cost: 3)
    let f = model.addVariable("below", lower: -.infinity, upper: -1, cost: -0.25)
    let g = model.addVariable("count", domain: .integer, cost: 0.1)
    model.addVariable("alone", upper: 3, cost: -1)
    model.addVariable("idle", upper: 3e16)
    model.addRow("st", lower: -10, [.init(1, a), .init(1, b), .init(1.0 / 3, c)])
    model.addRow("range", lower: -4, upper: 5, [.init(2, b), .init(-1, c), .init(1, d)])
    model.addRow("equal", lower: 4, upper: 4, [.init(1, e), .init(1, g)])
    model.addRow("at most", upper: -2, [.init(1, f), .init(-1, d)])
    model.addRow("free", [.init(1, a), .init(1, f)])
    model.addRow("empty", lower: -1, upper: 1, [])
    return model
  }

  private func withFile<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result
  {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent(UUID().uuidString)
    try Data(text.utf8).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(url.path)
  }

  @Test func `a model written in MPS is read back coefficient by coefficient`() throws {
    let model = motley()
    let back = try withFile(MPSWriter().text(of: model)) { try solver.model(mpsFile: $0) }
    #expect(back.columns.count == model.columns.count + 1)
    #expect(back.columns.last?.cost == model.constant)
    #expect(back.columns.last?.lower == 1)
    #expect(back.columns.last?.upper == 1)
    for (ours, theirs) in zip(model.columns, back.columns) {
      #expect(ours.cost == theirs.cost)
      #expect(ours.lower == theirs.lower)
      #expect(ours.upper == theirs.upper)
      #expect((ours.domain == .continuous) == (theirs.domain == .continuous))
    }
    // A reader keeps the objective as a row or not, and drops other rows without bounds.
    let bounded = model.rows.filter { $0.lower.isFinite || $0.upper.isFinite }
    let rows = back.rows.filter { $0.lower.isFinite || $0.upper.isFinite }
    #expect(rows.count == bounded.count)
    for (ours, theirs) in zip(bounded, rows) {
      #expect(ours.lower == theirs.lower)
      #expect(ours.upper == theirs.upper)
      let sorted = theirs.terms.sorted { $0.variable.index < $1.variable.index }
      let meant = ours.terms.sorted { $0.variable.index < $1.variable.index }
      #expect(meant.map(\.coefficient) == sorted.map(\.coefficient))
      #expect(meant.map(\.variable) == sorted.map(\.variable))
    }
  }

  @Test func `MPS and LP files have the optimum of the model`() throws {
    let model = motley()
    let meant = try solver.solve(model, SolveOptions())
    #expect(meant.status == .optimal)
    let mps = try withFile(MPSWriter().text(of: model)) { try solver.model(mpsFile: $0) }
    let lp = try withFile(LPWriter().text(of: model)) { try solver.model(lpFile: $0) }
    for read in [mps, lp] {
      let solution = try solver.solve(read, SolveOptions())
      #expect(solution.status == .optimal)
      let difference = try #require(solution.objective) - #require(meant.objective)
      #expect(abs(difference) < 1e-9)
    }
  }

  @Test func `models without rows, without variables, without anything are readable`() throws {
    var columns = LinearModel()
    columns.addVariable(upper: 2, cost: -1)
    var rows = LinearModel()
    rows.addRow("empty", upper: 1, [])
    rows.constant = 3
    for (model, optimum) in [(columns, -2.0), (rows, 3.0), (LinearModel(), 0.0)] {
      let mps = try withFile(MPSWriter().text(of: model)) { try solver.model(mpsFile: $0) }
      let lp = try withFile(LPWriter().text(of: model)) { try solver.model(lpFile: $0) }
      #expect(try solver.solve(mps, SolveOptions()).objective == optimum)
      #expect(try solver.solve(lp, SolveOptions()).objective == optimum)
    }
  }

  @Test func `a file that is no model is an error with its path`() throws {
    try withFile("nothing of the kind") { path in
      let error = #expect(throws: GLPKError.self) { try solver.model(mpsFile: path) }
      #expect(error?.description.contains(path) == true)
    }
  }
}

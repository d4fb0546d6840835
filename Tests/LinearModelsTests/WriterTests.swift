// SPDX-License-Identifier: GPL-3.0-or-later
import LinearModels
import Testing

@Suite struct WriterTests {
  @Test func `a small model is written in free MPS line by line`() {
    var model = LinearModel(name: "two things")
    model.constant = 5
    let x = model.addVariable("ставка", upper: 4, domain: .integer, cost: 1)
    let y = model.addVariable("hours a week", lower: -.infinity, cost: 0.5)
    model.addRow("free", [.init(1, x)])
    model.addRow("both", lower: 1, upper: 3, [.init(1, x), .init(2, y)])
    model.addRow(lower: 2, upper: 2, [.init(-1, y)])
    #expect(
      MPSWriter().text(of: model) == """
        NAME two_things
        ROWS
         N cost
         N r0_free
         G r1_both
         E r2
        COLUMNS
         M0 'MARKER' 'INTORG'
         x0_______ cost 1
         x0_______ r0_free 1
         x0_______ r1_both 1
         M1 'MARKER' 'INTEND'
         x1_hours_a_week cost 0.5
         x1_hours_a_week r1_both 2
         x1_hours_a_week r2 -1
         constant cost 5
        RHS
         RHS r1_both 1
         RHS r2 2
        RANGES
         RNG r1_both 2
        BOUNDS
         LO BND x0_______ 0
         UP BND x0_______ 4
         FR BND x1_hours_a_week
         FX BND constant 1
        ENDATA

        """)
  }

  @Test func `a small model is written in LP format line by line`() {
    var model = LinearModel(name: "m")
    model.constant = -5
    let x = model.addBinary("e", cost: 1)
    let y = model.addVariable(lower: 1, cost: -0.5)
    model.addRow("both", lower: 1, upper: 3, [.init(1, x), .init(-2, y)])
    model.addRow("empty", upper: 3, [])
    #expect(
      LPWriter().text(of: model) == """
        \\ m
        Minimize
         cost: + 1 x0_e - 0.5 x1 - 5 constant
        Subject To
         r0_both_lo: + 1 x0_e - 2 x1 >= 1
         r0_both_up: + 1 x0_e - 2 x1 <= 3
         r1_empty: 0 x0_e <= 3
        Bounds
         0 <= x0_e <= 1
         x1 >= 1
         constant = 1
        General
         x0_e
        End

        """)
  }

  @Test func `names that differ only in what is sanitised away stay apart`() {
    var model = LinearModel()
    let long = String(repeating: "n", count: 300)
    for name in ["a b", "a_b", "a-b", long, long, ""] { model.addVariable(name, cost: 1) }
    let lines = MPSWriter().text(of: model).split(separator: "\n").filter { $0.contains(" cost ") }
    let names = Set(lines.map { $0.split(separator: " ")[0] })
    #expect(names.count == 6)
    #expect(names.allSatisfy { $0.count <= 60 })
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later

/// Writes a model in CPLEX LP format, for people to read.
///
/// What the format lacks is put otherwise: a constant is a variable fixed at 1, a row with two
/// different sides is two rows (`_lo`, `_up`), and a row without bounds is left out.
/// Complexity: linear in the number of terms.
public struct LPWriter: Sendable {
  private let constant = "constant"
  private let nothing = "nothing"
  private let termsOnLine = 6

  /// A writer without settings.
  public init() {}

  /// The text of the file.
  public func text(of model: LinearModel) -> String {
    let columns = model.columns.enumerated().map { ExportNames.column($0, $1.name) }
    // The format has no empty sum; without variables one that is always 0 stands for it.
    let filler = columns.first ?? nothing
    var text = "\\ \(ExportNames.sanitised(model.name))\nMinimize\n cost:"
    var costs: [(Double, String)] = []
    for (name, column) in zip(columns, model.columns) where column.cost != 0 {
      costs.append((column.cost, name))
    }
    if model.constant != 0 { costs.append((model.constant, constant)) }
    write(costs, filler, to: &text)
    text += "\nSubject To\n"
    for (index, row) in model.rows.enumerated() {
      write(row, ExportNames.row(index, row.name), columns, filler, to: &text)
    }
    // A reader expects at least one row.
    if !model.rows.contains(where: { $0.lower.isFinite || $0.upper.isFinite }) {
      text += " none: 0 \(filler) >= 0\n"
    }
    writeBounds(model, columns, to: &text)
    text += "End\n"
    return text
  }

  private func write(
    _ row: LinearModel.RowData, _ name: String, _ columns: [String], _ filler: String,
    to text: inout String
  ) {
    let terms = row.terms.map { ($0.coefficient, columns[$0.variable.index]) }
    func line(_ suffix: String, _ relation: String, _ side: Double) {
      text += " \(name)\(suffix):"
      write(terms, filler, to: &text)
      text += " \(relation) \(ExportNames.number(side))\n"
    }
    if row.lower == row.upper { return line("", "=", row.lower) }
    let both = row.lower.isFinite && row.upper.isFinite
    if row.lower.isFinite { line(both ? "_lo" : "", ">=", row.lower) }
    if row.upper.isFinite { line(both ? "_up" : "", "<=", row.upper) }
  }

  private func write(_ terms: [(Double, String)], _ filler: String, to text: inout String) {
    guard !terms.isEmpty else {
      text += " 0 \(filler)"
      return
    }
    for (index, (coefficient, name)) in terms.enumerated() {
      if index > 0 && index % termsOnLine == 0 { text += "\n  " }
      text += coefficient < 0 ? " - " : " + "
      text += "\(ExportNames.number(abs(coefficient))) \(name)"
    }
  }

  private func writeBounds(_ model: LinearModel, _ columns: [String], to text: inout String) {
    text += "Bounds\n"
    for (name, column) in zip(columns, model.columns) {
      let (lower, upper) = column.exportedBounds
      switch (lower.isFinite, upper.isFinite) {
      case (true, true):
        text +=
          lower == upper
          ? " \(name) = \(ExportNames.number(lower))\n"
          : " \(ExportNames.number(lower)) <= \(name) <= \(ExportNames.number(upper))\n"
      case (true, false): text += " \(name) >= \(ExportNames.number(lower))\n"
      case (false, true): text += " -inf <= \(name) <= \(ExportNames.number(upper))\n"
      case (false, false): text += " \(name) free\n"
      }
    }
    if model.constant != 0 { text += " \(constant) = 1\n" }
    if columns.isEmpty { text += " \(nothing) = 0\n" }
    let integers = zip(columns, model.columns).filter { $1.domain != .continuous }
    guard !integers.isEmpty else { return }
    text += "General\n"
    for (name, _) in integers { text += " \(name)\n" }
  }
}

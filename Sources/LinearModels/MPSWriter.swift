// SPDX-License-Identifier: GPL-3.0-or-later

/// Writes a model in free MPS format: `ROWS`, `COLUMNS` with integer markers, `RHS`, `RANGES`,
/// `BOUNDS`.
///
/// The objective's constant is the cost of a variable fixed at 1, the last column: readers disagree
/// on the sign of a right-hand side of the objective row. A row without bounds is written as a
/// further row of type N, which most readers drop. Complexity: linear in the number of terms.
public struct MPSWriter: Sendable {
  private let objective = "cost"
  private let constant = "constant"

  /// A writer without settings.
  public init() {}

  /// The text of the file.
  public func text(of model: LinearModel) -> String {
    let rows = model.rows.enumerated().map { ExportNames.row($0, $1.name) }
    let columns = model.columns.enumerated().map { ExportNames.column($0, $1.name) }
    var text = "NAME \(ExportNames.sanitised(model.name))\n"
    writeRows(model, rows, to: &text)
    writeColumns(model, rows, columns, to: &text)
    writeSides(model, rows, to: &text)
    writeBounds(model, columns, to: &text)
    text += "ENDATA\n"
    return text
  }

  /// N: none, E: equal, G: at least, L: at most; with both sides it is G and a range.
  private func kind(_ row: LinearModel.RowData) -> String {
    if row.lower == row.upper { return "E" }
    if row.lower.isFinite { return "G" }
    return row.upper.isFinite ? "L" : "N"
  }

  private func writeRows(_ model: LinearModel, _ rows: [String], to text: inout String) {
    text += "ROWS\n N \(objective)\n"
    for (name, row) in zip(rows, model.rows) { text += " \(kind(row)) \(name)\n" }
  }

  private func writeColumns(
    _ model: LinearModel, _ rows: [String], _ columns: [String], to text: inout String
  ) {
    var entries = [[(row: Int, coefficient: Double)]](repeating: [], count: columns.count)
    for (index, row) in model.rows.enumerated() {
      for term in row.terms { entries[term.variable.index].append((index, term.coefficient)) }
    }
    text += "COLUMNS\n"
    var inIntegers = false
    var markers = 0
    func mark(_ integer: Bool, _ text: inout String) {
      guard integer != inIntegers else { return }
      inIntegers = integer
      text += " M\(markers) 'MARKER' '\(integer ? "INTORG" : "INTEND")'\n"
      markers += 1
    }
    for (index, column) in model.columns.enumerated() {
      mark(column.domain != .continuous, &text)
      // A column without any entry would not exist for a reader: its cost is written even if 0.
      if column.cost != 0 || entries[index].isEmpty {
        text += " \(columns[index]) \(objective) \(ExportNames.number(column.cost))\n"
      }
      for entry in entries[index] {
        text += " \(columns[index]) \(rows[entry.row]) \(ExportNames.number(entry.coefficient))\n"
      }
    }
    mark(false, &text)
    if model.constant != 0 {
      text += " \(constant) \(objective) \(ExportNames.number(model.constant))\n"
    }
  }

  private func writeSides(_ model: LinearModel, _ rows: [String], to text: inout String) {
    text += "RHS\n"
    for (name, row) in zip(rows, model.rows) {
      let side = row.lower.isFinite ? row.lower : row.upper
      if side.isFinite && side != 0 { text += " RHS \(name) \(ExportNames.number(side))\n" }
    }
    let ranges = zip(rows, model.rows).filter { _, row in
      row.lower.isFinite && row.upper.isFinite && row.lower != row.upper
    }
    guard !ranges.isEmpty else { return }
    text += "RANGES\n"
    for (name, row) in ranges {
      text += " RNG \(name) \(ExportNames.number(row.upper - row.lower))\n"
    }
  }

  /// Both bounds of an integer column are always written: readers disagree on its defaults.
  private func writeBounds(_ model: LinearModel, _ columns: [String], to text: inout String) {
    text += "BOUNDS\n"
    for (name, column) in zip(columns, model.columns) {
      let integer = column.domain != .continuous
      let (lower, upper) = column.exportedBounds
      if lower == upper {
        text += " FX BND \(name) \(ExportNames.number(lower))\n"
        continue
      }
      if !lower.isFinite && !upper.isFinite {
        text += " FR BND \(name)\n"
        continue
      }
      if !lower.isFinite {
        text += " MI BND \(name)\n"
      } else if integer || lower != 0 || upper < 0 {
        text += " LO BND \(name) \(ExportNames.number(lower))\n"
      }
      if upper.isFinite {
        text += " UP BND \(name) \(ExportNames.number(upper))\n"
      } else if integer {
        text += " PL BND \(name)\n"
      }
    }
    if model.constant != 0 { text += " FX BND \(constant) 1\n" }
  }
}

extension LinearModel.Column {
  /// The bounds with those of a binary variable made explicit.
  var exportedBounds: (lower: Double, upper: Double) {
    domain == .binary ? (max(lower, 0), min(upper, 1)) : (lower, upper)
  }
}

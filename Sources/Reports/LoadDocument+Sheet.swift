// SPDX-License-Identifier: GPL-3.0-or-later
import Spreadsheets
import University

extension LoadDocument {
  /// The document as a sheet, printed on A4 landscape, as wide as the page.
  func sheet(_ language: Language) -> Worksheet {
    var sheet = Worksheet(name)
    sheet.columns(columns.map(\.width))
    sheet.footer = title
    let last = columns.count - 1
    var row = 0
    for line in stamp {
      sheet.merge(
        rows: row...row, columns: (last * 2 / 3)...last, line, CellStyle(alignment: .left))
      row += 1
    }
    sheet.merge(rows: row...row, columns: 0...last, title, CellStyle(isBold: true, size: 14))
    row += 1
    for fact in facts {
      sheet.merge(
        rows: row...row, columns: 0...last, "\(fact.label): \(fact.value)", .plain)
      row += 1
    }
    row += 1
    let top = row
    let isDouble = columns.contains { !$0.above.isEmpty }
    if isDouble {
      for (column, count) in spans {
        if columns[column].above.isEmpty {
          sheet.merge(
            rows: row...(row + 1), columns: column...column, columns[column].head, head(column))
        } else if count > 1 {
          sheet.merge(
            rows: row...row, columns: column...(column + count - 1), columns[column].above)
        } else {
          sheet.set(row, column, .text(columns[column].above), .header)
        }
      }
      row += 1
    }
    for column in columns.indices where !isDouble || !columns[column].above.isEmpty {
      sheet.set(row, column, .text(columns[column].head), head(column))
    }
    if columns.contains(where: \.isUpright) {
      sheet.height(of: row, isDouble ? 90 : 105)
    }
    row += 1
    sheet.repeatedRows = top..<row
    sheet.frozen = (row, 1)
    let first = row
    for cells in rows {
      let numbers = numbers(cells)
      for column in columns.indices {
        sheet.set(row, column, value(cells[column], numbers, column, row), style(column))
      }
      row += 1
    }
    let totals = totals
    sheet.set(row, 0, .text(totalLabel), CellStyle.text.total)
    for column in columns.indices.dropFirst() {
      let content: Worksheet.Value
      if case .hours = columns[column].content, row > first {
        content = Worksheet.sum(
          rows: first...(row - 1), column: column, value: totals[column] ?? 0)
      } else {
        content = value(.empty, totals, column, row)
      }
      sheet.set(row, column, content, style(column).total)
    }
    row += 2
    for note in notes {
      sheet.merge(rows: row...row, columns: 0...last, note, CellStyle(isItalic: true))
      row += 1
    }
    for signature in signatures {
      sheet.merge(
        rows: row...row, columns: 0...last, signature + "  ______________________", .plain)
      row += 1
    }
    return sheet
  }

  private func head(_ column: Int) -> CellStyle {
    var style = CellStyle.header
    style.isUpright = columns[column].isUpright
    return style
  }

  private func style(_ column: Int) -> CellStyle {
    switch columns[column].content {
    case .text: .text
    case .percent: CellStyle(isBordered: true, numberFormat: "0.0")
    case .difference: CellStyle(isBordered: true, numberFormat: "+0.##;-0.##;0")
    default: CellStyle(isBordered: true)
    }
  }

  /// A cell's content; what is reckoned from other cells as a formula.
  private func value(
    _ cell: Cell, _ numbers: [Double?], _ column: Int, _ row: Int
  ) -> Worksheet.Value {
    func name(_ column: Int) -> String { Worksheet.reference(row, column) }
    switch columns[column].content {
    case .text, .number, .hours:
      switch cell {
      case .text(let text): return .text(text)
      case .number(let number): return .number(number)
      case .empty: return .blank
      }
    case .sum(let parts):
      // A run of neighbours as a range: what people expect to see.
      let isRun = zip(parts, parts.dropFirst()).allSatisfy { $0 + 1 == $1 }
      let inside =
        isRun && parts.count > 1
        ? "\(name(parts[0])):\(name(parts[parts.count - 1]))"
        : parts.map(name).joined(separator: ",")
      return .formula("=SUM(\(inside))", value: numbers[column] ?? 0)
    case .percent(let part, let whole):
      guard let value = numbers[column] else { return .blank }
      return .formula("=100*\(name(part))/\(name(whole))", value: value)
    case .difference(let minuend, let subtrahend):
      return .formula("=\(name(minuend))-\(name(subtrahend))", value: numbers[column] ?? 0)
    }
  }
}

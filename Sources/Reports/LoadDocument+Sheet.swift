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
    let flat = columns.filter { !$0.isUpright && ($0.above.isEmpty || !isDouble) }
    let tall = columns.contains(where: \.isUpright) ? (isDouble ? 90.0 : 105.0) : 0
    let lines = flat.map { Self.lines($0.head, $0.width * 0.85) }.max() ?? 1
    sheet.height(of: row, max(tall, Self.height(lines)))
    if isDouble {
      let above = spans.filter { !columns[$0.column].above.isEmpty }.map { span in
        let width = columns[span.column..<(span.column + span.count)].reduce(0) { $0 + $1.width }
        return Self.lines(columns[span.column].above, width * 0.85)
      }
      sheet.height(of: row - 1, Self.height(above.max() ?? 1))
    }
    row += 1
    sheet.repeatedRows = top..<row
    sheet.frozen = (row, 1)
    let first = row
    for cells in rows { write(cells, to: &sheet, &row) }
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
    if !closing.isEmpty { close(&sheet, &row) }
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

  /// The lines under the totals, the last one as a formula of the others; `row` goes to the last.
  private func close(_ sheet: inout Worksheet, _ row: inout Int) {
    let total = row
    let label = 0...(closingColumns.lowerBound - 1)
    var lines: [Int] = []
    for line in closing {
      row += 1
      let first = row
      for cells in line.rows { write(cells, to: &sheet, &row) }
      lines.append(row)
      let adds = row > first
      sheet.merge(
        rows: row...row, columns: label, line.label, adds ? CellStyle.text.total : .text)
      let numbers = numbers(line)
      for column in closingColumns {
        let content: Worksheet.Value
        if case .sum = columns[column].content {
          content = value(.empty, numbers, column, row)
        } else if adds {
          content = Worksheet.sum(
            rows: first...(row - 1), column: column, value: numbers[column] ?? 0)
        } else {
          content = numbers[column].map { Worksheet.Value.number($0) } ?? .blank
        }
        sheet.set(row, column, content, adds ? style(column).total : style(column))
      }
    }
    row += 1
    sheet.merge(rows: row...row, columns: label, closingLabel, CellStyle.text.total)
    let totals = closingTotals
    for column in closingColumns {
      let parts = zip(closing, lines).map { line, at in
        (line.isSubtracted ? "-" : "+") + Worksheet.reference(at, column)
      }
      sheet.set(
        row, column,
        .formula(
          "=" + Worksheet.reference(total, column) + parts.joined(), value: totals[column] ?? 0),
        style(column).total)
    }
  }

  /// A row of the table, as high as its longest text needs.
  private func write(_ cells: [Cell], to sheet: inout Worksheet, _ row: inout Int) {
    let numbers = numbers(cells)
    for column in columns.indices {
      sheet.set(row, column, value(cells[column], numbers, column, row), style(column))
    }
    let lines = columns.indices.map { column in
      if case .text(let text) = cells[column] {
        Self.lines(text, columns[column].width)
      } else {
        1
      }
    }
    sheet.height(of: row, Self.height(lines.max() ?? 1))
    row += 1
  }

  /// The height of a row of so many lines, in points: not every program finds it by itself.
  private static func height(_ lines: Int) -> Double { 12.5 * Double(lines) + 2.5 }

  /// The lines into which a text breaks between words in a column of so many letters, with some
  /// letters to spare since they are not all of one width.
  static func lines(_ text: String, _ width: Double) -> Int {
    let most = max(1, Int(width * 0.9))
    var lines = 1
    var used = 0
    for word in text.split(separator: " ") {
      let length = word.count
      if used > 0, used + 1 + length > most {
        lines += 1
        used = 0
      }
      // A word that is longer than a line goes on in the next.
      used += (used > 0 ? 1 : 0) + length
      while used > most {
        lines += 1
        used -= most
      }
    }
    return lines
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

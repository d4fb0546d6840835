// SPDX-License-Identifier: GPL-3.0-or-later
import University

extension LoadDocument {
  /// The document as part of a page.
  func write(to html: inout HTML, _ language: Language) {
    html.element("article", ["class": "document", "lang": language.rawValue]) { article in
      article.element("div", ["class": "stamp"]) { block in
        for line in stamp { block.element("p", [:], line) }
      }
      article.element("h2", [:], title)
      article.element("dl") { list in
        for fact in facts {
          list.element("div") { pair in
            pair.element("dt", [:], fact.label)
            pair.element("dd", [:], fact.value)
          }
        }
      }
      table(&article, language)
      for note in notes { article.element("p", ["class": "note"], note) }
      article.element("div", ["class": "signatures"]) { block in
        for name in signatures {
          block.element("p") { line in
            line.text(name)
            line.element("span", ["class": "rule"], "")
          }
        }
      }
    }
    html.newline()
  }

  /// Widths of the columns in millimetres of a page that has 279 of them: none so narrow that it
  /// would break a word of a head, whose letters are about 1.6 mm wide with 2.4 mm of edges, or a
  /// shorter word of a text, or let a number stand out, whose bold digits are about 1.55 mm wide; what
  /// is left goes to the others by their widths in the sheet.
  private func widths(_ language: Language) -> [Double] {
    let page = 279.0
    let totals = totals
    var digits = columns.indices.map { shown(totals[$0], $0, language).count }
    let all = rows + closing.flatMap(\.rows)
    for numbers in all.map({ numbers($0) }) + [closingTotals] {
      for column in columns.indices {
        digits[column] = max(digits[column], shown(numbers[column], column, language).count)
      }
    }
    let needed = columns.enumerated().map { position, column -> Double in
      func longest(_ text: String) -> Int {
        // Browsers break `2/11/21` at no slash.
        if text.allSatisfy({ $0.isNumber || $0 == "/" }) { return text.count }
        return text.split { $0.isWhitespace || "/-,;".contains($0) }.map(\.count).max() ?? 0
      }
      // An upright head is as wide as its lines, of at most 27 mm: some 16 letters.
      let upright = column.isUpright ? 3.0 * Double(Self.lines(column.head, 17)) : 0
      let head = column.isUpright ? 0 : longest(column.head)
      // Beyond a dozen letters a word may break: identifiers have no end.
      let word = all.reduce(0) { most, row in
        if case .text(let text) = row[position] { max(most, min(12, longest(text))) } else { most }
      }
      return max(upright, 1.6 * Double(head), 1.45 * Double(word), 1.55 * Double(digits[position]))
        + 2.4
    }
    func scaled(_ scale: Double) -> [Double] {
      zip(columns, needed).map { max($0.width * scale, $1) }
    }
    // The scale at which all of it fills the page; where even the least is wider, the least.
    var (low, high) = (0.0, page)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if scaled(middle).reduce(0, +) > page { high = middle } else { low = middle }
    }
    return scaled(low)
  }

  private func table(_ html: inout HTML, _ language: Language) {
    let widths = widths(language)
    let all = widths.reduce(0, +)
    html.element("table") { table in
      table.element("colgroup") { group in
        for width in widths {
          let share = (width / all * 10000).rounded() / 100
          group.empty("col", ["style": "width:\(share)%"])
        }
      }
      head(&table)
      table.newline()
      table.element("tbody") { body in
        for row in rows { self.row(&body, row, language) }
        // In the body, not in a foot, which a browser prints at the end of every page.
        let totals = totals
        body.element("tr", ["class": "total"]) { line in
          line.element("th", ["scope": "row"], totalLabel)
          for column in columns.indices.dropFirst() {
            line.element("td", ["class": "number"], shown(totals[column], column, language))
          }
        }
        for line in closing {
          for row in line.rows { self.row(&body, row, language) }
          close(
            &body, line.label, numbers(line), line.rows.isEmpty ? "closing" : "total", language)
        }
        if !closing.isEmpty { close(&body, closingLabel, closingTotals, "total", language) }
      }
    }
  }

  private func row(_ html: inout HTML, _ cells: [Cell], _ language: Language) {
    let numbers = numbers(cells)
    html.element("tr") { line in
      for column in columns.indices {
        if case .text(let text) = cells[column] {
          line.element("td", [:], text)
        } else {
          line.element("td", ["class": "number"], shown(numbers[column], column, language))
        }
      }
    }
    html.newline()
  }

  /// A line under the totals; its label takes the columns before its numbers.
  private func close(
    _ html: inout HTML, _ label: String, _ numbers: [Double?], _ style: String,
    _ language: Language
  ) {
    html.element("tr", ["class": style]) { row in
      row.element("th", ["scope": "row", "colspan": "\(closingColumns.lowerBound)"], label)
      for column in closingColumns {
        row.element("td", ["class": "number"], shown(numbers[column], column, language))
      }
      if closingColumns.upperBound < columns.count {
        row.element("td", ["colspan": "\(columns.count - closingColumns.upperBound)"], "")
      }
    }
  }

  private func head(_ html: inout HTML) {
    let isDouble = columns.contains { !$0.above.isEmpty }
    html.element("thead") { head in
      head.element("tr") { row in
        for (column, span) in spans {
          let above = columns[column].above
          if isDouble, !above.isEmpty {
            row.element("th", ["scope": "colgroup", "colspan": "\(span)"], above)
          } else {
            own(column, isDouble ? 2 : 1, &row)
          }
        }
      }
      guard isDouble else { return }
      head.element("tr") { row in
        for column in columns.indices where !columns[column].above.isEmpty { own(column, 1, &row) }
      }
    }
  }

  private func own(_ column: Int, _ rows: Int, _ row: inout HTML) {
    row.element("th", ["scope": "col", "rowspan": "\(rows)"]) { cell in
      if columns[column].isUpright {
        cell.element("span", ["class": "upright"], columns[column].head)
      } else {
        cell.text(columns[column].head)
      }
    }
  }

  /// Columns that share what stands above, as the first and their number; the others one by one.
  var spans: [(column: Int, count: Int)] {
    var result: [(column: Int, count: Int)] = []
    for (column, description) in columns.enumerated() {
      if let last = result.last, !description.above.isEmpty,
        columns[last.column].above == description.above
      {
        result[result.count - 1].count += 1
      } else {
        result.append((column, 1))
      }
    }
    return result
  }

  /// How documents look on the screen and on A4 landscape.
  static let stylesheet = """
    @page { size: A4 landscape; margin: 10mm 8mm 12mm; }
    * { box-sizing: border-box; }
    body { font: 10pt/1.3 "Liberation Sans", Arial, "Noto Sans", sans-serif; color: #111;
      background: #e9ecef; margin: 0; }
    nav { padding: 8px 16px; background: #fff; border-bottom: 1px solid #ccd2d9; }
    nav a { margin-right: 16px; color: #0b4a8f; }
    .document { background: #fff; width: 281mm; margin: 16px auto; padding: 8mm; }
    h1 { font-size: 12pt; margin: 12px 16px; }
    h2 { font-size: 14pt; margin: 0 0 3mm; text-align: center; clear: both; }
    .stamp { float: right; text-align: left; font-size: 8.5pt; margin: 0 0 3mm 8mm; }
    .stamp p { margin: 0 0 1mm; }
    dl { display: flex; flex-wrap: wrap; gap: 1mm 8mm; margin: 0 0 3mm; }
    dl div { display: flex; gap: 1.5mm; }
    dt { color: #444; }
    dt::after { content: ":"; }
    dd { margin: 0; font-weight: 600; }
    table { width: calc(100% - 0.6mm); margin: 0 0.3mm; border-collapse: collapse; table-layout: fixed; font-size: 7.5pt;
      line-height: 1.2; }
    thead { display: table-header-group; }
    tr { break-inside: avoid; }
    th, td { border: 0.25mm solid #8a94a0; padding: 0.6mm 0.8mm; overflow-wrap: anywhere;
      vertical-align: middle; }
    /* A browser repeats heads of up to a quarter of the page. */
    thead th { background: #e7ecf2; font-weight: 600; text-align: center; font-size: 7pt; }
    tbody th { text-align: left; }
    .number { text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
    .total > * { font-weight: 700; background: #f3f5f8; }
    .closing th { font-weight: 400; }
    .upright { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 27mm;
      text-align: left; }
    .note { font-size: 8pt; color: #333; margin: 2mm 0 0; }
    .signatures { display: flex; flex-wrap: wrap; gap: 4mm 14mm; margin-top: 8mm;
      break-inside: avoid; }
    .signatures p { margin: 0; display: flex; gap: 2mm; align-items: flex-end; }
    .rule { display: inline-block; width: 45mm; border-bottom: 0.25mm solid #111; }
    @media print {
      body { background: none; }
      nav, h1 { display: none; }
      .document { width: auto; margin: 0; padding: 0; break-after: page; }
      .document:last-child { break-after: auto; }
      thead th, .total > * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    }

    """
}

// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// A form to be printed and signed: facts, one table, and places for signatures.
///
/// It is laid out once and shown twice, as a page and as a sheet; what the sheet reckons by a
/// formula the page shows as the same number.
struct LoadDocument: Sendable {
  /// What a column holds, and what its total is.
  enum Content: Hashable, Sendable {
    /// Texts, without a total.
    case text
    /// Numbers that are not added up.
    case number
    /// Hours or other numbers, added up below.
    case hours
    /// The sum of other columns in each row, added up below.
    case sum(of: [Int])
    /// One column as a percentage of another, in each row and of the totals.
    case percent(Int, of: Int)
    /// One column less another, in each row and of the totals.
    case difference(Int, less: Int)
  }

  /// A column of the table.
  struct Column: Sendable {
    /// What stands above this and the neighbouring columns of the same text; empty for nothing.
    var above = ""
    /// The column's own head.
    var head: String
    /// Width in letters of the sheet; the page takes it in proportion.
    var width: Double
    /// What it holds.
    var content: Content
    /// Whether the head runs upwards.
    var isUpright = false
  }

  /// What a cell of a column of texts or numbers is given.
  enum Cell: Hashable, Sendable {
    case text(String)
    case number(Double)
    case empty
  }

  /// A line under the totals that leads from them to another sum.
  struct Closing: Sendable {
    /// What is added or taken off.
    var label: String
    /// A cell a column, as in ``rows``.
    var cells: [Cell]
    /// Whether it is taken off.
    var isSubtracted = false
    /// The rows above it that it adds up; empty where it is given as it is.
    var rows: [[Cell]] = []
  }

  /// The name of the sheet and of the browser's tab.
  var name: String
  /// The head line.
  var title: String
  /// Facts above the table: what and how much.
  var facts: [(label: String, value: String)]
  /// The columns.
  var columns: [Column]
  /// A cell a column; those of reckoned columns are ignored.
  var rows: [[Cell]]
  /// The word before the totals.
  var totalLabel: String
  /// What leads from the totals to another sum; empty for nothing.
  var closing: [Closing] = []
  /// The word before that sum.
  var closingLabel = ""
  /// The columns that it has.
  var closingColumns: Range<Int> = 0..<0
  /// Lines under the table.
  var notes: [String] = []
  /// Who signs.
  var signatures: [String]
  /// The stamp of approval at the top right, a line each.
  var stamp: [String]

  /// The numbers of a row, reckoned columns included.
  func numbers(_ row: [Cell]) -> [Double?] {
    reckoned(
      columns.indices.map { column in
        if case .number(let value) = row[column] { value } else { nil }
      })
  }

  /// The totals of the columns that have one.
  var totals: [Double?] {
    let all = rows.map(numbers)
    return reckoned(
      columns.indices.map { column in
        switch columns[column].content {
        case .hours: Self.exact(all.reduce(0) { $0 + ($1[column] ?? 0) })
        default: nil
        }
      })
  }

  /// The numbers of a closing line: those of its columns that are given, or sums of such.
  func numbers(_ closing: Closing) -> [Double?] {
    let all = numbers(closing.cells)
    let isGiven = all.indices.contains { column in
      if case .number = closing.cells[column] { closingColumns.contains(column) } else { false }
    }
    return all.indices.map { column in
      isGiven && closingColumns.contains(column) ? all[column] : nil
    }
  }

  /// The totals with the closing lines added or taken off.
  var closingTotals: [Double?] {
    let totals = totals
    let lines = closing.map { (numbers($0), $0.isSubtracted ? -1.0 : 1.0) }
    return columns.indices.map { column in
      guard closingColumns.contains(column) else { return nil }
      return Self.exact(
        lines.reduce(totals[column] ?? 0) { $0 + $1.1 * ($1.0[column] ?? 0) })
    }
  }

  private func reckoned(_ given: [Double?]) -> [Double?] {
    var values = given
    for (column, description) in columns.enumerated() {
      switch description.content {
      case .text, .number, .hours: break
      case .sum(let parts):
        values[column] = Self.exact(parts.reduce(0) { $0 + (values[$1] ?? 0) })
      case .percent(let part, let whole):
        let divisor = values[whole] ?? 0
        values[column] = divisor > 0 ? 100 * (values[part] ?? 0) / divisor : nil
      case .difference(let first, let second):
        values[column] = Self.exact((values[first] ?? 0) - (values[second] ?? 0))
      }
    }
    return values
  }

  /// Hours are hundredths: what adding leaves beyond them is no value.
  private static func exact(_ value: Double) -> Double { (value * 100).rounded() / 100 + 0 }

  /// A number of a column as people read it.
  func shown(_ value: Double?, _ column: Int, _ language: Language) -> String {
    guard let value else { return "" }
    switch columns[column].content {
    case .percent: return language.oneDecimal(value)
    case .difference:
      return (value > 0 ? "+" : "") + language.number(value)
    default: return language.number(value)
    }
  }
}

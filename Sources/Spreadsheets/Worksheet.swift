// SPDX-License-Identifier: GPL-3.0-or-later

/// A sheet under construction. Rows and columns count from 0.
public struct Worksheet: Sendable {
  /// What a cell holds.
  public enum Value: Hashable, Sendable {
    /// A text, also one that starts with `=`: it never becomes a formula.
    case text(String)
    /// A finite number.
    case number(Double)
    /// A formula such as `=SUM(B2:B9)`, with its value for programs that do not reckon.
    case formula(String, value: Double)
    /// A day of the calendar.
    case date(year: Int, month: Int, day: Int)
    /// Nothing but the style.
    case blank
  }

  struct Cell: Sendable {
    var row: Int
    var column: Int
    var lastRow: Int
    var lastColumn: Int
    var value: Value
    var style: CellStyle
  }

  /// The sheet's name; see ``Workbook/add(_:)`` for what is made of one that is not allowed.
  public var name: String
  /// Whether it is printed on A4 landscape; else on A4 upright.
  public var isLandscape = true
  /// Whether all columns are brought onto the width of one page, on as many pages as the rows need.
  public var fitsWidth = true
  /// Rows and columns from the top left that stay in view.
  public var frozen = (rows: 0, columns: 0)
  /// Rows that every printed page repeats at its top.
  public var repeatedRows: Range<Int>?
  /// What stands at the foot of every printed page, beside its number.
  public var footer = ""
  /// Rows and columns (the first of the rows is the head) with buttons for choosing values.
  public var filter: (rows: Range<Int>, columns: Range<Int>)?

  private(set) var cells: [Cell] = []
  private(set) var widths: [(column: Int, width: Double)] = []
  private(set) var heights: [(row: Int, height: Double)] = []

  /// An empty sheet.
  public init(_ name: String) {
    self.name = name
  }

  /// Gives a cell its content. A later call for the same cell wins.
  public mutating func set(
    _ row: Int, _ column: Int, _ value: Value, _ style: CellStyle = .text
  ) {
    cells.append(
      Cell(
        row: row, column: column, lastRow: row, lastColumn: column, value: value, style: style))
  }

  /// Gives a rectangle of cells one text. No two such rectangles may share a cell.
  public mutating func merge(
    rows: ClosedRange<Int>, columns: ClosedRange<Int>, _ text: String, _ style: CellStyle = .header
  ) {
    cells.append(
      Cell(
        row: rows.lowerBound, column: columns.lowerBound, lastRow: rows.upperBound,
        lastColumn: columns.upperBound, value: .text(text), style: style))
  }

  /// Gives the cells of a row, from a column on, their contents.
  public mutating func row(
    _ row: Int, from column: Int = 0, _ values: [Value], _ style: CellStyle = .text
  ) {
    for (offset, value) in values.enumerated() { set(row, column + offset, value, style) }
  }

  /// Gives columns from the first on their widths, in letters of the plain font.
  public mutating func columns(_ widths: [Double]) {
    for (column, width) in widths.enumerated() { self.widths.append((column, width)) }
  }

  /// Gives a row its height in points.
  public mutating func height(of row: Int, _ height: Double) {
    heights.append((row, height))
  }

  /// The name of a cell in formulas: `B3` for row 2, column 1.
  public static func reference(_ row: Int, _ column: Int) -> String {
    var letters = ""
    var rest = column
    repeat {
      letters = String(UnicodeScalar(UInt8(65 + rest % 26))) + letters
      rest = rest / 26 - 1
    } while rest >= 0
    return "\(letters)\(row + 1)"
  }

  /// The sum of a column's cells between two rows, both included, with its value.
  public static func sum(rows: ClosedRange<Int>, column: Int, value: Double) -> Value {
    .formula(
      "=SUM(\(reference(rows.lowerBound, column)):\(reference(rows.upperBound, column)))",
      value: value)
  }
}

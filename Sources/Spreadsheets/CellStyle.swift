// SPDX-License-Identifier: GPL-3.0-or-later

/// How a cell looks. Equal styles become one style of the file.
public struct CellStyle: Hashable, Sendable {
  /// Where a cell's content stands from left to right.
  public enum Alignment: Hashable, Sendable {
    /// Texts left and numbers right, as the program that opens the file does.
    case general
    case left
    case centre
    case right
  }

  /// Bold letters.
  public var isBold: Bool
  /// Italic letters.
  public var isItalic: Bool
  /// The size of the letters in points.
  public var size: Double
  /// Where the content stands from left to right.
  public var alignment: Alignment
  /// Whether a long text breaks into lines.
  public var wraps: Bool
  /// Whether the text runs from below to above: narrow columns with long names.
  public var isUpright: Bool
  /// Whether a thin line stands around the cell.
  public var isBordered: Bool
  /// The ground as `0xRRGGBB`; nil for none.
  public var fill: UInt32?
  /// The letters' colour as `0xRRGGBB`; nil for black.
  public var colour: UInt32?
  /// How a number is shown, as spreadsheets write it: `0.00`, `dd.mm.yyyy`; nil for general.
  public var numberFormat: String?

  /// A style; without arguments the plain one.
  public init(
    isBold: Bool = false, isItalic: Bool = false, size: Double = 10,
    alignment: Alignment = .general, wraps: Bool = false, isUpright: Bool = false,
    isBordered: Bool = false, fill: UInt32? = nil, colour: UInt32? = nil,
    numberFormat: String? = nil
  ) {
    self.isBold = isBold
    self.isItalic = isItalic
    self.size = size
    self.alignment = alignment
    self.wraps = wraps
    self.isUpright = isUpright
    self.isBordered = isBordered
    self.fill = fill
    self.colour = colour
    self.numberFormat = numberFormat
  }

  /// Plain letters without a border.
  public static let plain = CellStyle()
  /// The head line of a document.
  public static let title = CellStyle(isBold: true, size: 14)
  /// A cell of a table's head: bold, centred, grey, with a border.
  public static let header = CellStyle(
    isBold: true, alignment: .centre, wraps: true, isBordered: true, fill: 0xE7ECF2)
  /// A text of a table.
  public static let text = CellStyle(wraps: true, isBordered: true)
  /// A whole number of a table.
  public static let whole = CellStyle(isBordered: true, numberFormat: "0")
  /// A number of a table with at most two decimals, as hours are.
  public static let hours = CellStyle(isBordered: true, numberFormat: "#,##0.##;-#,##0.##;0")
  /// A day of a table.
  public static let date = CellStyle(
    alignment: .centre, isBordered: true, numberFormat: "dd.mm.yyyy")

  /// The style in bold letters on a light ground: totals.
  public var total: CellStyle {
    var style = self
    style.isBold = true
    style.fill = 0xF3F5F8
    return style
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later

/// How a table is laid out in bytes.
public enum CSVDialect: String, CaseIterable, Sendable {
  /// Commas, LF, decimal points, no byte order mark: RFC 4180 as programs write it.
  case comma
  /// Semicolons, CRLF, decimal commas and a byte order mark: what Excel writes under Russian and
  /// Kazakh settings.
  case semicolon
  /// Tabulators, else as ``semicolon``.
  case tab

  /// The character between two cells.
  public var separator: Character {
    switch self {
    case .comma: ","
    case .semicolon: ";"
    case .tab: "\t"
    }
  }

  /// What ends a row.
  public var lineEnd: String { self == .comma ? "\n" : "\r\n" }
  /// The character between the whole and the fraction of a number.
  public var decimalMark: Character { self == .comma ? "." : "," }
  /// Whether the file starts with U+FEFF, without which Excel takes it for a legacy code page.
  public var hasByteOrderMark: Bool { self != .comma }
}

/// A cell of a table that is written.
public enum CSVCell: Hashable, Sendable {
  /// Not given.
  case empty
  /// Written as it is, quoted where it must be.
  case text(String)
  /// A decimal number, written with the dialect's decimal mark.
  case number(String)

  /// A whole number.
  public static func integer(_ value: Int) -> CSVCell { .number(String(value)) }

  /// A number in its shortest form that reads back the same: `0.2`, `5`.
  public static func decimal(_ value: Double) -> CSVCell { .number(CSVWriter.shortest(value)) }

  /// A whole number where there is one.
  public static func integer(_ value: Int?) -> CSVCell { value.map { integer($0) } ?? .empty }

  /// A number where there is one.
  public static func decimal(_ value: Double?) -> CSVCell { value.map { decimal($0) } ?? .empty }

  /// A text where there is one.
  public static func text(_ value: String?) -> CSVCell { value.map { CSVCell.text($0) } ?? .empty }

  /// Several identifiers or words, separated by `|`.
  public static func list(_ values: [String]) -> CSVCell { .text(values.joined(separator: "|")) }
}

extension CSVCell: ExpressibleByStringLiteral {
  /// A text.
  public init(stringLiteral value: String) {
    self = .text(value)
  }
}

/// Writes one table: a header and rows of as many cells (RFC 4180).
public struct CSVWriter: Sendable {
  /// How the table is laid out.
  public let dialect: CSVDialect
  /// How many cells each row has.
  public let columns: Int
  /// What is written so far.
  public private(set) var bytes: [UInt8] = []

  /// Starts a table with its header row.
  public init(header: [String], dialect: CSVDialect = .comma) {
    self.dialect = dialect
    self.columns = header.count
    if dialect.hasByteOrderMark { bytes.append(contentsOf: "\u{FEFF}".utf8) }
    write(header.map { .text($0) })
  }

  /// Adds a row; it has as many cells as the header.
  public mutating func append(_ row: [CSVCell]) {
    precondition(row.count == columns, "a row of \(row.count) cells under \(columns) columns")
    write(row)
  }

  /// A whole table in one call.
  public static func table(
    header: [String], rows: some Sequence<[CSVCell]>, dialect: CSVDialect = .comma
  ) -> [UInt8] {
    var writer = CSVWriter(header: header, dialect: dialect)
    for row in rows { writer.append(row) }
    return writer.bytes
  }

  /// The shortest decimal digits that read back as the same number, without a trailing `.0`.
  public static func shortest(_ value: Double) -> String {
    if let whole = Int(exactly: value) { return String(whole) }
    return value.description
  }

  private mutating func write(_ row: [CSVCell]) {
    for (column, cell) in row.enumerated() {
      if column > 0 { bytes.append(contentsOf: String(dialect.separator).utf8) }
      switch cell {
      case .empty:
        // A row of one empty cell would be a blank line, which readers skip.
        if row.count == 1 { bytes.append(contentsOf: "\"\"".utf8) }
      case .text(let text) where text.isEmpty:
        if row.count == 1 { bytes.append(contentsOf: "\"\"".utf8) }
      case .text(let text):
        write(text)
      case .number(let digits):
        write(
          dialect.decimalMark == "."
            ? digits : digits.replacing(".", with: String(dialect.decimalMark)))
      }
    }
    bytes.append(contentsOf: dialect.lineEnd.utf8)
  }

  private mutating func write(_ text: String) {
    let separator = dialect.separator.asciiValue
    let quote = UInt8(ascii: "\"")
    let needsQuotes = text.utf8.contains {
      $0 == separator || $0 == quote || $0 == 10 || $0 == 13
    }
    guard needsQuotes else {
      bytes.append(contentsOf: text.utf8)
      return
    }
    bytes.append(quote)
    for byte in text.utf8 {
      if byte == quote { bytes.append(quote) }
      bytes.append(byte)
    }
    bytes.append(quote)
  }
}

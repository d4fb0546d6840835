// SPDX-License-Identifier: GPL-3.0-or-later

/// Why bytes are not a table; tells the place.
enum CSVFault: Error, Hashable {
  /// The first offending byte, from 0, and its line.
  case notUTF8(byte: Int, line: Int)
  /// A zero byte, as in UTF-16.
  case zeroByte(line: Int)
  /// A quoted cell that begins on this line never ends.
  case unbalancedQuote(line: Int)
  /// Something else than a separator follows a closing quote.
  case strayQuote(line: Int)
  /// A cell of more than 16 MB.
  case cellTooLong(line: Int)
  /// A file of more than 1 GB.
  case fileTooLong
}

/// A table read from CSV (RFC 4180) as ranges of the file's bytes: cells become strings on demand.
///
/// Takes a byte order mark, LF, CRLF or CR, and `,`, `;` or TAB as the separator. A quote opens a
/// quoted cell only at the start of a cell, elsewhere in an unquoted cell it stands for itself.
/// Records whose cells are all empty are blank lines and are left out.
public struct CSVTable: Sendable {
  /// The header's cells without outer spaces; empty where the file has no record.
  public let header: [String]
  /// The line of the header, from 1.
  public let headerLine: Int
  /// The separator found: `,`, `;` or TAB.
  public let separator: UInt8
  private let bytes: [UInt8]
  private let cells: [Cell]
  private let records: [Record]

  private struct Cell {
    var start: Int32
    var end: Int32
    /// Whether the cell has doubled quotes.
    var hasDoubledQuotes: Bool
  }

  private struct Record {
    var firstCell: Int32
    var line: Int32
  }

  /// How many rows follow the header.
  public var rowCount: Int { Swift.max(0, records.count - 2) }

  /// Reads a table; the separator is the one whose reading of the header names most of `known`.
  ///
  /// Complexity: O(bytes).
  init(_ file: [UInt8], known: Set<String>) throws(CSVFault) {
    try Self.checkText(file)
    let start = file.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0

    let heading = Self.firstFilledLine(of: file, from: start)
    var best: (separator: UInt8, known: Int, count: Int)?
    for separator in [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")] {
      let head = try? Self.scan(file, from: heading, separator: separator, onlyHeader: true)
      let names = head.map { Self.header(of: $0, in: file) } ?? []
      let hits = names.count { known.contains($0) }
      if let found = best, (hits, names.count) <= (found.known, found.count) { continue }
      best = (separator, hits, names.count)
    }
    separator = best?.separator ?? UInt8(ascii: ",")
    let all = try Self.scan(file, from: start, separator: separator, onlyHeader: false)
    bytes = file
    cells = all.cells
    records = all.records
    header = Self.header(of: all, in: file)
    headerLine = all.records.first.map { Int($0.line) } ?? 1
  }

  /// Throws where bytes are no UTF-8 text.
  static func checkText(_ file: [UInt8]) throws(CSVFault) {
    guard file.count < 1 << 30 else { throw .fileTooLong }
    do {
      _ = try UTF8Span(validating: file.span)
    } catch {
      let byte = error.byteOffsets.lowerBound
      throw .notUTF8(byte: byte, line: Self.line(of: byte, in: file))
    }
    if let zero = file.firstIndex(of: 0) { throw .zeroByte(line: Self.line(of: zero, in: file)) }
  }

  /// The line on which a row begins, from 1.
  public func line(ofRow row: Int) -> Int { Int(records[row + 1].line) }

  /// How many cells a row has.
  public func cellCount(ofRow row: Int) -> Int {
    Int(records[row + 2].firstCell - records[row + 1].firstCell)
  }

  /// The text of a cell of a row, by its position in the row.
  public func text(row: Int, column: Int) -> String {
    Self.text(cells[Int(records[row + 1].firstCell) + column], in: bytes)
  }

  /// Whether a cell is empty.
  func isEmpty(row: Int, column: Int) -> Bool {
    let cell = cells[Int(records[row + 1].firstCell) + column]
    return cell.start == cell.end
  }

  // MARK: - Scanning

  private typealias Scan = (cells: [Cell], records: [Record])

  private static func header(of scan: Scan, in bytes: [UInt8]) -> [String] {
    guard scan.records.count > 1 else { return [] }
    return scan.cells[..<Int(scan.records[1].firstCell)].map {
      trimmed(text($0, in: bytes))
    }
  }

  /// Where the first line begins that holds more than separators: lines of separators alone are
  /// blank under one of them and would be a header under another.
  private static func firstFilledLine(of bytes: [UInt8], from start: Int) -> Int {
    var line = start
    for position in start..<bytes.count {
      switch bytes[position] {
      case 10, 13: line = position + 1
      case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"): continue
      default: return line
      }
    }
    return bytes.count
  }

  private static func text(_ cell: Cell, in bytes: [UInt8]) -> String {
    let range = Int(cell.start)..<Int(cell.end)
    guard cell.hasDoubledQuotes else {
      return bytes.withUnsafeBufferPointer {
        String(decoding: UnsafeBufferPointer(rebasing: $0[range]), as: UTF8.self)
      }
    }
    var plain: [UInt8] = []
    plain.reserveCapacity(range.count)
    var position = range.lowerBound
    while position < range.upperBound {
      plain.append(bytes[position])
      position += bytes[position] == quote ? 2 : 1
    }
    return String(decoding: plain, as: UTF8.self)
  }

  private static let quote = UInt8(ascii: "\"")
  private static let longestCell = 1 << 24

  static func line(of byte: Int, in bytes: [UInt8]) -> Int {
    var line = 1
    for position in 0..<byte where bytes[position] == 10 || bytes[position] == 13 {
      if bytes[position] == 13 && position + 1 < bytes.count && bytes[position + 1] == 10 {
        continue
      }
      line += 1
    }
    return line
  }

  /// Records with at least one filled cell; a last record marks the end.
  private static func scan(
    _ file: [UInt8], from start: Int, separator: UInt8, onlyHeader: Bool
  ) throws(CSVFault) -> Scan {
    var cells: [Cell] = []
    var records: [Record] = []
    if !onlyHeader {
      cells.reserveCapacity(file.count / 6)
      records.reserveCapacity(file.count / 24)
    }
    let bytes = file.span
    let count = bytes.count
    var position = start
    var line: Int32 = 1
    while position < count {
      let record = Record(firstCell: Int32(cells.count), line: line)
      var isBlank = true
      var ended = false
      while !ended {
        var cell = Cell(start: Int32(position), end: 0, hasDoubledQuotes: false)
        if position < count && bytes[position] == quote {
          let opened = line
          position += 1
          cell.start += 1
          while true {
            guard position < count else { throw .unbalancedQuote(line: Int(opened)) }
            let byte = bytes[position]
            if byte == quote {
              guard position + 1 < count && bytes[position + 1] == quote else { break }
              cell.hasDoubledQuotes = true
              position += 1
            } else if byte == 10
              || (byte == 13 && !(position + 1 < count && bytes[position + 1] == 10))
            {
              line += 1
            }
            position += 1
          }
          cell.end = Int32(position)
          position += 1
          if position < count {
            let byte = bytes[position]
            guard byte == separator || byte == 10 || byte == 13 else {
              throw .strayQuote(line: Int(line))
            }
          }
        } else {
          while position < count {
            let byte = bytes[position]
            if byte == separator || byte == 10 || byte == 13 { break }
            position += 1
          }
          cell.end = Int32(position)
        }
        if cell.end > cell.start { isBlank = false }
        if Int(cell.end - cell.start) > longestCell { throw .cellTooLong(line: Int(line)) }
        cells.append(cell)
        guard position < count else {
          ended = true
          continue
        }
        let byte = bytes[position]
        position += 1
        if byte == separator { continue }
        if byte == 13 && position < count && bytes[position] == 10 { position += 1 }
        line += 1
        ended = true
      }
      if isBlank {
        cells.removeLast(cells.count - Int(record.firstCell))
      } else {
        records.append(record)
        if onlyHeader { break }
      }
    }
    records.append(Record(firstCell: Int32(cells.count), line: line))
    // A scan of no record at all has only the mark of the end; ``header(of:in:)`` looks at that.
    return (cells, records)
  }
}

/// A text without outer spaces, tabulators and no-break spaces.
func trimmed(_ text: String) -> String {
  func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    // Looking up properties takes long, and nearly all cells begin and end with ASCII.
    scalar.isASCII
      ? scalar == " " || (9...13).contains(scalar.value) : scalar.properties.isWhitespace
  }
  guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last,
    isSpace(first) || isSpace(last)
  else { return text }
  var view = text.unicodeScalars[...]
  while let scalar = view.first, isSpace(scalar) { view.removeFirst() }
  while let scalar = view.last, isSpace(scalar) { view.removeLast() }
  return String(view)
}

// SPDX-License-Identifier: GPL-3.0-or-later
import Testing

@testable import Formats

@Suite("CSV table")
struct CSVTableTests {
  private static let known: Set<String> = ["room", "name", "capacity"]

  private func read(_ text: String) throws -> CSVTable {
    try CSVTable(Array(text.utf8), known: Self.known)
  }

  private func rows(_ table: CSVTable) -> [[String]] {
    (0..<table.rowCount).map { row in
      (0..<table.cellCount(ofRow: row)).map { table.text(row: row, column: $0) }
    }
  }

  @Test(
    "comma, semicolon and tabulator, LF, CRLF and CR, with and without a byte order mark all read",
    arguments: [",", ";", "\t"], ["\n", "\r\n", "\r"])
  func layouts(separator: String, end: String) throws {
    for mark in ["", "\u{FEFF}"] {
      for last in ["", end, end + end] {
        let text =
          mark + ["room", "name"].joined(separator: separator) + end
          + ["Ә1", "\"a\(separator)\"\"b\"\"\""].joined(separator: separator) + end + end
          + ["", "\"two\(end)lines\""].joined(separator: separator) + last
        let table = try read(text)
        #expect(table.header == ["room", "name"])
        #expect(rows(table) == [["Ә1", "a\(separator)\"b\""], ["", "two\(end)lines"]])
        #expect(table.line(ofRow: 0) == 2)
        #expect(table.line(ofRow: 1) == 4)
      }
    }
  }

  @Test("lines are counted through quoted line breaks and blank lines")
  func lines() throws {
    let table = try read("\n\nroom,name\n,\na,\"1\n2\n3\"\n\n\nb,x\n")
    #expect(table.headerLine == 3)
    #expect(table.line(ofRow: 0) == 5)
    #expect(table.line(ofRow: 1) == 10)
  }

  @Test("the separator is the one under which the header names most known columns")
  func separator() throws {
    #expect(try read("room;name,x;capacity\n").separator == UInt8(ascii: ";"))
    #expect(try read("\"room\"\tname\tvery;odd;and,long\n").separator == UInt8(ascii: "\t"))
    #expect(try read("room\n").separator == UInt8(ascii: ","))
  }

  @Test("a quote within an unquoted cell stands for itself")
  func innerQuote() throws {
    #expect(rows(try read("room,name\na,Korpus \"A\"\n")) == [["a", "Korpus \"A\""]])
  }

  @Test("a row may have more or fewer cells than the header")
  func ragged() throws {
    #expect(rows(try read("room,name\na\na,b,c")) == [["a"], ["a", "b", "c"]])
  }

  @Test("an empty text has no header and no rows", arguments: ["", "\u{FEFF}", "\n\n", ",,\n"])
  func empty(text: String) throws {
    let table = try read(text)
    #expect(table.header.isEmpty)
    #expect(table.rowCount == 0)
  }

  @Test("faults tell their line")
  func faults() {
    #expect(throws: CSVFault.unbalancedQuote(line: 3)) { try read("room\na\n\"b\nc\n\n") }
    #expect(throws: CSVFault.strayQuote(line: 3)) { try read("room\na\n\"b\"c\n") }
    #expect(throws: CSVFault.strayQuote(line: 4)) { try read("room\na\n\"b\n\" \n") }
    #expect(throws: CSVFault.zeroByte(line: 2)) { try read("room\na\0b\n") }
    #expect(throws: CSVFault.notUTF8(byte: 10, line: 3)) {
      try CSVTable(Array("room\r\nab\r\n".utf8) + [0xD0, 0x0A], known: [])
    }
    // A surrogate, an overlong zero, a code point beyond Unicode.
    for bytes in [[0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF5, 0x80, 0x80, 0x80]] as [[UInt8]] {
      #expect(throws: CSVFault.notUTF8(byte: 0, line: 1)) { try CSVTable(bytes, known: []) }
    }
  }

  @Test("a cell of more than 16 MB is told, one of a megabyte is read")
  func longCell() throws {
    let fair = String(repeating: "x", count: 1 << 20)
    #expect(rows(try read("room\n\(fair)\n")) == [[fair]])
    let long = String(repeating: "x", count: 1 << 24)
    #expect(throws: CSVFault.cellTooLong(line: 2)) { try read("room\n\(long)x\n") }
  }

  @Test("what is written reads back", arguments: CSVDialect.allCases)
  func roundTrip(dialect: CSVDialect) throws {
    let cells = [
      ["plain", ""], ["a,b;c\td", "\""], ["", "\r\n"], ["x\ny", "«Ғимарат»"], [" padded ", "0.5"],
    ]
    let bytes = CSVWriter.table(
      header: ["room", "name"], rows: cells.map { $0.map { .text($0) } }, dialect: dialect)
    let table = try CSVTable(bytes, known: Self.known)
    #expect(table.header == ["room", "name"])
    #expect(rows(table) == cells)
  }

  @Test("random bytes never crash the reader and are always accounted for")
  func noise() {
    var generator = SplitMix(state: 7)
    let alphabet = Array("\",;\t\r\n\r\n\"ab\u{FEFF}ә\0".utf8) + [0xFF]
    for _ in 0..<4000 {
      let bytes = (0..<Int(generator.next() % 40)).map { _ in
        alphabet[Int(generator.next() % UInt64(alphabet.count))]
      }
      guard let table = try? CSVTable(bytes, known: ["a"]) else { continue }
      for row in 0..<table.rowCount {
        #expect(table.line(ofRow: row) <= bytes.count + 1)
        let filled = (0..<table.cellCount(ofRow: row)).contains {
          !table.text(row: row, column: $0).isEmpty
        }
        #expect(filled)
      }
    }
  }
}

/// A small generator, so that tests repeat.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Suite("Nearest name")
struct NearestNameTests {
  @Test(
    "an insertion, a deletion, a substitution and a swap of neighbours each cost one",
    arguments: [
      ("abc", "abxc", 1), ("abc", "ac", 1), ("abc", "axc", 1), ("abc", "acb", 1),
      ("", "abc", 3), ("abc", "abc", 0), ("ca", "abc", 3),
    ])
  func distance(a: String, b: String, cost: Int) {
    #expect(NearestName.distance(Array(a.unicodeScalars), Array(b.unicodeScalars)) == cost)
  }

  @Test("a far name is not suggested, another case of letters is")
  func near() {
    var nearest = NearestName()
    #expect(nearest.find("docnet", among: ["professor", "docent", "lecturer"]) == "docent")
    #expect(nearest.find("физика", among: ["МАТ", "ФИЗИКА"]) == "ФИЗИКА")
    #expect(nearest.find("xyz", among: ["professor", "docent"]) == nil)
  }

  @Test("the work over a whole reading is bounded")
  func budget() {
    var nearest = NearestName()
    let names = (0..<50_000).map { "teacher\($0)" }
    let found = (0..<10_000).count { nearest.find("taecher\($0)", among: names) != nil }
    #expect(found > 0)
    #expect(found < 10_000)
  }
}

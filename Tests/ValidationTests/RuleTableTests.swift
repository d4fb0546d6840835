// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing
import Validation

/// `Rules.md` against the source that it speaks of.
@Suite struct RuleTableTests {
  private struct Row {
    var text: String
    var place: String
    var tested: String
  }

  private static func text(of folder: String) throws -> String {
    let root = Shipped.root.appendingPathComponent(folder)
    let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    var result = ""
    while let file = files?.nextObject() as? URL {
      if file.pathExtension == "swift" { result += try String(contentsOf: file, encoding: .utf8) }
    }
    return result
  }

  private static func rows() throws -> [Row] {
    let table = try String(
      contentsOf: Shipped.root.appendingPathComponent("Sources/Validation/Rules.md"),
      encoding: .utf8)
    return table.split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard line.hasPrefix("| "), cells.count >= 7, cells[1] != "#" else { return nil }
      // A bar within a cell would make more of them.
      return Row(
        text: String(line), place: cells[4..<(cells.count - 2)].joined(separator: "|"),
        tested: cells[cells.count - 2])
    }
  }

  /// Words in backticks.
  private static func quoted(_ text: String) -> [String] {
    text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }
  }

  private static func codes(_ row: Row) -> [String] {
    quoted(row.place).filter { word in
      let parts = word.split(separator: ".")
      return parts.count == 2 && !["csv", "json", "yaml"].contains(String(parts[1]))
        && word.allSatisfy { $0.isLetter || $0 == "." }
    }
  }

  @Test func `every code of the table is one that a rule has or the source raises`() throws {
    let source = try Self.text(of: "Sources")
    let known = Set(CreditRule.allCases.map(\.rawValue) + RegisterRule.allCases.map(\.rawValue))
    var seen = 0
    for row in try Self.rows() {
      for code in Self.codes(row) {
        seen += 1
        #expect(known.contains(code) || source.contains("\"\(code)\""), "\(code): \(row.text)")
      }
    }
    #expect(seen > 40)
  }

  @Test
  func `codes of the registers stand at the commands that tell them, those of plans at validate`()
    throws
  {
    for row in try Self.rows() {
      for code in Self.codes(row) {
        if code.hasPrefix("attendance.") {
          #expect(row.place.contains("keste attendance"), "\(row.text)")
        }
        if code.hasPrefix("plan.") { #expect(row.place.contains("validate"), "\(row.text)") }
      }
    }
    let source = try Self.text(of: "Sources/keste")
    for row in try Self.rows() {
      for words in Self.quoted(row.place) where words.hasPrefix("keste ") {
        let command = words.split(separator: " ")[1]
        #expect(source.contains("commandName: \"\(command)\""), "\(words): \(row.text)")
      }
    }
  }

  @Test func `every test that the table names is there`() throws {
    let source = try Self.text(of: "Tests")
    var seen = 0
    for row in try Self.rows() where row.tested != "–" {
      let names = row.tested.split { !$0.isLetter && $0 != "/" && $0 != "_" }
        .filter { $0.hasSuffix("Tests") }
      #expect(!names.isEmpty, "\(row.text)")
      for name in names {
        seen += 1
        let suite = name.split(separator: "/").last ?? ""
        #expect(source.contains("struct \(suite)"), "\(name): \(row.text)")
      }
    }
    #expect(seen > 40)
    // What is tested nowhere says why: it is not judged, or holds by construction.
    for row in try Self.rows() where row.tested == "–" {
      #expect(
        row.place.contains("not judged") || row.place.contains("by construction"), "\(row.text)")
    }
  }
}

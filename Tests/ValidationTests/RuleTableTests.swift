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

  /// The text of the files that declare a suite or extend it.
  private static func source(of suites: [String], in files: [String]) -> String {
    files.filter { text in
      suites.contains { text.contains("struct \($0)") || text.contains("extension \($0)") }
    }.joined()
  }

  private static func suites(_ row: Row) -> [String] {
    row.tested.split { !$0.isLetter && $0 != "/" && $0 != "_" }
      .filter { $0.hasSuffix("Tests") }.map { String($0.split(separator: "/").last ?? "") }
  }

  /// The texts of the files of a folder.
  private static func files(of folder: String, _ isWanted: (URL) -> Bool) throws -> [String] {
    let root = Shipped.root.appendingPathComponent(folder)
    let all = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    var result: [String] = []
    while let file = all?.nextObject() as? URL {
      if isWanted(file) { result.append(try String(contentsOf: file, encoding: .utf8)) }
    }
    return result
  }

  /// The names by which tests speak of a code: itself, and the case of the rules that have it.
  private static func names(_ code: String) -> [String] {
    var result = ["\"\(code)\"", "\"\(code) "]
    if let rule = CreditRule(rawValue: code) { result.append(".\(rule)") }
    if let rule = RegisterRule(rawValue: code) { result.append(".\(rule)") }
    return result
  }

  @Test func `every code and hard rule of a row stands in a test that the row names`() throws {
    let files = try Self.files(of: "Tests") { $0.pathExtension == "swift" }
    let expected = try Self.files(of: "instances") { $0.lastPathComponent == "EXPECTED" }
    let known = Set(RuleCode.allCases.map(\.rawValue))
    var seen = 0
    for row in try Self.rows() where row.tested != "–" {
      let suites = Self.suites(row)
      var source = Self.source(of: suites, in: files)
      if suites.contains("BrokenInstancesTests") {
        source += expected.map { "\"" + $0 }.joined()
      }
      for code in Self.codes(row) {
        seen += 1
        #expect(
          Self.names(code).contains { source.contains($0) }, "\(code) in \(suites): \(row.text)")
      }
      let words = row.place.split { !$0.isLetter && !$0.isNumber && $0 != "." }
      for rule in Set(words.map(String.init)) where known.contains(rule) {
        seen += 1
        let isThere = source.contains(".\(rule.lowercased())") || source.contains("\"\(rule)")
        #expect(isThere, "\(rule) in \(suites): \(row.text)")
      }
    }
    #expect(seen > 80)
  }

  @Test func `every code of a rule and of the check stands in the table and in some test`() throws {
    let table = try String(
      contentsOf: Shipped.root.appendingPathComponent("Sources/Validation/Rules.md"),
      encoding: .utf8)
    let expected = try Self.files(of: "instances") { $0.lastPathComponent == "EXPECTED" }
    let tests =
      try Self.files(of: "Tests") { $0.pathExtension == "swift" }.joined()
      + expected.map { "\"" + $0 }.joined()
    let raised = try Self.files(of: "Sources/Curricula") { $0.pathExtension == "swift" }.joined()
    var codes = CreditRule.allCases.map(\.rawValue) + RegisterRule.allCases.map(\.rawValue)
    for word in raised.split(separator: "\"", omittingEmptySubsequences: false) {
      let parts = word.split(separator: ".", omittingEmptySubsequences: false)
      let isCode =
        parts.count == 2 && parts[1].count > 3 && parts[1].allSatisfy(\.isLetter)
        && (parts[0] == "sections" || RuleCode(rawValue: String(parts[0])) != nil)
      if isCode { codes.append(String(word)) }
    }
    #expect(Set(codes).count > 90)
    for code in Set(codes).sorted() {
      #expect(table.contains("`\(code)`"), "\(code) is not in Rules.md")
      #expect(Self.names(code).contains { tests.contains($0) }, "\(code) is in no test")
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

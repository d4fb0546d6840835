// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Formats
import Foundation
import University

/// What goes to standard output, and what to standard error.
struct Console: Sendable {
  /// Whether standard output gets one JSON object, and people's text goes to standard error.
  let isJSON: Bool
  /// Whether progress and people's text beside the result are left out.
  let isQuiet: Bool

  /// People's text: on standard output, or beside the JSON object on standard error.
  func say(_ text: String) {
    if isJSON {
      if !isQuiet { note(text) }
    } else {
      print(text)
    }
  }

  /// A line on standard error.
  func note(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }

  /// The one JSON object of a command, keys sorted.
  func emit(_ value: some Encodable) throws {
    guard isJSON else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    FileHandle.standardOutput.write(try encoder.encode(value) + Data("\n".utf8))
  }

  /// Runs a command; what rejects the input is told, in a language where it has its words, and becomes
  /// exit status 2.
  func run(_ language: Language? = nil, _ body: () throws -> ExitCode) throws {
    let code: ExitCode
    do {
      code = try body()
    } catch let rejected as InputRejected {
      code = try reject(rejected.diagnostics, language ?? .en)
    } catch let problem as FileProblem {
      code = try reject(
        [
          Diagnostic(
            .error, code: "file.\(problem.operation)", file: problem.path,
            problem: problem.description)
        ], language ?? .en)
    }
    if code != .success { throw code }
  }

  /// Tells why the input is rejected, and how much was found.
  private func reject(_ diagnostics: [Diagnostic], _ language: Language) throws -> ExitCode {
    for diagnostic in diagnostics { note(diagnostic.description(in: language)) }
    let errors = diagnostics.count { $0.severity == .error }
    note(
      language.says(
        "кіріс деректер қабылданбады, қате саны: \(errors)",
        "входные данные отклонены, ошибок: \(errors)",
        "input rejected: \(errors) \(errors == 1 ? "error" : "errors")"))
    try emit(Rejection(findings: diagnostics.map(FindingJSON.init)))
    return ExitCode(2)
  }

  private struct Rejection: Encodable {
    var exit_status = 2
    var findings: [FindingJSON]
  }
}

/// A diagnostic as JSON.
struct FindingJSON: Encodable {
  var severity: String
  var code: String
  var file: String?
  var line: Int?
  var column: String?
  var value: String?
  var problem: String
  var suggestion: String?
  var policy: String?
  var found: String?
  var required: String?
  var count: Int

  init(_ diagnostic: Diagnostic) {
    severity = diagnostic.severity.rawValue
    code = diagnostic.code
    file = diagnostic.file.isEmpty ? nil : diagnostic.file
    line = diagnostic.line
    column = diagnostic.column
    value = diagnostic.value
    problem = diagnostic.problem
    suggestion = diagnostic.suggestion
    policy = diagnostic.policy
    found = diagnostic.found
    required = diagnostic.required
    count = diagnostic.count
  }
}

/// A number for people as their language has it: whole numbers with thousands apart, others to two
/// places.
func shown(_ value: Double, _ language: Language) -> String {
  let english = shown(value)
  if language == .en { return english }
  return String(english.map { $0 == "," ? "\u{a0}" : $0 == "." ? "," : $0 })
}

/// A number for people: whole numbers with thousands apart, others to two places.
func shown(_ value: Double) -> String {
  let isWhole = value == value.rounded() && abs(value) < 1e15
  let digits = isWhole ? String(Int(value)) : String(format: "%.2f", value)
  let parts = digits.split(separator: ".")
  let sign = parts[0].hasPrefix("-") ? "-" : ""
  let whole = Array(parts[0].drop { $0 == "-" })
  var grouped = ""
  for (position, digit) in whole.enumerated() {
    if position > 0, (whole.count - position) % 3 == 0 { grouped.append(",") }
    grouped.append(digit)
  }
  return sign + grouped + (parts.count > 1 ? "." + parts[1] : "")
}

/// Rows with their columns under one another: the first to the left, the others to the right.
func tabulated(_ rows: [[String]], leading: Int = 1) -> [String] {
  let columns = rows.map(\.count).max() ?? 0
  let widths = (0..<columns).map { column in
    rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
  }
  return rows.map { row in
    let cells = row.enumerated().map { column, cell in
      let padding = String(repeating: " ", count: widths[column] - cell.count)
      return column < leading ? cell + padding : padding + cell
    }
    var line = cells.joined(separator: "  ")
    while line.last == " " { line.removeLast() }
    return line
  }
}

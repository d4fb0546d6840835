// SPDX-License-Identifier: GPL-3.0-or-later
internal import University

/// Gathers what one reading finds, so that everything is told at once.
final class Findings {
  private(set) var diagnostics: [Diagnostic] = []
  private var nearest = NearestName()
  private(set) var hasErrors = false

  func add(_ diagnostic: Diagnostic) {
    if diagnostic.severity == .error { hasErrors = true }
    diagnostics.append(diagnostic)
  }

  func error(
    _ code: String, file: String, line: Int? = nil, column: String? = nil, value: String? = nil,
    _ problem: String, suggestion: String? = nil
  ) {
    add(
      Diagnostic(
        .error, code: code, file: file, line: line, column: column, value: value.map(Self.shown),
        problem: problem, suggestion: suggestion))
  }

  func warning(
    _ code: String, file: String, line: Int? = nil, column: String? = nil, value: String? = nil,
    _ problem: String, suggestion: String? = nil
  ) {
    add(
      Diagnostic(
        .warning, code: code, file: file, line: line, column: column, value: value.map(Self.shown),
        problem: problem, suggestion: suggestion))
  }

  /// `did you mean "…"?` where some name is near.
  func suggestion(for word: String, among names: some Sequence<String>) -> String? {
    nearest.find(word, among: names).map { "did you mean \"\($0)\"?" }
  }

  /// Throws everything when there is an error in it.
  func throwErrors() throws(InputRejected) {
    if hasErrors { throw InputRejected(diagnostics) }
  }

  /// A value short enough to be shown.
  static func shown(_ value: String) -> String {
    let longest = 120
    guard value.utf8.count > longest else { return value }
    return String(value.unicodeScalars.prefix(longest)) + "…"
  }
}

/// The identifiers that a table defines.
struct Known {
  /// What a row is called: `teacher`, `room` …
  let what: String
  /// The file that defines them.
  let file: String
  /// The identifiers in the order of the file.
  private(set) var names: [String] = []
  private var lines: [String: Int] = [:]
  /// Whether the table could not be read to its end, or is empty where it must not be: then
  /// everything is taken for known, so that one fault is told once.
  var isBroken = false

  init(_ what: String, file: String, isBroken: Bool = false) {
    self.what = what
    self.file = file
    self.isBroken = isBroken
  }

  func contains(_ name: String) -> Bool { isBroken || lines[name] != nil }

  /// Whether an identifier is really there.
  func defines(_ name: String) -> Bool { lines[name] != nil }

  /// Notes an identifier; gives the line of an earlier one.
  mutating func insert(_ name: String, line: Int) -> Int? {
    if let first = lines[name] { return first }
    lines[name] = line
    names.append(name)
    return nil
  }
}

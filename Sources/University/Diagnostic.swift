// SPDX-License-Identifier: GPL-3.0-or-later

/// Something found in the input, with the place where it stands and what would be right.
public struct Diagnostic: Hashable, Sendable {
  /// How grave it is.
  public enum Severity: String, Sendable, CaseIterable {
    /// The input is rejected.
    case error
    /// No valid plan can exist; planning goes on and what can be planned is planned.
    case impossible
    /// Something is ignored or unusual.
    case warning
  }

  /// How grave it is.
  public var severity: Severity
  /// A stable word for the kind of fault, such as `csv.unknownReference`; tests look at it.
  public var code: String
  /// The file, relative to the folder read; empty where no single file is at fault.
  public var file: String
  /// The line, from 1.
  public var line: Int?
  /// The column of the table, or the path of a YAML key (`policy.group_cap`).
  public var column: String?
  /// The offending value.
  public var value: String?
  /// What is wrong, and what would be right.
  public var problem: String
  /// The nearest valid name, or another remedy.
  public var suggestion: String?
  /// The section of the academic policy that is the rule's source, such as `2.2`; nil where the
  /// rule is a matter of the files.
  public var policy: String?
  /// What there is: the number of the one side.
  public var found: String?
  /// What there must be: the number of the other side.
  public var required: String?
  /// The problem in the three languages; nil where it is told in English only.
  public var wording: Wording?
  /// The suggestion in the three languages; nil where it is told in English only.
  public var remedy: Wording?
  /// How many cases of the rule the finding stands for; at least 1.
  public var count = 1

  /// A diagnostic with all its parts.
  public init(
    _ severity: Severity, code: String, file: String = "", line: Int? = nil,
    column: String? = nil, value: String? = nil, problem: String, suggestion: String? = nil
  ) {
    self.severity = severity
    self.code = code
    self.file = file
    self.line = line
    self.column = column
    self.value = value
    self.problem = problem
    self.suggestion = suggestion
  }

  /// A diagnostic that is told in the three languages.
  public init(
    _ severity: Severity, code: String, file: String = "", line: Int? = nil,
    column: String? = nil, value: String? = nil, wording: Wording, remedy: Wording? = nil
  ) {
    self.init(
      severity, code: code, file: file, line: line, column: column, value: value,
      problem: wording[.en], suggestion: remedy?[.en])
    self.wording = wording
    self.remedy = remedy
  }
}

extension Diagnostic: CustomStringConvertible {
  /// `file:line: column C: "value": problem (suggestion) [code, policy 2.2]`; the end only where a
  /// section of the policy is named.
  public var description: String { description(in: .en) }

  /// The same in a language, as far as the finding has its words.
  public func description(in language: Language) -> String {
    let problem = wording?[language] ?? problem
    let told = wording == nil ? suggestion : remedy?[language]
    let suggestion = told.flatMap { $0.isEmpty ? nil : $0 }
    var parts: [String] = []
    if !file.isEmpty { parts.append(line.map { "\(file):\($0)" } ?? file) }
    if let column {
      parts.append(language.says("баған \(column)", "столбец \(column)", "column \(column)"))
    }
    if let value { parts.append("\"\(value)\"") }
    parts.append(suggestion.map { "\(problem) (\($0))" } ?? problem)
    let source =
      policy.map {
        language.says(
          " [\(code), саясат \($0)]", " [\(code), политика \($0)]", " [\(code), policy \($0)]")
      } ?? ""
    return "\(severity.word(in: language)): " + parts.joined(separator: ": ") + source
  }
}

extension Diagnostic.Severity {
  /// The word that a line begins with.
  public func word(in language: Language) -> String {
    switch self {
    case .error: language.says("қате", "ошибка", "error")
    case .impossible: language.says("мүмкін емес", "невозможно", "impossible")
    case .warning: language.says("ескерту", "предупреждение", "warning")
    }
  }
}

extension Diagnostic {
  /// The problem and what would mend it, without the place: for a page.
  public func sentence(in language: Language) -> String {
    let told = wording == nil ? suggestion : remedy?[language]
    let text = wording?[language] ?? problem
    return told.flatMap { $0.isEmpty ? nil : "\(text) (\($0))" } ?? text
  }
}

/// The input is rejected; carries everything found, errors and warnings.
public struct InputRejected: Error, Sendable {
  /// All that was found in one reading.
  public let diagnostics: [Diagnostic]

  /// Wraps what was found.
  public init(_ diagnostics: [Diagnostic]) {
    self.diagnostics = diagnostics
  }
}

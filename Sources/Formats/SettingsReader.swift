// SPDX-License-Identifier: GPL-3.0-or-later
internal import University
internal import Yams

/// A mapping of `instance.yaml` with its path; notes what is wrong with a line and the key's path.
///
/// A getter leaves the default where the key is absent, and notes a value of another type.
final class SettingsMap {
  static let file = "instance.yaml"

  let path: String
  let findings: Findings
  let line: Int?
  private let pairs: [(name: String, value: Node)]
  private var used: Set<String> = []

  init(_ mapping: Node.Mapping, path: String, findings: Findings) {
    self.path = path
    self.findings = findings
    line = mapping.mark?.line
    var pairs: [(String, Node)] = []
    for (key, value) in mapping {
      if let name = key.scalar?.string {
        pairs.append((name, value))
      } else {
        findings.error(
          "yaml.type", file: Self.file, line: key.mark?.line, column: path.isEmpty ? nil : path,
          "a key must be a word")
      }
    }
    self.pairs = pairs
  }

  func path(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  /// The keys in the order of the file.
  var keys: [String] { pairs.map(\.name) }

  /// A value; nil where the key is absent.
  func node(_ key: String) -> Node? {
    used.insert(key)
    return pairs.first { $0.name == key }?.value
  }

  func error(_ code: String, _ key: String, _ problem: String, suggestion: String? = nil) {
    let value = node(key)
    findings.error(
      code, file: Self.file, line: value?.mark?.line ?? line, column: path(of: key),
      value: value?.scalar?.string, problem, suggestion: suggestion)
  }

  func warning(_ code: String, _ key: String, _ problem: String, _ suggestion: String) {
    let value = node(key)
    findings.warning(
      code, file: Self.file, line: value?.mark?.line ?? line, column: path(of: key),
      value: value?.scalar?.string, problem, suggestion: suggestion)
  }

  /// Warns of the keys that nobody asked for.
  func warnOfUnknownKeys() {
    for (name, value) in pairs where !used.contains(name) {
      let known = used.sorted().filter { key in !pairs.contains { $0.name == key } }
      findings.warning(
        "yaml.unknownKey", file: Self.file, line: value.mark?.line, column: path(of: name),
        "unknown key, ignored", suggestion: findings.suggestion(for: name, among: known))
    }
  }

  /// A mapping within this one; nil where it is absent, or noted as none.
  func map(_ key: String, nullIsAbsent: Bool = false) -> SettingsMap? {
    guard let node = node(key) else { return nil }
    if nullIsAbsent, case .null = SettingsValue(node) { return nil }
    guard let mapping = node.mapping else {
      error("yaml.type", key, "a mapping of keys to values is needed")
      return nil
    }
    return SettingsMap(mapping, path: path(of: key), findings: findings)
  }

  /// A list; nil where it is absent, or noted as none.
  func list(_ key: String, of what: String) -> [Node]? {
    guard let node = node(key) else { return nil }
    guard let sequence = node.sequence else {
      error("yaml.type", key, "a list of \(what) is needed")
      return nil
    }
    return Array(sequence)
  }

  func whole(_ key: String, _ target: inout Int, from low: Int = 0, to high: Int? = nil) {
    guard let node = node(key) else { return }
    let limit = high ?? TableReader.largest
    switch SettingsValue(node) {
    case .number(let value) where value == value.rounded():
      guard value >= Double(low), value <= Double(limit) else {
        return error("yaml.range", key, "must be a whole number from \(low) to \(limit)")
      }
      target = Int(value)
    default:
      error("yaml.type", key, "a whole number from \(low) to \(limit) is needed")
    }
  }

  func decimal(_ key: String, _ target: inout Double, to high: Int? = nil) {
    guard let node = node(key) else { return }
    guard case .number(let value) = SettingsValue(node) else {
      return error("yaml.type", key, "a number is needed")
    }
    let limit = high ?? TableReader.largest
    guard value >= 0, value <= Double(limit) else {
      return error("yaml.range", key, "must be a number from 0 to \(limit)")
    }
    target = value
  }

  func flag(_ key: String, _ target: inout Bool) {
    guard let node = node(key) else { return }
    guard case .flag(let value) = SettingsValue(node) else {
      return error("yaml.type", key, "must be true or false")
    }
    target = value
  }

  func word<Word: RawRepresentable<String> & CaseIterable>(_ key: String, _ target: inout Word) {
    guard let node = node(key) else { return }
    guard let word = Word(rawValue: node.scalar?.string ?? "") else {
      let words = Word.allCases.map(\.rawValue)
      return error(
        "yaml.unknownWord", key, "must be one of \(words.joined(separator: ", "))",
        suggestion: findings.suggestion(for: node.scalar?.string ?? "", among: words))
    }
    target = word
  }

  /// A scalar as it is written; nil where it is absent or null.
  func text(_ key: String) -> String? {
    guard let node = node(key) else { return nil }
    guard let scalar = node.scalar else {
      error("yaml.type", key, "a word is needed")
      return nil
    }
    if case .null = SettingsValue(node) { return nil }
    return scalar.string
  }
}

/// A value as YAML 1.1 resolves it (<https://yaml.org/type/>): `yes` is true, `10:30` is 630.
enum SettingsValue {
  case null
  case flag(Bool)
  case number(Double)
  case text(String)
  case composite

  init(_ node: Node) {
    guard let scalar = node.scalar else {
      self = .composite
      return
    }
    guard scalar.style == .plain, scalar.tag.description != "tag:yaml.org,2002:str" else {
      self = .text(scalar.string)
      return
    }
    let text = scalar.string
    switch text {
    case "", "~", "null", "Null", "NULL": self = .null
    case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": self = .flag(true)
    case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": self = .flag(false)
    default: self = Self.number(text).map(SettingsValue.number) ?? .text(text)
    }
  }

  private static func number(_ text: String) -> Double? {
    var body = Substring(text)
    var sign = 1.0
    if let first = body.first, first == "-" || first == "+" {
      sign = first == "-" ? -1 : 1
      body = body.dropFirst()
    }
    guard let first = body.utf8.first, body.utf8.count <= 400 else { return nil }
    if [".inf", ".Inf", ".INF"].contains(body) { return sign * .infinity }
    guard (48...57).contains(first) || first == UInt8(ascii: ".") else { return nil }
    body = Substring(body.filter { $0 != "_" })
    if body.contains(":") { return sexagesimal(body).map { sign * $0 } }
    if body.utf8.allSatisfy({ (48...57).contains($0) }) {
      if body.count > 1 && first == 48 { return Int(body, radix: 8).map { sign * Double($0) } }
      return Double(body).map { sign * $0 }
    }
    if body.hasPrefix("0x") { return Int(body.dropFirst(2), radix: 16).map { sign * Double($0) } }
    if body.hasPrefix("0b") { return Int(body.dropFirst(2), radix: 2).map { sign * Double($0) } }
    guard body.contains("."), body.utf8.allSatisfy({ isOfFloat($0) }) else { return nil }
    return Double(body).map { sign * $0 }
  }

  private static func isOfFloat(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || ".eE+-".utf8.contains(byte)
  }

  /// Numbers of base 60, which is how YAML 1.1 reads `10:30`.
  private static func sexagesimal(_ text: Substring) -> Double? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard let first = parts.first?.utf8.first, (49...57).contains(first), parts.count <= 6 else {
      return nil
    }
    var value = 0.0
    for (index, part) in parts.enumerated() {
      guard !part.isEmpty, part.utf8.allSatisfy({ (48...57).contains($0) }),
        let number = Double(part), index == 0 || (part.count <= 2 && number < 60)
      else { return nil }
      value = value * 60 + number
    }
    return value
  }
}

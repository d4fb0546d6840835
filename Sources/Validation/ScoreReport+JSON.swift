// SPDX-License-Identifier: GPL-3.0-or-later
import University

extension ScoreReport {
  /// The report as one JSON object, keys sorted, the same report always the same bytes.
  ///
  /// Keys: `valid`; `violations`, by rule the `count` and the `first` messages, at most 20;
  /// `criteria` and `objective` by stage; `holiday_hours` by section; `holidays`, by section the
  /// hours, dates and proposals; `findings` of credits and curricula; `warnings`.
  public func json() -> String {
    var violations: [String: JSONValue] = [:]
    for (rule, count) in counts {
      let first = self.violations.lazy.filter { $0.rule == rule }.prefix(20).map(\.message)
      violations[rule.rawValue] = .object([
        "count": .number(Double(count)), "first": .array(first.map(JSONValue.string)),
      ])
    }
    var criteria: [String: JSONValue] = [:]
    var objective: [String: JSONValue] = [:]
    for stage in stages {
      criteria[stage.rawValue] = .object(
        (self.criteria(of: stage) ?? [:]).mapValues(JSONValue.number))
      objective[stage.rawValue] = .number(objectives[stage] ?? 0)
    }
    var hours: [String: JSONValue] = [:]
    var holidays: [String: JSONValue] = [:]
    for lost in lostHours {
      hours[lost.section.text] = .number(Double(lost.hours))
      holidays[lost.section.text] = .object([
        "hours": .number(Double(lost.hours)),
        "dates": .array(lost.dates.map { .string($0.description) }),
        "make_up": .array(lost.makeUp.map(\.json)),
      ])
    }
    let whole = JSONValue.object([
      "valid": .bool(isValid),
      "violations": .object(violations),
      "criteria": .object(criteria),
      "objective": .object(objective),
      "holiday_hours": .object(hours),
      "holidays": .object(holidays),
      "findings": .array(findings.map(\.json)),
      "warnings": .array(warnings.map(JSONValue.string)),
    ])
    return whole.text() + "\n"
  }
}

extension LostHours.MakeUp {
  fileprivate var json: JSONValue {
    .object([
      "date": .string(date.description),
      "slot": .number(Double(slot)),
      "room": room.map { .string($0.text) } ?? .null,
    ])
  }
}

extension Diagnostic {
  fileprivate var json: JSONValue {
    var members: [String: JSONValue] = [
      "severity": .string(severity.rawValue), "code": .string(code), "problem": .string(problem),
      "count": .number(Double(count)),
    ]
    if let line { members["line"] = .number(Double(line)) }
    if !file.isEmpty { members["file"] = .string(file) }
    let words = [
      "column": column, "value": value, "suggestion": suggestion, "policy": policy,
      "found": found, "required": required,
    ]
    for (key, word) in words { members[key] = word.map(JSONValue.string) }
    return .object(members)
  }
}

/// A value of RFC 8259.
private indirect enum JSONValue {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// The value with keys sorted by Unicode scalars, one space of indentation a level.
  func text(indent: Int = 0) -> String {
    let inner = String(repeating: " ", count: indent + 1)
    let outer = String(repeating: " ", count: indent)
    switch self {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    // JSON knows no infinity; a weight may be as large as an input allows, a sum stays finite.
    case .number(let value): return value.isFinite ? shortest(value) : "null"
    case .string(let value): return quoted(value)
    case .array(let values):
      if values.isEmpty { return "[]" }
      let items = values.map { inner + $0.text(indent: indent + 1) }
      return "[\n" + items.joined(separator: ",\n") + "\n\(outer)]"
    case .object(let members):
      if members.isEmpty { return "{}" }
      let keys = members.keys.sorted {
        $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars)
      }
      let items = keys.map { key in
        "\(inner)\(quoted(key)): \((members[key] ?? .null).text(indent: indent + 1))"
      }
      return "{\n" + items.joined(separator: ",\n") + "\n\(outer)}"
    }
  }

  private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

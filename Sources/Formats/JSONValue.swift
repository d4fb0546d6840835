// SPDX-License-Identifier: GPL-3.0-or-later

/// A JSON text is not well formed.
struct JSONFault: Error, Hashable {
  /// The line, from 1.
  let line: Int
  let problem: String
}

/// A value of JSON (RFC 8259). Whole numbers keep all their digits up to 64 bits, as seeds need.
enum JSONValue: Hashable {
  case null
  case flag(Bool)
  case whole(Int)
  /// A whole number beyond `Int`.
  case large(UInt64)
  case number(Double)
  case text(String)
  case list([JSONValue])
  case object([String: JSONValue])

  /// Reads a text; nothing but white space may follow the value.
  init(_ bytes: [UInt8]) throws(JSONFault) {
    var parser = JSONParser(bytes)
    self = try parser.document()
  }

  /// The value of a key of an object.
  subscript(key: String) -> JSONValue? {
    if case .object(let members) = self { members[key] } else { nil }
  }

  /// The number, whichever way it is written.
  var double: Double? {
    switch self {
    case .whole(let value): Double(value)
    case .large(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The text.
  var string: String? {
    if case .text(let value) = self { value } else { nil }
  }

  /// The number where it is whole and not negative.
  var unsigned: UInt64? {
    switch self {
    case .whole(let value): UInt64(exactly: value)
    case .large(let value): value
    case .number(let value): UInt64(exactly: value)
    default: nil
    }
  }

  /// JSON with sorted keys, one key a line.
  func written(indent: String = "") -> String {
    let inner = indent + " "
    switch self {
    case .null: return "null"
    case .flag(let value): return value ? "true" : "false"
    case .whole(let value): return String(value)
    case .large(let value): return String(value)
    case .number(let value): return value.isFinite ? CSVWriter.shortest(value) : "null"
    case .text(let value): return Self.quoted(value)
    case .list(let values):
      return "[" + values.map { $0.written(indent: inner) }.joined(separator: ", ") + "]"
    case .object(let members):
      if members.isEmpty { return "{}" }
      let keys = members.keys.sorted {
        $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars)
      }
      let lines = keys.map { key in
        "\(inner)\(Self.quoted(key)): \((members[key] ?? .null).written(indent: inner))"
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    }
  }

  private static func quoted(_ text: String) -> String {
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

/// A recursive-descent parser of bounded depth.
private struct JSONParser {
  private let bytes: [UInt8]
  private var position = 0
  private static let deepest = 200

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  mutating func document() throws(JSONFault) -> JSONValue {
    let value = try value(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw fault("something follows the value") }
    return value
  }

  private func fault(_ problem: String) -> JSONFault {
    JSONFault(line: CSVTable.line(of: min(position, bytes.count), in: bytes), problem: problem)
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
      position += 1
    }
  }

  private mutating func take(_ byte: Character) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == byte.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func take(word: String) -> Bool {
    guard bytes[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }

  private mutating func value(depth: Int) throws(JSONFault) -> JSONValue {
    guard depth < Self.deepest else { throw fault("nested too deeply") }
    skipSpace()
    guard position < bytes.count else { throw fault("a value is missing") }
    switch bytes[position] {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try list(depth: depth)
    case UInt8(ascii: "\""): return .text(try text())
    default: break
    }
    if take(word: "null") { return .null }
    if take(word: "true") { return .flag(true) }
    if take(word: "false") { return .flag(false) }
    return try number()
  }

  private mutating func object(depth: Int) throws(JSONFault) -> JSONValue {
    position += 1
    var members: [String: JSONValue] = [:]
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        throw fault("a key in quotes is needed")
      }
      let key = try text()
      guard take(":") else { throw fault("a colon is needed after \"\(key)\"") }
      members[key] = try value(depth: depth + 1)
    } while take(",")
    guard take("}") else { throw fault("a comma or } is needed") }
    return .object(members)
  }

  private mutating func list(depth: Int) throws(JSONFault) -> JSONValue {
    position += 1
    var values: [JSONValue] = []
    if take("]") { return .list(values) }
    repeat { values.append(try value(depth: depth + 1)) } while take(",")
    guard take("]") else { throw fault("a comma or ] is needed") }
    return .list(values)
  }

  private mutating func number() throws(JSONFault) -> JSONValue {
    let start = position
    while position < bytes.count,
      (48...57).contains(bytes[position]) || "+-.eE".utf8.contains(bytes[position])
    {
      position += 1
    }
    let digits = bytes[start..<position]
    let unsigned = digits.first == UInt8(ascii: "-") ? digits.dropFirst() : digits
    guard let first = unsigned.first, (48...57).contains(first), digits.count <= 400,
      !(first == 48 && unsigned.count > 1 && (48...57).contains(unsigned[unsigned.startIndex + 1]))
    else { throw fault("a value is needed") }
    let text = String(decoding: digits, as: UTF8.self)
    if let value = Int(text) { return .whole(value) }
    if let value = UInt64(text) { return .large(value) }
    guard let value = Double(text) else { throw fault("\(text) is no number") }
    return .number(value)
  }

  private mutating func text() throws(JSONFault) -> String {
    position += 1
    var result: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: result, as: UTF8.self)
      case UInt8(ascii: "\\"): result += Array(String(try escaped()).utf8)
      case 0..<0x20:
        position -= 1
        throw fault("a line break or control character stands in a text")
      default: result.append(byte)
      }
    }
    throw fault("a text never ends")
  }

  private mutating func escaped() throws(JSONFault) -> Unicode.Scalar {
    guard position < bytes.count else { throw fault("a text never ends") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "u"):
      let high = try code()
      if let scalar = Unicode.Scalar(high) { return scalar }
      let isPair = high < 0xDC00 && take(word: "\\u")
      let low = isPair ? try code() : 0
      guard (0xDC00...0xDFFF).contains(low) else { return "\u{FFFD}" }
      return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
    default: throw fault("an unknown escape")
    }
  }

  private mutating func code() throws(JSONFault) -> UInt32 {
    guard position + 4 <= bytes.count,
      bytes[position..<position + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let value = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
    else { throw fault("four hexadecimal digits are needed") }
    position += 4
    return value
  }
}

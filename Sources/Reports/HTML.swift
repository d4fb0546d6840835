// SPDX-License-Identifier: GPL-3.0-or-later

/// HTML under construction, well-formed as XML too: elements close by construction, and every text
/// and attribute is escaped, so no name of the input can become markup.
struct HTML {
  private(set) var markup = ""

  /// Adds text.
  mutating func text(_ text: String) {
    Self.escape(text, into: &markup)
  }

  /// Adds an element with what the closure adds to it.
  mutating func element(
    _ tag: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:],
    _ content: (inout HTML) throws -> Void
  ) rethrows {
    open(tag, attributes)
    markup += ">"
    try content(&self)
    markup += "</\(tag)>"
  }

  /// Adds an element that holds only text.
  mutating func element(
    _ tag: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:], _ text: String
  ) {
    element(tag, attributes) { $0.text(text) }
  }

  /// Adds an element that can hold nothing, such as `br`.
  mutating func empty(
    _ tag: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:]
  ) {
    open(tag, attributes)
    markup += " />"
  }

  /// Adds a line break, for those who read the source.
  mutating func newline() {
    markup += "\n"
  }

  private mutating func open(
    _ tag: StaticString, _ attributes: KeyValuePairs<StaticString, String>
  ) {
    markup += "<\(tag)"
    for (name, value) in attributes {
      markup += " \(name)=\""
      Self.escape(value, into: &markup)
      markup += "\""
    }
  }

  /// Escapes `& < > " '` and drops what XML forbids: control characters but tab and line breaks,
  /// and U+FFFE, U+FFFF.
  static func escape(_ text: String, into output: inout String) {
    // Most texts hold nothing to escape; U+FFFE and U+FFFF are EF BF BE and EF BF BF in UTF-8.
    let plain = text.utf8.allSatisfy { byte in
      switch byte {
      case 0..<0x20, UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"),
        UInt8(ascii: "\""), UInt8(ascii: "'"), 0xEF:
        false
      default: true
      }
    }
    if plain {
      output += text
      return
    }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": output += "&amp;"
      case "<": output += "&lt;"
      case ">": output += "&gt;"
      case "\"": output += "&quot;"
      case "'": output += "&#39;"
      case "\t", "\n", "\r": output += " "
      default:
        if scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF { continue }
        output.unicodeScalars.append(scalar)
      }
    }
  }
}

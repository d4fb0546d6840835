// SPDX-License-Identifier: GPL-3.0-or-later

/// Names of files for identifiers of any script: a transliteration that people can read, and a
/// hash that keeps different identifiers apart.
///
/// A name depends only on its identifier, so that links stay good when the plan is published again.
struct FileNames {
  private var names: [String: String] = [:]

  /// Names the files of the given identifiers. Should two hashes collide, the later one gets a
  /// longer name.
  init(_ identifiers: some Sequence<String>) {
    var taken: Set<String> = []
    for identifier in identifiers where names[identifier] == nil {
      var name = Self.name(of: identifier)
      var round: UInt64 = 1
      while !taken.insert(name).inserted {
        name = Self.name(of: identifier) + "-" + Self.hex(fnv1a(identifier, salt: round))
        round += 1
      }
      names[identifier] = name
    }
  }

  /// The name without extension: of the characters `a-z 0-9 _ -` only.
  subscript(identifier: String) -> String {
    names[identifier] ?? Self.name(of: identifier)
  }

  /// Transliteration (at most 40 characters) and ten hexadecimal digits.
  static func name(of identifier: String) -> String {
    var readable = ""
    for scalar in identifier.lowercased().unicodeScalars {
      if readable.utf8.count >= 40 { break }
      switch scalar {
      case "a"..."z", "0"..."9", "_": readable.unicodeScalars.append(scalar)
      default:
        let latin = transliteration[scalar] ?? "-"
        if latin == "-", readable.isEmpty || readable.hasSuffix("-") { continue }
        readable += latin
      }
    }
    while readable.hasSuffix("-") { readable.removeLast() }
    let hash = hex(fnv1a(identifier)).prefix(10)
    return readable.isEmpty ? String(hash) : "\(readable)-\(hash)"
  }

  /// Sixteen hexadecimal digits.
  static func hex(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Russian and Kazakh letters in Latin ones.
  private static let transliteration: [Unicode.Scalar: String] = [
    "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "е": "e", "ё": "e",
    "ж": "zh", "з": "z", "и": "i", "й": "i", "к": "k", "қ": "q", "л": "l", "м": "m", "н": "n",
    "ң": "n", "о": "o", "ө": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ұ": "u",
    "ү": "u", "ф": "f", "х": "h", "һ": "h", "ц": "c", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "",
    "ы": "y", "і": "i", "ь": "", "э": "e", "ю": "yu", "я": "ya",
  ]
}

/// The 64-bit hash FNV-1a of a text's UTF-8 bytes; the salt gives further independent hashes.
///
/// Source: G. Fowler, L. C. Noll, K.-P. Vo, D. Eastlake, "The FNV Non-Cryptographic Hash
/// Algorithm" (RFC 9923).
func fnv1a(_ text: String, salt: UInt64 = 0) -> UInt64 {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for shift in stride(from: UInt64(0), to: salt == 0 ? 0 : 64, by: 8) {
    hash = (hash ^ (salt >> shift & 0xff)) &* 0x100_0000_01b3
  }
  for byte in text.utf8 {
    hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
  }
  return hash
}

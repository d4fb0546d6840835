// SPDX-License-Identifier: GPL-3.0-or-later

/// Names that every reader of MPS and LP files accepts, one for each row or column.
///
/// A name is the kind's letter, the position, and what is left of the model's own name: letters of
/// ASCII, digits and underscores. The letter and position make it unique, keep it from being a
/// keyword or a number, and lead back to the model; 60 characters keep below every reader's limit.
enum ExportNames {
  private static let limit = 60

  static func column(_ index: Int, _ name: String) -> String { make("x", index, name) }

  static func row(_ index: Int, _ name: String) -> String { make("r", index, name) }

  private static func make(_ letter: String, _ index: Int, _ name: String) -> String {
    let prefix = letter + String(index)
    return name.isEmpty ? prefix : String((prefix + "_" + sanitised(name)).prefix(limit))
  }

  /// The name with every other character as an underscore.
  static func sanitised(_ name: String) -> String {
    String(
      name.map { character in
        character.isASCII && (character.isLetter || character.isNumber) ? character : "_"
      })
  }

  /// The shortest decimal that reads back as the number.
  static func number(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
    return String(value)
  }
}

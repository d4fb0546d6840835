// SPDX-License-Identifier: GPL-3.0-or-later
public import University

extension PlanDifference.SectionChange.Field {
  /// The column and both its values for people: `вид: лекция → практическое занятие`.
  ///
  /// - Parameter language: The language to say it in.
  /// - Returns: The text; a dash stands for no value.
  public func text(in language: Language) -> String {
    "\(title(in: language)): \(value(before, language)) → \(value(after, language))"
  }

  private func title(in language: Language) -> String {
    switch name {
    case "discipline": language.says("пән", "дисциплина", "discipline")
    case "kind": language.says("түрі", "вид", "kind")
    case "language": language.says("тілі", "язык", "language")
    case "parent": language.says("лек", "поток", "stream")
    case "hours": language.says("сағат", "часы", "hours")
    default: name
    }
  }

  private func value(_ text: String, _ language: Language) -> String {
    let word: String? =
      switch name {
      case "kind": TeachingKind(rawValue: text)?.word(in: language)
      case "language": Language(rawValue: text).map { language.name(of: $0) }
      default: nil
      }
    return word ?? (text.isEmpty ? "–" : text)
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later

/// One text in the three languages.
public struct Wording: Hashable, Sendable {
  private var kk: String
  private var ru: String
  private var en: String

  /// What a function says in each language.
  public init(_ text: (Language) -> String) {
    kk = text(.kk)
    ru = text(.ru)
    en = text(.en)
  }

  /// The three texts.
  public init(_ kk: String, _ ru: String, _ en: String) {
    self.kk = kk
    self.ru = ru
    self.en = en
  }

  /// A name, which is the same in all languages.
  public init(name: String) {
    self.init(name, name, name)
  }

  /// The text in a language.
  public subscript(language: Language) -> String {
    language.says(kk, ru, en)
  }
}

extension Language {
  /// The one of three texts that is in this language.
  public func says(_ kk: String, _ ru: String, _ en: String) -> String {
    switch self {
    case .kk: kk
    case .ru: ru
    case .en: en
    }
  }

  /// The first names, then how many more there are.
  public func listed(_ names: [String], most: Int = 6) -> String {
    let more = names.count - most
    return names.prefix(most).joined(separator: ", ")
      + (more > 0 ? says(" және тағы \(more)", " и ещё \(more)", " and \(more) more") : "")
  }
}

extension TeachingKind {
  /// The kind within a sentence: `lecture`, `лекция`, `дәріс`.
  public func word(in language: Language) -> String {
    switch self {
    case .lecture: language.says("дәріс", "лекция", "lecture")
    case .practice: language.says("практикалық сабақ", "практическое занятие", "practice")
    case .lab: language.says("зертханалық сабақ", "лабораторное занятие", "lab")
    }
  }
}

extension Weekday {
  /// The short name within a sentence: `mon`, `пн`, `дс`.
  public func word(in language: Language) -> String {
    switch self {
    case .monday: language.says("дс", "пн", code)
    case .tuesday: language.says("сс", "вт", code)
    case .wednesday: language.says("ср", "ср", code)
    case .thursday: language.says("бс", "чт", code)
    case .friday: language.says("жм", "пт", code)
    case .saturday: language.says("сн", "сб", code)
    case .sunday: language.says("жк", "вс", code)
    }
  }
}

extension Availability {
  /// Day, slots and weeks of a row: `mon in slots 3–6 (weeks 101…)`.
  public func words(in language: Language) -> String {
    let name =
      day?.word(in: language) ?? language.says("күн сайын", "ежедневно", "every day")
    let span = from == to ? "\(from)" : "\(from)–\(to)"
    var text = language.says(
      "\(name), \(span) сағат", from == to ? "\(name), час \(span)" : "\(name), часы \(span)",
      from == to ? "\(name) in slot \(span)" : "\(name) in slots \(span)")
    if weeks.count != weeks.weeks {
      text += language.says(" (апталар \(weeks))", " (недели \(weeks))", " (weeks \(weeks))")
    }
    return text
  }
}

extension Pin {
  /// What the pin asks for: teacher, weeks, day, slot, room.
  public func demand(in language: Language) -> String {
    [
      teacher.map { language.says("оқытушы \($0)", "преподаватель \($0)", "teacher \($0)") },
      weeks.map { language.says("апталар \($0)", "недели \($0)", "weeks \($0)") },
      day?.word(in: language),
      slot.map { language.says("\($0)-сағат", "час \($0)", "slot \($0)") },
      room.map { language.says("аудитория \($0)", "аудитория \($0)", "room \($0)") },
    ].compactMap { $0 }.joined(separator: ", ")
  }

  /// What the pin is about: the kind and discipline, and the group where one is named.
  public func subject(in language: Language) -> String {
    let kind = kind.word(in: language)
    let whose = group.map { language.says(" (\($0) тобы)", " (группа \($0))", " of \($0)") } ?? ""
    return language.says(
      "\(discipline) (\(kind))\(whose)", "\(kind) \(discipline)\(whose)",
      "the \(kind) of \(discipline)\(whose)")
  }
}

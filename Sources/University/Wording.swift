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

extension Language {
  /// In what language something is taught: `in Kazakh`.
  public func taught(in language: Language) -> String {
    switch self {
    case .kk: language.says("қазақ тілінде", "на казахском языке", "in Kazakh")
    case .ru: language.says("орыс тілінде", "на русском языке", "in Russian")
    case .en: language.says("ағылшын тілінде", "на английском языке", "in English")
    }
  }
}

extension WeekPattern {
  /// The weeks within a sentence: `every week`, `odd weeks`, `weeks 1–5, 9`.
  public func words(in language: Language) -> String {
    if self == .all(weeks) { return language.says("барлық апта", "все недели", "every week") }
    if self == .odd(weeks) { return language.says("тақ апталар", "нечётные недели", "odd weeks") }
    if self == .even(weeks) { return language.says("жұп апталар", "чётные недели", "even weeks") }
    var spans: [String] = []
    var week = 0
    while week < weeks {
      var end = week
      while end < weeks, holds(week: end) { end += 1 }
      if end > week {
        spans.append(end == week + 1 ? "\(end)" : "\(week + 1)–\(end)")
      }
      week = max(end, week + 1)
    }
    let list = spans.joined(separator: ", ")
    return count == 1
      ? language.says("\(list)-апта", "неделя \(list)", "week \(list)")
      : language.says("\(list)-апталар", "недели \(list)", "weeks \(list)")
  }
}

extension Availability {
  /// The cells of a row as they are written in the file: `B-203 mon 1–6 odd`.
  public var cells: String {
    let subject =
      switch subject {
      case .teacher(let id): id.text
      case .room(let id): id.text
      case .group(let id): id.text
      }
    let day = day?.code ?? "all"
    let weeks = weeks.count == weeks.weeks ? "" : " \(weeks)"
    return "\(subject) \(day) \(from)–\(to)\(weeks)"
  }

  /// Day, slots and weeks of a row: `mon in slots 3–6 (weeks 101…)`.
  public func words(in language: Language) -> String {
    let name =
      day?.word(in: language) ?? language.says("күн сайын", "ежедневно", "every day")
    let span = from == to ? "\(from)" : "\(from)–\(to)"
    var text = language.says(
      "\(name), \(span) сағат", from == to ? "\(name), час \(span)" : "\(name), часы \(span)",
      from == to ? "\(name) in slot \(span)" : "\(name) in slots \(span)")
    if weeks.count != weeks.weeks {
      text += " (\(weeks.words(in: language)))"
    }
    return text
  }
}

extension Pin {
  /// What the pin asks for: teacher, weeks, day, slot, room.
  public func demand(in language: Language) -> String {
    let time = time(in: language)
    return [
      teacher.map { language.says("оқытушы \($0)", "преподаватель \($0)", "teacher \($0)") },
      time.isEmpty ? nil : time,
      room.map { language.says("аудитория \($0)", "аудитория \($0)", "room \($0)") },
    ].compactMap { $0 }.joined(separator: ", ")
  }

  /// Weeks, day and slot that the pin asks for.
  public func time(in language: Language) -> String {
    [
      weeks.map { $0.words(in: language) },
      day?.word(in: language),
      slot.map { language.says("\($0)-сағат", "час \($0)", "slot \($0)") },
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

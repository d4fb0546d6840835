// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// Why the sections of a discipline in one language are as they are.
public struct SectionExplanation: Sendable, Hashable {
  /// The sections of one kind.
  public struct Part: Sendable, Hashable {
    /// Lecture, practice or lab.
    public var kind: TeachingKind
    /// The norm; nil for lectures.
    public var norm: Int?
    /// Students of a section at most; nil for no limit.
    public var cap: Int?
    /// The largest suitable room, where it is what limits the sections.
    public var room: RoomID?
    /// The sections' sizes, in their order.
    public var sizes: [Int]
    /// The fewest sections that the cap allows.
    public var fewest: Int
    /// Academic groups that are in more sections than the cap forces.
    public var splitGroups: [GroupID]
    /// Sections below `min_section_size`.
    public var undersized: Int
    /// By section, in the order of ``sizes``, the size from which it covers its own hours, nil for
    /// one that has none; empty where the policy gives no prices.
    public var breakEvenSizes: [Int?] = []
  }

  /// The discipline.
  public var discipline: DisciplineID
  /// The language of teaching.
  public var language: Language
  /// Students enrolled.
  public var enrolled: Int
  /// The kinds that have hours.
  public var parts: [Part]
  /// Weighted cost of these sections; nil where they were decided beforehand.
  public var cost: Double?
  /// A lower bound of ``cost``.
  public var bound: Double?

  /// Whether nothing cheaper exists.
  public var isOptimal: Bool {
    guard let cost, let bound else { return false }
    return cost - bound < 0.01
  }

  /// The explanation for people, a line a kind.
  public func lines(in language: Language) -> [String] {
    parts.map { line($0, language) }
  }

  struct Key: Hashable {
    var discipline: DisciplineID
    var language: Language

    init(_ discipline: DisciplineID, _ language: Language) {
      self.discipline = discipline
      self.language = language
    }
  }

  struct Proof {
    var cost: Double
    var bound: Double
  }

  /// Explanations of sections, by discipline in the order of the file and language.
  static func all(
    _ institution: Institution, _ sections: Table<Section>, _ proofs: [Key: Proof]
  ) -> [SectionExplanation] {
    var byKey: [Key: [Section]] = [:]
    for section in sections {
      byKey[Key(section.discipline, section.language), default: []].append(section)
    }
    let economy = SectionEconomy(institution, sections)
    var result: [SectionExplanation] = []
    for discipline in institution.disciplines {
      for language in Language.allCases {
        let key = Key(discipline.id, language)
        guard let own = byKey[key] else { continue }
        let parts = discipline.kinds.compactMap { kind -> Part? in
          let ofKind = own.filter { $0.kind == kind }
          guard !ofKind.isEmpty else { return nil }
          var part = part(institution, discipline, kind, ofKind)
          if let economy { part.breakEvenSizes = ofKind.map { economy.breakEvenSize(of: $0) } }
          return part
        }
        let enrolled = Set(own.flatMap(\.students)).count
        result.append(
          SectionExplanation(
            discipline: discipline.id, language: language, enrolled: enrolled, parts: parts,
            cost: proofs[key]?.cost, bound: proofs[key]?.bound))
      }
    }
    return result
  }

  private static func part(
    _ institution: Institution, _ discipline: Discipline, _ kind: TeachingKind,
    _ sections: [Section]
  ) -> Part {
    var ignored: [Diagnostic] = []
    let rules = KindRules(institution, discipline, kind, &ignored)
    let students = sections.reduce(0) { $0 + $1.students.count }
    var spread: [GroupID: (students: Int, sections: Int)] = [:]
    for section in sections {
      let groups = section.students.compactMap { institution.students[$0]?.group }
      for group in Set(groups) { spread[group, default: (0, 0)].sections += 1 }
      for group in groups { spread[group, default: (0, 0)].students += 1 }
    }
    let isRoom = rules.cap < KindRules.unlimited && rules.cap < (rules.norm ?? .max)
    let room =
      isRoom
      ? institution.rooms.first {
        $0.capacity == rules.cap && institution.suits($0, discipline, kind)
      }?.id : nil
    return Part(
      kind: kind, norm: rules.norm, cap: rules.cap < KindRules.unlimited ? rules.cap : nil,
      room: room, sizes: sections.map(\.students.count), fewest: rules.fewest(students),
      splitGroups: spread.filter { $0.value.sections > rules.allowed($0.value.students) }
        .keys.sorted(),
      undersized: sections.count { $0.students.count < rules.leastSize })
  }
}

// MARK: - Wording

extension SectionExplanation {
  private func line(_ part: Part, _ printed: Language) -> String {
    let words = Words(printed)
    var text = words.enrolled(enrolled, language)
    if let cap = part.cap {
      text += ", \(words.cap) \(cap)"
      if let room = part.room { text += " (\(words.room) \(room))" }
    }
    text += ": \(words.kind(part.kind)) × \(part.sizes.count) = "
    text += part.sizes.map(String.init).joined(separator: " + ")
    if part.sizes.count > part.fewest { text += "; \(words.fewest) \(part.fewest)" }
    if !part.splitGroups.isEmpty {
      text += "; \(words.split): " + part.splitGroups.map(\.text).joined(separator: ", ")
    }
    let breakEven = Self.text(part.breakEvenSizes)
    if !breakEven.isEmpty { text += "; \(words.breakEven) \(breakEven)" }
    if part.undersized > 0 { text += "; \(words.undersized): \(part.undersized)" }
    return text
  }

  /// From so many sections on the range of their break-even sizes is printed.
  private static let manySections = 5

  /// The sizes by section, or from which to which; empty where no section has one.
  private static func text(_ sizes: [Int?]) -> String {
    func word(_ size: Int) -> String { size < SectionEconomy.never ? "\(size)" : "∞" }
    let known = sizes.compactMap(\.self)
    guard let least = known.min(), let most = known.max() else { return "" }
    if sizes.count >= manySections {
      return least == most ? word(least) : "\(word(least))–\(word(most))"
    }
    return sizes.map { $0.map(word) ?? "–" }.joined(separator: ", ")
  }

  private struct Words {
    private let language: Language

    init(_ language: Language) { self.language = language }

    private func pick(_ kk: String, _ ru: String, _ en: String) -> String {
      switch language {
      case .kk: kk
      case .ru: ru
      case .en: en
      }
    }

    func enrolled(_ count: Int, _ taught: Language) -> String {
      let name =
        switch taught {
        case .kk: pick("қазақ тілінде", "на казахском", "in Kazakh")
        case .ru: pick("орыс тілінде", "на русском", "in Russian")
        case .en: pick("ағылшын тілінде", "на английском", "in English")
        }
      return pick(
        "\(name) \(count) жазылған", "записано \(count) \(name)", "\(count) enrolled \(name)")
    }

    func kind(_ kind: TeachingKind) -> String {
      switch kind {
      case .lecture: pick("ағын", "поток", "stream")
      case .practice: pick("топ", "группа", "group")
      case .lab: pick("кіші топ", "подгруппа", "subgroup")
      }
    }

    var cap: String { pick("шегі", "предел", "at most") }
    var room: String { pick("аудитория", "аудитория", "room") }
    var fewest: String { pick("саны бойынша ең азы", "по числу хватило бы", "by number enough:") }
    var split: String { pick("бөлінген топтар", "разделены группы", "groups divided") }
    var breakEven: String { pick("өтелу мөлшері", "окупается с", "break-even size") }
    var undersized: String { pick("толмағандар", "неполных", "undersized") }
  }
}

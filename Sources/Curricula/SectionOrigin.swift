// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// How one section came about: its groups, what binds its students, and whether it could be one
/// with another.
public struct SectionOrigin: Sendable {
  /// Students of an academic group.
  public struct Share: Hashable, Sendable {
    /// The group.
    public var group: GroupID
    /// Its students in this section.
    public var here: Int
    /// Its students in other sections of the discipline, kind and language.
    public var elsewhere: Int
  }

  /// What two sections would be as one.
  public struct Merge: Hashable, Sendable {
    /// Why they cannot be one.
    public enum Obstacle: Hashable, Sendable {
      /// S2, S3: together they are above the cap.
      case cap(Int)
      /// S5: they belong to different streams.
      case parents
      /// S6: their students chose different teachers.
      case teachers
    }

    /// The other section.
    public var other: SectionID
    /// Students of both.
    public var size: Int
    /// The objective with them as one less the objective as it is; nil where a rule forbids it.
    public var cost: Double?
    /// What forbids it.
    public var obstacle: Obstacle?
  }

  /// The section.
  public var section: Section
  /// All sections of its discipline and language.
  public var explanation: SectionExplanation
  /// Its groups, in the order of the file.
  public var groups: [Share]
  /// Teachers whom its students chose, with how many did; those who are not fit are left out.
  public var choices: [(teacher: TeacherID, students: Int)]
  /// Pins that name one of its groups, or all of the discipline's sections of its kind.
  public var pins: Int
  /// The size from which it covers its own hours, its students' other sections of the discipline
  /// being as they are; nil where the policy gives no prices.
  public var breakEven: Int?
  /// Whether it is below `min_section_size`.
  public var isUndersized: Bool
  /// The other sections of its discipline, kind and language.
  public var merges: [Merge]
  /// What its students could take instead, by the labels of curriculum.csv.
  public var alternatives: [(student: StudentID, disciplines: [DisciplineID])]

  /// How a section came about; nil where there is no such section.
  public init?(
    _ id: SectionID, _ institution: Institution, _ sections: University.Table<Section>
  ) {
    guard let section = sections[id],
      let discipline = institution.disciplines[section.discipline]
    else { return nil }
    let kin = sections.filter { $0.discipline == section.discipline }
    guard
      let explanation = SectionExplanation.all(institution, Table(kin), [:])
        .first(where: { $0.language == section.language })
    else { return nil }
    self.section = section
    self.explanation = explanation
    let siblings = kin.filter {
      $0.kind == section.kind && $0.language == section.language && $0.id != id
    }
    func count(_ students: [StudentID]) -> [GroupID: Int] {
      var result: [GroupID: Int] = [:]
      for student in students {
        if let group = institution.students[student]?.group { result[group, default: 0] += 1 }
      }
      return result
    }
    let here = count(section.students)
    let others = count(siblings.flatMap(\.students))
    groups = institution.groups.compactMap { group in
      here[group.id].map {
        Share(group: group.id, here: $0, elsewhere: others[group.id] ?? 0)
      }
    }
    func chosen(_ section: Section) -> [TeacherID: Int] {
      var result: [TeacherID: Int] = [:]
      for student in section.students {
        guard
          let teacher = institution.enrolments[Enrolment.Key(student, section.discipline)]?
            .chosenTeacher(section.kind), let row = institution.teachers[teacher],
          institution.unfitness(of: row, for: .teaching(section.kind), in: section.discipline)
            == nil
        else { continue }
        result[teacher, default: 0] += 1
      }
      return result
    }
    let own = chosen(section)
    choices = own.keys.sorted().map { ($0, own[$0] ?? 0) }
    pins = institution.pins.count { pin in
      pin.discipline == section.discipline && pin.kind == section.kind
        && (pin.group.map { here[$0] != nil } ?? true)
    }
    breakEven = SectionEconomy(institution, Table(kin))?.breakEvenSize(of: section)
    isUndersized = section.students.count < institution.policy.minSectionSize
    let weights = institution.weights.sections
    let now = weights.objective(Curricula.exactSectionCriteria(institution, Table(kin)))
    let cap = institution.cap(of: discipline, section.kind)
    merges = siblings.map { other in
      var merge = Merge(
        other: other.id, size: section.students.count + other.students.count, cost: nil,
        obstacle: nil)
      if let cap, merge.size > cap {
        merge.obstacle = .cap(cap)
      } else if section.kind != .lecture, section.parent != other.parent {
        merge.obstacle = .parents
      } else if Set(own.keys).union(chosen(other).keys).count > 1 {
        merge.obstacle = .teachers
      } else {
        let joined = kin.compactMap { row -> Section? in
          if row.id == other.id { return nil }
          guard row.id == id else { return row }
          var one = row
          one.students += other.students
          return one
        }
        let after = weights.objective(Curricula.exactSectionCriteria(institution, Table(joined)))
        merge.cost = after - now
      }
      return merge
    }
    alternatives = section.students.map {
      ($0, institution.alternatives(to: section.discipline, for: $0))
    }
  }

  /// The origin for people.
  public func lines(in printed: Language) -> [String] {
    func pick(_ kk: String, _ ru: String, _ en: String) -> String {
      switch printed {
      case .kk: kk
      case .ru: ru
      case .en: en
      }
    }
    let size = section.students.count
    var result =
      explanation.parts.firstIndex { $0.kind == section.kind }
      .map { [explanation.lines(in: printed)[$0]] } ?? []
    result.append(
      pick("Мұнда \(size) студент", "Здесь \(size) студ.", "Here are \(size) students") + ": "
        + groups.map { share in
          "\(share.group) \(share.here)"
            + (share.elsewhere > 0 ? "/\(share.here + share.elsewhere)" : "")
        }.joined(separator: ", "))
    if let parent = section.parent {
      result.append(pick("Ағыны", "Поток", "Stream") + ": \(parent)")
    }
    for (teacher, students) in choices {
      result.append(
        pick(
          "\(students) студент \(teacher) оқытушысын таңдаған",
          "\(students) студ. выбрали преподавателя \(teacher)",
          "\(students) students chose teacher \(teacher)"))
    }
    if pins > 0 { result.append(pick("Бекітулер", "Закреплений", "Pins") + ": \(pins)") }
    if let breakEven {
      result.append(
        pick("Өтелу мөлшері", "Окупается с", "Break-even size") + ": "
          + (breakEven < SectionEconomy.never ? "\(breakEven)" : "∞")
          + (size < breakEven
            ? pick(" – өтелмейді", " – не окупается", " – does not cover its cost") : ""))
    }
    for merge in merges {
      let name = pick(
        "\(merge.other)-мен бірге \(merge.size)", "вместе с \(merge.other) – \(merge.size)",
        "together with \(merge.other) \(merge.size)")
      switch merge.obstacle {
      case .cap(let cap)?:
        result.append("\(name): " + pick("шегі", "предел", "at most") + " \(cap)")
      case .parents?:
        result.append("\(name): " + pick("басқа ағын", "другой поток", "another stream") + " (S5)")
      case .teachers?:
        result.append(
          "\(name): "
            + pick("басқа оқытушы таңдалған", "выбраны разные преподаватели", "other teachers")
            + " (S6)")
      case nil:
        let cost = Hours(rounding: merge.cost ?? 0)
        result.append(
          "\(name): " + (cost > .zero ? "+" : "")
            + pick(cost.decimalComma, cost.decimalComma, cost.description))
      }
    }
    if isUndersized {
      result.append(pick("Толмаған секция", "Неполная секция", "Undersized"))
      for (student, disciplines) in alternatives {
        result.append(
          "  \(student): "
            + (disciplines.isEmpty
              ? pick("баламасы жоқ", "нет альтернатив", "no alternative")
              : disciplines.map(\.text).joined(separator: ", ")))
      }
    }
    return result
  }
}

extension Institution {
  /// The size from which the sections of a discipline cover their cost, whatever sections there are:
  /// where all have it, each covers its own hours. A single section may do so from fewer on, see
  /// ``SectionOrigin/breakEven``, which is what counts.
  ///
  /// A student brings `income_per_credit` × credits and costs `cost_per_hour` × s, where s are the
  /// hours of `norms.csv` by the student; a stream, a group and a subgroup together cost
  /// `cost_per_hour` × H: their class hours and their work of `norms.csv`, consultations for one.
  /// With n students in each, n × income ≥ cost × (H + n × s), so that the size is
  /// ⌈cost × H ÷ (income − cost × s)⌉; the kinds of class share the income by their hours, so that
  /// it is the same for all. A thousand million where no size covers the cost. Nil where either
  /// price is 0, or the discipline has no hours or credits.
  ///
  /// Source: the academic policy 2.2, profitability of streams and groups.
  public func breakEvenSize(of discipline: Discipline) -> Int? {
    SectionEconomy(self, Table())?.breakEvenSize(of: discipline)
  }

  /// The disciplines that a student could take instead of one: rows of curriculum.csv of the same
  /// programme, entry year, term and label.
  public func alternatives(
    to discipline: DisciplineID, for student: StudentID
  ) -> [DisciplineID] {
    guard let group = students[student].flatMap({ groups[$0.group] }) else { return [] }
    func concerns(_ row: CurriculumRow) -> Bool {
      row.programme == group.programme && row.entryYear == group.entryYear
    }
    let slots = curriculum.filter {
      concerns($0) && $0.discipline == discipline && $0.choice != nil
    }
    return curriculum.filter { row in
      concerns(row) && row.discipline != discipline
        && slots.contains { $0.term == row.term && $0.choice == row.choice }
    }.map(\.discipline)
  }
}

extension Curricula {
  /// Sections below `min_section_size` or below their break-even size, with their students and what
  /// these could take instead.
  ///
  /// Below the break-even size they are told only where the policy refuses them. No rule of a valid
  /// plan speaks of cost, so this is what the office has to decide on; it is told as impossible only
  /// where all who take the discipline in that language (S4) do not bring what the fewest sections of
  /// them cost, since then every plan has such a section. Else other sections of the same students
  /// may do.
  public static func smallSections(
    _ institution: Institution, _ sections: University.Table<Section>
  ) -> [Diagnostic] {
    let least = institution.policy.minSectionSize
    struct Audience: Hashable {
      var discipline: DisciplineID
      var language: Language
    }
    var takers: [Audience: Int] = [:]
    for row in institution.enrolments {
      takers[Audience(discipline: row.discipline, language: row.language), default: 0] += 1
    }
    let economy = SectionEconomy(institution, sections)
    return sections.compactMap { section in
      guard let discipline = institution.disciplines[section.discipline] else { return nil }
      let size = section.students.count
      let breakEven = economy?.breakEvenSize(of: section) ?? 0
      let isRefused = institution.policy.refuseBelowBreakEven && size < breakEven
      guard isRefused || size < least else { return nil }
      let all = takers[Audience(discipline: section.discipline, language: section.language)] ?? 0
      let isCertain = economy?.cannotPay(discipline, students: all) ?? false
      let students = section.students.map {
        ($0, institution.alternatives(to: section.discipline, for: $0))
      }
      let reason: SmallSection.Reason =
        isRefused
        ? .belowCost(
          breakEven < SectionEconomy.never ? breakEven : nil, takers: all, isCertain: isCertain)
        : .belowLeast(least)
      let small = SmallSection(section: section, reason: reason, students: students)
      return Diagnostic(
        isRefused && isCertain ? .impossible : .warning,
        code: isRefused ? "sections.belowBreakEven" : "sections.small", file: "enrolments.csv",
        column: "discipline", value: section.discipline.text,
        wording: Wording { small.problem(in: $0) }, remedy: Wording { small.remedy(in: $0) })
    }
  }
}

/// A section that is too small, in words.
private struct SmallSection {
  enum Reason {
    /// Below `min_section_size`.
    case belowLeast(Int)
    /// Below its break-even size; nil where no size covers the cost. So many take the discipline in
    /// the language in all, and it is certain or not that they cannot pay for it.
    case belowCost(Int?, takers: Int, isCertain: Bool)
  }

  var section: Section
  var reason: Reason
  /// Its students, with what each could take instead.
  var students: [(student: StudentID, disciplines: [DisciplineID])]

  func problem(in language: Language) -> String {
    let size = section.students.count
    let lead = language.says(
      "\(section.id) секциясында \(size) студент", "в секции \(section.id) студентов \(size)",
      "section \(section.id) has \(size) \(size == 1 ? "student" : "students")")
    let why: String
    switch reason {
    case .belowLeast(let least):
      why = language.says(
        ", \(least) студенттен аз, әрі оларды басқа секцияға арзанырақ қосуға болмайды",
        ", меньше \(least), и ни одна другая секция не примет их дешевле",
        ", fewer than \(least), and no other section can take them at less cost")
    case .belowCost(let size, let takers, let isCertain):
      let cost =
        size.map {
          language.says(
            ", өзін өтейтін \($0) студенттен аз", ", меньше \($0), с которых она окупается",
            ", fewer than the \($0) that cover its cost")
        }
        ?? language.says(
          ", ал студенттердің ешбір саны әрқайсысының сағаттарын өтемейді",
          ", и никакое число студентов не окупает часов каждого",
          ", and no number covers the hours that each of them costs")
      let taught = section.language.taught(in: language)
      why =
        cost
        + (isCertain
          ? language.says(
            "; пәнді \(taught) оқитын барлық \(takers) студент шектер рұқсат ететін ең аз секцияны да "
              + "өтемейді",
            "; все, кто изучает дисциплину \(taught) (\(takers)), не окупают и самого малого числа секций, "
              + "которое допускают пределы",
            "; the \(takers) who take it \(taught) cannot cover the cost of as few sections as the "
              + "caps allow")
          : language.says(
            "; пәнді \(taught) \(takers) студент оқиды, сондықтан секцияларды басқаша құруға болады",
            "; дисциплину \(taught) изучают \(takers), так что секции можно составить иначе",
            "; \(takers) take it \(taught), so that other sections may do"))
    }
    let none = language.says("баламасы жоқ", "нет альтернатив", "no alternative")
    let or = language.says("немесе", "или", "or")
    let who = students.map { student, others in
      "\(student) ("
        + (others.isEmpty ? none : "\(or) " + others.map(\.text).joined(separator: ", ")) + ")"
    }
    return lead + why + ": " + who.joined(separator: "; ")
  }

  func remedy(in language: Language) -> String {
    let choose = language.says(
      "оларға басқа пән немесе тіл таңдатыңыз",
      "предложите им выбрать другую дисциплину или другой язык",
      "let them choose another discipline or language")
    guard case .belowCost(_, takers: _, isCertain: false) = reason else { return choose }
    return language.says(
      "секцияларды азайтыңыз немесе ", "составьте меньше секций или ", "form fewer sections, or ")
      + choose
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import University

extension CreditCheck {
  /// Hours of a discipline against its credits where the reader could not add them up, and cycle
  /// and component of what stands in curricula.
  mutating func disciplines() {
    for discipline in institution.disciplines {
      let classes = discipline.hours.values.reduce(0, +)
      let isWhole =
        discipline.srop != nil && discipline.sro != nil
        && discipline.hours.count == TeachingKind.allCases.count
      let given = classes + (discipline.srop ?? 0) + (discipline.sro ?? 0)
      let all = discipline.credits * Double(policy.creditHours)
      guard !isWhole, Double(given) > all + 1e-6 else { continue }
      note(
        .hours, [.discipline(discipline.id)], file: "disciplines.csv", line: discipline.line,
        column: "credits",
        value: discipline.id.text, found: "\(given)", required: "at most \(shown(all))",
        "\(discipline.id) has \(given) hours of what is given, but \(shown(discipline.credits)) "
          + "credits of \(policy.creditHours) hours are \(shown(all))",
        mend: "raise the credits or lower the hours")
    }
    unclassified()
  }

  /// Disciplines of curricula without cycle or component, where others have them. Final
  /// attestation belongs to no cycle, so one without classes is not told for its cycle.
  private mutating func unclassified() {
    let used = Set(institution.curriculum.map(\.discipline))
    let rows = institution.disciplines.filter { used.contains($0.id) }
    if rows.contains(where: { $0.cycle != nil }) {
      let none = rows.filter { $0.cycle == nil && !$0.kinds.isEmpty }
      unclassified(none, "cycle", "general, basic or major", of: rows.count)
    }
    if rows.contains(where: { $0.component != nil }) {
      let none = rows.filter { $0.component == nil }
      unclassified(none, "component", "mandatory, university or elective", of: rows.count)
    }
  }

  private mutating func unclassified(
    _ disciplines: [Discipline], _ what: String, _ words: String, of total: Int
  ) {
    guard let first = disciplines.first else { return }
    note(
      .unclassified, [.disciplines(disciplines.map(\.id))], file: "disciplines.csv",
      line: first.line, column: what,
      value: first.id.text, found: "\(disciplines.count) without", required: "0 of \(total)",
      count: disciplines.count,
      "\(disciplines.count) of \(total) disciplines of the curricula have no \(what): "
        + some(disciplines.map(\.id.text)),
      mend: "give \(words)")
  }

  /// Credits of terms, years, cycles and programmes, choices without choice, the order of
  /// prerequisites.
  mutating func curricula() {
    var order: [WholeCurriculum] = []
    var wholes: [WholeCurriculum: [CurriculumRow]] = [:]
    for row in institution.curriculum {
      let whole = WholeCurriculum(row)
      if wholes[whole] == nil { order.append(whole) }
      wholes[whole, default: []].append(row)
    }
    var short = ShortCurricula()
    for whole in order {
      let all = wholes[whole] ?? []
      let terms = Set(all.map(\.term)).sorted()
      var credits: [Int: CreditSpan] = [:]
      var sum = CreditSpan()
      for term in terms {
        let ofTerm = rows[CurriculumKey(whole, term: term)] ?? []
        let span = creditsOfTerm(ofTerm, whole.name, term)
        credits[term] = span
        sum = sum + span
      }
      years(whole, credits, &short)
      total(whole, all, sum, terms: terms.count)
      cycles(whole, all, sum, &short)
      duration(whole, all, sum)
      components(whole, all)
      repeated(whole, all)
      prerequisites(all, whole.name)
    }
    tell(short)
  }

  /// Curricula whose years or cycles have other credits than they should: programmes of one model
  /// share a fault, so that it is told once.
  private struct ShortCurricula {
    struct Case {
      var curriculum: String
      var span: CreditSpan
      var line: Int
    }
    struct CycleOfLevel: Hashable {
      var level: Level
      var cycle: Cycle
    }
    var years: [Int: [Case]] = [:]
    var cycles: [CycleOfLevel: [Case]] = [:]
  }

  private mutating func tell(_ short: ShortCurricula) {
    func others(_ all: [ShortCurricula.Case]) -> String {
      all.count > 1 ? "; \(all.count - 1) more curricula are off too" : ""
    }
    for year in short.years.keys.sorted() {
      guard let all = short.years[year], let first = all.first else { continue }
      let found = range(first.span.least, first.span.most)
      note(
        .year, [.curricula(first.curriculum, more: all.count - 1), .year(year)],
        file: "curriculum.csv", line: first.line, column: "term",
        value: String(2 * year - 1), found: found, required: String(policy.yearCredits),
        count: all.count,
        "year \(year) of \(first.curriculum) has \(found) credits, not \(policy.yearCredits)"
          + others(all),
        mend: "add or take off disciplines in terms \(2 * year - 1) and \(2 * year), or check "
          + "policy.year_credits")
    }
    for level in Level.allCases {
      for cycle in Cycle.allCases {
        guard let all = short.cycles[ShortCurricula.CycleOfLevel(level: level, cycle: cycle)],
          let first = all.first, let required = policy.cycleCredits[level.rawValue]?[cycle]
        else { continue }
        let found = range(first.span.least, first.span.most)
        note(
          .cycle, [.curricula(first.curriculum, more: all.count - 1), .cycle(cycle)],
          file: "curriculum.csv", line: first.line, column: "programme",
          value: first.curriculum, found: found, required: "at least \(required)",
          count: all.count,
          "the \(cycle.rawValue) cycle of \(first.curriculum) has \(found) credits, at least "
            + "\(required) are needed" + others(all),
          mend: "add disciplines of the cycle, or check the column cycle of disciplines.csv and "
            + "policy.cycle_credits")
      }
    }
  }

  /// The credits of a term, each choice counted once: at its lightest and its heaviest.
  private mutating func creditsOfTerm(
    _ rows: [CurriculumRow], _ name: String, _ term: Int
  ) -> CreditSpan {
    let span = CreditSpan(rows, credits)
    for (choice, options) in choices(rows) {
      guard let row = options.first else { continue }
      if options.count == 1 {
        note(
          .onlyOption,
          [.curriculum(name), .term(term), .choice(choice), .discipline(row.discipline)],
          file: "curriculum.csv", line: row.line, column: "choice", value: choice,
          found: "1", required: "at least 2",
          "\(row.discipline) is the only alternative of \(choice) in term \(term) of \(name)",
          mend: "add an alternative, or leave the cell empty")
      }
      let amounts = options.map { credits($0.discipline) }
      if let least = amounts.min(), let most = amounts.max(), least < most {
        note(
          .alternatives, [.curriculum(name), .term(term), .choice(choice)], file: "curriculum.csv",
          line: row.line, column: "choice", value: choice,
          found: range(least, most), required: "the same",
          "the alternatives of \(choice) in term \(term) of \(name) have \(range(least, most)) "
            + "credits, so that the students' totals differ",
          mend: "offer alternatives of the same credits")
      }
    }
    if let row = rows.first,
      span.most < Double(policy.termCreditsMin) || span.least > Double(policy.termCreditsMax)
    {
      let limits = "\(policy.termCreditsMin)–\(policy.termCreditsMax)"
      note(
        .curriculumTerm, [.curriculum(name), .term(term)], file: "curriculum.csv", line: row.line,
        column: "term",
        value: String(term), found: range(span.least, span.most), required: limits,
        "term \(term) of \(name) has \(range(span.least, span.most)) credits, outside \(limits)",
        mend: "move disciplines between terms, or check policy.term_credits")
    }
    return span
  }

  /// The alternatives of a term by label, in the order of the file.
  private func choices(_ rows: [CurriculumRow]) -> [(String, [CurriculumRow])] {
    var order: [String] = []
    var options: [String: [CurriculumRow]] = [:]
    for row in rows {
      guard let choice = row.choice else { continue }
      if options[choice] == nil { order.append(choice) }
      options[choice, default: []].append(row)
    }
    return order.map { ($0, options[$0] ?? []) }
  }

  /// 60 credits in the two terms of each full-time year of which both terms are given.
  private func years(
    _ whole: WholeCurriculum, _ credits: [Int: CreditSpan], _ short: inout ShortCurricula
  ) {
    guard institution.programmes[whole.programme]?.form == .fullTime else { return }
    let wanted = Double(policy.yearCredits)
    for year in 1...max(1, ((credits.keys.max() ?? 0) + 1) / 2) {
      guard let first = credits[2 * year - 1], let second = credits[2 * year] else { continue }
      let sum = first + second
      guard sum.most < wanted - 1e-6 || sum.least > wanted + 1e-6 else { continue }
      let row = rows[CurriculumKey(whole, term: 2 * year - 1)]?.first
      short.years[year, default: []].append(
        ShortCurricula.Case(curriculum: whole.name, span: sum, line: row?.line ?? 0))
    }
  }

  /// The credits that the programme must have.
  private func wanted(_ id: ProgrammeID) -> Int? {
    institution.programmes[id].flatMap {
      $0.totalCredits ?? policy.programmeCredits[$0.level.rawValue]
    }
  }

  /// The credits of a whole curriculum against the programme's; silent where so few terms are given
  /// that it cannot be whole: neither by the most credits of a term nor by the length that the
  /// policy gives programmes of the level.
  private mutating func total(
    _ whole: WholeCurriculum, _ rows: [CurriculumRow], _ sum: CreditSpan, terms: Int
  ) {
    guard let wanted = wanted(whole.programme), let first = rows.first else { return }
    let isShort = sum.most < Double(wanted) - 1e-6
    guard sum.least > Double(wanted) + 1e-6 || isShort else { return }
    let level = institution.programmes[whole.programme]?.level.rawValue ?? ""
    let usual = policy.programmeCredits[level] ?? wanted
    let isLong =
      policy.yearCredits > 0 && terms * policy.yearCredits >= 2 * usual
      && rows.map(\.term).max() == terms
    if isShort && terms * policy.termCreditsMax < wanted && !isLong { return }
    note(
      .programme, [.curriculum(whole.name)], file: "curriculum.csv", line: first.line,
      column: "programme",
      value: whole.programme.text, found: range(sum.least, sum.most), required: String(wanted),
      "the \(terms) terms of \(whole.name) have \(range(sum.least, sum.most)) credits, but the "
        + "programme has \(wanted)",
      mend: "add or take off disciplines, or check total_credits")
  }

  /// Years of a curriculum that has all the programme's credits.
  private mutating func duration(
    _ whole: WholeCurriculum, _ rows: [CurriculumRow], _ sum: CreditSpan
  ) {
    guard let programme = institution.programmes[whole.programme],
      let wanted = wanted(whole.programme), sum.most >= Double(wanted) - 1e-6,
      let first = rows.first, let last = rows.map(\.term).max()
    else { return }
    let years = (last + 1) / 2
    let least =
      switch programme.level {
      case .bachelor: 0
      case .master: 1
      case .doctorate: 3
      }
    guard years < least else { return }
    note(
      .duration, [.curriculum(whole.name)], file: "curriculum.csv", line: first.line,
      column: "term", value: String(last),
      found: "\(years) years", required: "at least \(least)",
      "\(whole.name), a \(programme.level.rawValue), ends in term \(last), after \(years) years; "
        + "at least \(least) are needed",
      mend: "spread the terms over more years, or check the level in programmes.csv")
  }

  /// The least credits of each cycle, in a curriculum that has the programme's credits and whose
  /// disciplines say their cycle.
  private func cycles(
    _ whole: WholeCurriculum, _ rows: [CurriculumRow], _ sum: CreditSpan,
    _ short: inout ShortCurricula
  ) {
    guard let programme = institution.programmes[whole.programme],
      let wanted = wanted(whole.programme), sum.most >= Double(wanted) - 1e-6,
      let least = policy.cycleCredits[programme.level.rawValue], let first = rows.first,
      rows.contains(where: { institution.disciplines[$0.discipline]?.cycle != nil })
    else { return }
    for cycle in Cycle.allCases {
      guard let required = least[cycle] else { continue }
      let span = Dictionary(grouping: rows, by: \.term).values
        .map { ofTerm in
          CreditSpan(ofTerm) { [disciplines = institution.disciplines] id in
            disciplines[id].map { $0.cycle == cycle ? $0.credits : 0 } ?? 0
          }
        }
        .reduce(CreditSpan(), +)
      guard span.most < Double(required) - 1e-6 else { continue }
      short.cycles[
        ShortCurricula.CycleOfLevel(level: programme.level, cycle: cycle), default: []
      ].append(ShortCurricula.Case(curriculum: whole.name, span: span, line: first.line))
    }
  }

  /// Elective disciplines stand among alternatives, mandatory ones do not.
  private mutating func components(_ whole: WholeCurriculum, _ rows: [CurriculumRow]) {
    let alone = rows.filter {
      $0.choice == nil && institution.disciplines[$0.discipline]?.component == .elective
    }
    let chosen = rows.filter {
      $0.choice != nil && institution.disciplines[$0.discipline]?.component == .mandatory
    }
    if let first = alone.first {
      note(
        .component, [.curriculum(whole.name), .disciplines(alone.map(\.discipline))],
        file: "curriculum.csv", line: first.line, column: "choice",
        value: first.discipline.text, found: "\(alone.count) without alternatives",
        required: "alternatives", count: alone.count,
        "\(whole.name) has elective disciplines without alternatives: "
          + some(alone.map(\.discipline.text)),
        mend: "give them and their alternatives one label in the column choice")
    }
    if let first = chosen.first {
      note(
        .component, [.curriculum(whole.name), .disciplines(chosen.map(\.discipline))],
        file: "curriculum.csv", line: first.line, column: "choice",
        value: first.discipline.text, found: "\(chosen.count) among alternatives",
        required: "no alternatives", count: chosen.count,
        "\(whole.name) has mandatory disciplines among alternatives: "
          + some(chosen.map(\.discipline.text)),
        mend: "leave the cell empty, or check the component")
    }
  }

  /// A discipline that stands in a curriculum more than once has its credits counted twice.
  private mutating func repeated(_ whole: WholeCurriculum, _ rows: [CurriculumRow]) {
    var seen: Set<DisciplineID> = []
    let again = rows.filter { !seen.insert($0.discipline).inserted }
    guard let first = again.first else { return }
    let terms = termsOf[whole]?[first.discipline] ?? []
    note(
      .repeated, [.curriculum(whole.name), .disciplines(again.map(\.discipline))],
      file: "curriculum.csv", line: first.line, column: "discipline",
      value: first.discipline.text, found: "\(terms.count) times", required: "once",
      count: again.count,
      "\(whole.name) has disciplines more than once: \(some(again.map(\.discipline.text))); "
        + "\(first.discipline) in terms \(terms.map(String.init).joined(separator: ", "))",
      mend: "a discipline is studied in one term; name its parts as disciplines of their own")
  }

  /// A prerequisite stands in an earlier term; one that is missing is told only where all earlier
  /// terms are given.
  private mutating func prerequisites(_ rows: [CurriculumRow], _ name: String) {
    var earliest: [DisciplineID: Int] = [:]
    for row in rows { earliest[row.discipline] = min(earliest[row.discipline] ?? .max, row.term) }
    let terms = Set(rows.map(\.term))
    for row in rows {
      for prerequisite in institution.disciplines[row.discipline]?.prerequisites ?? [] {
        let when = earliest[prerequisite]
        if let when, when < row.term { continue }
        if when == nil && !(1..<max(1, row.term)).allSatisfy(terms.contains) { continue }
        note(
          .order,
          [.curriculum(name), .discipline(row.discipline), .prerequisite(prerequisite)],
          file: "curriculum.csv", line: row.line, column: "discipline",
          value: row.discipline.text, found: when.map { "term \($0)" } ?? "none",
          required: "before term \(row.term)",
          "\(row.discipline) of term \(row.term) of \(name) needs \(prerequisite), which "
            + (when.map { "comes in term \($0)" } ?? "is not in the curriculum"),
          mend: "put the prerequisite in an earlier term")
      }
    }
  }
}

/// Credits with each choice counted once, at its lightest and its heaviest.
struct CreditSpan {
  var least = 0.0
  var most = 0.0

  init() {}

  /// The credits of the rows of one term.
  init(_ rows: [CurriculumRow], _ credits: (DisciplineID) -> Double) {
    var choices: [String: (least: Double, most: Double)] = [:]
    for row in rows {
      let amount = credits(row.discipline)
      guard let choice = row.choice else {
        least += amount
        most += amount
        continue
      }
      let known = choices[choice]
      choices[choice] = (
        min(known?.least ?? amount, amount), max(known?.most ?? amount, amount)
      )
    }
    for label in choices.keys.sorted() {
      least += choices[label]?.least ?? 0
      most += choices[label]?.most ?? 0
    }
  }

  static func + (a: Self, b: Self) -> Self {
    var sum = a
    sum.least += b.least
    sum.most += b.most
    return sum
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// A working curriculum's term: programme, entry year, term.
struct CurriculumKey: Hashable {
  var programme: ProgrammeID
  var entryYear: Int
  var term: Int

  init(_ group: Group) {
    programme = group.programme
    entryYear = group.entryYear
    term = group.term
  }

  init(_ row: CurriculumRow) {
    programme = row.programme
    entryYear = row.entryYear
    term = row.term
  }
}

extension CurriculumCheck {
  /// The rows of each term of each curriculum, in the order of the file.
  func curriculumRows() -> [CurriculumKey: [CurriculumRow]] {
    Dictionary(grouping: institution.curriculum, by: CurriculumKey.init)
  }

  /// Credits of terms and programmes, choices without choice, the order of prerequisites.
  mutating func curricula() {
    struct Whole: Hashable {
      var programme: ProgrammeID
      var entryYear: Int
    }
    let byTerm = curriculumRows()
    var order: [Whole] = []
    var wholes: [Whole: [CurriculumRow]] = [:]
    for row in institution.curriculum {
      let whole = Whole(programme: row.programme, entryYear: row.entryYear)
      if wholes[whole] == nil { order.append(whole) }
      wholes[whole, default: []].append(row)
    }
    for whole in order {
      guard let rows = wholes[whole], let first = rows.first else { continue }
      let name = "\(whole.programme) \(whole.entryYear)"
      var least = 0.0
      var most = 0.0
      for term in Set(rows.map(\.term)).sorted() {
        var key = CurriculumKey(first)
        key.term = term
        let credits = creditsOfTerm(byTerm[key] ?? [], name, term)
        least += credits.least
        most += credits.most
      }
      total(whole.programme, rows, name, least: least, most: most)
      prerequisites(rows, name)
    }
  }

  /// The credits of a term, each choice counted once: at its lightest and its heaviest.
  private mutating func creditsOfTerm(
    _ rows: [CurriculumRow], _ name: String, _ term: Int
  ) -> (least: Double, most: Double) {
    var least = 0.0
    var most = 0.0
    var seen: Set<String> = []
    func credits(_ row: CurriculumRow) -> Double {
      institution.disciplines[row.discipline]?.credits ?? 0
    }
    for row in rows {
      guard let choice = row.choice else {
        least += credits(row)
        most += credits(row)
        continue
      }
      guard seen.insert(choice).inserted else { continue }
      let options = rows.filter { $0.choice == choice }
      least += options.map(credits).min() ?? 0
      most += options.map(credits).max() ?? 0
      if options.count == 1 {
        warning(
          "curriculum.onlyOption", file: "curriculum.csv", line: row.line, column: "choice",
          value: choice,
          "\(row.discipline) is the only alternative of \(choice) in term \(term) of \(name)",
          mend: "add an alternative, or leave the cell empty")
      }
    }
    if let row = rows.first,
      most < Double(policy.termCreditsMin) || least > Double(policy.termCreditsMax)
    {
      warning(
        "credits.curriculumTerm", file: "curriculum.csv", line: row.line, column: "term",
        value: String(term),
        "term \(term) of \(name) has \(range(least, most)) credits, outside "
          + "\(policy.termCreditsMin)–\(policy.termCreditsMax)",
        mend: "move disciplines between terms, or check policy.term_credits")
    }
    return (least, most)
  }

  private func range(_ least: Double, _ most: Double) -> String {
    least == most ? shown(least) : "\(shown(least))–\(shown(most))"
  }

  /// The credits of a whole curriculum against the programme's; silent where so few terms are given
  /// that it cannot be whole.
  private mutating func total(
    _ id: ProgrammeID, _ rows: [CurriculumRow], _ name: String, least: Double, most: Double
  ) {
    guard let programme = institution.programmes[id], let first = rows.first,
      let wanted = programme.totalCredits ?? policy.programmeCredits[programme.level.rawValue]
    else { return }
    let terms = Set(rows.map(\.term)).count
    let isShort = most < Double(wanted) - 1e-6
    guard least > Double(wanted) + 1e-6 || isShort else { return }
    if isShort && terms * policy.termCreditsMax < wanted { return }
    warning(
      "credits.programme", file: "curriculum.csv", line: first.line, column: "programme",
      value: id.text,
      "the \(terms) terms of \(name) have \(range(least, most)) credits, but the programme has "
        + "\(wanted)",
      mend: "add or take off disciplines, or check total_credits")
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
        warning(
          "prerequisites.order", file: "curriculum.csv", line: row.line, column: "discipline",
          value: row.discipline.text,
          "\(row.discipline) of term \(row.term) of \(name) needs \(prerequisite), which "
            + (when.map { "comes in term \($0)" } ?? "is not in the curriculum"),
          mend: "put the prerequisite in an earlier term")
      }
    }
  }
}

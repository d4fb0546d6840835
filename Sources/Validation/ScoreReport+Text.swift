// SPDX-License-Identifier: GPL-3.0-or-later
public import University

extension ScoreReport {
  /// The stages judged, in their order.
  public var stages: [Stage] {
    Stage.allCases.filter { objectives[$0] != nil }
  }

  /// The criteria of a stage judged by name, in the order of the contract.
  public func orderedCriteria(of stage: Stage) -> [(name: String, value: Double)] {
    func ordered<C: Criterion>(_ values: [C: Double]?) -> [(name: String, value: Double)] {
      guard let values else { return [] }
      return C.allCases.map { ($0.rawValue, values[$0] ?? 0) }
    }
    return switch stage {
    case .sections: ordered(sections)
    case .load: ordered(load)
    case .timetable: ordered(timetable)
    }
  }

  /// The report for people: criteria and objective of each stage, hours lost to holidays,
  /// warnings, findings of credits, broken rules with the first messages of each, and the verdict.
  ///
  /// - Parameters:
  ///   - shown: The most messages of one rule, and the most warnings.
  ///   - language: The language; warnings of the readers are in English.
  ///   - meaning: What a stage or a criterion means, said after its name; nil for nothing.
  /// - Returns: lines, each with its line feed.
  public func text(
    shown: Int = 20, in language: Language = .en,
    meaning: (Stage, String?) -> String? = { _, _ in nil }
  ) -> String {
    var lines: [String] = []
    let more = { (count: Int) in
      language.says("тағы \(count)", "ещё \(count)", "\(count) more")
    }
    for stage in stages {
      lines.append(
        (meaning(stage, nil) ?? stage.rawValue) + ": "
          + language.says("мақсат ", "цель ", "objective ")
          + shortest(objectives[stage] ?? 0))
      for (name, value) in orderedCriteria(of: stage) {
        let padding = String(repeating: " ", count: max(1, 25 - name.count))
        let number = shortest(value)
        let meant = meaning(stage, name).map {
          String(repeating: " ", count: max(1, 12 - number.count)) + $0
        }
        lines.append("  \(name)\(padding)\(number)\(meant ?? "")")
      }
    }
    lines += holidayLines(shown, language)
    let warning = Diagnostic.Severity.warning.word(in: language)
    lines += warnings.prefix(shown).map { "\(warning): \($0)" }
    if warnings.count > shown { lines.append("\(warning): \(more(warnings.count - shown))") }
    if !findings.isEmpty {
      lines.append(
        language.says(
          "кредиттер мен оқу жоспарлары: \(findings.count) ескерту",
          "кредиты и учебные планы: замечаний \(findings.count)",
          "credits and curricula: \(findings.count) findings"))
    }
    lines += findings.prefix(shown).map { "  \($0.description(in: language))" }
    if findings.count > shown { lines.append("  … \(more(findings.count - shown))") }
    let counts = counts
    for rule in RuleCode.allCases {
      guard let count = counts[rule] else { continue }
      lines.append("\(rule.rawValue): \(count)")
      let found = violations.filter { $0.rule == rule }
      lines += found.prefix(shown).map { violation in
        "  \(violation.wording[language])"
          + (violation.times > 1
            ? language.says(
              " (\(violation.times) рет)", " (\(violation.times) раз)",
              " (\(violation.times) times)")
            : "")
      }
      if found.count > shown { lines.append("  … \(more(found.count - shown))") }
    }
    lines.append(
      isValid
        ? language.says("жарамды", "план действителен", "valid")
        : language.says("ЖАРАМСЫЗ", "ПЛАН НЕДЕЙСТВИТЕЛЕН", "NOT VALID"))
    return lines.joined(separator: "\n") + "\n"
  }

  private func holidayLines(_ shown: Int, _ language: Language) -> [String] {
    if lostHours.isEmpty { return [] }
    let total = lostHours.reduce(0) { $0 + $1.hours }
    var lines = [
      language.says(
        "мерекелерге түсетін сағаттар: \(lostHours.count) секцияда \(total)",
        "часы, выпадающие на праздники: \(total) в секциях: \(lostHours.count)",
        "hours that fall out on holidays: \(total) in \(lostHours.count) sections")
    ]
    for lost in lostHours.prefix(shown) {
      let dates = lost.dates.map(\.description).joined(separator: ", ")
      let proposals = lost.makeUp.map { proposal in
        language.says(
          "\(proposal.date) \(proposal.slot)-сағат", "\(proposal.date) час \(proposal.slot)",
          "\(proposal.date) slot \(proposal.slot)")
          + (proposal.room.map { language.says(", \($0)", ", \($0)", " in \($0)") }
            ?? language.says(", онлайн", ", онлайн", " online"))
      }
      let remedy =
        proposals.isEmpty
        ? language.says(
          "бәріне бос күн жоқ", "нет даты, свободной для всех", "no date is free for all")
        : language.says("өтеуге болады: ", "можно отработать: ", "can be made up on ")
          + proposals.joined(separator: ", ")
      lines.append(
        language.says(
          "  \(lost.section) секциясы: \(lost.hours) сағат, \(dates); \(remedy)",
          "  секция \(lost.section): часов \(lost.hours), \(dates); \(remedy)",
          "  section \(lost.section): \(lost.hours) on \(dates); \(remedy)"))
    }
    if lostHours.count > shown {
      let rest = lostHours.count - shown
      lines.append("  … " + language.says("тағы \(rest)", "ещё \(rest)", "\(rest) more"))
    }
    return lines
  }
}

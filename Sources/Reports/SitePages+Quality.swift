// SPDX-License-Identifier: GPL-3.0-or-later
public import University
import Validation

extension SitePages {
  /// The plan's quality: validity, objective with bound and gap by stage, criteria, what is broken,
  /// what could not be placed, and what falls on holidays.
  public func quality(_ language: Language) -> String {
    let place = Place(path: "quality.html", language: language)
    let t = labels(language)
    return page(place, title: t(.quality)) { html in
      html.element("h1", [:], t(.quality))
      verdict(t, &html)
      stages(t, &html)
      for stage in Stage.allCases { criteria(of: stage, t, &html) }
      violations(t, &html)
      unplaced(place, t, &html)
      lostHours(place, t, &html)
      if !score.warnings.isEmpty {
        html.element("h2", [:], t(.warnings))
        html.element("ul") { list in
          for warning in score.warnings { list.element("li", [:], warning) }
        }
      }
      record(t, &html)
    }
  }

  private func verdict(_ t: Labels, _ html: inout HTML) {
    html.element("p", ["class": score.isValid ? "verdict good" : "verdict bad"], verdictText(t))
  }

  /// Valid, or how often hard rules are broken.
  func verdictText(_ t: Labels) -> String {
    if score.isValid { return "✓ " + t(.valid) }
    return "✗ \(t(.invalid)): \(score.violations.reduce(0) { $0 + $1.times })"
  }

  private func record(of stage: Stage) -> StageRecord? {
    switch stage {
    case .sections: view.plan.record.sections
    case .load: view.plan.record.load
    case .timetable: view.plan.record.timetable
    }
  }

  private func stages(_ t: Labels, _ html: inout HTML) {
    html.element("div", ["class": "scroll"]) { holder in
      holder.element("table", ["class": "data"]) { table in
        headings(
          [t(.stage), t(.status)], numbers: [t(.objective), t(.bound), t(.gap), t(.seconds)],
          &table)
        table.element("tbody") { body in
          for stage in Stage.allCases {
            let record = record(of: stage)
            let objective = score.objectives[stage] ?? record?.objective
            body.element("tr") { row in
              row.element("th", ["scope": "row"], t.language.name(of: stage))
              row.element("td", [:], record.map { t.language.name(of: $0.status) } ?? "–")
              number(objective.map { t.language.number($0) } ?? t(.notJudged), &row)
              number(record?.bound.map { t.language.number($0) } ?? t(.noBound), &row)
              number(
                Self.gap(objective, record?.bound).map { t.language.oneDecimal($0) } ?? "–", &row)
              number(record.map { t.language.number($0.seconds) } ?? "–", &row)
            }
          }
        }
      }
    }
  }

  /// The gap in percent: (objective − bound) ÷ max(1, |objective|); nil without a bound.
  static func gap(_ objective: Double?, _ bound: Double?) -> Double? {
    guard let objective, let bound else { return nil }
    return (objective - bound) / max(1, objective.magnitude) * 100
  }

  private func criteria(of stage: Stage, _ t: Labels, _ html: inout HTML) {
    let weights = view.institution.weights
    switch stage {
    case .sections:
      table(stage, score.sections, weights.sections, t, &html) { t.language.name(of: $0) }
    case .load: table(stage, score.load, weights.load, t, &html) { t.language.name(of: $0) }
    case .timetable:
      table(stage, score.timetable, weights.timetable, t, &html) { t.language.name(of: $0) }
    }
  }

  private func table<C: Criterion>(
    _ stage: Stage, _ values: [C: Double]?, _ weights: CriterionWeights<C>, _ t: Labels,
    _ html: inout HTML, name: (C) -> String
  ) {
    guard let values else { return }
    html.element("h2", [:], t.language.name(of: stage))
    html.element("div", ["class": "scroll"]) { holder in
      holder.element("table", ["class": "data"]) { table in
        headings([t(.criterion)], numbers: [t(.value), t(.weight), t(.penalty)], &table)
        table.element("tbody") { body in
          for criterion in C.allCases {
            guard let value = values[criterion] else { continue }
            let penalty = value * weights[criterion]
            body.element("tr", ["class": penalty == 0 ? "zero" : ""]) { row in
              row.element("th", ["scope": "row"]) { head in
                head.text(name(criterion) + " ")
                head.element("code", [:], criterion.rawValue)
              }
              number(t.language.number(value), &row)
              number(t.language.number(weights[criterion]), &row)
              number(t.language.number(penalty), &row)
            }
          }
        }
        table.element("tfoot") { foot in
          foot.element("tr") { row in
            row.element("th", ["scope": "row", "colspan": "3"], t(.objective))
            number(t.language.number(weights.objective(values)), &row)
          }
        }
      }
    }
  }

  private func violations(_ t: Labels, _ html: inout HTML) {
    html.element("h2", [:], t(.brokenRules))
    if score.violations.isEmpty {
      html.element("p", [:], t(.noneFound))
      return
    }
    html.element("div", ["class": "scroll"]) { holder in
      holder.element("table", ["class": "data"]) { table in
        headings([t(.rule), t(.meaning), t(.what)], numbers: [t(.times)], &table)
        table.element("tbody") { body in
          for violation in score.violations {
            body.element("tr") { row in
              row.element("th", ["scope": "row"], violation.rule.rawValue)
              row.element("td", [:], t.language.name(of: violation.rule))
              row.element("td", [:], violation.wording[t.language])
              number("\(violation.times)", &row)
            }
          }
        }
      }
    }
  }

  private func unplaced(_ place: Place, _ t: Labels, _ html: inout HTML) {
    guard view.plan.hasTimetable else { return }
    html.element("h2", [:], t(.unplaced))
    let sections = view.unplacedSections
    if sections.isEmpty {
      html.element("p", [:], t(.nothingUnplaced))
    } else {
      shortfalls(sections, place, t, &html)
    }
  }

  private func lostHours(_ place: Place, _ t: Labels, _ html: inout HTML) {
    guard view.plan.hasTimetable else { return }
    html.element("h2", [:], t(.lostHours))
    if score.lostHours.isEmpty {
      html.element("p", [:], t(.nothingLost))
      return
    }
    html.element("p", [:], t(.lostHoursNote))
    html.element("div", ["class": "scroll"]) { holder in
      holder.element("table", ["class": "data"]) { table in
        table.element("thead") { head in
          head.element("tr") { row in
            for phrase: Phrase in [.discipline, .kind, .groupList] {
              row.element("th", ["scope": "col"], t(phrase))
            }
            row.element("th", ["scope": "col", "class": "number"], t(.hours))
            row.element("th", ["scope": "col"], t(.dates))
            row.element("th", ["scope": "col"], t(.makeUpDates))
          }
        }
        table.element("tbody") { body in
          for lost in score.lostHours {
            self.lost(lost, place, t, &body)
            body.newline()
          }
        }
      }
    }
  }

  private func lost(_ lost: LostHours, _ place: Place, _ t: Labels, _ body: inout HTML) {
    let section = view.plan.sections[lost.section]
    body.element("tr") { row in
      row.element(
        "th", ["scope": "row"], section.map { t.name(of: $0.discipline) } ?? lost.section.text)
      row.element("td", [:], section.map { t.language.name(of: $0.kind) } ?? "")
      row.element("td") { groupLinks(of: lost.section, atMost: 4, place, t, &$0) }
      number("\(lost.hours)", &row)
      row.element(
        "td", [:], lost.dates.map { t.language.date($0) }.joined(separator: ", "))
      row.element("td") { cell in
        if lost.makeUp.isEmpty {
          cell.element("span", ["class": "vacant"], t(.noMakeUp))
          return
        }
        for (index, makeUp) in lost.makeUp.enumerated() {
          if index > 0 { cell.text("; ") }
          cell.text(t.language.date(makeUp.date))
          if (1...max(1, view.regime.slots)).contains(makeUp.slot), view.regime.slots > 0 {
            cell.text(" " + Labels.clock(view.regime.start(ofSlot: makeUp.slot)))
          }
          if let room = makeUp.room { cell.text(" \(room.text)") }
        }
      }
    }
  }

  private func record(_ t: Labels, _ html: inout HTML) {
    let record = view.plan.record
    html.element("h2", [:], t(.record))
    html.element("dl", ["class": "figures"]) { figures in
      for (name, value) in [
        ("keste", record.keste), ("seed", "\(record.seed)"), (t(.regime), record.regime),
        ("SHA-256", String(record.instanceSHA256.prefix(16))),
      ] where !value.isEmpty {
        figures.element("div") { figure in
          figure.element("dt", [:], name)
          figure.element("dd", [:], value)
        }
      }
    }
  }
}

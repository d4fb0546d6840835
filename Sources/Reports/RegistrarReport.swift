// SPDX-License-Identifier: GPL-3.0-or-later
public import University
public import Validation

/// The registrar's documents: promotion by GPA, the distribution of marks with the ECTS curve, and
/// a student's transcript.
///
/// Pages stand alone, without a server and without files beside them, in one language each.
///
/// **Source**: policy 2.2, 3.1, 3.2, 7.4; POLICY.md 5.10.
public struct RegistrarReport: Sendable {
  private let institution: Institution
  private let transcripts: Transcripts
  /// Every student past a year with what that year comes to, in the order of `students.csv`.
  public let promotions: [Promotion]
  /// Marks by discipline, term and year of entry.
  public let distributions: [GradeDistribution]

  /// Takes the marks of an institution.
  public init(_ institution: Institution) {
    self.institution = institution
    let transcripts = Transcripts(institution)
    self.transcripts = transcripts
    promotions = institution.students.indices.compactMap { transcripts.promotion(of: $0) }
    distributions = GradeDistribution.all(institution)
  }

  /// A line of the summary: level, form and year.
  public struct Summary: Sendable {
    /// The level.
    public var level: Level
    /// The form.
    public var form: StudyForm
    /// The finished year.
    public var year: Int
    /// The least GPA, where there is one.
    public var required: GPA?
    /// Students by decision.
    public var counts: [Promotion.Decision: Int]
    /// All students.
    public var students: Int { counts.values.reduce(0, +) }
  }

  /// Students by level, form and year.
  public var summary: [Summary] {
    var lines: [Summary] = []
    for promotion in promotions {
      guard let programme = programme(of: promotion.student) else { continue }
      let at = lines.firstIndex {
        $0.level == programme.level && $0.form == programme.form && $0.year == promotion.year
      }
      if let at {
        lines[at].counts[promotion.decision, default: 0] += 1
      } else {
        lines.append(
          Summary(
            level: programme.level, form: programme.form, year: promotion.year,
            required: promotion.required, counts: [promotion.decision: 1]))
      }
    }
    func rank(_ line: Summary) -> (Int, Int, Int) {
      (
        Level.allCases.firstIndex(of: line.level) ?? 0,
        StudyForm.allCases.firstIndex(of: line.form) ?? 0, line.year
      )
    }
    return lines.sorted { rank($0) < rank($1) }
  }

  private func group(of student: StudentID) -> Group? {
    institution.students[student].flatMap { institution.groups[$0.group] }
  }

  private func programme(of student: StudentID) -> Programme? {
    group(of: student).flatMap { institution.programmes[$0.programme] }
  }

  // MARK: - Tables for spreadsheets

  /// The header of ``promotionRows``.
  public static let promotionHeader = [
    "student", "name", "group", "programme", "level", "form", "year", "gpa_year", "gpa", "required",
    "credits_earned", "f", "fx", "decision",
  ]

  /// A row a student; lists are separated by `|`, numbers have a decimal point.
  public var promotionRows: [[String]] {
    promotions.map { promotion in
      let group = group(of: promotion.student)
      let programme = programme(of: promotion.student)
      return [
        promotion.student.text, institution.students[promotion.student]?.name ?? "",
        group?.id.text ?? "", programme?.id.text ?? "", programme?.level.rawValue ?? "",
        programme?.form.rawValue ?? "", String(promotion.year),
        promotion.gpa?.description ?? "", promotion.cumulative?.description ?? "",
        promotion.required?.description ?? "", Hours(rounding: promotion.earned).description,
        promotion.failed.map(\.text).joined(separator: "|"),
        promotion.resits.map(\.text).joined(separator: "|"), promotion.decision.rawValue,
      ]
    }
  }

  /// The header of ``distributionRows``.
  public static let distributionHeader =
    ["discipline", "term", "entry_year", "marks", "passed"] + LetterGrade.allCases.map(\.rawValue)
    + ECTSGrade.allCases.flatMap { ["ects_\($0.rawValue)", "ects_\($0.rawValue)_from"] }

  /// A row a discipline, term and year of entry; `n/a` where the curve does not apply.
  public var distributionRows: [[String]] {
    distributions.map { line in
      var row = [
        line.discipline.text, String(line.term), String(line.entryYear), String(line.total),
        String(line.passed),
      ]
      row += line.letters.map(String.init)
      if line.curve.isEmpty {
        row += ECTSGrade.allCases.flatMap { _ in ["n/a", "n/a"] }
      } else {
        row += line.curve.flatMap { band in
          [
            String(band.students),
            band.lowest.map { Hours(rounding: $0).description + (band.isTied ? "=" : "") } ?? "",
          ]
        }
      }
      return row
    }
  }

  // MARK: - Pages

  /// The promotion list with the distribution of marks.
  public func page(in language: Language) -> String {
    page(title: RegistrarPhrase.promotionTitle.text(in: language), language) { html in
      let t: (RegistrarPhrase) -> String = { $0.text(in: language) }
      html.element("h1", [:], t(.promotionTitle))
      html.element("p", [:], t(.note))
      html.element("h2", [:], t(.summary))
      summaryTable(t, &html)
      html.element("h2", [:], t(.list))
      if promotions.isEmpty { html.element("p", [:], t(.none)) } else { listTable(t, &html) }
      html.element("h2", [:], "\(t(.distributionTitle)). \(t(.curveTitle))")
      html.element("p", [:], t(.curveNote))
      if distributions.isEmpty {
        html.element("p", [:], t(.none))
      } else {
        distributionTable(t, language, &html)
      }
    }
  }

  private func summaryTable(_ t: (RegistrarPhrase) -> String, _ html: inout HTML) {
    let decisions = Promotion.Decision.allCases
    let head =
      [t(.level), t(.form), t(.year), t(.required), t(.students)]
      + decisions.map { t(RegistrarPhrase($0)) }
    let rows = summary.map { line in
      [
        t(RegistrarPhrase(line.level)), t(RegistrarPhrase(line.form)), String(line.year),
        line.required?.description ?? "–", String(line.students),
      ] + decisions.map { String(line.counts[$0] ?? 0) }
    }
    table(head, rows, words: 2, &html)
  }

  private func listTable(_ t: (RegistrarPhrase) -> String, _ html: inout HTML) {
    let head = [
      t(.student), t(.name), t(.group), t(.programme), t(.debts), t(.resits), t(.year),
      t(.gpaOfYear), t(.gpa), t(.required), t(.earned), t(.decision),
    ]
    let rows = promotions.map { promotion in
      [
        promotion.student.text, institution.students[promotion.student]?.name ?? "",
        group(of: promotion.student)?.id.text ?? "",
        programme(of: promotion.student)?.id.text ?? "",
        promotion.failed.map(\.text).joined(separator: ", "),
        promotion.resits.map(\.text).joined(separator: ", "), String(promotion.year),
        promotion.gpa?.description ?? "–", promotion.cumulative?.description ?? "–",
        promotion.required?.description ?? "–", Hours(rounding: promotion.earned).description,
        t(RegistrarPhrase(promotion.decision)),
      ]
    }
    table(head, rows, words: 6, marked: { promotions[$0].decision == .held }, &html)
  }

  private func distributionTable(
    _ t: (RegistrarPhrase) -> String, _ language: Language, _ html: inout HTML
  ) {
    let head =
      [t(.discipline), t(.term), t(.entryYear), t(.marks), t(.passedMarks)]
      + LetterGrade.allCases.map { "\($0.rawValue), %" }
      + ECTSGrade.allCases.map { "ECTS \($0.rawValue)" }
    let rows = distributions.map { line in
      let name = institution.disciplines[line.discipline]?.name(in: language) ?? ""
      // The policy asks for the percent distribution of the passing results; failures beside it.
      let percent = line.letters.map { count in
        count == 0 ? "" : String(Int((100 * Double(count) / Double(line.total)).rounded()))
      }
      let curve =
        line.curve.isEmpty
        ? ECTSGrade.allCases.map { _ in t(.notApplicable) }
        : line.curve.map { band in
          let from = band.lowest.map { " (≥\(Hours(rounding: $0)))" } ?? ""
          return "\(band.students)\(from)\(band.isTied ? " =" : "")"
        }
      return [
        "\(line.discipline) \(name)", String(line.term), String(line.entryYear),
        String(line.total), String(line.passed),
      ] + percent + curve
    }
    table(head, rows, words: 1, &html)
    html.element("p", [:], "=: \(t(.tied))")
  }

  /// A student's transcript with the disciplines of the current term; nil where nobody has the
  /// identifier.
  public func transcript(of student: StudentID, in language: Language) -> String? {
    guard let at = institution.students.position(of: student), let group = group(of: student),
      let programme = programme(of: student)
    else { return nil }
    let person = institution.students[at]
    let transcript = transcripts[at]
    let t: (RegistrarPhrase) -> String = { $0.text(in: language) }
    return page(title: "\(t(.transcriptTitle)) · \(person.id)", language) { html in
      html.element("h1", [:], t(.transcriptTitle))
      let facts = [
        person.name.isEmpty ? person.id.text : "\(person.name), \(person.id)",
        "\(t(.group)): \(group.id)", "\(t(.programme)): \(programme.id) \(programme.name)",
        "\(t(.level)): \(t(RegistrarPhrase(programme.level))), "
          + t(RegistrarPhrase(programme.form)),
      ]
      for fact in facts { html.element("p", [:], fact) }
      if transcript.grades.isEmpty {
        html.element("p", [:], t(.none))
      } else {
        marks(transcript, t, language, &html)
      }
      html.element("h2", [:], "\(t(.current)): \(group.term)")
      current(person, t, language, &html)
    }
  }

  private func marks(
    _ transcript: Transcript, _ t: (RegistrarPhrase) -> String, _ language: Language,
    _ html: inout HTML
  ) {
    let head = [
      t(.discipline), t(.term), t(.credits), t(.hours), t(.points), t(.letter), t(.equivalent),
    ]
    let creditHours = Double(institution.policy.creditHours)
    var rows: [[String]] = []
    for (grade, credits) in zip(transcript.grades, transcript.credits) {
      let name = institution.disciplines[grade.discipline]?.name(in: language) ?? ""
      rows.append([
        "\(grade.discipline) \(name)", String(grade.term), Hours(rounding: credits).description,
        Hours(rounding: credits * creditHours).description,
        Hours(rounding: grade.points).description, grade.letter.rawValue,
        GPA(hundredths: grade.letter.hundredths).description,
      ])
    }
    table(
      head, rows, words: 1, marked: { !transcript.grades[$0].letter.isPassed }, &html)
    let terms = Set(transcript.grades.map(\.term)).sorted()
    let sums = terms.map { term in
      [
        String(term), Hours(rounding: transcript.earned(in: term...term)).description,
        transcript.gpa(in: term...term)?.description ?? "–",
      ]
    }
    let all = 1...max(1, terms.last ?? 1)
    let total = [
      t(.total), Hours(rounding: transcript.earned(in: all)).description,
      transcript.gpa(in: all)?.description ?? "–",
    ]
    html.element("h2", [:], t(.summary))
    table([t(.term), t(.earned), "GPA"], sums + [total], words: 0, &html)
  }

  private func current(
    _ person: Student, _ t: (RegistrarPhrase) -> String, _ language: Language,
    _ html: inout HTML
  ) {
    let taken = institution.enrolments.filter { $0.student == person.id }
    var credits = 0.0
    var rows: [[String]] = []
    for enrolment in taken {
      guard let discipline = institution.disciplines[enrolment.discipline] else { continue }
      credits += discipline.credits
      rows.append([
        "\(discipline.id) \(discipline.name(in: language))",
        t(RegistrarPhrase(enrolment.status)), Hours(rounding: discipline.credits).description,
        TeachingKind.allCases.map { String(discipline.hours($0)) }.joined(separator: " / "),
      ])
    }
    rows.append([t(.total), "", Hours(rounding: credits).description, ""])
    table([t(.discipline), t(.status), t(.credits), t(.classes)], rows, words: 2, &html)
  }

  // MARK: - The frame

  /// A table whose first `words` columns are words and whose others are numbers.
  private func table(
    _ head: [String], _ rows: [[String]], words: Int, marked: (Int) -> Bool = { _ in false },
    _ html: inout HTML
  ) {
    html.element("div", ["class": "scroll"]) { html in
      html.element("table", ["class": "registrar"]) { html in
        html.element("thead") { html in
          html.element("tr") { row in
            for (column, cell) in head.enumerated() {
              row.element("th", ["class": column < words ? "word" : "number"], cell)
            }
          }
        }
        html.newline()
        html.element("tbody") { html in
          for (at, cells) in rows.enumerated() {
            html.element("tr", ["class": marked(at) ? "held" : "plain"]) { row in
              for (column, cell) in cells.enumerated() {
                row.element("td", ["class": column < words ? "word" : "number"], cell)
              }
            }
            html.newline()
          }
        }
      }
    }
  }

  private func page(
    title: String, _ language: Language, _ content: (inout HTML) -> Void
  ) -> String {
    var html = HTML()
    html.element("html", ["lang": language.rawValue]) { html in
      html.newline()
      html.element("head") { head in
        head.empty("meta", ["charset": "utf-8"])
        head.empty(
          "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        head.element("title", [:], "\(title) · \(institution.name)")
        head.element("style", [:], Self.style)
      }
      html.newline()
      html.element("body") { body in
        content(&body)
        body.element("footer", [:], "\(institution.name) · \(institution.term.id)")
      }
    }
    return "<!DOCTYPE html>\n" + html.markup + "\n"
  }

  /// Without the characters that HTML escapes, so that it is the same text in a style element.
  private static let style = """
    body { margin: 24px; color: #1b2330; background: #ffffff; \
    font: 14px/1.4 system-ui, sans-serif; }
    h1 { font-size: 22px; } h2 { font-size: 17px; margin-top: 28px; } p { margin: 4px 0; }
    .scroll { overflow-x: auto; margin: 8px 0; }
    table { border-collapse: collapse; }
    th, td { border: 1px solid #dce1e8; padding: 3px 8px; vertical-align: top; }
    th { background: #f5f6f8; text-align: left; }
    .number { text-align: right; white-space: nowrap; }
    tr.held td { background: #fdecea; color: #b3261e; }
    footer { margin-top: 24px; color: #5a6474; }
    @media print { body { margin: 0; font-size: 9pt; } thead { display: table-header-group; } \
    tr { break-inside: avoid; } }
    @page { size: A4 landscape; margin: 12mm; }
    """
}

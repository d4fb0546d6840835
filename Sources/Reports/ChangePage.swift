// SPDX-License-Identifier: GPL-3.0-or-later
internal import University

/// The change list as a page and as calendars.
public enum ChangePage {
  /// What the page says besides the changes: a line of text each, in the language given.
  public struct Remark: Sendable {
    let texts: (kk: String, ru: String, en: String)

    /// A line in three languages.
    public init(kk: String, ru: String, en: String) { texts = (kk, ru, en) }

    func text(_ language: Language) -> String {
      switch language {
      case .kk: texts.kk
      case .ru: texts.ru
      case .en: texts.en
      }
    }
  }

  /// A point of the curve of cost against the number of moved meetings.
  public struct CurvePoint: Sendable {
    var moved: Int
    var objective: Double

    /// So many moved meetings, at this objective.
    public init(moved: Int, objective: Double) {
      self.moved = moved
      self.objective = objective
    }
  }

  /// The files: a page for each language, `index.html`, `changes.csv`, a calendar for each teacher,
  /// group and room concerned, the curve as `curve.csv` and `curve.svg`, and, where students have more
  /// than before at one time, `conflicts.csv`.
  ///
  /// - Parameters:
  ///   - difference: What changed.
  ///   - remarks: Lines above the lists.
  ///   - curve: Cost against moved meetings; empty for none.
  ///   - revision: `SEQUENCE` of the changed events: higher than in the calendars given out.
  /// - Returns: Paths within a folder, with texts.
  public static func files(
    _ difference: PlanDifference, remarks: [Remark] = [], curve: [CurvePoint] = [], revision: Int
  ) -> [(path: String, text: String)] {
    var result: [(String, String)] = [("changes.csv", difference.csv)]
    let own = difference.after.institution.language
    for language in Language.allCases {
      let text = Page(difference: difference, language: language).text(remarks, curve)
      result.append(("\(language.rawValue).html", text))
      if language == own { result.append(("index.html", text)) }
    }
    if !difference.conflicts.isEmpty {
      result.append(("conflicts.csv", difference.conflictsCSV))
    }
    if curve.count > 1 {
      var table = "moved,objective\n"
      for point in curve { table += "\(point.moved),\(ScenarioPage.number(point.objective))\n" }
      result.append(("curve.csv", table))
      var svg = HTML()
      Page(difference: difference, language: own).drawing(curve, &svg)
      result.append(("curve.svg", svg.markup + "\n"))
    }
    for (subject, changes) in difference.bySubject {
      let name =
        switch subject {
        case .teacher(let id): "teacher-" + FileNames.name(of: id.text)
        case .group(let id): "group-" + FileNames.name(of: id.text)
        case .room(let id): "room-" + FileNames.name(of: id.text)
        }
      result.append(
        (
          "calendars/\(name).ics",
          ICalendar.changes(
            changes
              + difference.shortened.filter { difference.subjects(of: $0).contains(subject) },
            of: subject, in: difference, language: own, revision: revision)
        ))
    }
    return result
  }

  private struct Page {
    let difference: PlanDifference
    let language: Language

    func say(_ kk: String, _ ru: String, _ en: String) -> String {
      switch language {
      case .kk: kk
      case .ru: ru
      case .en: en
      }
    }

    func name(_ kind: PlanDifference.Kind) -> String {
      switch kind {
      case .movedTime: say("уақыты ауысты", "другое время", "other time")
      case .movedRoom: say("аудиториясы ауысты", "другая аудитория", "other room")
      case .movedBoth:
        say("уақыты мен аудиториясы ауысты", "другие время и аудитория", "other time and room")
      case .teacher: say("оқытушысы ауысты", "другой преподаватель", "other teacher")
      case .groups: say("топтары ауысты", "другие группы", "other groups")
      case .added: say("қосылды", "добавлено", "added")
      case .cancelled: say("жойылды", "отменено", "cancelled")
      }
    }

    func name(ofCriterion name: String) -> String {
      TimetableCriterion(rawValue: name).map { language.name(of: $0) }
        ?? LoadCriterion(rawValue: name).map { language.name(of: $0) }
        ?? SectionCriterion(rawValue: name).map { language.name(of: $0) } ?? name
    }

    func number(_ value: Double) -> String { language.number(value) }

    /// A coordinate of a drawing.
    func place(_ value: Double) -> String { ScenarioPage.number(value) }

    func text(_ remarks: [Remark], _ curve: [CurvePoint]) -> String {
      let heading = say(
        "Кестедегі өзгерістер", "Изменения в расписании", "Changes of the timetable")
      let after = Labels(view: difference.after, language: language)
      let before = Labels(view: difference.before, language: language)
      return StandalonePage.text(heading, language) { body in
        body.element("p", [:], difference.after.institution.name)
        for remark in remarks { body.element("p", [:], remark.text(language)) }
        summary(&body)
        if curve.count > 1 { chart(curve, &body) }
        let bySubject = difference.bySubject
        let headings: [(String, (PlanView.Subject) -> Bool)] = [
          (
            say("Оқытушылар бойынша", "По преподавателям", "By teacher"),
            { if case .teacher = $0 { true } else { false } }
          ),
          (
            say("Топтар бойынша", "По группам", "By group"),
            { if case .group = $0 { true } else { false } }
          ),
          (
            say("Аудиториялар бойынша", "По аудиториям", "By room"),
            { if case .room = $0 { true } else { false } }
          ),
        ]
        for (part, belongs) in headings {
          let own = bySubject.filter { belongs($0.subject) }
          if own.isEmpty { continue }
          body.element("h2", [:], part)
          body.element("table") { table in
            header(&table)
            for (subject, changes) in own {
              for (rank, change) in changes.enumerated() {
                row(rank == 0 ? title(of: subject, after) : "", change, before, after, &table)
              }
            }
          }
        }
        conflicts(after, &body)
        sections(&body)
        load(after, &body)
      }
    }

    /// What students have at one time since the change.
    private func conflicts(_ labels: Labels, _ html: inout HTML) {
      let found = difference.conflicts
      if found.isEmpty { return }
      html.element(
        "h2", [:],
        say(
          "Бір уақытқа түскен сабақтар", "Занятия, попавшие на одно время",
          "Classes now at one time"))
      html.element(
        "p", [:],
        say(
          "Студенттер екеуіне де жазылған (қайта оқитындар): бұрын бұлар қатар келмеген. "
            + "Барлық студенттер – conflicts.csv файлында.",
          "Студенты записаны на оба занятия (повторно изучающие): раньше они не совпадали. "
            + "Все студенты – в conflicts.csv.",
          "Students are in both (they retake one of them), which were not at one time before. All "
            + "students are in conflicts.csv."))
      html.element("table") { table in
        table.headings(
          [
            say("Ауысқан сабақ", "Перенесённое занятие", "Moved class"),
            say("Басқа сабақ", "Другое занятие", "Other class"), say("Енді", "Теперь", "Now"),
            say("Студенттер", "Студентов", "Students"), say("Сағат", "Часов", "Hours"),
          ], numbers: [3, 4])
        for conflict in found {
          table.element("tr") { row in
            row.element("td", [:], title(of: conflict.meeting, labels))
            row.element("td", [:], title(of: conflict.other, labels))
            row.element(
              "td", [:],
              "\(language.shortName(of: conflict.meeting.day)) \(labels.time(of: conflict.meeting))"
            )
            row.element("td", ["class": "number"], "\(conflict.students.count)")
            row.element("td", ["class": "number"], "\(conflict.hours)")
          }
        }
      }
    }

    private func title(of meeting: Meeting, _ labels: Labels) -> String {
      let kind = labels.view.plan.sections[meeting.section].map { language.name(of: $0.kind) } ?? ""
      return "\(labels.disciplineName(of: meeting)) (\(kind.lowercased())), \(meeting.section)"
    }

    private func title(of subject: PlanView.Subject, _ labels: Labels) -> String {
      switch subject {
      case .teacher(let id): labels.name(of: id)
      case .group(let id): id.text
      case .room(let id): id.text
      }
    }

    private func summary(_ html: inout HTML) {
      html.element("p", [:]) { line in
        let counts = PlanDifference.Kind.allCases.compactMap { kind -> String? in
          let count = difference.meetings.count { $0.kind == kind }
          return count == 0 ? nil : "\(name(kind)): \(count)"
        }
        line.text(
          counts.isEmpty
            ? say("Сабақтар өзгермеді", "Занятия не изменились", "No meeting changed")
            : counts.joined(separator: "; "))
      }
      html.element("p", ["class": difference.isValid ? "good" : "bad"]) { line in
        line.text(
          difference.isValid
            ? say(
              "Жоспар барлық ережені сақтайды", "План соблюдает все правила",
              "The plan keeps all rules")
            : say("Жоспар ережені бұзады", "План нарушает правила", "The plan breaks rules"))
      }
      if !difference.criteria.isEmpty {
        html.element("table") { table in
          table.headings(
            [
              say("Критерий", "Критерий", "Criterion"), say("Бұрын", "Было", "Before"),
              say("Енді", "Стало", "After"), say("Салмақ", "Вес", "Weight"),
              say("Мақсатқа әсері", "Вклад в цель", "Change of the objective"),
            ], numbers: [1, 2, 3, 4])
          for change in difference.criteria {
            table.element("tr") { row in
              row.element("td", [:], name(ofCriterion: change.name))
              for value in [
                change.before, change.after, change.weight,
                (change.after - change.before) * change.weight,
              ] { row.element("td", ["class": "number"], number(value)) }
            }
          }
        }
      }
    }

    private func header(_ table: inout HTML) {
      table.headings(
        [
          "", say("Өзгеріс", "Изменение", "Change"), say("Пән", "Дисциплина", "Discipline"),
          say("Топтар", "Группы", "Groups"), say("Бұрын", "Было", "Before"),
          say("Енді", "Стало", "Now"),
        ])
    }

    private func row(
      _ title: String, _ change: PlanDifference.MeetingChange, _ before: Labels, _ after: Labels,
      _ table: inout HTML
    ) {
      table.element("tr") { row in
        row.element("td", ["class": "name"], title)
        row.element("td", [:], name(change.kind))
        let labels = change.after == nil ? before : after
        let meeting = change.after ?? change.before
        let kind =
          labels.view.plan.sections[change.section].map { language.name(of: $0.kind) } ?? ""
        row.element(
          "td", [:],
          meeting.map { "\(labels.disciplineName(of: $0)) (\(kind.lowercased()))" } ?? "")
        row.element("td", [:], labels.groups(of: change.section, atMost: 6))
        row.element("td", ["class": "was"], place(change.before, change.teachersBefore, before))
        row.element("td", [:], place(change.after, change.teachersAfter, after))
      }
    }

    private func place(_ meeting: Meeting?, _ teachers: [TeacherID], _ labels: Labels) -> String {
      guard let meeting else { return "–" }
      let weeks = labels.weeks(meeting.weeks)
      let who = teachers.map { labels.name(of: $0) }.joined(separator: ", ")
      return
        ([
          "\(language.shortName(of: meeting.day)) \(labels.time(of: meeting))", weeks,
          labels.place(of: meeting), who,
        ].filter { !$0.isEmpty }).joined(separator: " · ")
    }

    /// Sections that are new, gone, of other students or otherwise different.
    private func sections(_ html: inout HTML) {
      if difference.sections.isEmpty { return }
      html.element("h2", [:], say("Секциялар", "Секции", "Sections"))
      html.element("table") { table in
        table.headings(
          [
            say("Секция", "Секция", "Section"), say("Өзгеріс", "Изменение", "Change"),
            say("Қосылған студент", "Студентов пришло", "Students joined"),
            say("Кеткен студент", "Студентов ушло", "Students left"),
          ], numbers: [2, 3])
        for change in difference.sections {
          table.element("tr") { row in
            row.element("td", ["class": "name"], change.section.text)
            row.element(
              "td", [:],
              change.isAdded
                ? say("жаңа", "новая", "new")
                : change.isRemoved
                  ? say("жойылды", "исчезла", "gone")
                  : change.fields.map { $0.text(in: language) }.joined(separator: "; "))
            row.element("td", ["class": "number"], "\(change.joined.count)")
            row.element("td", ["class": "number"], "\(change.left.count)")
          }
        }
      }
    }

    /// The hours of a task, both before and after where they are different.
    private func hours(_ change: PlanDifference.LoadChange) -> String {
      let both = [change.hoursBefore, change.hoursAfter].compactMap { $0 }.map(number)
      return both.first == both.last ? both.last ?? "" : both.joined(separator: " → ")
    }

    private func load(_ labels: Labels, _ html: inout HTML) {
      if difference.load.isEmpty { return }
      html.element("h2", [:], say("Жүктеме", "Нагрузка", "Teaching load"))
      html.element("table") { table in
        table.headings(
          [
            say("Жұмыс", "Работа", "Work"), say("Секция", "Секция", "Section"),
            say("Сағат", "Часы", "Hours"), say("Бұрын", "Было", "Before"),
            say("Енді", "Стало", "Now"),
          ], numbers: [2])
        for change in difference.load {
          table.element("tr") { row in
            row.element("td", [:], language.name(of: change.work))
            row.element("td", [:], change.section.text)
            row.element("td", ["class": "number"], hours(change))
            // Whose part is another is told with the hours.
            let isSame = change.before == change.after
            for (people, shares, hours) in [
              (change.before, change.sharesBefore, change.hoursBefore),
              (change.after, change.sharesAfter, change.hoursAfter),
            ] {
              // A task that is not there is not vacant.
              let nobody = hours == nil ? "–" : labels(.noTeacher)
              row.element(
                "td", [:],
                people.isEmpty
                  ? nobody
                  : people.map {
                    labels.name(of: $0) + (isSame ? " (\(number(shares[$0] ?? 0)))" : "")
                  }.joined(separator: ", "))
            }
          }
        }
      }
    }

    /// Objective against moved meetings, as a line.
    private func chart(_ curve: [CurvePoint], _ html: inout HTML) {
      html.element(
        "h2", [:],
        say(
          "Мақсат пен ауыстырылған сабақтар саны", "Цель и число перенесённых занятий",
          "Objective against moved meetings"))
      drawing(curve, &html)
    }

    /// The line by itself.
    func drawing(_ curve: [CurvePoint], _ html: inout HTML) {
      let width = 640.0, height = 240.0, left = 80.0, bottom = 36.0, top = 12.0, right = 12.0
      let most = Double(max(1, curve.map(\.moved).max() ?? 1))
      let high = curve.map(\.objective).max() ?? 1
      let low = curve.map(\.objective).min() ?? 0
      let span = max(1e-9, high - low)
      func x(_ moved: Int) -> Double { left + Double(moved) / most * (width - left - right) }
      func y(_ value: Double) -> Double {
        top + (high - value) / span * (height - top - bottom)
      }
      html.element(
        "svg",
        [
          "xmlns": "http://www.w3.org/2000/svg",
          "viewBox": "0 0 \(Int(width)) \(Int(height))", "class": "chart", "role": "img",
        ]
      ) { svg in
        svg.element(
          "polyline",
          [
            "points": curve.map { "\(place(x($0.moved))),\(place(y($0.objective)))" }
              .joined(separator: " "), "class": "line", "fill": "none", "stroke": "#1f5fa8",
          ], "")
        for point in curve {
          svg.element(
            "circle", ["cx": place(x(point.moved)), "cy": place(y(point.objective)), "r": "3"]
          ) { $0.element("title", [:], "\(point.moved): \(number(point.objective))") }
        }
        for value in [low, (low + high) / 2, high] {
          svg.element(
            "text", ["x": "\(Int(left) - 8)", "y": place(y(value) + 4), "text-anchor": "end"],
            number(value.rounded()))
        }
        for moved in Set([0, Int(most) / 2, Int(most)]).sorted() {
          svg.element(
            "text", ["x": place(x(moved)), "y": "\(Int(height) - 12)", "text-anchor": "middle"],
            "\(moved)")
        }
      }
    }
  }
}

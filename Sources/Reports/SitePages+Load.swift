// SPDX-License-Identifier: GPL-3.0-or-later
public import University

extension SitePages {
  /// All departments with their hours and how many of them are vacant.
  public func loadOverview(_ language: Language) -> String {
    let place = Place(path: "load.html", language: language)
    let t = labels(language)
    let title = t(.loadTitle)
    return page(place, title: title) { html in
      html.element("h1", [:], title)
      guard view.plan.hasLoad else {
        html.element("p", ["class": "note"], t(.noLoad))
        return
      }
      var hours: [DepartmentID: Hours] = [:]
      var vacant: [DepartmentID: Hours] = [:]
      for task in view.plan.tasks {
        hours[task.department, default: .zero] += task.hours
        vacant[task.department, default: .zero] += vacantHours(of: task)
      }
      var staff: [DepartmentID: Int] = [:]
      for teacher in view.institution.teachers { staff[teacher.department, default: 0] += 1 }
      html.element("div", ["class": "scroll"]) { holder in
        holder.element("table", ["class": "data"]) { table in
          headings(
            [t(.department)], numbers: [t(.teachers), t(.hours), t(.vacant)], &table)
          table.element("tbody") { body in
            for department in view.institution.departments {
              body.element("tr") { row in
                row.element("th", ["scope": "row"]) {
                  $0.element("a", ["href": loadPath(of: department.id)], department.name)
                }
                number("\(staff[department.id] ?? 0)", &row)
                number(language.number(hours[department.id] ?? .zero), &row)
                number(language.number(vacant[department.id] ?? .zero), &row)
              }
            }
          }
        }
      }
    }
  }

  func number(_ text: String, _ row: inout HTML) {
    row.element("td", ["class": "number"], text)
  }

  private func vacantHours(of task: LoadTask) -> Hours {
    let assigned = (view.assignmentsByTask[task.id] ?? [])
      .reduce(Hours.zero) { $1.teacher == nil ? $0 : $0 + $1.hours }
    return max(.zero, task.hours - assigned)
  }

  /// A department's load: the distribution (POLICY.md 5.5), the computation (5.3), and every task
  /// with who does it.
  public func load(of department: Department, _ language: Language) -> String {
    let place = Place(path: loadPath(of: department.id), language: language)
    let t = labels(language)
    return page(place, title: "\(department.name) – \(t(.stageLoad))", wide: true) { html in
      html.element("h1") { heading in
        heading.element("span", ["class": "eyebrow"], t(.stageLoad))
        heading.text(" " + department.name)
      }
      html.element("p", ["class": "crumbs"]) { crumbs in
        crumbs.element("a", ["href": place.up + "load.html"], t(.allDepartments))
        crumbs.text(" · ")
        crumbs.element(
          "a", ["href": place.up + streamsPath(of: department.id)], t(.streamsTitle))
        guard view.plan.hasLoad else { return }
        for (path, text) in [
          (documentPath(of: department.id), t(.loadComputation)),
          (cardsPath(of: department.id), t(.teacherCard)),
          (workbookPath(of: department.id), "XLSX"),
          (
            reasonsPath(of: department.id),
            t.language.pick("Неге осындай", "Почему так", "Why")
          ),
        ] {
          crumbs.text(" · ")
          crumbs.element("a", ["href": place.up + path], text)
        }
      }
      guard view.plan.hasLoad else {
        html.element("p", ["class": "note"], t(.noLoad))
        return
      }
      let tasks = view.plan.tasks.filter { $0.department == department.id }
      html.element("h2", [:], t(.loadTitle))
      distribution(of: department, place, t, &html)
      html.element("h2", [:], t(.loadComputation))
      computation(tasks, t, &html)
      html.element("h2", [:], t(.tasks))
      taskTable(tasks, place, t, &html)
    }
  }

  private func distribution(
    of department: Department, _ place: Place, _ t: Labels, _ html: inout HTML
  ) {
    html.element("div", ["class": "scroll"]) { holder in
      holder.element("table", ["class": "data"]) { table in
        headings(
          [t(.teacherShort), t(.positionShort)],
          numbers: [t(.rateShort), t(.normShort), t(.contact), t(.other), t(.total), t(.percent)],
          &table)
        var sums = (rate: 0.0, norm: 0.0, contact: Hours.zero, other: Hours.zero)
        table.element("tbody") { body in
          for teacher in view.institution.teachers where teacher.department == department.id {
            let (contact, other) = teacherHours[teacher.id] ?? (.zero, .zero)
            let norm = view.institution.norm(of: teacher)
            sums = (
              sums.rate + teacher.rate, sums.norm + norm, sums.contact + contact,
              sums.other + other
            )
            let over = (contact + other).value > norm + 0.005
            body.element("tr", ["class": over ? "over" : ""]) { row in
              row.element("th", ["scope": "row"]) { link(teacher.id, place, t, &$0) }
              row.element("td", [:], t.language.positionName(teacher.position))
              numbers(teacher.rate, norm, contact, other, t, &row)
            }
          }
        }
        table.element("tfoot") { foot in
          foot.element("tr") { row in
            row.element("th", ["scope": "row", "colspan": "2"], t(.total))
            numbers(sums.rate, sums.norm, sums.contact, sums.other, t, &row)
          }
        }
      }
    }
  }

  private func numbers(
    _ rate: Double, _ norm: Double, _ contact: Hours, _ other: Hours, _ t: Labels,
    _ row: inout HTML
  ) {
    let total = contact + other
    number(t.language.number(rate), &row)
    number(t.language.number(norm), &row)
    number(t.language.number(contact), &row)
    number(t.language.number(other), &row)
    number(t.language.number(total), &row)
    number(norm > 0 ? t.language.oneDecimal(total.value / norm * 100) : "–", &row)
  }

  // MARK: - The computation

  private func computation(_ tasks: [LoadTask], _ t: Labels, _ html: inout HTML) {
    let byDiscipline = Dictionary(grouping: tasks, by: \.discipline)
    let works = Set(tasks.map(\.work)).filter { $0.teachingKind == nil }.sorted()
    html.element("div", ["class": "scroll"]) { holder in
      holder.element("table", ["class": "data dense"]) { table in
        computationHead(works, t, &table)
        var sums: [Work: Hours] = [:]
        table.element("tbody") { body in
          for discipline in view.institution.disciplines {
            guard let tasks = byDiscipline[discipline.id] else { continue }
            var hours: [Work: Hours] = [:]
            for task in tasks {
              hours[task.work, default: .zero] += task.hours
              sums[task.work, default: .zero] += task.hours
            }
            body.element("tr") { row in
              described(discipline, tasks, t, &row)
              for kind in TeachingKind.allCases { number("\(discipline.hours(kind))", &row) }
              totals(hours, works, t, &row)
            }
            body.newline()
          }
        }
        table.element("tfoot") { foot in
          foot.element("tr") { row in
            row.element("th", ["scope": "row", "colspan": "10"], t(.total))
            totals(sums, works, t, &row)
          }
        }
      }
    }
  }

  private func computationHead(_ works: [Work], _ t: Labels, _ table: inout HTML) {
    table.element("thead") { head in
      head.element("tr") { row in
        for phrase: Phrase in [
          .discipline, .programmeCode, .yearAndTerm, .teachingLanguage, .studentCount,
          .sectionCounts, .credits,
        ] {
          row.element("th", ["scope": "col", "rowspan": "2"], t(phrase))
        }
        row.element("th", ["scope": "colgroup", "colspan": "3"], t(.plannedHours))
        row.element("th", ["scope": "colgroup", "colspan": "3"], t(.loadHours))
        for work in works {
          row.element("th", ["scope": "col", "rowspan": "2"], t.language.name(of: work))
        }
        row.element("th", ["scope": "col", "rowspan": "2"], t(.total))
      }
      head.element("tr") { row in
        for _ in 0..<2 {
          for kind in TeachingKind.allCases {
            row.element(
              "th", ["scope": "col", "class": "number"], t.language.letters(of: kind))
          }
        }
      }
    }
  }

  private func described(
    _ discipline: Discipline, _ tasks: [LoadTask], _ t: Labels, _ row: inout HTML
  ) {
    let sections = Set(tasks.map(\.section)).sorted().compactMap { view.plan.sections[$0] }
    // Those who take the discipline again do not make it one of their programme's year.
    let shares = sections.flatMap { view.groups(in: $0.id) }.filter { !$0.isRetakeOnly }
    let groups = Set(shares.map(\.group)).sorted()
      .compactMap { view.institution.groups[$0] }
    let programmes = Set(groups.map(\.programme)).sorted().map(\.text)
    let years = Set(groups.map(\.term)).sorted().map { "\(($0 + 1) / 2)/\($0)" }
    let languages = Language.allCases.filter { language in
      sections.contains { $0.language == language }
    }
    let students = Set(sections.flatMap(\.students)).count
    row.element("th", ["scope": "row"], t.name(of: discipline.id))
    row.element("td", [:], Self.few(programmes))
    row.element("td", [:], years.joined(separator: ", "))
    row.element("td", [:], languages.map { t.language.name(of: $0) }.joined(separator: ", "))
    number("\(students)", &row)
    number(
      TeachingKind.allCases.map { kind in "\(sections.count { $0.kind == kind })" }
        .joined(separator: " / "), &row)
    number(t.language.number(discipline.credits), &row)
  }

  /// At most four names.
  private static func few(_ names: [String]) -> String {
    names.count > 4
      ? names.prefix(3).joined(separator: ", ") + " +\(names.count - 3)"
      : names.joined(separator: ", ")
  }

  private func totals(
    _ hours: [Work: Hours], _ works: [Work], _ t: Labels, _ row: inout HTML
  ) {
    let columns = TeachingKind.allCases.map(Work.teaching) + works
    for work in columns {
      number(hours[work].map { t.language.number($0) } ?? "", &row)
    }
    number(t.language.number(columns.reduce(Hours.zero) { $0 + (hours[$1] ?? .zero) }), &row)
  }

  // MARK: - The tasks

  private func taskTable(
    _ tasks: [LoadTask], _ place: Place, _ t: Labels, _ html: inout HTML
  ) {
    let institution = view.institution
    let sorted = tasks.enumerated().sorted { a, b in
      let x = institution.disciplines.position(of: a.element.discipline) ?? .max
      let y = institution.disciplines.position(of: b.element.discipline) ?? .max
      if x != y { return x < y }
      let v = view.plan.sections.position(of: a.element.section) ?? .max
      let w = view.plan.sections.position(of: b.element.section) ?? .max
      return v != w ? v < w : a.offset < b.offset
    }.map(\.element)
    html.element("div", ["class": "scroll"]) { holder in
      holder.element("table", ["class": "data"]) { table in
        table.element("thead") { head in
          head.element("tr") { row in
            for phrase: Phrase in [.discipline, .work, .groupList, .teachingLanguage] {
              row.element("th", ["scope": "col"], t(phrase))
            }
            for phrase: Phrase in [.studentCount, .hours] {
              row.element("th", ["scope": "col", "class": "number"], t(phrase))
            }
            row.element("th", ["scope": "col"], t(.taskOwner))
          }
        }
        table.element("tbody") { body in
          for task in sorted {
            self.task(task, place, t, &body)
            body.newline()
          }
        }
      }
    }
  }

  private func task(_ task: LoadTask, _ place: Place, _ t: Labels, _ body: inout HTML) {
    let section = view.plan.sections[task.section]
    body.element("tr") { row in
      row.element("th", ["scope": "row"], t.name(of: task.discipline))
      row.element("td", [:], t.language.name(of: task.work))
      row.element("td") { groupLinks(of: task.section, atMost: 8, place, t, &$0) }
      row.element("td", [:], section.map { t.language.name(of: $0.language) } ?? "")
      number(section.map { "\($0.students.count)" } ?? "", &row)
      number(t.language.number(task.hours), &row)
      row.element("td") { owners(of: task, place, t, &$0) }
    }
  }

  private func owners(of task: LoadTask, _ place: Place, _ t: Labels, _ cell: inout HTML) {
    let rows = (view.assignmentsByTask[task.id] ?? []).filter { $0.teacher != nil }
    for (index, row) in rows.enumerated() {
      guard let teacher = row.teacher else { continue }
      if index > 0 { cell.text(", ") }
      link(teacher, place, t, &cell)
      if rows.count > 1 || row.hours != task.hours {
        cell.text(" (\(t.language.number(row.hours)))")
      }
    }
    let vacant = vacantHours(of: task)
    if vacant > .zero || rows.isEmpty {
      if !rows.isEmpty { cell.text(", ") }
      cell.element("span", ["class": "vacant"]) { span in
        span.text(t(.vacant))
        if !rows.isEmpty { span.text(" (\(t.language.number(vacant)))") }
      }
    }
  }

  // MARK: - The card of a teacher

  /// The teacher's hours against the norm, and the tasks (POLICY.md 5.4).
  func card(of id: TeacherID, _ place: Place, _ t: Labels, _ html: inout HTML) {
    guard view.plan.hasLoad, let teacher = view.institution.teachers[id] else { return }
    let (contact, other) = teacherHours[id] ?? (.zero, .zero)
    let norm = view.institution.norm(of: teacher)
    let language = t.language
    html.element("section", ["class": "teacher-card"]) { part in
      part.element("h2", [:], t(.teacherCard))
      part.element("dl", ["class": "figures"]) { figures in
        for (name, value) in [
          (t(.rate), language.number(teacher.rate)), (t(.norm), language.number(norm)),
          (t(.contact), language.number(contact)), (t(.other), language.number(other)),
          (t(.total), language.number(contact + other)),
          (t(.deviation), language.number((contact + other).value - norm)),
        ] {
          figures.element("div") { figure in
            figure.element("dt", [:], name)
            figure.element("dd", [:], value)
          }
        }
      }
      let tasks = view.tasks(of: id)
      guard !tasks.isEmpty else { return }
      part.element("div", ["class": "scroll"]) { holder in
        holder.element("table", ["class": "data"]) { table in
          headings(
            [t(.discipline), t(.work), t(.groupList)],
            numbers: [t(.studentCount), t(.hours)], &table)
          table.element("tbody") { body in
            for (task, hours) in tasks {
              body.element("tr") { row in
                row.element("th", ["scope": "row"], t.name(of: task.discipline))
                row.element("td", [:], language.name(of: task.work))
                row.element("td") { groupLinks(of: task.section, atMost: 8, place, t, &$0) }
                number(
                  view.plan.sections[task.section].map { "\($0.students.count)" } ?? "", &row)
                number(language.number(hours), &row)
              }
            }
          }
        }
      }
    }
  }
}

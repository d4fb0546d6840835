// SPDX-License-Identifier: GPL-3.0-or-later
public import LoadDistribution
public import University

extension SitePages {
  /// The path of the explanations of a department's load.
  public func reasonsPath(of department: DepartmentID) -> String {
    "reasons/" + loadPath(of: department).dropFirst("load/".count)
  }

  /// Why a department's load is as it is: by teacher and by task.
  ///
  /// - Parameters:
  ///   - explanation: Of the department.
  ///   - tasks: Of its tasks, in the order of the load.
  ///   - language: The language of the page.
  /// - Returns: The page.
  public func reasons(
    _ explanation: DepartmentExplanation, _ tasks: [TaskExplanation], _ language: Language
  ) -> String {
    let id = explanation.department
    let place = Place(path: reasonsPath(of: id), language: language)
    let t = labels(language)
    let words = LoadReasons(view.institution, view.plan, language)
    let title = language.pick("Жүктеме неге осындай", "Почему нагрузка такова", "Why this load")
    let name = view.institution.departments[id]?.name ?? id.text
    return page(place, title: "\(name) – \(title)", wide: true) { html in
      html.element("h1") { heading in
        heading.element("span", ["class": "eyebrow"], title)
        heading.text(" " + name)
      }
      html.element("p", ["class": "crumbs"]) { crumbs in
        crumbs.element("a", ["href": place.up + loadPath(of: id)], t(.stageLoad))
      }
      for sentence in words.sentences(explanation) { html.element("p", [:], sentence) }
      rows(
        [t(.criterion)], numbers: [t(.value), t(.weight), t(.penalty)], words.rows(explanation),
        &html)
      html.element("h2", [:], t(.teachers))
      for teacher in explanation.teachers {
        html.element("h3") { link(teacher.teacher, place, t, &$0) }
        for sentence in words.sentences(teacher) { html.element("p", [:], sentence) }
        if !teacher.lines.isEmpty {
          rows(
            [t(.discipline), t(.work)], numbers: [t(.tasks), t(.hours)], words.rows(teacher),
            &html)
        }
        html.newline()
      }
      html.element("h2", [:], t(.tasks))
      html.element(
        "p", ["class": "note"],
        language.pick(
          "Құны – осы өзгеріс енген жоспардың мақсат функциясы мен қазіргінің айырмасы, барлық "
            + "критерий бойынша. Оң сан – қымбаттайды.",
          "Цена – разность целевой функции плана с этой заменой и нынешнего, по всем критериям. "
            + "Положительная – дороже.",
          "The cost is the objective of the plan with the change less that of the plan as it is, "
            + "over all criteria. A positive number is dearer."))
      for task in tasks {
        html.element("details") { details in
          details.element("summary", [:], words.sentences(task).joined(separator: " · "))
          rows(words.candidateHeads(task), numbers: [], words.rows(task), &details)
        }
        html.newline()
      }
    }
  }

  private func rows(
    _ heads: [String], numbers: [String], _ rows: [[String]], _ html: inout HTML
  ) {
    html.element("div", ["class": "scroll"]) { holder in
      holder.element("table", ["class": "data"]) { table in
        headings(heads, numbers: numbers, &table)
        table.element("tbody") { body in
          for cells in rows {
            body.element("tr") { row in
              for (column, cell) in cells.enumerated() {
                if column == 0 {
                  row.element("th", ["scope": "row"], cell)
                } else if column >= heads.count {
                  number(cell, &row)
                } else {
                  row.element("td", [:], cell)
                }
              }
            }
          }
        }
      }
    }
  }
}

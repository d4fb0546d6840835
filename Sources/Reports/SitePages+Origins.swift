// SPDX-License-Identifier: GPL-3.0-or-later
public import Curricula
public import University

extension SitePages {
  /// The path of how the sections of a department's disciplines came about.
  public func originsPath(of department: DepartmentID) -> String {
    "origins/" + streamsPath(of: department).dropFirst("streams/".count)
  }

  /// The place of a section on the page of how its department's sections came about.
  func anchor(of section: SectionID) -> String { "s-" + FileNames.name(of: section.text) }

  /// How each section of a department's disciplines came about: what `keste explain section` says.
  ///
  /// - Parameters:
  ///   - department: The department.
  ///   - origins: Of its sections, those of one discipline together.
  ///   - language: The language of the page.
  /// - Returns: The page.
  public func origins(
    of department: Department, _ origins: [SectionOrigin], _ language: Language
  ) -> String {
    let place = Place(path: originsPath(of: department.id), language: language)
    let t = labels(language)
    let title = Self.originsTitle(language)
    return page(place, title: "\(department.name) – \(title)") { html in
      html.element("h1") { heading in
        heading.element("span", ["class": "eyebrow"], title)
        heading.text(" " + department.name)
      }
      html.element("p", ["class": "crumbs"]) { crumbs in
        crumbs.element("a", ["href": place.up + streamsPath(of: department.id)], t(.streamsTitle))
      }
      html.element(
        "p", ["class": "note"],
        language.pick(
          "Басқа секциямен қосудың құны – мақсат функциясының айырмасы; ереже тыйым салса, ол "
            + "аталады.",
          "Цена объединения с другой секцией – разность целевой функции; если правило запрещает, "
            + "оно названо.",
          "The cost of joining another section is the difference of the objective; where a rule "
            + "forbids it, the rule is named."))
      var discipline: DisciplineID?
      for origin in origins {
        if origin.section.discipline != discipline {
          discipline = origin.section.discipline
          html.element("h2", [:], t.name(of: origin.section.discipline))
        }
        html.element("details", ["id": anchor(of: origin.section.id)]) { details in
          details.element(
            "summary", [:],
            "\(origin.section.id) · \(language.sectionName(of: origin.section.kind)) · "
              + "\(origin.section.students.count)")
          details.element("ul") { list in
            for line in origin.lines(in: language) { list.element("li", [:], line) }
          }
        }
        html.newline()
      }
    }
  }

  static func originsTitle(_ language: Language) -> String {
    language.pick("Секциялар қалай құрылды", "Как образованы секции", "How sections came about")
  }
}

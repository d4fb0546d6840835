// SPDX-License-Identifier: GPL-3.0-or-later
public import University
import Validation

extension SitePages {
  /// The first page of a language: search, figures, and links to every group, teacher and room.
  public func index(_ language: Language) -> String {
    let place = Place(path: "index.html", language: language)
    let t = labels(language)
    return page(place, title: t(.timetable), searchable: true) { html in
      html.element("h1") { heading in
        heading.element("span", ["class": "eyebrow"], t(.timetable))
        heading.text(" " + view.institution.name)
      }
      html.element("form", ["class": "search", "role": "search", "action": "index.html"]) { form in
        form.element("label", ["for": "query"], t(.search))
        form.empty(
          "input",
          [
            "id": "query", "type": "search", "autocomplete": "off", "placeholder": t(.searchHint),
            "aria-controls": "results",
          ])
        form.element(
          "ul", ["id": "results", "aria-live": "polite", "data-none": t(.nothingFound)]
        ) { _ in }
      }
      figures(t, &html)
      groups(t, &html)
      teachers(t, &html)
      rooms(t, &html)
    }
  }

  private func figures(_ t: Labels, _ html: inout HTML) {
    let institution = view.institution
    html.element("dl", ["class": "figures"]) { figures in
      for (name, value) in [
        (t(.groups), institution.groups.count), (t(.studentCount), institution.students.count),
        (t(.teachers), institution.teachers.count), (t(.rooms), institution.rooms.count),
        (t(.disciplines), institution.disciplines.count),
      ] {
        figures.element("div") { figure in
          figure.element("dt", [:], name)
          figure.element("dd", [:], "\(value)")
        }
      }
    }
    html.element("p", ["class": score.isValid ? "verdict good" : "verdict bad"]) { line in
      line.element(
        "a", ["href": "quality.html"],
        verdictText(t))
    }
  }

  private func groups(_ t: Labels, _ html: inout HTML) {
    html.element("h2", ["id": "groups"], t(.groups))
    let byProgramme = Dictionary(grouping: view.institution.groups, by: \.programme)
    html.element("div", ["class": "blocks"]) { blocks in
      for programme in view.institution.programmes {
        guard let groups = byProgramme[programme.id] else { continue }
        block(programmeName(programme.id), &blocks) { list in
          for group in groups { entry(.group(group.id), group.id.text, "", &list) }
        }
      }
    }
  }

  private func teachers(_ t: Labels, _ html: inout HTML) {
    html.element("h2", ["id": "teachers"], t(.teachers))
    let byDepartment = Dictionary(grouping: view.institution.teachers, by: \.department)
    html.element("div", ["class": "blocks"]) { blocks in
      for department in view.institution.departments {
        guard let teachers = byDepartment[department.id] else { continue }
        block(department.name, &blocks) { list in
          for teacher in teachers { entry(.teacher(teacher.id), teacher.name, "", &list) }
        }
      }
    }
  }

  private func rooms(_ t: Labels, _ html: inout HTML) {
    html.element("h2", ["id": "rooms"], t(.rooms))
    let byBuilding = Dictionary(grouping: view.institution.rooms, by: \.building)
    html.element("div", ["class": "blocks"]) { blocks in
      for building in view.institution.buildings {
        guard let rooms = byBuilding[building.id] else { continue }
        block(building.name, &blocks) { list in
          for room in rooms { entry(.room(room.id), room.id.text, " \(room.capacity)", &list) }
        }
      }
    }
  }

  private func block(_ title: String, _ html: inout HTML, _ content: (inout HTML) -> Void) {
    html.element("section", ["class": "block"]) { block in
      block.element("h3", [:], title)
      block.element("ul") { content(&$0) }
    }
    html.newline()
  }

  private func entry(
    _ subject: PlanView.Subject, _ name: String, _ aside: String, _ list: inout HTML
  ) {
    list.element("li") { item in
      item.element("a", ["href": path(of: subject)], name)
      if !aside.isEmpty { item.element("span", ["class": "aside"], aside) }
    }
  }

  /// What the search looks through, as a script that sets one variable: rows of text, kind, note and
  /// path. A script, because pages opened from a disk may not read other files.
  public func searchData(_ language: Language) -> String {
    let t = labels(language)
    let institution = view.institution
    var rows: [[String]] = []
    for group in institution.groups {
      rows.append([
        group.id.text, t(.group), programmeName(group.programme), path(of: .group(group.id)),
      ])
    }
    for teacher in institution.teachers {
      rows.append([
        teacher.name, t(.teacher),
        institution.departments[teacher.department]?.name ?? teacher.department.text,
        path(of: .teacher(teacher.id)),
      ])
    }
    for room in institution.rooms {
      rows.append([room.id.text, t(.room), t.building(of: room.id), path(of: .room(room.id))])
    }
    for discipline in institution.disciplines {
      rows.append([
        discipline.name(in: language), t(.discipline), discipline.id.text,
        streamsPath(of: discipline.department) + "#" + anchor(of: discipline.id),
      ])
    }
    var text = "window.kesteSearch=[\n"
    for (index, row) in rows.enumerated() {
      text += index == 0 ? "[" : ",\n["
      text += row.map(Self.scriptText).joined(separator: ",")
      text += "]"
    }
    return text + "\n];\n"
  }

  /// A text as a literal of JSON that is safe inside a script too.
  static func scriptText(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "<", ">", "&", "\u{2028}", "\u{2029}", "\u{0}"..<"\u{20}", "\u{7F}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// The page at the root of the site: leads to the language of the institution.
  public func root() -> String {
    let first = view.institution.language
    var html = HTML()
    html.element("html", ["lang": first.rawValue]) { html in
      html.element("head") { head in
        head.empty("meta", ["charset": "utf-8"])
        head.empty(
          "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        head.empty(
          "meta", ["http-equiv": "refresh", "content": "0; url=\(first.rawValue)/index.html"])
        head.element("title", [:], view.institution.name)
        head.empty("link", ["rel": "stylesheet", "href": "style.css"])
      }
      html.element("body") { body in
        body.element("main", ["class": "narrow"]) { main in
          main.element("h1", [:], view.institution.name)
          main.element("ul") { list in
            for language in Language.allCases {
              list.element("li") { item in
                item.element(
                  "a",
                  [
                    "href": "\(language.rawValue)/index.html", "lang": language.rawValue,
                    "hreflang": language.rawValue,
                  ], language.ownName)
              }
            }
          }
        }
      }
    }
    return "<!DOCTYPE html>\n" + html.markup + "\n"
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
public import University

extension SitePages {
  /// All departments with the numbers of their streams, groups and subgroups.
  public func streamsOverview(_ language: Language) -> String {
    let place = Place(path: "streams.html", language: language)
    let t = labels(language)
    return page(place, title: t(.streamsTitle)) { html in
      html.element("h1", [:], t(.streamsTitle))
      var counts: [DepartmentID: [TeachingKind: Int]] = [:]
      for section in view.plan.sections {
        guard let discipline = view.institution.disciplines[section.discipline] else { continue }
        counts[discipline.department, default: [:]][section.kind, default: 0] += 1
      }
      html.element("div", ["class": "scroll"]) { holder in
        holder.element("table", ["class": "data"]) { table in
          headings(
            [t(.department)], numbers: TeachingKind.allCases.map { language.name(of: $0) }, &table)
          table.element("tbody") { body in
            for department in view.institution.departments {
              body.element("tr") { row in
                row.element("th", ["scope": "row"]) {
                  $0.element("a", ["href": streamsPath(of: department.id)], department.name)
                }
                for kind in TeachingKind.allCases {
                  number("\(counts[department.id]?[kind] ?? 0)", &row)
                }
              }
            }
          }
        }
      }
    }
  }

  /// The streams of a department's disciplines, with their groups and subgroups.
  public func streams(of department: Department, _ language: Language) -> String {
    let place = Place(path: streamsPath(of: department.id), language: language)
    let t = labels(language)
    return page(place, title: "\(department.name) – \(t(.streamsTitle))", wide: true) { html in
      html.element("h1") { heading in
        heading.element("span", ["class": "eyebrow"], t(.streamsTitle))
        heading.text(" " + department.name)
      }
      html.element("p", ["class": "crumbs"]) { crumbs in
        crumbs.element("a", ["href": place.up + "streams.html"], t(.allDepartments))
        crumbs.text(" · ")
        crumbs.element("a", ["href": place.up + loadPath(of: department.id)], t(.stageLoad))
        crumbs.text(" · ")
        crumbs.element(
          "a", ["href": place.up + originsPath(of: department.id)], Self.originsTitle(language))
      }
      for discipline in view.institution.disciplines where discipline.department == department.id {
        let sections = view.sections(of: discipline.id)
        if sections.isEmpty { continue }
        streams(of: discipline, sections, place, t, &html)
        html.newline()
      }
    }
  }

  private func streams(
    of discipline: Discipline, _ sections: [Section], _ place: Place, _ t: Labels,
    _ html: inout HTML
  ) {
    html.element("section", ["class": "streams"]) { part in
      part.element("h2", ["id": anchor(of: discipline.id)]) { heading in
        heading.text(t.name(of: discipline.id))
        heading.element(
          "span", ["class": "aside"],
          " \(discipline.id) · \(t(.credits)): \(t.language.number(discipline.credits))")
      }
      part.element("div", ["class": "scroll"]) { holder in
        holder.element("table", ["class": "data"]) { table in
          table.element("thead") { head in
            head.element("tr") { row in
              row.element("th", ["scope": "col"], t(.groupColumn))
              row.element("th", ["scope": "col"], t(.groupList))
              row.element("th", ["scope": "col", "class": "number"], t(.studentCount))
              row.element("th", ["scope": "col"], t(.teachingLanguage))
              row.element("th", ["scope": "col"], t(.teacher))
              row.element("th", ["scope": "col"], t(.timetable))
            }
          }
          table.element("tbody") { body in
            for node in Self.tree(sections) {
              section(node.section, depth: node.depth, place, t, &body)
            }
          }
        }
      }
    }
  }

  private func section(
    _ section: Section, depth: Int, _ place: Place, _ t: Labels, _ body: inout HTML
  ) {
    body.element("tr", ["class": "depth\(depth)"]) { row in
      row.element("th", ["scope": "row"]) { head in
        head.element(
          "abbr",
          ["class": "badge \(section.kind.rawValue)", "title": t.language.name(of: section.kind)],
          t.language.letters(of: section.kind))
        head.text(" \(t.language.sectionName(of: section.kind)) ")
        head.element("span", ["class": "aside"]) { name in
          guard let discipline = view.institution.disciplines[section.discipline] else {
            return name.text(section.id.text)
          }
          name.element(
            "a",
            [
              "href": place.up + originsPath(of: discipline.department) + "#"
                + anchor(of: section.id)
            ], section.id.text)
        }
      }
      row.element("td") { groupLinks(of: section.id, place, t, &$0) }
      number("\(section.students.count)", &row)
      row.element("td", [:], t.language.name(of: section.language))
      row.element("td") { teacherLinks(of: section.id, place, t, &$0) }
      row.element("td") { cell in
        for (index, meeting) in view.meetings(of: section.id).enumerated() {
          if index > 0 { cell.text("; ") }
          let weeks = t.weeks(meeting.weeks)
          cell.text("\(t.language.shortName(of: meeting.day)) \(t.time(of: meeting)) ")
          if !weeks.isEmpty { cell.text("(\(weeks)) ") }
          roomLink(of: meeting, place, t, &cell)
        }
      }
    }
  }

  /// Streams, under each its groups, under each of these its subgroups.
  ///
  /// A subgroup stands under the group of the same stream that holds most of its students; under the
  /// stream itself where there is none; and a section whose parent is missing stands at the top.
  static func tree(_ sections: [Section]) -> [(section: Section, depth: Int)] {
    let known = Set(sections.map(\.id))
    var groupOf: [StudentID: [SectionID]] = [:]
    for section in sections where section.kind == .practice {
      for student in section.students { groupOf[student, default: []].append(section.id) }
    }
    let parents = Dictionary(
      sections.map { ($0.id, $0.parent) }, uniquingKeysWith: { first, _ in first })
    var children: [SectionID: [Section]] = [:]
    var roots: [Section] = []
    for section in sections {
      var parent = section.parent.flatMap { known.contains($0) && $0 != section.id ? $0 : nil }
      if section.kind == .lab {
        var counts: [SectionID: Int] = [:]
        for student in section.students {
          for group in groupOf[student] ?? [] where parents[group] == section.parent {
            counts[group, default: 0] += 1
          }
        }
        parent = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? parent
      }
      // A lecture never stands below another section, so that there are no circles.
      if let parent, section.kind != .lecture, parents[parent] != nil {
        children[parent, default: []].append(section)
      } else {
        roots.append(section)
      }
    }
    var result: [(section: Section, depth: Int)] = []
    var placed: Set<SectionID> = []
    func add(_ section: Section, _ depth: Int) {
      guard placed.insert(section.id).inserted else { return }
      result.append((section, depth))
      for child in children[section.id] ?? [] { add(child, min(depth + 1, 2)) }
    }
    for root in roots { add(root, 0) }
    // Whatever a faulty plan hangs under itself is shown nevertheless.
    for section in sections { add(section, 0) }
    return result
  }
}

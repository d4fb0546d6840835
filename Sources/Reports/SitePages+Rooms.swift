// SPDX-License-Identifier: GPL-3.0-or-later
public import University

extension SitePages {
  /// How the rooms are used (POLICY.md 5.9): hours a week, share of the grid, share of the seats.
  ///
  /// Use is hours a week ÷ (days × slots of the grid); seat use is Σ students × hours ÷
  /// (seats × Σ hours).
  public func roomStock(_ language: Language) -> String {
    let place = Place(path: "rooms.html", language: language)
    let t = labels(language)
    return page(place, title: t(.roomStock), wide: true) { html in
      html.element("h1", [:], t(.roomStock))
      html.element("div", ["class": "scroll"]) { holder in
        holder.element("table", ["class": "data"]) { table in
          headings(
            [t(.building), t(.roomNumber), t(.roomKind), t(.features)],
            numbers: [t(.seatsShort), t(.hoursPerWeek), t(.useShare), t(.seatUse)], &table)
          table.element("tbody") { body in
            for building in view.institution.buildings {
              for room in view.institution.rooms where room.building == building.id {
                stock(of: room, building, place, t, &body)
              }
            }
          }
        }
      }
    }
  }

  private func stock(
    of room: Room, _ building: Building, _ place: Place, _ t: Labels, _ body: inout HTML
  ) {
    let language = t.language
    var hours = 0
    var seated = 0
    for meeting in view.meetings(of: .room(room.id)) {
      let held = meeting.length * meeting.weeks.count
      hours += held
      seated += held * (view.plan.sections[meeting.section]?.students.count ?? 0)
    }
    let weekly = Double(hours) / Double(max(1, view.institution.term.weeks))
    let grid = Double(max(1, view.institution.days.count * view.regime.slots))
    let use = weekly / grid * 100
    let seatUse = Double(seated) / Double(max(1, hours * room.capacity))
    body.element("tr") { row in
      row.element("td", [:], building.name)
      row.element("th", ["scope": "row"]) {
        $0.element(
          "a", ["href": place.up + path(of: .room(room.id)), "class": "name"], room.id.text)
      }
      row.element("td", [:], language.roomKindName(room.kind))
      row.element("td", [:], room.features.sorted().joined(separator: ", "))
      number("\(room.capacity)", &row)
      number(language.oneDecimal(weekly), &row)
      row.element("td", ["class": "number"]) { cell in
        cell.element(
          "span", ["class": "meter", "style": "--share:\(Int(min(100, use).rounded()))%"]
        ) { _ in }
        cell.text(language.oneDecimal(use))
      }
      number(hours == 0 ? "–" : language.oneDecimal(seatUse * 100), &row)
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
public import University

extension SitePages {
  /// The page of a group, teacher or room: the week as a grid, and the same by day as a list.
  public func timetable(of subject: PlanView.Subject, _ language: Language) -> String {
    let place = Place(path: path(of: subject), language: language)
    let t = labels(language)
    let name = title(of: subject)
    return page(place, title: "\(name) – \(t(.timetable))", wide: true) { html in
      html.element("div", ["class": "heading"]) { heading in
        heading.element("h1") { title in
          title.element("span", ["class": "eyebrow"], t(.timetable))
          title.text(" " + name)
        }
        if view.plan.hasTimetable {
          let file = calendarPath(of: subject)
          heading.element(
            "a", ["class": "button", "href": place.up + file, "download": ""], t(.calendarFile))
        }
      }
      html.element("div", ["class": "facts"]) { self.facts(of: subject, place, t, &$0) }
      guard view.plan.hasTimetable else {
        html.element("p", ["class": "note"], t(.noTimetable))
        return
      }
      let meetings = view.meetings(of: subject)
      if meetings.isEmpty {
        html.element("p", ["class": "note"], t(.noMeetings))
      } else {
        grid(of: meetings, subject, place, t, &html)
        html.element("p", ["class": "legend"]) { legend in
          for kind in TeachingKind.allCases {
            legend.element("span") { entry in
              entry.element("span", ["class": "badge \(kind.rawValue)"], language.letters(of: kind))
              entry.text(" \(language.name(of: kind))")
            }
            legend.text(" ")
          }
        }
        list(of: meetings, place, t, &html)
      }
      withoutTime(subject, place, t, &html)
      if case .teacher(let teacher) = subject { card(of: teacher, place, t, &html) }
    }
  }

  private func title(of subject: PlanView.Subject) -> String {
    switch subject {
    case .group(let id): id.text
    case .teacher(let id): view.institution.teachers[id]?.name ?? id.text
    case .room(let id): id.text
    }
  }

  private func facts(
    of subject: PlanView.Subject, _ place: Place, _ t: Labels, _ html: inout HTML
  ) {
    func fact(_ name: String, _ value: String) {
      guard !value.isEmpty else { return }
      html.element("span", ["class": "fact"]) { fact in
        fact.element("span", ["class": "label"], name)
        fact.text(" " + value)
      }
    }
    switch subject {
    case .group(let id):
      guard let group = view.institution.groups[id] else { return }
      fact(t(.programme), programmeName(group.programme))
      fact(t(.yearAndTerm), "\((group.term + 1) / 2) / \(group.term)")
      fact(t(.teachingLanguage), t.language.name(of: group.language))
      fact(t(.studentCount), "\(view.size(of: id))")
      if let advisor = group.advisor {
        html.element("span", ["class": "fact"]) { fact in
          fact.element("span", ["class": "label"], t(.advisor))
          fact.text(" ")
          link(advisor, place, t, &fact)
        }
      }
    case .teacher(let id):
      guard let teacher = view.institution.teachers[id] else { return }
      html.element("span", ["class": "fact"]) { fact in
        fact.element("span", ["class": "label"], t(.department))
        fact.text(" ")
        fact.element(
          "a", ["href": place.up + loadPath(of: teacher.department)],
          view.institution.departments[teacher.department]?.name ?? teacher.department.text)
      }
      fact(t(.position), t.language.positionName(teacher.position))
      fact(t(.rate), t.language.number(teacher.rate))
    case .room(let id):
      guard let room = view.institution.rooms[id] else { return }
      fact(t(.building), t.building(of: id))
      fact(t(.roomKind), t.language.roomKindName(room.kind))
      fact(t(.seatsShort), "\(room.capacity)")
      fact(t(.features), room.features.sorted().joined(separator: ", "))
    }
  }

  func programmeName(_ programme: ProgrammeID) -> String {
    guard let name = view.institution.programmes[programme]?.name, name != programme.text else {
      return programme.text
    }
    return "\(programme.text) \(name)"
  }

  // MARK: - The grid

  /// Meetings of a day that overlap in their slots, directly or through others, whatever their
  /// weeks: they share one cell.
  struct Cluster {
    var from: Int
    var to: Int
    var meetings: [Meeting]
  }

  static func clusters(_ meetings: [Meeting]) -> [Cluster] {
    var result: [Cluster] = []
    for meeting in meetings.sorted(by: { ($0.slot, $1.length) < ($1.slot, $0.length) }) {
      let end = meeting.slot + max(1, min(meeting.length, 200)) - 1
      if let last = result.last, meeting.slot <= last.to {
        result[result.count - 1].to = max(last.to, end)
        result[result.count - 1].meetings.append(meeting)
      } else {
        result.append(Cluster(from: meeting.slot, to: end, meetings: [meeting]))
      }
    }
    return result
  }

  private func grid(
    of meetings: [Meeting], _ subject: PlanView.Subject, _ place: Place, _ t: Labels,
    _ html: inout HTML
  ) {
    let shown = meetings.filter { $0.slot >= 1 && $0.slot <= 200 }
    guard let earliest = shown.map(\.slot).min(),
      let last = shown.map({ $0.slot + max(1, min($0.length, 200)) - 1 }).max()
    else { return }
    // A grid of many short slots starts with the first that is used.
    let first = view.regime.slots > 14 ? earliest : 1
    let byDay = view.days.map { day in Self.clusters(shown.filter { $0.day == day }) }
    html.element("div", ["class": "grid-holder"]) { holder in
      holder.element("table", ["class": "grid"]) { table in
        table.element("caption", [:], t(.weekGrid))
        table.element("thead") { head in
          head.element("tr") { row in
            row.element("th", ["scope": "col", "class": "hours"], t(.time))
            for day in view.days {
              row.element("th", ["scope": "col"], t.language.name(of: day))
            }
          }
        }
        table.newline()
        table.element("tbody") { body in
          let heights = rowHeights(byDay, first...last, subject, t)
          for slot in first...last {
            body.element("tr", ["style": "--lines:\(heights[slot - first])"]) { row in
              row.element("th", ["scope": "row", "class": "hours"]) { head in
                head.element("b", [:], "\(slot)")
                if slot <= view.regime.slots {
                  let start = view.regime.start(ofSlot: slot)
                  let end = view.regime.end(ofSlot: slot)
                  head.element("span", [:], "\(Labels.clock(start))–\(Labels.clock(end))")
                }
              }
              for clusters in byDay {
                cell(slot, clusters, subject, place, t, &row)
              }
            }
            body.newline()
          }
        }
      }
    }
  }

  /// About how many lines of text each row of the grid needs, so that what spans several rows makes
  /// all of them taller and not only the last.
  private func rowHeights(
    _ byDay: [[Cluster]], _ slots: ClosedRange<Int>, _ subject: PlanView.Subject, _ t: Labels
  ) -> [Int] {
    let width = max(10, 110 / max(1, byDay.count))
    func lines(_ text: String) -> Int { (text.count + width - 1) / width }
    var heights = [Int](repeating: 0, count: slots.count)
    for cluster in byDay.joined() {
      var needed = 0
      for meeting in cluster.meetings {
        // One line of kind and weeks, one of margins.
        needed += 2 + lines(t.disciplineName(of: meeting))
        if cluster.meetings.count > 1 && !t.weeks(meeting.weeks).isEmpty { needed += 1 }
        let teachers = view.teachers(of: meeting.section).map { t.name(of: $0) }
        let teacher = max(1, lines(teachers.joined(separator: ", ")))
        let place = lines(t.place(of: meeting))
        switch subject {
        case .group(let group):
          let share = view.groups(in: meeting.section).first { $0.group == group }
          let who = share.map { text(of: $0, kind: .practice, t) } ?? ""
          needed += teacher + place + lines(who)
        case .teacher: needed += lines(t.groups(of: meeting.section, atMost: 4)) + place
        case .room: needed += lines(t.groups(of: meeting.section, atMost: 4)) + teacher
        }
      }
      let rows = cluster.to - cluster.from + 1
      let share = (needed + rows - 1) / rows
      for slot in cluster.from...min(cluster.to, slots.upperBound) {
        heights[slot - slots.lowerBound] = max(heights[slot - slots.lowerBound], share)
      }
    }
    return heights
  }

  private func cell(
    _ slot: Int, _ clusters: [Cluster], _ subject: PlanView.Subject, _ place: Place, _ t: Labels,
    _ row: inout HTML
  ) {
    guard let cluster = clusters.first(where: { $0.from <= slot && slot <= $0.to }) else {
      row.element("td") { _ in }
      return
    }
    guard cluster.from == slot else { return }
    row.element("td", ["rowspan": "\(cluster.to - cluster.from + 1)", "class": "taken"]) { cell in
      cell.element("div", ["class": "cards"]) { cards in
        // What is held in every week and in odd weeks stands above what is held in even weeks.
        for meeting in cluster.meetings {
          let partial =
            meeting.slot != cluster.from || meeting.slot + meeting.length - 1 != cluster.to
          card(of: meeting, showsTime: partial, subject, place, t, &cards)
        }
      }
    }
  }

  private func card(
    of meeting: Meeting, showsTime: Bool, _ subject: PlanView.Subject, _ place: Place, _ t: Labels,
    _ html: inout HTML
  ) {
    let section = view.plan.sections[meeting.section]
    var share: PlanView.GroupShare?
    if case .group(let group) = subject {
      share = view.groups(in: meeting.section).first { $0.group == group }
    }
    let kind = section?.kind.rawValue ?? ""
    let faint = share?.isRetakeOnly == true ? " faint" : ""
    html.element("div", ["class": "card \(kind)\(faint)"]) { card in
      card.element("div", ["class": "meta"]) { meta in
        if let section {
          meta.element(
            "abbr", ["class": "badge \(kind)", "title": t.language.name(of: section.kind)],
            t.language.letters(of: section.kind))
        }
        weekBadge(meeting.weeks, t, &meta)
        if showsTime { meta.element("span", ["class": "time"], t.time(of: meeting)) }
      }
      card.element("div", ["class": "what"], t.disciplineName(of: meeting))
      if let share {
        let text = self.text(of: share, kind: section?.kind ?? .lecture, t)
        if !text.isEmpty { card.element("div", ["class": "who"], text) }
      } else {
        card.element("div", ["class": "who"]) {
          groupLinks(of: meeting.section, atMost: 4, place, t, &$0)
        }
      }
      if case .teacher = subject {
      } else {
        card.element("div", ["class": "who"]) { teacherLinks(of: meeting.section, place, t, &$0) }
      }
      if case .room = subject {
      } else {
        card.element("div", ["class": "where"]) { roomLink(of: meeting, place, t, &$0) }
      }
    }
  }

  /// Nothing for a whole group; else which of its parts, and how many students.
  private func text(of share: PlanView.GroupShare, kind: TeachingKind, _ t: Labels) -> String {
    if share.isWhole { return "" }
    var parts: [String] = []
    if share.parts > 1 && !share.isRetakeOnly {
      parts.append("\(t.language.sectionName(of: kind)) \(share.part)/\(share.parts)")
    }
    parts.append("\(share.count) \(t(.students))")
    if share.isRetakeOnly { parts.append(t(.retakeOnly)) }
    return parts.joined(separator: " · ")
  }

  private func weekBadge(_ weeks: WeekPattern, _ t: Labels, _ html: inout HTML) {
    let text = t.weeks(weeks)
    guard !text.isEmpty else { return }
    let kind =
      weeks == .odd(weeks.weeks) ? "odd" : weeks == .even(weeks.weeks) ? "even" : "some"
    html.element("span", ["class": "weeks \(kind)"], text)
  }

  // MARK: - The list

  /// The table of POLICY.md 5.6, a body for each day; on narrow screens the only view.
  private func list(
    of meetings: [Meeting], _ place: Place, _ t: Labels, _ html: inout HTML
  ) {
    html.element("section", ["class": "by-day"]) { section in
      section.element("h2", [:], t(.list))
      section.element("table", ["class": "list"]) { table in
        table.element("thead") { head in
          head.element("tr") { row in
            for heading: Phrase in [
              .day, .time, .week, .discipline, .kind, .groupColumn, .teacher, .roomColumn, .mode,
            ] {
              row.element("th", ["scope": "col"], t(heading))
            }
          }
        }
        for day in view.days {
          let meetings = meetings.filter { $0.day == day }
          if meetings.isEmpty { continue }
          table.newline()
          table.element("tbody") { body in
            for (index, meeting) in meetings.enumerated() {
              body.element("tr") { row in
                if index == 0 {
                  row.element(
                    "th",
                    ["scope": "rowgroup", "rowspan": "\(meetings.count)", "class": "day"],
                    t.language.name(of: day))
                }
                line(of: meeting, place, t, &row)
              }
              body.newline()
            }
          }
        }
      }
    }
  }

  private func line(of meeting: Meeting, _ place: Place, _ t: Labels, _ row: inout HTML) {
    let section = view.plan.sections[meeting.section]
    row.element("td", ["class": "time"], t.time(of: meeting))
    row.element("td", ["class": "week"]) { weekBadge(meeting.weeks, t, &$0) }
    row.element("td", ["class": "what"], t.disciplineName(of: meeting))
    row.element("td", ["class": "kind"]) { cell in
      if let section {
        cell.element(
          "abbr",
          ["class": "badge \(section.kind.rawValue)", "title": t.language.name(of: section.kind)],
          t.language.letters(of: section.kind))
      }
    }
    row.element("td", ["class": "who"]) { groupLinks(of: meeting.section, place, t, &$0) }
    row.element("td", ["class": "teacher"]) { teacherLinks(of: meeting.section, place, t, &$0) }
    row.element("td", ["class": "where"]) { roomLink(of: meeting, place, t, &$0) }
    row.element(
      "td", ["class": "mode"], meeting.mode == .online ? t(.online) : t(.inRoom))
  }

  // MARK: - What has no time

  private func withoutTime(
    _ subject: PlanView.Subject, _ place: Place, _ t: Labels, _ html: inout HTML
  ) {
    if case .room = subject { return }
    let tolerance = view.institution.policy.hoursTolerance
    let sections = view.sections(of: subject).filter {
      $0.hours - view.placedHours(of: $0.id) > tolerance
    }
    guard !sections.isEmpty else { return }
    html.element("section", ["class": "missing"]) { part in
      part.element("h2", [:], t(.withoutTime))
      part.element("p", [:], t(.withoutTimeNote))
      shortfalls(sections, place, t, &part)
    }
  }

  /// Sections whose meetings fall short, with their hours.
  func shortfalls(
    _ sections: [Section], _ place: Place, _ t: Labels, _ html: inout HTML
  ) {
    html.element("div", ["class": "scroll"]) { holder in
      holder.element("table", ["class": "data"]) { table in
        headings(
          [t(.discipline), t(.kind), t(.groupList), t(.teacher)],
          numbers: [t(.planned), t(.placed), t(.missing)], &table)
        table.element("tbody") { body in
          for section in sections {
            let placed = view.placedHours(of: section.id)
            body.element("tr") { row in
              row.element("th", ["scope": "row"], t.name(of: section.discipline))
              row.element("td", [:], t.language.name(of: section.kind))
              row.element("td") { groupLinks(of: section.id, place, t, &$0) }
              row.element("td") { teacherLinks(of: section.id, place, t, &$0) }
              for number in [section.hours, placed, section.hours - placed] {
                row.element("td", ["class": "number"], "\(number)")
              }
            }
          }
        }
      }
    }
  }

  /// A row of headings: those of texts, then those of numbers.
  func headings(_ texts: [String], numbers: [String], _ table: inout HTML) {
    table.element("thead") { head in
      head.element("tr") { row in
        for text in texts { row.element("th", ["scope": "col"], text) }
        for text in numbers { row.element("th", ["scope": "col", "class": "number"], text) }
      }
    }
  }
}

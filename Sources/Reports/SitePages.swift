// SPDX-License-Identifier: GPL-3.0-or-later
public import University
public import Validation

/// The pages of the site as texts: each a function of the plan, its score and a language.
///
/// All pages of a language lie in the folder of its code; paths are relative to that folder.
public struct SitePages: Sendable {
  /// The plan.
  public let view: PlanView
  /// What the plan comes to by the rules.
  public let score: ScoreReport

  private let groupNames: FileNames
  private let teacherNames: FileNames
  private let roomNames: FileNames
  private let departmentNames: FileNames
  let teacherHours: [TeacherID: (contact: Hours, other: Hours)]

  let approvals: [DepartmentID: LoadApproval]
  /// The other semester's plan, for the teachers' cards.
  let otherSemester: PlanView?

  /// The pages of a plan and its score, with what was decided of the departments' loads and, for the
  /// teachers' cards, the plan of the academic year's other semester.
  public init(
    _ view: PlanView, _ score: ScoreReport, approvals: [DepartmentID: LoadApproval] = [:],
    otherSemester: PlanView? = nil
  ) {
    self.view = view
    self.approvals = approvals
    self.otherSemester = otherSemester
    self.score = score
    let institution = view.institution
    self.groupNames = FileNames(institution.groups.lazy.map(\.id.text))
    self.teacherNames = FileNames(institution.teachers.lazy.map(\.id.text))
    self.roomNames = FileNames(institution.rooms.lazy.map(\.id.text))
    self.departmentNames = FileNames(institution.departments.lazy.map(\.id.text))
    self.teacherHours = Self.teacherHours(view.plan)
  }

  private static func teacherHours(_ plan: Plan) -> [TeacherID: (contact: Hours, other: Hours)] {
    var result: [TeacherID: (contact: Hours, other: Hours)] = [:]
    for row in plan.assignments {
      guard let teacher = row.teacher, let task = plan.tasks[row.task] else { continue }
      if task.work.teachingKind != nil {
        result[teacher, default: (.zero, .zero)].contact += row.hours
      } else {
        result[teacher, default: (.zero, .zero)].other += row.hours
      }
    }
    return result
  }

  // MARK: - Paths

  /// `groups/….html`, `teachers/….html` or `rooms/….html`.
  public func path(of subject: PlanView.Subject) -> String { stem(of: subject) + ".html" }

  /// The path of a subject's calendar: beside its page.
  public func calendarPath(of subject: PlanView.Subject) -> String { stem(of: subject) + ".ics" }

  private func stem(of subject: PlanView.Subject) -> String {
    switch subject {
    case .group(let id): "groups/" + groupNames[id.text]
    case .teacher(let id): "teachers/" + teacherNames[id.text]
    case .room(let id): "rooms/" + roomNames[id.text]
    }
  }

  /// The path of a department's load.
  public func loadPath(of department: DepartmentID) -> String {
    "load/\(departmentNames[department.text]).html"
  }

  /// The path of the streams of a department's disciplines.
  public func streamsPath(of department: DepartmentID) -> String {
    "streams/\(departmentNames[department.text]).html"
  }

  /// The place of a discipline on the page of its department's streams.
  func anchor(of discipline: DisciplineID) -> String {
    "d-" + FileNames.name(of: discipline.text)
  }

  /// Every subject that has a page: groups, teachers, rooms, in the order of their files.
  public var subjects: [PlanView.Subject] {
    view.institution.groups.map { .group($0.id) }
      + view.institution.teachers.map { .teacher($0.id) }
      + view.institution.rooms.map { .room($0.id) }
  }

  // MARK: - The frame of a page

  /// Where a page stands, for links from it.
  struct Place {
    var path: String
    var language: Language

    /// From the page to the folder of its language.
    var up: String {
      String(repeating: "../", count: path.utf8.count { $0 == UInt8(ascii: "/") })
    }
    /// From the page to the root of the site.
    var root: String { up + "../" }
  }

  func labels(_ language: Language) -> Labels { Labels(view: view, language: language) }

  /// A whole page: head, menu, language switch, content, foot.
  func page(
    _ place: Place, title: String, wide: Bool = false, searchable: Bool = false,
    _ content: (inout HTML) -> Void
  ) -> String {
    let t = labels(place.language)
    var html = HTML()
    html.element("html", ["lang": place.language.rawValue]) { html in
      html.newline()
      html.element("head") { head in
        head.empty("meta", ["charset": "utf-8"])
        head.empty(
          "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        head.empty("meta", ["name": "color-scheme", "content": "light dark"])
        head.element("title", [:], "\(title) · \(view.institution.name)")
        head.empty("link", ["rel": "stylesheet", "href": place.root + "style.css"])
        if searchable {
          head.element(
            "script", ["src": place.up + "search-data.js", "defer": "defer"], "")
          head.element("script", ["src": place.root + "search.js", "defer": "defer"], "")
        }
      }
      html.newline()
      html.element("body") { body in
        body.element("a", ["class": "skip", "href": "#content"], t(.skipToContent))
        header(place, t, &body)
        body.newline()
        body.element("main", ["id": "content", "class": wide ? "wide" : "narrow"]) { content(&$0) }
        body.newline()
        footer(t, &body)
      }
    }
    return "<!DOCTYPE html>\n" + html.markup + "\n"
  }

  private func header(_ place: Place, _ t: Labels, _ html: inout HTML) {
    html.element("header", ["class": "bar"]) { bar in
      bar.element("nav", ["aria-label": t(.mainMenu)]) { nav in
        let entries: [(String, String)] = [
          ("index.html", t(.home)), ("streams.html", t(.streamsTitle)),
          ("load.html", t(.stageLoad)), ("rooms.html", t(.roomStock)),
          ("quality.html", t(.quality)),
        ]
        for (path, text) in entries {
          if path == place.path {
            nav.element("a", ["href": place.up + path, "aria-current": "page"], text)
          } else {
            nav.element("a", ["href": place.up + path], text)
          }
        }
      }
      bar.element("nav", ["class": "languages", "aria-label": t(.languageSwitch)]) { nav in
        for language in Language.allCases {
          let link = place.root + language.rawValue + "/" + place.path
          if language == place.language {
            nav.element(
              "a",
              [
                "href": link, "lang": language.rawValue, "hreflang": language.rawValue,
                "aria-current": "true",
              ], language.ownName)
          } else {
            nav.element(
              "a", ["href": link, "lang": language.rawValue, "hreflang": language.rawValue],
              language.ownName)
          }
        }
      }
    }
  }

  private func footer(_ t: Labels, _ html: inout HTML) {
    let institution = view.institution
    let term = institution.term
    let end = term.date(week: term.weeks - 1, day: view.days.last ?? .sunday)
    html.element("footer") { footer in
      footer.element("p") { line in
        line.text("\(institution.name) · \(t(.term)) \(term.id): ")
        line.text("\(t.language.date(term.start)) – \(t.language.date(end)), ")
        line.text("\(term.weeks) \(t(.weeksInTerm)) · \(t(.regime)): \(view.regime.name)")
      }
      let holidays = institution.holidays.filter {
        $0 >= term.start && $0 <= end && view.days.contains($0.weekday)
      }
      if !holidays.isEmpty {
        footer.element("p") { line in
          line.text("\(t(.noClassesOn)): ")
          line.text(
            Set(holidays).sorted()
              .map { "\(t.language.date($0)) (\(t.language.shortName(of: $0.weekday)))" }
              .joined(separator: ", "))
        }
      }
      footer.element("p", [:], "\(t(.madeBy)) \(view.plan.record.keste)")
    }
  }

  // MARK: - Links

  func teacherLinks(
    of section: SectionID, _ place: Place, _ t: Labels, _ html: inout HTML
  ) {
    let teachers = view.teachers(of: section)
    if teachers.isEmpty {
      html.element("span", ["class": "vacant"], t(.noTeacher))
      return
    }
    for (index, teacher) in teachers.enumerated() {
      if index > 0 { html.text(", ") }
      link(teacher, place, t, &html)
    }
  }

  func link(_ teacher: TeacherID, _ place: Place, _ t: Labels, _ html: inout HTML) {
    html.element(
      "a", ["href": place.up + path(of: .teacher(teacher))], t.name(of: teacher))
  }

  func groupLinks(
    of section: SectionID, atMost limit: Int = .max, _ place: Place, _ t: Labels,
    _ html: inout HTML
  ) {
    let shares = view.groups(in: section)
    let named = shares.prefix(shares.count > limit ? max(1, limit - 1) : limit)
    for (index, share) in named.enumerated() {
      if index > 0 { html.text(", ") }
      html.element(
        "a", ["href": place.up + path(of: .group(share.group)), "class": "name"], t.label(of: share)
      )
    }
    if shares.count > named.count {
      html.text(" +\(shares.count - named.count)")
    }
  }

  func roomLink(of meeting: Meeting, _ place: Place, _ t: Labels, _ html: inout HTML) {
    guard meeting.mode == .room else {
      html.element("span", ["class": "online"], t(.online))
      return
    }
    guard let room = meeting.room else {
      html.element("span", ["class": "vacant"], t(.noRoom))
      return
    }
    html.element("a", ["href": place.up + path(of: .room(room)), "class": "name"], room.text)
    let building = t.building(of: room)
    if !building.isEmpty { html.element("span", ["class": "building"], ", \(building)") }
  }
}

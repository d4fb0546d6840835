// SPDX-License-Identifier: GPL-3.0-or-later
import Curricula
import Foundation
import Testing
import University
import Validation

@testable import Reports

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Reads a page as XML and keeps its words, links and identifiers.
private final class PageReader: NSObject, XMLParserDelegate {
  var words = ""
  var links: [String] = []
  var identifiers: [String] = []
  var elements: [String] = []
  var failure: String?

  init(_ page: String) {
    super.init()
    let parser = XMLParser(data: Data(page.utf8))
    parser.delegate = self
    if !parser.parse() {
      failure = "line \(parser.lineNumber): \(parser.parserError.map { "\($0)" } ?? "")"
    }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    elements.append(name)
    if let link = attributes["href"] { links.append(link) }
    if let link = attributes["src"] { links.append(link) }
    if let identifier = attributes["id"] { identifiers.append(identifier) }
    words += " "
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) { words += text }
}

@Suite struct ReportSiteTests {
  static let pages = SitePages(
    PlanView(PlanFixture.institution(), PlanFixture.plan()), PlanFixture.score())

  static func files() throws -> [String: String] {
    var files: [String: String] = [:]
    try ReportSite.eachFile(
      PlanFixture.institution(), PlanFixture.plan(), PlanFixture.score()
    ) { path, text in
      #expect(files[path] == nil, "\(path) is written once")
      files[path] = text
    }
    try ReportSite.eachWorkbook(
      PlanFixture.institution(), PlanFixture.plan(), PlanFixture.score()
    ) { path, bytes in
      #expect(files[path] == nil, "\(path) is written once")
      files[path] = "\(bytes.count) bytes of a spreadsheet"
    }
    return files
  }

  /// The path that a link of a page leads to.
  static func resolve(_ link: String, from page: String) -> String {
    var parts = page.split(separator: "/").dropLast().map(String.init)
    for part in link.split(separator: "/") {
      if part == ".." { parts.removeLast() } else { parts.append(String(part)) }
    }
    return parts.joined(separator: "/")
  }

  @Test("every page is well-formed")
  func everyPageIsWellFormed() throws {
    let files = try Self.files().filter { $0.key.hasSuffix(".html") }
    #expect(files.count == 1 + 3 * (5 + 2 * 6 + 2 + 3 + 3))
    for (path, page) in files.sorted(by: { $0.key < $1.key }) {
      let reader = PageReader(page)
      #expect(reader.failure == nil, "\(path)")
      #expect(reader.elements.count { $0 == "h1" } == 1, "\(path)")
    }
  }

  @Test("every link leads to a file of the site, and every anchor exists")
  func everyLinkLeadsToAFileOfTheSiteAndEveryAnchorExists() throws {
    let files = try Self.files()
    for (path, page) in files where path.hasSuffix(".html") {
      for link in PageReader(page).links where !link.hasPrefix("#") {
        let parts = link.split(separator: "#", maxSplits: 1).map(String.init)
        let target = Self.resolve(parts[0], from: path)
        #expect(files[target] != nil, "\(path) links to \(link)")
      }
    }
    let data = try #require(files["en/search-data.js"])
    let start = try #require(data.firstIndex(of: "["))
    let rows = try #require(
      try JSONSerialization.jsonObject(
        with: Data(data[start...].dropLast(2).utf8)) as? [[String]])
    #expect(rows.count == 2 + 3 + 3 + 3)
    for row in rows {
      let parts = row[3].split(separator: "#", maxSplits: 1).map(String.init)
      let page = try #require(files["en/" + parts[0]], "\(row[3])")
      if parts.count == 2 { #expect(PageReader(page).identifiers.contains(parts[1])) }
    }
  }

  @Test(
    "every meeting is on the pages of its groups, teachers and room", arguments: Language.allCases)
  func everyMeetingIsOnThePagesOfItsGroupsTeachersAndRoom(language: Language) {
    let view = Self.pages.view
    let labels = Labels(view: view, language: language)
    for meeting in view.plan.meetings {
      var subjects: [PlanView.Subject] = view.groups(in: meeting.section).map { .group($0.group) }
      #expect(!subjects.isEmpty)
      subjects += view.teachers(of: meeting.section).map { .teacher($0) }
      if let room = meeting.room { subjects.append(.room(room)) }
      for subject in subjects {
        #expect(view.meetings(of: subject).contains(meeting), "\(subject)")
        let words = PageReader(Self.pages.timetable(of: subject, language)).words
        // Once in the grid, once in the list.
        let name = labels.disciplineName(of: meeting)
        #expect(words.components(separatedBy: name).count > 2, "\(subject): \(name)")
        #expect(words.contains(labels.time(of: meeting)), "\(subject)")
      }
    }
  }

  @Test("a page has no meeting of others")
  func aPageHasNoMeetingOfOthers() {
    let view = Self.pages.view
    #expect(view.meetings(of: .group("TKT-21-1")).map(\.id.text) == ["m1", "m6", "m3"])
    #expect(view.meetings(of: .teacher("T2")).map(\.id.text) == ["m1", "m2"])
    #expect(view.meetings(of: .room("A101")).map(\.id.text) == ["m1", "m6"])
    #expect(view.meetings(of: .teacher("T3")).isEmpty)
  }

  @Test("names cannot become markup")
  func namesCannotBecomeMarkup() throws {
    for (path, page) in try Self.files() where path.hasSuffix(".html") {
      #expect(!page.contains("<script>alert"), "\(path)")
      #expect(!page.contains("<C & C++>"), "\(path)")
    }
    let page = Self.pages.timetable(of: .teacher("T2"), .en)
    #expect(PageReader(page).words.contains(PlanFixture.hostile))
    #expect(!Self.pages.searchData(.en).contains("<"))
  }

  @Test("text is escaped and what XML forbids is dropped")
  func textIsEscapedAndWhatXmlForbidsIsDropped() {
    var html = HTML()
    html.element("p", ["title": "\"a\" & 'b'"], "<i>\u{1}\u{FFFF}\n&amp;")
    #expect(
      html.markup
        == "<p title=\"&quot;a&quot; &amp; &#39;b&#39;\">&lt;i&gt; &amp;amp;</p>")
  }

  @Test("each language has its own words and discipline names")
  func eachLanguageHasItsOwnWordsAndDisciplineNames() {
    let group = PlanView.Subject.group("ТКТ-21-1")
    let kk = PageReader(Self.pages.timetable(of: group, .kk)).words
    let ru = PageReader(Self.pages.timetable(of: group, .ru)).words
    let en = PageReader(Self.pages.timetable(of: group, .en)).words
    for (page, words) in [
      (kk, ["Сабақ кестесі", "Математика 1 (қаз)", "алым", "бөлім", "Апта (алым/бөлім)"]),
      (ru, ["Расписание", "Математика 1 (рус)", "числитель", "знаменатель", "Понедельник"]),
      (en, ["Timetable", "Maths 1", "odd", "even", "Room, building", "Programming <C & C++>"]),
    ] {
      for word in words { #expect(page.contains(word), "\(word)") }
    }
    #expect(!ru.contains("Maths 1") && !en.contains("Понедельник") && !kk.contains("Понедельник"))
  }

  @Test("every phrase and value has a text in every language")
  func everyPhraseAndValueHasATextInEveryLanguage() {
    for language in Language.allCases {
      for phrase in Phrase.allCases { #expect(!phrase.text(in: language).isEmpty, "\(phrase)") }
      let values =
        Weekday.allCases.map { language.name(of: $0) }
        + TeachingKind.allCases.map { language.name(of: $0) }
        + TimetableCriterion.allCases.map { language.name(of: $0) }
        + LoadCriterion.allCases.map { language.name(of: $0) }
        + SectionCriterion.allCases.map { language.name(of: $0) }
        + RuleCode.allCases.map { language.name(of: $0) }
      #expect(values.allSatisfy { !$0.isEmpty })
    }
  }

  @Test("a group's page says who of the group comes")
  func aGroupPageSaysWhoOfTheGroupComes() {
    let words = PageReader(Self.pages.timetable(of: .group("ТКТ-21-1"), .ru)).words
    #expect(words.contains("подгруппа 1/2 · 3 студ."))
    #expect(words.contains("ТКТ-21-1/2 (3)"))
    #expect(words.contains("ТКТ-21-1, TKT-21-1") || words.contains("TKT-21-1"))
    #expect(!words.contains("6 студ."), "a whole group needs no number")
  }

  @Test("irregular weeks are given by their numbers")
  func irregularWeeksAreGivenByTheirNumbers() throws {
    let pattern = try #require(WeekPattern(digits: "110100111000001"))
    #expect(Labels.numbers(pattern) == "1, 2, 4, 7–9, 15")
    let words = PageReader(Self.pages.timetable(of: .group("TKT-21-1"), .en)).words
    #expect(words.contains("weeks 1, 2, 4, 7–9, 15"))
  }

  @Test("overlapping meetings share a cell, whatever their weeks")
  func overlappingMeetingsShareACellWhateverTheirWeeks() {
    let clusters = SitePages.clusters(Self.pages.view.meetings(of: .room("B 203")))
    #expect(clusters.count == 1 && clusters[0].meetings.count == 2)
    let chained = SitePages.clusters([
      PlanFixture.meeting("x", "L1", .all(15), .monday, 1, 2, "A101"),
      PlanFixture.meeting("y", "L1", .all(15), .monday, 2, 3, "A101"),
      PlanFixture.meeting("z", "L1", .all(15), .monday, 4, 1, "A101"),
      PlanFixture.meeting("w", "L1", .all(15), .monday, 5, 1, "A101"),
    ])
    #expect(chained.map(\.from) == [1, 5] && chained.map(\.to) == [4, 5])
  }

  @Test("the plan's own regime gives the clock times")
  func thePlanOwnRegimeGivesTheClockTimes() {
    var plan = PlanFixture.plan()
    plan.record.regime = "distance"
    let view = PlanView(PlanFixture.institution(), plan)
    let labels = Labels(view: view, language: .en)
    #expect(labels.time(of: plan.meetings[0]) == "08:00–09:25")
    plan.record.regime = "full"
    let full = Labels(view: PlanView(PlanFixture.institution(), plan), language: .en)
    #expect(full.time(of: plan.meetings[0]) == "08:00–09:50")
  }

  @Test("a load page sums hours and shows vacancies")
  func aLoadPageSumsHoursAndShowsVacancies() throws {
    let department = try #require(PlanFixture.institution().departments["КТ"])
    let words = PageReader(Self.pages.load(of: department, .ru)).words
    for word in ["Сводка распределения", "Аудиторная", "Внеаудиторная", "Вакансия", "доцент"] {
      #expect(words.contains(word), "\(word)")
    }
    // T1: 15 + 15 + 15 contact, 2 other, norm 300: 47 hours, 15,7 %.
    #expect(words.contains(" 300 45 2 47 15,7"))
  }

  @Test("the quality page shows what is broken, unplaced and lost")
  func theQualityPageShowsWhatIsBrokenUnplacedAndLost() {
    let page = Self.pages.quality(.en)
    let words = PageReader(page).words
    #expect(words.contains("section H1 delivers 0 of 15 hours <b>"))
    #expect(words.contains("History"), "the section without a time")
    #expect(words.contains("8 Mar 2024, 22 Mar 2024") && words.contains("9 Mar 2024 08:00"))
    #expect(words.contains("none proved") && words.contains("754"))
    #expect(SitePages.gap(754, 90).map { Int($0.rounded()) } == 88)
    #expect(SitePages.gap(0, 0) == 0 && SitePages.gap(5, nil) == nil)
    let valid = SitePages(Self.pages.view, ScoreReport()).quality(.en)
    #expect(PageReader(valid).words.contains("no hard rule is broken"))
  }

  @Test("subgroups stand under the group that holds their students")
  func subgroupsStandUnderTheGroupThatHoldsTheirStudents() {
    let sections = PlanFixture.plan().sections.filter { $0.discipline == "МАТ1" }
    let lab = Section(
      id: "X", discipline: "МАТ1", kind: .lab, language: .kk, parent: "L1", hours: 1,
      students: PlanFixture.students("b", 1...3))
    let tree = SitePages.tree(sections + [lab])
    #expect(tree.map(\.section.id.text) == ["L1", "P1", "P2", "X"])
    #expect(tree.map(\.depth) == [0, 1, 1, 2])
  }

  @Test("a department's page says of each section what keste explain section says")
  func originsSayWhatTheExplanationSays() throws {
    let (institution, plan) = (PlanFixture.institution(), PlanFixture.plan())
    let files = try Self.files()
    var count = 0
    for language in Language.allCases {
      for department in institution.departments {
        let path = "\(language.rawValue)/" + Self.pages.originsPath(of: department.id)
        let page = PageReader(try #require(files[path]))
        let own = plan.sections.filter {
          institution.disciplines[$0.discipline]?.department == department.id
        }
        for section in own {
          let origin = try #require(SectionOrigin(section.id, institution, plan.sections))
          #expect(page.identifiers.contains(Self.pages.anchor(of: section.id)))
          for line in origin.lines(in: language) {
            #expect(page.words.contains(line), "\(section.id): \(line)")
            count += 1
          }
        }
      }
    }
    #expect(count > 0)
  }

  @Test("a faulty tree of sections is shown whole")
  func aFaultyTreeOfSectionsIsShownWhole() {
    let circle = [
      Section(
        id: "A", discipline: "D", kind: .practice, language: .kk, parent: "B", hours: 1,
        students: []),
      Section(
        id: "B", discipline: "D", kind: .practice, language: .kk, parent: "A", hours: 1,
        students: []),
    ]
    #expect(Set(SitePages.tree(circle).map(\.section.id.text)) == ["A", "B"])
  }

  @Test("file names are plain, different for different identifiers, and stable")
  func fileNamesArePlainDifferentForDifferentIdentifiersAndStable() {
    let cyrillic = FileNames.name(of: "ТКТ-21-1")
    let latin = FileNames.name(of: "TKT-21-1")
    #expect(cyrillic.hasPrefix("tkt-21-1-") && latin.hasPrefix("tkt-21-1-") && cyrillic != latin)
    // Pinned: a name that changes breaks the links that people have kept.
    #expect(cyrillic == "tkt-21-1-e60a14f874")
    // The test vector of RFC 9923 for "a".
    #expect(FileNames.hex(fnv1a("a")) == "af63dc4c8601ec8c")
    for identifier in ["../etc/passwd", "a/b", "日本", "A b?c%", String(repeating: "щ", count: 99)] {
      let name = FileNames.name(of: identifier)
      #expect(name.utf8.count <= 60)
      #expect(
        name.utf8.allSatisfy { byte in "abcdefghijklmnopqrstuvwxyz0123456789-_".utf8.contains(byte)
        })
    }
    #expect(FileNames.name(of: "a b") != FileNames.name(of: "a-b"))
  }

  @Test("the same input gives the same bytes")
  func theSameInputGivesTheSameBytes() throws {
    #expect(try Self.files() == Self.files())
  }

  @Test("a plan without a timetable or a load still has its pages")
  func aPlanWithoutATimetableOrALoadStillHasItsPages() throws {
    var plan = PlanFixture.plan()
    plan.meetings = []
    plan.hasTimetable = false
    plan.assignments = []
    plan.tasks = Table()
    plan.hasLoad = false
    var count = 0
    try ReportSite.eachFile(PlanFixture.institution(), plan, ScoreReport()) { path, text in
      count += 1
      if path.hasSuffix(".html") { #expect(PageReader(text).failure == nil, "\(path)") }
      #expect(!path.hasSuffix(".ics"))
    }
    #expect(count > 40)
  }

  @Test("a timetable that breaks every rule is shown all the same")
  func aTimetableThatBreaksEveryRuleIsShownAllTheSame() throws {
    var plan = PlanFixture.plan()
    plan.meetings = [
      PlanFixture.meeting("x", "nowhere", .all(15), .sunday, 13, 4, "A101"),
      PlanFixture.meeting("y", "L1", WeekPattern(bits: 0, weeks: 15), .monday, 0, 1, "gone"),
      PlanFixture.meeting("z", "L1", .all(3), .monday, 12, 2, "A101"),
    ]
    try ReportSite.eachFile(PlanFixture.institution(), plan, ScoreReport()) { path, text in
      if path.hasSuffix(".html") { #expect(PageReader(text).failure == nil, "\(path)") }
    }
    let view = PlanView(PlanFixture.institution(), plan)
    #expect(view.days.last == .sunday)
    let page = SitePages(view, ScoreReport()).timetable(of: .room("A101"), .en)
    #expect(PageReader(page).words.contains("nowhere"))
  }

  @Test("a term of one week and a grid of 48 slots have their pages and calendars")
  func aTermOfOneWeekAndAGridOf48SlotsHaveTheirPagesAndCalendars() throws {
    var institution = PlanFixture.institution()
    institution.term.weeks = 1
    institution.days = [.saturday]
    institution.regimes = [
      Regime(name: "full", academicHourMinutes: 20, slotStarts: (0..<48).map { 360 + 20 * $0 })
    ]
    var plan = PlanFixture.plan()
    plan.meetings = [
      PlanFixture.meeting("x", "L1", .all(1), .saturday, 46, 3, "A101"),
      PlanFixture.meeting("y", "P1", .all(1), .saturday, 20, 4, "A101"),
    ]
    try ReportSite.eachFile(institution, plan, ScoreReport()) { path, text in
      if path.hasSuffix(".html") { #expect(PageReader(text).failure == nil, "\(path)") }
    }
    let view = PlanView(institution, plan)
    let page = SitePages(view, ScoreReport()).timetable(of: .room("A101"), .en)
    let words = PageReader(page).words
    #expect(words.contains("21:00–22:00") && words.contains("12:20–13:40"))
    #expect(!words.contains("06:00"), "the grid starts with the first slot that is used")
    let calendar = ICalendar.calendar(of: .room("A101"), in: view, language: .en)
    #expect(calendar.contains("DTSTART;TZID=Asia/Almaty:20240127T210000\r\n"))
    #expect(!calendar.contains("RRULE"))
  }

  @Test("writing replaces an earlier site as a whole and leaves nothing beside it")
  func writingReplacesAnEarlierSiteAsAWholeAndLeavesNothingBesideIt() throws {
    let files = FileManager.default
    let base = files.temporaryDirectory.appendingPathComponent("keste-\(UUID().uuidString)")
    defer { try? files.removeItem(at: base) }
    let target = base.appendingPathComponent("site")
    for _ in 0..<2 {
      try ReportSite.write(
        PlanFixture.institution(), PlanFixture.plan(), PlanFixture.score(), to: target.path)
      try Data("old".utf8).write(to: target.appendingPathComponent("old.html"))
    }
    try ReportSite.write(
      PlanFixture.institution(), PlanFixture.plan(), PlanFixture.score(), to: target.path)
    #expect(try files.contentsOfDirectory(atPath: base.path) == ["site"])
    #expect(!files.fileExists(atPath: target.appendingPathComponent("old.html").path))
    let written = try #require(files.enumerator(atPath: target.path)?.allObjects as? [String])
    let expected = try Self.files()
    for path in expected.keys { #expect(written.contains(path)) }
    let index = try String(
      contentsOf: target.appendingPathComponent("kk/index.html"), encoding: .utf8)
    #expect(index == expected["kk/index.html"])
  }

  @Test("a folder with other files is not touched")
  func aFolderWithOtherFilesIsNotTouched() throws {
    let files = FileManager.default
    let base = files.temporaryDirectory.appendingPathComponent("keste-\(UUID().uuidString)")
    defer { try? files.removeItem(at: base) }
    try files.createDirectory(at: base, withIntermediateDirectories: true)
    let diary = base.appendingPathComponent("diary.txt")
    try Data("mine".utf8).write(to: diary)
    #expect(throws: ReportSite.Failure.self) {
      try ReportSite.write(
        PlanFixture.institution(), PlanFixture.plan(), PlanFixture.score(), to: base.path)
    }
    #expect(try files.contentsOfDirectory(atPath: base.path) == ["diary.txt"])
  }
}

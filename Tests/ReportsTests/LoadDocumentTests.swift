// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing
import University

@testable import Reports

@Suite struct LoadDocumentTests {
  static let institution = PlanFixture.institution()
  static let plan = PlanFixture.plan()
  static let view = PlanView(institution, plan)
  static let pages = SitePages(view, PlanFixture.score())

  /// Hours that some assignments come to, counted anew from the plan's tables.
  static func hours(_ include: (LoadTask, Assignment) -> Bool) -> Double {
    plan.assignments.reduce(0) { sum, row in
      guard let task = plan.tasks[row.task], include(task, row) else { return sum }
      return sum + row.hours.value
    }
  }

  private func total(_ document: LoadDocument, _ head: String) throws -> Double {
    let column = try #require(document.columns.lastIndex { $0.head == head })
    return try #require(document.totals[column])
  }

  @Test(arguments: Language.allCases)
  func theComputationAddsUpToTheDepartmentsTasks(_ language: Language) throws {
    let documents = LoadDocuments(Self.view, language)
    for department in Self.institution.departments {
      let document = documents.computation(of: department)
      let tasks = Self.plan.tasks.filter { $0.department == department.id }
      #expect(
        abs(
          try total(document, Phrase.total.text(in: language))
            - tasks.reduce(0) { $0 + $1.hours.value }) < 0.005)
      #expect(
        abs(
          try total(document, Phrase.vacant.text(in: language))
            - Self.hours { $0.department == department.id && $1.teacher == nil }) < 0.005)
    }
  }

  @Test(arguments: Language.allCases)
  func theStampSaysWhoApprovedAndByWhichMinutes(_ language: Language) throws {
    let departments = Self.institution.departments.map { $0 }
    try #require(departments.count >= 2)
    let date = CalendarDate(dayNumber: 19_604)
    let approval = LoadApproval(isApproved: true, by: "A. Bekova", date: date, minutes: "7-b")
    let documents = LoadDocuments(
      Self.view, language, approvals: [departments[0].id: approval])
    let day = language.date(date)
    for document in [
      documents.summary(of: departments[0]), documents.computation(of: departments[0]),
    ] {
      let stamp = document.stamp.joined(separator: " ")
      #expect(stamp.contains("A. Bekova") && stamp.contains("7-b") && stamp.contains(day))
      #expect(!stamp.contains("____"))
    }
    let blank = documents.summary(of: departments[1]).stamp
    #expect(blank.allSatisfy { $0.contains("____") })
    var proposal = approval
    proposal.isApproved = false
    let proposed = LoadDocuments(
      Self.view, language, approvals: [departments[0].id: proposal]
    ).summary(of: departments[0]).stamp
    #expect(proposed.count == blank.count + 1 && proposed.starts(with: blank))
  }

  @Test(arguments: Language.allCases)
  func theSummaryAndTheCardsAddUpToTheTeachersHours(_ language: Language) throws {
    let documents = LoadDocuments(Self.view, language)
    for department in Self.institution.departments {
      let staff = Self.institution.teachers.filter { $0.department == department.id }
      let document = documents.summary(of: department)
      #expect(document.rows.count == staff.count)
      let own = Set(staff.map(\.id))
      let held = Self.hours { $1.teacher.map(own.contains) ?? false }
      let norm = staff.reduce(0) { $0 + Self.institution.norm(of: $1) }
      #expect(abs(try total(document, Phrase.total.text(in: language)) - held) < 0.005)
      #expect(abs(try total(document, Phrase.deviation.text(in: language)) - held + norm) < 0.005)
      if norm > 0 {
        #expect(abs(try total(document, "%") - 100 * held / norm) < 0.005)
      }
      for teacher in staff {
        let card = documents.card(of: teacher)
        let sum = Self.hours { $1.teacher == teacher.id }
        #expect(abs(try total(card, Phrase.total.text(in: language)) - sum) < 0.005)
      }
    }
  }

  @Test(arguments: Language.allCases)
  func theSummaryClosesOnTheDepartmentsLoad(_ language: Language) throws {
    let documents = LoadDocuments(Self.view, language)
    var lent = 0.0
    for department in Self.institution.departments {
      let document = documents.summary(of: department)
      let column = try #require(
        document.columns.firstIndex { $0.head == Phrase.total.text(in: language) })
      let tasks = Self.plan.tasks.filter { $0.department == department.id }
      let load = tasks.reduce(0) { $0 + $1.hours.value }
      #expect(abs(try #require(document.closingTotals[column]) - load) < 0.005)
      let other = Self.hours { task, row in
        row.teacher.flatMap { Self.institution.teachers[$0]?.department } == department.id
          && task.department != department.id
      }
      #expect(document.closing.map(\.isSubtracted) == [true, false, false])
      #expect(abs((document.numbers(document.closing[0])[column] ?? 0) - other) < 0.005)
      lent += other
    }
    // The fixture has people who work for other departments: else nothing was shown.
    #expect(lent > 0)
  }

  @Test(arguments: Language.allCases)
  func theCardHasBothSemestersAndTheYearAndTheStamp(_ language: Language) throws {
    let teacher = try #require(Self.institution.teachers.first)
    let approval = LoadApproval(
      isApproved: true, by: "A. Bekova", date: CalendarDate(dayNumber: 19_604), minutes: "7-b")
    let card = LoadDocuments(
      Self.view, language, approvals: [teacher.department: approval]
    ).card(of: teacher)
    // The groups of the fixture are in their sixth term: the second semester of the year.
    #expect(card.totalLabel.contains("2") && card.closing.map(\.label).count == 1)
    let first = try #require(card.closing.first)
    #expect(first.label.contains("1"))
    #expect(first.cells.allSatisfy { $0 == .empty })
    let column = try #require(
      card.columns.firstIndex { $0.head == Phrase.total.text(in: language) })
    #expect(card.closingTotals[column] == card.totals[column])
    #expect(card.stamp.joined(separator: " ").contains("A. Bekova"))
    #expect(
      LoadDocuments(Self.view, language).card(of: teacher).stamp.contains { $0.contains("____") })
  }

  /// The fixture as the semester before: the same people, half of the tasks, one more work.
  private static func autumn() -> PlanView {
    var institution = institution
    institution.term.id = "autumn"
    institution.groups = Table(
      institution.groups.map { row in
        var row = row
        row.term -= 1
        return row
      })
    var plan = plan
    plan.tasks = Table(plan.tasks.enumerated().filter { $0.offset % 2 == 0 }.map(\.element))
    plan.assignments = plan.assignments.filter { plan.tasks[$0.task] != nil }
    let model = plan.tasks[0]
    let extra = LoadTask(
      id: "extra", department: model.department, discipline: model.discipline,
      work: .norm("thesis"), section: model.section, hours: Hours(7))
    plan.tasks.append(extra)
    let holder = institution.teachers.first.map(\.id)
    plan.assignments.append(Assignment(task: extra.id, teacher: holder, hours: Hours(3)))
    plan.assignments.append(
      Assignment(task: extra.id, teacher: holder, hours: Hours(4), isLocked: true))
    return PlanView(institution, plan)
  }

  @Test(arguments: Language.allCases)
  func theCardOfTheYearHasTheRowsAndSumsOfBothSemesters(_ language: Language) throws {
    let autumn = Self.autumn()
    let documents = LoadDocuments(Self.view, language, otherSemester: autumn)
    for teacher in Self.institution.teachers {
      let card = documents.card(of: teacher)
      let head = Phrase.total.text(in: language)
      let column = try #require(card.columns.lastIndex { $0.head == head })
      let spring = Self.hours { $1.teacher == teacher.id }
      let before = autumn.plan.assignments.reduce(0) {
        $1.teacher == teacher.id ? $0 + $1.hours.value : $0
      }
      let second = try #require(card.closing.first)
      // In the order of the year, though the plan is that of the second semester.
      #expect(card.totalLabel.contains("1") && second.label.contains("2"))
      #expect(abs((card.totals[column] ?? -1) - before) < 0.005)
      #expect(abs((card.numbers(second)[column] ?? -1) - spring) < 0.005)
      #expect(abs((card.closingTotals[column] ?? -1) - before - spring) < 0.005)
      let shown = [before, spring, before + spring].map { language.number($0) }
      let values = card.facts.map(\.value)
      #expect(values.contains(shown.joined(separator: " / ")))
      let alone = LoadDocuments(Self.view, language).card(of: teacher)
      #expect(second.rows.count == alone.rows.count)
    }
    let first = try #require(Self.institution.teachers.first)
    let thesis = Phrase.thesis.text(in: language)
    let card = documents.card(of: first)
    let column = try #require(card.columns.firstIndex { $0.head == thesis })
    #expect(card.totals[column] == 7)
    #expect(card.rows.count { $0[column] == .number(7) } == 1)
    // The other forms are of one semester.
    let department = try #require(Self.institution.departments.first)
    #expect(!documents.computation(of: department).columns.contains { $0.head == thesis })
  }

  @Test func workOfTheFormThatNormsNameHasItsColumn() throws {
    var institution = Self.institution
    let department = try #require(institution.departments.first)
    institution.disciplines = Table(
      institution.disciplines.map { row in
        var row = row
        row.srop = 45
        return row
      })
    var plan = Self.plan
    let model = try #require(plan.tasks.first { $0.department == department.id })
    let words = ["gak", "postgraduate", "thesis", "internship", "srop"]
    for (at, word) in words.enumerated() {
      let task = LoadTask(
        id: TaskID("extra-\(at)"), department: department.id, discipline: model.discipline,
        work: .norm(word), section: model.section, hours: Hours(at + 1))
      plan.tasks.append(task)
      plan.assignments.append(Assignment(task: task.id, teacher: nil, hours: task.hours))
    }
    let heads = [
      "ГАК", "Руководство магистрантами/докторантами", Phrase.thesis.text(in: .ru),
      Phrase.practiceWork.text(in: .ru), Phrase.srop.text(in: .ru),
    ]
    let document = LoadDocuments(PlanView(institution, plan), .ru).computation(of: department)
    for (at, head) in heads.enumerated() {
      let column = try #require(document.columns.lastIndex { $0.head == head })
      #expect(document.totals[column] == Double(at + 1))
    }
    // In the order of the form, supervised work first; and planned besides.
    let order = heads.reversed().compactMap { head in
      document.columns.lastIndex { $0.head == head }
    }
    #expect(order == order.sorted())
    let planned = try #require(document.columns.firstIndex { $0.head == "СРОП" })
    #expect(planned < (order.first ?? 0))
    #expect(document.rows.contains { $0[planned] == .number(45) })
  }

  @Test func aRowOfASheetIsAsHighAsItsLongestTextNeeds() {
    #expect(LoadDocument.lines("", 10) == 1)
    #expect(LoadDocument.lines("физика", 10) == 1)
    #expect(LoadDocument.lines("теоретическая механика", 20) == 2)
    #expect(LoadDocument.lines("электроэнергетических", 10) == 3)
    #expect(LoadDocument.lines("a b c d e f", 4) == 3)
  }

  @Test func thePageShowsTheTotalsOfTheForms() throws {
    for department in Self.institution.departments {
      let document = LoadDocuments(Self.view, .ru).computation(of: department)
      let column = try #require(document.columns.lastIndex { $0.head == "Всего" })
      let page = Self.pages.documents(of: department, .ru)
      let shown = document.shown(document.totals[column], column, .ru)
      #expect(page.contains("<td class=\"number\">\(shown)</td>"))
      #expect(XMLCheck.isWellFormed(page))
      #expect(XMLCheck.isWellFormed(Self.pages.cards(of: department, .ru)))
    }
  }

  /// openpyxl opens the files; each formula is reckoned anew from the cells that it names.
  @Test(.enabled(if: SpreadsheetReader.isThere, "python3 with openpyxl is not installed"))
  func anotherProgramFindsTheSameSumsInTheSpreadsheets() throws {
    let folder = try ScratchFolder()
    for language in [Language.kk, .en] {
      for department in Self.institution.departments {
        let path = folder("book.xlsx")
        try Data(Self.pages.workbook(of: department, language))
          .write(to: URL(fileURLWithPath: path))
        let book = try SpreadsheetReader.read(path)
        let staff = Self.institution.teachers.count { $0.department == department.id }
        #expect(book.sheets.count == 2 + staff)
        var formulas = 0
        for sheet in book.sheets {
          #expect(book.pages[sheet] == "landscape 9 1 0")
          for (cell, formula) in book.formulas[sheet] ?? [:] where formula.hasPrefix("=SUM(") {
            let sum = Self.cells(of: formula).reduce(0) { $0 + (book.number(sheet, $1) ?? 0) }
            #expect(abs(try #require(book.number(sheet, cell)) - sum) < 0.005, "\(sheet) \(cell)")
            formulas += 1
          }
        }
        #expect(formulas > 0)
        try Self.checkClosing(book, of: department, language)
        let values = try #require(book.values[book.sheets[1]])
        let word = Phrase.total.text(in: language)
        let row = try #require(values.first { $0.key.hasPrefix("A") && $0.value == word }?.key)
          .dropFirst()
        let column = try #require(
          values.first { $0.value == word && !$0.key.hasPrefix("A") }?.key
        )
        .prefix { $0.isLetter }
        let tasks = Self.plan.tasks.filter { $0.department == department.id }
        let sum = tasks.reduce(0) { $0 + $1.hours.value }
        #expect(abs((book.number(book.sheets[1], "\(column)\(row)") ?? -1) - sum) < 0.005)
      }
    }
  }

  /// The sheet of a card of both semesters: the sums under each, and the year of them.
  @Test(.enabled(if: SpreadsheetReader.isThere, "python3 with openpyxl is not installed"))
  func aSpreadsheetOfTheYearAddsUpBothSemesters() throws {
    let folder = try ScratchFolder()
    let autumn = Self.autumn()
    let pages = SitePages(Self.view, PlanFixture.score(), otherSemester: autumn)
    let department = try #require(Self.institution.departments.first)
    try Data(pages.workbook(of: department, .en)).write(
      to: URL(fileURLWithPath: folder("book.xlsx")))
    #expect(XMLCheck.isWellFormed(pages.cards(of: department, .en)))
    let book = try SpreadsheetReader.read(folder("book.xlsx"))
    let staff = Self.institution.teachers.filter { $0.department == department.id }
    for (sheet, teacher) in zip(book.sheets.dropFirst(2), staff) {
      let card = LoadDocuments(Self.view, .en, otherSemester: autumn).card(of: teacher)
      let column = try #require(card.columns.lastIndex { $0.head == "Total" })
      let letter = String(UnicodeScalar(UInt8(65 + column)))
      let values = try #require(book.values[sheet])
      func number(_ label: String) throws -> Double? {
        let row = try #require(
          values.first { $0.key.hasPrefix("A") && $0.value == label }?.key.dropFirst())
        return book.number(sheet, letter + row)
      }
      let first = try #require(try number("Semester 1, total"))
      let second = try #require(try number("Semester 2, total"))
      #expect(abs(second - Self.hours { $1.teacher == teacher.id }) < 0.005)
      #expect(abs(try #require(try number("Year")) - first - second) < 0.005)
      for (cell, formula) in book.formulas[sheet] ?? [:] where formula.hasPrefix("=SUM(") {
        let sum = Self.cells(of: formula).reduce(0) { $0 + (book.number(sheet, $1) ?? 0) }
        #expect(abs(try #require(book.number(sheet, cell)) - sum) < 0.005, "\(sheet) \(cell)")
      }
    }
  }

  /// In the sheet of the summary the lines under the totals lead to the department's load.
  private static func checkClosing(
    _ book: SpreadsheetReader.Book, of department: Department, _ language: Language
  ) throws {
    let summary = LoadDocuments(view, language).summary(of: department)
    let sheet = book.sheets[0]
    let label = try #require(
      book.values[sheet]?.first { $0.value == summary.closingLabel }?.key)
    let row = try #require(Int(label.dropFirst()))
    for (letter, isContact) in [("E", true), ("F", false)] {
      let cell = "\(letter)\(row)"
      let formula = try #require(book.formulas[sheet]?[cell])
      #expect(
        formula
          == "=\(letter)\(row - 4)-\(letter)\(row - 3)+\(letter)\(row - 2)+\(letter)\(row - 1)")
      func number(_ up: Int) -> Double { book.number(sheet, "\(letter)\(row - up)") ?? 0 }
      let tasks = plan.tasks.filter {
        $0.department == department.id && ($0.work.teachingKind != nil) == isContact
      }
      let load = tasks.reduce(0) { $0 + $1.hours.value }
      #expect(abs(number(4) - number(3) + number(2) + number(1) - load) < 0.005)
      #expect(abs(number(0) - load) < 0.005)
    }
  }

  /// The cells that `=SUM(B2:D2)`, `=SUM(B2:B9)` or `=SUM(B2,D2)` adds up; columns of one letter or
  /// two.
  private static func cells(of formula: String) -> [String] {
    formula.dropFirst("=SUM(".count).dropLast().split(separator: ",").flatMap { part -> [String] in
      let ends = part.split(separator: ":").map { end in
        (
          column: end.prefix { $0.isLetter }.utf8.reduce(0) { $0 * 26 + Int($1) - 64 } - 1,
          row: Int(end.drop { $0.isLetter }) ?? 0
        )
      }
      guard let first = ends.first, let last = ends.last else { return [] }
      return (first.row...last.row).flatMap { row in
        (first.column...last.column).map { column in
          let letters =
            column < 26
            ? String(UnicodeScalar(UInt8(65 + column)))
            : String(UnicodeScalar(UInt8(64 + column / 26)))
              + String(UnicodeScalar(UInt8(65 + column % 26)))
          return "\(letters)\(row)"
        }
      }
    }
  }
}

/// Whether a page is well-formed.
private enum XMLCheck {
  static func isWellFormed(_ page: String) -> Bool {
    let parser = XMLParser(data: Data(page.utf8))
    return parser.parse()
  }
}

#if canImport(FoundationXML)
  import FoundationXML
#endif

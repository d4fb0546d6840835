// SPDX-License-Identifier: GPL-3.0-or-later
import Spreadsheets
public import University

extension SitePages {
  /// The path of a department's load computation and distribution summary as a page.
  public func documentPath(of department: DepartmentID) -> String {
    documentStem(of: department) + ".html"
  }

  /// The path of the cards of a department's teachers as a page.
  public func cardsPath(of department: DepartmentID) -> String {
    documentStem(of: department) + "-cards.html"
  }

  /// The path of all the documents of a department as a spreadsheet.
  public func workbookPath(of department: DepartmentID) -> String {
    documentStem(of: department) + ".xlsx"
  }

  private func documentStem(of department: DepartmentID) -> String {
    "documents/" + loadPath(of: department).dropFirst("load/".count).dropLast(".html".count)
  }

  /// A department's distribution summary and load computation, to be printed on A4 landscape.
  public func documents(of department: Department, _ language: Language) -> String {
    let documents = LoadDocuments(view, language, approvals: approvals)
    return page(
      [documents.summary(of: department), documents.computation(of: department)], department,
      language)
  }

  /// The cards of a department's teachers, each on a page of its own.
  public func cards(of department: Department, _ language: Language) -> String {
    let documents = LoadDocuments(
      view, language, approvals: approvals, otherSemester: otherSemester)
    return page(
      view.institution.teachers.filter { $0.department == department.id }
        .map(documents.card), department, language)
  }

  /// The documents of a department as a spreadsheet: summary, computation, and a card a teacher.
  ///
  /// - Throws: What the writer of spreadsheets throws.
  public func workbook(of department: Department, _ language: Language) throws -> [UInt8] {
    let documents = LoadDocuments(
      view, language, approvals: approvals, otherSemester: otherSemester)
    var workbook = Workbook(title: "\(department.name) – \(labels(language)(.stageLoad))")
    workbook.add(documents.summary(of: department).sheet(language))
    workbook.add(documents.computation(of: department).sheet(language))
    for teacher in view.institution.teachers where teacher.department == department.id {
      workbook.add(documents.card(of: teacher).sheet(language))
    }
    return try workbook.bytes()
  }

  private func page(
    _ documents: [LoadDocument], _ department: Department, _ language: Language
  ) -> String {
    let t = labels(language)
    var html = HTML()
    html.element("html", ["lang": language.rawValue]) { html in
      html.element("head") { head in
        head.empty("meta", ["charset": "utf-8"])
        head.empty(
          "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        head.element("title", [:], "\(department.name) – \(t(.stageLoad))")
        head.empty("link", ["rel": "stylesheet", "href": "../../documents.css"])
      }
      html.newline()
      html.element("body") { body in
        body.element("nav") { nav in
          nav.element("a", ["href": "../" + loadPath(of: department.id)], t(.stageLoad))
          nav.element("a", ["href": "../" + documentPath(of: department.id)], t(.loadTitle))
          nav.element("a", ["href": "../" + cardsPath(of: department.id)], t(.teacherCard))
          nav.element("a", ["href": "../" + workbookPath(of: department.id)], "XLSX")
        }
        body.newline()
        body.element("main") { main in
          main.element("h1", [:], "\(department.name) – \(t(.stageLoad))")
          for document in documents { document.write(to: &main, language) }
        }
      }
    }
    return "<!DOCTYPE html>\n" + html.markup + "\n"
  }
}

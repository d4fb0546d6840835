// SPDX-License-Identifier: GPL-3.0-or-later
import Formats
import Foundation
import Reports
import Spreadsheets
import University
import Validation

/// Writes registers: pages, spreadsheets and CSV of the same tables.
enum RegisterFiles {
  /// Makes a folder, or rejects the path.
  static func makeFolder(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true)
    } catch {
      throw InputRejected([
        Diagnostic(
          .error, code: "output.folder", file: path,
          problem: "no folder can be made: \(error.localizedDescription)")
      ])
    }
  }

  /// `NAME.kk.html`, `NAME.ru.html`, `NAME.en.html` and the same as `.xlsx`.
  ///
  /// - Returns: The files written.
  static func write(
    _ name: String, in folder: String, _ document: (Language) -> RegisterDocument
  ) throws -> [String] {
    var written: [String] = []
    for language in Language.allCases {
      let page = document(language)
      let stem = "\(folder)/\(name).\(language.rawValue)"
      try AtomicFile.write(page.html(), to: "\(stem).html")
      do {
        try workbook(of: page).write(to: "\(stem).xlsx")
      } catch let problem as SpreadsheetProblem {
        throw InputRejected([
          Diagnostic(
            .error, code: "output.spreadsheet", file: "\(stem).xlsx", problem: problem.description)
        ])
      }
      written += ["\(stem).html", "\(stem).xlsx"]
    }
    return written
  }

  /// A sheet for each table.
  private static func workbook(of document: RegisterDocument) -> Workbook {
    var workbook = Workbook(title: document.title)
    for table in document.tables {
      var sheet = Worksheet(table.title)
      sheet.footer = document.title
      sheet.set(0, 0, .text(table.title), .title)
      let facts = document.facts.map { "\($0.label): \($0.value)" }.joined(separator: "   ")
      sheet.set(1, 0, .text(facts), .plain)
      sheet.row(3, table.header.map { .text($0) }, .header)
      sheet.frozen = (4, 1)
      sheet.repeatedRows = 3..<4
      for (number, row) in table.rows.enumerated() {
        for (column, cell) in row.enumerated() {
          let (value, style) = content(of: cell)
          sheet.set(4 + number, column, value, shaded(style, table.emphasis[number]))
        }
      }
      if !table.rows.isEmpty {
        sheet.filter = (3..<4 + table.rows.count, 0..<table.header.count)
      }
      sheet.columns(table.header.indices.map { width(of: $0, in: table) })
      workbook.add(sheet)
    }
    return workbook
  }

  private static func content(of cell: RegisterDocument.Cell) -> (Worksheet.Value, CellStyle) {
    switch cell {
    case .text(let text): (.text(String(text.prefix(32_000))), .text)
    case .whole(let number): (.number(Double(number)), .whole)
    case .decimal(let number): (.number(number), .hours)
    case .date(let date):
      (
        .date(
          year: date.components.year, month: date.components.month, day: date.components.day),
        .date
      )
    case .empty: (.blank, .text)
    }
  }

  private static func shaded(
    _ style: CellStyle, _ emphasis: RegisterDocument.Emphasis
  ) -> CellStyle {
    var style = style
    switch emphasis {
    case .none: break
    case .warning: style.fill = 0xFFF6DF
    case .alarm: style.fill = 0xFDECEA
    case .total: return style.total
    }
    return style
  }

  /// Wide enough for most cells of a column, and no wider than a line of text.
  private static func width(of column: Int, in table: RegisterDocument.Table) -> Double {
    let cells = table.rows.prefix(500).map { $0[column].text.count }
    let heading = table.header[column].split(separator: " ").map(\.count).max() ?? 0
    return Double(min(44, max(8, max(heading, cells.max() ?? 0) + 2)))
  }

  /// A table as CSV.
  static func writeCSV(
    _ name: String, in folder: String, header: [String], rows: some Sequence<[CSVCell]>
  ) throws -> String {
    let path = "\(folder)/\(name).csv"
    try AtomicFile.write(CSVWriter.table(header: header, rows: rows), to: path)
    return path
  }

  /// `findings.csv`, its sentences in a language; what there is and what there must be are for
  /// programs and the same in each.
  static func writeFindings(
    _ findings: [RegisterFinding], in folder: String, language: Language
  ) throws -> String {
    try writeCSV(
      "findings", in: folder,
      header: [
        "severity", "rule", "policy", "file", "line", "date", "section", "student", "teacher",
        "problem", "found", "required", "remedy", "count",
      ],
      rows: findings.lazy.map { row in
        [
          .text(row.severity.rawValue), .text(row.rule.rawValue), .text(row.rule.policy),
          .text(row.file), .integer(row.line), .text(row.date?.description),
          .text(row.section?.text), .text(row.student?.text), .text(row.teacher?.text),
          .text(row.problem[language]), .text(row.found), .text(row.required),
          .text(row.remedy?[language]), .integer(row.count),
        ]
      })
  }

  /// Prints findings: the first of each rule, and how many more there are.
  static func print(
    _ findings: [RegisterFinding], atMost limit: Int, _ console: Console,
    in language: Language = .en
  ) {
    let byRule = Dictionary(grouping: findings, by: \.rule)
    for rule in RegisterRule.allCases {
      guard let rows = byRule[rule] else { continue }
      for row in rows.prefix(limit) { console.say(row.description(in: language)) }
      if rows.count > limit {
        let more = rows.count - limit
        console.say(
          "\(rule.rawValue): " + language.says("тағы \(more)", "ещё \(more)", "\(more) more"))
      }
    }
  }

  /// 1 where a rule is broken.
  static func exitStatus(_ findings: [RegisterFinding]) -> Int32 {
    findings.contains { $0.severity == .violation } ? 1 : 0
  }
}

/// A finding as JSON.
struct RegisterFindingJSON: Encodable {
  var severity: String
  var rule: String
  var policy: String
  var file: String?
  var line: Int?
  var date: String?
  var section: String?
  var student: String?
  var teacher: String?
  var problem: String
  var found: String?
  var required: String?
  var remedy: String?
  var count: Int

  init(_ finding: RegisterFinding) {
    func given(_ text: String) -> String? { text.isEmpty ? nil : text }
    severity = finding.severity.rawValue
    rule = finding.rule.rawValue
    policy = finding.rule.policy
    file = given(finding.file)
    line = finding.line
    date = finding.date?.description
    section = finding.section?.text
    student = finding.student?.text
    teacher = finding.teacher?.text
    problem = finding.problem[.en]
    found = given(finding.found)
    required = given(finding.required)
    remedy = finding.remedy?[.en]
    count = finding.count
  }
}

/// An instance with a plan that has a timetable, for the registers.
struct RegisterInput {
  let institution: Institution
  let plan: Plan

  /// Reads both; the plan's regime gives the slots their clock times.
  init(instance: String, plan path: String, console: Console) throws {
    let regime = try PlanFolder.record(path).regime
    let reading = try InstanceFolder.read(instance, regime: regime.isEmpty ? nil : regime)
    institution = reading.institution
    plan = try PlanFolder.read(path, institution: institution)
    guard plan.hasTimetable, plan.hasLoad else {
      throw InputRejected([
        Diagnostic(
          .error, code: "plan.missingTable", file: path,
          problem: "the plan has no load or no timetable", suggestion: "make it with keste plan")
      ])
    }
    for warning in reading.warnings { console.note(warning.description) }
  }

  /// Reads a date of the command line.
  static func date(_ text: String?) throws -> CalendarDate? {
    guard let text else { return nil }
    if let date = CalendarDate(text) { return date }
    throw InputRejected([
      Diagnostic(
        .error, code: "date.malformed", value: text,
        problem: "--date needs a date like 2023-11-01")
    ])
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
internal import CXLSXWriter
internal import Formats

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A spreadsheet file (Office Open XML, ECMA-376), written by libxlsxwriter.
///
/// The same workbook gives the same bytes: the file's date is ``created`` and never the clock's.
public struct Workbook: Sendable {
  /// The document's title in the file's properties.
  public var title: String
  /// The document's date in the file's properties, in seconds since 1970.
  public var created: Int
  /// The sheets in order.
  public private(set) var sheets: [Worksheet] = []

  /// A workbook without sheets.
  ///
  /// - Parameters:
  ///   - title: The document's title.
  ///   - created: Seconds since 1970, from the input; without one the first day of 2020.
  public init(title: String, created: Int = 1_577_836_800) {
    self.title = title
    self.created = created
  }

  /// Adds a sheet. Its name is cut to 31 characters, loses `[ ] : * ? / \` and apostrophes at its
  /// ends, which spreadsheets forbid, and gets a number where another sheet has it already.
  public mutating func add(_ sheet: Worksheet) {
    var sheet = sheet
    sheet.name = freeName(for: sheet.name)
    sheets.append(sheet)
  }

  private func freeName(for wish: String) -> String {
    let forbidden: Set<Character> = ["[", "]", ":", "*", "?", "/", "\\", "\n", "\r", "\t", "\0"]
    var clean = String(wish.map { forbidden.contains($0) ? " " : $0 })
    while let end = clean.first, end == "'" || end == " " { clean.removeFirst() }
    let taken = Set(sheets.map { $0.name.lowercased() })
    func cut(_ text: String, to units: Int) -> String {
      var text = text
      while text.utf16.count > units { text.removeLast() }
      while let end = text.last, end == "'" || end == " " { text.removeLast() }
      return text.isEmpty ? "–" : text
    }
    let first = cut(clean, to: 31)
    if !taken.contains(first.lowercased()), first.lowercased() != "history" { return first }
    var number = 2
    while true {
      let ending = " (\(number))"
      let name = cut(clean, to: 31 - ending.utf16.count) + ending
      if !taken.contains(name.lowercased()) { return name }
      number += 1
    }
  }

  /// Writes the file beside its name and renames it.
  ///
  /// - Throws: ``SpreadsheetProblem``, or a problem of the file; then the old file still stands.
  public func write(to path: String) throws {
    try AtomicFile.write(bytes(), to: path)
  }

  /// The bytes of the file.
  ///
  /// - Throws: ``SpreadsheetProblem`` for a workbook without sheets, a cell outside a sheet, a text
  ///   of more than 32,767 characters, a number that is not finite, rectangles that overlap, or
  ///   where no temporary file can be written.
  public func bytes() throws -> [UInt8] {
    guard !sheets.isEmpty else { throw SpreadsheetProblem("a workbook needs a sheet") }
    let file = try WorkbookFile()
    file.describe(title: title, created: created)
    for sheet in sheets { try file.add(sheet) }
    return try file.close()
  }
}

/// A workbook that cannot be written.
public struct SpreadsheetProblem: Error, Hashable, CustomStringConvertible {
  /// What is wrong.
  public var description: String

  init(_ description: String) {
    self.description = description
  }
}

/// The library's workbook while it is filled.
private final class WorkbookFile {
  private let workbook: UnsafeMutablePointer<lxw_workbook>
  private let folder: String
  private let path: String
  private var formats: [CellStyle: UnsafeMutablePointer<lxw_format>] = [:]
  private var isClosed = false

  init() throws {
    // The library writes files only, and has its sheets in files beside before.
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/keste-xlsx-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw SpreadsheetProblem("no temporary folder can be made in \(parent)")
    }
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    path = folder + "/book.xlsx"
    let file = path
    let workbook = folder.withCString { folder in
      var options = lxw_workbook_options()
      options.tmpdir = UnsafeMutablePointer(mutating: folder)
      return workbook_new_opt(file, &options)
    }
    guard let workbook else {
      rmdir(folder)
      throw SpreadsheetProblem("no memory for a workbook")
    }
    self.workbook = workbook
  }

  deinit {
    // Closing is the library's only way of freeing.
    if !isClosed { _ = workbook_close(workbook) }
    unlink(path)
    rmdir(folder)
  }

  func describe(title: String, created: Int) {
    // The library copies the texts; its fields are not declared constant.
    let (titleCopy, author) = (strdup(title), strdup("keste"))
    defer {
      free(titleCopy)
      free(author)
    }
    var properties = lxw_doc_properties()
    properties.title = titleCopy
    properties.author = author
    properties.created = time_t(created)
    _ = workbook_set_properties(workbook, &properties)
  }

  func add(_ sheet: Worksheet) throws {
    guard let page = workbook_add_worksheet(workbook, sheet.name) else {
      throw SpreadsheetProblem("sheet \"\(sheet.name)\" cannot be added")
    }
    worksheet_set_paper(page, 9)  // A4
    if sheet.isLandscape { worksheet_set_landscape(page) }
    worksheet_set_margins(page, 0.4, 0.4, 0.5, 0.6)
    if sheet.fitsWidth { worksheet_fit_to_pages(page, 1, 0) }
    // An ampersand starts a command in a footer; 255 characters are the format's limit.
    let said = String(sheet.footer.filter { $0 != "&" }.prefix(200))
    try check(worksheet_set_footer(page, "&L\(said)&R&P / &N"), sheet, "footer")
    if sheet.frozen.rows > 0 || sheet.frozen.columns > 0 {
      worksheet_freeze_panes(
        page, try row(sheet.frozen.rows, sheet), try column(sheet.frozen.columns, sheet))
    }
    if let rows = sheet.repeatedRows, !rows.isEmpty {
      try check(
        worksheet_repeat_rows(page, row(rows.lowerBound, sheet), row(rows.upperBound - 1, sheet)),
        sheet, "repeated rows")
    }
    for (index, width) in sheet.widths {
      let index = try column(index, sheet)
      try check(worksheet_set_column(page, index, index, width, nil), sheet, "column width")
    }
    for (index, height) in sheet.heights {
      try check(worksheet_set_row(page, row(index, sheet), height, nil), sheet, "row height")
    }
    // A program that opens the file takes rectangles that overlap for damage.
    let merged = sheet.cells.filter { $0.lastRow > $0.row || $0.lastColumn > $0.column }
    for (index, cell) in merged.enumerated() {
      for other in merged[..<index]
      where cell.row <= other.lastRow && other.row <= cell.lastRow
        && cell.column <= other.lastColumn && other.column <= cell.lastColumn
      {
        throw SpreadsheetProblem(
          "sheet \"\(sheet.name)\": the rectangles at "
            + "\(Worksheet.reference(max(0, other.row), max(0, other.column))) and "
            + "\(Worksheet.reference(max(0, cell.row), max(0, cell.column))) overlap")
      }
    }
    for cell in sheet.cells { try write(cell, of: sheet, on: page) }
    if let filter = sheet.filter, !filter.rows.isEmpty, !filter.columns.isEmpty {
      try check(
        worksheet_autofilter(
          page, row(filter.rows.lowerBound, sheet), column(filter.columns.lowerBound, sheet),
          row(filter.rows.upperBound - 1, sheet), column(filter.columns.upperBound - 1, sheet)),
        sheet, "filter")
    }
  }

  private func write(
    _ cell: Worksheet.Cell, of sheet: Worksheet, on page: UnsafeMutablePointer<lxw_worksheet>
  ) throws {
    let place = Worksheet.reference(max(0, cell.row), max(0, cell.column))
    let (r, c) = (try row(cell.row, sheet), try column(cell.column, sheet))
    let format = try format(cell.style)
    switch cell.value {
    case .text(let text):
      if cell.lastRow > cell.row || cell.lastColumn > cell.column {
        try check(
          worksheet_merge_range(
            page, r, c, row(cell.lastRow, sheet), column(cell.lastColumn, sheet), text, format),
          sheet, place)
      } else {
        try check(worksheet_write_string(page, r, c, text, format), sheet, place)
      }
    case .number(let number):
      guard number.isFinite else {
        throw SpreadsheetProblem("sheet \"\(sheet.name)\", \(place): \(number) is no number")
      }
      try check(worksheet_write_number(page, r, c, number, format), sheet, place)
    case .formula(let formula, let value):
      guard value.isFinite else {
        throw SpreadsheetProblem("sheet \"\(sheet.name)\", \(place): \(value) is no number")
      }
      try check(worksheet_write_formula_num(page, r, c, formula, format, value), sheet, place)
    case .date(let year, let month, let day):
      var date = lxw_datetime()
      date.year = Int32(clamping: year)
      date.month = Int32(clamping: month)
      date.day = Int32(clamping: day)
      try check(worksheet_write_datetime(page, r, c, &date, format), sheet, place)
    case .blank:
      try check(worksheet_write_blank(page, r, c, format), sheet, place)
    }
  }

  private func format(_ style: CellStyle) throws -> UnsafeMutablePointer<lxw_format> {
    if let known = formats[style] { return known }
    guard let format = workbook_add_format(workbook) else {
      throw SpreadsheetProblem("no memory for a style")
    }
    format_set_font_name(format, "Liberation Sans")
    format_set_font_size(format, style.size)
    if style.isBold { format_set_bold(format) }
    if style.isItalic { format_set_italic(format) }
    switch style.alignment {
    case .general: break
    case .left: format_set_align(format, UInt8(LXW_ALIGN_LEFT.rawValue))
    case .centre: format_set_align(format, UInt8(LXW_ALIGN_CENTER.rawValue))
    case .right: format_set_align(format, UInt8(LXW_ALIGN_RIGHT.rawValue))
    }
    format_set_align(format, UInt8(LXW_ALIGN_VERTICAL_CENTER.rawValue))
    if style.wraps { format_set_text_wrap(format) }
    if style.isUpright { format_set_rotation(format, 90) }
    if style.isBordered {
      format_set_border(format, UInt8(LXW_BORDER_THIN.rawValue))
      format_set_border_color(format, 0x9AA5B1)
    }
    if let fill = style.fill {
      format_set_pattern(format, UInt8(LXW_PATTERN_SOLID.rawValue))
      format_set_fg_color(format, fill)
    }
    if let colour = style.colour { format_set_font_color(format, colour) }
    if let numbers = style.numberFormat { format_set_num_format(format, numbers) }
    formats[style] = format
    return format
  }

  func close() throws -> [UInt8] {
    isClosed = true
    let error = workbook_close(workbook)
    guard error == LXW_NO_ERROR else {
      throw SpreadsheetProblem(
        "the workbook cannot be written: \(String(cString: lxw_strerror(error)))")
    }
    guard let file = fopen(path, "rb") else {
      throw SpreadsheetProblem("the workbook written to \(path) cannot be read")
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { break }
      bytes.append(contentsOf: chunk[..<count])
    }
    guard ferror(file) == 0 else {
      throw SpreadsheetProblem("the workbook written to \(path) cannot be read")
    }
    return bytes
  }

  private func check(_ error: lxw_error, _ sheet: Worksheet, _ place: String) throws {
    guard error == LXW_NO_ERROR else {
      throw SpreadsheetProblem(
        "sheet \"\(sheet.name)\", \(place): \(String(cString: lxw_strerror(error)))")
    }
  }

  private func row(_ row: Int, _ sheet: Worksheet) throws -> lxw_row_t {
    guard (0..<1_048_576).contains(row) else {
      throw SpreadsheetProblem("sheet \"\(sheet.name)\": no row \(row + 1) in a spreadsheet")
    }
    return lxw_row_t(row)
  }

  private func column(_ column: Int, _ sheet: Worksheet) throws -> lxw_col_t {
    guard (0..<16_384).contains(column) else {
      throw SpreadsheetProblem(
        "sheet \"\(sheet.name)\": no column \(column + 1) in a spreadsheet")
    }
    return lxw_col_t(column)
  }
}

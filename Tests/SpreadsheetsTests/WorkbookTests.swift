// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Spreadsheets
import TestSupport
import Testing

@Suite struct WorkbookTests {
  static func workbook() -> Workbook {
    var sheet = Worksheet("Жүктеме")
    sheet.columns([30, 12, 12])
    sheet.row(0, [.text("Пән"), .text("Сағат"), .text("Күні")], .header)
    sheet.row(1, [.text("Физика <1> & \"2\""), .number(45.5)])
    sheet.row(2, [.text("=1+1"), .number(30)])
    sheet.set(1, 2, .date(year: 2023, month: 9, day: 4), .date)
    sheet.set(3, 0, .text("Барлығы"), CellStyle.text.total)
    sheet.set(3, 1, Worksheet.sum(rows: 1...2, column: 1, value: 75.5), CellStyle.hours.total)
    sheet.merge(rows: 5...5, columns: 0...2, "Қол", .plain)
    sheet.frozen = (1, 1)
    sheet.repeatedRows = 0..<1
    sheet.filter = (0..<3, 0..<3)
    sheet.footer = "A & B"
    var workbook = Workbook(title: "Load")
    workbook.add(sheet)
    workbook.add(Worksheet("жүктеме"))
    workbook.add(Worksheet("a/b:c[d]*?" + String(repeating: "x", count: 40)))
    return workbook
  }

  @Test func equalWorkbooksGiveEqualBytes() throws {
    #expect(try Self.workbook().bytes() == Self.workbook().bytes())
  }

  @Test func sheetNamesAreAllowedAndDistinct() {
    let names = Self.workbook().sheets.map(\.name)
    #expect(names[0] == "Жүктеме")
    #expect(names[1] == "жүктеме (2)")
    #expect(names[2].utf16.count == 31)
    #expect(!names[2].contains { "[]:*?/\\".contains($0) })
  }

  @Test func columnsAfterZHaveTwoLetters() {
    #expect(Worksheet.reference(0, 0) == "A1")
    #expect(Worksheet.reference(9, 25) == "Z10")
    #expect(Worksheet.reference(9, 26) == "AA10")
    #expect(Worksheet.reference(9, 701) == "ZZ10")
    #expect(Worksheet.reference(9, 702) == "AAA10")
  }

  @Test func whatASpreadsheetCannotHoldIsRefused() {
    func isRefused(_ change: (inout Worksheet) -> Void) -> Bool {
      var sheet = Worksheet("a")
      change(&sheet)
      var workbook = Workbook(title: "")
      workbook.add(sheet)
      return (try? workbook.bytes()) == nil
    }
    #expect((try? Workbook(title: "").bytes()) == nil)
    #expect(!isRefused { $0.set(0, 0, .text("a")) })
    #expect(isRefused { $0.set(-1, 0, .text("a")) })
    #expect(isRefused { $0.set(0, 16_384, .text("a")) })
    #expect(isRefused { $0.set(1_048_576, 0, .text("a")) })
    #expect(isRefused { $0.set(0, 0, .number(.nan)) })
    #expect(isRefused { $0.set(0, 0, .formula("=1", value: .infinity)) })
    #expect(isRefused { $0.set(0, 0, .text(String(repeating: "я", count: 40_000))) })
    #expect(
      isRefused {
        $0.merge(rows: 0...1, columns: 0...1, "a")
        $0.merge(rows: 1...2, columns: 1...2, "b")
      })
  }

  /// openpyxl, which shares no code with the writer, reads the file.
  @Test(.enabled(if: SpreadsheetReader.isThere, "python3 with openpyxl is not installed"))
  func anotherProgramReadsWhatWasWritten() throws {
    let folder = try ScratchFolder()
    let path = folder("book.xlsx")
    try Self.workbook().write(to: path)
    let book = try SpreadsheetReader.read(path)
    let values = try #require(book.values["Жүктеме"])
    #expect(book.sheets.count == 3)
    #expect(values["A1"] == "Пән")
    #expect(values["A2"] == "Физика <1> & \"2\"")
    #expect(values["B2"] == "45.5")
    #expect(values["A3"] == "=1+1")
    #expect(values["B4"] == "75.5")
    #expect(values["C2"] == "2023-09-04 00:00:00")
    #expect(book.formulas["Жүктеме"]?["B4"] == "=SUM(B2:B3)")
    // A text that looks like a formula is none.
    #expect(book.formulas["Жүктеме"]?["A3"] == nil)
    #expect(book.pages["Жүктеме"] == "landscape 9 1 0")
  }
}

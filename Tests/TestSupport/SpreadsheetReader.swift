// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// Spreadsheets as openpyxl reads them: a program that shares no code with the writer.
public enum SpreadsheetReader {
  /// A workbook's cells by the names of its sheets and the cells' names.
  public struct Book: Decodable, Sendable {
    /// The sheets' names in order.
    public var sheets: [String]
    /// The values as texts; of a formula the value that the file holds.
    public var values: [String: [String: String]]
    /// The formulas of those cells that hold one.
    public var formulas: [String: [String: String]]
    /// Orientation, paper and pages across and down (0: as many as needed) of each sheet.
    public var pages: [String: String]

    /// The number in a cell; nil where there is none.
    public func number(_ sheet: String, _ cell: String) -> Double? {
      values[sheet]?[cell].flatMap(Double.init)
    }
  }

  /// Why a file could not be read.
  public struct Failure: Error {
    /// What Python said.
    public var message: String
  }

  /// The Python that has openpyxl: the first of the path, or the system's.
  private static let python = ["python3", "/usr/bin/python3"].first {
    (try? run($0, ["-c", "import openpyxl"])) != nil
  }

  /// Whether python3 with openpyxl is there.
  public static var isThere: Bool { python != nil }

  /// Reads a file, with all the checks of openpyxl.
  public static func read(_ path: String) throws -> Book {
    try JSONDecoder().decode(Book.self, from: run(python ?? "python3", ["-c", script, path]))
  }

  private static let script = """
    import json, sys
    import openpyxl
    path = sys.argv[1]
    values = openpyxl.load_workbook(path, data_only=True)
    formulas = openpyxl.load_workbook(path)
    result = {"sheets": values.sheetnames, "values": {}, "formulas": {}, "pages": {}}
    for sheet in values.worksheets:
        result["values"][sheet.title] = {
            cell.coordinate: str(cell.value)
            for row in sheet.iter_rows() for cell in row if cell.value is not None}
        page = sheet.page_setup
        result["pages"][sheet.title] = "%s %s %s %s" % (
            page.orientation, page.paperSize, page.fitToWidth or 1,
            0 if page.fitToHeight is None else page.fitToHeight)
    for sheet in formulas.worksheets:
        result["formulas"][sheet.title] = {
            cell.coordinate: str(cell.value)
            for row in sheet.iter_rows() for cell in row if cell.data_type == "f"}
    print(json.dumps(result))
    """

  private static func run(_ python: String, _ arguments: [String]) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python] + arguments
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    let message = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(message: String(decoding: message, as: UTF8.self))
    }
    return data
  }
}

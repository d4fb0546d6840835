// SPDX-License-Identifier: GPL-3.0-or-later
internal import University

/// A table's columns, as FORMATS.md lists them.
struct TableLayout {
  var name: String
  var required: [String]
  var optional: [String]

  init(_ name: String, _ required: String, _ optional: String = "") {
    self.name = name
    self.required = required.split(separator: " ").map(String.init)
    self.optional = optional.split(separator: " ").map(String.init)
  }
}

/// A column of a table that is read; the file may lack it where it is optional.
struct Column {
  var name: String
  var index: Int
}

/// A table with its place among the files and with where its faults go.
final class TableReader {
  /// The file as it is shown: `rooms.csv`, `plan/sections.csv`.
  let file: String
  let findings: Findings
  /// Nil where there is nothing to read.
  let table: CSVTable?
  /// Whether some rows could not be read, so that references into the table cannot be judged.
  private(set) var isBroken = false
  /// Whether the file is there.
  private(set) var isPresent = true

  /// The largest number of a cell.
  static let largest = 1_000_000_000

  /// Opens `folder/NAME.csv`. Faults of the table as a whole are noted here.
  init(
    _ layout: TableLayout, folder: String, shown: String = "", isRequired: Bool,
    findings: Findings
  ) {
    file = "\(shown)\(layout.name).csv"
    self.findings = findings
    let path = "\(folder)/\(layout.name).csv"
    switch FolderFiles.kind(of: path) {
    case .file: break
    case .missing:
      table = nil
      isPresent = false
      if isRequired {
        isBroken = true
        findings.error(
          "file.missing", file: file, "the file is missing",
          suggestion: "it needs the columns \(layout.required.joined(separator: ", "))")
      }
      return
    case .folder, .other:
      table = nil
      isBroken = true
      findings.error("file.unreadable", file: file, "this is not a regular file")
      return
    }
    table = Self.open(path, layout: layout, file: file, findings: findings)
    if let table {
      isBroken = !Self.check(table.header, of: table, layout: layout, file: file, findings)
    } else {
      isBroken = true
    }
  }

  private static func open(
    _ path: String, layout: TableLayout, file: String, findings: Findings
  ) -> CSVTable? {
    do {
      let bytes = try FolderFiles.read(path)
      return try CSVTable(bytes, known: Set(layout.required + layout.optional))
    } catch let fault as CSVFault {
      note(fault, file: file, findings)
    } catch let problem as FileProblem {
      findings.error("file.unreadable", file: file, "cannot be read: \(problem.reason)")
    } catch {
      findings.error("file.unreadable", file: file, "cannot be read: \(error)")
    }
    return nil
  }

  static func note(_ fault: CSVFault, file: String, _ findings: Findings) {
    switch fault {
    case .notUTF8(let byte, let line):
      findings.error(
        "text.notUTF8", file: file, line: line, "byte \(byte) of the file is not UTF-8",
        suggestion: "save the file as UTF-8")
    case .zeroByte(let line):
      findings.error(
        "text.zeroByte", file: file, line: line, "a zero byte stands in the text",
        suggestion: "save the file as UTF-8, not as UTF-16")
    case .unbalancedQuote(let line):
      findings.error(
        "csv.unbalancedQuote", file: file, line: line,
        "the quoted cell that begins on this line never ends",
        suggestion: "close it with \"; a quote within a quoted cell is doubled")
    case .strayQuote(let line):
      findings.error(
        "csv.strayQuote", file: file, line: line,
        "a quoted cell is followed by something else than a separator or the end of the line",
        suggestion: "a quote within a quoted cell is doubled")
    case .cellTooLong(let line):
      findings.error(
        "csv.cellTooLong", file: file, line: line, "a cell holds more than 16 MB",
        suggestion: "perhaps a quote is missing above")
    case .fileTooLong:
      findings.error("file.unreadable", file: file, "the file is larger than 1 GB")
    }
  }

  /// Judges the header; false where rows cannot be read under it.
  private static func check(
    _ header: [String], of table: CSVTable, layout: TableLayout, file: String,
    _ findings: Findings
  ) -> Bool {
    let known = layout.required + layout.optional
    guard !header.isEmpty else {
      findings.error(
        "csv.noHeader", file: file, line: 1, "the file is empty: a header row is needed",
        suggestion: "its columns are \(layout.required.joined(separator: ", "))")
      return false
    }
    let missing = layout.required.filter { !header.contains($0) }
    let unknown = header.filter { !known.contains($0) }
    for column in missing {
      let near = findings.suggestion(for: column, among: unknown)
      findings.error(
        "csv.missingColumn", file: file, line: table.headerLine, column: column,
        "the header lacks this column", suggestion: near)
    }
    for column in known {
      let times = header.count { $0 == column }
      guard times > 1 else { continue }
      findings.error(
        "csv.duplicateColumn", file: file, line: table.headerLine, column: column,
        "the column is given \(times) times")
    }
    for column in unknown {
      findings.warning(
        "csv.unknownColumn", file: file, line: table.headerLine, column: column,
        "unknown column, ignored",
        suggestion: findings.suggestion(for: column, among: known.filter { !header.contains($0) }))
    }
    return missing.isEmpty
  }

  /// A column by name; its cells count as empty where the file lacks it.
  func column(_ name: String) -> Column {
    Column(name: name, index: table?.header.lastIndex(of: name) ?? -1)
  }

  /// Calls for each row that has as many cells as the header; others are noted. `key` is the
  /// identifier's column: it is known even of a row that cannot be read.
  func forEachRow(key: String? = nil, known: inout Known, _ body: (Row) -> Void) {
    guard let table, !isBroken else {
      known.isBroken = known.isBroken || isBroken
      return
    }
    let keyColumn = key.map { column($0) }
    for index in 0..<table.rowCount {
      let row = Row(reader: self, table: table, index: index)
      let count = table.cellCount(ofRow: index)
      guard count == table.header.count else {
        let few = count < table.header.count
        findings.error(
          "csv.cellCount", file: file, line: row.line,
          "the row has \(count) cells, but the header has \(table.header.count)",
          suggestion: few
            ? "add empty cells at the end" : "quote a cell that holds the separator")
        if let keyColumn, keyColumn.index < count {
          _ = known.insert(table.text(row: index, column: keyColumn.index), line: row.line)
        } else {
          known.isBroken = true
        }
        continue
      }
      if let keyColumn {
        guard let name = row.identifier(keyColumn) else {
          if row.isEmpty(keyColumn) { known.isBroken = true }
          continue
        }
        if let first = known.insert(name, line: row.line) {
          row.error(
            "identifier.duplicate", keyColumn, "already given on line \(first)",
            suggestion: "every \(known.what) needs an identifier of its own")
          continue
        }
      }
      body(row)
    }
  }

  /// Calls for each row of a table without an identifier.
  func forEachRow(_ body: (Row) -> Void) {
    var nothing = Known("row", file: file)
    forEachRow(known: &nothing, body)
  }

  /// Whether the table was read and has no row.
  var isEmpty: Bool { !isBroken && (table?.rowCount ?? 0) == 0 }
}

/// A row with typed access; a bad cell is noted and nil comes back.
struct Row {
  unowned let reader: TableReader
  let table: CSVTable
  let index: Int

  var line: Int { table.line(ofRow: index) }

  func text(_ column: Column) -> String {
    column.index < 0 ? "" : table.text(row: index, column: column.index)
  }

  func isEmpty(_ column: Column) -> Bool {
    column.index < 0 || table.isEmpty(row: index, column: column.index)
  }

  func error(
    _ code: String, _ column: Column, value: String? = nil, _ problem: String,
    suggestion: String? = nil
  ) {
    reader.findings.error(
      code, file: reader.file, line: line, column: column.name, value: value ?? text(column),
      problem, suggestion: suggestion)
  }

  /// An error that a section of the academic policy is the source of, in the three languages.
  func reject(
    _ code: String, _ column: Column, policy: String, found: String, required: String,
    _ problem: Wording, remedy: Wording
  ) {
    var diagnostic = Diagnostic(
      .error, code: code, file: reader.file, line: line, column: column.name,
      value: Findings.shown(text(column)), problem: problem[.en], suggestion: remedy[.en])
    (diagnostic.policy, diagnostic.found, diagnostic.required) = (policy, found, required)
    (diagnostic.wording, diagnostic.remedy) = (problem, remedy)
    reader.findings.add(diagnostic)
  }

  func warning(_ code: String, _ column: Column, _ problem: String) {
    reader.findings.warning(
      code, file: reader.file, line: line, column: column.name, value: text(column), problem)
  }

  /// A required identifier or word; one of bad form is noted and still given, so that references
  /// to it hold.
  func identifier(_ column: Column) -> String? {
    let value = text(column)
    guard !value.isEmpty else {
      error("identifier.missing", column, "an identifier is needed")
      return nil
    }
    if value.utf8.contains(UInt8(ascii: "|")) {
      error(
        "identifier.malformed", column, "an identifier holds no \"|\"",
        suggestion: "\"|\" separates the entries of a list")
    } else if trimmed(value).utf8.count != value.utf8.count {
      error(
        "identifier.malformed", column, "an identifier has no leading or trailing space",
        suggestion: "write \"\(trimmed(value))\"")
    }
    return value
  }

  /// A reference to something defined elsewhere; nil where the cell is empty or the name unknown.
  func reference<Subject>(
    _ column: Column, _ known: Known, isRequired: Bool = true, as: Subject.Type = Subject.self
  ) -> Identifier<Subject>? {
    let value = text(column)
    guard !value.isEmpty else {
      if isRequired { error("reference.missing", column, "a \(known.what) is needed") }
      return nil
    }
    return refer(value, column, known) ? Identifier(value) : nil
  }

  /// Notes a name that is not known.
  func refer(_ value: String, _ column: Column, _ known: Known) -> Bool {
    if known.contains(value) { return true }
    error(
      "reference.unknown", column, value: value, "no such \(known.what) in \(known.file)",
      suggestion: reader.findings.suggestion(for: value, among: known.names))
    return false
  }

  /// The entries of a list without outer spaces.
  func list(_ column: Column) -> [String] {
    guard !isEmpty(column) else { return [] }
    let parts = text(column).split(separator: "|", omittingEmptySubsequences: false)
      .map { trimmed(String($0)) }
    if parts.contains(where: \.isEmpty) {
      error(
        "value.emptyEntry", column, "an empty entry in the list",
        suggestion: "entries are separated by one \"|\" each")
    }
    return parts.filter { !$0.isEmpty }
  }

  /// One of a few words; nil where the cell is empty and not required, or holds another word.
  func word<Word: RawRepresentable<String> & CaseIterable>(
    _ column: Column, _: Word.Type = Word.self, isRequired: Bool = true
  ) -> Word? {
    let value = text(column)
    if value.isEmpty && !isRequired { return nil }
    if let word = Word(rawValue: value) { return word }
    notOneOf(Word.allCases.map(\.rawValue), column, value)
    return nil
  }

  func notOneOf(_ words: [String], _ column: Column, _ value: String) {
    error(
      value.isEmpty ? "value.missing" : "value.unknownWord", column,
      "must be one of \(words.joined(separator: ", "))",
      suggestion: reader.findings.suggestion(for: value, among: words))
  }

  // MARK: - Numbers

  /// Whether the file writes decimals with a comma beside the point.
  private var takesComma: Bool { table.separator != UInt8(ascii: ",") }

  /// The cell's number without outer spaces and with a decimal point.
  private func digits(_ column: Column) -> [UInt8] {
    guard !isEmpty(column) else { return [] }
    return trimmed(text(column)).utf8.map {
      takesComma && $0 == UInt8(ascii: ",") ? UInt8(ascii: ".") : $0
    }
  }

  /// A whole number within bounds; nil where the cell is empty or bad.
  func whole(_ column: Column, from low: Int = 0, isRequired: Bool = false) -> Int? {
    let text = digits(column)
    guard !text.isEmpty else {
      if isRequired { error("value.missing", column, "a whole number is needed") }
      return nil
    }
    let sign = text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: "+")
    let body = text.dropFirst(sign ? 1 : 0)
    guard !body.isEmpty, body.allSatisfy({ (48...57).contains($0) }) else {
      error("value.notWhole", column, "a whole number is needed")
      return nil
    }
    let size = body.count > 28 ? Int.max : Self.saturated(body)
    let value = text[0] == UInt8(ascii: "-") ? -size : size
    guard value >= low, size <= TableReader.largest else {
      error("value.range", column, "must be a whole number from \(low) to \(TableReader.largest)")
      return nil
    }
    return value
  }

  private static func saturated(_ digits: ArraySlice<UInt8>) -> Int {
    var value = 0
    for digit in digits where value <= TableReader.largest {
      value = value * 10 + Int(digit - 48)
    }
    return value
  }

  /// A decimal number within bounds; nil where the cell is empty or bad.
  func decimal(
    _ column: Column, from low: Double = 0, to high: Double = Double(TableReader.largest),
    isRequired: Bool = false
  ) -> Double? {
    let text = digits(column)
    guard !text.isEmpty else {
      if isRequired { error("value.missing", column, "a number is needed") }
      return nil
    }
    let sign = text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: "+")
    let body = text.dropFirst(sign ? 1 : 0)
    let parts = body.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let isNumber =
      parts.count <= 2 && parts.contains { !$0.isEmpty }
      && parts.allSatisfy { $0.allSatisfy { (48...57).contains($0) } }
    guard isNumber else {
      let comma = !takesComma && body.contains(UInt8(ascii: ","))
      error(
        "value.notDecimal", column, "a decimal number is needed",
        suggestion: comma
          ? "in a file separated by commas the decimal mark is a point" : nil)
      return nil
    }
    guard text.count <= 30, let value = Double(String(decoding: text, as: UTF8.self)),
      value >= low, value <= high
    else {
      error(
        "value.range", column,
        "must be a number from \(CSVWriter.shortest(low)) to \(CSVWriter.shortest(high))")
      return nil
    }
    return value
  }

  // MARK: - Times

  /// A required date.
  func date(_ column: Column) -> CalendarDate? {
    if let date = CalendarDate(text(column)) { return date }
    error(
      isEmpty(column) ? "value.missing" : "date.malformed", column,
      "a date like 2023-10-25 is needed")
    return nil
  }

  /// A day of the week.
  func day(_ column: Column) -> Weekday? {
    let value = text(column)
    if let day = Weekday(code: value) { return day }
    notOneOf(Weekday.allCases.map(\.code), column, value)
    return nil
  }

  /// A slot, from 1 to the slots of the longest regime; `slots` is nil where that is not known.
  func slot(_ column: Column, slots: Int?, isRequired: Bool = true) -> Int? {
    guard let value = whole(column, from: 1, isRequired: isRequired) else { return nil }
    if let slots, value > slots {
      error("slot.outsideGrid", column, "the grid has slots 1 to \(slots)")
      return nil
    }
    return value
  }

  /// A pattern of the term's weeks; `weeks` is nil where their number is not known.
  func weeks(_ column: Column, weeks: Int?) -> WeekPattern? {
    let value = text(column)
    if let weeks {
      if let pattern = WeekPattern(value, weeks: weeks) { return pattern }
    } else if ["all", "odd", "even"].contains(value) || WeekPattern(digits: value) != nil {
      return .all(1)
    }
    let wanted = weeks.map { "\($0) characters" } ?? "a string of characters"
    let isDigits = value.utf8.allSatisfy { $0 == 48 || $0 == 49 } && !value.isEmpty
    error(
      "weeks.malformed", column, "must be all, odd, even or \(wanted) 0 and 1",
      suggestion: isDigits ? "it has \(value.utf8.count) characters" : nil)
    return nil
  }
}

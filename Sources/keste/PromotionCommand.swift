// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Formats
import Foundation
import Reports
import University
import Validation

/// Promotion by GPA and the distribution of marks.
struct PromotionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "promotion",
    abstract: "Who moves up a year by GPA, and how the marks are distributed.",
    discussion: """
      From grades.csv: GPA of the year that each student has finished against promotion_gpa by \
      level, form and year; debts (F) and resits (FX); the marks of each discipline by letter with \
      the ECTS curve over those who passed. With -o the lists are written as promotion.csv and \
      distribution.csv, and as pages kk.html, ru.html and en.html.

        keste promotion instances/aues-demo -o registrar

      Exit status: 0 done; 2 input rejected, nothing written; 64 wrong usage.
      """)

  @Argument(help: "The instance folder.")
  var instance: String

  @Option(name: [.customShort("o"), .customLong("output")], help: "The folder of the lists.")
  var directory: String?

  @Option(
    help: "Separator and number format of the lists: comma, semicolon or tab (as Excel writes).")
  var dialect = GenerateCommand.Dialect.comma

  @OptionGroup var printing: PrintingOptions

  func run() throws {
    let console = printing.console
    try console.run {
      let institution = try InstanceFolder.read(instance).institution
      let report = RegistrarReport(institution)
      if institution.grades.isEmpty { console.note("grades.csv is missing or empty") }
      say(report, console)
      if let directory { try write(report, to: directory, console) }
      try console.emit(json(report))
      return .success
    }
  }

  private func say(_ report: RegistrarReport, _ console: Console) {
    let decisions = Promotion.Decision.allCases
    let head = ["level", "form", "year", "needed", "students"] + decisions.map(\.rawValue)
    let rows = report.summary.map { line in
      [
        line.level.rawValue, line.form.rawValue, String(line.year),
        line.required?.description ?? "-", String(line.students),
      ] + decisions.map { String(line.counts[$0] ?? 0) }
    }
    for line in tabulated([head] + rows, leading: 2) { console.say(line) }
    let held = report.promotions.filter { $0.decision == .held }
    for promotion in held.prefix(20) {
      console.say(
        "\(promotion.student): GPA \(promotion.gpa?.description ?? "-") of year \(promotion.year), "
          + "needed \(promotion.required?.description ?? "-")")
    }
    if held.count > 20 { console.say("… \(held.count - 20) more") }
    let failed = report.promotions.reduce(0) { $0 + $1.failed.count }
    let resits = report.promotions.reduce(0) { $0 + $1.resits.count }
    console.say("to be taken again (F): \(failed); resits (FX): \(resits)")
    let curves = report.distributions.count { !$0.curve.isEmpty }
    console.say(
      "marks of \(report.distributions.count) disciplines and terms, "
        + "\(report.distributions.count - curves) of them with too few passes for an ECTS curve")
  }

  private func write(
    _ report: RegistrarReport, to directory: String, _ console: Console
  ) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
    } catch {
      throw InputRejected([
        Diagnostic(
          .error, code: "file.create", file: directory,
          problem: "the folder cannot be made: \(error.localizedDescription)")
      ])
    }
    func table(_ header: [String], _ rows: [[String]]) -> [UInt8] {
      CSVWriter.table(
        header: header,
        rows: rows.map { row in row.map { Double($0) == nil ? .text($0) : .number($0) } },
        dialect: dialect.csv)
    }
    try AtomicFile.write(
      table(RegistrarReport.promotionHeader, report.promotionRows),
      to: directory + "/promotion.csv")
    try AtomicFile.write(
      table(RegistrarReport.distributionHeader, report.distributionRows),
      to: directory + "/distribution.csv")
    for language in Language.allCases {
      try AtomicFile.write(
        report.page(in: language), to: "\(directory)/\(language.rawValue).html")
    }
    console.say("written: \(directory)")
  }

  private func json(_ report: RegistrarReport) -> PromotionJSON {
    func objects(_ header: [String], _ rows: [[String]]) -> [[String: String]] {
      rows.map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
    }
    return PromotionJSON(
      students: objects(RegistrarReport.promotionHeader, report.promotionRows),
      distributions: objects(RegistrarReport.distributionHeader, report.distributionRows))
  }

  private struct PromotionJSON: Encodable {
    var exit_status = 0
    var students: [[String: String]]
    var distributions: [[String: String]]
  }
}

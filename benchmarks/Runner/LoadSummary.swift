// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation

/// The rows of `keste-bench load` by number of teachers, as a table of benchmarks/README.md.
struct LoadSummary {
  private struct Row {
    var teachers: Int
    var limit: Double
    var threads: Int
    var isOptimal: Bool
    var isValid: Bool
    var objective: Double
    var bound: Double
    var gap: Double
    var seconds: Double
    var reference: (objective: Double, bound: Double, seconds: Double)?
  }

  private let rows: [Row]

  /// Reads a load.csv that ``LoadBenchmark`` wrote.
  init(csv: String) throws {
    let lines = csv.split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    guard let header = lines.first else { throw ValidationError("load.csv is empty") }
    func number(_ line: [String], _ name: String) throws -> Double {
      guard let at = header.firstIndex(of: name), at < line.count, let value = Double(line[at])
      else { throw ValidationError("load.csv: no number in column \(name)") }
      return value
    }
    func text(_ line: [String], _ name: String) -> String {
      header.firstIndex(of: name).flatMap { $0 < line.count ? line[$0] : nil } ?? ""
    }
    rows = try lines.dropFirst().map { line in
      let hasReference = !text(line, "reference_objective").isEmpty
      return Row(
        teachers: Int(try number(line, "teachers")), limit: try number(line, "limit"),
        threads: Int(try number(line, "threads")), isOptimal: text(line, "status") == "optimal",
        isValid: text(line, "valid") == "true", objective: try number(line, "objective"),
        bound: try number(line, "bound"), gap: try number(line, "gap_percent"),
        seconds: try number(line, "seconds"),
        reference: hasReference
          ? (
            try number(line, "reference_objective"), try number(line, "reference_bound"),
            try number(line, "reference_seconds")
          ) : nil)
    }
  }

  /// One row a number of teachers: means over its seeds, and the worst gap.
  ///
  /// The reference's gap is that of its solution to its own bound; "below" counts the seeds whose
  /// objective is less than the reference's, "equal" those within 0.02 %: criteria are rounded to
  /// 0.01 before their weights, which the model does not do.
  var markdown: String {
    var text =
      "| teachers | seeds | limit, s | objective | gap, % (worst) | optimal | seconds "
      + "| reference: objective | its gap, % | seconds | below, equal, above |\n"
      + "|---|---|---|---|---|---|---|---|---|---|---|\n"
    for size in Set(rows.map(\.teachers)).sorted() {
      let own = rows.filter { $0.teachers == size }
      func mean(_ values: [Double]) -> Double {
        values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
      }
      func show(_ value: Double, _ digits: Int) -> String {
        value.isFinite ? String(format: "%.\(digits)f", value) : "–"
      }
      let references = own.compactMap(\.reference)
      var below = 0
      var equal = 0
      var above = 0
      for row in own {
        guard let other = row.reference else { continue }
        let slack = 2e-4 * abs(other.objective)
        // A reference without any solution is above everything.
        if !other.objective.isFinite || row.objective < other.objective - slack {
          below += 1
        } else if row.objective <= other.objective + slack {
          equal += 1
        } else {
          above += 1
        }
      }
      let isValid = own.allSatisfy(\.isValid)
      let cells = [
        "\(size)", "\(own.count)\(isValid ? "" : " (not all valid)")", show(own[0].limit, 0),
        show(mean(own.map(\.objective)), 1),
        "\(show(mean(own.map(\.gap)), 2)) (\(show(own.map(\.gap).max() ?? .nan, 2)))",
        "\(own.count { $0.isOptimal })", show(mean(own.map(\.seconds)), 1),
        show(mean(references.map(\.objective)), 1),
        show(
          mean(
            references.map { 100 * ($0.objective - $0.bound) / max(1, abs($0.objective)) }), 2),
        show(mean(references.map(\.seconds)), 1),
        references.isEmpty ? "–" : "\(below), \(equal), \(above)",
      ]
      text += "| " + cells.joined(separator: " | ") + " |\n"
    }
    return text
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import Glibc

/// The timetable engine as people run it: whole processes of `keste`, one after another.
struct TimetableBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "timetable",
    abstract: "Solve benchmark instances with several seeds; CSV, a table, and cost over time.",
    discussion: """
      Set `ctt`: each .ctt file of the folder DATA/ctt that --instances names, by keste solve. Set \
      `university`: each DATA/university/NAME with the sections and load of NAME-start, by keste \
      timetable. Runs are made one at a time, each instance with each seed. With --reference the \
      command given is run right after each of ours, so that both see the same machine: {file}, \
      {seconds}, {seed} and {output} in it are replaced, and the last number that it prints is its \
      cost. Written to the folder: table.md and cost.svg of this command's runs, and runs.csv, to \
      which each run adds a row with keste's version, so that one folder holds them all: its \
      columns proposed, moves and accepted are the moves drawn, priced and taken.

        keste-bench timetable --set ctt --data DATA --instances comp01,comp02 --seconds 60 -o out
        keste-bench timetable --set university --data DATA --instances u300,u1500 -o out
      """)

  /// Which kind of instance.
  enum Kind: String, CaseIterable, ExpressibleByArgument { case ctt, university }

  @Option(name: .customLong("set"), help: "ctt or university.")
  var kind = Kind.ctt

  @Option(help: "The folder of the benchmark data (default: KESTE_BENCHMARK_DATA).")
  var data = ProcessInfo.processInfo.environment["KESTE_BENCHMARK_DATA"] ?? ""

  @Option(help: "Names of instances, with commas.")
  var instances: String

  @Option(help: "Seeds, with commas.")
  var seeds = "1,2,3,4,5"

  @Option(help: "Seconds of wall time for each run.")
  var seconds = 60.0

  @Option(help: "Threads.")
  var threads = 2

  @Option(help: "The program to measure (default: beside this one).")
  var keste: String?

  @Option(help: "A command to run in turn with ours.")
  var reference: String?

  @Option(help: "Words to note with each row, such as the commit.")
  var commit = ""

  @Option(help: "Best known costs and published averages (CSV).")
  var bestKnown = "benchmarks/best-known.csv"

  @Option(name: [.customShort("o"), .customLong("output")], help: "Folder for everything written.")
  var output: String

  private struct Row {
    var instance: String
    var seed: String
    var seconds: Double
    var cpu: Double
    var hard: Int
    var soft: Double
    var bound: Double?
    /// By kind: drawn, priced, taken, and what those taken that gained took off the cost.
    var moves: [String: [Double]]
    /// Seconds of the search alone.
    var searchSeconds: Double
    var curve: [(seconds: Double, cost: Double)]
    var reference: Double?
  }

  /// What hinders a single run; the others are made all the same.
  private struct Failure: Error {
    var problem: String
  }

  private static let header =
    "instance,seed,limit,threads,seconds,cpu,version,commit,hard,soft,bound,gap,moves,reference,"
    + "proposed,accepted"

  private var names: [String] { instances.split(separator: ",").map(String.init) }

  private var program: String {
    keste
      ?? URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent("keste").path
  }

  func validate() throws {
    if data.isEmpty {
      throw ValidationError("name the data by --data or KESTE_BENCHMARK_DATA.")
    }
    if names.isEmpty { throw ValidationError("name an instance by --instances.") }
    let log = "\(output)/runs.csv"
    if let old = try? String(contentsOfFile: log, encoding: .utf8),
      !old.hasPrefix(Self.header + "\n")
    {
      throw ValidationError(
        "\(log) has other columns, perhaps of an older keste-bench: name another folder by -o, or "
          + "move that file away.")
    }
  }

  func run() throws {
    try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
    let version = try Self.run([program, "--version"]).output
      .trimmingCharacters(in: .whitespacesAndNewlines)
    let log = "\(output)/runs.csv"
    var kept = (try? String(contentsOfFile: log, encoding: .utf8)) ?? Self.header + "\n"
    var rows: [Row] = []
    var failures: [String] = []
    for instance in names {
      for seed in seeds.split(separator: ",").map(String.init) {
        let row: Row
        do {
          row = try measure(instance, seed)
        } catch let failure as Failure {
          failures.append("\(instance), seed \(seed): \(failure.problem)")
          print(failures.last ?? "")
          continue
        }
        rows.append(row)
        kept += csv(row, version)
        print(
          "\(instance) seed \(seed): hard \(row.hard), soft \(Self.shown(row.soft)), "
            + "bound \(row.bound.map(Self.shown) ?? "–"), \(String(format: "%.1f", row.seconds)) s"
            + (row.reference.map { ", reference \(Self.shown($0))" } ?? ""))
        try write(kept, "runs.csv")
        try write(table(rows), "table.md")
        try write(picture(rows), "cost.svg")
      }
    }
    print(table(rows))
    if !failures.isEmpty {
      print("\(failures.count) runs failed")
      throw ExitCode.failure
    }
  }

  private func write(_ text: String, _ name: String) throws {
    try text.write(toFile: "\(output)/\(name)", atomically: true, encoding: .utf8)
  }

  private func measure(_ instance: String, _ seed: String) throws -> Row {
    let common = [
      "--time-limit", "\(seconds)", "--threads", "\(threads)", "--seed", seed, "--json",
    ]
    let file: String
    var arguments: [String]
    let target = "\(output)/\(instance)-\(seed)"
    switch kind {
    case .ctt:
      file = "\(data)/ctt/\(instance).ctt"
      arguments = ["solve", file, "-o", target + ".sol"]
    case .university:
      file = "\(data)/university/\(instance)"
      try? FileManager.default.removeItem(atPath: target)
      do {
        try FileManager.default.copyItem(atPath: file + "-start", toPath: target)
      } catch {
        throw Failure(problem: "\(file)-start, its sections and load, cannot be read")
      }
      arguments = ["timetable", file, "-o", target]
    }
    // What a run that was killed left: keste would go on from it, beyond the limit that is noted.
    let left = [".sol.checkpoint", ".checkpoint"].map { target + $0 }
    for path in left where FileManager.default.fileExists(atPath: path) {
      try FileManager.default.removeItem(atPath: path)
    }
    let before = Self.childSeconds()
    let began = ContinuousClock.now
    let run = try Self.run([program] + arguments + common)
    let elapsed = (ContinuousClock.now - began) / .seconds(1)
    let cpu = Self.childSeconds() - before
    guard
      let json = try? JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any],
      json[kind == .ctt ? "score" : "stages"] != nil
    else { throw Failure(problem: "keste told no score. \(run.errors)") }
    var row = Row(
      instance: instance, seed: seed, seconds: elapsed, cpu: cpu, hard: 0, soft: 0, bound: nil,
      moves: [:], searchSeconds: 0, curve: Self.curve(run.errors), reference: nil)
    if kind == .ctt {
      let score = json["score"] as? [String: Any]
      row.hard = score?["violations"] as? Int ?? -1
      row.soft = (score?["cost"] as? NSNumber)?.doubleValue ?? .nan
      row.bound = (json["bound"] as? NSNumber)?.doubleValue
      row.searchSeconds = (json["seconds"] as? NSNumber)?.doubleValue ?? elapsed
    } else {
      let stage = (json["stages"] as? [String: Any])?["timetable"] as? [String: Any]
      row.hard = json["valid"] as? Bool == true ? 0 : 1
      row.soft = (stage?["objective"] as? NSNumber)?.doubleValue ?? .nan
      row.bound = (stage?["bound"] as? NSNumber)?.doubleValue
      row.searchSeconds = (json["search_seconds"] as? NSNumber)?.doubleValue ?? elapsed
    }
    for (kind, count) in json["moves"] as? [String: [String: Any]] ?? [:] {
      row.moves[kind] = ["proposed", "evaluated", "accepted", "gain"].map {
        (count[$0] as? NSNumber)?.doubleValue ?? 0
      }
    }
    row.curve.append((elapsed, row.soft))
    if let reference {
      let words = reference.split(separator: " ").map {
        $0.replacingOccurrences(of: "{file}", with: file)
          .replacingOccurrences(of: "{seconds}", with: "\(seconds)")
          .replacingOccurrences(of: "{seed}", with: seed)
          .replacingOccurrences(of: "{output}", with: target + ".reference")
      }
      let other = try Self.run(words)
      row.reference =
        other.output.split { !($0.isNumber || $0 == "." || $0 == "-") }.compactMap { Double($0) }
        .last
      if other.status != 0 || row.reference == nil {
        throw Failure(
          problem: "the reference ended with \(other.status) and printed "
            + (row.reference == nil ? "no number. " : "\(row.reference ?? 0) last. ")
            + other.errors)
      }
    }
    return row
  }

  private static func childSeconds() -> Double {
    var usage = rusage()
    getrusage(RUSAGE_CHILDREN.rawValue, &usage)
    return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
      + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
  }

  private static func run(
    _ words: [String]
  ) throws -> (output: String, errors: String, status: Int32) {
    let folder = FileManager.default.temporaryDirectory
    let name = ProcessInfo.processInfo.globallyUniqueString
    let files = ["out", "err"].map { folder.appendingPathComponent("\(name).\($0)") }
    defer { for file in files { try? FileManager.default.removeItem(at: file) } }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    for file in files { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return try (
      String(contentsOf: files[0], encoding: .utf8), String(contentsOf: files[1], encoding: .utf8),
      process.terminationStatus
    )
  }

  /// Incumbents over time from the progress lines: `[    2.0 s] annealing, incumbent 5, …`.
  private static func curve(_ progress: String) -> [(seconds: Double, cost: Double)] {
    progress.split(separator: "\n").compactMap { line in
      guard let close = line.firstIndex(of: "]"), line.first == "[",
        let seconds = Double(
          line[line.index(after: line.startIndex)..<close]
            .replacingOccurrences(of: " ", with: "").dropLast()),
        let mark = line.range(of: "incumbent ")
      else { return nil }
      let text = line[mark.upperBound...].prefix { $0.isNumber || $0 == "," || $0 == "." }
      let digits = text.hasSuffix(",") ? text.dropLast() : text
      return Double(digits.replacingOccurrences(of: ",", with: "")).map { (seconds, $0) }
    }
  }

  private static func shown(_ value: Double) -> String {
    value == value.rounded() ? String(format: "%.0f", value) : String(format: "%.2f", value)
  }

  private func csv(_ row: Row, _ version: String) -> String {
    let gap = row.bound.map { String(format: "%.4f", (row.soft - $0) / max(1, row.soft)) }
    let moves = (0..<3).map { part -> String in
      let sum = row.moves.values.reduce(0.0) { $0 + $1[part] }
      return String(format: "%.0f", sum)
    }
    return [
      row.instance, row.seed, Self.shown(seconds), "\(threads)",
      String(format: "%.1f", row.seconds), String(format: "%.1f", row.cpu), Self.quoted(version),
      Self.quoted(commit), "\(row.hard)", Self.shown(row.soft), row.bound.map(Self.shown) ?? "",
      gap ?? "", moves[1], row.reference.map(Self.shown) ?? "", moves[0], moves[2],
    ].joined(separator: ",") + "\n"
  }

  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }

  private func table(_ rows: [Row]) -> String {
    let references = (try? String(contentsOfFile: bestKnown, encoding: .utf8)) ?? ""
    let known = Dictionary(
      references.split(whereSeparator: \.isNewline).dropFirst().map {
        let cells = $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        return (cells[0], cells)
      }
    ) { first, _ in first }
    let hasReference = rows.contains { $0.reference != nil }
    var text =
      "| instance | bound | best known | published average | mean | best | worst | runs |"
      + (hasReference ? " reference | ratio |" : "") + "\n"
      + "|---|---|---|---|---|---|---|---|" + (hasReference ? "---|---|" : "") + "\n"
    var sum = 0.0
    for name in Set(rows.map(\.instance)).sorted() {
      let own = rows.filter { $0.instance == name }
      let costs = own.map(\.soft)
      let mean = costs.reduce(0, +) / Double(costs.count)
      sum += mean
      // A row may leave the average empty, or end before it.
      func published(_ column: Int) -> String {
        guard let cells = known[name], column < cells.count, !cells[column].isEmpty else {
          return "–"
        }
        return cells[column]
      }
      let broken = own.contains { $0.hard != 0 } ? " (not all valid)" : ""
      text +=
        "| \(name) | \(own.compactMap(\.bound).max().map(Self.shown) ?? "–") "
        + "| \(published(1)) | \(published(2)) | \(String(format: "%.1f", mean))\(broken) "
        + "| \(Self.shown(costs.min() ?? .nan)) | \(Self.shown(costs.max() ?? .nan)) "
        + "| \(own.count) |"
      if hasReference {
        let others = own.compactMap(\.reference)
        let other = others.reduce(0, +) / Double(max(1, others.count))
        text +=
          " \(String(format: "%.1f", other)) "
          + "| \(other == 0 ? "–" : String(format: "%.3f", mean / other)) |"
      }
      text += "\n"
    }
    return text + "\nSum of the means: \(String(format: "%.1f", sum))\n\n" + moveTable(rows)
  }

  /// Moves by kind, of all runs of an instance: drawn and priced a second, the share of those priced
  /// that were taken, and what those taken that gained took off the cost, over those priced.
  private func moveTable(_ rows: [Row]) -> String {
    var text =
      "| instance | kind | drawn, thousand a second | priced | taken of those priced "
      + "| gain of one priced |\n|---|---|---|---|---|---|\n"
    for name in Set(rows.map(\.instance)).sorted() {
      let own = rows.filter { $0.instance == name }
      let seconds = max(1e-9, own.reduce(0) { $0 + $1.searchSeconds })
      for kind in Set(own.flatMap(\.moves.keys)).sorted() {
        let sums = (0..<4).map { part in own.reduce(0) { $0 + ($1.moves[kind]?[part] ?? 0) } }
        if sums[0] == 0 { continue }
        text +=
          "| \(name) | \(kind) | \(String(format: "%.0f", sums[0] / seconds / 1000)) "
          + "| \(String(format: "%.0f", sums[1] / seconds / 1000)) "
          + "| \(String(format: "%.2f", 100 * sums[2] / max(1, sums[1]))) % "
          + "| \(String(format: "%.3f", sums[3] / max(1, sums[1]))) |\n"
      }
    }
    return text
  }

  /// Cost over time, each instance relative to its last mean: one curve an instance, mean of seeds.
  private func picture(_ rows: [Row]) -> String {
    let width = 720.0, height = 420.0, left = 60.0, bottom = 40.0
    let last = rows.flatMap(\.curve).map(\.seconds).max() ?? 1
    let first = 0.5
    func x(_ t: Double) -> Double {
      left + (width - left - 130) * log(max(first, t) / first) / log(max(last, 2 * first) / first)
    }
    let top = 2.0
    func y(_ ratio: Double) -> Double {
      20 + (height - bottom - 20) * (top - min(top, max(1, ratio))) / (top - 1) * 1.0
    }
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" font-family="sans-serif" font-size="12">
      <rect width="\(width)" height="\(height)" fill="white"/>

      """
    for ratio in [1.0, 1.25, 1.5, 1.75, 2.0] {
      text +=
        "<line x1='\(left)' x2='\(width - 130)' y1='\(y(ratio))' y2='\(y(ratio))' stroke='#ddd'/>"
        + "<text x='\(left - 8)' y='\(y(ratio) + 4)' text-anchor='end'>\(ratio)</text>\n"
    }
    for t in [0.5, 1, 2, 5, 10, 20, 60, 120, 300] where t <= last {
      text +=
        "<text x='\(x(t))' y='\(height - 20)' text-anchor='middle'>\(Self.shown(t))</text>\n"
    }
    text +=
      "<text x='\(left)' y='\(height - 4)'>seconds; cost over the mean cost at the end</text>\n"
    let names = Set(rows.map(\.instance)).sorted()
    for (number, name) in names.enumerated() {
      let own = rows.filter { $0.instance == name }
      let final = own.map(\.soft).reduce(0, +) / Double(max(1, own.count))
      let times = Set(own.flatMap(\.curve).map { ($0.seconds * 2).rounded() / 2 }).sorted()
      let points = times.compactMap { time -> String? in
        let costs = own.compactMap { row in row.curve.last { $0.seconds <= time + 0.26 }?.cost }
        guard costs.count == own.count else { return nil }
        let mean = costs.reduce(0, +) / Double(costs.count)
        return String(format: "%.1f,%.1f", x(time), y(mean / max(1, final)))
      }
      let colour = "hsl(\(360 * number / max(1, names.count)),65%,45%)"
      text +=
        "<polyline fill='none' stroke='\(colour)' stroke-width='1.5' "
        + "points='\(points.joined(separator: " "))'/>"
        + "<text x='\(width - 120)' y='\(30 + 16 * number)' fill='\(colour)'>\(name)</text>\n"
    }
    return text + "</svg>\n"
  }
}

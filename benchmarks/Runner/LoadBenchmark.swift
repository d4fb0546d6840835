// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Curricula
import Formats
import Foundation
import GLPKSolver
import LinearModels
import LoadDistribution
import University
import Validation

/// The distribution of the load, against its proved bound and against another solver.
struct LoadBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load",
    abstract: "Distribute the load of generated departments; gap, seconds, and a reference solver.",
    discussion: """
      For each size and seed an instance is generated, its load distributed and judged by the \
      validator, and instance, plan and the compact model (MPS) are written to the folder. With \
      --reference the command given is run on the model right after, with the same seconds and \
      threads: REFERENCE FILE.mps SECONDS THREADS must print "objective,bound,seconds".

        keste-bench load -o out/load --reference benchmarks/load/highs.py

      The folder's load.csv has a row for each size and seed, written as soon as it is there. A row \
      that it has already, of the same threads and seconds and with the reference where one \
      is asked for, is not run again: a run that was ended goes on with the same command, and sizes and \
      seeds can be run a few at a time. With --again, for another build, they are run anew.

      At the end the rows so far are summed up as a table for benchmarks/README.md, load.md in the \
      folder; --table alone makes it again from the folder's load.csv.
      """)

  @Option(name: [.customShort("o"), .customLong("output")], help: "Folder for everything written.")
  var output: String

  @Option(help: "Numbers of teachers, with commas.")
  var teachers = "12,20,60,150,400"

  @Option(help: "Seeds, with commas.")
  var seeds = "1,2,3,4,5"

  @Flag(help: "Solve nothing: make the table from the load.csv of the folder.")
  var table = false

  @Flag(help: "Run anew what load.csv has already.")
  var again = false

  @Option(help: "Seconds for each solve (default: 15 up to 60 teachers, 30 up to 150, else 90).")
  var seconds: Double?

  @Option(help: "Threads.")
  var threads = 2

  @Option(help: "A program that solves an MPS file.")
  var reference: String?

  private struct Row {
    var teachers: Int
    var seed: UInt64
    var tasks: Int
    var status: String
    var objective: Double
    var bound: Double
    var seconds: Double
    var vacant: Double
    var isValid: Bool
    var other: (objective: Double, bound: Double, seconds: Double)?

    var gap: Double { 100 * (objective - bound) / max(1, abs(objective)) }
  }

  func run() throws {
    if table {
      let text = try String(contentsOfFile: "\(output)/load.csv", encoding: .utf8)
      let summary = try LoadSummary(csv: text).markdown
      try summary.write(toFile: "\(output)/load.md", atomically: true, encoding: .utf8)
      print(summary, terminator: "")
      return
    }
    try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
    let file = "\(output)/load.csv"
    var lines: [Key: String] = [:]
    let known = try? String(contentsOfFile: file, encoding: .utf8).split(
      whereSeparator: \.isNewline)
    if let known, known.first.map(String.init) == Self.header {
      for line in known.dropFirst() {
        if let key = Key(String(line)) { lines[key] = String(line) }
      }
    }
    print(
      "teachers  seed  tasks  status     objective      bound   gap %  seconds  vacant  valid"
        + "  reference      bound  seconds")
    var isValid = true
    for size in Self.numbers(teachers) {
      for seed in Self.numbers(seeds) {
        let key = Key(teachers: size, seed: seed)
        if let line = lines[key], !again, isCurrent(line) {
          let wasValid = Self.isValid(line)
          isValid = isValid && wasValid
          print(
            "\(size) teachers, seed \(seed): in load.csv already\(wasValid ? "" : ", NOT VALID")")
          continue
        }
        let row = try solve(size, UInt64(seed))
        isValid = isValid && row.isValid
        print(Self.line(row))
        lines[key] = csv(row)
        let text =
          ([Self.header] + lines.sorted { $0.key < $1.key }.map(\.value)).joined(separator: "\n")
          + "\n"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        try LoadSummary(csv: text).markdown.write(
          toFile: "\(output)/load.md", atomically: true, encoding: .utf8)
      }
    }
    if !isValid { throw ExitCode(1) }
  }

  /// What tells rows of load.csv apart.
  private struct Key: Hashable, Comparable {
    var teachers: Int
    var seed: Int

    init(teachers: Int, seed: Int) {
      self.teachers = teachers
      self.seed = seed
    }

    init?(_ line: String) {
      let cells = LoadBenchmark.cells(line)
      guard cells.count > 1, let teachers = Int(cells[0]), let seed = Int(cells[1]) else {
        return nil
      }
      self.init(teachers: teachers, seed: seed)
    }

    static func < (a: Key, b: Key) -> Bool { (a.teachers, a.seed) < (b.teachers, b.seed) }
  }

  /// Whether a row of load.csv is what would be run.
  private func isCurrent(_ line: String) -> Bool {
    let cells = Self.cells(line)
    guard cells.count == Self.cells(Self.header).count, let size = Int(cells[0]),
      Int(cells[3]) == threads, Double(cells[4]) == limit(size)
    else { return false }
    return reference == nil || !cells[12].isEmpty
  }

  /// What the validator said of a row of load.csv.
  private static func isValid(_ line: String) -> Bool {
    zip(cells(header), cells(line)).contains { $0 == "valid" && $1 == "true" }
  }

  private static func cells(_ line: String) -> [Substring] {
    line.split(separator: ",", omittingEmptySubsequences: false)
  }

  private static func numbers(_ text: String) -> [Int] {
    text.split(separator: ",").compactMap { Int($0) }
  }

  private func limit(_ size: Int) -> Double {
    seconds ?? (size <= 60 ? 15 : size <= 150 ? 30 : 90)
  }

  private func solve(_ size: Int, _ seed: UInt64) throws -> Row {
    let institution = DepartmentGenerator(teachers: size, seed: seed).institution()
    let sections = institution.decidedSections ?? Table()
    let tasks = Curricula.teachingLoad(institution, sections)
    let start = ContinuousClock.now
    let found = try LoadDistribution.solve(
      institution, sections: sections, tasks: tasks, solver: GLPKSolver(),
      options: LoadOptions(timeLimit: limit(size), seed: seed, threads: threads, isThorough: true))
    let elapsed = start.duration(to: .now) / .seconds(1)

    let name = "\(output)/\(size)-\(seed)"
    try InstanceFolder.write(institution, to: name)
    var plan = Plan(
      record: PlanRecord(
        keste: "benchmark", instance: institution.name, instanceSHA256: "", seed: seed,
        regime: institution.regime.name))
    plan.sections = sections
    plan.tasks = tasks
    plan.assignments = found.assignments
    plan.hasLoad = true
    let judged = PlanValidator.validate(institution, plan, stages: [.sections, .load])
    for stage in judged.stages {
      let record = StageRecord(
        status: stage == .load ? found.status : .feasible, objective: judged.objectives[stage],
        bound: stage == .load ? found.bound : nil, criteria: judged.criteria(of: stage) ?? [:],
        seconds: stage == .load ? elapsed : 0)
      if stage == .load { plan.record.load = record } else { plan.record.sections = record }
    }
    plan.record.instanceSHA256 = try InstanceFolder.read(name).sha256
    let report = PlanValidator.validate(institution, plan, stages: [.sections, .load])
    try PlanFolder.write(plan, to: name + "-plan")
    let model = LoadDistribution.compactModel(institution, sections: sections, tasks: tasks)
    try MPSWriter().text(of: model).write(
      toFile: name + ".mps", atomically: true, encoding: .utf8)

    return Row(
      teachers: size, seed: seed, tasks: tasks.count, status: found.status.rawValue,
      objective: found.objective, bound: found.bound ?? -.infinity, seconds: elapsed,
      vacant: found.criteria[.vacant] ?? 0,
      isValid: report.isValid
        && judged.objectives[.load].map { abs($0 - found.objective) < 0.01 }
          ?? false,
      other: try reference.flatMap { try refer($0, name + ".mps", limit(size)) })
  }

  private func refer(
    _ program: String, _ model: String, _ seconds: Double
  ) throws -> (objective: Double, bound: Double, seconds: Double)? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      (program.hasSuffix(".py") ? ["python3"] : []) + [program, model, "\(seconds)", "\(threads)"]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let words = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    // Solvers print banners of their own before or after: the last line of three numbers counts.
    let lines = words.split(whereSeparator: \.isNewline).map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).map {
        Double($0.trimmingCharacters(in: .whitespaces))
      }
    }
    guard let found = lines.last(where: { $0.count == 3 && !$0.contains(nil) }) else { return nil }
    let numbers = found.compactMap(\.self)
    return (numbers[0], numbers[1], numbers[2])
  }

  private static func line(_ row: Row) -> String {
    func number(_ value: Double, _ width: Int, _ digits: Int) -> String {
      let text = String(format: "%.\(digits)f", value)
      return String(repeating: " ", count: max(0, width - text.count)) + text
    }
    var line = number(Double(row.teachers), 8, 0) + number(Double(row.seed), 6, 0)
    line += number(Double(row.tasks), 7, 0) + "  "
    line += row.status.padding(toLength: 10, withPad: " ", startingAt: 0)
    line += number(row.objective, 10, 2) + number(row.bound, 11, 2) + number(row.gap, 8, 2)
    line += number(row.seconds, 9, 1) + number(row.vacant, 8, 0)
    line += row.isValid ? "    yes" : "     NO"
    if let other = row.other {
      line += number(other.objective, 11, 2) + number(other.bound, 11, 2)
      line += number(other.seconds, 9, 1)
    }
    return line
  }

  private static let header =
    "teachers,seed,tasks,threads,limit,status,objective,bound,gap_percent,seconds,vacant,valid,"
    + "reference_objective,reference_bound,reference_seconds"

  private func csv(_ row: Row) -> String {
    var text = "\(row.teachers),\(row.seed),\(row.tasks),\(threads),\(limit(row.teachers)),"
    text += "\(row.status),\(row.objective),\(row.bound),"
    text += String(format: "%.3f,%.2f,", row.gap, row.seconds)
    text += "\(row.vacant),\(row.isValid),"
    text += row.other.map { "\($0.objective),\($0.bound),\($0.seconds)" } ?? ",,"
    return text
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import Formats
import Foundation
import Testing
import University

@testable import Validation

/// The independent referee, where the benchmark data and a Python with YAML are there.
enum Referee {
  /// The folder of the benchmark instances.
  static let data = ProcessInfo.processInfo.environment["KESTE_BENCHMARK_DATA"]

  /// Whether the referee can run here.
  static let isThere: Bool = {
    guard let program else { return false }
    guard FileManager.default.fileExists(atPath: program) else { return false }
    return (try? run(["-c", "import yaml"], input: "")) != nil
  }()

  private static var program: String? { data.map { "\($0)/../tools/check_plan.py" } }

  /// A folder of the benchmark universities.
  static func university(_ name: String) -> String { "\(data ?? "")/university/\(name)" }

  /// What the referee says of a plan.
  struct Verdict: Decodable, Sendable {
    var errors: [String]?
    var counts: [String: Int]?
    var criteria: [String: [String: Double]]?
    var objective: [String: Double]?
    var lost: [String: Int]?
  }

  /// A plan folder to be judged.
  struct Case: Encodable {
    var instance: String
    var plan: String
    var stages: [String]

    init(_ instance: String, _ plan: String, stages: [Stage] = Stage.allCases) {
      self.instance = instance
      self.plan = plan
      self.stages = stages.map(\.rawValue)
    }
  }

  /// Writes an instance and a plan without waiting for the disk: thousands are written.
  static func write(
    _ institution: Institution, _ plan: Plan, to instance: String, _ place: String
  ) throws {
    for (folder, files) in [
      (instance, InstanceFolder.files(of: institution)), (place, PlanFolder.files(of: plan)),
    ] {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      for file in files {
        let path = URL(fileURLWithPath: "\(folder)/\(file.name)")
        try FileManager.default.createDirectory(
          at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(file.bytes).write(to: path)
      }
    }
  }

  struct Failure: Error {
    var status: Int32
    var output: String
  }

  /// Judges all the cases in one process of the referee.
  static func judge(_ cases: [Case]) throws -> [Verdict] {
    let driver = """
      import csv, json, pathlib, sys
      sys.path.insert(0, sys.argv[1])
      import check_plan
      csv.field_size_limit(1 << 24)
      for case in json.load(sys.stdin):
          try:
              found = check_plan.judge(pathlib.Path(case["instance"]), pathlib.Path(case["plan"]),
                                       set(case["stages"]))
              said = {"counts": dict(found.found.counts), "criteria": found.criteria,
                      "objective": found.objectives, "lost": found.lost}
          except check_plan.Unreadable as problem:
              said = {"errors": problem.errors}
          print(json.dumps(said))
      """
    let folder = URL(fileURLWithPath: program ?? "").deletingLastPathComponent().path
    let input = String(decoding: try JSONEncoder().encode(cases), as: UTF8.self)
    let output = try run(["-c", driver, folder], input: input)
    return try output.split(separator: "\n").map {
      try JSONDecoder().decode(Verdict.self, from: Data($0.utf8))
    }
  }

  /// Runs Python with files as its standard streams, so that no pipe can fill up.
  @discardableResult
  private static func run(_ arguments: [String], input: String) throws -> String {
    let folder = try TemporaryFolder()
    let (from, to) = (folder.path + "/in", folder.path + "/out")
    try Data(input.utf8).write(to: URL(fileURLWithPath: from))
    try Data().write(to: URL(fileURLWithPath: to))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-B"] + arguments
    process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: from))
    let output = try FileHandle(forWritingTo: URL(fileURLWithPath: to))
    process.standardOutput = output
    process.standardError = output
    try process.run()
    process.waitUntilExit()
    let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: to)), as: UTF8.self)
    guard process.terminationStatus == 0 else {
      throw Failure(status: process.terminationStatus, output: text)
    }
    return text
  }
}

/// A folder that is removed with the value.
final class TemporaryFolder {
  let path: String

  init() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("keste-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }
}

/// Expects that a report and the referee's verdict are the same to the unit.
func expectAgreement(
  _ report: ScoreReport, _ verdict: Referee.Verdict, _ name: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  func same(_ ours: [String: Double], _ theirs: [String: Double], within: Double) -> Bool {
    ours.keys == theirs.keys
      && ours.allSatisfy { key, value in abs(value - (theirs[key] ?? .infinity)) <= within }
  }
  #expect(verdict.errors == nil, "\(name)", sourceLocation: sourceLocation)
  let counts = Dictionary(
    uniqueKeysWithValues: report.counts.map { ($0.key.rawValue, $0.value) })
  #expect(
    counts == verdict.counts, "\(name): \(report.violations.prefix(40).map(\.message))",
    sourceLocation: sourceLocation)
  #expect(
    Set(report.stages.map(\.rawValue)) == Set(verdict.criteria?.keys.map { $0 } ?? []),
    "\(name)", sourceLocation: sourceLocation)
  for stage in report.stages {
    // Sums of hundredths may be rounded to either side; all else is whole.
    let within = stage == .load ? 0.0101 : 1e-9
    let ours = report.criteria(of: stage) ?? [:]
    let theirs = verdict.criteria?[stage.rawValue] ?? [:]
    #expect(
      same(ours, theirs, within: within), "\(name): \(ours) \(theirs)",
      sourceLocation: sourceLocation)
  }
  let objectives = Dictionary(
    uniqueKeysWithValues: report.objectives.map { ($0.key.rawValue, $0.value) })
  #expect(
    same(objectives, verdict.objective ?? [:], within: 0.02 * 1300), "\(name)",
    sourceLocation: sourceLocation)
  let lost = Dictionary(
    uniqueKeysWithValues: report.lostHours.map { ($0.section.text, $0.hours) })
  if report.stages.contains(.timetable) {
    #expect(lost == verdict.lost, "\(name)", sourceLocation: sourceLocation)
  }
}

/// Numbers that look random and are the same for the same seed.
///
/// **Source**: G. L. Steele, D. Lea, C. H. Flood, SplitMix64, doi:10.1145/2660193.2660195.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func whole(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  mutating func chance(_ oneIn: Int) -> Bool { whole(1...oneIn) == 1 }

  mutating func one<Element>(of elements: [Element]) -> Element {
    elements[whole(0...(elements.count - 1))]
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import GLPKSolver
import LinearModels
import TestSupport
import Testing
import Timetabling

@Suite("keste export")
struct ExportTests {
  /// A plan of the tiny university in a folder of its own, with its timetable's objective.
  private func planned(_ scratch: ScratchFolder) throws -> (plan: String, objective: Double) {
    let plan = scratch("plan")
    let run = try Program.run(
      "keste", "plan", Shipped.instance("tiny"), "-o", plan, "--iterations", "3000", "--threads",
      "1", "--json", "--quiet")
    let stages = try #require(try run.json()["stages"] as? [String: [String: Any]])
    return (plan, try #require(stages["timetable"]?["objective"] as? Double))
  }

  @Test("with every decision fixed, GLPK finds the plan's cost in both files")
  func fixed() throws {
    let scratch = try ScratchFolder()
    let (plan, objective) = try planned(scratch)
    let run = try Program.run(
      "keste", "export", Shipped.instance("tiny"), plan, "--mps", scratch("f.mps"), "--lp",
      scratch("f.lp"), "--fixed", "--json")
    #expect(run.status == 0)
    let said = try run.json()
    let scale = try #require(said["scale"] as? Double)
    #expect(said["cost"] as? Double == objective * scale)
    let solver = GLPKSolver()
    for model in [
      try solver.model(mpsFile: scratch("f.mps")), try solver.model(lpFile: scratch("f.lp")),
    ] {
      #expect(model.columns.count == said["columns"] as? Int)
      let solution = try solver.solve(model, SolveOptions())
      #expect(solution.status == .optimal)
      let found = try #require(solution.objective)
      #expect(abs(found - objective * scale) < 1e-6)
    }
  }

  @Test(
    "a benchmark file's model fixed to a solution costs what the rules say, a day freed no more")
  func benchmark() throws {
    let scratch = try ScratchFolder()
    let text = CourseTimetabling.random(seed: 5, courses: 8).text
    try Data(text.utf8).write(to: URL(fileURLWithPath: scratch("a.ctt")))
    let solved = try Program.run(
      "keste", "solve", scratch("a.ctt"), "-o", scratch("a.sol"), "--iterations", "2000", "--quiet")
    #expect(solved.status == 0)
    let scored = try Program.run("keste", "score", scratch("a.ctt"), scratch("a.sol"), "--json")
    let score = try #require(try scored.json()["score"] as? [String: Any])
    let cost = try #require(score["cost"] as? Double)
    let solver = GLPKSolver()
    for (name, words) in [("fixed", ["--fixed"]), ("day", ["--days", "0"])] {
      let run = try Program.run(
        "keste",
        ["export", scratch("a.ctt"), scratch("a.sol"), "--mps", scratch("\(name).mps")] + words)
      #expect(run.status == 0, "\(run.errors)")
      var options = SolveOptions()
      options.timeLimit = 30
      let solution = try solver.solve(solver.model(mpsFile: scratch("\(name).mps")), options)
      let found = try #require(solution.objective)
      #expect(name == "fixed" ? abs(found - cost) < 1e-6 : found <= cost + 1e-6)
    }
    let whole = try Program.run("keste", "export", scratch("a.ctt"), "--lp", scratch("w.lp"))
    #expect(whole.status == 0)
    let nothing = try Program.run(
      "keste", "export", scratch("a.ctt"), "--lp", scratch("n.lp"), "--fixed", "--sections", "zz")
    #expect(nothing.status == 2 && nothing.errors.contains("zz"))
    #expect(!FileManager.default.fileExists(atPath: scratch("n.lp")))
  }

  /// Whether Python's highspy can be had; without it the comparison with HiGHS is left out.
  private static let hasHiGHS: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", "import highspy"]
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  @Test(
    "with every decision fixed, HiGHS finds the plan's cost in both files",
    .enabled(if: hasHiGHS, "python3 has no highspy here: HiGHS is not asked"))
  func highs() throws {
    let scratch = try ScratchFolder()
    let (plan, objective) = try planned(scratch)
    let run = try Program.run(
      "keste", "export", Shipped.instance("tiny"), plan, "--mps", scratch("f.mps"), "--lp",
      scratch("f.lp"), "--fixed", "--json")
    let scale = try #require(try run.json()["scale"] as? Double)
    for name in ["f.mps", "f.lp"] {
      let found = try costByHiGHS(of: scratch(name))
      #expect(abs(found - objective * scale) < 1e-4)
    }
  }

  /// One move from the start leaves costs of many kinds; with more moves few are left.
  @Test(
    "with every lecture of a benchmark file fixed, GLPK and HiGHS find the engine's cost",
    .enabled(if: hasHiGHS, "python3 has no highspy here: HiGHS is not asked"),
    arguments: ["1", "2000"])
  func highsOfBenchmark(iterations: String) throws {
    let scratch = try ScratchFolder()
    let text = CourseTimetabling.random(seed: 3, courses: 12).text
    try Data(text.utf8).write(to: URL(fileURLWithPath: scratch("a.ctt")))
    let solved = try Program.run(
      "keste", "solve", scratch("a.ctt"), "-o", scratch("a.sol"), "--iterations", iterations,
      "--json", "--quiet")
    #expect(solved.status == 0, "\(solved.errors)")
    let score = try #require(try solved.json()["score"] as? [String: Any])
    let cost = try #require(score["cost"] as? Double)
    if iterations == "1" { #expect(cost > 0) }
    let run = try Program.run(
      "keste", "export", scratch("a.ctt"), scratch("a.sol"), "--mps", scratch("f.mps"), "--lp",
      scratch("f.lp"), "--fixed", "--json")
    #expect(run.status == 0, "\(run.errors)")
    let scale = try #require(try run.json()["scale"] as? Double)
    let solver = GLPKSolver()
    let models = [
      ("f.mps", try solver.model(mpsFile: scratch("f.mps"))),
      ("f.lp", try solver.model(lpFile: scratch("f.lp"))),
    ]
    for (name, model) in models {
      let solution = try solver.solve(model, SolveOptions())
      let found = try #require(solution.objective)
      #expect(abs(found - cost * scale) < 1e-6, "GLPK, \(name)")
      let other = try costByHiGHS(of: scratch(name))
      #expect(abs(other - cost * scale) < 1e-4, "HiGHS, \(name)")
    }
  }

  /// The optimum of a model file as HiGHS finds it.
  private func costByHiGHS(of path: String) throws -> Double {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c",
      """
      import highspy, sys
      h = highspy.Highs()
      h.setOptionValue("output_flag", False)
      assert h.readModel(sys.argv[1]) == highspy.HighsStatus.kOk
      h.run()
      assert h.getModelStatus() == highspy.HighsModelStatus.kOptimal
      print(repr(h.getObjectiveValue()))
      """, path,
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(
      decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let last = text.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
    return try #require(Double(last), "\(text)")
  }

  @Test("the model of a few sections costs no more than the plan, and names its parts")
  func part() throws {
    let scratch = try ScratchFolder()
    let (plan, objective) = try planned(scratch)
    let table = try String(contentsOfFile: plan + "/sections.csv", encoding: .utf8)
    let sections = table.split(whereSeparator: \.isNewline).dropFirst().prefix(2).compactMap {
      $0.split(separator: ",").first.map(String.init)
    }
    let run = try Program.run(
      "keste", "export", Shipped.instance("tiny"), plan, "--mps", scratch("p.mps"), "--sections",
      sections.joined(separator: ","), "--json")
    #expect(run.status == 0)
    let scale = try #require(try run.json()["scale"] as? Double)
    #expect(try #require(try run.json()["free_meetings"] as? Int) >= 2)
    let solver = GLPKSolver()
    var options = SolveOptions()
    options.timeLimit = 20
    let solution = try solver.solve(try solver.model(mpsFile: scratch("p.mps")), options)
    #expect(try #require(solution.objective) <= objective * scale + 1e-6)
    let text = try String(contentsOfFile: scratch("p.mps"), encoding: .utf8)
    #expect(text.contains("_d1_s1_"))
  }

  @Test("what cannot be exported is said, and nothing is written")
  func faults() throws {
    let scratch = try ScratchFolder()
    let (plan, _) = try planned(scratch)
    let unknown = try Program.run(
      "keste", "export", Shipped.instance("tiny"), plan, "--mps", scratch("x.mps"), "--sections",
      "nobody,nothing", "--days", "sun")
    #expect(unknown.status == 2)
    #expect(unknown.errors.contains("nobody") && unknown.errors.contains("nothing"))
    #expect(unknown.errors.contains("sun"))
    #expect(!FileManager.default.fileExists(atPath: scratch("x.mps")))
    #expect(try Program.run("keste", "export", Shipped.instance("tiny"), plan).status == 64)
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Formats
import Foundation
import GLPKSolver
import LocalSearch
import Solving
import Synchronization
import Timetabling
import University
import Validation
import Workflow

/// A public benchmark file.
struct SolveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "solve",
    abstract: "Solve a public benchmark file (ITC-2007 course timetabling: .ctt, .ectt).",
    discussion: """
      Runs the engine of the timetable stage on the file and writes a solution, one lecture a line: \
      course room day period, from 0. Costs are those of formulation UD2. Ctrl-C keeps the best \
      found so far. Every few seconds the best is kept in SOLUTION.checkpoint too, from which the \
      same command goes on after a run that was killed, unless --from is better; a run that ends by \
      itself removes it.

        keste solve comp01.ctt -o comp01.sol --time-limit 60 --threads 2
        keste score comp01.ctt comp01.sol

      \(Keste.exitStatusText)
      """)

  @Argument(help: "The instance: a .ctt or .ectt file.")
  var file: String

  @Option(name: [.customShort("o"), .customLong("output")], help: "The solution file to write.")
  var output: String

  @Option(help: ArgumentHelp("Start from this solution.", valueName: "solution"))
  var from: String?

  @OptionGroup var limits: SearchLimits
  @OptionGroup var polishing: PolishingOption
  @OptionGroup var printing: PrintingOptions

  func run() throws {
    let console = printing.console
    let began = processStart
    try console.run {
      if isSameFile(file, output) {
        throw InputRejected([
          Diagnostic(
            .error, code: "file.output", file: output,
            problem: "the solution would be written over the instance",
            suggestion: "name another file after -o")
        ])
      }
      try checkOutput()
      let instance = try CourseTimetablingFile.read(file)
      var start = try from.map { path in
        let read = try CourseTimetablingFile.readSolution(path, of: instance)
        guard read.malformed.isEmpty else { throw InputRejected(read.malformed) }
        return read.lectures
      }
      let checkpoint = limits.iterations == nil ? output + ".checkpoint" : nil
      let held = checkpoint.flatMap { heldLectures($0, of: instance) }
      if let held, start.map({ !isBetter($0, than: held, of: instance) }) ?? true {
        console.note("going on from \(output).checkpoint")
        start = held
      }
      let printer = ProgressPrinter(isQuiet: console.isQuiet)
      let interruption = Interruption {
        printer.finish()
        console.note("stopping with the best found; interrupt again to leave at once")
      }
      defer { printer.finish() }
      var options = SearchOptions()
      let spent = (ContinuousClock.now - began) / .seconds(1)
      options.timeLimit = limits.iterations == nil ? max(0.1, limits.timeLimit - spent - 0.1) : nil
      options.iterations = limits.iterations
      options.seed = limits.seed
      options.threads = limits.threadCount
      options.isCancelled = { [flag = interruption.flag] in flag.isSet }
      options.settling = 1
      options.polishShare = polishing.polishShare
      options.progress = { found in
        printer.show(
          PlanningProgress(
            phase: found.phase, seconds: found.seconds,
            incumbent: found.incumbent.hard == 0 ? Double(found.incumbent.soft) : nil,
            unplaced: found.incumbent.hard))
      }
      // Only a checkpoint of ours is taken away at the end.
      let isHeld = Atomic(held != nil)
      if let checkpoint {
        options.checkpointsBest = true
        options.checkpoint = { timetable, _ in
          let lectures = instance.lectures(of: timetable)
          if CourseTimetableScore(instance, lectures).violations > 0 { return }
          // One that cannot be written must not end the search that it is to save.
          let written: Void? = try? AtomicFile.write(
            CourseTimetablingFile.solution(lectures, of: instance), to: checkpoint)
          if written != nil { isHeld.store(true, ordering: .relaxed) }
        }
      }
      let run = try BenchmarkRun(instance, from: start, solver: GLPKSolver(), options)
      printer.finish()
      let status = try tell(run, console)
      if let checkpoint, isHeld.load(ordering: .relaxed) {
        try? FileManager.default.removeItem(atPath: checkpoint)
      }
      return status
    }
  }

  /// The lectures of a checkpoint of the same instance, where there is one.
  private func heldLectures(
    _ path: String, of instance: CourseTimetabling
  ) -> [CourseTimetabling.Lecture]? {
    guard let held = try? CourseTimetablingFile.readSolution(path, of: instance),
      held.malformed.isEmpty, CourseTimetableScore(instance, held.lectures).violations == 0
    else { return nil }
    return held.lectures
  }

  /// Whether lectures make a feasible timetable that costs less than another.
  private func isBetter(
    _ lectures: [CourseTimetabling.Lecture], than held: [CourseTimetabling.Lecture],
    of instance: CourseTimetabling
  ) -> Bool {
    let score = CourseTimetableScore(instance, lectures)
    return score.violations == 0 && score.cost < CourseTimetableScore(instance, held).cost
  }

  /// Throws where the solution could not be written at the end.
  private func checkOutput() throws {
    let files = FileManager.default
    let folder = URL(fileURLWithPath: output).deletingLastPathComponent().path
    var isFolder: ObjCBool = false
    let problem: String
    if files.fileExists(atPath: output, isDirectory: &isFolder), isFolder.boolValue {
      problem = "it is a folder"
    } else if !files.fileExists(atPath: folder, isDirectory: &isFolder) || !isFolder.boolValue {
      problem = "there is no folder \(folder)"
    } else if !files.isWritableFile(atPath: folder) {
      problem = "nothing can be written in \(folder)"
    } else {
      return
    }
    throw InputRejected([
      Diagnostic(
        .error, code: "file.output", file: output, problem: problem,
        suggestion: "name another file after -o")
    ])
  }

  private func isSameFile(_ one: String, _ other: String) -> Bool {
    let paths = [one, other].map {
      URL(fileURLWithPath: $0).standardizedFileURL.resolvingSymlinksInPath().path
    }
    return paths[0] == paths[1]
  }

  private func tell(_ run: BenchmarkRun, _ console: Console) throws -> ExitCode {
    for (course, lectures, reason) in run.unplaced {
      console.note(
        "course \(run.instance.courses[course].name): \(lectures) "
          + "\(lectures == 1 ? "lecture has" : "lectures have") no place: \(reason)")
    }
    if run.lectures.isEmpty, !run.isFeasible {
      console.note("no lecture found a place; nothing was written")
      try console.emit(SolveJSON(run, seed: limits.seed, output: nil))
      return ExitCode(3)
    }
    try AtomicFile.write(
      CourseTimetablingFile.solution(run.lectures, of: run.instance), to: output)
    for line in tabulated(scoreRows(run.score)) { console.say(line) }
    let bound =
      run.gap.map { String(format: ", bound %d, gap %.1f %%", run.bound, 100 * $0) } ?? ""
    console.say(
      (run.isFeasible ? "feasible" : "NOT FEASIBLE: \(run.score.violations) broken")
        + ", cost \(run.score.cost)" + bound)
    console.say("written: \(output)")
    try console.emit(SolveJSON(run, seed: limits.seed, output: output))
    return run.isFeasible ? .success : ExitCode(1)
  }
}

/// The parts of a score, a line each.
func scoreRows(_ score: CourseTimetableScore) -> [[String]] {
  [
    ["hard or soft", "part", "amount"],
    ["hard", "Lectures", "\(score.lectures)"], ["hard", "Conflicts", "\(score.conflicts)"],
    ["hard", "Availability", "\(score.availability)"],
    ["hard", "RoomOccupancy", "\(score.roomOccupancy)"],
    ["soft", "RoomCapacity", "\(score.roomCapacity)"],
    ["soft", "MinWorkingDays", "\(score.minWorkingDays)"],
    ["soft", "IsolatedLectures", "\(score.isolatedLectures)"],
    ["soft", "RoomStability", "\(score.roomStability)"],
  ]
}

/// A score as JSON.
struct CourseScoreJSON: Encodable {
  var hard: [String: Int]
  var soft: [String: Int]
  var violations: Int
  var cost: Int

  init(_ score: CourseTimetableScore) {
    hard = [
      "Lectures": score.lectures, "Conflicts": score.conflicts,
      "Availability": score.availability, "RoomOccupancy": score.roomOccupancy,
    ]
    soft = [
      "RoomCapacity": score.roomCapacity, "MinWorkingDays": score.minWorkingDays,
      "IsolatedLectures": score.isolatedLectures, "RoomStability": score.roomStability,
    ]
    violations = score.violations
    cost = score.cost
  }
}

private struct SolveJSON: Encodable {
  struct Part: Encodable {
    var basis: String
    var source: String
    var amount: Int
  }

  /// Those of fix-and-optimise.
  struct Neighbourhoods: Encodable {
    var tried: Int
    var improved: Int
    var gain: Int
  }

  struct Moves: Encodable {
    var proposed: Int
    var evaluated: Int
    var accepted: Int
    var gain: Int
  }

  var exit_status: Int
  var instance: String
  var solution: String?
  var seed: UInt64
  var score: CourseScoreJSON
  var bound: Int?
  var bound_parts: [Part]?
  var gap: Double?
  var status: String
  var seconds: Double
  var first_complete: Double?
  var moves: [String: Moves]
  var neighbourhoods: Neighbourhoods?
  var proposals_per_second: Double
  var evaluations_per_second: Double

  init(_ run: BenchmarkRun, seed: UInt64, output: String?) {
    exit_status = run.isFeasible ? 0 : output == nil ? 3 : 1
    instance = run.instance.name
    solution = output
    self.seed = seed
    score = CourseScoreJSON(run.score)
    if run.isFeasible {
      bound = run.bound
      bound_parts = run.result.bound.parts.map {
        Part(basis: $0.basis.rawValue, source: $0.source, amount: $0.amount)
      }
    }
    gap = run.gap
    status = !run.isFeasible ? "stopped" : run.bound == run.score.cost ? "optimal" : "feasible"
    seconds = run.result.seconds
    first_complete = run.result.firstComplete
    moves = Dictionary(
      uniqueKeysWithValues: run.result.moves.map { kind, count in
        (
          "\(kind)",
          Moves(
            proposed: count.proposed, evaluated: count.evaluated, accepted: count.accepted,
            gain: count.gain)
        )
      })
    let polished = run.result.polished
    if polished.tried > 0 {
      neighbourhoods = Neighbourhoods(
        tried: polished.tried, improved: polished.improved, gain: polished.gain)
    }
    let proposed = run.result.moves.values.reduce(0) { $0 + $1.proposed }
    proposals_per_second = Double(proposed) / max(1e-9, run.result.seconds)
    let evaluated = run.result.moves.values.reduce(0) { $0 + $1.evaluated }
    evaluations_per_second = Double(evaluated) / max(1e-9, run.result.seconds)
  }
}

/// A solution of a public benchmark file.
struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "What a solution of a public benchmark file breaks and costs.",
    discussion: """
        keste score comp01.ctt comp01.sol

      Exit status: 0 feasible; 1 something hard is broken or a line is malformed; 2 a file cannot \
      be read; 64 wrong usage.
      """)

  @Argument(help: "The instance: a .ctt or .ectt file.")
  var file: String

  @Argument(help: "The solution: a line `course room day period` for each lecture, from 0.")
  var solution: String

  @OptionGroup var printing: PrintingOptions

  func run() throws {
    let console = printing.console
    try console.run {
      let instance = try CourseTimetablingFile.read(file)
      let (lectures, malformed) = try CourseTimetablingFile.readSolution(solution, of: instance)
      let score = CourseTimetableScore(instance, lectures)
      for diagnostic in malformed { console.note(diagnostic.description) }
      for line in tabulated(scoreRows(score)) { console.say(line) }
      // A line may be wrong in several places.
      let lines = Set(malformed.compactMap(\.line)).count
      let isFeasible = score.violations == 0 && malformed.isEmpty
      console.say(
        (isFeasible
          ? "feasible"
          : "NOT FEASIBLE: \(score.violations) broken, "
            + (lines == 1 ? "1 line malformed" : "\(lines) lines malformed"))
          + ", cost \(score.cost)")
      try console.emit(
        ScoreJSON(
          exit_status: isFeasible ? 0 : 1, instance: instance.name, score: CourseScoreJSON(score),
          malformed: malformed.map(FindingJSON.init), malformed_lines: lines, feasible: isFeasible))
      return isFeasible ? .success : ExitCode(1)
    }
  }

  private struct ScoreJSON: Encodable {
    var exit_status: Int
    var instance: String
    var score: CourseScoreJSON
    var malformed: [FindingJSON]
    var malformed_lines: Int
    var feasible: Bool
  }
}

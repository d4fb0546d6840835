// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import GLPKSolver
import University
import Workflow

/// How a command prints.
struct PrintingOptions: ParsableArguments {
  @Flag(help: "Print one JSON object on standard output; everything else on standard error.")
  var json = false

  @Flag(help: "No progress.")
  var quiet = false

  var console: Console { Console(isJSON: json, isQuiet: quiet) }
}

/// In which language a command speaks.
struct LanguageOption: ParsableArguments {
  @Option(
    name: [.customLong("language"), .customLong("lang")],
    help: "The language of the text: kk, ru or en (default: en).")
  var word: String?

  var language: Language { word.flatMap(Language.init) ?? .en }

  func validate() throws {
    if let word, Language(rawValue: word) == nil {
      throw ValidationError("--language must be kk, ru or en.")
    }
  }
}

/// How a search is limited.
struct SearchLimits: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Seconds of wall time for everything, reading and writing included.", valueName: "s"))
  var timeLimit = 120.0

  @Option(
    help: ArgumentHelp(
      "Moves of each thread of the timetable's search instead of the clock (several timetables "
        + "that are cooled together share them): the same input, seed and threads then give the "
        + "same bytes.", valueName: "n"))
  var iterations: Int?

  @Option(help: ArgumentHelp("Seed of all random choices.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Threads (default: the number of cores).", valueName: "n"))
  var threads: Int?

  /// The threads asked for, or the number of cores.
  var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  func validate() throws {
    guard timeLimit > 0, timeLimit <= 1e7 else {
      throw ValidationError("--time-limit must be more than 0 seconds and at most 10000000.")
    }
    if let iterations, !(1...1_000_000_000_000).contains(iterations) {
      throw ValidationError("--iterations must be at least 1.")
    }
    if let threads, !(1...256).contains(threads) {
      throw ValidationError("--threads must be from 1 to 256.")
    }
  }
}

/// How much of the time goes to mixed-integer models at the end.
struct PolishingOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Share of the timetable's time that fix-and-optimise by mixed-integer models gets at the "
        + "end, from 0 to 0.9.", valueName: "x"))
  var polishShare = 0.0

  func validate() throws {
    guard (0...0.9).contains(polishShare) else {
      throw ValidationError("--polish-share must be from 0 to 0.9.")
    }
  }
}

/// How the commands that plan are limited and steered.
struct PlanningArguments: ParsableArguments {
  @OptionGroup var limits: SearchLimits
  @OptionGroup var polishing: PolishingOption
  @OptionGroup var speech: LanguageOption

  @Option(help: ArgumentHelp("The regime of instance.yaml to plan for.", valueName: "name"))
  var regime: String?

  /// Runs the pipeline towards a goal, with progress and Ctrl-C.
  func run(
    _ goal: Pipeline.Goal, instance: String, plan: String, startedAt: ContinuousClock.Instant,
    console: Console, keepsLoad: Bool = false, revision: Int? = nil
  ) throws -> PlanningOutcome {
    let printer = ProgressPrinter(isQuiet: console.isQuiet)
    let interruption = Interruption {
      printer.finish()
      console.note("stopping with the best found; interrupt again to leave at once")
    }
    defer { printer.finish() }
    var options = PlanningOptions(
      timeLimit: limits.timeLimit, iterations: limits.iterations, seed: limits.seed,
      threads: limits.threadCount, startedAt: startedAt,
      isCancelled: { [flag = interruption.flag] in flag.isSet },
      progress: { printer.show($0) })
    options.polishShare = polishing.polishShare
    options.revision = revision
    options.settling = 1
    var pipeline = Pipeline(
      instance: instance, plan: plan, regime: regime, solver: GLPKSolver(), options: options)
    pipeline.keepsLoad = keepsLoad
    return try pipeline.run(goal)
  }
}

/// When the process took up its work, for the time limit.
let processStart = ContinuousClock.now

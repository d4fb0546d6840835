// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser

/// The benchmarks whose figures stand in benchmarks/README.md.
@main
struct KesteBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keste-bench",
    abstract: "Measure keste on benchmark data; CSV and tables for benchmarks/README.md.",
    subcommands: [TimetableBenchmark.self, LoadBenchmark.self])
}

// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing

/// The programs as people start them.
enum Program {
  /// What a program came to.
  struct Run {
    var status: Int32
    /// Whether a signal ended it; `status` is then its number.
    var wasSignalled: Bool
    var output: String
    var errors: String
    var seconds: Double

    /// Standard output as one JSON object.
    func json() throws -> [String: Any] {
      try #require(
        JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any],
        "not one JSON object: \(output.prefix(300))")
    }
  }

  /// The folder of the tests' own program, where the others were built beside it.
  private static let folder = URL(fileURLWithPath: ProcessInfo.processInfo.arguments[0])
    .deletingLastPathComponent()

  /// Runs a program to its end.
  static func run(_ name: String, _ arguments: String...) throws -> Run {
    try run(name, arguments)
  }

  /// Runs a program to its end.
  static func run(_ name: String, _ arguments: [String]) throws -> Run {
    try start(name, arguments).finish()
  }

  /// Starts a program; its standard streams are files, so that no pipe can fill up.
  static func start(_ name: String, _ arguments: [String]) throws -> Started {
    let program = folder.appendingPathComponent(name)
    try #require(
      FileManager.default.isExecutableFile(atPath: program.path), "\(program.path) is not built")
    let scratch = try ScratchFolder()
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    for stream in ["output", "errors"] {
      try Data().write(to: URL(fileURLWithPath: scratch(stream)))
    }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(
      forWritingTo: URL(fileURLWithPath: scratch("output")))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: scratch("errors")))
    let started = Started(process: process, scratch: scratch)
    try process.run()
    return started
  }

  /// A program that runs.
  struct Started {
    /// The longest that a program of these tests may take.
    private static let patience = 600.0

    let process: Process
    let scratch: ScratchFolder
    let start = ContinuousClock.now

    var seconds: Double {
      let parts = start.duration(to: .now).components
      return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
    }

    /// What it has written to standard error so far.
    func errors() throws -> String {
      String(
        decoding: try Data(contentsOf: URL(fileURLWithPath: scratch("errors"))), as: UTF8.self)
    }

    /// Waits until standard error holds a text; throws when the program ends before it does.
    func wait(for text: String) throws {
      while true {
        let isRunning = process.isRunning
        let said = try errors()
        if said.contains(text) { return }
        try #require(isRunning && seconds < Self.patience, "no \"\(text)\" in \(said)")
        Thread.sleep(forTimeInterval: 0.02)
      }
    }

    /// Waits for the end; kills a program that takes far too long.
    func finish() throws -> Run {
      while process.isRunning {
        if seconds > Self.patience { kill(process.processIdentifier, SIGKILL) }
        Thread.sleep(forTimeInterval: 0.01)
      }
      process.waitUntilExit()
      return Run(
        status: process.terminationStatus,
        wasSignalled: process.terminationReason == .uncaughtSignal,
        output: String(
          decoding: try Data(contentsOf: URL(fileURLWithPath: scratch("output"))), as: UTF8.self),
        errors: try errors(), seconds: seconds)
    }
  }
}

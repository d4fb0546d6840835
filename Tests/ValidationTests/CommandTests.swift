// SPDX-License-Identifier: GPL-3.0-or-later
import Formats
import Foundation
import Testing
import University

@testable import Validation

/// The command as people start it: its exit status and what it prints where.
@Suite struct CommandTests {
  struct Run {
    var status: Int32
    var output: String
    var errors: String
  }

  /// The program that was built beside the tests.
  private static let program: URL? = {
    let tests = URL(fileURLWithPath: ProcessInfo.processInfo.arguments[0])
    let beside = tests.deletingLastPathComponent().appendingPathComponent("keste-check")
    return FileManager.default.isExecutableFile(atPath: beside.path) ? beside : nil
  }()

  private let folder: TemporaryFolder
  private var instance: String { folder.path + "/instance" }
  private var plan: String { folder.path + "/plan" }

  init() throws {
    folder = try TemporaryFolder()
    try InstanceFolder.write(Micro.institution(), to: instance)
    try PlanFolder.write(Micro.plan(), to: plan)
  }

  private func run(_ arguments: String...) throws -> Run {
    let process = Process()
    let program: URL = try #require(Self.program)
    process.executableURL = program
    process.arguments = arguments
    let (output, errors) = (folder.path + "/output", folder.path + "/errors")
    for path in [output, errors] { try Data().write(to: URL(fileURLWithPath: path)) }
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
    try process.run()
    process.waitUntilExit()
    return Run(
      status: process.terminationStatus,
      output: try String(contentsOfFile: output, encoding: .utf8),
      errors: try String(contentsOfFile: errors, encoding: .utf8))
  }

  @Test func `a valid plan ends with status 0`() throws {
    let run = try run(instance, plan)
    #expect(run.status == 0)
    #expect(run.output.hasSuffix("valid\n"))
    #expect(run.errors.isEmpty)
  }

  @Test func `a broken plan ends with status 1 and JSON on standard output alone`() throws {
    var broken = Micro.plan()
    broken.move("m6", to: 3)
    try PlanFolder.write(broken, to: plan)
    let run = try run(instance, plan, "--json")
    #expect(run.status == 1)
    #expect(run.errors.isEmpty)
    let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    #expect(object?["valid"] as? Bool == false)
  }

  @Test func `only the stage asked for is judged`() throws {
    var broken = Micro.plan()
    broken.hasLoad = false
    broken.hasTimetable = false
    try PlanFolder.write(broken, to: plan)
    #expect(try run(instance, plan, "--stage", "sections").status == 0)
    let run = try run(instance, plan)
    #expect(run.status == 2)
    #expect(run.errors.contains("load.csv") && run.errors.contains("meetings.csv"))
  }

  @Test func `a rejected input ends with status 2 and every error on standard error`() throws {
    try Data("room,building,capacity,kind\nR1,Z,many,lecture\n".utf8)
      .write(to: URL(fileURLWithPath: instance + "/rooms.csv"))
    let run = try run(instance, plan)
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("\"Z\"") && run.errors.contains("\"many\""))
  }

  @Test func `a folder that is not there is a rejected input`() throws {
    #expect(try run(instance, folder.path + "/nothing").status == 2)
    #expect(try run(folder.path + "/nothing", plan).status == 2)
  }

  @Test func `wrong usage ends with status 64`() throws {
    #expect(try run(instance).status == 64)
    #expect(try run(instance, plan, "--stage", "dinner").status == 64)
  }

  @Test func `an instance changed since the plan was made is a warning`() throws {
    var other = Micro.plan()
    other.record.instanceSHA256 = String(repeating: "0", count: 64)
    try PlanFolder.write(other, to: plan)
    let run = try run(instance, plan)
    #expect(run.status == 0)
    #expect(run.output.contains("warning: plan.json: instance_sha256: 0000"))
  }
}

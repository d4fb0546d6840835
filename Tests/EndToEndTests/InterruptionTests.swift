// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing

/// Limits, Ctrl-C and kills.
@Suite struct InterruptionTests {
  let folder: ScratchFolder
  private let tiny = Shipped.instance("tiny")

  init() throws { folder = try ScratchFolder() }

  @Test func `Ctrl-C keeps the best plan and ends soon`() throws {
    let started = try Program.start(
      "keste", ["plan", tiny, "-o", folder("plan"), "--time-limit", "600"])
    try started.wait(for: "timetable: annealing")
    let before = started.seconds
    kill(started.process.processIdentifier, SIGINT)
    let run = try started.finish()
    #expect(run.status == 0 && !run.wasSignalled)
    // Less than two seconds on a quiet machine.
    #expect(run.seconds - before < 20)
    #expect(run.errors.contains("stopping with the best found"))
    #expect(try Program.run("keste-check", tiny, folder("plan")).status == 0)
  }

  @Test func `a second Ctrl-C leaves at once and writes nothing`() throws {
    // A generated instance, so that its load takes longer than the signals.
    _ = try Program.run(
      "keste", "generate", "-o", folder("instance"), "--students", "400", "--seed", "2")
    let started = try Program.start(
      "keste", ["plan", folder("instance"), "-o", folder("plan"), "--time-limit", "600"])
    try started.wait(for: "reading")
    kill(started.process.processIdentifier, SIGINT)
    try started.wait(for: "stopping with the best found")
    kill(started.process.processIdentifier, SIGINT)
    let run = try started.finish()
    #expect(run.wasSignalled && run.status == SIGINT)
    #expect(try folder.files(of: "plan").isEmpty)
  }

  @Test func `Ctrl-C before anything valid ends with status 3 and leaves the old plan`() throws {
    _ = try Program.run("keste", "plan", tiny, "-o", folder("plan"), "--iterations", "100")
    let old = try folder.files(of: "plan")
    _ = try Program.run(
      "keste", "generate", "-o", folder("instance"), "--students", "400", "--seed", "2")
    let started = try Program.start(
      "keste", ["plan", folder("instance"), "-o", folder("plan"), "--time-limit", "600"])
    try started.wait(for: "reading")
    kill(started.process.processIdentifier, SIGINT)
    let run = try started.finish()
    #expect(run.status == 3 && !run.wasSignalled)
    #expect(try folder.files(of: "plan") == old)
  }

  @Test func `the time limit is kept with all that comes after the search`() throws {
    let run = try Program.run("keste", "plan", tiny, "-o", folder("plan"), "--time-limit", "4")
    #expect(run.status == 0)
    // Within a second on a quiet machine.
    #expect(run.seconds < 24)
    #expect(run.seconds > 2)
  }

  /// Kills a run at moments spread over its length, most of them near its end, where it writes.
  @Test func `a kill at any moment leaves the old plan or the new one, whole`() throws {
    func arguments(seed: Int) -> [String] {
      [
        "plan", tiny, "-o", folder("plan"), "--iterations", "200", "--seed", String(seed),
        // Else it would tell how often the folder was made anew.
        "--revision", "1", "--quiet",
      ]
    }
    let first = try Program.run("keste", arguments(seed: 1))
    #expect(first.status == 0)
    let whole = try folder.files(of: "plan")
    try #require(whole.count == 6)
    let second = try Program.run("keste", arguments(seed: 2))
    #expect(second.status == 0)
    let other = try folder.files(of: "plan")
    try #require(other != whole)
    let length = max(first.seconds, second.seconds)
    var random = SystemRandomNumberGenerator()
    for attempt in 0..<12 {
      if attempt == 6 { try FileManager.default.removeItem(atPath: folder("plan")) }
      let seed = attempt % 2 + 1
      let moment =
        attempt % 3 == 0
        ? Double.random(in: 0...1, using: &random) : Double.random(in: 0.9...1.1, using: &random)
      let started = try Program.start("keste", arguments(seed: seed))
      Thread.sleep(forTimeInterval: length * moment)
      kill(started.process.processIdentifier, SIGKILL)
      _ = try started.finish()
      let found = try folder.files(of: "plan")
      #expect(found.isEmpty || found == whole || found == other, "after \(length * moment) s")
      if attempt < 6 { #expect(!found.isEmpty) }
    }
    // What killed runs left behind is cleared by the next one.
    #expect(try Program.run("keste", arguments(seed: 1)).status == 0)
    #expect(try folder.files(of: "plan") == whole)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(left == ["plan"])
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing
import Timetabling

private let referee: String? = ProcessInfo.processInfo.environment["KESTE_BENCHMARK_DATA"]
  .map { "\($0)/../tools/check_ctt.py" }
  .flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }

/// `keste solve` and `keste score` as people run them.
@Suite struct SolveTests {
  private func write(_ text: String, _ path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  private func cost(_ run: Program.Run) throws -> Int {
    let score = try #require(try run.json()["score"] as? [String: Any])
    return try #require(score["cost"] as? Int)
  }

  @Test func `a file is solved, scored the same, and solved to the same bytes again`() throws {
    let folder = try ScratchFolder()
    try write(CourseTimetabling.random(seed: 3, courses: 12).text, folder("a.ctt"))
    for name in ["one", "two"] {
      let run = try Program.run(
        "keste", "solve", folder("a.ctt"), "-o", folder("\(name).sol"), "--iterations", "20000",
        "--threads", "2", "--json", "--quiet")
      #expect(run.status == 0, "\(run.errors)")
      let scored = try Program.run(
        "keste", "score", folder("a.ctt"), folder("\(name).sol"), "--json")
      #expect(scored.status == 0)
      #expect(try cost(scored) == cost(run))
      let bound = try #require(try run.json()["bound"] as? Int)
      #expect(try bound <= cost(run))
    }
    let one = try Data(contentsOf: URL(fileURLWithPath: folder("one.sol")))
    let two = try Data(contentsOf: URL(fileURLWithPath: folder("two.sol")))
    #expect(one == two)
  }

  @Test(.enabled(if: referee != nil), arguments: ["toy", "comp01", "comp04", "DDS3"])
  func `the competition's rules by the referee give our cost`(name: String) throws {
    let program = try #require(referee)
    let data = try #require(ProcessInfo.processInfo.environment["KESTE_BENCHMARK_DATA"])
    let folder = try ScratchFolder()
    let run = try Program.run(
      "keste", "solve", "\(data)/ctt/\(name).ctt", "-o", folder("s.sol"), "--iterations", "60000",
      "--json", "--quiet")
    #expect(run.status == 0, "\(run.errors)")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-B", program, "\(data)/ctt/\(name).ctt", folder("s.sol"), "--json",
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let verdict = try #require(
      JSONSerialization.jsonObject(with: output.fileHandleForReading.readToEnd() ?? Data())
        as? [String: Any])
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(try verdict["total"] as? Int == cost(run))
  }

  @Test func `a broken file is refused with its lines and nothing is written`() throws {
    let folder = try ScratchFolder()
    let text = CourseTimetabling.random(seed: 3).text
      .replacingOccurrences(of: "Days: ", with: "Days: x")
    try write(text, folder("a.ctt"))
    let run = try Program.run("keste", "solve", folder("a.ctt"), "-o", folder("a.sol"))
    #expect(run.status == 2)
    #expect(run.errors.contains("a.ctt:4"))
    #expect(!FileManager.default.fileExists(atPath: folder("a.sol")))
  }

  @Test func `a course without lectures pays its days, and the search goes on`() throws {
    let folder = try ScratchFolder()
    let plain = CourseTimetabling.random(seed: 3, courses: 12)
    var instance = plain
    instance.courses.append(
      CourseTimetabling.Course(
        name: "empty", teacher: "nobody", lectures: 0, minimumDays: 5, students: 10))
    instance.unavailable.append([])
    for (name, instance) in [("plain", plain), ("empty", instance)] {
      try write(instance.text, folder("\(name).ctt"))
    }
    let costs = try ["plain", "empty"].map { name in
      let run = try Program.run(
        "keste", "solve", folder("\(name).ctt"), "-o", folder("\(name).sol"), "--iterations",
        "20000", "--threads", "1", "--json", "--quiet")
      #expect(run.status == 0, "\(run.errors)")
      return try cost(run)
    }
    #expect(costs[1] == costs[0] + 25)
  }

  @Test func `what cannot be placed is told with its reason, in JSON too`() throws {
    let folder = try ScratchFolder()
    var instance = CourseTimetabling.random(seed: 3)
    instance.rooms = []
    try write(instance.text, folder("a.ctt"))
    let run = try Program.run(
      "keste", "solve", folder("a.ctt"), "-o", folder("a.sol"), "--iterations", "100", "--json",
      "--quiet")
    #expect(run.status == 3)
    #expect(run.errors.contains("there is no room"))
    #expect(try run.json()["status"] as? String == "stopped")
    #expect(!FileManager.default.fileExists(atPath: folder("a.sol")))
  }

  @Test func `the instance is not written over`() throws {
    let folder = try ScratchFolder()
    let text = CourseTimetabling.random(seed: 3).text
    try write(text, folder("a.ctt"))
    let run = try Program.run(
      "keste", "solve", folder("a.ctt"), "-o", folder("./a.ctt"), "--iterations", "100")
    #expect(run.status == 2)
    #expect(try String(contentsOfFile: folder("a.ctt"), encoding: .utf8) == text)
  }

  @Test func `what could not be written at the end is refused before the search`() throws {
    let folder = try ScratchFolder()
    try write(CourseTimetabling.random(seed: 3).text, folder("a.ctt"))
    for (output, words) in [(folder("none/a.sol"), "there is no folder"), (folder(""), "a folder")]
    {
      let run = try Program.run(
        "keste", "solve", folder("a.ctt"), "-o", output, "--iterations", "1000000000000")
      #expect(run.status == 2)
      #expect(run.errors.contains(words))
    }
  }

  @Test func `fix-and-optimise tries neighbourhoods of a file and loses nothing`() throws {
    let folder = try ScratchFolder()
    // With so many rooms it is not solved whole; those added are too small for the courses that
    // keep it from its bound.
    var instance = try endless()
    for room in instance.rooms.indices { instance.rooms[room].capacity = 1000 }
    for course in instance.courses.indices.suffix(4) { instance.courses[course].students = 100 }
    instance.rooms += (0..<9).map { CourseTimetabling.Room(name: "more\($0)", capacity: 50) }
    try write(instance.text, folder("a.ctt"))
    let run = try Program.run(
      "keste", "solve", folder("a.ctt"), "-o", folder("a.sol"), "--time-limit", "3",
      "--polish-share", "0.5", "--json", "--quiet")
    #expect(run.status == 0)
    let tried = try #require(try run.json()["neighbourhoods"] as? [String: Int])["tried"]
    #expect(tried ?? 0 > 0)
    let score = try Program.run("keste", "score", folder("a.ctt"), folder("a.sol"), "--json")
    #expect(score.status == 0)
    #expect(try cost(score) == cost(run))
  }

  /// An instance of which no search reaches its bound, so that none ends before its limit.
  ///
  /// On a day of their own four courses have three periods; any two of them share one, whatever is
  /// done. With three rooms at least one of them changes its room, which no bound counts.
  private func endless() throws -> CourseTimetabling {
    var instance = CourseTimetabling.random(seed: 3, courses: 12)
    try #require(instance.rooms.count == 3)
    let first = instance.days * instance.periods
    instance.days += 1
    let end = instance.days * instance.periods
    for course in instance.courses.indices {
      instance.unavailable[course].formUnion(first..<end)
    }
    for (number, periods) in [[0, 1, 2], [0, 1], [0, 2], [1, 2]].enumerated() {
      instance.courses.append(
        CourseTimetabling.Course(
          name: "e\(number)", teacher: "s\(number)", lectures: periods.count, minimumDays: 1,
          students: 1))
      instance.unavailable.append(Set(0..<end).subtracting(periods.map { first + $0 }))
    }
    return instance
  }

  @Test func `a run that is killed is gone on from its checkpoint`() throws {
    let folder = try ScratchFolder()
    try write(endless().text, folder("a.ctt"))
    let checkpoint = folder("a.sol.checkpoint")
    func arguments(seconds: String) -> [String] {
      [
        "solve", folder("a.ctt"), "-o", folder("a.sol"), "--threads", "2", "--time-limit", seconds,
        "--json",
      ]
    }
    // A timetable as small as this is annealed for a quarter of the limit, and the best is kept every
    // six seconds where it is better than before: then, or soon after, it is cold enough for that.
    let started = try Program.start("keste", arguments(seconds: "60"))
    defer { if started.process.isRunning { kill(started.process.processIdentifier, SIGKILL) } }
    while !FileManager.default.fileExists(atPath: checkpoint) {
      let isRunning = started.process.isRunning
      let said = try started.errors()
      try #require(isRunning && started.seconds < 60, "no checkpoint: \(said)")
      Thread.sleep(forTimeInterval: 0.02)
    }
    kill(started.process.processIdentifier, SIGKILL)
    let killed = try started.finish()
    #expect(killed.wasSignalled && killed.status == SIGKILL)
    #expect(!FileManager.default.fileExists(atPath: folder("a.sol")))
    let held = try Program.run("keste", "score", folder("a.ctt"), checkpoint, "--json")
    #expect(held.status == 0)
    let next = try Program.run("keste", arguments(seconds: "1"))
    #expect(next.status == 0, "\(next.errors)")
    #expect(next.errors.contains("going on from"))
    #expect(try cost(next) <= cost(held))
    #expect(!FileManager.default.fileExists(atPath: checkpoint))
  }

  @Test func `a solution that lies as checkpoint is gone on from, and removed`() throws {
    let folder = try ScratchFolder()
    let instance = CourseTimetabling.random(seed: 3, courses: 12)
    try write(instance.text, folder("a.ctt"))
    let first = try Program.run(
      "keste", "solve", folder("a.ctt"), "-o", folder("a.sol"), "--iterations", "20000", "--json",
      "--quiet")
    #expect(first.status == 0)
    try FileManager.default.moveItem(
      atPath: folder("a.sol"), toPath: folder("a.sol.checkpoint"))
    let second = try Program.run(
      "keste", "solve", folder("a.ctt"), "-o", folder("a.sol"), "--time-limit", "0.2", "--json")
    #expect(second.status == 0)
    #expect(second.errors.contains("going on from"))
    #expect(try cost(second) <= cost(first))
    #expect(!FileManager.default.fileExists(atPath: folder("a.sol.checkpoint")))
  }

  @Test func `a run from a solution that was killed is gone on from the better of the two`() throws
  {
    let folder = try ScratchFolder()
    let instance = CourseTimetabling.random(seed: 3, courses: 12)
    try write(instance.text, folder("a.ctt"))
    for (name, iterations) in [("poor", "1"), ("good", "20000")] {
      let run = try Program.run(
        "keste", "solve", folder("a.ctt"), "-o", folder("\(name).sol"), "--iterations", iterations,
        "--quiet")
      #expect(run.status == 0)
    }
    for (from, checkpoint) in [("poor", "good"), ("good", "poor")] {
      try FileManager.default.copyItem(
        atPath: folder("\(checkpoint).sol"), toPath: folder("b.sol.checkpoint"))
      let run = try Program.run(
        "keste", "solve", folder("a.ctt"), "-o", folder("b.sol"), "--from",
        folder("\(from).sol"), "--time-limit", "0.2", "--json")
      #expect(run.status == 0)
      #expect(run.errors.contains("going on from") == (checkpoint == "good"))
      let good = try Program.run(
        "keste", "score", folder("a.ctt"), folder("good.sol"), "--json", "--quiet")
      let best = try cost(good)
      #expect(try cost(run) <= best)
    }
  }

  @Test func `a solution that breaks a rule has exit status 1`() throws {
    let folder = try ScratchFolder()
    try write(CourseTimetabling.random(seed: 3).text, folder("a.ctt"))
    try write("c0 r0 0 0\nc0 r99 99 99\nzz r0 0\n", folder("a.sol"))
    let run = try Program.run("keste", "score", folder("a.ctt"), folder("a.sol"))
    #expect(run.status == 1)
    #expect(run.output.contains("NOT FEASIBLE"))
    // Lines, not what is wrong in them.
    #expect(run.output.contains("2 lines malformed"))
  }
}

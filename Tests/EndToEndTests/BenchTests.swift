// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing

/// `keste-bench timetable`, with a program in place of keste that always says the same.
@Suite struct BenchTests {
  /// The columns of runs.csv before there were moves drawn and moves taken.
  private static let oldHeader =
    "instance,seed,limit,threads,seconds,cpu,version,commit,hard,soft,bound,gap,moves,reference"

  let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    // It notes in keste.left which checkpoints lie beside its output.
    let program = """
      #!/bin/sh
      if [ "$1" = --version ]; then echo "keste stub"; exit 0; fi
      ls "$(dirname "$4")" | grep checkpoint >>"$0.left"
      cat <<'END'
      {"score": {"violations": 0, "cost": 70}, "bound": 35, "seconds": 2,
       "valid": true, "stages": {"timetable": {"objective": 70.5, "bound": null}},
       "search_seconds": 2,
       "moves": {
         "chain": {"proposed": 8000000, "evaluated": 4000000, "accepted": 100000, "gain": 200000},
         "room": {"proposed": 50, "evaluated": 20, "accepted": 4, "gain": 6}}}
      END

      """
    try write(program, "keste")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: folder("keste"))
  }

  private func write(_ text: String, _ name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder(name)))
  }

  private func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(
      atPath: folder(name), withIntermediateDirectories: true)
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: folder(name), encoding: .utf8)
  }

  private func bench(_ kind: String = "ctt") throws -> Program.Run {
    try Program.run(
      "keste-bench", "timetable", "--set", kind, "--data", folder.path, "--instances", "comp15",
      "--seeds", "1", "--seconds", "2", "--threads", "1", "--keste", folder("keste"),
      "--best-known", folder("known.csv"), "-o", folder("out"))
  }

  @Test func `each run adds a row with the moves drawn, priced and taken`() throws {
    for runs in 1...2 {
      let run = try bench()
      #expect(run.status == 0, "\(run.output)\(run.errors)")
      let lines = try text("out/runs.csv").split(separator: "\n").map(String.init)
      try #require(lines.count == 1 + runs)
      #expect(lines[0] == Self.oldHeader + ",proposed,accepted")
      #expect(lines[runs].hasPrefix("comp15,1,2,1,"))
      #expect(lines[runs].hasSuffix(",keste stub,,0,70,35,0.5000,4000020,,8000050,100004"))
    }
    let table = try text("out/table.md")
    #expect(table.contains("| comp15 | chain | 4000 | 2000 | 2.50 % | 0.050 |"))
    #expect(table.contains("| comp15 | room | 0 | 0 | 20.00 % | 0.300 |"))
  }

  @Test(arguments: [
    ("comp15,62,79.0,somebody", "79.0"), ("comp15,62,,somebody", "–"), ("comp15,62", "–"),
  ])
  func `a best known cost may stand without an average`(row: String, average: String) throws {
    try write("instance,best_known,published_average,source\n\(row)\n", "known.csv")
    let run = try bench()
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    let table = try text("out/table.md")
    #expect(table.contains("| comp15 | 35 | 62 | \(average) | 70.0 | 70 | 70 | 1 |"))
  }

  @Test func `a table with the columns of before is refused, and it is said what to do`() throws {
    try makeFolder("out")
    let old = Self.oldHeader + "\ncomp15,1,2,1,2.0,2.0,keste 0.1.0,,0,70,35,0.5000,420,\n"
    try write(old, "out/runs.csv")
    let run = try bench()
    #expect(run.status == 64)
    #expect(run.errors.contains("runs.csv has other columns"))
    #expect(run.errors.contains("name another folder"))
    let now = try text("out/runs.csv")
    #expect(now == old)
  }

  @Test(arguments: ["ctt", "university"])
  func `what a run that was killed left is not gone on from`(kind: String) throws {
    try makeFolder("university/comp15-start")
    try makeFolder("out/comp15-1.checkpoint")
    try write("{}\n", "out/comp15-1.checkpoint/plan.json")
    try write("c0 r0 0 0\n", "out/comp15-1.sol.checkpoint")
    let run = try bench(kind)
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    let left = try text("keste.left")
    #expect(left.isEmpty)
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing

/// The commands as people start them: exit status, standard output and standard error.
@Suite struct CommandTests {
  let folder: ScratchFolder
  private let tiny = Shipped.instance("tiny")

  init() throws { folder = try ScratchFolder() }

  private func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder(name))
  }

  @Test(arguments: [
    "check", "plan", "sections", "load", "timetable", "validate", "report", "generate",
    "promotion", "transcript", "export",
  ])
  func `a command explains itself with an example`(command: String) throws {
    let run = try Program.run("keste", command, "--help")
    #expect(run.status == 0)
    #expect(run.output.contains("keste \(command) "))
    #expect(run.output.contains("instances/"))
    #expect(run.output.contains("2 input rejected") || command == "generate")
  }

  @Test(arguments: [
    ["plan"], ["plan", "x"], ["dance"], ["plan", "x", "-o", "y", "--time-limit", "0"],
    ["plan", "x", "-o", "y", "--threads", "many"], ["plan", "x", "-o", "y", "--iterations", "0"],
    ["repair", "x", "y", "-o", "z", "--weeks", "2-3"],
    ["generate", "-o", "x", "--students", "3"], ["validate", "x", "y", "--stage", "dinner"],
  ])
  func `wrong usage ends with status 64`(arguments: [String]) throws {
    let run = try Program.run("keste", arguments)
    #expect(run.status == 64)
    #expect(run.output.isEmpty && !run.errors.isEmpty)
  }

  @Test func `check tells what an instance holds and ends with status 0`() throws {
    let run = try Program.run("keste", "check", tiny)
    #expect(run.status == 0)
    #expect(run.output.contains("6 students"))
    let json = try Program.run("keste", "check", tiny, "--json")
    #expect(json.status == 0)
    #expect(try json.json()["students"] as? Int == 6)
  }

  @Test func `promotion and transcript write the registrar's lists and pages`() throws {
    let small = Shipped.instance("aues-small")
    let run = try Program.run("keste", "promotion", small, "-o", folder("registrar"))
    #expect(run.status == 0)
    #expect(run.output.contains("bachelor"))
    for name in ["promotion.csv", "distribution.csv", "kk.html", "ru.html", "en.html"] {
      #expect(exists("registrar/\(name)"))
    }
    let list = try String(contentsOfFile: folder("registrar/promotion.csv"), encoding: .utf8)
    let student = try #require(
      list.split(separator: "\n").dropFirst().first?.split(separator: ",").first)
    let page = try Program.run(
      "keste", "transcript", small, String(student), "-o", folder("t.html"), "--language", "ru",
      "--json")
    #expect(page.status == 0)
    #expect(try page.json()["student"] as? String == String(student))
    #expect(try String(contentsOfFile: folder("t.html"), encoding: .utf8).contains("Транскрипт"))
    let nobody = try Program.run("keste", "transcript", small, "nobody", "-o", folder("n.html"))
    #expect(nobody.status == 2)
    #expect(nobody.errors.contains("\"nobody\"") && !exists("n.html"))
  }

  @Test func `check tells a broken rule with its policy section and both numbers`() throws {
    let json = try Program.run("keste", "check", tiny, "--json").json()
    let findings = try #require(json["findings"] as? [[String: Any]])
    let term = try #require(findings.first { $0["code"] as? String == "credits.term" })
    #expect(term["policy"] as? String == "2.2")
    #expect(term["found"] as? String == "3")
    #expect(term["required"] as? String == "20–36")
    #expect(term["count"] as? Int == 3)
    #expect(term["suggestion"] as? String != nil)
  }

  @Test func `plan, validate, keste-check and report work one after the other`() throws {
    let plan = try Program.run("keste", "plan", tiny, "-o", folder("plan"), "--iterations", "1000")
    #expect(plan.status == 0)
    #expect(plan.output.contains("\nvalid\n"))
    for phase in ["reading", "sections", "load", "timetable: ", "validation", "writing"] {
      #expect(plan.errors.contains("s] \(phase)"))
    }
    let validate = try Program.run("keste", "validate", tiny, folder("plan"))
    let check = try Program.run("keste-check", tiny, folder("plan"))
    #expect(validate.status == 0 && check.status == 0)
    #expect(validate.output == check.output)
    let report = try Program.run("keste", "report", tiny, folder("plan"), "-o", folder("site"))
    #expect(report.status == 0)
    #expect(exists("site/index.html") && exists("site/kk/index.html"))
  }

  @Test func `with --json standard output is one object that says what plan.json says`() throws {
    let run = try Program.run(
      "keste", "plan", tiny, "-o", folder("plan"), "--iterations", "1000", "--json")
    #expect(run.status == 0)
    let said = try run.json()
    #expect(said["valid"] as? Bool == true)
    #expect(said["exit_status"] as? Int == 0)
    let stages = try #require(said["stages"] as? [String: [String: Any]])
    #expect(stages.keys.sorted() == ["load", "sections", "timetable"])
    let record = try #require(
      JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(fileURLWithPath: folder("plan/plan.json")))) as? [String: Any])
    for (name, stage) in stages {
      let claimed = try #require(record[name] as? [String: Any])
      #expect(stage["objective"] as? Double == claimed["objective"] as? Double)
      #expect(stage["criteria"] as? [String: Double] == claimed["criteria"] as? [String: Double])
    }
    let judged = try Program.run("keste", "validate", tiny, folder("plan"), "--json")
    #expect(try judged.json()["valid"] as? Bool == true)
  }

  @Test func `with --quiet there is no progress`() throws {
    let run = try Program.run(
      "keste", "plan", tiny, "-o", folder("plan"), "--iterations", "100", "--quiet")
    #expect(run.status == 0)
    #expect(!run.errors.contains("s] "))
  }

  @Test func `locks that contradict each other are named by file and line`() throws {
    let limits = ["--iterations", "500"]
    #expect(
      try Program.run("keste", ["sections", tiny, "-o", folder("plan")] + limits).status == 0)
    #expect(try Program.run("keste", ["load", tiny, "-o", folder("plan")] + limits).status == 0)
    let path = folder("plan/assignments.csv")
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    let at = try #require(lines.firstIndex { $0.contains(":practice,") })
    let parts = lines[at].split(separator: ",", omittingEmptySubsequences: false)
    let vacant = "\(parts[0]),,\(parts[2]),1"
    var locked = ["\(lines[0]),locked"] + lines.dropFirst().map { "\($0)," }
    locked[at] += "1"
    locked.append(vacant)
    try (locked.joined(separator: "\n") + "\n").write(
      toFile: path, atomically: true, encoding: .utf8)
    let keep = ["load", tiny, "-o", folder("plan"), "--keep"] + limits
    let both = try Program.run("keste", keep)
    #expect(both.output.contains("plan/assignments.csv:\(locked.count): column teacher: \"\""))
    #expect(both.output.contains("line \(at + 1)"))

    // The vacant one alone is held.
    locked.removeLast()
    locked[at] = vacant
    try (locked.joined(separator: "\n") + "\n").write(
      toFile: path, atomically: true, encoding: .utf8)
    #expect(try Program.run("keste", keep).status == 0)
    let after = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(after.contains { $0 == vacant })
  }

  @Test func `a task is explained by direct costs first, and then by solving anew`() throws {
    let limits = ["--iterations", "500"]
    #expect(
      try Program.run("keste", ["sections", tiny, "-o", folder("plan")] + limits).status == 0)
    #expect(try Program.run("keste", ["load", tiny, "-o", folder("plan")] + limits).status == 0)
    let lines = try String(contentsOfFile: folder("plan/assignments.csv"), encoding: .utf8)
      .split(separator: "\n")
    let row = try #require(lines.first { $0.contains(":practice,") })
    let task = String(row.prefix { $0 != "," })
    func explain(_ seconds: String) throws -> String {
      let run = try Program.run(
        "keste", "explain", "load", tiny, folder("plan"), "--task", task, "--language", "en",
        "--time-limit", seconds)
      #expect(run.status == 0)
      return run.output
    }
    let direct = try explain("0")
    #expect(direct.contains("Directly") && !direct.contains("Solved anew"))
    let both = try explain("20")
    #expect(both.hasPrefix(direct))
    #expect(both.dropFirst(direct.count).contains("Solved anew"))
  }

  @Test func `much vacant work of one reason is one line, and every work is in the JSON`() throws {
    let bare = folder("bare")
    try FileManager.default.copyItem(atPath: tiny, toPath: bare)
    try "teacher,discipline,kinds\n".write(
      toFile: bare + "/competences.csv", atomically: true, encoding: .utf8)
    let limits = ["--iterations", "100", "--json"]
    _ = try Program.run("keste", ["sections", bare, "-o", folder("plan")] + limits)
    let run = try Program.run("keste", ["load", bare, "-o", folder("plan")] + limits)
    let messages = try #require(try run.json()["load_messages"] as? [String])
    let vacant = messages.filter { $0.contains("hours are vacant, nobody is competent") }
    #expect(vacant.count >= 6)
    let told = run.errors.split(separator: "\n").filter {
      $0.contains("vacant, nobody is competent")
    }
    #expect(told.count == 1)
    #expect(told.first?.contains("\(vacant.count) works are vacant") == true)
  }

  @Test func `the stages can be made one by one`() throws {
    let limits = ["--iterations", "500"]
    let sections = try Program.run("keste", ["sections", tiny, "-o", folder("plan")] + limits)
    #expect(sections.status == 0)
    #expect(sections.output.contains("МАТ1: ") && sections.output.contains("stream"))
    let load = try Program.run("keste", ["load", tiny, "-o", folder("plan")] + limits)
    #expect(load.status == 0)
    #expect(load.output.contains("department") && load.output.contains("МАТ"))
    let timetable = try Program.run("keste", ["timetable", tiny, "-o", folder("plan")] + limits)
    #expect(timetable.status == 0)
    #expect(timetable.output.contains("student_gap"))
    #expect(try Program.run("keste-check", tiny, folder("plan")).status == 0)
    let again = try Program.run(
      "keste",
      ["timetable", tiny, "-o", folder("plan"), "--from", folder("plan")] + limits)
    #expect(again.status == 0)
  }

  @Test func `posts for vacant hours add up to them, as JSON, CSV and in the answer`() throws {
    // Without the first teacher's competences hours stay vacant.
    let files = FileManager.default
    try files.copyItem(atPath: tiny, toPath: folder("instance"))
    let path = folder("instance") + "/competences.csv"
    let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    let kept = rows.filter { !$0.hasPrefix("О1,") }
    try #require(kept.count < rows.count)
    try (kept.joined(separator: "\n") + "\n").write(
      toFile: path, atomically: true, encoding: .utf8)
    let limits = ["--iterations", "500", "--quiet"]
    let instance = folder("instance")
    _ = try Program.run("keste", ["sections", instance, "-o", folder("plan")] + limits)
    let answer = try Program.run(
      "keste",
      [
        "load", instance, "-o", folder("plan"), "--json", "--staffing", folder("posts.json"),
      ] + limits
    ).json()
    _ = try Program.run(
      "keste",
      ["load", instance, "-o", folder("plan"), "--staffing", folder("posts.csv")] + limits)
    let assignments = try String(
      contentsOfFile: folder("plan") + "/assignments.csv", encoding: .utf8)
    let vacant = assignments.split(separator: "\n").dropFirst().reduce(0.0) { sum, line in
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      return cells[1].isEmpty ? sum + (Double(cells[2]) ?? .nan) : sum
    }
    #expect(vacant > 0)
    let posts = try #require(
      JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(fileURLWithPath: folder("posts.json"))))
        as? [[String: Any]])
    let told = try #require(answer["staffing"] as? [[String: Any]])
    for list in [posts, told] {
      let hours = list.compactMap { $0["hours"] as? Double }
      #expect(hours.count == list.count && abs(hours.reduce(0, +) - vacant) < 1e-6)
      for post in list {
        let works = post["works"] as? [[String: Any]] ?? []
        let sum = works.compactMap { $0["hours"] as? Double }.reduce(0, +)
        #expect(abs(sum - (post["hours"] as? Double ?? -1)) < 1e-6)
      }
    }
    let table = try String(contentsOfFile: folder("posts.csv"), encoding: .utf8)
      .split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    let column = try #require(table.first?.firstIndex(of: "hours"))
    #expect(table.count == posts.count + 1)
    let sum = table.dropFirst().reduce(0.0) { $0 + (Double($1[column]) ?? .nan) }
    #expect(abs(sum - vacant) < 1e-6)
  }

  @Test(arguments: ["group-and-laboratory-closed", "pins-one-teacher"])
  func `an impossible instance gets a plan of what has a place, the reason, and status 1`(
    name: String
  ) throws {
    let instance = Shipped.instance("impossible/\(name)")
    let checked = try Program.run("keste", "check", instance, "--json").json()
    let run = try Program.run(
      "keste", "plan", instance, "-o", folder("plan"), "--iterations", "1000", "--json")
    #expect(run.status == 1)
    let said = try run.json()
    func impossible(_ said: [String: Any]) -> [String] {
      (said["findings"] as? [[String: Any]] ?? [])
        .filter { $0["severity"] as? String == "impossible" }
        .compactMap { $0["code"] as? String }
    }
    #expect(!impossible(said).isEmpty)
    #expect(impossible(said) == impossible(checked))
    #expect(said["valid"] as? Bool == false)
    #expect(exists("plan/meetings.csv"))
    let read = try Program.run(
      "keste", "plan", instance, "-o", folder("again"), "--iterations", "1000")
    #expect(read.status == 1)
    #expect(read.errors.contains("impossible: "))
    #expect(read.output.contains("NOT VALID"))
    #expect(read.output.contains("keste explain"))
    #expect(try folder.files(of: "plan") == folder.files(of: "again"))
    if name == "group-and-laboratory-closed" {
      #expect(!(said["unplaced"] as? [Any] ?? []).isEmpty)
      #expect(read.output.contains("meetings without a place"))
      #expect(read.errors.contains("these cannot hold together"))
    }
  }

  @Test func `a plan that breaks rules ends with status 1`() throws {
    _ = try Program.run("keste", "plan", tiny, "-o", folder("plan"), "--iterations", "100")
    let path = folder("plan/assignments.csv")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let lines = text.split(separator: "\n")
    try lines.dropLast().joined(separator: "\n").appending("\n")
      .write(toFile: path, atomically: true, encoding: .utf8)
    let run = try Program.run("keste", "validate", tiny, folder("plan"))
    #expect(run.status == 1)
    #expect(run.output.contains("L2: 1") && run.output.contains("NOT VALID"))
    #expect(
      try Program.run("keste", "report", tiny, folder("plan"), "-o", folder("site")).status == 1)
  }

  @Test(arguments: try Shipped.brokenInstances())
  func `a broken instance ends with status 2, tells its fault and writes nothing`(
    name: String
  ) throws {
    let instance = Shipped.instance("broken/\(name)")
    let expected = try String(contentsOfFile: "\(instance)/EXPECTED", encoding: .utf8)
      .split(whereSeparator: \.isWhitespace).map(String.init)
    let run = try Program.run("keste", "plan", instance, "-o", folder("plan"), "--json")
    #expect(run.status == 2)
    #expect(!exists("plan"))
    let findings = try #require(try run.json()["findings"] as? [[String: Any]])
    let errors = findings.filter { $0["severity"] as? String == "error" }
    #expect(errors.map { $0["code"] as? String } == [expected.first])
    #expect(run.errors.contains(expected.last ?? "?"))
  }

  @Test func `several faults are told at once`() throws {
    let copy = folder("instance")
    try FileManager.default.copyItem(atPath: tiny, toPath: copy)
    for (file, row) in [
      ("rooms.csv", "R9,Жоқ,many,lecture,\n"), ("travel.csv", "Бас,Зерт2,-1\n"),
      ("pins.csv", "ЭТ9,dance,,,,,,\n"),
    ] {
      let path = "\(copy)/\(file)"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try (text + row).write(toFile: path, atomically: true, encoding: .utf8)
    }
    let run = try Program.run("keste", "check", copy)
    #expect(run.status == 2)
    for word in ["Жоқ", "many", "Зерт2", "-1", "ЭТ9", "dance"] {
      #expect(run.errors.contains("\"\(word)\""))
    }
  }

  @Test(arguments: ["comma", "semicolon", "tab"])
  func `a generated instance can be checked`(dialect: String) throws {
    let run = try Program.run(
      "keste", "generate", "-o", folder("instance"), "--students", "60", "--seed", "4",
      "--dialect", dialect, "--name", "мини")
    #expect(run.status == 0)
    let check = try Program.run("keste", "check", folder("instance"), "--json")
    #expect(check.status == 0)
    let said = try check.json()
    #expect(said["instance"] as? String == "мини")
    #expect((said["students"] as? Int ?? 0) > 30)
    // Somebody else's folder is left alone.
    try FileManager.default.createDirectory(
      atPath: folder("mine"), withIntermediateDirectories: true)
    try Data("x".utf8).write(to: URL(fileURLWithPath: folder("mine/notes.txt")))
    let refused = try Program.run(
      "keste", "generate", "-o", folder("mine"), "--students", "60")
    #expect(refused.status == 2)
    #expect(try folder.files(of: "mine").keys.sorted() == ["notes.txt"])
  }

  @Test func `plans made from an approved one have its approvals, and say where they do not hold`()
    throws
  {
    let limits = ["--iterations", "500", "--quiet"]
    _ = try Program.run("keste", ["plan", tiny, "-o", folder("plan")] + limits)
    for state in [["--state", "proposed"], ["--state", "approved", "--minutes", "3"]] {
      let run = try Program.run(
        "keste", ["approve", tiny, folder("plan"), "--department", "МАТ", "--by", "A"] + state)
      #expect(run.status == 0)
    }
    let names = ["approvals.csv", "approved_input.csv", "approved_lines.csv"]
    let before = try folder.files(of: "plan")
    for name in names { #expect(before[name] != nil) }
    let repair = try Program.run(
      "keste", "repair", tiny, folder("plan"), "-o", folder("mended"), "--close-room", "Б-102",
      "--days", "mon", "--time-limit", "4")
    #expect(repair.status == 0, "\(repair.output) \(repair.errors)")
    let after = try folder.files(of: "mended/plan")
    for name in names { #expect(after[name] == before[name]) }
    // The plan in force of the mended instance is the whole plan: planning anew keeps its load.
    let anew = try Program.run(
      "keste", ["plan", folder("mended/instance"), "-o", folder("anew")] + limits)
    #expect(anew.status == 0, "\(anew.output) \(anew.errors)")
    for name in names + ["assignments.csv"] {
      let held = try Data(contentsOf: URL(fileURLWithPath: folder("anew/\(name)")))
      #expect(held == before[name])
    }
    let checked = try Program.run(
      "keste", "validate", folder("mended/instance"), folder("mended/plan"))
    #expect(checked.status == 0, "\(checked.output)")

    // Somebody away for good: the lines go to others, so the load is not the approved one.
    let lines = try String(contentsOfFile: folder("plan/approved_lines.csv"), encoding: .utf8)
      .split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    let holder = try #require(lines.dropFirst().first { !$0[6].isEmpty }?[6])
    let absent = try Program.run(
      "keste", "repair", tiny, folder("plan"), "-o", folder("without"), "--absent", String(holder),
      "--time-limit", "4")
    #expect(absent.output.contains("the load of department МАТ was approved, but keste repair"))
    let said = try Program.run("keste", "approve", tiny, folder("without/plan"), "--json").json()
    let states = (said["departments"] as? [[String: Any]] ?? []).first {
      $0["department"] as? String == "МАТ"
    }
    #expect(states?["state"] as? String == "draft")
    #expect(!exists("without/plan/approved_lines.csv"))
  }

  @Test
  func `a department whose lines were changed after its approval has no stamp on its documents`()
    throws
  {
    _ = try Program.run(
      "keste", "plan", tiny, "-o", folder("plan"), "--iterations", "500", "--quiet")
    for state in [["--state", "proposed"], ["--state", "approved", "--minutes", "17"]] {
      let run = try Program.run(
        "keste", ["approve", tiny, folder("plan"), "--department", "МАТ", "--by", "Bekova"] + state)
      #expect(run.status == 0)
    }
    func stamped() throws -> Bool {
      try folder.files(of: "site/kk/documents").contains { name, bytes in
        name.hasSuffix(".html") && String(decoding: bytes, as: UTF8.self).contains("Bekova")
      }
    }
    let first = try Program.run("keste", "report", tiny, folder("plan"), "-o", folder("site"))
    #expect(!first.errors.contains("approved"))
    #expect(try stamped())

    let path = folder("plan/assignments.csv")
    let approved = try String(contentsOfFile: folder("plan/approved_lines.csv"), encoding: .utf8)
    let task = try #require(approved.split(separator: "\n").dropFirst().first)
      .split(separator: ",", omittingEmptySubsequences: false)[1]
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      .map { line -> String in
        guard line.hasPrefix("\(task),") else { return String(line) }
        var cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        cells[1] = ""
        return cells.joined(separator: ",")
      }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
    let states = try Program.run("keste", "approve", tiny, folder("plan"), "--language", "en")
    #expect(states.output.contains("approved, but changed since"))
    #expect(states.errors.contains("department МАТ is approved, but 1 of its tasks"))
    let second = try Program.run("keste", "report", tiny, folder("plan"), "-o", folder("site"))
    #expect(second.errors.contains("department МАТ is approved, but 1 of its tasks"))
    #expect(try !stamped())
  }
}

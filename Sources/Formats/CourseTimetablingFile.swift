// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
public import Timetabling
public import University

/// ITC-2007's `.ctt` files, the extended `.ectt` files read as UD2 (their sites, double lectures
/// and room constraints are read for faults and have no part in it), and solutions: a line `course room day period` for
/// each lecture, days and periods from 0.
public enum CourseTimetablingFile {
  /// Reads an instance.
  ///
  /// - Throws: ``InputRejected`` with everything that is wrong, each with its line.
  public static func read(_ path: String) throws -> CourseTimetabling {
    var reader = Reader(lines: try lines(of: path), file: name(of: path))
    let instance = reader.read()
    try reader.findings.throwErrors()
    return instance
  }

  /// Reads a solution; lines that name no course, room or period of the instance, and second
  /// lectures of a course in a period, are told and left out.
  ///
  /// - Throws: ``InputRejected`` where the file cannot be read.
  public static func readSolution(
    _ path: String, of instance: CourseTimetabling
  ) throws -> (lectures: [CourseTimetabling.Lecture], malformed: [Diagnostic]) {
    let findings = Findings()
    let file = name(of: path)
    let courses = positions(instance.courses.map(\.name))
    let rooms = positions(instance.rooms.map(\.name))
    var seen: Set<[Int]> = []
    var lectures: [CourseTimetabling.Lecture] = []
    for (index, words) in try lines(of: path).enumerated() where !words.isEmpty {
      func fault(_ column: String, _ value: String, _ problem: String, _ help: String? = nil) {
        findings.error(
          "ctt.solution", file: file, line: index + 1, column: column, value: value, problem,
          suggestion: help)
      }
      guard words.count == 4 else {
        fault("line", words.joined(separator: " "), "a line is: course room day period")
        continue
      }
      let course = courses[words[0]]
      if course == nil {
        fault(
          "course", words[0], "no course of the instance",
          findings.suggestion(for: words[0], among: courses.keys.sorted()))
      }
      let room = rooms[words[1]]
      if room == nil {
        fault(
          "room", words[1], "no room of the instance",
          findings.suggestion(for: words[1], among: rooms.keys.sorted()))
      }
      let day = Int(words[2]).flatMap { (0..<instance.days).contains($0) ? $0 : nil }
      if day == nil { fault("day", words[2], "days are 0 to \(instance.days - 1)") }
      let period = Int(words[3]).flatMap { (0..<instance.periods).contains($0) ? $0 : nil }
      if period == nil { fault("period", words[3], "periods are 0 to \(instance.periods - 1)") }
      guard let course, let room, let day, let period else { continue }
      guard seen.insert([course, day, period]).inserted else {
        fault("course", words[0], "has a lecture in that period already")
        continue
      }
      lectures.append(
        CourseTimetabling.Lecture(course: course, room: room, day: day, period: period))
    }
    return (lectures, findings.diagnostics)
  }

  /// A solution as text.
  public static func solution(
    _ lectures: [CourseTimetabling.Lecture], of instance: CourseTimetabling
  ) -> String {
    lectures.map {
      "\(instance.courses[$0.course].name) \(instance.rooms[$0.room].name) \($0.day) \($0.period)\n"
    }.joined()
  }

  private static func name(of path: String) -> String {
    URL(fileURLWithPath: path).lastPathComponent
  }

  private static func positions(_ names: [String]) -> [String: Int] {
    Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
  }

  /// The words of each line.
  private static func lines(of path: String) throws -> [[String]] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw InputRejected([
        Diagnostic(.error, code: "file.read", file: path, problem: "the file cannot be read")
      ])
    }
    // Old files are in Latin-1, which any bytes are.
    let text =
      String(data: data, encoding: .utf8) ?? String(data: data, encoding: .isoLatin1) ?? ""
    return text.replacingOccurrences(of: "\r\n", with: "\n")
      .split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.split { $0 == " " || $0 == "\t" || $0 == "\r" }.map(String.init) }
  }

  private struct Reader {
    let lines: [[String]]
    let file: String
    let findings = Findings()
    /// Courses that have a line, be it a faulty one.
    private var named: Set<String> = []

    private struct Row {
      var line: Int
      var words: [String]
    }

    init(lines: [[String]], file: String) {
      self.lines = lines
      self.file = file
    }

    private func fault(
      _ line: Int?, _ column: String?, _ value: String?, _ problem: String, _ help: String? = nil
    ) {
      findings.error(
        "ctt.instance", file: file, line: line, column: column, value: value, problem,
        suggestion: help)
    }

    /// The instance, as far as it can be read; ``findings`` says what is wrong with it.
    mutating func read() -> CourseTimetabling {
      var head: [String: Row] = [:]
      var sections: [String: [Row]] = [:]
      var current: String?
      var strange: [Row] = []
      reading: for (index, words) in lines.enumerated() {
        guard let first = words.first else { continue }
        if words.count == 1, first.hasSuffix(":"), first.lowercased() != "name:" {
          let name = String(first.dropLast()).uppercased()
          current = name
          if sections[name] != nil { fault(index + 1, nil, first, "this section is there twice") }
          sections[name] = sections[name] ?? []
        } else if first.uppercased() == "END" || first.uppercased() == "END." {
          break reading
        } else if let section = current {
          sections[section]?.append(Row(line: index + 1, words: words))
        } else if first.hasSuffix(":") {
          head[String(first.dropLast()).lowercased()] = Row(
            line: index + 1, words: Array(words.dropFirst()))
        } else {
          strange.append(Row(line: index + 1, words: words))
        }
      }
      let isOfFormat =
        ["COURSES", "ROOMS", "CURRICULA"].contains { sections[$0] != nil }
        || ["courses", "rooms", "days", "periods_per_day", "curricula"].count { head[$0] != nil }
          > 1
      guard isOfFormat else {
        fault(
          nil, nil, nil,
          "this is no .ctt or .ectt file: it has no head such as Courses: and Days:, "
            + "and no section such as COURSES:",
          "name a curriculum-based course timetabling instance")
        return CourseTimetabling(name: "", days: 1, periods: 1)
      }
      for row in strange {
        fault(row.line, nil, row.words[0], "a line of the head is: Key: value")
      }
      func number(_ key: String, from least: Int, to most: Int) -> Int? {
        guard let row = head[key] else {
          fault(nil, key, nil, "the head has no such line")
          return nil
        }
        let text = row.words.first ?? ""
        guard let value = Int(text), value >= least, value <= most else {
          fault(row.line, key, text, "a whole number from \(least) to \(most) is wanted")
          return nil
        }
        return value
      }
      let days = number("days", from: 1, to: 7)
      let periods = number("periods_per_day", from: 1, to: 64)
      for key in ["courses", "rooms", "curricula"] where sections[key.uppercased()] == nil {
        fault(nil, nil, nil, "the section \(key.uppercased()): is missing")
      }
      func checkCount(_ key: String, _ section: String) {
        guard let claimed = number(key, from: 0, to: 1_000_000) else { return }
        let found = sections[section]?.count ?? 0
        if claimed != found {
          fault(
            head[key]?.line, key, "\(claimed)", "the section \(section) has \(found) lines")
        }
      }
      checkCount("courses", "COURSES")
      checkCount("rooms", "ROOMS")
      checkCount("curricula", "CURRICULA")
      let closedKey =
        head["constraints"] == nil ? "unavailabilityconstraints" : "constraints"
      checkCount(closedKey, "UNAVAILABILITY_CONSTRAINTS")
      // Of the extended format only.
      if head["roomconstraints"] != nil { checkCount("roomconstraints", "ROOM_CONSTRAINTS") }
      let name = head["name"]?.words.joined(separator: " ") ?? ""
      // Where the week is not known the rows are still read, against the longest there may be.
      var instance = CourseTimetabling(name: name, days: days ?? 7, periods: periods ?? 64)
      readCourses(sections["COURSES"] ?? [], into: &instance)
      readRooms(sections["ROOMS"] ?? [], into: &instance)
      instance.unavailable = Array(repeating: [], count: instance.courses.count)
      let known = CourseTimetablingFile.positions(instance.courses.map(\.name))
      named = Set((sections["COURSES"] ?? []).map { $0.words[0] })
      readCurricula(sections["CURRICULA"] ?? [], known, into: &instance)
      readClosed(sections["UNAVAILABILITY_CONSTRAINTS"] ?? [], known, into: &instance)
      checkRoomConstraints(sections["ROOM_CONSTRAINTS"] ?? [], known, instance, sections["ROOMS"])
      return instance
    }

    private func whole(_ row: Row, _ index: Int, _ column: String, from least: Int) -> Int? {
      guard let value = Int(row.words[index]), value >= least, value <= 1_000_000 else {
        fault(row.line, column, row.words[index], "a whole number from \(least) is wanted")
        return nil
      }
      return value
    }

    private func hasWords(_ row: Row, _ count: Int, _ form: String) -> Bool {
      if row.words.count >= count { return true }
      fault(row.line, nil, row.words.joined(separator: " "), "a line is: \(form)")
      return false
    }

    private func readCourses(_ rows: [Row], into instance: inout CourseTimetabling) {
      var seen: Set<String> = []
      for row in rows where hasWords(row, 5, "course teacher lectures days students") {
        if !seen.insert(row.words[0]).inserted {
          fault(row.line, "course", row.words[0], "this course is there twice")
          continue
        }
        guard let lectures = whole(row, 2, "lectures", from: 0),
          let minimum = whole(row, 3, "days", from: 0),
          let students = whole(row, 4, "students", from: 0)
        else { continue }
        if lectures > instance.days * instance.periods {
          fault(
            row.line, "lectures", row.words[2],
            "the week has only \(instance.days * instance.periods) periods")
        }
        instance.courses.append(
          CourseTimetabling.Course(
            name: row.words[0], teacher: row.words[1], lectures: lectures, minimumDays: minimum,
            students: students))
      }
    }

    private func readRooms(_ rows: [Row], into instance: inout CourseTimetabling) {
      var seen: Set<String> = []
      for row in rows where hasWords(row, 2, "room capacity") {
        if !seen.insert(row.words[0]).inserted {
          fault(row.line, "room", row.words[0], "this room is there twice")
          continue
        }
        guard let capacity = whole(row, 1, "capacity", from: 0) else { continue }
        instance.rooms.append(CourseTimetabling.Room(name: row.words[0], capacity: capacity))
      }
    }

    private func course(_ name: String, _ known: [String: Int], _ line: Int) -> Int? {
      if let position = known[name] { return position }
      if named.contains(name) { return nil }
      fault(
        line, "course", name, "no course of this file",
        findings.suggestion(for: name, among: known.keys.sorted()))
      return nil
    }

    private func readCurricula(
      _ rows: [Row], _ known: [String: Int], into instance: inout CourseTimetabling
    ) {
      for row in rows where hasWords(row, 2, "curriculum count courses") {
        let members = row.words.dropFirst(2)
        if Int(row.words[1]) != members.count {
          fault(row.line, "count", row.words[1], "\(members.count) courses follow")
        }
        instance.curricula.append(
          CourseTimetabling.Curriculum(
            name: row.words[0], courses: members.compactMap { course($0, known, row.line) }))
      }
    }

    private func checkRoomConstraints(
      _ rows: [Row], _ known: [String: Int], _ instance: CourseTimetabling, _ roomRows: [Row]?
    ) {
      let rooms = instance.rooms.map(\.name)
      // Rooms that have a line, be it a faulty one.
      let names = Set(rooms + (roomRows ?? []).map { $0.words[0] })
      for row in rows where hasWords(row, 2, "course room") {
        _ = course(row.words[0], known, row.line)
        if !names.contains(row.words[1]) {
          fault(
            row.line, "room", row.words[1], "no room of this file",
            findings.suggestion(for: row.words[1], among: rooms.sorted()))
        }
      }
    }

    private func readClosed(
      _ rows: [Row], _ known: [String: Int], into instance: inout CourseTimetabling
    ) {
      for row in rows where hasWords(row, 3, "course day period") {
        let number = course(row.words[0], known, row.line)
        let day = whole(row, 1, "day", from: 0), period = whole(row, 2, "period", from: 0)
        if let day, day >= instance.days {
          fault(row.line, "day", row.words[1], "days are 0 to \(instance.days - 1)")
        } else if let period, period >= instance.periods {
          fault(row.line, "period", row.words[2], "periods are 0 to \(instance.periods - 1)")
        } else if let number, let day, let period {
          instance.unavailable[number].insert(day * instance.periods + period)
        }
      }
    }
  }
}

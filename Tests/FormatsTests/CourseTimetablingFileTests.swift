// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Formats
import TestSupport
import Testing
import Timetabling
import University
import Validation

@Suite struct CourseTimetablingFileTests {
  private func read(_ text: String) throws -> CourseTimetabling {
    let folder = try ScratchFolder()
    let path = folder("case.ctt")
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return try CourseTimetablingFile.read(path)
  }

  private func faults(_ text: String) throws -> [Diagnostic] {
    do {
      _ = try read(text)
      return []
    } catch let rejected as InputRejected { return rejected.diagnostics }
  }

  @Test(arguments: 1..<6 as Range<UInt64>)
  func `what is written as a file is read as it was`(seed: UInt64) throws {
    let instance = CourseTimetabling.random(seed: seed)
    #expect(try read(instance.text) == instance)
    let windows = instance.text.replacingOccurrences(of: "\n", with: "\r\n")
    #expect(try read(windows) == instance)
  }

  @Test func `the extended format is read without what UD2 does not know`() throws {
    let text = """
      Name: ext
      Courses: 1
      Rooms: 1
      Days: 5
      Periods_per_day: 6
      Curricula: 1
      Min_Max_Daily_Lectures: 2 3
      UnavailabilityConstraints: 1
      RoomConstraints: 1

      COURSES:
      a t 3 3 30 1

      ROOMS:
      r 32 1

      CURRICULA:
      q 1 a

      UNAVAILABILITY_CONSTRAINTS:
      a 2 1

      ROOM_CONSTRAINTS:
      a r

      END.
      """
    let instance = try read(text)
    #expect(instance.courses.map(\.lectures) == [3])
    #expect(instance.rooms.map(\.capacity) == [32])
    #expect(instance.unavailable == [[13]])
  }

  @Test func `everything that is wrong is told at once with its line`() throws {
    let text = """
      Name: bad
      Courses: 2
      Rooms: 1
      Days: five
      Periods_per_day: 4
      Curricula: 1
      Constraints: 1

      COURSES:
      a t x 3 30
      b t 1 1

      ROOMS:
      r -3

      CURRICULA:
      q 3 a zz

      UNAVAILABILITY_CONSTRAINTS:
      a 9 0

      END.
      """
    let found = try faults(text)
    #expect(found.contains { $0.line == 10 && $0.column == "lectures" && $0.value == "x" })
    #expect(found.contains { $0.line == 11 })
    #expect(found.contains { $0.line == 14 && $0.column == "capacity" })
    #expect(found.contains { $0.line == 17 && $0.column == "count" })
    #expect(found.contains { $0.line == 17 && $0.value == "zz" })
    #expect(found.contains { $0.line == 20 && $0.column == "day" })
    #expect(found.contains { $0.line == 4 && $0.value == "five" })
  }

  @Test func `constraints of rooms in the extended format are checked like the others`() throws {
    let text = """
      Name: ext
      Courses: 1
      Rooms: 1
      Days: 5
      Periods_per_day: 6
      Curricula: 1
      Constraints: 0
      RoomConstraints: 5

      COURSES:
      alpha t 3 3 30 1

      ROOMS:
      room1 32 1

      CURRICULA:
      q 1 alpha

      ROOM_CONSTRAINTS:
      alpha room1
      alpa room1
      alpha room2
      alpha

      END.
      """
    let found = try faults(text)
    #expect(found.map(\.line) == [8, 21, 22, 23])
    #expect(found.map(\.value) == ["5", "alpa", "room2", "alpha"])
    #expect(found[1].suggestion?.contains("alpha") == true)
  }

  @Test func `what is another kind of file is told so once`() throws {
    let found = try faults("<problem>\n  <room id=\"1\"/>\n  <room id=\"2\"/>\n</problem>\n")
    #expect(found.count == 1)
    #expect(found.first?.problem.contains("no .ctt or .ectt file") == true)
    #expect(try faults("").count == 1)
  }

  @Test func `a solution's faulty lines are told and the rest is scored`() throws {
    let folder = try ScratchFolder()
    let instance = CourseTimetabling.random(seed: 1)
    let lectures = [
      CourseTimetabling.Lecture(course: 0, room: 1, day: 0, period: 2),
      CourseTimetabling.Lecture(course: 1, room: 0, day: 3, period: 0),
    ]
    let good = CourseTimetablingFile.solution(lectures, of: instance)
    let text = good + "c0 r1 0 2\nc0 r9 0 1\nc0 r1 0\nc1 r1 8 8\n"
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder("s.sol")))
    let read = try CourseTimetablingFile.readSolution(folder("s.sol"), of: instance)
    #expect(read.lectures == lectures)
    #expect(Set(read.malformed.compactMap(\.line)) == [3, 4, 5, 6])
  }

  @Test func `the toy's costs are those counted by hand`() {
    var instance = CourseTimetabling(name: "hand", days: 2, periods: 3)
    instance.rooms = [.init(name: "A", capacity: 10), .init(name: "B", capacity: 20)]
    instance.courses = [
      .init(name: "x", teacher: "t", lectures: 2, minimumDays: 2, students: 15),
      .init(name: "y", teacher: "u", lectures: 1, minimumDays: 1, students: 5),
    ]
    instance.curricula = [.init(name: "q", courses: [0, 1])]
    instance.unavailable = [[5], []]
    // x twice on day 0 with a hole: two isolated (4), a day missing (5), 5 students stand in A, two
    // rooms (1); y alone on day 1 (2).
    let score = CourseTimetableScore(
      instance,
      [
        .init(course: 0, room: 0, day: 0, period: 0), .init(course: 0, room: 1, day: 0, period: 2),
        .init(course: 1, room: 0, day: 1, period: 1),
      ])
    #expect(score.violations == 0)
    #expect(score.isolatedLectures == 6)
    #expect(score.minWorkingDays == 5)
    #expect(score.roomCapacity == 5)
    #expect(score.roomStability == 1)
    let broken = CourseTimetableScore(
      instance,
      [
        .init(course: 0, room: 0, day: 1, period: 2), .init(course: 1, room: 0, day: 1, period: 2),
      ])
    #expect(broken.availability == 1)
    #expect(broken.conflicts == 1)
    #expect(broken.roomOccupancy == 1)
    #expect(broken.lectures == 1)
  }
}

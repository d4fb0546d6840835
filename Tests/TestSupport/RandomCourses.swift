// SPDX-License-Identifier: GPL-3.0-or-later
public import Timetabling

extension CourseTimetabling {
  /// A small random instance of course timetabling, loose enough that timetables exist.
  public static func random(seed: UInt64, courses: Int = 8) -> CourseTimetabling {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678
    func below(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    var instance = CourseTimetabling(name: "random \(seed)", days: 4 + below(2), periods: 4)
    instance.rooms = (0..<3).map { Room(name: "r\($0)", capacity: 20 + 15 * $0 + below(5)) }
    instance.courses = (0..<courses).map {
      Course(
        name: "c\($0)", teacher: "t\(below(courses - 2))", lectures: 1 + below(4),
        minimumDays: 1 + below(4), students: 10 + below(50))
    }
    instance.curricula = (0..<(courses / 2)).map { number in
      Curriculum(
        name: "q\(number)",
        courses: Set((0..<3).map { _ in below(courses) }).sorted())
    }
    instance.unavailable = instance.courses.map { _ in
      Set((0..<below(5)).map { _ in below(instance.days * instance.periods) })
    }
    return instance
  }

  /// The instance as a `.ctt` file.
  public var text: String {
    let closed = unavailable.enumerated().flatMap { course, periods in
      periods.sorted().map {
        "\(courses[course].name) \($0 / self.periods) \($0 % self.periods)"
      }
    }
    return """
      Name: \(name)
      Courses: \(courses.count)
      Rooms: \(rooms.count)
      Days: \(days)
      Periods_per_day: \(periods)
      Curricula: \(curricula.count)
      Constraints: \(closed.count)

      COURSES:
      \(courses.map { "\($0.name) \($0.teacher) \($0.lectures) \($0.minimumDays) \($0.students)" }
        .joined(separator: "\n"))

      ROOMS:
      \(rooms.map { "\($0.name)\t\($0.capacity)" }.joined(separator: "\n"))

      CURRICULA:
      \(curricula.map { curriculum in
        "\(curriculum.name)  \(curriculum.courses.count) "
          + curriculum.courses.map { courses[$0].name }.joined(separator: " ")
      }.joined(separator: "\n"))

      UNAVAILABILITY_CONSTRAINTS:
      \(closed.joined(separator: "\n"))

      END.

      """
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later

/// Curriculum-based course timetabling as the second international competition asked it (ITC-2007
/// track 3), in the formulation UD2.
///
/// Cost: a student without a seat 1; a working day missing to a course's minimum 5; a lecture of a
/// curriculum with no other of it right before or after 2; a room of a course beyond the first 1.
///
/// **Source**: L. Di Gaspero, B. McCollum, A. Schaerf, "The second international timetabling
/// competition (ITC-2007): curriculum-based course timetabling (track 3)", 2007.
public struct CourseTimetabling: Hashable, Sendable {
  /// A course: so many lectures of one teacher.
  public struct Course: Hashable, Sendable {
    /// The name in the file.
    public var name: String
    /// The teacher's name.
    public var teacher: String
    /// Lectures in the week, each a period long.
    public var lectures: Int
    /// Days over which they should be spread at least.
    public var minimumDays: Int
    /// Who attends.
    public var students: Int

    /// A course with its data.
    public init(name: String, teacher: String, lectures: Int, minimumDays: Int, students: Int) {
      self.name = name
      self.teacher = teacher
      self.lectures = lectures
      self.minimumDays = minimumDays
      self.students = students
    }
  }

  /// A room.
  public struct Room: Hashable, Sendable {
    /// The name in the file.
    public var name: String
    /// Seats.
    public var capacity: Int

    /// A room with its seats.
    public init(name: String, capacity: Int) {
      self.name = name
      self.capacity = capacity
    }
  }

  /// Courses that are attended together.
  public struct Curriculum: Hashable, Sendable {
    /// The name in the file.
    public var name: String
    /// Positions in ``CourseTimetabling/courses``.
    public var courses: [Int]

    /// A curriculum of some courses.
    public init(name: String, courses: [Int]) {
      self.name = name
      self.courses = courses
    }
  }

  /// A lecture as it is held.
  public struct Lecture: Hashable, Sendable {
    /// Position in ``CourseTimetabling/courses``.
    public var course: Int
    /// Position in ``CourseTimetabling/rooms``.
    public var room: Int
    /// From 0.
    public var day: Int
    /// Period of the day, from 0.
    public var period: Int

    /// A lecture of a course.
    public init(course: Int, room: Int, day: Int, period: Int) {
      self.course = course
      self.room = room
      self.day = day
      self.period = period
    }
  }

  /// The instance's name.
  public var name: String
  /// Days of the week.
  public var days: Int
  /// Periods of a day.
  public var periods: Int
  /// The courses.
  public var courses: [Course] = []
  /// The rooms.
  public var rooms: [Room] = []
  /// The curricula.
  public var curricula: [Curriculum] = []
  /// `unavailable[course]`: periods of the week (day · periods + period) closed to the course.
  public var unavailable: [Set<Int>] = []

  /// An instance without courses.
  public init(name: String, days: Int, periods: Int) {
    self.name = name
    self.days = days
    self.periods = periods
  }

  /// The declarations: lectures of a course are a group of events; curricula, teachers and courses
  /// are people. Events are in the order of the courses.
  public var declaration: TimetableInstance {
    // Clock times do not matter: nothing travels.
    let grid = TimeGrid(
      weeks: 1, days: days, slotStarts: (0..<periods).map { $0 * 60 }, slotMinutes: 60)
    var instance = TimetableInstance(name: name, grid: grid)
    instance.sites = ["rooms"]
    instance.travelMinutes = [[0]]
    instance.rooms = rooms.map { RoomDeclaration(name: $0.name, site: 0, capacity: $0.capacity) }
    let options = rooms.indices.map { RoomOption(Int32($0)) }
    var eventsOf: [[Int32]] = []
    for (number, course) in courses.enumerated() {
      instance.timeDomains.append(
        (0..<(days * periods)).filter { !unavailable[number].contains($0) }.map {
          TimeOption(
            TimePattern(weeks: 1, day: $0 / periods, start: $0 % periods, length: 1))
        })
      let first = instance.events.count
      for lecture in 0..<course.lectures {
        instance.events.append(
          Event(
            name: "\(course.name) \(lecture + 1)", timeDomain: number, rooms: options,
            needsRoom: true, size: course.students))
      }
      let events = (first..<instance.events.count).map { Int32($0) }
      eventsOf.append(events)
      instance.eventGroups.append(EventGroup(name: course.name, events: events))
    }
    instance.roles = ["curriculum", "teacher", "course"]
    for curriculum in curricula {
      instance.people.append(
        Person(
          name: curriculum.name, role: 0,
          events: Set(curriculum.courses).sorted().flatMap { eventsOf[$0] }))
    }
    for teacher in Set(courses.map(\.teacher)).sorted() {
      let own = courses.indices.filter { courses[$0].teacher == teacher }
      instance.people.append(
        Person(name: teacher, role: 1, events: own.flatMap { eventsOf[$0] }))
    }
    for (number, course) in courses.enumerated() {
      instance.people.append(
        Person(
          name: course.name, role: 2, events: eventsOf[number], minimumDays: course.minimumDays))
    }
    for role in instance.roles.indices {
      instance.constraints.append(Constraint(.noOverlap(role: role), .hard, source: "conflicts"))
    }
    instance.constraints += [
      Constraint(
        .capacityExcess(events: instance.events.indices.map { Int32($0) }), .soft(1),
        source: "RoomCapacity"),
      Constraint(.minimumDays(role: 2), .soft(5), source: "MinWorkingDays"),
      Constraint(.isolated(role: 0), .soft(2), source: "IsolatedLectures"),
    ]
    instance.constraints += courses.indices.map {
      Constraint(.roomStability(group: $0), .soft(1), source: "RoomStability")
    }
    return instance
  }

  /// The lectures of a timetable of the ``declaration``; those without a place are left out.
  public func lectures(of timetable: Timetable) -> [Lecture] {
    var event = 0
    return courses.indices.flatMap { course in
      (0..<courses[course].lectures).compactMap { _ in
        defer { event += 1 }
        guard let placement = timetable.placements[event], let room = placement.room else {
          return nil
        }
        return Lecture(
          course: course, room: Int(room), day: placement.time.day, period: placement.time.start)
      }
    }
  }

  /// The timetable of the ``declaration`` that lectures make; lectures beyond those of the course
  /// are left out.
  public func timetable(of lectures: [Lecture]) -> Timetable {
    let first = courses.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.lectures) }
    var placements: [Placement?] = Array(repeating: nil, count: first.last ?? 0)
    var used = Array(repeating: 0, count: courses.count)
    for lecture in lectures where used[lecture.course] < courses[lecture.course].lectures {
      placements[first[lecture.course] + used[lecture.course]] = Placement(
        time: TimePattern(weeks: 1, day: lecture.day, start: lecture.period, length: 1),
        room: Int32(lecture.room))
      used[lecture.course] += 1
    }
    return Timetable(placements: placements)
  }
}

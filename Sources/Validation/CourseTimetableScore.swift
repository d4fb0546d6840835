// SPDX-License-Identifier: GPL-3.0-or-later
public import Timetabling

/// What a timetable of an ITC-2007 course timetabling instance breaks and costs, by the plainest
/// reading of formulation UD2.
public struct CourseTimetableScore: Hashable, Sendable {
  /// Lectures that a course has too few or too many.
  public var lectures = 0
  /// Pairs of courses of one teacher or curriculum in one period.
  public var conflicts = 0
  /// Lectures in a period closed to their course.
  public var availability = 0
  /// Lectures in a room beyond the first, by period.
  public var roomOccupancy = 0
  /// Students without a seat, by lecture.
  public var roomCapacity = 0
  /// 5 × days missing to the minimum.
  public var minWorkingDays = 0
  /// 2 × lectures of a curriculum without a neighbour.
  public var isolatedLectures = 0
  /// Rooms of a course beyond the first.
  public var roomStability = 0

  /// How often something hard is broken.
  public var violations: Int { lectures + conflicts + availability + roomOccupancy }
  /// The cost.
  public var cost: Int { roomCapacity + minWorkingDays + isolatedLectures + roomStability }

  /// Scores lectures; a course has at most one in a period, a second is not counted.
  public init(_ instance: CourseTimetabling, _ held: [CourseTimetabling.Lecture]) {
    var roomOf: [[Int: Int]] = Array(repeating: [:], count: instance.courses.count)
    for lecture in held {
      let period = lecture.day * instance.periods + lecture.period
      if roomOf[lecture.course][period] == nil { roomOf[lecture.course][period] = lecture.room }
    }
    var together: Set<[Int]> = []
    var groups = instance.curricula.map { Set($0.courses) }
    groups += Dictionary(grouping: instance.courses.indices) { instance.courses[$0].teacher }
      .values.map(Set.init)
    for group in groups {
      for a in group { for b in group where a < b { together.insert([a, b]) } }
    }
    for pair in together {
      conflicts += roomOf[pair[0]].keys.count { roomOf[pair[1]][$0] != nil }
    }
    var inRoom: [[Int]: Int] = [:]
    for (number, course) in instance.courses.enumerated() {
      let own = roomOf[number]
      lectures += abs(own.count - course.lectures)
      availability += own.keys.count { instance.unavailable[number].contains($0) }
      for (period, room) in own {
        inRoom[[room, period], default: 0] += 1
        roomCapacity += max(0, course.students - instance.rooms[room].capacity)
      }
      let days = Set(own.keys.map { $0 / instance.periods }).count
      minWorkingDays += 5 * max(0, course.minimumDays - days)
      roomStability += max(0, Set(own.values).count - 1)
    }
    roomOccupancy = inRoom.values.reduce(0) { $0 + $1 - 1 }
    for curriculum in instance.curricula {
      var load: [Int: Int] = [:]
      for course in Set(curriculum.courses) {
        for period in roomOf[course].keys { load[period, default: 0] += 1 }
      }
      for (period, count) in load {
        let slot = period % instance.periods
        let hasBefore = slot > 0 && load[period - 1] != nil
        let hasAfter = slot < instance.periods - 1 && load[period + 1] != nil
        if !hasBefore, !hasAfter { isolatedLectures += 2 * count }
      }
    }
  }
}

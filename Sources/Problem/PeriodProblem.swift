// SPDX-License-Identifier: GPL-3.0-or-later
internal import Timetabling

/// A problem whose events all last one slot of the same weeks, read for the kernel of Kempe chains
/// (``PeriodState``): the terms of ``Problem`` by *course* and *period*.
///
/// A **course** is a group of events that cannot be told apart, a **period** a day and a slot
/// (`day · slots + slot`), a **cohort** a person whose days cost something. Who must not overlap is
/// folded into a bit matrix between courses.
public final class PeriodProblem: @unchecked Sendable {
  /// The problem that is read.
  public let problem: Problem
  /// Courses.
  public let courses: Int
  /// Periods of the week.
  public let periods: Int
  /// Words of a set of courses.
  public let words: Int
  /// Events of each course.
  public let courseEvents: Rows
  /// `conflict[course · words + word]`: courses with which it must not share a period; itself among
  /// them.
  public let conflict: Flat<UInt64>
  /// `open[period · words + word]`: courses that may be held then.
  public let open: Flat<UInt64>
  /// Periods that each course may have.
  public let coursePeriods: Rows
  /// Rooms that each course may have and that are nearly as cheap as the cheapest.
  public let courseRooms: Rows
  /// `roomCost[course · rooms + room]`; ``Problem/forbidden`` where it may not be.
  public let roomCost: Flat<Int32>
  /// `timeCost[course · periods + period]`.
  public let timeCost: Flat<Int32>
  /// Whether some time has a price.
  public let hasTimeCost: Bool
  /// Price of a room of a course beyond the first.
  public let stability: Flat<Int32>
  /// Days wanted at least.
  public let minimumDays: Flat<Int32>
  /// Price of a day missing to them.
  public let missingDay: Flat<Int32>
  /// What is paid whatever is done: days missing to those who have no events.
  public let constant: Int

  /// Cohorts.
  public let cohorts: Int
  /// Words of a set of cohorts.
  public let cohortWords: Int
  /// `attends[course · cohortWords + word]`: cohorts of a course.
  public let attends: Flat<UInt64>
  /// Courses of each cohort.
  public let cohortCourses: Rows
  /// Cohorts of each course, those of ``attends``.
  public let courseCohorts: Rows
  /// Position in ``dayCost`` of each cohort's costs of a day.
  public let cohortTable: Flat<Int32>
  /// `dayCost[cohortTable[cohort] + taken]`: cost of a day on which these slots are taken.
  public let dayCost: Flat<Int32>

  /// The most slots of a day.
  public static let mostSlots = 15

  /// Reads a problem; nil where it is not of this kind: longer events, several classes of weeks,
  /// travel, orders, choices of patterns, times closed by room, limits of hours, lenient events,
  /// days or rooms that are asked of more than one course together, or more lectures or rooms than
  /// are numbered in 16 bits.
  public init?(_ problem: Problem) {
    let p = problem
    let periods = p.days * p.slots
    guard p.classes == 1, p.shapes.count == 1, p.shapes[0].length == 1, p.events > 0,
      p.slots <= PeriodProblem.mostSlots,
      // Courses are at most as many as events.
      p.events < Int(Int16.max), p.rooms < Int(Int16.max),
      (0..<p.groups).allSatisfy({
        !p.isOrdered[$0] && p.groupSameDay[$0] == 0 && p.groupRows.count($0) == 0
      }),
      (0..<p.rooms).allSatisfy({ p.roomTimeBase[$0] < 0 }),
      p.roomClosed.array.allSatisfy({ $0 == 0 }),
      !p.personLenient.array.contains(true),
      p.measures.allSatisfy({ $0.hardLimit >= p.slots && $0.single == 0 && $0.change == 0 }),
      (0..<p.events).allSatisfy({ p.needsRoom[$0] && p.eventRooms.count($0) > 0 })
    else { return nil }

    // Courses: events of one group with the same people, prices and rooms.
    struct Likeness: Hashable {
      var group: Int32
      var people: [Int32]
      var times: [Int32]
      var rooms: [Int32]
      var prices: [Int32]
    }
    var number: [Likeness: Int] = [:]
    var members: [[Int32]] = []
    for event in 0..<p.events {
      let likeness = Likeness(
        group: p.eventGroup[event],
        people: p.eventPeople[event].map { p.eventPeople.items[$0] }.sorted(),
        times: (0..<periods).map { p.placementCost(event, $0) },
        rooms: p.eventRooms[event].map { p.eventRooms.items[$0] },
        prices: p.eventRooms[event].map { p.eventRoomCost[$0] })
      if let known = number[likeness] {
        members[known].append(Int32(event))
      } else {
        number[likeness] = members.count
        members.append([Int32(event)])
      }
    }
    let courses = members.count
    var courseOf = Array(repeating: 0, count: p.events)
    for (course, events) in members.enumerated() {
      for event in events { courseOf[Int(event)] = course }
    }
    let coursesOfPerson = (0..<p.people).map { person in
      Array(Set(p.personEvents[person].map { courseOf[Int(p.personEvents.items[$0])] })).sorted()
    }
    let words = (courses + 63) / 64
    let conflict = Flat<UInt64>(repeating: 0, count: courses * words)
    var isSelfExclusive = Array(repeating: false, count: courses)
    for person in 0..<p.people where p.measureOverlap[Int(p.personMeasure[person])] {
      for a in coursesOfPerson[person] {
        isSelfExclusive[a] = true
        for b in coursesOfPerson[person] { conflict[a * words + b / 64] |= 1 << UInt64(b % 64) }
      }
    }
    var minimumDays = Array(repeating: Int32(0), count: courses)
    var missingDay = Array(repeating: Int32(0), count: courses)
    var stability = Array(repeating: Int32(0), count: courses)
    var isOfThisKind = true
    var constant = 0
    for course in 0..<courses where !isSelfExclusive[course] && members[course].count > 1 {
      isOfThisKind = false
    }
    for person in 0..<p.people {
      let measure = Int(p.personMeasure[person])
      let price = p.measureMinimumDays[measure] * p.personCount[person]
      if p.personMinimumDays[person] == 0 || price == 0 { continue }
      guard coursesOfPerson[person].count <= 1 else {
        isOfThisKind = false
        continue
      }
      guard let course = coursesOfPerson[person].first else {
        constant += Int(p.personMinimumDays[person]) * Int(price)
        continue
      }
      if missingDay[course] != 0 { isOfThisKind = false }
      minimumDays[course] = p.personMinimumDays[person]
      missingDay[course] = price
    }
    for group in 0..<p.groups where p.groupStability[group] != 0 {
      let own = Set(p.groupEvents[group].map { courseOf[Int(p.groupEvents.items[$0])] })
      if own.count > 1 { isOfThisKind = false }
      if let course = own.first { stability[course] = p.groupStability[group] }
    }

    // Cohorts: people whose days cost something. Nobody who may overlap is one: the kernel counts
    // bits.
    let costs = p.measures.map { measure in
      (0..<(1 << p.slots)).map { measure.cost(taken: UInt64($0)) }
    }
    var cohortPeople: [Int] = []
    var cohortTable: [Int32] = []
    var tables: [[Int32]: Int32] = [:]
    var dayCost: [Int32] = []
    for person in 0..<p.people where !coursesOfPerson[person].isEmpty {
      let measure = Int(p.personMeasure[person])
      guard costs[measure].contains(where: { $0 != 0 }) else { continue }
      if !p.measureOverlap[measure] { isOfThisKind = false }
      let table = costs[measure].map { $0 &* p.personWeight[person] }
      if tables[table] == nil {
        tables[table] = Int32(dayCost.count)
        dayCost += table
      }
      cohortPeople.append(person)
      cohortTable.append(tables[table] ?? 0)
    }
    guard isOfThisKind else {
      conflict.free()
      return nil
    }
    let cohortWords = (cohortPeople.count + 63) / 64
    let attends = Flat<UInt64>(repeating: 0, count: courses * cohortWords)
    for (cohort, person) in cohortPeople.enumerated() {
      for course in coursesOfPerson[person] {
        attends[course * cohortWords + cohort / 64] |= 1 << UInt64(cohort % 64)
      }
    }
    let open = Flat<UInt64>(repeating: 0, count: periods * words)
    let timeCost = Flat<Int32>(repeating: 0, count: courses * periods)
    let roomCost = Flat<Int32>(repeating: Problem.forbidden, count: courses * p.rooms)
    var coursePeriods: [[Int32]] = []
    var courseRooms: [[Int32]] = []
    for course in 0..<courses {
      let event = Int(members[course][0])
      var own: [Int32] = []
      for period in 0..<periods {
        let cost = p.placementCost(event, period)
        timeCost[course * periods + period] = cost
        if cost == Problem.forbidden { continue }
        own.append(Int32(period))
        open[period * words + course / 64] |= 1 << UInt64(course % 64)
      }
      coursePeriods.append(own)
      var rooms: [(room: Int32, cost: Int32)] = []
      for index in p.eventRooms[event] {
        let room = p.eventRooms.items[index]
        roomCost[course * p.rooms + Int(room)] = p.eventRoomCost[index]
        rooms.append((room, p.eventRoomCost[index]))
      }
      let least = rooms.map(\.cost).min() ?? 0
      courseRooms.append(
        rooms.filter { $0.cost <= least + PeriodProblem.roomSlack }.map(\.room))
    }
    self.problem = p
    self.courses = courses
    self.periods = periods
    self.constant = constant
    self.words = words
    courseEvents = Rows(members)
    self.conflict = conflict
    self.open = open
    self.coursePeriods = Rows(coursePeriods)
    self.courseRooms = Rows(courseRooms)
    self.roomCost = roomCost
    self.timeCost = timeCost
    hasTimeCost = timeCost.array.contains { $0 != 0 && $0 != Problem.forbidden }
    self.stability = Flat(stability)
    self.minimumDays = Flat(minimumDays)
    self.missingDay = Flat(missingDay)
    cohorts = cohortPeople.count
    self.cohortWords = cohortWords
    self.attends = attends
    cohortCourses = Rows(cohortPeople.map { coursesOfPerson[$0].map(Int32.init) })
    courseCohorts = Rows(
      (0..<courses).map { course in
        cohortPeople.indices.filter {
          attends[course * cohortWords + $0 / 64] >> UInt64($0 % 64) & 1 == 1
        }.map(Int32.init)
      })
    self.cohortTable = Flat(cohortTable)
    self.dayCost = Flat(dayCost)
  }

  /// The cheapest and the dearest price of a single fault: a day missing, a room too many, a slot of
  /// a cohort's day, a student without a seat. Temperatures follow from them.
  public var faultPrices: ClosedRange<Int32> {
    var prices: [Int32] = [1]
    for course in 0..<courses { prices += [missingDay[course], stability[course]] }
    for cohort in 0..<cohorts {
      for slot in 0..<problem.slots {
        prices.append(dayCost[Int(cohortTable[cohort]) + (1 << slot)])
      }
    }
    prices = prices.filter { $0 > 0 }
    return (prices.min() ?? 1)...(prices.max() ?? 1)
  }

  /// A room that costs more than the cheapest by at most so much is tried.
  static let roomSlack: Int32 = 15

  deinit {
    for rows in [courseEvents, coursePeriods, courseRooms, cohortCourses, courseCohorts] {
      rows.free()
    }
    for flat in [conflict, open, attends] { flat.free() }
    for flat in [roomCost, timeCost, stability, minimumDays, missingDay, cohortTable, dayCost] {
      flat.free()
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later

/// A complete timetable of a ``PeriodProblem`` under change by room-preserving Kempe chains.
///
/// Invariant: every lecture is placed and no hard constraint is broken; ``soft`` is the exact soft
/// score, the same as that of ``SearchState``. A move is priced by ``price(chainOf:to:room:)`` or
/// ``price(roomOf:room:)``, which write to scratch only, and made by ``commit()``.
///
/// **Source** of the neighbourhood: Z. Lü, J.-K. Hao, "Adaptive tabu search for course timetabling",
/// Eur. J. Oper. Res. 200 (2010) (Kempe swap).
public final class PeriodState {
  /// The problem it is of.
  public let problem: PeriodProblem
  /// The exact soft score.
  public private(set) var soft = 0
  /// Lectures, numbered as they were loaded.
  public let lectures: Int
  /// The course of each lecture.
  public let lectureCourse: Flat<Int16>
  /// The period of each lecture.
  public let lecturePeriod: Flat<Int16>
  /// `roomAt[course · periods + period]`: the room of the lecture then, or −1.
  public let roomAt: Flat<Int16>
  /// `courseAt[period · rooms + room]`: the course there, or −1.
  public let courseAt: Flat<Int16>
  /// `taken[cohort · days + day]`: slots taken.
  public let taken: Flat<UInt16>
  /// `dayCount[course · days + day]`: lectures on a day.
  public let dayCount: Flat<Int16>
  /// Days used by each course.
  public let daysUsed: Flat<Int16>

  /// Rooms.
  public let rooms: Int
  /// Days.
  public let days: Int
  private let lectureAt: Flat<Int32>
  private let held: Flat<UInt64>
  private let roomUse: Flat<Int16>
  private let roomsUsed: Flat<Int16>
  private let slots: Int
  private let dayOf: Flat<Int16>
  private let slotOf: Flat<Int16>

  // The move priced last.
  private enum Prepared { case none, chain, room }
  private var prepared = Prepared.none
  private var delta = 0
  private var count = 0
  private var from = 0
  private var to = 0
  private var newRoom = 0
  private let member: Flat<Int16>
  private let side: Flat<Bool>
  private let memberRoom: Flat<Int16>
  private let memberLecture: Flat<Int32>
  private let first: Flat<UInt64>
  private let second: Flat<UInt64>
  private let touched: Flat<UInt64>

  /// Chains of more lectures are refused.
  public static let longestChain = 24
  /// Marks a move that breaks a hard constraint, or that is none.
  public static let refused = Int.max

  /// Takes over a complete state; nil where something is not placed.
  public init?(_ problem: PeriodProblem, from state: SearchState) {
    guard state.unplaced == 0 else { return nil }
    let p = problem
    self.problem = p
    rooms = p.problem.rooms
    days = p.problem.days
    slots = p.problem.slots
    lectures = p.problem.events
    lectureCourse = Flat(repeating: 0, count: lectures)
    lecturePeriod = Flat(repeating: 0, count: lectures)
    roomAt = Flat(repeating: -1, count: p.courses * p.periods)
    courseAt = Flat(repeating: -1, count: p.periods * rooms)
    taken = Flat(repeating: 0, count: p.cohorts * days)
    dayCount = Flat(repeating: 0, count: p.courses * days)
    daysUsed = Flat(repeating: 0, count: p.courses)
    lectureAt = Flat(repeating: -1, count: p.courses * p.periods)
    held = Flat(repeating: 0, count: p.periods * p.words)
    roomUse = Flat(repeating: 0, count: p.courses * rooms)
    roomsUsed = Flat(repeating: 0, count: p.courses)
    dayOf = Flat((0..<p.periods).map { Int16($0 / p.problem.slots) })
    slotOf = Flat((0..<p.periods).map { Int16($0 % p.problem.slots) })
    member = Flat(repeating: 0, count: PeriodState.longestChain + p.courses + 1)
    side = Flat(repeating: false, count: PeriodState.longestChain + p.courses + 1)
    memberRoom = Flat(repeating: 0, count: PeriodState.longestChain + p.courses + 1)
    memberLecture = Flat(repeating: 0, count: PeriodState.longestChain + p.courses + 1)
    first = Flat(repeating: 0, count: p.words)
    second = Flat(repeating: 0, count: p.words)
    touched = Flat(repeating: 0, count: p.cohortWords)
    var lecture = 0
    for course in 0..<p.courses {
      for index in p.courseEvents[course] {
        let event = Int(p.courseEvents.items[index])
        lectureCourse[lecture] = Int16(course)
        put(lecture, Int(state.eventTime[event]), Int(state.eventRoom[event]))
        lecture += 1
      }
    }
    recount()
    assert(soft == state.soft)
  }

  /// A copy.
  public init(_ other: PeriodState) {
    problem = other.problem
    rooms = other.rooms
    days = other.days
    slots = other.slots
    lectures = other.lectures
    func twin<T>(_ flat: Flat<T>) -> Flat<T> { Flat(flat.array) }
    lectureCourse = twin(other.lectureCourse)
    lecturePeriod = twin(other.lecturePeriod)
    roomAt = twin(other.roomAt)
    courseAt = twin(other.courseAt)
    taken = twin(other.taken)
    dayCount = twin(other.dayCount)
    daysUsed = twin(other.daysUsed)
    lectureAt = twin(other.lectureAt)
    held = twin(other.held)
    roomUse = twin(other.roomUse)
    roomsUsed = twin(other.roomsUsed)
    dayOf = twin(other.dayOf)
    slotOf = twin(other.slotOf)
    member = twin(other.member)
    side = twin(other.side)
    memberRoom = twin(other.memberRoom)
    memberLecture = twin(other.memberLecture)
    first = twin(other.first)
    second = twin(other.second)
    touched = twin(other.touched)
    soft = other.soft
  }

  deinit {
    for flat in [
      lectureCourse, lecturePeriod, roomAt, courseAt, dayCount, daysUsed, roomUse, roomsUsed, dayOf,
      slotOf, member, memberRoom,
    ] { flat.free() }
    for flat in [held, first, second, touched] { flat.free() }
    lectureAt.free()
    memberLecture.free()
    taken.free()
    side.free()
  }

  /// Where each lecture is: `period · rooms + room`, by lecture.
  public var placements: [Int32] {
    (0..<lectures).map { lecture in
      let period = Int(lecturePeriod[lecture])
      let room = Int(roomAt[Int(lectureCourse[lecture]) * problem.periods + period])
      return Int32(period * rooms + room)
    }
  }

  /// Goes to placements that a state of the same problem had.
  public func load(_ placements: [Int32]) {
    for index in 0..<(problem.courses * problem.periods) {
      roomAt[index] = -1
      lectureAt[index] = -1
    }
    for index in 0..<(problem.periods * rooms) { courseAt[index] = -1 }
    for index in 0..<(problem.periods * problem.words) { held[index] = 0 }
    for lecture in 0..<lectures {
      put(lecture, Int(placements[lecture]) / rooms, Int(placements[lecture]) % rooms)
    }
    recount()
    prepared = .none
  }

  /// Writes the placements into a state in which nothing is placed, or the same events.
  public func store(into state: SearchState) {
    for event in 0..<lectures where state.isPlaced(event) { state.remove(event) }
    var lecture = 0
    for course in 0..<problem.courses {
      for index in problem.courseEvents[course] {
        let period = Int(lecturePeriod[lecture])
        state.place(
          Int(problem.courseEvents.items[index]), period,
          Int(roomAt[course * problem.periods + period]))
        lecture += 1
      }
    }
    assert(state.soft == soft)
  }

  private func put(_ lecture: Int, _ period: Int, _ room: Int) {
    let course = Int(lectureCourse[lecture])
    lecturePeriod[lecture] = Int16(period)
    lectureAt[course * problem.periods + period] = Int32(lecture)
    roomAt[course * problem.periods + period] = Int16(room)
    assert(courseAt[period * rooms + room] < 0)
    courseAt[period * rooms + room] = Int16(course)
    held[period * problem.words + course / 64] |= 1 << UInt64(course % 64)
  }

  /// Counts and costs anew from the placements.
  private func recount() {
    for index in 0..<(problem.cohorts * days) { taken[index] = 0 }
    for index in 0..<(problem.courses * days) { dayCount[index] = 0 }
    for index in 0..<(problem.courses * rooms) { roomUse[index] = 0 }
    soft = problem.constant
    for lecture in 0..<lectures {
      let course = Int(lectureCourse[lecture]), period = Int(lecturePeriod[lecture])
      let room = Int(roomAt[course * problem.periods + period])
      dayCount[course * days + Int(dayOf[period])] += 1
      roomUse[course * rooms + room] += 1
      soft += Int(problem.roomCost[course * rooms + room])
      soft += Int(problem.timeCost[course * problem.periods + period])
      for index in problem.courseCohorts[course] {
        let cohort = Int(problem.courseCohorts.items[index])
        taken[cohort * days + Int(dayOf[period])] |= 1 << UInt16(slotOf[period])
      }
    }
    for course in 0..<problem.courses {
      daysUsed[course] = Int16((0..<days).count { dayCount[course * days + $0] > 0 })
      roomsUsed[course] = Int16((0..<rooms).count { roomUse[course * rooms + $0] > 0 })
      soft +=
        Int(max(0, problem.minimumDays[course] - Int32(daysUsed[course])))
        * Int(problem.missingDay[course])
      soft += max(0, Int(roomsUsed[course]) - 1) * Int(problem.stability[course])
    }
    for cohort in 0..<problem.cohorts {
      for day in 0..<days {
        soft += Int(
          problem.dayCost[Int(problem.cohortTable[cohort]) + Int(taken[cohort * days + day])])
      }
    }
  }

  /// The room of a lecture.
  @inline(__always)
  public func room(of lecture: Int) -> Int {
    Int(
      roomAt[Int(lectureCourse[lecture]) * problem.periods + Int(lecturePeriod[lecture])])
  }

  /// Whether a course is held in a period.
  @inline(__always)
  public func isHeld(_ course: Int, at period: Int) -> Bool {
    roomAt[course * problem.periods + period] >= 0
  }

  // MARK: - Kempe chains

  @inline(__always)
  private func add(_ course: Int, _ other: Bool, _ at: inout Int) {
    member[at] = Int16(course)
    side[at] = other
    at += 1
  }

  /// What the soft score grows by when a lecture goes to another period and a room, and those in its
  /// way there come to the period that it leaves, and so on, each in its own room; ``refused`` where
  /// that breaks a hard constraint, or takes too many lectures.
  ///
  /// O(lectures of the chain × words + cohorts touched).
  @inline(__always)
  public func price(chainOf lecture: Int, to period: Int, room: Int) -> Int {
    prepared = .none
    let words = problem.words
    let course = Int(lectureCourse[lecture])
    from = Int(lecturePeriod[lecture])
    to = period
    newRoom = room
    let oldRoom = Int(roomAt[course * problem.periods + from])
    if from == to || isHeld(course, at: to) { return PeriodState.refused }
    if problem.open[to * words + course >> 6] >> UInt64(course & 63) & 1 == 0
      || problem.roomCost[course * rooms + room] == Problem.forbidden
    {
      return PeriodState.refused
    }
    for word in 0..<words {
      first[word] = 0
      second[word] = 0
    }
    first[course >> 6] = 1 << UInt64(course & 63)
    var count = 0
    add(course, false, &count)
    if room != oldRoom {
      let there = Int(courseAt[to * rooms + room])
      if there >= 0 {
        // Who is in the room now would come to the same room in the other period.
        if courseAt[from * rooms + room] >= 0 { return PeriodState.refused }
        if problem.open[from * words + there >> 6] >> UInt64(there & 63) & 1 == 0 {
          return PeriodState.refused
        }
        second[there >> 6] |= 1 << UInt64(there & 63)
        add(there, true, &count)
      }
    }
    var head = 0
    while head < count {
      let current = Int(member[head])
      let goesBack = side[head]
      let enters = goesBack ? from : to
      let leaves = goesBack ? to : from
      let opposite = goesBack ? first : second
      for word in 0..<words {
        var new =
          problem.conflict[current * words + word] & held[enters * words + word]
          & ~opposite[word]
        if new == 0 { continue }
        if new & ~problem.open[leaves * words + word] != 0 { return PeriodState.refused }
        opposite[word] |= new
        while new != 0 {
          add(word << 6 + new.trailingZeroBitCount, !goesBack, &count)
          new &= new - 1
        }
      }
      if head > 0 || room == oldRoom {
        let own = Int(roomAt[current * problem.periods + leaves])
        if !goesBack, head > 0, own == room, room != oldRoom { return PeriodState.refused }
        let there = Int(courseAt[enters * rooms + own])
        if there >= 0, opposite[there >> 6] >> UInt64(there & 63) & 1 == 0 {
          if problem.open[leaves * words + there >> 6] >> UInt64(there & 63) & 1 == 0 {
            return PeriodState.refused
          }
          opposite[there >> 6] |= 1 << UInt64(there & 63)
          add(there, !goesBack, &count)
        }
      }
      if count > PeriodState.longestChain { return PeriodState.refused }
      head += 1
    }
    self.count = count
    var delta = 0
    if room != oldRoom { delta += roomDelta(course, oldRoom, room) }
    delta += chainDelta()
    prepared = .chain
    self.delta = delta
    return delta
  }

  /// Costs of people and times of the chain prepared; fills ``touched``.
  @inline(__always)
  private func chainDelta() -> Int {
    findTouched()
    var delta = cohortsDelta()
    if dayOf[from] != dayOf[to] { delta += missingDaysDelta() }
    if problem.hasTimeCost { delta += timesDelta() }
    return delta
  }

  /// Cohorts that attend an odd number of the chain's courses: those of the others do not change.
  @inline(__always)
  private func findTouched() {
    let words = problem.cohortWords
    for word in 0..<words { touched[word] = 0 }
    for index in 0..<count {
      let course = Int(member[index])
      for word in 0..<words { touched[word] ^= problem.attends[course * words + word] }
    }
  }

  /// Change of the price of missing days of the chain's courses.
  @inline(__always)
  private func missingDaysDelta() -> Int {
    let fromDay = Int(dayOf[from]), toDay = Int(dayOf[to])
    var delta = 0
    for index in 0..<count {
      let course = Int(member[index])
      if problem.missingDay[course] == 0 { continue }
      let opposite = side[index] ? first : second
      if opposite[course >> 6] >> UInt64(course & 63) & 1 == 0 {
        delta +=
          side[index] ? dayDelta(course, toDay, fromDay) : dayDelta(course, fromDay, toDay)
      }
    }
    return delta
  }

  /// Change of the prices of the chain's courses at their periods.
  @inline(__always)
  private func timesDelta() -> Int {
    var delta = 0
    for index in 0..<count {
      let row = Int(member[index]) * problem.periods
      let change = Int(problem.timeCost[row + to] - problem.timeCost[row + from])
      delta += side[index] ? -change : change
    }
    return delta
  }

  /// Change of the days of the cohorts touched (isolated lectures).
  @inline(__always)
  private func cohortsDelta() -> Int {
    let fromDay = Int(dayOf[from]), toDay = Int(dayOf[to])
    let fromBit = UInt16(1) << UInt16(slotOf[from]), toBit = UInt16(1) << UInt16(slotOf[to])
    var delta = 0
    for word in 0..<problem.cohortWords {
      var rest = touched[word]
      while rest != 0 {
        let cohort = word << 6 + rest.trailingZeroBitCount
        rest &= rest - 1
        let table = Int(problem.cohortTable[cohort])
        let old = taken[cohort * days + fromDay]
        if fromDay == toDay {
          delta += Int(
            problem.dayCost[table + Int(old ^ fromBit ^ toBit)]
              - problem.dayCost[table + Int(old)])
        } else {
          let other = taken[cohort * days + toDay]
          delta += Int(
            problem.dayCost[table + Int(old ^ fromBit)] - problem.dayCost[table + Int(old)]
              + problem.dayCost[table + Int(other ^ toBit)] - problem.dayCost[table + Int(other)])
        }
      }
    }
    return delta
  }

  /// Change of the price of missing days when a lecture goes from one day to another.
  @inline(__always)
  private func dayDelta(_ course: Int, _ fromDay: Int, _ toDay: Int) -> Int {
    let used = Int32(daysUsed[course])
    var after = used
    if dayCount[course * days + fromDay] == 1 { after -= 1 }
    if dayCount[course * days + toDay] == 0 { after += 1 }
    let minimum = problem.minimumDays[course]
    return Int((max(0, minimum - after) - max(0, minimum - used)) * problem.missingDay[course])
  }

  @inline(__always)
  private func roomDelta(_ course: Int, _ oldRoom: Int, _ room: Int) -> Int {
    let row = course * rooms
    var delta = Int(problem.roomCost[row + room] - problem.roomCost[row + oldRoom])
    if problem.stability[course] != 0 {
      var used = Int32(0)
      if roomUse[row + oldRoom] == 1 { used -= 1 }
      if roomUse[row + room] == 0 { used += 1 }
      delta += Int(used * problem.stability[course])
    }
    return delta
  }

  // MARK: - Rooms

  /// What the soft score grows by when a lecture goes to another room of its period and who is there
  /// takes its room.
  @inline(__always)
  public func price(roomOf lecture: Int, room: Int) -> Int {
    prepared = .none
    let course = Int(lectureCourse[lecture])
    from = Int(lecturePeriod[lecture])
    let oldRoom = Int(roomAt[course * problem.periods + from])
    if room == oldRoom || problem.roomCost[course * rooms + room] == Problem.forbidden {
      return PeriodState.refused
    }
    var delta = roomDelta(course, oldRoom, room)
    let other = Int(courseAt[from * rooms + room])
    if other >= 0 {
      if problem.roomCost[other * rooms + oldRoom] == Problem.forbidden {
        return PeriodState.refused
      }
      delta += roomDelta(other, room, oldRoom)
    }
    member[0] = Int16(course)
    memberRoom[0] = Int16(oldRoom)
    newRoom = room
    prepared = .room
    self.delta = delta
    return delta
  }

  // MARK: - Changing

  /// Makes the move priced last.
  public func commit() {
    assert(prepared != .none)
    switch prepared {
    case .none: return
    case .chain: commitChain()
    case .room: commitRoom()
    }
    soft += delta
    prepared = .none
    #if DEBUG
      let found = soft
      recount()
      assert(found == soft, "the score is \(soft), by the delta \(found)")
    #endif
  }

  private func changeRoom(_ course: Int, _ oldRoom: Int, _ room: Int) {
    let row = course * rooms
    roomUse[row + oldRoom] -= 1
    if roomUse[row + oldRoom] == 0 { roomsUsed[course] -= 1 }
    if roomUse[row + room] == 0 { roomsUsed[course] += 1 }
    roomUse[row + room] += 1
  }

  private func commitRoom() {
    let course = Int(member[0]), oldRoom = Int(memberRoom[0])
    let other = courseAt[from * rooms + newRoom]
    changeRoom(course, oldRoom, newRoom)
    roomAt[course * problem.periods + from] = Int16(newRoom)
    if other >= 0 {
      changeRoom(Int(other), newRoom, oldRoom)
      roomAt[Int(other) * problem.periods + from] = Int16(oldRoom)
    }
    courseAt[from * rooms + newRoom] = Int16(course)
    courseAt[from * rooms + oldRoom] = other
  }

  private func commitChain() {
    let periods = problem.periods, words = problem.words
    let fromDay = Int(dayOf[from]), toDay = Int(dayOf[to])
    for index in 0..<count {
      let course = Int(member[index])
      let leaves = side[index] ? to : from
      let at = course * periods + leaves
      memberRoom[index] = roomAt[at]
      memberLecture[index] = lectureAt[at]
      courseAt[leaves * rooms + Int(roomAt[at])] = -1
      roomAt[at] = -1
      lectureAt[at] = -1
      held[leaves * words + course >> 6] &= ~(1 << UInt64(course & 63))
      if fromDay != toDay { dayCount[course * days + (side[index] ? toDay : fromDay)] -= 1 }
    }
    let oldRoom = Int(memberRoom[0])
    if newRoom != oldRoom {
      changeRoom(Int(member[0]), oldRoom, newRoom)
      memberRoom[0] = Int16(newRoom)
    }
    for index in 0..<count {
      let course = Int(member[index])
      let enters = side[index] ? from : to
      let at = course * periods + enters
      roomAt[at] = memberRoom[index]
      lectureAt[at] = memberLecture[index]
      lecturePeriod[Int(memberLecture[index])] = Int16(enters)
      assert(courseAt[enters * rooms + Int(memberRoom[index])] < 0)
      courseAt[enters * rooms + Int(memberRoom[index])] = Int16(course)
      held[enters * words + course >> 6] |= 1 << UInt64(course & 63)
      if fromDay != toDay { dayCount[course * days + (side[index] ? fromDay : toDay)] += 1 }
    }
    if fromDay != toDay {
      for index in 0..<count {
        let row = Int(member[index]) * days
        var used: Int16 = 0
        for day in 0..<days where dayCount[row + day] > 0 { used += 1 }
        daysUsed[Int(member[index])] = used
      }
    }
    let fromBit = UInt16(1) << UInt16(slotOf[from]), toBit = UInt16(1) << UInt16(slotOf[to])
    for word in 0..<problem.cohortWords {
      var rest = touched[word]
      while rest != 0 {
        let cohort = word << 6 + rest.trailingZeroBitCount
        rest &= rest - 1
        taken[cohort * days + fromDay] ^= fromBit
        taken[cohort * days + toDay] ^= toBit
      }
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
public import Timetabling

/// What is kept of one person's cell (a class of weeks and a day).
struct Cell: BitwiseCopyable, Equatable {
  /// Slots taken in the low 16 bits, number of events in the high 16.
  var takenCount: UInt32
  /// Cost with all its weights.
  var cost: Int32
  /// Four bits a slot: the site at which it is spent, 0 where there is none.
  var sites: UInt64
}

/// A timetable under change, with everything that is needed to price a move in time that does not
/// grow with the instance.
///
/// Invariant: what is placed breaks no hard constraint; ``soft`` is the exact soft score.
public final class SearchState {
  /// The problem it is of.
  public let problem: Problem
  /// The time of each event; −1 where it is not placed.
  public let eventTime: Flat<Int32>
  /// The room of each event; −1 where it has none.
  public let eventRoom: Flat<Int32>
  /// The row of each group's pattern sets; −1 for groups without a choice.
  public let groupRow: Flat<Int32>
  /// The exact soft score.
  public internal(set) var soft = 0
  /// Events that are not placed.
  public private(set) var unplaced: Int

  let cellOf: Flat<Cell>
  /// Cells that are added up at once.
  static let lanes = 8
  /// From one person's cells to the next one's in ``busy`` and ``costs``: whole ``lanes``.
  let weekStride: Int
  /// Slots taken of each person's cell, where people are kept as words; 0 for those who may overlap.
  let busy: Flat<UInt16>
  /// What each person's cell costs, as in the ``Cell``, where people are kept as words.
  let costs: Flat<Int32>
  /// Rooms free in each slot as bits: `freeRooms[(cell · slots + slot) · roomWords + room / 64]`.
  let freeRooms: Flat<UInt64>
  let plan: Flat<Planned>
  var plannedCount = 0
  var plannedGroup = -1
  var plannedRow: Int32 = -1
  var oldPlannedRow: Int32 = -1
  var plannedDelta = 0
  /// The move in which an event, a cell of a person, a person was seen last.
  let plannedStamp: Flat<UInt32>
  let stagedStamp: Flat<UInt32>
  let personStamp: Flat<UInt32>
  var planStamp: UInt32 = 0
  /// Cells as they would be; those of ``stagedCells`` count.
  let staged: Flat<Cell>
  let stagedCells: Flat<Int32>
  var stagedCount = 0
  let roomTaken: Flat<UInt64>
  /// `roomEvent[(room · cells + cell) · slots + slot]`: who is there, or −1.
  public let roomEvent: Flat<Int32>
  /// `personEvent[(person · cells + cell) · slots + slot]`: what one who is kept as words has in a slot
  /// that is taken; of other slots what was there last.
  let personEvent: Flat<Int32>
  let touch: Flat<Touch>
  var touches = 0
  let scratch: Flat<Entry>
  /// `groupFirst[group · classes + class]`: day · 64 + slot of the group's first event.
  let groupFirst: Flat<Int32>
  let newFirst: Flat<Int32>
  /// Starts of each day at which nobody is busy, as bits.
  let weekOpen: Flat<UInt32>
  /// What a move to each day changes at least, the price of the new time aside.
  let weekFloor: Flat<Int>
  /// Slots of each cell that are taken for somebody who is kept as words.
  let weekTaken: Flat<UInt16>
  /// What each cell costs all people of an event.
  let weekCost: Flat<Int>
  /// What a move of each event changes at least without regard to people, the price of the new time
  /// aside; ``unknown`` where it is to be found anew.
  let leastFixed: Flat<Int>
  static let unknown = Int.min
  /// Times that an event may go to; the first ``candidates`` count.
  let candidate: Flat<Candidate>
  /// How many candidates there are.
  public internal(set) var candidates = 0

  /// A cell that a move changes: what leaves it and what enters it.
  struct Touch: BitwiseCopyable {
    var cell: Int32
    var weekClass: Int32
    var removed: UInt32
    var added: UInt32
    var removedSites: UInt64
    /// One of four bits a slot that is added.
    var addedSites: UInt64
    var near: UInt32
    /// Whether it does the same as the touch before, in another class.
    var repeats: Bool
  }

  /// An event of a person's day, on the slow path.
  struct Entry: BitwiseCopyable {
    var start: Int32
    var event: Int32
    var length: Int32
    var site: Int32
    var mask: UInt64
    var lenient: Bool
  }

  /// A state in which nothing is placed.
  public init(_ problem: Problem) {
    self.problem = problem
    eventTime = Flat(repeating: -1, count: problem.events)
    eventRoom = Flat(repeating: -1, count: problem.events)
    groupRow = Flat(repeating: -1, count: problem.groups)
    cellOf = Flat(
      repeating: Cell(takenCount: 0, cost: 0, sites: 0), count: problem.people * problem.cells)
    weekStride = (problem.cells + SearchState.lanes - 1) / SearchState.lanes * SearchState.lanes
    busy = Flat(repeating: 0, count: problem.isPacked ? problem.people * weekStride : 0)
    costs = Flat(repeating: 0, count: problem.isPacked ? problem.people * weekStride : 0)
    plan = Flat(
      repeating: Planned(event: -1, oldTime: -1, oldRoom: -1, time: -1, room: -1),
      count: SearchState.mostPlanned)
    plannedStamp = Flat(repeating: 0, count: problem.events)
    personStamp = Flat(repeating: 0, count: problem.people)
    stagedStamp = Flat(repeating: 0, count: problem.people * problem.cells)
    staged = Flat(
      repeating: Cell(takenCount: 0, cost: 0, sites: 0), count: problem.people * problem.cells)
    stagedCells = Flat(repeating: 0, count: problem.people * problem.cells)
    freeRooms = Flat(
      repeating: 0, count: problem.cells * problem.slots * problem.roomWords)
    for room in 0..<problem.rooms {
      for cell in 0..<problem.cells {
        for slot in 0..<problem.slots
        where problem.roomClosed[room * problem.cells + cell] >> UInt64(slot) & 1 == 0 {
          freeRooms[(cell * problem.slots + slot) * problem.roomWords + room >> 6] |=
            1 << UInt64(room & 63)
        }
      }
    }
    roomTaken = Flat(repeating: 0, count: problem.rooms * problem.cells)
    roomEvent = Flat(repeating: -1, count: problem.rooms * problem.cells * problem.slots)
    personEvent = Flat(
      repeating: -1,
      count: problem.isPacked ? problem.people * problem.cells * problem.slots : 0)
    touch = Flat(
      repeating: Touch(
        cell: 0, weekClass: 0, removed: 0, added: 0, removedSites: 0, addedSites: 0, near: 0,
        repeats: false),
      count: 2 * problem.classes)
    let most = (0..<problem.people).map { problem.personEvents.count($0) }.max() ?? 0
    scratch = Flat(
      repeating: Entry(start: 0, event: 0, length: 0, site: 0, mask: 0, lenient: false),
      count: most + 1)
    groupFirst = Flat(repeating: .max, count: problem.groups * problem.classes)
    newFirst = Flat(repeating: .max, count: problem.classes)
    leastFixed = Flat(repeating: SearchState.unknown, count: problem.events)
    weekOpen = Flat(repeating: 0, count: problem.days)
    weekFloor = Flat(repeating: 0, count: problem.days)
    weekTaken = Flat(repeating: 0, count: weekStride)
    weekCost = Flat(repeating: 0, count: weekStride)
    candidate = Flat(
      repeating: Candidate(time: 0, slots: 0, cost: 0), count: problem.days * problem.slots)
    unplaced = problem.events
    for group in 0..<problem.groups where problem.groupEvents.count(group) > 1 {
      let rows = problem.groupRows[group]
      guard let first = rows.first else { continue }
      let best = rows.reduce(first) {
        let a = problem.rowPenalty[Int(problem.groupRows.items[$0])]
        let b = problem.rowPenalty[Int(problem.groupRows.items[$1])]
        return b < a ? $1 : $0
      }
      groupRow[group] = problem.groupRows.items[best]
      soft += Int(problem.rowPenalty[Int(groupRow[group])])
    }
    for person in 0..<problem.people { soft += minimumDaysCost(person) }
  }

  deinit {
    for flat in [
      eventTime, eventRoom, groupRow, roomEvent, personEvent, groupFirst, newFirst,
    ] { flat.free() }
    cellOf.free()
    plan.free()
    plannedStamp.free()
    personStamp.free()
    stagedStamp.free()
    staged.free()
    stagedCells.free()
    busy.free()
    costs.free()
    weekCost.free()
    leastFixed.free()
    freeRooms.free()
    roomTaken.free()
    touch.free()
    scratch.free()
    weekOpen.free()
    weekFloor.free()
    weekTaken.free()
    candidate.free()
  }

  /// Takes over all of another state of the same problem.
  public func copy(from other: SearchState) {
    precondition(problem === other.problem)
    eventTime.copy(from: other.eventTime)
    eventRoom.copy(from: other.eventRoom)
    groupRow.copy(from: other.groupRow)
    cellOf.copy(from: other.cellOf)
    busy.copy(from: other.busy)
    costs.copy(from: other.costs)
    leastFixed.copy(from: other.leastFixed)
    freeRooms.copy(from: other.freeRooms)
    roomTaken.copy(from: other.roomTaken)
    roomEvent.copy(from: other.roomEvent)
    personEvent.copy(from: other.personEvent)
    groupFirst.copy(from: other.groupFirst)
    soft = other.soft
    unplaced = other.unplaced
  }

  /// The score.
  public var score: Score { Score(hard: unplaced, soft: soft) }

  /// The placements.
  public var timetable: Timetable {
    Timetable(
      placements: (0..<problem.events).map { event in
        guard eventTime[event] >= 0 else { return nil }
        return Placement(
          time: problem.pattern(of: Int(eventTime[event])),
          room: eventRoom[event] < 0 ? nil : eventRoom[event])
      })
  }

  /// Whether an event is placed.
  @inline(__always)
  public func isPlaced(_ event: Int) -> Bool { eventTime[event] >= 0 }

  /// The shape that an event must have by its group's row; −1 where it is free.
  public func rowShape(of event: Int) -> Int32 {
    let group = problem.eventGroup[event]
    guard group >= 0 else { return -1 }
    let row = groupRow[Int(group)]
    guard row >= 0 else { return -1 }
    let members = problem.groupEvents[Int(group)]
    for (offset, index) in members.enumerated()
    where problem.groupEvents.items[index] == Int32(event) {
      return problem.rowShapes.items[Int(problem.rowShapes.start[Int(row)]) + offset]
    }
    return -1
  }

  /// Chooses another row for a group, none of whose events is placed.
  public func setRow(_ row: Int32, of group: Int) {
    assert(
      problem.groupEvents[group].allSatisfy { !isPlaced(Int(problem.groupEvents.items[$0])) })
    soft += Int(problem.rowPenalty[Int(row)]) - Int(problem.rowPenalty[Int(groupRow[group])])
    groupRow[group] = row
  }

  // MARK: - Changing

  /// Takes an event out of the timetable.
  public func remove(_ event: Int) {
    let time = Int(eventTime[event]), room = Int(eventRoom[event])
    assert(time >= 0)
    soft += fixedDelta(event, from: time, room, to: -1, -1)
    forgetLeastFixed(event)
    eventTime[event] = -1
    eventRoom[event] = -1
    unplaced += 1
    let group = Int(problem.eventGroup[event])
    if group >= 0, problem.isOrdered[group] { renewFirst(group) }
    if room >= 0 { markRoom(room, time, event: -1) }
    prepareTouches(event, from: time, to: -1, site: 0)
    commit(event)
  }

  /// Puts an event that is not placed at a time and in a room where
  /// ``delta(_:_:_:limit:)`` allows it.
  public func place(_ event: Int, _ time: Int, _ room: Int) {
    assert(eventTime[event] < 0 && time >= 0)
    soft += fixedDelta(event, from: -1, -1, to: time, room)
    forgetLeastFixed(event)
    eventTime[event] = Int32(time)
    eventRoom[event] = Int32(room)
    unplaced -= 1
    let group = Int(problem.eventGroup[event])
    if group >= 0, problem.isOrdered[group] { renewFirst(group) }
    if room >= 0 { markRoom(room, time, event: Int32(event)) }
    prepareTouches(event, from: -1, to: time, site: room < 0 ? 0 : Int(problem.roomSite[room]))
    commit(event)
  }

  func markRoom(_ room: Int, _ time: Int, event: Int32) {
    let mask = problem.timeMask[time]
    let start = Int(problem.timeStart[time]), length = Int(problem.timeLength[time])
    let day = Int(problem.timeDay[time])
    var classes = problem.timeClasses[time]
    while classes != 0 {
      let weekClass = classes.trailingZeroBitCount
      classes &= classes - 1
      let at = room * problem.cells + problem.cell(weekClass, day)
      if event >= 0 {
        assert(roomTaken[at] & mask == 0, "room \(room) is taken")
        roomTaken[at] |= mask
      } else {
        roomTaken[at] &= ~mask
      }
      for slot in start..<(start + length) { roomEvent[at * problem.slots + slot] = event }
      var free =
        (problem.cell(weekClass, day) * problem.slots + start) * problem.roomWords + room >> 6
      let bit: UInt64 = 1 << UInt64(room & 63)
      for _ in 0..<length {
        if event >= 0 { freeRooms[free] &= ~bit } else { freeRooms[free] |= bit }
        free += problem.roomWords
      }
    }
  }

  /// Takes an event that is placed to another time and room where ``delta(_:_:_:limit:)`` allows it.
  public func move(_ event: Int, _ time: Int, _ room: Int) {
    let oldTime = Int(eventTime[event]), oldRoom = Int(eventRoom[event])
    assert(oldTime >= 0 && time >= 0)
    soft += fixedDelta(event, from: oldTime, oldRoom, to: time, room)
    forgetLeastFixed(event)
    eventTime[event] = Int32(time)
    eventRoom[event] = Int32(room)
    let group = Int(problem.eventGroup[event])
    if time != oldTime, group >= 0, problem.isOrdered[group] { renewFirst(group) }
    if oldRoom >= 0 { markRoom(oldRoom, oldTime, event: -1) }
    if room >= 0 { markRoom(room, time, event: Int32(event)) }
    let oldSite = oldRoom < 0 ? 0 : problem.roomSite[oldRoom]
    let site = room < 0 ? 0 : problem.roomSite[room]
    if time == oldTime, site == oldSite { return }
    prepareTouches(event, from: oldTime, to: time, site: Int(site))
    commit(event)
  }

  /// Writes the touches prepared into the cells of the event's people; adds what that costs.
  private func commit(_ event: Int) {
    var change = 0
    for index in problem.eventPeople[event] {
      let person = Int(problem.eventPeople.items[index])
      let base = person * problem.cells
      let demandsDays = problem.personMinimumDays[person] > 0
      if demandsDays { change -= minimumDaysCost(person) }
      let measure = Int(problem.personMeasure[person])
      for number in 0..<touches {
        let touch = touch[number]
        let at = base + Int(touch.cell)
        var cell = cellOf[at]
        let before = cell.cost
        let weight = problem.personWeight[person * problem.classes + Int(touch.weekClass)]
        if problem.personSlow[person] {
          let raw = slowCost(person, Int(touch.cell), event: -1, time: -1, room: -1)
          assert(raw != Measure.forbidden)
          cell.takenCount = slowTaken
          cell.cost = raw &* weight
        } else {
          cell.takenCount = (cell.takenCount &- touch.removed) &+ touch.added
          cell.sites = (cell.sites & ~touch.removedSites) | touch.addedSites
          note(event, at, slots: touch.added)
          let raw = rawCost(measure, cell.takenCount, cell.sites)
          assert(raw != Measure.forbidden)
          cell.cost = raw &* weight
        }
        keep(cell, person, Int(touch.cell))
        change += Int(cell.cost) - Int(before)
      }
      if demandsDays { change += minimumDaysCost(person) }
    }
    soft += change
  }

  /// Puts what is kept of a person's cell in all its places.
  @inline(__always)
  func keep(_ cell: Cell, _ person: Int, _ number: Int) {
    cellOf[person * problem.cells + number] = cell
    if !problem.isPacked { return }
    let at = person * weekStride + number
    if !problem.personSlow[person] { busy[at] = UInt16(truncatingIfNeeded: cell.takenCount) }
    costs[at] = cell.cost
  }

  /// Notes that one has an event in slots of a cell, as bits.
  @inline(__always)
  func note(_ event: Int, _ at: Int, slots: UInt32) {
    var rest = slots & 0xFFFF
    while rest != 0 {
      personEvent[at * problem.slots + rest.trailingZeroBitCount] = Int32(event)
      rest &= rest - 1
    }
  }

  // MARK: - Pricing

  /// Marks a move that breaks a hard constraint or costs more than the limit.
  public static let refused = Int.max

  /// What the soft score grows by when an event goes to a time and room (−1, −1 where it leaves the
  /// timetable), or ``refused`` when that breaks a hard constraint or is more than `limit`.
  ///
  /// Nothing is written. Linear in the people of the event × the cells it touches.
  public func delta(_ event: Int, _ time: Int, _ room: Int, limit: Int) -> Int {
    let oldTime = Int(eventTime[event]), oldRoom = Int(eventRoom[event])
    if time >= 0 {
      if problem.placementCost(event, time) == Problem.forbidden { return SearchState.refused }
      if room >= 0 {
        if !isRoomFree(room, time, besides: event) { return SearchState.refused }
      }
    }
    prepareTouches(
      event, from: oldTime, to: time, site: room < 0 ? 0 : Int(problem.roomSite[room]))
    // First those who refuse: that needs no cost. What all touched cells cost now is what can at
    // most be regained.
    guard let regainable = refusalsAndRegainable(event, time, room) else {
      return SearchState.refused
    }
    let fixed = fixedDelta(event, from: oldTime, oldRoom, to: time, room)
    return peopleDelta(
      event, time, room, start: fixed, regainable: regainable, limit: limit)
  }

  /// As ``delta(_:_:_:limit:)`` without a limit, and without asking who else is in the room: the
  /// price of a room when the events in it may move too.
  public func deltaInAnyRoom(_ event: Int, _ time: Int, _ room: Int) -> Int {
    if problem.placementCost(event, time) == Problem.forbidden { return SearchState.refused }
    prepareTouches(
      event, from: Int(eventTime[event]), to: time,
      site: room < 0 ? 0 : Int(problem.roomSite[room]))
    guard let regainable = refusalsAndRegainable(event, time, room) else {
      return SearchState.refused
    }
    let fixed = fixedDelta(
      event, from: Int(eventTime[event]), Int(eventRoom[event]), to: time, room)
    return peopleDelta(
      event, time, room, start: fixed, regainable: regainable, limit: .max - 1)
  }

  /// The site at which a person spends a slot, in the first of some classes of weeks in which it is
  /// spent at one; 0 for none. Only where people are kept as words.
  @inline(__always)
  public func site(_ person: Int, day: Int, classes: UInt64, slot: Int) -> Int {
    if slot < 0 || slot >= problem.slots { return 0 }
    var rest = classes
    while rest != 0 {
      let cell = person * problem.cells + problem.cell(rest.trailingZeroBitCount, day)
      rest &= rest - 1
      let site = Int(cellOf[cell].sites >> UInt64(4 * slot) & 15)
      if site != 0 { return site }
    }
    return 0
  }

  /// The word of rooms of an event that are free at a time, its own use aside; `site` 0 for any.
  @inline(__always)
  public func freeRoomWord(_ event: Int, _ time: Int, site: Int, word: Int) -> UInt64 {
    let words = problem.roomWords
    var free = problem.roomAllowed[event * words + word]
    if site != 0 { free &= problem.siteRooms[site * words + word] }
    if free == 0 { return 0 }
    let day = Int(problem.timeDay[time]), start = Int(problem.timeStart[time])
    let length = Int(problem.timeLength[time])
    var own: UInt64 = 0
    let oldRoom = Int(eventRoom[event])
    if oldRoom >= 0, oldRoom >> 6 == word {
      let oldTime = Int(eventTime[event])
      if Int(problem.timeDay[oldTime]) == day,
        problem.timeMask[oldTime] & problem.timeMask[time] != 0,
        free >> UInt64(oldRoom & 63) & 1 == 1,
        isRoomFree(oldRoom, time, besides: event)
      {
        own = 1 << UInt64(oldRoom & 63)
      }
    }
    var classes = problem.timeClasses[time]
    while classes != 0 {
      let weekClass = classes.trailingZeroBitCount
      classes &= classes - 1
      var at = (problem.cell(weekClass, day) * problem.slots + start) * words + word
      for _ in 0..<length {
        free &= freeRooms[at]
        at += words
      }
    }
    return free | own
  }

  /// As ``delta(_:_:_:limit:)`` for a room that is free then, which is not looked at again.
  @inline(__always)
  public func deltaOfOpen(_ event: Int, _ time: Int, _ room: Int, limit: Int) -> Int {
    let oldTime = Int(eventTime[event]), oldRoom = Int(eventRoom[event])
    let fixed = fixedDelta(event, from: oldTime, oldRoom, to: time, room)
    let site = room < 0 ? 0 : Int(problem.roomSite[room])
    if time == oldTime, site == (oldRoom < 0 ? 0 : Int(problem.roomSite[oldRoom])) {
      return fixed > limit ? SearchState.refused : fixed
    }
    prepareTouches(event, from: oldTime, to: time, site: site)
    guard let regainable = refusalsAndRegainable(event, time, room) else {
      return SearchState.refused
    }
    return peopleDelta(
      event, time, room, start: fixed, regainable: regainable, limit: limit)
  }

  /// Whether a room is free at a time, an event's own use aside.
  @inline(__always)
  public func isRoomFree(_ room: Int, _ time: Int, besides event: Int) -> Bool {
    let mask = problem.timeMask[time]
    let day = Int(problem.timeDay[time])
    var own: UInt64 = 0
    var ownClasses: UInt64 = 0
    if event >= 0, eventRoom[event] == Int32(room) {
      let oldTime = Int(eventTime[event])
      if Int(problem.timeDay[oldTime]) == day {
        own = problem.timeMask[oldTime]
        ownClasses = problem.timeClasses[oldTime]
      }
    }
    var classes = problem.timeClasses[time]
    while classes != 0 {
      let weekClass = classes.trailingZeroBitCount
      classes &= classes - 1
      let at = room * problem.cells + problem.cell(weekClass, day)
      var taken = roomTaken[at]
      if ownClasses >> UInt64(weekClass) & 1 == 1 { taken &= ~own }
      if (taken | problem.roomClosed[at]) & mask != 0 { return false }
    }
    return true
  }

  /// What changes without regard to people: placement, room, group terms.
  func fixedDelta(
    _ event: Int, from oldTime: Int, _ oldRoom: Int, to time: Int, _ room: Int
  ) -> Int {
    var delta = 0
    if time >= 0 {
      delta += Int(problem.placementCost(event, time))
      if room >= 0 {
        delta += problem.roomCost(event, room) + problem.roomTimeCost(room, time)
      }
    }
    if oldTime >= 0 {
      delta -= Int(problem.placementCost(event, oldTime))
      if oldRoom >= 0 {
        delta -= problem.roomCost(event, oldRoom) + problem.roomTimeCost(oldRoom, oldTime)
      }
    }
    let group = Int(problem.eventGroup[event])
    guard group >= 0 else { return delta }
    let several = problem.groupEvents.count(group) > 1
    if several, problem.groupSameDay[group] != 0, time != oldTime {
      delta +=
        sameDayCost(group, event: event, time: time)
        - sameDayCost(group, event: event, time: oldTime)
    }
    if several, problem.groupStability[group] != 0, room != oldRoom || time < 0 || oldTime < 0 {
      delta +=
        stabilityCost(group, event: event, time: time, room: room)
        - stabilityCost(group, event: event, time: oldTime, room: oldRoom)
    }
    if time != oldTime, problem.isOrdered[group] {
      delta += orderDelta(group, event: event, time: time)
    }
    return delta
  }

  @inline(__always)
  private func time(of member: Int, event: Int, _ time: Int) -> Int {
    member == event ? time : Int(eventTime[member])
  }

  /// weight × Σ over weeks and days of the events of the group beyond the first.
  private func sameDayCost(_ group: Int, event: Int, time: Int) -> Int {
    let range = problem.groupEvents[group]
    var amount: Int32 = 0
    for i in range {
      let ti = self.time(of: Int(problem.groupEvents.items[i]), event: event, time)
      if ti < 0 { continue }
      // The classes in which an earlier event of the group has the same day.
      var shared: UInt64 = 0
      for j in range.lowerBound..<i {
        let tj = self.time(of: Int(problem.groupEvents.items[j]), event: event, time)
        if tj >= 0, problem.timeDay[tj] == problem.timeDay[ti] {
          shared |= problem.timeClasses[tj]
        }
      }
      amount += weeks(of: shared & problem.timeClasses[ti])
    }
    return Int(amount) * Int(problem.groupSameDay[group])
  }

  @inline(__always)
  private func weeks(of classes: UInt64) -> Int32 {
    var rest = classes
    var sum: Int32 = 0
    while rest != 0 {
      sum += problem.classWeeks[rest.trailingZeroBitCount]
      rest &= rest - 1
    }
    return sum
  }

  /// weight × (different rooms of the group − 1).
  private func stabilityCost(_ group: Int, event: Int, time: Int, room: Int) -> Int {
    let range = problem.groupEvents[group]
    var different = 0
    for i in range {
      let a = Int(problem.groupEvents.items[i])
      let roomA = a == event ? Int32(room) : eventRoom[a]
      if roomA < 0 { continue }
      var seen = false
      for j in range.lowerBound..<i {
        let b = Int(problem.groupEvents.items[j])
        if (b == event ? Int32(room) : eventRoom[b]) == roomA { seen = true }
      }
      if !seen { different += 1 }
    }
    return max(0, different - 1) * Int(problem.groupStability[group])
  }

  /// What `firstInWeek` grows by for a group and its children when one of its events goes to a
  /// time: weight × weeks in which the later group's first event is before the earlier group's.
  private func orderDelta(_ group: Int, event: Int, time: Int) -> Int {
    let classes = problem.classes
    var changed: UInt64 = 0
    let isAlone = problem.groupEvents.count(group) == 1
    let place = time < 0 ? .max : problem.timeDay[time] &* 64 &+ problem.timeStart[time]
    let held = time < 0 ? 0 : problem.timeClasses[time]
    for weekClass in 0..<classes {
      let value =
        isAlone
        ? (held >> UInt64(weekClass) & 1 == 1 ? place : .max)
        : first(group, weekClass, event: event, time: time)
      newFirst[weekClass] = value
      if value != groupFirst[group * classes + weekClass] { changed |= 1 << UInt64(weekClass) }
    }
    if changed == 0 { return 0 }
    var delta = 0
    if problem.groupParent[group] >= 0 {
      let parent = Int(problem.groupParent[group]) * classes
      var amount: Int32 = 0
      var rest = changed
      while rest != 0 {
        let weekClass = rest.trailingZeroBitCount
        rest &= rest - 1
        let earlier = groupFirst[parent + weekClass]
        if earlier == .max { continue }
        if newFirst[weekClass] < earlier { amount += problem.classWeeks[weekClass] }
        if groupFirst[group * classes + weekClass] < earlier {
          amount -= problem.classWeeks[weekClass]
        }
      }
      delta += Int(amount) * Int(problem.groupParentWeight[group])
    }
    for index in problem.groupChildren[group] {
      let child = Int(problem.groupChildren.items[index])
      var amount: Int32 = 0
      var rest = changed
      while rest != 0 {
        let weekClass = rest.trailingZeroBitCount
        rest &= rest - 1
        let later = groupFirst[child * classes + weekClass]
        let old = groupFirst[group * classes + weekClass]
        if newFirst[weekClass] != .max, later < newFirst[weekClass] {
          amount += problem.classWeeks[weekClass]
        }
        if old != .max, later < old { amount -= problem.classWeeks[weekClass] }
      }
      delta += Int(amount) * Int(problem.groupParentWeight[child])
    }
    return delta
  }

  /// Keeps ``groupFirst`` after an event of a group was placed or removed.
  func renewFirst(_ group: Int) {
    for weekClass in 0..<problem.classes {
      groupFirst[group * problem.classes + weekClass] = first(
        group, weekClass, event: -1, time: -1)
    }
  }

  /// Day and slot of the first event of a group in a class of weeks; the largest number where it
  /// has none.
  @inline(__always)
  private func first(_ group: Int, _ weekClass: Int, event: Int, time: Int) -> Int32 {
    var best = Int32.max
    for index in problem.groupEvents[group] {
      let t = self.time(of: Int(problem.groupEvents.items[index]), event: event, time)
      if t < 0 || problem.timeClasses[t] >> UInt64(weekClass) & 1 == 0 { continue }
      let at = problem.timeDay[t] &* 64 &+ problem.timeStart[t]
      if at < best { best = at }
    }
    return best
  }

  // MARK: - People

  /// Lists the cells that a change of time touches, the old day's removals and the new day's
  /// additions; where both are one day a cell is touched once.
  private func prepareTouches(_ event: Int, from oldTime: Int, to time: Int, site: Int) {
    var count = 0
    let oldClasses = oldTime >= 0 ? problem.timeClasses[oldTime] : 0
    let newClasses = time >= 0 ? problem.timeClasses[time] : 0
    let oldDay = oldTime >= 0 ? problem.timeDay[oldTime] : -1
    let newDay = time >= 0 ? problem.timeDay[time] : -2
    // Longer days are kept by the slow path, which takes only the number of events from here.
    let oldMask = oldTime >= 0 ? UInt32(problem.timeMask[oldTime] & 0xFFFF) : 0
    let newMask = time >= 0 ? UInt32(problem.timeMask[time] & 0xFFFF) : 0
    let packed = problem.isPacked
    let oldNibbles = packed && oldTime >= 0 ? nibbles(oldTime) &* 15 : 0
    let newNibbles = packed && time >= 0 ? nibbles(time) &* UInt64(site) : 0
    var nearMask: UInt32 = 0
    if time >= 0, site > 0 {
      let at = (site * problem.longest + Int(problem.timeLength[time]) - 1) * problem.slots
      nearMask = UInt32(truncatingIfNeeded: problem.near[at + Int(problem.timeStart[time])])
    }
    func add(
      _ weekClass: Int, _ day: Int32, removes: Bool, adds: Bool, _ repeats: Bool
    ) {
      touch[count] = Touch(
        cell: Int32(problem.cell(weekClass, Int(day))), weekClass: Int32(weekClass),
        removed: removes ? oldMask + 1 << 16 : 0, added: adds ? newMask + 1 << 16 : 0,
        removedSites: removes ? oldNibbles : 0, addedSites: adds ? newNibbles : 0,
        near: adds ? nearMask : 0, repeats: repeats)
      count += 1
    }
    if oldDay == newDay {
      var rest = oldClasses | newClasses
      var last: (Bool, Bool)?
      while rest != 0 {
        let weekClass = rest.trailingZeroBitCount
        rest &= rest - 1
        let removes = oldClasses >> UInt64(weekClass) & 1 == 1
        let adds = newClasses >> UInt64(weekClass) & 1 == 1
        add(
          weekClass, newDay, removes: removes, adds: adds,
          last.map { $0 == (removes, adds) } ?? false)
        last = (removes, adds)
      }
    } else {
      var rest = newClasses
      var follows = false
      while rest != 0 {
        let weekClass = rest.trailingZeroBitCount
        rest &= rest - 1
        add(weekClass, newDay, removes: false, adds: true, follows)
        follows = true
      }
      rest = oldClasses
      follows = false
      while rest != 0 {
        let weekClass = rest.trailingZeroBitCount
        rest &= rest - 1
        add(weekClass, oldDay, removes: true, adds: false, follows)
        follows = true
      }
    }
    touches = count
  }

  /// One of four bits for each slot of a time.
  @inline(__always)
  func nibbles(_ time: Int) -> UInt64 {
    let length = UInt64(problem.timeLength[time]), start = UInt64(problem.timeStart[time])
    let low: UInt64 = 0x1111_1111_1111_1111
    return (length >= 16 ? low : low & ((1 << (4 * length)) - 1)) << (4 * start)
  }

  /// The cost of all cells that the touches prepared would change; nil where somebody refuses.
  @inline(__always)
  private func refusalsAndRegainable(_ event: Int, _ time: Int, _ room: Int) -> Int? {
    let people = problem.eventPeople[event]
    let cells = problem.cells
    // Those who are kept as words alone come first.
    let plain = people.lowerBound + Int(problem.plainPeople[event])
    var regainable = 0
    for index in people {
      let one = problem.attendance[index]
      let person = Int(one.person)
      let base = person * cells
      if index >= plain {
        if problem.personMinimumDays[person] > 0 { regainable += minimumDaysCost(person) }
        if problem.personSlow[person] {
          for number in 0..<touches {
            regainable += Int(cellOf[base + Int(touch[number].cell)].cost)
          }
          continue
        }
      }
      for number in 0..<touches {
        let touch = touch[number]
        let cell = cellOf[base + Int(touch.cell)]
        regainable += Int(cell.cost)
        if touch.added != 0 {
          let taken = cell.takenCount &- touch.removed
          if taken & touch.added & 0xFFFF != 0 { return nil }
          if taken & touch.near != 0, problem.measureTravel[Int(one.measure)] {
            if isTooFar(cell.sites & ~touch.removedSites, taken & touch.near, time, room) {
              return nil
            }
          }
        }
      }
    }
    return regainable
  }

  private func peopleDelta(
    _ event: Int, _ time: Int, _ room: Int, start: Int, regainable most: Int, limit: Int
  ) -> Int {
    let people = problem.eventPeople[event]
    let cells = problem.cells
    let plain = people.lowerBound + Int(problem.plainPeople[event])
    var regainable = most
    var delta = start
    if delta - regainable > limit { return SearchState.refused }
    for index in people {
      let one = problem.attendance[index]
      let person = Int(one.person)
      let base = person * cells
      let measure = Int(one.measure)
      let isSlow = index >= plain && problem.personSlow[person]
      var lastRaw: Int32 = 0
      var lastCell = Cell(takenCount: .max, cost: 0, sites: 0)
      for number in 0..<touches {
        let touch = touch[number]
        let cell = cellOf[base + Int(touch.cell)]
        var raw = lastRaw
        if isSlow {
          raw = slowCost(person, Int(touch.cell), event: event, time: time, room: room)
        } else if !touch.repeats || cell.takenCount != lastCell.takenCount
          || cell.sites != lastCell.sites
        {
          raw = rawCost(
            measure, (cell.takenCount &- touch.removed) &+ touch.added,
            (cell.sites & ~touch.removedSites) | touch.addedSites)
        }
        if raw == Measure.forbidden { return SearchState.refused }
        lastRaw = raw
        lastCell = cell
        delta +=
          Int(raw &* one.count &* problem.classWeeks[Int(touch.weekClass)]) - Int(cell.cost)
        regainable -= Int(cell.cost)
      }
      if index >= plain, problem.personMinimumDays[person] > 0 {
        let now = minimumDaysCost(person)
        delta += minimumDaysCost(person, touched: true) - now
        regainable -= now
      }
      if delta - regainable > limit { return SearchState.refused }
    }
    return delta > limit ? SearchState.refused : delta
  }

  /// Cost of a cell of one person and one week, by its word.
  @inline(__always)
  func rawCost(_ measure: Int, _ takenCount: UInt32, _ sites: UInt64) -> Int32 {
    let taken = takenCount & 0xFFFF
    let cost = problem.table[measure &<< problem.tableBits | Int(taken)]
    if cost == Measure.forbidden { return cost }
    return cost &+ dayCost(measure, events: takenCount >> 16, sites)
  }

  /// The part of the cost of a day that does not depend on the slots taken.
  @inline(__always)
  func dayCost(_ measure: Int, events: UInt32, _ sites: UInt64) -> Int32 {
    if events == 1 { return problem.measureSingle[measure] }
    if problem.measureChange[measure] == 0 || sites == 0 { return 0 }
    return problem.measureChange[measure] &* siteChanges(sites)
  }

  /// Pairs of consecutive slots spent at different sites, those without a site skipped.
  @inline(__always)
  private func siteChanges(_ sites: UInt64) -> Int32 {
    var marks = sites | sites >> 1
    marks = (marks | marks >> 2) & 0x1111_1111_1111_1111
    let first = sites &>> UInt64(marks.trailingZeroBitCount) & 15
    if marks &* first == sites { return 0 }
    var last = first
    var changes: Int32 = 0
    while marks != 0 {
      let site = sites &>> UInt64(marks.trailingZeroBitCount) & 15
      if site != last { changes += 1 }
      last = site
      marks &= marks - 1
    }
    return changes
  }

  /// Whether something nearby is at a site from which there is no time for the way.
  @inline(__always)
  func isTooFar(_ sites: UInt64, _ nearby: UInt32, _ time: Int, _ room: Int) -> Bool {
    let own = Int(problem.roomSite[room])
    let place =
      (Int(problem.timeLength[time]) - 1) * problem.slots + Int(problem.timeStart[time])
    let step = problem.longest * problem.slots
    var rest = nearby
    while rest != 0 {
      let slot = rest.trailingZeroBitCount
      rest &= rest - 1
      let site = Int(sites >> UInt64(4 * slot) & 15)
      if site != 0, site != own,
        problem.blocked[(own * problem.sites + site) * step + place] >> UInt64(slot) & 1 == 1
      {
        return true
      }
    }
    return false
  }

  /// weight × days missing to the person's minimum.
  func minimumDaysCost(_ person: Int, touched: Bool = false) -> Int {
    let minimum = problem.personMinimumDays[person]
    if minimum == 0 { return 0 }
    let measure = Int(problem.personMeasure[person])
    if problem.measureMinimumDays[measure] == 0 { return 0 }
    var used: Int32 = 0
    for day in 0..<problem.days {
      var any = false
      for weekClass in 0..<problem.classes {
        let at = problem.cell(weekClass, day)
        var count = Int(cellOf[person * problem.cells + at].takenCount >> 16)
        if touched {
          for number in 0..<touches where Int(touch[number].cell) == at {
            if touch[number].removed != 0 { count -= 1 }
            if touch[number].added != 0 { count += 1 }
          }
        }
        if count > 0 { any = true }
      }
      if any { used += 1 }
    }
    return Int(max(0, minimum - used) * problem.measureMinimumDays[measure])
      * Int(problem.personCount[person])
  }

  /// The word of the cell that ``slowCost(_:_:event:time:room:)`` priced last.
  var slowTaken: UInt32 = 0

  /// Cost of a cell of one person and one week from the person's list of events, with one event
  /// taken to be at another time and room (`event` −1 for none).
  ///
  /// It is the meaning of ``rawCost(_:_:_:)`` where words do not suffice: lenient overlaps, more
  /// slots or sites than fit.
  func slowCost(_ person: Int, _ cell: Int, event: Int, time: Int, room: Int) -> Int32 {
    let weekClass = UInt64(cell % problem.classes), day = Int32(cell / problem.classes)
    let measure = Int(problem.personMeasure[person])
    var count = 0
    for index in problem.personEvents[person] {
      let other = Int(problem.personEvents.items[index])
      let t = other == event ? time : Int(eventTime[other])
      if t < 0 || problem.timeDay[t] != day || problem.timeClasses[t] >> weekClass & 1 == 0 {
        continue
      }
      let r = other == event ? room : Int(eventRoom[other])
      var at = count
      let start = problem.timeStart[t]
      while at > 0, scratch[at - 1].start > start {
        scratch[at] = scratch[at - 1]
        at -= 1
      }
      scratch[at] = Entry(
        start: start, event: Int32(other), length: problem.timeLength[t],
        site: r < 0 ? 0 : problem.roomSite[r], mask: problem.timeMask[t],
        lenient: problem.personLenient[index])
      count += 1
    }
    var taken: UInt64 = 0, twice: UInt64 = 0, lenient: UInt64 = 0
    var changes: Int32 = 0
    var lastSite: Int32 = 0
    for i in 0..<count {
      let a = scratch[i]
      twice |= taken & a.mask
      taken |= a.mask
      if a.lenient { lenient |= a.mask }
      if a.site != 0 {
        if lastSite != 0, lastSite != a.site { changes += 1 }
        lastSite = a.site
      }
      for j in 0..<i {
        let b = scratch[j]
        if a.mask & b.mask != 0 {
          if problem.measureOverlap[measure], !a.lenient, !b.lenient { return Measure.forbidden }
        } else if problem.measureTravel[measure], a.site != 0, b.site != 0, a.site != b.site {
          let at =
            ((Int(a.site) * problem.sites + Int(b.site)) * problem.longest + Int(a.length) - 1)
            * problem.slots + Int(a.start)
          if problem.blocked[at] & b.mask != 0 { return Measure.forbidden }
        }
      }
    }
    slowTaken = UInt32(count) << 16 | UInt32(truncatingIfNeeded: taken & 0xFFFF)
    var cost =
      problem.isPacked
      ? problem.table[measure &<< problem.tableBits | Int(taken)]
      : problem.measures[measure].cost(taken: taken)
    if cost == Measure.forbidden { return cost }
    if count == 1 { cost &+= problem.measureSingle[measure] }
    if twice != 0, problem.measures[measure].isolated != 0 {
      let isolated = problem.measures[measure].isolated
      // The table counts slots; here several events of a slot are isolated each.
      let alone = taken & ~(taken << 1) & ~(taken >> 1)
      for i in 0..<count where scratch[i].mask & alone != 0 { cost &+= isolated }
      cost &-= isolated &* Int32(alone.nonzeroBitCount)
    }
    cost &+= problem.measureChange[measure] &* changes
    cost &+= problem.measureLenient[measure] &* Int32((twice & lenient).nonzeroBitCount)
    return cost
  }

  // MARK: - What stands in the way

  /// The events of a day of one who may not have as many hours as with an event at a time: one of
  /// them must leave. Empty where the hours of nobody forbid it.
  public func crowd(_ event: Int, _ time: Int) -> [Int] {
    for index in problem.eventPeople[event] {
      let person = Int(problem.eventPeople.items[index])
      let measure = problem.measures[Int(problem.personMeasure[person])]
      var classes = problem.timeClasses[time]
      while classes != 0 {
        let weekClass = UInt64(classes.trailingZeroBitCount)
        classes &= classes - 1
        var taken = problem.timeMask[time]
        var found: [Int] = []
        for at in problem.personEvents[person] {
          let other = Int(problem.personEvents.items[at])
          let held = Int(eventTime[other])
          if other == event || held < 0 || problem.timeDay[held] != problem.timeDay[time]
            || problem.timeClasses[held] >> weekClass & 1 == 0
          {
            continue
          }
          taken |= problem.timeMask[held]
          found.append(other)
        }
        if measure.cost(taken: taken) == Measure.forbidden { return found }
      }
    }
    return []
  }

  /// Events that must leave for an event to go to a time and room: those in the room, and those of
  /// its people that overlap or leave no time for the way. Nil where a closed room or a forbidden
  /// time stands in the way, which no leaving mends; limits of hours are left to
  /// ``crowd(_:_:)``.
  ///
  /// The event itself is not among them.
  public func obstacles(_ event: Int, _ time: Int, _ room: Int, most: Int) -> [Int]? {
    if problem.placementCost(event, time) == Problem.forbidden { return nil }
    var found: [Int] = []
    let mask = problem.timeMask[time]
    let classes = problem.timeClasses[time]
    let day = problem.timeDay[time]
    if room >= 0 {
      var rest = classes
      while rest != 0 {
        let at =
          room * problem.cells + problem.cell(rest.trailingZeroBitCount, Int(day))
        rest &= rest - 1
        if problem.roomClosed[at] & mask != 0 { return nil }
        var slots = roomTaken[at] & mask
        while slots != 0 {
          let other = Int(roomEvent[at * problem.slots + slots.trailingZeroBitCount])
          slots &= slots - 1
          if other != event, !found.contains(other) { found.append(other) }
        }
      }
      if found.count > most { return nil }
    }
    let site = room < 0 ? 0 : Int(problem.roomSite[room])
    let step = problem.longest * problem.slots
    let place =
      (Int(problem.timeLength[time]) - 1) * problem.slots + Int(problem.timeStart[time])
    for index in problem.eventPeople[event] {
      let person = Int(problem.eventPeople.items[index])
      let measure = Int(problem.personMeasure[person])
      let own = problem.personEvents[person].first {
        problem.personEvents.items[$0] == Int32(event)
      }
      let ownLenient = own.map { problem.personLenient[$0] } ?? false
      for at in problem.personEvents[person] {
        let other = Int(problem.personEvents.items[at])
        let t = Int(eventTime[other])
        if other == event || t < 0 || problem.timeDay[t] != day
          || problem.timeClasses[t] & classes == 0
        {
          continue
        }
        let clash: Bool
        if problem.timeMask[t] & mask != 0 {
          clash = problem.measureOverlap[measure] && !ownLenient && !problem.personLenient[at]
        } else {
          let otherSite = eventRoom[other] < 0 ? 0 : Int(problem.roomSite[Int(eventRoom[other])])
          clash =
            problem.measureTravel[measure] && site != 0 && otherSite != 0 && site != otherSite
            && problem.blocked[(site * problem.sites + otherSite) * step + place]
              & problem.timeMask[t] != 0
        }
        if clash, !found.contains(other) {
          found.append(other)
          if found.count > most { return nil }
        }
      }
    }
    return found
  }
}

extension SearchState {
  /// Whether a person's day, in the first class of weeks of a time, costs more than a day must
  /// (the price of the day itself aside).
  @inline(__always)
  public func isCostly(_ person: Int, at time: Int) -> Bool {
    let weekClass = problem.timeClasses[time].trailingZeroBitCount
    let cell = cellOf[
      person * problem.cells + problem.cell(weekClass, Int(problem.timeDay[time]))]
    let least =
      problem.measureDays[Int(problem.personMeasure[person])]
      &* problem.personWeight[person * problem.classes + weekClass]
    return cell.cost > least
  }
}

extension SearchState {
  /// Whether a person has an event that must not overlap with another at a time.
  public func isBusy(_ person: Int, at time: Int, besides event: Int) -> Bool {
    let items = problem.personEvents
    let own = items[person].first { items.items[$0] == Int32(event) }
    if own.map({ problem.personLenient[$0] }) ?? false { return false }
    return items[person].contains { index in
      let other = Int(items.items[index])
      let held = Int(eventTime[other])
      return other != event && held >= 0 && !problem.personLenient[index]
        && problem.timeDay[held] == problem.timeDay[time]
        && problem.timeClasses[held] & problem.timeClasses[time] != 0
        && problem.timeMask[held] & problem.timeMask[time] != 0
    }
  }
}

extension SearchState {
  /// Calls a body with each event that a person has in the slots of a time and that is neither part of
  /// the move planned nor may overlap with `mover`; with some more than once. Stops, and returns false,
  /// where the body does.
  @inline(__always)
  public func forEachInTheWay(
    of mover: Int, person: Int, at time: Int, _ body: (Int) -> Bool
  ) -> Bool {
    let day = Int(problem.timeDay[time])
    let mask = UInt32(truncatingIfNeeded: problem.timeMask[time])
    if problem.isPacked, !problem.personSlow[person] {
      var classes = problem.timeClasses[time]
      while classes != 0 {
        let at = person * problem.cells + problem.cell(classes.trailingZeroBitCount, day)
        classes &= classes - 1
        var slots = cellOf[at].takenCount & mask
        while slots != 0 {
          let other = Int(personEvent[at * problem.slots + slots.trailingZeroBitCount])
          slots &= slots - 1
          assert(problem.overlap(Int(eventTime[other]), time))
          if !isPlanned(other), !body(other) { return false }
        }
      }
      return true
    }
    for position in problem.personEvents[person] {
      let other = Int(problem.personEvents.items[position])
      if isPlanned(other) { continue }
      let held = Int(eventTime[other])
      if held < 0 || !problem.overlap(held, time) || problem.isLenient(person, position, mover) {
        continue
      }
      if !body(other) { return false }
    }
    return true
  }
}

extension Problem {
  /// Whether two times share a slot of a week.
  @inline(__always)
  public func overlap(_ a: Int, _ b: Int) -> Bool {
    timeDay[a] == timeDay[b] && timeClasses[a] & timeClasses[b] != 0
      && timeMask[a] & timeMask[b] != 0
  }

  /// Whether a person may have two events at the same time: one by its position in
  /// ``personEvents``, and another.
  @inline(__always)
  public func isLenient(_ person: Int, _ position: Int, _ other: Int) -> Bool {
    if !personSlow[person] { return false }
    if !measureOverlap[Int(personMeasure[person])] || personLenient[position] { return true }
    for index in personEvents[person] where personEvents.items[index] == Int32(other) {
      return personLenient[index]
    }
    return false
  }
}

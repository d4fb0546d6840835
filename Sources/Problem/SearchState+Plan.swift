// SPDX-License-Identifier: GPL-3.0-or-later

/// Several events that move at the same time: priced without writing a cell, made at once.
extension SearchState {
  /// An event of the move that is being put together.
  struct Planned: BitwiseCopyable {
    var event: Int32
    var oldTime: Int32
    var oldRoom: Int32
    var time: Int32
    var room: Int32
  }

  /// The most events that move at the same time.
  public static let mostPlanned = 64

  /// Starts a new move of several events.
  public func beginPlan() {
    plannedCount = 0
    plannedGroup = -1
    if planStamp == .max {
      for event in 0..<plannedStamp.count { plannedStamp[event] = 0 }
      for cell in 0..<stagedStamp.count { stagedStamp[cell] = 0 }
      for person in 0..<personStamp.count { personStamp[person] = 0 }
      planStamp = 0
    }
    planStamp += 1
  }

  /// Events planned so far.
  @inline(__always)
  public var plannedEvents: Int { plannedCount }

  /// The event planned as number `index`, its new time, and its room.
  @inline(__always)
  public func planned(_ index: Int) -> (event: Int, time: Int, room: Int) {
    let entry = plan[index]
    return (Int(entry.event), Int(entry.time), Int(entry.room))
  }

  /// The time and room of the event planned as number `index` before the move.
  public func plannedFrom(_ index: Int) -> (time: Int, room: Int) {
    let entry = plan[index]
    return (Int(entry.oldTime), Int(entry.oldRoom))
  }

  /// The group that gets another row of pattern sets, with the row it had and the new one, of a move
  /// that is priced; nil for none.
  public var plannedRowChange: (group: Int, old: Int32, new: Int32)? {
    plannedGroup < 0 ? nil : (plannedGroup, oldPlannedRow, plannedRow)
  }

  /// Whether an event is part of the move.
  @inline(__always)
  public func isPlanned(_ event: Int) -> Bool { plannedStamp[event] == planStamp }

  /// Adds an event that is placed, at most once and at most ``mostPlanned`` of them.
  @inline(__always)
  public func plan(_ event: Int, to time: Int, _ room: Int) {
    assert(!isPlanned(event) && eventTime[event] >= 0 && plannedCount < SearchState.mostPlanned)
    plan[plannedCount] = Planned(
      event: Int32(event), oldTime: eventTime[event], oldRoom: eventRoom[event],
      time: Int32(time), room: Int32(room))
    plannedCount += 1
    plannedStamp[event] = planStamp
  }

  /// Chooses another room for the event planned as number `index`.
  @inline(__always)
  public func setPlannedRoom(_ index: Int, _ room: Int) { plan[index].room = Int32(room) }

  /// Adds another row of pattern sets for a group all of whose events are part of the move, with
  /// times of the row's shapes.
  public func planRow(_ row: Int32, of group: Int) {
    plannedGroup = group
    plannedRow = row
  }

  /// What the soft score grows by when all planned events move, or ``refused`` when that breaks a
  /// hard constraint or is more than `limit`. A price that is not refused must be followed by
  /// ``commitPlan()`` or ``dropPlan()``, and nothing else in between.
  public func priceOfPlan(limit: Int) -> Int {
    if !hasRooms() { return SearchState.refused }
    for index in 0..<plannedCount {
      let entry = plan[index]
      if problem.placementCost(Int(entry.event), Int(entry.time)) == Problem.forbidden {
        return SearchState.refused
      }
    }
    var delta = 0
    if plannedGroup >= 0 {
      oldPlannedRow = groupRow[plannedGroup]
      delta +=
        Int(problem.rowPenalty[Int(plannedRow)]) - Int(problem.rowPenalty[Int(oldPlannedRow)])
      groupRow[plannedGroup] = plannedRow
    }
    // Group terms one event after another, each with the ones before it in their new places.
    for index in 0..<plannedCount {
      let entry = plan[index]
      let event = Int(entry.event)
      delta += fixedDelta(
        event, from: Int(entry.oldTime), Int(entry.oldRoom), to: Int(entry.time), Int(entry.room))
      eventTime[event] = entry.time
      eventRoom[event] = entry.room
      let group = Int(problem.eventGroup[event])
      if entry.time != entry.oldTime, group >= 0, problem.isOrdered[group] { renewFirst(group) }
    }
    let people = stagePeople(limit: limit, start: delta)
    if people == SearchState.refused {
      dropPlan()
      return SearchState.refused
    }
    plannedDelta = people
    return people
  }

  /// Takes the planned move back.
  public func dropPlan() {
    for index in 0..<plannedCount {
      let entry = plan[index]
      eventTime[Int(entry.event)] = entry.oldTime
      eventRoom[Int(entry.event)] = entry.oldRoom
    }
    for index in 0..<plannedCount where plan[index].time != plan[index].oldTime {
      let group = Int(problem.eventGroup[Int(plan[index].event)])
      if group >= 0, problem.isOrdered[group] { renewFirst(group) }
    }
    if plannedGroup >= 0 { groupRow[plannedGroup] = oldPlannedRow }
  }

  /// Makes the move that ``priceOfPlan(limit:)`` priced last.
  public func commitPlan() {
    soft += plannedDelta
    for index in 0..<plannedCount {
      let entry = plan[index]
      forgetLeastFixed(Int(entry.event))
      if entry.oldRoom >= 0 { markRoom(Int(entry.oldRoom), Int(entry.oldTime), event: -1) }
    }
    for index in 0..<plannedCount {
      let entry = plan[index]
      if entry.room >= 0 { markRoom(Int(entry.room), Int(entry.time), event: entry.event) }
    }
    for index in 0..<stagedCount {
      let at = Int(stagedCells[index])
      let (person, cell) = at.quotientAndRemainder(dividingBy: problem.cells)
      keep(staged[at], person, cell)
    }
    if problem.isPacked { notePlanned() }
  }

  /// Notes where the people of the planned events have them now.
  private func notePlanned() {
    for index in 0..<plannedCount {
      let entry = plan[index]
      let time = Int(entry.time)
      let mask = UInt32(truncatingIfNeeded: problem.timeMask[time])
      let day = Int(problem.timeDay[time])
      for position in problem.eventPeople[Int(entry.event)] {
        let base = Int(problem.eventPeople.items[position]) * problem.cells
        var rest = problem.timeClasses[time]
        while rest != 0 {
          note(
            Int(entry.event), base + problem.cell(rest.trailingZeroBitCount, day), slots: mask)
          rest &= rest - 1
        }
      }
    }
  }

  /// Whether all rooms planned are open and free once the planned events have left.
  private func hasRooms() -> Bool {
    for index in 0..<plannedCount {
      let entry = plan[index]
      if entry.room < 0 { continue }
      let room = Int(entry.room), time = Int(entry.time)
      let mask = problem.timeMask[time]
      let day = problem.timeDay[time]
      let classes = problem.timeClasses[time]
      var rest = classes
      while rest != 0 {
        let at = room * problem.cells + problem.cell(rest.trailingZeroBitCount, Int(day))
        rest &= rest - 1
        if problem.roomClosed[at] & mask != 0 { return false }
        var taken = roomTaken[at] & mask
        while taken != 0 {
          let slot = taken.trailingZeroBitCount
          taken &= taken - 1
          if !isPlanned(Int(roomEvent[at * problem.slots + slot])) { return false }
        }
      }
      for other in 0..<index where plan[other].room == entry.room {
        let t = Int(plan[other].time)
        if problem.timeDay[t] == day, problem.timeClasses[t] & classes != 0,
          problem.timeMask[t] & mask != 0
        {
          return false
        }
      }
    }
    return true
  }

  /// The position in ``staged`` of a cell, which is as it is now when it is first asked for.
  @inline(__always)
  private func stage(_ at: Int, _ regainable: inout Int) {
    if stagedStamp[at] == planStamp { return }
    stagedStamp[at] = planStamp
    staged[at] = cellOf[at]
    stagedCells[stagedCount] = Int32(at)
    stagedCount += 1
    regainable += Int(cellOf[at].cost)
  }

  /// Puts the people's cells as they would be into ``staged``, with their costs.
  private func stagePeople(limit: Int, start: Int) -> Int {
    let cells = problem.cells
    let packed = problem.isPacked
    var regainable = 0
    stagedCount = 0
    for index in 0..<plannedCount {
      let entry = plan[index]
      let time = Int(entry.oldTime)
      let word = UInt32(problem.timeMask[time] & 0xFFFF) + 1 << 16
      let sites = packed ? ~(nibbles(time) &* 15) : 0
      let day = Int(problem.timeDay[time])
      for position in problem.eventPeople[Int(entry.event)] {
        let base = Int(problem.eventPeople.items[position]) * cells
        var rest = problem.timeClasses[time]
        while rest != 0 {
          let at = base + problem.cell(rest.trailingZeroBitCount, day)
          rest &= rest - 1
          stage(at, &regainable)
          staged[at].takenCount &-= word
          staged[at].sites &= sites
        }
      }
    }
    for index in 0..<plannedCount {
      let entry = plan[index]
      let time = Int(entry.time)
      let mask = UInt32(problem.timeMask[time] & 0xFFFF)
      let word = mask + 1 << 16
      let site = entry.room < 0 ? 0 : UInt64(problem.roomSite[Int(entry.room)])
      let sites = packed ? nibbles(time) &* site : 0
      let day = Int(problem.timeDay[time])
      for position in problem.eventPeople[Int(entry.event)] {
        let person = Int(problem.eventPeople.items[position])
        let base = person * cells
        let isSlow = problem.personSlow[person]
        var rest = problem.timeClasses[time]
        while rest != 0 {
          let at = base + problem.cell(rest.trailingZeroBitCount, day)
          rest &= rest - 1
          stage(at, &regainable)
          if !isSlow, staged[at].takenCount & mask != 0 { return SearchState.refused }
          staged[at].takenCount &+= word
          staged[at].sites |= sites
        }
      }
    }
    var delta = start
    if problem.demandsDays { delta += plannedMinimumDays() }
    if delta - regainable > limit { return SearchState.refused }
    if packed, problem.sites > 2, isAnyTooFar() { return SearchState.refused }
    for index in 0..<stagedCount {
      let at = Int(stagedCells[index])
      let person = at / cells
      let cell = staged[at]
      let before = Int(cellOf[at].cost)
      var raw: Int32
      if problem.personSlow[person] {
        raw = slowCost(person, at - person * cells, event: -1, time: -1, room: -1)
        staged[at].takenCount = slowTaken
        staged[at].sites = 0
      } else {
        raw = rawCost(Int(problem.personMeasure[person]), cell.takenCount, cell.sites)
      }
      if raw == Measure.forbidden { return SearchState.refused }
      let weekClass = (at - person * cells) % problem.classes
      let cost = raw &* problem.personWeight[person * problem.classes + weekClass]
      staged[at].cost = cost
      delta += Int(cost) - before
      regainable -= before
      if delta - regainable > limit { return SearchState.refused }
    }
    return delta
  }

  /// Whether somebody kept as words has no time for the way to or from a planned event.
  private func isAnyTooFar() -> Bool {
    for index in 0..<plannedCount {
      let entry = plan[index]
      if entry.room < 0 { continue }
      let time = Int(entry.time), room = Int(entry.room)
      let place =
        (Int(problem.roomSite[room]) * problem.longest + Int(problem.timeLength[time]) - 1)
        * problem.slots + Int(problem.timeStart[time])
      let near = UInt32(truncatingIfNeeded: problem.near[place])
      if near == 0 { continue }
      let day = Int(problem.timeDay[time])
      for position in problem.eventPeople[Int(entry.event)] {
        let person = Int(problem.eventPeople.items[position])
        if problem.personSlow[person]
          || !problem.measureTravel[Int(problem.personMeasure[person])]
        {
          continue
        }
        var rest = problem.timeClasses[time]
        while rest != 0 {
          let at = person * problem.cells + problem.cell(rest.trailingZeroBitCount, day)
          rest &= rest - 1
          let nearby = staged[at].takenCount & near
          if nearby != 0, isTooFar(staged[at].sites, nearby, time, room) { return true }
        }
      }
    }
    return false
  }

  /// What the minima of days of the people concerned change by.
  private func plannedMinimumDays() -> Int {
    var delta = 0
    for index in 0..<stagedCount {
      let person = Int(stagedCells[index]) / problem.cells
      if problem.personMinimumDays[person] == 0 || personStamp[person] == planStamp { continue }
      personStamp[person] = planStamp
      let weight = problem.measureMinimumDays[Int(problem.personMeasure[person])]
      if weight == 0 { continue }
      var used: Int32 = 0
      for day in 0..<problem.days {
        var any = false
        for weekClass in 0..<problem.classes {
          let at = person * problem.cells + problem.cell(weekClass, day)
          let cell = stagedStamp[at] == planStamp ? staged[at] : cellOf[at]
          if cell.takenCount >> 16 > 0 { any = true }
        }
        if any { used += 1 }
      }
      delta +=
        Int(max(0, problem.personMinimumDays[person] - used) * weight)
        * Int(problem.personCount[person]) - minimumDaysCost(person)
    }
    return delta
  }
}

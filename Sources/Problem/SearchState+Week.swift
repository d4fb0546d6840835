// SPDX-License-Identifier: GPL-3.0-or-later

/// All times of a week for one event, priced together.
///
/// What the event's people have is looked up once for all of them. Rooms are left out at first, so
/// that what is known of a time is what it costs at least; times whose limit is below that drop out
/// one after another.
extension SearchState {
  /// A time that an event may go to.
  public struct Candidate: BitwiseCopyable {
    /// Its number.
    public var time: Int32
    /// The cell of its day in the first class of weeks.
    var cell: Int32
    /// The most that the move may cost.
    public var limit: Int
    /// What the move costs at least.
    public internal(set) var cost: Int
    /// Slots and number of events that it adds to a cell.
    var added: UInt32
    /// Whether it is on the day that the event has now.
    var isSameDay: Bool
  }

  /// Times of a shape at which nobody is busy become the ``candidate``s of an event that is placed,
  /// each with a limit of its own, unless it is sure to cost more. Only where people are kept as
  /// words.
  ///
  /// Those who may overlap or have a minimum of days, the way between sites and limits of hours are
  /// not looked at.
  ///
  /// - Returns: How many times there are at which nobody is busy.
  @inline(__always)
  public func listCandidates(_ event: Int, shape: Int, limit: () -> Int) -> Int {
    candidates = 0
    if !findOpenStarts(event, shape: shape) { return 0 }
    findFloors(event, shape: shape)
    let now = Int(eventTime[event])
    let oldDay = Int(problem.timeDay[now])
    var count = 0
    for day in 0..<problem.days {
      var starts = weekOpen[day]
      let floor = weekFloor[day]
      let first = problem.time(shape: shape, day: day, start: 0)
      while starts != 0 {
        let time = first + starts.trailingZeroBitCount
        starts &= starts - 1
        if time == now { continue }
        count += 1
        let limit = limit()
        if floor > limit { continue }
        let cost = floor + Int(problem.placementCost(event, time))
        if cost > limit { continue }
        candidate[candidates] = Candidate(
          time: Int32(time), cell: Int32(problem.cell(0, day)), limit: limit, cost: cost,
          added: UInt32(truncatingIfNeeded: problem.timeMask[time]) + 1 << 16,
          isSameDay: day == oldDay)
        candidates += 1
      }
    }
    return count
  }

  /// Puts the starts of each day at which nobody is busy into ``weekOpen``; false where there is none.
  private func findOpenStarts(_ event: Int, shape: Int) -> Bool {
    let cells = problem.cells
    let now = Int(eventTime[event])
    let oldDay = Int(problem.timeDay[now])
    let own = UInt32(truncatingIfNeeded: problem.timeMask[now])
    let any = problem.time(shape: shape, day: 0, start: 0)
    let length = UInt32(problem.timeLength[any])
    let classes = problem.timeClasses[any]
    for cell in 0..<cells { weekTaken[cell] = 0 }
    let people = problem.eventPeople[event].prefix(Int(problem.plainPeople[event]))
    for index in people {
      let row = busy.base + Int(problem.eventPeople.items[index]) * cells
      for cell in 0..<cells { weekTaken[cell] |= row[cell] }
    }
    // Nobody kept as words has anything else in the slots of the event itself.
    var rest = problem.timeClasses[now]
    while rest != 0 {
      let cell = problem.cell(rest.trailingZeroBitCount, oldDay)
      rest &= rest - 1
      weekTaken[cell] &= ~UInt16(truncatingIfNeeded: own)
    }
    var isAny = false
    for day in 0..<problem.days {
      var open = UInt32(
        problem.openStarts[(event * problem.shapes.count + shape) * problem.days + day])
      if open != 0 {
        var taken: UInt32 = 0
        rest = classes
        while rest != 0 {
          taken |= UInt32(weekTaken[problem.cell(rest.trailingZeroBitCount, day)])
          rest &= rest - 1
        }
        for shift in 0..<length { open &= ~(taken >> shift) }
      }
      weekOpen[day] = open
      if open != 0 { isAny = true }
    }
    return isAny
  }

  /// Puts what a move to each day changes at least, the price of the new time aside, into
  /// ``weekFloor``: cells come to nothing where they get empty, and else to the price of a day.
  private func findFloors(_ event: Int, shape: Int) {
    let now = Int(eventTime[event])
    let oldDay = Int(problem.timeDay[now])
    let oldClasses = problem.timeClasses[now]
    let classes = problem.timeClasses[problem.time(shape: shape, day: 0, start: 0)]
    let people = problem.eventPeople[event]
    let plain = people.lowerBound + Int(problem.plainPeople[event])
    for day in 0..<problem.days { weekFloor[day] = 0 }
    // What the old day changes by where the event leaves it, and where it stays on it: then only
    // classes that it leaves.
    var away = 0
    var stay = 0
    var others = 0
    for index in people {
      let person = Int(problem.eventPeople.items[index])
      let weights = problem.personWeight.base + person * problem.classes
      let least =
        index < plain ? problem.measureDays[Int(problem.personMeasure[person])] : 0
      let base = cellOf.base + person * problem.cells
      if index >= plain { others -= minimumDaysCost(person) }
      var rest = oldClasses
      while rest != 0 {
        let weekClass = rest.trailingZeroBitCount
        rest &= rest - 1
        let cell = base[problem.cell(weekClass, oldDay)]
        let floor = cell.takenCount >> 16 > 1 ? Int(least &* weights[weekClass]) : 0
        away += floor - Int(cell.cost)
        if classes >> UInt64(weekClass) & 1 == 0 { stay += floor - Int(cell.cost) }
      }
      rest = classes
      while rest != 0 {
        let weekClass = rest.trailingZeroBitCount
        rest &= rest - 1
        let floor = Int(least &* weights[weekClass])
        for day in 0..<problem.days {
          weekFloor[day] += floor - Int(base[problem.cell(weekClass, day)].cost)
        }
      }
    }
    let fixed = leastFixedDelta(event) + others
    for day in 0..<problem.days { weekFloor[day] += fixed + (day == oldDay ? stay : away) }
  }

  /// What a move changes at least without regard to people, the price of the new time aside.
  private func leastFixedDelta(_ event: Int) -> Int {
    var least = fixedDelta(
      event, from: Int(eventTime[event]), Int(eventRoom[event]), to: -1, -1)
    let group = Int(problem.eventGroup[event])
    if group >= 0, problem.isOrdered[group], problem.groupEvents.count(group) > 1 {
      // An earlier first event of several may mend the order of what comes after it.
      for index in problem.groupChildren[group] {
        let weight = Int(problem.groupParentWeight[Int(problem.groupChildren.items[index])])
        for weekClass in 0..<problem.classes {
          least -= weight * Int(problem.classWeeks[weekClass])
        }
      }
    }
    return least
  }

  /// Adds what people kept as words pay, without rooms, to what the candidates of an event cost at
  /// least; those within their limit remain.
  public func priceCandidates(_ event: Int, shape: Int) {
    let now = Int(eventTime[event])
    let oldClasses = problem.timeClasses[now]
    let classes = problem.timeClasses[problem.time(shape: shape, day: 0, start: 0)]
    let first = classes.trailingZeroBitCount
    let isFirstOld = oldClasses >> UInt64(first) & 1 == 1
    let oldCell = problem.cell(0, Int(problem.timeDay[now]))
    let removed = UInt32(truncatingIfNeeded: problem.timeMask[now]) + 1 << 16
    let removedSites = nibbles(now) &* 15
    // By how much what the old day comes to is more than its floor.
    var away = 0
    var stay = 0
    var count = candidates
    let people = problem.eventPeople[event].prefix(Int(problem.plainPeople[event]))
    for index in people {
      if count == 0 { break }
      let person = Int(problem.eventPeople.items[index])
      let base = cellOf.base + person * problem.cells
      let weights = problem.personWeight.base + person * problem.classes
      let measure = Int(problem.personMeasure[person])
      let least = problem.measureDays[measure]
      var rest = oldClasses
      while rest != 0 {
        let weekClass = rest.trailingZeroBitCount
        rest &= rest - 1
        let cell = base[oldCell + weekClass]
        let left = cell.takenCount &- removed
        if left == 0 { continue }
        let raw = rawCost(measure, left, cell.sites & ~removedSites)
        let more = Int(raw &- least) &* Int(weights[weekClass])
        away &+= more
        if classes >> UInt64(weekClass) & 1 == 0 { stay &+= more }
      }
      var kept = 0
      for number in 0..<count {
        let it = candidate.base + number
        let row = base + Int(it.pointee.cell)
        let isSameDay = it.pointee.isSameDay
        let added = it.pointee.added
        var cell = row[first]
        if isSameDay, isFirstOld {
          cell.takenCount &-= removed
          cell.sites &= ~removedSites
        }
        var raw = rawCost(measure, cell.takenCount &+ added, cell.sites)
        var isRefused = raw == Measure.forbidden
        var cost = it.pointee.cost &+ Int(raw &- least) &* Int(weights[first])
        rest = classes & (classes - 1)
        while rest != 0 {
          let weekClass = rest.trailingZeroBitCount
          rest &= rest - 1
          var next = row[weekClass]
          if isSameDay, oldClasses >> UInt64(weekClass) & 1 == 1 {
            next.takenCount &-= removed
            next.sites &= ~removedSites
          }
          if next.takenCount != cell.takenCount || next.sites != cell.sites {
            cell = next
            raw = rawCost(measure, cell.takenCount &+ added, cell.sites)
            if raw == Measure.forbidden { isRefused = true }
          }
          cost &+= Int(raw &- least) &* Int(weights[weekClass])
        }
        if isRefused || cost &+ (isSameDay ? stay : away) > it.pointee.limit { continue }
        if kept != number { candidate[kept] = it.pointee }
        candidate.base[kept].cost = cost
        kept += 1
      }
      count = kept
    }
    for number in 0..<count {
      candidate.base[number].cost += candidate[number].isSameDay ? stay : away
    }
    candidates = count
  }

  /// Takes a candidate out of the list.
  @inline(__always)
  public func takeCandidate(_ number: Int) -> Candidate {
    let taken = candidate[number]
    candidates -= 1
    candidate[number] = candidate[candidates]
    return taken
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later

/// All times of a week for one event, priced together.
///
/// What the event's people have is looked up once for each day. Rooms are left out, so that what is
/// known of a time is what it costs at least; times that cost more than a limit drop out one after
/// another.
extension SearchState {
  /// A time that an event may go to.
  public struct Candidate: BitwiseCopyable {
    /// Its number.
    public var time: Int32
    /// Its slots as bits.
    var slots: UInt32
    /// What the move costs at least.
    public internal(set) var cost: Int
  }

  /// Looks for the times of a shape at which nobody is busy, the event's own aside, for an event that
  /// is placed. Only where people are kept as words.
  ///
  /// Those who may overlap or have a minimum of days, the way between sites and limits of hours are
  /// not looked at.
  ///
  /// - Returns: How many there are.
  public func findOpenTimes(_ event: Int, shape: Int) -> Int {
    findOpenStarts(event, shape: shape)
    var count = 0
    for day in 0..<problem.days { count += weekOpen[day].nonzeroBitCount }
    return count
  }

  /// Makes the times found by ``findOpenTimes(_:shape:)`` the ``candidate``s of the event, unless they
  /// are sure to cost more than a limit.
  ///
  /// - Returns: How many of them were priced: the others are on days on which all cost more.
  public func priceOpenTimes(_ event: Int, shape: Int, limit: Int) -> Int {
    candidates = 0
    findFloors(event, shape: shape)
    let now = Int(eventTime[event])
    let oldDay = Int(problem.timeDay[now])
    let removal = Removal(
      classes: problem.timeClasses[now],
      takenCount: UInt32(truncatingIfNeeded: problem.timeMask[now]) + 1 << 16,
      sites: nibbles(now) &* 15)
    var priced = 0
    for day in 0..<problem.days where weekOpen[day] != 0 && weekFloor[day] <= limit {
      let first = candidates
      priced += list(event, shape: shape, day: day, limit: limit)
      for index in problem.eventPeople[event].prefix(Int(problem.plainPeople[event])) {
        if candidates == first { break }
        price(
          problem.attendance[index], from: first, shape: shape, day: day,
          without: day == oldDay ? removal : .none, limit: limit)
      }
    }
    return priced
  }

  /// What an event that goes to another time of its day takes with it.
  fileprivate struct Removal {
    /// Classes of weeks.
    var classes: UInt64
    /// As in ``Cell``.
    var takenCount: UInt32
    /// Four bits for each slot.
    var sites: UInt64

    static let none = Removal(classes: 0, takenCount: 0, sites: 0)
  }

  /// Adds the open times of a day to the candidates, at what the day and the time itself cost; returns
  /// how many there are.
  @inline(__always)
  private func list(_ event: Int, shape: Int, day: Int, limit: Int) -> Int {
    let first = problem.time(shape: shape, day: day, start: 0)
    let mask = UInt32(truncatingIfNeeded: problem.timeMask[first])
    let prices = problem.placementCosts(event, shape: shape) + day * problem.slots
    let floor = weekFloor[day]
    var count = 0
    var kept = candidates
    var starts = weekOpen[day]
    while starts != 0 {
      let start = starts.trailingZeroBitCount
      starts &= starts - 1
      let cost = floor + Int(prices[start])
      candidate[kept] = Candidate(
        time: Int32(first + start), slots: mask &<< UInt32(truncatingIfNeeded: start),
        cost: cost)
      if cost <= limit { kept += 1 }
      count += 1
    }
    candidates = kept
    return count
  }

  /// Adds what one person, who is kept as words, pays on a day to the candidates from `first` on;
  /// those within the limit remain.
  @inline(__always)
  private func price(
    _ one: Problem.Attendance, from first: Int, shape: Int, day: Int, without removal: Removal,
    limit: Int
  ) {
    let cell = cellOf.base + Int(one.person) * problem.cells + problem.cell(0, day)
    let measure = Int(one.measure)
    let table = problem.table.base + measure &<< problem.tableBits
    let least = problem.measureDays[measure]
    var rest = problem.timeClasses[problem.time(shape: shape, day: 0, start: 0)]
    while rest != 0 {
      var weekClass = rest.trailingZeroBitCount
      rest &= rest - 1
      let held = cell[weekClass].without(removal, in: weekClass)
      var weeks = problem.classWeeks[weekClass]
      // What is alike in several classes is priced once.
      while rest != 0 {
        weekClass = rest.trailingZeroBitCount
        let next = cell[weekClass].without(removal, in: weekClass)
        if next.takenCount != held.takenCount || next.sites != held.sites { break }
        weeks &+= problem.classWeeks[weekClass]
        rest &= rest - 1
      }
      let taken = held.takenCount & 0xFFFF
      // The price of a time is its slots' and this, which is the same for all of the day.
      let more = dayCost(measure, events: held.takenCount >> 16 + 1, held.sites) &- least
      let weight = Int(weeks) &* Int(one.count)
      var kept = first
      for number in first..<candidates {
        var it = candidate[number]
        it.cost &+= (Int(table[Int(taken | it.slots)]) &+ Int(more)) &* weight
        candidate[kept] = it
        if it.cost <= limit { kept += 1 }
      }
      candidates = kept
    }
  }

  /// Puts the starts of each day at which nobody is busy into ``weekOpen``, the event's own aside.
  @inline(__always)
  private func findOpenStarts(_ event: Int, shape: Int) {
    let now = Int(eventTime[event])
    let oldDay = Int(problem.timeDay[now])
    let own = UInt32(truncatingIfNeeded: problem.timeMask[now])
    let any = problem.time(shape: shape, day: 0, start: 0)
    let length = UInt32(problem.timeLength[any])
    let classes = problem.timeClasses[any]
    sumWeeks(event)
    // Nobody kept as words has anything else in the slots of the event itself.
    var rest = problem.timeClasses[now]
    while rest != 0 {
      let cell = problem.cell(rest.trailingZeroBitCount, oldDay)
      rest &= rest - 1
      weekTaken[cell] &= ~UInt16(truncatingIfNeeded: own)
    }
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
        for shift in 0..<length { open &= ~(taken &>> shift) }
      }
      weekOpen[day] = open
    }
    if Int(problem.timeShape[now]) == shape { weekOpen[oldDay] &= ~(own & (0 &- own)) }
  }

  /// Puts the slots of each cell that are taken for somebody who is kept as words into ``weekTaken``,
  /// and what everybody's cells cost into ``weekCost``.
  @inline(__always)
  private func sumWeeks(_ event: Int) {
    let people = problem.eventPeople[event]
    let plain = people.lowerBound + Int(problem.plainPeople[event])
    var first = 0
    while first < weekStride {
      var taken = SIMD8<UInt16>(repeating: 0)
      var cost = SIMD8<Int64>(repeating: 0)
      for index in people {
        let at = Int(problem.attendance[index].person) * weekStride + first
        if index < plain {
          taken |= UnsafeRawPointer(busy.base + at).loadUnaligned(as: SIMD8<UInt16>.self)
        }
        cost &+= SIMD8<Int64>(
          truncatingIfNeeded: UnsafeRawPointer(costs.base + at).loadUnaligned(
            as: SIMD8<Int32>.self))
      }
      UnsafeMutableRawPointer(weekTaken.base + first).storeBytes(
        of: taken, as: SIMD8<UInt16>.self)
      UnsafeMutableRawPointer(weekCost.base + first).storeBytes(of: cost, as: SIMD8<Int64>.self)
      first += SearchState.lanes
    }
  }

  /// Puts what a move to each day changes at least, the price of the new time aside, into
  /// ``weekFloor``: what people kept as words have left of the old day is priced, and their cells of the
  /// new one come to the price of a day; those of others come to nothing.
  @inline(__always)
  private func findFloors(_ event: Int, shape: Int) {
    let now = Int(eventTime[event])
    let oldDay = Int(problem.timeDay[now])
    let oldClasses = problem.timeClasses[now]
    let classes = problem.timeClasses[problem.time(shape: shape, day: 0, start: 0)]
    let people = problem.eventPeople[event]
    let plain = people.lowerBound + Int(problem.plainPeople[event])
    let removed = UInt32(truncatingIfNeeded: problem.timeMask[now]) + 1 << 16
    let removedSites = nibbles(now) &* 15
    // What the old day changes by where the event leaves it, and where it stays on it: then only
    // classes that it leaves.
    var away = 0
    var stay = 0
    var others = 0
    for index in people {
      let one = problem.attendance[index]
      let base = cellOf.base + Int(one.person) * problem.cells
      if index >= plain { others -= minimumDaysCost(Int(one.person)) }
      var rest = oldClasses
      while rest != 0 {
        let weekClass = rest.trailingZeroBitCount
        rest &= rest - 1
        let cell = base[problem.cell(weekClass, oldDay)]
        var change = -Int(cell.cost)
        let left = cell.takenCount &- removed
        if left != 0, index < plain {
          let raw = rawCost(Int(one.measure), left, cell.sites & ~removedSites)
          change += Int(raw &* one.count &* problem.classWeeks[weekClass])
        }
        away += change
        if classes &>> UInt64(truncatingIfNeeded: weekClass) & 1 == 0 { stay += change }
      }
    }
    if leastFixed[event] == SearchState.unknown { leastFixed[event] = leastFixedDelta(event) }
    assert(leastFixed[event] == leastFixedDelta(event))
    let fixed = leastFixed[event] + others
    let least = problem.leastCosts.base + event * problem.classes
    for day in 0..<problem.days {
      var floor = fixed + (day == oldDay ? stay : away)
      var rest = classes
      while rest != 0 {
        let weekClass = rest.trailingZeroBitCount
        rest &= rest - 1
        floor += least[weekClass] - weekCost[problem.cell(weekClass, day)]
      }
      weekFloor[day] = floor
    }
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

  /// Forgets the ``leastFixed`` of all events whose one depends on where an event is.
  @inline(__always)
  func forgetLeastFixed(_ event: Int) {
    let group = Int(problem.eventGroup[event])
    if group < 0 {
      leastFixed[event] = SearchState.unknown
      return
    }
    func forget(_ group: Int) {
      for index in problem.groupEvents[group] {
        leastFixed[Int(problem.groupEvents.items[index])] = SearchState.unknown
      }
    }
    forget(group)
    if !problem.isOrdered[group] { return }
    if problem.groupParent[group] >= 0 { forget(Int(problem.groupParent[group])) }
    for index in problem.groupChildren[group] {
      forget(Int(problem.groupChildren.items[index]))
    }
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

extension Cell {
  /// What is left of it in a class of weeks.
  @inline(__always)
  fileprivate func without(
    _ removal: SearchState.Removal, in weekClass: Int
  ) -> (takenCount: UInt32, sites: UInt64) {
    removal.classes &>> UInt64(truncatingIfNeeded: weekClass) & 1 == 0
      ? (takenCount, sites) : (takenCount &- removal.takenCount, sites & ~removal.sites)
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
internal import Timetabling

/// Turns declarations into flat terms; see ``Problem`` for the meaning of the fields.
///
/// The kernels check no arithmetic: what is not bounded by their own sizes is bounded here. A
/// number of the input, and what is added up or multiplied from several, is at most ``most``.
struct Lowering {
  /// The largest price, number of people or product of them: the difference of two, and the sum of
  /// such a difference and a third, stay within 32 bits.
  static let most = Int(Int32.max) / 2

  let instance: TimetableInstance
  let days: Int
  let slots: Int
  let weeks: Int

  var classes = 0
  var classWeeks: [Int] = []
  var classWeek: [Int] = []
  var shapes: [Constraint.PatternSet.Shape] = []
  var longest = 1

  var timeShape: [Int32] = []
  var timeDay: [Int32] = []
  var timeStart: [Int32] = []
  var timeMask: [UInt64] = []
  var timeClasses: [UInt64] = []
  var timeLength: [Int32] = []

  var costRow: [Int32] = []
  var timeCost: [Int32] = []
  var options: [[Int32]] = []
  var eventRooms: [[Int32]] = []
  var eventRoomCost: [[Int32]] = []
  var eventPeople: [[Int32]] = []

  var roomClosed: [UInt64] = []
  var roomTimeCost: [Int32] = []
  var roomTimeBase: [Int32] = []
  var sites = 1
  var blocked: [UInt64] = []
  var near: [UInt64] = []

  var personEvents: [[Int32]] = []
  var personLenient: [[Bool]] = []
  var personMeasure: [Int32] = []
  var personSlow: [Bool] = []
  var measures: [Measure] = []
  var isPacked = false

  var eventGroup: [Int32] = []
  var groupSameDay: [Int32] = []
  var groupStability: [Int32] = []
  var groupParent: [Int32] = []
  var groupParentWeight: [Int32] = []
  var groupChildren: [[Int32]] = []
  var groupRows: [[Int32]] = []
  var rowShapes: [[Int32]] = []
  var rowPenalty: [Int32] = []
  var placementSources: [Problem.PlacementSource] = []

  /// Groups none of whose rows can be had: their events have no place.
  private var isWithoutRow: [Bool] = []
  private var shapeNumber: [Constraint.PatternSet.Shape: Int] = [:]

  init(_ instance: TimetableInstance) throws {
    self.instance = instance
    days = instance.grid.days
    slots = instance.grid.slots
    weeks = instance.grid.weeks
    guard slots <= 64, weeks <= 64, days <= 7 else {
      throw ProblemError.unsupported("a grid of \(weeks) weeks, \(days) days, \(slots) slots")
    }
    guard instance.sectioning.requests.isEmpty else {
      throw ProblemError.unsupported("students who are still to be put into classes")
    }
  }

  mutating func lower() throws {
    try lowerTimes()
    lowerSites()
    try lowerGroups()
    try lowerPlacements()
    try lowerPeople()
  }

  // MARK: - Times

  private mutating func lowerTimes() throws {
    var seen: Set<Constraint.PatternSet.Shape> = []
    for domain in instance.timeDomains {
      for option in domain {
        let pattern = option.pattern
        guard pattern.days.nonzeroBitCount == 1 else {
          throw ProblemError.unsupported("a time on several days")
        }
        guard pattern.length >= 1, pattern.start >= 0, pattern.start + pattern.length <= slots,
          pattern.day < days, pattern.weeks != 0
        else { throw ProblemError.malformed("a time outside the grid") }
        seen.insert(.init(weeks: pattern.weeks, length: pattern.length))
      }
    }
    shapes = seen.sorted {
      ($0.weeks.nonzeroBitCount, $0.length, $0.weeks) > (
        $1.weeks.nonzeroBitCount, $1.length, $1.weeks
      )
    }
    if shapes.isEmpty { shapes = [.init(weeks: 1, length: 1)] }
    for (number, shape) in shapes.enumerated() { shapeNumber[shape] = number }
    longest = shapes.map(\.length).max() ?? 1

    // Weeks that no shape tells apart are one class.
    var classOf: [[Bool]: Int] = [:]
    var weekClass = Array(repeating: 0, count: weeks)
    for week in 0..<weeks {
      let signature = shapes.map { $0.weeks >> UInt64(week) & 1 == 1 }
      if let known = classOf[signature] {
        weekClass[week] = known
        classWeeks[known] += 1
      } else {
        weekClass[week] = classWeek.count
        classOf[signature] = classWeek.count
        classWeek.append(week)
        classWeeks.append(1)
      }
    }
    // Weeks in which nothing can be held need no class.
    let used = classWeek.indices.filter { number in
      shapes.contains { $0.weeks >> UInt64(classWeek[number]) & 1 == 1 }
    }
    classWeek = used.map { classWeek[$0] }
    classWeeks = used.map { classWeeks[$0] }
    classes = classWeek.count
    for (number, shape) in shapes.enumerated() {
      var mask: UInt64 = 0
      for (index, week) in classWeek.enumerated() where shape.weeks >> UInt64(week) & 1 == 1 {
        mask |= 1 << UInt64(index)
      }
      for day in 0..<days {
        for start in 0..<slots {
          timeShape.append(Int32(number))
          timeDay.append(Int32(day))
          timeStart.append(Int32(start))
          timeLength.append(Int32(shape.length))
          timeClasses.append(mask)
          let fits = start + shape.length <= slots
          timeMask.append(
            fits ? (UInt64.max >> UInt64(64 - shape.length)) << UInt64(start) : 0)
        }
      }
    }
  }

  private mutating func lowerSites() {
    sites = instance.sites.count + 1
    let size = sites * longest * slots
    near = Array(repeating: 0, count: size)
    blocked = Array(repeating: 0, count: sites * size)
    let grid = instance.grid
    for b in 1..<max(1, sites) {
      for a in 1..<sites where a != b {
        let minutes = instance.travelMinutes[a - 1][b - 1]
        let back = instance.travelMinutes[b - 1][a - 1]
        for length in 1...longest {
          for start in 0..<slots where start + length <= slots {
            var mask: UInt64 = 0
            for slot in 0..<slots {
              if slot < start, grid.minutes(fromEndOf: slot, toStartOf: start) < minutes {
                mask |= 1 << UInt64(slot)
              } else if slot >= start + length,
                grid.minutes(fromEndOf: start + length - 1, toStartOf: slot) < back
              {
                mask |= 1 << UInt64(slot)
              }
            }
            blocked[((b * sites + a) * longest + length - 1) * slots + start] = mask
            near[(b * longest + length - 1) * slots + start] |= mask
          }
        }
      }
    }
  }

  // MARK: - Groups

  private mutating func lowerGroups() throws {
    let count = instance.eventGroups.count
    eventGroup = Array(repeating: -1, count: instance.events.count)
    for (number, group) in instance.eventGroups.enumerated() {
      for event in group.events {
        guard eventGroup[Int(event)] < 0 else {
          throw ProblemError.malformed("event \(event) is in two groups")
        }
        eventGroup[Int(event)] = Int32(number)
      }
    }
    groupSameDay = Array(repeating: 0, count: count)
    groupStability = Array(repeating: 0, count: count)
    groupParent = Array(repeating: -1, count: count)
    groupParentWeight = Array(repeating: 0, count: count)
    groupChildren = Array(repeating: [], count: count)
    groupRows = Array(repeating: [], count: count)
    isWithoutRow = Array(repeating: false, count: count)
    for constraint in instance.constraints {
      switch constraint.kind {
      case .sameDay(let group):
        groupSameDay[group] = try weight(of: constraint, after: groupSameDay[group])
      case .roomStability(let group):
        groupStability[group] = try weight(of: constraint, after: groupStability[group])
      case .firstInWeek(let earlier, let later):
        guard groupParent[later] < 0 else {
          throw ProblemError.unsupported("firstInWeek twice for one group")
        }
        groupParent[later] = Int32(earlier)
        groupParentWeight[later] = try weight(of: constraint)
        groupChildren[earlier].append(Int32(later))
      case .patternSets(let group, let rows):
        guard groupRows[group].isEmpty, !rows.isEmpty else {
          throw ProblemError.malformed("pattern sets of group \(group)")
        }
        for row in rows {
          guard row.shapes.count == instance.eventGroups[group].events.count else {
            throw ProblemError.malformed("a pattern set of another number of events")
          }
          // A shape that no domain offers makes the row useless.
          let numbers = row.shapes.compactMap { shapeNumber[$0] }
          guard numbers.count == row.shapes.count else { continue }
          let shapes = numbers.map(Int32.init)
          let price = try whole(
            row.penalty, "the price of a pattern set of \(instance.eventGroups[group].name)")
          // Of equal rows the cheapest counts.
          if let same = groupRows[group].first(where: { rowShapes[Int($0)] == shapes }) {
            rowPenalty[Int(same)] = min(rowPenalty[Int(same)], price)
            continue
          }
          groupRows[group].append(Int32(rowShapes.count))
          rowShapes.append(shapes)
          rowPenalty.append(price)
        }
        if groupRows[group].isEmpty { isWithoutRow[group] = true }
      default: break
      }
    }
  }

  // MARK: - Placements

  private mutating func lowerPlacements() throws {
    let grid = days * slots
    var terms: [[(constraint: Int, weight: Int32)]] =
      Array(repeating: [], count: instance.events.count)
    var roomTerms: [[Int]] = Array(repeating: [], count: instance.events.count)
    for (index, constraint) in instance.constraints.enumerated() {
      switch constraint.kind {
      case .avoidTimes(let events, _), .keepTime(let events, _):
        let weight = constraint.level == .hard ? Problem.forbidden : try weight(of: constraint)
        guard weight != 0 else { continue }
        for event in events { terms[Int(event)].append((index, weight)) }
        placementSources.append(.init(constraint: index, events: events))
      case .keepRoom(let events, _), .capacityExcess(let events):
        for event in events { roomTerms[Int(event)].append(index) }
        placementSources.append(.init(constraint: index, events: events))
      default: break
      }
    }
    costRow = Array(repeating: -1, count: instance.events.count * shapes.count)
    // Where the prices of a shape are that are alike for several events.
    var rowOfPrices: [[Int32]: Int32] = [:]
    // The cells of a set are looked up by every event that it names: fold them once.
    var folded: [Int: [UInt64]] = [:]
    for (number, event) in instance.events.enumerated() {
      let group = eventGroup[number]
      let domain =
        group >= 0 && isWithoutRow[Int(group)] ? [] : instance.timeDomains[event.timeDomain]
      let own = Set(
        domain.compactMap {
          shapeNumber[.init(weeks: $0.pattern.weeks, length: $0.pattern.length)]
        }
      ).sorted()
      var prices = Dictionary(
        uniqueKeysWithValues: own.map {
          ($0, [Int32](repeating: Problem.forbidden, count: grid))
        })
      let rowPrice = singleEventRowPrices(of: number)
      let roomless = event.needsRoom ? 0 : try priceWithoutRoom(roomTerms[number])
      for option in domain {
        guard
          let shape = shapeNumber[.init(weeks: option.pattern.weeks, length: option.pattern.length)]
        else { continue }
        let at = option.pattern.day * slots + option.pattern.start
        // Of a time that is listed twice the first counts.
        if prices[shape]?[at] != Problem.forbidden { continue }
        var price = try whole(option.penalty, "the price of a time of \(event.name)")
        price = try adding(roomless, to: price)
        if let rowPrice {
          guard let added = rowPrice[shape] else { continue }
          price = try adding(added, to: price)
        }
        for term in terms[number] {
          price = try adding(
            placementPrice(
              term.constraint, weight: term.weight, pattern: option.pattern, folded: &folded),
            to: price)
          if price == Problem.forbidden { break }
        }
        prices[shape]?[at] = price
      }
      var allowed: [Int32] = []
      for shape in own {
        guard let row = prices[shape] else { continue }
        for place in 0..<grid where row[place] != Problem.forbidden {
          allowed.append(Int32(shape * grid + place))
        }
        if let known = rowOfPrices[row] {
          costRow[number * shapes.count + shape] = known
        } else {
          let next = Int32(timeCost.count)
          rowOfPrices[row] = next
          costRow[number * shapes.count + shape] = next
          timeCost += row
        }
      }
      options.append(allowed)
      try lowerRooms(of: event, terms: roomTerms[number])
    }
    try lowerRoomTimes()
  }

  /// The price of each shape where the event is a group of its own; nil where it is not or has no
  /// pattern sets.
  private func singleEventRowPrices(of event: Int) -> [Int: Int32]? {
    let group = eventGroup[event]
    guard group >= 0, instance.eventGroups[Int(group)].events.count == 1,
      !groupRows[Int(group)].isEmpty
    else { return nil }
    var prices: [Int: Int32] = [:]
    for row in groupRows[Int(group)] {
      let shape = Int(rowShapes[Int(row)][0])
      prices[shape] = min(prices[shape] ?? .max, rowPenalty[Int(row)])
    }
    return prices
  }

  private func adding(_ more: Int32, to price: Int32) throws -> Int32 {
    if more == Problem.forbidden || price == Problem.forbidden { return Problem.forbidden }
    return try whole(Int(price) + Int(more), "the price of a time")
  }

  private func placementPrice(
    _ index: Int, weight: Int32, pattern: TimePattern, folded: inout [Int: [UInt64]]
  ) throws -> Int32 {
    switch instance.constraints[index].kind {
    case .avoidTimes(_, let times):
      let mask = (UInt64.max >> UInt64(64 - pattern.length)) << UInt64(pattern.start)
      var amount = 0
      for week in 0..<weeks where pattern.weeks >> UInt64(week) & 1 == 1 {
        amount += (times.slots(week: week, day: pattern.day) & mask).nonzeroBitCount
      }
      if amount == 0 { return 0 }
      if weight == Problem.forbidden { return weight }
      return try whole(
        Int(weight) * amount, "the price of a time by \(instance.constraints[index].source)")
    case .keepTime(_, let among):
      return among.contains(pattern) ? 0 : weight
    default: return 0
    }
  }

  /// What ``Constraint/Kind/keepRoom(events:among:)`` asks of an event that is held without a room.
  private func priceWithoutRoom(_ terms: [Int]) throws -> Int32 {
    var price: Int32 = 0
    for index in terms {
      guard case .keepRoom(_, let among) = instance.constraints[index].kind,
        !among.contains(nil)
      else { continue }
      if instance.constraints[index].level == .hard { return Problem.forbidden }
      price = try weight(of: instance.constraints[index], after: price)
    }
    return price
  }

  private mutating func lowerRooms(of event: Event, terms: [Int]) throws {
    var kept: [(room: Int32, price: Int32)] = []
    var seen: Set<Int32> = []
    let what = "the price of a room of \(event.name)"
    next: for option in event.rooms where seen.insert(option.room).inserted {
      var price = try whole(option.penalty, what)
      for index in terms {
        let constraint = instance.constraints[index]
        var amount = 0
        switch constraint.kind {
        case .keepRoom(_, let among): amount = among.contains(option.room) ? 0 : 1
        case .capacityExcess:
          amount = max(0, event.size - instance.rooms[Int(option.room)].capacity)
        default: break
        }
        if amount == 0 { continue }
        if constraint.level == .hard { continue next }
        let times = try Int(whole(amount, "the size of \(event.name)"))
        price = try whole(Int(price) + times * Int(weight(of: constraint)), what)
      }
      kept.append((option.room, price))
    }
    kept.sort {
      (instance.rooms[Int($0.room)].capacity, $0.room)
        < (instance.rooms[Int($1.room)].capacity, $1.room)
    }
    eventRooms.append(kept.map(\.room))
    eventRoomCost.append(kept.map(\.price))
  }

  private mutating func lowerRoomTimes() throws {
    roomClosed = Array(repeating: 0, count: instance.rooms.count * classes * days)
    roomTimeBase = Array(repeating: -1, count: instance.rooms.count)
    let times = shapes.count * days * slots
    for constraint in instance.constraints {
      guard case .roomAvoidsTimes(let room, let set) = constraint.kind else { continue }
      if constraint.level == .hard {
        // What is held in a class is held in all its weeks: closed in one is closed in all.
        for (number, _) in classWeek.enumerated() {
          for day in 0..<days {
            var mask: UInt64 = 0
            for week in 0..<weeks where sameClass(week, number) {
              mask |= set.slots(week: week, day: day)
            }
            roomClosed[(Int(room) * days + day) * classes + number] |= mask
          }
        }
      } else {
        if roomTimeBase[Int(room)] < 0 {
          roomTimeBase[Int(room)] = Int32(roomTimeCost.count)
          roomTimeCost.append(contentsOf: repeatElement(0, count: times))
        }
        let weight = try weight(of: constraint)
        let base = Int(roomTimeBase[Int(room)])
        for time in 0..<times where timeMask[time] != 0 {
          let shape = shapes[Int(timeShape[time])]
          var amount = 0
          for week in 0..<weeks where shape.weeks >> UInt64(week) & 1 == 1 {
            amount +=
              (set.slots(week: week, day: Int(timeDay[time])) & timeMask[time]).nonzeroBitCount
          }
          roomTimeCost[base + time] = try whole(
            Int(roomTimeCost[base + time]) + Int(weight) * amount,
            "the price of a time in room \(instance.rooms[Int(room)].name)")
        }
      }
    }
  }

  private func sameClass(_ week: Int, _ number: Int) -> Bool {
    shapes.allSatisfy {
      $0.weeks >> UInt64(week) & 1 == $0.weeks >> UInt64(classWeek[number]) & 1
    }
  }

  // MARK: - People

  private mutating func lowerPeople() throws {
    var byRole = Array(repeating: Measure(), count: instance.roles.count)
    var hasHardLimit = Array(repeating: false, count: instance.roles.count)
    for constraint in instance.constraints {
      switch constraint.kind {
      case .noOverlap(let role):
        try demandHard(constraint)
        byRole[role].forbidsOverlap = true
      case .travel(let role):
        try demandHard(constraint)
        byRole[role].needsTravel = true
      case .dayLoad(let role, let limit):
        if constraint.level == .hard {
          byRole[role].hardLimit = min(byRole[role].hardLimit, limit)
          hasHardLimit[role] = true
        } else {
          guard byRole[role].long == 0 else {
            throw ProblemError.unsupported("two soft day loads of one role")
          }
          byRole[role].long = try weight(of: constraint)
          byRole[role].longLimit = max(0, limit)
        }
      case .gaps(let role):
        byRole[role].gap = try weight(of: constraint, after: byRole[role].gap)
      case .singleEventDays(let role):
        byRole[role].single = try weight(of: constraint, after: byRole[role].single)
      case .fullWindow(let role, let from, let to):
        guard byRole[role].windowMask == 0 else {
          throw ProblemError.unsupported("two windows of one role")
        }
        byRole[role].window = try weight(of: constraint)
        byRole[role].windowMask = (UInt64.max >> UInt64(63 - (to - from))) << UInt64(from)
      case .daysUsed(let role):
        byRole[role].days = try weight(of: constraint, after: byRole[role].days)
      case .siteChanges(let role):
        byRole[role].change = try weight(of: constraint, after: byRole[role].change)
      case .isolated(let role):
        guard longest == 1 else {
          throw ProblemError.unsupported("isolated events longer than a slot")
        }
        byRole[role].isolated = try weight(of: constraint, after: byRole[role].isolated)
      case .minimumDays(let role):
        byRole[role].minimumDays = try weight(of: constraint, after: byRole[role].minimumDays)
      case .lenientOverlap(let role):
        byRole[role].lenient = try weight(of: constraint, after: byRole[role].lenient)
      case .pairs, .maxDays, .maxDayLoad, .maxBreaks, .maxBlock:
        throw ProblemError.unsupported("\(constraint.kind)")
      case .avoidTimes, .roomAvoidsTimes, .keepTime, .keepRoom, .capacityExcess, .patternSets,
        .sameDay, .firstInWeek, .roomStability:
        break
      }
    }
    isPacked = slots <= 16 && sites <= 16
    var numbers: [Measure: Int] = [:]
    var weightOf: [Int] = []
    eventPeople = Array(repeating: [], count: instance.events.count)
    for (number, person) in instance.people.enumerated() {
      var measure = byRole[person.role]
      if let limit = person.dayLimit, hasHardLimit[person.role] { measure.hardLimit = limit }
      let known = numbers[measure] ?? measures.count
      if known == measures.count {
        numbers[measure] = known
        measures.append(measure)
      }
      personMeasure.append(Int32(known))
      let events = Array(Set(person.events)).sorted()
      let lenient = Set(person.lenientEvents)
      try judgeCost(of: person, measure, events: events.count)
      personEvents.append(events)
      personLenient.append(events.map { lenient.contains($0) })
      personSlow.append(!isPacked || !lenient.isEmpty || !measure.forbidsOverlap)
      weightOf.append(person.count)
      for event in events { eventPeople[Int(event)].append(Int32(number)) }
    }
    // Those kept as words alone come first; of these those who refuse most often and weigh most, so
    // that a move is given up early.
    let isPlain = instance.people.indices.map(isPlain)
    for event in eventPeople.indices {
      eventPeople[event].sort { a, b in
        let x = Int(a), y = Int(b)
        if isPlain[x] != isPlain[y] { return isPlain[x] }
        let heavyX = personEvents[x].count, heavyY = personEvents[y].count
        let roleX = instance.people[x].role, roleY = instance.people[y].role
        if roleX != roleY { return roleX > roleY }
        return (weightOf[x], heavyX, b) > (weightOf[y], heavyY, a)
      }
    }
  }

  /// Whether somebody's cells are priced without a list of events, and no minimum of days is asked.
  func isPlain(_ person: Int) -> Bool {
    !personSlow[person] && instance.people[person].minimumDays == 0
  }

  /// Refuses somebody of whom a cell, people × weeks × the cost of a day, or the price of missing
  /// days could be too large a number.
  private func judgeCost(of person: Person, _ measure: Measure, events: Int) throws {
    let overlaps = !measure.forbidsOverlap || !person.lenientEvents.isEmpty
    let day = measure.dearestDay(
      slots: slots, events: overlaps ? events : min(slots, events), overlaps: overlaps)
    let weeks = classWeeks.max() ?? 1
    let others = person.count > 1 ? " and \(person.count - 1) with the same events" : ""
    let who = "\(instance.roles[person.role]) \(person.name)\(others)"
    guard person.count >= 0, person.minimumDays >= 0 else {
      throw ProblemError.malformed("\(who): fewer than no people or days")
    }
    guard Lowering.isCountable(person.count, weeks, day) else {
      throw ProblemError.malformed(
        "\(who): people × weeks × the dearest day are \(person.count) × \(weeks) × \(day), and at "
          + "most \(Lowering.most) can be counted; smaller weights, or weights with fewer digits "
          + "after the point, mend it")
    }
    guard Lowering.isCountable(person.count, person.minimumDays, Int(measure.minimumDays)) else {
      throw ProblemError.malformed(
        "\(who): people × days wanted × weight are \(person.count) × \(person.minimumDays) × "
          + "\(measure.minimumDays), and at most \(Lowering.most) can be counted")
    }
  }

  /// Whether a product, a factor of 0 taken as 1, is at most ``most``.
  private static func isCountable(_ factors: Int...) -> Bool {
    var product = 1
    for factor in factors {
      let (next, overflows) = product.multipliedReportingOverflow(by: max(1, factor))
      if overflows || next > most { return false }
      product = next
    }
    return true
  }

  /// A number of the input, or one added up from several, as the kernels keep it.
  private func whole(_ value: Int, _ what: @autoclosure () -> String) throws -> Int32 {
    guard value.magnitude <= UInt(Lowering.most) else {
      throw ProblemError.malformed(
        "\(what()) is \(value), and at most \(Lowering.most) can be counted")
    }
    return Int32(value)
  }

  /// The weight of a constraint on top of those before it that ask for the same.
  private func weight(of constraint: Constraint, after sum: Int32) throws -> Int32 {
    try whole(Int(sum) + Int(weight(of: constraint)), "the weight of \(constraint.source)")
  }

  private func demandHard(_ constraint: Constraint) throws {
    guard constraint.level == .hard else {
      throw ProblemError.unsupported("soft \(constraint.source)")
    }
  }

  private func weight(of constraint: Constraint) throws -> Int32 {
    guard case .soft(let weight) = constraint.level else {
      throw ProblemError.unsupported("hard \(constraint.source)")
    }
    guard weight >= 0, weight < 1 << 24 else {
      throw ProblemError.malformed(
        "the weight of \(constraint.source) is \(weight), and from 0 to \((1 << 24) - 1) can be "
          + "counted")
    }
    return Int32(weight)
  }
}

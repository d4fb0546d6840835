// SPDX-License-Identifier: GPL-3.0-or-later
public import Timetabling

/// What a timetable costs by the declarations of its instance, read one by one in the plainest way:
/// week by week, day by day, slot by slot.
///
/// It is the reference against which the terms of the search and the rows of the MILP are held; it
/// shares nothing with them.
public struct DeclaredScore: Sendable, Hashable {
  /// How often each hard constraint is broken, by its source; sources that are not broken are
  /// absent.
  public var hard: [String: Int] = [:]
  /// Weight × amount of the soft constraints, by their source; 0 is absent.
  public var soft: [String: Int] = [:]
  /// Events without a placement.
  public var unplaced = 0

  /// The sum of ``soft``.
  public var softTotal: Int { soft.values.reduce(0, +) }
  /// Whether everything is placed and no hard constraint is broken.
  public var isFeasible: Bool { unplaced == 0 && hard.isEmpty }

  /// Scores a timetable.
  public init(_ instance: TimetableInstance, _ timetable: Timetable) {
    let reading = DeclarationReading(instance, timetable)
    unplaced = timetable.placements.count { $0 == nil }
    for constraint in instance.constraints {
      switch constraint.level {
      case .hard:
        let broken = reading.broken(constraint)
        if broken != 0 { hard[constraint.source, default: 0] += broken }
      case .soft(let weight):
        let cost = reading.cost(constraint, weight: weight)
        if cost != 0 { soft[constraint.source, default: 0] += cost }
      }
      if case .patternSets(let group, let rows) = constraint.kind {
        for (source, price) in reading.rowPrices(group, rows) ?? [:] where price != 0 {
          soft[source, default: 0] += price
        }
      }
    }
    for (name, amount) in reading.domainFaults() { hard[name, default: 0] += amount }
    let options = reading.optionPenalties()
    if options != 0 { soft["options", default: 0] += options }
  }
}

/// The declarations of an instance and a timetable, by the plainest reading.
private struct DeclarationReading {
  let instance: TimetableInstance
  let placements: [Placement?]
  let weeks: Int

  init(_ instance: TimetableInstance, _ timetable: Timetable) {
    self.instance = instance
    placements = timetable.placements
    weeks = instance.grid.weeks
  }

  /// An event as it meets on one day.
  private struct Held {
    var event: Int
    var start: Int
    var end: Int
    var site: Int?
  }

  // MARK: - Days

  private func meets(_ event: Int, week: Int, day: Int) -> Placement? {
    guard let placement = placements[event],
      placement.time.weeks >> UInt64(week) & 1 == 1,
      placement.time.days >> UInt8(day) & 1 == 1
    else { return nil }
    return placement
  }

  /// The events of a list on a day, by start and number.
  private func held(_ events: [Int32], week: Int, day: Int) -> [Held] {
    Set(events).compactMap { number -> Held? in
      guard let placement = meets(Int(number), week: week, day: day) else { return nil }
      return Held(
        event: Int(number), start: placement.time.start,
        end: placement.time.start + placement.time.length,
        site: placement.room.map { instance.rooms[Int($0)].site })
    }.sorted { ($0.start, $0.event) < ($1.start, $1.event) }
  }

  private func taken(_ held: [Held]) -> Set<Int> {
    held.reduce(into: []) { $0.formUnion($1.start..<$1.end) }
  }

  /// Σ over the people of a role, weeks and days of people × amount of the day.
  private func sum(_ role: Int, _ amount: (Person, [Held]) -> Int) -> Int {
    var total = 0
    for person in instance.people where person.role == role {
      for week in 0..<weeks {
        for day in 0..<instance.grid.days {
          let day = held(person.events, week: week, day: day)
          if !day.isEmpty { total += person.count * amount(person, day) }
        }
      }
    }
    return total
  }

  // MARK: - Hard

  func broken(_ constraint: Constraint) -> Int {
    switch constraint.kind {
    case .noOverlap(let role):
      return sum(role) { person, day in
        pairs(day).count { a, b in
          a.start < b.end && b.start < a.end
            && !person.lenientEvents.contains(Int32(a.event))
            && !person.lenientEvents.contains(Int32(b.event))
        }
      }
    case .travel(let role):
      return sum(role) { _, day in
        pairs(day).count { a, b in
          guard let from = a.site, let to = b.site, b.start >= a.end else { return false }
          return instance.grid.minutes(fromEndOf: a.end - 1, toStartOf: b.start)
            < instance.travelMinutes[from][to]
        }
      }
    case .dayLoad(let role, let limit):
      return sum(role) { person, day in
        taken(day).count > (person.dayLimit ?? limit) ? 1 : 0
      }
    case .patternSets(let group, let rows):
      return rowPrices(group, rows) == nil ? 1 : 0
    default:
      return cost(constraint, weight: 1) > 0 ? 1 : 0
    }
  }

  private func pairs(_ day: [Held]) -> [(Held, Held)] {
    day.indices.flatMap { i in day[(i + 1)...].map { (day[i], $0) } }
  }

  /// Times and rooms that are no option, two events in one room, a room where none is needed.
  func domainFaults() -> [String: Int] {
    var faults: [String: Int] = [:]
    for (number, event) in instance.events.enumerated() {
      guard let placement = placements[number] else { continue }
      if !instance.timeDomains[event.timeDomain].contains(where: { $0.pattern == placement.time }) {
        faults["time option", default: 0] += 1
      }
      let allowed = event.rooms.contains { $0.room == placement.room }
      if event.needsRoom ? !allowed : placement.room != nil {
        faults["room option", default: 0] += 1
      }
    }
    var inRoom: [Int32: [Int32]] = [:]
    for (number, placement) in placements.enumerated() {
      if let room = placement?.room { inRoom[room, default: []].append(Int32(number)) }
    }
    for events in inRoom.values {
      for week in 0..<weeks {
        for day in 0..<instance.grid.days {
          for (a, b) in pairs(held(events, week: week, day: day))
          where a.start < b.end && b.start < a.end {
            faults["room taken twice", default: 0] += 1
          }
        }
      }
    }
    return faults
  }

  func optionPenalties() -> Int {
    var sum = 0
    for (number, event) in instance.events.enumerated() {
      guard let placement = placements[number] else { continue }
      sum +=
        instance.timeDomains[event.timeDomain].first { $0.pattern == placement.time }?.penalty ?? 0
      sum += event.rooms.first { $0.room == placement.room }?.penalty ?? 0
    }
    return sum
  }

  /// The prices of the row that the events of a group make; nil where they make none, and no price
  /// where some are not placed.
  func rowPrices(_ group: Int, _ rows: [Constraint.PatternSet]) -> [String: Int]? {
    let shapes = instance.eventGroups[group].events.map { placements[Int($0)]?.time }
    guard shapes.allSatisfy({ $0 != nil }) else { return [:] }
    let made = shapes.compactMap { $0 }.map {
      Constraint.PatternSet.Shape(weeks: $0.weeks, length: $0.length)
    }
    return rows.filter { $0.shapes == made }.min { $0.penalty < $1.penalty }?.penalties
  }

  // MARK: - Soft

  func cost(_ constraint: Constraint, weight: Int) -> Int {
    switch constraint.kind {
    case .maxDayLoad(let events, let limit):
      return weight
        * days(events) { day in max(0, day.reduce(0) { $0 + $1.end - $1.start } - limit) } / weeks
    case .maxBreaks(let events, let breaks, let gap):
      return weight * days(events) { max(0, blocks($0, gap: gap).count - breaks - 1) } / weeks
    case .maxBlock(let events, let limit, let gap):
      return weight
        * days(events) { day in
          blocks(day, gap: gap).count { $0.events >= 2 && $0.end - $0.start > limit }
        } / weeks
    default:
      return weight * amount(constraint)
    }
  }

  private func days(_ events: [Int32], _ amount: ([Held]) -> Int) -> Int {
    var total = 0
    for week in 0..<weeks {
      for day in 0..<instance.grid.days {
        let day = held(events, week: week, day: day)
        if !day.isEmpty { total += amount(day) }
      }
    }
    return total
  }

  private func blocks(_ day: [Held], gap: Int) -> [(start: Int, end: Int, events: Int)] {
    day.reduce(into: []) { blocks, event in
      if let last = blocks.last, last.end + gap >= event.start {
        blocks[blocks.count - 1].end = max(last.end, event.end)
        blocks[blocks.count - 1].events += 1
      } else {
        blocks.append((event.start, event.end, 1))
      }
    }
  }

  private func amount(_ constraint: Constraint) -> Int {
    switch constraint.kind {
    case .noOverlap, .travel, .patternSets, .maxDayLoad, .maxBreaks, .maxBlock:
      return 0
    case .lenientOverlap(let role):
      return sum(role) { person, day in
        taken(day).count { slot in
          let there = day.filter { $0.start <= slot && slot < $0.end }
          return there.count > 1
            && there.contains { person.lenientEvents.contains(Int32($0.event)) }
        }
      }
    case .dayLoad(let role, let limit):
      return sum(role) { max(0, taken($1).count - limit) }
    case .gaps(let role):
      return sum(role) { _, day in
        let slots = taken(day)
        return (slots.max() ?? 0) - (slots.min() ?? 0) + 1 - slots.count
      }
    case .singleEventDays(let role): return sum(role) { $1.count == 1 ? 1 : 0 }
    case .fullWindow(let role, let from, let to):
      return sum(role) { taken($1).isSuperset(of: from...to) ? 1 : 0 }
    case .daysUsed(let role): return sum(role) { _, _ in 1 }
    case .siteChanges(let role):
      return sum(role) { _, day in
        let sites = day.compactMap(\.site)
        return zip(sites, sites.dropFirst()).count { $0 != $1 }
      }
    case .isolated(let role):
      return sum(role) { _, day in
        let slots = taken(day)
        return day.count { !slots.contains($0.start - 1) && !slots.contains($0.end) }
      }
    case .minimumDays(let role):
      return instance.people.filter { $0.role == role }.reduce(0) { total, person in
        let used = Set(
          person.events.compactMap { placements[Int($0)]?.time }.flatMap { time -> [Int] in
            (0..<7).filter { time.days >> UInt8($0) & 1 == 1 }
          })
        return total + person.count * max(0, person.minimumDays - used.count)
      }
    case .avoidTimes(let events, let times):
      return Set(events).reduce(0) { $0 + inside(times, Int($1)) }
    case .roomAvoidsTimes(let room, let times):
      return placements.indices.reduce(0) {
        $0 + (placements[$1]?.room == room ? inside(times, $1) : 0)
      }
    case .keepTime(let events, let among):
      return events.count { placements[Int($0)].map { !among.contains($0.time) } ?? false }
    case .keepRoom(let events, let among):
      return events.count { placements[Int($0)].map { !among.contains($0.room) } ?? false }
    case .capacityExcess(let events):
      return events.reduce(0) { total, event in
        guard let room = placements[Int(event)]?.room else { return total }
        return total
          + max(0, instance.events[Int(event)].size - instance.rooms[Int(room)].capacity)
      }
    case .sameDay(let group):
      return days(instance.eventGroups[group].events) { $0.count - 1 }
    case .firstInWeek(let earlier, let later):
      return (0..<weeks).count { week in
        guard let a = first(earlier, week), let b = first(later, week) else { return false }
        return b < a
      }
    case .roomStability(let group):
      let rooms = Set(
        instance.eventGroups[group].events.compactMap { placements[Int($0)]?.room })
      return max(0, rooms.count - 1)
    case .pairs(let events, let relation):
      var broken = 0
      for i in events.indices {
        for j in events.indices where i < j {
          guard let a = placements[Int(events[i])], let b = placements[Int(events[j])] else {
            continue
          }
          if !holds(relation, a, b) { broken += 1 }
        }
      }
      return broken
    case .maxDays(let events, let limit):
      let days = events.reduce(UInt8(0)) { $0 | (placements[Int($1)]?.time.days ?? 0) }
      return max(0, days.nonzeroBitCount - limit)
    }
  }

  private func first(_ group: Int, _ week: Int) -> (Int, Int)? {
    instance.eventGroups[group].events.flatMap { event in
      (0..<instance.grid.days).compactMap { day in
        meets(Int(event), week: week, day: day).map { (day, $0.time.start) }
      }
    }.min { $0 < $1 }
  }

  private func inside(_ times: TimeSet, _ event: Int) -> Int {
    guard let time = placements[event]?.time else { return 0 }
    var count = 0
    for week in 0..<weeks where time.weeks >> UInt64(week) & 1 == 1 {
      for day in 0..<instance.grid.days where time.days >> UInt8(day) & 1 == 1 {
        for slot in time.start..<(time.start + time.length)
        where times.slots(week: week, day: day) >> UInt64(slot) & 1 == 1 {
          count += 1
        }
      }
    }
    return count
  }

  /// ITC-2019's relations; source: its format page, section "Distribution constraints".
  private func holds(
    _ relation: Constraint.PairRelation, _ a: Placement, _ b: Placement
  ) -> Bool {
    let x = a.time, y = b.time
    let endX = x.start + x.length, endY = y.start + y.length
    let shareDay = x.days & y.days != 0 && x.weeks & y.weeks != 0
    let overlap = shareDay && x.start < endY && y.start < endX
    switch relation {
    case .sameStart: return x.start == y.start
    case .sameTime:
      return (x.start <= y.start && endY <= endX) || (y.start <= x.start && endX <= endY)
    case .differentTime: return endX <= y.start || endY <= x.start
    case .sameDays: return x.days & y.days == x.days || x.days & y.days == y.days
    case .differentDays: return x.days & y.days == 0
    case .sameWeeks: return x.weeks & y.weeks == x.weeks || x.weeks & y.weeks == y.weeks
    case .differentWeeks: return x.weeks & y.weeks == 0
    case .sameRoom: return a.room == b.room
    case .differentRoom: return a.room != b.room
    case .overlap: return overlap
    case .notOverlap: return !overlap
    case .sameAttendees:
      guard shareDay else { return true }
      let way: Int
      if let from = a.room, let to = b.room {
        way = instance.travelMinutes[instance.rooms[Int(from)].site][instance.rooms[Int(to)].site]
      } else {
        way = 0
      }
      return endX + way <= y.start || endY + way <= x.start
    case .precedence:
      let weekX = x.weeks.trailingZeroBitCount, weekY = y.weeks.trailingZeroBitCount
      if weekX != weekY { return weekX < weekY }
      if x.day != y.day { return x.day < y.day }
      return endX <= y.start
    case .workDay(let most):
      return !shareDay || max(endX, endY) - min(x.start, y.start) <= most
    case .minGap(let gap):
      return !shareDay || endX + gap <= y.start || endY + gap <= x.start
    }
  }
}

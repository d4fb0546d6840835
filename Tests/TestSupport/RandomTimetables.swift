// SPDX-License-Identifier: GPL-3.0-or-later
public import Timetabling

/// SplitMix64: the same numbers on every machine.
public struct TestRandom: Sendable {
  private var state: UInt64

  /// A generator of a seed.
  public init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0xBF58_476D_1CE4_E5B9 }

  /// 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number in 0 ..< bound.
  public mutating func below(_ bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// True in so many of a hundred cases.
  public mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  /// One of some.
  public mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[below(elements.count)]
  }
}

/// What a random timetable instance may ask, one entry for each kind of declaration (and level)
/// that is lowered.
public enum AskedKind: String, CaseIterable, Sendable {
  case overlap, lenientOverlap, travel, hardDayLoad, personalLimit, softDayLoad, gaps, singles
  case window, daysUsed, siteChanges, isolated, minimumDays
  case softTimes, hardTimes, softRoomTimes, hardRoomTimes
  case softKeepTime, hardKeepTime, softKeepRoom, hardKeepRoom, softCapacity, hardCapacity
  case patternSets, sameDay, firstInWeek, roomStability, timePenalties, roomPenalties
}

/// How large a random instance is.
public struct RandomShape: Sendable {
  /// Weeks of the term.
  public var weeks = 1...4
  /// Days of a week.
  public var days = 1...3
  /// Slots of a day.
  public var slots = 3...6
  /// Events.
  public var events = 3...6
  /// Rooms.
  public var rooms = 1...3
  /// People of both roles.
  public var people = 2...4
  /// A chance in a hundred that an event needs no room.
  public var online = 20

  /// Tiny.
  public init() {}
}

extension TimetableInstance {
  /// A random instance that asks only for what is listed.
  ///
  /// Events have several week patterns and lengths (unless isolated events are asked for, which
  /// are of one slot), rooms lie at several sites, people share events.
  public static func random(
    seed: UInt64, asking kinds: Set<AskedKind>, _ shape: RandomShape = RandomShape()
  ) -> TimetableInstance {
    var maker = RandomInstanceMaker(seed: seed, kinds: kinds, shape: shape)
    return maker.make()
  }
}

private struct RandomInstanceMaker {
  var random: TestRandom
  let kinds: Set<AskedKind>
  let shape: RandomShape
  var instance: TimetableInstance
  var shapes: [Constraint.PatternSet.Shape] = []
  let weeks: Int
  let days: Int
  let slots: Int

  init(seed: UInt64, kinds: Set<AskedKind>, shape: RandomShape) {
    var random = TestRandom(seed: seed)
    func draw(_ range: ClosedRange<Int>) -> Int {
      range.lowerBound + random.below(range.count)
    }
    weeks = draw(shape.weeks)
    days = draw(shape.days)
    slots = draw(shape.slots)
    // Breaks of different lengths, so that the way takes now one slot and now none.
    var starts: [Int] = []
    var minute = 480
    for _ in 0..<slots {
      starts.append(minute)
      minute += 50 + random.pick([5, 10, 30])
    }
    instance = TimetableInstance(
      name: "random \(seed)",
      grid: TimeGrid(weeks: weeks, days: days, slotStarts: starts, slotMinutes: 50))
    self.random = random
    self.kinds = kinds
    self.shape = shape
  }

  func asks(_ kind: AskedKind) -> Bool { kinds.contains(kind) }

  mutating func draw(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + random.below(range.count)
  }

  mutating func soft() -> Constraint.Level { .soft(1 + random.below(9)) }

  mutating func ask(_ kind: Constraint.Kind, _ level: Constraint.Level, _ source: AskedKind) {
    instance.constraints.append(Constraint(kind, level, source: source.rawValue))
  }

  mutating func make() -> TimetableInstance {
    makeRooms()
    makeEvents()
    makePeople()
    askOfPeople()
    askOfPlacements()
    askOfGroups()
    return instance
  }

  mutating func makeRooms() {
    let sites = 1 + random.below(3)
    instance.sites = (0..<sites).map { "site \($0)" }
    instance.travelMinutes = (0..<sites).map { _ in Array(repeating: 0, count: sites) }
    for a in 0..<sites {
      for b in 0..<sites where a != b {
        // Not the same in both directions.
        instance.travelMinutes[a][b] = random.pick([0, 8, 20, 70])
      }
    }
    for number in 0..<draw(shape.rooms) {
      instance.rooms.append(
        RoomDeclaration(
          name: "room \(number)", site: random.below(sites), capacity: 10 + random.below(20)))
    }
  }

  mutating func makeEvents() {
    let all = UInt64.max >> UInt64(64 - weeks)
    var masks: [UInt64] = [all]
    if weeks > 1 {
      masks.append(all & 0x5555_5555_5555_5555)
      masks.append(all & 0xAAAA_AAAA_AAAA_AAAA)
      masks.append(1)
    }
    let longest = asks(.isolated) ? 1 : min(3, slots)
    for mask in masks {
      for length in 1...longest where random.chance(60) {
        shapes.append(.init(weeks: mask, length: length))
      }
    }
    if shapes.isEmpty { shapes = [.init(weeks: all, length: 1)] }
    let count = draw(shape.events)
    var next = 0
    while next < count {
      let size = min(random.pick([1, 1, 2, 2, 3]), count - next)
      instance.eventGroups.append(
        EventGroup(
          name: "group \(instance.eventGroups.count)",
          events: (next..<(next + size)).map(Int32.init)))
      next += size
    }
    for number in 0..<count {
      let own = shapes.filter { _ in random.chance(60) }
      var domain: [TimeOption] = []
      for shape in own.isEmpty ? [random.pick(shapes)] : own {
        for day in 0..<days {
          for start in 0...(slots - shape.length) where random.chance(80) {
            domain.append(
              TimeOption(
                TimePattern(weeks: shape.weeks, day: day, start: start, length: shape.length),
                penalty: asks(.timePenalties) ? random.below(5) : 0))
          }
        }
      }
      instance.timeDomains.append(domain)
      let online = random.chance(shape.online)
      var rooms: [RoomOption] = []
      if !online {
        for room in instance.rooms.indices where random.chance(75) {
          rooms.append(
            RoomOption(Int32(room), penalty: asks(.roomPenalties) ? random.below(5) : 0))
        }
      }
      instance.events.append(
        Event(
          name: "event \(number)", timeDomain: number, rooms: rooms, needsRoom: !online,
          size: 5 + random.below(25)))
    }
  }

  mutating func makePeople() {
    instance.roles = ["student", "teacher"]
    for number in 0..<draw(shape.people) {
      let events = instance.events.indices.filter { _ in random.chance(60) }.map(Int32.init)
      let role = random.below(2)
      let lenient =
        asks(.lenientOverlap) && role == 0 ? events.filter { _ in random.chance(30) } : []
      instance.people.append(
        Person(
          name: "person \(number)", role: role, count: 1 + random.below(4), events: events,
          lenientEvents: lenient,
          dayLimit: asks(.personalLimit) && random.chance(50) ? 1 + random.below(slots) : nil,
          minimumDays: asks(.minimumDays) ? random.below(days + 1) : 0))
    }
  }

  mutating func askOfPeople() {
    for role in 0...1 {
      if asks(.overlap) { ask(.noOverlap(role: role), .hard, .overlap) }
      if asks(.lenientOverlap) { ask(.lenientOverlap(role: role), soft(), .lenientOverlap) }
      if asks(.travel) { ask(.travel(role: role), .hard, .travel) }
      if asks(.hardDayLoad) {
        ask(.dayLoad(role: role, limit: 1 + random.below(slots)), .hard, .hardDayLoad)
      }
      if asks(.softDayLoad) {
        ask(.dayLoad(role: role, limit: random.below(slots)), soft(), .softDayLoad)
      }
      if asks(.gaps) { ask(.gaps(role: role), soft(), .gaps) }
      if asks(.singles) { ask(.singleEventDays(role: role), soft(), .singles) }
      if asks(.window) {
        let from = random.below(slots - 1)
        let to = from + random.below(min(3, slots - from))
        ask(.fullWindow(role: role, from: from, to: to), soft(), .window)
      }
      if asks(.daysUsed) { ask(.daysUsed(role: role), soft(), .daysUsed) }
      if asks(.siteChanges) { ask(.siteChanges(role: role), soft(), .siteChanges) }
      if asks(.isolated) { ask(.isolated(role: role), soft(), .isolated) }
      if asks(.minimumDays) { ask(.minimumDays(role: role), soft(), .minimumDays) }
    }
  }

  mutating func times(_ percent: Int) -> TimeSet {
    var set = TimeSet(grid: instance.grid)
    for week in 0..<weeks {
      for day in 0..<days where random.chance(percent) {
        let from = random.below(slots)
        set.insert(
          weeks: 1 << UInt64(week), day: day, from: from, to: from + random.below(slots - from))
      }
    }
    return set
  }

  mutating func someEvents() -> [Int32] {
    instance.events.indices.filter { _ in random.chance(60) }.map(Int32.init)
  }

  mutating func askOfPlacements() {
    if asks(.softTimes) {
      ask(.avoidTimes(events: someEvents(), times: times(60)), soft(), .softTimes)
      ask(.avoidTimes(events: someEvents(), times: times(40)), soft(), .softTimes)
    }
    if asks(.hardTimes) {
      ask(.avoidTimes(events: someEvents(), times: times(15)), .hard, .hardTimes)
    }
    for room in instance.rooms.indices where random.chance(70) {
      if asks(.softRoomTimes) {
        ask(.roomAvoidsTimes(room: Int32(room), times: times(50)), soft(), .softRoomTimes)
      }
      if asks(.hardRoomTimes) {
        ask(.roomAvoidsTimes(room: Int32(room), times: times(20)), .hard, .hardRoomTimes)
      }
    }
    for (kind, level) in [(AskedKind.softKeepTime, soft()), (.hardKeepTime, .hard)]
    where asks(kind) {
      let events = level == .hard ? [Int32(random.below(instance.events.count))] : someEvents()
      var among: [TimePattern] = []
      for event in events {
        among += instance.timeDomains[Int(event)].filter { _ in random.chance(40) }.map(\.pattern)
      }
      ask(.keepTime(events: events, among: among), level, kind)
    }
    for (kind, level) in [(AskedKind.softKeepRoom, soft()), (.hardKeepRoom, .hard)]
    where asks(kind) {
      let events = level == .hard ? [Int32(random.below(instance.events.count))] : someEvents()
      var among: [Int32?] = instance.rooms.indices.filter { _ in random.chance(50) }
        .map { Int32($0) }
      if random.chance(50) { among.append(nil) }
      ask(.keepRoom(events: events, among: among), level, kind)
    }
    if asks(.softCapacity) { ask(.capacityExcess(events: someEvents()), soft(), .softCapacity) }
    if asks(.hardCapacity) {
      ask(
        .capacityExcess(events: [Int32(random.below(instance.events.count))]), .hard,
        .hardCapacity)
    }
  }

  mutating func askOfGroups() {
    for (number, group) in instance.eventGroups.enumerated() {
      if asks(.patternSets) {
        var rows: [Constraint.PatternSet] = []
        for _ in 0..<3 {
          let shapes = group.events.map { event -> Constraint.PatternSet.Shape in
            let domain = instance.timeDomains[Int(event)]
            guard !domain.isEmpty else { return self.shapes[0] }
            let pattern = random.pick(domain).pattern
            return .init(weeks: pattern.weeks, length: pattern.length)
          }
          if !rows.contains(where: { $0.shapes == shapes }) {
            rows.append(
              .init(
                shapes: shapes,
                penalties: ["short": random.below(9), "extra": random.below(5)]))
          }
        }
        ask(.patternSets(group: number, rows: rows), .hard, .patternSets)
      }
      if asks(.sameDay) { ask(.sameDay(group: number), soft(), .sameDay) }
      if asks(.roomStability) { ask(.roomStability(group: number), soft(), .roomStability) }
      if asks(.firstInWeek), number > 0, random.chance(70) {
        ask(
          .firstInWeek(earlier: random.below(number), later: number), soft(), .firstInWeek)
      }
    }
  }
}

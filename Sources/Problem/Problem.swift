// SPDX-License-Identifier: GPL-3.0-or-later
public import Timetabling

/// Why an instance cannot be lowered.
public enum ProblemError: Error, Sendable, Hashable {
  /// A declaration that no term says yet; the kind, and what of it.
  case unsupported(String)
  /// A declaration that contradicts itself, or whose numbers are too large to be counted.
  case malformed(String)
}

/// An instance lowered to flat terms, once; shared by all searches and never changed.
///
/// **Week classes.** Weeks in which the same patterns can be held are one class; a *cell* is a class
/// and a day, numbered `day · classes + class`. **Shapes** are distinct (weeks, length); a *time* is a
/// shape, a day and a start, numbered `(shape · days + day) · slots + start`.
public final class Problem: @unchecked Sendable {
  /// What was lowered.
  public let instance: TimetableInstance

  /// Days of the grid.
  public let days: Int
  /// Slots of a day.
  public let slots: Int
  /// Classes of weeks.
  public let classes: Int
  /// Cells: classes × days.
  public let cells: Int
  /// Weeks of each class.
  public let classWeeks: Flat<Int32>
  /// A week of each class, from 0.
  public let classWeek: [Int]

  /// Distinct weeks and lengths.
  public let shapes: [Constraint.PatternSet.Shape]
  /// Distinct times.
  public let times: Int
  /// The shape of each time.
  public let timeShape: Flat<Int32>
  /// The day of each time.
  public let timeDay: Flat<Int32>
  /// The first slot of each time.
  public let timeStart: Flat<Int32>
  /// The slots of each time as bits; 0 where it leaves the day.
  public let timeMask: Flat<UInt64>
  /// The classes of each time as bits.
  public let timeClasses: Flat<UInt64>
  /// The length of each time.
  public let timeLength: Flat<Int32>

  /// Events.
  public let events: Int
  /// Marks a time that an event may not have.
  public static let forbidden = Int32.max
  /// `costRow[event · shapes + shape]`: where in ``timeCost`` the prices of a shape are, −1 for none.
  let costRow: Flat<Int32>
  /// Prices by day · slots + start; rows that are alike for several events are kept once.
  let timeCost: Flat<Int32>
  /// Times that each event may have, in order.
  public let options: Rows
  /// Rooms that each event may have, smallest first.
  public let eventRooms: Rows
  let eventRoomCost: Flat<Int32>
  let hasRoomCost: Flat<Bool>
  /// `roomAllowed[event · roomWords + room / 64]`, bit room % 64.
  let roomAllowed: Flat<UInt64>
  package let roomWords: Int
  /// Whether the event needs a room.
  public let needsRoom: Flat<Bool>
  /// Events of a person each.
  public let eventPeople: Rows

  /// Rooms.
  public let rooms: Int
  /// Site of each room, from 1.
  public let roomSite: Flat<Int32>
  package let roomClosed: Flat<UInt64>
  let roomTimeCost: Flat<Int32>
  let roomTimeBase: Flat<Int32>

  /// Sites, and one more for events without a room (number 0).
  public let sites: Int
  /// Longest length of a shape.
  package let longest: Int
  /// Slots too near to a time at site b, for something at site a:
  /// `blocked[((b · sites + a) · longest + length − 1) · slots + start]`.
  package let blocked: Flat<UInt64>
  /// Union over a of ``blocked``: `near[(b · longest + length − 1) · slots + start]`.
  let near: Flat<UInt64>

  /// People.
  public let people: Int
  /// Events of each person.
  public let personEvents: Rows
  package let personLenient: Flat<Bool>
  /// Position of the measure of each person.
  package let personMeasure: Flat<Int32>
  /// How many people each stands for.
  public let personCount: Flat<Int32>
  let personSlow: Flat<Bool>
  package let personMinimumDays: Flat<Int32>
  /// `personWeight[person · classes + class]` = people × weeks.
  package let personWeight: Flat<Int32>
  package let measures: [Measure]
  let measureSingle: Flat<Int32>
  let measureChange: Flat<Int32>
  let measureLenient: Flat<Int32>
  let measureTravel: Flat<Bool>
  let measureOverlap: Flat<Bool>
  let measureDays: Flat<Int32>
  let measureMinimumDays: Flat<Int32>
  /// `table[measure << tableBits | taken]`, where slots are few enough; else empty.
  let table: Flat<Int32>
  let tableBits: Int
  /// Whether anybody has a minimum of days.
  let demandsDays: Bool
  /// Whether people may be kept as words.
  package let isPacked: Bool

  /// How many of each event's people, from the first, are kept as words alone: whose cells are priced
  /// without their list of events, and who have no minimum of days.
  let plainPeople: Flat<Int32>
  /// By position in ``eventPeople``, so that what pricing needs of a person lies side by side.
  let attendance: Flat<Attendance>
  /// `leastCosts[event · classes + class]`: what a day of the class costs at least those who are kept as
  /// words.
  let leastCosts: Flat<Int>
  /// Shapes that each event may have.
  public let eventShapes: Rows
  /// Starts that each event may have, as bits, where people are kept as words:
  /// `openStarts[(event · shapes + shape) · days + day]`.
  package let openStarts: Flat<UInt16>
  /// The rooms of each site as bits: `siteRooms[site · roomWords + room / 64]`.
  let siteRooms: Flat<UInt64>

  /// Groups of events.
  public let groups: Int
  /// Events of each group.
  public let groupEvents: Rows
  /// The group of each event, or −1.
  public let eventGroup: Flat<Int32>
  package let groupSameDay: Flat<Int32>
  package let groupStability: Flat<Int32>
  package let groupParent: Flat<Int32>
  package let groupParentWeight: Flat<Int32>
  package let groupChildren: Rows
  /// Whether a group is an earlier or a later one of some order.
  let isOrdered: Flat<Bool>
  /// Rows of pattern sets of each group of several events; the shapes of row r are
  /// `rowShapes[rowStart[r] ..< rowStart[r + 1]]` in the order of the group's events.
  public let groupRows: Rows
  /// The shapes of each row; see ``groupRows``.
  public let rowShapes: Rows
  let rowPenalty: Flat<Int32>

  /// What each placement costs by declaration, for splitting the score.
  package let placementSources: [PlacementSource]

  /// A declaration of the cost of single placements, as lowered.
  package struct PlacementSource {
    package var constraint: Int
    package var events: [Int32]
  }

  /// Lowers an instance. Throws ``ProblemError`` where a declaration has no term.
  public convenience init(_ instance: TimetableInstance) throws {
    var lowering = try Lowering(instance)
    try lowering.lower()
    self.init(lowering)
  }

  init(_ l: Lowering) {
    instance = l.instance
    days = l.days
    slots = l.slots
    classes = l.classes
    cells = l.classes * l.days
    classWeeks = Flat(l.classWeeks.map(Int32.init))
    classWeek = l.classWeek
    shapes = l.shapes
    times = l.shapes.count * l.days * l.slots
    timeShape = Flat(l.timeShape)
    timeDay = Flat(l.timeDay)
    timeStart = Flat(l.timeStart)
    timeMask = Flat(l.timeMask)
    timeClasses = Flat(l.timeClasses)
    timeLength = Flat(l.timeLength)
    events = l.instance.events.count
    costRow = Flat(l.costRow)
    timeCost = Flat(l.timeCost)
    options = Rows(l.options)
    eventRooms = Rows(l.eventRooms)
    eventRoomCost = Flat(l.eventRoomCost.flatMap { $0 })
    hasRoomCost = Flat(l.eventRoomCost.map { $0.contains { $0 != 0 } })
    needsRoom = Flat(l.instance.events.map(\.needsRoom))
    roomWords = (l.instance.rooms.count + 63) / 64
    roomAllowed = Flat(repeating: 0, count: events * roomWords)
    for (event, allowed) in l.eventRooms.enumerated() {
      for room in allowed {
        roomAllowed[event * roomWords + Int(room) / 64] |= 1 << UInt64(room % 64)
      }
    }
    eventPeople = Rows(l.eventPeople)
    rooms = l.instance.rooms.count
    roomSite = Flat(l.instance.rooms.map { Int32($0.site + 1) })
    roomClosed = Flat(l.roomClosed)
    roomTimeCost = Flat(l.roomTimeCost)
    roomTimeBase = Flat(l.roomTimeBase)
    sites = l.sites
    longest = l.longest
    blocked = Flat(l.blocked)
    near = Flat(l.near)
    people = l.instance.people.count
    personEvents = Rows(l.personEvents)
    personLenient = Flat(l.personLenient.flatMap { $0 })
    personMeasure = Flat(l.personMeasure)
    personCount = Flat(l.instance.people.map { Int32($0.count) })
    personSlow = Flat(l.personSlow)
    personMinimumDays = Flat(l.instance.people.map { Int32($0.minimumDays) })
    personWeight = Flat(
      l.instance.people.flatMap { person in l.classWeeks.map { Int32(person.count * $0) } })
    measures = l.measures
    measureSingle = Flat(l.measures.map(\.single))
    measureChange = Flat(l.measures.map(\.change))
    measureLenient = Flat(l.measures.map(\.lenient))
    measureTravel = Flat(l.measures.map(\.needsTravel))
    measureOverlap = Flat(l.measures.map(\.forbidsOverlap))
    measureDays = Flat(l.measures.map(\.days))
    measureMinimumDays = Flat(l.measures.map(\.minimumDays))
    isPacked = l.isPacked
    tableBits = l.isPacked ? l.slots : 0
    table = Flat(
      l.isPacked
        ? l.measures.flatMap { measure in
          (0..<(1 << l.slots)).map { measure.cost(taken: UInt64($0)) }
        } : [])
    demandsDays = l.instance.people.contains { $0.minimumDays > 0 }
    plainPeople = Flat(
      l.eventPeople.map { people in Int32(people.prefix { l.isPlain(Int($0)) }.count) })
    attendance = Flat(
      l.eventPeople.flatMap { people in
        people.map {
          Attendance(
            person: $0, measure: l.personMeasure[Int($0)],
            count: Int32(l.instance.people[Int($0)].count))
        }
      })
    leastCosts = Flat(
      l.eventPeople.flatMap { people in
        l.classWeeks.map { weeks in
          people.prefix { l.isPlain(Int($0)) }.reduce(0) { sum, person in
            let days = l.measures[Int(l.personMeasure[Int(person)])].days
            return sum + Int(days) * l.instance.people[Int(person)].count * weeks
          }
        }
      })
    let grid = l.days * l.slots
    eventShapes = Rows(
      l.options.map { options in
        var shapes: [Int32] = []
        for option in options where shapes.last != option / Int32(grid) {
          shapes.append(option / Int32(grid))
        }
        return shapes
      })
    openStarts = Flat(
      repeating: 0, count: l.isPacked ? l.instance.events.count * l.shapes.count * l.days : 0)
    if l.isPacked {
      for (event, options) in l.options.enumerated() {
        for option in options where l.timeMask[Int(option)] != 0 {
          let row = Int(option) / l.slots
          openStarts[event * l.shapes.count * l.days + row] |= 1 << UInt16(Int(option) % l.slots)
        }
      }
    }
    siteRooms = Flat(repeating: 0, count: l.sites * roomWords)
    for (room, site) in l.instance.rooms.map({ $0.site + 1 }).enumerated() {
      siteRooms[site * roomWords + room / 64] |= 1 << UInt64(room % 64)
    }
    groups = l.instance.eventGroups.count
    groupEvents = Rows(l.instance.eventGroups.map(\.events))
    eventGroup = Flat(l.eventGroup)
    groupSameDay = Flat(l.groupSameDay)
    groupStability = Flat(l.groupStability)
    groupParent = Flat(l.groupParent)
    groupParentWeight = Flat(l.groupParentWeight)
    groupChildren = Rows(l.groupChildren)
    isOrdered = Flat(
      l.groupParent.indices.map { group in
        (l.groupParent[group] >= 0 && l.groupParentWeight[group] > 0)
          || l.groupChildren[group].contains { l.groupParentWeight[Int($0)] > 0 }
      })
    groupRows = Rows(l.groupRows)
    rowShapes = Rows(l.rowShapes)
    rowPenalty = Flat(l.rowPenalty)
    placementSources = l.placementSources
  }

  deinit {
    for flat in [
      timeShape, timeDay, timeStart, timeLength, costRow, timeCost, eventRoomCost, roomSite,
      roomTimeCost, roomTimeBase, personMeasure, personCount, personMinimumDays, personWeight,
      measureSingle, measureChange, measureLenient, measureDays, measureMinimumDays, table,
      eventGroup, groupSameDay, groupStability, groupParent, groupParentWeight, rowPenalty,
      classWeeks, plainPeople,
    ] { flat.free() }
    for flat in [timeMask, timeClasses, roomAllowed, roomClosed, blocked, near, siteRooms] {
      flat.free()
    }
    openStarts.free()
    leastCosts.free()
    attendance.free()
    for flat in [
      hasRoomCost, needsRoom, isOrdered, personLenient, personSlow, measureTravel, measureOverlap,
    ] {
      flat.free()
    }
    for rows in [
      options, eventRooms, eventPeople, personEvents, groupEvents, groupChildren, groupRows,
      rowShapes, eventShapes,
    ] { rows.free() }
  }

  /// One who attends an event.
  struct Attendance: BitwiseCopyable {
    var person: Int32
    var measure: Int32
    /// How many they are.
    var count: Int32
  }

  /// The price of an event at a time, without people and groups; ``forbidden`` where it may not be.
  @inline(__always)
  package func placementCost(_ event: Int, _ time: Int) -> Int32 {
    let shape = Int(timeShape[time])
    let row = Int(costRow[event * shapes.count + shape])
    return row < 0 ? Problem.forbidden : timeCost[row + time - shape * days * slots]
  }

  /// ``placementCost(_:_:)`` of a shape that an event may have, by day · slots + start.
  @inline(__always)
  func placementCosts(_ event: Int, shape: Int) -> UnsafePointer<Int32> {
    UnsafePointer(timeCost.base + Int(costRow[event * shapes.count + shape]))
  }

  /// Whether an event may be held at a time as far as it alone is concerned.
  public func allows(event: Int, time: Int) -> Bool {
    placementCost(event, time) != Problem.forbidden
  }

  /// The price of an event in one of its rooms.
  @inline(__always)
  package func roomCost(_ event: Int, _ room: Int) -> Int {
    if !hasRoomCost[event] { return 0 }
    for index in eventRooms[event] where eventRooms.items[index] == room {
      return Int(eventRoomCost[index])
    }
    return 0
  }

  /// Whether a room is among those of an event.
  @inline(__always)
  public func allows(event: Int, room: Int) -> Bool {
    roomAllowed[event * roomWords + room >> 6] >> UInt64(room & 63) & 1 == 1
  }

  /// The price of anything in a room at a time.
  @inline(__always)
  package func roomTimeCost(_ room: Int, _ time: Int) -> Int {
    let base = roomTimeBase[room]
    return base < 0 ? 0 : Int(roomTimeCost[Int(base) + time])
  }

  /// The number of a shape, day and start.
  @inline(__always)
  public func time(shape: Int, day: Int, start: Int) -> Int {
    (shape * days + day) * slots + start
  }

  /// The number of a class of weeks on a day, of ``cells``: a day's classes lie side by side.
  @inline(__always)
  public func cell(_ weekClass: Int, _ day: Int) -> Int { day * classes + weekClass }

  /// A time as a pattern of the instance.
  public func pattern(of time: Int) -> TimePattern {
    let shape = shapes[Int(timeShape[time])]
    return TimePattern(
      weeks: shape.weeks, day: Int(timeDay[time]), start: Int(timeStart[time]),
      length: shape.length)
  }

  /// The number of a pattern; nil where it is no time of this problem.
  public func time(of pattern: TimePattern) -> Int? {
    guard pattern.day < days, pattern.days == 1 << UInt8(pattern.day), pattern.start >= 0,
      pattern.start + pattern.length <= slots,
      let shape = shapes.firstIndex(where: {
        $0.weeks == pattern.weeks && $0.length == pattern.length
      })
    else { return nil }
    return time(shape: shape, day: pattern.day, start: pattern.start)
  }

  /// The price of a row of ``groupRows``.
  public func penalty(ofRow row: Int) -> Int { Int(rowPenalty[row]) }

  /// The shapes of a row of ``groupRows``, in the order of the group's events.
  public func shapes(ofRow row: Int) -> [Int32] { rowShapes[row].map { rowShapes.items[$0] } }
}

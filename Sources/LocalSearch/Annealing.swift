// SPDX-License-Identifier: GPL-3.0-or-later
internal import Glibc
public import Problem
public import Timetabling

/// A kind of move, for counting.
public enum MoveKind: Int, CaseIterable, Sendable {
  /// One event to another time, weeks or room.
  case time
  /// One event to another room.
  case room
  /// All events of a group, with another row of its pattern sets.
  case group
  /// An event takes the place of others, which take its place.
  case exchange
}

/// How often a kind of move was proposed, priced and accepted, and what it gained.
public struct MoveCount: Sendable, Hashable, BitwiseCopyable {
  /// Drawn, null moves included; of a week that is looked through each time at which nobody is busy.
  public var proposed = 0
  /// Passed the cheap checks and was priced, wholly or until it was sure to cost too much.
  public var evaluated = 0
  /// Taken.
  public var accepted = 0
  /// Sum of the gains of accepted moves that gained.
  public var gain = 0

  /// Nothing yet.
  public init() {}

  /// Adds the counts of another chain.
  public mutating func add(_ other: MoveCount) {
    proposed += other.proposed
    evaluated += other.evaluated
    accepted += other.accepted
    gain += other.gain
  }
}

/// Simulated annealing over valid timetables: nothing placed ever breaks a hard constraint.
///
/// Moves and their shares follow what was measured on university instances; the temperature falls
/// geometrically from `hot` to `warm` over most of the run and then to `cold`. Thresholds are drawn
/// before a move is priced, so that pricing can stop early.
public final class Annealing: PopulationMember {
  /// The state that is worked on.
  public let state: SearchState
  /// Counts by ``MoveKind``.
  public var counts: [MoveCount] { tally.array }

  private let tally = Flat(repeating: MoveCount(), count: MoveKind.allCases.count)

  private let problem: Problem
  private var random: RandomSource
  private var temperature = 1.0

  private var bestTime: [Int32]
  private var bestRoom: [Int32]
  private var bestRow: [Int32]
  /// The best score seen when it was looked at.
  public private(set) var bestScore: Score

  /// Where moves are noted; nil for nowhere.
  var notes: MoveLog?

  /// Whether the events of a chain go the way of its first one.
  private let chainForward = Flat(repeating: false, count: SearchState.mostPlanned)

  /// Anneals a state with its own stream of random numbers.
  public init(_ state: SearchState, random: RandomSource) {
    self.state = state
    self.problem = state.problem
    self.random = random
    self.bestTime = state.eventTime.array
    self.bestRoom = state.eventRoom.array
    self.bestRow = state.groupRow.array
    self.bestScore = state.score
  }

  deinit {
    tally.free()
    chainForward.free()
    logarithms.free()
  }

  /// What the present timetable costs.
  public var score: Score { state.score }

  /// Goes on from the present timetable of another; what it remembers stays.
  public func take(from other: Annealing) { state.copy(from: other.state) }

  // MARK: - Temperatures

  /// The mean size of the change by a random move that breaks nothing: the scale from which
  /// temperatures follow. Nothing is changed.
  public func sampleScale(_ samples: Int = 2000) -> Double {
    var sum = 0.0
    var count = 0
    var tries = 0
    while count < samples, tries < samples * 50 {
      tries += 1
      let event = random.below(problem.events)
      guard state.isPlaced(event), let (time, room) = drawTarget(event) else { continue }
      let delta = state.delta(event, time, room, limit: .max - 1)
      if delta == SearchState.refused || delta == 0 { continue }
      sum += Double(abs(delta))
      count += 1
    }
    return count == 0 ? 1 : max(1, sum / Double(count))
  }

  // MARK: - Running

  /// Moves made so far, as ``run(moves:temperature:)`` counts them.
  public private(set) var moves = 0
  /// Moves made beyond those that were asked for.
  private var ahead = 0

  /// Runs so many moves at a temperature. Looking a week through counts as several, so that a run may
  /// go on for some more, by which the next one is shorter.
  public func run(moves: Int, temperature: Double) {
    self.temperature = temperature
    if problem.events == 0 { return }
    var left = moves - ahead
    while left > 0 { left -= step() }
    self.moves += moves - ahead - left
    ahead = -left
  }

  /// Remembers the present timetable when it is the best so far.
  public func noteBest() {
    guard state.score < bestScore else { return }
    bestScore = state.score
    bestTime.withUnsafeMutableBufferPointer {
      $0.baseAddress?.update(from: state.eventTime.base, count: problem.events)
    }
    bestRoom.withUnsafeMutableBufferPointer {
      $0.baseAddress?.update(from: state.eventRoom.base, count: problem.events)
    }
    bestRow.withUnsafeMutableBufferPointer {
      $0.baseAddress?.update(from: state.groupRow.base, count: problem.groups)
    }
  }

  /// The best timetable remembered.
  public var bestTimetable: Timetable {
    Timetable(
      placements: (0..<problem.events).map { event in
        guard bestTime[event] >= 0 else { return nil }
        return Placement(
          time: problem.pattern(of: Int(bestTime[event])),
          room: bestRoom[event] < 0 ? nil : bestRoom[event])
      })
  }

  /// Goes back to the best timetable remembered, where the present one is worse.
  public func restoreBest() {
    guard bestScore < state.score else { return }
    for event in 0..<problem.events where state.isPlaced(event) {
      if state.eventTime[event] != bestTime[event] || state.eventRoom[event] != bestRoom[event] {
        state.remove(event)
      }
    }
    for group in 0..<problem.groups where state.groupRow[group] != bestRow[group] {
      for index in problem.groupEvents[group] {
        let event = Int(problem.groupEvents.items[index])
        if state.isPlaced(event) { state.remove(event) }
      }
      state.setRow(bestRow[group], of: group)
    }
    for event in 0..<problem.events where !state.isPlaced(event) && bestTime[event] >= 0 {
      state.place(event, Int(bestTime[event]), Int(bestRoom[event]))
    }
    assert(state.score == bestScore)
  }

  // MARK: - Moves

  /// Times, in percent, that are drawn of any shape that the event may have.
  private static let otherShape = 45
  /// Times, in percent, that are drawn on a day of one of the event's people, mostly beside something
  /// that they have.
  private static let besideSomething = 75
  /// First times of chains, in percent, that are drawn at or beside something of one of the event's
  /// people.
  private static let chainBesideSomething = 85

  /// Moves for which looking a week through counts. It takes two to three times as long as another; four
  /// keeps what a number of moves came to when it took four times as long.
  private static let movesPerWeek = 4

  /// −ln((1 + f) / 2) in the middle of each of 256 steps of f.
  private let logarithms = Flat((0..<256).map { -log((1 + (Double($0) + 0.5) / 256) / 2) })

  /// −ln x of a number from 0 to 1, by its first nine bits: within 0.002 of it.
  @inline(__always)
  private func minusLog(_ x: Double) -> Double {
    let bits = x.bitPattern
    return Double(1022 - Int(bits &>> 52)) * 0.693_147_180_559_945_3
      + logarithms[Int(truncatingIfNeeded: bits &>> 44) & 255]
  }

  /// An exponential number, within 0.7 % and 0.002 of one.
  @inline(__always)
  private func exponential() -> Double {
    let u = random.unit()
    return u < 0.25 ? u * (1 + u * (1 / 2 + u * (1 / 3 + u / 4))) : minusLog(1 - u)
  }

  /// −ln(1 − e⁻ˣ) of a positive number: as near as ``minusLog(_:)``.
  @inline(__always)
  private func minusLogOfRest(_ x: Double) -> Double {
    x < 1 ? minusLog(x) + x * (0.5 - x / 24) : -log1p(-exp(-x))
  }

  /// So many times the temperature.
  @inline(__always)
  private func threshold(_ times: Double) -> Int {
    let threshold = temperature * times
    return threshold >= 1e15 ? 1 << 40 : Int(threshold)
  }

  /// −T ln u: a move is taken when it costs at most this.
  @inline(__always)
  private func threshold() -> Int { threshold(minusLog(random.unit())) }

  /// One move; how many it counts for.
  @inline(__always)
  private func step() -> Int {
    let draw = random.below(1000)
    if draw < 820 {
      return moveTime()
    } else if draw < 890 {
      moveRoom()
    } else if draw < 940 {
      return moveGroup()
    } else {
      exchange()
    }
    return 1
  }

  @inline(__always)
  private func count(_ kind: MoveKind, _ delta: Int) {
    tally.base[kind.rawValue].evaluated += 1
    guard delta != SearchState.refused else { return }
    tally.base[kind.rawValue].accepted += 1
    if delta < 0 { tally.base[kind.rawValue].gain -= delta }
  }

  /// An event, with a preference for days that cost somebody something.
  @inline(__always)
  private func drawEvent() -> Int {
    var event = random.below(problem.events)
    for _ in 0..<4 {
      if !state.isPlaced(event) || random.below(10) < 3 { return event }
      let person = drawPerson(of: event)
      if person < 0 || state.isCostly(person, at: Int(state.eventTime[event])) { return event }
      event = random.below(problem.events)
    }
    return event
  }

  /// Another time for an event, near the days of one who attends it, and a room free then.
  @inline(__always)
  private func drawTarget(_ event: Int) -> (time: Int, room: Int)? {
    let options = problem.options[event]
    if options.isEmpty { return nil }
    let now = Int(state.eventTime[event])
    var shape = now >= 0 ? Int(problem.timeShape[now]) : -1
    let group = Int(problem.eventGroup[event])
    let fixedShape = group >= 0 && state.groupRow[group] >= 0
    if fixedShape {
      shape = Int(state.rowShape(of: event))
    } else if shape < 0 || random.below(100) < Annealing.otherShape {
      let other = Int(problem.options.items[options.lowerBound + random.below(options.count)])
      shape = Int(problem.timeShape[other])
    }
    var time = -1
    var hint: Int32 = 0
    if problem.eventPeople.count(event) > 0, random.below(100) < Annealing.besideSomething {
      let person = drawPerson(of: event)
      let events = problem.personEvents[person]
      let other = Int(
        problem.personEvents.items[events.lowerBound + random.below(events.count)])
      let otherTime = Int(state.eventTime[other])
      if other != event, otherTime >= 0 {
        let day = Int(problem.timeDay[otherTime])
        let length = problem.shapes[shape].length
        let start: Int
        // Nearly always right before or right after the other.
        switch random.below(9) {
        case 0..<4: start = Int(problem.timeStart[otherTime]) - length
        case 4..<8: start = Int(problem.timeStart[otherTime] + problem.timeLength[otherTime])
        default: start = random.below(max(1, problem.slots - length + 1))
        }
        if start < 0 || start + length > problem.slots { return nil }
        time = problem.time(shape: shape, day: day, start: start)
        if state.eventRoom[other] >= 0 { hint = problem.roomSite[Int(state.eventRoom[other])] }
      }
    }
    if time < 0 {
      time = Int(problem.options.items[options.lowerBound + random.below(options.count)])
      if Int(problem.timeShape[time]) != shape {
        let place = time % (problem.days * problem.slots)
        time = shape * problem.days * problem.slots + place
      }
    }
    if problem.timeMask[time] == 0 || !problem.allows(event: event, time: time) { return nil }
    guard problem.needsRoom[event] else { return time == now ? nil : (time, -1) }
    let room = drawRoom(event, time, hint: hint)
    return room < 0 || (time == now && room == Int(state.eventRoom[event])) ? nil : (time, room)
  }

  /// A room of an event that is free at a time: its own, or one at a site, or any; −1 for none.
  @inline(__always)
  private func drawRoom(_ event: Int, _ time: Int, hint: Int32) -> Int {
    let rooms = problem.eventRooms[event]
    if rooms.isEmpty { return -1 }
    let own = Int(state.eventRoom[event])
    if own >= 0, random.below(10) < 2, state.isRoomFree(own, time, besides: event) { return own }
    let offset = random.below(rooms.count)
    var fallback = -1
    let wantsSite = hint > 0 && random.below(10) < 9
    for step in 0..<rooms.count {
      var position = offset + step
      if position >= rooms.count { position -= rooms.count }
      let room = Int(problem.eventRooms.items[rooms.lowerBound + position])
      if wantsSite, problem.roomSite[room] != hint, fallback >= 0 { continue }
      guard state.isRoomFree(room, time, besides: event) else { continue }
      if !wantsSite || problem.roomSite[room] == hint { return room }
      if fallback < 0 { fallback = room }
    }
    return fallback
  }

  /// One of the bits that are set.
  @inline(__always)
  private func drawBit(_ mask: UInt64) -> Int {
    var rest = mask
    var skipped = random.below(mask.nonzeroBitCount)
    while skipped > 0 {
      rest &= rest - 1
      skipped -= 1
    }
    return rest.trailingZeroBitCount
  }

  /// One of the rooms of an event that are free at a time; `site` 0 for any; −1 for none.
  @inline(__always)
  private func drawFreeRoom(_ event: Int, _ time: Int, site: Int) -> Int {
    let words = problem.roomWords
    var word = words > 1 ? random.below(words) : 0
    for _ in 0..<words {
      let free = state.freeRoomWord(event, time, site: site, word: word)
      if free != 0 { return word * 64 + drawBit(free) }
      word += 1
      if word == words { word = 0 }
    }
    return -1
  }

  /// The shape of an event's next time: its own, or where its group leaves it free any that it may
  /// have.
  @inline(__always)
  private func drawShape(_ event: Int) -> Int {
    let own = Int(problem.timeShape[Int(state.eventTime[event])])
    let shapes = problem.eventShapes[event]
    if shapes.count < 2 || random.below(100) >= Annealing.otherShape { return own }
    let group = Int(problem.eventGroup[event])
    if group >= 0, state.groupRow[group] >= 0 { return own }
    return Int(problem.eventShapes.items[shapes.lowerBound + random.below(shapes.count)])
  }

  /// A room that is free at a time at which nobody is busy: now and then the event's own, else mostly
  /// one at the site where a person is right before or after; −1 for none.
  @inline(__always)
  private func drawOpenRoom(_ event: Int, _ time: Int, person: Int) -> Int {
    let own = Int(state.eventRoom[event])
    if random.below(10) < 2, own >= 0, state.isRoomFree(own, time, besides: event) { return own }
    var site = 0
    if person >= 0, random.below(10) < 9 {
      let day = Int(problem.timeDay[time]), start = Int(problem.timeStart[time])
      let classes = problem.timeClasses[time]
      site = state.site(person, day: day, classes: classes, slot: start - 1)
      if site == 0 {
        let end = start + Int(problem.timeLength[time])
        site = state.site(person, day: day, classes: classes, slot: end)
      }
    }
    let room = drawFreeRoom(event, time, site: site)
    return room >= 0 || site == 0 ? room : drawFreeRoom(event, time, site: 0)
  }

  /// One of those who attend an event; −1 where nobody does.
  @inline(__always)
  private func drawPerson(of event: Int) -> Int {
    let people = problem.eventPeople[event]
    if people.isEmpty { return -1 }
    return Int(problem.eventPeople.items[people.lowerBound + random.below(people.count)])
  }

  /// Another time for an event, of all of the week at which nobody is busy: as if they were drawn in
  /// random order, each with a threshold of its own, until one is taken.
  ///
  /// The largest of the n thresholds is drawn first, so that pricing can stop at it: with the
  /// probability (1 − a)ⁿ it is below −T ln a. The others are drawn from what is below it.
  private func moveInWeek(_ event: Int) {
    let kind = tally.base + MoveKind.time.rawValue
    let shape = drawShape(event)
    var open = state.findOpenTimes(event, shape: shape)
    if open == 0 { return }
    kind.pointee.proposed += open
    // One in n of an exponential is a number of which the largest of n others is −ln(1 − e⁻ˣ).
    let x = exponential() / Double(open)
    let largest = threshold(minusLogOfRest(x))
    kind.pointee.evaluated += state.priceOpenTimes(event, shape: shape, limit: largest)
    if state.candidates == 0 { return }
    let person = drawPerson(of: event)
    let share = exp(-x)
    var isLargestGiven = false
    while state.candidates > 0 {
      let candidate = state.takeCandidate(random.below(state.candidates))
      // Each of those that are left may have the largest one.
      let isLargest = !isLargestGiven && random.below(open) == 0
      open -= 1
      isLargestGiven = isLargestGiven || isLargest
      let limit = isLargest ? largest : threshold(minusLog(1 - random.unit() * share))
      if candidate.cost > limit { continue }
      let time = Int(candidate.time)
      var room = -1
      if problem.needsRoom[event] {
        room = drawOpenRoom(event, time, person: person)
        if room < 0 { continue }
      }
      let delta = state.deltaOfOpen(event, time, room, limit: limit)
      assert(delta == state.delta(event, time, room, limit: limit))
      assert(delta >= candidate.cost)
      if delta == SearchState.refused { continue }
      kind.pointee.accepted += 1
      if delta < 0 { kind.pointee.gain -= delta }
      notes?.note(state, event, time, room, threshold: limit)
      state.move(event, time, room)
      return
    }
  }

  /// Another time for an event; how many moves it counts for.
  private func moveTime() -> Int {
    let event = drawEvent()
    let placed = state.isPlaced(event)
    if problem.isPacked, placed {
      moveInWeek(event)
      return Annealing.movesPerWeek
    }
    tally.base[MoveKind.time.rawValue].proposed += 1
    guard let (time, room) = drawTarget(event) else { return 1 }
    let limit = placed ? threshold() : 1 << 40
    let delta = state.delta(event, time, room, limit: limit)
    count(.time, delta)
    if delta == SearchState.refused { return 1 }
    notes?.note(state, event, time, room, threshold: limit)
    if placed { state.move(event, time, room) } else { state.place(event, time, room) }
    return 1
  }

  private func moveRoom() {
    tally.base[MoveKind.room.rawValue].proposed += 1
    let event = drawEvent()
    let time = Int(state.eventTime[event])
    if time < 0 || problem.eventRooms.count(event) < 2 { return }
    let room = drawFreeRoom(event, time, site: 0)
    if room < 0 || room == Int(state.eventRoom[event]) { return }
    let limit = threshold()
    let delta = state.deltaOfOpen(event, time, room, limit: limit)
    assert(delta == state.delta(event, time, room, limit: limit))
    count(.room, delta)
    if delta == SearchState.refused { return }
    notes?.note(state, event, time, room, threshold: limit)
    state.move(event, time, room)
  }

  /// All events of a group of several anew, half the time with another row of pattern sets; a move
  /// of time, and counted as one, where the event drawn has no such group. How many moves it counts
  /// for.
  private func moveGroup() -> Int {
    let first = drawEvent()
    let group = Int(problem.eventGroup[first])
    if group < 0 || problem.groupEvents.count(group) < 2
      || problem.groupEvents.count(group) > SearchState.mostPlanned
    {
      return moveTime()
    }
    tally.base[MoveKind.group.rawValue].proposed += 1
    let rows = problem.groupRows[group]
    var row = state.groupRow[group]
    if rows.count > 1, random.below(2) == 0 {
      row = problem.groupRows.items[rows.lowerBound + random.below(rows.count)]
    }
    let grid = problem.days * problem.slots
    state.beginPlan()
    var offset = 0
    for index in problem.groupEvents[group] {
      let event = Int(problem.groupEvents.items[index])
      if !state.isPlaced(event) { return 1 }
      let options = problem.options[event]
      if options.isEmpty { return 1 }
      var time = Int(problem.options.items[options.lowerBound + random.below(options.count)])
      if row >= 0 {
        let shape = Int(problem.rowShapes.items[Int(problem.rowShapes.start[Int(row)]) + offset])
        // One of them often keeps its day and start.
        let model = random.below(2) == 0 ? Int(state.eventTime[event]) : time
        time = shape * grid + model % grid
      }
      offset += 1
      if problem.timeMask[time] == 0 || !problem.allows(event: event, time: time) { return 1 }
      state.plan(event, to: time, Int(state.eventRoom[event]))
      if !hasPlannedRoom(state.plannedEvents - 1, joining: false) { return 1 }
    }
    if row != state.groupRow[group] { state.planRow(row, of: group) }
    attempt(.group)
    return 1
  }

  /// Whether the room planned for an event is free but for events of the move; else another one at
  /// its site is taken, or any; or those who are there join the move where `joining` says so.
  private func hasPlannedRoom(_ index: Int, joining: Bool) -> Bool {
    let (event, time, room) = state.planned(index)
    if room < 0 { return !problem.needsRoom[event] }
    if state.isRoomFree(room, time, besides: event) { return true }
    let other = drawFreeRoom(event, time, site: Int(problem.roomSite[room]))
    if other >= 0 {
      state.setPlannedRoom(index, other)
      return true
    }
    if joining { return true }
    let any = drawFreeRoom(event, time, site: 0)
    if any < 0 { return false }
    state.setPlannedRoom(index, any)
    return true
  }

  /// The most events that a chain may move.
  private static let mostInChain = 8

  /// A Kempe chain between two places of the week: an event goes from one to the other; what is in
  /// its people's way there, or in the way of its room where no other is free, goes the opposite
  /// way, and so on until nobody is in the way of anybody.
  private func exchange() {
    tally.base[MoveKind.exchange.rawValue].proposed += 1
    let event = drawEvent()
    let now = Int(state.eventTime[event])
    if now < 0 { return }
    let target = drawChainTarget(event)
    if target < 0 { return }
    let day = Int(problem.timeDay[now])
    let otherDay = Int(problem.timeDay[target])
    let shift = Int(problem.timeStart[target]) - Int(problem.timeStart[now])
    if day == otherDay, abs(shift) < Int(problem.timeLength[now]) { return }
    state.beginPlan()
    state.plan(event, to: target, Int(state.eventRoom[event]))
    chainForward[0] = true
    var next = 0
    while next < state.plannedEvents {
      let (mover, time, _) = state.planned(next)
      let forward = chainForward[next]
      // People in the way.
      for index in problem.eventPeople[mover] {
        let person = Int(problem.eventPeople.items[index])
        let areGoing = state.forEachInTheWay(of: mover, person: person, at: time) { other in
          join(other, back: forward, day: forward ? day : otherDay, shift: shift)
        }
        if !areGoing { return }
      }
      if !hasPlannedRoom(next, joining: true) { return }
      let (_, _, room) = state.planned(next)
      if room >= 0, !state.isRoomFree(room, time, besides: mover) {
        // Nobody is planned twice: those who are there and stay make way.
        var rest = problem.timeClasses[time]
        while rest != 0 {
          let at =
            room * problem.cells
            + problem.cell(rest.trailingZeroBitCount, Int(problem.timeDay[time]))
          rest &= rest - 1
          for slot in 0..<Int(problem.timeLength[time]) {
            let other = Int(
              state.roomEvent[at * problem.slots + Int(problem.timeStart[time]) + slot])
            if other < 0 || state.isPlanned(other) { continue }
            if !join(other, back: forward, day: forward ? day : otherDay, shift: shift) { return }
          }
        }
      }
      next += 1
    }
    if state.plannedEvents == 1 && random.below(4) > 0 { return }
    attempt(.exchange)
  }

  /// Adds an event to a chain: it goes to a day, against the shift where `back` says so.
  private func join(_ event: Int, back: Bool, day: Int, shift: Int) -> Bool {
    if state.plannedEvents == Annealing.mostInChain { return false }
    let held = Int(state.eventTime[event])
    let start = Int(problem.timeStart[held]) + (back ? -shift : shift)
    if start < 0 || start + Int(problem.timeLength[held]) > problem.slots { return false }
    let time = problem.time(shape: Int(problem.timeShape[held]), day: day, start: start)
    if !problem.allows(event: event, time: time) { return false }
    chainForward[state.plannedEvents] = !back
    state.plan(event, to: time, Int(state.eventRoom[event]))
    return true
  }

  /// Another place of the week for an event, in the same weeks; −1 for none.
  private func drawChainTarget(_ event: Int) -> Int {
    let now = Int(state.eventTime[event])
    let options = problem.options[event]
    let grid = problem.days * problem.slots
    let shape = Int(problem.timeShape[now])
    var time = Int(problem.options.items[options.lowerBound + random.below(options.count)])
    time = shape * grid + time % grid
    if problem.eventPeople.count(event) > 0, random.below(100) < Annealing.chainBesideSomething {
      let person = drawPerson(of: event)
      let events = problem.personEvents[person]
      let other = Int(
        problem.personEvents.items[events.lowerBound + random.below(events.count)])
      let held = Int(state.eventTime[other])
      if other == event || held < 0 { return -1 }
      var start = Int(problem.timeStart[held])
      switch random.below(3) {
      case 0: start += Int(problem.timeLength[held])
      case 1: start -= Int(problem.timeLength[now])
      default: break
      }
      if start < 0 || start + Int(problem.timeLength[now]) > problem.slots { return -1 }
      time = problem.time(shape: shape, day: Int(problem.timeDay[held]), start: start)
    }
    if time == now || problem.timeMask[time] == 0 || !problem.allows(event: event, time: time) {
      return -1
    }
    return time
  }

  /// Makes the planned move, or leaves everything as it is.
  private func attempt(_ kind: MoveKind) {
    let limit = threshold()
    let delta = state.priceOfPlan(limit: limit)
    count(kind, delta)
    if delta == SearchState.refused { return }
    notes?.notePlan(state, threshold: limit)
    state.commitPlan()
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
internal import Curricula
public import LinearModels
internal import Problem
internal import Solving
internal import Timetabling
public import University
internal import Validation

/// How many rooms a university needs: bounds from below, a timetable that the validator accepts
/// from above, and what one room more or fewer changes.
///
/// Whatever is called possible here was tried: a timetable with the rooms closed was found, and the
/// validator has nothing against it. What was not found is not proved to be impossible, unless it is
/// below a bound.
public struct RoomStudy {
  /// What a kind and size loses with one room fewer, and gains with one more.
  public struct Marginal: Sendable {
    /// The room that is used least of its kind and size.
    public var room: RoomID
    /// Its kind.
    public var kind: String
    /// The least seats of the band.
    public var seats: Int
    /// The most seats of the band; nil for no limit.
    public var upTo: Int?
    /// Whether a valid timetable was found without the room; nil where time was over.
    public var isPossible: Bool?
    /// Meetings that move then.
    public var moved = 0
    /// What the objective of the timetable grows by then, what moving costs left out.
    public var cost = 0.0
    /// Seats of a room more.
    public var moreSeats: Int
    /// What the objective falls by with it: meetings go into it one by one, each as long as that
    /// saves more than its best move elsewhere; nil where time was over.
    public var gain: Double?
    /// How many meetings go into it.
    public var gainMeetings = 0
    /// Hours without a place before that find one in it.
    public var gainHours = 0
  }

  /// A set of rooms that was tried.
  public struct Attempt: Sendable {
    /// Rooms that were open.
    public var rooms: Int
    /// Whether a valid timetable was found.
    public var isValid: Bool
  }

  /// Rooms closed on one day of every week.
  public struct DayClosing: Sendable {
    /// The day.
    public var day: Weekday
    /// The building as a whole; nil for the most rooms that could be closed.
    public var building: BuildingID?
    /// The rooms.
    public var rooms: [RoomID]
    /// Whether a valid timetable was found; nil where time was over.
    public var isPossible: Bool?
    /// Meetings that the timetable has elsewhere.
    public var moved = 0
  }

  /// The needs by kind and size.
  public var needs: RoomNeeds
  /// The fewest rooms by hours: a bound of any timetable of these sections.
  public var byHours: RoomNeeds.Choice
  /// The fewest rooms at the times of the plan: a bound of timetables with these times.
  public var byPeak: RoomNeeds.Choice
  /// The smallest set of rooms for which a valid timetable was found; all where none was smaller.
  public var smallest: [RoomID]
  /// Its meetings.
  public var smallestMeetings: [Meeting]
  /// Sets that were tried.
  public var tried: [Attempt] = []
  /// One room fewer and one more, by kind and size.
  public var marginals: [Marginal] = []
  /// Days on which rooms could be closed.
  public var closings: [DayClosing] = []
  /// Whether the plan itself keeps all rules with every room closed on the days on which it stands
  /// empty in the plan.
  public var areFreeDaysValid = false
  /// Whether the plan that was studied keeps all rules.
  public var isPlanValid: Bool

  private let hand: PlanInHand
  private let solver: any LinearSolver
  private let threads: Int
  private let isCancelled: @Sendable () -> Bool
  private let clock = ContinuousClock.now
  private let timeLimit: Double
  private var elapsed: Double { TimeBudget.seconds(since: clock) }

  /// Studies a plan.
  ///
  /// - Parameters:
  ///   - hand: The plan.
  ///   - solver: For the models.
  ///   - timeLimit: Seconds for all of it.
  ///   - threads: Threads of each search.
  ///   - isCancelled: Asked now and then; true ends it with what there is.
  ///   - progress: Told what is done.
  /// - Throws: What the solver throws when it cannot run.
  public init(
    _ hand: PlanInHand, solver: any LinearSolver, timeLimit: Double, threads: Int = 1,
    isCancelled: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (String) -> Void = { _ in }
  ) throws {
    self.hand = hand
    self.solver = solver
    self.timeLimit = timeLimit
    self.threads = threads
    self.isCancelled = isCancelled
    progress("bounds")
    needs = RoomNeeds(hand)
    try needs.bound(solver, timeLimit: timeLimit / 10)
    byHours = try needs.fewestRooms(
      atTimesOfPlan: false, solver: solver, timeLimit: max(0.5, timeLimit / 20))
    byPeak = try needs.fewestRooms(
      atTimesOfPlan: true, solver: solver, timeLimit: max(0.5, timeLimit / 20))
    smallest = hand.institution.rooms.map(\.id)
    smallestMeetings = hand.plan.meetings
    isPlanValid = PlanValidator.validate(hand.institution, hand.plan).violations
      .allSatisfy { $0.rule == .p1 }
    progress("smallest set of rooms")
    if isPlanValid { try findSmallest(until: 0.45) }
    progress("one room fewer and one more")
    try findMarginals(until: 0.7)
    progress("days")
    try findDays(until: 0.97)
  }

  private func isOver(_ share: Double) -> Bool { isCancelled() || elapsed > share * timeLimit }

  /// A timetable of the plan's sections and load in another institution, from the plan's meetings;
  /// nil where the search found none that the validator accepts.
  private func timetable(_ it: Institution, from: [Meeting], seconds: Double) throws -> [Meeting]? {
    var it = it
    it.publishedMeetings = []
    var plan = hand.plan
    plan.meetings = from
    let stage = try TimetableStage(it, plan)
    let flag = CompletionFlag()
    var options = SearchOptions()
    options.timeLimit = seconds
    options.threads = threads
    options.isCancelled = { [isCancelled] in flag.isSet || isCancelled() }
    options.progress = { step in if step.incumbent.hard == 0 { flag.set() } }
    let found = try stage.run(plan, warm: true, solver: solver, options)
    guard found.unplaced.isEmpty else { return nil }
    plan.meetings = stage.declaration.meetings(of: found.timetable)
    let report = PlanValidator.validate(it, plan)
    return report.violations.allSatisfy { $0.rule == .p1 } ? plan.meetings : nil
  }

  private func closing(_ rooms: [RoomID], days: [Weekday]? = nil) -> Institution {
    hand.institution.applying(rooms.map { .close(.room($0), weeks: nil, days: days) })
  }

  /// Halving between the bound and what was found; then a room at a time.
  private mutating func findSmallest(until share: Double) throws {
    let all = hand.institution.rooms.map(\.id)
    let each = max(1, share * timeLimit / 6)
    func left() -> Double { max(0.5, min(each, share * timeLimit - elapsed)) }
    func attempt(_ open: [RoomID]) throws -> Bool {
      let kept = Set(open)
      let found = try timetable(
        closing(all.filter { !kept.contains($0) }), from: smallestMeetings, seconds: left())
      tried.append(Attempt(rooms: open.count, isValid: found != nil))
      guard let found else { return false }
      smallest = open
      smallestMeetings = found
      return true
    }
    var low = max(1, byHours.bound)
    guard low < all.count, !isOver(share) else { return }
    // Those of the plan's own times first: there the times can mostly stay.
    if byPeak.open.count < all.count, byPeak.open.count > low, try !attempt(byPeak.open) {
      low = byPeak.open.count + 1
    }
    while low < smallest.count, !isOver(share) {
      let number = (low + smallest.count) / 2
      guard
        case .rooms(let gone) = try needs.cheapest(
          all.count - number, costs: [:], solver: solver, timeLimit: max(1, each / 4))
      else {
        low = number + 1
        continue
      }
      let closed = Set(gone)
      if try !attempt(all.filter { !closed.contains($0) }) { low = number + 1 }
    }
  }

  private mutating func findMarginals(until share: Double) throws {
    let rooms = hand.institution.rooms
    let usedHours = needs.usedHours
    // Where hours need all the rooms of a band nothing has to be tried.
    var isFull: [Bool] = []
    for band in needs.bands {
      guard let least = band.own.min(by: { (usedHours[$0], $0) < (usedHours[$1], $1) }) else {
        continue
      }
      isFull.append(isPlanValid && band.byHours == band.rooms)
      marginals.append(
        Marginal(
          room: rooms[least].id, kind: band.kind, seats: band.seats, upTo: band.upTo,
          moreSeats: band.own.map { rooms[$0].capacity }.max() ?? band.seats))
    }
    try findGains(until: share)
    let weights = hand.institution.weights.timetable
    for number in marginals.indices where isFull[number] { marginals[number].isPossible = false }
    for number in marginals.indices where !isFull[number] {
      if isOver(share) { return }
      var closing = Disruption()
      closing.rooms = [marginals[number].room]
      let outcome = try hand.repair(
        closing, changes: nil, searchSeconds: 2, solver: solver,
        timeLimit: max(1, min(15, share * timeLimit - elapsed)), isCancelled: isCancelled)
      var after = outcome.report.timetable ?? [:]
      after[.movedTime] = 0
      after[.movedRoom] = 0
      var before = outcome.reportBefore.timetable ?? [:]
      before[.movedTime] = 0
      before[.movedRoom] = 0
      let isValid = outcome.report.violations.allSatisfy { $0.rule == .p1 }
      // A plan that is not valid itself may become no worse.
      marginals[number].isPossible = isPlanValid ? isValid : outcome.unplaced.isEmpty
      marginals[number].moved = outcome.moved.count
      marginals[number].cost = weights.objective(after) - weights.objective(before)
    }
  }

  /// One room more of each kind and size, in the building that has most of them.
  private mutating func findGains(until share: Double) throws {
    let old = hand.institution
    var edits: [OverlayEdit] = []
    var names: [RoomID] = []
    for (number, band) in needs.bands.enumerated() {
      guard let model = band.own.max(by: { old.rooms[$0].capacity < old.rooms[$1].capacity }) else {
        continue
      }
      var room = old.rooms[model]
      var count = number + 1
      repeat {
        room.id = RoomID("\(band.kind)-\(count)-more")
        count += needs.bands.count
      } while old.rooms.contains(id: room.id)
      names.append(room.id)
      edits.append(.addRoom(room))
    }
    var it = old.applying(edits)
    it.publishedMeetings = []
    it.weights.timetable[.movedTime] = 0
    it.weights.timetable[.movedRoom] = 0
    let extended = try PlanInHand(it, hand.plan)
    let state = SearchState(extended.stage.problem)
    for number in marginals.indices where number < names.count {
      guard !isOver(share), let room = it.rooms.position(of: names[number]) else { return }
      state.copy(from: extended.state)
      let found = gain(of: room, besides: old.rooms.count, state, until: share)
      marginals[number].gain = extended.scaled(found.saved)
      marginals[number].gainMeetings = found.meetings
      marginals[number].gainHours = found.hours
    }
  }

  /// Meetings go into a room while that saves more than their best move into one of the first
  /// `count` rooms; those without a place first.
  private func gain(
    of room: Int, besides count: Int, _ state: SearchState, until share: Double
  ) -> (saved: Int, meetings: Int, hours: Int) {
    let problem = state.problem
    var saved = 0, meetings = 0, hours = 0
    func best(_ event: Int, _ at: Int) -> (time: Int, delta: Int)? {
      let row = state.rowShape(of: event)
      var best: (time: Int, delta: Int)?
      for index in problem.options[event] {
        let time = Int(problem.options.items[index])
        if row >= 0, problem.timeShape[time] != row { continue }
        if !state.isRoomFree(at, time, besides: event) { continue }
        let limit = best.map { $0.delta - 1 } ?? (state.isPlaced(event) ? -1 : .max - 1)
        let delta = state.delta(event, time, at, limit: limit)
        if delta != SearchState.refused, delta <= limit { best = (time, delta) }
      }
      return best
    }
    let candidates = (0..<problem.events).filter { event in
      problem.needsRoom[event]
        && problem.eventRooms[event].contains { Int(problem.eventRooms.items[$0]) == room }
    }
    for event in candidates where !state.isPlaced(event) {
      guard let move = best(event, room) else { continue }
      state.place(event, move.time, room)
      meetings += 1
      hours +=
        Int(problem.timeLength[move.time]) * problem.pattern(of: move.time).weeks.nonzeroBitCount
    }
    for event in candidates where state.isPlaced(event) && Int(state.eventRoom[event]) != room {
      if isOver(share) { break }
      guard let move = best(event, room) else { continue }
      let elsewhere = problem.eventRooms[event].lazy
        .map { Int(problem.eventRooms.items[$0]) }.filter { $0 < count }
        .compactMap { best(event, $0)?.delta }.min()
      let own = -move.delta, other = -(elsewhere ?? 0)
      if own <= other { continue }
      state.remove(event)
      state.place(event, move.time, room)
      saved += own - other
      meetings += 1
    }
    return (saved, meetings, hours)
  }

  private mutating func findDays(until share: Double) throws {
    let it = hand.institution
    // All at once: what stands empty in the plan can be closed together.
    var edits: [OverlayEdit] = []
    for (number, days) in needs.freeDays.enumerated() where !days.isEmpty {
      edits.append(.close(.room(it.rooms[number].id), weeks: nil, days: days))
    }
    areFreeDaysValid = PlanValidator.validate(it.applying(edits), hand.plan).violations
      .allSatisfy { $0.rule == .p1 }
    guard isPlanValid else { return }
    var used = [[Int]](
      repeating: Array(repeating: 0, count: it.rooms.count), count: it.days.count)
    for meeting in hand.plan.meetings {
      guard let id = meeting.room, let room = it.rooms.position(of: id),
        let day = it.days.firstIndex(of: meeting.day)
      else { continue }
      used[day][room] += meeting.length * meeting.weeks.count
    }
    for (number, day) in it.days.enumerated() {
      let kept = Set(
        try needs.fewestRooms(
          onDay: number, usedOnDay: used[number], solver: solver,
          timeLimit: max(0.5, timeLimit / 100)
        ).open)
      closings.append(
        DayClosing(day: day, rooms: it.rooms.map(\.id).filter { !kept.contains($0) }))
    }
    // Days on which a building holds least first.
    var whole: [(use: Int, closing: DayClosing)] = []
    for building in it.buildings {
      for (number, day) in it.days.enumerated() {
        let own = it.rooms.indices.filter { it.rooms[$0].building == building.id }
        if own.isEmpty { continue }
        whole.append(
          (
            own.reduce(0) { $0 + used[number][$1] },
            DayClosing(day: day, building: building.id, rooms: own.map { it.rooms[$0].id })
          ))
      }
    }
    closings += whole.enumerated()
      .sorted { ($0.element.use, $0.offset) < ($1.element.use, $1.offset) }
      .map(\.element.closing)
    let each = max(0.5, (share * timeLimit - elapsed) / Double(max(1, closings.count)) * 2)
    for number in closings.indices {
      if isOver(share) { return }
      let found = try timetable(
        closing(closings[number].rooms, days: [closings[number].day]), from: hand.plan.meetings,
        seconds: min(each, max(0.5, share * timeLimit - elapsed)))
      closings[number].isPossible = found != nil
      if let found {
        closings[number].moved = Self.elsewhere(found, hand.plan.meetings)
      }
    }
  }

  /// Meetings of one timetable at times or in rooms that the other does not have for the section.
  private static func elsewhere(_ meetings: [Meeting], _ old: [Meeting]) -> Int {
    struct Place: Hashable {
      var section: SectionID
      var weeks: UInt64
      var day: Weekday
      var slot: Int
      var length: Int
      var room: RoomID?
    }
    func place(_ meeting: Meeting) -> Place {
      Place(
        section: meeting.section, weeks: meeting.weeks.bits, day: meeting.day, slot: meeting.slot,
        length: meeting.length, room: meeting.room)
    }
    let known = Set(old.map(place))
    return meetings.count { !known.contains(place($0)) }
  }
}

extension RoomStudy {
  /// The institution with the smallest set of rooms, and the plan that was found for it, judged.
  public func smallestPlan(_ hand: PlanInHand) -> (institution: Institution, plan: Plan) {
    let kept = Set(smallest)
    var it = hand.institution.applying(
      hand.institution.rooms.filter { !kept.contains($0.id) }
        .map { .close(.room($0.id), weeks: nil, days: nil) })
    it.publishedMeetings = []
    var plan = hand.plan
    plan.meetings = smallestMeetings
    _ = PlanInHand.renewClaims(&plan, of: it, keepsBounds: false)
    return (it, plan)
  }
}

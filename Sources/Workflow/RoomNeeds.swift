// SPDX-License-Identifier: GPL-3.0-or-later
internal import Curricula
public import LinearModels
internal import Problem
internal import Timetabling
public import University

/// How many rooms a plan's meetings need.
///
/// Meetings ask for sets of rooms: those that suit by kind and features and hold the section. For
/// each set S asked for, let H(S) be the hours of the term, less the tolerance, of the sections
/// whose sets lie within S, and D(S) the most of their meetings at one time of the plan. Any
/// timetable of these sections needs Σ_{r ∈ S} open hours(r) ≥ H(S), hours of the term; one with
/// the plan's times needs |S| ≥ D(S). The fewest rooms that fulfil either for every S are a lower
/// bound each, by a mixed-integer programme; so are the fewest of a kind and size, with as many
/// others as one likes.
///
/// **Source**: on planning rooms by the seat-hours in demand, C. Beyrouthy et al., "Towards
/// improving the utilization of university teaching space", J. Oper. Res. Soc. 60 (2009),
/// doi:10.1057/palgrave.jors.2602523.
public struct RoomNeeds: Sendable {
  /// A set of rooms that meetings ask for.
  public struct Demand: Sendable {
    /// The rooms, by position in the institution.
    public var rooms: [Int]
    /// H(S): hours of the term that any timetable holds in them.
    public var hours: Int
    /// D(S): meetings at once in the plan.
    public var peak: Int
    /// Rooms that are left at the peak.
    public var slack: Int { rooms.count - peak }
  }

  /// A kind and a least size, with what is there and what is needed.
  public struct Band: Sendable {
    /// The kind.
    public var kind: String
    /// The least seats.
    public var seats: Int
    /// The most seats; nil for no limit.
    public var upTo: Int?
    /// Rooms of the kind with at least so many seats.
    public var rooms: Int
    /// A bound of the fewest by the hours of the term.
    public var byHours = 0
    /// A bound of the fewest at the times of the plan.
    public var byPeak = 0
    /// Share of the open hours of the band's own rooms that are used, in the weeks that have most.
    public var use: Double
    /// The rooms of the kind with at least so many seats, by position in the institution.
    public var all: [Int]
    /// Those of the band itself.
    public var own: [Int]
  }

  /// The sets asked for.
  public let demands: [Demand]
  /// By kind and size; bounds after ``bound(_:timeLimit:)``.
  public private(set) var bands: [Band]
  /// Hours a week that each room is used (in the week that has most).
  public let usedHours: [Int]
  /// Hours a week that each room is open.
  public let openHours: [Int]
  /// Hours of the term that each room is open.
  public let openTerm: [Int]
  /// By room: days of the week on which nothing is held in it.
  public let freeDays: [[Weekday]]
  /// D(S) of each demand on each day.
  private let peaks: [[Int]]
  private let institution: Institution

  /// Looks at a plan.
  public init(_ hand: PlanInHand) {
    let problem = hand.stage.problem, state = hand.state
    institution = hand.institution
    let grid = problem.days * problem.slots
    var open = [Int](repeating: grid, count: problem.rooms)
    for row in hand.institution.availability where row.level == .forbidden {
      // A time that is closed in every week is no time of the room at all.
      guard case .room(let id) = row.subject, let room = hand.institution.rooms.position(of: id),
        row.weeks == .all(hand.institution.term.weeks)
      else { continue }
      let slots = max(0, min(row.to, problem.slots) - max(1, row.from) + 1)
      open[room] = max(1, open[room] - slots * (row.day == nil ? problem.days : 1))
    }
    openHours = open
    openTerm = Self.openTerm(hand.institution)

    var sets: [[Int]: Int] = [:]
    var events: [(set: Int, event: Int)] = []
    for event in 0..<problem.events where problem.needsRoom[event] {
      let rooms = problem.eventRooms[event].map { Int(problem.eventRooms.items[$0]) }.sorted()
      if rooms.isEmpty { continue }
      let number = sets[rooms] ?? sets.count
      sets[rooms] = number
      events.append((number, event))
    }
    /// Hours of the term by set, of sections whose every meeting needs a room.
    var bySection: [SectionID: (rooms: Set<Int>, isInRooms: Bool)] = [:]
    for event in 0..<problem.events {
      let section = hand.stage.declaration.sectionOfEvent[event]
      var entry = bySection[section] ?? ([], true)
      if problem.needsRoom[event] {
        entry.rooms.formUnion(
          problem.eventRooms[event].map { Int(problem.eventRooms.items[$0]) })
      } else {
        entry.isInRooms = false
      }
      bySection[section] = entry
    }
    var asked: [[Int]: Int] = [:]
    for (id, entry) in bySection where entry.isInRooms && !entry.rooms.isEmpty {
      let hours = (hand.plan.sections[id]?.hours ?? 0) - hand.institution.policy.hoursTolerance
      asked[entry.rooms.sorted(), default: 0] += max(0, hours)
    }
    for rooms in asked.keys.sorted(by: { $0.lexicographicallyPrecedes($1) })
    where sets[rooms] == nil {
      sets[rooms] = sets.count
    }
    let ordered = sets.sorted { $0.value < $1.value }.map(\.key)
    let members = ordered.map(Set.init)
    /// Use by cell and slot of the events of each set, and hours by week class of each room.
    let cells = problem.cells * problem.slots
    var taken = [[Int]](repeating: Array(repeating: 0, count: cells), count: sets.count)
    var used = [[Int]](
      repeating: Array(repeating: 0, count: problem.classes), count: problem.rooms)
    var days = [Set<Int>](repeating: [], count: problem.rooms)
    for (set, event) in events where state.isPlaced(event) {
      let time = Int(state.eventTime[event]), room = Int(state.eventRoom[event])
      let length = Int(problem.timeLength[time])
      if room >= 0 { days[room].insert(Int(problem.timeDay[time])) }
      var classes = problem.timeClasses[time]
      while classes != 0 {
        let number = classes.trailingZeroBitCount
        classes &= classes - 1
        if room >= 0 { used[room][number] += length }
        let cell = problem.cell(number, Int(problem.timeDay[time]))
        for slot in 0..<length {
          taken[set][cell * problem.slots + Int(problem.timeStart[time]) + slot] += 1
        }
      }
    }
    usedHours = used.map { $0.max() ?? 0 }
    freeDays = days.map { used in
      hand.institution.days.enumerated().filter { !used.contains($0.offset) }.map(\.element)
    }
    let inner = members.map { outer in
      members.indices.filter { members[$0].isSubset(of: outer) }
    }
    demands = ordered.enumerated().map { number, rooms in
      var at = Array(repeating: 0, count: cells)
      for other in inner[number] {
        for cell in at.indices { at[cell] += taken[other][cell] }
      }
      return Demand(
        rooms: rooms, hours: inner[number].reduce(0) { $0 + (asked[ordered[$1]] ?? 0) },
        peak: at.max() ?? 0)
    }
    peaks = (0..<problem.days).map { day in
      ordered.indices.map { number in
        var most = 0
        for at in 0..<cells where at / problem.slots % problem.days == day {
          most = max(most, inner[number].reduce(0) { $0 + taken[$1][at] })
        }
        return most
      }
    }
    var bands: [Band] = []
    let limits = [0, 16, 31, 61, 101]
    func size(_ room: Int) -> Int { hand.institution.rooms[room].capacity }
    for kind in Set(hand.institution.rooms.map(\.kind)).sorted() {
      for (number, least) in limits.enumerated() {
        let next = number + 1 < limits.count ? limits[number + 1] : Int.max
        let rooms = Set(
          hand.institution.rooms.indices.filter {
            hand.institution.rooms[$0].kind == kind && hand.institution.rooms[$0].capacity >= least
          })
        let own = rooms.filter { hand.institution.rooms[$0].capacity < next }
        if own.isEmpty { continue }
        let openSum = own.reduce(0) { $0 + open[$1] }
        let usedSum = own.reduce(0) { $0 + (used[$1].max() ?? 0) }
        bands.append(
          Band(
            kind: kind,
            seats: hand.institution.rooms[own.min { size($0) < size($1) } ?? 0].capacity,
            upTo: next == .max ? nil : next - 1, rooms: rooms.count,
            use: Double(usedSum) / Double(max(1, openSum)), all: rooms.sorted(),
            own: own.sorted()))
      }
    }
    self.bands = bands
  }

  private static func openTerm(_ it: Institution) -> [Int] {
    let slots = it.regime.slots, weeks = it.term.weeks, days = it.days
    var closed = [[Bool]](
      repeating: Array(repeating: false, count: weeks * days.count * slots),
      count: it.rooms.count)
    for row in it.availability where row.level == .forbidden {
      guard case .room(let id) = row.subject, let room = it.rooms.position(of: id) else { continue }
      for (number, day) in days.enumerated() where row.day == nil || row.day == day {
        for week in 0..<weeks where row.weeks.holds(week: week) {
          for slot in stride(from: max(1, row.from), through: min(row.to, slots), by: 1) {
            closed[room][(week * days.count + number) * slots + slot - 1] = true
          }
        }
      }
    }
    return closed.map { $0.count { !$0 } }
  }

  /// Bounds the rooms of each kind and size by programmes.
  public mutating func bound(_ solver: any LinearSolver, timeLimit: Double) throws {
    let share = timeLimit / Double(max(1, 2 * bands.count))
    for number in bands.indices {
      for atTimesOfPlan in [false, true] {
        var model = LinearModel(name: "fewest of a kind and size")
        let inside = Set(bands[number].all)
        let open = usedHours.indices.map { model.addBinary(cost: inside.contains($0) ? 1 : 0) }
        addNeeds(&model, open, atTimesOfPlan: atTimesOfPlan)
        var options = SolveOptions()
        options.timeLimit = share
        let bound = try solver.solve(model, options).bound ?? 0
        let least = bound.isFinite ? max(0, Int((bound - 1e-6).rounded(.up))) : 0
        if atTimesOfPlan { bands[number].byPeak = least } else { bands[number].byHours = least }
      }
    }
  }

  /// The fewest rooms that hold what the plan has on one day, with as many hours of it as possible
  /// in rooms where it is: candidates to stay open on that day.
  func fewestRooms(
    onDay day: Int, usedOnDay: [Int], solver: any LinearSolver, timeLimit: Double
  ) throws -> Choice {
    var model = LinearModel(name: "fewest rooms of a day")
    let most = Double(max(1, usedOnDay.reduce(0, +)))
    let open = usedOnDay.map { model.addBinary(cost: 1 - Double($0) / (2 * most)) }
    for (number, demand) in demands.enumerated() where peaks[day][number] > 0 {
      model.addRow(
        lower: Double(peaks[day][number]),
        demand.rooms.map { LinearModel.Term(1, open[$0]) })
    }
    return try choice(model, open, solver, timeLimit)
  }

  /// A choice of rooms, with the bound of the programme.
  public struct Choice: Sendable {
    /// Rooms that stay open.
    public var open: [RoomID]
    /// A lower bound of how many, where the programme minimised them.
    public var bound: Int
  }

  /// The fewest rooms that fulfil the hours of every set, and, where asked, the plan's times.
  public func fewestRooms(
    atTimesOfPlan: Bool, solver: any LinearSolver, timeLimit: Double
  ) throws -> Choice {
    var model = LinearModel(name: "fewest rooms")
    // Of as few rooms, those that are used most: their meetings stay.
    let most = Double(max(1, usedHours.reduce(0, +)))
    let open = usedHours.map { model.addBinary(cost: 1 - Double($0) / (2 * most)) }
    addNeeds(&model, open, atTimesOfPlan: atTimesOfPlan)
    return try choice(model, open, solver, timeLimit)
  }

  private func choice(
    _ model: LinearModel, _ open: [LinearModel.Variable], _ solver: any LinearSolver,
    _ timeLimit: Double
  ) throws -> Choice {
    var options = SolveOptions()
    options.timeLimit = timeLimit
    let solution = try solver.solve(model, options)
    let chosen = open.indices.filter {
      solution.values.isEmpty || solution.values[open[$0].index] > 0.5
    }
    // What use takes off is less than half a room in all.
    let bound = solution.bound.map { Int(($0 - 1e-6).rounded(.up)) } ?? 0
    return Choice(open: chosen.map { institution.rooms[$0].id }, bound: max(0, bound))
  }

  /// So many rooms to close without which the hours of every set still fit. Of such choices first
  /// those that leave as many rooms of each set as the plan needs at once (fewest missing), then
  /// those that save most, then those that hold the fewest hours.
  public func cheapest(
    _ count: Int, costs: [RoomID: Double], solver: any LinearSolver, timeLimit: Double
  ) throws -> Closing {
    guard count < institution.rooms.count else { return .impossible }
    var model = LinearModel(name: "rooms to close")
    // A missing room 10,000; all that can be saved 1,000; all hours 1.
    let prices = institution.rooms.map { costs[$0.id] ?? 0 }
    let all = max(1e-9, prices.reduce(0) { $0 + abs($1) })
    let used = Double(max(1, usedHours.reduce(0, +)))
    let open = usedHours.indices.map { room in
      model.addBinary(cost: 1000 * prices[room] / all - Double(usedHours[room]) / used)
    }
    addNeeds(&model, open, atTimesOfPlan: false)
    for demand in demands where demand.peak > 0 {
      let short = model.addVariable(lower: 0, cost: 10_000)
      model.addRow(
        lower: Double(demand.peak),
        demand.rooms.map { LinearModel.Term(1, open[$0]) } + [LinearModel.Term(1, short)])
    }
    let left = Double(open.count - count)
    model.addRow(lower: left, upper: left, open.map { LinearModel.Term(1, $0) })
    var options = SolveOptions()
    options.timeLimit = timeLimit
    let solution = try solver.solve(model, options)
    if solution.values.isEmpty {
      return solution.status == .infeasible ? .impossible : .unknown
    }
    return .rooms(
      open.indices.filter { solution.values[open[$0].index] < 0.5 }
        .map { institution.rooms[$0].id })
  }

  /// Rooms that can be closed.
  public enum Closing: Sendable, Hashable {
    /// These.
    case rooms([RoomID])
    /// It is proved that the hours of the term do not fit into fewer rooms.
    case impossible
    /// The time was over before any were found.
    case unknown
  }

  private func addNeeds(
    _ model: inout LinearModel, _ open: [LinearModel.Variable], atTimesOfPlan: Bool
  ) {
    for demand in demands {
      model.addRow(
        lower: Double(demand.hours),
        demand.rooms.map { LinearModel.Term(Double(openTerm[$0]), open[$0]) })
      if atTimesOfPlan {
        model.addRow(
          lower: Double(demand.peak), demand.rooms.map { LinearModel.Term(1, open[$0]) })
      }
    }
  }
}

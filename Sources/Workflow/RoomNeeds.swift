// SPDX-License-Identifier: GPL-3.0-or-later
internal import Curricula
public import LinearModels
internal import Problem
internal import Timetabling
public import University

/// How many rooms a plan's meetings need.
///
/// Meetings ask for sets of rooms: those that suit by kind and features and hold the section. For
/// each set S asked for, let H(S) be the most hours in a week of the meetings whose sets lie within
/// S, and D(S) the most of them at one time of the plan. Any timetable of these meetings needs
/// Σ_{r ∈ S} open hours(r) ≥ H(S); one with the plan's times needs |S| ≥ D(S). The fewest rooms that
/// fulfil either for every S are a lower bound each, by a mixed-integer programme.
///
/// **Source**: on planning rooms by the seat-hours in demand, C. Beyrouthy et al., "Towards
/// improving the utilization of university teaching space", J. Oper. Res. Soc. 60 (2009),
/// doi:10.1057/palgrave.jors.2602523.
public struct RoomNeeds: Sendable {
  /// A set of rooms that meetings ask for.
  public struct Demand: Sendable {
    /// The rooms, by position in the institution.
    public var rooms: [Int]
    /// H(S): hours in the week that has most.
    public var hours: Int
    /// D(S): meetings at once in the plan.
    public var peak: Int
    /// How many rooms hold those hours at least.
    public var byHours: Int
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
    /// The fewest by the hours of the meetings that nothing smaller or else suits.
    public var byHours: Int
    /// The fewest at the times of the plan.
    public var byPeak: Int
    /// Share of the open hours of the band's rooms that are used.
    public var use: Double
  }

  /// The sets asked for.
  public let demands: [Demand]
  /// By kind and size.
  public let bands: [Band]
  /// Hours a week that each room is used (in the week that has most).
  public let usedHours: [Int]
  /// Hours a week that each room is open.
  public let openHours: [Int]
  /// By room: days of the week on which nothing is held in it.
  public let freeDays: [[Weekday]]
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

    var sets: [[Int]: Int] = [:]
    var events: [(set: Int, event: Int)] = []
    for event in 0..<problem.events where problem.needsRoom[event] {
      let rooms = problem.eventRooms[event].map { Int(problem.eventRooms.items[$0]) }.sorted()
      if rooms.isEmpty { continue }
      let number = sets[rooms] ?? sets.count
      sets[rooms] = number
      events.append((number, event))
    }
    let ordered = sets.sorted { $0.value < $1.value }.map(\.key)
    let members = ordered.map(Set.init)
    /// Hours by week class, and use by cell and slot, of the events of each set.
    let cells = problem.cells * problem.slots
    var hours = [[Int]](repeating: Array(repeating: 0, count: problem.classes), count: sets.count)
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
        hours[set][number] += length
        if room >= 0 { used[room][number] += length }
        let cell = number * problem.days + Int(problem.timeDay[time])
        for slot in 0..<length {
          taken[set][cell * problem.slots + Int(problem.timeStart[time]) + slot] += 1
        }
      }
    }
    usedHours = used.map { $0.max() ?? 0 }
    freeDays = days.map { used in
      hand.institution.days.enumerated().filter { !used.contains($0.offset) }.map(\.element)
    }
    func within(_ rooms: Set<Int>) -> (hours: Int, peak: Int) {
      var sum = Array(repeating: 0, count: problem.classes)
      var at = Array(repeating: 0, count: cells)
      for (other, set) in members.enumerated() where set.isSubset(of: rooms) {
        for number in sum.indices { sum[number] += hours[other][number] }
        for cell in at.indices { at[cell] += taken[other][cell] }
      }
      return (sum.max() ?? 0, at.max() ?? 0)
    }
    func fewest(_ hours: Int, _ rooms: Set<Int>) -> Int {
      var left = hours, count = 0
      for capacity in rooms.map({ open[$0] }).sorted(by: >) where left > 0 {
        left -= capacity
        count += 1
      }
      return count
    }
    demands = ordered.enumerated().map { number, rooms in
      let need = within(members[number])
      return Demand(
        rooms: rooms, hours: need.hours, peak: need.peak,
        byHours: fewest(need.hours, members[number]))
    }
    var bands: [Band] = []
    let limits = [0, 16, 31, 61, 101]
    for kind in Set(hand.institution.rooms.map(\.kind)).sorted() {
      for (number, least) in limits.enumerated() {
        let next = number + 1 < limits.count ? limits[number + 1] : Int.max
        let rooms = Set(
          hand.institution.rooms.indices.filter {
            hand.institution.rooms[$0].kind == kind && hand.institution.rooms[$0].capacity >= least
          })
        let own = rooms.filter { hand.institution.rooms[$0].capacity < next }
        if own.isEmpty { continue }
        let need = within(rooms)
        let openSum = own.reduce(0) { $0 + open[$1] }
        let usedSum = own.reduce(0) { $0 + (used[$1].max() ?? 0) }
        bands.append(
          Band(
            kind: kind, seats: least, upTo: next == .max ? nil : next - 1, rooms: rooms.count,
            byHours: fewest(need.hours, rooms), byPeak: need.peak,
            use: Double(usedSum) / Double(max(1, openSum))))
      }
    }
    self.bands = bands
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

  /// So many rooms whose meetings are the fewest hours, and without which the needs of every set
  /// are still met at the times of the plan; nil where there is no such choice.
  public func cheapest(
    _ count: Int, costs: [RoomID: Double], solver: any LinearSolver, timeLimit: Double
  ) throws -> [RoomID]? {
    var model = LinearModel(name: "rooms to close")
    // What a closed room saves goes before what it holds.
    let open = usedHours.indices.map { room in
      model.addBinary(
        cost: 1000 * (costs[institution.rooms[room].id] ?? 0) - Double(usedHours[room]))
    }
    addNeeds(&model, open, atTimesOfPlan: true)
    let left = Double(open.count - count)
    model.addRow(lower: left, upper: left, open.map { LinearModel.Term(1, $0) })
    var options = SolveOptions()
    options.timeLimit = timeLimit
    let solution = try solver.solve(model, options)
    if solution.values.isEmpty { return nil }
    return open.indices.filter { solution.values[open[$0].index] < 0.5 }
      .map { institution.rooms[$0].id }
  }

  private func addNeeds(
    _ model: inout LinearModel, _ open: [LinearModel.Variable], atTimesOfPlan: Bool
  ) {
    for demand in demands {
      model.addRow(
        lower: Double(demand.hours),
        demand.rooms.map { LinearModel.Term(Double(openHours[$0]), open[$0]) })
      if atTimesOfPlan {
        model.addRow(
          lower: Double(demand.peak), demand.rooms.map { LinearModel.Term(1, open[$0]) })
      }
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
public import Problem
internal import Timetabling

/// What a timetable says of one event at other times and in other rooms: what it would break, and
/// what it would cost by criterion.
///
/// People are looked at once for each time and site, so that all rooms of a site share the work:
/// linear in people × classes of weeks × times × sites. It speaks of the declarations of a
/// university (gaps, single events, long days, windows, days, sites, lenient overlaps); the sum by
/// criterion equals ``SearchState/delta(_:_:_:limit:)``.
public final class PlacementFindings {
  /// Something that a placement would break.
  public struct Obstacle: Sendable, Hashable {
    /// The rule: the source of the declaration.
    public var rule: String
    /// The event in the way; nil where it is not an event.
    public var event: Int?
    /// The people concerned, by number; empty for rooms.
    public var people: [Int]
  }

  /// A time and room for the event.
  public struct Placement: Sendable, Hashable {
    /// The number of the time.
    public var time: Int
    /// The room; −1 without one.
    public var room: Int
    /// What the soft score grows by, by source of the declarations; zeros are left out.
    public var costs: [String: Int]
    /// What it would break; empty where it breaks nothing.
    public var obstacles: [Obstacle]
    /// The sum of ``costs``.
    public var cost: Int { costs.values.reduce(0, +) }
  }

  private struct Held {
    var event: Int
    var start: Int
    var mask: UInt64
    var site: Int
    var lenient: Bool
  }
  /// A person's cell without the event, with what each criterion amounts to.
  private struct Base {
    var held: [Held]
    var amounts: [Int]
  }
  private struct PlaceKey: Hashable {
    var time: Int
    var site: Int
  }
  private struct TimeFinding {
    var gains: [Int]
    var obstacles: [Obstacle]
  }
  private struct RoleTerm {
    var kind: Constraint.Kind
    var weight: Int
    var source: String
    var slot: Int
  }
  private struct RoleRules {
    var overlap: String?
    var travel: String?
    var dayLoad: (limit: Int, source: String)?
    var terms: [RoleTerm] = []
  }

  private let state: SearchState
  private let problem: Problem
  private let instance: TimetableInstance
  /// The event.
  public let event: Int
  private let group: Int
  private var roles: [RoleRules]
  private var sources: [String] = []
  private var bases: [Int: Base] = [:]
  private var times: [PlaceKey: TimeFinding] = [:]
  private var timeTerms: [(times: TimeSet, weight: Int, source: String)] = []
  private var forbidden: [(times: TimeSet, source: String)] = []
  private var keepTimes: [(among: Set<TimePattern>, weight: Int, source: String)] = []
  private var keepRooms: [(among: Set<Int32?>, weight: Int, source: String)] = []
  private var roomTerms: [Int: [(times: TimeSet, weight: Int, source: String)]] = [:]
  private var groupTerms: [(kind: Constraint.Kind, weight: Int, source: String)] = []
  private var rows: [Constraint.PatternSet] = []
  private let memberOf: [Int]
  private let lenientOwn: Set<Int>
  private let peopleOf: [Int]

  /// Looks at an event of a state; the state must not change while this is in use.
  public init(_ event: Int, in state: SearchState) {
    self.state = state
    self.event = event
    let problem = state.problem
    self.problem = problem
    instance = problem.instance
    let group = Int(problem.eventGroup[event])
    self.group = group
    memberOf =
      group < 0
      ? [event] : problem.groupEvents[group].map { Int(problem.groupEvents.items[$0]) }
    let people = problem.eventPeople[event].map { Int(problem.eventPeople.items[$0]) }
    peopleOf = people
    lenientOwn = Set(
      people.filter { problem.instance.people[$0].lenientEvents.contains(Int32(event)) })
    roles = Array(repeating: RoleRules(), count: instance.roles.count)
    readDeclarations()
  }

  private func readDeclarations() {
    let own = Int32(event)
    for constraint in instance.constraints {
      let source = constraint.source
      switch constraint.level {
      case .hard:
        switch constraint.kind {
        case .noOverlap(let role): roles[role].overlap = source
        case .travel(let role): roles[role].travel = source
        case .dayLoad(let role, let limit): roles[role].dayLoad = (limit, source)
        case .avoidTimes(let events, let times):
          if events.contains(own) { forbidden.append((times, source)) }
        case .patternSets(let number, let sets):
          if number == group { rows = sets }
        default: break
        }
      case .soft(let weight):
        switch constraint.kind {
        case .gaps(let role), .singleEventDays(let role), .daysUsed(let role),
          .siteChanges(let role), .lenientOverlap(let role), .dayLoad(let role, _),
          .fullWindow(let role, _, _):
          roles[role].terms.append(
            RoleTerm(kind: constraint.kind, weight: weight, source: source, slot: sources.count))
          sources.append(source)
        case .avoidTimes(let events, let times):
          if events.contains(own) { timeTerms.append((times, weight, source)) }
        case .roomAvoidsTimes(let room, let times):
          roomTerms[Int(room), default: []].append((times, weight, source))
        case .keepTime(let events, let among):
          if events.contains(own) { keepTimes.append((Set(among), weight, source)) }
        case .keepRoom(let events, let among):
          if events.contains(own) { keepRooms.append((Set(among), weight, source)) }
        case .sameDay(let number), .roomStability(let number):
          if number == group { groupTerms.append((constraint.kind, weight, source)) }
        case .firstInWeek(let earlier, let later):
          if earlier == group || later == group {
            groupTerms.append((constraint.kind, weight, source))
          }
        default: break
        }
      }
    }
  }

  // MARK: - Asking

  /// Times that the event may be given: those of its present weeks and length, and those that it
  /// can change to without its section's other meetings changing theirs.
  public var possibleTimes: [Int] {
    let allowed = possibleShapes
    return problem.options[event].map { Int(problem.options.items[$0]) }
      .filter { allowed?.contains(Int(problem.timeShape[$0])) ?? true }
  }

  /// Shapes that go with those of the group's other events; nil for any.
  private var possibleShapes: Set<Int>? {
    guard memberOf.count > 1 else { return nil }
    let own = rowShapes
    guard let position = memberOf.firstIndex(of: event) else { return nil }
    let possible = problem.groupRows[group].compactMap { index -> Int? in
      let shapes = problem.shapes(ofRow: Int(problem.groupRows.items[index])).map(Int.init)
      let agrees = shapes.indices.allSatisfy { $0 == position || shapes[$0] == own[$0] }
      return agrees ? shapes[position] : nil
    }
    return Set(possible)
  }

  /// The shape that each event of the group has or must have.
  private var rowShapes: [Int] {
    memberOf.map { member in
      let time = Int(state.eventTime[member])
      return time >= 0 ? Int(problem.timeShape[time]) : Int(state.rowShape(of: member))
    }
  }

  /// Everything about the event at a time in a room (−1 without one).
  public func finding(_ time: Int, _ room: Int) -> Placement {
    let site = room < 0 ? 0 : Int(problem.roomSite[room])
    let there = people(time, site)
    let oldTime = Int(state.eventTime[event]), oldRoom = Int(state.eventRoom[event])
    var costs: [String: Int] = [:]
    func add(_ source: String, _ amount: Int) {
      if amount != 0 { costs[source, default: 0] += amount }
    }
    for (slot, source) in sources.enumerated() { add(source, there.gains[slot]) }
    if oldTime >= 0 {
      let before = people(oldTime, oldRoom < 0 ? 0 : Int(problem.roomSite[oldRoom]))
      for (slot, source) in sources.enumerated() { add(source, -before.gains[slot]) }
    }
    alone(time, room, sign: 1, add)
    if oldTime >= 0 { alone(oldTime, oldRoom, sign: -1, add) }
    for term in groupTerms {
      add(
        term.source,
        term.weight * (amount(term.kind, time, room) - amount(term.kind, oldTime, oldRoom)))
    }
    for (source, price) in rowPrices(time) { add(source, price) }
    if oldTime >= 0 { for (source, price) in rowPrices(oldTime) { add(source, -price) } }
    costs = costs.filter { $0.value != 0 }
    return Placement(
      time: time, room: room, costs: costs,
      obstacles: roomObstacles(time, room) + timeObstacles(time) + there.obstacles)
  }

  // MARK: - The event alone

  private func alone(
    _ time: Int, _ room: Int, sign: Int, _ add: (String, Int) -> Void
  ) {
    for term in timeTerms { add(term.source, sign * term.weight * inside(term.times, time)) }
    if room >= 0 {
      for term in roomTerms[room] ?? [] {
        add(term.source, sign * term.weight * inside(term.times, time))
      }
    }
    let pattern = problem.pattern(of: time)
    for term in keepTimes where !term.among.contains(pattern) {
      add(term.source, sign * term.weight)
    }
    for term in keepRooms where !term.among.contains(room < 0 ? nil : Int32(room)) {
      add(term.source, sign * term.weight)
    }
  }

  /// Slots × weeks of a time inside a set.
  private func inside(_ set: TimeSet, _ time: Int) -> Int {
    var count = 0
    let pattern = problem.pattern(of: time)
    let mask = problem.timeMask[time]
    for week in 0..<instance.grid.weeks where pattern.weeks >> UInt64(week) & 1 == 1 {
      count += (set.slots(week: week, day: pattern.day) & mask).nonzeroBitCount
    }
    return count
  }

  private func time(of member: Int, _ own: Int) -> Int {
    member == event ? own : Int(state.eventTime[member])
  }

  private func amount(_ kind: Constraint.Kind, _ time: Int, _ room: Int) -> Int {
    switch kind {
    case .sameDay:
      var seen: [Int: Int] = [:]
      for member in memberOf {
        let held = self.time(of: member, time)
        if held < 0 { continue }
        let pattern = problem.pattern(of: held)
        for week in 0..<instance.grid.weeks where pattern.weeks >> UInt64(week) & 1 == 1 {
          seen[week * 8 + pattern.day, default: 0] += 1
        }
      }
      return seen.values.reduce(0) { $0 + $1 - 1 }
    case .roomStability:
      let rooms = Set(
        memberOf.map { $0 == event ? Int32(room) : state.eventRoom[$0] }.filter { $0 >= 0 })
      return max(0, rooms.count - 1)
    case .firstInWeek(let earlier, let later):
      var count = 0
      for week in 0..<instance.grid.weeks {
        guard let a = first(earlier, week, time), let b = first(later, week, time) else {
          continue
        }
        if b < a { count += 1 }
      }
      return count
    default: return 0
    }
  }

  private func first(_ group: Int, _ week: Int, _ own: Int) -> Int? {
    problem.groupEvents[group].compactMap { index -> Int? in
      let held = time(of: Int(problem.groupEvents.items[index]), own)
      guard held >= 0, problem.pattern(of: held).weeks >> UInt64(week) & 1 == 1 else { return nil }
      return Int(problem.timeDay[held]) * 64 + Int(problem.timeStart[held])
    }.min()
  }

  private func rowPrices(_ time: Int) -> [String: Int] {
    guard time >= 0, !rows.isEmpty else { return [:] }
    let shapes = memberOf.map { member -> Constraint.PatternSet.Shape? in
      let held = self.time(of: member, time)
      return held < 0 ? nil : problem.shapes[Int(problem.timeShape[held])]
    }
    let known = shapes.compactMap { $0 }
    guard known.count == shapes.count else { return [:] }
    return rows.filter { $0.shapes == known }.min { $0.penalty < $1.penalty }?.penalties ?? [:]
  }

  private func timeObstacles(_ time: Int) -> [Obstacle] {
    var found = forbidden.filter { inside($0.times, time) > 0 }
      .map { Obstacle(rule: $0.source, event: nil, people: []) }
    if found.isEmpty, !problem.allows(event: event, time: time) {
      // Not among its options at all: a pin, or weeks and a length that it cannot have.
      let known = problem.options[event].contains { Int(problem.options.items[$0]) == time }
      found.append(Obstacle(rule: known ? "T1" : "T4", event: nil, people: []))
    }
    return found
  }

  private func roomObstacles(_ time: Int, _ room: Int) -> [Obstacle] {
    guard room >= 0 else {
      return problem.needsRoom[event] ? [Obstacle(rule: "R1", event: nil, people: [])] : []
    }
    if !problem.needsRoom[event] { return [Obstacle(rule: "R4", event: nil, people: [])] }
    var found: [Obstacle] = []
    if !problem.allows(event: event, room: room) {
      found.append(Obstacle(rule: "R1–R3", event: nil, people: []))
    }
    let mask = problem.timeMask[time]
    var inside: Set<Int> = []
    var closed = false
    var classes = problem.timeClasses[time]
    while classes != 0 {
      let at =
        room * problem.cells
        + problem.cell(classes.trailingZeroBitCount, Int(problem.timeDay[time]))
      classes &= classes - 1
      if problem.roomClosed[at] & mask != 0 { closed = true }
      for slot in 0..<problem.slots where mask >> UInt64(slot) & 1 == 1 {
        let other = Int(state.roomEvent[at * problem.slots + slot])
        if other >= 0, other != event { inside.insert(other) }
      }
    }
    if closed { found.append(Obstacle(rule: "T1", event: nil, people: [])) }
    found += inside.sorted().map { Obstacle(rule: "M4", event: $0, people: []) }
    return found
  }

  // MARK: - People

  private func people(_ time: Int, _ site: Int) -> TimeFinding {
    let key = PlaceKey(time: time, site: site)
    if let known = times[key] { return known }
    var gains = Array(repeating: 0, count: sources.count)
    var clashes: [String: [Int: Set<Int>]] = [:]
    var tooLong: [String: Set<Int>] = [:]
    let day = Int(problem.timeDay[time])
    let mask = problem.timeMask[time]
    let start = Int(problem.timeStart[time])
    let length = Int(problem.timeLength[time])
    for person in peopleOf {
      let rules = roles[instance.people[person].role]
      let lenient = lenientOwn.contains(person)
      let own = Held(event: event, start: start, mask: mask, site: site, lenient: lenient)
      let count = instance.people[person].count
      var classes = problem.timeClasses[time]
      while classes != 0 {
        let weekClass = classes.trailingZeroBitCount
        classes &= classes - 1
        let base = base(person, weekClass, day)
        var with = base.held
        let at = with.firstIndex { ($0.start, $0.event) > (start, event) } ?? with.count
        with.insert(own, at: at)
        let weight = count * Int(problem.classWeeks[weekClass])
        for (number, amount) in amounts(rules, with).enumerated() {
          let term = rules.terms[number]
          gains[term.slot] += term.weight * weight * (amount - base.amounts[number])
        }
        for other in base.held {
          if other.mask & mask != 0 {
            if let rule = rules.overlap, !lenient, !other.lenient {
              clashes[rule, default: [:]][other.event, default: []].insert(person)
            }
          } else if let rule = rules.travel, site != 0, other.site != 0, site != other.site {
            let index =
              ((site * problem.sites + other.site) * problem.longest + length - 1) * problem.slots
              + start
            if problem.blocked[index] & other.mask != 0 {
              clashes[rule, default: [:]][other.event, default: []].insert(person)
            }
          }
        }
        if let limit = rules.dayLoad {
          let most = instance.people[person].dayLimit ?? limit.limit
          let taken = with.reduce(UInt64(0)) { $0 | $1.mask }
          if taken.nonzeroBitCount > most {
            tooLong[limit.source, default: []].insert(person)
          }
        }
      }
    }
    var obstacles: [Obstacle] = []
    for rule in clashes.keys.sorted() {
      for (other, people) in (clashes[rule] ?? [:]).sorted(by: { $0.key < $1.key }) {
        obstacles.append(Obstacle(rule: rule, event: other, people: people.sorted()))
      }
    }
    for (rule, people) in tooLong.sorted(by: { $0.key < $1.key }) {
      obstacles.append(Obstacle(rule: rule, event: nil, people: people.sorted()))
    }
    let found = TimeFinding(gains: gains, obstacles: obstacles)
    times[key] = found
    return found
  }

  private func base(_ person: Int, _ weekClass: Int, _ day: Int) -> Base {
    let key = (person * problem.classes + weekClass) * problem.days + day
    if let known = bases[key] { return known }
    var held: [Held] = []
    for index in problem.personEvents[person] {
      let other = Int(problem.personEvents.items[index])
      let time = Int(state.eventTime[other])
      if other == event || time < 0 || Int(problem.timeDay[time]) != day
        || problem.timeClasses[time] >> UInt64(weekClass) & 1 == 0
      {
        continue
      }
      let room = Int(state.eventRoom[other])
      held.append(
        Held(
          event: other, start: Int(problem.timeStart[time]), mask: problem.timeMask[time],
          site: room < 0 ? 0 : Int(problem.roomSite[room]), lenient: problem.personLenient[index]))
    }
    held.sort { ($0.start, $0.event) < ($1.start, $1.event) }
    let base = Base(
      held: held, amounts: amounts(roles[instance.people[person].role], held))
    bases[key] = base
    return base
  }

  /// What each term of a role amounts to on a day.
  private func amounts(_ rules: RoleRules, _ held: [Held]) -> [Int] {
    var taken: UInt64 = 0, twice: UInt64 = 0, lenient: UInt64 = 0
    for entry in held {
      twice |= taken & entry.mask
      taken |= entry.mask
      if entry.lenient { lenient |= entry.mask }
    }
    let count = taken.nonzeroBitCount
    return rules.terms.map { term in
      switch term.kind {
      case .gaps:
        taken == 0
          ? 0 : 64 - taken.leadingZeroBitCount - taken.trailingZeroBitCount - count
      case .singleEventDays: held.count == 1 ? 1 : 0
      case .dayLoad(_, let limit): max(0, count - limit)
      case .fullWindow(_, let from, let to):
        {
          let window = (UInt64.max >> UInt64(63 - (to - from))) << UInt64(from)
          return taken & window == window ? 1 : 0
        }()
      case .daysUsed: held.isEmpty ? 0 : 1
      case .siteChanges:
        {
          let sites = held.map(\.site).filter { $0 != 0 }
          return zip(sites, sites.dropFirst()).count { $0 != $1 }
        }()
      case .lenientOverlap: (twice & lenient).nonzeroBitCount
      default: 0
      }
    }
  }
}

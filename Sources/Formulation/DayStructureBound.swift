// SPDX-License-Identifier: GPL-3.0-or-later
public import Problem
import Timetabling

/// What the week of a person costs at least, by term.
public struct WeekCost: Hashable, Sendable {
  /// Terms of a week, in the order of ``amounts``.
  public static let terms: [TimetableTerm] = [
    .daysUsed, .gaps, .longDays, .window, .singles, .siteChanges, .placement,
  ]
  /// Weight × amount of each of ``terms``.
  public var amounts = SIMD8<Int>()

  /// Nothing.
  public init() {}

  /// The sum.
  public var total: Int { amounts.wrappedSum() }
}

/// The cheapest way to spread one person's events over the days of the week, everybody else and all
/// rooms left aside: a proved bound of what the person costs.
///
/// minimise Σ_day Σ_class weeks · people · g(events of the day in the class) + Σ_e price(e, shape, day)
///
/// where each event is held on one day with one of its shapes (weeks and length), within the hours
/// of a day, and g is what a day costs at least with so many hours, events and sites: the cheapest
/// set of so many slots (free slots for ways between sites included), the day itself, a single
/// event, and changes of site. The order of the events inside a day, who else takes part, whether a
/// room is free, and pattern sets of several events are relaxed. A price is what the event's
/// placement costs on that day above its cheapest one; each event's price is charged to one person
/// only, so that the bounds of all people add up. Isolated events and missing days are not among
/// these terms: they are those of ``CliqueBound``.
///
/// Events that cannot be told apart are counted, not named: a dynamic programme over the days whose
/// states are how many events of each kind are done. Where there are too many states, or classes
/// of weeks, the bound is ``Problem/fewestDaysCost(of:)``. The same problem gives the same bound.
public struct DayStructureBound {
  /// Steps of the dynamic programmes of all people together.
  private static let mostSteps = 30_000_000
  /// Steps for one person.
  private static let mostStepsOfOne = 12_000_000
  /// Choices of a day that are looked at.
  private static let mostLeaves = 60_000

  private let problem: Problem
  /// Who is charged with the price of each event's placement; −1 for nobody.
  private let payer: [Int32]
  private var ways: [Bool: SiteWays] = [:]
  private var tables: [Int: DayTable] = [:]
  private var known: [Question: WeekCost?] = [:]
  private var steps = 0

  /// Bounds of the people of a problem.
  public init(_ problem: Problem) {
    self.problem = problem
    payer = (0..<problem.events).map { event in
      for index in problem.eventPeople[event] {
        let person = Int(problem.eventPeople.items[index])
        let measure = problem.measures[Int(problem.personMeasure[person])]
        guard measure.forbidsOverlap, measure.days > 0 else { continue }
        let own = problem.personEvents[person].first {
          problem.personEvents.items[$0] == Int32(event)
        }
        if let own, !problem.personLenient[own] { return Int32(person) }
      }
      return -1
    }
  }

  /// Events that a person's days cannot tell apart.
  struct Kind: Hashable {
    /// `prices[shape · days + day]` above the cheapest; nil where it cannot be.
    var prices: [Int?]
    /// Sites that it may be at, from bit 0.
    var sites: UInt32
    var needsRoom: Bool
  }

  private struct Question: Hashable {
    var measure: Int
    var kinds: [Kind]
    var counts: [Int]
    var people: Int
    var hasLenient: Bool
  }

  /// The bound of a person.
  public mutating func bound(of person: Int) -> WeekCost {
    let measure = Int(problem.personMeasure[person])
    guard problem.measures[measure].forbidsOverlap else { return WeekCost() }
    var counted: [Kind: Int] = [:]
    var hasLenient = false
    var isCharged = false
    for index in problem.personEvents[person] {
      if problem.personLenient[index] {
        hasLenient = true
        continue
      }
      let event = Int(problem.personEvents.items[index])
      let pays = payer[event] == Int32(person)
      guard let kind = kind(of: event, pays: pays) else { continue }
      if pays, kind.prices.contains(where: { ($0 ?? 0) > 0 }) { isCharged = true }
      counted[kind, default: 0] += 1
    }
    let kinds = counted.keys.sorted(by: Self.isBefore)
    let people = Int(problem.personCount[person])
    // Without prices the cost is that of one, times the people.
    let question = Question(
      measure: measure, kinds: kinds, counts: kinds.map { counted[$0] ?? 0 },
      people: isCharged ? people : 1, hasLenient: hasLenient)
    let answer: WeekCost?
    if let before = known[question] {
      answer = before
    } else {
      answer = solve(question)
      known[question] = answer
    }
    guard var cost = answer else {
      var cost = WeekCost()
      cost.amounts[0] = problem.fewestDaysCost(of: person)
      return cost
    }
    if !isCharged { cost.amounts = cost.amounts &* people }
    return cost
  }

  /// An order that does not hang on hash seeds.
  private static func isBefore(_ a: Kind, _ b: Kind) -> Bool {
    if a.sites != b.sites { return a.sites < b.sites }
    if a.needsRoom != b.needsRoom { return a.needsRoom }
    for (x, y) in zip(a.prices, b.prices) where x != y { return (x ?? .max) < (y ?? .max) }
    return false
  }

  private func kind(of event: Int, pays: Bool) -> Kind? {
    guard let first = problem.options[event].first else { return nil }
    var prices: [Int?] = Array(repeating: nil, count: problem.shapes.count * problem.days)
    var least = Int(problem.placementCost(event, Int(problem.options.items[first])))
    for index in problem.options[event] {
      let time = Int(problem.options.items[index])
      let at = Int(problem.timeShape[time]) * problem.days + Int(problem.timeDay[time])
      let price = Int(problem.placementCost(event, time))
      least = min(least, price)
      prices[at] = min(prices[at] ?? .max, price)
    }
    for at in prices.indices { prices[at] = prices[at].map { pays ? $0 - least : 0 } }
    var sites: UInt32 = 0
    if problem.needsRoom[event] {
      for at in problem.eventRooms[event] {
        let site = problem.roomSite[Int(problem.eventRooms.items[at])] - 1
        if site < 32 { sites |= 1 << UInt32(site) }
      }
    }
    return Kind(prices: prices, sites: sites, needsRoom: problem.needsRoom[event])
  }

  // MARK: - The dynamic programme

  /// What a day may hold: how many events of each kind, and what that costs at least.
  struct Choice {
    var vector: Int
    var packed: UInt64
    var amounts: SIMD8<Int>
    var cost: Int
  }

  private mutating func solve(_ question: Question) -> WeekCost? {
    let counts = question.counts
    if counts.isEmpty { return WeekCost() }
    guard problem.classes <= 4, problem.isPacked, problem.sites <= 32 else { return nil }
    // One bit more for each kind than its count needs, to see what is too many.
    var strides: [Int] = []
    var shifts: [UInt64] = []
    var states = 1
    var bits: UInt64 = 0
    var guards: UInt64 = 0
    var full: UInt64 = 0
    for count in counts {
      strides.append(states)
      shifts.append(bits)
      states *= count + 1
      full |= UInt64(count) << bits
      bits += UInt64(Int.bitWidth - count.leadingZeroBitCount) + 1
      guard bits <= 64, states <= 200_000 else { return nil }
      guards |= 1 << (bits - 1)
    }
    var byProfile: [[Int?]: Int] = [:]
    var lists: [[Choice]] = []
    var listOfDay: [Int] = []
    for day in 0..<problem.days {
      let profile = question.kinds.flatMap { kind in
        problem.shapes.indices.map { kind.prices[$0 * problem.days + day] }
      }
      if let list = byProfile[profile] {
        listOfDay.append(list)
        continue
      }
      guard
        let choices = choices(
          question, day: day, strides: strides, shifts: shifts)
      else { return nil }
      byProfile[profile] = lists.count
      listOfDay.append(lists.count)
      lists.append(choices)
    }
    let work = listOfDay.reduce(0) { $0 + lists[$1].count } * states
    guard work <= Self.mostStepsOfOne, steps + work <= Self.mostSteps else { return nil }
    steps += work

    var packed = Array(repeating: UInt64(0), count: states)
    for state in packed.indices {
      var rest = state
      for (number, count) in counts.enumerated() {
        packed[state] |= UInt64(rest % (count + 1)) << shifts[number]
        rest /= count + 1
      }
    }
    var values = Array(repeating: Int.max, count: states)
    values[0] = 0
    var taken: [[Int32]] = []
    for day in 0..<problem.days {
      let choices = lists[listOfDay[day]]
      var next = Array(repeating: Int.max, count: states)
      var how = Array(repeating: Int32(-1), count: states)
      for state in 0..<states where values[state] != .max {
        let left = (full | guards) - packed[state]
        let value = values[state]
        for (number, choice) in choices.enumerated()
        where (left &- choice.packed) & guards == guards {
          let sum = value + choice.cost
          if sum < next[state + choice.vector] {
            next[state + choice.vector] = sum
            how[state + choice.vector] = Int32(number)
          }
        }
      }
      values = next
      taken.append(how)
    }
    // No week holds all the events: then no timetable is complete, and nothing is claimed.
    guard values[states - 1] != .max else { return nil }
    var cost = WeekCost()
    var state = states - 1
    for day in stride(from: problem.days - 1, through: 0, by: -1) {
      let choice = lists[listOfDay[day]][Int(taken[day][state])]
      cost.amounts = cost.amounts &+ choice.amounts
      state -= choice.vector
    }
    assert(cost.total == values[states - 1])
    return cost
  }

  /// A day of one class of weeks while it is filled.
  struct Filling {
    var hours = 0
    var events = 0
    var forced: UInt32 = 0
    var possible: UInt32 = 0
    var isBridged = false
  }

  /// All ways to fill a day; of those with the same events the cheapest. Nil where they are too many.
  private mutating func choices(
    _ question: Question, day: Int, strides: [Int], shifts: [UInt64]
  ) -> [Choice]? {
    let measure = problem.measures[question.measure]
    let most = min(measure.hardLimit, problem.slots)
    struct Item {
      var kind: Int
      var price: Int
      var length: Int
      var classes: [Int]
    }
    var items: [Item] = []
    for (number, kind) in question.kinds.enumerated() {
      for (shape, said) in problem.shapes.enumerated() {
        guard let price = kind.prices[shape * problem.days + day] else { continue }
        let classes = (0..<problem.classes).filter {
          said.weeks >> UInt64(problem.classWeek[$0]) & 1 == 1
        }
        items.append(Item(kind: number, price: price, length: said.length, classes: classes))
      }
    }
    var best: [Int: Choice] = [:]
    var leaves = 0
    var counts = Array(repeating: 0, count: question.kinds.count)

    func fill(_ position: Int, _ filling: [Filling], _ price: Int) -> Bool {
      if position == items.count {
        leaves += 1
        if leaves > Self.mostLeaves { return false }
        guard var amounts = dayCost(of: filling, question) else { return true }
        amounts[6] = price
        let cost = amounts.wrappedSum()
        var vector = 0
        var packed: UInt64 = 0
        for (number, count) in counts.enumerated() {
          vector += count * strides[number]
          packed |= UInt64(count) << shifts[number]
        }
        if cost < best[vector]?.cost ?? .max {
          best[vector] = Choice(vector: vector, packed: packed, amounts: amounts, cost: cost)
        }
        return true
      }
      let item = items[position]
      let kind = question.kinds[item.kind]
      var filling = filling
      var price = price
      let before = counts[item.kind]
      defer { counts[item.kind] = before }
      while true {
        if !fill(position + 1, filling, price) { return false }
        counts[item.kind] += 1
        price += item.price
        if counts[item.kind] > question.counts[item.kind] { return true }
        for weekClass in item.classes {
          filling[weekClass].hours += item.length
          filling[weekClass].events += 1
          if !kind.needsRoom {
            filling[weekClass].isBridged = true
          } else if kind.sites.nonzeroBitCount == 1 {
            filling[weekClass].forced |= kind.sites
          } else {
            filling[weekClass].possible |= kind.sites
          }
          if filling[weekClass].hours > most { return true }
        }
      }
    }
    guard fill(0, Array(repeating: Filling(), count: problem.classes), 0) else { return nil }
    return best.values.sorted { $0.vector < $1.vector }
  }

  /// What a day costs at least; nil where nothing holds so much.
  private mutating func dayCost(
    of filling: [Filling], _ question: Question
  ) -> SIMD8<Int>? {
    let measure = problem.measures[question.measure]
    var sum = SIMD8<Int>()
    for (weekClass, day) in filling.enumerated() where day.events > 0 {
      let table: DayTable
      let key = question.measure << 1 | (question.hasLenient ? 1 : 0)
      if let known = tables[key] {
        table = known
      } else {
        table = DayTable(measure, slots: problem.slots, orMore: question.hasLenient)
        tables[key] = table
      }
      var best: SIMD8<Int>?
      let all =
        ways[measure.needsTravel, default: SiteWays(problem, needsTravel: measure.needsTravel)]
        .ways(
          forced: measure.change > 0 || measure.needsTravel ? day.forced : 0,
          possible: day.possible, isBridged: day.isBridged || question.hasLenient)
      for way in all {
        guard var amounts = table.cheapest(hours: day.hours, free: way.free) else { continue }
        amounts[5] = Int(measure.change) * way.changes
        if amounts.wrappedSum() < best?.wrappedSum() ?? .max { best = amounts }
      }
      guard var amounts = best else { return nil }
      // Those of a lenient event would make a single one two.
      if day.events == 1, !question.hasLenient { amounts[4] = Int(measure.single) }
      sum = sum &+ amounts &* (Int(problem.classWeeks[weekClass]) * question.people)
    }
    return sum
  }
}

/// The cheapest set of slots by how many they are and how many are free between them.
struct DayTable {
  /// `cells[hours · (slots + 1) + free]`: at least so many free.
  private var cells: [SIMD8<Int>?]
  private let slots: Int

  /// - Parameters:
  ///   - measure: What a day costs.
  ///   - slots: Slots of a day, at most 16.
  ///   - orMore: Whether more slots may be taken than are asked for, by events that may overlap.
  init(_ measure: Measure, slots: Int, orMore: Bool) {
    self.slots = slots
    cells = Array(repeating: nil, count: (slots + 1) * (slots + 1))
    for taken in UInt64(1)..<(1 << UInt64(slots)) {
      let hours = taken.nonzeroBitCount
      if hours > measure.hardLimit { continue }
      let span = 64 - taken.leadingZeroBitCount - taken.trailingZeroBitCount
      var amounts = SIMD8<Int>()
      amounts[0] = Int(measure.days)
      amounts[1] = Int(measure.gap) * (span - hours)
      amounts[2] = Int(measure.long) * max(0, hours - measure.longLimit)
      if measure.windowMask != 0, taken & measure.windowMask == measure.windowMask {
        amounts[3] = Int(measure.window)
      }
      for free in 0...(span - hours) { improve(hours, free, amounts) }
    }
    if orMore {
      for hours in stride(from: slots - 1, through: 0, by: -1) {
        for free in 0...slots {
          if let more = cells[(hours + 1) * (slots + 1) + free] { improve(hours, free, more) }
        }
      }
    }
  }

  private mutating func improve(_ hours: Int, _ free: Int, _ amounts: SIMD8<Int>) {
    let at = hours * (slots + 1) + free
    if amounts.wrappedSum() < cells[at]?.wrappedSum() ?? .max { cells[at] = amounts }
  }

  /// The cheapest set of so many slots with at least so many free ones between them; nil for none.
  func cheapest(hours: Int, free: Int) -> SIMD8<Int>? {
    hours > slots || free > slots ? nil : cells[hours * (slots + 1) + free]
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
public import Problem

/// What isolated events and missing working days cost at least, by cliques: people of whose events
/// no two are at once (curricula), with the courses that lie inside.
///
/// Each clique is solved by itself to optimality over all its days and slots:
///
/// minimise isolated · (events without a neighbour) + Σ_c share(c, clique) · (days missing to c)
///
/// where each event has one of its own times and no two share a slot; teachers, other cliques and
/// rooms are relaxed. A course that lies in several cliques pays to each a share of its price, and
/// the shares add up to one, so that the bounds of all cliques add up. Shares are equal at first and
/// moved by some subgradient steps towards the cliques that miss more days (Lagrangian
/// decomposition); the best sum counts. The same problem gives the same bound.
public struct CliqueBound: Sendable {
  /// Weight × isolated events, by clique person.
  public private(set) var isolated = 0
  /// Weight × missing days.
  public private(set) var minimumDays = 0
  /// Cliques that were solved.
  public private(set) var cliques = 0

  /// Steps of the dynamic programmes, all cliques and rounds together.
  private static let mostSteps = 60_000_000
  /// Steps of one clique.
  private static let mostStepsOfOne = 6_000_000
  /// Steps to list how days can be filled, all cliques together.
  private static let mostListing = 400_000_000
  private static let mostRounds = 12
  /// Prices are multiplied by this while they are shared.
  static let unit = 840

  /// The bound of a problem; 0 where nobody pays for isolated events or missing days.
  public init(_ problem: Problem) {
    let courses = (0..<problem.people).filter { person in
      problem.personMinimumDays[person] > 0
        && problem.measures[Int(problem.personMeasure[person])].minimumDays > 0
    }
    var found: [Clique] = []
    var listing = Self.mostListing
    if problem.classes == 1, problem.slots <= 64 {
      for person in 0..<problem.people {
        if let clique = Clique(
          problem, person, courses: courses, mostSteps: Self.mostStepsOfOne, listing: &listing)
        {
          found.append(clique)
        }
      }
    }
    var steps = 0
    found = found.filter { clique in
      steps += clique.steps
      return steps <= Self.mostSteps
    }
    cliques = found.count
    let perRound = found.reduce(0) { $0 + $1.steps }
    let rounds = perRound == 0 ? 0 : max(1, min(Self.mostRounds, Self.mostSteps / perRound))

    // Who shares a course.
    var users: [Int: [(clique: Int, position: Int)]] = [:]
    for (number, clique) in found.enumerated() {
      for (position, course) in clique.courses.enumerated() where course.person >= 0 {
        users[course.person, default: []].append((number, position))
      }
    }
    var shares = found.map { clique in Array(repeating: 0, count: clique.courses.count) }
    func price(_ course: Int) -> Int {
      Self.unit * Int(problem.measures[Int(problem.personMeasure[course])].minimumDays)
        * Int(problem.personCount[course])
    }
    let shared = users.keys.sorted()
    for course in shared {
      let own = users[course] ?? []
      for user in own { shares[user.clique][user.position] = price(course) / own.count }
    }
    var best: (isolated: Int, days: Int) = (0, 0)
    for round in 0..<rounds {
      let answers = found.indices.map { found[$0].solve(shares: shares[$0]) }
      let isolated = answers.reduce(0) { $0 + $1.isolated }
      let days = answers.reduce(0) { $0 + $1.missingCost }
      if isolated + days > best.isolated + best.days { best = (isolated, days) }
      if round == rounds - 1 { break }
      var moved = false
      for course in shared {
        let own = users[course] ?? []
        guard own.count > 1 else { continue }
        let missing = own.map { answers[$0.clique].missing[$0.position] }
        let mean = Double(missing.reduce(0, +)) / Double(own.count)
        let step = Double(price(course)) / Double(round + 2) / 2
        var left = price(course)
        var wanted = own.indices.map { index in
          max(
            0,
            Double(shares[own[index].clique][own[index].position])
              + step * (Double(missing[index]) - mean))
        }
        let sum = wanted.reduce(0, +)
        if sum > Double(left) { wanted = wanted.map { $0 * Double(left) / sum } }
        for (index, user) in own.enumerated() {
          let share = min(left, Int(wanted[index]))
          if share != shares[user.clique][user.position] { moved = true }
          shares[user.clique][user.position] = share
          left -= share
        }
      }
      if !moved { break }
    }
    // The whole cost is a whole number: what is proved may be rounded up.
    let total = (best.isolated + best.days + Self.unit - 1) / Self.unit
    isolated = best.isolated / Self.unit
    minimumDays = total - isolated

    for course in courses where users[course] == nil {
      let events = problem.personEvents[course].map { Int(problem.personEvents.items[$0]) }
      let days = Set(
        events.flatMap { event in
          problem.options[event].map { problem.timeDay[Int(problem.options.items[$0])] }
        })
      // An event may be held on a day in some weeks and nowhere else in others: one day an event.
      let most = min(days.count, events.count)
      let missing = max(0, Int(problem.personMinimumDays[course]) - most)
      minimumDays += missing * price(course) / Self.unit
    }
  }
}

/// One clique with its courses; see ``CliqueBound``.
private struct Clique {
  /// Events that cannot be told apart, of a course or alone.
  struct Course {
    /// The person of the course; −1 where there is none.
    var person: Int
    var events: Int
    /// Days that may be missing to one for each event before any is missing to the minimum.
    var slack: Int
    /// Slots of each day that some of the events may have.
    var slots: [UInt64]
  }

  struct Answer {
    var isolated: Int
    var missingCost: Int
    /// By course.
    var missing: [Int]
  }

  /// What a day holds: how many events of each course, and their isolated ones.
  struct Choice {
    var vector: Int
    var packed: UInt64
    var isolated: Int
    /// Courses with more than one event, and how many more.
    var extra: [(course: Int, count: Int)]
  }

  private(set) var courses: [Course] = []
  private(set) var steps = 0
  private let days: Int
  private let slots: Int
  private let price: Int
  private var strides: [Int] = []
  private var states = 1
  private var slackStrides: [Int] = []
  private var slackStates = 1
  private var isExact: [Bool] = []
  private var packed: [UInt64] = []
  private var full: UInt64 = 0
  private var guards: UInt64 = 0
  private var choices: [[Choice]] = []

  /// The clique of a person; nil where there is none, or where it takes more steps than one may have or
  /// more to list its days than are left.
  init?(
    _ problem: Problem, _ person: Int, courses all: [Int], mostSteps: Int, listing: inout Int
  ) {
    days = problem.days
    slots = problem.slots
    let measure = problem.measures[Int(problem.personMeasure[person])]
    price = CliqueBound.unit * Int(measure.isolated) * Int(problem.personCount[person])
    guard price > 0, measure.forbidsOverlap,
      !problem.personEvents[person].contains(where: { problem.personLenient[$0] })
    else { return nil }
    var rest = Set(problem.personEvents[person].map { Int(problem.personEvents.items[$0]) })
    if rest.isEmpty || rest.contains(where: { problem.options[$0].isEmpty }) { return nil }
    func add(_ course: Int, _ events: [Int], minimum: Int) {
      var slots = Array(repeating: UInt64(0), count: problem.days)
      for event in events {
        for index in problem.options[event] {
          let time = Int(problem.options.items[index])
          slots[Int(problem.timeDay[time])] |= problem.timeMask[time]
        }
      }
      courses.append(
        Course(
          person: course, events: events.count, slack: events.count - minimum, slots: slots))
    }
    for course in all where course != person {
      let own = problem.personEvents[course].map { Int(problem.personEvents.items[$0]) }
      guard !own.isEmpty, own.allSatisfy(rest.contains),
        problem.measures[Int(problem.personMeasure[course])].forbidsOverlap
      else { continue }
      rest.subtract(own)
      add(course, own, minimum: Int(problem.personMinimumDays[course]))
    }
    for event in rest.sorted() { add(-1, [event], minimum: 0) }

    var bits: UInt64 = 0
    var shifts: [UInt64] = []
    for course in courses {
      strides.append(states)
      shifts.append(bits)
      states *= course.events + 1
      full |= UInt64(course.events) << bits
      bits += UInt64(Int.bitWidth - course.events.leadingZeroBitCount) + 1
      guard bits <= 64, states <= 60_000 else { return nil }
      guards |= 1 << (bits - 1)
    }
    let list = days * slots * states * courses.count
    guard list <= listing else { return nil }
    listing -= list
    packed = Array(repeating: 0, count: states)
    for state in packed.indices {
      var rest = state
      for (number, course) in courses.enumerated() {
        packed[state] |= UInt64(rest % (course.events + 1)) << shifts[number]
        rest /= course.events + 1
      }
    }
    choices = (0..<days).map { dayChoices($0) }
    let perState = choices.reduce(0) { $0 + $1.count }
    guard perState * states <= mostSteps else { return nil }
    // Slack that fits is counted exactly, the least first; of the rest nothing is missing.
    isExact = courses.map { $0.person >= 0 && $0.slack <= 0 }
    slackStrides = Array(repeating: 0, count: courses.count)
    let bySlack = courses.indices.filter { courses[$0].person >= 0 && courses[$0].slack > 0 }
      .sorted { (courses[$0].slack, $0) < (courses[$1].slack, $1) }
    for number in bySlack {
      let more = slackStates * (courses[number].slack + 1)
      guard perState * states * more <= mostSteps else { break }
      isExact[number] = true
      slackStrides[number] = slackStates
      slackStates = more
    }
    steps = perState * states * slackStates
  }

  /// All ways to fill a day with the fewest isolated events, slot by slot.
  private func dayChoices(_ day: Int) -> [Choice] {
    let none = Int.max
    // By state and what is in the slot before: nothing, something alone so far, something not alone.
    var values = Array(repeating: none, count: states * 3)
    values[0] = 0
    for slot in 0..<slots {
      var next = Array(repeating: none, count: states * 3)
      let allowed = courses.indices.filter { courses[$0].slots[day] >> UInt64(slot) & 1 == 1 }
      for state in 0..<states {
        for before in 0..<3 where values[state * 3 + before] != none {
          let value = values[state * 3 + before]
          next[state * 3] = min(next[state * 3], value + (before == 1 ? 1 : 0))
          for course in allowed {
            let done = state / strides[course] % (courses[course].events + 1)
            guard done < courses[course].events else { continue }
            let at = (state + strides[course]) * 3 + (before == 0 ? 1 : 2)
            next[at] = min(next[at], value)
          }
        }
      }
      values = next
    }
    return (0..<states).compactMap { state in
      let alone = values[state * 3 + 1]
      let least = min(
        values[state * 3], alone == none ? none : alone + 1, values[state * 3 + 2])
      guard least != none else { return nil }
      let extra = courses.indices.compactMap { course -> (Int, Int)? in
        let count = state / strides[course] % (courses[course].events + 1)
        return count > 1 && courses[course].person >= 0 ? (course, count - 1) : nil
      }
      return Choice(vector: state, packed: packed[state], isolated: least, extra: extra)
    }
  }

  /// The cheapest week at the given prices of a missing day.
  func solve(shares: [Int]) -> Answer {
    let none = Int.max
    let size = states * slackStates
    var values = Array(repeating: none, count: size)
    // Below the minimum from the start, where there are fewer events than days are wanted.
    var always = 0
    for (number, course) in courses.enumerated() where course.person >= 0 && course.slack < 0 {
      always += -course.slack * shares[number]
    }
    values[0] = 0
    struct Step {
      var from: Int32
      var choice: Int32
    }
    var trace: [[Step]] = []
    for day in 0..<days {
      var next = Array(repeating: none, count: size)
      var how = Array(repeating: Step(from: -1, choice: -1), count: size)
      for slackState in 0..<slackStates {
        for state in 0..<states {
          let at = slackState * states + state
          let value = values[at]
          if value == none { continue }
          let left = (full | guards) - packed[state]
          for (number, choice) in choices[day].enumerated()
          where (left &- choice.packed) & guards == guards {
            var cost = value + choice.isolated * price
            var slackTo = slackState
            for (course, count) in choice.extra where isExact[course] {
              let slack = max(0, courses[course].slack)
              if slack == 0 {
                cost += count * shares[course]
              } else {
                let used = slackState / slackStrides[course] % (slack + 1)
                let more = min(count, slack - used)
                slackTo += more * slackStrides[course]
                cost += (count - more) * shares[course]
              }
            }
            let to = slackTo * states + state + choice.vector
            if cost < next[to] {
              next[to] = cost
              how[to] = Step(from: Int32(at), choice: Int32(number))
            }
          }
        }
      }
      values = next
      trace.append(how)
    }
    var best = -1
    for slackState in 0..<slackStates {
      let at = slackState * states + states - 1
      if values[at] != none, best < 0 || values[at] < values[best] { best = at }
    }
    // No week holds the clique: nothing is claimed.
    guard best >= 0 else {
      return Answer(
        isolated: 0, missingCost: 0, missing: Array(repeating: 0, count: courses.count))
    }
    let total = values[best] + always
    var isolated = 0
    var extra = Array(repeating: 0, count: courses.count)
    var at = best
    for day in stride(from: days - 1, through: 0, by: -1) {
      let step = trace[day][at]
      let choice = choices[day][Int(step.choice)]
      isolated += choice.isolated * price
      for (course, count) in choice.extra { extra[course] += count }
      at = Int(step.from)
    }
    let missing = courses.indices.map { number in
      courses[number].person < 0 || !isExact[number]
        ? 0 : max(0, extra[number] - courses[number].slack)
    }
    return Answer(isolated: isolated, missingCost: total - isolated, missing: missing)
  }
}

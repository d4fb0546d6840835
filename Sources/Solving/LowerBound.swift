// SPDX-License-Identifier: GPL-3.0-or-later
internal import Formulation
public import Problem
internal import Timetabling

/// A proved lower bound of the soft score of any complete timetable, by what makes it up.
///
/// The soft score is a sum of terms; each term, or share of a term, is given to one subproblem that
/// keeps some of what is asked and relaxes the rest, and the minima of the subproblems are added up.
/// What is left out can only add cost, and no term is counted twice.
public struct LowerBound: Sendable, Hashable {
  /// What was kept; everything else is relaxed.
  public enum Basis: String, Sendable, CaseIterable {
    /// Σ over events of the cheapest time and room of each alone.
    case placements
    /// Σ over groups of several events of the cheapest row of their pattern sets.
    case patternSets
    /// Σ over people of the cheapest way to spread their events over the days
    /// (`DayStructureBound`).
    case weeks
    /// Σ over cliques of the cheapest week with its slots (`CliqueBound`).
    case cliques
    /// Rooms have only so many slots (`forcedRoomPrice`).
    case rooms
    /// The whole timetable as a mixed-integer model, closed or as far as it came.
    case whole
  }

  /// A part of the bound.
  public struct Part: Sendable, Hashable {
    /// What was kept.
    public var basis: Basis
    /// The rule or criterion whose cost is bounded, such as `teacher_days`; for ``Basis/whole`` all
    /// of them.
    public var source: String
    /// The amount.
    public var amount: Int
  }

  /// The parts above 0, by basis and source.
  public private(set) var parts: [Part]

  /// The bound.
  public var total: Int { parts.reduce(0) { $0 + $1.amount } }

  /// The amount of a basis.
  public func amount(of basis: Basis) -> Int {
    parts.reduce(0) { $0 + ($1.basis == basis ? $1.amount : 0) }
  }

  /// A bound that was proved for the whole.
  init(whole amount: Int) {
    parts = [Part(basis: .whole, source: "all", amount: amount)]
  }

  /// Nothing is proved.
  static let none = LowerBound(parts: [])

  private init(parts: [Part]) { self.parts = parts }

  /// The bound of a problem; a function of the problem alone.
  public init(_ problem: Problem) { self.init(problem) { _ in false } }

  /// The bound of a problem. `isEnough` is told what is proved so far, a bound itself, and ends the work
  /// with true.
  init(_ problem: Problem, isEnough: (LowerBound) -> Bool) {
    parts = []
    var sums: [Basis: [String: Int]] = [:]
    func add(_ amount: Int, _ basis: Basis, _ source: String) {
      if amount != 0 { sums[basis, default: [:]][source, default: 0] += amount }
    }
    func gather() -> [Part] {
      Basis.allCases.flatMap { basis in
        (sums[basis] ?? [:]).sorted { $0.key < $1.key }
          .map { Part(basis: basis, source: $0.key, amount: $0.value) }
      }
    }
    let prices = PriceSources(problem)
    for event in 0..<problem.events {
      for (source, amount) in prices.ofCheapestPlacement(event) {
        add(amount, .placements, source)
      }
    }
    for group in 0..<problem.groups where problem.groupEvents.count(group) > 1 {
      for (source, amount) in prices.ofCheapestRow(group) { add(amount, .patternSets, source) }
    }
    parts = gather()
    if isEnough(self) { return }
    var weeks = DayStructureBound(problem)
    for person in 0..<problem.people {
      let cost = weeks.bound(of: person)
      let role = problem.instance.people[person].role
      for (term, amount) in zip(WeekCost.terms, (0..<8).map { cost.amounts[$0] }) {
        add(amount, .weeks, prices.source(of: term, role: role))
      }
      if person % LowerBound.peoplePerLook == 0 {
        parts = gather()
        if isEnough(self) { return }
      }
    }
    parts = gather()
    if isEnough(self) { return }
    let cliques = CliqueBound(problem)
    add(cliques.isolated, .cliques, prices.source(of: .isolated, role: nil))
    add(cliques.minimumDays, .cliques, prices.source(of: .minimumDays, role: nil))
    parts = gather()
    if isEnough(self) { return }
    add(forcedRoomPrice(problem), .rooms, prices.roomPriceSource)
    parts = gather()
  }

  /// People between two looks at whether it is enough.
  private static let peoplePerLook = 64
}

/// From which declarations the prices of a problem come.
private struct PriceSources {
  let problem: Problem
  private let instance: TimetableInstance
  private var ofEvent: [[Int]]
  private var setsOfGroup: [Int: Int] = [:]

  init(_ problem: Problem) {
    self.problem = problem
    instance = problem.instance
    ofEvent = Array(repeating: [], count: problem.events)
    for source in problem.placementSources {
      for event in source.events { ofEvent[Int(event)].append(source.constraint) }
    }
    for (number, constraint) in instance.constraints.enumerated() {
      if case .patternSets(let group, _) = constraint.kind { setsOfGroup[group] = number }
    }
  }

  /// The parts of ``Problem/cheapestPlacement(of:)``.
  func ofCheapestPlacement(_ event: Int) -> [(String, Int)] {
    var left = problem.cheapestPlacement(of: event)
    if left == 0 { return [] }
    var parts: [(String, Int)] = []
    func take(_ source: String, _ amount: Int) {
      let part = min(left, amount)
      if part > 0 { parts.append((source, part)) }
      left -= part
    }
    let time = problem.options[event].map { Int(problem.options.items[$0]) }.min {
      problem.placementCost(event, $0) < problem.placementCost(event, $1)
    }
    let room = problem.eventRooms[event].map { Int(problem.eventRooms.items[$0]) }.min {
      problem.roomCost(event, $0) < problem.roomCost(event, $1)
    }
    if let time {
      let group = Int(problem.eventGroup[event])
      if group >= 0, problem.groupEvents.count(group) == 1 {
        let shape = problem.shapes[Int(problem.timeShape[time])]
        for (source, amount) in penalties(of: group, shapes: [shape]) { take(source, amount) }
      }
      let pattern = problem.pattern(of: time)
      for number in ofEvent[event] {
        guard case .soft(let weight) = instance.constraints[number].level else { continue }
        switch instance.constraints[number].kind {
        case .avoidTimes(_, let times):
          let mask = problem.timeMask[time]
          var amount = 0
          for week in 0..<instance.grid.weeks where pattern.weeks >> UInt64(week) & 1 == 1 {
            amount += (times.slots(week: week, day: pattern.day) & mask).nonzeroBitCount
          }
          take(instance.constraints[number].source, weight * amount)
        case .keepTime(_, let among):
          if !among.contains(pattern) { take(instance.constraints[number].source, weight) }
        case .keepRoom(_, let among):
          if room == nil ? !among.contains(nil) : !among.contains(room.map(Int32.init)) {
            take(instance.constraints[number].source, weight)
          }
        case .capacityExcess:
          if let room {
            let missing = instance.events[event].size - instance.rooms[room].capacity
            take(instance.constraints[number].source, weight * max(0, missing))
          }
        default: break
        }
      }
    }
    // What is left is the price of the option itself.
    take("option", left)
    return parts
  }

  /// The parts of ``Problem/cheapestRow(of:)``.
  func ofCheapestRow(_ group: Int) -> [(String, Int)] {
    let least = problem.cheapestRow(of: group)
    guard least > 0 else { return [] }
    let rows = problem.groupRows[group].map { Int(problem.groupRows.items[$0]) }
    guard let row = rows.first(where: { problem.penalty(ofRow: $0) == least }) else { return [] }
    return penalties(
      of: group, shapes: problem.shapes(ofRow: row).map { problem.shapes[Int($0)] })
  }

  private func penalties(
    of group: Int, shapes: [Constraint.PatternSet.Shape]
  ) -> [(String, Int)] {
    guard let number = setsOfGroup[group],
      case .patternSets(_, let rows) = instance.constraints[number].kind
    else { return [] }
    let row = rows.filter { $0.shapes == shapes }.min { $0.penalty < $1.penalty }
    return (row?.penalties ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The declaration of a term of a role, or of any role.
  func source(of term: TimetableTerm, role: Int?) -> String {
    for constraint in instance.constraints {
      let found: (TimetableTerm, Int)? =
        switch constraint.kind {
        case .daysUsed(let role): (.daysUsed, role)
        case .gaps(let role): (.gaps, role)
        case .dayLoad(let role, _): constraint.level == .hard ? nil : (.longDays, role)
        case .fullWindow(let role, _, _): (.window, role)
        case .isolated(let role): (.isolated, role)
        case .singleEventDays(let role): (.singles, role)
        case .siteChanges(let role): (.siteChanges, role)
        case .minimumDays(let role): (.minimumDays, role)
        default: nil
        }
      if let found, found.0 == term, role == nil || role == found.1 { return constraint.source }
    }
    return term.rawValue
  }

  /// The declaration of prices of rooms.
  var roomPriceSource: String {
    for constraint in instance.constraints {
      switch constraint.kind {
      case .capacityExcess, .keepRoom: if constraint.level != .hard { return constraint.source }
      default: break
      }
    }
    return "room"
  }
}

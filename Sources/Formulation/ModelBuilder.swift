// SPDX-License-Identifier: GPL-3.0-or-later
import LinearModels
import Problem
import Timetabling

/// Writes the rows and columns of ``TimetableModel``.
struct ModelBuilder {
  /// A placement that an event may have; no variable where it is fixed.
  struct Choice: Sendable {
    var time: Int
    var room: Int
    var variable: LinearModel.Variable?
  }

  /// A pattern row that a group may have.
  struct RowColumn: Sendable {
    var group: Int
    var row: Int32
    var variable: LinearModel.Variable
  }

  /// A column that is the largest of 0 and some expressions of columns before it.
  struct Auxiliary: Sendable {
    var variable: LinearModel.Variable
    var least: [Affine]
  }

  let state: SearchState
  let problem: Problem
  let free: [Int32]
  let unplacedCost: Double
  let omitted: Set<TimetableTerm>
  let isFree: [Bool]
  /// Places that events are restricted to; nil for none.
  var offered: [Int32: Set<TimetableModel.Place>]?
  /// Whether columns of placements get names.
  var isNamed = false
  var model = LinearModel(name: "timetable")
  var choices: [[Choice]]
  /// The choices of each event by time and site, rooms of a site together: what people and groups
  /// ask for.
  var stays: [[Choice]]
  var missing: [LinearModel.Variable?]
  var rowColumns: [RowColumn] = []
  var auxiliaries: [Auxiliary] = []

  init(
    _ state: SearchState, free: [Int32], unplacedCost: Double, omitting: Set<TimetableTerm>
  ) {
    self.state = state
    problem = state.problem
    self.free = free
    self.unplacedCost = unplacedCost
    omitted = omitting
    var isFree = Array(repeating: false, count: problem.events)
    for event in free { isFree[Int(event)] = true }
    self.isFree = isFree
    choices = Array(repeating: [], count: problem.events)
    stays = choices
    missing = Array(repeating: nil, count: problem.events)
  }

  mutating func build() {
    addPlacements()
    if says(.rooms) { addRoomRows() }
    var people: Set<Int32> = []
    var groups: Set<Int> = []
    if free.count == problem.events {
      // Those without an event may still miss days.
      people = Set(0..<Int32(problem.people))
    }
    for number in free {
      let event = Int(number)
      for index in problem.eventPeople[event] {
        people.insert(problem.eventPeople.items[index])
      }
      let group = Int(problem.eventGroup[event])
      if group >= 0 { groups.insert(group) }
    }
    for group in groups.sorted() {
      if says(.patternRows) { addPatternRows(group) }
      addGroup(group)
    }
    if says(.order) {
      for later in 0..<problem.groups
      where problem.groupParentWeight[later] > 0 && problem.groupParent[later] >= 0 {
        let earlier = Int(problem.groupParent[later])
        if groups.contains(later) || groups.contains(earlier) {
          addOrder(earlier: earlier, later: later)
        }
      }
    }
    for person in people.sorted() { addPerson(Int(person)) }
  }

  func says(_ term: TimetableTerm) -> Bool { !omitted.contains(term) }

  // MARK: - Columns and rows

  /// A column at a cost that is at least 0 and each of the expressions.
  mutating func addLeast(_ least: [Affine], cost: Double) -> Affine {
    let useful = least.filter { !$0.terms.isEmpty || $0.constant > 0 }
    if useful.isEmpty { return Affine() }
    let variable = model.addVariable(cost: cost)
    for expression in useful {
      model.addRow(
        lower: expression.constant,
        [.init(1, variable)] + expression.terms.map { .init(-$0.coefficient, $0.variable) })
    }
    auxiliaries.append(Auxiliary(variable: variable, least: useful))
    return Affine(variable)
  }

  /// A column in place of an expression that is at least 0 and has many terms, so that the rows that
  /// use it stay short.
  mutating func named(_ sum: Affine) -> Affine {
    guard sum.terms.count > Self.mostTerms else { return sum }
    let variable = model.addVariable(cost: 0)
    model.addRow(
      lower: sum.constant, upper: sum.constant,
      [.init(1, variable)] + sum.terms.map { .init(-$0.coefficient, $0.variable) })
    auxiliaries.append(Auxiliary(variable: variable, least: [sum]))
    return Affine(variable)
  }

  private static let mostTerms = 3

  /// The expression is at most a number.
  mutating func limit(_ expression: Affine, to most: Double) {
    guard !expression.terms.isEmpty else { return }
    model.addRow(upper: most - expression.constant, expression.terms)
  }

  /// The choices of an event whose time fulfils a condition, added up.
  func sum(_ event: Int, where isMeant: (Choice) -> Bool) -> Affine {
    Self.sum(stays[event].filter(isMeant))
  }

  static func sum(_ choices: [Choice]) -> Affine {
    choices.reduce(into: Affine()) { sum, choice in
      sum.add(choice.variable.map { Affine($0) } ?? Affine(1))
    }
  }

  func site(_ choice: Choice) -> Int {
    choice.room < 0 ? 0 : Int(problem.roomSite[choice.room])
  }

  func isIn(_ choice: Choice, _ weekClass: Int, _ day: Int) -> Bool {
    Int(problem.timeDay[choice.time]) == day
      && problem.timeClasses[choice.time] >> UInt64(weekClass) & 1 == 1
  }

  func covers(_ choice: Choice, _ slot: Int) -> Bool {
    problem.timeMask[choice.time] >> UInt64(slot) & 1 == 1
  }

  // MARK: - Placements and rooms

  private mutating func addPlacements() {
    for event in 0..<problem.events {
      guard isFree[event] else {
        if state.isPlaced(event) {
          choices[event] = [
            Choice(time: Int(state.eventTime[event]), room: Int(state.eventRoom[event]))
          ]
          stays[event] = choices[event]
        }
        continue
      }
      for index in problem.options[event] {
        let time = Int(problem.options.items[index])
        let price = Double(problem.placementCost(event, time))
        if !problem.needsRoom[event] {
          guard isOffered(event, time, -1) else { continue }
          choices[event].append(
            Choice(
              time: time, room: -1,
              variable: model.addBinary(name(event, time, -1), cost: price)))
          continue
        }
        for at in problem.eventRooms[event] {
          let room = Int(problem.eventRooms.items[at])
          guard isOffered(event, time, room), !says(.rooms) || isAvailable(room, time) else {
            continue
          }
          let cost =
            price + Double(problem.roomCost(event, room) + problem.roomTimeCost(room, time))
          choices[event].append(
            Choice(
              time: time, room: room,
              variable: model.addBinary(name(event, time, room), cost: cost)))
        }
      }
      let none = model.addBinary(
        isNamed ? "none_\(problem.instance.events[event].name)" : "", cost: unplacedCost)
      missing[event] = none
      model.addRow(
        lower: 1, upper: 1, Self.sum(choices[event]).plus(Affine(none)).terms)
      addStays(event)
    }
  }

  /// One choice for those of an event at a time in rooms of a site.
  private mutating func addStays(_ event: Int) {
    var together: [[Choice]] = []
    var places: [[Int]: Int] = [:]
    for choice in choices[event] {
      let place = [choice.time, choice.room < 0 ? -1 : site(choice)]
      if let at = places[place] {
        together[at].append(choice)
      } else {
        places[place] = together.count
        together.append([choice])
      }
    }
    for choices in together {
      if choices.count <= 1 {
        stays[event] += choices
        continue
      }
      let sum = Self.sum(choices)
      let variable = model.addVariable(cost: 0)
      model.addRow(
        lower: 0, upper: 0, [.init(1, variable)] + sum.terms.map { .init(-1, $0.variable) })
      auxiliaries.append(Auxiliary(variable: variable, least: [sum]))
      stays[event].append(
        Choice(time: choices[0].time, room: choices[0].room, variable: variable))
    }
  }

  private func isOffered(_ event: Int, _ time: Int, _ room: Int) -> Bool {
    guard let places = offered?[Int32(event)] else { return true }
    return places.contains(.init(time: time, room: room))
  }

  /// Event, day and slot from 1, shape, room.
  private func name(_ event: Int, _ time: Int, _ room: Int) -> String {
    guard isNamed else { return "" }
    let instance = problem.instance
    let place = "d\(problem.timeDay[time] + 1)_s\(problem.timeStart[time] + 1)"
    let shape = "w\(problem.timeShape[time])"
    let name = room < 0 ? "online" : instance.rooms[room].name
    return "x_\(instance.events[event].name)_\(place)_\(shape)_\(name)"
  }

  /// Whether a room is open and held by no fixed event.
  private func isAvailable(_ room: Int, _ time: Int) -> Bool {
    var isAvailable = true
    places(of: time) { cell, slot in
      let at = room * problem.cells + cell
      if problem.roomClosed[at] >> UInt64(slot) & 1 == 1 { isAvailable = false }
      let holder = Int(state.roomEvent[at * problem.slots + slot])
      if holder >= 0, !isFree[holder] { isAvailable = false }
    }
    return isAvailable
  }

  private func places(of time: Int, _ body: (_ cell: Int, _ slot: Int) -> Void) {
    for weekClass in 0..<problem.classes
    where problem.timeClasses[time] >> UInt64(weekClass) & 1 == 1 {
      for slot in 0..<problem.slots where problem.timeMask[time] >> UInt64(slot) & 1 == 1 {
        body(problem.cell(weekClass, Int(problem.timeDay[time])), slot)
      }
    }
  }

  private mutating func addRoomRows() {
    var users: [Int: [Int]] = [:]
    for event in free {
      for choice in choices[Int(event)] {
        guard choice.room >= 0, let variable = choice.variable else { continue }
        places(of: choice.time) { cell, slot in
          let place = (choice.room * problem.cells + cell) * problem.slots + slot
          users[place, default: []].append(variable.index)
        }
      }
    }
    var known: Set<[Int]> = []
    for place in users.keys.sorted() {
      guard let columns = users[place], columns.count > 1, known.insert(columns).inserted else {
        continue
      }
      model.addRow(upper: 1, columns.map { .init(1, .init(index: $0)) })
    }
  }
}

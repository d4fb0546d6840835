// SPDX-License-Identifier: GPL-3.0-or-later
public import LinearModels
public import Problem
public import Timetabling

/// A problem, or the part of it around some events, as a mixed-integer model.
///
/// Columns x(e, t, r) say that event e is held at time t in room r, a column of each event that it
/// is not placed (at ``unplacedCost``), and columns of each group with several pattern rows which
/// of them holds. All other columns are continuous and as large as their rows force them to be;
/// every cost is ≥ 0, so that the least objective for given placements is their score:
/// soft + ``unplacedCost`` × unplaced.
///
/// The three-index form is large: it is for small instances solved whole, for neighbourhoods, and
/// for holding the search's terms against another reading of them.
public struct TimetableModel: Sendable {
  /// A time and a room (−1 for none) of the problem.
  public struct Place: Hashable, Sendable {
    /// The time.
    public var time: Int
    /// The room, or −1.
    public var room: Int

    /// A time and a room.
    public init(time: Int, room: Int) {
      self.time = time
      self.room = room
    }
  }

  /// The rows and columns.
  public private(set) var model: LinearModel
  /// Events that the model places; the others stay as they are in the state.
  public let free: [Int32]
  /// What an event costs that is not placed.
  public let unplacedCost: Double
  /// Terms that were left out; they can only add cost, so that a bound of the model stays one.
  public let omitted: Set<TimetableTerm>

  let problem: Problem
  private let fixed: Timetable
  private let choices: [[ModelBuilder.Choice]]
  private let missing: [LinearModel.Variable?]
  private let rowColumns: [ModelBuilder.RowColumn]
  private let auxiliaries: [ModelBuilder.Auxiliary]

  /// The model of all events of a problem.
  public init(
    _ problem: Problem, unplacedCost: Double = 1_000_000, omitting: Set<TimetableTerm> = [],
    isNamed: Bool = false
  ) {
    let state = SearchState(problem)
    self.init(
      state, free: (0..<Int32(problem.events)).map { $0 }, unplacedCost: unplacedCost,
      omitting: omitting, offering: nil, isNamed: isNamed, isWhole: true)
  }

  /// The model of some events of a state, the others fixed; people and groups that have none of
  /// them are a constant.
  ///
  /// - Parameters:
  ///   - state: The others' places.
  ///   - free: The events that the model places.
  ///   - unplacedCost: What an event costs that is not placed.
  ///   - omitting: Terms to leave out.
  ///   - offering: Places that an event may have; all of its own where it is not named. What a model
  ///     of fewer places proves is no bound.
  ///   - isNamed: Whether columns have names that say what they stand for, for exported files.
  public init(
    _ state: SearchState, free: [Int32], unplacedCost: Double = 1_000_000,
    omitting: Set<TimetableTerm> = [], offering: [Int32: Set<Place>]? = nil, isNamed: Bool = false
  ) {
    self.init(
      state, free: Set(free).sorted(), unplacedCost: unplacedCost, omitting: omitting,
      offering: offering, isNamed: isNamed, isWhole: false)
  }

  private init(
    _ state: SearchState, free: [Int32], unplacedCost: Double, omitting: Set<TimetableTerm>,
    offering: [Int32: Set<Place>]?, isNamed: Bool, isWhole: Bool
  ) {
    var builder = ModelBuilder(
      state, free: free, unplacedCost: unplacedCost, omitting: omitting)
    builder.offered = offering
    builder.isNamed = isNamed
    builder.build()
    problem = state.problem
    self.free = free
    self.unplacedCost = unplacedCost
    omitted = omitting
    model = builder.model
    fixed = state.timetable
    choices = builder.choices
    missing = builder.missing
    rowColumns = builder.rowColumns
    auxiliaries = builder.auxiliaries
    if !isWhole {
      let now = Double(state.soft) + unplacedCost * Double(state.unplaced)
      model.constant = now - model.objective(of: values(of: state))
    }
  }

  /// How well a term is said.
  public func exactness(of term: TimetableTerm) -> Exactness {
    omitted.contains(term) ? .omitted : .exact
  }

  /// Columns of placements and of pattern rows: all others follow from them.
  public var decisions: [LinearModel.Variable] {
    model.columns.indices.filter { model.columns[$0].domain == .binary }.map { .init(index: $0) }
  }

  /// The column that says that a free event is held at a time and in a room (−1 for none); nil where
  /// it may not be.
  public func column(event: Int, time: Int, room: Int) -> LinearModel.Variable? {
    choices[event].first { $0.time == time && $0.room == room }?.variable
  }

  /// The column that says that a free event is not placed; nil for a fixed one.
  public func missingColumn(event: Int) -> LinearModel.Variable? { missing[event] }

  /// The full point of a state of the same problem that differs only in the free events.
  public func values(of state: SearchState) -> [Double] {
    var values = Array(repeating: 0.0, count: model.columns.count)
    for number in free {
      let event = Int(number)
      if !state.isPlaced(event) {
        if let variable = missing[event] { values[variable.index] = 1 }
        continue
      }
      let time = Int(state.eventTime[event]), room = Int(state.eventRoom[event])
      for choice in choices[event] where choice.time == time && choice.room == room {
        if let variable = choice.variable { values[variable.index] = 1 }
      }
    }
    for column in rowColumns where state.groupRow[column.group] == column.row {
      values[column.variable.index] = 1
    }
    for auxiliary in auxiliaries {
      values[auxiliary.variable.index] = auxiliary.least.reduce(0) { max($0, $1.value(values)) }
    }
    return values
  }

  /// The timetable of a point.
  public func timetable(of values: [Double]) -> Timetable {
    var timetable = fixed
    for number in free {
      timetable.placements[Int(number)] = chosen(Int(number), values).map {
        Placement(
          time: problem.pattern(of: $0.time), room: $0.room < 0 ? nil : Int32($0.room))
      }
    }
    return timetable
  }

  /// Takes a point over into the state that the model was made of; false, and nothing changed,
  /// where the state refuses it.
  public func apply(_ values: [Double], to state: SearchState) -> Bool {
    let before = SearchState(problem)
    before.copy(from: state)
    for number in free where state.isPlaced(Int(number)) { state.remove(Int(number)) }
    for column in rowColumns
    where values[column.variable.index] > 0.5 && state.groupRow[column.group] != column.row {
      state.setRow(column.row, of: column.group)
    }
    for number in free {
      let event = Int(number)
      guard let choice = chosen(event, values) else { continue }
      if state.delta(event, choice.time, choice.room, limit: .max - 1) == SearchState.refused {
        state.copy(from: before)
        return false
      }
      state.place(event, choice.time, choice.room)
    }
    return true
  }

  private func chosen(_ event: Int, _ values: [Double]) -> ModelBuilder.Choice? {
    choices[event].first { choice in
      choice.variable.map { values[$0.index] > 0.5 } ?? false
    }
  }
}

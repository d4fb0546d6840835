// SPDX-License-Identifier: GPL-3.0-or-later

public import LinearModels
internal import Synchronization
public import University

/// Rules and rows of data that cannot hold together.
public struct Contradiction: Sendable {
  /// The reasons; without any one of them there is no contradiction, where ``isMinimal`` says so.
  public var reasons: [Reason]
  /// Whether each reason was proved necessary: leaving out any one makes the rest consistent.
  public var isMinimal: Bool
  /// The activities that the reasons speak of.
  public var activities: [Activity]
  /// Changes that may take it away, cheapest first; not yet tried.
  public var relaxations: [Relaxation]
}

/// What looking for a contradiction came to.
public enum ConflictOutcome: Sendable {
  /// Proved: the rules leave no plan.
  case contradiction(Contradiction)
  /// The rows of the model can all hold, which proves no timetable.
  case consistent
  /// The time was over.
  case unknown
  /// The model is larger than what is looked at.
  case tooLarge
}

/// What looking at a component in whole numbers came to.
public enum ExactOutcome: Sendable {
  /// A timetable, hour by hour.
  case timetable([ExactHour])
  /// There is none; with what cannot hold together, where that was asked.
  case contradiction(Contradiction?)
  /// It is too large, or the time was over.
  case unknown
}

/// An hour that an activity is held.
public struct ExactHour: Sendable, Hashable {
  /// The position of the activity.
  public var activity: Int
  /// The week, from 0.
  public var week: Int
  /// The day, by position.
  public var day: Int
  /// The slot, from 1.
  public var slot: Int
  /// The room, by position; nil online.
  public var room: Int?
}

/// Counts questions; over when there were too many.
private final class StepCount: Sendable {
  private let count = Mutex(0)
  private let most: Int

  init(most: Int) { self.most = most }

  var isOver: Bool {
    count.withLock { count in
      count += 1
      return count > most
    }
  }
}

/// Finds a smallest contradiction in a component: an elastic linear programme names the rows that
/// pull against each other (those with a dual value), and a deletion filter leaves out one reason
/// after the other.
///
/// **Source**: Chinneck, Feasibility and Infeasibility in Optimization (2008), chapter 6.
public struct ConflictSearch: Sendable {
  let institution: Institution
  let solver: any LinearSolver
  let deadline: ContinuousClock.Instant
  let mostColumns: Int
  /// The most questions of the solver while it branches, where the clock must decide nothing.
  let mostSteps: Int?

  /// A search that ends at a moment.
  ///
  /// - Parameters:
  ///   - institution: The institution.
  ///   - solver: Solves the linear programmes.
  ///   - deadline: When to end.
  ///   - mostColumns: Components with a larger model are not looked at.
  ///   - mostSteps: How often the solver may ask whether to go on, in each programme in whole
  ///     numbers; nil to leave that to the clock.
  public init(
    _ institution: Institution, solver: any LinearSolver, deadline: ContinuousClock.Instant,
    mostColumns: Int = 60_000, mostSteps: Int? = nil
  ) {
    self.institution = institution
    self.solver = solver
    self.deadline = deadline
    self.mostColumns = mostColumns
    self.mostSteps = mostSteps
  }

  /// Columns beyond which a component is not asked in whole numbers.
  private static let mostWhole = 6_000

  /// Looks at a small component in whole numbers, cell by cell: any timetable of it is found, or
  /// there is none.
  ///
  /// - Parameters:
  ///   - component: The activities and people: all of a plan, for a timetable of it.
  ///   - isExplained: Whether a smallest contradiction is looked for where there is none.
  /// - Returns: The hours of a timetable, a contradiction, or nothing where the component is too
  ///   large or the time was over.
  /// - Throws: What the solver throws when it cannot run.
  public func exactly(
    _ component: Component, isExplained: Bool = true
  ) throws -> ExactOutcome {
    let model = ConflictModel(
      institution, component, withTravel: isTravelTight, isExact: true)
    guard !model.isTooLarge, model.columns.count <= Self.mostWhole else { return .unknown }
    let all = Set(model.facts.indices)
    let (linear, columns) = wholeModel(model, all)
    let solution = try solver.solve(linear, wholeOptions(share: mostSteps == nil ? 0.5 : 1))
    if !solution.values.isEmpty {
      // Any timetable is one; where none is asked for to be kept, then one of few meetings.
      let found =
        isExplained ? try compacted(solution.values, model, linear, columns) : solution.values
      var values = [Double](repeating: 0, count: model.columns.count)
      for (column, variable) in columns { values[column] = found[variable.index] }
      return .timetable(model.timetable(values))
    }
    guard solution.status == .infeasible else { return .unknown }
    guard isExplained else { return .contradiction(nil) }
    var active = all
    var isMinimal = true
    for reason in active.sorted(by: { isLeftOutBefore($0, $1, model, []) }) {
      if secondsLeft < 0 {
        isMinimal = false
        break
      }
      var fewer = active
      fewer.remove(reason)
      let (part, _) = wholeModel(model, fewer)
      let status =
        part.rows.contains { $0.terms.isEmpty && ($0.lower > 0 || $0.upper < 0) }
        ? .infeasible : try solver.solve(part, wholeOptions(share: 0.1)).status
      switch status {
      case .infeasible: active = fewer
      case .optimal, .feasible, .unbounded: break
      case .stopped: isMinimal = false
      }
    }
    return .contradiction(
      ConflictWriter(model: model, active: active).contradiction(isMinimal: isMinimal))
  }

  /// A solution with as few times of the week in use by the activities as are found from a given one
  /// on: hours at one time of the week are one meeting.
  private func compacted(
    _ start: [Double], _ model: ConflictModel, _ linear: LinearModel,
    _ columns: [Int: LinearModel.Variable]
  ) throws -> [Double] {
    var compact = linear
    var values = start
    for activity in model.hours.indices {
      for (day, slot) in model.times {
        var weekly: [[LinearModel.Variable]] = []
        for type in model.types.indices where model.types[type].days[0].day == day {
          let own = model.hours[activity].compactMap { columns[$0[type][slot]] }
          if !own.isEmpty { weekly.append(own) }
        }
        if weekly.isEmpty { continue }
        let isUsed = compact.addVariable(lower: 0, upper: 1, cost: 1)
        values.append(
          weekly.contains { $0.contains { start[$0.index] > 0.5 } } ? 1 : 0)
        for own in weekly {
          compact.addRow(
            upper: 0,
            own.map { LinearModel.Term(1, $0) } + [LinearModel.Term(-1, isUsed)])
        }
      }
    }
    var options = wholeOptions(share: mostSteps == nil ? 0.6 : 0.04)
    options.start = values
    let better = try solver.solve(compact, options)
    return better.values.isEmpty ? start : Array(better.values.prefix(start.count))
  }

  private func wholeOptions(share: Double) -> SolveOptions {
    var options = SolveOptions()
    if let mostSteps {
      let steps = StepCount(most: max(1, Int(Double(mostSteps) * share)))
      options.isCancelled = { steps.isOver }
    } else {
      options.timeLimit = max(0.05, secondsLeft * share)
    }
    return options
  }

  private func wholeModel(
    _ model: ConflictModel, _ active: Set<Int>
  ) -> (LinearModel, [Int: LinearModel.Variable]) {
    let (relaxed, _, columns) = linearModel(model, active, isElastic: false, isWhole: true)
    return (relaxed, columns)
  }

  private var secondsLeft: Double {
    let left = ContinuousClock.now.duration(to: deadline)
    return Double(left.components.seconds) + Double(left.components.attoseconds) / 1e18
  }

  /// Looks first without the way between buildings, which needs fewer cells, then with it.
  ///
  /// - Parameters:
  ///   - component: The activities and people.
  ///   - focus: The activities of most interest; what is far from them is left out first.
  ///   - withTravel: Whether to look at the way between buildings too.
  /// - Returns: A contradiction, or that the relaxation holds, or why that is not known.
  /// - Throws: What the solver throws when it cannot run.
  public func find(
    in component: Component, focus: Set<Int> = [], withTravel: Bool = true
  ) throws -> ConflictOutcome {
    for travel in withTravel && isTravelTight ? [false, true] : [false] {
      let model = ConflictModel(institution, component, withTravel: travel)
      guard !model.isTooLarge, model.columns.count < mostColumns else { return .tooLarge }
      switch try find(model, focus) {
      case .consistent: continue
      case let found: return found
      }
    }
    return .consistent
  }

  /// Whether the rows of a component can all hold, which proves no timetable.
  ///
  /// - Parameter component: The activities and people.
  /// - Returns: Nil where the time was over, or the component is too large.
  /// - Throws: What the solver throws when it cannot run.
  public func isConsistent(_ component: Component) throws -> Bool? {
    for travel in isTravelTight ? [false, true] : [false] {
      let model = ConflictModel(institution, component, withTravel: travel)
      guard !model.isTooLarge, model.columns.count < mostColumns,
        let support = try elasticSupport(model, Set(model.facts.indices))
      else { return nil }
      if !support.isEmpty { return false }
    }
    return true
  }

  /// Whether the way between some buildings is longer than the shortest break.
  private var isTravelTight: Bool {
    let regime = institution.regime
    guard regime.slots > 1, institution.buildings.count > 1 else { return false }
    let gap = (1..<regime.slots).map { regime.start(ofSlot: $0 + 1) - regime.end(ofSlot: $0) }.min()
    let minutes = institution.travelTable()
    return institution.buildings.contains { a in
      institution.buildings.contains { minutes(a.id, $0.id) > (gap ?? 0) }
    }
  }

  private func find(_ model: ConflictModel, _ focus: Set<Int>) throws -> ConflictOutcome {
    var active = Set(model.facts.indices)
    guard let support = try elasticSupport(model, active) else { return .unknown }
    if support.isEmpty { return .consistent }
    // The support alone is infeasible up to the solver's arithmetic; make sure.
    if try isFeasible(model, support) == false { active = support }
    guard try isFeasible(model, active) == false else { return .unknown }
    var isMinimal = true
    for reason in active.sorted(by: { isLeftOutBefore($0, $1, model, focus) })
    where active.contains(reason) {
      if secondsLeft < 0 {
        isMinimal = false
        break
      }
      var fewer = active
      fewer.remove(reason)
      switch try isFeasible(model, fewer) {
      case false?: active = fewer
      case true?: break
      case nil: isMinimal = false
      }
    }
    return .contradiction(
      ConflictWriter(model: model, active: active).contradiction(isMinimal: isMinimal))
  }

  /// Hours of what is far from the focus first, since with them whole activities leave; then
  /// people, limits and rooms; rows that somebody wrote last but one.
  private func isLeftOutBefore(
    _ a: Int, _ b: Int, _ model: ConflictModel, _ focus: Set<Int>
  ) -> Bool {
    func rank(_ fact: ConflictModel.Fact) -> Int {
      switch fact {
      case .hours(let at), .assigned(let at): focus.contains(at) ? 9 : 0
      case .travel: 1
      case .dayLimit: 2
      case .attendee, .choice: 3
      case .suitability: 4
      case .rooms: 5
      case .pin: 6
      case .availability: 7
      }
    }
    let x = rank(model.facts[a]), y = rank(model.facts[b])
    return x != y ? x < y : a < b
  }

  /// The reasons whose rows have a dual value in min Σ elastic; empty when the rows can all hold,
  /// nil when the time was over.
  private func elasticSupport(
    _ model: ConflictModel, _ active: Set<Int>
  ) throws -> Set<Int>? {
    let (linear, used, _) = linearModel(model, active, isElastic: true)
    var options = SolveOptions()
    options.timeLimit = max(0.05, secondsLeft)
    options.relaxed = true
    let solution = try solver.solve(linear, options)
    guard solution.status == .optimal, let objective = solution.objective else { return nil }
    if objective < 1e-6 { return [] }
    var support: Set<Int> = []
    for (number, row) in used.enumerated() where number < solution.duals.count {
      if abs(solution.duals[number]) > 1e-9 { support.formUnion(model.rows[row].reasons) }
    }
    return support.isEmpty ? active : support
  }

  /// Whether the rows of some reasons can hold; nil when the time was over.
  private func isFeasible(_ model: ConflictModel, _ active: Set<Int>) throws -> Bool? {
    let (linear, _, _) = linearModel(model, active, isElastic: false)
    if linear.rows.contains(where: { $0.terms.isEmpty && ($0.lower > 0 || $0.upper < 0) }) {
      return false
    }
    var options = SolveOptions()
    options.timeLimit = max(0.05, secondsLeft)
    options.relaxed = true
    switch try solver.solve(linear, options).status {
    case .infeasible: return false
    case .optimal, .feasible, .unbounded: return true
    case .stopped: return nil
    }
  }

  /// The rows whose reasons all stand. Activities of which nothing is demanded are held nowhere.
  private func linearModel(
    _ model: ConflictModel, _ active: Set<Int>, isElastic: Bool, isWhole: Bool = false
  ) -> (LinearModel, [Int], [Int: LinearModel.Variable]) {
    var demanded: Set<Int> = [-1]
    for row in model.rows where row.lower > 0 && row.reasons.allSatisfy(active.contains) {
      for term in row.terms where model.activityOfColumn[term.column] >= 0 {
        demanded.insert(model.activityOfColumn[term.column])
      }
      // Hours that a pin asks for in a room are the activity's.
      if case .pin(let at)? = row.reasons.first.map({ model.facts[$0] }) {
        for (number, activity) in model.component.activities.enumerated()
        where activity.pins.contains(at) { demanded.insert(number) }
      }
    }
    var linear = LinearModel(name: "conflict")
    var variable: [Int: LinearModel.Variable] = [:]
    var used: [Int] = []
    for (number, row) in model.rows.enumerated() where row.reasons.allSatisfy(active.contains) {
      var terms: [LinearModel.Term] = []
      for term in row.terms where demanded.contains(model.activityOfColumn[term.column]) {
        let known: LinearModel.Variable
        if let own = variable[term.column] {
          known = own
        } else {
          known = linear.addVariable(
            lower: 0,
            upper: isWhole ? min(1, model.columns[term.column]) : model.columns[term.column],
            domain: isWhole ? .binary : .continuous)
          variable[term.column] = known
        }
        terms.append(LinearModel.Term(term.coefficient, known))
      }
      if terms.isEmpty && row.lower <= 0 && row.upper >= 0 { continue }
      if isElastic {
        if row.lower.isFinite { terms.append(LinearModel.Term(1, linear.addVariable(cost: 1))) }
        if row.upper.isFinite { terms.append(LinearModel.Term(-1, linear.addVariable(cost: 1))) }
      }
      linear.addRow(lower: row.lower, upper: row.upper, terms)
      used.append(number)
    }
    return (linear, used, variable)
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
internal import Curricula
internal import Explanation
internal import LoadDistribution
internal import University
internal import Validation

extension Explainer {
  /// The most changes of one cause that are told and tried.
  private static let mostChanges = 6

  // MARK: - One cause

  /// Puts findings and contradictions together that some change takes away with each other.
  ///
  /// An item joins the first cause of which some change helps it too, and the cause keeps the
  /// changes that help all of its items; so that nothing is said to help that leaves a part. A day
  /// more in the grid helps nearly everything and joins nothing.
  func merge(
    _ institution: Institution, _ plan: Plan, _ result: inout PlanExplanation,
    _ trials: FindingTrials, until share: Double
  ) throws {
    let load = plan.hasLoad ? loadFaults(institution, plan) : 0
    var causes: [Cause] = []
    func joins(_ change: Change) -> Bool {
      if case .addDay = change { return false }
      return true
    }
    func add(
      _ own: [TriedRelaxation], _ together: [Relaxation], _ position: WritableKeyPath<Cause, [Int]>,
      _ at: Int, isNear: (Cause) -> Bool = { _ in false }, helps: (Change) throws -> Bool
    ) rethrows {
      let changes = Set(own.map(\.relaxation.change))
      if !own.isEmpty {
        for number in causes.indices where !causes[number].relaxations.isEmpty {
          guard
            isNear(causes[number])
              || causes[number].relaxations.contains(where: {
                joins($0.relaxation.change) && changes.contains($0.relaxation.change)
              })
          else { continue }
          var common: [TriedRelaxation] = []
          for known in causes[number].relaxations {
            if try changes.contains(known.relaxation.change)
              || (ContinuousClock.now < deadline(share) && helps(known.relaxation.change))
            {
              common.append(known)
            }
          }
          if !common.contains(where: { joins($0.relaxation.change) }) { continue }
          causes[number].relaxations = common
          causes[number][keyPath: position].append(at)
          return
        }
      } else if !together.isEmpty,
        let same = causes.firstIndex(where: {
          Set($0.together.map(\.change)) == Set(together.map(\.change))
        })
      {
        causes[same][keyPath: position].append(at)
        return
      }
      var cause = Cause()
      cause[keyPath: position] = [at]
      cause.relaxations = own
      cause.together = together
      causes.append(cause)
    }
    for (at, explained) in result.findings.enumerated() {
      add(explained.relaxations, explained.together, \.findings, at) {
        trials.helps(explained.finding, [$0])
      }
    }
    for (at, explained) in result.contradictions.enumerated() {
      try add(
        explained.relaxations, explained.together, \.contradictions, at,
        isNear: { cause in
          cause.findings.contains {
            Self.tells(result.findings[$0].finding, explained.contradiction)
          }
        }
      ) {
        try helps(
          explained, [$0], institution, plan, trials, load: load, until: share)
      }
    }
    for at in causes.indices {
      causes[at].relaxations = Array(causes[at].relaxations.prefix(Self.mostChanges))
    }
    result.causes = causes
  }

  // MARK: - Solving again

  /// Solves again with the changes: first with the cheapest of each cause, which tries one of each
  /// cause at once, then with each of the others in its place, while there is time.
  ///
  /// - Parameters:
  ///   - institution: The institution as it is.
  ///   - plan: The plan that is explained, whose sections and load stay where they may; nil to plan
  ///     from nothing.
  ///   - result: What was found; its causes are told how far their changes were tried.
  ///   - share: The share of the time after which no more is tried.
  /// - Throws: What the solver throws when it cannot run.
  func verify(
    _ institution: Institution, _ plan: Plan?, _ result: inout PlanExplanation, until share: Double
  ) throws {
    guard isClocked, !result.causes.isEmpty, plan?.hasTimetable ?? true else { return }
    // Where something stays impossible, no plan can show anything.
    guard
      result.causes.allSatisfy({ !$0.relaxations.isEmpty || !$0.together.isEmpty })
    else { return }
    func cheapest(_ cause: Cause) -> [Relaxation] {
      cause.relaxations.first.map { [$0.relaxation] } ?? cause.together
    }
    var base = result.causes.map(cheapest)
    var start = plan
    /// How a plan was found with some changes; nil where none was.
    func attempt(_ relaxations: [Relaxation]) throws -> TriedRelaxation.Proof? {
      var seen: Set<Change> = []
      let changes = relaxations.map(\.change).filter { seen.insert($0).inserted }
      let left = (deadline(share) - ContinuousClock.now) / .seconds(1)
      return try solve(institution, changes, plan: plan, &start, seconds: min(8, left * 0.7))
    }
    var isTime: Bool { ContinuousClock.now < deadline(share - 0.08) && !isCancelled() }
    guard isTime else { return }
    // What was shown to help comes before what only may.
    defer {
      for at in result.causes.indices {
        let tried = result.causes[at].relaxations
        result.causes[at].relaxations =
          tried.filter { $0.proof != .consistent } + tried.filter { $0.proof == .consistent }
      }
    }
    func others(than at: Int) -> [Relaxation] {
      base.enumerated().filter { $0.offset != at }.flatMap(\.element)
    }
    /// Tells each cause but one what came of the changes that stand for it.
    func note(_ proof: TriedRelaxation.Proof?, but except: Int? = nil) {
      for at in result.causes.indices where at != except {
        if result.causes[at].relaxations.isEmpty {
          result.causes[at].proof = proof ?? .consistent
        } else {
          result.causes[at].relaxations[0].note(proof, others(than: at))
        }
      }
    }
    var isFound = false
    if let first = try attempt(base.flatMap { $0 }) {
      isFound = true
      note(first)
    } else {
      note(nil)
    }
    for at in result.causes.indices {
      for number in result.causes[at].relaxations.indices.dropFirst() {
        guard isTime else { return }
        let relaxation = result.causes[at].relaxations[number].relaxation
        let proof = try attempt([relaxation] + others(than: at))
        result.causes[at].relaxations[number].note(proof, others(than: at))
        if !isFound, let proof {
          // The first that is enough stands for its cause from now on.
          isFound = true
          base[at] = [relaxation]
          note(proof, but: at)
        }
      }
    }
    // Where none of a cause's changes was enough, all of them together may be.
    for at in result.causes.indices
    where result.causes[at].relaxations.allSatisfy({ $0.isSearchedInVain })
      && result.causes[at].relaxations.count > 1
    {
      let others = others(than: at)
      var chosen = Self.strongest(result.causes[at].relaxations.map(\.relaxation))
      guard isTime, chosen.count > 1, let proof = try attempt(chosen + others) else { continue }
      for relaxation in chosen.reversed() where isTime && chosen.count > 2 {
        let fewer = chosen.filter { $0 != relaxation }
        if try attempt(fewer + others) != nil { chosen = fewer }
      }
      result.causes[at].together =
        start.map { Self.noMore(chosen, than: $0, institution) } ?? chosen
      result.causes[at].proof = proof
    }
  }

  /// Of changes of the same number of one person the one that changes most; no addition of rooms or
  /// days.
  private static func strongest(_ relaxations: [Relaxation]) -> [Relaxation] {
    var least: [TeacherID: Relaxation] = [:]
    var result: [Relaxation] = []
    for relaxation in relaxations {
      switch relaxation.change {
      case .minHours(let id, let hours):
        if case .minHours(_, let known)? = least[id]?.change, known <= hours { continue }
        least[id] = relaxation
      case .addDay, .addRoom, .formAnew: continue
      default: result.append(relaxation)
      }
    }
    return result + least.sorted { $0.key < $1.key }.map(\.value)
  }

  /// Least hours lowered no further than to what the plan that was found gives.
  private static func noMore(
    _ relaxations: [Relaxation], than plan: Plan, _ institution: Institution
  ) -> [Relaxation] {
    relaxations.map { relaxation in
      guard case .minHours(let id, _) = relaxation.change else { return relaxation }
      let given = plan.assignments.filter { $0.teacher == id }.reduce(0) {
        $0 + $1.hours.hundredths
      }
      return Relaxation(
        .minHours(id, Double(given / 100)), cost: relaxation.cost, institution)
    }
  }

  /// Looks for a valid plan of changed data: a timetable of the sections and load in hand where
  /// these stay valid, else all stages anew.
  ///
  /// - Parameters:
  ///   - institution: The institution without the changes.
  ///   - changes: What to change.
  ///   - plan: The plan that is explained.
  ///   - start: A plan to start from; the one that was found afterwards.
  ///   - seconds: Seconds of wall time.
  /// - Returns: What was found; nil where nothing was.
  /// - Throws: What the solver throws when it cannot run.
  private func solve(
    _ institution: Institution, _ changes: [Change], plan: Plan?, _ start: inout Plan?,
    seconds: Double
  ) throws -> TriedRelaxation.Proof? {
    let until = ContinuousClock.now.advanced(by: .seconds(seconds))
    func left() -> Double { (until - ContinuousClock.now) / .seconds(1) }
    func isValid(_ it: Institution, _ plan: Plan, _ stages: Set<Stage>) -> Bool {
      PlanValidator.validate(it, plan, stages: stages).violations
        .allSatisfy { $0.rule == .p1 }
    }
    var it = institution
    var changed = plan ?? Self.emptyPlan
    Change.apply(changes, to: &it, &changed)
    var tries: [(Plan, TriedRelaxation.Proof)] = []
    if plan != nil { tries.append((changed, .timetable)) }
    if let start, plan == nil { tries.append((start, .plan)) }
    for (held, proof) in tries where left() > 0.3 {
      guard held.hasLoad, isValid(it, held, [.sections, .load]) else { continue }
      if var found = try complete(it, held, seconds: left()) {
        found.hasTimetable = true
        guard isValid(it, found, Set(Stage.allCases)) else { continue }
        if plan == nil { start = found }
        return proof
      }
      return nil
    }
    // What changes the plan in hand alone is not seen by one that is made anew.
    let isOfPlan = changes.contains { change in
      switch change {
      case .assign, .moveStudent: true
      default: false
      }
    }
    guard !isOfPlan, left() > 0.3 else { return nil }
    var options = PlanningOptions(
      timeLimit: left(), threads: threads, isCancelled: { isCancelled() || .now > until })
    options.startedAt = .now
    let planner = Planner(checked: it, solver: solver, options: options)
    var made = planner.emptyPlan()
    made.sections = try planner.formSections().sections
    let (tasks, load) = try planner.distributeLoad(made.sections)
    made.tasks = tasks
    made.assignments = load.assignments
    made.hasLoad = true
    guard isValid(it, made, [.sections, .load]), left() > 0.1,
      var found = try complete(it, made, seconds: left())
    else { return nil }
    found.hasTimetable = true
    guard isValid(it, found, Set(Stage.allCases)) else { return nil }
    start = found
    return .plan
  }

  /// The plan with a timetable, by the search or, where that is small, hour by hour.
  private func complete(_ it: Institution, _ plan: Plan, seconds: Double) throws -> Plan? {
    var result = plan
    let isSmall = plan.sections.count <= 40
    if let meetings = try timetable(it, plan, seconds: isSmall ? min(1, seconds / 3) : seconds) {
      result.meetings = meetings
      return result
    }
    guard isSmall else { return nil }
    let exact = ExactTimetable(institution: it, solver: solver, seconds: max(0.3, seconds / 3))
    guard case .meetings(let meetings) = try exact.solve(plan, isExplained: false) else {
      return nil
    }
    result.meetings = meetings
    return result
  }
}

extension TriedRelaxation {
  fileprivate mutating func note(_ found: Proof?, _ others: [Relaxation]) {
    guard let found else {
      isSearchedInVain = true
      return
    }
    proof = found
    self.others = others
    isSearchedInVain = false
  }
}

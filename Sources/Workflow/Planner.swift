// SPDX-License-Identifier: GPL-3.0-or-later
public import Curricula
public import Formats
public import LinearModels
public import LoadDistribution
internal import LocalSearch
internal import Problem
internal import Solving
internal import Timetabling
public import University
internal import Validation

/// The stages of a plan, each a function from values to values.
public struct Planner: Sendable {
  /// What is planned.
  public let institution: Institution
  /// Solves the linear and mixed-integer models of the stages.
  public let solver: any LinearSolver
  /// Limits, seed, threads.
  public let options: PlanningOptions
  /// What the reader and the check found: no errors.
  public let findings: [Diagnostic]
  let fingerprint: String
  var budget: TimeBudget

  /// Checks an instance that was read, and looks for contradictions among its data.
  ///
  /// - Throws: ``InputRejected`` where there is an error, and what the solver throws when it cannot
  ///   run.
  public init(
    _ reading: InstanceReading, solver: any LinearSolver,
    options: PlanningOptions = PlanningOptions()
  ) throws {
    institution = reading.institution
    fingerprint = reading.sha256
    self.solver = solver
    self.options = options
    budget = TimeBudget(options)
    budget.readingSeconds = budget.elapsed
    findings = try Self.check(
      reading, solver: solver, seconds: budget.forContradictions,
      isCancelled: options.isCancelled)
  }

  /// Plans an institution that was checked before, or is known to be a changed one of such.
  init(checked institution: Institution, solver: any LinearSolver, options: PlanningOptions) {
    self.institution = institution
    self.solver = solver
    self.options = options
    findings = []
    fingerprint = ""
    budget = TimeBudget(options)
  }

  /// What the reader found; necessary conditions of a valid plan; credits, curricula, marks and
  /// promotion; then, with a solver, contradictions among the data.
  ///
  /// - Parameters:
  ///   - reading: The instance.
  ///   - solver: Solves the linear programmes of the contradictions; nil to look for none.
  ///   - seconds: Seconds for those programmes; nil for no limit, so that what is found does not
  ///     depend on the clock.
  ///   - isCancelled: Ends the search for contradictions.
  /// - Returns: What was found: warnings, and what makes a valid plan impossible.
  /// - Throws: ``InputRejected``, before any solving, where the reader or the check found an error;
  ///   what the solver throws when it cannot run.
  static func check(
    _ reading: InstanceReading, solver: (any LinearSolver)?, seconds: Double?,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> [Diagnostic] {
    let it = reading.institution
    let found = Curricula.check(it)
    let given = FindingRelaxations.check(it).filter { !found.contains($0) }
    let findings = reading.warnings + found + given + CreditConsistency.check(it)
    if findings.contains(where: { $0.severity == .error }) { throw InputRejected(findings) }
    guard let solver else { return findings }
    let explainer = Explainer(solver: solver, seconds: seconds, isCancelled: isCancelled)
    return try findings + explainer.findings(it, besides: findings)
  }

  /// A plan without stages.
  public func emptyPlan() -> Plan {
    var plan = Plan(
      record: PlanRecord(
        keste: kesteVersion, instance: institution.name, instanceSHA256: fingerprint,
        seed: options.seed, regime: institution.regime.name))
    plan.record.revision = options.revision ?? Self.revision(of: institution)
    return plan
  }

  /// The revision of what takes the place of the timetable in force, where there is one.
  static func revision(of institution: Institution) -> Int {
    institution.publishedMeetings.isEmpty ? 0 : institution.publishedRevision + 1
  }

  /// Streams, groups and subgroups from the enrolments; `isLast`: all the time may be used.
  public func formSections(isLast: Bool = false) throws -> SectionPlan {
    tell("sections")
    return try Curricula.formSections(
      institution, solver: solver, timeLimit: budget.forSections(isAll: isLast),
      isCancelled: options.isCancelled,
      progress: { tell("sections", share: Double($0.done) / Double(max(1, $0.total))) })
  }

  /// The tasks of the sections, and who takes them.
  ///
  /// - Parameters:
  ///   - sections: The sections.
  ///   - isLast: Whether all the time that is left may be used.
  ///   - earlier: A load in force that is to be respected.
  /// - Returns: The tasks with their assignment.
  /// - Throws: What the solver throws when it cannot run.
  public func distributeLoad(
    _ sections: Table<Section>, isLast: Bool = false, earlier: EarlierLoad? = nil
  ) throws -> (tasks: Table<LoadTask>, assignment: LoadAssignment) {
    tell("load")
    let tasks = Curricula.teachingLoad(institution, sections)
    let assignment = try LoadDistribution.solve(
      institution, sections: sections, tasks: tasks, solver: solver,
      options: LoadOptions(
        timeLimit: budget.forLoad(isAll: isLast), seed: options.seed, threads: options.threads,
        isThorough: isLast, earlier: earlier,
        isCancelled: options.isCancelled,
        progress: { phase, share in tell("load: \(phase)", share: share) }))
    return (tasks, assignment)
  }

  /// The times and rooms of a plan that has sections and a load.
  ///
  /// - Parameters:
  ///   - plan: The plan.
  ///   - start: Meetings to start from; nil to start from nothing.
  /// - Returns: The meetings with what has no place.
  /// - Throws: ``InputRejected`` where the declarations contradict themselves or their numbers are
  ///   too large; what the solver throws when it cannot run.
  public func makeTimetable(_ plan: Plan, from start: [Meeting]? = nil) throws -> TimetableOutcome {
    try makeTimetable(plan, from: start, resumedAt: nil, checkpoint: nil)
  }

  /// As above; a search that was broken off at a share of its way goes on from there, and a
  /// checkpoint is offered the timetable every few seconds.
  func makeTimetable(
    _ plan: Plan, from start: [Meeting]?, resumedAt share: Double?, checkpoint: Checkpoint?
  ) throws -> TimetableOutcome {
    tell("timetable: declaration")
    let stage = try TimetableStage(institution, plan)
    let events = stage.problem.events
    let scale = Double(stage.declaration.scale)
    var search = SearchOptions()
    search.timeLimit = options.iterations == nil ? budget.forSearch ?? 1e9 : nil
    search.iterations = options.iterations
    search.seed = options.seed
    search.threads = options.threads
    search.polishShare = options.polishShare
    search.isCancelled = options.isCancelled
    search.settling = options.settling
    search.resumedAt = share
    if let checkpoint {
      search.checkpointInterval = Checkpoint.interval
      search.checkpoint = { [declaration = stage.declaration] timetable, share in
        checkpoint.offer({ declaration.meetings(of: timetable) }, share: share)
      }
    }
    let phases = PhaseLog()
    search.progress = { step in
      phases.note(step.phase)
      tell(
        "timetable: \(step.phase)", incumbent: Double(step.incumbent.soft) / scale,
        unplaced: step.incumbent.hard)
    }
    var warm = plan
    // Where a timetable is in force, what need not move stays.
    let from =
      start ?? (institution.publishedMeetings.isEmpty ? nil : institution.publishedMeetings)
    warm.meetings = from ?? []
    let began = budget.elapsed
    let found = try stage.run(warm, warm: from != nil, solver: solver, search)
    let unplaced = stage.unplaced(found)
    return TimetableOutcome(
      stage: stage, timetable: found.timetable,
      meetings: stage.declaration.meetings(of: found.timetable), unplaced: unplaced,
      objective: Double(found.score.soft) / scale,
      bound: Double(found.bound.total) / scale,
      boundParts: Dictionary(
        uniqueKeysWithValues: found.bound.parts.map {
          ("\($0.basis.rawValue)/\($0.source)", Double($0.amount) / scale)
        }),
      firstComplete: found.firstComplete.map { began + $0 },
      moves: Dictionary(
        uniqueKeysWithValues: found.moves.map { kind, count in
          (
            "\(kind)",
            MoveStatistics(
              proposed: count.proposed, evaluated: count.evaluated, accepted: count.accepted,
              gain: Double(count.gain) / scale)
          )
        }),
      searchSeconds: found.seconds,
      isStopped: !unplaced.isEmpty && events > 0 && !phases.contains("annealing"))
  }

  func tell(
    _ phase: String, share: Double? = nil, incumbent: Double? = nil, bound: Double? = nil,
    unplaced: Int? = nil
  ) {
    options.progress(
      PlanningProgress(
        phase: phase, seconds: budget.elapsed, share: share, incumbent: incumbent, bound: bound,
        unplaced: unplaced))
  }
}

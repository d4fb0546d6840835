// SPDX-License-Identifier: GPL-3.0-or-later
internal import Curricula
internal import Formats
internal import Foundation
public import LinearModels
internal import LoadDistribution
public import University
internal import Validation

/// From an instance folder to a plan folder: reading, checking, the stages, the validator's
/// judgement, and writing at one moment.
public struct Pipeline: Sendable {
  /// What a run makes.
  public enum Goal: Sendable {
    /// All stages, from nothing.
    case plan
    /// The sections; a load and a timetable that the plan folder holds are dropped. Where the load
    /// of a department is approved, its sections and lines stay, and the rest of the load is
    /// distributed anew.
    case sections
    /// The load of the sections that the plan folder holds; its timetable is dropped.
    case load
    /// The timetable of the sections and the load that the plan folder holds, from nothing or from
    /// the timetable of a plan folder.
    case timetable(from: String?)
  }

  /// The instance folder.
  public var instance: String
  /// The plan folder.
  public var plan: String
  /// Whether the load holds what the plan folder holds as decided, and changes as little as it can.
  public var keepsLoad = false
  /// The day that changes of a department's state are dated.
  public var today = CalendarDate.today
  /// The regime; nil for the plan's, else the instance's.
  public var regime: String?
  /// Solves the linear and mixed-integer models of the stages.
  public var solver: any LinearSolver
  /// Limits, seed, threads.
  public var options: PlanningOptions

  /// A way from one folder to another.
  public init(
    instance: String, plan: String, regime: String? = nil, solver: any LinearSolver,
    options: PlanningOptions = PlanningOptions()
  ) {
    self.instance = instance
    self.plan = plan
    self.regime = regime
    self.solver = solver
    self.options = options
  }

  /// Reads and checks an instance.
  ///
  /// - Parameters:
  ///   - instance: The instance folder.
  ///   - regime: The regime in place of the one that the instance names.
  ///   - solver: Solves the linear programmes of the contradictions among the data; nil to look at
  ///     the conditions of the check alone.
  ///   - seconds: Seconds for those programmes.
  /// - Returns: The institution with warnings and what makes a valid plan impossible.
  /// - Throws: ``InputRejected`` with everything found when there is an error.
  public static func check(
    _ instance: String, regime: String? = nil, solver: (any LinearSolver)? = nil,
    seconds: Double = 5
  ) throws -> (institution: Institution, findings: [Diagnostic]) {
    let reading = try InstanceFolder.read(instance, regime: regime)
    let findings = try Planner.check(reading, solver: solver, seconds: seconds)
    return (reading.institution, findings)
  }

  /// Makes what is asked and writes the plan folder, unless it was stopped before anything could be
  /// said; nothing is written when the input is rejected.
  ///
  /// - Parameter goal: What to make.
  /// - Returns: The plan as written, with what is to be said of it.
  /// - Throws: ``InputRejected``, what the solver throws when it cannot run, and what the file
  ///   system says.
  public func run(_ goal: Goal) throws -> PlanningOutcome {
    try checkTarget()
    options.progress(PlanningProgress(phase: "reading", seconds: TimeBudget(options).elapsed))
    let (planner, base, start) = try prepare(goal)
    let decided = try DecidedLoad(
      goal, plan: plan, instance: instance, keepsLoad: keepsLoad, planner.institution)
    let (earlier, approved) = (decided.earlier, decided.sections)
    var run = PlanRun(planner, base)
    run.target = plan
    switch goal {
    case .plan:
      try run.formSections(keeping: approved)
      try run.distributeLoad(isLast: false, earlier: earlier)
      try run.makeTimetable(from: nil)
    case .sections:
      try run.formSections(isLast: approved == nil, keeping: approved)
      if approved != nil { try run.distributeLoad(isLast: true, earlier: earlier) }
    case .load: try run.distributeLoad(isLast: true, earlier: earlier)
    case .timetable:
      if let earlier { run.tellStale(earlier) }
      try run.makeTimetable(from: start, mayResume: true)
    }
    if run.outcome.isStopped { return run.outcome }
    run.judge()
    planner.tell("writing")
    try write(&run, goal, decided)
    run.checkpoint?.remove()
    try run.explainUnplaced()
    return run.outcome
  }

  /// Refuses, before any work, a plan folder that is an instance folder, whose input it would
  /// become, or that cannot be written.
  private func checkTarget() throws {
    let target = URL(fileURLWithPath: plan).standardizedFileURL.resolvingSymlinksInPath()
    let files = FileManager.default
    let problem: String
    if files.fileExists(atPath: target.appendingPathComponent("instance.yaml").path) {
      problem = "it is an instance folder: its tables would become input"
    } else {
      var parent = target.deletingLastPathComponent()
      while !files.fileExists(atPath: parent.path), parent.path != "/" {
        parent.deleteLastPathComponent()
      }
      if files.isWritableFile(atPath: parent.path) { return }
      problem = "nothing can be written in \(parent.path)"
    }
    throw InputRejected([
      Diagnostic(
        .error, code: "plan.target", file: plan, problem: problem,
        suggestion: "name another folder for the plan")
    ])
  }

  /// What a goal is called in the records.
  private static func command(_ goal: Goal) -> String {
    switch goal {
    case .plan: "keste plan"
    case .sections: "keste sections"
    case .load: "keste load"
    case .timetable: "keste timetable"
    }
  }

  /// Writes the plan, with what is decided of its load where that is not what the folder says.
  private func write(_ run: inout PlanRun, _ goal: Goal, _ decided: DecidedLoad) throws {
    let institution = run.planner.institution
    let current = try PlanDecisions.read(plan, institution: institution)
    let (decisions, notices) = decided.settled(
      run.outcome.plan, current: current, by: Self.command(goal), on: today, institution)
    run.outcome.notices = notices
    let held = try? PlanFolder.record(plan)
    if options.revision == nil, replacesTimetable(run.outcome.plan, of: held) {
      run.outcome.plan.record.revision = max(
        run.outcome.plan.record.revision, (held?.revision ?? 0) + 1)
    }
    try PlanFolder.write(
      run.outcome.plan, to: plan, decisions: decisions == current ? nil : decisions)
  }

  /// Whether the plan folder holds a timetable, and another one than the new plan, or of other
  /// sections, another load or another regime, whose slots have other times of the clock.
  private func replacesTimetable(_ new: Plan, of record: PlanRecord?) -> Bool {
    func held(_ name: String) -> Data? {
      FileManager.default.contents(atPath: "\(plan)/\(name)")
    }
    if held("meetings.csv") == nil { return false }
    if let regime = record?.regime, !regime.isEmpty, regime != new.record.regime { return true }
    let files = PlanFolder.files(of: new).filter { $0.name != "plan.json" }
    return !new.hasTimetable || files.contains { held($0.name) != Data($0.bytes) }
  }

  private func prepare(_ goal: Goal) throws -> (Planner, Plan, start: [Meeting]?) {
    let given: PlanRecord? =
      switch goal {
      case .plan, .sections: nil
      case .load, .timetable: try PlanFolder.record(plan)
      }
    let named = given.flatMap { $0.regime.isEmpty ? nil : $0.regime }
    let reading = try InstanceFolder.read(instance, regime: regime ?? named)
    let planner = try Planner(reading, solver: solver, options: options)
    var base = planner.emptyPlan()
    if options.revision == nil {
      // What is made from nothing may stand in a folder that cannot be read.
      let held = given ?? (try? PlanFolder.record(plan))
      base.record.revision = max(base.record.revision, held?.revision ?? 0)
    }
    guard given != nil else { return (planner, base, nil) }

    // The old load may name who is gone since; where a new one is made, it need not be read.
    var hasLater = true
    if case .load = goal { hasLater = false }
    let held = try PlanFolder.read(
      plan, institution: reading.institution, hasLater: hasLater)
    base.sections = held.sections
    base.record.sections = held.record.sections
    guard case .timetable(let from) = goal else { return (planner, base, nil) }
    guard held.hasLoad else {
      throw InputRejected([
        Diagnostic(
          .error, code: "plan.missingTable", file: PlanFolder.shown(plan) + "load.csv",
          problem: "the timetable needs load.csv and assignments.csv",
          suggestion: "make them with keste load")
      ])
    }
    base.tasks = held.tasks
    base.assignments = held.assignments
    base.hasLoad = true
    base.record.load = held.record.load
    let start = try from.map { try PlanFolder.read($0, institution: reading.institution).meetings }
    return (planner, base, start)
  }
}

/// A plan on its way through the stages.
struct PlanRun {
  /// What a stage says of its result before the validator has seen it.
  private struct Claim {
    var status: StageStatus
    var bound: Double?
    var criteria: [String: Double]
    var seconds: Double
  }

  let planner: Planner
  var outcome: PlanningOutcome
  /// The plan folder that will be written, where there is one.
  var target: String?
  /// What keeps the search of this run safe from a kill.
  private(set) var checkpoint: Checkpoint?
  private var claims: [Stage: Claim] = [:]
  private var timetable: TimetableOutcome?
  /// Whether the meetings are those of the programme in whole numbers, of which the search knows no
  /// criteria.
  private var isExact = false

  init(_ planner: Planner, _ plan: Plan) {
    self.planner = planner
    outcome = PlanningOutcome(planner.institution, plan, findings: planner.findings)
  }

  /// Takes sections and load of another plan, with what is claimed of them.
  mutating func adopt(_ plan: Plan) {
    outcome.plan.sections = plan.sections
    outcome.plan.record.sections = plan.record.sections
    outcome.plan.tasks = plan.tasks
    outcome.plan.assignments = plan.assignments
    outcome.plan.hasLoad = true
    outcome.plan.record.load = plan.record.load
  }

  /// Forms the sections; those of disciplines of which some are given stay as these are.
  mutating func formSections(
    isLast: Bool = false, keeping kept: University.Table<Section>? = nil
  ) throws {
    let began = planner.budget.elapsed
    var formed = try planner.formSections(isLast: isLast)
    if let kept, !kept.isEmpty {
      let held = Dictionary(grouping: kept, by: \.discipline)
      let new = Dictionary(grouping: formed.sections, by: \.discipline)
      let changed = Set(held.keys.filter { held[$0] != new[$0] })
      formed.sections = Table(
        planner.institution.disciplines.flatMap { held[$0.id] ?? new[$0.id] ?? [] })
      formed.criteria = Curricula.sectionCriteria(planner.institution, formed.sections)
      // What is said of the sections formed anew is not said of these.
      formed.explanations.removeAll { changed.contains($0.discipline) }
    }
    outcome.plan.sections = formed.sections
    outcome.explanations = formed.explanations
    outcome.findings += formed.warnings
    claim(.sections, formed.status, formed.bound, formed.criteria, since: began)
  }

  /// Rules that the sections of approved departments no longer keep, because the enrolments or the
  /// policy have changed.
  private func brokenApprovals(_ approved: Set<DepartmentID>) -> [LoadConflict] {
    approved.sorted().flatMap { department in
      PlanValidator.violations(
        planner.institution, outcome.plan, of: department, stages: [.sections]
      ).filter { [.s1, .s2, .s3, .s4, .s5].contains($0.rule) }.map { broken in
        LoadConflict(
          kind: .sectionsBroken, department: department, isApproved: true, task: nil, teacher: nil,
          wording: Wording {
            let what = "\(broken.rule.rawValue): \(broken.wording[$0])"
            return $0.says(
              "\(department) кафедрасы бекітілген, бірақ секциялары енді кіріс деректерге сай емес, "
                + "\(what): бекіту қайтарылғанша сол күйінде қалады",
              "кафедра \(department) утверждена, но её секции больше не соответствуют входным данным, "
                + "\(what): они остаются как есть, пока утверждение не отозвано",
              "department \(department) is approved, but its sections no longer suit the input, "
                + "\(what): they stay as they are until the approval is withdrawn")
          })
      }
    }
  }

  /// Tells what of the input no longer agrees with approved loads, of a load that stays as it is.
  mutating func tellStale(_ earlier: EarlierLoad) {
    outcome.loadConflicts =
      brokenApprovals(earlier.approved)
      + earlier.changedInput(planner.institution, sections: outcome.plan.sections)
    outcome.loadMessages = outcome.loadConflicts.map(\.wording)
  }

  mutating func distributeLoad(isLast: Bool, earlier: EarlierLoad? = nil) throws {
    let began = planner.budget.elapsed
    let (tasks, found) = try planner.distributeLoad(
      outcome.plan.sections, isLast: isLast, earlier: earlier)
    outcome.plan.tasks = tasks
    outcome.plan.assignments = found.assignments
    outcome.plan.hasLoad = true
    let broken = brokenApprovals(earlier?.approved ?? [])
    outcome.loadMessages = broken.map(\.wording) + found.messages
    outcome.loadConflicts = broken + found.conflicts
    outcome.vacancies = found.vacancies
    outcome.keptLoad = found.kept
    outcome.staffing = LoadDistribution.staffing(
      planner.institution, tasks: tasks, assignments: found.assignments)
    claim(.load, found.status, found.bound, found.criteria, since: began)
  }

  /// Makes the timetable from some meetings; where `mayResume` says so, rather from what an earlier
  /// run from the same that was killed left beside the plan folder.
  mutating func makeTimetable(from start: [Meeting]?, mayResume: Bool = false) throws {
    let began = planner.budget.elapsed
    let given = start
    var start = start
    var resumed: Double?
    if planner.options.iterations == nil, let target {
      var spent = 0.0
      if mayResume,
        let held = Checkpoint.held(
          beside: target, outcome.plan, from: start, planner.institution)
      {
        start = held.plan.meetings
        resumed = held.share
        spent = held.seconds
        planner.tell("timetable: going on from \(Checkpoint.path(of: target))")
      }
      checkpoint = Checkpoint(
        beside: target, of: planner.institution, outcome.plan, from: given, spent: spent)
    }
    let found = try planner.makeTimetable(
      outcome.plan, from: start, resumedAt: resumed, checkpoint: checkpoint)
    outcome.plan.meetings = PublishedTimetable.renamed(
      found.meetings, as: planner.institution.publishedMeetings,
      besides: Set(found.unplaced.map(\.section)))
    outcome.plan.hasTimetable = true
    outcome.unplaced = found.unplaced
    outcome.firstComplete = found.firstComplete
    outcome.moves = found.moves
    outcome.searchSeconds = found.searchSeconds
    outcome.isStopped = found.isStopped
    timetable = found
    try completeExactly()
    claim(
      // The bound is one of complete timetables; whether what is missing breaks a rule, the
      // validator says.
      .timetable, outcome.isProvedImpossible ? .infeasible : .feasible,
      found.unplaced.isEmpty ? found.bound : nil,
      [TimetableCriterion: Double](), since: began)
  }

  /// Where a small plan is not complete: asks for any timetable of it, hour by hour.
  private mutating func completeExactly() throws {
    guard !outcome.unplaced.isEmpty, !outcome.isImpossible, !planner.options.isCancelled() else {
      return
    }
    let budget = planner.budget
    let left = budget.limit.map { min(20, max(2, ($0 - budget.elapsed) / 2)) } ?? 20
    planner.tell("timetable: whole numbers")
    let exact = ExactTimetable(
      institution: planner.institution, solver: planner.solver,
      seconds: budget.isClocked ? left : nil)
    switch try exact.solve(outcome.plan, isExplained: true) {
    case .meetings(let meetings):
      outcome.plan.meetings = PublishedTimetable.renamed(
        meetings, as: planner.institution.publishedMeetings, besides: [])
      outcome.unplaced = []
      outcome.isStopped = false
      isExact = true
    case .impossible(let contradiction):
      outcome.isProvedImpossible = true
      outcome.contradiction = contradiction
      outcome.isStopped = false
    case .unknown: break
    }
  }

  private mutating func claim<C: Criterion>(
    _ stage: Stage, _ status: StageStatus, _ bound: Double?, _ criteria: [C: Double],
    since began: Double
  ) {
    claims[stage] = Claim(
      status: status, bound: bound,
      criteria: Dictionary(uniqueKeysWithValues: criteria.map { ($0.key.rawValue, $0.value) }),
      // With a limit on iterations the same input gives the same bytes, so nothing of the clock
      // may be in them.
      seconds: planner.options.iterations == nil ? planner.budget.elapsed - began : 0)
  }

  /// Has the validator judge the plan, records its numbers, and has it judge the records.
  mutating func judge() {
    planner.tell("validation")
    var stages: Set<Stage> = [.sections]
    if outcome.plan.hasLoad { stages.insert(.load) }
    if outcome.plan.hasTimetable { stages.insert(.timetable) }
    let found = PlanValidator.validate(planner.institution, outcome.plan, stages: stages)
    for stage in found.stages {
      outcome.mismatches += mismatches(stage, found)
      let record = record(of: stage, found)
      switch stage {
      case .sections: outcome.plan.record.sections = record
      case .load: outcome.plan.record.load = record
      case .timetable: outcome.plan.record.timetable = record
      }
    }
    outcome.report = PlanValidator.validate(planner.institution, outcome.plan, stages: stages)
  }

  /// Looks, in the time that is left, for what keeps meetings from a place.
  ///
  /// - Throws: What the solver throws when it cannot run.
  mutating func explainUnplaced() throws {
    guard outcome.plan.hasTimetable, !outcome.unplaced.isEmpty, !planner.options.isCancelled()
    else { return }
    planner.tell("explanation")
    let budget = planner.budget
    let left = budget.limit.map { min(10, max(1, $0 - budget.elapsed)) } ?? 10
    let explainer = Explainer(
      solver: planner.solver, seconds: budget.isClocked ? left : nil,
      threads: planner.options.threads, isCancelled: planner.options.isCancelled)
    if let contradiction = outcome.contradiction {
      outcome.explanation = try explainer.explanation(
        contradiction, planner.institution, outcome.plan)
      return
    }
    outcome.explanation = try explainer.explain(
      planner.institution, outcome.plan, outcome.report, isBrief: true)
  }

  private func mismatches(_ stage: Stage, _ found: ScoreReport) -> [ScoreMismatch] {
    if stage == .timetable {
      guard !isExact, let timetable, let criteria = found.timetable else { return [] }
      return timetable.mismatches(criteria, planner.institution.weights.timetable)
    }
    guard let claim = claims[stage] else { return [] }
    return found.orderedCriteria(of: stage).compactMap { name, value in
      let claimed = claim.criteria[name] ?? .nan
      // Decimal criteria are rounded to 0.01 on both sides.
      let agrees = abs(claimed - value) <= 0.0101
      return agrees
        ? nil : ScoreMismatch(stage: stage, name: name, solver: claimed, validator: value)
    }
  }

  private func record(of stage: Stage, _ found: ScoreReport) -> StageRecord {
    let criteria = found.criteria(of: stage) ?? [:]
    let objective = found.objectives[stage] ?? 0
    guard let claim = claims[stage] else {
      return earlierRecord(of: stage, objective, criteria, isBroken: Self.isBroken(stage, found))
    }
    // Below the objective a bound stays a bound; that of a plan that breaks rules may lie above.
    var bound = claim.bound.map { min($0, objective) }
    var status = claim.status
    if status == .infeasible || Self.isBroken(stage, found) {
      // Without a proof it only was not found.
      status = status == .infeasible || outcome.isImpossible ? .infeasible : .stopped
      // Those of sections and load are of plans without the rules that are said not to hold.
      if stage == .timetable { bound = nil }
    } else {
      status = bound.map { objective - $0 <= 0.01 } ?? false ? .optimal : .feasible
    }
    var record = StageRecord(
      status: status, objective: objective, bound: bound, criteria: criteria,
      seconds: claim.seconds)
    if stage == .timetable, let timetable, bound != nil { record.boundParts = timetable.boundParts }
    return record
  }

  /// The record of a stage that an earlier run made, or somebody changed by hand since.
  private func earlierRecord(
    of stage: Stage, _ objective: Double, _ criteria: [String: Double], isBroken: Bool
  ) -> StageRecord {
    let held = stage == .sections ? outcome.plan.record.sections : outcome.plan.record.load
    if let held, !isBroken, let claimed = held.objective, abs(claimed - objective) < 0.01,
      held.bound.map({ $0 <= objective + 0.01 }) ?? (held.status != .optimal)
    {
      return StageRecord(
        status: held.status, objective: objective, bound: held.bound.map { min($0, objective) },
        criteria: criteria, seconds: held.seconds)
    }
    var bound: Double?
    if let held, held.status == .infeasible || held.status == .stopped,
      let claimed = held.objective, abs(claimed - objective) < 0.01
    {
      bound = held.bound.map { min($0, objective) }
    }
    return StageRecord(
      status: !isBroken
        ? .feasible : held?.status == .infeasible || outcome.isImpossible ? .infeasible : .stopped,
      objective: objective, bound: bound,
      criteria: criteria, seconds: held?.seconds ?? 0)
  }

  /// Whether a rule is broken that a stage has to keep.
  static func isBroken(_ stage: Stage, _ found: ScoreReport) -> Bool {
    found.violations.contains { violation in
      switch violation.rule {
      case .s1, .s2, .s3, .s4, .s5: stage == .sections
      case .s6, .l1, .l2, .l3, .l4, .l5: stage == .load
      case .m1, .m2, .m3, .m4, .m5, .r1, .r2, .r3, .r4, .t1, .t2, .t3, .t4: stage == .timetable
      case .p1: false
      }
    }
  }
}

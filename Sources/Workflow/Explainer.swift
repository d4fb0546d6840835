// SPDX-License-Identifier: GPL-3.0-or-later
internal import Curricula
public import Explanation
internal import Formats
public import LinearModels
internal import Solving
internal import Synchronization
internal import Timetabling
public import University
public import Validation

/// A change that was tried.
public struct TriedRelaxation: Sendable {
  /// How far it was tried.
  public enum Proof: String, Sendable {
    /// A whole plan was made with it, and the validator has nothing against it.
    case plan
    /// A timetable of the plan's sections and load was found with it, and the validator has nothing
    /// against the whole.
    case timetable
    /// The rows that contradicted each other can all hold with it, and no other condition that was
    /// looked at is broken by it.
    case consistent
  }

  /// The change with its words and price.
  public var relaxation: Relaxation
  /// How far it was tried.
  public var proof: Proof
  /// The changes for other causes that were made with it where a plan or a timetable was found.
  public var others: [Relaxation] = []
  /// Whether a plan was looked for with it, and none was found in the time: no proof that there is
  /// none.
  public var isSearchedInVain = false

  init(_ relaxation: Relaxation, _ proof: Proof) {
    self.relaxation = relaxation
    self.proof = proof
  }
}

/// A contradiction with what would take it away.
public struct ExplainedContradiction: Sendable {
  /// Where it was looked for.
  public var origin: Origin
  /// Rules and rows that cannot hold together.
  public var contradiction: Contradiction
  /// What helps, cheapest first; each was tried.
  public var relaxations: [TriedRelaxation] = []
  /// Changes that help only together, where none helps alone; tried, and each of them is needed.
  public var together: [Relaxation] = []
  /// Changes that were tried and do not help alone.
  public var useless = 0
  /// Contradictions of other students or sections that rest on the same rows, and are not told.
  public var alike = 0
}

/// A finding of the check with what would take it away.
public struct ExplainedFinding: Sendable {
  /// The finding.
  public var finding: Diagnostic
  /// What helps, cheapest first: with it the check finds neither this nor anything new.
  public var relaxations: [TriedRelaxation] = []
  /// Changes that help only together, where none helps alone; tried, and each of them is needed.
  public var together: [Relaxation] = []
}

/// Findings and contradictions that the same changes take away: most likely one slip.
public struct Cause: Sendable {
  /// Positions of its findings.
  public var findings: [Int] = []
  /// Positions of its contradictions.
  public var contradictions: [Int] = []
  /// Changes each of which takes all of them away, cheapest first.
  public var relaxations: [TriedRelaxation] = []
  /// Changes that take them away only together, where none does alone; each of them is needed.
  public var together: [Relaxation] = []
  /// How far the set ``together`` was tried.
  public var proof = TriedRelaxation.Proof.consistent
}

/// Why there is no valid plan, as far as it could be told.
public struct PlanExplanation: Sendable {
  /// Conditions broken before any solving.
  public var findings: [ExplainedFinding] = []
  /// Contradictions, each proved.
  public var contradictions: [ExplainedContradiction] = []
  /// The findings and contradictions by what takes them away.
  public var causes: [Cause] = []
  /// Rules that the plan breaks.
  public var violations: [Violation] = []
  /// Sections whose hours are not all held, or whose meetings break a rule, and which no
  /// contradiction explains.
  public var unexplained: [SectionID] = []
  /// Whether a valid timetable of the plan's sections and load was found while explaining.
  public var isRepairable = false
  /// How many of the plan's meetings that timetable moves.
  public var moved = 0
  /// Why not everything was looked at.
  public enum Gap: Sendable {
    /// The time was over.
    case time
    /// A part is too large.
    case size
    /// There are too many parts.
    case number
  }

  /// Why not everything was looked at; empty where it was.
  public var gaps: Set<Gap> = []
  /// Whether a plan was given.
  public var hasPlan = false
  /// The instance's language.
  public var language = Language.en
  /// Seconds of wall time.
  public var seconds = 0.0

  /// Whether a valid plan is proved to be impossible; of a plan's sections and load where the
  /// contradictions are theirs.
  public var isImpossible: Bool { !findings.isEmpty || !contradictions.isEmpty }

  /// Leaves out changes by more than is enough: those of which less was shown to do as much.
  mutating func leaveOutMore() {
    func least(_ tried: [TriedRelaxation]) -> [TriedRelaxation] {
      tried.filter { own in
        !tried.contains { other in
          own.relaxation.change.isMore(than: other.relaxation.change)
            && (other.proof != .consistent || own.proof == .consistent)
        }
      }
    }
    for at in causes.indices { causes[at].relaxations = least(causes[at].relaxations) }
    for at in findings.indices { findings[at].relaxations = least(findings[at].relaxations) }
    for at in contradictions.indices {
      contradictions[at].relaxations = least(contradictions[at].relaxations)
    }
  }
}

/// Explains why an instance has no valid plan, or why a plan's timetable cannot be completed.
public struct Explainer: Sendable {
  let solver: any LinearSolver
  let seconds: Double
  /// Whether the clock may decide anything; else counts and the size of models are limited.
  let isClocked: Bool
  let threads: Int
  let isCancelled: @Sendable () -> Bool
  var started = ContinuousClock.now

  /// How much is looked at where the clock must decide nothing.
  private static let mostComponents = 150
  private static let mostColumns = 6_000

  /// An explainer with so many seconds from now; less where it is cancelled.
  ///
  /// - Parameters:
  ///   - solver: Solves the linear programmes.
  ///   - seconds: Seconds of wall time; nil where the clock must decide nothing, so that the same
  ///     input gives the same text: then counts and the size of models are limited.
  ///   - threads: Threads of the search for a timetable.
  ///   - isCancelled: Ends the work.
  public init(
    solver: any LinearSolver, seconds: Double?, threads: Int = 1,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.solver = solver
    self.seconds = seconds ?? 1e8
    isClocked = seconds != nil
    self.threads = threads
    self.isCancelled = isCancelled
  }

  func deadline(_ share: Double) -> ContinuousClock.Instant {
    started.advanced(by: .seconds(seconds * share))
  }

  private func search(_ institution: Institution, until share: Double) -> ConflictSearch {
    ConflictSearch(
      institution, solver: solver, deadline: deadline(share),
      mostColumns: isClocked ? 60_000 : Self.mostColumns)
  }

  var secondsLeft: Double { seconds - elapsed }
  private var elapsed: Double {
    let time = started.duration(to: .now)
    return Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
  }

  /// What the data of an instance alone contradict.
  ///
  /// - Throws: ``InputRejected`` where the instance cannot be read, and what the solver throws.
  public func explain(_ instance: String, regime: String? = nil) throws -> PlanExplanation {
    let reading = try InstanceFolder.read(instance, regime: regime)
    return try explain(reading.institution)
  }

  /// What the data of an institution alone contradict.
  ///
  /// - Throws: What the solver throws when it cannot run.
  public func explain(_ institution: Institution) throws -> PlanExplanation {
    var result = PlanExplanation()
    result.language = institution.language
    // Where nothing is found there is nothing to look for changes to, and the search goes on.
    try conditions(institution, &result, until: 0.35, orFirst: 0.85)
    // What was found late has its time too, of that in which plans would be tried.
    let late = max(0, elapsed / seconds - 0.4)
    func end(_ share: Double) -> Double { min(0.97, share + late) }
    let trials = FindingTrials(institution, result.findings.map(\.finding))
    let plan = Self.decided(institution)
    for at in result.contradictions.indices {
      try relax(institution, plan, &result.contradictions[at], trials, until: end(0.5))
    }
    relaxFindings(institution, &result, trials, until: end(0.6))
    try merge(institution, plan, &result, trials, until: end(0.65))
    try verify(institution, nil, &result, until: 0.95)
    result.leaveOutMore()
    result.seconds = elapsed
    return result
  }

  static var emptyPlan: Plan {
    Plan(record: PlanRecord(keste: "", instance: "", instanceSHA256: "", seed: 0, regime: ""))
  }

  /// What the instance itself decides of a plan.
  static func decided(_ institution: Institution) -> Plan {
    var plan = emptyPlan
    plan.sections = institution.decidedSections ?? Table()
    if institution.decidedSections != nil, let assignments = institution.decidedAssignments {
      plan.tasks =
        institution.decidedTasks ?? Curricula.teachingLoad(institution, plan.sections)
      plan.assignments = assignments
      plan.hasLoad = true
    }
    return plan
  }

  /// Contradictions that the data of an institution alone hold, as findings: for the check.
  ///
  /// - Parameters:
  ///   - institution: The institution.
  ///   - known: What the check found; what it has told is not told again.
  /// - Returns: A finding a contradiction.
  /// - Throws: What the solver throws when it cannot run.
  func findings(
    _ institution: Institution, besides known: [Diagnostic]
  ) throws -> [Diagnostic] {
    var result = PlanExplanation()
    let found = known.filter { $0.severity == .impossible }
    result.findings = found.map { ExplainedFinding(finding: $0) }
    try contradict(institution, &result, until: 1)
    return result.contradictions.map(\.contradiction)
      .filter { contradiction in !found.contains { Self.tells($0, contradiction) } }
      .map(Self.diagnostic)
  }

  /// Whether a finding speaks of one of the rows of a contradiction, or of the same shortage.
  static func tells(_ finding: Diagnostic, _ contradiction: Contradiction) -> Bool {
    let rows = contradiction.reasons.flatMap(\.rows)
    if let line = finding.line {
      return rows.contains { $0.file == finding.file && $0.line == line }
    }
    return contradiction.reasons.contains { finding.code.hasPrefix($0.rule) }
  }

  /// A contradiction as a finding, at the row that a person would look at first.
  static func diagnostic(_ contradiction: Contradiction) -> Diagnostic {
    let order = ["T4", "T2", "T1", "T3", "M4", "R3", "R2", "M3", "M5", "M1"]
    let first = contradiction.reasons.min {
      (order.firstIndex(of: $0.rule) ?? 99) < (order.firstIndex(of: $1.rule) ?? 99)
    }
    let row = first?.rows.first
    let problem = Wording { language in
      language.says(
        "бұлар бірге орындалмайды: ", "это не может выполняться вместе: ",
        "these cannot hold together: ")
        + contradiction.reasons.map { $0.wording[language] }.joined(separator: "; ")
    }
    let remedy = contradiction.relaxations.first.map { relaxation in
      Wording {
        $0.says("мүмкін, ", "возможно, ", "perhaps ") + relaxation.wording[$0]
      }
    }
    var finding = Diagnostic(
      .impossible, code: "\(first?.rule ?? "M1").contradiction", file: row?.file ?? "",
      line: row?.line, column: row?.column, value: row.flatMap { $0.key.isEmpty ? nil : $0.key },
      problem: problem[.en], suggestion: remedy?[.en])
    finding.wording = problem
    finding.remedy = remedy
    return finding
  }

  /// The check, then the components that every plan contains.
  private func conditions(
    _ institution: Institution, _ result: inout PlanExplanation, until share: Double,
    orFirst patience: Double? = nil
  ) throws {
    let found = FindingRelaxations.check(institution)
    result.findings = found.map { ExplainedFinding(finding: $0) }
    try contradict(institution, &result, until: share, orFirst: patience)
  }

  /// The components that every plan contains; until `patience` where nothing is found before.
  private func contradict(
    _ institution: Institution, _ result: inout PlanExplanation, until share: Double,
    orFirst patience: Double? = nil
  ) throws {
    let most = isClocked ? Int.max : Self.mostComponents
    var explained: [Set<String>: Int] = [:]
    let decided = Self.decided(institution)
    var origins = institution.originsBeforeSolving()
    if decided.sections.count > Neighbourhood.most {
      // Too many for one model: those around the sections with the least choice.
      let neighbours = Neighbourhood(institution, decided)
      let tight = neighbours.tightest(12).flatMap { neighbours.growing(from: $0).prefix(3) }
      origins.insert(contentsOf: tight.map { .sections($0) }, at: 0)
    } else if !decided.sections.isEmpty {
      origins.insert(.sections(decided.sections.map(\.id)), at: 0)
    }
    var seen: Set<Origin> = []
    origins = origins.filter { seen.insert($0).inserted }
    if origins.count > most {
      origins.removeLast(origins.count - most)
      result.gaps.insert(.number)
    }
    for origin in origins {
      let end = result.isImpossible ? share : patience ?? share
      if ContinuousClock.now > deadline(end) || isCancelled() {
        result.gaps.insert(.time)
        break
      }
      if result.contradictions.count >= 8 { break }
      let search = search(institution, until: end)
      switch try search.find(in: origin.component(institution, decided)) {
      case .contradiction(let contradiction):
        // Groups with the same disciplines meet the same contradiction.
        let key = Self.likeness(contradiction)
        if let known = explained[key] {
          result.contradictions[known].alike += 1
        } else {
          explained[key] = result.contradictions.count
          result.contradictions.append(
            ExplainedContradiction(origin: origin, contradiction: contradiction))
        }
      case .consistent: break
      case .unknown: result.gaps.insert(.time)
      case .tooLarge: result.gaps.insert(.size)
      }
    }
  }

  /// The rules of a contradiction and the rows that they rest on, but for the rows of the students
  /// who are examples.
  private static func likeness(_ contradiction: Contradiction) -> Set<String> {
    Set(
      contradiction.reasons.flatMap { reason in
        [reason.rule]
          + (reason.rule == "M5" ? [] : reason.rows.map { "\(reason.rule) \($0)" })
      })
  }

  // MARK: - Plans

  /// Whether there is a room of any size that suits a section, or it needs none.
  private static func hasRoom(_ section: Section?, _ it: Institution) -> Bool {
    guard let section, let discipline = it.disciplines[section.discipline],
      !discipline.delivery.isOnline(section.kind)
    else { return true }
    return it.largestSuitableRoom(for: discipline, section.kind) > 0
  }

  /// Why the timetable of a plan is not complete or breaks rules.
  ///
  /// - Parameters:
  ///   - instance: The instance folder.
  ///   - path: The plan folder.
  /// - Returns: What stands in the way.
  /// - Throws: ``InputRejected`` where something cannot be read, and what the solver throws.
  public func explain(_ instance: String, plan path: String) throws -> PlanExplanation {
    let judged = try JudgedPlan(instance: instance, plan: path, stages: nil)
    return try explain(judged.institution, judged.plan, judged.report)
  }

  /// Why the timetable of a plan is not complete or breaks rules.
  ///
  /// - Parameters:
  ///   - institution: The institution.
  ///   - plan: The plan.
  ///   - report: What the validator found of it.
  ///   - isBrief: Whether only what has no place is looked at, and a few sections of it: what the
  ///     data contradict without a plan is known, and no timetable is searched.
  /// - Returns: What stands in the way.
  /// - Throws: What the solver throws when it cannot run.
  public func explain(
    _ institution: Institution, _ plan: Plan, _ report: ScoreReport, isBrief: Bool = false
  ) throws -> PlanExplanation {
    var result = PlanExplanation()
    result.hasPlan = true
    result.language = institution.language
    if !isBrief { result.violations = report.violations.filter { $0.rule != .p1 } }
    if report.isValid {
      result.seconds = elapsed
      return result
    }
    if !isBrief { try conditions(institution, &result, until: 0.2) }
    let most = (sections: isBrief ? 4 : Int.max, contradictions: isBrief ? 2 : 8)
    let question = sectionsInQuestion(institution, plan, report)
    var focus = Array(question.prefix(most.sections))
    if plan.hasTimetable {
      let neighbours = Neighbourhood(institution, plan)
      let search = search(institution, until: 0.55)
      var explained: Set<SectionID> = []
      // What the data alone contradict is not told again of the plan's sections.
      var told: [Set<DataRow>: Int] = [:]
      var like: [Set<String>: Int] = [:]
      for (at, known) in result.contradictions.enumerated() {
        told[Self.boundRows(known.contradiction)] = at
        like[Self.likeness(known.contradiction)] = at
      }
      for section in focus where !explained.contains(section) {
        if ContinuousClock.now > deadline(0.5) || isCancelled() {
          result.gaps.insert(.time)
          break
        }
        for ids in neighbours.growing(from: section) {
          let origin = Origin.sections(ids)
          let component = origin.component(institution, plan)
          let own = Set(
            component.activities.indices.filter { component.activities[$0].section == section })
          guard
            case .contradiction(let found) = try search.find(in: component, focus: own)
          else { continue }
          explained.formUnion(found.activities.compactMap(\.section))
          explained.insert(section)
          // Sections of one teacher or in the same rooms meet the same rows.
          let rows = Self.boundRows(found)
          let likeness = Self.likeness(found)
          if let known = rows.isEmpty ? like[likeness] : told[rows] {
            result.contradictions[known].alike += 1
          } else {
            told[rows] = result.contradictions.count
            like[likeness] = result.contradictions.count
            result.contradictions.append(
              ExplainedContradiction(origin: origin, contradiction: found))
          }
          break
        }
        if result.contradictions.count >= most.contradictions { break }
      }
      focus = question.filter { !explained.contains($0) }
      // What no room suits at all is among the findings of the data.
      result.unexplained =
        result.findings.isEmpty
        ? focus : focus.filter { Self.hasRoom(plan.sections[$0], institution) }
      let isOfTimetable = report.violations.allSatisfy { $0.rule >= .m1 || $0.rule == .p1 }
      if !isBrief && isOfTimetable && result.contradictions.isEmpty && result.findings.isEmpty {
        try repair(institution, plan, &result)
      }
    }
    let trials = FindingTrials(institution, result.findings.map(\.finding))
    for at in result.contradictions.indices {
      try relax(
        institution, plan, &result.contradictions[at], trials, until: isBrief ? 0.9 : 0.65)
    }
    if plan.hasTimetable, !isBrief, result.contradictions.isEmpty, result.findings.isEmpty,
      !result.isRepairable, !question.isEmpty
    {
      let exact = ExactTimetable(
        institution: institution, solver: solver,
        seconds: isClocked ? max(0.5, secondsLeft * 0.6) : nil)
      switch try exact.solve(plan, isExplained: true) {
      case .impossible(let found?):
        result.contradictions = [try explained(found, institution, plan)]
        result.unexplained = []
      case .meetings(let meetings):
        result.isRepairable = report.violations.allSatisfy { $0.rule >= .m1 }
        let old = Set(plan.meetings.map { Place($0) })
        result.moved = meetings.count { !old.contains(Place($0)) }
      case .impossible, .unknown: break
      }
    }
    if isBrief {
      try merge(institution, plan, &result, trials, until: 0.97)
    } else {
      relaxFindings(institution, &result, trials, until: 0.7)
      try merge(institution, plan, &result, trials, until: 0.75)
      try verify(institution, plan, &result, until: 0.95)
    }
    result.leaveOutMore()
    result.seconds = elapsed
    return result
  }

  /// A contradiction in whole numbers with the changes that help: with each of them a timetable was
  /// found.
  func explained(
    _ contradiction: Contradiction, _ institution: Institution, _ plan: Plan
  ) throws -> ExplainedContradiction {
    var result = ExplainedContradiction(
      origin: .sections(plan.sections.map(\.id)), contradiction: contradiction)
    let load = plan.hasLoad ? loadFaults(institution, plan) : 0
    let clock = ContinuousClock.now
    for relaxation in contradiction.relaxations.prefix(12) where result.relaxations.count < 4 {
      let spent = Double(clock.duration(to: .now).components.seconds)
      if isCancelled() || (isClocked && spent > max(4, seconds / 2)) { break }
      var it = institution
      var changed = plan
      relaxation.change.apply(to: &it, &changed)
      guard !plan.hasLoad || loadFaults(it, changed) <= load else { continue }
      let exact = ExactTimetable(
        institution: it, solver: solver, seconds: isClocked ? max(0.5, seconds / 8) : nil)
      switch try exact.solve(changed, isExplained: false) {
      case .meetings:
        result.relaxations.append(TriedRelaxation(relaxation, .timetable))
      case .impossible: result.useless += 1
      case .unknown: break
      }
    }
    return result
  }

  /// What was found in whole numbers while planning, as an explanation.
  func explanation(
    _ contradiction: Contradiction, _ institution: Institution, _ plan: Plan
  ) throws -> PlanExplanation {
    var result = PlanExplanation()
    result.hasPlan = true
    result.language = institution.language
    result.contradictions = [try explained(contradiction, institution, plan)]
    let trials = FindingTrials(institution, [])
    try merge(institution, plan, &result, trials, until: 1)
    result.leaveOutMore()
    result.seconds = elapsed
    return result
  }

  /// The rows of a contradiction but for those of hours and people.
  private static func boundRows(_ contradiction: Contradiction) -> Set<DataRow> {
    Set(
      contradiction.reasons.filter { !["M1", "M3", "M5"].contains($0.rule) }.flatMap(\.rows))
  }

  /// Sections whose hours are not all held, then those that a broken rule names.
  private func sectionsInQuestion(
    _ institution: Institution, _ plan: Plan, _ report: ScoreReport
  ) -> [SectionID] {
    var held: [SectionID: Int] = [:]
    var sectionOf: [String: SectionID] = [:]
    for meeting in plan.meetings {
      held[meeting.section, default: 0] += meeting.length * meeting.weeks.count
      sectionOf[meeting.id.text] = meeting.section
    }
    var result: [SectionID] = []
    for section in plan.sections {
      let hours = institution.disciplines[section.discipline]?.hours(section.kind) ?? 0
      if hours - (held[section.id] ?? 0) > institution.policy.hoursTolerance {
        result.append(section.id)
      }
      sectionOf[section.id.text] = section.id
    }
    var seen = Set(result)
    for violation in report.violations where violation.rule >= .m1 && violation.rule != .p1 {
      for word in violation.message.split(whereSeparator: { " ,;()".contains($0) }) {
        let name = word.hasSuffix(":") ? String(word.dropLast()) : String(word)
        if let section = sectionOf[name], seen.insert(section).inserted { result.append(section) }
      }
    }
    return result
  }

  /// Searches from the plan's meetings for a timetable that keeps all rules.
  private func repair(
    _ institution: Institution, _ plan: Plan, _ result: inout PlanExplanation
  ) throws {
    guard let found = try timetable(institution, plan, seconds: max(0.5, secondsLeft * 0.6)) else {
      return
    }
    result.isRepairable = true
    let old = Set(plan.meetings.map { Place($0) })
    result.moved = found.count { !old.contains(Place($0)) }
  }

  private struct Place: Hashable {
    var section: SectionID
    var weeks: UInt64
    var day: Weekday
    var slot: Int
    var room: RoomID?

    init(_ meeting: Meeting) {
      section = meeting.section
      weeks = meeting.weeks.bits
      day = meeting.day
      slot = meeting.slot
      room = meeting.room
    }
  }

  /// A timetable that the validator accepts; nil where none was found in the time.
  func timetable(
    _ institution: Institution, _ plan: Plan, seconds: Double
  ) throws -> [Meeting]? {
    let stage = try TimetableStage(institution, plan)
    var options = SearchOptions()
    options.timeLimit = seconds
    options.threads = threads
    // Any complete timetable will do, and the first is nearest to the plan.
    let isComplete = CompletionFlag()
    options.isCancelled = { isComplete.isSet || isCancelled() }
    options.progress = { step in if step.incumbent.hard == 0 { isComplete.set() } }
    let found = try stage.run(plan, warm: !plan.meetings.isEmpty, solver: solver, options)
    guard found.unplaced.isEmpty else { return nil }
    var complete = plan
    complete.meetings = stage.declaration.meetings(of: found.timetable)
    let report = PlanValidator.validate(institution, complete, stages: [.timetable])
    return report.violations.allSatisfy { $0.rule == .p1 } ? complete.meetings : nil
  }

  // MARK: - Relaxations

  /// Tries the changes of a contradiction, cheapest first.
  private func relax(
    _ institution: Institution, _ plan: Plan, _ explained: inout ExplainedContradiction,
    _ trials: FindingTrials, until share: Double
  ) throws {
    let load = plan.hasLoad ? loadFaults(institution, plan) : 0
    for relaxation in explained.contradiction.relaxations.prefix(40) {
      guard ContinuousClock.now < deadline(share), explained.relaxations.count < 8 else { break }
      guard
        try helps(
          explained, [relaxation.change], institution, plan, trials, load: load, until: share)
      else {
        explained.useless += 1
        continue
      }
      explained.relaxations.append(TriedRelaxation(relaxation, .consistent))
    }
    guard explained.relaxations.isEmpty else { return }
    let contradicted = explained
    explained.together = try combine(
      explained.contradiction.relaxations, institution, until: share
    ) { changes in
      try helps(contradicted, changes, institution, plan, trials, load: load, until: share)
    }
  }

  /// Whether a contradiction is gone with some changes, the check finds nothing new, and the load
  /// breaks no more rules than before.
  func helps(
    _ explained: ExplainedContradiction, _ changes: [Change], _ institution: Institution,
    _ plan: Plan, _ trials: FindingTrials, load: Int, until share: Double
  ) throws -> Bool {
    var it = institution
    var changed = plan
    Change.apply(changes, to: &it, &changed)
    guard try takesAway(explained, it, changed, until: share) else { return false }
    return trials.addsNothing(changes) && (!plan.hasLoad || loadFaults(it, changed) <= load)
  }

  /// Whether a contradiction is gone with changed data: first of its own activities, which is soon
  /// told, then of all that it was found among, as far as these are not too many to be told in the
  /// time.
  private func takesAway(
    _ explained: ExplainedContradiction, _ it: Institution, _ plan: Plan, until share: Double
  ) throws -> Bool {
    let component = explained.origin.component(it, plan)
    if component.activities.isEmpty { return true }
    let search = search(it, until: share)
    let own = component.part(with: explained.contradiction.activities)
    guard try search.isConsistent(own) == true else { return false }
    return try search.isConsistent(component) != false
  }

  /// The cheapest changes, as many as are needed, less those that are not; empty where even all of
  /// them do not help or the time is over.
  private func combine(
    _ relaxations: [Relaxation], _ institution: Institution, until share: Double,
    helps: ([Change]) throws -> Bool
  ) rethrows -> [Relaxation] {
    var chosen: [Relaxation] = []
    var isEnough = false
    var assigned: Set<SectionID> = []
    let subjects = Set(
      relaxations.compactMap { relaxation -> AvailabilitySubject? in
        if case .openSubject(let subject) = relaxation.change { return subject }
        return nil
      })
    for relaxation in relaxations.prefix(80) {
      guard ContinuousClock.now < deadline(share) else { return [] }
      if case .assign(let section, _) = relaxation.change,
        !assigned.insert(section).inserted
      {
        continue
      }
      // Rows that a change for a whole subject takes off would be taken off twice.
      if case .dropAvailability(let at) = relaxation.change,
        subjects.contains(institution.availability[at].subject)
      {
        continue
      }
      chosen.append(relaxation)
      if try helps(chosen.map(\.change)) {
        isEnough = true
        break
      }
    }
    guard isEnough else { return [] }
    for relaxation in chosen.reversed() where ContinuousClock.now < deadline(share) {
      let fewer = chosen.filter { $0 != relaxation }
      if !fewer.isEmpty, try helps(fewer.map(\.change)) { chosen = fewer }
    }
    return chosen
  }

  func loadFaults(_ institution: Institution, _ plan: Plan) -> Int {
    PlanValidator.validate(institution, plan, stages: [.load]).violations
      .filter { ($0.rule >= .l1 && $0.rule <= .l5) || $0.rule == .s6 }
      .reduce(0) { $0 + $1.times }
  }

  /// Tries for each finding of the check the changes that its rule suggests; a change helps when
  /// the finding is gone and nothing new is found.
  private func relaxFindings(
    _ institution: Institution, _ result: inout PlanExplanation, _ trials: FindingTrials,
    until share: Double
  ) {
    var causes = 0
    for at in result.findings.indices {
      guard ContinuousClock.now < deadline(share), causes < 12 else { break }
      let finding = result.findings[at].finding
      // What helps another finding often helps this one too, and is tried already.
      var helping = trials.helping.filter { trials.helps(finding, [$0.change]) }
      if helping.isEmpty {
        causes += 1
        for candidate in FindingRelaxations.candidates(for: finding, institution) {
          guard ContinuousClock.now < deadline(share), helping.count < 5 else { break }
          if trials.helps(finding, [candidate.change]) { helping.append(candidate) }
        }
        trials.helping += helping.filter { own in
          !trials.helping.contains { $0.change == own.change }
        }
      }
      result.findings[at].relaxations = helping.enumerated().sorted {
        ($0.element.cost, $0.offset) < ($1.element.cost, $1.offset)
      }.map { TriedRelaxation($0.element, .consistent) }
      guard helping.isEmpty else { continue }
      result.findings[at].together = combine(
        FindingRelaxations.candidates(for: finding, institution), institution, until: share
      ) { trials.helps(finding, $0) }
    }
  }
}

/// Set once, read from any thread.
final class CompletionFlag: Sendable {
  private let value = Mutex(false)

  var isSet: Bool { value.withLock { $0 } }
  func set() { value.withLock { $0 = true } }
}

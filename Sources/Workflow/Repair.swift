// SPDX-License-Identifier: GPL-3.0-or-later
internal import Curricula
public import LinearModels
internal import Problem
internal import Solving
internal import Timetabling
public import University
public import Validation

/// Rooms that are closed and teachers who are away, for a part of the term or all of it.
public struct Disruption: Sendable, Hashable {
  /// Closed rooms.
  public var rooms: [RoomID] = []
  /// Absent teachers.
  public var teachers: [TeacherID] = []
  /// The days; nil for each day.
  public var days: [Weekday]?
  /// The weeks; nil for all.
  public var weeks: WeekPattern?
  /// The first and the last slot; nil for all.
  public var slots: ClosedRange<Int>?
  /// The day from which on it lasts and things may change: what was before has been taught. Nil for
  /// all of the term.
  public var from: TermDay?

  /// A day of a week of the term.
  public struct TermDay: Sendable, Hashable {
    /// The week, from 0.
    public var week: Int
    /// The day.
    public var day: Weekday

    /// A day of a week, counted from 0.
    public init(week: Int, day: Weekday) {
      self.week = week
      self.day = day
    }
  }

  /// Nothing is disrupted.
  public init() {}

  /// Whether it is all of the term.
  public var isWhole: Bool { days == nil && weeks == nil && slots == nil && from == nil }

  /// The institution with these times forbidden. Somebody absent for the whole term is competent
  /// for nothing any more, and is in no pin; the minimum of their hours falls away.
  public func applied(to institution: Institution) -> Institution {
    var result = institution
    let last = institution.regimes.map(\.slots).max() ?? institution.regime.slots
    let count = institution.term.weeks
    func close(_ subject: AvailabilitySubject) {
      // The week of the first day begins with it.
      let isCut = from.map { $0.day > institution.days.min() ?? $0.day } ?? false
      let every: [Weekday?] = isCut ? institution.days.map(Optional.some) : [nil]
      for day in days.map({ $0.map(Optional.some) }) ?? every {
        let bits =
          day.map { changeable(on: $0, in: institution.term) } ?? weekBits(of: count)
        if bits == 0 { continue }
        result.availability.append(
          Availability(
            subject: subject, day: day, from: slots?.lowerBound ?? 1,
            to: min(slots?.upperBound ?? institution.regime.slots, last), level: .forbidden,
            weeks: WeekPattern(bits: bits, weeks: count)))
      }
    }
    for room in rooms { close(.room(room)) }
    // What is pinned to a room that is closed then is held in another one.
    result.releasePins(
      to: Set(rooms), days: days,
      weeks: from == nil ? weeks : WeekPattern(bits: weekBits(of: count), weeks: count),
      slots: slots)
    for teacher in teachers {
      if isWhole {
        result.competences = Table(result.competences.filter { $0.teacher != teacher })
        result.pins = result.pins.map { pin in
          var pin = pin
          if pin.teacher == teacher { pin.teacher = nil }
          return pin
        }
        result.teachers = Table(
          result.teachers.map { row in
            var row = row
            if row.id == teacher { row.minHours = nil }
            return row
          })
      } else {
        close(.teacher(teacher))
      }
    }
    return result
  }
}

/// What a repair came to.
public struct RepairOutcome: Sendable {
  /// The institution with the disruption and the timetable in force.
  public var institution: Institution
  /// The plan that was in force.
  public var before: Plan
  /// The repaired plan.
  public var plan: Plan
  /// What the validator says of it.
  public var report: ScoreReport
  /// What the validator says of the plan in force, without the disruption.
  public var reportBefore: ScoreReport
  /// Meetings at another time or in another room than in force.
  public var moved: [MeetingID]
  /// Meetings whose place in force is not allowed any more.
  public var forced: [MeetingID]
  /// Meetings that found no place.
  public var unplaced: [MeetingID]
  /// A proved lower bound of the number of meetings that move, given who teaches.
  public var bound: Int
  /// Whether no plan with these teachers moves fewer.
  public var isProved: Bool
  /// Classes and other work that others take.
  public var reassigned: [Reassignment]
  /// What nobody holds after somebody left for good; nil where nobody did, or all is held.
  public var vacancy: Vacancy?
  /// Who holds the classes of somebody who left in mid-term; nil where nobody did.
  public var takeover: Takeover?
  /// Who could take meetings of somebody absent that found no place, the most fitting first.
  public var takers: [MeetingID: [Substitute]] = [:]
  /// The objective of the timetable that was saved by choosing among plans that move as few meetings,
  /// against the first of them that was found.
  public var saved = 0.0
  /// Cost against the number of moved meetings, where it was asked for.
  public var curve: [CurvePoint] = []
  /// Seconds of the repair itself.
  public var seconds: Double
}

/// Work that nobody holds.
public struct Vacancy: Sendable {
  /// A task that nobody holds any more.
  public struct Item: Sendable {
    /// The task.
    public var task: TaskID
    /// Its section.
    public var section: SectionID
    /// The work.
    public var work: Work
    /// Hours of the term.
    public var hours: Double
    /// Who is competent for it, those first against whom least stands.
    public var people: [Substitute]
  }

  /// The tasks that became vacant.
  public var items: [Item]
  /// Vacant hours of the whole plan.
  public var hours: Double
  /// Vacant hours of the plan in force.
  public var before: Double
  /// A proved lower bound of ``hours`` without those who left, whoever holds the rest.
  public var bound: Double
  /// Whether no distribution of the load leaves fewer hours vacant.
  public var isProved: Bool { hours <= bound + 0.01 }
}

/// A plan that moves so many meetings.
public struct CurvePoint: Sendable {
  /// Meetings at another time or in another room than in force.
  public var moved: Int
  /// The objective of the timetable without what moving itself costs.
  public var objective: Double
  /// The meetings.
  public var meetings: [Meeting]
}

extension PlanInHand {
  /// Mends a plan in force after a disruption with as few moved meetings as possible, among these plans
  /// with the cheapest found, and, where more may move, improves it.
  ///
  /// - Parameters:
  ///   - disruption: What is closed, and who is away.
  ///   - changes: How many meetings may move; nil for the fewest.
  ///   - seed: Seed of the search for better plans.
  ///   - iterations: Steps of that search for each number of moves, so that the same plan is found
  ///     again where the time limit does not end it; nil for the clock alone.
  ///   - searchSeconds: The most seconds of the search for a cheaper plan that moves as few.
  ///   - solver: For the models.
  ///   - timeLimit: Seconds for all of it.
  ///   - isCancelled: Asked now and then; true ends the work with what there is.
  /// - Returns: The plan with its change list.
  /// - Throws: What the solver throws when it cannot run.
  public func repair(
    _ disruption: Disruption, changes: Int?, seed: UInt64 = 1, iterations: Int? = nil,
    searchSeconds: Double = .infinity, solver: any LinearSolver, timeLimit: Double,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> RepairOutcome {
    let clock = ContinuousClock.now
    func elapsed() -> Double { TimeBudget.seconds(since: clock) }
    // Who leaves in mid-term stays in the plan, which is one for the term; the register has who comes.
    let isDeparture = disruption.isDeparture(in: institution.term)
    let leaving = disruption
    var disruption = disruption
    if isDeparture { disruption.teachers = [] }
    var after = disruption.applied(to: institution)
    after.publishedMeetings = plan.meetings
    var next = plan
    // Where some weeks are concerned the others stay: meetings are cut at them.
    let split =
      disruption.isDated(in: institution.term) ? WeekSplit(plan, disruption, institution) : nil
    let old = split?.held.meetings ?? plan.meetings
    var cut = after
    cut.publishedMeetings = old
    next.meetings = old
    // Who takes the load of those who left: the next where no timetable is found for the first.
    var loads: [(assignments: [Assignment], changes: [Reassignment])] = [(next.assignments, [])]
    if disruption.isWhole, !disruption.teachers.isEmpty {
      loads = try reassign(
        Set(disruption.teachers), solver: solver, timeLimit: max(1, timeLimit / 3))
    }
    var found: (hand: PlanInHand, inForce: Timetable, result: MinimalRepair.Result, load: Int)?
    for (number, load) in loads.enumerated() {
      next.assignments = load.assignments
      let hand = try PlanInHand(cut, next, held: split?.held)
      let inForce = hand.stage.declaration.timetable(of: old)
      let left = 0.7 * timeLimit - elapsed()
      var result = try MinimalRepair.run(
        hand.state, inForce: inForce, solver: solver,
        timeLimit: max(1, number + 1 < loads.count ? left / 2 : left),
        isCancelled: { isCancelled() || TimeBudget.seconds(since: clock) > 0.75 * timeLimit })
      if !result.unplaced.isEmpty, number + 1 == loads.count, !isCancelled() {
        try hand.searchOn(
          &result, inForce, solver, seconds: 0.85 * timeLimit - elapsed(), isCancelled: isCancelled)
      }
      if found.map({ result.unplaced.count < $0.result.unplaced.count }) ?? true {
        found = (hand, inForce, result, number)
      }
      if result.unplaced.isEmpty || isCancelled() { break }
    }
    guard let (hand, inForce, firstResult, load) = found else {
      preconditionFailure("there is always a load to repair with")
    }
    var result = firstResult
    next.assignments = loads[load].assignments
    let reassigned = loads[load].changes
    let vacancy = try vacancy(
      after: next, reassigned, disruption, solver, max(1, 0.9 * timeLimit - elapsed()))
    let first = hand.state.soft
    let searched = elapsed()
    // Who takes over, or what more moves bring, is then still to be found.
    let part = isDeparture ? 0.5 : changes == nil ? 0.85 : iterations == nil ? 0.15 : 0.5
    let end = min(max(part * timeLimit, searched), searched + searchSeconds)
    result = MinimalRepair.cheaper(
      hand.state, inForce: inForce, result, seed: seed, iterations: iterations,
      share: {
        if isCancelled() || searchSeconds <= 0 || elapsed() >= end { return 1 }
        // With a number of steps the clock may end the search, and does not steer it.
        return iterations == nil ? (elapsed() - searched) / (end - searched) : 0
      })
    let saved = hand.scaled(first - hand.state.soft)
    // What is fixed and breaks a rule of the plan in force does so as before.
    let fixed = split?.held.fixed ?? []
    func ids(_ events: [Int]) -> [MeetingID] {
      events.map { hand.id(of: $0) }.filter { !fixed.contains($0) }
    }
    var (moved, forced, unplaced) = (ids(result.moved), ids(result.forced), ids(result.unplaced))
    let kept = result.forced.count - forced.count
    let bound = max(0, result.bound - kept)
    hand.adoptState()
    var curve: [CurvePoint] = []
    if let changes, result.unplaced.isEmpty {
      let began = elapsed()
      curve = try hand.curve(
        against: old, held: split?.held, most: max(changes, result.moved.count), seed: seed,
        iterations: iterations, solver: solver,
        share: {
          let gone =
            (TimeBudget.seconds(since: clock) - began) / max(0.1, 0.9 * timeLimit - began)
          if isCancelled() || gone >= 1 { return 1 }
          return iterations == nil ? gone : 0
        }, seconds: { max(0.1, 0.9 * timeLimit - TimeBudget.seconds(since: clock)) })
      if let last = curve.last(where: { $0.moved <= max(changes, result.moved.count) }) {
        hand.plan.meetings = last.meetings
        moved = Self.moved(last.meetings, against: old)
      }
    }
    var mended = hand.plan
    if let split {
      let whole = split.merged(mended.meetings)
      mended.meetings = whole.meetings
      moved = moved.map { whole.ids[$0] ?? $0 }
      forced = forced.map { whole.ids[$0] ?? split.origin(of: $0) }
      unplaced = unplaced.map(split.origin)
      curve = curve.map { point in
        var point = point
        point.meetings = split.merged(point.meetings).meetings
        return point
      }
    }
    var takeover =
      isDeparture
      ? try takeover(
        mended, after, leaving, solver: solver, timeLimit: max(1, 0.9 * timeLimit - elapsed()),
        isCancelled: isCancelled) : nil
    if var given = takeover {
      after.held = given.held
      mended.assignments = try giveOnExams(
        of: mended, &given, absent: Set(leaving.teachers), solver: solver,
        timeLimit: max(1, 0.95 * timeLimit - elapsed()), isCancelled: isCancelled)
      // Who gave exams on may have fewer hours than were asked of them: it is told.
      let short = Set(given.shortfalls.map(\.teacher))
      after.teachers = Table(
        after.teachers.map { row in
          var row = row
          if short.contains(row.id) { row.minHours = nil }
          return row
        })
      takeover = given
    }
    mended.record.revision = plan.record.revision + 1
    let report = Self.renewClaims(&mended, of: after, keepsBounds: false)
    return RepairOutcome(
      institution: after, before: plan, plan: mended, report: report,
      reportBefore: PlanValidator.validate(institution, plan), moved: moved,
      forced: forced, unplaced: unplaced, bound: bound,
      isProved: unplaced.isEmpty && bound >= result.moved.count - kept, reassigned: reassigned,
      vacancy: vacancy, takeover: takeover, takers: takers(of: unplaced, disruption),
      saved: changes == nil ? saved : 0, curve: curve,
      seconds: elapsed())
  }

  /// What stays vacant after somebody left, with who could take it.
  private func vacancy(
    after next: Plan, _ reassigned: [Reassignment], _ disruption: Disruption,
    _ solver: any LinearSolver, _ timeLimit: Double
  ) throws -> Vacancy? {
    let vacant = reassigned.filter { $0.to == nil }
    if vacant.isEmpty { return nil }
    let absent = Set(disruption.teachers)
    // As the others stand after what was given to them.
    var plan = next
    plan.meetings = self.plan.meetings
    let hand = try PlanInHand(institution, plan)
    let items = vacant.compactMap { change -> Vacancy.Item? in
      guard let task = plan.tasks[change.task] else { return nil }
      let people: [Substitute] =
        task.work.teachingKind == nil
        ? hand.takers(of: task, absent: absent)
        : hand.substitutes(for: hand.events(of: change.section), absent: absent).map {
          person -> Substitute in
          // Whom students chose among those who left they cannot have.
          var person = person
          person.obstacles.removeAll {
            if case .chosen(_, let teacher) = $0 { absent.contains(teacher) } else { false }
          }
          return person
        }
      return Vacancy.Item(
        task: task.id, section: task.section, work: task.work, hours: task.hours.value,
        people: people)
    }
    return Vacancy(
      items: items, hours: Self.vacantHours(next.assignments),
      before: Self.vacantHours(self.plan.assignments),
      bound: try fewestVacantHours(without: absent, solver: solver, timeLimit: max(1, timeLimit)))
  }

  private func takers(
    of unplaced: [MeetingID], _ disruption: Disruption
  ) -> [MeetingID: [Substitute]] {
    let absent = Set(disruption.teachers)
    let holders = plan.teachersBySection
    var result: [MeetingID: [Substitute]] = [:]
    for id in unplaced {
      guard let event = event(of: id), let section = meeting(of: event)?.section,
        holders[section]?.contains(where: absent.contains) ?? false
      else { continue }
      result[id] = substitutes(for: [event], absent: absent)
    }
    return result
  }

  /// Looks for a complete timetable by the search, from what a repair could place; what can then go
  /// back goes back.
  private func searchOn(
    _ result: inout MinimalRepair.Result, _ inForce: Timetable, _ solver: any LinearSolver,
    seconds: Double, isCancelled: @escaping @Sendable () -> Bool
  ) throws {
    guard seconds > 1 else { return }
    let flag = CompletionFlag()
    var options = SearchOptions()
    options.timeLimit = seconds
    options.isCancelled = { flag.isSet || isCancelled() }
    options.progress = { step in if step.incumbent.hard == 0 { flag.set() } }
    let found = try TimetableSearch.run(
      stage.problem, from: state.timetable, solver: solver, options)
    guard found.unplaced.isEmpty else { return }
    let complete = SearchState(stage.problem)
    WarmStart.load(found.timetable, into: complete)
    guard complete.unplaced == 0 else { return }
    state.copy(from: complete)
    result = MinimalRepair.settled(state, inForce: inForce, result)
  }

  /// Ids of meetings that are not where they were.
  static func moved(_ meetings: [Meeting], against old: [Meeting]) -> [MeetingID] {
    let known = Dictionary(old.map { ($0.id, $0) }) { first, _ in first }
    return meetings.filter { known[$0.id] != nil && known[$0.id] != $0 }.map(\.id)
  }

  /// The best plans found with more and more moved meetings.
  func curve(
    against old: [Meeting], held: HeldTimetable? = nil, most: Int, seed: UInt64, iterations: Int?,
    solver: any LinearSolver,
    share: () -> Double, seconds: () -> Double
  ) throws -> [CurvePoint] {
    // What moving itself costs is left out: the number of moves is the budget.
    var free = institution
    free.weights.timetable[.movedTime] = 0
    free.weights.timetable[.movedRoom] = 0
    free.publishedMeetings = []
    // Weeks that meetings were moved to are theirs from now on.
    var held = held
    held?.meetings = plan.meetings
    let hand = try PlanInHand(free, plan, held: held)
    // With a limit on steps nothing may hang on the clock, and a programme has no other limit.
    let points = try ChangeCurve.run(
      hand.state, inForce: hand.stage.declaration.timetable(of: old), most: most, seed: seed,
      steps: iterations ?? 2_000_000, solver: iterations == nil ? solver : nil, share: share,
      seconds: seconds)
    let kept = Dictionary(plan.meetings.map { ($0.id, $0) }) { first, _ in first }
    return points.map { point in
      let meetings = hand.stage.declaration.meetings(of: point.timetable)
      let fresh = Dictionary(meetings.map { ($0.id, $0) }) { first, _ in first }
      return CurvePoint(
        moved: point.moved, objective: hand.scaled(point.soft),
        meetings: plan.meetings.map { fresh[$0.id] ?? kept[$0.id] ?? $0 })
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
public import Curricula
internal import Formats
public import Problem
internal import Solving
internal import Timetabling
public import University
public import Validation

/// A plan with a timetable, taken up to be changed: with the search's state of it, so that changes
/// are priced exactly.
public final class PlanInHand {
  /// The institution, in the regime that the plan names.
  public let institution: Institution
  /// The plan as read, with the changes made since.
  public internal(set) var plan: Plan
  /// Warnings of the readers.
  public let warnings: [String]
  /// The declarations of the timetable, and the problem.
  public let stage: TimetableStage
  /// The timetable; meetings that break a rule are not placed in it.
  public let state: SearchState
  /// The position of each event's meeting in the plan; nil where it has none.
  public private(set) var positionOfEvent: [Int?]
  private var eventOfMeeting: [MeetingID: Int] = [:]

  /// Reads a plan folder with its instance.
  ///
  /// - Parameters:
  ///   - instance: The instance folder.
  ///   - path: The plan folder; it must hold a timetable.
  /// - Throws: ``InputRejected`` with everything found.
  public convenience init(instance: String, plan path: String) throws {
    let regime = try PlanFolder.record(path).regime
    let reading = try InstanceFolder.read(instance, regime: regime.isEmpty ? nil : regime)
    let plan = try PlanFolder.read(path, institution: reading.institution)
    guard plan.hasLoad, plan.hasTimetable else {
      throw InputRejected([
        Diagnostic(
          .error, code: "plan.missingTable", file: path,
          problem: "the plan has no timetable (load.csv, assignments.csv and meetings.csv)",
          suggestion: "make it with keste plan")
      ])
    }
    var warnings = reading.warnings.map(\.description)
    if !plan.record.instanceSHA256.isEmpty, plan.record.instanceSHA256 != reading.sha256 {
      warnings.append("the instance was changed after the plan was made")
    }
    try self.init(reading.institution, plan, warnings: warnings)
  }

  /// Takes up a plan that was read.
  ///
  /// - Parameters:
  ///   - institution: What it is a plan of.
  ///   - plan: The plan.
  ///   - warnings: Warnings of the readers.
  ///   - held: What of its meetings stays, and how they may move; nil lets each meeting move, and
  ///     takes the weeks of a section's meetings as they are where keste would choose others.
  /// - Throws: ``InputRejected`` where the declarations contradict themselves or their numbers are
  ///   too large.
  public init(
    _ institution: Institution, _ plan: Plan, warnings: [String] = [], held: HeldTimetable? = nil
  ) throws {
    self.institution = institution
    self.plan = plan
    self.warnings = warnings
    stage = try TimetableStage(
      institution, plan, held: held ?? HeldTimetable(plan.meetings))
    state = SearchState(stage.problem)
    let declaration = stage.declaration
    WarmStart.load(declaration.timetable(of: plan.meetings), into: state)
    positionOfEvent = declaration.positions(in: plan.meetings)
    eventOfMeeting = eventsByMeeting()
  }

  private func eventsByMeeting() -> [MeetingID: Int] {
    var events: [MeetingID: Int] = [:]
    for (event, position) in positionOfEvent.enumerated() {
      if let position { events[plan.meetings[position].id] = event }
    }
    return events
  }

  /// The event of a meeting; of one without a place too, by the id that it would have.
  public func event(of meeting: MeetingID) -> Int? {
    eventOfMeeting[meeting]
      ?? positionOfEvent.indices.first {
        positionOfEvent[$0] == nil && stage.declaration.meetingOfEvent[$0] == meeting
      }
  }

  /// The events of a section, in the order of its meetings.
  public func events(of section: SectionID) -> [Int] {
    stage.declaration.sectionOfEvent.indices.filter {
      stage.declaration.sectionOfEvent[$0] == section
    }
  }

  /// The meeting of an event as the plan has it.
  public func meeting(of event: Int) -> Meeting? {
    positionOfEvent[event].map { plan.meetings[$0] }
  }

  /// The id of an event's meeting.
  public func id(of event: Int) -> MeetingID {
    meeting(of: event)?.id ?? stage.declaration.meetingOfEvent[event]
  }

  /// Meetings of the plan that the rules refuse, given those before them.
  public var refused: [MeetingID] {
    positionOfEvent.indices.compactMap { event in
      state.isPlaced(event) ? nil : positionOfEvent[event].map { plan.meetings[$0].id }
    }
  }

  /// Takes over where the state has events that it did not have there before: rows of the plan's
  /// meetings are changed in place, those of events without a place are removed.
  ///
  /// - Returns: The ids of the meetings that are at another time or in another room.
  @discardableResult
  public func adoptState() -> [MeetingID] {
    let declaration = stage.declaration
    let fresh = Dictionary(
      uniqueKeysWithValues: declaration.meetings(of: state.timetable).map { ($0.id, $0) })
    var meetings = plan.meetings
    var moved: [MeetingID] = []
    var gone: Set<Int> = []
    for event in positionOfEvent.indices {
      let placed = fresh[declaration.meetingOfEvent[event]]
      switch (positionOfEvent[event], placed) {
      case (let position?, var row?):
        row.id = meetings[position].id
        if row != meetings[position] {
          meetings[position] = row
          moved.append(row.id)
        }
      case (let position?, nil):
        gone.insert(position)
        moved.append(meetings[position].id)
      case (nil, let row?):
        meetings.append(row)
        moved.append(row.id)
      case (nil, nil): break
      }
    }
    plan.meetings = meetings.indices.filter { !gone.contains($0) }.map { meetings[$0] }
    positionOfEvent = declaration.positions(in: plan.meetings)
    return moved
  }

  /// Changes one meeting of the plan, or adds one that had no place, by hand, whatever the rules
  /// say.
  func put(_ meeting: Meeting) {
    if let position = plan.meetings.firstIndex(where: { $0.id == meeting.id }) {
      plan.meetings[position] = meeting
    } else {
      plan.meetings.append(meeting)
    }
  }

  /// Brings the state to where the plan's meetings are.
  func reload() {
    for event in 0..<stage.problem.events where state.isPlaced(event) { state.remove(event) }
    WarmStart.load(stage.declaration.timetable(of: plan.meetings), into: state)
    positionOfEvent = stage.declaration.positions(in: plan.meetings)
    eventOfMeeting = eventsByMeeting()
  }

  /// Has the validator judge the plan and records what it found, as the plan's claims.
  ///
  /// A bound that was proved of the same instance stays; one that no longer is below the objective
  /// does not.
  public func judge(keepsBounds: Bool = true) -> ScoreReport {
    Self.renewClaims(&plan, of: institution, keepsBounds: keepsBounds)
  }

  /// As ``judge(keepsBounds:)``, of a plan by itself.
  static func renewClaims(
    _ plan: inout Plan, of institution: Institution, keepsBounds: Bool
  ) -> ScoreReport {
    var stages: Set<Stage> = [.sections]
    if plan.hasLoad { stages.insert(.load) }
    if plan.hasTimetable { stages.insert(.timetable) }
    return PlanValidator.validate(institution, &plan, stages: stages) { found, record in
      renew(&record, found, keepsBounds)
    }
  }

  private static func renew(
    _ claims: inout PlanRecord, _ found: ScoreReport, _ keepsBounds: Bool
  ) {
    claims.keste = kesteVersion
    for stage in found.stages {
      let held =
        switch stage {
        case .sections: claims.sections
        case .load: claims.load
        case .timetable: claims.timetable
        }
      let objective = found.objectives[stage] ?? 0
      let isBroken = PlanRun.isBroken(stage, found)
      var bound: Double?
      if keepsBounds, !isBroken, let claimed = held?.bound, claimed <= objective + 0.01 {
        bound = min(claimed, objective)
      }
      // Rules that are broken by hand prove nothing; what was proved of the same input stays so.
      let status: StageStatus =
        isBroken
        ? (keepsBounds && held?.status == .infeasible ? .infeasible : .stopped)
        : bound.map { objective - $0 <= 0.01 } ?? false ? .optimal : .feasible
      let record = StageRecord(
        status: status, objective: objective, bound: bound,
        criteria: found.criteria(of: stage) ?? [:], seconds: held?.seconds ?? 0)
      switch stage {
      case .sections: claims.sections = record
      case .load: claims.load = record
      case .timetable: claims.timetable = record
      }
    }
  }
}

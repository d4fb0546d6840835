// SPDX-License-Identifier: GPL-3.0-or-later
internal import Curricula
internal import Formats
internal import Formulation
public import LinearModels
internal import Problem
internal import Solving
internal import Timetabling
public import University

/// The mixed-integer model of a plan's timetable stage, for any other solver.
public struct TimetableExport: Sendable {
  /// What of the timetable the model places anew.
  public struct Part: Sendable {
    /// Sections whose meetings are free; empty for all.
    public var sections: [SectionID] = []
    /// Days whose meetings are free; empty for all.
    public var days: [Weekday] = []

    /// The whole timetable.
    public init() {}
  }

  /// The model; its objective is that of the stage times ``scale``.
  public let model: LinearModel
  /// The point of the plan's timetable; nil where the plan has none or breaks a rule.
  public let point: [Double]?
  /// The timetable's cost by the search's terms, times ``scale``; nil as ``point``.
  public let cost: Double?
  /// Weights are multiplied by this, so that they are whole.
  public let scale: Int
  /// Meetings that the model places.
  public let freeMeetings: Int
  /// Meetings of the plan that the model could not take over as they are.
  public let leftOut: [MeetingID]

  /// The model of a plan folder's timetable stage.
  ///
  /// - Parameters:
  ///   - instance: The instance folder.
  ///   - plan: The plan folder, with sections and load; its meetings are the point, and what stays
  ///     fixed.
  ///   - regime: The regime in place of the plan's.
  ///   - part: What is placed anew.
  ///   - isFixed: Whether every decision is fixed to the plan's timetable.
  /// - Throws: ``InputRejected``.
  public init(
    instance: String, plan: String, regime: String? = nil, part: Part = Part(),
    isFixed: Bool = false
  ) throws {
    let record = try PlanFolder.record(plan)
    let reading = try InstanceFolder.read(
      instance, regime: regime ?? (record.regime.isEmpty ? nil : record.regime))
    let held = try PlanFolder.read(plan, institution: reading.institution)
    try self.init(reading.institution, held, path: plan, part: part, isFixed: isFixed)
  }

  init(
    _ institution: Institution, _ plan: Plan, path: String, part: Part, isFixed: Bool
  ) throws {
    let known = Set(plan.sections.map(\.id))
    var faults = part.sections.filter { !known.contains($0) }.map { section in
      Diagnostic(
        .error, code: "export.section", file: "plan/sections.csv", column: "section",
        value: section.text, problem: "the plan has no section of this id")
    }
    faults += part.days.filter { !institution.days.contains($0) }.map { day in
      Diagnostic(
        .error, code: "export.day", file: "instance.yaml", column: "days", value: day.code,
        problem: "no classes are held on this day")
    }
    let isPart = !part.sections.isEmpty || !part.days.isEmpty
    if isPart || isFixed, plan.meetings.isEmpty {
      faults.append(
        Diagnostic(
          .error, code: "export.noTimetable", file: "plan/meetings.csv",
          problem: "what stays fixed is taken from meetings.csv, which the plan does not have",
          suggestion: "make it with keste timetable, or export the whole model"))
    }
    if !faults.isEmpty { throw InputRejected(faults) }

    let stage = try TimetableStage(institution, plan)
    let problem = stage.problem
    let state = SearchState(problem)
    if !plan.meetings.isEmpty {
      WarmStart.load(stage.declaration.timetable(of: plan.meetings), into: state)
    }
    scale = stage.declaration.scale
    let missing = (0..<problem.events).filter { !state.isPlaced($0) }
    leftOut = plan.meetings.isEmpty ? [] : missing.map { stage.declaration.meetingOfEvent[$0] }
    if isFixed || isPart, let first = leftOut.first {
      throw InputRejected([
        Diagnostic(
          .error, code: "export.broken", file: "plan/meetings.csv", column: "meeting",
          value: first.text,
          problem: "\(leftOut.count) meetings cannot be held as the plan says, this one first",
          suggestion: "see keste validate")
      ])
    }
    let sections = Set(part.sections)
    let free = (0..<Int32(problem.events)).filter { event in
      let isNamed =
        sections.isEmpty || sections.contains(stage.declaration.sectionOfEvent[Int(event)])
      guard isNamed, !part.days.isEmpty else { return isNamed }
      let day = Int(problem.timeDay[Int(state.eventTime[Int(event)])])
      return part.days.contains(institution.days[day])
    }
    let built =
      isPart
      ? TimetableModel(state, free: free, isNamed: true) : TimetableModel(problem, isNamed: true)
    var model = built.model
    model.name = "timetable"
    freeMeetings = free.count
    if plan.meetings.isEmpty || !missing.isEmpty {
      point = nil
      cost = nil
    } else {
      point = built.values(of: state)
      cost = Double(state.soft)
    }
    if isFixed, let point {
      for decision in built.decisions {
        model.setBounds(decision, lower: point[decision.index], upper: point[decision.index])
      }
    }
    self.model = model
  }

  /// Columns of the model.
  public var columns: Int { model.columns.count }
  /// Columns that must be whole.
  public var wholeColumns: Int { model.columns.count { $0.domain != .continuous } }
  /// Rows of the model.
  public var rows: Int { model.rows.count }

  /// The model in free MPS format.
  public var mps: String { MPSWriter().text(of: model) }

  /// The model in CPLEX LP format.
  public var lp: String { LPWriter().text(of: model) }
}

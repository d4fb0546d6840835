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
        .error, code: "export.section", file: PlanFolder.shown(path) + "sections.csv",
        column: "section",
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
          .error, code: "export.noTimetable", file: PlanFolder.shown(path) + "meetings.csv",
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
      throw Self.broken(
        PlanFolder.shown(path) + "meetings.csv", "meeting", first.text, leftOut.count)
    }
    let sections = Set(part.sections)
    let built = Self.model(
      state, isPart: isPart, isFixed: isFixed, hasTimetable: !plan.meetings.isEmpty
    ) { event in
      let isNamed =
        sections.isEmpty || sections.contains(stage.declaration.sectionOfEvent[event])
      guard isNamed, !part.days.isEmpty else { return isNamed }
      return part.days.contains(institution.days[Int(problem.timeDay[Int(state.eventTime[event])])])
    }
    (model, point, cost, freeMeetings) = built
  }

  /// The model of a benchmark file (ITC-2007 course timetabling).
  ///
  /// - Parameters:
  ///   - file: The `.ctt` or `.ectt` file.
  ///   - solution: A solution file: the point, and what stays fixed.
  ///   - courses: Names of courses whose lectures are free; empty for all.
  ///   - days: Days, from 0, whose lectures are free; empty for all.
  ///   - isFixed: Whether every decision is fixed to the solution.
  /// - Throws: ``InputRejected``.
  public init(
    benchmark file: String, solution: String?, courses: [String] = [], days: [Int] = [],
    isFixed: Bool = false
  ) throws {
    let instance = try CourseTimetablingFile.read(file)
    let isPart = !courses.isEmpty || !days.isEmpty
    let known = Set(instance.courses.map(\.name))
    var faults = courses.filter { !known.contains($0) }.map { course in
      Diagnostic(
        .error, code: "export.section", file: file, column: "course", value: course,
        problem: "the file has no course of this name")
    }
    faults += days.filter { !(0..<instance.days).contains($0) }.map { day in
      Diagnostic(
        .error, code: "export.day", file: file, column: "days", value: "\(day)",
        problem: "days are 0 to \(instance.days - 1)")
    }
    if isPart || isFixed, solution == nil {
      faults.append(
        Diagnostic(
          .error, code: "export.noTimetable", file: file,
          problem: "what stays fixed is taken from a solution, and none is named",
          suggestion: "make one with keste solve, or export the whole model"))
    }
    let read = try solution.map { try CourseTimetablingFile.readSolution($0, of: instance) }
    faults += read?.malformed ?? []
    if !faults.isEmpty { throw InputRejected(faults) }

    let problem = try instance.declaration.lowered(file: file)
    let state = SearchState(problem)
    if let read { WarmStart.load(instance.timetable(of: read.lectures), into: state) }
    scale = 1
    let missing = (0..<problem.events).filter { !state.isPlaced($0) }
    leftOut = read == nil ? [] : missing.map { MeetingID(instance.declaration.events[$0].name) }
    if isFixed || isPart, let first = leftOut.first {
      throw Self.broken(solution ?? file, "lecture", first.text, leftOut.count)
    }
    let courseOfEvent = instance.courses.flatMap { course in
      Array(repeating: course.name, count: course.lectures)
    }
    (model, point, cost, freeMeetings) = Self.model(
      state, isPart: isPart, isFixed: isFixed, hasTimetable: read != nil
    ) { event in
      (courses.isEmpty || courses.contains(courseOfEvent[event]))
        && (days.isEmpty || days.contains(Int(problem.timeDay[Int(state.eventTime[event])])))
    }
  }

  private static func broken(
    _ file: String, _ column: String, _ first: String, _ number: Int
  ) -> InputRejected {
    InputRejected([
      Diagnostic(
        .error, code: "export.broken", file: file, column: column, value: first,
        problem: "\(number) cannot be held as they are, this one first",
        suggestion: "see keste validate, or keste score for a benchmark file")
    ])
  }

  /// The model of a state, its point and cost where everything is placed, and how many events are
  /// free.
  private static func model(
    _ state: SearchState, isPart: Bool, isFixed: Bool, hasTimetable: Bool,
    isFree: (Int) -> Bool
  ) -> (LinearModel, [Double]?, Double?, Int) {
    let problem = state.problem
    let free = (0..<Int32(problem.events)).filter { isFree(Int($0)) }
    let built =
      isPart
      ? TimetableModel(state, free: free, isNamed: true) : TimetableModel(problem, isNamed: true)
    var model = built.model
    model.name = "timetable"
    guard hasTimetable, state.unplaced == 0 else { return (model, nil, nil, free.count) }
    let point = built.values(of: state)
    if isFixed {
      for decision in built.decisions {
        model.setBounds(decision, lower: point[decision.index], upper: point[decision.index])
      }
    }
    return (model, point, Double(state.soft), free.count)
  }

  /// Columns of the files written.
  public var columns: Int { model.writtenColumns }
  /// Columns that must be whole.
  public var wholeColumns: Int { model.columns.count { $0.domain != .continuous } }
  /// Rows of the model.
  public var rows: Int { model.rows.count }

  /// The model in free MPS format.
  public var mps: String { MPSWriter().text(of: model) }

  /// The model in CPLEX LP format.
  public var lp: String { LPWriter().text(of: model) }
}

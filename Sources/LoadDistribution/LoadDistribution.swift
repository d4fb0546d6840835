// SPDX-License-Identifier: GPL-3.0-or-later
public import LinearModels
public import University

/// How the distribution of the load is to be solved.
public struct LoadOptions: Sendable {
  /// Seconds of wall time; nil for no limit.
  public var timeLimit: Double?
  /// Seed of all random choices.
  public var seed: UInt64
  /// Threads that may be used; the result does not depend on it.
  public var threads: Int
  /// Steps of the search over all tasks; nil for a number that follows from the size.
  public var iterationLimit: Int?
  /// Whether to go on looking for something better until the time limit, where there is one.
  public var isThorough: Bool
  /// Asked now and then; true ends the solve with the best found.
  public var isCancelled: @Sendable () -> Bool
  /// Told the phase and the share done, from 0 to 1; may be called from any thread.
  public var progress: @Sendable (String, Double) -> Void

  /// No limits, seed 1, one thread.
  public init(
    timeLimit: Double? = nil, seed: UInt64 = 1, threads: Int = 1, iterationLimit: Int? = nil,
    isThorough: Bool = false, isCancelled: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (String, Double) -> Void = { _, _ in }
  ) {
    self.timeLimit = timeLimit
    self.seed = seed
    self.threads = threads
    self.iterationLimit = iterationLimit
    self.isThorough = isThorough
    self.isCancelled = isCancelled
    self.progress = progress
  }
}

/// Who does which task, and how good that is.
public struct LoadAssignment: Sendable {
  /// Rows for every task in the order of the tasks; the vacant part has no teacher.
  public var assignments: [Assignment]
  /// `optimal` when the bound equals the objective to 0.01; `infeasible` when a pin, a student's
  /// choice or a teacher's least hours cannot hold.
  public var status: StageStatus
  /// Values before their weights, rounded to 0.01.
  public var criteria: [LoadCriterion: Double]
  /// Σ weight × criterion.
  public var objective: Double
  /// A proved lower bound of the objective; nil where there is none.
  public var bound: Double?
  /// What cannot hold, and what is vacant and why.
  public var messages: [String]

  /// A result with all its parts.
  public init(
    assignments: [Assignment], status: StageStatus, criteria: [LoadCriterion: Double],
    objective: Double, bound: Double?, messages: [String]
  ) {
    self.assignments = assignments
    self.status = status
    self.criteria = criteria
    self.objective = objective
    self.bound = bound
    self.messages = messages
  }
}

/// The distribution of the teaching load: which teacher takes which task.
///
/// Rules L2–L5, S6 and the pinned teachers of T4 hold in every result, unless the input itself
/// contradicts them; the objective is that of FORMATS.md section 5, "Load".
///
/// Beyond these nobody gets a section for which the teacher's closed times and the section's pins and
/// groups leave no time, nor two sections pinned to times that meet, unless a pin or a choice names
/// the teacher; and classes beyond what a teacher's open times take go elsewhere where they can.
public enum LoadDistribution {
  /// Distributes the tasks over the teachers.
  ///
  /// Where the institution gives `assignments.csv`, that is the result.
  /// - Throws: what the linear solver throws when it could not run.
  public static func solve(
    _ institution: Institution, sections: University.Table<Section>, tasks: Table<LoadTask>,
    solver: any LinearSolver, options: LoadOptions = LoadOptions()
  ) throws -> LoadAssignment {
    if let decided = institution.decidedAssignments {
      return result(
        institution, tasks, decided, bound: nil, isContradictory: false,
        messages: ["the assignments are given by the instance and taken as decided"])
    }
    let stop = Stop(
      deadline: options.timeLimit.map { .now + .seconds(min(max(0, $0), 1e8)) },
      isCancelled: options.isCancelled)
    let input = LoadInput(institution, sections: sections, tasks: tasks)
    let parts = input.problem.parts()
    let results = try LoadSolver(solver: solver, options: options, stop: stop).solve(parts)

    var rows: [TaskID: [Assignment]] = [:]
    var bound = 0.0
    var cost = 0.0
    var isShort = false
    for (part, found) in zip(parts, results) {
      bound += found.bound
      cost += found.cost
      isShort = isShort || found.isShort
      for share in found.shares {
        let id = input.tasks[part.tasks[share.task]]
        let teacher = share.teacher < 0 ? nil : input.teachers[part.teachers[share.teacher]]
        rows[id, default: []].append(
          Assignment(task: id, teacher: teacher, hours: Hours(hundredths: share.hours)))
      }
    }
    for task in input.problem.tasks where input.problem.works[task.work].candidates.isEmpty {
      bound += Double(task.hours) * input.problem.costs.vacant
      cost += Double(task.hours) * input.problem.costs.vacant
    }
    let assignments = tasks.flatMap { task in
      rows[task.id] ?? [Assignment(task: task.id, teacher: nil, hours: task.hours)]
    }
    var messages = input.messages
    var contradictory = input.isContradictory
    if isShort {
      messages += shortfalls(institution, assignments)
      contradictory = true
    }
    messages += vacancies(input, assignments, tasks)
    return result(
      institution, tasks, assignments, bound: (bound, cost), isContradictory: contradictory,
      messages: messages)
  }

  private static func result(
    _ institution: Institution, _ tasks: Table<LoadTask>, _ assignments: [Assignment],
    bound: (proved: Double, cost: Double)?, isContradictory: Bool, messages: [String]
  ) -> LoadAssignment {
    let criteria = criteria(institution, tasks: tasks, assignments: assignments)
    let exact = institution.weights.load.objective(criteria)
    let objective = (exact * 1e6).rounded() / 1e6
    // The bound is of the exact cost and the objective of rounded criteria: where the exact cost is
    // proved the least, the rounded one stands for both. A result that must break a rule may cost
    // less than the bound of those that keep it; below the objective it stays a bound.
    let isOptimal = bound.map { $0.cost - $0.proved <= 0.01 } ?? false
    let proved = bound.map {
      isOptimal ? objective : min(($0.proved * 1e6).rounded(.down) / 1e6, objective)
    }
    return LoadAssignment(
      assignments: assignments,
      status: isContradictory ? .infeasible : isOptimal ? .optimal : .feasible,
      criteria: criteria, objective: objective, bound: proved, messages: messages)
  }

  /// Teachers below their least hours.
  private static func shortfalls(
    _ institution: Institution, _ assignments: [Assignment]
  ) -> [String] {
    var hours: [TeacherID: Hours] = [:]
    for row in assignments {
      if let teacher = row.teacher { hours[teacher, default: .zero] += row.hours }
    }
    return institution.teachers.compactMap { teacher in
      let sum = hours[teacher.id] ?? .zero
      guard sum.value < institution.floor(of: teacher) - 1e-6 else { return nil }
      return "teacher \(teacher.id): \(sum) hours, below min_hours "
        + "\(Hours(rounding: institution.floor(of: teacher)))"
    }
  }

  /// Works with vacant hours, and why.
  private static func vacancies(
    _ input: LoadInput, _ assignments: [Assignment], _ tasks: Table<LoadTask>
  ) -> [String] {
    struct Place: Hashable {
      var discipline: DisciplineID
      var work: Work
    }
    var candidates: [TaskID: (fit: Int, barred: Int)] = [:]
    for (i, task) in input.problem.tasks.enumerated() {
      candidates[input.tasks[i]] = (
        input.problem.works[task.work].candidates.count, input.problem.barred[i].count
      )
    }
    var order: [Place] = []
    var vacant: [Place: (hours: Hours, fit: Int, barred: Int)] = [:]
    for row in assignments where row.teacher == nil && row.hours > .zero {
      guard let task = tasks[row.task] else { continue }
      let place = Place(discipline: task.discipline, work: task.work)
      if vacant[place] == nil { order.append(place) }
      let known = vacant[place]?.hours ?? .zero
      let (fit, barred) = candidates[task.id] ?? (0, 0)
      vacant[place] = (known + row.hours, fit, max(barred, vacant[place]?.barred ?? 0))
    }
    return order.compactMap { place in
      guard let found = vacant[place] else { return nil }
      let why =
        if found.fit == 0 {
          "nobody is competent"
        } else if found.barred > 0 {
          "of the \(found.fit) competent \(found.barred) have no time that it may have, and no "
            + "other can take more (L4, L5, pinned times)"
        } else {
          "the \(found.fit) competent cannot take more (L4, L5, pinned times)"
        }
      return "\(place.discipline) \(place.work.text): \(found.hours) hours are vacant, \(why)"
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
public import LinearModels
public import University

/// A load that was solved anew with one task held by one teacher.
public struct ForcedLoad: Sendable {
  /// The objective with it less the objective now, of criteria that are not rounded: what the
  /// teacher costs at most.
  public var cost: Double
  /// What the teacher costs at least, whatever else is changed; nil where nothing is proved.
  public var bound: Double?
  /// The objective of the same work solved anew without the condition, less the objective now: below
  /// 0 where the load itself could be better.
  public var gain: Double
  /// Whether nothing better than ``gain`` exists.
  public var isGainProved: Bool
  /// What changes, the task itself first; hours of a task that is split may go over in part.
  public var moves: [LoadMove]
  /// All lines of the load with the changes in it.
  public var assignments: [Assignment]

  /// Whether nothing that is cheaper by more than 0.01, within which the contract calls a load
  /// optimal, has the task with the teacher.
  public var isProved: Bool { bound.map { cost - $0 <= ForcedLoad.tolerance } ?? false }
  /// What the contract leaves between the objective and the bound of what is optimal.
  static let tolerance = 0.01 + 1e-9
  /// What the teacher costs more than the best there is: never below 0.
  public var regret: Double { max(0, cost - gain) }
}

extension LoadExplainer {
  /// Up to so many teachers of a part that shares no teacher, task and department with others all of
  /// it is solved anew, which proves the cost.
  private static let provedSize = 12
  /// Teachers of a larger part whose work is solved anew.
  private static let neighbourhoodSize = 10

  /// Why a task is where it is, each candidate's cost by solving the load anew with the task held by
  /// the candidate.
  ///
  /// - Parameters:
  ///   - id: of the task.
  ///   - solver: of the mixed-integer models.
  ///   - seconds: for all candidates, cheapest by ``task(_:)`` first, shared out evenly; those not
  ///     reached have the costs of single changes alone.
  /// - Returns: nil for a task that the load has not.
  /// - Throws: what the solver throws when it cannot run.
  public func task(
    _ id: TaskID, solver: any LinearSolver, seconds: Double
  ) throws -> TaskExplanation? {
    try task(id).map { try solvedAnew($0, solver: solver, seconds: seconds) }
  }

  /// An explanation of ``task(_:)`` with each candidate's cost by solving the load anew with the task
  /// held by the candidate.
  ///
  /// - Parameters:
  ///   - explanation: without it.
  ///   - solver: of the mixed-integer models.
  ///   - seconds: for all candidates, as in ``task(_:solver:seconds:)``.
  /// - Returns: the explanation with what was solved, its candidates in the order of that.
  /// - Throws: what the solver throws when it cannot run.
  public func solvedAnew(
    _ explanation: TaskExplanation, solver: any LinearSolver, seconds: Double
  ) throws -> TaskExplanation {
    var found = explanation
    let id = found.task.id
    let deadline = ContinuousClock.now + .seconds(min(max(0, seconds), 1e8))
    var known: Unbound?
    let asked = found.candidates.indices.filter {
      found.candidates[$0].direct != 0 || found.candidates[$0].held == 0
    }
    var isPaid = false
    for (number, index) in asked.enumerated() {
      let left = Stop(deadline: deadline, isCancelled: { false }).secondsLeft ?? 0
      guard left > 0 else { break }
      // Nobody takes the time of those who come later; the first that is solved pays for solving
      // freely, too.
      let share = left / Double(asked.count - number + (isPaid ? 0 : 1))
      found.candidates[index].forced = try forced(
        id, with: found.candidates[index].teacher, solver: solver,
        seconds: isPaid ? share : 2 * share, known: &known)
      if found.candidates[index].forced != nil { isPaid = true }
    }
    found.candidates = Self.ordered(found.candidates)
    return found
  }

  /// Solves the load anew with a task held by a teacher: all of the part where it is small, else the
  /// work of the teachers around the two, the rest held.
  ///
  /// Rules L3–L5, T4 and S6 hold in the result as far as they hold now. The work is limited by
  /// questions of the solver, so that without a limit of time the result is the same on every
  /// machine.
  /// - Returns: nil where a rule forbids the pair whatever else is changed, where nothing was found
  ///   that keeps the rules, and where somebody holds now what L3 forbids.
  /// - Throws: what the solver throws when it cannot run.
  public func forced(
    _ id: TaskID, with teacher: TeacherID, solver: any LinearSolver, seconds: Double? = nil
  ) throws -> ForcedLoad? {
    var known: Unbound?
    return try forced(id, with: teacher, solver: solver, seconds: seconds, known: &known)
  }

  private func forced(
    _ id: TaskID, with teacher: TeacherID, solver: any LinearSolver, seconds: Double?,
    known: inout Unbound?
  ) throws -> ForcedLoad? {
    guard !hasUnfit, let shares = sharesOfTask[id],
      let candidate = institution.teachers.position(of: teacher),
      shares.allSatisfy({ share in
        let task = problem.tasks[share]
        return problem.pair(task.work, candidate) >= 0 && !barred[share].contains(candidate)
          && (task.fixed < 0 || task.fixed == candidate)
      })
    else { return nil }
    var whole = problem
    for share in whole.tasks.indices where isApproved[share] {
      guard !shares.contains(share) || start.holder[share] == candidate else { return nil }
      if start.holder[share] >= 0 { whole.tasks[share].fixed = start.holder[share] }
    }
    for (share, teachers) in barred.enumerated() {
      whole.barred[share] = teachers.filter { $0 != start.holder[share] }
    }
    for t in whole.teachers.indices {
      whole.teachers[t].ceiling = max(whole.teachers[t].ceiling, start.hours[t])
      whole.teachers[t].floor = min(floors[t], start.hours[t])
    }
    let free = whole
    for share in shares { whole.tasks[share].fixed = candidate }
    whole.barExaminers()
    func own(_ problem: LoadProblem) -> LoadProblem.Part? {
      problem.parts().first { part in shares.contains { part.tasks.contains($0) } }
    }
    guard let part = own(whole), let open = own(free) else { return nil }
    let local = Dictionary(
      uniqueKeysWithValues: part.teachers.enumerated().map { ($0.element, $0.offset) })
    let now = part.tasks.enumerated().map { k, share in
      Share(
        task: k, teacher: local[start.holder[share]] ?? -1, hours: part.problem.tasks[k].hours)
    }
    let stop = Stop(
      deadline: seconds.map { .now + .seconds(min(max(0, $0), 1e8)) }, isCancelled: { false })
    guard let chosen = local[candidate],
      let state = begun(part.problem, now, chosen, stop: stop), !stop.isDue
    else { return nil }
    var refinement = LoadRefinement(
      part.problem, start: NormShares.whole(state), solver: solver, stop: stop)
    let all = Array(part.problem.teachers.indices)
    let isWhole = all.count <= Self.provedSize
    let donors = now.filter { shares.contains(part.tasks[$0.task]) }.map(\.teacher)
    let around =
      isWhole
      ? all : neighbourhood(part.problem, state, [chosen] + donors.filter { $0 >= 0 })
    try refinement.spread(over: around)
    let proved = try refinement.improve(around, effort: isWhole ? 6000 : 2000)
    let bound = isWhole ? proved : nil
    let found = refinement.incumbent
    var hours = [Int](repeating: 0, count: all.count)
    for share in found.shares where share.teacher >= 0 { hours[share.teacher] += share.hours }
    let keeps = all.allSatisfy {
      let limits = part.problem.teachers[$0]
      return hours[$0] <= limits.ceiling && hours[$0] >= limits.floor
    }
    guard keeps else { return nil }
    let before = NormShares(problem: part.problem).cost(now)
    // The same work without the condition, from the better of the two: else what solving anew gains
    // by itself would count for the candidate.
    var unbound = LoadRefinement(open.problem, start: now, solver: solver, stop: stop)
    unbound.accept(found.shares)
    var isGainProved = false
    if let known {
      unbound.accept(known.shares)
      isGainProved = known.isProved
    } else if !stop.isDue {
      try unbound.spread(over: around)
      let least = try unbound.improve(around, effort: isWhole ? 6000 : 2000)
      isGainProved =
        isWhole && (least.map { unbound.incumbent.cost - $0 <= ForcedLoad.tolerance } ?? false)
      if isWhole { known = Unbound(shares: unbound.incumbent.shares, isProved: isGainProved) }
    }
    return result(
      id, part, now: now, found: found.shares, cost: rounded(found.cost - before),
      bound: bound.map { rounded(min($0, found.cost) - before) },
      gain: (rounded(unbound.incumbent.cost - before), isGainProved))
  }

  /// A whole part solved anew without a condition.
  private struct Unbound {
    var shares: [Share]
    var isProved: Bool
  }

  /// The present holders, but the task with its new one, who gives up what no longer fits; what is
  /// then vacant is given to others as far as they can take it. Nil where what is fixed does not fit.
  ///
  /// What was vacant before is tried again only where the part is small: of thousands of vacant tasks
  /// each would be asked in vain, for minutes.
  private func begun(
    _ problem: LoadProblem, _ now: [Share], _ chosen: Int, stop: Stop
  ) -> LoadState? {
    var state = LoadState(problem)
    guard state.hours[chosen] <= problem.teachers[chosen].ceiling else { return nil }
    let fixed = problem.tasks.indices.filter { problem.tasks[$0].fixed >= 0 }
    for task in fixed {
      let others = problem.classesOfExam[task] + problem.examsOfClass[task]
      if others.contains(where: { problem.tasks[$0].fixed == problem.tasks[task].fixed }) {
        return nil
      }
    }
    for share in now where problem.tasks[share.task].fixed < 0 && share.teacher >= 0 {
      if state.allows(share.task, share.teacher) { state.assign(share.task, share.teacher) }
    }
    let isSmall = problem.teachers.count <= Self.provedSize
    let lost = now.filter { $0.teacher >= 0 && state.holder[$0.task] < 0 }.map(\.task)
    state.fillVacancies(among: isSmall ? nil : lost, stop: stop)
    return state
  }

  /// Teachers around some: those at the ends of their departments' ranges, and who shares most works
  /// with them.
  private func neighbourhood(
    _ problem: LoadProblem, _ state: LoadState, _ first: [Int]
  ) -> [Int] {
    var chosen: [Int] = []
    func add(_ teacher: Int) {
      if !chosen.contains(teacher), chosen.count < Self.neighbourhoodSize { chosen.append(teacher) }
    }
    for t in first { add(t) }
    for department in Set(first.map { problem.teachers[$0].department }).sorted() {
      let ordered = problem.departmentTeachers[department].sorted { a, b in
        let x = Double(state.hours[a]) / problem.teachers[a].norm
        let y = Double(state.hours[b]) / problem.teachers[b].norm
        return (x, a) < (y, b)
      }
      if let low = ordered.first, let high = ordered.last {
        add(low)
        add(high)
      }
    }
    var common = [Int](repeating: 0, count: problem.teachers.count)
    for work in problem.works where work.isClass && work.candidates.contains(where: first.contains)
    {
      for t in work.candidates { common[t] += 1 }
    }
    for t in common.indices.sorted(by: { (common[$1], $0) < (common[$0], $1) })
    where common[t] > 0 {
      add(t)
    }
    return chosen.sorted()
  }

  private func result(
    _ id: TaskID, _ part: LoadProblem.Part, now: [Share], found: [Share], cost: Double,
    bound: Double?, gain: (value: Double, isProved: Bool)
  ) -> ForcedLoad {
    func byTask(_ shares: [Share]) -> [TaskID: [Int: Int]] {
      var result: [TaskID: [Int: Int]] = [:]
      for share in shares {
        let task = taskOfShare[part.tasks[share.task]]
        let teacher = share.teacher < 0 ? -1 : part.teachers[share.teacher]
        result[task, default: [:]][teacher, default: 0] += share.hours
      }
      return result
    }
    func name(_ teacher: Int) -> TeacherID? { teacher < 0 ? nil : teacherIDs[teacher] }
    let (before, after) = (byTask(now), byTask(found))
    var moves: [LoadMove] = []
    for task in [id] + tasks.map(\.id).filter({ $0 != id }) {
      guard let old = before[task], let new = after[task], old != new else { continue }
      let teachers = Set(old.keys).union(new.keys).sorted()
      var gains = teachers.map { ($0, (new[$0] ?? 0) - (old[$0] ?? 0)) }.filter { $0.1 > 0 }
      for from in teachers {
        var left = (old[from] ?? 0) - (new[from] ?? 0)
        while left > 0, let (to, wanted) = gains.first {
          let hours = min(left, wanted)
          moves.append(
            LoadMove(task: task, from: name(from), to: name(to), hours: Double(hours) / 100))
          left -= hours
          gains[0].1 -= hours
          if gains[0].1 == 0 { gains.removeFirst() }
        }
      }
    }
    var rows: [Assignment] = []
    var written: Set<TaskID> = []
    for row in assignments {
      guard let new = after[row.task], before[row.task] != new else {
        rows.append(row)
        continue
      }
      guard written.insert(row.task).inserted else { continue }
      let order = new.keys.sorted { ($0 < 0 ? .max : $0) < ($1 < 0 ? .max : $1) }
      rows += order.map {
        Assignment(task: row.task, teacher: name($0), hours: Hours(hundredths: new[$0] ?? 0))
      }
    }
    return ForcedLoad(
      cost: cost, bound: bound, gain: gain.value, isGainProved: gain.isProved, moves: moves,
      assignments: rows)
  }
}

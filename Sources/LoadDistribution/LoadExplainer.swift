// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// Explains a load by its model: every cost is that of the plan with the change in it, of all
/// criteria of FORMATS.md section 5, `imbalance` included, before they are rounded.
///
/// A share of a split task is moved as a whole. Rules L3–L5, T4 and S6 hold after every change that
/// is given a cost, as far as they hold before it; a teacher who is below `min_hours` already may
/// give nothing away.
public struct LoadExplainer: Sendable {
  let institution: Institution
  let tasks: University.Table<LoadTask>
  let assignments: [Assignment]
  /// Shares as tasks of their own, without floors and without the timetable's say.
  let problem: LoadProblem
  let floors: [Int]
  let start: LoadState
  let teacherIDs: [TeacherID]
  /// The task that each share is of.
  let taskOfShare: [TaskID]
  let sharesOfTask: [TaskID: [Int]]
  /// Candidates whose closed times leave a share's section no time.
  let barred: [[Int]]
  /// Whether a share's department has an approved load, which nothing changes.
  let isApproved: [Bool]
  /// Whether somebody holds what L3 forbids.
  let hasUnfit: Bool
  private let tally: LoadTally
  /// Shares that each teacher is fit for.
  private let sharesFor: [[Int]]

  /// Prepares the explanations of a load; rows of unknown teachers or tasks count as vacant or not
  /// at all, and lines of approved departments stay in every change.
  public init(
    _ institution: Institution, sections: University.Table<Section>,
    tasks: University.Table<LoadTask>, assignments: [Assignment],
    approved: Set<DepartmentID> = []
  ) {
    self.institution = institution
    self.tasks = tasks
    let assignments = assignments.joined
    self.assignments = assignments
    let input = LoadInput(institution, sections: sections, tasks: tasks)
    teacherIDs = input.teachers
    floors = input.problem.teachers.map(\.floor)
    var denseOf: [TaskID: Int] = [:]
    for (i, id) in input.tasks.enumerated() { denseOf[id] = i }
    var holders: [Int] = []
    var taskOfShare: [TaskID] = []
    var shares: [(dense: Int, hours: Int)] = []
    for row in assignments where row.hours > .zero {
      guard let dense = denseOf[row.task] else { continue }
      shares.append((dense, row.hours.hundredths))
      holders.append(row.teacher.flatMap { institution.teachers.position(of: $0) } ?? -1)
      taskOfShare.append(row.task)
    }
    let whole = input.problem
    var expanded = whole.untimed
    var sharesOf: [Int: [Int]] = [:]
    for (s, share) in shares.enumerated() { sharesOf[share.dense, default: []].append(s) }
    func spread(_ lists: [[Int]]) -> [[Int]] {
      shares.map { share in lists[share.dense].flatMap { sharesOf[$0] ?? [] }.sorted() }
    }
    expanded.tasks = shares.map { share in
      var task = whole.tasks[share.dense]
      task.hours = share.hours
      return task
    }
    expanded.classesOfExam = spread(whole.classesOfExam)
    expanded.examsOfClass = spread(whole.examsOfClass)
    expanded.barred = Array(repeating: [], count: shares.count)
    expanded.clashes = expanded.barred
    // What a change costs is the objective's alone: no earlier load is kept here.
    expanded.previous = Array(repeating: -1, count: shares.count)
    for t in expanded.teachers.indices { expanded.teachers[t].floor = 0 }
    barred = shares.map { whole.barred[$0.dense] }
    // A plan of another program may give work to somebody unfit: such shares have no price.
    let fit = holders.enumerated().map { s, t in
      t >= 0 && expanded.pair(expanded.tasks[s].work, t) < 0 ? -1 : t
    }
    hasUnfit = fit != holders
    holders = fit
    var unnamed = expanded
    for s in unnamed.tasks.indices { unnamed.tasks[s].fixed = -1 }
    var sharesFor = [[Int]](repeating: [], count: expanded.teachers.count)
    for (share, task) in expanded.tasks.enumerated() {
      for t in expanded.works[task.work].candidates { sharesFor[t].append(share) }
    }
    self.sharesFor = sharesFor
    tally = LoadTally(institution, tasks: tasks, assignments: assignments)
    problem = expanded
    start = LoadState(unnamed, holders: holders)
    self.taskOfShare = taskOfShare
    isApproved = taskOfShare.map { id in
      tasks[id].map { approved.contains($0.department) } ?? false
    }
    sharesOfTask = Dictionary(grouping: taskOfShare.indices, by: { taskOfShare[$0] })
  }

  // MARK: - Moves

  private struct Step {
    var share: Int
    var to: Int
  }

  /// What forbids a change, given everything else.
  private func obstacles(_ share: Int, _ to: Int, _ state: LoadState) -> [LoadObstacle] {
    let task = problem.tasks[share]
    var found: [LoadObstacle] = []
    if isApproved[share], let row = tasks[taskOfShare[share]] {
      found.append(.approved(row.department))
    }
    if task.fixed >= 0, to != task.fixed { found.append(.named(teacherIDs[task.fixed])) }
    let from = state.holder[share]
    if from >= 0, state.hours[from] - task.hours < floors[from] {
      found.append(
        .floor(
          teacher: teacherIDs[from], hours: Double(state.hours[from] - task.hours) / 100,
          floor: Double(floors[from]) / 100))
    }
    guard to >= 0 else { return found }
    if let reason = unfitness(share, to) { found.append(.unfit(reason)) }
    let hours = state.hours[to] + task.hours
    if hours > problem.teachers[to].ceiling {
      found.append(
        .ceiling(hours: Double(hours) / 100, ceiling: Double(problem.teachers[to].ceiling) / 100))
    }
    for other in problem.classesOfExam[share] + problem.examsOfClass[share]
    where state.holder[other] == to {
      found.append(.examiner(task: taskOfShare[other]))
      break
    }
    if barred[share].contains(to) { found.append(.noTime) }
    return found
  }

  private func unfitness(_ share: Int, _ teacher: Int) -> Unfitness? {
    guard let task = tasks[taskOfShare[share]] else { return .notCompetent }
    return institution.unfitness(
      of: institution.teachers[teacher], for: task.work, in: task.discipline)
  }

  private func move(_ step: Step, _ state: LoadState) -> LoadMove {
    let from = state.holder[step.share]
    return LoadMove(
      task: taskOfShare[step.share], from: from < 0 ? nil : teacherIDs[from],
      to: step.to < 0 ? nil : teacherIDs[step.to],
      hours: Double(problem.tasks[step.share].hours) / 100)
  }

  // MARK: - Tasks

  /// Why a task is where it is; nil for a task that the load has not.
  public func task(_ id: TaskID) -> TaskExplanation? {
    guard let task = tasks[id] else { return nil }
    let shares = sharesOfTask[id] ?? []
    let rows = assignments.filter { $0.task == id }
    var candidates: [LoadCandidate] = []
    var state = start
    let named = shares.first.flatMap { share -> TeacherID? in
      let fixed = problem.tasks[share].fixed
      return fixed >= 0 ? teacherIDs[fixed] : nil
    }
    for (t, teacher) in institution.teachers.enumerated()
    where institution.competences[Competence.Key(teacher.id, task.discipline)] != nil {
      let held = rows.reduce(0) { $1.teacher == teacher.id ? $0 + $1.hours.value : $0 }
      let isHolder = held > 0 && Hours(rounding: held) >= task.hours
      candidates.append(
        isHolder || shares.isEmpty
          ? LoadCandidate(
            teacher: teacher.id, held: held, direct: isHolder ? 0 : nil, criteria: [:],
            obstacles: [], exchange: nil)
          : candidate(t, shares, held, &state))
    }
    return TaskExplanation(
      task: task, holders: rows, named: named, candidates: Self.ordered(candidates),
      vacant: vacancy(shares, &state))
  }

  /// What it would cost to leave shares to nobody; nil where nobody has them.
  private func vacancy(_ shares: [Int], _ state: inout LoadState) -> VacantAlternative? {
    let held = shares.filter { state.holder[$0] >= 0 }
    guard !held.isEmpty else { return nil }
    state.mark()
    defer { state.undo() }
    let now = state.cost
    var result = VacantAlternative(cost: nil, criteria: [:], obstacles: [])
    var moves: [LoadMove] = []
    for share in held {
      for obstacle in obstacles(share, -1, state) where !result.obstacles.contains(obstacle) {
        result.obstacles.append(obstacle)
      }
      moves.append(move(Step(share: share, to: -1), state))
      state.assign(share, -1)
    }
    guard result.obstacles.isEmpty else { return result }
    result.cost = rounded(state.cost - now)
    result.criteria = tally.differences(moves)
    return result
  }

  /// Holders first, then by cost, then those for whom no way keeps the rules.
  static func ordered(_ candidates: [LoadCandidate]) -> [LoadCandidate] {
    candidates.enumerated().sorted { a, b in
      func key(_ c: LoadCandidate) -> (Int, Double) {
        c.held > 0 ? (0, -c.held) : c.cost.map { (1, $0) } ?? (2, 0)
      }
      let (x, y) = (key(a.element), key(b.element))
      return x != y ? x < y : a.offset < b.offset
    }.map(\.element)
  }

  /// All shares of a task go to a teacher, and at most one thing more.
  private func candidate(
    _ teacher: Int, _ shares: [Int], _ held: Double, _ state: inout LoadState
  ) -> LoadCandidate {
    state.mark()
    defer { state.undo() }
    let now = state.cost
    var result = LoadCandidate(
      teacher: teacherIDs[teacher], held: held, direct: nil, criteria: [:], obstacles: [],
      exchange: nil)
    let moved = shares.filter { state.holder[$0] != teacher }
    var donors: [Int] = []
    var isImpossible = false
    var moves: [LoadMove] = []
    for share in moved {
      for obstacle in obstacles(share, teacher, state) where !result.obstacles.contains(obstacle) {
        result.obstacles.append(obstacle)
        switch obstacle {
        case .unfit, .named, .noTime, .approved: isImpossible = true
        case .ceiling, .floor, .examiner: break
        }
      }
      if state.holder[share] >= 0 { donors.append(state.holder[share]) }
      moves.append(move(Step(share: share, to: teacher), state))
      // Without fitness there is no pair, and nothing to reckon with.
      if problem.pair(problem.tasks[share].work, teacher) < 0 { return result }
      state.assign(share, teacher)
    }
    guard !isImpossible else { return result }
    if result.obstacles.isEmpty {
      result.direct = rounded(state.cost - now)
      result.criteria = tally.differences(moves)
    }
    // One compensating change, checked by the rules of the whole result.
    var best: (step: Step, cost: Double)?
    func consider(_ step: Step) {
      guard !shares.contains(step.share), state.holder[step.share] != step.to else { return }
      if step.to >= 0, problem.pair(problem.tasks[step.share].work, step.to) < 0 { return }
      let before = state.holder[step.share]
      guard obstaclesOfSecond(step, state, donors) == nil else { return }
      let changes = state.changes
      state.assign(step.share, step.to)
      let cost = state.cost - now
      if cost < (best?.cost ?? .infinity) - 1e-9,
        keeps(teacher, donors + [before, step.to], state),
        !meets(moved, teacher, state)
      {
        best = (step, cost)
      }
      state.undo(to: changes)
    }
    for share in state.held[teacher].map(Int.init).sorted() {
      for t in problem.works[problem.tasks[share].work].candidates where t != teacher {
        consider(Step(share: share, to: t))
      }
    }
    for donor in Set(donors).sorted() {
      for share in sharesFor[donor] where state.holder[share] != teacher {
        consider(Step(share: share, to: donor))
      }
    }
    if let best {
      result.exchange = PricedMove(
        moves: moves + [move(best.step, state)], cost: rounded(best.cost))
    }
    return result
  }

  /// What forbids the second change by itself; the first change's donors may be short for now.
  private func obstaclesOfSecond(
    _ step: Step, _ state: LoadState, _ donors: [Int]
  ) -> LoadObstacle? {
    obstacles(step.share, step.to, state).first {
      if case .floor(let id, _, _) = $0 { return !donors.contains { teacherIDs[$0] == id } }
      return true
    }
  }

  /// Whether L4 holds for teachers, or is broken no more than before.
  private func keeps(_ teacher: Int, _ others: [Int], _ state: LoadState) -> Bool {
    (others + [teacher]).filter { $0 >= 0 }.allSatisfy { t in
      state.hours[t] <= max(problem.teachers[t].ceiling, start.hours[t])
        && state.hours[t] >= min(floors[t], start.hours[t])
    }
  }

  /// Whether L5 keeps shares from a teacher.
  private func meets(_ shares: [Int], _ teacher: Int, _ state: LoadState) -> Bool {
    shares.contains { share in
      (problem.classesOfExam[share] + problem.examsOfClass[share]).contains {
        state.holder[$0] == teacher
      }
    }
  }

  /// The assignments with moves in them.
  public func applied(_ moves: [LoadMove]) -> [Assignment] {
    var rows = assignments
    for move in moves {
      guard
        let at = rows.firstIndex(where: {
          $0.task == move.task && $0.teacher == move.from
            && $0.hours == Hours(rounding: move.hours)
        })
      else { continue }
      rows[at].teacher = move.to
    }
    return rows
  }

  /// What floating-point sums leave behind is no cost.
  func rounded(_ cost: Double) -> Double { (cost * 1e6).rounded() / 1e6 + 0 }

  // MARK: - Teachers and departments

  /// Why a teacher has so many hours; nil for a teacher whom the institution has not.
  public func teacher(_ id: TeacherID) -> TeacherExplanation? {
    guard let t = institution.teachers.position(of: id) else { return nil }
    let teacher = institution.teachers[t]
    struct Key: Hashable {
      var discipline: DisciplineID
      var work: Work
    }
    var order: [Key] = []
    var lines: [Key: (tasks: Int, hours: Double)] = [:]
    for row in assignments where row.teacher == id {
      guard let task = tasks[row.task] else { continue }
      let key = Key(discipline: task.discipline, work: task.work)
      if lines[key] == nil { order.append(key) }
      lines[key, default: (0, 0)].tasks += 1
      lines[key, default: (0, 0)].hours += row.hours.value
    }
    let staff = institution.teachers.filter {
      $0.department == teacher.department && institution.norm(of: $0) > 0
    }
    let own = Set(staff.map(\.id))
    let norms = staff.reduce(0) { $0 + institution.norm(of: $1) }
    let held = assignments.reduce(0) {
      $1.teacher.map(own.contains) == true ? $0 + $1.hours.value : $0
    }
    var gains: [PricedMove] = []
    var reliefs: [PricedMove] = []
    var reachable = 0
    var (gainsAreHeld, reliefsAreHeld) = (false, false)
    var state = start
    for share in sharesFor[t] {
      reachable += problem.tasks[share].hours
      if isApproved[share] {
        if start.holder[share] == t { reliefsAreHeld = true } else { gainsAreHeld = true }
        continue
      }
      if start.holder[share] == t {
        for other in problem.works[problem.tasks[share].work].candidates where other != t {
          price(Step(share: share, to: other), &state, into: &reliefs)
        }
      } else {
        price(Step(share: share, to: t), &state, into: &gains)
      }
    }
    return TeacherExplanation(
      teacher: id,
      lines: order.map { key in
        let (count, hours) = lines[key] ?? (0, 0)
        return TeacherExplanation.Line(
          discipline: key.discipline, work: key.work, tasks: count,
          hours: Hours(rounding: hours).value)
      },
      hours: Hours(rounding: lines.values.reduce(0) { $0 + $1.hours }).value,
      norm: institution.norm(of: teacher), rate: teacher.rate,
      ceiling: institution.ceiling(of: teacher), floor: institution.floor(of: teacher),
      departmentRatio: norms > 0 ? held / norms : nil, reachable: Double(reachable) / 100,
      gains: gains, reliefs: reliefs, gainsAreHeld: gainsAreHeld, reliefsAreHeld: reliefsAreHeld)
  }

  /// Keeps the three cheapest changes.
  private func price(
    _ step: Step, _ state: inout LoadState, into list: inout [PricedMove]
  ) {
    guard obstacles(step.share, step.to, start).isEmpty else { return }
    state.mark()
    defer { state.undo() }
    let now = state.cost
    let move = move(step, state)
    state.assign(step.share, step.to)
    let priced = PricedMove(moves: [move], cost: rounded(state.cost - now))
    let at = list.firstIndex { $0.cost > priced.cost } ?? list.endIndex
    guard at < 3 else { return }
    list.insert(priced, at: at)
    if list.count > 3 { list.removeLast() }
  }

  /// Why a department's load is spread as it is; nil for one that the institution has not.
  public func department(_ id: DepartmentID) -> DepartmentExplanation? {
    guard institution.departments[id] != nil else { return nil }
    let staff = institution.teachers.filter { $0.department == id }
    let own = Set(staff.map(\.id))
    var (hours, outside, inside, held) = (0.0, 0.0, 0.0, 0.0)
    for task in tasks where task.department == id { hours += task.hours.value }
    var rows: [Assignment] = []
    for row in assignments {
      guard let task = tasks[row.task] else { continue }
      let isOwn = row.teacher.map(own.contains) ?? false
      if isOwn || row.teacher == nil && task.department == id { rows.append(row) }
      if isOwn, task.department != id { inside += row.hours.value }
      guard task.department == id, row.teacher != nil else { continue }
      held += row.hours.value
      if !isOwn { outside += row.hours.value }
    }
    var alone = institution
    alone.teachers = Table(staff)
    let criteria = LoadDistribution.exactCriteria(alone, tasks: tasks, assignments: rows)
    return DepartmentExplanation(
      department: id, hours: Hours(rounding: hours).value,
      vacant: Hours(rounding: hours - held).value, outside: Hours(rounding: outside).value,
      inside: Hours(rounding: inside).value,
      norm: staff.reduce(0) { $0 + institution.norm(of: $1) },
      imbalance: criteria[.imbalance] ?? 0, teachers: staff.compactMap { teacher($0.id) },
      criteria: criteria)
  }
}

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
  /// A distribution that is in force; nil for none.
  public var earlier: EarlierLoad?
  /// Asked now and then; true ends the solve with the best found.
  public var isCancelled: @Sendable () -> Bool
  /// Told the phase and the share done, from 0 to 1; may be called from any thread.
  public var progress: @Sendable (String, Double) -> Void

  /// No limits, seed 1, one thread.
  public init(
    timeLimit: Double? = nil, seed: UInt64 = 1, threads: Int = 1, iterationLimit: Int? = nil,
    isThorough: Bool = false, earlier: EarlierLoad? = nil,
    isCancelled: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (String, Double) -> Void = { _, _ in }
  ) {
    self.timeLimit = timeLimit
    self.seed = seed
    self.threads = threads
    self.iterationLimit = iterationLimit
    self.isThorough = isThorough
    self.earlier = earlier
    self.isCancelled = isCancelled
    self.progress = progress
  }
}

/// Who does which task, and how good that is.
public struct LoadAssignment: Sendable {
  /// Rows for every task in the order of the tasks; the vacant part has no teacher.
  public var assignments: [Assignment]
  /// `optimal` when no distribution has an objective, of rounded criteria, that is lower by more than
  /// 0.01; `infeasible` when a pin or a student's choice cannot hold, or it is proved that the
  /// teachers' least hours cannot; `stopped` when a teacher is below them without that proof.
  public var status: StageStatus
  /// Values before their weights, rounded to 0.01.
  public var criteria: [LoadCriterion: Double]
  /// Σ weight × criterion.
  public var objective: Double
  /// A proved lower bound of the objective: of a bound of the exact cost, what rounding of criteria
  /// can give is taken off; nil where there is none.
  public var bound: Double?
  /// What cannot hold, and what is vacant and why.
  public var messages: [Wording]
  /// Where the input no longer agrees with a decided line; among the messages too.
  public var conflicts: [LoadConflict] = []
  /// Work with vacant hours, and why; among the messages too.
  public var vacancies: [VacantWork] = []
  /// How many lines of an earlier load change; nil where none was kept.
  public var kept: KeptLoad?

  /// A result with all its parts.
  public init(
    assignments: [Assignment], status: StageStatus, criteria: [LoadCriterion: Double],
    objective: Double, bound: Double?, messages: [Wording]
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
        institution, tasks, decided, bound: nil, failure: nil,
        messages: [
          Wording(
            "бөліну кіріс деректерде берілген (assignments.csv), шешілген деп алынды",
            "распределение дано во входных данных (assignments.csv) и принято как решённое",
            "the assignments are given by the instance and taken as decided")
        ])
    }
    let stop = Stop(
      deadline: options.timeLimit.map { .now + .seconds(min(max(0, $0), 1e8)) },
      isCancelled: options.isCancelled)
    guard let earlier = options.earlier, earlier.isKept || !earlier.approved.isEmpty else {
      let found = try solve(
        institution, sections, tasks, DecidedLines(), keepsPrevious: false, solver, options, stop)
      var load = found.load
      load.messages += found.boundNotes
      if let earlier = options.earlier { mark(&load, earlier) }
      return load
    }
    // All that can stay stays; only where that leaves hours vacant or somebody short may lines that
    // are not decided move, as few as possible.
    let all = DecidedLines(
      institution, sections: sections, tasks: tasks, earlier: earlier, holdsAll: earlier.isKept)
    func attempt(_ decided: DecidedLines, keepsPrevious: Bool, share: Double) throws -> Attempt {
      try solve(
        institution, sections, tasks, decided, keepsPrevious: keepsPrevious, solver, options,
        share < 1
          ? stop.until(stop.secondsLeft.map { ContinuousClock.now + .seconds($0 * share) }) : stop)
    }
    var best: Attempt
    var kept: KeptLoad?
    if earlier.isKept {
      (best, kept) = try solveKept(
        institution, sections, tasks, earlier, all, solver, stop, attempt)
    } else {
      best = try attempt(all, keepsPrevious: false, share: 1)
    }
    var load = best.load
    load.kept = kept
    mark(&load, earlier)
    load.conflicts = all.conflicts + earlier.changedInput(institution, sections: sections)
    load.messages =
      load.conflicts.map(\.wording)
      + earlier.changedTotals(institution, load.assignments) + load.messages
    if earlier.isKept || !earlier.approved.isEmpty {
      // That lines stay as they were is no part of the contract's objective: nothing is proved of it.
      load.bound = nil
      if load.status == .optimal { load.status = .feasible }
    }
    if all.conflicts.contains(where: { $0.isApproved || $0.kind == .examinerLocked }) {
      load.status = .infeasible
    }
    return load
  }

  /// The best of several ways to keep an earlier load: fewest hours below a floor, fewest vacant
  /// hours, fewest changed lines, lowest objective, in this order.
  ///
  /// The lines that the fewest changes give anew come first; then those that the limits of teachers
  /// leave over in the order of the file; and where something is open yet, all that are not decided.
  private static func solveKept(
    _ institution: Institution, _ sections: University.Table<Section>, _ tasks: Table<LoadTask>,
    _ earlier: EarlierLoad, _ all: DecidedLines, _ solver: any LinearSolver, _ stop: Stop,
    _ attempt: (DecidedLines, _ keepsPrevious: Bool, _ share: Double) throws -> Attempt
  ) throws -> (Attempt, KeptLoad) {
    func decided(_ released: Set<HeldLine>, _ holdsAll: Bool, _ ignoring: Bool) -> DecidedLines {
      DecidedLines(
        institution, sections: sections, tasks: tasks, earlier: earlier, holdsAll: holdsAll,
        releasing: released, ignoringLimits: ignoring)
    }
    let wanted = decided([], true, true)
    let input = LoadInput(
      institution, sections: sections, tasks: tasks, decided: wanted, barsExaminers: false)
    let finding = try LeastChange(
      input: input, solver: solver,
      stop: stop.until(stop.secondsLeft.map { ContinuousClock.now + .seconds($0 * 0.4) })
    ).find()
    // Lines of tasks that are there, whose teachers cannot have them any more.
    let forced = earlier.lines.count { line in
      guard !line.isLocked, !earlier.isApproved(line), !wanted.closed.contains(line.task),
        let teacher = line.teacher, let task = tasks[line.task], task.hours > .zero
      else { return false }
      return !(wanted.held[task.id] ?? []).contains { $0.teacher == teacher }
    }
    let open = Set(
      input.problem.tasks.indices.filter {
        !input.problem.works[input.problem.tasks[$0].work].candidates.isEmpty
      }.map { input.tasks[$0] })
    struct Rank {
      var short = 0.0
      var vacant = 0.0
      var changed = 0
      var objective = 0.0

      var order: (Double, Double, Int, Double) { (short, vacant, changed, objective) }
    }
    func rank(_ found: Attempt) -> Rank {
      var hours: [Line: Int] = [:]
      var sums: [TeacherID: Int] = [:]
      var result = Rank(objective: found.load.objective)
      var vacant = 0
      for row in found.load.assignments {
        hours[Line(task: row.task, teacher: row.teacher), default: 0] += row.hours.hundredths
        if let teacher = row.teacher {
          sums[teacher, default: 0] += row.hours.hundredths
        } else if open.contains(row.task) {
          vacant += max(0, row.hours.hundredths - (all.vacant[row.task] ?? 0))
        }
      }
      result.vacant = Double(vacant) / 100
      for (t, limits) in input.problem.teachers.enumerated() {
        result.short += Double(max(0, limits.floor - (sums[input.teachers[t]] ?? 0))) / 100
      }
      for (task, lines) in wanted.held {
        let byTeacher = Dictionary(grouping: lines, by: \.teacher)
        for (teacher, parts) in byTeacher where parts.contains(where: \.isLoose) {
          let held = hours[Line(task: task, teacher: teacher)] ?? 0
          if held < parts.reduce(0, { $0 + $1.hours }) { result.changed += 1 }
        }
      }
      return result
    }
    /// The fewest changed lines that the bound leaves to a result.
    func least(_ rank: Rank) -> Int {
      let bound =
        finding.bound - ChangeModel.vacancyPrice * rank.vacant
        - ChangeModel.shortfallPrice * rank.short
      return min(rank.changed, max(0, Int((bound - 1e-4).rounded(.up))))
    }
    var best = try attempt(decided(finding.released, true, false), false, 0.6)
    var bestRank = rank(best)
    func isDone() -> Bool {
      bestRank.short == 0 && bestRank.vacant == 0 && bestRank.changed <= least(bestRank)
    }
    func take(_ other: Attempt) {
      let mine = rank(other)
      if mine.order < bestRank.order { (best, bestRank) = (other, mine) }
    }
    if !isDone(), !finding.released.isEmpty, !stop.isDue {
      take(try attempt(all, false, 0.5))
    }
    if bestRank.short + bestRank.vacant > 0, !stop.isDue {
      take(try attempt(decided([], false, false), true, 1))
    }
    return (
      best, KeptLoad(changed: forced + bestRank.changed, least: forced + least(bestRank))
    )
  }

  /// Carries the marks of locked lines over to those that come out as they were, and tells which did
  /// not where locks do not count.
  ///
  /// Of a work of `norms.csv` a mark holds its own hours: what the same teacher has of the task beyond
  /// them is a line of its own without the mark, which the next run may give away.
  private static func mark(_ load: inout LoadAssignment, _ earlier: EarlierLoad) {
    var locked: [Line: Int] = [:]
    var classes: Set<Line> = []
    for row in earlier.lines where row.isLocked {
      let line = Line(task: row.task, teacher: row.teacher)
      locked[line, default: 0] += row.hours.hundredths
      if row.known?.work.teachingKind != nil { classes.insert(line) }
    }
    var left = Set(locked.keys)
    load.assignments = load.assignments.flatMap { row -> [Assignment] in
      let line = Line(task: row.task, teacher: row.teacher)
      var held = row
      held.isLocked = false
      guard let hours = locked[line] else { return [held] }
      left.remove(line)
      held.isLocked = true
      guard !classes.contains(line), hours < row.hours.hundredths else { return [held] }
      held.hours = Hours(hundredths: hours)
      return [
        held, Assignment(task: row.task, teacher: row.teacher, hours: row.hours - held.hours),
      ]
    }
    guard !earlier.isKept else { return }
    load.messages += earlier.lines.filter {
      $0.isLocked && left.contains(Line(task: $0.task, teacher: $0.teacher))
    }.map { row in
      Wording { language in
        let who = DecidedLines.name(row.teacher, language)
        return language.says(
          "\(row.task) жұмысы бекемделген еді (\(who)), енді белгісіз қайта бөлінді: белгі тек --keep "
            + "болғанда күшінде",
          "работа \(row.task) была зафиксирована (\(who)) и распределена заново, без отметки: отметка "
            + "действует только с --keep",
          "task \(row.task) was locked for \(who) and is given anew, without the mark: only with "
            + "--keep does a lock hold")
      }
    }
  }

  /// A task with a teacher.
  private struct Line: Hashable {
    var task: TaskID
    var teacher: TeacherID?
  }

  private struct Attempt {
    var load: LoadAssignment
    /// Of which distributions the bound is, where it is not of all; of no use without the bound.
    var boundNotes: [Wording]
  }

  private static func solve(
    _ institution: Institution, _ sections: University.Table<Section>, _ tasks: Table<LoadTask>,
    _ decided: DecidedLines, keepsPrevious: Bool, _ solver: any LinearSolver,
    _ options: LoadOptions, _ stop: Stop
  ) throws -> Attempt {
    let input = LoadInput(
      institution, sections: sections, tasks: tasks, decided: decided, keepsPrevious: keepsPrevious)
    let parts = input.problem.parts(
      isJoined: input.problem.teachers.count <= LoadSolver.joinedSize)
    let results = try LoadSolver(solver: solver, options: options, stop: stop).solve(parts)

    var hours: [Line: Int] = [:]
    var teachersOf: [TaskID: [TeacherID]] = [:]
    func add(_ task: TaskID, _ teacher: TeacherID?, _ amount: Int) {
      guard let teacher else { return }
      let line = Line(task: task, teacher: teacher)
      if hours[line] == nil { teachersOf[task, default: []].append(teacher) }
      hours[line, default: 0] += amount
    }
    var bound = 0.0
    var isShort = false
    var shortfall = 0.0
    var rounded = parts.count == 1 ? results.first?.roundedBound : nil
    for (part, found) in zip(parts, results) {
      bound += found.bound
      isShort = isShort || found.isShort
      shortfall += found.shortfall
      for share in found.shares where share.teacher >= 0 {
        add(
          input.tasks[part.tasks[share.task]], input.teachers[part.teachers[share.teacher]],
          share.hours)
      }
    }
    // The others are tasks of the problem.
    for row in decided.outside where row.teacher.map({ institution.teachers[$0] == nil }) ?? false {
      add(row.task, row.teacher, row.hours.hundredths)
    }
    var assignments: [Assignment] = []
    let open = Set(
      input.problem.tasks.indices.filter {
        !input.problem.works[input.problem.tasks[$0].work].candidates.isEmpty
      }.map { input.tasks[$0] })
    for task in tasks {
      var left = task.hours.hundredths
      for teacher in teachersOf[task.id] ?? [] {
        let amount = hours[Line(task: task.id, teacher: teacher)] ?? 0
        assignments.append(
          Assignment(task: task.id, teacher: teacher, hours: Hours(hundredths: amount)))
        left -= amount
      }
      if left > 0 || task.hours == .zero {
        assignments.append(
          Assignment(task: task.id, teacher: nil, hours: Hours(hundredths: left)))
      }
      // What nobody can take, or may be given, is in no part.
      if left > 0 && !open.contains(task.id) {
        bound += Double(left) * input.problem.costs.vacant
        rounded = rounded.map { $0 + Double(left) * input.problem.costs.vacant }
      }
    }
    var messages = input.messages
    var failure: StageStatus? = input.isContradictory ? .infeasible : nil
    var boundNotes: [Wording] = []
    if input.isContradictory {
      boundNotes.append(
        Wording(
          "төменгі шек аталған орындалмайтын талаптарсыз бөлулерге қатысты",
          "нижняя граница относится к распределениям без названного, что выполнить нельзя",
          "the bound is of distributions without what is said to be impossible"))
    }
    if isShort {
      messages += shortfalls(institution, assignments)
      let sums = assignments.reduce(into: [TeacherID: Int]()) {
        if let teacher = $1.teacher { $0[teacher, default: 0] += $1.hours.hundredths }
      }
      let short = input.teachers.indices.filter {
        sums[input.teachers[$0]] ?? 0 < input.problem.teachers[$0].floor
      }
      let isProved = try input.lacksLeastHours(short, solver: solver, stop: stop)
      if failure == nil { failure = isProved ? .infeasible : .stopped }
      messages.append(
        isProved
          ? Wording(
            "барлық min_hours шегіне бірге жету мүмкін емес, бұл дәлелденді",
            "доказано, что все min_hours вместе выполнить нельзя",
            "it is proved that all min_hours cannot be reached together")
          : Wording(
            "барлық min_hours шегіне жететін бөлу табылмады, бірақ оның жоқтығы дәлелденбеді",
            "распределение, в котором выполнены все min_hours, не найдено; что его нет, не доказано",
            "no distribution that reaches all min_hours was found; that there is none is not proved"
          ))
      // The price of hours below a minimum is not the contract's: without it the bound is of what is no
      // further below.
      bound -= shortfall
      rounded = rounded.map { $0 - shortfall }
      boundNotes.append(
        Wording(
          "төменгі шек min_hours шектерінен барлығы бірге бұдан төмен түспейтін бөлулерге қатысты",
          "нижняя граница относится к распределениям, где до min_hours в сумме недостаёт не больше",
          "the bound is of distributions that are together no further below min_hours"))
    }
    let vacancies = vacancies(institution, input, assignments, tasks, decided)
    var load = result(
      institution, tasks, assignments, bound: (bound, rounded), failure: failure,
      messages: messages + vacancies.map(\.wording))
    load.vacancies = vacancies
    if load.status == .feasible, !keepsPrevious, parts.count == 1, results[0].isTimedProved {
      boundNotes.append(
        Wording(
          "әркімнің сабақтарына бос уақыты бар бөлулердің ішінде бұдан арзаны жоқ, бұл дәлелденді; "
            + "төменгі шек барлық бөлулерге қатысты",
          "доказано, что среди распределений, где у каждого есть время для его занятий, более "
            + "дешёвого нет; нижняя граница относится ко всем распределениям",
          "of the distributions in which everybody has open time for the classes none costs less, as "
            + "is proved; the bound is of all distributions"))
    }
    return Attempt(load: load, boundNotes: boundNotes)
  }

  private static func result(
    _ institution: Institution, _ tasks: Table<LoadTask>, _ assignments: [Assignment],
    bound: (exact: Double, rounded: Double?)?, failure: StageStatus?, messages: [Wording]
  ) -> LoadAssignment {
    let criteria = criteria(institution, tasks: tasks, assignments: assignments)
    let exact = institution.weights.load.objective(criteria)
    let objective = (exact * 1e6).rounded() / 1e6
    // The objective is of rounded criteria: a bound of the exact cost is lowered by what rounding can
    // give; one that rounds imbalance, by what the other criteria can. A result that must break a
    // rule may cost less than the bound of those that keep it; below the objective it stays a bound.
    let proved = bound.map { bound -> Double in
      let slack = roundingSlack(institution, tasks)
      var staff: [DepartmentID: Int] = [:]
      for teacher in institution.teachers where institution.norm(of: teacher) > 0 {
        staff[teacher.department, default: 0] += 1
      }
      // One teacher alone is always even.
      let imbalance =
        staff.values.contains { $0 > 1 }
        ? 0.005 * abs(institution.weights.load[.imbalance]) : 0
      let least = max(bound.exact - imbalance, bound.rounded ?? -.infinity) - slack
      return min((least * 1e6).rounded(.down) / 1e6, objective)
    }
    let isOptimal = proved.map { objective - $0 <= 0.01 } ?? false
    return LoadAssignment(
      assignments: assignments,
      status: failure ?? (isOptimal ? .optimal : .feasible),
      criteria: criteria, objective: objective, bound: proved, messages: messages)
  }

  /// By how much the objective of rounded criteria may lie below the exact cost, imbalance aside: half
  /// a hundredth of each criterion that is not a whole number of hundredths in every distribution.
  ///
  /// Hours are hundredths, and preparations are counted; hours above and below a norm are hundredths
  /// where the norms are, and the rest where each class task adds hundredths by whoever takes it.
  static func roundingSlack(_ institution: Institution, _ tasks: Table<LoadTask>) -> Double {
    let sizes = Set(
      tasks.lazy.filter { $0.work.teachingKind != nil }.map(\.hours.hundredths))
    let areTenths = sizes.allSatisfy { $0 % 10 == 0 }
    let surveys = Set(
      institution.competences.compactMap { row in
        institution.teachers[row.teacher].map { institution.survey(of: $0, in: row.discipline) }
      })
    let areSurveysRound = sizes.allSatisfy { size in
      surveys.allSatisfy { survey in
        let share = (5 - survey) * Double(size) / 10
        return abs(share - share.rounded()) < 1e-6
      }
    }

    let areNormsRound = institution.teachers.allSatisfy { teacher in
      let norm = institution.norm(of: teacher) * 100
      return norm > 1e12 || abs(norm - norm.rounded()) < 1e-6
    }
    return LoadCriterion.allCases.reduce(0) { sum, criterion in
      switch criterion {
      case .vacant, .preparation, .imbalance: sum
      case .overload, .underload:
        sum + (areNormsRound ? 0 : 0.005 * abs(institution.weights.load[criterion]))
      case .survey: sum + (areSurveysRound ? 0 : 0.005 * abs(institution.weights.load[.survey]))
      case .preference, .continuity:
        sum + (areTenths ? 0 : 0.005 * abs(institution.weights.load[criterion]))
      }
    }
  }

  /// Teachers below their least hours.
  private static func shortfalls(
    _ institution: Institution, _ assignments: [Assignment]
  ) -> [Wording] {
    var hours: [TeacherID: Hours] = [:]
    for row in assignments {
      if let teacher = row.teacher { hours[teacher, default: .zero] += row.hours }
    }
    return institution.teachers.compactMap { teacher in
      let sum = hours[teacher.id] ?? .zero
      guard sum.value < institution.floor(of: teacher) - 1e-6 else { return nil }
      let least = Hours(rounding: institution.floor(of: teacher))
      return Wording(
        "\(teacher.id) оқытушысы: \(sum.decimalComma) сағат, min_hours \(least.decimalComma) шегінен төмен",
        "преподаватель \(teacher.id): \(sum.decimalComma) ч, меньше min_hours \(least.decimalComma)",
        "teacher \(teacher.id): \(sum) hours, below min_hours \(least)")
    }
  }

  /// Works with vacant hours, and why.
  private static func vacancies(
    _ institution: Institution, _ input: LoadInput, _ assignments: [Assignment],
    _ tasks: Table<LoadTask>, _ decided: DecidedLines
  ) -> [VacantWork] {
    struct Place: Hashable {
      var discipline: DisciplineID
      var work: Work
      var isLocked = false
      var isApproved = false
    }
    var candidates: [TaskID: (fit: Int, barred: Int)] = [:]
    for (i, task) in input.problem.tasks.enumerated() {
      candidates[input.tasks[i]] = (
        input.problem.works[task.work].candidates.count, input.problem.barred[i].count
      )
    }
    let takers = Takers(input, assignments)
    let tally = LoadTally(institution, tasks: tasks, assignments: assignments)
    var order: [Place] = []
    var vacant: [Place: (hours: Hours, fit: Int, barred: Int)] = [:]
    // The least that somebody who could take a vacant line would cost.
    var open: [Place: (teacher: TeacherID, task: TaskID, cost: Double)] = [:]
    for row in assignments where row.teacher == nil && row.hours > .zero {
      guard let task = tasks[row.task] else { continue }
      var row = row
      // What a lock keeps vacant is asked of nobody.
      let kept = min(row.hours, Hours(hundredths: decided.vacant[row.task] ?? 0))
      if kept > .zero {
        let place = Place(discipline: task.discipline, work: task.work, isLocked: true)
        if vacant[place] == nil { order.append(place) }
        vacant[place] = ((vacant[place]?.hours ?? .zero) + kept, 0, 0)
        row.hours = row.hours - kept
        if row.hours == .zero { continue }
      }
      // Nor what is vacant in an approved department.
      let isApproved = decided.closed.contains(row.task)
      let place = Place(
        discipline: task.discipline, work: task.work, isApproved: isApproved)
      for taker in isApproved ? [] : takers.teachers(for: row) {
        let move = LoadMove(task: row.task, from: nil, to: taker, hours: row.hours.value)
        let cost = institution.weights.load.objective(tally.differences([move]))
        if cost < open[place]?.cost ?? .infinity { open[place] = (taker, row.task, cost) }
      }
      if vacant[place] == nil { order.append(place) }
      let known = vacant[place]?.hours ?? .zero
      let (fit, barred) = candidates[task.id] ?? (0, 0)
      vacant[place] = (known + row.hours, fit, max(barred, vacant[place]?.barred ?? 0))
    }
    return order.compactMap { place in
      guard let found = vacant[place] else { return nil }
      let reason: VacantWork.Reason
      let why: Wording
      if place.isLocked {
        (reason, why) = (.locked, Wording("солай бекемделген", "так зафиксировано", "locked so"))
      } else if place.isApproved {
        reason = .approved
        why = Wording(
          "кафедра бекітілген, оның жұмысынан ештеңе берілмейді",
          "кафедра утверждена, из её работы ничего не отдаётся",
          "the department is approved, and nothing more of its work is given")
      } else if found.fit == 0 {
        let unfit = unfitness(institution, place.discipline, place.work)
        (reason, why) = (.nobodyFit, unfit)
      } else if let open = open[place] {
        reason = .dearer
        let difference = Hours(rounding: abs(open.cost))
        let isLower = open.cost < 0
        why = Wording(
          "\(open.task) жұмысын \(open.teacher) ала алар еді, бірақ онымен мақсат "
            + (isLower ? "төмендер" : "өсер") + " еді (айырма: \(difference.decimalComma))",
          "работу \(open.task) мог бы взять \(open.teacher), но цель была бы на \(difference.decimalComma) "
            + (isLower ? "ниже" : "выше"),
          "\(open.teacher) could take task \(open.task), but the objective would be \(difference) "
            + "\(isLower ? "lower" : "higher") with it")
      } else if found.barred > 0 {
        reason = .noTime
        why = Wording(
          "құзыретті \(found.fit) оқытушының \(found.barred)-інде оған болатын уақыт жоқ, қалғандары "
            + "артық ала алмайды (L4, L5, бекітілген уақыт)",
          "из компетентных (\(found.fit)) у \(found.barred) нет подходящего времени, другие не могут "
            + "взять больше (L4, L5, закреплённое время)",
          "of the \(found.fit) competent \(found.barred) have no time that it may have, and no other "
            + "can take more (L4, L5, pinned times)")
      } else {
        reason = .noRoom
        why = Wording(
          "құзыретті \(found.fit) оқытушы артық ала алмайды (L4, L5, бекітілген уақыт)",
          "компетентные (\(found.fit)) не могут взять больше (L4, L5, закреплённое время)",
          "the \(found.fit) competent cannot take more (L4, L5, pinned times)")
      }
      return VacantWork(
        discipline: place.discipline, work: place.work, hours: found.hours, reason: reason,
        wording: Wording {
          let what = "\(place.discipline) \(place.work.text)"
          let are = found.hours == Hours(1) ? "hour is" : "hours are"
          return $0.says(
            "\(what): \(found.hours.decimalComma) сағат бос, \(why[$0])",
            "\(what): \(found.hours.decimalComma) ч вакантно, \(why[$0])",
            "\(what): \(found.hours) \(are) vacant, \(why[$0])")
        })
    }
  }

  /// Who could take a vacant line as things are, all of it.
  private struct Takers {
    private let input: LoadInput
    private var hours: [Int]
    /// Holders of each task of the problem.
    private var holders: [[Int]]
    private var position: [TaskID: Int] = [:]

    init(_ input: LoadInput, _ assignments: [Assignment]) {
      self.input = input
      hours = input.problem.teachers.map { _ in 0 }
      holders = input.problem.tasks.map { _ in [] }
      var teachers: [TeacherID: Int] = [:]
      for (t, id) in input.teachers.enumerated() { teachers[id] = t }
      for (i, id) in input.tasks.enumerated() where position[id] == nil { position[id] = i }
      for row in assignments {
        guard let t = row.teacher.flatMap({ teachers[$0] }) else { continue }
        hours[t] += row.hours.hundredths
        if let i = position[row.task] { holders[i].append(t) }
      }
    }

    func teachers(for row: Assignment) -> [TeacherID] {
      guard let i = position[row.task] else { return [] }
      let problem = input.problem
      return problem.candidates(i).filter { t in
        let meets = (problem.classesOfExam[i] + problem.examsOfClass[i] + problem.clashes[i])
          .contains { holders[$0].contains(t) }
        return !meets && !problem.bars(i, t)
          && hours[t] + row.hours.hundredths <= problem.teachers[t].ceiling
      }.map { input.teachers[$0] }
    }
  }

  /// Why nobody is fit for a work.
  private static func unfitness(
    _ institution: Institution, _ discipline: DisciplineID, _ work: Work
  ) -> Wording {
    var right = 0
    var rated = 0
    for teacher in institution.teachers {
      switch institution.unfitness(of: teacher, for: work, in: discipline) {
      case .mayNotLecture: right += 1
      case .surveyTooLow: rated += 1
      case .notCompetent, nil: break
      }
    }
    if right + rated == 0 {
      return Wording("құзыретті ешкім жоқ", "никто не имеет компетенции", "nobody is competent")
    }
    let least = institution.policy.minLectureSurvey
    return Wording { language in
      var parts: [String] = []
      if right > 0 {
        parts.append(
          language.says(
            "\(right)-інің лауазымы дәріс оқуға құқық бермейді",
            "\(right) не могут читать лекции по должности",
            "\(right) may not lecture by position"))
      }
      if rated > 0 {
        parts.append(
          language.says(
            "\(rated)-інің бағасы min_lecture_survey \(least.decimalComma) шегінен төмен",
            "у \(rated) оценка ниже min_lecture_survey \(least.decimalComma)",
            "\(rated) \(rated == 1 ? "is" : "are") rated below min_lecture_survey \(least)"))
      }
      return language.says(
        "құзыретті \(right + rated) оқытушының ", "из компетентных (\(right + rated)) ",
        "of the \(right + rated) competent ")
        + parts.joined(separator: language.says(", ", ", ", " and "))
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later

/// When to stop: a deadline, or a wish of the caller.
struct Stop: Sendable {
  var deadline: ContinuousClock.Instant?
  var isCancelled: @Sendable () -> Bool

  /// Whether to stop now.
  var isDue: Bool {
    if isCancelled() { return true }
    guard let deadline else { return false }
    return ContinuousClock.now >= deadline
  }

  /// The same wish with a deadline that is no later.
  func until(_ instant: ContinuousClock.Instant?) -> Stop {
    var result = self
    if let instant { result.deadline = deadline.map { min($0, instant) } ?? instant }
    return result
  }

  /// Seconds left; nil without a deadline.
  var secondsLeft: Double? {
    deadline.map { max(0, (ContinuousClock.now.duration(to: $0)) / .seconds(1)) }
  }
}

/// A greedy start and annealing over whole tasks, with exact deltas.
struct LoadSearch {
  var state: LoadState
  private var random: RandomSource
  private let problem: LoadProblem
  private let classTasks: [Int]
  private let normTasks: [Int]
  /// The best holders seen, and their cost.
  private(set) var best: [Int]
  private(set) var bestCost: Double
  /// Whether there are so many tasks that look the same that the start deals them in blocks.
  private(set) var isDealt = false
  /// From so many tasks a kind on, on average.
  private static var dealtSize: Int { 20 }

  init(_ problem: LoadProblem, seed: UInt64) {
    self.init(state: LoadState(problem), seed: seed)
  }

  init(state: LoadState, seed: UInt64) {
    self.state = state
    self.problem = state.problem
    random = RandomSource(seed: seed)
    let problem = state.problem
    func free(_ isClass: Bool) -> [Int] {
      problem.tasks.indices.filter {
        problem.tasks[$0].isClass == isClass && problem.tasks[$0].fixed < 0
          && !problem.works[problem.tasks[$0].work].candidates.isEmpty
      }
    }
    classTasks = free(true)
    normTasks = free(false)
    best = state.holder
    bestCost = self.state.cost
  }

  /// Gives each vacant task, those with the fewest candidates and the most hours first, to the
  /// candidate at whom it costs least.
  mutating func construct() {
    func order(_ a: Int, _ b: Int) -> Bool {
      let x = problem.tasks[a]
      let y = problem.tasks[b]
      return (problem.works[x.work].candidates.count, -x.hours, a)
        < (problem.works[y.work].candidates.count, -y.hours, b)
    }
    struct Kind: Hashable {
      var work: Int
      var hours: Int
    }
    let classes = classTasks.sorted(by: order)
    var kinds: [[Int]] = []
    var kindAt: [Kind: Int] = [:]
    for task in classes where state.holder[task] < 0 {
      let kind = Kind(work: problem.tasks[task].work, hours: problem.tasks[task].hours)
      let k = kindAt[kind] ?? kinds.count
      if k == kinds.count {
        kindAt[kind] = k
        kinds.append([])
      }
      kinds[k].append(task)
    }
    isDealt =
      !kinds.isEmpty && kinds.reduce(0) { $0 + $1.count } >= Self.dealtSize * kinds.count
    if isDealt { deal(kinds) }
    for task in classes + normTasks.sorted(by: order) where state.holder[task] < 0 {
      if isDealt && !problem.tasks[task].isClass && problem.classesOfExam[task].isEmpty {
        level(task)
      } else {
        place(task)
      }
    }
    state.mark()
    note()
  }

  /// Gives tasks that look the same in blocks, up to each teacher's share of all class hours by
  /// norm, so that few have to be prepared: who has most of the share left comes first.
  private mutating func deal(_ kinds: [[Int]]) {
    let norms = problem.teachers.reduce(0) { $0 + $1.norm }
    let hours = problem.tasks.reduce(0) { $0 + ($1.isClass ? $1.hours : 0) }
    guard norms > 0 else { return }
    var room = problem.teachers.map { $0.norm * Double(hours) / norms }
    for task in problem.tasks where task.isClass && task.fixed >= 0 {
      room[task.fixed] -= Double(task.hours)
    }
    for kind in kinds {
      let size = Double(problem.tasks[kind[0]].hours)
      var left = kind
      let candidates = problem.works[problem.tasks[kind[0]].work].candidates
        .sorted { (-room[$0], $0) < (-room[$1], $1) }
      for t in candidates where !left.isEmpty {
        var rest: [Int] = []
        for task in left {
          if room[t] >= size - 1e-6, state.allows(task, t) {
            state.assign(task, t)
            room[t] -= size
          } else {
            rest.append(task)
          }
        }
        left = rest
      }
    }
  }

  /// Gives a task to the candidate with the lowest ratio of hours to norm.
  private mutating func level(_ task: Int) {
    var choice = -1
    var least = Double.infinity
    for t in problem.works[problem.tasks[task].work].candidates where state.allows(task, t) {
      let ratio = Double(state.hours[t]) / max(1, problem.teachers[t].norm)
      if ratio < least { (choice, least) = (t, ratio) }
    }
    if choice >= 0 { state.assign(task, choice) }
  }

  /// Gives a vacant task to the candidate at whom it costs least, leaning to those with free hours.
  private mutating func place(_ task: Int) {
    var choice = -1
    var least = Double.infinity
    let start = state.changes
    let before = state.cost
    for t in problem.works[problem.tasks[task].work].candidates where state.allows(task, t) {
      state.assign(task, t)
      let load = Double(state.hours[t]) / Double(max(1, problem.teachers[t].ceiling))
      let cost = state.cost - before + 40 * load
      state.undo(to: start)
      if cost < least {
        least = cost
        choice = t
      }
    }
    if choice >= 0 && least < 40 { state.assign(task, choice) }
  }

  /// Starts again from given holders.
  mutating func restart(from holders: [Int]) {
    state = LoadState(problem, holders: holders)
    note()
  }

  /// Takes the present state as the best seen, for a search of its own.
  mutating func begin() {
    state.mark()
    best = state.holder
    bestCost = state.cost
  }

  private mutating func note() {
    let cost = state.cost
    if cost < bestCost - 1e-7 {
      bestCost = cost
      best = state.holder
    }
  }

  /// Annealing from one temperature to another, geometric in the number of steps.
  ///
  /// Only when the deadline is nearer than the steps need does the clock speed up the cooling.
  mutating func anneal(steps: Int, from hot: Double, to cold: Double, stop: Stop) {
    guard !classTasks.isEmpty || !normTasks.isEmpty, steps > 0 else { return }
    let begin = ContinuousClock.now
    let span = stop.deadline.map { max(1e-3, begin.duration(to: $0) / .seconds(1)) }
    var temperature = hot
    var current = state.cost
    let classShare =
      normTasks.isEmpty ? 100 : classTasks.isEmpty ? 0 : 88
    var step = 0
    while step < steps {
      if step & 1023 == 0 {
        if stop.isDue { break }
        var progress = Double(step) / Double(steps)
        if let span {
          progress = max(progress, (begin.duration(to: .now) / .seconds(1)) / span)
        }
        temperature = hot * Double.pow(cold / hot, min(1, progress))
      }
      step += 1
      state.mark()
      let proposed =
        random.below(100) < classShare ? proposeClassMove() : proposeShift(normTasks)
      guard proposed, state.changes > 0 else {
        state.undo()
        continue
      }
      let delta = state.cost - current
      if delta <= 0 || random.unit() < Double.exponential(-delta / temperature) {
        current += delta
        if current < bestCost - 1e-7 {
          bestCost = current
          best = state.holder
        }
      } else {
        state.undo()
      }
    }
    state.mark()
  }

  // MARK: - Moves; each says whether what it did may stand

  private mutating func proposeClassMove() -> Bool {
    switch random.below(100) {
    case ..<40: proposeShift(classTasks)
    case ..<70: proposeSwap()
    case ..<85: proposeBlock(both: false)
    default: proposeBlock(both: true)
    }
  }

  /// Another teacher for one task.
  private mutating func proposeShift(_ tasks: [Int]) -> Bool {
    guard !tasks.isEmpty else { return false }
    let task = tasks[random.below(tasks.count)]
    guard let teacher = otherCandidate(task) else { return false }
    return hand(task, to: teacher)
  }

  /// Two teachers exchange a class task each.
  private mutating func proposeSwap() -> Bool {
    let first = classTasks[random.below(classTasks.count)]
    let a = state.holder[first]
    guard let b = otherCandidate(first) else { return false }
    guard !state.held[b].isEmpty else { return false }
    let second = Int(state.held[b][random.below(state.held[b].count)])
    let data = problem.tasks[second]
    // Of one work they may still differ: in whom they examine (L5).
    guard data.fixed < 0, data.isClass else { return false }
    if data.work == problem.tasks[first].work && random.below(4) > 0 { return false }
    if a >= 0 {
      guard problem.pair(data.work, a) >= 0 else { return false }
      state.assign(second, -1)
      return hand(first, to: b) && hand(second, to: a)
    }
    state.assign(second, -1)
    guard hand(first, to: b) else { return false }
    if let c = otherCandidate(second), c != b { return hand(second, to: c) }
    return true
  }

  /// All tasks of one work go from one teacher to another, who may give one of theirs back: what
  /// saves a whole preparation is seldom found a task at a time.
  private mutating func proposeBlock(both: Bool) -> Bool {
    let first = classTasks[random.below(classTasks.count)]
    let a = state.holder[first]
    guard a >= 0, let b = otherCandidate(first) else { return false }
    let work = problem.tasks[first].work
    let block = freeTasks(of: a, work)
    var back: [Int] = []
    if both {
      guard !state.held[b].isEmpty else { return false }
      let second = Int(state.held[b][random.below(state.held[b].count)])
      let data = problem.tasks[second]
      guard data.fixed < 0, data.isClass, data.work != work, problem.pair(data.work, a) >= 0 else {
        return false
      }
      back = freeTasks(of: b, data.work)
    }
    for task in back { state.assign(task, -1) }
    for task in block where !hand(task, to: b) { return false }
    for task in back where !hand(task, to: a) { return false }
    return true
  }

  private func freeTasks(of teacher: Int, _ work: Int) -> [Int] {
    state.held[teacher].compactMap {
      let task = problem.tasks[Int($0)]
      return task.work == work && task.fixed < 0 ? Int($0) : nil
    }
  }

  private mutating func otherCandidate(_ task: Int) -> Int? {
    let candidates = problem.works[problem.tasks[task].work].candidates
    let holder = state.holder[task]
    guard candidates.count > (holder >= 0 ? 1 : 0) else { return nil }
    let teacher = candidates[random.below(candidates.count)]
    return teacher == holder ? nil : teacher
  }

  /// Gives a task to a teacher; exams that L5 then forbids go to somebody else.
  private mutating func hand(_ task: Int, to teacher: Int) -> Bool {
    let before = state.holder[task]
    guard
      state.hours[teacher] + problem.tasks[task].hours <= problem.teachers[teacher].ceiling
    else { return false }
    for c in problem.classesOfExam[task] where state.holder[c] == teacher { return false }
    guard !state.isUntimely(task, teacher) else { return false }
    state.assign(task, teacher)
    for exam in problem.examsOfClass[task] where state.holder[exam] == teacher {
      if problem.tasks[exam].fixed >= 0 { return false }
      let candidates = problem.works[problem.tasks[exam].work].candidates
      state.assign(exam, -1)
      if before >= 0, problem.pair(problem.tasks[exam].work, before) >= 0,
        state.allows(exam, before)
      {
        state.assign(exam, before)
        continue
      }
      let start = random.below(candidates.count)
      var found = false
      for k in candidates.indices {
        let other = candidates[(start + k) % candidates.count]
        if other != teacher, state.allows(exam, other) {
          state.assign(exam, other)
          found = true
          break
        }
      }
      // Nobody else: the exam is vacant for now, and its cost speaks against the move.
      if !found { continue }
    }
    return true
  }
}

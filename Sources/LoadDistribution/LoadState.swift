// SPDX-License-Identifier: GPL-3.0-or-later

/// Who has which task, with the exact cost kept up to date.
///
/// Tasks are held whole; ``NormShares`` splits the work of norms.csv afterwards. Rules that are
/// kept by the caller: L3 by choosing candidates, L4's ceiling, L5 and the timetable's say by
/// ``allows(_:_:)``.
struct LoadState {
  let problem: LoadProblem
  /// Teacher of each task, −1 where vacant.
  private(set) var holder: [Int]
  /// Hundredths of an hour of each teacher.
  private(set) var hours: [Int]
  /// Hundredths of an hour of class tasks of each teacher.
  private var classHours: [Int]
  /// Tasks of each teacher, in no particular order.
  private(set) var held: [[Int32]]
  private var place: [Int32]
  /// Class tasks of each pair (work, teacher).
  private(set) var count: [Int32]
  /// Everything but imbalance.
  private var plainCost = 0.0
  private var ratio: [Double]
  private var lowest: [Double]
  private var highest: [Double]
  private var imbalance: [Double]
  private var imbalanceSum = 0.0
  private var isDirty: [Bool]
  private var dirty: [Int] = []
  /// Changes since ``mark()``: the task and who had it before.
  private var trail: [(task: Int, before: Int)] = []

  /// All tasks vacant but the fixed ones.
  init(_ problem: LoadProblem) {
    self.problem = problem
    let n = problem.teachers.count
    holder = Array(repeating: -1, count: problem.tasks.count)
    hours = Array(repeating: 0, count: n)
    classHours = hours
    held = Array(repeating: [], count: n)
    place = Array(repeating: -1, count: problem.tasks.count)
    count = Array(repeating: 0, count: problem.pairCost.count)
    ratio = Array(repeating: 0, count: n)
    lowest = Array(repeating: 0, count: problem.departmentCount)
    highest = lowest
    imbalance = lowest
    isDirty = Array(repeating: false, count: problem.departmentCount)
    for (i, task) in problem.tasks.enumerated() {
      plainCost += Double(task.hours) * problem.costs.vacant + problem.changeCost(i, -1)
    }
    for t in 0..<n { plainCost += problem.hourCost(t, 0) }
    for (i, task) in problem.tasks.enumerated() where task.fixed >= 0 { assign(i, task.fixed) }
    trail.removeAll()
  }

  /// The same problem with given holders.
  init(_ problem: LoadProblem, holders: [Int]) {
    self.init(problem)
    for (i, holder) in holders.enumerated() where holder != self.holder[i] { assign(i, holder) }
    trail.removeAll()
  }

  /// The objective, shortfall and crowding included.
  var cost: Double {
    mutating get {
      settle()
      return plainCost + problem.imbalance * imbalanceSum
    }
  }

  /// Whether a task may go to a teacher by L4's ceiling, L5 and the timetable, given everything
  /// else.
  func allows(_ task: Int, _ teacher: Int) -> Bool {
    hours[teacher] + problem.tasks[task].hours <= problem.teachers[teacher].ceiling
      && !meets(task, teacher)
  }

  /// Whether L5 or the timetable keeps a task from a teacher, given what the teacher holds.
  func meets(_ task: Int, _ teacher: Int) -> Bool {
    if isUntimely(task, teacher) { return true }
    for c in problem.classesOfExam[task] where holder[c] == teacher { return true }
    for e in problem.examsOfClass[task] where holder[e] == teacher { return true }
    return false
  }

  /// Whether the timetable keeps a task from a teacher, given what the teacher holds.
  func isUntimely(_ task: Int, _ teacher: Int) -> Bool {
    if problem.bars(task, teacher) { return true }
    for other in problem.clashes[task] where holder[other] == teacher { return true }
    return false
  }

  /// Gives a task to a teacher, or to nobody (−1).
  mutating func assign(_ task: Int, _ teacher: Int) {
    let before = holder[task]
    guard before != teacher else { return }
    trail.append((task, before))
    move(task, from: before, to: teacher)
  }

  /// Forgets the changes made so far, so that ``undo()`` goes back to here.
  mutating func mark() { trail.removeAll(keepingCapacity: true) }

  /// Takes back the changes since ``mark()``.
  mutating func undo() { undo(to: 0) }

  /// How many changes were made since ``mark()``.
  var changes: Int { trail.count }

  /// Takes back the changes beyond the first ones since ``mark()``.
  mutating func undo(to changes: Int) {
    while trail.count > changes {
      let last = trail.removeLast()
      move(last.task, from: holder[last.task], to: last.before)
    }
  }

  private mutating func move(_ task: Int, from before: Int, to after: Int) {
    let data = problem.tasks[task]
    plainCost += problem.changeCost(task, after) - problem.changeCost(task, before)
    if before >= 0 {
      let position = Int(place[task])
      let last = held[before].removeLast()
      if Int(last) != task {
        held[before][position] = last
        place[Int(last)] = Int32(position)
      }
      change(before, by: -data.hours)
      if data.isClass {
        crowd(before, by: -data.hours)
        let pair = problem.pair(data.work, before)
        plainCost -= problem.pairCost[pair] * Double(data.hours)
        count[pair] -= 1
        if count[pair] == 0 { plainCost -= problem.preparation }
      }
    } else {
      plainCost -= Double(data.hours) * problem.costs.vacant
    }
    holder[task] = after
    if after >= 0 {
      place[task] = Int32(held[after].count)
      held[after].append(Int32(task))
      change(after, by: data.hours)
      if data.isClass {
        crowd(after, by: data.hours)
        let pair = problem.pair(data.work, after)
        plainCost += problem.pairCost[pair] * Double(data.hours)
        count[pair] += 1
        if count[pair] == 1 { plainCost += problem.preparation }
      }
    } else {
      plainCost += Double(data.hours) * problem.costs.vacant
    }
  }

  private mutating func crowd(_ teacher: Int, by amount: Int) {
    plainCost -= problem.crowdingCost(teacher, classHours[teacher])
    classHours[teacher] += amount
    plainCost += problem.crowdingCost(teacher, classHours[teacher])
  }

  private mutating func change(_ teacher: Int, by amount: Int) {
    plainCost -= problem.hourCost(teacher, hours[teacher])
    hours[teacher] += amount
    plainCost += problem.hourCost(teacher, hours[teacher])
    let norm = problem.teachers[teacher].norm
    guard norm > 0 else { return }
    let department = problem.teachers[teacher].department
    let old = ratio[teacher]
    let new = Double(hours[teacher]) / norm
    ratio[teacher] = new
    guard !isDirty[department] else { return }
    // Only an end of the department's range that moves needs a new look at all its teachers.
    let low = lowest[department]
    let high = highest[department]
    if old > low && old < high && new >= low && new <= high { return }
    isDirty[department] = true
    dirty.append(department)
  }

  private mutating func settle() {
    for department in dirty {
      isDirty[department] = false
      var low = Double.infinity
      var high = -Double.infinity
      for t in problem.departmentTeachers[department] {
        let r = ratio[t]
        if r < low { low = r }
        if r > high { high = r }
      }
      if low > high { (low, high) = (0, 0) }
      lowest[department] = low
      highest[department] = high
      imbalanceSum += (high - low) - imbalance[department]
      imbalance[department] = high - low
    }
    dirty.removeAll(keepingCapacity: true)
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later

/// Groups that grow together.
struct DisjointSets {
  private var parent: [Int]

  init(_ count: Int) { parent = Array(0..<count) }

  mutating func root(_ item: Int) -> Int {
    var item = item
    while parent[item] != item {
      parent[item] = parent[parent[item]]
      item = parent[item]
    }
    return item
  }

  /// Joins two groups; the smaller root stays.
  mutating func join(_ a: Int, _ b: Int) {
    let x = root(a)
    let y = root(b)
    if x != y { parent[max(x, y)] = min(x, y) }
  }
}

extension LoadProblem {
  /// A part of a problem with the positions of its teachers and tasks in the whole.
  struct Part: Sendable {
    var problem: LoadProblem
    var teachers: [Int]
    var tasks: [Int]
  }

  /// Parts that share no task, no teacher and no department: their objectives add up.
  ///
  /// Largest first, so that threads that take them in turn end together. Tasks that nobody can take
  /// are in no part. With `isJoined` all teachers are in one part.
  func parts(isJoined: Bool = false) -> [Part] {
    var sets = DisjointSets(teachers.count)
    if isJoined { for t in teachers.indices.dropFirst() { sets.join(0, t) } }
    for group in departmentTeachers {
      for t in group.dropFirst() { sets.join(group[0], t) }
    }
    for work in works { for t in work.candidates.dropFirst() { sets.join(work.candidates[0], t) } }
    // Works of one discipline meet in L5.
    var firstOfDiscipline: [Int: Int] = [:]
    for work in works {
      guard let t = work.candidates.first else { continue }
      if let other = firstOfDiscipline[work.discipline] {
        sets.join(other, t)
      } else {
        firstOfDiscipline[work.discipline] = t
      }
    }
    var members: [Int: [Int]] = [:]
    for t in teachers.indices { members[sets.root(t), default: []].append(t) }
    var tasksOf: [Int: [Int]] = [:]
    for (i, task) in tasks.enumerated() {
      guard let t = works[task.work].candidates.first else { continue }
      tasksOf[sets.root(t), default: []].append(i)
    }
    return members.keys.sorted().map { root in
      part(teachers: members[root] ?? [], tasks: tasksOf[root] ?? [])
    }.enumerated().sorted {
      ($1.element.tasks.count, $0.offset) < ($0.element.tasks.count, $1.offset)
    }.map(\.element)
  }

  private func part(teachers chosen: [Int], tasks chosenTasks: [Int]) -> Part {
    var teacherAt: [Int: Int] = [:]
    for (k, t) in chosen.enumerated() { teacherAt[t] = k }
    var departmentAt: [Int: Int] = [:]
    var limits: [TeacherLimits] = []
    for t in chosen {
      var limit = teachers[t]
      let department = departmentAt[limit.department] ?? departmentAt.count
      departmentAt[limit.department] = department
      limit.department = department
      limits.append(limit)
    }
    var groups = [[Int]](repeating: [], count: departmentAt.count)
    for (k, limit) in limits.enumerated() where limit.norm > 0 {
      groups[limit.department].append(k)
    }

    var workAt: [Int: Int] = [:]
    var newWorks: [WorkUnit] = []
    var newPairs: [Int32] = []
    var newCosts: [Double] = []
    var taskAt: [Int: Int] = [:]
    var newTasks: [Task] = []
    for (k, i) in chosenTasks.enumerated() {
      taskAt[i] = k
      var task = tasks[i]
      if let known = workAt[task.work] {
        task.work = known
      } else {
        var work = works[task.work]
        var row = [Int32](repeating: -1, count: chosen.count)
        for t in work.candidates {
          if let local = teacherAt[t] {
            row[local] = Int32(newCosts.count)
            newCosts.append(pairCost[pair(task.work, t)])
          }
        }
        newPairs += row
        work.candidates = work.candidates.compactMap { teacherAt[$0] }
        workAt[task.work] = newWorks.count
        task.work = newWorks.count
        newWorks.append(work)
      }
      if task.fixed >= 0 { task.fixed = teacherAt[task.fixed] ?? -1 }
      newTasks.append(task)
    }
    let newBarred = chosenTasks.map { barred[$0].compactMap { teacherAt[$0] }.sorted() }
    func local(_ lists: [[Int]]) -> [[Int]] {
      chosenTasks.map { lists[$0].compactMap { taskAt[$0] } }
    }
    return Part(
      problem: LoadProblem(
        teachers: limits, departmentCount: groups.count, departmentTeachers: groups,
        works: newWorks, tasks: newTasks, classesOfExam: local(classesOfExam),
        examsOfClass: local(examsOfClass), pairs: newPairs, pairCost: newCosts, costs: costs,
        preparation: preparation, imbalance: imbalance,
        barred: newBarred, clashes: local(clashes),
        previous: chosenTasks.map { previous[$0] >= 0 ? teacherAt[previous[$0]] ?? -1 : -1 },
        change: change, classRoom: chosen.map { classRoom[$0] }),
      teachers: chosen, tasks: chosenTasks)
  }
}

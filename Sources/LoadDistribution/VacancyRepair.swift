// SPDX-License-Identifier: GPL-3.0-or-later

extension LoadState {
  /// Tries to give each vacant task to somebody, moving up to `depth` others on the way; a chain
  /// stands only where it lowers the cost.
  ///
  /// Each task may look at so many steps of chains, so that the end does not depend on the clock.
  mutating func fillVacancies(
    depth: Int = 3, steps: Int = 20_000, among chosen: [Int]? = nil, stop: Stop
  ) {
    var improved = true
    while improved && !stop.isDue {
      improved = false
      let vacant = (chosen ?? Array(holder.indices)).filter { holder[$0] < 0 }.sorted {
        (-problem.tasks[$0].hours, $0) < (-problem.tasks[$1].hours, $1)
      }
      for task in vacant {
        if stop.isDue { return }
        for limit in 0...depth {
          mark()
          let before = cost
          var budget = steps
          if place(task, depth: limit, below: before, &budget) {
            improved = true
            break
          }
          undo()
        }
      }
      mark()
    }
  }

  /// Places a vacant task by a chain of at most `depth` moves of others; the chain must end in a
  /// cost below the one given.
  private mutating func place(
    _ task: Int, depth: Int, below ceiling: Double, _ budget: inout Int
  ) -> Bool {
    let start = changes
    if problem.tasks[task].fixed >= 0 {
      let teacher = problem.tasks[task].fixed
      guard allows(task, teacher) else { return false }
      assign(task, teacher)
      if cost < ceiling - 1e-9 { return true }
      undo(to: start)
      return false
    }
    let candidates = problem.works[problem.tasks[task].work].candidates
    for t in candidates where allows(task, t) {
      budget -= 1
      assign(task, t)
      if cost < ceiling - 1e-9 { return true }
      undo(to: start)
    }
    guard depth > 0 else { return false }
    for t in candidates {
      for victim in held[t].map(Int.init).sorted() where problem.tasks[victim].fixed < 0 {
        budget -= 1
        guard budget > 0 else { return false }
        guard
          hours[t] - problem.tasks[victim].hours + problem.tasks[task].hours
            <= problem.teachers[t].ceiling
        else { continue }
        assign(victim, -1)
        if !meets(task, t) {
          assign(task, t)
          if place(victim, depth: depth - 1, below: ceiling, &budget) { return true }
        }
        undo(to: start)
      }
    }
    return false
  }
}

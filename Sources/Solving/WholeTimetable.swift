// SPDX-License-Identifier: GPL-3.0-or-later
internal import Formulation
internal import LinearModels
internal import Problem
internal import Timetabling

/// Solves a small problem whole, from what the search found.
enum WholeTimetable {
  /// Placements beyond which a problem is not small.
  static let mostPlacements = 4000

  /// Whether a problem is small enough: Σ over events of times × rooms.
  static func isSmall(_ problem: Problem) -> Bool {
    guard problem.events > 0 else { return false }
    var placements = 0
    for event in 0..<problem.events {
      placements +=
        problem.options.count(event)
        * (problem.needsRoom[event] ? problem.eventRooms.count(event) : 1)
      if placements > mostPlacements { return false }
    }
    return true
  }

  /// Improves a complete timetable as far as the time goes; returns what is proved of the soft score
  /// of any complete one, nil where nothing is.
  static func solve(
    _ state: SearchState, _ solver: any LinearSolver, timeLimit: Double,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws -> Int? {
    guard state.unplaced == 0 else { return nil }
    let problem = state.problem
    let model = TimetableModel(problem)
    // Only complete timetables are looked for.
    var complete = model.model
    for event in 0..<problem.events {
      if let missing = model.missingColumn(event: event) {
        complete.setBounds(missing, lower: 0, upper: 0)
      }
    }
    for alike in alike(problem) { order(alike, state, model, &complete) }
    var options = SolveOptions()
    options.timeLimit = timeLimit
    options.isCancelled = isCancelled
    options.start = model.values(of: state)
    let solution = try solver.solve(complete, options)
    if !solution.values.isEmpty {
      let before = SearchState(problem)
      before.copy(from: state)
      if !model.apply(solution.values, to: state) || state.score > before.score {
        state.copy(from: before)
      }
    }
    guard let bound = solution.bound, bound.isFinite else { return nil }
    // Costs are whole: what is proved may be rounded up, less what the arithmetic may be off by.
    return Int((bound - 1e-6 * max(1, abs(bound))).rounded(.up))
  }
  /// Events of a group of which each may stand for another, such as the lectures of a course of a
  /// benchmark; two or more each.
  private static func alike(_ problem: Problem) -> [[Int]] {
    (0..<problem.groups).flatMap { group -> [[Int]] in
      guard problem.groupRows.count(group) == 0 else { return [] }
      var classes: [[Int]] = []
      for index in problem.groupEvents[group] {
        let event = Int(problem.groupEvents.items[index])
        if let at = classes.firstIndex(where: { areAlike($0[0], event, problem) }) {
          classes[at].append(event)
        } else {
          classes.append([event])
        }
      }
      return classes.filter { $0.count > 1 }
    }
  }

  private static func areAlike(_ one: Int, _ other: Int, _ problem: Problem) -> Bool {
    func isEqual(_ rows: Rows) -> Bool {
      rows[one].lazy.map { rows.items[$0] }.elementsEqual(
        rows[other].lazy.map { rows.items[$0] })
    }
    func isLenient(_ event: Int, _ person: Int) -> Bool {
      problem.personEvents[person].contains {
        Int(problem.personEvents.items[$0]) == event && problem.personLenient[$0]
      }
    }
    return problem.needsRoom[one] == problem.needsRoom[other]
      && isEqual(problem.options) && isEqual(problem.eventRooms) && isEqual(problem.eventPeople)
      && problem.options[one].allSatisfy { index in
        let time = Int(problem.options.items[index])
        return problem.placementCost(one, time) == problem.placementCost(other, time)
      }
      && problem.eventRooms[one].allSatisfy { index in
        let room = Int(problem.eventRooms.items[index])
        return problem.roomCost(one, room) == problem.roomCost(other, room)
      }
      && problem.eventPeople[one].allSatisfy { index in
        let person = Int(problem.eventPeople.items[index])
        return isLenient(one, person) == isLenient(other, person)
      }
  }

  /// Asks for events that are alike to be held in the order of their numbers, as they are then in the
  /// state too: of each timetable that differs in nothing else one is left. By any time, no more of
  /// the later is held than of the earlier.
  private static func order(
    _ alike: [Int], _ state: SearchState, _ model: TimetableModel, _ complete: inout LinearModel
  ) {
    let problem = state.problem
    func key(_ time: Int) -> Int {
      Int(problem.timeDay[time]) * problem.slots + Int(problem.timeStart[time])
    }
    let places = alike.map { event in
      (time: Int(state.eventTime[event]), room: Int(state.eventRoom[event]))
    }.sorted { (key($0.time), $0.time, $0.room) < (key($1.time), $1.time, $1.room) }
    for event in alike { state.remove(event) }
    for (event, place) in zip(alike, places) { state.place(event, place.time, place.room) }
    let times = problem.options[alike[0]].map { Int(problem.options.items[$0]) }
      .sorted { (key($0), $0) < (key($1), $1) }
    let rooms = problem.eventRooms[alike[0]].map { Int(problem.eventRooms.items[$0]) }
    func terms(_ event: Int, _ times: [Int], _ sign: Double) -> [LinearModel.Term] {
      times.flatMap { time in
        (problem.needsRoom[event] ? rooms : [-1]).compactMap { room in
          model.column(event: event, time: time, room: room).map { .init(sign, $0) }
        }
      }
    }
    for (earlier, later) in zip(alike, alike.dropFirst()) {
      for last in times {
        complete.addRow(
          upper: 0,
          terms(later, times.filter { key($0) <= key(last) }, 1)
            + terms(earlier, times.filter { key($0) <= key(last) }, -1))
      }
    }
  }
}

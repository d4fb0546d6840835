// SPDX-License-Identifier: GPL-3.0-or-later
public import LinearModels
public import University
public import Validation

/// A class that falls out, with the time at which it is to be made up.
public struct MakeUp: Sendable {
  /// The class.
  public var lost: Occurrence
  /// Where it finds a place; nil where it finds none.
  public var time: FreeTime?

  /// The row of `held.csv` that says so; nil where there is no place.
  public var record: HeldRecord? {
    guard let time else { return nil }
    return HeldRecord(
      date: lost.date, section: lost.section, status: .moved, slot: lost.slot,
      newDate: time.date, newSlot: time.slot, room: time.room,
      teacher: lost.isSubstituted ? lost.teachers.first : nil)
  }
}

/// When classes that fall out are made up: at most one place each, nobody and no room twice at a
/// time.
///
/// For each class i and each of its candidate times c (free beside everything that is held, see
/// ``FreeTimes``) x_ic ∈ {0, 1}; minimise Σ cost_ic x_ic + Σ 1000 length_i u_i subject to
/// Σ_c x_ic + u_i = 1, Σ x ≤ 1 over the candidates that need one person or one room in one slot, and
/// Σ length_i x_ic over the candidates of one person and date at most the hours left in that day.
/// The cost is days of delay (10 + 2 a day for a date before), 2 for each hour above 6 in somebody's
/// day, 3 for each hour in a discouraged slot, 1 for another room. Classes are taken in batches in
/// the order of their dates; what is placed stays. Travel between two make-ups is
/// judged afterwards by ``DatedPlan``: who breaks a rule goes into the next batch.
public struct MakeUpSchedule: Sendable {
  /// Classes of one programme.
  static let batch = 60

  /// Every class that falls out, in the order of dates.
  public private(set) var makeUps: [MakeUp] = []
  /// Sum of the costs, those without a place included.
  public private(set) var cost = 0.0
  /// Whether no cheaper choice of the candidate times exists: one programme, solved to the end.
  public private(set) var isOptimal = true
  /// How many programmes were solved.
  public private(set) var programmes = 0
  /// The plan with the make-ups in it.
  public private(set) var dated: DatedPlan

  private let deadline: ContinuousClock.Instant
  private let isCancelled: (@Sendable () -> Bool)?

  /// Finds the make-ups.
  ///
  /// - Parameters:
  ///   - institution: The institution; what its `held.csv` moves is made up already.
  ///   - plan: The plan.
  ///   - after: Only dates after this one; nil for all of the term.
  ///   - solver: What solves the programmes.
  ///   - timeLimit: Seconds; at its end the rest is placed greedily.
  ///   - isCancelled: Asked now and then.
  ///   - isWanted: Which of the classes that fall out are meant; nil for all.
  /// - Throws: Where the solver cannot run.
  public init(
    _ institution: Institution, _ plan: Plan, after: CalendarDate? = nil,
    solver: some LinearSolver, timeLimit: Double = 30,
    isCancelled: (@Sendable () -> Bool)? = nil, among isWanted: ((Occurrence) -> Bool)? = nil
  ) throws {
    deadline = .now + .seconds(timeLimit)
    self.isCancelled = isCancelled
    dated = DatedPlan(institution, plan)
    let lost = dated.occurrences.filter {
      [.holiday, .displaced, .cancelled].contains($0.fate) && isWanted?($0) ?? true
    }
    makeUps = lost.map { MakeUp(lost: $0, time: nil) }
    var waiting = Array(lost.indices)
    var held = institution.held
    var institution = institution
    while !waiting.isEmpty {
      let now = Array(waiting.prefix(Self.batch))
      waiting.removeFirst(now.count)
      let chosen = try place(now, after, solver, batches: waiting.count / Self.batch + 1)
      let kept = keep(chosen, &institution, &held)
      let refused = chosen.map(\.index).filter { !kept.contains($0) }
      if !refused.isEmpty || !waiting.isEmpty { isOptimal = false }
      // Something was placed, so that those refused see another timetable.
      if !kept.isEmpty { waiting = refused + waiting }
    }
    for makeUp in makeUps {
      cost += makeUp.time.map { Self.cost($0, of: makeUp.lost) } ?? Self.unplaced(makeUp.lost)
    }
  }

  static func cost(_ time: FreeTime, of lost: Occurrence) -> Double {
    let days = time.date.dayNumber - lost.natural.dayNumber
    let delay = days > 0 ? days : 10 - 2 * days
    let long = max(0, time.busiest + lost.length - 6)
    return Double(
      delay + 2 * long + (time.isDiscouraged ? 3 * lost.length : 0)
        + (time.room == lost.room ? 0 : 1))
  }

  private static func unplaced(_ lost: Occurrence) -> Double { 1000 * Double(lost.length) }

  // MARK: - One programme

  private struct Choice {
    let index: Int
    let time: FreeTime
  }

  private mutating func place(
    _ batch: [Int], _ after: CalendarDate?, _ solver: some LinearSolver, batches: Int
  ) throws -> [Choice] {
    let free = FreeTimes(dated)
    var choices: [Choice] = []
    for index in batch {
      choices += free.options(for: makeUps[index].lost, after: after)
        .map { Choice(index: index, time: $0) }
    }
    if choices.isEmpty { return [] }
    let rows = conflicts(of: choices, in: batch, free)
    let greedy = greedy(choices, rows)
    var model = LinearModel(name: "make-up")
    let columns = choices.map { choice in
      model.addBinary(cost: Self.cost(choice.time, of: makeUps[choice.index].lost))
    }
    var start = columns.indices.map { greedy.contains($0) ? 1.0 : 0.0 }
    let byClass = Dictionary(grouping: choices.indices) { choices[$0].index }
    for index in batch {
      guard let own = byClass[index] else { continue }
      let none = model.addBinary(cost: Self.unplaced(makeUps[index].lost))
      start.append(own.contains { greedy.contains($0) } ? 0 : 1)
      model.addRow(
        lower: 1, upper: 1,
        own.map { LinearModel.Term(1, columns[$0]) } + [LinearModel.Term(1, none)])
    }
    for row in rows {
      model.addRow(
        upper: Double(row.limit),
        row.choices.map { choice in
          let weight = row.isOfHours ? Double(makeUps[choices[choice].index].lost.length) : 1
          return LinearModel.Term(weight, columns[choice])
        })
    }
    var options = SolveOptions()
    options.start = start
    options.isCancelled = isCancelled
    let left = ContinuousClock.now.duration(to: deadline) / .seconds(1)
    options.timeLimit = left / Double(batches)
    programmes += 1
    guard left > 0.05, isCancelled?() != true else {
      isOptimal = false
      return greedy.sorted().map { choices[$0] }
    }
    let solution = try solver.solve(model, options)
    if solution.status != .optimal { isOptimal = false }
    guard !solution.values.isEmpty else { return greedy.sorted().map { choices[$0] } }
    return choices.indices.filter { solution.values[$0] > 0.5 }.map { choices[$0] }
  }

  /// Candidates that get in each other's way.
  private struct Conflict: Hashable {
    let choices: [Int]
    /// The most that may be taken of them: their number, or their hours.
    let limit: Int
    let isOfHours: Bool
  }

  /// Sets of candidates of which at most one may be taken, for a person or a room in a slot, and
  /// sets of which so many hours may be taken, for a person's day.
  private func conflicts(
    of choices: [Choice], in batch: [Int], _ free: FreeTimes
  ) -> [Conflict] {
    var learners: [StudentID: [Int]] = [:]
    var staff: [TeacherID: [Int]] = [:]
    for index in batch {
      let lost = makeUps[index].lost
      for student in dated.plan.sections[lost.section]?.students ?? [] {
        learners[student, default: []].append(index)
      }
      for teacher in lost.teachers { staff[teacher, default: []].append(index) }
    }
    // People with the same classes are one.
    var people: [[Int]: (students: [StudentID], teachers: [TeacherID])] = [:]
    for (student, classes) in learners where classes.count > 1 {
      people[classes, default: ([], [])].students.append(student)
    }
    for (teacher, classes) in staff where classes.count > 1 {
      people[classes, default: ([], [])].teachers.append(teacher)
    }
    let byClass = Dictionary(grouping: choices.indices) { choices[$0].index }
    var result: Set<Conflict> = []
    for (classes, who) in people {
      let spare = free.spareHours(of: who.students, who.teachers)
      let own = classes.flatMap { byClass[$0] ?? [] }
      for (date, row) in Dictionary(grouping: own, by: { choices[$0].time.date }) {
        guard isOfSeveral(row, choices) else { continue }
        let left = max(0, spare[date] ?? 0)
        let hours = Dictionary(grouping: row) { choices[$0].index }
          .reduce(0) { $0 + makeUps[$1.key].lost.length }
        if hours > left {
          result.insert(Conflict(choices: row.sorted(), limit: left, isOfHours: true))
        }
        result.formUnion(conflicts(in: row, choices))
      }
    }
    let placed = choices.indices.filter { choices[$0].time.room != nil }
    for row in Dictionary(
      grouping: placed,
      by: { [choices[$0].time.room?.text ?? "", choices[$0].time.date.description] }
    ).values {
      result.formUnion(conflicts(in: row, choices))
    }
    return result.sorted { a, b in
      a.choices == b.choices
        ? (a.limit, a.isOfHours ? 1 : 0) < (b.limit, b.isOfHours ? 1 : 0)
        : a.choices.lexicographicallyPrecedes(b.choices)
    }
  }

  /// Conflicts by slot among candidates of one date.
  private func conflicts(in row: [Int], _ choices: [Choice]) -> [Conflict] {
    var bySlot: [Int: [Int]] = [:]
    for choice in row {
      let first = choices[choice].time.slot
      for slot in first..<first + makeUps[choices[choice].index].lost.length {
        bySlot[slot, default: []].append(choice)
      }
    }
    return bySlot.values.filter { isOfSeveral($0, choices) }
      .map { Conflict(choices: $0.sorted(), limit: 1, isOfHours: false) }
  }

  /// Whether candidates are of more than one class: those of one exclude each other anyway.
  private func isOfSeveral(_ row: [Int], _ choices: [Choice]) -> Bool {
    row.contains { choices[$0].index != choices[row[0]].index }
  }

  /// The cheapest first, as far as they agree: what the programme starts from.
  private func greedy(_ choices: [Choice], _ rows: [Conflict]) -> Set<Int> {
    var rowsOf = Array(repeating: [Int](), count: choices.count)
    for (number, row) in rows.enumerated() {
      for choice in row.choices { rowsOf[choice].append(number) }
    }
    var left = rows.map(\.limit)
    var placed: Set<Int> = []
    var result: Set<Int> = []
    let costs = choices.map { Self.cost($0.time, of: makeUps[$0.index].lost) }
    for choice in choices.indices.sorted(by: { (costs[$0], $0) < (costs[$1], $1) }) {
      let length = makeUps[choices[choice].index].lost.length
      func need(_ row: Int) -> Int { rows[row].isOfHours ? length : 1 }
      if placed.contains(choices[choice].index)
        || rowsOf[choice].contains(where: { left[$0] < need($0) })
      {
        continue
      }
      placed.insert(choices[choice].index)
      result.insert(choice)
      for row in rowsOf[choice] { left[row] -= need(row) }
    }
    return result
  }

  // MARK: - The judge

  /// Takes over the choices that break no rule together with all that is held; says which.
  private mutating func keep(
    _ choices: [Choice], _ institution: inout Institution, _ held: inout [HeldRecord]
  ) -> Set<Int> {
    /// Rows of make-ups are told from those of the file by their lines.
    let first = 1 << 40
    var kept = choices
    while true {
      var rows: [HeldRecord] = []
      for (number, choice) in kept.enumerated() {
        let makeUp = MakeUp(lost: makeUps[choice.index].lost, time: choice.time)
        guard var row = makeUp.record else { continue }
        row.line = first + number
        rows.append(row)
      }
      // A cancelled class has a row already, which the make-up replaces.
      let replaced = Set(rows.map { Self.key($0.section, $0.date, $0.slot) })
      let others = held.filter { row in
        row.status != .cancelled
          || !replaced.contains(Self.key(row.section, row.date, row.slot))
            && !rows.contains {
              $0.section == row.section && $0.date == row.date && row.slot == nil
            }
      }
      institution.held = others + rows
      let judged = DatedPlan(institution, dated.plan)
      let bad = Set(judged.findings.compactMap(\.line).filter { $0 >= first }.map { $0 - first })
      if bad.isEmpty {
        held = institution.held.map { row in
          var row = row
          if row.line >= first { row.line = 0 }
          return row
        }
        dated = judged
        for choice in kept { makeUps[choice.index].time = choice.time }
        return Set(kept.map(\.index))
      }
      // One of those that get in each other's way stays.
      let stays = bad.count > 1 ? bad.min() : nil
      kept = kept.indices.filter { !bad.contains($0) || $0 == stays }.map { kept[$0] }
    }
  }

  private static func key(_ section: SectionID, _ date: CalendarDate, _ slot: Int?) -> [String] {
    [section.text, date.description, "\(slot ?? 0)"]
  }
}

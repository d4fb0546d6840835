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
      newDate: time.date, newSlot: time.slot, room: time.room == lost.room ? nil : time.room)
  }
}

/// When classes that fall out are made up: at most one place each, nobody and no room twice at a
/// time.
///
/// For each class i and each of its candidate times c (free beside everything that is held, see
/// ``FreeTimes``) x_ic ∈ {0, 1}; minimise Σ cost_ic x_ic + Σ 1000 length_i u_i subject to
/// Σ_c x_ic + u_i = 1, and Σ x ≤ 1 over the candidates that need one person or one room in one slot.
/// The cost is days of delay (10 + 2 a day for a date before), 2 for each hour above 6 in somebody's
/// day, 3 for each hour in a discouraged slot, 1 for another room. Classes are taken in batches in
/// the order of their dates; what is placed stays. Travel and hours of the day between two make-ups
/// are judged afterwards by ``DatedPlan``: who breaks a rule goes into the next batch.
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
  /// - Throws: Where the solver cannot run.
  public init(
    _ institution: Institution, _ plan: Plan, after: CalendarDate? = nil,
    solver: some LinearSolver, timeLimit: Double = 30,
    isCancelled: (@Sendable () -> Bool)? = nil
  ) throws {
    deadline = .now + .seconds(timeLimit)
    self.isCancelled = isCancelled
    dated = DatedPlan(institution, plan)
    let lost = dated.occurrences.filter {
      [.holiday, .displaced, .cancelled].contains($0.fate)
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

  private struct Need: Hashable {
    enum Who: Hashable {
      case person([Int])
      case room(RoomID)
    }
    let who: Who
    let date: Int
    let slot: Int
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
    let rows = conflicts(of: choices, in: batch)
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
    for row in rows { model.addRow(upper: 1, row.map { LinearModel.Term(1, columns[$0]) }) }
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

  /// Sets of candidates of which at most one may be taken.
  private func conflicts(of choices: [Choice], in batch: [Int]) -> [[Int]] {
    var ofPerson: [String: [Int]] = [:]
    for index in batch {
      let lost = makeUps[index].lost
      for student in dated.plan.sections[lost.section]?.students ?? [] {
        ofPerson["s" + student.text, default: []].append(index)
      }
      for teacher in lost.teachers { ofPerson["t" + teacher.text, default: []].append(index) }
    }
    // People with the same classes are one.
    let groups = Set(ofPerson.values.filter { $0.count > 1 })
    var groupsOf: [Int: [[Int]]] = [:]
    for group in groups {
      for index in group { groupsOf[index, default: []].append(group) }
    }
    var needs: [Need: [Int]] = [:]
    for (number, choice) in choices.enumerated() {
      let length = makeUps[choice.index].lost.length
      for slot in choice.time.slot..<choice.time.slot + length {
        let date = choice.time.date.dayNumber
        for group in groupsOf[choice.index] ?? [] {
          needs[Need(who: .person(group), date: date, slot: slot), default: []].append(number)
        }
        if let room = choice.time.room {
          needs[Need(who: .room(room), date: date, slot: slot), default: []].append(number)
        }
      }
    }
    let several = needs.values.filter { row in
      row.contains { choices[$0].index != choices[row[0]].index }
    }
    return Set(several).sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// The cheapest first, as far as they agree: what the programme starts from.
  private func greedy(_ choices: [Choice], _ rows: [[Int]]) -> Set<Int> {
    var rowsOf = Array(repeating: [Int](), count: choices.count)
    for (number, row) in rows.enumerated() {
      for choice in row { rowsOf[choice].append(number) }
    }
    var full = Array(repeating: false, count: rows.count)
    var placed: Set<Int> = []
    var result: Set<Int> = []
    let costs = choices.map { Self.cost($0.time, of: makeUps[$0.index].lost) }
    for choice in choices.indices.sorted(by: { (costs[$0], $0) < (costs[$1], $1) }) {
      if placed.contains(choices[choice].index) || rowsOf[choice].contains(where: { full[$0] }) {
        continue
      }
      placed.insert(choices[choice].index)
      result.insert(choice)
      for row in rowsOf[choice] { full[row] = true }
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

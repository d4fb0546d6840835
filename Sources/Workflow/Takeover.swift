// SPDX-License-Identifier: GPL-3.0-or-later
internal import Curricula
internal import LinearModels
public import University
internal import Validation

/// Who holds the classes of teachers who leave in mid-term, date by date.
///
/// The plan has one holder of a section for the whole term, and what was taught was taught by that
/// one: the plan stays, and the register (`held.csv`) names the substitute of each class from the day
/// on. Only the final control, which is held after the classes, changes hands in the plan.
public struct Takeover: Sendable {
  /// What somebody takes of a section.
  public struct Share: Sendable, Hashable {
    /// The section.
    public var section: SectionID
    /// Who takes it.
    public var teacher: TeacherID
    /// Classes on dates.
    public var classes: Int
    /// Their hours.
    public var hours: Int
    /// How many of the classes are held at another time than planned.
    public var moved: Int
    /// Whether they are to examine these students, which their teacher should not.
    public var examines: Bool
  }

  /// Classes of a section that nobody takes.
  public struct Gap: Sendable {
    /// The section.
    public var section: SectionID
    /// The dates, in order.
    public var dates: [CalendarDate]
    /// Their hours.
    public var hours: Int
    /// Who is competent, the most fitting first, and what stands against them in the whole term.
    public var people: [Substitute]
  }

  /// The first day.
  public var from: CalendarDate
  /// Who takes what, by section.
  public var shares: [Share] = []
  /// What nobody takes, by section.
  public var gaps: [Gap] = []
  /// Work of the final control that others take, or nobody (``vacantExams``).
  public var exams: [Reassignment] = []
  /// Work of the final control that nobody can take: it is vacant in the plan.
  public var vacantExams: [VacantExam] = []
  /// Whether the time was over before it was found who takes the final control: all of it then
  /// stays in the load as it was.
  public var isControlUnsettled = false
  /// Who gave on so much of the final control that they have fewer hours than were asked of them.
  public var shortfalls: [Shortfall] = []
  /// Other work without meetings, which stays in the load of those who left: a part of it is done, and
  /// the register cannot give on the rest.
  public var untimed: [LoadTask] = []
  /// The rows of `held.csv` that are new, or take the place of that of the same class.
  public var rows: [HeldRecord] = []
  /// All of `held.csv` with them.
  public var held: [HeldRecord] = []
}

extension Disruption {
  /// Whether teachers leave for the rest of the term from a day on: no later week has them back.
  public func isDeparture(in term: Term) -> Bool {
    guard let from, isAllDay, !teachers.isEmpty else { return false }
    var rest = self
    rest.weeks = nil
    let open = rest.weekBits(of: term.weeks)
    return from.week < term.weeks && open != 0 && weekBits(of: term.weeks) == open
  }
}

extension PlanInHand {
  /// A section whose classes somebody else has to hold.
  private struct Wanted {
    let section: SectionID
    let occurrences: [Occurrence]
    var people: [(person: Substitute, cost: Double)] = []
    var hours: Int { occurrences.reduce(0) { $0 + $1.length } }
  }

  /// Gives every class of teachers who leave, from a day on, to others by date.
  ///
  /// One person for each section s by a programme: minimise Σ (100 b_st + r_st) x_st + Σ 1000 h_s u_s
  /// subject to Σ_t x_st + u_s = 1, Σ_s h_s x_st at most the hours that t has left, and at most one
  /// of two sections with classes at one time, where h_s are the hours, b_st those at which t cannot
  /// come, and r_st the place of t in the ranking of ``substitutes(for:scope:absent:)``. Classes at
  /// which that one cannot come go to somebody else who can, to as few as are found; what is left is
  /// held at another time, by ``MakeUpSchedule``; what finds none is cancelled and told. ``DatedPlan``
  /// judges every row.
  ///
  /// - Parameters:
  ///   - mended: The plan that the rows speak of.
  ///   - institution: What it is a plan of, with the `held.csv` so far.
  ///   - disruption: Who leaves, and when.
  ///   - solver: For the programmes.
  ///   - timeLimit: Seconds for all of it.
  ///   - isCancelled: Asked now and then; true ends the work with what there is.
  /// - Returns: Who takes what.
  /// - Throws: What the solver throws when it cannot run.
  func takeover(
    _ mended: Plan, _ institution: Institution, _ disruption: Disruption,
    solver: any LinearSolver, timeLimit: Double, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> Takeover {
    let absent = Set(disruption.teachers)
    let day = disruption.from ?? .init(week: 0, day: .monday)
    let start = institution.term.start.adding(days: 7 * day.week + day.day.rawValue)
    let dated = DatedPlan(institution, mended)
    let own = dated.occurrences.filter {
      $0.isHeld && $0.date >= start && $0.teachers.contains(where: absent.contains)
    }
    var ledger = SubstituteLedger(dated, mended)
    var wanted = Dictionary(grouping: own, by: \.section).sorted { $0.key < $1.key }.map {
      Wanted(section: $0.key, occurrences: $0.value)
    }
    for position in wanted.indices {
      wanted[position].people = candidates(for: wanted[position].section, absent)
    }
    let first = try choose(wanted, ledger, solver, timeLimit: timeLimit / 3)

    var takers: [Occurrence: TeacherID] = [:]
    var waiting: [Occurrence] = []
    func take(_ occurrence: Occurrence, _ teacher: TeacherID) -> Bool {
      guard ledger.canTake(teacher, occurrence) else { return false }
      ledger.take(teacher, occurrence)
      takers[occurrence] = teacher
      return true
    }
    for (want, teacher) in zip(wanted, first) {
      var left = want.occurrences.filter { occurrence in
        teacher.map { !take(occurrence, $0) } ?? true
      }
      while !left.isEmpty {
        // Who can come to most of the rest, the more fitting first.
        var best: (hours: Int, teacher: TeacherID)?
        for (person, _) in want.people {
          let hours = ledger.hours(of: left, by: person.teacher)
          if hours > best?.hours ?? 0 { best = (hours, person.teacher) }
        }
        guard let best else { break }
        left = left.filter { !take($0, best.teacher) }
      }
      waiting += left
    }
    // What the judge refuses has to find another time.
    while true {
      let rows = Self.rows(institution.held, takers, cancelled: [:])
      var judged = institution
      judged.held = rows.held
      let lines = Set(
        DatedPlan(judged, mended).findings.filter { $0.severity == .violation }
          .compactMap(\.line))
      let refused = rows.occurrences.filter { lines.contains($0.key) && takers[$0.value] != nil }
      if refused.isEmpty { break }
      for occurrence in refused.values {
        if let teacher = takers.removeValue(forKey: occurrence) { ledger.drop(teacher, occurrence) }
        waiting.append(occurrence)
      }
    }
    // Another time, with the section's own substitute first.
    var named: [Occurrence: TeacherID] = [:]
    waiting.sort { ($0.date, $0.slot, $0.section) < ($1.date, $1.slot, $1.section) }
    for occurrence in waiting where !occurrence.isReplacement {
      guard let at = wanted.firstIndex(where: { $0.section == occurrence.section }) else {
        continue
      }
      let order = [first[at]].compactMap { $0 } + wanted[at].people.map(\.person.teacher)
      guard let teacher = order.first(where: { ledger.hasHours($0, occurrence.length) }) else {
        continue
      }
      ledger.spend(teacher, occurrence.length)
      named[occurrence] = teacher
    }
    var result = Takeover(from: start)
    let rows = Self.rows(
      institution.held, takers,
      cancelled: Dictionary(uniqueKeysWithValues: waiting.map { ($0, named[$0]) }))
    result.held = rows.held.map { row in
      var row = row
      if row.line >= Self.firstLine { row.line = 0 }
      return row
    }
    result.rows = rows.held.filter { $0.line >= Self.firstLine }.map { row in
      var row = row
      row.line = 0
      return row
    }
    var moved: [Occurrence: Bool] = [:]
    if !named.isEmpty {
      var judged = institution
      judged.held = result.held
      let keys = Set(named.keys.map { Self.key($0.section, $0.date, $0.slot) })
      let schedule = try MakeUpSchedule(
        judged, mended, after: start.adding(days: -1), solver: solver,
        timeLimit: max(0.5, timeLimit / 2), isCancelled: isCancelled,
        among: { keys.contains(Self.key($0.section, $0.date, $0.slot)) })
      var times: [[String]: HeldRecord] = [:]
      for record in schedule.makeUps.compactMap(\.record) {
        times[Self.key(record.section, record.date, record.slot)] = record
      }
      func settled(_ row: HeldRecord) -> HeldRecord {
        let key = Self.key(row.section, row.date, row.slot)
        guard row.status == .cancelled, keys.contains(key) else { return row }
        if let found = times[key] { return found }
        var row = row
        row.teacher = nil
        return row
      }
      result.rows = result.rows.map(settled)
      result.held = result.held.map(settled)
      for (occurrence, teacher) in named
      where times[Self.key(occurrence.section, occurrence.date, occurrence.slot)] != nil {
        takers[occurrence] = teacher
        moved[occurrence] = true
      }
    }
    result.rows.sort { ($0.date, $0.section, $0.slot ?? 0) < ($1.date, $1.section, $1.slot ?? 0) }
    for want in wanted {
      let byTeacher = Dictionary(grouping: want.occurrences.filter { takers[$0] != nil }) {
        takers[$0] ?? TeacherID("")
      }
      let examiners = Set(
        want.people.filter { $0.person.obstacles.contains(.examiner) }.map(\.person.teacher))
      result.shares += byTeacher.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map
      {
        Takeover.Share(
          section: want.section, teacher: $0.key, classes: $0.value.count,
          hours: $0.value.reduce(0) { $0 + $1.length },
          moved: $0.value.count { moved[$0] ?? false },
          examines: examiners.contains($0.key))
      }
      let none = want.occurrences.filter { takers[$0] == nil }
      if none.isEmpty { continue }
      result.gaps.append(
        Takeover.Gap(
          section: want.section, dates: none.map(\.date),
          hours: none.reduce(0) { $0 + $1.length },
          people: substitutes(for: events(of: want.section), absent: absent)))
    }
    result.untimed = mended.assignments.compactMap { row in
      guard let teacher = row.teacher, absent.contains(teacher), let task = mended.tasks[row.task],
        task.work.teachingKind == nil
      else { return nil }
      return task
    }
    return result
  }

  /// Lines of rows that are ours begin here.
  private static var firstLine: Int { 1 << 41 }

  private static func key(_ section: SectionID, _ date: CalendarDate, _ slot: Int?) -> [String] {
    [section.text, date.description, "\(slot ?? 0)"]
  }

  /// Who may take classes of a section, the most fitting first, with what it costs to choose them.
  private func candidates(
    for section: SectionID, _ absent: Set<TeacherID>
  ) -> [(person: Substitute, cost: Double)] {
    let people = substitutes(for: events(of: section), absent: absent).compactMap {
      person -> (person: Substitute, cost: Double)? in
      var cost = 0.0
      for obstacle in person.obstacles {
        switch obstacle {
        case .unfit, .teaches: return nil
        case .examiner: cost += 50
        case .chosen(_, let teacher): if !absent.contains(teacher) { cost += 20 }
        // Judged on the dates.
        case .busy, .forbidden, .tooFar, .tooLong, .noHoursLeft: break
        }
      }
      cost += (person.isOfDepartment ? 0 : 3) + (person.taughtBefore ? 0 : 2)
      cost += Double(person.newDays) + Double(person.gaps) / 6 + Double(2 - person.preference) / 4
      return (person, cost)
    }
    return people.sorted { ($0.cost, $0.person.teacher) < ($1.cost, $1.person.teacher) }
  }

  /// One person for each section, or nobody.
  private func choose(
    _ wanted: [Wanted], _ ledger: SubstituteLedger, _ solver: any LinearSolver, timeLimit: Double
  ) throws -> [TeacherID?] {
    struct Choice {
      var wanted: Int
      var teacher: TeacherID
      var variable: LinearModel.Variable
      var open: [Occurrence]
    }
    var model = LinearModel(name: "takeover")
    var choices: [Choice] = []
    for (position, want) in wanted.enumerated() {
      var terms = [LinearModel.Term(1, model.addBinary(cost: 1000 * Double(want.hours)))]
      for (person, cost) in want.people {
        let open = want.occurrences.filter { ledger.canTake(person.teacher, $0) }
        let busy = want.hours - open.reduce(0) { $0 + $1.length }
        let variable = model.addBinary(cost: 100 * Double(busy) + cost)
        choices.append(
          Choice(wanted: position, teacher: person.teacher, variable: variable, open: open))
        terms.append(LinearModel.Term(1, variable))
      }
      model.addRow(lower: 1, upper: 1, terms)
    }
    let byTeacher = Dictionary(grouping: choices, by: \.teacher)
    for (teacher, own) in byTeacher.sorted(by: { $0.key < $1.key }) {
      model.addRow(
        upper: max(0, ledger.hoursLeft(of: teacher)),
        own.map { LinearModel.Term(Double(wanted[$0.wanted].hours), $0.variable) })
      for i in own.indices {
        for j in own.indices
        where j > i && own[i].open.contains(where: { a in own[j].open.contains { a.meets($0) } }) {
          model.addRow(
            upper: 1,
            [LinearModel.Term(1, own[i].variable), LinearModel.Term(1, own[j].variable)])
        }
      }
    }
    var options = SolveOptions()
    options.timeLimit = max(0.2, timeLimit)
    var result = [TeacherID?](repeating: nil, count: wanted.count)
    if choices.isEmpty { return result }
    let solution = try solver.solve(model, options)
    for choice in choices
    where choice.variable.index < solution.values.count
      && solution.values[choice.variable.index] > 0.5
    {
      result[choice.wanted] = choice.teacher
    }
    return result
  }

  /// `held.csv` with a substitute for some classes, and others cancelled, with who would make them
  /// up; the rows that are ours by their lines.
  private static func rows(
    _ before: [HeldRecord], _ takers: [Occurrence: TeacherID],
    cancelled: [Occurrence: TeacherID?]
  ) -> (held: [HeldRecord], occurrences: [Int: Occurrence]) {
    var held = before
    var occurrences: [Int: Occurrence] = [:]
    let all =
      (takers.map { ($0.key, Optional($0.value), false) }
      + cancelled.map { ($0.key, $0.value, true) })
      .sorted { a, b in
        (a.0.date, a.0.section, a.0.slot) < (b.0.date, b.0.section, b.0.slot)
      }
    for (number, (occurrence, teacher, isCancelled)) in all.enumerated() {
      let line = firstLine + number
      occurrences[line] = occurrence
      let known = held.firstIndex { row in
        row.section == occurrence.section && row.status != .cancelled
          && (row.newDate ?? row.date) == occurrence.date
          && (row.newSlot ?? row.slot ?? occurrence.slot) == occurrence.slot
      }
      var row =
        known.map { held[$0] }
        ?? HeldRecord(
          date: occurrence.date, section: occurrence.section, status: .held, slot: occurrence.slot)
      row.teacher = teacher
      row.line = line
      if isCancelled {
        row.status = .cancelled
        (row.newDate, row.newSlot, row.room) = (nil, nil, nil)
      }
      if let known { held[known] = row } else { held.append(row) }
    }
    return (held, occurrences)
  }
}

/// What people hold on dates, and the hours they have left in the term.
private struct SubstituteLedger {
  private let dated: DatedPlan
  private let travel: (BuildingID, BuildingID) -> Int
  private var days: [TeacherID: [CalendarDate: [Occurrence]]] = [:]
  private var left: [TeacherID: Double] = [:]
  private let forbidden: [TeacherID: [Availability]]

  init(_ dated: DatedPlan, _ plan: Plan) {
    self.dated = dated
    let institution = dated.institution
    travel = institution.travelTable()
    for teacher in institution.teachers { left[teacher.id] = institution.ceiling(of: teacher) }
    for row in plan.assignments {
      if let teacher = row.teacher { left[teacher, default: 0] -= row.hours.value }
    }
    for occurrence in dated.occurrences where occurrence.isHeld {
      for teacher in occurrence.teachers {
        days[teacher, default: [:]][occurrence.date, default: []].append(occurrence)
        if occurrence.isSubstituted { left[teacher, default: 0] -= Double(occurrence.length) }
      }
    }
    var times: [TeacherID: [Availability]] = [:]
    for row in institution.availability where row.level == .forbidden {
      if case .teacher(let id) = row.subject { times[id, default: []].append(row) }
    }
    forbidden = times
  }

  func hoursLeft(of teacher: TeacherID) -> Double { left[teacher] ?? 0 }

  func hasHours(_ teacher: TeacherID, _ hours: Int) -> Bool {
    hoursLeft(of: teacher) >= Double(hours) - 1e-9
  }

  /// Whether somebody is free at a class, has time for the way, and hours left in the day and term.
  func canTake(_ teacher: TeacherID, _ occurrence: Occurrence) -> Bool {
    let it = dated.institution
    guard hasHours(teacher, occurrence.length), let person = it.teachers[teacher],
      let day = dated.calendar.classDay(on: occurrence.date)
    else { return false }
    let isForbidden = (forbidden[teacher] ?? []).contains { row in
      (row.day == nil || row.day == day.day) && row.weeks.holds(week: day.week)
        && row.from < occurrence.slot + occurrence.length && row.to >= occurrence.slot
    }
    if isForbidden { return false }
    let others = days[teacher]?[occurrence.date] ?? []
    if others.contains(where: { $0.meets(occurrence) || isTooFar($0, occurrence) }) { return false }
    let hours = (others + [occurrence]).reduce(UInt64(0)) { bits, row in
      (row.slot..<row.slot + row.length).reduce(bits) { $0 | 1 << UInt64($1) }
    }
    return hours.nonzeroBitCount <= it.dayLimit(of: person)
  }

  /// Hours of some classes that somebody can take together.
  func hours(of occurrences: [Occurrence], by teacher: TeacherID) -> Int {
    var trial = self
    return occurrences.reduce(0) { sum, occurrence in
      guard trial.canTake(teacher, occurrence) else { return sum }
      trial.take(teacher, occurrence)
      return sum + occurrence.length
    }
  }

  mutating func take(_ teacher: TeacherID, _ occurrence: Occurrence) {
    days[teacher, default: [:]][occurrence.date, default: []].append(occurrence)
    spend(teacher, occurrence.length)
  }

  mutating func drop(_ teacher: TeacherID, _ occurrence: Occurrence) {
    days[teacher]?[occurrence.date]?.removeAll { $0 == occurrence }
    spend(teacher, -occurrence.length)
  }

  mutating func spend(_ teacher: TeacherID, _ hours: Int) {
    left[teacher, default: 0] -= Double(hours)
  }

  private func isTooFar(_ a: Occurrence, _ b: Occurrence) -> Bool {
    let it = dated.institution
    guard let x = a.room.flatMap({ it.rooms[$0]?.building }),
      let y = b.room.flatMap({ it.rooms[$0]?.building }), x != y
    else { return false }
    let (first, second) = a.slot < b.slot ? (a, b) : (b, a)
    let minutes =
      it.regime.start(ofSlot: second.slot) - it.regime.end(ofSlot: first.slot + first.length - 1)
    return minutes < (a.slot < b.slot ? travel(x, y) : travel(y, x))
  }
}

extension Occurrence {
  /// Whether two classes on one date share a slot.
  fileprivate func meets(_ other: Occurrence) -> Bool {
    date == other.date && slot < other.slot + other.length && other.slot < slot + length
  }
}

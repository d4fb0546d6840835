// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// What must hold for the timetable stage to find a time for a section with a teacher: necessary
/// conditions, of the section and the teacher alone and of two pinned sections.
///
/// The load's objective knows nothing of them, so that no bound may be computed under them.
struct TeachingTimes {
  /// A way to hold a meeting: so many slots in a row in these weeks.
  private struct Shape: Hashable {
    var length: Int
    var weeks: UInt64
  }

  /// Weeks in which each slot of each day is closed.
  private typealias ClosedTimes = [UInt64]

  /// A section with the times that it may have.
  private struct Demand {
    /// The weekly block that the section has in every timetable; nil where it has none.
    var weekly: Shape?
    /// Ways to hold what the weekly blocks leave, of which one must do; empty where all is said.
    var rest: [Shape]
    /// Pins of a time, of weeks or of a room.
    var pins: [Pin]
    /// Groups of its students, retakes aside, with closed times.
    var closed: ClosedTimes?
    /// The hours to deliver at least.
    var hours: Int
  }

  private let institution: Institution
  private let slots: Int
  private let weeks: Int
  private var closedOfTeacher: [TeacherID: ClosedTimes] = [:]
  private var closedOfGroup: [GroupID: ClosedTimes] = [:]
  private var closedOfRoom: [RoomID: ClosedTimes] = [:]
  private var pinsOfSection: [SectionID: [Pin]] = [:]

  init(_ institution: Institution, sections: University.Table<Section>) {
    self.institution = institution
    slots = institution.regime.slots
    weeks = institution.term.weeks
    let cells = institution.days.count * slots
    for row in institution.availability where row.level == .forbidden {
      func close(_ times: inout ClosedTimes) {
        if times.isEmpty { times = Array(repeating: 0, count: cells) }
        for (d, day) in institution.days.enumerated() where row.day == nil || row.day == day {
          for slot in max(1, row.from)..<(max(max(1, row.from), min(slots, row.to) + 1)) {
            times[d * slots + slot - 1] |= row.weeks.bits
          }
        }
      }
      switch row.subject {
      case .teacher(let id): close(&closedOfTeacher[id, default: []])
      case .group(let id): close(&closedOfGroup[id, default: []])
      case .room(let id): close(&closedOfRoom[id, default: []])
      }
    }
    findPinned(sections)
  }

  /// Which section a pin is about: the one with most of its group, the first on a tie; every one
  /// without a group (exact reading 8).
  private mutating func findPinned(_ sections: University.Table<Section>) {
    struct Unit: Hashable {
      var discipline: DisciplineID
      var kind: TeachingKind
    }
    let pins = institution.pins.filter {
      $0.day != nil || $0.slot != nil || $0.weeks != nil || $0.room != nil
    }
    guard !pins.isEmpty else { return }
    var byUnit: [Unit: [Section]] = [:]
    for section in sections {
      byUnit[Unit(discipline: section.discipline, kind: section.kind), default: []].append(section)
    }
    for pin in pins {
      let all = byUnit[Unit(discipline: pin.discipline, kind: pin.kind)] ?? []
      guard let group = pin.group else {
        for section in all { pinsOfSection[section.id, default: []].append(pin) }
        continue
      }
      var best: (section: SectionID, count: Int)?
      for section in all {
        let count = section.students.count { institution.students[$0]?.group == group }
        if count > best?.count ?? 0 { best = (section.id, count) }
      }
      if let best { pinsOfSection[best.section, default: []].append(pin) }
    }
  }

  // MARK: - One section, one teacher

  /// Those of the teachers given who can hold the section at no time, although somebody who is
  /// always free could.
  func withoutTime(_ section: Section, among teachers: [Teacher]) -> [TeacherID] {
    guard let demand = demand(section) else { return [] }
    let longest = max(demand.weekly?.length ?? 1, demand.rest.map(\.length).min() ?? 1)
    let candidates = teachers.filter {
      closedOfTeacher[$0.id] != nil || institution.dayLimit(of: $0) < longest
    }
    guard !candidates.isEmpty, isPossible(demand, with: nil) else { return [] }
    let unfit = candidates.filter { !isPossible(demand, with: $0) }
    // Where nobody has time for whole blocks every week, the timetable falls back on single hours in
    // the weeks that are open: only who has no time for these either is unfit then.
    if unfit.count < teachers.count { return unfit.map(\.id) }
    return unfit.filter { !isPossible(inSingleHours(demand, with: $0), with: $0) }.map(\.id)
  }

  /// The same hours in meetings of one hour, in the weeks in which the section and the teacher have
  /// any open time.
  private func inSingleHours(_ demand: Demand, with teacher: Teacher) -> Demand {
    var relaxed = demand
    let closed = Self.joined(demand.closed, closedOfTeacher[teacher.id])
    let all = WeekPattern.all(weeks).bits
    let open = closed.map { times in times.reduce(UInt64(0)) { $0 | ~$1 } & all } ?? all
    relaxed.weekly = nil
    relaxed.rest = [Shape(length: 1, weeks: all), Shape(length: 1, weeks: open)]
    return relaxed
  }

  private func demand(_ section: Section) -> Demand? {
    guard let discipline = institution.disciplines[section.discipline], slots > 0,
      weeks > 0, weeks < 64
    else { return nil }
    let hours = discipline.hours(section.kind)
    guard hours > 0 else { return nil }
    let tolerance = institution.policy.hoursTolerance
    let block = max(1, institution.block(of: discipline, section.kind))
    let all = WeekPattern.all(weeks).bits
    let remainder = hours % (weeks * block)
    var demand = Demand(
      weekly: nil, rest: [], pins: pinsOfSection[section.id] ?? [], closed: nil,
      hours: hours - tolerance)
    // What one meeting can deliver is delivered by one; where several must share what is left, no
    // more is asked than that there be any time at all.
    let single = remainder > tolerance ? singles(remainder, block, tolerance) : []
    if remainder <= tolerance || !single.isEmpty {
      if hours >= weeks * block { demand.weekly = Shape(length: block, weeks: all) }
      demand.rest = single
    }
    if demand.pins.contains(where: { $0.weeks != nil }) {
      demand.weekly = nil
      let every = demand.pins.first { $0.day == nil && $0.slot == nil && $0.weeks != nil }
      demand.rest = every?.weeks.map { [Shape(length: 1, weeks: $0.bits)] } ?? []
    }
    if demand.weekly == nil && demand.rest.isEmpty {
      demand.rest = (0..<weeks).map { Shape(length: 1, weeks: 1 << UInt64($0)) }
    }
    if !closedOfGroup.isEmpty {
      var groups: Set<GroupID> = []
      for student in section.students where !institution.isRetake(student, section.discipline) {
        if let group = institution.students[student]?.group { groups.insert(group) }
      }
      for group in groups.sorted() {
        guard let closed = closedOfGroup[group] else { continue }
        demand.closed = Self.joined(demand.closed, closed)
      }
    }
    return demand
  }

  /// Single meetings that deliver the hours within the tolerance: in odd or even weeks, else in the
  /// first or the last ones.
  private func singles(_ hours: Int, _ block: Int, _ tolerance: Int) -> [Shape] {
    var result: [Shape] = []
    for length in 1...block {
      for count in 1...weeks where abs(length * count - hours) <= tolerance {
        let odd = WeekPattern.odd(weeks).bits
        let even = WeekPattern.even(weeks).bits
        var masks = [odd, even].filter { $0.nonzeroBitCount == count }
        if masks.isEmpty {
          let first = (UInt64(1) << UInt64(count)) - 1
          masks = [first, first << UInt64(weeks - count)]
        }
        result += masks.map { Shape(length: length, weeks: $0) }
      }
    }
    return result
  }

  private static func joined(_ a: ClosedTimes?, _ b: ClosedTimes?) -> ClosedTimes? {
    guard let a else { return b }
    guard let b else { return a }
    return zip(a, b).map { $0 | $1 }
  }

  private func isPossible(_ demand: Demand, with teacher: Teacher?) -> Bool {
    var closed = Self.joined(demand.closed, teacher.flatMap { closedOfTeacher[$0.id] })
    let limit = teacher.map { institution.dayLimit(of: $0) } ?? slots
    for pin in demand.pins where pin.day == nil && pin.slot == nil {
      if let room = pin.room { closed = Self.joined(closed, closedOfRoom[room]) }
    }
    func fits(_ shapes: [Shape], _ pin: Pin?, _ closed: ClosedTimes?) -> Bool {
      shapes.contains { $0.length <= limit && hasStart($0, pin, closed) }
    }
    for (n, pin) in demand.pins.filter({ $0.day != nil || $0.slot != nil }).enumerated() {
      let own = pin.room.flatMap { closedOfRoom[$0] }
      let shapes = shapes(of: pin, demand, isFirst: n == 0)
      guard fits(shapes, pin, Self.joined(closed, own)) else { return false }
    }
    if let weekly = demand.weekly, !fits([weekly], nil, closed) { return false }
    if !demand.rest.isEmpty, !fits(demand.rest, nil, closed) { return false }
    return openHours(closed, dayLimit: limit) >= demand.hours
  }

  /// The shapes of the meeting that a pin of a time is about.
  private func shapes(of pin: Pin, _ demand: Demand, isFirst: Bool) -> [Shape] {
    if let weeks = pin.weeks { return [Shape(length: 1, weeks: weeks.bits)] }
    guard let weekly = demand.weekly else { return demand.rest }
    return isFirst ? [weekly] : [weekly] + demand.rest
  }

  /// Whether a meeting of a shape has an open start that a pin allows.
  private func hasStart(_ shape: Shape, _ pin: Pin?, _ closed: ClosedTimes?) -> Bool {
    guard shape.length <= slots else { return false }
    for (d, day) in institution.days.enumerated() where pin?.day == nil || pin?.day == day {
      for start in 0...(slots - shape.length) where pin?.slot == nil || pin?.slot == start + 1 {
        guard let closed else { return true }
        let cells = (d * slots + start)..<(d * slots + start + shape.length)
        if cells.allSatisfy({ closed[$0] & shape.weeks == 0 }) { return true }
      }
    }
    return false
  }

  // MARK: - The hours of a teacher

  /// Hours of classes that a teacher's open slots and days take in the term.
  func openHours(of teacher: Teacher) -> Int {
    openHours(closedOfTeacher[teacher.id], dayLimit: institution.dayLimit(of: teacher))
  }

  private func openHours(_ closed: ClosedTimes?, dayLimit: Int) -> Int {
    let limit = max(0, dayLimit)
    guard let closed else { return weeks * institution.days.count * min(limit, slots) }
    var hours = 0
    for d in institution.days.indices {
      for week in 0..<weeks {
        var open = 0
        for cell in (d * slots)..<((d + 1) * slots) where closed[cell] >> UInt64(week) & 1 == 0 {
          open += 1
        }
        hours += min(limit, open)
      }
    }
    return hours
  }

  // MARK: - Two sections

  /// Pairs of the sections given that nobody can both hold: their pins put them at times that meet,
  /// or leave too little time for the way between the pinned rooms.
  func clashes(_ sections: [Section]) -> [(Int, Int)] {
    struct Fixed {
      var section: Int
      var slot: Int
      var room: Room?
      var shapes: [Shape]
    }
    guard !pinsOfSection.isEmpty else { return [] }
    var byDay: [Weekday: [Fixed]] = [:]
    for (number, section) in sections.enumerated() {
      guard let pins = pinsOfSection[section.id], let demand = demand(section) else { continue }
      for (n, pin) in pins.filter({ $0.day != nil || $0.slot != nil }).enumerated() {
        guard let day = pin.day, let slot = pin.slot, slot <= slots else { continue }
        byDay[day, default: []].append(
          Fixed(
            section: number, slot: slot, room: pin.room.flatMap { institution.rooms[$0] },
            shapes: shapes(of: pin, demand, isFirst: n == 0)))
      }
    }
    let travel = institution.travelTable()
    let regime = institution.regime
    func meet(_ a: Fixed, _ b: Fixed) -> Bool {
      let (first, second) = a.slot <= b.slot ? (a, b) : (b, a)
      for x in first.shapes {
        for y in second.shapes {
          guard x.weeks & y.weeks != 0 else { return false }
          let end = first.slot + x.length - 1
          if end >= second.slot { continue }
          guard end <= slots, let from = first.room, let to = second.room else { return false }
          let pause = regime.start(ofSlot: second.slot) - regime.end(ofSlot: end)
          if pause >= travel(from.building, to.building) { return false }
        }
      }
      return !first.shapes.isEmpty && !second.shapes.isEmpty
    }
    var result: [(Int, Int)] = []
    for day in byDay.keys.sorted() {
      let fixed = byDay[day] ?? []
      for (n, a) in fixed.enumerated() {
        for b in fixed[(n + 1)...] where a.section != b.section && meet(a, b) {
          result.append((a.section, b.section))
        }
      }
    }
    return result
  }
}

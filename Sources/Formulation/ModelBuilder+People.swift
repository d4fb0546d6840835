// SPDX-License-Identifier: GPL-3.0-or-later
import LinearModels
import Problem

extension ModelBuilder {
  /// One event of a person on a day.
  struct Attendance {
    var event: Int
    var isLenient: Bool
    /// Placements on the day.
    var choices: [Choice]
    /// 1 where it is held on the day.
    var isHeld: Affine
    /// 1 where it covers a slot.
    var cover: [Affine]
  }

  /// A person's day in a class of weeks.
  struct PersonDay {
    var measure: Measure
    /// People × weeks.
    var weight: Double
    var attended: [Attendance]
    /// Whether no two of its events can overlap.
    var isExclusive: Bool
    /// 1 where a slot is taken.
    var taken: [Affine] = []
  }

  /// Rows of all days of a person.
  mutating func addPerson(_ person: Int) {
    let measure = problem.measures[Int(problem.personMeasure[person])]
    let events = problem.personEvents[person].map {
      (event: Int(problem.personEvents.items[$0]), isLenient: problem.personLenient[$0])
    }
    let isExclusive = measure.forbidsOverlap && !events.contains { $0.isLenient }
    var heldOn = Array(repeating: Affine(), count: problem.days)
    for weekClass in 0..<problem.classes {
      for day in 0..<problem.days {
        let attended = events.compactMap { event, isLenient -> Attendance? in
          let there = stays[event].filter { isIn($0, weekClass, day) }
          if there.isEmpty { return nil }
          return Attendance(
            event: event, isLenient: isLenient, choices: there, isHeld: named(Self.sum(there)),
            cover: (0..<problem.slots).map { slot in
              Self.sum(there.filter { covers($0, slot) })
            })
        }
        for event in attended { heldOn[day].add(event.isHeld) }
        // What is fixed alone is a constant of the model.
        if attended.allSatisfy({ $0.isHeld.terms.isEmpty }) { continue }
        var personDay = PersonDay(
          measure: measure,
          weight: Double(problem.personWeight[person * problem.classes + weekClass]),
          attended: attended, isExclusive: isExclusive)
        addDay(&personDay)
      }
    }
    let minimum = Int(problem.personMinimumDays[person])
    if says(.minimumDays), measure.minimumDays > 0, minimum > 0 {
      var short = Affine(Double(minimum - problem.days))
      for held in heldOn { short.add(addLeast([Affine(1).plus(held, times: -1)], cost: 0)) }
      _ = addLeast(
        [short],
        cost: Double(measure.minimumDays) * Double(problem.personCount[person]))
    }
  }

  private mutating func addDay(_ day: inout PersonDay) {
    if says(.overlap), day.measure.forbidsOverlap {
      for slot in 0..<problem.slots {
        let strict = day.attended.filter { !$0.isLenient && !$0.cover[slot].isZero }
        if strict.count > 1 { limit(Affine.sum(strict.map { $0.cover[slot] }), to: 1) }
      }
    }
    if !says(.overlap) { day.isExclusive = false }
    day.taken = (0..<problem.slots).map { takenSlot(day, $0) }
    if says(.travel), day.measure.needsTravel {
      if day.isExclusive { addTravelBySlot(day) } else { addTravelByPair(day) }
    }
    let load = Affine.sum(day.taken)
    let measure = day.measure
    if says(.dayLimit), measure.hardLimit < problem.slots {
      limit(load, to: Double(measure.hardLimit))
    }
    if says(.longDays), measure.long > 0, measure.longLimit < problem.slots {
      _ = addLeast(
        [load.plus(Affine(-Double(measure.longLimit)))],
        cost: Double(measure.long) * day.weight)
    }
    if says(.window), measure.window > 0 {
      let slots = (0..<problem.slots).filter { measure.windowMask >> UInt64($0) & 1 == 1 }
      if slots.count == measure.windowMask.nonzeroBitCount {
        _ = addLeast(
          [Affine.sum(slots.map { day.taken[$0] }).plus(Affine(1 - Double(slots.count)))],
          cost: Double(measure.window) * day.weight)
      }
    }
    if says(.daysUsed), measure.days > 0 {
      _ = addLeast(day.attended.map(\.isHeld), cost: Double(measure.days) * day.weight)
    }
    if says(.gaps), measure.gap > 0 { addGaps(day) }
    if says(.isolated), measure.isolated > 0 { addIsolated(day) }
    if says(.singles), measure.single > 0 {
      let all = Affine.sum(day.attended.map(\.isHeld))
      // Held, and none but it: 2 · own − all.
      _ = addLeast(
        day.attended.map { $0.isHeld.plus($0.isHeld).plus(all, times: -1) },
        cost: Double(measure.single) * day.weight)
    }
    if says(.siteChanges), measure.change > 0 {
      if day.isExclusive { addChangesBySlot(day) } else { addChangesByEvent(day) }
    }
    if says(.lenientOverlap), measure.lenient > 0 { addLenientOverlap(day) }
  }

  /// 1 where one event or more covers a slot.
  private mutating func takenSlot(_ day: PersonDay, _ slot: Int) -> Affine {
    let covers = day.attended.map { $0.cover[slot] }.filter { !$0.isZero }
    if day.isExclusive || covers.count < 2 { return named(Affine.sum(covers)) }
    let taken = addLeast(covers, cost: 0)
    limit(taken.plus(Affine.sum(covers), times: -1), to: 0)
    return taken
  }

  // MARK: - Soft

  /// A slot that is not taken, with one before and one after that are.
  private mutating func addGaps(_ day: PersonDay) {
    let count = problem.slots
    var started = Array(repeating: Affine(), count: count)
    var ahead = Array(repeating: Affine(), count: count)
    for slot in 0..<count {
      started[slot] = addLeast(
        slot > 0 ? [started[slot - 1], day.taken[slot]] : [day.taken[slot]], cost: 0)
    }
    for slot in stride(from: count - 1, through: 0, by: -1) {
      ahead[slot] = addLeast(
        slot < count - 1 ? [ahead[slot + 1], day.taken[slot]] : [day.taken[slot]], cost: 0)
    }
    for slot in 1..<max(1, count - 1) {
      let isGap = started[slot].plus(ahead[slot]).plus(Affine(-1))
        .plus(day.taken[slot], times: -1)
      _ = addLeast([isGap], cost: Double(day.measure.gap) * day.weight)
    }
  }

  /// Events of one slot with nothing in the slots beside them.
  private mutating func addIsolated(_ day: PersonDay) {
    let cost = Double(day.measure.isolated) * day.weight
    for slot in 0..<problem.slots {
      var beside = Affine()
      if slot > 0 { beside.add(day.taken[slot - 1]) }
      if slot < problem.slots - 1 { beside.add(day.taken[slot + 1]) }
      if day.isExclusive {
        _ = addLeast([day.taken[slot].plus(beside, times: -1)], cost: cost)
      } else {
        for event in day.attended where !event.cover[slot].isZero {
          _ = addLeast([event.cover[slot].plus(beside, times: -1)], cost: cost)
        }
      }
    }
  }

  /// By slot and site: 1 where the slot is spent there.
  private mutating func spent(_ day: PersonDay) -> [[Int: Affine]] {
    (0..<problem.slots).map { slot in
      var sites: [Int: Affine] = [:]
      for event in day.attended {
        for choice in event.choices where covers(choice, slot) && choice.room >= 0 {
          sites[site(choice), default: Affine()].add(Self.sum([choice]))
        }
      }
      for site in sites.keys.sorted() { sites[site] = sites[site].map { named($0) } }
      return sites
    }
  }

  /// A slot at a site, whose last slot before with a site is at another.
  private mutating func addChangesBySlot(_ day: PersonDay) {
    addChanges(spent(day), cost: Double(day.measure.change) * day.weight)
  }

  /// An event at a site, when the last event before it with a site, by start and number, is at
  /// another.
  private mutating func addChangesByEvent(_ day: PersonDay) {
    struct Place: Hashable {
      var start: Int
      var event: Int
    }
    var at: [Place: [Int: Affine]] = [:]
    for event in day.attended {
      for choice in event.choices where choice.room >= 0 {
        let place = Place(start: Int(problem.timeStart[choice.time]), event: event.event)
        at[place, default: [:]][site(choice), default: Affine()].add(Self.sum([choice]))
      }
    }
    let places = at.keys.sorted { ($0.start, $0.event) < ($1.start, $1.event) }
    addChanges(
      places.map { at[$0] ?? [:] }, cost: Double(day.measure.change) * day.weight)
  }

  /// Places in order, by site 1 where one is spent there: a cost for each that is spent at another
  /// site than the last spent before it. Where the last was is a column of each site, at least what
  /// is spent there and at least what it was while nothing is spent.
  private mutating func addChanges(_ places: [[Int: Affine]], cost: Double) {
    var last: [Int: Affine] = [:]
    for sites in places {
      let anywhere = Affine.sum(sites.keys.sorted().compactMap { sites[$0] })
      if anywhere.isZero { continue }
      let least = last.keys.sorted().compactMap { site in
        last[site].map {
          $0.plus(anywhere).plus(Affine(-1)).plus(sites[site] ?? Affine(), times: -1)
        }
      }
      _ = addLeast(least, cost: cost)
      for site in Set(last.keys).union(sites.keys).sorted() {
        let stays = last[site].map { $0.plus(anywhere, times: -1) }
        last[site] = addLeast([sites[site], stays].compactMap { $0 }, cost: 0)
      }
    }
  }

  /// Slots that a lenient event and another cover.
  private mutating func addLenientOverlap(_ day: PersonDay) {
    for slot in 0..<problem.slots {
      var least: [Affine] = []
      for (number, event) in day.attended.enumerated()
      where event.isLenient && !event.cover[slot].isZero {
        for (other, second) in day.attended.enumerated()
        where other != number && !second.cover[slot].isZero {
          least.append(event.cover[slot].plus(second.cover[slot]).plus(Affine(-1)))
        }
      }
      _ = addLeast(least, cost: Double(day.measure.lenient) * day.weight)
    }
  }

  // MARK: - Ways

  /// Slots too near to a placement for something at another site.
  private func blocked(_ choice: Choice, from other: Int) -> UInt64 {
    let own = site(choice)
    let at =
      ((own * problem.sites + other) * problem.longest + Int(problem.timeLength[choice.time]) - 1)
      * problem.slots + Int(problem.timeStart[choice.time])
    return problem.blocked[at]
  }

  /// A start, length and site.
  private struct Stay: Hashable, Comparable {
    var start: Int
    var length: Int
    var site: Int
    static func < (a: Self, b: Self) -> Bool {
      (a.start, a.length, a.site) < (b.start, b.length, b.site)
    }
  }

  /// Placements in rooms with the same start, length and site together.
  private func together(_ choices: [Choice]) -> [(stay: Stay, choices: [Choice])] {
    let held = Dictionary(grouping: choices.filter { $0.room >= 0 }) { choice in
      Stay(
        start: Int(problem.timeStart[choice.time]),
        length: Int(problem.timeLength[choice.time]), site: site(choice))
    }
    return held.keys.sorted().map { ($0, held[$0] ?? []) }
  }

  /// Placements with the same start, length and site together against each slot after them that is
  /// too near, spent at another site.
  private mutating func addTravelBySlot(_ day: PersonDay) {
    let spent = spent(day)
    for (stay, held) in together(day.attended.flatMap(\.choices)) {
      guard let first = held.first else { continue }
      let isHeld = named(Self.sum(held))
      for slot in (stay.start + stay.length)..<max(stay.start + stay.length, problem.slots) {
        for site in spent[slot].keys.sorted() where site != stay.site {
          guard let there = spent[slot][site], blocked(first, from: site) >> UInt64(slot) & 1 == 1
          else { continue }
          limit(isHeld.plus(there), to: 1)
        }
      }
    }
  }

  /// Placements of two events that do not overlap and leave no time for the way.
  private mutating func addTravelByPair(_ day: PersonDay) {
    for first in day.attended {
      for (stay, held) in together(first.choices) {
        guard let a = held.first else { continue }
        for second in day.attended where second.event != first.event {
          let near = second.choices.filter { b in
            b.room >= 0 && site(b) != stay.site
              && Int(problem.timeStart[b.time]) >= stay.start + stay.length
              && blocked(a, from: site(b)) & problem.timeMask[b.time] != 0
          }
          if !near.isEmpty { limit(Self.sum(held).plus(Self.sum(near)), to: 1) }
        }
      }
    }
  }
}

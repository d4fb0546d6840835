// SPDX-License-Identifier: GPL-3.0-or-later
internal import University

/// What the rules demand of a component, as rows of which each knows its reasons.
///
/// A plan is any set of meetings, one week and one hour long if need be, so what a section needs is
/// hours in cells of the grid. `n[a][b][τ][g]` are the hours of activity `a` in building `b` on the
/// days of type `τ` in the slots `g`; days of the term with the same closed times and pins are one
/// type of weight `W[τ]`, and slots of a day that nothing tells apart are one group of size `|g|`:
///
///     Σ n[a] ≥ least hours of a                                       (M1)
///     Σ_a∈P n[a][τ][g] ≤ |g| W[τ]              for each attendee P    (M3, M5)
///     Σ_a∈P Σ_g n[a][τ][g] ≤ limit · W[τ]                             (T3)
///     Σ_cells n[a] ≤ 0                         for each closed time   (T1)
///     Σ_b n[a] = Σ_r z[K][r], Σ_K z[K][r] ≤ |r| |g| W[τ]              (R1–R3, M4)
///
/// and, where buildings are told apart, the same with two slots too near for the way (T2). Every
/// valid timetable satisfies all rows, so infeasibility is a proof; a solution is not a timetable.
///
/// An exact model has each day of the term and each slot as a cell, and each room by itself: a
/// solution in whole numbers is then a timetable, hour by hour, but for what blocks and pins of
/// weeks ask of single meetings.
struct ConflictModel {
  /// lower ≤ Σ terms ≤ upper as long as all its reasons stand.
  struct Row {
    var terms: [(column: Int, coefficient: Double)]
    var lower = -Double.infinity
    var upper = Double.infinity
    var reasons: [Int]
  }

  let institution: Institution
  let component: Component
  /// Whether the way between buildings is modelled; the cells are then many more.
  let withTravel: Bool
  /// Whether nothing is put together, so that whole numbers are a timetable.
  let isExact: Bool
  /// `n` by activity, building, day of the term and slot, in an exact model.
  private(set) var hours: [[[[Int]]]] = []
  /// `z` by cell of an exact model: class, room, column, where the cell is a type and a slot.
  private(set) var seats: [(type: Int, slot: Int, members: [Int], room: Int, column: Int)] = []
  /// Whether it would have more terms than can be solved in seconds, and is left unfinished.
  private(set) var isTooLarge = false
  private var terms = 0
  private static let mostTerms = 800_000
  private(set) var facts: [Fact] = []
  private(set) var rows: [Row] = []
  private(set) var columns: [Double] = []
  /// The activity of each column; rooms' columns have that of −1.
  private(set) var activityOfColumn: [Int] = []

  /// What a reason is about.
  enum Fact: Hashable {
    case hours(activity: Int)
    /// The plan gives the section to its teachers.
    case assigned(activity: Int)
    /// Somebody's choice gives the activity to the teacher.
    case choice(activity: Int, TeacherID)
    case attendee(Int)
    case dayLimit(attendee: Int)
    case availability(Int)
    case pin(Int)
    case rooms([Int])
    case suitability([Int])
    case travel(Int, Int)
  }
  private var factNumber: [Fact: Int] = [:]

  /// A type of day: how often it comes, and its groups of slots with their marks.
  struct DayType {
    var weight: Int
    /// Size, first slot, and the marks of the slots: rows of availability, then pins.
    var groups: [(size: Int, first: Int, marks: [Int])]
    /// The (week, day) pairs.
    var days: [(week: Int, day: Int)]
  }
  private(set) var types: [DayType] = []

  init(
    _ institution: Institution, _ component: Component, withTravel: Bool, isExact: Bool = false
  ) {
    self.institution = institution
    self.component = component
    self.withTravel = withTravel
    self.isExact = isExact
    build()
  }

  private mutating func fact(_ fact: Fact) -> Int {
    if let known = factNumber[fact] { return known }
    factNumber[fact] = facts.count
    facts.append(fact)
    return facts.count - 1
  }

  private mutating func column(_ upper: Double, _ activity: Int) -> Int {
    columns.append(upper)
    activityOfColumn.append(activity)
    return columns.count - 1
  }

  /// Rooms in which an activity may be.
  private func suitable(_ activity: Activity) -> [Int] {
    guard let discipline = institution.disciplines[activity.discipline] else { return [] }
    return institution.rooms.indices.filter {
      institution.rooms[$0].capacity >= max(1, activity.size)
        && institution.suits(institution.rooms[$0], discipline, activity.kind)
    }
  }

  private func isOnline(_ activity: Activity) -> Bool {
    institution.disciplines[activity.discipline]?.delivery.isOnline(activity.kind) ?? false
  }

  private mutating func build() {
    let activities = component.activities
    let roomsOf = activities.map { isOnline($0) ? [] : suitable($0) }
    var subjects: Set<AvailabilitySubject> = []
    for (at, activity) in activities.enumerated() {
      subjects.formUnion(activity.teachers.map { .teacher($0) })
      subjects.formUnion(activity.groups.map { .group($0) })
      subjects.formUnion(roomsOf[at].map { .room(institution.rooms[$0].id) })
      for pin in activity.pins {
        if let room = institution.pins[pin].room { subjects.insert(.room(room)) }
      }
    }
    let closings = institution.availability.indices.filter {
      institution.availability[$0].level == .forbidden
        && subjects.contains(institution.availability[$0].subject)
    }
    let timed = Set(activities.flatMap(\.pins)).sorted()
    makeTypes(closings, timed)

    // n: activity × building × type × group.
    let buildings = roomsOf.map { rooms -> [Int] in
      guard withTravel else { return [0] }
      let own = Set(
        rooms.map { institution.buildings.position(of: institution.rooms[$0].building) ?? 0 })
      return own.isEmpty ? [-1] : own.sorted()
    }
    var n: [[[[Int]]]] = []
    for (at, activity) in activities.enumerated() {
      n.append(
        buildings[at].map { _ in
          types.map { type in
            type.groups.map { group in
              column(Double(activity.count * type.weight * group.size), at)
            }
          }
        })
    }
    for (at, activity) in activities.enumerated() {
      let all = n[at].flatMap { $0.flatMap { $0 } }
      rows.append(
        Row(
          terms: all.map { ($0, 1) }, lower: Double(activity.hours.lowerBound * activity.count),
          upper: Double(activity.hours.upperBound * activity.count),
          reasons: [fact(.hours(activity: at))]))
    }
    if isExact { hours = n }
    attend(n, buildings)
    close(closings, n)
    rooms(roomsOf, closings, n, buildings)
    pins(timed, n)
    for row in rows.indices {
      rows[row].reasons = Array(Set(rows[row].reasons)).sorted()
    }
  }

  // MARK: - Cells

  private mutating func makeTypes(_ closings: [Int], _ timed: [Int]) {
    let slots = institution.regime.slots
    var known: [[[Int]]: Int] = [:]
    for week in 0..<institution.term.weeks {
      for (day, name) in institution.days.enumerated() {
        var marks = [[Int]](repeating: [], count: slots)
        for (number, at) in closings.enumerated() {
          let row = institution.availability[at]
          guard row.day == nil || row.day == name, row.weeks.holds(week: week) else { continue }
          for slot in max(1, row.from)...max(1, row.from, min(row.to, slots))
          where slot <= slots && slot <= row.to {
            marks[slot - 1].append(number)
          }
        }
        for (number, at) in timed.enumerated() {
          let pin = institution.pins[at]
          if let day = pin.day, day != name { continue }
          if let weeks = pin.weeks, !weeks.holds(week: week) { continue }
          for slot in 1...slots where pin.slot == nil || pin.slot == slot {
            marks[slot - 1].append(closings.count + number)
          }
        }
        if !isExact, let type = known[marks] {
          types[type].weight += 1
          types[type].days.append((week, day))
          continue
        }
        known[marks] = types.count
        var groups: [(size: Int, first: Int, marks: [Int])] = []
        for slot in 0..<slots {
          if !withTravel, !isExact, let same = groups.firstIndex(where: { $0.marks == marks[slot] })
          {
            groups[same].size += 1
          } else {
            groups.append((1, slot, marks[slot]))
          }
        }
        types.append(DayType(weight: 1, groups: groups, days: [(week, day)]))
      }
    }
  }

  // MARK: - People

  private mutating func attend(_ n: [[[[Int]]]], _ buildings: [[Int]]) {
    for (number, attendee) in component.attendees.enumerated() {
      let limit: Int
      switch attendee.identity {
      case .student: limit = institution.policy.studentMaxHoursPerDay
      case .teacher(let id):
        limit =
          institution.teachers[id].map { institution.dayLimit(of: $0) }
          ?? institution.policy.teacherMaxHoursPerDay
      }
      let who = fact(.attendee(number))
      let longest = fact(.dayLimit(attendee: number))
      let chosen = attendee.activities.filter { choice(attendee, $0) != nil }
      // All of them as long as the choices stand; without the choices those that are not by choice.
      var parts = [(attendee.activities, chosen.compactMap { choice(attendee, $0) })]
      if !chosen.isEmpty {
        let rest = attendee.activities.filter { !chosen.contains($0) }
        if !rest.isEmpty { parts.append((rest, [])) }
      }
      for (own, choices) in parts {
        for (type, day) in types.enumerated() {
          var whole: [(column: Int, coefficient: Double)] = []
          for group in day.groups.indices {
            let terms = own.flatMap { at in n[at].map { ($0[type][group], 1.0) } }
            whole += terms
            rows.append(
              Row(
                terms: terms, upper: Double(day.weight * day.groups[group].size),
                reasons: [who] + choices))
          }
          if limit < institution.regime.slots {
            rows.append(
              Row(
                terms: whole, upper: Double(limit * day.weight), reasons: [who, longest] + choices))
          }
        }
      }
      if withTravel { travel(attendee, who, n, buildings) }
    }
    cliques(n)
  }

  /// The choice that gives an activity to a teacher, where it is one.
  private mutating func choice(_ attendee: Attendee, _ activity: Int) -> Int? {
    guard case .teacher(let id) = attendee.identity,
      component.activities[activity].choices[id] != nil
    else { return nil }
    return fact(.choice(activity: activity, id))
  }

  /// Two slots of a day too near for the way from one building to another.
  private mutating func travel(
    _ attendee: Attendee, _ who: Int, _ n: [[[[Int]]]], _ buildings: [[Int]]
  ) {
    let minutes = institution.travelTable()
    let regime = institution.regime
    let choices = attendee.activities.compactMap { choice(attendee, $0) }
    let sites = Set(attendee.activities.flatMap { buildings[$0] }).filter { $0 >= 0 }.sorted()
    guard sites.count > 1 else { return }
    for from in sites {
      for to in sites where from != to {
        let way = minutes(institution.buildings[from].id, institution.buildings[to].id)
        let reason = fact(.travel(min(from, to), max(from, to)))
        for first in 0..<regime.slots {
          for second in (first + 1)..<max(first + 1, regime.slots)
          where regime.start(ofSlot: second + 1) - regime.end(ofSlot: first + 1) < way {
            if isTooLarge { return }
            for type in types.indices {
              let terms = attendee.activities.flatMap { at in
                buildings[at].indices.flatMap { b -> [(column: Int, coefficient: Double)] in
                  if buildings[at][b] == from { return [(n[at][b][type][first], 1)] }
                  if buildings[at][b] == to { return [(n[at][b][type][second], 1)] }
                  return []
                }
              }
              self.terms += terms.count
              isTooLarge = self.terms > Self.mostTerms
              rows.append(
                Row(
                  terms: terms, upper: Double(types[type].weight),
                  reasons: [who, reason] + choices))
            }
          }
        }
      }
    }
  }

  /// Activities of which each two share somebody, but not all of them the same.
  private mutating func cliques(_ n: [[[[Int]]]]) {
    let count = component.activities.count
    guard count <= 400 else { return }
    var shared = [[Int]](repeating: [Int](repeating: -1, count: count), count: count)
    for (number, attendee) in component.attendees.enumerated() {
      for a in attendee.activities {
        for b in attendee.activities where a != b && shared[a][b] < 0 { shared[a][b] = number }
      }
    }
    var told: Set<[Int]> = []
    for seed in 0..<count {
      var clique = [seed]
      let near = (0..<count).filter { shared[seed][$0] >= 0 }
        .sorted { a, b in
          let x = shared[a].count { $0 >= 0 }, y = shared[b].count { $0 >= 0 }
          return x != y ? x > y : a < b
        }
      for other in near where clique.allSatisfy({ shared[$0][other] >= 0 }) {
        clique.append(other)
      }
      guard clique.count > 2 else { continue }
      clique.sort()
      guard told.insert(clique).inserted else { continue }
      var people: Set<Int> = []
      for a in clique { for b in clique where a < b { people.insert(shared[a][b]) } }
      guard people.count > 1 else { continue }
      let reasons = people.sorted().map { fact(.attendee($0)) }
      for (type, day) in types.enumerated() {
        for group in day.groups.indices {
          let terms = clique.flatMap { at in n[at].map { ($0[type][group], 1.0) } }
          rows.append(
            Row(terms: terms, upper: Double(day.weight * day.groups[group].size), reasons: reasons))
        }
      }
    }
  }

  // MARK: - Closed times

  private mutating func close(_ closings: [Int], _ n: [[[[Int]]]]) {
    for (number, at) in closings.enumerated() {
      let row = institution.availability[at]
      for (activity, value) in component.activities.enumerated() {
        var reasons = [fact(.availability(at))]
        switch row.subject {
        case .teacher(let id):
          guard value.teachers.contains(id) else { continue }
          if let person = component.attendees.firstIndex(where: { $0.identity == .teacher(id) }) {
            reasons.append(fact(.attendee(person)))
            if let chosen = choice(component.attendees[person], activity) {
              reasons.append(chosen)
            }
          }
        case .group(let id): guard value.groups.contains(id) else { continue }
        case .room: continue
        }
        let terms = cells(of: activity, n) { $0.marks.contains(number) }
        if !terms.isEmpty { rows.append(Row(terms: terms, upper: 0, reasons: reasons)) }
      }
    }
  }

  private func cells(
    of activity: Int, _ n: [[[[Int]]]],
    where isIn: ((size: Int, first: Int, marks: [Int])) -> Bool
  ) -> [(column: Int, coefficient: Double)] {
    var terms: [(column: Int, coefficient: Double)] = []
    for b in n[activity].indices {
      for (type, day) in types.enumerated() {
        for group in day.groups.indices where isIn(day.groups[group]) {
          terms.append((n[activity][b][type][group], 1))
        }
      }
    }
    return terms
  }

  // MARK: - Rooms

  /// Rooms that nothing tells apart are one type; activities with the same rooms one class.
  private mutating func rooms(
    _ roomsOf: [[Int]], _ closings: [Int], _ n: [[[[Int]]]], _ buildings: [[Int]]
  ) {
    let activities = component.activities
    let pinnedRoom = activities.map { activity in
      activity.pins.compactMap { institution.pins[$0].room }.compactMap {
        institution.rooms.position(of: $0)
      }
    }
    struct ClassKey: Hashable {
      var rooms: [Int]
      /// An activity with a pinned room is a class of its own.
      var single: Int
    }
    var classes: [(rooms: [Int], members: [Int])] = []
    var classOf: [ClassKey: Int] = [:]
    for (at, activity) in activities.enumerated() where !isOnline(activity) {
      guard !roomsOf[at].isEmpty else {
        rows.append(
          Row(
            terms: n[at].flatMap { $0.flatMap { $0 } }.map { ($0, 1) }, upper: 0,
            reasons: [fact(.suitability([at]))]))
        continue
      }
      let key = ClassKey(rooms: roomsOf[at], single: pinnedRoom[at].isEmpty ? -1 : at)
      if let known = classOf[key] {
        classes[known].members.append(at)
      } else {
        classOf[key] = classes.count
        classes.append((roomsOf[at], [at]))
      }
    }
    // Rooms by class membership, building where it matters, closed times, and whether pinned.
    struct TypeKey: Hashable {
      var classes: [Int]
      var building: Int
      var closings: [Int]
      var pinned: Int
    }
    var members: [TypeKey: [Int]] = [:]
    var order: [TypeKey] = []
    let pinned = Set(pinnedRoom.flatMap { $0 })
    let classSets = classes.map { Set($0.rooms) }
    for room in institution.rooms.indices {
      let own = classes.indices.filter { classSets[$0].contains(room) }
      guard !own.isEmpty else { continue }
      let key = TypeKey(
        classes: own,
        building: withTravel
          ? institution.buildings.position(of: institution.rooms[room].building) ?? 0 : 0,
        closings: closings.indices.filter {
          institution.availability[closings[$0]].subject == .room(institution.rooms[room].id)
        }, pinned: isExact || pinned.contains(room) ? room : -1)
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(room)
    }
    // Classes that can never be short: more always open rooms than all who want any of them.
    let wanting = classes.map { own in
      classes.filter { !Set($0.rooms).isDisjoint(with: own.rooms) }.flatMap(\.members)
        .reduce(0) { $0 + activities[$1].count }
    }
    let always = classes.indices.map { number in
      order.filter { $0.classes.contains(number) && $0.closings.isEmpty }
        .reduce(0) { $0 + (members[$1]?.count ?? 0) }
    }
    let free = Set(
      classes.indices.filter { number in
        !isExact && wanting[number] <= always[number]
          && classes[number].members.allSatisfy { pinnedRoom[$0].isEmpty }
          && !withTravel
      })
    // z: class × room type × type of day × group.
    var z: [[[[Int]]?]] = []
    for number in classes.indices {
      z.append(
        order.map { key -> [[Int]]? in
          guard !free.contains(number), key.classes.contains(number) else { return nil }
          return types.map { day in
            day.groups.map { group in
              // How many a room holds is a reason of its own (M4), so it is a row and no bound.
              column(.infinity, -1)
            }
          }
        })
    }
    for (number, own) in classes.enumerated() where !free.contains(number) {
      let suits = [fact(.suitability(own.members))]
      for building in Set(own.members.flatMap { buildings[$0] }).sorted() {
        for (type, day) in types.enumerated() {
          for group in day.groups.indices {
            var terms: [(column: Int, coefficient: Double)] = []
            for at in own.members {
              for b in buildings[at].indices where buildings[at][b] == building {
                terms.append((n[at][b][type][group], 1))
              }
            }
            for (kind, key) in order.enumerated() where key.building == building || !withTravel {
              if let z = z[number][kind] { terms.append((z[type][group], -1)) }
            }
            rows.append(Row(terms: terms, upper: 0, reasons: suits))
            // Where a pin asks for hours in a room, they are hours of the activity.
            if own.members.count == 1, !pinnedRoom[own.members[0]].isEmpty {
              rows.append(Row(terms: terms, lower: 0, reasons: suits))
            }
          }
        }
      }
    }
    if isExact {
      for number in classes.indices {
        for (kind, key) in order.enumerated() {
          guard let cells = z[number][kind], let room = members[key]?.first else { continue }
          for (type, slots) in cells.enumerated() {
            for (slot, column) in slots.enumerated() {
              seats.append((type, slot, classes[number].members, room, column))
            }
          }
        }
      }
    }
    for (kind, key) in order.enumerated() {
      let rooms = members[key] ?? []
      let users = classes.indices.compactMap { z[$0][kind] }
      guard !users.isEmpty else { continue }
      let scarce = fact(.rooms(rooms))
      for (type, day) in types.enumerated() {
        for group in day.groups.indices {
          let terms = users.map { ($0[type][group], 1.0) }
          rows.append(
            Row(
              terms: terms, upper: Double(rooms.count * day.weight * day.groups[group].size),
              reasons: [scarce]))
        }
      }
      for closing in key.closings {
        var terms: [(column: Int, coefficient: Double)] = []
        for (type, day) in types.enumerated() {
          for group in day.groups.indices where day.groups[group].marks.contains(closing) {
            terms += users.map { ($0[type][group], 1.0) }
          }
        }
        if !terms.isEmpty {
          rows.append(
            Row(terms: terms, upper: 0, reasons: [fact(.availability(closings[closing]))]))
        }
      }
    }
    pinRooms(pinnedRoom, closings: closings, z: z, classes: classes, order: order.map(\.pinned), n)
  }

  /// What pins say of rooms; those of times are in ``pins(_:_:)``.
  private mutating func pinRooms(
    _ pinnedRoom: [[Int]], closings: [Int], z: [[[[Int]]?]],
    classes: [(rooms: [Int], members: [Int])], order: [Int], _ n: [[[[Int]]]]
  ) {
    for (at, activity) in component.activities.enumerated() where !pinnedRoom[at].isEmpty {
      for position in activity.pins {
        let pin = institution.pins[position]
        guard let id = pin.room, let room = institution.rooms.position(of: id) else { continue }
        let reason = fact(.pin(position))
        let number = classes.firstIndex { $0.members == [at] && $0.rooms.contains(room) }
        let kind = order.firstIndex(of: room)
        guard let number, let kind, let cells = z[number][kind] else {
          // The room does not suit: nothing can be held there.
          rows.append(
            Row(
              terms: [], lower: 1, reasons: [reason, fact(.suitability([at]))]))
          continue
        }
        if pin.day == nil && pin.slot == nil {
          let others = z[number].enumerated().filter { $0.offset != kind }.compactMap(\.element)
          let terms = others.flatMap { $0.flatMap { $0 } }.map { ($0, 1.0) }
          if !terms.isEmpty { rows.append(Row(terms: terms, upper: 0, reasons: [reason])) }
        } else {
          demand(position, reason) { type, group in [cells[type][group]] }
        }
      }
    }
  }

  // MARK: - Pins

  private mutating func pins(_ timed: [Int], _ n: [[[[Int]]]]) {
    for (at, activity) in component.activities.enumerated() {
      for position in activity.pins {
        let pin = institution.pins[position]
        let reason = fact(.pin(position))
        if let teacher = pin.teacher, activity.section != nil, !activity.teachers.isEmpty,
          !activity.teachers.contains(teacher)
        {
          rows.append(Row(terms: [], lower: 1, reasons: [reason, fact(.assigned(activity: at))]))
        }
        if pin.day == nil && pin.slot == nil {
          guard let weeks = pin.weeks else { continue }
          var terms: [(column: Int, coefficient: Double)] = []
          for (type, day) in types.enumerated()
          where day.days.allSatisfy({ !weeks.holds(week: $0.week) }) {
            for b in n[at].indices { terms += n[at][b][type].map { ($0, 1) } }
          }
          if !terms.isEmpty { rows.append(Row(terms: terms, upper: 0, reasons: [reason])) }
          if isExact { repeated(n[at], weeks, reason) }
          continue
        }
        demand(position, reason) { type, group in n[at].map { $0[type][group] } }
        if isExact, let weeks = pin.weeks { meeting(n[at], pin, weeks, reason) }
      }
    }
  }

  /// What is held in one of the weeks is held in all of them: all meetings have just these weeks.
  private mutating func repeated(_ n: [[[Int]]], _ weeks: WeekPattern, _ reason: Int) {
    for day in institution.days.indices {
      let held = types.indices.filter {
        types[$0].days[0].day == day && weeks.holds(week: types[$0].days[0].week)
      }
      guard let first = held.first else { continue }
      for other in held.dropFirst() {
        for slot in types[first].groups.indices {
          rows.append(
            Row(
              terms: n.map { ($0[first][slot], 1) } + n.map { ($0[other][slot], -1) }, lower: 0,
              upper: 0, reasons: [reason]))
        }
      }
    }
  }

  /// One meeting of just the pinned weeks: the same day and slot in all of them.
  private mutating func meeting(
    _ n: [[[Int]]], _ pin: Pin, _ weeks: WeekPattern, _ reason: Int
  ) {
    var chosen: [(column: Int, coefficient: Double)] = []
    for (day, name) in institution.days.enumerated() where pin.day == nil || pin.day == name {
      for slot in 0..<institution.regime.slots where pin.slot == nil || pin.slot == slot + 1 {
        let held = column(1, -1)
        chosen.append((held, 1))
        for type in types.indices
        where types[type].days[0].day == day && weeks.holds(week: types[type].days[0].week) {
          rows.append(
            Row(
              terms: n.map { ($0[type][slot], 1) } + [(held, -1)], lower: 0, reasons: [reason]))
        }
      }
    }
    rows.append(Row(terms: chosen, lower: 1, reasons: [reason]))
  }

  /// At least one meeting lies where the pin says: in each of its weeks where it gives them.
  private mutating func demand(
    _ position: Int, _ reason: Int, _ columns: (Int, Int) -> [Int]
  ) {
    let pin = institution.pins[position]
    var terms: [(column: Int, coefficient: Double)] = []
    for (type, day) in types.enumerated() {
      guard
        day.days.allSatisfy({ held in
          (pin.day.map { $0 == institution.days[held.day] } ?? true)
            && (pin.weeks.map { $0.holds(week: held.week) } ?? true)
        })
      else { continue }
      for group in day.groups.indices
      where pin.slot.map({ $0 == day.groups[group].first + 1 && day.groups[group].size == 1 })
        ?? true
      {
        terms += columns(type, group).map { ($0, 1) }
      }
    }
    let count = pin.weeks.map(\.count) ?? 1
    rows.append(Row(terms: terms, lower: Double(count), reasons: [reason]))
  }

  /// Days and slots, by position, of an exact model.
  var times: [(day: Int, slot: Int)] {
    institution.days.indices.flatMap { day in
      (0..<institution.regime.slots).map { (day, $0) }
    }
  }

  /// The timetable of a solution of an exact model.
  func timetable(_ values: [Double]) -> [ExactHour] {
    /// Rooms in use by cell and activities that may be in them.
    var open: [[Int]: [(members: [Int], room: Int)]] = [:]
    for seat in seats where values[seat.column] > 0.5 {
      open[[seat.type, seat.slot], default: []].append((seat.members, seat.room))
    }
    var result: [ExactHour] = []
    for (at, buildings) in hours.enumerated() {
      for days in buildings {
        for (type, slots) in days.enumerated() {
          for (slot, column) in slots.enumerated() where values[column] > 0.5 {
            var hour = ExactHour(
              activity: at, week: types[type].days[0].week, day: types[type].days[0].day,
              slot: slot + 1, room: nil)
            let cell = [type, slot]
            // Where buildings are told apart, the room lies in the one of the hour.
            let site = withTravel ? building(of: column, at) : nil
            if let found = open[cell]?.firstIndex(where: { seat in
              seat.members.contains(at)
                && (site == nil
                  || institution.buildings.position(of: institution.rooms[seat.room].building)
                    == site)
            }) {
              hour.room = open[cell]?.remove(at: found).room
            }
            result.append(hour)
          }
        }
      }
    }
    return result
  }

  private func building(of column: Int, _ activity: Int) -> Int? {
    let rooms =
      isOnline(component.activities[activity]) ? [] : suitable(component.activities[activity])
    let sites = Set(
      rooms.map { institution.buildings.position(of: institution.rooms[$0].building) ?? 0 }
    ).sorted()
    let number = hours[activity].firstIndex { $0.contains { $0.contains(column) } }
    return number.flatMap { $0 < sites.count ? sites[$0] : nil }
  }
}

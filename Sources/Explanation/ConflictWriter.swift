// SPDX-License-Identifier: GPL-3.0-or-later
internal import University

/// Puts the facts of a contradiction into words, with the changes that may help.
struct ConflictWriter {
  let model: ConflictModel
  let active: Set<Int>

  private var it: Institution { model.institution }
  private var activities: [Activity] { model.component.activities }

  /// Positions of the activities whose hours or pins are part of it.
  private var involved: [Int] {
    var result: Set<Int> = []
    for number in active {
      switch model.facts[number] {
      case .hours(let at): result.insert(at)
      case .pin(let pin):
        for (at, activity) in activities.enumerated() where activity.pins.contains(pin) {
          result.insert(at)
        }
      default: break
      }
    }
    return result.sorted()
  }

  func contradiction(isMinimal: Bool) -> Contradiction {
    var reasons: [Reason] = []
    var relaxations: [Relaxation] = []
    for number in active.sorted() {
      let (reason, changes) = words(model.facts[number])
      reasons.append(reason)
      relaxations += changes
    }
    relaxations += openings()
    if let day = Weekday.allCases.first(where: { !it.days.contains($0) }) {
      relaxations.append(Relaxation("hold classes on \(day.code) too", cost: 9, .addDay(day)))
    }
    var seen: Set<Change> = []
    relaxations = relaxations.filter { seen.insert($0.change).inserted }
    let ordered = relaxations.enumerated().sorted {
      ($0.element.cost, $0.offset) < ($1.element.cost, $1.offset)
    }.map(\.element)
    return Contradiction(
      reasons: reasons, isMinimal: isMinimal, activities: involved.map { activities[$0] },
      relaxations: ordered)
  }

  /// All closed times of those of whom more than one is part of it.
  private func openings() -> [Relaxation] {
    var rows: [AvailabilitySubject: Int] = [:]
    for number in active {
      if case .availability(let at) = model.facts[number] {
        rows[it.availability[at].subject, default: 0] += 1
      }
    }
    return rows.filter { $0.value > 1 }.map { subject, _ in
      let what =
        switch subject {
        case .teacher(let id): "let \(id) teach at all closed times"
        case .group(let id): "let group \(id) have classes at all closed times"
        case .room(let id): "open room \(id) at all closed times"
        }
      return Relaxation("\(what) (availability.csv)", cost: 4.5, .openSubject(subject))
    }.sorted { $0.text < $1.text }
  }

  private func listed(_ names: [String], _ most: Int = 6) -> String {
    names.prefix(most).joined(separator: ", ")
      + (names.count > most ? " and \(names.count - most) more" : "")
  }

  private func words(_ fact: ConflictModel.Fact) -> (Reason, [Relaxation]) {
    switch fact {
    case .hours(let at): hours(activities[at])
    case .attendee(let number): attendee(model.component.attendees[number])
    case .dayLimit(let number): dayLimit(model.component.attendees[number])
    case .availability(let at): availability(at)
    case .pin(let at): pin(at)
    case .rooms(let rooms): scarce(rooms)
    case .suitability(let own): suitability(own.filter(involved.contains))
    case .travel(let a, let b): travel(a, b)
    }
  }

  private func hours(_ activity: Activity) -> (Reason, [Relaxation]) {
    let line = it.disciplines[activity.discipline]?.line
    let sections = activity.count > 1 ? "\(activity.count) × " : ""
    return (
      Reason(
        rule: "M1",
        text: "\(activity.name) needs at least \(sections)\(activity.hours.lowerBound) hours",
        rows: [
          DataRow(
            "disciplines.csv", line: line, column: activity.kind.rawValue,
            key: activity.discipline.text)
        ]), []
    )
  }

  private func attendee(_ attendee: Attendee) -> (Reason, [Relaxation]) {
    let own = attendee.activities.filter(involved.contains)
    let names = listed(own.map { activities[$0].name })
    switch attendee.identity {
    case .teacher(let id):
      var changes: [Relaxation] = []
      for at in own {
        guard let section = activities[at].section else { continue }
        let fit = it.teachers.filter {
          $0.id != id
            && it.unfitness(
              of: $0, for: .teaching(activities[at].kind), in: activities[at].discipline)
              == nil
        }
        for other in fit.prefix(3) {
          changes.append(
            Relaxation(
              "give section \(section) to \(other.id), who may teach it", cost: 2,
              .assign(section, other.id)))
        }
      }
      return (
        Reason(
          rule: "M3", text: "teacher \(id) holds \(names), one at a time",
          rows: own.map {
            activities[$0].section.map {
              DataRow("plan/assignments.csv", column: "teacher", key: "section \($0)")
            }
              ?? DataRow(
                "pins.csv",
                line: activities[$0].pins.first { it.pins[$0].teacher == id }
                  .map { it.pins[$0].line }, column: "teacher", key: id.text)
          }), changes
      )
    case .student(let id, let count):
      let group = it.students[id]?.group.text ?? ""
      var changes: [Relaxation] = []
      for discipline in Set(own.map { activities[$0].discipline }).sorted() where count == 1 {
        changes.append(
          Relaxation(
            "take off the enrolment of \(id) in \(discipline)", cost: 6,
            .dropEnrolment(id, discipline)))
      }
      return (
        Reason(
          rule: "M5",
          text: "student \(id) of group \(group)"
            + (count > 1 ? " and \(count - 1) with the same classes attend " : " attends ")
            + "\(names), one at a time",
          rows: Set(own.map { activities[$0].discipline }).sorted().map {
            DataRow(
              "enrolments.csv", line: it.enrolments[Enrolment.Key(id, $0)]?.line,
              column: "discipline", key: "\(id) \($0)")
          }), changes
      )
    }
  }

  private func dayLimit(_ attendee: Attendee) -> (Reason, [Relaxation]) {
    switch attendee.identity {
    case .teacher(let id):
      let limit = it.teachers[id].map { it.dayLimit(of: $0) } ?? it.policy.teacherMaxHoursPerDay
      let own = it.teachers[id]?.maxHoursPerDay != nil
      return (
        Reason(
          rule: "T3", text: "teacher \(id) has at most \(limit) hours a day",
          rows: [
            own
              ? DataRow(
                "teachers.csv", line: it.teachers[id]?.line, column: "max_hours_per_day",
                key: id.text)
              : DataRow("instance.yaml", column: "policy.teacher_max_hours_per_day")
          ]),
        [1, 2, 4].map {
          Relaxation(
            "let \(id) teach \(limit + $0) hours a day", cost: 3 + Double($0) / 10,
            .teacherDay(id, limit + $0))
        }
      )
    case .student(let id, _):
      let limit = it.policy.studentMaxHoursPerDay
      return (
        Reason(
          rule: "T3", text: "a student, such as \(id), has at most \(limit) hours a day",
          rows: [DataRow("instance.yaml", column: "policy.student_max_hours_per_day")]),
        [1, 2, 4].map {
          Relaxation(
            "let students have \(limit + $0) hours a day", cost: 5 + Double($0) / 10,
            .studentDay(limit + $0))
        }
      )
    }
  }

  private func availability(_ at: Int) -> (Reason, [Relaxation]) {
    let row = it.availability[at]
    let day = row.day?.code ?? "every day"
    let slots = row.from == row.to ? "slot \(row.from)" : "slots \(row.from)–\(row.to)"
    let isAll = row.weeks.count == row.weeks.weeks
    let time = "\(day) in \(slots)" + (isAll ? "" : " (weeks \(row.weeks))")
    let file = DataRow("availability.csv", line: row.line, key: time)
    let place = row.line > 0 ? ", availability.csv:\(row.line)" : ""
    switch row.subject {
    case .teacher(let id):
      return (
        Reason(rule: "T1", text: "teacher \(id) does not teach on \(time)", rows: [file]),
        [
          Relaxation("let \(id) teach on \(time)\(place)", cost: 3, .dropAvailability(at))
        ]
      )
    case .group(let id):
      return (
        Reason(rule: "T1", text: "group \(id) has no classes on \(time)", rows: [file]),
        [
          Relaxation(
            "let group \(id) have classes on \(time)\(place)", cost: 4, .dropAvailability(at))
        ]
      )
    case .room(let id):
      return (
        Reason(rule: "T1", text: "room \(id) is closed on \(time)", rows: [file]),
        [Relaxation("open room \(id) on \(time)\(place)", cost: 2, .dropAvailability(at))]
      )
    }
  }

  private func pin(_ at: Int) -> (Reason, [Relaxation]) {
    let pin = it.pins[at]
    let what = [
      pin.teacher.map { "teacher \($0)" }, pin.weeks.map { "weeks \($0)" }, pin.day?.code,
      pin.slot.map { "slot \($0)" }, pin.room.map { "room \($0)" },
    ].compactMap { $0 }.joined(separator: ", ")
    let whose = pin.group.map { " of \($0)" } ?? ""
    let place = pin.line > 0 ? " (pins.csv:\(pin.line))" : ""
    return (
      Reason(
        rule: "T4",
        text: "the \(pin.kind.rawValue) of \(pin.discipline)\(whose) is pinned to \(what)",
        rows: [DataRow("pins.csv", line: pin.line, key: "\(pin.discipline) \(pin.kind.rawValue)")]),
      [
        Relaxation(
          "drop the pin of the \(pin.kind.rawValue) of \(pin.discipline)\(whose) to \(what)\(place)",
          cost: 1, .dropPin(at))
      ]
    )
  }

  private func scarce(_ rooms: [Int]) -> (Reason, [Relaxation]) {
    let names = listed(rooms.map { it.rooms[$0].id.text })
    let users = involved.filter { at in
      guard let discipline = it.disciplines[activities[at].discipline] else { return false }
      return rooms.contains {
        it.suits(it.rooms[$0], discipline, activities[at].kind)
          && it.rooms[$0].capacity >= activities[at].size
      }
    }
    var changes: [Relaxation] = []
    if let first = rooms.first {
      var room = it.rooms[first]
      let seats = max(1, users.map { activities[$0].size }.max() ?? room.capacity)
      room.id = RoomID("\(room.id) (new)")
      room.capacity = seats
      let features =
        room.features.isEmpty ? "" : " with \(room.features.sorted().joined(separator: ", "))"
      changes.append(
        Relaxation(
          "add one room of kind \(room.kind) for \(seats)\(features)", cost: 7, .addRoom(room)))
    }
    return (
      Reason(
        rule: "M4",
        text: (rooms.count == 1
          ? "room \(names) holds one section" : "the rooms \(names) hold one section each")
          + " at a time",
        rows: rooms.map { DataRow("rooms.csv", line: it.rooms[$0].line, key: it.rooms[$0].id.text) }
      ), changes
    )
  }

  private func suitability(_ own: [Int]) -> (Reason, [Relaxation]) {
    guard let at = own.first, let discipline = it.disciplines[activities[at].discipline] else {
      return (Reason(rule: "R2", text: "rooms must suit", rows: []), [])
    }
    let kind = activities[at].kind
    let kinds = it.roomKinds(of: discipline, kind)
    let features = (discipline.features[kind] ?? []).sorted()
    let size = own.map { activities[$0].size }.max() ?? 0
    var changes: [Relaxation] = []
    var tried: Set<String> = []
    for room in it.rooms where room.capacity >= size {
      let isKind = kinds.contains(room.kind)
      let lacking = Set(features).subtracting(room.features)
      if isKind, !lacking.isEmpty, tried.insert("equip").inserted {
        changes.append(
          Relaxation(
            "equip room \(room.id) with \(lacking.sorted().joined(separator: ", "))", cost: 5,
            .equip(room.id, lacking)))
      } else if !isKind, lacking.isEmpty, tried.insert(room.kind).inserted {
        for id in Set(own.map { activities[$0].discipline }).sorted() {
          changes.append(
            Relaxation(
              "let the \(kind.rawValue) of \(id) be held in rooms of kind \(room.kind)", cost: 4,
              .allowRoomKind(id, kind, room.kind)))
        }
      }
    }
    if let room = it.rooms.filter({ it.suits($0, discipline, kind) && $0.capacity < size })
      .max(by: { $0.capacity < $1.capacity })
    {
      changes.append(
        Relaxation("seat \(size) in room \(room.id)", cost: 5, .enlarge(room.id, size)))
    }
    let isTooSmall = it.rooms.contains { it.suits($0, discipline, kind) && $0.capacity < size }
    let words = listed(own.map { activities[$0].name })
    let needs =
      "a room of kind \(kinds.joined(separator: " or ")) for \(size)"
      + (features.isEmpty ? "" : " with \(features.joined(separator: ", "))")
    let pins = Set(own.flatMap { activities[$0].pins }).filter { it.pins[$0].room != nil }.sorted()
    for at in pins { changes += pin(at).1 }
    return (
      Reason(
        rule: isTooSmall ? "R1" : features.isEmpty ? "R2" : "R3",
        text: "\(words) \(own.count == 1 ? "needs" : "need") \(needs)",
        rows: Set(own.map { activities[$0].discipline }).sorted().map {
          DataRow(
            "disciplines.csv", line: it.disciplines[$0]?.line, column: "\(kind.rawValue)_rooms",
            key: $0.text)
        }), changes
    )
  }

  private func travel(_ a: Int, _ b: Int) -> (Reason, [Relaxation]) {
    let from = it.buildings[a].id
    let to = it.buildings[b].id
    let minutes = it.travelTable()
    let way = max(minutes(from, to), minutes(to, from))
    let row = it.travel.first { ($0.from, $0.to) == (from, to) || ($0.from, $0.to) == (to, from) }
    let regime = it.regime
    let gap =
      regime.slots > 1
      ? (1..<regime.slots).map { regime.start(ofSlot: $0 + 1) - regime.end(ofSlot: $0) }.min() ?? 0
      : 0
    return (
      Reason(
        rule: "T2", text: "the way between \(from) and \(to) takes \(way) minutes",
        rows: [
          row.map { DataRow("travel.csv", line: $0.line, column: "minutes", key: "\(from) \(to)") }
            ?? DataRow("instance.yaml", column: "policy.default_travel_minutes")
        ]),
      [
        Relaxation(
          "bring \(from) and \(to) within the \(gap) minutes between two slots", cost: 8,
          .travel(from, to, gap))
      ]
    )
  }
}

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
      case .hours(let at), .assigned(let at), .choice(let at, _): result.insert(at)
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
      relaxations.append(Relaxation(.addDay(day), cost: 9, it))
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
      Relaxation(.openSubject(subject), cost: 4.5, it)
    }.sorted { $0.text < $1.text }
  }

  private func words(_ fact: ConflictModel.Fact) -> (Reason, [Relaxation]) {
    switch fact {
    case .hours(let at): hours(activities[at])
    case .assigned(let at): assigned(activities[at])
    case .choice(let at, let teacher): choice(activities[at], teacher)
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
    let least = (activity.count > 1 ? "\(activity.count) × " : "") + "\(activity.hours.lowerBound)"
    return (
      Reason(
        rule: "M1",
        wording: Wording {
          let name = activity.name[$0]
          return $0.says(
            "\(name): кемінде \(least) сағат", "\(name): не меньше \(least) ч",
            "\(name) needs at least \(least) hours")
        },
        rows: [
          DataRow(
            "disciplines.csv", line: line, column: activity.kind.rawValue,
            key: activity.discipline.text)
        ]), []
    )
  }

  private func assigned(_ activity: Activity) -> (Reason, [Relaxation]) {
    let names = activity.teachers.map(\.text).joined(separator: ", ")
    var changes: [Relaxation] = []
    for pin in activity.pins {
      if let teacher = it.pins[pin].teacher, let section = activity.section {
        changes.append(Relaxation(.assign(section, teacher), cost: 2, it))
      }
    }
    return (
      Reason(
        rule: "L2",
        wording: Wording {
          let name = activity.name[$0]
          return $0.says(
            "\(name): жоспарда \(names) оқытушысына берілген",
            "\(name): по плану ведёт \(names)", "\(name) is held by \(names) in the plan")
        },
        rows: [
          DataRow(
            "plan/assignments.csv", column: "teacher",
            key: activity.section?.text ?? "")
        ]), changes
    )
  }

  private func choice(_ activity: Activity, _ id: TeacherID) -> (Reason, [Relaxation]) {
    let student = activity.choices[id]
    let row = student.flatMap { it.enrolments[Enrolment.Key($0, activity.discipline)] }
    return (
      Reason(
        rule: "S6",
        wording: Wording {
          let name = activity.name[$0]
          let who = student?.text ?? ""
          return $0.says(
            "\(name): \(who) студенті \(id) оқытушысын таңдаған",
            "\(name): студент \(who) выбрал преподавателя \(id)",
            "\(name): student \(who) chose teacher \(id)")
        },
        rows: [
          DataRow(
            "enrolments.csv", line: row?.line, column: "\(activity.kind.rawValue)_teacher",
            key: [student?.text ?? "", activity.discipline.text].joined(separator: " "))
        ]), [Relaxation(.dropChoices(id), cost: 4, it)]
    )
  }

  private func attendee(_ attendee: Attendee) -> (Reason, [Relaxation]) {
    let own = attendee.activities.filter(involved.contains)
    func names(_ language: Language) -> String {
      language.listed(own.map { activities[$0].name[language] })
    }
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
          changes.append(Relaxation(.assign(section, other.id), cost: 2, it))
        }
      }
      return (
        Reason(
          rule: "M3",
          wording: Wording {
            $0.says(
              "\(id) оқытушысы бір уақытта тек біреуін жүргізе алады: \(names($0))",
              "преподаватель \(id) ведёт одновременно только одно: \(names($0))",
              "teacher \(id) holds \(names($0)), one at a time")
          },
          rows: rows(of: id, own)), changes
      )
    case .student(let id, let count):
      let group = it.students[id]?.group.text ?? ""
      var changes: [Relaxation] = []
      for discipline in Set(own.map { activities[$0].discipline }).sorted() where count == 1 {
        changes.append(Relaxation(.dropEnrolment(id, discipline), cost: 6, it))
      }
      let more = count - 1
      return (
        Reason(
          rule: "M5",
          wording: Wording {
            $0.says(
              "\(group) тобының \(id) студенті"
                + (more > 0 ? " және сабақтары бірдей тағы \(more)" : "")
                + " бір уақытта тек біреуіне қатысады: \(names($0))",
              "студент \(id) группы \(group)"
                + (more > 0 ? " и ещё \(more) с теми же занятиями" : "")
                + " бывает одновременно только на одном: \(names($0))",
              "student \(id) of group \(group)"
                + (more > 0 ? " and \(more) with the same classes attend " : " attends ")
                + "\(names($0)), one at a time")
          },
          rows: Set(own.map { activities[$0].discipline }).sorted().map {
            DataRow(
              "enrolments.csv", line: it.enrolments[Enrolment.Key(id, $0)]?.line,
              column: "discipline", key: "\(id) \($0)")
          }), changes
      )
    }
  }

  /// Where it is written that a teacher holds some activities; those by choice are reasons of their
  /// own.
  private func rows(of id: TeacherID, _ own: [Int]) -> [DataRow] {
    let result = own.compactMap { at -> DataRow? in
      if let section = activities[at].section {
        return DataRow("plan/assignments.csv", column: "teacher", key: section.text)
      }
      let pin = activities[at].pins.first { it.pins[$0].teacher == id }
      return pin.map {
        DataRow("pins.csv", line: it.pins[$0].line, column: "teacher", key: id.text)
      }
    }
    return result.isEmpty
      ? [DataRow("teachers.csv", line: it.teachers[id]?.line, key: id.text)] : result
  }

  private func dayLimit(_ attendee: Attendee) -> (Reason, [Relaxation]) {
    switch attendee.identity {
    case .teacher(let id):
      let limit = it.teachers[id].map { it.dayLimit(of: $0) } ?? it.policy.teacherMaxHoursPerDay
      let own = it.teachers[id]?.maxHoursPerDay != nil
      return (
        Reason(
          rule: "T3",
          wording: Wording {
            $0.says(
              "\(id) оқытушысының сабағы күніне \(limit) сағаттан аспайды",
              "у преподавателя \(id) не больше \(limit) ч в день",
              "teacher \(id) has at most \(limit) hours a day")
          },
          rows: [
            own
              ? DataRow(
                "teachers.csv", line: it.teachers[id]?.line, column: "max_hours_per_day",
                key: id.text)
              : DataRow("instance.yaml", column: "policy.teacher_max_hours_per_day")
          ]),
        [1, 2, 4].map {
          Relaxation(.teacherDay(id, limit + $0), cost: 3 + Double($0) / 10, it)
        }
      )
    case .student(let id, _):
      let limit = it.policy.studentMaxHoursPerDay
      return (
        Reason(
          rule: "T3",
          wording: Wording {
            $0.says(
              "студенттің, мысалы \(id), сабағы күніне \(limit) сағаттан аспайды",
              "у студента, например \(id), не больше \(limit) ч в день",
              "a student, such as \(id), has at most \(limit) hours a day")
          },
          rows: [DataRow("instance.yaml", column: "policy.student_max_hours_per_day")]),
        [1, 2, 4].map {
          Relaxation(.studentDay(limit + $0), cost: 5 + Double($0) / 10, it)
        }
      )
    }
  }

  private func availability(_ at: Int) -> (Reason, [Relaxation]) {
    let row = it.availability[at]
    let cost =
      switch row.subject {
      case .teacher: 3.0
      case .group: 4.0
      case .room: 2.0
      }
    return (
      Reason(
        rule: "T1",
        wording: Wording {
          let time = row.words(in: $0)
          return switch row.subject {
          case .teacher(let id):
            $0.says(
              "\(id) оқытушысы сабақ жүргізбейді: \(time)",
              "преподаватель \(id) не ведёт занятий: \(time)",
              "teacher \(id) does not teach on \(time)")
          case .group(let id):
            $0.says(
              "\(id) тобында сабақ болмайды: \(time)", "у группы \(id) нет занятий: \(time)",
              "group \(id) has no classes on \(time)")
          case .room(let id):
            $0.says(
              "\(id) аудиториясы жабық: \(time)", "аудитория \(id) закрыта: \(time)",
              "room \(id) is closed on \(time)")
          }
        },
        rows: [DataRow("availability.csv", line: row.line, key: row.cells)]),
      [Relaxation(.dropAvailability(at), cost: cost, it)]
    )
  }

  private func pin(_ at: Int) -> (Reason, [Relaxation]) {
    let pin = it.pins[at]
    return (
      Reason(
        rule: "T4",
        wording: Wording {
          let subject = pin.subject(in: $0)
          let demand = pin.demand(in: $0)
          return $0.says(
            "\(subject) бекітілген: \(demand)", "закреплено: \(subject) — \(demand)",
            "\(subject) is pinned to \(demand)")
        },
        rows: [DataRow("pins.csv", line: pin.line, key: "\(pin.discipline) \(pin.kind.rawValue)")]),
      [Relaxation(.dropPin(at), cost: 1, it)]
    )
  }

  private func scarce(_ rooms: [Int]) -> (Reason, [Relaxation]) {
    let ids = rooms.map { it.rooms[$0].id.text }
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
      room.capacity = max(1, users.map { activities[$0].size }.max() ?? room.capacity)
      room.id = RoomID("\(room.id) (new)")
      changes.append(Relaxation(.addRoom(room), cost: 7, it))
    }
    return (
      Reason(
        rule: "M4",
        wording: Wording {
          let names = $0.listed(ids)
          return ids.count == 1
            ? $0.says(
              "\(names) аудиториясында бір уақытта бір ғана сабақ болады",
              "в аудитории \(names) одновременно только одно занятие",
              "room \(names) holds one section at a time")
            : $0.says(
              "\(names) аудиторияларының әрқайсысында бір уақытта бір ғана сабақ болады",
              "в каждой из аудиторий \(names) одновременно только одно занятие",
              "the rooms \(names) hold one section each at a time")
        },
        rows: rooms.map { DataRow("rooms.csv", line: it.rooms[$0].line, key: it.rooms[$0].id.text) }
      ), changes
    )
  }

  private func suitability(_ own: [Int]) -> (Reason, [Relaxation]) {
    guard let at = own.first, let discipline = it.disciplines[activities[at].discipline] else {
      let words = Wording(
        "аудиториялар жарамды болуы керек", "аудитории должны подходить", "rooms must suit")
      return (Reason(rule: "R2", wording: words, rows: []), [])
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
        changes.append(Relaxation(.equip(room.id, lacking), cost: 5, it))
      } else if !isKind, lacking.isEmpty, tried.insert(room.kind).inserted {
        for id in Set(own.map { activities[$0].discipline }).sorted() {
          changes.append(Relaxation(.allowRoomKind(id, kind, room.kind), cost: 4, it))
        }
      }
    }
    if let room = it.rooms.filter({ it.suits($0, discipline, kind) && $0.capacity < size })
      .max(by: { $0.capacity < $1.capacity })
    {
      changes.append(Relaxation(.enlarge(room.id, size), cost: 5, it))
    }
    let isTooSmall = it.rooms.contains { it.suits($0, discipline, kind) && $0.capacity < size }
    let pins = Set(own.flatMap { activities[$0].pins }).filter { it.pins[$0].room != nil }.sorted()
    for at in pins { changes += pin(at).1 }
    let equipment = features.joined(separator: ", ")
    return (
      Reason(
        rule: isTooSmall ? "R1" : features.isEmpty ? "R2" : "R3",
        wording: Wording { language in
          let names = language.listed(own.map { activities[$0].name[language] })
          return language.says(
            "\(names): \(size) орынды аудитория керек, түрі \(kinds.joined(separator: " не "))"
              + (features.isEmpty ? "" : ", жабдығы: \(equipment)"),
            "\(names): нужна аудитория на \(size) мест, вид \(kinds.joined(separator: " или "))"
              + (features.isEmpty ? "" : ", оснащение: \(equipment)"),
            "\(names) \(own.count == 1 ? "needs" : "need") a room of kind "
              + "\(kinds.joined(separator: " or ")) for \(size)"
              + (features.isEmpty ? "" : " with \(equipment)"))
        },
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
        rule: "T2",
        wording: Wording(
          "\(from) мен \(to) арасындағы жол \(way) минут алады",
          "путь между \(from) и \(to) занимает \(way) мин",
          "the way between \(from) and \(to) takes \(way) minutes"),
        rows: [
          row.map { DataRow("travel.csv", line: $0.line, column: "minutes", key: "\(from) \(to)") }
            ?? DataRow("instance.yaml", column: "policy.default_travel_minutes")
        ]), [Relaxation(.travel(from, to, gap), cost: 8, it)]
    )
  }
}

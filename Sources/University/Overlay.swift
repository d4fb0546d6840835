// SPDX-License-Identifier: GPL-3.0-or-later

/// A change of an institution for a what-if: of its tables; settings are changed in
/// `instance.yaml` itself.
public enum OverlayEdit: Sendable, Hashable {
  /// Rooms, by building or one by one.
  public enum Places: Sendable, Hashable {
    case room(RoomID)
    case building(BuildingID)
  }

  /// What a room is in some weeks on some days. A room has one capacity and one kind, so that it is
  /// closed then, and another room stands in for it, which is open then only.
  public struct Refit: Sendable, Hashable {
    /// The room that stands in.
    public var standIn: RoomID
    /// Its seats; nil for those of the room.
    public var capacity: Int?
    /// Its kind; nil for that of the room.
    public var kind: String?
    /// Its features; nil for those of the room.
    public var features: Set<String>?
    /// The weeks; nil for all.
    public var weeks: WeekPattern?
    /// The days; nil for all.
    public var days: [Weekday]?

    /// Another room, as the room but for what is said after.
    public init(standIn: RoomID, weeks: WeekPattern?, days: [Weekday]?) {
      self.standIn = standIn
      self.weeks = weeks
      self.days = days
    }

    /// Whether there is a day of a week that both speak of.
    public func meets(_ other: Refit) -> Bool {
      let isWeekShared = weeks.map { own in
        other.weeks.map { own.bits & $0.bits != 0 } ?? true
      }
      let isDayShared = days.map { own in other.days.map { !Set(own).isDisjoint(with: $0) } ?? true
      }
      return (isWeekShared ?? true) && (isDayShared ?? true)
    }
  }

  /// Rooms are closed: in some weeks on some days, or for good where neither is given.
  case close(Places, weeks: WeekPattern?, days: [Weekday]?)
  /// Rooms lose their forbidden times: in some weeks on some days, or all of them.
  case open(Places, weeks: WeekPattern?, days: [Weekday]?)
  /// A building is added, with the minutes from it to others, and from them to it.
  case addBuilding(Building, minutes: [BuildingID: Int])
  /// A room is added, for some weeks on some days, or for good; of one id the new one stands.
  case addRoom(Room, weeks: WeekPattern? = nil, days: [Weekday]? = nil)
  /// A room has other seats.
  case resize(RoomID, capacity: Int)
  /// A room is of another kind or has other features; nil stays.
  case equip(RoomID, kind: String?, features: Set<String>?)
  /// A room is another one in some weeks on some days; nil is all of them.
  case refit(RoomID, Refit)
  /// Kinds of class go online where they were in rooms.
  case online(Set<TeachingKind>)
  /// Each group has this many times its students, rounded; enrolments follow. Where that changes any
  /// group, sections and a load that were decided are of other students, and are decided no more.
  case enrolment(factor: Double)
  /// Teachers who leave: competent for nothing, in no pin, without a norm or a minimum of hours, so
  /// that no criterion of the load counts them; what they hold in a decided load is vacant.
  case removeTeacher(TeacherID)
  /// A teacher who is added with the competences of another.
  case addTeacher(Teacher, like: TeacherID)
  /// All slots of all regimes start later, or earlier, by minutes.
  case shift(minutes: Int)
}

extension Sequence where Element == OverlayEdit {
  /// The rooms that stand in for others: the same places, counted once.
  public var standIns: Set<RoomID> {
    Set(
      compactMap { edit in
        if case .refit(_, let refit) = edit { refit.standIn } else { nil }
      })
  }
}

extension Institution {
  /// The institution after edits, in order.
  public func applying(_ edits: [OverlayEdit]) -> Institution {
    edits.reduce(self) { $0.applying($1) }
  }

  private func applying(_ edit: OverlayEdit) -> Institution {
    var it = self
    switch edit {
    case .close(let places, let weeks, let days):
      let closed = Set(rooms(of: places))
      if weeks == nil, days == nil {
        it.rooms = Table(rooms.filter { !closed.contains($0.id) })
        it.availability = availability.filter { row in
          if case .room(let id) = row.subject { !closed.contains(id) } else { true }
        }
        it.pins = pins.map { pin in
          var pin = pin
          if let room = pin.room, closed.contains(room) { pin.room = nil }
          return pin
        }
      } else {
        for id in rooms(of: places) {
          for day in days.map({ $0.map(Optional.some) }) ?? [nil] {
            it.availability.append(
              Availability(
                subject: .room(id), day: day, from: 1, to: regime.slots, level: .forbidden,
                weeks: weeks ?? .all(term.weeks)))
          }
        }
        it.releasePins(to: closed, days: days, weeks: weeks, slots: nil)
      }
    case .open(let places, let weeks, let days):
      let open = Set(rooms(of: places))
      it.availability = availability.flatMap { row -> [Availability] in
        guard case .room(let id) = row.subject, row.level == .forbidden, open.contains(id) else {
          return [row]
        }
        // What stays closed, day by day where not all days open.
        let parts: [Weekday?] =
          days == nil || row.day != nil ? [row.day] : self.days.map(Optional.some)
        return parts.compactMap { day in
          var rest = row
          rest.day = day
          if let days, let day, !days.contains(day) { return rest }
          let opened = weeks ?? .all(term.weeks)
          rest.weeks = WeekPattern(bits: row.weeks.bits & ~opened.bits, weeks: row.weeks.weeks)
          return rest.weeks.count == 0 ? nil : rest
        }
      }
    case .addBuilding(let building, let minutes):
      it.buildings = Table(buildings.filter { $0.id != building.id } + [building])
      it.travel += minutes.sorted { $0.key < $1.key }.map { other, minutes in
        Travel(from: building.id, to: other, minutes: minutes)
      }
    case .addRoom(let room, let weeks, let days):
      it.rooms = Table(rooms.filter { $0.id != room.id } + [room])
      it.availability += shut(room.id, outside: weeks, days)
    case .resize(let id, let capacity):
      it.rooms = changed(id) { $0.capacity = capacity }
    case .equip(let id, let kind, let features):
      it.rooms = changed(id) { room in
        if let kind { room.kind = kind }
        if let features { room.features = features }
      }
    case .refit(let id, let refit): it.refit(id, refit)
    case .online(let kinds):
      it.disciplines = Table(
        disciplines.map { row in
          var row = row
          row.delivery = Delivery(
            online: row.delivery.onlineKinds.union(kinds), of: row.kinds)
          return row
        })
      // A class that is online is in no room, whatever room it was pinned to.
      it.pins = pins.map { pin in
        var pin = pin
        if kinds.contains(pin.kind) { pin.room = nil }
        return pin
      }
    case .enrolment(let factor): it.scaleEnrolment(by: factor)
    case .removeTeacher(let id):
      it.competences = Table(competences.filter { $0.teacher != id })
      it.pins = pins.map { pin in
        var pin = pin
        if pin.teacher == id { pin.teacher = nil }
        return pin
      }
      it.teachers = Table(
        teachers.map { row in
          var row = row
          if row.id == id {
            row.normHours = 0
            row.minHours = nil
          }
          return row
        })
      it.decidedAssignments = decidedAssignments.map { rows in
        rows.map { row in
          var row = row
          if row.teacher == id { row.teacher = nil }
          return row
        }
      }
    case .addTeacher(let teacher, let model):
      it.teachers = Table(teachers.filter { $0.id != teacher.id } + [teacher])
      it.competences = Table(
        competences.rows
          + competences.filter { $0.teacher == model }.map { row in
            Competence(
              teacher: teacher.id, discipline: row.discipline, kinds: row.kinds,
              preference: 0, taughtBefore: false)
          })
    case .shift(let minutes):
      func later(_ regime: Regime) -> Regime {
        Regime(
          name: regime.name, academicHourMinutes: regime.academicHourMinutes,
          slotStarts: regime.slotStarts.map { $0 + minutes })
      }
      it.regimes = regimes.map(later)
      it.regime = later(regime)
    }
    return it
  }

  /// What is pinned to rooms that are closed at its time may be in another one; nil is all days,
  /// weeks, slots.
  public mutating func releasePins(
    to rooms: Set<RoomID>, days: [Weekday]?, weeks: WeekPattern?, slots: ClosedRange<Int>?
  ) {
    pins = pins.map { pin in
      var pin = pin
      guard let room = pin.room, rooms.contains(room) else { return pin }
      let isAtDay = days.map { days in pin.day.map(days.contains) ?? true } ?? true
      let isAtSlot = slots.map { slots in pin.slot.map(slots.contains) ?? true } ?? true
      let isAtWeek =
        weeks.map { weeks in pin.weeks.map { $0.bits & weeks.bits != 0 } ?? true } ?? true
      if isAtDay, isAtSlot, isAtWeek { pin.room = nil }
      return pin
    }
  }

  /// The room is closed at some times, and another stands in for it then, with its closed times.
  /// What is pinned to the room at no other times is pinned to the other; what is pinned to it at
  /// others too may be in any.
  private mutating func refit(_ id: RoomID, _ refit: OverlayEdit.Refit) {
    guard var room = rooms[id] else { return }
    room.id = refit.standIn
    room.capacity = refit.capacity ?? room.capacity
    room.kind = refit.kind ?? room.kind
    room.features = refit.features ?? room.features
    let (weeks, days) = (refit.weeks, refit.days)
    pins = pins.map { pin in
      var pin = pin
      guard pin.room == id else { return pin }
      let isAtDay = days.map { days in pin.day.map(days.contains) ?? false } ?? true
      let isAtWeek =
        weeks.map { weeks in pin.weeks.map { $0.bits & ~weeks.bits == 0 } ?? false } ?? true
      if isAtDay, isAtWeek { pin.room = room.id }
      return pin
    }
    let closed = availability.filter { $0.subject == .room(id) }.map { row in
      var row = row
      row.subject = .room(room.id)
      return row
    }
    self = applying(.close(.room(id), weeks: weeks ?? .all(term.weeks), days: days))
    rooms = Table(rooms.rows + [room])
    availability += closed + shut(room.id, outside: weeks, days)
  }

  /// Hours of the grid in the weeks of the term at which a room is open: where it has no forbidden
  /// time; by day and slot.
  public func openWeeks(of room: RoomID) -> [[Int]] {
    let all = WeekPattern.all(term.weeks).bits
    var open = Array(repeating: Array(repeating: all, count: regime.slots), count: days.count)
    for row in availability where row.level == .forbidden && row.subject == .room(room) {
      for (at, day) in days.enumerated() where row.day == nil || row.day == day {
        for slot in max(1, row.from)..<max(1, min(row.to, regime.slots) + 1) where slot >= row.from
        {
          open[at][slot - 1] &= ~row.weeks.bits
        }
      }
    }
    return open.map { $0.map(\.nonzeroBitCount) }
  }

  /// The forbidden times of a room that is there in some weeks on some days only; nil is all.
  private func shut(
    _ room: RoomID, outside weeks: WeekPattern?, _ days: [Weekday]?
  ) -> [Availability] {
    func row(_ day: Weekday?, _ weeks: WeekPattern) -> Availability {
      Availability(
        subject: .room(room), day: day, from: 1, to: regimes.map(\.slots).max() ?? regime.slots,
        level: .forbidden, weeks: weeks)
    }
    let all = WeekPattern.all(term.weeks)
    let others = weeks.map { WeekPattern(bits: all.bits & ~$0.bits, weeks: term.weeks) }
    return (others.map { $0.count > 0 ? [row(nil, $0)] : [] } ?? [])
      + (days.map { days in self.days.filter { !days.contains($0) }.map { row($0, all) } } ?? [])
  }

  /// The rooms that places stand for.
  public func rooms(of places: OverlayEdit.Places) -> [RoomID] {
    switch places {
    case .room(let id): [id]
    case .building(let id): rooms.filter { $0.building == id }.map(\.id)
    }
  }

  private func changed(_ id: RoomID, _ change: (inout Room) -> Void) -> Table<Room> {
    Table(
      rooms.map { row in
        var row = row
        if row.id == id { change(&row) }
        return row
      })
  }

  /// The first students of a group are doubled, or its last leave, until it has so many.
  private mutating func scaleEnrolment(by factor: Double) {
    var members: [GroupID: [Student]] = [:]
    for student in students { members[student.group, default: []].append(student) }
    var added: [(Student, like: StudentID)] = []
    var gone: Set<StudentID> = []
    for group in groups {
      let own = members[group.id] ?? []
      let wanted = Int((Double(own.count) * factor).rounded())
      for student in own.dropFirst(min(wanted, own.count)) { gone.insert(student.id) }
      guard !own.isEmpty, wanted > own.count else { continue }
      for number in own.count..<wanted {
        let model = own[number % own.count]
        let id = StudentID("\(model.id.text)+\(number / own.count)")
        added.append((Student(id: id, group: group.id, name: model.name), model.id))
      }
    }
    // What is decided is of these students.
    if gone.isEmpty, added.isEmpty { return }
    (decidedSections, decidedTasks, decidedAssignments) = (nil, nil, nil)
    var byStudent: [StudentID: [Enrolment]] = [:]
    for row in enrolments { byStudent[row.student, default: []].append(row) }
    students = Table(students.filter { !gone.contains($0.id) } + added.map(\.0))
    enrolments = Table(
      enrolments.filter { !gone.contains($0.student) }
        + added.flatMap { student, model in
          (byStudent[model] ?? []).map { row in
            var row = row
            row.student = student.id
            return row
          }
        })
    attendance = attendance.filter { !gone.contains($0.student) }
    grades = grades.filter { !gone.contains($0.student) }
  }
}

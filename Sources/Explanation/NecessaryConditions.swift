// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// Where a component comes from, so that it can be made again of changed data.
public enum Origin: Sendable, Hashable {
  /// What one student has to attend in any plan.
  case student(StudentID)
  /// What the pins alone ask of teachers and rooms.
  case pins
  /// The fewest hours that a discipline and all that can be in the same rooms need.
  case rooms(DisciplineID, TeachingKind)
  /// Sections of a plan.
  case sections([SectionID])

  /// The component.
  public func component(_ institution: Institution, _ plan: Plan) -> Component {
    switch self {
    case .student(let id): institution.component(of: id)
    case .pins: institution.componentOfPins()
    case .rooms(let discipline, let kind):
      institution.componentOfRooms(around: discipline, kind)
    case .sections(let ids):
      Component(
        institution, sections: ids.compactMap { plan.sections[$0] }, of: plan.sections,
        teachers: plan.teachersBySection)
    }
  }
}

extension Institution {
  /// The components that every plan contains, whatever sections and teachers it decides on.
  ///
  /// Students whose classes need the same hours in the same rooms stand for each other, unless
  /// closed times or pins of their groups tell them apart. Nothing is in them that a plan could
  /// avoid: a student's section has at least that student, a pinned section at least the pinned
  /// teacher, a discipline at least so many sections as the caps force.
  public func originsBeforeSolving() -> [Origin] {
    /// What a class demands of a student's time.
    struct Demand: Hashable {
      var hours: ClosedRange<Int>
      /// Nil online.
      var rooms: [Int]?
      var pins: [Int]
    }
    struct Profile: Hashable {
      /// Nil where nothing of the group binds.
      var group: GroupID?
      var demands: [Int]
      /// Chosen teachers of whom some time is closed, by class.
      var choices: [String]
    }
    let pinsOfAll = Dictionary(grouping: pins.indices.filter { pins[$0].group == nil }) {
      PinTarget(pins[$0])
    }
    var numberOf: [Demand: Int] = [:]
    var demandsOf: [DisciplineID: [Int]] = [:]
    for discipline in disciplines {
      demandsOf[discipline.id] = discipline.kinds.map { kind in
        let demand = Demand(
          hours: activity(discipline, kind, size: 1).hours,
          rooms: discipline.delivery.isOnline(kind)
            ? nil
            : rooms.indices.filter { rooms[$0].capacity > 0 && suits(rooms[$0], discipline, kind) },
          pins: pinsOfAll[PinTarget(discipline.id, kind)] ?? [])
        let number = numberOf[demand] ?? numberOf.count
        numberOf[demand] = number
        return number
      }
    }
    var binding = Set(pins.compactMap(\.group))
    for row in availability where row.level == .forbidden {
      if case .group(let id) = row.subject { binding.insert(id) }
    }
    let closedTeachers = Set(
      availability.filter { $0.level == .forbidden }.compactMap { row -> TeacherID? in
        if case .teacher(let id) = row.subject { return id }
        return nil
      })
    var disciplinesOf: [StudentID: [DisciplineID]] = [:]
    var choicesOf: [StudentID: [String]] = [:]
    for row in enrolments where row.status != .retake {
      disciplinesOf[row.student, default: []].append(row.discipline)
      for kind in [TeachingKind.lecture, .practice] {
        guard let chosen = row.chosenTeacher(kind), closedTeachers.contains(chosen),
          choice(of: row.student, row.discipline, kind) == chosen
        else { continue }
        choicesOf[row.student, default: []].append("\(row.discipline) \(kind) \(chosen)")
      }
    }
    var seen: Set<Profile> = []
    var result: [Origin] = pins.isEmpty ? [] : [.pins]
    // Where somebody closed a time or set a pin, a contradiction is likeliest.
    var likely: [Origin] = []
    var others: [Origin] = []
    let isBound = isTimeBound()
    for student in students {
      guard let own = disciplinesOf[student.id] else { continue }
      let profile = Profile(
        group: binding.contains(student.group) ? student.group : nil,
        demands: own.flatMap { demandsOf[$0] ?? [] }.sorted(),
        choices: (choicesOf[student.id] ?? []).sorted())
      guard seen.insert(profile).inserted else { continue }
      guard !profile.choices.isEmpty || isBound(student.group, own) else { continue }
      if profile.group == nil && profile.choices.isEmpty {
        others.append(.student(student.id))
      } else {
        likely.append(.student(student.id))
      }
    }
    result += likely
    var isInRooms: Set<PinTarget> = []
    let needs = needsOfRooms()
    for need in needs {
      let target = PinTarget(need.activity.discipline, need.activity.kind)
      guard !isInRooms.contains(target) else { continue }
      for other in Self.sharing(rooms: need.rooms, needs) {
        isInRooms.insert(PinTarget(other.activity.discipline, other.activity.kind))
      }
      result.append(.rooms(target.discipline, target.kind))
    }
    return result + others
  }

  /// Whether anything but the number of slots binds the classes of a student: closed times of the
  /// group or of rooms, pins, or buildings of which classes have no choice.
  private func isTimeBound() -> (GroupID, [DisciplineID]) -> Bool {
    var groups = Set(pins.compactMap(\.group))
    var isAnyRoomClosed = false
    for row in availability where row.level == .forbidden {
      if case .group(let id) = row.subject { groups.insert(id) }
      if case .room = row.subject { isAnyRoomClosed = true }
    }
    let pinned = Set(pins.filter { $0.group == nil }.map(\.discipline))
    var bound: [DisciplineID: (isClosed: Bool, buildings: Set<BuildingID>?)] = [:]
    let closed = Set(
      availability.filter { $0.level == .forbidden }.map(\.subject))
    for discipline in disciplines {
      var isClosed = pinned.contains(discipline.id)
      var only: Set<BuildingID>?
      for kind in discipline.kinds where !discipline.delivery.isOnline(kind) {
        let suitable = rooms.filter { suits($0, discipline, kind) && $0.capacity > 0 }
        if isAnyRoomClosed, suitable.allSatisfy({ closed.contains(.room($0.id)) }) {
          isClosed = true
        }
        let buildings = Set(suitable.map(\.building))
        only = only.map { $0.intersection(buildings) } ?? buildings
      }
      bound[discipline.id] = (isClosed, only)
    }
    return { group, own in
      if groups.contains(group) { return true }
      var common: Set<BuildingID>?
      for id in own {
        guard let row = bound[id] else { continue }
        if row.isClosed { return true }
        if let buildings = row.buildings {
          common = common.map { $0.intersection(buildings) } ?? buildings
        }
      }
      return common.map(\.isEmpty) ?? false
    }
  }

  private func activity(
    _ discipline: Discipline, _ kind: TeachingKind, size: Int
  ) -> Activity {
    let hours = discipline.hours(kind)
    return Activity(
      Wording {
        let word = kind.word(in: $0)
        return $0.says(
          "\(discipline.id) (\(word))", "\(word) \(discipline.id)",
          "the \(word) of \(discipline.id)")
      }, discipline: discipline.id, kind: kind,
      hours: max(0, hours - policy.hoursTolerance)...(hours + policy.hoursTolerance), size: size)
  }

  /// The classes of a student, with the pins and pinned teachers that are certainly theirs.
  fileprivate func component(of id: StudentID) -> Component {
    var result = Component()
    guard let student = students[id] else { return result }
    let ofGroup = pins.indices.filter { pins[$0].group == student.group }
    var held: [TeacherID: [Int]] = [:]
    for row in enrolments where row.student == id && row.status != .retake {
      guard let discipline = disciplines[row.discipline] else { continue }
      for kind in discipline.kinds {
        var own = activity(discipline, kind, size: 1)
        own.groups = [student.group]
        own.pins = pins.indices.filter {
          pins[$0].group == nil && pins[$0].discipline == discipline.id && pins[$0].kind == kind
        }
        for at in ofGroup where pins[at].discipline == discipline.id && pins[at].kind == kind {
          let takers = enrolments.filter {
            $0.discipline == discipline.id && students[$0.student]?.group == student.group
          }
          if body(of: pins[at], takers: takers)?.contains(id) == true { own.pins.append(at) }
        }
        for teacher in Set(own.pins.compactMap { pins[$0].teacher }).sorted() {
          own.teachers.append(teacher)
          held[teacher, default: []].append(result.activities.count)
        }
        if let chosen = choice(of: id, discipline.id, kind), !own.teachers.contains(chosen) {
          own.teachers.append(chosen)
          own.choices[chosen] = id
          held[chosen, default: []].append(result.activities.count)
        }
        result.activities.append(own)
      }
    }
    result.attendees = [
      Attendee(.student(id, count: 1), Array(result.activities.indices))
    ]
    for teacher in held.keys.sorted() {
      result.attendees.append(Attendee(.teacher(teacher), held[teacher] ?? []))
    }
    return result
  }

  /// One section a discipline and kind that is pinned: that of the first group, since two groups may
  /// be in one section.
  fileprivate func componentOfPins() -> Component {
    var result = Component()
    var groupOf: [PinTarget: GroupID?] = [:]
    var numberOf: [PinTarget: Int] = [:]
    var held: [TeacherID: [Int]] = [:]
    var attended: [StudentID: [Int]] = [:]
    var takers: [DisciplineID: [Enrolment]] = [:]
    for row in enrolments { takers[row.discipline, default: []].append(row) }
    for (at, pin) in pins.enumerated() {
      guard let discipline = disciplines[pin.discipline], discipline.hours(pin.kind) > 0 else {
        continue
      }
      let students = (takers[pin.discipline] ?? []).filter {
        pin.group == nil || self.students[$0.student]?.group == pin.group
      }
      guard !students.isEmpty else { continue }
      let target = PinTarget(pin)
      // A pin without a group is about every section, so also about that of the group.
      if let known = groupOf[target], let group = pin.group, known != group {
        if known != nil { continue }
      }
      // A group that something divides may be in several sections alike, and any of them may hold a
      // pin: then only one pin is certain of one section.
      let body = body(of: pin, takers: students)
      if numberOf[target] != nil, pin.group != nil, body == nil { continue }
      if numberOf[target] == nil {
        numberOf[target] = result.activities.count
        result.activities.append(activity(discipline, pin.kind, size: 1))
      }
      if groupOf[target] == nil || groupOf[target] == .some(nil) { groupOf[target] = pin.group }
      guard let number = numberOf[target] else { continue }
      for student in body ?? []
      where policy.retakeConflicts == .hard || !isRetake(student, pin.discipline) {
        if attended[student]?.contains(number) != true {
          attended[student, default: []].append(number)
        }
      }
      result.activities[number].pins.append(at)
      if let group = pin.group, students.allSatisfy({ $0.status != .retake }) {
        result.activities[number].groups = [group]
      }
      if let teacher = pin.teacher, !result.activities[number].teachers.contains(teacher) {
        result.activities[number].teachers.append(teacher)
        held[teacher, default: []].append(number)
      }
    }
    result.attend(attended)
    for teacher in held.keys.sorted() {
      result.attendees.append(Attendee(.teacher(teacher), held[teacher] ?? []))
    }
    return result
  }

  /// Sections of a discipline and kind with the rooms that they may be in.
  private struct RoomNeed {
    var activity: Activity
    var rooms: Set<Int>
  }

  /// The fewest sections of each discipline and kind, with nobody in them.
  private func needsOfRooms() -> [RoomNeed] {
    var result: [RoomNeed] = []
    var takers: [DisciplineID: [Enrolment]] = [:]
    for row in enrolments { takers[row.discipline, default: []].append(row) }
    for discipline in disciplines {
      guard let rows = takers[discipline.id] else { continue }
      let groups = Set(rows.compactMap { students[$0.student]?.group })
      for kind in discipline.kinds where !discipline.delivery.isOnline(kind) {
        let seats = largestSuitableRoom(for: discipline, kind)
        guard seats > 0 else { continue }
        let cap = max(1, min(cap(of: discipline, kind) ?? seats, seats))
        var own = activity(discipline, kind, size: 1)
        own.count = Set(rows.map(\.language)).reduce(0) { sum, language in
          sum + (rows.count { $0.language == language } + cap - 1) / cap
        }
        if groups.count == 1, rows.allSatisfy({ $0.status != .retake }) {
          own.groups = groups.sorted()
        }
        result.append(
          RoomNeed(
            activity: own,
            rooms: Set(
              rooms.indices.filter {
                rooms[$0].capacity > 0 && suits(rooms[$0], discipline, kind)
              })))
      }
    }
    return result
  }

  /// Those that compete for some rooms, for the rooms that these may be in, and so on.
  private static func sharing(rooms: Set<Int>, _ needs: [RoomNeed]) -> [RoomNeed] {
    var reached = rooms
    while true {
      let own = needs.filter { !$0.rooms.isDisjoint(with: reached) }
      let wider = own.reduce(into: reached) { $0.formUnion($1.rooms) }
      if wider == reached { return own }
      reached = wider
    }
  }

  fileprivate func componentOfRooms(
    around discipline: DisciplineID, _ kind: TeachingKind
  ) -> Component {
    var result = Component()
    let needs = needsOfRooms()
    guard
      let own = needs.first(where: {
        $0.activity.discipline == discipline && $0.activity.kind == kind
      })
    else { return result }
    result.activities = Self.sharing(rooms: own.rooms, needs).map(\.activity)
    return result
  }
}

/// What a pin is about, the group aside.
private struct PinTarget: Hashable {
  var discipline: DisciplineID
  var kind: TeachingKind

  init(_ discipline: DisciplineID, _ kind: TeachingKind) {
    self.discipline = discipline
    self.kind = kind
  }

  init(_ pin: Pin) {
    self.init(pin.discipline, pin.kind)
  }
}

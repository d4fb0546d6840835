// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// Where a component comes from, so that it can be made again of changed data.
public enum Origin: Sendable, Hashable {
  /// What one student has to attend in any plan.
  case student(StudentID)
  /// What the pins alone ask of teachers and rooms.
  case pins
  /// The fewest hours that all disciplines need in rooms.
  case rooms
  /// Sections of a plan.
  case sections([SectionID])

  /// The component.
  public func component(_ institution: Institution, _ plan: Plan) -> Component {
    switch self {
    case .student(let id): institution.component(of: id)
    case .pins: institution.componentOfPins()
    case .rooms: institution.componentOfRooms()
    case .sections(let ids):
      Component(
        institution, sections: ids.compactMap { plan.sections[$0] },
        teachers: plan.teachersBySection)
    }
  }
}

extension Institution {
  /// The components that every plan contains, whatever sections and teachers it decides on.
  ///
  /// Students with the same disciplines in the same group stand for each other. Nothing is in them
  /// that a plan could avoid: a student's section has at least that student, a pinned section at
  /// least the pinned teacher, a discipline at least so many sections as the caps force.
  public func originsBeforeSolving() -> [Origin] {
    struct Profile: Hashable {
      var group: GroupID
      var disciplines: [DisciplineID]
    }
    var disciplines: [StudentID: [DisciplineID]] = [:]
    for row in enrolments where row.status != .retake {
      disciplines[row.student, default: []].append(row.discipline)
    }
    var seen: Set<Profile> = []
    var result: [Origin] = pins.isEmpty ? [.rooms] : [.pins, .rooms]
    let isBound = isTimeBound()
    for student in students {
      guard let own = disciplines[student.id],
        seen.insert(Profile(group: student.group, disciplines: own.sorted())).inserted
      else { continue }
      if isBound(student.group, own) { result.append(.student(student.id)) }
    }
    return result
  }

  /// Whether anything but the number of slots binds the classes of a student: closed times of the
  /// group or of rooms, pins of all sections, or buildings of which classes have no choice.
  private func isTimeBound() -> (GroupID, [DisciplineID]) -> Bool {
    var groups: Set<GroupID> = []
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
      "the \(kind.rawValue) of \(discipline.id)", discipline: discipline.id, kind: kind,
      hours: max(0, hours - policy.hoursTolerance)...(hours + policy.hoursTolerance), size: size)
  }

  fileprivate func component(of id: StudentID) -> Component {
    var result = Component()
    guard let student = students[id] else { return result }
    for row in enrolments where row.student == id && row.status != .retake {
      guard let discipline = disciplines[row.discipline] else { continue }
      for kind in discipline.kinds {
        var own = activity(discipline, kind, size: 1)
        own.groups = [student.group]
        own.pins = pins.indices.filter {
          pins[$0].group == nil && pins[$0].discipline == discipline.id && pins[$0].kind == kind
        }
        result.activities.append(own)
      }
    }
    result.attendees = [
      Attendee(.student(id, count: 1), Array(result.activities.indices))
    ]
    return result
  }

  /// One section a discipline and kind that is pinned: that of the first group, since two groups may
  /// be in one section.
  fileprivate func componentOfPins() -> Component {
    struct Target: Hashable {
      var discipline: DisciplineID
      var kind: TeachingKind
    }
    var result = Component()
    var groupOf: [Target: GroupID?] = [:]
    var numberOf: [Target: Int] = [:]
    var held: [TeacherID: [Int]] = [:]
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
      let target = Target(discipline: pin.discipline, kind: pin.kind)
      // A pin without a group is about every section, so also about that of the group.
      if let known = groupOf[target], let group = pin.group, known != group {
        if known != nil { continue }
      }
      // A group that something divides may be in several sections alike, and any of them may hold a
      // pin: then only one pin is certain of one section.
      if numberOf[target] != nil, pin.group != nil, body(of: pin, takers: students) == nil {
        continue
      }
      if numberOf[target] == nil {
        numberOf[target] = result.activities.count
        result.activities.append(activity(discipline, pin.kind, size: 1))
      }
      if groupOf[target] == nil || groupOf[target] == .some(nil) { groupOf[target] = pin.group }
      guard let number = numberOf[target] else { continue }
      result.activities[number].pins.append(at)
      if let group = pin.group, students.allSatisfy({ $0.status != .retake }) {
        result.activities[number].groups = [group]
      }
      if let teacher = pin.teacher, !result.activities[number].teachers.contains(teacher) {
        result.activities[number].teachers.append(teacher)
        held[teacher, default: []].append(number)
      }
    }
    result.attendees = held.keys.sorted().map { Attendee(.teacher($0), held[$0] ?? []) }
    return result
  }

  /// The fewest sections of each discipline and kind, with nobody in them.
  fileprivate func componentOfRooms() -> Component {
    var result = Component()
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
        result.activities.append(own)
      }
    }
    return result
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
internal import Curricula
internal import Explanation
internal import University
internal import Validation

/// Changes that may take a finding of the check away, by the rule that its code names.
enum FindingRelaxations {
  /// What makes a valid plan impossible before any solving: the conditions of the check, and rules
  /// that sections and assignments break which the instance gives, since they stay as they are.
  static func check(_ it: Institution) -> [Diagnostic] {
    let found = Curricula.check(it).filter { $0.severity == .impossible }
    guard it.decidedSections != nil else { return found }
    let plan = Explainer.decided(it)
    let stages: Set<Stage> = plan.hasLoad ? [.sections, .load] : [.sections]
    return found
      + PlanValidator.validate(it, plan, stages: stages).violations
      .filter { $0.rule != .p1 }.map { broken in
        let isOfLoad = broken.rule >= .l1
        var finding = Diagnostic(
          .impossible, code: "\(broken.rule.rawValue).decided",
          file: isOfLoad ? "assignments.csv" : "sections.csv",
          problem: broken.message)
        finding.wording = broken.wording
        return finding
      }
  }

  /// Cheapest first.
  static func candidates(for finding: Diagnostic, _ it: Institution) -> [Relaxation] {
    var result: [Relaxation] = []
    if finding.file == "pins.csv" || finding.code.hasPrefix("T4") {
      pins(finding, it, &result)
    }
    if finding.code.hasSuffix(".chosenHours") || finding.code == "T1.chosenTeacher",
      let value = finding.value
    {
      result.append(Relaxation(.dropChoices(TeacherID(value)), cost: 4, it))
    }
    if finding.file == "sections.csv" || finding.file == "assignments.csv" {
      result.append(Relaxation(.formAnew, cost: 6, it))
    }
    let rule = String(finding.code.prefix(2))
    switch rule {
    case "M4", "R1", "R2", "R3": rooms(finding, it, &result)
    case "L3", "L4": teachers(finding, it, &result)
    case "T3", "M1":
      hours(finding, it, &result)
      if finding.code == "T3.minAboveTime" { teachers(finding, it, &result) }
    case "M2":
      if let day = Weekday.allCases.first(where: { $0.code == finding.value }),
        !it.days.contains(day)
      {
        result.append(Relaxation(.addDay(day), cost: 9, it))
      }
    default: break
    }
    if rule == "T1" || rule == "T3" || rule == "M4" { closed(finding, it, &result) }
    return result.enumerated().sorted {
      ($0.element.cost, $0.offset) < ($1.element.cost, $1.offset)
    }.map(\.element)
  }

  private static func pins(_ finding: Diagnostic, _ it: Institution, _ result: inout [Relaxation]) {
    let lines = finding.problem.numbers(after: "line ")
    for (at, pin) in it.pins.enumerated() {
      // The finding's own row, or rows that its words name.
      let isNamed =
        pin.line == finding.line || lines.contains(pin.line)
        || (pin.line == 0 && finding.line == nil)
        || (pin.teacher != nil && pin.teacher?.text == finding.value)
      guard isNamed else { continue }
      result.append(
        Relaxation(.dropPin(at), cost: 1, it))
    }
    guard let id = finding.value else { return }
    for pin in it.pins where pin.line == finding.line {
      guard let room = it.rooms.first(where: { $0.id.text == id }) else { continue }
      if finding.code.hasPrefix("R1") {
        let students = it.enrolments.count {
          $0.discipline == pin.discipline
            && (pin.group == nil || it.students[$0.student]?.group == pin.group)
        }
        result.append(
          Relaxation(.enlarge(room.id, students), cost: 5, it))
      }
      if finding.code.hasPrefix("R2") {
        result.append(
          Relaxation(.allowRoomKind(pin.discipline, pin.kind, room.kind), cost: 4, it))
      }
      if finding.code.hasPrefix("R3"), let row = it.disciplines[pin.discipline] {
        let lacking = (row.features[pin.kind] ?? []).subtracting(room.features)
        result.append(
          Relaxation(.equip(room.id, lacking), cost: 5, it))
      }
    }
    for pin in it.pins where pin.line == finding.line && finding.code.hasPrefix("L3") {
      if let teacher = pin.teacher, let kind = CompetenceKind(rawValue: pin.kind.rawValue) {
        result.append(
          Relaxation(.addCompetence(teacher, pin.discipline, kind), cost: 3, it))
      }
    }
  }

  private static func rooms(
    _ finding: Diagnostic, _ it: Institution, _ result: inout [Relaxation]
  ) {
    if let value = finding.value, let discipline = it.disciplines[DisciplineID(value)] {
      for kind in discipline.kinds where finding.problem.contains("the \(kind.rawValue) of") {
        let features = discipline.features[kind] ?? []
        let kinds = it.roomKinds(of: discipline, kind)
        var told: Set<String> = []
        for room in it.rooms where room.capacity > 0 {
          if kinds.contains(room.kind) {
            let lacking = features.subtracting(room.features)
            if !lacking.isEmpty, told.insert("equip").inserted {
              result.append(
                Relaxation(.equip(room.id, lacking), cost: 5, it))
            }
          } else if features.isSubset(of: room.features), told.insert(room.kind).inserted {
            result.append(
              Relaxation(.allowRoomKind(discipline.id, kind, room.kind), cost: 4, it))
          }
        }
        if let kindOfRoom = kinds.first, let building = it.buildings.first {
          let seats = it.cap(of: discipline, kind) ?? 0
          let size = seats > 0 ? seats : it.enrolments.count { $0.discipline == discipline.id }
          result.append(
            Relaxation(
              .addRoom(
                Room(
                  id: "new room", building: building.id, capacity: size, kind: kindOfRoom,
                  features: features)), cost: 7, it))
        }
      }
    }
    if finding.code == "R1.sectionTooLarge", let value = finding.value,
      let section = it.decidedSections?.first(where: { $0.id.text == value }),
      let discipline = it.disciplines[section.discipline]
    {
      let suitable = it.rooms.filter { it.suits($0, discipline, section.kind) }
      if let largest = suitable.max(by: { $0.capacity < $1.capacity }) {
        result.append(Relaxation(.enlarge(largest.id, section.students.count), cost: 5, it))
        var room = largest
        room.id = RoomID("\(largest.id) (new)")
        room.capacity = section.students.count
        result.append(Relaxation(.addRoom(room), cost: 7, it))
      }
    }
    guard finding.code.hasPrefix("M4") else { return }
    let kinds = (finding.value ?? "").split(separator: "|").map(String.init)
    for kind in kinds {
      let own = it.rooms.filter { $0.kind == kind }
      if let largest = own.max(by: { $0.capacity < $1.capacity }) {
        var room = largest
        room.id = RoomID("\(largest.id) (new)")
        room.features = own.reduce(into: []) { $0.formUnion($1.features) }
        result.append(
          Relaxation(.addRoom(room), cost: 7, it))
      }
      for discipline in it.disciplines {
        for teaching in discipline.kinds
        where it.roomKinds(of: discipline, teaching).contains(kind)
          && finding.problem.contains("\(discipline.id) \(teaching.rawValue)")
        {
          for other in Set(it.rooms.map(\.kind)).sorted()
          where !it.roomKinds(of: discipline, teaching).contains(other) {
            result.append(
              Relaxation(.allowRoomKind(discipline.id, teaching, other), cost: 4, it))
          }
        }
      }
    }
    for extra in [1, 2] {
      let subgroup = it.policy.subgroupTolerance + extra
      result.append(
        Relaxation(.subgroupTolerance(subgroup), cost: 2 + Double(extra) / 10, it))
      let group = it.policy.groupTolerance + extra
      result.append(
        Relaxation(.groupTolerance(group), cost: 2 + Double(extra) / 10, it))
    }
    if let day = Weekday.allCases.first(where: { !it.days.contains($0) }) {
      result.append(Relaxation(.addDay(day), cost: 9, it))
    }
  }

  private static func teachers(
    _ finding: Diagnostic, _ it: Institution, _ result: inout [Relaxation]
  ) {
    let words = Set(
      finding.problem.split(whereSeparator: { " ,".contains($0) }).map(String.init))
    let named = it.teachers.filter {
      finding.line == $0.line && $0.line > 0 || finding.value == $0.id.text
        || finding.problem.contains("teacher \($0.id) ")
        || finding.code == "L4.minHoursShared" && words.contains($0.id.text)
    }
    let candidates = named.isEmpty ? it.teachers.filter { $0.minHours != nil } : Array(named)
    for teacher in candidates {
      if let least = teacher.minHours, least > 0 {
        // What is missing, where the finding says so.
        if let needed = finding.found.flatMap(Double.init),
          let most = finding.required.flatMap(Double.init), needed > most, needed - most < least
        {
          result.append(
            Relaxation(.minHours(teacher.id, (least - (needed - most)).rounded(.down)), cost: 3, it)
          )
        }
        for part in [0.75, 0.5, 0.25, 0] {
          let hours = (least * part).rounded(.down)
          result.append(
            Relaxation(.minHours(teacher.id, hours), cost: 3 + (1 - part), it))
        }
      }
      if finding.code.hasPrefix("L4.pinned") || finding.code.hasPrefix("L4.chosen")
        || finding.code == "L4.minAboveCeiling"
      {
        let ceiling = it.ceiling(of: teacher)
        let needed = finding.found.flatMap(Double.init) ?? 0
        for factor in [1.25, 1.5, 2, 3, needed / max(1, ceiling)] where factor > 1 {
          let hours = (ceiling * factor).rounded(.up)
          result.append(
            Relaxation(.maxHours(teacher.id, hours), cost: 4 + factor, it))
        }
      }
    }
  }

  private static func hours(
    _ finding: Diagnostic, _ it: Institution, _ result: inout [Relaxation]
  ) {
    for extra in [1, 2, 4] {
      let limit = it.policy.studentMaxHoursPerDay + extra
      result.append(
        Relaxation(.studentDay(limit), cost: 5 + Double(extra) / 10, it))
    }
    for teacher in it.teachers where finding.value == teacher.id.text {
      for extra in [1, 2, 4] {
        let limit = it.dayLimit(of: teacher) + extra
        result.append(
          Relaxation(.teacherDay(teacher.id, limit), cost: 3 + Double(extra) / 10, it))
      }
    }
    if let value = finding.value, it.students[StudentID(value)] != nil {
      for row in it.enrolments where row.student.text == value {
        result.append(
          Relaxation(.dropEnrolment(row.student, row.discipline), cost: 6, it))
      }
    }
    if let day = Weekday.allCases.first(where: { !it.days.contains($0) }) {
      result.append(Relaxation(.addDay(day), cost: 9, it))
    }
  }

  /// Closed times of anybody that the finding names.
  private static func closed(
    _ finding: Diagnostic, _ it: Institution, _ result: inout [Relaxation]
  ) {
    let pins = it.pins.filter { $0.line == finding.line && finding.file == "pins.csv" }
    var rows: [AvailabilitySubject: Int] = [:]
    for row in it.availability where row.level == .forbidden { rows[row.subject, default: 0] += 1 }
    var told: Set<AvailabilitySubject> = []
    for (at, row) in it.availability.enumerated() where row.level == .forbidden {
      let name: String
      let isNamed: Bool
      switch row.subject {
      case .teacher(let id):
        name = "teacher \(id)"
        isNamed =
          pins.contains { $0.teacher == id } || finding.value == id.text
          || finding.problem.contains(name)
      case .group(let id):
        name = "group \(id)"
        isNamed = pins.contains { $0.group == id } || finding.problem.contains(name)
      case .room(let id):
        name = "room \(id)"
        let kinds = (finding.value ?? "").split(separator: "|").map(String.init)
        isNamed =
          pins.contains { $0.room == id }
          || finding.code.hasPrefix("M4")
            && (it.rooms[id].map { kinds.contains($0.kind) } ?? false)
      }
      guard isNamed else { continue }
      if rows[row.subject, default: 0] > 1, told.insert(row.subject).inserted {
        result.append(
          Relaxation(.openSubject(row.subject), cost: 4, it))
      }
      result.append(
        Relaxation(.dropAvailability(at), cost: 2.5, it))
    }
  }
}

extension String {
  /// The numbers that follow on a word.
  fileprivate func numbers(after word: String) -> Set<Int> {
    var result: Set<Int> = []
    var rest = self[...]
    while let found = rest.firstRange(of: word) {
      rest = rest[found.upperBound...]
      if let number = Int(rest.prefix(while: \.isNumber)) { result.insert(number) }
    }
    return result
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// A row of the data, or a key of `instance.yaml`, on which a reason rests.
public struct DataRow: Hashable, Sendable {
  /// The file, relative to the instance or (with `plan/`) to the plan folder.
  public var file: String
  /// The line, from 1, where it is known.
  public var line: Int?
  /// The column or key.
  public var column: String?
  /// The identifiers by which a person finds the row.
  public var key: String

  /// A row of a file.
  public init(_ file: String, line: Int? = nil, column: String? = nil, key: String = "") {
    self.file = file
    self.line = line.flatMap { $0 > 0 ? $0 : nil }
    self.column = column
    self.key = key
  }
}

extension DataRow: CustomStringConvertible {
  /// `file:line column (key)`.
  public var description: String {
    var text = line.map { "\(file):\($0)" } ?? file
    if let column { text += " \(column)" }
    if !key.isEmpty { text += " (\(key))" }
    return text
  }
}

/// A rule applied to rows of the data: what can be part of a contradiction.
public struct Reason: Hashable, Sendable {
  /// The rule of FORMATS.md section 4, such as `T1`.
  public var rule: String
  /// What it demands, in words, with its numbers.
  public var wording: Wording
  /// Where it is written.
  public var rows: [DataRow]
}

/// A change of the data that may take a contradiction away.
public struct Relaxation: Hashable, Sendable {
  /// What to do, as one tells a colleague.
  public var wording: Wording
  /// How dear it is to the university, from 1 (a pin is dropped) to 9 (the grid grows); only the
  /// order means something.
  public var cost: Double
  /// The change itself.
  public var change: Change

  /// A change of an institution with its price.
  public init(_ change: Change, cost: Double, _ institution: Institution) {
    wording = Wording { change.words(institution, $0) }
    self.cost = cost
    self.change = change
  }
}

extension Relaxation {
  /// What to do, in English.
  public var text: String { wording[.en] }
}

extension Reason {
  /// What it demands, in English.
  public var text: String { wording[.en] }
}

/// The changes of an institution and its plan that are tried as relaxations.
public enum Change: Hashable, Sendable {
  /// A row of `pins.csv` is taken off, by its position.
  case dropPin(Int)
  /// A row of `availability.csv` is taken off, by its position.
  case dropAvailability(Int)
  /// All forbidden times of a teacher, room or group are taken off.
  case openSubject(AvailabilitySubject)
  /// A section's class task goes to another teacher.
  case assign(SectionID, TeacherID)
  /// A student changes to another section of the same discipline and kind.
  case moveStudent(StudentID, from: SectionID, to: SectionID)
  /// Nobody's choice of a teacher binds any more.
  case dropChoices(TeacherID)
  /// An enrolment is taken off.
  case dropEnrolment(StudentID, DisciplineID)
  /// The students' most hours in a day.
  case studentDay(Int)
  /// A teacher's most hours in a day.
  case teacherDay(TeacherID, Int)
  /// A room like those that are short.
  case addRoom(Room)
  /// A room gets more seats.
  case enlarge(RoomID, Int)
  /// A room gets features.
  case equip(RoomID, Set<String>)
  /// A discipline's classes of a kind may be held in rooms of another kind too.
  case allowRoomKind(DisciplineID, TeachingKind, String)
  /// Minutes between two buildings.
  case travel(BuildingID, BuildingID, Int)
  /// Hours by which delivered hours may differ from planned ones.
  case hoursTolerance(Int)
  /// Students above the norm of a subgroup, or of a group.
  case subgroupTolerance(Int)
  case groupTolerance(Int)
  /// A day is added to the grid.
  case addDay(Weekday)
  /// A teacher's least hours.
  case minHours(TeacherID, Double)
  /// A teacher's most hours.
  case maxHours(TeacherID, Double)
  /// Sections, tasks and assignments that the instance gives are taken off and formed anew.
  case formAnew
  /// A teacher becomes competent for a kind of class.
  case addCompetence(TeacherID, DisciplineID, CompetenceKind)
}

extension Change {
  /// Whether this is another change by more: what the other does, and more of it.
  public func isMore(than other: Change) -> Bool {
    switch (self, other) {
    case (.studentDay(let own), .studentDay(let hours)): own > hours
    case (.teacherDay(let a, let own), .teacherDay(let b, let hours)): a == b && own > hours
    case (.enlarge(let a, let own), .enlarge(let b, let seats)): a == b && own > seats
    case (.equip(let a, let own), .equip(let b, let features)):
      a == b && own.isStrictSuperset(of: features)
    case (.travel(let a, let b, let own), .travel(let c, let d, let minutes)):
      a == c && b == d && own < minutes
    case (.hoursTolerance(let own), .hoursTolerance(let hours)): own > hours
    case (.subgroupTolerance(let own), .subgroupTolerance(let students)): own > students
    case (.groupTolerance(let own), .groupTolerance(let students)): own > students
    case (.minHours(let a, let own), .minHours(let b, let hours)): a == b && own < hours
    case (.maxHours(let a, let own), .maxHours(let b, let hours)): a == b && own > hours
    default: false
    }
  }

  /// Makes several changes, rows with higher positions first, so that positions stay right.
  public static func apply(
    _ changes: [Change], to it: inout Institution, _ plan: inout Plan
  ) {
    func position(_ change: Change) -> Int {
      switch change {
      case .dropPin(let at), .dropAvailability(let at): at
      default: -1
      }
    }
    for change in changes.sorted(by: { position($0) > position($1) }) {
      change.apply(to: &it, &plan)
    }
  }

  /// The institution and the plan with the change made.
  public func apply(to it: inout Institution, _ plan: inout Plan) {
    switch self {
    case .dropPin(let at): it.pins.remove(at: at)
    case .dropAvailability(let at): it.availability.remove(at: at)
    case .openSubject(let subject):
      it.availability.removeAll { $0.subject == subject && $0.level == .forbidden }
    case .assign(let section, let teacher):
      for at in plan.assignments.indices {
        if let task = plan.tasks[plan.assignments[at].task], task.section == section,
          task.work.teachingKind != nil
        {
          plan.assignments[at].teacher = teacher
        }
      }
    case .moveStudent(let student, let from, let to):
      plan.sections = Table(
        plan.sections.map { section in
          var section = section
          if section.id == from { section.students.removeAll { $0 == student } }
          if section.id == to { section.students.append(student) }
          section.size = section.students.count
          return section
        })
    case .dropChoices(let teacher):
      it.enrolments = Table(
        it.enrolments.map { row in
          var row = row
          if row.lectureTeacher == teacher { row.lectureTeacher = nil }
          if row.practiceTeacher == teacher { row.practiceTeacher = nil }
          return row
        })
    case .dropEnrolment(let student, let discipline):
      it.enrolments = Table(
        it.enrolments.filter { $0.student != student || $0.discipline != discipline })
      plan.sections = Table(
        plan.sections.map { section in
          var section = section
          if section.discipline == discipline {
            section.students.removeAll { $0 == student }
            section.size = section.students.count
          }
          return section
        })
    case .studentDay(let hours): it.policy.studentMaxHoursPerDay = hours
    case .teacherDay(let id, let hours): it.change(id) { $0.maxHoursPerDay = hours }
    case .addRoom(let room): it.rooms.append(room)
    case .enlarge(let id, let seats): it.change(id) { $0.capacity = seats }
    case .equip(let id, let features): it.change(id) { $0.features.formUnion(features) }
    case .allowRoomKind(let id, let kind, let room):
      let policy = it.policy.roomKinds[kind] ?? []
      it.disciplines = Table(
        it.disciplines.map { row in
          var row = row
          if row.id == id { row.roomKinds[kind] = (row.roomKinds[kind] ?? policy) + [room] }
          return row
        })
    case .travel(let from, let to, let minutes):
      it.travel.removeAll { ($0.from, $0.to) == (from, to) || ($0.from, $0.to) == (to, from) }
      it.travel.append(Travel(from: from, to: to, minutes: minutes))
    case .hoursTolerance(let hours): it.policy.hoursTolerance = hours
    case .subgroupTolerance(let students): it.policy.subgroupTolerance = students
    case .groupTolerance(let students): it.policy.groupTolerance = students
    case .addDay(let day): it.days = (it.days + [day]).sorted()
    case .formAnew:
      it.decidedSections = nil
      it.decidedTasks = nil
      it.decidedAssignments = nil
      plan.sections = Table()
      plan.tasks = Table()
      plan.assignments = []
      plan.meetings = []
    case .minHours(let id, let hours): it.change(id) { $0.minHours = hours }
    case .maxHours(let id, let hours): it.change(id) { $0.maxHours = hours }
    case .addCompetence(let teacher, let discipline, let kind):
      var rows = Array(it.competences)
      if let at = it.competences.position(of: Competence.Key(teacher, discipline)) {
        rows[at].kinds.insert(kind)
      } else {
        rows.append(Competence(teacher: teacher, discipline: discipline, kinds: [kind]))
      }
      it.competences = Table(rows)
    }
  }
}

extension Institution {
  fileprivate mutating func change(_ id: TeacherID, _ body: (inout Teacher) -> Void) {
    teachers = Table(
      teachers.map { row in
        var row = row
        if row.id == id { body(&row) }
        return row
      })
  }

  fileprivate mutating func change(_ id: RoomID, _ body: (inout Room) -> Void) {
    rooms = Table(
      rooms.map { row in
        var row = row
        if row.id == id { body(&row) }
        return row
      })
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import Testing
import University

@testable import Validation

/// A random change of a valid plan that breaks one rule so many times and no other.
struct Mutation: Sendable, CustomTestStringConvertible {
  /// What a change breaks.
  enum Expected: Equatable {
    /// So many times.
    case times(Int)
    /// At least once.
    case some
  }

  let rule: RuleCode
  let name: String
  /// Changes a plan; nil where nothing in it can be changed that way.
  let change: @Sendable (inout Mutant) -> Expected?

  var testDescription: String { "\(rule.rawValue): \(name)" }

  init(
    _ rule: RuleCode, _ name: String, _ change: @escaping @Sendable (inout Mutant) -> Expected?
  ) {
    self.rule = rule
    self.name = name
    self.change = change
  }

  static let all = sections + load + meetings + rooms + time

  // MARK: - Sections

  private static let sections = [
    Mutation(.s1, "a student leaves a section") { mutant in
      // The first kind's head count is that of the norms: leave it alone.
      let candidates = mutant.unpinned.filter { section in
        section.students.count > 1
          && mutant.discipline(section)?.kinds.first.map { $0 != section.kind } == true
      }
      guard let section = mutant.one(of: candidates) else { return nil }
      let free = mutant.enrolments(section).filter { $0.practiceTeacher == nil }
      guard let student = mutant.one(of: free)?.student else { return nil }
      mutant.plan.changeSection(section.id) { $0.students.removeAll { $0 == student } }
      return .times(1)
    },
    Mutation(.s2, "a cap below the size of a section") { mutant in
      let candidates = mutant.plan.sections.filter { $0.kind != .lecture && $0.size > 3 }
      guard let section = mutant.one(of: candidates) else { return nil }
      let tolerance =
        section.kind == .lab ? mutant.it.policy.subgroupTolerance : mutant.it.policy.groupTolerance
      let cap = section.size - 1 - tolerance
      mutant.it.change(section.discipline) {
        if section.kind == .lab { $0.subgroupCap = cap } else { $0.groupCap = cap }
      }
      return .times(
        mutant.plan.sections.count {
          $0.discipline == section.discipline && $0.kind == section.kind
            && $0.size >= section.size
        })
    },
    Mutation(.s4, "a student of another language") { mutant in
      guard let enrolment = mutant.one(of: mutant.it.enrolments.rows) else { return nil }
      let sections = mutant.plan.sections.count {
        $0.discipline == enrolment.discipline && $0.students.contains(enrolment.student)
      }
      guard sections > 0 else { return nil }
      let other = mutant.numbers.one(
        of: Language.allCases.filter { $0 != enrolment.language })
      mutant.it.change(enrolment.student, in: enrolment.discipline) { $0.language = other }
      return .times(sections)
    },
    Mutation(.s5, "a section without its stream") { mutant in
      let candidates = mutant.plan.sections.filter { $0.parent != nil }
      guard let section = mutant.one(of: candidates) else { return nil }
      mutant.plan.changeSection(section.id) { $0.parent = nil }
      return .times(1)
    },
    Mutation(.s6, "the choice of somebody who holds another section") { mutant in
      let candidates = mutant.plan.sections.filter { $0.kind == .practice && $0.size > 0 }
      guard let section = mutant.one(of: candidates) else { return nil }
      let holder = mutant.teacher(section.id)
      let others = mutant.it.teachers.filter {
        $0.id != holder
          && mutant.it.unfitness(of: $0, for: .teaching(.practice), in: section.discipline) == nil
      }
      let free = mutant.enrolments(section).filter { $0.practiceTeacher == nil }
      guard let other = mutant.one(of: others), let enrolment = mutant.one(of: free) else {
        return nil
      }
      mutant.it.change(enrolment.student, in: enrolment.discipline) {
        $0.practiceTeacher = other.id
      }
      return .times(1)
    },
  ]

  // MARK: - Load

  private static let load = [
    Mutation(.l1, "a task of the norms is left out") { mutant in
      let candidates = mutant.plan.tasks.filter {
        $0.work.teachingKind == nil && $0.hours.value > 0.01
      }
      guard let task = mutant.one(of: candidates) else { return nil }
      mutant.plan.tasks = mutant.plan.tasks.without(task.id)
      mutant.plan.assignments.removeAll { $0.task == task.id }
      return .times(1)
    },
    Mutation(.l2, "a task that nobody is named for") { mutant in
      let candidates = mutant.plan.tasks.filter {
        $0.work.teachingKind == nil && $0.hours.value > 0.01
      }
      guard let task = mutant.one(of: candidates) else { return nil }
      mutant.plan.assignments.removeAll { $0.task == task.id }
      return .times(1)
    },
    Mutation(.l3, "a competence is taken away") { mutant in
      let candidates = mutant.plan.tasks.filter { task in
        task.work.teachingKind != nil
          && mutant.plan.assignments.contains { $0.task == task.id && $0.teacher != nil }
      }
      guard let task = mutant.one(of: candidates), let kind = task.work.teachingKind,
        let teacher = mutant.plan.assignments.first(where: { $0.task == task.id })?.teacher,
        let word = CompetenceKind(rawValue: kind.rawValue)
      else { return nil }
      let key = Competence.Key(teacher, task.discipline)
      mutant.it.competences = mutant.it.competences.with(key) { $0.kinds.remove(word) }
      let tasks = Set(
        mutant.plan.tasks.filter { $0.discipline == task.discipline && $0.work == task.work }
          .map(\.id))
      return .times(
        mutant.plan.assignments.count { $0.teacher == teacher && tasks.contains($0.task) })
    },
    Mutation(.l4, "a ceiling half an hour below") { mutant in
      var hours: [TeacherID: Double] = [:]
      for share in mutant.plan.assignments {
        if let teacher = share.teacher { hours[teacher, default: 0] += share.hours.value }
      }
      let candidates = hours.filter { $0.value > 1 }.keys.sorted()
      guard let teacher = mutant.one(of: candidates), let sum = hours[teacher] else { return nil }
      mutant.it.change(teacher) { $0.maxHours = sum - 0.5 }
      return .times(1)
    },
    Mutation(.l5, "a teacher examines the own students") { mutant in
      let candidates = mutant.plan.tasks.filter { $0.work == .norm("exam") && $0.hours.value > 0 }
      guard let task = mutant.one(of: candidates), let section = mutant.plan.sections[task.section]
      else { return nil }
      let examined = Set(section.students)
      let own = mutant.plan.sections.filter {
        $0.discipline == task.discipline && !examined.isDisjoint(with: $0.students)
      }.compactMap { mutant.teacher($0.id) }
      let fit = own.filter { id in
        mutant.it.teachers[id].map {
          mutant.it.unfitness(of: $0, for: task.work, in: task.discipline) == nil
        } == true
      }
      guard let teacher = mutant.one(of: fit) else { return nil }
      mutant.plan.assignments.removeAll { $0.task == task.id }
      mutant.plan.assignments.append(
        Assignment(task: task.id, teacher: teacher, hours: task.hours))
      mutant.it.change(teacher) { $0.maxHours = 10_000 }
      return .times(1)
    },
  ]

  // MARK: - Meetings

  private static let meetings = [
    Mutation(.m1, "a meeting is missing") { mutant in
      guard let meeting = mutant.one(of: mutant.unpinnedMeetings),
        let section = mutant.plan.sections[meeting.section]
      else { return nil }
      let left = mutant.meetings(of: section.id).filter { $0.id != meeting.id }
        .reduce(0) { $0 + $1.length * $1.weeks.count }
      guard section.hours - left > mutant.it.policy.hoursTolerance else { return nil }
      mutant.plan.meetings.removeAll { $0.id == meeting.id }
      return .times(1)
    },
    Mutation(.m2, "a meeting on a day without classes") { mutant in
      guard let meeting = mutant.one(of: mutant.unpinnedMeetings) else { return nil }
      mutant.plan.changeMeeting(meeting.id) { $0.day = .sunday }
      return .times(1)
    },
    Mutation(.m2, "a block shorter than the meetings") { mutant in
      let candidates = mutant.plan.meetings.filter { $0.length > 1 }
      guard let meeting = mutant.one(of: candidates),
        let section = mutant.plan.sections[meeting.section]
      else { return nil }
      mutant.it.change(section.discipline) { $0.blocks[section.kind] = 1 }
      let same = Set(
        mutant.plan.sections.filter {
          $0.discipline == section.discipline && $0.kind == section.kind
        }.map(\.id))
      return .times(
        mutant.plan.meetings.count { same.contains($0.section) && $0.length > 1 })
    },
    Mutation(.m3, "a teacher in two places at once") { mutant in
      mutant.stopTravel()
      // The second section has this meeting alone, and gets the first one's teacher.
      let candidates = mutant.simultaneous.filter { a, b in
        mutant.meetings(of: b.section).count == 1
          && a.weeks.bits & b.weeks.bits == b.weeks.bits
          && Mutant.slots(a).contains(b.slot)
          && Mutant.slots(a).contains(b.slot + b.length - 1)
          && mutant.teacher(a.section) != nil && mutant.teacher(b.section) != nil
          && mutant.teacher(a.section) != mutant.teacher(b.section)
      }
      guard let (a, b) = mutant.one(of: candidates), let teacher = mutant.teacher(a.section),
        let section = mutant.plan.sections[b.section],
        let task = mutant.plan.tasks.first(where: {
          $0.section == b.section && $0.work.teachingKind != nil
        })
      else { return nil }
      let exams = Set(
        mutant.plan.tasks.filter { $0.discipline == section.discipline && $0.work == .norm("exam") }
          .map(\.id))
      guard
        mutant.enrolments(section).allSatisfy({
          $0.lectureTeacher == nil && $0.practiceTeacher == nil
        }),
        !mutant.plan.assignments.contains(where: {
          exams.contains($0.task) && $0.teacher == teacher
        })
      else { return nil }
      mutant.plan.give(task.id, to: teacher)
      mutant.it.change(teacher) {
        $0.maxHours = 10_000
        $0.position = "professor"
      }
      let key = Competence.Key(teacher, section.discipline)
      if mutant.it.competences[key] == nil {
        mutant.it.competences.append(
          Competence(teacher: teacher, discipline: section.discipline, kinds: []))
      }
      mutant.it.competences = mutant.it.competences.with(key) {
        $0.kinds = Set(CompetenceKind.allCases)
        $0.survey = 5
      }
      return .times(1)
    },
    Mutation(.m4, "two meetings in a room at once") { mutant in
      mutant.stopTravel()
      let candidates = mutant.simultaneous.filter { a, b in
        guard a.weeks == b.weeks, a.slot == b.slot, a.length == b.length, a.room != b.room,
          let room = a.room.flatMap({ mutant.it.rooms[$0] }),
          let section = mutant.plan.sections[b.section], let row = mutant.discipline(section)
        else { return false }
        return mutant.it.suits(room, row, section.kind) && room.capacity >= section.size
      }
      guard let (a, b) = mutant.one(of: candidates) else { return nil }
      mutant.plan.changeMeeting(b.id) { $0.room = a.room }
      return .times(1)
    },
    Mutation(.m5, "a student in two classes at once") { mutant in
      mutant.stopTravel()
      // A student of another discipline joins a section of the only kind of its discipline.
      let sections = mutant.unpinned.filter { section in
        mutant.discipline(section).map { $0.kinds == [section.kind] } == true
          && !mutant.meetings(of: section.id).isEmpty
      }
      guard let section = mutant.one(of: sections) else { return nil }
      let enrolments = mutant.it.enrolments.filter {
        $0.status != .retake
          && mutant.it.enrolments[Enrolment.Key($0.student, section.discipline)] == nil
      }
      guard let student = mutant.one(of: enrolments)?.student else { return nil }
      let isRetaking = mutant.it.enrolments.contains {
        $0.student == student && $0.status == .retake
      }
      let own = Set(mutant.plan.sections.filter { $0.students.contains(student) }.map(\.id))
      let pairs = mutant.plan.meetings.filter { own.contains($0.section) }
        .reduce(0) { sum, meeting in
          sum + mutant.meetings(of: section.id).count { Mutant.overlap(meeting, $0) }
        }
      guard pairs > 0, !isRetaking else { return nil }
      mutant.it.policy.studentMaxHoursPerDay = 48
      mutant.it.availability.removeAll {
        if case .group = $0.subject { true } else { false }
      }
      // Norms by student would ask for more hours than the tasks have.
      let works = Set(mutant.it.norms.filter { $0.unit == .student }.map(\.work))
      mutant.it.norms.removeAll { works.contains($0.work) }
      let gone = Set(mutant.plan.tasks.filter { works.contains($0.work.text) }.map(\.id))
      mutant.plan.tasks = Table(mutant.plan.tasks.filter { !gone.contains($0.id) })
      mutant.plan.assignments.removeAll { gone.contains($0.task) }
      mutant.it.enrolments.append(
        Enrolment(student: student, discipline: section.discipline, language: section.language))
      mutant.plan.changeSection(section.id) { $0.students.append(student) }
      mutant.it.change(section.discipline) {
        $0.groupCap = 1000
        $0.subgroupCap = 1000
      }
      for meeting in mutant.meetings(of: section.id) {
        if let room = meeting.room { mutant.it.change(room) { $0.capacity = 1000 } }
      }
      return .times(pairs)
    },
  ]

  // MARK: - Rooms

  /// Rooms that no lecture may use, so that no stream's largest room changes.
  private static func otherRooms(_ mutant: Mutant) -> [Room] {
    mutant.it.rooms.filter { room in
      !mutant.it.disciplines.contains {
        $0.hours(.lecture) > 0 && mutant.it.suits(room, $0, .lecture)
      }
    }
  }

  private static let rooms = [
    Mutation(.r1, "a room with a seat too few") { mutant in
      let rooms = Set(otherRooms(mutant).map(\.id))
      let candidates = mutant.plan.meetings.filter { $0.room.map(rooms.contains) == true }
      guard let meeting = mutant.one(of: candidates), let room = meeting.room,
        let size = mutant.plan.sections[meeting.section]?.size, size > 0
      else { return nil }
      mutant.it.change(room) { $0.capacity = size - 1 }
      return .times(
        mutant.plan.meetings.count {
          $0.room == room && (mutant.plan.sections[$0.section]?.size ?? 0) >= size
        })
    },
    Mutation(.r1, "a meeting without a room") { mutant in
      let candidates = mutant.unpinnedMeetings.filter { $0.room != nil }
      guard let meeting = mutant.one(of: candidates) else { return nil }
      mutant.stopTravel()
      mutant.plan.changeMeeting(meeting.id) { $0.room = nil }
      return .times(1)
    },
    Mutation(.r2, "a room of another kind") { mutant in
      let rooms = otherRooms(mutant).filter { room in
        mutant.plan.meetings.contains { $0.room == room.id }
      }
      guard let room = mutant.one(of: rooms) else { return nil }
      // A kind that no room has would reject the input.
      let spare = RoomID("\(room.id)-spare")
      mutant.it.rooms.append(
        Room(id: spare, building: room.building, capacity: 1, kind: room.kind))
      mutant.it.change(room.id) { $0.kind = "cellar" }
      return .times(mutant.plan.meetings.count { $0.room == room.id })
    },
    Mutation(.r3, "a room without its equipment") { mutant in
      func needs(_ meeting: Meeting) -> Bool {
        guard let section = mutant.plan.sections[meeting.section] else { return false }
        return mutant.discipline(section)?.features[section.kind]?.isEmpty == false
      }
      let candidates = mutant.plan.meetings.filter { $0.room != nil && needs($0) }
      guard let room = mutant.one(of: candidates)?.room else { return nil }
      let count = mutant.plan.meetings.count { $0.room == room && needs($0) }
      mutant.it.change(room) { $0.features = [] }
      return .times(count)
    },
    Mutation(.r4, "a meeting that goes online by itself") { mutant in
      let candidates = mutant.unpinnedMeetings.filter { $0.mode == .room }
      guard let meeting = mutant.one(of: candidates) else { return nil }
      mutant.stopTravel()
      mutant.plan.changeMeeting(meeting.id) {
        $0.mode = .online
        $0.room = nil
      }
      return .times(1)
    },
  ]

  // MARK: - Time

  private static let time = [
    Mutation(.t1, "a forbidden hour of the teacher") { mutant in
      let candidates = mutant.plan.meetings.filter { mutant.teacher($0.section) != nil }
      guard let meeting = mutant.one(of: candidates), let teacher = mutant.teacher(meeting.section)
      else { return nil }
      mutant.it.forbid(
        .teacher(teacher), meeting.day, meeting.slot, meeting.slot, weeks: meeting.weeks)
      return .times(1)
    },
    Mutation(.t1, "a forbidden hour of the room") { mutant in
      let candidates = mutant.plan.meetings.filter { $0.room != nil }
      guard let meeting = mutant.one(of: candidates), let room = meeting.room else { return nil }
      mutant.it.forbid(
        .room(room), meeting.day, meeting.slot, meeting.slot, weeks: meeting.weeks)
      return .times(1)
    },
    Mutation(.t2, "buildings too far apart") { mutant in
      guard mutant.plan.meetings.contains(where: { $0.room != nil }) else { return nil }
      mutant.it.travel = []
      mutant.it.policy.defaultTravelMinutes = 1000
      return .some
    },
    Mutation(.t3, "a shorter day of a teacher") { mutant in
      let teachers = Set(mutant.plan.assignments.compactMap(\.teacher)).sorted()
      guard let teacher = mutant.one(of: teachers) else { return nil }
      var slots: [[Int]: Set<Int>] = [:]
      for meeting in mutant.plan.meetings where mutant.teacher(meeting.section) == teacher {
        for week in 0..<mutant.it.term.weeks where meeting.weeks.holds(week: week) {
          slots[[week, meeting.day.rawValue], default: []].formUnion(Mutant.slots(meeting))
        }
      }
      guard let most = slots.values.map(\.count).max(), most > 1 else { return nil }
      mutant.it.change(teacher) { $0.maxHoursPerDay = most - 1 }
      return .times(slots.values.count { $0.count == most })
    },
    Mutation(.t4, "a pin at another time") { mutant in
      guard let section = mutant.one(of: mutant.unpinned) else { return nil }
      let day = mutant.numbers.one(of: mutant.it.days)
      let slot = mutant.numbers.whole(1...mutant.it.regime.slots)
      mutant.it.pins.append(
        Pin(discipline: section.discipline, kind: section.kind, day: day, slot: slot))
      let same = mutant.plan.sections.filter {
        $0.discipline == section.discipline && $0.kind == section.kind
      }
      let count = same.count { other in
        !mutant.meetings(of: other.id).contains { $0.day == day && $0.slot == slot }
      }
      return count > 0 ? .times(count) : nil
    },
  ]
}

// SPDX-License-Identifier: GPL-3.0-or-later
internal import Curricula
internal import LinearModels
internal import Problem
internal import Solving
internal import Timetabling
public import University

/// Who can take a class in place of its teacher.
public struct Substitute: Sendable, Hashable {
  /// Something that stands against somebody, or speaks of their day.
  public enum Obstacle: Sendable, Hashable {
    /// Holds another meeting then.
    case busy(MeetingID)
    /// The time is forbidden to them.
    case forbidden
    /// No time for the way from or to a meeting.
    case tooFar(MeetingID)
    /// More hours in a day than they may hold.
    case tooLong(hours: Int, limit: Int)
    /// More hours in the term than they may hold.
    case noHoursLeft(hours: Double, limit: Double)
    /// Holds the exam of the students, which is done by somebody else than their teacher.
    case examiner
    /// Teaches the students whom the exam is of, in this class.
    case teaches(SectionID)
    /// Students of the class chose somebody else to teach it (S6).
    case chosen(students: Int, teacher: TeacherID)
    /// Is competent for the discipline, but not for this kind of class.
    case unfit(Unfitness)
  }

  /// Who.
  public var teacher: TeacherID
  /// What stands against it; empty for somebody who can take it.
  public var obstacles: [Obstacle]
  /// Hours that they may still take in the term, after taking this.
  public var hoursLeft: Double
  /// Hours on the day of the meeting that has most, with this.
  public var hoursOfDay: Int
  /// Free slots that the day gains for them (gaps), summed over the meetings.
  public var gaps: Int
  /// Meetings on a day on which they would come for nothing else.
  public var newDays: Int
  /// Preference for the discipline, −2 to 2 or as the file has it.
  public var preference: Int
  /// Whether they have taught the discipline before.
  public var taughtBefore: Bool
  /// Survey of the discipline, else the teacher's, else 4.
  public var survey: Double
  /// Whether they belong to the discipline's department.
  public var isOfDepartment: Bool
  /// Whether they teach some of the same students already.
  public var knowsStudents: Bool

  /// Whether nothing stands against it.
  public var isPossible: Bool { obstacles.isEmpty }
}

/// For how much of the term somebody else is looked for.
public enum SubstitutionScope: Sendable {
  /// Each meeting of the term.
  case term
  /// One date: the hours count for the day and not for the load of the term.
  case date(CalendarDate)
}

extension PlanInHand {
  /// Everybody with a competence in the discipline of a section, those who can take the meetings
  /// first, the most fitting first.
  ///
  /// Order: nothing against it; fewest obstacles; of the department; has taught it; least new days
  /// and gaps; preference; survey; most hours left; id. "Not tired" is the policy's limit of a
  /// teacher's hours in a day.
  ///
  /// - Parameters:
  ///   - events: Meetings of one section.
  ///   - scope: The whole term or a date.
  ///   - absent: Teachers who are not asked.
  /// - Returns: The people, ranked.
  public func substitutes(
    for events: [Int], scope: SubstitutionScope = .term, absent: Set<TeacherID> = []
  ) -> [Substitute] {
    guard let first = events.first,
      let section = plan.sections[stage.declaration.sectionOfEvent[first]],
      let discipline = institution.disciplines[section.discipline]
    else { return [] }
    let holders = Set(plan.teachersBySection[section.id] ?? []).union(absent)
    let rows = institution.competences.filter { $0.discipline == discipline.id }
    let load = assignedHours
    let students = Set(section.students)
    return rows.compactMap { row -> Substitute? in
      guard !holders.contains(row.teacher), let teacher = institution.teachers[row.teacher] else {
        return nil
      }
      return assess(
        teacher, row, section, discipline, events, scope, load[teacher.id] ?? 0, students)
    }.sorted { a, b in
      func key(_ s: Substitute) -> [Double] {
        [
          Double(s.obstacles.count), s.isOfDepartment ? 0 : 1, s.taughtBefore ? 0 : 1,
          Double(s.newDays * 6 + s.gaps), Double(-s.preference), -s.survey, -s.hoursLeft,
        ]
      }
      let (x, y) = (key(a), key(b))
      return x == y ? a.teacher < b.teacher : x.lexicographicallyPrecedes(y)
    }
  }

  /// Hours of the term of each teacher.
  private var assignedHours: [TeacherID: Double] {
    var result: [TeacherID: Double] = [:]
    for row in plan.assignments {
      if let teacher = row.teacher { result[teacher, default: 0] += row.hours.value }
    }
    return result
  }

  private func assess(
    _ teacher: Teacher, _ row: Competence, _ section: Section, _ discipline: Discipline,
    _ events: [Int], _ scope: SubstitutionScope, _ load: Double, _ students: Set<StudentID>
  ) -> Substitute {
    var found = Substitute(
      teacher: teacher.id, obstacles: [], hoursLeft: 0, hoursOfDay: 0, gaps: 0, newDays: 0,
      preference: row.preference, taughtBefore: row.taughtBefore,
      survey: institution.survey(of: teacher, in: discipline.id),
      isOfDepartment: teacher.department == discipline.department, knowsStudents: false)
    if let unfit = institution.unfitness(
      of: teacher, for: .teaching(section.kind), in: discipline.id)
    {
      found.obstacles.append(.unfit(unfit))
    }
    let own = plan.assignments.filter { $0.teacher == teacher.id }.compactMap {
      plan.tasks[$0.task]
    }
    found.knowsStudents = own.contains { task in
      task.work.teachingKind != nil
        && (plan.sections[task.section]?.students.contains { students.contains($0) } ?? false)
    }
    let limit = institution.ceiling(of: teacher)
    if case .term = scope {
      found.hoursLeft = limit - load - Double(section.hours)
      if found.hoursLeft < -1e-9 {
        found.obstacles.append(.noHoursLeft(hours: load + Double(section.hours), limit: limit))
      }
    } else {
      found.hoursLeft = limit - load
    }
    if institution.policy.examinerDiffersFromTeacher, case .term = scope,
      own.contains(where: { task in
        task.work == .norm("exam") && task.discipline == discipline.id
          && (plan.sections[task.section]?.students.contains { students.contains($0) } ?? false)
      })
    {
      found.obstacles.append(.examiner)
    }
    if case .term = scope, let (chosen, count) = choice(section, besides: teacher.id) {
      found.obstacles.append(.chosen(students: count, teacher: chosen))
    }
    judgeTimes(teacher, events, scope, &found)
    return found
  }

  /// Whom most of the students of a section chose to teach it, if anybody but a teacher, and how
  /// many did.
  private func choice(
    _ section: Section, besides teacher: TeacherID
  ) -> (teacher: TeacherID, students: Int)? {
    var counts: [TeacherID: Int] = [:]
    for student in section.students {
      let key = Enrolment.Key(student, section.discipline)
      guard let chosen = institution.enrolments[key]?.chosenTeacher(section.kind),
        chosen != teacher, let row = institution.teachers[chosen],
        institution.unfitness(of: row, for: .teaching(section.kind), in: section.discipline)
          == nil
      else { continue }
      counts[chosen, default: 0] += 1
    }
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }.map { ($0.key, $0.value) }
  }

  /// The weeks of a scope, as bits; nil where the meeting is not held then.
  private func weeks(_ scope: SubstitutionScope, _ meeting: Meeting) -> UInt64? {
    guard case .date(let date) = scope else { return meeting.weeks.bits }
    for week in 0..<institution.term.weeks
    where meeting.weeks.holds(week: week)
      && institution.term.date(week: week, day: meeting.day) == date
    {
      return 1 << UInt64(week)
    }
    return nil
  }

  private func judgeTimes(
    _ teacher: Teacher, _ events: [Int], _ scope: SubstitutionScope, _ found: inout Substitute
  ) {
    let others = meetings(of: teacher.id)
    let limit = institution.dayLimit(of: teacher)
    let travel = institution.travelTable()
    let taken = events.compactMap { meeting(of: $0) }
    for meeting in taken {
      guard let weeks = weeks(scope, meeting) else { continue }
      let blocked = institution.availability.contains { row in
        row.level == .forbidden && row.subject == .teacher(teacher.id)
          && (row.day == nil || row.day == meeting.day) && row.weeks.bits & weeks != 0
          && row.from < meeting.slot + meeting.length && row.to >= meeting.slot
      }
      if blocked { found.obstacles.append(.forbidden) }
      let sameDay = (others + taken.filter { $0.id != meeting.id }).filter {
        $0.day == meeting.day && $0.weeks.bits & weeks != 0
      }
      for other in sameDay {
        let overlaps =
          other.slot < meeting.slot + meeting.length && meeting.slot < other.slot + other.length
        if overlaps {
          found.obstacles.append(.busy(other.id))
        } else if isTooFar(meeting, other, travel) {
          found.obstacles.append(.tooFar(other.id))
        }
      }
      var most = 0, gaps = 0, isNew = false
      for week in 0..<institution.term.weeks where weeks >> UInt64(week) & 1 == 1 {
        var slots: UInt64 = 0
        for other in sameDay where other.weeks.holds(week: week) { slots |= mask(other) }
        if slots == 0 { isNew = true }
        let before = free(slots)
        slots |= mask(meeting)
        most = max(most, slots.nonzeroBitCount)
        gaps = max(gaps, free(slots) - before)
      }
      found.hoursOfDay = max(found.hoursOfDay, most)
      found.gaps += max(0, gaps)
      if isNew { found.newDays += 1 }
      if most > limit { found.obstacles.append(.tooLong(hours: most, limit: limit)) }
    }
  }

  private func mask(_ meeting: Meeting) -> UInt64 {
    (meeting.slot..<(meeting.slot + meeting.length)).reduce(0) { $0 | 1 << UInt64($1) }
  }

  private func free(_ slots: UInt64) -> Int {
    slots == 0
      ? 0
      : 64 - slots.leadingZeroBitCount - slots.trailingZeroBitCount - slots.nonzeroBitCount
  }

  private func isTooFar(
    _ a: Meeting, _ b: Meeting, _ travel: (BuildingID, BuildingID) -> Int
  ) -> Bool {
    guard let x = a.room.flatMap({ institution.rooms[$0]?.building }),
      let y = b.room.flatMap({ institution.rooms[$0]?.building }), x != y
    else { return false }
    let (first, second) = a.slot < b.slot ? (a, b) : (b, a)
    let minutes =
      institution.regime.start(ofSlot: second.slot)
      - institution.regime.end(ofSlot: first.slot + first.length - 1)
    return minutes < (a.slot < b.slot ? travel(x, y) : travel(y, x))
  }

  /// The meetings that a teacher holds.
  func meetings(of teacher: TeacherID) -> [Meeting] {
    let sections = Set(
      plan.teachersBySection.filter { $0.value.contains(teacher) }.map(\.key))
    return plan.meetings.filter { sections.contains($0.section) }
  }
}

/// A class that somebody else holds from now on.
public struct Reassignment: Sendable, Hashable {
  /// The task.
  public var task: TaskID
  /// The section.
  public var section: SectionID
  /// Who held it.
  public var from: TeacherID
  /// Who takes it; nil where nobody can, and it is vacant.
  public var to: TeacherID?
}

extension PlanInHand {
  /// Gives everything that teachers hold to others, by a mixed-integer programme: as few vacant
  /// hours as possible, then as few meetings as possible at a time at which the substitute holds
  /// another, then those who fit best. Where hours stay vacant, what the competent hold already may
  /// change hands too, as little as possible.
  ///
  /// - Returns: What leaves fewest hours vacant; after it, where it is another, what changes nothing
  ///   of the others, for where the timetable does not allow the first.
  func reassign(
    _ absent: Set<TeacherID>, solver: any LinearSolver, timeLimit: Double
  ) throws -> [(assignments: [Assignment], changes: [Reassignment])] {
    let first = try reassign(absent, besides: [], solver: solver, timeLimit: timeLimit / 3)
    let vacant = first.changes.filter { $0.to == nil }
    if vacant.isEmpty { return [first] }
    let least = try fewestVacantHours(without: absent, solver: solver, timeLimit: timeLimit / 6)
    if Self.vacantHours(first.assignments) <= least + 0.01 { return [first] }
    let others = compensating(vacant, absent)
    if others.isEmpty { return [first] }
    let second = try reassign(absent, besides: others, solver: solver, timeLimit: timeLimit / 2)
    return Self.vacantHours(second.assignments) < Self.vacantHours(first.assignments) - 0.005
      ? [second, first] : [first]
  }

  /// Hours that nobody holds.
  static func vacantHours(_ assignments: [Assignment]) -> Double {
    assignments.reduce(0) { $0 + ($1.teacher == nil ? $1.hours.value : 0) }
  }

  /// Classes and exams that those hold who are competent for vacant work, and that may go to somebody
  /// else so that they can take it: at most 300, of those first who have fewest of them.
  private func compensating(_ vacant: [Reassignment], _ absent: Set<TeacherID>) -> Set<Int> {
    var people: Set<TeacherID> = []
    for change in vacant {
      guard let task = plan.tasks[change.task] else { continue }
      for teacher in institution.teachers where !absent.contains(teacher.id) {
        if institution.unfitness(of: teacher, for: task.work, in: task.discipline) == nil {
          people.insert(teacher.id)
        }
      }
    }
    let own = plan.assignments.indices.filter { position in
      let row = plan.assignments[position]
      guard let teacher = row.teacher, people.contains(teacher), !row.isLocked else { return false }
      let work = plan.tasks[row.task]?.work
      return work?.teachingKind != nil || work == .norm("exam")
    }
    let held = Dictionary(grouping: own) { plan.assignments[$0].teacher ?? TeacherID("") }
    var result: Set<Int> = []
    for (_, positions) in held.sorted(by: { ($0.value.count, $0.key) < ($1.value.count, $1.key) })
    where result.count + positions.count <= 300 {
      result.formUnion(positions)
    }
    return result
  }

  /// A lower bound of the hours that are vacant in any distribution of the load of these sections
  /// without some teachers: the least v with Σ_t x(k, t) + v(k) = h(k) for the hours h(k) of each
  /// kind k of work of a discipline, x only of those fit for it, and Σ_k x(k, t) at most the hours
  /// that t may hold. It lets tasks be split and leaves times aside.
  func fewestVacantHours(
    without absent: Set<TeacherID>, solver: any LinearSolver, timeLimit: Double
  ) throws -> Double {
    struct Kind: Hashable {
      var discipline: DisciplineID
      var work: Work
    }
    var hours: [Kind: Double] = [:]
    for row in plan.assignments {
      guard let task = plan.tasks[row.task] else { continue }
      hours[Kind(discipline: task.discipline, work: task.work), default: 0] += row.hours.value
    }
    let competent = Dictionary(grouping: institution.competences, by: \.discipline)
    var model = LinearModel(name: "vacant hours")
    var taken: [TeacherID: [LinearModel.Term]] = [:]
    let kinds = hours.keys.sorted {
      ($0.discipline, $0.work.text) < ($1.discipline, $1.work.text)
    }
    for kind in kinds {
      let amount = hours[kind] ?? 0
      var terms = [LinearModel.Term(1, model.addVariable(upper: amount, cost: 1))]
      for row in competent[kind.discipline] ?? [] where !absent.contains(row.teacher) {
        guard let teacher = institution.teachers[row.teacher],
          institution.unfitness(of: teacher, for: kind.work, in: kind.discipline) == nil
        else { continue }
        let variable = model.addVariable(upper: amount)
        terms.append(LinearModel.Term(1, variable))
        taken[teacher.id, default: []].append(LinearModel.Term(1, variable))
      }
      model.addRow(lower: amount, upper: amount, terms)
    }
    for (teacher, terms) in taken.sorted(by: { $0.key < $1.key }) {
      if let person = institution.teachers[teacher] {
        model.addRow(upper: institution.ceiling(of: person), terms)
      }
    }
    var options = SolveOptions()
    options.timeLimit = timeLimit
    guard let bound = try solver.solve(model, options).bound, bound.isFinite else { return 0 }
    return max(0, ((bound - 1e-6) * 100).rounded(.up) / 100)
  }

  /// As ``reassign(_:solver:timeLimit:)``, with rows of others that may change hands.
  private func reassign(
    _ absent: Set<TeacherID>, besides others: Set<Int>, solver: any LinearSolver, timeLimit: Double
  ) throws -> (assignments: [Assignment], changes: [Reassignment]) {
    struct Choice {
      var position: Int
      var teacher: TeacherID
      var variable: LinearModel.Variable
    }
    var model = LinearModel(name: "substitution")
    var choices: [Choice] = []
    var hours: [TeacherID: [LinearModel.Term]] = [:]
    var meetingsTaken: [TeacherID: [(variable: LinearModel.Variable, meetings: [Meeting])]] = [:]
    var left: [TeacherID: Double] = [:]
    var load: [TeacherID: Double] = [:]
    for (position, row) in plan.assignments.enumerated() where !others.contains(position) {
      if let teacher = row.teacher { load[teacher, default: 0] += row.hours.value }
    }
    let positions = plan.assignments.indices.filter {
      others.contains($0) || plan.assignments[$0].teacher.map(absent.contains) ?? false
    }
    // Who keeps an exam may not take a class of its students, and the other way round; what can be
    // given away is judged by the rows below.
    let given = Set(positions)
    let fixed = plan.assignments.indices.filter { !given.contains($0) }.compactMap {
      position -> (teacher: TeacherID, task: LoadTask)? in
      let row = plan.assignments[position]
      guard let teacher = row.teacher, let task = plan.tasks[row.task] else { return nil }
      return (teacher, task)
    }
    let examsKept = Dictionary(
      grouping: fixed.filter { $0.task.work == .norm("exam") }, by: \.teacher)
    let classesKept = Dictionary(
      grouping: fixed.filter { $0.task.work.teachingKind != nil }, by: \.teacher)
    func keeps(
      _ kept: [TeacherID: [(teacher: TeacherID, task: LoadTask)]], _ teacher: TeacherID,
      _ task: LoadTask
    ) -> Bool {
      institution.policy.examinerDiffersFromTeacher
        && (kept[teacher] ?? []).contains {
          $0.task.discipline == task.discipline && share($0.task.section, task.section)
        }
    }
    // Who takes a class may not hold the exam of its students, and the other way round.
    var classChoices: [(TeacherID, DisciplineID, SectionID, LinearModel.Variable)] = []
    var examChoices: [(TeacherID, DisciplineID, SectionID, LinearModel.Variable)] = []
    for position in positions {
      let row = plan.assignments[position]
      guard let task = plan.tasks[row.task], let section = plan.sections[task.section] else {
        continue
      }
      var terms = [LinearModel.Term(1, model.addBinary(cost: 1000 * row.hours.value))]
      func offer(_ teacher: TeacherID, cost: Double, meetings: [Meeting] = []) {
        let variable = model.addBinary(cost: cost)
        choices.append(Choice(position: position, teacher: teacher, variable: variable))
        terms.append(LinearModel.Term(1, variable))
        hours[teacher, default: []].append(LinearModel.Term(row.hours.value, variable))
        if !meetings.isEmpty { meetingsTaken[teacher, default: []].append((variable, meetings)) }
        if let person = institution.teachers[teacher] {
          left[teacher] = institution.ceiling(of: person) - (load[teacher] ?? 0)
        }
        if task.work.teachingKind != nil {
          classChoices.append((teacher, task.discipline, section.id, variable))
        } else if task.work == .norm("exam") {
          examChoices.append((teacher, task.discipline, section.id, variable))
        }
      }
      let isOther = others.contains(position)
      // What changes hands only to make room counts more than whom it suits.
      let change = isOther ? 20.0 : 0
      if isOther, let holder = row.teacher { offer(holder, cost: 0) }
      if task.work.teachingKind != nil {
        let events = events(of: section.id)
        for person in substitutes(for: events, absent: absent) {
          var clashes = 0
          let possible = person.obstacles.allSatisfy { obstacle in
            switch obstacle {
            case .busy, .forbidden, .tooFar, .tooLong:
              clashes += 1
              return true
            case .chosen(_, let teacher): return absent.contains(teacher)
            // Who gives something away has hours for something else.
            case .noHoursLeft: return !others.isEmpty
            case .examiner: return !keeps(examsKept, person.teacher, task)
            case .unfit, .teaches: return false
            }
          }
          if !possible { continue }
          let taste =
            (person.isOfDepartment ? 0 : 1) + (person.taughtBefore ? 0 : 1)
            + Double(person.newDays) + Double(2 - person.preference) / 4
          offer(
            person.teacher, cost: 100 * Double(clashes) + taste + change,
            meetings: events.compactMap { meeting(of: $0) })
        }
      } else {
        for row in institution.competences where row.discipline == task.discipline {
          guard !absent.contains(row.teacher), let teacher = institution.teachers[row.teacher],
            institution.unfitness(of: teacher, for: task.work, in: task.discipline) == nil,
            task.work != .norm("exam") || !keeps(classesKept, teacher.id, task),
            !isOther || teacher.id != plan.assignments[position].teacher
          else { continue }
          offer(teacher.id, cost: (row.taughtBefore ? 0 : 1) + change / 4)
        }
      }
      model.addRow(lower: 1, upper: 1, terms)
    }
    for (teacher, terms) in hours.sorted(by: { $0.key < $1.key }) {
      let most = max(0, left[teacher] ?? 0)
      // Who gives away keeps the least that is asked of them, where they have it.
      let own = others.reduce(0.0) {
        plan.assignments[$1].teacher == teacher ? $0 + plan.assignments[$1].hours.value : $0
      }
      let least = institution.teachers[teacher]?.minHours.map { $0 - (load[teacher] ?? 0) } ?? 0
      model.addRow(lower: min(most, max(0, min(least, own))), upper: most, terms)
    }
    // Two classes at one time are not for one substitute.
    for (_, taken) in meetingsTaken.sorted(by: { $0.key < $1.key }) {
      for i in taken.indices {
        for j in taken.indices where j > i && overlap(taken[i].meetings, taken[j].meetings) {
          model.addRow(
            upper: 1,
            [LinearModel.Term(1, taken[i].variable), LinearModel.Term(1, taken[j].variable)])
        }
      }
    }
    for a in institution.policy.examinerDiffersFromTeacher ? classChoices : [] {
      for b in examChoices where a.0 == b.0 && a.1 == b.1 && share(a.2, b.2) {
        model.addRow(upper: 1, [LinearModel.Term(1, a.3), LinearModel.Term(1, b.3)])
      }
    }
    var options = SolveOptions()
    options.timeLimit = timeLimit
    let solution = try solver.solve(model, options)
    var assignments = plan.assignments
    for position in positions { assignments[position].teacher = nil }
    for choice in choices
    where choice.variable.index < solution.values.count
      && solution.values[choice.variable.index] > 0.5
    {
      assignments[choice.position].teacher = choice.teacher
    }
    let changes = positions.compactMap { position -> Reassignment? in
      let row = plan.assignments[position]
      guard let task = plan.tasks[row.task], let from = row.teacher,
        assignments[position].teacher != from
      else { return nil }
      return Reassignment(
        task: task.id, section: task.section, from: from, to: assignments[position].teacher)
    }
    return (assignments, changes)
  }

  /// Everybody competent for work without meetings, such as an exam, with what stands against it:
  /// first those against whom least does.
  func takers(of task: LoadTask, absent: Set<TeacherID>) -> [Substitute] {
    let load = assignedHours
    let discipline = institution.disciplines[task.discipline]
    return institution.competences.compactMap { row -> Substitute? in
      guard row.discipline == task.discipline, !absent.contains(row.teacher),
        let teacher = institution.teachers[row.teacher],
        institution.unfitness(of: teacher, for: task.work, in: task.discipline) == nil
      else { return nil }
      let limit = institution.ceiling(of: teacher)
      let hours = (load[teacher.id] ?? 0) + task.hours.value
      var found = Substitute(
        teacher: teacher.id, obstacles: [], hoursLeft: limit - hours, hoursOfDay: 0, gaps: 0,
        newDays: 0, preference: row.preference, taughtBefore: row.taughtBefore,
        survey: institution.survey(of: teacher, in: task.discipline),
        isOfDepartment: teacher.department == discipline?.department, knowsStudents: false)
      if hours > limit + 1e-9 { found.obstacles.append(.noHoursLeft(hours: hours, limit: limit)) }
      if task.work == .norm("exam"), institution.policy.examinerDiffersFromTeacher {
        let own = plan.assignments.filter { $0.teacher == teacher.id }
          .compactMap { plan.tasks[$0.task] }
        let taught = own.first {
          $0.work.teachingKind != nil && $0.discipline == task.discipline
            && share($0.section, task.section)
        }
        if let taught { found.obstacles.append(.teaches(taught.section)) }
      }
      return found
    }.sorted {
      ($0.obstacles.count, -$0.hoursLeft, $0.teacher)
        < ($1.obstacles.count, -$1.hoursLeft, $1.teacher)
    }
  }

  private func share(_ a: SectionID, _ b: SectionID) -> Bool {
    guard let x = plan.sections[a], let y = plan.sections[b] else { return false }
    let students = Set(x.students)
    return y.students.contains { students.contains($0) }
  }

  private func overlap(_ a: [Meeting], _ b: [Meeting]) -> Bool {
    a.contains { x in
      b.contains { y in
        x.day == y.day && x.weeks.bits & y.weeks.bits != 0 && x.slot < y.slot + y.length
          && y.slot < x.slot + x.length
      }
    }
  }
}

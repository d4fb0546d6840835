// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// A plan as people look at it: which meetings a group, a teacher and a room have.
///
/// Building it takes time linear in the rows of the plan; every look-up afterwards is direct.
public struct PlanView: Sendable {
  /// Whose timetable is looked at.
  public enum Subject: Hashable, Sendable {
    case group(GroupID)
    case teacher(TeacherID)
    case room(RoomID)
  }

  /// The students of one group in one section.
  public struct GroupShare: Hashable, Sendable {
    /// The group.
    public var group: GroupID
    /// How many of its students are in the section.
    public var count: Int
    /// Which of the group's sections of that discipline and kind it is, from 1.
    public var part: Int
    /// How many sections of that discipline and kind hold students of the group.
    public var parts: Int
    /// Whether it is the whole group.
    public var isWhole: Bool
    /// Whether all of them take the discipline again.
    public var isRetakeOnly: Bool
  }

  /// The institution.
  public let institution: Institution
  /// The plan.
  public let plan: Plan
  /// The regime that the plan names, which gives the slots their clock times.
  public let regime: Regime
  /// Days of the grid and any other day that a meeting is on.
  public let days: [Weekday]
  /// Which dates hold the classes of which days.
  public let calendar: TermCalendar

  private let sharesBySection: [[GroupShare]]
  private let sectionsByGroup: [[Int]]
  private let meetingsBySection: [[Int]]
  private let meetingsByRoom: [[Int]]
  private let sectionsByTeacher: [[Int]]
  private let teachersBySection: [[TeacherID]]
  private let groupSizes: [Int]
  let assignmentsByTask: [TaskID: [Assignment]]
  private let sectionsByDiscipline: [DisciplineID: [Section]]
  private let tasksByTeacher: [TeacherID: [(task: TaskID, hours: Hours)]]

  /// The semester of the academic year, 1 or 2, that most groups are in; nil for the additional one.
  public var semester: Int? {
    if institution.term.isAdditional { return nil }
    let odd = institution.groups.count { $0.term % 2 == 1 }
    return 2 * odd >= institution.groups.count ? 1 : 2
  }

  /// Looks at a plan of an institution.
  public init(_ institution: Institution, _ plan: Plan) {
    self.institution = institution
    self.plan = plan
    self.regime =
      institution.regimes.first { $0.name == plan.record.regime } ?? institution.regime
    self.calendar = TermCalendar(institution)
    let used = Set(plan.meetings.map(\.day))
    self.days = Weekday.allCases.filter { institution.days.contains($0) || used.contains($0) }

    var groupSizes = [Int](repeating: 0, count: institution.groups.count)
    for student in institution.students {
      if let group = institution.groups.position(of: student.group) { groupSizes[group] += 1 }
    }
    self.groupSizes = groupSizes
    (self.sharesBySection, self.sectionsByGroup) = Self.shares(institution, plan, groupSizes)

    var meetingsBySection = [[Int]](repeating: [], count: plan.sections.count)
    var meetingsByRoom = [[Int]](repeating: [], count: institution.rooms.count)
    // In the order of the week, whatever the order of the file.
    let order = plan.meetings.indices.sorted { a, b in
      let (x, y) = (plan.meetings[a], plan.meetings[b])
      if x.day != y.day { return x.day < y.day }
      if x.slot != y.slot { return x.slot < y.slot }
      if x.weeks != y.weeks { return x.weeks.digits > y.weeks.digits }
      return x.id < y.id
    }
    for meeting in order {
      let row = plan.meetings[meeting]
      if let section = plan.sections.position(of: row.section) {
        meetingsBySection[section].append(meeting)
      }
      if let room = row.room.flatMap({ institution.rooms.position(of: $0) }) {
        meetingsByRoom[room].append(meeting)
      }
    }
    self.meetingsBySection = meetingsBySection
    self.meetingsByRoom = meetingsByRoom

    let holders = plan.teachersBySection
    var sectionsByTeacher = [[Int]](repeating: [], count: institution.teachers.count)
    self.teachersBySection = plan.sections.indices.map { holders[plan.sections[$0].id] ?? [] }
    for (section, teachers) in teachersBySection.enumerated() {
      for teacher in teachers {
        if let position = institution.teachers.position(of: teacher) {
          sectionsByTeacher[position].append(section)
        }
      }
    }
    self.sectionsByTeacher = sectionsByTeacher
    let lines = plan.assignments.joined
    self.assignmentsByTask = Dictionary(grouping: lines, by: \.task)
    self.sectionsByDiscipline = Dictionary(grouping: plan.sections, by: \.discipline)
    var tasksByTeacher: [TeacherID: [(task: TaskID, hours: Hours)]] = [:]
    for row in lines {
      guard let teacher = row.teacher else { continue }
      tasksByTeacher[teacher, default: []].append((row.task, row.hours))
    }
    self.tasksByTeacher = tasksByTeacher
  }

  /// The groups of each section, in the order of the groups' file, and the sections of each group.
  private static func shares(
    _ institution: Institution, _ plan: Plan, _ groupSizes: [Int]
  ) -> ([[GroupShare]], [[Int]]) {
    struct Taught: Hashable {
      var group: Int
      var discipline: DisciplineID
      var kind: TeachingKind
    }
    var parts: [Taught: Int] = [:]
    var shares: [[GroupShare]] = []
    var sectionsByGroup = [[Int]](repeating: [], count: institution.groups.count)
    shares.reserveCapacity(plan.sections.count)
    for (position, section) in plan.sections.enumerated() {
      var counts: [Int: (all: Int, retakes: Int)] = [:]
      for student in section.students {
        guard let group = institution.students[student]?.group,
          let index = institution.groups.position(of: group)
        else { continue }
        let retake = institution.isRetake(student, section.discipline)
        let old = counts[index] ?? (0, 0)
        counts[index] = (old.all + 1, old.retakes + (retake ? 1 : 0))
      }
      shares.append(
        counts.sorted { $0.key < $1.key }.map { group, count in
          let taught = Taught(group: group, discipline: section.discipline, kind: section.kind)
          let part = (parts[taught] ?? 0) + 1
          parts[taught] = part
          sectionsByGroup[group].append(position)
          return GroupShare(
            group: institution.groups[group].id, count: count.all, part: part, parts: 0,
            isWhole: count.all == groupSizes[group], isRetakeOnly: count.all == count.retakes)
        })
    }
    for (position, section) in plan.sections.enumerated() {
      for index in shares[position].indices {
        guard let group = institution.groups.position(of: shares[position][index].group) else {
          continue
        }
        let taught = Taught(group: group, discipline: section.discipline, kind: section.kind)
        shares[position][index].parts = parts[taught] ?? 1
      }
    }
    return (shares, sectionsByGroup)
  }

  /// The meetings of a group's students, of a teacher or of a room, in the order of the week.
  public func meetings(of subject: Subject) -> [Meeting] {
    let indices: [Int]
    switch subject {
    case .group(let group):
      indices =
        institution.groups.position(of: group).map { group in
          sectionsByGroup[group].flatMap { meetingsBySection[$0] }
        } ?? []
    case .teacher(let teacher):
      indices =
        institution.teachers.position(of: teacher).map { teacher in
          sectionsByTeacher[teacher].flatMap { meetingsBySection[$0] }
        } ?? []
    case .room(let room):
      indices = institution.rooms.position(of: room).map { meetingsByRoom[$0] } ?? []
    }
    return indices.map { plan.meetings[$0] }.sorted { a, b in
      if a.day != b.day { return a.day < b.day }
      if a.slot != b.slot { return a.slot < b.slot }
      if a.weeks != b.weeks { return a.weeks.digits > b.weeks.digits }
      return a.id < b.id
    }
  }

  /// The sections of a group's students or of a teacher, in the order of the file; those that meet
  /// in a room.
  public func sections(of subject: Subject) -> [Section] {
    switch subject {
    case .group(let group):
      (institution.groups.position(of: group).map { sectionsByGroup[$0] } ?? [])
        .map { plan.sections[$0] }
    case .teacher(let teacher):
      (institution.teachers.position(of: teacher).map { sectionsByTeacher[$0] } ?? [])
        .map { plan.sections[$0] }
    case .room:
      Set(meetings(of: subject).map(\.section)).sorted().compactMap { plan.sections[$0] }
    }
  }

  /// The groups in a section, in the order of the groups' file.
  public func groups(in section: SectionID) -> [GroupShare] {
    plan.sections.position(of: section).map { sharesBySection[$0] } ?? []
  }

  /// Who holds a section.
  public func teachers(of section: SectionID) -> [TeacherID] {
    plan.sections.position(of: section).map { teachersBySection[$0] } ?? []
  }

  /// The meetings of a section, in the order of the week.
  public func meetings(of section: SectionID) -> [Meeting] {
    (plan.sections.position(of: section).map { meetingsBySection[$0] } ?? [])
      .map { plan.meetings[$0] }
  }

  /// The tasks of a teacher with the hours assigned, in the order of the assignments.
  public func tasks(of teacher: TeacherID) -> [(task: LoadTask, hours: Hours)] {
    (tasksByTeacher[teacher] ?? []).compactMap { row in
      plan.tasks[row.task].map { ($0, row.hours) }
    }
  }

  /// The sections of a discipline, in the order of the file.
  public func sections(of discipline: DisciplineID) -> [Section] {
    sectionsByDiscipline[discipline] ?? []
  }

  /// Students of a group.
  public func size(of group: GroupID) -> Int {
    institution.groups.position(of: group).map { groupSizes[$0] } ?? 0
  }

  /// Hours of a section in the term by its meetings, holidays not taken off.
  public func placedHours(of section: SectionID) -> Int {
    meetings(of: section).reduce(0) { $0 + $1.length * $1.weeks.count }
  }

  /// Sections whose meetings fall short of their hours by more than the policy tolerates.
  public var unplacedSections: [Section] {
    guard plan.hasTimetable else { return [] }
    return plan.sections.filter {
      $0.hours - placedHours(of: $0.id) > institution.policy.hoursTolerance
    }
  }

  /// Minutes since midnight at which a meeting starts and ends; nil outside the regime's slots.
  public func clock(of meeting: Meeting) -> (start: Int, end: Int)? {
    guard meeting.slot >= 1, meeting.length >= 1, meeting.length <= regime.slots,
      meeting.slot <= regime.slots - meeting.length + 1
    else { return nil }
    return (
      regime.start(ofSlot: meeting.slot), regime.end(ofSlot: meeting.slot + meeting.length - 1)
    )
  }

  /// The dates of the term on which a meeting is held: its weeks without the holidays, with moved
  /// working days; in order.
  public func dates(of meeting: Meeting) -> [CalendarDate] {
    calendar.occurrences(of: meeting).filter(\.isHeld).map(\.date).sorted()
  }
}

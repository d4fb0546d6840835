// SPDX-License-Identifier: GPL-3.0-or-later
public import University
public import Validation

/// What is different between two plans: sections, load, meetings, criteria.
public struct PlanDifference: Sendable {
  /// What happened to a meeting.
  public enum Kind: String, Sendable, CaseIterable {
    case movedTime = "moved_time"
    case movedRoom = "moved_room"
    case movedBoth = "moved_time_and_room"
    case teacher
    /// At its time and place, but for other groups: some joined, or left.
    case groups
    case added
    case cancelled
  }

  /// A meeting that is different.
  public struct MeetingChange: Sendable {
    /// What happened.
    public var kind: Kind
    /// As it was; nil where it is new.
    public var before: Meeting?
    /// As it is; nil where it is gone.
    public var after: Meeting?
    /// Who held it.
    public var teachersBefore: [TeacherID]
    /// Who holds it.
    public var teachersAfter: [TeacherID]
    /// Whether it is about some weeks of a meeting that goes on in the others: ``before`` then has
    /// these weeks only, and the meeting itself is among ``PlanDifference/shortened``.
    public var isPart = false

    /// Its id.
    public var id: MeetingID { after?.id ?? before?.id ?? MeetingID("") }
    /// Its section.
    public var section: SectionID { after?.section ?? before?.section ?? SectionID("") }
  }

  /// A section that is different.
  public struct SectionChange: Sendable {
    /// The section.
    public var section: SectionID
    /// Whether it is new.
    public var isAdded: Bool
    /// Whether it is gone.
    public var isRemoved: Bool
    /// Students who joined.
    public var joined: [StudentID]
    /// Students who left.
    public var left: [StudentID]
    /// What else is different of it, with both values; empty where it is new or gone.
    public var fields: [Field]

    /// A column of `sections.csv`.
    public struct Field: Sendable, Hashable {
      /// The column.
      public var name: String
      /// Its value before.
      public var before: String
      /// Its value after.
      public var after: String
    }
  }

  /// A task that others do, or that has other hours.
  public struct LoadChange: Sendable {
    /// The task.
    public var task: TaskID
    /// The section that it is for.
    public var section: SectionID
    /// The work.
    public var work: Work
    /// Who did it, empty where vacant.
    public var before: [TeacherID]
    /// Who does it, empty where vacant.
    public var after: [TeacherID]
    /// Hours before; nil where the task is new.
    public var hoursBefore: Double?
    /// Hours after; nil where the task is gone.
    public var hoursAfter: Double?
    /// Hours of each who did it.
    public var sharesBefore: [TeacherID: Double]
    /// Hours of each who does it.
    public var sharesAfter: [TeacherID: Double]
  }

  /// A criterion that is different.
  public struct CriterionChange: Sendable {
    /// The stage.
    public var stage: Stage
    /// The criterion.
    public var name: String
    /// Before its weight, in the plan before.
    public var before: Double
    /// Before its weight, in the plan after.
    public var after: Double
    /// The weight.
    public var weight: Double
  }

  /// The plan before.
  public let before: PlanView
  /// The plan after.
  public let after: PlanView
  /// Meetings, in the order of their ids.
  public let meetings: [MeetingChange]
  /// Meetings that are held in fewer weeks and as before in these; what became of the other weeks is
  /// among ``meetings``.
  public let shortened: [MeetingChange]
  /// Sections, in the order of their ids.
  public let sections: [SectionChange]
  /// Tasks, in the order of their ids.
  public let load: [LoadChange]
  /// Criteria of the stages that both plans hold.
  public let criteria: [CriterionChange]
  /// Objective of each stage that both hold, before and after.
  public let objectives: [(stage: Stage, before: Double, after: Double)]
  /// Whether the plan after keeps every rule.
  public let isValid: Bool
  /// What students have at one time since the change, by meeting; what the criterion
  /// `student_conflict` counts, but that a student with three meetings at once is in three pairs.
  public let conflicts: [Conflict]

  /// Compares two plans; each is judged already.
  public init(
    _ before: PlanView, _ scoreBefore: ScoreReport, _ after: PlanView, _ scoreAfter: ScoreReport
  ) {
    self.before = before
    self.after = after
    isValid = scoreAfter.isValid
    (meetings, shortened) = Self.joined(Self.meetings(before, after))
    conflicts = Self.conflicts(before, after, meetings)
    sections = Self.sections(before.plan, after.plan)
    load = Self.load(before.plan, after.plan)
    let weights = after.institution.weights
    var criteria: [CriterionChange] = []
    var objectives: [(stage: Stage, before: Double, after: Double)] = []
    for stage in scoreAfter.stages {
      guard let old = scoreBefore.criteria(of: stage) else { continue }
      for (name, value) in scoreAfter.orderedCriteria(of: stage) {
        let was = old[name] ?? 0
        if abs(was - value) < 1e-9 { continue }
        let weight =
          switch stage {
          case .sections: SectionCriterion(rawValue: name).map { weights.sections[$0] }
          case .load: LoadCriterion(rawValue: name).map { weights.load[$0] }
          case .timetable: TimetableCriterion(rawValue: name).map { weights.timetable[$0] }
          }
        criteria.append(
          CriterionChange(
            stage: stage, name: name, before: was, after: value, weight: weight ?? 0))
      }
      objectives.append(
        (stage, scoreBefore.objectives[stage] ?? 0, scoreAfter.objectives[stage] ?? 0))
    }
    self.criteria = criteria
    self.objectives = objectives
  }

  /// Whether nothing is different but perhaps the claims.
  public var isEmpty: Bool { meetings.isEmpty && sections.isEmpty && load.isEmpty }

  /// The regime of each plan, that of the instance where a plan names none, where they are
  /// different; the clock then is another at the same slot.
  public var regimes: (before: String, after: String)? {
    let (old, new) = (before.regime.name, after.regime.name)
    return old == new ? nil : (old, new)
  }

  private static func meetings(_ before: PlanView, _ after: PlanView) -> [MeetingChange] {
    let old = Dictionary(before.plan.meetings.map { ($0.id, $0) }) { first, _ in first }
    let new = Dictionary(after.plan.meetings.map { ($0.id, $0) }) { first, _ in first }
    let regrouped = Self.regrouped(before, after)
    return Set(old.keys).union(new.keys).sorted().compactMap { id in
      let (was, now) = (old[id], new[id])
      let teachersBefore = was.map { before.teachers(of: $0.section) } ?? []
      let teachersAfter = now.map { after.teachers(of: $0.section) } ?? []
      let kind: Kind
      switch (was, now) {
      case (nil, _): kind = .added
      case (_, nil): kind = .cancelled
      case (let was?, let now?):
        let time =
          was.weeks != now.weeks || was.day != now.day || was.slot != now.slot
          || was.length != now.length || isOfOtherClock(was, before, now, after)
        let room = was.room != now.room || was.mode != now.mode
        if time {
          kind = room ? .movedBoth : .movedTime
        } else if room {
          kind = .movedRoom
        } else if Set(teachersBefore) != Set(teachersAfter) {
          kind = .teacher
        } else if regrouped.contains(now.section) {
          kind = .groups
        } else {
          return nil
        }
      }
      return MeetingChange(
        kind: kind, before: was, after: now, teachersBefore: teachersBefore,
        teachersAfter: teachersAfter)
    }
  }

  /// Whether two meetings are at other times of the clock: of another regime, or with the day shifted.
  private static func isOfOtherClock(
    _ was: Meeting, _ before: PlanView, _ now: Meeting, _ after: PlanView
  ) -> Bool {
    let (old, new) = (before.clock(of: was), after.clock(of: now))
    return old?.start != new?.start || old?.end != new?.end
  }

  /// The sections in which a group has students in one of the plans only.
  private static func regrouped(_ before: PlanView, _ after: PlanView) -> Set<SectionID> {
    var result: Set<SectionID> = []
    for section in after.plan.sections {
      guard let old = before.plan.sections[section.id],
        Set(old.students) != Set(section.students)
      else { continue }
      let were = Set(before.groups(in: section.id).map(\.group))
      let are = Set(after.groups(in: section.id).map(\.group))
      if were != are { result.insert(section.id) }
    }
    return result
  }

  /// Joins what is new with the meeting whose weeks it takes over, where that goes on in its others.
  private static func joined(
    _ changes: [MeetingChange]
  ) -> (meetings: [MeetingChange], shortened: [MeetingChange]) {
    var added: [SectionID: [Int]] = [:]
    for (position, change) in changes.enumerated() where change.kind == .added {
      added[change.section, default: []].append(position)
    }
    if added.isEmpty { return (changes, []) }
    var result = changes
    var shortened: [MeetingChange] = []
    var gone: Set<Int> = []
    for (position, change) in changes.enumerated() where change.kind == .movedTime {
      guard let was = change.before, let now = change.after, was.weeks != now.weeks,
        was.day == now.day, was.slot == now.slot, was.length == now.length,
        was.weeks.bits & now.weeks.bits
          == now.weeks.bits
      else { continue }
      var lost = was.weeks.bits & ~now.weeks.bits
      var parts: [(Int, UInt64)] = []
      for other in added[change.section] ?? [] {
        guard let new = result[other].after, !result[other].isPart, new.length == was.length else {
          continue
        }
        let own =
          new.weeks.bits & ~lost == 0
          ? new.weeks.bits : new.weeks.count == lost.nonzeroBitCount ? lost : 0
        if own == 0 { continue }
        parts.append((other, own))
        lost &= ~own
        if lost == 0 { break }
      }
      if lost != 0 { continue }
      for (other, weeks) in parts {
        guard let new = result[other].after else { continue }
        var part = was
        part.weeks = WeekPattern(bits: weeks, weeks: was.weeks.weeks)
        let isLater =
          part.weeks != new.weeks || part.day != new.day || part.slot != new.slot
        let isElsewhere = part.room != new.room || part.mode != new.mode
        result[other].before = part
        result[other].teachersBefore = change.teachersBefore
        result[other].isPart = true
        result[other].kind = isLater ? (isElsewhere ? .movedBoth : .movedTime) : .movedRoom
      }
      shortened.append(change)
      gone.insert(position)
    }
    return (result.indices.filter { !gone.contains($0) }.map { result[$0] }, shortened)
  }

  /// The changes of some weeks as rows of `held.csv`: a row for each date on which a class is held at
  /// another time or in another room than by the plan before, or falls out; that plan stays in force.
  /// Nil where something else is different too.
  public var dated: [HeldRecord]? {
    // Work without meetings, such as an exam, is on no date of the timetable.
    if !sections.isEmpty || load.contains(where: { $0.work.teachingKind != nil }) { return nil }
    let calendar = TermCalendar(before.institution)
    var rows: [HeldRecord] = []
    for change in meetings {
      guard let (was, now) = Self.parts(of: change) else { return nil }
      let dates = calendar.occurrences(of: was).filter(\.isHeld)
      let new = calendar.occurrences(of: now).filter(\.isHeld)
      for (rank, occurrence) in dates.enumerated() {
        // In the same week where there is one, else as many later; what would be on a holiday falls
        // out.
        guard
          let target = was.weeks == now.weeks
            ? new.first(where: { $0.week == occurrence.week }) : rank < new.count ? new[rank] : nil
        else {
          rows.append(
            HeldRecord(
              date: occurrence.date, section: change.section, status: .cancelled,
              slot: occurrence.slot))
          continue
        }
        let isMoved = target.date != occurrence.date || target.slot != occurrence.slot
        rows.append(
          HeldRecord(
            date: occurrence.date, section: change.section, status: isMoved ? .moved : .held,
            slot: occurrence.slot, newDate: isMoved ? target.date : nil,
            newSlot: isMoved ? target.slot : nil,
            room: target.room == occurrence.room ? nil : target.room))
      }
    }
    return rows.sorted { ($0.date, $0.section, $0.slot ?? 0) < ($1.date, $1.section, $1.slot ?? 0) }
  }

  /// What a change is about: some weeks of a meeting, before and after; of one that is held in other
  /// weeks, as many, at the same time and place, these weeks. Nil where it is another change.
  private static func parts(of change: MeetingChange) -> (Meeting, Meeting)? {
    guard var was = change.before, var now = change.after else { return nil }
    if change.isPart { return (was, now) }
    let lost = was.weeks.bits & ~now.weeks.bits, gained = now.weeks.bits & ~was.weeks.bits
    guard was.day == now.day, was.slot == now.slot, was.length == now.length,
      was.room == now.room, was.mode == now.mode, lost != 0,
      lost.nonzeroBitCount == gained.nonzeroBitCount
    else { return nil }
    was.weeks = WeekPattern(bits: lost, weeks: was.weeks.weeks)
    now.weeks = WeekPattern(bits: gained, weeks: now.weeks.weeks)
    return (was, now)
  }

  private static func sections(_ before: Plan, _ after: Plan) -> [SectionChange] {
    let ids = Set(before.sections.map(\.id)).union(after.sections.map(\.id)).sorted()
    return ids.compactMap { id in
      let old = before.sections[id], new = after.sections[id]
      let were = Set(old?.students ?? []), are = Set(new?.students ?? [])
      var fields: [SectionChange.Field] = []
      if let old, let new {
        for (name, was, now) in [
          ("discipline", old.discipline.text, new.discipline.text),
          ("kind", old.kind.rawValue, new.kind.rawValue),
          ("language", old.language.rawValue, new.language.rawValue),
          ("parent", old.parent?.text ?? "", new.parent?.text ?? ""),
          ("hours", "\(old.hours)", "\(new.hours)"),
        ] where was != now {
          fields.append(SectionChange.Field(name: name, before: was, after: now))
        }
        if were == are, fields.isEmpty { return nil }
      }
      return SectionChange(
        section: id, isAdded: old == nil, isRemoved: new == nil,
        joined: are.subtracting(were).sorted(), left: were.subtracting(are).sorted(),
        fields: fields)
    }
  }

  private static func load(_ before: Plan, _ after: Plan) -> [LoadChange] {
    func holders(_ plan: Plan) -> [TaskID: [TeacherID: Double]] {
      var result: [TaskID: [TeacherID: Double]] = [:]
      for row in plan.assignments {
        if let teacher = row.teacher {
          result[row.task, default: [:]][teacher, default: 0] += row.hours.value
        }
      }
      return result
    }
    let (old, new) = (holders(before), holders(after))
    let ids = Set(before.tasks.map(\.id)).union(after.tasks.map(\.id)).sorted()
    return ids.compactMap { id in
      let (was, now) = (before.tasks[id], after.tasks[id])
      guard let task = now ?? was else { return nil }
      let (a, b) = (old[id] ?? [:], new[id] ?? [:])
      let isShared = a.allSatisfy { abs((b[$0.key] ?? -1) - $0.value) < 0.005 }
      if was != nil, now != nil, a.count == b.count, isShared, was?.hours == now?.hours {
        return nil
      }
      return LoadChange(
        task: id, section: task.section, work: task.work, before: a.keys.sorted(),
        after: b.keys.sorted(), hoursBefore: was?.hours.value, hoursAfter: now?.hours.value,
        sharesBefore: a, sharesAfter: b)
    }
  }

  // MARK: - By whom it concerns

  /// Whose calendars a change touches: teachers, groups, rooms, before or after.
  public func subjects(of change: MeetingChange) -> [PlanView.Subject] {
    var result: [PlanView.Subject] = []
    for teacher in Set(change.teachersBefore + change.teachersAfter).sorted() {
      result.append(.teacher(teacher))
    }
    let groups = Set(
      (change.before == nil ? [] : before.groups(in: change.section)).map(\.group)
        + (change.after == nil ? [] : after.groups(in: change.section)).map(\.group))
    for group in groups.sorted() { result.append(.group(group)) }
    for room in Set([change.before?.room, change.after?.room].compactMap { $0 }).sorted() {
      result.append(.room(room))
    }
    return result
  }

  /// The changes of each teacher, group and room, in the order of their names.
  public var bySubject: [(subject: PlanView.Subject, changes: [MeetingChange])] {
    var found: [PlanView.Subject: [MeetingChange]] = [:]
    for change in meetings {
      for subject in subjects(of: change) { found[subject, default: []].append(change) }
    }
    func key(_ subject: PlanView.Subject) -> (Int, String) {
      switch subject {
      case .teacher(let id): (0, id.text)
      case .group(let id): (1, id.text)
      case .room(let id): (2, id.text)
      }
    }
    return found.map { ($0.key, $0.value) }.sorted { key($0.0) < key($1.0) }
  }

  // MARK: - CSV

  /// The change list as a table: a row for each change and each teacher, group and room concerned.
  public var csv: String {
    var rows = [
      [
        "subject_kind", "subject", "change", "meeting", "section", "discipline", "kind",
        "weeks_before", "day_before", "slot_before", "length_before", "room_before",
        "teachers_before", "weeks", "day", "slot", "length", "room", "teachers",
      ]
    ]
    for (subject, changes) in bySubject {
      for change in changes {
        let section =
          after.plan.sections[change.section] ?? before.plan.sections[change.section]
        let (kind, name) =
          switch subject {
          case .teacher(let id): ("teacher", id.text)
          case .group(let id): ("group", id.text)
          case .room(let id): ("room", id.text)
          }
        rows.append(
          [
            kind, name, change.kind.rawValue, change.id.text, change.section.text,
            section?.discipline.text ?? "", section?.kind.rawValue ?? "",
          ] + Self.cells(change.before, change.teachersBefore)
            + Self.cells(change.after, change.teachersAfter))
      }
    }
    return rows.map { $0.map(Self.quoted).joined(separator: ",") }.joined(separator: "\n") + "\n"
  }

  private static func cells(_ meeting: Meeting?, _ teachers: [TeacherID]) -> [String] {
    guard let meeting else { return ["", "", "", "", "", ""] }
    return [
      meeting.weeks.digits, meeting.day.code, "\(meeting.slot)", "\(meeting.length)",
      meeting.room?.text ?? (meeting.mode == .online ? "online" : ""),
      teachers.map(\.text).joined(separator: "|"),
    ]
  }

  static func quoted(_ text: String) -> String {
    let special = text.utf8.contains {
      $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\n")
    }
    if !special { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}

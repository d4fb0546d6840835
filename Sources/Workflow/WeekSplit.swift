// SPDX-License-Identifier: GPL-3.0-or-later
internal import Curricula
public import University

/// The meetings of a plan cut where the weeks begin and end in which something may change: what is
/// outside stays, what is inside may move.
///
/// A meeting of weeks W becomes one of W ∖ D, fixed, and one of W ∩ D, where D are the weeks that may
/// change. Both have its length, so that the hours stay. What did not move is put together again
/// afterwards, so that a change of three weeks touches three weeks and the term's timetable stays.
struct WeekSplit {
  /// The meetings, cut.
  private(set) var held: HeldTimetable
  /// The meeting that a new one is cut from.
  private var parents: [MeetingID: MeetingID] = [:]

  /// Cuts the meetings of a plan at the weeks of a disruption.
  init(_ plan: Plan, _ disruption: Disruption, _ institution: Institution) {
    held = HeldTimetable([])
    held.isBinding = true
    held.start = disruption.from.map { ($0.week, $0.day) }
    // A pin names the weeks of a meeting: cut, it would not hold any more.
    var pinned: Set<WorkKey> = []
    for pin in institution.pins where pin.weeks != nil {
      pinned.insert(WorkKey(discipline: pin.discipline, kind: pin.kind))
    }
    var numbers = Numbers(plan.meetings)
    let away = disruption.isAllDay ? Set(disruption.teachers) : []
    let holders = away.isEmpty ? [:] : plan.teachersBySection
    for meeting in plan.meetings {
      let open = disruption.changeable(on: meeting.day, in: institution.term)
      let inside = meeting.weeks.bits & open
      let outside = meeting.weeks.bits & ~open
      let section = plan.sections[meeting.section]
      let isPinned =
        section.map { pinned.contains(WorkKey(discipline: $0.discipline, kind: $0.kind)) } ?? false
      if inside == 0 || (outside != 0 && isPinned && disruption.from != nil) {
        held.meetings.append(meeting)
        held.fixed.insert(meeting.id)
        continue
      }
      var part = meeting
      if outside != 0, !isPinned {
        var rest = meeting
        rest.weeks = WeekPattern(bits: outside, weeks: meeting.weeks.weeks)
        held.meetings.append(rest)
        held.fixed.insert(rest.id)
        part.id = numbers.next(of: meeting.section)
        part.weeks = WeekPattern(bits: inside, weeks: meeting.weeks.weeks)
        parents[part.id] = meeting.id
      }
      held.meetings.append(part)
      // Somebody who is away in all of these weeks, or a class that every suitable room is closed to,
      // makes it up in others.
      let isAway = holders[meeting.section]?.contains(where: away.contains) ?? false
      if !isPinned,
        isAway || section.map({ disruption.closesAll(for: $0, institution) }) ?? false
      {
        held.otherWeeks[part.id] = Self.others(
          part.weeks.count, disruption, institution.term.weeks)
      }
    }
  }

  private struct WorkKey: Hashable {
    var discipline: DisciplineID
    var kind: TeachingKind
  }

  /// Numbers of new meetings: those of a section go on from the highest.
  private struct Numbers {
    private var highest: [SectionID: Int] = [:]

    init(_ meetings: [Meeting]) {
      for meeting in meetings {
        let number = meeting.id.text.split(separator: "#").last.flatMap { Int($0) } ?? 0
        highest[meeting.section] = max(highest[meeting.section] ?? 0, number)
      }
    }

    mutating func next(of section: SectionID) -> MeetingID {
      highest[section, default: 0] += 1
      return MeetingID("\(section.text)#\(highest[section] ?? 0)")
    }
  }

  /// Patterns of so many weeks outside of the disruption: one after the other from soon after it on;
  /// with too few of them, from before it too.
  private static func others(_ count: Int, _ disruption: Disruption, _ weeks: Int) -> [WeekPattern]
  {
    let closed = disruption.weekBits(of: weeks)
    let first = disruption.from.map { $0.week } ?? 0
    let open = (first..<max(first, weeks)).filter { closed >> UInt64($0) & 1 == 0 }
    let last = closed == 0 ? 0 : 63 - closed.leadingZeroBitCount
    let later = open.filter { $0 > last }
    let from = later.count >= count ? later : open
    guard from.count >= count else { return [] }
    let starts = Array(0...(from.count - count))
    let tried = later.count >= count ? Array(starts.prefix(8)) : Array(starts.suffix(8))
    return tried.map { start in
      WeekPattern(
        bits: from[start..<(start + count)].reduce(0) { $0 | 1 << UInt64($1) }, weeks: weeks)
    }
  }

  /// The meeting that one is cut from, or itself.
  func origin(of id: MeetingID) -> MeetingID { parents[id] ?? id }

  /// Puts together what is still at one time in one room, and numbers what is new.
  ///
  /// - Parameter meetings: The cut meetings, some moved, some without a place.
  /// - Returns: The meetings of the plan, and the id that each cut one has in it.
  func merged(_ meetings: [Meeting]) -> (meetings: [Meeting], ids: [MeetingID: MeetingID]) {
    let known = Set(meetings.map(\.id))
    // What was fixed is as it was, whatever the rules say of it.
    var rows =
      meetings + held.meetings.filter { held.fixed.contains($0.id) && !known.contains($0.id) }
    var ids: [MeetingID: MeetingID] = [:]
    var gone: Set<MeetingID> = []
    let bySection = Dictionary(grouping: rows.indices) { rows[$0].section }
    for position in rows.indices where parents[rows[position].id] != nil {
      let part = rows[position]
      let parent = parents[part.id]
      let fitting = (bySection[part.section] ?? []).filter { other in
        let row = rows[other]
        return other != position && !gone.contains(row.id) && row.day == part.day
          && row.slot == part.slot && row.length == part.length && row.room == part.room
          && row.mode == part.mode && row.weeks.bits & part.weeks.bits == 0
      }
      guard let other = fitting.first(where: { rows[$0].id == parent }) ?? fitting.first else {
        continue
      }
      rows[other].weeks = WeekPattern(
        bits: rows[other].weeks.bits | part.weeks.bits, weeks: part.weeks.weeks)
      ids[part.id] = rows[other].id
      gone.insert(part.id)
    }
    rows.removeAll { gone.contains($0.id) }
    let kept = rows.filter { parents[$0.id] == nil }
    var numbers = Numbers(kept)
    let fresh = rows.filter { parents[$0.id] != nil }.map { row in
      var row = row
      let id = numbers.next(of: row.section)
      ids[row.id] = id
      row.id = id
      return row
    }
    // A merged row may itself have got another number.
    return (kept + fresh, ids.mapValues { ids[$0] ?? $0 })
  }
}

extension Disruption {
  /// Whether it is not limited to days or slots.
  var isAllDay: Bool { days == nil && slots == nil }

  /// Whether it is limited to some weeks, so that the others stay as they are.
  public func isDated(in term: Term) -> Bool {
    from != nil || weekBits(of: term.weeks) != WeekPattern.all(term.weeks).bits
  }

  /// The weeks in which it acts on some day.
  func weekBits(of count: Int) -> UInt64 {
    let all = (weeks ?? .all(count)).bits
    guard let from else { return all }
    return from.week >= 64 ? 0 : all & ~((UInt64(1) << UInt64(max(0, from.week))) - 1)
  }

  /// How many of some weeks are left on or after the day from which on things may change.
  public func leaves(of weeks: WeekPattern, _ count: Int) -> Int {
    (weekBits(of: count) & weeks.bits).nonzeroBitCount
  }

  /// The weeks of a day that may change.
  func changeable(on day: Weekday, in term: Term) -> UInt64 {
    let all = weekBits(of: term.weeks)
    guard let from, day < from.day, (0..<64).contains(from.week) else { return all }
    return all & ~(UInt64(1) << UInt64(from.week))
  }

  /// Whether all rooms that suit a class are closed all day.
  func closesAll(for section: Section, _ institution: Institution) -> Bool {
    guard isAllDay, !rooms.isEmpty, let discipline = institution.disciplines[section.discipline],
      !discipline.delivery.isOnline(section.kind)
    else { return false }
    let closed = Set(rooms)
    return institution.rooms.allSatisfy { room in
      closed.contains(room.id) || room.capacity < section.students.count
        || !institution.suits(room, discipline, section.kind)
    }
  }
}

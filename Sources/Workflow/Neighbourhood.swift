// SPDX-License-Identifier: GPL-3.0-or-later
internal import University

/// Sections around a section.
struct Neighbourhood {
  /// The most sections that are looked at together.
  static let most = 600

  let institution: Institution
  let plan: Plan
  private var byStudent: [StudentID: [SectionID]] = [:]
  private var byTeacher: [TeacherID: [SectionID]] = [:]
  private let teachers: [SectionID: [TeacherID]]

  init(_ institution: Institution, _ plan: Plan) {
    self.institution = institution
    self.plan = plan
    teachers = plan.teachersBySection
    for section in plan.sections {
      for student in section.students { byStudent[student, default: []].append(section.id) }
      for teacher in teachers[section.id] ?? [] {
        byTeacher[teacher, default: []].append(section.id)
      }
    }
  }

  /// Ever larger sets: those of its teachers; those of its students too; those that have no other
  /// rooms than it may have; all of these together; people of people.
  func growing(from section: SectionID) -> [[SectionID]] {
    let held = Set((teachers[section] ?? []).flatMap { byTeacher[$0] ?? [] }).union([section])
    let people = held.union(of(students: section))
    let rooms = sharingRooms(with: section).union([section])
    var wide = people
    for other in people {
      for teacher in teachers[other] ?? [] { wide.formUnion(byTeacher[teacher] ?? []) }
    }
    var result: [[SectionID]] = []
    var last: Set<SectionID> = []
    for next in [held, people, rooms, people.union(rooms), wide, Set(plan.sections.map(\.id))] {
      guard next != last, next.count <= Self.most else { continue }
      last = next
      result.append(next.sorted())
    }
    return result
  }

  private func of(students section: SectionID) -> Set<SectionID> {
    Set((plan.sections[section]?.students ?? []).flatMap { byStudent[$0] ?? [] })
  }

  private func suitable(_ section: Section) -> Set<RoomID> {
    guard let discipline = institution.disciplines[section.discipline],
      !discipline.delivery.isOnline(section.kind)
    else { return [] }
    return Set(
      institution.rooms.filter {
        $0.capacity >= section.students.count
          && institution.suits($0, discipline, section.kind)
      }.map(\.id))
  }

  private func sharingRooms(with id: SectionID) -> Set<SectionID> {
    guard let section = plan.sections[id] else { return [] }
    let own = suitable(section)
    if own.isEmpty { return [] }
    return Set(
      plan.sections.filter {
        let rooms = suitable($0)
        return !rooms.isEmpty && rooms.isSubset(of: own)
      }.map(\.id))
  }

  /// The sections that have the fewest open hours for those they need, tightest first: where people
  /// and rooms leave no choice, a contradiction is near.
  ///
  /// - Parameter most: How many at most.
  /// - Returns: Sections of which some time is closed.
  func tightest(_ most: Int) -> [SectionID] {
    let weeks = institution.term.weeks
    let slots = min(64, institution.regime.slots)
    let all = slots >= 64 ? UInt64.max : (1 << UInt64(slots)) - 1
    var closed: [AvailabilitySubject: [UInt64]] = [:]
    for row in institution.availability where row.level == .forbidden {
      var mask: UInt64 = 0
      for slot in 1...slots where row.from <= slot && slot <= row.to {
        mask |= 1 << UInt64(slot - 1)
      }
      var own =
        closed[row.subject] ?? [UInt64](repeating: 0, count: institution.days.count * weeks)
      for (day, name) in institution.days.enumerated() where row.day == nil || row.day == name {
        for week in 0..<weeks where row.weeks.holds(week: week) { own[day * weeks + week] |= mask }
      }
      closed[row.subject] = own
    }
    if closed.isEmpty { return [] }
    var ranked: [(ratio: Double, id: SectionID)] = []
    for section in plan.sections {
      guard let discipline = institution.disciplines[section.discipline] else { continue }
      let hours = discipline.hours(section.kind) - institution.policy.hoursTolerance
      guard hours > 0 else { continue }
      var subjects = Set((teachers[section.id] ?? []).map { AvailabilitySubject.teacher($0) })
      for id in section.students where !institution.isRetake(id, section.discipline) {
        if let group = institution.students[id]?.group { subjects.insert(.group(group)) }
      }
      let binding = subjects.compactMap { closed[$0] }
      let rooms = suitable(section).map { closed[.room($0)] }
      let isAnyRoomOpen = rooms.isEmpty || rooms.contains { $0 == nil }
      if binding.isEmpty && isAnyRoomOpen { continue }
      var open = 0
      for cell in 0..<(institution.days.count * weeks) {
        var free = binding.reduce(all) { $0 & ~$1[cell] }
        if !isAnyRoomOpen {
          free &= rooms.reduce(UInt64(0)) { $0 | (all & ~($1?[cell] ?? 0)) }
        }
        open += free.nonzeroBitCount
      }
      ranked.append((Double(open) / Double(hours), section.id))
    }
    return ranked.sorted { $0.ratio != $1.ratio ? $0.ratio < $1.ratio : $0.id < $1.id }
      .prefix(most).map(\.id)
  }
}

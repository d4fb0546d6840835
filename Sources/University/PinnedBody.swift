// SPDX-License-Identifier: GPL-3.0-or-later

extension Institution {
  /// Who is certainly in the one section that a pin of a group is about.
  ///
  /// A pin is about the section with most students of its group; on a tie any of them may hold it
  /// (T4), so two pins of a group that is in several sections may be kept by different ones. Before
  /// sections are formed a group is taken as one body unless something divides it: its size against
  /// the norms and the rooms, also those of the pins and of the lecture above (S2, S3, S5, R1),
  /// languages (S4) or chosen teachers (S6). Where the instance decides the sections, they tell.
  ///
  /// - Parameters:
  ///   - pin: A pin of a group.
  ///   - takers: The enrolments of the group's students in the pin's discipline.
  /// - Returns: The students; nil without a group, and where the group may be in several sections.
  public func body(of pin: Pin, takers: [Enrolment]) -> Set<StudentID>? {
    guard let group = pin.group, let discipline = disciplines[pin.discipline] else { return nil }
    if decidedSections != nil {
      let own = decidedSections(of: pin)
      return own.count == 1 ? Set(own[0].students) : nil
    }
    let isTogether =
      takers.count == 1
      || !isDivided(takers, discipline, pin.kind, pinsOf: group)
    return isTogether ? Set(takers.map(\.student)) : nil
  }

  /// The decided sections that a pin is about: every one without a group, else those with most of
  /// it; empty where the instance decides none.
  public func decidedSections(of pin: Pin) -> [Section] {
    let own = (decidedSections ?? Table()).filter {
      $0.discipline == pin.discipline && $0.kind == pin.kind
    }
    guard let group = pin.group else { return own }
    let counts = own.map { $0.students.count { students[$0]?.group == group } }
    guard let most = counts.max(), most > 0 else { return [] }
    return zip(own, counts).filter { $1 == most }.map { $0.0 }
  }

  private func isDivided(
    _ takers: [Enrolment], _ discipline: Discipline, _ kind: TeachingKind, pinsOf group: GroupID
  ) -> Bool {
    if Set(takers.map(\.language)).count > 1 { return true }
    // Who is apart in lectures is apart in all that belongs to them (S5).
    let kinds = discipline.hours(.lecture) > 0 ? [.lecture, kind] : [kind]
    for kind in kinds {
      if Set(takers.compactMap { $0.chosenTeacher(kind) }).count > 1 { return true }
      var limit = normSize(of: discipline, kind) ?? .max
      limit = min(limit, cap(of: discipline, kind) ?? .max)
      if !discipline.delivery.isOnline(kind) {
        limit = min(limit, largestSuitableRoom(for: discipline, kind))
        for pin in pins
        where pin.discipline == discipline.id && pin.kind == kind
          && (pin.group == nil || pin.group == group)
        {
          limit = min(limit, pin.room.flatMap { rooms[$0]?.capacity } ?? .max)
        }
      }
      if takers.count > limit { return true }
    }
    return false
  }
}

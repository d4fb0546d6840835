// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// Sections that `pins.csv` puts at a day and slot, and the teachers who cannot be there: in a
/// forbidden time (T1), or at another pinned section (M3).
///
/// The load's own rules do not speak of time, but a section whose teacher is away at its pinned
/// time has no valid meeting.
struct PinnedTimes {
  /// A section and when it is held.
  private struct Hold {
    var section: Section
    var weeks: UInt64
    var day: Weekday
    /// The slots of a meeting of full length from the pinned start.
    var slots: Range<Int>

    func meets(_ other: Hold) -> Bool {
      weeks & other.weeks != 0 && day == other.day && slots.overlaps(other.slots)
    }
  }

  private let institution: Institution
  private let holds: [Hold]
  private let forbidden: [TeacherID: [Availability]]

  init(_ institution: Institution, sections: University.Table<Section>) {
    self.institution = institution
    var holds: [Hold] = []
    for pin in institution.pins {
      guard let day = pin.day, let slot = pin.slot,
        let discipline = institution.disciplines[pin.discipline]
      else { continue }
      let block = institution.block(of: discipline, pin.kind)
      let end = max(slot + 1, min(slot + block, institution.regime.slots + 1))
      for section in Self.sections(of: pin, institution, sections) {
        holds.append(
          Hold(
            section: section, weeks: (pin.weeks ?? .all(institution.term.weeks)).bits, day: day,
            slots: slot..<end))
      }
    }
    self.holds = holds
    var forbidden: [TeacherID: [Availability]] = [:]
    if !holds.isEmpty {
      for row in institution.availability where row.level == .forbidden {
        if case .teacher(let teacher) = row.subject { forbidden[teacher, default: []].append(row) }
      }
    }
    self.forbidden = forbidden
  }

  /// Whether no section is pinned to a time.
  var isEmpty: Bool { holds.isEmpty }

  /// The sections that a pin speaks of; of several that hold the group alike, all.
  private static func sections(
    of pin: Pin, _ institution: Institution, _ sections: University.Table<Section>
  ) -> [Section] {
    let own = sections.filter { $0.discipline == pin.discipline && $0.kind == pin.kind }
    guard let group = pin.group else { return own }
    let counts = own.map { section in
      section.students.count { institution.students[$0]?.group == group }
    }
    guard let most = counts.max(), most > 0 else { return [] }
    // On a tie any of them may be the pinned one, so none of them has to be.
    let tied = zip(own, counts).filter { $0.1 == most }.map(\.0)
    return tied.count == 1 ? tied : []
  }

  private func isAway(_ teacher: TeacherID, _ hold: Hold) -> Bool {
    (forbidden[teacher] ?? []).contains { row in
      row.weeks.bits & hold.weeks != 0 && (row.day ?? hold.day) == hold.day
        && hold.slots.overlaps(row.from..<max(row.from, row.to) + 1)
    }
  }

  /// Whom to bind to the pinned sections so that their teachers can be there; nil where nobody has
  /// to change, or nobody better is left.
  ///
  /// - Parameters:
  ///   - assignments: The result so far.
  ///   - tasks: The tasks.
  ///   - bound: What pins and choices bind already.
  /// - Returns: Bindings of all sections with a pinned time.
  func remedy(
    _ assignments: [Assignment], _ tasks: University.Table<LoadTask>, bound: [Bindings.Binding]
  ) -> [Bindings.Binding]? {
    var holder: [SectionID: TeacherID] = [:]
    var load: [TeacherID: Hours] = [:]
    var hours: [SectionID: Hours] = [:]
    for row in assignments {
      guard let task = tasks[row.task] else { continue }
      if let teacher = row.teacher { load[teacher, default: .zero] += row.hours }
      if task.work.teachingKind != nil {
        holder[task.section] = row.teacher
        hours[task.section] = task.hours
      }
    }
    let named = Dictionary(bound.map { ($0.section, $0.teacher) }, uniquingKeysWith: { a, _ in a })
    var promised: [TeacherID: Hours] = [:]
    for (section, teacher) in named { promised[teacher, default: .zero] += hours[section] ?? .zero }
    var engaged: [TeacherID: [Hold]] = [:]
    var result: [Bindings.Binding] = []
    var isNew = false
    func engage(_ teacher: TeacherID, _ hold: Hold) {
      engaged[teacher, default: []].append(hold)
      if named[hold.section.id] == nil {
        promised[teacher, default: .zero] += hours[hold.section.id] ?? .zero
        result.append(
          Bindings.Binding(
            section: hold.section.id, teacher: teacher, reason: "the section's pinned time"))
      }
    }
    func suits(_ teacher: TeacherID, _ hold: Hold) -> Bool {
      !isAway(teacher, hold)
        && !(engaged[teacher] ?? []).contains {
          $0.section.id != hold.section.id && $0.meets(hold)
        }
    }
    // Those whose teacher is named, then those whose teacher can stay, then the others.
    let order = holds.enumerated().sorted { a, b in
      func rank(_ hold: Hold) -> Int {
        if named[hold.section.id] != nil { return 0 }
        return holder[hold.section.id].map { isAway($0, hold) } ?? true ? 2 : 1
      }
      return (rank(a.element), a.offset) < (rank(b.element), b.offset)
    }.map(\.element)
    for hold in order {
      let id = hold.section.id
      let chosen = result.first { $0.section == id }?.teacher
      if let teacher = named[id] ?? chosen {
        engaged[teacher, default: []].append(hold)
        continue
      }
      if let teacher = holder[id], suits(teacher, hold) {
        engage(teacher, hold)
        continue
      }
      let own = hours[id] ?? .zero
      func room(_ teacher: Teacher) -> Double {
        institution.ceiling(of: teacher) - (promised[teacher.id] ?? .zero).value - own.value
      }
      let work = Work.teaching(hold.section.kind)
      // Of those who can, the one with the most hours left in the result so far.
      let able = institution.teachers.filter { teacher in
        institution.unfitness(of: teacher, for: work, in: hold.section.discipline) == nil
          && room(teacher) >= 0 && suits(teacher.id, hold)
      }
      func left(_ teacher: Teacher) -> Double {
        institution.norm(of: teacher) - (load[teacher.id] ?? .zero).value
      }
      guard
        let best = able.enumerated().max(by: { a, b in
          (left(a.element), -a.offset) < (left(b.element), -b.offset)
        })?.element
      else { continue }
      isNew = true
      engage(best.id, hold)
    }
    return isNew ? result : nil
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
internal import Explanation
internal import Formats
internal import LinearModels
internal import University
internal import Validation

/// The timetable of a small plan by a programme in whole numbers, hour by hour.
///
/// The search offers a section a few rows of week patterns; a timetable of few meetings may need
/// others, or be so tight that moves do not find it. Here every hour of every section is free: a
/// plan for which the programme has no solution has no timetable.
struct ExactTimetable {
  /// What it came to.
  enum Outcome {
    /// Meetings of all sections; the validator accepts them.
    case meetings([Meeting])
    /// No timetable of these sections and this load keeps all rules.
    case impossible(Contradiction?)
    /// The plan is too large, or the time was over.
    case unknown
  }

  let institution: Institution
  let solver: any LinearSolver
  /// Seconds; nil where the clock must decide nothing.
  let seconds: Double?

  private static let mostSections = 60
  private static let mostSteps = 5_000

  /// Looks at the sections and the load of a plan.
  ///
  /// - Parameters:
  ///   - plan: The plan.
  ///   - isExplained: Whether a smallest contradiction is looked for where there is no timetable.
  /// - Returns: Meetings, or that there can be none.
  /// - Throws: What the solver throws when it cannot run.
  func solve(_ plan: Plan, isExplained: Bool) throws -> Outcome {
    guard plan.sections.count <= Self.mostSections else { return .unknown }
    let origin = Origin.sections(plan.sections.map(\.id))
    let component = origin.component(institution, plan)
    let search = ConflictSearch(
      institution, solver: solver,
      deadline: .now.advanced(by: .seconds(seconds ?? 1e8)),
      mostSteps: seconds == nil ? Self.mostSteps : nil)
    switch try search.exactly(component, isExplained: isExplained) {
    case .timetable(let hours):
      var complete = plan
      complete.meetings = meetings(of: hours, component)
      complete.hasTimetable = true
      let report = PlanValidator.validate(institution, complete, stages: [.timetable])
      let isSound = report.violations.allSatisfy { $0.rule == .p1 || $0.rule < .m1 }
      return isSound ? .meetings(complete.meetings) : .unknown
    case .contradiction(let found): return .impossible(found)
    case .unknown: return .unknown
    }
  }

  private struct Cell: Hashable, Comparable {
    var day: Int
    var slot: Int
    var room: Int

    static func < (a: Self, b: Self) -> Bool {
      (a.day, a.slot, a.room) < (b.day, b.slot, b.room)
    }
  }

  /// Hours at one time in one room are a meeting of their weeks; where pins say nothing of slots,
  /// hours of the same weeks that follow on each other are one.
  private func meetings(of hours: [ExactHour], _ component: Explanation.Component) -> [Meeting] {
    var result: [Meeting] = []
    for (at, activity) in component.activities.enumerated() {
      guard let section = activity.section,
        let discipline = institution.disciplines[activity.discipline]
      else { continue }
      var weeks: [Cell: UInt64] = [:]
      for hour in hours where hour.activity == at {
        weeks[Cell(day: hour.day, slot: hour.slot, room: hour.room ?? -1), default: 0] |=
          1 << UInt64(hour.week)
      }
      let pins = activity.pins.map { institution.pins[$0] }
      var rows: [(cell: Cell, weeks: UInt64, length: Int)] = []
      for (cell, held) in weeks.sorted(by: { $0.key < $1.key }) {
        // A pin of weeks asks for a meeting of just these.
        let pinned = pins.compactMap { pin -> UInt64? in
          guard let own = pin.weeks?.bits, own & held == own, own != held,
            pin.day == nil || pin.day == institution.days[cell.day],
            pin.slot == nil || pin.slot == cell.slot
          else { return nil }
          return own
        }.first
        if let pinned {
          rows.append((cell, pinned, 1))
          rows.append((cell, held & ~pinned, 1))
        } else {
          rows.append((cell, held, 1))
        }
      }
      if !pins.contains(where: { $0.slot != nil }) {
        let block = institution.block(of: discipline, activity.kind)
        rows = joined(rows, block: block)
      }
      for (number, row) in rows.enumerated() {
        result.append(
          Meeting(
            id: MeetingID("\(section.text)#\(number + 1)"), section: section,
            weeks: WeekPattern(bits: row.weeks, weeks: institution.term.weeks),
            day: institution.days[row.cell.day], slot: row.cell.slot, length: row.length,
            room: row.cell.room < 0 ? nil : institution.rooms[row.cell.room].id,
            mode: row.cell.room < 0 ? .online : .room))
      }
    }
    return result
  }

  private func joined(
    _ rows: [(cell: Cell, weeks: UInt64, length: Int)], block: Int
  ) -> [(cell: Cell, weeks: UInt64, length: Int)] {
    var result: [(cell: Cell, weeks: UInt64, length: Int)] = []
    for row in rows {
      let before = result.firstIndex { other in
        other.cell.day == row.cell.day && other.cell.room == row.cell.room
          && other.weeks == row.weeks && other.cell.slot + other.length == row.cell.slot
          && other.length < block
      }
      if let before {
        result[before].length += 1
      } else {
        result.append(row)
      }
    }
    return result
  }
}

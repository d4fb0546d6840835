// SPDX-License-Identifier: GPL-3.0-or-later
import LinearModels
import Problem

extension ModelBuilder {
  /// One row of a group's pattern sets holds, and its events have the shapes of that row. It stays
  /// as it is while an event of the group is fixed.
  mutating func addPatternRows(_ group: Int) {
    let now = state.groupRow[group]
    guard now >= 0 else { return }
    let members = problem.groupEvents[group].map { Int(problem.groupEvents.items[$0]) }
    let stays = members.contains { !isFree[$0] && state.isPlaced($0) }
    let rows = problem.groupRows[group].map { problem.groupRows.items[$0] }
      .filter { !stays || $0 == now }
    let columns = rows.map { row in
      RowColumn(
        group: group, row: row,
        variable: model.addBinary(cost: Double(problem.penalty(ofRow: Int(row)))))
    }
    rowColumns += columns
    model.addRow(lower: 1, upper: 1, columns.map { .init(1, $0.variable) })
    let shapes = rows.map { problem.shapes(ofRow: Int($0)) }
    for (offset, event) in members.enumerated() where isFree[event] {
      let own = Set(self.stays[event].map { problem.timeShape[$0.time] }).sorted()
      for shape in own {
        var excess = sum(event) { problem.timeShape[$0.time] == shape }
        for (number, column) in columns.enumerated() where shapes[number][offset] == shape {
          excess.add(Affine(column.variable), times: -1)
        }
        limit(excess, to: 0)
      }
    }
  }

  /// Events of one day beyond the first, and rooms beyond the first.
  mutating func addGroup(_ group: Int) {
    let members = problem.groupEvents[group].map { Int(problem.groupEvents.items[$0]) }
    guard members.count > 1 else { return }
    let sameDay = Double(problem.groupSameDay[group])
    if says(.sameDay), sameDay > 0 {
      for weekClass in 0..<problem.classes {
        for day in 0..<problem.days {
          let meets = members.map { sum($0) { isIn($0, weekClass, day) } }
          _ = addLeast(
            [Affine.sum(meets).plus(Affine(-1))],
            cost: sameDay * Double(problem.classWeeks[weekClass]))
        }
      }
    }
    let stability = Double(problem.groupStability[group])
    if says(.roomStability), stability > 0 {
      var used = Affine(-1)
      let rooms = Set(members.flatMap { choices[$0].map(\.room) }).filter { $0 >= 0 }.sorted()
      for room in rooms {
        used.add(
          addLeast(
            members.map { event in Self.sum(choices[event].filter { $0.room == room }) }
              .filter { !$0.isZero }, cost: 0))
      }
      _ = addLeast([used], cost: stability)
    }
  }

  /// Weeks in which the first event of the later group is before that of the earlier one: where an
  /// event of the later is at a place, one of the earlier is after it, and none at it or before.
  mutating func addOrder(earlier: Int, later: Int) {
    let weight = Double(problem.groupParentWeight[later])
    let before = problem.groupEvents[earlier].map { Int(problem.groupEvents.items[$0]) }
    let after = problem.groupEvents[later].map { Int(problem.groupEvents.items[$0]) }
    func place(_ choice: Choice) -> Int {
      Int(problem.timeDay[choice.time]) * 64 + Int(problem.timeStart[choice.time])
    }
    for weekClass in 0..<problem.classes {
      func isHeld(_ choice: Choice) -> Bool {
        problem.timeClasses[choice.time] >> UInt64(weekClass) & 1 == 1
      }
      var least: [Affine] = []
      for event in after {
        let held = stays[event].filter(isHeld)
        for at in Set(held.map(place)).sorted() {
          let here = Self.sum(held.filter { place($0) == at })
          let notAfter = Affine.sum(before.map { sum($0) { isHeld($0) && place($0) <= at } })
          for other in before {
            let later = sum(other) { isHeld($0) && place($0) > at }
            if later.isZero { continue }
            least.append(here.plus(later).plus(Affine(-1)).plus(notAfter, times: -1))
          }
        }
      }
      _ = addLeast(least, cost: weight * Double(problem.classWeeks[weekClass]))
    }
  }
}

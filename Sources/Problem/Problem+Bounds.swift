// SPDX-License-Identifier: GPL-3.0-or-later
internal import Timetabling

extension Problem {
  /// The least that an event costs by its own time and room; 0 where it has no place at all.
  public func cheapestPlacement(of event: Int) -> Int {
    let room =
      eventRooms[event].map { Int(eventRoomCost[$0]) }.min() ?? 0
    let time = options[event].map { Int(placementCost(event, Int(options.items[$0]))) }.min() ?? 0
    return room + time
  }

  /// The price of the cheapest row of a group of several events.
  public func cheapestRow(of group: Int) -> Int {
    groupRows[group].map { Int(rowPenalty[Int(groupRows.items[$0])]) }.min() ?? 0
  }

  /// weight × people × the fewest days on which a person can have all their events: in each week
  /// the hours that cannot be elsewhere, over the term all hours, against the most hours of a day.
  public func fewestDaysCost(of person: Int) -> Int {
    let measure = measures[Int(personMeasure[person])]
    // Events that may overlap need no hours of their own.
    guard measure.days > 0, measure.forbidsOverlap else { return 0 }
    let most = max(1, min(measure.hardLimit, slots))
    var weekly = Array(repeating: 0, count: classes)
    var term = 0
    for index in personEvents[person] where !personLenient[index] {
      let event = Int(personEvents.items[index])
      let own = Set(options[event].map { Int(timeShape[Int(options.items[$0])]) })
      if own.isEmpty { continue }
      term += own.map { shapes[$0].length * shapes[$0].weeks.nonzeroBitCount }.min() ?? 0
      for (number, week) in classWeek.enumerated() {
        weekly[number] +=
          own.map { shapes[$0].weeks >> UInt64(week) & 1 == 1 ? shapes[$0].length : 0 }.min() ?? 0
      }
    }
    var days = 0
    for number in 0..<classes {
      days += Int(classWeeks[number]) * ((weekly[number] + most - 1) / most)
    }
    return max(days, (term + most - 1) / most) * Int(measure.days) * Int(personCount[person])
  }
}

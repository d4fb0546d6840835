// SPDX-License-Identifier: GPL-3.0-or-later
public import Problem
import Timetabling

/// What rooms cost at least above each event's cheapest room, because a room has only so many slots.
///
/// minimise Σ (price(e, r) − price(e, cheapest)) · x(e, r) under Σ_r x(e, r) = 1 and
/// Σ_e x(e, r) ≤ slots at which r is open: a transport problem, solved event by event along the
/// cheapest chain of events that give way. Which slots they are, and who attends, is relaxed. Only
/// for events of one slot in one class of weeks (ITC-2007: forced seats missing), and where that is
/// soon done; else 0.
///
/// O(events · (events · rooms + rooms³)).
public func forcedRoomPrice(_ problem: Problem) -> Int {
  let mostSteps = 300_000_000.0
  let events = (0..<problem.events).filter {
    problem.needsRoom[$0] && problem.eventRooms.count($0) > 0
  }
  let rooms = problem.rooms
  let size = (events: Double(events.count), rooms: Double(rooms))
  guard problem.classes == 1, problem.shapes.allSatisfy({ $0.length == 1 }),
    size.events * size.rooms * (size.events / 2 + size.rooms) <= mostSteps
  else { return 0 }
  var prices = [[Int?]]()
  for event in events {
    var own: [Int?] = Array(repeating: nil, count: rooms)
    for at in problem.eventRooms[event] {
      let room = Int(problem.eventRooms.items[at])
      own[room] = problem.roomCost(event, room)
    }
    let least = own.compactMap { $0 }.min() ?? 0
    prices.append(own.map { $0.map { $0 - least } })
  }
  if prices.allSatisfy({ $0.allSatisfy { ($0 ?? 0) == 0 } }) { return 0 }
  let full = problem.slots >= 64 ? UInt64.max : (1 << UInt64(problem.slots)) - 1
  var left = (0..<rooms).map { room in
    (0..<problem.cells).reduce(0) {
      $0 + (~problem.roomClosed[room * problem.cells + $1] & full).nonzeroBitCount
    }
  }
  var roomOf = Array(repeating: -1, count: events.count)
  var total = 0
  for number in events.indices {
    // What it costs for the room to take one more, and who makes way to whom.
    var cost: [Int?] = prices[number]
    var from = Array(repeating: -1, count: rooms)
    var mover = Array(repeating: -1, count: rooms)
    // By the room left and the room taken: the least that somebody pays for it, and who.
    var leaving = Array(repeating: (price: Int.max, event: -1), count: rooms * rooms)
    for other in 0..<number where roomOf[other] >= 0 {
      let here = roomOf[other]
      guard let now = prices[other][here] else { continue }
      for room in 0..<rooms where room != here {
        guard let then = prices[other][room] else { continue }
        let key = here * rooms + room
        if then - now < leaving[key].price { leaving[key] = (then - now, other) }
      }
    }
    var changed = true
    var round = 0
    while changed, round <= rooms {
      changed = false
      round += 1
      for here in 0..<rooms {
        guard let base = cost[here] else { continue }
        for room in 0..<rooms {
          let step = leaving[here * rooms + room]
          if step.event < 0 { continue }
          if base + step.price < cost[room] ?? .max {
            cost[room] = base + step.price
            from[room] = here
            mover[room] = step.event
            changed = true
          }
        }
      }
    }
    var target = -1
    for room in 0..<rooms where left[room] > 0 {
      guard let price = cost[room] else { continue }
      if target < 0 || price < cost[target] ?? .max { target = room }
    }
    // No room has a slot left: no timetable is complete, and nothing more is claimed.
    guard target >= 0, let price = cost[target] else { return total }
    total += price
    left[target] -= 1
    var room = target
    while from[room] >= 0 {
      roomOf[mover[room]] = room
      room = from[room]
    }
    roomOf[number] = room
  }
  return total
}

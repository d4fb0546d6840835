// SPDX-License-Identifier: GPL-3.0-or-later
public import Problem

/// Splits the people in parts, so that chains can move the events of one part each at the same time
/// without meeting: an event whose people are in two parts stays where it is for the round.
///
/// Parts grow from random people along small events (large lectures join everybody), so that
/// students who study together are together, and every partition cuts elsewhere. Then nobody is in
/// the way of two chains; only a room can be, and the merge settles that.
public struct Partition: Sendable {
  /// Events of each part.
  public var events: [[Int32]]
  /// Whether an event is in a part: `isOwn[part][event]`.
  public var isOwn: [[Bool]]

  /// A random split into so many parts.
  public init(_ problem: Problem, parts: Int, random: inout RandomSource) {
    let people = problem.people
    var part = Array(repeating: -1, count: people)
    var order = (0..<people).map { $0 }
    for index in stride(from: people - 1, to: 0, by: -1) {
      order.swapAt(index, random.below(index + 1))
    }
    // A person weighs as many events as they attend.
    let total = (0..<people).reduce(0) { $0 + problem.personEvents.count($1) }
    let smallest = 12
    var next = 0
    for number in 0..<parts {
      var weight = 0
      var queue: [Int] = []
      var head = 0
      let target = number == parts - 1 ? Int.max : total / parts
      while weight < target {
        if head == queue.count {
          while next < people, part[order[next]] >= 0 { next += 1 }
          if next == people { break }
          part[order[next]] = number
          queue.append(order[next])
        }
        let person = queue[head]
        head += 1
        weight += problem.personEvents.count(person)
        for index in problem.personEvents[person] {
          let members = problem.eventPeople[Int(problem.personEvents.items[index])]
          if members.count > smallest { continue }
          for at in members {
            let other = Int(problem.eventPeople.items[at])
            if part[other] < 0 {
              part[other] = number
              queue.append(other)
            }
          }
        }
      }
      // Those queued but not reached yet are free for the next part.
      if number < parts - 1 { for person in queue[head...] { part[person] = -1 } }
    }
    events = Array(repeating: [], count: parts)
    isOwn = Array(
      repeating: Array(repeating: false, count: problem.events), count: parts)
    for event in 0..<problem.events {
      let members = problem.eventPeople[event]
      let owner =
        members.first.map { part[Int(problem.eventPeople.items[$0])] } ?? random.below(parts)
      if members.allSatisfy({ part[Int(problem.eventPeople.items[$0])] == owner }) {
        events[owner].append(Int32(event))
        isOwn[owner][event] = true
      }
    }
  }
}

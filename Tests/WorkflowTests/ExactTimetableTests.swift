// SPDX-License-Identifier: GPL-3.0-or-later
import Explanation
import Formats
import GLPKSolver
import TestSupport
import Testing
import University

@testable import Workflow

/// Small timetables in whole numbers.
@Suite struct ExactTimetableTests {
  /// The tiny instance with its groups at liberty in so many slots of one day of one week.
  private func institution(slots: Int) throws -> Institution {
    var it = try InstanceFolder.read(Shipped.instance("tiny")).institution
    let weeks = it.term.weeks
    it.pins = []
    it.availability = it.groups.flatMap { group in
      func closed(_ day: Weekday?, _ from: Int, _ bits: UInt64) -> Availability {
        Availability(
          subject: .group(group.id), day: day, from: from, to: it.regime.slots,
          level: .forbidden, weeks: WeekPattern(bits: bits, weeks: weeks))
      }
      return [closed(nil, 1, ~1), closed(.tuesday, 1, 1), closed(.wednesday, 1, 1)]
        + [closed(.monday, slots + 1, 1)]
    }
    return it
  }

  /// Online classes of an hour each, of which each shares a student with the next, and the last with
  /// the first.
  private func ring(_ length: Int, _ it: Institution) -> Explanation.Component {
    var result = Explanation.Component()
    for number in 0..<length {
      var activity = Activity(
        Wording(name: "class \(number)"), section: SectionID("C\(number)"), discipline: "ФИЛ",
        kind: .lecture, hours: 1...1, size: 2)
      activity.groups = it.groups.map(\.id)
      result.activities.append(activity)
      result.attendees.append(
        Attendee(
          .student(StudentID("S\(number)"), count: 1),
          [number, (number + 1) % length].sorted()))
    }
    return result
  }

  private func search(_ it: Institution) -> ConflictSearch {
    ConflictSearch(
      it, solver: GLPKSolver(), deadline: .now.advanced(by: .seconds(1000)), mostSteps: 5000)
  }

  @Test func `what halves could keep and whole hours cannot is proved, with the fewest reasons`()
    throws
  {
    // Five classes in a ring need three times; halves of them fit into two.
    let it = try institution(slots: 2)
    let five = ring(5, it)
    guard case .consistent = try search(it).find(in: five) else {
      Issue.record("the relaxation does not hold")
      return
    }
    guard case .contradiction(let found?) = try search(it).exactly(five) else {
      Issue.record("no contradiction")
      return
    }
    #expect(found.isMinimal)
    #expect(found.activities.count == 5)
    #expect(found.reasons.count { $0.rule == "M5" } == 5)
    // A ring of four, or three times, are enough.
    for (length, slots) in [(4, 2), (5, 3)] {
      let it = try institution(slots: slots)
      let component = ring(length, it)
      guard case .timetable(let hours) = try search(it).exactly(component) else {
        Issue.record("no timetable of \(length) classes in \(slots) slots")
        continue
      }
      #expect(hours.map(\.activity).sorted() == Array(0..<length))
      #expect(hours.allSatisfy { $0.week == 0 && $0.day == 0 && $0.slot <= slots })
      for hour in hours {
        let next = hours.first { $0.activity == (hour.activity + 1) % length }
        #expect(next?.slot != hour.slot)
      }
    }
  }
}

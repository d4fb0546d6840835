// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Formats
import TestSupport
import Testing
import University

@Suite struct CalendarReadingTests {
  /// The tiny instance with text added to instance.yaml and perhaps a held.csv.
  private func read(_ settings: String, held: String? = nil) throws -> InstanceReading {
    let scratch = try ScratchFolder()
    try FileManager.default.copyItem(atPath: Shipped.instance("tiny"), toPath: scratch("it"))
    var text = try String(contentsOfFile: scratch("it/instance.yaml"), encoding: .utf8)
    text = text.replacingOccurrences(of: "policy:\n", with: "policy:\n  platform_capacity: 90\n")
    try (text + settings).write(
      toFile: scratch("it/instance.yaml"), atomically: true, encoding: .utf8)
    if let held {
      try held.write(toFile: scratch("it/held.csv"), atomically: true, encoding: .utf8)
    }
    return try InstanceFolder.read(scratch("it"))
  }

  private func codes(_ settings: String, held: String? = nil) throws -> [String] {
    do {
      return try read(settings, held: held).warnings.map(\.code)
    } catch let rejected as InputRejected {
      return rejected.diagnostics.map(\.code)
    }
  }

  @Test func `moved days, periods, capacity and held classes are read and written again`() throws {
    let reading = try read(
      """
      moved_days: [{from: 2023-09-11, to: 2023-09-16}]
      periods:
        midterm_1: {from: 2023-09-11, to: 2023-09-16}
        final: {from: 2023-10-02, to: 2023-10-14}
      """,
      held: """
        date,section,status,slot,new_date,new_slot,room,teacher
        2023-09-05,X-1,cancelled,,,,,
        2023-09-06,X-1,moved,2,2023-09-12,3,Б-101,
        """)
    let it = reading.institution
    #expect(reading.warnings == [])
    #expect(it.policy.platformCapacity == 90)
    #expect(it.movedDays.map(\.to.description) == ["2023-09-16"])
    #expect(it.periods.secondMidterm == nil)
    #expect(it.periods.finalControl?.lowerBound.description == "2023-10-02")
    #expect(it.held.map(\.status) == [.cancelled, .moved])
    #expect(it.held[1].newSlot == 3 && it.held[1].room == "Б-101" && it.held[1].line == 3)

    let scratch = try ScratchFolder()
    try InstanceFolder.write(it, to: scratch("again"))
    let again = try InstanceFolder.read(scratch("again")).institution
    #expect(again.movedDays == it.movedDays)
    #expect(again.periods == it.periods)
    #expect(again.policy == it.policy)
    #expect(again.held == it.held)
  }

  @Test(arguments: [
    ("moved_days: [{from: 2023-09-11, to: 2023-09-11}]\n", "moved.same"),
    ("moved_days: [{from: 2023-09-11, to: 2023-09-13}]\n", "moved.holiday"),
    ("moved_days: [{from: 2023-09-11, to: 2024-09-13}]\n", "moved.outside"),
    ("moved_days: [{from: 2024-09-11, to: 2024-09-13}]\n", "moved.outside"),
    ("moved_days: [{from: 2023-09-14, to: 2023-09-16}]\n", "moved.noClasses"),
    ("moved_days: [{from: 2023-09-11}]\n", "yaml.missing"),
    ("moved_days: [{from: 2023-09-11, to: soon}]\n", "date.malformed"),
    ("moved_days: [2023-09-11]\n", "yaml.type"),
    (
      "moved_days: [{from: 2023-09-11, to: 2023-09-16}, {from: 2023-09-12, to: 2023-09-16}]\n",
      "moved.repeated"
    ),
    ("periods: {midterm_1: {from: 2023-09-11, to: 2023-09-10}}\n", "order.reversed"),
    ("periods: {midterm_3: {from: 2023-09-11, to: 2023-09-12}}\n", "yaml.unknownKey"),
    ("periods: {final: {from: 2023-09-11}}\n", "yaml.missing"),
  ])
  func `what is wrong with days and periods is told`(settings: String, code: String) throws {
    #expect(try codes(settings) == [code])
  }

  @Test(arguments: [
    ("2023-09-05,X,held,,,,", []),
    ("2023-09-05,X,moved,,,,", ["value.missing"]),
    ("2023-09-05,X,held,2023-09-06,,,", ["held.notMoved"]),
    ("2023-09-05,X,cancelled,,2,,", ["held.notMoved"]),
    ("2023-09-05,X,cancelled,,,Б-101,", ["held.cancelled"]),
    ("05.09.2023,X,done,,,,", ["date.malformed", "value.unknownWord"]),
    ("2023-09-05,X,held,,,Б-999,T-999", ["reference.unknown", "reference.unknown"]),
    ("2023-09-05,,held,,,,", ["identifier.missing"]),
  ])
  func `what is wrong with a row of held is told`(row: String, expected: [String]) throws {
    let header = "date,section,status,new_date,new_slot,room,teacher"
    #expect(try codes("", held: "\(header)\n\(row)\n") == expected)
  }
}

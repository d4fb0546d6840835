// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Formats
import TestSupport
import Testing
import University

@Suite struct SectionEconomyReadingTests {
  /// The tiny instance with lines added to the policy of instance.yaml.
  private func read(_ lines: String) throws -> InstanceReading {
    let scratch = try ScratchFolder()
    try FileManager.default.copyItem(atPath: Shipped.instance("tiny"), toPath: scratch("it"))
    let file = scratch("it/instance.yaml")
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try text.replacingOccurrences(of: "policy:\n", with: "policy:\n" + lines).write(
      toFile: file, atomically: true, encoding: .utf8)
    return try InstanceFolder.read(scratch("it"))
  }

  @Test func `income, cost and the refusal are read and written again`() throws {
    let reading = try read(
      "  income_per_credit: 12500.5\n  cost_per_hour: 4200\n  refuse_below_break_even: true\n")
    let policy = reading.institution.policy
    #expect(reading.warnings == [])
    #expect(policy.incomePerCredit == 12500.5)
    #expect(policy.costPerHour == 4200)
    #expect(policy.refuseBelowBreakEven)

    let scratch = try ScratchFolder()
    try InstanceFolder.write(reading.institution, to: scratch("again"))
    #expect(try InstanceFolder.read(scratch("again")).institution.policy == policy)
  }

  @Test func `without the keys there is no break-even size and nothing is refused`() throws {
    let policy = try read("").institution.policy
    #expect(policy.incomePerCredit == Policy().incomePerCredit)
    #expect(policy.costPerHour == Policy().costPerHour)
    #expect(!policy.refuseBelowBreakEven)
  }

  @Test(arguments: [
    "  income_per_credit: much\n", "  cost_per_hour: -1\n",
    "  refuse_below_break_even: perhaps\n",
  ])
  func `a wrong value is rejected with the name of its key`(line: String) throws {
    let key = try #require(line.split(separator: ":").first).trimmingCharacters(in: .whitespaces)
    let rejected = #expect(throws: InputRejected.self) { _ = try read(line) }
    let texts = rejected?.diagnostics.map { String(describing: $0) } ?? []
    #expect(texts.count == 1)
    #expect(texts.first?.contains(key) == true)
  }

  @Test(arguments: [
    ("", "income_per_credit and cost_per_hour"), ("  cost_per_hour: 4200\n", "income_per_credit"),
    ("  income_per_credit: 12500\n", "cost_per_hour"),
  ])
  func `a refusal without what the break-even size is reckoned from is told with its line`(
    given: String, missing: String
  ) throws {
    let reading = try read("  refuse_below_break_even: true\n" + given)
    #expect(reading.warnings.map(\.code) == ["policy.incomplete"])
    let warning = try #require(reading.warnings.first)
    #expect(warning.column == "policy.refuse_below_break_even")
    #expect(warning.line != nil)
    #expect(warning.suggestion == "give " + missing)
  }
}

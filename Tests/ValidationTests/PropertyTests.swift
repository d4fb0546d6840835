// SPDX-License-Identifier: GPL-3.0-or-later
import Testing
import University

@testable import Validation

/// Mutations of a valid plan: the right rule is broken, as often as counted, and no other.
@Suite struct PropertyTests {
  @Test func `the plan that mutations start from is valid`() throws {
    let sound = try SoundPlan.made.get()
    let report = PlanValidator.validate(sound.institution, sound.plan)
    #expect(report.violations == [])
    #expect(CreditConsistency.check(sound.institution, sound.plan) == [])
  }

  @Test(arguments: Mutation.all)
  func `a mutation breaks its rule and only it`(_ mutation: Mutation) throws {
    let sound = try SoundPlan.made.get()
    var applied = 0
    for seed in 1...5 {
      var mutant = Mutant(sound, seed: UInt64(seed))
      guard let expected = mutation.change(&mutant) else { continue }
      applied += 1
      let report = PlanValidator.validate(mutant.it, mutant.plan)
      // The claims are those of the plan before the change.
      let counts = report.counts.filter { $0.key != .p1 }
      switch expected {
      case .times(let count):
        #expect(counts == [mutation.rule: count], "seed \(seed): \(report.violations.prefix(5))")
      case .some:
        #expect(Set(counts.keys) == [mutation.rule], "seed \(seed): \(report.violations.prefix(5))")
      }
    }
    #expect(applied > 0, "no seed can be mutated that way")
  }

  @Test func `every rule but those of claims and streams has a mutation`() {
    // P1 has ClaimTests, S3 the table of RuleTests: it cannot break without R1.
    #expect(Set(RuleCode.allCases).subtracting(Mutation.all.map(\.rule)) == [.p1, .s3])
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import Testing
import University
import Validation

@testable import Reports

@Suite struct PlanDifferenceTests {
  private func difference(_ change: (inout Plan) -> Void) -> PlanDifference {
    let institution = PlanFixture.institution()
    let plan = PlanFixture.plan()
    var other = plan
    change(&other)
    return PlanDifference(
      PlanView(institution, plan), PlanValidator.validate(institution, plan),
      PlanView(institution, other), PlanValidator.validate(institution, other))
  }

  @Test func `a plan does not differ from itself`() {
    let found = difference { _ in }
    #expect(found.isEmpty && found.criteria.isEmpty && found.bySubject.isEmpty)
  }

  @Test func `a moved meeting stands under its teacher, its groups and both rooms`() throws {
    let found = difference { plan in
      plan.meetings[0].slot += 1
      plan.meetings[0].room = RoomID("elsewhere")
    }
    let change = try #require(found.meetings.first)
    #expect(found.meetings.count == 1 && change.kind == .movedBoth)
    let subjects = found.bySubject.map(\.subject)
    #expect(subjects.contains(.room(RoomID("elsewhere"))))
    if let room = change.before?.room { #expect(subjects.contains(.room(room))) }
    #expect(subjects.contains { if case .group = $0 { true } else { false } })
    #expect(found.csv.contains("moved_time_and_room"))
  }

  @Test func `a calendar has the changed with the new revision and the gone as cancelled`() throws {
    let found = difference { plan in
      plan.meetings[0].slot += 1
      plan.meetings.removeLast()
    }
    #expect(found.meetings.contains { $0.kind == .cancelled })
    let files = ChangePage.files(found, revision: 7)
    let calendars = files.filter { $0.path.hasSuffix(".ics") }.map(\.text)
    #expect(calendars.contains { $0.contains("STATUS:CANCELLED") })
    #expect(calendars.contains { $0.contains("STATUS:CONFIRMED") })
    #expect(calendars.allSatisfy { $0.contains("SEQUENCE:7") && !$0.contains("SEQUENCE:0") })
    #expect(Set(files.map(\.path)).isSuperset(of: ["index.html", "kk.html", "ru.html", "en.html"]))
  }
}

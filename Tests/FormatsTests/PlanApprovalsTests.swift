// SPDX-License-Identifier: GPL-3.0-or-later
import Formats
import Testing
import University

@Suite struct PlanApprovalsTests {
  private func row(
    _ state: ApprovalState, day: Int = 1, minutes: String = "", reason: String = ""
  ) -> Approval {
    Approval(
      department: "X", state: state, by: "Ә", date: CalendarDate(dayNumber: 19_600 + day),
      minutes: minutes, reason: reason)
  }

  @Test("a department is proposed, approved with minutes, and withdrawn with a reason")
  func states() {
    var approvals = PlanApprovals()
    #expect(approvals.append(row(.approved, minutes: "1")) != nil)
    #expect(approvals.append(row(.proposed)) == nil)
    #expect(approvals.append(row(.proposed)) != nil)
    #expect(approvals.append(row(.approved)) != nil)
    #expect(approvals.append(row(.approved, day: 0, minutes: "3")) != nil)
    #expect(approvals.append(row(.approved, day: 2, minutes: "3")) == nil)
    #expect(approvals.approved == ["X"])
    #expect(approvals.append(row(.draft, day: 3)) != nil)
    #expect(approvals.append(row(.draft, day: 3, reason: "new group")) == nil)
    #expect(approvals.approved.isEmpty)
    #expect(approvals.rows.map(\.state) == [.proposed, .approved, .draft])
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import Formats
import Foundation
import TestSupport
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

  @Test("a file edited by hand is held to the same: minutes, reasons, the order of the states")
  func editedByHand() throws {
    let scratch = try ScratchFolder()
    var institution = try InstanceFolder.read(Shipped.instance("tiny")).institution
    institution.departments = Table([Department(id: "X", name: "X")])
    func read(_ rows: [String]) throws -> PlanApprovals {
      let text = ["department,state,by,date,minutes,reason"] + rows
      try Data((text.joined(separator: "\n") + "\n").utf8)
        .write(to: URL(fileURLWithPath: scratch("approvals.csv")))
      return try PlanApprovals.read(scratch.path, institution: institution)
    }
    let proposed = "X,proposed,B,2023-09-01,,"
    try #expect(read([proposed, "X,approved,B,2023-09-02,3,"]).approved == ["X"])
    for (rows, line, column) in [
      ([proposed, "X,approved,B,2023-09-02,,"], 3, "minutes"),
      (["X,approved,B,2023-09-02,3,"], 2, "state"),
      ([proposed, "X,draft,B,2023-09-02,,"], 3, "reason"),
    ] {
      let error = #expect(throws: InputRejected.self) { try read(rows) }
      let found = try #require(error?.diagnostics.first)
      #expect(found.line == line && found.column == column, "\(found)")
    }
  }
}

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
    #expect(approvals.append(row(.approved, minutes: " \u{a0}")) != nil)
    #expect(approvals.append(row(.approved, day: 0, minutes: "3")) != nil)
    #expect(approvals.append(row(.approved, day: 2, minutes: "3")) == nil)
    #expect(approvals.approved == ["X"])
    #expect(approvals.append(row(.draft, day: 3)) != nil)
    #expect(approvals.append(row(.draft, day: 3, reason: " ")) != nil)
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
      ([proposed, "X,approved,B,2023-09-02, ,"], 3, "minutes"),
      (["X,proposed, ,2023-09-01,,"], 2, "by"),
    ] {
      let error = #expect(throws: InputRejected.self) { try read(rows) }
      let found = try #require(error?.diagnostics.first)
      #expect(found.line == line && found.column == column, "\(found)")
    }
  }

  @Test("decisions are read as they were written, and no file of what is empty is left")
  func decisions() throws {
    let scratch = try ScratchFolder()
    var institution = try InstanceFolder.read(Shipped.instance("tiny")).institution
    institution.departments = Table(["X", "Y"].map { Department(id: .init($0), name: $0) })
    func line(_ task: String, _ department: DepartmentID, _ teacher: TeacherID?) -> EarlierLine {
      EarlierLine(
        task: .init(task),
        known: LoadTask(
          id: .init(task), department: department, discipline: "gone; a=b", work: .teaching(.lab),
          section: "Ә,1", hours: Hours(hundredths: 1234)),
        teacher: teacher, hours: Hours(hundredths: 617), isLocked: false)
    }
    let fact = ApprovedFact(department: "X", kind: .teacher, subject: "gone", value: "rate=1")
    var one = PlanDecisions()
    #expect(one.record(row(.proposed)) == nil)
    #expect(
      one.record(
        row(.approved, day: 2, minutes: "3"), input: [fact],
        lines: [line("T", "X", "somebody who is gone"), line("T", "X", nil)]) == nil)
    try one.write(to: scratch.path)
    #expect(try PlanDecisions.read(scratch.path, institution: institution) == one)

    // Another folder is taken over for departments of which this one says nothing.
    var other = PlanDecisions()
    for department in ["X", "Y"] {
      let refusal = other.record(
        Approval(
          department: .init(department), state: .proposed, by: "B",
          date: CalendarDate(dayNumber: 19_000)))
      #expect(refusal == nil)
    }
    var both = one
    #expect(both.adopt(other) == ["Y"])
    #expect(both.approvals.rows == one.approvals.rows + [other.approvals.rows[1]])
    #expect(both.lines == one.lines)

    // Never before the last change, whatever the clock says.
    one.withdraw("X", by: "keste load", date: CalendarDate(dayNumber: 1), reason: "why")
    #expect(one.approvals.rows.last?.date == CalendarDate(dayNumber: 19_602))
    #expect(one.input.isEmpty && one.lines.isEmpty)
    try one.write(to: scratch.path)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["approvals.csv"])
  }
}

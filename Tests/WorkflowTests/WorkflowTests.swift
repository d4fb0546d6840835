// SPDX-License-Identifier: GPL-3.0-or-later
import Curricula
import Formats
import Foundation
import GLPKSolver
import LoadDistribution
import Synchronization
import TestSupport
import Testing
import University
import Validation

@testable import Workflow

/// The way from an instance folder to a plan folder.
@Suite struct PipelineTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func pipeline(
    _ instance: String = Shipped.instance("tiny"), to plan: String = "plan", seed: UInt64 = 1,
    threads: Int = 1, iterations: Int? = 2000, timeLimit: Double? = 120, regime: String? = nil,
    isCancelled: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (PlanningProgress) -> Void = { _ in }
  ) -> Pipeline {
    Pipeline(
      instance: instance, plan: folder(plan), regime: regime, solver: GLPKSolver(),
      options: PlanningOptions(
        timeLimit: timeLimit, iterations: iterations, seed: seed, threads: threads,
        isCancelled: isCancelled, progress: progress))
  }

  /// The tiny instance with a change, written into the scratch folder.
  private func changed(_ change: (inout Institution) -> Void) throws -> String {
    var institution = try InstanceFolder.read(Shipped.instance("tiny")).institution
    change(&institution)
    try InstanceFolder.write(institution, to: folder("instance"))
    return folder("instance")
  }

  @Test func `the tiny instance gets a valid plan whose claims the validator bears out`() throws {
    let outcome = try pipeline().run(.plan)
    #expect(outcome.isValid && !outcome.isImpossible && !outcome.isStopped)
    #expect(outcome.mismatches.isEmpty)
    #expect(outcome.unplaced.isEmpty)
    let judged = try JudgedPlan(
      instance: Shipped.instance("tiny"), plan: folder("plan"), stages: nil)
    #expect(judged.report.violations.isEmpty)
    #expect(judged.report.stages == [.sections, .load, .timetable])
    #expect(judged.plan.record.timetable?.objective == judged.report.objectives[.timetable])
    for record in [
      judged.plan.record.sections, judged.plan.record.load, judged.plan.record.timetable,
    ] {
      let record = try #require(record)
      let objective = try #require(record.objective)
      #expect([.optimal, .feasible].contains(record.status))
      if let bound = record.bound { #expect(bound <= objective) }
      #expect((record.status == .optimal) == (record.bound.map { objective - $0 <= 0.01 } ?? false))
    }
  }

  @Test func `sections and lines of an approved department stay when the rest is formed anew`()
    throws
  {
    let department = DepartmentID("МАТ")
    _ = try pipeline(iterations: 200).run(.plan)
    let institution = try InstanceFolder.read(Shipped.instance("tiny")).institution
    var approvals = PlanApprovals()
    for state in [ApprovalState.proposed, .approved] {
      let refusal = approvals.append(
        Approval(
          department: department, state: state, by: "A", date: CalendarDate(dayNumber: 19_604),
          minutes: "1"))
      #expect(refusal == nil)
    }
    try approvals.write(to: folder("plan"))
    let before = try PlanFolder.read(folder("plan"), institution: institution)
    func isOwn(_ discipline: DisciplineID) -> Bool {
      institution.disciplines[discipline]?.department == department
    }
    func own(_ plan: Plan) -> ([University.Section], [Assignment]) {
      (
        plan.sections.filter { isOwn($0.discipline) },
        plan.assignments.filter { row in plan.tasks[row.task].map { isOwn($0.discipline) } ?? false
        }
      )
    }
    #expect(!own(before).0.isEmpty && !own(before).1.isEmpty)

    // A student less in a discipline of the other department: its sections are formed anew.
    let others = try #require(institution.enrolments.first { !isOwn($0.discipline) })
    let first = try changed { $0.enrolments = Table($0.enrolments.filter { $0 != others }) }
    for goal in [Pipeline.Goal.sections, .plan] {
      let outcome = try pipeline(first, iterations: 200).run(goal)
      #expect(outcome.loadConflicts.isEmpty)
      #expect(outcome.report.violations.isEmpty)
      let found = try PlanFolder.read(
        folder("plan"), institution: try InstanceFolder.read(first).institution)
      #expect(own(found).0 == own(before).0)
      #expect(own(found).1 == own(before).1)
      #expect(Set(found.assignments.map(\.task)) == Set(found.tasks.map(\.id)))
      let held = found.sections.filter { $0.discipline == others.discipline }
      #expect(!held.contains { $0.students.contains(others.student) })
    }

    // A student less in its own: told as its conflict, and its sections stay all the same.
    let mine = try #require(institution.enrolments.first { isOwn($0.discipline) })
    let second = try changed { $0.enrolments = Table($0.enrolments.filter { $0 != mine }) }
    for goal in [Pipeline.Goal.sections, .load] {
      let outcome = try pipeline(second, iterations: 200).run(goal)
      #expect(
        outcome.loadConflicts.contains {
          $0.kind == .sectionsBroken && $0.department == department
            && $0.description.contains(mine.student.text)
        })
      #expect(outcome.loadMessages.contains { $0[.en].contains("its sections no longer suit") })
      #expect(own(outcome.plan).0 == own(before).0)
    }
  }

  private let mathematics = DepartmentID("МАТ")

  /// Puts the department of mathematics of a plan folder to a state, as the command does.
  private func decide(_ state: ApprovalState, in plan: String = "plan") throws {
    let judged = try JudgedPlan(
      instance: Shipped.instance("tiny"), plan: folder(plan), stages: [.sections, .load])
    var decisions = try PlanDecisions.read(folder(plan), institution: judged.institution)
    var holders: [DisciplineID: Set<TeacherID>] = [:]
    var lines: [EarlierLine] = []
    for row in judged.plan.assignments {
      guard let task = judged.plan.tasks[row.task] else { continue }
      if let teacher = row.teacher { holders[task.discipline, default: []].insert(teacher) }
      if task.department == mathematics {
        lines.append(
          EarlierLine(
            task: row.task, known: task, teacher: row.teacher, hours: row.hours, isLocked: false))
      }
    }
    let facts = ApprovedInput.facts(
      judged.institution, sections: judged.plan.sections, holders: holders,
      departments: [mathematics])
    for next in state == .approved ? [.proposed, .approved] : [state] {
      let refusal = decisions.record(
        Approval(
          department: mathematics, state: next, by: "A", date: CalendarDate(dayNumber: 19_604),
          minutes: "1"), input: facts, lines: lines)
      #expect(refusal == nil)
    }
    try decisions.write(to: folder(plan))
  }

  /// The lines of the disciplines that the department of mathematics had at first.
  private func ownLines(_ plan: String) throws -> [Assignment] {
    let institution = try InstanceFolder.read(Shipped.instance("tiny")).institution
    let found = try PlanFolder.read(folder(plan), institution: institution)
    return found.assignments.filter { row in
      found.tasks[row.task].flatMap { institution.disciplines[$0.discipline] }?.department
        == mathematics
    }
  }

  /// Makes the plan in force of an instance from a plan folder.
  private func publish(_ plan: String, in instance: String) throws {
    let published = URL(fileURLWithPath: instance).appendingPathComponent("published")
    try? FileManager.default.removeItem(at: published)
    try FileManager.default.copyItem(at: URL(fileURLWithPath: folder(plan)), to: published)
  }

  @Test func `a new plan of an instance in force has its approvals, and later runs hold them`()
    throws
  {
    _ = try pipeline(iterations: 200).run(.plan)
    try decide(.approved)
    let before = try ownLines("plan")
    #expect(!before.isEmpty)
    /// Everybody now likes best what somebody else holds.
    let instance = try changed { institution in
      institution.competences = Table(
        institution.competences.map { row in
          var row = row
          row.preference = -row.preference
          return row
        })
    }
    try publish("plan", in: instance)
    let institution = try InstanceFolder.read(instance).institution
    let decided = try PlanDecisions.read(folder("plan"), institution: institution)
    #expect(decided.lines.count == before.count)
    for goal in [Pipeline.Goal.plan, .sections] {
      let target = if case .plan = goal { "new" } else { "staged" }
      _ = try pipeline(instance, to: target, iterations: 200).run(goal)
      #expect(try PlanDecisions.read(folder(target), institution: institution) == decided)
      #expect(try ownLines(target) == before)
      for seed: UInt64 in [5, 6] {
        let outcome = try pipeline(instance, to: target, seed: seed, iterations: 200).run(.load)
        #expect(outcome.loadConflicts.contains { $0.kind == .inputChanged })
        #expect(try ownLines(target) == before)
      }
    }
    // What the new plan's folder says of a department goes before what the plan in force says.
    var withdrawn = decided
    withdrawn.withdraw(
      mathematics, by: "A", date: CalendarDate(dayNumber: 19_605), reason: "anew")
    try withdrawn.write(to: folder("new"))
    #expect(try PlanDecisions.read(folder("new"), institution: institution).lines.isEmpty)
    let outcome = try pipeline(instance, to: "new", iterations: 200).run(.plan)
    #expect(outcome.loadConflicts.filter(\.isApproved).isEmpty)
    #expect(try PlanDecisions.read(folder("new"), institution: institution) == withdrawn)
  }

  @Test func `a load made beside a plan in force has its approvals, and with keep its lines`()
    throws
  {
    _ = try pipeline(iterations: 200).run(.plan)
    try decide(.approved)
    let before = try ownLines("plan")
    let instance = try changed { _ in }
    try publish("plan", in: instance)
    // In force somebody else has a laboratory class than the one for whom it is cheapest.
    let file = "\(instance)/published/assignments.csv"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    let other = text.replacing("ЭТ1-B-kk-1:lab,О3", with: "ЭТ1-B-kk-1:lab,О2")
    try #require(other != text)
    try other.write(toFile: file, atomically: true, encoding: .utf8)
    let institution = try InstanceFolder.read(instance).institution
    let decided = try PlanDecisions.read(folder("plan"), institution: institution)
    /// A plan folder with the sections alone, of which nothing is decided.
    func bare(_ name: String) throws {
      let files = FileManager.default
      try files.copyItem(atPath: folder("plan"), toPath: folder(name))
      for file in try files.contentsOfDirectory(atPath: folder(name))
      where !["sections.csv", "section_students.csv", "plan.json"].contains(file) {
        try files.removeItem(atPath: folder(name) + "/" + file)
      }
    }
    func lines(_ name: String) throws -> [String] {
      try PlanFolder.earlierLoad(folder(name)).map { "\($0.task) \($0.teacher?.text ?? "")" }
    }
    let all = try PlanFolder.earlierLoad("\(instance)/published").map {
      "\($0.task) \($0.teacher?.text ?? "")"
    }
    try bare("fresh")
    let outcome = try pipeline(instance, to: "fresh", iterations: 200).run(.load)
    #expect(try PlanDecisions.read(folder("fresh"), institution: institution) == decided)
    #expect(try ownLines("fresh") == before)
    #expect(outcome.notices.contains { $0[.en].contains("taken over from") })
    #expect(try Set(lines("fresh")) != Set(all))

    try bare("kept")
    var keeping = pipeline(instance, to: "kept", iterations: 200)
    keeping.keepsLoad = true
    let kept = try keeping.run(.load)
    #expect(kept.notices.contains { $0[.en].contains("the one in force") })
    #expect(try Set(lines("kept")) == Set(all))
  }

  @Test func `lines of a discipline that goes to another department stay, run after run`() throws {
    _ = try pipeline(iterations: 200).run(.plan)
    try decide(.approved)
    let before = try ownLines("plan")
    let instance = try changed { institution in
      let other = institution.departments.map(\.id).first { $0 != DepartmentID("МАТ") }
      institution.disciplines = Table(
        institution.disciplines.map { row in
          var row = row
          if row.department == "МАТ" { row.department = other ?? row.department }
          return row
        })
      institution.competences = Table(
        institution.competences.map { row in
          var row = row
          row.preference = -row.preference
          return row
        })
    }
    for goal in [Pipeline.Goal.load, .load, .sections, .load] {
      let outcome = try pipeline(instance, iterations: 200).run(goal)
      #expect(
        outcome.loadConflicts.contains {
          $0.department == mathematics && $0.description.contains("department was МАТ and is ")
        })
      #expect(try ownLines("plan") == before)
    }
  }

  @Test func `hours that a norm takes from an approved line come back with the norm`() throws {
    _ = try pipeline(iterations: 200).run(.plan)
    try decide(.approved)
    let before = try ownLines("plan")
    let institution = try InstanceFolder.read(Shipped.instance("tiny")).institution
    let norm = try #require(institution.norms.indices.first)
    let instance = try changed { $0.norms[norm].hours *= 3 }
    try publish("plan", in: instance)
    for (goal, target) in [(Pipeline.Goal.load, "plan"), (.plan, "new")] {
      let outcome = try pipeline(instance, to: target, iterations: 200).run(goal)
      #expect(outcome.loadConflicts.contains { $0.kind == .hoursChanged && $0.isApproved })
      // The lines are there with their hours; what is more is vacant, and the rest is planned.
      let after = try ownLines(target)
      #expect(before.allSatisfy { row in row.teacher == nil || after.contains(row) })
      #expect(after.contains { $0.teacher == nil })
      #expect(Set(outcome.plan.assignments.map(\.task)) == Set(outcome.plan.tasks.map(\.id)))
      #expect(outcome.report.violations.isEmpty)
      let stale = try pipeline(instance, to: target, iterations: 200).run(.load)
      #expect(stale.loadConflicts.contains { $0.kind == .hoursChanged })
      let back = try pipeline(to: target, iterations: 200).run(.load)
      #expect(back.loadConflicts.isEmpty)
      #expect(try ownLines(target) == before)
    }
  }

  @Test func `a run that changes the load of a proposed department sets it back to draft`() throws {
    _ = try pipeline(iterations: 200).run(.plan)
    try decide(.proposed)
    let institution = try InstanceFolder.read(Shipped.instance("tiny")).institution
    func state(_ plan: String = "plan") throws -> [Approval] {
      try PlanDecisions.read(folder(plan), institution: institution).approvals.rows
    }
    // The same load, and a timetable: nothing is decided anew.
    for goal in [Pipeline.Goal.load, .timetable(from: nil)] {
      var same = pipeline(iterations: 200)
      same.keepsLoad = true
      let outcome = try same.run(goal)
      #expect(outcome.notices.isEmpty)
      #expect(try state().map(\.state) == [.proposed])
    }
    let holder = try #require(try ownLines("plan").first { $0.teacher != nil }?.teacher)
    let instance = try changed { institution in
      institution.teachers = Table(
        institution.teachers.map { row in
          var row = row
          if row.id == holder { row.maxHours = 1 }
          return row
        })
    }
    try publish("plan", in: instance)
    for (goal, target) in [
      (Pipeline.Goal.plan, "new"), (.load, "plan"),
    ] {
      var run = pipeline(instance, to: target, iterations: 200)
      run.today = CalendarDate(dayNumber: 19_700)
      let outcome = try run.run(goal)
      let rows = try state(target)
      #expect(rows.map(\.state) == [.proposed, .draft])
      let row = try #require(rows.last)
      #expect(row.date == CalendarDate(dayNumber: 19_700))
      #expect(row.by == (target == "new" ? "keste plan" : "keste load"))
      #expect(!row.reason.isEmpty)
      let notice = try #require(outcome.notices.first)
      #expect(notice[.en].contains("was proposed") && notice[.en].contains("draft again"))
      #expect(notice[.ru].contains("снова черновик") && notice[.kk].contains("қайтадан жоба"))
    }
    // A second run finds a draft, and says nothing.
    let again = try pipeline(instance, iterations: 200).run(.load)
    #expect(again.notices.isEmpty)
    #expect(try state().count == 2)
  }

  @Test func `approved lines that somebody changed by hand come back, and that is said`() throws {
    _ = try pipeline(iterations: 200).run(.plan)
    try decide(.approved)
    let before = try ownLines("plan")
    let institution = try InstanceFolder.read(Shipped.instance("tiny")).institution
    var plan = try PlanFolder.read(folder("plan"), institution: institution)
    let task = try #require(before.first { $0.teacher != nil }?.task)
    for k in plan.assignments.indices where plan.assignments[k].task == task {
      plan.assignments[k].teacher = nil
    }
    try PlanFolder.write(plan, to: folder("plan"))
    let timetable = try pipeline(iterations: 200).run(.timetable(from: nil))
    #expect(timetable.notices.first?[.en].contains("1 of its tasks are not as approved") == true)
    let load = try pipeline(iterations: 200).run(.load)
    #expect(load.notices.first?[.en].contains("1 of its tasks are not as approved") == true)
    #expect(try ownLines("plan") == before)
    #expect(try pipeline(iterations: 200).run(.load).notices.isEmpty)

    // A folder of an earlier version has no table of approved lines: they are written down.
    try FileManager.default.removeItem(atPath: folder("plan/approved_lines.csv"))
    _ = try pipeline(iterations: 200).run(.load)
    let decided = try PlanDecisions.read(folder("plan"), institution: institution)
    #expect(decided.lines.map(\.task) == before.map(\.task))
  }

  @Test func `the timetable of a load whose approval is stale says so`() throws {
    _ = try pipeline(iterations: 200).run(.plan)
    try decide(.approved)
    #expect(try pipeline(iterations: 200).run(.timetable(from: nil)).loadConflicts.isEmpty)
    let holder = try #require(try ownLines("plan").first { $0.teacher != nil }?.teacher)
    let instance = try changed { institution in
      institution.availability.append(
        Availability(
          subject: .teacher(holder), day: .monday, from: 1, to: 1, level: .discouraged,
          weeks: .all(institution.term.weeks)))
    }
    let outcome = try pipeline(instance, iterations: 200).run(.timetable(from: nil))
    #expect(outcome.loadConflicts.map(\.kind) == [.inputChanged])
    #expect(outcome.loadConflicts.first?.description.contains("times was") == true)
  }

  @Test func `only the rules that a department breaks itself keep it from approval`() throws {
    _ = try pipeline(iterations: 200).run(.plan)
    let institution = try InstanceFolder.read(Shipped.instance("tiny")).institution
    var plan = try PlanFolder.read(folder("plan"), institution: institution)
    let ids = institution.departments.map(\.id)
    for id in ids {
      #expect(PlanValidator.violations(institution, plan, of: id).isEmpty)
    }
    // A class task of one department is assigned to nobody known: its hours are missing.
    let broken = try #require(plan.tasks.first { $0.work.teachingKind != nil })
    plan.assignments.removeAll { $0.task == broken.id }
    for id in ids {
      let found = PlanValidator.violations(institution, plan, of: id)
      #expect(found.contains { $0.rule == .l2 } == (id == broken.department))
      #expect(found.isEmpty == (id != broken.department))
    }
    // L4 counts all of a teacher's hours, and concerns whose lines the teacher holds.
    var short = institution
    let holder = try #require(plan.assignments.compactMap(\.teacher).first)
    short.teachers = Table(
      institution.teachers.map { teacher in
        var teacher = teacher
        if teacher.id == holder { teacher.maxHours = 1 }
        return teacher
      })
    for id in ids {
      let holds = plan.assignments.contains { row in
        row.teacher == holder && plan.tasks[row.task]?.department == id
      }
      let concerns = holds || institution.teachers[holder]?.department == id
      let found = PlanValidator.violations(short, plan, of: id)
      #expect(found.contains { $0.rule == .l4 } == concerns)
    }
  }

  @Test func `a load in force stays as it is but where the input no longer allows it`() throws {
    var holders: [TaskID: TeacherID?] = [:]
    func plan(_ name: String, _ change: (inout Institution) -> Void) throws -> [TaskID: TeacherID?]
    {
      let instance = try changed(change)
      if !holders.isEmpty {
        let published = URL(fileURLWithPath: instance).appendingPathComponent("published")
        try? FileManager.default.removeItem(at: published)
        try FileManager.default.copyItem(
          at: URL(fileURLWithPath: folder("first")), to: published)
      }
      let outcome = try pipeline(instance, to: name).run(.plan)
      let isValid = outcome.isValid
      #expect(isValid)
      // What takes the place of a plan in force is its next revision.
      #expect(outcome.plan.record.revision == (holders.isEmpty ? 0 : 1))
      return Dictionary(
        outcome.plan.assignments.map { ($0.task, $0.teacher) }, uniquingKeysWith: { a, _ in a })
    }
    holders = try plan("first") { _ in }
    /// Everybody now likes best what somebody else holds.
    func turn(_ institution: inout Institution) {
      institution.competences = Table(
        institution.competences.map { row in
          var row = row
          row.preference = -row.preference
          row.taughtBefore.toggle()
          return row
        })
    }
    #expect(try plan("second", turn) == holders)
    // One who can no longer teach a discipline gives up its tasks, and only those.
    let first = try JudgedPlan(
      instance: Shipped.instance("tiny"), plan: folder("first"), stages: nil)
    let competences = first.institution.competences
    let lost = try #require(
      competences.first { row in
        competences.filter { $0.discipline == row.discipline }.count > 1
          && !first.institution.pins.contains { $0.discipline == row.discipline }
          && holders.contains {
            $0.value == row.teacher && first.plan.tasks[$0.key]?.discipline == row.discipline
          }
      })
    let after = try plan("third") { institution in
      turn(&institution)
      institution.competences = Table(
        institution.competences.filter {
          $0.teacher != lost.teacher || $0.discipline != lost.discipline
        })
    }
    let moved = holders.filter { after[$0.key] != $0.value }.map(\.key)
    #expect(!moved.isEmpty)
    for task in moved { #expect(holders[task] == lost.teacher) }
  }

  @Test func `where the only room is closed in a week, the other weeks are used`() throws {
    let instance = try changed { institution in
      institution.pins = []
      institution.availability.append(
        Availability(
          subject: .room("Б-101"), day: nil, from: 1, to: 6, level: .forbidden,
          weeks: WeekPattern(bits: 0b0010, weeks: 4)))
    }
    let outcome = try pipeline(instance).run(.plan)
    let isValid = outcome.isValid
    #expect(isValid)
    let inThatWeek = outcome.plan.meetings.filter {
      $0.room == "Б-101" && $0.weeks.bits & 0b0010 != 0
    }
    #expect(inThatWeek.isEmpty)
  }

  @Test func `a plan of another regime takes the place of one given out`() throws {
    let revisions = try ["full", "distance", "distance"].map { regime in
      try pipeline(to: "of-regimes", regime: regime).run(.plan).plan.record.revision
    }
    #expect(revisions == [0, 1, 1])
  }

  @Test func `every regime of the instance can be planned`() throws {
    for regime in ["full", "distance"] {
      let outcome = try pipeline(to: regime, regime: regime).run(.plan)
      #expect(outcome.isValid)
      #expect(outcome.plan.record.regime == regime)
    }
  }

  @Test(arguments: [1, 2])
  func `the same seed, threads and iterations give the same bytes`(threads: Int) throws {
    _ = try pipeline(to: "first", seed: 5, threads: threads).run(.plan)
    _ = try pipeline(to: "second", seed: 5, threads: threads).run(.plan)
    let first = try folder.files(of: "first")
    #expect(first.count == 6)
    #expect(try first == folder.files(of: "second"))
  }

  @Test func `stage by stage gives the bytes of all stages at once`() throws {
    _ = try pipeline(to: "whole", seed: 3).run(.plan)
    let staged = pipeline(to: "staged", seed: 3)
    _ = try staged.run(.sections)
    #expect(
      try folder.files(of: "staged").keys.sorted() == [
        "plan.json", "section_students.csv", "sections.csv",
      ])
    _ = try staged.run(.load)
    let outcome = try staged.run(.timetable(from: nil))
    #expect(outcome.isValid)
    #expect(try folder.files(of: "whole") == folder.files(of: "staged"))
  }

  @Test func `a timetable can start from an earlier one and is no worse`() throws {
    let first = try pipeline().run(.plan)
    let second = try pipeline(seed: 2, iterations: 10).run(.timetable(from: folder("plan")))
    #expect(second.isValid)
    let before = try #require(first.plan.record.timetable?.objective)
    let after = try #require(second.plan.record.timetable?.objective)
    #expect(after <= before)
  }

  @Test func `a new load drops the timetable, new sections drop both`() throws {
    _ = try pipeline().run(.plan)
    let loaded = try pipeline().run(.load)
    #expect(loaded.plan.hasLoad && !loaded.plan.hasTimetable)
    #expect(loaded.plan.record.timetable == nil)
    let formed = try pipeline().run(.sections)
    #expect(!formed.plan.hasLoad && formed.plan.record.load == nil)
    #expect(try folder.files(of: "plan").count == 3)
  }

  @Test func `another timetable in its folder is the next revision, the same one is not`() throws {
    let institution = try InstanceFolder.read(Shipped.instance("tiny")).institution
    func revision(
      _ goal: Pipeline.Goal, _ instance: String = Shipped.instance("tiny"), asked: Int? = nil
    ) throws -> Int {
      var run = pipeline(instance, iterations: 200)
      run.options.revision = asked
      let outcome = try run.run(goal)
      let written = try PlanFolder.record(folder("plan")).revision
      #expect(outcome.plan.record.revision == written)
      return written
    }
    /// Makes what the folder holds another timetable than the next run makes.
    func disturb() throws {
      var held = try PlanFolder.read(folder("plan"), institution: institution)
      held.meetings.removeLast()
      try PlanFolder.write(held, to: folder("plan"))
    }
    #expect(try revision(.plan) == 0)
    let first = try folder.files(of: "plan")
    #expect(try revision(.plan) == 0)
    #expect(try folder.files(of: "plan") == first)
    // Nothing is published.
    #expect(try revision(.plan, asked: 5) == 5)
    #expect(try revision(.plan) == 5)
    try disturb()
    #expect(try revision(.plan) == 6)
    try disturb()
    #expect(try revision(.timetable(from: nil)) == 7)
    // One that is dropped may have been given out.
    #expect(try revision(.load) == 8)
    #expect(try revision(.timetable(from: nil)) == 8)
    #expect(try revision(.sections) == 9)
    #expect(try revision(.plan) == 9)
    // Beside one in force of revision 9: twice, with other times.
    let instance = try changed { _ in }
    let files = FileManager.default
    try files.copyItem(atPath: folder("plan"), toPath: "\(instance)/published")
    try files.removeItem(atPath: folder("plan"))
    #expect(try revision(.plan, instance) == 10)
    try disturb()
    #expect(try revision(.plan, instance) == 11)
    // A folder that cannot be read is written anew.
    try Data("{".utf8).write(to: URL(fileURLWithPath: folder("plan/plan.json")))
    #expect(try revision(.plan, instance) == 10)
  }

  @Test func `a timetable without a load is refused and nothing is changed`() throws {
    _ = try pipeline().run(.sections)
    let before = try folder.files(of: "plan")
    #expect(throws: InputRejected.self) { try pipeline().run(.timetable(from: nil)) }
    #expect(try folder.files(of: "plan") == before)
  }

  @Test func `sections and assignments of the instance are taken as decided`() throws {
    let planned = try pipeline(to: "other", seed: 9).run(.plan).plan
    let instance = try changed { institution in
      institution.decidedSections = planned.sections
      institution.decidedTasks = planned.tasks
      institution.decidedAssignments = planned.assignments
    }
    let outcome = try pipeline(instance).run(.plan)
    #expect(outcome.isValid)
    #expect(outcome.plan.sections.rows == planned.sections.rows)
    #expect(outcome.plan.tasks.rows == planned.tasks.rows)
    #expect(outcome.plan.assignments == planned.assignments)
    #expect(outcome.plan.record.load?.bound == nil)
    #expect(outcome.plan.record.load?.status == .feasible)
  }

  @Test func `what somebody changes between the stages is judged anew`() throws {
    _ = try pipeline().run(.sections)
    _ = try pipeline().run(.load)
    let institution = try InstanceFolder.read(Shipped.instance("tiny")).institution
    var plan = try PlanFolder.read(folder("plan"), institution: institution)
    let before = try #require(plan.record.load?.objective)
    // Somebody takes a class from its teacher.
    let index = try #require(plan.assignments.firstIndex { $0.teacher != nil })
    plan.assignments[index].teacher = nil
    try PlanFolder.write(plan, to: folder("plan"))
    let outcome = try pipeline().run(.timetable(from: nil))
    #expect(outcome.report.counts[.p1] == nil)
    let after = try #require(outcome.plan.record.load)
    #expect(try #require(after.objective) > before)
    #expect(after.status != .optimal && after.bound == nil)
  }

  @Test func `a meeting that finds no place is listed and the rest is planned`() throws {
    let instance = try changed { institution in
      // The only laboratory is closed at all times.
      let room = institution.rooms.first { $0.kind != "lecture" && $0.kind != "classroom" }
      if let room {
        institution.availability.append(
          Availability(
            subject: .room(room.id), day: nil, from: 1, to: institution.regime.slots,
            level: .forbidden, weeks: .all(institution.term.weeks)))
      }
    }
    let outcome = try pipeline(instance).run(.plan)
    #expect(!outcome.isValid && !outcome.isStopped)
    #expect(!outcome.unplaced.isEmpty)
    #expect(outcome.unplaced.allSatisfy { !$0.reason.isEmpty })
    #expect(!outcome.plan.meetings.isEmpty)
    #expect(outcome.plan.record.timetable?.status == .infeasible)
    #expect(outcome.report.counts[.m1] != nil)
    #expect(outcome.report.counts.keys.allSatisfy { $0 == .m1 })
    #expect(outcome.mismatches.isEmpty)
    #expect(try folder.files(of: "plan").count == 6)
  }

  @Test func `what is impossible is found and the rest is planned all the same`() throws {
    let instance = try changed { institution in
      // A teacher who must work more than anybody may.
      if var teacher = institution.teachers.first {
        teacher.minHours = 5000
        teacher.maxHours = 5000
        institution.teachers = Table([teacher] + institution.teachers.dropFirst())
      }
    }
    let outcome = try pipeline(instance).run(.plan)
    #expect(outcome.isImpossible)
    #expect(!outcome.isValid)
    #expect(outcome.plan.record.load?.status == .infeasible)
    #expect(try folder.files(of: "plan").count == 6)
  }

  @Test func `sections that the policy refuses keep their bound, also when the load is made`()
    throws
  {
    let instance = try changed { institution in
      institution.policy.incomePerCredit = 1
      institution.policy.costPerHour = 1000
      institution.policy.refuseBelowBreakEven = true
    }
    let sections = try pipeline(instance).run(.sections)
    let record = try #require(sections.plan.record.sections)
    #expect(record.status == .infeasible)
    #expect(record.bound != nil && record.bound == record.objective)
    let load = try pipeline(instance).run(.load)
    #expect(load.plan.record.sections?.bound == record.bound)
    #expect(load.plan.record.load?.bound != nil)
  }

  @Test func `a timetable that needs other weeks than a search offers is found hour by hour`()
    throws
  {
    let instance = try changed { institution in
      let weeks = institution.term.weeks
      institution.rooms = Table(
        institution.rooms.map { room in
          var room = room
          if room.id == "З-1" { room.capacity = 2 }
          return room
        })
      institution.availability += [
        Availability(
          subject: .room("Б-101"), day: .tuesday, from: 3, to: 3, level: .forbidden,
          weeks: WeekPattern(bits: 0b0011, weeks: weeks)),
        Availability(
          subject: .group("ЭЛр-23-1"), day: .monday, from: 4, to: 5, level: .forbidden,
          weeks: .even(weeks)),
      ]
      institution.pins.append(
        Pin(discipline: "ЭТ1", kind: .lab, teacher: "О3", slot: 3))
    }
    let outcome = try pipeline(instance).run(.plan)
    #expect(outcome.isValid)
    #expect(outcome.unplaced.isEmpty && outcome.mismatches.isEmpty)
    #expect(outcome.plan.record.timetable?.status == .feasible)
    let judged = try JudgedPlan(instance: instance, plan: folder("plan"), stages: nil)
    #expect(judged.report.isValid)
    // With a limit on moves the same input gives the same bytes.
    _ = try pipeline(instance, to: "again").run(.plan)
    #expect(try folder.files(of: "plan") == folder.files(of: "again"))
  }

  @Test func `a run that is stopped at once writes nothing`() throws {
    let outcome = try pipeline(iterations: nil, isCancelled: { true }).run(.plan)
    #expect(outcome.isStopped && !outcome.isValid)
    #expect(try folder.files(of: "plan").isEmpty)
  }

  @Test func `a run that is stopped while it improves keeps a valid plan`() throws {
    let improves = Atomic<Bool>(false)
    let flag = Shared(improves: improves)
    let outcome = try pipeline(
      iterations: nil, timeLimit: 600,
      isCancelled: { flag.improves.load(ordering: .relaxed) },
      progress: { step in
        if step.phase == "timetable: construction" {
          flag.improves.store(step.unplaced == 0, ordering: .relaxed)
        }
      }
    ).run(.plan)
    #expect(outcome.isValid)
    #expect(outcome.plan.record.timetable?.status != .stopped)
    #expect(try folder.files(of: "plan").count == 6)
  }

  @Test func `a rejected input throws everything found and writes nothing`() throws {
    let error = #expect(throws: InputRejected.self) {
      try pipeline(Shipped.instance("broken/duplicate-id")).run(.plan)
    }
    #expect(error?.diagnostics.contains { $0.severity == .error } == true)
    #expect(try folder.files(of: "plan").isEmpty)
  }

  @Test func `a timetable whose numbers the search cannot hold rejects the input`() throws {
    var institution = try InstanceFolder.read(Shipped.instance("tiny")).institution
    institution.weights.timetable[.studentGap] = 2e7
    let planner = Planner(
      checked: institution, solver: GLPKSolver(), options: PlanningOptions(iterations: 500))
    let plan = planner.emptyPlan()
    let error = #expect(throws: InputRejected.self) { try planner.makeTimetable(plan) }
    let found = try #require(error?.diagnostics.first)
    #expect(found.code == "timetable.declaration" && found.file == "instance.yaml")
    #expect(found.problem.contains("student_gap is 20000000"))
  }

  @Test func `a solver that miscounts is found out, criterion by criterion`() throws {
    let reading = try InstanceFolder.read(Shipped.instance("tiny"))
    let planner = try Planner(
      reading, solver: GLPKSolver(), options: PlanningOptions(iterations: 500))
    var run = PlanRun(planner, planner.emptyPlan())
    try run.formSections()
    try run.distributeLoad(isLast: false)
    var timetable = try planner.makeTimetable(run.outcome.plan)
    run.outcome.plan.meetings = timetable.meetings
    run.outcome.plan.hasTimetable = true
    run.judge()
    let criteria = try #require(run.outcome.report.timetable)
    let weights = planner.institution.weights.timetable
    #expect(timetable.mismatches(criteria, weights).isEmpty)
    timetable.bound = timetable.objective + 1
    #expect(timetable.mismatches(criteria, weights).map(\.name) == ["bound"])
    timetable.bound = 0
    timetable.objective += 1
    #expect(timetable.mismatches(criteria, weights).map(\.name) == ["objective"])
    var other = criteria
    other[.studentGap, default: 0] += 2
    #expect(
      timetable.mismatches(other, weights).map(\.name).contains(
        "weighted student_gap by the declarations"))
  }
}

/// A flag that closures share.
private final class Shared: Sendable {
  let improves: Atomic<Bool>
  init(improves: consuming Atomic<Bool>) { self.improves = improves }
}

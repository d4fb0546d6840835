// SPDX-License-Identifier: GPL-3.0-or-later
import Formats
import GLPKSolver
import Synthesis
import TestSupport
import Testing
import University
import Validation

@testable import Workflow

/// Make-ups and journals of the tiny instance's plan.
@Suite struct MakeUpTests {
  let folder: ScratchFolder
  let institution: Institution
  let plan: Plan

  init() throws {
    folder = try ScratchFolder()
    let instance = Shipped.instance("tiny")
    let pipeline = Pipeline(
      instance: instance, plan: folder("plan"), regime: nil, solver: GLPKSolver(),
      options: PlanningOptions(
        timeLimit: 120, iterations: 2000, seed: 1, threads: 1, isCancelled: { false },
        progress: { _ in }))
    _ = try pipeline.run(.plan)
    let read = try InstanceFolder.read(instance).institution
    let plan = try PlanFolder.read(folder("plan"), institution: read)
    self.plan = plan
    // A day of the second week with classes enough, and few enough for all choices to be tried.
    var found: Institution?
    for day in 11...16 {
      var closed = read
      closed.holidays = ["2023-09-\(day)"].compactMap { CalendarDate($0) }
      let lost = try MakeUpSchedule(closed, plan, solver: GLPKSolver()).makeUps.map(\.lost)
      if (2...4).contains(lost.count), lost.contains(where: { $0.mode == .room }) {
        found = closed
        break
      }
    }
    institution = try #require(found)
  }

  /// The instance with the make-ups in its `held.csv`.
  private func with(_ makeUps: [MakeUp], _ change: (inout Institution) -> Void) -> Institution {
    var result = institution
    change(&result)
    result.held += makeUps.compactMap(\.record)
    return result
  }

  @Test func `make-ups keep every rule and give back the hours`() throws {
    let schedule = try MakeUpSchedule(institution, plan, solver: GLPKSolver())
    let lost = schedule.makeUps.count
    #expect(lost > 0)
    let after = DatedPlan(with(schedule.makeUps) { _ in }, plan)
    #expect(after.findings == [])
    let end = after.calendar.end
    let before = DatedPlan(institution, plan)
    let placed = schedule.makeUps.filter { $0.time != nil }.reduce(0) { $0 + $1.lost.length }
    func held(_ dated: DatedPlan) -> Int { dated.hours(by: end).reduce(0) { $0 + $1.held } }
    #expect(held(after) == held(before) + placed)
  }

  @Test func `no choice of the candidate times is cheaper than one called optimal`() throws {
    let schedule = try MakeUpSchedule(institution, plan, solver: GLPKSolver())
    let isOptimal = schedule.isOptimal
    try #require(isOptimal)
    let lost = schedule.makeUps.map(\.lost)
    try #require((2...4).contains(lost.count))
    let free = FreeTimes(DatedPlan(institution, plan))
    let options = lost.map { free.options(for: $0).map(Optional.some) + [nil] }
    var best = Double.infinity
    func tryAll(_ at: Int, _ chosen: [MakeUp], _ cost: Double) {
      if cost >= best { return }
      guard at < lost.count else {
        if DatedPlan(with(chosen) { _ in }, plan).findings.isEmpty { best = cost }
        return
      }
      for time in options[at] {
        let own =
          time.map { MakeUpSchedule.cost($0, of: lost[at]) } ?? 1000 * Double(lost[at].length)
        tryAll(at + 1, chosen + [MakeUp(lost: lost[at], time: time)], cost + own)
      }
    }
    tryAll(0, [], 0)
    #expect(abs(schedule.cost - best) < 1e-6)
  }

  @Test func `a cancelled class is made up after the date`() throws {
    let first = try #require(DatedPlan(institution, plan).occurrences.first { $0.isHeld })
    var changed = institution
    changed.held = [
      HeldRecord(
        date: first.date, section: first.section, status: .cancelled, slot: first.slot)
    ]
    let schedule = try MakeUpSchedule(changed, plan, after: first.date, solver: GLPKSolver())
    let own = try #require(schedule.makeUps.first { $0.lost.fate == .cancelled })
    #expect(own.lost.section == first.section)
    #expect(schedule.makeUps.compactMap(\.time).allSatisfy { $0.date > first.date })
  }

  @Test func `without time the make-ups are chosen greedily and keep every rule`() throws {
    let schedule = try MakeUpSchedule(institution, plan, solver: GLPKSolver(), timeLimit: 0.0001)
    let isOptimal = schedule.isOptimal
    #expect(!isOptimal)
    #expect(DatedPlan(with(schedule.makeUps) { _ in }, plan).findings == [])
  }

  @Test func `hours for which no time is free are told with their number, and no others`() throws {
    var closed = institution
    for room in institution.rooms {
      closed.availability.append(
        Availability(
          subject: .room(room.id), day: nil, from: 1, to: institution.regime.slots,
          level: .forbidden, weeks: .all(institution.term.weeks)))
    }
    let schedule = try MakeUpSchedule(closed, plan, solver: GLPKSolver())
    let lost = schedule.makeUps.filter { $0.time == nil && $0.lost.mode == .room }.map(\.lost)
    let first = try #require(lost.first)
    #expect(schedule.makeUps.allSatisfy { $0.time == nil || $0.lost.mode == .online })
    let finding = RegisterFinding.notMadeUp(first.section, [first], after: nil)
    #expect(finding.rule == .notMadeUp && finding.severity == .warning)
    #expect([finding.found, finding.required] == ["0", "\(first.length)"])
    #expect(finding.description(in: .ru).contains("освободите время"))
  }

  @Test func `faults planted in a journal are found, and only they`() throws {
    let journal = Journal.entries(of: institution, plan, faults: 10, seed: 3)
    var changed = institution
    changed.attendance = journal.entries
    let audit = AttendanceAudit(DatedPlan(changed, plan), date: TermCalendar(institution).end)
    func found(_ rule: RegisterRule) -> Int {
      audit.findings.filter { $0.rule == rule }.reduce(0) { $0 + $1.count }
    }
    #expect(found(.dayOff) == journal.planted[.wrongDate] ?? 0)
    #expect(found(.notMember) == journal.planted[.foreignStudent] ?? 0)
    #expect(found(.repeated) == journal.planted[.repeated] ?? 0)
    #expect(found(.outsideTerm) == journal.planted[.outsideTerm] ?? 0)
    #expect(found(.missingJournal) == journal.planted[.missingJournal] ?? 0)
    #expect(found(.noMeeting) + found(.hours) + found(.notHeld) + found(.section) == 0)
    let faulty = [Journal.Fault.wrongDate, .foreignStudent, .repeated, .outsideTerm]
      .reduce(0) { $0 + (journal.planted[$1] ?? 0) }
    #expect(audit.counted == journal.entries.count - faulty)
  }
}

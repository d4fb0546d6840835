// SPDX-License-Identifier: GPL-3.0-or-later
import Formats
import Foundation
import GLPKSolver
import Reports
import Synchronization
import TestSupport
import Testing
import University
import Validation

@testable import Workflow

@Suite struct ScenarioTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func file(_ scenarios: String) throws -> ScenarioFile {
    if !FileManager.default.fileExists(atPath: folder("plan")) {
      _ = try Pipeline(
        instance: Shipped.instance("tiny"), plan: folder("plan"), solver: GLPKSolver(),
        options: PlanningOptions(timeLimit: nil, iterations: 2000)
      ).run(.plan)
    }
    let text = """
      instance: \(Shipped.instance("tiny"))
      base: plan
      seconds: 1
      \(scenarios)
      """
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder("scenarios.yaml")))
    return try ScenarioFile.read(folder("scenarios.yaml")) {
      try InstanceFolder.read($0).institution
    }
  }

  @Test func `runs start from the base, are valid, and are kept when nothing changed`() throws {
    let file = try file(
      """
      scenarios:
        - name: distance
          regime: distance
          online: [lecture]
        - name: short
          set: {policy: {student_max_hours_per_day: 6}}
      """)
    let scenarios = Scenarios(file, directory: folder("out"), solver: GLPKSolver(), threads: 2)
    let first = try scenarios.run()
    #expect(first.runs.map(\.name) == ["base", "distance", "short"])
    #expect(first.runs.allSatisfy { $0.report.isValid && !$0.isKept })
    let distance = first.runs[1]
    #expect(distance.plan.record.regime == "distance")
    #expect(
      distance.plan.meetings.allSatisfy { meeting in
        let kind = distance.plan.sections[meeting.section]?.kind
        return kind != .lecture || meeting.mode == .online
      })
    #expect(first.runs[2].institution.policy.studentMaxHoursPerDay == 6)
    let again = try scenarios.run()
    let areKept = again.runs.allSatisfy(\.isKept)
    #expect(areKept)
    #expect(again.runs.map(\.plan.meetings) == first.runs.map(\.plan.meetings))
  }

  @Test func `without a base one is made, once`() throws {
    let text = """
      instance: \(Shipped.instance("tiny"))
      seconds: 1
      scenarios:
        - name: less
          close_cheapest: 1
      """
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder("scenarios.yaml")))
    let file = try ScenarioFile.read(folder("scenarios.yaml")) {
      try InstanceFolder.read($0).institution
    }
    let scenarios = Scenarios(file, directory: folder("out"), solver: GLPKSolver(), threads: 1)
    let first = try scenarios.run()
    #expect(first.base.hasTimetable)
    #expect(first.runs.last?.closed.count == 1)
    let again = try scenarios.run()
    #expect(again.base.meetings == first.base.meetings)
    let areKept = again.runs.allSatisfy(\.isKept)
    #expect(areKept)
    // With other threads the answer may be another.
    let other = try Scenarios(file, directory: folder("out"), solver: GLPKSolver(), threads: 2)
      .run()
    let isNew = other.runs.allSatisfy { !$0.isKept }
    #expect(isNew)
  }

  @Test func `all faults of a file are told at once with their lines`() throws {
    do {
      _ = try file(
        """
        scenarios:
          - name: a
            close: [{building: nowhere}]
            regime: nothing
            closed: 3
          - name: a
            online: [practise]
        """)
      Issue.record("it was read")
    } catch let rejected as InputRejected {
      #expect(rejected.diagnostics.count == 5)
      #expect(rejected.diagnostics.allSatisfy { $0.line != nil })
    }
  }

  @Test func `more students of a group bring their enrolments`() throws {
    let institution = try InstanceFolder.read(Shipped.instance("tiny")).institution
    let doubled = institution.applying([.enrolment(factor: 2)])
    #expect(doubled.students.count == 2 * institution.students.count)
    #expect(doubled.enrolments.count == 2 * institution.enrolments.count)
    let fewer = institution.applying([.enrolment(factor: 0.34)])
    #expect(fewer.students.count < institution.students.count)
    #expect(fewer.enrolments.allSatisfy { fewer.students.contains(id: $0.student) })
  }

  @Test
  func `who comes in place of one who leaves can do the same, and no criterion counts the one`()
    throws
  {
    let file = try file(
      """
      scenarios:
        - name: a
          remove_teachers: [О1]
          add_teachers: [{teacher: О9, like: О1}]
      """)
    let institution = try InstanceFolder.read(Shipped.instance("tiny")).institution
    let changed = institution.applying(file.scenarios[0].edits)
    func disciplines(_ it: Institution, _ teacher: TeacherID) -> [DisciplineID] {
      it.competences.filter { $0.teacher == teacher }.map(\.discipline)
    }
    #expect(!disciplines(institution, "О1").isEmpty)
    #expect(disciplines(changed, "О9") == disciplines(institution, "О1"))
    #expect(disciplines(changed, "О1").isEmpty)
    let gone = try #require(changed.teachers["О1"])
    #expect(changed.norm(of: gone) == 0)
  }

  @Test func `a building closed for good has no rooms, pins and closed times left`() throws {
    let institution = try InstanceFolder.read(Shipped.instance("tiny")).institution
    let building = try #require(institution.rooms.first?.building)
    let closed = institution.applying([.close(.building(building), weeks: nil, days: nil)])
    let isOpen = closed.rooms.contains { $0.building == building }
    #expect(!isOpen)
    let pinned = closed.pins.compactMap(\.room)
    let isKept = pinned.allSatisfy { room in closed.rooms.contains { $0.id == room } }
    #expect(isKept)
  }

  @Test func `opening takes away closed times of the weeks and days named, and no others`() throws {
    var institution = try InstanceFolder.read(Shipped.instance("tiny")).institution
    let room = try #require(institution.rooms.first?.id)
    let weeks = institution.term.weeks
    institution.availability = [
      Availability(
        subject: .room(room), day: nil, from: 1, to: 2, level: .forbidden, weeks: .all(weeks))
    ]
    let day = try #require(institution.days.first)
    let opened = institution.applying([
      .open(.room(room), weeks: WeekPattern(bits: 0b11, weeks: weeks), days: [day])
    ])
    for other in institution.days {
      for week in 0..<weeks {
        let isClosed = opened.availability.contains {
          $0.subject == .room(room) && $0.day == other && $0.weeks.holds(week: week)
        }
        #expect(isClosed == !(other == day && week < 2))
      }
    }
    let all = institution.applying([.open(.room(room), weeks: nil, days: nil)])
    #expect(all.availability.isEmpty)
  }

  @Test func `what is no list, no day or already there is a fault and not left out`() throws {
    do {
      _ = try file(
        """
        room_costs: {nowhere: 5, lab: -1}
        scenarios:
          - name: a
            close: [{building: Бас, days: tue}, {building: Бас, weeks: [3, 4]}]
          - name: b
            open: [{building: Бас, weekss: 3}]
            add_rooms: [{room: Б-102, building: Бас, capacity: 5, kind: lab}]
        """)
      Issue.record("it was read")
    } catch let rejected as InputRejected {
      #expect(rejected.diagnostics.count == 6)
    }
  }

  @Test func `a title is one for all languages, or one for each`() throws {
    let file = try file(
      """
      scenarios:
        - {name: a, title: One}
        - {name: b, title: {kk: Екі, ru: Два, en: Two}}
        - {name: c}
      """)
    #expect(file.scenarios.map(\.title) == ["One", "Two", "c"])
    #expect(file.scenarios.map(\.text) == ["", "", ""])
    let changing = try self.file(
      "scenarios: [{name: a, title: A, close: [{room: Б-101, weeks: 2-3}], set: {policy: {group_cap: 3}}}]"
    )
    #expect(
      changing.scenarios[0].text
        == "close:\n- room: Б-101\n  weeks: 2-3\nset:\n  policy:\n    group_cap: 3")
    #expect(file.scenarios[1].titles == [.kk: "Екі", .ru: "Два", .en: "Two"])
    #expect(throws: InputRejected.self) {
      try self.file("scenarios: [{name: a, title: {de: Eins}}]")
    }
  }

  @Test func `a room costs what is said of it, else what its kind does`() throws {
    let file = try file(
      """
      room_costs: {lab: 7, Б-102: 100}
      scenarios:
        - name: a
          add_rooms: [{room: new, building: Бас, capacity: 5, kind: lab}]
      """)
    let institution = try InstanceFolder.read(Shipped.instance("tiny")).institution
    let costs = file.costs(of: institution.applying(file.scenarios[0].edits))
    #expect(costs["Б-102"] == 100)
    #expect(costs["new"] == 7)
  }

  @Test func `a run that was broken off goes on from where it was, with what it had`() throws {
    let file = try file(
      """
      scenarios:
        - name: a
          set: {policy: {student_max_hours_per_day: 6}}
      """)
    let scenarios = Scenarios(file, directory: folder("out"), solver: GLPKSolver(), threads: 1)
    let first = try scenarios.run()
    // As a kill would leave it: no result, the key of the run under way, a checkpoint.
    let run = folder("out/a/seed-1")
    let files = FileManager.default
    let plan = try PlanFolder.read("\(run)/plan", institution: first.runs[1].institution)
    try files.moveItem(atPath: "\(run)/key", toPath: "\(run)/started")
    try files.removeItem(atPath: "\(run)/plan")
    try PlanFolder.write(plan, to: "\(run)/plan.checkpoint")
    try Data("{\"seconds\": 0.9, \"share\": 0.9}".utf8)
      .write(to: URL(fileURLWithPath: "\(run)/plan.checkpoint/search.json"))
    let told = Mutex<[String]>([])
    let again = try Scenarios(
      file, directory: folder("out"), solver: GLPKSolver(), threads: 1,
      progress: { line in told.withLock { $0.append(line) } }
    ).run()
    let lines = told.withLock { $0 }
    #expect(lines.contains("base, seed 1: kept"))
    #expect(lines.contains("a, seed 1: going on after 0 s"))
    #expect(again.runs[1].report.isValid)
    let objective = try #require(first.runs[1].report.objectives[.timetable])
    #expect(try #require(again.runs[1].report.objectives[.timetable]) <= objective)
    #expect(!files.fileExists(atPath: "\(run)/plan.checkpoint"))
    #expect(!files.fileExists(atPath: "\(run)/started"))
  }

  @Test func `a scenario's plan has the approvals of its base, but for loads that it changes`()
    throws
  {
    _ = try file("scenarios: [{name: none, regime: distance}]")
    let institution = try InstanceFolder.read(Shipped.instance("tiny")).institution
    let base = try PlanFolder.read(folder("plan"), institution: institution)
    var decisions = PlanDecisions()
    for department in institution.departments {
      for state in [ApprovalState.proposed, .approved] {
        let refusal = decisions.record(
          Approval(
            department: department.id, state: state, by: "A",
            date: CalendarDate(dayNumber: 19_604), minutes: "1"))
        #expect(refusal == nil)
      }
    }
    try decisions.write(to: folder("plan"))
    let holder = try #require(base.assignments.compactMap(\.teacher).first)
    let file = try file(
      """
      scenarios:
        - name: fine
          set: {policy: {student_max_hours_per_day: 6}}
        - name: fewer
          remove_teachers: [\(holder)]
      """)
    let found = try Scenarios(file, directory: folder("out"), solver: GLPKSolver(), threads: 1)
      .run()
    #expect(found.runs.map(\.name) == ["base", "fine", "fewer"])
    for name in ["base", "fine"] {
      let held = try PlanDecisions.read(folder("out/\(name)/seed-1/plan"), institution: institution)
      #expect(held == decisions)
    }
    let held = try PlanDecisions.read(folder("out/fewer/seed-1/plan"), institution: institution)
    let rows = held.approvals.rows.filter { $0.state == .draft }
    #expect(!rows.isEmpty)
    #expect(rows.allSatisfy { $0.by == "keste scenario" && !$0.reason.isEmpty })
  }

  @Test func `a scenario that is not possible says why, and the others run`() throws {
    let file = try file(
      """
      scenarios:
        - {name: two, close_cheapest: 2}
        - {name: all, close_cheapest: 40}
        - name: fine
          set: {policy: {student_max_hours_per_day: 6}}
      """)
    let found = try Scenarios(file, directory: folder("out"), solver: GLPKSolver(), threads: 1)
      .run()
    #expect(found.runs.map(\.name) == ["base", "fine"])
    #expect(!found.isStopped)
    #expect(found.impossible.map(\.scenario.name) == ["two", "all"])
    let reasons = found.impossible.flatMap(\.reasons)
    #expect(reasons.map(\.code) == ["scenario.cheapest", "scenario.cheapest"])
    #expect(reasons.map(\.file) == [folder("scenarios.yaml"), folder("scenarios.yaml")])
    #expect(reasons.map(\.line) == [5, 6])
    #expect(reasons.allSatisfy { $0.wording?[.kk] != $0.wording?[.en] })
    // An instance that the check refuses is an answer for its own scenario too.
    let measures = found.impossible.map {
      ScenarioMeasures(
        name: $0.scenario.name, title: $0.scenario.title, titles: [:],
        obstacles: $0.reasons.compactMap(\.wording))
    }
    let page = ScenarioPage(measures, days: [.monday])
    for (path, text) in page.files(.ru) where path.hasSuffix("ru.html") || path == "reasons.csv" {
      #expect(text.contains("закрыть 40 аудиторий невозможно"))
    }
    #expect(page.comparisons.isEmpty)
  }

  @Test func `without any room there is no plan, and the others run`() throws {
    let institution = try InstanceFolder.read(Shipped.instance("tiny")).institution
    let buildings = institution.buildings.map { "{building: \($0.id)}" }.joined(separator: ", ")
    let file = try file(
      """
      scenarios:
        - {name: rooms, close: [\(buildings)]}
        - name: fine
          set: {policy: {student_max_hours_per_day: 6}}
      """)
    let found = try Scenarios(file, directory: folder("out"), solver: GLPKSolver(), threads: 1)
      .run()
    #expect(found.runs.map(\.name) == ["base", "fine"])
    #expect(found.impossible.map(\.scenario.name) == ["rooms"])
    let reasons = found.impossible.flatMap(\.reasons)
    #expect(reasons.map(\.line) == [5])
    #expect(reasons.allSatisfy { $0.code == "scenario.nothingLeft" && $0.wording != nil })
    let files = try FileManager.default.contentsOfDirectory(atPath: folder("out")).sorted()
    #expect(files == [".keste-scenarios", "base", "fine"])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder("out/fine")).sorted()
        == ["instance", "seed-1"])
  }

  @Test func `sections that no room of the scenario seats any more are formed anew`() throws {
    let file = try file(
      """
      scenarios:
        - name: small-lab
          resize: {З-1: 2}
      """)
    let found = try Scenarios(file, directory: folder("out"), solver: GLPKSolver(), threads: 1)
      .run()
    func largestLab(_ plan: Plan) -> Int? {
      plan.sections.filter { $0.kind == .lab }.map(\.students.count).max()
    }
    #expect(largestLab(found.base) == 3)
    #expect(found.runs.map(\.name) == ["base", "small-lab"])
    #expect(largestLab(found.runs[1].plan) == 2)
  }

  @Test func `practices alone go online`() throws {
    let file = try file(
      """
      scenarios:
        - name: practices
          online: [practice]
      """)
    let found = try Scenarios(file, directory: folder("out"), solver: GLPKSolver(), threads: 1)
      .run()
    let run = try #require(found.runs.last)
    #expect(run.report.isValid)
    for meeting in run.plan.meetings {
      let section = try #require(run.plan.sections[meeting.section])
      let wasOnline =
        found.runs[0].institution.disciplines[section.discipline]?.delivery.isOnline(section.kind)
      #expect((meeting.mode == .online) == (section.kind == .practice || wasOnline == true))
    }
    for delivery in Delivery.allCases {
      #expect(Delivery(online: delivery.onlineKinds) == delivery)
    }
  }

  @Test func `a room is added for some weeks on some days`() throws {
    let file = try file(
      """
      scenarios:
        - name: a
          add_rooms: [{room: new, building: Бас, capacity: 5, kind: lab, weeks: 2-3, days: [tue]}]
      """)
    let institution = try InstanceFolder.read(Shipped.instance("tiny")).institution
    let changed = institution.applying(file.scenarios[0].edits)
    #expect(changed.rooms.contains(id: "new"))
    for day in institution.days {
      for week in 0..<institution.term.weeks {
        let isShut = changed.availability.contains {
          $0.subject == .room("new") && ($0.day == nil || $0.day == day)
            && $0.weeks.holds(week: week)
        }
        #expect(isShut == !(day == .tuesday && (1...2).contains(week)))
      }
    }
  }

  @Test func `a room is another one in some weeks on some days, and costs once`() throws {
    let file = try file(
      """
      room_costs: {lab: 7, classroom: 5}
      scenarios:
        - name: a
          resize: {З-1: {capacity: 2, weeks: 2-3, days: [tue]}, Б-102: {capacity: 9, weeks: 1-4}}
          equip: {З-1: {features: [pc], weeks: 2-3, days: [tue]}, Б-102: {kind: lecture, weeks: 4}}
        - name: b
          close: [{building: Зерт, weeks: 1}]
          resize: {З-1: {capacity: 2, weeks: 1-2}}
          equip: {З-1: {kind: classroom, weeks: 3}}
      """)
    let institution = try InstanceFolder.read(Shipped.instance("tiny")).institution
    let changed = institution.applying(file.scenarios[0].edits)
    let lab = try #require(changed.rooms["З-1·2"])
    #expect(lab.capacity == 2 && lab.features == ["pc"] && lab.kind == "lab")
    #expect(changed.rooms["З-1"]?.capacity == 3)
    // For good where all weeks are meant; what stands in has what was changed for good.
    #expect(changed.rooms["Б-102"]?.capacity == 9)
    #expect(changed.rooms["Б-102·2"]?.capacity == 9 && changed.rooms["Б-102·2"]?.kind == "lecture")
    func isShut(_ it: Institution, _ room: RoomID, _ day: Weekday, _ week: Int) -> Bool {
      it.availability.contains {
        $0.subject == .room(room) && ($0.day == nil || $0.day == day) && $0.weeks.holds(week: week)
      }
    }
    for day in institution.days {
      for week in 0..<institution.term.weeks {
        let isThen = day == .tuesday && (1...2).contains(week)
        #expect(isShut(changed, "З-1", day, week) == isThen)
        #expect(isShut(changed, "З-1·2", day, week) == !isThen)
        #expect(isShut(changed, "Б-102·2", day, week) == (week != 3))
      }
    }
    let open = changed.openWeeks(of: "З-1·2").map { $0.reduce(0, +) }
    #expect(open.reduce(0, +) == 2 * institution.regime.slots)
    // A pin of all weeks cannot stay where the room is another one in some.
    let halls = institution.applying([
      .refit("Б-101", .init(standIn: "Б-101·2", weeks: WeekPattern(bits: 8, weeks: 4), days: nil))
    ])
    #expect(changed.pins.map(\.room) == ["Б-101"] && halls.pins.map(\.room) == [nil])
    #expect(
      file.costs(of: changed, in: "a") == ["З-1": 7, "Б-102": 5]
        && file.standIns(of: "a") == ["З-1·2", "Б-102·2"])
    let other = institution.applying(file.scenarios[1].edits)
    #expect(other.rooms["З-1·2"]?.capacity == 2 && other.rooms["З-1·3"]?.kind == "classroom")
    #expect(isShut(other, "З-1·2", .monday, 0) && !isShut(other, "З-1·2", .monday, 1))

    let found = try Scenarios(file, directory: folder("out"), solver: GLPKSolver(), threads: 1)
      .run()
    let run = try #require(found.runs.first { $0.name == "a" })
    #expect(run.report.isValid)
    let measures = ScenarioMeasures(
      name: "a", title: "a", seed: 1, run.institution, run.plan, run.report, base: found.base,
      costs: file.costs(of: run.institution, in: "a"), closed: [],
      standIns: file.standIns(of: "a"))
    func value(_ name: String) -> Double? { measures.values.first { $0.name == name }?.value }
    #expect(value("rooms") == Double(institution.rooms.count))
    #expect(value("cost") == 12)
    // Every hour in a laboratory, over the hours at which one of the two is open.
    let hours = run.plan.meetings.filter { $0.room.map { $0.text.hasPrefix("З-1") } ?? false }
      .reduce(0) { $0 + $1.length * $1.weeks.count }
    let grid = institution.days.count * institution.regime.slots * institution.term.weeks
    #expect(hours > 0)
    #expect(abs(try #require(value("use.kind.lab")) - Double(hours) / Double(grid)) < 1e-9)
  }

  @Test func `reasons are told in the language asked for`() {
    let wording = Wording("бір", "раз", "one")
    let page = ScenarioPage(
      [ScenarioMeasures(name: "a", title: "a", titles: [:], obstacles: [wording])], days: [.monday])
    let files = page.files(.kk, reasonsIn: .ru)
    let reasons = files.first { $0.path == "reasons.csv" }?.text
    #expect(reasons?.contains("раз") == true && reasons?.contains("бір") == false)
  }

  @Test(arguments: [
    (
      "resize: {З-1: {capacity: 2, weeks: 1-2}}\n    equip: {З-1: {kind: lab, weeks: 2-3}}", 7,
      "scenarios[1].equip.З-1"
    ),
    (
      "add_rooms: [{room: З-1·2, building: Бас, capacity: 5, kind: lab}]\n"
        + "    resize: {З-1: {capacity: 2, days: [mon]}}", 7, "scenarios[1].resize.З-1"
    ),
    ("resize: {З-1: {weeks: 1-2}}", 6, "scenarios[1].resize.З-1"),
    ("resize: {З-1: {capacity: 2, weeks: 7-9}}", 6, "scenarios[1].resize.З-1.weeks"),
    ("equip: {З-1: {weeks: 1-2}}", 6, "scenarios[1].equip.З-1"),
    ("equip: {З-1: {kind: palace}}", 6, "scenarios[1].equip.З-1.kind"),
    (
      "close: [{room: З-1}]\n    resize: {З-1: {capacity: 2, weeks: 2}}", 7,
      "scenarios[1].resize.З-1"
    ),
    ("set: {policy: {\n      group_cap: many}}", 7, "scenarios[1].set.policy.group_cap"),
    ("regime: full\n    shift_minutes: 900", 7, "scenarios[1].shift_minutes"),
    ("resize: {Бас: {factor: 0}}", 6, "scenarios[1].resize.Бас"),
    ("resize: {Бас: {factor: 2, capacity: 3}}", 6, "scenarios[1].resize.Бас"),
    ("resize: {Баз: {factor: 2}}", 6, "scenarios[1].resize.Баз"),
    ("close: [{building: Бас}]\n    resize: {Бас: 3}", 7, "scenarios[1].resize.Бас"),
    ("add_buildings: [{building: Бас}]", 6, "scenarios[1].add_buildings"),
    (
      "add_buildings: [{building: N, minutes: {M: 5}}]", 6, "scenarios[1].add_buildings.minutes.M"
    ),
    ("add_rooms: [{room: N, building: M, capacity: 5, kind: lab}]", 6, "scenarios[1].add_rooms"),
    ("add_rooms: [{room: N, building: Бас, capacity: 5, kind: lba}]", 6, "scenarios[1].add_rooms"),
    ("enrolment_factor: 0", 6, "scenarios[1].enrolment_factor"),
    ("regime: evening", 6, "scenarios[1].regime"),
    (
      "add_teachers: [{teacher: N, like: О1}, {teacher: N, like: О1}]", 6,
      "scenarios[1].add_teachers"
    ),
    ("add_teachers: [{teacher: [], like: О1}]", 6, "scenarios[1].add_teachers.teacher"),
    ("add_teachers: [{teacher: N, like: {}}]", 6, "scenarios[1].add_teachers.like"),
    ("add_teachers: [{teacher: N, like: О1, name: []}]", 6, "scenarios[1].add_teachers.name"),
    ("weight: 3", 6, "scenarios[1]"),
    ("close: [{room: Б-101, weeks: '0000'}]", 6, "scenarios[1].close.weeks"),
    ("close: [{room: Б-101, days: [sun]}]", 6, "scenarios[1].close.days"),
    ("set: {policy: {groupcap: 3}}", 6, "scenarios[1].set.policy.groupcap"),
    ("set: {wieghts: {}}", 6, "scenarios[1].set.wieghts"),
    (
      "close: [{building: Бас}]\n    open: [{room: Б-101, weeks: 3-5}]", 7,
      "scenarios[1].open"
    ),
  ])
  func `what a scenario says wrongly is told of its own line`(
    text: String, line: Int, path: String
  ) throws {
    do {
      let file = try file("scenarios:\n  - name: a\n    \(text)")
      _ = try Scenarios(file, directory: folder("out"), solver: GLPKSolver(), threads: 1).run()
      Issue.record("it was run")
    } catch let rejected as InputRejected {
      let errors = rejected.diagnostics.filter { $0.severity == .error }
      #expect(!errors.isEmpty)
      #expect(errors.allSatisfy { $0.file == folder("scenarios.yaml") })
      #expect(errors.map(\.line).contains(line))
      #expect(errors.compactMap(\.column).contains(path))
      #expect(!FileManager.default.fileExists(atPath: folder("out")))
    }
  }

  @Test func `a new building has rooms and ways, and the seats of a building are cut by a factor`()
    throws
  {
    let file = try file(
      """
      scenarios:
        - name: a
          add_buildings: [{building: Жаңа, name: New, minutes: {Бас: 25}}]
          add_rooms: [{room: Ж-1, building: Жаңа, capacity: 8, kind: lab}]
          resize: {Бас: {factor: 0.5}}
        - name: b
          resize: {Бас: {factor: 0.5, weeks: 2-3}, З-1: {capacity: 5}}
      """)
    let institution = try InstanceFolder.read(Shipped.instance("tiny")).institution
    let changed = institution.applying(file.scenarios[0].edits)
    #expect(changed.rooms["Ж-1"]?.building == "Жаңа" && changed.buildings["Жаңа"]?.name == "New")
    let minutes = changed.travelTable()
    #expect(minutes("Жаңа", "Бас") == 25 && minutes("Бас", "Жаңа") == 25)
    let another = institution.buildings.first { $0.id != "Бас" }?.id
    let other = try #require(another)
    #expect(minutes("Жаңа", other) == institution.policy.defaultTravelMinutes)
    for room in institution.rooms {
      let seats = room.building == "Бас" ? room.capacity / 2 : room.capacity
      #expect(changed.rooms[room.id]?.capacity == seats)
    }
    let parts = institution.applying(file.scenarios[1].edits)
    for room in institution.rooms where room.building == "Бас" {
      #expect(parts.rooms[RoomID("\(room.id)·2")]?.capacity == room.capacity / 2)
      #expect(parts.rooms[room.id]?.capacity == room.capacity)
    }
    #expect(parts.rooms["З-1"]?.capacity == 5)
    // What it writes is read back as it was meant.
    let found = try Scenarios(file, directory: folder("out"), solver: GLPKSolver(), threads: 1)
      .run()
    let run = try #require(found.runs.first { $0.name == "a" })
    #expect(run.institution.rooms["Ж-1"]?.capacity == 8)
    #expect(run.institution.travelTable()("Бас", "Жаңа") == 25)
  }

  @Test
  func `with a number of moves the same file gives the same plans, and other numbers run anew`()
    throws
  {
    func file(_ limit: String) throws -> ScenarioFile {
      let text = """
        instance: \(Shipped.instance("tiny"))
        \(limit)
        seeds: [1, 2]
        scenarios:
          - name: short
            set: {policy: {student_max_hours_per_day: 6}}
        """
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder("moves.yaml")))
      return try ScenarioFile.read(folder("moves.yaml")) {
        try InstanceFolder.read($0).institution
      }
    }
    func run(_ file: ScenarioFile, _ directory: String, _ threads: Int) throws -> [ScenarioRun] {
      try Scenarios(
        file, directory: folder(directory), solver: GLPKSolver(), threads: threads
      ).run().runs
    }
    let first = try run(try file("iterations: 3000"), "one", 1)
    let second = try run(try file("iterations: 3000"), "two", 1)
    #expect(first.count == 4)
    for name in ["base/seed-1", "base/seed-2", "short/seed-1", "short/seed-2"] {
      for part in ["meetings.csv", "plan.json"] {
        #expect(
          FileManager.default.contents(atPath: folder("one/\(name)/plan/\(part)"))
            == FileManager.default.contents(atPath: folder("two/\(name)/plan/\(part)")))
      }
    }
    #expect(second.map(\.plan.meetings) == first.map(\.plan.meetings))
    let again = try run(try file("iterations: 3000"), "one", 1)
    let other = try run(try file("iterations: 4000"), "one", 1)
    let areKept = again.allSatisfy(\.isKept), areNew = other.allSatisfy { !$0.isKept }
    #expect(areKept && areNew)
    // Nor does it matter what was here before.
    _ = try run(try file("iterations: 3000"), "one", 1)
    #expect(
      FileManager.default.contents(atPath: folder("one/.base/plan/plan.json"))
        == FileManager.default.contents(atPath: folder("two/.base/plan/plan.json")))
    #expect(throws: InputRejected.self) { try file("iterations: 3000\nseconds: 2") }
    #expect(throws: InputRejected.self) { try file("iterations: 0") }
  }

  @Test func `a run is made anew where a file of the instance changed, and kept where none did`()
    throws
  {
    let source = folder("instance")
    try FileManager.default.copyItem(atPath: Shipped.instance("tiny"), toPath: source)
    let base = try file("scenarios: [{name: a}]").base
    let text = """
      instance: instance
      base: \(base)
      iterations: 1000
      scenarios:
        - {name: a, set: {policy: {student_max_hours_per_day: 6}}}
        - {name: b, close: [{room: Б-102, weeks: 2-3}]}
      """
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder("own.yaml")))
    func run(_ text: String) throws -> [String: Bool] {
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder("own.yaml")))
      let file = try ScenarioFile.read(folder("own.yaml")) {
        try InstanceFolder.read($0).institution
      }
      let runs = try Scenarios(file, directory: folder("own"), solver: GLPKSolver(), threads: 1)
        .run().runs
      return Dictionary(uniqueKeysWithValues: runs.map { ($0.name, $0.isKept) })
    }
    #expect(try run(text) == ["base": false, "a": false, "b": false])
    #expect(try run(text) == ["base": true, "a": true, "b": true])
    // Only the scenario that says something else.
    let other = text.replacingOccurrences(of: "per_day: 6", with: "per_day: 7")
    #expect(try run(other) == ["base": true, "a": false, "b": true])
    let rooms = URL(fileURLWithPath: source).appendingPathComponent("rooms.csv")
    let table = try String(contentsOf: rooms, encoding: .utf8)
    try Data(table.replacingOccurrences(of: "Б-102,Бас,6", with: "Б-102,Бас,7").utf8)
      .write(to: rooms)
    #expect(try run(other) == ["base": false, "a": false, "b": false])
  }

  @Test
  func `what is decided for other students is made anew, and who leaves holds nothing decided`()
    throws
  {
    let source = folder("decided")
    try FileManager.default.copyItem(atPath: Shipped.instance("tiny"), toPath: source)
    _ = try file("scenarios: [{name: a}]")
    for name in ["sections", "section_students", "load", "assignments"] {
      try FileManager.default.copyItem(
        atPath: folder("plan/\(name).csv"), toPath: "\(source)/\(name).csv")
    }
    let text = """
      instance: decided
      iterations: 3000
      scenarios:
        - {name: more, enrolment_factor: 1.5}
        - {name: less, enrolment_factor: 0.5}
        - {name: same, enrolment_factor: 1}
        - {name: gone, remove_teachers: [О1]}
      """
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder("decided.yaml")))
    let file = try ScenarioFile.read(folder("decided.yaml")) {
      try InstanceFolder.read($0).institution
    }
    let found = try Scenarios(file, directory: folder("out"), solver: GLPKSolver(), threads: 1)
      .run()
    #expect(found.impossible.isEmpty)
    #expect(found.runs.map(\.name) == ["base", "more", "less", "same", "gone"])
    #expect(found.runs.allSatisfy { $0.report.isValid })
    #expect(found.runs.map(\.isReleased) == [false, true, true, false, false])
    #expect(found.runs[1].notes(base: found.base).count == 1)
    // A factor that changes nobody leaves what is decided.
    #expect(found.runs[3].institution.decidedAssignments != nil)
    #expect(found.runs[3].notes(base: found.base).isEmpty)
    let gone = found.runs[4].plan
    #expect(gone.assignments.allSatisfy { $0.teacher != "О1" })
    #expect(Array(gone.sections) == Array(found.base.sections))
  }

  @Test func `faults of settings are told with those of the other keys`() throws {
    let base = try file("scenarios: [{name: a}]")
    let text = """
      instance: \(base.instance)
      base: \(base.base)
      scenarios:
        - name: a
          colse: [{room: Б-101}]
          set: {policy: {student_max_hours_per_day: many, grup_cap: 3}}
      """
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder("both.yaml")))
    let (file, faults) = try ScenarioFile.parse(folder("both.yaml")) {
      try InstanceFolder.read($0).institution
    }
    #expect(faults.map(\.suggestion) == ["did you mean \"close\"?"])
    let others = try Scenarios(
      file, directory: folder("out"), solver: GLPKSolver(), threads: 1
    ).settingsFaults()
    let columns = Set(others.compactMap(\.column))
    #expect(
      columns == [
        "scenarios[1].set.policy.student_max_hours_per_day", "scenarios[1].set.policy.grup_cap",
      ])
    #expect(others.allSatisfy { $0.line == 6 && $0.file == folder("both.yaml") })
    #expect(!FileManager.default.fileExists(atPath: folder("out")))
  }

  @Test(
    arguments: [
      ([10.0], [90.0], nil), ([10, 12], [13, 14], false), ([10, 12], [15, 16], true),
      ([10, 12], [15, 19], false), ([10, 12], [4, 5], true), ([10, 11, 12], [14, 15, 16], false),
      ([10, 11, 11, 12], [13, 16, 19, 21], true), ([10, 11, 11, 12], [12, 16, 19, 21], false),
      ([10, 10], [10, 10], false), ([10, 10], [11, 11], true),
    ] as [([Double], [Double], Bool?)])
  func `a difference is called one only where the seeds are further apart than they are spread`(
    base: [Double], other: [Double], differs: Bool?
  ) throws {
    var runs: [ScenarioMeasures] = []
    for (name, values) in [("base", base), ("a", other)] {
      for (seed, value) in values.enumerated() {
        var run = ScenarioMeasures(name: name, title: name, titles: [:], obstacles: [])
        run.seed = UInt64(seed + 1)
        run.isValid = true
        run.values = [("objective.timetable", value)]
        runs.append(run)
      }
    }
    let page = ScenarioPage(runs, days: [.monday])
    let found = try #require(page.comparisons.first { $0.scenario == "a" })
    #expect(found.differs == differs)
    let summary = page.files(.en).first { $0.path == "summary.csv" }?.text ?? ""
    let word = differs.map { $0 ? "yes" : "no" } ?? "one_seed"
    #expect(summary.contains(",\(word),yes\n"))
  }

  @Test func `many scenarios stand in tables that fit a page, the base in each`() {
    var runs: [ScenarioMeasures] = []
    for number in 0...12 {
      var run = ScenarioMeasures(
        name: number == 0 ? "base" : "s\(number)", title: "S\(number)", titles: [:],
        obstacles: [])
      run.isValid = true
      run.values = [("objective.timetable", Double(number)), ("use.all", 0.5)]
      run.heat = [("A", [[0.25, 1]])]
      if number == 12 {
        run.isValid = false
        run.overlay = "close:\n- room: A<1>"
        run.why = [.en: ["reason", "  row"]]
      }
      runs.append(run)
    }
    let files = ScenarioPage(runs, days: [.monday]).files(.en)
    let page = files.first { $0.path == "en.html" }?.text ?? ""
    #expect(page.contains("<pre>close:\n- room: A&lt;1&gt;\n</pre>"))
    #expect(page.contains("<pre>reason\n  row\n</pre>"))
    let heads = page.components(separatedBy: "<thead>").dropFirst()
      .map { $0.components(separatedBy: "</thead>")[0] }
    #expect(heads.map { $0.components(separatedBy: "<th").count - 2 } == [6, 6, 3])
    #expect(heads.allSatisfy { $0.contains("As it is (base)") })
    for number in 1...11 { #expect(heads.count { $0.contains(">S\(number)<") } == 1) }
    #expect(heads.count { $0.contains(">S12 †<") } == 1)
    let hours = files.first { $0.path == "hours.csv" }?.text.split(separator: "\n") ?? []
    #expect(hours.count == 27 && hours.contains("s3,0,A,mon,1,0.25"))
  }

  @Test func `a kind put online is written by a word that every reader knows where one says it`() {
    #expect(Delivery(online: [.practice], of: [.practice]) == .online)
    #expect(Delivery(online: [.lecture], of: [.practice, .lab]) == .room)
    #expect(Delivery(online: [.lecture, .practice], of: [.lecture, .practice]) == .online)
    #expect(Delivery(online: [.lecture], of: [.lecture, .practice]) == .lectureOnline)
    #expect(Delivery(online: [.lecture, .lab], of: [.lecture, .practice]) == .lectureOnline)
    #expect(Delivery(online: [.practice], of: [.lecture, .practice]) == .practiceOnline)
    for word in Delivery.allCases {
      let kinds = TeachingKind.allCases
      #expect(Delivery(online: word.onlineKinds, of: kinds).onlineKinds == word.onlineKinds)
    }
  }
}

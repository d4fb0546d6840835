// SPDX-License-Identifier: GPL-3.0-or-later
internal import Dispatch
public import Formats
internal import Foundation
public import LinearModels
internal import Synchronization
public import University
public import Validation

/// A scenario's plan with one seed.
public struct ScenarioRun: Sendable {
  /// The scenario's folder; `base` for the instance as it is.
  public var name: String
  /// What people read.
  public var title: String
  /// The same by language, where it is given so.
  public var titles: [Language: String]
  /// The seed.
  public var seed: UInt64
  /// The institution of the scenario.
  public var institution: Institution
  /// Its plan.
  public var plan: Plan
  /// What the validator says of it.
  public var report: ScoreReport
  /// Whether it was taken from an earlier run.
  public var isKept: Bool
  /// Rooms that were chosen to be closed.
  public var closed: [RoomID]
  /// Whether sections or a load that the instance gives as decided are decided no more.
  public var isReleased = false
}

/// A scenario that cannot be run.
public struct ImpossibleScenario: Sendable {
  /// The scenario.
  public var scenario: ScenarioDeclaration
  /// Why.
  public var reasons: [Diagnostic]
}

/// Scenarios beside each other, each from the same base.
public struct ScenarioComparison: Sendable {
  /// The file.
  public var file: ScenarioFile
  /// The plan that all started from.
  public var base: Plan
  /// Runs by scenario in the order of the file, the base first, then by seed.
  public var runs: [ScenarioRun]
  /// Scenarios of which there is no run, because they are not possible, in the order of the file.
  public var impossible: [ImpossibleScenario]
  /// Whether it was stopped before all runs were made.
  public var isStopped: Bool
}

/// Runs what-ifs.
public struct Scenarios: Sendable {
  let file: ScenarioFile
  let directory: String
  let solver: any LinearSolver
  let threads: Int
  let isCancelled: @Sendable () -> Bool
  let progress: @Sendable (String) -> Void

  /// Scenarios of a file, kept in a folder.
  public init(
    _ file: ScenarioFile, directory: String, solver: any LinearSolver, threads: Int,
    isCancelled: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.file = file
    self.directory = directory
    self.solver = solver
    self.threads = threads
    self.isCancelled = isCancelled
    self.progress = progress
  }

  private struct Job: Sendable {
    var scenario: ScenarioDeclaration
    var seed: UInt64
    var closed: [RoomID]
    var isReleased: Bool
  }

  /// Runs what is not kept from an earlier time, as many at once as there are threads, each with
  /// one thread, the same seconds and the same seeds. A scenario that is not possible hinders no
  /// other.
  ///
  /// - Returns: All runs, and the scenarios of which there can be none.
  /// - Throws: ``InputRejected`` where the file says what makes no instance; what the solver throws
  ///   when it cannot run.
  public func run() throws -> ScenarioComparison {
    let scratch = NSTemporaryDirectory() + "keste-scenarios-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let named = try file.base.isEmpty ? nil : PlanInHand(instance: file.instance, plan: file.base)
    let institution = try named?.institution ?? InstanceFolder.read(file.instance).institution
    let all = [ScenarioDeclaration(name: "base", title: institution.name)] + file.scenarios
    // Every instance is written and read elsewhere before anything is written here.
    var obstacles = try check(all, institution, scratch)
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
    try AtomicFile.write("keste\n", to: "\(directory)/.keste-scenarios")
    let basePath = try basePlan()
    let hand = try named ?? PlanInHand(instance: file.instance, plan: basePath)
    let base = hand.plan
    let decided = try PlanDecisions.read(basePath, institution: hand.institution)
    let baseKey = base.digest()
    var jobs: [Job] = []
    for scenario in all where obstacles[scenario.name] == nil {
      let fresh = "\(scratch)/\(scenario.name)"
      var closed: [RoomID] = []
      if scenario.closesCheapest > 0 {
        switch try cheapest(scenario, hand, baseKey) {
        case .rooms(let rooms): closed = rooms
        case let none:
          obstacles[scenario.name] = [Self.cannotClose(scenario, hand.institution, none)]
          continue
        }
        // First, so that nothing stands in for what is closed.
        let edits = closed.map { OverlayEdit.close(.room($0), weeks: nil, days: nil) }
        do {
          try writeInstance(hand.institution.applying(edits + scenario.edits), scenario, to: fresh)
        } catch let rejected as InputRejected {
          obstacles[scenario.name] = rejected.diagnostics
          continue
        }
      }
      try install(fresh, scenario)
      let it = hand.institution
      let changed = it.applying(scenario.edits)
      let isReleased =
        (it.decidedSections != nil && changed.decidedSections == nil)
        || (it.decidedAssignments != nil && changed.decidedAssignments == nil)
      for seed in file.seeds {
        jobs.append(
          Job(scenario: scenario, seed: seed, closed: closed, isReleased: isReleased))
      }
    }
    let refused = Mutex(obstacles)
    let next = Mutex(0)
    let results = Mutex<[Int: ScenarioRun]>([:])
    let failure = Mutex<(any Error)?>(nil)
    let list = jobs
    DispatchQueue.concurrentPerform(iterations: max(1, min(threads, list.count))) { _ in
      while true {
        let number = next.withLock { value in
          value += 1
          return value - 1
        }
        if number >= list.count || isCancelled() { return }
        do {
          let run = try one(list[number], base, baseKey)
          if let run {
            try carry(decided, from: base, to: run, list[number])
            results.withLock { $0[number] = run }
          }
        } catch let rejected as InputRejected where list[number].scenario.name != "base" {
          // What no plan can be made of is an answer for this scenario alone.
          refused.withLock { $0[list[number].scenario.name] = rejected.diagnostics }
        } catch {
          failure.withLock { $0 = $0 ?? error }
          return
        }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    let reasons = refused.withLock { $0 }
    let found = results.withLock { $0 }.filter { reasons[list[$0.key].scenario.name] == nil }
    return ScenarioComparison(
      file: file, base: base, runs: found.sorted { $0.key < $1.key }.map(\.value),
      impossible: file.scenarios.compactMap { scenario in
        reasons[scenario.name].map { ImpossibleScenario(scenario: scenario, reasons: $0) }
      },
      isStopped: found.count < list.count { reasons[$0.scenario.name] == nil })
  }

  /// What is wrong with the settings of the scenarios, each for itself and whatever else it changes.
  ///
  /// - Throws: What cannot be read or written.
  public func settingsFaults() throws -> [Diagnostic] {
    let scratch = NSTemporaryDirectory() + "keste-scenarios-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let institution = try InstanceFolder.read(file.instance).institution
    var faults: [Diagnostic] = []
    for (number, scenario) in file.scenarios.enumerated() where !scenario.settings.isEmpty {
      do {
        try writeInstance(institution, scenario, to: "\(scratch)/\(number)")
      } catch let rejected as InputRejected {
        faults += rejected.diagnostics.filter { $0.column != scenario.path }
      }
    }
    return faults
  }

  /// Writes the instance of every scenario into a folder and reads it back.
  ///
  /// - Returns: Why there can be none of a scenario, where what it changes leaves no instance.
  /// - Throws: ``InputRejected`` with all that the file says wrongly.
  private func check(
    _ all: [ScenarioDeclaration], _ institution: Institution, _ scratch: String
  ) throws -> [String: [Diagnostic]] {
    var obstacles: [String: [Diagnostic]] = [:]
    var faults: [Diagnostic] = []
    for scenario in all {
      let changed = institution.applying(scenario.edits)
      if let none = Self.nothingLeft(changed, scenario) {
        obstacles[scenario.name] = [none]
        continue
      }
      do {
        try writeInstance(changed, scenario, to: "\(scratch)/\(scenario.name)")
      } catch let rejected as InputRejected {
        // What no key of the file says by itself comes of what the scenario changes.
        let wrong = rejected.diagnostics.filter {
          scenario.file.isEmpty || $0.column != scenario.path
        }
        if wrong.isEmpty {
          obstacles[scenario.name] = rejected.diagnostics
        } else {
          faults += wrong
        }
      }
    }
    if !faults.isEmpty { throw InputRejected(faults) }
    return obstacles
  }

  /// That a scenario leaves no room.
  private static func nothingLeft(
    _ it: Institution, _ scenario: ScenarioDeclaration
  ) -> Diagnostic? {
    guard it.rooms.isEmpty else { return nil }
    let wording = Wording(
      "барлық аудитория жабылады: бірде-бірі қалмайды",
      "закрываются все аудитории: не остаётся ни одной", "every room is closed: none is left")
    var found = Diagnostic(
      .impossible, code: "scenario.nothingLeft", file: scenario.file,
      line: scenario.lines["close"], column: "\(scenario.path).close", problem: wording[.en])
    found.wording = wording
    return found
  }

  private static func cannotClose(
    _ scenario: ScenarioDeclaration, _ it: Institution, _ answer: RoomNeeds.Closing
  ) -> Diagnostic {
    let count = scenario.closesCheapest, rooms = it.rooms.count
    let wording: Wording
    if count >= rooms {
      wording = Wording(
        "\(count) аудиторияны жабу мүмкін емес: барлығы \(rooms) аудитория бар",
        "закрыть \(count) аудиторий невозможно: всего их \(rooms)",
        "\(count) rooms cannot be closed: there are \(rooms) in all")
    } else if answer == .impossible {
      wording = Wording(
        "\(count) аудиторияны жабу мүмкін емес: семестр сағаттары қалған \(rooms - count) "
          + "аудиторияға сыймайды (дәлелденген)",
        "закрыть \(count) аудиторий невозможно: часы семестра не помещаются в остальные "
          + "\(rooms - count) (доказано)",
        "\(count) rooms cannot be closed: the hours of the term do not fit into the other "
          + "\(rooms - count) (proved)")
    } else {
      wording = Wording(
        "жабуға болатын \(count) аудитория берілген уақытта табылмады",
        "\(count) аудиторий, которые можно закрыть, за отведённое время не найдено",
        "no \(count) rooms that can be closed were found in the time given")
    }
    var found = Diagnostic(
      .impossible, code: "scenario.cheapest", file: scenario.file,
      line: scenario.lines["close_cheapest"], column: "\(scenario.path).close_cheapest",
      value: "\(count)", problem: wording[.en], suggestion: "close fewer, or name the rooms")
    found.wording = wording
    found.remedy = Wording(
      "азырақ жабыңыз немесе аудиторияларды атаңыз", "закройте меньше или назовите аудитории",
      "close fewer, or name the rooms")
    return found
  }

  /// What is wrong with the instance that a scenario makes, told of the lines of the scenario.
  private static func placed(
    _ diagnostics: [Diagnostic], _ scenario: ScenarioDeclaration
  ) -> [Diagnostic] {
    if scenario.file.isEmpty { return diagnostics }
    var isShiftTold = false
    return diagnostics.filter { $0.severity == .error }.map { found in
      var result = found
      result.file = scenario.file
      // The longest path in the scenario that leads to the key; the shift makes the clock times.
      var path = found.file == "instance.yaml" ? found.column ?? "" : ""
      while !path.isEmpty, scenario.lines["set.\(path)"] == nil {
        path = path.split(separator: ".").dropLast().joined(separator: ".")
      }
      let isClock = found.column?.hasPrefix("regimes") ?? false
      let key =
        !path.isEmpty
        ? "set.\(path)" : isClock && scenario.lines["shift_minutes"] != nil ? "shift_minutes" : ""
      result.line = scenario.lines[key]
      result.column = key.isEmpty ? scenario.path : "\(scenario.path).\(key)"
      if key == "" || key == "shift_minutes" {
        let place = [found.file, found.column ?? ""].filter { !$0.isEmpty }
        let name = place.joined(separator: " ")
        result.problem = "\(name) would be wrong: \(found.problem)"
        result.wording = found.wording.map { problem in
          Wording(
            "\(name) қате болар еді: \(problem[.kk])", "\(name) было бы неверно: \(problem[.ru])",
            "\(name) would be wrong: \(problem[.en])")
        }
        if key == "shift_minutes" {
          result.wording = nil
          result.suggestion = "a shift that keeps all slots within a day"
        }
      }
      return result
    }.filter { found in
      // Each slot that a shift moves out of the day is wrong by itself; one is enough.
      guard found.column == "\(scenario.path).shift_minutes" else { return true }
      defer { isShiftTold = true }
      return !isShiftTold
    }
  }

  /// Rooms to close of a scenario that leaves the choice to us; chosen once, and kept.
  private func cheapest(
    _ scenario: ScenarioDeclaration, _ hand: PlanInHand, _ baseKey: String
  ) throws -> RoomNeeds.Closing {
    let count = scenario.closesCheapest
    let prices = file.costs(of: hand.institution)
    let costs = prices.sorted { $0.key.text < $1.key.text }.map { "\($0.key)=\($0.value)" }
    let key =
      "\(try InstanceFolder.sha256(of: file.instance)) \(baseKey) \(count) "
      + "\(costs.joined(separator: ",")) \(kesteVersion)"
    let path = "\(path(scenario))/closed"
    let lines = (try? String(contentsOfFile: path, encoding: .utf8))?
      .split(separator: "\n").map(String.init)
    if let lines, lines.first == key, lines.count == count + 1 {
      return .rooms(lines.dropFirst().map { RoomID($0) })
    }
    let choice = try RoomNeeds(hand).cheapest(
      count, costs: prices, solver: solver, timeLimit: 20)
    guard case .rooms(let found) = choice else { return choice }
    try FileManager.default.createDirectory(
      atPath: self.path(scenario), withIntermediateDirectories: true)
    try AtomicFile.write(
      ([key] + found.map(\.text)).joined(separator: "\n") + "\n", to: path)
    return choice
  }

  /// The folder of the base: the one that the file names, or one that is made, once.
  private func basePlan() throws -> String {
    if !file.base.isEmpty { return file.base }
    let folder = "\(directory)/.base"
    let reading = try InstanceFolder.read(file.instance)
    let key =
      "\(reading.sha256) \(amount) \(file.seeds[0]) \(threads) threads \(kesteVersion)"
    if (try? String(contentsOfFile: "\(folder)/key", encoding: .utf8)) == key {
      return "\(folder)/plan"
    }
    let held = try left(beside: "\(folder)/plan", key, in: folder, reading.institution)
    progress(held == nil ? "base plan: started" : "base plan: going on")
    if var plan = held?.plan {
      plan.hasTimetable = false
      plan.meetings = []
      try PlanFolder.write(plan, to: "\(folder)/plan")
    }
    var options = PlanningOptions(
      timeLimit: max(file.seconds / 5, 2 * file.seconds - (held?.seconds ?? 0)),
      iterations: file.iterations.map { 2 * $0 }, seed: file.seeds[0], threads: threads,
      isCancelled: isCancelled)
    // It hangs on no base that was here before.
    options.revision = Planner.revision(of: reading.institution)
    let outcome = try Pipeline(
      instance: file.instance, plan: "\(folder)/plan", solver: solver, options: options
    ).run(held == nil ? .plan : .timetable(from: nil))
    if isCancelled() || outcome.isStopped {
      throw InputRejected([
        Diagnostic(
          .error, code: "scenario.base", file: file.instance,
          problem: "the base plan was not made to its end",
          suggestion: "let it run, give more seconds, or name a plan as base")
      ])
    }
    try AtomicFile.write(key, to: "\(folder)/key")
    return "\(folder)/plan"
  }

  /// What a run of the same key that was broken off left beside its plan folder; without one the
  /// folder is made ready for a new run.
  private func left(
    beside plan: String, _ key: String, in folder: String, _ institution: Institution
  ) throws -> Checkpoint.Held? {
    let started = "\(folder)/started"
    if (try? String(contentsOfFile: started, encoding: .utf8)) == key,
      let held = Checkpoint.held(beside: plan, institution)
    {
      return held
    }
    Checkpoint.remove(beside: plan)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try AtomicFile.write(key, to: started)
    return nil
  }

  /// How much work each run has, as its key has it.
  private var amount: String { file.iterations.map { "\($0) moves" } ?? "\(file.seconds)" }

  private func path(_ scenario: ScenarioDeclaration) -> String { "\(directory)/\(scenario.name)" }

  /// Writes a scenario's instance into a folder, with its settings merged in, and reads it back.
  private func writeInstance(
    _ institution: Institution, _ scenario: ScenarioDeclaration, to fresh: String
  ) throws {
    var institution = institution
    // The timetable in force is the base of the comparison and binds no scenario; what was held so far
    // is of that timetable, and may name rooms and students that a scenario does not have.
    institution.publishedMeetings = []
    institution.held = []
    institution.attendance = []
    try? FileManager.default.removeItem(atPath: fresh)
    do {
      try InstanceFolder.write(institution, to: fresh)
    } catch let error as FolderWriteError {
      throw InputRejected([
        Diagnostic(.error, code: "scenario.folder", file: fresh, problem: error.description)
      ])
    }
    if !scenario.settings.isEmpty {
      let settings = "\(fresh)/instance.yaml"
      let text = try String(contentsOfFile: settings, encoding: .utf8)
      try AtomicFile.write(
        try ScenarioFile.merge(scenario.settings, into: text), to: settings)
    }
    // What cannot be read is told before anything runs, and a key that a scenario sets in vain too.
    do {
      let reading = try InstanceFolder.read(fresh, regime: scenario.regime)
      let vain = Self.vain(reading.warnings, scenario)
      if vain.contains(where: { $0.severity == .error }) { throw InputRejected(vain) }
    } catch let rejected as InputRejected {
      throw InputRejected(Self.placed(Self.vain(rejected.diagnostics, scenario), scenario))
    }
  }

  /// What a reader found, with a key that a scenario sets in vain as the error that it is there.
  private static func vain(
    _ found: [Diagnostic], _ scenario: ScenarioDeclaration
  ) -> [Diagnostic] {
    found.map { found in
      guard found.code == "yaml.unknownKey",
        scenario.lines["set.\(found.column ?? "")"] != nil
      else { return found }
      var fault = found
      fault.severity = .error
      fault.problem = "unknown key"
      return fault
    }
  }

  /// Puts a scenario's instance in its place; leaves one that is the same.
  private func install(_ fresh: String, _ scenario: ScenarioDeclaration) throws {
    let target = "\(path(scenario))/instance"
    let files = FileManager.default
    try files.createDirectory(atPath: path(scenario), withIntermediateDirectories: true)
    if files.fileExists(atPath: target) {
      if try InstanceFolder.sha256(of: target) == InstanceFolder.sha256(of: fresh) { return }
      try files.removeItem(atPath: target)
    }
    try files.moveItem(atPath: fresh, toPath: target)
  }

  /// Gives a run's plan folder what is decided of the base's load, where it does not have it yet.
  private func carry(
    _ decided: PlanDecisions, from base: Plan, to run: ScenarioRun, _ job: Job
  ) throws {
    let folder = "\(path(job.scenario))/seed-\(job.seed)/plan"
    let held = try PlanDecisions.read(folder, institution: run.institution)
    // What a person has decided of the scenario's own plan since stays.
    if !held.departments.isEmpty { return }
    let carried = decided.carried(
      from: base, to: run.plan, by: "keste scenario", run.institution)
    if !carried.decisions.departments.isEmpty { try carried.decisions.write(to: folder) }
    for notice in carried.notices {
      progress("\(job.scenario.name), seed \(job.seed): \(notice[run.institution.language])")
    }
  }

  private func one(_ job: Job, _ base: Plan, _ baseKey: String) throws -> ScenarioRun? {
    let instance = "\(path(job.scenario))/instance"
    let folder = "\(path(job.scenario))/seed-\(job.seed)"
    let reading = try InstanceFolder.read(instance, regime: job.scenario.regime)
    let key =
      "\(reading.sha256) \(baseKey) \(job.scenario.regime ?? "") \(amount) \(job.seed) "
      + "1 of \(threads) threads " + kesteVersion
    let kept =
      (try? String(contentsOfFile: "\(folder)/key", encoding: .utf8)) == key
      ? try? JudgedPlan(instance: instance, plan: "\(folder)/plan", stages: nil) : nil
    if let kept {
      progress("\(job.scenario.name), seed \(job.seed): kept")
      return ScenarioRun(
        name: job.scenario.name, title: job.scenario.title, titles: job.scenario.titles,
        seed: job.seed, institution: kept.institution, plan: kept.plan, report: kept.report,
        isKept: true, closed: job.closed, isReleased: job.isReleased)
    }
    let held = try left(beside: "\(folder)/plan", key, in: folder, reading.institution)
    progress(
      "\(job.scenario.name), seed \(job.seed): "
        + (held.map { "going on after \(Int($0.seconds)) s" } ?? "started"))
    let planner = try Planner(
      reading, solver: solver,
      options: PlanningOptions(
        timeLimit: max(file.seconds / 10, file.seconds - (held?.seconds ?? 0)),
        iterations: file.iterations, seed: job.seed, threads: 1, isCancelled: isCancelled))
    var run = PlanRun(planner, planner.emptyPlan())
    run.target = "\(folder)/plan"
    if let plan = held?.plan {
      run.adopt(plan)
    } else {
      try prepare(&run, base, reading.institution)
    }
    if isCancelled() { return nil }
    try run.makeTimetable(
      from: Self.warm(base.meetings, reading.institution, run.outcome.plan), mayResume: true)
    // What was broken off is no answer; the next time it goes on from its checkpoint.
    if isCancelled() { return nil }
    run.judge()
    try PlanFolder.write(run.outcome.plan, to: "\(folder)/plan")
    try AtomicFile.write(key, to: "\(folder)/key")
    run.checkpoint?.remove()
    try? FileManager.default.removeItem(atPath: "\(folder)/started")
    progress("\(job.scenario.name), seed \(job.seed): done")
    return ScenarioRun(
      name: job.scenario.name, title: job.scenario.title, titles: job.scenario.titles,
      seed: job.seed, institution: reading.institution, plan: run.outcome.plan,
      report: run.outcome.report,
      isKept: false, closed: job.closed, isReleased: job.isReleased)
  }

  /// The base's sections and load, as far as they keep the rules of the scenario; else new ones.
  private func prepare(
    _ run: inout PlanRun, _ base: Plan, _ institution: Institution
  ) throws {
    var held = run.outcome.plan
    held.sections = base.sections
    let sections = PlanValidator.validate(institution, held, stages: [.sections])
    guard !PlanRun.isBroken(.sections, sections), !Self.hasTooLarge(base.sections, institution)
    else {
      try run.formSections()
      try run.distributeLoad(isLast: false)
      return
    }
    run.outcome.plan.sections = base.sections
    run.outcome.plan.record.sections = base.record.sections
    held.tasks = base.tasks
    held.assignments = base.assignments
    held.hasLoad = true
    if PlanRun.isBroken(.load, PlanValidator.validate(institution, held, stages: [.load])) {
      try run.distributeLoad(isLast: false)
    } else {
      run.adopt(base)
    }
  }

  /// Whether a section seats more than the largest room that suits it: of no section formed anew.
  private static func hasTooLarge(_ sections: Table<Section>, _ it: Institution) -> Bool {
    sections.contains { section in
      guard let discipline = it.disciplines[section.discipline],
        !discipline.delivery.isOnline(section.kind)
      else { return false }
      let seats = it.largestSuitableRoom(for: discipline, section.kind)
      return seats > 0 && section.students.count > seats
        && section.hours > it.policy.hoursTolerance
    }
  }

  /// The base's meetings, online where the scenario has them online.
  private static func warm(
    _ meetings: [Meeting], _ institution: Institution, _ plan: Plan
  ) -> [Meeting] {
    meetings.map { meeting in
      guard let section = plan.sections[meeting.section],
        let discipline = institution.disciplines[section.discipline],
        discipline.delivery.isOnline(section.kind)
      else { return meeting }
      var meeting = meeting
      meeting.room = nil
      meeting.mode = .online
      return meeting
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Formats
import Foundation
import GLPKSolver
import Reports
import University
import Validation
import Workflow

/// What-ifs side by side.
struct ScenarioCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scenario",
    abstract: "Run what-ifs from one plan and compare them.",
    discussion: """
      SCENARIOS.yaml names an instance, the plan to start from (base; without it one is made), seconds, seeds and scenarios: \
      overlays that close, open, add, resize or equip rooms and buildings, change settings of instance.yaml, put \
      classes online, scale the enrolment, add or remove teachers, shift the day. Each runs with \
      the same seconds and seeds, as many at once as there are cores; what is kept in DIR from an \
      earlier run of the same input is not run again, and a run that was broken off goes on from \
      where it was a few seconds before, for the seconds that it has left.

        instance: ../instances/aues-demo
        base: plan
        seconds: 120
        seeds: [1, 2]
        room_costs: {lecture: 900, classroom: 300, A101: 1200}   # a kind or a room
        scenarios:
          - name: no-b
            title: {kk: B корпусы жабық, ru: Корпус B закрыт, en: Building B closed}
            close: [{building: B}]
          - name: distance
            regime: distance
            online: [lecture]
          - name: five-fewer
            close_cheapest: 5

        keste scenario scenarios.yaml -o what-if

      With iterations: 20000000 in place of seconds each run has that many moves, and the same file gives \
      the same plans however busy the machine is; such a run that is broken off begins anew. The rooms \
      of close_cheapest alone are chosen within 20 seconds of the clock, and kept.

      A scenario may have: close and open [{room or building, weeks, days}], close_cheapest N, \
      add_buildings [{building, name, minutes: {other building: minutes}}], \
      add_rooms [{room, building, capacity, kind, features, weeks, days}], resize {room or building: seats, or \
      {capacity or factor, weeks, days}}, equip {room or building: {kind, features, weeks, days}}, set {keys of instance.yaml}, regime, online (kinds of class, \
      such as [lecture] or [practice, lab]), enrolment_factor, remove_teachers [id], add_teachers \
      [{teacher, like, rate}], shift_minutes. One that is not possible says why, and the others run.

      A room, say A101, that is resized or equipped in some weeks or on some days is closed then, and \
      a room A101·2 stands in for it, which is open then only and costs nothing more. A class of the \
      other weeks too is not cut at them: it moves, as from a room that is closed in some weeks. Room \
      use is hours held ÷ hours open.

      DIR gets pages in three languages, comparison.csv (each run), summary.csv (spread by \
      scenario and whether it differs from the base beyond it), hours.csv (use of rooms by building, day and slot), reasons.csv (what is broken and \
      why, in the language of --language), comparison.json, and each scenario's instance and plans.

      Exit status: 0 all runs valid; 1 some break rules or are not possible; 2 input rejected; 3 stopped before all \
      were run; 64 wrong usage.
      """)

  @Argument(help: "The file of scenarios.")
  var file: String

  @Option(name: [.customShort("o"), .customLong("output")], help: "The folder of the runs.")
  var directory: String

  @Option(help: ArgumentHelp("Runs at once (default: the number of cores).", valueName: "n"))
  var threads: Int?

  @OptionGroup var speech: LanguageOption
  @OptionGroup var printing: PrintingOptions

  private var language: Language { speech.language }

  private func says(_ kk: String, _ ru: String, _ en: String) -> String {
    language.says(kk, ru, en)
  }

  func validate() throws {
    if let threads, !(1...256).contains(threads) {
      throw ValidationError("--threads must be from 1 to 256.")
    }
  }

  func run() throws {
    let console = printing.console
    try console.run(speech.language) {
      try ChangeOutput.check(directory)
      let (scenarios, faults) = try ScenarioFile.parse(file) {
        try InstanceFolder.read($0).institution
      }
      if !faults.isEmpty {
        let others = try Scenarios(
          scenarios, directory: directory, solver: GLPKSolver(), threads: 1
        ).settingsFaults()
        throw InputRejected((faults + others).sorted { ($0.line ?? 0) < ($1.line ?? 0) })
      }
      let interruption = Interruption {
        console.note("stopping; what is done is kept, and the rest runs the next time")
      }
      let found = try Scenarios(
        scenarios, directory: directory, solver: GLPKSolver(),
        threads: threads ?? ProcessInfo.processInfo.activeProcessorCount,
        isCancelled: { [flag = interruption.flag] in flag.isSet },
        progress: { if !console.isQuiet { console.note($0) } }
      ).run()
      var measures = try found.runs.map { run in
        var measures = ScenarioMeasures(
          name: run.name, title: run.title, seed: run.seed, run.institution, run.plan, run.report,
          base: found.base, costs: scenarios.costs(of: run.institution, in: run.name),
          closed: run.closed, standIns: scenarios.standIns(of: run.name))
        measures.titles = run.titles
        measures.overlay = scenarios.scenarios.first { $0.name == run.name }?.text ?? ""
        measures.notes = run.notes(base: found.base)
        measures.why = try why(run, interruption.flag.isSet)
        return measures
      }
      // In the order of the file, whether there is a plan or not.
      let order = ["base"] + scenarios.scenarios.map(\.name)
      for impossible in found.impossible {
        let scenario = impossible.scenario
        var none = ScenarioMeasures(
          name: scenario.name, title: scenario.title, titles: scenario.titles,
          obstacles: impossible.reasons.filter { $0.severity != .warning }.map { reason in
            Wording { reason.sentence(in: $0) }
          })
        none.overlay = scenario.text
        let place = order.firstIndex(of: scenario.name) ?? order.count
        let at = measures.firstIndex {
          (order.firstIndex(of: $0.name) ?? order.count) > place
        }
        measures.insert(none, at: at ?? measures.count)
      }
      var spreads: [ScenarioPage.Comparison] = []
      if let first = found.runs.first {
        let page = ScenarioPage(
          measures, days: first.institution.days, work: Self.work(scenarios))
        spreads = page.comparisons
        try ChangeOutput.write(
          page.files(first.institution.language, reasonsIn: language), to: directory)
      }
      let json = ScenarioJSON(measures, spreads, language, isStopped: found.isStopped)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try AtomicFile.write(
        Array(try encoder.encode(json)) + [10], to: "\(directory)/comparison.json")
      var rows = [
        [
          says("сценарий", "сценарий", "scenario"), says("тұқым", "зерно", "seed"),
          says("жарамды", "действит.", "valid"), says("кесте", "расписание", "timetable"),
          says("жүктеме", "нагрузка", "load"), says("бос сағ.", "вакантно ч", "vacant h"),
          says("орынсыз", "без места", "unplaced"), says("аудитория", "аудиторий", "rooms"),
          says("ауысқан", "перенесено", "moved"),
        ]
      ]
      for run in measures {
        func value(_ name: String) -> String {
          run.values.first { $0.name == name }.map { shown($0.value) } ?? "–"
        }
        if !run.obstacles.isEmpty {
          rows.append([run.name, "–", says("МҮМКІН ЕМЕС", "НЕВОЗМОЖНО", "NOT POSSIBLE")])
          continue
        }
        rows.append([
          run.name, "\(run.seed)",
          run.isValid ? says("иә", "да", "yes") : says("ЖОҚ †", "НЕТ †", "NO †"),
          value("objective.timetable"),
          value("objective.load"), value("criterion.vacant"), value("unplaced"), value("rooms"),
          value("moved"),
        ])
      }
      for line in tabulated(rows) { console.say(line) }
      console.say(
        says(
          "кесте, жүктеме: осы кезеңдердің мақсаттары, әрқайсысы бөлек",
          "расписание, нагрузка: цели этих этапов, каждая сама по себе",
          "timetable, load: the objectives of these stages, each for itself"))
      if measures.contains(where: { !$0.isValid && $0.obstacles.isEmpty }) {
        console.say(
          says(
            "† ереже бұзады: орны жоқ сабақтар мақсатына кірмейді, базамен салыстыруға болмайды",
            "† нарушает правила: занятия без места в цель не входят, с базой не сравнивается",
            "† breaks rules: what has no place is not in its objective, which does not compare with "
              + "the base"))
      }
      for run in measures where run.seed == measures.first(where: { $0.name == run.name })?.seed {
        for note in run.notes { console.say("\(run.name): \(note[language])") }
      }
      for run in measures {
        for reason in run.obstacles { console.say("\(run.name): \(reason[language])") }
      }
      console.say(says("жазылды: ", "записано: ", "written: ") + "\(directory)/index.html")
      try console.emit(json)
      if found.isStopped { return ExitCode(3) }
      return measures.allSatisfy(\.isValid) ? .success : ExitCode(1)
    }
  }

  /// How much work each run has, and the seeds.
  private static func work(_ file: ScenarioFile) -> Wording {
    let seeds = file.seeds.map { "\($0)" }.joined(separator: ", ")
    if let moves = file.iterations {
      return Wording(
        "Әр есептеу: \(moves) жүріс; тұқымдар: \(seeds)",
        "Каждый расчёт: ходов \(moves); начальные числа: \(seeds)",
        "Each run: \(moves) moves; seeds: \(seeds)")
    }
    let seconds = shown(file.seconds)
    return Wording(
      "Әр есептеу: \(seconds) с; тұқымдар: \(seeds)",
      "Каждый расчёт: \(seconds) с; начальные числа: \(seeds)",
      "Each run: \(seconds) s; seeds: \(seeds)")
  }

  /// Why a run is not valid, by the explainer, in each language; kept beside the run, and told again
  /// from there.
  private func why(_ run: ScenarioRun, _ isStopping: Bool) throws -> [Language: [String]] {
    if run.report.isValid { return [:] }
    func path(_ language: Language) -> String {
      "\(directory)/\(run.name)/seed-\(run.seed)/why.\(language.rawValue).txt"
    }
    if run.isKept {
      var kept: [Language: [String]] = [:]
      for language in Language.allCases {
        kept[language] = (try? String(contentsOfFile: path(language), encoding: .utf8))?
          .split(separator: "\n").map(String.init)
      }
      if kept.count == Language.allCases.count { return kept }
    }
    if isStopping { return [:] }
    let found = try Explainer(solver: GLPKSolver(), seconds: 20)
      .explain(run.institution, run.plan, run.report)
    var result: [Language: [String]] = [:]
    for language in Language.allCases {
      let lines = ExplanationText(found: found, language: language).lines
      try AtomicFile.write(lines.joined(separator: "\n") + "\n", to: path(language))
      result[language] = lines
    }
    return result
  }

  private struct ScenarioJSON: Encodable {
    struct Run: Encodable {
      var scenario: String
      var title: String
      var overlay: String
      var seed: UInt64
      var valid: Bool
      var broken: [String: Int]
      var messages: [String]
      var impossible: Bool
      var why: [String]
      var notes: [String]
      var closed: [String]
      var values: [String: Double]
      var heat: [String: [[Double]]]
    }
    struct Comparison: Encodable {
      var scenario: String
      var measure: String
      var low: Double
      var mean: Double
      var high: Double
      var seeds: Int
      var against_base: Double?
      var differs: Bool?
    }
    var stopped: Bool
    var runs: [Run]
    var comparison: [Comparison]

    init(
      _ measures: [ScenarioMeasures], _ spreads: [ScenarioPage.Comparison],
      _ language: Language, isStopped: Bool
    ) {
      stopped = isStopped
      comparison = spreads.map {
        Comparison(
          scenario: $0.scenario, measure: $0.measure, low: $0.low, mean: $0.mean, high: $0.high,
          seeds: $0.seeds, against_base: $0.againstBase, differs: $0.differs)
      }
      runs = measures.map { run in
        Run(
          scenario: run.name, title: run.title, overlay: run.overlay, seed: run.seed,
          valid: run.isValid,
          broken: Dictionary(run.broken.map { ($0.rule, $0.count) }) { first, _ in first },
          messages: run.messages.map { $0[language] }, impossible: !run.obstacles.isEmpty,
          why: run.why[language] ?? [], notes: run.notes.map { $0[language] }, closed: run.closed,
          values: Dictionary(run.values.map { ($0.name, $0.value) }) { first, _ in first },
          heat: Dictionary(run.heat.map { ($0.building, $0.shares) }) { first, _ in first })
      }
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Explanation
import Foundation
import GLPKSolver
import University
import Validation
import Workflow

/// Why there is no valid plan, or why a plan's timetable cannot be completed.
struct ExplainTimetableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "timetable",
    abstract: "Say why something is impossible, and what would make it possible.",
    discussion: """
      Without a plan: which rules and rows of the data cannot hold together, whatever is planned. \
      With a plan: why meetings have no place or rules are broken; a smallest set of rules and \
      rows, and the cheapest changes that help, each tried.

        keste explain instances/aues-demo
        keste explain instances/aues-demo plan --time-limit 10

      Exit status: 0 nothing stands in the way, 1 explained or not valid, 2 input rejected, 64 \
      wrong usage.
      """)

  @Argument(help: "The instance folder.")
  var instance: String

  @Argument(help: "The plan folder; without it the instance alone is looked at.")
  var plan: String?

  @Option(help: ArgumentHelp("Seconds of wall time.", valueName: "s"))
  var timeLimit = 10.0

  @Option(
    name: [.customLong("language"), .customLong("lang")],
    help: "The language of the text: kk, ru or en (default: the instance's).")
  var language: String?

  @OptionGroup var printing: PrintingOptions

  func validate() throws {
    if let language, Language(rawValue: language) == nil {
      throw ValidationError("--language must be kk, ru or en.")
    }
    guard timeLimit > 0, timeLimit <= 1e7 else {
      throw ValidationError("--time-limit must be more than 0 seconds and at most 10000000.")
    }
  }

  func run() throws {
    let console = printing.console
    try console.run(language.flatMap(Language.init)) {
      let explainer = Explainer(
        solver: GLPKSolver(), seconds: timeLimit,
        threads: ProcessInfo.processInfo.activeProcessorCount)
      let found =
        try plan.map { try explainer.explain(instance, plan: $0) }
        ?? explainer.explain(instance)
      let text = ExplanationText(
        found: found, language: language.flatMap(Language.init) ?? found.language)
      for line in text.lines { console.say(line) }
      let isClean = !found.isImpossible && found.violations.isEmpty
      let code = isClean ? ExitCode.success : ExitCode(1)
      try console.emit(ExplanationJSON(found, status: code.rawValue))
      return code
    }
  }
}

/// An explanation in words.
struct ExplanationText {
  let found: PlanExplanation
  let language: Language

  private func says(_ kk: String, _ ru: String, _ en: String) -> String {
    language.says(kk, ru, en)
  }

  var lines: [String] {
    var lines: [String] = []
    let shown = found.causes.prefix(12)
    for (number, cause) in shown.enumerated() { lines += Self.indented(number + 1, told(cause)) }
    let rest = found.causes.dropFirst(12).reduce(0) { $0 + $1.findings.count }
    if rest > 0 {
      lines.append(
        says(
          "… тағы \(rest), бәрі keste check шығарылымында",
          "… и ещё \(rest), все их называет keste check",
          "… and \(rest) more, all of which keste check tells"))
    }
    if found.isRepairable {
      lines.append(
        says(
          "Деректерде қайшылық жоқ: осы кестеден барлық ережені сақтайтын кесте табылды; онда "
            + "\(found.moved) сабақ жылжиды. Жоспарды ең аз өзгеріспен keste repair түзетеді.",
          "Данные ничему не противоречат: из этого расписания найдено такое, что соблюдает все "
            + "правила; в нём переносится занятий: \(found.moved). План с наименьшими изменениями "
            + "исправит keste repair.",
          "The data contradict nothing: a timetable that keeps all rules was found from this one; "
            + "it moves \(found.moved) meetings. keste repair mends the plan with as few as it can."
        ))
    }
    if !found.violations.isEmpty {
      let count = found.violations.count
      lines.append(
        says(
          "Жоспар бұзатын ережелер: \(count)", "Нарушений правил в плане: \(count)",
          "Rules that the plan breaks: \(count)"))
      for violation in found.violations.prefix(12) {
        lines.append("   \(violation.rule.rawValue)  \(violation.wording[language])")
      }
      if count > 12 { lines.append("   … +\(count - 12)") }
      if found.violations.contains(where: { $0.rule < .l1 }) {
        lines.append(
          says(
            "   секциялардың ережелері бұзылған: оларды keste sections қайта құрады",
            "   нарушены правила секций: их заново образует keste sections",
            "   rules of sections are broken: keste sections forms them anew"))
      } else if found.violations.contains(where: { $0.rule < .m1 }) {
        lines.append(
          says(
            "   жүктеме ережелері бұзылған: оны keste load --keep түзетеді",
            "   нарушены правила нагрузки: её исправит keste load --keep",
            "   rules of the load are broken: keste load --keep mends it"))
      }
    }
    if !found.unexplained.isEmpty && !found.isRepairable {
      let names = language.listed(found.unexplained.map(\.text), most: 8)
      lines.append(
        says(
          "Қайшылық табылмады: \(names). Бұл оларды орналастыруға болатынын дәлелдемейді. Көбірек "
            + "уақытпен жоспарлаңыз немесе үлкенірек --time-limit беріңіз.",
          "Противоречие не найдено: \(names). Это не доказывает, что их можно разместить. "
            + "Планируйте дольше или задайте больший --time-limit.",
          "No contradiction was found for \(names): that is no proof that they can be placed. "
            + "Plan again with more time, or explain with a larger --time-limit."))
    }
    if lines.isEmpty {
      lines.append(
        found.hasPlan
          ? says(
            "Жоспар барлық ережені сақтайды.", "План соблюдает все правила.",
            "The plan keeps every rule.")
          : says(
            "Жарамды жоспарды мүмкін етпейтін ештеңе табылмады; бұл ондай жоспар бар екенін "
              + "дәлелдемейді. keste plan жасалған соң keste explain INSTANCE PLAN орны жоқ "
              + "сабақтарды қарайды.",
            "Не найдено ничего, что делает годный план невозможным; это не доказывает, что он есть. "
              + "После keste plan команда keste explain INSTANCE PLAN рассмотрит то, что не "
              + "размещено.",
            "Nothing was found that makes a valid plan impossible; that is no proof that there is "
              + "one. After keste plan, explain INSTANCE PLAN looks at what has no place."))
    }
    if !found.isRepairable {
      if found.gaps.contains(.time) {
        lines.append(
          says(
            "Бәрі қаралған жоқ: уақыт бітті.", "Рассмотрено не всё: вышло время.",
            "Not everything was looked at: the time was over."))
      }
      if found.gaps.contains(.size) {
        lines.append(
          says(
            "Бәрі қаралған жоқ: бір бөлігі тым үлкен, көбірек уақыт көмектеспейді.",
            "Рассмотрено не всё: какая-то часть слишком велика, большее время не поможет.",
            "Not everything was looked at: a part is too large, and more time would not help."))
      }
      if found.gaps.contains(.number) {
        lines.append(
          says(
            "Бәрі қаралған жоқ: бөліктер тым көп.", "Рассмотрено не всё: частей слишком много.",
            "Not everything was looked at: there are too many parts."))
      }
    }
    return lines
  }

  private static func indented(_ number: Int, _ lines: [String]) -> [String] {
    lines.enumerated().map { $0.offset == 0 ? "\(number). \($0.element)" : "   \($0.element)" }
  }

  /// A cause: its findings and contradictions, then what takes all of them away.
  private func told(_ cause: Cause) -> [String] {
    var lines: [String] = []
    for at in cause.findings.prefix(4) { lines += finding(found.findings[at]) }
    if cause.findings.count > 4 {
      let more = cause.findings.count - 4
      lines.append(
        says(
          "… осы себептен тағы \(more)", "… по той же причине ещё \(more)",
          "… and \(more) more for the same reason"))
    }
    for at in cause.contradictions.prefix(2) { lines += contradiction(found.contradictions[at]) }
    if cause.contradictions.count > 2 {
      let more = cause.contradictions.count - 2
      lines.append(
        says(
          "… осындай тағы \(more) қайшылық", "… и ещё таких противоречий: \(more)",
          "… and \(more) more contradictions like these"))
    }
    lines += together(cause) + help(cause)
    guard cause.relaxations.isEmpty, cause.together.isEmpty else { return lines }
    let suggestions = cause.findings.prefix(4).compactMap {
      found.findings[$0].finding.remedy?[language] ?? found.findings[$0].finding.suggestion
    }
    for suggestion in suggestions {
      lines.append(
        says("мүмкін (тексерілмеген)", "возможно (не проверено)", "perhaps (not tried)")
          + ": \(suggestion)")
    }
    let tried = cause.contradictions.reduce(0) { $0 + found.contradictions[$1].useless }
    if tried > 0 {
      lines.append(
        says(
          "бірде-бір өзгеріс жалғыз көмектеспейді (\(tried) тексерілді), жиыны да табылмады",
          "ни одно изменение само не помогает (проверено \(tried)), и набор не найден",
          "no single change helps (\(tried) tried), and no set of them was found"))
    }
    return lines
  }

  private func finding(_ explained: ExplainedFinding) -> [String] {
    let finding = explained.finding
    let problem = finding.wording?[language] ?? finding.problem
    var lines = [
      says("Жоспарлауға дейін", "До всякого планирования", "Before any planning")
        + ", \(finding.code): \(problem)."
    ]
    var place = finding.line.map { "\(finding.file):\($0)" } ?? finding.file
    if let column = finding.column { place += " \(column)" }
    if !place.isEmpty { lines.append(says("орны", "где", "where") + ": \(place)") }
    return lines
  }

  private func contradiction(_ explained: ExplainedContradiction) -> [String] {
    let contradiction = explained.contradiction
    var isOfPlan = false
    if case .sections = explained.origin { isOfPlan = true }
    var lines = [
      (isOfPlan
        ? says(
          "Жоспардың секциялары мен оқытушыларында бұлар бірге орындалмайды",
          "При секциях и преподавателях плана это не может выполняться вместе",
          "These cannot all hold, with the plan's sections and teachers")
        : says(
          "Бұлар ешбір жоспарда бірге орындалмайды",
          "Это не может выполняться вместе ни в каком плане",
          "These cannot all hold in any plan"))
        + (contradiction.isMinimal
          ? says(
            " (дәлелденген; кез келгенінсіз қалғаны орындала алады):",
            " (доказано; без любого из них остальное может выполняться):",
            " (proved; without any one of them the rest can hold):")
          : says(
            " (дәлелденген; ең аз жиын екені дәлелденбеген):",
            " (доказано; не доказано, что их наименьшее число):",
            " (proved; not proved to be the fewest):"))
    ]
    for (reason, more) in Self.brief(contradiction.reasons) {
      let text = reason.wording[language]
      lines.append(
        "\(reason.rule)  \(text)"
          + (more > 0
            ? says(
              "; оның тағы \(more) секциясы да солай", "; и ещё \(more) её секций",
              "; so do \(more) more sections of it") : ""))
      for row in reason.rows.prefix(4) { lines.append("    \(row)") }
      let rest = reason.rows.count - 4
      if rest > 0 {
        lines.append(
          says("    … тағы \(rest) жол", "    … ещё строк: \(rest)", "    … \(rest) more rows"))
      }
    }
    let alike = explained.alike
    if alike > 0 {
      lines.append(
        says(
          "басқа студенттер немесе секциялар үшін дәл сол жолдардан тағы \(alike) рет",
          "то же по тем же строкам для других студентов или секций: ещё \(alike)",
          "the same of other students or sections, by the same rows: \(alike) more"))
    }
    return lines
  }

  /// The hours of many sections of one discipline in a line, with how many more it stands for.
  private static func brief(_ reasons: [Reason]) -> [(Reason, more: Int)] {
    var result: [(Reason, more: Int)] = []
    var byRows: [[DataRow]: [Int]] = [:]
    for (at, reason) in reasons.enumerated() where reason.rule == "M1" {
      byRows[reason.rows, default: []].append(at)
    }
    for (at, reason) in reasons.enumerated() {
      let same = byRows[reason.rows] ?? []
      guard reason.rule == "M1", same.count > 2 else {
        result.append((reason, 0))
        continue
      }
      if same.first == at { result.append((reason, same.count - 1)) }
    }
    return result
  }

  private func together(_ cause: Cause) -> [String] {
    guard !cause.together.isEmpty else { return [] }
    let head = says(
      "жалғыз өзгеріс көмектеспейді; бірге көмектесетіні, әрқайсысы керек",
      "одно изменение не помогает; вместе помогают, нужно каждое",
      "no single change helps; what helps together, each of them needed")
    let tried = TriedRelaxation.Proof.consistent == cause.proof ? "" : "; " + words(cause.proof)
    return [head + " (\(says("тексерілген", "проверено", "tried"))\(tried)):"]
      + cause.together.map { "  - \($0.wording[language])" }
  }

  private func help(_ cause: Cause) -> [String] {
    guard !cause.relaxations.isEmpty else { return [] }
    let isOne = cause.findings.count + cause.contradictions.count == 1
    let head =
      isOne
      ? says(
        "не көмектеседі, арзанынан бастап, әрқайсысы тексерілген:",
        "что помогает, начиная с самого лёгкого, каждое проверено:",
        "what helps, cheapest first, each tried:")
      : says(
        "бәріне бірден не көмектеседі, арзанынан бастап, әрқайсысы тексерілген:",
        "что помогает от всего этого сразу, начиная с самого лёгкого, каждое проверено:",
        "what helps against all of this at once, cheapest first, each tried:")
    return [head]
      + cause.relaxations.map { tried in
        var proof = words(tried.proof)
        if !tried.others.isEmpty {
          proof += says(
            ", басқа себептердің бірінші өзгерістерімен бірге",
            " вместе с первым изменением каждой другой причины",
            " together with the first change of each other cause")
        } else if tried.proof == .consistent {
          proof +=
            tried.isSearchedInVain
            ? says(
              "; уақыт ішінде жоспар табылмады", "; план за отведённое время не найден",
              "; no plan was found with it in the time")
            : says("; жоспар ізделмеген", "; план не искали", "; no plan was looked for")
        }
        return "  - \(tried.relaxation.wording[language]) (\(proof))"
      }
  }

  private func words(_ proof: TriedRelaxation.Proof) -> String {
    switch proof {
    case .plan:
      says(
        "онымен жарамды жоспар табылды", "с ним найден годный план",
        "a valid plan was found with it")
    case .timetable:
      says(
        "онымен осы секциялар мен жүктеменің жарамды кестесі табылды",
        "с ним найдено годное расписание этих секций и нагрузки",
        "a valid timetable of these sections and this load was found with it")
    case .consistent:
      says(
        "онымен қайшылық жойылады", "с ним противоречие исчезает",
        "the contradiction is gone with it")
    }
  }
}

/// An explanation as JSON.
struct ExplanationJSON: Encodable {
  struct Row: Encodable {
    var file: String
    var line: Int?
    var column: String?
    var key: String?
  }
  struct ReasonJSON: Encodable {
    var rule: String
    var text: String
    var rows: [Row]
  }
  struct Help: Encodable {
    var text: String
    var cost: Double
    var verified: String
    var searched_in_vain: Bool
    var with_changes: [String]
  }
  struct CauseJSON: Encodable {
    var findings: [Int]
    var contradictions: [Int]
    var relaxations: [Help]
    var together: [String]
    var together_verified: String?
  }
  struct Finding: Encodable {
    var finding: FindingJSON
    var relaxations: [Help]
    var together: [String]
  }
  struct Conflict: Encodable {
    var scope: String
    var proved = true
    var minimal: Bool
    var reasons: [ReasonJSON]
    var relaxations: [Help]
    var together: [String]
    var tried_in_vain: Int
    var alike: Int
  }
  struct Broken: Encodable {
    var rule: String
    var message: String
    var times: Int
  }

  var exit_status: Int32
  var impossible: Bool
  var findings: [Finding]
  var contradictions: [Conflict]
  var causes: [CauseJSON]
  var violations: [Broken]
  var unexplained_sections: [String]
  var repairable: Bool
  var moved_meetings: Int?
  var time_was_over: Bool
  var part_too_large: Bool
  var too_many_parts: Bool
  var seconds: Double

  init(_ found: PlanExplanation, status: Int32) {
    func help(_ tried: [TriedRelaxation]) -> [Help] {
      tried.map {
        Help(
          text: $0.relaxation.text, cost: $0.relaxation.cost, verified: $0.proof.rawValue,
          searched_in_vain: $0.isSearchedInVain, with_changes: $0.others.map(\.text))
      }
    }
    exit_status = status
    impossible = found.isImpossible
    findings = found.findings.map {
      Finding(
        finding: FindingJSON($0.finding), relaxations: help($0.relaxations),
        together: $0.together.map(\.text))
    }
    contradictions = found.contradictions.map { explained in
      var scope = "any plan"
      if case .sections = explained.origin { scope = "sections and load of this plan" }
      return Conflict(
        scope: scope, minimal: explained.contradiction.isMinimal,
        reasons: explained.contradiction.reasons.map { reason in
          ReasonJSON(
            rule: reason.rule, text: reason.text,
            rows: reason.rows.map {
              Row(file: $0.file, line: $0.line, column: $0.column, key: $0.key)
            })
        }, relaxations: help(explained.relaxations), together: explained.together.map(\.text),
        tried_in_vain: explained.useless, alike: explained.alike)
    }
    causes = found.causes.map { cause in
      CauseJSON(
        findings: cause.findings, contradictions: cause.contradictions,
        relaxations: help(cause.relaxations), together: cause.together.map(\.text),
        together_verified: cause.together.isEmpty ? nil : cause.proof.rawValue)
    }
    violations = found.violations.map {
      Broken(rule: $0.rule.rawValue, message: $0.message, times: $0.times)
    }
    unexplained_sections = found.unexplained.map(\.text)
    repairable = found.isRepairable
    moved_meetings = found.isRepairable ? found.moved : nil
    time_was_over = found.gaps.contains(.time)
    part_too_large = found.gaps.contains(.size)
    too_many_parts = found.gaps.contains(.number)
    seconds = found.seconds
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import Reports
import University
import Workflow

/// Who holds the classes of somebody who left in mid-term, in words.
struct TakeoverText {
  let takeover: Takeover
  let outcome: RepairOutcome

  private func name(_ teacher: TeacherID) -> String {
    "\(teacher) \(outcome.institution.teachers[teacher]?.name ?? "")"
  }

  private func head(_ language: Language) -> String {
    let (from, sections) = (takeover.from, Set(takeover.shares.map(\.section)).count)
    let people = Set(takeover.shares.map(\.teacher)).count
    let hours = takeover.shares.reduce(0) { $0 + $1.hours }
    return language.says(
      "\(from) күнінен бастап басқалар жүргізеді: секция \(sections), сағат \(hours), "
        + "оқытушы \(people); сабақ кестесі өзгермейді, кім жүргізетіні held.csv файлында",
      "с \(from) проводят другие: секций \(sections), часов \(hours), преподавателей \(people); "
        + "расписание прежнее, кто проводит – в held.csv",
      "from \(from) others hold \(sections) sections, \(hours) hours, \(people) people; the "
        + "timetable stays, held.csv says who")
  }

  private func line(_ share: Takeover.Share, _ language: Language) -> String {
    let (classes, hours, moved) = (share.classes, share.hours, share.moved)
    return "\(share.section) → \(name(share.teacher)): "
      + language.says(
        "сабақ \(classes), сағат \(hours)", "занятий \(classes), часов \(hours)",
        "\(classes) \(classes == 1 ? "class" : "classes"), \(hours) hours")
      + (moved == 0
        ? ""
        : language.says(
          ", оның басқа уақытта \(moved)", ", из них в другое время \(moved)",
          ", \(moved) of them at another time"))
      + (share.examines
        ? language.says(
          "; осы студенттердің емтиханын басқаға беру керек",
          "; экзамен у этих студентов нужно передать другому",
          "; the exam of these students has to go to somebody else") : "")
  }

  private func line(_ gap: Takeover.Gap, _ language: Language) -> String {
    let (classes, hours) = (gap.dates.count, gap.hours)
    let first = gap.dates.first.map(\.description) ?? ""
    return "\(gap.section): "
      + language.says(
        "сабақ \(classes), сағат \(hours), \(first) күнінен",
        "занятий \(classes), часов \(hours), с \(first)",
        "\(classes) \(classes == 1 ? "class" : "classes"), \(hours) hours, from \(first)")
  }

  /// Exams and what belongs to them.
  private func exams(_ language: Language) -> [String] {
    if takeover.exams.isEmpty { return [] }
    let taken = takeover.exams.filter { $0.to != nil }
    func work(_ id: TaskID) -> String {
      outcome.plan.tasks[id].map {
        "\(language.word(of: $0.work)), \(shown($0.hours.value)) "
          + language.says("сағ.", "ч", "h")
      } ?? ""
    }
    var result = [
      language.says(
        "қорытынды бақылау (сабақтардан кейін) жүктемеде басқаларға берілді: \(taken.count)",
        "итоговый контроль (после занятий) в нагрузке передан другим: \(taken.count)",
        "final control (after the classes) goes to others in the load: \(taken.count)")
    ]
    for change in taken {
      if let to = change.to {
        result.append("  \(change.section) (\(work(change.task))): \(change.from) → \(name(to))")
      }
    }
    return result
  }

  private func vacant(_ exam: Takeover.VacantExam, _ language: Language) -> String {
    "\(exam.task.section) (\(language.word(of: exam.task.work)), \(shown(exam.task.hours.value)) "
      + language.says("сағ.)", "ч)", "h)")
  }

  private func unsettled(_ language: Language) -> String {
    language.says(
      "уақыт бітті: қорытынды бақылауды кім алатыны табылмады, ол жүктемеде бұрынғысынша қалды",
      "время вышло: не найдено, кому передать итоговый контроль, в нагрузке он за прежними",
      "the time was over before it was found who takes the final control: it stays in the load as "
        + "it was")
  }

  private func line(_ short: Takeover.Shortfall, _ language: Language) -> String {
    let (hours, least) = (shown(short.hours), shown(short.least))
    return "\(name(short.teacher)): "
      + language.says(
        "емтихандарды бергеннен кейін жүктемеде қалған сағат \(hours), min_hours шегінен (\(least)) "
          + "аз: нәтижеде бұл шек алынды",
        "после передачи экзаменов в нагрузке осталось часов: \(hours), меньше min_hours (\(least)): в "
          + "результате этот предел снят",
        "with the exams given on \(hours) hours are left in the load, fewer than min_hours "
          + "(\(least)): the result does not ask for it any more")
  }

  private func untimed(_ language: Language) -> String? {
    if takeover.untimed.isEmpty { return nil }
    let count = takeover.untimed.count
    let hours = shown(takeover.untimed.reduce(0) { $0 + $1.hours.value })
    let works = Set(takeover.untimed.map { language.word(of: $0.work) }).sorted()
      .joined(separator: ", ")
    return language.says(
      "кестесіз жұмыс (\(works)) жүктемеде бұрынғысынша: \(count), сағат \(hours); оны кім алатынын "
        + "кафедра шешеді",
      "работа без расписания (\(works)) остаётся в нагрузке за прежним: \(count), часов \(hours); "
        + "кому её передать, решает кафедра",
      "work without meetings (\(works)) stays in the load as it was: \(count) tasks, \(hours) hours; "
        + "the department says who takes it")
  }

  /// All of it for the terminal.
  func lines(_ language: Language, takers: ([Substitute]) -> String) -> [String] {
    var result: [String] = []
    if !takeover.shares.isEmpty { result.append(head(language)) }
    result += takeover.shares.map { "  " + line($0, language) }
    if !takeover.gaps.isEmpty {
      result.append(
        language.says(
          "ешкім жүргізбейді (held.csv: cancelled):", "провести некому (в held.csv: cancelled):",
          "nobody can hold (cancelled in held.csv):"))
      result += takeover.gaps.map { "  " + line($0, language) + takers($0.people) }
    }
    result += exams(language)
    if !takeover.vacantExams.isEmpty {
      result.append(
        language.says(
          "ешкім ала алмайды, бос қалды:", "взять некому, вакантно:", "nobody can take, vacant:"))
      result += takeover.vacantExams.map { "  " + vacant($0, language) + takers($0.people) }
    }
    if takeover.isControlUnsettled { result.append(unsettled(language)) }
    result += takeover.shortfalls.map { line($0, language) }
    if let untimed = untimed(language) { result.append(untimed) }
    return result
  }

  /// A line of the page, which begins as a sentence does.
  static func remark(_ text: (Language) -> String) -> ChangePage.Remark {
    func sentence(_ language: Language) -> String {
      let line = text(language).drop { $0 == " " }
      return line.prefix(1).uppercased() + line.dropFirst()
    }
    return .init(kk: sentence(.kk), ru: sentence(.ru), en: sentence(.en))
  }

  /// All of it for the page.
  var remarks: [ChangePage.Remark] {
    func remark(_ text: (Language) -> String) -> ChangePage.Remark { Self.remark(text) }
    var result: [ChangePage.Remark] = []
    if !takeover.shares.isEmpty { result.append(remark(head)) }
    result += takeover.shares.map { share in remark { line(share, $0) } }
    result += takeover.gaps.map { gap in
      remark {
        $0.says("Ешкім жүргізбейді: ", "Провести некому: ", "Nobody can hold: ") + line(gap, $0)
      }
    }
    for number in exams(.en).indices { result.append(remark { exams($0)[number] }) }
    result += takeover.vacantExams.map { exam in
      remark {
        $0.says("Ешкім ала алмайды: ", "Взять некому: ", "Nobody can take: ") + vacant(exam, $0)
      }
    }
    if takeover.isControlUnsettled { result.append(remark(unsettled)) }
    result += takeover.shortfalls.map { short in remark { line(short, $0) } }
    if !takeover.untimed.isEmpty { result.append(remark { untimed($0) ?? "" }) }
    return result
  }
}

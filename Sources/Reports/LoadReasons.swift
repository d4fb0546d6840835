// SPDX-License-Identifier: GPL-3.0-or-later
public import LoadDistribution
public import University

/// Explanations of the load as sentences and rows in one language.
public struct LoadReasons: Sendable {
  private let institution: Institution
  private let tasks: University.Table<LoadTask>
  private let sections: University.Table<Section>
  private let language: Language

  /// Words explanations of a plan of an institution.
  public init(_ institution: Institution, _ plan: Plan, _ language: Language) {
    self.institution = institution
    tasks = plan.tasks
    sections = plan.sections
    self.language = language
  }

  private func pick(_ kk: String, _ ru: String, _ en: String) -> String {
    language.pick(kk, ru, en)
  }

  private func number(_ value: Double) -> String { language.number(value) }

  private func name(_ teacher: TeacherID?) -> String {
    teacher.map { institution.teachers[$0]?.name ?? $0.text } ?? Phrase.vacant.text(in: language)
  }

  /// A criterion before its weight; `imbalance` with four decimals, since its weight is large.
  private func value(_ value: Double, of criterion: LoadCriterion) -> String {
    guard criterion == .imbalance, value.magnitude < 1e9 else { return number(value) }
    let parts = Int((value.magnitude * 10_000).rounded())
    if parts % 100 == 0 { return number(value) }
    var decimals = String(10_000 + parts % 10_000).dropFirst()
    while decimals.last == "0" { decimals.removeLast() }
    return (value < 0 ? "-" : "") + "\(parts / 10_000)" + (language == .en ? "." : ",") + decimals
  }

  /// A cost with its sign.
  func cost(_ value: Double) -> String { (value > 0.005 ? "+" : "") + number(value) }

  /// A task as people know it: discipline, work and section.
  public func name(of task: TaskID) -> String {
    guard let row = tasks[task] else { return task.text }
    let discipline =
      institution.disciplines[row.discipline]?.name(in: language) ?? row.discipline.text
    return "\(discipline), \(language.name(of: row.work)), \(row.section)"
  }

  // MARK: - Teachers

  /// Hours by discipline and work.
  public func rows(_ explanation: TeacherExplanation) -> [[String]] {
    explanation.lines.map { line in
      [
        institution.disciplines[line.discipline]?.name(in: language) ?? line.discipline.text,
        language.name(of: line.work), "\(line.tasks)", number(line.hours),
      ]
    }
  }

  /// Hours against norm and rate, and why they are above or below.
  public func sentences(_ explanation: TeacherExplanation) -> [String] {
    var result: [String] = []
    let (hours, norm) = (explanation.hours, explanation.norm)
    let difference = hours - norm
    if norm > 0 {
      let share = language.oneDecimal(100 * hours / norm)
      let (h, n, r) = (number(hours), number(norm), number(explanation.rate))
      result.append(
        pick(
          "Жүктемесі \(h) сағ., нормасы \(n) сағ. (ставка \(r)): норманың \(share) %-ы.",
          "Нагрузка \(h) ч при норме \(n) ч (ставка \(r)): \(share) % нормы.",
          "Load \(h) h against a norm of \(n) h (rate \(r)): \(share) % of the norm."))
    } else {
      result.append(
        pick(
          "Жүктемесі \(number(hours)) сағ., норма жоқ.",
          "Нагрузка \(number(hours)) ч, нормы нет.",
          "Load \(number(hours)) h, without a norm."))
    }
    let most = number(explanation.ceiling)
    let least = number(explanation.floor)
    result.append(
      explanation.floor > 0
        ? pick(
          "Шектері: \(least)–\(most) сағ.", "Пределы: от \(least) до \(most) ч.",
          "Limits: \(least) to \(most) h.")
        : pick(
          "Ең көбі: \(most) сағ.", "Не более \(most) ч.", "At most \(most) h."))
    if let ratio = explanation.departmentRatio {
      let share = language.oneDecimal(100 * ratio)
      result.append(
        pick(
          "Кафедра оқытушыларының жүктемесі бірге – нормаларының \(share) %-ы.",
          "Нагрузка преподавателей кафедры вместе – \(share) % их норм.",
          "The department's teachers together have \(share) % of their norms."))
    }
    result.append(
      pick(
        "Оқытушыға сай жұмыс барлығы \(number(explanation.reachable)) сағ.",
        "Всего работы, которую преподаватель может вести: \(number(explanation.reachable)) ч.",
        "Work that the teacher is fit for: \(number(explanation.reachable)) h in all."))
    if norm > 0 || hours > 0 {
      if difference < -0.005 {
        let missing = number(-difference)
        result.append(
          pick(
            "Нормадан \(missing) сағ. кем", "Ниже нормы на \(missing) ч",
            "\(missing) h below the norm") + ": " + gain(of: explanation))
      } else if difference > 0.005 {
        let excess = number(difference)
        result.append(
          pick(
            "Нормадан \(excess) сағ. артық", "Выше нормы на \(excess) ч",
            "\(excess) h above the norm") + ": " + relief(of: explanation))
      }
    }
    return result
  }

  /// What the cheapest task more would cost, or that there is none.
  private func gain(of explanation: TeacherExplanation) -> String {
    explanation.gains.first.map(verdict)
      ?? pick(
        "қосуға болатын, ережені бұзбайтын бірде-бір жұмыс жоқ",
        "нет ни одной работы, которую можно добавить без нарушения правил",
        "there is no task that could be added without breaking a rule")
      + held(explanation.gainsAreHeld)
  }

  /// What the cheapest task less would cost, or that there is none.
  private func relief(of explanation: TeacherExplanation) -> String {
    explanation.reliefs.first.map(verdict)
      ?? pick(
        "ережені бұзбай беруге болатын бірде-бір жұмыс жоқ",
        "нет ни одной работы, которую можно передать без нарушения правил",
        "there is no task that could be handed over without breaking a rule")
      + held(explanation.reliefsAreHeld)
  }

  /// The end of a sentence, with what is not touched.
  private func held(_ isHeld: Bool) -> String {
    isHeld
      ? pick(
        " (бекітілген кафедралардың жұмысы қозғалмайды).",
        " (работа утверждённых кафедр не меняется).",
        " (the work of approved departments stays as it is).") : "."
  }

  private func verdict(_ move: PricedMove) -> String {
    let said = move.moves.map(sentence).joined(separator: "; ")
    if move.cost > 0.005 {
      return pick(
        "ең арзан өзгеріс (\(said)) жалпы мақсатты нашарлатады: +\(number(move.cost)).",
        "самая дешёвая замена (\(said)) ухудшила бы общую цель на \(number(move.cost)).",
        "the cheapest single change (\(said)) would make the whole dearer by \(number(move.cost)).")
    }
    if move.cost < -0.005 {
      // "Optimal" is said of criteria rounded to 0.01, and this is not rounded.
      let gain = number(-move.cost)
      return pick(
        "бір өзгеріс (\(said)) жалпы мақсатты жақсартар еді: −\(gain) (критерийлер 0,01-ге дейін "
          + "дөңгелектенбегенде).",
        "одна замена (\(said)) улучшила бы общую цель на \(gain) (до округления критериев до 0,01).",
        "one change (\(said)) would make the whole cheaper by \(gain) (before criteria are rounded "
          + "to 0.01).")
    }
    return pick(
      "бір өзгеріс (\(said)) жалпы мақсатты өзгертпейді.",
      "одна замена (\(said)) не изменила бы общую цель.",
      "one change (\(said)) would leave the whole as it is.")
  }

  /// What goes from whom to whom.
  public func sentence(_ move: LoadMove) -> String {
    "\(name(of: move.task)), \(number(move.hours)) "
      + pick("сағ.", "ч", "h") + ": \(name(move.from)) → \(name(move.to))"
  }

  // MARK: - Tasks

  /// Heads of ``rows(_:)-(TaskExplanation)``.
  public func candidateHeads(_ explanation: TaskExplanation) -> [String] {
    let isSolved = explanation.candidates.contains { $0.forced != nil }
    return [
      Phrase.teacher.text(in: language), pick("Тікелей", "Напрямую", "Directly"),
      pick("Неден", "За счёт чего", "Made of"),
      pick("Бір ауыстырумен", "С одной встречной заменой", "With one compensating change"),
      pick("Кедергі", "Препятствие", "Obstacle"),
    ]
      + (isSolved
        ? [pick("Қайта шешілгенде", "При новом решении", "Solved anew")] : [])
  }

  /// What the teacher costs with the load solved anew: exactly, or at most.
  private func sentence(_ forced: ForcedLoad) -> String {
    let most = cost(forced.regret)
    let count = "\(forced.moves.count)"
    let changes = pick("өзгеріс: \(count)", "изменений: \(count)", "changes: \(count)")
    if forced.isProved && forced.isGainProved {
      return most + " (" + pick("дәлелденген", "доказано", "proved") + "; \(changes))"
    }
    let least = forced.bound.map {
      ", " + pick("кемінде", "не меньше", "at least") + " \(cost(max(0, $0 - forced.gain)))"
    }
    return pick("ең көбі", "не больше", "at most") + " \(most)\(least ?? "") (\(changes))"
  }

  /// For the candidates who do not hold the task, cheapest first, what the new solution changes
  /// besides the task itself, where that is more than nothing.
  public func forcedChanges(_ explanation: TaskExplanation, most: Int) -> [String] {
    explanation.candidates.filter { $0.held == 0 }.compactMap { candidate in
      guard let forced = candidate.forced, forced.moves.count > 1 else { return nil }
      // Classes tell more than the many small lines of norms.csv that follow them.
      let told = forced.moves.enumerated().sorted { a, b in
        func key(_ move: LoadMove) -> Int {
          move.task == forced.moves[0].task
            ? 0 : tasks[move.task]?.work.teachingKind == nil ? 2 : 1
        }
        return (key(a.element), a.offset) < (key(b.element), b.offset)
      }.map(\.element)
      let rest = told.count - min(8, told.count)
      let more =
        rest > 0
        ? "; " + pick("тағы \(rest) жол", "и ещё строк: \(rest)", "and \(rest) more lines") : ""
      return "\(name(candidate.teacher)) \(cost(forced.regret)): "
        + told.prefix(8).map(sentence).joined(separator: "; ") + more
    }.prefix(most).map { $0 }
  }

  /// A row a candidate: name, cost, what it is made of, the exchange, what forbids it.
  public func rows(_ explanation: TaskExplanation) -> [[String]] {
    let isSolved = explanation.candidates.contains { $0.forced != nil }
    func made(_ criteria: [LoadCriterion: Double]) -> String {
      LoadCriterion.allCases.compactMap { criterion -> String? in
        guard let difference = criteria[criterion] else { return nil }
        let weight = institution.weights.load[criterion]
        let value = self.value(difference, of: criterion)
        return "\(language.name(of: criterion)) \(difference > 0 ? "+" : "")\(value)"
          + " × \(number(weight))"
      }.joined(separator: "; ")
    }
    let nobody = explanation.vacant.map { vacant in
      [
        name(nil), vacant.cost.map(cost) ?? "–", made(vacant.criteria), "–",
        vacant.obstacles.map(sentence).joined(separator: "; "),
      ] + (isSolved ? ["–"] : [])
    }
    return explanation.candidates.map { candidate in
      var who = name(candidate.teacher)
      if candidate.held > 0 {
        who +=
          " (" + pick("қазір", "сейчас", "now") + " \(number(candidate.held)) "
          + pick("сағ.", "ч", "h") + ")"
      }
      let exchange = candidate.exchange.map { exchange in
        "\(cost(exchange.cost)) (\(exchange.moves.last.map(sentence) ?? ""))"
      }
      return [
        who, candidate.direct.map(cost) ?? "–", made(candidate.criteria), exchange ?? "–",
        candidate.obstacles.map(sentence).joined(separator: "; "),
      ] + (isSolved ? [candidate.forced.map(sentence) ?? "–"] : [])
    } + (nobody.map { [$0] } ?? [])
  }

  /// Who holds the task, and who is named for it.
  public func sentences(_ explanation: TaskExplanation) -> [String] {
    var result = [name(of: explanation.task.id) + ": \(number(explanation.task.hours.value)) h"]
    if language != .en {
      result[0] = result[0].dropLast() + pick("сағ.", "ч", "h")
    }
    for row in explanation.holders {
      result.append("\(name(row.teacher)): \(number(row.hours.value))")
    }
    if let named = explanation.named {
      result.append(
        pick(
          "Бекіту немесе студенттердің таңдауы: \(name(named)).",
          "По закреплению или выбору студентов: \(name(named)).",
          "Named by a pin or by students' choice: \(name(named))."))
    }
    result += gain(explanation)
    if explanation.candidates.isEmpty {
      result.append(
        pick(
          "competences.csv бойынша бұл пәнге ешкім сай емес.",
          "По competences.csv эту дисциплину не может вести никто.",
          "By competences.csv nobody is competent for this discipline."))
    }
    return result
  }

  /// What the load itself gains by solving it anew, where that is something.
  public func gain(_ explanation: TaskExplanation) -> [String] {
    let gain = explanation.candidates.compactMap(\.forced).map(\.gain).min() ?? 0
    guard gain < -0.005 else { return [] }
    return [
      pick(
        "Шарт қойылмай қайта шешілгенде жүктеме \(number(-gain)) арзандайды (критерийлер "
          + "дөңгелектелмей; жоспардың мақсаты дөңгелектелгеннен); құндар содан есептелген.",
        "При новом решении без условий нагрузка дешевле на \(number(-gain)) до округления "
          + "критериев (цель плана – из округлённых); цены считаны от неё.",
        "Solved anew without any condition the load costs \(number(-gain)) less before rounding "
          + "(the plan's objective is of rounded criteria); costs are counted from there.")
    ]
  }

  /// Heads, and a row a candidate, of what each costs with the load solved anew; a dash for those for
  /// whom a rule forbids it or the time did not suffice.
  public func forcedRows(_ explanation: TaskExplanation) -> [[String]] {
    [
      [
        Phrase.teacher.text(in: language),
        pick("Қайта шешілгенде", "При новом решении", "Solved anew"),
      ]
    ]
      + explanation.candidates.map { candidate in
        [name(candidate.teacher), candidate.forced.map(sentence) ?? "–"]
      }
  }

  private func sentence(_ obstacle: LoadObstacle) -> String {
    switch obstacle {
    case .unfit(.notCompetent):
      "L3: " + pick("бұл жұмысқа құзыреті жоқ", "нет компетенции", "not competent for the work")
    case .unfit(.mayNotLecture):
      "L3: " + pick("дәріс оқу құқығы жоқ", "нет права читать лекции", "no right to lecture")
    case .unfit(.surveyTooLow):
      "L3: " + pick("сауалнама бағасы төмен", "низкая оценка анкетирования", "survey too low")
    case .ceiling(let hours, let ceiling):
      "L4: \(number(hours)) > \(number(ceiling)) " + pick("сағ.", "ч", "h")
    case .floor(let teacher, let hours, let floor):
      "L4: \(name(teacher)) \(number(hours)) < \(number(floor)) " + pick("сағ.", "ч", "h")
    case .examiner(let task):
      "L5: \(name(of: task))"
    case .named(let teacher):
      "T4/S6: \(name(teacher))"
    case .approved(let department):
      pick("кафедра бекітілген", "кафедра утверждена", "department approved") + ": \(department)"
    case .noTime:
      pick("жабық уақыты кедергі", "мешает закрытое время", "closed times leave no time")
    }
  }

  // MARK: - Departments

  /// Hours, norms, vacancies and fairness of a department.
  public func sentences(_ explanation: DepartmentExplanation) -> [String] {
    let (h, n) = (number(explanation.hours), number(explanation.norm))
    var result = [
      pick(
        "Кафедра жұмысы \(h) сағ.; оқытушылардың нормасы бірге \(n) сағ.",
        "Работа кафедры \(h) ч; нормы преподавателей вместе \(n) ч.",
        "The department's work is \(h) h; the norms of its teachers together are \(n) h.")
    ]
    let (out, into) = (number(explanation.outside), number(explanation.inside))
    result.append(
      pick(
        "Бос \(number(explanation.vacant)) сағ.; басқа кафедраларда \(out) сағ.; басқалардан "
          + "алынған \(into) сағ.",
        "Вакантно \(number(explanation.vacant)) ч; у других кафедр \(out) ч; взято у других "
          + "\(into) ч.",
        "Vacant: \(number(explanation.vacant)) h; with other departments: \(out) h; taken from "
          + "others: \(into) h."))
    let withNorm = explanation.teachers.filter { $0.norm > 0 }
    if let low = withNorm.min(by: { ($0.ratio ?? 0) < ($1.ratio ?? 0) }),
      let high = withNorm.max(by: { ($0.ratio ?? 0) < ($1.ratio ?? 0) })
    {
      func share(_ teacher: TeacherExplanation) -> String {
        "\(name(teacher.teacher)) \(language.oneDecimal(100 * (teacher.ratio ?? 0))) %"
      }
      result.append(
        pick(
          "Норманың ең аз үлесі: \(share(low)); ең көбі: \(share(high)).",
          "Наименьшая доля нормы: \(share(low)); наибольшая: \(share(high)).",
          "Smallest share of the norm: \(share(low)); largest: \(share(high))."))
      if withNorm.count > 1 {
        result.append("\(name(low.teacher)): " + gain(of: low))
        result.append("\(name(high.teacher)): " + relief(of: high))
      }
    }
    return result
  }

  /// Criterion, value, weight, and their product.
  public func rows(_ explanation: DepartmentExplanation) -> [[String]] {
    LoadCriterion.allCases.map { criterion in
      let value = explanation.criteria[criterion] ?? 0
      let weight = institution.weights.load[criterion]
      return [
        language.name(of: criterion), self.value(value, of: criterion), number(weight),
        number(value * weight),
      ]
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// The forms of the teaching load in one language: computation, summary and card (POLICY.md 5.3,
/// 5.5, 5.4 of the design; the columns of work are those that the term has).
struct LoadDocuments: Sendable {
  let view: PlanView
  let language: Language
  private let t: Labels
  /// Work of norms.csv that some task has, in the order of the forms.
  private let works: [Work]
  private let tasksByDepartment: [DepartmentID: [LoadTask]]

  private let approvals: [DepartmentID: LoadApproval]
  /// The documents of the other semester of the academic year; empty where its plan is not given.
  private let other: [LoadDocuments]

  /// The forms of a plan; with the other semester's the cards have the whole year.
  init(
    _ view: PlanView, _ language: Language, approvals: [DepartmentID: LoadApproval] = [:],
    otherSemester: PlanView? = nil
  ) {
    self.view = view
    self.approvals = approvals
    self.language = language
    t = Labels(view: view, language: language)
    other = otherSemester.map { [LoadDocuments($0, language)] } ?? []
    works = Self.works(of: [view.plan])
    tasksByDepartment = Dictionary(grouping: view.plan.tasks, by: \.department)
  }

  /// Work of norms.csv that some task of the plans has, in the order of the forms.
  private static func works(of plans: [Plan]) -> [Work] {
    let usual = [
      "srop", "consultation", "consultations", "midterm", "exam", "course_work", "coursework",
      "course_project", "project", "internship", "thesis", "diploma", "postgraduate", "masters",
      "doctoral", "attestation", "attestation_board", "gak",
    ]
    let words = Set(
      plans.flatMap { plan in
        plan.tasks.compactMap { task -> String? in
          if case .norm(let word) = task.work { word } else { nil }
        }
      })
    return (usual.filter(words.contains) + words.subtracting(usual).sorted()).map(Work.norm)
  }

  /// What stands in one row: the work of a discipline in one language.
  private struct Line: Hashable {
    var discipline: DisciplineID
    var language: Language?
  }

  private func pick(_ kk: String, _ ru: String, _ en: String) -> String {
    language.pick(kk, ru, en)
  }

  // MARK: - The forms

  /// The load computation of a department (POLICY.md 5.3).
  func computation(of department: Department) -> LoadDocument {
    var columns = describing
    columns.append(
      LoadDocument.Column(head: t(.credits), width: 6, content: .number, isUpright: true))
    for kind in TeachingKind.allCases {
      columns.append(
        LoadDocument.Column(
          above: t(.plannedHours), head: language.letters(of: kind), width: 5.5, content: .number))
    }
    let tasks = tasksByDepartment[department.id] ?? []
    let hasSupervised = tasks.contains {
      (view.institution.disciplines[$0.discipline]?.srop ?? 0) > 0
    }
    if hasSupervised {
      columns.append(
        LoadDocument.Column(
          above: t(.plannedHours), head: t(.srop), width: 5.5, content: .number, isUpright: true))
    }
    let firstHours = columns.count
    columns += hourColumns(above: loadHead, works)
    let total = columns.count
    columns.append(totalColumn(firstHours..<total))
    columns.append(
      LoadDocument.Column(head: t(.teacher), width: 34, content: .text))
    columns.append(
      LoadDocument.Column(head: t(.vacant), width: 7.5, content: .hours, isUpright: true))
    let rows = lines(tasks).map { line, tasks -> [LoadDocument.Cell] in
      var row = description(line, tasks)
      let discipline = view.institution.disciplines[line.discipline]
      row.append(discipline.map { .number($0.credits) } ?? .empty)
      for kind in TeachingKind.allCases {
        row.append(number(discipline.map { Double($0.hours(kind)) } ?? 0))
      }
      if hasSupervised { row.append(number(Double(discipline?.srop ?? 0))) }
      row += hours(tasks.map { ($0, $0.hours) }, works)
      row.append(.empty)
      var byTeacher: [TeacherID: Hours] = [:]
      var vacant = Hours.zero
      for task in tasks {
        var assigned = Hours.zero
        for share in view.assignmentsByTask[task.id] ?? [] {
          guard let teacher = share.teacher else { continue }
          byTeacher[teacher, default: .zero] += share.hours
          assigned += share.hours
        }
        vacant += max(.zero, task.hours - assigned)
      }
      let holders = view.institution.teachers.compactMap { teacher in
        byTeacher[teacher.id].map { "\(teacher.name) – \(language.number($0))" }
      }
      row.append(.text(holders.joined(separator: "; ")))
      row.append(number(vacant.value))
      return row
    }
    return LoadDocument(
      name: pick("Есеп", "Расчёт", "Computation"),
      title: t(.loadComputation), facts: facts(of: department), columns: columns, rows: rows,
      totalLabel: t(.total), notes: [legend], signatures: [headOfDepartment, viceRector],
      stamp: stamp(of: department))
  }

  /// The distribution over a department's teachers (POLICY.md 5.5).
  func summary(of department: Department) -> LoadDocument {
    typealias Column = LoadDocument.Column
    let columns = [
      Column(head: t(.teacherShort), width: 40, content: .text),
      Column(head: t(.positionShort), width: 24, content: .text),
      Column(head: t(.rateShort), width: 9, content: .hours),
      Column(head: t(.normShort), width: 11, content: .hours),
      Column(head: t(.contact), width: 15, content: .hours),
      Column(head: t(.other), width: 15, content: .hours),
      Column(head: t(.total), width: 12, content: .sum(of: [4, 5])),
      Column(head: t(.percent), width: 9, content: .percent(6, of: 3)),
      Column(head: t(.deviation), width: 13, content: .difference(6, less: 3)),
    ]
    let staff = view.institution.teachers.filter { $0.department == department.id }
    let rows = staff.map { teacher -> [LoadDocument.Cell] in
      var (contact, other) = (Hours.zero, Hours.zero)
      for (task, hours) in view.tasks(of: teacher.id) {
        if task.work.teachingKind != nil { contact += hours } else { other += hours }
      }
      return [
        .text(teacher.name), .text(language.positionName(teacher.position)), .number(teacher.rate),
        .number(view.institution.norm(of: teacher)), .number(contact.value),
        .number(other.value), .empty, .empty, .empty,
      ]
    }
    // From the hours of the department's people to the hours of its work, so that the sums close.
    let tasks = tasksByDepartment[department.id] ?? []
    let own = Set(staff.map(\.id))
    var (inside, outside, vacant) = (Split(), Split(), Split())
    for task in tasks {
      var assigned = Hours.zero
      for share in view.assignmentsByTask[task.id] ?? [] {
        guard let teacher = share.teacher else { continue }
        assigned += share.hours
        if !own.contains(teacher) { outside.add(task.work, share.hours) }
      }
      vacant.add(task.work, max(.zero, task.hours - assigned))
    }
    for teacher in staff {
      for (task, hours) in view.tasks(of: teacher.id) where task.department != department.id {
        inside.add(task.work, hours)
      }
    }
    func line(_ label: String, _ split: Split, isSubtracted: Bool = false) -> LoadDocument.Closing {
      var cells = [LoadDocument.Cell](repeating: .empty, count: columns.count)
      cells[4] = .number(split.contact.value)
      cells[5] = .number(split.other.value)
      return LoadDocument.Closing(label: label, cells: cells, isSubtracted: isSubtracted)
    }
    let closing = [
      line(
        pick(
          "Шегеріледі: басқа кафедралардың жұмысы",
          "Вычитается: работа для других кафедр", "Less: work for other departments"),
        inside, isSubtracted: true),
      line(
        pick(
          "Қосылады: басқа кафедра оқытушыларында",
          "Прибавляется: у преподавателей других кафедр",
          "Plus: with teachers of other departments"), outside),
      line(pick("Қосылады: бос", "Прибавляется: вакантно", "Plus: vacant"), vacant),
    ]
    return LoadDocument(
      name: pick("Жиынтық", "Сводка", "Summary"), title: t(.loadTitle),
      facts: facts(of: department), columns: columns, rows: rows, totalLabel: t(.total),
      closing: closing,
      closingLabel: pick(
        "Кафедра жүктемесі (есеп бойынша)", "Нагрузка кафедры (по расчёту)",
        "The department's load (by its computation)"), closingColumns: 4..<7,
      signatures: [headOfDepartment, viceRector], stamp: stamp(of: department))
  }

  /// Contact hours and others.
  private struct Split {
    var contact = Hours.zero
    var other = Hours.zero

    mutating func add(_ work: Work, _ hours: Hours) {
      if work.teachingKind != nil { contact += hours } else { other += hours }
    }
  }

  /// The card of a teacher (POLICY.md 5.4): the semester of the plan, the other one, filled in where
  /// its plan is given, and the year.
  func card(of teacher: Teacher) -> LoadDocument {
    let works = Self.works(of: [view.plan] + other.map(\.view.plan))
    var columns = describing
    let firstHours = columns.count
    columns += hourColumns(above: loadHead, works)
    let sumColumn = columns.count
    columns.append(totalColumn(firstHours..<sumColumn))
    columns.append(
      LoadDocument.Column(
        head: pick("Орындалуы туралы белгі", "Отметка о выполнении", "Done"), width: 14,
        content: .text))
    func total(of semester: Int) -> String {
      pick(
        "\(semester)-семестр, барлығы", "\(semester)-й семестр, всего",
        "Semester \(semester), total")
    }
    // In the order of the year where both are there.
    let parts = ([self] + other).sorted { ($0.view.semester ?? 0) < ($1.view.semester ?? 0) }
    let rows = parts.map { $0.rows(ofCard: teacher.id, works) }
    let open = other.isEmpty ? view.semester.map { 3 - $0 } : nil
    var closing: [LoadDocument.Closing] = []
    if let open {
      closing = [
        LoadDocument.Closing(
          label: total(of: open), cells: columns.map { _ in LoadDocument.Cell.empty })
      ]
    } else if let second = rows.dropFirst().first {
      let sums = columns.indices.map { column -> LoadDocument.Cell in
        guard case .hours = columns[column].content else { return .empty }
        return .number(
          second.reduce(0) { sum, row in
            if case .number(let hours) = row[column] { sum + hours } else { sum }
          })
      }
      closing = [
        LoadDocument.Closing(
          label: total(of: parts[1].view.semester ?? 2), cells: sums, rows: second)
      ]
    }
    let notFilled = open.map { open in
      pick(
        "\(open)-семестр өз жоспарынан толтырылады; жыл – толтырылған семестрлердің қосындысы.",
        "\(open)-й семестр заполняется по его плану; за год – сумма заполненных семестров.",
        "Semester \(open) is filled in from its own plan; the year adds up what is filled in.")
    }
    let department = view.institution.departments[teacher.department]
    return LoadDocument(
      name: teacher.name, title: "\(t(.teacherCard)) – \(teacher.name)",
      facts: [
        (t(.department), department?.name ?? teacher.department.text),
        (t(.position), language.positionName(teacher.position)),
        (pick("Ғылыми дәрежесі, атағы", "Учёная степень, звание", "Degree, title"), "____________"),
      ] + sums(of: teacher, parts) + [
        (t(.term), parts.map(\.view.institution.term.id).joined(separator: ", "))
      ], columns: columns, rows: rows[0],
      totalLabel: parts[0].view.semester.map(total(of:)) ?? t(.total),
      closing: closing, closingLabel: pick("Жыл бойы", "За год", "Year"),
      closingColumns: firstHours..<(sumColumn + 1),
      notes: [
        [legend, notFilled].compactMap(\.self).joined(separator: " "),
        pick(
          "Оқу-әдістемелік, ғылыми, тәрбие жұмысы: жеке жоспар бойынша толтырылады.",
          "Учебно-методическая, научная, воспитательная работа: заполняется по индивидуальному "
            + "плану.", "Methodical, research and educational work: by the individual plan."),
      ],
      signatures: [t(.teacher), headOfDepartment, viceRector],
      stamp: department.map { stamp(of: $0) } ?? [])
  }

  /// Rate, norm, hours and deviation: of the semester, or of both and the year.
  private func sums(
    of teacher: Teacher, _ parts: [LoadDocuments]
  ) -> [(label: String, value: String)] {
    let known = parts.map { $0.view.institution.teachers[teacher.id] }
    let norms = zip(parts, known).map { part, row in
      row.map { part.view.institution.norm(of: $0) } ?? 0
    }
    let hours = parts.map { part in
      part.view.tasks(of: teacher.id).reduce(Hours.zero) { $0 + $1.hours }.value
    }
    func year(_ values: [Double], _ shown: (Double) -> String) -> String {
      (values.count > 1 ? values + [values.reduce(0, +)] : values).map(shown)
        .joined(separator: " / ")
    }
    let rates = known.map { language.number($0?.rate ?? 0) }
    let both =
      parts.count > 1
      ? " (" + pick("1-, 2-семестр, жыл", "1-й, 2-й семестр, год", "semesters 1, 2, year") + ")"
      : ""
    return [
      (t(.rate), Set(rates).count > 1 ? rates.joined(separator: " / ") : rates[0]),
      (t(.norm) + both, year(norms, language.number)),
      (t(.total) + both, year(hours, language.number)),
      (
        t(.deviation) + both,
        year(zip(hours, norms).map { $0 - $1 }) { ($0 > 0.005 ? "+" : "") + language.number($0) }
      ),
    ]
  }

  /// What a teacher does in this semester, in the columns of the card.
  private func rows(ofCard teacher: TeacherID, _ works: [Work]) -> [[LoadDocument.Cell]] {
    let own = view.tasks(of: teacher)
    var shares: [TaskID: Hours] = [:]
    for (task, hours) in own { shares[task.id, default: .zero] += hours }
    return lines(own.map(\.task)).map { line, tasks -> [LoadDocument.Cell] in
      description(line, tasks) + hours(tasks.map { ($0, shares[$0.id] ?? .zero) }, works)
        + [.empty, .text("")]
    }
  }

  // MARK: - Parts that the forms share

  private var headOfDepartment: String {
    pick("Кафедра меңгерушісі", "Заведующий кафедрой", "Head of department")
  }

  private var loadHead: String { pick("Жүктеме, сағ.", "Нагрузка, ч", "Load, h") }

  private func short(_ language: Language) -> String {
    switch language {
    case .kk: pick("қаз.", "каз.", "kk")
    case .ru: pick("орыс.", "рус.", "ru")
    case .en: pick("ағыл.", "англ.", "en")
    }
  }

  private var viceRector: String { pick("Проректор", "Проректор", "Vice-rector") }

  /// Who approved, by which minutes and when; lines to fill in where nobody has.
  private func stamp(of department: Department) -> [String] {
    let approved = pick("БЕКІТЕМІН", "УТВЕРЖДАЮ", "APPROVED")
    let minutes = pick("Хаттама №", "Протокол №", "Minutes no.")
    let blank = [
      approved + "  ____________________", minutes + " ______  «____» ____________ 20___",
    ]
    guard let found = approvals[department.id] else { return blank }
    let date = language.date(found.date)
    if found.isApproved {
      return ["\(approved)  \(found.by)", "\(minutes) \(found.minutes), \(date)"]
    }
    let proposed = pick("Ұсынылды", "Предложено", "Proposed")
    return blank + ["\(proposed): \(found.by), \(date)"]
  }

  /// The letters of the kinds, which the narrow columns use.
  private var legend: String {
    TeachingKind.allCases.map { "\(language.letters(of: $0)) – \(language.name(of: $0))" }
      .joined(separator: "; ") + "."
  }

  private func facts(of department: Department) -> [(label: String, value: String)] {
    [
      (view.institution.name, ""), (t(.department), department.name),
      (t(.term), view.institution.term.id),
    ].map { label, value in
      value.isEmpty ? (pick("Университет", "Университет", "University"), label) : (label, value)
    }
  }

  private var describing: [LoadDocument.Column] {
    typealias Column = LoadDocument.Column
    return [
      Column(head: t(.discipline), width: 26, content: .text),
      Column(head: t(.programmeCode), width: 15, content: .text),
      Column(head: t(.yearAndTerm), width: 10, content: .text),
      Column(head: t(.teachingLanguage), width: 6.5, content: .text, isUpright: true),
      Column(head: t(.studentCount), width: 6.5, content: .number, isUpright: true),
      Column(head: t(.sectionCounts), width: 9, content: .text, isUpright: true),
      Column(head: t(.groupList), width: 24, content: .text),
    ]
  }

  private func hourColumns(above: String, _ works: [Work]) -> [LoadDocument.Column] {
    TeachingKind.allCases.map {
      LoadDocument.Column(above: above, head: language.letters(of: $0), width: 7, content: .hours)
    }
      + works.map {
        LoadDocument.Column(
          above: above, head: language.name(of: $0), width: 7, content: .hours, isUpright: true)
      }
  }

  private func totalColumn(_ hours: Range<Int>) -> LoadDocument.Column {
    LoadDocument.Column(
      head: t(.total), width: 9, content: .sum(of: Array(hours)), isUpright: true)
  }

  private func number(_ value: Double) -> LoadDocument.Cell {
    value == 0 ? .empty : .number(value)
  }

  /// Tasks by discipline and language, in the order of the disciplines' file.
  private func lines(_ tasks: [LoadTask]) -> [(Line, [LoadTask])] {
    let grouped = Dictionary(grouping: tasks) {
      Line(discipline: $0.discipline, language: view.plan.sections[$0.section]?.language)
    }
    func key(_ line: Line) -> (Int, Int) {
      (
        view.institution.disciplines.position(of: line.discipline) ?? .max,
        line.language.flatMap { Language.allCases.firstIndex(of: $0) } ?? .max
      )
    }
    return grouped.sorted { key($0.key) < key($1.key) }.map { ($0.key, $0.value) }
  }

  private func description(_ line: Line, _ tasks: [LoadTask]) -> [LoadDocument.Cell] {
    let sections = Set(tasks.map(\.section)).sorted().compactMap { view.plan.sections[$0] }
    // Those who take the discipline again do not make it one of their programme's year.
    let shares = sections.flatMap { view.groups(in: $0.id) }.filter { !$0.isRetakeOnly }
    let groups = Set(shares.map(\.group)).compactMap { view.institution.groups.position(of: $0) }
      .sorted().map { view.institution.groups[$0] }
    let programmes = Set(groups.map(\.programme)).sorted().map(\.text)
    let years = Set(groups.map(\.term)).sorted().map { "\(($0 + 1) / 2)/\($0)" }
    let counts = TeachingKind.allCases.map { kind in "\(sections.count { $0.kind == kind })" }
    return [
      .text(t.name(of: line.discipline)), .text(Self.few(programmes)),
      .text(years.joined(separator: ", ")),
      .text(line.language.map(short) ?? ""),
      .number(Double(Set(sections.flatMap(\.students)).count)),
      .text(counts.joined(separator: "/")), .text(Self.few(groups.map(\.id.text), 9)),
    ]
  }

  private static func few(_ names: [String], _ limit: Int = 5) -> String {
    names.count > limit
      ? names.prefix(limit - 1).joined(separator: ", ") + " +\(names.count - limit + 1)"
      : names.joined(separator: ", ")
  }

  /// A cell a kind of class and a work.
  private func hours(_ tasks: [(LoadTask, Hours)], _ works: [Work]) -> [LoadDocument.Cell] {
    var sums: [Work: Hours] = [:]
    for (task, hours) in tasks { sums[task.work, default: .zero] += hours }
    return (TeachingKind.allCases.map(Work.teaching) + works).map {
      number((sums[$0] ?? .zero).value)
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import University

extension CreditCheck {
  /// Enrolments that do not go with the group's curriculum.
  mutating func enrolments() {
    for group in institution.groups {
      let students = members[group.id] ?? []
      guard !students.isEmpty else { continue }
      if institution.term.isAdditional {
        finalYear(group, students)
        outside(group, students)
      } else {
        enrolments(of: group, students, rows[CurriculumKey(group)] ?? [])
      }
    }
    notEnrolled()
  }

  /// Students without any enrolment: policy 6.2 wants them to have told why.
  private mutating func notEnrolled() {
    guard !institution.term.isAdditional, !institution.enrolments.isEmpty else { return }
    let none = institution.students.indices.filter { enrolmentsOfStudent[$0].isEmpty }
    guard let first = none.first else { return }
    note(
      .notEnrolled, [.students(none.map { institution.students[$0].id })], file: "enrolments.csv",
      column: "student",
      value: institution.students[first].id.text, found: "0 enrolments", required: "at least 1",
      count: none.count,
      "\(none.count) students are not enrolled in anything: "
        + some(none.map { institution.students[$0].id.text }),
      mend: "enrol them, or take those on leave or expelled out of students.csv")
  }

  private mutating func enrolments(
    of group: Group, _ students: [Int], _ rows: [CurriculumRow]
  ) {
    guard !rows.isEmpty else {
      note(
        .noCurriculum, [.group(group.id), .term(group.term)], file: "curriculum.csv",
        column: "programme", value: group.programme.text,
        found: "0 rows", required: "at least 1",
        "there is no curriculum of \(group.programme) \(group.entryYear), term \(group.term), "
          + "which group \(group.id) is in",
        mend: "add its rows, or check the group's entry_year and term")
      return
    }
    outside(group, students)
    termCredits(group, students)
    missing(group, students, rows)
    let labels = Dictionary(grouping: rows.filter { $0.choice != nil }) { $0.choice ?? "" }
      .mapValues { Set($0.map(\.discipline)) }
    for label in labels.keys.sorted() { choice(label, labels[label] ?? [], group, students) }
  }

  /// First enrolments outside the working curriculum of the term and the catalogue.
  ///
  /// The catalogue has the disciplines of the university and the elective component (policy 1.2.19).
  private mutating func outside(_ group: Group, _ students: [Int]) {
    let curriculum = termsOf[WholeCurriculum(group)] ?? [:]
    let isAdditional = institution.term.isAdditional
    var outside: [DisciplineID: [Enrolment]] = [:]
    for at in students {
      for enrolment in enrolmentsOfStudent[at] where enrolment.status == .first {
        let terms = curriculum[enrolment.discipline] ?? []
        if isAdditional ? !terms.isEmpty : terms.contains(group.term) { continue }
        // In the programme but of another term is no matter of the catalogue.
        let component = institution.disciplines[enrolment.discipline]?.component
        if terms.isEmpty && (component == .university || component == .elective) { continue }
        outside[enrolment.discipline, default: []].append(enrolment)
      }
    }
    for discipline in outside.keys.sorted() {
      guard let all = outside[discipline], let example = all.first else { continue }
      let terms = (curriculum[discipline] ?? []).map(String.init).joined(separator: ", ")
      let place =
        terms.isEmpty
        ? "which is not in the curriculum of \(group.programme) \(group.entryYear), term "
          + "\(group.term), nor in the catalogue"
        : "which \(group.programme) \(group.entryYear) has in term \(terms), not in term "
          + "\(group.term)"
      note(
        .outside, [.group(group.id), .student(example.student), .discipline(discipline)],
        file: "enrolments.csv", line: example.line, column: "discipline",
        value: discipline.text, found: terms.isEmpty ? "no term" : "term \(terms)",
        required: "term \(group.term)", count: all.count,
        "\(all.count) students of group \(group.id), such as \(example.student), take "
          + "\(discipline), \(place)",
        mend: "add it to curriculum.csv, or mark the enrolment as retake or mobility")
    }
  }

  private mutating func termCredits(_ group: Group, _ students: [Int]) {
    let limits =
      Double(
        policy.termCreditsMin)...Double(
        max(
          policy.termCreditsMin, policy.termCreditsMax))
    var least = Double.infinity
    var most = -Double.infinity
    var found: [(student: StudentID, credits: Double)] = []
    for at in students where !enrolmentsOfStudent[at].isEmpty {
      let sum = enrolmentsOfStudent[at].reduce(0) { $0 + credits($1.discipline) }
      guard sum < limits.lowerBound || sum > Double(policy.termCreditsMax) else { continue }
      found.append((institution.students[at].id, sum))
      least = min(least, sum)
      most = max(most, sum)
    }
    guard let example = found.first else { return }
    let required = "\(policy.termCreditsMin)–\(policy.termCreditsMax)"
    note(
      .term, [.group(group.id), .student(example.student)], file: "enrolments.csv",
      column: "student", value: example.student.text,
      found: range(least, most), required: required, count: found.count,
      "\(found.count) of \(students.count) students of group \(group.id) have credits outside "
        + "\(required), such as \(example.student) with \(shown(example.credits))",
      mend: "check the enrolments, or policy.term_credits")
  }

  private mutating func missing(_ group: Group, _ students: [Int], _ rows: [CurriculumRow]) {
    var without: [DisciplineID: [StudentID]] = [:]
    let required = rows.filter { $0.choice == nil }
    let enrolled = students.filter { !enrolmentsOfStudent[$0].isEmpty }
    // Who has passed it before, by an earlier mark or a recount, need not take it.
    for at in enrolled {
      let taken = Set(enrolmentsOfStudent[at].map(\.discipline))
      for row in required where !taken.contains(row.discipline) {
        let result = transcripts[at].result(row.discipline, upTo: group.term - 1)
        if result?.letter.isPassed != true {
          without[row.discipline, default: []].append(institution.students[at].id)
        }
      }
    }
    for row in required {
      guard let all = without.removeValue(forKey: row.discipline) else { continue }
      let count = all.count
      note(
        .missing, [.group(group.id), .students(all), .discipline(row.discipline)],
        file: "curriculum.csv", line: row.line, column: "discipline",
        value: row.discipline.text, found: "\(students.count - count) students",
        required: "\(students.count)", count: count,
        "\(count) of \(students.count) students of group \(group.id) do not take "
          + "\(row.discipline): \(some(all.map(\.text)))",
        mend: "add the enrolments")
    }
  }

  private mutating func choice(
    _ label: String, _ options: Set<DisciplineID>, _ group: Group, _ students: [Int]
  ) {
    var several: [StudentID] = []
    var none: [StudentID] = []
    for at in students where !enrolmentsOfStudent[at].isEmpty {
      // A discipline taken elsewhere stands in place of one of the alternatives.
      var taken = 0
      var isElsewhere = false
      for enrolment in enrolmentsOfStudent[at] where enrolment.status != .retake {
        if options.contains(enrolment.discipline) {
          taken += 1
        } else if enrolment.status == .mobility {
          isElsewhere = true
        }
      }
      if taken > 1 { several.append(institution.students[at].id) }
      if taken == 0 && !isElsewhere { none.append(institution.students[at].id) }
    }
    for (all, what) in [(several, "more than one"), (none, "none")] where !all.isEmpty {
      note(
        .choice, [.group(group.id), .students(all), .choice(label)], file: "enrolments.csv",
        column: "discipline", value: label, found: what, required: "1", count: all.count,
        "\(all.count) of \(students.count) students of group \(group.id) take \(what) of the "
          + "alternatives of \(label): \(some(all.map(\.text)))",
        mend: "a student takes one of them")
    }
  }

  // MARK: - The additional semester

  /// The last year of study of a group; nil where nothing says how long it studies.
  private func lastYear(of group: Group) -> Int? {
    let terms = termsOf[WholeCurriculum(group)]?.values.flatMap { $0 }.max() ?? 0
    guard let programme = institution.programmes[group.programme] else { return nil }
    let credits =
      programme.totalCredits ?? policy.programmeCredits[programme.level.rawValue] ?? 0
    // Part-time study takes longer than the credits alone would say.
    let byCredits =
      programme.form == .fullTime && policy.yearCredits > 0
      ? (credits + policy.yearCredits - 1) / policy.yearCredits : 0
    let year = max((terms + 1) / 2, byCredits)
    return year > 0 ? year : nil
  }

  private mutating func finalYear(_ group: Group, _ students: [Int]) {
    guard let last = lastYear(of: group), (group.term + 1) / 2 >= last else { return }
    let enrolled = students.filter { !enrolmentsOfStudent[$0].isEmpty }
    guard let first = enrolled.first else { return }
    note(
      .finalYear, [.group(group.id), .student(institution.students[first].id)],
      file: "enrolments.csv", line: enrolmentsOfStudent[first].first?.line ?? 0,
      column: "student", value: institution.students[first].id.text,
      found: "year \((group.term + 1) / 2)", required: "before year \(last)",
      count: enrolled.count,
      "\(enrolled.count) students of group \(group.id), such as "
        + "\(institution.students[first].id), are enrolled in the additional semester, but are in "
        + "year \((group.term + 1) / 2) of \(last), the final one",
      mend: "take the enrolments off; the additional semester is not for the final year")
  }
}

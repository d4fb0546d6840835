// SPDX-License-Identifier: GPL-3.0-or-later
import University

extension CreditCheck {
  // MARK: - Prerequisites

  /// Why a prerequisite does not count as passed.
  private enum Lack: Int {
    case failed, resit, sameTerm, noMark, nowhere

    var words: String {
      switch self {
      case .failed: "stands at F"
      case .resit: "stands at FX"
      case .sameTerm: "is taken in the same term"
      case .noMark: "has no mark although its term is marked"
      case .nowhere: "was not taken in an earlier term"
      }
    }
  }

  /// Prerequisites of what students take are passed, or were in an earlier term of the curriculum
  /// that grades.csv does not cover.
  mutating func prerequisitesPassed() {
    struct Case: Hashable {
      var discipline: Int
      var prerequisite: DisciplineID
      var lack: Lack
    }
    var found: [Case: [Enrolment]] = [:]
    for (student, enrolments) in enrolmentsOfStudent.enumerated() {
      let taken = Set(enrolments.map(\.discipline))
      for enrolment in enrolments {
        guard let at = institution.disciplines.position(of: enrolment.discipline) else { continue }
        for prerequisite in institution.disciplines[at].prerequisites {
          guard let lack = lack(of: prerequisite, for: enrolment, student, taken) else { continue }
          let key = Case(discipline: at, prerequisite: prerequisite, lack: lack)
          found[key, default: []].append(enrolment)
        }
      }
    }
    let order = found.keys.sorted {
      ($0.discipline, $0.prerequisite.text, $0.lack.rawValue)
        < ($1.discipline, $1.prerequisite.text, $1.lack.rawValue)
    }
    for key in order {
      guard let all = found[key], let example = all.first else { continue }
      note(
        .prerequisite,
        [
          .student(example.student), .discipline(example.discipline),
          .prerequisite(key.prerequisite),
        ], file: "enrolments.csv", line: example.line, column: "discipline",
        value: example.discipline.text, found: key.lack.words, required: "passed",
        count: all.count,
        "\(all.count) students take \(example.discipline), such as \(example.student), whose "
          + "prerequisite \(key.prerequisite) \(key.lack.words)",
        mend: "let them pass \(key.prerequisite) first, or enter its mark in grades.csv")
    }
  }

  private func lack(
    of prerequisite: DisciplineID, for enrolment: Enrolment, _ student: Int,
    _ taken: Set<DisciplineID>
  ) -> Lack? {
    guard let group = institution.groups[institution.students[student].group] else { return nil }
    let transcript = transcripts[student]
    let finished = institution.finishedTerms(of: group)
    if let result = transcript.result(prerequisite, upTo: finished) {
      if result.letter.isPassed { return nil }
      return result.letter == .fx ? .resit : .failed
    }
    if taken.contains(prerequisite) { return .sameTerm }
    let whole = WholeCurriculum(group)
    let terms = termsOf[whole]?[prerequisite] ?? []
    if let term = terms.min(), term <= finished {
      // The curriculum had it; only a marked term can show that the student did not pass.
      return transcript.grades.contains { $0.term == term } ? .noMark : nil
    }
    // What the curriculum itself has in a wrong order is told there, once.
    if termsOf[whole]?[enrolment.discipline] != nil { return nil }
    let isGiven = (1..<max(1, group.term)).allSatisfy {
      rows[CurriculumKey(whole, term: $0)] != nil
    }
    return isGiven && enrolment.status == .first ? .nowhere : nil
  }

  // MARK: - Marks and repeated study

  /// Marks against disciplines and terms, and against what is taken again.
  mutating func marks() {
    guard !institution.grades.isEmpty else { return }
    gradeRows()
    repeatedStudy()
  }

  private mutating func gradeRows() {
    var credited: [Grade] = []
    var ahead: [Grade] = []
    for grade in institution.grades {
      if let stated = grade.credits, let discipline = institution.disciplines[grade.discipline],
        abs(stated - discipline.credits) > 1e-6
      {
        credited.append(grade)
      }
      if let student = institution.students[grade.student],
        let group = institution.groups[student.group], grade.term > group.term
      {
        ahead.append(grade)
      }
    }
    if let first = credited.first {
      let now = shown(credits(first.discipline))
      let then = shown(first.credits ?? 0)
      note(
        .gradeCredits, [.student(first.student), .discipline(first.discipline)],
        file: "grades.csv", line: first.line, column: "credits", value: then,
        found: then, required: now, count: credited.count,
        "\(credited.count) marks have other credits than their disciplines, such as "
          + "\(first.discipline) of \(first.student): \(then), disciplines.csv has \(now)",
        mend: "correct the credits, or leave the cell empty; GPA weighs by what stands here")
    }
    if let first = ahead.first {
      let term = institution.students[first.student].flatMap { institution.groups[$0.group]?.term }
      note(
        .gradeTerm, [.student(first.student), .discipline(first.discipline)], file: "grades.csv",
        line: first.line, column: "term",
        value: String(first.term), found: "term \(first.term)",
        required: "up to term \(term ?? 0)", count: ahead.count,
        "\(ahead.count) marks are of terms still to come, such as \(first.discipline) of "
          + "\(first.student) in term \(first.term), whose group is in term \(term ?? 0)",
        mend: "correct the term, or the group's")
    }
    gradesTwice()
  }

  /// Two marks of a discipline in a term, but for a resit after FX.
  private mutating func gradesTwice() {
    struct Key: Hashable {
      var student: StudentID
      var discipline: DisciplineID
      var term: Int
    }
    var last: [Key: Grade] = [:]
    var again: [(Grade, Grade)] = []
    for grade in institution.grades {
      let key = Key(student: grade.student, discipline: grade.discipline, term: grade.term)
      if let former = last[key], former.letter != .fx { again.append((former, grade)) }
      last[key] = grade
    }
    guard let (former, first) = again.first else { return }
    note(
      .gradeRepeated,
      [.student(first.student), .discipline(first.discipline), .term(first.term)],
      file: "grades.csv", line: first.line, column: "discipline",
      value: first.discipline.text, found: "2 marks", required: "1", count: again.count,
      "\(again.count) marks stand beside another of the same student, discipline and term, such as "
        + "\(first.discipline) of \(first.student) in term \(first.term): "
        + "\(shown(former.points)) and \(shown(first.points))",
      mend: "one mark a term; a second only after FX, for the resit")
  }

  /// F means to take it again with classes, FX to sit the control again without.
  private mutating func repeatedStudy() {
    var passed: [Enrolment] = []
    var unmarked: [Enrolment] = []
    var resits: [Enrolment] = []
    var unmarkedRetake: [Enrolment] = []
    var notRepeated: [DisciplineID: [StudentID]] = [:]
    let held = Set(institution.enrolments.map(\.discipline))
    for (student, enrolments) in enrolmentsOfStudent.enumerated() {
      guard let group = institution.groups[institution.students[student].group] else { continue }
      let transcript = transcripts[student]
      let finished = institution.finishedTerms(of: group)
      guard finished >= 1, transcript.grades.contains(where: { $0.term <= finished }) else {
        continue
      }
      for enrolment in enrolments {
        switch transcript.result(enrolment.discipline, upTo: finished)?.letter {
        case nil: if enrolment.status == .retake { unmarkedRetake.append(enrolment) }
        case .fx: resits.append(enrolment)
        case .f: if enrolment.status == .first { unmarked.append(enrolment) }
        default: passed.append(enrolment)
        }
      }
      let taken = Set(enrolments.map(\.discipline))
      for discipline in transcript.disciplines(with: .f, upTo: finished)
      where held.contains(discipline) && !taken.contains(discipline) {
        notRepeated[discipline, default: []].append(institution.students[student].id)
      }
    }
    enrolled(
      .retake, passed, found: "passed", required: "F", "who passed it already",
      mend: "take the enrolment off, unless it is to raise GPA in an additional semester")
    enrolled(
      .retake, unmarkedRetake, found: "no mark", required: "F",
      "as retake, without a mark of an earlier term",
      mend: "enter the mark in grades.csv, or mark the enrolment as first")
    enrolled(
      .resit, resits, found: "FX", required: "F", "after FX, which needs a resit and no classes",
      mend: "take the enrolment off and put the student on the list of resits")
    enrolled(
      .failedBefore, unmarked, found: "first", required: "retake",
      "as first, although the last mark is F",
      mend: "mark the enrolment as retake: it counts to sections, and overlaps are judged apart")
    for discipline in notRepeated.keys.sorted() {
      guard let all = notRepeated[discipline] else { continue }
      note(
        .notRepeated, [.students(all), .discipline(discipline)], file: "enrolments.csv",
        column: "discipline", value: discipline.text,
        found: "0 enrolments", required: "\(all.count) retakes", count: all.count,
        "\(all.count) students with F in \(discipline), which is held this term, are not enrolled "
          + "in it again: \(some(all.map(\.text)))",
        mend: "enrol them with status retake, or in a later term")
    }
  }

  private mutating func enrolled(
    _ rule: CreditRule, _ all: [Enrolment], found: String, required: String, _ how: String,
    mend: String
  ) {
    guard let first = all.first else { return }
    note(
      rule, [.student(first.student), .discipline(first.discipline)], file: "enrolments.csv",
      line: first.line, column: "discipline",
      value: first.discipline.text, found: found, required: required, count: all.count,
      "\(all.count) enrolments are of students \(how), such as \(first.student) in "
        + "\(first.discipline)", mend: mend)
  }

  // MARK: - Promotion

  /// Students of a year whose GPA of the year before is below the least; one finding a programme's
  /// level, form and year.
  mutating func promotions() {
    guard !institution.grades.isEmpty else { return }
    struct Key: Hashable {
      var level: Level
      var form: StudyForm
      var year: Int
    }
    var held: [Key: [Promotion]] = [:]
    for (student, person) in institution.students.enumerated() {
      guard let promotion = transcripts.promotion(of: student), promotion.decision == .held,
        let programme = institution.groups[person.group].flatMap({
          institution.programmes[$0.programme]
        })
      else { continue }
      held[
        Key(level: programme.level, form: programme.form, year: promotion.year), default: []
      ].append(promotion)
    }
    for level in Level.allCases {
      for form in StudyForm.allCases {
        let years = held.keys.filter { $0.level == level && $0.form == form }.map(\.year)
        for year in years.sorted() {
          guard let all = held[Key(level: level, form: form, year: year)], let first = all.first,
            let gpa = first.gpa, let required = first.required
          else { continue }
          note(
            .promotion, [.year(year), .student(first.student)], file: "grades.csv",
            column: "points", value: first.student.text,
            found: gpa.description, required: "at least \(required)", count: all.count,
            "\(all.count) students of \(level.rawValue)/\(form.rawValue) are past year \(year) "
              + "with a GPA of it below \(required), such as \(first.student) with \(gpa)",
            mend: "keep them in the year, or let them raise it in the additional semester; keste "
              + "promotion lists them")
        }
      }
    }
  }

  // MARK: - Final attestation

  /// Students in the last term of a whole curriculum who owe something of earlier terms: final
  /// attestation is open to who has all other credits.
  mutating func attestation() {
    for group in institution.groups {
      let terms = termsOf[WholeCurriculum(group)]?.values.flatMap { $0 } ?? []
      guard let last = terms.max(), group.term >= last,
        Set(terms).count == last
      else { continue }
      var debtors: [(student: StudentID, debts: [DisciplineID])] = []
      for at in members[group.id] ?? [] {
        let finished = institution.finishedTerms(of: group)
        let debts =
          transcripts[at].disciplines(with: .f, upTo: finished)
          + transcripts[at].disciplines(with: .fx, upTo: finished)
        if !debts.isEmpty { debtors.append((institution.students[at].id, debts)) }
      }
      guard let first = debtors.first else { continue }
      note(
        .attestation,
        [.group(group.id), .student(first.student), .disciplines(first.debts)], file: "grades.csv",
        column: "student", value: first.student.text,
        found: "\(first.debts.count) debts", required: "0", count: debtors.count,
        "\(debtors.count) students of group \(group.id) are in the last term and owe disciplines, "
          + "such as \(first.student): \(some(first.debts.map(\.text)))",
        mend: "let them pass these before the final attestation")
    }
  }
}

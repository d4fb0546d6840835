// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// Rules S1–S6, and the size and hours that `sections.csv` states (P1).
///
/// **Source**: FORMATS.md 4.1, exact readings 1–3.
enum SectionRules {
  static func judge(_ index: PlanIndex, into report: inout ScoreReport) {
    judgeMembership(index, into: &report)
    for section in index.sections {
      judgeSize(section, index, into: &report)
      judgeLanguage(section, index, into: &report)
      judgeParent(section, index, into: &report)
      judgeStatedNumbers(section, index, into: &report)
    }
  }

  /// S1: every enrolment in exactly one section of each kind that has hours, and nobody else.
  private static func judgeMembership(_ index: PlanIndex, into report: inout ScoreReport) {
    for row in index.repeated {
      report.add(.s1) {
        $0.says(
          "\(row.section) секциясы: \(row.student) студенті екі рет жазылған",
          "секция \(row.section): студент \(row.student) записан дважды",
          "section \(row.section): student \(row.student) is listed twice")
      }
    }
    struct Place: Hashable {
      let student: Int
      let discipline: Int
      let kind: TeachingKind
    }
    let kinds = TeachingKind.allCases.count
    var strangers: Set<Place> = []
    // How many sections of each kind hold the student of each enrolment.
    var places = Array(repeating: 0, count: index.institution.enrolments.count * kinds)
    for section in index.sections {
      let kind = TeachingKind.allCases.firstIndex(of: section.kind) ?? 0
      for student in section.students {
        if let at = index.enrolment(student, section.discipline) {
          places[at * kinds + kind] += 1
        } else if strangers.insert(
          Place(student: student, discipline: section.discipline, kind: section.kind)
        ).inserted {
          report.add(.s1) {
            let (id, discipline) = (
              index.institution.students[student].id, index.disciplineID(of: section)
            )
            return $0.says(
              "\(id) студенті \(section.row.id) секциясында, бірақ \(discipline) пәніне тіркелмеген",
              "студент \(id) в секции \(section.row.id), но не записан на \(discipline)",
              "student \(id) is in section \(section.row.id) but not enrolled in \(discipline)")
          }
        }
      }
    }
    let kindsOf = index.institution.disciplines.map { discipline in
      discipline.kinds.map { ($0, TeachingKind.allCases.firstIndex(of: $0) ?? 0) }
    }
    for enrolment in index.institution.enrolments {
      guard let student = index.institution.students.position(of: enrolment.student),
        let discipline = index.institution.disciplines.position(of: enrolment.discipline),
        let at = index.enrolment(student, discipline)
      else { continue }
      for (kind, number) in kindsOf[discipline] where places[at * kinds + number] != 1 {
        let held = index.sections.filter {
          $0.discipline == discipline && $0.kind == kind && $0.students.contains(student)
        }.map(\.row.id.text)
        report.add(.s1) {
          let names =
            held.isEmpty ? $0.says("жоқ", "ни в одной", "none") : listed(held, in: $0)
          let (who, what) = (enrolment.student, enrolment.discipline)
          return $0.says(
            "\(who) студенті, \(what) (\(kind.word(in: $0))): \(held.count) секцияда (\(names)), "
              + "дәл біреуінде болуы керек",
            "студент \(who), \(what) (\(kind.word(in: $0))): секций \(held.count) (\(names)), "
              + "должна быть ровно одна",
            "student \(who), \(what) \(kind.rawValue): in \(held.count) sections (\(names)), "
              + "must be in exactly one")
        }
      }
    }
    for section in index.sections where index.facts(of: section).hours == 0 {
      report.add(.s1) {
        let (id, discipline) = (section.row.id, index.disciplineID(of: section))
        let kind = section.kind.word(in: $0)
        return $0.says(
          "\(id) секциясы: \(discipline) пәнінде мұндай сағат жоқ (\(kind))",
          "секция \(id): у \(discipline) нет таких часов (\(kind))",
          "section \(id): \(discipline) has no \(kind) hours")
      }
    }
  }

  /// S2 of groups and subgroups, S3 of streams.
  private static func judgeSize(
    _ section: SectionFacts, _ index: PlanIndex, into report: inout ScoreReport
  ) {
    guard let cap = index.facts(of: section).cap, section.students.count > cap else { return }
    report.add(section.kind == .lecture ? .s3 : .s2) {
      let (id, discipline) = (section.row.id, index.disciplineID(of: section))
      let (count, kind) = (section.students.count, section.kind.word(in: $0))
      return $0.says(
        "\(id) секциясы: \(count) студент, ең көбі \(cap): \(discipline) (\(kind))",
        "секция \(id): студентов \(count), не больше \(cap): \(kind) \(discipline)",
        "section \(id): \(count) students, at most \(cap) for a \(kind) of \(discipline)")
    }
  }

  /// S4, once a student.
  private static func judgeLanguage(
    _ section: SectionFacts, _ index: PlanIndex, into report: inout ScoreReport
  ) {
    let others = section.students.filter {
      index.enrolment($0, section.discipline).map { index.languages[$0] != section.row.language }
        ?? false
    }
    if others.isEmpty { return }
    let names = others.map { index.institution.students[$0].id.text }
    report.add(.s4, times: others.count) {
      let (id, language) = (section.row.id, section.row.language.rawValue)
      let who = listed(names, in: $0)
      return $0.says(
        "\(id) секциясының тілі \(language), бірақ мыналарға басқа тіл керек: \(who)",
        "секция \(id) на языке \(language), но нужен другой: \(who)",
        "section \(id) is in \(language), but not for \(who)")
    }
  }

  /// S5, once a student who is not in the parent.
  private static func judgeParent(
    _ section: SectionFacts, _ index: PlanIndex, into report: inout ScoreReport
  ) {
    let id = section.row.id
    if section.kind == .lecture || index.facts(section.discipline, .lecture).hours == 0 {
      if let parent = section.row.parent {
        report.add(.s5) {
          $0.says(
            "\(id) секциясының ағыны болмауы керек, көрсетілгені \(parent)",
            "секция \(id): потока быть не должно, указан \(parent)",
            "section \(id): must have no parent, has \(parent)")
        }
      }
      return
    }
    guard let parentAt = section.parent else {
      report.add(.s5) {
        $0.says(
          "\(id) секциясы: дәрісі бар пәннің сабағына ағын керек",
          "секция \(id): у дисциплины есть лекции, нужен поток",
          "section \(id): a \(section.kind.rawValue) of a discipline with lectures needs a parent")
      }
      return
    }
    let parent = index.sections[parentAt]
    guard parent.kind == .lecture, parent.discipline == section.discipline else {
      report.add(.s5) {
        let discipline = index.disciplineID(of: section)
        return $0.says(
          "\(id) секциясы: \(parent.row.id) ағыны \(discipline) пәнінің дәрісі емес",
          "секция \(id): поток \(parent.row.id) – не лекция \(discipline)",
          "section \(id): its parent \(parent.row.id) is no lecture of \(discipline)")
      }
      return
    }
    let inParent = Set(parent.students)
    let missing = section.students.filter { !inParent.contains($0) }
    if missing.isEmpty { return }
    let names = missing.map { index.institution.students[$0].id.text }
    report.add(.s5, times: missing.count) {
      let who = listed(names, in: $0)
      return $0.says(
        "\(id) секциясы: \(who) \(parent.row.id) ағынында жоқ",
        "секция \(id): \(who) нет в потоке \(parent.row.id)",
        "section \(id): \(who) not in its parent \(parent.row.id)")
    }
  }

  /// P1 of `hours` and `size` (exact reading 2).
  private static func judgeStatedNumbers(
    _ section: SectionFacts, _ index: PlanIndex, into report: inout ScoreReport
  ) {
    let row = section.row
    if row.size != section.students.count {
      report.add(.p1) {
        $0.says(
          "\(row.id) секциясы: көлемі \(row.size) делінген, тізімде \(section.students.count) студент",
          "секция \(row.id): заявлен размер \(row.size), в списке студентов \(section.students.count)",
          "section \(row.id): size \(row.size) is claimed, \(section.students.count) students are "
            + "listed")
      }
    }
    let hours = index.facts(of: section).hours
    if row.hours != hours {
      report.add(.p1) {
        let (discipline, kind) = (index.disciplineID(of: section), section.kind.word(in: $0))
        return $0.says(
          "\(row.id) секциясы: \(row.hours) сағат делінген, \(discipline) пәнінде \(hours) (\(kind))",
          "секция \(row.id): заявлено часов \(row.hours), у \(discipline) их \(hours) (\(kind))",
          "section \(row.id): \(row.hours) hours are claimed, \(discipline) has \(hours) of \(kind)"
        )
      }
    }
  }

  /// S6: the teacher whom a student chose holds the student's section; a choice of someone who may
  /// not teach it is only a warning.
  static func judgeChoices(_ index: PlanIndex, into report: inout ScoreReport) {
    struct Place: Hashable {
      let student: Int
      let discipline: Int
      let kind: TeachingKind
    }
    let institution = index.institution
    let chosen = institution.enrolments.filter {
      $0.lectureTeacher != nil || $0.practiceTeacher != nil
    }
    let students = Set(chosen.compactMap { institution.students.position(of: $0.student) })
    // A student in two sections of one kind breaks S1; here the last one listed speaks.
    var section: [Place: Int] = [:]
    for (at, row) in index.sections.enumerated() {
      for student in row.students where students.contains(student) {
        section[Place(student: student, discipline: row.discipline, kind: row.kind)] = at
      }
    }
    for enrolment in chosen {
      guard let student = institution.students.position(of: enrolment.student),
        let discipline = institution.disciplines.position(of: enrolment.discipline)
      else { continue }
      for kind in [TeachingKind.lecture, .practice] {
        guard let id = enrolment.chosenTeacher(kind), index.facts(discipline, kind).hours > 0
        else { continue }
        let what =
          "student \(enrolment.student) chose \(id) for \(enrolment.discipline) "
          + kind.rawValue
        guard let teacher = institution.teachers[id] else { continue }
        if let reason = institution.unfitness(
          of: teacher, for: .teaching(kind), in: enrolment.discipline)
        {
          report.warnings.append("\(what), who \(reason.clause(in: .en))")
          continue
        }
        let at = section[Place(student: student, discipline: discipline, kind: kind)]
        let holders = at.map { index.sections[$0].teachers.map { institution.teachers[$0].id } }
        if holders?.contains(id) != true {
          let names = (holders ?? []).map(\.text)
          let held = at.map { index.sections[$0].row.id.text }
          report.add(.s6) {
            let who =
              names.isEmpty ? $0.says("ешкім", "никто", "nobody") : listed(names, in: $0)
            let kindWord = kind.word(in: $0)
            let section = held ?? $0.says("(жоқ)", "(нет)", "(none)")
            return $0.says(
              "\(enrolment.student) студенті \(id) таңдаған: \(enrolment.discipline) (\(kindWord)), "
                + "\(section) секциясын жүргізетін: \(who)",
              "студент \(enrolment.student) выбрал \(id): \(enrolment.discipline) (\(kindWord)), "
                + "секцию \(section) ведёт: \(who)",
              "\(what), section \(section) is held by \(who)")
          }
        }
      }
    }
  }
}

extension Unfitness {
  /// The end of a sentence that begins with the teacher.
  func clause(in language: Language) -> String {
    switch self {
    case .notCompetent:
      language.says("құзыретті емес", "не имеет компетенции", "is not competent")
    case .mayNotLecture:
      language.says(
        "дәріс оқуға құқығы жоқ", "не имеет права читать лекции", "has no lecturing right")
    case .surveyTooLow:
      language.says(
        "сауалнама бағасы min_lecture_survey мәнінен төмен",
        "имеет оценку анкетирования ниже min_lecture_survey",
        "has a survey below min_lecture_survey")
    }
  }
}

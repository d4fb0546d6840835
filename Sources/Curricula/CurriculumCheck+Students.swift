// SPDX-License-Identifier: GPL-3.0-or-later
import University

extension CurriculumCheck {
  /// Hours of disciplines and students against the slots that there are.
  mutating func students() {
    let day = min(policy.studentMaxHoursPerDay, institution.regime.slots)
    let most = day * institution.days.count * institution.term.weeks
    var tooLong: Set<DisciplineID> = []
    // Meetings may overlap for those who retake a discipline, where the policy lets them.
    for (position, discipline) in institution.disciplines.enumerated()
    where enrolled[position].contains(where: {
      $0.status != .retake || policy.retakeConflicts == .hard
    }) {
      for kind in discipline.kinds where least(discipline.hours(kind)) > most {
        tooLong.insert(discipline.id)
        impossible(
          "M1.tooManyHours", file: "disciplines.csv", line: discipline.line,
          column: kind.rawValue, value: String(discipline.hours(kind)),
          "a section needs at least \(least(discipline.hours(kind))) hours in the term, but a "
            + "student has at most \(day) × \(institution.days.count) days × "
            + "\(institution.term.weeks) weeks = \(most)",
          mend: "lower the hours, or add slots or days")
      }
    }
    for group in institution.groups {
      hours(of: group, unless: tooLong)
    }
  }

  /// The busiest student of a group stands for all who have too much.
  ///
  /// A section needs `least` hours; enrolments of status retake may overlap where
  /// `retake_conflicts` is soft, and are not bound by the group's forbidden times (T1).
  private mutating func hours(of group: Group, unless tooLong: Set<DisciplineID>) {
    let limit = policy.studentMaxHoursPerDay
    let bound = hoursOfTerm(.group(group.id), dayLimit: limit)
    let unbound = hoursOfTerm(nil, dayLimit: limit)
    var worst: (student: StudentID, needed: Int, free: Int)?
    var count = 0
    for at in members[group.id] ?? [] {
      var first = 0
      var retaken = 0
      var told = false
      for enrolment in enrolmentsOfStudent[at] {
        guard let discipline = institution.disciplines[enrolment.discipline] else { continue }
        told = told || tooLong.contains(discipline.id)
        let needed = discipline.kinds.reduce(0) { $0 + least(discipline.hours($1)) }
        if enrolment.status != .retake {
          first += needed
        } else if policy.retakeConflicts == .hard {
          retaken += needed
        }
      }
      if told { continue }
      let (needed, free) = first > bound ? (first, bound) : (first + retaken, unbound)
      guard needed > free else { continue }
      count += 1
      if worst.map({ needed - free > $0.needed - $0.free }) ?? true {
        worst = (institution.students[at].id, needed, free)
      }
    }
    guard let worst else { return }
    let forbidden = bound < unbound ? " outside the group's forbidden times" : ""
    impossible(
      "T3.studentHours", file: "enrolments.csv", column: "student", value: worst.student.text,
      "student \(worst.student) of group \(group.id) needs at least \(worst.needed) hours in the "
        + "term, but has \(worst.free) at \(limit) a day\(forbidden)"
        + (count > 1 ? "; so have \(count - 1) more of the group" : ""),
      mend: "take off enrolments, add slots, or free the group's times in availability.csv")
  }

  /// Choices of teachers who may not teach, and disciplines with too few students. What enrolments
  /// owe to curricula and credits is judged by `CreditConsistency` of Validation.
  mutating func enrolments() {
    chosenTeachers()
    sizes()
  }

  /// Teachers chosen by students who may not teach the class (S6).
  private mutating func chosenTeachers() {
    struct Choice: Hashable {
      var teacher: TeacherID
      var discipline: DisciplineID
      var kind: TeachingKind
    }
    var unfit: [Choice: Int] = [:]
    var order: [(Choice, Enrolment, Unfitness)] = []
    var judged: [Choice: Unfitness?] = [:]
    for enrolment in institution.enrolments {
      for kind in [TeachingKind.lecture, .practice] {
        guard let id = enrolment.chosenTeacher(kind), let teacher = institution.teachers[id],
          let discipline = institution.disciplines[enrolment.discipline],
          discipline.hours(kind) > 0
        else { continue }
        let choice = Choice(teacher: id, discipline: discipline.id, kind: kind)
        let unfitness: Unfitness?
        if let known = judged[choice] {
          unfitness = known
        } else {
          unfitness = institution.unfitness(of: teacher, for: .teaching(kind), in: discipline.id)
          judged[choice] = .some(unfitness)
        }
        guard let unfitness else { continue }
        if unfit[choice] == nil { order.append((choice, enrolment, unfitness)) }
        unfit[choice, default: 0] += 1
      }
    }
    for (choice, example, unfitness) in order {
      warning(
        "S6.chosenTeacher", file: "enrolments.csv", line: example.line,
        column: choice.kind == .lecture ? "lecture_teacher" : "practice_teacher",
        value: choice.teacher.text,
        "\(unfit[choice] ?? 0) students choose \(choice.teacher) for the \(choice.kind.rawValue) "
          + "of \(choice.discipline), but \(unfitness.words)",
        mend: "the choice is ignored; add the competence or choose another teacher")
    }
  }

  /// Disciplines that so few take that every section of a language is undersized.
  private mutating func sizes() {
    for (position, discipline) in institution.disciplines.enumerated()
    where !discipline.kinds.isEmpty {
      for language in Language.allCases {
        let count = enrolled[position].count { $0.language == language }
        guard count > 0 && count < policy.minSectionSize else { continue }
        warning(
          "sections.undersized", file: "enrolments.csv", column: "discipline",
          value: discipline.id.text,
          "\(count) students take \(discipline.id) in \(language.rawValue), but a section should "
            + "have at least \(policy.minSectionSize)",
          mend: "teach them in another language or another term, or accept small sections")
      }
    }
  }
}

extension Unfitness {
  /// What to say of the teacher.
  var words: String {
    switch self {
    case .notCompetent: "competences.csv does not have that work for the teacher"
    case .mayNotLecture: "the teacher's position gives no right to lecture"
    case .surveyTooLow: "the survey is below min_lecture_survey"
    }
  }
}

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
          Wording {
            let needed = least(discipline.hours(kind))
            let days = institution.days.count
            let weeks = institution.term.weeks
            return $0.says(
              "секцияға семестрде кемінде \(needed) сағат керек, ал студентте ең көбі \(day) × "
                + "\(days) күн × \(weeks) апта = \(most)",
              "секции нужно не меньше \(needed) ч в семестре, а у студента не больше \(day) × "
                + "\(days) дн. × \(weeks) нед. = \(most)",
              "a section needs at least \(needed) hours in the term, but a student has at most "
                + "\(day) × \(days) days × \(weeks) weeks = \(most)")
          },
          mend: Wording(
            "сағатты азайтыңыз немесе сағат не күн қосыңыз",
            "уменьшите часы либо добавьте часы сетки или дни",
            "lower the hours, or add slots or days"))
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
    impossible(
      "T3.studentHours", file: "enrolments.csv", column: "student", value: worst.student.text,
      Wording {
        let isClosed = bound < unbound
        let more = count - 1
        return $0.says(
          "\(group.id) тобының \(worst.student) студентіне семестрде кемінде \(worst.needed) сағат "
            + "керек, ал күніне \(limit) сағаттан \(worst.free) бар"
            + (isClosed ? " (топтың жабық уақытынан тыс)" : "")
            + (more > 0 ? "; топтың тағы \(more) студентінде де солай" : ""),
          "студенту \(worst.student) группы \(group.id) нужно не меньше \(worst.needed) ч в "
            + "семестре, а при \(limit) в день есть \(worst.free)"
            + (isClosed ? " вне закрытых часов группы" : "")
            + (more > 0 ? "; так же ещё у \(more) из группы" : ""),
          "student \(worst.student) of group \(group.id) needs at least \(worst.needed) hours in "
            + "the term, but has \(worst.free) at \(limit) a day"
            + (isClosed ? " outside the group's forbidden times" : "")
            + (more > 0 ? "; so have \(more) more of the group" : ""))
      },
      mend: Wording(
        "жазылуларды алып тастаңыз, сағат қосыңыз немесе топтың уақытын availability.csv файлында "
          + "ашыңыз",
        "снимите записи, добавьте часы сетки или откройте время группы в availability.csv",
        "take off enrolments, add slots, or free the group's times in availability.csv"))
  }

  /// Choices of teachers who may not teach, and disciplines with too few students. What enrolments
  /// owe to curricula and credits is judged by `CreditConsistency` of Validation.
  mutating func enrolments() {
    chosenTeachers()
    chosenHours()
    chosenTimes()
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
        Wording {
          let kind = choice.kind.word(in: $0)
          let why = unfitness.words(in: $0)
          let number = unfit[choice] ?? 0
          return $0.says(
            "\(number) студент \(choice.discipline) (\(kind)) үшін \(choice.teacher) оқытушысын "
              + "таңдады, бірақ \(why)",
            "\(number) студ. выбрали преподавателя \(choice.teacher): \(kind) \(choice.discipline), "
              + "но \(why)",
            (number == 1 ? "1 student chooses " : "\(number) students choose ")
              + "\(choice.teacher) for the \(kind) of \(choice.discipline), "
              + "but \(why)")
        },
        mend: Wording(
          "таңдау ескерілмейді; құзыретін қосыңыз немесе басқа оқытушыны таңдаңыз",
          "выбор не учитывается; добавьте компетенцию или выберите другого преподавателя",
          "the choice is ignored; add the competence or choose another teacher"))
    }
  }

  /// A chosen teacher (S6) who has too little time in common with a group of the choosers: their
  /// section is held when both are free (T1). Retakers are not bound by their group's times.
  private mutating func chosenTimes() {
    struct Choice: Hashable {
      var teacher: TeacherID
      var group: GroupID
      var discipline: DisciplineID
      var kind: TeachingKind
    }
    var first: [Choice: Int] = [:]
    var order: [Choice] = []
    for enrolment in institution.enrolments where enrolment.status != .retake {
      guard let group = institution.students[enrolment.student]?.group,
        let discipline = institution.disciplines[enrolment.discipline]
      else { continue }
      for kind in [TeachingKind.lecture, .practice] where discipline.hours(kind) > 0 {
        guard let id = enrolment.chosenTeacher(kind), let teacher = institution.teachers[id],
          institution.unfitness(of: teacher, for: .teaching(kind), in: discipline.id) == nil
        else { continue }
        let choice = Choice(teacher: id, group: group, discipline: discipline.id, kind: kind)
        if first[choice] == nil {
          first[choice] = enrolment.line
          order.append(choice)
        }
      }
    }
    var common: [[AvailabilitySubject]: Int] = [:]
    for choice in order {
      guard let teacher = institution.teachers[choice.teacher],
        let discipline = institution.disciplines[choice.discipline]
      else { continue }
      let limit = min(
        institution.dayLimit(of: teacher), institution.policy.studentMaxHoursPerDay)
      let subjects: [AvailabilitySubject] = [.teacher(choice.teacher), .group(choice.group)]
      let free = common[subjects] ?? hoursOfTerm(subjects, dayLimit: limit)
      common[subjects] = free
      let needed = least(discipline.hours(choice.kind))
      if free >= needed { continue }
      impossible(
        "T1.chosenTeacher", file: "enrolments.csv", line: first[choice] ?? 0,
        column: choice.kind == .lecture ? "lecture_teacher" : "practice_teacher",
        value: choice.teacher.text,
        Wording {
          let kind = choice.kind.word(in: $0)
          return $0.says(
            "\(choice.group) тобының студенттері \(choice.discipline) (\(kind)) үшін "
              + "\(choice.teacher) оқытушысын таңдаған, оған \(needed) сағат керек, ал екеуі де бос "
              + "уақыт — \(free) сағат",
            "студенты группы \(choice.group) выбрали преподавателя \(choice.teacher): \(kind) "
              + "\(choice.discipline), нужно \(needed) ч, а свободны оба только \(free) ч",
            "students of group \(choice.group) choose \(choice.teacher) for the \(kind) of "
              + "\(choice.discipline), which takes \(needed) hours, but both are free in \(free) only"
          )
        },
        mend: Wording(
          "availability.csv файлында ортақ уақыт ашыңыз немесе басқа оқытушыны таңдаңыз",
          "откройте общее время в availability.csv или выберите другого преподавателя",
          "open common time in availability.csv, or choose another teacher"))
    }
  }

  /// Hours that a teacher's choosers ask for against the ceiling and the teacher's time: they are
  /// all in sections of that teacher (S6), each language by itself (S4), within the cap.
  private mutating func chosenHours() {
    struct Choice: Hashable {
      var discipline: Int
      var kind: TeachingKind
      var language: Language
    }
    var choosers: [TeacherID: [Choice: (count: Int, line: Int)]] = [:]
    for enrolment in institution.enrolments {
      guard let at = institution.disciplines.position(of: enrolment.discipline) else { continue }
      for kind in [TeachingKind.lecture, .practice] {
        guard let id = enrolment.chosenTeacher(kind), let teacher = institution.teachers[id],
          institution.disciplines[at].hours(kind) > 0,
          institution.unfitness(of: teacher, for: .teaching(kind), in: enrolment.discipline) == nil
        else { continue }
        let choice = Choice(discipline: at, kind: kind, language: enrolment.language)
        let known = choosers[id]?[choice] ?? (0, enrolment.line)
        choosers[id, default: [:]][choice] = (known.count + 1, known.line)
      }
    }
    for teacher in institution.teachers {
      guard let own = choosers[teacher.id] else { continue }
      var planned = 0
      var held = 0
      for (choice, chosen) in own {
        let discipline = institution.disciplines[choice.discipline]
        let cap = mostInSection(of: discipline, choice.kind).map { max(1, $0) } ?? chosen.count
        let sections = (chosen.count + cap - 1) / cap
        planned += sections * discipline.hours(choice.kind)
        held += sections * least(discipline.hours(choice.kind))
      }
      let line = own.values.map(\.line).min() ?? 0
      let students = own.values.reduce(0) { $0 + $1.count }
      let ceiling = institution.ceiling(of: teacher)
      let free = hoursOfTerm(.teacher(teacher.id), dayLimit: institution.dayLimit(of: teacher))
      guard Double(planned) > ceiling + 0.005 || held > free else { continue }
      let isTime = Double(planned) <= ceiling + 0.005
      let most = isTime ? "\(free)" : shown(ceiling)
      let needed = isTime ? held : planned
      impossible(
        isTime ? "T3.chosenHours" : "L4.chosenHours", file: "enrolments.csv", line: line,
        column: "practice_teacher", value: teacher.id.text,
        Wording(
          "\(teacher.id) оқытушысын таңдағандардың (\(students)) секцияларына кемінде \(needed) сағат "
            + "керек, ал оның ең көбі \(most) сағаты бар",
          "секциям выбравших преподавателя \(teacher.id) (\(students)) нужно не меньше \(needed) ч, "
            + "а у него не больше \(most)",
          "the \(students) choices of teacher \(teacher.id) take sections of at least \(needed) "
            + "hours, but the teacher has at most \(most)"),
        mend: Wording(
          "таңдаулардың бір бөлігін алып тастаңыз немесе оқытушының шегін көтеріңіз",
          "снимите часть выборов или поднимите предел преподавателя",
          "take off some of the choices, or raise what the teacher may have"))
      findings[findings.count - 1].found = "\(needed)"
      findings[findings.count - 1].required = most
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
          Wording {
            let taught = language.taught(in: $0)
            return $0.says(
              "\(discipline.id) пәнін \(taught) \(count) студент оқиды, ал секцияда кемінде "
                + "\(policy.minSectionSize) болуы керек",
              "\(discipline.id) \(taught) изучают \(count) студ., а в секции должно быть не меньше "
                + "\(policy.minSectionSize)",
              (count == 1 ? "1 student takes " : "\(count) students take ")
                + "\(discipline.id) \(taught), but a section should have at "
                + "least \(policy.minSectionSize)")
          },
          mend: Wording(
            "басқа тілде не басқа семестрде оқытыңыз немесе шағын секцияға келісіңіз",
            "обучайте на другом языке или в другом семестре либо согласитесь на малые секции",
            "teach them in another language or another term, or accept small sections"))
      }
    }
  }
}

extension Unfitness {
  /// What to say of the teacher.
  func words(in language: Language) -> String {
    switch self {
    case .notCompetent:
      language.says(
        "competences.csv файлында оқытушының мұндай жұмысы жоқ",
        "в competences.csv такой работы за преподавателем нет",
        "competences.csv does not have that work for the teacher")
    case .mayNotLecture:
      language.says(
        "оқытушының лауазымы дәріс оқу құқығын бермейді",
        "должность преподавателя не даёт права читать лекции",
        "the teacher's position gives no right to lecture")
    case .surveyTooLow:
      language.says(
        "сауалнама бағасы min_lecture_survey мәнінен төмен",
        "оценка анкетирования ниже min_lecture_survey",
        "the survey is below min_lecture_survey")
    }
  }
}

extension Discipline {
  /// `MAT101 lecture`, for a list.
  func phrase(_ kind: TeachingKind, in language: Language) -> String {
    let word = kind.word(in: language)
    return language.says("\(id) (\(word))", "\(word) \(id)", "\(id) \(word)")
  }

  /// `the lecture of MAT101`.
  func words(_ kind: TeachingKind, in language: Language) -> String {
    let word = kind.word(in: language)
    return language.says("\(id) (\(word))", "\(word) \(id)", "the \(word) of \(id)")
  }
}

extension AvailabilitySubject {
  /// `room B-203`.
  func name(in language: Language) -> String {
    switch self {
    case .room(let id): language.says("\(id) аудиториясы", "аудитория \(id)", "room \(id)")
    case .teacher(let id):
      language.says("\(id) оқытушысы", "преподаватель \(id)", "teacher \(id)")
    case .group(let id): language.says("\(id) тобы", "группа \(id)", "group \(id)")
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import University

extension CurriculumCheck {
  /// Hours against ceilings, and work that nobody may do.
  mutating func teachers() {
    let potential = potentialHours()
    for (teacher, potential) in zip(institution.teachers, potential) {
      bounds(of: teacher, potential: potential)
    }
    competences()
    minimumHours()
    sharedMinimumHours()
  }

  /// Somebody with competences whose norm is 0: what that leaves to be given.
  private mutating func zeroNorm(of teacher: Teacher, _ ceiling: Double) {
    let column = teacher.normHours != nil ? "norm_hours" : teacher.rate <= 0 ? "rate" : "position"
    warning(
      "L4.zeroNorm", file: "teachers.csv", line: teacher.line, column: column,
      value: column == "position" ? teacher.position : "0",
      Wording {
        let most = shown(ceiling)
        let lead = $0.says(
          "\(teacher.id) оқытушысының нормасы 0 сағат", "норма преподавателя \(teacher.id) – 0 ч",
          "teacher \(teacher.id) has a norm of 0 hours")
        return lead
          + (ceiling > 0
            ? $0.says(
              ": алатын сағаттарының бәрі (\(most) дейін) артық жүктеме, ал кафедраның теңдігіне "
                + "кірмейді",
              ": все его часы (до \(most)) – перегрузка, и в равномерности кафедры он не участвует",
              ": every hour given (up to \(most)) is overload, and the department's fairness leaves "
                + "the teacher out")
            : $0.says(
              ", шегі де 0: ешқандай жұмыс берілмейді", " и предел 0: никакой работы не получит",
              ", and so is the most: no work is given"))
      },
      mend: Wording(
        "ставканы немесе norm_hours мәнін көрсетіңіз, не competences.csv жолдарын алып тастаңыз",
        "задайте ставку или norm_hours либо уберите строки из competences.csv",
        "give a rate or norm_hours, or take the rows of competences.csv off"))
  }

  /// Upper bounds of a teacher's hours: in classes, in the other work, and the largest ratio of
  /// planned to delivered hours that the tolerance allows.
  private struct Potential {
    var classes = 0.0
    var other = 0.0
    var ratio = 1.0
  }

  /// The most hours that each teacher could be given: at most one section an enrolment.
  private func potentialHours() -> [Potential] {
    var potential = [Potential](repeating: Potential(), count: institution.teachers.count)
    for competence in institution.competences {
      guard let at = institution.teachers.position(of: competence.teacher),
        let discipline = institution.disciplines[competence.discipline],
        let position = institution.disciplines.position(of: competence.discipline)
      else { continue }
      let count = Double(enrolled[position].count)
      let teacher = institution.teachers[at]
      for kind in discipline.kinds
      where count > 0
        && institution.unfitness(of: teacher, for: .teaching(kind), in: discipline.id) == nil
      {
        let hours = discipline.hours(kind)
        potential[at].classes += Double(hours) * count
        let least = least(hours)
        let ratio = least > 0 ? Double(hours) / Double(least) : .infinity
        potential[at].ratio = max(potential[at].ratio, ratio)
      }
      if competence.kinds.contains(.other) {
        for norm in institution.norms where norm.isOf(discipline) {
          potential[at].other += norm.hours * count
        }
      }
    }
    return potential
  }

  private mutating func bounds(of teacher: Teacher, potential: Potential) {
    let floor = institution.floor(of: teacher)
    let ceiling = institution.ceiling(of: teacher)
    let norm = institution.norm(of: teacher)
    if norm <= 0, potential.classes + potential.other > 0 { zeroNorm(of: teacher, ceiling) }
    if norm > 0, floor > norm + 0.005, floor <= ceiling + 0.005 {
      warning(
        "L4.minAboveNorm", file: "teachers.csv", line: teacher.line, column: "min_hours",
        value: shown(floor),
        Wording(
          "\(teacher.id) оқытушысының min_hours мәні нормадан (\(shown(norm))) жоғары: жүктемесі қалайда "
            + "нормадан асады",
          "у преподавателя \(teacher.id) min_hours выше нормы (\(shown(norm))): перегрузка неизбежна",
          "min_hours of teacher \(teacher.id) is above the norm (\(shown(norm))): overload is "
            + "certain"),
        mend: Wording(
          "min_hours мәнін \(shown(norm)) дейін төмендетіңіз",
          "снизьте min_hours до \(shown(norm))", "lower min_hours to \(shown(norm))"))
    }
    if floor > ceiling + 0.005 {
      impossible(
        "L4.minAboveCeiling", file: "teachers.csv", line: teacher.line, column: "min_hours",
        value: shown(floor),
        Wording(
          "\(teacher.id) оқытушысында кемінде \(shown(floor)) және ең көбі \(shown(ceiling)) сағат "
            + "болуы керек",
          "у преподавателя \(teacher.id) должно быть не меньше \(shown(floor)) и не больше "
            + "\(shown(ceiling)) ч",
          "teacher \(teacher.id) must have at least \(shown(floor)) hours and at most "
            + "\(shown(ceiling))"),
        mend: Wording(
          "min_hours мәнін төмендетіңіз немесе max_hours не ставканы көтеріңіз",
          "снизьте min_hours либо поднимите max_hours или ставку",
          "lower min_hours or raise max_hours or the rate"))
    } else if floor > potential.classes + potential.other + 0.005 {
      impossible(
        "L4.minAboveWork", file: "teachers.csv", line: teacher.line, column: "min_hours",
        value: shown(floor),
        Wording {
          let least = shown(floor)
          let most = shown(potential.classes + potential.other)
          return $0.says(
            "\(teacher.id) оқытушысында кемінде \(least) сағат болуы керек, ал ол орындай алатын "
              + "жұмыс ең көбі \(most) сағат",
            "у преподавателя \(teacher.id) должно быть не меньше \(least) ч, а работы, которую он "
              + "может вести, не больше \(most) ч",
            "teacher \(teacher.id) must have at least \(least) hours, but there is work of at "
              + "most \(most) hours that the teacher may do")
        },
        mend: Wording(
          "min_hours мәнін төмендетіңіз немесе құзыреттер қосыңыз",
          "снизьте min_hours или добавьте компетенции", "lower min_hours or add competences"))
    } else if floor > 0 {
      let limit = institution.dayLimit(of: teacher)
      let free = hoursOfTerm(.teacher(teacher.id), dayLimit: limit)
      guard potential.ratio.isFinite else { return }
      let most = min(potential.classes, Double(free) * potential.ratio) + potential.other
      guard floor > most + 0.005 else { return }
      impossible(
        "T3.minAboveTime", file: "teachers.csv", line: teacher.line, column: "min_hours",
        value: shown(floor),
        Wording {
          let least = shown(floor)
          return $0.says(
            "\(teacher.id) оқытушысында кемінде \(least) сағат болуы керек, ал семестрде күніне ең "
              + "көбі \(limit) сағаттан \(free) бос сағаты бар",
            "у преподавателя \(teacher.id) должно быть не меньше \(least) ч, а свободно в семестре "
              + "\(free) ч, не больше \(limit) в день",
            "teacher \(teacher.id) must have at least \(least) hours, but has \(free) free "
              + "hours in the term, at most \(limit) a day")
        },
        mend: Wording(
          "min_hours мәнін төмендетіңіз, availability.csv файлында уақыт ашыңыз немесе "
            + "max_hours_per_day мәнін көтеріңіз",
          "снизьте min_hours, откройте часы в availability.csv или поднимите max_hours_per_day",
          "lower min_hours, free more slots in availability.csv or raise max_hours_per_day"))
    }
  }

  /// Hall's condition on minimum hours: teachers whose least hours together are more than all the
  /// work that any of them may do.
  ///
  /// A class is given to one teacher, and there is at most a section an enrolment (or the decided
  /// ones), so hours × sections is an upper bound of a work.
  private mutating func sharedMinimumHours() {
    let teachers = institution.teachers.indices.filter {
      institution.floor(of: institution.teachers[$0]) > 0
    }
    let isToldOfAll = findings.contains { $0.code == "L4.minHoursAboveAll" }
    guard teachers.count > 1, !isToldOfAll else { return }
    var names: [Wording] = []
    var supply: [Int] = []
    var mayDo = [Int: [Int]](uniqueKeysWithValues: teachers.map { ($0, []) })
    for (position, discipline) in institution.disciplines.enumerated()
    where !enrolled[position].isEmpty {
      var works: [(Work, Double)] = discipline.kinds.map { kind in
        let sections =
          institution.decidedSections.map { sections in
            sections.count { $0.discipline == discipline.id && $0.kind == kind }
          } ?? enrolled[position].count
        return (.teaching(kind), Double(discipline.hours(kind) * sections))
      }
      for norm in institution.norms where norm.isOf(discipline) && norm.hours > 0 {
        works.append((.norm(norm.work), norm.hours * Double(enrolled[position].count)))
      }
      for (work, hours) in works {
        let fit = teachers.filter {
          institution.unfitness(
            of: institution.teachers[$0], for: work, in: discipline.id) == nil
        }
        guard !fit.isEmpty else { continue }
        for at in fit { mayDo[at, default: []].append(supply.count) }
        names.append(
          Wording {
            $0.says(
              "\(discipline.id) (\(work.word(in: $0)))", "\(work.word(in: $0)) \(discipline.id)",
              "\(discipline.id) \(work.text)")
          })
        supply.append(Hours(rounding: hours).hundredths)
      }
    }
    let demands = teachers.map { at in
      RoomDemand(
        what: Wording(name: institution.teachers[at].id.text), rooms: mayDo[at] ?? [],
        hours: Hours(rounding: institution.floor(of: institution.teachers[at])).hundredths - 1)
    }
    guard let short = RoomFlow.shortage(of: demands, supply: supply), short.demands.count > 1
    else { return }
    let needed = short.demands.reduce(0.0) {
      $0 + institution.floor(of: institution.teachers[teachers[$1]])
    }
    let most = Double(short.rooms.reduce(0) { $0 + supply[$1] }) / 100
    let first = institution.teachers[teachers[short.demands[0]]]
    let who = short.demands.map { institution.teachers[teachers[$0]].id.text }
    impossible(
      "L4.minHoursShared", file: "teachers.csv", line: first.line, column: "min_hours",
      value: shown(institution.floor(of: first)),
      Wording {
        let teachers = $0.listed(who)
        let language = $0
        let works = $0.listed(short.rooms.map { names[$0][language] }, most: 5)
        return $0.says(
          "\(teachers) оқытушыларында бірге кемінде \(shown(needed)) сағат болуы керек, ал олар "
            + "орындай алатын бүкіл жұмыс (\(works)) ең көбі \(shown(most))",
          "у преподавателей \(teachers) вместе должно быть не меньше \(shown(needed)) ч, а всей "
            + "работы, которую они могут вести (\(works)), не больше \(shown(most))",
          "teachers \(teachers) must have at least \(shown(needed)) hours together, but all the "
            + "work that they may do (\(works)) is at most \(shown(most))")
      },
      mend: Wording(
        "min_hours мәнін төмендетіңіз немесе құзыреттер қосыңыз",
        "снизьте min_hours или добавьте компетенции", "lower min_hours or add competences"))
    findings[findings.count - 1].found = shown(needed)
    findings[findings.count - 1].required = shown(most)
  }

  /// Sections of a kind that there must be at least: each language by itself (S4), each section
  /// within the cap and, in a room, within the largest suitable one.
  func fewestSections(_ position: Int, _ kind: TeachingKind) -> Int {
    let cap = mostInSection(of: institution.disciplines[position], kind)
    var counts: [Language: Int] = [:]
    for enrolment in enrolled[position] { counts[enrolment.language, default: 0] += 1 }
    return Language.allCases.reduce(0) { sum, language in
      let students = counts[language] ?? 0
      guard students > 0 else { return sum }
      return sum + (cap.map { $0 > 0 ? (students + $0 - 1) / $0 : 1 } ?? 1)
    }
  }

  /// The most students of a section: the cap and, in a room, the largest suitable one; nil where
  /// neither binds.
  func mostInSection(of discipline: Discipline, _ kind: TeachingKind) -> Int? {
    let cap = institution.cap(of: discipline, kind)
    if discipline.delivery.isOnline(kind) { return cap }
    let seats = institution.largestSuitableRoom(for: discipline, kind)
    return min(cap ?? seats, seats)
  }

  /// Work without anybody competent is vacant, which is allowed and dear.
  private mutating func competences() {
    var able: [DisciplineID: [Teacher]] = [:]
    for competence in institution.competences {
      if let teacher = institution.teachers[competence.teacher] {
        able[competence.discipline, default: []].append(teacher)
      }
    }
    var total = 0.0
    for (position, discipline) in institution.disciplines.enumerated()
    where !enrolled[position].isEmpty {
      var works: [(Work, Double)] = discipline.kinds.map {
        (.teaching($0), Double(discipline.hours($0) * fewestSections(position, $0)))
      }
      var named: Set<String> = []
      for norm in institution.norms
      where norm.isOf(discipline) && norm.hours > 0 && discipline.hasSections(countedBy: norm.unit)
        && named.insert(norm.work).inserted
      {
        works.append((.norm(norm.work), 0))
      }
      for (work, hours) in works {
        total += hours
        let fit = (able[discipline.id] ?? []).filter {
          institution.unfitness(of: $0, for: work, in: discipline.id) == nil
        }
        if fit.isEmpty {
          warning(
            "L3.nobodyCompetent", file: "competences.csv", column: "discipline",
            value: discipline.id.text,
            Wording {
              let name = work.word(in: $0)
              return $0.says(
                "\(discipline.id) (\(name)) жұмысын ешкім орындай алмайды: "
                  + (hours > 0 ? "кемінде \(shown(hours)) сағат" : "оның сағаттары")
                  + " бос қалады",
                "некому вести: \(name) \(discipline.id); "
                  + (hours > 0 ? "не меньше \(shown(hours)) ч" : "её часы")
                  + " останутся вакантными",
                "nobody may do the \(name) of \(discipline.id): "
                  + (hours > 0 ? "at least \(shown(hours)) hours" : "its hours") + " will be vacant"
              )
            },
            mend: Wording(
              "құзырет қосыңыз немесе may_lecture пен сауалнама бағаларын тексеріңіз",
              "добавьте компетенцию или проверьте may_lecture и оценки анкетирования",
              "add a competence, or check may_lecture and the surveys of those who have it"))
          continue
        }
        let most = fit.reduce(0) { $0 + institution.ceiling(of: $1) }
        if hours > most + 0.005 {
          warning(
            "L4.tooFewCompetent", file: "competences.csv", column: "discipline",
            value: discipline.id.text,
            Wording {
              let name = work.word(in: $0)
              return $0.says(
                "\(discipline.id) (\(name)) кемінде \(shown(hours)) сағат алады, ал оны орындай "
                  + "алатын \(fit.count) оқытушының бірге ең көбі \(shown(most)) сағаты бар",
                "\(name) \(discipline.id): не меньше \(shown(hours)) ч, а у тех \(fit.count), кто "
                  + "может вести, вместе не больше \(shown(most))",
                "the \(name) of \(discipline.id) takes at least \(shown(hours)) hours, but the "
                  + "\(fit.count) who may do it have at most \(shown(most)) together")
            },
            mend: Wording(
              "құзырет қосыңыз немесе max_hours мәнін көтеріңіз",
              "добавьте компетенцию или поднимите max_hours",
              "add a competence or raise max_hours"))
        }
      }
    }
    let ceilings = institution.teachers.reduce(0) { $0 + institution.ceiling(of: $1) }
    if total > ceilings + 0.005 {
      warning(
        "L4.tooFewTeachers", file: "teachers.csv",
        Wording(
          "секциялар кемінде \(shown(total)) сағат алады, ал барлық оқытушының бірге ең көбі "
            + "\(shown(ceilings)) сағаты бар",
          "секциям нужно не меньше \(shown(total)) ч, а у всех преподавателей вместе не больше "
            + "\(shown(ceilings))",
          "the sections take at least \(shown(total)) hours, but all teachers together may have at "
            + "most \(shown(ceilings))"),
        mend: Wording(
          "жұмысқа алыңыз, ставкаларды көтеріңіз немесе бос сағатқа келісіңіз",
          "примите на работу, поднимите ставки или согласитесь на вакантные часы",
          "hire, raise the rates or accept vacant hours"))
    }
  }

  /// Minimum hours of all against the fewest hours that there must be.
  private mutating func minimumHours() {
    let floors = institution.teachers.reduce(0) { $0 + institution.floor(of: $1) }
    guard floors > 0 else { return }
    var most = 0.0
    var fewest = 0.0
    for (position, discipline) in institution.disciplines.enumerated() {
      let count = Double(enrolled[position].count)
      guard count > 0 else { continue }
      for kind in discipline.kinds {
        most += Double(discipline.hours(kind)) * count
        fewest += Double(discipline.hours(kind) * fewestSections(position, kind))
      }
      for norm in institution.norms where norm.isOf(discipline) {
        most += norm.hours * count
        guard let kind = discipline.kinds.first else { continue }
        switch norm.unit {
        case .student: fewest += norm.hours * count
        case .stream, .group, .subgroup:
          let kind = norm.unit.kind ?? kind
          if discipline.hours(kind) > 0 {
            fewest += norm.hours * Double(fewestSections(position, kind))
          }
        }
      }
    }
    if floors > most + 0.005 {
      impossible(
        "L4.minHoursAboveAll", file: "teachers.csv", column: "min_hours",
        Wording(
          "барлық min_hours бірге \(shown(floors)) сағат, ал бүкіл жұмыс ең көбі \(shown(most))",
          "все min_hours вместе — \(shown(floors)) ч, а всей работы не больше \(shown(most))",
          "all min_hours together are \(shown(floors)) hours, but all the work there can be is "
            + "\(shown(most))"),
        mend: Wording("min_hours мәнін төмендетіңіз", "снизьте min_hours", "lower min_hours"))
    } else if floors > fewest + 0.005 {
      warning(
        "L4.minHoursAboveNeed", file: "teachers.csv", column: "min_hours",
        Wording(
          "барлық min_hours бірге \(shown(floors)) сағат, ал ең аз секциялар тек \(shown(fewest)) "
            + "береді",
          "все min_hours вместе — \(shown(floors)) ч, а наименьшее число секций даёт только "
            + shown(fewest),
          "all min_hours together are \(shown(floors)) hours, but the fewest sections give only "
            + shown(fewest)),
        mend: Wording(
          "min_hours мәнін төмендетіңіз, әйтпесе секциялар керегінен көп болады",
          "снизьте min_hours или ждите секций больше, чем нужно",
          "lower min_hours, or expect more sections than needed"))
    }
  }
}

extension Norm {
  /// Whether the norm speaks of a discipline (exact reading 5).
  fileprivate func isOf(_ other: Discipline) -> Bool {
    (discipline == nil || discipline == other.id) && (control == nil || control == other.control)
  }
}

extension NormUnit {
  /// The kind of section that a unit stands for; nil for students.
  fileprivate var kind: TeachingKind? {
    switch self {
    case .student: nil
    case .stream: .lecture
    case .group: .practice
    case .subgroup: .lab
    }
  }
}

extension Discipline {
  /// Whether a norm of this unit gives any task.
  fileprivate func hasSections(countedBy unit: NormUnit) -> Bool {
    unit.kind.map { hours($0) > 0 } ?? !kinds.isEmpty
  }
}

extension Work {
  /// The name within a sentence: a kind of class, or the work as norms.csv names it.
  fileprivate func word(in language: Language) -> String {
    teachingKind?.word(in: language) ?? text
  }
}

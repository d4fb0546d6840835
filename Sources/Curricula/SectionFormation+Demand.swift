// SPDX-License-Identifier: GPL-3.0-or-later
import University

extension KindRules {
  /// Stands for no limit.
  static let unlimited = 1_000_000_000

  /// The rules of a kind of a discipline; says so where no room suits.
  init(
    _ institution: Institution, _ discipline: Discipline, _ kind: TeachingKind,
    _ warnings: inout [Diagnostic]
  ) {
    let weights = institution.weights.sections
    let contractCap = institution.cap(of: discipline, kind)
    let online = discipline.delivery.isOnline(kind)
    let seats = online ? nil : institution.largestSuitableRoom(for: discipline, kind)
    // Hours within the tolerance need not be held, and then need no room.
    let isHeld = discipline.hours(kind) > institution.policy.hoursTolerance
    if seats == 0, isHeld || contractCap == 0 {
      warnings.append(
        Diagnostic(
          .impossible, code: "sections.noSuitableRoom", file: "disciplines.csv",
          line: discipline.line == 0 ? nil : discipline.line, column: "\(kind.rawValue)_rooms",
          value: discipline.id.text,
          wording: Wording {
            let word = kind.word(in: $0)
            return $0.says(
              "бұл пәнге (\(word)) бірде-бір аудитория сай емес",
              "для этой дисциплины (\(word)) не подходит ни одна аудитория",
              "no room suits a \(word) of this discipline")
          },
          remedy: Wording(
            "керек түрі мен жабдығы бар аудитория қосыңыз немесе талапты өзгертіңіз",
            "добавьте аудиторию нужного вида и оснащения или измените требования",
            "add a room of the kinds and features needed, or change what is needed")))
    }
    var cap = KindRules.unlimited
    for limit in [contractCap, seats].compactMap({ $0 }) where limit > 0 { cap = min(cap, limit) }
    for pin in institution.pins
    where pin.discipline == discipline.id && pin.kind == kind && pin.group == nil && !online {
      if let room = pin.room.flatMap({ institution.rooms[$0] }), room.capacity > 0 {
        cap = min(cap, room.capacity)
      }
    }
    self.init(
      kind: kind, hours: discipline.hours(kind), cap: cap, contractCap: contractCap,
      norm: institution.normSize(of: discipline, kind),
      sectionCost: weights[.sectionHour] * Double(discipline.hours(kind)) / 15,
      // Where no room suits, the contract takes every section of a group as forced.
      splitCost: contractCap == 0 ? 0 : weights[.splitGroup],
      undersizedCost: weights[.undersized], overCost: weights[.overNorm],
      leastSize: institution.policy.minSectionSize)
  }
}

extension FormationProblem {
  /// The weighted cost of the sections that each group may have without being split.
  var allowance: Double {
    var sizes = [Int](repeating: 0, count: groups.count)
    for member in members { sizes[member.group] += 1 }
    return TeachingKind.allCases.reduce(0) { sum, kind in
      guard let rules = rules[kind] else { return sum }
      return sum + rules.splitCost * Double(sizes.reduce(0) { $0 + rules.allowed($1) })
    }
  }

  /// The problems of an institution: by discipline in the order of the file, then language.
  static func all(
    _ institution: Institution, _ warnings: inout [Diagnostic]
  ) -> [FormationProblem] {
    var enrolled: [DisciplineID: [Language: [Enrolment]]] = [:]
    for enrolment in institution.enrolments {
      enrolled[enrolment.discipline, default: [:]][enrolment.language, default: []]
        .append(enrolment)
    }
    var result: [FormationProblem] = []
    for discipline in institution.disciplines {
      guard let byLanguage = enrolled[discipline.id], !discipline.kinds.isEmpty else { continue }
      var rules: [TeachingKind: KindRules] = [:]
      for kind in discipline.kinds {
        rules[kind] = KindRules(institution, discipline, kind, &warnings)
      }
      for language in Language.allCases {
        guard let enrolments = byLanguage[language] else { continue }
        var builder = ProblemBuilder(institution, discipline, language, rules)
        builder.add(enrolments, &warnings)
        builder.addPins(byLanguage)
        result.append(builder.problem)
      }
    }
    return result
  }
}

/// Turns the enrolments of one discipline and language into a problem.
private struct ProblemBuilder {
  private let institution: Institution
  private let discipline: Discipline
  private(set) var problem: FormationProblem
  private var teachers: [TeacherID: Int] = [:]

  init(
    _ institution: Institution, _ discipline: Discipline, _ language: Language,
    _ rules: [TeachingKind: KindRules]
  ) {
    self.institution = institution
    self.discipline = discipline
    problem = FormationProblem(
      discipline: discipline.id, language: language, members: [], groups: [], rules: rules,
      teachers: [])
  }

  private mutating func number(of teacher: TeacherID) -> Int {
    if let known = teachers[teacher] { return known }
    teachers[teacher] = problem.teachers.count
    problem.teachers.append(teacher)
    return problem.teachers.count - 1
  }

  private func reason(_ teacher: TeacherID, _ kind: TeachingKind) -> Unfitness? {
    guard let row = institution.teachers[teacher] else { return .notCompetent }
    return institution.unfitness(of: row, for: .teaching(kind), in: discipline.id)
  }

  mutating func add(_ enrolments: [Enrolment], _ warnings: inout [Diagnostic]) {
    struct Entry {
      var member: Member
      var groupOrder: Int
      var late: Int
    }
    var entries: [Entry] = []
    for enrolment in enrolments {
      guard let order = institution.students.position(of: enrolment.student) else { continue }
      let student = institution.students[order]
      var member = Member(student: student.id, order: order, group: 0)
      for kind in discipline.kinds {
        guard let teacher = enrolment.chosenTeacher(kind) else { continue }
        if let reason = reason(teacher, kind) {
          warnings.append(unhonoured(enrolment, teacher, kind, reason))
        } else {
          member.bind(kind, Bond(teacher: number(of: teacher)))
        }
      }
      entries.append(
        Entry(
          member: member,
          groupOrder: institution.groups.position(of: student.group) ?? institution.groups.count,
          // Students of another year come last, so that a cut leaves the others together.
          late: enrolment.status == .first ? 0 : 1))
    }
    func key(_ entry: Entry) -> [Int] {
      [
        entry.groupOrder, entry.late, entry.member.lecture.teacher, entry.member.practice.teacher,
        entry.member.order,
      ]
    }
    entries.sort { key($0).lexicographicallyPrecedes(key($1)) }
    for entry in entries {
      let group = institution.students[entry.member.order].group
      if problem.groups.last != group { problem.groups.append(group) }
      var member = entry.member
      member.group = problem.groups.count - 1
      problem.members.append(member)
    }
  }

  private func unhonoured(
    _ enrolment: Enrolment, _ teacher: TeacherID, _ kind: TeachingKind, _ reason: Unfitness
  ) -> Diagnostic {
    Diagnostic(
      .warning, code: "sections.choiceNotHonoured", file: "enrolments.csv",
      line: enrolment.line == 0 ? nil : enrolment.line, column: "\(kind.rawValue)_teacher",
      value: teacher.text,
      wording: Wording {
        let word = kind.word(in: $0)
        let why = reason.words(in: $0)
        return $0.says(
          "\(enrolment.student) студенттің таңдауы (\(word) \(discipline.id)) орындалмайды: \(why)",
          "выбор студента \(enrolment.student) (\(word) \(discipline.id)) не выполняется: \(why)",
          "the choice of student \(enrolment.student) for the \(word) of \(discipline.id) is not "
            + "kept: \(why)")
      })
  }

  /// Binds the students of pinned groups, in the language that most of the group learns in.
  mutating func addPins(_ enrolled: [Language: [Enrolment]]) {
    for kind in discipline.kinds {
      let pins = institution.pins.filter {
        $0.discipline == discipline.id && $0.kind == kind && $0.group != nil
      }
      guard !pins.isEmpty else { continue }
      var places: [[Place]] = []
      for (position, group) in problem.groups.enumerated() {
        let own = pins.filter { $0.group == group }
        guard !own.isEmpty, isMain(group, enrolled) else { continue }
        bind(kind, position, own, &places)
      }
    }
  }

  /// Where and when a pin holds a section.
  private struct Place: Hashable {
    var weeks: WeekPattern?
    var day: Weekday?
    var slot: Int?
    var room: RoomID?

    var isFree: Bool { weeks == nil && day == nil && slot == nil && room == nil }
  }

  private func isMain(_ group: GroupID, _ enrolled: [Language: [Enrolment]]) -> Bool {
    func count(_ language: Language) -> Int {
      (enrolled[language] ?? []).reduce(0) {
        institution.students[$1.student]?.group == group ? $0 + 1 : $0
      }
    }
    let most = Language.allCases.map(count).max()
    return Language.allCases.first { count($0) == most } == problem.language
  }

  private mutating func bind(
    _ kind: TeachingKind, _ group: Int, _ pins: [Pin], _ places: inout [[Place]]
  ) {
    guard var rules = problem.rules[kind] else { return }
    let teacher = pins.lazy.compactMap(\.teacher).first { reason($0, kind) == nil }
    let own = pins.map { Place(weeks: $0.weeks, day: $0.day, slot: $0.slot, room: $0.room) }
      .filter { !$0.isFree }
    var bond = Bond.none
    if let teacher { bond.teacher = number(of: teacher) }
    if !own.isEmpty {
      let online = discipline.delivery.isOnline(kind)
      let seats = own.compactMap { $0.room.flatMap { institution.rooms[$0]?.capacity } }
        .filter { $0 > 0 && !online }.min()
      if let known = places.firstIndex(of: own) {
        bond.pin = known
      } else {
        bond.pin = places.count
        places.append(own)
        rules.pinCaps.append(min(rules.cap, seats ?? KindRules.unlimited))
        problem.rules[kind] = rules
      }
    }
    guard bond != .none else { return }
    let members = problem.members.indices.filter { problem.members[$0].group == group }
    let cap = rules.cap(bond)
    // The pin is about the section with most of the group: bind as many as that is.
    let count = (members.count - 1) / rules.fewest(members.count) + 1
    var left = min(cap, members.count <= cap ? members.count : count)
    for index in members where left > 0 {
      guard let merged = problem.members[index].bond(kind).merged(with: bond) else { continue }
      problem.members[index].bind(kind, merged)
      problem.pinned.insert(kind)
      left -= 1
    }
  }
}

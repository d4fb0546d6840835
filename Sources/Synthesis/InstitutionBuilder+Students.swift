// SPDX-License-Identifier: GPL-3.0-or-later
internal import University

extension InstitutionBuilder {
  mutating func admitStudents() {
    var random = random("students")
    var serial: [Int: Int] = [:]
    for level in Level.allCases {
      let total =
        switch level {
        case .bachelor: size - masters - doctorands
        case .master: masters
        case .doctorate: doctorands
        }
      let opened = programmes.indices.filter { programmes[$0].level == level }
      // Each later year has lost a few: POLICY.md 4.1.
      let weights = Array([1425, 1362, 1311, 1260].prefix(years(of: level).count))
      for (year, ofYear) in apportion(total, by: weights).enumerated() {
        let cells = groupCells(of: opened, students: ofYear)
        let sizes = apportion(ofYear, by: cells.map { _ in 1 })
        for (cell, members) in zip(cells, sizes) {
          admit(members, to: cell, year: year, serial: &serial, &random)
        }
      }
    }
  }

  /// A group that is going to be formed.
  private struct GroupCell {
    var programme: Int
    var language: Language
    /// From 1 within programme, year and language.
    var number: Int
  }

  /// As many groups of nearly full size as the students of a year need: one in Kazakh for each
  /// programme, the rest by the model university's intake.
  private func groupCells(of opened: [Int], students: Int) -> [GroupCell] {
    guard let level = opened.first.map({ programmes[$0].level }), students > 0 else { return [] }
    let full =
      switch level {
      case .bachelor: institution.policy.groupCap - 1
      case .master: 15
      case .doctorate: 8
      }
    let number = (students + full - 1) / full
    let languages: [Language] = [.ru, .kk, .en]
    let weights = opened.flatMap { programme in
      let intake = programmes[programme].intake
      return [intake[1], max(intake[0] - 25, 0), intake[2]]
    }
    let more = apportion(max(number - opened.count, 0), by: weights)
    var cells: [GroupCell] = []
    for (order, programme) in opened.enumerated() {
      for language in [Language.kk, .ru, .en] {
        let at = 3 * order + (languages.firstIndex(of: language) ?? 0)
        let count = more[at] + (language == .kk && order < number ? 1 : 0)
        for index in 0..<count {
          cells.append(GroupCell(programme: programme, language: language, number: index + 1))
        }
      }
    }
    return cells
  }

  private mutating func admit(
    _ members: Int, to cell: GroupCell, year: Int, serial: inout [Int: Int],
    _ random: inout SplitMix64
  ) {
    let opened = programmes[cell.programme]
    let entryYear = Self.year - year
    let yearDigits = String(entryYear % 100)
    let (letter, kazakhPerMille) =
      switch cell.language {
      case .kk: ("к", 960)
      case .ru: ("р", 350)
      case .en: ("а", 600)
      }
    let id = GroupID("\(opened.groupLetters)\(letter)-\(yearDigits)-\(cell.number)")
    let first = groupOf.count
    groups.append(
      OpenGroup(
        id: id, programme: cell.programme, term: 2 * year + 1, language: cell.language,
        students: first..<first + members))
    for _ in 0..<members {
      let number = (serial[entryYear] ?? 0) + 1
      serial[entryYear] = number
      let digits = String(number)
      let student = StudentID(
        "S\(yearDigits)" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits)
      institution.students.append(
        Student(
          id: student, group: id,
          name: PeopleNames.draw(&random, kazakhPerMille: kazakhPerMille)))
      studentIDs.append(student)
      groupOf.append(groups.count - 1)
    }
  }

  mutating func enrolStudents() {
    var taken: [[OpenEnrolment]] = Array(repeating: [], count: groupOf.count)
    for group in groups {
      for (line, alternatives) in programmes[group.programme].plan
      where line.term == group.term && !line.isChoice {
        for student in group.students {
          taken[student].append(OpenEnrolment(student: student, discipline: alternatives[0]))
        }
      }
    }
    chooseElectives(&taken)
    exchange(&taken)
    retake(&taken)
    enrolments = taken.flatMap { $0 }
    countCohorts()
  }

  /// Students who choose one elective from the same alternatives and in the same language are
  /// divided among as many of them as have twelve takers each.
  private mutating func chooseElectives(_ taken: inout [[OpenEnrolment]]) {
    var random = random("electives")
    struct Cohort {
      var alternatives: [Int]
      var students: [Int]
    }
    var cohorts: [Cohort] = []
    var position: [String: Int] = [:]
    for group in groups {
      for (line, alternatives) in programmes[group.programme].plan
      where line.term == group.term && line.isChoice {
        let key = "\(disciplines[alternatives[0]].id) \(group.language)"
        if position[key] == nil {
          position[key] = cohorts.count
          cohorts.append(Cohort(alternatives: alternatives, students: []))
        }
        if let at = position[key] { cohorts[at].students += group.students }
      }
    }
    for cohort in cohorts {
      let opened = min(max(cohort.students.count / 12, 1), cohort.alternatives.count)
      let first = random.below(cohort.alternatives.count)
      let shares = apportion(cohort.students.count, by: Array([5, 4, 3].prefix(opened)))
      var rest = random.shuffled(cohort.students)[...]
      for (index, share) in shares.enumerated() {
        let discipline = cohort.alternatives[(first + index) % cohort.alternatives.count]
        for student in rest.prefix(share) {
          taken[student].append(OpenEnrolment(student: student, discipline: discipline))
        }
        rest = rest.dropFirst(share)
      }
    }
  }

  /// One student of two hundred takes an elective at another programme of the cluster.
  private func exchange(_ taken: inout [[OpenEnrolment]]) {
    var random = random("mobility")
    let slot = "BE2"
    // What is opened, by cluster and language.
    var opened: [String: [Int]] = [:]
    func key(_ group: OpenGroup) -> String {
      "\(programmes[group.programme].cluster) \(group.language)"
    }
    func held(_ student: Int, by group: OpenGroup) -> Int? {
      let plan = programmes[group.programme].plan
      guard let line = plan.first(where: { $0.line.slot == slot && $0.line.term == group.term })
      else { return nil }
      return taken[student].firstIndex { line.disciplines.contains($0.discipline) }
    }
    var candidates: [Int] = []
    for group in groups {
      for student in group.students {
        guard let index = held(student, by: group) else { continue }
        candidates.append(student)
        let discipline = taken[student][index].discipline
        if opened[key(group)]?.contains(discipline) != true {
          opened[key(group), default: []].append(discipline)
        }
      }
    }
    for student in random.shuffled(candidates).prefix((size + 100) / 200) {
      let group = groups[groupOf[student]]
      guard let index = held(student, by: group) else { continue }
      let own = programmes[group.programme].plan.first { $0.line.slot == slot }?.disciplines ?? []
      let elsewhere = (opened[key(group)] ?? []).filter { !own.contains($0) }
      if !elsewhere.isEmpty { taken[student][index].discipline = random.pick(elsewhere) }
      taken[student][index].status = .mobility
    }
  }

  /// About one enrolment of thirty repeats a discipline of the year before that is held again.
  private func retake(_ taken: inout [[OpenEnrolment]]) {
    var random = random("retakes")
    var held: Set<String> = []
    func key(_ discipline: Int, _ language: Language) -> String {
      "\(disciplines[discipline].id) \(language)"
    }
    for (student, rows) in taken.enumerated() {
      let language = groups[groupOf[student]].language
      for row in rows { held.insert(key(row.discipline, language)) }
    }
    for group in groups where group.term >= 3 {
      let plan = programmes[group.programme].plan
      let builtOn = Set(plan.filter { $0.line.term == group.term }.flatMap(\.line.prerequisites))
      let candidates = plan.filter {
        $0.line.term == group.term - 2 && !$0.line.isChoice && $0.line.hours.reduce(0, +) > 0
          && !builtOn.contains($0.line.slot)
          && held.contains(key($0.disciplines[0], group.language))
      }
      guard !candidates.isEmpty else { continue }
      for student in group.students where random.chance(perMille: 290) {
        let discipline = random.pick(candidates).disciplines[0]
        guard !taken[student].contains(where: { $0.discipline == discipline }) else { continue }
        taken[student].append(
          OpenEnrolment(student: student, discipline: discipline, status: .retake))
      }
    }
  }

  private mutating func countCohorts() {
    cohorts = Array(repeating: [:], count: disciplines.count)
    for row in enrolments {
      let group = groupOf[row.student]
      let language = groups[group].language
      // The rows of a group follow each other only by discipline, so look from the end.
      if let at = cohorts[row.discipline][language]?.lastIndex(where: { $0.group == group }) {
        cohorts[row.discipline][language]?[at].count += 1
      } else {
        cohorts[row.discipline][language, default: []].append((group, 1))
      }
    }
  }

  /// Each group has somebody of its graduating department as advisor.
  mutating func nameAdvisors() {
    var random = random("advisors")
    for group in groups {
      let programme = programmes[group.programme]
      let home = department(programme.graduating)
      let choice = teachers.filter { $0.department == home && $0.rate >= 0.5 }
      institution.groups.append(
        Group(
          id: group.id, programme: programme.id,
          entryYear: Self.year - (group.term - 1) / 2, term: group.term,
          language: group.language, advisor: choice.isEmpty ? nil : random.pick(choice).id))
    }
  }
}

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
        let shares = apportion(ofYear, by: opened.map { programmes[$0].intake.reduce(0, +) })
        for (programme, students) in zip(opened, shares) {
          admit(students, to: programme, year: year, serial: &serial, &random)
        }
      }
    }
  }

  /// Divides the students of a programme and year by language and into groups of nearly one size.
  private mutating func admit(
    _ count: Int, to programme: Int, year: Int, serial: inout [Int: Int],
    _ random: inout SplitMix64
  ) {
    let opened = programmes[programme]
    var shares = apportion(count, by: opened.intake)
    let fewest = opened.level == .bachelor ? [0, 8, 10] : [0, 4, 4]
    for (language, least) in fewest.enumerated() where shares[language] < least {
      // Too few for classes in a language of their own.
      shares[0] += shares[language]
      if language > 0 { shares[language] = 0 }
    }
    let entryYear = Self.year - year
    let yearDigits = String(entryYear % 100)
    for (index, language) in [Language.kk, .ru, .en].enumerated() where shares[index] > 0 {
      let cap = institution.policy.groupCap
      let number = (shares[index] + cap - 1) / cap
      for (order, members) in apportion(
        shares[index], by: Array(repeating: 1, count: number)
      ).enumerated() {
        let letter = ["к", "р", "а"][index]
        let id = GroupID("\(opened.groupLetters)\(letter)-\(yearDigits)-\(order + 1)")
        let first = groupOf.count
        groups.append(
          OpenGroup(
            id: id, programme: programme, term: 2 * year + 1, language: language,
            students: first..<first + members))
        for _ in 0..<members {
          let number = (serial[entryYear] ?? 0) + 1
          serial[entryYear] = number
          let digits = String(number)
          let student = StudentID(
            "S\(yearDigits)" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits)
          let kazakh = [960, 350, 600][index]
          institution.students.append(
            Student(
              id: student, group: id, name: PeopleNames.draw(&random, kazakhPerMille: kazakh)))
          studentIDs.append(student)
          groupOf.append(groups.count - 1)
        }
      }
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

// SPDX-License-Identifier: GPL-3.0-or-later
internal import University

extension InstitutionBuilder {
  /// How much of the norms the demand of a department takes.
  static let loadPercent = 88

  private static let norms = [
    Norm(work: "exam", unit: .student, hours: 0.2, control: .exam),
    Norm(work: "consultation", unit: .stream, hours: 2, control: .exam),
    Norm(work: "course_project", unit: .student, hours: 2, control: .project),
    Norm(work: "rating", unit: .group, hours: 3),
  ]

  /// Hundredths of hours of work besides classes that a section brings.
  private func otherHours(of section: ExpectedSection, exam: Bool) -> Int {
    let row = disciplines[section.discipline]
    let unit: [TeachingKind: NormUnit] = [.lecture: .stream, .practice: .group, .lab: .subgroup]
    var hours = 0
    for norm in institution.norms
    where (norm.work == "exam") == exam && (norm.control == nil || norm.control == row.control)
      && (norm.discipline == nil || norm.discipline == row.id)
    {
      let each = Hours(rounding: norm.hours).hundredths
      if norm.unit == .student {
        if section.kind == row.kinds.first { hours += each * section.size }
      } else if norm.unit == unit[section.kind] {
        hours += each
      }
    }
    return hours
  }

  mutating func staffDepartments() {
    institution.norms = Self.norms
    if let physics = disciplines.first(where: { $0.id == "PHY101" }) {
      institution.norms.append(
        Norm(work: "lab_defence", unit: .subgroup, hours: 1, discipline: physics.id))
    }
    var random = random("teachers")
    for department in institution.departments {
      let hours = sections.reduce(0) { sum, section in
        guard disciplines[section.discipline].department == department.id else { return sum }
        return sum + 100 * disciplines[section.discipline].hours(section.kind)
          + otherHours(of: section, exam: true) + otherHours(of: section, exam: false)
      }
      if hours > 0 { staff(department, hours: hours, &random) }
    }
    institution.teachers = Table(teachers)
    left = teachers.map { Hours(rounding: institution.norm(of: $0)).hundredths }
    classes = teachers.map { _ in [] }
    otherWork = teachers.map { _ in [] }
  }

  /// Appoints people until their norms hold the hours, in the model department's mix of posts.
  private mutating func staff(
    _ department: Department, hours: Int, _ random: inout SplitMix64
  ) {
    let entries = Catalogue.departments + Catalogue.joined.map(\.entry)
    let posts = entries.first { $0.code == department.id.text }?.posts ?? [1, 4, 6, 3]
    var appointed = posts.map { _ in 0 }
    let needed = hours * 100 / Self.loadPercent
    var norms = 0
    var number = 0
    while norms < needed || number < (size < 150 ? 2 : 3) {
      // The post that lags furthest behind its share comes next; seniors before professors.
      let order = [2, 1, 3, 0].filter { posts[$0] > 0 }
      let post =
        order.min {
          (2 * appointed[$0] + 1) * posts[$1] < (2 * appointed[$1] + 1) * posts[$0]
        } ?? 2
      appointed[post] += 1
      number += 1
      let position = institution.policy.positions[post]
      let full = Int(position.termNormHours) * 100
      var quarters = 4
      if number > 3 && random.chance(perMille: 130) {
        quarters = random.chance(perMille: 700) ? 2 : 1
      } else if needed - norms < full {
        // The last post is as large as what is left.
        quarters = min(max((4 * (needed - norms) + full - 1) / full, 1), 4)
      }
      let digits = String(number)
      var teacher = Teacher(
        id: TeacherID("\(department.id)-" + (number < 10 ? "0" : "") + digits),
        name: PeopleNames.draw(&random, kazakhPerMille: 720), department: department.id,
        position: position.name, rate: Double(quarters) / 4)
      rate(&teacher, &random)
      if quarters <= 2 { teacher.maxHoursPerDay = 6 }
      if number == 2 && needed > 400_000 {
        // The head of a large department teaches three quarters of a norm.
        teacher.normHours = Double(Int(position.termNormHours) * 3 / 4)
        teacher.maxHours = position.termNormHours
      }
      teachers.append(teacher)
      norms += Hours(rounding: institution.norm(of: teacher)).hundredths
    }
  }

  /// Surveys are about normal, mean 4.3 and deviation 0.35, and one teacher of fifty is rated low.
  private func rate(_ teacher: inout Teacher, _ random: inout SplitMix64) {
    let draw = 4300 + 35 * random.normalThousandths() / 100
    let low = 24 + random.below(6)
    let isLow = random.chance(perMille: 20)
    let isSurveyed = random.chance(perMille: 920)
    let complaints = random.below(3)
    if isLow {
      teacher.survey = Double(low) / 10
      teacher.complaints = complaints + 1
    } else if isSurveyed {
      teacher.survey = Double(min(max((draw + 50) / 100, 31), 50)) / 10
    }
  }

  private func mayLecture(_ teacher: Int) -> Bool {
    let row = teachers[teacher]
    return institution.policy.position(row.position)?.mayLecture == true
      && (row.survey ?? 4) >= institution.policy.minLectureSurvey
  }

  /// Gives every expected section, then the other work, to somebody of the department within the
  /// norms; competences are taken from this, so that a load without vacancies exists.
  mutating func giveOutLoad() {
    var ofDepartment: [DepartmentID: [Int]] = [:]
    for (index, teacher) in teachers.enumerated() {
      ofDepartment[teacher.department, default: []].append(index)
    }
    // Lectures first, because fewer people may hold them; larger disciplines before smaller ones.
    var hoursOf = Array(repeating: 0, count: disciplines.count)
    for section in sections {
      hoursOf[section.discipline] += disciplines[section.discipline].hours(section.kind)
    }
    let order = sections.indices.sorted { a, b in
      let (x, y) = (sections[a], sections[b])
      if (x.kind == .lecture) != (y.kind == .lecture) { return x.kind == .lecture }
      if x.discipline != y.discipline {
        return hoursOf[x.discipline] == hoursOf[y.discipline]
          ? x.discipline < y.discipline : hoursOf[x.discipline] > hoursOf[y.discipline]
      }
      return a < b
    }
    for index in order {
      let section = sections[index]
      let row = disciplines[section.discipline]
      let hours = 100 * row.hours(section.kind)
      let colleagues = (ofDepartment[row.department] ?? []).filter {
        section.kind != .lecture || mayLecture($0)
      }
      let known = colleagues.filter {
        classes[$0].contains(section.discipline) && left[$0] >= hours
      }
      guard let teacher = known.first ?? mostFree(colleagues) else { continue }
      sections[index].teacher = teacher
      take(hours, section.discipline, by: teacher, exam: false)
    }
    for section in sections {
      giveOutOtherWork(of: section, ofDepartment[disciplines[section.discipline].department] ?? [])
    }
  }

  /// Exams go to somebody who does not teach the discipline, the rest to its own teachers where
  /// they have time.
  private mutating func giveOutOtherWork(of section: ExpectedSection, _ colleagues: [Int]) {
    let discipline = section.discipline
    let exam = otherHours(of: section, exam: true)
    if exam > 0 {
      let others = colleagues.filter { !classes[$0].contains(discipline) }
      let free = others.filter { otherWork[$0].contains(discipline) && left[$0] >= exam }
      // Where all the department teaches it, one who does not teach this section; where it has
      // nobody else, somebody from another department.
      let examiner =
        free.first ?? mostFree(others) ?? mostFree(colleagues.filter { $0 != section.teacher })
        ?? mostFree(Array(teachers.indices.filter { !colleagues.contains($0) }))
      if let examiner { take(exam, discipline, by: examiner, exam: true) }
    }
    var rest = otherHours(of: section, exam: false)
    while rest > 0 {
      // A project of a whole stream is shared by several.
      let part = min(rest, 3000)
      let own = colleagues.filter { classes[$0].contains(discipline) && left[$0] >= part }
      guard let teacher = own.first ?? mostFree(colleagues) else { break }
      take(part, discipline, by: teacher, exam: true)
      rest -= part
    }
  }

  private func mostFree(_ candidates: [Int]) -> Int? {
    candidates.max { left[$0] == left[$1] ? $0 > $1 : left[$0] < left[$1] }
  }

  private mutating func take(_ hundredths: Int, _ discipline: Int, by teacher: Int, exam: Bool) {
    left[teacher] -= hundredths
    if exam {
      if !otherWork[teacher].contains(discipline) { otherWork[teacher].append(discipline) }
    } else if !classes[teacher].contains(discipline) {
      classes[teacher].append(discipline)
    }
  }

  /// What each can do: what the load above needs, and some more, so that there is a choice.
  mutating func writeCompetences() {
    var random = random("competences")
    var more = teachers.map { _ in [Int]() }
    var held = disciplines.map { _ in 0 }
    for row in classes { for discipline in row { held[discipline] += 1 } }
    for discipline in disciplines.indices where held[discipline] > 0 {
      let department = disciplines[discipline].department
      let others = teachers.indices.filter {
        teachers[$0].department == department && !classes[$0].contains(discipline)
      }
      for teacher in random.shuffled(Array(others)).prefix(1 + held[discipline] / 3) {
        more[teacher].append(discipline)
      }
    }
    if size < 800 {
      // Where a few people hold everything, each exam needs somebody from another department too.
      for discipline in disciplines.indices
      where held[discipline] > 0 && disciplines[discipline].control == .exam {
        let strangers = teachers.indices.filter {
          teachers[$0].department != disciplines[discipline].department && teachers[$0].rate >= 0.5
        }
        guard !strangers.isEmpty else { continue }
        let examiner = random.pick(Array(strangers))
        if !otherWork[examiner].contains(discipline) { otherWork[examiner].append(discipline) }
      }
    }
    for (index, teacher) in teachers.enumerated() {
      let all = Set(classes[index]).union(otherWork[index]).union(more[index])
      for discipline in all.sorted() {
        let row = disciplines[discipline]
        let teaches = classes[index].contains(discipline)
        var kinds: Set<CompetenceKind> = [.other]
        if teaches || more[index].contains(discipline) {
          for kind in row.kinds where kind != .lecture || mayLecture(index) {
            if let competence = CompetenceKind(rawValue: kind.rawValue) { kinds.insert(competence) }
          }
        }
        let draw = random.below(100)
        let preference =
          teaches
          ? (draw < 20 ? 2 : draw < 50 ? 1 : draw < 90 ? 0 : -1)
          : (draw < 15 ? 1 : draw < 60 ? 0 : draw < 85 ? -1 : -2)
        let before = random.chance(perMille: teaches ? 800 : 350)
        // Rated like the teacher as a whole, a little up or down, in some disciplines only.
        let shift = random.below(7) - 3
        let isRated = random.chance(perMille: 300)
        var survey: Double?
        if before, isRated, let whole = teacher.survey {
          let tenths = Int((whole * 10).rounded()) + shift
          survey = Double(whole < 3 ? min(tenths, 29) : min(max(tenths, 30), 50)) / 10
        }
        institution.competences.append(
          Competence(
            teacher: teacher.id, discipline: row.id, kinds: kinds, preference: preference,
            taughtBefore: before, survey: survey))
      }
    }
  }
}

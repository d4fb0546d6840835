// SPDX-License-Identifier: GPL-3.0-or-later
import University

extension CreditCheck {
  /// A kind of class of a discipline, in the order of the tables.
  private struct Kind: Hashable, Comparable {
    var discipline: Int
    var kind: TeachingKind

    static func < (a: Self, b: Self) -> Bool {
      (a.discipline, a.kind) < (b.discipline, b.kind)
    }
  }

  private func kind(_ section: Section) -> Kind? {
    institution.disciplines.position(of: section.discipline)
      .map { Kind(discipline: $0, kind: section.kind) }
  }

  private func name(_ kind: Kind) -> String {
    "\(institution.disciplines[kind.discipline].id) \(kind.kind.rawValue)"
  }

  private func hours(_ kind: Kind) -> Int {
    institution.disciplines[kind.discipline].hours(kind.kind)
  }

  /// The planned hours of each section are those of the curriculum.
  mutating func sectionHours(_ plan: Plan) {
    var wrong: [Kind: [Section]] = [:]
    for section in plan.sections {
      guard let kind = kind(section), section.hours != hours(kind) else { continue }
      wrong[kind, default: []].append(section)
    }
    for kind in wrong.keys.sorted() {
      guard let all = wrong[kind], let first = all.first else { continue }
      note(
        .sectionHours, [.section(first.id)], file: "sections.csv", column: "hours",
        value: String(first.hours),
        found: "\(first.hours) hours", required: "\(hours(kind))", count: all.count,
        "\(all.count) sections of \(name(kind)), such as \(first.id), have not the "
          + "\(hours(kind)) hours of the curriculum: \(first.id) has \(first.hours)",
        mend: "form the sections again, or correct disciplines.csv")
    }
  }

  /// The classes of every enrolment are in the plan, so that its credits can be earned.
  mutating func planCredits(_ plan: Plan) {
    var held = [Set<Kind>](repeating: [], count: institution.students.count)
    for section in plan.sections {
      guard let kind = kind(section), section.hours == hours(kind) else { continue }
      for student in section.students {
        if let at = institution.students.position(of: student) { held[at].insert(kind) }
      }
    }
    for group in institution.groups {
      var short: [(student: StudentID, wanted: Double, got: Double, first: DisciplineID)] = []
      for at in members[group.id] ?? [] {
        var wanted = 0.0
        var got = 0.0
        var first: DisciplineID?
        for enrolment in enrolmentsOfStudent[at] {
          guard let position = institution.disciplines.position(of: enrolment.discipline)
          else { continue }
          let discipline = institution.disciplines[position]
          wanted += discipline.credits
          let isHeld = discipline.kinds.allSatisfy {
            held[at].contains(Kind(discipline: position, kind: $0))
          }
          if isHeld { got += discipline.credits } else { first = first ?? discipline.id }
        }
        if let first { short.append((institution.students[at].id, wanted, got, first)) }
      }
      guard let example = short.first else { continue }
      note(
        .planCredits,
        [.group(group.id), .student(example.student), .discipline(example.first)],
        file: "section_students.csv", column: "student",
        value: example.student.text, found: "\(shown(example.got)) credits",
        required: shown(example.wanted), count: short.count,
        "\(short.count) students of group \(group.id) do not have all their classes in the plan, "
          + "such as \(example.student): enrolled for \(shown(example.wanted)) credits, the plan "
          + "holds \(shown(example.got)), without \(example.first)",
        mend: "form the sections again")
    }
  }

  /// The class tasks of each kind have the hours of its sections: lectures × streams, practices ×
  /// groups, laboratories × subgroups.
  mutating func loadHours(_ plan: Plan) {
    var sections: [Kind: Int] = [:]
    var wanted: [Kind: Double] = [:]
    for section in plan.sections {
      guard let kind = kind(section) else { continue }
      sections[kind, default: 0] += 1
      wanted[kind, default: 0] += Double(section.hours)
    }
    var found: [Kind: Double] = [:]
    for task in plan.tasks {
      guard let taught = task.work.teachingKind,
        let at = institution.disciplines.position(of: task.discipline)
      else { continue }
      found[Kind(discipline: at, kind: taught), default: 0] += task.hours.value
    }
    for kind in Set(wanted.keys).union(found.keys).sorted() {
      let (due, got) = (wanted[kind] ?? 0, found[kind] ?? 0)
      guard abs(due - got) > 0.005 else { continue }
      note(
        .loadHours,
        [.discipline(institution.disciplines[kind.discipline].id), .kind(kind.kind)],
        file: "load.csv", column: "hours", value: shown(got),
        found: "\(shown(got)) hours", required: shown(due),
        "the load has \(shown(got)) hours of \(name(kind)), the \(sections[kind] ?? 0) sections "
          + "have \(shown(due))",
        mend: "compute the load again")
    }
  }

  /// The meetings deliver each section's hours within `hours_tolerance`, holidays aside.
  mutating func deliveredHours(_ plan: Plan) {
    var delivered: [SectionID: Int] = [:]
    for meeting in plan.meetings {
      delivered[meeting.section, default: 0] += meeting.length * meeting.weeks.count
    }
    var wrong: [Kind: [(section: Section, got: Int)]] = [:]
    for section in plan.sections {
      guard let kind = kind(section) else { continue }
      let got = delivered[section.id] ?? 0
      guard abs(got - hours(kind)) > policy.hoursTolerance else { continue }
      wrong[kind, default: []].append((section, got))
    }
    for kind in wrong.keys.sorted() {
      guard let all = wrong[kind], let first = all.first else { continue }
      let tolerance = policy.hoursTolerance > 0 ? " ± \(policy.hoursTolerance)" : ""
      note(
        .deliveredHours, [.section(first.section.id)], file: "meetings.csv", column: "section",
        value: first.section.id.text,
        found: "\(first.got) hours", required: "\(hours(kind))\(tolerance)", count: all.count,
        "the meetings of \(all.count) sections of \(name(kind)) do not deliver the "
          + "\(hours(kind))\(tolerance) hours of the curriculum, such as \(first.section.id): "
          + "\(first.got)",
        mend: "place the meetings that are missing, or take off those that are too many")
    }
  }
}

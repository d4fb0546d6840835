// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// Which teacher must hold which section: pins (T4) and students' choices (S6).
struct Bindings: Sendable {
  /// A section with the teacher who must hold it.
  struct Binding: Sendable {
    var section: SectionID
    var teacher: TeacherID
    /// What asks for it, for messages.
    var reason: Wording
  }

  /// Pins in the order of the file, then choices by falling number of students.
  private(set) var bindings: [Binding] = []
  /// Demands that contradict one another.
  private(set) var messages: [Wording] = []

  init(_ institution: Institution, sections: University.Table<Section>) {
    struct Unit: Hashable {
      var discipline: DisciplineID
      var kind: TeachingKind
    }
    var byUnit: [Unit: [Section]] = [:]
    for section in sections {
      byUnit[Unit(discipline: section.discipline, kind: section.kind), default: []].append(section)
    }
    let choices = Self.choices(institution, sections)
    var bound: [SectionID: TeacherID] = [:]

    for pin in institution.pins {
      guard let teacher = pin.teacher else { continue }
      let all = byUnit[Unit(discipline: pin.discipline, kind: pin.kind)] ?? []
      let label =
        "\(pin.discipline) \(pin.kind.rawValue)" + (pin.group.map { " \($0)" } ?? "")
      let reason = Wording("\(label) бекітуі", "закрепление \(label)", "the pin \(label)")
      guard let group = pin.group else {
        for section in all { bind(section.id, teacher, reason, &bound) }
        continue
      }
      let counts = all.map { section in
        section.students.reduce(0) { $0 + (institution.students[$1]?.group == group ? 1 : 0) }
      }
      let most = counts.max() ?? 0
      guard most > 0 else { continue }  // No section holds the group: nothing to bind.
      let tied = zip(all, counts).filter { $0.1 == most }.map(\.0)
      // Any of the tied sections will do: one that is already that teacher's, else one that nobody
      // else is named for.
      let chosen =
        tied.first { bound[$0.id] == teacher }
        ?? tied.first { bound[$0.id] == nil && choices[$0.id]?.first?.teacher == teacher }
        ?? tied.first { bound[$0.id] == nil && choices[$0.id] == nil }
        ?? tied.first { bound[$0.id] == nil } ?? tied[0]
      bind(chosen.id, teacher, reason, &bound)
    }

    var wanted: [(count: Int, binding: Binding)] = []
    for section in sections {
      for choice in choices[section.id] ?? [] {
        let count = choice.count
        let students = Wording(
          "студенттердің таңдауы (\(count))", "выбор студентов (\(count))",
          count == 1 ? "a student's choice" : "\(count) students' choice")
        wanted.append(
          (choice.count, Binding(section: section.id, teacher: choice.teacher, reason: students)))
      }
    }
    // Stable: sections in the order of the file, teachers by number and then by identifier.
    for item in wanted.enumerated().sorted(by: {
      ($1.element.count, $0.offset) < ($0.element.count, $1.offset)
    }) {
      let binding = item.element.binding
      bind(binding.section, binding.teacher, binding.reason, &bound)
    }
  }

  private mutating func bind(
    _ section: SectionID, _ teacher: TeacherID, _ reason: Wording,
    _ bound: inout [SectionID: TeacherID]
  ) {
    if let other = bound[section] {
      if other != teacher {
        messages.append(
          Wording {
            $0.says(
              "\(section) секциясы: \(reason[$0]) бойынша \(teacher), бірақ ол \(other) оқытушысына "
                + "бекітіліп қойған",
              "секция \(section): \(reason[$0]) – \(teacher), но она уже закреплена за \(other)",
              "section \(section): \(reason[$0]) names \(teacher), but it is already bound to "
                + "\(other)")
          })
      }
      return
    }
    bound[section] = teacher
    bindings.append(Binding(section: section, teacher: teacher, reason: reason))
  }

  /// For each section, the chosen fit teachers with the number of students who chose them, most
  /// first; a chosen teacher who is not fit binds nobody (S6).
  private static func choices(
    _ institution: Institution, _ sections: University.Table<Section>
  ) -> [SectionID: [(teacher: TeacherID, count: Int)]] {
    var result: [SectionID: [(teacher: TeacherID, count: Int)]] = [:]
    for section in sections where section.kind != .lab {
      var counts: [TeacherID: Int] = [:]
      for student in section.students {
        guard
          let chosen = institution.enrolments[Enrolment.Key(student, section.discipline)]?
            .chosenTeacher(section.kind), let teacher = institution.teachers[chosen],
          institution.unfitness(
            of: teacher, for: .teaching(section.kind), in: section.discipline) == nil
        else { continue }
        counts[chosen, default: 0] += 1
      }
      if !counts.isEmpty {
        result[section.id] = counts.map { (teacher: $0.key, count: $0.value) }
          .sorted { ($1.count, $0.teacher) < ($0.count, $1.teacher) }
      }
    }
    return result
  }
}

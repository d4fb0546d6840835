// SPDX-License-Identifier: GPL-3.0-or-later
public import University

extension Curricula {
  /// The tasks that sections and `norms.csv` call for (rule L1), or those that the instance gives.
  ///
  /// One class task a section, of the discipline's hours of its kind. A norm by `stream`, `group`
  /// or `subgroup` gives one task of its hours for each lecture, practice or lab section; a norm by
  /// `student` gives one task of hours × students for each section of the discipline's first kind
  /// that has hours. Norms add up, also two of one work. Hours are rounded to 0.01 and tasks of no
  /// hours are left out. Identifiers are `SECTION:work`, with `:2`, `:3` … where one is taken.
  ///
  /// Source: FORMATS.md sections 2 (norms.csv) and 4 (L1), exact reading 5.
  public static func teachingLoad(
    _ institution: Institution, _ sections: Table<Section>
  ) -> Table<LoadTask> {
    if let decided = institution.decidedTasks, institution.decidedAssignments != nil {
      return decided
    }
    var tasks = Table<LoadTask>()
    func add(_ work: Work, _ hours: Hours, _ section: Section, _ discipline: Discipline) {
      guard hours > .zero else { return }
      // `|` separates lists in a cell, so an identifier may not hold it.
      let name = String(work.text.map { $0 == "|" ? "/" : $0 })
      var id = TaskID("\(section.id):\(name)")
      var suffix = 2
      while tasks.contains(id: id) {
        id = TaskID("\(section.id):\(name):\(suffix)")
        suffix += 1
      }
      tasks.append(
        LoadTask(
          id: id, department: discipline.department, discipline: discipline.id, work: work,
          section: section.id, hours: hours))
    }
    for section in sections {
      guard let discipline = institution.disciplines[section.discipline] else { continue }
      add(
        .teaching(section.kind), Hours(discipline.hours(section.kind)), section, discipline)
      for norm in institution.norms where norm.applies(to: discipline) {
        switch norm.unit {
        case .student where section.kind == discipline.kinds.first:
          let hours = Hours(rounding: norm.hours * Double(section.students.count))
          add(.norm(norm.work), hours, section, discipline)
        case .stream where section.kind == .lecture, .group where section.kind == .practice,
          .subgroup where section.kind == .lab:
          add(.norm(norm.work), Hours(rounding: norm.hours), section, discipline)
        default: break
        }
      }
    }
    return tasks
  }
}

extension Norm {
  /// Whether the norm speaks of a discipline; one without a control matches no norm that names one.
  func applies(to other: Discipline) -> Bool {
    (discipline == nil || discipline == other.id) && (control == nil || control == other.control)
  }
}

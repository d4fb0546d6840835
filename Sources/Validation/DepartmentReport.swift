// SPDX-License-Identifier: GPL-3.0-or-later
public import University

extension PlanValidator {
  /// The broken rules of sections and load that concern one department: those of its disciplines'
  /// sections and tasks, and L4 of its teachers and of who holds its lines.
  ///
  /// The plan's claims (P1 of `plan.json`) are of all departments together and are not judged.
  ///
  /// - Parameters:
  ///   - institution: What it is a plan of.
  ///   - plan: The plan.
  ///   - department: The department.
  ///   - stages: Sections, load or both.
  /// - Returns: The broken rules in their order.
  public static func violations(
    _ institution: Institution, _ plan: Plan, of department: DepartmentID,
    stages: Set<Stage> = [.sections, .load]
  ) -> [Violation] {
    let own = Set(
      institution.disciplines.filter { $0.department == department }.map(\.id))
    var alone = institution
    alone.enrolments = Table(institution.enrolments.filter { own.contains($0.discipline) })
    alone.pins = institution.pins.filter { own.contains($0.discipline) }
    var part = Plan(record: plan.record)
    part.record.sections = nil
    part.record.load = nil
    part.record.timetable = nil
    part.sections = Table(plan.sections.filter { own.contains($0.discipline) })
    let sections = Set(part.sections.map(\.id))
    part.tasks = Table(
      plan.tasks.filter { own.contains($0.discipline) || sections.contains($0.section) })
    let tasks = Set(part.tasks.map(\.id))
    part.assignments = plan.assignments.filter { tasks.contains($0.task) }
    part.hasLoad = plan.hasLoad
    var found = validate(alone, part, stages: stages).violations.filter {
      $0.rule != .l4 && !($0.rule == .p1 && $0.message.hasPrefix("plan.json"))
    }

    guard stages.contains(.load) else { return found }
    // L4 is of a teacher's hours in all departments: nobody else has limits here.
    let holders = Set(part.assignments.compactMap(\.teacher))
    var limited = institution
    limited.teachers = Table(
      institution.teachers.map { teacher in
        if teacher.department == department || holders.contains(teacher.id) { return teacher }
        var free = teacher
        free.minHours = nil
        free.maxHours = 1e9
        return free
      })
    found += validate(limited, plan, stages: [.load]).violations.filter { $0.rule == .l4 }
    return RuleCode.allCases.flatMap { rule in found.filter { $0.rule == rule } }
  }
}

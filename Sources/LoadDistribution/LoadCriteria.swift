// SPDX-License-Identifier: GPL-3.0-or-later
public import University

extension LoadDistribution {
  /// The criteria of assignments, rounded to 0.01.
  ///
  /// Source: FORMATS.md section 5, "Load", and exact reading 7.
  public static func criteria(
    _ institution: Institution, tasks: Table<LoadTask>, assignments: [Assignment]
  ) -> [LoadCriterion: Double] {
    // Adding 0 turns −0 into 0.
    exactCriteria(institution, tasks: tasks, assignments: assignments)
      .mapValues { ($0 * 100).rounded() / 100 + 0 }
  }

  /// The criteria of assignments before they are rounded.
  static func exactCriteria(
    _ institution: Institution, tasks: Table<LoadTask>, assignments: [Assignment]
  ) -> [LoadCriterion: Double] {
    struct Preparation: Hashable {
      var teacher: TeacherID
      var discipline: DisciplineID
      var kind: TeachingKind
    }
    var hours: [TeacherID: Hours] = [:]
    var vacant = Hours.zero
    var survey = 0.0
    var preference = 0.0
    var continuity = 0.0
    var prepared: Set<Preparation> = []
    for row in assignments {
      guard let id = row.teacher, let teacher = institution.teachers[id] else {
        vacant += row.hours
        continue
      }
      hours[id, default: .zero] += row.hours
      guard let task = tasks[row.task], let kind = task.work.teachingKind else { continue }
      let competence = institution.competences[Competence.Key(id, task.discipline)]
      let tenths = row.hours.value / 10
      survey += (5 - institution.survey(of: teacher, in: task.discipline)) * tenths
      preference -= Double(competence?.preference ?? 0) * tenths
      if competence?.taughtBefore != true { continuity += tenths }
      prepared.insert(Preparation(teacher: id, discipline: task.discipline, kind: kind))
    }
    var overload = 0.0
    var underload = 0.0
    var ratios: [DepartmentID: (low: Double, high: Double)] = [:]
    var imbalance = 0.0
    for teacher in institution.teachers {
      let norm = institution.norm(of: teacher)
      let sum = (hours[teacher.id] ?? .zero).value
      overload += max(0, sum - norm)
      underload += max(0, norm - sum)
      if norm > 0 {
        let ratio = sum / norm
        let known = ratios[teacher.department] ?? (ratio, ratio)
        ratios[teacher.department] = (min(known.low, ratio), max(known.high, ratio))
      }
    }
    for department in institution.departments {
      if let range = ratios[department.id] { imbalance += range.high - range.low }
    }
    return [
      .vacant: vacant.value, .overload: overload, .underload: underload, .imbalance: imbalance,
      .survey: survey, .preference: preference, .preparation: Double(prepared.count),
      .continuity: continuity,
    ]
  }
}

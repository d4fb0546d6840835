// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// Criteria of the load distribution.
///
/// **Source**: FORMATS.md section 5, exact reading 7.
enum LoadCriteria {
  static func measure(_ index: PlanIndex) -> [LoadCriterion: Double] {
    var exact: [LoadCriterion: Double] = [:]
    for criterion in LoadCriterion.allCases { exact[criterion] = 0 }
    addTeachers(index, to: &exact)
    addShares(index, to: &exact)
    return exact.mapValues(roundedToHundredths)
  }

  /// overload, underload, imbalance.
  private static func addTeachers(
    _ index: PlanIndex, to exact: inout [LoadCriterion: Double]
  ) {
    struct Range {
      var least: Double
      var most: Double
    }
    let hours = index.hoursOfTeachers()
    var ratios: [DepartmentID: Range] = [:]
    for (at, teacher) in index.institution.teachers.enumerated() {
      let norm = index.institution.norm(of: teacher)
      let held = hours[at].value
      exact[.overload, default: 0] += max(0, held - norm)
      exact[.underload, default: 0] += max(0, norm - held)
      if norm > 0 {
        let ratio = held / norm
        let range = ratios[teacher.department] ?? Range(least: ratio, most: ratio)
        ratios[teacher.department] = Range(
          least: min(range.least, ratio), most: max(range.most, ratio))
      }
    }
    for department in index.institution.departments {
      if let range = ratios[department.id] {
        exact[.imbalance, default: 0] += range.most - range.least
      }
    }
  }

  /// vacant, survey, preference, preparation, continuity.
  private static func addShares(_ index: PlanIndex, to exact: inout [LoadCriterion: Double]) {
    struct Preparation: Hashable {
      let teacher: Int
      let discipline: Int
      let work: Work
    }
    var prepared: Set<Preparation> = []
    for share in index.shares {
      let task = index.tasks[share.task]
      let hours = share.hours.value
      guard let at = share.teacher else {
        exact[.vacant, default: 0] += hours
        continue
      }
      guard task.row.work.teachingKind != nil else { continue }
      let teacher = index.institution.teachers[at]
      let competence = index.institution.competences[
        Competence.Key(teacher.id, task.row.discipline)]
      let survey = index.institution.survey(of: teacher, in: task.row.discipline)
      exact[.survey, default: 0] += (5 - survey) * hours / 10
      exact[.preference, default: 0] -= Double(competence?.preference ?? 0) * hours / 10
      prepared.insert(
        Preparation(teacher: at, discipline: task.discipline, work: task.row.work))
      if competence?.taughtBefore != true { exact[.continuity, default: 0] += hours / 10 }
    }
    exact[.preparation] = Double(prepared.count)
  }
}

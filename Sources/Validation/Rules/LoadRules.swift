// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// Rules L1–L5.
///
/// **Source**: FORMATS.md 4.2, exact readings 3, 5 and 7.
enum LoadRules {
  /// Hours are stated to 0.01, so half of that is no difference.
  private static let tolerance = 0.005 + 1e-9

  static func judge(_ index: PlanIndex, into report: inout ScoreReport) {
    judgeTasks(index, into: &report)
    judgeShares(index, into: &report)
    judgeLimits(index, into: &report)
    judgeExaminers(index, into: &report)
  }

  /// A work for a section.
  private struct Due: Hashable {
    let work: Work
    let section: Int
  }

  /// The hours of the tasks that there must be.
  private static func due(_ index: PlanIndex) -> (order: [Due], hours: [Due: [Double]]) {
    var order: [Due] = []
    var hours: [Due: [Double]] = [:]
    func demand(_ work: Work, _ section: Int, _ amount: Double) {
      let due = Due(work: work, section: section)
      if hours[due] == nil { order.append(due) }
      hours[due, default: []].append(amount)
    }
    for (at, section) in index.sections.enumerated() {
      let discipline = index.institution.disciplines[section.discipline]
      demand(.teaching(section.kind), at, Double(index.facts(of: section).hours))
      for norm in index.institution.norms {
        if let only = norm.discipline, only != discipline.id { continue }
        if let control = norm.control, control != discipline.control { continue }
        switch norm.unit {
        case .student:
          if section.kind == discipline.kinds.first {
            demand(Work(norm.work), at, norm.hours * Double(section.students.count))
          }
        case .stream:
          if section.kind == .lecture { demand(Work(norm.work), at, norm.hours) }
        case .group:
          if section.kind == .practice { demand(Work(norm.work), at, norm.hours) }
        case .subgroup:
          if section.kind == .lab { demand(Work(norm.work), at, norm.hours) }
        }
      }
    }
    return (order, hours)
  }

  /// L1: the tasks are exactly those that the sections and `norms.csv` call for.
  private static func judgeTasks(_ index: PlanIndex, into report: inout ScoreReport) {
    var order: [Due] = []
    var present: [Due: [TaskFacts]] = [:]
    for task in index.tasks {
      let section = index.sections[task.section]
      let discipline = index.institution.disciplines[section.discipline]
      if task.discipline != section.discipline {
        report.add(.l1) {
          $0.says(
            "\(task.row.id) жұмысы: пәні \(task.row.discipline), ал \(section.row.id) секциясы "
              + "\(discipline.id) пәнінен",
            "работа \(task.row.id): дисциплина \(task.row.discipline), а секция \(section.row.id) – "
              + "\(discipline.id)",
            "task \(task.row.id): discipline \(task.row.discipline), but section \(section.row.id) "
              + "is of \(discipline.id)")
        }
      }
      if task.row.department != discipline.department {
        report.add(.l1) {
          $0.says(
            "\(task.row.id) жұмысы: кафедрасы \(task.row.department), ал \(discipline.id) "
              + "\(discipline.department) кафедрасының пәні",
            "работа \(task.row.id): кафедра \(task.row.department), а \(discipline.id) ведёт "
              + "\(discipline.department)",
            "task \(task.row.id): department \(task.row.department), but \(discipline.id) belongs "
              + "to \(discipline.department)")
        }
      }
      let due = Due(work: task.row.work, section: task.section)
      if present[due] == nil { order.append(due) }
      present[due, default: []].append(task)
    }
    let expected = due(index)
    for due in expected.order {
      // A task of 0 hours may be left out (exact reading 7).
      let wanted = (expected.hours[due] ?? []).filter { $0 > tolerance }.sorted()
      let held = (present[due] ?? []).map(\.row.hours.value).filter { $0 > tolerance }.sorted()
      let section = index.sections[due.section].row.id
      if wanted.count != held.count {
        report.add(.l1) {
          $0.says(
            "\(section) секциясы: \(due.work.text) жұмысы \(held.count), болуы керегі \(wanted.count)",
            "секция \(section): работ \(due.work.text) – \(held.count), должно быть \(wanted.count)",
            "section \(section): \(held.count) tasks of \(due.work.text), must be \(wanted.count)")
        }
      } else if zip(wanted, held).contains(where: { abs($0 - $1) > tolerance }) {
        let stated = held.map { Hours(rounding: $0) }
        let must = wanted.map { Hours(rounding: $0) }
        report.add(.l1) { language in
          func text(_ hours: [Hours]) -> String {
            listed(hours.map { language == .en ? "\($0)" : $0.decimalComma }, in: language)
          }
          let (now, right) = (text(stated), text(must))
          return language.says(
            "\(section) секциясы: \(due.work.text) \(now) сағат, болуы керегі \(right)",
            "секция \(section): \(due.work.text) часов \(now), должно быть \(right)",
            "section \(section): \(due.work.text) of \(now) hours, must be \(right)")
        }
      }
    }
    for due in order where expected.hours[due] == nil {
      let tasks = present[due] ?? []
      report.add(.l1, times: tasks.count) {
        let names = listed(tasks.map(\.row.id.text), in: $0)
        let section = index.sections[due.section].row.id
        return $0.says(
          "\(names) жұмысы: \(section) секциясына \(due.work.text) тиесілі емес",
          "работа \(names): секции \(section) не положено \(due.work.text)",
          "task \(names): no \(due.work.text) is due for section \(section)")
      }
    }
  }

  /// L2: all of a task is assigned, a class task to one; L3: who does it may do it.
  private static func judgeShares(_ index: PlanIndex, into report: inout ScoreReport) {
    var total = Array(repeating: Hours.zero, count: index.tasks.count)
    var rows = Array(repeating: 0, count: index.tasks.count)
    for share in index.shares {
      total[share.task] += share.hours
      rows[share.task] += 1
      guard let at = share.teacher else { continue }
      let task = index.tasks[share.task].row
      let teacher = index.institution.teachers[at]
      if let reason = index.institution.unfitness(of: teacher, for: task.work, in: task.discipline)
      {
        report.add(.l3) {
          let (what, why) = ("\(task.discipline) \(task.work.text)", reason.clause(in: $0))
          return $0.says(
            "\(task.id) жұмысы (\(what)): \(teacher.id) оқытушысы – \(why)",
            "работа \(task.id) (\(what)): преподаватель \(teacher.id) \(why)",
            "task \(task.id) (\(what)): teacher \(teacher.id) \(why)")
        }
      }
    }
    for (at, task) in index.tasks.enumerated() {
      if total[at] != task.row.hours {
        report.add(.l2) {
          $0.says(
            "\(task.row.id) жұмысы: \(task.row.hours.decimalComma) сағаттан "
              + "\(total[at].decimalComma) бөлінген",
            "работа \(task.row.id): из часов \(task.row.hours.decimalComma) распределено "
              + total[at].decimalComma,
            "task \(task.row.id): \(total[at]) hours are assigned of \(task.row.hours)")
        }
      }
      if task.row.work.teachingKind != nil, rows[at] > 1 {
        report.add(.l2) {
          $0.says(
            "\(task.row.id) жұмысы: сабақ \(rows[at]) бөлікке бөлінген",
            "работа \(task.row.id): занятие разделено на частей: \(rows[at])",
            "task \(task.row.id): a class task is split into \(rows[at])")
        }
      }
    }
  }

  /// L4: the hours of each teacher between floor and ceiling.
  private static func judgeLimits(_ index: PlanIndex, into report: inout ScoreReport) {
    let hours = index.hoursOfTeachers()
    for (at, teacher) in index.institution.teachers.enumerated() {
      let ceiling = index.institution.ceiling(of: teacher)
      let floor = index.institution.floor(of: teacher)
      let sum = hours[at]
      if sum.value > ceiling + tolerance {
        let most = Hours(rounding: ceiling)
        report.add(.l4) {
          $0.says(
            "\(teacher.id) оқытушысы: \(sum.decimalComma) сағат, ең көбі \(most.decimalComma)",
            "преподаватель \(teacher.id): часов \(sum.decimalComma), не больше \(most.decimalComma)",
            "teacher \(teacher.id): \(sum) hours, at most \(most)")
        }
      }
      if sum.value < floor - tolerance {
        let least = Hours(rounding: floor)
        report.add(.l4) {
          $0.says(
            "\(teacher.id) оқытушысы: \(sum.decimalComma) сағат, ең азы \(least.decimalComma)",
            "преподаватель \(teacher.id): часов \(sum.decimalComma), не меньше \(least.decimalComma)",
            "teacher \(teacher.id): \(sum) hours, at least \(least)")
        }
      }
    }
  }

  /// L5: who examines holds no class of the examined students in that discipline.
  private static func judgeExaminers(_ index: PlanIndex, into report: inout ScoreReport) {
    guard index.institution.policy.examinerDiffersFromTeacher else { return }
    struct Taught: Hashable {
      let teacher: Int
      let discipline: Int
    }
    var taught: [Taught: [Int]] = [:]
    for (at, section) in index.sections.enumerated() {
      for teacher in section.teachers {
        taught[Taught(teacher: teacher, discipline: section.discipline), default: []].append(at)
      }
    }
    for share in index.shares {
      let task = index.tasks[share.task]
      guard task.row.work == .norm("exam"), let teacher = share.teacher else { continue }
      let examined = Set(index.sections[task.section].students)
      let own = taught[Taught(teacher: teacher, discipline: task.discipline)] ?? []
      if let section = own.first(where: { !examined.isDisjoint(with: index.sections[$0].students) })
      {
        report.add(.l5) {
          let (who, whom) = (
            index.institution.teachers[teacher].id, index.sections[section].row.id
          )
          return $0.says(
            "\(task.row.id) жұмысы: \(who) оқытушысы \(whom) секциясындағы өзі оқытатын "
              + "студенттерден емтихан алады",
            "работа \(task.row.id): преподаватель \(who) экзаменует студентов секции \(whom), "
              + "которых сам учит",
            "task \(task.row.id): teacher \(who) examines students of section \(whom) whom they "
              + "teach")
        }
      }
    }
  }
}

extension PlanIndex {
  /// The hours assigned to each teacher.
  func hoursOfTeachers() -> [Hours] {
    var hours = Array(repeating: Hours.zero, count: institution.teachers.count)
    for share in shares {
      if let teacher = share.teacher { hours[teacher] += share.hours }
    }
    return hours
  }
}

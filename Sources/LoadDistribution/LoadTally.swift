// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// What the assignments of a load add up to by teacher, so that the criteria of a few moves are
/// reckoned without going through all of it.
struct LoadTally: Sendable {
  private struct Preparation: Hashable {
    var teacher: TeacherID
    var discipline: DisciplineID
    var kind: TeachingKind
  }

  private let institution: Institution
  private let tasks: University.Table<LoadTask>
  private var hours: [TeacherID: Hours] = [:]
  /// Lines of each preparation.
  private var lines: [Preparation: Int] = [:]
  private var staff: [DepartmentID: [TeacherID]] = [:]

  init(
    _ institution: Institution, tasks: University.Table<LoadTask>, assignments: [Assignment]
  ) {
    self.institution = institution
    self.tasks = tasks
    for row in assignments {
      guard let id = row.teacher, institution.teachers[id] != nil else { continue }
      hours[id, default: .zero] += row.hours
      if let key = preparation(row.task, id) { lines[key, default: 0] += 1 }
    }
    for teacher in institution.teachers where institution.norm(of: teacher) > 0 {
      staff[teacher.department, default: []].append(teacher.id)
    }
  }

  private func preparation(_ task: TaskID, _ teacher: TeacherID) -> Preparation? {
    guard let row = tasks[task], let kind = row.work.teachingKind else { return nil }
    return Preparation(teacher: teacher, discipline: row.discipline, kind: kind)
  }

  /// Differences of the criteria by moves of whole lines, those that do not change left out.
  func differences(_ moves: [LoadMove]) -> [LoadCriterion: Double] {
    var result: [LoadCriterion: Double] = [:]
    var changed: [TeacherID: Hours] = [:]
    var prepared: [Preparation: Int] = [:]
    func add(_ move: LoadMove, _ id: TeacherID?, _ sign: Double) {
      guard let id, let teacher = institution.teachers[id] else {
        result[.vacant, default: 0] += sign * move.hours
        return
      }
      let amount = Hours(rounding: move.hours)
      let now = changed[id] ?? hours[id] ?? .zero
      changed[id] = sign > 0 ? now + amount : now - amount
      guard let key = preparation(move.task, id) else { return }
      let competence = institution.competences[Competence.Key(id, key.discipline)]
      let tenths = sign * move.hours / 10
      result[.survey, default: 0] +=
        (5 - institution.survey(of: teacher, in: key.discipline)) * tenths
      result[.preference, default: 0] -= Double(competence?.preference ?? 0) * tenths
      if competence?.taughtBefore != true { result[.continuity, default: 0] += tenths }
      prepared[key, default: 0] += sign > 0 ? 1 : -1
    }
    for move in moves {
      add(move, move.from, -1)
      add(move, move.to, 1)
    }
    for (key, difference) in prepared {
      let before = lines[key] ?? 0
      result[.preparation, default: 0] +=
        (before + difference > 0 ? 1 : 0) - (before > 0 ? 1 : 0)
    }
    var departments: Set<DepartmentID> = []
    for (id, after) in changed {
      guard let teacher = institution.teachers[id] else { continue }
      let norm = institution.norm(of: teacher)
      let (old, new) = ((hours[id] ?? .zero).value, after.value)
      result[.overload, default: 0] += max(0, new - norm) - max(0, old - norm)
      result[.underload, default: 0] += max(0, norm - new) - max(0, norm - old)
      if norm > 0 { departments.insert(teacher.department) }
    }
    for department in departments {
      func range(_ sum: (TeacherID) -> Hours) -> Double {
        var (low, high) = (Double.infinity, -Double.infinity)
        for id in staff[department] ?? [] {
          guard let teacher = institution.teachers[id] else { continue }
          let ratio = sum(id).value / institution.norm(of: teacher)
          (low, high) = (min(low, ratio), max(high, ratio))
        }
        return high - low
      }
      result[.imbalance, default: 0] +=
        range { changed[$0] ?? hours[$0] ?? .zero } - range { hours[$0] ?? .zero }
    }
    return result.filter { abs($0.value) > 1e-9 }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// The least objective of one discipline by trying every set of sections; up to ten students.
///
/// Costs add up over sections, so a dynamic programme over subsets of students tries them all.
struct ExhaustiveFormation {
  let institution: Institution
  let discipline: Discipline

  var leastObjective: Double {
    let enrolments = institution.enrolments.filter { $0.discipline == discipline.id }
    let weights = institution.weights.sections
    var total = 0.0
    for language in Language.allCases {
      total += least(enrolments.filter { $0.language == language })
    }
    var byGroup: [GroupID: Int] = [:]
    for enrolment in enrolments {
      if let group = institution.students[enrolment.student]?.group {
        byGroup[group, default: 0] += 1
      }
    }
    for kind in discipline.kinds {
      let cap = institution.cap(of: discipline, kind) ?? 1000
      for count in byGroup.values {
        total -= weights[.splitGroup] * Double(max(1, (count + cap - 1) / cap))
      }
    }
    return total
  }

  private func least(_ enrolments: [Enrolment]) -> Double {
    let students = enrolments.count
    guard students > 0 else { return 0 }
    var cover: [TeachingKind: [Double]] = [:]
    for kind in discipline.kinds where kind != .lecture {
      cover[kind] = covers(students) { section(kind, $0, enrolments) }
    }
    if discipline.hours(.lecture) == 0 {
      return cover.values.reduce(0) { $0 + ($1.last ?? 0) }
    }
    let streams = covers(students) { set in
      section(.lecture, set, enrolments) + cover.values.reduce(0) { $0 + $1[set] }
    }
    return streams.last ?? 0
  }

  /// The least cost of partitioning each subset.
  private func covers(_ students: Int, _ cost: (Int) -> Double) -> [Double] {
    let all = (1 << students) - 1
    let single = (0...all).map { $0 == 0 ? 0 : cost($0) }
    var best = [Double](repeating: .infinity, count: all + 1)
    best[0] = 0
    for set in 1...all {
      let lowest = set & -set
      var part = set
      while part > 0 {
        if part & lowest != 0 { best[set] = min(best[set], single[part] + best[set ^ part]) }
        part = (part - 1) & set
      }
    }
    return best
  }

  private func section(_ kind: TeachingKind, _ set: Int, _ enrolments: [Enrolment]) -> Double {
    let inside = enrolments.indices.filter { set >> $0 & 1 == 1 }.map { enrolments[$0] }
    let weights = institution.weights.sections
    if let cap = institution.cap(of: discipline, kind), inside.count > cap { return .infinity }
    if !discipline.delivery.isOnline(kind),
      inside.count > institution.largestSuitableRoom(for: discipline, kind)
    {
      return .infinity
    }
    let chosen = Set(
      inside.compactMap { $0.chosenTeacher(kind) }.filter { id in
        institution.teachers[id].map {
          institution.unfitness(of: $0, for: .teaching(kind), in: discipline.id) == nil
        } ?? false
      })
    if chosen.count > 1 { return .infinity }
    let groups = Set(inside.compactMap { institution.students[$0.student]?.group })
    var cost = weights[.sectionHour] * Double(discipline.hours(kind)) / 15
    cost += weights[.splitGroup] * Double(groups.count)
    if inside.count < institution.policy.minSectionSize { cost += weights[.undersized] }
    if let norm = institution.normSize(of: discipline, kind) {
      cost += weights[.overNorm] * Double(max(0, inside.count - norm))
    }
    return cost
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// Criteria of the formation of sections.
///
/// **Source**: FORMATS.md section 5, exact reading 1.
enum SectionCriteria {
  static func measure(_ index: PlanIndex) -> [SectionCriterion: Double] {
    let hours = index.sections.reduce(0) { $0 + index.facts(of: $1).hours }
    let least = index.institution.policy.minSectionSize
    return [
      .sectionHour: roundedToHundredths(Double(hours) / 15),
      .splitGroup: Double(splitGroups(index)),
      .undersized: Double(index.sections.count { $0.students.count < least }),
      .overNorm: Double(
        index.sections.reduce(0) { sum, section in
          let norm = index.facts(of: section).normSize ?? Int.max
          return sum + max(0, section.students.count - norm)
        }),
    ]
  }

  /// For each discipline, kind and academic group, the sections beyond max(1, ⌈n ÷ cap⌉).
  private static func splitGroups(_ index: PlanIndex) -> Int {
    struct Part: Hashable {
      let discipline: Int
      let kind: TeachingKind
      let group: Int
    }
    struct Spread {
      var students = 0
      var sections = 0
    }
    var spread: [Part: Spread] = [:]
    for section in index.sections {
      let byGroup = Dictionary(grouping: section.students) { index.groupOfStudent[$0] }
      for (group, students) in byGroup {
        let part = Part(discipline: section.discipline, kind: section.kind, group: group)
        spread[part, default: Spread()].students += students.count
        spread[part, default: Spread()].sections += 1
      }
    }
    // A sum of whole numbers: the order of the dictionary does not matter.
    return spread.reduce(0) { sum, entry in
      let (part, found) = entry
      let forced: Int
      switch index.facts(part.discipline, part.kind).cap {
      case nil: forced = 1
      case .some(let cap) where cap > 0: forced = (found.students + cap - 1) / cap
      case .some: forced = found.sections
      }
      return sum + max(0, found.sections - max(1, forced))
    }
  }
}

/// To 0.01, as decimal criteria are stated.
func roundedToHundredths(_ value: Double) -> Double {
  let rounded = (value * 100).rounded(.toNearestOrEven) / 100
  return rounded == 0 ? 0 : rounded
}

// SPDX-License-Identifier: GPL-3.0-or-later
internal import University

/// What sections bring and cost, where the policy gives both prices.
///
/// A student of a discipline brings `income_per_credit` × credits, costs `cost_per_hour` by the hours
/// of `norms.csv` for each student, and bears an equal share of the hours (classes, and work of
/// `norms.csv` for the section) of every section of the discipline that he or she is in.
///
/// Source: the academic policy 2.2, profitability of streams and groups.
struct SectionEconomy {
  private let institution: Institution
  private struct Seat: Hashable {
    var student: StudentID
    var discipline: DisciplineID
  }
  /// Hours that a student bears in all sections of a discipline.
  private var borne: [Seat: Double] = [:]

  /// Nil where either price is 0.
  init?(_ institution: Institution, _ sections: University.Table<Section>) {
    guard institution.policy.incomePerCredit > 0, institution.policy.costPerHour > 0 else {
      return nil
    }
    self.institution = institution
    for section in sections where !section.students.isEmpty {
      guard let discipline = institution.disciplines[section.discipline] else { continue }
      let share = hours(discipline, section.kind) / Double(section.students.count)
      for student in section.students {
        borne[Seat(student: student, discipline: discipline.id), default: 0] += share
      }
    }
  }

  /// Hours of a section of a kind that do not depend on its size.
  private func hours(_ discipline: Discipline, _ kind: TeachingKind) -> Double {
    institution.norms.reduce(Double(discipline.hours(kind))) { sum, norm in
      guard norm.applies(to: discipline) else { return sum }
      switch norm.unit {
      case .stream: return sum + (kind == .lecture ? norm.hours : 0)
      case .group: return sum + (kind == .practice ? norm.hours : 0)
      case .subgroup: return sum + (kind == .lab ? norm.hours : 0)
      case .student: return sum
      }
    }
  }

  /// What a student brings less what the hours for each student cost.
  private func income(_ discipline: Discipline) -> Double {
    let each = institution.norms.reduce(0.0) {
      $0 + ($1.unit == .student && $1.applies(to: discipline) ? $1.hours : 0)
    }
    return institution.policy.incomePerCredit * discipline.credits
      - institution.policy.costPerHour * each
  }

  /// The size from which a section covers its own hours H: ⌈c × H ÷ (i − c × q)⌉, where c is the
  /// price of an hour, i the income of a student and q the hours that its students bear, in the
  /// mean, in their other sections of the discipline, as large as these are. ``never`` where
  /// no size does; nil where there is nothing to cover or the discipline has no credits.
  ///
  /// It is at most the section's size just where its students together bring what all their hours
  /// cost: i × n ≥ c × (H + q × n).
  func breakEvenSize(of section: Section) -> Int? {
    guard let discipline = institution.disciplines[section.discipline], discipline.credits > 0,
      !section.students.isEmpty
    else { return nil }
    let own = hours(discipline, section.kind)
    guard own > 0 else { return nil }
    let size = Double(section.students.count)
    let all = section.students.reduce(0.0) {
      $0 + (borne[Seat(student: $1, discipline: discipline.id)] ?? 0)
    }
    return self.size(of: own, discipline, borne: max(0, all / size - own / size))
  }

  /// The size from which the sections of a discipline cover their cost, whatever sections there are;
  /// nil where the discipline has no hours or credits.
  func breakEvenSize(of discipline: Discipline) -> Int? {
    let all = discipline.kinds.reduce(0) { $0 + hours(discipline, $1) }
    return all > 0 && discipline.credits > 0 ? size(of: all, discipline, borne: 0) : nil
  }

  /// Stands for: no size covers the cost.
  static let never = 1_000_000_000

  /// The students who pay so many hours, besides others that each bears.
  private func size(of hours: Double, _ discipline: Discipline, borne: Double) -> Int {
    let price = institution.policy.costPerHour
    let left = income(discipline) - price * borne
    let least = left > 1e-9 ? (price * hours / left - 1e-9).rounded(.up) : .infinity
    return least < Double(Self.never) ? max(1, Int(least)) : Self.never
  }

  /// Whether so many students of a discipline bring less than the fewest sections that the caps allow
  /// cost: then some section stays below its break-even size however they are divided.
  func cannotPay(_ discipline: Discipline, students: Int) -> Bool {
    let cost = discipline.kinds.reduce(0.0) { sum, kind in
      let cap = institution.cap(of: discipline, kind) ?? .max
      let fewest = cap > 0 ? Double(students / cap + (students % cap > 0 ? 1 : 0)) : 1
      return sum + hours(discipline, kind) * max(1, fewest)
    }
    return income(discipline) * Double(students) < institution.policy.costPerHour * cost - 1e-6
  }
}

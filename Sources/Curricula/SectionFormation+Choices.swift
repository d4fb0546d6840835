// SPDX-License-Identifier: GPL-3.0-or-later
import University

extension Formation {
  /// Hours of sections that the choices of students and the pins give to each teacher.
  static func boundHours(
    _ problem: FormationProblem, _ formed: FormedSections
  ) -> [TeacherID: [TeachingKind: Int]] {
    var result: [TeacherID: [TeachingKind: Int]] = [:]
    for kind in TeachingKind.allCases {
      for part in formed.parts[kind] ?? [] {
        let teacher = part.members.lazy.map { problem.members[$0].bond(kind).teacher }.max() ?? -1
        guard teacher >= 0 else { continue }
        result[problem.teachers[teacher], default: [:]][kind, default: 0] +=
          problem.rules[kind]?.hours ?? 0
      }
    }
    return result
  }

  /// Brings together the students of teachers who would get more hours by choice (S6) than they may
  /// have (L4): the discipline in which it saves most first, until the hours fit.
  static func relieve(
    _ institution: Institution, _ problems: [FormationProblem], _ formed: inout [FormedSections],
    _ warnings: inout [Diagnostic]
  ) {
    var hours: [[TeacherID: [TeachingKind: Int]]] = zip(problems, formed).map(boundHours)
    var gathered = problems
    for teacher in institution.teachers {
      let ceiling = institution.ceiling(of: teacher)
      func sum(_ index: Int) -> Int {
        hours[index][teacher.id]?.values.reduce(0, +) ?? 0
      }
      let concerned = problems.indices.filter { sum($0) > 0 }
      var total = concerned.reduce(0) { $0 + sum($1) }
      for index in concerned.sorted(by: { (sum($1), $0) < (sum($0), $1) })
      where Double(total) > ceiling {
        guard let number = problems[index].teachers.firstIndex(of: teacher.id) else { continue }
        var problem = gathered[index]
        for kind in TeachingKind.allCases { problem.rules[kind]?.gathered.insert(number) }
        var result = Formation(problem).solve(isCancelled: { false })
        let saved = sum(index) - (boundHours(problem, result)[teacher.id]?.values.reduce(0, +) ?? 0)
        guard saved > 0 else { continue }
        result.cost = Formation(problems[index]).cost(result)
        result.bound = formed[index].bound
        result.isGathered = true
        (gathered[index], formed[index]) = (problem, result)
        hours[index] = boundHours(problem, result)
        total -= saved
      }
      if Double(total) > ceiling {
        warnings.append(
          Diagnostic(
            .warning, code: "sections.choicesAboveCeiling", file: "teachers.csv",
            line: teacher.line == 0 ? nil : teacher.line, column: "teacher", value: teacher.id.text,
            wording: Wording {
              let most = Hours(rounding: ceiling)
              let (decimals, point) = (most.decimalComma, most.description)
              return $0.says(
                "\(teacher.id) оқытушысын таңдаған студенттердің немесе оны атайтын бекітулердің "
                  + "секциялары \(total) сағат, ал оның ең көбі \(decimals) сағат",
                "секции студентов, выбравших преподавателя \(teacher.id), и закреплений, которые его "
                  + "называют, – \(total) ч, а у него не больше \(decimals) ч",
                "sections of \(total) hours hold students who chose teacher \(teacher.id) or pins "
                  + "that name the teacher, who may have at most \(point)")
            },
            remedy: Wording(
              "max_hours мәнін көтеріңіз немесе таңдауларды өзгертіңіз",
              "поднимите max_hours или измените выборы", "raise max_hours or change choices")))
      }
    }
  }

  /// Forms anew, where the policy refuses sections that do not cover their cost, what has such
  /// sections: as few of them as there can be found, at whatever else that costs.
  ///
  /// What is refused is what is reported: a section below its own break-even size, its students' other
  /// sections being as they are. As these change with every change, each result is judged anew; what is
  /// aimed at are first the sizes that the refused sections now have, then that of the discipline,
  /// with which every section covers its cost.
  ///
  /// The bound stays that of all valid plans, for which no rule speaks of cost.
  static func coverCosts(
    _ institution: Institution, _ problems: [FormationProblem], _ formed: inout [FormedSections],
    isCancelled: () -> Bool
  ) {
    guard institution.policy.refuseBelowBreakEven else { return }
    for (index, problem) in problems.enumerated() where !formed[index].isGathered {
      guard
        let whole = institution.disciplines[problem.discipline]
          .flatMap({ institution.breakEvenSize(of: $0) })
      else { continue }
      /// Break-even sizes of the sections that are below theirs, by kind.
      func refused(_ formed: FormedSections) -> [TeachingKind: [Int]] {
        let sections = TeachingKind.allCases.flatMap {
          Curricula.numbered(problem, formed, $0, institution)
        }
        let economy = SectionEconomy(institution, Table(sections))
        return sections.reduce(into: [:]) { result, section in
          guard let size = economy?.breakEvenSize(of: section), section.students.count < size
          else { return }
          result[section.kind, default: []].append(size)
        }
      }
      func count(_ sizes: [TeachingKind: [Int]]) -> Int {
        sizes.values.reduce(0) { $0 + $1.count }
      }
      var known = refused(formed[index])
      guard count(known) > 0 else { continue }
      let own = known.compactMapValues { $0.filter { $0 < SectionEconomy.never }.max() }
      let any = Dictionary(uniqueKeysWithValues: TeachingKind.allCases.map { ($0, whole) })
      for target in own.isEmpty ? [any] : [own, any] {
        var strict = problem
        for (kind, size) in target {
          strict.rules[kind]?.leastSize = max(size, problem.rules[kind]?.leastSize ?? 0)
          strict.rules[kind]?.undersizedCost += 1e4
        }
        for isExact in [false, true] where count(known) > 0 {
          var result = Formation(strict, isExact: isExact).solve(isCancelled: isCancelled)
          let left = refused(result)
          guard count(left) < count(known) else { continue }
          result.cost = Formation(problem).cost(result)
          result.bound = min(result.cost, formed[index].bound)
          result.isGathered = true
          (formed[index], known) = (result, left)
        }
      }
    }
  }

  /// Weighted cost of sections by the problem's own rules.
  private func cost(_ formed: FormedSections) -> Double {
    TeachingKind.allCases.reduce(0) { sum, kind in
      guard let rules = problem.rules[kind] else { return sum }
      let bins = (formed.parts[kind] ?? []).map { Bin(portions($0.members, kind)) }
      return sum + Packing(rules: rules).cost(bins)
    }
  }
}

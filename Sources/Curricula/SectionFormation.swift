// SPDX-License-Identifier: GPL-3.0-or-later
public import LinearModels
public import University

/// The sections of a term and what is known of them.
public struct SectionPlan: Sendable {
  /// Streams, groups and subgroups: by discipline in the order of the file, then lecture, practice,
  /// lab, then language.
  public var sections: Table<Section>
  /// `optimal` where every discipline's cost equals its bound; `infeasible` where a section cannot
  /// be small enough; else `feasible`.
  public var status: StageStatus
  /// Every criterion of the stage before its weight.
  public var criteria: [SectionCriterion: Double]
  /// Σ weight × criterion.
  public var objective: Double
  /// A proved lower bound of the objective over all valid plans; nil for decided sections.
  public var bound: Double?
  /// Why the sections are as they are, by discipline and language.
  public var explanations: [SectionExplanation]
  /// What could not be honoured.
  public var warnings: [Diagnostic]
}

/// How far the formation of sections is.
public struct FormationProgress: Sendable {
  /// Disciplines × languages that are done.
  public var done: Int
  /// Disciplines × languages.
  public var total: Int
  /// The discipline that was done last.
  public var discipline: DisciplineID
}

extension Curricula {
  /// Forms streams, groups and subgroups from the enrolments, or judges those that are decided.
  ///
  /// Students of one discipline and language are put into sections that keep S1–S6 possible: caps,
  /// rooms, parents, and no section that holds students who chose different teachers. The
  /// objective is Σ weight × criterion; disciplines and languages are independent of each other.
  /// Each is packed first and counted from below; where the two differ the groups are partitioned
  /// exactly, which decides nearly all that no teacher or pin binds and that fit one stream; where a
  /// difference is left and the case is small enough, a mixed-integer programme decides. Where the
  /// policy refuses sections that do not cover their cost, these are merged as far as can be found.
  ///
  /// The result depends on the institution alone as long as no limit is reached.
  ///
  /// - Parameters:
  ///   - institution: the term's institution.
  ///   - solver: solves what packing leaves unproved.
  ///   - timeLimit: seconds after which nothing more is proved, nil for no limit; packing itself is always
  ///     done.
  ///   - isCancelled: asked now and then; true has the effect of the time limit.
  ///   - progress: told after each discipline and language.
  /// - Returns: the sections with their criteria, what was proved, and why they are so.
  /// - Throws: what the solver throws when it cannot run.
  ///
  /// Source: FORMATS.md sections 4 and 5; the academic policy 2.2 (streams by rooms, groups of 25,
  /// subgroups of 12).
  public static func formSections(
    _ institution: Institution, solver: any LinearSolver, timeLimit: Double?,
    isCancelled: @escaping @Sendable () -> Bool = { false },
    progress: (FormationProgress) -> Void = { _ in }
  ) throws -> SectionPlan {
    if let decided = institution.decidedSections {
      return judged(institution, decided)
    }
    let clock = ContinuousClock()
    let deadline = timeLimit.map { clock.now.advanced(by: .seconds(max(0, $0))) }
    let isStopped: @Sendable () -> Bool = {
      isCancelled() || deadline.map { clock.now >= $0 } ?? false
    }
    var warnings: [Diagnostic] = []
    let problems = FormationProblem.all(institution, &warnings)
    var formed: [FormedSections] = []
    for (done, problem) in problems.enumerated() {
      var packed = Formation(problem).solve(isCancelled: isStopped)
      if packed.cost > packed.bound + 1e-6 {
        let exact = Formation(problem, isExact: true).solve(isCancelled: isStopped)
        if exact.cost < packed.cost - 1e-6 { packed = exact }
        packed.bound = min(packed.cost, max(packed.bound, exact.bound))
      }
      formed.append(packed)
      progress(
        FormationProgress(
          done: done + 1, total: problems.count, discipline: problem.discipline))
    }
    Formation.relieve(institution, problems, &formed, &warnings)
    Formation.coverCosts(institution, problems, &formed, isCancelled: isStopped)
    // Nodes are limited, so that the limit of time is a safety and no more.
    var questions = mostQuestions
    // Small ones first: they are many, and each needs little.
    let order = problems.indices.sorted {
      (problems[$0].members.count, $0) < (problems[$1].members.count, $1)
    }
    for index in order
    where !formed[index].isGathered && formed[index].cost > formed[index].bound + 1e-6
      && questions > 0 && !isStopped()
    {
      var options = SolveOptions()
      // Without a limit the clock decides nothing, however slow the machine is: nodes are limited.
      options.timeLimit = deadline.map { min(60, clock.now.duration(to: $0) / .seconds(1)) }
      options.isCancelled = isStopped
      let limit = SearchLimit(min(questions, mostQuestionsEach))
      formed[index] = try Formation(problems[index], isExact: true).improved(
        formed[index], solver: solver, options: options, limit: limit)
      questions -= limit.count
    }
    return assembled(institution, problems, formed, warnings)
  }

  /// Questions of the solver, about one a node, for one problem and for all.
  private static let mostQuestionsEach = 12_000
  private static let mostQuestions = 300_000

  /// The criteria of some sections.
  ///
  /// Source: FORMATS.md section 5 and exact reading 1.
  public static func sectionCriteria(
    _ institution: Institution, _ sections: Table<Section>
  ) -> [SectionCriterion: Double] {
    exactSectionCriteria(institution, sections).mapValues { ($0 * 100).rounded() / 100 }
  }

  /// The criteria of some sections before they are rounded.
  static func exactSectionCriteria(
    _ institution: Institution, _ sections: Table<Section>
  ) -> [SectionCriterion: Double] {
    struct Key: Hashable {
      var discipline: DisciplineID
      var kind: TeachingKind
      var group: GroupID
    }
    var spread: [Key: (students: Int, sections: Int)] = [:]
    var hours = 0
    var undersized = 0
    var over = 0
    for section in sections {
      guard let discipline = institution.disciplines[section.discipline] else { continue }
      hours += discipline.hours(section.kind)
      let size = section.students.count
      if size < institution.policy.minSectionSize { undersized += 1 }
      if let norm = institution.normSize(of: discipline, section.kind) {
        over += max(0, size - norm)
      }
      var counts: [GroupID: Int] = [:]
      for student in section.students {
        if let group = institution.students[student]?.group { counts[group, default: 0] += 1 }
      }
      for (group, count) in counts {
        let key = Key(discipline: discipline.id, kind: section.kind, group: group)
        spread[key, default: (0, 0)].students += count
        spread[key, default: (0, 0)].sections += 1
      }
    }
    var caps: [DisciplineID: [TeachingKind: Int]] = [:]
    var split = 0
    for (key, value) in spread {
      guard let discipline = institution.disciplines[key.discipline] else { continue }
      let cap =
        caps[key.discipline]?[key.kind] ?? institution.cap(of: discipline, key.kind) ?? Int.max
      caps[key.discipline, default: [:]][key.kind] = cap
      let forced =
        cap > 0 ? (value.students - 1) / cap + 1 : value.sections
      split += max(0, value.sections - max(1, forced))
    }
    return [
      .sectionHour: Double(hours) / 15, .splitGroup: Double(split),
      .undersized: Double(undersized), .overNorm: Double(over),
    ]
  }

  /// Decided sections with their criteria; nothing is proved of them.
  private static func judged(
    _ institution: Institution, _ sections: Table<Section>
  ) -> SectionPlan {
    let criteria = sectionCriteria(institution, sections)
    return SectionPlan(
      sections: sections, status: .feasible, criteria: criteria,
      objective: institution.weights.sections.objective(criteria), bound: nil,
      explanations: SectionExplanation.all(institution, sections, [:]),
      warnings: smallSections(institution, sections))
  }

  private static func assembled(
    _ institution: Institution, _ problems: [FormationProblem], _ formed: [FormedSections],
    _ warnings: [Diagnostic]
  ) -> SectionPlan {
    var sections = Table<Section>()
    var proofs: [SectionExplanation.Key: SectionExplanation.Proof] = [:]
    var start = 0
    while start < problems.count {
      var end = start
      while end < problems.count, problems[end].discipline == problems[start].discipline {
        end += 1
      }
      for kind in TeachingKind.allCases {
        for index in start..<end {
          for section in numbered(problems[index], formed[index], kind, institution) {
            sections.append(section)
          }
        }
      }
      start = end
    }
    var gap = 0.0
    for (problem, result) in zip(problems, formed) {
      let free = problem.allowance
      gap += max(0, result.cost - result.bound)
      proofs[SectionExplanation.Key(problem.discipline, problem.language)] =
        SectionExplanation.Proof(
          cost: result.cost - free, bound: min(result.cost, result.bound) - free)
    }
    let criteria = sectionCriteria(institution, sections)
    let objective = institution.weights.sections.objective(criteria)
    // A sum of proofs; the difference survives the rounding of section_hour, the sums do not.
    let bound = gap < 1e-6 ? objective : max(0, objective - gap - 1e-6)
    let warnings = warnings + smallSections(institution, sections)
    let impossible = warnings.contains { $0.severity == .impossible }
    return SectionPlan(
      sections: sections,
      status: impossible ? .infeasible : objective - bound < 0.01 ? .optimal : .feasible,
      criteria: criteria, objective: objective, bound: bound,
      explanations: SectionExplanation.all(institution, sections, proofs), warnings: warnings)
  }

  /// Sections with their identifiers, such as `MAT101-P-kk-3`: the end has a fixed form, so that
  /// those of different disciplines never meet.
  static func numbered(
    _ problem: FormationProblem, _ formed: FormedSections, _ kind: TeachingKind,
    _ institution: Institution
  ) -> [Section] {
    func id(_ kind: TeachingKind, _ position: Int) -> SectionID {
      let letter =
        switch kind {
        case .lecture: "L"
        case .practice: "P"
        case .lab: "B"
        }
      return SectionID(
        "\(problem.discipline)-\(letter)-\(problem.language.rawValue)-\(position + 1)")
    }
    return (formed.parts[kind] ?? []).enumerated().map { position, part in
      let students = part.members.map { problem.members[$0] }.sorted { $0.order < $1.order }
      return Section(
        id: id(kind, position), discipline: problem.discipline, kind: kind,
        language: problem.language, parent: part.parent.map { id(.lecture, $0) },
        hours: problem.rules[kind]?.hours ?? 0, students: students.map(\.student))
    }
  }
}

extension Formation {
  /// Asks the solver where packing and bound differ, and takes what it proves or finds.
  func improved(
    _ packed: FormedSections, solver: any LinearSolver, options: SolveOptions,
    limit: SearchLimit
  ) throws -> FormedSections {
    let all = Array(problem.members.indices)
    let bounds = bounds()
    let streams = packed.parts[.lecture]?.count ?? 1
    if streams == 1 {
      return try improvedByKind(packed, bounds, solver, options, limit)
    }
    func most(_ kind: TeachingKind) -> Int {
      guard let rules = problem.rules[kind] else { return 0 }
      return rules.mostSections(
        demands(all, kind), atLeast: fewestSections(all, kind),
        below: packed.cost - packed.bound + (bounds[kind] ?? 0))
    }
    let inside = most(.lecture)
    guard inside > 0 else { return packed }
    // A stream leaves at least one section of each kind to every other stream.
    let sections = [TeachingKind.practice, .lab].reduce(into: [TeachingKind: Int]()) {
      $0[$1] = max(0, most($1) - fewestSections(all, .lecture) + 1)
    }
    let kinds = TeachingKind.allCases.filter { problem.rules[$0] != nil }
    guard
      let programme = FormationProgramme(
        self, kinds: kinds, streams: inside, sections: sections)
    else { return packed }
    let result = try programme.solve(solver, options, limit, incumbent: packed.cost)
    var best = packed
    if result.isRepeatable, let objective = result.objective, objective < packed.cost - 1e-6 {
      best = realised(result.streams, result.bins, bound: packed.bound)
    }
    // No point below the incumbent's cost is lost by the limits on the numbers of sections.
    let proved = problem.pinned.isEmpty ? min(packed.cost, result.bound ?? 0) : 0
    best.bound = min(best.cost, max(packed.bound, proved))
    return best
  }

  private func improvedByKind(
    _ packed: FormedSections, _ bounds: [TeachingKind: Double], _ solver: any LinearSolver,
    _ options: SolveOptions, _ limit: SearchLimit
  ) throws -> FormedSections {
    let all = Array(problem.members.indices)
    var bins: [TeachingKind: [[Bin]]] = [:]
    var bound = 0.0
    for kind in TeachingKind.allCases {
      guard let rules = problem.rules[kind], let parts = packed.parts[kind] else { continue }
      let current = parts.map { Bin(portions($0.members, kind)) }
      bins[kind] = [current]
      var kindBound = bounds[kind] ?? 0
      let cost = Packing(rules: rules).cost(current)
      if kind != .lecture, cost > kindBound + 1e-6 {
        let most = rules.mostSections(
          demands(all, kind), atLeast: fewestSections(all, kind), below: cost)
        if most > 0,
          let programme = FormationProgramme(
            self, kinds: [kind], streams: 1, sections: [kind: most])
        {
          let result = try programme.solve(solver, options, limit, incumbent: cost)
          if result.isRepeatable, let objective = result.objective, objective < cost - 1e-6,
            let found = result.bins[kind]
          {
            bins[kind] = found
          }
          if !problem.pinned.contains(kind) {
            kindBound = max(kindBound, min(cost, result.bound ?? 0))
          }
        }
      }
      bound += kindBound
    }
    bins[.lecture] = nil
    let streams = packed.parts[.lecture]?.map(\.members) ?? [all]
    var result = realised(streams, bins, bound: 0)
    result.bound = min(result.cost, max(packed.bound, bound))
    return result
  }
}

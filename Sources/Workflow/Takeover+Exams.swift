// SPDX-License-Identifier: GPL-3.0-or-later
internal import LinearModels
public import University
internal import Validation

extension Takeover {
  /// Work of the final control that nobody can take.
  public struct VacantExam: Sendable {
    /// The task.
    public var task: LoadTask
    /// Who is competent for it, those first against whom least stands.
    public var people: [Substitute]
  }
}

extension Takeover {
  /// Somebody whose `min_hours` is not reached any more, and so not asked for after the repair.
  public struct Shortfall: Sendable {
    /// The teacher.
    public var teacher: TeacherID
    /// Hours left in the load.
    public var hours: Double
    /// What `min_hours` was.
    public var least: Double
  }
}

extension Institution {
  /// Whether work belongs to the final control of a discipline, which comes after the last class: the
  /// exam, and what norms.csv asks for of disciplines with an exam, such as the consultation before it.
  func isFinalControl(_ task: LoadTask) -> Bool {
    if task.work == .norm("exam") { return true }
    return norms.contains { norm in
      norm.control == .exam && task.work == .norm(norm.work)
        && (norm.discipline == nil || norm.discipline == task.discipline)
    }
  }
}

extension PlanInHand {
  /// Gives on the final control that teachers who leave in mid-term hold, and the exams of those who
  /// take over classes of the students that they were to examine.
  ///
  /// The final control is held after the last class, so after they left: unlike their classes all of
  /// it changes hands, and the plan says so. One person for each row a of the load by a programme:
  /// minimise Σ (1000 h_a) u_a + Σ c_at x_at subject to Σ_t x_at + u_a = 1 and Σ_a h_a x_at at most
  /// the hours that t has left after the classes taken over, where h_a are the hours, u_a says that
  /// the row stays vacant, and c_at is 0 to 2 for who taught the discipline and is of its department.
  /// Teaching and control stay with different people where the policy asks for it: nobody examines
  /// students whose classes in the discipline they hold by the plan or took over. Where the time is
  /// over before anything is found all of it stays where it was, and that is told.
  ///
  /// - Parameters:
  ///   - plan: The plan after the repair.
  ///   - takeover: Who takes the classes; is told who takes the exams.
  ///   - absent: Who leaves.
  ///   - solver: For the programme.
  ///   - timeLimit: Seconds for it.
  ///   - isCancelled: Asked now and then; true ends it with what there is.
  /// - Returns: The assignments of the load, changed.
  /// - Throws: What the solver throws when it cannot run.
  func giveOnExams(
    of plan: Plan, _ takeover: inout Takeover, absent: Set<TeacherID>,
    solver: any LinearSolver, timeLimit: Double, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> [Assignment] {
    struct Taught: Hashable {
      var teacher: TeacherID
      var discipline: DisciplineID
    }
    var hours: [TeacherID: Double] = [:]
    var sections: [Taught: Set<SectionID>] = [:]
    for row in plan.assignments {
      guard let teacher = row.teacher, let task = plan.tasks[row.task] else { continue }
      hours[teacher, default: 0] += row.hours.value
      if task.work.teachingKind != nil {
        sections[Taught(teacher: teacher, discipline: task.discipline), default: []]
          .insert(task.section)
      }
    }
    for share in takeover.shares {
      guard let section = plan.sections[share.section] else { continue }
      hours[share.teacher, default: 0] += Double(share.hours)
      sections[Taught(teacher: share.teacher, discipline: section.discipline), default: []]
        .insert(share.section)
    }
    func teaches(_ teacher: TeacherID, _ task: LoadTask) -> Bool {
      guard institution.policy.examinerDiffersFromTeacher, task.work == .norm("exam"),
        let examined = plan.sections[task.section].map({ Set($0.students) })
      else { return false }
      let own = sections[Taught(teacher: teacher, discipline: task.discipline)] ?? []
      return own.contains { !examined.isDisjoint(with: plan.sections[$0]?.students ?? []) }
    }
    let replaced = Set(takeover.shares.filter(\.examines).map(\.teacher))
    let positions = plan.assignments.indices.filter { position in
      let row = plan.assignments[position]
      guard let teacher = row.teacher, let task = plan.tasks[row.task] else { return false }
      if absent.contains(teacher) { return institution.isFinalControl(task) }
      return replaced.contains(teacher) && teaches(teacher, task)
    }
    var assignments = plan.assignments
    if positions.isEmpty { return assignments }
    struct Choice {
      var position: Int
      var teacher: TeacherID
      var variable: LinearModel.Variable
    }
    var model = LinearModel(name: "exams")
    var choices: [Choice] = []
    var taken: [TeacherID: [LinearModel.Term]] = [:]
    for position in positions {
      let row = plan.assignments[position]
      guard let task = plan.tasks[row.task] else { continue }
      let department = institution.disciplines[task.discipline]?.department
      let holders = Set(plan.assignments.filter { $0.task == row.task }.compactMap(\.teacher))
      var terms = [LinearModel.Term(1, model.addBinary(cost: 1000 * row.hours.value))]
      for competence in institution.competences where competence.discipline == task.discipline {
        guard !absent.contains(competence.teacher), !holders.contains(competence.teacher),
          let teacher = institution.teachers[competence.teacher],
          institution.unfitness(of: teacher, for: task.work, in: task.discipline) == nil,
          !teaches(teacher.id, task)
        else { continue }
        let variable = model.addBinary(
          cost: (competence.taughtBefore ? 0 : 1) + (teacher.department == department ? 0 : 1))
        choices.append(Choice(position: position, teacher: teacher.id, variable: variable))
        terms.append(LinearModel.Term(1, variable))
        taken[teacher.id, default: []].append(LinearModel.Term(row.hours.value, variable))
      }
      model.addRow(lower: 1, upper: 1, terms)
    }
    for (teacher, terms) in taken.sorted(by: { $0.key < $1.key }) {
      guard let person = institution.teachers[teacher] else { continue }
      // What an examiner gives on may leave room for another: that is not counted on.
      model.addRow(
        upper: max(0, institution.ceiling(of: person) - (hours[teacher] ?? 0)), terms)
    }
    var options = SolveOptions()
    options.timeLimit = max(0.2, timeLimit)
    options.isCancelled = isCancelled
    let solution = try solver.solve(model, options)
    // Without a solution nothing is known of who can take what.
    guard !solution.values.isEmpty else {
      takeover.isControlUnsettled = true
      return assignments
    }
    for position in positions { assignments[position].teacher = nil }
    for choice in choices
    where choice.variable.index < solution.values.count
      && solution.values[choice.variable.index] > 0.5
    {
      assignments[choice.position].teacher = choice.teacher
    }
    for position in positions {
      let row = plan.assignments[position]
      guard let from = row.teacher, let task = plan.tasks[row.task] else { continue }
      let to = assignments[position].teacher
      takeover.exams.append(
        Reassignment(task: task.id, section: task.section, from: from, to: to))
      if to == nil {
        takeover.vacantExams.append(
          Takeover.VacantExam(task: task, people: takers(of: task, absent: absent.union([from]))))
      }
    }
    let changed = Set(positions.map { plan.assignments[$0].task })
    takeover.untimed.removeAll { changed.contains($0.id) }
    for number in takeover.shares.indices { takeover.shares[number].examines = false }
    takeover.shortfalls = shortfalls(plan.assignments, assignments, takeover.exams)
    return assignments
  }

  /// Who has fewer hours than the least after giving on, and had not before.
  private func shortfalls(
    _ before: [Assignment], _ after: [Assignment], _ given: [Reassignment]
  ) -> [Takeover.Shortfall] {
    func hours(_ rows: [Assignment], of teacher: TeacherID) -> Double {
      rows.reduce(0) { $1.teacher == teacher ? $0 + $1.hours.value : $0 }
    }
    return Set(given.map(\.from)).sorted().compactMap { giver in
      guard let least = institution.teachers[giver].map(institution.floor(of:)) else { return nil }
      let left = hours(after, of: giver)
      guard left < least - 1e-6, hours(before, of: giver) >= least - 1e-6 else { return nil }
      return Takeover.Shortfall(teacher: giver, hours: left, least: least)
    }
  }
}

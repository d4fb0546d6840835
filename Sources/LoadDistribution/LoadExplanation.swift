// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// Why somebody may not take a task, whatever it would cost.
public enum LoadObstacle: Hashable, Sendable {
  /// L3: not competent, no right to lecture, or rated too low.
  case unfit(Unfitness)
  /// L4: the hours would be above the ceiling.
  case ceiling(hours: Double, ceiling: Double)
  /// L4: the hours of who gives the task up would fall below `min_hours`.
  case floor(teacher: TeacherID, hours: Double, floor: Double)
  /// L5: the teacher would examine students of a class of the same discipline.
  case examiner(task: TaskID)
  /// T4, S6: a pin or a student's choice names somebody else.
  case named(TeacherID)
  /// The teacher's closed times leave no time for the section.
  case noTime
  /// The load of the task's department is approved.
  case approved(DepartmentID)
}

/// One change of a load: a task, or the share of it that somebody holds, goes to somebody else.
public struct LoadMove: Hashable, Sendable {
  /// The task.
  public var task: TaskID
  /// Who holds it now; nil where it is vacant.
  public var from: TeacherID?
  /// Who gets it; nil for nobody.
  public var to: TeacherID?
  /// The hours that go over.
  public var hours: Double
}

/// A change with what it would cost.
public struct PricedMove: Hashable, Sendable {
  /// What changes, in order.
  public var moves: [LoadMove]
  /// The objective afterwards less the objective now, of criteria that are not rounded.
  public var cost: Double
}

/// Who could do a task, and what it would cost if they did.
public struct LoadCandidate: Sendable {
  /// The teacher.
  public var teacher: TeacherID
  /// Hours of the task that the teacher holds now.
  public var held: Double
  /// The cost with nothing else changed; nil where a rule forbids it.
  public var direct: Double?
  /// The differences of the criteria behind ``direct``, before their weights; those that do not
  /// change are left out.
  public var criteria: [LoadCriterion: Double]
  /// What forbids the direct change.
  public var obstacles: [LoadObstacle]
  /// The cheapest way with one compensating change: one more task goes from this teacher to
  /// somebody else, or from somebody to who gave the task up. Nil where no such way keeps the rules.
  public var exchange: PricedMove?
  /// The load solved anew with the task held by this teacher; nil where that was not asked for or
  /// nothing was found that keeps the rules.
  public var forced: ForcedLoad?

  /// What the teacher costs more than the best there is, where the load was solved anew; else the
  /// least of the single changes. Nil where no way keeps the rules.
  public var cost: Double? {
    forced?.regret ?? [direct, exchange?.cost].compactMap { $0 }.min()
  }
}

/// What it would cost to leave a task to nobody.
public struct VacantAlternative: Sendable {
  /// The objective with all of the task vacant less the objective now; nil where a rule forbids it.
  public var cost: Double?
  /// The differences of the criteria behind ``cost``, before their weights.
  public var criteria: [LoadCriterion: Double]
  /// What forbids it.
  public var obstacles: [LoadObstacle]
}

/// Why a task is where it is.
public struct TaskExplanation: Sendable {
  /// The task.
  public var task: LoadTask
  /// Who holds how many hours of it; nil for the vacant part.
  public var holders: [Assignment]
  /// Whom a pin or a student's choice names.
  public var named: TeacherID?
  /// Everybody with a row in `competences.csv` for the discipline: holders first, then by cost,
  /// then those for whom no way keeps the rules.
  public var candidates: [LoadCandidate]
  /// Nobody; nil where the task is vacant as it is.
  public var vacant: VacantAlternative?
}

/// Why a teacher has so many hours.
public struct TeacherExplanation: Sendable {
  /// The hours of one discipline and work.
  public struct Line: Hashable, Sendable {
    /// The discipline.
    public var discipline: DisciplineID
    /// The kind of class, or the work of `norms.csv`.
    public var work: Work
    /// Tasks, whole or in part.
    public var tasks: Int
    /// Hours of them.
    public var hours: Double
  }

  /// The teacher.
  public var teacher: TeacherID
  /// Hours by discipline and work, in the order of the files.
  public var lines: [Line]
  /// All hours.
  public var hours: Double
  /// The norm of the term.
  public var norm: Double
  /// The share of a full position.
  public var rate: Double
  /// The most hours (L4).
  public var ceiling: Double
  /// The fewest hours (L4).
  public var floor: Double
  /// Hours of the department's teachers ÷ their norms; nil without norms.
  public var departmentRatio: Double?
  /// Hours of tasks for which the teacher is fit, whoever holds them.
  public var reachable: Double
  /// The cheapest single changes that give the teacher more, cheapest first, at most three.
  public var gains: [PricedMove]
  /// The cheapest single changes that take something off, cheapest first, at most three.
  public var reliefs: [PricedMove]
  /// Whether work of approved departments, which nobody touches, is left out of ``gains``.
  public var gainsAreHeld: Bool
  /// Whether it is left out of ``reliefs``.
  public var reliefsAreHeld: Bool

  /// Hours ÷ norm; nil without a norm.
  public var ratio: Double? { norm > 0 ? hours / norm : nil }
}

/// Why a department's load is spread as it is.
public struct DepartmentExplanation: Sendable {
  /// The department.
  public var department: DepartmentID
  /// Hours of its tasks.
  public var hours: Double
  /// Hours of its tasks that nobody holds.
  public var vacant: Double
  /// Hours of its tasks with teachers of other departments.
  public var outside: Double
  /// Hours of other departments' tasks with its teachers.
  public var inside: Double
  /// The norms of its teachers together.
  public var norm: Double
  /// Largest ratio less smallest: the department's part of `imbalance`.
  public var imbalance: Double
  /// Its teachers in the order of the file.
  public var teachers: [TeacherExplanation]
  /// The criteria of its teachers and its vacant tasks, before their weights and not rounded.
  public var criteria: [LoadCriterion: Double]
}

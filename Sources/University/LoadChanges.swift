// SPDX-License-Identifier: GPL-3.0-or-later

/// What differs between two distributions of the load, by task and by teacher.
public struct LoadChanges: Sendable, Hashable {
  /// Who does a task, with the hours of each; the vacant part has no teacher.
  public struct Part: Sendable, Hashable {
    /// Nil for the vacant part.
    public var teacher: TeacherID?
    /// Hours of the term.
    public var hours: Hours
  }

  /// A task that is not done as before.
  public struct TaskChange: Sendable, Hashable {
    /// How it differs.
    public enum Kind: String, Sendable, CaseIterable {
      /// The task is new.
      case added
      /// The task is gone.
      case removed
      /// Its hours differ; who does it may differ too.
      case hours
      /// Somebody else does it, or a part of it.
      case teacher
    }
    /// How it differs.
    public var kind: Kind
    /// The task; as it was where it is gone.
    public var task: LoadTask
    /// Who did it, by teacher; empty where it is new.
    public var before: [Part]
    /// Who does it; empty where it is gone.
    public var after: [Part]
  }

  /// A teacher whose hours or tasks differ.
  public struct TeacherChange: Sendable, Hashable {
    /// The teacher.
    public var teacher: TeacherID
    /// Hours of the term before and after.
    public var before: Hours
    /// Hours of the term after.
    public var after: Hours
    /// Tasks of which the teacher does more than before.
    public var gained: [TaskID]
    /// Tasks of which the teacher does less than before.
    public var lost: [TaskID]
  }

  /// In the order of the new tasks, then those that are gone.
  public var tasks: [TaskChange] = []
  /// By identifier.
  public var teachers: [TeacherChange] = []

  /// Compares two plans; only what `load.csv` and `assignments.csv` hold counts.
  public init(from old: Plan, to new: Plan) {
    let before = Self.parts(old)
    let after = Self.parts(new)
    for task in new.tasks {
      let was = before[task.id] ?? []
      let now = after[task.id] ?? []
      if let former = old.tasks[task.id] {
        if former.hours != task.hours {
          tasks.append(TaskChange(kind: .hours, task: task, before: was, after: now))
        } else if was != now {
          tasks.append(TaskChange(kind: .teacher, task: task, before: was, after: now))
        }
      } else {
        tasks.append(TaskChange(kind: .added, task: task, before: [], after: now))
      }
    }
    for task in old.tasks where new.tasks[task.id] == nil {
      tasks.append(
        TaskChange(kind: .removed, task: task, before: before[task.id] ?? [], after: []))
    }

    var found: [TeacherID: TeacherChange] = [:]
    func entry(_ teacher: TeacherID) -> TeacherChange {
      found[teacher]
        ?? TeacherChange(teacher: teacher, before: .zero, after: .zero, gained: [], lost: [])
    }
    func count(_ rows: [Assignment], _ path: WritableKeyPath<TeacherChange, Hours>) {
      for row in rows {
        guard let teacher = row.teacher else { continue }
        var value = entry(teacher)
        value[keyPath: path] += row.hours
        found[teacher] = value
      }
    }
    count(old.assignments, \.before)
    count(new.assignments, \.after)
    for change in tasks {
      let was = Dictionary(change.before.map { ($0.teacher, $0.hours) }) { $0 + $1 }
      let now = Dictionary(change.after.map { ($0.teacher, $0.hours) }) { $0 + $1 }
      for teacher in Set(was.keys).union(now.keys) {
        guard let teacher else { continue }
        var value = entry(teacher)
        let difference = (now[teacher] ?? .zero) - (was[teacher] ?? .zero)
        if difference > .zero { value.gained.append(change.task.id) }
        if difference < .zero { value.lost.append(change.task.id) }
        found[teacher] = value
      }
    }
    teachers = found.values.filter {
      $0.before != $0.after || !$0.gained.isEmpty || !$0.lost.isEmpty
    }.sorted { $0.teacher < $1.teacher }
  }

  /// Whether nothing differs.
  public var isEmpty: Bool { tasks.isEmpty && teachers.isEmpty }

  /// Who does each task: one part a teacher, by identifier, the vacant part last.
  private static func parts(_ plan: Plan) -> [TaskID: [Part]] {
    var hours: [TaskID: [TeacherID?: Hours]] = [:]
    for row in plan.assignments where row.hours > .zero {
      hours[row.task, default: [:]][row.teacher, default: .zero] += row.hours
    }
    return hours.mapValues { row in
      row.map { Part(teacher: $0.key, hours: $0.value) }.sorted { a, b in
        guard let x = a.teacher else { return false }
        guard let y = b.teacher else { return true }
        return x < y
      }
    }
  }
}

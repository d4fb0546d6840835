// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// Exams and classes of one discipline that share a student: they go to different people (L5).
///
/// Empty where the policy does not ask for it, and without tasks of no hours.
struct ExaminerMeetings: Sendable {
  /// For an exam, the class tasks in the order of the tasks.
  private(set) var classesOfExam: [TaskID: [TaskID]] = [:]
  /// For a class task, the exams.
  private(set) var examsOfClass: [TaskID: [TaskID]] = [:]

  init(
    _ institution: Institution, sections: University.Table<Section>,
    tasks: University.Table<LoadTask>
  ) {
    guard institution.policy.examinerDiffersFromTeacher else { return }
    struct Seat: Hashable {
      var student: StudentID
      var discipline: DisciplineID
    }
    var classesOfSeat: [Seat: [Int]] = [:]
    for (position, task) in tasks.enumerated()
    where task.work.teachingKind != nil && task.hours > .zero {
      for student in sections[task.section]?.students ?? [] {
        classesOfSeat[Seat(student: student, discipline: task.discipline), default: []]
          .append(position)
      }
    }
    for task in tasks where task.work == .norm("exam") && task.hours > .zero {
      var found: Set<Int> = []
      for student in sections[task.section]?.students ?? [] {
        let seat = Seat(student: student, discipline: task.discipline)
        found.formUnion(classesOfSeat[seat] ?? [])
      }
      let classes = found.sorted().map { tasks[$0].id }
      classesOfExam[task.id] = classes
      for id in classes { examsOfClass[id, default: []].append(task.id) }
    }
  }

  /// The tasks that whoever has this one must not have.
  func others(of task: TaskID) -> [TaskID] {
    (classesOfExam[task] ?? []) + (examsOfClass[task] ?? [])
  }
}

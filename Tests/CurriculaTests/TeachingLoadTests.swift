// SPDX-License-Identifier: GPL-3.0-or-later
import Curricula
import Testing
import University

@Suite("Teaching load")
struct TeachingLoadTests {
  private func university() -> (SmallUniversity, Table<Section>) {
    var small = SmallUniversity()
    small.addGroup("G1", 7)
    small.addDiscipline("D", lecture: 15, practice: 30) { $0.control = .exam }
    let students = small.institution.students.map(\.id)
    let sections = Table([
      Section(
        id: "D-L", discipline: "D", kind: .lecture, language: .kk, hours: 15, students: students),
      Section(
        id: "D-P", discipline: "D", kind: .practice, language: .kk, parent: "D-L", hours: 30,
        students: students),
    ])
    return (small, sections)
  }

  private func lines(_ tasks: Table<LoadTask>) -> [String] {
    tasks.map { "\($0.id) \($0.work.text) \($0.hours) \($0.department)" }
  }

  @Test("each section has one class task with its hours")
  func classes() {
    let (small, sections) = university()
    let tasks = Curricula.teachingLoad(small.institution, sections)
    #expect(
      lines(tasks) == ["D-L:lecture lecture 15 X", "D-P:practice practice 30 X"])
  }

  @Test("a norm by student belongs to the first kind, in hundredths; others to their kind")
  func norms() {
    var (small, sections) = university()
    small.institution.norms = [
      Norm(work: "exam", unit: .student, hours: 0.2501, control: .exam),
      Norm(work: "exam", unit: .stream, hours: 1),
      Norm(work: "check", unit: .group, hours: 2, discipline: "D"),
      Norm(work: "check", unit: .subgroup, hours: 9),
    ]
    let tasks = Curricula.teachingLoad(small.institution, sections)
    #expect(
      lines(tasks) == [
        "D-L:lecture lecture 15 X", "D-L:exam exam 1.75 X", "D-L:exam:2 exam 1 X",
        "D-P:practice practice 30 X", "D-P:check check 2 X",
      ])
  }

  @Test("norms of another control or discipline, and tasks of no hours, are left out")
  func others() {
    var (small, sections) = university()
    small.addDiscipline("E", lecture: 15)
    small.institution.norms = [
      Norm(work: "exam", unit: .stream, hours: 1, control: .test),
      Norm(work: "exam", unit: .stream, hours: 1, discipline: "E"),
      Norm(work: "exam", unit: .stream, hours: 1, control: .test, discipline: "D"),
      Norm(work: "exam", unit: .student, hours: 0.0004),
    ]
    sections = Table(
      sections.rows + [
        Section(
          id: "E-P", discipline: "E", kind: .practice, language: .kk, hours: 0, students: [])
      ])
    let tasks = Curricula.teachingLoad(small.institution, sections)
    #expect(tasks.map(\.id) == ["D-L:lecture", "D-P:practice"])
  }

  @Test("a discipline without a control matches no norm that names one")
  func noControl() {
    var (small, sections) = university()
    small.institution.disciplines = Table()
    small.addDiscipline("D", lecture: 15, practice: 30)
    small.institution.norms = [Norm(work: "exam", unit: .student, hours: 1, control: .exam)]
    let tasks = Curricula.teachingLoad(small.institution, sections)
    #expect(tasks.count == 2)
  }

  @Test("decided tasks with their assignments are taken as they are")
  func decided() {
    var (small, sections) = university()
    let task = LoadTask(
      id: "x", department: "X", discipline: "D", work: .teaching(.lecture), section: "D-L",
      hours: Hours(3))
    small.institution.decidedTasks = Table([task])
    #expect(Curricula.teachingLoad(small.institution, sections).count == 2)
    small.institution.decidedAssignments = []
    #expect(Curricula.teachingLoad(small.institution, sections).rows == [task])
  }
}

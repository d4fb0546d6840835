// SPDX-License-Identifier: GPL-3.0-or-later
import University

@testable import Validation

/// A bachelor's programme of four years whose curricula, enrolments and marks are all in order: two
/// disciplines a term, a pair of alternatives in the third, one group of three students in term 3.
///
/// Disciplines are `T1A`, `T1B` … of 15 credits each; `T3B` and `T3C` are alternatives of label `e`.
struct CreditUniversity {
  var institution: Institution
  var plan: Plan

  init() {
    let regime = Regime(name: "full", academicHourMinutes: 50, slotStarts: [480, 540, 600, 660])
    var it = Institution(
      name: "credits", term: Term(id: "t", start: Micro.date("2023-09-04"), weeks: 15),
      regimes: [regime], regime: regime)
    it.departments = Table([Department(id: "X", name: "X")])
    it.programmes = Table([
      Programme(id: "P", name: "P", level: .bachelor, form: .fullTime, totalCredits: 240)
    ])
    for term in 1...8 {
      for letter in term == 3 ? ["A", "B", "C"] : ["A", "B"] {
        let id = DisciplineID("T\(term)\(letter)")
        var row = Discipline(
          id: id, name: id.text, department: "X", credits: 15,
          hours: [.lecture: 30, .practice: 15, .lab: 0])
        row.srop = 45
        row.sro = 360
        row.cycle = term <= 2 ? .general : term <= 6 ? .basic : .major
        row.component = letter == "A" ? .mandatory : term == 3 ? .elective : .university
        it.disciplines.append(row)
        it.curriculum.append(
          CurriculumRow(
            programme: "P", entryYear: 2022, term: term, discipline: id,
            choice: term == 3 && letter != "A" ? "e" : nil))
      }
    }
    it.disciplines = it.disciplines.with("T3A") { $0.prerequisites = ["T1A"] }
    it.groups = Table([
      Group(id: "G", programme: "P", entryYear: 2022, term: 3, language: .kk)
    ])
    it.students = Table(["a", "b", "c"].map { Student(id: StudentID($0), group: "G") })
    for student in it.students {
      for discipline in ["T3A", student.id == "a" ? "T3B" : "T3C"] {
        it.enrolments.append(
          Enrolment(
            student: student.id, discipline: DisciplineID(discipline), language: .kk))
      }
      for (term, discipline) in [(1, "T1A"), (1, "T1B"), (2, "T2A"), (2, "T2B")] {
        it.grades.append(
          Grade(
            student: student.id, discipline: DisciplineID(discipline), term: term, points: 70))
      }
    }
    institution = it
    plan = Self.plan()
  }

  /// Names that are no part of another word: those of students and of the group are.
  var names: [String] { institution.disciplines.map(\.id.text) }

  private static func plan() -> Plan {
    var plan = Plan(
      record: PlanRecord(
        keste: "0", instance: "credits", instanceSHA256: "", seed: 1, regime: "full"))
    let takers: [(DisciplineID, [StudentID])] = [
      ("T3A", ["a", "b", "c"]), ("T3B", ["a"]), ("T3C", ["b", "c"]),
    ]
    for (discipline, students) in takers {
      let (lecture, practice) = (SectionID("\(discipline)-L"), SectionID("\(discipline)-P"))
      for (id, kind, hours) in [
        (lecture, TeachingKind.lecture, 30), (practice, TeachingKind.practice, 15),
      ] {
        plan.sections.append(
          Micro.section(
            id, discipline, kind, kind == .lecture ? nil : lecture, hours, students))
        plan.tasks.append(
          Micro.task(
            TaskID("\(id)-T"), discipline, kind.rawValue, id, Double(hours)))
        plan.meetings.append(
          Micro.meeting(
            MeetingID("\(id)-M"), id, .monday, 1, hours / 15, nil, weeks: .all(15)))
      }
    }
    plan.hasLoad = true
    plan.hasTimetable = true
    return plan
  }

  /// All findings about the instance and the plan.
  var findings: [Diagnostic] {
    CreditConsistency.check(institution) + CreditConsistency.check(institution, plan)
  }

  // MARK: - Changes

  mutating func discipline(_ id: DisciplineID, _ change: (inout Discipline) -> Void) {
    institution.disciplines = institution.disciplines.with(id, change)
  }

  /// Gives a discipline other credits, with hours that add up to them.
  mutating func credits(_ id: DisciplineID, _ credits: Int) {
    discipline(id) {
      $0.credits = Double(credits)
      $0.sro = 30 * credits - 90
    }
  }

  mutating func programme(_ change: (inout Programme) -> Void) {
    institution.programmes = institution.programmes.with("P", change)
  }

  mutating func group(_ change: (inout Group) -> Void) {
    institution.groups = institution.groups.with("G", change)
  }

  mutating func enrol(
    _ student: StudentID, _ discipline: DisciplineID, _ status: EnrolmentStatus = .first
  ) {
    institution.enrolments.append(
      Enrolment(student: student, discipline: discipline, language: .kk, status: status))
    hold(student, discipline)
  }

  mutating func leave(_ student: StudentID, _ discipline: DisciplineID) {
    institution.enrolments = institution.enrolments.without(
      Enrolment.Key(student, discipline))
  }

  /// Puts a student into sections of a discipline, so that only the enrolment is told.
  private mutating func hold(_ student: StudentID, _ discipline: DisciplineID) {
    for (letter, kind, hours) in [("L", TeachingKind.lecture, 30), ("P", .practice, 15)] {
      let id = SectionID("\(discipline)-\(letter)")
      if plan.sections[id] != nil {
        plan.sections = plan.sections.with(id) { $0.students.append(student) }
        continue
      }
      plan.sections.append(Micro.section(id, discipline, kind, nil, hours, [student]))
      plan.tasks.append(
        Micro.task(TaskID("\(id)-T"), discipline, kind.rawValue, id, Double(hours)))
      plan.meetings.append(
        Micro.meeting(
          MeetingID("\(id)-M"), id, .tuesday, 1, hours / 15, nil, weeks: .all(15)))
    }
  }

  /// Changes a student's mark.
  mutating func mark(_ student: StudentID, _ discipline: DisciplineID, _ points: Double) {
    for at in institution.grades.indices
    where institution.grades[at].student == student
      && institution.grades[at].discipline == discipline
    {
      institution.grades[at].points = points
    }
  }

  mutating func addMark(
    _ student: StudentID, _ discipline: DisciplineID, _ term: Int, _ points: Double,
    credits: Double? = nil
  ) {
    institution.grades.append(
      Grade(
        student: student, discipline: discipline, term: term, points: points, credits: credits))
  }

  mutating func curriculum(_ change: (inout [CurriculumRow]) -> Void) {
    change(&institution.curriculum)
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import Formats
import GLPKSolver
import Synthesis
import TestSupport
import Testing
import University
import Workflow

@testable import Validation

/// A valid plan of a generated university, which mutations start from.
struct SoundPlan: Sendable {
  var institution: Institution
  var plan: Plan

  /// Sixty students, planned once for all tests.
  static let made = Result { try make() }

  private static func make() throws -> SoundPlan {
    let folder = try ScratchFolder()
    var institution = Synthesis.generate(GeneratorOptions(students: 60, seed: 3))
    // Minimum hours would break beside almost every change of the load.
    institution.teachers = Table(
      institution.teachers.map {
        var teacher = $0
        teacher.minHours = nil
        return teacher
      })
    institution.grades = []
    // Make-up dates are HolidayTests' matter, and take most of the time.
    institution.holidays = []
    try InstanceFolder.write(institution, to: folder("instance"))
    let outcome = try Pipeline(
      instance: folder("instance"), plan: folder("plan"), solver: GLPKSolver(),
      options: PlanningOptions(timeLimit: 120, iterations: 5_000, threads: 1)
    ).run(.plan)
    try #require(outcome.isValid)
    return SoundPlan(
      institution: institution,
      plan: try PlanFolder.read(folder("plan"), institution: institution))
  }
}

/// A plan on the way to be broken, with what the mutations look up.
struct Mutant {
  var it: Institution
  var plan: Plan
  var numbers: SeededNumbers

  init(_ sound: SoundPlan, seed: UInt64) {
    it = sound.institution
    plan = sound.plan
    numbers = SeededNumbers(seed: seed)
  }

  /// Something of a list; nil of an empty one.
  mutating func one<Element>(of elements: [Element]) -> Element? {
    elements.isEmpty ? nil : numbers.one(of: elements)
  }

  /// Sections of disciplines that no pin names.
  var unpinned: [Section] {
    let pinned = Set(it.pins.map(\.discipline))
    return plan.sections.filter { !pinned.contains($0.discipline) }
  }

  var unpinnedMeetings: [Meeting] {
    let free = Set(unpinned.map(\.id))
    return plan.meetings.filter { free.contains($0.section) }
  }

  func discipline(_ section: Section) -> Discipline? { it.disciplines[section.discipline] }

  /// Who holds a section.
  func teacher(_ section: SectionID) -> TeacherID? {
    let task = plan.tasks.first { $0.section == section && $0.work.teachingKind != nil }
    return plan.assignments.first { $0.task == task?.id }?.teacher
  }

  func meetings(of section: SectionID) -> [Meeting] {
    plan.meetings.filter { $0.section == section }
  }

  /// The enrolments of a section's students in its discipline.
  func enrolments(_ section: Section) -> [Enrolment] {
    section.students.compactMap { it.enrolments[Enrolment.Key($0, section.discipline)] }
  }

  /// Slots of a meeting.
  static func slots(_ meeting: Meeting) -> Range<Int> {
    meeting.slot..<meeting.slot + meeting.length
  }

  static func overlap(_ a: Meeting, _ b: Meeting) -> Bool {
    a.day == b.day && a.weeks.bits & b.weeks.bits != 0 && slots(a).overlaps(slots(b))
  }

  /// Pairs of meetings in rooms that overlap, of different sections.
  var simultaneous: [(Meeting, Meeting)] {
    let free = unpinnedMeetings.filter { $0.room != nil }
    return free.flatMap { a in
      free.filter { $0.section != a.section && Self.overlap(a, $0) }.map { (a, $0) }
    }
  }

  /// Lets everybody be anywhere at once, so that only the rule in question can break.
  mutating func stopTravel() {
    it.travel = []
    it.policy.defaultTravelMinutes = 0
  }
}

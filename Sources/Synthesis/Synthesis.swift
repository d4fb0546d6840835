// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// What to generate.
public struct GeneratorOptions: Hashable, Sendable {
  /// Students of the university, at least ``Synthesis/fewestStudents``.
  public var students: Int
  /// Chooses everything that is left to chance.
  public var seed: UInt64
  /// The instance's name; nil for one that says size and seed.
  public var name: String?

  /// A university of so many students.
  public init(students: Int, seed: UInt64, name: String? = nil) {
    self.students = students
    self.seed = seed
    self.name = name
  }
}

/// Synthetic universities of any size, after a technical university in Almaty.
///
/// Programmes, plan of studies, departments, buildings and norms follow POLICY.md part 4. Rooms and
/// teachers are sized to the demand: every class is first given to somebody in a load that keeps
/// all norms, and competences, choices and pins are taken from that load, so that a valid
/// distribution exists and pins contradict nothing.
public enum Synthesis {
  /// The smallest university that still has four years of groups.
  public static let fewestStudents = 40

  /// The same institution for the same options, on any machine.
  ///
  /// Sizes below ``fewestStudents`` are raised to it.
  public static func generate(_ options: GeneratorOptions) -> Institution {
    var builder = InstitutionBuilder(options)
    builder.chooseProgrammes()
    builder.layOutDisciplines()
    builder.admitStudents()
    builder.enrolStudents()
    builder.markEarlierTerms()
    builder.estimateSections()
    builder.furnishRooms()
    builder.staffDepartments()
    builder.giveOutLoad()
    builder.writeCompetences()
    builder.nameAdvisors()
    builder.pinSomeClasses()
    builder.letStudentsChooseTeachers()
    builder.limitAvailability()
    return builder.institution
  }
}

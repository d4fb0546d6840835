// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// Hours that must be held: a section of a plan, or what every plan has to hold.
public struct Activity: Sendable, Hashable {
  /// What people call it.
  public var name: Wording
  /// The section, where there is one.
  public var section: SectionID?
  /// What is taught.
  public var discipline: DisciplineID
  /// Lecture, practice, lab.
  public var kind: TeachingKind
  /// The fewest and the most hours of the term (M1).
  public var hours: ClosedRange<Int>
  /// How many sections it stands for.
  public var count = 1
  /// Students that its room must hold.
  public var size: Int
  /// Who holds it.
  public var teachers: [TeacherID] = []
  /// Groups whose closed times bind it (T1).
  public var groups: [GroupID] = []
  /// Teachers who hold it because somebody in it chose them (S6), with one who did.
  public var choices: [TeacherID: StudentID] = [:]
  /// Positions of the pins that are about it.
  public var pins: [Int] = []

  /// An activity without people.
  public init(
    _ name: Wording, section: SectionID? = nil, discipline: DisciplineID, kind: TeachingKind,
    hours: ClosedRange<Int>, size: Int
  ) {
    self.name = name
    self.section = section
    self.discipline = discipline
    self.kind = kind
    self.hours = hours
    self.size = size
  }
}

/// Somebody who cannot be in two activities at once.
public struct Attendee: Sendable, Hashable {
  /// Whom it is.
  public enum Identity: Sendable, Hashable {
    /// A student, and how many have the same classes.
    case student(StudentID, count: Int)
    case teacher(TeacherID)
  }

  /// Whom it is.
  public var identity: Identity
  /// Positions of the activities.
  public var activities: [Int]

  /// Somebody with activities.
  public init(_ identity: Identity, _ activities: [Int]) {
    self.identity = identity
    self.activities = activities
  }
}

/// Activities with those who attend them: what a contradiction is looked for in.
public struct Component: Sendable {
  /// What must be held.
  public var activities: [Activity] = []
  /// Who attends.
  public var attendees: [Attendee] = []

  /// Nothing to be held.
  public init() {}

  /// The sections of a plan with their students and teachers.
  ///
  /// Students with the same sections are one attendee. Overlaps with a retaken discipline are no
  /// contradiction where `retake_conflicts` is soft; such sections are left out for that student.
  ///
  /// - Parameters:
  ///   - institution: The institution.
  ///   - sections: The sections of the component.
  ///   - all: All sections of the plan, among which pins look for theirs.
  ///   - teachers: Who holds the sections.
  public init(
    _ institution: Institution, sections: [Section], of all: Table<Section>,
    teachers: [SectionID: [TeacherID]]
  ) {
    var byStudent: [StudentID: [Int]] = [:]
    var byTeacher: [TeacherID: [Int]] = [:]
    let pins = institution.pinsBySection(all)
    for section in sections {
      guard let discipline = institution.disciplines[section.discipline] else { continue }
      let hours = discipline.hours(section.kind)
      guard hours > 0 else { continue }
      let tolerance = institution.policy.hoursTolerance
      var activity = Activity(
        Wording {
          let kind = section.kind.word(in: $0)
          return $0.says(
            "\(section.id) секциясы (\(section.discipline), \(kind))",
            "секция \(section.id) (\(kind) \(section.discipline))",
            "section \(section.id) (\(kind) of \(section.discipline))")
        },
        section: section.id, discipline: section.discipline, kind: section.kind,
        hours: max(0, hours - tolerance)...(hours + tolerance), size: section.students.count)
      activity.teachers = teachers[section.id] ?? []
      activity.pins = pins[section.id] ?? []
      var groups: Set<GroupID> = []
      for id in section.students {
        let isRetake = institution.isRetake(id, section.discipline)
        if !isRetake, let group = institution.students[id]?.group { groups.insert(group) }
        if !isRetake || institution.policy.retakeConflicts == .hard {
          byStudent[id, default: []].append(activities.count)
        }
      }
      for teacher in activity.teachers {
        activity.choices[teacher] = section.students.first {
          institution.choice(of: $0, section.discipline, section.kind) == teacher
        }
      }
      activity.groups = groups.sorted()
      for teacher in activity.teachers { byTeacher[teacher, default: []].append(activities.count) }
      activities.append(activity)
    }
    attend(byStudent)
    for teacher in byTeacher.keys.sorted() {
      attendees.append(Attendee(.teacher(teacher), byTeacher[teacher] ?? []))
    }
  }

  /// Adds students by the positions of their activities; those with the same are one attendee.
  mutating func attend(_ byStudent: [StudentID: [Int]]) {
    var cohorts: [[Int]: (StudentID, Int)] = [:]
    for (student, own) in byStudent {
      let known = cohorts[own]
      cohorts[own] = (known.map { min($0.0, student) } ?? student, (known?.1 ?? 0) + 1)
    }
    // Who attends a part of what another attends adds nothing.
    if cohorts.count < 1500 {
      var kept: [Set<Int>] = []
      for own in cohorts.keys.sorted(by: {
        $0.count != $1.count ? $0.count > $1.count : $0.lexicographicallyPrecedes($1)
      }) {
        if kept.contains(where: { $0.isSuperset(of: own) }) {
          cohorts[own] = nil
        } else {
          kept.append(Set(own))
        }
      }
    }
    attendees += cohorts.map { own, who in Attendee(.student(who.0, count: who.1), own) }
      .sorted { $0.activities.lexicographicallyPrecedes($1.activities) }
  }
}

extension Component {
  /// The part of the component with the activities that are also among others; their sections, or
  /// else disciplines and kinds, tell which.
  public func part(with others: [Activity]) -> Component {
    struct Key: Hashable {
      var section: SectionID?
      var discipline: DisciplineID
      var kind: TeachingKind
    }
    func key(_ activity: Activity) -> Key {
      Key(section: activity.section, discipline: activity.discipline, kind: activity.kind)
    }
    let wanted = Set(others.map(key))
    var result = Component()
    var number: [Int: Int] = [:]
    for (at, activity) in activities.enumerated() where wanted.contains(key(activity)) {
      number[at] = result.activities.count
      result.activities.append(activity)
    }
    for attendee in attendees {
      let own = attendee.activities.compactMap { number[$0] }
      if !own.isEmpty { result.attendees.append(Attendee(attendee.identity, own)) }
    }
    return result
  }
}

extension Institution {
  /// Whom a student chose for a class, where that binds a plan (S6): somebody who may teach it.
  func choice(of student: StudentID, _ discipline: DisciplineID, _ kind: TeachingKind) -> TeacherID?
  {
    guard let chosen = enrolments[Enrolment.Key(student, discipline)]?.chosenTeacher(kind),
      let teacher = teachers[chosen],
      unfitness(of: teacher, for: .teaching(kind), in: discipline) == nil
    else { return nil }
    return chosen
  }

  /// Positions of the pins by the section that each is about: the one with most of its group, or
  /// every section without a group. On a tie any of them may hold it, so it is left out.
  func pinsBySection(_ sections: Table<Section>) -> [SectionID: [Int]] {
    var result: [SectionID: [Int]] = [:]
    for (at, pin) in pins.enumerated() {
      let own = sections.filter { $0.discipline == pin.discipline && $0.kind == pin.kind }
      guard let group = pin.group else {
        for section in own { result[section.id, default: []].append(at) }
        continue
      }
      let counts = own.map { $0.students.count { students[$0]?.group == group } }
      let most = counts.max() ?? 0
      let best = zip(own, counts).filter { $1 == most }
      if most > 0, best.count == 1 { result[best[0].0.id, default: []].append(at) }
    }
    return result
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import Curricula
import Formats
import Foundation
import Testing
import University

/// One finding with the smallest change that brings it about and the nearest one that does not.
struct CheckCase: Sendable, CustomTestStringConvertible {
  var code: String
  var severity: Diagnostic.Severity
  var breaks: @Sendable (inout SmallUniversity) -> Void
  var keeps: @Sendable (inout SmallUniversity) -> Void

  var testDescription: String { code }

  init(
    _ severity: Diagnostic.Severity, _ code: String,
    breaks: @escaping @Sendable (inout SmallUniversity) -> Void,
    keeps: @escaping @Sendable (inout SmallUniversity) -> Void
  ) {
    self.code = code
    self.severity = severity
    self.breaks = breaks
    self.keeps = keeps
  }
}

extension SmallUniversity {
  /// Ten students of group G in discipline D with all kinds of classes, taught by T; nothing to say
  /// against it.
  fileprivate static func sound() -> SmallUniversity {
    var it = SmallUniversity()
    it.institution.policy.termCreditsMin = 5
    it.addGroup("G", 10)
    it.addDiscipline("D", lecture: 30, practice: 30, lab: 15)
    it.addTeacher("T", "D")
    it.enrol("G", in: "D")
    it.institution.curriculum = [
      CurriculumRow(programme: "P", entryYear: 2023, term: 1, discipline: "D")
    ]
    return it
  }

  fileprivate mutating func discipline(_ change: (inout Discipline) -> Void) {
    institution.disciplines = Table(
      institution.disciplines.map {
        var row = $0
        if row.id == "D" { change(&row) }
        return row
      })
  }

  fileprivate mutating func teacher(_ change: (inout Teacher) -> Void) {
    institution.teachers = Table(
      institution.teachers.map {
        var row = $0
        if row.id == "T" { change(&row) }
        return row
      })
  }

  fileprivate mutating func forbid(
    _ subject: AvailabilitySubject, _ day: Weekday?, _ from: Int, _ to: Int, odd: Bool = false
  ) {
    institution.availability.append(
      Availability(
        subject: subject, day: day, from: from, to: to, level: .forbidden,
        weeks: odd ? .odd(institution.term.weeks) : .all(institution.term.weeks)))
  }

  fileprivate mutating func pin(
    _ kind: TeachingKind, discipline: DisciplineID = "D", group: GroupID? = "G",
    teacher: TeacherID? = nil, weeks: WeekPattern? = nil, day: Weekday? = nil, slot: Int? = nil,
    room: RoomID? = nil
  ) {
    institution.pins.append(
      Pin(
        discipline: discipline, kind: kind, group: group, teacher: teacher, weeks: weeks, day: day,
        slot: slot, room: room))
  }

  /// Decides practice sections of D of so many students each, in the order of the file.
  fileprivate mutating func decide(_ sizes: [Int]) {
    var left = institution.students.map(\.id)[...]
    var sections = Table<Section>()
    for (number, size) in sizes.enumerated() {
      sections.append(
        Section(
          id: SectionID("D/p\(number)"), discipline: "D", kind: .practice, language: .kk,
          hours: 30, students: Array(left.prefix(size))))
      left = left.dropFirst(size)
    }
    institution.decidedSections = sections
  }

  /// Practices alone, in two rooms that are open for two hours a week.
  fileprivate mutating func onlyPractice() {
    institution.days = [.monday]
    discipline {
      $0.hours[.lecture] = 0
      $0.hours[.lab] = 0
    }
    forbid(.room("A1"), nil, 3, 12)
    forbid(.room("A2"), nil, 3, 12)
  }

  fileprivate mutating func seats(_ id: RoomID, _ seats: Int) {
    institution.rooms = Table(
      institution.rooms.map {
        var row = $0
        if row.id == id { row.capacity = seats }
        return row
      })
  }

  /// All of G, who learn in Kazakh, and of H, who learn in Russian, choose U.
  fileprivate mutating func chooseInTwoLanguages() {
    institution.days = [.monday]
    addTeacher("U", "D", [.practice])
    addGroup("H", 5, .ru)
    enrol("H", in: "D")
    institution.enrolments = Table(
      institution.enrolments.map {
        var row = $0
        row.practiceTeacher = "U"
        return row
      })
  }

  /// A second discipline, E, with lectures for the same group and teacher.
  fileprivate mutating func addSecond(lecture: Int = 30) {
    addDiscipline("E", lecture: lecture)
    institution.competences.append(
      Competence(teacher: "T", discipline: "E", kinds: [.lecture]))
    enrol("G", in: "E")
    institution.curriculum.append(
      CurriculumRow(programme: "P", entryYear: 2023, term: 1, discipline: "E"))
  }
}

private let teacherCases: [CheckCase] = [
  CheckCase(.impossible, "L4.minAboveCeiling") {
    $0.teacher { $0.minHours = 376 }
  } keeps: {
    $0.teacher { $0.minHours = 375 }
  },
  CheckCase(.warning, "L4.minAboveNorm") {
    $0.teacher { $0.minHours = 301 }
  } keeps: {
    $0.teacher { $0.minHours = 300 }
  },
  CheckCase(.warning, "L4.zeroNorm") {
    $0.teacher { $0.rate = 0 }
  } keeps: {
    $0.teacher { $0.rate = 0.25 }
  },
  CheckCase(.warning, "L4.zeroNorm") {
    $0.teacher {
      $0.normHours = 0
      $0.maxHours = 40
    }
  } keeps: {
    $0.addTeacher("Z", "D", [])
    $0.institution.teachers = Table(
      $0.institution.teachers.map {
        var row = $0
        if row.id == "Z" { row.rate = 0 }
        return row
      })
  },
  // Ten students are at most ten sections a kind: 10 × 75 hours.
  CheckCase(.impossible, "L4.minAboveWork") {
    $0.teacher {
      $0.maxHours = 2000
      $0.minHours = 751
    }
  } keeps: {
    $0.teacher {
      $0.maxHours = 2000
      $0.minHours = 750
    }
  },
  // One free slot a week: 15 hours delivered, planned 15 × 15 ÷ 14 for laboratories.
  CheckCase(.impossible, "T3.minAboveTime") {
    $0.forbid(.teacher("T"), nil, 2, 12)
    $0.institution.days = [.monday]
    $0.teacher { $0.minHours = 17 }
  } keeps: {
    $0.forbid(.teacher("T"), nil, 2, 12)
    $0.institution.days = [.monday]
    $0.teacher { $0.minHours = 16 }
  },
  CheckCase(.impossible, "L4.minHoursAboveAll") {
    $0.teacher {
      $0.minHours = 400
      $0.maxHours = 800
    }
    $0.addTeacher("U", "D")
    $0.institution.teachers = Table(
      $0.institution.teachers.map {
        var row = $0
        row.minHours = 400
        row.maxHours = 800
        return row
      })
  } keeps: {
    $0.addTeacher("U", "D")
    $0.institution.teachers = Table(
      $0.institution.teachers.map {
        var row = $0
        row.minHours = 375
        row.maxHours = 800
        return row
      })
  },
  CheckCase(.warning, "L4.minHoursAboveNeed") {
    $0.teacher { $0.minHours = 76 }
  } keeps: {
    $0.teacher { $0.minHours = 75 }
  },
  CheckCase(.warning, "L3.nobodyCompetent") {
    $0.teacher { $0.position = "lecturer" }
  } keeps: {
    $0.teacher { $0.position = "professor" }
  },
  CheckCase(.warning, "L4.tooFewCompetent") {
    $0.teacher { $0.maxHours = 29 }
  } keeps: {
    $0.teacher { $0.maxHours = 30 }
  },
  CheckCase(.warning, "L4.tooFewTeachers") {
    $0.teacher { $0.maxHours = 74 }
  } keeps: {
    $0.teacher { $0.maxHours = 75 }
  },
]

private let studentCases: [CheckCase] = [
  // A day of 8 hours for 15 weeks is 120 hours, and one may be left out.
  CheckCase(.impossible, "M1.tooManyHours") {
    $0.institution.days = [.monday]
    $0.discipline { $0.hours[.lecture] = 122 }
  } keeps: {
    $0.institution.days = [.monday]
    $0.discipline { $0.hours[.lecture] = 121 }
  },
  CheckCase(.impossible, "T3.studentHours") {
    $0.institution.days = [.monday]
    $0.addSecond(lecture: 50)
  } keeps: {
    $0.institution.days = [.monday]
    $0.addSecond(lecture: 49)
  },
  // 72 hours are needed; five slots in each of 15 weeks are 75, four are 60.
  CheckCase(.impossible, "T3.studentHours") {
    $0.institution.days = [.monday]
    $0.forbid(.group("G"), .monday, 5, 12)
  } keeps: {
    $0.institution.days = [.monday]
    $0.forbid(.group("G"), .monday, 6, 12)
  },
  // A retake may overlap, unless the policy says otherwise.
  CheckCase(.impossible, "T3.studentHours") {
    $0.institution.days = [.monday]
    $0.addDiscipline("E", lecture: 100)
    $0.enrol("G", in: "E") { $1.status = .retake }
    $0.institution.policy.retakeConflicts = .hard
  } keeps: {
    $0.institution.days = [.monday]
    $0.addDiscipline("E", lecture: 100)
    $0.enrol("G", in: "E") { $1.status = .retake }
  },
  CheckCase(.warning, "S6.chosenTeacher") {
    $0.addTeacher("U", "D", [.practice])
    $0.addGroup("H", 5)
    $0.enrol("H", in: "D") { $1.lectureTeacher = "U" }
  } keeps: {
    $0.addTeacher("U", "D", [.practice])
    $0.addGroup("H", 5)
    $0.enrol("H", in: "D") { $1.practiceTeacher = "U" }
  },
  // U is free in the first four slots of Mondays, H after them: no time together. With two slots in
  // common there are 30 hours for the 30 of the practice.
  CheckCase(.impossible, "T1.chosenTeacher") {
    $0.institution.days = [.monday, .tuesday]
    $0.addTeacher("U", "D", [.practice])
    $0.addGroup("H", 5)
    $0.enrol("H", in: "D") { $1.practiceTeacher = "U" }
    $0.forbid(.teacher("U"), .monday, 5, 12)
    $0.forbid(.teacher("U"), .tuesday, 1, 12)
    $0.forbid(.group("H"), .monday, 1, 4)
  } keeps: {
    $0.institution.days = [.monday, .tuesday]
    $0.addTeacher("U", "D", [.practice])
    $0.addGroup("H", 5)
    $0.enrol("H", in: "D") { $1.practiceTeacher = "U" }
    $0.forbid(.teacher("U"), .monday, 5, 12)
    $0.forbid(.teacher("U"), .tuesday, 1, 12)
    $0.forbid(.group("H"), .monday, 1, 2)
  },
  // A section of each language, 58 hours; U has 45 hours, or 60.
  CheckCase(.impossible, "T3.chosenHours") {
    $0.chooseInTwoLanguages()
    $0.forbid(.teacher("U"), nil, 4, 12)
  } keeps: {
    $0.chooseInTwoLanguages()
    $0.forbid(.teacher("U"), nil, 5, 12)
  },
  CheckCase(.warning, "sections.undersized") {
    $0.addGroup("H", 4, .ru)
    $0.enrol("H", in: "D")
  } keeps: {
    $0.addGroup("H", 5, .ru)
    $0.enrol("H", in: "D")
  },
]

private let roomCases: [CheckCase] = [
  CheckCase(.impossible, "R2.noRoom") {
    $0.discipline { $0.roomKinds[.lab] = ["gym"] }
  } keeps: {
    $0.discipline {
      $0.roomKinds[.lab] = ["gym"]
      $0.delivery = .online
    }
  },
  CheckCase(.impossible, "R3.noRoom") {
    $0.discipline { $0.features[.practice] = ["map"] }
  } keeps: {
    $0.discipline { $0.features[.practice] = [] }
  },
  CheckCase(.warning, "R1.capAboveRooms") {
    $0.discipline {
      $0.roomKinds[.practice] = ["small"]
      $0.groupCap = 10
    }
    $0.institution.rooms.append(Room(id: "S", building: "A", capacity: 9, kind: "small"))
  } keeps: {
    $0.discipline {
      $0.roomKinds[.practice] = ["small"]
      $0.groupCap = 9
    }
    $0.institution.rooms.append(Room(id: "S", building: "A", capacity: 9, kind: "small"))
  },
  CheckCase(.impossible, "R1.sectionTooLarge") {
    $0.institution.decidedSections = Table([
      Section(
        id: "s", discipline: "D", kind: .practice, language: .kk, parent: nil,
        hours: 30, students: (0..<101).map { StudentID("x\($0)") })
    ])
  } keeps: {
    $0.institution.decidedSections = Table([
      Section(
        id: "s", discipline: "D", kind: .practice, language: .kk, parent: nil,
        hours: 30, students: (0..<100).map { StudentID("x\($0)") })
    ])
  },
  // The one laboratory is free for an hour a week, 15 hours; a section of 17 may have 16.
  CheckCase(.impossible, "M4.roomHours") {
    $0.institution.days = [.monday]
    $0.forbid(.room("A3"), nil, 2, 12)
    $0.discipline { $0.hours[.lab] = 17 }
  } keeps: {
    $0.institution.days = [.monday]
    $0.forbid(.room("A3"), nil, 2, 12)
    $0.discipline { $0.hours[.lab] = 16 }
  },
  // Lectures fill the lecture room, and practices have to go to the classroom: 29 + 29 hours in
  // two rooms of 30, but not in two rooms of 30 and 28.
  CheckCase(.impossible, "M4.roomHours") {
    $0.institution.days = [.monday]
    $0.forbid(.room("A1"), nil, 3, 12)
    $0.forbid(.room("A2"), nil, 3, 12)
    $0.forbid(.room("A2"), nil, 1, 1, odd: true)
  } keeps: {
    $0.institution.days = [.monday]
    $0.forbid(.room("A1"), nil, 3, 12)
    $0.forbid(.room("A2"), nil, 3, 12)
  },
  // Ten students in sections of five: 290 hours in seats, of which two rooms of five have 300, and
  // rooms of five and four 270; hours alone there are enough.
  CheckCase(.impossible, "M4.seatHours") {
    $0.onlyPractice()
    $0.seats("A1", 5)
    $0.seats("A2", 4)
  } keeps: {
    $0.onlyPractice()
    $0.seats("A1", 5)
    $0.seats("A2", 5)
  },
  // Practices can leave the lecture room to lectures.
  CheckCase(.impossible, "M4.roomHours") {
    $0.institution.days = [.monday]
    $0.forbid(.room("A1"), nil, 2, 12)
  } keeps: {
    $0.institution.days = [.monday]
    $0.forbid(.room("A1"), nil, 3, 12)
  },
]

private let pinCases: [CheckCase] = [
  CheckCase(.impossible, "T4.pinOfNothing") {
    $0.addGroup("H", 5)
    $0.pin(.lecture, group: "H", day: .monday, slot: 1)
  } keeps: {
    $0.pin(.lecture, day: .monday, slot: 1)
  },
  CheckCase(.impossible, "L3.pinnedTeacher") {
    $0.addTeacher("U", "D", [.practice])
    $0.pin(.lecture, teacher: "U")
  } keeps: {
    $0.addTeacher("U", "D", [.practice])
    $0.pin(.practice, teacher: "U")
  },
  CheckCase(.impossible, "R4.pinnedRoom") {
    $0.discipline { $0.delivery = .lectureOnline }
    $0.pin(.lecture, room: "A1")
  } keeps: {
    $0.discipline { $0.delivery = .lectureOnline }
    $0.pin(.practice, room: "A1")
  },
  CheckCase(.impossible, "R2.pinnedRoom") {
    $0.pin(.lab, room: "A2")
  } keeps: {
    $0.pin(.lab, room: "A3")
  },
  CheckCase(.impossible, "R3.pinnedRoom") {
    $0.discipline { $0.features[.lab] = ["bench"] }
    $0.pin(.lab, room: "A3")
  } keeps: {
    $0.institution.rooms.append(
      Room(id: "A4", building: "A", capacity: 30, kind: "lab", features: ["bench", "sink"]))
    $0.discipline { $0.features[.lab] = ["bench"] }
    $0.pin(.lab, room: "A4")
  },
  // Ten students may be nine in the pinned room and one elsewhere, unless the sections are decided.
  CheckCase(.warning, "R1.pinnedRoom") {
    $0.institution.rooms.append(Room(id: "S", building: "A", capacity: 9, kind: "classroom"))
    $0.pin(.practice, room: "S")
  } keeps: {
    $0.institution.rooms.append(Room(id: "S", building: "A", capacity: 10, kind: "classroom"))
    $0.pin(.practice, room: "S")
  },
  CheckCase(.impossible, "R1.pinnedRoom") {
    $0.institution.rooms.append(Room(id: "S", building: "A", capacity: 9, kind: "classroom"))
    $0.pin(.practice, room: "S")
    $0.decide([10])
  } keeps: {
    $0.institution.rooms.append(Room(id: "S", building: "A", capacity: 9, kind: "classroom"))
    $0.pin(.practice, room: "S")
    $0.decide([9, 1])
  },
  // A cap of 9 forces ten students into two sections of five.
  CheckCase(.warning, "R1.pinnedRoom") {
    $0.institution.rooms.append(Room(id: "S", building: "A", capacity: 4, kind: "classroom"))
    $0.discipline { $0.groupCap = 9 }
    $0.pin(.practice, room: "S")
  } keeps: {
    $0.institution.rooms.append(Room(id: "S", building: "A", capacity: 5, kind: "classroom"))
    $0.discipline { $0.groupCap = 9 }
    $0.pin(.practice, room: "S")
  },
  CheckCase(.impossible, "M2.pinnedSlot") {
    $0.pin(.lecture, day: .monday, slot: 13)
  } keeps: {
    $0.pin(.lecture, day: .monday, slot: 12)
  },
  CheckCase(.impossible, "M2.pinnedDay") {
    $0.pin(.lecture, day: .sunday, slot: 1)
  } keeps: {
    $0.pin(.lecture, day: .saturday, slot: 1)
  },
  CheckCase(.impossible, "T1.pinnedTime") {
    $0.forbid(.room("A1"), .monday, 1, 4)
    $0.pin(.lecture, day: .monday, slot: 4, room: "A1")
  } keeps: {
    $0.forbid(.room("A1"), .monday, 1, 4)
    $0.pin(.lecture, day: .monday, slot: 5, room: "A1")
  },
  CheckCase(.impossible, "T1.pinnedTime") {
    $0.forbid(.teacher("T"), .monday, 1, 12, odd: true)
    $0.pin(.lecture, teacher: "T", weeks: .all(15), day: .monday)
  } keeps: {
    $0.forbid(.teacher("T"), .monday, 1, 12, odd: true)
    $0.pin(.lecture, teacher: "T", day: .monday)
  },
  CheckCase(.impossible, "T1.pinnedTime") {
    $0.forbid(.group("G"), nil, 1, 1)
    $0.pin(.lecture, slot: 1)
  } keeps: {
    $0.forbid(.group("G"), nil, 1, 1)
    $0.pin(.lecture, slot: 2)
  },
  // Each is free for a half of the day, but not the same.
  CheckCase(.impossible, "T1.pinnedTime") {
    $0.forbid(.teacher("T"), .monday, 1, 6)
    $0.forbid(.room("A1"), .monday, 7, 12)
    $0.pin(.lecture, teacher: "T", day: .monday, room: "A1")
  } keeps: {
    $0.forbid(.teacher("T"), .monday, 1, 6)
    $0.forbid(.room("A1"), .monday, 8, 12)
    $0.pin(.lecture, teacher: "T", day: .monday, room: "A1")
  },
  CheckCase(.impossible, "T4.contradiction") {
    $0.addTeacher("U", "D")
    $0.pin(.lecture, teacher: "T")
    $0.pin(.lecture, teacher: "U")
  } keeps: {
    $0.addTeacher("U", "D")
    $0.pin(.lecture, teacher: "T")
    $0.pin(.practice, teacher: "U")
  },
  CheckCase(.impossible, "T4.contradiction") {
    $0.pin(.practice, room: "A1")
    $0.pin(.practice, day: .monday, slot: 1, room: "A2")
  } keeps: {
    $0.pin(.practice, day: .tuesday, slot: 1, room: "A1")
    $0.pin(.practice, day: .monday, slot: 1, room: "A2")
  },
  // Two subgroups of one group may have a pin each; one of the whole group may not.
  CheckCase(.impossible, "T4.contradiction") {
    $0.addTeacher("U", "D")
    $0.pin(.lab, teacher: "T")
    $0.pin(.lab, teacher: "U")
  } keeps: {
    $0.addTeacher("U", "D")
    $0.discipline { $0.subgroupCap = 5 }
    $0.pin(.lab, teacher: "T")
    $0.pin(.lab, teacher: "U")
  },
  CheckCase(.impossible, "T4.contradiction") {
    $0.addTeacher("U", "D")
    $0.pin(.practice, teacher: "T")
    $0.pin(.practice, teacher: "U")
    $0.decide([6, 4])
  } keeps: {
    $0.addTeacher("U", "D")
    $0.pin(.practice, teacher: "T")
    $0.pin(.practice, teacher: "U")
    $0.decide([5, 5])
  },
  // A pin without a group is about every section, however the group is divided.
  CheckCase(.impossible, "T4.contradiction") {
    $0.addTeacher("U", "D")
    $0.discipline { $0.subgroupCap = 5 }
    $0.pin(.lab, group: nil, teacher: "T")
    $0.pin(.lab, teacher: "U")
  } keeps: {
    $0.addTeacher("U", "D")
    $0.discipline { $0.subgroupCap = 5 }
    $0.pin(.lab, group: nil, teacher: "T")
    $0.pin(.practice, teacher: "U")
  },
  CheckCase(.impossible, "M4.pinnedTwice") {
    $0.addSecond()
    $0.addGroup("H", 5)
    $0.enrol("H", in: "E")
    $0.pin(.lecture, weeks: .all(15), day: .monday, slot: 1, room: "A1")
    $0.pin(.lecture, discipline: "E", group: "H", day: .monday, slot: 1, room: "A1")
  } keeps: {
    $0.addSecond()
    $0.addGroup("H", 5)
    $0.enrol("H", in: "E")
    $0.pin(.lecture, weeks: .odd(15), day: .monday, slot: 1, room: "A1")
    $0.pin(
      .lecture, discipline: "E", group: "H", weeks: .even(15), day: .monday, slot: 1, room: "A1")
  },
  CheckCase(.impossible, "M3.pinnedTwice") {
    $0.addSecond()
    $0.pin(.lecture, group: nil, teacher: "T", weeks: .odd(15), day: .monday, slot: 1)
    $0.pin(.practice, teacher: "T", weeks: .all(15), day: .monday, slot: 1)
  } keeps: {
    $0.pin(.lecture, group: nil, teacher: "T", weeks: .odd(15), day: .monday, slot: 1)
    $0.pin(.practice, teacher: "T", weeks: .all(15), day: .monday, slot: 2)
  },
  // Groups of two languages are never one section; two of one language may be.
  CheckCase(.impossible, "M3.pinnedTwice") {
    $0.addGroup("H", 5, .ru)
    $0.enrol("H", in: "D") { $1.language = .ru }
    $0.pin(.practice, teacher: "T", weeks: .all(15), day: .monday, slot: 1)
    $0.pin(.practice, group: "H", teacher: "T", weeks: .all(15), day: .monday, slot: 1)
  } keeps: {
    $0.addGroup("H", 5)
    $0.enrol("H", in: "D")
    $0.pin(.practice, teacher: "T", weeks: .all(15), day: .monday, slot: 1)
    $0.pin(.practice, group: "H", teacher: "T", weeks: .all(15), day: .monday, slot: 1)
  },
  CheckCase(.impossible, "M5.pinnedTwice") {
    $0.addSecond()
    $0.pin(.lecture, weeks: .all(15), day: .monday, slot: 1)
    $0.pin(.lecture, discipline: "E", weeks: .all(15), day: .monday, slot: 1)
  } keeps: {
    $0.addDiscipline("E", lecture: 30)
    $0.enrol("G", in: "E") { $1.status = .retake }
    $0.pin(.lecture, weeks: .all(15), day: .monday, slot: 1)
    $0.pin(.lecture, discipline: "E", weeks: .all(15), day: .monday, slot: 1)
  },
  CheckCase(.warning, "M4.pinsMayClash") {
    $0.pin(.lecture, day: .monday, slot: 1, room: "A1")
    $0.pin(.practice, day: .monday, slot: 1, room: "A1")
  } keeps: {
    $0.pin(.lecture, day: .monday, slot: 1, room: "A1")
    $0.pin(.practice, day: .tuesday, slot: 1, room: "A1")
  },
  CheckCase(.impossible, "L4.pinnedHours") {
    $0.teacher { $0.maxHours = 59 }
    $0.pin(.lecture, teacher: "T")
    $0.pin(.practice, teacher: "T")
  } keeps: {
    $0.teacher { $0.maxHours = 60 }
    $0.pin(.lecture, teacher: "T")
    $0.pin(.practice, teacher: "T")
  },
  CheckCase(.impossible, "T3.pinnedHours") {
    $0.institution.days = [.monday]
    $0.forbid(.teacher("T"), .monday, 4, 12)
    $0.pin(.lecture, teacher: "T")
    $0.pin(.practice, teacher: "T")
  } keeps: {
    $0.institution.days = [.monday]
    $0.forbid(.teacher("T"), .monday, 5, 12)
    $0.pin(.lecture, teacher: "T")
    $0.pin(.practice, teacher: "T")
  },
]

/// What looks like a contradiction and is none.
private let legalCases: [(name: String, make: @Sendable (inout SmallUniversity) -> Void)] = [
  (
    "one teacher in one slot in odd and in even weeks",
    {
      $0.pin(.lecture, teacher: "T", weeks: .odd(15), day: .monday, slot: 1)
      $0.pin(.practice, teacher: "T", weeks: .even(15), day: .monday, slot: 1)
    }
  ),
  (
    "one teacher, room and group in one slot in weeks 1–5, 6–10 and 11–15",
    {
      $0.addSecond()
      $0.discipline { $0.roomKinds[.practice] = ["lecture"] }
      for (kind, discipline, from) in [
        (TeachingKind.lecture, DisciplineID("D"), 0), (.practice, "D", 5), (.lecture, "E", 10),
      ] {
        $0.pin(
          kind, discipline: discipline, teacher: "T",
          weeks: WeekPattern(bits: 0b11111 << UInt64(from), weeks: 15), day: .monday, slot: 1,
          room: "A1")
      }
    }
  ),
  (
    "three lectures of five hours that share the one open slot of a day",
    {
      $0.institution.days = [.monday]
      $0.forbid(.teacher("T"), nil, 2, 12)
      $0.discipline { $0.hours = [.lecture: 5] }
      for id in [DisciplineID("E"), "F"] {
        $0.addDiscipline(id, lecture: 5)
        $0.institution.competences.append(
          Competence(teacher: "T", discipline: id, kinds: [.lecture]))
        $0.enrol("G", in: id)
      }
      for id in [DisciplineID("D"), "E", "F"] {
        $0.pin(.lecture, discipline: id, group: nil, teacher: "T")
      }
    }
  ),
  (
    "pins of students who chose different teachers",
    {
      $0.addTeacher("U", "D")
      $0.institution.enrolments = Table(
        $0.institution.enrolments.enumerated().map { number, row in
          var row = row
          row.practiceTeacher = number < 5 ? "T" : "U"
          return row
        })
      $0.pin(.practice, teacher: "T")
      $0.pin(.practice, teacher: "U")
    }
  ),
  (
    "pins of students of one group who learn in two languages",
    {
      $0.institution.enrolments = Table(
        $0.institution.enrolments.enumerated().map { number, row in
          var row = row
          row.language = number < 5 ? .kk : .ru
          return row
        })
      $0.addTeacher("U", "D")
      $0.pin(.lecture, teacher: "T", weeks: .all(15), day: .monday, slot: 1)
      $0.pin(.practice, teacher: "U", weeks: .all(15), day: .monday, slot: 1)
    }
  ),
  (
    "a teacher pinned to hours that the tolerance leaves out has no free time",
    {
      $0.discipline { $0.hours = [.lecture: 1] }
      $0.forbid(.teacher("T"), nil, 1, 12)
      $0.pin(.lecture, teacher: "T")
    }
  ),
  (
    "no laboratory for an hour that the tolerance leaves out",
    {
      $0.discipline {
        $0.hours = [.lab: 1]
        $0.features[.lab] = ["bench"]
      }
    }
  ),
  (
    "more hours than a term has slots for those who retake",
    {
      $0.institution.days = [.monday]
      $0.discipline { $0.hours = [.lecture: 150] }
      $0.institution.rooms.append(Room(id: "B1", building: "A", capacity: 100, kind: "lecture"))
      $0.institution.enrolments = Table(
        $0.institution.enrolments.map {
          var row = $0
          row.status = .retake
          return row
        })
    }
  ),
]

@Suite struct CheckTests {
  @Test(arguments: legalCases.indices)
  func `what a plan can keep is not called impossible`(number: Int) {
    var it = SmallUniversity.sound()
    legalCases[number].make(&it)
    let found = Curricula.check(it.institution).filter { $0.severity != .warning }
    #expect(found == [], "\(legalCases[number].name)")
  }

  @Test func `a sound university has no findings`() {
    #expect(Curricula.check(SmallUniversity.sound().institution) == [])
  }

  @Test func `an empty university has no findings`() {
    #expect(Curricula.check(SmallUniversity().institution) == [])
  }

  @Test(arguments: teacherCases + studentCases + roomCases + pinCases)
  func `the breaking case is found and the keeping case is not`(check: CheckCase) {
    var broken = SmallUniversity.sound()
    check.breaks(&broken)
    let found = Curricula.check(broken.institution).filter { $0.code == check.code }
    #expect(!found.isEmpty)
    for finding in found {
      #expect(finding.severity == check.severity)
      #expect(finding.suggestion != nil)
      #expect(finding.file.hasSuffix(".csv"))
    }
    var kept = SmallUniversity.sound()
    check.keeps(&kept)
    #expect(Curricula.check(kept.institution).filter { $0.code == check.code } == [])
  }

  @Test func `a finding has the numbers of both sides`() throws {
    var it = SmallUniversity.sound()
    it.teacher { $0.minHours = 376.5 }
    let finding = try #require(Curricula.check(it.institution).first)
    #expect(finding.problem.contains("376.5"))
    #expect(finding.problem.contains("375"))
  }
}

private let data = ProcessInfo.processInfo.environment["KESTE_BENCHMARK_DATA"]

@Suite(.enabled(if: data != nil)) struct CheckBenchmarkTests {
  @Test(arguments: ["micro", "u300", "u1500", "u6000"])
  func `nothing is called impossible where a valid plan is known`(name: String) throws {
    let folder = try #require(data) + "/university/" + name
    let institution = try InstanceFolder.read(folder).institution
    let findings = Curricula.check(institution)
    #expect(findings.filter { $0.severity != .warning } == [])
    #expect(Curricula.check(institution) == findings)
  }
}

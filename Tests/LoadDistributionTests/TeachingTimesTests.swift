// SPDX-License-Identifier: GPL-3.0-or-later
import GLPKSolver
import LoadDistribution
import Testing
import University
import Validation

@Suite struct TeachingTimesTests {
  func solve(_ made: SmallUniversity) throws -> LoadAssignment {
    try LoadDistribution.solve(
      made.institution, sections: made.sections, tasks: made.tasks, solver: GLPKSolver(),
      options: LoadOptions(iterationLimit: 20_000))
  }

  func holder(_ load: LoadAssignment, _ section: String) -> String? {
    load.assignments.first { $0.task.text == "\(section)/class" }?.teacher?.text
  }

  /// T is by far the better choice for each of the disciplines, U can do everything as well.
  func pair(_ disciplines: [String], lecture: Int = 30) -> SmallUniversity {
    var made = SmallUniversity()
    for t in ["T", "U"] { made.teacher(t, norm: 60, max: 300) }
    for d in disciplines {
      made.discipline(d, lecture: lecture)
      made.competence("T", d, preference: 2)
      made.competence("U", d, preference: -2, taught: false, survey: 3.1)
      made.section("S\(d)", d, .lecture)
    }
    // Hours of one or of the other cost the same, so that only the preference counts.
    for criterion in [LoadCriterion.overload, .underload, .imbalance] {
      made.institution.weights.load[criterion] = 0
    }
    return made
  }

  func close(
    _ made: inout SmallUniversity, _ subject: AvailabilitySubject, _ day: Weekday?, _ from: Int,
    _ to: Int, _ weeks: WeekPattern = .all(15)
  ) {
    made.institution.availability.append(
      Availability(subject: subject, day: day, from: from, to: to, level: .forbidden, weeks: weeks))
  }

  func pin(
    _ discipline: DisciplineID, teacher: TeacherID? = nil, weeks: WeekPattern? = nil,
    _ day: Weekday? = .monday, _ slot: Int? = 2, room: RoomID? = nil
  ) -> Pin {
    Pin(
      discipline: discipline, kind: .lecture, group: "G", teacher: teacher, weeks: weeks, day: day,
      slot: slot, room: room)
  }

  // MARK: - One section, one teacher

  @Test("a section pinned to a time goes to nobody whose closed times hold that time")
  func pinnedTime() throws {
    var made = pair(["D"])
    made.institution.pins = [pin("D")]
    #expect(holder(try solve(made), "SD") == "T")
    // The block is a double: from slot 2 it takes slot 3 as well.
    for slot in [2, 3] {
      var closed = made
      close(&closed, .teacher("T"), .monday, slot, slot)
      let load = try solve(closed)
      #expect(holder(load, "SD") == "U")
      #expect(closed.judge(load).isValid)
    }
    for slot in [1, 4] {
      var open = made
      close(&open, .teacher("T"), .monday, slot, slot)
      #expect(holder(try solve(open), "SD") == "T")
    }
  }

  @Test("that nothing cheaper has time for the classes is said where it is proved")
  func provedWithTimes() throws {
    var made = pair(["D"])
    // Most of the cost is hours below the norm, whoever has the section.
    made.institution.weights.load[.underload] = 4
    made.institution.teachers = Table(
      made.institution.teachers.map {
        var teacher = $0
        teacher.normHours = 400
        return teacher
      })
    made.institution.pins = [pin("D")]
    let free = try solve(made)
    #expect(free.status == .optimal)
    func said(_ load: LoadAssignment) -> Bool {
      load.messages.contains { $0[.en].contains("has open time for the classes none costs less") }
    }
    #expect(!said(free))
    close(&made, .teacher("T"), .monday, 2, 2)
    let load = try solve(made)
    #expect(holder(load, "SD") == "U")
    #expect(load.status == .feasible && load.objective > free.objective + 1)
    #expect(load.bound.map { abs($0 - free.objective) < 0.02 } == true)
    #expect(said(load))
  }

  @Test("closed weeks count only where the section must meet in them")
  func closedWeeks() throws {
    var made = pair(["D"])
    close(&made, .teacher("T"), .monday, 1, 12, .even(15))
    made.institution.pins = [pin("D")]
    #expect(holder(try solve(made), "SD") == "U")
    made.institution.pins = [pin("D", weeks: .odd(15))]
    #expect(holder(try solve(made), "SD") == "T")
    made.institution.pins = [pin("D", weeks: .even(15))]
    #expect(holder(try solve(made), "SD") == "U")
    // Fifteen hours in doubles need only odd or only even weeks.
    var half = pair(["D"], lecture: 15)
    half.institution.disciplines = Table(
      half.institution.disciplines.map {
        var discipline = $0
        discipline.blocks[.lecture] = 2
        return discipline
      })
    close(&half, .teacher("T"), .monday, 1, 12, .even(15))
    half.institution.pins = [pin("D")]
    #expect(holder(try solve(half), "SD") == "T")
  }

  @Test("without a pin a teacher whose open times are all closed to the group is unfit")
  func groupsAndTeacher() throws {
    var made = pair(["D"])
    for day in made.institution.days where day != .friday {
      close(&made, .teacher("T"), day, 1, 12)
    }
    #expect(holder(try solve(made), "SD") == "T")
    close(&made, .group("G"), .friday, 1, 11)
    // One slot is left, but the section is held in doubles.
    #expect(holder(try solve(made), "SD") == "U")
    // Students who retake the discipline do not bring their group's closed times.
    made.institution.enrolments = Table(
      made.institution.enrolments.map {
        var enrolment = $0
        enrolment.status = .retake
        return enrolment
      })
    #expect(holder(try solve(made), "SD") == "T")
  }

  @Test("a teacher with fewer hours a day than a block is unfit")
  func dayLimit() throws {
    var made = pair(["D"])
    made.institution.teachers = Table(
      made.institution.teachers.map {
        var teacher = $0
        if teacher.id == "T" { teacher.maxHoursPerDay = 1 }
        return teacher
      })
    #expect(holder(try solve(made), "SD") == "U")
  }

  @Test("where nobody fit has time the section is vacant, and the bound does not count that")
  func nobodyHasTime() throws {
    var made = pair(["D"])
    made.institution.pins = [pin("D")]
    let free = try solve(made)
    for t in ["T", "U"] { close(&made, .teacher(TeacherID(t)), .monday, 2, 2) }
    let load = try solve(made)
    #expect(holder(load, "SD") == nil)
    #expect(made.judge(load).isValid)
    #expect(load.criteria[.vacant] == 30)
    #expect(load.messages.contains { $0[.en].contains("have no time") })
    let bound = try #require(load.bound)
    #expect(load.status == .feasible)
    #expect(bound <= free.objective)
    #expect(free.status == .optimal)
  }

  @Test("a section that has no time with anybody keeps the teacher")
  func noTimeForAnybody() throws {
    var made = pair(["D"])
    made.institution.pins = [pin("D")]
    close(&made, .group("G"), .monday, 2, 2)
    close(&made, .teacher("T"), .monday, 2, 2)
    #expect(holder(try solve(made), "SD") == "T")
  }

  @Test(
    "who is named by a pin or a student's choice stays, and is reported", arguments: [true, false])
  func named(isPinned: Bool) throws {
    var made = pair(["D"])
    close(&made, .teacher("T"), .monday, 2, 2)
    made.institution.pins = [pin("D", teacher: isPinned ? "T" : nil)]
    if !isPinned {
      made.institution.enrolments = Table(
        made.institution.enrolments.enumerated().map {
          var enrolment = $1
          if $0 == 0 { enrolment.lectureTeacher = "T" }
          return enrolment
        })
    }
    let load = try solve(made)
    #expect(holder(load, "SD") == "T")
    #expect(made.judge(load).isValid)
    #expect(load.messages.contains { $0[.en].contains("SD") && $0[.en].contains("closed times") })
  }

  // MARK: - Two sections

  @Test("two sections pinned to times that meet have different teachers")
  func meetingPins() throws {
    var made = pair(["D", "E"])
    func both(_ first: Pin, _ second: Pin) throws -> Bool {
      made.institution.pins = [first, second]
      let load = try solve(made)
      #expect(load.criteria[.vacant] == 0)
      let holders = [holder(load, "SD"), holder(load, "SE")]
      #expect(holders.contains("T"))
      return holders == ["T", "T"]
    }
    #expect(try !both(pin("D"), pin("E")))
    // Doubles from 2 and from 3 meet in slot 3.
    #expect(try !both(pin("D"), pin("E", .monday, 3)))
    #expect(try both(pin("D"), pin("E", .monday, 4)))
    #expect(try both(pin("D"), pin("E", .tuesday, 2)))
    #expect(try both(pin("D", weeks: .odd(15)), pin("E", weeks: .even(15))))
    #expect(try !both(pin("D", weeks: .odd(15)), pin("E", weeks: .all(15))))
  }

  @Test("pinned rooms too far apart for the pause have different teachers")
  func travel() throws {
    var made = pair(["D", "E"])
    for building in ["A", "B"] {
      made.institution.buildings.append(Building(id: .init(building), name: building))
      made.institution.rooms.append(
        Room(
          id: .init("\(building)1"), building: .init(building), capacity: 100, kind: "lecture"))
    }
    made.institution.pins = [
      pin("D", room: "A1"), pin("E", .monday, 4, room: "B1"),
    ]
    let apart = try solve(made)
    #expect(Set([holder(apart, "SD"), holder(apart, "SE")]) == ["T", "U"])
    made.institution.policy.defaultTravelMinutes = 10
    let near = try solve(made)
    #expect([holder(near, "SD"), holder(near, "SE")] == ["T", "T"])
  }

  @Test("two sections that meet and name the same teacher keep the teacher, and are reported")
  func namedTwice() throws {
    var made = pair(["D", "E"])
    made.institution.pins = [pin("D", teacher: "T"), pin("E", teacher: "T")]
    let load = try solve(made)
    #expect([holder(load, "SD"), holder(load, "SE")] == ["T", "T"])
    #expect(load.messages.contains { $0[.en].contains("pinned to a time that meets") })
  }

  @Test("of two sections that meet one is vacant where only one teacher is fit")
  func oneForTwo() throws {
    var made = pair(["D", "E"])
    made.institution.competences = Table(
      made.institution.competences.filter { $0.teacher == "T" })
    made.institution.pins = [pin("D"), pin("E")]
    let load = try solve(made)
    #expect(load.criteria[.vacant] == 30)
    #expect(made.judge(load).isValid)
  }

  // MARK: - The hours of a teacher

  @Test("classes beyond a teacher's open times go to others, and to the teacher where none is fit")
  func openTimes() throws {
    var made = pair(["D", "E", "F", "H"])
    close(&made, .teacher("T"), nil, 5, 12)
    for day in made.institution.days where day != .monday {
      close(&made, .teacher("T"), day, 1, 4)
    }
    // Monday's four slots take 60 hours in the term, of which 51 are to be used: one section of 30.
    let load = try solve(made)
    #expect(load.criteria[.vacant] == 0)
    #expect(["SD", "SE", "SF", "SH"].filter { holder(load, $0) == "T" }.count == 1)
    let bound = try #require(load.bound)
    var free = made
    free.institution.availability = []
    #expect(bound <= (try solve(free)).objective)

    made.institution.competences = Table(
      made.institution.competences.filter { $0.teacher == "T" })
    let alone = try solve(made)
    #expect(alone.criteria[.vacant] == 0)
  }

  // MARK: - All together

  @Test(
    "with closed times and pins a random load stays valid, and its bound is that without them",
    arguments: 1...4)
  func random(seed: Int) throws {
    var made = SmallUniversity.random(UInt64(seed), teachers: 9, disciplines: 7)
    let free = try solve(made)
    var numbers = TestNumbers(UInt64(seed) &+ 5)
    let days = made.institution.days
    for teacher in made.institution.teachers {
      for day in days where Int.random(in: 0..<3, using: &numbers) == 0 {
        close(&made, .teacher(teacher.id), day, 1, 12)
      }
    }
    var pinned: [SectionID: Weekday] = [:]
    for discipline in made.institution.disciplines where discipline.hours(.practice) > 0 {
      let day = days[Int.random(in: 0..<days.count, using: &numbers)]
      made.institution.pins.append(
        Pin(
          discipline: discipline.id, kind: .practice, day: day,
          slot: Int.random(in: 1...3, using: &numbers)))
      for section in made.sections
      where section.discipline == discipline.id && section.kind == .practice {
        pinned[section.id] = day
      }
    }
    let load = try solve(made)
    let isShort = load.status == .infeasible
    #expect(made.judge(load).violations.filter { !isShort || $0.rule != .l4 } == [])
    let bound = try #require(load.bound)
    // Where least hours cannot be kept at all, no valid load is above or below a bound.
    if free.status != .infeasible { #expect(bound <= free.objective + 0.01) }
    #expect(try solve(made).assignments == load.assignments)
    var seen = 0
    for row in load.assignments {
      guard let task = made.tasks[row.task], task.work.teachingKind == .practice,
        let day = pinned[task.section], let teacher = row.teacher
      else { continue }
      seen += 1
      #expect(
        !made.institution.availability.contains {
          $0.subject == .teacher(teacher) && $0.day == day
        })
    }
    #expect(seen > 0)
  }
}

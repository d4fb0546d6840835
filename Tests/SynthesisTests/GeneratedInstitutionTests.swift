// SPDX-License-Identifier: GPL-3.0-or-later
import Synthesis
import Testing
import University
import Validation

/// A size and seed that the properties are tried on.
struct Sample: Sendable, CustomTestStringConvertible {
  var students: Int
  var seed: UInt64

  var testDescription: String { "\(students) students, seed \(seed)" }

  var institution: Institution {
    Synthesis.generate(GeneratorOptions(students: students, seed: seed))
  }

  static let sweep = [
    Sample(students: 40, seed: 9), Sample(students: 50, seed: 1), Sample(students: 137, seed: 2),
    Sample(students: 300, seed: 1), Sample(students: 450, seed: 77),
    Sample(students: 799, seed: 5), Sample(students: 1500, seed: 1),
    Sample(students: 2600, seed: 3),
  ]
}

@Suite("A generated university")
struct GeneratedInstitutionTests {
  @Test("has the students asked for, each group within the norm", arguments: Sample.sweep)
  func size(_ sample: Sample) {
    let it = sample.institution
    #expect(it.students.count == sample.students)
    var members: [GroupID: Int] = [:]
    for student in it.students { members[student.group, default: 0] += 1 }
    for group in it.groups {
      #expect((1...it.policy.groupCap).contains(members[group.id] ?? 0), "\(group.id)")
    }
    #expect(Set(it.groups.map(\.id)).count == it.groups.count)
  }

  @Test("has credits, enrolments and marks that a registrar signs", arguments: Sample.sweep)
  func registrar(_ sample: Sample) {
    let it = sample.institution
    #expect(CreditConsistency.check(it).map(\.description) == [])
    let letters = Set(it.grades.map(\.letter))
    // Debts and resits are there too, from a few hundred students on.
    #expect(sample.students < 300 || letters == Set(LetterGrade.allCases))
    #expect(it.grades.allSatisfy { it.disciplines.contains(id: $0.discipline) })
  }

  @Test("refers to rows that exist", arguments: Sample.sweep)
  func references(_ sample: Sample) {
    let it = sample.institution
    #expect(it.rooms.allSatisfy { it.buildings.contains(id: $0.building) })
    #expect(it.teachers.allSatisfy { it.departments.contains(id: $0.department) })
    #expect(it.teachers.allSatisfy { it.policy.position($0.position) != nil })
    #expect(it.disciplines.allSatisfy { it.departments.contains(id: $0.department) })
    #expect(
      it.disciplines.allSatisfy { $0.prerequisites.allSatisfy { it.disciplines.contains(id: $0) } })
    #expect(
      it.competences.allSatisfy {
        it.teachers.contains(id: $0.teacher) && it.disciplines.contains(id: $0.discipline)
      })
    #expect(
      it.curriculum.allSatisfy {
        it.programmes.contains(id: $0.programme) && it.disciplines.contains(id: $0.discipline)
      })
    #expect(
      it.groups.allSatisfy { group in
        it.programmes.contains(id: group.programme)
          && group.advisor.map { it.teachers.contains(id: $0) } != false
      })
    #expect(it.students.allSatisfy { it.groups.contains(id: $0.group) })
    #expect(
      it.enrolments.allSatisfy { row in
        it.students.contains(id: row.student) && it.disciplines.contains(id: row.discipline)
      })
    let slots = it.regimes.map(\.slots).max() ?? 0
    for row in it.availability {
      #expect(1 <= row.from && row.from <= row.to && row.to <= slots)
      switch row.subject {
      case .teacher(let id): #expect(it.teachers.contains(id: id))
      case .room(let id): #expect(it.rooms.contains(id: id))
      case .group(let id): #expect(it.groups.contains(id: id))
      }
    }
  }

  @Test("counts every hour of a credit", arguments: Sample.sweep)
  func credits(_ sample: Sample) throws {
    let it = sample.institution
    for row in it.disciplines {
      let srop = try #require(row.srop)
      let sro = try #require(row.sro)
      let classes = TeachingKind.allCases.reduce(0) { $0 + row.hours($1) }
      #expect(sro >= 0)
      #expect(
        Double(classes + srop + sro) == row.credits * Double(it.policy.creditHours), "\(row.id)")
    }
  }

  @Test("has curricula of the programme's credits, thirty a term", arguments: Sample.sweep)
  func curricula(_ sample: Sample) throws {
    let it = sample.institution
    struct Key: Hashable {
      var programme: ProgrammeID
      var year: Int
      var term: Int
    }
    var sums: [Key: Double] = [:]
    var options: [Key: [String: Int]] = [:]
    for row in it.curriculum {
      let key = Key(programme: row.programme, year: row.entryYear, term: row.term)
      let credits = try #require(it.disciplines[row.discipline]).credits
      if let choice = row.choice {
        options[key, default: [:]][choice, default: 0] += 1
        if options[key]?[choice] == 1 { sums[key, default: 0] += credits }
      } else {
        sums[key, default: 0] += credits
      }
    }
    for (key, sum) in sums { #expect(sum == 30, "\(key.programme) \(key.year) \(key.term)") }
    for labels in options.values { #expect(labels.values.allSatisfy { $0 >= 2 }) }
    for programme in it.programmes {
      let expected = try #require(programme.totalCredits)
      for year in Set(sums.keys.filter { $0.programme == programme.id }.map(\.year)) {
        let total = sums.filter { $0.key.programme == programme.id && $0.key.year == year }
        #expect(total.values.reduce(0, +) == Double(expected), "\(programme.id) \(year)")
      }
    }
  }

  @Test("teaches prerequisites in earlier terms", arguments: Sample.sweep)
  func prerequisites(_ sample: Sample) {
    let it = sample.institution
    struct Key: Hashable {
      var programme: ProgrammeID
      var year: Int
    }
    var terms: [Key: [DisciplineID: Int]] = [:]
    for row in it.curriculum {
      terms[Key(programme: row.programme, year: row.entryYear), default: [:]][row.discipline] =
        row.term
    }
    var seen = 0
    for plan in terms.values {
      for (discipline, term) in plan {
        for prerequisite in it.disciplines[discipline]?.prerequisites ?? [] {
          seen += 1
          #expect(plan[prerequisite].map { $0 < term } == true, "\(discipline) \(prerequisite)")
        }
      }
    }
    #expect(seen > 0)
  }

  @Test("enrols each student in the term of the curriculum", arguments: Sample.sweep)
  func enrolments(_ sample: Sample) throws {
    let it = sample.institution
    struct Place: Hashable {
      var programme: ProgrammeID
      var year: Int
      var term: Int
      var discipline: DisciplineID
    }
    let planned = Set(
      it.curriculum.map {
        Place(programme: $0.programme, year: $0.entryYear, term: $0.term, discipline: $0.discipline)
      })
    var credits: [StudentID: Double] = [:]
    var retakes = 0
    for row in it.enrolments {
      let discipline = try #require(it.disciplines[row.discipline])
      credits[row.student, default: 0] += discipline.credits
      if row.status == .retake { retakes += 1 }
      let group = try #require(it.students[row.student].flatMap { it.groups[$0.group] })
      #expect(row.language == group.language)
      if row.status == .first {
        let place = Place(
          programme: group.programme, year: group.entryYear, term: group.term,
          discipline: row.discipline)
        #expect(planned.contains(place), "\(row.student) \(row.discipline)")
      }
    }
    #expect(credits.count == it.students.count)
    for (student, sum) in credits {
      #expect((30...Double(it.policy.termCreditsMax)).contains(sum), "\(student): \(sum)")
    }
    // Three or four of a hundred, with a margin for the smallest.
    let share = Double(retakes) / Double(it.enrolments.count)
    #expect((0.015...0.055).contains(share), "\(share)")
  }

  @Test("has a room for every kind of class", arguments: Sample.sweep)
  func rooms(_ sample: Sample) {
    let it = sample.institution
    for discipline in Self.held(it) {
      for kind in discipline.kinds where !discipline.delivery.isOnline(kind) {
        let largest = it.largestSuitableRoom(for: discipline, kind)
        #expect(largest >= (kind == .lecture ? 30 : it.cap(of: discipline, kind) ?? 0))
      }
    }
  }

  @Test("has room hours to spare for each kind of room", arguments: Sample.sweep)
  func roomHours(_ sample: Sample) {
    let it = sample.institution
    struct Need: Hashable {
      var kinds: [String]
      var features: Set<String>
    }
    // A lower bound of the sections by the caps, in rooms that suit nothing else.
    let takers = Self.takers(it)
    var demand: [Need: Int] = [:]
    for discipline in Self.held(it) {
      let students = takers[discipline.id, default: [:]].values.reduce(0, +)
      for kind in discipline.kinds where kind != .lecture {
        let cap = it.cap(of: discipline, kind) ?? 1
        let need = Need(
          kinds: it.roomKinds(of: discipline, kind), features: discipline.features[kind] ?? [])
        demand[need, default: 0] += discipline.hours(kind) * ((students + cap - 1) / cap)
      }
    }
    let grid = it.days.count * it.regime.slots * it.term.weeks
    for (need, hours) in demand {
      let supply = it.rooms.count {
        need.kinds.contains($0.kind) && need.features.isSubset(of: $0.features)
      }
      #expect(Double(hours) < 0.75 * Double(supply * grid), "\(need)")
    }
  }

  @Test("has somebody for every work of every discipline held", arguments: Sample.sweep)
  func competences(_ sample: Sample) {
    let it = sample.institution
    for discipline in Self.held(it) {
      var works = discipline.kinds.map { Work.teaching($0) }
      if discipline.control == .exam { works.append(.norm("exam")) }
      for work in works {
        let able = it.teachers.filter {
          it.unfitness(of: $0, for: work, in: discipline.id) == nil
        }
        #expect(able.count >= (work.teachingKind == nil ? 2 : 1), "\(discipline.id) \(work)")
      }
    }
  }

  @Test("has norms above the demand in every department", arguments: Sample.sweep)
  func norms(_ sample: Sample) {
    let it = sample.institution
    let takers = Self.takers(it)
    for department in it.departments {
      // Practices and laboratories cannot be fewer than the caps allow.
      var least = 0.0
      for discipline in it.disciplines where discipline.department == department.id {
        for language in Language.allCases {
          guard let students = takers[discipline.id]?[language] else { continue }
          for kind in discipline.kinds {
            let cap = it.cap(of: discipline, kind) ?? students
            least += Double(discipline.hours(kind) * ((students + cap - 1) / cap))
          }
          if discipline.control == .exam { least += 0.2 * Double(students) }
          if discipline.control == .project { least += 2 * Double(students) }
        }
      }
      let staff = it.teachers.filter { $0.department == department.id }
      let norm = staff.reduce(0) { $0 + it.norm(of: $1) }
      #expect(norm >= least, "\(department.id): \(norm) < \(least)")
    }
  }

  @Test("pins only what can be held", arguments: Sample.sweep)
  func pins(_ sample: Sample) throws {
    let it = sample.institution
    #expect(!it.pins.isEmpty)
    var times: Set<String> = []
    var pinned: Set<DisciplineID> = []
    for pin in it.pins {
      #expect(pinned.insert(pin.discipline).inserted)
      let discipline = try #require(it.disciplines[pin.discipline])
      let group = try #require(pin.group)
      #expect(
        it.enrolments.contains { row in
          row.discipline == pin.discipline && it.students[row.student]?.group == group
        })
      if let teacher = pin.teacher.flatMap({ it.teachers[$0] }) {
        #expect(it.unfitness(of: teacher, for: .teaching(pin.kind), in: pin.discipline) == nil)
      }
      if let day = pin.day, let slot = pin.slot {
        let room = try #require(pin.room.flatMap { it.rooms[$0] })
        #expect(it.suits(room, discipline, pin.kind))
        #expect(room.capacity == it.largestSuitableRoom(for: discipline, pin.kind))
        #expect(times.insert("\(day) \(slot)").inserted)
        #expect(
          !it.availability.contains {
            $0.level == .forbidden && ($0.day == nil || $0.day == day)
              && ($0.from...$0.to).contains(slot)
              && ($0.subject == .room(room.id) || $0.subject == .group(group))
          })
      }
    }
  }

  @Test("lets students choose only teachers who may hold the class", arguments: Sample.sweep)
  func choices(_ sample: Sample) throws {
    let it = sample.institution
    for kind in [TeachingKind.lecture, .practice] {
      var chosen: [String: TeacherID] = [:]
      for row in it.enrolments {
        guard let id = row.chosenTeacher(kind) else { continue }
        let teacher = try #require(it.teachers[id])
        #expect(it.unfitness(of: teacher, for: .teaching(kind), in: row.discipline) == nil)
        // One teacher a discipline and language, so that no two choices exclude each other.
        let key = "\(row.discipline) \(row.language)"
        #expect(chosen[key] == nil || chosen[key] == id)
        chosen[key] = id
      }
    }
  }

  @Test("is the same for the same options and another for another seed")
  func seeds() {
    func names(_ seed: UInt64) -> [String] {
      let it = Synthesis.generate(GeneratorOptions(students: 300, seed: seed))
      return it.students.map(\.name) + it.enrolments.map { "\($0.student) \($0.discipline)" }
        + it.competences.map { "\($0.teacher) \($0.discipline) \($0.preference)" }
    }
    #expect(names(4) == names(4))
    #expect(names(4) != names(5))
  }

  @Test("has the ratios of the model university at its size")
  func ratios() {
    let it = Synthesis.generate(GeneratorOptions(students: 6000, seed: 1))
    #expect((13.5...16.5).contains(Double(it.students.count) / Double(it.teachers.count)))
    #expect((21...25).contains(Double(it.students.count) / Double(it.groups.count)))
    #expect((135...175).contains(it.rooms.count))
    #expect((6...7).contains(Double(it.enrolments.count) / Double(it.students.count)))
  }

  /// Enrolments by discipline and language.
  private static func takers(_ it: Institution) -> [DisciplineID: [Language: Int]] {
    var result: [DisciplineID: [Language: Int]] = [:]
    for row in it.enrolments { result[row.discipline, default: [:]][row.language, default: 0] += 1 }
    return result
  }

  /// The disciplines that somebody takes this term.
  private static func held(_ it: Institution) -> [Discipline] {
    let taken = Set(it.enrolments.map(\.discipline))
    return it.disciplines.filter { taken.contains($0.id) }
  }
}

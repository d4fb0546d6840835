// SPDX-License-Identifier: GPL-3.0-or-later
internal import University

/// Builds an institution step by step; ``Synthesis/generate(_:)`` has the order of the steps.
///
/// Everything is kept by position in arrays, never in the order of a dictionary.
struct InstitutionBuilder {
  /// A programme with what its disciplines and groups are made from.
  struct OpenProgramme {
    var id: ProgrammeID
    var level: Level
    var abbreviation: String
    var groupLetters: String
    /// Cluster with the profile's number: `P`, `P2`.
    var cluster: String
    var clusterEntry: ClusterEntry
    var graduating: String
    var second: String
    var subject: Trilingual
    var intake: [Int]
    /// The lines of the plan, with the disciplines that stand there: several for an elective.
    var plan: [(line: PlannedDiscipline, disciplines: [Int])] = []
  }

  /// An academic group with its students.
  struct OpenGroup {
    var id: GroupID
    var programme: Int
    var term: Int
    var language: Language
    var students: Range<Int>
  }

  /// An enrolment that may still get a chosen teacher.
  struct OpenEnrolment {
    var student: Int
    var discipline: Int
    var status = EnrolmentStatus.first
    var lectureTeacher: Int?
    var practiceTeacher: Int?
  }

  /// A section as it will probably be formed; only demand is measured by it.
  struct ExpectedSection {
    var discipline: Int
    var kind: TeachingKind
    var language: Language
    var size: Int
    /// The only or largest group that is in it whole.
    var group: Int?
    /// Who holds it in the load that keeps all norms.
    var teacher: Int?
  }

  let options: GeneratorOptions
  let size: Int
  /// The year of entry of the first-year students.
  static let year = 2025

  var institution: Institution
  var departmentOf: [String: DepartmentID] = [:]
  var programmes: [OpenProgramme] = []
  var disciplines: [Discipline] = []
  var groups: [OpenGroup] = []
  /// The group of each student.
  var groupOf: [Int] = []
  var studentIDs: [StudentID] = []
  var enrolments: [OpenEnrolment] = []
  /// The students of each discipline and language, by group.
  var cohorts: [[Language: [(group: Int, count: Int)]]] = []
  var sections: [ExpectedSection] = []
  /// Seats of the largest lecture hall.
  var largestHall = 30
  var teachers: [Teacher] = []
  /// Disciplines that each teacher holds or examines in the load that keeps all norms.
  var classes: [[Int]] = []
  var otherWork: [[Int]] = []
  /// Hundredths of hours that are left of each teacher's norm.
  var left: [Int] = []

  init(_ options: GeneratorOptions) {
    self.options = options
    self.size = max(options.students, Synthesis.fewestStudents)
    let full = Regime(
      name: "full", academicHourMinutes: 50, slotStarts: (0..<12).map { 480 + 60 * $0 })
    let distance = Regime(
      name: "distance", academicHourMinutes: 40, slotStarts: (0..<14).map { 480 + 45 * $0 })
    // 1 September 2025 is a Monday; it and 27 October were holidays that year.
    let start = CalendarDate(dayNumber: 20_332)
    institution = Institution(
      name: options.name ?? "AUES-like university, \(size) students, seed \(options.seed)",
      language: .kk, term: Term(id: "2025-1", start: start, weeks: 15),
      holidays: [start, start.adding(days: 56)], days: Array(Weekday.allCases.prefix(6)),
      regimes: [full, distance], regime: full)
    institution.policy.subgroupTolerance = 1
    for entry in Catalogue.departments { openDepartment(for: entry) }
  }

  func random(_ purpose: String) -> SplitMix64 {
    SplitMix64(seed: options.seed, students: size, purpose: purpose)
  }

  /// The department itself, or the one that it is joined into at this size.
  private mutating func openDepartment(for entry: DepartmentEntry) {
    let joint = Catalogue.joined.first { size < $0.below && $0.of.contains(entry.code) }
    let opened = joint?.entry ?? entry
    let id = DepartmentID(opened.code)
    departmentOf[entry.code] = id
    institution.departments.append(
      Department(id: id, name: opened.name, institute: opened.institute))
  }

  /// The department that stands for one of the catalogue.
  func department(_ code: String) -> DepartmentID { departmentOf[code] ?? DepartmentID(code) }
}

// MARK: - Programmes and disciplines

extension InstitutionBuilder {
  /// How many bachelor programmes a university of this size has: 2 at 300 students, 16 at 6,000.
  private var bachelorProgrammes: Int {
    switch size {
    case ..<150: 1
    case ..<1500: 2 + (size - 150) / 330
    case ..<6000: 6 + (size - 1500) / 450
    default: 16 + (size - 6000) / 600
    }
  }

  var masters: Int { size < 250 ? 0 : size * 46 / 1000 }
  var doctorands: Int { size < 1000 ? 0 : size * 11 / 1000 }

  mutating func chooseProgrammes() {
    for number in 0..<bachelorProgrammes {
      let (profile, index) = number.quotientAndRemainder(dividingBy: Catalogue.programmes.count)
      let entry = Catalogue.programmes[index]
      // A university larger than the model opens the same programmes again with another profile.
      let mark = profile == 0 ? "" : "\(profile + 1)"
      open(
        OpenProgramme(
          id: ProgrammeID(profile == 0 ? entry.code : "\(entry.code)-\(mark)"), level: .bachelor,
          abbreviation: entry.abbreviation + mark, groupLetters: entry.groupLetters + mark,
          cluster: entry.cluster + mark, clusterEntry: cluster(entry.cluster),
          graduating: entry.graduating, second: entry.second, subject: entry.subject,
          intake: entry.intake),
        name: profile == 0 ? entry.name : "\(entry.name), \(mark)-бағыт")
    }
    openPostgraduates(.master, count: masters == 0 ? 0 : min(max(masters / 22, 1), 6))
    openPostgraduates(.doctorate, count: doctorands == 0 ? 0 : min(max(doctorands / 12, 1), 3))
  }

  private mutating func openPostgraduates(_ level: Level, count: Int) {
    for entry in Catalogue.postgraduates.filter({ $0.level == level }).prefix(count) {
      let cluster = cluster(entry.cluster)
      open(
        OpenProgramme(
          id: ProgrammeID(entry.code), level: level, abbreviation: entry.abbreviation,
          groupLetters: entry.groupLetters, cluster: entry.cluster, clusterEntry: cluster,
          graduating: entry.graduating, second: entry.graduating, subject: cluster.subject,
          intake: [entry.intake * 6, entry.intake * 4, 0]),
        name: entry.name)
    }
  }

  private func cluster(_ code: String) -> ClusterEntry {
    Catalogue.clusters.first { $0.code == code } ?? Catalogue.clusters[0]
  }

  private mutating func open(_ programme: OpenProgramme, name: String) {
    programmes.append(programme)
    institution.programmes.append(
      Programme(
        id: programme.id, name: name, level: programme.level, form: .fullTime,
        totalCredits: institution.policy.programmeCredits[programme.level.rawValue]))
  }

  mutating func layOutDisciplines() {
    var known: [String: Int] = [:]
    for index in programmes.indices {
      let programme = programmes[index]
      for line in StudyPlan.plan(of: programme.level) {
        var alternatives: [Int] = []
        for option in line.names.indices {
          let letter = line.isChoice ? ["a", "b", "c", "d"][option] : ""
          let id = identifier(line.slot, line.scope, programme) + letter
          if known[id] == nil {
            known[id] = disciplines.count
            disciplines.append(discipline(id, line, option: option, of: programme))
          }
          alternatives.append(known[id] ?? 0)
        }
        programmes[index].plan.append((line, alternatives))
      }
    }
    writeCurriculum()
    institution.disciplines = Table(disciplines)
  }

  private func identifier(
    _ slot: String, _ scope: SharingScope, _ programme: OpenProgramme
  ) -> String {
    switch scope {
    case .university: slot
    case .cluster: "\(programme.cluster)-\(slot)"
    case .programme: "\(programme.abbreviation)-\(slot)"
    }
  }

  private func discipline(
    _ id: String, _ line: PlannedDiscipline, option: Int, of programme: OpenProgramme
  ) -> Discipline {
    let names = name(line, option: option, of: programme)
    let unit =
      switch line.unit {
      case .department(let code): code
      case .cluster: programme.clusterEntry.department
      case .graduating: programme.graduating
      case .second: programme.second
      }
    var row = Discipline(
      id: DisciplineID(id), name: names.kk, department: department(unit),
      credits: Double(line.credits),
      hours: [.lecture: line.hours[0], .practice: line.hours[1], .lab: line.hours[2]])
    let srop = 3 * line.credits
    row.srop = srop
    row.sro =
      institution.policy.creditHours * line.credits - srop - line.hours.reduce(0, +)
    row.cycle = line.cycle
    row.component = line.component
    row.control = line.control
    row.delivery = line.delivery
    row.names = [.kk: names.kk, .ru: names.ru, .en: names.en]
    let plan = StudyPlan.plan(of: programme.level)
    row.prerequisites = line.prerequisites.map { slot in
      let scope = plan.first { $0.slot == slot }?.scope ?? .university
      return DisciplineID(identifier(slot, scope, programme))
    }
    // Whoever teaches a cluster or a programme may use a classroom for a small stream.
    if line.scope != .university && line.hours[0] > 0 && line.delivery == .room {
      row.roomKinds[.lecture] = ["lecture", "classroom"]
    }
    demandRooms(line.need, unit: unit, of: &row)
    return row
  }

  private func demandRooms(_ need: RoomNeed, unit: String, of row: inout Discipline) {
    let feature = Catalogue.departments.first { $0.code == unit }?.labFeature
    switch need {
    case .usual: break
    case .language:
      row.roomKinds[.practice] = ["language"]
      row.groupCap = 15
    case .gym: row.roomKinds[.practice] = ["gym"]
    case .computer: row.roomKinds[.lab] = ["computer"]
    case .physics: demandLab("physics", of: &row)
    case .special:
      if let feature {
        demandLab(feature, of: &row)
      } else {
        row.roomKinds[.lab] = ["computer"]
      }
    }
  }

  private func demandLab(_ feature: String, of row: inout Discipline) {
    row.roomKinds[.lab] = ["lab"]
    row.features[.lab] = [feature]
  }

  private func name(
    _ line: PlannedDiscipline, option: Int, of programme: OpenProgramme
  ) -> Trilingual {
    switch line.names[option] {
    case .plain(let name): return name
    case .of(let noun):
      let subject =
        line.scope == .cluster ? programme.clusterEntry.subject : programme.subject
      let english = subject.en.prefix(1).uppercased() + subject.en.dropFirst()
      return Trilingual(
        "\(subject.kk) \(noun.kk)", "\(noun.ru) \(subject.ru)", "\(english): \(noun.en)")
    }
  }

  private mutating func writeCurriculum() {
    for programme in programmes {
      for year in years(of: programme.level) {
        for (line, alternatives) in programme.plan {
          for discipline in alternatives {
            institution.curriculum.append(
              CurriculumRow(
                programme: programme.id, entryYear: Self.year - year, term: line.term,
                discipline: disciplines[discipline].id, choice: line.isChoice ? line.slot : nil))
          }
        }
      }
    }
  }

  /// The years of study of a level, from 0.
  func years(of level: Level) -> Range<Int> {
    switch level {
    case .bachelor: 0..<4
    case .master: 0..<2
    case .doctorate: 0..<3
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
internal import University

extension InstitutionBuilder {
  /// Hours of the week in which most is held: eleven slots on five days and six on Saturday.
  static let coreHours = 61

  /// Forms sections in the way that costs the fewest hours, to measure what they need.
  mutating func estimateSections() {
    let cohortSizes = cohorts.indices.flatMap { discipline -> [Int] in
      guard disciplines[discipline].hours(.lecture) > 0 else { return [] }
      return Language.allCases.map { count(discipline, $0) }
    }
    let largestCohort = cohortSizes.max() ?? 0
    largestHall = [30, 60, 90, 120].first { $0 >= largestCohort } ?? 150

    for discipline in disciplines.indices {
      for language in Language.allCases {
        let cells = cohorts[discipline][language] ?? []
        guard !cells.isEmpty else { continue }
        for kind in disciplines[discipline].kinds {
          switch kind {
          case .lecture: expectStreams(of: discipline, language)
          case .practice, .lab: expectSections(of: discipline, kind, language, cells)
          }
        }
      }
    }
  }

  func count(_ discipline: Int, _ language: Language) -> Int {
    (cohorts[discipline][language] ?? []).reduce(0) { $0 + $1.count }
  }

  private mutating func expectStreams(of discipline: Int, _ language: Language) {
    let students = count(discipline, language)
    let isOnline = disciplines[discipline].delivery.isOnline(.lecture)
    let number = isOnline ? 1 : (students + largestHall - 1) / largestHall
    for size in apportion(students, by: Array(repeating: 1, count: number)) {
      sections.append(
        ExpectedSection(discipline: discipline, kind: .lecture, language: language, size: size))
    }
  }

  /// First fit, the largest part of a group first.
  private mutating func expectSections(
    of discipline: Int, _ kind: TeachingKind, _ language: Language,
    _ cells: [(group: Int, count: Int)]
  ) {
    let row = disciplines[discipline]
    let policy = institution.policy
    let cap =
      kind == .practice
      ? (row.groupCap ?? policy.groupCap) + policy.groupTolerance
      : (row.subgroupCap ?? policy.subgroupCap) + policy.subgroupTolerance
    var parts: [(size: Int, group: Int?)] = []
    for cell in cells {
      let number = (cell.count + cap - 1) / cap
      for size in apportion(cell.count, by: Array(repeating: 1, count: number)) {
        parts.append((size, number == 1 ? cell.group : nil))
      }
    }
    let order = parts.indices.sorted {
      parts[$0].size == parts[$1].size ? $0 < $1 : parts[$0].size > parts[$1].size
    }
    let first = sections.count
    for part in order.map({ parts[$0] }) {
      if let open = sections.indices[first...].first(where: { sections[$0].size + part.size <= cap }
      ) {
        sections[open].size += part.size
      } else {
        sections.append(
          ExpectedSection(
            discipline: discipline, kind: kind, language: language, size: part.size,
            group: part.group))
      }
    }
  }

  /// As many rooms of each kind as hold the demand in 45 to 65 % of the core hours.
  mutating func furnishRooms() {
    openBuildings()
    let seats = largestHall == 30 ? [30] : [60, 90, 120, 150].filter { $0 <= largestHall }
    var halls = Array(repeating: 0, count: seats.count)
    var classrooms = 0
    var languages = 0
    var gyms = 0
    var computers = 0
    var labs: [String: Int] = [:]
    for section in sections {
      let row = disciplines[section.discipline]
      guard !row.delivery.isOnline(section.kind) else { continue }
      let hours = row.hours(section.kind)
      let kinds = row.roomKinds[section.kind] ?? institution.policy.roomKinds[section.kind] ?? []
      if section.kind == .lecture {
        let students = count(section.discipline, section.language)
        if students <= 30 && kinds.contains("classroom") {
          classrooms += hours
        } else {
          // Streams of a divided cohort may be of any size up to the largest hall's.
          let at = seats.firstIndex { $0 >= students } ?? seats.count - 1
          halls[at] += hours
        }
      } else if let feature = row.features[section.kind]?.first {
        labs[feature, default: 0] += hours
      } else if kinds.contains("computer") {
        computers += hours
      } else if kinds.contains("language") {
        languages += hours
      } else if kinds.contains("gym") {
        gyms += hours
      } else {
        classrooms += hours
      }
    }

    for at in seats.indices.reversed() {
      let needed = rooms(for: halls[at], percent: 48)
      let least = at == seats.count - 1 ? (size < 150 ? 1 : 2) : 0
      add(
        max(needed, least), "lecture", seats: [seats[at]], places: ["A", "A", "B", "C"],
        features: ["projector"])
    }
    add(
      max(1, rooms(for: classrooms, percent: 63)), "classroom", seats: [30, 30, 28],
      places: ["A", "B", "C", "A", "B", "C", "D"], features: [])
    add(
      max(1, rooms(for: languages, percent: 60)), "language", seats: [16],
      places: ["A", "C", "A", "B", "D"], features: [])
    add(
      max(1, rooms(for: computers, percent: 56)), "computer", seats: [15, 15, 16],
      places: ["C", "A", "C", "B", "C"], features: ["computers"])
    for (index, entry) in Catalogue.departments.enumerated() {
      guard let feature = entry.labFeature, let hours = labs[feature] else { continue }
      let place = feature == "physics" ? "D" : ["B", "C", "D"][index % 3]
      add(
        rooms(for: hours, percent: 55), "lab", seats: [14, 13, 15], places: [place],
        features: [feature])
    }
    add(max(1, rooms(for: gyms, percent: 60)), "gym", seats: [30], places: ["D"], features: [])
  }

  private func rooms(for hours: Int, percent: Int) -> Int {
    let capacity = Self.coreHours * institution.term.weeks * percent
    return (100 * hours + capacity - 1) / capacity
  }

  /// The building that stands for one of the model's at this size.
  private func building(_ letter: String) -> String {
    switch size {
    case ..<150: letter == "D" ? "D" : "A"
    case ..<800: letter == "C" ? "B" : letter
    default: letter
    }
  }

  private mutating func openBuildings() {
    let names = [
      "A": "Бас оқу ғимараты", "B": "Зертханалық корпус", "C": "Ақпараттық технологиялар корпусы",
      "D": "Физика және спорт корпусы",
    ]
    let opened = ["A", "B", "C", "D"].filter { building($0) == $0 }
    for letter in opened {
      institution.buildings.append(Building(id: BuildingID(letter), name: names[letter] ?? letter))
    }
    let minutes: [(String, String, Int)] = [
      ("A", "B", 5), ("A", "C", 10), ("A", "D", 15), ("B", "C", 8), ("B", "D", 12), ("C", "D", 6),
    ]
    for (from, to, minutes) in minutes where opened.contains(from) && opened.contains(to) {
      institution.travel.append(
        Travel(from: BuildingID(from), to: BuildingID(to), minutes: minutes))
    }
  }

  private mutating func add(
    _ number: Int, _ kind: String, seats: [Int], places: [String], features: Set<String>
  ) {
    for index in 0..<number {
      let letter = building(places[index % places.count])
      let inBuilding = institution.rooms.lazy.filter { $0.building.text == letter }.count
      // Twenty rooms a floor.
      let digits =
        "\(inBuilding / 20 + 1)" + (inBuilding % 20 < 9 ? "0" : "")
        + "\(inBuilding % 20 + 1)"
      institution.rooms.append(
        Room(
          id: RoomID(letter + digits), building: BuildingID(letter),
          capacity: seats[index % seats.count], kind: kind, features: features))
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import University

extension CurriculumCheck {
  /// Whether rooms suit, hold the sections and have hours enough.
  mutating func rooms() {
    var demands: [RoomDemand] = []
    for (position, discipline) in institution.disciplines.enumerated() {
      for kind in discipline.kinds
      where !discipline.delivery.isOnline(kind) && !enrolled[position].isEmpty {
        let suitable = institution.rooms.indices.filter {
          institution.rooms[$0].capacity > 0
            && institution.suits(institution.rooms[$0], discipline, kind)
        }
        let hours = least(discipline.hours(kind))
        guard !suitable.isEmpty else {
          // Where the tolerance leaves nothing to be held, no room is needed; a stream that needs a
          // room is none the less no larger than the largest (S3).
          if hours > 0 || (kind == .lecture && policy.lectureNeedsRoom) {
            noRoom(for: discipline, kind)
          }
          continue
        }
        capacity(of: discipline, kind, position)
        let what = Wording { discipline.phrase(kind, in: $0) }
        guard let sections = institution.decidedSections else {
          let total = hours * fewestSections(position, kind)
          demands.append(RoomDemand(what: what, rooms: suitable, hours: total))
          continue
        }
        for section in sections where section.discipline == discipline.id && section.kind == kind {
          let size = section.students.count
          let holding = suitable.filter { institution.rooms[$0].capacity >= size }
          if holding.isEmpty {
            guard hours > 0 || (kind == .lecture && policy.lectureNeedsRoom) else { continue }
            impossible(
              "R1.sectionTooLarge", file: "sections.csv", column: "section",
              value: section.id.text,
              Wording {
                let most = institution.largestSuitableRoom(for: discipline, kind)
                return $0.says(
                  "берілген секцияда \(size) студент бар, ал ең үлкен жарамды аудиторияда \(most) орын",
                  "в заданной секции \(size) студ., а в самой большой подходящей аудитории \(most) "
                    + "мест",
                  "the decided section has \(size) students, but the largest suitable room holds "
                    + "\(most)")
              },
              mend: Wording(
                "секцияны бөліңіз немесе аудитория қосыңыз",
                "разделите секцию или добавьте аудиторию", "split the section or add a room"))
          } else {
            demands.append(RoomDemand(what: what, rooms: holding, hours: hours))
          }
        }
      }
    }
    flow(demands)
    seats()
  }

  /// Hall's condition on hours in seats: each student of a class needs a seat for its hours, and a
  /// room has no more seats than its capacity. Small rooms do not make up for large ones here as
  /// they do when hours are counted alone.
  private mutating func seats() {
    var demands: [RoomDemand] = []
    for (position, discipline) in institution.disciplines.enumerated() {
      for kind in discipline.kinds
      where !discipline.delivery.isOnline(kind) && !enrolled[position].isEmpty {
        let suitable = institution.rooms.indices.filter {
          institution.rooms[$0].capacity > 0
            && institution.suits(institution.rooms[$0], discipline, kind)
        }
        guard !suitable.isEmpty else { continue }
        demands.append(
          RoomDemand(
            what: Wording { discipline.phrase(kind, in: $0) }, rooms: suitable,
            hours: least(discipline.hours(kind)) * enrolled[position].count))
      }
    }
    let supply = institution.rooms.map {
      $0.capacity * hoursOfTerm(.room($0.id), dayLimit: institution.regime.slots)
    }
    guard let shortage = RoomFlow.shortage(of: demands, supply: supply) else { return }
    let needed = shortage.demands.reduce(0) { $0 + demands[$1].hours }
    let free = shortage.rooms.reduce(0) { $0 + supply[$1] }
    let names = shortage.demands.map { demands[$0].what }
    let rooms = shortage.rooms.map { institution.rooms[$0].id.text }
    let kinds = Set(shortage.rooms.map { institution.rooms[$0].kind }).sorted()
    impossible(
      "M4.seatHours", file: "rooms.csv", line: institution.rooms[shortage.rooms[0]].line,
      column: "capacity", value: kinds.joined(separator: "|"),
      Wording {
        let language = $0
        let names = $0.listed(names.map { $0[language] }, most: 5)
        let rooms = $0.listed(rooms)
        return $0.says(
          "\(names): семестрде кемінде \(needed) орын-сағат керек, ал \(rooms) аудиторияларында "
            + "\(free)",
          "\(names): в семестре нужно не меньше \(needed) место-часов, а в аудиториях \(rooms) их "
            + "\(free)",
          "\(names) need at least \(needed) hours in seats in the term, but the rooms \(rooms) have "
            + "\(free)")
      }, mend: Self.moreRooms)
  }

  private mutating func noRoom(for discipline: Discipline, _ kind: TeachingKind) {
    let features = (discipline.features[kind] ?? []).sorted()
    let kinds = institution.roomKinds(of: discipline, kind)
    impossible(
      features.isEmpty ? "R2.noRoom" : "R3.noRoom", file: "disciplines.csv",
      line: discipline.line,
      column: features.isEmpty ? "\(kind.rawValue)_rooms" : "\(kind.rawValue)_features",
      value: discipline.id.text,
      Wording {
        let what = discipline.words(kind, in: $0)
        let list = features.joined(separator: ", ")
        return $0.says(
          "жарамды аудитория жоқ: \(what); керегі: түрі " + kinds.joined(separator: " не ")
            + (features.isEmpty ? "" : ", жабдығы \(list)"),
          "нет подходящей аудитории: \(what); нужен вид " + kinds.joined(separator: " или ")
            + (features.isEmpty ? "" : " с оснащением \(list)"),
          "no room suits \(what): kind " + kinds.joined(separator: " or ")
            + (features.isEmpty ? "" : " with \(list)"))
      },
      mend: Wording(
        "осындай аудитория қосыңыз немесе пәннің талаптарын өзгертіңіз",
        "добавьте такую аудиторию или измените требования дисциплины",
        "add such a room, or change the kinds and features of the discipline"))
  }

  private static let moreRooms = Wording(
    "осындай аудиториялар қосыңыз, басқа түрлеріне рұқсат беріңіз немесе уақытын ашыңыз",
    "добавьте такие аудитории, разрешите другие виды или откройте их время",
    "add rooms of these kinds, allow other kinds, or free their times")

  /// A cap above every suitable room: sections have to be smaller than the norm.
  private mutating func capacity(of discipline: Discipline, _ kind: TeachingKind, _ position: Int) {
    guard kind != .lecture, let cap = institution.normSize(of: discipline, kind) else { return }
    let seats = institution.largestSuitableRoom(for: discipline, kind)
    guard cap > seats && enrolled[position].count > seats else { return }
    warning(
      "R1.capAboveRooms", file: "disciplines.csv", line: discipline.line,
      column: kind == .practice ? "group_cap" : "subgroup_cap", value: String(cap),
      Wording {
        let word = kind.word(in: $0)
        return $0.says(
          "\(discipline.id) (\(word)) секциясында \(cap) студент бола алады, ал ең үлкен жарамды "
            + "аудиторияда \(seats) орын: секциялар кішірек болады",
          "\(word) \(discipline.id): в секции может быть \(cap) студ., а в самой большой подходящей "
            + "аудитории \(seats) мест; секции будут меньше",
          "a \(word) section of \(discipline.id) may have \(cap) students, but the largest "
            + "suitable room holds \(seats): sections will be smaller")
      },
      mend: Wording(
        "үлкенірек аудитория қосыңыз немесе шекті төмендетіңіз",
        "добавьте аудиторию побольше или снизьте предел", "add a larger room or lower the cap"))
  }

  /// Hall's condition on hours in rooms: the demands that cannot be met are told together, with all
  /// the rooms they could use.
  private mutating func flow(_ demands: [RoomDemand]) {
    let supply = institution.rooms.map {
      hoursOfTerm(.room($0.id), dayLimit: institution.regime.slots)
    }
    guard let shortage = RoomFlow.shortage(of: demands, supply: supply) else { return }
    let needed = shortage.demands.reduce(0) { $0 + demands[$1].hours }
    let free = shortage.rooms.reduce(0) { $0 + supply[$1] }
    var names: [Wording] = []
    for demand in shortage.demands where !names.contains(demands[demand].what) {
      names.append(demands[demand].what)
    }
    let kinds = Set(shortage.rooms.map { institution.rooms[$0].kind }).sorted()
    impossible(
      "M4.roomHours", file: "rooms.csv", column: "kind", value: kinds.joined(separator: "|"),
      Wording {
        let language = $0
        let names = $0.listed(names.map { $0[language] }, most: 5)
        let count = shortage.rooms.count
        return $0.says(
          "\(names): семестрде кемінде \(needed) сағат керек, ал жарамды \(count) аудиторияда "
            + "\(free) бос сағат бар",
          "\(names): в семестре нужно не меньше \(needed) ч, а в подходящих аудиториях (\(count)) "
            + "свободно \(free) ч",
          "\(names) need at least \(needed) hours in the term in \(count) rooms that are "
            + "free for \(free) hours")
      }, mend: Self.moreRooms)
  }
}

/// Hours that must be held in some of the rooms, given by their positions.
struct RoomDemand {
  var what: Wording
  var rooms: [Int]
  var hours: Int
}

/// A transportation problem between demands and rooms, solved by augmenting paths.
enum RoomFlow {
  /// The demands and rooms of a violated Hall condition: the demands need more hours than all the
  /// rooms they can use have. Nil where all demands can be met.
  ///
  /// Complexity: demands with equal rooms are one; each augmentation is a breadth-first search over
  /// distinct demands and rooms, and saturates one of them or moves hours between rooms.
  static func shortage(
    of demands: [RoomDemand], supply: [Int]
  ) -> (demands: [Int], rooms: [Int])? {
    var classOf: [[Int]: Int] = [:]
    var rooms: [[Int]] = []
    var unmet: [Int] = []
    var members: [[Int]] = []
    for (at, demand) in demands.enumerated() {
      if let known = classOf[demand.rooms] {
        unmet[known] += demand.hours
        members[known].append(at)
      } else {
        classOf[demand.rooms] = rooms.count
        rooms.append(demand.rooms)
        unmet.append(demand.hours)
        members.append([at])
      }
    }
    var free = supply
    var held = [[Int: Int]](repeating: [:], count: supply.count)
    for root in rooms.indices {
      while unmet[root] > 0 {
        let found = search(from: root, rooms, free, held)
        guard let end = found.end else {
          let classes = rooms.indices.filter { found.classes[$0] }
          return (
            classes.flatMap { members[$0] }.sorted(),
            supply.indices.filter { found.from[$0] != nil }
          )
        }
        // Back along the path: each class takes hours of its room from the class before.
        var path: [(room: Int, by: Int)] = []
        var room = end
        while let by = found.from[room] {
          path.append((room, by))
          guard by != root, let previous = found.through[by] else { break }
          room = previous
        }
        var amount = min(unmet[root], free[end])
        for step in path.dropLast() {
          guard let previous = found.through[step.by] else { continue }
          amount = min(amount, held[previous][step.by] ?? 0)
        }
        free[end] -= amount
        unmet[root] -= amount
        for step in path {
          held[step.room][step.by, default: 0] += amount
          if step.by != root, let previous = found.through[step.by] {
            held[previous][step.by, default: 0] -= amount
          }
        }
      }
    }
    return nil
  }

  /// Breadth-first: from a class to its rooms, from a room to the classes that hold hours in it.
  private static func search(
    from root: Int, _ rooms: [[Int]], _ free: [Int], _ held: [[Int: Int]]
  ) -> (end: Int?, classes: [Bool], from: [Int?], through: [Int?]) {
    var classes = [Bool](repeating: false, count: rooms.count)
    var from = [Int?](repeating: nil, count: free.count)
    var through = [Int?](repeating: nil, count: rooms.count)
    classes[root] = true
    var queue = [root]
    var head = 0
    while head < queue.count {
      let at = queue[head]
      head += 1
      for room in rooms[at] where from[room] == nil {
        from[room] = at
        if free[room] > 0 { return (room, classes, from, through) }
        for (other, hours) in held[room].sorted(by: { $0.key < $1.key })
        where hours > 0 && !classes[other] {
          classes[other] = true
          through[other] = room
          queue.append(other)
        }
      }
    }
    return (nil, classes, from, through)
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
internal import Curricula
internal import Problem
internal import Solving
public import University
internal import Timetabling
public import Validation

/// Where else a meeting could be held, and what that breaks and costs.
public struct MeetingAdvice: Sendable {
  /// A time and place for a meeting.
  public struct Option: Sendable {
    /// The meeting as it would be.
    public var meeting: Meeting
    /// Whether it is where the meeting is now.
    public var isPresent: Bool
    /// What the objective grows by; where rules are broken, what the criteria alone would.
    public var cost: Double
    /// ``cost`` by criterion; zeros are left out.
    public var costs: [String: Double]
    /// What it breaks, in words, by rule; empty where every rule holds.
    public var broken: [Broken]
  }

  /// A rule that an option breaks.
  public struct Broken: Sendable {
    /// The rule's code.
    public var rule: String
    /// The meeting in the way, where one is.
    public var meeting: MeetingID?
    /// How many people are concerned.
    public var people: Int
    /// Who and what, in words.
    public var wording: Wording

    /// ``wording`` in English.
    public var reason: String { wording[.en] }
  }

  /// Several moves that keep all rules.
  public struct Chain: Sendable {
    /// The meetings as they would be; the first is the one asked for.
    public var meetings: [Meeting]
    /// What the objective grows by.
    public var cost: Double
    /// ``cost`` by criterion; zeros are left out.
    public var costs: [String: Double]
  }

  /// The meeting as it is; nil where it has no place.
  public var meeting: Meeting?
  /// Its id.
  public var id: MeetingID
  /// Every time in every room that suits, or in every room: those that break nothing first, the
  /// cheapest first, then
  /// by how much they break.
  public var options: [Option]
  /// Chains of two and three moves, the cheapest first.
  public var chains: [Chain]
}

extension PlanInHand {
  /// Every time and room of an event, and chains of moves.
  ///
  /// - Parameters:
  ///   - event: The event.
  ///   - chains: How many chains to give at most.
  ///   - inEveryRoom: Rooms that do not suit too.
  /// - Returns: The advice.
  public func advice(
    on event: Int, chains: Int = 5, inEveryRoom: Bool = false
  ) -> MeetingAdvice {
    let findings = PlacementFindings(event, in: state)
    let problem = stage.problem
    let suited = problem.eventRooms[event].map { Int(problem.eventRooms.items[$0]) }
    let rooms =
      !problem.needsRoom[event] ? [-1] : inEveryRoom ? Array(0..<problem.rooms) : suited
    var placements: [PlacementFindings.Placement] = []
    for time in findings.possibleTimes {
      for room in rooms { placements.append(findings.finding(time, room)) }
    }
    let oldTime = Int(state.eventTime[event]), oldRoom = Int(state.eventRoom[event])
    placements.sort { a, b in
      (a.obstacles.count, a.obstacles.reduce(0) { $0 + $1.people.count }, a.cost, a.time, a.room)
        < (
          b.obstacles.count, b.obstacles.reduce(0) { $0 + $1.people.count }, b.cost, b.time, b.room
        )
    }
    let found = MoveChain.find(event, placements, in: state, most: chains)
    return MeetingAdvice(
      meeting: meeting(of: event), id: id(of: event),
      options: placements.map { placement in
        MeetingAdvice.Option(
          meeting: meeting(event, placement.time, placement.room),
          isPresent: placement.time == oldTime && placement.room == oldRoom,
          cost: scaled(placement.cost), costs: placement.costs.mapValues(scaled),
          broken: placement.obstacles.map { broken($0, by: event, placement) })
      },
      chains: found.map { chain in
        MeetingAdvice.Chain(
          meetings: chain.moves.map { meeting($0.event, $0.time, $0.room) },
          cost: scaled(chain.cost), costs: chain.costs.mapValues(scaled))
      })
  }

  /// What it breaks and costs to hold an event at a time in a room.
  func option(_ event: Int, _ time: Int, _ room: Int) -> MeetingAdvice.Option {
    let placement = PlacementFindings(event, in: state).finding(time, room)
    return MeetingAdvice.Option(
      meeting: meeting(event, time, room),
      isPresent: time == Int(state.eventTime[event]) && room == Int(state.eventRoom[event]),
      cost: scaled(placement.cost), costs: placement.costs.mapValues(scaled),
      broken: placement.obstacles.map { broken($0, by: event, placement) })
  }

  func scaled(_ cost: Int) -> Double { Double(cost) / Double(stage.declaration.scale) }

  /// The meeting of an event at a time in a room.
  func meeting(_ event: Int, _ time: Int, _ room: Int) -> Meeting {
    let pattern = stage.problem.pattern(of: time)
    return Meeting(
      id: id(of: event), section: stage.declaration.sectionOfEvent[event],
      weeks: WeekPattern(bits: pattern.weeks, weeks: institution.term.weeks),
      day: institution.days[pattern.day], slot: pattern.start + 1, length: pattern.length,
      room: room < 0 ? nil : stage.declaration.room(room), mode: room < 0 ? .online : .room)
  }

  private func broken(
    _ obstacle: PlacementFindings.Obstacle, by event: Int,
    _ placement: PlacementFindings.Placement
  ) -> MeetingAdvice.Broken {
    let people = stage.declaration.instance.people
    let count = obstacle.people.reduce(0) { $0 + people[$1].count }
    let names = obstacle.people.map { people[$0].name }
    func who(_ language: Language) -> String {
      let first = names.prefix(3).joined(separator: ", ")
      let more = count - min(3, names.count)
      return more > 0
        ? first + language.says(" және тағы \(more)", " и ещё \(more)", " and \(more) more") : first
    }
    let other = obstacle.event.map { self.id(of: $0).text } ?? ""
    let reason: Wording
    switch obstacle.rule {
    case "M3":
      reason = Wording {
        $0.says(
          "оқытушы \(who($0)) ол кезде \(other) жүргізеді",
          "преподаватель \(who($0)) ведёт тогда \(other)", "teacher \(who($0)) holds \(other)")
      }
    case "M5":
      reason = Wording {
        $0.says(
          "\(count) студентте (\(who($0))) ол кезде \(other) бар",
          "у студентов (\(count): \(who($0))) тогда \(other)",
          "\(count) students of \(other) (\(who($0))) have it then")
      }
    case "M4":
      reason = Wording(
        "аудиторияда \(other) өтеді", "в аудитории \(other)", "the room holds \(other)")
    case "T2":
      reason = Wording {
        $0.says(
          "\(other) сабағына дейін не одан кейін жолға уақыт жетпейді: \(who($0))",
          "нет времени на дорогу к \(other) или от него: \(who($0))",
          "no time for the way from or to \(other) for \(who($0))")
      }
    case "T3":
      reason = Wording {
        $0.says(
          "күндегі сағат рұқсаттан көп: \(who($0))", "часов в день больше допустимого: \(who($0))",
          "more hours in the day than allowed for \(who($0))")
      }
    case "T4":
      reason = Wording(
        "бекіту оны басқа жерге қояды, немесе апталары мен ұзақтығы бұлай бола алмайды",
        "закреплено в другом месте, или его недели и длительность такими быть не могут",
        "a pin fixes it elsewhere, or its weeks and length cannot be so")
    case "R1": reason = Wording("оған аудитория керек", "нужна аудитория", "it needs a room")
    case "R4": reason = Wording("ол онлайн өтеді", "проводится онлайн", "it is held online")
    case "R1–R3": reason = unsuitable(event, placement.room)
    case "T1": reason = closed(event, placement)
    default: reason = Wording(name: other)
    }
    return MeetingAdvice.Broken(
      rule: obstacle.rule, meeting: obstacle.event.map { id(of: $0) }, people: count,
      wording: reason)
  }

  private func unsuitable(_ event: Int, _ number: Int) -> Wording {
    let room = institution.rooms[number]
    guard let section = plan.sections[stage.declaration.sectionOfEvent[event]],
      let discipline = institution.disciplines[section.discipline]
    else {
      return Wording("аудитория жарамайды", "аудитория не подходит", "the room does not suit")
    }
    let (seats, size) = (room.capacity, section.students.count)
    if seats < size {
      return Wording(
        "\(room.id): орын \(seats), секцияда \(size)",
        "\(room.id): мест \(seats), в секции \(size)",
        "\(room.id) seats \(seats), the section has \(size)")
    }
    let kinds = institution.roomKinds(of: discipline, section.kind)
    if !kinds.contains(room.kind) {
      return Wording {
        let asked = kinds.joined(separator: $0.says(" не ", " или ", " or "))
        return $0.says(
          "\(room.id) түрі \(room.kind), керегі \(asked)",
          "\(room.id) вида \(room.kind), нужен \(asked)",
          "\(room.id) is of kind \(room.kind), asked is \(asked)")
      }
    }
    let missing = (discipline.features[section.kind] ?? []).subtracting(room.features)
    if !missing.isEmpty {
      let names = missing.sorted().joined(separator: ", ")
      return Wording(
        "\(room.id): \(names) жоқ", "\(room.id): нет \(names)", "\(room.id) has no \(names)")
    }
    return Wording(
      "бекіту басқа аудиторияны талап етеді", "закреплена другая аудитория",
      "a pin fixes another room")
  }

  /// Whose time is forbidden there.
  private func closed(_ event: Int, _ placement: PlacementFindings.Placement) -> Wording {
    let section = plan.sections[stage.declaration.sectionOfEvent[event]]
    let pattern = stage.problem.pattern(of: placement.time)
    let weeks = WeekPattern(bits: pattern.weeks, weeks: institution.term.weeks)
    var subjects: Set<AvailabilitySubject> = []
    if placement.room >= 0 { subjects.insert(.room(stage.declaration.room(placement.room))) }
    for teacher in section.map({ plan.teachersBySection[$0.id] ?? [] }) ?? [] {
      subjects.insert(.teacher(teacher))
    }
    for student in section?.students ?? [] {
      if let group = institution.students[student]?.group { subjects.insert(.group(group)) }
    }
    let rows = institution.availability.filter { row in
      row.level == .forbidden && subjects.contains(row.subject)
        && (row.day == nil || row.day == institution.days[pattern.day])
        && row.weeks.bits & weeks.bits != 0
        && row.from <= pattern.start + pattern.length && row.to >= pattern.start + 1
    }
    let subjectsOfRows = Set(rows.map(\.subject))
    if subjectsOfRows.isEmpty {
      return Wording("тыйым салынған уақыт", "запретное время", "forbidden time")
    }
    return Wording { language in
      let names = subjectsOfRows.map { subject in
        switch subject {
        case .teacher(let id):
          language.says("оқытушы \(id)", "преподаватель \(id)", "teacher \(id)")
        case .room(let id): language.says("аудитория \(id)", "аудитория \(id)", "room \(id)")
        case .group(let id): language.says("топ \(id)", "группа \(id)", "group \(id)")
        }
      }.sorted().joined(separator: ", ")
      return language.says(
        "тыйым салынған уақыт: \(names)", "запретное время: \(names)", "forbidden time of \(names)")
    }
  }
}

/// A time and a place as people type them: `tue 3 B-204`, `fri 1 online`, `mon 5`.
public struct MeetingTarget: Sendable, Hashable {
  /// The day.
  public var day: Weekday
  /// Start slot, from 1.
  public var slot: Int
  /// The room's name; nil for the room that the meeting has.
  public var room: String?

  /// Reads a day, a slot and, where one is given, a room.
  public init?(_ text: String) {
    let parts = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: true)
    guard parts.count >= 2, let day = Weekday(code: parts[0].lowercased()), let slot = Int(parts[1])
    else { return nil }
    self.day = day
    self.slot = slot
    room = parts.count > 2 ? String(parts[2]).trimmed : nil
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = Substring(self)
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}

/// What came of a move that was asked for.
public struct MoveOutcome: Sendable {
  /// The meeting as it was; nil where it had no place.
  public var before: Meeting?
  /// The meeting as asked for.
  public var after: Meeting
  /// Why it was refused; empty where it was made.
  public var reasons: [MeetingAdvice.Broken]
  /// What the objective grew by, by criterion.
  public var costs: [String: Double]
  /// What the validator says of the changed plan; nil where the move was refused before.
  public var report: ScoreReport?
}

extension PlanInHand {
  /// Checks a move, makes it in the plan, and has the validator judge the whole.
  ///
  /// A move that a rule forbids is not made. A plan that broke rules before may be moved in as long
  /// as no more are broken afterwards.
  ///
  /// - Parameters:
  ///   - event: The event of the meeting.
  ///   - target: Where it is to go.
  ///   - weeks: Its new weeks; nil for those that it has.
  ///   - length: Its new length in slots; nil for that which it has.
  /// - Returns: What came of it.
  /// - Throws: ``InputRejected`` where the target names no room or time.
  public func move(
    _ event: Int, to target: MeetingTarget, weeks: WeekPattern? = nil, length: Int? = nil
  ) throws -> MoveOutcome {
    guard let before = meeting(of: event) else {
      return try place(event, at: target, weeks: weeks, length: length)
    }
    var after = before
    after.day = target.day
    after.slot = target.slot
    after.weeks = weeks ?? before.weeks
    after.length = length ?? before.length
    var number = before.room.flatMap { stage.declaration.number(of: $0) } ?? -1
    if let name = target.room {
      if name == "online" {
        after.room = nil
        after.mode = .online
        number = -1
      } else if let known = stage.declaration.number(of: RoomID(name)) {
        after.room = RoomID(name)
        after.mode = .room
        number = known
      } else {
        throw Self.unknownRoom(name)
      }
    }
    let day = try day(of: after.day, after.slot, length: after.length)
    let pattern = TimePattern(
      weeks: after.weeks.bits, day: day, start: after.slot - 1, length: after.length)
    guard let time = stage.problem.time(of: pattern),
      PlacementFindings(event, in: state).possibleTimes.contains(time)
        || (after.weeks == before.weeks && after.length == before.length)
    else {
      return MoveOutcome(
        before: before, after: after,
        reasons: [
          MeetingAdvice.Broken(
            rule: "M1", people: 0,
            wording: Wording(
              "бұл апталар мен ұзақтықпен секцияның сағаты орындалмайды",
              "с этими неделями и длительностью часы секции не выполняются",
              "with these weeks and this length the section's hours are not delivered"))
        ], costs: [:])
    }
    let found = option(event, time, number)
    if !found.broken.isEmpty {
      return MoveOutcome(
        before: before, after: after, reasons: found.broken, costs: found.costs)
    }
    return accept(after, from: before, found.costs)
  }

  /// Gives an event that has no place one at a day and slot: in the room asked for, else in the one
  /// that costs least; in the weeks asked for, else in those that cost least.
  private func place(
    _ event: Int, at target: MeetingTarget, weeks: WeekPattern?, length: Int?
  ) throws -> MoveOutcome {
    let problem = stage.problem
    var rooms =
      problem.needsRoom[event]
      ? problem.eventRooms[event].map { Int(problem.eventRooms.items[$0]) } : [-1]
    if let name = target.room {
      if name == "online" {
        rooms = [-1]
      } else if let known = stage.declaration.number(of: RoomID(name)) {
        rooms = [known]
      } else {
        throw Self.unknownRoom(name)
      }
    }
    let day = try day(of: target.day, target.slot, length: length ?? 1)
    let times = PlacementFindings(event, in: state).possibleTimes.filter { time in
      let pattern = problem.pattern(of: time)
      return pattern.day == day && pattern.start == target.slot - 1
        && (weeks.map { $0.bits == pattern.weeks } ?? true)
        && (length.map { $0 == pattern.length } ?? true)
    }
    let options = times.flatMap { time in rooms.map { option(event, time, $0) } }
    guard
      let best = options.min(by: { ($0.broken.count, $0.cost) < ($1.broken.count, $1.cost) })
    else {
      let after = Meeting(
        id: id(of: event), section: stage.declaration.sectionOfEvent[event],
        weeks: weeks ?? .all(institution.term.weeks), day: target.day, slot: target.slot,
        length: length ?? 1, room: target.room.map { RoomID($0) },
        mode: rooms == [-1] ? .online : .room)
      return MoveOutcome(
        before: nil, after: after,
        reasons: [
          MeetingAdvice.Broken(
            rule: rooms.isEmpty ? "R1–R3" : "M1", people: 0,
            wording: rooms.isEmpty
              ? Wording(
                "жарамды аудитория жоқ", "нет подходящей аудитории", "no room suits it")
              : Wording(
                "сағаттары бұл жерден басталатын сабаққа жол бермейді",
                "её часы не позволяют занятия, которое начинается там",
                "no meeting that its hours allow can begin there"))
        ], costs: [:])
    }
    if !best.broken.isEmpty {
      return MoveOutcome(
        before: nil, after: best.meeting, reasons: best.broken, costs: best.costs)
    }
    return accept(best.meeting, from: nil, best.costs)
  }

  private static func unknownRoom(_ name: String) -> InputRejected {
    InputRejected([
      Diagnostic(
        .error, code: "move.unknownRoom", value: name, problem: "there is no such room",
        suggestion: "give a room of rooms.csv, or online")
    ])
  }

  /// The number of a day on which so many slots can begin at a slot.
  private func day(of day: Weekday, _ slot: Int, length: Int) throws -> Int {
    let slots = institution.regime.slots
    // Without sums: people may type any number.
    guard let number = institution.days.firstIndex(of: day), slot >= 1, slot <= slots,
      length <= slots - slot + 1
    else {
      throw InputRejected([
        Diagnostic(
          .error, code: "move.outsideGrid", value: "\(day.code) \(slot)",
          problem: "\(length) slots from there leave the grid",
          suggestion:
            "days are \(institution.days.map(\.code).joined(separator: " ")), slots 1 to "
            + "\(slots)")
      ])
    }
    return number
  }

  /// Makes a move and has the validator judge the whole.
  private func accept(
    _ after: Meeting, from before: Meeting?, _ costs: [String: Double]
  ) -> MoveOutcome {
    let earlier = plan
    put(after)
    let report = judge()
    if !report.isValid {
      let old = PlanValidator.validate(institution, earlier).counts
      let worse = report.violations.filter {
        ($0.times) > 0 && (report.counts[$0.rule] ?? 0) > (old[$0.rule] ?? 0)
      }
      if !worse.isEmpty {
        plan = earlier
        return MoveOutcome(
          before: before, after: after,
          reasons: worse.map {
            MeetingAdvice.Broken(
              rule: $0.rule.rawValue, people: 0, wording: $0.wording)
          }, costs: costs)
      }
    }
    plan.record.revision += 1
    reload()
    return MoveOutcome(before: before, after: after, reasons: [], costs: costs, report: report)
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
private import Foundation
public import University
private import Yams

/// A what-if: an overlay on an instance.
public struct ScenarioDeclaration: Sendable {
  /// Names its folder.
  public var name: String
  /// What people read; the name where it is not given.
  public var title: String
  /// The same by language, where it is given so.
  public var titles: [Language: String] = [:]
  /// Changes of the tables, in order.
  public var edits: [OverlayEdit] = []
  /// So many rooms are closed whose loss costs least.
  public var closesCheapest = 0
  /// YAML that is merged into `instance.yaml`; empty for nothing.
  public var settings = ""
  /// The regime; nil for the instance's.
  public var regime: String?
  /// What it changes, as the file says it, without name and titles.
  public var text = ""
  /// The file, and where the scenario stands in it: `scenarios[2]`.
  public var file = ""
  /// The path of the scenario in the file.
  public var path = ""
  /// Lines by path within the scenario, such as `set.policy.group_cap`; of itself by "".
  public var lines: [String: Int] = [:]

  /// A scenario that changes nothing.
  public init(name: String, title: String) {
    self.name = name
    self.title = title
  }
}

extension ScenarioDeclaration {
  /// The buildings that it adds.
  fileprivate var addedBuildings: [String] {
    edits.compactMap { edit in
      if case .addBuilding(let building, _) = edit { building.id.text } else { nil }
    }
  }
}

/// A file of scenarios.
public struct ScenarioFile: Sendable {
  /// The instance folder.
  public var instance: String
  /// The plan that all start from; empty where one is to be made.
  public var base: String
  /// Seconds of each run.
  public var seconds = 120.0
  /// Moves of each run in place of the clock: each has the same work then, and the same file gives the
  /// same plans however busy the machine is. Nil for ``seconds``.
  public var iterations: Int?
  /// Seeds: each scenario runs once with each.
  public var seeds: [UInt64] = [1]
  /// What a room costs in the term, by its id.
  public var roomCosts: [RoomID: Double] = [:]
  /// What a room of a kind costs in the term where nothing is said of the room itself.
  public var kindCosts: [String: Double] = [:]
  /// The scenarios, in order.
  public var scenarios: [ScenarioDeclaration] = []

  /// Reads a file; paths in it are relative to its folder.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - institution: Reads the instance that the file names, for its references.
  /// - Returns: The scenarios.
  /// - Throws: ``InputRejected`` with everything found.
  public static func read(
    _ path: String, institution: (String) throws -> Institution
  ) throws -> ScenarioFile {
    let (file, faults) = try parse(path, institution: institution)
    if !faults.isEmpty { throw InputRejected(faults) }
    return file
  }

  /// As ``read(_:institution:)``, but what is wrong with a file that has scenarios is returned beside
  /// what could be read, so that more can be looked for before all is told.
  public static func parse(
    _ path: String, institution: (String) throws -> Institution
  ) throws -> (file: ScenarioFile, faults: [Diagnostic]) {
    let reader = try Reader(path)
    let folder = (path as NSString).deletingLastPathComponent
    func resolved(_ text: String) -> String {
      text.hasPrefix("/") || folder.isEmpty ? text : folder + "/" + text
    }
    let root = reader.root
    reader.allow(
      ["instance", "base", "seconds", "iterations", "seeds", "room_costs", "scenarios"], in: root,
      "")
    guard let instance = reader.text(root, "instance", "") else {
      reader.fault(root, "", "instance is needed", "name its folder")
      throw InputRejected(reader.found)
    }
    let base = reader.text(root, "base", "").map(resolved) ?? ""
    var file = ScenarioFile(instance: resolved(instance), base: base)
    let known = try institution(file.instance)
    if let seconds = reader.number(root, "seconds", "") { file.seconds = seconds }
    if let node = root["iterations"] {
      if let moves = node.int, (1...1_000_000_000_000).contains(moves) {
        file.iterations = moves
      } else {
        reader.fault(
          node, "iterations", "a number of moves of at least 1 is needed", "such as 20000000")
      }
      if root["seconds"] != nil {
        reader.fault(
          node, "iterations", "moves and seconds at once: a run ends by one of them",
          "seconds or iterations")
      }
    }
    if let node = root["seeds"] {
      let seeds = node.sequence?.compactMap { $0.int }.filter { $0 >= 0 }.map { UInt64($0) } ?? []
      if seeds.isEmpty || seeds.count != node.sequence?.count || Set(seeds).count != seeds.count {
        reader.fault(
          node, "seeds", "a list of different whole numbers is needed", "such as [1, 2, 3]")
      } else {
        file.seeds = seeds
      }
    }
    (file.roomCosts, file.kindCosts) = reader.roomCosts(root["room_costs"], known)
    guard let list = root["scenarios"]?.sequence, !list.isEmpty else {
      reader.fault(root, "scenarios", "a list of scenarios is needed", "such as - name: no-b")
      throw InputRejected(reader.found)
    }
    var names: Set<String> = ["base"]
    for (number, node) in list.enumerated() {
      let scenario = reader.scenario(node, "scenarios[\(number + 1)]", known)
      if !names.insert(scenario.name).inserted {
        reader.fault(node, "name", "\(scenario.name) is named twice, or base", "give other names")
      }
      file.scenarios.append(scenario)
    }
    if !(file.seconds > 0 && file.seconds <= 1e6) {
      reader.fault(
        root["seconds"], "seconds", "must be more than 0 and at most 1000000", "such as 120")
    }
    return (file, reader.found.sorted { ($0.line ?? 0) < ($1.line ?? 0) })
  }

  /// What each room of an institution costs; rooms of which nothing is said are left out, and rooms
  /// that stand in for others in a scenario, which are the same places.
  public func costs(of institution: Institution, in scenario: String? = nil) -> [RoomID: Double] {
    let standIns = standIns(of: scenario)
    var result: [RoomID: Double] = [:]
    for room in institution.rooms where !standIns.contains(room.id) {
      result[room.id] = roomCosts[room.id] ?? kindCosts[room.kind]
    }
    return result
  }

  /// The rooms that stand in for others in a scenario.
  public func standIns(of scenario: String?) -> Set<RoomID> {
    scenarios.first { $0.name == scenario }?.edits.standIns ?? []
  }

  /// `instance.yaml` with settings merged into it, mapping by mapping.
  public static func merge(_ settings: String, into instance: String) throws -> String {
    guard !settings.isEmpty, let upper = try Yams.compose(yaml: settings),
      let lower = try Yams.compose(yaml: instance)
    else { return instance }
    return try Yams.serialize(node: merged(lower, upper), allowUnicode: true)
  }

  private static func merged(_ lower: Node, _ upper: Node) -> Node {
    guard var below = lower.mapping, let above = upper.mapping else { return upper }
    for (key, value) in above {
      below[key] = below[key].map { merged($0, value) } ?? value
    }
    return .mapping(below)
  }
}

/// Reads nodes and notes what is wrong with them.
private final class Reader {
  let file: String
  let root: Node
  private(set) var found: [Diagnostic] = []

  init(_ path: String) throws {
    file = path
    let text: String
    do {
      text = String(decoding: try FolderFiles.read(path), as: UTF8.self)
    } catch {
      throw InputRejected([
        Diagnostic(
          .error, code: "scenario.unreadable", file: path, problem: "cannot be read: \(error)")
      ])
    }
    do {
      guard let node = try Yams.compose(yaml: text), node.mapping != nil else {
        throw InputRejected([
          Diagnostic(
            .error, code: "scenario.type", file: path, line: 1,
            problem: "a mapping of keys to values is needed")
        ])
      }
      root = node
    } catch let error as YamlError {
      throw InputRejected([
        Diagnostic(.error, code: "scenario.syntax", file: path, problem: "not YAML: \(error)")
      ])
    }
  }

  func fault(_ node: Node?, _ path: String, _ problem: String, _ right: String) {
    found.append(
      Diagnostic(
        .error, code: "scenario.value", file: file, line: node?.mark?.line,
        column: path.isEmpty ? nil : path, value: node?.scalar?.string, problem: problem,
        suggestion: right))
  }

  func allow(_ keys: Set<String>, in node: Node, _ path: String) {
    for (key, _) in node.mapping ?? [:] {
      let name = key.scalar?.string ?? ""
      if !keys.contains(name) {
        var nearest = NearestName()
        let names = keys.sorted()
        fault(
          key, path, "unknown key",
          nearest.find(name, among: names).map { "did you mean \"\($0)\"?" }
            ?? "one of " + names.joined(separator: ", "))
      }
    }
  }

  func text(_ node: Node, _ key: String, _ path: String) -> String? {
    guard let value = node[key] else { return nil }
    guard let text = value.scalar?.string, !text.isEmpty else {
      fault(value, path + key, "a word is needed", "text")
      return nil
    }
    return text
  }

  func number(_ node: Node, _ key: String, _ path: String) -> Double? {
    guard let value = node[key] else { return nil }
    guard let number = value.float ?? value.int.map(Double.init), number.isFinite else {
      fault(value, path + key, "a number is needed", "such as 1.5")
      return nil
    }
    return number
  }

  func pairs(_ node: Node?, _ path: String) -> [(String, Node)] {
    guard let node else { return [] }
    guard let mapping = node.mapping else {
      fault(node, path, "a mapping of keys to values is needed", "key: value")
      return []
    }
    return mapping.map { ($0.key.scalar?.string ?? "", $0.value) }
  }

  /// Costs by room, or by kind of room for those without one of their own.
  func roomCosts(
    _ node: Node?, _ it: Institution
  ) -> (rooms: [RoomID: Double], kinds: [String: Double]) {
    var own: [RoomID: Double] = [:]
    var byKind: [String: Double] = [:]
    let kinds = Set(it.rooms.map(\.kind))
    for (key, value) in pairs(node, "room_costs") {
      guard let cost = value.float ?? value.int.map(Double.init), cost.isFinite, cost >= 0 else {
        fault(value, "room_costs.\(key)", "a cost of at least 0 is needed", "such as A101: 500")
        continue
      }
      if it.rooms.contains(id: RoomID(key)) {
        own[RoomID(key)] = cost
      } else if kinds.contains(key) {
        byKind[key] = cost
      } else {
        fault(
          value, "room_costs.\(key)", "there is no such room or kind of room",
          "a room of rooms.csv, or one of \(kinds.sorted().joined(separator: ", "))")
      }
    }
    return (own, byKind)
  }

  private func items(_ node: Node, _ key: String, _ path: String) -> [Node] {
    guard let value = node[key] else { return [] }
    if let list = value.sequence { return Array(list) }
    fault(value, "\(path).\(key)", "a list is needed", "such as [a, b]")
    return []
  }

  /// A list of words; what is none is a fault.
  private func words(_ node: Node, _ key: String, _ path: String) -> [String] {
    items(node, key, path).compactMap { item in
      if let word = item.scalar?.string, !word.isEmpty { return word }
      fault(item, "\(path).\(key)", "a word is needed", "such as [a, b]")
      return nil
    }
  }

  func scenario(_ node: Node, _ path: String, _ it: Institution) -> ScenarioDeclaration {
    guard node.mapping != nil, let name = text(node, "name", "\(path).") else {
      fault(node, path, "a mapping with a name is needed", "- name: no-b")
      return ScenarioDeclaration(name: path, title: path)
    }
    if !name.unicodeScalars.allSatisfy({
      $0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "-" || $0 == "_"
    }) {
      fault(node["name"], "\(path).name", "it names a folder", "letters, digits, - and _")
    }
    allow(
      [
        "name", "title", "close", "open", "close_cheapest", "add_buildings", "add_rooms", "resize",
        "equip", "set", "regime", "online", "enrolment_factor", "remove_teachers", "add_teachers",
        "shift_minutes",
      ], in: node, path)
    var result = ScenarioDeclaration(name: name, title: name)
    result.file = file
    result.path = path
    note(node, "", &result.lines)
    result.text = overlay(node)
    if node["title"]?.mapping != nil {
      for (key, value) in pairs(node["title"], "\(path).title") {
        guard let language = Language(rawValue: key), let words = value.scalar?.string else {
          fault(value, "\(path).title.\(key)", "a title by language is needed", "kk, ru, en: text")
          continue
        }
        result.titles[language] = words
      }
      result.title =
        result.titles[.en] ?? result.titles[it.language] ?? result.titles.values.min() ?? name
    } else {
      result.title = text(node, "title", "\(path).") ?? name
    }
    for item in items(node, "close", path) {
      if let edit = change(item, "\(path).close", it, opening: false) {
        result.edits.append(edit)
      }
    }
    let gone = Set(
      result.edits.flatMap { edit in
        if case .close(let places, nil, nil) = edit { it.rooms(of: places) } else { [RoomID]() }
      })
    for item in items(node, "open", path) {
      guard let edit = change(item, "\(path).open", it, opening: true) else { continue }
      if case .open(let places, _, _) = edit,
        let room = it.rooms(of: places).first(where: gone.contains)
      {
        fault(
          item, "\(path).open", "\(room.text) is closed for good in the same scenario",
          "close it in the weeks or on the days in which it is to be closed")
        continue
      }
      result.edits.append(edit)
    }
    if let value = node["close_cheapest"] {
      if let count = value.int, count >= 1 {
        result.closesCheapest = count
      } else {
        fault(value, "\(path).close_cheapest", "a number of rooms is needed", "such as 5")
      }
    }
    for item in items(node, "add_buildings", path) { addBuilding(item, path, it, &result) }
    for item in items(node, "add_rooms", path) { addRoom(item, path, node, it, &result) }
    refit(node, path, it, gone, &result)
    if let set = node["set"] {
      if set.mapping != nil, let text = try? Yams.serialize(node: set, allowUnicode: true) {
        result.settings = text
      } else {
        fault(set, "\(path).set", "keys of instance.yaml are needed", "policy: {group_cap: 30}")
      }
    }
    if let regime = text(node, "regime", "\(path).") {
      if it.regimes.contains(where: { $0.name == regime }) || node["set"]?["regimes"] != nil {
        result.regime = regime
      } else {
        fault(
          node["regime"], "\(path).regime", "there is no such regime",
          it.regimes.map(\.name).joined(separator: ", "))
      }
    }
    let online = words(node, "online", path)
    let kinds = Set(online.compactMap(TeachingKind.init))
    if !online.isEmpty, kinds.count == Set(online).count {
      result.edits.append(.online(kinds))
    } else if !online.isEmpty {
      fault(
        node["online"], "\(path).online", "kinds of class are needed",
        "some of [lecture, practice, lab]")
    }
    if let factor = number(node, "enrolment_factor", "\(path).") {
      if factor > 0, factor <= 10 {
        result.edits.append(.enrolment(factor: factor))
      } else {
        fault(
          node["enrolment_factor"], "\(path).enrolment_factor", "must be above 0 and at most 10",
          "such as 1.1")
      }
    }
    // Who comes in place of one who leaves can do what that one could.
    for item in items(node, "add_teachers", path) { addTeacher(item, path, it, &result) }
    for item in items(node, "remove_teachers", path) {
      let name = item.scalar?.string ?? ""
      if it.teachers.contains(id: TeacherID(name)) {
        result.edits.append(.removeTeacher(TeacherID(name)))
      } else {
        fault(item, "\(path).remove_teachers", "there is no such teacher", "see teachers.csv")
      }
    }
    if let minutes = node["shift_minutes"] {
      if let value = minutes.int {
        result.edits.append(.shift(minutes: value))
      } else {
        fault(minutes, "\(path).shift_minutes", "whole minutes are needed", "such as 30")
      }
    }
    return result
  }

  /// Rooms that are resized or equipped, for good or at some times. What is said of a room at the
  /// same times is of one room in its stead, whose id is that of the room with ·2, or ·3 for the
  /// second.
  private func refit(
    _ node: Node, _ path: String, _ it: Institution, _ gone: Set<RoomID>,
    _ result: inout ScenarioDeclaration
  ) {
    var refits: [RoomID: [OverlayEdit.Refit]] = [:]
    var order: [RoomID] = []
    var taken = Set(it.rooms.map(\.id))
    for case .addRoom(let room, _, _) in result.edits { taken.insert(room.id) }
    /// Whether the change is for good; else it is noted.
    func isForGood(
      _ id: RoomID, _ value: Node, _ here: String, _ set: (inout OverlayEdit.Refit) -> Void
    ) -> Bool {
      if gone.contains(id) {
        fault(
          value, here, "\(id) is closed for good in the same scenario", "leave one of the two out")
        return false
      }
      guard value["weeks"] != nil || value["days"] != nil else { return true }
      let faults = found.count
      var weeks = weeks(value, here, it), days = days(value, here, it)
      if found.count > faults { return false }
      if weeks == .all(it.term.weeks) { weeks = nil }
      if days.map({ Set($0).isSuperset(of: it.days) }) ?? false { days = nil }
      if weeks == nil, days == nil { return true }
      var own = refits[id] ?? []
      let sameDays = days.map(Set.init)
      if let at = own.firstIndex(where: { $0.weeks == weeks && $0.days.map(Set.init) == sameDays })
      {
        set(&own[at])
      } else {
        var refit = OverlayEdit.Refit(
          standIn: RoomID("\(id.text)·\(own.count + 2)"), weeks: weeks, days: days)
        set(&refit)
        if own.contains(where: refit.meets) {
          fault(
            value, here, "the weeks and days meet others in which \(id) is changed",
            "the same weeks and days in both, or others")
        }
        if !taken.insert(refit.standIn).inserted {
          fault(
            value, here,
            "there is a room \(refit.standIn), as \(id) would be called at these times",
            "give the room another id")
        }
        own.append(refit)
        if refits[id] == nil { order.append(id) }
      }
      refits[id] = own
      return false
    }
    for (key, value) in pairs(node["resize"], "\(path).resize") {
      let here = "\(path).resize.\(key)"
      if value.mapping != nil { allow(["capacity", "factor", "weeks", "days"], in: value, here) }
      let seats = value.mapping == nil ? value.int : value["capacity"]?.int
      let factor = value["factor"].flatMap { $0.float ?? $0.int.map(Double.init) }
      let rooms = roomsNamed(key, value, "\(path).resize", it, gone)
      let isGiven =
        value.mapping == nil || (value["capacity"] == nil) != (value["factor"] == nil)
      guard isGiven, seats.map({ $0 > 0 }) ?? factor.map({ $0 > 0 && $0 <= 10 }) ?? false else {
        fault(
          value, here, "a number of seats is needed, or a factor above 0 and at most 10",
          "such as A101: 60, A101: {capacity: 60, weeks: 3-5} or B: {factor: 0.5}")
        continue
      }
      for room in rooms {
        let faults = found.count
        // As many as a part of the seats holds, and at least one.
        let there = Double(it.rooms[room]?.capacity ?? 0)
        let count = seats ?? max(1, Int(((factor ?? 1) * there + 1e-9).rounded(.down)))
        if isForGood(room, value, here, { $0.capacity = count }) {
          result.edits.append(.resize(room, capacity: count))
        }
        if found.count > faults { break }
      }
    }
    for (key, value) in pairs(node["equip"], "\(path).equip") {
      let here = "\(path).equip.\(key)"
      guard value.mapping != nil, value["kind"] != nil || value["features"] != nil else {
        fault(value, here, "kind or features are needed", "{kind: lab, features: [workbench]}")
        continue
      }
      allow(["kind", "features", "weeks", "days"], in: value, here)
      let rooms = roomsNamed(key, value, "\(path).equip", it, gone)
      let kind = text(value, "kind", "\(here).")
      if let kind { checkKind(kind, value["kind"], "\(here).kind", node, it, result) }
      let features = value["features"] == nil ? nil : Set(words(value, "features", here))
      for room in rooms {
        let faults = found.count
        let isForGood = isForGood(room, value, here) { refit in
          if let kind { refit.kind = kind }
          if let features { refit.features = features }
        }
        if isForGood { result.edits.append(.equip(room, kind: kind, features: features)) }
        if found.count > faults { break }
      }
    }
    for room in order { result.edits += (refits[room] ?? []).map { .refit(room, $0) } }
  }

  /// A scenario without its name and titles, a line a key.
  private func overlay(_ node: Node) -> String {
    guard var mapping = node.mapping else { return "" }
    mapping["name"] = nil
    mapping["title"] = nil
    mapping.style = .block
    if mapping.isEmpty { return "" }
    let text = (try? Yams.serialize(node: .mapping(mapping), allowUnicode: true)) ?? ""
    return String(text.reversed().drop { $0.isNewline }.reversed())
  }

  /// Notes the lines of a node and of all below it.
  private func note(_ node: Node, _ path: String, _ lines: inout [String: Int]) {
    lines[path] = node.mark?.line
    for (key, value) in node.mapping ?? [:] {
      let name = key.scalar?.string ?? ""
      note(value, path.isEmpty ? name : "\(path).\(name)", &lines)
    }
  }

  private func room(_ name: String, _ node: Node, _ path: String, _ it: Institution) -> RoomID? {
    if it.rooms.contains(id: RoomID(name)) { return RoomID(name) }
    fault(node, "\(path).\(name)", "there is no such room", "see rooms.csv")
    return nil
  }

  /// A room by its name, or else, by that of a building, all its rooms that are not closed for good;
  /// what is neither is noted.
  private func roomsNamed(
    _ name: String, _ node: Node, _ path: String, _ it: Institution, _ gone: Set<RoomID>
  ) -> [RoomID] {
    let own = it.rooms.filter { $0.building == BuildingID(name) }.map(\.id)
    if it.rooms.contains(id: RoomID(name)) || own.isEmpty {
      return [room(name, node, path, it)].compactMap { $0 }
    }
    let left = own.filter { !gone.contains($0) }
    if left.isEmpty {
      fault(
        node, "\(path).\(name)", "\(name) is closed for good in the same scenario",
        "leave one of the two out")
    }
    return left
  }

  private func places(_ node: Node, _ path: String, _ it: Institution) -> OverlayEdit.Places? {
    if node["room"] != nil, node["building"] != nil {
      fault(node, path, "a room and a building at once", "one of them")
      return nil
    }
    if let name = node["room"]?.scalar?.string, let id = room(name, node, path, it) {
      return .room(id)
    }
    if let name = node["building"]?.scalar?.string {
      if it.buildings.contains(id: BuildingID(name)) { return .building(BuildingID(name)) }
      fault(node["building"], path, "there is no such building", "see buildings.csv")
      return nil
    }
    if node["room"] == nil { fault(node, path, "room or building is needed", "{building: B}") }
    return nil
  }

  /// Rooms that are closed or opened.
  private func change(
    _ node: Node, _ path: String, _ it: Institution, opening: Bool
  ) -> OverlayEdit? {
    guard node.mapping != nil else {
      fault(node, path, "room or building is needed", "{building: B}")
      return nil
    }
    allow(["room", "building", "weeks", "days"], in: node, path)
    guard let places = places(node, path, it) else { return nil }
    let weeks = weeks(node, path, it), days = days(node, path, it)
    return opening
      ? .open(places, weeks: weeks, days: days) : .close(places, weeks: weeks, days: days)
  }

  /// Weeks of the term, at least one; nil where none are given, or noted as wrong.
  private func weeks(_ node: Node, _ path: String, _ it: Institution) -> WeekPattern? {
    guard let given = node["weeks"] else { return nil }
    if let weeks = WeekPattern(span: given.scalar?.string ?? "", weeks: it.term.weeks) {
      return weeks
    }
    fault(
      given, "\(path).weeks", "no weeks of the term",
      "such as 3-5, odd, even or \(it.term.weeks) digits, not all of them 0")
    return nil
  }

  /// Teaching days of the institution; nil where none are given, or noted as wrong.
  private func days(_ node: Node, _ path: String, _ it: Institution) -> [Weekday]? {
    guard let given = node["days"] else { return nil }
    let list = given.sequence.map(Array.init) ?? []
    let days = list.compactMap { Weekday(code: $0.scalar?.string ?? "") }
    if list.isEmpty || !days.allSatisfy(it.days.contains) || days.count != list.count {
      fault(
        given, "\(path).days", "not a list of teaching days",
        "some of [\(it.days.map(\.code).joined(separator: ", "))]")
    }
    return days
  }

  private func addBuilding(
    _ node: Node, _ path: String, _ it: Institution, _ result: inout ScenarioDeclaration
  ) {
    let here = "\(path).add_buildings"
    guard node.mapping != nil, let name = text(node, "building", "\(here).") else {
      fault(node, here, "building is needed", "{building: E, minutes: {A: 10}}")
      return
    }
    allow(["building", "name", "minutes"], in: node, here)
    if it.buildings.contains(id: BuildingID(name)) || result.addedBuildings.contains(name) {
      fault(node["building"], here, "there is such a building", "another id")
      return
    }
    var minutes: [BuildingID: Int] = [:]
    for (other, value) in pairs(node["minutes"], "\(here).minutes") {
      guard it.buildings.contains(id: BuildingID(other)) || result.addedBuildings.contains(other)
      else {
        fault(value, "\(here).minutes.\(other)", "there is no such building", "see buildings.csv")
        continue
      }
      guard let time = value.int, (0...1440).contains(time) else {
        fault(value, "\(here).minutes.\(other)", "minutes from 0 to 1440 are needed", "such as 10")
        continue
      }
      minutes[BuildingID(other)] = time
    }
    result.edits.append(
      .addBuilding(
        Building(id: BuildingID(name), name: text(node, "name", "\(here).") ?? name),
        minutes: minutes))
  }

  private func addRoom(
    _ node: Node, _ path: String, _ scenario: Node, _ it: Institution,
    _ result: inout ScenarioDeclaration
  ) {
    let here = "\(path).add_rooms"
    allow(
      ["room", "building", "capacity", "kind", "features", "weeks", "days"], in: node, here)
    guard node.mapping != nil, let name = text(node, "room", "\(here)."),
      let building = text(node, "building", "\(here)."), let seats = node["capacity"]?.int,
      seats > 0, let kind = text(node, "kind", "\(here).")
    else {
      fault(
        node, here, "room, building, capacity and kind are needed",
        "{room: X1, building: A, capacity: 30, kind: classroom}")
      return
    }
    if !it.buildings.contains(id: BuildingID(building)),
      !result.addedBuildings.contains(building)
    {
      fault(
        node["building"], here, "there is no such building", "see buildings.csv, or add_buildings")
      return
    }
    let isAdded = result.edits.contains { edit in
      if case .addRoom(let other, _, _) = edit { other.id == RoomID(name) } else { false }
    }
    if it.rooms.contains(id: RoomID(name)) || isAdded {
      fault(
        node["room"], here, isAdded ? "it is added twice" : "there is such a room",
        isAdded ? "another id" : "resize or equip change it")
      return
    }
    checkKind(kind, node["kind"], here, scenario, it, result)
    let features = words(node, "features", here)
    let room = Room(
      id: RoomID(name), building: BuildingID(building), capacity: seats, kind: kind,
      features: Set(features))
    result.edits.append(
      .addRoom(room, weeks: weeks(node, here, it), days: days(node, here, it)))
  }

  /// Tells of a kind of room that no room of the instance or the scenario has and no class asks for.
  private func checkKind(
    _ kind: String, _ value: Node?, _ path: String, _ scenario: Node, _ it: Institution,
    _ result: ScenarioDeclaration
  ) {
    var known = Set(it.rooms.map(\.kind))
    known.formUnion(it.policy.roomKinds.values.joined())
    for discipline in it.disciplines { known.formUnion(discipline.roomKinds.values.joined()) }
    for case .addRoom(let room, _, _) in result.edits { known.insert(room.kind) }
    for (_, kinds) in scenario["set"]?["policy"]?["room_kinds"]?.mapping ?? [:] {
      known.formUnion((kinds.sequence.map(Array.init) ?? [kinds]).compactMap { $0.scalar?.string })
    }
    if known.contains(kind) { return }
    var nearest = NearestName()
    let names = known.sorted()
    fault(
      value, path, "no room is of this kind and no class asks for it",
      nearest.find(kind, among: names).map { "did you mean \"\($0)\"?" }
        ?? "one of " + names.joined(separator: ", "))
  }

  private func addTeacher(
    _ node: Node, _ path: String, _ it: Institution, _ result: inout ScenarioDeclaration
  ) {
    let here = "\(path).add_teachers"
    allow(["teacher", "name", "like", "rate"], in: node, here)
    guard let name = text(node, "teacher", "\(here)."), let like = text(node, "like", "\(here)."),
      var model = it.teachers[TeacherID(like)]
    else {
      fault(
        node, here, "teacher and like (a teacher of the instance) are needed",
        "{teacher: NEW-1, like: EES-03}")
      return
    }
    let isAdded = result.edits.contains { edit in
      if case .addTeacher(let other, _) = edit { other.id == TeacherID(name) } else { false }
    }
    if it.teachers.contains(id: TeacherID(name)) || isAdded {
      fault(node["teacher"], here, "there is such a teacher", "another id")
      return
    }
    model.id = TeacherID(name)
    model.name = text(node, "name", "\(here).") ?? name
    model.minHours = nil
    if let rate = number(node, "rate", "\(here).") {
      if rate <= 0 || rate > 2 {
        fault(node["rate"], "\(here).rate", "must be above 0, at most 2", "such as 0.5")
      }
      model.rate = rate
    }
    result.edits.append(.addTeacher(model, like: TeacherID(like)))
  }
}

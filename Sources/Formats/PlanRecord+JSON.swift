// SPDX-License-Identifier: GPL-3.0-or-later
internal import University

extension PlanRecord {
  /// Reads `plan.json`. Claims that are missing or of another type come back empty: they break P1,
  /// which is the validation's to say.
  init(json: JSONValue) {
    self.init(
      keste: json["keste"]?.string ?? "", instance: json["instance"]?.string ?? "",
      instanceSHA256: json["instance_sha256"]?.string ?? "", seed: json["seed"]?.unsigned ?? 0,
      regime: json["regime"]?.string ?? "")
    format = json["format"]?.double.flatMap { Int(exactly: $0) } ?? 0
    revision = json["revision"]?.double.flatMap { Int(exactly: $0) }.map { max(0, $0) } ?? 0
    sections = json["sections"].flatMap(StageRecord.init(json:))
    load = json["load"].flatMap(StageRecord.init(json:))
    timetable = json["timetable"].flatMap(StageRecord.init(json:))
  }

  /// `plan.json` with sorted keys.
  var json: JSONValue {
    var members: [String: JSONValue] = [
      "format": .whole(format), "keste": .text(keste), "instance": .text(instance),
      "instance_sha256": .text(instanceSHA256), "seed": .large(seed), "regime": .text(regime),
    ]
    if revision > 0 { members["revision"] = .whole(revision) }
    if let sections { members["sections"] = sections.json }
    if let load { members["load"] = load.json }
    if let timetable { members["timetable"] = timetable.json }
    return .object(members)
  }
}

extension StageRecord {
  /// Reads the claims of a stage; nil where they name no status.
  init?(json: JSONValue) {
    guard let status = json["status"]?.string.flatMap(StageStatus.init(rawValue:)) else {
      return nil
    }
    var criteria: [String: Double] = [:]
    if case .object(let members) = json["criteria"] {
      criteria = members.compactMapValues(\.double)
    }
    // A bound that is no number is a false claim, not a missing one.
    var bound: Double?
    if let claimed = json["bound"] {
      if case .null = claimed {} else { bound = claimed.double ?? .nan }
    }
    self.init(
      status: status, objective: json["objective"]?.double, bound: bound,
      criteria: criteria, seconds: json["seconds"]?.double ?? 0)
    if case .object(let members) = json["bound_parts"] {
      boundParts = members.compactMapValues(\.double)
    }
  }

  var json: JSONValue {
    var members: [String: JSONValue] = [
      "status": .text(status.rawValue),
      "objective": objective.map { .number(Self.tidy($0)) } ?? .null,
      "bound": bound.map { .number(Self.tidy($0)) } ?? .null,
      "criteria": .object(criteria.mapValues { .number(Self.tidy($0)) }),
      "seconds": .number((seconds * 100).rounded() / 100),
    ]
    if !boundParts.isEmpty {
      members["bound_parts"] = .object(boundParts.mapValues { .number(Self.tidy($0)) })
    }
    return .object(members)
  }

  /// Without the noise of sums in floating point; rounding keeps bound ≤ objective.
  private static func tidy(_ value: Double) -> Double {
    let rounded = (value * 1e6).rounded() / 1e6
    return abs(value) < 1e9 ? rounded : value
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
internal import Dispatch
internal import Formats
internal import Foundation
internal import Synchronization
internal import Timetabling
internal import University
internal import Validation

/// What a search that goes on for long leaves beside the plan folder every few seconds, so that a kill
/// costs no more than that.
///
/// `PLAN.checkpoint` is a plan folder that the validator passed, with the timetable as it was, and
/// `search.json` with the share of the search that was done and the timetable that it started from.
/// The next run of the same command on the same sections, load and start goes on from there; a run
/// that ends by itself removes it. Runs with a limit on iterations neither write nor read one.
final class Checkpoint: Sendable {
  /// Seconds between two checkpoints.
  static let interval = 6.0

  private let path: String
  private let institution: Institution
  private let base: Plan
  private let start: String
  private let began = ContinuousClock.now
  private let spent: Double
  private let queue = DispatchQueue(label: "keste.checkpoint", qos: .utility)
  private let isBusy = Mutex(false)

  /// Where the checkpoint of a plan folder is.
  static func path(of plan: String) -> String {
    (plan.hasSuffix("/") ? String(plan.dropLast()) : plan) + ".checkpoint"
  }

  /// A writer beside a plan folder, for a plan's sections and load, of a run from some meetings that
  /// before it was broken off had taken some seconds.
  init(
    beside plan: String, of institution: Institution, _ base: Plan, from meetings: [Meeting]?,
    spent: Double = 0
  ) {
    path = Self.path(of: plan)
    start = Self.mark(base, meetings)
    self.spent = spent
    self.institution = institution
    self.base = base
  }

  /// Judges a timetable and stores it, on another thread; does nothing while the one before is still
  /// being stored, and stores nothing that breaks a rule.
  func offer(_ meetings: @escaping @Sendable () -> [Meeting], share: Double) {
    let isFree = isBusy.withLock { busy in
      defer { busy = true }
      return !busy
    }
    guard isFree else { return }
    queue.async { [self] in
      store(meetings(), share: share)
      isBusy.withLock { $0 = false }
    }
  }

  private func store(_ meetings: [Meeting], share: Double) {
    var plan = base
    plan.meetings = meetings
    plan.hasTimetable = true
    let report = PlanValidator.validate(institution, plan, stages: [.timetable])
    if Stage.allCases.contains(where: { PlanRun.isBroken($0, report) }) { return }
    plan.record.timetable = StageRecord(
      status: .feasible, objective: report.objectives[.timetable], bound: nil,
      criteria: report.criteria(of: .timetable) ?? [:], seconds: 0)
    // A checkpoint that cannot be written must not end the search that it is to save.
    try? PlanFolder.write(plan, to: path)
    let seconds = spent + TimeBudget.seconds(since: began)
    try? AtomicFile.write(
      "{\"from\":\"\(start)\",\"seconds\":\(seconds),\"share\":\(share)}\n",
      to: path + "/search.json")
  }

  /// What a search started from; empty where that is nothing.
  private static func mark(_ base: Plan, _ meetings: [Meeting]?) -> String {
    guard let meetings else { return "" }
    var plan = base
    plan.meetings = meetings
    plan.hasTimetable = true
    return plan.digest(of: ["meetings.csv"])
  }

  /// Waits for what is being stored, and removes the folder: the plan itself is written.
  func remove() {
    queue.sync {}
    Self.remove(at: path)
  }

  /// Removes what is left beside a plan folder.
  static func remove(beside plan: String) { remove(at: path(of: plan)) }

  private static func remove(at path: String) {
    guard FileManager.default.fileExists(atPath: path + "/plan.json") else { return }
    try? FileManager.default.removeItem(atPath: path)
  }

  /// What an earlier run left.
  struct Held {
    /// What the search started from; nil where it is not known.
    fileprivate var from: String?
    /// The plan as it was.
    var plan: Plan
    /// The share of the search that was done.
    var share: Double
    /// Seconds that the search had taken; 0 where they are not known.
    var seconds: Double
  }

  /// What an earlier run left for the same instance, sections, load and start; nil where there is
  /// nothing, or where it is of something else.
  static func held(
    beside plan: String, _ base: Plan, from meetings: [Meeting]?, _ institution: Institution
  ) -> Held? {
    guard let held = held(beside: plan, institution),
      held.from.map({ $0 == mark(base, meetings) }) ?? true,
      held.plan.record.instanceSHA256 == base.record.instanceSHA256,
      held.plan.record.regime == base.record.regime,
      Array(held.plan.sections) == Array(base.sections),
      held.plan.teachersBySection == base.teachersBySection
    else { return nil }
    return held
  }

  /// What an earlier run left, with sections and load of its own; nil where there is nothing whole.
  static func held(beside plan: String, _ institution: Institution) -> Held? {
    let path = path(of: plan)
    guard FileManager.default.fileExists(atPath: path + "/plan.json"),
      let found = try? PlanFolder.read(path, institution: institution),
      found.hasLoad, found.hasTimetable
    else { return nil }
    struct Search: Decodable {
      var from: String?
      var share: Double
      var seconds: Double?
    }
    let text = FileManager.default.contents(atPath: path + "/search.json") ?? Data()
    let search = try? JSONDecoder().decode(Search.self, from: text)
    return Held(
      from: search?.from, plan: found, share: min(0.95, max(0, search?.share ?? 0.8)),
      seconds: max(0, search?.seconds ?? 0))
  }
}

extension Plan {
  /// Tells plans apart whose files differ; nil for all files.
  func digest(of names: Set<String>? = nil) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for (name, bytes) in PlanFolder.files(of: self) where names?.contains(name) ?? true {
      for byte in bytes {
        hash ^= UInt64(byte)
        hash = hash &* 0x100_0000_01b3
      }
    }
    return String(hash, radix: 16)
  }
}

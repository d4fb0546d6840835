// SPDX-License-Identifier: GPL-3.0-or-later
import LinearModels

/// When a solve has to stop.
struct Clock: Sendable {
  private let deadline: ContinuousClock.Instant?
  private let isCancelled: (@Sendable () -> Bool)?

  init(_ options: SolveOptions) {
    self.init(timeLimit: options.timeLimit, isCancelled: options.isCancelled)
  }

  init(timeLimit: Double?, isCancelled: (@Sendable () -> Bool)? = nil) {
    // Beyond a year a limit is none; a duration could overflow.
    deadline = timeLimit.flatMap { limit in
      limit < 3e7 ? .now + .seconds(max(0, limit)) : nil
    }
    self.isCancelled = isCancelled
  }

  /// Whether the time is up or the caller has asked to stop.
  var isOver: Bool {
    if let deadline, ContinuousClock.now >= deadline { return true }
    return isCancelled?() ?? false
  }

  /// Whether the caller can ask to stop.
  var canBeCancelled: Bool { isCancelled != nil }

  /// Whole milliseconds left, at least 1.
  var milliseconds: Int32 {
    guard let deadline else { return .max }
    let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
    return Int32(min(max(1, left), Double(Int32.max - 1)))
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Problem
internal import Synchronization
internal import Timetabling

/// The lower bound of a problem, worked out beside the search.
///
/// What it comes to is a function of the problem; only when it is known depends on the clock.
final class LowerBoundTask: Sendable {
  /// What is proved so far.
  private let found: Mutex<LowerBound>
  private let finished = DispatchSemaphore(value: 0)
  /// Whether nobody waits any more.
  private let isGivenUp = Atomic<Bool>(false)

  /// Starts; with `now` it is done when this returns, or cancelled.
  init(_ problem: Problem, now: Bool, isCancelled: @escaping @Sendable () -> Bool) {
    found = Mutex(.none)
    let work: @Sendable () -> Void = { [self] in
      let bound = LowerBound(problem) { part in
        found.withLock { $0 = part }
        return isGivenUp.load(ordering: .relaxed) || isCancelled()
      }
      found.withLock { $0 = bound }
      finished.signal()
    }
    if now { work() } else { Thread(block: work).start() }
  }

  /// Whether a score is known to be the best there is.
  func isReached(by score: Score) -> Bool {
    score.hard == 0 && found.withLock { $0.total } >= score.soft
  }

  /// The bound, or what is proved of it when `isOver` says that there is no more time for it.
  func value(unless isOver: () -> Bool) -> LowerBound {
    while finished.wait(timeout: .now() + .milliseconds(LowerBoundTask.millisecondsPerLook))
      == .timedOut
    {
      if isOver() {
        isGivenUp.store(true, ordering: .relaxed)
        return found.withLock { $0 }
      }
    }
    finished.signal()
    return found.withLock { $0 }
  }

  private static let millisecondsPerLook = 20
}

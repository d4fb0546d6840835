// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Problem
internal import Synchronization
internal import Timetabling

/// The lower bound of a problem, worked out beside the search.
///
/// What it comes to is a function of the problem; only when it is known depends on the clock.
final class LowerBoundTask: Sendable {
  private let found: Mutex<LowerBound?>
  private let finished = DispatchSemaphore(value: 0)

  /// Starts; with `now` it is done when this returns.
  init(_ problem: Problem, now: Bool) {
    if now {
      found = Mutex(LowerBound(problem))
      finished.signal()
      return
    }
    found = Mutex(nil)
    Thread { [self] in
      let bound = LowerBound(problem)
      found.withLock { $0 = bound }
      finished.signal()
    }.start()
  }

  /// Whether a score is known to be the best there is.
  func isReached(by score: Score) -> Bool {
    score.hard == 0 && (found.withLock { $0?.total } ?? -1) >= score.soft
  }

  /// The bound, waited for.
  func value() -> LowerBound {
    finished.wait()
    finished.signal()
    return found.withLock { $0 } ?? LowerBound(whole: 0)
  }
}

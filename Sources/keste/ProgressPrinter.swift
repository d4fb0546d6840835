// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Synchronization
import Workflow

/// Progress on standard error: one line that is rewritten on a terminal, plain lines now and then
/// elsewhere.
final class ProgressPrinter: Sendable {
  private struct State {
    var phase = ""
    var printed = -Double.infinity
    var isLineOpen = false
  }

  /// Seconds between two plain lines of one phase.
  private static let pause = 5.0
  /// Seconds between two versions of the rewritten line.
  private static let blink = 0.1

  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let isQuiet: Bool
  private let state = Mutex(State())

  init(isQuiet: Bool) { self.isQuiet = isQuiet }

  /// Shows how far the work is, where it is time to.
  func show(_ progress: PlanningProgress) {
    if isQuiet { return }
    state.withLock { state in
      let pause = isTerminal ? Self.blink : Self.pause
      let isNew = progress.phase != state.phase
      guard isNew || progress.seconds - state.printed >= pause else { return }
      let text = Self.line(progress)
      if isTerminal {
        let end = isNew && state.isLineOpen ? "\n" : "\r\u{1B}[K"
        write(end + text)
        state.isLineOpen = true
      } else {
        write(text + "\n")
      }
      state.phase = progress.phase
      state.printed = progress.seconds
    }
  }

  /// Ends the line that is being rewritten.
  func finish() {
    state.withLock { state in
      if state.isLineOpen { write("\n") }
      state.isLineOpen = false
    }
  }

  private func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }

  /// Elapsed time, phase, and what is known of incumbent, bound and gap.
  static func line(_ progress: PlanningProgress) -> String {
    var text = String(format: "[%7.1f s] ", progress.seconds) + progress.phase
    if let share = progress.share { text += String(format: " %.0f %%", share * 100) }
    if let unplaced = progress.unplaced, unplaced > 0 { text += ", \(unplaced) not placed" }
    if let incumbent = progress.incumbent {
      text += ", incumbent \(shown(incumbent))"
      text += ", bound " + (progress.bound.map(shown) ?? "–")
      text += ", gap " + (progress.gap.map { String(format: "%.1f %%", $0 * 100) } ?? "–")
    }
    return text
  }
}

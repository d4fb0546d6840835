// SPDX-License-Identifier: GPL-3.0-or-later
import Dispatch
import Foundation

/// Runs work on a thread of its own.
///
/// GLPK keeps its environment by thread, and freeing a problem on another one aborts the process,
/// so that a problem's whole life is one piece of work. The stack is large because parts of GLPK
/// recur deeply on big models.
enum GLPKThread {
  private static let stackSize = 64 << 20

  /// What the work came to; written by the thread before the signal, read after it.
  private final class Outcome<Value>: @unchecked Sendable {
    var result: Result<Value, any Error>?
  }

  /// Blocks until the work is done.
  static func run<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
  ) throws -> Value {
    let outcome = Outcome<Value>()
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      outcome.result = Result { try work() }
      done.signal()
    }
    thread.stackSize = stackSize
    thread.start()
    done.wait()
    guard let result = outcome.result else {
      preconditionFailure("a thread that signals has left its result")
    }
    return try result.get()
  }
}

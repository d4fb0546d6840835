// SPDX-License-Identifier: GPL-3.0-or-later
import Dispatch
import Foundation
import Synchronization

/// Ctrl-C: the first one asks the work to end with the best found, the second one ends the program.
final class Interruption {
  /// Whether the work is to end; any thread may ask.
  final class Flag: Sendable {
    private let value = Atomic<Bool>(false)

    /// Whether a signal came.
    var isSet: Bool { value.load(ordering: .relaxed) }

    /// Notes a signal; says whether it is the first.
    fileprivate func set() -> Bool { !value.exchange(true, ordering: .relaxed) }
  }

  /// Set by the first signal.
  let flag = Flag()
  private var sources: [any DispatchSourceSignal] = []

  /// Starts to listen; `told` is called at the first signal.
  init(_ told: @escaping @Sendable () -> Void) {
    let flag = flag
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if flag.set() {
          told()
        } else {
          Self.end(by: number)
        }
      }
      source.resume()
      sources.append(source)
    }
  }

  /// Ends the program as the signal does by default.
  private static func end(by number: Int32) {
    signal(number, SIG_DFL)
    // The library keeps its threads deaf to signals, and the program may have been started so.
    var mask = sigset_t()
    sigemptyset(&mask)
    sigaddset(&mask, number)
    pthread_sigmask(SIG_UNBLOCK, &mask, nil)
    raise(number)
  }
}

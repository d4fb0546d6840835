// SPDX-License-Identifier: GPL-3.0-or-later
internal import Dispatch
internal import Glibc

/// A thread of the system that does one piece of work after another. Chains that wait for each
/// other must all run, however few cores there are and whatever else keeps a pool of threads
/// busy; and a thread that lasts stays on a core of its own, where a new one for each run begins on
/// the core of the one that made it.
final class Worker: @unchecked Sendable {
  private let begin = DispatchSemaphore(value: 0)
  private let end = DispatchSemaphore(value: 0)
  private var job: (() -> Void)?
  private var handle = pthread_t()

  init() {
    // Released by the thread when it ends.
    let argument = Unmanaged.passRetained(self)
    let status = pthread_create(
      &handle, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Worker>.fromOpaque(argument).takeRetainedValue().work()
        return nil
      }, argument.toOpaque())
    precondition(status == 0, "the system gives no more threads: error \(status)")
  }

  func start(_ job: @escaping () -> Void) {
    self.job = job
    begin.signal()
  }

  func wait() { end.wait() }

  /// Ends the thread, which has nothing to do.
  func stop() {
    begin.signal()
    pthread_join(handle, nil)
  }

  private func work() {
    begin.wait()
    while doesJob() {
      end.signal()
      begin.wait()
    }
  }

  /// Does what there is to do; false where there is nothing. What is done is let go of before
  /// anybody hears of it: the team must not end on this thread.
  private func doesJob() -> Bool {
    guard let job else { return false }
    self.job = nil
    job()
    return true
  }
}

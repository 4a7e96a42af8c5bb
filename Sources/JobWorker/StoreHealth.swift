import JobQueue
import Logging

/// Whether the store answers. An outage is reported once, however many duties notice it, and once when it is over.
///
/// A store that is gone for good is not an outage. It is reported to the worker's run, which decides what to do.
package actor StoreHealth {
  /// The error of a store that is gone for good; for one listener.
  nonisolated let gone: AsyncStream<JobStoreError>

  private let reportGone: AsyncStream<JobStoreError>.Continuation
  private let logger: Logger
  private let clock: any QueueClock
  private let events: @Sendable (WorkerEvent) -> Void
  private var failing: Set<String> = []
  private var since: Timestamp?

  init(logger: Logger, clock: any QueueClock, events: @escaping @Sendable (WorkerEvent) -> Void) {
    self.logger = logger
    self.clock = clock
    self.events = events
    (gone, reportGone) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
  }

  /// A duty failed because of the store.
  func failed(_ duty: String, _ error: any Error) {
    if let error = error as? JobStoreError, error.code == .replaced {
      reportGone.yield(error)
      return
    }
    failing.insert(duty)
    guard since == nil else { return }
    since = clock.now()
    logger.error("the store failed; retrying", metadata: ["duty": "\(duty)", "cause": "\(error)"])
    events(.storeFailed)
  }

  /// A duty succeeded. The outage is over once every duty that noticed it has succeeded again.
  func succeeded(_ duty: String) {
    failing.remove(duty)
    guard failing.isEmpty, let since else { return }
    self.since = nil
    logger.notice("the store is working again", metadata: ["after_ms": "\((clock.now() - since).wholeMilliseconds)"])
    events(.storeRecovered)
  }
}

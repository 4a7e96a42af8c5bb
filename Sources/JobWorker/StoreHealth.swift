import JobQueue
import Logging

/// Whether the store answers. An outage is told once, however many duties meet it, and once that it is over.
///
/// A store that is gone for good is not an outage. It is reported to whoever runs the worker, and decided there.
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

  /// A duty met a failure of the store.
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

  /// A duty was done. The outage is over when every duty that met it is done again.
  func succeeded(_ duty: String) {
    failing.remove(duty)
    guard failing.isEmpty, let since else { return }
    self.since = nil
    logger.notice("the store is working again", metadata: ["after_ms": "\((clock.now() - since).wholeMilliseconds)"])
    events(.storeRecovered)
  }
}

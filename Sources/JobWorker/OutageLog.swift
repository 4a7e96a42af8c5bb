internal import JobQueue
internal import Logging

/// Tells of a store that fails once, however many duties meet it, and once that it answers again.
///
/// A store that is gone for good is no outage: it ends the worker.
actor OutageLog {
  private let logger: Logger
  private let clock: any QueueClock
  private let events: @Sendable (WorkerEvent) -> Void
  private let ending: Latch<Shift.Ending>
  private var failing: Set<String> = []
  private var since: Timestamp?

  init(
    logger: Logger, clock: any QueueClock, ending: Latch<Shift.Ending> = Latch(),
    events: @escaping @Sendable (WorkerEvent) -> Void
  ) {
    self.logger = logger
    self.clock = clock
    self.ending = ending
    self.events = events
  }

  /// A duty met a failure of the store.
  func failed(_ duty: String, _ error: any Error) async {
    if let error = error as? JobStoreError, error.code == .replaced { return await ending.open(.storeGone(error)) }
    failing.insert(duty)
    guard since == nil else { return }
    since = clock.now()
    logger.error("the store failed; trying again", metadata: ["duty": "\(duty)", "cause": "\(error)"])
    events(.storeFailed)
  }

  /// A duty was done. The outage is over when every duty that met it is done again.
  func succeeded(_ duty: String) {
    failing.remove(duty)
    guard failing.isEmpty, let since else { return }
    self.since = nil
    logger.notice("the store answers again", metadata: ["after_ms": "\((clock.now() - since).wholeMilliseconds)"])
    events(.storeRecovered)
  }
}

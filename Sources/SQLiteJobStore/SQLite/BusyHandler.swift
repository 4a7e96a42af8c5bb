import JobQueue

/// How a connection waits while another one holds the lock that it needs.
///
/// SQLite's own waiting uses growing pauses and starves some waiters for seconds; short random pauses share the lock
/// better. Belongs to one connection and is used by that connection's thread only.
final class BusyHandler {
  private let limit: Duration
  private let random: any RandomSource
  private let pause: @Sendable (Duration) -> Void
  private var waited: Duration = .zero

  init(limit: Duration, random: any RandomSource, pause: @escaping @Sendable (Duration) -> Void) {
    self.limit = limit
    self.random = random
    self.pause = pause
  }

  /// Waits briefly.
  /// - Parameter round: how often it was called for the same lock before.
  /// - Returns: false if the busy timeout has passed.
  func waitOnce(round: Int) -> Bool {
    if round == 0 { waited = .zero }
    guard waited < limit else { return false }
    let moment = .microseconds(200) + .milliseconds(5) * random.uniform()
    pause(moment)
    waited += moment
    return true
  }
}

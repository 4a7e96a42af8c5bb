public import JobQueue

/// The model of a store: the promises of `JobStore`, kept by the simplest code. Nothing survives the process.
///
/// Every other store is compared with it, by ``StoreConformance`` and by ``Simulation``.
public actor InMemoryJobStore: JobStore {
  /// A name that no other store has.
  public nonisolated let identity: String
  private nonisolated let bell = WakeBroadcaster()
  var tables = Tables()

  /// Creates an empty store.
  public init(random: some RandomSource = SystemRandom()) {
    identity = "memory-\(String(random.next(), radix: 16))\(String(random.next(), radix: 16))"
  }

  /// Yields an element after each change.
  public nonisolated func wakeUps() -> AsyncStream<Void> {
    bell.listen()
  }

  /// Changes the tables completely or, if `change` throws, not at all.
  func commit<Result>(_ change: (inout Tables) throws -> Result) rethrows -> Result {
    var next = tables
    let result = try change(&next)
    tables = next
    bell.ring()
    return result
  }

  /// Changes the tables without any rules: for stores that are broken on purpose.
  @discardableResult
  package func tamper<Result: Sendable>(_ change: @Sendable (inout Tables) -> Result) -> Result {
    change(&tables)
  }
}

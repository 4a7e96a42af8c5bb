public import JobQueue

/// The model of a store: what `JobStore` promises, in the simplest code that keeps it. Nothing survives the process.
///
/// Every other store is compared with it, by ``StoreConformance`` and by ``Simulation``.
public actor InMemoryJobStore: JobStore {
  /// The name that no other store has.
  public nonisolated let identity: String
  private nonisolated let bell = WakeBroadcaster()
  var tables = Tables()

  /// Creates an empty store.
  public init(random: some RandomSource = SystemRandom()) {
    identity = "memory-\(String(random.next(), radix: 16))\(String(random.next(), radix: 16))"
  }

  /// An element after each change.
  public nonisolated func wakeUps() -> AsyncStream<Void> {
    bell.listen()
  }

  /// Changes the tables wholly or, when `change` throws, not at all.
  func commit<Result>(_ change: (inout Tables) throws -> Result) rethrows -> Result {
    var next = tables
    let result = try change(&next)
    tables = next
    bell.ring()
    return result
  }

  /// Changes the tables past all rules: for stores that are broken on purpose.
  @discardableResult
  package func tamper<Result: Sendable>(_ change: @Sendable (inout Tables) -> Result) -> Result {
    change(&tables)
  }
}

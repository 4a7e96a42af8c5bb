public import JobQueue

/// The promises of `JobStore`, as cases that any store can be tested with.
///
/// Each case needs a new, empty store. A test target makes one parameterised test of ``cases``.
public enum StoreConformance {
  /// One promise.
  public struct Case: Sendable, CustomStringConvertible {
    /// The promise, as a sentence.
    public let name: String
    private let body: @Sendable (StoreBench) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (StoreBench) async throws -> Void) {
      self.name = name
      self.body = body
    }

    /// Runs the case on an empty store.
    /// - Throws: ``ConformanceFailure``, or an error that the store threw against its promise.
    public func run(on store: any JobStore) async throws {
      try await body(StoreBench(store: store))
    }

    /// The promise.
    public var description: String { name }
  }

  /// Every promise.
  public static let cases: [Case] =
    enqueueing + uniqueness + leasing + fencing + completing + families + journals + claims + duties + reaping + losses
    + successors + cancelling + discarding + retrying + holding + querying + queryingMoments + lanes + gates + probes
    + series + selective + budgets + turns + records + auditing
}

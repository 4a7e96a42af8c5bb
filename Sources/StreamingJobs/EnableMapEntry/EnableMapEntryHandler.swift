public import JobQueue

/// Looks, enables the entry, reads it back.
public struct EnableMapEntryHandler: JobHandler {
  private let clients: any ClientDirectory

  /// Creates a handler that finds its clients by the names of their connections.
  public init(clients: any ClientDirectory) { self.clients = clients }

  /// Enables the entry.
  public func run(_ parameters: EnableMapEntry, context: JobContext) async throws -> MapEntrySwitchResult {
    try await MapEntrySwitch(clients: clients, entry: parameters, enabled: true).run(context)
  }

  /// What an error means.
  public func classify(_ error: any Error) -> Verdict { FailureClassifier.classify(error) }
}

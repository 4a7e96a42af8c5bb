public import JobQueue

/// Looks, disables the entry, reads it back.
public struct DisableMapEntryHandler: JobHandler {
  private let clients: any ClientDirectory

  /// Creates a handler that finds its clients by the names of their connections.
  public init(clients: any ClientDirectory) { self.clients = clients }

  /// Disables the entry.
  public func run(_ parameters: DisableMapEntry, context: JobContext) async throws -> MapEntrySwitchResult {
    try await MapEntrySwitch(clients: clients, entry: parameters, enabled: false).run(context)
  }

  /// What an error means.
  public func classify(_ error: any Error) -> Verdict { FailureClassifier.classify(error) }
}

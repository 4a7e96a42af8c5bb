public import JobQueue

/// Looks, turns the entry on, reads it back.
public struct EnableMapEntryHandler: JobHandler {
  private let clients: any ClientDirectory

  /// Creates a handler that finds its clients by their connections' names.
  public init(clients: any ClientDirectory) { self.clients = clients }

  /// Turns the entry on.
  public func run(_ parameters: EnableMapEntry, context: JobContext) async throws -> MapEntrySwitchResult {
    try await MapEntrySwitch(clients: clients, entry: parameters, enabled: true).run(context)
  }

  /// What an error means.
  public func classify(_ error: any Error) -> Verdict { FailureClassifier.classify(error) }
}

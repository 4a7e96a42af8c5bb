public import JobQueue

/// Looks, turns the entry off, reads it back.
public struct DisableMapEntryHandler: JobHandler {
  private let clients: any ClientDirectory

  /// Creates a handler that finds its clients by their connections' names.
  public init(clients: any ClientDirectory) { self.clients = clients }

  /// Turns the entry off.
  public func run(_ parameters: DisableMapEntry, context: JobContext) async throws -> MapEntrySwitchResult {
    try await MapEntrySwitch(clients: clients, entry: parameters, enabled: false).run(context)
  }

  /// What an error means.
  public func classify(_ error: any Error) -> Verdict { FailureClassifier.classify(error) }
}

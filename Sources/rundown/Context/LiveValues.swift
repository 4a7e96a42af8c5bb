import ArgumentParser
import JobQueue
import Settings
import StreamingJobs

/// Shell completions that only the configuration and the queue file know. If something is wrong with them, nothing is
/// completed: the command itself will report it.
enum LiveValues {
  /// How many of the newest jobs are offered.
  private static let mostJobs = 200

  /// The configured connections of a kind.
  static func connections(_ kind: ConnectionKind) -> [String] {
    settings()?.connections.names(in: kind.rawValue) ?? []
  }

  /// The numbers of the newest jobs.
  static func jobs() async -> [String] {
    guard let settings = settings() else { return [] }
    let query = JobQuery(limit: mostJobs)
    let jobs = try? await Queue.with(settings, mustExist: true) { try await $0.jobs(query) }
    return (jobs ?? []).map(\.id.description)
  }

  /// The names of batches.
  static func batches() async -> [String] {
    guard let settings = settings() else { return [] }
    let query = RecordQuery(Batch.collection, limit: 1000)
    let records = try? await Queue.with(settings, mustExist: true) { try await $0.records(query) }
    return (records ?? []).map(\.key)
  }

  private static func settings() -> Settings? {
    let folder = ProcessContext.absolute("")
    let loader = SettingsLoader(
      environment: ProcessContext.environment, directory: folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    ) { try TextFile.read($0, limit: 1 << 20) }
    let (settings, diagnostics) = loader.load()
    return diagnostics.contains { $0.severity == .error } ? nil : settings
  }
}

extension CompletionKind {
  /// The numbers of jobs in the queue.
  static var jobNumbers: CompletionKind {
    let numbers: @Sendable ([String], Int, String) async -> [String] = { _, _, _ in await LiveValues.jobs() }
    return .custom(numbers)
  }

  /// The names of batches.
  static var batchNames: CompletionKind {
    let names: @Sendable ([String], Int, String) async -> [String] = { _, _, _ in await LiveValues.batches() }
    return .custom(names)
  }

  /// The connections of a kind.
  static func connections(_ kind: ConnectionKind) -> CompletionKind {
    let names: @Sendable ([String], Int, String) -> [String] = { _, _, _ in LiveValues.connections(kind) }
    return .custom(names)
  }
}

public import JobQueue
import WowzaEngineClient

/// Looks, creates, compares; updates only when it may.
public struct CreateMapEntryHandler: JobHandler {
  private let clients: any ClientDirectory

  /// Creates a handler that finds its clients by their connections' names.
  public init(clients: any ClientDirectory) {
    self.clients = clients
  }

  /// Makes the application push the stream.
  public func run(_ parameters: CreateMapEntry, context: JobContext) async throws -> MapEntryResult {
    let engine = try await clients.engine(parameters.engine)
    let wanted = parameters.wanted(try await clients.pushKey(parameters.credential))
    // The recorded result is whether the entry is ours; what it holds is read again, so no secret is recorded.
    let made = try await context.effect(
      "create",
      find: { _ in
        try await engine.mapEntry(parameters.entryName, application: parameters.application).map { _ in
          parameters.entryName
        }
      },
      perform: {
        try await engine.createMapEntry(wanted, named: parameters.entryName, application: parameters.application)
        return parameters.entryName
      })
    let differences = try await differences(engine, parameters, wanted)
    if differences.isEmpty { return result(parameters, created: made.origin == .performed, changed: []) }
    guard made.origin == .adopted, parameters.onExisting == .replace else {
      throw problem(parameters, differences, ours: made.origin == .performed)
    }
    context.note("replacing \(differences.map(\.field).joined(separator: ", "))")
    // A repeat of the same PUT changes nothing more, so it needs no record of its own.
    _ = try await engine.updateMapEntry(
      parameters.entryName, application: parameters.application, secretAccessKey: wanted.extraOptions?.secretAccessKey,
      change: { $0.adopt(wanted) })
    let left = try await self.differences(engine, parameters, wanted)
    guard left.isEmpty else { throw problem(parameters, left, ours: true) }
    return result(parameters, created: false, changed: differences.map(\.field))
  }

  /// What an error means.
  public func classify(_ error: any Error) -> Verdict { FailureClassifier.classify(error) }

  private func differences(
    _ engine: WowzaEngineClient, _ parameters: CreateMapEntry, _ wanted: MapEntry
  ) async throws -> [MapEntryDifference] {
    let found = try await engine.mapEntry(parameters.entryName, application: parameters.application)
    guard let found else {
      throw JobSignal.dead(
        Failure(
          code: "vanished", message: "\(place(parameters)) was there and is gone: somebody removed it",
          hint: "enqueue it again to have it made anew"))
    }
    return MapEntryDifference.between(wanted, found)
  }

  private func problem(_ parameters: CreateMapEntry, _ differences: [MapEntryDifference], ours: Bool) -> JobSignal {
    let what = differences.map(\.sentence).joined(separator: "; ")
    return .dead(
      Failure(
        code: "differs", message: "\(place(parameters)) is there and differs: \(what)",
        hint: ours
          ? "the engine did not store what was asked; look at its version and log"
          : "choose another entry name, or allow the change with onExisting: replace"))
  }

  private func place(_ parameters: CreateMapEntry) -> String {
    "map entry \(parameters.entryName) of \(parameters.engine)/\(parameters.application)"
  }

  private func result(_ parameters: CreateMapEntry, created: Bool, changed: [String]) -> MapEntryResult {
    MapEntryResult(
      engine: parameters.engine, application: parameters.application, entry: parameters.entryName,
      playlistPath: parameters.playlistPath, created: created, changed: changed,
      unchanged: !created && changed.isEmpty)
  }
}

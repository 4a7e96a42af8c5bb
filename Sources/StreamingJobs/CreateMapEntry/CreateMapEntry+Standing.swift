import HTTPTransport
import JobQueue
import WowzaEngineClient

extension CreateMapEntry {
  /// How the engine stands to this entry, by the list of the application's entries.
  func standing(_ look: ProviderLook) async throws -> Standing {
    let client = try await look.clients.engine(engine)
    let gate = ProviderGate.engine(engine)
    let application = application
    let listed: [MapEntry]
    do {
      listed = try await look.list("map-entries:\(engine):\(application)", gate: gate) {
        try await client.mapEntries(application: application)
      }
    } catch let error as ProviderError where error.status == 404 {
      return .refuses(["engine \(engine) has no application \(application)"])
    }
    guard var found = listed.first(where: { $0.entryName == entryName }) else { return .missing }
    if found.sourceStreamName == nil || found.profile == nil {
      // A list may name its entries only.
      await look.note(gate)
      guard let whole = try await client.mapEntry(entryName, application: application) else { return .missing }
      found = whole
    }
    let comparison = MapEntryComparison(wanted(try await look.clients.pushKey(credential)), found)
    guard !comparison.differences.isEmpty else { return .asAsked(id: nil, unread: comparison.unread) }
    let sentences = comparison.differences.map(\.sentence)
    return replaces ? .changes(sentences) : .refuses(sentences)
  }
}

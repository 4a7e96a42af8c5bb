import HTTPTransport
import JobQueue
import WowzaEngineClient

extension CreateMapEntry {
  /// The entry's standing at the engine, by the list of the application's entries.
  func standing(_ look: ProviderLook) async throws -> Standing {
    let found: MapEntry
    switch try await look.mapEntry(entryName, application: application, engine: engine) {
    case .noApplication: return .blocked("engine \(engine) has no application \(application)")
    case .missing: return .missing
    case .found(let entry): found = entry
    }
    let comparison = MapEntryComparison(wanted(try await look.clients.pushKey(credential)), found)
    guard !comparison.differences.isEmpty else { return .asAsked(id: nil, unread: comparison.unread) }
    return replaces ? .changes(comparison.differences) : .refuses(comparison.differences)
  }

  /// Roughly how many requests the job makes: it looks, writes, and reads back.
  func requests(toward standing: Standing) -> Int {
    switch standing {
    case .missing: enabled == false ? 4 : 3
    case .asAsked: 2
    case .changes: 6
    case .refuses, .blocked: 2
    }
  }
}

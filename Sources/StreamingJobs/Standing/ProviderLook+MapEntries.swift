import HTTPTransport
import WowzaEngineClient

/// What is known about a map entry from the list of its application.
enum ListedMapEntry {
  /// The engine has no such application.
  case noApplication
  /// The application has no such entry.
  case missing
  /// The entry.
  case found(MapEntry)
}

extension ProviderLook {
  /// Looks for an entry in the list of all entries of its application: one request for all of them.
  func mapEntry(_ name: String, application: String, engine: String) async throws -> ListedMapEntry {
    let client = try await clients.engine(engine)
    let listed = try await once("map-entries:\(engine):\(application)") { () -> [String: MapEntry]? in
      do {
        let entries = try await client.mapEntries(application: application)
        return Dictionary(entries.map { ($0.entryName ?? "", $0) }, uniquingKeysWith: { first, _ in first })
      } catch let error as ProviderError where error.status == 404 && error.isFromProvider {
        return nil
      }
    }
    guard let listed else { return .noApplication }
    guard let found = listed[name] else { return .missing }
    guard found.sourceStreamName == nil || found.profile == nil else { return .found(found) }
    // A list may contain only the names of its entries.
    return try await client.mapEntry(name, application: application).map { .found($0) } ?? .missing
  }
}

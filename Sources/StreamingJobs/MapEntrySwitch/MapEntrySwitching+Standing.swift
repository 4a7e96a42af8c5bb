import WowzaEngineClient

extension MapEntrySwitching {
  /// The entry's standing at the engine, by the list of the application's entries.
  /// - Parameter enabled: whether the job enables the entry.
  func standing(enabled: Bool, _ look: ProviderLook) async throws -> Standing {
    switch try await look.mapEntry(entryName, application: application, engine: engine) {
    case .noApplication: return .blocked("engine \(engine) has no application \(application)")
    case .missing: return .missing
    case .found(let entry):
      guard let told = entry.enabled else { return .asAsked(id: nil, unread: ["enabled"]) }
      guard told != enabled else { return .asAsked(id: nil, unread: []) }
      return .changes([FieldDifference(field: "enabled", found: "\(told)", wanted: "\(enabled)")])
    }
  }

  /// Roughly how many requests the job makes: it looks, switches, and reads back.
  func requests(toward standing: Standing) -> Int {
    switch standing {
    case .missing, .changes: 3
    case .asAsked: 2
    case .refuses, .blocked: 1
    }
  }
}

import JobQueue

/// `disable-map-entry`.
enum DisableMapEntryKind: JobKind {
  static let summary = "Disables a map entry: the engine stops pushing, and the entry stays."
  static let example = "rundown enqueue disable-map-entry --engine fra1 --application live --entry-name cam-01-s3"
  static let fields = MapEntrySwitch.fields

  static let role: ResourceRole? = .disableMapEntry

  static let resultFields = MapEntrySwitch.resultFields

  static func standing(_ parameters: DisableMapEntry, _ look: ProviderLook) async throws -> Standing? {
    try await parameters.standing(enabled: false, look)
  }

  static func requests(_ parameters: DisableMapEntry, toward standing: Standing) -> Int {
    parameters.requests(toward: standing)
  }

  static func handler(_ resources: JobResources) -> DisableMapEntryHandler {
    DisableMapEntryHandler(clients: resources.clients)
  }
}

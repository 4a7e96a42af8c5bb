import JobQueue

/// `enable-map-entry`.
enum EnableMapEntryKind: JobKind {
  static let summary = "Enables a map entry: the engine pushes its stream while the source is live."
  static let example = "rundown enqueue enable-map-entry --engine fra1 --application live --entry-name cam-01-s3"
  static let fields = MapEntrySwitch.fields

  static let role: ResourceRole? = .enableMapEntry

  static let resultFields = MapEntrySwitch.resultFields

  static func standing(_ parameters: EnableMapEntry, _ look: ProviderLook) async throws -> Standing? {
    try await parameters.standing(enabled: true, look)
  }

  static func requests(_ parameters: EnableMapEntry, toward standing: Standing) -> Int {
    parameters.requests(toward: standing)
  }

  static func ending(_ parameters: EnableMapEntry) -> JobEnding? {
    JobEnding(
      .role(.disableMapEntry),
      [
        "engine": .string(parameters.engine), "application": .string(parameters.application),
        "entryName": .string(parameters.entryName),
      ])
  }

  static func handler(_ resources: JobResources) -> EnableMapEntryHandler {
    EnableMapEntryHandler(clients: resources.clients)
  }
}

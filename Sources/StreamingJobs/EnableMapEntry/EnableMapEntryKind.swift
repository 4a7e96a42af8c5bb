import JobQueue

/// `enable-map-entry`.
enum EnableMapEntryKind: JobKind {
  static let summary = "A map entry of an engine is enabled: its stream goes out when the source is live."
  static let example = "rundown enqueue enable-map-entry --engine fra1 --application live --entry-name cam-01-s3"
  static let fields: [JobField] = [
    .required("engine", .connection(.engine), "the engine"),
    .required("application", "the application"),
    .required("entryName", "the entry's name"),
    .optional("occurrence", "tells several planned moments of one entry apart: each has a job of its own"),
    .optional("notAfter", "a time from which on it is too late: then nothing is done, and the job is dead"),
  ]

  static let role: ResourceRole? = .enableMapEntry

  static let resultFields = ["entry", "enabled", "engine", "application", "unchanged", "unread"]

  static func handler(_ resources: JobResources) -> EnableMapEntryHandler {
    EnableMapEntryHandler(clients: resources.clients)
  }
}

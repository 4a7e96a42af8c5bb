import JobQueue

/// `disable-map-entry`.
enum DisableMapEntryKind: JobKind {
  static let summary = "A map entry of an engine is disabled: nothing goes out, and the entry stays."
  static let example = "rundown enqueue disable-map-entry --engine fra1 --application live --entry-name cam-01-s3"
  static let fields: [JobField] = [
    .required("engine", .connection(.engine), "the engine"),
    .required("application", "the application"),
    .required("entryName", "the entry's name"),
    .optional("occurrence", "tells several planned moments of one entry apart: each has a job of its own"),
    .optional("notAfter", "a time from which on it is too late: then nothing is done, and the job is dead"),
  ]

  static let role: ResourceRole? = .disableMapEntry

  static let resultFields = ["entry", "enabled", "engine", "application", "unchanged", "unread"]

  static func handler(_ resources: JobResources) -> DisableMapEntryHandler {
    DisableMapEntryHandler(clients: resources.clients)
  }
}

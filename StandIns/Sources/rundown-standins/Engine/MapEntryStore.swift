/// The push publish map of one application, with the counts of what was done to it.
struct MapEntryStore: Sendable {
  private(set) var entries: [String: [String: JSONValue]] = [:]
  private(set) var created: [String: Int] = [:]
  private(set) var updated = 0
  private(set) var deleted = 0
  private(set) var conflicts = 0

  /// What a plain entry shows although no client set it.
  private static let defaults: [String: JSONValue] = [
    "enabled": true, "sessionStatus": "NotFound", "autoStartTranscoder": false, "debugLog": false,
    "debugLogChildren": false, "debugPackets": false, "port": 1935, "destinationServer": "primary",
    "http.playlistCount": 0, "http.playlistAcrossSessions": false, "http.playlistTimeout": 120_000,
    "cupertino.renditions": "audiovideo", "serverName": "_defaultServer_",
  ]

  /// What only the engine itself writes; a client that sends back what it read does not change it.
  private static let readOnly: Set<String> = ["sessionStatus", "serverName", "version", "saveFieldList", "entryName"]

  func list(_ reading: EntryReading) -> JSONValue {
    .array(entries.keys.sorted().compactMap { entries[$0].map { .object(reading.shown($0)) } })
  }

  func get(_ name: String, _ reading: EntryReading) -> Reply {
    // By default with every secret in clear text, as the real engine does at least for passwords: clients must be able
    // to handle that.
    entries[name].map { Reply(200, json: .object(reading.shown($0))) } ?? EngineEnvelope.failure(404)
  }

  mutating func create(
    _ name: String, _ body: [String: JSONValue], version: String, duplicateStatus: Int
  ) -> Reply {
    guard entries[name] == nil else {
      conflicts += 1
      return EngineEnvelope.failure(duplicateStatus)
    }
    entries[name] = Self.entry(name, body, over: Self.defaults, version: version)
    created[name, default: 0] += 1
    return EngineEnvelope.success("Entry (\(name)) saved successfully", status: 201)
  }

  mutating func update(
    _ name: String, _ body: [String: JSONValue], _ semantics: EngineSettings.PutSemantics, version: String
  ) -> Reply {
    guard let old = entries[name] else { return EngineEnvelope.failure(404) }
    var body = body
    if semantics == .merge, let new = body["extraOptions"]?.object, let kept = old["extraOptions"]?.object {
      body["extraOptions"] = .object(kept.merging(new) { _, new in new })
    }
    entries[name] = Self.entry(name, body, over: semantics == .merge ? old : Self.defaults, version: version)
    updated += 1
    return EngineEnvelope.success("Saved")
  }

  mutating func delete(_ name: String) -> Reply {
    guard entries.removeValue(forKey: name) != nil else { return EngineEnvelope.failure(404) }
    deleted += 1
    return EngineEnvelope.success("Entry (\(name)) deleted successfully")
  }

  mutating func act(_ name: String, _ action: String) -> Reply {
    guard entries[name] != nil else { return EngineEnvelope.failure(404) }
    switch action {
    case "enable": entries[name]?["enabled"] = true
    case "disable": entries[name]?["enabled"] = false
    case "restart": break
    default: return EngineEnvelope.failure(404)
    }
    return EngineEnvelope.success("Action (\(action)) done for entry (\(name))")
  }

  private static func entry(
    _ name: String, _ body: [String: JSONValue], over base: [String: JSONValue], version: String
  ) -> [String: JSONValue] {
    var entry = base.merging(body.filter { !readOnly.contains($0.key) }) { _, new in new }
    entry["entryName"] = .string(name)
    entry["version"] = .string(version)
    return entry
  }
}

import JobQueue
import Settings

extension JSONSchema {
  /// A manifest: an Onboarding, or connections in a document of their own.
  static var onboarding: Schema {
    let names: Schema = .object(
      ["name": .text, "labels": .map(.text)], required: ["name"])
    let generate: Schema = .object(
      ["name": .text, "from": .int(0...Int.max), "to": .int(0...Int.max)], required: ["name", "from", "to"])
    let group = layer(
      [
        "name": .text, "generate": .any(generate, .list(generate)), "exclude": .list(.text),
        "fromCSV": .any(.text, .list(.text)),
      ], required: ["name"])
    let stream = layer(
      [
        "name": .text, "merge": .bool.meaning("whether it changes an existing stream"),
        "status": Schema().meaning("the stream's status, as export writes it; apply ignores it"),
      ], required: ["name"])
    let rollout: Schema = .object([
      "canary": .int(1...Int.max), "waves": .any(wave, .list(wave)),
      "stopOn": .object(["failedPercent": .int(1...100)]),
      "window": .object(["not": .any(.text, .list(.text))]),
    ])
    let spec: Schema = .object([
      "defaults": layer(), "regions": .map(layer(without: ["engine", "region"])),
      "engines": .map(layer(without: ["engine"])),
      "groups": .list(group), "streams": .list(stream), "rollout": rollout,
    ])
    let manifest: Schema = .object(
      head("Onboarding").merging(["metadata": names, "spec": spec]) { own, _ in own },
      required: ["apiVersion", "kind", "metadata", "spec"])
    let isConnections: Schema = [
      "properties": .object(["kind": .object(.constant("Connections"))]), "required": .array([.string("kind")]),
    ]
    return ["if": .object(isConnections), "then": .object(connections), "else": .object(manifest)]
  }

  /// A profile: fields of a stream, under `defaults`, under `spec` or beside the name.
  static var profile: Schema {
    var keys = head("Profile")
    keys["name"] = .text
    keys["metadata"] = .object(["name": .text, "labels": .map(.text)])
    keys["defaults"] = layer()
    keys["spec"] = layer(["defaults": layer()])
    return layer(keys, required: ["apiVersion", "kind"])
  }

  /// A file of connections.
  static var connections: Schema {
    var keys = head("Connections")
    keys["metadata"] = .object(["name": .text, "labels": .map(.text)])
    keys["connections"] = SettingSchema.property(Settings.connectionsKey)
    return .object(keys, required: ["apiVersion", "kind", "connections"])
  }

  static func head(_ kind: String) -> [String: Schema] {
    ["apiVersion": .constant("rundown/v1"), "kind": .constant(kind)]
  }

  private static let wave: Schema = .any(.int(1...Int.max), .constant("rest"))

  // MARK: Layers

  /// The schemas of the keys that every layer has.
  static var fields: [String: Schema] {
    Dictionary(
      ManifestField.keys(below: "").map { ($0, node($0)) }, uniquingKeysWith: { first, _ in first })
  }

  /// The fields of one layer, plus keys of its own.
  private static func layer(
    _ others: [String: Schema] = [:], required: [String] = [], without: [String] = []
  ) -> Schema {
    var keys = others
    for key in ManifestField.keys(below: "") where !without.contains(key) { keys[key] = .reference(key) }
    return .object(keys, required: required)
  }

  /// The schema at a path: a value, or a mapping.
  private static func node(_ path: String) -> Schema {
    if let field = ManifestField.at(path) { return value(field) }
    var keys: [String: Schema] = [:]
    for key in ManifestField.keys(below: "\(path).") { keys[key] = node("\(path).\(key)") }
    let mapping: Schema = .object(keys)
    guard let short = ManifestField.shortForms[path].flatMap({ ManifestField.at($0) }) else { return mapping }
    return .any(value(short), mapping)
  }

  private static func value(_ field: ManifestField) -> Schema {
    let shape: Schema =
      switch field.shape {
      case .text, .duration, .time: .text
      case .bool: .bool
      case .int(let range): .int(range)
      case .choice(let words): .choice(words)
      case .texts: .any(.text, .list(.text))
      case .choices(let words): .any(.text, .list(.choice(words)))
      case .map: .map(.text)
      }
    let fallback = field.fallback.map { " (default: \($0))" } ?? ""
    return shape.meaning(field.help + fallback + (field.isLater ? "; not supported yet" : ""))
  }
}

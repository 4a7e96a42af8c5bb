package import JobQueue
import Settings
package import StreamingJobs

/// The published schemas of our files (JSON Schema, draft 2020-12), generated from what their readers know: editors
/// complete keys and mark errors while the user types.
///
/// A schema checks less than its reader: it does not check that names are known, that values fit each other, or that
/// another layer provides what is missing. It accepts whatever the reader accepts, except for a null that means "not
/// given".
package struct JSONSchema: Sendable {
  /// The kind of file.
  package let kind: String
  /// The schema.
  package let value: JSONValue

  /// The name of its file under `config/schema/`.
  package var file: String { "\(kind.lowercased())-v1.json" }

  /// Its text, readable by people: indented, with sorted keys.
  package var text: String { Self.text(value, indent: "") + "\n" }

  /// The schemas of all kinds of files.
  package static func all(_ kinds: JobKinds = .streaming) -> [JSONSchema] {
    let names = KnownNames(queues: kinds.queues, kinds: kinds.all.map(\.kind))
    return [
      JSONSchema("Onboarding", onboarding, definitions: fields),
      JSONSchema("Profile", profile, definitions: fields),
      JSONSchema("Connections", connections),
      JSONSchema("Jobs", jobs(kinds)),
      JSONSchema("Config", SettingSchema.object(Settings.keys(names))),
    ]
  }

  private init(_ kind: String, _ schema: Schema, definitions: [String: Schema] = [:]) {
    self.kind = kind
    var schema = schema
    schema["$schema"] = .string("https://json-schema.org/draft/2020-12/schema")
    if !definitions.isEmpty { schema["$defs"] = .object(definitions.mapValues { .object($0) }) }
    schema["title"] = .string("Rundown, kind: \(kind)")
    value = .object(schema)
  }

  private static func text(_ value: JSONValue, indent: String) -> String {
    let inner = indent + "  "
    switch value {
    case .object(let entries) where !entries.isEmpty:
      let lines = entries.sorted { $0.key < $1.key }.map { key, value in
        "\(inner)\(encoded(.string(key))): \(text(value, indent: inner))"
      }
      return "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
    case .array(let elements) where elements.contains { if case .object = $0 { true } else { false } }:
      return "[\n\(elements.map { inner + text($0, indent: inner) }.joined(separator: ",\n"))\n\(indent)]"
    case .array(let elements): return "[\(elements.map { encoded($0) }.joined(separator: ", "))]"
    default: return encoded(value)
    }
  }

  private static func encoded(_ value: JSONValue) -> String { (try? JSONText.encode(value)) ?? "null" }
}

/// The keys of one schema.
typealias Schema = [String: JSONValue]

extension Schema {
  /// A mapping of keys.
  static func object(_ properties: [String: Schema], required: [String] = []) -> Schema {
    var schema: Schema = [
      "type": .string("object"), "additionalProperties": .bool(false),
      "properties": .object(properties.mapValues { .object($0) }),
    ]
    if !required.isEmpty { schema["required"] = .array(required.map { .string($0) }) }
    return schema
  }

  /// A mapping of any names to values of one schema.
  static func map(_ values: Schema) -> Schema {
    ["type": .string("object"), "additionalProperties": .object(values)]
  }

  /// One of several.
  static func any(_ choices: Schema...) -> Schema { ["anyOf": .array(choices.map { .object($0) })] }

  /// The schemas under `$defs`.
  static func reference(_ name: String) -> Schema { ["$ref": .string("#/$defs/\(name)")] }

  /// A list.
  static func list(_ elements: Schema) -> Schema { ["type": .string("array"), "items": .object(elements)] }

  /// A text. YAML reads `2026` as a number, although a text is meant.
  static var text: Schema { ["type": .array([.string("string"), .string("number")])] }

  /// As manifests write it: YAML knows only `true` and `false`.
  static var bool: Schema {
    ["enum": .array([.bool(true), .bool(false)] + ["yes", "no", "on", "off"].map { .string($0) })]
  }

  static func int(_ range: ClosedRange<Int>) -> Schema {
    var schema: Schema = ["type": .string("integer"), "minimum": .int(Int64(range.lowerBound))]
    if range.upperBound < .max { schema["maximum"] = .int(Int64(range.upperBound)) }
    return schema
  }

  static func choice(_ words: [String]) -> Schema { ["enum": .array(words.map { .string($0) })] }

  static func constant(_ word: String) -> Schema { ["const": .string(word)] }

  /// The same schema with a description.
  func meaning(_ words: String) -> Schema { merging(["description": .string(words)]) { own, _ in own } }
}

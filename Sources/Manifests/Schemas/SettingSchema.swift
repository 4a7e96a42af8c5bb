import JobQueue
import Settings

/// The schema of the keys of a configuration.
enum SettingSchema {
  /// A mapping of these keys.
  static func object(_ keys: [SettingKey]) -> Schema {
    .object(
      Dictionary(keys.map { ($0.name, property($0)) }, uniquingKeysWith: { first, _ in first }),
      required: keys.filter(\.isRequired).map(\.name))
  }

  static func property(_ key: SettingKey) -> Schema {
    var schema = shape(key.shape).meaning(key.help)
    if key.isFormer { schema["deprecated"] = .bool(true) }
    return schema
  }

  private static func shape(_ shape: SettingKey.Shape) -> Schema {
    switch shape {
    case .text: .text
    case .path, .span: ["type": .string("string")]
    case .url: ["type": .string("string"), "pattern": .string("^[Hh][Tt][Tt][Pp][Ss]?://")]
    case .secret: secret
    case .choice(let words): .choice(words)
    case .int(let range): .int(range)
    case .rate: .any(.int(1...1000), ["type": .string("string"), "pattern": .string(rate)])
    case .allowance:
      .any(
        ["type": .string("string"), "pattern": .string(rate)],
        .object(["count": .int(1...10_000), "per": ["type": .string("string")]], required: ["count", "per"]))
    case .paths: .list(["type": .string("string")])
    case .keys(let keys): object(keys)
    case .named(let shape): .map(self.shape(shape))
    }
  }

  /// `5/s`, `10/3h`.
  private static let rate = "^[0-9]+/"

  /// A reference in one word, or as a mapping.
  private static let secret: Schema = {
    let text: Schema = ["type": .string("string")]
    let mapping = Dictionary(SettingKey.secretSchemes.map { ($0, text) }, uniquingKeysWith: { first, _ in first })
    let command: [String: Schema] = ["command": .list(.text), "ttl": .int(0...31_536_000)]
    return .any(
      ["type": .string("string"), "pattern": .string("^(\(SettingKey.secretSchemes.joined(separator: "|"))):")],
      .object(mapping.merging(command) { own, _ in own }))
  }()
}

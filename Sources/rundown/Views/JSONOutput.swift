import JobQueue

/// One object per answer, with the version of its shape. Fields may be added; readers ignore what they do not know.
struct JSONOutput: Encodable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private let name: String
  private let value: any Encodable

  private init(_ name: String, _ value: any Encodable) {
    self.name = name
    self.value = value
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode("rundown/v1", forKey: Key(stringValue: "apiVersion"))
    try container.encode(value, forKey: Key(stringValue: name))
  }

  /// Prints `{"apiVersion": "rundown/v1", name: value}`.
  static func print(_ name: String, _ value: any Encodable) throws {
    try Output.json(JSONText.encode(JSONOutput(name, value)))
  }
}

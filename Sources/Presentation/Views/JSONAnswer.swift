import JobQueue

/// One object per answer, with the version of its format. Fields may be added; readers ignore those that they do not
/// know.
package struct JSONAnswer: Encodable {
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

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode("rundown/v1", forKey: Key(stringValue: "apiVersion"))
    try container.encode(value, forKey: Key(stringValue: name))
  }

  /// `{"apiVersion": "rundown/v1", name: value}`.
  package static func text(_ name: String, _ value: any Encodable) throws -> String {
    try JSONText.encode(JSONAnswer(name, value))
  }
}

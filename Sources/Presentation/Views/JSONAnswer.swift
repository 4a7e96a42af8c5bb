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
  /// Texts beside it; nil is `null`.
  private let others: [String: String?]

  private init(_ name: String, _ value: any Encodable, _ others: [String: String?]) {
    self.name = name
    self.value = value
    self.others = others
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode("rundown/v1", forKey: Key(stringValue: "apiVersion"))
    try container.encode(value, forKey: Key(stringValue: name))
    for (name, text) in others { try container.encode(text, forKey: Key(stringValue: name)) }
  }

  /// `{"apiVersion": "rundown/v1", name: value}`.
  /// - Parameter others: texts beside the value, by their names; nil is `null`.
  package static func text(
    _ name: String, _ value: any Encodable, beside others: [String: String?] = [:]
  ) throws -> String {
    try JSONText.encode(JSONAnswer(name, value, others))
  }
}

/// A value that is `null` rather than left out when there is none.
@propertyWrapper
package struct ValueOrNull<Value: Encodable>: Encodable {
  package var wrappedValue: Value?

  package init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(wrappedValue)
  }
}

/// A value of a YAML or JSON file with its place.
public struct YAMLNode: Sendable {
  /// What the value is.
  public indirect enum Content: Sendable {
    /// A single value as written, without its quotes.
    case scalar(String)
    /// No value: `null`, `~` or nothing, without quotes.
    case null
    /// A list.
    case sequence([YAMLNode])
    /// Keys and values in the order of the file.
    case mapping([(key: YAMLNode, value: YAMLNode)])
  }

  /// What the value is.
  public var content: Content
  /// Where it starts.
  public var location: SourceLocation

  /// The text of a scalar.
  public var text: String? {
    if case .scalar(let text) = content { text } else { nil }
  }

  /// Whether there is no value here.
  public var isNull: Bool {
    if case .null = content { true } else { false }
  }

  /// The word for an error: `text`, `null`, `list`, `mapping`.
  public var kind: String {
    switch content {
    case .scalar: "text"
    case .null: "null"
    case .sequence: "list"
    case .mapping: "mapping"
    }
  }
}

import Secrets

/// One key of a configuration: its reader takes its name from here, and the published schema its description.
public struct SettingKey: Sendable, Hashable {
  /// The shape of a key's value.
  public indirect enum Shape: Sendable, Hashable {
    /// Text.
    case text
    /// The path of a file or a folder.
    case path
    /// An http or https address.
    case url
    /// A reference to a secret.
    case secret
    /// One of a few words.
    case choice([String])
    /// A whole number within bounds.
    case int(ClosedRange<Int>)
    /// A duration, such as `90s`.
    case span
    /// Requests per second: a number, or `300/min`.
    case rate
    /// A count within a sliding window: `10/3h`, or `{count: 10, per: 3h}`.
    case allowance
    /// Paths.
    case paths
    /// A mapping with these keys.
    case keys([SettingKey])
    /// A mapping of names, each to one of this shape.
    case named(Shape)
  }

  /// Its name.
  public let name: String
  /// The shape of its value.
  public let shape: Shape
  /// What it means, in one phrase.
  public let help: String
  /// Whether it is required.
  public let isRequired: Bool
  /// Whether it is an earlier name of another key.
  public let isFormer: Bool

  /// Describes a key.
  /// - Parameters:
  ///   - name: its name.
  ///   - shape: the shape of its value.
  ///   - help: what it means.
  ///   - isRequired: whether it is required.
  ///   - isFormer: whether it is an earlier name of another key.
  public init(
    _ name: String, _ shape: Shape, _ help: String, isRequired: Bool = false, isFormer: Bool = false
  ) {
    (self.name, self.shape, self.help) = (name, shape, help)
    (self.isRequired, self.isFormer) = (isRequired, isFormer)
  }
}

extension [SettingKey] {
  /// The names of the keys.
  public var names: [String] { map(\.name) }

  /// The names of the keys below one of them.
  func names(below key: String) -> [String] {
    guard case .keys(let keys)? = first(where: { $0.name == key })?.shape else { return [] }
    return keys.names
  }

  /// The words that one of them accepts.
  func words(of key: String) -> [String] {
    guard case .choice(let words)? = first(where: { $0.name == key })?.shape else { return [] }
    return words
  }
}

extension SettingKey {
  /// The schemes of references to secrets: `env:NAME`.
  public static let secretSchemes = SecretReference.schemes

  static let requestsPerSecond = SettingKey("requestsPerSecond", .rate, "requests a second of one worker process")
  static let caFile = SettingKey("caFile", .path, "a PEM file of extra trusted authorities")

  static func limits(_ others: [SettingKey] = []) -> SettingKey {
    SettingKey("limits", .keys([requestsPerSecond] + others), "how much of it is asked at once")
  }
}

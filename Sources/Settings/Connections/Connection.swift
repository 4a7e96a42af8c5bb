public import Secrets

/// What an entry of one section of the configuration's connections describes.
public protocol Connection: Sendable, Hashable {
  /// The section's name under `connections`.
  static var section: String { get }

  /// Its keys: what its reader knows, and the published schema says.
  static var keys: [SettingKey] { get }

  /// Reads an entry; nil, and reported, when there is something wrong with it.
  static func read(_ node: YAMLNode, _ path: String, by reader: inout YAMLReader) -> Self?

  /// The references to its secrets.
  var secretReferences: [SecretReference] { get }

  /// A PEM file of extra trusted authorities.
  var caFile: String? { get set }

  /// What a person sees of it, secrets as references.
  /// - Parameter span: how a duration is written.
  func words(span: (Duration) -> String) -> [String]
}

extension Connection {
  /// One that opens no connection itself trusts nobody.
  public var caFile: String? {
    get { nil }
    set {}
  }
}

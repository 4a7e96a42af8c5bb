public import Secrets

/// What an entry of one section of the configuration's connections describes.
public protocol Connection: Sendable, Hashable {
  /// The section's name under `connections`.
  static var section: String { get }

  /// Its keys: what its reader accepts and the published schema describes.
  static var keys: [SettingKey] { get }

  /// Reads an entry; nil, with a report, if it has errors.
  static func read(_ node: YAMLNode, _ path: String, by reader: inout YAMLReader) -> Self?

  /// The references to its secrets.
  var secretReferences: [SecretReference] { get }

  /// A PEM file of additional trusted authorities.
  var caFile: String? { get set }

  /// Its description for people, with references in place of secrets.
  /// - Parameter span: how a duration is written.
  func words(span: (Duration) -> String) -> [String]
}

extension Connection {
  /// An entry that opens no connection itself needs no authorities.
  public var caFile: String? {
    get { nil }
    set {}
  }
}

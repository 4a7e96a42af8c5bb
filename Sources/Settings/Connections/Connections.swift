public import Secrets

/// The configured connections; jobs only use their names.
public struct Connections: Sendable {
  /// The sections, in the order in which they are shown. A new one is a file beside the others and an entry here.
  public static let kinds: [any Connection.Type] = [
    EngineConnection.self,
    AWSConnection.self,
    WowzaVideoConnection.self,
    PushCredential.self,
  ]

  private var sections: [String: [String: Sourced<any Connection>]] = [:]

  /// No connections.
  public init() {}

  /// The connections of one kind, by name.
  public subscript<Kind: Connection>(kind: Kind.Type) -> [String: Sourced<Kind>] {
    (sections[Kind.section] ?? [:]).compactMapValues { one in
      (one.value as? Kind).map { Sourced($0, one.origin) }
    }
  }

  /// The names in a section, sorted.
  public func names(in section: String) -> [String] { sections[section]?.keys.sorted() ?? [] }

  /// A connection with its place in the configuration.
  public struct Entry: Sendable {
    /// Its section.
    public var section: String
    /// Its name in the configuration.
    public var name: String
    /// The connection, and who set it.
    public var connection: Sourced<any Connection>
  }

  /// All connections, by section and name.
  public var all: [Entry] {
    Self.kinds.map { $0.section }.flatMap { section in
      (sections[section] ?? [:]).sorted { $0.key < $1.key }.map {
        Entry(section: section, name: $0.key, connection: $0.value)
      }
    }
  }

  /// The references to all their secrets.
  public var secretReferences: [SecretReference] { all.flatMap { $0.connection.value.secretReferences } }

  /// Sets a connection, replacing another of the same name.
  mutating func set(_ connection: some Connection, _ name: String, _ origin: Origin) {
    sections[type(of: connection).section, default: [:]][name] = Sourced(connection, origin)
  }

  /// Makes the paths of the authorities' files absolute.
  mutating func settlePaths(_ base: PathBase) {
    for entry in all {
      var (connection, origin) = (entry.connection.value, entry.connection.origin)
      connection.caFile = base.absolute(connection.caFile, from: origin)
      set(connection, entry.name, origin)
    }
  }
}

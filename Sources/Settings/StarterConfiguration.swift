/// A first configuration, as `rundown init` writes it: connections, and the files that hold their secrets.
package struct StarterConfiguration: Sendable {
  /// The value of a connection's key.
  package enum Value: Sendable, Hashable {
    /// A text.
    case text(String)
    /// A secret in a file of this name.
    case secret(Secret)
  }

  /// A secret that is kept in a file of its own.
  package struct Secret: Sendable, Hashable {
    /// The file's name.
    package var file: String
    /// Its name in the prompt.
    package var what: String
    /// Whether it must not be visible while it is typed.
    package var isHidden = true
  }

  /// A key of a connection.
  package struct Field: Sendable, Hashable {
    /// The key.
    package var key: String
    /// Its value.
    package var value: Value

    init(_ key: String, _ value: Value) {
      self.key = key
      self.value = value
    }

    static func secret(_ key: String, _ file: String, _ what: String, isHidden: Bool = true) -> Field {
      Field(key, .secret(Secret(file: file, what: what, isHidden: isHidden)))
    }
  }

  /// One connection.
  package struct Connection: Sendable {
    /// Its section under `connections`.
    package var section: String
    /// Its name in the configuration.
    package var name: String
    /// Its keys.
    package var fields: [Field]
  }

  /// The connections, in the order in which they are written.
  package var connections: [Connection]
  /// The queue file; nil for the default place.
  package var database: String?

  /// Creates a configuration with these connections.
  package init(_ connections: [Connection], database: String? = nil) {
    self.connections = connections
    self.database = database
  }

  /// The secrets of all connections.
  package var secrets: [Secret] {
    connections.flatMap(\.fields).compactMap { field in
      if case .secret(let secret) = field.value { return secret }
      return nil
    }
  }

  /// The text of the file.
  /// - Parameter folder: the folder of the secrets' files, as an absolute path: a relative one would mean another file
  ///   in every directory.
  package func text(secretsIn folder: String) -> String {
    var lines = [
      "# Written by rundown init. It contains no secrets, only where each one is stored.", "apiVersion: rundown/v1",
      "kind: Config",
    ]
    if let database { lines.append("database: \(Self.quoted(database))") }
    lines.append("connections:")
    for section in Settings.connectionSections where connections.contains(where: { $0.section == section }) {
      lines.append("  \(section):")
      for connection in connections where connection.section == section {
        lines.append("    \(connection.name):")
        for field in connection.fields {
          switch field.value {
          case .text(let text): lines.append("      \(field.key): \(Self.quoted(text))")
          case .secret(let secret):
            lines.append("      \(field.key): {file: \(Self.quoted("\(folder)/\(secret.file)"))}")
          }
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A text in double quotes, valid in both YAML and JSON.
  private static func quoted(_ text: String) -> String {
    let escaped = text.map { "\"\\".contains($0) ? "\\\($0)" : String($0) }.joined()
    return "\"\(escaped)\""
  }
}

extension Settings {
  fileprivate static let connectionSections = Connections.kinds.map { $0.section }
}

extension StarterConfiguration.Connection {
  /// A streaming engine.
  /// - Parameter authentication: a word for `auth`.
  package static func engine(_ name: String, url: String, authentication: String) -> Self {
    var fields = [
      StarterConfiguration.Field("url", .text(url)), StarterConfiguration.Field("auth", .text(authentication)),
    ]
    if authentication != "none" {
      fields.append(.secret("user", "\(name)_user", "user of engine \(name)", isHidden: false))
      fields.append(.secret("password", "\(name)_password", "password of engine \(name)"))
    }
    return Self(section: EngineConnection.section, name: name, fields: fields)
  }

  /// An AWS account, or another S3 server if an endpoint is given.
  /// - Parameter hasKeys: whether its keys are kept in files; otherwise they come from where all AWS programs find
  ///   them.
  package static func storage(_ name: String, region: String?, endpoint: String?, hasKeys: Bool) -> Self {
    var fields: [StarterConfiguration.Field] = []
    if let endpoint { fields.append(StarterConfiguration.Field("endpoint", .text(endpoint))) }
    if let region { fields.append(StarterConfiguration.Field("region", .text(region))) }
    fields.append(StarterConfiguration.Field("source", .text(hasKeys ? "static" : "default-chain")))
    if hasKeys { fields += keys("aws_\(name)", of: "S3 connection \(name)") }
    return Self(section: AWSConnection.section, name: name, fields: fields)
  }

  /// A Wowza Video account.
  /// - Parameter url: another address than the service's own.
  package static func video(_ name: String, url: String?) -> Self {
    var fields: [StarterConfiguration.Field] = []
    if let url { fields.append(StarterConfiguration.Field("url", .text(url))) }
    fields.append(.secret("token", "\(name)_token", "token of Wowza Video account \(name)"))
    return Self(section: WowzaVideoConnection.section, name: name, fields: fields)
  }

  /// The key pair that an engine stores to push to S3.
  package static func pushCredential(_ name: String) -> Self {
    Self(section: PushCredential.section, name: name, fields: keys("push_\(name)", of: "push credential \(name)"))
  }

  private static func keys(_ prefix: String, of what: String) -> [StarterConfiguration.Field] {
    [
      .secret("accessKeyId", "\(prefix)_access_key_id", "access key id of \(what)", isHidden: false),
      .secret("secretAccessKey", "\(prefix)_secret_access_key", "secret access key of \(what)"),
    ]
  }
}

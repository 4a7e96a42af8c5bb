/// Where a secret is kept; never the secret itself, so it may be printed, stored and compared.
public enum SecretReference: Sendable, Hashable {
  /// A file, by path.
  case file(String)
  /// A file of this name in `$CREDENTIALS_DIRECTORY` (systemd `LoadCredential=`).
  case credential(String)
  /// An environment variable. Works, but other processes of the same user can read it.
  case environment(String)
  /// The standard output of a program that is run without a shell; cached for `ttlSeconds`, or run every time.
  case command([String], ttlSeconds: Int?)
  /// A profile of the AWS configuration files; only an AWS connection can use it.
  case awsProfile(String)

  /// Reads the short form: `file:/path`, `credential:name`, `env:NAME`, `aws-profile:name`.
  ///
  /// - Throws: ``SecretError`` with code `literal` for any other text. The text is not repeated in the error, because
  ///   it may be the secret.
  public init(parsing text: String) throws(SecretError) {
    guard let colon = text.firstIndex(of: ":") else { throw .literal }
    try self.init(scheme: String(text[..<colon]), value: String(text[text.index(after: colon)...]))
  }

  /// Reads the mapping form with one key: `{credential: name}`.
  ///
  /// - Throws: ``SecretError`` with code `literal` for an unknown scheme, `invalid` for an unusable value.
  public init(scheme: String, value: String) throws(SecretError) {
    guard Self.schemes.contains(scheme) else { throw .literal }
    guard !value.isEmpty, !value.utf8.contains(0) else {
      throw SecretError(
        code: .invalid, reference: scheme, cause: "the reference is empty", hint: "write \(scheme):NAME")
    }
    switch scheme {
    case "file": self = .file(value)
    case "credential":
      // A name, not a path: "../x" would leave the directory that systemd prepared.
      guard !value.contains("/"), value != ".", value != ".." else {
        throw SecretError(
          code: .invalid, reference: "credential", cause: "a credential is a name, not a path", hint: "use file:/path")
      }
      self = .credential(value)
    case "env": self = .environment(value)
    default: self = .awsProfile(value)
    }
  }

  /// The schemes with a single word as value.
  public static let schemes = ["file", "credential", "env", "aws-profile"]
}

extension SecretReference: CustomStringConvertible {
  /// `credential:wse_user`. For a command only the program is shown: its arguments may contain more than belongs in a
  /// log.
  public var description: String {
    switch self {
    case .file(let path): "file:\(path)"
    case .credential(let name): "credential:\(name)"
    case .environment(let name): "env:\(name)"
    case .command(let arguments, _): "command:\(arguments.first ?? "")"
    case .awsProfile(let name): "aws-profile:\(name)"
    }
  }
}

extension SecretReference: Codable {
  private enum Key: String, CodingKey { case file, credential, env, command, ttl, awsProfile = "aws-profile" }

  /// Reads a short form or a mapping with one scheme.
  public init(from decoder: any Decoder) throws {
    if let text = try? decoder.singleValueContainer().decode(String.self) {
      self = try SecretReference(parsing: text)
      return
    }
    let container = try decoder.container(keyedBy: Key.self)
    if container.contains(.command) {
      let arguments = try container.decode([String].self, forKey: .command)
      let ttl = try container.decodeIfPresent(Int.self, forKey: .ttl)
      guard container.allKeys.allSatisfy({ $0 == .command || $0 == .ttl }), arguments.first?.isEmpty == false,
        ttl.map({ $0 >= 0 }) ?? true
      else { throw SecretError.malformed }
      self = .command(arguments, ttlSeconds: ttl)
      return
    }
    guard container.allKeys.count == 1, let key = container.allKeys.first, key != .ttl else {
      throw SecretError.malformed
    }
    self = try SecretReference(scheme: key.rawValue, value: container.decode(String.self, forKey: key))
  }

  /// Writes the short form; a command as a mapping.
  public func encode(to encoder: any Encoder) throws {
    guard case .command(let arguments, let ttl) = self else {
      var container = encoder.singleValueContainer()
      try container.encode(description)
      return
    }
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(arguments, forKey: .command)
    try container.encodeIfPresent(ttl, forKey: .ttl)
  }
}

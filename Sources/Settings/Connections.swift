public import Secrets

/// The providers by name; manifests use the names only.
public struct Connections: Sendable {
  /// Streaming engines.
  public var engines: [String: Sourced<EngineConnection>] = [:]
  /// AWS accounts and other S3 servers.
  public var aws: [String: Sourced<AWSConnection>] = [:]
  /// Wowza Video accounts.
  public var wowzaVideo: [String: Sourced<WowzaVideoConnection>] = [:]
  /// Key pairs that an engine gets to push to S3.
  public var pushCredentials: [String: Sourced<KeyPairReference>] = [:]

  /// No connections.
  public init() {}
}

/// A streaming engine's REST interface.
public struct EngineConnection: Sendable, Hashable {
  /// How it asks who we are.
  public enum Authentication: String, Sendable, CaseIterable { case none, basic, digest, negotiate }
  /// `https://host:8087`.
  public var url: String
  /// How it asks who we are; `digest` when not given.
  public var authentication: Authentication
  /// Nil only without authentication.
  public var user: SecretReference?
  /// Nil only without authentication.
  public var password: SecretReference?
  /// The server's name in REST paths; `_defaultServer_`.
  public var serverName: String
  /// The virtual host in REST paths; `_defaultVHost_`.
  public var vhost: String
  /// A PEM file of extra trusted authorities.
  public var caFile: String?
  /// How much of it we ask at once.
  public var limits: ConnectionLimits
}

/// How much we ask of a provider at once; nil for the provider's default.
public struct ConnectionLimits: Sendable, Hashable {
  /// Requests a second of one worker process.
  public var requestsPerSecond: Int?
  /// Jobs that write to one application of an engine at once.
  public var concurrentWrites: Int?
  /// Live streams of a Wowza Video account.
  public var liveStreams: Allowance?
  /// How long a Wowza Video account may still make what was asked for when no answer came.
  public var lateness: Duration?

  /// Nothing but defaults.
  public init() {}

  /// So many within a sliding window.
  public struct Allowance: Sendable, Hashable {
    /// How many.
    public var count: Int
    /// The window.
    public var window: Duration
  }
}

/// An access key pair by reference.
public struct KeyPairReference: Sendable, Hashable {
  /// The key's id.
  public var accessKeyID: SecretReference
  /// The key.
  public var secretAccessKey: SecretReference
}

/// An AWS account, or another S3 server.
public struct AWSConnection: Sendable, Hashable {
  /// Where the keys come from.
  public enum Source: Sendable, Hashable {
    /// Environment, profile, container or instance role, in AWS' order.
    case defaultChain
    /// References.
    case keys(KeyPairReference, sessionToken: SecretReference?)
    /// A profile of the AWS configuration files.
    case profile(String)
  }
  /// Where the keys come from.
  public var source: Source
  /// The ARN of a role to take on.
  public var assumeRole: String?
  /// The external id that the role asks for.
  public var externalID: String?
  /// `eu-central-1`.
  public var region: String?
  /// The address of another S3 server.
  public var endpoint: String?
  /// A PEM file of extra trusted authorities; nil for that of `AWS_CA_BUNDLE`, if there is one.
  public var caFile: String?
  /// How much of it we ask at once.
  public var limits: ConnectionLimits
}

/// A Wowza Video account.
public struct WowzaVideoConnection: Sendable, Hashable {
  /// How requests are signed.
  public enum Authentication: Sendable, Hashable {
    /// A bearer token.
    case token(SecretReference)
    /// Two headers.
    case apiKey(SecretReference, accessKey: SecretReference)
    /// A signature made from both.
    case hmac(SecretReference, accessKey: SecretReference)
  }
  /// `https://api.video.wowza.com`.
  public var url: String
  /// `v2.0`.
  public var version: String
  /// How requests are signed.
  public var authentication: Authentication
  /// A PEM file of extra trusted authorities.
  public var caFile: String?
  /// How much of it we ask at once.
  public var limits: ConnectionLimits
}

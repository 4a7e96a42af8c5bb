public import Secrets

/// What signs a request.
public struct AWSCredentials: Sendable, Hashable {
  /// The access key id; it goes out in the clear with every request, and is not shown all the same.
  public var accessKeyID: String
  /// The secret access key.
  public var secretAccessKey: Secret
  /// The session token of temporary credentials.
  public var sessionToken: Secret?
  /// When they end, in seconds since 1970; nil for ever.
  public var expiration: Int64?

  /// Creates credentials.
  public init(accessKeyID: String, secretAccessKey: Secret, sessionToken: Secret? = nil, expiration: Int64? = nil) {
    self.accessKeyID = accessKeyID
    self.secretAccessKey = secretAccessKey
    self.sessionToken = sessionToken
    self.expiration = expiration
  }
}

extension AWSCredentials {
  /// Every value that no answer may show again.
  var secrets: [Secret] { [Secret(accessKeyID), secretAccessKey] + (sessionToken.map { [$0] } ?? []) }
}

extension AWSCredentials {
  /// What a source gave, made fit to be sent: blanks and line breaks at the ends of each value are cut.
  /// - Parameters:
  ///   - names: what the source calls id, key and token.
  /// - Throws: ``AWSCredentialError`` that names the value which cannot be sent, and its source.
  init(
    _ source: String, names: (id: String, key: String, token: String), id: String, key: String, token: String?,
    expiration: Int64? = nil
  ) throws(AWSCredentialError) {
    func read(_ value: String, _ name: String) throws(AWSCredentialError) -> Secret {
      do {
        return try Secret(reading: value)
      } catch {
        throw AWSCredentialError(code: .invalid, cause: "\(name) of \(source): \(error.cause)", hint: error.hint)
      }
    }
    self.init(
      accessKeyID: try read(id, names.id).reveal(), secretAccessKey: try read(key, names.key), expiration: expiration)
    if let token { sessionToken = try read(token, names.token) }
  }
}

/// Gives the credentials for the next request.
public protocol AWSCredentialProvider: Sendable {
  /// Credentials that are valid now.
  func credentials() async throws -> AWSCredentials
  /// Told when the provider of a service refused these as expired: the next call must not give them again.
  func invalidate(_ credentials: AWSCredentials) async
}

extension AWSCredentialProvider {
  /// Nothing is kept, so nothing is dropped.
  public func invalidate(_ credentials: AWSCredentials) async {}
}

/// Credentials from a closure that is asked each time, such as one that resolves secret references.
public struct ClosureCredentialProvider: AWSCredentialProvider {
  private let load: @Sendable () async throws -> AWSCredentials

  /// Creates a provider from what loads them.
  public init(_ load: @escaping @Sendable () async throws -> AWSCredentials) { self.load = load }

  /// Asks the closure.
  public func credentials() async throws -> AWSCredentials { try await load() }
}

public import Secrets

/// The credentials that sign a request.
public struct AWSCredentials: Sendable, Hashable {
  /// The access key id. It is sent in the clear with every request, but it is not shown all the same.
  public var accessKeyID: String
  /// The secret access key.
  public var secretAccessKey: Secret
  /// The session token of temporary credentials.
  public var sessionToken: Secret?
  /// When they expire, in seconds since 1970; nil for never.
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
  /// Every value that must not appear in a quoted answer.
  var secrets: [Secret] { [Secret(accessKeyID), secretAccessKey] + (sessionToken.map { [$0] } ?? []) }
}

extension AWSCredentials {
  /// Credentials from a source, with blanks and line breaks at both ends of each value removed.
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

/// Provides the credentials for the next request.
public protocol AWSCredentialProvider: Sendable {
  /// Credentials that are valid now.
  func credentials() async throws -> AWSCredentials
  /// Called when a service's provider refused these as expired: the next call must not return them again.
  func invalidate(_ credentials: AWSCredentials) async
}

extension AWSCredentialProvider {
  /// Nothing is cached, so there is nothing to drop.
  public func invalidate(_ credentials: AWSCredentials) async {}
}

/// Credentials from a closure that is called each time, such as one that resolves secret references.
public struct ClosureCredentialProvider: AWSCredentialProvider {
  private let load: @Sendable () async throws -> AWSCredentials

  /// Creates a provider from the closure that loads them.
  public init(_ load: @escaping @Sendable () async throws -> AWSCredentials) { self.load = load }

  /// Calls the closure.
  public func credentials() async throws -> AWSCredentials { try await load() }
}

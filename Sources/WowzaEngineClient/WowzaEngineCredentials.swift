public import Secrets

/// User and password of the engine's REST interface (`conf/admin.password`).
public struct WowzaEngineCredentials: Sendable, Hashable {
  /// The user name.
  public var user: Secret
  /// The password.
  public var password: Secret

  /// Creates credentials.
  public init(user: Secret, password: Secret) {
    self.user = user
    self.password = password
  }
}

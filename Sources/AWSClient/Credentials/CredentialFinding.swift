/// What a look at one source gave.
enum CredentialFinding: Sendable {
  /// These.
  case found(AWSCredentials)
  /// The source is not configured: what was looked at, for the error when all others are empty too.
  case absent(String)
}

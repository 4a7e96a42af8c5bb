/// What a look at one source gave.
enum CredentialFinding: Sendable {
  /// These.
  case found(AWSCredentials)
  /// The source is not configured: says what was checked, for the error if all other sources are absent too.
  case absent(String)
}

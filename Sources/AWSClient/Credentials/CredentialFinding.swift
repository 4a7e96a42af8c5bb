/// The result of looking for credentials in one source.
enum CredentialFinding: Sendable {
  /// The source has these credentials.
  case found(AWSCredentials)
  /// The source is not configured: says what was checked, for the error if all other sources are absent too.
  case absent(String)
}

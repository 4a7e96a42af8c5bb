/// Why there are no AWS credentials. Never contains a secret.
public struct AWSCredentialError: Error, Sendable, Hashable {
  /// The kind of failure; more may be added.
  public struct Code: RawRepresentable, Sendable, Hashable {
    /// The word for logs.
    public let rawValue: String
    /// Wraps a word.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// No source is configured.
    public static let missing = Code(rawValue: "missing")
    /// A source is configured, but what it holds cannot be used.
    public static let invalid = Code(rawValue: "invalid")
    /// A source is configured, but did not answer.
    public static let unavailable = Code(rawValue: "unavailable")
    /// A way of signing in that is not supported.
    public static let unsupported = Code(rawValue: "unsupported")
  }

  /// The kind of failure.
  public var code: Code
  /// What happened, and where.
  public var cause: String
  /// What to do.
  public var hint: String

  /// Creates an error.
  public init(code: Code, cause: String, hint: String) {
    self.code = code
    self.cause = cause
    self.hint = hint
  }
}

extension AWSCredentialError: CustomStringConvertible {
  /// One line for people.
  public var description: String { "\(cause); \(hint)" }
}

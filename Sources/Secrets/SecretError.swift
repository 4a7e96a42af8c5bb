/// Why a secret could not be read. Never contains a value.
public struct SecretError: Error, Sendable, Hashable {
  /// The kind of failure; more may be added.
  public struct Code: RawRepresentable, Sendable, Hashable {
    /// The word for logs.
    public let rawValue: String
    /// Wraps a word.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// A text is given where a reference is required.
    public static let literal = Code(rawValue: "literal")
    /// The reference is not well formed.
    public static let invalid = Code(rawValue: "invalid")
    /// The file or variable does not exist.
    public static let missing = Code(rawValue: "missing")
    /// It exists, but cannot be read.
    public static let unreadable = Code(rawValue: "unreadable")
    /// It is larger than ``SecretResolver/maximumBytes``.
    public static let tooLarge = Code(rawValue: "too-large")
    /// It exists, but is empty.
    public static let empty = Code(rawValue: "empty")
    /// It exists, but cannot be sent: it is not UTF-8, or has a byte order mark or a control character.
    public static let unusable = Code(rawValue: "unusable")
    /// The program failed or ran too long.
    public static let commandFailed = Code(rawValue: "command-failed")
    /// This reference refers to more than one value.
    public static let notAValue = Code(rawValue: "not-a-value")
  }

  /// The kind of failure.
  public var code: Code
  /// Which reference, in its short form.
  public var reference: String
  /// What happened.
  public var cause: String
  /// What to do.
  public var hint: String

  /// Creates an error.
  public init(code: Code, reference: String, cause: String, hint: String) {
    self.code = code
    self.reference = reference
    self.cause = cause
    self.hint = hint
  }

  static let literal = SecretError(
    code: .literal, reference: "(not shown)", cause: "this is a secret itself; only a reference to it belongs here",
    hint: "use credential:NAME, file:/path, env:NAME or {command: [program, argument]}")
  static let malformed = SecretError(
    code: .invalid, reference: "(not shown)", cause: "a secret reference has exactly one scheme",
    hint: "use {credential: NAME}, {file: /path}, {env: NAME} or {command: [program, argument], ttl: seconds}")
}

extension SecretError: CustomStringConvertible {
  /// One line for people.
  public var description: String { "secret \(reference): \(cause); \(hint)" }
}

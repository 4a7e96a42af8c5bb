/// A request that got no complete answer.
public struct HTTPTransportError: Error, Sendable, Hashable {
  /// What went wrong. New codes may be added.
  public struct Code: RawRepresentable, Sendable, Hashable {
    /// The code's stable word.
    public let rawValue: String
    /// Creates a code from its word.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The host name could not be resolved.
    public static let nameResolution = Code(rawValue: "name-resolution")
    /// Nobody listens there, or the network refused.
    public static let connect = Code(rawValue: "connect")
    /// No connection within the connect timeout.
    public static let connectTimeout = Code(rawValue: "connect-timeout")
    /// The TLS handshake failed or the certificate is not trusted.
    public static let tls = Code(rawValue: "tls")
    /// The whole exchange took too long.
    public static let timeout = Code(rawValue: "timeout")
    /// No byte moved for too long.
    public static let stalled = Code(rawValue: "stalled")
    /// The connection broke before the answer was complete.
    public static let connectionLost = Code(rawValue: "connection-lost")
    /// The answer does not follow HTTP.
    public static let protocolViolation = Code(rawValue: "protocol-violation")
    /// The answer's body is larger than the sink allows.
    public static let responseTooLarge = Code(rawValue: "response-too-large")
    /// The file to send could not be read, or the file to write could not be written.
    public static let file = Code(rawValue: "file")
    /// The task was cancelled and the transfer ended.
    public static let cancelled = Code(rawValue: "cancelled")
    /// The request itself is wrong (URL, header).
    public static let invalidRequest = Code(rawValue: "invalid-request")
    /// The transport is shut down or libcurl cannot be loaded.
    public static let unavailable = Code(rawValue: "unavailable")
  }

  /// What went wrong.
  public var code: Code
  /// Whether the request may have taken effect.
  public var delivery: Delivery
  /// Method and URL without query and user info.
  public var target: String
  /// The cause in libcurl's or the system's words.
  public var cause: String
  /// The beginning of an answer that was too large: it may show who sent it.
  public var begun: BegunAnswer?

  /// Creates an error.
  public init(code: Code, delivery: Delivery, target: String, cause: String) {
    self.code = code
    self.delivery = delivery
    self.target = target
    self.cause = cause
  }
}

extension HTTPTransportError: CustomStringConvertible {
  /// One line for a person.
  public var description: String { "\(target): \(cause) (\(code.rawValue), \(delivery.rawValue))" }
}

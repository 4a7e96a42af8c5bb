public import Secrets

/// The one error that every provider client throws: what was requested, from whom, what was answered, and whether it
/// may have taken effect.
public struct ProviderError: Error, Sendable, Hashable {
  /// The provider: `s3`, `sts`, `wowza-engine`, `wowza-video`.
  public var provider: String
  /// The operation in the provider's terms: `CreateBucket`, `POST mapentries`.
  public var operation: String
  /// Its object: a bucket, an entry, an id. Never a secret.
  public var target: String
  /// The HTTP status; nil if no complete answer arrived, and if somebody else answered in the provider's place.
  public var status: Int?
  /// The provider's own code (`NoSuchBucket`, `ERR-422-RecordInvalid`), or the transport's, if there is one.
  public var code: String?
  /// The provider's message, shortened and free of secrets.
  public var message: String
  /// The provider's request id, for its support.
  public var requestID: String?
  /// Whether the request may have taken effect.
  public var delivery: Delivery
  /// What the provider said about when to come back.
  public var retryAfter: Duration?
  /// How far the provider's clock is ahead of ours, if the answer had a `Date` and it matters.
  public var clockSkew: Duration?
  /// A hint for the person who has to act, if we know one.
  public var hint: String?
  /// Whether the answer, if there is one, is known to be the provider's own. A proxy or a gateway in between may answer
  /// in its place, which says nothing about the requested thing.
  public var isFromProvider = true

  /// Creates an error.
  public init(
    provider: String, operation: String, target: String, status: Int? = nil, code: String? = nil, message: String,
    requestID: String? = nil, delivery: Delivery, retryAfter: Duration? = nil, clockSkew: Duration? = nil,
    hint: String? = nil
  ) {
    self.provider = provider
    self.operation = operation
    self.target = target
    self.status = status
    self.code = code
    self.message = message
    self.requestID = requestID
    self.delivery = delivery
    self.retryAfter = retryAfter
    self.clockSkew = clockSkew
    self.hint = hint
  }

  /// The error of an exchange that the transport could not complete. That an answer is too large is attributed to the
  /// provider only if its beginning may be the provider's.
  /// - Parameter mayBeOwn: whether the provider's answers may begin this way; a page for people never does.
  public init(
    provider: String, operation: String, target: String, transport error: HTTPTransportError,
    mayBeOwn: (BegunAnswer) -> Bool = { !$0.isPage }
  ) {
    if let begun = error.begun, !mayBeOwn(begun) {
      self = .foreign(
        provider: provider, operation: operation, target: target, response: begun.response,
        isWrite: error.delivery == .unknown, says: error.cause, retryAfter: nil)
      return
    }
    self.init(
      provider: provider, operation: operation, target: target, code: error.code.rawValue, message: error.cause,
      delivery: error.delivery)
  }
}

extension ProviderError {
  /// The error without the secrets that the redactor knows: every text in it that can come from the other side is
  /// redacted.
  public func redacted(by redactor: Redactor) -> ProviderError {
    var error = self
    error.code = code.map(redactor.redact)
    error.message = redactor.redact(message)
    error.requestID = requestID.map(redactor.redact)
    error.hint = hint.map(redactor.redact)
    return error
  }
}

extension ProviderError: CustomStringConvertible {
  /// One line for a person: operation, target, cause, hint.
  public var description: String {
    var line = "\(provider) \(operation) \(target): "
    let answer = status.map { "\($0)" } ?? ""
    if !answer.isEmpty { line += "\(answer) " }
    // Some providers also give their status as the code.
    if let code, code != answer { line += "\(code): " }
    line += message
    if let requestID { line += " (request \(requestID))" }
    if let hint { line += "; \(hint)" }
    return line
  }
}

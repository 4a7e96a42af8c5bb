/// Why an attempt failed, as texts that fit a history row. Free of secrets.
public struct Failure: Sendable, Hashable, Codable {
  /// A stable code to filter by: the provider's, the transport's, or ours.
  public var code: String
  /// Operation, target and cause in one sentence.
  public var message: String
  /// What an operator can do about it.
  public var hint: String?
  /// The provider's request id.
  public var requestID: String?

  /// Creates a failure.
  public init(code: String, message: String, hint: String? = nil, requestID: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
    self.requestID = requestID
  }
}

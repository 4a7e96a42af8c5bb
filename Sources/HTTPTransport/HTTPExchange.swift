/// What may be shown of one exchange: no body, no query, no secret.
public struct HTTPExchange: Sendable, Hashable {
  /// The request method.
  public var method: String
  /// The URL without user info, and with only that part of its query that the request allows to be shown.
  public var url: String
  /// The status, nil if no complete answer arrived.
  public var status: Int?
  /// The failure, if no complete answer arrived.
  public var failure: HTTPTransportError?
  /// The provider's request id, if it sent one (`x-amz-request-id`, `x-request-id`).
  public var requestID: String?
  /// How the exchange went on the wire.
  public var metrics: HTTPMetrics
  /// Whether it fetched credentials for other requests: its answer says nothing about the destination of those.
  public var isForCredentials: Bool

  /// Creates a record of an exchange.
  public init(
    method: String, url: String, status: Int?, failure: HTTPTransportError?, requestID: String?, metrics: HTTPMetrics,
    isForCredentials: Bool = false
  ) {
    self.method = method
    self.url = url
    self.status = status
    self.failure = failure
    self.requestID = requestID
    self.metrics = metrics
    self.isForCredentials = isForCredentials
  }

  /// Called for each exchange of the current task; set around a job's run to write its history.
  @TaskLocal public static var observer: (@Sendable (HTTPExchange) -> Void)?

  /// Whether the current task fetches credentials; set by code that fetches them in between.
  @TaskLocal public static var fetchesCredentials = false
}

/// What may be told of one exchange: no body, no query, no secret.
public struct HTTPExchange: Sendable, Hashable {
  /// The request method.
  public var method: String
  /// The URL without user info, and of its query only what the request says may be shown.
  public var url: String
  /// The status, nil when no complete answer came.
  public var status: Int?
  /// The failure, when no complete answer came.
  public var failure: HTTPTransportError?
  /// The provider's request id, when it sent one (`x-amz-request-id`, `x-request-id`).
  public var requestID: String?
  /// How the exchange went on the wire.
  public var metrics: HTTPMetrics
  /// Whether it was about credentials for other requests: its answer says nothing of where those go.
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

  /// Who is told of each exchange of the current task; set around a job's run to write its story.
  @TaskLocal public static var observer: (@Sendable (HTTPExchange) -> Void)?

  /// Whether the current task fetches credentials; set by whoever asks for them in between.
  @TaskLocal public static var fetchesCredentials = false
}

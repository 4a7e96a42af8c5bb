public import Secrets

/// A complete answer, whatever its status. Redirects are answers like any other: they are never followed here.
public struct HTTPResponse: Sendable {
  /// The status code.
  public var status: Int
  /// Header fields in the order received.
  public var headers: [(name: String, value: String)]
  /// The body, empty if it went to a file.
  public var body: [UInt8]
  /// How the exchange went on the wire.
  public var metrics: HTTPMetrics
  /// Removes the secrets of the request from a text. Header fields and body are exact, since they are compared and
  /// read; anything from them that is shown to anybody passes through here, before it is shortened: half a secret is
  /// not recognised.
  public var redactor: Redactor
  /// Whether it answers only the GET that asked what the server demands, and the write itself was held back.
  public var isToQuestion = false

  /// Creates an answer; used by the transport and by tests.
  public init(
    status: Int, headers: [(name: String, value: String)], body: [UInt8], metrics: HTTPMetrics = HTTPMetrics(),
    redactor: Redactor = Redactor([])
  ) {
    self.redactor = redactor
    self.status = status
    self.headers = headers
    self.body = body
    self.metrics = metrics
  }

  /// The first field with this name, compared without case.
  public func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}

/// The transport's measurements of one exchange.
public struct HTTPMetrics: Sendable, Hashable {
  /// From submission to the last byte.
  public var duration: Duration
  /// New connections that this exchange opened: 0 when one was reused.
  public var newConnections: Int
  /// Protocol used: 10, 11, 20.
  public var httpVersion: Int
  /// Body bytes sent.
  public var bytesSent: Int64
  /// Body bytes received.
  public var bytesReceived: Int64

  /// Creates metrics.
  public init(
    duration: Duration = .zero, newConnections: Int = 0, httpVersion: Int = 0, bytesSent: Int64 = 0,
    bytesReceived: Int64 = 0
  ) {
    self.duration = duration
    self.newConnections = newConnections
    self.httpVersion = httpVersion
    self.bytesSent = bytesSent
    self.bytesReceived = bytesReceived
  }
}

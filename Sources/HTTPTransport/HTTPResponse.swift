public import Secrets

/// A complete answer, whatever its status. Redirects are answers like any other: they are never followed here.
public struct HTTPResponse: Sendable {
  /// The status code.
  public var status: Int
  /// Header fields in the order received.
  public var headers: [(name: String, value: String)]
  /// The body, empty when it went to a file.
  public var body: [UInt8]
  /// How the exchange went on the wire.
  public var metrics: HTTPMetrics
  /// Takes the secrets of the request out of a text. Header fields and body are exact, since they are compared and read;
  /// what is told of them to anybody goes through here, before it is cut: half a secret is not recognised.
  public var redactor: Redactor
  /// Whether it answers the question how the server wants to be asked, and the write itself was held back.
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

  /// The first field of this name, compared without case.
  public func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}

/// What the transport saw of one exchange.
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

public import Secrets

/// One complete request: nothing is added to it but what HTTP itself needs.
public struct HTTPRequest: Sendable {
  /// The request method, upper case.
  public var method: String
  /// The absolute URL, already percent-encoded. It is sent byte for byte: `..` and `//` in the path are kept.
  public var url: String
  /// Header fields in the order in which they are sent. `Host` and `Content-Length` come from URL and body.
  public var headers: [HTTPHeader]
  /// The body to send.
  public var body: HTTPRequestBody
  /// Where the answer's body goes.
  public var sink: HTTPResponseSink
  /// How to authenticate; negotiated with the server, the password is never sent before the server has asked for it by
  /// name.
  public var authentication: HTTPAuthentication?
  /// Time limits.
  public var timeouts: HTTPTimeouts
  /// Whether a PUT or DELETE may be sent only once, like any POST: where storing the same thing again would do harm,
  /// for example by creating another version of an object.
  public var actsOnce: Bool
  /// The part of the query that may be shown, such as the `cors` of `?cors`; nil for none, since queries may contain
  /// secrets.
  public var shownQuery: String?
  /// Secrets behind this request that it does not carry as such: a key that it was signed with, one in its body, an
  /// access key's id. Together with those that it carries, they must never be shown in any answer; see ``redactor``.
  public var secrets: [Secret]

  /// Creates a request.
  public init(
    method: String = "GET", url: String, headers: [HTTPHeader] = [], body: HTTPRequestBody = .none,
    sink: HTTPResponseSink = .memory(limit: 8 << 20), authentication: HTTPAuthentication? = nil,
    timeouts: HTTPTimeouts = HTTPTimeouts(), actsOnce: Bool = false, shownQuery: String? = nil, secrets: [Secret] = []
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.sink = sink
    self.authentication = authentication
    self.timeouts = timeouts
    self.actsOnce = actsOnce
    self.shownQuery = shownQuery
    self.secrets = secrets
  }
}

/// One header field of a request or an answer.
public struct HTTPHeader: Sendable, Hashable {
  /// The field's name as written; compared without case.
  public var name: String
  /// The field's value.
  public var value: HTTPHeaderValue

  /// A field whose value may be shown.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = .plain(value)
  }

  /// A field whose value must never be shown, such as a bearer token.
  public init(_ name: String, secret: Secret) {
    self.name = name
    self.value = .secret(secret)
  }
}

/// A header's value, marked if it must not be shown.
public enum HTTPHeaderValue: Sendable, Hashable {
  /// May be shown in logs and histories.
  case plain(String)
  /// Goes to the server and nowhere else.
  case secret(Secret)
}

/// The body of a request.
public enum HTTPRequestBody: Sendable {
  /// No body. For POST and PUT `Content-Length: 0` is sent.
  case none
  /// Bytes in memory.
  case bytes([UInt8])
  /// `length` bytes of a file starting at `offset`, streamed. If the file is shorter, the transfer fails before it is
  /// complete. With `expected`, the path must still lead to that file when it is opened.
  case file(path: String, offset: Int64, length: Int64, expected: FileID? = nil)
}

/// Where the body of an answer goes.
public enum HTTPResponseSink: Sendable {
  /// Memory, at most `limit` bytes; more is ``HTTPTransportError/Code/responseTooLarge``.
  case memory(limit: Int)
  /// A new file at this path (mode 0600), streamed. The answer's ``HTTPResponse/body`` is then empty. Answers outside
  /// 200..<300 go to memory instead, so that error texts can be read.
  case file(path: String)
}

/// How a request authenticates with HTTP's own methods.
public struct HTTPAuthentication: Sendable {
  /// The user name.
  public var user: Secret
  /// The password.
  public var password: Secret
  /// Which schemes may be used.
  public var scheme: Scheme

  /// The schemes; the server chooses among those allowed.
  public enum Scheme: Sendable {
    /// Basic or Digest, whichever the server asks for (one extra round trip).
    case negotiate
    /// Basic at once.
    case basic
    /// Digest only.
    case digest
  }

  /// Creates an authentication.
  public init(user: Secret, password: Secret, scheme: Scheme = .negotiate) {
    self.user = user
    self.password = password
    self.scheme = scheme
  }
}

/// Time limits for one request.
public struct HTTPTimeouts: Sendable {
  /// For connecting, including TLS.
  public var connect: Duration
  /// For the whole exchange; nil for none (for uploads, which ``stall`` limits).
  public var total: Duration?
  /// A transfer that moves no byte for this long is ended.
  public var stall: Duration

  /// Creates limits; the defaults suit an API call.
  public init(connect: Duration = .seconds(5), total: Duration? = .seconds(30), stall: Duration = .seconds(30)) {
    self.connect = connect
    self.total = total
    self.stall = stall
  }
}

import HTTPTransport
import Secrets
import Testing

@Suite("A request that cannot be sent")
struct InvalidRequestTests {
  private func expectRefused(
    _ edit: (inout HTTPRequest) -> Void, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    try await given(server: { peer, _ in peer.answerAll() }) { given in
      var request = HTTPRequest(url: given.server.url("/p"))
      edit(&request)
      let error = try await given.failure(of: request)
      #expect(error.code == .invalidRequest, "\(error)", sourceLocation: sourceLocation)
      #expect(error.delivery == .notSent, sourceLocation: sourceLocation)
      let line = "\(error)"
      #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 }, sourceLocation: sourceLocation)
      #expect(!line.contains("s3cret"), sourceLocation: sourceLocation)
      // A good request afterwards shows that the server saw nothing of the bad one.
      _ = try await given.transport.send(HTTPRequest(url: given.server.url("/good")))
      #expect(given.server.requests.map(\.requestLine) == ["GET /good HTTP/1.1"], sourceLocation: sourceLocation)
    }
  }

  @Test(
    "A header value with a line break or NUL is refused",
    arguments: ["a\r\nX-Evil: 1", "a\nX-Evil: 1", "a\rb", "a\0b", "s3cret\r\n"])
  func headerValue(value: String) async throws {
    try await expectRefused { $0.headers = [HTTPHeader("X-A", value)] }
    try await expectRefused { $0.headers = [HTTPHeader("X-A", secret: Secret(value))] }
  }

  @Test(
    "A header name that is no token is refused",
    arguments: ["", "X A", "X:A", "X-A\r\nX-Evil", "X\0", "Ä", "@file", "X-A;"])
  func headerName(name: String) async throws {
    try await expectRefused { $0.headers = [HTTPHeader(name, "v")] }
  }

  @Test("A header that would contradict the body is refused", arguments: ["Content-Length", "transfer-encoding"])
  func framing(name: String) async throws {
    try await expectRefused { $0.headers = [HTTPHeader(name, "5")] }
  }

  @Test(
    "A URL that is not plain http is refused",
    arguments: [
      "", "host/path", "file:///etc/passwd", "ftp://h/", "http://", "http:///p", "http://h/a b", "http://h/\r\nX: 1",
      "http://h/\0", "http://h/ä", "http://h/#s3cret", "http://user:s3cret@h/", "user:s3cret@h/",
      "http://h/?s3cret\r\n",
    ])
  func url(url: String) async throws {
    try await expectRefused { $0.url = url }
  }

  @Test("A method that is no upper-case token is refused", arguments: ["", "get", "GET /evil HTTP/1.1\r\n", "P T"])
  func method(method: String) async throws {
    try await expectRefused { $0.method = method }
  }

  @Test("A timeout of nothing is refused, since libcurl would take it for none")
  func timeouts() async throws {
    try await expectRefused { $0.timeouts.connect = .zero }
    try await expectRefused { $0.timeouts.total = .zero }
    try await expectRefused { $0.timeouts.stall = .seconds(-1) }
  }

  @Test("A HEAD with a body, a range that is none and a password with NUL are refused")
  func others() async throws {
    try await expectRefused {
      $0.method = "HEAD"
      $0.body = .bytes([1])
    }
    try await expectRefused { $0.body = .file(path: "/dev/null", offset: -1, length: 1) }
    try await expectRefused { $0.body = .file(path: "/dev/null", offset: Int64.max, length: 1) }
    try await expectRefused {
      $0.authentication = HTTPAuthentication(user: Secret("u"), password: Secret("s3cret\0x"))
    }
  }
}

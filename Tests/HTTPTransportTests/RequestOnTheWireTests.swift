import HTTPTransport
import Secrets
import Testing

@Suite("A request on the wire")
struct RequestOnTheWireTests {
  private func sent(_ edit: (inout HTTPRequest) -> Void, path: String = "/") async throws -> ReceivedRequest {
    var received: ReceivedRequest?
    try await given(server: { peer, _ in peer.answerAll() }) { given in
      var request = HTTPRequest(url: given.server.url(path))
      edit(&request)
      _ = try await given.transport.send(request)
      received = given.server.requests.first
    }
    return try #require(received)
  }

  @Test("A GET carries host and user agent and nothing else")
  func minimalGet() async throws {
    let request = try await sent { _ in }
    let names = request.lines.dropFirst().map { $0.split(separator: ":")[0].lowercased() }
    #expect(names.sorted() == ["host", "user-agent"])
    #expect(request.values("user-agent") == ["rundown"])
  }

  @Test("The path and the query are sent byte for byte")
  func pathAsIs() async throws {
    let path = "/a/../b/./c//d%2fE%2F/~x?q=%7e&&y=..&z"
    #expect(try await sent({ _ in }, path: path).requestLine == "GET \(path) HTTP/1.1")
  }

  @Test("Headers are sent in their order, empty and secret values included")
  func headers() async throws {
    let request = try await sent {
      $0.headers = [
        HTTPHeader("X-B", "2"), HTTPHeader("X-A", ""), HTTPHeader("X-C", "  "),
        HTTPHeader("Authorization", secret: Secret("Bearer t0k")),
        HTTPHeader("User-Agent", "mine"), HTTPHeader("Accept", "text/csv"),
      ]
    }
    let own = request.lines.dropFirst().filter { !$0.hasPrefix("Host:") }
    #expect(own == ["X-B: 2", "X-A:", "X-C:", "Authorization: Bearer t0k", "User-Agent: mine", "Accept: text/csv"])
  }

  @Test("A write without a body says Content-Length: 0 and no content type", arguments: ["POST", "PUT", "PATCH"])
  func emptyWrite(method: String) async throws {
    let request = try await sent { $0.method = method }
    #expect(request.requestLine == "\(method) / HTTP/1.1")
    #expect(request.values("content-length") == ["0"])
    #expect(request.values("content-type").isEmpty)
  }

  @Test("A DELETE without a body announces none")
  func emptyDelete() async throws {
    let request = try await sent { $0.method = "DELETE" }
    #expect(request.requestLine == "DELETE / HTTP/1.1")
    #expect(request.values("content-length").isEmpty)
  }

  @Test("A body of bytes keeps its method and its bytes", arguments: ["POST", "PUT", "PATCH", "DELETE"])
  func bytes(method: String) async throws {
    let body: [UInt8] = [0, 13, 10, 255, 38]
    let request = try await sent {
      $0.method = method
      $0.body = .bytes(body)
    }
    #expect(request.requestLine == "\(method) / HTTP/1.1")
    #expect(request.body == body)
    #expect(request.values("content-type").isEmpty)
  }

  @Test("A large body of bytes is sent without asking first")
  func noExpectForBytes() async throws {
    let request = try await sent {
      $0.method = "POST"
      $0.body = .bytes([UInt8](repeating: 7, count: 3 << 20))
    }
    #expect(request.values("expect").isEmpty)
    #expect(request.body.count == 3 << 20)
  }

  @Test("A HEAD waits for no body although one is announced")
  func head() async throws {
    try await given(server: { peer, _ in
      while peer.readRequest() != nil { peer.write("HTTP/1.1 200 OK\r\nContent-Length: 77\r\n\r\n") }
    }) { given in
      let response = try await given.transport.send(HTTPRequest(method: "HEAD", url: given.server.url()))
      #expect(response.header("content-length") == "77")
      #expect(response.body.isEmpty)
      #expect(given.server.requests.map(\.requestLine) == ["HEAD / HTTP/1.1"])
    }
  }
}

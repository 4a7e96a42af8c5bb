import Glibc
import Secrets
import Testing

@testable import HTTPTransport

@Suite("Uploads from a file")
struct UploadTests {
  /// Bytes whose place in the file shows, within the 17 that repeat. Made and compared in bulk: byte by byte this takes
  /// longer than the timeouts when a sanitizer looks on.
  private static func pattern(_ count: Int) -> [UInt8] {
    Array(String(repeating: "0123456789abcdef-", count: count / 17 + 1).utf8.prefix(count))
  }

  private static func areEqual(_ body: [UInt8], _ bytes: [UInt8], from offset: Int) -> Bool {
    guard offset + body.count <= bytes.count else { return false }
    return bytes.withUnsafeBytes { bytes in
      body.withUnsafeBytes { body in
        guard let expected = bytes.baseAddress, let actual = body.baseAddress else { return body.isEmpty }
        return memcmp(actual, expected + offset, body.count) == 0
      }
    }
  }

  /// Waits for the server's word longer than any test takes.
  private static var patient: CurlTransport.Configuration {
    var configuration = CurlTransport.Configuration()
    configuration.expectContinue = .seconds(600)
    return configuration
  }

  private func put(_ given: Given, _ path: String, offset: Int64 = 0, length: Int64) -> HTTPRequest {
    HTTPRequest(
      method: "PUT", url: given.server.url("/key"), body: .file(path: path, offset: offset, length: length))
  }

  @Test("The range is sent with its length, and nothing around it", arguments: [0, 1, 1_500_000])
  func range(length: Int) async throws {
    let directory = try TemporaryDirectory()
    let bytes = Self.pattern(1_500_100)
    let path = try directory.write("in", bytes)
    try await given(server: { peer, _ in
      while let head = peer.readHead() {
        let request = ReceivedRequest(head: head, body: [])
        if !request.values("expect").isEmpty { peer.write("HTTP/1.1 100 Continue\r\n\r\n") }
        let body = peer.readBody(request.values("content-length").first.flatMap { Int($0) } ?? -1) ?? []
        peer.answer(Self.areEqual(body, bytes, from: 50) ? "200 OK" : "400 Wrong Bytes", body: "\(body.count)")
      }
    }) { given in
      let response = try await given.transport.send(put(given, path, offset: 50, length: Int64(length)))
      #expect(response.status == 200)
      #expect(response.body == Array("\(length)".utf8))
      #expect(response.metrics.bytesSent == Int64(length))
      #expect(response.metrics.httpVersion == 11)
    }
  }

  @Test(
    "A large body waits for the server's word, and a refusal comes back as an answer without an upload",
    arguments: ["403 Forbidden", "307 Temporary Redirect"])
  func refusedBeforeBody(status: String) async throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write("in", Self.pattern(2 << 20))
    try await given(
      Self.patient,
      server: { peer, _ in
        guard let head = peer.readHead() else { return }
        #expect(ReceivedRequest(head: head, body: []).values("expect") == ["100-continue"])
        peer.answer(status, body: "no")
      }
    ) { given in
      let response = try await given.transport.send(put(given, path, length: 2 << 20))
      #expect("\(response.status)" == status.prefix(3))
      #expect(response.body == Array("no".utf8))
      #expect(response.metrics.bytesSent == 0)
    }
  }

  @Test("A server that knows no Expect gets the body all the same")
  func expectUnknown() async throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write("in", Self.pattern(1 << 20))
    try await given(server: { peer, _ in peer.answerAll() }) { given in
      let response = try await given.transport.send(put(given, path, length: 1 << 20))
      #expect(response.status == 200)
      #expect(given.server.requests.last?.body.count == 1 << 20)
    }
  }

  @Test("A server that refuses to be asked (417) gets the whole body at once", arguments: [true, false])
  func expectRefused(keepsConnection: Bool) async throws {
    let directory = try TemporaryDirectory()
    let bytes = Self.pattern(1_500_000)
    let path = try directory.write("in", bytes)
    try await given(
      Self.patient,
      server: { peer, _ in
        while let head = peer.readHead() {
          let request = ReceivedRequest(head: head, body: [])
          guard request.values("expect").isEmpty else {
            peer.answer("417 Expectation Failed", headers: keepsConnection ? [] : ["Connection: close"])
            if keepsConnection { continue } else { return }
          }
          let body = peer.readBody(request.values("content-length").first.flatMap { Int($0) } ?? -1) ?? []
          peer.answer(Self.areEqual(body, bytes, from: 0) ? "200 OK" : "400 Wrong Bytes")
        }
      }
    ) { given in
      for actsOnce in [true, false] {
        var request = put(given, path, length: 1_500_000)
        request.actsOnce = actsOnce
        request.headers = [HTTPHeader("If-None-Match", "*")]
        let response = try await given.transport.send(request)
        #expect(response.status == 200)
      }
    }
  }

  @Test(
    "Under Digest the body is sent again from its beginning",
    arguments: [HTTPAuthentication.Scheme.negotiate, .digest])
  func rewindUnderDigest(scheme: HTTPAuthentication.Scheme) async throws {
    let directory = try TemporaryDirectory()
    let bytes = Self.pattern(100_000)
    let path = try directory.write("in", bytes)
    try await given(server: { peer, _ in
      while let request = peer.readRequest() {
        if request.values("authorization").isEmpty {
          peer.answer("401 Unauthorized", headers: [#"WWW-Authenticate: Digest realm="r", nonce="n", qop="auth""#])
        } else {
          peer.answer()
        }
      }
    }) { given in
      var request = put(given, path, offset: 10, length: 99_990)
      request.authentication = HTTPAuthentication(user: Secret("u"), password: Secret("p"), scheme: scheme)
      let response = try await given.transport.send(request)
      #expect(response.status == 200)
      #expect(given.server.requests.count == 2)
      #expect(given.server.requests.last?.body == Array(bytes[10...]))
    }
  }

  @Test("A connection that died while idle costs no upload: the body is sent again from its beginning")
  func rewindAfterDeath() async throws {
    let directory = try TemporaryDirectory()
    let bytes = Self.pattern(50_000)
    let path = try directory.write("in", bytes)
    try await given(server: { peer, index in
      guard index == 0 else { return peer.answerAll() }
      peer.readRequest()
      peer.answer()
      peer.readRequest()
    }) { given in
      _ = try await given.transport.send(HTTPRequest(url: given.server.url("/first")))
      let response = try await given.transport.send(put(given, path, length: 50_000))
      #expect(response.status == 200)
      #expect(given.server.requests.map(\.body) == [[], bytes, bytes])
    }
  }

  @Test("A file that shrinks while it is sent fails the transfer before it is complete")
  func shrinks() async throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write("in", Self.pattern(2 << 20))
    try await given(
      Self.patient,
      server: { peer, _ in
        // The body starts only after the word to continue, so the file has shrunk before its first read.
        guard peer.readHead() != nil else { return }
        truncate(path, 1 << 20)
        peer.write("HTTP/1.1 100 Continue\r\n\r\n")
        #expect(peer.readBody(2 << 20) == nil)
      }
    ) { given in
      let error = try await given.failure(of: put(given, path, length: 2 << 20))
      #expect(error.code == .file)
      #expect(error.delivery == .unknown)
      #expect(error.cause.contains("is too short"))
    }
  }

  @Test("A file that is missing, too short or no regular file fails before anything is sent")
  func unusable() async throws {
    let directory = try TemporaryDirectory()
    let short = try directory.write("short", [1, 2, 3])
    try await given(server: { peer, _ in peer.answerAll() }) { given in
      for path in [directory.file("missing"), short, "/dev/zero", directory.path] {
        let error = try await given.failure(of: put(given, path, length: 4))
        #expect(error.code == .file)
        #expect(error.delivery == .notSent)
        #expect(error.cause.contains(path))
      }
      #expect(given.server.requests.isEmpty)
    }
  }
}

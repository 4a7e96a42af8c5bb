import HTTPTransport
import Testing

@Suite("TLS")
struct TLSTests {
  private func withServer(
    subjectAlternativeName: String = "IP:127.0.0.1", options: [String] = [], _ body: (TLSServer) async throws -> Void
  ) async throws {
    let server = try TLSServer(subjectAlternativeName: subjectAlternativeName, options: options)
    defer { server.stop() }
    try await body(server)
  }

  private func failure(
    _ server: TLSServer, _ configuration: CurlTransport.Configuration
  ) async throws -> HTTPTransportError {
    let transport = CurlTransport(configuration: configuration)
    defer { transport.shutdown() }
    let error = await #expect(throws: HTTPTransportError.self) {
      _ = try await transport.send(HTTPRequest(method: "POST", url: server.url(), body: .bytes([1])))
    }
    return try #require(error)
  }

  @Test("A server with a certificate of the configured authority is trusted")
  func trusted() async throws {
    try await withServer { server in
      let transport = CurlTransport(
        configuration: .init(certificateAuthorityFile: server.authorityFile, minimumTLS: .v1_3))
      defer { transport.shutdown() }
      let response = try await transport.send(HTTPRequest(url: server.url()))
      #expect(response.status == 200)
      #expect(String(decoding: response.body, as: UTF8.self).contains("TLSv1.3"))
    }
  }

  @Test("A server that offers HTTP/2 is spoken to in HTTP/2, uploads included")
  func http2() async throws {
    let server = try HTTP2Server()
    defer { server.stop() }
    let transport = CurlTransport(configuration: .init(certificateAuthorityFile: server.authorityFile))
    defer { transport.shutdown() }
    let body = [UInt8](repeating: 0x5A, count: 300_000)
    let response = try await transport.send(HTTPRequest(method: "POST", url: server.url("/"), body: .bytes(body)))
    #expect(response.status == 200)
    #expect(response.body == body)
    #expect(response.metrics.httpVersion == 20)
  }

  @Test("A certificate of an unknown authority ends the handshake: not sent")
  func untrusted() async throws {
    try await withServer { server in
      let error = try await failure(server, .init())
      #expect(error.code == .tls)
      #expect(error.delivery == .notSent)
    }
  }

  @Test("A certificate for another host ends the handshake: not sent")
  func otherHost() async throws {
    try await withServer(subjectAlternativeName: "DNS:other.example") { server in
      let error = try await failure(server, .init(certificateAuthorityFile: server.authorityFile))
      #expect(error.code == .tls)
      #expect(error.delivery == .notSent)
    }
  }

  @Test("A server that speaks only an older TLS than asked for: not sent")
  func tooOld() async throws {
    try await withServer(options: ["-tls1_2"]) { server in
      let error = try await failure(
        server, .init(certificateAuthorityFile: server.authorityFile, minimumTLS: .v1_3))
      #expect(error.code == .tls)
      #expect(error.delivery == .notSent)
    }
  }

  @Test("A missing authority file is said so: not sent")
  func missingAuthorities() async throws {
    try await withServer { server in
      let error = try await failure(server, .init(certificateAuthorityFile: server.authorityFile + ".missing"))
      #expect(error.code == .tls)
      #expect(error.delivery == .notSent)
    }
  }

  @Test("A server that does not speak TLS at all: not sent")
  func plainServer() async throws {
    try await given(server: { peer, _ in
      peer.write("220 welcome\r\n")
      peer.waitForClose()
    }) { given in
      let error = try await given.failure(
        of: HTTPRequest(method: "POST", url: "https://127.0.0.1:\(given.server.port)/", body: .bytes([1])))
      #expect(error.code == .tls)
      #expect(error.delivery == .notSent)
    }
  }

  @Test("A handshake that never ends is a connection that could not be made in time: not sent")
  func silentHandshake() async throws {
    try await given(server: { peer, _ in peer.waitForClose() }) { given in
      let error = try await given.failure(
        of: HTTPRequest(
          method: "POST", url: "https://127.0.0.1:\(given.server.port)/",
          timeouts: HTTPTimeouts(connect: .milliseconds(300))))
      #expect(error.code == .connectTimeout)
      #expect(error.delivery == .notSent)
    }
  }
}

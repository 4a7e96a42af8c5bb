import Glibc
import HTTPTransport
import Testing

@Suite("Downloads to a file")
struct DownloadTests {
  private func get(_ given: Given, _ path: String) -> HTTPRequest {
    HTTPRequest(url: given.server.url("/key"), sink: .file(path: path))
  }

  @Test("The body goes to a new file that only its owner can read")
  func success() async throws {
    let directory = try TemporaryDirectory()
    let text = String(repeating: "0123456789", count: 50_000)
    try await given(server: { peer, _ in peer.answerAll(body: text) }) { given in
      let response = try await given.transport.send(get(given, directory.file("out")))
      #expect(response.status == 200)
      #expect(response.body.isEmpty)
      #expect(response.metrics.bytesReceived == 500_000)
      #expect(try directory.read("out") == Array(text.utf8))
      var status = stat()
      stat(directory.file("out"), &status)
      #expect(status.st_mode & 0o777 == 0o600)
    }
  }

  @Test("An empty body makes an empty file")
  func empty() async throws {
    let directory = try TemporaryDirectory()
    try await given(server: { peer, _ in peer.answerAll() }) { given in
      _ = try await given.transport.send(get(given, directory.file("out")))
      #expect(try directory.read("out").isEmpty)
    }
  }

  @Test("An error's text goes to memory and leaves no file", arguments: [304, 404, 503])
  func errorText(status: Int) async throws {
    let directory = try TemporaryDirectory()
    let text = status == 304 ? "" : "why"
    try await given(server: { peer, _ in peer.answerAll("\(status) No", body: text) }) { given in
      let response = try await given.transport.send(get(given, directory.file("out")))
      #expect(response.status == status)
      #expect(response.body == Array(text.utf8))
      #expect(directory.names.isEmpty)
    }
  }

  @Test("An error's text is bounded")
  func errorTextTooLarge() async throws {
    let directory = try TemporaryDirectory()
    let text = String(repeating: "x", count: (1 << 20) + 1)
    try await given(server: { peer, _ in peer.answerAll("404 No", body: text) }) { given in
      let error = try await given.failure(of: get(given, directory.file("out")))
      #expect(error.code == .responseTooLarge)
      #expect(error.delivery == .unknown)
    }
  }

  @Test("A transfer that breaks leaves no file")
  func cut() async throws {
    let directory = try TemporaryDirectory()
    try await given(server: { peer, _ in
      peer.readRequest()
      peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
    }) { given in
      let error = try await given.failure(of: get(given, directory.file("out")))
      #expect(error.code == .connectionLost)
      #expect(directory.names.isEmpty)
    }
  }

  @Test("A file that exists is never touched, and nothing is sent")
  func exists() async throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write("out", [42])
    try await given(server: { peer, _ in peer.answerAll(body: "new") }) { given in
      let error = try await given.failure(of: get(given, path))
      #expect(error.code == .file)
      #expect(error.delivery == .notSent)
      #expect(given.server.requests.isEmpty)
      #expect(try directory.read("out") == [42])
    }
  }
}

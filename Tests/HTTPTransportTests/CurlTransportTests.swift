import Glibc
import HTTPTransport
import Secrets
import Testing

@Suite("The transport's life")
struct CurlTransportTests {
  private static let answering: ScriptedServer.Script = { peer, _ in peer.answerAll() }

  /// Tells the test through `probe` when a request has been read, and never answers it.
  private static func silent(_ probe: AsyncStream<Void>.Continuation) -> ScriptedServer.Script {
    { peer, _ in
      peer.readRequest()
      probe.yield()
      peer.waitForClose()
      probe.finish()
    }
  }

  @Test("64 requests at once each get their own answer")
  func concurrent() async throws {
    try await given(server: { peer, _ in
      while let request = peer.readRequest() { peer.answer(body: request.requestLine) }
    }) { given in
      try await withThrowingTaskGroup(of: (Int, HTTPResponse).self) { group in
        for number in 0..<64 {
          group.addTask {
            (number, try await given.transport.send(HTTPRequest(url: given.server.url("/\(number)"))))
          }
        }
        var count = 0
        for try await (number, response) in group {
          #expect(String(decoding: response.body, as: UTF8.self) == "GET /\(number) HTTP/1.1")
          count += 1
        }
        #expect(count == 64)
      }
    }
  }

  @Test("A limit of connections per host is kept while all requests are answered")
  func connectionLimit() async throws {
    try await given(.init(maxConnectionsPerHost: 2), server: Self.answering) { given in
      let opened = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<20 {
          group.addTask { try await given.transport.send(HTTPRequest(url: given.server.url())).metrics.newConnections }
        }
        var sum = 0
        for try await count in group { sum += count }
        return sum
      }
      #expect((1...2).contains(opened))
      #expect(given.server.requests.count == 20)
    }
  }

  @Test("Cancelling the task ends the transfer; what was sent is unknown")
  func cancel() async throws {
    let (seen, probe) = AsyncStream.makeStream(of: Void.self)
    try await given(server: Self.silent(probe)) { given in
      let task = Task {
        try await given.failure(of: HTTPRequest(method: "POST", url: given.server.url()))
      }
      var events = seen.makeAsyncIterator()
      await events.next()
      task.cancel()
      let error = try await task.value
      #expect(error.code == .cancelled)
      #expect(error.delivery == .unknown)
      // The script goes on only when the connection is closed.
      #expect(await events.next() == nil)
    }
  }

  @Test("A task that is cancelled already sends nothing")
  func cancelledBefore() async throws {
    try await given(server: Self.answering) { given in
      let directory = try TemporaryDirectory()
      let request = HTTPRequest(
        method: "POST", url: given.server.url(), sink: .file(path: directory.file("out")))
      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        return try await given.failure(of: request)
      }
      let error = try await task.value
      #expect(error.code == .cancelled)
      #expect(error.delivery == .notSent)
      #expect(directory.names.isEmpty)
      #expect(given.server.requests.isEmpty)
    }
  }

  @Test("Cancelling at any moment resumes each sender exactly once")
  func cancelRace() async throws {
    try await given(server: Self.answering) { given in
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<200 {
          group.addTask {
            let task = Task { try await given.transport.send(HTTPRequest(url: given.server.url())) }
            await Task.yield()
            task.cancel()
            switch await task.result {
            case .success(let response): #expect(response.status == 200)
            case .failure(let error): #expect((error as? HTTPTransportError)?.code == .cancelled)
            }
          }
        }
      }
    }
  }

  @Test("Shutdown ends what is under way and refuses what comes later")
  func shutdown() async throws {
    let (seen, probe) = AsyncStream.makeStream(of: Void.self)
    try await given(server: Self.silent(probe)) { given in
      async let underWay = given.failure(of: HTTPRequest(method: "POST", url: given.server.url()))
      var events = seen.makeAsyncIterator()
      await events.next()
      given.transport.shutdown()
      let ended = try await underWay
      #expect(ended.code == .unavailable)
      #expect(ended.delivery == .unknown)
      let later = try await given.failure(of: HTTPRequest(url: given.server.url()))
      #expect(later.code == .unavailable)
      #expect(later.delivery == .notSent)
      given.transport.shutdown()
    }
  }

  @Test("A transport that is dropped without shutdown closes its connections")
  func dropped() async throws {
    let (seen, probe) = AsyncStream.makeStream(of: Void.self)
    let server = try ScriptedServer { peer, _ in
      peer.answerAll()
      probe.finish()
    }
    defer { server.stop() }
    do {
      let response = try await CurlTransport().send(HTTPRequest(url: server.url()))
      #expect(response.status == 200)
    }
    for await _ in seen {}
  }

  @Test("A transport that was never used can be shut down")
  func unused() {
    CurlTransport().shutdown()
  }

  @Test("A proxy is used for the outside and never for the loopback")
  func proxy() async throws {
    let proxy = try ScriptedServer { peer, _ in peer.answerAll("200 By Proxy", body: "proxy") }
    defer { proxy.stop() }
    try await given(.init(proxy: .url(Secret(proxy.url()))), server: Self.answering) { given in
      let outside = try await given.transport.send(HTTPRequest(url: "http://provider.invalid/x"))
      #expect(outside.body == Array("proxy".utf8))
      #expect(proxy.requests.map(\.requestLine) == ["GET http://provider.invalid/x HTTP/1.1"])
      let inside = try await given.transport.send(HTTPRequest(url: given.server.url()))
      #expect(inside.body.isEmpty)
    }
  }

  @Test("A proxy that will not connect: not sent")
  func proxyRefuses() async throws {
    let proxy = try ScriptedServer { peer, _ in peer.answerAll("403 Forbidden") }
    defer { proxy.stop() }
    try await given(.init(proxy: .url(Secret(proxy.url()))), server: Self.answering) { given in
      let error = try await given.failure(of: HTTPRequest(method: "POST", url: "https://provider.invalid/x"))
      #expect(error.code == .connect)
      #expect(error.delivery == .notSent)
      #expect(proxy.requests.map(\.requestLine) == ["CONNECT provider.invalid:443 HTTP/1.1"])
    }
  }
}

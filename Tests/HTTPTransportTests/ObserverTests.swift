import Secrets
import Testing
import Threading

@testable import HTTPTransport

/// Collects what an observer is told.
final class Told: Sendable {
  private let list = MutexBox([HTTPExchange]())

  var exchanges: [HTTPExchange] { list.withLock { $0 } }
  var tell: @Sendable (HTTPExchange) -> Void { { exchange in self.list.withLock { $0.append(exchange) } } }
}

@Suite("The observer")
struct ObserverTests {
  @Test(
    "It is told once of an answer, with the provider's request id", arguments: ["x-amz-request-id", "X-Request-Id"])
  func answer(field: String) async throws {
    let told = Told()
    try await given(server: { peer, _ in
      peer.answerAll("204 No Content", headers: ["\(field): R1"])
    }) { given in
      try await HTTPExchange.$observer.withValue(told.tell) {
        _ = try await given.transport.send(HTTPRequest(method: "DELETE", url: given.server.url("/a?secret=1")))
      }
      let exchange = try #require(told.exchanges.first)
      #expect(told.exchanges.count == 1)
      #expect(exchange.method == "DELETE")
      #expect(exchange.url == given.server.url("/a"))
      #expect(exchange.status == 204)
      #expect(exchange.failure == nil)
      #expect(exchange.requestID == "R1")
      #expect(exchange.metrics.newConnections == 1)
      #expect(exchange.metrics.httpVersion == 11)
      #expect(exchange.metrics.duration > .zero)
    }
  }

  @Test("It is told once of a failure, also of one that never left")
  func failure() async throws {
    let told = Told()
    try await given(server: { peer, _ in peer.readRequest() }) { given in
      try await HTTPExchange.$observer.withValue(told.tell) {
        let lost = try await given.failure(of: HTTPRequest(method: "POST", url: given.server.url()))
        let invalid = try await given.failure(of: HTTPRequest(url: "ftp://user:pass@host/?q"))
        #expect(told.exchanges.map(\.failure) == [lost, invalid])
        #expect(told.exchanges.map(\.status) == [nil, nil])
        #expect(told.exchanges.last?.url == "ftp://host/")
      }
    }
  }

  @Test("Metrics count the bodies' bytes")
  func bytes() async throws {
    try await given(server: { peer, _ in peer.answerAll(body: "12345") }) { given in
      let response = try await given.transport.send(
        HTTPRequest(method: "POST", url: given.server.url(), body: .bytes([1, 2, 3])))
      #expect(response.metrics.bytesSent == 3)
      #expect(response.metrics.bytesReceived == 5)
    }
  }
}

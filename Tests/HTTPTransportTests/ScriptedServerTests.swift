import HTTPTransport
import Testing

@Suite("A scripted server")
struct ScriptedServerTests {
  @Test("that is stopped takes no connection of the next one, whichever socket numbers they have")
  func stopped() async throws {
    for _ in 0..<200 {
      try ScriptedServer { _, _ in }.stop()
      try await given(server: { peer, _ in peer.answerAll() }) { given in
        let response = try await given.transport.send(HTTPRequest(url: given.server.url()))
        #expect(response.status == 200)
      }
    }
  }
}

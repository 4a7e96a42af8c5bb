import HTTPTransport
import TestServers
import Testing

@Suite struct MiniStackTests {
  @Test("A server of one's own answers until it is stopped, and nobody answers then")
  func stops() async throws {
    let server = try await MiniStack.start()
    let transport = CurlTransport(configuration: .init(proxy: .none))
    let request = HTTPRequest(url: "\(server.url)/_ministack/health")
    #expect(try await transport.send(request).status == 200)
    server.stop()
    let error = await #expect(throws: HTTPTransportError.self) { try await transport.send(request) }
    #expect(error?.code == .connect)
  }
}

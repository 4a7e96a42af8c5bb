import HTTPTransport
import Testing

/// What most tests are given: a scripted server and a transport, both gone at the end.
struct Given {
  let server: ScriptedServer
  let transport: CurlTransport

  /// The error of a request that is expected to have no complete answer.
  func failure(of request: HTTPRequest) async throws -> HTTPTransportError {
    let error = await #expect(throws: HTTPTransportError.self) { _ = try await transport.send(request) }
    return try #require(error)
  }
}

/// Runs a test body against a server that follows the script.
func given(
  _ configuration: CurlTransport.Configuration = .init(), server script: @escaping ScriptedServer.Script,
  _ body: (Given) async throws -> Void
) async throws {
  let server = try ScriptedServer(script)
  let transport = CurlTransport(configuration: configuration)
  defer {
    transport.shutdown()
    server.stop()
  }
  try await body(Given(server: server, transport: transport))
}

import HTTPTransport
import Secrets
import WowzaEngineClient

/// A client of a Streaming Engine whose server is a script.
struct ScriptedEngine {
  static let map = "/v2/servers/_defaultServer_/vhosts/_defaultVHost_/applications/live/pushpublish/mapentries"

  let client: WowzaEngineClient
  let transport: ScriptedTransport

  init(_ lines: ScriptedTransport.Line...) { self.init(ScriptedTransport(lines)) }

  init(_ transport: ScriptedTransport) {
    self.transport = transport
    client = WowzaEngineClient(
      transport: transport, baseURL: "http://engine.example.net:8087",
      credentials: { WowzaEngineCredentials(user: Secret("canary-user"), password: Secret("canary-password")) },
      // Goes with the first request, so that a script has no line for the question what the engine asks for.
      authentication: .basic)
  }
}
